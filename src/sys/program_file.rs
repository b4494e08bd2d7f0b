//! Files of the program: found by path, followed through links, read and written at
//! the position that the description keeps. `file` has those of the library.

use super::file::{FileStatus, raw};
use super::{quiet, retry};
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, OFlag, PosixFadviseAdvice};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::{Mode, SFlag};
use nix::unistd::Whence;
use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStringExt;

/// What a description may do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Access {
    /// Only be asked about.
    Nothing,
    Read,
    Write,
    Both,
}

/// How to open.
#[derive(Clone, Copy, Debug)]
pub struct Opening {
    pub access: Access,
    /// Makes a file that is not there, with these permission bits less the umask.
    pub create: Option<u32>,
    /// With `create`: fails with EEXIST if it is there.
    pub exclusively: bool,
    /// Fails with ELOOP if the path's last part is a symbolic link.
    pub no_follow: bool,
    /// A write returns when the data is on the disk.
    pub through: bool,
}

/// Opens a file of any kind, without waiting for the other end of a FIFO. Never under
/// the number of a standard stream, which the program might take it for.
pub fn open(path: &CStr, how: &Opening) -> Result<OwnedFd, Error> {
    let mut flags = OFlag::O_CLOEXEC | OFlag::O_NOCTTY | OFlag::O_NONBLOCK;
    flags |= match how.access {
        Access::Nothing => OFlag::O_PATH,
        Access::Read => OFlag::O_RDONLY,
        Access::Write => OFlag::O_WRONLY,
        Access::Both => OFlag::O_RDWR,
    };
    let choices = [
        (how.create.is_some(), OFlag::O_CREAT),
        (how.exclusively, OFlag::O_EXCL),
        (how.no_follow, OFlag::O_NOFOLLOW),
        (how.through, OFlag::O_DSYNC),
    ];
    choices.into_iter().filter(|(chosen, _)| *chosen).for_each(|(_, flag)| flags |= flag);
    let mode = Mode::from_bits_truncate(how.create.unwrap_or(0));
    above_standard_streams(retry("open: program open", || nix::fcntl::open(path, flags, mode))?)
}

fn above_standard_streams(file: OwnedFd) -> Result<OwnedFd, Error> {
    const FIRST: RawFd = libc::STDERR_FILENO + 1;
    if file.as_raw_fd() >= FIRST {
        return Ok(file);
    }
    let duplicate = || nix::fcntl::fcntl(&file, nix::fcntl::FcntlArg::F_DUPFD_CLOEXEC(FIRST));
    let number = call("F_DUPFD: program open", duplicate)?;
    // SAFETY: a new descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Only opening was not to wait. Transfers of regular files wait in any case.
pub fn wait_in_transfers(file: BorrowedFd) {
    use nix::fcntl::FcntlArg::{F_GETFL, F_SETFL};
    if let Ok(flags) = call("F_GETFL: wait_in_transfers", || nix::fcntl::fcntl(file, F_GETFL)) {
        let waiting = OFlag::from_bits_retain(flags) & !OFlag::O_NONBLOCK;
        // Cannot fail for a flag that every file has.
        let _ = call("F_SETFL: wait_in_transfers", || nix::fcntl::fcntl(file, F_SETFL(waiting)));
    }
}

/// Another description of the same file, for reading and perhaps writing. The mode of
/// the file may forbid it to a user who has one.
pub fn reopen(file: BorrowedFd, access: Access) -> Result<OwnedFd, Error> {
    let how = Opening { access, create: None, exclusively: false, no_follow: false, through: false };
    let path = CString::new(link_of(file)).map_err(|_| Error::Internal)?;
    open(&path, &how)
}

fn link_of(file: BorrowedFd) -> String {
    format!("/proc/self/fd/{}", file.as_raw_fd())
}

/// The absolute path that the file has now; of one that was deleted, something else.
pub fn path(file: BorrowedFd) -> Result<CString, Error> {
    let path = retry("readlink: program path", || nix::fcntl::readlink(link_of(file).as_str()))?;
    CString::new(path.into_vec()).map_err(|_| Error::Internal)
}

/// Which kinds of file the callers tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FileKind {
    /// With bytes at positions.
    Regular,
    Directory,
    /// A terminal, `/dev/null` and the like.
    Character,
    /// A pipe, FIFO or socket.
    Stream,
    /// A symbolic link itself.
    Link,
    Other,
}

impl FileKind {
    pub fn of(status: &FileStatus) -> FileKind {
        FileKind::of_mode(status.kind_bits())
    }

    fn of_mode(mode: u32) -> FileKind {
        match SFlag::from_bits_truncate(mode & SFlag::S_IFMT.bits()) {
            SFlag::S_IFREG => FileKind::Regular,
            SFlag::S_IFDIR => FileKind::Directory,
            SFlag::S_IFCHR => FileKind::Character,
            SFlag::S_IFIFO | SFlag::S_IFSOCK => FileKind::Stream,
            SFlag::S_IFLNK => FileKind::Link,
            _ => FileKind::Other,
        }
    }
}

/// What a descriptor that the program gave us may do.
pub fn access_of(number: RawFd) -> Result<Access, Error> {
    // SAFETY: used for this one call, which checks the number.
    let file = unsafe { BorrowedFd::borrow_raw(number) };
    let flags = call("F_GETFL: access_of", || nix::fcntl::fcntl(file, nix::fcntl::FcntlArg::F_GETFL))?;
    Ok(match flags & libc::O_ACCMODE {
        _ if flags & libc::O_PATH != 0 => Access::Nothing,
        libc::O_RDONLY => Access::Read,
        libc::O_WRONLY => Access::Write,
        _ => Access::Both,
    })
}

