//! Views: mapping sections into the address space.

use super::region::{Page, Region, What, access};
use super::runs::Runs;
use super::storage::Storage;
use super::{GRANULARITY, LARGE_PAGE_SIZE, placement, regions, whole_pages};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::protection::{Caching, Data, Protection};
use crate::segment::Source;
use crate::sys::heap;
use crate::sys::map::{self, Contents, PAGE_SIZE};
use std::sync::Arc;

/// A view to be mapped.
pub struct View<'s> {
    /// The section's file, through a description that does not hold its name, or
    /// a System V segment. (Private copies of large pages could find none left.)
    pub source: Source<'s>,
    /// For sections whose pages are committed one by one.
    pub storage: Option<&'s Arc<Storage>>,
    /// A multiple of the granularity, within the section.
    pub offset: u64,
    /// Bytes; together with the offset within the section.
    pub length: usize,
    pub protection: Protection,
    pub caching: Caching,
    /// All of it was asked for, and memory may be taken for more of it than is touched.
    pub may_be_huge: bool,
    /// The address to use, a multiple of the granularity; None: any.
    pub address: Option<usize>,
}

/// Maps a view and returns its address.
pub fn map_view(_inside: &Inside, view: &View) -> Result<usize, Error> {
    let (page_size, granularity) = match view.source {
        Source::LargePages(_) => (LARGE_PAGE_SIZE, LARGE_PAGE_SIZE),
        Source::File(_) if is_huge(view) => (PAGE_SIZE, LARGE_PAGE_SIZE),
        Source::File(_) | Source::SystemV(_) => (PAGE_SIZE, GRANULARITY),
    };
    let length = view.length.checked_next_multiple_of(page_size).ok_or(Error::Os(libc::ENOMEM))?;
    // A private mapping of a file follows it until a page is written, which is
    // what every view but a writable one does. And it can become copy-on-write
    // later, which a shared mapping cannot.
    let contents = match (view.protection.data, view.source) {
        (Data::None | Data::Read | Data::Copy, Source::File(fd)) => Contents::CopyOnWrite(fd, view.offset),
        (Data::Copy, Source::SystemV(_) | Source::LargePages(_)) => return Err(Error::NotSupported),
        (_, source) => source.shared(view.offset),
    };
    let is_private = matches!(contents, Contents::CopyOnWrite(..));
    let is_large = matches!(view.source, Source::LargePages(_));
    let access = access(view.protection);
    heap::suffices()?;
    let mut regions = regions::write();
    let base = match view.address {
        Some(address) => placement::map_at(address, length, access, contents)?,
        None => placement::map_anywhere(length, granularity, access, contents)?,
    };
    if is_huge(view) && base % LARGE_PAGE_SIZE == 0 {
        map::let_be_huge(base, length);
    }
    regions.insert(Region {
        base,
        length,
        original: view.protection,
        caching: view.caching,
        what: What::View {
            storage: view.storage.cloned(),
            first_page: view.offset / PAGE_SIZE as u64,
            is_private,
            is_large,
        },
        pages: Runs::new(length / PAGE_SIZE, Page::Usable(view.protection)),
    });
    Ok(base)
}

/// Whether the kernel may show large pages in a view, where the administrator lets it. They
/// must begin at multiples of their size in the section and in the address space.
fn is_huge(view: &View) -> bool {
    const LARGE: u64 = LARGE_PAGE_SIZE as u64;
    view.may_be_huge && view.offset % LARGE == 0 && view.protection.data == Data::Write
}

/// Removes the whole view that an address lies in.
pub fn unmap_view(_inside: &Inside, address: usize) -> Result<(), Error> {
    let mut regions = regions::write();
    let region = regions.at(address).ok_or(Error::InvalidAddress)?;
    if !matches!(region.what, What::View { .. }) {
        return Err(Error::InvalidAddress);
    }
    let (base, length) = (region.base, region.length);
    // SAFETY: a view of ours; who unmaps it says that nobody uses it.
    unsafe { map::unmap(base, length)? };
    placement::freed(base, length);
    let removed = regions.remove(base);
    drop(regions);
    // Its storage may close a file: not under the lock.
    drop(removed);
    Ok(())
}

/// Writes a part of a view back; length 0: up to its end. A disk may take long, so the
/// caller is not inside the fork gate, and nothing is locked meanwhile: who unmaps the
/// view then gets it unmapped. Whatever is there instead is at most written back, too.
pub fn flush(address: usize, length: usize) -> Result<(), Error> {
    let (start, length) = flushable(&fork::enter(), address, length)?;
    map::sync(start, length).map_err(|error| match error {
        Error::Os(libc::ENOMEM) => Error::InvalidAddress,
        error => error,
    })
}

/// The pages of a part of a view.
fn flushable(_inside: &Inside, address: usize, length: usize) -> Result<(usize, usize), Error> {
    let regions = regions::read();
    let region = regions.at(address).ok_or(Error::InvalidAddress)?;
    let rest = region.end() - address;
    let is_view = matches!(region.what, What::View { .. });
    if !is_view || length > rest {
        return Err(Error::InvalidAddress);
    }
    let length = if length == 0 { rest } else { length };
    whole_pages(address, length).ok_or(Error::InvalidAddress)
}
