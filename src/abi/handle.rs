//! Handles to any object.

use super::types::*;
use super::{convert, entry_bool};
use crate::consts::*;
use crate::error::Error;
use crate::handle::Flags;
use crate::object::{self, Duplicate};

/// Closes a handle. When it was the last handle to a named object in any
/// process, the name is free at once; views stay valid until they are unmapped.
///
/// The end of a process, by whatever cause, closes its handles.
///
/// @param hObject a handle; a pseudo-handle (GetCurrentProcess) is accepted and
///                nothing happens
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle, or one that
///         HANDLE_FLAG_PROTECT_FROM_CLOSE protects
#[unsafe(no_mangle)]
pub extern "C" fn CloseHandle(hObject: HANDLE) -> BOOL {
    traced!(CloseHandle(hObject));
    entry_bool(|| object::close(convert::handle(hObject)))
}

/// Makes another handle to the object of a handle, within this process.
///
/// @param hSourceProcessHandle GetCurrentProcess(), or a handle made from it
/// @param hSourceHandle        the handle to duplicate; a pseudo-handle gives a
///                             real one
/// @param hTargetProcessHandle as hSourceProcessHandle
/// @param lpTargetHandle       receives the new handle; NULL: nothing is made
/// @param dwDesiredAccess      the rights of the new handle, which may be more
///                             than the source has, if this user may have them; ignored
///                             with DUPLICATE_SAME_ACCESS
/// @param bInheritHandle       whether the new handle is inheritable
/// @param dwOptions            DUPLICATE_SAME_ACCESS, DUPLICATE_CLOSE_SOURCE
///                             (closes the source even if the function fails)
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: one of the handles is not open, or a process
///         handle does not mean this process;
///         ERROR_ACCESS_DENIED: dwDesiredAccess has bits that are no right of
///         the object, rights that this user does not have, or, of a file, more
///         than the source has;
///         ERROR_PRIVILEGE_NOT_HELD: dwDesiredAccess has ACCESS_SYSTEM_SECURITY;
///         ERROR_INVALID_PARAMETER: unknown bits in dwOptions;
///         ERROR_NOACCESS: lpTargetHandle is no address of a process, and nothing is closed;
///         ERROR_NO_SYSTEM_RESOURCES: no free handle;
///         ERROR_TOO_MANY_OPEN_FILES: of a section, for the right to write
///
/// On Linux: within the calling process only. The handle of a segment ("Posix\", "SysV\")
/// that was opened for reading gets no right to write.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn DuplicateHandle(
    hSourceProcessHandle: HANDLE,
    hSourceHandle: HANDLE,
    hTargetProcessHandle: HANDLE,
    lpTargetHandle: LPHANDLE,
    dwDesiredAccess: DWORD,
    bInheritHandle: BOOL,
    dwOptions: DWORD,
) -> BOOL {
    traced!(DuplicateHandle(
        hSourceProcessHandle,
        hSourceHandle,
        hTargetProcessHandle,
        lpTargetHandle,
        dwDesiredAccess,
        bInheritHandle,
        dwOptions
    ));
    entry_bool(|| {
        if dwOptions & !(DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS) != 0 {
            return Err(Error::InvalidParameter);
        }
        let to = convert::probed(lpTargetHandle, 1)?;
        let duplicate = object::duplicate(&Duplicate {
            source_process: convert::handle(hSourceProcessHandle),
            source: convert::handle(hSourceHandle),
            target_process: convert::handle(hTargetProcessHandle),
            access: (dwOptions & DUPLICATE_SAME_ACCESS == 0).then_some(dwDesiredAccess),
            flags: Flags::inherit(bInheritHandle != 0),
            close_source: dwOptions & DUPLICATE_CLOSE_SOURCE != 0,
            wanted: !to.is_null(),
        })?;
        if let Some(handle) = duplicate {
            // SAFETY: not NULL, because the handle was wanted.
            unsafe { convert::store(to, convert::to_handle(handle)) };
        }
        Ok(())
    })
}

/// Tells the attributes of a handle.
///
/// @param hObject   a handle
/// @param lpdwFlags receives HANDLE_FLAG_INHERIT and HANDLE_FLAG_PROTECT_FROM_CLOSE
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle;
///         ERROR_NOACCESS: lpdwFlags is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetHandleInformation(hObject: HANDLE, lpdwFlags: LPDWORD) -> BOOL {
    traced!(GetHandleInformation(hObject, lpdwFlags));
    entry_bool(|| {
        let flags = object::flags(convert::handle(hObject))?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(convert::not_null(lpdwFlags)?, flags.0) };
        Ok(())
    })
}

/// Sets attributes of a handle.
///
/// A handle with HANDLE_FLAG_INHERIT is there, under the same value and with the same
/// rights and attributes, in every program that uses this library and is started while
/// the handle is open: by exec after fork, by posix_spawn or by system, directly or by
/// programs in between. The caller passes the value on, in a command line for example.
/// What the name of its object means stays so until the last of these programs has
/// ended or closed it. A mutex has to be taken by the child itself.
///
/// @param hObject a handle
/// @param dwMask  the attributes to change; other bits are ignored
/// @param dwFlags their new values
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle;
///         ERROR_TOO_MANY_OPEN_FILES: an inheritable object takes a file descriptor
///         (functions that make such a handle fail in the same way);
///         ERROR_NOT_SUPPORTED: HANDLE_FLAG_INHERIT for a handle of the SharedMemory
///         functions
///
/// On Linux: an inheritable object takes a file descriptor without close-on-exec, and one
/// without a name a second one. A child that closes descriptors which it did not open
/// before its first call has no inherited handles; names it can open. A program with more rights than who starts it (set-uid)
/// inherits none. Handles of processes and threads are inherited if the kernel has
/// descriptors for them (threads: since Linux 6.9).
#[unsafe(no_mangle)]
pub extern "C" fn SetHandleInformation(hObject: HANDLE, dwMask: DWORD, dwFlags: DWORD) -> BOOL {
    traced!(SetHandleInformation(hObject, dwMask, dwFlags));
    entry_bool(|| object::set_flags(convert::handle(hObject), Flags(dwMask), Flags(dwFlags)))
}

/// Tells whether two handles refer to the same object.
///
/// @param hFirstObjectHandle  a handle
/// @param hSecondObjectHandle a handle
/// @return TRUE if they do, or FALSE with GetLastError:
///         ERROR_NOT_SAME_OBJECT: they do not;
///         ERROR_INVALID_HANDLE: one is not an open handle
#[unsafe(no_mangle)]
pub extern "C" fn CompareObjectHandles(hFirstObjectHandle: HANDLE, hSecondObjectHandle: HANDLE) -> BOOL {
    traced!(CompareObjectHandles(hFirstObjectHandle, hSecondObjectHandle));
    entry_bool(|| object::compare(convert::handle(hFirstObjectHandle), convert::handle(hSecondObjectHandle)))
}
