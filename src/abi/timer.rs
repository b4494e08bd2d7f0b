//! Waitable timers.

use super::convert::{self, NameArgument};
use super::types::*;
use super::{entry_bool, named};
use crate::access;
use crate::consts::*;
use crate::dispatcher::Making;
use crate::error::{Error, set_last};
use crate::machine::FILE_TIME_1970;
use crate::namespace::layout::Kind as FileKind;
use crate::object;
use crate::sync::Clock;

/// Creates a waitable timer, or opens the one of that name. It is not set.
///
/// A timer fires for every process that has it open, also when the one that set it
/// is gone. Names, their errors and their lifetime are those of CreateFileMappingA,
/// in one name space. When the name exists, bManualReset is ignored, and the handle
/// has every right.
///
/// @param lpTimerAttributes NULL, or whether the handle is inheritable, and the
///                          security descriptor of a new object (SetSecurityDescriptorDacl)
/// @param bManualReset      not 0: it stays signalled until it is set again; 0: the
///                          first waiter takes the signal
/// @param lpTimerName       NULL or "" for no name
/// @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
///         GetLastError: ERROR_INVALID_HANDLE: the name belongs to another kind of
///         object; and the errors of CreateFileMappingA for names, security and
///         resources
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateWaitableTimerA(
    lpTimerAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    lpTimerName: LPCSTR,
) -> HANDLE {
    traced!(CreateWaitableTimerA(lpTimerAttributes, bManualReset, lpTimerName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpTimerName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpTimerAttributes, DWORD::from(bManualReset != 0), TIMER_ALL_ACCESS, name) }
}

/// CreateWaitableTimerA with a wide name.
///
/// @return as CreateWaitableTimerA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateWaitableTimerW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateWaitableTimerW(
    lpTimerAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    lpTimerName: LPCWSTR,
) -> HANDLE {
    traced!(CreateWaitableTimerW(lpTimerAttributes, bManualReset, lpTimerName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpTimerName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpTimerAttributes, DWORD::from(bManualReset != 0), TIMER_ALL_ACCESS, name) }
}

/// CreateWaitableTimerA, with the rights of the handle.
///
/// @param lpTimerAttributes as in CreateWaitableTimerA
/// @param lpTimerName       as in CreateWaitableTimerA
/// @param dwFlags           CREATE_WAITABLE_TIMER_MANUAL_RESET,
///                          CREATE_WAITABLE_TIMER_HIGH_RESOLUTION
/// @param dwDesiredAccess   the rights that the handle gets, as in OpenWaitableTimerA
/// @return as CreateWaitableTimerA; ERROR_INVALID_PARAMETER: other flags;
///         ERROR_ACCESS_DENIED: no rights, or unknown ones
///
/// On Linux: CREATE_WAITABLE_TIMER_HIGH_RESOLUTION has no effect: every timer is as
/// exact as the system can.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateWaitableTimerExA(
    lpTimerAttributes: LPSECURITY_ATTRIBUTES,
    lpTimerName: LPCSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateWaitableTimerExA(lpTimerAttributes, lpTimerName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpTimerName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpTimerAttributes, dwFlags, dwDesiredAccess, name) }
}

/// CreateWaitableTimerExA with a wide name.
///
/// @return as CreateWaitableTimerExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateWaitableTimerExW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateWaitableTimerExW(
    lpTimerAttributes: LPSECURITY_ATTRIBUTES,
    lpTimerName: LPCWSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateWaitableTimerExW(lpTimerAttributes, lpTimerName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpTimerName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpTimerAttributes, dwFlags, dwDesiredAccess, name) }
}

/// Opens an existing timer.
///
/// @param dwDesiredAccess TIMER_MODIFY_STATE, SYNCHRONIZE, TIMER_ALL_ACCESS or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param lpTimerName     as in CreateFileMappingA
/// @return a handle, or NULL with GetLastError as for OpenFileMappingA
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenWaitableTimerA(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpTimerName: LPCSTR,
) -> HANDLE {
    traced!(OpenWaitableTimerA(dwDesiredAccess, bInheritHandle, lpTimerName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::ansi(lpTimerName) })
}

