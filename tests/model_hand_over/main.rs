//! Every way in which what is signalled is handed over to those who were waiting for it.
//!
//! A waiter notes how often the object was handed over, and registers. Then he spins: he looks as often as he
//! likes. Before his last look and first sleep he lies down: only from then on he is counted among the sleepers.
//! Who signals and finds somebody registered counts that hand-over and sets RESERVED with the signal; then, if he
//! finds sleepers, he wakes one. Who comes anew leaves alone what is reserved, but asks once more whether it is for
//! him; who has slept, or sees that it was handed over since he noted, takes it; so does who only looks. The
//! reservation goes with the last that there is to take, or when its sleeper leaves it and nobody else waits.
//! The kernel does not compare RESERVED, so whoever falls asleep over a reservation takes naps. If nothing happens
//! for 50 ms, he says that the others are absent, dead or stopped, and takes it; if nobody else is registered, at
//! once.
//!
//! A step is one atomic access or one system call, and between any two steps any thread may be killed: the kernel
//! then wakes one sleeper of the object that `list_op_pending` points at, in a step of its own. It wakes whomever
//! it likes. Nobody wakes up by himself but from a nap or at a deadline. The 50 ms are over when nobody can move
//! but those who nap in vain; where a model is `impatient`, at any moment. How often it was handed over is not
//! stored, only who has noted an older number.

#[path = "../explorer/mod.rs"]
mod explorer;
mod plan;
mod protocol;
mod rules;
mod waiter;
mod world;

use explorer::{fails, holds};
use plan::{Form, HandOver};
use world::*;

/// One wait; a wait with a deadline; a signal; a signal, and then a wait for it; a look.
const WAITS: &[Act] = &[Wait(0)];
const WAITS_A_WHILE: &[Act] = &[WaitAWhile(0)];
const SIGNALS: &[Act] = &[Signal(0)];
const SIGNALS_AND_WAITS: &[Act] = &[Signal(0), Wait(0)];
const LOOKS: &[Act] = &[Look(0)];

const PAIR: &[&[Act]] = &[WAITS, SIGNALS_AND_WAITS];
const TWO_AND_ONE: &[&[Act]] = &[WAITS, WAITS, SIGNALS_AND_WAITS];
const TWO_AND_TWO: &[&[Act]] = &[WAITS, WAITS, SIGNALS, SIGNALS];

/// An auto event.
const fn event(threads: &'static [&'static [Act]], kills: u8) -> HandOver {
    HandOver { threads, semaphores: false, kills, impatient: false, form: Form::Right }
}

const fn semaphore(threads: &'static [&'static [Act]], kills: u8) -> HandOver {
    HandOver { semaphores: true, ..event(threads, kills) }
}

const fn planted(form: Form, model: HandOver) -> HandOver {
    HandOver { form, ..model }
}

#[test]
fn who_signals_and_then_waits_lets_the_sleeper_go_first() {
    holds("a sleeper, 1 kill", &event(PAIR, 1));
    holds("two sleepers", &event(TWO_AND_ONE, 0));
    holds("a sleeper, a semaphore, 1 kill", &semaphore(PAIR, 1));
    let two_at_once: &[&[Act]] = &[WAITS, WAITS, &[SignalTwo(0), Wait(0)]];
    holds("two sleepers, two at once", &semaphore(two_at_once, 0));
    holds(
        "another signaller, and one who looks, 1 kill",
        &event(&[WAITS, SIGNALS_AND_WAITS, SIGNALS, LOOKS], 1),
    );
}

/// Three threads, each registered for the other's object before it signals.
#[test]
fn two_hand_the_turn_to_each_other_with_signal_and_wait() {
    let turns: &[&[Act]] = &[&[Wait(0), SignalAndWait(1, 0)], &[SignalAndWait(0, 1), Signal(0)]];
    holds("there and back, 1 kill", &event(turns, 1));
    let three: &[&[Act]] = &[&[Wait(1), Signal(0)], &[SignalAndWait(1, 0)], &[Look(0), Look(1)]];
    holds("and one who looks, 2 kills", &event(three, 2));
}

#[test]
fn what_a_sleeper_leaves_at_his_deadline_is_for_the_next() {
    holds("alone, 1 kill", &event(&[WAITS_A_WHILE, SIGNALS_AND_WAITS], 1));
    holds("one who stays", &event(&[WAITS_A_WHILE, WAITS, SIGNALS], 1));
    holds("a semaphore", &semaphore(&[WAITS_A_WHILE, WAITS, SIGNALS], 1));
    holds("and one who looks", &event(&[WAITS_A_WHILE, SIGNALS_AND_WAITS, SIGNALS, LOOKS], 0));
}

