//! Files and directories.

use super::{quiet, retry};
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use nix::fcntl::{AtFlags, FallocateFlags, OFlag};
use nix::sys::memfd::MFdFlags;
use nix::sys::stat::{FileStat, Mode, SFlag};
use std::ffi::{CStr, CString};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// What makes a file this file: a path can be re-bound, this pair cannot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    pub fn new(device: u64, inode: u64) -> FileId {
        FileId { device, inode }
    }

    pub fn device(self) -> u64 {
        self.device
    }

    pub fn inode(self) -> u64 {
        self.inode
    }

    /// Unlike other files of this file system, now and for a long time.
    #[cfg(test)]
    pub fn number(self) -> u64 {
        self.inode
    }
}

/// What `fstat` tells and the callers ask for.
#[derive(Clone, Copy, Debug)]
pub struct FileStatus {
    pub id: FileId,
    pub links: u64,
    pub size: u64,
    pub mode: u32,
    pub owner: u32,
    pub group: u32,
    /// Seconds since 1970.
    pub change_time: i64,
    /// Bytes of storage that it has.
    #[cfg(feature = "tool")]
    pub storage: u64,
    kind: SFlag,
}

impl FileStatus {
    fn new(stat: &FileStat) -> FileStatus {
        let kind = SFlag::from_bits_truncate(stat.st_mode & SFlag::S_IFMT.bits());
        FileStatus {
            id: FileId { device: stat.st_dev, inode: stat.st_ino },
            links: stat.st_nlink,
            size: u64::try_from(stat.st_size).unwrap_or(0),
            mode: stat.st_mode & 0o7777,
            owner: stat.st_uid,
            group: stat.st_gid,
            change_time: stat.st_ctime,
            #[cfg(feature = "tool")]
            storage: u64::try_from(stat.st_blocks).unwrap_or(0).saturating_mul(512),
            kind,
        }
    }

    pub fn is_file(&self) -> bool {
        self.kind == SFlag::S_IFREG
    }

    pub fn is_directory(&self) -> bool {
        self.kind == SFlag::S_IFDIR
    }

    /// The kind of file, as the bits of a mode.
    pub fn kind_bits(&self) -> u32 {
        self.kind.bits()
    }
}

/// In place of a directory, with absolute paths.
pub const NO_DIRECTORY: BorrowedFd<'static> = nix::fcntl::AT_FDCWD;

/// Opens a directory itself, never what a symbolic link names.
pub fn open_directory(path: &CStr) -> Result<OwnedFd, Error> {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    retry("open: open_directory", || nix::fcntl::open(path, flags, Mode::empty()))
}

/// Finds a directory itself, never what a symbolic link names, to ask about it and set its
/// mode. Its present mode does not matter.
pub fn find_directory(path: &CStr) -> Result<OwnedFd, Error> {
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    retry("open: find_directory", || nix::fcntl::open(path, flags, Mode::empty()))
}

/// Sets the mode of what was found and not opened.
pub fn set_mode_of_found(file: BorrowedFd, mode: u32) -> Result<(), Error> {
    let (path, mode) = (format!("/proc/self/fd/{}", file.as_raw_fd()), Mode::from_bits_truncate(mode));
    let follow = nix::sys::stat::FchmodatFlags::FollowSymlink;
    retry("fchmodat: set_mode_of_found", || {
        nix::sys::stat::fchmodat(NO_DIRECTORY, path.as_str(), mode, follow)
    })
}

pub fn make_directory(path: &CStr, mode: u32) -> Result<(), Error> {
    retry("mkdir: make_directory", || nix::unistd::mkdir(path, Mode::from_bits_truncate(mode)))
}

/// The same description under a high number, if there is one to be had; else at least
/// not under that of a standard stream, which the program may have closed to open it anew.
pub fn move_up(file: OwnedFd) -> OwnedFd {
    const HIGH: RawFd = 700;
    const FIRST_OF_NO_STREAM: RawFd = 3;
    let above = |least| {
        call("F_DUPFD: move_up", || nix::fcntl::fcntl(&file, nix::fcntl::FcntlArg::F_DUPFD_CLOEXEC(least)))
    };
    let moved = above(HIGH).or_else(|none| match file.as_raw_fd() < FIRST_OF_NO_STREAM {
        true => above(FIRST_OF_NO_STREAM),
        false => Err(none),
    });
    match moved {
        // SAFETY: a new descriptor that nobody else owns.
        Ok(number) => unsafe { OwnedFd::from_raw_fd(number) },
        Err(_) => file,
    }
}

