//! What happens to the others when a process dies, or stands still, anywhere in a call of
//! the C functions.
//!
//! `sync::crash` does so to the core of waiting; here a process uses the library as a C
//! program does, and is killed or parked at one fault point after the other (`plant`):
//! around every system call, after every store that others see. `scenes` says what it is
//! doing; `kills` and `stops` do it to it, and look at what is left: can every name be
//! used, does a waiter sleep for ever, was an abandonment told of once, was half a write
//! read, is a file left once all are gone and one process has swept?
//!
//! Each group runs in a process of its own, with a directory of its own, and with a fault
//! planted it must fail. `WINSHM_FULL=1` has every point of every scene tried, else some.

mod api;
mod coverage;
mod kills;
mod lives;
mod memories;
mod others;
mod scenes;
mod stage;
mod stops;
mod storm;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

/// Of so many points one is tried in a short run.
pub fn stride(short: u32) -> u32 {
    if std::env::var_os("WINSHM_FULL").is_some_and(|full| full != "0") { 1 } else { short }
}

/// Plays each scene with the fault at each point in turn, or at some, until it has no further
/// one; returns the runs, and at how many points they were.
fn walk<S>(scenes: &[S], stride: u32, mut play: impl FnMut(&S, u32) -> Option<String>) -> (u32, usize) {
    let (mut runs, mut reached) = (0, BTreeSet::new());
    for (scene, first) in scenes.iter().zip(0..) {
        let mut nth = first % stride;
        while let Some(point) = play(scene, nth) {
            reached.insert(point);
            runs += 1;
            nth += stride;
        }
    }
    (runs, reached.len())
}

/// The directory of this process's names.
fn base() -> PathBuf {
    std::env::var_os("WINSHM_DIR").expect("a directory of its own").into()
}

/// The files of the library that are there.
fn files() -> Vec<String> {
    let mut found = Vec::new();
    for folder in [format!(".winshm-{}", crate::sys::process::effective_user()), ".winshm-global".into()] {
        let entries = std::fs::read_dir(base().join(folder)).into_iter().flatten();
        found.extend(entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()));
    }
    found
}

/// Runs a group in a process and a directory of its own; tells whether it passed, and
/// what it said.
fn run(group: &str, plants: &str, all_points: bool) -> (bool, String) {
    let label = group.replace("::", "-");
    let base = format!("/dev/shm/winshm-faults-{}-{label}-{plants}", std::process::id());
    std::fs::create_dir(&base).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("faults::{group}"), "--ignored", "--nocapture", "--test-threads=1"])
        .env("WINSHM_DIR", &base)
        .env("WINSHM_PLANT", plants)
        .env("RUST_BACKTRACE", "0")
        .envs(all_points.then_some(("WINSHM_FULL", "1")))
        .output();
    std::fs::remove_dir_all(&base).unwrap();
    let output = output.unwrap();
    let text =
        [output.stdout, output.stderr].map(|part| String::from_utf8_lossy(&part).into_owned()).concat();
    (output.status.success() && text.contains("1 passed"), text)
}

/// Runs groups in which nothing may go wrong.
fn hold(groups: &[&str]) {
    for group in groups {
        let (passed, text) = run(group, "", false);
        println!("{text}");
        assert!(passed, "{group}: {text}");
    }
}

/// Runs a group with a fault planted, up to the first point where it does harm: it must say `words` and fail.
fn fails(group: &str, plant: &str, words: &str) {
    let (passed, text) = run(group, plant, true);
    assert!(!passed, "{plant} went unnoticed by {group}: {text}");
    assert!(text.contains(words), "{group} with {plant} was to fail with {words:?}: {text}");
}
