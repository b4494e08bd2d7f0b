//! Waiting.

use super::types::*;
use super::{convert, entry};
use crate::consts::*;
use crate::error::Error;
use crate::handle::Handle;
use crate::object::{self, WaitTime};
use crate::sync::{MOST, Outcome};

/// Waits until an object is signalled, and takes what its kind gives: a mutex, one
/// of a semaphore's count, the signal of an auto-reset event or timer.
///
/// Times are counted on a clock that nobody sets.
///
/// @param hHandle        a handle with SYNCHRONIZE: mutex, event, semaphore, timer,
///                       process, thread, or a pseudo-handle
/// @param dwMilliseconds at most so long; 0: one look; INFINITE: without end
/// @return WAIT_OBJECT_0; WAIT_ABANDONED: the mutex is the caller's now, whose last
///         owner ended with it; WAIT_TIMEOUT; or WAIT_FAILED with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle, or not one that can be waited for;
///         ERROR_ACCESS_DENIED: the handle lacks SYNCHRONIZE, as those of sections do;
///         ERROR_NO_SYSTEM_RESOURCES: the thread owns 2000 other mutexes, or cannot
///         start the one that looks after processes;
///         ERROR_TOO_MANY_OPEN_FILES: of a process, likewise
///
/// On Linux: waiters are not always served in the order in which they came. Signal
/// handlers run meanwhile, but the wait goes on, and pthread_cancel does not end it. A
/// thread can own 2000 mutexes at a time.
#[unsafe(no_mangle)]
pub extern "C" fn WaitForSingleObject(hHandle: HANDLE, dwMilliseconds: DWORD) -> DWORD {
    match object::at_once::wait_for_one(convert::handle(hHandle), dwMilliseconds == 0) {
        Some(true) => WAIT_OBJECT_0,
        Some(false) => WAIT_TIMEOUT,
        None => wait_slowly(hHandle, dwMilliseconds),
    }
}

/// Out of the way, so that the usual case needs no frame.
#[cold]
#[inline(never)]
fn wait_slowly(hHandle: HANDLE, dwMilliseconds: DWORD) -> DWORD {
    traced!(WaitForSingleObject(hHandle, dwMilliseconds));
    entry(WAIT_FAILED, || object::wait_for_one(convert::handle(hHandle), time(dwMilliseconds)).map(code))
}

/// WaitForSingleObject.
///
/// @param hHandle        as in WaitForSingleObject
/// @param dwMilliseconds as in WaitForSingleObject
/// @param bAlertable     accepted; nothing queues calls to a thread here
/// @return as WaitForSingleObject
///
/// On Linux: nothing queues calls to a thread: bAlertable has no effect.
#[unsafe(no_mangle)]
pub extern "C" fn WaitForSingleObjectEx(hHandle: HANDLE, dwMilliseconds: DWORD, bAlertable: BOOL) -> DWORD {
    traced!(WaitForSingleObjectEx(hHandle, dwMilliseconds, bAlertable));
    let _ = bAlertable;
    part!(WaitForSingleObject(hHandle, dwMilliseconds))
}

/// Waits for one or for all of several objects.
///
/// For one: takes the first in the array that is signalled, and no other. For all:
/// takes all of them at one instant when all are signalled, and none before; no
/// process ever sees a part of them taken.
///
/// @param nCount         1 to MAXIMUM_WAIT_OBJECTS
/// @param lpHandles      the handles, as in WaitForSingleObject; for all: of
///                       different objects
/// @param bWaitAll       not 0: for all
/// @param dwMilliseconds as in WaitForSingleObject
/// @return WAIT_OBJECT_0 plus the index (for all: plus 0); WAIT_ABANDONED_0 plus the
///         index of a mutex whose last owner ended with it (for all: plus 0, one of
///         them is); WAIT_TIMEOUT; or WAIT_FAILED, with nothing taken, and GetLastError:
///         ERROR_INVALID_PARAMETER: an impossible count, or an object twice for all;
///         ERROR_NOACCESS: lpHandles is NULL, or no address of a process;
///         for a handle of the array as in WaitForSingleObject;
///         ERROR_ACCESS_DENIED: for all, and one is of a user who is not trusted;
///         ERROR_NOT_SUPPORTED: for all, of two users' private objects (which a program
///         can have that changed its user)
///
/// On Linux: under load, waits for single objects may be served before one for all of
/// several. One for all of another user's objects is refused, unless he is trusted as
/// with a mutex. Kernels before 5.16 notice some events only within 10 ms
/// (docs/concepts.md#waiting).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WaitForMultipleObjects(
    nCount: DWORD,
    lpHandles: *const HANDLE,
    bWaitAll: BOOL,
    dwMilliseconds: DWORD,
) -> DWORD {
    // SAFETY: passed on under the same contract.
    match unsafe { several_at_once(nCount, lpHandles, bWaitAll) } {
        Some(Some(code)) => code,
        Some(None) if dwMilliseconds == 0 => WAIT_TIMEOUT,
        // SAFETY: as above.
        _ => unsafe { wait_for_several_slowly(nCount, lpHandles, bWaitAll, dwMilliseconds) },
    }
}

