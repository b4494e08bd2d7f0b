//! Every way the life of one name can go, for a few processes and a few kills.
//!
//! A named object is a file. A *shared* lock on it means that somebody has a handle; whoever obtains the
//! *exclusive* lock knows that nobody has, and removes the file. Who is about to open asks who has the lock:
//! shared means "alive", nobody means "dead", exclusive means "being removed". The model takes these sentences
//! at their word: a step is one system call, and between any two steps any other process may run and any
//! process may be killed.
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
use protocol::{Form, Lifetime};
use world::*;

/// Processes that make so many calls each, while at most so many of them are killed.
const fn when(roles: [Role; 3], calls: u8, kills: u8) -> Lifetime {
    Lifetime { roles, calls, kills, form: Form::Right }
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
fn whoever_is_refused_changes_nothing() {
    holds("2 creators x 2 calls and a refused one, 1 kill", &when([Creator, Creator, Refused], 2, 1));
    holds("creator, opener x 2 calls and a refused one, 2 kills", &when([Creator, Opener, Refused], 2, 2));
}

/// An opener of another kind takes the lock first and finds out then. The last holder leaves meanwhile, and the
/// next one finds an object alive that nobody has a handle to.
#[test]
fn planted_a_refused_opener_has_locked_already() {
    fails("lock before refusal", ADOPTED, &planted(Form::LockBeforeRefusal, [Creator, Creator, Refused], 0));
}

#[test]
fn an_object_lives_until_both_parent_and_child_have_dropped_it() {
    holds("2 creators x 2 calls, one forks, 2 kills", &when(WITH_FORK, 2, 2));
    holds("creator and opener x 2 calls, one forks, 2 kills", &when([Creator, Opener, Child], 2, 2));
}

/// Why asking is needed: a refused exclusive lock does not say by whom. Here an opener takes any refusal for
/// life; the one who refused was himself about to remove the dead file, and is killed.
#[test]
fn planted_an_opener_cannot_tell_a_holder_from_a_prober() {
    fails("a refusal is taken for life", ADOPTED, &planted(Form::TakeRefusalForLife, CREATORS, 2));
    fails("nobody is asked", ADOPTED, &planted(Form::SharedWithoutAsking, CREATORS, 0));
}

#[test]
fn planted_an_opener_does_not_look_whether_the_name_is_still_there() {
    fails("no look after the shared lock", LIVE_UNLINKED, &planted(Form::NoLookAfterShared, CREATORS, 0));
}

#[test]
fn planted_the_last_one_out_does_not_look_back() {
    fails("close without reap", LEFT_BEHIND, &planted(Form::CloseWithoutReap, CREATORS, 0));
}

/// Two who close at once, each still with his shared lock, refuse each other.
#[test]
fn planted_two_closers_keep_their_locks_while_they_look_back() {
    fails("upgrade instead of unlock", LEFT_BEHIND, &planted(Form::UpgradeToClose, CREATORS, 0));
}

#[test]
fn planted_a_prober_unlinks_whatever_the_path_names_by_now() {
    fails("unlink without a look", LIVE_UNLINKED, &planted(Form::UnlinkUnseen, CREATORS, 0));
}

/// The parent closes. Its description is also the child's, so it may only be closed, not unlocked.
#[test]
fn planted_a_parent_unlocks_the_description_of_its_child() {
    fails("unlock instead of close", LIVE_UNLINKED, &planted(Form::UnlockThoughForked, WITH_FORK, 0));
}

#[test]
fn planted_a_creator_is_in_a_hurry() {
    fails("publish before the data", UNINITIALISED, &planted(Form::PublishBeforeData, CREATORS, 0));
    fails("new file taken as linked", LIVE_UNLINKED, &planted(Form::TrustNewFile, CREATORS, 0));
}
