//! What Windows tells programs about the machine.

#![forbid(unsafe_code)]

use crate::sys::{system, time};

pub struct Machine {
    pub processors: u32,
    /// Bit n: processor n exists, as far as the word reaches.
    pub processor_mask: usize,
    pub family: u16,
    pub model_and_stepping: u16,
}

pub fn describe() -> Machine {
    let processors = system::processors();
    let (family, model_and_stepping) = system::processor_version();
    let processor_mask = usize::MAX >> (usize::BITS - processors.clamp(1, usize::BITS));
    Machine { processors, processor_mask, family, model_and_stepping }
}

/// Milliseconds since the system started.
pub fn uptime_ms() -> u64 {
    time::boot_ns() / 1_000_000
}

/// Programs multiply counts before they divide; a faster clock would overflow
/// where Windows' does not.
pub const TICKS_PER_SECOND: i64 = 10_000_000;

/// The performance counter.
pub fn ticks() -> i64 {
    (time::monotonic_ns() / (1_000_000_000 / TICKS_PER_SECOND as u64)) as i64
}