/// Opens an existing file for reading and writing. Does not follow a symbolic
/// link and does not wait for the other end of a FIFO.
pub fn open(directory: BorrowedFd, name: &CStr) -> Result<OwnedFd, Error> {
    open_for(directory, name, OFlag::O_RDWR)
}

/// `open` for reading only.
pub fn open_read_only(directory: BorrowedFd, name: &CStr) -> Result<OwnedFd, Error> {
    open_for(directory, name, OFlag::O_RDONLY)
}

/// `open`, for reading only where the user may do no more; and whether he may.
pub fn open_as_permitted(directory: BorrowedFd, name: &CStr) -> Result<(OwnedFd, bool), Error> {
    as_permitted(|access| open_for(directory, name, access))
}

fn as_permitted(open: impl Fn(OFlag) -> Result<OwnedFd, Error>) -> Result<(OwnedFd, bool), Error> {
    match open(OFlag::O_RDWR) {
        Err(denied @ Error::Os(libc::EACCES)) => {
            open(OFlag::O_RDONLY).map(|file| (file, false)).map_err(|_| denied)
        }
        result => result.map(|file| (file, true)),
    }
}

fn open_for(directory: BorrowedFd, name: &CStr, access: OFlag) -> Result<OwnedFd, Error> {
    let flags = access | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
    retry("openat: open_for", || nix::fcntl::openat(directory, name, flags, Mode::empty()))
}

/// Opens a file, making an empty one where there is none.
pub fn open_or_create(directory: BorrowedFd, name: &CStr, mode: u32) -> Result<OwnedFd, Error> {
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
    retry("openat: open_or_create", || {
        nix::fcntl::openat(directory, name, flags, Mode::from_bits_truncate(mode))
    })
}

/// Opens the file of a descriptor anew, also one without a name.
pub fn reopen(file: BorrowedFd) -> Result<OwnedFd, Error> {
    reopen_for(file, OFlag::O_RDWR)
}

/// `reopen`, for reading only where the user may do no more; and whether he may.
pub fn reopen_as_permitted(file: BorrowedFd) -> Result<(OwnedFd, bool), Error> {
    as_permitted(|access| reopen_for(file, access))
}

fn reopen_for(file: BorrowedFd, access: OFlag) -> Result<OwnedFd, Error> {
    let path = format!("/proc/self/fd/{}\0", file.as_raw_fd());
    let path = CStr::from_bytes_with_nul(path.as_bytes()).map_err(|_| Error::Internal)?;
    retry("open: reopen", || nix::fcntl::open(path, access | OFlag::O_CLOEXEC, Mode::empty()))
}

/// Creates a file; `EEXIST` when the name is taken.
pub fn create_exclusively(directory: BorrowedFd, name: &CStr, mode: u32) -> Result<OwnedFd, Error> {
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    retry("openat: create_exclusively", || {
        nix::fcntl::openat(directory, name, flags, Mode::from_bits_truncate(mode))
    })
}

/// A file without a name that lives as long as its descriptors and mappings.
pub fn create_nameless(label: &CStr) -> Result<OwnedFd, Error> {
    retry("memfd_create: create_nameless", || nix::sys::memfd::memfd_create(label, MFdFlags::MFD_CLOEXEC))
}

/// `create_nameless`, of large pages.
pub fn create_nameless_large(label: &CStr) -> Result<OwnedFd, Error> {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_HUGETLB | MFdFlags::MFD_HUGE_2MB;
    retry("memfd_create: create_nameless_large", || nix::sys::memfd::memfd_create(label, flags))
}

/// A file of a directory's file system that has no name yet (see `link`).
pub fn create_unlinked(directory: BorrowedFd) -> Result<OwnedFd, Error> {
    let flags = OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC;
    retry("openat: create_unlinked", || {
        nix::fcntl::openat(directory, c".", flags, Mode::from_bits_truncate(0o600))
    })
}

/// Gives a file a name; `EEXIST` when it is taken.
pub fn link(file: BorrowedFd, directory: BorrowedFd, name: &CStr) -> Result<(), Error> {
    let path = format!("/proc/self/fd/{}\0", file.as_raw_fd());
    let path = CStr::from_bytes_with_nul(path.as_bytes()).map_err(|_| Error::Internal)?;
    let follow = AtFlags::AT_SYMLINK_FOLLOW;
    retry("linkat: link", || nix::unistd::linkat(nix::fcntl::AT_FDCWD, path, directory, name, follow))
}

