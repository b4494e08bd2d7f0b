//! Asking the system, without a judgement.

use super::directories::Seen;
use super::limits::{Limit, UNLIMITED};
use super::place::Room;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag};
use nix::sys::stat::{Mode, fstatat};
use nix::unistd::{AccessFlags, faccessat};
use std::path::{Path, PathBuf};
use winshm::catalog::Standing;

/// The text of a small file; None: there is none, or it cannot be read.
pub fn text(path: impl AsRef<Path>) -> Option<String> {
    std::fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

pub fn number(path: &str) -> Option<u64> {
    text(path)?.trim().parse().ok()
}

/// The target of a link, as a text.
pub fn link(path: &str) -> Option<String> {
    std::fs::read_link(path).ok().map(|target| target.to_string_lossy().into_owned())
}

/// What stands at a path; a link itself where `follow` is not said.
pub fn standing(path: &Path, follow: bool) -> Result<Standing, Errno> {
    let flags = if follow { AtFlags::empty() } else { AtFlags::AT_SYMLINK_NOFOLLOW };
    let status = fstatat(nix::fcntl::AT_FDCWD, path, flags)?;
    let is_directory = status.st_mode & libc::S_IFMT == libc::S_IFDIR;
    Ok(Standing { is_directory, owner: status.st_uid, mode: status.st_mode & 0o7777 })
}

/// As the library looks at a directory: never through a link.
pub fn seen(path: &Path) -> Seen {
    let standing = match standing(path, false) {
        Ok(standing) => standing,
        Err(Errno::ENOENT) => return Seen::Nothing,
        Err(errno) => return Seen::Failed(errno),
    };
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    match nix::fcntl::open(path, flags, Mode::empty()) {
        Err(Errno::EACCES) => Seen::Closed(standing),
        _ => Seen::There(standing),
    }
}

/// Whether files can be made in a directory, as its rights say.
pub fn may_write(path: &Path) -> bool {
    let rights = AccessFlags::W_OK | AccessFlags::X_OK;
    let may = faccessat(nix::fcntl::AT_FDCWD, path, rights, AtFlags::AT_EACCESS);
    // That the file system is mounted read-only is another matter.
    matches!(may, Ok(()) | Err(Errno::EROFS))
}

/// Whether lines can be added to a file; it is not made for that.
pub fn may_append(path: &Path) -> bool {
    match std::fs::OpenOptions::new().append(true).open(path) {
        Ok(_) => true,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => path.parent().is_some_and(may_write),
        Err(_) => false,
    }
}

pub fn room(path: &Path) -> Option<Room> {
    let status = nix::sys::statvfs::statvfs(path).ok()?;
    let block = status.fragment_size();
    Some(Room {
        size: status.blocks().saturating_mul(block),
        free: status.blocks_available().saturating_mul(block),
        inodes: status.files(),
        free_inodes: status.files_available(),
    })
}

/// A limit of this process.
pub fn limit(resource: libc::__rlimit_resource_t) -> Limit {
    let mut limit = libc::rlimit { rlim_cur: UNLIMITED, rlim_max: UNLIMITED };
    // SAFETY: the structure is writable. Where the call is forbidden it stays as it is.
    unsafe { libc::getrlimit(resource, &raw mut limit) };
    (limit.rlim_cur, limit.rlim_max)
}

/// The smallest limit of memory of the groups that this process is in.
pub fn memory_of_groups() -> Option<u64> {
    let groups = text("/proc/self/cgroup")?;
    let lines = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        match controllers {
            "" => Some(("/sys/fs/cgroup", "memory.max", path)),
            _ if controllers.split(',').any(|one| one == "memory") => {
                Some(("/sys/fs/cgroup/memory", "memory.limit_in_bytes", path))
            }
            _ => None,
        }
    });
    /// The first version's "no limit" is somewhat less than all bits.
    const NO_LIMIT: u64 = 1 << 60;
    lines
        .flat_map(|(root, file, path)| {
            let all = Path::new(path.trim_start_matches('/')).ancestors().map(PathBuf::from);
            all.map(|part| Path::new(root).join(part).join(file)).collect::<Vec<_>>()
        })
        .filter_map(|file| text(file)?.trim().parse().ok())
        .filter(|limit| *limit < NO_LIMIT)
        .min()
}

/// The configuration of systemd-logind, in the order in which it counts; None: it does
/// not run here.
pub fn login_manager() -> Option<Vec<String>> {
    if !Path::new("/run/systemd/seats").is_dir() {
        return None;
    }
    const PLACES: [&str; 4] = ["/usr/lib/systemd", "/usr/local/lib/systemd", "/run/systemd", "/etc/systemd"];
    let main = PLACES.iter().rev().find_map(|place| text(format!("{place}/logind.conf")));
    // A file of one place replaces those of the same name before it; then all are read
    // in the order of their names.
    let mut pieces = std::collections::BTreeMap::new();
    for place in PLACES {
        let folder = format!("{place}/logind.conf.d");
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|extension| extension == "conf") {
                pieces.insert(entry.file_name(), text(entry.path()).unwrap_or_default());
            }
        }
    }
    Some(main.into_iter().chain(pieces.into_values()).collect())
}
