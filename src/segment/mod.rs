//! Segments of the system: what `shm_open` and `shmget` make, and every program
//! can use without this library. They outlive their users until somebody removes
//! them, and nothing of ours is added to them.

#[cfg(feature = "tool")]
mod every;
mod posix;
mod system_v;

#[cfg(feature = "tool")]
pub use every::{EveryPosix, every_posix, every_system_v};

pub use posix::PosixObject;
pub use system_v::SystemVSegment;

use crate::error::Error;
use crate::name::SectionName;
use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
use std::os::fd::BorrowedFd;

/// A segment of the system, open.
#[derive(Debug)]
pub enum Segment {
    Posix(PosixObject),
    SystemV(SystemVSegment),
}

/// Which segment it is: no other one has the same values, at the same time or soon
/// after. (A System V segment's times change, its creator does not.)
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Identity {
    Posix { device: u64, inode: u64, birth_ns: u64 },
    SystemV { ipc_namespace: u64, id: u32, creator: u32 },
}

/// What the system tells of a segment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Status {
    pub size: u64,
    pub owner: u32,
    pub group: u32,
    pub mode: u32,
    pub creator_process: Option<u32>,
    pub last_process: Option<u32>,
    pub attached: Option<u64>,
    /// Seconds since 1970.
    pub create_time: Option<i64>,
    pub attach_time: Option<i64>,
    pub detach_time: Option<i64>,
    pub change_time: i64,
}

/// Where a mapping of a segment comes from.
#[derive(Clone, Copy)]
pub enum Source<'s> {
    File(BorrowedFd<'s>),
    /// A file of large pages.
    LargePages(BorrowedFd<'s>),
    SystemV(map::Segment),
}

impl<'s> Source<'s> {
    /// The source from an offset on, with stores seen by everybody.
    pub fn shared(self, offset: u64) -> Contents<'s> {
        match self {
            Source::File(file) | Source::LargePages(file) => Contents::Shared(file, offset),
            Source::SystemV(segment) => Contents::Segment(segment, offset),
        }
    }
}

/// How to make a segment.
#[derive(Clone, Copy, Debug)]
pub struct Making {
    /// Bytes, not 0.
    pub size: u64,
    pub mode: u32,
    /// How much of it gets its memory at once.
    pub reserve: bool,
}

impl Segment {
    /// Makes the segment of a name, or opens the one that exists, whatever its size
    /// is; true if it was made. None: the name is not one of the system's.
    pub fn create(
        name: &SectionName,
        making: &Making,
        write: bool,
    ) -> Option<Result<(Segment, bool), Error>> {
        match name {
            SectionName::Object(_) => None,
            SectionName::Posix(name) => Some(
                PosixObject::create(name, making, write).map(|(object, made)| (Segment::Posix(object), made)),
            ),
            SectionName::SystemV(key) => Some(
                SystemVSegment::create(*key, making, write)
                    .map(|(segment, made)| (Segment::SystemV(segment), made)),
            ),
        }
    }

    /// Opens the segment of a name, also for writing if `write`.
    pub fn open(name: &SectionName, write: bool) -> Option<Result<Segment, Error>> {
        match name {
            SectionName::Object(_) => None,
            SectionName::Posix(name) => Some(PosixObject::open(name, write).map(Segment::Posix)),
            SectionName::SystemV(key) => Some(SystemVSegment::open(*key, write).map(Segment::SystemV)),
        }
    }

    pub fn identity(&self) -> Identity {
        match self {
            Segment::Posix(object) => object.identity(),
            Segment::SystemV(segment) => segment.identity(),
        }
    }

    /// Bytes when it was opened, not 0.
    pub fn size(&self) -> u64 {
        match self {
            Segment::Posix(object) => object.size(),
            Segment::SystemV(segment) => segment.size(),
        }
    }

