//! Words that are LOCKED: a live committer is waited for, what a dead one left is done or
//! undone.

use super::guard::{Commit, GLANCE_NS};
use super::object::SyncObject;
use super::owner::Owner;
use super::state::{Kind, mutex};
use crate::error::Error;
use crate::plant::{self, step};
use crate::sys::time;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed};
use std::time::Duration;

/// A live committer is done after so many looks.
const LOOKS: u32 = 2000;

/// Who cannot take the guard looks again after so long.
const NAP: Duration = Duration::from_micros(200);

impl SyncObject {
    /// For the holder of the guard: a word without LOCKED, unless it was cut off. What a
    /// dead committer decided is done, the rest undone.
    pub(super) fn recover(&self) -> u64 {
        let words = self.words();
        let mut word = words.state.load(Acquire);
        loop {
            if word & self.kind.locked() == 0 || Self::is_lost(word) {
                return word;
            }
            let commit = Commit(words.intent_sequence.load(Relaxed));
            let decided = self.guard.as_ref().is_some_and(|guard| guard.was_decided(commit));
            let fresh = match self.kind {
                _ if !decided || plant::is(plant::NO_REDO) => word & !self.kind.locked(),
                // Its new owner is dead already.
                Kind::Mutex => mutex::taken(word, mutex::DIED) | mutex::WAITERS,
                kind => kind.committed(word, words.intent_value.load(Relaxed)),
            };
            step(20);
            match words.state.compare_exchange_weak(word, fresh, AcqRel, Acquire) {
                Ok(_) => {
                    step(21);
                    self.wake_if_available();
                    return fresh;
                }
                Err(now) => word = now,
            }
        }
    }

    /// For who sees LOCKED: waits for a live committer, which takes less than a
    /// microsecond, or does what a dead one left. The word is LOCKED still if that
    /// is for others to do, or it was cut off.
    #[cold]
    #[inline(never)]
    pub(super) fn settle(&self, me: &Owner) -> u64 {
        for _ in 0..LOOKS {
            let word = self.words().state.load(Acquire);
            if word & self.kind.locked() == 0 || Self::is_lost(word) {
                return word;
            }
            std::hint::spin_loop();
        }
        let pending = me.pending();
        let recovered = match &self.guard {
            Some(_) if plant::is(plant::HASTY_SETTLE) => Ok(self.recover()),
            // Whoever keeps it may keep many objects LOCKED: that is not waited for each time.
            Some(_) if time::monotonic_ns() < me.refused_until_ns.get() => Err(Error::Busy),
            Some(guard) => guard.while_held(me, GLANCE_NS, || self.recover()),
            None => Err(Error::AccessDenied),
        };
        me.set_pending(pending);
        if recovered == Err(Error::Busy) && me.refused_until_ns.get() < time::monotonic_ns() {
            me.refused_until_ns.set(time::monotonic_ns() + 2 * GLANCE_NS);
        }
        recovered.unwrap_or_else(|_| {
            time::sleep(NAP);
            self.look()
        })
    }
}
