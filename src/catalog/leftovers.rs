//! What killed processes left, and its removal.

use super::{Unread, files, path_of};
use crate::namespace::existing::{self, Removal, What};
use std::cell::OnceCell;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::PathBuf;

/// A file that nobody holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Leftover {
    pub file: PathBuf,
    pub what: LeftoverKind,
}

/// What it was.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LeftoverKind {
    /// An object; None: its file does not tell the name.
    Object(Option<Vec<u16>>),
    /// What processes agree on that wait for several objects.
    Guard,
    /// The ledger of a POSIX or System V segment that is gone.
    Ledger,
    /// The note that a file is to be deleted, and the file, if the note is whole.
    FileToDelete(Option<PathBuf>),
}

/// What became of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// It stays: removal was not asked for.
    Listed,
    Removed,
    /// It is not this user's to remove.
    Kept,
}

/// What was found in all directories.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Leftovers {
    pub found: Vec<(Leftover, Fate)>,
    pub unread: Vec<Unread>,
}

/// Finds what no process holds, and removes it if `remove`. What somebody holds by then stays.
pub fn leftovers(remove: bool) -> Leftovers {
    let mut all = Leftovers::default();
    for directory in existing::directories() {
        let refused = |path, error: crate::error::Error| Unread { path, error: error.win32() };
        let listed = directory.map_err(|squatted| refused(path_of(&squatted.path), squatted.error));
        let listed = listed.and_then(|directory| {
            let found = existing::leftovers(&directory);
            found.map_err(|error| refused(path_of(&directory.path), error)).map(|found| (directory, found))
        });
        let (directory, found) = match listed {
            Ok(listed) => listed,
            Err(unread) => {
                all.unread.push(unread);
                continue;
            }
        };
        for left in found {
            // Its name cannot be read afterwards.
            let file = path_of(&directory.path).join(path_of(&left.name));
            let leftover = Leftover { file, what: kind_of(&directory, &left) };
            let fate = match remove.then(|| existing::remove(&directory, &left)) {
                None => Fate::Listed,
                Some(Removal::Removed) => Fate::Removed,
                Some(Removal::Gone | Removal::Held) => continue,
                Some(Removal::Kept) => Fate::Kept,
            };
            all.found.push((leftover, fate));
        }
    }
    all
}

fn kind_of(directory: &existing::Existing, left: &existing::Leftover) -> LeftoverKind {
    match &left.what {
        What::Object => {
            let object = files::object(directory, &left.name, &OnceCell::new());
            LeftoverKind::Object(object.and_then(|object| object.name))
        }
        What::Guard => LeftoverKind::Guard,
        What::Ledger => LeftoverKind::Ledger,
        What::FileToDelete(path) => {
            let path = path.as_ref().map(|path| OsString::from_vec(path.to_bytes().to_vec()));
            LeftoverKind::FileToDelete(path.map(PathBuf::from))
        }
    }
}
