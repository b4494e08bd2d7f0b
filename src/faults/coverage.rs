//! No fault point is left out: each is reached by the one whom a scene kills or stops.

use super::stage::Stage;
use super::{hold, kills, memories, others, scenes};
use crate::plant::deeds::Plan;
use crate::plant::{names_in_sources, record};
use std::collections::BTreeSet;

/// Points that no scene needs to come to, and why.
#[rustfmt::skip]
const EXCEPTIONS: &[(&str, &[&str])] = &[
    ("it asks the kernel, and changes nothing that anybody sees", &[
        "F_GETFL: access_of", "F_GETFL: wait_in_transfers", "fstatvfs: free_space",
        "fstatvfs: whole_space", "ioctl: exit_of_stranger", "lseek: next_data",
        "open: exit_of_zombie", "open: fdinfo", "open: large_pages", "open: maps of another",
        "open: meminfo", "open: pagemap", "open: processes", "stat: exit_of_zombie",
        "stat: is_folder", "tkill: exists",
    ]),
    ("only where calls are traced (WINSHM_TRACE), which c_tests/trace.sh does", &[
        "F_DUPFD: standard_error", "open: append_to", "write: line", "poll: program file",
    ]),
    ("only the tool looks, at what it does not touch", &[
        "open: all processes", "open: all segments", "open: cmdline", "open: comm", "open: descriptor",
        "open: descriptors", "open: locks", "open: mappings", "open: status", "readlink: descriptor",
        "readlink: program", "stat: descriptor", "stat: ipc_namespace of another", "stat: process",
    ]),
    ("memory and descriptors of this process alone", &[
        "F_DUPFD: duplicate", "madvise: let_be_huge", "madvise: lock_unwritten", "madvise: read in", "memfd_create: create_nameless_large",
        "mremap: show_segment", "open: reopen", "set_robust_list: mine",
    ]),
    ("in a handler of SIGBUS, for a page that somebody cut off: the object is dead", &[
        "mmap: lost page", "mremap: lost page",
    ]),
    ("only after a call that failed; fault.system_calls has every call fail", &[
        "close: not made", "kill: undo", "waitpid: undo", "write: standard error",
    ]),
    ("a standard stream 0 to 2 must be closed, or a FIFO opened, which nobody else sees", &[
        "F_DUPFD: program open", "F_SETFL: wait_in_transfers",
    ]),
    ("only as another user, or under an umask that keeps the user himself out", &[
        "fchmodat: set_mode_of_found", "fchown: set_owner",
    ]),
    ("only where two meet in a moment that no scene can arrange: object::storm and sync::storm kill there", &[
        "close: not adopted", "object: for whoever comes", "object: handed over again",
        "object: others absent", "wait: claim given up", "clock_nanosleep: sleep",
    ]),
];

/// What is reached by none and excepted by none; and what is excepted, but is no point.
fn complaints(placed: &BTreeSet<String>, reached: &BTreeSet<String>, excepted: &[&str]) -> Vec<String> {
    let left_out =
        placed.iter().filter(|name| !reached.contains(*name) && !excepted.contains(&name.as_str()));
    let stale = excepted.iter().filter(|name| !placed.contains(**name));
    let left_out = left_out.map(|name| format!("NEVER REACHED: {name}"));
    left_out.chain(stale.map(|name| format!("NO POINT: {name}"))).collect()
}

/// Plays every scene, and nobody is harmed: that costs a run for each, not one for each point.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn all_scenes_once() {
    record::begin();
    let stage = Stage::new();
    for scene in [scenes::names(), scenes::signals(), scenes::waits(), others::others()].concat() {
        kills::play(&stage, &scene, Plan::record());
    }
    for scene in memories::memories() {
        kills::play_memory(&stage, &scene, Plan::record());
    }
    let placed = names_in_sources();
    let reached = record::reached(&placed);
    let excepted: Vec<&str> = EXCEPTIONS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let complaints = complaints(&placed, &reached, &excepted);
    assert!(complaints.is_empty(), "{complaints:#?}");
    println!("{} of {} points are reached, {} are excepted", reached.len(), placed.len(), excepted.len());
}

#[test]
fn every_point_is_reached_by_a_scene() {
    hold(&["coverage::all_scenes_once"]);
}

#[test]
fn a_point_that_is_left_out_is_noticed() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let (placed, reached) = (names(&["call: new", "call: old", "call: rare"]), names(&["call: old"]));
    assert_eq!(complaints(&placed, &reached, &["call: rare"]), ["NEVER REACHED: call: new"]);
    assert_eq!(complaints(&placed, &placed, &["call: gone"]), ["NO POINT: call: gone"]);
}