#[test]
fn of_two_signals_none_is_lost() {
    holds("two sleepers", &event(TWO_AND_TWO, 0));
}

/// Those who were due may be stopped and come at any time after all.
#[test]
fn patience_that_ends_too_early_loses_nothing() {
    holds("two sleepers", &HandOver { impatient: true, ..event(TWO_AND_ONE, 0) });
    holds("a sleeper, 2 kills", &HandOver { impatient: true, ..semaphore(PAIR, 2) });
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_two_signals_and_kills() {
    holds("two sleepers, two signals, 2 kills", &event(TWO_AND_TWO, 2));
    holds("a semaphore, 1 kill", &semaphore(TWO_AND_TWO, 1));
    holds("deadlines, 1 kill", &event(&[WAITS_A_WHILE, WAITS_A_WHILE, SIGNALS, SIGNALS], 1));
}

#[test]
#[ignore = "for ./dev stress"]
fn stress_impatience() {
    holds("two signals", &HandOver { impatient: true, ..semaphore(TWO_AND_TWO, 0) });
    holds("a semaphore, 1 kill", &HandOver { impatient: true, ..semaphore(TWO_AND_ONE, 1) });
    holds("two sleepers, 2 kills", &HandOver { impatient: true, ..event(TWO_AND_ONE, 2) });
}

#[test]
fn planted_a_signal_is_nobodys() {
    fails("no reservation", STOLEN, &planted(Form::NoReservation, event(PAIR, 0)));
}

/// He would take the reservation for somebody else's, and nap.
#[test]
fn planted_a_waiter_does_not_know_that_it_is_for_him() {
    fails("registered, then noted", IN_VAIN, &planted(Form::NotedLate, event(TWO_AND_ONE, 0)));
}

/// Who comes after the signal counts as one who waited for it.
#[test]
fn planted_a_signaller_counts_when_he_has_signalled() {
    fails("signalled, then counted", STOLEN, &planted(Form::CountedLate, event(&[WAITS, WAITS, SIGNALS], 0)));
}

#[test]
fn planted_somebody_dies_and_the_kernel_knows_nothing() {
    fails("nothing in list_op_pending", ASLEEP, &planted(Form::NothingPending, event(PAIR, 1)));
}

#[test]
fn planted_a_signaller_does_not_wake() {
    fails("no wake", ASLEEP, &planted(Form::NoWake, event(&[WAITS, SIGNALS], 0)));
}

/// Who lies down in between, and finds nothing, sleeps beside the signal.
#[test]
fn planted_a_signaller_looks_for_sleepers_before_he_signals() {
    fails("looked, then signalled", ASLEEP, &planted(Form::SleepersLoadedEarly, event(&[WAITS, SIGNALS], 0)));
}

#[test]
fn planted_who_sleeps_did_not_lie_down() {
    fails("only registered", ASLEEP, &planted(Form::NeverLiesDown, event(&[WAITS, SIGNALS], 0)));
}

/// He asked, the object was handed over and signalled, and he finds it reserved.
#[test]
fn planted_who_spins_takes_what_is_his_for_somebody_elses() {
    fails("asked once", OVERLOOKED, &planted(Form::AsksOnce, event(&[WAITS, SIGNALS], 0)));
}

#[test]
fn planted_a_reservation_stays_when_there_is_nothing_to_take() {
    fails("not cleared by the last", HOLLOW, &planted(Form::ReservationStays, event(PAIR, 0)));
}

/// Each signal would then be reserved for the dead one again.
#[test]
fn planted_nobody_learns_that_a_waiter_is_dead() {
    let model = event(&[WAITS, &[Signal(0), Wait(0), Signal(0), Wait(0)], LOOKS], 1);
    fails("absent is not noted", IN_VAIN, &planted(Form::NobodyMissed, model));
}

#[test]
fn planted_the_only_one_registered_waits_for_somebody_who_left() {
    fails("patience alone", IN_VAIN, &planted(Form::AloneWaits, event(TWO_AND_TWO, 0)));
}

/// The reservation is for one who met his deadline between the signaller's two steps. Of two newcomers, each
/// takes the other for him, until the 50 ms are over.
#[test]
fn what_patience_is_for() {
    fails("two newcomers", IN_VAIN, &event(&[WAITS_A_WHILE, WAITS, SIGNALS_AND_WAITS], 0));
}
