//! Sections: memory that processes share, named or not.
//!
//! A section is a file with the attributes it was made with (`attributes`). The
//! file of a named one also holds its name (`namespace::NamedFile`); that of an
//! unnamed one is plain `memory::Storage`, which sections with a commit map keep
//! as well. The name goes with the last handle and the memory with the last view:
//! a view keeps the file mapped, never the name.
//!
//! Sections of files (`of_file`) and segments of the system (`of_system`) are sections
//! too; the latter have their own lifetime.

mod attributes;
mod inherited;
mod of_file;
mod of_system;
pub mod record;
mod view;

pub use attributes::{Attributes, Pages};
pub use inherited::{Export, Home as ExportedHome};
pub use of_file::Source;
pub use of_system::{Kind, LedgerHome, Status, create_segment, open_segment};
pub use view::{Request, ViewKind};

use crate::access::Wanted;
use crate::consts::SECTION_MAP_WRITE;
use crate::error::Error;
use crate::memory::{self, Storage};
use crate::name::Name;
use crate::namespace::layout::{self, Header, LARGEST_DATA, PAGE};
use crate::namespace::{self, Asked, Commitment, Created, NamedFile, Outcome, Plan};
use crate::protection::{Caching, Data};
use crate::security::Sharing;
use crate::segment::Segment;
use crate::sys::file::{self, GuardedFd};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

/// A section object.
pub struct Section {
    /// Bytes, in whole pages.
    size: u64,
    /// Bytes that were asked for.
    exact_size: u64,
    attributes: Attributes,
    home: Home,
}

/// Where the section's file is.
enum Home {
    /// Sections with a commit map keep a description for their views.
    Named(NamedFile, Option<Arc<Storage>>),
    /// Large pages too.
    Unnamed(Arc<Storage>),
    /// A file of the program, with or without a name.
    File(of_file::Contents),
    System(Segment),
}

/// How to make a section.
#[derive(Clone, Copy)]
pub struct Making {
    /// Bytes; 0: as large as the file.
    pub size: u64,
    pub attributes: Attributes,
    /// Of a named section.
    pub sharing: Sharing,
}

impl Making {
    /// Whether there can be such a section of memory.
    pub fn check(&self) -> Result<(), Error> {
        if self.attributes.pages == Pages::Image {
            return Err(Error::BadImage);
        }
        section_header(self.size, self.attributes).map(|_| ())
    }

    /// What is asked of the section that has the name already.
    fn asked(&self) -> Asked {
        Asked { writes: self.attributes.protection.data == Data::Write, ..Asked::PERMITTED }
    }
}

impl Section {
    /// Makes a section without a name.
    pub fn unnamed(size: u64, attributes: Attributes) -> Result<Section, Error> {
        let header = section_header(size, attributes)?;
        let file = match attributes.pages {
            Pages::Large => memory::create_large(header.data_size)?,
            _ => create_small(&header)?,
        };
        let id = file::status(file.as_fd())?.id;
        let storage = Arc::new(Storage::new(Arc::new(GuardedFd::new(file, id)), commit_map(&header)));
        Ok(Section { size: header.data_size, exact_size: size, attributes, home: Home::Unnamed(storage) })
    }

    /// Makes a named section, or opens the one that exists, whatever its size
    /// and attributes are.
    pub fn create(name: &Name, making: &Making) -> Result<(Section, Created), Error> {
        if making.attributes.pages == Pages::Large {
            // The file of a name is not in the file system that has large pages.
            return Err(Error::PrivilegeNotHeld);
        }
        let sharing = making.sharing;
        let header =
            Header { is_closed: sharing.is_closed, ..section_header(making.size, making.attributes)? };
        let plan = Plan {
            header,
            commitment: commitment(&header),
            data: &[],
            state: &[],
            mode: sharing.mode,
            directory: None,
        };
        match namespace::create(name, &plan, making.asked())? {
            Outcome::Created(file) => Ok((Section::from_file(file, &header)?, Created::Yes)),
            Outcome::Opened(file, found) => Ok((Section::from_file(file, &found)?, Created::No)),
        }
    }

    /// Opens a named section.
    pub fn open(name: &Name, asked: Asked) -> Result<Section, Error> {
        let (file, header) = namespace::open(name, layout::Kind::Section, asked)?;
        Section::from_file(file, &header)
    }

