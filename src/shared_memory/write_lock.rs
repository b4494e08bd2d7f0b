//! The lock of a ledger: one writer, or one reader of much, at a time, among
//! processes that may be killed or stopped.
//!
//! ```text
//! bits 0-19  number of the owner's claim, 0: free
//! bit 29     the owner only reads: who wants to may take the lock from him
//! bit 30     starving: only who has waited for a millisecond may take it
//! bit 31     waiters: somebody may sleep
//! ```
//!
//! No list of waiters, no pointers and no thread ids: what a killed owner leaves is
//! a number without a claim, and who finds that takes the lock over. A reader keeps
//! it for as long as he gets on; a stopped one loses it, and notices by the sequence.
//! So a reader changes nothing in the ledger, except for a moment without bit 29.
//! Sleeps are short and look again, so that nobody depends on being woken.

use super::claim::{Claim, LARGEST, Number};
use super::ledger::{Ledger, Sequence};
use crate::error::Error;
use crate::fork;
use crate::patience::Patience;
use crate::sys::{futex, system, time};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};
use std::time::Duration;

const OWNER: u32 = LARGEST | READS;
const READS: u32 = 1 << 29;
const STARVING: u32 = 1 << 30;
const WAITERS: u32 = 1 << 31;

const NS_PER_MS: u64 = 1_000_000;
/// Spinning: about as long as waking somebody on another processor takes.
const SPIN_NS: u64 = 20_000;
/// From then on a waiter is served before newcomers.
const STARVING_NS: u64 = NS_PER_MS;
/// An owner that does not get on for so long is asked after.
const SUSPICIOUS_NS: u64 = 2 * NS_PER_MS;
/// A reader that does not get on for so long loses the lock.
const STALLED_NS: u64 = 5 * NS_PER_MS;
const NAP: Duration = Duration::from_millis(1);
const LONG_NAP: Duration = Duration::from_millis(5);

/// What an owner is going to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose {
    Write,
    Read,
}

/// The lock, held. By a reader it may be lost.
pub struct Held<'l> {
    ledger: &'l Ledger,
    owner: u32,
    since: Sequence,
}

/// What the owner is in the lock's word.
fn owner_word(number: Number, purpose: Purpose) -> u32 {
    match purpose {
        Purpose::Write => number,
        Purpose::Read => number | READS,
    }
}

/// Takes the lock if it is free.
#[inline]
pub fn try_lock<'l>(ledger: &'l Ledger, claim: &Claim, purpose: Purpose) -> Option<Held<'l>> {
    try_lock_as(ledger, owner_word(claim.number()?, purpose))
}

#[inline]
fn try_lock_as(ledger: &Ledger, owner: u32) -> Option<Held<'_>> {
    let free = ledger.words().lock.compare_exchange(0, owner, Acquire, Relaxed).is_ok();
    if free { Held::recovered(ledger, owner) } else { None }
}

/// The number of the owner, 0 if there is none.
pub fn owner(ledger: &Ledger) -> Number {
    ledger.words().lock.load(SeqCst) & LARGEST
}

/// What the caller is in the lock's word, without bit 29.
pub fn number(ledger: &Ledger, claim: &Claim) -> Result<Number, Error> {
    claim.number().map_or_else(|| claim.make(&fork::enter(), || owner(ledger)), Ok)
}

/// Takes the lock; Busy when a living writer does not get on for two seconds.
pub fn lock<'l>(ledger: &'l Ledger, claim: &Claim, purpose: Purpose) -> Result<Held<'l>, Error> {
    let owner = owner_word(number(ledger, claim)?, purpose);
    match try_lock_as(ledger, owner) {
        Some(held) => Ok(held),
        None => wait(ledger, claim, owner),
    }
}

#[cold]
fn wait<'l>(ledger: &'l Ledger, claim: &Claim, owner: u32) -> Result<Held<'l>, Error> {
    let word = &ledger.words().lock;
    let state = || (word.load(SeqCst) & OWNER, ledger.sequence(), ledger.progress());
    let start = time::monotonic_ns();
    let mut waiter = Waiter { word, owner, has_slept: false, is_starving: false };
    let (mut seen, mut seen_since) = (state(), start);
    loop {
        if let Some(held) = waiter.spin().then(|| Held::recovered(ledger, owner)).flatten() {
            return Ok(held);
        }
        waiter.is_starving = time::monotonic_ns() - start > STARVING_NS;
        let Some(found) = waiter.announce() else { continue };
        futex::wait(word, found, if waiter.is_starving { LONG_NAP } else { NAP });
        waiter.has_slept = true;
        let (now, found) = (time::monotonic_ns(), state());
        let (present, stalled_for) = (found.0, now - seen_since);
        if found != seen || present == 0 {
            (seen, seen_since) = (found, now);
        } else if stalled_for > SUSPICIOUS_NS {
            let take_over = || waiter.take_over(present);
            let taken = if present & READS != 0 && stalled_for > STALLED_NS {
                Some(take_over())
            } else {
                claim.while_dead(present & LARGEST, take_over)
            };
            match taken {
                Some(true) => {
                    if let Some(held) = Held::recovered(ledger, owner) {
                        return Ok(held);
                    }
                }
                Some(false) => {}
                None if stalled_for > Patience::LIMIT_MS * NS_PER_MS => return Err(Error::Busy),
                None => {}
            }
        }
    }
}

