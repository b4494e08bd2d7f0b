//! The table under load, and what must hold whatever the threads do: nobody
//! uses a destroyed object, nobody reaches a new object through an old handle,
//! every object is destroyed once, and its name goes with its last handle.
//!
//! The same checks run in a second process with a fault planted, and must fail.

use super::reclaim::{NAP, PLENTY};
use super::{Entry, Flags, Handle, HandleTable, Object};
use crate::error::Error;
use crate::{fork, mark, plant};
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant};

static TABLE: HandleTable<Probe> = HandleTable::new();

const ALIVE: u64 = 0xa11f_e0b7_ec70_0001;
const DEAD: u64 = 0xdead_dead_dead_dead;

static MADE: AtomicU64 = AtomicU64::new(0);
static DESTROYED: AtomicU64 = AtomicU64::new(0);
static BROKEN: AtomicU64 = AtomicU64::new(0);

/// An object that knows whether it is alive and which one it is.
struct Probe {
    canary: AtomicU64,
    serial: AtomicU64,
    named: AtomicBool,
    eager: bool,
}

impl Probe {
    fn new(eager: bool) -> Probe {
        let serial = MADE.fetch_add(1, SeqCst) + 1;
        Probe {
            canary: AtomicU64::new(ALIVE),
            serial: AtomicU64::new(serial),
            named: AtomicBool::new(true),
            eager,
        }
    }

    fn check(&self) {
        if self.canary.load(Relaxed) != ALIVE {
            BROKEN.fetch_add(1, SeqCst);
        }
    }
}

impl Object for Probe {
    fn release_name(&self) {
        self.check();
        assert!(self.named.swap(false, SeqCst), "the name is released once");
    }

    fn reclaim_eagerly(&self) -> bool {
        self.eager
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        if self.canary.swap(DEAD, SeqCst) != ALIVE {
            BROKEN.fetch_add(1, SeqCst);
        }
        DESTROYED.fetch_add(1, SeqCst);
    }
}

fn open(eager: bool) -> (Handle, u64) {
    let probe = Probe::new(eager);
    let serial = probe.serial.load(Relaxed);
    let handle = TABLE.publish(&fork::enter(), Entry::new(probe), 7, Flags::default());
    (handle.expect("a free handle"), serial)
}

fn close(handle: Handle) -> Result<(), Error> {
    TABLE.close(&fork::enter(), handle)
}

fn serial_of(handle: Handle) -> Result<u64, Error> {
    let mark = mark::enter();
    let probe = TABLE.get(&mark, handle)?;
    probe.check();
    Ok(probe.serial.load(Relaxed))
}

/// Tests share the table; those that count objects run one at a time.
static ALONE: Mutex<()> = Mutex::new(());

#[test]
fn a_closed_handle_stays_dead_after_its_slot_is_used_again() {
    let _alone = ALONE.lock().unwrap();
    let (old, _) = open(true);
    close(old).unwrap();
    assert_eq!(close(old), Err(Error::InvalidHandle));
    let handles: Vec<_> = (0..5000).map(|_| open(false).0).collect();
    assert!(!handles.contains(&old));
    assert_eq!(serial_of(old), Err(Error::InvalidHandle));
    handles.into_iter().for_each(|handle| close(handle).unwrap());
}

#[test]
fn the_name_goes_with_the_last_handle_even_if_a_thread_is_inside() {
    let _alone = ALONE.lock().unwrap();
    for eager in [false, true] {
        let (first, _) = open(eager);
        let same = |object: &super::Ref<Probe>| Ok(object.access());
        let second = TABLE.duplicate(&fork::enter(), first, same, Flags::INHERIT).unwrap();
        let pin = {
            let mark = mark::enter();
            TABLE.get(&mark, first).unwrap().pin()
        };
        close(first).unwrap();
        assert!(pin.named.load(SeqCst), "one handle is left");
        close(second).unwrap();
        assert!(!pin.named.load(SeqCst), "no handle is left");
        assert!(!pin.add_handle(), "a name that is gone does not come back");
        // Other tests' threads may be inside for a while.
        while std::sync::Arc::strong_count(&pin) > 1 {
            TABLE.flush();
            std::thread::yield_now();
        }
        pin.check();
        let gone = std::sync::Arc::downgrade(&pin);
        drop(pin);
        assert!(gone.upgrade().is_none(), "the pin alone kept the memory");
    }
}

