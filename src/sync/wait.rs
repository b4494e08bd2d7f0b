//! Waiting for one object, or for any of several.
//!
//! What keeps every waiter alive: if an object is available and somebody sleeps on
//! it, then a living thread is about to wake him or to take the object, or the kernel
//! owes the wake of a dying one. Hence
//! * who slept and leaves without an object passes on the wake that may have been
//!   for it (`queue`), also when his time is over;
//! * from its sleep on, a thread covers the object that it was woken for.
//!
//! A thread killed while it waits for several covers one of them only; the time
//! slices of `sleep` are for the others.

use super::object::{Attempt, Rank, SyncObject};
use super::owner::{self, Owner};
use super::sleep::{self, Awakening};
use super::spin;
use super::state::{Kind, signal};
use crate::error::Error;
use crate::sys::time;
use std::mem;
use std::sync::atomic::Ordering::Relaxed;

/// As many objects as one wait can have.
pub const MOST: usize = 64;

/// A deadline, in ns of the monotonic clock, that never comes.
pub const NEVER: u64 = u64::MAX;
/// A deadline that has passed: looks once.
pub const NOW: u64 = 0;

/// Somebody cut the object's page off.
pub(super) const LOST: Error = Error::FileInvalid;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The object of this index was taken.
    Granted(usize),
    /// And it is a mutex whose owner ended with it.
    Abandoned(usize),
    TimedOut,
}

pub struct Wait<'a> {
    pub objects: &'a [&'a SyncObject],
    pub me: &'a Owner,
    pub start_ns: u64,
    /// What the clock said a moment ago: there is no need to ask it again. 0: there is.
    pub(super) now_ns: u64,
    pub deadline_ns: u64,
    /// Was asleep at least once, for another reason than that an object is reserved.
    pub slept: bool,
    /// When this thread last saw that nothing is reserved.
    pub unreserved_ns: u64,
    /// The object that this thread was woken for last.
    pub woken_for: Option<usize>,
    /// Bit i: object i was reserved here, or by somebody who does not come.
    pub claims: u64,
    /// The last word of each object, when it was busy.
    pub seen: [u64; MOST],
    /// Of manual events, the epoch when the wait began. Of what is handed over, how
    /// often that had been done when this thread was registered.
    pub(super) since: [u32; MOST],
    /// Who registers as a waiter: not a child that a signal handler forks meanwhile.
    pub(super) waiter: u64,
    pub(super) is_registered: bool,
    /// Whom signals wake, likewise; 0: nobody.
    pub(super) sleeper: u64,
}

/// Waits for one object.
pub fn one(me: &Owner, object: &SyncObject, deadline_ns: u64) -> Result<Outcome, Error> {
    any(me, &[object], deadline_ns)
}

/// Waits until one of the objects can be taken, and takes it: of several the first.
pub fn any(me: &Owner, objects: &[&SyncObject], deadline_ns: u64) -> Result<Outcome, Error> {
    let rank = if deadline_ns == NOW { Rank::Slept } else { Rank::Newcomer };
    if let Some(outcome) = poll(me, objects, rank)? {
        return Ok(outcome);
    }
    if deadline_ns != NOW {
        return Wait::new(me, objects, deadline_ns).run();
    }
    let again = if bury_lost_owners(me, objects) { poll(me, objects, rank)? } else { None };
    Ok(again.unwrap_or(Outcome::TimedOut))
}

/// Before somebody is told that his time is over. True: it is worth another look.
fn bury_lost_owners(me: &Owner, objects: &[&SyncObject]) -> bool {
    objects.iter().filter(|object| object.bury_lost_owner(me)).count() != 0
}

/// One look at each object.
#[inline]
pub fn poll(me: &Owner, objects: &[&SyncObject], rank: Rank) -> Result<Option<Outcome>, Error> {
    for (index, object) in objects.iter().enumerate() {
        match attempt_settled(me, object, rank) {
            Attempt::Busy(_) | Attempt::Locked(_) => {}
            Attempt::Granted => return finish(me, Outcome::Granted(index)),
            Attempt::Abandoned => return finish(me, Outcome::Abandoned(index)),
            Attempt::Full => {
                me.clear_pending();
                return Err(owner::FULL);
            }
            Attempt::Lost => {
                me.clear_pending();
                return Err(LOST);
            }
        }
    }
    me.clear_pending();
    Ok(None)
}

/// One try, when no commit is at the object any more; Locked where that is for
/// others to see to, or a peer does not let it be.
fn attempt_settled(me: &Owner, object: &SyncObject, rank: Rank) -> Attempt {
    const ROUNDS: u32 = 200;
    let mut attempt = object.attempt(me, rank);
    for _ in 0..ROUNDS {
        let Attempt::Locked(_) = attempt else { break };
        let word = object.settle(me);
        if SyncObject::is_lost(word) {
            return Attempt::Lost;
        }
        if word & object.kind.locked() != 0 {
            return Attempt::Locked(word);
        }
        attempt = object.attempt(me, rank);
    }
    attempt
}

#[inline]
fn finish(me: &Owner, outcome: Outcome) -> Result<Option<Outcome>, Error> {
    me.clear_pending();
    Ok(Some(outcome))
}

