//! What tests do to the library from inside: faults planted for tests of tests, which
//! must fail when one is on, and fault points (`points`), where a test kills, parks or
//! forks the process or has a system call fail (`deeds`).
//!
//! In a build without tests every answer is a constant `false`, and every point is
//! nothing: `c_tests/faults/no_points.sh` looks for traces in the library.

#[cfg(test)]
pub mod actors;
#[cfg(test)]
pub mod deeds;
mod points;
#[cfg(test)]
pub mod record;

#[cfg(test)]
pub use points::{HOOK, Point, names_in_sources};
pub use points::{call, step, stored};

/// Closers free without asking who is inside.
pub const NO_SCAN: &str = "no-scan";
/// A closed handle's index is used again at once.
pub const EARLY_INDEX: &str = "early-index";
/// An opener takes whatever file it finds for alive.
pub const NO_PROBE: &str = "no-probe";
/// The last holder does not look back.
pub const NO_REAP: &str = "no-reap";
/// What a dead writer left is not marked.
pub const NO_TORN: &str = "no-torn";
/// Readers do not look whether somebody wrote meanwhile.
pub const NO_SEQUENCE: &str = "no-sequence";

/// Who leaves a wait does not pass on the wake that he may have got.
pub const NO_CHAIN: &str = "no-chain";
/// A sleeper does not cover the object that he is woken for.
pub const NO_COVER: &str = "no-cover";
/// A releaser who woke nobody clears the waiters of the next turn too.
pub const CLEAR_WAITERS: &str = "clear-waiters";
/// Who takes a guard keeps the wake that he carries.
pub const KEEP_WAKE: &str = "keep-wake";
/// Decisions of dead committers are not remembered.
pub const FORGET_DEAD: &str = "forget-dead";
/// A commit that fails wakes nobody.
pub const QUIET_UNDO: &str = "quiet-undo";
/// Nothing is covered: the kernel does nothing for who dies half way.
pub const BARE: &str = "bare";
/// What a dead committer decided is undone where it is met.
pub const NO_REDO: &str = "no-redo";
/// Who meets LOCKED takes it for a dead one's, and asks no guard.
pub const HASTY_SETTLE: &str = "hasty-settle";
/// A mutex that was abandoned stays so when it is taken.
pub const KEEP_DIED: &str = "keep-died";
/// Signal handlers run inside commits.
pub const OPEN_COMMIT: &str = "open-commit";
/// The guard is not held while a mutex with an owner is made.
pub const UNGUARDED_BIRTH: &str = "unguarded-birth";
/// Starving waiters reserve nothing.
pub const NO_HAND_OFF: &str = "no-hand-off";
/// A waiter takes an event or a semaphore that a commit is taking.
pub const IGNORE_LOCKED: &str = "ignore-locked";
/// Guards are waited for without an end.
pub const NO_DEADLINE: &str = "no-deadline";
/// Wait-all takes one object after the other, and gives them back if one is missing.
pub const ONE_BY_ONE: &str = "one-by-one";
/// A fork does not wait until nobody is inside.
pub const OPEN_GATE: &str = "open-gate";
/// A signal handler that forks waits until its own thread is not inside.
pub const WAIT_FOR_SELF: &str = "wait-for-self";
/// Who signals wakes nobody.
pub const QUIET_SIGNAL: &str = "quiet-signal";
/// Nobody is told that the last owner of his mutex died.
pub const QUIET_DEATH: &str = "quiet-death";
/// No fault, but a net taken away: sleepers never look again by themselves.
pub const NO_SLICES: &str = "no-slices";

/// Whether the named fault is on: `WINSHM_PLANT=NAME,NAME` in a test program.
#[cfg(test)]
pub fn is(name: &str) -> bool {
    use std::sync::OnceLock;
    static PLANTED: OnceLock<String> = OnceLock::new();
    let planted = PLANTED.get_or_init(|| std::env::var("WINSHM_PLANT").unwrap_or_default());
    !planted.is_empty() && planted.split(',').any(|planted| planted == name)
}

/// Whether the named fault is on: never.
#[cfg(not(test))]
#[inline(always)]
pub const fn is(_name: &str) -> bool {
    false
}
