//! Taking several objects at one instant, or none.
//!
//! Under the guards of all objects: each word gets LOCKED, after a note of what it
//! is to become; one store decides; each word gets its new value. Who meets LOCKED
//! waits a moment, or finishes a dead one's work (`recover`).

use super::guard::{Commit, Guard, Held};
use super::object::{Attempt, Rank, SyncObject};
use super::owner::{self, Owner};
use super::state::{Kind, mutex};
use super::wait::{MOST, Outcome};
use crate::error::Error;
use crate::plant::{self, step};
use crate::sys::thread::without_signals;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, SeqCst};

/// How an object takes part in a commit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Locked,
    /// A mutex that the caller has already.
    Owned,
}

/// Takes all objects, or tells the index of one that is not there. Busy: the guards were
/// not to be had in time.
pub(super) fn commit(
    me: &Owner,
    objects: &[&SyncObject],
    guards: &[&Guard],
    rank: Rank,
    deadline_ns: u64,
) -> Result<Result<Outcome, usize>, Error> {
    let mut held: Vec<Held> = Vec::with_capacity(guards.len());
    for guard in guards {
        held.push(guard.hold(me, deadline_ns)?);
    }
    let decider = guards.last().ok_or(Error::Internal)?;
    let result = commit_under(me, objects, decider, rank);
    drop(held);
    result
}

/// `all` where every object is there, and the one guard of them all is to be had. None:
/// nothing has happened. Never waits.
pub fn all_at_once(me: &Owner, objects: &[&SyncObject]) -> Option<Outcome> {
    let guard = objects.first()?.guard.as_ref()?;
    let is_ready = |object: &&SyncObject| {
        let has_guard = object.guard.as_ref().is_some_and(|other| other.id == guard.id);
        has_guard && object.is_grantable_now(me, object.look(), Rank::Newcomer)
    };
    if !objects.iter().all(is_ready) {
        return None;
    }
    let held = guard.hold_at_once(me)?;
    let committed = commit_under(me, objects, guard, Rank::Newcomer);
    drop(held);
    committed.ok()?.ok()
}

/// `commit` under the guards, of which one decides.
fn commit_under(
    me: &Owner,
    objects: &[&SyncObject],
    decider: &Guard,
    rank: Rank,
) -> Result<Result<Outcome, usize>, Error> {
    if plant::is(plant::ONE_BY_ONE) {
        return Ok(grab_one_by_one(me, objects, rank));
    }
    without_handlers(|| {
        let this = decider.begin();
        let mut parts = [Part::Owned; MOST];
        let mut mutexes = 0;
        for (index, object) in objects.iter().enumerate() {
            let part = object.lock_for(me, this, rank);
            mutexes += usize::from(part == Some(Part::Locked) && object.kind == Kind::Mutex);
            let full = mutexes > 0 && !me.can_own_more_by(mutexes);
            if let Some(part) = part {
                parts[index] = part;
            }
            if part.is_none() || full {
                undo(&objects[..index + usize::from(full)], &parts);
                return if full { Err(owner::FULL) } else { Ok(Err(index)) };
            }
            step(25);
        }
        decider.decide(this);
        step(26);
        let mut outcome = Outcome::Granted(0);
        for (index, object) in objects.iter().enumerate() {
            let abandoned = match parts[index] {
                Part::Owned => object.take_again(),
                Part::Locked => object.apply(me),
            };
            if abandoned && outcome == Outcome::Granted(0) {
                outcome = Outcome::Abandoned(index);
            }
            step(27);
        }
        Ok(Ok(outcome))
    })
}

/// A handler that met LOCKED on its own thread would undo half of the commit.
fn without_handlers<R>(body: impl FnOnce() -> R) -> R {
    if plant::is(plant::OPEN_COMMIT) { body() } else { without_signals(body) }
}

/// What `commit` must not do, for the tests of its tests.
fn grab_one_by_one(me: &Owner, objects: &[&SyncObject], rank: Rank) -> Result<Outcome, usize> {
    for (index, object) in objects.iter().enumerate() {
        if !matches!(object.attempt(me, rank), Attempt::Granted | Attempt::Abandoned) {
            for taken in &objects[..index] {
                let _ = match taken.kind {
                    Kind::Mutex => taken.release(me),
                    Kind::AutoEvent => taken.set_event(),
                    Kind::Semaphore => taken.release_semaphore(1).map(|_| ()),
                    Kind::ManualEvent | Kind::AutoTimer | Kind::ManualTimer => Ok(()),
                };
            }
            return Err(index);
        }
    }
    Ok(Outcome::Granted(0))
}

fn undo(objects: &[&SyncObject], parts: &[Part]) {
    for (object, _) in objects.iter().zip(parts).filter(|(_, part)| **part == Part::Locked) {
        let unlock = |word: u64| (!SyncObject::is_lost(word)).then_some(word & !object.kind.locked());
        let _ = object.words().state.fetch_update(SeqCst, Relaxed, unlock);
        step(23);
        if !plant::is(plant::QUIET_UNDO) {
            // Who was woken meanwhile met LOCKED, and may have died over it.
            object.wake_if_available();
        }
    }
}

impl SyncObject {
    /// LOCKED, and what is to become of the word. None: it cannot be taken now.
    fn lock_for(&self, me: &Owner, commit: Commit, rank: Rank) -> Option<Part> {
        let words = self.words();
        let mut word = words.state.load(Acquire);
        if word & self.kind.locked() != 0 {
            word = self.recover();
        }
        loop {
            if self.kind.is_timer() {
                word = self.evaluate_timer(word);
            }
            if !self.is_grantable_now(me, word, rank) {
                return None;
            }
            if self.kind == Kind::Mutex && word & mutex::OWNER != 0 {
                return Some(Part::Owned);
            }
            words.intent_value.store(self.kind.consumed(word), Relaxed);
            words.intent_sequence.store(commit.0, Relaxed);
            step(22);
            // Release: who sees LOCKED sees the intent.
            match words.state.compare_exchange_weak(word, word | self.kind.locked(), AcqRel, Acquire) {
                Ok(_) => return Some(Part::Locked),
                Err(now) => word = now,
            }
        }
    }

    /// Once more, for its owner. Whoever took it told of its abandonment.
    fn take_again(&self) -> bool {
        let more = |count: u32| count.checked_add(1);
        let _ = self.words().recursion.fetch_update(Relaxed, Relaxed, more);
        false
    }

    /// From LOCKED to taken in one exchange: a word that is LOCKED and owned would
    /// mean nothing to the kernel. Only RESERVED and WAITERS change meanwhile.
    /// True: the mutex was abandoned.
    fn apply(&self, me: &Owner) -> bool {
        let words = self.words();
        let is_mutex = self.kind == Kind::Mutex;
        if is_mutex {
            me.cover(self.address());
        }
        let mut word = words.state.load(Acquire);
        loop {
            if Self::is_lost(word) {
                me.clear_pending();
                return false;
            }
            let fresh = match is_mutex {
                true => mutex::taken(word, u64::from(me.thread())),
                false => self.kind.committed(word, words.intent_value.load(Relaxed)),
            };
            match words.state.compare_exchange_weak(word, fresh, SeqCst, Acquire) {
                Ok(_) => break,
                Err(now) => word = now,
            }
        }
        step(24);
        if is_mutex {
            self.own(me, mutex::taken(word, u64::from(me.thread())));
            me.clear_pending();
        }
        is_mutex && word & mutex::DIED != 0
    }
}