impl<'a> Wait<'a> {
    /// Begins to wait: what happens from here on is not missed.
    pub fn new(me: &'a Owner, objects: &'a [&'a SyncObject], deadline_ns: u64) -> Wait<'a> {
        let start_ns = time::monotonic_ns();
        let mut wait = Wait {
            objects,
            me,
            start_ns,
            now_ns: start_ns,
            unreserved_ns: start_ns,
            deadline_ns,
            slept: false,
            woken_for: None,
            claims: 0,
            seen: [0; MOST],
            since: [0; MOST],
            waiter: me.cookie(),
            is_registered: false,
            sleeper: 0,
        };
        for (index, object) in objects.iter().enumerate() {
            wait.seen[index] = object.words().state.load(Relaxed);
            wait.since[index] = (wait.seen[index] & signal::EPOCH) as u32;
        }
        wait
    }

    pub fn run(mut self) -> Result<Outcome, Error> {
        // First: he is due what the object gets from now on, also while he spins.
        self.register();
        let result = self.spin();
        self.end(result)
    }

    /// `run` with a signal that is given when this thread is in the queue: whoever is
    /// released by it, and signals what is waited for, finds a waiter there.
    pub fn run_after(mut self, signal: impl FnOnce() -> Result<(), Error>) -> Result<Outcome, Error> {
        self.register();
        let result = match signal() {
            Ok(()) => self.spin(),
            Err(error) => Some(Err(error)),
        };
        self.end(result)
    }

    /// Sleeps unless there is a result already, and leaves the queues.
    fn end(mut self, result: Option<Result<Outcome, Error>>) -> Result<Outcome, Error> {
        let result = result.unwrap_or_else(|| self.sleep_and_look());
        self.leave(result.as_ref().ok().copied());
        if let (true, Ok(Outcome::Granted(index))) = (self.slept, &result) {
            self.me.spins.slept(self.objects[*index], self.start_ns);
        }
        result
    }

    fn spin(&mut self) -> Option<Result<Outcome, Error>> {
        spin::spin(self, |wait| wait.scan(false).transpose())
    }

    fn sleep_and_look(&mut self) -> Result<Outcome, Error> {
        self.lie_down();
        loop {
            if let Some(outcome) = self.scan(false)? {
                return Ok(outcome);
            }
            let now = self.now();
            if now >= self.deadline_ns {
                return self.look_for_the_last_time();
            }
            if !self.announce(now) {
                continue;
            }
            let limit = sleep::limit(self, now);
            if limit.reserved == 0 {
                self.unreserved_ns = now;
            }
            let end = sleep::sleep(self, limit.end_ns);
            self.woken_for = if let Awakening::For(index) = end { Some(index) } else { None };
            if end == Awakening::Other {
                self.objects.iter().zip(&self.seen).for_each(|(object, seen)| {
                    object.bury_owner(self.me, *seen);
                });
            }
            let is_in_vain = self.woken_for.is_none() && limit.reserved != 0;
            self.slept |= end != Awakening::Moved && !is_in_vain;
            if is_in_vain {
                self.claim_left_over(limit.reserved);
            }
            if is_in_vain && time::monotonic_ns() >= limit.reserved_until_ns {
                self.claim(limit.reserved);
            }
        }
    }

    fn now(&mut self) -> u64 {
        match mem::take(&mut self.now_ns) {
            0 => time::monotonic_ns(),
            now => now,
        }
    }

    fn look_for_the_last_time(&mut self) -> Result<Outcome, Error> {
        let mut found = self.scan(true)?;
        if found.is_none() && bury_lost_owners(self.me, self.objects) {
            found = self.scan(true)?;
        }
        Ok(found.unwrap_or(Outcome::TimedOut))
    }

    /// Tries every object in order. The last look at a deadline heeds no reservation.
    fn scan(&mut self, is_last: bool) -> Result<Option<Outcome>, Error> {
        for (index, object) in self.objects.iter().enumerate() {
            let rank = match self.rank_of(index) {
                Rank::Newcomer if is_last => Rank::Slept,
                rank => rank,
            };
            let mut attempt = attempt_settled(self.me, object, rank);
            if let Attempt::Busy(word) = attempt {
                // Perhaps it was reserved for this thread after it had asked.
                if rank == Rank::Newcomer && object.kind.is_reserved(word) && self.is_due(index) {
                    attempt = attempt_settled(self.me, object, Rank::Slept);
                }
            }
            match attempt {
                Attempt::Granted => return Ok(Some(Outcome::Granted(index))),
                Attempt::Abandoned => return Ok(Some(Outcome::Abandoned(index))),
                Attempt::Busy(word) | Attempt::Locked(word) => {
                    self.seen[index] = word;
                    // Set, and reset before we looked.
                    let epoch = (word & signal::EPOCH) as u32;
                    if object.kind == Kind::ManualEvent && epoch != self.since[index] {
                        return Ok(Some(Outcome::Granted(index)));
                    }
                }
                Attempt::Full => return Err(owner::FULL),
                Attempt::Lost => return Err(LOST),
            }
        }
        Ok(None)
    }
}
