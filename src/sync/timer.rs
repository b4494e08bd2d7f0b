//! Waitable timers: a function of time, evaluated by whoever looks. Nobody has to
//! run for a timer that nobody waits for, and none stops when its setter dies.

use super::guard::PATIENCE_NS;
use super::object::{Attempt, SyncObject};
use super::owner;
use super::state::{Kind, timer};
use super::wait::LOST;
use crate::error::Error;
use crate::plant::{step, stored};
use crate::sys::time;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};

/// What a due time counts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clock {
    /// From the start of the system: not changed by setting the clock.
    Monotonic,
    /// From 1970.
    Real,
}

impl Clock {
    pub fn now_ns(self) -> u64 {
        match self {
            Clock::Monotonic => time::monotonic_ns(),
            Clock::Real => time::real_ns(),
        }
    }
}

/// Period and clock, as they stand in a word of the timer.
#[derive(Clone, Copy)]
struct Setting(u64);

const REAL: u64 = 1 << 32;

impl Setting {
    fn new(period_ms: u32, clock: Clock) -> Setting {
        Setting(u64::from(period_ms) | if clock == Clock::Real { REAL } else { 0 })
    }

    fn period_ns(self) -> u64 {
        (self.0 & u64::from(u32::MAX)) * 1_000_000
    }

    fn clock(self) -> Clock {
        if self.0 & REAL == 0 { Clock::Monotonic } else { Clock::Real }
    }
}

impl SyncObject {
    fn setting(&self, word: u64) -> Setting {
        Setting(self.words().settings[timer::setting(word)].load(Relaxed))
    }

    /// The word with what time has done to it: one exchange per expiry, so that a
    /// killed thread is before or after it.
    pub(super) fn evaluate_timer(&self, mut word: u64) -> u64 {
        while word & timer::DUE != 0 && word & timer::LOCKED == 0 {
            let setting = self.setting(word);
            let now = setting.clock().now_ns();
            if now < word & timer::DUE {
                break;
            }
            let next = timer::expired(word, now, setting.period_ns());
            step(13);
            match self.words().state.compare_exchange_weak(word, next, AcqRel, Acquire) {
                Ok(_) => {
                    stored("timer: expired");
                    return next;
                }
                Err(seen) => word = seen,
            }
        }
        word
    }

    #[inline(never)]
    pub(super) fn attempt_timer(&self) -> Attempt {
        let state = &self.words().state;
        let mut word = state.load(SeqCst);
        loop {
            word = self.evaluate_timer(word);
            if word & timer::LOCKED != 0 {
                return Attempt::Locked(word);
            }
            if word & timer::SIGNALLED == 0 {
                return Attempt::Busy(word);
            }
            if self.kind == Kind::ManualTimer {
                return Attempt::Granted;
            }
            match state.compare_exchange_weak(word, self.kind.consumed(word), AcqRel, Acquire) {
                Ok(_) => {
                    stored("timer: taken");
                    return Attempt::Granted;
                }
                Err(now) => word = now,
            }
        }
    }

    /// When the timer of this word is due, on the monotonic clock. A clock that is
    /// set meanwhile is noticed after a slice of sleep.
    pub(super) fn due_at(&self, word: u64, now_ns: u64) -> Option<u64> {
        let due = word & timer::DUE;
        if due == 0 {
            return None;
        }
        Some(match self.setting(word).clock() {
            Clock::Monotonic => due,
            Clock::Real => now_ns.saturating_add(due.saturating_sub(time::real_ns())),
        })
    }

    /// Sets the timer, due at a time of a clock. Period 0: once.
    pub fn set_timer(&self, due_ns: u64, period_ms: u32, clock: Clock) -> Result<(), Error> {
        self.change_timer(Setting::new(period_ms, clock), |word| timer::set(word, due_ns))
    }

    /// Stops the timer. What it signalled stays.
    pub fn cancel_timer(&self) -> Result<(), Error> {
        self.change_timer(Setting::new(0, Clock::Monotonic), timer::cancel)
    }

    /// The guard makes setters take turns: the setting that is not in force is this
    /// one's to write.
    fn change_timer(&self, setting: Setting, next: impl Fn(u64) -> u64) -> Result<(), Error> {
        let me = owner::me();
        let guard = self.guard.as_ref().ok_or(Error::AccessDenied)?;
        guard.while_held(me, PATIENCE_NS, || {
            // Cancelled or not, what was due has fired.
            let mut word = self.evaluate_timer(self.recover());
            if Self::is_lost(word) {
                return Err(LOST);
            }
            self.words().settings[timer::next_setting(word)].store(setting.0, Relaxed);
            step(14);
            while let Err(now) = self.words().state.compare_exchange_weak(word, next(word), SeqCst, Acquire) {
                word = self.evaluate_timer(now);
            }
            step(15);
            Ok(())
        })??;
        step(18);
        // All: they have another time to wake up at.
        self.wake_waiters(i32::MAX);
        Ok(())
    }
}
