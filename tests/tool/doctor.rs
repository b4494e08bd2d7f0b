//! `winshm doctor` where something is missing: what it says changes with the system.

use crate::sandbox::{self, Answer};
use crate::world::{DONE, ERROR, NOBODY, World, end_of};
use serde_json::Value;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

const DOCTOR: [&str; 2] = ["doctor", "--json"];

/// Runs it; the exit code and the verdict agree.
fn diagnose(command: Command) -> Value {
    let run = end_of(command).quietly();
    let report = run.json();
    let _ = run.ends(if report["verdict"] == "problem" { ERROR } else { DONE });
    for check in report["checks"].as_array().expect("a list") {
        // Whatever is not fine says what follows and what to do.
        let is_said = |field: &str| check[field].as_str().is_some_and(|text| !text.is_empty());
        assert!(is_said("found"), "{check}");
        assert!(check["verdict"] == "ok" || is_said("follows") && is_said("advice"), "{check}");
    }
    report
}

/// The verdict of one check, and what was found.
fn finding<'a>(report: &'a Value, name: &str) -> (&'a str, &'a str) {
    let checks = report["checks"].as_array().expect("a list");
    let check = checks.iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no check {name}: {report}"));
    (check["verdict"].as_str().expect("a text"), check["found"].as_str().expect("a text"))
}

#[track_caller]
fn assert_finds(report: &Value, name: &str, verdict: &str, words: &str) {
    let found = finding(report, name);
    assert!(found.0 == verdict && found.1.contains(words), "{verdict}, {words:?} expected: {found:?}");
}

#[test]
fn doctor_looks_at_everything_and_says_so_in_both_ways() {
    let world = World::new();
    let text = world.run(&["doctor"]).quietly();
    let report = diagnose(world.command(&DOCTOR));
    let checks = report["checks"].as_array().expect("a list");
    assert!(report["format"] == 1 && checks.len() >= 30, "{report}");
    for check in checks {
        let name = check["name"].as_str().expect("a text");
        assert!(text.output.contains(name), "{name}: {}", text.output);
    }
    // The page has the same checks and fields.
    let page = include_str!("../../docs/doctor.md");
    let mut named: Vec<&str> = checks.iter().map(|check| check["name"].as_str().expect("a text")).collect();
    named.dedup();
    let (table, fields) = page.split_once("## For scripts").expect("a part for scripts");
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let told: Vec<&str> =
        rows.flat_map(|row| row.split('|').nth(1).expect("a cell").split('`').skip(1).step_by(2)).collect();
    assert_eq!(named, told);
    for object in [&report, &checks[0]] {
        let names = object.as_object().expect("an object").keys();
        names.for_each(|name| assert!(fields.contains(&format!("`{name}`")), "{name}"));
    }
    // On a terminal only.
    assert!(!text.output.contains('\x1b'));
    // It left nothing but, at most, the user's directory.
    let left: Vec<_> =
        fs::read_dir(world.folder()).expect("ours").map(|entry| entry.unwrap().path()).collect();
    assert!(left.iter().all(|path| *path == world.objects()), "{left:?}");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error() {
    let world = World::new();
    for words in [&DOCTOR[..1], &DOCTOR] {
        let mut command = world.command(words);
        let full = fs::File::options().write(true).open("/dev/full").expect("on every Linux");
        command.stdout(full);
        let run = command.output().expect("it starts");
        let complaint = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code() == Some(ERROR) && complaint.contains("standard output"), "{run:?}");
    }
}

#[test]
fn a_sandbox_without_a_system_call_is_noticed_by_the_call() {
    let world = World::new();
    // The check, the call, and what it is without it.
    let calls = [
        ("futex_waitv", sandbox::FUTEX_WAITV, "warning"),
        ("pidfd_open", libc::SYS_pidfd_open, "warning"),
        ("membarrier", libc::SYS_membarrier, "warning"),
        ("memfd_create", libc::SYS_memfd_create, "problem"),
        ("fallocate", libc::SYS_fallocate, "problem"),
        ("directory-locks", libc::SYS_flock, "warning"),
        ("statx", libc::SYS_statx, "warning"),
        ("o_tmpfile", libc::SYS_linkat, "warning"),
        ("madvise", libc::SYS_madvise, "warning"),
        ("system-v", libc::SYS_shmget, "warning"),
    ];
    for (name, call, verdict) in calls {
        for errno in [libc::ENOSYS, libc::EPERM] {
            let mut command = world.command(&DOCTOR);
            sandbox::without(&mut command, call, Answer::Errno(errno));
            let report = diagnose(command);
            assert_finds(&report, name, verdict, if errno == libc::EPERM { "EPERM" } else { "ENOSYS" });
            assert_finds(&report, "seccomp", "ok", "filter(s)");
        }
    }
    // With all of them.
    let whole = diagnose(world.command(&DOCTOR));
    calls.iter().for_each(|(name, ..)| assert_finds(&whole, name, "ok", "works"));
}

