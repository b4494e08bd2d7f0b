//! Descriptors of processes and threads.

use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::ptr;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Target {
    Process,
    Thread,
}

/// How a process ended.
#[derive(Clone, Copy, Debug)]
pub enum Exit {
    Code(i32),
    Signal(i32),
}

/// A process by its id, or one thread of any process (since Linux 6.9).
pub fn open(target: Target, id: u32) -> Result<OwnedFd, Error> {
    let id = i32::try_from(id).ok().filter(|id| *id > 0).ok_or(Error::Os(libc::ESRCH))?;
    let flags = if target == Target::Thread { libc::O_EXCL } else { 0 };
    // SAFETY: the call takes no memory.
    let result = call("pidfd_open: open", || unsafe { libc::syscall(libc::SYS_pidfd_open, id, flags) });
    let fd = Errno::result(result)? as i32;
    // SAFETY: the kernel just gave it to us.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// The id of the process or thread, None when it has ended and its parent knows. Not
/// a pidfd: None outside.
pub fn id(pidfd: BorrowedFd) -> Option<Option<u32>> {
    let path = format!("/proc/self/fdinfo/{}", pidfd.as_raw_fd());
    let about = call("open: fdinfo", || std::fs::read_to_string(path)).ok()?;
    let id = about.lines().find_map(|line| line.strip_prefix("Pid:"))?.trim();
    Some(id.parse().ok())
}

pub fn has_ended(pidfd: BorrowedFd) -> bool {
    let mut poll = libc::pollfd { fd: pidfd.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // Not `poll`, where a thread can be cancelled.
    // SAFETY: one entry; the kernel writes its answer into it.
    let result = call("ppoll: has_ended", || unsafe {
        libc::syscall(libc::SYS_ppoll, &raw mut poll, 1, &raw const now, ptr::null::<u8>(), 8)
    });
    result > 0 && poll.revents & (libc::POLLIN | libc::POLLHUP) != 0
}

/// How it ended, if the kernel tells: the parent, and the processes of its user,
/// until the parent has asked; everybody after that (since Linux 6.15). The parent's
/// own question is not taken from it.
pub fn exit(pidfd: BorrowedFd, id: u32) -> Option<Exit> {
    wait(pidfd, libc::WNOWAIT)
        .or_else(|| exit_of_stranger(pidfd))
        .or_else(|| exit_of_zombie(pidfd, id))
        .or_else(|| {
            // Its parent asked just now.
            exit_of_stranger(pidfd)
        })
}

/// How a child ended; nobody can ask again.
pub fn ask(pidfd: BorrowedFd) -> Option<Exit> {
    wait(pidfd, 0)
}

fn wait(pidfd: BorrowedFd, further: i32) -> Option<Exit> {
    // SAFETY: an all-zero `siginfo_t` is a valid value of a plain C structure.
    let mut info: libc::siginfo_t = unsafe { std::mem::zeroed() };
    let options = libc::WEXITED | libc::WNOHANG | further;
    let none = ptr::null::<u8>();
    // Not `waitid`, where a thread can be cancelled.
    // SAFETY: the kernel writes the information.
    let result = call("waitid: wait", || unsafe {
        libc::syscall(libc::SYS_waitid, libc::P_PIDFD, pidfd.as_raw_fd(), &raw mut info, options, none)
    });
    if result != 0 {
        return None;
    }
    // SAFETY: filled by waitid.
    let status = unsafe { info.si_status() };
    match info.si_code {
        libc::CLD_EXITED => Some(Exit::Code(status)),
        libc::CLD_KILLED | libc::CLD_DUMPED => Some(Exit::Signal(status)),
        _ => None,
    }
}

/// `struct pidfd_info`, in its first version.
#[repr(C)]
#[derive(Default)]
struct Info {
    mask: u64,
    cgroup: u64,
    ids: [u32; 11],
    exit_code: i32,
}

fn exit_of_stranger(pidfd: BorrowedFd) -> Option<Exit> {
    const GET_INFO: u64 = 3 << 30 | (size_of::<Info>() as u64) << 16 | 0xff << 8 | 11;
    const EXIT: u64 = 1 << 3;
    let mut info = Info { mask: EXIT, ..Info::default() };
    // SAFETY: the kernel writes no more than the size in the request.
    let ask = || unsafe { libc::ioctl(pidfd.as_raw_fd(), GET_INFO, &raw mut info) };
    let result = call("ioctl: exit_of_stranger", ask);
    if result != 0 || info.mask & EXIT == 0 {
        return None;
    }
    Some(exit_of_status(info.exit_code))
}

fn exit_of_status(status: i32) -> Exit {
    match status & 0x7f {
        0 => Exit::Code(status >> 8 & 0xff),
        signal => Exit::Signal(signal),
    }
}

/// What /proc says of one that has ended and whose parent has not asked.
fn exit_of_zombie(pidfd: BorrowedFd, id: u32) -> Option<Exit> {
    const STATE: usize = 0;
    const EXIT_CODE: usize = 49;
    let directory = format!("/proc/{id}");
    let owner = call("stat: exit_of_zombie", || std::fs::metadata(&directory)).ok()?.uid();
    let user = super::process::effective_user();
    if user != owner && user != 0 {
        // Another user is shown 0.
        return None;
    }
    let stat = call("open: exit_of_zombie", || std::fs::read_to_string(directory + "/stat")).ok()?;
    // After the name, which may contain anything.
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split_ascii_whitespace().collect();
    let status = fields.get(EXIT_CODE)?.parse().ok()?;
    let is_zombie = *fields.get(STATE)? == "Z";
    // Only now is it certain that the number meant this process when we read.
    let is_still_there = self::id(pidfd)? == Some(id);
    (is_zombie && is_still_there).then(|| exit_of_status(status))
}

fn send(pidfd: BorrowedFd, signal: i32) -> Result<(), Error> {
    let none = ptr::null::<u8>();
    // SAFETY: no information is passed.
    let result = call("pidfd_send_signal: send", || unsafe {
        libc::syscall(libc::SYS_pidfd_send_signal, pidfd.as_raw_fd(), signal, none, 0)
    });
    Errno::result(result).map(|_| ()).map_err(Error::from)
}

pub fn kill(pidfd: BorrowedFd) -> Result<(), Error> {
    send(pidfd, libc::SIGKILL)
}

pub fn may_signal(pidfd: BorrowedFd) -> bool {
    send(pidfd, 0) != Err(Error::Os(libc::EPERM))
}

/// Ends this process at once, without its exit handlers.
pub fn exit_now(code: u32) -> ! {
    // SAFETY: does not return.
    unsafe { libc::_exit(code as i32) }
}

/// Tells of several pidfds which have ended.
pub struct Set(OwnedFd);

impl Set {
    pub fn new() -> Result<Set, Error> {
        // SAFETY: the call takes no memory.
        let made = call("epoll_create1: new", || unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) });
        let fd = Errno::result(made)?;
        // SAFETY: the kernel just gave it to us.
        let set = unsafe { OwnedFd::from_raw_fd(fd) };
        // Not soon a number of the program's, if that closes ours.
        Ok(Set(super::file::move_up(set)))
    }

    /// Has `next` return `key` once, when it has ended.
    pub fn add(&self, pidfd: BorrowedFd, key: u64) -> Result<(), Error> {
        let mut event = libc::epoll_event { events: (libc::EPOLLIN | libc::EPOLLONESHOT) as u32, u64: key };
        let (set, fd) = (self.0.as_raw_fd(), pidfd.as_raw_fd());
        // SAFETY: the event lives across the call.
        let add = || unsafe { libc::epoll_ctl(set, libc::EPOLL_CTL_ADD, fd, &raw mut event) };
        let result = call("epoll_ctl: add", add);
        match Errno::result(result) {
            Ok(_) | Err(Errno::EEXIST) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Sleeps until one has ended, for at most so long. Err: there is no set any more,
    /// because the program closed its descriptor.
    pub fn next(&self, at_most_ms: i32) -> Result<Option<u64>, Error> {
        let mut event = libc::epoll_event { events: 0, u64: 0 };
        // SAFETY: room for one event.
        let wait = || unsafe { libc::epoll_wait(self.0.as_raw_fd(), &raw mut event, 1, at_most_ms) };
        match call("epoll_wait: next", wait) {
            1 => Ok(Some(event.u64)),
            0 => Ok(None),
            _ if Errno::last() == Errno::EINTR => Ok(None),
            _ => Err(Errno::last().into()),
        }
    }
}
