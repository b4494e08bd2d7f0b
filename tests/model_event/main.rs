//! Every way in which a few threads can wait for events and semaphores while others set, reset and pulse them.
//!
//! A waiter looks at each of its objects, registers with each, looks again, and sleeps in the futex queues of all
//! of them at once; the kernel queues it word by word, and compares each word as it does so. A setter changes the
//! word, then looks for registered sleepers, then wakes one, or all of a manual event. Who has slept looks, on his
//! way out, after the objects that he did not take: a wake that he was given for one of them must go on. A manual
//! event counts its openings: who finds the count changed was released, though the event is closed again.
//!
//! A step is one atomic access or one system call, and between any two steps any thread may be killed, except
//! where a model spares it. The kernel then wakes one sleeper of the object that `list_op_pending` points at, in a
//! step of its own. It wakes whomever it likes. A waiter for several objects stays in the other queues until it
//! runs, so it may swallow several wakes, and it is told of one. Nobody wakes up by himself: a wake-up that is
//! lost stays lost. The counts of manual events are not stored, only who has seen an older one.

#[path = "../explorer/mod.rs"]
mod explorer;
mod plan;
mod protocol;
mod world;

use explorer::{fails, holds};
use plan::{Events, Form};
use world::*;

/// Two autos for three waiters, one of whom takes either.
const EITHER_AND_EACH: &[&[u8]] = &[&[0, 1], &[1], &[0]];

fn autos(waiters: &'static [&'static [u8]], setters: &'static [&'static [Act]], kills: u8) -> Events {
    Events { kills, ..Events::new(&[Auto, Auto], waiters, setters) }
}

/// An auto and a manual one.
fn mixed(waiters: &'static [&'static [u8]], setters: &'static [&'static [Act]], kills: u8) -> Events {
    Events { kills, ..Events::new(&[Auto, Manual], waiters, setters) }
}

/// A semaphore and an auto.
fn counted(waiters: &'static [&'static [u8]], setters: &'static [&'static [Act]], kills: u8) -> Events {
    Events { kills, ..Events::new(&[Semaphore, Auto], waiters, setters) }
}

fn one_set_each(kills: u8) -> Events {
    autos(EITHER_AND_EACH, &[&[Set(0)], &[Set(1)]], kills)
}

fn opened_and_closed(kills: u8) -> Events {
    mixed(EITHER_AND_EACH, &[&[Set(0)], &[Set(1), Reset(1)]], kills)
}

fn released_at_once(kills: u8) -> Events {
    counted(&[&[0], &[0], &[0]], &[&[Release(0, 3)]], kills)
}

fn with_deadlines(model: Events) -> Events {
    Events { deadlines: true, ..model }
}

fn planted(form: Form, model: Events) -> Events {
    Events { form, ..model }
}

#[test]
fn each_set_of_an_auto_releases_one_and_setters_and_single_waiters_are_killed() {
    holds("either and each, 2 kills", &one_set_each(2));
    holds("two for either, 3 sets", &autos(&[&[0, 1], &[0, 1], &[1]], &[&[Set(0)], &[Set(1)], &[Set(1)]], 0));
    holds("3 for one, 2 sets, 2 kills", &autos(&[&[0], &[0], &[0]], &[&[Set(0)], &[Set(0)]], 2));
    holds("2 for one, 1 for another, 2 kills", &autos(&[&[0], &[0], &[1]], &[&[Set(0)], &[Set(1)]], 2));
    holds("set and reset, 1 kill", &autos(&[&[0, 1], &[0]], &[&[Set(0), Reset(0)], &[Set(1), Set(0)]], 1));
}

#[test]
fn a_manual_event_releases_everyone_though_it_is_closed_again() {
    holds("set and reset, 1 kill", &opened_and_closed(1));
    holds("two pulses", &mixed(&[&[0, 1], &[1]], &[&[Set(0)], &[Pulse(1), Pulse(1)]], 1));
    holds("a pulse and a set", &mixed(&[&[1, 0], &[1], &[1]], &[&[Set(1)], &[Pulse(1)]], 1));
}