#[test]
fn protection_flags_and_duplicates_follow_the_handle() {
    let _alone = ALONE.lock().unwrap();
    let (handle, serial) = open(true);
    TABLE.set_flags(handle, Flags(3), Flags::PROTECT_FROM_CLOSE).unwrap();
    assert_eq!(close(handle), Err(Error::InvalidHandle));
    assert_eq!(serial_of(handle), Ok(serial));
    TABLE.set_flags(handle, Flags(3), Flags(0)).unwrap();
    close(handle).unwrap();
    assert_eq!(TABLE.set_flags(handle, Flags(3), Flags(0)), Err(Error::InvalidHandle));
}

#[test]
fn a_hundred_thousand_handles_are_open_at_once() {
    let _alone = ALONE.lock().unwrap();
    let handles: Vec<_> = (0..100_000).map(|_| open(false)).collect();
    assert!(handles.iter().all(|&(handle, serial)| serial_of(handle) == Ok(serial)));
    handles.iter().for_each(|&(handle, _)| close(handle).unwrap());
    TABLE.flush();
    assert_eq!(TABLE.backlog(), 0);
}

/// A thread that is inside keeps what others close meanwhile. When it has lost its
/// processor, perhaps to these very closers, they leave it to him.
#[test]
fn closers_sleep_when_plenty_is_left_over() {
    let _alone = ALONE.lock().unwrap();
    let (inside, is_inside) = mpsc::channel();
    let (leave, may_leave) = mpsc::channel::<()>();
    let resident = std::thread::spawn(move || {
        let _mark = mark::enter();
        inside.send(()).unwrap();
        let _ = may_leave.recv();
    });
    is_inside.recv().unwrap();
    let mut handles: Vec<_> = (0..PLENTY + 200).map(|_| open(false).0).collect();
    let last = handles.split_off(PLENTY + 128);
    handles.into_iter().for_each(|handle| close(handle).unwrap());
    assert!(TABLE.backlog() > PLENTY);
    let begun = Instant::now();
    let naps = last.len() as u32 - 2; // a batch is fenced now and then, without one
    last.into_iter().for_each(|handle| close(handle).unwrap());
    assert!(begun.elapsed() >= NAP * naps);
    drop(leave);
    resident.join().unwrap();
    while TABLE.backlog() > 0 {
        TABLE.flush(); // other tests' threads may be inside
    }
}