#[test]
fn a_sandbox_that_kills_is_survived_and_is_a_problem() {
    let world = World::new();
    for (name, call) in [("futex_waitv", sandbox::FUTEX_WAITV), ("membarrier", libc::SYS_membarrier)] {
        let mut command = world.command(&DOCTOR);
        sandbox::without(&mut command, call, Answer::Kill);
        assert_finds(&diagnose(command), name, "problem", "is killed");
    }
}

#[test]
fn low_limits_are_noticed() {
    let world = World::new();
    let limits = [
        ("open-files", libc::RLIMIT_NOFILE, 200, "warning"),
        ("open-files", libc::RLIMIT_NOFILE, 12, "problem"),
        ("address-space", libc::RLIMIT_AS, 4 << 30, "warning"),
        ("file-size", libc::RLIMIT_FSIZE, 1 << 20, "warning"),
        ("file-size", libc::RLIMIT_FSIZE, 4096, "problem"),
        ("locked-memory", libc::RLIMIT_MEMLOCK, 4096, "warning"),
    ];
    for (name, resource, most, verdict) in limits {
        let mut command = world.command(&DOCTOR);
        sandbox::limit(&mut command, resource, most);
        assert_finds(&diagnose(command), name, verdict, "");
    }
}

#[test]
fn a_file_system_that_is_small_full_closed_or_none_is_noticed() {
    let world = World::new();
    let folder = world.folder().to_str().expect("ASCII").to_string();
    let over = |kind: &str, flags: u64, options: &str| {
        let mut command = world.command(&DOCTOR);
        sandbox::mounted(&mut command, kind, &folder, flags, options).then(|| diagnose(command))
    };
    let Some(small) = over("tmpfs", 0, "size=1m,mode=1777") else { return };
    assert_finds(&small, "space", "warning", "1 MiB");
    let full = over("tmpfs", 0, "size=4k,mode=1777").expect("root");
    assert_finds(&full, "space", "problem", "4 KiB");
    let few = over("tmpfs", 0, "nr_inodes=2,mode=1777").expect("root");
    assert_finds(&few, "inodes", "problem", " of 2");
    let rigid = over("tmpfs", libc::MS_NOEXEC, "mode=1777").expect("root");
    assert_finds(&rigid, "execution", "warning", "noexec");
    let closed = over("tmpfs", libc::MS_RDONLY, "mode=1777").expect("root");
    assert_finds(&closed, "file-system", "problem", "read-only");
    let open = over("tmpfs", 0, "mode=0777").expect("root");
    assert_finds(&open, "directory", "warning", "sticky");
    let foreign = over("ramfs", 0, "mode=1777").expect("root");
    assert_finds(&foreign, "file-system", "ok", "ramfs");
    let strange = over("proc", 0, "").expect("root");
    assert_finds(&strange, "file-system", "warning", "proc");
}

#[test]
fn a_place_that_is_none_is_noticed() {
    let world = World::new();
    let at = |place: &str| {
        let mut command = world.command(&DOCTOR);
        command.env("WINSHM_DIR", place);
        diagnose(command)
    };
    assert_finds(&at("here"), "directory", "problem", "no absolute path");
    assert_finds(&at("/nowhere/at/all"), "directory", "problem", "No such file");
    assert_finds(&at("/dev/null"), "directory", "problem", "no directory");
    // An empty one counts as none.
    assert_finds(&at(""), "directory", "ok", "/dev/shm");
}

