//! Keeping pages in memory.

#![forbid(unsafe_code)]

use super::query::{Info, Kind, State, query};
use super::region::{Region, What};
use super::{regions, whole_pages};
use crate::error::Error;
use crate::fork::Inside;
use crate::protection::{Data, Protection};
use crate::sys::map;
use crate::sys::proc_maps;

/// Locks every page of a range, or none.
pub fn lock(inside: &Inside, address: usize, length: usize) -> Result<(), Error> {
    let (start, length) = range(address, length)?;
    let runs = lockable_runs(inside, start, length)?;
    let before = parts(start, length)?;
    let locked = runs.iter().try_for_each(lock_run);
    if locked.is_err() {
        for part in before.iter().filter(|part| !part.is_locked) {
            let _ = map::unlock(part.start, part.length);
        }
    }
    locked.map_err(|error| match error {
        Error::Os(libc::ENOMEM | libc::EAGAIN | libc::EPERM) => Error::WorkingSetQuota,
        error => error,
    })
}

/// Unlocks every page of a range; NotLocked, and no change, when one is not locked.
pub fn unlock(_inside: &Inside, address: usize, length: usize) -> Result<(), Error> {
    let (start, length) = range(address, length)?;
    let parts = parts(start, length)?;
    let mapped: usize = parts.iter().map(|part| part.length).sum();
    if mapped < length {
        return Err(Error::InvalidAddress);
    }
    let mut unlocked = parts.iter().filter(|part| !part.is_locked).peekable();
    if unlocked.peek().is_some() {
        unlocked.for_each(|part| map::let_go(part.start, part.length));
        return Err(Error::NotLocked);
    }
    map::unlock(start, length)
}

fn range(address: usize, length: usize) -> Result<(usize, usize), Error> {
    let range = if length == 0 { None } else { whole_pages(address, length) };
    range.ok_or(Error::InvalidParameter)
}

/// The runs of equal pages that make up a range, if all can be locked.
fn lockable_runs(inside: &Inside, start: usize, length: usize) -> Result<Vec<Info>, Error> {
    let (mut runs, mut page, end) = (Vec::new(), start, start + length);
    while page < end {
        let mut run = query(inside, page)?;
        match run.state {
            State::Committed(Protection { data: Data::None, execute: false }) => return Err(Error::NoAccess),
            State::Committed(_) => {}
            State::Free | State::Reserved => return Err(Error::InvalidAddress),
        }
        run.size = run.size.min(end - page);
        page += run.size;
        runs.push(run);
    }
    Ok(runs)
}

fn lock_run(run: &Info) -> Result<(), Error> {
    let follows_a_file =
        run.owner.is_some_and(|owner| owner.kind != Kind::Private && owner.original.data != Data::Write);
    let lock = if follows_a_file { map::lock_unwritten } else { map::lock };
    lock(run.base, run.size)
}

/// A part of a range that one kernel mapping shows.
struct Part {
    start: usize,
    length: usize,
    is_locked: bool,
}

/// What is mapped of a range. The kernel splits mappings where locked and other pages
/// meet.
fn parts(start: usize, length: usize) -> Result<Vec<Part>, Error> {
    let (mut parts, end) = (Vec::new(), start + length);
    proc_maps::for_each(|mapping| {
        let (first, last) = (mapping.start.max(start), mapping.end.min(end));
        if first < last {
            let is_locked = map::is_locked(first) || is_large(first);
            parts.push(Part { start: first, length: last - first, is_locked });
        }
        mapping.end < end
    })?;
    Ok(parts)
}

/// The kernel calls large pages never locked, though they cannot leave the memory.
fn is_large(address: usize) -> bool {
    let is_large = |region: &Region| matches!(region.what, What::View { is_large: true, .. });
    regions::read().at(address).is_some_and(is_large)
}