struct Waiter<'l> {
    word: &'l AtomicU32,
    owner: u32,
    has_slept: bool,
    is_starving: bool,
}

impl Waiter<'_> {
    /// What the word becomes when it is ours. Who has slept was perhaps woken in
    /// the place of others, so he wakes them.
    fn taken(&self, word: u32) -> u32 {
        self.owner | word & WAITERS | if self.has_slept { WAITERS } else { 0 }
    }

    fn is_free(&self, word: u32) -> bool {
        word & OWNER == 0 && (word & STARVING == 0 || self.is_starving)
    }

    /// Tries for a while; not so long where there is a single processor.
    fn spin(&self) -> bool {
        let end = if system::may_spin() { time::monotonic_ns() + SPIN_NS } else { 0 };
        loop {
            for _ in 0..32 {
                let found = self.word.load(Relaxed);
                let free = self.is_free(found);
                if free && self.word.compare_exchange(found, self.taken(found), Acquire, Relaxed).is_ok() {
                    return true;
                }
                std::hint::spin_loop();
            }
            if time::monotonic_ns() >= end {
                return false;
            }
        }
    }

    /// Says that we sleep. The word to sleep on; None: it is free.
    fn announce(&self) -> Option<u32> {
        let flags = WAITERS | if self.is_starving { STARVING } else { 0 };
        let wait = |word: u32| (!self.is_free(word)).then_some(word | flags);
        self.word.fetch_update(Relaxed, Relaxed, wait).ok().map(|word| word | flags)
    }

    /// Takes the lock of an owner who will not give it back.
    fn take_over(&self, from: u32) -> bool {
        let take = |word: u32| (word & OWNER == from).then_some(self.taken(word));
        self.word.fetch_update(Acquire, Relaxed, take).is_ok()
    }
}

impl<'l> Held<'l> {
    /// The lock, taken a moment ago. None: a reader has lost it again.
    #[inline]
    fn recovered(ledger: &'l Ledger, owner: u32) -> Option<Held<'l>> {
        let since = ledger.sequence();
        if since.is_odd() { Held::bury(ledger, owner) } else { Some(Held { ledger, owner, since }) }
    }

    /// A write is under way though the lock is ours: the last owner died in the
    /// middle, and what he was writing is torn. Or it is not ours any more, and the
    /// write is its new owner's. A reader knows only when nobody can take the lock
    /// from him.
    #[cold]
    fn bury(ledger: &'l Ledger, owner: u32) -> Option<Held<'l>> {
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
        Some(Held { ledger, owner, since })
    }

    /// The sequence when the lock was taken, even. As long as it is still the same, no
    /// writer has taken the lock away.
    pub fn since(&self) -> Sequence {
        self.since
    }
}

/// Changes the owner, if it is this one.
fn change_owner(word: &AtomicU32, from: u32, to: u32) -> bool {
    let change = |found: u32| (found & OWNER == from).then_some(found & !OWNER | to);
    word.fetch_update(AcqRel, Relaxed, change).is_ok()
}

impl Drop for Held<'_> {
    /// SeqCst: see `Ledger::wake_sleepers`.
    #[inline]
    fn drop(&mut self) {
        let word = &self.ledger.words().lock;
        if word.compare_exchange(self.owner, 0, SeqCst, Relaxed).is_err() {
            release(word, self.owner);
        }
        if self.owner & READS == 0 {
            self.ledger.wake_sleepers();
        }
    }
}

/// Gives the lock to those who wait, if it is still ours.
#[cold]
fn release(word: &AtomicU32, owner: u32) {
    let free = |found: u32| (found & OWNER == owner).then_some(found & STARVING);
    match word.fetch_update(SeqCst, Relaxed, free) {
        // Whom it is for is not known here.
        Ok(found) if found & STARVING != 0 => futex::wake_all(word),
        Ok(_) => futex::wake_one(word),
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
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
