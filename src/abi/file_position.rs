//! Size and position of files.

use super::types::*;
use super::{convert, entry, entry_bool};
use crate::consts::*;
use crate::error::{self, Error};
use crate::file::Origin;
use crate::object;

/// The size of a file.
///
/// @param hFile          a handle of a file
/// @param lpFileSizeHigh NULL, or receives the upper half
/// @return the lower half; when that is INVALID_FILE_SIZE, GetLastError tells: NO_ERROR: it
///         is the size; else the errors of GetFileSizeEx
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetFileSize(hFile: HANDLE, lpFileSizeHigh: LPDWORD) -> DWORD {
    traced!(GetFileSize(hFile, lpFileSizeHigh));
    entry(INVALID_FILE_SIZE, || {
        let size = object::file::size(convert::handle(hFile))?;
        // SAFETY: NULL or valid, by the contract of all functions.
        Ok(unsafe { halves(size, lpFileSizeHigh) })
    })
}

/// The size of a file.
///
/// @param hFile      a handle of a file
/// @param lpFileSize receives the size in bytes
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_INVALID_FUNCTION: a pipe or device, which has no size;
///         ERROR_NOACCESS: lpFileSize is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetFileSizeEx(hFile: HANDLE, lpFileSize: *mut LARGE_INTEGER) -> BOOL {
    traced!(GetFileSizeEx(hFile, lpFileSize));
    entry_bool(|| {
        let to = convert::not_null(lpFileSize)?;
        let size = object::file::size(convert::handle(hFile))?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(to, LARGE_INTEGER { QuadPart: size as i64 }) };
        Ok(())
    })
}

/// Moves the position of a file.
///
/// @param hFile                a handle of a file
/// @param lDistanceToMove      how far; the lower half if there is an upper one
/// @param lpDistanceToMoveHigh NULL, or the upper half, which receives that of the new
///                             position
/// @param dwMoveMethod         FILE_BEGIN, FILE_CURRENT or FILE_END: from where
/// @return the lower half of the new position; when that is INVALID_SET_FILE_POINTER,
///         GetLastError tells: NO_ERROR: it is the position; ERROR_INVALID_PARAMETER: the
///         position needs an upper half; else the errors of SetFilePointerEx
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetFilePointer(
    hFile: HANDLE,
    lDistanceToMove: LONG,
    lpDistanceToMoveHigh: LPLONG,
    dwMoveMethod: DWORD,
) -> DWORD {
    traced!(SetFilePointer(hFile, lDistanceToMove, lpDistanceToMoveHigh, dwMoveMethod));
    entry(INVALID_SET_FILE_POINTER, || {
        let handle = convert::handle(hFile);
        let distance = if lpDistanceToMoveHigh.is_null() {
            i64::from(lDistanceToMove)
        } else {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            let high = unsafe { lpDistanceToMoveHigh.read_unaligned() };
            i64::from(high) << 32 | i64::from(lDistanceToMove as u32)
        };
        let most = if lpDistanceToMoveHigh.is_null() { u32::MAX.into() } else { u64::MAX };
        let position = object::file::seek(handle, distance, origin(dwMoveMethod)?, most)?;
        // SAFETY: NULL or valid, by the contract of all functions.
        Ok(unsafe { halves(position, lpDistanceToMoveHigh.cast()) })
    })
}

/// Moves the position of a file, which all handles made from this one share.
///
/// @param hFile            a handle of a file; no right is needed
/// @param liDistanceToMove how far
/// @param lpNewFilePointer NULL, or receives the new position
/// @param dwMoveMethod     FILE_BEGIN, FILE_CURRENT or FILE_END: from where; the position may
///                         lie beyond the end
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_NEGATIVE_SEEK: the position would be negative; it stays;
///         ERROR_INVALID_PARAMETER: another method, or further than the file system has files;
///         ERROR_INVALID_FUNCTION: a pipe or device, which has no position
#[unsafe(no_mangle)]
pub unsafe extern "C" fn SetFilePointerEx(
    hFile: HANDLE,
    liDistanceToMove: LARGE_INTEGER,
    lpNewFilePointer: *mut LARGE_INTEGER,
    dwMoveMethod: DWORD,
) -> BOOL {
    traced!(SetFilePointerEx(hFile, liDistanceToMove, lpNewFilePointer, dwMoveMethod));
    entry_bool(|| {
        // SAFETY: the union has one member in Rust.
        let distance = unsafe { liDistanceToMove.QuadPart };
        let position = object::file::seek(convert::handle(hFile), distance, origin(dwMoveMethod)?, u64::MAX)?;
        if !lpNewFilePointer.is_null() {
            // SAFETY: not NULL, hence valid by the contract of all functions.
            unsafe { convert::store(lpNewFilePointer, LARGE_INTEGER { QuadPart: position as i64 }) };
        }
        Ok(())
    })
}

/// Ends a file at its position: what lies beyond is cut off, what is missing is zero.
///
/// @param hFile a handle with FILE_WRITE_DATA
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_ACCESS_DENIED: the handle lacks the right;
///         ERROR_USER_MAPPED_FILE: bytes would be cut off, and the file is mapped;
///         ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE;
///         ERROR_INVALID_FUNCTION: not a file
///
/// On Linux: mappings are those of this library's sections, of all processes; other
/// programs' are not seen.
#[unsafe(no_mangle)]
pub extern "C" fn SetEndOfFile(hFile: HANDLE) -> BOOL {
    traced!(SetEndOfFile(hFile));
    entry_bool(|| object::file::set_end(convert::handle(hFile)))
}

fn origin(dwMoveMethod: DWORD) -> Result<Origin, Error> {
    match dwMoveMethod {
        FILE_BEGIN => Ok(Origin::Start),
        FILE_CURRENT => Ok(Origin::Current),
        FILE_END => Ok(Origin::End),
        _ => Err(Error::InvalidParameter),
    }
}

/// A result in two halves. The lower one may look like a failure; then the last error
/// says that it is none.
///
/// # Safety
/// `high` is NULL or valid.
unsafe fn halves(value: u64, high: *mut DWORD) -> DWORD {
    if !high.is_null() {
        // SAFETY: by this function's contract.
        unsafe { convert::store(high, (value >> 32) as DWORD) };
    }
    let low = value as DWORD;
    if low == u32::MAX {
        error::set_last(ERROR_SUCCESS);
    }
    low
}

const _: () = assert!(INVALID_FILE_SIZE == u32::MAX && INVALID_SET_FILE_POINTER == u32::MAX);
