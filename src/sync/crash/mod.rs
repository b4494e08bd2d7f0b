//! Processes that are killed, or stand still, at every step of the protocols.
//!
//! `./dev stress` kills at random; here each run kills, or parks, a chosen process at
//! a chosen step (`plant::step`), looks from outside at what is left, and goes on with
//! the next step until one is not reached. The time slices of `sleep` are off but for
//! the tests of the slices, so a wake that is lost is lost for good: a thread that
//! sleeps while nobody runs, beside something it could take, is *stuck*. No clock
//! decides that (`plant::actors`).
//!
//! Each group runs in a process of its own. It must pass; and with a fault planted it
//! must fail, with the words of that fault.

mod births;
mod chain;
mod commits;
mod deaths;
mod mutexes;
mod recoveries;
mod sleepers;
mod slices;
mod stage;

use std::collections::BTreeSet;
use std::process::Command;

/// Runs a group in a process of its own; tells whether it passed, and what it said.
fn run(group: &str, plants: &str) -> (bool, String) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("sync::crash::{group}"), "--ignored", "--nocapture", "--test-threads=1"])
        .env("WINSHM_PLANT", plants)
        .env("RUST_BACKTRACE", "0")
        .output()
        .unwrap();
    let text =
        [output.stdout, output.stderr].map(|part| String::from_utf8_lossy(&part).into_owned()).concat();
    (output.status.success() && text.contains("1 passed"), text)
}

/// Runs groups in which nothing may go wrong.
fn hold(groups: &[&str]) {
    for group in groups {
        let (passed, text) = run(group, "no-slices");
        println!("{text}");
        assert!(passed, "{group}: {text}");
    }
}

/// Runs a group with faults planted: it must say `words` and fail.
fn fails(group: &str, plants: &str, words: &str) {
    let (passed, text) = run(group, &format!("no-slices,{plants}"));
    assert!(!passed, "{plants} went unnoticed by {group}: {text}");
    assert!(text.contains(words), "{group} with {plants} was to fail with {words:?}: {text}");
}

/// Runs a scenario with its victim at the first step, the second, and so on. It
/// returns the step where the victim was, or None if it came to its end before.
/// Returns how many runs there were. A step that none of them was at is a failure.
fn walk(must_reach: &[u32], mut scenario: impl FnMut(u32) -> Option<u32>) -> u32 {
    const MOST: u32 = 500;
    let mut reached = BTreeSet::new();
    for nth in 0..MOST {
        match scenario(nth) {
            Some(step) => reached.insert(step),
            None => {
                let missing: Vec<_> = must_reach.iter().filter(|step| !reached.contains(step)).collect();
                assert!(missing.is_empty(), "steps never reached: {missing:?} of {must_reach:?}");
                return nth + 1;
            }
        };
    }
    panic!("more steps than there can be: the scenario does not end");
}

#[test]
#[should_panic(expected = "steps never reached: [2]")]
fn a_step_that_is_never_reached_is_a_failure() {
    walk(&[1, 2], |nth| (nth < 3).then_some(1));
}

/// Every step of the core is walked over by a scenario: a new one must be added to it.
#[test]
fn no_step_of_the_core_is_left_out() {
    let walked: BTreeSet<u32> = [
        commits::STEPS,
        recoveries::STEPS,
        sleepers::STEPS,
        mutexes::STEPS,
        slices::STEPS,
        births::STEPS,
        deaths::STEPS,
    ]
    .into_iter()
    .flatten()
    .copied()
    .collect();
    let core = [
        include_str!("../at_once.rs"),
        include_str!("../commit.rs"),
        include_str!("../guard.rs"),
        include_str!("../mutex.rs"),
        include_str!("../queue.rs"),
        include_str!("../recover.rs"),
        include_str!("../signal.rs"),
        include_str!("../sleep.rs"),
        include_str!("../timer.rs"),
        include_str!("../wait.rs"),
    ];
    let calls = core.iter().flat_map(|text| text.split(" step(").skip(1));
    let placed: BTreeSet<u32> =
        calls.map(|rest| rest.split(')').next().unwrap().parse().expect("a number")).collect();
    assert!(placed.len() > 20);
    assert_eq!(walked, placed);
}
