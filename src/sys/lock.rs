//! The lock of a file, as an open file description lock: it belongs to the
//! description and ends when its last descriptor and mapping are gone, however
//! the process ends. Unlike `flock`, it can be asked who is in the way.
//!
//! The exclusive lock covers a few bytes, a shared one a single byte of them, whose
//! number the holders agree on: it tells who they are. The bytes lie far beyond the
//! end of any file, where nobody else locks.

use super::file::raw;
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use std::os::fd::BorrowedFd;
use std::ptr;

/// Who has the lock, other descriptions than the asking one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holder {
    Nobody,
    /// One description or more, on this byte: a file of the library's, surely.
    Shared(u8),
    Exclusive,
}

/// The bytes that can be locked: where they begin, and how many.
const FIRST: i64 = 1 << 62;
const BYTES: i64 = 64;

/// Which of the bytes begins at this offset of a file.
#[cfg(feature = "tool")]
pub(super) fn byte_at(offset: i64) -> Option<u8> {
    u8::try_from(offset.checked_sub(FIRST)?).ok().filter(|byte| i64::from(*byte) < BYTES)
}

/// Makes a locking call until it says yes or no.
#[inline(always)]
pub(super) fn settle(name: &'static str, mut make: impl FnMut() -> i32) -> Result<bool, Error> {
    loop {
        if call(name, &mut make) == 0 {
            return Ok(true);
        }
        match Errno::last() {
            Errno::EINTR => {}
            Errno::EAGAIN | Errno::EACCES => return Ok(false),
            errno => return Err(errno.into()),
        }
    }
}

fn range(kind: i32, start: i64, length: i64) -> libc::flock {
    // SAFETY: an all-zero `flock` is a valid value of a plain C structure.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as i16;
    lock.l_whence = libc::SEEK_SET as i16;
    lock.l_start = FIRST + start;
    lock.l_len = length;
    lock
}

#[inline(always)]
fn set(name: &'static str, file: BorrowedFd, lock: libc::flock) -> Result<bool, Error> {
    // SAFETY: `lock` lives across the call.
    settle(name, || unsafe { fcntl(file, libc::F_OFD_SETLK, ptr::from_ref(&lock).cast_mut()) })
}

/// The system call itself: glibc's function does more, which locks do not need.
///
/// # Safety
/// `lock` is valid, and writable for a command that writes.
pub(super) unsafe fn fcntl(file: BorrowedFd, command: i32, lock: *mut libc::flock) -> i32 {
    // SAFETY: by this function's contract.
    unsafe { libc::syscall(libc::SYS_fcntl, raw(file), command, lock) as i32 }
}

/// Who has the lock at this moment.
pub fn holder(file: BorrowedFd) -> Result<Holder, Error> {
    let mut lock = range(libc::F_WRLCK, 0, BYTES);
    // SAFETY: `lock` is writable and lives across the call.
    settle("F_OFD_GETLK: holder", || unsafe { fcntl(file, libc::F_OFD_GETLK, &mut lock) })?;
    Ok(match i32::from(lock.l_type) {
        libc::F_UNLCK => Holder::Nobody,
        libc::F_RDLCK if lock.l_len == 1 => {
            Holder::Shared(u8::try_from(lock.l_start - FIRST).unwrap_or(u8::MAX))
        }
        _ => Holder::Exclusive,
    })
}

/// Tries to take the lock shared, on a byte. False: somebody has it exclusively.
pub fn try_shared(file: BorrowedFd, byte: u8) -> Result<bool, Error> {
    set("F_OFD_SETLK: try_shared", file, range(libc::F_RDLCK, byte.into(), 1))
}

/// Tries to take the lock exclusively. False: somebody has it.
pub fn try_exclusive(file: BorrowedFd) -> Result<bool, Error> {
    set("F_OFD_SETLK: try_exclusive", file, range(libc::F_WRLCK, 0, BYTES))
}

/// Gives up this description's lock, also when a forked child shares it.
pub fn unlock(file: BorrowedFd) {
    // Unlocking an open file cannot fail.
    let _ = set("F_OFD_SETLK: unlock", file, range(libc::F_UNLCK, 0, BYTES));
}

/// Where the claims begin: one byte each, beyond the bytes above.
const CLAIMS: i64 = FIRST + (1 << 32);

/// Tries to be the only description with a claim of this number. It ends with the
/// description, however the process ends.
pub fn try_claim(file: BorrowedFd, number: u32) -> Result<bool, Error> {
    set("F_OFD_SETLK: try_claim", file, range(libc::F_WRLCK, CLAIMS - FIRST + i64::from(number), 1))
}

/// Gives up a claim.
pub fn unclaim(file: BorrowedFd, number: u32) {
    let _ = set("F_OFD_SETLK: unclaim", file, range(libc::F_UNLCK, CLAIMS - FIRST + i64::from(number), 1));
}

/// Whether another description has this claim.
pub fn is_claimed(file: BorrowedFd, number: u32) -> Result<bool, Error> {
    let mut lock = range(libc::F_WRLCK, CLAIMS - FIRST + i64::from(number), 1);
    // SAFETY: `lock` is writable and lives across the call.
    settle("F_OFD_GETLK: is_claimed", || unsafe { fcntl(file, libc::F_OFD_GETLK, &mut lock) })?;
    Ok(i32::from(lock.l_type) != libc::F_UNLCK)
}

/// Tries to be the only one at work in a directory (which has no bytes to lock).
pub fn try_directory(directory: BorrowedFd) -> Result<bool, Error> {
    // SAFETY: flock takes no memory.
    settle("flock: try_directory", || unsafe { libc::flock(raw(directory), libc::LOCK_EX | libc::LOCK_NB) })
}

pub fn unlock_directory(directory: BorrowedFd) {
    // SAFETY: flock takes no memory.
    let _ = settle("flock: unlock_directory", || unsafe { libc::flock(raw(directory), libc::LOCK_UN) });
}
