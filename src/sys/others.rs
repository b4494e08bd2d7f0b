//! What /proc tells of all processes: which files they have open or mapped, which locks
//! there are. A process may end at any moment, and another user's tells nothing: both are
//! answers and no failures.

use super::file::FileId;
use crate::error::Error;
use crate::plant::call;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::MetadataExt;

/// Why a process tells nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silence {
    /// It is another user's, or keeps itself to itself.
    Hidden,
    /// It has ended.
    Gone,
}

fn silence(error: &std::io::Error) -> Silence {
    match error.raw_os_error() {
        Some(libc::EACCES | libc::EPERM) => Silence::Hidden,
        _ => Silence::Gone,
    }
}

/// The ids of the processes that this one is shown.
pub fn ids() -> Result<Vec<u32>, Error> {
    let os = |error: std::io::Error| Error::Os(error.raw_os_error().unwrap_or(libc::EIO));
    let entries = call("open: all processes", || std::fs::read_dir("/proc")).map_err(os)?;
    Ok(entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect())
}

/// Calls `visit` with the number of each open descriptor and what it is a link to. The
/// files themselves are not touched: one may be on a server that does not answer.
pub fn descriptors(process: u32, mut visit: impl FnMut(u32, &[u8])) -> Result<(), Silence> {
    let folder = format!("/proc/{process}/fd");
    let entries =
        call("open: descriptors", || std::fs::read_dir(&folder)).map_err(|error| silence(&error))?;
    for entry in entries.flatten() {
        let Some(number) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        if let Ok(link) = call("readlink: descriptor", || std::fs::read_link(entry.path())) {
            visit(number, &OsString::from(link).into_vec());
        }
    }
    Ok(())
}

/// The file that a descriptor of a process means.
pub fn file_of(process: u32, number: u32) -> Option<FileId> {
    let path = format!("/proc/{process}/fd/{number}");
    let status = call("stat: descriptor", || std::fs::metadata(path)).ok()?;
    Some(FileId::new(status.dev(), status.ino()))
}

/// Whether the description of a descriptor has a shared lock of `lock`.
pub fn has_shared_lock(process: u32, number: u32) -> bool {
    let path = format!("/proc/{process}/fdinfo/{number}");
    let about = call("open: descriptor", || std::fs::read_to_string(path)).unwrap_or_default();
    about
        .lines()
        .filter_map(|line| line.strip_prefix("lock:"))
        .filter_map(Lock::parse)
        .any(|lock| lock.is_shared)
}

/// A lock of `lock`, as /proc writes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lock {
    pub file: FileId,
    pub is_shared: bool,
    /// The byte that is locked, or the first one.
    pub byte: u8,
}

impl Lock {
    /// `1: OFDLCK ADVISORY  READ -1 00:19:4711 4611686018427387905 4611686018427387905`
    fn parse(line: &str) -> Option<Lock> {
        let mut words = line.split_ascii_whitespace();
        let (_, is_ours) = (words.next()?, words.next()? == "OFDLCK");
        let is_shared = words.nth(1)? == "READ";
        let mut file = words.nth(1)?.split(':');
        let mut number = |radix| u64::from_str_radix(file.next()?, radix).ok();
        let (major, minor, inode) = (number(16)?, number(16)?, number(10)?);
        let byte = super::lock::byte_at(words.next()?.parse().ok()?)?;
        let device = libc::makedev(u32::try_from(major).ok()?, u32::try_from(minor).ok()?);
        is_ours.then_some(Lock { file: FileId::new(device, inode), is_shared, byte })
    }
}

/// The locks of `lock` that there are, on files of all users. Where the kernel does not
/// tell, there are none.
pub fn locks() -> Vec<Lock> {
    let text = call("open: locks", || std::fs::read_to_string("/proc/locks")).unwrap_or_default();
    // Who waits for a lock is in it too, with an arrow.
    text.lines().filter(|line| !line.contains("->")).filter_map(Lock::parse).collect()
}

/// The mappings of a process, one a line.
pub fn mappings(process: u32) -> Result<Vec<u8>, Silence> {
    let path = format!("/proc/{process}/maps");
    call("open: mappings", || std::fs::read(path)).map_err(|error| silence(&error))
}

/// What a line of `mappings` maps: the file, and the path in which the kernel had it.
pub fn mapped_file(line: &[u8]) -> Option<(FileId, &[u8])> {
    // start-end flags offset device inode path
    let mut words = line.splitn(6, |byte| *byte == b' ');
    let device = std::str::from_utf8(words.nth(3)?).ok()?;
    let (major, minor) = device.split_once(':')?;
    let hexadecimal = |text| u32::from_str_radix(text, 16).ok();
    let inode = std::str::from_utf8(words.next()?).ok()?.parse().ok().filter(|inode| *inode != 0)?;
    let file = FileId::new(libc::makedev(hexadecimal(major)?, hexadecimal(minor)?), inode);
    Some((file, words.next().unwrap_or_default().trim_ascii_start()))
}

