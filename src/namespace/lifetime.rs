//! How long a name lives: exactly as long as a handle is open in any process,
//! through a SIGKILL at any instruction.
//!
//! Rules, the same in every version of the layout:
//! * whoever has a handle has a *shared* lock on the object's file, through an
//!   open file description of his own;
//! * who is about to open an object asks who has the lock. *Shared*: it lives.
//!   *Nobody*: it is dead, whatever the file contains. *Exclusive*: somebody is
//!   removing it, or was killed while he tried;
//! * the shared lock is on the byte of the object's kind, so that asking also
//!   tells the kind: who wants another kind, or a right that he will not get, goes
//!   away without a lock. With one, he would keep alive what nobody holds;
//! * who takes the shared lock looks afterwards whether the file still has its
//!   name: the last holder may have left in between, and somebody removed it;
//! * who gets the exclusive lock removes the file, if it still has its name;
//! * who gives up a shared lock asks once more, and removes what nobody holds
//!   (`reap`): of all who leave at the same time, the last one finds nobody. Who is
//!   probably the last one may turn his shared lock into the exclusive one first; if
//!   that is refused, he has his lock still, and gives it up as anybody.
//!
//! Asking is needed because a refused exclusive lock does not say by whom: the
//! dying prober of a dead object would be taken for a living holder.
//! `tests/model_lifetime` checks every interleaving, kills included.

use super::asked::Asked;
use super::directory::{self, Directory};
use super::layout::{self, Creator, Header, Kind};
use super::named_file::{Locked, NEVER_OTHERS, NamedFile};
use super::removal::{self, is_linked, reap, remove};
use super::sweep;
use crate::error::Error;
use crate::fork;
use crate::name::Name;
use crate::patience::Patience;
use crate::plant;
use crate::sys::file::{self, FileId};
use crate::sys::lock::{self, Holder};
use crate::sys::time;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// What a new object's file gets.
pub struct Plan<'a> {
    pub header: Header,
    pub commitment: Commitment,
    /// What the data begins with; the rest is zero.
    pub data: &'a [u8],
    /// The state block of a synchronisation object.
    pub state: &'a [u8],
    /// Permission bits of the file.
    pub mode: u32,
    /// Of the scope, if it was looked at a moment ago.
    pub directory: Option<Arc<Directory>>,
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

/// Opens an object; NotFound when nobody holds one of that name.
pub fn open(name: &Name, kind: Kind, asked: Asked) -> Result<(NamedFile, Header), Error> {
    let mut patience = Patience::new();
    loop {
        let directory = directory::of(name.scope)?;
        match adopt(&directory, name, kind, asked) {
            Ok(Adoption::Held(file, header)) => return Ok((file, header)),
            Ok(Adoption::Nothing) | Err(Error::AccessDenied)
                if directory::forget_unusable(name.scope, &directory) => {}
            Ok(Adoption::Nothing) => return Err(Error::NotFound),
            Ok(Adoption::LookAgain) => {}
            Err(error) => return Err(error),
        }
        patience.lose_some()?;
    }
}

/// Opens an object, if what is asked of it is permitted, or creates it. When memory is
/// short, leftovers of killed processes are removed first.
pub fn create(name: &Name, plan: &Plan, asked: Asked) -> Result<Outcome, Error> {
    match create_once(name, plan, asked) {
        Err(Error::Os(libc::ENOSPC)) => {
            sweep::everything(&*directory::of(name.scope)?);
            create_once(name, plan, asked)
        }
        result => result,
    }
}

fn create_once(name: &Name, plan: &Plan, asked: Asked) -> Result<Outcome, Error> {
    let mut patience = Patience::new();
    let mut looked_at = plan.directory.clone();
    loop {
        let directory = match looked_at.take() {
            Some(directory) => directory,
            None => directory::to_create_in(name.scope)?,
        };
        if let Some(file) = make(&directory, name, plan)? {
            return Ok(Outcome::Created(file));
        }
        match adopt(&directory, name, plan.header.kind, asked)? {
            Adoption::Held(file, header) => return Ok(Outcome::Opened(file, header)),
            Adoption::Nothing | Adoption::LookAgain => {}
        }
        patience.lose_some()?;
    }
}

