//! Sleeping until a word in shared memory changes, across processes: never
//! FUTEX_PRIVATE.

use std::ptr;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

/// Sleeps while the word has this value, for at most so long. Returns early for
/// no reason at times; the caller looks again.
pub fn wait(word: &AtomicU32, value: u32, at_most: Duration) {
    let time = libc::timespec {
        tv_sec: at_most.as_secs().min(i64::MAX as u64) as i64,
        tv_nsec: i64::from(at_most.subsec_nanos()),
    };
    // SAFETY: the word and the time live across the call; a futex is checked by the kernel.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAIT, value, &time) };
}

/// Wakes up to so many sleepers.
fn wake(word: &AtomicU32, count: i32) {
    // SAFETY: the kernel only looks for sleepers of this address.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), libc::FUTEX_WAKE, count, ptr::null::<u8>()) };
}

pub fn wake_one(word: &AtomicU32) {
    wake(word, 1);
}

pub fn wake_all(word: &AtomicU32) {
    wake(word, i32::MAX);
}
