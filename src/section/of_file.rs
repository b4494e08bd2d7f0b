//! Sections of files: how large they are, who may have them, and how the opener of a
//! name gets the same file.
//!
//! Such a section has a description of its own, so the handle that it was made of may
//! be closed. The object of a named one has a record of the file (`record`) where others
//! have their data. Who opens it opens that file, with his own rights to it, and makes
//! sure that it is the same one.

use super::record::{self, Record};
use super::{Attributes, Home, Making, Pages, Section};
use crate::consts::{FILE_EXECUTE, FILE_READ_DATA, FILE_WRITE_DATA};
use crate::error::Error;
use crate::file::{self as program_file, OpenFile};
use crate::memory;
use crate::name::Name;
use crate::namespace::layout::{self, Header, LARGEST_DATA, PAGE};
use crate::namespace::{self, Commitment, Created, NamedFile, Outcome, Plan};
use crate::protection::Data;
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::process;
use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Permission bits that an object with a record never has: who could write to it could
/// lead its readers to another file.
const WRITERS: u32 = 0o022;

/// The file of a section.
pub struct Contents {
    file: GuardedFd,
    pub(super) is_writable: bool,
    /// The object that has the name, if there is one.
    pub(super) name: Option<NamedFile>,
}

impl Contents {
    fn new(file: OwnedFd, id: FileId, is_writable: bool) -> Contents {
        Contents { file: GuardedFd::new(file, id), is_writable, name: None }
    }

    /// The file, if it reaches up to `end`. FileInvalid: another program cut it off.
    pub fn fd(&self, end: u64) -> Result<BorrowedFd<'_>, Error> {
        let (file, status) = self.file.check().ok_or(Error::InvalidHandle)?;
        if status.size < end { Err(Error::FileInvalid) } else { Ok(file) }
    }
}

/// A file that a section is to be made of.
pub struct Source {
    file: OwnedFd,
    id: FileId,
    path: Result<CString, Error>,
    is_writable: bool,
    /// Bytes that are to be the section's.
    size: u64,
}

impl Source {
    /// What a handle with these rights gives for a section with these attributes.
    pub fn new(file: &OpenFile, granted: u32, attributes: &Attributes) -> Result<Source, Error> {
        let protection = attributes.protection;
        let write = protection.data == Data::Write;
        let needed = FILE_READ_DATA
            | if write { FILE_WRITE_DATA } else { 0 }
            | if protection.execute { FILE_EXECUTE } else { 0 };
        if granted & needed != needed {
            return Err(Error::AccessDenied);
        }
        if !file.is_regular()? || attributes.pages == Pages::Image {
            return Err(Error::BadImage);
        }
        if attributes.pages == Pages::Large {
            return Err(Error::InvalidParameter);
        }
        Ok(Source {
            file: file.open_for_section(write)?,
            id: file.id()?,
            path: file.path(),
            is_writable: write,
            size: 0,
        })
    }

    /// Makes sure that the file has the bytes of a section; `wanted` 0: all that there
    /// are.
    pub fn make_room(&mut self, wanted: u64) -> Result<(), Error> {
        let size = file::status(self.file.as_fd())?.size;
        match if wanted == 0 { size } else { wanted } {
            0 => Err(Error::FileInvalid),
            wanted if wanted > LARGEST_DATA => Err(Error::InvalidParameter),
            wanted if wanted <= size => {
                if self.is_writable {
                    file::await_growth(self.file.as_fd(), size);
                }
                self.size = wanted;
                Ok(())
            }
            _ if !self.is_writable => Err(Error::Os(libc::ENOMEM)),
            wanted => {
                self.extend(size, wanted)?;
                self.size = wanted;
                Ok(())
            }
        }
    }

    /// New bytes are zero. As in memory, few get their storage at once, so that no
    /// store can fail later; for many there must be enough.
    fn extend(&self, size: u64, wanted: u64) -> Result<(), Error> {
        let (fd, more) = (self.file.as_fd(), wanted - size);
        let room = if memory::is_reserved_at_once(more) {
            match file::reserve(fd, size, more) {
                // Not every file system can.
                Err(Error::Os(libc::EOPNOTSUPP)) => Ok(()),
                result => result,
            }
        } else {
            memory::check_room(fd, more)
        };
        room.and_then(|()| file::grow(fd, wanted)).map_err(|error| match error {
            Error::CommitmentLimit | Error::SizeLimit | Error::Os(libc::ENOSPC | libc::EDQUOT) => {
                Error::DiskFull
            }
            error => error,
        })
    }