#[test]
fn a_semaphore_releases_as_many_as_it_was_given() {
    holds(
        "a semaphore and an auto, 2 kills",
        &counted(&[&[0], &[0, 1], &[0]], &[&[Release(0, 2)], &[Set(1)]], 2),
    );
    holds("3 at once, 2 kills", &released_at_once(2));
    holds("1 and 2, 2 kills", &counted(&[&[0], &[0], &[0]], &[&[Release(0, 1)], &[Release(0, 2)]], 2));
}

#[test]
fn any_wait_meets_its_deadline() {
    holds("either and each", &with_deadlines(one_set_each(0)));
    holds("a semaphore, 1 kill", &with_deadlines(released_at_once(1)));
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_more_sets_and_kills() {
    holds("3 sets, 2 kills", &autos(EITHER_AND_EACH, &[&[Set(0)], &[Set(1)], &[Set(1)]], 2));
    holds("two for either, 1 kill", &autos(&[&[0, 1], &[0, 1], &[1]], &[&[Set(0)], &[Set(1)], &[Set(1)]], 1));
    holds("4 waiters, 1 kill", &autos(&[&[0, 1], &[1, 0], &[1], &[0]], &[&[Set(0)], &[Set(1)]], 1));
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_two_pulses_at_once() {
    let pulses: &[&[Act]] = &[&[Set(0)], &[Pulse(1)], &[Pulse(1)]];
    holds("two pulses, 1 kill", &mixed(&[&[0, 1], &[1], &[1, 0]], pulses, 1));
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_deadlines() {
    holds("either and each, 1 kill", &with_deadlines(one_set_each(1)));
    holds("set and reset, 1 kill", &with_deadlines(opened_and_closed(1)));
    let model = autos(&[&[0, 1], &[0, 1], &[1]], &[&[Set(0)], &[Set(1)], &[Set(1)]], 0);
    holds("two for either, 3 sets", &with_deadlines(model));
}

/// Woken for one object, a waiter takes another one: the wake was somebody else's.
#[test]
fn planted_a_wake_is_not_handed_on() {
    fails("no chain", ASLEEP, &planted(Form::NoChain, one_set_each(0)));
    let model = with_deadlines(one_set_each(0));
    fails("no chain after a deadline", ASLEEP, &planted(Form::NoChainAfterDeadline, model));
}

/// The kernel wakes one for a releaser that dies, whatever was released.
#[test]
fn planted_who_takes_one_of_many_leaves_the_rest_to_nobody() {
    fails("no chain of what was taken", ASLEEP, &planted(Form::NoChainOfTaken, released_at_once(1)));
}

#[test]
fn planted_a_setter_dies_and_the_kernel_knows_nothing() {
    let model = autos(&[&[0], &[0], &[1]], &[&[Set(0)], &[Set(1)]], 1);
    fails("nothing in list_op_pending", ASLEEP, &planted(Form::NothingPending, model));
}

#[test]
fn planted_a_pulse_leaves_no_trace() {
    fails("no count of openings", FORGOTTEN, &planted(Form::NoEpoch, opened_and_closed(0)));
}

#[test]
fn planted_a_setter_looks_for_sleepers_too_early() {
    fails("waiters first, then the word", ASLEEP, &planted(Form::WaitersFirst, one_set_each(0)));
}

#[test]
fn planted_a_waiter_takes_what_another_has_taken() {
    fails("look and take in two steps", OVERDRAWN, &planted(Form::TornTake, one_set_each(0)));
}

/// These wake-ups are lost: one pending slot covers one object, and none covers a manual event. The time slices
/// of real waits are for them.
#[test]
fn what_the_time_slices_are_for() {
    let model = Events { kill_multiple: true, ..one_set_each(1) };
    fails("a waiter for several is killed", ASLEEP, &model);
    let model = Events { kill_manual: true, ..mixed(&[&[1], &[1, 0]], &[&[Set(1)]], 1) };
    fails("a setter of a manual event is killed", ASLEEP, &model);
    let model = Events { kill_manual: true, ..mixed(&[&[1], &[1, 0]], &[&[Pulse(1)]], 1) };
    fails("a pulser is killed", FORGOTTEN, &model);
}
