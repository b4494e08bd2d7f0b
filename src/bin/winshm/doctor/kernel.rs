//! What the kernel offers, told by trying it and not by its version: versions say
//! nothing of sandboxes, nor of what a distribution has added.

use super::attempts as tries;
use super::finding::{Finding, Verdict};
use super::probe::{Outcome, Tried, attempt};
use nix::errno::Errno;
use std::path::Path;

/// Something of the kernel that the library uses.
pub struct Feature {
    name: &'static str,
    /// The first version of Linux that has it.
    since: (u32, u32),
    /// What it is without it.
    otherwise: Verdict,
    follows: &'static str,
    attempt: Attempt,
}

/// A try, and where.
enum Attempt {
    Anywhere(fn() -> Tried),
    /// On the file system that objects are on.
    In(fn(&Path) -> Tried),
}
use Attempt::{Anywhere, In};

const NO_NAMES: &str = "named objects do not work";

/// In the order of the report.
pub const FEATURES: &[Feature] = &[
    Feature {
        name: "futex_waitv",
        since: (5, 16),
        otherwise: Verdict::Warning,
        follows: "waits for several objects sleep on a common bell: every signal wakes them, and they notice the death of a mutex's owner within 10 ms instead of at once",
        attempt: Anywhere(tries::futex_waitv),
    },
    Feature {
        name: "robust-lists",
        since: (2, 6),
        otherwise: Verdict::Warning,
        follows: "the death of a mutex's owner is noticed within half a second instead of at once, and in the same PID namespace only",
        attempt: Anywhere(tries::robust_lists),
    },
    Feature {
        name: "pidfd_open",
        since: (5, 3),
        otherwise: Verdict::Warning,
        follows: "OpenProcess, CreateProcess, handles of processes and waits for their end fail with ERROR_NOT_SUPPORTED (50) or ERROR_ACCESS_DENIED (5)",
        attempt: Anywhere(tries::pidfd_open),
    },
    Feature {
        name: "membarrier",
        since: (4, 14),
        otherwise: Verdict::Warning,
        follows: "every call with a handle executes a memory fence of its own, which costs it some nanoseconds",
        attempt: Anywhere(tries::membarrier),
    },
    Feature {
        name: "threads",
        since: (2, 6),
        otherwise: Verdict::Warning,
        follows: "CreateThread, CreateProcess and waits for processes fail",
        attempt: Anywhere(tries::threads),
    },
    Feature {
        name: "memfd_create",
        since: (3, 17),
        otherwise: Verdict::Problem,
        follows: "sections without a name fail, and no handle can be made inheritable",
        attempt: Anywhere(tries::sealed_memory),
    },
    Feature {
        name: "file-locks",
        since: (3, 15),
        otherwise: Verdict::Problem,
        follows: "nobody can tell a living object from a dead one: named objects do not work",
        attempt: In(tries::file_locks),
    },
    Feature {
        name: "directory-locks",
        since: (2, 6),
        otherwise: Verdict::Warning,
        follows: "nobody looks for what killed processes left; a name is freed when somebody asks for it",
        attempt: In(tries::directory_locks),
    },
    Feature {
        name: "shared-mappings",
        since: (2, 6),
        otherwise: Verdict::Problem,
        follows: NO_NAMES,
        attempt: In(tries::shared_mappings),
    },
    Feature {
        name: "fallocate",
        since: (3, 5),
        otherwise: Verdict::Problem,
        follows: "sections fail with ERROR_NOT_SUPPORTED (50): their memory cannot be reserved",
        attempt: In(tries::fallocate),
    },
    Feature {
        name: "o_tmpfile",
        since: (3, 11),
        otherwise: Verdict::Warning,
        follows: "a POSIX segment is seen by others while it still grows to its size",
        attempt: Anywhere(tries::unnamed_file),
    },
    Feature {
        name: "statx",
        since: (4, 11),
        otherwise: Verdict::Warning,
        follows: "POSIX segments, named sections of files, CreateProcess and WriteFile at the end of a file fail",
        attempt: In(tries::statx),
    },
    Feature {
        name: "map_fixed_noreplace",
        since: (4, 17),
        otherwise: Verdict::Warning,
        follows: "MapViewOfFileEx and VirtualAlloc at an address are slower; they work",
        attempt: Anywhere(tries::fixed_mapping),
    },
    Feature {
        name: "madvise",
        since: (2, 6),
        otherwise: Verdict::Warning,
        follows: "SharedMemoryCreate and SharedMemoryOpen fail",
        attempt: Anywhere(tries::madvise),
    },
    Feature {
        name: "system-v",
        since: (2, 6),
        otherwise: Verdict::Warning,
        follows: "segments named SysV\\KEY fail; everything else works",
        attempt: Anywhere(tries::system_v),
    },
];

/// All of them, tried. Without a place, those only that need none.
pub fn look(place: Option<&Path>, release: &str) -> Vec<Finding> {
    let outcome = |feature: &Feature| match feature.attempt {
        Anywhere(try_it) => Some(attempt(try_it)),
        In(try_it) => place.map(|place| attempt(|| try_it(place))),
    };
    let tried = FEATURES.iter().filter_map(|feature| Some((feature, outcome(feature)?)));
    tried.map(|(feature, outcome)| judge(feature, outcome, release)).collect()
}