    fn record(&self) -> Result<Record, Error> {
        let path = match &self.path {
            Ok(path) => path.clone(),
            // Deleted, so that nobody else could open it.
            Err(Error::NotFound) => return Err(Error::FileInvalid),
            Err(error) => return Err(*error),
        };
        // A file of another mount namespace, or under another mount.
        if !file::status_at(file::NO_DIRECTORY, &path).is_ok_and(|status| status.id == self.id) {
            return Err(Error::FileInvalid);
        }
        Ok(Record { id: self.id, birth_ns: file::birth_ns(self.file.as_fd(), None)?, size: self.size, path })
    }
}

impl Section {
    /// Makes a section of a file, without a name.
    pub fn unnamed_of_file(source: Source, making: &Making) -> Result<Section, Error> {
        let contents = Contents::new(source.file, source.id, source.is_writable);
        Section::of_file(contents, source.size, making.attributes)
    }

    /// Makes a named section of a file, or opens the section that exists, whatever that
    /// shows.
    pub fn create_of_file(name: &Name, source: Source, making: &Making) -> Result<(Section, Created), Error> {
        let record = source.record()?.encode()?;
        let sharing = making.sharing;
        let header =
            Header { is_closed: sharing.is_closed, ..record_header(record.len() as u64, making.attributes) };
        let plan = Plan {
            header,
            commitment: Commitment::Sparse,
            data: &record,
            state: &[],
            mode: sharing.mode & !WRITERS,
            directory: None,
        };
        match namespace::create(name, &plan, making.asked())? {
            Outcome::Created(file) => {
                let mut contents = Contents::new(source.file, source.id, source.is_writable);
                contents.name = Some(file);
                Ok((Section::of_file(contents, source.size, making.attributes)?, Created::Yes))
            }
            Outcome::Opened(file, found) => Ok((Section::from_file(file, &found)?, Created::No)),
        }
    }

    /// The section without a name that another process had, by a descriptor of its file.
    pub(super) fn inherited_of_file(
        file: OwnedFd,
        size: u64,
        attributes: Attributes,
    ) -> Result<Section, Error> {
        let status = file::status(file.as_fd())?;
        if !status.is_file() || size == 0 || size > LARGEST_DATA {
            return Err(Error::Corrupt);
        }
        let is_writable = attributes.protection.data == Data::Write;
        Section::of_file(Contents::new(file, status.id, is_writable), size, attributes)
    }

    fn of_file(contents: Contents, size: u64, attributes: Attributes) -> Result<Section, Error> {
        let pages = size.checked_next_multiple_of(PAGE).ok_or(Error::InvalidParameter)?;
        let attributes = Attributes { pages: Pages::OfFile, ..attributes };
        Ok(Section { size: pages, exact_size: size, attributes, home: Home::File(contents) })
    }

    /// Opens the file that the record of a named object tells of.
    pub(super) fn from_record(
        object: NamedFile,
        header: &Header,
        attributes: Attributes,
    ) -> Result<Section, Error> {
        let length = if header.exact_size == 0 { header.data_size } else { header.exact_size };
        let expected = Header { is_closed: header.is_closed, ..record_header(length, attributes) };
        if length > record::LONGEST as u64 || expected != *header {
            return Err(Error::Corrupt);
        }
        // The record makes this process open a file: only root, and whom this user
        // trusts, may have written it.
        let is_safe = object.may_be_followed(|| [0, process::effective_user()])?;
        if !is_safe || object.status()?.mode & WRITERS != 0 {
            return Err(Error::AccessDenied);
        }
        let mut bytes = vec![0; length as usize];
        if object.read_data(&mut bytes)? != bytes.len() {
            return Err(Error::Corrupt);
        }
        let record = Record::decode(&bytes)?;
        let open = |write| program_file::open_for_section(&record.path, record.id, write);
        let (file, is_writable) = match attributes.protection.data {
            Data::Write => {
                open(true).map(|file| (file, true)).or_else(|_| open(false).map(|file| (file, false)))?
            }
            _ => (open(false)?, false),
        };
        if file::birth_ns(file.as_fd(), None)? != record.birth_ns {
            return Err(Error::AccessDenied);
        }
        let mut contents = Contents::new(file, record.id, is_writable);
        contents.name = Some(object);
        Section::of_file(contents, record.size, attributes)
    }

    pub fn is_of_file(&self) -> bool {
        matches!(self.home, Home::File(_))
    }
}

/// The header of an object whose data is a record of so many bytes.
fn record_header(length: u64, attributes: Attributes) -> Header {
    let data_size = length.next_multiple_of(PAGE);
    let (attribute_a, attribute_b) = Attributes { pages: Pages::OfFile, ..attributes }.encode();
    let exact_size = if length == data_size { 0 } else { length };
    Header {
        kind: layout::Kind::Section,
        is_closed: false,
        data_size,
        commit_map_size: 0,
        attribute_a,
        attribute_b,
        exact_size,
    }
}
