//! Events.

use super::convert::{self, NameArgument};
use super::types::*;
use super::{entry_bool, named};
use crate::access;
use crate::consts::{CREATE_EVENT_INITIAL_SET, CREATE_EVENT_MANUAL_RESET, EVENT_ALL_ACCESS};
use crate::dispatcher::Making;
use crate::namespace::layout::Kind as FileKind;
use crate::object;

/// Creates an event, or opens the one of that name.
///
/// Names, their errors and their lifetime are those of CreateFileMappingA, in
/// one name space. When the name exists, bManualReset and bInitialState are
/// ignored, and the handle has every right.
///
/// @param lpEventAttributes NULL, or whether the handle is inheritable, and the
///                          security descriptor of a new object (SetSecurityDescriptorDacl)
/// @param bManualReset      not 0: the event stays set until ResetEvent; 0: the first
///                          waiter that it releases resets it
/// @param bInitialState     not 0: the event is set
/// @param lpName            NULL or "" for no name
/// @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
///         GetLastError: ERROR_INVALID_HANDLE: the name belongs to another kind of
///         object; and the errors of CreateFileMappingA for names, security and
///         resources
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateEventA(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    bInitialState: BOOL,
    lpName: LPCSTR,
) -> HANDLE {
    traced!(CreateEventA(lpEventAttributes, bManualReset, bInitialState, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpEventAttributes, flags(bManualReset, bInitialState), EVENT_ALL_ACCESS, name) }
}

/// CreateEventA with a wide name.
///
/// @return as CreateEventA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateEventW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateEventW(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    bInitialState: BOOL,
    lpName: LPCWSTR,
) -> HANDLE {
    traced!(CreateEventW(lpEventAttributes, bManualReset, bInitialState, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpEventAttributes, flags(bManualReset, bInitialState), EVENT_ALL_ACCESS, name) }
}

/// CreateEventA, with the rights of the handle.
///
/// @param lpEventAttributes as in CreateEventA
/// @param lpName            as in CreateEventA
/// @param dwFlags           CREATE_EVENT_MANUAL_RESET, CREATE_EVENT_INITIAL_SET
/// @param dwDesiredAccess   the rights that the handle gets, as in OpenEventA
/// @return as CreateEventA; ERROR_INVALID_PARAMETER: other flags;
///         ERROR_ACCESS_DENIED: no rights, or unknown ones
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateEventExA(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    lpName: LPCSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateEventExA(lpEventAttributes, lpName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpEventAttributes, dwFlags, dwDesiredAccess, name) }
}

/// CreateEventExA with a wide name.
///
/// @return as CreateEventExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateEventExW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateEventExW(
    lpEventAttributes: LPSECURITY_ATTRIBUTES,
    lpName: LPCWSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateEventExW(lpEventAttributes, lpName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpEventAttributes, dwFlags, dwDesiredAccess, name) }
}

/// Opens an existing event.
///
/// @param dwDesiredAccess EVENT_MODIFY_STATE, SYNCHRONIZE, EVENT_ALL_ACCESS or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param lpName          as in CreateFileMappingA
/// @return a handle, or NULL with GetLastError as for OpenFileMappingA
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenEventA(dwDesiredAccess: DWORD, bInheritHandle: BOOL, lpName: LPCSTR) -> HANDLE {
    traced!(OpenEventA(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::ansi(lpName) })
}

/// OpenEventA with a wide name.
///
/// @return as OpenEventA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(OpenEventW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenEventW(dwDesiredAccess: DWORD, bInheritHandle: BOOL, lpName: LPCWSTR) -> HANDLE {
    traced!(OpenEventW(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide16(lpName) })
}

/// Sets an event: a manual-reset one releases all waiters until it is reset, an
/// auto-reset one the first waiter, which resets it.
///
/// @param hEvent a handle with EVENT_MODIFY_STATE
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of an event;
///         ERROR_ACCESS_DENIED: the handle lacks EVENT_MODIFY_STATE;
///         ERROR_BUSY: a process was stopped while it took the event in a wait for all
///         of several objects, two seconds ago or more. In a signal handler that
///         interrupts ReleaseMutex or a wait, or if it is another user's: a process
///         was killed or stopped while it did so, one second ago or more
///
/// On Linux: when it is set and at once reset, the waiter of an auto-reset event may stay
/// asleep, and so may, of any event, who waits for all of several objects. It may be
/// called in a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn SetEvent(hEvent: HANDLE) -> BOOL {
    if object::at_once::set_event(convert::handle(hEvent)) {
        return TRUE;
    }
    set_slowly(hEvent)
}

/// Out of the way, so that the usual case needs no frame.
#[cold]
#[inline(never)]
fn set_slowly(hEvent: HANDLE) -> BOOL {
    traced!(SetEvent(hEvent));
    entry_bool(|| object::set_event(convert::handle(hEvent)))
}

/// Resets an event.
///
/// @param hEvent a handle with EVENT_MODIFY_STATE
/// @return as SetEvent
///
/// On Linux: it may be called in a signal handler.
#[unsafe(no_mangle)]
pub extern "C" fn ResetEvent(hEvent: HANDLE) -> BOOL {
    if object::at_once::reset_event(convert::handle(hEvent)) {
        return TRUE;
    }
    reset_slowly(hEvent)
}

/// Out of the way, so that the usual case needs no frame.
#[cold]
#[inline(never)]
fn reset_slowly(hEvent: HANDLE) -> BOOL {
    traced!(ResetEvent(hEvent));
    entry_bool(|| object::reset_event(convert::handle(hEvent)))
}

/// Releases who sleeps at this moment - all of a manual-reset event, one of an
/// auto-reset one - and leaves the event unset. Who is about to sleep may miss it.
///
/// @param hEvent a handle with EVENT_MODIFY_STATE
/// @return as SetEvent
///
/// On Linux: who waits for all of several objects misses it. Of an auto-reset event
/// with sleepers the call waits until one has it, at most 250 ms.
#[unsafe(no_mangle)]
pub extern "C" fn PulseEvent(hEvent: HANDLE) -> BOOL {
    traced!(PulseEvent(hEvent));
    entry_bool(|| object::pulse_event(convert::handle(hEvent)))
}

/// The flags that mean the same to CreateEventEx.
pub(super) fn flags(bManualReset: BOOL, bInitialState: BOOL) -> DWORD {
    let manual = if bManualReset != 0 { CREATE_EVENT_MANUAL_RESET } else { 0 };
    let set = if bInitialState != 0 { CREATE_EVENT_INITIAL_SET } else { 0 };
    manual | set
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
        let flags = named::check_flags(dwFlags, CREATE_EVENT_MANUAL_RESET | CREATE_EVENT_INITIAL_SET)?;
        let (manual, set) = (flags & CREATE_EVENT_MANUAL_RESET != 0, flags & CREATE_EVENT_INITIAL_SET != 0);
        Ok(Making::Event { manual, set })
    };
    // SAFETY: by this function's contract.
    unsafe { named::create(attributes, &access::EVENT, dwDesiredAccess, name, making) }
}

pub(super) fn open(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    named::open(FileKind::Event, dwDesiredAccess, bInheritHandle, name)
}
