//! Segments that `shmget` makes, by key.

use super::{Identity, Making, Status};
use crate::error::Error;
use crate::sys::map::{self, PAGE_SIZE};
use crate::sys::process;
use crate::sys::system_v::{self, Attachment, Id};

#[derive(Debug)]
pub struct SystemVSegment {
    id: Id,
    size: u64,
    /// User and group, when it was opened.
    owner: (u32, u32),
    identity: Identity,
}

impl SystemVSegment {
    pub fn create(key: u32, making: &Making, write: bool) -> Result<(SystemVSegment, bool), Error> {
        let size = usize::try_from(making.size).map_err(|_| Error::InvalidParameter)?;
        // Somebody may remove the one that exists before it is found.
        loop {
            match system_v::create(key, size, making.mode) {
                Ok(id) => {
                    let made = SystemVSegment::new(id).inspect_err(|_| {
                        let _ = system_v::destroy(id);
                    });
                    return made.map(|segment| (segment, true));
                }
                Err(Error::Os(libc::EEXIST)) => {}
                Err(error) => return Err(error),
            }
            match SystemVSegment::open(key, write) {
                Err(Error::NotFound) => {}
                result => return result.map(|segment| (segment, false)),
            }
        }
    }

    pub fn open(key: u32, write: bool) -> Result<SystemVSegment, Error> {
        system_v::find(key, write).and_then(SystemVSegment::new).map_err(gone_is_not_found)
    }

    /// The segment that another process had open.
    pub fn inherited(identity: &Identity) -> Result<SystemVSegment, Error> {
        let Identity::SystemV { id, .. } = *identity else { return Err(Error::Corrupt) };
        let segment = SystemVSegment::new(id as Id).map_err(gone_is_not_found)?;
        if segment.identity == *identity { Ok(segment) } else { Err(Error::NotFound) }
    }

    fn new(id: Id) -> Result<SystemVSegment, Error> {
        let status = system_v::status(id)?;
        let identity = identity(id, status.creator_process);
        Ok(SystemVSegment { id, size: status.size, owner: (status.owner, status.group), identity })
    }

    pub fn identity(&self) -> Identity {
        self.identity
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    pub fn whole(&self) -> map::Segment {
        map::Segment { id: self.id, size: self.size.next_multiple_of(PAGE_SIZE as u64) as usize }
    }

    pub fn status(&self) -> Result<Status, Error> {
        let status = system_v::status(self.id).map_err(gone_is_not_found)?;
        let known = |time: i64| (time != 0).then_some(time);
        let process = |id: u32| (id != 0).then_some(id);
        Ok(Status {
            size: status.size,
            owner: status.owner,
            group: status.group,
            mode: status.mode,
            creator_process: process(status.creator_process),
            last_process: process(status.last_process),
            attached: Some(status.attached),
            create_time: None,
            attach_time: known(status.attach_time),
            detach_time: known(status.detach_time),
            change_time: status.change_time,
        })
    }

    pub fn set_mode(&self, mode: u32) -> Result<(), Error> {
        system_v::set_mode(self.id, self.owner, mode).map_err(gone_is_not_found)
    }

    pub fn remove(&self) -> Result<(), Error> {
        match system_v::destroy(self.id).map_err(gone_is_not_found) {
            Err(Error::NotFound) => Ok(()),
            result => result,
        }
    }
}

/// The kernel's words for a segment that was removed.
fn gone_is_not_found(error: Error) -> Error {
    match error {
        Error::Os(libc::ENOENT | libc::EIDRM | libc::EINVAL) => Error::NotFound,
        error => error,
    }
}

pub(super) fn identity(id: Id, creator: u32) -> Identity {
    Identity::SystemV { ipc_namespace: process::ipc_namespace(), id: id as u32, creator }
}

/// Attaches a whole segment at any address.
pub fn attach(segment: map::Segment, write: bool) -> Result<usize, Error> {
    system_v::attach(segment.id, Attachment { write, execute: false }).map_err(gone_is_not_found)
}

/// Whether a segment exists, or perhaps does. One of another IPC namespace cannot be
/// asked about, 0 is not known. The creator does not tell: in another PID namespace the same one has
/// another number, or none. (The kernel uses an id again after a long time only.)
pub fn exists(wanted: &Identity) -> bool {
    let Identity::SystemV { ipc_namespace, id, .. } = *wanted else { return true };
    if ipc_namespace == 0 || ipc_namespace != process::ipc_namespace() {
        return true;
    }
    !matches!(system_v::status(id as i32).map_err(gone_is_not_found), Err(Error::NotFound))
}
