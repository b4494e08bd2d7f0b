//! One range of addresses that the library mapped.

#![forbid(unsafe_code)]

use super::runs::Runs;
use super::storage::Storage;
use crate::protection::{Caching, Data, Protection};
use crate::sys::map::{Access, PAGE_SIZE};
use std::ops::Range;
use std::sync::Arc;

pub struct Region {
    pub base: usize,
    /// Whole pages.
    pub length: usize,
    /// What the region was mapped or allocated with.
    pub original: Protection,
    pub caching: Caching,
    pub what: What,
    pub pages: Runs<Page>,
}

pub enum What {
    /// A view of a section.
    View {
        /// For sections whose pages are committed one by one.
        storage: Option<Arc<Storage>>,
        /// First page of the section that is shown.
        first_page: u64,
        /// A page can be made this process's own.
        is_private: bool,
        /// Of large pages, which are in memory always.
        is_large: bool,
    },
    /// Memory of this process.
    Private,
}

/// The library's own knowledge of a page. Whether a page of a view has storage
/// is the section's business.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Page {
    Reserved,
    Usable(Protection),
}

impl Region {
    pub fn end(&self) -> usize {
        self.base + self.length
    }

    /// The pages of a range of addresses that lies within the region.
    pub fn page_range(&self, address: usize, length: usize) -> Range<usize> {
        let first = (address - self.base) / PAGE_SIZE;
        first..first + length / PAGE_SIZE
    }

    pub fn page_address(&self, page: usize) -> usize {
        self.base + page * PAGE_SIZE
    }

    /// Whether the region's pages may get this protection.
    pub fn allows(&self, wanted: Protection) -> bool {
        match self.what {
            What::Private => wanted.data != Data::Copy,
            What::View { .. } if wanted.execute && !self.original.execute => false,
            What::View { is_private, .. } => match wanted.data {
                Data::None | Data::Read => true,
                // Stores to a shared mapping reach everybody; to any other, only us.
                Data::Copy => is_private,
                Data::Write => matches!(self.original.data, Data::Write | Data::Copy),
            },
        }
    }

    /// What a page that gets `wanted` is said to have: writing to a copy view
    /// means copying.
    pub fn effective(&self, wanted: Protection) -> Protection {
        let is_copy = matches!(self.what, What::View { .. }) && self.original.data == Data::Copy;
        if is_copy && wanted.data == Data::Write { Protection { data: Data::Copy, ..wanted } } else { wanted }
    }
}

/// The processor's side of a protection. Views that do not write to the
/// section are private mappings, so `Copy` is plain writing.
pub fn access(protection: Protection) -> Access {
    let data = match protection.data {
        // Windows' execute-only pages can be read on this processor.
        Data::None if protection.execute => Access::READ,
        Data::None => Access::NONE,
        Data::Read => Access::READ,
        Data::Copy | Data::Write => Access::READ_WRITE,
    };
    if protection.execute { data.and_execute() } else { data }
}
