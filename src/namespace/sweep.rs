//! Removing what killed processes left.

use super::directory::Directory;
use super::removal::reap;
use super::{delete_note, ledger_file};
use crate::name::FileName;
use crate::segment::Census;
use crate::sys::{file, lock};

/// A process's first look at a directory: one sweep, unless another process is
/// at it just now.
pub fn once(directory: &Directory) {
    if let Ok(true) = lock::try_directory(directory.fd()) {
        everything(directory);
        lock::unlock_directory(directory.fd());
    }
}

/// Removes every object that no process holds, the ledgers of segments that are gone,
/// and the files that killed processes were to delete. Files with other names are not ours and stay.
pub fn everything(directory: &Directory) {
    let mut census = Census::default();
    for name in file::list(directory.fd()).unwrap_or_default() {
        if let Some(name) = FileName::parse(&name) {
            reap(directory, name.as_c_str());
        } else if let Some(segment) = ledger_file::parse_name(&name) {
            if !census.has(&segment) {
                reap(directory, &name);
            }
        } else if delete_note::is_name(&name) && !directory.is_machine_wide() {
            // Elsewhere, another user would have this one delete his files.
            delete_note::settle(directory, &name);
        }
    }
}
