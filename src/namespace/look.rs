//! What is there under a name, for those who explain an error. Nothing is held, removed or
//! changed: a look keeps no object alive.

use super::directory::{self, Directory};
use super::layout::{KINDS, Kind};
use crate::error::Error;
use crate::name::{Name, Scope};
use crate::sys::file;
use crate::sys::lock::{self, Holder};
use std::ffi::CStr;
use std::os::fd::AsFd;
use std::sync::Arc;

/// An object that somebody who asked in vain may have meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Alike {
    /// Of the same name, in this scope.
    OtherScope(Scope),
    /// Its name differs in upper and lower case only.
    OtherCase,
}

/// The kind of the object of this name; None: nobody has one, or it cannot be said.
pub fn kind_of(name: &Name) -> Option<Kind> {
    kind_of_file(&*directory::of(name.scope).ok()?, name.file_name().as_c_str())
}

/// Whether something has this name that the user may not open.
pub fn is_closed(name: &Name) -> bool {
    let open = |directory: Arc<Directory>| {
        file::open_as_permitted(directory.fd(), name.file_name().as_c_str()).map(drop)
    };
    matches!(directory::of(name.scope).and_then(open), Err(Error::Os(libc::EACCES)))
}

/// Whether a scope is one for several users.
pub fn is_common(scope: Scope) -> bool {
    directory::of(scope).is_ok_and(|directory| directory.is_machine_wide())
}

fn kind_of_file(directory: &Directory, name: &CStr) -> Option<Kind> {
    let (file, _) = file::open_as_permitted(directory.fd(), name).ok()?;
    match lock::holder(file.as_fd()).ok()? {
        Holder::Shared(byte) => KINDS.into_iter().find(|kind| kind.is_locked_by(byte)),
        Holder::Exclusive | Holder::Nobody => None,
    }
}

/// An object whose name is almost this one.
pub fn alike(name: &Name) -> Option<Alike> {
    let scope = if name.scope == Scope::Local { Scope::Global } else { Scope::Local };
    let other = Name::of_parts(scope, name.units().to_vec()).ok()?;
    if kind_of(&other).is_some() {
        return Some(Alike::OtherScope(scope));
    }
    let directory = directory::of(name.scope).ok()?;
    let wanted = name.file_name().as_c_str().to_bytes();
    let is_alike = |found: &CStr| {
        let found = found.to_bytes();
        // (The first letter is the scope's.)
        found.first() == wanted.first() && found != wanted && found.eq_ignore_ascii_case(wanted)
    };
    let names = file::list(directory.fd()).unwrap_or_default();
    let mut found = names.iter().filter(|found| is_alike(found));
    found.any(|found| kind_of_file(&directory, found).is_some()).then_some(Alike::OtherCase)
}
