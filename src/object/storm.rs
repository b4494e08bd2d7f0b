//! A kill storm: processes create, open, map and close objects of three names
//! while others are killed at random. What must hold:
//! * two processes that have a handle to one name have one object;
//! * a new object is zero;
//! * after everybody is dead, the next create makes a new object;
//! * after everybody ended in good order, no file is left.
//!
//! The same storm with a fault planted must fail.

use super::{Grant, Object, TABLE, close, create_section, map_view, open_section};
use crate::fork;
use crate::handle::{Flags, Handle};
use crate::mark;
use crate::memory;
use crate::name::{Name, SectionName};
use crate::namespace::Created;
use crate::protection::{Caching, Data, Protection};
use crate::section::{Attributes, Making, Pages, Request, ViewKind};
use crate::security::Sharing;
use crate::sys::map::{self, Access, Contents, Place};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

const PROCESSES: usize = 8;
const NAMES: usize = 3;

/// What all processes of the storm see.
#[derive(Default)]
struct Arena {
    /// The file that a process holds by a name; 0: none, or not sure.
    held: [[AtomicU64; PROCESSES]; NAMES],
    /// Counts what happens to a process: even = it runs, odd = it is being killed.
    life: [AtomicU64; PROCESSES],
    stop: AtomicU64,
    created: AtomicU64,
    opened: AtomicU64,
    two_objects: AtomicU64,
    not_zero: AtomicU64,
    /// A call failed in a way that nothing here explains.
    failed: AtomicU64,
}

fn arena() -> &'static Arena {
    let size = size_of::<Arena>();
    let address = map::map(Place::Anywhere, size, Access::READ_WRITE, Contents::SharedZero).unwrap();
    // SAFETY: fresh shared memory, never unmapped; zero is a valid Arena.
    unsafe { &*(address as *const Arena) }
}

fn name(number: usize) -> SectionName {
    let name = Name::new(format!("storm-{number}").encode_utf16().collect());
    SectionName::Object(name.unwrap())
}

const SIZE: usize = 8192;

fn create(number: usize) -> Option<(Handle, Created)> {
    let attributes =
        Attributes { protection: Protection::READ_WRITE, caching: Caching::Normal, pages: Pages::Committed };
    let grant = Grant { access: 0xf001f, flags: Flags::default() };
    let making = Making { size: SIZE as u64, attributes, sharing: Sharing::OWNER };
    create_section(Some(&name(number)), &making, grant).ok()
}

fn open(number: usize) -> Option<Handle> {
    open_section(&name(number), Grant { access: 0xf001f, flags: Flags::default() }).ok()
}

fn file_of(handle: Handle) -> u64 {
    let mark = mark::enter();
    let object = TABLE.get(&mark, handle).unwrap();
    let Object::Section(section) = &*object else { panic!("a section") };
    section.name().unwrap().id().number()
}

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Maps the object and leaves a trace in it; a new one has none yet.
fn touch(arena: &Arena, handle: Handle, is_new: bool) {
    let kind = ViewKind { data: Data::Write, execute: false };
    let request = Request { kind, offset: 0, length: 0, address: None, large_pages: false };
    let Ok(address) = map_view(handle, &request) else {
        arena.failed.fetch_add(1, SeqCst);
        return;
    };
    // SAFETY: the second page of a view; the storm reaches it by atomics.
    let traces = unsafe { &*((address + 4096) as *const [AtomicU64; 2]) };
    if is_new {
        // Openers leave no trace before the creator has.
        if traces.iter().any(|trace| trace.load(SeqCst) != 0) {
            arena.not_zero.fetch_add(1, SeqCst);
        }
        traces[0].store(1, SeqCst);
    } else if traces[0].load(SeqCst) != 0 {
        traces[1].store(1, SeqCst);
    }
    memory::unmap_view(&fork::enter(), address).unwrap();
}

/// I hold `mine`; does somebody who is alive hold another file of that name?
fn compare_with_others(arena: &Arena, me: usize, number: usize, mine: u64) {
    for other in (0..PROCESSES).filter(|&other| other != me) {
        let life = arena.life[other].load(SeqCst);
        let held = arena.held[number][other].load(SeqCst);
        let again = (arena.held[number][other].load(SeqCst), arena.life[other].load(SeqCst));
        if held != 0 && held != mine && again == (held, life) && life % 2 == 0 {
            arena.two_objects.fetch_add(1, SeqCst);
        }
    }
}

fn worker(arena: &Arena, me: usize, mut seed: u64) {
    let mut handles: [Option<Handle>; NAMES] = [None; NAMES];
    while arena.stop.load(Relaxed) == 0 {
        let number = random(&mut seed) as usize % NAMES;
        match handles[number].take() {
            Some(handle) => {
                arena.held[number][me].store(0, SeqCst);
                close(handle).unwrap();
            }
            None => {
                let wants_new = random(&mut seed) % 2 == 0;
                let made =
                    if wants_new { create(number) } else { open(number).map(|handle| (handle, Created::No)) };
                let Some((handle, created)) = made else {
                    if wants_new {
                        arena.failed.fetch_add(1, SeqCst);
                    }
                    continue;
                };
                let file = file_of(handle);
                arena.held[number][me].store(file, SeqCst);
                compare_with_others(arena, me, number, file);
                let counter = if created == Created::Yes { &arena.created } else { &arena.opened };
                counter.fetch_add(1, SeqCst);
                touch(arena, handle, created == Created::Yes);
                handles[number] = Some(handle);
            }
        }
    }
    for (number, handle) in handles.iter().enumerate() {
        arena.held[number][me].store(0, SeqCst);
        handle.map(close);
    }
}