    pub fn source(&self) -> Result<Source<'_>, Error> {
        match self {
            Segment::Posix(object) => object.fd().map(Source::File),
            Segment::SystemV(segment) => Ok(Source::SystemV(segment.whole())),
        }
    }

    pub fn status(&self) -> Result<Status, Error> {
        match self {
            Segment::Posix(object) => object.status(),
            Segment::SystemV(segment) => segment.status(),
        }
    }

    /// Sets the permission bits. For the owner and root.
    pub fn set_mode(&self, mode: u32) -> Result<(), Error> {
        match self {
            Segment::Posix(object) => object.set_mode(mode),
            Segment::SystemV(segment) => segment.set_mode(mode),
        }
    }

    /// Takes the name away; those who have the segment keep it. For the owner and
    /// root. A segment whose name is gone already is as wanted.
    pub fn remove(&self) -> Result<(), Error> {
        match self {
            Segment::Posix(object) => object.remove(),
            Segment::SystemV(segment) => segment.remove(),
        }
    }

    /// Whether nobody can open it any more.
    pub fn is_gone(&self) -> bool {
        match self {
            Segment::Posix(object) => object.is_gone(),
            Segment::SystemV(segment) => !system_v::exists(&segment.identity()),
        }
    }
}

/// Tells which of many segments still exist, asking the system no more than it must.
#[derive(Default)]
pub struct Census {
    posix: Option<Result<posix::Objects, Error>>,
}

impl Census {
    /// Whether a segment can still be opened. When nobody can tell, it can.
    pub fn has(&mut self, identity: &Identity) -> bool {
        match identity {
            Identity::Posix { device, .. } => match self.posix.get_or_insert_with(posix::all) {
                // Of another file system, which programs elsewhere have there, nothing
                // is known.
                Ok(objects) if objects.device == *device => objects.all.contains(identity),
                _ => true,
            },
            Identity::SystemV { .. } => system_v::exists(identity),
        }
    }
}

/// A whole segment, mapped for the library's own use.
#[derive(Debug)]
pub struct Attached {
    address: usize,
    length: usize,
    is_system_v: bool,
}

impl Attached {
    /// Maps `size` bytes of the source.
    pub fn new(source: Source, size: u64, write: bool) -> Result<Attached, Error> {
        let length = usize::try_from(size).ok().and_then(|size| size.checked_next_multiple_of(PAGE_SIZE));
        let length = length.ok_or(Error::Os(libc::ENOMEM))?;
        let access = if write { Access::READ_WRITE } else { Access::READ };
        let address = match source {
            Source::File(_) | Source::LargePages(_) => {
                map::map(Place::Anywhere, length, access, source.shared(0))?
            }
            Source::SystemV(segment) => system_v::attach(segment, write)?,
        };
        Ok(Attached { address, length, is_system_v: matches!(source, Source::SystemV(_)) })
    }

    pub fn address(&self) -> *mut u8 {
        self.address as *mut u8
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        if self.is_system_v {
            // SAFETY: attached by `new`, detached only here.
            unsafe { crate::sys::system_v::detach(self.address) };
        } else {
            // SAFETY: mapped by `new`, unmapped only here.
            let _ = unsafe { map::unmap(self.address, self.length) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn make(name: String) -> Segment {
        let name = SectionName::of_segment(name.encode_utf16().collect()).unwrap();
        let making = Making { size: 4096, mode: 0o600, reserve: false };
        Segment::create(&name, &making, true).unwrap().unwrap().0
    }

    fn exists(identity: &Identity) -> bool {
        Census::default().has(identity)
    }

    /// What this process cannot see may be there.
    #[test]
    fn a_posix_object_is_gone_when_its_file_system_says_so() {
        let object = make(format!("/winshm-census-{}", std::process::id()));
        let identity = object.identity();
        let Identity::Posix { device, inode, birth_ns } = identity else { panic!() };
        let elsewhere = Identity::Posix { device: device + 1, inode, birth_ns };
        let older = Identity::Posix { device, inode, birth_ns: birth_ns - 1 };
        assert!(exists(&identity) && exists(&elsewhere) && !exists(&older));
        object.remove().unwrap();
        assert!(!exists(&identity) && exists(&elsewhere));
    }

    #[test]
    fn a_system_v_segment_is_gone_when_its_id_is() {
        let segment = make(format!("SysV\\{}", 0x5100_0000 + std::process::id()));
        let identity = segment.identity();
        let Identity::SystemV { ipc_namespace, id, .. } = identity else { panic!() };
        let seen_from_elsewhere = Identity::SystemV { ipc_namespace, id, creator: 0 };
        let elsewhere = Identity::SystemV { ipc_namespace: ipc_namespace + 1, id, creator: 0 };
        assert!(exists(&identity) && exists(&seen_from_elsewhere) && exists(&elsewhere));
        segment.remove().unwrap();
        assert!(!exists(&identity) && !exists(&seen_from_elsewhere) && exists(&elsewhere));
    }
}
