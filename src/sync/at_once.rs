//! What most waits and signals are: the object is there and nobody else is at it.
//!
//! Each function does the whole in one straight line, or nothing at all, and says so:
//! `mutex` and `signal` know what to do then. In the way is whatever would take a call
//! or a second look: a waiter, a commit, a reservation, a death; another mutex that the
//! thread has; an operation that this one interrupts, in a signal handler.

use super::object::SyncObject;
use super::owner::Owner;
use super::state::{Kind, RESERVED, mutex, signal};
use super::words::Words;
use crate::plant::{step, stored};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};

/// What a mutex must be free of to be taken at once.
const NOT_FREE: u64 = mutex::OWNER | mutex::DIED | mutex::LOCKED | RESERVED;

impl SyncObject {
    /// Takes the object. Some(false): it is not there, and the caller only looks.
    #[inline(always)]
    pub fn take_at_once(&self, me: &Owner, only_looks: bool) -> Option<bool> {
        match self.kind {
            Kind::Mutex => self.take_mutex_at_once(me).then_some(true),
            Kind::AutoEvent => self.take_signal_at_once(only_looks, signal::reset),
            Kind::ManualEvent => self.see_signal_at_once(only_looks),
            Kind::Semaphore => self.take_signal_at_once(only_looks, signal::take_one),
            Kind::AutoTimer | Kind::ManualTimer => None,
        }
    }

    #[inline(always)]
    fn take_mutex_at_once(&self, me: &Owner) -> bool {
        let words = self.words();
        let word = words.state.load(Relaxed);
        if word & NOT_FREE != 0 {
            return self.is_mine(me, word) && self.take_once_more(words);
        }
        let Some(record) = me.empty_record() else { return false };
        me.cover(self.address());
        step(1);
        let taken = mutex::taken(word, u64::from(me.thread()));
        if words.state.compare_exchange(word, taken, Acquire, Relaxed).is_err() {
            me.clear_pending();
            return false;
        }
        step(2);
        self.sign(me, taken);
        me.insert_alone(record, self.address(), self.identity());
        step(3);
        me.clear_pending();
        true
    }

    #[inline(always)]
    fn take_once_more(&self, words: &Words) -> bool {
        let Some(more) = words.recursion.load(Relaxed).checked_add(1) else { return false };
        words.recursion.store(more, Relaxed);
        stored("mutex: once more, at once");
        true
    }

    /// Gives a mutex up, once.
    #[inline(always)]
    pub fn release_at_once(&self, me: &Owner) -> bool {
        let words = self.words();
        let word = words.state.load(Relaxed);
        if self.kind != Kind::Mutex || !self.is_mine(me, word) {
            return false;
        }
        let count = words.recursion.load(Relaxed);
        if count > 1 {
            words.recursion.store(count - 1, Relaxed);
            stored("mutex: once less, at once");
            return true;
        }
        if word & mutex::WAITERS != 0 || !me.has_alone(self.address(), self.identity()) {
            return false;
        }
        me.cover(self.address());
        me.remove_alone();
        words.cookie.store(0, Relaxed);
        step(4);
        let before = words.state.fetch_sub(u64::from(me.thread()), Release);
        stored("mutex: released at once");
        if before & mutex::WAITERS != 0 {
            self.wake_next_owner(before);
        }
        me.clear_pending();
        true
    }

    #[inline(always)]
    fn see_signal_at_once(&self, only_looks: bool) -> Option<bool> {
        let word = self.words().state.load(Acquire);
        match word & (signal::LOCKED | signal::AVAILABLE) {
            signal::AVAILABLE => Some(true),
            0 if only_looks => Some(false),
            _ => None,
        }
    }

    #[inline(always)]
    fn take_signal_at_once(&self, only_looks: bool, consumed: impl Fn(u64) -> u64) -> Option<bool> {
        let state = &self.words().state;
        let word = state.load(Acquire);
        let reserved = !only_looks && word & RESERVED != 0;
        match word & (signal::LOCKED | signal::AVAILABLE) {
            signal::AVAILABLE if !reserved => {}
            0 if only_looks => return Some(false),
            _ => return None,
        }
        state.compare_exchange(word, consumed(word), AcqRel, Relaxed).ok()?;
        stored("signal: taken at once");
        Some(true)
    }

    /// Sets an event.
    #[inline(always)]
    pub fn set_at_once(&self, me: &Owner) -> bool {
        match self.kind {
            Kind::AutoEvent => self.signal_at_once(me, 1, |word| Some(signal::set(word, Kind::AutoEvent))),
            Kind::ManualEvent => {
                self.signal_at_once(me, i32::MAX, |word| Some(signal::set(word, Kind::ManualEvent)))
            }
            _ => false,
        }
    }

    #[inline(always)]
    pub fn reset_at_once(&self) -> bool {
        if !matches!(self.kind, Kind::AutoEvent | Kind::ManualEvent) {
            return false;
        }
        let state = &self.words().state;
        let word = state.load(Relaxed);
        let is_changed = word & signal::LOCKED == 0
            && state.compare_exchange(word, signal::reset(word), SeqCst, Relaxed).is_ok();
        stored("signal: reset at once");
        is_changed
    }

    /// Adds to a semaphore.
    #[inline(always)]
    pub fn add_at_once(&self, me: &Owner, more: u32) -> bool {
        let wakes = i32::try_from(more).unwrap_or(i32::MAX);
        self.kind == Kind::Semaphore
            && self.signal_at_once(me, wakes, |word| signal::release(word, more, self.maximum))
    }

    /// Who comes between the two looks for waiters is woken.
    #[inline(always)]
    fn signal_at_once(&self, me: &Owner, wakes: i32, next: impl Fn(u64) -> Option<u64>) -> bool {
        let words = self.words();
        if words.waiters.load(SeqCst) != 0 || !me.pending().is_null() {
            return false;
        }
        let word = words.state.load(Relaxed);
        if word & signal::LOCKED != 0 {
            return false;
        }
        let Some(fresh) = next(word) else { return false };
        if self.kind.is_single() {
            me.cover(self.address());
        }
        if words.state.compare_exchange(word, fresh, SeqCst, Relaxed).is_err() {
            me.clear_pending();
            return false;
        }
        stored("signal: changed at once");
        step(11);
        self.wake_waiters(wakes);
        step(12);
        me.clear_pending();
        true
    }
}
