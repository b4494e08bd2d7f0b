//! What the kernel tells about the memory of this process, also where it is not
//! the library's: `/proc/self/maps` and `/proc/self/pagemap`; and of others, as far
//! as this process may know.

use crate::error::Error;
use crate::plant::call;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::FileExt;

/// One line of the map: a mapping with equal attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KernelMapping {
    pub start: usize,
    pub end: usize,
    pub read: bool,
    pub write: bool,
    pub execute: bool,
    pub shared: bool,
    /// Shows a file (and not memory of the process alone).
    pub file: bool,
}

/// What an address belongs to.
pub enum Found {
    Mapping(KernelMapping),
    /// Nothing, up to this address.
    Free {
        end: usize,
    },
}

/// Calls `visit` with each mapping in order of address until it returns false.
pub fn for_each(mut visit: impl FnMut(KernelMapping) -> bool) -> Result<(), Error> {
    let os = |error: std::io::Error| Error::Os(error.raw_os_error().unwrap_or(libc::EIO));
    let mut maps = BufReader::new(call("open: maps", || File::open("/proc/self/maps")).map_err(os)?);
    // Bytes, because the path at the end of a line need not be UTF-8.
    let mut line = Vec::new();
    while maps.read_until(b'\n', &mut line).map_err(os)? != 0 {
        if let Some(mapping) = parse(&String::from_utf8_lossy(&line)) {
            if !visit(mapping) {
                break;
            }
        }
        line.clear();
    }
    Ok(())
}

/// The mapping at `address`, or the hole around it up to `limit`.
pub fn find(address: usize, limit: usize) -> Result<Found, Error> {
    let mut found = Found::Free { end: limit };
    for_each(|mapping| {
        if mapping.end <= address {
            return true;
        }
        found = if mapping.start <= address {
            Found::Mapping(mapping)
        } else {
            Found::Free { end: mapping.start.min(limit) }
        };
        false
    })?;
    Ok(found)
}

fn parse(line: &str) -> Option<KernelMapping> {
    let mut fields = line.split_ascii_whitespace();
    let (start, end) = fields.next()?.split_once('-')?;
    let flags = fields.next()?.as_bytes();
    let inode: u64 = fields.nth(2)?.parse().ok()?;
    Some(KernelMapping {
        start: usize::from_str_radix(start, 16).ok()?,
        end: usize::from_str_radix(end, 16).ok()?,
        read: flags.first() == Some(&b'r'),
        write: flags.get(1) == Some(&b'w'),
        execute: flags.get(2) == Some(&b'x'),
        shared: flags.get(3) == Some(&b's'),
        file: inode != 0,
    })
}

/// The processes that map a file, of those whose mappings may be seen: one's own
/// user's, or all for root.
pub fn processes_that_map(device: u64, inode: u64) -> Result<u64, Error> {
    let os = |error: std::io::Error| Error::Os(error.raw_os_error().unwrap_or(libc::EIO));
    let file = format!(" {:02x}:{:02x} {inode} ", libc::major(device), libc::minor(device));
    let maps_it = |process: std::fs::DirEntry| -> bool {
        let is_process = process.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit());
        is_process
            && call("open: maps of another", || std::fs::read(process.path().join("maps")))
                .is_ok_and(|maps| maps.windows(file.len()).any(|part| part == file.as_bytes()))
    };
    let processes = call("open: processes", || std::fs::read_dir("/proc")).map_err(os)?;
    Ok(processes.filter_map(Result::ok).filter_map(|process| maps_it(process).then_some(())).count() as u64)
}

const PRESENT: u64 = 1 << 63;
const SWAPPED: u64 = 1 << 62;
const FILE_OR_SHARED: u64 = 1 << 61;

/// For each page from `address` on: whether this process has a private copy of
/// it. Pages of a copy-on-write mapping have none until they are written.
pub fn private_copies(address: usize, pages: usize) -> Result<Vec<bool>, Error> {
    let os = |error: std::io::Error| Error::Os(error.raw_os_error().unwrap_or(libc::EIO));
    let pagemap = call("open: pagemap", || File::open("/proc/self/pagemap")).map_err(os)?;
    let mut entries = vec![0; pages * 8];
    let offset = (address / super::map::PAGE_SIZE) as u64 * 8;
    pagemap.read_exact_at(&mut entries, offset).map_err(os)?;
    let is_private = |entry: &[u8]| {
        let entry = u64::from_le_bytes(entry.try_into().expect("chunks of eight"));
        entry & (PRESENT | SWAPPED) != 0 && entry & FILE_OR_SHARED == 0
    };
    Ok(entries.chunks_exact(8).map(is_private).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_with_blanks_in_the_path_is_read() {
        let mapping = parse("7f00-8000 r-xs 00001000 00:19 42  /dev/shm/a b (deleted)\n").unwrap();
        assert_eq!((mapping.start, mapping.end), (0x7f00, 0x8000));
        assert!(mapping.read && !mapping.write && mapping.execute && mapping.shared && mapping.file);
    }

    #[test]
    fn the_stack_is_found_and_private() {
        let local = [1u8; 4096 * 2];
        let address = (local.as_ptr() as usize).next_multiple_of(4096);
        let Ok(Found::Mapping(mapping)) = find(address, usize::MAX) else { panic!("no stack") };
        assert!(mapping.read && mapping.write && !mapping.shared && !mapping.file);
        assert_eq!(private_copies(address, 1).unwrap(), [true]);
    }
}
