//! The lock of a ledger (`write_lock`), held: what its owner finds first, and does last.

use super::ledger::{Ledger, Sequence};
use super::write_lock::{OWNER, READS, STARVING};
use crate::plant::stored;
use crate::sys::futex;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{AcqRel, Relaxed, SeqCst};

/// The lock, held. By a reader it may be lost.
pub struct Held<'l> {
    ledger: &'l Ledger,
    owner: u32,
    since: Sequence,
}

impl<'l> Held<'l> {
    /// The lock, taken a moment ago. None: a reader has lost it again.
    #[inline]
    pub(super) fn recovered(ledger: &'l Ledger, owner: u32) -> Option<Held<'l>> {
        let mut since = ledger.sequence();
        if since.is_odd() {
            since = bury(ledger, owner)?;
        }
        Some(Held { ledger, owner, since })
    }

    /// The sequence when the lock was taken, even. As long as it is still the same, no
    /// writer has taken the lock away.
    pub fn since(&self) -> Sequence {
        self.since
    }
}

/// A write is under way though the lock is ours: the last owner died in the middle, and
/// what he was writing is torn. Or it is not ours any more, and the write is its new
/// owner's. A reader knows only when nobody can take the lock from him. The sequence
/// afterwards.
#[cold]
#[inline(never)]
fn bury(ledger: &Ledger, owner: u32) -> Option<Sequence> {
    let (word, firm) = (&ledger.words().lock, owner & !READS);
    if owner != firm && !change_owner(word, owner, firm) {
        return None;
    }
    // It was perhaps another thread's with the same number, and no write is left.
    if ledger.sequence().is_odd() {
        ledger.give_up();
    }
    let since = ledger.sequence();
    if owner != firm {
        change_owner(word, firm, owner);
    }
    Some(since)
}

/// Changes the owner, if it is this one.
fn change_owner(word: &AtomicU32, from: u32, to: u32) -> bool {
    let change = |found: u32| (found & OWNER == from).then_some(found & !OWNER | to);
    let is_changed = word.fetch_update(AcqRel, Relaxed, change).is_ok();
    stored("write lock: another purpose");
    is_changed
}

impl Drop for Held<'_> {
    /// SeqCst: see `Ledger::wake_sleepers`.
    #[inline]
    fn drop(&mut self) {
        let word = &self.ledger.words().lock;
        if word.compare_exchange(self.owner, 0, SeqCst, Relaxed).is_err() {
            release(word, self.owner);
        }
        stored("write lock: released");
        if self.owner & READS == 0 {
            self.ledger.wake_sleepers();
        }
    }
}

/// Gives the lock to those who wait, if it is still ours.
#[cold]
fn release(word: &AtomicU32, owner: u32) {
    let free = |found: u32| (found & OWNER == owner).then_some(found & STARVING);
    let released = word.fetch_update(SeqCst, Relaxed, free);
    stored("write lock: left to waiters");
    match released {
        // Whom it is for is not known here.
        Ok(found) if found & STARVING != 0 => futex::wake_all(word),
        Ok(_) => futex::wake_one(word),
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::write_lock::{WAITERS, owner, try_lock_as};
    use super::*;
    use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
    use std::ptr::NonNull;

    const READER: u32 = 7 | READS;
    const WRITER: u32 = 8;

    fn new_ledger() -> Ledger {
        let page = map::map(Place::Anywhere, PAGE_SIZE, Access::READ_WRITE, Contents::Zero).unwrap();
        Ledger::new(NonNull::new(page as *mut u8).unwrap(), true)
    }

    fn take(ledger: &Ledger, owner: u32) {
        ledger.words().lock.store(owner, SeqCst);
    }

    /// The reader is stopped right after it got the lock, and a writer takes it over.
    #[test]
    fn a_write_by_the_new_owner_is_neither_read_nor_buried() {
        let ledger = new_ledger();
        take(&ledger, READER);
        take(&ledger, WRITER | WAITERS);
        ledger.begin(&(0..100));
        let begun = ledger.sequence();
        assert!(Held::recovered(&ledger, READER).is_none());
        assert!(ledger.is_still(begun) && !ledger.is_torn(&(0..100)), "nothing was touched");
        assert_eq!(ledger.words().lock.load(SeqCst), WRITER | WAITERS);
    }

    /// A dead writer's lock is taken over by a reader, who says what is torn, and may
    /// be robbed of the lock afterwards.
    #[test]
    fn a_reader_buries_a_dead_writer() {
        let ledger = new_ledger();
        take(&ledger, WRITER);
        ledger.begin(&(50..100));
        take(&ledger, READER | WAITERS);
        let held = Held::recovered(&ledger, READER).unwrap();
        assert!(!held.since().is_odd() && ledger.is_still(held.since()));
        assert!(ledger.is_torn(&(99..101)) && !ledger.is_torn(&(0..50)));
        assert_eq!(ledger.words().lock.load(SeqCst), READER | WAITERS);
        take(&ledger, WRITER);
        ledger.begin(&(0..10));
        assert!(!ledger.is_still(held.since()), "the reader notices");
        drop(held);
        assert_eq!(owner(&ledger), WRITER, "and does not free what is not its own");
    }

    /// Two threads of one object have the same number: one that was stopped and lost
    /// the lock may free the other's, who then notices a writer by the sequence.
    #[test]
    fn a_reader_whose_lock_was_freed_by_another_notices_a_write() {
        let ledger = new_ledger();
        let stopped = try_lock_as(&ledger, READER).unwrap();
        let other = Held::recovered(&ledger, READER).unwrap();
        drop(stopped);
        let writer = try_lock_as(&ledger, WRITER).unwrap();
        ledger.begin(&(0..10));
        assert!(!ledger.is_still(other.since()));
        drop(other);
        assert_eq!(owner(&ledger), WRITER);
        ledger.complete(&(0..10), 1);
        drop(writer);
        assert_eq!(owner(&ledger), 0);
    }
}
