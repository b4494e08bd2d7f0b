//! A process stands still at one point after the other. Others on other names do not
//! notice; on the same name they wait for a time that ends, and are told why.

use super::api::{self, Answer, KINDS, Kind};
use super::memories::{self, CREATES, MemoryScene, NEW, OPENS};
use super::scenes::{self, ALL, Scene, THREAD_ENDS};
use super::stage::{BYSTANDER, NEIGHBOUR, Stage, begin, end_of, look_after, use_object};
use super::{hold, others, run, stride, walk};
use crate::consts::*;
use crate::plant::actors::{Actor, End, until};
use crate::plant::deeds::{Plan, Which, pause};

/// What somebody does who has nothing to do with the stopped one. He never waits for it:
/// nothing is refused because somebody is busy, and every wait for all ends in time.
/// But if the stopped one has the guard, a mutex cannot be made with an owner.
fn live_elsewhere(may_own: bool) -> Answer<u8> {
    for scope in ["", "Global\\"] {
        let name = |kind| format!("{scope}else-{kind:?}");
        for kind in KINDS {
            match use_object(kind, &name(kind)) {
                Err(ERROR_BUSY) if kind == Kind::OwnedMutex && !may_own => {}
                other => drop(other?),
            }
        }
        let timer = api::create(Kind::Timer, &name(Kind::Timer))?;
        api::set_timer(timer, 0)?;
        api::cancel_timer(timer)?;
        let mutex = api::create(Kind::Mutex, &name(Kind::Mutex))?;
        let event = api::create(Kind::AutoEvent, &name(Kind::AutoEvent))?;
        api::set(event)?;
        // Wait-all shares a guard with the stopped one: it is in time, whatever it says.
        let all = [mutex, event];
        match api::wait_for_several(&all, true, 20)? {
            WAIT_OBJECT_0 => api::release_mutex(mutex)?,
            WAIT_TIMEOUT => {}
            _ => return Ok(3),
        }
        api::set(event)?;
        if api::wait_for_several(&all, false, 1000)? == WAIT_OBJECT_0 {
            api::release_mutex(mutex)?;
        }
        for object in [timer, mutex, event] {
            api::close(object)?;
        }
        let memory = api::create_memory(&format!("{scope}else-memory"), 64)?;
        api::write(memory, b"something")?;
        api::read(memory, &mut [0; 9])?;
        api::close_memory(memory)?;
    }
    Ok(0)
}

/// What somebody does to the very object: each call ends, and succeeds or says that
/// somebody is in the way.
fn live_beside(kind: Kind, name: &str, owner_may_end: bool) -> Answer<u8> {
    let bounded = |answer: Answer<()>| match answer {
        Ok(()) | Err(ERROR_BUSY) => Ok(()),
        other => other,
    };
    let object = match api::create(kind, name) {
        Ok(object) => object,
        Err(ERROR_BUSY) => return Ok(0),
        Err(error) => return Err(error),
    };
    match kind {
        Kind::Mutex | Kind::OwnedMutex => match api::wait(object, 20) {
            Ok(WAIT_OBJECT_0) => api::release_mutex(object)?,
            Ok(WAIT_ABANDONED) if owner_may_end => api::release_mutex(object)?,
            Ok(WAIT_TIMEOUT) | Err(ERROR_BUSY) | Err(ERROR_NOT_OWNER) => {}
            Ok(_) => return Ok(4),
            Err(error) => return Err(error),
        },
        Kind::AutoEvent | Kind::ManualEvent => bounded(api::set(object))?,
        Kind::Semaphore => bounded(api::release(object, 1))?,
        Kind::Timer => bounded(api::set_timer(object, 0))?,
        Kind::Section | Kind::FileSection => {}
    }
    bounded(api::open(kind, name).and_then(api::close))?;
    api::close(object)?;
    Ok(0)
}

/// Has objects of both scopes all the time: the guards are made and removed by nobody
/// else, which would keep others from making synchronisation objects for two seconds.
fn bystander(stage: &Stage) -> Actor {
    let bystander = stage.start(BYSTANDER, Plan::FREE, || {
        let held = ["bystander", "Global\\bystander"].map(|name| api::create(Kind::AutoEvent, name).unwrap());
        pause();
        held.into_iter().for_each(|object| api::close(object).unwrap());
        0
    });
    until(|| bystander.is_parked());
    bystander
}

