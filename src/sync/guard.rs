//! Guards: who takes several objects at one instant, or repairs what such a one
//! left, holds the guard of these objects.
//!
//! A guard is a mutex, so it survives its holder. LOCKED in an object's word, seen
//! by the holder of its guard, is a dead one's, whose work `recover` does or undoes when
//! the object is met.
//!
//! Objects without a name, of the user's directory and of the administrator's have
//! different guards. A commit over several takes them from the narrowest to the
//! widest, and the widest decides.

use super::object::{Attempt, Rank, SyncObject};
use super::owner::{self, Owner};
use super::state::{Kind, mutex, signal};
use super::wait::{self, Outcome};
use super::words::{DEAD, GuardWords};
use crate::error::Error;
use crate::plant::{self, step, stored};
use crate::sys::futex;
use crate::sys::thread::without_signals;
use crate::sys::time;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

/// Whose objects a guard is for; in the order in which guards are taken.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reach {
    /// Objects without a name: a process and its forked children.
    Family = 0,
    /// One user's.
    User = 1,
    /// Several users', who trust each other.
    Machine = 2,
}

pub struct Guard {
    words: NonNull<GuardWords>,
    pub mutex: SyncObject,
    pub reach: Reach,
    pub id: u64,
    /// Keeps the words mapped.
    _home: Box<dyn Send + Sync>,
}

// SAFETY: the words are reached by atomics.
unsafe impl Send for Guard {}
// SAFETY: as above.
unsafe impl Sync for Guard {}

/// A commit, as the objects remember it: the number of a deciding guard, and its
/// reach. 0: none that was ever decided.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Commit(pub u64);

const REACH_BITS: u32 = 2;

impl Commit {
    fn reach(self) -> Option<Reach> {
        [Reach::Family, Reach::User, Reach::Machine]
            .into_iter()
            .find(|reach| *reach as u64 == self.0 & ((1 << REACH_BITS) - 1))
    }
}

static KNOWN: [Mutex<Weak<Guard>>; 3] = [const { Mutex::new(Weak::new()) }; 3];
static FINDER: OnceLock<Finder> = OnceLock::new();

type Finder = fn(Reach) -> Option<Arc<Guard>>;

/// Has `finder` asked for a guard that this process has not met, and needs to know
/// whether a commit was decided.
pub fn find_with(finder: Finder) {
    let _ = FINDER.set(finder);
}

fn find(reach: Reach) -> Option<Arc<Guard>> {
    let known = KNOWN[reach as usize].lock().unwrap_or_else(PoisonError::into_inner).upgrade();
    known.or_else(|| FINDER.get().and_then(|finder| finder(reach)))
}

impl Guard {
    /// # Safety
    /// `words` is the zeroed, or used, page of a guard, aligned and mapped as long as
    /// `home` lives.
    pub unsafe fn new(words: NonNull<u8>, reach: Reach, home: Box<dyn Send + Sync>) -> Arc<Guard> {
        // SAFETY: the mutex stands first in the page.
        let mutex = unsafe { SyncObject::new(words, Kind::Mutex, 0, None) };
        let id = mutex.words().guard_id.load(Relaxed);
        let guard = Arc::new(Guard { words: words.cast(), mutex, reach, id, _home: home });
        *KNOWN[reach as usize].lock().unwrap_or_else(PoisonError::into_inner) = Arc::downgrade(&guard);
        guard
    }

    pub(super) fn words(&self) -> &GuardWords {
        // SAFETY: mapped as long as `self`, aligned, and made of atomics.
        unsafe { self.words.as_ref() }
    }

    /// Runs `body` as the holder, and without signals: a handler that met LOCKED on
    /// its own thread could neither wait nor repair.
    pub(super) fn while_held<R>(
        &self,
        me: &Owner,
        patience_ns: u64,
        body: impl FnOnce() -> R,
    ) -> Result<R, Error> {
        let _held = self.hold(me, time::monotonic_ns() + patience_ns)?;
        Ok(without_signals(body))
    }

    /// Takes the guard; Busy when that takes too long: its holder is stopped, or a peer
    /// says that somebody holds it. To be followed by `without_signals`.
    pub(super) fn hold<'g>(&'g self, me: &'g Owner, deadline_ns: u64) -> Result<Held<'g>, Error> {
        // There is one pending slot. If it covers a wake that this thread carries,
        // that goes to the next one: killed here, it would be lost.
        if !me.pending().is_null() {
            if !plant::is(plant::KEEP_WAKE) {
                futex::wake(me.futex_of(me.pending()), 1);
            }
            me.clear_pending();
        }
        me.guards.set(me.guards.get() + 1);
        let deadline_ns = if plant::is(plant::NO_DEADLINE) { wait::NEVER } else { deadline_ns };
        let outcome = match wait::one(me, &self.mutex, deadline_ns) {
            Ok(Outcome::TimedOut) => Err(Error::Busy),
            outcome => outcome,
        };
        let outcome = outcome.inspect_err(|_| me.guards.set(me.guards.get().saturating_sub(1)))?;
        if let Outcome::Abandoned(_) = outcome {
            self.remember_decided();
        }
        Ok(Held { guard: self, me })
    }

