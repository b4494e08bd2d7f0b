//! Private memory that is reserved and committed in two steps, and committing
//! pages of sections.

use super::query::{State, query};
use super::region::{Page, Region, What, access};
use super::regions::{self, Regions};
use super::runs::Runs;
use super::{placement, whole_pages};
use crate::error::Error;
use crate::fork::Inside;
use crate::protection::{Caching, Data, Protection};
use crate::sys::heap;
use crate::sys::map::{self, Access, Contents, PAGE_SIZE};
use crate::sys::system;

/// What VirtualAlloc is asked for.
pub struct Allocation {
    /// None: anywhere.
    pub address: Option<usize>,
    pub length: usize,
    pub protection: Protection,
    pub reserve: bool,
    pub commit: bool,
}

/// Reserves, commits, or both; returns the address of the first page.
pub fn allocate(_inside: &Inside, wanted: &Allocation) -> Result<usize, Error> {
    if wanted.length == 0 || wanted.protection.data == Data::Copy {
        return Err(Error::InvalidParameter);
    }
    // Committing without an address means reserving too.
    if wanted.reserve || wanted.address.is_none() { reserve(wanted) } else { commit(wanted) }
}

fn reserve(wanted: &Allocation) -> Result<usize, Error> {
    let pages = whole_pages(wanted.address.unwrap_or(0), wanted.length).ok_or(Error::InvalidParameter)?;
    if wanted.commit {
        check_commitment(pages.1)?;
    }
    let access = if wanted.commit { access(wanted.protection) } else { Access::NONE };
    heap::suffices()?;
    let mut regions = regions::write();
    let (base, length) = match wanted.address {
        None => (placement::map_anywhere(pages.1, placement::GRANULARITY, access, Contents::Zero)?, pages.1),
        Some(address) => {
            // A reservation begins at the granule of its address.
            let start = address / placement::GRANULARITY * placement::GRANULARITY;
            let length = pages.0 + pages.1 - start;
            let base = placement::map_at(start, length, access, Contents::Zero);
            (base.map_err(|_| Error::InvalidAddress)?, length)
        }
    };
    let page = if wanted.commit { Page::Usable(wanted.protection) } else { Page::Reserved };
    regions.insert(Region {
        base,
        length,
        original: wanted.protection,
        caching: Caching::Normal,
        what: What::Private,
        pages: Runs::new(length / PAGE_SIZE, page),
    });
    Ok(base)
}

fn commit(wanted: &Allocation) -> Result<usize, Error> {
    let address = wanted.address.unwrap_or(0);
    let (start, length) = whole_pages(address, wanted.length).ok_or(Error::InvalidParameter)?;
    let mut regions = regions::write();
    let region = region_of(&mut regions, start, length)?;
    if !region.allows(wanted.protection) {
        return Err(Error::InvalidParameter);
    }
    let pages = region.page_range(start, length);
    region.pages.prepare()?;
    match &region.what {
        What::Private => check_commitment(length)?,
        What::View { storage: Some(storage), first_page, .. } => {
            storage.commit(first_page + pages.start as u64..first_page + pages.end as u64)?;
        }
        What::View { storage: None, .. } => {}
    }
    // SAFETY: a region of ours, changed on behalf of the program.
    unsafe { map::protect(start, length, access(wanted.protection))? };
    let effective = region.effective(wanted.protection);
    region.pages.set(pages, Page::Usable(effective));
    Ok(start)
}

/// Windows counts commitments against memory and page file. Linux counts
/// touched pages only; what can never be had is refused all the same.
fn check_commitment(length: usize) -> Result<(), Error> {
    /// Not worth the question.
    const SMALL: u64 = 16 << 20;
    let length = length as u64;
    if length <= SMALL || system::available_memory()? >= length {
        Ok(())
    } else {
        Err(Error::CommitmentLimit)
    }
}

fn region_of(regions: &mut Regions, start: usize, length: usize) -> Result<&mut Region, Error> {
    let region = regions.at_mut(start).ok_or(Error::InvalidAddress)?;
    if start + length <= region.end() { Ok(region) } else { Err(Error::InvalidAddress) }
}

/// Says that the contents of committed pages are not needed. They stay.
pub fn reset(inside: &Inside, address: usize, length: usize) -> Result<usize, Error> {
    let range = if length == 0 { None } else { whole_pages(address, length) };
    let (start, length) = range.ok_or(Error::InvalidParameter)?;
    let mut page = start;
    while page < start + length {
        let info = query(inside, page)?;
        if !matches!(info.state, State::Committed(_)) {
            return Err(Error::InvalidAddress);
        }
        page += info.size;
    }
    Ok(start)
}

/// Takes the storage of private pages away; length 0: of the whole allocation
/// that begins at `address`.
pub fn decommit(_inside: &Inside, address: usize, length: usize) -> Result<(), Error> {
    let mut regions = regions::write();
    let region = regions.at_mut(address).ok_or(Error::InvalidAddress)?;
    if !matches!(region.what, What::Private) {
        return Err(Error::InvalidParameter);
    }
    let (start, length) = match length {
        0 if address == region.base => (region.base, region.length),
        0 => return Err(Error::InvalidAddress),
        _ => whole_pages(address, length).ok_or(Error::InvalidParameter)?,
    };
    if start + length > region.end() {
        return Err(Error::InvalidParameter);
    }
    let pages = region.page_range(start, length);
    region.pages.prepare()?;
    // SAFETY: private memory of ours that the program gives up.
    unsafe { map::replace(start, length, Access::NONE, Contents::Zero)? };
    region.pages.set(pages, Page::Reserved);
    Ok(())
}

/// Frees the whole allocation that begins at `address`.
pub fn release(_inside: &Inside, address: usize) -> Result<(), Error> {
    let mut regions = regions::write();
    let region = regions.at(address).ok_or(Error::InvalidAddress)?;
    if !matches!(region.what, What::Private) {
        return Err(Error::InvalidParameter);
    }
    // Windows forgives an address within the first page.
    if address / PAGE_SIZE * PAGE_SIZE != region.base {
        return Err(Error::InvalidAddress);
    }
    let (base, length) = (region.base, region.length);
    // SAFETY: private memory of ours that the program gives up.
    unsafe { map::unmap(base, length)? };
    placement::freed(base, length);
    regions.remove(base);
    Ok(())
}
