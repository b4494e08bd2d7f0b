//! How long a name lives: exactly as long as a handle is open in any process,
//! through a SIGKILL at any instruction.
//!
//! Rules, the same in every version of the layout:
//! * whoever has a handle has the *shared* lock on the object's file, through an
//!   open file description that a mapping of the control page keeps alive (no
//!   descriptor is needed);
//! * whether somebody has it is asked by trying the *exclusive* lock, and only
//!   inside the *gate*. So inside the gate "exclusive fails" means "alive", and
//!   nobody can take a dying prober's lock for a living holder's;
//! * who gets the exclusive lock removes the file, if it still has this name;
//! * a lock is given up explicitly before its descriptor is closed: another
//!   thread's fork may have copied the descriptor;
//! * who took the shared lock and does not keep it asks once more whether he was
//!   the last (`reap`), because somebody may have been told "alive" meanwhile.
//!
//! `tests/model_lifetime.rs` checks every interleaving, kills included.

use super::directory::{self, Directory};
use super::layout::{self, Creator, Header, Parsed};
use super::sweep;
use crate::error::Error;
use crate::name::{FileName, Name};
use crate::plant;
use crate::sys::file::{self, FileId, FileStatus};
use crate::sys::map::SharedPage;
use crate::sys::{lock, process, time};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Release;
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
    /// Keeps the description with the shared lock. None after the drop began.
    control: Option<SharedPage>,
    control_offset: u64,
}

