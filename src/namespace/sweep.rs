//! Removing what killed processes left.

use super::directory::Directory;
use super::removal::reap;
use super::{delete_note, ledger_file};
use crate::name::FileName;
use crate::segment::{Census, Identity};
use crate::sys::{file, lock};
use std::ffi::CStr;

/// A process's first look at a directory: one sweep, unless another process is
/// at it just now.
pub fn once(directory: &Directory) {
    if let Ok(true) = lock::try_directory(directory.fd()) {
        everything(directory);
        lock::unlock_directory(directory.fd());
    }
}

/// A file of ours, by its name.
pub enum Ours {
    /// Of an object, or a guard.
    Object,
    Ledger(Identity),
    DeleteNote,
}

impl Ours {
    /// None: not ours, or not to be believed in this directory.
    pub fn new(directory: &Directory, name: &CStr) -> Option<Ours> {
        if FileName::parse(name).is_some() {
            return Some(Ours::Object);
        }
        if let Some(segment) = ledger_file::parse_name(name) {
            return Some(Ours::Ledger(segment));
        }
        // Elsewhere, another user would have this one delete his files.
        let is_note = delete_note::is_name(name) && !directory.is_machine_wide();
        is_note.then_some(Ours::DeleteNote)
    }

    /// Removes it, or does what it says, if no process holds it. True: this process has
    /// removed it.
    pub fn sweep(&self, directory: &Directory, name: &CStr, census: &mut Census) -> bool {
        match self {
            Ours::Ledger(segment) if census.has(segment) => false,
            Ours::Object | Ours::Ledger(_) => reap(directory, name),
            Ours::DeleteNote => delete_note::settle(directory, name).note,
        }
    }
}

/// Removes every object that no process holds, the ledgers of segments that are gone,
/// and the files that killed processes were to delete. Files with other names are not ours and stay.
pub fn everything(directory: &Directory) {
    let mut census = Census::default();
    for name in file::list(directory.fd()).unwrap_or_default() {
        if let Some(ours) = Ours::new(directory, &name) {
            ours.sweep(directory, &name, &mut census);
        }
    }
}