/// The name of a process's program: its file's, or what the kernel calls it.
pub fn program(process: u32) -> Option<Vec<u8>> {
    let path = format!("/proc/{process}/exe");
    let file = call("readlink: program", || std::fs::read_link(path));
    let file = file.ok().and_then(|path| Some(path.file_name()?.to_owned().into_vec()));
    file.or_else(|| {
        let path = format!("/proc/{process}/comm");
        let mut name = call("open: comm", || std::fs::read(path)).ok()?;
        name.truncate(name.trim_ascii_end().len());
        Some(name)
    })
}

/// The arguments that a process was started with.
pub fn arguments(process: u32) -> Option<Vec<Vec<u8>>> {
    let path = format!("/proc/{process}/cmdline");
    let mut line = call("open: cmdline", || std::fs::read(path)).ok()?;
    // Each ends with a NUL.
    line.pop();
    Some(line.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect())
}

/// The effective user of a process.
pub fn user(process: u32) -> Option<u32> {
    let path = format!("/proc/{process}");
    call("stat: process", || std::fs::metadata(path)).ok().map(|status| status.uid())
}

/// The process of a thread.
pub fn process_of(thread: u32) -> Option<u32> {
    let path = format!("/proc/{thread}/status");
    let status = call("open: status", || std::fs::read_to_string(path)).ok()?;
    status.lines().find_map(|line| line.strip_prefix("Tgid:"))?.trim().parse().ok()
}

/// The IPC namespace of a process, as `process::ipc_namespace`; 0: not known.
pub fn ipc_namespace(process: u32) -> u64 {
    let path = format!("/proc/{process}/ns/ipc");
    call("stat: ipc_namespace of another", || std::fs::metadata(path)).map_or(0, |status| status.ino())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_lock_is_read() {
        let line = "1: OFDLCK ADVISORY  READ -1 00:19:4711 4611686018427387908 4611686018427387908";
        let file = FileId::new(libc::makedev(0, 0x19), 4711);
        assert_eq!(Lock::parse(line), Some(Lock { file, is_shared: true, byte: 4 }));
        let removing = "2: OFDLCK ADVISORY  WRITE -1 00:19:4711 4611686018427387904 4611686018427387967";
        assert_eq!(Lock::parse(removing), Some(Lock { file, is_shared: false, byte: 0 }));
        for other in [
            "3: POSIX  ADVISORY  READ 77 00:19:4711 4611686018427387908 4611686018427387908",
            "4: FLOCK  ADVISORY  WRITE 77 00:19:4711 0 EOF",
            "5: OFDLCK ADVISORY  READ -1 00:19:4711 0 EOF",
            "6: OFDLCK ADVISORY  WRITE -1 00:19:4711 4611686022722355207 4611686022722355207",
            "",
        ] {
            assert_eq!(Lock::parse(other), None, "{other}");
        }
    }

    #[test]
    fn a_mapping_tells_its_file_and_path() {
        let line = b"7f00-8000 rw-s 00001000 00:19 42                     /dev/shm/a  b (deleted)";
        let (file, path) = mapped_file(line).unwrap();
        assert_eq!((file, path), (FileId::new(libc::makedev(0, 0x19), 42), &b"/dev/shm/a  b (deleted)"[..]));
        assert_eq!(mapped_file(b"7f00-8000 rw-p 00000000 00:00 0 "), None);
        assert_eq!(mapped_file(b"garbage"), None);
    }

    #[test]
    fn this_process_tells_about_itself() {
        let own = std::process::id();
        assert!(ids().unwrap().contains(&own));
        let mut links = 0;
        descriptors(own, |_, _| links += 1).unwrap();
        assert!(links > 0);
        assert!(mappings(own).unwrap().split(|byte| *byte == b'\n').any(|line| mapped_file(line).is_some()));
        assert_eq!(process_of(own), Some(own));
        assert_eq!(ipc_namespace(own), super::super::process::ipc_namespace());
        assert_eq!(user(own), Some(super::super::process::effective_user()));
        assert!(arguments(own).is_some_and(|arguments| !arguments[0].is_empty()) && program(own).is_some());
        let nobody = 1 << 30;
        assert_eq!(mappings(nobody), Err(Silence::Gone));
        assert_eq!(descriptors(nobody, |_, _| panic!("nobody has files")), Err(Silence::Gone));
    }
}
