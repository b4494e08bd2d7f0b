//! Segments of the system as sections, and what the SharedMemory functions ask of
//! a section of any kind.

use super::{Attributes, Home, Making, Pages, Section};
use crate::error::Error;
use crate::memory;
use crate::name::SectionName;
use crate::namespace::{ControlPage, Created, FileKey, LedgerFile, Permissions};
use crate::protection::{Caching, Data, Protection};
use crate::segment::{self, Attached, Identity, Segment, Source};
use crate::sys::map::PAGE_SIZE;
use crate::sys::proc_maps;

pub use segment::Status;

/// Makes the segment of a name of the system, or opens the one that exists. None:
/// it is not such a name.
pub fn create_segment(name: &SectionName, making: &Making) -> Option<Result<(Section, Created), Error>> {
    match making.attributes.pages {
        _ if matches!(name, SectionName::Object(_)) => return None,
        Pages::Committed => {}
        // Nowhere to say which pages are committed, or which file it is.
        Pages::Reserved | Pages::OfFile => return Some(Err(Error::NotSupported)),
        Pages::Large => return Some(Err(Error::PrivilegeNotHeld)),
        Pages::Image => return Some(Err(Error::BadImage)),
    }
    if making.sharing.is_closed && !matches!(name, SectionName::Object(_)) {
        // Nor that it is closed.
        return Some(Err(Error::InvalidSecurity));
    }
    let write = making.attributes.protection.data == Data::Write;
    let reserve = memory::is_reserved_at_once(making.size);
    let plan = segment::Making { size: making.size, mode: making.sharing.mode, reserve };
    let made = Segment::create(name, &plan, write)?;
    Some(made.map(|(segment, is_new)| {
        let created = if is_new { Created::Yes } else { Created::No };
        (Section::of_segment(segment, making.attributes), created)
    }))
}

/// Opens the segment of a name of the system. None: it is not such a name.
pub fn open_segment(name: &SectionName, write: bool) -> Option<Result<Section, Error>> {
    let data = if write { Data::Write } else { Data::Read };
    // Whether code may run is the mount's to say, or the segment's mode.
    let protection = Protection::new(data, true);
    let attributes = Attributes { protection, caching: Caching::Normal, pages: Pages::Committed };
    let opened = Segment::open(name, write)?;
    Some(opened.map(|segment| Section::of_segment(segment, attributes)))
}

/// What kind of segment a section is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Object,
    Posix,
    SystemV,
}

/// Where the ledger of a section is.
pub enum LedgerHome {
    /// In the section's own file.
    ControlPage(ControlPage, FileKey),
    File(LedgerFile),
}

fn permissions(status: &Status) -> Permissions {
    Permissions { owner: status.owner, group: status.group, mode: status.mode }
}

impl Section {
    pub(super) fn of_segment(segment: Segment, attributes: Attributes) -> Section {
        let exact_size = segment.size();
        let size = exact_size.next_multiple_of(PAGE_SIZE as u64);
        Section { size, exact_size, attributes, home: Home::System(segment) }
    }

    /// Bytes that were asked for when it was made.
    pub fn exact_size(&self) -> u64 {
        self.exact_size
    }

    pub fn is_writable(&self) -> bool {
        self.attributes.protection.data == Data::Write
    }

    pub fn kind(&self) -> Kind {
        match self.segment() {
            None => Kind::Object,
            Some(Segment::Posix(_)) => Kind::Posix,
            Some(Segment::SystemV(_)) => Kind::SystemV,
        }
    }

    pub fn segment(&self) -> Option<&Segment> {
        match &self.home {
            Home::System(segment) => Some(segment),
            Home::Named(..) | Home::Unnamed(_) | Home::File(_) => None,
        }
    }

    /// Maps all of it for the library's own use.
    pub fn attach(&self, write: bool) -> Result<Attached, Error> {
        if write && !self.is_writable() {
            return Err(Error::AccessDenied);
        }
        let attach = |source: Source| Attached::new(source, self.size, write);
        match &self.home {
            Home::Named(file, _) => file.with_description(|fd| attach(Source::File(fd))),
            Home::Unnamed(storage) => attach(Source::File(storage.fd()?)),
            Home::System(segment) => attach(segment.source()?),
            Home::File(_) => Err(Error::NotSupported),
        }
    }

    pub fn ledger(&self) -> Result<LedgerHome, Error> {
        match &self.home {
            Home::Named(file, _) => Ok(LedgerHome::ControlPage(file.map_control()?, file.key()?)),
            Home::System(segment) => {
                let permissions = permissions(&segment.status()?);
                LedgerFile::open(&segment.identity(), &permissions).map(LedgerHome::File)
            }
            Home::Unnamed(_) | Home::File(_) => Err(Error::NotSupported),
        }
    }

    /// Bytes that are there now, as far as the system tells.
    pub fn present_size(&self) -> Result<u64, Error> {
        match &self.home {
            Home::System(segment) => segment.status().map(|status| status.size),
            Home::Named(file, _) => file.status().map(|status| status.size),
            Home::Unnamed(_) | Home::File(_) => Ok(self.size),
        }
    }

    pub fn status(&self) -> Result<Status, Error> {
        let file = match &self.home {
            Home::System(segment) => return segment.status(),
            Home::Unnamed(_) | Home::File(_) => return Err(Error::NotSupported),
            Home::Named(file, _) => file,
        };
        let (status, creator) = (file.status()?, file.creator()?);
        Ok(Status {
            size: self.exact_size,
            owner: status.owner,
            group: status.group,
            mode: status.mode & 0o777,
            creator_process: Some(creator.process),
            create_time: Some((creator.time_ns / 1_000_000_000) as i64),
            change_time: status.change_time,
            ..Status::default()
        })
    }

    /// The processes that have it mapped, as far as this one may see; None where the
    /// status tells.
    pub fn attached_processes(&self) -> Option<u64> {
        let (device, inode) = match &self.home {
            Home::Named(file, _) => (file.id().device(), file.id().inode()),
            Home::System(segment) => match segment.identity() {
                Identity::Posix { device, inode, .. } => (device, inode),
                Identity::SystemV { .. } => return None,
            },
            Home::Unnamed(_) | Home::File(_) => return None,
        };
        proc_maps::processes_that_map(device, inode).ok()
    }

    /// Sets the permission bits. For the owner and root.
    pub fn set_mode(&self, mode: u32) -> Result<(), Error> {
        match &self.home {
            Home::Named(file, _) => file.set_mode(mode),
            Home::System(segment) => {
                let status = segment.status();
                segment.set_mode(mode)?;
                if let Ok(status) = status {
                    let permissions = Permissions { mode, ..permissions(&status) };
                    LedgerFile::change(&segment.identity(), &permissions);
                }
                Ok(())
            }
            Home::Unnamed(_) | Home::File(_) => Err(Error::NotSupported),
        }
    }

    /// Takes the name away at once; those who have the section keep it. For the
    /// owner and root.
    pub fn remove(&self) -> Result<(), Error> {
        match &self.home {
            Home::Named(file, _) => file.remove(),
            Home::System(segment) => segment.remove(),
            Home::Unnamed(_) | Home::File(_) => Err(Error::NotSupported),
        }
    }
}
