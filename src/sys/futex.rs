//! Sleeping until a word in shared memory changes, across processes: never
//! FUTEX_PRIVATE.

use crate::error::Error;
use crate::plant::call;
use crate::sys::errno::ErrnoKept;
use nix::errno::Errno;
use std::ptr;
use std::sync::atomic::{AtomicU32, AtomicU64};
use std::time::Duration;

/// How a sleep ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slept {
    Woken,
    TimedOut,
    /// The word had another value, or a signal came.
    Moved,
}

/// Sleeps while the word has this value, for at most so long. Returns early for
/// no reason at times; the caller looks again.
pub fn wait(word: &AtomicU32, value: u32, at_most: Duration) {
    let time = libc::timespec {
        tv_sec: at_most.as_secs().min(i64::MAX as u64) as i64,
        tv_nsec: i64::from(at_most.subsec_nanos()),
    };
    // SAFETY: the word and the time live across the call; a futex is checked by the kernel.
    call("futex: wait", || unsafe {
        libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, value, &time)
    });
}

/// The half of a state word that the kernel sees.
pub fn low_half(word: &AtomicU64) -> *const u32 {
    word.as_ptr().cast_const().cast()
}

fn timespec(ns: u64) -> libc::timespec {
    libc::timespec { tv_sec: (ns / 1_000_000_000) as i64, tv_nsec: (ns % 1_000_000_000) as i64 }
}

/// Sleeps while the word has this value, until a time of the monotonic clock.
pub fn wait_until(word: *const u32, value: u32, end_ns: u64) -> Slept {
    let end = timespec(end_ns);
    let operation = libc::FUTEX_WAIT_BITSET;
    let (none, all) = (ptr::null::<u32>(), libc::FUTEX_BITSET_MATCH_ANY);
    // SAFETY: the kernel checks the address; the time lives across the call.
    let result = call("futex: wait_until", || unsafe {
        libc::syscall(libc::SYS_futex, word, operation, value, &raw const end, none, all)
    });
    slept(result)
}

fn slept(result: i64) -> Slept {
    match result {
        0.. => Slept::Woken,
        _ if Errno::last() == Errno::ETIMEDOUT => Slept::TimedOut,
        _ => Slept::Moved,
    }
}

/// One of the words that `wait_for_any` sleeps on: the kernel's `struct futex_waitv`.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct Waiter {
    value: u64,
    address: u64,
    flags: u32,
    reserved: u32,
}

impl Waiter {
    pub const NONE: Waiter = Waiter { value: 0, address: 0, flags: 0, reserved: 0 };

    pub fn new(word: *const u32, value: u32) -> Waiter {
        const SIZE_32: u32 = 2;
        Waiter { value: u64::from(value), address: word as u64, flags: SIZE_32, reserved: 0 }
    }
}

/// Sleeps while each word has its value. Ok(Ok(i)): woken, at word i or another.
/// Err: there is no such system call, or it is forbidden.
pub fn wait_for_any(waiters: &[Waiter], end_ns: u64) -> Result<Result<usize, Slept>, Error> {
    const SYS_FUTEX_WAITV: i64 = 449;
    let end = timespec(end_ns);
    let (first, count) = (waiters.as_ptr(), waiters.len());
    // SAFETY: the array and the time live across the call; the kernel checks the words.
    let result = call("futex_waitv: wait_for_any", || unsafe {
        libc::syscall(SYS_FUTEX_WAITV, first, count, 0, &raw const end, libc::CLOCK_MONOTONIC)
    });
    if result >= 0 {
        // A sandbox may answer anything.
        let index = result as usize;
        return Ok(if index < count { Ok(index) } else { Err(Slept::Moved) });
    }
    match Errno::last() {
        error @ (Errno::ENOSYS | Errno::EPERM) => Err(error.into()),
        Errno::ETIMEDOUT => Ok(Err(Slept::TimedOut)),
        _ => Ok(Err(Slept::Moved)),
    }
}

/// Wakes up to so many sleepers; returns how many there were. Keeps errno.
pub fn wake(word: *const u32, count: i32) -> usize {
    let _errno = ErrnoKept::new();
    // SAFETY: the kernel only looks for sleepers of this address.
    let woken = call("futex: wake", || unsafe {
        libc::syscall(libc::SYS_futex, word, libc::FUTEX_WAKE, count, ptr::null::<u8>())
    });
    usize::try_from(woken).unwrap_or(0)
}

pub fn wake_one(word: &AtomicU32) {
    wake(word.as_ptr(), 1);
}

pub fn wake_all(word: &AtomicU32) {
    wake(word.as_ptr(), i32::MAX);
}
