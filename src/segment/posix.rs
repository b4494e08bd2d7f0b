//! Objects that `shm_open` makes: files in /dev/shm.

use super::{Identity, Making, Status};
use crate::error::Error;
use crate::name::PosixName;
use crate::patience::Patience;
use crate::sys::file::{self, GuardedFd};
use crate::sys::system;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

/// Where glibc and musl have the objects.
pub(super) const DIRECTORY: &CStr = c"/dev/shm";

#[derive(Debug)]
pub struct PosixObject {
    file: GuardedFd,
    name: PosixName,
    size: u64,
    identity: Identity,
}

fn directory() -> Result<OwnedFd, Error> {
    file::open_directory(DIRECTORY)
}

impl PosixObject {
    /// The object with its size, or the one that exists.
    pub fn create(name: &PosixName, making: &Making, write: bool) -> Result<(PosixObject, bool), Error> {
        let directory = directory()?;
        // Somebody may remove the one that exists before it is opened.
        loop {
            if let Some(file) = make(directory.as_fd(), name, making)? {
                let made = PosixObject::new(file, name, making.size);
                return made.map(|object| (object, true)).inspect_err(|_| {
                    let _ = file::unlink(directory.as_fd(), name.as_c_str());
                });
            }
            match open_sized(directory.as_fd(), name, write) {
                Err(Error::Os(libc::ENOENT)) => {}
                result => {
                    let (file, size) = result?;
                    return PosixObject::new(file, name, size).map(|object| (object, false));
                }
            }
        }
    }

    pub fn open(name: &PosixName, write: bool) -> Result<PosixObject, Error> {
        let (file, size) = open_sized(directory()?.as_fd(), name, write)?;
        PosixObject::new(file, name, size)
    }

    /// The object of a descriptor that this program was started with.
    pub fn inherited(file: OwnedFd, name: &PosixName) -> Result<PosixObject, Error> {
        let status = file::status(file.as_fd())?;
        if !status.is_file() || status.size == 0 {
            return Err(Error::Corrupt);
        }
        PosixObject::new(file, name, status.size)
    }

    pub fn name(&self) -> &PosixName {
        &self.name
    }

    fn new(file: OwnedFd, name: &PosixName, size: u64) -> Result<PosixObject, Error> {
        let id = file::status(file.as_fd())?.id;
        let birth_ns = file::birth_ns(file.as_fd(), None)?;
        let identity = Identity::Posix { device: id.device(), inode: id.inode(), birth_ns };
        Ok(PosixObject { file: GuardedFd::new(file, id), name: name.clone(), size, identity })
    }

    pub fn identity(&self) -> Identity {
        self.identity
    }

    pub fn size(&self) -> u64 {
        self.size
    }

    /// The file; InvalidHandle when the program closed its descriptor.
    pub fn fd(&self) -> Result<BorrowedFd<'_>, Error> {
        self.file.check().map(|(fd, _)| fd).ok_or(Error::InvalidHandle)
    }

    pub fn is_gone(&self) -> bool {
        self.file.check().is_none_or(|(_, status)| status.links == 0)
    }

    pub fn status(&self) -> Result<Status, Error> {
        let (_, status) = self.file.check().ok_or(Error::InvalidHandle)?;
        let Identity::Posix { birth_ns, .. } = self.identity else { return Err(Error::Internal) };
        Ok(Status {
            size: status.size,
            owner: status.owner,
            group: status.group,
            mode: status.mode & 0o777,
            create_time: (birth_ns != 0).then_some((birth_ns / 1_000_000_000) as i64),
            change_time: status.change_time,
            ..Status::default()
        })
    }

    pub fn set_mode(&self, mode: u32) -> Result<(), Error> {
        file::set_mode(self.fd()?, mode)
    }

    /// Removes the name if it still is this object's. Needs no descriptor: perhaps there
    /// is none any more.
    pub fn remove(&self) -> Result<(), Error> {
        let path = [DIRECTORY.to_bytes(), b"/", self.name.as_c_str().to_bytes()].concat();
        let path = CString::new(path).map_err(|_| Error::Internal)?;
        match file::status_at(file::NO_DIRECTORY, &path) {
            Ok(status) if self.file.check().is_some_and(|(_, own)| own.id == status.id) => {}
            Ok(_) | Err(Error::Os(libc::ENOENT)) => return Ok(()),
            Err(error) => return Err(error),
        }
        match file::unlink(file::NO_DIRECTORY, &path) {
            Err(Error::Os(libc::ENOENT)) => Ok(()),
            result => result,
        }
    }
}

