//! The processes of a scenario, seen from outside: who runs, who sleeps, who ended.

use super::stage::PANICKED;
use super::steps::Slot;
use crate::sys::futex;
use std::cell::Cell;
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

impl Actor {
    pub fn new(process: libc::pid_t, slot: &'static Slot) -> Actor {
        Actor { process, slot, end: Cell::new(None) }
    }

    /// The step where it was killed or parked.
    pub fn step(&self) -> Option<u32> {
        Some(self.slot.step.load(SeqCst)).filter(|step| *step != 0)
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
        self.look() == Look::Ended
    }

    /// Lets it go on from where it is parked.
    pub fn release(&self) {
        self.slot.released.store(1, SeqCst);
        futex::wake_all(&self.slot.released);
    }

    pub fn has_ended(&self) -> bool {
        self.end.get().is_some()
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
        if !self.has_ended() {
            self.reap(libc::WNOHANG);
        }
        if let Some(end) = self.end.get() {
            assert_ne!(end, End::Answered(PANICKED), "an actor panicked");
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
