//! Sections without a name of the name space, as a program started by exec gets them.
//! (A named one is opened again, by its name.)

use super::{Attributes, Pages, Section, commit_map, section_header};
use crate::error::Error;
use crate::memory::Storage;
use crate::name::PosixName;
use crate::segment::{Identity, PosixObject, Segment, SystemVSegment};
use crate::sys::file::{self, GuardedFd};
use crate::sys::inherit;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

/// What another program needs of a section.
pub struct Export {
    pub home: Home,
    pub attribute_a: u32,
    pub attribute_b: u32,
}

pub enum Home {
    /// The file, and how many bytes were asked for. Also a file of the program.
    Unnamed(OwnedFd, u64),
    Posix(OwnedFd, PosixName),
    SystemV(Identity),
}

impl Section {
    /// None: the section has a name.
    pub fn export(&self) -> Option<Result<Export, Error>> {
        let home = match &self.home {
            super::Home::Named(..) => return None,
            super::Home::File(contents) if contents.name.is_some() => return None,
            super::Home::File(contents) => {
                contents.fd(0).and_then(inherit::duplicate).map(|file| Home::Unnamed(file, self.exact_size))
            }
            super::Home::Unnamed(storage) => {
                storage.fd().and_then(inherit::duplicate).map(|file| Home::Unnamed(file, self.exact_size))
            }
            super::Home::System(Segment::Posix(object)) => {
                object.fd().and_then(inherit::duplicate).map(|file| Home::Posix(file, object.name().clone()))
            }
            super::Home::System(segment @ Segment::SystemV(_)) => Ok(Home::SystemV(segment.identity())),
        };
        let (attribute_a, attribute_b) = self.attributes.encode();
        Some(home.map(|home| Export { home, attribute_a, attribute_b }))
    }

    /// The section of another process. Trusts nothing but the descriptor.
    pub fn inherited(export: Export) -> Result<Section, Error> {
        let attributes = Attributes::decode(export.attribute_a, export.attribute_b)?;
        match export.home {
            Home::Unnamed(file, exact_size) if attributes.pages == Pages::OfFile => {
                Section::inherited_of_file(file, exact_size, attributes)
            }
            Home::Unnamed(file, exact_size) => unnamed(file, exact_size, attributes),
            Home::Posix(file, name) => {
                let object = PosixObject::inherited(file, &name)?;
                Ok(Section::of_segment(Segment::Posix(object), attributes))
            }
            Home::SystemV(identity) => {
                let segment = SystemVSegment::inherited(&identity)?;
                Ok(Section::of_segment(Segment::SystemV(segment), attributes))
            }
        }
    }
}

fn unnamed(file: OwnedFd, exact_size: u64, attributes: Attributes) -> Result<Section, Error> {
    let header = section_header(exact_size, attributes)?;
    let status = file::status(file.as_fd())?;
    if !status.is_file() || status.size != header.data_size + header.commit_map_size {
        return Err(Error::Corrupt);
    }
    let storage = Storage::new(Arc::new(GuardedFd::new(file, status.id)), commit_map(&header));
    let home = super::Home::Unnamed(Arc::new(storage));
    Ok(Section { size: header.data_size, exact_size, attributes, home })
}
