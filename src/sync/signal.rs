//! Events and semaphores.

use super::object::{Attempt, Rank, SyncObject};
use super::owner::{self, Owner};
use super::state::{Kind, RESERVED, signal};
use super::wait::LOST;
use crate::error::Error;
use crate::plant::{self, step, stored};
use crate::sys::{process, time};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};

/// How long a thread waits for the end of a commit that it must not help. Such a one
/// takes microseconds, but on a busy machine its thread may have to wait for its turn.
const PATIENCE_NS: u64 = 1_000_000_000;

/// How long a pulse waits for the thread that it woke, which on a busy machine has to wait
/// for its turn.
const PULSE_NS: u64 = 250_000_000;

impl SyncObject {
    #[inline(always)]
    pub(super) fn attempt_signal(&self, rank: Rank) -> Attempt {
        let state = &self.words().state;
        let mut word = state.load(Acquire);
        loop {
            if word & signal::LOCKED != 0 && !plant::is(plant::IGNORE_LOCKED) {
                return Attempt::Locked(word);
            }
            let reserved = rank == Rank::Newcomer && self.kind.is_reserved(word);
            if word & signal::AVAILABLE == 0 || reserved {
                return Attempt::Busy(word);
            }
            if self.kind == Kind::ManualEvent {
                return Attempt::Granted;
            }
            let taken = rank.settle_claim(self.kind.consumed(word));
            match state.compare_exchange_weak(word, taken, AcqRel, Acquire) {
                Ok(_) => {
                    stored("signal: taken");
                    return Attempt::Granted;
                }
                Err(now) => word = now,
            }
        }
    }

    pub fn set_event(&self) -> Result<(), Error> {
        let woken = if self.kind == Kind::ManualEvent { i32::MAX } else { 1 };
        self.signal(|word| Some(signal::set(word, self.kind)), woken).map(|_| ())
    }

    pub fn reset_event(&self) -> Result<(), Error> {
        self.change(owner::me(), |word| Some(signal::reset(word))).map(|_| ())
    }

    /// Releases who sleeps at this moment (one, if the event is auto-reset), and leaves
    /// the event unset.
    pub fn pulse_event(&self) -> Result<(), Error> {
        if self.kind == Kind::ManualEvent {
            return self.signal(|word| Some(signal::pulse(word)), i32::MAX).map(|_| ());
        }
        let me = owner::me();
        self.covered(me, |object| {
            let reserved = object.reserve();
            object.change(me, |word| Some(signal::set(word, Kind::AutoEvent) | reserved))?;
            step(16);
            if object.words().waiters.load(SeqCst) != 0 && object.wakes_for_pulse() {
                object.watch_pulse();
            }
            step(17);
            object.change(me, |word| Some(signal::reset(word))).map(|_| ())
        })
    }

    /// Wakes one. False: nobody sleeps.
    fn wakes_for_pulse(&self) -> bool {
        self.wake(1) != 0 || self.guard.as_ref().is_some_and(|guard| guard.has_bell_waiters())
    }

    /// Who is woken takes the event in a moment, unless it waits for others too.
    fn watch_pulse(&self) {
        let end = time::monotonic_ns() + PULSE_NS;
        while self.words().state.load(Acquire) & signal::AVAILABLE != 0 && time::monotonic_ns() < end {
            process::yield_now();
        }
    }

    /// Adds to a semaphore; returns what the count was.
    pub fn release_semaphore(&self, more: u32) -> Result<u32, Error> {
        let woken = i32::try_from(more).unwrap_or(i32::MAX);
        let before = self.signal(|word| signal::release(word, more, self.maximum), woken)?;
        Ok(signal::count(before))
    }

    /// Changes the word so that waits may be satisfied, and wakes waiters.
    #[inline]
    fn signal(&self, next: impl Fn(u64) -> Option<u64>, wakes: i32) -> Result<u64, Error> {
        let me = owner::me();
        self.covered(me, |object| {
            let reserved = object.reserve();
            let before = object.change(me, |word| next(word).map(|fresh| fresh | reserved))?;
            step(11);
            object.wake_sleepers(wakes);
            step(12);
            Ok(before)
        })
    }

    /// RESERVED if somebody is waiting who is due what a signal will give.
    #[inline]
    fn reserve(&self) -> u64 {
        if !self.kind.is_handed_over() || !self.has_queue() || plant::is(plant::NO_HAND_OFF) {
            return 0;
        }
        self.words().handed_over.fetch_add(1, SeqCst);
        step(18);
        RESERVED
    }

    /// Runs a signal so that the kernel wakes a waiter if it is killed half way. In a
    /// signal handler that interrupts an operation on a mutex, that one comes first.
    #[inline]
    fn covered<R>(&self, me: &Owner, body: impl FnOnce(&SyncObject) -> Result<R, Error>) -> Result<R, Error> {
        let before = me.pending();
        if before.is_null() && self.kind.is_single() {
            me.cover(self.address());
        }
        let result = body(self);
        me.set_pending(before);
        result
    }

    /// Replaces the word by `next` of it; returns the old one. Also a word that does
    /// not change is written: that orders it with the registration of waiters.
    #[inline]
    fn change(&self, me: &Owner, next: impl Fn(u64) -> Option<u64>) -> Result<u64, Error> {
        /// More than that often in the way is a peer who means it.
        const ROUNDS: u32 = 1000;
        let state = &self.words().state;
        let mut word = state.load(Relaxed);
        let mut rounds = 0;
        loop {
            if word & signal::LOCKED != 0 {
                rounds += 1;
                if rounds > ROUNDS {
                    return Err(Error::Busy);
                }
                word = self.settle_to_signal(me)?;
                continue;
            }
            let fresh = next(word).ok_or(Error::TooManyPosts)?;
            match state.compare_exchange_weak(word, fresh, SeqCst, Relaxed) {
                Ok(_) => {
                    stored("signal: changed");
                    return Ok(word);
                }
                Err(now) => word = now,
            }
        }
    }

    /// A word that is not LOCKED. A handler that interrupts a change of the list of
    /// mutexes must not take the guard, which is one; it gives up when the commit's
    /// process seems to be dead, or stopped. So does who has no guard to take, or does
    /// not get it.
    #[cold]
    fn settle_to_signal(&self, me: &Owner) -> Result<u64, Error> {
        let may_settle = self.guard.is_some() && !me.is_interrupted(self.address());
        let end = time::monotonic_ns() + PATIENCE_NS;
        loop {
            let word = if may_settle { self.settle(me) } else { self.words().state.load(Acquire) };
            if word & signal::LOCKED == 0 {
                return Ok(word);
            }
            if Self::is_lost(word) {
                return Err(LOST);
            }
            if time::monotonic_ns() > end {
                return Err(Error::Busy);
            }
            process::yield_now();
        }
    }
}