/// Whether the process may make and remove names in the folder of a path.
pub fn may_change_names(folder: &CStr) -> bool {
    let access = nix::unistd::AccessFlags::W_OK | nix::unistd::AccessFlags::X_OK;
    let ask = || nix::unistd::faccessat(nix::fcntl::AT_FDCWD, folder, access, AtFlags::AT_EACCESS);
    call("faccessat: may_change_names", ask).is_ok()
}

/// Whether a path leads to a folder.
pub fn is_folder(path: &CStr) -> bool {
    call("stat: is_folder", || nix::sys::stat::stat(path))
        .is_ok_and(|stat| FileKind::of_mode(stat.st_mode) == FileKind::Directory)
}

/// Removes a name, and with the last one the file; a symbolic link itself.
pub fn remove(path: &CStr, is_folder: bool) -> Result<(), Error> {
    remove_at(nix::fcntl::AT_FDCWD, path, is_folder)
}

/// `remove`, of a name in a folder.
pub fn remove_at(folder: BorrowedFd, name: &CStr, is_folder: bool) -> Result<(), Error> {
    use nix::unistd::UnlinkatFlags::{NoRemoveDir, RemoveDir};
    let flag = if is_folder { RemoveDir } else { NoRemoveDir };
    retry("unlinkat: program remove_at", || nix::unistd::unlinkat(folder, name, flag))
}

/// Where a transfer begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// At the position, which moves on.
    Position,
    /// The position stays.
    Offset(i64),
    /// Writes only: at the end, and the position follows.
    End,
}

/// Whether a read would find something, or the end.
pub fn has_bytes(file: BorrowedFd) -> bool {
    is_ready(file, PollFlags::POLLIN)
}

/// Whether a write would find room.
pub fn has_room(file: BorrowedFd) -> bool {
    is_ready(file, PollFlags::POLLOUT)
}

fn is_ready(file: BorrowedFd, event: PollFlags) -> bool {
    let asked = &mut [PollFd::new(file, event)];
    !matches!(call("poll: program file", || poll(asked, PollTimeout::ZERO)), Ok(0))
}

/// Reads once, into memory of the program, which the kernel checks. 0: the end.
pub fn read(file: BorrowedFd, memory: *mut u8, length: usize, place: Place) -> Result<usize, Error> {
    transfer("read: program file", || match place {
        // SAFETY: the kernel writes to memory that the caller was given for this, or
        // fails with EFAULT.
        Place::Offset(offset) => unsafe { libc::pread(raw(file), memory.cast(), length, offset) },
        // SAFETY: as above.
        _ => unsafe { libc::read(raw(file), memory.cast(), length) },
    })
}

/// Writes once, from memory of the program, which the kernel checks. A size above
/// the process's limit is an error and not a signal.
pub fn write(file: BorrowedFd, memory: *const u8, length: usize, place: Place) -> Result<usize, Error> {
    let vector = libc::iovec { iov_base: memory.cast_mut().cast(), iov_len: length };
    let once = || match place {
        // SAFETY: the kernel reads memory that the caller was given for this, or fails
        // with EFAULT.
        Place::Offset(offset) => unsafe { libc::pwrite(raw(file), memory.cast(), length, offset) },
        // SAFETY: as above; the vector lives across the call.
        Place::End => unsafe { libc::pwritev2(raw(file), &vector, 1, -1, libc::RWF_APPEND) },
        // SAFETY: as above.
        Place::Position => unsafe { libc::write(raw(file), memory.cast(), length) },
    };
    quiet::grow(|| transfer("write: program file", once))
}

#[inline(always)]
fn transfer(name: &'static str, mut once: impl FnMut() -> isize) -> Result<usize, Error> {
    loop {
        let count = call(name, &mut once);
        if count >= 0 {
            return Ok(count as usize);
        }
        match Errno::last() {
            Errno::EINTR => {}
            errno => return Err(errno.into()),
        }
    }
}

/// From where a position counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin {
    Start,
    Current,
    End,
}

/// Moves the position; returns the new one. EINVAL: it would be negative.
pub fn seek(file: BorrowedFd, distance: i64, origin: Origin) -> Result<u64, Error> {
    let whence = match origin {
        Origin::Start => Whence::SeekSet,
        Origin::Current => Whence::SeekCur,
        Origin::End => Whence::SeekEnd,
    };
    let position = call("lseek: seek", || nix::unistd::lseek(file, distance, whence))?;
    u64::try_from(position).map_err(|_| Error::Internal)
}

/// Waits until everything written is on the disk.
pub fn flush(file: BorrowedFd) -> Result<(), Error> {
    retry("fsync: program flush", || nix::unistd::fsync(file))
}

/// In which order a file will be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    Any,
    Sequential,
    Random,
}

/// A hint; nothing depends on it.
pub fn advise(file: BorrowedFd, order: Order) {
    let advice = match order {
        Order::Any => return,
        Order::Sequential => PosixFadviseAdvice::POSIX_FADV_SEQUENTIAL,
        Order::Random => PosixFadviseAdvice::POSIX_FADV_RANDOM,
    };
    let _ = call("fadvise: advise", || nix::fcntl::posix_fadvise(file, 0, 0, advice));
}
