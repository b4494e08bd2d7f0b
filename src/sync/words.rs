//! The shared words of a synchronisation object, and of a guard.
//!
//! Little-endian. Every access to a state word has 64 bits; the kernel, through
//! futexes and robust lists, sees its low half. Everything else but the links is
//! an atomic too, because processes may be killed between any two stores.

#![forbid(unsafe_code)]

use std::mem::{offset_of, size_of};
use std::sync::atomic::{AtomicU32, AtomicU64};

#[repr(C, align(128))]
pub struct Words {
    /// See `state`.
    pub state: AtomicU64,
    /// Who waits, asleep or not; not used by mutexes. What a signal gives is due to one of
    /// them. Killed ones leave it too high (`absent`); it must never be too low.
    pub waiters: AtomicU32,
    /// How often the owner of a mutex has it. Written by the owner. (Of others: the processor
    /// from which a waiter was woken last, a hint; see `spin`.)
    pub recursion: AtomicU32,
    /// The node of a mutex in its owner's robust list: the links stand at -8 and 0
    /// from where the C library's offset puts the node. Never touched here but by
    /// `owner`.
    links: [AtomicU64; 3],
    /// The owner's number, 0 when a mutex is free: thread ids alone are not unique
    /// over PID namespaces. (Of others: how many of `waiters` sleep, or are about to: see
    /// `sleepers`.)
    pub cookie: AtomicU64,
    /// How many of `waiters` seem to be dead or stopped: they did not come for what
    /// was reserved for them. A guess, which only decides who goes first. (Of a mutex:
    /// the PID namespace of its owner; see `lost_owner`.)
    pub absent: AtomicU32,
    /// Counts the signals that were reserved for waiters, before they are given: who
    /// has registered and sees it move is one of those. (Of a mutex: for which acquisition
    /// `absent` is right.)
    pub handed_over: AtomicU32,
    /// The id of the guard that serialises commits on this object. Constant.
    pub guard_id: AtomicU64,
    /// What a commit is about to do. Written by the holder of the guard, before it
    /// sets LOCKED.
    pub intent_sequence: AtomicU64,
    pub intent_value: AtomicU64,
    /// Timers: period in ms, and the clock in bit 32. The set number selects one;
    /// the other is written by the setter whose turn it is.
    pub settings: [AtomicU64; 2],
    /// Timers: the thread that is setting it, as the kernel knows it in a robust list.
    pub setter: AtomicU64,
    spare_at_end: [AtomicU64; 3],
}

impl Words {
    /// Of what is no mutex, how many sleep, or are about to: who signals wakes them. Killed
    /// ones leave it too high, which costs a needless system call per signal; it must never
    /// be too low.
    pub fn sleepers(&self) -> &AtomicU64 {
        &self.cookie
    }
}

const _: () = assert!(size_of::<Words>() == 128);
// A node may lie at 28 or 32 behind the state word; its links reach from 8 before
// to 8 behind it, and neighbours in the list write there.
const _: () = assert!(offset_of!(Words, links) == 16 && offset_of!(Words, cookie) == 40);
const _: () = assert!(offset_of!(Words, guard_id) == 56 && offset_of!(Words, settings) == 80);

/// Where the id of its guard stands in the words of a new object.
pub const GUARD_ID: usize = offset_of!(Words, guard_id);

/// How many commits are remembered that were decided by a process that then died.
pub const DEAD: usize = 24;

/// What processes that wait for several objects at one instant agree on.
#[repr(C, align(128))]
pub struct GuardWords {
    /// Never LOCKED, so it needs no guard itself.
    pub mutex: Words,
    /// The last commit begun.
    pub sequence: AtomicU64,
    /// The last commit that took effect: the store is the instant.
    pub decided: AtomicU64,
    /// Commits decided by a process that died while it held the guard. Objects may
    /// still be LOCKED by them.
    pub dead: [AtomicU64; DEAD],
    pub dead_count: AtomicU32,
    /// Rung for processes that cannot sleep on several words at once.
    pub bell: AtomicU32,
    pub bell_waiters: AtomicU32,
    spare: AtomicU32,
}

/// Where the id of a guard stands in its page.
pub const OWN_GUARD_ID: usize = offset_of!(GuardWords, mutex) + GUARD_ID;

const _: () = assert!(size_of::<GuardWords>() <= 384);
