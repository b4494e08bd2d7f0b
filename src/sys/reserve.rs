//! The last memory of the process: what malloc refuses the inside gets from here.
//!
//! Rust ends a program whose heap is exhausted, and what the inside allocates (texts,
//! lists, entries of tables) has no other way to fail. So the allocator of the library
//! asks malloc first, and then a fixed reserve, of which a call needs little and not for
//! long. What would last, or cannot be taken back, asks `heap::suffices` or
//! `heap::has_room` and fails with ERROR_NOT_ENOUGH_MEMORY; what gives something back
//! asks nobody, and works. What grows with the number of objects asks `heap::has`.
//!
//! The reserve is larger than what the calls of hundreds of threads need at a time; a
//! program in which still more threads call with an exhausted heap is ended as before.
//! So is one that loaded the library by dlopen, at the first call of a thread: the C
//! library takes the thread's part of it from malloc.
//!
//! No lock: a call may be inside when a signal handler calls, or when the process forks.
//! The child keeps what other threads had, as it keeps their memory of malloc.
//!
//! The allocator is that of each program that links the crate: C programs, and the tests
//! and fuzzers of the project. Their own malloc is not touched.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::UnsafeCell;
use std::mem::size_of;
use std::ptr;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU64, AtomicUsize};

/// The alignment of every block; more is not to be had.
const ALIGNMENT: usize = 256;

const BLOCKS: usize = 64;

/// Blocks of one size. What is taken is one or more of them in a row.
#[repr(C, align(256))]
struct Shelf<const BLOCK: usize> {
    bytes: UnsafeCell<[[u8; BLOCK]; BLOCKS]>,
    /// A bit for each block.
    taken: AtomicU64,
}

// SAFETY: the bytes of a block belong to whoever set its bit.
unsafe impl<const BLOCK: usize> Sync for Shelf<BLOCK> {}

impl<const BLOCK: usize> Shelf<BLOCK> {
    const fn new() -> Self {
        Shelf { bytes: UnsafeCell::new([[0; BLOCK]; BLOCKS]), taken: AtomicU64::new(0) }
    }

    /// The bits of the blocks for so many bytes, from the first one; 0: it has not so many.
    fn run(size: usize) -> u64 {
        match size.div_ceil(BLOCK).max(1) {
            count if count < BLOCKS => (1 << count) - 1,
            BLOCKS => u64::MAX,
            _ => 0,
        }
    }

    fn take(&self, size: usize) -> Option<*mut u8> {
        let run = Self::run(size);
        let free =
            |taken: u64| (0..run.leading_zeros() + 1).find(|shift| run != 0 && taken & (run << shift) == 0);
        let mut taken = self.taken.load(Relaxed);
        loop {
            let shift = free(taken)?;
            // Acquire pairs with `give`: who had the block is done with it.
            match self.taken.compare_exchange_weak(taken, taken | (run << shift), Acquire, Relaxed) {
                Ok(_) => return Some(self.start().wrapping_add(shift as usize * BLOCK)),
                Err(now) => taken = now,
            }
        }
    }

    /// Whether the memory was one of these blocks.
    fn give(&self, memory: *mut u8, size: usize) -> bool {
        let offset = (memory as usize).wrapping_sub(self.start() as usize);
        let ours = offset < BLOCK * BLOCKS;
        if ours {
            self.taken.fetch_and(!(Self::run(size) << (offset / BLOCK)), Release);
        }
        ours
    }

    fn start(&self) -> *mut u8 {
        self.bytes.get().cast()
    }
}

const SMALL_SHELVES: usize = 32;

/// Half a megabyte of small blocks, a megabyte of large ones: texts of 32767 characters.
/// All zero: no page is there before it is used.
struct Reserve {
    small: [Shelf<256>; SMALL_SHELVES],
    large: Shelf<16384>,
    /// Allocations that are served from it.
    used: AtomicUsize,
}

static RESERVE: Reserve = Reserve {
    small: [const { Shelf::new() }; SMALL_SHELVES],
    large: Shelf::new(),
    used: AtomicUsize::new(0),
};

impl Reserve {
    fn take(&self, layout: Layout) -> *mut u8 {
        if layout.align() > ALIGNMENT {
            return ptr::null_mut();
        }
        let small = self.small.iter().find_map(|shelf| shelf.take(layout.size()));
        match small.or_else(|| self.large.take(layout.size())) {
            Some(memory) => {
                self.used.fetch_add(1, Relaxed);
                memory
            }
            None => ptr::null_mut(),
        }
    }

    fn give(&self, memory: *mut u8, size: usize) {
        let _ = self.large.give(memory, size) || self.small.iter().any(|shelf| shelf.give(memory, size));
        self.used.fetch_sub(1, Relaxed);
    }

