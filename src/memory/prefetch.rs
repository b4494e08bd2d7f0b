//! Bringing pages in before they are needed.

#![forbid(unsafe_code)]

use super::query::{Kind, State, query};
use super::{regions, whole_pages};
use crate::error::Error;
use crate::fork;
use crate::protection::{Data, Protection};
use crate::sys::map::{self, Populate};
use crate::sys::system;

/// A range that can be prefetched, whole pages.
pub fn check(address: usize, length: usize) -> Result<(usize, usize), Error> {
    let range = if length == 0 { None } else { whole_pages(address, length) };
    range.ok_or(Error::InvalidParameter)
}

/// Brings in the committed pages of a range, as far as there is memory: a wish, as on
/// Windows. That takes long, so the caller is not inside the fork gate, and nothing is
/// locked meanwhile: whatever is there when the kernel looks is at most read, or has
/// memory of its own.
pub fn prefetch(start: usize, length: usize) -> Result<(), Error> {
    let (mut page, end) = (start, start + length);
    while page < end {
        let (how, run) = next(page)?;
        let run = run.min(end - page);
        if let Some(how) = how.filter(|_| is_room_for(run)) {
            map::populate(page, run, how);
        }
        page += run;
    }
    Ok(())
}

/// Whether there is memory for so much, if it is much: a wish must not be what the kernel
/// kills a process for.
fn is_room_for(size: usize) -> bool {
    const MUCH: usize = 16 << 20;
    size <= MUCH || system::available_memory().is_ok_and(|available| size as u64 <= available)
}

/// What to do with a page, and how many bytes from there on are its equals.
fn next(page: usize) -> Result<(Option<Populate>, usize), Error> {
    let run = query(&fork::enter(), page)?;
    let how = match (run.state, run.owner) {
        // A section's reserved pages could be touched; that would take memory for nothing.
        (State::Free | State::Reserved, _) | (_, None) => None,
        (State::Committed(Protection { data: Data::None, execute: false }), _) => None,
        // Reading private memory shows one page of zeros everywhere.
        (State::Committed(Protection { data: Data::Write, .. }), Some(owner))
            if owner.kind == Kind::Private && regions::read().at(page).is_some() =>
        {
            Some(Populate::ToWrite)
        }
        // A copy that nobody has written to must not be made; and a shared page that was
        // read in can be written to.
        (State::Committed(_), Some(_)) => Some(Populate::ToRead),
    };
    Ok((how, run.size))
}
