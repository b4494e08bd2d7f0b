//! Holding the file of a named object, and letting go of it. See `lifetime`.

use super::directory::Directory;
use super::file_key::FileKey;
use super::layout::{self, Creator, Kind};
use super::lifetime::Asked;
use super::removal::{self, is_bound, reap, remove_if_dead};
use crate::error::Error;
use crate::fork;
use crate::name::{FileName, Name};
use crate::plant;
use crate::sys::file::{self, FileId, FileStatus, GuardedFd};
use crate::sys::lock::{self, Holder};
use crate::sys::map::{Access, SharedPage};
use crate::sys::process;
use std::ops::Deref;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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
    pub id: FileId,
    pub control_offset: u64,
    /// What the lock is on.
    pub lock_byte: u8,
}

/// The file of a named object, held: while this exists, the name does.
pub struct NamedFile {
    directory: Arc<Directory>,
    name: FileName,
    id: FileId,
    control_offset: u64,
    lock_byte: u8,
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

struct Descriptor {
    file: File,
    /// Views are mapped through it, and keep the description.
    has_views: bool,
}

enum File {
    Own(GuardedFd),
    /// Views keep it too (see `NamedFile::description`).
    Shared(Arc<GuardedFd>),
}

impl Deref for File {
    type Target = GuardedFd;

