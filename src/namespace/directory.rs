//! The directories of the name space: found, made, verified, and found again
//! when somebody deleted them.

use super::standing::{OWN_MODE, Standing};
use super::sweep;
use crate::error::Error;
use crate::manifest;
use crate::name::Scope;
use crate::sys::file::{self, FileStatus, GuardedFd};
use crate::sys::process;
use std::ffi::{CString, OsString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStringExt;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// An open, verified directory.
pub struct Directory {
    file: GuardedFd,
    /// Who looked for it. Another effective user has another one.
    user: u32,
    /// The administrator's, for several users.
    is_machine_wide: bool,
    /// Its users trust each other.
    is_trusted: bool,
}

impl Directory {
    /// Under a number that a program which closes all its descriptors does not
    /// soon get again for a directory of its own.
    pub(super) fn new(file: OwnedFd, status: &FileStatus, is_machine_wide: bool) -> Directory {
        let file = GuardedFd::new(file::move_up(file), status.id);
        let is_trusted = !is_machine_wide || Standing::of(status).is_of_a_group();
        Directory { file, user: process::effective_user(), is_machine_wide, is_trusted }
    }

    pub fn fd(&self) -> BorrowedFd<'_> {
        self.file.borrow()
    }

    /// The effective user when it was found.
    pub fn user(&self) -> u32 {
        self.user
    }

    /// The administrator's, for several users.
    pub fn is_machine_wide(&self) -> bool {
        self.is_machine_wide
    }

    /// Whether its users trust each other: it is one user's, or the administrator
    /// let a group in and nobody else.
    pub fn is_trusted(&self) -> bool {
        self.is_trusted
    }

    /// The mode of files that everybody who may use the directory writes to.
    pub fn shared_mode(&self) -> u32 {
        if self.is_machine_wide { 0o666 } else { 0o600 }
    }

    /// Whether the process still is the user's who looked for it.
    pub fn is_users(&self) -> bool {
        self.user == process::effective_user()
    }

    /// Whether names can still be bound in it: it exists, nobody closed the
    /// descriptor behind our back, and the process is the same user's.
    fn is_usable(&self) -> bool {
        self.is_users() && self.file.check().is_some_and(|(_, status)| status.links > 0)
    }
}

static LOCAL: Mutex<Option<Arc<Directory>>> = Mutex::new(None);
static GLOBAL: Mutex<Option<Arc<Directory>>> = Mutex::new(None);

fn known(scope: Scope) -> MutexGuard<'static, Option<Arc<Directory>>> {
    let known = match scope {
        Scope::Local => &LOCAL,
        Scope::Global => &GLOBAL,
    };
    known.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The directory of a scope. Made if it is missing.
pub fn of(scope: Scope) -> Result<Arc<Directory>, Error> {
    let mut known = known(scope);
    if let Some(directory) = known.as_ref() {
        return Ok(directory.clone());
    }
    let directory = Arc::new(find(scope)?);
    sweep::once(&directory);
    *known = Some(directory.clone());
    Ok(directory)
}

/// The directory of a scope, to create a name in it: certainly ours, and not what
/// got our descriptor's number when the program closed it.
pub fn to_create_in(scope: Scope) -> Result<Arc<Directory>, Error> {
    let directory = of(scope)?;
    if forget_unusable(scope, &directory) { of(scope) } else { Ok(directory) }
}

/// The directory of a scope, if this process has used it.
pub fn of_known(scope: Scope) -> Option<Arc<Directory>> {
    known(scope).clone()
}

/// Forgets a directory that names cannot be bound in any more. True: `of` will
/// find another one. To be asked when a name is not found, or may not be used.
pub fn forget_unusable(scope: Scope, directory: &Arc<Directory>) -> bool {
    if directory.is_usable() {
        return false;
    }
    let mut known = known(scope);
    if known.as_ref().is_some_and(|known| Arc::ptr_eq(known, directory)) {
        *known = None;
    }
    true
}

