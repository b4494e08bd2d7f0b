//! Which file a named section shows: what its own file says about it, in place of
//! data.
//!
//! ```text
//! offset  size
//!      0     8  device of the file
//!      8     8  inode
//!     16     8  when the file was made, ns since 1970 (0: the file system does not tell)
//!     24     8  bytes of the section
//!     32   ...  the absolute path, without a NUL
//! ```
//!
//! All numbers are little-endian. An inode gets its number from one that is gone, so
//! the time tells them apart.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::namespace::layout::LARGEST_DATA;
use crate::sys::file::FileId;
use std::ffi::CString;

/// The longest path that the system opens, without the NUL.
const LONGEST_PATH: usize = 4095;
const PATH: usize = 32;

/// The longest record.
pub const LONGEST: usize = PATH + LONGEST_PATH;

/// A file and how much of it is a section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Record {
    pub id: FileId,
    pub birth_ns: u64,
    /// Bytes, not 0.
    pub size: u64,
    pub path: CString,
}

impl Record {
    /// NameTooLong: nobody could open the path.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        let path = self.path.as_bytes();
        if path.len() > LONGEST_PATH {
            return Err(Error::NameTooLong);
        }
        let numbers = [self.id.device(), self.id.inode(), self.birth_ns, self.size];
        Ok(numbers.into_iter().flat_map(u64::to_le_bytes).chain(path.iter().copied()).collect())
    }

    /// Corrupt: no library of this layout has written it.
    pub fn decode(bytes: &[u8]) -> Result<Record, Error> {
        let number = |index: usize| {
            let bytes = bytes.get(8 * index..).and_then(|rest| rest.first_chunk()).copied();
            bytes.map(u64::from_le_bytes).ok_or(Error::Corrupt)
        };
        let (device, inode, birth_ns, size) = (number(0)?, number(1)?, number(2)?, number(3)?);
        let path = bytes.get(PATH..).filter(|path| path.first() == Some(&b'/') && path.len() <= LONGEST_PATH);
        let path = CString::new(path.ok_or(Error::Corrupt)?).map_err(|_| Error::Corrupt)?;
        if size == 0 || size > LARGEST_DATA {
            return Err(Error::Corrupt);
        }
        Ok(Record { id: FileId::new(device, inode), birth_ns, size, path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(path: &str) -> Record {
        Record { id: FileId::new(1, 2), birth_ns: 3, size: 10_000, path: CString::new(path).unwrap() }
    }

    #[test]
    fn what_is_encoded_is_decoded() {
        for path in ["/", "/tmp/a file\n", &format!("/{}", "x".repeat(LONGEST_PATH - 1))] {
            let bytes = record(path).encode().unwrap();
            assert!(bytes.len() <= LONGEST);
            assert_eq!(Record::decode(&bytes), Ok(record(path)));
        }
    }

    #[test]
    fn a_path_that_nobody_can_open_is_refused() {
        let path = format!("/{}", "x".repeat(LONGEST_PATH));
        assert_eq!(record(&path).encode(), Err(Error::NameTooLong));
        let mut bytes = record("/x").encode().unwrap();
        bytes.resize(LONGEST + 1, b'x');
        assert_eq!(Record::decode(&bytes), Err(Error::Corrupt));
    }

    #[test]
    fn what_no_library_has_written_is_refused() {
        let good = record("/file").encode().unwrap();
        for length in 0..=PATH {
            assert_eq!(Record::decode(&good[..length]), Err(Error::Corrupt), "{length}");
        }
        for (offset, byte) in [(PATH, b'.'), (PATH + 2, 0), (31, 1)] {
            let mut bytes = good.clone();
            bytes[offset] = byte;
            assert_eq!(Record::decode(&bytes), Err(Error::Corrupt), "{offset}");
        }
        let empty = Record { size: 0, ..record("/file") }.encode().unwrap();
        assert_eq!(Record::decode(&empty), Err(Error::Corrupt));
    }
}
