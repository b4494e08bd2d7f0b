//! Every way the life of one name can go, for a few processes and a few kills.
//!
//! A named object is a file. A *shared* lock on it means that somebody has a handle; whoever obtains the
//! *exclusive* lock knows that nobody has, and removes the file. Exclusive is only ever tried under a third
//! lock, the *gate*, so under the gate "exclusive refused" means "alive". The model takes these sentences at
//! their word: a step is one system call or one access to shared memory, and between any two steps any other
//! process may run and any process may be killed.
//!
//! Locks have no place of their own: who holds what follows from where each process stands, so the dead hold
//! nothing. Two things are folded because nobody could tell the difference. Closing a descriptor that has no
//! lock belongs to the step before it. And a file is linked exactly while the name leads to it, since nobody
//! makes hard links; the link count and the comparison with the path still are two looks at two times.

#[path = "../explorer/mod.rs"]
mod explorer;
mod protocol;
mod world;

use explorer::{fails, holds};
use protocol::{Death, Form, Lifetime};
use world::*;

/// Processes that make so many calls each, while at most so many of them are killed.
const fn when(roles: [Role; 3], calls: u8, kills: u8) -> Lifetime {
    Lifetime { roles, calls, kills, form: Form::Right, death: Death::GateLast }
}

/// The same with a fault planted.
const fn planted(form: Form, roles: [Role; 3], kills: u8) -> Lifetime {
    Lifetime { form, ..when(roles, 1, kills) }
}

const CREATORS: [Role; 3] = [Creator; 3];
const WITH_OPENER: [Role; 3] = [Creator, Creator, Opener];
const WITH_FORK: [Role; 3] = [Creator, Creator, Child];

#[test]
fn two_of_three_processes_are_killed_at_any_two_steps() {
    holds("3 creators, 2 kills", &when(CREATORS, 1, 2));
    holds("2 creators and an opener, 2 kills", &when(WITH_OPENER, 1, 2));
}

#[test]
fn three_processes_come_back_for_a_second_object_and_one_is_killed() {
    holds("3 creators x 2 calls, 1 kill", &when(CREATORS, 2, 1));
    holds("2 creators and an opener x 2 calls, 1 kill", &when(WITH_OPENER, 2, 1));
}

#[test]
fn a_sweeper_may_come_at_any_time_and_may_be_killed_too() {
    holds("2 creators x 2 calls and a sweeper, 2 kills", &when([Creator, Creator, Sweeper], 2, 2));
    holds("creator, opener x 2 calls and a sweeper, 2 kills", &when([Creator, Opener, Sweeper], 2, 2));
}

#[test]
fn an_object_lives_until_both_parent_and_child_have_dropped_it() {
    holds("2 creators x 2 calls, one forks, 2 kills", &when(WITH_FORK, 2, 2));
    holds("creator and opener x 2 calls, one forks, 2 kills", &when([Creator, Opener, Child], 2, 2));
}

/// The rule "under the gate, refused means alive" needs a kernel that never frees the gate of a dying prober
/// while the prober's exclusive lock still refuses others. Linux frees the byte-range locks of a description
/// before its flock, so the gate is the flock. Were it the other way round, the next opener would come through
/// the gate, be refused by a dead process, and a moment later be granted the shared lock of an object that
/// nobody has.
#[test]
fn a_killed_prober_must_not_lose_the_gate_before_the_exclusive_lock() {
    let dying = |death| Lifetime { death, ..when(CREATORS, 1, 2) };
    holds("both go at once", &dying(Death::AtOnce));
    holds("the gate goes last", &dying(Death::GateLast));
    fails("the gate goes first", ADOPTED, &dying(Death::GateFirst));
}

#[test]
fn planted_an_opener_cannot_tell_a_holder_from_a_prober() {
    fails("no gate: waiting for a prober that is killed", ADOPTED, &planted(Form::NoGate, CREATORS, 2));
    fails("shared without a probe", ADOPTED, &planted(Form::SharedWithoutProbe, CREATORS, 0));
}

#[test]
fn planted_the_last_one_out_does_not_look_back() {
    fails("close without reap", LEFT_BEHIND, &planted(Form::CloseWithoutReap, CREATORS, 0));
}

#[test]
fn planted_a_prober_unlinks_whatever_the_path_names_by_now() {
    fails("unlink without a look", LIVE_UNLINKED, &planted(Form::UnlinkUnseen, CREATORS, 0));
}

/// The parent closes. Its description is also the child's, so neither may it be asked whether somebody else
/// has the object, nor may it be unlocked: it may only be closed.
#[test]
fn planted_a_parent_closes_through_the_description_of_its_child() {
    fails("upgrade of the own lock", LIVE_UNLINKED, &planted(Form::ReapOwnDescription, WITH_FORK, 0));
    fails("unlock instead of close", LIVE_UNLINKED, &planted(Form::UnlockInsteadOfClose, WITH_FORK, 0));
}

#[test]
fn planted_two_closers_wait_to_upgrade() {
    fails("upgrade and wait", STUCK, &planted(Form::WaitToReapOwnDescription, CREATORS, 0));
}

#[test]
fn planted_a_creator_is_in_a_hurry() {
    fails("publish before the header", UNINITIALISED, &planted(Form::PublishBeforeHeader, CREATORS, 0));
    fails("new file taken as linked", LIVE_UNLINKED, &planted(Form::TrustNewFile, CREATORS, 0));
}

#[test]
fn planted_an_opener_takes_a_busy_gate_for_an_answer() {
    fails("not found if the gate is taken", MISSED, &planted(Form::NotFoundIfGateTaken, WITH_OPENER, 0));
}
