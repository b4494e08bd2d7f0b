//! What a program started by exec is told of the handles that it inherits.
//!
//! A handle outlives exec by what stays open there. For each object with an
//! inheritable handle a process keeps one descriptor without close-on-exec (the
//! *carrier*), and for each group of such handles a *manifest*: a sealed memfd that
//! lists them. The next program finds the manifests among its descriptors.
//!
//! A manifest never changes; a change of the handles puts a new one in place of the
//! old, at one instant (dup3). So whichever way a child is made - fork, posix_spawn,
//! system, by whichever thread - its table of descriptors, copied at that instant,
//! has the manifests of that instant, and what its parent does later is nothing to it.
//! A carrier loses close-on-exec after it is listed, and gets it back before it is
//! not: a child born in between misses a handle, and never keeps what nobody knows.
//!
//! What comes in is not trusted: `format` says what is refused, and an entry whose
//! descriptor is not the file that it says means no handle.

mod format;

pub use format::{Descriptor, Entry, MOST, Manifest, Subject};

use crate::sys::file::{self, FileId};
use crate::sys::{inherit, process};
use std::os::fd::RawFd;
use std::sync::OnceLock;

/// The name of manifests in /proc.
pub const LABEL: &std::ffi::CStr = c"winshm-inherit";

/// A manifest that this program was started with.
pub struct Found {
    pub number: RawFd,
    pub id: FileId,
    pub manifest: Manifest,
}

/// The manifests that this program was started with. Looks once.
pub fn found() -> &'static [Found] {
    static FOUND: OnceLock<Vec<Found>> = OnceLock::new();
    FOUND.get_or_init(|| match process::is_privileged_program() {
        // Whoever started it has fewer rights.
        true => Vec::new(),
        false => inherit::open_numbers().into_iter().filter_map(read).collect(),
    })
}

fn read(number: RawFd) -> Option<Found> {
    if !inherit::is_sealed(number) {
        return None;
    }
    let status = file::status_of_number(number).ok()?;
    if status.owner != process::effective_user() || !(1..=format::LARGEST).contains(&status.size) {
        return None;
    }
    let mut bytes = vec![0; usize::try_from(status.size).ok()?];
    let length = inherit::read_number(number, &mut bytes, 0).ok()?;
    let manifest = Manifest::decode(bytes.get(..length)?)?;
    Some(Found { number, id: status.id, manifest })
}
