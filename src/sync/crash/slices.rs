//! The deaths for which the time slices are there: no word that the kernel knows of
//! is pending, so nobody wakes the sleepers in the dead one's place; they look again by
//! themselves within half a second. Without slices they sleep on.

use super::stage::Stage;
use super::walk;
use crate::plant;
use crate::plant::actors::{Actor, PATIENCE, finish, rest_for, settle};
use crate::plant::deeds::{Plan, arm};
use crate::sync::object::SyncObject;
use crate::sync::state::Kind;
use crate::sync::{Clock, NEVER, any, one};
use std::cell::RefCell;
use std::time::Duration;

pub const STEPS: &[u32] = &[14, 15, 18, 50, 51, 29, 32, 33];

/// Three times a slice: who sleeps so long, and is not even woken, is stuck.
const SLICES: Duration = Duration::from_millis(1500);

/// A sleeper, and what it sleeps beside.
type Left = (Actor, &'static str);

/// Runs with these victims leave sleepers; all of them wait at once.
fn all_wake(left: &[Left]) {
    let patience = if plant::is(plant::NO_SLICES) { PATIENCE } else { SLICES };
    for (sleeper, what) in left {
        rest_for(patience, &[sleeper], &[sleeper], || true, what);
    }
}

/// One who waits for `object`, whose signaller is killed at every step.
fn signaller_killed(
    stage: &Stage,
    object: &SyncObject,
    nth: u32,
    what: &'static str,
    signal: impl Fn(),
) -> (Option<u32>, Left) {
    let sleeper = stage.start(Plan::FREE, |me| one(me, object, NEVER).map_or(1, |_| 0));
    settle(&[&sleeper]);
    let signaller = stage.start(Plan::kill_step(nth), |_| {
        arm();
        signal();
        0
    });
    finish(&signaller, "a signaller");
    (signaller.step(), (sleeper, what))
}

/// Killed before the exchange, a setter has not set the timer: those runs leave
/// nobody, and are made good by a set that follows.
fn timer_setters(stage: &Stage, left: &RefCell<Vec<Left>>) -> u32 {
    walk(&[50, 14, 15, 51, 18], |nth| {
        let timer = stage.object(Kind::ManualTimer, 0);
        let set = || timer.set_timer(1, 0, Clock::Monotonic).unwrap();
        let what = "a sleeper of a timer whose setter was killed";
        let (step, sleeper) = signaller_killed(stage, &timer, nth, what, set);
        if let Some(50 | 14) = step {
            let next = stage.start(Plan::FREE, |_| {
                set();
                0
            });
            finish(&next, "the next setter");
        }
        left.borrow_mut().push(sleeper);
        step
    })
}

fn manual_events(stage: &Stage, left: &RefCell<Vec<Left>>) -> u32 {
    walk(&[11, 12], |nth| {
        let event = stage.manual_event(false);
        let what = "a sleeper of a manual event whose setter was killed";
        let (step, sleeper) = signaller_killed(stage, &event, nth, what, || event.set_event().unwrap());
        left.borrow_mut().push(sleeper);
        step
    })
}

/// Who waits for one of two events is woken for one and killed at every step. Another
/// waits for that event alone.
fn of_several(stage: &Stage, left: &RefCell<Vec<Left>>) -> u32 {
    walk(&[35, 32, 29, 33, 34, 36], |nth| {
        let (first, second) = (stage.auto_event(false), stage.auto_event(false));
        let victim = stage.start(Plan::kill_step(nth), |me| {
            arm();
            any(me, &[&first, &second], NEVER).map_or(1, |_| 0)
        });
        settle(&[&victim]);
        let other = stage.start(Plan::FREE, |me| one(me, &second, NEVER).map_or(1, |_| 0));
        settle(&[&victim, &other]);
        second.set_event().unwrap();
        settle(&[&victim]);
        // It took the event itself, dead or alive: then that is set once more.
        if matches!(victim.step(), Some(34 | 36) | None) {
            second.set_event().unwrap();
        }
        left.borrow_mut().push((other, "a sleeper beside what a killed waiter for several was woken for"));
        victim.step()
    })
}

/// Run with and without slices.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn left_to_slices() {
    let stage = Stage::new();
    let left = RefCell::new(Vec::new());
    let runs = timer_setters(&stage, &left) + manual_events(&stage, &left);
    all_wake(&left.borrow());
    println!("setter of a timer or a manual event killed: {runs} runs, all woke");
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn left_by_waits_for_several() {
    let stage = Stage::new();
    let left = RefCell::new(Vec::new());
    let runs = of_several(&stage, &left);
    all_wake(&left.borrow());
    println!("waiter for several killed: {runs} runs, the other woke");
}

#[test]
fn sleepers_look_again_within_a_slice() {
    for group in ["slices::left_to_slices", "slices::left_by_waits_for_several"] {
        let (passed, text) = super::run(group, "");
        println!("{text}");
        assert!(passed, "{group}: {text}");
    }
    super::fails("slices::left_to_slices", "no-slices", "STUCK: a sleeper of a timer");
    super::fails(
        "slices::left_by_waits_for_several",
        "no-slices",
        "STUCK: a sleeper beside what a killed waiter",
    );
}