pub fn unlink(directory: BorrowedFd, name: &CStr) -> Result<(), Error> {
    retry("unlinkat: unlink", || {
        nix::unistd::unlinkat(directory, name, nix::unistd::UnlinkatFlags::NoRemoveDir)
    })
}

pub fn status(file: BorrowedFd) -> Result<FileStatus, Error> {
    status_of_number(file.as_raw_fd())
}

/// The status of a descriptor number that may have been closed or re-used.
pub fn status_of_number(number: RawFd) -> Result<FileStatus, Error> {
    // SAFETY: an all-zero `stat` is a valid value of a plain C structure.
    let mut stat: libc::stat = unsafe { std::mem::zeroed() };
    // The call itself: glibc's function looks up an empty path instead, which
    // costs more and is asked for several times in each open.
    // SAFETY: `stat` is writable and laid out as the kernel's; it checks the number.
    let result =
        call("fstat: status_of_number", || unsafe { libc::syscall(libc::SYS_fstat, number, &mut stat) });
    Errno::result(result).map(|_| FileStatus::new(&stat)).map_err(Error::from)
}

/// The status of what a name in a directory is bound to, links not followed.
pub fn status_at(directory: BorrowedFd, name: &CStr) -> Result<FileStatus, Error> {
    retry("fstatat: status_at", || nix::sys::stat::fstatat(directory, name, AtFlags::AT_SYMLINK_NOFOLLOW))
        .map(|stat| FileStatus::new(&stat))
}

/// When a file was made, in ns since 1970; 0 where the file system does not tell.
pub fn birth_ns(directory: BorrowedFd, name: Option<&CStr>) -> Result<u64, Error> {
    let flags = libc::AT_SYMLINK_NOFOLLOW | if name.is_none() { libc::AT_EMPTY_PATH } else { 0 };
    // SAFETY: an all-zero `statx` is a valid value of a plain C structure.
    let mut stat: libc::statx = unsafe { std::mem::zeroed() };
    let path = name.unwrap_or(c"").as_ptr();
    // SAFETY: path and `stat` live across the call.
    let result = call("statx: birth_ns", || unsafe {
        libc::statx(directory.as_raw_fd(), path, flags, libc::STATX_BTIME, &mut stat)
    });
    Errno::result(result)?;
    let seconds = u64::try_from(stat.stx_btime.tv_sec).unwrap_or(0);
    Ok(seconds.wrapping_mul(1_000_000_000).wrapping_add(stat.stx_btime.tv_nsec.into()))
}

pub fn set_mode(file: BorrowedFd, mode: u32) -> Result<(), Error> {
    retry("fchmod: set_mode", || nix::sys::stat::fchmod(file, Mode::from_bits_truncate(mode)))
}

/// Sets user and group.
pub fn set_owner(file: BorrowedFd, user: u32, group: u32) -> Result<(), Error> {
    retry("fchown: set_owner", || nix::unistd::fchown(file, Some(user.into()), Some(group.into())))
}

/// Sets the size; new bytes are zero and take no space yet.
pub fn set_size(file: BorrowedFd, size: u64) -> Result<(), Error> {
    let size = i64::try_from(size).map_err(|_| Error::Os(libc::EFBIG))?;
    quiet::grow(|| retry("ftruncate: set_size", || nix::unistd::ftruncate(file, size)))
}

/// Makes a file at least so large, and never smaller, whatever others do to it
/// meanwhile; new bytes are zero and take no space yet, but for the last ones.
pub fn grow(file: BorrowedFd, size: u64) -> Result<(), Error> {
    let last = i64::try_from(size).map_err(|_| Error::Os(libc::EFBIG))? - 1;
    let grown = quiet::grow(|| {
        retry("fallocate: grow", || nix::fcntl::fallocate(file, FallocateFlags::empty(), last, 1))
    });
    match grown {
        // Then not safely against others who make it larger at the same time.
        Err(Error::Os(libc::EOPNOTSUPP)) if status(file)?.size < size => set_size(file, size),
        Err(Error::Os(libc::EOPNOTSUPP)) => Ok(()),
        result => result,
    }
}

