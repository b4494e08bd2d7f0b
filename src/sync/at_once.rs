//! What most waits and signals are: the object is there and nobody else is at it.
//!
//! Each function does the whole in one straight line, or nothing at all, and says so:
//! `mutex` and `signal` know what to do then. In the way is whatever would take a call
//! or a second look: a waiter, a commit, a reservation, a death; several other mutexes that
//! the thread has, or one of the program's own; an operation that this one interrupts, in a
//! signal handler.

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
        let Some(front) = me.place_in_front(self.identity()) else { return false };
        me.cover(self.address());
        step(1);
        let taken = mutex::taken(word, u64::from(me.thread()));
        if words.state.compare_exchange(word, taken, Acquire, Relaxed).is_err() {
            me.clear_pending();
            return false;
        }
        step(2);
        self.sign(me, taken);
        me.insert_in_front(self.address(), self.identity(), front);
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
        if word & mutex::WAITERS != 0 || !me.has_in_front(self.address(), self.identity()) {
            return false;
        }
        me.cover(self.address());
        me.remove_from_front();
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
        let is_reset = word & signal::LOCKED == 0
            && state.compare_exchange(word, signal::reset(word), SeqCst, Relaxed).is_ok();
        if is_reset {
            stored("signal: reset at once");
        }
        is_reset
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
        self.wake_sleepers(wakes);
        step(12);
        me.clear_pending();
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::object::{Attempt, Rank};
    use super::super::owner::me;
    use super::*;
    use std::ptr::NonNull;

    #[repr(align(128))]
    struct Room(#[expect(dead_code, reason = "memory for words")] [u8; 128]);

    fn object(kind: Kind, state: u64) -> SyncObject {
        let room = NonNull::from(Box::leak(Box::new(Room([0; 128]))));
        // SAFETY: it is never freed.
        let object = unsafe { SyncObject::new(room.cast(), kind, 2, None) };
        object.words().state.store(state, Relaxed);
        object
    }

    /// Nothing has happened to the object, nor to the thread.
    fn is_untouched(object: &SyncObject, state: u64) -> bool {
        object.words().state.load(Relaxed) == state && me().pending().is_null()
    }

    #[test]
    fn a_mutex_is_taken_again_and_given_up_and_the_thread_has_nothing_left() {
        let mutex = object(Kind::Mutex, 0);
        // The first of a thread makes its record.
        assert_eq!(
            (mutex.take_at_once(me(), false), mutex.attempt(me(), Rank::Newcomer)),
            (None, Attempt::Granted)
        );
        mutex.release(me()).unwrap();
        for _ in 0..2 {
            assert_eq!(mutex.take_at_once(me(), false), Some(true));
            assert_eq!(mutex.take_at_once(me(), true), Some(true));
            assert!(mutex.is_owned_here());
            assert!(mutex.release_at_once(me()) && mutex.release_at_once(me()));
            assert!(!mutex.release_at_once(me()) && !mutex.is_owned_here());
        }
        assert!(mutex.release(me()).is_err());
    }

    #[test]
    fn beside_one_other_a_mutex_is_taken_and_given_up_in_both_orders() {
        let (first, second) = (object(Kind::Mutex, 0), object(Kind::Mutex, 0));
        first.attempt(me(), Rank::Newcomer);
        for _ in 0..2 {
            assert!(second.take_at_once(me(), false) == Some(true) && second.release_at_once(me()));
        }
        assert!(first.is_owned_here() && !second.is_owned_here());
        assert_eq!(second.take_at_once(me(), false), Some(true));
        first.release(me()).unwrap();
        assert!(second.is_owned_here() && second.release_at_once(me()) && !second.is_owned_here());
        assert_eq!(first.take_at_once(me(), false), Some(true));
        first.release(me()).unwrap();
    }

    #[test]
    fn what_is_in_the_way_of_a_mutex_is_left_alone() {
        let [first, second, third] = [0; 3].map(|free| object(Kind::Mutex, free));
        first.attempt(me(), Rank::Newcomer);
        assert_eq!(second.take_at_once(me(), true), Some(true));
        // Two others are owned; and what is given up is not what was taken last.
        assert!(third.take_at_once(me(), true).is_none() && is_untouched(&third, 0));
        assert!(!first.release_at_once(me()));
        first.release(me()).unwrap();
        // A waiter.
        second.words().state.fetch_or(mutex::WAITERS, Relaxed);
        assert!(!second.release_at_once(me()));
        second.release(me()).unwrap();
        assert!(!first.is_owned_here() && !second.is_owned_here());
        for state in [1, mutex::DIED, mutex::LOCKED, RESERVED, RESERVED | mutex::WAITERS] {
            let mutex = object(Kind::Mutex, state);
            assert!(mutex.take_at_once(me(), true).is_none() && is_untouched(&mutex, state), "{state:x}");
        }
        // An operation that is interrupted.
        let mutex = object(Kind::Mutex, 0);
        me().cover(first.address());
        assert!(mutex.take_at_once(me(), true).is_none());
        assert_eq!(me().pending(), me().node_of(first.address()));
        me().clear_pending();
    }

    #[test]
    fn signals_are_given_and_taken_and_only_looking_tells_that_there_is_none() {
        let auto = object(Kind::AutoEvent, 0);
        assert_eq!((auto.take_at_once(me(), false), auto.take_at_once(me(), true)), (None, Some(false)));
        assert!(auto.set_at_once(me()) && auto.set_at_once(me()));
        assert_eq!(
            (auto.take_at_once(me(), false), auto.take_at_once(me(), true)),
            (Some(true), Some(false))
        );
        assert!(auto.set_at_once(me()) && auto.reset_at_once());
        assert_eq!(auto.take_at_once(me(), true), Some(false));
        let manual = object(Kind::ManualEvent, 0);
        assert!(manual.set_at_once(me()));
        assert_eq!(
            (manual.take_at_once(me(), false), manual.take_at_once(me(), true)),
            (Some(true), Some(true))
        );
        assert!(manual.reset_at_once() && manual.words().state.load(Relaxed) == 1, "one epoch later");
        let semaphore = object(Kind::Semaphore, 0);
        assert!(semaphore.add_at_once(me(), 2) && !semaphore.add_at_once(me(), 1), "two at most");
        assert_eq!(
            (semaphore.take_at_once(me(), false), semaphore.take_at_once(me(), true)),
            (Some(true), Some(true))
        );
        assert_eq!(semaphore.take_at_once(me(), true), Some(false));
        // Each function is for its own kinds.
        assert!(!semaphore.set_at_once(me()) && !semaphore.reset_at_once() && !auto.add_at_once(me(), 1));
        assert!(!auto.release_at_once(me()) && me().pending().is_null());
    }

    #[test]
    fn waiters_commits_and_reservations_are_left_to_those_who_know() {
        for kind in [Kind::AutoEvent, Kind::ManualEvent, Kind::Semaphore] {
            let locked = signal::AVAILABLE | signal::LOCKED;
            let object = object(kind, locked);
            assert_eq!(object.take_at_once(me(), true), None);
            assert!(!object.set_at_once(me()) && !object.add_at_once(me(), 1) && !object.reset_at_once());
            assert!(is_untouched(&object, locked));
            object.words().state.store(0, Relaxed);
            object.words().waiters.store(1, Relaxed);
            assert!(!object.set_at_once(me()) && !object.add_at_once(me(), 1) && is_untouched(&object, 0));
        }
        let due = signal::semaphore(1) | RESERVED;
        let semaphore = object(Kind::Semaphore, due);
        assert!(semaphore.take_at_once(me(), false).is_none() && is_untouched(&semaphore, due));
        assert_eq!(semaphore.take_at_once(me(), true), Some(true), "who only looks will not come again");
        let timer = object(Kind::AutoTimer, 1);
        assert!(timer.take_at_once(me(), true).is_none() && is_untouched(&timer, 1));
    }
}