    #[inline(always)]
    fn has(&self, memory: *mut u8) -> bool {
        (memory as usize).wrapping_sub(ptr::from_ref(self) as usize) < size_of::<Reserve>()
    }
}

/// Whether something is served from the reserve.
#[inline]
pub fn is_used() -> bool {
    RESERVE.used.load(Relaxed) != 0
}

struct Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

impl Allocator {
    #[cold]
    #[inline(never)]
    fn from_reserve(layout: Layout) -> *mut u8 {
        RESERVE.take(layout)
    }

    /// Moves an allocation that cannot grow where it is.
    ///
    /// # Safety
    /// That of `GlobalAlloc::realloc`.
    #[cold]
    #[inline(never)]
    unsafe fn moved(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let Ok(wanted) = Layout::from_size_align(size, layout.align()) else {
            return ptr::null_mut();
        };
        // SAFETY: the size is not 0, by the contract.
        let fresh = unsafe { self.alloc(wanted) };
        if !fresh.is_null() {
            // SAFETY: both have so many bytes, and are two allocations.
            unsafe { ptr::copy_nonoverlapping(memory, fresh, layout.size().min(size)) };
            // SAFETY: by the contract; it is not used any more.
            unsafe { self.dealloc(memory, layout) };
        }
        fresh
    }
}

// SAFETY: malloc's memory is malloc's to free, recognised by its address; a block of the
// reserve has one user, is as large as asked for, and aligned. Nothing panics.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: by the contract.
        let memory = unsafe { System.alloc(layout) };
        if memory.is_null() { Self::from_reserve(layout) } else { memory }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: by the contract.
        let memory = unsafe { System.alloc_zeroed(layout) };
        if !memory.is_null() {
            return memory;
        }
        let memory = Self::from_reserve(layout);
        if !memory.is_null() {
            // SAFETY: it has so many bytes.
            unsafe { memory.write_bytes(0, layout.size()) };
        }
        memory
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        if RESERVE.has(memory) {
            return RESERVE.give(memory, layout.size());
        }
        // SAFETY: by the contract, and malloc's.
        unsafe { System.dealloc(memory, layout) }
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !RESERVE.has(memory) {
            // SAFETY: by the contract, and malloc's.
            let longer = unsafe { System.realloc(memory, layout, size) };
            if !longer.is_null() {
                return longer;
            }
        }
        // SAFETY: by the contract; if malloc refused, the memory is as it was.
        unsafe { self.moved(memory, layout, size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static SHELF: Shelf<256> = Shelf::new();

    #[test]
    fn a_shelf_gives_each_block_once_and_takes_it_back() {
        let all: Vec<_> = (0..BLOCKS).map(|_| SHELF.take(1).unwrap()).collect();
        assert_eq!(SHELF.take(0), None);
        assert!(SHELF.give(all[7], 1) && SHELF.give(all[8], 1) && SHELF.give(all[10], 1));
        assert_eq!(SHELF.take(513), None, "three in a row are not free");
        assert_eq!(SHELF.take(512), Some(all[7]));
        assert_eq!(SHELF.take(256), Some(all[10]));
        assert!(SHELF.give(all[7], 512) && SHELF.give(all[10], 256));
        for (number, &block) in all.iter().enumerate() {
            assert!(matches!(number, 7 | 8 | 10) || SHELF.give(block, 1));
        }
        assert_eq!(SHELF.take(257 * BLOCKS), None, "larger than the shelf");
        let whole = SHELF.take(256 * BLOCKS).unwrap();
        assert_eq!(SHELF.take(1), None);
        assert!(SHELF.give(whole, 256 * BLOCKS));
        assert!(!SHELF.give(ptr::null_mut(), 1), "what is not of the shelf");
    }

    #[test]
    fn an_allocation_moves_between_malloc_and_the_reserve() {
        let layout = Layout::from_size_align(300, 16).unwrap();
        let memory = RESERVE.take(layout);
        assert!(RESERVE.has(memory) && is_used());
        // SAFETY: 300 bytes.
        unsafe { memory.write_bytes(7, 300) };
        // SAFETY: of this allocator, with this layout.
        let moved = unsafe { ALLOCATOR.realloc(memory, layout, 20_000) };
        assert!(!moved.is_null() && !RESERVE.has(moved), "malloc has memory");
        // SAFETY: it has more bytes than these, all set.
        let contents = unsafe { std::slice::from_raw_parts(moved, 300) };
        assert!(contents.iter().all(|&byte| byte == 7));
        // SAFETY: of this allocator, with the layout of the realloc.
        unsafe { ALLOCATOR.dealloc(moved, Layout::from_size_align(20_000, 16).unwrap()) };
    }
}
