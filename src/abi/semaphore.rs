//! Semaphores.

use super::convert::{self, NameArgument};
use super::types::*;
use super::{entry_bool, named};
use crate::access;
use crate::consts::SEMAPHORE_ALL_ACCESS;
use crate::dispatcher::Making;
use crate::error::Error;
use crate::namespace::layout::Kind as FileKind;
use crate::object;

/// Creates a semaphore, or opens the one of that name.
///
/// Names, their errors and their lifetime are those of CreateFileMappingA, in one
/// name space. When the name exists, the counts are ignored, but must be possible
/// ones, and the handle has every right.
///
/// @param lpSemaphoreAttributes NULL, or whether the handle is inheritable, and the
///                              security descriptor of a new object (SetSecurityDescriptorDacl)
/// @param lInitialCount         0 to lMaximumCount
/// @param lMaximumCount         1 or more
/// @param lpName                NULL or "" for no name
/// @return a handle, with GetLastError 0 or ERROR_ALREADY_EXISTS; or NULL with
///         GetLastError: ERROR_INVALID_PARAMETER: an impossible count;
///         ERROR_INVALID_HANDLE: the name belongs to another kind of object; and the
///         errors of CreateFileMappingA for names, security and resources
///
/// On Linux: LONG_MAX, which has 64 bits, means 0x7FFFFFFF: the header sees to that.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateSemaphoreA(
    lpSemaphoreAttributes: LPSECURITY_ATTRIBUTES,
    lInitialCount: LONG,
    lMaximumCount: LONG,
    lpName: LPCSTR,
) -> HANDLE {
    traced!(CreateSemaphoreA(lpSemaphoreAttributes, lInitialCount, lMaximumCount, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    let request = Request::plain(lInitialCount, lMaximumCount);
    // SAFETY: passed on under the same contract.
    unsafe { create(lpSemaphoreAttributes, &request, name) }
}

/// CreateSemaphoreA with a wide name.
///
/// @return as CreateSemaphoreA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateSemaphoreW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateSemaphoreW(
    lpSemaphoreAttributes: LPSECURITY_ATTRIBUTES,
    lInitialCount: LONG,
    lMaximumCount: LONG,
    lpName: LPCWSTR,
) -> HANDLE {
    traced!(CreateSemaphoreW(lpSemaphoreAttributes, lInitialCount, lMaximumCount, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    let request = Request::plain(lInitialCount, lMaximumCount);
    // SAFETY: passed on under the same contract.
    unsafe { create(lpSemaphoreAttributes, &request, name) }
}

/// CreateSemaphoreA, with the rights of the handle.
///
/// @param lpSemaphoreAttributes as in CreateSemaphoreA
/// @param lInitialCount         as in CreateSemaphoreA
/// @param lMaximumCount         as in CreateSemaphoreA
/// @param lpName                as in CreateSemaphoreA
/// @param dwFlags               0
/// @param dwDesiredAccess       the rights that the handle gets, as in OpenSemaphoreA
/// @return as CreateSemaphoreA; ERROR_INVALID_PARAMETER: any flag too;
///         ERROR_ACCESS_DENIED: no rights, or unknown ones
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateSemaphoreExA(
    lpSemaphoreAttributes: LPSECURITY_ATTRIBUTES,
    lInitialCount: LONG,
    lMaximumCount: LONG,
    lpName: LPCSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateSemaphoreExA(
        lpSemaphoreAttributes,
        lInitialCount,
        lMaximumCount,
        lpName,
        dwFlags,
        dwDesiredAccess
    ));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::ansi(lpName) };
    let request = Request { count: lInitialCount, maximum: lMaximumCount, dwFlags, dwDesiredAccess };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpSemaphoreAttributes, &request, name) }
}

/// CreateSemaphoreExA with a wide name.
///
/// @return as CreateSemaphoreExA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(CreateSemaphoreExW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn CreateSemaphoreExW(
    lpSemaphoreAttributes: LPSECURITY_ATTRIBUTES,
    lInitialCount: LONG,
    lMaximumCount: LONG,
    lpName: LPCWSTR,
    dwFlags: DWORD,
    dwDesiredAccess: DWORD,
) -> HANDLE {
    traced!(CreateSemaphoreExW(
        lpSemaphoreAttributes,
        lInitialCount,
        lMaximumCount,
        lpName,
        dwFlags,
        dwDesiredAccess
    ));
    // SAFETY: a string or NULL, by the contract of all functions.
    let name = || unsafe { convert::wide16(lpName) };
    let request = Request { count: lInitialCount, maximum: lMaximumCount, dwFlags, dwDesiredAccess };
    // SAFETY: passed on under the same contract.
    unsafe { create(lpSemaphoreAttributes, &request, name) }
}