enum Adoption {
    Held(NamedFile, Header),
    /// No file has the name.
    Nothing,
    /// It was dead and is gone now, or it is being made or removed.
    LookAgain,
}

/// Holds the file of a name, if it lives. Who will not get a handle takes no
/// lock: for as long as he had it, he would keep the object alive.
fn adopt(directory: &Arc<Directory>, name: &Name, kind: Kind, asked: Asked) -> Result<Adoption, Error> {
    let file_name = name.file_name();
    let (file, is_writable) = match file::open_as_permitted(directory.fd(), file_name.as_c_str()) {
        Ok(opened) => opened,
        Err(Error::Os(libc::ENOENT | libc::EBADF | libc::ENOTDIR)) => return Ok(Adoption::Nothing),
        // It gets its mode before its size.
        Err(Error::Os(libc::EACCES)) if is_unfinished(directory, file_name.as_c_str()) => {
            return Ok(Adoption::LookAgain);
        }
        // Whatever is there is not the library's.
        Err(Error::Os(libc::ELOOP | libc::EISDIR | libc::ENXIO | libc::EACCES)) => {
            return Err(Error::AccessDenied);
        }
        Err(error) => return Err(error),
    };
    let lock_byte = match lock::holder(file.as_fd())? {
        Holder::Shared(byte) if !kind.is_locked_by(byte) => return Err(Error::InvalidHandle),
        Holder::Shared(byte) => {
            asked.permitted?;
            if layout::is_closed_by(byte) {
                asked.check_closed(&file::status(file.as_fd())?)?;
            }
            if !is_writable && (asked.writes || kind.has_state()) {
                match examine(directory, name, file.as_fd())? {
                    Some((_, header, _)) => asked.check_read_only(&header)?,
                    None => return Ok(Adoption::LookAgain),
                }
            }
            byte
        }
        Holder::Exclusive => return Ok(Adoption::LookAgain),
        Holder::Nobody if plant::is(plant::NO_PROBE) => kind.lock_byte(),
        Holder::Nobody => {
            match lock::try_exclusive(file.as_fd()) {
                Ok(true) => {
                    remove(directory, file_name.as_c_str(), file::status(file.as_fd())?.id)?;
                }
                Ok(false) => {}
                // Open for reading only: another user's, or one that has to be let in.
                Err(Error::Os(libc::EBADF)) => {
                    removal::open(directory, file_name.as_c_str()).map_err(|_| Error::AccessDenied)?;
                }
                Err(error) => return Err(error),
            }
            return Ok(Adoption::LookAgain);
        }
    };
    // Refused: the last holder is gone meanwhile, and somebody removes the file.
    if !lock::try_shared(file.as_fd(), lock_byte)? {
        return Ok(Adoption::LookAgain);
    }
    let examined = match examine(directory, name, file.as_fd()) {
        Ok(Some((_, header, _))) if header.lock_byte() != lock_byte => Err(Error::Corrupt),
        Ok(Some((id, header, control_offset))) => {
            let locked = Locked { file, is_writable, id, control_offset, lock_byte, is_new: false };
            return NamedFile::new(directory, name, locked, kind)
                .map(|held| Adoption::Held(held, header))
                .inspect_err(|_| {
                    reap(directory, file_name.as_c_str());
                });
        }
        other => other,
    };
    // Somebody may have counted on our lock and left the file to us.
    lock::unlock(file.as_fd());
    file::close("close: not adopted", file);
    reap(directory, file_name.as_c_str());
    examined.map(|_| Adoption::LookAgain)
}

/// Whether a name is bound to a file that its maker has not finished.
fn is_unfinished(directory: &Directory, name: &CStr) -> bool {
    file::status_at(directory.fd(), name).is_ok_and(|status| status.is_file() && status.size == 0)
}

