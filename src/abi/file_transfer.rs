//! Reading and writing files.

use super::types::*;
use super::{convert, entry_bool};
use crate::consts::ERROR_SUCCESS;
use crate::error::{self, Error};
use crate::file::{Buffer, Transferred};
use crate::object;

/// Reads from a file, pipe or device.
///
/// Of a file everything up to the end is read, of a pipe or terminal what there is,
/// at least one byte.
///
/// @param hFile               a handle with FILE_READ_DATA
/// @param lpBuffer            receives the bytes
/// @param nNumberOfBytesToRead how many
/// @param lpNumberOfBytesRead receives how many were read; NULL only with lpOverlapped
/// @param lpOverlapped        NULL: from the position; else it gives the offset in a file,
///                            and an event that is reset now and set in the end. The position is
///                            behind the last byte afterwards, in both cases
/// @return TRUE, at the end of a file with 0 bytes; or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_ACCESS_DENIED: the handle lacks the right;
///         ERROR_HANDLE_EOF: lpOverlapped gives an offset at the end or beyond;
///         ERROR_BROKEN_PIPE: nobody writes to the pipe any more, and it is empty;
///         ERROR_LOCK_VIOLATION: another file object has locked some of the bytes for itself;
///         ERROR_INVALID_PARAMETER: both last arguments are NULL, or the last one is and the
///         file was opened with FILE_FLAG_OVERLAPPED;
///         ERROR_NOACCESS: the buffer cannot be written;
///         ERROR_INVALID_FUNCTION: a directory; ERROR_IO_DEVICE
///
/// On Linux: with FILE_FLAG_OVERLAPPED too everything is done when the function returns;
/// ERROR_IO_PENDING does not occur.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ReadFile(
    hFile: HANDLE,
    lpBuffer: LPVOID,
    nNumberOfBytesToRead: DWORD,
    lpNumberOfBytesRead: LPDWORD,
    lpOverlapped: LPOVERLAPPED,
) -> BOOL {
    traced!(ReadFile(hFile, lpBuffer, nNumberOfBytesToRead, lpNumberOfBytesRead, lpOverlapped));
    let buffer = Buffer { address: lpBuffer.cast(), length: nNumberOfBytesToRead as usize };
    let read = |offset| object::file::read(convert::handle(hFile), buffer, offset);
    // SAFETY: passed on under the contract of all functions.
    unsafe { transfer(lpNumberOfBytesRead, lpOverlapped, read) }
}

/// Writes to a file, pipe or device, everything or until an error.
///
/// @param hFile                  a handle with FILE_WRITE_DATA; with FILE_APPEND_DATA alone
///                               every write goes to the end of the file
/// @param lpBuffer               the bytes
/// @param nNumberOfBytesToWrite  how many; 0 does nothing
/// @param lpNumberOfBytesWritten receives how many were written; NULL only with lpOverlapped
/// @param lpOverlapped           as in ReadFile; the offset 0xFFFFFFFF, 0xFFFFFFFF is the end
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_ACCESS_DENIED: the handle lacks the right;
///         ERROR_LOCK_VIOLATION: another file object has locked some of the bytes, or this
///         one has, but shared;
///         ERROR_DISK_FULL, ERROR_FILE_TOO_LARGE: less was written;
///         ERROR_NO_DATA: nobody reads from the pipe; there is no signal;
///         ERROR_INVALID_PARAMETER: as for ReadFile;
///         ERROR_INVALID_USER_BUFFER: the buffer cannot be read; ERROR_IO_DEVICE
///
/// On Linux: as in ReadFile, everything is done when the function returns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn WriteFile(
    hFile: HANDLE,
    lpBuffer: LPCVOID,
    nNumberOfBytesToWrite: DWORD,
    lpNumberOfBytesWritten: LPDWORD,
    lpOverlapped: LPOVERLAPPED,
) -> BOOL {
    traced!(WriteFile(hFile, lpBuffer, nNumberOfBytesToWrite, lpNumberOfBytesWritten, lpOverlapped));
    let buffer = Buffer { address: lpBuffer.cast_mut().cast(), length: nNumberOfBytesToWrite as usize };
    let write = |offset| object::file::write(convert::handle(hFile), buffer, offset);
    // SAFETY: passed on under the contract of all functions.
    unsafe { transfer(lpNumberOfBytesWritten, lpOverlapped, write) }
}

