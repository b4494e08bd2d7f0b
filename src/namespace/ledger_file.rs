//! The file with the ledger of a segment that is not ours: what its users must
//! agree on, which cannot stand in the segment itself.
//!
//! Found by the segment's identity, in the administrator's directory if there is
//! one, else in the user's own. It is one control page. Unlike an object it stays
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
use crate::sys::file;
use crate::sys::lock;
use crate::sys::map::SharedPage;
use crate::sys::time;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::Arc;

/// The ledger's file, held.
pub struct LedgerFile {
    key: FileKey,
    /// Keeps the description, and its shared lock.
    page: SharedPage,
}

const HEADER: Header = Header {
    kind: Kind::Ledger,
    data_size: 0,
    commit_map_size: 0,
    attribute_a: 0,
    attribute_b: 0,
    exact_size: 0,
};

impl LedgerFile {
    /// Holds the ledger of a segment, which the caller has open. Made if there is none.
    pub fn open(segment: &Identity) -> Result<LedgerFile, Error> {
        let text = text(segment);
        let name = CString::new(text.as_str()).map_err(|_| Error::Internal)?;
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut patience = Patience::new();
        loop {
            let directory = directory::to_create_in(Scope::Global)?;
            if let Some(held) = hold(&directory, &name, &units)? {
                return Ok(held);
            }
            patience.lose_some()?;
        }
    }

    pub fn page(&self) -> &SharedPage {
        &self.page
    }

    pub fn key(&self) -> &FileKey {
        &self.key
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
fn hold(directory: &Arc<Directory>, name: &CStr, units: &[u16]) -> Result<Option<LedgerFile>, Error> {
    let file = match file::open_or_create(directory.fd(), name, directory.shared_mode()) {
        Ok(file) => file,
        Err(Error::Os(libc::ENOENT)) => return Ok(None),
        // Another user's, who has not set its mode yet.
        Err(Error::Os(libc::EACCES))
            if file::status_at(directory.fd(), name).is_ok_and(|status| status.size == 0) =>
        {
            return Ok(None);
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
        if lock::try_exclusive(fd)? && file::status(fd)?.size == 0 {
            fill(directory, fd, units)?;
        }
        return Ok(None);
    }
    let mut page = vec![0; layout::readable(units.len())];
    let length = file::read_at(fd, &mut page, 0)?;
    let no_more = |_: u64, _: &mut [u8]| Err(Error::Corrupt);
    match layout::parse(&page[..length], status.size, units, no_more)? {
        Some(HEADER) => {}
        _ => return Err(Error::Corrupt),
    }
    let page = SharedPage::map(fd, 0)?;
    Ok(Some(LedgerFile { key: FileKey::new(directory, name, status.id, None), page }))
}

/// Fills a new file, in one write: nobody takes half a page for a whole one.
fn fill(directory: &Directory, file: BorrowedFd, units: &[u16]) -> Result<(), Error> {
    if file::status(file)?.mode != directory.shared_mode() {
        file::set_mode(file, directory.shared_mode())?;
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
        let first = LedgerFile::open(&segment).unwrap();
        // SAFETY: as above.
        unsafe { word(&first).write_volatile(77) };
        drop(first);
        let (second, third) = (LedgerFile::open(&segment).unwrap(), LedgerFile::open(&segment).unwrap());
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