/// Opens an existing semaphore.
///
/// @param dwDesiredAccess SEMAPHORE_MODIFY_STATE, SYNCHRONIZE, SEMAPHORE_ALL_ACCESS or other rights
/// @param bInheritHandle  any value but 0: the handle is inheritable
/// @param lpName          as in CreateFileMappingA
/// @return a handle, or NULL with GetLastError as for OpenFileMappingA
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenSemaphoreA(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: LPCSTR,
) -> HANDLE {
    traced!(OpenSemaphoreA(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::ansi(lpName) })
}

/// OpenSemaphoreA with a wide name.
///
/// @return as OpenSemaphoreA; ERROR_INVALID_NAME: a unit above 0x10FFFF
///
/// cbindgen:postfix=WINSHM_WIDE(OpenSemaphoreW)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn OpenSemaphoreW(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    lpName: LPCWSTR,
) -> HANDLE {
    traced!(OpenSemaphoreW(dwDesiredAccess, bInheritHandle, lpName));
    // SAFETY: a string or NULL, by the contract of all functions.
    open(dwDesiredAccess, bInheritHandle, || unsafe { convert::wide16(lpName) })
}

/// Adds to a semaphore, and releases as many waiters.
///
/// @param hSemaphore      a handle with SEMAPHORE_MODIFY_STATE
/// @param lReleaseCount   1 or more
/// @param lpPreviousCount NULL, or receives what the count was
/// @return TRUE, or FALSE, with nothing added and nothing stored, and GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a semaphore;
///         ERROR_ACCESS_DENIED: the handle lacks SEMAPHORE_MODIFY_STATE;
///         ERROR_INVALID_PARAMETER: lReleaseCount is 0 or negative;
///         ERROR_NOACCESS: lpPreviousCount is no address of a process;
///         ERROR_TOO_MANY_POSTS: the count would exceed the maximum;
///         ERROR_BUSY: as SetEvent
///
/// On Linux: it may be called in a signal handler.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ReleaseSemaphore(
    hSemaphore: HANDLE,
    lReleaseCount: LONG,
    lpPreviousCount: LPLONG,
) -> BOOL {
    let is_simple = lpPreviousCount.is_null() && lReleaseCount > 0;
    if is_simple && object::at_once::release_semaphore(convert::handle(hSemaphore), lReleaseCount as u32) {
        return TRUE;
    }
    // SAFETY: passed on under the same contract.
    unsafe { release_slowly(hSemaphore, lReleaseCount, lpPreviousCount) }
}

/// Out of the way, so that the usual case needs no frame.
///
/// # Safety
/// As for ReleaseSemaphore.
#[cold]
#[inline(never)]
unsafe fn release_slowly(hSemaphore: HANDLE, lReleaseCount: LONG, lpPreviousCount: LPLONG) -> BOOL {
    traced!(ReleaseSemaphore(hSemaphore, lReleaseCount, lpPreviousCount));
    entry_bool(|| {
        let (handle, to) = (convert::handle(hSemaphore), convert::probed(lpPreviousCount, 1)?);
        let more = u32::try_from(lReleaseCount).ok().filter(|more| *more > 0);
        // The handle is judged first.
        let before = object::release_semaphore(handle, more)?;
        if !to.is_null() {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            unsafe { convert::store(to, before as LONG) };
        }
        Ok(())
    })
}

/// What a semaphore is asked to be.
pub(super) struct Request {
    pub count: LONG,
    pub maximum: LONG,
    pub dwFlags: DWORD,
    pub dwDesiredAccess: DWORD,
}

impl Request {
    pub(super) fn plain(count: LONG, maximum: LONG) -> Request {
        Request { count, maximum, dwFlags: 0, dwDesiredAccess: SEMAPHORE_ALL_ACCESS }
    }
}

/// # Safety
/// `attributes` is NULL or valid.
pub(super) unsafe fn create(
    attributes: LPSECURITY_ATTRIBUTES,
    request: &Request,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    let making = || {
        let Request { count, maximum, dwFlags, .. } = *request;
        named::check_flags(dwFlags, 0)?;
        if maximum <= 0 || !(0..=maximum).contains(&count) {
            return Err(Error::InvalidParameter);
        }
        Ok(Making::Semaphore { count: count as u32, maximum: maximum as u32 })
    };
    // SAFETY: by this function's contract.
    unsafe { named::create(attributes, &access::SEMAPHORE, request.dwDesiredAccess, name, making) }
}

pub(super) fn open(
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    name: impl FnOnce() -> NameArgument,
) -> HANDLE {
    named::open(FileKind::Semaphore, dwDesiredAccess, bInheritHandle, name)
}
