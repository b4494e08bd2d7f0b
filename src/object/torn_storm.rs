//! Writers and readers of one segment, while writers are killed in the middle.
//! Each write fills its range with one number. What must hold:
//! * no read that succeeds has two numbers in it, in segments of every kind;
//! * a read that fails leaves the buffer alone, if no writer has overtaken it;
//! * reads fail because a writer died, and for no other reason; nobody gets stuck.
//!
//! The same storm with the protection off must fail.

use super::shared_memory::{close, create, free, open, read, write};
use crate::error::Error;
use crate::handle::Handle;
use crate::name::SectionName;
use crate::shared_memory::{BLIND, OVERTAKEN, Span};
use crate::sys::map::{self, Access, Contents, Place};
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::time::{Duration, Instant};

const WRITERS: usize = 2;
const READERS: usize = 3;
/// Written as a whole.
const WHOLE: usize = 64 << 10;
/// Behind it, written one by one.
const BLOCKS: usize = 8;
const BLOCK: usize = 3000;

/// What all processes of the storm see.
#[derive(Default)]
struct Arena {
    stop: AtomicU64,
    writes: AtomicU64,
    reads: AtomicU64,
    /// Reads that said that a writer had died.
    refused: AtomicU64,
    /// Two numbers in one read.
    mixed: AtomicU64,
    scribbled: AtomicU64,
    failed: AtomicU64,
}

fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// A range that is written, by number; each is one write's.
fn target(number: u64) -> (usize, usize) {
    match number as usize % (BLOCKS + 4) {
        block if block < BLOCKS => (WHOLE + block * BLOCK, BLOCK),
        _ => (0, WHOLE),
    }
}

fn writer(arena: &Arena, memory: Handle, mut seed: u64) {
    let mut buffer = vec![0u64; WHOLE / 8];
    while arena.stop.load(Relaxed) == 0 {
        let (offset, length) = target(random(&mut seed));
        buffer.fill(random(&mut seed));
        let span = Span { bytes: buffer.as_ptr().cast::<u8>(), length, offset };
        // SAFETY: the buffer is long enough.
        match unsafe { write(memory, span) } {
            Ok(()) => arena.writes.fetch_add(1, Relaxed),
            Err(_) => arena.failed.fetch_add(1, Relaxed),
        };
    }
}

fn reader(arena: &Arena, memory: Handle, mut seed: u64) {
    const UNTOUCHED: u64 = 0xA5A5_A5A5_A5A5_A5A5;
    let mut buffer = vec![0u64; WHOLE / 8];
    while arena.stop.load(Relaxed) == 0 {
        let (start, whole) = target(random(&mut seed));
        // All of what was written at once, or a part of it.
        let length = if random(&mut seed) % 2 == 0 { whole } else { whole.min(2000) };
        let offset = start + (random(&mut seed) as usize % (whole - length + 1)) / 8 * 8;
        let words = &mut buffer[..length / 8];
        words.fill(UNTOUCHED);
        OVERTAKEN.store(false, Relaxed);
        let span = Span { bytes: words.as_mut_ptr().cast::<u8>(), length: words.len() * 8, offset };
        // SAFETY: the buffer is long enough.
        match unsafe { read(memory, span) } {
            Ok(()) => {
                arena.reads.fetch_add(1, Relaxed);
                if words.iter().any(|&word| word != words[0]) {
                    arena.mixed.fetch_add(1, Relaxed);
                }
            }
            Err(error) => {
                let counter = if error == Error::Torn { &arena.refused } else { &arena.failed };
                counter.fetch_add(1, Relaxed);
                if words.iter().any(|&word| word != UNTOUCHED) && !OVERTAKEN.load(Relaxed) {
                    arena.scribbled.fetch_add(1, Relaxed);
                }
            }
        }
    }
}