fn play(stage: &Stage, scene: &Scene, nth: u32) -> Option<String> {
    let bystander = bystander(stage);
    let (victim, peer) = begin(stage, scene, Plan::park(Which::Any, nth));
    until(|| victim.is_gone() || victim.is_parked() && victim.point().is_some());
    let point = victim.point();
    let what = format!("{} ({:?}), stopped {:?}", scene.what, scene.objects, point);
    if point.is_some() {
        let answer = |who: String, body: &dyn Fn() -> Answer<u8>| {
            let told = stage.help(&who, || body().unwrap_or_else(|error| error as u8));
            assert_eq!(told, 0, "HELD UP: {who}");
        };
        let may_own =
            !scene.what.starts_with(ALL) && scene.objects.iter().all(|(kind, _)| *kind != Kind::OwnedMutex);
        answer(format!("one who is elsewhere, beside {what}"), &|| live_elsewhere(may_own));
        for &(kind, name) in &scene.objects {
            answer(format!("one who uses the {kind:?} {name} beside {what}"), &|| {
                live_beside(kind, name, scene.what == THREAD_ENDS)
            });
        }
        victim.release();
    }
    // What it waits for may have been taken by the others: it is given once more.
    let give = |kind: Kind, name: &str| -> Answer<u8> {
        let object = api::create(kind, name)?;
        match kind {
            Kind::AutoEvent | Kind::ManualEvent => api::set(object)?,
            Kind::Semaphore => api::release(object, 3)?,
            Kind::Timer => api::set_timer(object, 0)?,
            Kind::OwnedMutex => drop(api::release_mutex(object)),
            _ => {}
        }
        api::close(object).map(|()| 0)
    };
    while !victim.is_gone() && !victim.sleeps() {
        std::thread::yield_now();
    }
    if !victim.is_gone() {
        for &(kind, name) in &scene.objects {
            stage.help("one who signals", || give(kind, name).unwrap_or_else(|error| error as u8));
        }
    }
    assert_eq!(end_of(&victim, &what), End::Answered(0), "{what}");
    bystander.release();
    end_of(&bystander, "the bystander");
    let told = look_after(stage, scene, peer, &what);
    assert!(!told || scene.what == THREAD_ENDS, "TOLD: {what}, though nobody died");
    point
}

/// What somebody does with the very segment: it succeeds, or says within seconds that
/// somebody is in the way, or that half a write is there.
fn use_memory(scene: &MemoryScene, writes: bool) -> u8 {
    let (memory, mut bytes) = match api::create_memory(&scene.name, scene.size) {
        Ok(memory) => (memory, vec![NEW; scene.size]),
        Err(error) => return u8::from(error != ERROR_BUSY),
    };
    let told = if writes { api::write(memory, &bytes) } else { api::read(memory, &mut bytes) };
    let closed = api::close_memory(memory);
    u8::from(!matches!(told, Ok(()) | Err(ERROR_BUSY | ERROR_INVALID_DATA)) || closed.is_err())
}

fn play_memory(stage: &Stage, scene: &MemoryScene, nth: u32) -> Option<String> {
    let bystander = bystander(stage);
    let (victim, peer) = scene.begin(stage, Plan::park(Which::Any, nth));
    until(|| victim.is_gone() || victim.is_parked());
    let point = victim.point();
    let what = format!("{} ({}), stopped {point:?}", scene.what, scene.name);
    if point.is_some() {
        let writer = stage.start(NEIGHBOUR, Plan::FREE, || use_memory(scene, true));
        let elsewhere = stage.help(&format!("one who is elsewhere, beside {what}"), || {
            live_elsewhere(true).unwrap_or_else(|error| error as u8)
        });
        let reader = stage.help(&format!("a reader beside {what}"), || use_memory(scene, false));
        assert_eq!((elsewhere, reader), (0, 0), "HELD UP: beside {what}");
        assert_eq!(end_of(&writer, &format!("a writer beside {what}")), End::Answered(0), "HELD UP: {what}");
        victim.release();
    }
    assert_eq!(end_of(&victim, &what), End::Answered(0), "{what}");
    bystander.release();
    end_of(&bystander, "the bystander");
    scene.look_after(stage, &peer, &what);
    point
}

/// In a short run one of three: who uses the object of a stopped one may wait for seconds.
fn some<S>(scenes: Vec<S>) -> Vec<S> {
    scenes.into_iter().step_by(stride(3) as usize).collect()
}

fn stopped_in(what: &str, scenes: &[Scene], stride: u32) {
    let stage = Stage::new();
    let (runs, points) = walk(scenes, stride, |scene, nth| play(&stage, scene, nth));
    println!("{what}: stopped {runs} times at {points} points in {} scenes", scenes.len());
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stopped_with_names() {
    // (There are thousands, at many of which somebody waits for two seconds.)
    stopped_in("names", &some(scenes::names()), stride(101).max(11));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stopped_in_signals() {
    stopped_in("signals", &scenes::signals(), stride(17));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stopped_in_waits() {
    stopped_in("waits", &scenes::waits(), stride(47));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stopped_in_waits_for_all() {
    let scenes: Vec<_> = scenes::waits().into_iter().filter(|scene| scene.what == ALL).collect();
    stopped_in("waits for all", &scenes, stride(7));
}

#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stopped_with_files_and_programs() {
    stopped_in("files and programs", &others::others(), stride(149));
}

/// All of what is done to a segment of one sort; of the others, which differ in how they
/// are opened, a write.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stopped_in_writes() {
    let mut scenes = memories::memories();
    let first = scenes[0].name.clone();
    scenes.retain(|scene| scene.name == first || [OPENS, CREATES].contains(&scene.what));
    let scenes = some(scenes);
    let stage = Stage::new();
    let (runs, points) = walk(&scenes, stride(149), |scene, nth| play_memory(&stage, scene, nth));
    println!("segments: stopped {runs} times at {points} points in {} scenes", scenes.len());
}

#[test]
fn a_wait_without_an_end_beside_a_stopped_process_is_noticed() {
    let (passed, text) = run("stops::stopped_in_waits_for_all", "no-deadline", false);
    assert!(!passed && text.contains("STUCK: "), "{text}");
}

#[test]
fn a_process_stopped_anywhere_holds_up_nobody_elsewhere() {
    hold(&[
        "stops::stopped_with_names",
        "stops::stopped_in_signals",
        "stops::stopped_in_waits",
        "stops::stopped_with_files_and_programs",
        "stops::stopped_in_writes",
    ]);
}