    fn deref(&self) -> &GuardedFd {
        match self {
            File::Own(file) => file,
            File::Shared(file) => file,
        }
    }
}

impl NamedFile {
    /// Holds a locked file for an object of this kind.
    pub fn new(
        directory: &Arc<Directory>,
        name: &Name,
        file: Locked,
        kind: Kind,
    ) -> Result<NamedFile, Error> {
        let Locked { file, id, control_offset, lock_byte } = file;
        let hold = if kind.has_state() {
            // The mapping keeps the description when the descriptor closes.
            Hold::Page(Some(SharedPage::map(file.as_fd(), control_offset)?))
        } else {
            let file = File::Own(GuardedFd::new(file, id));
            Hold::Descriptor(Mutex::new(Some(Descriptor { file, has_views: false })))
        };
        let (directory, name) = (directory.clone(), name.file_name().clone());
        let generation = fork::generation();
        Ok(NamedFile { directory, name, id, control_offset, lock_byte, generation, hold })
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
    pub fn may_be_followed(&self, owners: &[u32]) -> Result<bool, Error> {
        if self.directory.is_trusted() {
            return Ok(true);
        }
        let status = file::status_at(self.directory.fd(), self.name.as_c_str())?;
        Ok(status.id == self.id && owners.contains(&status.owner) && status.mode & NEVER_OTHERS != 0)
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

    /// Another description of the file, without a lock: mappings made through
    /// it do not hold the name. Works also when somebody deleted the file and
    /// `self` has a descriptor; else None.
    pub fn open_again(&self) -> Result<Option<(OwnedFd, FileId)>, Error> {
        match file::open_as_permitted(self.directory.fd(), self.name.as_c_str()) {
            Ok(file) if file::status(file.as_fd())?.id == self.id => return Ok(Some((file, self.id))),
            Ok(_) | Err(Error::Os(libc::ENOENT)) => {}
            Err(error) => return Err(error),
        }
        let Hold::Descriptor(descriptor) = &self.hold else { return Ok(None) };
        match lock_descriptor(descriptor).as_ref().and_then(|descriptor| descriptor.file.check()) {
            Some((locked, _)) => file::reopen(locked).map(|file| Some((file, self.id))),
            None => Ok(None),
        }
    }

    /// Runs `map` with a description of the file to map a view through.
    ///
    /// Views keep their description for as long as they live, so it must be one
    /// whose lock can be given up before: our own, as long as no relative shares
    /// it (see `split`), else one without a lock.
    pub fn with_description<R>(&self, map: impl FnOnce(BorrowedFd) -> Result<R, Error>) -> Result<R, Error> {
        if let (Hold::Descriptor(descriptor), true) = (&self.hold, self.is_unshared()) {
            let mut descriptor = lock_descriptor(descriptor);
            if let Some(descriptor) = descriptor.as_mut() {
                if let Some((file, _)) = descriptor.file.check() {
                    descriptor.has_views = true;
                    return map(file);
                }
            }
        }
        let (file, _) = self.open_again()?.ok_or(Error::InvalidHandle)?;
        map(file.as_fd())
    }

    /// Our own description, to be kept by views that need more of the file than
    /// their mapping. As for views themselves, it must not be shared.
    pub fn description(&self) -> Option<Arc<GuardedFd>> {
        let (Hold::Descriptor(descriptor), true) = (&self.hold, self.is_unshared()) else { return None };
        let mut descriptor = lock_descriptor(descriptor);
        let file = match descriptor.take()?.file {
            File::Own(file) => Arc::new(file),
            File::Shared(file) => file,
        };
        *descriptor = Some(Descriptor { file: File::Shared(file.clone()), has_views: true });
        Some(file)
    }

    fn is_unshared(&self) -> bool {
        self.generation == fork::generation()
    }

    /// Before a fork: moves the lock to a description that no view keeps. Else a
    /// view of the child would hold the name after its parent was killed, though
    /// nobody has a handle. (Without a descriptor for it, it may be so.)
    pub fn split(&self) {
        let Hold::Descriptor(descriptor) = &self.hold else { return };
        if !lock_descriptor(descriptor).as_ref().is_some_and(|descriptor| descriptor.has_views) {
            return;
        }
        let Ok(Some((fresh, id))) = self.open_again() else { return };
        if let Ok(true) = lock::try_shared(fresh.as_fd(), self.lock_byte) {
            let fresh = Descriptor { file: File::Own(GuardedFd::new(fresh, id)), has_views: false };
            let old = lock_descriptor(descriptor).replace(fresh);
            if let Some((file, _)) = old.as_ref().and_then(|old| old.file.check()) {
                lock::unlock(file);
            }
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

    /// Runs `act` with a description that needs to be good for nothing but itself. The
    /// mode may forbid to open another one.
    fn with_any_description<R>(&self, act: impl FnOnce(BorrowedFd) -> Result<R, Error>) -> Result<R, Error> {
        if let Hold::Descriptor(descriptor) = &self.hold {
            let descriptor = lock_descriptor(descriptor);
            if let Some((file, _)) = descriptor.as_ref().and_then(|descriptor| descriptor.file.check()) {
                return act(file);
            }
        }
        let (file, _) = self.open_again()?.ok_or(Error::InvalidHandle)?;
        act(file.as_fd())
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
        removal::remove(&self.directory, self.name.as_c_str(), self.id)
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
        // Nobody shares the description: it serves for the look back too. If it
        // is a stranger's by now, unlocking bytes that he has not locked does
        // him no harm.
        let file = descriptor.file.borrow();
        lock::unlock(file);
        match lock::holder(file) {
            // Somebody else holds an object by it, so it is our file.
            Ok(Holder::Shared(byte)) if byte == self.lock_byte => {
                let alone = match descriptor.file {
                    File::Own(file) => Some(file),
                    File::Shared(file) => Arc::into_inner(file),
                };
                drop(alone.map(GuardedFd::into_file));
            }
            Ok(Holder::Nobody) => {
                if let Some((file, _)) = descriptor.file.check() {
                    remove_if_dead(&self.directory, self.name.as_c_str(), self.id, file);
                }
            }
            // Being removed by somebody else; or closed.
            _ => {}
        }
    }
}

fn lock_descriptor(descriptor: &Mutex<Option<Descriptor>>) -> MutexGuard<'_, Option<Descriptor>> {
    descriptor.lock().unwrap_or_else(PoisonError::into_inner)
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
