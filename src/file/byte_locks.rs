//! Locks of byte ranges, as LockFile makes them, of one file object.
//!
//! Others are kept out by locks of the kernel on the file, which end with the
//! description. Those know one state for each byte and owner; Windows counts locks, and
//! unlocks what was locked as it was locked. So the locks of this object are listed here,
//! and the kernel has for each byte the strongest of them (`lock_levels`).

use super::failure::of_file;
use super::lock_levels::{EVERYTHING, FAR, Level, Lock, Span, levels};
use crate::error::Error;
use crate::fork;
use crate::sys::program_file::{self as program, Access};
use crate::sys::range_lock::{self, Kind, Range};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tries to give a part of the file this state.
fn set(file: BorrowedFd, part: Range, level: Level) -> Result<bool, Error> {
    let kind = match level {
        Level::None => {
            range_lock::unlock(file, part);
            return Ok(true);
        }
        Level::Shared => Kind::Shared,
        Level::Exclusive => Kind::Exclusive,
    };
    match range_lock::try_lock(file, kind, part) {
        // The user may not write to the file, and the kernel lets only writers exclude.
        Err(Error::Os(libc::EBADF)) => Err(Error::AccessDenied),
        result => result.map_err(of_file),
    }
}

#[derive(Default)]
struct Held {
    locks: Vec<Lock>,
    /// A description for the locks, if the file's own cannot have them all.
    own: Option<OwnedFd>,
}

impl Held {
    fn description<'f>(&'f self, file: BorrowedFd<'f>) -> BorrowedFd<'f> {
        self.own.as_ref().map_or(file, |own| own.as_fd())
    }
}

/// The locks of a file object.
pub struct ByteLocks {
    held: Mutex<Held>,
    /// There are, or were, some; to be asked without the lock.
    used: AtomicBool,
    /// What the file's own description may do.
    access: Access,
}

impl ByteLocks {
    pub fn new(access: Access) -> ByteLocks {
        ByteLocks { held: Mutex::default(), used: AtomicBool::new(false), access }
    }

    /// Taken inside the fork gate only.
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Locks a range, if nobody is in the way: LockViolation. The caller is inside the
    /// fork gate.
    pub fn try_lock(&self, file: BorrowedFd, span: Span, exclusive: bool) -> Result<(), Error> {
        let mut held = self.held();
        let is_in_the_way = |lock: &Lock| exclusive && lock.span.overlaps(span);
        if held.locks.iter().any(is_in_the_way) {
            return Err(Error::LockViolation);
        }
        if held.locks.is_empty() && held.own.is_none() && self.access != Access::Both {
            held.own = program::reopen(file, Access::Both).ok();
        }
        self.used.store(true, Release);
        let lock = Lock { span, exclusive };
        let parts = span.ranges().flat_map(|range| levels(&held.locks, range));
        let raised: Vec<_> = parts.filter(|(_, level)| *level < lock.level()).collect();
        let description = held.description(file);
        for (index, (part, _)) in raised.iter().enumerate() {
            let result = set(description, *part, lock.level());
            if result != Ok(true) {
                for (part, level) in &raised[..index] {
                    // Down again, which nobody can refuse.
                    let _ = set(description, *part, *level);
                }
                return result.and(Err(Error::LockViolation));
            }
        }
        held.locks.push(lock);
        Ok(())
    }

    /// Unlocks what was locked as this very range: of two such locks an exclusive one
    /// first. The caller is inside the fork gate.
    pub fn unlock(&self, file: BorrowedFd, span: Span) -> Result<(), Error> {
        let mut held = self.held();
        let find = |exclusive: bool| held.locks.iter().position(|lock| *lock == Lock { span, exclusive });
        let place = find(true).or_else(|| find(false)).ok_or(Error::NotLocked)?;
        held.locks.remove(place);
        let description = held.description(file);
        for (part, level) in span.ranges().flat_map(|range| levels(&held.locks, range)) {
            let _ = set(description, part, level);
        }
        Ok(())
    }

    /// Ends them all, also for who has the description with this object. The caller is
    /// inside the fork gate.
    pub fn end(&self, file: BorrowedFd) {
        if self.used.load(Acquire) {
            let mut held = self.held();
            held.locks.clear();
            range_lock::unlock(held.description(file), EVERYTHING);
        }
    }