fn start(arena: &Arena, me: usize, seed: u64) -> libc::pid_t {
    (0..NAMES).for_each(|number| arena.held[number][me].store(0, SeqCst));
    let life = arena.life[me].load(SeqCst);
    arena.life[me].store(life + life % 2, SeqCst);
    // SAFETY: the child uses the library, which supports fork, and _exit.
    match unsafe { libc::fork() } {
        0 => {
            worker(arena, me, seed | 1);
            // SAFETY: ends the child without the test harness's part.
            unsafe { libc::_exit(0) }
        }
        child => child,
    }
}

fn wait(child: libc::pid_t) {
    let mut status = 0;
    // SAFETY: `status` is writable.
    unsafe { libc::waitpid(child, &mut status, 0) };
}

fn kill(arena: &Arena, me: usize, child: libc::pid_t) {
    arena.life[me].fetch_add(1, SeqCst);
    // SAFETY: our own child.
    unsafe { libc::kill(child, libc::SIGKILL) };
}

fn files_left(base: &std::path::Path) -> usize {
    std::fs::read_dir(base.join(format!(".winshm-{}", crate::sys::process::effective_user())))
        .map_or(0, |entries| entries.count())
}

/// One storm of this length; returns how much was wrong.
fn storm(time: Duration, base: &std::path::Path) -> u64 {
    let (arena, end, mut seed) = (arena(), Instant::now() + time, 88_172_645_463_325_252);
    let (mut kills, mut not_new, mut left) = (0u64, 0, 0);
    while Instant::now() < end {
        // With kills: for half a second, then everybody at once.
        arena.stop.store(0, SeqCst);
        let mut children: Vec<_> = (0..PROCESSES).map(|me| start(arena, me, random(&mut seed))).collect();
        let round = Instant::now() + Duration::from_millis(500);
        while Instant::now() < round {
            // Several at once: a process needs its turn to die.
            let chosen = random(&mut seed);
            let victims: Vec<_> = (0..PROCESSES).filter(|me| chosen >> me & 1 != 0).collect();
            victims.iter().for_each(|&me| kill(arena, me, children[me]));
            for me in victims {
                wait(children[me]);
                kills += 1;
                children[me] = start(arena, me, random(&mut seed));
            }
            std::thread::sleep(Duration::from_micros(random(&mut seed) % 2000));
        }
        children.iter().enumerate().for_each(|(me, &child)| kill(arena, me, child));
        children.into_iter().for_each(wait);
        for number in 0..NAMES {
            match create(number) {
                Some((handle, Created::Yes)) => close(handle).unwrap(),
                _ => not_new += 1,
            }
        }
        left += files_left(base);
        // Without kills: everybody ends in good order.
        let children: Vec<_> = (0..PROCESSES).map(|me| start(arena, me, random(&mut seed))).collect();
        std::thread::sleep(Duration::from_millis(200));
        arena.stop.store(1, SeqCst);
        children.into_iter().for_each(wait);
        left += files_left(base);
    }
    let count = |number: &AtomicU64| number.load(SeqCst);
    let (two, not_zero, failed) = (count(&arena.two_objects), count(&arena.not_zero), count(&arena.failed));
    println!(
        "{} created, {} opened, {kills} kills: two objects {two}, not zero {not_zero}, \
         not new {not_new}, files left {left}, failed {failed}",
        count(&arena.created),
        count(&arena.opened)
    );
    two + not_zero + not_new + left as u64 + failed
}

/// Run by the tests below in a process of its own, and by `./dev stress`.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_names() {
    let base = std::env::var_os("WINSHM_DIR").expect("a directory of its own");
    let seconds = std::env::var("WINSHM_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    assert_eq!(storm(Duration::from_secs(seconds.unwrap_or(10)), base.as_ref()), 0);
}

fn storm_in_a_process(variables: &[(&str, &str)]) -> std::process::Output {
    let label = variables.first().map_or("plain", |(_, value)| value);
    let base = format!("/dev/shm/winshm-storm-{}-{label}", std::process::id());
    std::fs::create_dir(&base).unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "object::storm::stress_names", "--ignored", "--nocapture", "--test-threads=1"])
        .env("WINSHM_DIR", &base)
        .envs(variables.iter().copied())
        .output();
    std::fs::remove_dir_all(&base).unwrap();
    output.unwrap()
}

#[test]
fn names_keep_their_rules_in_a_kill_storm() {
    let run = storm_in_a_process(&[]);
    let text = String::from_utf8_lossy(&run.stdout);
    println!("{text}");
    assert!(run.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn the_storm_notices_planted_faults() {
    for (fault, symptom) in [("no-probe", "not new"), ("no-reap", "files left")] {
        let run = storm_in_a_process(&[("WINSHM_PLANT", fault), ("WINSHM_STRESS_SECONDS", "2")]);
        let text = String::from_utf8_lossy(&run.stdout);
        assert!(!run.status.success(), "{fault} went unnoticed: {text}");
        assert!(!text.contains(&format!("{symptom} 0")), "{fault}: {text}");
    }
}
