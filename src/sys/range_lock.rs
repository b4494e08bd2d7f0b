//! Locks of byte ranges of a file, as open file description locks: they belong to the
//! description and end with it, however the process ends. Others of the same
//! description replace them, those of another one conflict with them, and so do the
//! `fcntl` locks of any program.

use super::lock::{fcntl, settle};
use crate::error::Error;
use std::os::fd::BorrowedFd;
use std::ptr;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Needs a description that may read.
    Shared,
    /// Needs one that may write.
    Exclusive,
}

impl Kind {
    fn number(self) -> i32 {
        match self {
            Kind::Shared => libc::F_RDLCK,
            Kind::Exclusive => libc::F_WRLCK,
        }
    }
}

/// Bytes from `start` on; at least one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Range {
    pub start: i64,
    pub length: i64,
}

fn request(kind: i32, range: Range) -> libc::flock {
    // SAFETY: an all-zero `flock` is a valid value of a plain C structure.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    lock.l_type = kind as i16;
    lock.l_whence = libc::SEEK_SET as i16;
    lock.l_start = range.start;
    lock.l_len = range.length;
    lock
}

#[inline(always)]
fn set(name: &'static str, file: BorrowedFd, kind: i32, range: Range) -> Result<bool, Error> {
    let lock = request(kind, range);
    // SAFETY: `lock` lives across the call, which only reads it.
    settle(name, || unsafe { fcntl(file, libc::F_OFD_SETLK, ptr::from_ref(&lock).cast_mut()) })
}

/// Tries to lock a range. False: another description's lock is in the way.
pub fn try_lock(file: BorrowedFd, kind: Kind, range: Range) -> Result<bool, Error> {
    set("F_OFD_SETLK: try_lock", file, kind.number(), range)
}

/// Gives up this description's locks in a range, also when a forked child shares it.
pub fn unlock(file: BorrowedFd, range: Range) {
    // Unlocking an open file fails only for want of memory to split a lock, which
    // then stays until the description ends.
    let _ = set("F_OFD_SETLK: unlock range", file, libc::F_UNLCK, range);
}

/// The range of some lock of another description that such a lock would conflict
/// with. Any description can ask.
pub fn conflict(file: BorrowedFd, kind: Kind, range: Range) -> Result<Option<Range>, Error> {
    Ok(obstacle(file, kind, range)?.map(|(_, range)| range))
}

/// The same, and which kind of lock it is.
pub fn obstacle(file: BorrowedFd, kind: Kind, range: Range) -> Result<Option<(Kind, Range)>, Error> {
    let mut lock = request(kind.number(), range);
    // SAFETY: `lock` is writable and lives across the call.
    settle("F_OFD_GETLK: obstacle", || unsafe { fcntl(file, libc::F_OFD_GETLK, &mut lock) })?;
    let found = Range { start: lock.l_start, length: if lock.l_len == 0 { i64::MAX } else { lock.l_len } };
    Ok(match i32::from(lock.l_type) {
        libc::F_UNLCK => None,
        libc::F_RDLCK => Some((Kind::Shared, found)),
        _ => Some((Kind::Exclusive, found)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::file;
    use std::os::fd::AsFd;

    const RANGE: Range = Range { start: 10, length: 2 };

    #[test]
    fn a_lock_is_seen_by_other_descriptions_with_its_extent() {
        let first = file::create_nameless(c"range").unwrap();
        let second = file::reopen(first.as_fd()).unwrap();
        assert_eq!(try_lock(first.as_fd(), Kind::Shared, RANGE), Ok(true));
        let all = Range { start: 0, length: 100 };
        assert_eq!(conflict(second.as_fd(), Kind::Exclusive, all), Ok(Some(RANGE)));
        assert_eq!(conflict(second.as_fd(), Kind::Shared, all), Ok(None));
        assert_eq!(conflict(first.as_fd(), Kind::Exclusive, all), Ok(None));
        unlock(first.as_fd(), Range { start: 10, length: 1 });
        let rest = Range { start: 11, length: 1 };
        assert_eq!(conflict(second.as_fd(), Kind::Exclusive, all), Ok(Some(rest)));
    }

    #[test]
    fn exclusive_locks_keep_all_others_out_until_the_description_ends() {
        let first = file::create_nameless(c"range").unwrap();
        let second = file::reopen(first.as_fd()).unwrap();
        assert_eq!(try_lock(first.as_fd(), Kind::Exclusive, RANGE), Ok(true));
        assert_eq!(try_lock(second.as_fd(), Kind::Shared, RANGE), Ok(false));
        drop(first);
        assert_eq!(try_lock(second.as_fd(), Kind::Shared, RANGE), Ok(true));
    }
}
