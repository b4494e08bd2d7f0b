//! `winshm doctor`: whether this system has what the library needs, and what follows
//! where it has not.
//!
//! `finding` is what comes out. `place`, `directories`, `limits`, `surroundings` and
//! `environment` judge facts and ask nobody; `facts` asks the system. `kernel` says what
//! the library uses, `attempts` tries it, `probe` in a process of its own; `trial`
//! tries the whole.

mod attempts;
mod directories;
mod environment;
mod facts;
mod finding;
mod kernel;
mod limits;
mod mount;
mod place;
mod probe;
mod report;
mod surroundings;
mod trial;

use crate::cli::Doctor;
use crate::failure::{DONE, ERROR, Outcome};
use crate::json;
use crate::look::Look;
use crate::ls::print;
use directories::Seen;
use finding::{Finding, Group, Verdict};
use mount::Mount;
use std::path::{Path, PathBuf};
use winshm::catalog::{Life, Trouble, Wanted};

pub fn run(args: Doctor) -> Outcome {
    let groups = examine();
    let report = match args.json {
        true => json::pretty(&report::document(&groups)),
        false => report::text(&groups, Look::of_output()),
    };
    print(&report)?;
    Ok(if finding::verdict(&groups) == Verdict::Problem { ERROR } else { DONE })
}

fn examine() -> Vec<Group> {
    let mounts = facts::text("/proc/self/mountinfo").unwrap_or_default();
    let base = std::env::var_os("WINSHM_DIR").filter(|path| !path.is_empty());
    let base = PathBuf::from(base.unwrap_or_else(|| "/dev/shm".into()));
    let user = nix::unistd::geteuid();
    let own = base.join(format!(".winshm-{user}"));
    let real = std::fs::canonicalize(&base).unwrap_or_else(|_| base.clone());
    let mount = mount::of(&real, &mounts);
    let room = facts::room(&base);

    let own_seen = facts::seen(&own);
    let own_finding = directories::own(&own, own_seen, user.as_raw());
    let own_exists = !matches!(own_seen, Seen::Nothing | Seen::Failed(_));
    let place = place(&base, mount.as_ref(), room, own_exists);
    let may_try = all_are_usable(&place);

    let global = base.join(".winshm-global");
    let mut names = vec![own_finding, directories::machine_wide(&global, facts::seen(&global))];
    if names[0].verdict < Verdict::Problem {
        names.push(directories::contents(contents()));
    }
    let kernel = kernel(if is_open(own_seen) { &own } else { &base }, may_try);
    // What the library needs to come so far was not there: then it is not asked. In a
    // sandbox that kills, this process would be next.
    if may_try && all_are_usable(&names) && all_are_usable(&kernel) {
        names.push(trial::look("use-of-local", "Local"));
        names.push(trial::look("use-of-global", "Global"));
    }
    vec![
        Group { title: "Shared memory", findings: place },
        Group { title: "Names", findings: names },
        Group { title: "Kernel", findings: kernel },
        Group { title: "Limits", findings: limits(room.map(|room| room.free)) },
        Group { title: "Surroundings", findings: surroundings(&mounts, mount.as_ref(), user.is_root()) },
    ]
}

/// Whether files can be made in a user's directory as it is; the library mends its mode.
fn is_open(own: Seen) -> bool {
    matches!(own, Seen::There(standing) if standing.is_directory && standing.mode & 0o700 == 0o700)
}

fn all_are_usable(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.verdict < Verdict::Problem)
}

fn place(base: &Path, mount: Option<&Mount>, room: Option<place::Room>, own_exists: bool) -> Vec<Finding> {
    let standing = facts::standing(base, true).map_err(|errno| errno.desc().to_string());
    let directory = place::base(base, standing, facts::may_write(base), own_exists);
    let is_there = directory.verdict < Verdict::Problem;
    let mut findings = vec![directory];
    if is_there {
        findings.push(place::file_system(base, mount));
        findings.extend(room.map(|room| place::room(base, room)));
        findings.extend(room.map(|room| place::inodes(base, room)));
        findings.extend(mount.map(|mount| place::execution(base, mount)));
        let nameless = facts::text("/sys/kernel/mm/transparent_hugepage/shmem_enabled");
        findings.extend(mount.map(|mount| place::huge_pages(base, mount, nameless.as_deref())));
    }
    findings
}

fn contents() -> directories::Contents {
    let catalog = winshm::catalog::read(Wanted { without_holders: true, ..Wanted::default() });
    let mut contents = directories::Contents::default();
    for object in &catalog.objects {
        match object.life {
            Life::Dead | Life::Unfinished => {
                contents.dead += 1;
                contents.dead_bytes += object.storage.unwrap_or(0);
            }
            _ => contents.alive += 1,
        }
        match object.trouble {
            Some(Trouble::OtherLayout(..)) => contents.other_version += 1,
            Some(Trouble::CutOff | Trouble::Damaged | Trouble::NotAFile(_)) => contents.damaged += 1,
            _ => {}
        }
    }
    contents
}

fn kernel(place: &Path, may_try: bool) -> Vec<Finding> {
    let Ok(name) = nix::sys::utsname::uname() else { return Vec::new() };
    let (release, machine) = (name.release().to_string_lossy(), name.machine().to_string_lossy());
    let mut findings = vec![kernel::release(&release, &machine)];
    findings.extend(kernel::look(may_try.then_some(place), &release));
    findings
}

fn limits(free: Option<u64>) -> Vec<Finding> {
    let kernel = |name: &str| facts::number(&format!("/proc/sys/kernel/{name}"));
    let memory = |name: &str| facts::number(&format!("/proc/sys/vm/{name}"));
    let large = "/sys/kernel/mm/hugepages/hugepages-2048kB/";
    let large = |name: &str| facts::number(&format!("{large}{name}")).unwrap_or(0);
    vec![
        limits::descriptors(facts::limit(libc::RLIMIT_NOFILE)),
        limits::address_space(facts::limit(libc::RLIMIT_AS)),
        limits::file_size(facts::limit(libc::RLIMIT_FSIZE)),
        limits::locked_memory(facts::limit(libc::RLIMIT_MEMLOCK)),
        limits::mappings(memory("max_map_count")),
        limits::memory_group(facts::memory_of_groups(), free),
        limits::overcommit(memory("overcommit_memory")),
        limits::large_pages(large("nr_hugepages").saturating_add(large("nr_overcommit_hugepages"))),
        limits::system_v(kernel("shmmax"), kernel("shmall"), kernel("shmmni")),
    ]
}

fn surroundings(mounts: &str, mount: Option<&Mount>, is_root: bool) -> Vec<Finding> {
    let status = facts::text("/proc/self/status").unwrap_or_default();
    let (pid, ipc) = (facts::link("/proc/self/ns/pid"), facts::link("/proc/self/ns/ipc"));
    let proc = mount::of(Path::new("/proc"), mounts);
    let user = nix::unistd::getuid();
    let name = nix::unistd::User::from_uid(user).ok().flatten().map(|user| user.name);
    let lingers = name.as_ref().is_some_and(|name| Path::new("/var/lib/systemd/linger").join(name).exists());
    let user = surroundings::User { name: name.as_deref(), id: user.as_raw(), lingers };
    let mut findings = vec![
        surroundings::sandbox(&status),
        surroundings::namespaces(pid.as_deref(), ipc.as_deref(), mount),
        surroundings::processes(proc.as_ref(), is_root),
        surroundings::login_manager(facts::login_manager().as_deref(), &user),
    ];
    findings.extend(environment::look(std::env::vars_os(), facts::may_append));
    findings
}