/// Waits until nobody is making a file larger that has this size. While somebody is, the
/// new size shows already, but the kernel (since Linux 6.12) clears the rest of what was
/// the last page only then: what is stored there meanwhile by way of a mapping is lost.
/// Any call that takes the inode's lock does, also one that fails; this one changes
/// nothing but to give the last page storage.
pub fn await_growth(file: BorrowedFd, size: u64) {
    let last = i64::try_from(size).unwrap_or(i64::MAX) - 1;
    let _ = retry("fallocate: await_growth", || {
        nix::fcntl::fallocate(file, FallocateFlags::FALLOC_FL_KEEP_SIZE, last, 1)
    });
}

/// Gives a range its storage now, so that no later store can run out of space.
/// The size stays.
pub fn reserve(file: BorrowedFd, offset: u64, size: u64) -> Result<(), Error> {
    quiet::grow(|| allocate(file, FallocateFlags::FALLOC_FL_KEEP_SIZE, offset, size))
}

/// Makes an empty file so large, with its storage.
pub fn set_size_and_reserve(file: BorrowedFd, size: u64) -> Result<(), Error> {
    quiet::grow(|| allocate(file, FallocateFlags::empty(), 0, size))
}

fn allocate(file: BorrowedFd, flags: FallocateFlags, offset: u64, size: u64) -> Result<(), Error> {
    // In pieces: some kernels undo an interrupted call, which a program with a
    // fast timer would then repeat for ever.
    const PIECE: u64 = 4 << 20;
    let mut done = 0;
    while done < size {
        let count = PIECE.min(size - done);
        let (Ok(start), Ok(length)) = (i64::try_from(offset + done), i64::try_from(count)) else {
            return Err(Error::Os(libc::EFBIG));
        };
        retry("fallocate: allocate", || nix::fcntl::fallocate(file, flags, start, length))?;
        done += count;
    }
    Ok(())
}

