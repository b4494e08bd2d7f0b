//! Mutexes: taken by a thread, any number of times, and abandoned at its end.

use super::object::{Attempt, Rank, SyncObject};
use super::owned;
use super::owner::Owner;
use super::state::{Kind, RESERVED, mutex};
use super::words::Words;
use crate::error::Error;
use crate::plant::{self, step, stored};
use crate::sys::futex;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

impl SyncObject {
    /// Whether the calling thread owns the mutex, going by its word. The cookie
    /// tells a twin in another PID namespace, with the same thread id.
    #[inline]
    pub(super) fn is_mine(&self, me: &Owner, word: u64) -> bool {
        word & mutex::OWNER == u64::from(me.thread()) && self.words().cookie.load(Relaxed) == me.cookie()
    }

    #[inline(always)]
    pub(super) fn attempt_mutex(&self, me: &Owner, rank: Rank) -> Attempt {
        let words = self.words();
        let mut word = words.state.load(Relaxed);
        if self.is_mine(me, word) {
            let count = words.recursion.load(Relaxed);
            let Some(more) = count.checked_add(1) else { return Attempt::Full };
            words.recursion.store(more, Relaxed);
            stored("mutex: once more");
            return Attempt::Granted;
        }
        if let Some(obstacle) = Self::obstacle(word, rank) {
            return obstacle;
        }
        let has_room = if self.guard.is_some() { me.can_own_more() } else { me.can_own_guard() };
        if !has_room {
            return Attempt::Full;
        }
        // What the caller covers stays covered if this comes to nothing.
        let before = me.pending();
        me.cover(self.address());
        step(1);
        let taken = loop {
            let kept = if plant::is(plant::KEEP_DIED) { word & mutex::DIED } else { 0 };
            let taken = rank.settle_claim(mutex::taken(word, u64::from(me.thread()) | kept));
            match words.state.compare_exchange_weak(word, taken, Acquire, Relaxed) {
                Ok(_) => break taken,
                Err(now) => word = now,
            }
            if let Some(obstacle) = Self::obstacle(word, rank) {
                me.set_pending(before);
                return obstacle;
            }
        };
        step(2);
        self.own(me, taken);
        step(3);
        me.clear_pending();
        let is_told = word & mutex::DIED != 0 && !plant::is(plant::QUIET_DEATH);
        if is_told { Attempt::Abandoned } else { Attempt::Granted }
    }

    /// What keeps a thread that does not own the mutex from taking it.
    #[inline]
    fn obstacle(word: u64, rank: Rank) -> Option<Attempt> {
        if word & (mutex::OWNER | mutex::LOCKED | RESERVED) == 0 {
            return None;
        }
        if word & mutex::LOCKED != 0 {
            return Some(Attempt::Locked(word));
        }
        let is_due = word & mutex::OWNER == 0 && rank != Rank::Newcomer;
        if is_due { None } else { Some(Attempt::Busy(word)) }
    }

    /// The rest of an acquisition, when the mutex is ours by this word.
    #[inline]
    pub(super) fn own(&self, me: &Owner, taken: u64) {
        self.sign(me, taken);
        me.insert(self.address(), self.identity());
    }

    /// Writes down who has it now, by this word.
    #[inline(always)]
    pub(super) fn sign(&self, me: &Owner, taken: u64) {
        self.words().cookie.store(me.cookie(), Relaxed);
        stored("mutex: cookie");
        self.words().recursion.store(1, Relaxed);
        self.words().note_namespace(me, taken);
    }

    /// Gives the mutex up, once.
    #[inline]
    pub fn release(&self, me: &Owner) -> Result<(), Error> {
        let words = self.words();
        if !self.is_mine(me, words.state.load(Relaxed)) {
            return Err(self.forget(me));
        }
        let count = words.recursion.load(Relaxed);
        if count > 1 {
            words.recursion.store(count - 1, Relaxed);
            stored("mutex: once less");
            return Ok(());
        }
        me.cover(self.address());
        if !me.remove(self.identity()) {
            // A peer has forged it.
            me.clear_pending();
            return Err(Error::NotOwner);
        }
        // Not before: who sees no owner may unmap what the list leads through.
        words.cookie.store(0, Relaxed);
        step(4);
        // A subtraction and not a mask: one instruction. DIED is never set while
        // the mutex is owned.
        let word = words.state.fetch_sub(u64::from(me.thread()), Release);
        stored("mutex: released");
        if word & mutex::WAITERS != 0 {
            self.wake_next_owner(word);
        }
        me.clear_pending();
        Ok(())
    }

    /// A peer may have taken it away from this thread: it is to be unmapped one day.
    #[cold]
    #[inline(never)]
    fn forget(&self, me: &Owner) -> Error {
        // Covered, so that no handler changes the list meanwhile.
        me.cover(self.address());
        me.remove(self.identity());
        me.clear_pending();
        Error::NotOwner
    }

    /// WAITERS stays set as long as there may be any. It is cleared when nobody was
    /// woken *and* nobody took the mutex since it was released: else a waiter of the
    /// next turn would lose its wake.
    #[cold]
    #[inline(never)]
    pub(super) fn wake_next_owner(&self, released: u64) {
        step(5);
        if self.wake(1) != 0 {
            return;
        }
        step(6);
        let (now, cleared) = mutex::nobody_waits(released);
        let now = if plant::is(plant::CLEAR_WAITERS) { self.words().state.load(Relaxed) } else { now };
        let cleared = if plant::is(plant::CLEAR_WAITERS) { now & !mutex::WAITERS } else { cleared };
        let _ = self.words().state.compare_exchange(now, cleared, Relaxed, Relaxed);
        stored("mutex: nobody waits");
    }

    /// Whether the calling thread could take the object, were it there: Full says no.
    pub fn check_room(&self, me: &Owner) -> Result<(), Error> {
        let owned = || self.is_mine(me, self.words().state.load(Relaxed));
        let fits = self.kind != Kind::Mutex || me.can_own_more() || owned();
        if fits { Ok(()) } else { Err(super::owner::FULL) }
    }

    /// Whether a thread of this process owns the mutex, or did when a peer took it away:
    /// then its words must stay.
    pub fn is_owned_here(&self) -> bool {
        owned::is_owned_here(self.identity())
    }
}

/// What the kernel does with a mutex of a thread that ends. It is covered, and not in
/// the list any more.
///
/// # Safety
/// Its words are mapped.
pub unsafe fn abandon(me: &Owner, words: NonNull<Words>) {
    // SAFETY: by this function's contract; made of atomics.
    let Words { state, .. } = unsafe { words.as_ref() };
    step(43);
    // The cookie stays: it is the next owner's to replace. From the exchange on, the
    // words may go away; the kernel checks the address of a wake. Somebody may set
    // WAITERS or RESERVED meanwhile.
    let mut word = state.load(Relaxed);
    while word & mutex::OWNER == u64::from(me.thread()) {
        match state.compare_exchange_weak(word, mutex::abandoned(word), AcqRel, Relaxed) {
            Ok(_) => {
                step(44);
                if word & mutex::WAITERS != 0 {
                    futex::wake(futex::low_half(state), 1);
                }
                break;
            }
            Err(now) => word = now,
        }
    }
    me.clear_pending();
}
