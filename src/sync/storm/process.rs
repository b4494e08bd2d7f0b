//! The processes of a storm: forked, killed, watched, and never left behind.

use crate::plant::Point;
pub use crate::plant::actors::shared;
use crate::sync::storm::random;
use crate::sys::time::monotonic_ns;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicPtr, AtomicU64};
use std::time::Duration;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Process(pub libc::pid_t);

impl Process {
    /// Runs `body` in a child, which dies with this process.
    pub fn start(body: impl FnOnce()) -> Process {
        // SAFETY: the child uses the library, which supports fork, and _exit.
        match unsafe { libc::fork() } {
            0 => {
                // SAFETY: takes no memory.
                unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
                let panicked = catch_unwind(AssertUnwindSafe(body)).is_err();
                // SAFETY: ends the child without the test harness's part.
                unsafe { libc::_exit(i32::from(panicked)) }
            }
            child => {
                assert!(child > 0, "fork");
                Process(child)
            }
        }
    }

    pub fn kill(self) {
        // SAFETY: our own child, not reaped yet.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
    }

    /// Waits for its end.
    pub fn reap(self) {
        let mut status = 0;
        // SAFETY: `status` is writable.
        unsafe { libc::waitpid(self.0, &mut status, 0) };
    }

    /// Some(true): has ended by a signal. Some(false): by itself.
    pub fn ended(self) -> Option<bool> {
        let mut status = 0;
        // SAFETY: `status` is writable.
        let reaped = unsafe { libc::waitpid(self.0, &mut status, libc::WNOHANG) };
        if reaped != self.0 {
            return None;
        }
        assert!(!libc::WIFEXITED(status) || libc::WEXITSTATUS(status) == 0, "a worker panicked");
        Some(libc::WIFSIGNALED(status))
    }

    /// The letter and the flags of its state; None: there is no such process.
    fn state(self) -> Option<(char, u64)> {
        let text = std::fs::read_to_string(format!("/proc/{}/stat", self.0)).ok()?;
        let mut fields = text.rsplit(')').next()?.split_whitespace();
        let letter = fields.next()?.chars().next()?;
        Some((letter, fields.nth(5)?.parse().ok()?))
    }

    /// Whether it still runs: neither ended nor about to, as far as the kernel goes.
    pub fn is_alive(self) -> bool {
        const PF_EXITING: u64 = 4;
        self.state().is_some_and(|(letter, flags)| !"ZX".contains(letter) && flags & PF_EXITING == 0)
    }

    /// How long it wanted to run and could not, in ns.
    pub fn unserved_ns(self) -> u64 {
        let text = std::fs::read_to_string(format!("/proc/{}/schedstat", self.0)).unwrap_or_default();
        text.split_whitespace().nth(1).and_then(|field| field.parse().ok()).unwrap_or(0)
    }

    pub fn is_asleep(self) -> bool {
        self.state().is_some_and(|(letter, _)| letter == 'S')
    }
}

/// Binds the calling process to one of the processors that it may run on.
pub fn stay_on_one_processor(number: usize) {
    // SAFETY: a set of bits; none is a valid value.
    let mut allowed: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    let size = size_of::<libc::cpu_set_t>();
    // SAFETY: the set is writable for its size.
    unsafe { libc::sched_getaffinity(0, size, &raw mut allowed) };
    let is_allowed = |&processor: &usize| {
        // SAFETY: within the set.
        unsafe { libc::CPU_ISSET(processor, &allowed) }
    };
    let mine: Vec<_> = (0..libc::CPU_SETSIZE as usize).filter(is_allowed).collect();
    // SAFETY: as above.
    let mut one: libc::cpu_set_t = unsafe { std::mem::zeroed() };
    // SAFETY: within the set.
    unsafe { libc::CPU_SET(mine[number % mine.len()], &mut one) };
    // SAFETY: the set is readable for its size.
    unsafe { libc::sched_setaffinity(0, size, &raw const one) };
}

/// Kills the calling process.
pub fn die() -> ! {
    Process(std::process::id() as libc::pid_t).kill();
    unreachable!("killed")
}

/// Ends a storm, with all its processes, if it hangs.
pub struct Watchdog;

impl Watchdog {
    pub fn over(storm: Duration) -> Watchdog {
        // What the storm before may have left.
        SHAKE.store(SELDOM, Relaxed);
        let seconds = storm.as_secs() as u32 * 10 + 120;
        // SAFETY: takes no memory.
        unsafe { libc::alarm(seconds) };
        Watchdog
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // SAFETY: as above.
        unsafe { libc::alarm(0) };
    }
}

/// How long the long version of a storm takes.
pub fn time() -> Duration {
    let seconds = std::env::var("WINSHM_STRESS_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs_f64(seconds.unwrap_or(10.0))
}

/// How many steps of the protocols this process lives on, once fuses are lit.
static FUSE: AtomicU64 = AtomicU64::new(u64::MAX);
static SEED: AtomicU64 = AtomicU64::new(1);
static LIT: AtomicPtr<AtomicU64> = AtomicPtr::new(std::ptr::null_mut());

/// What a child does first. With a fuse it dies after so many steps.
pub fn begin(slot: usize, fuse: Option<u64>) -> u64 {
    let mut seed = monotonic_ns() * 77 + slot as u64 * 1337 + 1;
    let length = fuse.map_or(u64::MAX, |longest| 1 + random(&mut seed) % longest);
    FUSE.store(length, Relaxed);
    SEED.store(random(&mut seed), Relaxed);
    seed
}

/// One of so many steps lets another process run.
pub static SHAKE: AtomicU64 = AtomicU64::new(SELDOM);
const SELDOM: u64 = 256;

/// A short fuse ends at one of so many steps.
const SHORT: u64 = 20;

/// Has steps shake the order of events, and burn the fuses of those who have one
/// while `lit`, in shared memory, is not 0.
pub fn burn_while(lit: &'static AtomicU64) {
    LIT.store(std::ptr::from_ref(lit).cast_mut(), Relaxed);
    let _ = crate::plant::HOOK.set(at_point);
}

fn at_point(point: Point) -> Option<i32> {
    if matches!(point, Point::Step(_)) {
        step();
    }
    None
}

fn step() {
    let mut seed = SEED.load(Relaxed);
    if random(&mut seed) % SHAKE.load(Relaxed) == 0 {
        std::thread::yield_now();
    }
    SEED.store(random(&mut seed), Relaxed);
    let fuse = FUSE.load(Relaxed);
    // SAFETY: null, or what `burn_while` got.
    let lit = unsafe { LIT.load(Relaxed).as_ref() }.map_or(0, |lit| lit.load(Relaxed));
    if fuse == u64::MAX || lit == 0 {
        return;
    }
    FUSE.store(fuse - 1, Relaxed);
    if fuse == 1 || lit == 2 && random(&mut seed) % SHORT == 0 {
        die();
    }
}

/// Runs the long version of a storm in a process of its own.
pub fn storm_in_a_process(test: &str, variables: &[(&str, &str)]) -> (bool, String) {
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    (output.status.success() && text.contains("1 passed"), text.into_owned())
}
