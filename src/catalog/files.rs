//! The objects of a directory, from their files.

use super::state::{self, State};
use super::{Creator, Kind, Life, Object, Trouble, holders, names, path_of};
use crate::error::Error;
use crate::name::{FileName, Name, Scope};
use crate::namespace::existing::Existing;
use crate::namespace::layout::{self, Header, Kind as FileKind, PAGE};
use crate::sys::file::{self, FileStatus};
use crate::sys::lock::{self, Holder};
use crate::sys::others::{self, Lock};
use std::cell::OnceCell;
use std::ffi::CStr;
use std::os::fd::{AsFd, BorrowedFd};

/// Every object of a directory. Guards, ledgers and notes are none.
pub fn read(directory: &Existing) -> Result<Vec<Object>, Error> {
    let locks = OnceCell::new();
    let names = directory.names()?;
    Ok(names.iter().filter_map(|name| object(directory, name, &locks)).collect())
}

/// The object of a file name, if there is one.
pub fn named(directory: &Existing, name: &FileName) -> Option<Object> {
    object(directory, name.as_c_str(), &OnceCell::new())
}

/// None: no object's name, or gone meanwhile.
pub fn object(directory: &Existing, name: &CStr, locks: &OnceCell<Vec<Lock>>) -> Option<Object> {
    let file_name = FileName::parse(name).filter(|_| name.to_bytes()[1] != b'!')?;
    let status = file::status_at(directory.fd(), name).ok()?;
    let mut object = unknown(directory, &file_name, &status);
    // Neither opened nor waited for: a FIFO's writer would notice.
    if !status.is_file() {
        object.trouble = Some(Trouble::NotAFile(what_it_is(&status)));
        return Some(object);
    }
    let file = match file::open_read_only(directory.fd(), name) {
        Ok(file) => file,
        Err(Error::Os(libc::ENOENT)) => return None,
        Err(Error::Os(libc::EACCES | libc::EPERM)) => {
            object.trouble = Some(Trouble::Denied);
            let locks = locks.get_or_init(others::locks);
            let lock = locks.iter().find(|lock| lock.file == status.id);
            let holder =
                lock.map(|lock| if lock.is_shared { Holder::Shared(lock.byte) } else { Holder::Exclusive });
            set_life(&mut object, holder);
            return Some(object);
        }
        Err(Error::Os(errno)) => {
            object.trouble = Some(Trouble::Unreadable(errno));
            return Some(object);
        }
        Err(_) => return None,
    };
    match examine(&mut object, &file_name, file.as_fd()) {
        Ok(()) => {}
        Err(Error::Os(errno)) => object.trouble = Some(Trouble::Unreadable(errno)),
        Err(_) => object.trouble = Some(Trouble::Damaged),
    }
    Some(object)
}

/// What the name and the file system tell of a file.
fn unknown(directory: &Existing, name: &FileName, status: &FileStatus) -> Object {
    let units = name.spelled_units();
    Object {
        kind: Kind::Unknown,
        name: units.map(|units| names::with_prefix(name.scope(), &units)),
        file: Some(path_of(&directory.path).join(path_of(name.as_c_str()))),
        is_machine_wide: directory.is_machine_wide(),
        life: Life::Unknown,
        trouble: None,
        size: None,
        storage: status.is_file().then_some(status.storage),
        state: None,
        is_closed: false,
        mode: Some(status.mode & 0o777),
        owner: Some((status.owner, status.group)),
        creator: None,
        layout: None,
        holders: Vec::new(),
        key: holders::Key::File(status.id),
        identity: None,
    }
}

fn what_it_is(status: &FileStatus) -> &'static str {
    match status.kind_bits() {
        libc::S_IFDIR => "a directory",
        libc::S_IFLNK => "a symbolic link",
        libc::S_IFIFO => "a FIFO",
        libc::S_IFSOCK => "a socket",
        _ => "a device",
    }
}

/// The lock tells in all versions of the layout whether an object lives, of which kind it
/// is and whether it is closed.
fn set_life(object: &mut Object, holder: Option<Holder>) {
    object.life = match holder {
        None => Life::Unknown,
        Some(Holder::Nobody) => Life::Dead,
        Some(Holder::Exclusive) => Life::Going,
        Some(Holder::Shared(byte)) => {
            object.kind = FileKind::from_number(layout::kind_number(byte)).map_or(Kind::Unknown, kind_of);
            object.is_closed = layout::is_closed_by(byte);
            Life::Alive
        }
    };
}

fn kind_of(kind: FileKind) -> Kind {
    match kind {
        FileKind::Section => Kind::Section,
        FileKind::Event => Kind::Event,
        FileKind::Mutex => Kind::Mutex,
        FileKind::Semaphore => Kind::Semaphore,
        FileKind::Timer => Kind::Timer,
        FileKind::Ledger | FileKind::Guard => Kind::Unknown,
    }
}

