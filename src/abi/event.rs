//! Events.

use super::convert::{self, NameArgument};
use super::types::*;
use super::{entry, entry_bool};
use crate::consts::EVENT_ALL_ACCESS;
use crate::event::Reset;
use crate::handle::Flags;
use crate::object::{self, Grant};
use std::ptr;

/// Creates an event, or opens the one of that name.
///
/// Names, their errors and their lifetime are those of CreateFileMappingA, in
/// one name space. When the name exists, bManualReset and bInitialState are
/// ignored, and the handle has every right.
///
/// @param lpEventAttributes NULL, or whether the handle is inheritable; the security
///                          descriptor must be NULL
/// @param bManualReset      not 0: the event stays set until ResetEvent
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
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpEventAttributes, bManualReset, bInitialState, name) }
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
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpEventAttributes, bManualReset, bInitialState, name) }
}

/// Opens an existing event.
///
/// @param dwDesiredAccess EVENT_MODIFY_STATE, SYNCHRONIZE, EVENT_ALL_ACCESS or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param lpName          as in CreateFileMappingA
/// @return a handle, or NULL with GetLastError as for OpenFileMappingA
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenEventA(dwDesiredAccess: DWORD, bInheritHandle: BOOL, lpName: LPCSTR) -> HANDLE {
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
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide16(lpName) })
}

/// Sets an event.
///
/// @param hEvent a handle with EVENT_MODIFY_STATE
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of an event;
///         ERROR_ACCESS_DENIED: the handle lacks EVENT_MODIFY_STATE
#[unsafe(no_mangle)]
pub extern "C" fn SetEvent(hEvent: HANDLE) -> BOOL {
    entry_bool(|| object::set_event(convert::handle(hEvent)))
}

/// Resets an event.
///
/// @param hEvent a handle with EVENT_MODIFY_STATE
/// @return as SetEvent
#[unsafe(no_mangle)]
pub extern "C" fn ResetEvent(hEvent: HANDLE) -> BOOL {
    entry_bool(|| object::reset_event(convert::handle(hEvent)))
}

/// # Safety
/// `attributes` is NULL or valid.
pub(super) unsafe fn create(
    attributes: LPSECURITY_ATTRIBUTES,
    bManualReset: BOOL,
    bInitialState: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    entry(ptr::null_mut(), || {
        let name = convert::name_to_create(name())?;
        // SAFETY: by this function's contract.
        let flags = unsafe { convert::security(attributes)? };
        let reset = if bManualReset != 0 { Reset::Manual } else { Reset::Auto };
        let grant = Grant { access: EVENT_ALL_ACCESS, flags };
        object::create_event(name.as_ref(), reset, bInitialState != 0, grant).map(convert::created)
    })
}

pub(super) fn open(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    entry(ptr::null_mut(), || {
        let name = convert::name_to_open(name())?;
        let desired = Grant { access: dwDesiredAccess, flags: Flags::inherit(bInheritHandle != 0) };
        object::open_event(&name, desired).map(convert::to_handle)
    })
}
