//! The file with the ledger of a segment that is not ours: what its users must
//! agree on, which cannot stand in the segment itself.
//!
//! Found by the segment's identity, in the administrator's directory if there is
//! one, else in the user's own. It is one control page, which may be read and written
//! by those who may do so with the segment. Unlike an object it stays
//! when nobody holds it, because it may say that the segment is torn. It goes when
//! nobody holds it *and* the segment is gone: holders have a shared lock, and who
//! gets the exclusive one may remove it, or fill it when it is new.

use super::directory::{self, Directory};
use super::file_key::FileKey;
use super::layout::{self, Creator, Header, Kind};
use super::removal::{is_linked, reap};
use crate::error::Error;
use crate::fork;
use crate::name::Scope;
use crate::patience::Patience;
use crate::segment::Identity;
use crate::sys::file::{self, FileStatus};
use crate::sys::lock;
use crate::sys::map::{Access, SharedPage};
use crate::sys::process;
use crate::sys::time;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// The ledger's file, held.
pub struct LedgerFile {
    key: FileKey,
    /// Keeps the description, and its shared lock.
    page: SharedPage,
    is_writable: bool,
}

/// Who may use a segment.
#[derive(Clone, Copy, Debug)]
pub struct Permissions {
    pub owner: u32,
    pub group: u32,
    pub mode: u32,
}

impl Permissions {
    /// The mode of a ledger with this owner and group: nobody gets less than of the
    /// segment. More only where its owner or group cannot be had.
    fn ledger_mode(&self, owner: u32, group: u32) -> u32 {
        // To write is of no use to those who cannot read.
        let class = |shift: u32| match self.mode >> shift & 6 {
            2 => 0,
            bits => bits,
        };
        let (mut of_group, mut of_others) = (class(3), class(0));
        if group != self.group {
            of_others |= of_group;
            of_group = of_others;
        }
        let of_owner = if owner == self.owner { 0 } else { 6 };
        MODE | (of_group | of_owner) << 3 | of_others | of_owner
    }

    /// Gives a ledger to whom the segment is, as far as the process may.
    fn apply(&self, file: BorrowedFd) -> Result<(), Error> {
        let status = file::status(file)?;
        if !is_ours_alone(&status) {
            return Err(Error::AccessDenied);
        }
        let is_own = status.owner == process::effective_user();
        if is_own && (status.owner, status.group) != (self.owner, self.group) {
            // For root, and for members of the group. Only what he made himself: who made
            // it can write to it for ever, and it would be another user's word.
            let _ = file::set_owner(file, self.owner, self.group);
        }
        let status = file::status(file)?;
        let mode = self.ledger_mode(status.owner, status.group);
        if status.mode == mode { Ok(()) } else { file::set_mode(file, mode) }
    }
}

const HEADER: Header = Header {
    kind: Kind::Ledger,
    data_size: 0,
    commit_map_size: 0,
    attribute_a: 0,
    attribute_b: 0,
    exact_size: 0,
    is_closed: false,
};

/// The least that a ledger has.
const MODE: u32 = 0o600;

impl LedgerFile {
    /// Holds the ledger of a segment, which the caller has open. Made if there is none.
    pub fn open(segment: &Identity, permissions: &Permissions) -> Result<LedgerFile, Error> {
        let text = text(segment);
        let name = CString::new(text.as_str()).map_err(|_| Error::Internal)?;
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut patience = Patience::new();
        loop {
            let directory = directory::to_create_in(Scope::Global)?;
            if let Some(held) = hold(&directory, &name, &units, permissions)? {
                return Ok(held);
            }
            patience.lose_some()?;
        }
    }

    pub fn page(&self) -> &SharedPage {
        &self.page
    }

    /// False: the page may be read only.
    pub fn is_writable(&self) -> bool {
        self.is_writable
    }

    pub fn key(&self) -> &FileKey {
        &self.key
    }

