//! Open file descriptions of a named object's file: the one that holds the name, and
//! others, for views and look-ups.

use super::{Hold, NamedFile};
use crate::error::Error;
use crate::fork;
use crate::namespace::removal::reap;
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::lock;
use std::ops::Deref;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub struct Descriptor {
    pub file: File,
    /// Opened for writing too.
    pub is_writable: bool,
    /// Views are mapped through it, and keep the description.
    pub has_views: bool,
}

impl Descriptor {
    /// Closes it, right after a check, unless views keep it.
    pub fn close(self) {
        let alone = match self.file {
            File::Own(file) => Some(file),
            File::Shared(file) => Arc::into_inner(file),
        };
        if let Some(file) = alone {
            file::close("close: name", file.into_file());
        }
    }
}

pub enum File {
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

pub fn lock_descriptor(descriptor: &Mutex<Option<Descriptor>>) -> MutexGuard<'_, Option<Descriptor>> {
    descriptor.lock().unwrap_or_else(PoisonError::into_inner)
}

impl NamedFile {
    /// Another description of the file, without a lock: mappings made through
    /// it do not hold the name. Works also when somebody deleted the file and
    /// `self` has a descriptor; else None.
    pub fn open_again(&self) -> Result<Option<(OwnedFd, FileId)>, Error> {
        Ok(self.open_as_permitted()?.map(|(file, _)| (file, self.id)))
    }

    /// `open_again`, and whether the description is good for writing.
    fn open_as_permitted(&self) -> Result<Option<(OwnedFd, bool)>, Error> {
        match file::open_as_permitted(self.directory.fd(), self.name.as_c_str()) {
            Ok(opened) if file::status(opened.0.as_fd())?.id == self.id => return Ok(Some(opened)),
            Ok(_) | Err(Error::Os(libc::ENOENT)) => {}
            Err(error) => return Err(error),
        }
        let Hold::Descriptor(descriptor) = &self.hold else { return Ok(None) };
        match lock_descriptor(descriptor).as_ref().and_then(|descriptor| descriptor.file.check()) {
            Some((locked, _)) => file::reopen_as_permitted(locked).map(Some),
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
        let Descriptor { file, is_writable, .. } = descriptor.take()?;
        let file = match file {
            File::Own(file) => Arc::new(file),
            File::Shared(file) => file,
        };
        let shared = File::Shared(file.clone());
        *descriptor = Some(Descriptor { file: shared, is_writable, has_views: true });
        Some(file)
    }

    pub(super) fn is_unshared(&self) -> bool {
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
        if let Ok(Some(fresh)) = self.open_as_permitted() {
            self.hold_by(descriptor, fresh);
        }
    }

    /// Whether views may write: what the mode says now counts, if it forbade it when the
    /// file was opened.
    pub fn may_be_written(&self) -> Result<bool, Error> {
        let Hold::Descriptor(descriptor) = &self.hold else { return Ok(true) };
        if lock_descriptor(descriptor).as_ref().is_none_or(|descriptor| descriptor.is_writable) {
            return Ok(true);
        }
        let fresh = self.open_to_write()?;
        Ok(fresh.is_some_and(|(file, _)| self.hold_by(descriptor, (file, true))))
    }

    /// `open_again`, for writing; None: the user may not.
    pub fn open_to_write(&self) -> Result<Option<(OwnedFd, FileId)>, Error> {
        match self.open_as_permitted() {
            Ok(Some((file, true))) => Ok(Some((file, self.id))),
            // What is short now is no refusal.
            Err(short @ Error::Os(libc::EMFILE | libc::ENFILE | libc::ENOMEM)) => Err(short),
            _ => Ok(None),
        }
    }

    /// Moves the lock to another description, if the name is still held. Views keep the
    /// one that there was.
    fn hold_by(&self, descriptor: &Mutex<Option<Descriptor>>, (fresh, is_writable): (OwnedFd, bool)) -> bool {
        if !matches!(lock::try_shared(fresh.as_fd(), self.lock_byte), Ok(true)) {
            return false;
        }
        let file = File::Own(GuardedFd::new(fresh, self.id));
        let fresh = Descriptor { file, is_writable, has_views: false };
        let mut held = lock_descriptor(descriptor);
        let Some(held_by) = held.as_mut() else {
            drop(held);
            drop(fresh);
            // Who released it may have counted on our lock and left the file to us.
            reap(&self.directory, self.name.as_c_str());
            return false;
        };
        let old = std::mem::replace(held_by, fresh);
        drop(held);
        // Relatives who share the old description hold the name by it.
        if let (true, Some((file, _))) = (self.is_unshared(), old.file.check()) {
            lock::unlock(file);
        }
        true
    }

    /// Runs `act` with a description that needs to be good for nothing but itself. The
    /// mode may forbid to open another one.
    pub(super) fn with_any_description<R>(
        &self,
        act: impl FnOnce(BorrowedFd) -> Result<R, Error>,
    ) -> Result<R, Error> {
        if let Hold::Descriptor(descriptor) = &self.hold {
            let descriptor = lock_descriptor(descriptor);
            if let Some((file, _)) = descriptor.as_ref().and_then(|descriptor| descriptor.file.check()) {
                return act(file);
            }
        }
        let (file, _) = self.open_again()?.ok_or(Error::InvalidHandle)?;
        act(file.as_fd())
    }
}
