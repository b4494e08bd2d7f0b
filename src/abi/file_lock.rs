//! Locks of bytes of files.

use super::file_transfer::with_overlapped;
use super::types::*;
use super::{convert, entry_bool};
use crate::consts::{LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY};
use crate::error::Error;
use crate::file::{Span, Transferred};
use crate::object;

/// Locks bytes of a file for this file object alone, if nobody has locked any of them.
///
/// Users of this library can neither read nor write the bytes by other file objects, in this
/// process and others; views are not affected, as on Windows. The lock ends with
/// UnlockFile of the same bytes, with the last handle, or with the process.
///
/// @param hFile                     a handle with FILE_READ_DATA or FILE_WRITE_DATA
/// @param dwFileOffsetLow           lower half of the first byte
/// @param dwFileOffsetHigh          upper half
/// @param nNumberOfBytesToLockLow   lower half of how many; they may lie beyond the end
/// @param nNumberOfBytesToLockHigh  upper half
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_LOCK_VIOLATION: somebody, perhaps this file object, has locked some of them;
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_ACCESS_DENIED: the handle lacks the rights;
///         ERROR_INVALID_LOCK_RANGE: bytes beyond the last one that there can be;
///         ERROR_INVALID_FUNCTION: not a file
///
/// On Linux: the locks are those of `fcntl`, which other programs see and set. An exclusive
/// lock needs a file that the user may write to, else ERROR_ACCESS_DENIED. Locks
/// beyond 2^62 exclude each other, whatever their bytes. A forked child shares the file
/// object, and its locks.
#[unsafe(no_mangle)]
pub extern "C" fn LockFile(
    hFile: HANDLE,
    dwFileOffsetLow: DWORD,
    dwFileOffsetHigh: DWORD,
    nNumberOfBytesToLockLow: DWORD,
    nNumberOfBytesToLockHigh: DWORD,
) -> BOOL {
    traced!(LockFile(
        hFile,
        dwFileOffsetLow,
        dwFileOffsetHigh,
        nNumberOfBytesToLockLow,
        nNumberOfBytesToLockHigh
    ));
    let start = convert::size(dwFileOffsetHigh, dwFileOffsetLow);
    let length = convert::size(nNumberOfBytesToLockHigh, nNumberOfBytesToLockLow);
    entry_bool(|| object::file::lock(convert::handle(hFile), Span { start, length }, true, false))
}

/// Locks bytes of a file, and may wait for them.
///
/// @param hFile                    as in LockFile
/// @param dwFlags                  LOCKFILE_EXCLUSIVE_LOCK: for this file object alone; else
///                                 shared: nobody writes, and others may lock so too.
///                                 LOCKFILE_FAIL_IMMEDIATELY: does not wait
/// @param dwReserved               0
/// @param nNumberOfBytesToLockLow  as in LockFile
/// @param nNumberOfBytesToLockHigh as in LockFile
/// @param lpOverlapped             gives the first byte, and perhaps an event that is set in
///                                 the end
/// @return as LockFile; ERROR_LOCK_VIOLATION only with LOCKFILE_FAIL_IMMEDIATELY;
///         ERROR_INVALID_PARAMETER: other flags, dwReserved is not 0, or lpOverlapped is NULL
///
/// On Linux: waits also for a file that was opened with FILE_FLAG_OVERLAPPED. Who waits looks
/// every 4 ms at the latest whether the bytes are free, and those who wait are served in no
/// order. What LockFile says there holds here too.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn LockFileEx(
    hFile: HANDLE,
    dwFlags: DWORD,
    dwReserved: DWORD,
    nNumberOfBytesToLockLow: DWORD,
    nNumberOfBytesToLockHigh: DWORD,
    lpOverlapped: LPOVERLAPPED,
) -> BOOL {
    traced!(LockFileEx(
        hFile,
        dwFlags,
        dwReserved,
        nNumberOfBytesToLockLow,
        nNumberOfBytesToLockHigh,
        lpOverlapped
    ));
    let length = convert::size(nNumberOfBytesToLockHigh, nNumberOfBytesToLockLow);
    let exclusive = dwFlags & LOCKFILE_EXCLUSIVE_LOCK != 0;
    let wait = dwFlags & LOCKFILE_FAIL_IMMEDIATELY == 0;
    entry_bool(|| {
        let known = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
        if dwFlags & !known != 0 || dwReserved != 0 || lpOverlapped.is_null() {
            return Err(Error::InvalidParameter);
        }
        let lock = |offset: Option<u64>| {
            let span = Span { start: offset.unwrap_or(0), length };
            let result = object::file::lock(convert::handle(hFile), span, exclusive, wait);
            Transferred { count: 0, result }
        };
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { with_overlapped(lpOverlapped, lock) }
    })
}

