//! Limits of the process and of the machine. Pure: the numbers come from `facts`.

use super::finding::{Finding, bytes};

/// A limit of the process: soft and hard. `u64::MAX`: none.
pub type Limit = (u64, u64);

pub const UNLIMITED: u64 = u64::MAX;

fn size(limit: u64) -> String {
    if limit == UNLIMITED { "unlimited".into() } else { bytes(limit) }
}

pub fn descriptors((soft, hard): Limit) -> Finding {
    const NAME: &str = "open-files";
    /// The streams, the directories, and a few objects.
    const LEAST: u64 = 16;
    /// Less than half of what is usual.
    const FEW: u64 = 512;
    let found = format!("{soft}, at most {hard}");
    let advice = format!("ulimit -n {}; of a service: LimitNOFILE=", hard.max(1024));
    if soft < LEAST {
        return Finding::problem(NAME, found)
            .follows("hardly an object can be opened: ERROR_TOO_MANY_OPEN_FILES (4)")
            .advice(advice);
    }
    let each = "each open section, SharedMemory, process and file has a descriptor; events, mutexes, semaphores and timers have none";
    if soft < FEW {
        return Finding::warning(NAME, found)
            .follows(format!("{each}; the next one fails with ERROR_TOO_MANY_OPEN_FILES (4)"))
            .advice(advice);
    }
    Finding::ok(NAME, found)
}

pub fn locked_memory((soft, hard): Limit) -> Finding {
    const NAME: &str = "locked-memory";
    const PAGES: u64 = 64 << 10;
    let found = size(soft);
    if soft >= PAGES {
        return Finding::ok(NAME, found);
    }
    Finding::warning(NAME, found)
        .follows("VirtualLock of more than that fails with ERROR_WORKING_SET_QUOTA (1453)")
        .advice(format!("ulimit -l (at most {}); of a service: LimitMEMLOCK=", size(hard)))
}

pub fn address_space((soft, _): Limit) -> Finding {
    const NAME: &str = "address-space";
    if soft == UNLIMITED {
        return Finding::ok(NAME, "unlimited");
    }
    Finding::warning(NAME, size(soft))
        .follows("views and reservations beyond it fail with ERROR_NOT_ENOUGH_MEMORY (8), also where their memory is not used")
        .advice("ulimit -v unlimited; of a service: LimitAS=infinity")
}

pub fn file_size((soft, _): Limit) -> Finding {
    const NAME: &str = "file-size";
    /// A page of data and a control page.
    const SMALLEST_OBJECT: u64 = 8 << 10;
    let advice = "ulimit -f unlimited; of a service: LimitFSIZE=infinity";
    match soft {
        UNLIMITED => Finding::ok(NAME, "unlimited"),
        0..SMALLEST_OBJECT => Finding::problem(NAME, size(soft))
            .follows("no section can be made: objects are files, and fail with ERROR_COMMITMENT_LIMIT (1455) beyond the limit")
            .advice(advice),
        _ => Finding::warning(NAME, size(soft))
            .follows("sections are files, and fail with ERROR_COMMITMENT_LIMIT (1455) beyond the limit")
            .advice(advice),
    }
}

pub fn mappings(most: Option<u64>) -> Finding {
    const NAME: &str = "mappings";
    const USUAL: u64 = 65_530;
    match most {
        None => Finding::ok(NAME, "vm.max_map_count is not told"),
        Some(most) if most < USUAL => Finding::warning(NAME, format!("{most} in a process (vm.max_map_count)"))
            .follows("each named object and each view is a mapping; the next one fails with ERROR_NOT_ENOUGH_MEMORY (8)")
            .advice(format!("as root: sysctl vm.max_map_count={USUAL}")),
        Some(most) => Finding::ok(NAME, format!("{most} in a process (vm.max_map_count)")),
    }
}

/// System V segments: the largest one in bytes, all of them in pages, and their number.
pub fn system_v(largest: Option<u64>, all_pages: Option<u64>, count: Option<u64>) -> Finding {
    const NAME: &str = "system-v-limits";
    const SMALL: u64 = 32 << 20;
    let (Some(largest), Some(all_pages), Some(count)) = (largest, all_pages, count) else {
        return Finding::warning(NAME, "not told (/proc/sys/kernel/shmmax)")
            .follows("segments named SysV\\KEY may not work")
            .advice("mount /proc; the kernel may be built without System V segments");
    };
    let all = all_pages.saturating_mul(4096);
    // The kernel's own value for "no limit" is somewhat less than all bits.
    let shown = |size: u64| if size > 1 << 60 { "unlimited".into() } else { bytes(size) };
    let found = format!("largest {}, together {}, number {count}", shown(largest), shown(all));
    if largest.min(all) < SMALL {
        return Finding::warning(NAME, found)
            .follows("larger segments named SysV\\KEY fail with ERROR_INVALID_PARAMETER (87) or ERROR_COMMITMENT_LIMIT (1455)")
            .advice("as root: sysctl kernel.shmmax=BYTES kernel.shmall=PAGES");
    }
    Finding::ok(NAME, found)
}

