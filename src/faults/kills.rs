//! A process is killed at one point after the other; the others go on.

use super::api::{self, Memory};
use super::scenes::{self, MemoryScene, NEW, OLD, Scene};
use super::stage::{PEER, Stage, VICTIM, begin, end_of, look_after, nothing_is_left};
use super::{fails, hold, stride, walk};
use crate::consts::*;
use crate::plant::actors::{End, until};
use crate::plant::deeds::{Plan, Which, pause};
use std::sync::atomic::Ordering::SeqCst;

/// Plays a scene in which the victim is killed at the `nth` point; returns that point.
fn play(stage: &Stage, scene: &Scene, nth: u32) -> Option<String> {
    let (victim, peer) = begin(stage, scene, Plan::kill(Which::Any, nth));
    let end = end_of(&victim, scene.what);
    let point = victim.point();
    let what = format!("{} ({:?}), killed {:?}", scene.what, scene.objects, point);
    assert_eq!(end == End::Killed, point.is_some(), "{what}");
    let had = stage.notes.owns.load(SeqCst) != 0;
    let told = look_after(stage, scene, peer, &what);
    assert!(told || !had, "NOT TOLD: {what}");
    point
}

fn killed_in(what: &str, scenes: &[Scene]) {
    let stage = Stage::new();
    let (runs, points) = walk(scenes, stride(17), |scene, nth| play(&stage, scene, nth));
    println!("{what}: {runs} kills at {points} points in {} scenes, lost 0", scenes.len());
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_with_names() {
    killed_in("names", &scenes::names());
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_in_signals() {
    killed_in("signals", &scenes::signals());
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_in_waits() {
    killed_in("waits", &scenes::waits());
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_with_files_and_programs() {
    killed_in("files and programs", &scenes::others());
}

/// All of one write, of the other, or an error that says so.
fn is_whole(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == bytes[0])
}

fn play_memory(stage: &Stage, scene: &MemoryScene, nth: u32) -> Option<String> {
    let MemoryScene { what, name, size, act } = scene;
    let open = || -> Memory { api::create_memory(name, *size).unwrap() };
    let peer = stage.start(PEER, Plan::FREE, || {
        let memory = open();
        api::write(memory, &vec![OLD; *size]).unwrap();
        pause();
        api::close_memory(memory).map_or(1, |()| 0)
    });
    until(|| peer.is_parked() || peer.is_gone());
    let victim = stage.start(VICTIM, Plan::kill(Which::Any, nth), || {
        if *what == "open, write and close" {
            crate::plant::deeds::arm();
            let memory = open();
            api::write(memory, &vec![NEW; *size]).unwrap();
            api::close_memory(memory).unwrap();
        } else {
            act(open(), *size);
        }
        0
    });
    end_of(&victim, what);
    let point = victim.point();
    let what = format!("{what} ({name}), killed {point:?}");
    let read = stage.help(&format!("a reader after {what}"), || {
        let (memory, mut bytes) = (open(), vec![0; *size]);
        match api::read(memory, &mut bytes) {
            Ok(()) => u8::from(!is_whole(&bytes) || ![OLD, NEW].contains(&bytes[0])),
            Err(ERROR_INVALID_DATA) => 0,
            Err(_) => 2,
        }
    });
    assert_eq!(read, 0, "TORN: {what}");
    let mended = stage.help(&format!("a writer after {what}"), || {
        let (memory, mut bytes) = (open(), vec![b'x'; *size]);
        let mended = api::write(memory, &bytes).and_then(|()| api::read(memory, &mut bytes));
        let is_right = mended.is_ok() && is_whole(&bytes) && bytes[0] == b'x';
        let gone = api::free_memory(memory);
        u8::from(!is_right || gone.is_err())
    });
    assert_eq!(mended, 0, "UNUSABLE: {what}");
    peer.release();
    assert_eq!(end_of(&peer, "the one that held the segment"), End::Answered(0), "{what}");
    nothing_is_left(stage, &what);
    point
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_in_writes() {
    let (stage, scenes) = (Stage::new(), scenes::memories());
    let (runs, points) = walk(&scenes, stride(9), |scene, nth| play_memory(&stage, scene, nth));
    println!("segments: {runs} kills at {points} points in {} scenes, lost 0", scenes.len());
}

#[test]
fn a_process_killed_anywhere_harms_nobody() {
    hold(&[
        "kills::killed_with_names",
        "kills::killed_in_signals",
        "kills::killed_in_waits",
        "kills::killed_with_files_and_programs",
        "kills::killed_in_writes",
    ]);
}

#[test]
fn kills_that_do_harm_are_noticed() {
    fails("kills::killed_with_names", "no-reap", "LEFT: ");
    fails("kills::killed_in_writes", "no-torn", "TORN: ");
    fails("kills::killed_in_signals", "quiet-signal,no-slices", "STUCK: ");
    fails("kills::killed_in_waits", "quiet-death", "NOT TOLD: ");
    fails("kills::killed_in_waits", "keep-died", "TOLD TWICE: ");
}
