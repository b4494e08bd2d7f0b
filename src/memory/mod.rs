//! The address space: views of sections and private allocations, as Windows
//! counts them (64 KiB granularity, reserved and committed pages).
//!
//! `regions` knows every range that the library mapped and holds the lock;
//! `region` is one of them with the state of its pages (`runs`); `foreign`
//! answers for memory that is not the library's, by asking the kernel.

mod allocate;
mod foreign;
mod large;
mod lock;
mod placement;
mod prefetch;
mod query;
mod region;
mod regions;
mod runs;
mod storage;
mod view;

pub use allocate::{Allocation, allocate, decommit, release, reset};
pub use large::create_large;
pub use lock::{lock, unlock};
pub use placement::GRANULARITY;
pub use prefetch::{check as check_prefetch, prefetch};
pub use query::{Info, Kind, State, protect, query};
pub use storage::{Storage, check_room, is_reserved_at_once};
pub use view::{View, flush, map_view, unmap_view};

pub use crate::sys::map::PAGE_SIZE;
pub use crate::sys::system::LARGE_PAGE_SIZE;

/// Addresses that a program may use.
pub const LOWEST: usize = 0x1_0000;
pub const HIGHEST: usize = 0x7fff_fffe_ffff;
/// Where the memory of processes ends. What the kernel places, stacks above all, it
/// places below, but not below `HIGHEST`.
pub const END: usize = 1 << 47;

/// `length` bytes from `address` on, widened to whole pages. None: it leaves
/// the address space.
fn whole_pages(address: usize, length: usize) -> Option<(usize, usize)> {
    let end = address.checked_add(length)?.checked_next_multiple_of(PAGE_SIZE)?;
    let start = address / PAGE_SIZE * PAGE_SIZE;
    (end <= HIGHEST + 1).then_some((start, end - start))
}