/// OpenWaitableTimerA with a wide name.
///
/// @return as OpenWaitableTimerA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(OpenWaitableTimerW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenWaitableTimerW(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpTimerName: LPCWSTR,
) -> HANDLE {
    traced!(OpenWaitableTimerW(dwDesiredAccess, bInheritHandle, lpTimerName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide16(lpTimerName) })
}

/// Sets a timer. What it signalled before does not count any more.
///
/// @param hTimer                  a handle with TIMER_MODIFY_STATE
/// @param lpDueTime               in units of 100 ns: negative: from now on, on a clock
///                                that nobody sets; else a time as
///                                GetSystemTimeAsFileTime tells it, past ones fire at once
/// @param lPeriod                 milliseconds after which it fires again and again;
///                                0: once
/// @param pfnCompletionRoutine    must be NULL
/// @param lpArgToCompletionRoutine ignored
/// @param fResume                 not 0: accepted; no computer is woken up, and
///                                GetLastError is ERROR_NOT_SUPPORTED after a success
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a timer;
///         ERROR_ACCESS_DENIED: the handle lacks TIMER_MODIFY_STATE, or the timer is
///         of a user who is not trusted;
///         ERROR_BUSY: a process was stopped while it set this timer, or took it with others;
///         ERROR_INVALID_PARAMETER: lPeriod is negative;
///         ERROR_NOACCESS: lpDueTime is NULL, or no address of a process;
///         ERROR_NOT_SUPPORTED: a completion routine
///
/// On Linux: there are no completion routines, and no computer is woken up: fResume is
/// what it is on Windows without such hardware. When the system's clock is set, who
/// sleeps until an absolute time notices within half a second. Another user's timer is
/// refused, unless he is trusted as with a mutex.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetWaitableTimer(
    hTimer: HANDLE,
    lpDueTime: *const LARGE_INTEGER,
    lPeriod: LONG,
    pfnCompletionRoutine: PTIMERAPCROUTINE,
    lpArgToCompletionRoutine: LPVOID,
    fResume: BOOL,
) -> BOOL {
    traced!(SetWaitableTimer(
        hTimer,
        lpDueTime,
        lPeriod,
        pfnCompletionRoutine,
        lpArgToCompletionRoutine,
        fResume
    ));
    let _ = lpArgToCompletionRoutine;
    // SAFETY: passed on under the same contract.
    let result = unsafe { set(hTimer, lpDueTime, lPeriod, pfnCompletionRoutine) };
    if result != FALSE && fResume != 0 {
        set_last(ERROR_NOT_SUPPORTED);
    }
    result
}

/// SetWaitableTimer, with a tolerance.
///
/// @param hTimer                   as in SetWaitableTimer
/// @param lpDueTime                as in SetWaitableTimer
/// @param lPeriod                  as in SetWaitableTimer
/// @param pfnCompletionRoutine     must be NULL
/// @param lpArgToCompletionRoutine ignored
/// @param WakeContext              must be NULL, else ERROR_NOT_SUPPORTED
/// @param TolerableDelay           ignored: timers fire as soon as they can
/// @return as SetWaitableTimer
///
/// On Linux: as SetWaitableTimer; TolerableDelay has no effect, and there is no
/// WakeContext.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetWaitableTimerEx(
    hTimer: HANDLE,
    lpDueTime: *const LARGE_INTEGER,
    lPeriod: LONG,
    pfnCompletionRoutine: PTIMERAPCROUTINE,
    lpArgToCompletionRoutine: LPVOID,
    WakeContext: LPVOID,
    TolerableDelay: ULONG,
) -> BOOL {
    traced!(SetWaitableTimerEx(
        hTimer,
        lpDueTime,
        lPeriod,
        pfnCompletionRoutine,
        lpArgToCompletionRoutine,
        WakeContext,
        TolerableDelay
    ));
    let _ = (lpArgToCompletionRoutine, TolerableDelay);
    if !WakeContext.is_null() {
        return entry_bool(|| Err(Error::NotSupported));
    }
    // SAFETY: passed on under the same contract.
    unsafe { set(hTimer, lpDueTime, lPeriod, pfnCompletionRoutine) }
}