/// The smallest limit of memory of the process's groups.
pub fn memory_group(limit: Option<u64>, free: Option<u64>) -> Finding {
    const NAME: &str = "memory-cgroup";
    match (limit, free) {
        (None, _) => Finding::ok(NAME, "no limit"),
        (Some(limit), Some(free)) if limit < free => Finding::warning(NAME, bytes(limit))
            .follows("a section's pages count for the group that touches them first; beyond the limit the kernel kills a process, although the file system has room")
            .advice("give the group more memory (memory.max, --memory of the container), or the file system a size below it"),
        (Some(limit), _) => Finding::ok(NAME, bytes(limit)),
    }
}

pub fn overcommit(policy: Option<u64>) -> Finding {
    const NAME: &str = "overcommit";
    const STRICT: u64 = 2;
    match policy {
        Some(STRICT) => Finding::warning(NAME, "strict (vm.overcommit_memory=2)")
            .follows("sections and copy-on-write views fail with ERROR_NOT_ENOUGH_MEMORY (8) or ERROR_COMMITMENT_LIMIT (1455) when CommitLimit of /proc/meminfo is reached")
            .advice("as root: sysctl vm.overcommit_memory=0, or a larger vm.overcommit_ratio"),
        _ => Finding::ok(NAME, "the kernel's usual way"),
    }
}

pub fn large_pages(count: u64) -> Finding {
    const NAME: &str = "large-pages";
    match count {
        0 => Finding::ok(NAME, "none (vm.nr_hugepages): sections with SEC_LARGE_PAGES fail"),
        _ => Finding::ok(NAME, format!("{count} of 2 MiB, for sections with SEC_LARGE_PAGES")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Ok as Fine, Problem, Warning};
    use super::*;

    #[test]
    fn few_descriptors_are_a_warning_and_none_a_problem() {
        assert_eq!(descriptors((1024, 1 << 20)).verdict, Fine);
        assert_eq!(descriptors((UNLIMITED, UNLIMITED)).verdict, Fine);
        assert_eq!(descriptors((100, 4096)).verdict, Warning);
        assert_eq!(descriptors((8, 8)).verdict, Problem);
    }

    #[test]
    fn memory_of_the_process_is_limited_or_not() {
        assert_eq!(locked_memory((8 << 20, UNLIMITED)).verdict, Fine);
        assert_eq!(locked_memory((0, 0)).verdict, Warning);
        assert_eq!(address_space((UNLIMITED, UNLIMITED)).verdict, Fine);
        assert_eq!(address_space((1 << 30, 1 << 30)).verdict, Warning);
        assert_eq!(file_size((UNLIMITED, UNLIMITED)).verdict, Fine);
        assert_eq!(file_size((1 << 20, UNLIMITED)).verdict, Warning);
        assert_eq!(file_size((4096, 4096)).verdict, Problem);
    }

    #[test]
    fn the_machine_sets_limits_too() {
        assert_eq!(mappings(Some(65_530)).verdict, Fine);
        assert_eq!(mappings(Some(100)).verdict, Warning);
        assert_eq!(system_v(Some(u64::MAX - (1 << 24)), Some(u64::MAX), Some(4096)).verdict, Fine);
        assert_eq!(system_v(Some(1 << 20), Some(u64::MAX), Some(4096)).verdict, Warning);
        assert_eq!(system_v(None, None, None).verdict, Warning);
        assert_eq!(overcommit(Some(2)).verdict, Warning);
        assert_eq!(overcommit(Some(0)).verdict, Fine);
    }

    #[test]
    fn a_group_with_less_memory_than_the_file_system_is_a_trap() {
        assert_eq!(memory_group(None, Some(1)).verdict, Fine);
        assert_eq!(memory_group(Some(1 << 30), Some(2 << 30)).verdict, Warning);
        assert_eq!(memory_group(Some(4 << 30), Some(2 << 30)).verdict, Fine);
        assert_eq!(memory_group(Some(4 << 30), None).verdict, Fine);
    }
}
