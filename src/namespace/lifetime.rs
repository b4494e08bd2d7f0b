//! How long a name lives: exactly as long as a handle is open in any process,
//! through a SIGKILL at any instruction.
//!
//! Rules, the same in every version of the layout:
//! * whoever has a handle has a *shared* lock on the object's file, through an
//!   open file description of his own;
//! * who is about to open an object asks who has the lock. *Shared*: it lives.
//!   *Nobody*: it is dead, whatever the file contains. *Exclusive*: somebody is
//!   removing it, or was killed while he tried;
//! * who takes the shared lock looks afterwards whether the file still has its
//!   name: the last holder may have left in between, and somebody removed it;
//! * who gets the exclusive lock removes the file, if it still has its name;
//! * who gives up a shared lock then tries the exclusive one (`reap`): of all who
//!   leave at the same time, the last one finds nobody.
//!
//! Asking is needed because a refused exclusive lock does not say by whom: the
//! dying prober of a dead object would be taken for a living holder.
//! `tests/model_lifetime` checks every interleaving, kills included.

use super::directory::{self, Directory};
use super::layout::{self, Creator, Header};
use super::sweep;
use crate::error::Error;
use crate::fork;
use crate::name::{FileName, Name};
use crate::plant;
use crate::sys::file::{self, FileId, FileStatus, GuardedFd};
use crate::sys::lock::{self, Holder};
use crate::sys::map::SharedPage;
use crate::sys::{process, time};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// What a new object's file gets.
pub struct Plan<'a> {
    pub header: Header,
    pub commitment: Commitment,
    /// The state block of a synchronisation object.
    pub state: &'a [u8],
}

/// When the data of an object gets its memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Commitment {
    /// At creation: no later store can fail.
    Reserved,
    /// With the first store; that there is enough now is checked.
    Checked,
    /// With the first store.
    Sparse,
}

pub enum Outcome {
    Created(NamedFile),
    Opened(NamedFile, Header),
}

/// The file of a named object, held: while this exists, the name does.
pub struct NamedFile {
    directory: Arc<Directory>,
    name: FileName,
    id: FileId,
    control_offset: u64,
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
    file: GuardedFd,
    /// Views are mapped through it, and keep the description.
    has_views: bool,
}

impl NamedFile {
    fn new(
        directory: &Arc<Directory>,
        name: &Name,
        file: Locked,
        kind: layout::Kind,
    ) -> Result<NamedFile, Error> {
        let Locked { file, id, control_offset } = file;
        let hold = if kind.has_state() {
            // The mapping keeps the description when the descriptor closes.
            Hold::Page(Some(SharedPage::map(file.as_fd(), control_offset)?))
        } else {
            let file = GuardedFd::new(file, id);
            Hold::Descriptor(Mutex::new(Some(Descriptor { file, has_views: false })))
        };
        let (directory, name) = (directory.clone(), name.file_name().clone());
        Ok(NamedFile { directory, name, id, control_offset, generation: fork::generation(), hold })
    }

    pub fn name(&self) -> &FileName {
        &self.name
    }

    #[cfg(test)]
    pub fn id(&self) -> FileId {
        self.id
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
        match file::open(self.directory.fd(), self.name.as_c_str()) {
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
        if let Ok(true) = lock::try_shared(fresh.as_fd()) {
            let fresh = Descriptor { file: GuardedFd::new(fresh, id), has_views: false };
            let old = lock_descriptor(descriptor).replace(fresh);
            if let Some((file, _)) = old.and_then(|old| old.file.into_file()) {
                lock::unlock(file.as_fd());
            }
        }
    }

    /// Whether the name still means this file: nobody deleted it.
    pub fn is_current(&self) -> bool {
        is_bound(&self.directory, &self.name, self.id)
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
                        reap(&self.directory, &self.name);
                    }
                }
            }
        }
    }

    fn close(&self, descriptor: &Mutex<Option<Descriptor>>) {
        let Some(descriptor) = lock_descriptor(descriptor).take() else { return };
        if !self.is_unshared() || plant::is(plant::NO_REAP) {
            drop(descriptor);
            reap(&self.directory, &self.name);
            return;
        }
        // Nobody shares the description: it serves for the look back too. That
        // its number still means our file is checked where it matters.
        let file = descriptor.file.borrow();
        lock::unlock(file);
        match lock::holder(file) {
            Ok(Holder::Nobody) => self.remove_own(descriptor.file),
            // Somebody else has a lock on it, so it is the file; and he looks back.
            Ok(_) => drop(descriptor.file.into_file_unchecked()),
            // Closed: dropping it closes nothing then.
            Err(_) => {}
        }
    }

    /// The look back through the own description.
    fn remove_own(&self, file: GuardedFd) {
        let Some((file, _)) = file.into_file() else { return };
        remove_if_dead(&self.directory, &self.name, file.as_fd());
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
                reap(&self.directory, &self.name);
            }
            Hold::Descriptor(descriptor) => {
                let descriptor = std::mem::take(descriptor);
                self.close(&descriptor);
            }
        }
    }
}