/// What a try says.
fn judge(feature: &Feature, outcome: Outcome, release: &str) -> Finding {
    let Feature { name, since: (major, minor), .. } = *feature;
    let (found, advice) = match outcome {
        Outcome::Works => return Finding::ok(name, "works"),
        Outcome::Untried(errno) => {
            return Finding::warning(name, format!("not tried: fork failed, {errno}"))
                .follows("it is not known whether it works")
                .advice("raise the limit of processes (ulimit -u, or pids.max of the cgroup)");
        }
        Outcome::Killed(libc::SIGALRM) => ("does not come back".to_string(), String::new()),
        Outcome::Killed(signal) => {
            let found = format!("whoever calls it is killed (signal {signal})");
            return Finding::problem(name, found)
                .follows("programs that use the library are killed")
                .advice("have the sandbox (seccomp) answer ENOSYS, or allow the call");
        }
        Outcome::Wrong => ("does something else than on Linux".to_string(), String::new()),
        Outcome::Fails(Errno::ENOSYS) if version(release).is_some_and(|has| has < (major, minor)) => {
            ("this kernel does not have it".to_string(), format!("use Linux {major}.{minor} or newer"))
        }
        Outcome::Fails(errno @ (Errno::ENOSYS | Errno::EPERM | Errno::EACCES)) => {
            (format!("taken away by a sandbox or a setting ({})", symbol(errno)), refused(name))
        }
        Outcome::Fails(errno) => (errno.to_string(), String::new()),
    };
    let finding = match feature.otherwise {
        Verdict::Problem => Finding::problem(name, found),
        _ => Finding::warning(name, found),
    };
    finding.follows(feature.follows).advice(match advice.is_empty() {
        true => {
            "use another kernel, file system or sandbox; `strace -f winshm doctor` shows the call".to_string()
        }
        false => advice,
    })
}

/// What to do where the kernel would, and something forbids it.
fn refused(name: &str) -> String {
    match name {
        "memfd_create" => {
            "allow it in the seccomp profile; if `sysctl vm.memfd_noexec` says 2, set it to 1 or 0".into()
        }
        "o_tmpfile" | "statx" | "fallocate" | "madvise" | "membarrier" | "pidfd_open" | "futex_waitv" => {
            format!("allow {} in the seccomp profile of the container or service", call(name))
        }
        "threads" => {
            "allow clone and clone3 in the seccomp profile, or have it answer ENOSYS for clone3".into()
        }
        "system-v" => "allow shmget, shmat, shmdt and shmctl in the seccomp profile".into(),
        _ => "look at the seccomp profile of the container or service".into(),
    }
}

fn call(name: &str) -> &str {
    if name == "o_tmpfile" { "openat with O_TMPFILE, and linkat" } else { name }
}

fn symbol(errno: Errno) -> String {
    format!("{errno:?}")
}

/// Major and minor version out of `6.1.0-13-amd64`.
fn version(release: &str) -> Option<(u32, u32)> {
    let mut numbers = release.split(|one: char| !one.is_ascii_digit()).map(str::parse);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => Some((major, minor)),
        _ => None,
    }
}

/// What no try can tell.
pub fn release(release: &str, machine: &str) -> Finding {
    const NAME: &str = "kernel";
    let found = format!("Linux {release}, {machine}");
    match version(release) {
        Some(version) if version < (6, 2) => Finding::warning(NAME, found)
            .follows("kernels before 6.2 lose some wakes of threads that are killed while they wait for several objects: others may sleep up to half a second longer")
            .advice("use Linux 6.2 or newer where this matters"),
        _ => Finding::ok(NAME, found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feature(name: &str) -> &'static Feature {
        FEATURES.iter().find(|feature| feature.name == name).unwrap()
    }

    #[test]
    fn an_old_kernel_and_a_sandbox_are_told_apart() {
        let missing = Outcome::Fails(Errno::ENOSYS);
        let old = judge(feature("futex_waitv"), missing, "5.10.0-28-amd64");
        assert_eq!((old.verdict, old.advice.as_str()), (Verdict::Warning, "use Linux 5.16 or newer"));
        let sandbox = judge(feature("futex_waitv"), missing, "6.1.0");
        assert!(sandbox.advice.contains("seccomp") && sandbox.found.contains("ENOSYS"));
        let forbidden = judge(feature("memfd_create"), Outcome::Fails(Errno::EACCES), "6.8");
        assert_eq!(forbidden.verdict, Verdict::Problem);
        assert!(forbidden.advice.contains("memfd_noexec"));
    }

    #[test]
    fn who_is_killed_has_a_problem_whatever_the_call() {
        let killed = judge(feature("membarrier"), Outcome::Killed(libc::SIGSYS), "6.8");
        assert_eq!(killed.verdict, Verdict::Problem);
        assert_eq!(judge(feature("membarrier"), Outcome::Works, "6.8").verdict, Verdict::Ok);
        let hangs = judge(feature("statx"), Outcome::Killed(libc::SIGALRM), "6.8");
        assert_eq!(hangs.verdict, Verdict::Warning);
    }

    #[test]
    fn every_finding_that_is_not_fine_says_what_follows_and_what_to_do() {
        use Outcome::{Fails, Killed, Untried, Wrong};
        for feature in FEATURES {
            for outcome in [Wrong, Fails(Errno::EIO), Fails(Errno::EPERM), Killed(31), Untried(Errno::EAGAIN)]
            {
                let finding = judge(feature, outcome, "6.8");
                assert!(
                    finding.verdict > Verdict::Ok
                        && !finding.follows.is_empty()
                        && !finding.advice.is_empty()
                );
            }
        }
    }

    #[test]
    fn versions_are_read_out_of_all_sorts_of_names() {
        assert_eq!(version("6.18.44-fc-v657"), Some((6, 18)));
        assert_eq!(version("5.15"), Some((5, 15)));
        assert_eq!((version("unknown"), version("")), (None, None));
        assert_eq!(release("5.15.0", "x86_64").verdict, Verdict::Warning);
        assert_eq!(release("6.8.0", "x86_64").verdict, Verdict::Ok);
    }
}
