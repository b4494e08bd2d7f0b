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
    let mut object = Object::of_file(&file_name, &status);
    object.file = Some(path_of(&directory.path).join(path_of(name)));
    object.is_machine_wide = directory.is_machine_wide();
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

impl Object {
    /// What the name and the file system tell of a file.
    fn of_file(name: &FileName, status: &FileStatus) -> Object {
        let units = name.spelled_units();
        Object {
            kind: Kind::Unknown,
            name: units.map(|units| names::with_prefix(name.scope(), &units)),
            file: None,
            is_machine_wide: false,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::namespace::layout::Creator as Maker;
    use crate::section::record::Record;
    use crate::sys::file::FileId;
    use crate::sys::random;

    const KINDS: [FileKind; 5] =
        [FileKind::Section, FileKind::Event, FileKind::Mutex, FileKind::Semaphore, FileKind::Timer];

    fn examined(name: &Name, contents: &[u8]) -> (Object, Result<(), Error>) {
        let file = file::create_nameless(c"winshm-catalog").unwrap();
        file::write_at(file.as_fd(), contents, 0).unwrap();
        let status = file::status(file.as_fd()).unwrap();
        let mut object = Object::of_file(name.file_name(), &status);
        let result = examine(&mut object, name.file_name(), file.as_fd());
        (object, result)
    }

    /// A file as a library makes it, with a state in which no bit is as it should be.
    fn made(kind: FileKind, name: &Name) -> Vec<u8> {
        let record =
            Record { id: FileId::new(1, 2), birth_ns: 3, size: 77, path: c"/a\xff".into() }.encode().unwrap();
        let is_section = kind == FileKind::Section;
        let header = Header {
            kind,
            data_size: if is_section { PAGE } else { 0 },
            commit_map_size: 0,
            attribute_a: if is_section { 3 } else { 1 },
            attribute_b: if is_section { 2 << 2 } else { 0 },
            exact_size: if is_section { record.len() as u64 } else { 0 },
            is_closed: false,
        };
        let header =
            Header { attribute_a: if kind == FileKind::Mutex { 0 } else { header.attribute_a }, ..header };
        let maker = Maker { user: 5, process: 6, time_ns: 7 };
        let state = if is_section { &[][..] } else { &[0xb7; layout::STATE_SIZE] };
        let mut contents = vec![0; header.data_size as usize];
        if is_section {
            contents[..record.len()].copy_from_slice(&record);
        }
        contents.extend(layout::control_page(&header, name.units(), state, maker));
        contents
    }

    #[test]
    fn a_file_tells_what_its_maker_wrote() {
        let name = Name::new("Global\\x y".encode_utf16().collect()).unwrap();
        for kind in KINDS {
            let (object, result) = examined(&name, &made(kind, &name));
            assert_eq!((result, object.kind, object.life), (Ok(()), kind_of(kind), Life::Dead));
            assert_eq!(object.name, Some("Global\\x y".encode_utf16().collect()));
            assert_eq!(object.creator, Some(Creator { user: Some(5), process: 6, time_ns: 7 }));
            assert_eq!(object.layout, Some((layout::MAJOR, layout::MINOR)));
        }
        let (section, _) = examined(&name, &made(FileKind::Section, &name));
        assert_eq!(section.size, Some(77));
        let other = Name::new("Global\\y".encode_utf16().collect()).unwrap();
        assert_eq!(examined(&other, &made(FileKind::Event, &name)).1, Err(Error::Corrupt));
    }

    /// Whatever stands in a file, it is read to its end, and nothing is believed that lies
    /// outside of it.
    #[test]
    fn no_garbage_ends_the_reader() {
        const CHANGES: u64 = 1500;
        let name = Name::new("x".encode_utf16().collect()).unwrap();
        let (mut whole, mut refused) = (0, 0);
        for kind in KINDS {
            let good = made(kind, &name);
            for _ in 0..CHANGES {
                let mut changed = good.clone();
                for _ in 0..1 + random::number() % 4 {
                    // Most of it where the header is.
                    let of = if random::number() % 3 == 0 { changed.len() } else { 80 };
                    let from = changed.len() - PAGE as usize;
                    let at = if of == 80 {
                        from + (random::number() % 80) as usize
                    } else {
                        (random::number() as usize) % of
                    };
                    changed[at] = random::number() as u8;
                }
                changed.truncate(
                    changed.len()
                        - if random::number() % 8 == 0 {
                            random::number() as usize % 5000 % changed.len()
                        } else {
                            0
                        },
                );
                let (object, result) = examined(&name, &changed);
                let is_whole = result.is_ok() && object.trouble.is_none() && object.layout.is_some();
                whole += u64::from(is_whole);
                refused += u64::from(!is_whole);
            }
        }
        assert!(whole > CHANGES / 4 && refused > CHANGES / 4, "{whole} {refused}");
    }
}