/// Opens an object; NotFound when nobody holds one of that name.
pub fn open(name: &Name) -> Result<(NamedFile, Header), Error> {
    let mut patience = Patience::new();
    loop {
        let directory = directory::of(name.scope)?;
        match adopt(&directory, name)? {
            Adoption::Held(file, header) => return Ok((file, header)),
            Adoption::Nothing if directory::forget_unusable(name.scope, &directory) => {}
            Adoption::Nothing => return Err(Error::NotFound),
            Adoption::LookAgain => {}
        }
        patience.lose_some()?;
    }
}

/// Opens an object or creates it. When memory is short, leftovers of killed
/// processes are removed first.
pub fn create(name: &Name, plan: &Plan) -> Result<Outcome, Error> {
    match create_once(name, plan) {
        Err(Error::Os(libc::ENOSPC)) => {
            sweep::everything(&*directory::of(name.scope)?);
            create_once(name, plan)
        }
        result => result,
    }
}

fn create_once(name: &Name, plan: &Plan) -> Result<Outcome, Error> {
    let mut patience = Patience::new();
    loop {
        let directory = directory::of(name.scope)?;
        if let Some(file) = make(&directory, name, plan)? {
            return Ok(Outcome::Created(file));
        }
        match adopt(&directory, name)? {
            Adoption::Held(file, header) => return Ok(Outcome::Opened(file, header)),
            Adoption::Nothing => {
                directory::forget_unusable(name.scope, &directory);
            }
            Adoption::LookAgain => {}
        }
        patience.lose_some()?;
    }
}

/// A file with the shared lock on its description.
struct Locked {
    file: OwnedFd,
    id: FileId,
    control_offset: u64,
}

enum Adoption {
    Held(NamedFile, Header),
    /// No file has the name.
    Nothing,
    /// It was dead and is gone now, or it is being made or removed.
    LookAgain,
}

/// Holds the file of a name, if it lives.
fn adopt(directory: &Arc<Directory>, name: &Name) -> Result<Adoption, Error> {
    let file_name = name.file_name();
    let file = match file::open(directory.fd(), file_name.as_c_str()) {
        Ok(file) => file,
        Err(Error::Os(libc::ENOENT | libc::EBADF | libc::ENOTDIR)) => return Ok(Adoption::Nothing),
        // Whatever is there is not the library's.
        Err(Error::Os(libc::ELOOP | libc::EISDIR | libc::ENXIO | libc::EACCES)) => {
            return Err(Error::AccessDenied);
        }
        Err(error) => return Err(error),
    };
    match lock::holder(file.as_fd())? {
        Holder::Shared => {}
        Holder::Exclusive => return Ok(Adoption::LookAgain),
        Holder::Nobody if plant::is(plant::NO_PROBE) => {}
        Holder::Nobody => {
            if lock::try_exclusive(file.as_fd())? {
                remove(directory, file_name, file.as_fd())?;
            }
            return Ok(Adoption::LookAgain);
        }
    }
    // Refused: the last holder is gone meanwhile, and somebody removes the file.
    if !lock::try_shared(file.as_fd())? {
        return Ok(Adoption::LookAgain);
    }
    let examined = match examine(directory, name, file.as_fd()) {
        Ok(Some((id, header, control_offset))) => {
            let locked = Locked { file, id, control_offset };
            return NamedFile::new(directory, name, locked, header.kind)
                .map(|held| Adoption::Held(held, header))
                .inspect_err(|_| reap(directory, file_name));
        }
        other => other,
    };
    // Somebody may have counted on our lock and left the file to us.
    lock::unlock(file.as_fd());
    remove_if_dead(directory, file_name, file.as_fd());
    examined.map(|_| Adoption::LookAgain)
}

/// What a held file is. None: it lost its name, or is not finished.
fn examine(
    directory: &Directory,
    name: &Name,
    file: BorrowedFd,
) -> Result<Option<(FileId, Header, u64)>, Error> {
    let status = file::status(file)?;
    if !status.is_file() {
        return Err(Error::AccessDenied);
    }
    // The last step of making an object gives its file a size.
    if !is_linked(directory, name.file_name(), &status) || status.size == 0 {
        return Ok(None);
    }
    let control_offset = status.size.checked_sub(layout::PAGE).ok_or(Error::Corrupt)?;
    let (mut few, mut many) = ([0; 640], Vec::new());
    let length = layout::readable(name.units().len());
    let page = few.get_mut(..length).unwrap_or_else(|| {
        many.resize(length, 0);
        &mut many
    });
    if file::read_at(file, page, control_offset)? != length {
        return Err(Error::Corrupt);
    }
    let read = |offset: u64, buffer: &mut [u8]| file::read_at(file, buffer, offset);
    let header = layout::parse(page, status.size, name.units(), read)?;
    Ok(Some((status.id, header, control_offset)))
}