    /// The permissions of a segment have changed. What cannot be done now is done by the
    /// next of those who can and opens it.
    pub fn change(segment: &Identity, permissions: &Permissions) {
        let Some(directory) = directory::of_known(Scope::Global).filter(|found| found.is_machine_wide())
        else {
            return;
        };
        let text = text(segment);
        let (units, name) = (text.encode_utf16().collect::<Vec<_>>(), CString::new(text).unwrap_or_default());
        if let Ok(file) = file::open(directory.fd(), &name) {
            // Anything can be given the name of a ledger.
            let is_it = file::status(file.as_fd()).and_then(|status| check(file.as_fd(), &status, &units));
            let _ = is_it.and_then(|()| permissions.apply(file.as_fd()));
        }
    }

    /// Removes the ledger of a segment that is gone, unless somebody has it still.
    pub fn remove(segment: &Identity) {
        if let (Some(directory), Ok(name)) = (directory::of_known(Scope::Global), CString::new(text(segment)))
        {
            reap(&directory, &name);
        }
    }
}

/// None: it is being filled or removed by somebody else, or was just now.
fn hold(
    directory: &Arc<Directory>,
    name: &CStr,
    units: &[u16],
    permissions: &Permissions,
) -> Result<Option<LedgerFile>, Error> {
    let (file, is_writable) = match file::open_or_create(directory.fd(), name, MODE) {
        Ok(file) => (file, true),
        Err(Error::Os(libc::ENOENT)) => return Ok(None),
        // Another user's, who has not set its mode yet.
        Err(Error::Os(libc::EACCES))
            if file::status_at(directory.fd(), name).is_ok_and(|status| status.size == 0) =>
        {
            return Ok(None);
        }
        Err(denied @ Error::Os(libc::EACCES)) => {
            (file::open_read_only(directory.fd(), name).map_err(|_| denied)?, false)
        }
        Err(error) => return Err(error),
    };
    let fd = file.as_fd();
    if !lock::try_shared(fd, Kind::Ledger.lock_byte())? {
        return Ok(None);
    }
    let status = file::status(fd)?;
    if !status.is_file() {
        return Err(Error::AccessDenied);
    }
    if !is_linked(directory, name, &status) {
        return Ok(None);
    }
    if status.size == 0 {
        lock::unlock(fd);
        if !is_ours_alone(&status) {
            return Err(Error::AccessDenied);
        }
        if is_writable && lock::try_exclusive(fd)? && file::status(fd)?.size == 0 {
            fill(directory, fd, units, permissions)?;
        }
        return Ok(None);
    }
    check(fd, &status, units)?;
    if directory.is_machine_wide() && [0, status.owner].contains(&directory.user()) {
        // Somebody may have changed the segment's without us.
        permissions.apply(fd)?;
    }
    let access = if is_writable { Access::READ_WRITE } else { Access::READ };
    let page = SharedPage::map_for(fd, 0, access)?;
    let key = FileKey::new(directory, name, status.id, None);
    Ok(Some(LedgerFile { key, page, is_writable }))
}

/// Corrupt: a file is not the ledger that its name says.
fn check(file: BorrowedFd, status: &FileStatus, units: &[u16]) -> Result<(), Error> {
    let mut page = vec![0; layout::readable(units.len())];
    let length = file::read_at(file, &mut page, 0)?;
    let no_more = |_: u64, _: &mut [u8]| Err(Error::Corrupt);
    match layout::parse(&page[..length], status.size, units, no_more)? {
        Some(HEADER) => Ok(()),
        _ => Err(Error::Corrupt),
    }
}

/// Whether a file is nothing else: who may write to a directory can link there what is
/// elsewhere, and would have it changed by those who may.
fn is_ours_alone(status: &FileStatus) -> bool {
    status.is_file() && status.links == 1
}

/// Fills a new file, in one write: nobody takes half a page for a whole one.
fn fill(
    directory: &Directory,
    file: BorrowedFd,
    units: &[u16],
    permissions: &Permissions,
) -> Result<(), Error> {
    if directory.is_machine_wide() {
        permissions.apply(file)?;
    } else if file::status(file)?.mode != MODE {
        // Made under an unusual umask.
        file::set_mode(file, MODE)?;
    }
    let creator = Creator { user: directory.user(), process: fork::process_id(), time_ns: time::real_ns() };
    file::write_at(file, &layout::control_page(&HEADER, units, &[], creator), 0)
}