/// Starts a writer, or a reader; the last reader may not write the ledger.
fn start(arena: &Arena, name: &SectionName, me: usize, seed: u64) -> libc::pid_t {
    // SAFETY: the child uses the library, which supports fork, and _exit.
    match unsafe { libc::fork() } {
        0 => {
            BLIND.store(me == WRITERS + READERS - 1, Relaxed);
            match open(name, me < WRITERS) {
                Ok(memory) if me < WRITERS => writer(arena, memory, seed | 1),
                Ok(memory) => reader(arena, memory, seed | 1),
                Err(_) => {
                    arena.failed.fetch_add(1, SeqCst);
                }
            }
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

fn names() -> [SectionName; 3] {
    let id = std::process::id();
    let all = [format!("torn-{id}"), format!("/winshm-torn-{id}"), format!("SysV\\{}", 0x7000_0000 + id)];
    all.map(|name| SectionName::of_segment(name.encode_utf16().collect()).unwrap())
}

/// Kills writers for so long.
fn round(arena: &Arena, name: &SectionName, time: Duration, seed: &mut u64) -> u64 {
    let size = WHOLE + BLOCKS * BLOCK;
    let (memory, _) = create(name, size as u64, 0o600).unwrap();
    arena.stop.store(0, SeqCst);
    let mut children: Vec<_> =
        (0..WRITERS + READERS).map(|me| start(arena, name, me, random(seed))).collect();
    let (end, mut kills) = (Instant::now() + time, 0);
    while Instant::now() < end {
        std::thread::sleep(Duration::from_micros(random(seed) % 3000));
        let victim = random(seed) as usize % WRITERS;
        // SAFETY: our own child.
        unsafe { libc::kill(children[victim], libc::SIGKILL) };
        wait(children[victim]);
        children[victim] = start(arena, name, victim, random(seed));
        kills += 1;
    }
    arena.stop.store(1, SeqCst);
    children.into_iter().for_each(wait);
    free(memory).unwrap();
    assert_eq!(close(memory), Err(Error::InvalidHandle));
    kills
}

fn storm(time: Duration) -> u64 {
    let size = size_of::<Arena>();
    let address = map::map(Place::Anywhere, size, Access::READ_WRITE, Contents::SharedZero).unwrap();
    // SAFETY: fresh shared memory, never unmapped; zero is a valid Arena.
    let arena = unsafe { &*(address as *const Arena) };
    let (mut seed, mut kills) = (88_172_645_463_325_252, 0);
    for name in names() {
        kills += round(arena, &name, time / 3, &mut seed);
    }
    let count = |number: &AtomicU64| number.load(SeqCst);
    let (mixed, scribbled, failed) = (count(&arena.mixed), count(&arena.scribbled), count(&arena.failed));
    let refused = count(&arena.refused);
    println!(
        "{} writes, {} reads, {kills} kills, {refused} reads refused: mixed {mixed}, \
         scribbled {scribbled}, failed {failed}",
        count(&arena.writes),
        count(&arena.reads)
    );
    // A storm in which nobody died half way shows nothing.
    mixed + scribbled + failed + u64::from(refused == 0)
}

/// Run by the tests below in a process of its own, and by `./dev stress`.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_torn_reads() {
    let seconds = std::env::var("WINSHM_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    assert_eq!(storm(Duration::from_secs(seconds.unwrap_or(10))), 0);
}

fn storm_in_a_process(variables: &[(&str, &str)]) -> (bool, String) {
    let label = variables.first().map_or("plain", |(_, value)| value);
    let base = format!("/dev/shm/winshm-torn-{}-{label}", std::process::id());
    std::fs::create_dir(&base).unwrap();
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "object::torn_storm::stress_torn_reads", "--ignored", "--nocapture"])
        .env("WINSHM_DIR", &base)
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let own = format!("{base}/.winshm-{}", crate::sys::process::effective_user());
    let left: Vec<_> = std::fs::read_dir(own).unwrap().collect();
    std::fs::remove_dir_all(&base).unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(left.is_empty(), "the ledgers went with their segments: {left:?} {text}");
    (output.status.success() && text.contains("1 passed"), text)
}

#[test]
fn no_torn_read_is_accepted_in_a_kill_storm() {
    let (passed, text) = storm_in_a_process(&[]);
    println!("{text}");
    assert!(passed, "{text}");
}

#[test]
fn the_storm_notices_that_the_protection_is_off() {
    for fault in ["no-torn", "no-sequence"] {
        let variables = [("WINSHM_PLANT", fault), ("WINSHM_STRESS_SECONDS", "3")];
        // On a busy machine there may be few kills in one.
        let mut storms = (0..4).map(|_| storm_in_a_process(&variables));
        let noticed = storms.any(|(passed, text)| {
            println!("{text}");
            !passed && text.contains("mixed") && !text.contains("mixed 0")
        });
        assert!(noticed, "{fault}");
    }
}