    fn from_file(file: NamedFile, header: &Header) -> Result<Section, Error> {
        let attributes = Attributes::decode(header.attribute_a, header.attribute_b)?;
        match attributes.pages {
            Pages::Committed | Pages::Reserved => {}
            Pages::OfFile => return Section::from_record(file, header, attributes),
            Pages::Large | Pages::Image => return Err(Error::Corrupt),
        }
        let exact_size = if header.exact_size == 0 { header.data_size } else { header.exact_size };
        let expected = section_header(exact_size, attributes)?;
        if (Header { is_closed: header.is_closed, ..expected }) != *header {
            return Err(Error::Corrupt);
        }
        let storage = match commit_map(header) {
            None => None,
            map => {
                let description = file.description().ok_or(Error::Internal)?;
                Some(Arc::new(Storage::new(description, map)))
            }
        };
        Ok(Section { size: header.data_size, exact_size, attributes, home: Home::Named(file, storage) })
    }

    pub fn name(&self) -> Option<&NamedFile> {
        match &self.home {
            Home::Named(file, _) => Some(file),
            Home::File(contents) => contents.name.as_ref(),
            Home::Unnamed(_) | Home::System(_) => None,
        }
    }

    /// Whether both show the same bytes, though this process opened them twice.
    pub fn is_same(&self, other: &Section) -> bool {
        match (&self.home, &other.home) {
            (Home::System(first), Home::System(second)) => first.identity() == second.identity(),
            _ => match (self.name(), other.name()) {
                (Some(first), Some(second)) => first.is_same_file(second),
                _ => false,
            },
        }
    }

    /// What a handle gets of the rights that somebody wants.
    pub fn grant(&self, wanted: Wanted) -> Result<u32, Error> {
        let is_granted = wanted.rights & SECTION_MAP_WRITE == 0 || self.may_be_written()?;
        wanted.without(if is_granted { 0 } else { SECTION_MAP_WRITE })
    }

    /// Whether this user may write to what the section shows, whatever its protection lets
    /// views do.
    fn may_be_written(&self) -> Result<bool, Error> {
        Ok(match &self.home {
            Home::Named(file, None) => file.may_be_written()?,
            Home::Named(file, Some(storage)) => {
                storage.is_writable() || file.open_to_write()?.is_some_and(|fresh| storage.write_by(fresh))
            }
            Home::Unnamed(_) => true,
            // A file that no view writes to was opened for reading.
            Home::File(contents) => contents.is_writable || self.attributes.protection.data != Data::Write,
            Home::System(_) => self.is_writable(),
        })
    }

    /// Bytes that views may reach: of a file those that were asked for, of memory its
    /// whole pages.
    fn limit(&self) -> u64 {
        if self.is_of_file() { self.exact_size } else { self.size }
    }

    pub fn facts(&self) -> Facts {
        Facts { size: self.limit(), caching: self.attributes.caching, pages: self.attributes.pages }
    }

    /// The last handle is closed; views or other threads keep the memory.
    pub fn release_name(&self) {
        if let Some(name) = self.name() {
            name.release_name();
        }
    }
}

/// What NtQuerySection tells.
pub struct Facts {
    pub size: u64,
    pub caching: Caching,
    pub pages: Pages,
}

/// The file of an unnamed section of ordinary pages.
fn create_small(header: &Header) -> Result<OwnedFd, Error> {
    let file = file::create_nameless(c"winshm-section")?;
    let whole = header.data_size + header.commit_map_size;
    match commitment(header) {
        Commitment::Reserved => file::set_size_and_reserve(file.as_fd(), whole)?,
        Commitment::Checked => {
            memory::check_room(file.as_fd(), whole)?;
            file::set_size(file.as_fd(), whole)?;
        }
        Commitment::Sparse => file::set_size(file.as_fd(), whole)?,
    }
    Ok(file)
}

fn section_header(size: u64, attributes: Attributes) -> Result<Header, Error> {
    let data_size = size.checked_next_multiple_of(PAGE).ok_or(Error::InvalidParameter)?;
    if data_size == 0 || data_size > LARGEST_DATA {
        return Err(Error::InvalidParameter);
    }
    let is_reserve = attributes.pages == Pages::Reserved;
    let commit_map_size = if is_reserve { (data_size / PAGE).next_multiple_of(PAGE) } else { 0 };
    let (attribute_a, attribute_b) = attributes.encode();
    let exact_size = if size == data_size { 0 } else { size };
    Ok(Header {
        kind: layout::Kind::Section,
        data_size,
        commit_map_size,
        attribute_a,
        attribute_b,
        exact_size,
        is_closed: false,
    })
}

fn commitment(header: &Header) -> Commitment {
    match header.commit_map_size {
        0 if memory::is_reserved_at_once(header.data_size) => Commitment::Reserved,
        0 => Commitment::Checked,
        _ => Commitment::Sparse,
    }
}

fn commit_map(header: &Header) -> Option<u64> {
    (header.commit_map_size > 0).then(|| header.commit_map_offset())
}