    /// `hold` for who is in the middle of nothing, if it needs no waiting.
    pub(super) fn hold_at_once<'g>(&'g self, me: &'g Owner) -> Option<Held<'g>> {
        if !me.pending().is_null() || me.guards.get() != 0 {
            return None;
        }
        me.guards.set(1);
        let attempt = self.mutex.attempt(me, Rank::Newcomer);
        if !matches!(attempt, Attempt::Granted | Attempt::Abandoned) {
            me.guards.set(0);
            return None;
        }
        if attempt == Attempt::Abandoned {
            self.remember_decided();
        }
        Some(Held { guard: self, me })
    }

    /// Before anything else: the last holder died, perhaps after a decision that
    /// not all of its objects have seen. If this one dies here too, the next repeats it.
    fn remember_decided(&self) {
        let words = self.words();
        let decided = words.decided.load(SeqCst);
        if words.dead.iter().any(|dead| dead.load(Relaxed) == decided) || plant::is(plant::FORGET_DEAD) {
            return;
        }
        let count = words.dead_count.load(Relaxed);
        words.dead[count as usize % DEAD].store(decided, Release);
        step(28);
        words.dead_count.store(count.wrapping_add(1), Release);
        stored("guard: dead counted");
    }

    /// The next commit that this guard, which is held, decides.
    pub(super) fn begin(&self) -> Commit {
        let number = self.words().sequence.fetch_add(1, Relaxed).wrapping_add(1);
        stored("guard: commit numbered");
        Commit(number << REACH_BITS | self.reach as u64)
    }

    /// From here on the commit has happened, whoever dies.
    pub(super) fn decide(&self, commit: Commit) {
        self.words().decided.store(commit.0, SeqCst);
        stored("guard: decided");
    }

    fn has_decided(&self, commit: Commit) -> bool {
        let words = self.words();
        // In this order: a decision enters `dead` before the next one is made.
        words.decided.load(SeqCst) == commit.0 || words.dead.iter().any(|dead| dead.load(Acquire) == commit.0)
    }

    pub(super) fn was_decided(&self, commit: Commit) -> bool {
        match commit.reach() {
            _ if commit.0 == 0 => false,
            Some(reach) if reach == self.reach => self.has_decided(commit),
            Some(reach) => find(reach).is_some_and(|wider| wider.has_decided(commit)),
            None => false,
        }
    }

    /// Whether somebody sleeps who must be woken by `ring`.
    pub(super) fn has_bell_waiters(&self) -> bool {
        self.words().bell_waiters.load(SeqCst) != 0
    }

    /// Wakes processes that wait for several objects and cannot sleep on all of
    /// their words (`sleep`).
    #[inline]
    pub(super) fn ring(&self) {
        let words = self.words();
        if self.has_bell_waiters() {
            words.bell.fetch_add(1, SeqCst);
            stored("guard: bell rung");
            futex::wake(words.bell.as_ptr(), i32::MAX);
        }
    }
}

pub struct Held<'g> {
    guard: &'g Guard,
    me: &'g Owner,
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        // Fails in a child that a signal handler forked meanwhile, which owns nothing.
        let _ = self.guard.mutex.release(self.me);
        self.me.guards.set(self.me.guards.get().saturating_sub(1));
    }
}

/// How long who needs the guard for what he was asked for waits for it.
pub(super) const PATIENCE_NS: u64 = 2_000_000_000;

/// And who wants to see whether the object is free. A live committer takes microseconds,
/// but on a busy machine his thread may have to wait for its turn, and who gave up before
/// that would take for gone what the commit then leaves there.
pub(super) const GLANCE_NS: u64 = 1_000_000_000;

/// What a new object's words begin with: the id of its guard, and LOCKED by nobody
/// if its creator is going to be its first owner.
pub fn initial_words(state: u64, guard: &Guard) -> [u8; super::words::GUARD_ID + 8] {
    let mut bytes = [0; super::words::GUARD_ID + 8];
    bytes[..8].copy_from_slice(&state.to_le_bytes());
    bytes[super::words::GUARD_ID..].copy_from_slice(&guard.id.to_le_bytes());
    bytes
}

/// A guard that is held while a mutex comes into the world.
pub struct Birth<'g> {
    /// None: a planted fault.
    _held: Option<Held<'g>>,
    me: &'g Owner,
}

/// Prepares for a new mutex in the state `UNBORN`, which nobody can take until
/// `Birth` ends: then it is the calling thread's (`own`), or free. Killed meanwhile,
/// the thread leaves a free mutex. May sleep.
pub fn birth(guard: &Guard) -> Result<Birth<'_>, Error> {
    let me = owner::me();
    if !me.can_own_more() {
        return Err(owner::FULL);
    }
    let held = if plant::is(plant::UNGUARDED_BIRTH) {
        None
    } else {
        Some(guard.hold(me, time::monotonic_ns() + PATIENCE_NS)?)
    };
    Ok(Birth { _held: held, me })
}

impl Birth<'_> {
    /// Gives the mutex to the calling thread.
    pub fn own(&self, object: &SyncObject) {
        let owner = u64::from(self.me.thread());
        without_signals(|| {
            step(40);
            self.me.cover(object.address());
            let state = &object.words().state;
            let mut word = state.load(Acquire);
            while let Err(now) = state.compare_exchange_weak(word, mutex::taken(word, owner), AcqRel, Acquire)
            {
                word = now;
            }
            step(41);
            object.own(self.me, mutex::taken(word, owner));
            step(42);
            self.me.clear_pending();
        });
    }
}

/// The state of a mutex that is being born. No commit was decided that made it so.
pub const UNBORN: u64 = mutex::LOCKED;

const _: () = assert!(signal::LOCKED != mutex::LOCKED);