/// Reads the control page of an open file. Corrupt: it is not what its name says.
fn examine(object: &mut Object, file_name: &FileName, file: BorrowedFd) -> Result<(), Error> {
    // Another one than was found by name, perhaps: from here on it is this one.
    let status = file::status(file)?;
    if !status.is_file() {
        object.trouble = Some(Trouble::NotAFile(what_it_is(&status)));
        return Ok(());
    }
    object.key = holders::Key::File(status.id);
    (object.mode, object.owner) = (Some(status.mode & 0o777), Some((status.owner, status.group)));
    object.storage = Some(status.storage);
    let holder = lock::holder(file)?;
    set_life(object, Some(holder));
    let is_held = object.life == Life::Alive;
    if status.size == 0 {
        object.life = if is_held { Life::Unfinished } else { object.life };
        return Ok(());
    }
    let Some(control_offset) = status.size.checked_sub(PAGE) else {
        object.trouble = Some(Trouble::CutOff);
        return Ok(());
    };
    let read_at = |buffer: &mut [u8], offset: u64| file::read_at(file, buffer, offset);
    let mut page = [0; PAGE as usize];
    if read_at(&mut page, control_offset)? != page.len() {
        object.trouble = Some(Trouble::CutOff);
        return Ok(());
    }
    match layout::version(&page) {
        Ok(None) => {
            // (A file that was cut off at a page's end has zeros there too.)
            let ends_in_page = status.size % PAGE == 0;
            object.trouble = (!ends_in_page).then_some(Trouble::CutOff);
            object.life = if is_held { Life::Unfinished } else { object.life };
            return Ok(());
        }
        Ok(Some(version)) => object.layout = Some(version),
        Err(_) => {
            object.trouble = Some(if status.size % PAGE == 0 { Trouble::Damaged } else { Trouble::CutOff });
            return Ok(());
        }
    }
    if let Some((major, minor)) = object.layout.filter(|(major, _)| *major != layout::MAJOR) {
        object.trouble = Some(Trouble::OtherLayout(major, minor));
        return Ok(());
    }
    let units = layout::read_name(control_offset, |buffer, offset| read_at(buffer, offset))?;
    let name = Name::of_parts(file_name.scope(), units).map_err(|_| Error::Corrupt)?;
    if name.file_name() != file_name {
        return Err(Error::Corrupt);
    }
    let elsewhere = |offset: u64, buffer: &mut [u8]| read_at(buffer, offset);
    let Some(header) = layout::parse(&page, status.size, name.units(), elsewhere)? else { return Ok(()) };
    if matches!(holder, Holder::Shared(byte) if byte != header.lock_byte()) {
        return Err(Error::Corrupt);
    }
    object.name = Some(names::with_prefix(name.scope, name.units()));
    object.kind = kind_of(header.kind);
    object.is_closed = header.is_closed;
    let made = layout::creator(&page)?;
    object.creator = Some(Creator { user: Some(made.user), process: made.process, time_ns: made.time_ns });
    if header.kind == FileKind::Section {
        object.size = Some(if header.exact_size == 0 { header.data_size } else { header.exact_size });
        let read_data = |buffer: &mut [u8]| read_at(buffer, 0);
        let (state, size) = state::of_section(&header, &page, read_data)?;
        object.size = size.or(object.size);
        object.state = Some(state);
    } else {
        object.state = Some(dispatcher(&header, name.units(), control_offset, &page, read_at)?);
    }
    Ok(())
}

/// The state of what is waited for: from two copies that agree, so that it was so at one
/// moment; from the last one if it changes all the time.
fn dispatcher(
    header: &Header,
    name: &[u16],
    control_offset: u64,
    page: &[u8],
    read_at: impl Fn(&mut [u8], u64) -> Result<usize, Error>,
) -> Result<State, Error> {
    const LOOKS: u32 = 4;
    let offset = layout::state_offset(header.kind, name);
    let words = |page: &[u8]| page.get(offset..).and_then(|rest| rest.first_chunk().copied());
    let mut seen: state::Copied = words(page).ok_or(Error::Corrupt)?;
    for _ in 0..LOOKS {
        let mut again = seen;
        if read_at(&mut again, control_offset + offset as u64)? != again.len() {
            return Err(Error::Corrupt);
        }
        if std::mem::replace(&mut seen, again) == again {
            break;
        }
    }
    state::of_dispatcher(header, &seen)
}

/// The scopes have prefixes.
pub fn prefix(scope: Scope) -> &'static str {
    match scope {
        Scope::Local => "Local\\",
        Scope::Global => "Global\\",
    }
}
