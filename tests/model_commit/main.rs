//! Every way in which a few wait-alls can take their objects, or die while they do.
//!
//! A wait-all works under GUARD. It notes at each object what it intends to leave there and which commit that
//! is, and locks the object; with all of them locked it stores the number of its commit as decided, which takes
//! them all at that instant; then it makes the objects show it. Whoever meets a locked object settles: takes
//! GUARD, and finishes what was decided or undoes what was not. Who inherits GUARD from the dead first adds the
//! last decision to the list of the dead, since the next decision overwrites it.
//!
//! A step is one access to shared memory, and between any two steps any thread may be killed, those who recover
//! included. What each object has to show follows from the decisions, releases, polls and deaths so far, and is
//! compared with what it does show at every instant: so an observer sees all of a wait-all or nothing of it.
//! Nobody sleeps there. That wake-ups arrive is for the second model to show, the one of the sleepers, in which a
//! commit is told in fewer words.

#[path = "../explorer/mod.rs"]
mod explorer;
mod protocol;
mod sleepers;
mod world;

use explorer::{fails, holds};
use protocol::{Commits, Form};
use sleepers::{NO_BATON, NO_PASSING_ON, NOTHING_PENDING, Role, Sleepers};
use world::*;

/// Wait-alls for these objects, probers, and at most so many kills.
const fn when(start: [u8; OBJECTS], wants: &'static [&'static [u8]], probers: usize, kills: u8) -> Commits {
    Commits { start, mutexes: 0, wants, probers, kills, form: Form::Right }
}

const BOTH: &[u8] = &[0, 1];

/// Two wait-alls of which one leaves the other an object untouched.
const OVERLAPPING: Commits = when([2, 2, 0], &[BOTH, &[0]], 1, 2);

const fn planted(form: Form) -> Commits {
    Commits { form, ..OVERLAPPING }
}

#[test]
fn wait_alls_for_the_same_take_all_or_nothing() {
    holds("one of each for two, 1 kill", &when([1, 1, 0], &[BOTH, BOTH], 1, 1));
    holds("one of each for two, 3 kills", &when([1, 1, 0], &[BOTH, BOTH], 1, 3));
    holds("two of each for two, 2 kills", &when([2, 2, 0], &[BOTH, BOTH], 1, 2));
    holds("2 and 1 for three, 3 kills", &when([2, 1, 0], &[BOTH, BOTH, BOTH], 0, 3));
    holds("two of each for three, 3 kills", &when([2, 2, 0], &[BOTH, BOTH, BOTH], 1, 3));
    holds("one of each for two, two probers, 2 kills", &when([1, 1, 0], &[BOTH, BOTH], 2, 2));
}

#[test]
fn wait_alls_for_different_objects_finish_what_the_dead_have_decided() {
    holds("one wants less, 2 kills", &OVERLAPPING);
    holds("a chain of two, 2 kills", &when([2, 2, 2], &[BOTH, &[1, 2]], 1, 2));
    holds("a ring of three, 3 kills", &when([2, 2, 2], &[BOTH, &[1, 2], &[0, 2]], 1, 3));
}

#[test]
fn a_mutex_that_was_meant_for_the_dead_comes_back() {
    let model = when([2, 2, 1], &[&[0, 2], &[0, 1, 2], &[1, 2]], 1, 3);
    holds("a mutex and semaphores, 3 kills", &Commits { mutexes: 1 << 2, ..model });
}

#[test]
fn planted_a_decision_is_forgotten_with_the_next() {
    fails("no list of the dead", PARTIAL, &planted(Form::NoListOfTheDead));
}

/// The list is finite: two who have decided and died, with objects that nobody has touched since, fill a list of
/// one. The length of the real one is the number of such deaths that it survives.
#[test]
fn the_list_of_the_dead_has_to_be_long_enough() {
    fails("a list of one", PARTIAL, &planted(Form::ShortList));
}

#[test]
fn planted_an_object_is_locked_before_it_says_why() {
    fails("lock before the intent", PARTIAL, &planted(Form::LockBeforeIntent));
}

#[test]
fn planted_a_wait_all_takes_one_after_the_other() {
    fails("apply before the decision", PARTIAL, &planted(Form::ApplyBeforeDecision));
}

#[test]
fn planted_a_recovery_undoes_what_was_decided() {
    fails("always undo", PARTIAL, &planted(Form::RecoveryAlwaysUndoes));
}

#[test]
fn planted_the_living_are_settled_too() {
    fails("settle without GUARD", PARTIAL, &planted(Form::SettleWithoutGuard));
    fails("take a locked object", PARTIAL, &planted(Form::ProbeIgnoresLock));
}

const ALL_AND_ONE: &[Role] = &[Role::All, Role::One(0), Role::Setter(0), Role::Setter(1)];
const TWO_ALL: &[Role] = &[Role::All, Role::All, Role::Setter(0), Role::Setter(1)];
const ALL_AND_EACH: &[Role] = &[Role::All, Role::One(0), Role::One(1), Role::Setter(0), Role::Setter(1)];
const TWO_SETS_OF_ONE: &[Role] =
    &[Role::All, Role::One(0), Role::Setter(0), Role::Setter(0), Role::Setter(1)];
const TWO_ALL_AND_ONE: &[Role] = &[Role::All, Role::All, Role::One(0), Role::Setter(0), Role::Setter(1)];

const fn sleeping(roles: &'static [Role], kills: u8) -> Sleepers {
    Sleepers { roles, kills, deadlines: false, faults: 0 }
}

const fn with_deadlines(model: Sleepers) -> Sleepers {
    Sleepers { deadlines: true, ..model }
}

#[test]
fn sleeping_wait_alls_lose_no_wake_of_their_own_or_of_others() {
    holds("all and one, 2 kills", &sleeping(ALL_AND_ONE, 2));
    holds("two for all, 2 kills", &sleeping(TWO_ALL, 2));
    holds("all and each, 1 kill", &sleeping(ALL_AND_EACH, 1));
    holds("two sets of one, 2 kills", &sleeping(TWO_SETS_OF_ONE, 2));
    holds("all and one with deadlines, 1 kill", &with_deadlines(sleeping(ALL_AND_ONE, 1)));
    holds("two for all with deadlines, 1 kill", &with_deadlines(sleeping(TWO_ALL, 1)));
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_sleeping_wait_alls() {
    holds("all and each, 3 kills", &sleeping(ALL_AND_EACH, 3));
    holds("two for all and one, 3 kills", &sleeping(TWO_ALL_AND_ONE, 3));
    holds("all and each with deadlines, 2 kills", &with_deadlines(sleeping(ALL_AND_EACH, 2)));
    holds("two for all and one with deadlines, 2 kills", &with_deadlines(sleeping(TWO_ALL_AND_ONE, 2)));
}

/// Woken for one object, a wait-all goes to sleep on another.
#[test]
fn planted_a_wait_all_keeps_the_baton() {
    let model = Sleepers { faults: NO_BATON, ..sleeping(ALL_AND_EACH, 0) };
    fails("no baton", sleepers::ASLEEP, &model);
}

#[test]
fn planted_a_thread_takes_a_wake_into_guard_and_dies_there() {
    let model = Sleepers { faults: NO_PASSING_ON, ..sleeping(ALL_AND_ONE, 1) };
    fails("no passing on", sleepers::ASLEEP, &model);
}

#[test]
fn planted_the_kernel_knows_nothing_of_a_wake() {
    let model = Sleepers { faults: NOTHING_PENDING, ..sleeping(ALL_AND_ONE, 1) };
    fails("nothing in list_op_pending", sleepers::ASLEEP, &model);
}
