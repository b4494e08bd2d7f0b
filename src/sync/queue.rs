//! A waiter among the others of its objects: it is counted, says in the words that it
//! waits, claims what is due to it, and leaves without taking a wake along.

use super::object::Rank;
use super::state::{Kind, RESERVED, mutex};
use super::wait::{Outcome, Wait};
use crate::plant::{self, step, stored};
use std::sync::atomic::Ordering::Relaxed;

/// A waiter of this age that was woken and found the mutex taken reserves it.
const STARVING_NS: u64 = 2_000_000;

impl Wait<'_> {
    pub(super) fn register(&mut self) {
        for (index, object) in self.objects.iter().enumerate() {
            // First: who signals and finds this thread registered counts after it.
            if object.kind.is_handed_over() {
                self.since[index] = object.times_handed_over();
            }
            object.register_waiter();
        }
        self.is_registered = true;
        step(35);
    }

    /// Before the last look and the first sleep.
    pub(super) fn lie_down(&mut self) {
        self.objects.iter().for_each(|object| object.lie_down());
        self.sleeper = self.me.cookie();
        step(37);
    }

    /// Whether the object was signalled for those who wait since this thread does.
    pub(super) fn is_due(&self, index: usize) -> bool {
        let object = self.objects[index];
        self.is_registered && object.kind.is_handed_over() && object.times_handed_over() != self.since[index]
    }

    /// Who is due something is registered until he has it. So when this thread alone is,
    /// whoever it was reserved for left while the signal was under way.
    pub(super) fn claim_left_over(&mut self, reserved: u64) {
        for (index, object) in self.objects.iter().enumerate() {
            if reserved >> index & 1 != 0 && object.has_one_waiter() {
                self.claims |= 1 << index;
            }
        }
    }

    /// Whoever these objects are reserved for is dead or stopped.
    pub(super) fn claim(&mut self, reserved: u64) {
        self.claims |= reserved;
        let is_reserved = |index: usize| reserved >> index & 1 != 0;
        let theirs = self.objects.iter().enumerate().filter(|(index, _)| is_reserved(*index));
        theirs.for_each(|(_, object)| object.miss_waiters());
    }

    pub(super) fn rank_of(&self, index: usize) -> Rank {
        match () {
            () if self.claims >> index & 1 != 0 => Rank::Claimant,
            () if self.slept || self.is_due(index) => Rank::Slept,
            () => Rank::Newcomer,
        }
    }

    /// Says in each busy word that somebody waits, and reserves the one that this
    /// thread was woken for in vain. False: a word moved.
    pub fn announce(&mut self, now_ns: u64) -> bool {
        for (index, object) in self.objects.iter().enumerate() {
            let word = self.seen[index];
            let mut wanted = word;
            if object.kind == Kind::Mutex {
                wanted |= mutex::WAITERS;
            }
            let starves = self.woken_for == Some(index) && now_ns - self.start_ns > STARVING_NS;
            if starves && object.kind == Kind::Mutex && !object.kind.is_present(word) {
                wanted |= RESERVED;
            }
            if plant::is(plant::NO_HAND_OFF) {
                wanted &= !RESERVED | word;
            }
            if wanted == word {
                continue;
            }
            if object.words().state.compare_exchange(word, wanted, Relaxed, Relaxed).is_err() {
                return false;
            }
            stored("wait: announced");
            if (wanted ^ word) & RESERVED != 0 {
                self.claims |= 1 << index;
            }
            self.seen[index] = wanted;
        }
        true
    }

    /// Ends a wait that may have slept, or had something reserved. A semaphore's wake
    /// goes on also when it was taken: a killed releaser of several is replaced by one
    /// wake of the kernel.
    pub(super) fn leave(&mut self, outcome: Option<Outcome>) {
        let taken = match outcome {
            Some(Outcome::Granted(index) | Outcome::Abandoned(index)) => Some(index),
            _ => None,
        };
        if self.sleeper == self.me.cookie() {
            self.objects.iter().for_each(|object| object.get_up());
        }
        if self.waiter == self.me.cookie() {
            self.objects.iter().for_each(|object| object.unregister_waiter());
        }
        step(34);
        for (index, object) in self.objects.iter().enumerate() {
            let is_taken = taken == Some(index);
            if !is_taken && self.claims >> index & 1 != 0 {
                object.words().state.fetch_and(!RESERVED, Relaxed);
                stored("wait: claim given up");
            }
            let was_due = self.slept || self.is_due(index);
            let passes_on = was_due && !plant::is(plant::NO_CHAIN) && object.kind.is_single();
            if passes_on && (!is_taken || object.kind == Kind::Semaphore) {
                object.wake_if_available();
            }
        }
        step(36);
        // Last: until here the kernel would pass the wake on.
        self.me.clear_pending();
    }
}