/// Ends a lock of this file object.
///
/// @param hFile                      as in LockFile
/// @param dwFileOffsetLow            what was locked, exactly
/// @param dwFileOffsetHigh           the same
/// @param nNumberOfBytesToUnlockLow  the same
/// @param nNumberOfBytesToUnlockHigh the same
/// @return TRUE, or FALSE with GetLastError:
///         ERROR_NOT_LOCKED: no lock of this file object has exactly these bytes;
///         ERROR_INVALID_HANDLE: not an open handle of a file;
///         ERROR_ACCESS_DENIED: the handle lacks the rights
#[unsafe(no_mangle)]
pub extern "C" fn UnlockFile(
    hFile: HANDLE,
    dwFileOffsetLow: DWORD,
    dwFileOffsetHigh: DWORD,
    nNumberOfBytesToUnlockLow: DWORD,
    nNumberOfBytesToUnlockHigh: DWORD,
) -> BOOL {
    traced!(UnlockFile(
        hFile,
        dwFileOffsetLow,
        dwFileOffsetHigh,
        nNumberOfBytesToUnlockLow,
        nNumberOfBytesToUnlockHigh
    ));
    let start = convert::size(dwFileOffsetHigh, dwFileOffsetLow);
    let length = convert::size(nNumberOfBytesToUnlockHigh, nNumberOfBytesToUnlockLow);
    entry_bool(|| object::file::unlock(convert::handle(hFile), Span { start, length }))
}

/// Ends a lock of this file object. Of an exclusive and a shared one of the same bytes the
/// exclusive one ends first.
///
/// @param hFile                      as in LockFile
/// @param dwReserved                 0
/// @param nNumberOfBytesToUnlockLow  as in UnlockFile
/// @param nNumberOfBytesToUnlockHigh as in UnlockFile
/// @param lpOverlapped               gives the first byte
/// @return as UnlockFile; ERROR_INVALID_PARAMETER: dwReserved is not 0, or lpOverlapped is NULL
#[unsafe(no_mangle)]
pub unsafe extern "C" fn UnlockFileEx(
    hFile: HANDLE,
    dwReserved: DWORD,
    nNumberOfBytesToUnlockLow: DWORD,
    nNumberOfBytesToUnlockHigh: DWORD,
    lpOverlapped: LPOVERLAPPED,
) -> BOOL {
    traced!(UnlockFileEx(
        hFile,
        dwReserved,
        nNumberOfBytesToUnlockLow,
        nNumberOfBytesToUnlockHigh,
        lpOverlapped
    ));
    let length = convert::size(nNumberOfBytesToUnlockHigh, nNumberOfBytesToUnlockLow);
    entry_bool(|| {
        if dwReserved != 0 || lpOverlapped.is_null() {
            return Err(Error::InvalidParameter);
        }
        let unlock = |offset: Option<u64>| {
            let span = Span { start: offset.unwrap_or(0), length };
            let result = object::file::unlock(convert::handle(hFile), span);
            Transferred { count: 0, result }
        };
        // SAFETY: not NULL, hence valid by the contract of all functions.
        unsafe { with_overlapped(lpOverlapped, unlock) }
    })
}
