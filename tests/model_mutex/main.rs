//! Every way in which a few threads can lock, sleep for, hand on and unlock one mutex while wait-alls come by.
//!
//! A mutex is one word: an owner, WAITERS, DIED, a count of acquisitions, LOCKED and RESERVED. Who finds it busy
//! sets WAITERS and sleeps; who unlocks wakes one; who wakes nobody clears WAITERS. A wait-all locks the word
//! under GUARD, then either takes the mutex or undoes it; who meets LOCKED settles: with GUARD in hand, whatever
//! is LOCKED belongs to somebody dead. A thread that has slept and lost reserves the mutex, and newcomers leave
//! it alone for a while.
//!
//! A step is one atomic access or one system call, and between any two steps any thread may be killed. The
//! kernel then marks the mutex that the thread owned, or wakes one sleeper if `list_op_pending` points at a free
//! one; it wakes in a step of its own, and whomever it likes. Nobody wakes up by himself except from a nap before
//! a reservation and, where a model says so, at a deadline: a wake-up that is lost stays lost.
//!
//! GUARD is such a mutex too, one that is never LOCKED or reserved, so here it is simply free or taken. The count
//! of acquisitions is never stored: all that is asked of it is whether it has changed, and 2^30 are not reached.

#[path = "../explorer/mod.rs"]
mod explorer;
mod protocol;
mod world;

use explorer::{fails, holds};
use protocol::*;
use world::*;

/// Lockers that lock so many times each, and wait-alls, while at most so many of them are killed.
const fn when(lockers: usize, calls: u8, committers: usize, kills: u8) -> Mutex {
    Mutex { lockers, calls, committers, kills, hand_off: true, deadlines: false, faults: 0 }
}

/// The same with faults planted.
const fn planted(faults: u16, lockers: usize, calls: u8, committers: usize, kills: u8) -> Mutex {
    Mutex { faults, ..when(lockers, calls, committers, kills) }
}

#[test]
fn lockers_come_back_for_the_mutex_and_some_are_killed() {
    holds("3 lockers x 2, 1 kill", &when(3, 2, 0, 1));
    holds("4 lockers, 2 kills", &when(4, 1, 0, 2));
    holds("4 lockers x 2", &when(4, 2, 0, 0));
    holds("4 lockers x 2 without hand-off", &Mutex { hand_off: false, ..when(4, 2, 0, 0) });
}

#[test]
fn a_wait_all_takes_the_mutex_or_not_and_any_two_or_three_are_killed() {
    holds("3 lockers and a wait-all, 3 kills", &when(3, 1, 1, 3));
    holds("4 lockers and a wait-all, 2 kills", &when(4, 1, 1, 2));
    holds("3 lockers x 2 and a wait-all, 2 kills", &when(3, 2, 1, 2));
    holds("3 lockers and 2 wait-alls, 2 kills", &when(3, 1, 2, 2));
}

#[test]
fn any_wait_meets_its_deadline() {
    let model = Mutex { deadlines: true, ..when(3, 1, 1, 1) };
    holds("3 lockers with deadlines and a wait-all, 1 kill", &model);
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_more_lockers_and_two_wait_alls() {
    holds("3 lockers and 2 wait-alls, 3 kills", &when(3, 1, 2, 3));
    holds("4 lockers x 2, 2 kills", &when(4, 2, 0, 2));
    holds("5 lockers, 3 kills", &when(5, 1, 0, 3));
    holds("3 lockers x 3 and a wait-all", &when(3, 3, 1, 0));
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_deadlines_of_lockers_that_come_back() {
    let model = Mutex { deadlines: true, ..when(3, 2, 1, 1) };
    holds("3 lockers x 2 with deadlines and a wait-all, 1 kill", &model);
}

/// Who wakes nobody clears WAITERS, and in the meantime others have set it and fallen asleep.
#[test]
fn planted_who_clears_the_waiters_flag_has_not_looked_again() {
    fails("clear whatever is there", ASLEEP, &planted(CLEAR_UNSEEN, 3, 1, 0, 1));
    fails("clear without the acquisitions", ASLEEP, &planted(CLEAR_WITHOUT_COUNT, 4, 2, 0, 0));
}

#[test]
fn planted_an_unlocker_dies_and_the_kernel_knows_nothing() {
    fails("nothing in list_op_pending", ASLEEP, &planted(NOTHING_PENDING, 2, 1, 0, 1));
}

/// The kernel takes LOCKED for an owner and wakes nobody for a thread that dies meanwhile.
#[test]
fn planted_the_kernel_sees_locked() {
    let faults = LOCKED_AMONG_THE_OWNER_BITS | NO_WAKE_AFTER_UNDO;
    fails("LOCKED in the low half", ASLEEP, &planted(faults, 3, 1, 1, 1));
    fails("even with that wake", ASLEEP, &planted(LOCKED_AMONG_THE_OWNER_BITS, 3, 1, 1, 2));
}

/// In GUARD a thread has no `list_op_pending` to spare: the wake that it carries dies with it.
#[test]
fn planted_who_settles_keeps_the_wake_to_himself() {
    fails("no passing on", ASLEEP, &planted(NO_PASSING_ON, 3, 1, 1, 2));
    let faults = NO_PASSING_ON | NO_WAKE_AFTER_UNDO;
    fails("no passing on, and no wake after an undo", ASLEEP, &planted(faults, 3, 1, 1, 1));
}

/// Who has reserved the mutex is killed in his sleep; newcomers wait for him.
#[test]
fn planted_a_reservation_has_no_end() {
    fails("a sleep instead of a nap", ASLEEP, &planted(NAP_WITHOUT_END, 4, 1, 0, 1));
}

#[test]
fn planted_a_settler_takes_locked_from_the_living() {
    fails("settle without GUARD", EXCLUSION, &planted(SETTLE_WITHOUT_GUARD, 2, 1, 1, 0));
}

/// A wait-all had decided to take the mutex and died: it counts as its owner.
#[test]
fn planted_a_recovery_undoes_what_was_decided() {
    fails("recovery without a look at the decision", UNTOLD, &planted(RECOVERY_FORGETS, 2, 1, 1, 1));
}
