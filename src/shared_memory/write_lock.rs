//! The lock of a ledger: one writer at a time, among processes that may be killed
//! or stopped.
//!
//! ```text
//! bits 0-19  number of the owner's claim, 0: free
//! bit 30     starving: only who has waited for a millisecond may take it
//! bit 31     waiters: somebody may sleep
//! ```
//!
//! No list of waiters, no pointers and no thread ids: what a killed owner leaves is
//! a number without a claim, and who finds that takes the lock over. Sleeps are
//! short and look again, so that nobody depends on being woken.

use super::claim::{Claim, LARGEST, Number};
use super::ledger::Ledger;
use crate::error::Error;
use crate::patience::Patience;
use crate::sys::{futex, system, time};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, SeqCst};
use std::time::Duration;

const OWNER: u32 = LARGEST;
const STARVING: u32 = 1 << 30;
const WAITERS: u32 = 1 << 31;

const NS_PER_MS: u64 = 1_000_000;
/// Spinning: about as long as waking somebody on another processor takes.
const SPIN_NS: u64 = 20_000;
/// From then on a waiter is served before newcomers.
const STARVING_NS: u64 = NS_PER_MS;
/// An owner that stays so long is asked after.
const SUSPICIOUS_NS: u64 = 2 * NS_PER_MS;
const NAP: Duration = Duration::from_millis(1);
const LONG_NAP: Duration = Duration::from_millis(5);

/// The lock, held.
pub struct Held<'l> {
    ledger: &'l Ledger,
    number: Number,
}

/// Takes the lock if it is free.
#[inline]
pub fn try_lock(ledger: &Ledger, number: Number) -> Option<Held<'_>> {
    let free = ledger.words().lock.compare_exchange(0, number, Acquire, Relaxed).is_ok();
    free.then(|| Held::recovered(ledger, number))
}

/// The number of the owner, 0 if there is none.
pub fn owner(ledger: &Ledger) -> Number {
    ledger.words().lock.load(SeqCst) & OWNER
}

/// Takes the lock; Busy when a living owner does not get on for two seconds.
pub fn lock<'l>(ledger: &'l Ledger, claim: &Claim) -> Result<Held<'l>, Error> {
    let number = match claim.number() {
        Some(number) => number,
        None => claim.make(|| owner(ledger))?,
    };
    match try_lock(ledger, number) {
        Some(held) => Ok(held),
        None => wait(ledger, claim, number),
    }
}

#[cold]
fn wait<'l>(ledger: &'l Ledger, claim: &Claim, number: Number) -> Result<Held<'l>, Error> {
    let word = &ledger.words().lock;
    let start = time::monotonic_ns();
    let mut waiter = Waiter { word, number, has_slept: false, is_starving: false };
    let mut seen = (owner(ledger), ledger.sequence());
    let mut seen_since = start;
    loop {
        if waiter.spin() {
            return Ok(Held::recovered(ledger, number));
        }
        waiter.is_starving = time::monotonic_ns() - start > STARVING_NS;
        let Some(found) = waiter.announce() else { continue };
        futex::wait(word, found, if waiter.is_starving { LONG_NAP } else { NAP });
        waiter.has_slept = true;
        let (now, state) = (time::monotonic_ns(), (owner(ledger), ledger.sequence()));
        if state != seen || state.0 == 0 {
            (seen, seen_since) = (state, now);
        } else if now - seen_since > SUSPICIOUS_NS {
            if !claim.is_alive(state.0) {
                if waiter.take_over(state.0) {
                    return Ok(Held::recovered(ledger, number));
                }
            } else if now - seen_since > Patience::LIMIT_MS * NS_PER_MS {
                return Err(Error::Busy);
            }
        }
    }
}

struct Waiter<'l> {
    word: &'l AtomicU32,
    number: Number,
    has_slept: bool,
    is_starving: bool,
}

impl Waiter<'_> {
    /// What the word becomes when it is ours. Who has slept was perhaps woken in
    /// the place of others, so he wakes them.
    fn taken(&self, word: u32) -> u32 {
        self.number | word & WAITERS | if self.has_slept { WAITERS } else { 0 }
    }

    fn is_free(&self, word: u32) -> bool {
        word & OWNER == 0 && (word & STARVING == 0 || self.is_starving)
    }

    /// Tries for a while; only once where there is a single processor.
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

    /// Takes the lock of a dead owner.
    fn take_over(&self, dead: Number) -> bool {
        let take = |word: u32| (word & OWNER == dead).then_some(self.taken(word));
        self.word.fetch_update(Acquire, Relaxed, take).is_ok()
    }
}

impl<'l> Held<'l> {
    /// The last owner may have died in the middle of a write: then what he was
    /// writing is torn.
    #[inline]
    fn recovered(ledger: &'l Ledger, number: Number) -> Held<'l> {
        if ledger.sequence().is_odd() {
            ledger.give_up();
        }
        Held { ledger, number }
    }
}

impl Drop for Held<'_> {
    /// SeqCst: see `Ledger::wake_sleepers`.
    #[inline]
    fn drop(&mut self) {
        let word = &self.ledger.words().lock;
        if word.compare_exchange(self.number, 0, SeqCst, Relaxed).is_err() {
            release(word, self.number);
        }
        self.ledger.wake_sleepers();
    }
}

/// Gives the lock to those who wait.
#[cold]
fn release(word: &AtomicU32, number: Number) {
    // Somebody who garbled the word has taken the lock from us.
    let free = |found: u32| (found & OWNER == number).then_some(found & STARVING);
    match word.fetch_update(SeqCst, Relaxed, free) {
        // Whom it is for is not known here.
        Ok(found) if found & STARVING != 0 => futex::wake_all(word),
        Ok(_) => futex::wake_one(word),
        Err(_) => {}
    }
}
