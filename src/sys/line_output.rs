//! Where lines go that the user of a program asked for: a descriptor of the library's own,
//! which the program does not know, and may close.
//!
//! Async-signal-safe, and without a lock that a fork could copy.

use super::file::{FileId, move_up, status_of_number};
use super::{quiet, retry};
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::Mode;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicI32, AtomicU64};

/// Milliseconds that a line waits for a reader who does not read.
const PATIENCE_MS: u16 = 1000;
const NONE: RawFd = -1;

/// The number of a descriptor, and the file that it meant at first.
pub struct LineOutput {
    number: AtomicI32,
    device: AtomicU64,
    inode: AtomicU64,
}

impl LineOutput {
    pub const fn new() -> LineOutput {
        LineOutput { number: AtomicI32::new(NONE), device: AtomicU64::new(0), inode: AtomicU64::new(0) }
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

    /// Writes to another file, after an error.
    pub fn begin_again(&self, file: OwnedFd) -> Result<(), Error> {
        self.number.store(NONE, Relaxed);
        self.begin(file)
    }

    /// One line, in one piece if it is taken so. EBADF: the program has closed the
    /// descriptor; whatever has its number now is left alone.
    pub fn write(&self, line: &[u8]) -> Result<(), Error> {
        let number = self.number.load(Acquire);
        let status = status_of_number(number)?;
        if status.id != FileId::new(self.device.load(Relaxed), self.inode.load(Relaxed)) {
            return Err(Error::Os(libc::EBADF));
        }
        // SAFETY: open a moment ago; -1 was refused above.
        let file = unsafe { BorrowedFd::borrow_raw(number) };
        match status.is_file() {
            true => quiet::grow(|| write(file, line)),
            false => quiet::write_to_pipe(|| write(file, line)),
        }
    }
}

fn write(file: BorrowedFd, mut line: &[u8]) -> Result<(), Error> {
    while !line.is_empty() {
        match call("write: line", || nix::unistd::write(file, line)) {
            Ok(written) => line = &line[written..],
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => {
                let asked = &mut [PollFd::new(file, PollFlags::POLLOUT)];
                if !matches!(poll(asked, PollTimeout::from(PATIENCE_MS)), Ok(1..)) {
                    return Err(Errno::EAGAIN.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// The standard error output, under another number.
pub fn standard_error() -> Result<OwnedFd, Error> {
    let stream = std::io::stderr();
    let number = retry("F_DUPFD: standard_error", || fcntl(stream.as_fd(), FcntlArg::F_DUPFD_CLOEXEC(3)))?;
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
