//! Waitable timers: a function of time, evaluated by whoever looks. Nobody has to
//! run for a timer that nobody waits for, and none stops when its setter dies.

use super::guard::PATIENCE_NS;
use super::object::{Attempt, SyncObject};
use super::owner::{self, Owner};
use super::state::{Kind, timer};
use super::wait::LOST;
use crate::error::Error;
use crate::plant::{step, stored};
use crate::sys::thread::without_signals;
use crate::sys::{futex, time};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::time::Duration;

/// Of the word `setter`, the bits with a thread's number; those beside it are the kernel's.
const OWNER: u64 = 0x3fff_ffff;

/// Between two looks whether another setter is done.
const NAP: Duration = Duration::from_micros(50);

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
pub(super) struct Setting(u64);

const REAL: u64 = 1 << 32;

impl Setting {
    fn new(period_ms: u32, clock: Clock) -> Setting {
        Setting(u64::from(period_ms) | if clock == Clock::Real { REAL } else { 0 })
    }

    #[cfg(feature = "tool")]
    pub(super) fn from_word(word: u64) -> Setting {
        Setting(word)
    }

    pub(super) fn period_ms(self) -> u32 {
        self.0 as u32
    }

    pub(super) fn period_ns(self) -> u64 {
        u64::from(self.period_ms()) * 1_000_000
    }

    pub(super) fn clock(self) -> Clock {
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

    /// Setters take turns: the setting that is not in force is this one's to write. Not by
    /// the guard, which others hold for other objects; one who is stopped here is in the way
    /// of this timer alone. Busy after two seconds of that.
    fn change_timer(&self, setting: Setting, next: impl Fn(u64) -> u64) -> Result<(), Error> {
        let me = owner::me();
        // Who has none is not trusted.
        self.guard.as_ref().ok_or(Error::AccessDenied)?;
        let end = time::monotonic_ns() + PATIENCE_NS;
        loop {
            let word = self.look();
            if Self::is_lost(word) {
                return Err(LOST);
            }
            let is_free = word & timer::LOCKED == 0 || self.settle(me) & timer::LOCKED == 0;
            let set = || self.take_turn(me, || self.exchange_setting(setting, &next));
            if is_free && without_signals(set) {
                break;
            }
            if time::monotonic_ns() > end {
                return Err(Error::Busy);
            }
            time::sleep(NAP);
        }
        step(18);
        // All: they have another time to wake up at.
        self.wake_sleepers(i32::MAX);
        Ok(())
    }

    /// As the setter whose turn it is. False: a commit is at the timer.
    fn exchange_setting(&self, setting: Setting, next: impl Fn(u64) -> u64) -> bool {
        loop {
            // Cancelled or not, what was due has fired.
            let word = self.look();
            if word & timer::LOCKED != 0 || Self::is_lost(word) {
                return false;
            }
            self.words().settings[timer::next_setting(word)].store(setting.0, Relaxed);
            step(14);
            if self.words().state.compare_exchange(word, next(word), SeqCst, Acquire).is_ok() {
                step(15);
                return true;
            }
        }
    }

    /// Runs `body` if no other setter is at work, with the word `setter` covered: of one who
    /// is killed the kernel takes the number away. False also if `body` says so.
    fn take_turn(&self, me: &Owner, body: impl FnOnce() -> bool) -> bool {
        let (setter, before) = (&self.words().setter, me.pending());
        let free = setter.load(Relaxed);
        if free & OWNER != 0 {
            return false;
        }
        me.set_pending(me.node_of_word(futex::low_half(setter)));
        let is_taken = setter.compare_exchange(free, u64::from(me.thread()), Acquire, Relaxed).is_ok();
        let is_done = is_taken && {
            step(50);
            body()
        };
        if is_taken {
            setter.store(0, Release);
        }
        step(51);
        me.set_pending(before);
        is_done
    }
}