fn find(scope: Scope) -> Result<Directory, Error> {
    if scope == Scope::Global {
        if let Some(directory) = open_machine_wide()? {
            return Ok(directory);
        }
    }
    open_own()
}

/// `/dev/shm`, or WINSHM_DIR for programs that run with their user's rights only. Where
/// that is not set, inherited handles say what it was.
pub fn base() -> &'static [u8] {
    static BASE: OnceLock<Vec<u8>> = OnceLock::new();
    BASE.get_or_init(|| {
        let chosen = if process::is_privileged_program() { None } else { std::env::var_os("WINSHM_DIR") };
        let chosen = chosen.filter(|path| !path.is_empty()).map(OsString::into_vec);
        let inherited = || manifest::found().first().map(|found| found.manifest.base.clone());
        chosen.or_else(inherited).unwrap_or_else(|| b"/dev/shm".to_vec())
    })
}

/// Where the directory of all users stands, or should.
pub(super) fn machine_wide_path() -> Result<CString, Error> {
    path(".winshm-global")
}

/// Where a user's own directory stands, or should.
pub(super) fn own_path(user: u32) -> Result<CString, Error> {
    path(&format!(".winshm-{user}"))
}

fn path(last: &str) -> Result<CString, Error> {
    let mut path = base().to_vec();
    // A relative base would change its meaning with the working directory.
    if path.first() != Some(&b'/') {
        return Err(Error::PathNotFound);
    }
    path.push(b'/');
    path.extend(last.as_bytes());
    CString::new(path).map_err(|_| Error::PathNotFound)
}

/// The administrator's directory. One that does not count is not there for us.
pub(super) fn open_machine_wide() -> Result<Option<Directory>, Error> {
    match open_directory(&machine_wide_path()?) {
        Ok((file, status)) if Standing::of(&status).as_machine_wide().is_ok() => {
            Ok(Some(Directory::new(file, &status, true)))
        }
        _ => Ok(None),
    }
}

/// The user's own directory. Whatever stands there and is not a directory of
/// this user that is closed to all others is refused: somebody squats it.
fn open_own() -> Result<Directory, Error> {
    let user = process::effective_user();
    let path = own_path(user)?;
    let (file, status) = match open_directory(&path) {
        Err(Error::Os(libc::ENOENT)) => {
            match file::make_directory(&path, OWN_MODE) {
                Ok(()) | Err(Error::Os(libc::EEXIST)) => {}
                Err(Error::Os(libc::ENOENT)) => return Err(Error::PathNotFound),
                Err(error) => return Err(error),
            }
            open_directory(&path)
        }
        result => result,
    }
    .or_else(|error| match error {
        Error::Os(libc::EACCES) => let_own_in(&path, user).and_then(|()| open_directory(&path)),
        error => Err(error),
    })
    .map_err(|error| match error {
        Error::Os(libc::ELOOP | libc::ENOTDIR) => Error::AccessDenied,
        error => error,
    })?;
    check_own(&status, user)?;
    if status.mode != OWN_MODE {
        // Made under an unusual umask.
        file::set_mode(file.as_fd(), OWN_MODE)?;
    }
    Ok(Directory::new(file, &status, false))
}

pub(super) fn check_own(status: &FileStatus, user: u32) -> Result<(), Error> {
    Standing::of(status).as_own(user).map_err(|_| Error::AccessDenied)
}

/// Lets the user into a directory of his own that was made under an umask which keeps even
/// him out.
fn let_own_in(path: &CString, user: u32) -> Result<(), Error> {
    let found = file::find_directory(path)?;
    check_own(&file::status(found.as_fd())?, user)?;
    file::set_mode_of_found(found.as_fd(), OWN_MODE).map_err(|_| Error::AccessDenied)
}

pub(super) fn open_directory(path: &CString) -> Result<(OwnedFd, FileStatus), Error> {
    let file = file::open_directory(path)?;
    let status = file::status(file.as_fd())?;
    if status.is_directory() { Ok((file, status)) } else { Err(Error::Os(libc::ENOTDIR)) }
}