/// Waits until everything that was written is on the disk.
///
/// @param hFile a handle with FILE_WRITE_DATA or FILE_APPEND_DATA
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_INVALID_HANDLE: not an open handle of a file, or one of a terminal;
///         ERROR_ACCESS_DENIED: the handle lacks the right;
///         ERROR_DISK_FULL, ERROR_IO_DEVICE
#[unsafe(no_mangle)]
pub extern "C" fn FlushFileBuffers(hFile: HANDLE) -> BOOL {
    traced!(FlushFileBuffers(hFile));
    entry_bool(|| object::file::flush(convert::handle(hFile)))
}

/// What came of a transfer or lock that was begun with an OVERLAPPED.
///
/// @param hFile                      the handle that was used
/// @param lpOverlapped               what was used
/// @param lpNumberOfBytesTransferred receives how many bytes were transferred
/// @param bWait                      without effect: everything is done already
/// @return TRUE, or FALSE with the error of the transfer; ERROR_NOACCESS: NULL where it is not
///         allowed
#[unsafe(no_mangle)]
pub unsafe extern "C" fn GetOverlappedResult(
    hFile: HANDLE,
    lpOverlapped: LPOVERLAPPED,
    lpNumberOfBytesTransferred: LPDWORD,
    bWait: BOOL,
) -> BOOL {
    traced!(GetOverlappedResult(hFile, lpOverlapped, lpNumberOfBytesTransferred, bWait));
    let _ = (hFile, bWait);
    let mut failure = ERROR_SUCCESS;
    let told = entry_bool(|| {
        let to = convert::not_null(lpNumberOfBytesTransferred)?;
        // SAFETY: not NULL, hence valid by the contract of all functions.
        let overlapped = unsafe { convert::not_null(lpOverlapped)?.read_unaligned() };
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { convert::store(to, overlapped.InternalHigh as DWORD) };
        failure = code_of(overlapped.Internal);
        Ok(())
    });
    if told != FALSE && failure != ERROR_SUCCESS {
        error::set_last(failure);
        return FALSE;
    }
    told
}

/// An error code as an NTSTATUS: of the facility that there is for them.
const STATUS_OF_ERROR: usize = 0xC007_0000;

fn status_of(result: Result<(), Error>) -> usize {
    result.map_or_else(|error| STATUS_OF_ERROR | error.win32() as usize, |()| 0)
}

fn code_of(status: usize) -> DWORD {
    if status & STATUS_OF_ERROR == STATUS_OF_ERROR { status as DWORD & 0xFFFF } else { ERROR_SUCCESS }
}

/// A transfer as `body` does it from an offset, with its results where they belong.
///
/// # Safety
/// The pointers are NULL or valid.
unsafe fn transfer(
    count: LPDWORD,
    overlapped: LPOVERLAPPED,
    body: impl FnOnce(Option<u64>) -> Result<Transferred, Error>,
) -> BOOL {
    entry_bool(|| {
        if count.is_null() && overlapped.is_null() {
            return Err(Error::InvalidParameter);
        }
        if !count.is_null() {
            // SAFETY: by this function's contract.
            unsafe { convert::store(count, 0) };
        }
        let run = |offset| {
            let done = body(offset).unwrap_or_else(|error| Transferred { count: 0, result: Err(error) });
            if !count.is_null() {
                // SAFETY: by this function's contract.
                unsafe { convert::store(count, done.count as DWORD) };
            }
            done
        };
        // SAFETY: by this function's contract.
        unsafe { with_overlapped(overlapped, run) }
    })
}

/// Runs what an OVERLAPPED, or none, gives the offset for, and tells it the result.
///
/// # Safety
/// `overlapped` is NULL or valid.
pub unsafe fn with_overlapped(
    overlapped: LPOVERLAPPED,
    body: impl FnOnce(Option<u64>) -> Transferred,
) -> Result<(), Error> {
    if overlapped.is_null() {
        return body(None).result;
    }
    // SAFETY: by this function's contract.
    let given = unsafe { overlapped.read_unaligned() };
    // The lowest bit is for completion ports, which there are none of.
    let event = convert::handle(given.hEvent);
    if event != 0 {
        object::reset_event(event)?;
    }
    let done = body(Some(convert::size(given.OffsetHigh, given.Offset)));
    let told = OVERLAPPED { Internal: status_of(done.result), InternalHigh: done.count, ..given };
    // SAFETY: by this function's contract.
    unsafe { convert::store(overlapped, told) };
    if event != 0 {
        object::set_event(event)?;
    }
    done.result
}
