//! Synchronisation between processes that may be killed at any instruction:
//! mutexes, events, semaphores and timers, and waiting for one, any or all of them.
//! Nothing runs in the background; each object is 128 bytes of shared memory.
//!
//! ```text
//! wait   one and any           all     commit   all at one instant
//! queue  sleep  spin           guard   recover  who commits, and repairs
//!  |
//! at_once                      what most waits and signals are
//! mutex  signal  timer         what each kind does with its word
//! snapshot                     what a copy of the words says
//! lost_owner                   a mutex whose owner the kernel forgot
//! object                       an object as a process sees it
//!  |
//! owner  ownership  owned      the calling thread, and what it owns
//! state  words                 the meaning of the bits; where they stand
//! ```
//!
//! `tests/model_*` check the protocols, every interleaving and kills included.

mod all;
mod at_once;
mod commit;
#[cfg(test)]
mod crash;
mod guard;
mod lost_owner;
mod mutex;
mod object;
mod owned;
mod owner;
mod ownership;
mod queue;
mod recover;
mod signal;
mod sleep;
#[cfg(feature = "tool")]
pub mod snapshot;
mod spin;
mod state;
#[cfg(test)]
mod storm;
mod timer;
mod wait;
mod words;

pub use all::all;
pub use commit::all_at_once;
pub use guard::{Guard, Reach, UNBORN, birth, find_with, initial_words};
pub use object::{Attempt, Rank, SyncObject};
pub use owner::{Owner, after_fork_in_child, at_thread_exit, known, me};
#[cfg(test)]
pub use sleep::do_without_waitv;
pub use state::{CUT_OFF, Kind, signal as signal_state};
pub use timer::Clock;
pub use wait::{MOST, NEVER, NOW, Outcome, Wait, any, one, poll};
pub use words::OWN_GUARD_ID;
