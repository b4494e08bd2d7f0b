//! The directories as they are, for who only looks: none is made or mended, and nothing is
//! removed but what `remove` is told to.

use super::directory::{self, Directory};
use super::layout;
use super::removal::is_bound;
use super::sweep::Ours;
use super::{delete_note, ledger_file};
use crate::error::Error;
use crate::segment::{Census, Identity};
use crate::sys::file;
use crate::sys::lock::{self, Holder};
use crate::sys::process;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd};

/// A directory of the name space.
pub struct Existing {
    pub path: CString,
    directory: Directory,
}

/// Why nothing is known of a directory.
#[derive(Debug)]
pub struct Refused {
    pub path: CString,
    /// AccessDenied: it is not this user's, or not closed to others.
    pub error: Error,
}

/// This user's own directory and the administrator's, as far as they exist.
pub fn directories() -> Vec<Result<Existing, Refused>> {
    let user = process::effective_user();
    let (own, shared) = (directory::own_path(user), directory::machine_wide_path());
    let (own, shared) = match (own, shared) {
        (Ok(own), Ok(shared)) => (own, shared),
        (Err(error), _) | (_, Err(error)) => {
            let path = CString::new(directory::base()).unwrap_or_default();
            return vec![Err(Refused { path, error })];
        }
    };
    let opened_own = directory::open_directory(&own)
        .and_then(|(file, status)| {
            directory::check_own(&status, user).map(|()| Some(Directory::new(file, &status, false)))
        })
        .or_else(|error| if error == Error::Os(libc::ENOENT) { Ok(None) } else { Err(error) });
    let opened = [(own, opened_own), (shared, directory::open_machine_wide())];
    let known = opened.into_iter().filter_map(|(path, opened)| match opened {
        Ok(None) => None,
        Ok(Some(directory)) => Some(Ok(Existing { path, directory })),
        Err(error) => Some(Err(Refused { path, error })),
    });
    known.collect()
}

/// The administrator's directory, if it counts and this user may use it.
pub fn machine_wide() -> Option<Existing> {
    let path = directory::machine_wide_path().ok()?;
    let directory = directory::open_machine_wide().ok()??;
    Some(Existing { path, directory })
}

impl Existing {
    pub fn fd(&self) -> BorrowedFd<'_> {
        self.directory.fd()
    }

    pub fn is_machine_wide(&self) -> bool {
        self.directory.is_machine_wide()
    }

    /// Whether its users trust each other.
    pub fn is_trusted(&self) -> bool {
        self.directory.is_trusted()
    }

    /// The names of all files, ours or not.
    pub fn names(&self) -> Result<Vec<CString>, Error> {
        file::list(self.fd())
    }

    /// The control page of a segment's ledger, if it has one here.
    pub fn ledger_page(&self, segment: &Identity) -> Option<Vec<u8>> {
        let file = file::open_read_only(self.fd(), &ledger_file::file_name(segment)).ok()?;
        let mut page = vec![0; layout::PAGE as usize];
        let length = file::read_at(file.as_fd(), &mut page, 0).ok()?;
        (length == page.len()).then_some(page)
    }
}

/// A file that no process holds.
pub struct Leftover {
    pub name: CString,
    pub what: What,
}

/// What was left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    Object,
    /// Of this directory's synchronisation objects.
    Guard,
    /// Of a segment of the system that is gone.
    Ledger,
    /// A file of the program that was to be deleted; None: its note is not whole.
    FileToDelete(Option<CString>),
}

/// What there is to be removed in a directory.
pub fn leftovers(existing: &Existing) -> Result<Vec<Leftover>, Error> {
    let mut census = Census::default();
    let mut what_left = |name: &CStr| {
        let ours = Ours::new(&existing.directory, name)?;
        if matches!(&ours, Ours::Ledger(segment) if census.has(segment)) {
            return None;
        }
        let file = file::open_read_only(existing.fd(), name).ok()?;
        if !file::status(file.as_fd()).ok()?.is_file() || lock::holder(file.as_fd()) != Ok(Holder::Nobody) {
            return None;
        }
        Some(match ours {
            Ours::Object if name.to_bytes().get(1) == Some(&b'!') => What::Guard,
            Ours::Object => What::Object,
            Ours::Ledger(_) => What::Ledger,
            Ours::DeleteNote => What::FileToDelete(delete_note::path_noted(file.as_fd())),
        })
    };
    let names = existing.names()?;
    Ok(names.into_iter().filter_map(|name| what_left(&name).map(|what| Leftover { name, what })).collect())
}

/// What became of a file that was to be removed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Removal {
    /// This process has removed it.
    Removed,
    /// Somebody else has, or what stood there has another name now.
    Gone,
    /// Somebody holds it by now.
    Held,
    /// It is not ours to remove.
    Kept,
}

/// Removes what a process left, unless somebody holds it by now.
pub fn remove(existing: &Existing, leftover: &Leftover) -> Removal {
    // Whoever just looks at a file whether it is dead, or dies with it, keeps the others from
    // removing it for that moment.
    const TRIES: usize = 50;
    let (directory, name) = (&existing.directory, leftover.name.as_c_str());
    let Ok(before) = file::status_at(existing.fd(), name) else { return Removal::Gone };
    let Some(ours) = Ours::new(directory, name) else { return Removal::Kept };
    let is_held = || {
        let file = file::open_read_only(existing.fd(), name);
        file.is_ok_and(|file| lock::holder(file.as_fd()).is_ok_and(|holder| holder != Holder::Nobody))
    };
    for _ in 0..TRIES {
        if ours.sweep(directory, name, &mut Census::default()) {
            return Removal::Removed;
        }
        if !is_bound(directory, name, before.id) {
            return Removal::Gone;
        }
        if is_held() {
            return Removal::Held;
        }
    }
    Removal::Kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_holds_by_now_stays_and_is_no_failure() {
        let folder = CString::new(format!("/dev/shm/winshm-existing-{}", std::process::id())).unwrap();
        std::fs::create_dir(folder.to_str().unwrap()).unwrap();
        let path = |name: &str| format!("{}/{name}", folder.to_str().unwrap());
        for name in ["L.revived", "L.dead"] {
            std::fs::write(path(name), "").unwrap();
        }
        let (file, status) = directory::open_directory(&folder).unwrap();
        let existing = Existing { path: folder.clone(), directory: Directory::new(file, &status, false) };
        // Two look, and both find the same.
        let (found, by_another) = (leftovers(&existing).unwrap(), leftovers(&existing).unwrap());
        assert_eq!((found.len(), by_another.len()), (2, 2));
        let holder = std::fs::File::options().read(true).write(true).open(path("L.revived")).unwrap();
        assert_eq!(lock::try_shared(holder.as_fd(), 0), Ok(true));
        for leftover in &found {
            let is_dead = leftover.name.as_c_str() == c"L.dead";
            let expected = if is_dead { Removal::Removed } else { Removal::Held };
            assert_eq!(remove(&existing, leftover), expected, "{:?}", leftover.name);
        }
        for leftover in &by_another {
            let is_dead = leftover.name.as_c_str() == c"L.dead";
            let expected = if is_dead { Removal::Gone } else { Removal::Held };
            assert_eq!(remove(&existing, leftover), expected, "{:?}", leftover.name);
        }
        assert!(std::fs::exists(path("L.revived")).unwrap() && !std::fs::exists(path("L.dead")).unwrap());
        std::fs::remove_dir_all(folder.to_str().unwrap()).unwrap();
    }
}
