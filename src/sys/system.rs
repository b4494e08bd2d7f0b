//! The machine.

use crate::error::Error;
use crate::plant::call;
use std::sync::OnceLock;

/// The processors that are on.
pub fn processors() -> u32 {
    nix::unistd::sysconf(nix::unistd::SysconfVar::_NPROCESSORS_ONLN)
        .ok()
        .flatten()
        .and_then(|count| u32::try_from(count).ok())
        .map_or(1, |count| count.max(1))
}

/// The processors that the calling thread may run on.
pub fn allowed_processors() -> u32 {
    nix::sched::sched_getaffinity(nix::unistd::Pid::from_raw(0)).map_or(1, |processors| {
        let allowed = (0..nix::sched::CpuSet::count()).filter(|&one| processors.is_set(one).unwrap_or(false));
        allowed.count() as u32
    })
}

/// A number of the processor that the calling thread runs on, not 0; 0: not known.
#[inline]
pub fn this_processor() -> u32 {
    // SAFETY: no arguments; the C library looks it up in memory of the thread.
    let number = unsafe { libc::sched_getcpu() };
    number.wrapping_add(1) as u32
}

/// Whether another processor can do something while this one waits.
pub fn may_spin() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| allowed_processors() > 1)
}

/// Whether the processor's string copy is fast at every size (FSRM).
pub fn has_fast_short_rep_mov() -> bool {
    // SAFETY: every x86-64 processor has the instruction.
    #[allow(unused_unsafe, reason = "safe since Rust 1.94")]
    let (highest, features) =
        unsafe { (std::arch::x86_64::__cpuid(0).eax, std::arch::x86_64::__cpuid_count(7, 0).edx) };
    highest >= 7 && features & 1 << 4 != 0
}

/// Family and `model << 8 | stepping` of the processor.
pub fn processor_version() -> (u16, u16) {
    // SAFETY: every x86-64 processor has the instruction.
    #[allow(unused_unsafe, reason = "safe since Rust 1.94")]
    let signature = unsafe { std::arch::x86_64::__cpuid(1) }.eax;
    let (stepping, model, family) = (signature & 0xf, signature >> 4 & 0xf, signature >> 8 & 0xf);
    let (more_model, more_family) = (signature >> 16 & 0xf, signature >> 20 & 0xff);
    let whole_family = if family == 0xf { family + more_family } else { family };
    let whole_model = if matches!(family, 6 | 0xf) { model | more_model << 4 } else { model };
    (whole_family as u16, (whole_model << 8 | stepping) as u16)
}

/// The smallest large page, which every x86-64 processor has, in bytes.
pub const LARGE_PAGE_SIZE: usize = 2 << 20;

/// Large pages that the system has set aside or may set aside, in use or not.
pub fn large_pages() -> u64 {
    let read = |name: &str| -> u64 {
        let path = format!("/sys/kernel/mm/hugepages/hugepages-2048kB/{name}");
        call("open: large_pages", || std::fs::read_to_string(path))
            .ok()
            .and_then(|text| text.trim().parse().ok())
            .unwrap_or(0)
    };
    read("nr_hugepages").saturating_add(read("nr_overcommit_hugepages"))
}

/// Memory and swap that could still be used, in bytes.
pub fn available_memory() -> Result<u64, Error> {
    let os = |error: std::io::Error| Error::Os(error.raw_os_error().unwrap_or(libc::EIO));
    let text = call("open: meminfo", || std::fs::read_to_string("/proc/meminfo")).map_err(os)?;
    let kibibytes = |name: &str| -> u64 {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let number = line.and_then(|rest| rest.split_ascii_whitespace().next());
        number.and_then(|number| number.parse().ok()).unwrap_or(0)
    };
    Ok((kibibytes("MemAvailable:") + kibibytes("SwapFree:")).saturating_mul(1024))
}
