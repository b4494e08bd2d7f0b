//! What a section's pages are stored in, and which of them have storage.
//!
//! A section made with SEC_RESERVE has a commit map in its file: one byte per
//! page, 1 = committed. Bytes are only ever set, so two processes that commit
//! at once cannot undo each other; they are written by `pwrite`, so a full file
//! system is an error and not a SIGBUS.

use crate::error::Error;
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::map::PAGE_SIZE;
use crate::sys::program_file::{self, Access};
use crate::sys::system;
use std::ops::Range;
use std::os::fd::{AsRawFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, OnceLock};

/// Largest size of a section that gets its memory when it is committed. Above, Windows'
/// accounting is imitated: there must be enough, but it is taken when touched.
const RESERVED_AT_ONCE: u64 = 16 << 20;

/// Whether a commitment of this size takes its memory at once. `WINSHM_RESERVE=all`
/// makes every one do so.
pub fn is_reserved_at_once(size: u64) -> bool {
    static ALL: OnceLock<bool> = OnceLock::new();
    size <= RESERVED_AT_ONCE
        || *ALL.get_or_init(|| std::env::var_os("WINSHM_RESERVE").is_some_and(|v| v == "all"))
}

/// Fails when a file cannot get `size` bytes more: of its file system, or of
/// memory where that has no limit of its own.
pub fn check_room(file: BorrowedFd, size: u64) -> Result<(), Error> {
    let room = match file::free_space(file)? {
        Some(free) => free,
        None => system::available_memory()?,
    };
    if size <= room { Ok(()) } else { Err(Error::CommitmentLimit) }
}

/// The file of a section, through an open file description that holds no name
/// beyond the last handle.
#[derive(Debug)]
pub struct Storage {
    file: Arc<GuardedFd>,
    /// The same file, of a user who could only read it at first.
    to_write: OnceLock<GuardedFd>,
    /// None: every page is committed.
    commit_map: Option<u64>,
}

impl Storage {
    /// `commit_map` is the offset of the map.
    pub fn new(file: Arc<GuardedFd>, commit_map: Option<u64>) -> Storage {
        Storage { file, to_write: OnceLock::new(), commit_map }
    }

    pub fn is_reserve(&self) -> bool {
        self.commit_map.is_some()
    }

    /// The file; InvalidHandle when the program closed its descriptor.
    pub fn fd(&self) -> Result<BorrowedFd<'_>, Error> {
        let file = self.to_write.get().unwrap_or(&self.file);
        file.check().map(|(fd, _)| fd).ok_or(Error::InvalidHandle)
    }

    /// Whether it was opened for writing too. Of a descriptor that the program closed views
    /// tell.
    pub fn is_writable(&self) -> bool {
        !self.fd().is_ok_and(|fd| program_file::access_of(fd.as_raw_fd()) == Ok(Access::Read))
    }

    /// Views that are mapped from now on, and commitments, write by this description, which
    /// has no lock. True: they can.
    pub fn write_by(&self, (file, id): (OwnedFd, FileId)) -> bool {
        self.to_write.get_or_init(|| GuardedFd::new(file, id));
        true
    }

    /// Gives pages storage, for every process that maps the section.
    pub fn commit(&self, pages: Range<u64>) -> Result<(), Error> {
        let Some(map) = self.commit_map else { return Ok(()) };
        let fd = self.fd()?;
        let (offset, size) = (pages.start * PAGE_SIZE as u64, (pages.end - pages.start) * PAGE_SIZE as u64);
        if is_reserved_at_once(size) {
            file::reserve(fd, offset, size)?;
        } else {
            check_room(fd, size)?;
        }
        const ONES: [u8; 4096] = [1; 4096];
        let mut page = pages.start;
        while page < pages.end {
            let count = (pages.end - page).min(ONES.len() as u64);
            file::write_at(fd, &ONES[..count as usize], map + page)?;
            page += count;
        }
        Ok(())
    }

    /// Whether a page is committed, and the end of the run of its equals,
    /// looking no further than `limit`.
    pub fn committed(&self, page: u64, limit: u64) -> Result<(bool, u64), Error> {
        let Some(map) = self.commit_map else { return Ok((true, limit)) };
        let fd = self.fd()?;
        let mut buffer = [0; 16384];
        let (mut first, mut at) = (None, page);
        while at < limit {
            if first.unwrap_or(0) == 0 {
                // Reserved pages are mostly holes of the map: leap over them.
                let data = file::next_data(fd, map + at)?.map_or(limit, |data| data.saturating_sub(map));
                if data > at {
                    first = Some(0);
                    at = data.min(limit);
                    continue;
                }
            }
            let count = (limit - at).min(buffer.len() as u64) as usize;
            // A missing rest is a hole: not committed.
            let read = file::read_at(fd, &mut buffer[..count], map + at)?;
            buffer[read..count].fill(0);
            let first = *first.get_or_insert(buffer[0]);
            let run = run_length(&buffer[..count], first);
            at += run as u64;
            if run < count {
                return Ok((first != 0, at));
            }
        }
        Ok((first.is_some_and(|byte| byte != 0), limit))
    }
}

/// How many bytes from the first on are `value`. In blocks, which the processor compares at
/// once: a large section has a long map.
fn run_length(bytes: &[u8], value: u8) -> usize {
    const BLOCK: usize = 128;
    let is_all = |block: &&[u8]| block.iter().fold(0, |different, &byte| different | (byte ^ value)) == 0;
    let blocks = bytes.chunks_exact(BLOCK).take_while(is_all).count() * BLOCK;
    blocks + bytes[blocks..].iter().take_while(|&&byte| byte == value).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_ends_at_the_first_other_byte() {
        for length in [0, 1, 127, 128, 129, 1000] {
            let mut bytes = vec![1; length];
            assert_eq!(run_length(&bytes, 1), length);
            for other in 0..length {
                bytes[other] = 0;
                assert_eq!(run_length(&bytes, 1), other);
                bytes[other] = 1;
            }
        }
    }
}
