//! A process is killed at one point after the other; the others go on.

use super::memories::MemoryScene;
use super::scenes::{self, Scene};
use super::stage::{Stage, begin, end_of, look_after};
use super::{fails, hold, memories, others, stride, walk};
use crate::plant::actors::End;
use crate::plant::deeds::{Plan, Which};
use std::sync::atomic::Ordering::SeqCst;

/// Plays a scene in which the victim may be killed at a point; returns that point.
pub fn play(stage: &Stage, scene: &Scene, plan: Plan) -> Option<String> {
    let (victim, peer) = begin(stage, scene, plan);
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
    let (runs, points) =
        walk(scenes, stride(29), |scene, nth| play(&stage, scene, Plan::kill(Which::Any, nth)));
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
    killed_in("files and programs", &others::others());
}

pub fn play_memory(stage: &Stage, scene: &MemoryScene, plan: Plan) -> Option<String> {
    let (victim, peer) = scene.begin(stage, plan);
    end_of(&victim, scene.what);
    let point = victim.point();
    scene.look_after(stage, &peer, &format!("{} ({}), killed {point:?}", scene.what, scene.name));
    point
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_in_writes() {
    let (stage, scenes) = (Stage::new(), memories::memories());
    let kill = |scene: &MemoryScene, nth| play_memory(&stage, scene, Plan::kill(Which::Any, nth));
    let (runs, points) = walk(&scenes, stride(37), kill);
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
