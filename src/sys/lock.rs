//! File locks. Two kinds that do not see each other on Linux:
//!
//! * an open-file-description lock on byte 0: shared = "a handle is open
//!   somewhere"; exclusive = "nobody has one, and I am removing the file";
//! * an exclusive `flock`, the *gate*: whoever holds it may ask, by trying the
//!   exclusive lock, whether anybody has the shared one.
//!
//! Both belong to the open file description: they end when its last descriptor
//! and mapping are gone, however the process ends. The kernel then removes the
//! byte lock before the `flock`. It must not be the other way round: a killed
//! prober would leave the gate while its exclusive lock still stands, and the
//! next one would take that for a living holder.

use super::file::raw;
use crate::error::Error;
use nix::errno::Errno;
use std::os::fd::BorrowedFd;

/// Runs a locking call until it says yes or no.
fn settle(mut call: impl FnMut() -> i32) -> Result<bool, Error> {
    loop {
        if call() == 0 {
            return Ok(true);
        }
        match Errno::last() {
            Errno::EINTR => {}
            Errno::EAGAIN | Errno::EACCES => return Ok(false),
            errno => return Err(errno.into()),
        }
    }
}

fn byte_lock(file: BorrowedFd, kind: i32) -> Result<bool, Error> {
    // SAFETY: an all-zero `flock` is a valid value of a plain C structure.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as i16;
    lock.l_whence = libc::SEEK_SET as i16;
    lock.l_len = 1;
    // SAFETY: `lock` lives across the call.
    settle(|| unsafe { libc::fcntl(raw(file), libc::F_OFD_SETLK, &lock) })
}

/// Tries to take the shared lock. False: somebody has the exclusive one.
pub fn try_shared(file: BorrowedFd) -> Result<bool, Error> {
    byte_lock(file, libc::F_RDLCK)
}

/// Tries to take the exclusive lock. False: somebody has a lock.
pub fn try_exclusive(file: BorrowedFd) -> Result<bool, Error> {
    byte_lock(file, libc::F_WRLCK)
}

/// Gives up the lock of this description, also when a forked child shares it.
pub fn unlock(file: BorrowedFd) {
    // Unlocking an open file cannot fail.
    let _ = byte_lock(file, libc::F_UNLCK);
}

fn flock(file: BorrowedFd, operation: i32) -> Result<bool, Error> {
    // SAFETY: flock takes no memory.
    settle(|| unsafe { libc::flock(raw(file), operation) })
}

/// Tries to take the gate. False: somebody else is inside.
pub fn try_gate(file: BorrowedFd) -> Result<bool, Error> {
    flock(file, libc::LOCK_EX | libc::LOCK_NB)
}

/// Leaves the gate, also when a forked child shares the description.
pub fn leave_gate(file: BorrowedFd) {
    let _ = flock(file, libc::LOCK_UN);
}
