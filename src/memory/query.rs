//! Asking for the state of pages, and changing their protection.

use super::region::{Page, Region, What, access};
use super::{HIGHEST, foreign, regions, whole_pages};
use crate::error::Error;
use crate::fork::Inside;
use crate::protection::{Caching, Data, Protection};
use crate::sys::map::{self, PAGE_SIZE};
use crate::sys::proc_maps;

/// What is at an address: a run of pages with equal attributes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Info {
    /// The page that was asked for.
    pub base: usize,
    /// From `base` to the end of the run, in bytes.
    pub size: usize,
    pub state: State,
    /// None for free addresses.
    pub owner: Option<Owner>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Free,
    Reserved,
    Committed(Protection),
}

/// What a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Owner {
    pub base: usize,
    pub original: Protection,
    pub caching: Caching,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Memory of this process.
    Private,
    /// A view of a section, or another shared mapping.
    Mapped,
    /// A mapped program or library.
    Image,
}

/// What is at `address`. Addresses that no program can have are InvalidParameter.
pub fn query(_inside: &Inside, address: usize) -> Result<Info, Error> {
    if address > HIGHEST {
        return Err(Error::InvalidParameter);
    }
    let base = address / PAGE_SIZE * PAGE_SIZE;
    let regions = regions::read();
    let Some(region) = regions.at(base) else {
        return foreign::query(base, regions.gap(base));
    };
    let kind = match region.what {
        What::View { .. } => Kind::Mapped,
        What::Private => Kind::Private,
    };
    let owner = Owner { base: region.base, original: region.original, caching: region.caching, kind };
    let first = (base - region.base) / PAGE_SIZE;
    let (state, mut end) = segment(region, first)?;
    while end < region.pages.pages() {
        let (next, next_end) = segment(region, end)?;
        if next != state {
            break;
        }
        end = next_end;
    }
    Ok(Info { base, size: region.page_address(end) - base, state, owner: Some(owner) })
}

/// The state of a page and the end of a run of pages that share it (perhaps not
/// the longest such run).
fn segment(region: &Region, page: usize) -> Result<(State, usize), Error> {
    let (state, end) = region.pages.get(page);
    let Page::Usable(protection) = state else { return Ok((State::Reserved, end)) };
    let What::View { storage, first_page, .. } = &region.what else {
        return Ok((State::Committed(protection), end));
    };
    let (mut end, mut protection) = (end, protection);
    if let Some(storage) = storage {
        let (committed, run_end) = storage.committed(first_page + page as u64, first_page + end as u64)?;
        end = (run_end - first_page) as usize;
        if !committed {
            return Ok((State::Reserved, end));
        }
    }
    if protection.data == Data::Copy {
        // A page that was written is private memory now, and says so.
        const LOOK_AHEAD: usize = 4096;
        let copies = proc_maps::private_copies(region.page_address(page), (end - page).min(LOOK_AHEAD))?;
        let run = copies.iter().take_while(|&&copy| copy == copies[0]).count();
        end = page + run;
        if copies[0] {
            protection.data = Data::Write;
        }
    }
    Ok((State::Committed(protection), end))
}

/// Changes the protection of pages, the library's or not; returns the old one
/// of the first page.
pub fn protect(
    _inside: &Inside,
    address: usize,
    length: usize,
    wanted: Protection,
) -> Result<Protection, Error> {
    let range = if length == 0 { None } else { whole_pages(address, length) };
    let (start, length) = range.ok_or(Error::InvalidParameter)?;
    let mut regions = regions::write();
    let Some(region) = regions.at_mut(start) else {
        let (_, gap_end) = regions.gap(start);
        return foreign::protect(start, length, gap_end, wanted);
    };
    if start + length > region.end() {
        return Err(Error::InvalidAddress);
    }
    let pages = region.page_range(start, length);
    let mut old = None;
    let mut page = pages.start;
    while page < pages.end {
        let (state, end) = segment(region, page)?;
        let State::Committed(protection) = state else { return Err(Error::InvalidAddress) };
        old.get_or_insert(protection);
        page = end;
    }
    if !region.allows(wanted) {
        return Err(Error::InvalidParameter);
    }
    region.pages.prepare()?;
    // SAFETY: a region of ours, changed on behalf of the program.
    unsafe { map::protect(start, length, access(wanted))? };
    let effective = region.effective(wanted);
    region.pages.set(pages, Page::Usable(effective));
    old.ok_or(Error::Internal)
}
