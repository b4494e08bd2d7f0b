//! Holding the file of a named object, and letting go of it. See `lifetime`.

mod descriptions;

use super::asked::Asked;
use super::directory::Directory;
use super::file_key::FileKey;
use super::layout::{self, Creator, Kind};
use super::removal::{self, Found, is_bound, reap, remove_if_dead};
use crate::error::Error;
use crate::fork;
use crate::name::{FileName, Name};
use crate::plant;
use crate::sys::file::{self, FileId, FileStatus, GuardedFd};
use crate::sys::lock::{self, Holder};
use crate::sys::map::{Access, SharedPage};
use crate::sys::process;
use descriptions::{Descriptor, File, lock_descriptor};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex};

/// In the mode of a file: only its owner can ever have written to it. That nobody else
/// may now is not enough: he may have the file open still, and make any other object of it.
/// Only the owner can set the bit (which Linux gives no meaning for files), and the
/// library does so at birth and never later.
pub const NEVER_OTHERS: u32 = 0o1000;

/// The control page of a file, mapped.
#[derive(Debug)]
pub struct ControlPage {
    pub page: SharedPage,
    pub is_writable: bool,
}

/// A file with the shared lock on its description.
pub struct Locked {
    pub file: OwnedFd,
    /// Opened for writing too.
    pub is_writable: bool,
    pub id: FileId,
    pub control_offset: u64,
    /// What the lock is on.
    pub lock_byte: u8,
    /// Made by this process a moment ago.
    pub is_new: bool,
}

/// The file of a named object, held: while this exists, the name does.
pub struct NamedFile {
    directory: Arc<Directory>,
    name: FileName,
    id: FileId,
    control_offset: u64,
    lock_byte: u8,
    is_maker: bool,
    /// The last fork before the file was opened: after another one, a relative
    /// shares the description.
    generation: u64,
    hold: Hold,
}

/// What keeps the locked description.
enum Hold {
    /// A descriptor; None when the name was released.
    Descriptor(Mutex<Option<Descriptor>>),
    /// A mapping of the control page, and no descriptor. None in the drop.
    Page(Option<SharedPage>),
}

impl NamedFile {
    /// Holds a locked file for an object of this kind.
    pub fn new(
        directory: &Arc<Directory>,
        name: &Name,
        file: Locked,
        kind: Kind,
    ) -> Result<NamedFile, Error> {
        let Locked { file, is_writable, id, control_offset, lock_byte, is_new: is_maker } = file;
        let hold = if kind.has_state() {
            // The mapping keeps the description when the descriptor closes.
            Hold::Page(Some(SharedPage::map(file.as_fd(), control_offset)?))
        } else {
            let file = File::Own(GuardedFd::new(file, id));
            Hold::Descriptor(Mutex::new(Some(Descriptor { file, is_writable, has_views: false })))
        };
        let (directory, name) = (directory.clone(), name.file_name().clone());
        let generation = fork::generation();
        Ok(NamedFile { directory, name, id, control_offset, lock_byte, is_maker, generation, hold })
    }

    pub fn name(&self) -> &FileName {
        &self.name
    }

    pub fn id(&self) -> FileId {
        self.id
    }

    pub fn control_offset(&self) -> u64 {
        self.control_offset
    }

    pub fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// Whether the object's maker may write into this process by way of it, and has the
    /// same guard: he is this user, or the administrator vouches for all users of the
    /// directory.
    pub fn is_trusted(&self) -> Result<bool, Error> {
        if self.directory.is_trusted() {
            return Ok(true);
        }
        let status = file::status_at(self.directory.fd(), self.name.as_c_str())?;
        Ok(status.id == self.id && status.owner == process::effective_user())
    }

    /// Whether this process may go where the object leads it: by pointers, or by a path.
    /// Only these owners can have written to it, or the administrator vouches for all.
    pub fn may_be_followed<const N: usize>(&self, owners: impl FnOnce() -> [u32; N]) -> Result<bool, Error> {
        if self.directory.is_trusted() {
            return Ok(true);
        }
        let status = file::status_at(self.directory.fd(), self.name.as_c_str())?;
        Ok(status.id == self.id && owners().contains(&status.owner) && status.mode & NEVER_OTHERS != 0)
    }

    /// What holders of the name lock.
    pub fn lock_byte(&self) -> u8 {
        self.lock_byte
    }

    /// Whether it is closed, to all but who has a handle already.
    pub fn is_closed(&self) -> bool {
        layout::is_closed_by(self.lock_byte)
    }

    /// Whether somebody who asks for this may have another handle.
    pub fn check(&self, asked: Asked) -> Result<(), Error> {
        asked.permitted?;
        if self.is_closed() { asked.check_closed(&self.status()?) } else { Ok(()) }
    }

    pub fn is_same_file(&self, other: &NamedFile) -> bool {
        self.id == other.id
    }

    /// The control page of an object with a state, for as long as `self` lives.
    pub fn control(&self) -> Option<&SharedPage> {
        match &self.hold {
            Hold::Page(page) => page.as_ref(),
            Hold::Descriptor(_) => None,
        }
    }

