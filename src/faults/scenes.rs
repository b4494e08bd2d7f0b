//! What a process is doing when it is killed or stopped.

use super::api::{self, Kind};
use crate::abi::types::HANDLE;
use crate::consts::*;
use crate::plant::deeds::arm;
use std::sync::Barrier;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

/// Who else is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    Nobody,
    /// Holds every object.
    Holds,
    /// Sleeps until it gets the first object.
    Sleeps,
    /// Owns the first object, a mutex, until the other one sleeps.
    Owns,
    /// Was killed with the objects, so that files are left.
    Left,
    /// Holds every object; and one who did the same was killed where he first came to
    /// this point, so that the victim meets what he left half done.
    After(&'static str),
}

/// One thing that a process does.
#[derive(Clone)]
pub struct Scene {
    pub what: &'static str,
    /// The objects that it is about.
    pub objects: Vec<(Kind, &'static str)>,
    pub peer: Peer,
    /// Does it, after `arm`.
    pub act: fn(&Victim),
}

/// What the victim says of itself, in shared memory.
#[derive(Default)]
pub struct Notes {
    /// The victim owns the mutex, for certain.
    pub owns: AtomicU32,
}

pub struct Victim {
    pub notes: &'static Notes,
    pub objects: Vec<(Kind, &'static str)>,
}

impl Victim {
    /// Opens, or creates, all objects.
    pub fn all(&self) -> Vec<HANDLE> {
        self.objects.iter().map(|(kind, name)| api::create(*kind, name).unwrap()).collect()
    }

    fn create_and_close(&self) {
        arm();
        self.all().into_iter().for_each(|object| api::close(object).unwrap());
    }

    fn open_and_close(&self) {
        arm();
        let (kind, name) = self.objects[0];
        api::close(api::open(kind, name).unwrap()).unwrap();
    }

    /// Waits for the first object, a mutex, and says that it has it.
    fn own(&self, mutex: HANDLE) {
        let told = api::wait(mutex, INFINITE).unwrap();
        assert!(told == WAIT_OBJECT_0, "{told:x}");
        self.notes.owns.store(1, SeqCst);
    }

    fn disown(&self, mutex: HANDLE) {
        self.notes.owns.store(0, SeqCst);
        api::release_mutex(mutex).unwrap();
    }
}

pub fn scene(what: &'static str, objects: &[(Kind, &'static str)], peer: Peer, act: fn(&Victim)) -> Scene {
    Scene { what, objects: objects.to_vec(), peer, act }
}

/// Made, opened, closed: as the last one and beside another.
pub fn names() -> Vec<Scene> {
    let mut scenes = Vec::new();
    for (index, kind) in api::KINDS.into_iter().enumerate() {
        let name = if index % 2 == 0 { "life" } else { "Global\\life" };
        let one = [(kind, name)];
        scenes.push(scene("create, and close as the last", &one, Peer::Nobody, Victim::create_and_close));
        scenes.push(scene("find, and close beside another", &one, Peer::Holds, Victim::create_and_close));
        scenes.push(scene("open, and close beside another", &one, Peer::Holds, Victim::open_and_close));
        scenes.push(scene(
            "create over what a killed process left",
            &one,
            Peer::Left,
            Victim::create_and_close,
        ));
    }
    let several = [(Kind::Section, "one"), (Kind::Semaphore, "two"), (Kind::AutoEvent, "Global\\three")];
    scenes.push(scene("sweep what a killed process left", &several, Peer::Left, |_| {
        arm();
        let other = api::create(Kind::AutoEvent, "other").unwrap();
        api::close(other).unwrap();
    }));
    scenes.push(scene(
        "close beside a thread of its own",
        &[(Kind::AutoEvent, "life")],
        Peer::Nobody,
        |victim| {
            let event = victim.all()[0];
            let (number, both) = (event.addr(), Barrier::new(2));
            std::thread::scope(|scope| {
                scope.spawn(|| {
                    assert_eq!(api::wait(number as HANDLE, 0), Ok(WAIT_TIMEOUT));
                    both.wait();
                    both.wait();
                });
                both.wait();
                arm();
                api::close(event).unwrap();
                both.wait();
            });
        },
    ));
    scenes.push(scene("map and unmap a section", &[(Kind::Section, "mapped")], Peer::Nobody, |victim| {
        let section = victim.all()[0];
        arm();
        let view = api::map(section).unwrap();
        api::close(section).unwrap();
        api::unmap(view).unwrap();
    }));
    scenes
}

/// Signals, with somebody asleep.
pub fn signals() -> Vec<Scene> {
    fn over(what: &'static str, kind: Kind, act: fn(&Victim)) -> Scene {
        scene(what, &[(kind, "signalled")], Peer::Sleeps, act)
    }
    vec![
        over("set an event", Kind::AutoEvent, |victim| signal(victim, api::set)),
        over("set a manual-reset event", Kind::ManualEvent, |victim| signal(victim, api::set)),
        over("pulse an event", Kind::AutoEvent, |victim| signal(victim, api::pulse)),
        over("pulse a manual-reset event", Kind::ManualEvent, |victim| signal(victim, api::pulse)),
        over("reset an event", Kind::AutoEvent, |victim| signal(victim, api::reset)),
        over("release a semaphore", Kind::Semaphore, |victim| {
            signal(victim, |object| api::release(object, 2))
        }),
        over("set a timer", Kind::Timer, |victim| signal(victim, |timer| api::set_timer(timer, 0))),
        over("cancel a timer", Kind::Timer, |victim| signal(victim, api::cancel_timer)),
        over("compete for a semaphore", Kind::Semaphore, |victim| {
            signal(victim, |object| api::release(object, 1).and_then(|()| api::wait(object, 100)).map(|_| ()))
        }),
    ]
}

