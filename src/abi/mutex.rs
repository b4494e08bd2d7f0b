//! Mutexes.

use super::convert::{self, NameArgument};
use super::types::*;
use super::{entry_bool, named};
use crate::access;
use crate::consts::{CREATE_MUTEX_INITIAL_OWNER, MUTEX_ALL_ACCESS};
use crate::dispatcher::Making;
use crate::namespace::layout::Kind as FileKind;
use crate::object;

/// Creates a mutex, or opens the one of that name.
///
/// A thread owns a mutex after a wait for it, as often as it waited. When it ends
/// without releasing it, or its process is killed, the next wait gets the mutex and
/// WAIT_ABANDONED. Closing handles does not release a mutex.
///
/// Names, their errors and their lifetime are those of CreateFileMappingA, in one
/// name space. When the name exists, bInitialOwner is ignored, and the handle has
/// every right.
///
/// @param lpMutexAttributes NULL, or whether the handle is inheritable, and the
///                          security descriptor of a new object (SetSecurityDescriptorDacl)
/// @param bInitialOwner     not 0: the calling thread owns the new mutex
/// @param lpName            NULL or "" for no name
/// @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
///         GetLastError: ERROR_INVALID_HANDLE: the name belongs to another kind of
///         object; ERROR_ACCESS_DENIED: it is another user's, who is not trusted;
///         and the errors of CreateFileMappingA for names, security and resources
///
/// On Linux: a mutex is abandoned, too, when its owner's process calls exec; a forked
/// child owns none. Who shares a mutex can have other mutexes missed when an owner of it
/// dies: another user's is refused, unless the administrator vouches for him
/// (docs/concepts.md#trust).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateMutexA(
    lpMutexAttributes: LPSECURITY_ATTRIBUTES,
    bInitialOwner: BOOL,
    lpName: LPCSTR,
) -> HANDLE {
    traced!(CreateMutexA(lpMutexAttributes, bInitialOwner, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpMutexAttributes, DWORD::from(bInitialOwner != 0), MUTEX_ALL_ACCESS, name) }
}

/// CreateMutexA with a wide name.
///
/// @return as CreateMutexA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateMutexW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateMutexW(
    lpMutexAttributes: LPSECURITY_ATTRIBUTES,
    bInitialOwner: BOOL,
    lpName: LPCWSTR,
) -> HANDLE {
    traced!(CreateMutexW(lpMutexAttributes, bInitialOwner, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpMutexAttributes, DWORD::from(bInitialOwner != 0), MUTEX_ALL_ACCESS, name) }
}

/// CreateMutexA, with the rights of the handle.
///
/// @param lpMutexAttributes as in CreateMutexA
/// @param lpName            as in CreateMutexA
/// @param dwFlags           0 or CREATE_MUTEX_INITIAL_OWNER
/// @param dwDesiredAccess   the rights that the handle gets, as in OpenMutexA
/// @return as CreateMutexA; ERROR_INVALID_PARAMETER: other flags;
///         ERROR_ACCESS_DENIED: no rights, or unknown ones
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateMutexExA(
    lpMutexAttributes: LPSECURITY_ATTRIBUTES,
    lpName: LPCSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateMutexExA(lpMutexAttributes, lpName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpMutexAttributes, dwFlags, dwDesiredAccess, name) }
}

/// CreateMutexExA with a wide name.
///
/// @return as CreateMutexExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateMutexExW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateMutexExW(
    lpMutexAttributes: LPSECURITY_ATTRIBUTES,
    lpName: LPCWSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateMutexExW(lpMutexAttributes, lpName, dwFlags, dwDesiredAccess));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpMutexAttributes, dwFlags, dwDesiredAccess, name) }
}

/// Opens an existing mutex.
///
/// @param dwDesiredAccess SYNCHRONIZE, MUTEX_ALL_ACCESS or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param lpName          as in CreateFileMappingA
/// @return a handle, or NULL with GetLastError as for OpenFileMappingA
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenMutexA(dwDesiredAccess: DWORD, bInheritHandle: BOOL, lpName: LPCSTR) -> HANDLE {
    traced!(OpenMutexA(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::ansi(lpName) })
}

/// OpenMutexA with a wide name.
///
/// @return as OpenMutexA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(OpenMutexW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenMutexW(dwDesiredAccess: DWORD, bInheritHandle: BOOL, lpName: LPCWSTR) -> HANDLE {
    traced!(OpenMutexW(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide16(lpName) })
}

/// Gives a mutex up, once: for each wait one release.
///
/// @param hMutex a handle; it needs no right
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a mutex;
///         ERROR_NOT_OWNER: the calling thread does not own it
#[unsafe(no_mangle)]
pub extern "C" fn ReleaseMutex(hMutex: HANDLE) -> BOOL {
    if object::at_once::release_mutex(convert::handle(hMutex)) {
        return TRUE;
    }
    release_slowly(hMutex)
}

/// Out of the way, so that the usual case needs no frame.
#[cold]
#[inline(never)]
fn release_slowly(hMutex: HANDLE) -> BOOL {
    traced!(ReleaseMutex(hMutex));
    entry_bool(|| object::release_mutex(convert::handle(hMutex)))
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
        let flags = named::check_flags(dwFlags, CREATE_MUTEX_INITIAL_OWNER)?;
        Ok(Making::Mutex { owned: flags != 0 })
    };
    // SAFETY: by this function's contract.
    unsafe { named::create(attributes, &access::MUTEX, dwDesiredAccess, name, making) }
}

pub(super) fn open(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    named::open(FileKind::Mutex, dwDesiredAccess, bInheritHandle, name)
}