/// Makes an object that has its size, memory and mode when it gets its name. None:
/// the name is taken.
fn make(directory: BorrowedFd, name: &PosixName, making: &Making) -> Result<Option<OwnedFd>, Error> {
    match file::create_unlinked(directory) {
        Ok(file) => {
            fill(file.as_fd(), making)?;
            match file::link(file.as_fd(), directory, name.as_c_str()) {
                Ok(()) => Ok(Some(file)),
                Err(Error::Os(libc::EEXIST)) => Ok(None),
                Err(error) => Err(error),
            }
        }
        // A file system without nameless files: others may see it grow.
        Err(Error::Os(libc::EOPNOTSUPP | libc::EISDIR)) => {
            match file::create_exclusively(directory, name.as_c_str(), 0o600) {
                Ok(file) => match fill(file.as_fd(), making) {
                    Ok(()) => Ok(Some(file)),
                    Err(error) => {
                        let _ = file::unlink(directory, name.as_c_str());
                        Err(error)
                    }
                },
                Err(Error::Os(libc::EEXIST)) => Ok(None),
                Err(error) => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}

fn fill(file: BorrowedFd, making: &Making) -> Result<(), Error> {
    if making.reserve {
        file::reserve(file, 0, making.size)?;
    } else {
        let room = match file::free_space(file)? {
            Some(free) => free,
            None => system::available_memory()?,
        };
        if making.size > room {
            return Err(Error::CommitmentLimit);
        }
    }
    file::set_size(file, making.size)?;
    file::set_mode(file, making.mode)
}

/// Opens an object that has a size. One without may be on its way to `ftruncate` in
/// another program, so there is a little patience.
fn open_sized(directory: BorrowedFd, name: &PosixName, write: bool) -> Result<(OwnedFd, u64), Error> {
    let mut patience = Patience::until_ms(100);
    loop {
        let open = if write { file::open } else { file::open_read_only };
        let file = open(directory, name.as_c_str()).map_err(|error| match error {
            Error::Os(libc::EISDIR | libc::ELOOP | libc::ENXIO) => Error::AccessDenied,
            error => error,
        })?;
        let status = file::status(file.as_fd())?;
        if !status.is_file() {
            return Err(Error::AccessDenied);
        }
        if status.size != 0 {
            return Ok((file, status.size));
        }
        patience.lose_some().map_err(|_| Error::FileInvalid)?;
    }
}

/// Every object that there is.
pub struct Objects {
    /// Of the file system that they are in.
    pub device: u64,
    pub all: Vec<Identity>,
}

/// All objects; an error if one could be missing.
pub fn all() -> Result<Objects, Error> {
    let directory = directory()?;
    let directory = directory.as_fd();
    let identity = |name: &CString| {
        let status = file::status_at(directory, name)?;
        let birth_ns = file::birth_ns(directory, Some(name))?;
        Ok(Identity::Posix { device: status.id.device(), inode: status.id.inode(), birth_ns })
    };
    let is_there = |found: &Result<Identity, Error>| *found != Err(Error::Os(libc::ENOENT));
    let all = file::list(directory)?.iter().map(identity).filter(is_there).collect::<Result<_, _>>()?;
    Ok(Objects { device: file::status(directory)?.id.device(), all })
}