    /// The control page, mapped; for reading only where the user may do no more.
    pub fn map_control(&self) -> Result<ControlPage, Error> {
        self.with_description(|file| match SharedPage::map(file, self.control_offset) {
            Ok(page) => Ok(ControlPage { page, is_writable: true }),
            Err(Error::Os(libc::EACCES)) => {
                let page = SharedPage::map_for(file, self.control_offset, Access::READ)?;
                Ok(ControlPage { page, is_writable: false })
            }
            Err(error) => Err(error),
        })
    }

    /// What finds the file again, also when somebody deletes it.
    pub fn key(&self) -> Result<FileKey, Error> {
        let kept = match self.description() {
            Some(own) => Some(own),
            // A relative shares ours: then another one, without a lock.
            None => self.open_again()?.map(|(file, id)| Arc::new(GuardedFd::new(file, id))),
        };
        Ok(FileKey::new(&self.directory, self.name.as_c_str(), self.id, kept))
    }

    pub fn status(&self) -> Result<FileStatus, Error> {
        self.with_any_description(file::status)
    }

    /// Who made the object.
    pub fn creator(&self) -> Result<Creator, Error> {
        self.with_any_description(|file| {
            let mut start = [0; layout::LEDGER];
            file::read_at(file, &mut start, self.control_offset)?;
            layout::creator(&start)
        })
    }

    /// Reads what the data begins with; fewer bytes only at the end of the file.
    pub fn read_data(&self, buffer: &mut [u8]) -> Result<usize, Error> {
        self.with_any_description(|file| file::read_at(file, buffer, 0))
    }

    /// Sets the permission bits. For the owner and root.
    pub fn set_mode(&self, mode: u32) -> Result<(), Error> {
        self.with_any_description(|file| file::set_mode(file, mode))
    }

    /// Takes the name from an object that others hold: they keep it, and the next
    /// create makes a new one. For the owner and root.
    pub fn remove(&self) -> Result<(), Error> {
        let owner = match file::status_at(self.directory.fd(), self.name.as_c_str()) {
            Ok(status) if status.id == self.id => status.owner,
            Ok(_) | Err(Error::Os(libc::ENOENT)) => return Ok(()),
            Err(error) => return Err(error),
        };
        if ![0, owner].contains(&process::effective_user()) {
            return Err(Error::AccessDenied);
        }
        removal::remove(&self.directory, self.name.as_c_str(), self.id).map(|_| ())
    }

    /// Whether the name still means this file: nobody deleted it.
    pub fn is_current(&self) -> bool {
        is_bound(&self.directory, self.name.as_c_str(), self.id)
    }

    /// Gives up the name and keeps the control page, if there is one. When no
    /// descriptor is to be had for that, the name stays until the memory goes.
    pub fn release_name(&self) {
        match &self.hold {
            Hold::Descriptor(descriptor) => self.close(descriptor),
            Hold::Page(page) => {
                let opened = self.open_again().ok().flatten();
                if let (Some((unlocked, _)), Some(page)) = (opened, page) {
                    if page.remap(unlocked.as_fd(), self.control_offset).is_ok() {
                        reap(&self.directory, self.name.as_c_str());
                    }
                }
            }
        }
    }

    fn close(&self, descriptor: &Mutex<Option<Descriptor>>) {
        let Some(descriptor) = lock_descriptor(descriptor).take() else { return };
        if !self.is_unshared() || plant::is(plant::NO_REAP) {
            drop(descriptor);
            reap(&self.directory, self.name.as_c_str());
            return;
        }
        // The library got the number again: the program closed our descriptor.
        if !descriptor.file.is_latest_of_its_number() {
            return;
        }
        let remove_if_dead =
            |file| remove_if_dead(&self.directory, self.name.as_c_str(), Some(self.id), file) != Found::Held;
        // Nobody shares the description: it serves for the look back too. Who made the
        // object is often the last one who has it. So he tries first whether anybody else
        // has: if so, he still has his lock, as two have who try at the same time.
        if self.is_maker && descriptor.file.check().is_some_and(|(file, _)| remove_if_dead(file)) {
            return descriptor.close();
        }
        // If it is a stranger's by now, unlocking bytes that he has not locked does
        // him no harm.
        let file = descriptor.file.borrow();
        lock::unlock(file);
        match lock::holder(file) {
            // Somebody else holds an object by it, so it is our file.
            Ok(Holder::Shared(byte)) if byte == self.lock_byte => descriptor.close(),
            Ok(Holder::Nobody) => {
                if let Some((file, _)) = descriptor.file.check() {
                    remove_if_dead(file);
                    descriptor.close();
                }
            }
            // Being removed by somebody else; or closed.
            _ => {}
        }
    }
}

impl Drop for NamedFile {
    fn drop(&mut self) {
        match &mut self.hold {
            Hold::Page(page) => {
                *page = None;
                reap(&self.directory, self.name.as_c_str());
            }
            Hold::Descriptor(descriptor) => {
                let descriptor = std::mem::take(descriptor);
                self.close(&descriptor);
            }
        }
    }
}
