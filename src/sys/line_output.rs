//! Where lines go that the user of a program asked for: a descriptor of the library's own,
//! which the program does not know, and may close.
//!
//! Async-signal-safe, and without a lock that a fork could copy.

use super::file::{FileId, FileStatus, move_up, status_of_number};
use super::{quiet, retry, time};
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::Mode;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64};

/// How long a line waits for a reader who does not read.
const PATIENCE_NS: u64 = 1_000_000_000;
const NONE: RawFd = -1;

/// The number of a descriptor, and the file that it meant at first.
pub struct LineOutput {
    number: AtomicI32,
    device: AtomicU64,
    inode: AtomicU64,
    is_changing: AtomicBool,
}

impl LineOutput {
    pub const fn new() -> LineOutput {
        LineOutput {
            number: AtomicI32::new(NONE),
            device: AtomicU64::new(0),
            inode: AtomicU64::new(0),
            is_changing: AtomicBool::new(false),
        }
    }

    /// Writes to `file` from now on, unless another thread has just said where to.
    pub fn begin(&self, file: OwnedFd) -> Result<(), Error> {
        let file = move_up(file);
        let id = super::file::status(file.as_fd())?.id;
        self.device.store(id.device(), Relaxed);
        self.inode.store(id.inode(), Relaxed);
        let number = file.into_raw_fd();
        if self.number.compare_exchange(NONE, number, AcqRel, Relaxed).is_err() {
            // SAFETY: taken out of its owner above.
            drop(unsafe { OwnedFd::from_raw_fd(number) });
        }
        Ok(())
    }

    /// Writes to the standard error output itself, for as long as it is what it is now.
    pub fn begin_with_standard_error(&self) {
        if let Ok(status) = status_of_number(libc::STDERR_FILENO) {
            self.device.store(status.id.device(), Relaxed);
            self.inode.store(status.id.inode(), Relaxed);
            self.number.store(libc::STDERR_FILENO, Release);
        }
    }

    /// One line, in one piece if it is taken so. EBADF: the program has closed the
    /// descriptor; whatever has its number now is left alone.
    pub fn write(&self, line: &[u8]) -> Result<(), Error> {
        let (file, status) = self.file()?;
        write_quietly(file, &status, line)
    }

    /// After EBADF: writes a line to another file, and from now on all. EBADF: the program
    /// has closed that, too.
    pub fn write_again(&self, file: OwnedFd, line: &[u8]) -> Result<(), Error> {
        write_quietly(file.as_fd(), &super::file::status(file.as_fd())?, line)?;
        // Nobody waits here: the other one may be what a signal handler has interrupted, or
        // a thread that a forked child does not have. The file was good for the line, then.
        if self.is_changing.swap(true, Acquire) {
            return Ok(());
        }
        let result = match self.file() {
            Ok(_) => Ok(()),
            Err(_) => {
                self.number.store(NONE, Relaxed);
                self.begin(file)
            }
        };
        self.is_changing.store(false, Release);
        result
    }

    /// The file, if it is still the same under its number.
    fn file(&self) -> Result<(BorrowedFd<'_>, FileStatus), Error> {
        let number = self.number.load(Acquire);
        let status = status_of_number(number)?;
        if status.id != FileId::new(self.device.load(Relaxed), self.inode.load(Relaxed)) {
            return Err(Error::Os(libc::EBADF));
        }
        // SAFETY: open a moment ago; -1 was refused above.
        Ok((unsafe { BorrowedFd::borrow_raw(number) }, status))
    }
}

fn write_quietly(file: BorrowedFd, status: &FileStatus, line: &[u8]) -> Result<(), Error> {
    match status.is_file() {
        true => quiet::grow(|| write(file, line)),
        false => quiet::write_to_pipe(|| write(file, line)),
    }
}

fn write(file: BorrowedFd, mut line: &[u8]) -> Result<(), Error> {
    let mut end = None;
    while !line.is_empty() {
        match call("write: line", || nix::unistd::write(file, line)) {
            Ok(written) => line = &line[written..],
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => {
                let now = time::monotonic_ns();
                let left = end.get_or_insert(now + PATIENCE_NS).saturating_sub(now);
                wait_for_room(file, left.div_ceil(1_000_000) as u16)?;
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// EAGAIN: there was none in this time. A signal may end it before.
fn wait_for_room(file: BorrowedFd, milliseconds: u16) -> Result<(), Errno> {
    let asked = &mut [PollFd::new(file, PollFlags::POLLOUT)];
    match poll(asked, PollTimeout::from(milliseconds)) {
        Ok(1..) => Ok(()),
        Err(Errno::EINTR) if milliseconds > 0 => Ok(()),
        _ => Err(Errno::EAGAIN),
    }
}

/// The standard error output, under another number.
pub fn standard_error() -> Result<OwnedFd, Error> {
    let stream = std::io::stderr();
    let copy = retry("F_DUPFD: standard_error", || fcntl(stream.as_fd(), FcntlArg::F_DUPFD_CLOEXEC(3)));
    // EINVAL: no number is as high as that.
    let number =
        copy.map_err(|error| if error == Error::Os(libc::EINVAL) { Error::Os(libc::EMFILE) } else { error })?;
    // SAFETY: a new descriptor that nobody else owns.
    Ok(unsafe { OwnedFd::from_raw_fd(number) })
}

/// A file that lines are added to, of whoever opens it so. A new one is the user's alone.
pub fn append_to(path: &CStr) -> Result<OwnedFd, Error> {
    // Not waiting for the reader of a FIFO.
    let flags = OFlag::O_WRONLY | OFlag::O_APPEND | OFlag::O_CREAT | OFlag::O_CLOEXEC | OFlag::O_NOCTTY;
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    retry("open: append_to", || open(path, flags | OFlag::O_NONBLOCK, mode))
}
