//! Where named objects are: the file system and its room.

use super::finding::{Finding, bytes};
use super::mount::Mount;
use std::path::Path;
use winshm::catalog::Standing;

/// What is left of a file system.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub size: u64,
    pub free: u64,
    /// 0: without a limit.
    pub inodes: u64,
    pub free_inodes: u64,
}

const STICKY: u32 = 0o1000;
const OTHERS_WRITE: u32 = 0o002;

/// The directory that the others are in: there, and open to the user.
pub fn base(path: &Path, standing: Result<Standing, String>, may_write: bool, own_exists: bool) -> Finding {
    const NAME: &str = "directory";
    let shown = path.display();
    const NO_PATH: &str = "every call with a name fails with ERROR_PATH_NOT_FOUND (3)";
    if !path.is_absolute() {
        return Finding::problem(NAME, format!("\"{shown}\", which is no absolute path"))
            .follows(NO_PATH)
            .advice("set WINSHM_DIR to an absolute path, or unset it");
    }
    match standing {
        Err(error) => Finding::problem(NAME, format!("{shown}: {error}"))
            .follows(NO_PATH)
            .advice(format!("mount a tmpfs there: mount -t tmpfs -o mode=1777 tmpfs {shown}")),
        Ok(standing) if !standing.is_directory => Finding::problem(NAME, format!("{shown} is no directory"))
            .follows("every call with a name fails with ERROR_ACCESS_DENIED (5)")
            .advice("put a directory in its place, best a tmpfs, or set WINSHM_DIR to one"),
        Ok(standing) if !may_write && !own_exists => Finding::problem(
            NAME,
            format!("{shown}, mode {:04o}, which you cannot write to", standing.mode),
        )
        .follows(
            "your directory cannot be made there: every call with a name fails with ERROR_ACCESS_DENIED (5)",
        )
        .advice(format!("as root: chmod 1777 {shown}; or set WINSHM_DIR to a directory of your own")),
        Ok(standing) if standing.mode & OTHERS_WRITE != 0 && standing.mode & STICKY == 0 => Finding::warning(
            NAME,
            format!("{shown}, mode {:04o}, without the sticky bit", standing.mode),
        )
        .follows("every user can rename and remove the directories of the others, and with them their names")
        .advice(format!("as root: chmod +t {shown}")),
        Ok(standing) => Finding::ok(NAME, format!("{shown}, mode {:04o}", standing.mode)),
    }
}