/// Whether the name means this very file. One link is proof enough: only the
/// protocol unlinks here. More links are somebody's backup.
fn is_linked(directory: &Directory, name: &FileName, status: &FileStatus) -> bool {
    match status.links {
        0 => false,
        1 => true,
        _ => is_bound(directory, name, status.id),
    }
}

/// Whether a name means a file at this moment.
fn is_bound(directory: &Directory, name: &FileName, id: FileId) -> bool {
    file::status_at(directory.fd(), name.as_c_str()).is_ok_and(|status| status.id == id)
}

/// Makes the file of a new object. None: the name is taken, or was a moment ago.
fn make(directory: &Arc<Directory>, name: &Name, plan: &Plan) -> Result<Option<NamedFile>, Error> {
    const MODE: u32 = 0o600;
    let file_name = name.file_name();
    let file = match file::create_exclusively(directory.fd(), file_name.as_c_str(), MODE) {
        Ok(file) => file,
        Err(Error::Os(libc::EEXIST | libc::ENOENT | libc::EBADF | libc::ENOTDIR)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let fd = file.as_fd();
    // Refused: a sweeper found the file before it had its lock, and removes it.
    if !lock::try_shared(fd)? {
        return Ok(None);
    }
    let filled = file::status(fd).and_then(|status| {
        if status.links == 0 {
            return Ok(None);
        }
        if status.mode != MODE {
            file::set_mode(fd, MODE)?;
        }
        fill(directory, fd, name, plan).map(|control_offset| Some((status.id, control_offset)))
    });
    match filled {
        Ok(None) => Ok(None),
        Ok(Some((id, control_offset))) => {
            let locked = Locked { file, id, control_offset };
            NamedFile::new(directory, name, locked, plan.header.kind)
                .map(Some)
                .inspect_err(|_| reap(directory, file_name))
        }
        Err(error) => {
            lock::unlock(fd);
            remove_if_dead(directory, file_name, fd);
            Err(error)
        }
    }
}

/// Writes a new file; returns where its control page is. That page is the last
/// thing written, at the end of the file: its write gives the file its size,
/// so nobody takes half an object for a whole one.
fn fill(directory: &Directory, file: BorrowedFd, name: &Name, plan: &Plan) -> Result<u64, Error> {
    let (header, units) = (&plan.header, name.units());
    match plan.commitment {
        Commitment::Reserved => file::reserve(file, 0, header.data_size)?,
        Commitment::Checked => {
            if file::free_space(directory.fd())?.is_some_and(|free| free < header.data_size) {
                return Err(Error::Os(libc::ENOSPC));
            }
        }
        Commitment::Sparse => {}
    }
    let creator =
        Creator { user: process::effective_user(), process: process::id(), time_ns: time::real_ns() };
    let image = layout::image(header, units, plan.state, creator);
    let control_offset = header.control_offset(units.len());
    // By write and not through a mapping: a full file system is then an error
    // here and not a SIGBUS.
    file::write_at(file, &image, control_offset - (image.len() as u64 - layout::PAGE))?;
    Ok(control_offset)
}

/// Removes a name's file if nobody holds it.
///
/// Through a description of its own: a forked child may share ours.
pub fn reap(directory: &Directory, name: &FileName) {
    if let Ok(file) = file::open(directory.fd(), name.as_c_str()) {
        remove_if_dead(directory, name, file.as_fd());
    }
}

/// Removes a file if no other description has a lock on it. If one has, it is
/// its holder's to do. What cannot be removed is left for those who can.
fn remove_if_dead(directory: &Directory, name: &FileName, file: BorrowedFd) {
    if plant::is(plant::NO_REAP) {
        return;
    }
    if let Ok(true) = lock::try_exclusive(file) {
        let _ = remove(directory, name, file);
    }
}

/// Removes a dead file. For the holder of the exclusive lock.
fn remove(directory: &Directory, name: &FileName, file: BorrowedFd) -> Result<(), Error> {
    if !is_linked(directory, name, &file::status(file)?) {
        return Ok(());
    }
    match file::unlink(directory.fd(), name.as_c_str()) {
        Ok(()) | Err(Error::Os(libc::ENOENT)) => Ok(()),
        // Another user's leftover in a directory that does not let us remove
        // it. Trying again would never end.
        Err(_) => Err(Error::AccessDenied),
    }
}

/// Waiting for a peer that may be stopped: yields, then sleeps, then gives up.
struct Patience {
    tries: u32,
    end: Option<u64>,
}

impl Patience {
    const LIMIT_NS: u64 = 2_000_000_000;
    const YIELDS: u32 = 4;

    fn new() -> Patience {
        Patience { tries: 0, end: None }
    }

    fn lose_some(&mut self) -> Result<(), Error> {
        self.tries += 1;
        if self.tries <= Self::YIELDS {
            process::yield_now();
            return Ok(());
        }
        let now = time::monotonic_ns();
        let end = *self.end.get_or_insert(now + Self::LIMIT_NS);
        if now >= end {
            return Err(Error::Busy);
        }
        let doublings = (self.tries - Self::YIELDS).min(5);
        time::sleep(Duration::from_micros(25 << doublings));
        Ok(())
    }
}
