//! What Windows tells programs about the machine.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::sys::{file, system, system_v, time};
use std::os::fd::AsFd;

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

/// What the system allows and uses of shared memory.
pub struct SharedMemory {
    pub limits: system_v::Limits,
    pub usage: system_v::Usage,
    /// Bytes of /dev/shm, 0 where it has no limit of its own.
    pub posix_size: u64,
    pub posix_free: u64,
}

pub fn shared_memory() -> Result<SharedMemory, Error> {
    let directory = file::open_directory(c"/dev/shm")?;
    let posix_free = match file::free_space(directory.as_fd())? {
        Some(free) => free,
        None => system::available_memory()?,
    };
    Ok(SharedMemory {
        limits: system_v::limits()?,
        usage: system_v::usage()?,
        posix_size: file::whole_space(directory.as_fd())?,
        posix_free,
    })
}

/// Milliseconds since the system started.
pub fn uptime_ms() -> u64 {
    time::boot_ns() / 1_000_000
}

/// 1601 to 1970, in units of 100 ns.
pub const FILE_TIME_1970: u64 = 116_444_736_000_000_000;

/// The time in units of 100 ns since 1601.
pub fn file_time() -> u64 {
    FILE_TIME_1970 + time::real_ns() / 100
}

/// Programs multiply counts before they divide; a faster clock would overflow
/// where Windows' does not.
pub const TICKS_PER_SECOND: i64 = 10_000_000;

/// The performance counter.
pub fn ticks() -> i64 {
    (time::monotonic_ns() / (1_000_000_000 / TICKS_PER_SECOND as u64)) as i64
}
