//! Which views of a section a handle may map.

use super::{Home, Pages, Section};
use crate::consts::{SECTION_MAP_EXECUTE, SECTION_MAP_EXECUTE_EXPLICIT, SECTION_MAP_READ, SECTION_MAP_WRITE};
use crate::error::Error;
use crate::fork::Inside;
use crate::memory::{self, GRANULARITY, LARGE_PAGE_SIZE, Storage, View};
use crate::protection::{Data, Protection};
use crate::segment::Source;
use std::sync::Arc;

/// What a caller wants to do with a view.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ViewKind {
    pub data: Data,
    pub execute: bool,
}

/// A view as it was asked for.
pub struct Request {
    pub kind: ViewKind,
    pub offset: u64,
    /// Bytes; 0: up to the end of the section.
    pub length: usize,
    /// The address to use; None: any.
    pub address: Option<usize>,
    /// Large pages or nothing.
    pub large_pages: bool,
}

impl Request {
    /// Judged before the handle is looked at, as on Windows.
    pub fn check_alignment(&self) -> Result<(), Error> {
        let aligned = self.offset % GRANULARITY as u64 == 0
            && self.address.is_none_or(|address| address % GRANULARITY == 0);
        if aligned { Ok(()) } else { Err(Error::Misaligned) }
    }
}

impl Section {
    /// Maps a view for a handle with these rights; returns its address.
    pub fn map(&self, inside: &Inside, granted: u32, request: &Request) -> Result<usize, Error> {
        let length = self.check(granted, request)?;
        let map = |source: Source, storage: Option<&Arc<Storage>>| {
            let view = View {
                source,
                storage,
                offset: request.offset,
                length,
                protection: Protection::new(request.kind.data, request.kind.execute),
                caching: self.attributes.caching,
                may_be_huge: self.attributes.pages == Pages::Committed
                    && !memory::is_reserved_at_once(self.size),
                address: request.address,
            };
            memory::map_view(inside, &view)
        };
        match &self.home {
            Home::Named(file, None) => file.with_description(|fd| map(Source::File(fd), None)),
            Home::Unnamed(storage) if self.attributes.pages == Pages::Large => {
                map(Source::LargePages(storage.fd()?), None)
            }
            Home::Named(_, Some(storage)) | Home::Unnamed(storage) => {
                map(Source::File(storage.fd()?), storage.is_reserve().then_some(storage))
            }
            Home::File(contents) => map(Source::File(contents.fd(request.offset + length as u64)?), None),
            Home::System(segment) => map(segment.source()?, None),
        }
    }

    /// Whether the view may be mapped; returns its length.
    fn check(&self, granted: u32, request: &Request) -> Result<usize, Error> {
        let needed = needed_rights(request.kind);
        let execute = if request.kind.execute { SECTION_MAP_EXECUTE } else { 0 };
        // The explicit right implies the general one.
        let has_explicit = granted & SECTION_MAP_EXECUTE_EXPLICIT != 0;
        let granted = if has_explicit { granted | SECTION_MAP_EXECUTE } else { granted };
        if granted & (needed | execute) != needed | execute {
            return Err(Error::AccessDenied);
        }
        let section = self.attributes.protection;
        let writes = request.kind.data == Data::Write && section.data != Data::Write;
        if writes || request.kind.execute && !section.execute {
            return Err(Error::InvalidParameter);
        }
        self.check_large_pages(request)?;
        let rest =
            self.limit().checked_sub(request.offset).filter(|&rest| rest > 0).ok_or(Error::AccessDenied)?;
        let length = if request.length == 0 { rest } else { request.length as u64 };
        if length > rest {
            return Err(Error::AccessDenied);
        }
        usize::try_from(length).map_err(|_| Error::Os(libc::ENOMEM))
    }

    /// Views of large pages begin at large pages, whether that is asked for or not.
    fn check_large_pages(&self, request: &Request) -> Result<(), Error> {
        let is_large = self.attributes.pages == Pages::Large;
        if request.large_pages && (!is_large || request.length % LARGE_PAGE_SIZE != 0) {
            return Err(Error::InvalidParameter);
        }
        let aligned = request.offset % LARGE_PAGE_SIZE as u64 == 0
            && request.address.is_none_or(|address| address % LARGE_PAGE_SIZE == 0);
        if is_large && !aligned { Err(Error::Misaligned) } else { Ok(()) }
    }
}

/// A view that shows nothing needs the right to read, as on Windows.
fn needed_rights(kind: ViewKind) -> u32 {
    match kind.data {
        Data::None | Data::Read | Data::Copy => SECTION_MAP_READ,
        Data::Write => SECTION_MAP_WRITE,
    }
}