#[test]
fn a_directory_of_the_user_that_is_not_his_alone_is_noticed() {
    let world = World::new();
    let own = world.objects();
    let judge = || diagnose(world.command(&DOCTOR));
    assert_finds(&judge(), "own-directory", "ok", "will be made");
    // By what doctor itself made and closed, and nothing is left in it.
    fs::remove_dir(&own).expect("empty");
    fs::create_dir(&own).expect("ours");
    for (mode, verdict, words) in
        [(0o700, "ok", "0700"), (0o750, "problem", "open to others"), (0o500, "ok", "0500")]
    {
        fs::set_permissions(&own, Permissions::from_mode(mode)).expect("ours");
        assert_finds(&judge(), "own-directory", verdict, words);
    }
    fs::remove_dir(&own).expect("ours");
    std::os::unix::fs::symlink("/tmp", &own).expect("ours");
    assert_finds(&judge(), "own-directory", "problem", "no directory");
    fs::remove_file(&own).expect("ours");
    if !nix::unistd::geteuid().is_root() {
        println!("SKIPPED: only root can make directories of other users");
        return;
    }
    fs::create_dir(&own).expect("ours");
    std::os::unix::fs::chown(&own, Some(NOBODY), None).expect("we are root");
    assert_finds(&judge(), "own-directory", "problem", "65534");
    // Who may not write where his directory would have to be made.
    fs::set_permissions(world.folder(), Permissions::from_mode(0o755)).expect("ours");
    let closed = world.run_as_nobody(&DOCTOR).expect("root").ends(ERROR).json();
    assert_finds(&closed, "directory", "problem", "cannot write");
}

#[test]
fn the_administrators_directory_is_judged_as_the_library_does() {
    if !nix::unistd::geteuid().is_root() {
        println!("SKIPPED: only root can be the administrator");
        return;
    }
    let world = World::new();
    let global = world.folder().join(".winshm-global");
    let judge = || diagnose(world.command(&DOCTOR));
    assert_finds(&judge(), "global-directory", "ok", "there is none");
    fs::create_dir(&global).expect("ours");
    for (mode, verdict, words) in
        [(0o2770, "ok", "of a group"), (0o777, "ok", "open to all"), (0o1777, "warning", "sticky")]
    {
        fs::set_permissions(&global, Permissions::from_mode(mode)).expect("ours");
        assert_finds(&judge(), "global-directory", verdict, words);
    }
    fs::set_permissions(&global, Permissions::from_mode(0o2770)).expect("ours");
    let closed = world.run_as_nobody(&DOCTOR).expect("root").ends(DONE).json();
    assert_finds(&closed, "global-directory", "ok", "closed to you");
    std::os::unix::fs::chown(&global, Some(NOBODY), None).expect("we are root");
    assert_finds(&judge(), "global-directory", "warning", "not to root");
}

#[test]
fn what_lies_in_the_directory_is_counted() {
    let world = World::new();
    let holder = world.hold(&["event", "held"]);
    let judge = || diagnose(world.command(&DOCTOR));
    assert_finds(&judge(), "objects", "ok", "1 in use, none left");
    assert_finds(&judge(), "use-of-local", "ok", "every kind");
    let _ = holder.kill().ends_by_signal(libc::SIGKILL);
    assert_finds(&judge(), "objects", "ok", "0 in use");
    fs::write(world.objects().join("L.damaged"), "no object").expect("ours");
    assert_finds(&judge(), "objects", "warning", "1 damaged");
}

#[test]
fn a_variable_that_does_nothing_is_noticed() {
    let world = World::new();
    let with = |name: &str, value: &str| {
        let mut command = world.command(&DOCTOR);
        command.env(name, value);
        diagnose(command)
    };
    let checks = with("WINSHM_DIRECTORY", "/tmp");
    let all = checks["checks"].as_array().expect("a list");
    let noticed = |check: &&Value| check["name"] == "environment" && check["verdict"] == "warning";
    assert_eq!(all.iter().filter(noticed).count(), 1, "{checks}");
    assert_eq!(with("WINSHM_RESERVE", "all")["verdict"], with("UNRELATED", "all")["verdict"]);
}

#[test]
fn processes_that_cannot_be_seen_are_noticed() {
    if !nix::unistd::geteuid().is_root() {
        println!("SKIPPED: only root can mount /proc anew");
        return;
    }
    let world = World::new();
    let judge = |options: &str| {
        let script = format!(
            "mount -t proc -o {options} proc /proc && exec setpriv --reuid {NOBODY} --regid {NOBODY} --clear-groups \"$@\""
        );
        diagnose(world.command_by("unshare", &["--mount", "sh", "-c", &script, "sh"], &DOCTOR))
    };
    assert_finds(&judge("hidepid=2"), "proc", "warning", "hidepid=");
    assert_finds(&judge("hidepid=0"), "proc", "ok", "your own processes");
}
