//! One synchronisation object, as a process that has it open sees it.

use super::guard::Guard;
use super::owner::Owner;
use super::state::{CUT_OFF, Kind, RESERVED, mutex};
use super::words::Words;
use crate::plant::{self, stored};
use crate::sys::errno::ErrnoKept;
use crate::sys::futex;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// The shared words, and what is constant about them: copied once and checked, so
/// that a peer who scribbles over the page changes nobody's idea of it.
pub struct SyncObject {
    words: NonNull<Words>,
    pub kind: Kind,
    /// Of a semaphore.
    pub maximum: u32,
    /// See `Kind::hints`.
    hints: u64,
    /// The same for all views of the object in this process, and for no other one.
    identity: u64,
    /// None: a guard itself, or another user's object, which takes no part in
    /// commits of ours.
    pub guard: Option<Arc<Guard>>,
}

// SAFETY: the words are reached by atomics; links by their owner alone.
unsafe impl Send for SyncObject {}
// SAFETY: as above.
unsafe impl Sync for SyncObject {}

/// What a waiter may take of a reserved object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rank {
    /// Has not slept in this wait: lets the reserving thread go first.
    Newcomer,
    /// Was asleep, or will not come again.
    Slept,
    /// Reserved it, or saw that who did does not come. Clears the reservation.
    Claimant,
}

impl Rank {
    /// A word that this waiter puts in place when it takes the object.
    #[inline]
    pub fn settle_claim(self, word: u64) -> u64 {
        if self == Rank::Claimant { word & !RESERVED } else { word }
    }
}

/// What came of one try to take an object. The word is the last one seen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Attempt {
    Granted,
    /// And the last owner of the mutex ended with it.
    Abandoned,
    Busy(u64),
    /// A commit is taking it, or died over it.
    Locked(u64),
    /// The thread owns more mutexes than the kernel would give back.
    Full,
    /// Somebody cut its page off.
    Lost,
}

impl SyncObject {
    /// # Safety
    /// The words stay mapped as long as the object, and while a thread of this
    /// process owns them.
    pub unsafe fn new(words: NonNull<u8>, kind: Kind, maximum: u32, guard: Option<Arc<Guard>>) -> SyncObject {
        let identity = words.as_ptr() as u64;
        SyncObject { words: words.cast(), kind, maximum, hints: kind.hints(), identity, guard }
    }

    /// Another view of the same object.
    ///
    /// # Safety
    /// As for `new`: the words outlive it.
    pub unsafe fn share(&self) -> SyncObject {
        let (words, kind, maximum, hints) = (self.words, self.kind, self.maximum, self.hints);
        SyncObject { words, kind, maximum, hints, identity: self.identity, guard: self.guard.clone() }
    }

    /// An object of a file, which this process may map more than once.
    pub fn set_file(&mut self, device: u64, inode: u64) {
        const NO_ADDRESS: u64 = 1 << 63;
        self.identity = NO_ADDRESS | device.rotate_left(40) ^ inode;
    }

    pub(super) fn identity(&self) -> u64 {
        self.identity
    }

    /// The guard that the object was made for.
    pub fn guard_id(&self) -> u64 {
        self.words().guard_id.load(Relaxed)
    }

    #[inline]
    pub(super) fn words(&self) -> &Words {
        // SAFETY: mapped as long as `self`, aligned, and made of atomics.
        unsafe { self.words.as_ref() }
    }

    #[inline]
    pub(super) fn address(&self) -> NonNull<Words> {
        self.words
    }

    /// For `./dev bench`.
    #[cfg(feature = "bench")]
    pub fn state(&self) -> &std::sync::atomic::AtomicU64 {
        &self.words().state
    }

    pub fn is_same(&self, other: &SyncObject) -> bool {
        self.words == other.words
    }

    /// Whether it is worth a try. One load: most waits for many objects look at most of
    /// them in vain.
    #[inline(always)]
    pub fn seems_available(&self) -> bool {
        self.hints == 0 || self.words().state.load(Relaxed) & self.hints != 0
    }

    /// Tries to take the object. Never waits.
    #[inline(never)]
    pub fn attempt(&self, me: &Owner, rank: Rank) -> Attempt {
        self.attempt_here(me, rank)
    }

    /// `attempt` without a call: for the first look of a wait, which is all there is
    /// to most of them.
    #[inline(always)]
    pub fn attempt_here(&self, me: &Owner, rank: Rank) -> Attempt {
        match self.kind {
            Kind::Mutex => self.attempt_mutex(me, rank),
            Kind::AutoTimer | Kind::ManualTimer => self.attempt_timer(),
            Kind::AutoEvent | Kind::ManualEvent | Kind::Semaphore => self.attempt_signal(rank),
        }
    }

