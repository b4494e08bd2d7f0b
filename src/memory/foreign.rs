//! Memory of the process that the library did not map: the kernel's answers.

use super::query::{Info, Kind, Owner, State};
use super::region::access;
use super::{HIGHEST, LOWEST};
use crate::error::Error;
use crate::protection::{Caching, Data, Protection};
use crate::sys::map;
use crate::sys::proc_maps::{self, Found, KernelMapping};

/// What is at the page `base`, in a gap between the library's regions. (The
/// kernel may join a neighbour's mapping with one of ours.)
pub fn query(base: usize, gap: (usize, usize)) -> Result<Info, Error> {
    let limit = gap.1.min(HIGHEST + 1);
    Ok(match proc_maps::find(base, limit)? {
        Found::Free { end } => Info { base, size: end - base, state: State::Free, owner: None },
        Found::Mapping(mapping) => {
            let protection = protection(&mapping);
            let owner = Owner {
                base: mapping.start.max(gap.0),
                original: protection,
                caching: Caching::Normal,
                kind: kind(&mapping),
            };
            let size = mapping.end.min(limit.max(base)) - base;
            Info { base, size, state: State::Committed(protection), owner: Some(owner) }
        }
    })
}

fn protection(mapping: &KernelMapping) -> Protection {
    let data = match (mapping.read, mapping.write) {
        (_, true) if mapping.file && !mapping.shared => Data::Copy,
        (_, true) => Data::Write,
        (true, false) => Data::Read,
        (false, false) => Data::None,
    };
    Protection::new(data, mapping.execute)
}

fn kind(mapping: &KernelMapping) -> Kind {
    match (mapping.shared, mapping.file) {
        (true, _) => Kind::Mapped,
        (false, true) => Kind::Image,
        (false, false) => Kind::Private,
    }
}

/// Changes the protection of whole pages up to the next region of the library.
pub fn protect(start: usize, length: usize, gap_end: usize, wanted: Protection) -> Result<Protection, Error> {
    if start < LOWEST || start + length > gap_end {
        return Err(Error::InvalidAddress);
    }
    let mut old: Option<KernelMapping> = None;
    let mut covered = start;
    proc_maps::for_each(|mapping| {
        if mapping.end > covered && mapping.start <= covered {
            old.get_or_insert(mapping);
            covered = mapping.end;
        }
        covered < start + length && mapping.start <= covered
    })?;
    let Some(old) = old.filter(|_| covered >= start + length) else {
        return Err(Error::InvalidAddress);
    };
    if wanted.data == Data::Copy && (old.shared || !old.file) {
        return Err(Error::InvalidParameter);
    }
    // SAFETY: the program asks for this change of its own memory.
    unsafe { map::protect(start, length, access(wanted))? };
    Ok(protection(&old))
}