/// The kind of file system.
pub fn file_system(path: &Path, mount: Option<&Mount>) -> Finding {
    const NAME: &str = "file-system";
    const SEVERAL_MACHINES: &[&str] = &["nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "afs", "fuse.sshfs"];
    let shown = path.display();
    let move_it = "mount a tmpfs there, or set WINSHM_DIR to a directory on one";
    let Some(mount) = mount else {
        return Finding::warning(NAME, "not known: /proc/self/mountinfo cannot be read")
            .follows("it was not checked whether objects are in memory")
            .advice("mount /proc");
    };
    let kind = mount.kind.as_str();
    if SEVERAL_MACHINES.contains(&kind) {
        return Finding::problem(NAME, format!("{shown} is on {kind}, a file system of several machines"))
            .follows("memory is not shared between machines, and locks may outlive their holders: names and contents go wrong")
            .advice(move_it);
    }
    if kind != "tmpfs" && kind != "ramfs" {
        return Finding::warning(NAME, format!("{shown} is on {kind}, which is no tmpfs"))
            .follows("objects are written to a disk: slower, and dead ones survive a restart of the machine")
            .advice(move_it);
    }
    if mount.has("ro") {
        return Finding::problem(NAME, format!("{kind}, mounted read-only"))
            .follows("no object can be made: ERROR_ACCESS_DENIED (5)")
            .advice(format!("as root: mount -o remount,rw {shown}"));
    }
    Finding::ok(NAME, kind)
}

/// The section sizes that get their memory when they are made.
const AT_ONCE: u64 = 16 << 20;

pub fn room(path: &Path, room: Room) -> Finding {
    const NAME: &str = "space";
    /// An object, the guard and a directory entry.
    const LEAST: u64 = 64 << 10;
    const OF_CONTAINERS: u64 = 64 << 20;
    let found = format!("{} free of {}", bytes(room.free), bytes(room.size));
    let enlarge = format!(
        "as root: mount -o remount,size=SIZE {}; of a container: --shm-size=SIZE; `winshm ls --all` tells who uses it",
        path.display()
    );
    if room.size == 0 {
        // A file system without a limit of its own.
        return Finding::ok(NAME, "limited by memory only");
    }
    if room.free < LEAST {
        return Finding::problem(NAME, found)
            .follows("no object can be made: ERROR_COMMITMENT_LIMIT (1455)")
            .advice(enlarge);
    }
    if room.free < AT_ONCE || room.size <= OF_CONTAINERS {
        return Finding::warning(NAME, found)
            .follows("a section that is larger than what is free fails with ERROR_COMMITMENT_LIMIT (1455)")
            .advice(enlarge);
    }
    Finding::ok(NAME, found)
}

pub fn inodes(path: &Path, room: Room) -> Finding {
    const NAME: &str = "inodes";
    const FEW: u64 = 1000;
    if room.inodes == 0 {
        return Finding::ok(NAME, "without a limit");
    }
    let found = format!("{} free of {}", room.free_inodes, room.inodes);
    let more = format!("as root: mount -o remount,nr_inodes=NUMBER {}", path.display());
    match room.free_inodes {
        0..3 => Finding::problem(NAME, found)
            .follows("no named object can be made: each one is a file")
            .advice(more),
        3..FEW => Finding::warning(NAME, found)
            .follows("no more named objects than that can be made: each one is a file")
            .advice(more),
        _ => Finding::ok(NAME, found),
    }
}

pub fn execution(path: &Path, mount: &Mount) -> Finding {
    const NAME: &str = "execution";
    if !mount.has("noexec") {
        return Finding::ok(NAME, "views of named sections may be executable");
    }
    Finding::warning(NAME, "mounted with noexec")
        .follows("executable views of named sections (FILE_MAP_EXECUTE) fail with ERROR_ACCESS_DENIED (5); those of sections without a name work")
        .advice(format!("where programs need them, as root: mount -o remount,exec {}", path.display()))
}

pub fn huge_pages(path: &Path, mount: &Mount, of_nameless: Option<&str>) -> Finding {
    const NAME: &str = "huge-pages";
    let named = mount.value("huge").unwrap_or("never");
    // `always within_size advise [never] deny force`
    let chosen = |text: &str| Some(text.split_once('[')?.1.split_once(']')?.0.to_string());
    let nameless = of_nameless.and_then(chosen).unwrap_or_else(|| "not offered".into());
    let found = format!("named sections: huge={named}; sections without a name: {nameless}");
    match named {
        "never" => Finding::ok(NAME, found)
            .follows("sections of more than 16 MiB get their memory in pages of 4 KiB")
            .advice(format!(
                "to have it in pieces of 2 MiB, as root: mount -o remount,huge=advise {}",
                path.display()
            )),
        _ => Finding::ok(NAME, found),
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Ok as Fine, Problem, Warning};
    use super::*;

    fn directory(mode: u32) -> Result<Standing, String> {
        Ok(Standing { is_directory: true, owner: 0, mode })
    }
    fn mount(kind: &str, options: &str) -> Mount {
        let options = options.split(',').map(str::to_string).collect();
        Mount { point: b"/dev/shm".to_vec(), kind: kind.into(), options }
    }
    fn shm() -> &'static Path {
        Path::new("/dev/shm")
    }

    #[test]
    fn the_directory_must_be_there_and_open() {
        assert_eq!(base(shm(), directory(0o1777), true, false).verdict, Fine);
        assert_eq!(base(Path::new("here"), directory(0o1777), true, false).verdict, Problem);
        assert_eq!(base(shm(), Err("No such file".into()), false, false).verdict, Problem);
        let file = Ok(Standing { is_directory: false, owner: 0, mode: 0o644 });
        assert_eq!(base(shm(), file, true, false).verdict, Problem);
        assert_eq!(base(shm(), directory(0o777), true, false).verdict, Warning);
        assert_eq!(base(shm(), directory(0o755), false, false).verdict, Problem);
        // Only a new directory needs the right to write.
        assert_eq!(base(shm(), directory(0o755), false, true).verdict, Fine);
    }

    #[test]
    fn objects_belong_into_memory() {
        assert_eq!(file_system(shm(), Some(&mount("tmpfs", "rw"))).verdict, Fine);
        assert_eq!(file_system(shm(), Some(&mount("tmpfs", "ro,size=1k"))).verdict, Problem);
        assert_eq!(file_system(shm(), Some(&mount("ext4", "rw"))).verdict, Warning);
        assert_eq!(file_system(shm(), Some(&mount("nfs4", "rw"))).verdict, Problem);
        assert_eq!(file_system(shm(), None).verdict, Warning);
        assert_eq!(execution(shm(), &mount("tmpfs", "rw,noexec")).verdict, Warning);
        assert_eq!(execution(shm(), &mount("tmpfs", "rw")).verdict, Fine);
    }

    #[test]
    fn little_room_is_a_warning_and_none_a_problem() {
        let of = |size, free| Room { size, free, inodes: 0, free_inodes: 0 };
        assert_eq!(room(shm(), of(8 << 30, 4 << 30)).verdict, Fine);
        assert_eq!(room(shm(), of(64 << 20, 64 << 20)).verdict, Warning);
        assert_eq!(room(shm(), of(8 << 30, 15 << 20)).verdict, Warning);
        assert_eq!(room(shm(), of(8 << 30, 0)).verdict, Problem);
        assert_eq!(room(shm(), of(0, 0)).verdict, Fine);
        let files = |inodes, free_inodes| inodes_of(inodes, free_inodes).verdict;
        assert_eq!((files(0, 0), files(100_000, 99_999)), (Fine, Fine));
        assert_eq!((files(2000, 999), files(2000, 2)), (Warning, Problem));
    }

    fn inodes_of(inodes_: u64, free_inodes: u64) -> Finding {
        inodes(shm(), Room { size: 1, free: 1, inodes: inodes_, free_inodes })
    }

    #[test]
    fn huge_pages_are_said_for_both_kinds_of_sections() {
        let found = huge_pages(shm(), &mount("tmpfs", "rw,huge=advise"), Some("always [advise] never"));
        assert_eq!(found.found, "named sections: huge=advise; sections without a name: advise");
        let none = huge_pages(shm(), &mount("tmpfs", "rw"), None);
        assert!(none.found.ends_with("not offered") && !none.advice.is_empty());
    }
}