fn signal(victim: &Victim, act: fn(HANDLE) -> api::Answer<()>) {
    let object = victim.all()[0];
    arm();
    act(object).unwrap();
}

/// A scene in which the victim has the guard that waits for all share.
pub const ALL: &str = "wait for all of several";

/// The same where another one died over it.
pub const ALL_AFTER: &str = "wait for all of several, after one died in it";

/// One in which the mutex is abandoned though the victim lives.
pub const THREAD_ENDS: &str = "end a thread that owns a mutex";

/// Mutexes, and what takes several objects.
pub fn waits() -> Vec<Scene> {
    let mutex = [(Kind::Mutex, "mutex")];
    let several = [(Kind::Mutex, "mutex"), (Kind::Semaphore, "some"), (Kind::ManualEvent, "Global\\go")];
    vec![
        scene("take a mutex, twice, and release it", &mutex, Peer::Holds, |victim| {
            let mutex = victim.all()[0];
            arm();
            victim.own(mutex);
            assert_eq!(api::wait_for_several(&[mutex], false, 0), Ok(WAIT_OBJECT_0));
            assert_eq!(api::signal_and_wait(mutex, mutex, 0), Ok(WAIT_OBJECT_0));
            api::release_mutex(mutex).unwrap();
            victim.disown(mutex);
        }),
        scene("take and signal what nobody else is at", &several, Peer::Holds, |victim| {
            let objects = victim.all();
            // From its second call on, a thread is known.
            victim.own(objects[0]);
            victim.disown(objects[0]);
            arm();
            victim.own(objects[0]);
            victim.own(objects[0]);
            api::release_mutex(objects[0]).unwrap();
            victim.disown(objects[0]);
            api::release(objects[1], 1).unwrap();
            assert_eq!(api::wait(objects[1], 0), Ok(WAIT_OBJECT_0));
            api::set(objects[2]).unwrap();
            assert_eq!(api::wait(objects[2], 0), Ok(WAIT_OBJECT_0));
            api::reset(objects[2]).unwrap();
        }),
        scene("release a mutex that another waits for", &mutex, Peer::Sleeps, |victim| {
            let mutex = victim.all()[0];
            victim.own(mutex);
            crate::plant::deeds::pause();
            arm();
            victim.disown(mutex);
        }),
        scene("sleep until a mutex is free", &mutex, Peer::Owns, |victim| {
            let mutex = victim.all()[0];
            arm();
            victim.own(mutex);
            victim.disown(mutex);
        }),
        scene("wait for any of several", &several, Peer::Holds, |victim| {
            let objects = victim.all();
            arm();
            api::wait_for_several(&objects[1..], false, 1).unwrap();
            api::release(objects[1], 1).unwrap();
            api::wait_for_several(&objects[1..], false, INFINITE).unwrap();
        }),
        scene(ALL, &several, Peer::Holds, |victim| {
            let objects = victim.all();
            api::set(objects[2]).unwrap();
            arm();
            if api::wait_for_several(&objects, true, 1) == Ok(WAIT_OBJECT_0) {
                api::release_mutex(objects[0]).unwrap();
            }
            api::release(objects[1], 1).unwrap();
            let told = api::wait_for_several(&objects, true, INFINITE).unwrap();
            assert_eq!(told, WAIT_OBJECT_0);
            victim.notes.owns.store(1, SeqCst);
            victim.disown(objects[0]);
        }),
        scene(ALL_AFTER, &several[1..], Peer::After("guard: decided"), |victim| {
            let objects = victim.all();
            arm();
            api::set(objects[1]).unwrap();
            api::release(objects[0], 1).unwrap();
            assert_eq!(api::wait_for_several(&objects, true, INFINITE), Ok(WAIT_OBJECT_0));
        }),
        scene(
            "wait by the bell, and signal, after one died in it",
            &several[1..],
            Peer::After("bell: waiter counted"),
            |victim| {
                crate::sync::do_without_waitv();
                let objects = victim.all();
                arm();
                api::wait_for_several(&objects, false, 20).unwrap();
                api::release(objects[0], 1).unwrap();
                api::wait(objects[0], INFINITE).unwrap();
            },
        ),
        scene("signal one and wait for another", &several, Peer::Holds, |victim| {
            let objects = victim.all();
            arm();
            api::signal_and_wait(objects[1], objects[2], 1).unwrap();
        }),
        scene("wait for a timer", &[(Kind::Timer, "timer")], Peer::Holds, |victim| {
            let timer = victim.all()[0];
            arm();
            api::set_timer(timer, 2).unwrap();
            assert_eq!(api::wait(timer, INFINITE), Ok(WAIT_OBJECT_0));
        }),
        scene(THREAD_ENDS, &mutex, Peer::Holds, |victim| {
            let mutex = victim.all()[0].addr();
            let take = || {
                assert_eq!(api::wait(mutex as HANDLE, INFINITE), Ok(WAIT_OBJECT_0));
                arm();
            };
            std::thread::scope(|scope| scope.spawn(take).join().unwrap());
        }),
    ]
}
