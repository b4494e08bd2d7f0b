//! Every way in which a timer can expire while some wait for it and others set it.
//!
//! A timer is one word: SIGNALLED, the number of the last set, and when it is due. Nobody runs it: a waiter that
//! finds it due moves it on to its next multiple and signals it, in one CAS; a waiter that finds it signalled
//! takes that, in another; else he sleeps until it is due. The period does not fit into the word. It stands in
//! one of two slots, the set number says in which, and a set writes the other one before it changes the word. A
//! set holds GUARD, and wakes everybody who may sleep for too long now.
//!
//! A step is one access to shared memory or one system call; time is a small number that may move on between any
//! two steps, and any thread may be killed there. A set number that has come round is out of reach: that takes 16
//! sets while somebody looks at the timer.

#[path = "../explorer/mod.rs"]
mod explorer;
mod protocol;
mod world;

use explorer::{fails, holds};
use protocol::{Form, Timer};
use world::*;

/// Waiters for a timer that is armed with a due time and a period, and setters, until a time.
const fn when(waiters: usize, armed: (u8, u8), setters: &'static [&'static [Act]], horizon: u8) -> Timer {
    let (manual, kill_before_wake, form) = (false, false, Form::Right);
    Timer { waiters, setters, armed, manual, horizon, kills: 1, kill_before_wake, form }
}

/// One shot at 6, which becomes a period of 3 from 2 on.
const ADVANCED: Timer = when(2, (6, 0), &[&[Arm(2, 3)]], 8);

/// Two setters agree on the due time and on nothing else.
const TWO_SETTERS: Timer = when(2, (2, 2), &[&[Arm(2, 3)], &[Arm(2, 1)]], 6);

const fn planted(form: Form, model: Timer) -> Timer {
    Timer { form, ..model }
}

#[test]
fn each_expiry_releases_one_in_step() {
    holds("a period", &Timer { kills: 0, ..when(2, (2, 2), &[], 8) });
    holds("a period, 1 kill", &when(2, (2, 2), &[], 8));
    holds("one shot, 1 kill", &when(2, (2, 0), &[], 4));
    holds("3 waiters, 1 kill", &when(3, (2, 2), &[], 6));
}

#[test]
fn a_set_reaches_those_who_sleep() {
    holds("earlier, 1 kill", &ADVANCED);
    holds("later, 1 kill", &when(2, (2, 2), &[&[Arm(3, 3)]], 6));
    holds("one shot at last, 1 kill", &when(2, (6, 2), &[&[Arm(3, 0)]], 7));
    holds("cancelled, 1 kill", &when(2, (2, 2), &[&[Cancel]], 6));
}

#[test]
fn two_sets_happen_while_a_waiter_looks() {
    holds("two sets, 1 kill", &when(2, (2, 2), &[&[Arm(2, 3), Arm(2, 1)]], 4));
    holds("a set and a cancel", &Timer { kills: 0, ..when(2, (2, 2), &[&[Arm(2, 3)], &[Cancel]], 4) });
    holds("one waiter, two setters, 1 kill", &Timer { waiters: 1, ..TWO_SETTERS });
}

#[test]
fn a_manual_timer_stays_signalled() {
    holds("set", &Timer { manual: true, ..ADVANCED });
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_two_setters_at_once() {
    holds("two setters, 1 kill", &TWO_SETTERS);
    holds(
        "a set and a cancel, 2 kills",
        &Timer { kills: 2, ..when(2, (2, 2), &[&[Arm(2, 3)], &[Cancel]], 6) },
    );
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_three_waiters() {
    holds("3 waiters, 2 kills", &Timer { kills: 2, ..when(3, (2, 2), &[], 8) });
    holds("3 waiters and a set, 1 kill", &when(3, (2, 2), &[&[Arm(3, 3)]], 6));
}

#[test]
fn planted_a_set_wakes_nobody() {
    fails("no wake", MISSED, &planted(Form::SetWithoutWake, ADVANCED));
}

/// A waiter has read a period, and its compare-and-swap does not notice that it is no longer the timer's.
#[test]
fn planted_a_period_is_replaced_under_a_waiter() {
    fails("the same slot again", OUT_OF_STEP, &planted(Form::SameSlot, ADVANCED));
    fails("one bit of set number", OUT_OF_STEP, &planted(Form::OneBitNumber, TWO_SETTERS));
    fails("two setters at once", OUT_OF_STEP, &planted(Form::SetWithoutGuard, TWO_SETTERS));
}

#[test]
fn planted_a_late_waiter_shifts_the_timer() {
    fails("the period counts from now", OUT_OF_STEP, &planted(Form::PeriodFromNow, ADVANCED));
}

#[test]
fn planted_a_waiter_overwrites_what_it_has_not_seen() {
    fails("store the next due time", TWICE, &planted(Form::AdvanceUnseen, ADVANCED));
    fails("store the signal's end", RELEASED_TWICE, &planted(Form::ConsumeUnseen, ADVANCED));
}

/// A setter is killed and nobody wakes for it: whoever sleeps keeps the time that he went to sleep with. The time
/// slices of real waits are for this.
#[test]
fn what_the_time_slices_are_for() {
    fails("killed before the wake", MISSED, &Timer { kill_before_wake: true, ..ADVANCED });
}
