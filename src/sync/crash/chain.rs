//! One sleeper takes two wakes and has use for one: he passes the other on.
//!
//! W waits for E1 or E2, and X, who came later, for E2. E1 and E2 are set before W
//! runs again: both wakes go to W, since the kernel has him in both queues until he
//! runs. W takes E1; X sleeps beside a set E2 if nobody wakes him.

use super::stage::{Stage, is_there};
use crate::plant::actors::{all_end, settle};
use crate::plant::deeds::Plan;
use crate::sync::{NEVER, Outcome, any, one};

const ROUNDS: u32 = 200;
/// The scheduler has a say in it.
const MOST_TRIES: u32 = 20 * ROUNDS;

/// Keeps the calling process, and its children to come, to one processor.
fn pin() {
    // SAFETY: a set of processors is plain data.
    let mut set: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: no memory is involved.
    let here = unsafe { libc::sched_getcpu() };
    // SAFETY: within the set.
    unsafe { libc::CPU_SET(here as usize, &mut set) };
    // SAFETY: the set lives across the call.
    assert_eq!(unsafe { libc::sched_setaffinity(0, size_of_val(&set), &raw const set) }, 0);
}

/// Who wakes the calling process goes on first.
fn stand_back() {
    // SAFETY: zero is a valid parameter of this policy.
    let parameter: libc::sched_param = unsafe { std::mem::zeroed() };
    // SAFETY: the parameter lives across the call.
    assert_eq!(unsafe { libc::sched_setscheduler(0, libc::SCHED_BATCH, &raw const parameter) }, 0);
}

/// Returns whether both wakes went to W.
fn round(stage: &Stage) -> bool {
    stage.clear();
    let (first, second) = (stage.auto_event(false), stage.auto_event(false));
    let w = stage.start(Plan::FREE, |me| {
        stand_back();
        match any(me, &[&first, &second], NEVER) {
            Ok(Outcome::Granted(index)) => index as u8,
            _ => 9,
        }
    });
    settle(&[&w]);
    let x = stage.start(Plan::FREE, |me| match one(me, &second, NEVER) {
        Ok(Outcome::Granted(0)) => 0,
        _ => 9,
    });
    settle(&[&w, &x]);
    first.set_event().unwrap();
    second.set_event().unwrap();
    // X was woken by nobody yet, though E2 is set.
    let forced = x.sleeps() && is_there(&second);
    all_end(&[&w, &x], "a waiter beside a set event");
    forced
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn wakes_are_passed_on() {
    pin();
    let stage = Stage::new();
    let (mut forced, mut tries) = (0, 0);
    while forced < ROUNDS {
        assert!(tries < MOST_TRIES, "the interleaving was forced in {forced} of {tries} tries only");
        forced += u32::from(round(&stage));
        tries += 1;
    }
    println!("both wakes to one sleeper: {forced} of {tries} tries, stuck 0");
}

#[test]
fn no_waiter_stays_asleep_because_another_took_his_wake() {
    super::hold(&["chain::wakes_are_passed_on"]);
    super::fails("chain::wakes_are_passed_on", "no-chain", "STUCK: a waiter beside a set event");
}