/// Reads up to `buffer.len()` bytes; fewer only at the end of the file.
pub fn read_at(file: BorrowedFd, buffer: &mut [u8], offset: u64) -> Result<usize, Error> {
    let mut done = 0;
    while done < buffer.len() {
        let at = i64::try_from(offset + done as u64).map_err(|_| Error::Os(libc::EFBIG))?;
        match retry("pread: read_at", || nix::sys::uio::pread(file, &mut buffer[done..], at))? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}

pub fn write_at(file: BorrowedFd, data: &[u8], offset: u64) -> Result<(), Error> {
    quiet::grow(|| write(file, data, offset))
}

/// `reserve` from the beginning, then `write_at`, for less than the price of both.
pub fn reserve_and_write(file: BorrowedFd, size: u64, data: &[u8], offset: u64) -> Result<(), Error> {
    quiet::grow(|| {
        allocate(file, FallocateFlags::FALLOC_FL_KEEP_SIZE, 0, size)?;
        write(file, data, offset)
    })
}

fn write(file: BorrowedFd, data: &[u8], offset: u64) -> Result<(), Error> {
    let mut done = 0;
    while done < data.len() {
        let at = i64::try_from(offset + done as u64).map_err(|_| Error::Os(libc::EFBIG))?;
        let rest = &data[done..];
        match retry("pwrite: write", || nix::sys::uio::pwrite(file, rest, at))? {
            0 => return Err(Error::Os(libc::ENOSPC)),
            count => done += count,
        }
    }
    Ok(())
}

/// The next offset at which a file may hold something else than zero; None: it
/// holds no more. Moves the read position, which nobody here uses.
pub fn next_data(file: BorrowedFd, offset: u64) -> Result<Option<u64>, Error> {
    let start = i64::try_from(offset).map_err(|_| Error::Os(libc::EFBIG))?;
    match call("lseek: next_data", || nix::unistd::lseek(file, start, nix::unistd::Whence::SeekData)) {
        Ok(data) => Ok(u64::try_from(data).ok()),
        Err(Errno::ENXIO) => Ok(None),
        // Not every file system knows holes.
        Err(_) => Ok(Some(offset)),
    }
}

/// Bytes that the file system of a descriptor can still give away; `None` where
/// it has no limit of its own.
pub fn free_space(file: BorrowedFd) -> Result<Option<u64>, Error> {
    let status = retry("fstatvfs: free_space", || nix::sys::statvfs::fstatvfs(file))?;
    if status.blocks() == 0 {
        return Ok(None);
    }
    Ok(Some(status.blocks_available().saturating_mul(status.fragment_size())))
}

/// Bytes that a file system has, used and unused.
pub fn whole_space(file: BorrowedFd) -> Result<u64, Error> {
    let status = retry("fstatvfs: whole_space", || nix::sys::statvfs::fstatvfs(file))?;
    Ok(status.blocks().saturating_mul(status.fragment_size()))
}

/// The names in a directory, without `.` and `..`.
pub fn list(directory: BorrowedFd) -> Result<Vec<CString>, Error> {
    // A description of its own: the read position of `directory` is shared.
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let fd = retry("openat: list", || nix::fcntl::openat(directory, c".", flags, Mode::empty()))?;
    let mut entries = call("fdopendir: list", || nix::dir::Dir::from_fd(fd))?;
    // (glibc's readdir: one point for all its calls.)
    let entries = call("getdents: list", || Ok::<_, Errno>(entries.iter()))?;
    let names = entries.map(|entry| Ok(entry?.file_name().to_owned()));
    let is_entry = |name: &Result<CString, Errno>| {
        !name.as_ref().is_ok_and(|name| matches!(name.to_bytes(), b"." | b".."))
    };
    names.filter(is_entry).collect::<Result<_, _>>().map_err(Error::from)
}

/// A descriptor whose number may be closed or re-used behind our back, as
/// daemons do that close everything they did not open.
#[derive(Debug)]
pub struct GuardedFd {
    number: RawFd,
    id: FileId,
    serial: u32,
}

/// For each small number the serial of the guard that got it last. An older guard
/// of the same number has lost it, whatever the number means now.
static LATEST: [AtomicU32; 4096] = [const { AtomicU32::new(0) }; 4096];
static SERIAL: AtomicU32 = AtomicU32::new(0);

impl GuardedFd {
    pub fn new(file: OwnedFd, id: FileId) -> GuardedFd {
        let (number, serial) = (file.into_raw_fd(), SERIAL.fetch_add(1, Relaxed));
        if let Some(latest) = LATEST.get(number as usize) {
            latest.store(serial, Relaxed);
        }
        GuardedFd { number, id, serial }
    }

    pub fn number(&self) -> RawFd {
        self.number
    }

    /// The file that the number meant at first.
    pub fn id(&self) -> FileId {
        self.id
    }

    /// The file, with its present status, if the number still means it.
    pub fn check(&self) -> Option<(BorrowedFd<'_>, FileStatus)> {
        if !self.is_latest_of_its_number() {
            return None;
        }
        let status = status_of_number(self.number).ok()?;
        // SAFETY: open a moment ago. Closing it meanwhile would need a caller
        // who closes descriptors that are not his; the calls then fail or reach
        // his own file, as with any library.
        (status.id == self.id).then(|| (unsafe { BorrowedFd::borrow_raw(self.number) }, status))
    }

    /// False: the library itself got the number again, so it was closed before.
    pub fn is_latest_of_its_number(&self) -> bool {
        LATEST.get(self.number as usize).is_none_or(|latest| latest.load(Relaxed) == self.serial)
    }

    /// The file without a check, right after one.
    pub fn borrow(&self) -> BorrowedFd<'_> {
        // SAFETY: as in `check`; -1 is no valid number, and `new` got a valid one.
        unsafe { BorrowedFd::borrow_raw(self.number) }
    }

    /// The file, right after a check.
    pub fn into_file(self) -> OwnedFd {
        // SAFETY: valid since `new`, and nobody else owns it.
        unsafe { OwnedFd::from_raw_fd(std::mem::ManuallyDrop::new(self).number) }
    }
}

impl Drop for GuardedFd {
    fn drop(&mut self) {
        if self.check().is_some() {
            // SAFETY: the number means our file and nobody else owns it.
            let file = unsafe { OwnedFd::from_raw_fd(self.number) };
            close("close: guarded", file);
        }
    }
}

/// Closes a descriptor, and with the last one of its description the locks.
#[inline(always)]
pub(crate) fn close(name: &'static str, file: OwnedFd) {
    // There is nothing to be done about an error: the number is free in any case.
    let _ = call(name, || {
        drop(file);
        Ok::<(), Error>(())
    });
}

/// The raw number, for calls that `nix` does not wrap.
pub(super) fn raw(file: BorrowedFd) -> RawFd {
    file.as_raw_fd()
}
