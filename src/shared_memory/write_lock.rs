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
//! So a reader changes nothing that counts in the ledger, but for a moment without bit 29.
//! Sleeps are short and look again, so that nobody depends on being woken.

use super::claim::{Claim, LARGEST, Number};
use super::held::Held;
use super::ledger::Ledger;
use crate::error::Error;
use crate::fork;
use crate::patience::Patience;
use crate::plant::stored;
use crate::sys::{futex, system, time};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};
use std::time::Duration;

pub(super) const OWNER: u32 = LARGEST | READS;
pub(super) const READS: u32 = 1 << 29;
pub(super) const STARVING: u32 = 1 << 30;
pub(super) const WAITERS: u32 = 1 << 31;

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
pub(super) fn try_lock_as(ledger: &Ledger, owner: u32) -> Option<Held<'_>> {
    let free = ledger.words().lock.compare_exchange(0, owner, Acquire, Relaxed).is_ok();
    stored("write lock: tried");
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
                    stored("write lock: taken by a waiter");
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
        let announced = self.word.fetch_update(Relaxed, Relaxed, wait).ok();
        stored("write lock: announced");
        announced.map(|word| word | flags)
    }

    /// Takes the lock of an owner who will not give it back.
    fn take_over(&self, from: u32) -> bool {
        let take = |word: u32| (word & OWNER == from).then_some(self.taken(word));
        let is_taken = self.word.fetch_update(Acquire, Relaxed, take).is_ok();
        stored("write lock: taken over");
        is_taken
    }
}
