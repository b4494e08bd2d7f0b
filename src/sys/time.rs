//! Clocks and sleeping.

use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Nanoseconds since the system started, sleep excluded.
pub fn monotonic_ns() -> u64 {
    // The monotonic clock exists on every Linux; its value is never negative.
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(0, nanoseconds)
}

/// Nanoseconds since the system started, time asleep included.
pub fn boot_ns() -> u64 {
    clock_gettime(ClockId::CLOCK_BOOTTIME).map_or(0, nanoseconds)
}

/// Nanoseconds since 1970.
pub fn real_ns() -> u64 {
    clock_gettime(ClockId::CLOCK_REALTIME).map_or(0, nanoseconds)
}

fn nanoseconds(time: nix::sys::time::TimeSpec) -> u64 {
    (time.tv_sec() as u64).wrapping_mul(1_000_000_000).wrapping_add(time.tv_nsec() as u64)
}

/// Sleeps for at least this long, whatever signals arrive.
pub fn sleep(duration: Duration) {
    std::thread::sleep(duration);
}

/// Sleeps for ever. A signal handler may run meanwhile.
pub fn sleep_for_ever() -> ! {
    loop {
        nix::unistd::pause();
    }
}