impl NamedFile {
    /// The control page, for as long as `self` lives.
    pub fn control(&self) -> &SharedPage {
        self.control.as_ref().expect("there until the drop")
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

    /// Another description of the file, without a lock: mappings made through
    /// it do not hold the name. None: somebody deleted the file.
    pub fn open_again(&self) -> Result<Option<(OwnedFd, FileId)>, Error> {
        match file::open(self.directory.fd(), self.name.as_c_str()) {
            Ok(file) if file::status(file.as_fd())?.id == self.id => Ok(Some((file, self.id))),
            Ok(_) | Err(Error::Os(libc::ENOENT)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the name still means this file: nobody deleted it.
    pub fn is_current(&self) -> bool {
        is_bound(&self.directory, &self.name, self.id)
    }

    /// Gives up the name and keeps the control page. `unlocked` is another
    /// description of the file. When there is no descriptor to be had, the name
    /// stays until the memory goes.
    pub fn release_name(&self, unlocked: Option<BorrowedFd>) {
        let opened = if unlocked.is_none() { self.open_again().ok().flatten() } else { None };
        let file = unlocked.or(opened.as_ref().map(|(file, _)| file.as_fd()));
        if let Some(file) = file {
            if self.control().remap(file, self.control_offset).is_ok() {
                reap(&self.directory, &self.name, Reaping::Persistent);
            }
        }
    }
}

impl Drop for NamedFile {
    fn drop(&mut self) {
        self.control = None;
        if plant::is(plant::NO_REAP) {
            return;
        }
        reap(&self.directory, &self.name, Reaping::Persistent);
    }
}

/// Opens an object; NotFound when nobody holds one of that name.
pub fn open(name: &Name) -> Result<(NamedFile, Header), Error> {
    match open_or_create(name, None)? {
        Outcome::Opened(file, header) => Ok((file, header)),
        Outcome::Created(_) => Err(Error::Internal),
    }
}

/// Opens an object or creates it. When memory is short, leftovers of killed
/// processes are removed first.
pub fn create(name: &Name, plan: &Plan) -> Result<Outcome, Error> {
    match open_or_create(name, Some(plan)) {
        Err(Error::Os(libc::ENOSPC)) => {
            sweep::everything(&*directory::of(name.scope)?);
            open_or_create(name, Some(plan))
        }
        result => result,
    }
}

fn open_or_create(name: &Name, plan: Option<&Plan>) -> Result<Outcome, Error> {
    let file_name = name.file_name();
    let mut patience = Patience::new();
    loop {
        let directory = directory::of(name.scope)?;
        match file::open(directory.fd(), file_name.as_c_str()) {
            Ok(file) => {
                if let Some(found) = adopt(&directory, &file_name, file, name, &mut patience)? {
                    return Ok(found);
                }
            }
            Err(Error::Os(libc::ENOENT)) => match plan {
                None => return Err(Error::NotFound),
                Some(plan) => {
                    if let Some(file) = make(&directory, &file_name, name, plan)? {
                        return Ok(Outcome::Created(file));
                    }
                }
            },
            // Whatever is there is not the library's.
            Err(Error::Os(libc::ELOOP | libc::EISDIR | libc::ENXIO | libc::EACCES)) => {
                return Err(Error::AccessDenied);
            }
            Err(error) => return Err(error),
        }
        patience.lose_some()?;
    }
}

/// Holds an existing file. None: it was dead, or is being made; look again.
fn adopt(
    directory: &Arc<Directory>,
    file_name: &FileName,
    file: OwnedFd,
    name: &Name,
    patience: &mut Patience,
) -> Result<Option<Outcome>, Error> {
    let fd = file.as_fd();
    enter_gate(fd, patience)?;
    let alive = match lock::try_exclusive(fd) {
        Ok(dead) => !dead || plant::is(plant::NO_PROBE),
        Err(error) => {
            lock::leave_gate(fd);
            return Err(error);
        }
    };
    if plant::is(plant::NO_PROBE) {
        lock::unlock(fd);
    }
    if !alive {
        let removed = remove(directory, file_name, fd);
        lock::unlock(fd);
        lock::leave_gate(fd);
        return removed.map(|()| None);
    }
    // Fails only while a program that is not ours has the exclusive lock.
    let held = lock::try_shared(fd);
    lock::leave_gate(fd);
    if !held? {
        return Ok(None);
    }
    match examine(directory, file_name, fd, name) {
        Ok(Some((id, header, control_offset))) => match SharedPage::map(fd, control_offset) {
            Ok(control) => {
                let (directory, name) = (directory.clone(), file_name.clone());
                let file = NamedFile { directory, name, id, control: Some(control), control_offset };
                Ok(Some(Outcome::Opened(file, header)))
            }
            Err(error) => Err(let_go(directory, file_name, file, error)),
        },
        Ok(None) => {
            let_go(directory, file_name, file, Error::Busy);
            Ok(None)
        }
        Err(error) => Err(let_go(directory, file_name, file, error)),
    }
}

/// What a held file is. None: it lost its name, or is not finished.
fn examine(
    directory: &Directory,
    file_name: &FileName,
    file: BorrowedFd,
    name: &Name,
) -> Result<Option<(FileId, Header, u64)>, Error> {
    let status = file::status(file)?;
    if !status.is_file() {
        return Err(Error::AccessDenied);
    }
    if !is_linked(directory, file_name, &status) {
        return Ok(None);
    }
    let Some(control_offset) = status.size.checked_sub(layout::PAGE) else {
        return Ok(None);
    };
    let mut page = [0; layout::PAGE as usize];
    if file::read_at(file, &mut page, control_offset)? != page.len() {
        return Ok(None);
    }
    let read = |offset: u64, buffer: &mut [u8]| file::read_at(file, buffer, offset);
    match layout::parse(&page, status.size, name.units(), read)? {
        Parsed::Finished(header) => Ok(Some((status.id, header, control_offset))),
        Parsed::Unfinished => Ok(None),
    }
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

/// Makes the file of a new object. None: it was taken or swept away; look again.
fn make(
    directory: &Arc<Directory>,
    file_name: &FileName,
    name: &Name,
    plan: &Plan,
) -> Result<Option<NamedFile>, Error> {
    const MODE: u32 = 0o600;
    let file = match file::create_exclusively(directory.fd(), file_name.as_c_str(), MODE) {
        Ok(file) => file,
        Err(Error::Os(libc::EEXIST | libc::ENOENT)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let fd = file.as_fd();
    if !lock::try_shared(fd)? {
        // A sweeper found it before it had its lock, and removes it.
        return Ok(None);
    }
    let filled = file::status(fd).and_then(|status| {
        if status.links == 0 {
            return Ok(None);
        }
        if status.mode != MODE {
            file::set_mode(fd, MODE)?;
        }
        fill(directory, fd, name, plan).map(|control| Some((status.id, control)))
    });
    match filled {
        Ok(Some((id, control))) => {
            let control_offset = plan.header.control_offset(name.units().len());
            let (directory, name) = (directory.clone(), file_name.clone());
            Ok(Some(NamedFile { directory, name, id, control: Some(control), control_offset }))
        }
        Ok(None) => Ok(None),
        Err(error) => Err(let_go(directory, file_name, file, error)),
    }
}

/// Writes a new file; the magic last, so that nobody adopts half an object.
fn fill(directory: &Directory, file: BorrowedFd, name: &Name, plan: &Plan) -> Result<SharedPage, Error> {
    let (header, units) = (&plan.header, name.units());
    let size = header.file_size(units.len());
    match plan.commitment {
        Commitment::Reserved => file::reserve(file, 0, size)?,
        Commitment::Checked if file::free_space(directory.fd())?.is_some_and(|free| free < size) => {
            return Err(Error::Os(libc::ENOSPC));
        }
        Commitment::Checked | Commitment::Sparse => file::set_size(file, size)?,
    }
    let creator =
        Creator { user: process::effective_user(), process: process::id(), time_ns: time::real_ns() };
    let image = layout::image(header, units, plan.state, creator);
    // By write and not through the mapping: a full file system is then an
    // error here and not a SIGBUS.
    if let Some((offset, bytes)) = &image.long_name {
        file::write_at(file, bytes, *offset)?;
    }
    let control_offset = header.control_offset(units.len());
    file::write_at(file, &image.page, control_offset)?;
    let control = SharedPage::map(file, control_offset)?;
    // SAFETY: the magic is the first field of a mapped, aligned page, and every
    // process reaches it by atomics or system calls.
    let magic = unsafe { AtomicU64::from_ptr(control.address().as_ptr().cast()) };
    magic.store(layout::MAGIC, Release);
    Ok(control)
}

/// Gives up a shared lock on the way out of a failure, which it passes on.
fn let_go(directory: &Directory, name: &FileName, file: OwnedFd, error: Error) -> Error {
    lock::unlock(file.as_fd());
    drop(file);
    reap(directory, name, Reaping::Persistent);
    error
}

/// How much a reaper wants its turn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Reaping {
    /// Waits for the gate: nobody may come after us.
    Persistent,
    /// Leaves alone what somebody else is looking at.
    Opportunistic,
}

/// Removes a name's file if nobody holds it.
///
/// Always through a description of its own: a forked child may share ours.
pub fn reap(directory: &Directory, name: &FileName, how: Reaping) {
    let Ok(file) = file::open(directory.fd(), name.as_c_str()) else { return };
    let fd = file.as_fd();
    let entered = match how {
        Reaping::Persistent => enter_gate(fd, &mut Patience::new()),
        Reaping::Opportunistic => match lock::try_gate(fd) {
            Ok(true) => Ok(()),
            _ => Err(Error::Busy),
        },
    };
    if entered.is_err() {
        return;
    }
    if let Ok(true) = lock::try_exclusive(fd) {
        // What cannot be removed is left for those who can.
        let _ = remove(directory, name, fd);
        lock::unlock(fd);
    }
    lock::leave_gate(fd);
}

/// Takes the gate, which is held for microseconds unless its holder is stopped.
fn enter_gate(file: BorrowedFd, patience: &mut Patience) -> Result<(), Error> {
    while !lock::try_gate(file)? {
        patience.lose_some()?;
    }
    Ok(())
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
