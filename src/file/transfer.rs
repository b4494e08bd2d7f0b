//! Reading and writing.

use super::OpenFile;
use super::failure::of_file;
use crate::error::Error;
use crate::sys::program_file::{self as program, FileKind, Origin, Place};
use crate::sys::{quiet, sleeping};
use std::os::fd::BorrowedFd;

/// What came of a transfer: an error may come after some bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transferred {
    pub count: usize,
    pub result: Result<(), Error>,
}

/// Memory of the program, which the kernel checks.
#[derive(Clone, Copy)]
pub struct Buffer {
    pub address: *mut u8,
    pub length: usize,
}

impl Buffer {
    /// No memory at all, for some bytes: judged before it is known whether any will be moved.
    fn is_missing(&self) -> bool {
        self.address.is_null() && self.length > 0
    }

    fn rest(&self, done: usize) -> (*mut u8, usize) {
        (self.address.wrapping_add(done), self.length - done)
    }
}

/// What a write says of its buffer. A read says NoAccess.
const UNREADABLE: Error = Error::InvalidUserBuffer;

/// The offset that means the end of the file, to a write.
const AT_THE_END: u64 = u64::MAX;

impl OpenFile {
    /// Reads from an offset, which the position follows, or from the position. Less than
    /// asked for at the end of a file, or what a pipe or terminal has at this moment.
    pub fn read(&self, buffer: Buffer, offset: Option<u64>) -> Result<Transferred, Error> {
        let (file, status) = self.check()?;
        let place = self.place(offset)?;
        if buffer.is_missing() {
            return Err(Error::NoAccess);
        }
        if !status.is_file() {
            return read_stream(file, FileKind::of(&status), buffer);
        }
        self.check_locks(file, place, buffer.length, false)?;
        let done =
            repeat(buffer, place, |(address, length), place| program::read(file, address, length, place));
        self.follow(file, place, done.count)?;
        // Only who says where he reads can be told that it is beyond the end.
        let nothing = done.count == 0 && buffer.length > 0 && done.result.is_ok();
        if nothing && offset.is_some() { Err(Error::EndOfFile) } else { Ok(done) }
    }

    /// Writes at an offset, which the position follows, or at the position. `append`: at
    /// the end in any case.
    pub fn write(&self, buffer: Buffer, offset: Option<u64>, append: bool) -> Result<Transferred, Error> {
        let (file, status) = self.check()?;
        if buffer.is_missing() {
            return Err(UNREADABLE);
        }
        if !status.is_file() {
            self.place(offset)?;
            sleeping::begins_unless(|| program::has_room(file));
            let all = || repeat(buffer, Place::Position, |part, place| write_once(file, part, place));
            return Ok(quiet::write_to_pipe(all));
        }
        let place = match offset {
            _ if append => Place::End,
            Some(AT_THE_END) => Place::End,
            _ => self.place(offset)?,
        };
        self.check_locks(file, place, buffer.length, true)?;
        let done = repeat(buffer, place, |part, place| write_once(file, part, place));
        self.follow(file, place, done.count)?;
        Ok(done)
    }

    fn place(&self, offset: Option<u64>) -> Result<Place, Error> {
        match offset {
            None if self.overlapped => Err(Error::InvalidParameter),
            None => Ok(Place::Position),
            Some(offset) => i64::try_from(offset).map(Place::Offset).map_err(|_| Error::InvalidParameter),
        }
    }

    /// LockViolation when somebody has locked what is to be read or written.
    fn check_locks(&self, file: BorrowedFd, place: Place, length: usize, writes: bool) -> Result<(), Error> {
        let start = match place {
            Place::Offset(offset) => offset as u64,
            Place::Position => program::seek(file, 0, Origin::Current)?,
            Place::End => crate::sys::file::status(file)?.size,
        };
        self.locks.check_transfer(file, start, length as u64, writes)
    }

    /// The position is where the last transfer ended, wherever it began.
    fn follow(&self, file: BorrowedFd, place: Place, count: usize) -> Result<(), Error> {
        match place {
            Place::Offset(offset) if count > 0 && !self.overlapped => {
                program::seek(file, offset.saturating_add(count as i64), Origin::Start).map(|_| ())
            }
            _ => Ok(()),
        }
    }
}

fn read_stream(file: BorrowedFd, kind: FileKind, buffer: Buffer) -> Result<Transferred, Error> {
    if kind == FileKind::Directory {
        return Err(Error::InvalidFunction);
    }
    sleeping::begins_unless(|| program::has_bytes(file));
    let count = program::read(file, buffer.address, buffer.length, Place::Position).map_err(of_file)?;
    // Who writes is gone. A terminal's user has only ended a line so.
    let is_over = count == 0 && buffer.length > 0 && kind == FileKind::Stream;
    if is_over { Err(Error::BrokenPipe) } else { Ok(Transferred { count, result: Ok(()) }) }
}

fn write_once(file: BorrowedFd, (address, length): (*mut u8, usize), place: Place) -> Result<usize, Error> {
    program::write(file, address, length, place).map_err(|error| match error {
        Error::Os(libc::EFAULT) => UNREADABLE,
        error => error,
    })
}

/// Transfers until everything is done, the end is reached, or an error comes.
fn repeat(
    buffer: Buffer,
    place: Place,
    once: impl Fn((*mut u8, usize), Place) -> Result<usize, Error>,
) -> Transferred {
    let mut count = 0;
    while count < buffer.length {
        let next = match place {
            Place::Offset(offset) => Place::Offset(offset.saturating_add(count as i64)),
            other => other,
        };
        match once(buffer.rest(count), next) {
            Ok(0) => break,
            Ok(more) => count += more,
            Err(error) => return Transferred { count, result: Err(of_file(error)) },
        }
    }
    Transferred { count, result: Ok(()) }
}