/// An identity, as the name of a file.
fn text(segment: &Identity) -> String {
    match *segment {
        Identity::Posix { device, inode, birth_ns } => format!("S.P.{device:x}.{inode:x}.{birth_ns:x}"),
        Identity::SystemV { ipc_namespace, id, creator } => {
            format!("S.V.{ipc_namespace:x}.{id:x}.{creator:x}")
        }
    }
}

/// The name of the file with a segment's ledger.
#[cfg(feature = "tool")]
pub fn file_name(segment: &Identity) -> CString {
    CString::new(text(segment)).unwrap_or_default()
}

/// The segment that a file of this name is the ledger of; None: it is none.
pub fn parse_name(name: &CStr) -> Option<Identity> {
    let text_found = name.to_str().ok()?;
    let mut words = text_found.strip_prefix("S.")?.split('.');
    let kind = words.next()?;
    let mut number = || u64::from_str_radix(words.next()?, 16).ok();
    let (first, second, third) = (number()?, number()?, number()?);
    let identity = match kind {
        "P" => Identity::Posix { device: first, inode: second, birth_ns: third },
        "V" => Identity::SystemV {
            ipc_namespace: first,
            id: u32::try_from(second).ok()?,
            creator: u32::try_from(third).ok()?,
        },
        _ => return None,
    };
    // Only what `text` makes: no other spelling of the numbers, and no rest.
    (text(&identity) == text_found).then_some(identity)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINE: Permissions = Permissions { owner: 0, group: 0, mode: 0o600 };

    /// A ledger gets the segment's bits; more where its owner or group are others.
    #[test]
    fn who_may_use_the_segment_may_use_its_ledger() {
        let mode = |mode| Permissions { owner: 1, group: 2, mode };
        for (segment, same) in [(0o600, 0o600), (0o644, 0o644), (0o666, 0o666), (0o622, 0o600), (0o40, 0o640)]
        {
            assert_eq!(mode(segment).ledger_mode(1, 2), same);
        }
        assert_eq!(mode(0o660).ledger_mode(1, 9), 0o666, "the group's members are others there");
        assert_eq!(mode(0o604).ledger_mode(1, 9), 0o644);
        assert_eq!(mode(0o644).ledger_mode(8, 2), 0o666, "the owner is another there");
    }

    #[test]
    fn a_name_means_one_segment_and_other_names_none() {
        let segments = [
            Identity::Posix { device: 0x1f, inode: 0, birth_ns: u64::MAX },
            Identity::SystemV { ipc_namespace: u64::MAX, id: 7, creator: 0 },
        ];
        for segment in segments {
            let name = CString::new(text(&segment)).unwrap();
            assert_eq!(parse_name(&name), Some(segment));
        }
        for other in ["S.P.1.2", "S.P.1.2.3.4", "S.P.01.2.3", "S.Q.1.2.3", "S.V.1.100000000.3", "L.S.P.1.2.3"]
        {
            assert_eq!(parse_name(&CString::new(other).unwrap()), None, "{other}");
        }
    }

    /// A ledger is one for all who open it, stays when nobody does, and goes with
    /// its segment.
    #[test]
    fn a_ledger_stays_until_its_segment_is_gone() {
        let segment = Identity::Posix { device: 0, inode: std::process::id().into(), birth_ns: 12345 };
        let word = |ledger: &LedgerFile| {
            let page = ledger.page().address();
            // SAFETY: within the page, aligned, and nobody else's.
            unsafe { page.add(layout::LEDGER).cast::<u64>().as_ptr() }
        };
        let first = LedgerFile::open(&segment, &MINE).unwrap();
        // SAFETY: as above.
        unsafe { word(&first).write_volatile(77) };
        drop(first);
        let (second, third) =
            (LedgerFile::open(&segment, &MINE).unwrap(), LedgerFile::open(&segment, &MINE).unwrap());
        // SAFETY: as above.
        assert_eq!(unsafe { word(&second).read_volatile() }, 77, "it stayed");
        drop(second);
        LedgerFile::remove(&segment);
        assert!(third.key().open().is_ok(), "somebody has it");
        let key = third.key().clone();
        drop(third);
        LedgerFile::remove(&segment);
        assert!(key.open().is_err(), "it is gone");
    }
}