/// What a file that somebody holds is. None: it lost its name, or is not finished.
fn examine(
    directory: &Directory,
    name: &Name,
    file: BorrowedFd,
) -> Result<Option<(FileId, Header, u64)>, Error> {
    let status = file::status(file)?;
    if !status.is_file() {
        return Err(Error::AccessDenied);
    }
    // Almost the last step of making an object gives its file a size.
    if !is_linked(directory, name.file_name().as_c_str(), &status) || status.size == 0 {
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
    let parsed = layout::parse(page, status.size, name.units(), read)?;
    Ok(parsed.map(|header| (status.id, header, control_offset)))
}

/// Makes the file of a new object. None: the name is taken, or was a moment ago.
fn make(directory: &Arc<Directory>, name: &Name, plan: &Plan) -> Result<Option<NamedFile>, Error> {
    const OWNER: u32 = 0o700;
    const WRITERS: u32 = 0o022;
    let file_name = name.file_name();
    let mode = match plan.header.kind {
        _ if directory.is_trusted() => plan.mode,
        // Whoever uses it follows pointers; see `NamedFile::may_be_followed`.
        Kind::Mutex => plan.mode & OWNER | NEVER_OTHERS,
        // A section of a file, with the path.
        Kind::Section if !plan.data.is_empty() => plan.mode & !WRITERS | NEVER_OTHERS,
        _ => plan.mode,
    };
    // What is not finished its user can remove, whatever the mode will be.
    let file = match file::create_exclusively(directory.fd(), file_name.as_c_str(), mode & OWNER | 0o600) {
        Ok(file) => file,
        Err(Error::Os(libc::EEXIST | libc::ENOENT | libc::EBADF | libc::ENOTDIR)) => return Ok(None),
        Err(error) => return Err(error),
    };
    let fd = file.as_fd();
    let lock_byte = plan.header.lock_byte();
    let filled = lock::try_shared(fd, lock_byte).and_then(|locked| {
        let status = file::status(fd)?;
        // Refused, or unlinked: a sweeper found the file before it had its lock.
        if !locked || status.links == 0 {
            return Ok(None);
        }
        if status.mode != mode {
            file::set_mode(fd, mode)?;
        }
        fill(directory, fd, name, plan).map(|control_offset| Some((status.id, control_offset)))
    });
    match filled {
        Ok(None) => Ok(None),
        Ok(Some((id, control_offset))) => {
            let locked = Locked { file, is_writable: true, id, control_offset, lock_byte, is_new: true };
            NamedFile::new(directory, name, locked, plan.header.kind).map(Some).inspect_err(|_| {
                reap(directory, file_name.as_c_str());
            })
        }
        Err(error) => {
            lock::unlock(fd);
            file::close("close: not made", file);
            reap(directory, file_name.as_c_str());
            Err(error)
        }
    }
}

/// Writes a new file; returns where its control page is. That page comes last, in
/// one write that gives the file its size: nobody takes half an object for a
/// whole one. A long name, or data, stands before it; then the page says at first that
/// the object is not finished.
fn fill(directory: &Directory, file: BorrowedFd, name: &Name, plan: &Plan) -> Result<u64, Error> {
    let (header, units) = (&plan.header, name.units());
    let reserved = match plan.commitment {
        Commitment::Reserved => header.data_size,
        Commitment::Checked => {
            if file::free_space(directory.fd())?.is_some_and(|free| free < header.data_size) {
                return Err(Error::Os(libc::ENOSPC));
            }
            0
        }
        Commitment::Sparse => 0,
    };
    let creator = Creator { user: directory.user(), process: fork::process_id(), time_ns: time::real_ns() };
    let control_offset = header.control_offset(units.len());
    let page = layout::control_page(header, units, plan.state, creator);
    // By write and not through a mapping: a full file system is then an error
    // here and not a SIGBUS.
    let long_name = layout::long_name(header, units);
    if plan.data.is_empty() && long_name.is_none() {
        file::reserve_and_write(file, reserved, &page, control_offset)?;
        return Ok(control_offset);
    }
    let magic = layout::MAGIC_BYTES;
    let unfinished = [&[0; layout::MAGIC_BYTES], &page[magic..]].concat();
    file::reserve_and_write(file, reserved, &unfinished, control_offset)?;
    file::write_at(file, plan.data, 0)?;
    if let Some((offset, bytes)) = long_name {
        file::write_at(file, &bytes, offset)?;
    }
    file::write_at(file, &page[..magic], control_offset)?;
    Ok(control_offset)
}