    /// LockViolation when a range must not be read, or written: another object has
    /// locked some of it, or this one has locked it for reading.
    pub fn check_transfer(
        &self,
        file: BorrowedFd,
        start: u64,
        length: u64,
        writes: bool,
    ) -> Result<(), Error> {
        let span = Span { start, length };
        let kind = if writes { Kind::Exclusive } else { Kind::Shared };
        let is_free = |description: BorrowedFd| -> Result<bool, Error> {
            for range in span.ranges().filter(|range| *range != FAR) {
                if range_lock::conflict(description, kind, range).map_err(of_file)?.is_some() {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        let allowed = if self.used.load(Acquire) {
            let _inside = fork::enter();
            let held = self.held();
            let is_read_only = |lock: &Lock| !lock.exclusive && lock.span.overlaps(span);
            !(writes && held.locks.iter().any(is_read_only)) && is_free(held.description(file))?
        } else {
            is_free(file)?
        };
        if allowed { Ok(()) } else { Err(Error::LockViolation) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::file;

    fn span(start: u64, length: u64) -> Span {
        Span { start, length }
    }

    struct User {
        file: OwnedFd,
        locks: ByteLocks,
    }

    impl User {
        fn lock(&self, start: u64, length: u64, exclusive: bool) -> Result<(), Error> {
            self.locks.try_lock(self.file.as_fd(), span(start, length), exclusive)
        }

        fn unlock(&self, start: u64, length: u64) -> Result<(), Error> {
            self.locks.unlock(self.file.as_fd(), span(start, length))
        }

        fn may(&self, start: u64, length: u64, writes: bool) -> bool {
            self.locks.check_transfer(self.file.as_fd(), start, length, writes).is_ok()
        }
    }

    fn users() -> (User, User) {
        let first = file::create_nameless(c"locks").unwrap();
        let second = file::reopen(first.as_fd()).unwrap();
        let user = |file| User { file, locks: ByteLocks::new(Access::Both) };
        (user(first), user(second))
    }

    const REFUSED: Result<(), Error> = Err(Error::LockViolation);
    const LAST: u64 = u64::MAX;

    #[test]
    fn a_byte_of_two_shared_locks_is_free_after_two_unlocks() {
        let (first, second) = users();
        first.lock(0, 10, false).unwrap();
        first.lock(5, 10, false).unwrap();
        assert_eq!(second.lock(12, 1, true), REFUSED);
        first.unlock(5, 10).unwrap();
        assert_eq!(second.lock(12, 1, true), Ok(()));
        assert_eq!(second.lock(7, 1, true), REFUSED);
        first.unlock(0, 10).unwrap();
        assert_eq!(second.lock(7, 1, true), Ok(()));
    }

    #[test]
    fn a_shared_lock_over_the_own_exclusive_one_is_what_is_left_of_both() {
        let (first, second) = users();
        first.lock(0, 10, true).unwrap();
        first.lock(0, 10, false).unwrap();
        assert_eq!(second.lock(0, 1, false), REFUSED);
        assert!(!first.may(3, 1, true) && first.may(3, 1, false));
        first.unlock(0, 10).unwrap();
        assert_eq!(second.lock(0, 1, false), Ok(()));
        assert_eq!(second.lock(5, 1, true), REFUSED);
        first.unlock(0, 10).unwrap();
        assert_eq!(first.unlock(0, 10), Err(Error::NotLocked));
        assert_eq!(second.lock(5, 1, true), Ok(()));
    }

    #[test]
    fn an_exclusive_lock_overlaps_nothing_not_even_the_own_locks() {
        let (first, _) = users();
        first.lock(0, 10, false).unwrap();
        assert_eq!(first.lock(9, 2, true), REFUSED);
        assert_eq!(first.lock(10, 2, true), Ok(()));
        assert_eq!(first.lock(11, 1, true), REFUSED);
    }

    #[test]
    fn a_refused_lock_leaves_what_was_there() {
        let (first, second) = users();
        second.lock(20, 1, true).unwrap();
        first.lock(5, 5, false).unwrap();
        // Parts before and behind the own lock; the last one is refused.
        assert_eq!(first.lock(0, 30, false), REFUSED);
        assert_eq!(second.lock(0, 5, true), Ok(()));
        assert_eq!(second.lock(5, 1, true), REFUSED);
    }

    #[test]
    fn everything_can_be_locked_and_the_far_end_too() {
        let (first, second) = users();
        first.lock(0, LAST, true).unwrap();
        for start in [0, 1 << 40, 1 << 62, LAST - 1] {
            assert_eq!(second.lock(start, 1, false), REFUSED, "{start:x}");
        }
        first.unlock(0, LAST).unwrap();
        first.lock(LAST, 1, true).unwrap();
        first.lock(LAST - 5, 1, true).unwrap();
        first.unlock(LAST, 1).unwrap();
        assert_eq!(second.lock(LAST - 5, 1, true), REFUSED);
        first.unlock(LAST - 5, 1).unwrap();
        assert_eq!(second.lock(LAST - 5, 1, true), Ok(()));
    }

    #[test]
    fn no_bytes_can_be_locked_and_are_in_nobodys_way() {
        let (first, second) = users();
        first.lock(5, 0, true).unwrap();
        assert_eq!(second.lock(0, 10, true), Ok(()));
        assert_eq!(first.unlock(5, 0), Ok(()));
        assert_eq!(first.unlock(5, 0), Err(Error::NotLocked));
    }

    #[test]
    fn others_may_not_write_what_is_locked_shared_nor_read_what_is_locked_exclusively() {
        let (first, second) = users();
        first.lock(0, 10, false).unwrap();
        first.lock(10, 10, true).unwrap();
        assert!(second.may(0, 10, false) && !second.may(0, 10, true));
        assert!(!second.may(9, 2, false) && second.may(20, 100, true));
        assert!(first.may(0, 20, false) && first.may(10, 10, true) && !first.may(0, 1, true));
    }
}