/// A cheap source of variety.
fn random(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

/// Handles that all threads of the stress know, each in one word with the
/// serial number of its object: `serial << 32 | handle`.
type Board = [AtomicU64; 64];

fn entry(handle: Handle, serial: u64) -> u64 {
    serial << 32 | handle as u64
}

fn handle_of(entry: u64) -> Handle {
    (entry & 0xffff_ffff) as Handle
}

fn user(board: &Board, mut seed: u64, stop: &AtomicBool) {
    while !stop.load(Relaxed) {
        let entry = board[random(&mut seed) as usize % board.len()].load(SeqCst);
        let mark = mark::enter();
        if let Ok(probe) = TABLE.get(&mark, handle_of(entry)) {
            probe.check();
            let mut found = probe.serial.load(Relaxed);
            if random(&mut seed) % 16 == 0 {
                // Long enough inside for others to close it.
                std::thread::yield_now();
                probe.check();
                found = probe.serial.load(Relaxed);
            }
            if random(&mut seed) % 64 == 0 {
                let pin = probe.pin();
                drop(mark);
                std::thread::yield_now();
                pin.check();
                found = pin.serial.load(Relaxed);
            }
            if found & 0xffff_ffff != entry >> 32 {
                BROKEN.fetch_add(1, SeqCst);
            }
        }
        let _ = serial_of(random(&mut seed) as Handle);
    }
}

fn churner(board: &Board, mut seed: u64, stop: &AtomicBool) {
    while !stop.load(Relaxed) {
        let place = &board[random(&mut seed) as usize % board.len()];
        let old = handle_of(place.swap(0, SeqCst));
        if old != 0 && random(&mut seed) % 4 == 0 {
            let same = |object: &super::Ref<Probe>| Ok(object.access());
            let twin = TABLE.duplicate(&fork::enter(), old, same, Flags::default());
            let _ = twin.map(close);
        }
        let _ = close(old);
        let (handle, serial) = open(random(&mut seed) % 2 == 0);
        if place.compare_exchange(0, entry(handle, serial), SeqCst, SeqCst).is_err() {
            let _ = close(handle);
        }
    }
}

/// Returns what was wrong, as a number.
fn stress(time: Duration) -> u64 {
    let board: Board = [const { AtomicU64::new(0) }; 64];
    let stop = AtomicBool::new(false);
    let end = Instant::now() + time;
    std::thread::scope(|scope| {
        for seed in 1..=3 {
            let (board, stop) = (&board, &stop);
            scope.spawn(move || user(board, seed * 7919, stop));
            scope.spawn(move || churner(board, seed * 104_729, stop));
        }
        while Instant::now() < end && BROKEN.load(SeqCst) == 0 {
            // Threads that come and go use each other's records.
            scope.spawn(|| serial_of(4).is_ok());
            std::thread::sleep(Duration::from_millis(5));
        }
        stop.store(true, Relaxed);
    });
    for place in &board {
        let _ = close(handle_of(place.load(SeqCst)));
    }
    TABLE.flush();
    let leaked = MADE.load(SeqCst) - DESTROYED.load(SeqCst);
    println!("{} objects, {} broken, {leaked} leaked", MADE.load(SeqCst), BROKEN.load(SeqCst));
    BROKEN.load(SeqCst) + leaked
}

fn stress_time() -> Duration {
    let seconds = std::env::var("WINSHM_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(3))
}

/// Run by the tests below in a process of its own, and by `./dev stress`.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn stress_handles() {
    if std::env::var_os("WINSHM_TEST_NO_MEMBARRIER").is_some() {
        mark::pretend_no_membarrier();
    }
    assert_eq!(stress(stress_time()), 0);
}

fn stress_in_a_process(variables: &[(&str, &str)]) -> std::process::Output {
    std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "handle::stress::stress_handles", "--ignored", "--nocapture"])
        .envs(variables.iter().copied())
        .output()
        .unwrap()
}

#[test]
fn handles_under_load_break_nothing() {
    for mode in ["WINSHM_TEST_MEMBARRIER", "WINSHM_TEST_NO_MEMBARRIER"] {
        let run = stress_in_a_process(&[(mode, "1")]);
        assert!(run.status.success(), "{mode}: {}", String::from_utf8_lossy(&run.stdout));
        assert!(String::from_utf8_lossy(&run.stdout).contains("1 passed"), "it ran");
    }
}

#[test]
fn the_stress_test_notices_planted_faults() {
    for fault in [plant::NO_SCAN, plant::EARLY_INDEX] {
        // As long as it takes: the first thing that is wrong ends the run.
        let run = stress_in_a_process(&[("WINSHM_PLANT", fault), ("WINSHM_STRESS_SECONDS", "60")]);
        assert!(!run.status.success(), "{fault} went unnoticed");
    }
}

/// A program forks while its threads open and close; each child, alone with a
/// copy of the table, opens, uses and closes.
#[test]
fn forked_children_can_use_the_table() {
    let _alone = ALONE.lock().unwrap();
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !stop.load(Relaxed) {
                    close(open(true).0).unwrap();
                    close(open(false).0).unwrap();
                }
            });
        }
        let (kept, serial) = open(true);
        for _ in 0..100 {
            // SAFETY: the child calls the library and _exit only.
            match unsafe { libc::fork() } {
                0 => {
                    let (own, _) = open(true);
                    let usable = serial_of(kept) == Ok(serial)
                        && close(own).is_ok()
                        && close(kept).is_ok()
                        && serial_of(kept).is_err();
                    // SAFETY: ends the child without running the test harness.
                    unsafe { libc::_exit(i32::from(!usable)) }
                }
                child => {
                    let mut status = -1;
                    // SAFETY: `status` is writable.
                    assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
                    assert_eq!(status, 0, "the child could not use its handles");
                }
            }
        }
        stop.store(true, Relaxed);
        close(kept).unwrap();
    });
}
