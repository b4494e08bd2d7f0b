//! The tries themselves. Each runs in a child of its own (`probe`), and leaves nothing.

use super::probe::Tried;
use nix::errno::Errno;
use nix::fcntl::{FallocateFlags, FcntlArg, OFlag, SealFlag, fcntl, open};
use nix::sys::memfd::{MFdFlags, memfd_create};
use nix::sys::stat::Mode;
use std::ffi::{CString, c_void};
use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::ptr;

const PAGE: usize = 4096;

fn result(value: i64) -> Result<i64, Option<Errno>> {
    Errno::result(value).map_err(Some)
}

fn is(condition: bool) -> Tried {
    if condition { Ok(()) } else { Err(None) }
}

/// The call must fail with this error, which the kernel gives only if it has it.
fn fails_with(value: i64, expected: Errno) -> Tried {
    match Errno::result(value) {
        Ok(_) => Err(None),
        Err(errno) if errno == expected => Ok(()),
        Err(errno) => Err(Some(errno)),
    }
}

pub fn futex_waitv() -> Tried {
    const SYS_FUTEX_WAITV: i64 = 449;
    /// `struct futex_waitv`.
    #[repr(C)]
    struct Waiter {
        value: u64,
        address: u64,
        flags: u32,
        reserved: u32,
    }
    const SIZE_32: u32 = 2;
    let word = 1_u32;
    let waiter = Waiter { value: 0, address: (&raw const word) as u64, flags: SIZE_32, reserved: 0 };
    let none = ptr::null::<libc::timespec>();
    // The word has another value: the call comes back at once.
    // SAFETY: waiter and word live across the call.
    let value =
        unsafe { libc::syscall(SYS_FUTEX_WAITV, &raw const waiter, 1, 0, none, libc::CLOCK_MONOTONIC) };
    fails_with(value, Errno::EAGAIN)
}

/// A thread that ends as the owner of a robust mutex is told by the kernel.
pub fn robust_lists() -> Tried {
    // SAFETY: all-zero is a valid value of a plain C structure, initialised below.
    let mut attributes: libc::pthread_mutexattr_t = unsafe { std::mem::zeroed() };
    // SAFETY: the attributes are writable.
    unsafe { libc::pthread_mutexattr_init(&raw mut attributes) };
    // SAFETY: initialised above.
    unsafe { libc::pthread_mutexattr_setrobust(&raw mut attributes, libc::PTHREAD_MUTEX_ROBUST) };
    let mutex: Box<libc::pthread_mutex_t> = Box::new(libc::PTHREAD_MUTEX_INITIALIZER);
    let address = Box::into_raw(mutex) as usize;
    // SAFETY: allocated above, and nobody uses it yet.
    unsafe { libc::pthread_mutex_init(address as *mut _, &raw const attributes) };
    let owner = std::thread::Builder::new().spawn(move || {
        // SAFETY: initialised, and never freed.
        unsafe { libc::pthread_mutex_lock(address as *mut _) }
    });
    let owner = owner.map_err(|error| error.raw_os_error().map(Errno::from_raw))?;
    is(owner.join().is_ok_and(|locked| locked == 0))?;
    // SAFETY: as above.
    let told = unsafe { libc::pthread_mutex_trylock(address as *mut _) };
    is(told == libc::EOWNERDEAD)
}

pub fn pidfd_open() -> Tried {
    let this = nix::unistd::getpid().as_raw();
    // SAFETY: the call takes no memory. The descriptor ends with the process.
    result(unsafe { libc::syscall(libc::SYS_pidfd_open, this, 0) }).map(|_| ())
}

pub fn membarrier() -> Tried {
    const PRIVATE_EXPEDITED: i32 = 1 << 3;
    const REGISTER_PRIVATE_EXPEDITED: i32 = 1 << 4;
    for command in [REGISTER_PRIVATE_EXPEDITED, PRIVATE_EXPEDITED] {
        // SAFETY: the call takes no memory.
        result(unsafe { libc::syscall(libc::SYS_membarrier, command, 0, 0) })?;
    }
    Ok(())
}

pub fn threads() -> Tried {
    let thread = std::thread::Builder::new().spawn(|| ());
    is(thread.map_err(|error| error.raw_os_error().map(Errno::from_raw))?.join().is_ok())
}

pub fn sealed_memory() -> Tried {
    let flags = MFdFlags::MFD_CLOEXEC | MFdFlags::MFD_ALLOW_SEALING;
    let file = File::from(memfd_create(c"winshm-doctor", flags).map_err(Some)?);
    fcntl(&file, FcntlArg::F_ADD_SEALS(SealFlag::F_SEAL_WRITE)).map_err(Some)?;
    // A write now fails: else the seal is none.
    match file.write_all_at(b"x", 0) {
        Ok(()) => Err(None),
        Err(error) => is(error.raw_os_error() == Some(libc::EPERM)),
    }
}

/// A file in the directory, whose name is gone already.
fn file_in(base: &Path) -> Result<OwnedFd, Option<Errno>> {
    let path = base.join(format!(".winshm-doctor-{}", std::process::id()));
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let file = open(&path, flags, Mode::S_IRUSR | Mode::S_IWUSR).map_err(Some)?;
    nix::unistd::unlink(&path).map_err(Some)?;
    Ok(file)
}

/// Another description of the same file.
fn another(file: &OwnedFd) -> Result<OwnedFd, Option<Errno>> {
    let path = format!("/proc/self/fd/{}", file.as_raw_fd());
    open(path.as_str(), OFlag::O_RDWR | OFlag::O_CLOEXEC, Mode::empty()).map_err(Some)
}