/// What the call returns, if it could be done without more. Some(None): none is there.
///
/// # Safety
/// As WaitForMultipleObjects.
#[inline(always)]
unsafe fn several_at_once(nCount: DWORD, lpHandles: *const HANDLE, bWaitAll: BOOL) -> Option<Option<DWORD>> {
    let count = nCount as usize;
    if !(1..=MOST).contains(&count) {
        return None;
    }
    let given = convert::not_null(convert::probed(lpHandles.cast_mut(), count).ok()?).ok()?;
    // SAFETY: an array of so many, by the contract of all functions; any alignment.
    let handle = |index| convert::handle(unsafe { given.wrapping_add(index).read_unaligned() });
    if bWaitAll != 0 {
        // It may have to do what a dead process left.
        let all = || Ok(object::several_at_once::wait_for_all((0..count).map(handle)).map(code_of_all));
        return entry(Some(WAIT_FAILED), all).map(Some);
    }
    let any = object::several_at_once::wait_for_any((0..count).map(|index| (index, handle(index))))?;
    Some(any.map(|index| WAIT_OBJECT_0 + index as DWORD))
}

/// # Safety
/// As WaitForMultipleObjects.
#[cold]
#[inline(never)]
unsafe fn wait_for_several_slowly(
    nCount: DWORD,
    lpHandles: *const HANDLE,
    bWaitAll: BOOL,
    dwMilliseconds: DWORD,
) -> DWORD {
    traced!(WaitForMultipleObjects(nCount, lpHandles, bWaitAll, dwMilliseconds));
    entry(WAIT_FAILED, || {
        let count = nCount as usize;
        if !(1..=MOST).contains(&count) {
            return Err(Error::InvalidParameter);
        }
        let given = convert::not_null(convert::probed(lpHandles.cast_mut(), count)?)?;
        let mut handles: [Handle; MOST] = [0; MOST];
        for (index, handle) in handles[..count].iter_mut().enumerate() {
            // SAFETY: an array of so many, by the contract of all functions; any alignment.
            *handle = convert::handle(unsafe { given.wrapping_add(index).read_unaligned() });
        }
        let (handles, time) = (&handles[..count], time(dwMilliseconds));
        if bWaitAll == 0 {
            return object::wait_for_any(handles, time).map(code);
        }
        object::wait_for_all(handles, time).map(code_of_all)
    })
}

/// WaitForMultipleObjects.
///
/// @param nCount         as in WaitForMultipleObjects
/// @param lpHandles      as in WaitForMultipleObjects
/// @param bWaitAll       as in WaitForMultipleObjects
/// @param dwMilliseconds as in WaitForMultipleObjects
/// @param bAlertable     accepted; nothing queues calls to a thread here
/// @return as WaitForMultipleObjects
///
/// On Linux: nothing queues calls to a thread: bAlertable has no effect.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WaitForMultipleObjectsEx(
    nCount: DWORD,
    lpHandles: *const HANDLE,
    bWaitAll: BOOL,
    dwMilliseconds: DWORD,
    bAlertable: BOOL,
) -> DWORD {
    traced!(WaitForMultipleObjectsEx(nCount, lpHandles, bWaitAll, dwMilliseconds, bAlertable));
    let _ = bAlertable;
    // SAFETY: passed on under the same contract.
    unsafe { part!(WaitForMultipleObjects(nCount, lpHandles, bWaitAll, dwMilliseconds)) }
}

/// Signals one object and waits for another. The two are not one step, but what
/// happens to the second after the signal of the first is not missed.
///
/// @param hObjectToSignal an event (is set), a semaphore (gets one more) or a mutex
///                        (is released)
/// @param hObjectToWaitOn as in WaitForSingleObject
/// @param dwMilliseconds  as in WaitForSingleObject
/// @param bAlertable      accepted; nothing queues calls to a thread here
/// @return as WaitForSingleObject; nothing is signalled when the second handle is
///         bad. WAIT_FAILED with GetLastError, too:
///         ERROR_INVALID_HANDLE: the first is not of such a kind;
///         ERROR_ACCESS_DENIED: it lacks EVENT_MODIFY_STATE or SEMAPHORE_MODIFY_STATE;
///         ERROR_NOT_OWNER, ERROR_TOO_MANY_POSTS: as ReleaseMutex, ReleaseSemaphore;
///         the event, semaphore or mutex is signalled when the wait times out
///
/// On Linux: nothing queues calls to a thread: bAlertable has no effect.
#[unsafe(no_mangle)]
pub extern "C" fn SignalObjectAndWait(
    hObjectToSignal: HANDLE,
    hObjectToWaitOn: HANDLE,
    dwMilliseconds: DWORD,
    bAlertable: BOOL,
) -> DWORD {
    traced!(SignalObjectAndWait(hObjectToSignal, hObjectToWaitOn, dwMilliseconds, bAlertable));
    let _ = bAlertable;
    entry(WAIT_FAILED, || {
        let (first, second) = (convert::handle(hObjectToSignal), convert::handle(hObjectToWaitOn));
        object::signal_and_wait(first, second, time(dwMilliseconds)).map(code)
    })
}

fn time(dwMilliseconds: DWORD) -> WaitTime {
    match dwMilliseconds {
        0 => WaitTime::None,
        INFINITE => WaitTime::Unlimited,
        time => WaitTime::Milliseconds(time),
    }
}

fn code(outcome: Outcome) -> DWORD {
    match outcome {
        Outcome::Granted(index) => WAIT_OBJECT_0 + index as DWORD,
        Outcome::Abandoned(index) => WAIT_ABANDONED_0 + index as DWORD,
        Outcome::TimedOut => WAIT_TIMEOUT,
    }
}

fn code_of_all(outcome: Outcome) -> DWORD {
    match outcome {
        Outcome::Abandoned(_) => WAIT_ABANDONED_0,
        outcome => code(outcome),
    }
}
