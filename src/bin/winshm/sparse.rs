//! Which bytes of a mapping have memory. Who reads the others by a mapping gives them memory,
//! page by page: a look at a large section that is hardly used would fill /dev/shm. They are zeros.

use nix::libc;
use nix::unistd::{Whence, lseek64};
use std::fs::File;
use std::ops::Range;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

/// The file behind a mapping.
pub struct Backing {
    file: File,
    /// Of the mapping's first byte.
    offset: u64,
}

impl Backing {
    /// None: it has none that can be asked (System V), or all of it has memory.
    pub fn of(address: usize) -> Option<Backing> {
        let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
        let prefix = format!("{address:08x}-");
        let line = maps.lines().find(|line| line.starts_with(&prefix))?;
        let mut words = line.splitn(6, ' ').skip(2);
        let offset = u64::from_str_radix(words.next()?, 16).ok()?;
        let inode: u64 = words.nth(1)?.parse().ok()?;
        let path = words.next()?.trim_start().replace("\\012", "\n");
        // Whoever may write in its directory may have put something else there.
        let file =
            File::options().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path).ok()?;
        let status = file.metadata().ok().filter(|status| status.is_file() && status.ino() == inode)?;
        (status.blocks() * 512 < status.size()).then_some(Backing { file, offset })
    }

    /// The parts of a range that have memory; None: not to be told, or not all of it is there.
    pub fn parts(&self, range: &Range<u64>) -> Option<Vec<Range<u64>>> {
        let (mut at, end) = (self.offset + range.start, self.offset + range.end);
        // What was cut off is no hole.
        if self.file.metadata().ok()?.len() < end {
            return None;
        }
        let mut parts = Vec::new();
        while at < end {
            let begin = match seek(&self.file, at, Whence::SeekData) {
                Ok(begin) => begin,
                Err(nix::Error::ENXIO) => break,
                Err(_) => return None,
            };
            let until = seek(&self.file, begin, Whence::SeekHole).ok()?.min(end);
            if begin >= end {
                break;
            }
            parts.push(begin - self.offset..until - self.offset);
            at = until;
        }
        Some(parts)
    }
}

fn seek(file: &File, at: u64, whence: Whence) -> nix::Result<u64> {
    lseek64(file, at as i64, whence).map(|at| at as u64)
}