/// Locks of open file descriptions: one is shared, and another description sees it.
pub fn file_locks(base: &Path) -> Tried {
    let (first, second) = (file_in(base).and_then(|file| Ok((another(&file)?, file))))?;
    let lock = |kind: i32| {
        // SAFETY: an all-zero `flock` is a valid value of a plain C structure.
        let mut lock: libc::flock = unsafe { std::mem::zeroed() };
        lock.l_type = kind as i16;
        lock.l_start = 1 << 62;
        lock.l_len = 1;
        lock
    };
    fcntl(&first, FcntlArg::F_OFD_SETLK(&lock(libc::F_RDLCK))).map_err(Some)?;
    let mut asked = lock(libc::F_WRLCK);
    fcntl(&second, FcntlArg::F_OFD_GETLK(&mut asked)).map_err(Some)?;
    is(i32::from(asked.l_type) == libc::F_RDLCK)
}

pub fn directory_locks(base: &Path) -> Tried {
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let directory = open(base, flags, Mode::empty()).map_err(Some)?;
    // SAFETY: flock takes no memory.
    match Errno::result(unsafe { libc::flock(directory.as_raw_fd(), libc::LOCK_SH | libc::LOCK_NB) }) {
        // Somebody has it: so it can be had.
        Ok(_) | Err(Errno::EWOULDBLOCK) => Ok(()),
        Err(errno) => Err(Some(errno)),
    }
}

fn map(address: *mut c_void, flags: i32, file: i32) -> Result<*mut c_void, Option<Errno>> {
    let access = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: no caller passes MAP_FIXED, so only free addresses are taken.
    let mapped = unsafe { libc::mmap(address, PAGE, access, flags, file, 0) };
    if mapped == libc::MAP_FAILED { Err(Some(Errno::last())) } else { Ok(mapped) }
}

/// What is stored by a mapping is read by another description.
pub fn shared_mappings(base: &Path) -> Tried {
    let file = file_in(base)?;
    let other = File::from(another(&file)?);
    nix::unistd::ftruncate(&file, PAGE as i64).map_err(Some)?;
    // Its storage first: a full file system is an error here and not a SIGBUS below.
    other.write_all_at(&[0; PAGE], 0).map_err(|error| error.raw_os_error().map(Errno::from_raw))?;
    let mapped = map(ptr::null_mut(), libc::MAP_SHARED, file.as_raw_fd())?;
    // SAFETY: mapped above, writable.
    unsafe { mapped.cast::<u8>().write_volatile(42) };
    let mut read = [0];
    is(other.read_at(&mut read, 0).is_ok_and(|count| count == 1) && read == [42])
}

pub fn fallocate(base: &Path) -> Tried {
    let file = file_in(base)?;
    nix::fcntl::fallocate(&file, FallocateFlags::FALLOC_FL_KEEP_SIZE, 0, PAGE as i64).map_err(Some)
}

/// A file of /dev/shm, where POSIX segments are, that gets its name when it is finished.
pub fn unnamed_file() -> Tried {
    const SHM: &str = "/dev/shm";
    let flags = OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC;
    let file = open(SHM, flags, Mode::S_IRUSR | Mode::S_IWUSR).map_err(Some)?;
    let here = nix::fcntl::AT_FDCWD;
    let source = format!("/proc/self/fd/{}", file.as_raw_fd());
    let name = format!("{SHM}/.winshm-doctor-{}", std::process::id());
    let follow = nix::fcntl::AtFlags::AT_SYMLINK_FOLLOW;
    nix::unistd::linkat(here, source.as_str(), here, name.as_str(), follow).map_err(Some)?;
    nix::unistd::unlink(name.as_str()).map_err(Some)
}

pub fn statx(base: &Path) -> Tried {
    let path = CString::new(base.as_os_str().as_encoded_bytes()).map_err(|_| None)?;
    // SAFETY: an all-zero `statx` is a valid value of a plain C structure.
    let mut stat: libc::statx = unsafe { std::mem::zeroed() };
    let (flags, mask) = (libc::AT_SYMLINK_NOFOLLOW, libc::STATX_BTIME);
    // SAFETY: path and structure live across the call.
    result(unsafe {
        libc::syscall(libc::SYS_statx, libc::AT_FDCWD, path.as_ptr(), flags, mask, &raw mut stat)
    })?;
    Ok(())
}

/// A mapping at an address that is taken is refused.
pub fn fixed_mapping() -> Tried {
    const PRIVATE: i32 = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    let taken = map(ptr::null_mut(), PRIVATE, -1)?;
    match map(taken, PRIVATE | libc::MAP_FIXED_NOREPLACE, -1) {
        Err(Some(Errno::EEXIST)) => Ok(()),
        // An older kernel takes the address as a wish.
        Ok(_) => Err(Some(Errno::ENOSYS)),
        Err(error) => Err(error),
    }
}

pub fn madvise() -> Tried {
    let page = map(ptr::null_mut(), libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1)?;
    // SAFETY: mapped above.
    result(i64::from(unsafe { libc::madvise(page, PAGE, libc::MADV_DONTFORK) })).map(|_| ())
}

pub fn system_v() -> Tried {
    // SAFETY: the call takes no memory.
    let id = result(i64::from(unsafe { libc::shmget(libc::IPC_PRIVATE, PAGE, 0o600) }))?;
    // SAFETY: our own segment, which nobody has attached.
    result(i64::from(unsafe { libc::shmctl(id as i32, libc::IPC_RMID, ptr::null_mut()) })).map(|_| ())
}