/// Stops a timer. If it is signalled, it stays so.
///
/// @param hTimer a handle with TIMER_MODIFY_STATE
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a timer;
///         ERROR_ACCESS_DENIED: the handle lacks TIMER_MODIFY_STATE, or the timer is
///         of a user who is not trusted;
///         ERROR_BUSY: as SetWaitableTimer
///
/// On Linux: another user's timer is refused, unless he is trusted as with a mutex.
#[unsafe(no_mangle)]
pub extern "C" fn CancelWaitableTimer(hTimer: HANDLE) -> BOOL {
    traced!(CancelWaitableTimer(hTimer));
    entry_bool(|| object::cancel_timer(convert::handle(hTimer)))
}

/// Due in units of 100 ns, as Windows counts: on which clock, and when on it.
fn due(time: i64) -> (Clock, u64) {
    if time < 0 {
        let ns = time.unsigned_abs().saturating_mul(100);
        return (Clock::Monotonic, Clock::Monotonic.now_ns().saturating_add(ns));
    }
    (Clock::Real, ((time as u64).saturating_sub(FILE_TIME_1970)).saturating_mul(100))
}

/// # Safety
/// `due_time` is NULL or valid.
unsafe fn set(
    hTimer: HANDLE,
    due_time: *const LARGE_INTEGER,
    lPeriod: LONG,
    routine: PTIMERAPCROUTINE,
) -> BOOL {
    entry_bool(|| {
        let due_time = convert::not_null(convert::probed(due_time.cast_mut(), 1)?)?;
        let period_ms = u32::try_from(lPeriod).map_err(|_| Error::InvalidParameter)?;
        if routine.is_some() {
            return Err(Error::NotSupported);
        }
        // SAFETY: by this function's contract; any alignment, and every bit pattern.
        let time = unsafe { due_time.cast::<i64>().read_unaligned() };
        let (clock, due_ns) = due(time);
        object::set_timer(convert::handle(hTimer), due_ns, period_ms, clock)
    })
}

/// # Safety
/// `attributes` is NULL or valid.
pub(super) unsafe fn create(
    attributes: LPSECURITY_ATTRIBUTES,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    let making = || {
        let known = CREATE_WAITABLE_TIMER_MANUAL_RESET | CREATE_WAITABLE_TIMER_HIGH_RESOLUTION;
        let flags = named::check_flags(dwFlags, known)?;
        Ok(Making::Timer { manual: flags & CREATE_WAITABLE_TIMER_MANUAL_RESET != 0 })
    };
    // SAFETY: by this function's contract.
    unsafe { named::create(attributes, &access::TIMER, dwDesiredAccess, name, making) }
}

pub(super) fn open(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    named::open(FileKind::Timer, dwDesiredAccess, bInheritHandle, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn due_times_are_from_now_on_or_since_1601() {
        assert_eq!(due(FILE_TIME_1970 as i64 + 5), (Clock::Real, 500));
        assert_eq!(due(1), (Clock::Real, 0), "long past");
        let before = Clock::Monotonic.now_ns();
        let (clock, later) = due(-10_000);
        assert_eq!(clock, Clock::Monotonic);
        assert!((before + 1_000_000..=Clock::Monotonic.now_ns() + 1_000_000).contains(&later));
        assert!(due(i64::MIN).1 > before && due(i64::MAX).1 > 0, "far away, but no overflow");
    }
}
