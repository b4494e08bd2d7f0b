//! The processes of a scenario, seen from outside: who runs, who sleeps, who ended.

use super::deeds::{Plan, Slot, enlist};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

/// One process. It is killed, if it still lives, when this goes.
pub struct Actor {
    process: libc::pid_t,
    slot: &'static Slot,
    end: Cell<Option<End>>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    Answered(u8),
    Killed,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Look {
    Runs,
    /// And went to sleep so many times before.
    Sleeps(u64),
    Ended,
}

/// What an actor's body returns if it panicked.
pub const PANICKED: u8 = 101;

/// Zeroed memory that forked processes share, for so many values made of atomics.
fn shared_values<T>(count: usize) -> &'static [T] {
    let (access, shared) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_ANONYMOUS);
    // SAFETY: at an address of the kernel's choice.
    let memory = unsafe { libc::mmap(ptr::null_mut(), count * size_of::<T>(), access, shared, -1, 0) };
    assert_ne!(memory, libc::MAP_FAILED);
    // SAFETY: never unmapped; zero is a value of what the callers ask for.
    unsafe { std::slice::from_raw_parts(memory.cast(), count) }
}

/// So many fresh slots, which forked processes share.
pub fn slots(count: usize) -> &'static [Slot] {
    shared_values(count)
}

/// A zeroed value, made of atomics, that forked processes share.
pub fn shared<T: Default>() -> &'static T {
    &shared_values(1)[0]
}

impl Actor {
    /// Forks a process that runs `body` and ends with its answer, or is killed when this
    /// one ends.
    pub fn start(slot: &'static Slot, plan: Plan, body: impl FnOnce() -> u8) -> Actor {
        slot.clear();
        // SAFETY: the child uses the library, which supports fork, and _exit.
        match unsafe { libc::fork() } {
            0 => {
                let play = || {
                    // SAFETY: no memory is involved.
                    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
                    enlist(slot, plan);
                    body()
                };
                let answer = catch_unwind(AssertUnwindSafe(play)).unwrap_or(PANICKED);
                // SAFETY: ends the child without the test harness's part.
                unsafe { libc::_exit(i32::from(answer)) }
            }
            process => {
                assert!(process > 0, "fork");
                Actor { process, slot, end: Cell::new(None) }
            }
        }
    }

    /// The point where something was done to it: `step 4`, `before openat: list`.
    pub fn point(&self) -> Option<String> {
        self.slot.point()
    }

    /// The step of `sync` where something was done to it.
    pub fn step(&self) -> Option<u32> {
        self.point()?.strip_prefix("step ")?.parse().ok()
    }

    pub fn is_parked(&self) -> bool {
        self.slot.parked.load(SeqCst) != 0
    }

    /// How often it was parked.
    pub fn passes(&self) -> u32 {
        self.slot.passes.load(SeqCst)
    }

    /// Whether it has ended, looked at now.
    pub fn is_gone(&self) -> bool {
        if !self.has_ended() {
            self.reap(libc::WNOHANG);
        }
        assert_ne!(self.end.get(), Some(End::Answered(PANICKED)), "an actor panicked");
        self.has_ended()
    }

    /// Lets it go on from where it is parked.
    pub fn release(&self) {
        self.slot.release();
    }

    pub fn has_ended(&self) -> bool {
        self.end.get().is_some()
    }

    /// Waits for its end, and says how it was.
    pub fn wait(&self) -> End {
        if !self.has_ended() {
            self.reap(0);
        }
        assert_ne!(self.end(), End::Answered(PANICKED), "an actor panicked");
        self.end()
    }

    /// How it ended, which it must have.
    pub fn end(&self) -> End {
        self.end.get().expect("it ended")
    }

    pub fn signal(&self, signal: i32) {
        // SAFETY: our own child, not waited for yet.
        unsafe { libc::kill(self.process, signal) };
    }

    /// Kills it, and waits until the kernel has done its part.
    pub fn kill(&self) {
        if !self.has_ended() {
            self.signal(libc::SIGKILL);
            self.reap(0);
        }
    }

    fn reap(&self, flags: i32) {
        let mut status = 0;
        // SAFETY: `status` is writable.
        if unsafe { libc::waitpid(self.process, &mut status, flags) } == self.process {
            let answered = libc::WIFEXITED(status);
            let end = if answered { End::Answered(libc::WEXITSTATUS(status) as u8) } else { End::Killed };
            self.end.set(Some(end));
        }
    }

    pub fn sleeps(&self) -> bool {
        matches!(self.look(), Look::Sleeps(_))
    }

    fn look(&self) -> Look {
        if self.is_gone() {
            return Look::Ended;
        }
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process)).unwrap_or_default();
        let field = |name| status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        match field("State:").starts_with('S') {
            true => Look::Sleeps(field("voluntary_ctxt_switches:").parse().expect("a number")),
            false => Look::Runs,
        }
    }
}

impl Drop for Actor {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Waits until each actor has ended or sleeps, all at one moment: two looks at all of
/// them in a row see the same. Nobody is left then who could wake a sleeper, for who
/// is woken runs from that instant on, but the clock.
fn quiet(actors: &[&Actor]) -> Vec<Look> {
    let look = || actors.iter().map(|actor| actor.look()).collect::<Vec<_>>();
    let mut before = look();
    loop {
        let now = look();
        if now == before && !now.contains(&Look::Runs) {
            return now;
        }
        before = now;
        std::thread::sleep(GLANCE);
    }
}

/// Between two looks. Who yields instead comes last on a busy machine.
const GLANCE: Duration = Duration::from_micros(50);

/// Waits for something that one of the actors is about to do.
pub fn until(is_done: impl Fn() -> bool) {
    while !is_done() {
        std::thread::sleep(GLANCE);
    }
}

/// Waits until nothing happens any more.
pub fn settle(actors: &[&Actor]) {
    quiet(actors);
}

/// Longer than the longest sleep of a protocol that ends by itself: the 50 ms for
/// which a reserved object is left alone.
pub const PATIENCE: Duration = Duration::from_millis(150);

/// Waits until nothing happens any more, which is to mean that each of `must_end` has
/// ended. While one sleeps and `is_wrong`, waits on for as long as a protocol may
/// sleep by itself; then that one is stuck.
pub fn rest_for(
    patience: Duration,
    actors: &[&Actor],
    must_end: &[&Actor],
    is_wrong: impl Fn() -> bool,
    who: &str,
) {
    let mut before = quiet(actors);
    let mut since = Instant::now();
    while must_end.iter().any(|actor| !actor.has_ended()) && is_wrong() {
        if since.elapsed() > patience {
            panic!("STUCK: {who}");
        }
        std::thread::sleep(Duration::from_millis(2));
        let now = quiet(actors);
        if now != before {
            since = Instant::now();
        }
        before = now;
    }
}

/// Waits until all actors have ended; else the sleeping ones are stuck.
pub fn all_end(actors: &[&Actor], who: &str) {
    rest_for(PATIENCE, actors, actors, || true, who);
}

/// Waits until an actor has ended, and returns how.
pub fn finish(actor: &Actor, who: &str) -> End {
    all_end(&[actor], who);
    actor.end()
}
