//! Waiting for all of several objects, which `commit` takes at one instant. Until all are
//! there nothing is taken and nothing reserved: the waiter sleeps on one that is not
//! there, without which it cannot go on. (An event that is set and reset while it sleeps
//! does not help: nobody could tell whether the others were there then.)

use super::commit::commit;
use super::guard::{GLANCE_NS, Guard};
use super::object::{Rank, SyncObject};
use super::owner::Owner;
use super::sleep::{self, Awakening};
use super::state::Kind;
use super::wait::{self, LOST, NOW, Outcome, Wait};
use crate::error::Error;
use crate::plant;
use crate::sys::time;

/// Waits until all objects can be taken, and takes them. Of mutexes that were
/// abandoned the outcome names the first. The objects differ from each other.
pub fn all(me: &Owner, objects: &[&SyncObject], deadline_ns: u64) -> Result<Outcome, Error> {
    if let [object] = objects {
        return wait::one(me, object, deadline_ns);
    }
    let guards = guards_of(objects)?;
    let guards = &guards[..];
    let start_ns = time::monotonic_ns();
    let mut slept = false;
    // The object that this thread slept on last. A wake for it may have come.
    let mut last: Option<&SyncObject> = None;
    loop {
        let rank = if slept || deadline_ns == NOW { Rank::Slept } else { Rank::Newcomer };
        let mut missing = None;
        for (index, object) in objects.iter().enumerate() {
            if !object.is_grantable_now(me, settled(me, object)?, rank) {
                missing = Some(index);
                break;
            }
        }
        let committed = match missing {
            Some(index) => Err(index),
            None => match commit(me, objects, guards, rank, deadline_ns.max(start_ns + GLANCE_NS)) {
                // The deadline is over.
                Err(Error::Busy) => Err(0),
                result => result?,
            },
        };
        let missing = match committed {
            Ok(outcome) => {
                last.into_iter()
                    .filter(|last| last.kind == Kind::Semaphore)
                    .for_each(SyncObject::wake_if_available);
                return Ok(outcome);
            }
            Err(index) => objects[index],
        };
        let passes_on = last.filter(|last| last.kind.is_single() && !plant::is(plant::NO_CHAIN));
        if let Some(last) = passes_on.filter(|last| !last.is_same(missing)) {
            last.wake_if_available();
        }
        me.clear_pending();
        if time::monotonic_ns() >= deadline_ns {
            if missing.bury_lost_owner(me) {
                continue;
            }
            passes_on
                .into_iter()
                .filter(|last| last.is_same(missing))
                .for_each(SyncObject::wake_if_available);
            return Ok(Outcome::TimedOut);
        }
        slept |= sleep_on(me, missing, rank, start_ns, deadline_ns)?;
        last = Some(missing);
    }
}

/// The guards of all objects, narrowest first, each once.
fn guards_of<'o>(objects: &[&'o SyncObject]) -> Result<Vec<&'o Guard>, Error> {
    let mut guards: Vec<&Guard> = Vec::with_capacity(2);
    for object in objects {
        let guard = object.guard.as_ref().ok_or(Error::AccessDenied)?;
        if !guards.iter().any(|known| known.id == guard.id) {
            guards.push(guard);
        }
    }
    guards.sort_by_key(|guard| guard.reach);
    // Two users' private objects: nobody could tell what was decided.
    if guards.windows(2).any(|pair| pair[0].reach == pair[1].reach) {
        return Err(Error::NotSupported);
    }
    Ok(guards)
}

/// A word with what time has done to it; LOCKED only where that is for others to see to,
/// or a peer does not let it be.
fn settled(me: &Owner, object: &SyncObject) -> Result<u64, Error> {
    const ROUNDS: u32 = 200;
    let mut word = object.look();
    for _ in 0..ROUNDS {
        if SyncObject::is_lost(word) {
            return Err(LOST);
        }
        if word & object.kind.locked() == 0 || object.settle(me) & object.kind.locked() != 0 {
            break;
        }
        word = object.look();
    }
    Ok(word)
}

/// Sleeps until the object may be there. False: did not sleep, or only because the
/// object is reserved since the wait began.
fn sleep_on(
    me: &Owner,
    object: &SyncObject,
    rank: Rank,
    start_ns: u64,
    deadline_ns: u64,
) -> Result<bool, Error> {
    let handed_over = object.times_handed_over();
    object.register_waiter();
    object.lie_down();
    let leave = || {
        object.get_up();
        object.unregister_waiter();
    };
    let objects = [object];
    let mut wait = Wait::new(me, &objects, deadline_ns);
    wait.seen[0] = settled(me, object).inspect_err(|_| leave())?;
    let is_missing = !object.is_grantable_now(me, wait.seen[0], rank);
    let slept = is_missing && wait.announce(wait.start_ns) && {
        wait.unreserved_ns = start_ns;
        let limit = sleep::limit(&wait, wait.start_ns);
        let end = sleep::sleep(&wait, limit.end_ns);
        if end == Awakening::Other {
            object.bury_owner(me, wait.seen[0]);
        }
        let is_over = time::monotonic_ns() >= limit.reserved_until_ns;
        if limit.reserved != 0 && is_over {
            object.miss_waiters();
        }
        end == Awakening::For(0) || end == Awakening::Other && (limit.reserved == 0 || is_over)
    };
    let is_due = object.kind.is_handed_over() && object.times_handed_over() != handed_over;
    leave();
    Ok(slept || is_due)
}