    /// Whether a commit may take the object in this state, which is up to date.
    pub(super) fn is_grantable_now(&self, me: &Owner, word: u64, rank: Rank) -> bool {
        if word & self.kind.locked() != 0 {
            return false;
        }
        let mine = self.kind == Kind::Mutex && word & mutex::OWNER != 0 && self.is_mine(me, word);
        let reserved = rank == Rank::Newcomer && self.kind.is_reserved(word);
        mine || self.kind.is_present(word) && !reserved
    }

    /// The current word, with what time has done to it. May be LOCKED.
    pub(super) fn look(&self) -> u64 {
        let word = self.words().state.load(SeqCst);
        if self.kind.is_timer() { self.evaluate_timer(word) } else { word }
    }

    /// Whether somebody cut the page off in which the word stood.
    pub(super) fn is_lost(word: u64) -> bool {
        word == CUT_OFF
    }

    /// Wakes up to `count` sleepers; returns how many slept on this very word.
    pub(super) fn wake(&self, count: i32) -> usize {
        let woken = futex::wake(futex::low_half(&self.words().state), count);
        if let Some(guard) = self.guard.as_ref().filter(|_| woken < count as usize) {
            guard.ring();
        }
        woken
    }

    /// After a signal: wakes as many as it may satisfy. Sequentially consistent
    /// with `lie_down`: either they see the signal, or they are seen here.
    #[inline]
    pub(super) fn wake_sleepers(&self, count: i32) {
        if self.words().sleepers().load(SeqCst) != 0 && !plant::is(plant::QUIET_SIGNAL) {
            self.wake_registered(count);
        }
    }

    /// Keeps errno: where the C library does not know the processor, it asks the system.
    #[cold]
    #[inline(never)]
    fn wake_registered(&self, count: i32) {
        let _errno = ErrnoKept::new();
        self.note_processor();
        self.wake(count);
    }

    /// Whether somebody waits who will come when it is his turn. Not of mutexes.
    #[inline]
    pub(super) fn has_queue(&self) -> bool {
        let waiters = self.words().waiters.load(SeqCst);
        waiters != 0 && waiters > self.words().absent.load(Relaxed)
    }

    /// Of what is handed over: whether the caller, who is registered, alone is.
    pub(super) fn has_one_waiter(&self) -> bool {
        self.kind.is_handed_over() && self.words().waiters.load(SeqCst) == 1
    }

    /// A registered waiter saw that nobody came for what was reserved: the others that
    /// are registered are dead or stopped.
    pub(super) fn miss_waiters(&self) {
        if self.kind.is_handed_over() {
            let others = self.words().waiters.load(Relaxed).saturating_sub(1);
            self.words().absent.store(others, Relaxed);
            stored("object: others absent");
        }
    }

    pub(super) fn times_handed_over(&self) -> u32 {
        self.words().handed_over.load(SeqCst)
    }

    /// Nobody is due what is there: whoever comes may have it, and who fell asleep over
    /// the reservation, too.
    pub(super) fn unreserve(&self) {
        if self.words().state.fetch_and(!RESERVED, SeqCst) & RESERVED != 0 {
            stored("object: for whoever comes");
            self.wake_sleepers(1);
        }
    }

    /// Passes on a wake that came for an object which the woken thread leaves there.
    pub(super) fn wake_if_available(&self) {
        let word = self.words().state.load(SeqCst);
        match self.kind {
            Kind::Mutex if word & mutex::OWNER == 0 && word & mutex::WAITERS != 0 => {
                self.wake(1);
            }
            Kind::Mutex => {}
            kind if kind.is_present(word) => {
                if kind.is_reserved(word) && self.has_queue() {
                    // For those who came after the signal, too.
                    self.words().handed_over.fetch_add(1, SeqCst);
                    stored("object: handed over again");
                } else if kind.is_reserved(word) {
                    self.unreserve();
                }
                self.wake_sleepers(if kind.is_single() { 1 } else { i32::MAX });
            }
            _ => {}
        }
    }

    pub(super) fn register_waiter(&self) {
        if self.kind != Kind::Mutex {
            self.words().waiters.fetch_add(1, SeqCst);
            stored("object: waiter counted");
        }
    }

    /// Who is registered is about to sleep: from now on he must be woken. He looks again first.
    pub(super) fn lie_down(&self) {
        if self.kind != Kind::Mutex {
            self.words().sleepers().fetch_add(1, SeqCst);
            stored("object: sleeper counted");
        }
    }

    pub(super) fn get_up(&self) {
        if self.kind != Kind::Mutex {
            self.words().sleepers().fetch_sub(1, SeqCst);
            stored("object: sleeper gone");
        }
    }

    pub(super) fn unregister_waiter(&self) {
        if self.kind == Kind::Mutex {
            return;
        }
        let others = self.words().waiters.fetch_sub(1, SeqCst).wrapping_sub(1);
        stored("object: waiter gone");
        if self.words().absent.load(Relaxed) > others {
            self.words().absent.store(others, Relaxed);
        }
    }
}
