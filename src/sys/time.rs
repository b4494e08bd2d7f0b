//! Clocks and sleeping.

use crate::plant::call;

use nix::time::{ClockId, clock_gettime};
use std::time::Duration;

/// Nanoseconds since the system started, sleep excluded.
pub fn monotonic_ns() -> u64 {
    // The monotonic clock exists on every Linux; its value is never negative.
    clock_gettime(ClockId::CLOCK_MONOTONIC).map_or(0, nanoseconds)
}

/// `monotonic_ns` when the system's clock last ticked, a few milliseconds ago at most. In less time.
pub fn last_tick_ns() -> u64 {
    clock_gettime(ClockId::CLOCK_MONOTONIC_COARSE).map_or(0, nanoseconds)
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

/// Sleeps for at least this long, whatever signals arrive. Not where a thread can be
/// cancelled: that would unwind the callers.
pub fn sleep(duration: Duration) {
    let end = monotonic_ns().saturating_add(duration.as_nanos().min(i64::MAX as u128) as u64);
    let end = libc::timespec { tv_sec: (end / 1_000_000_000) as i64, tv_nsec: (end % 1_000_000_000) as i64 };
    let (clock, until) = (libc::CLOCK_MONOTONIC, libc::TIMER_ABSTIME);
    loop {
        // SAFETY: the time lives across the call; nothing is returned in an absolute sleep.
        let result = call("clock_nanosleep: sleep", || unsafe {
            libc::syscall(libc::SYS_clock_nanosleep, clock, until, &raw const end, 0)
        });
        if result == 0 || nix::errno::Errno::last() != nix::errno::Errno::EINTR {
            return;
        }
    }
}

/// Sleeps until a time of the monotonic clock, or a little less.
pub fn sleep_until(end_ns: u64) {
    sleep(Duration::from_nanos(end_ns.saturating_sub(monotonic_ns())));
}

/// Sleeps for ever. A signal handler may run meanwhile.
pub fn sleep_for_ever() -> ! {
    loop {
        sleep(Duration::from_secs(1 << 30));
    }
}
