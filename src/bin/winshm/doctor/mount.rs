//! Which file system a path is on, and how it is mounted.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A line of /proc/self/mountinfo.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Mount {
    pub point: Vec<u8>,
    /// The type of the file system.
    pub kind: String,
    /// Those of this mount and of its file system, in this order.
    pub options: Vec<String>,
}

impl Mount {
    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|one| one == option)
    }

    /// The value of `option=value`.
    pub fn value(&self, option: &str) -> Option<&str> {
        self.options.iter().find_map(|one| one.strip_prefix(option)?.strip_prefix('='))
    }
}

/// The mount that an absolute path without links is on.
pub fn of(path: &Path, mountinfo: &str) -> Option<Mount> {
    let path = path.as_os_str().as_bytes();
    let holds = |mount: &Mount| {
        let rest = path.strip_prefix(mount.point.as_slice());
        mount.point == b"/" || rest.is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
    };
    let mounts = mountinfo.lines().filter_map(parse).filter(holds);
    // The last one of those that are mounted over each other.
    mounts.fold(None, |best: Option<Mount>, mount| match best {
        Some(best) if best.point.len() > mount.point.len() => Some(best),
        _ => Some(mount),
    })
}

fn parse(line: &str) -> Option<Mount> {
    let (here, system) = line.split_once(" - ")?;
    let mut here = here.split(' ').skip(4);
    let (point, own) = (here.next()?, here.next()?);
    let mut system = system.split(' ');
    let kind = system.next()?.to_string();
    let whole = system.nth(1).unwrap_or("");
    let options = own.split(',').chain(whole.split(',')).map(str::to_string).collect();
    Some(Mount { point: unescape(point), kind, options })
}

/// Blanks and their like are written `\040`.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes().collect::<Vec<_>>();
    let mut at = 0;
    while at + 3 < bytes.len() {
        let digits = std::str::from_utf8(&bytes[at + 1..at + 4]).unwrap_or("");
        if let (b'\\', Ok(byte)) = (bytes[at], u8::from_str_radix(digits, 8)) {
            bytes.splice(at..at + 4, [byte]);
        }
        at += 1;
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "\
22 1 0:20 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/a
30 22 0:25 / /dev rw,nosuid shared:2 - devtmpfs udev rw,size=1k
31 30 0:26 / /dev/shm rw,nosuid,nodev shared:4 - tmpfs tmpfs rw,size=65536k,huge=advise
32 30 0:27 / /dev/shm rw,noexec - tmpfs shm rw,size=8k
33 22 0:28 / /mnt/a\\040b ro - ext4 /dev/sda1 rw
not a line at all";

    #[test]
    fn the_mount_on_top_is_the_one() {
        let found = of(Path::new("/dev/shm/.winshm-0"), TABLE).unwrap();
        assert!(found.has("noexec") && found.value("size") == Some("8k"));
        assert_eq!(found.value("huge"), None);
    }

    #[test]
    fn a_longer_name_is_another_directory() {
        assert_eq!(of(Path::new("/dev/shmooze"), TABLE).unwrap().kind, "devtmpfs");
        assert_eq!(of(Path::new("/tmp"), TABLE).unwrap().kind, "overlay");
        assert!(of(Path::new("/mnt/a b/c"), TABLE).unwrap().has("ro"));
        assert_eq!(of(Path::new("/tmp"), ""), None);
    }
}
