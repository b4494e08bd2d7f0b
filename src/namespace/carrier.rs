//! A name that a program started by exec goes on holding: the file of an object on a
//! locked description of its own, which exec leaves open.

use super::directory::Directory;
use super::layout;
use super::named_file::NamedFile;
use super::removal::reap;
use crate::error::Error;
use crate::name::{FileName, Scope};
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::lock;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;

pub struct Carrier {
    /// None in the drop.
    file: Option<GuardedFd>,
    directory: Arc<Directory>,
    name: FileName,
}

impl NamedFile {
    /// One more hold on the name, that can be passed on by exec; with the name itself.
    /// NotFound: the name has gone.
    pub fn carry(&self) -> Result<(Carrier, Scope, Vec<u16>), Error> {
        let carrier = self.carry_alone()?;
        let units = layout::read_name(self.control_offset(), |buffer, offset| {
            let file = carrier.file().ok_or(Error::InvalidHandle)?;
            file::read_at(file.borrow(), buffer, offset)
        })?;
        Ok((carrier, self.name().scope(), units))
    }

    pub fn carry_alone(&self) -> Result<Carrier, Error> {
        let (file, id) = self.open_again()?.ok_or(Error::NotFound)?;
        if !lock::try_shared(file.as_fd(), self.lock_byte())? {
            // Cannot be: the caller holds the name. (A program may meddle.)
            return Err(Error::Busy);
        }
        Ok(Carrier::new(file::move_up(file), id, self.directory(), self.name()))
    }

    /// The hold on this name that this program was started with.
    pub fn carried_by(&self, file: GuardedFd) -> Carrier {
        Carrier { file: Some(file), directory: self.directory().clone(), name: self.name().clone() }
    }
}

impl Carrier {
    fn new(file: OwnedFd, id: FileId, directory: &Arc<Directory>, name: &FileName) -> Carrier {
        let file = Some(GuardedFd::new(file, id));
        Carrier { file, directory: directory.clone(), name: name.clone() }
    }

    pub fn file(&self) -> Option<&GuardedFd> {
        self.file.as_ref()
    }
}

impl Drop for Carrier {
    /// Unlocks nothing: relatives may have the description. Whoever is the last to close
    /// it, or to look, removes the file.
    fn drop(&mut self) {
        drop(self.file.take());
        reap(&self.directory, self.name.as_c_str());
    }
}
