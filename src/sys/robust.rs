//! The kernel's list of the mutexes that a thread owns. When the thread ends, by
//! whatever cause, the kernel walks it, marks each mutex and wakes a waiter.
//!
//! The list is the C library's own where it has one: its mutexes and ours mix in it.
//! A node stands at a fixed distance from its futex word; it begins with the link to
//! the next node, and the link to the one before stands 8 bytes in front of it. Links
//! may be aligned to 4 only. Only the owning thread and, at its end, the kernel use
//! the list, so a compiler fence orders what the kernel is to see.

use crate::plant::{call, stored};

use std::cell::UnsafeCell;
use std::mem::size_of;
use std::ptr::{self, NonNull};
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::compiler_fence;

/// `struct robust_list_head`.
#[repr(C)]
pub struct Head {
    /// The first node, or the address of this field.
    first: *mut u8,
    /// From a node to its futex word.
    futex_offset: isize,
    /// The node of a mutex that is being taken or given up.
    pending: *mut u8,
}

/// Room for a list of a thread whose C library has none.
pub struct Spare(UnsafeCell<Head>);

impl Spare {
    pub const fn new() -> Spare {
        const USUAL: isize = -32;
        let null = ptr::null_mut();
        Spare(UnsafeCell::new(Head { first: null, futex_offset: USUAL, pending: null }))
    }
}

/// The list of the calling thread.
#[derive(Clone, Copy)]
pub struct List(*mut Head);

/// The link to the node before a node, from the node.
const TO_PREVIOUS: usize = 8;

impl List {
    pub const NONE: List = List(ptr::null_mut());

    /// The list of the calling thread, registered now if there is none.
    ///
    /// # Safety
    /// The spare is the calling thread's own and lives as long as it.
    pub unsafe fn of_this_thread(spare: &Spare) -> List {
        let mut head: *mut Head = ptr::null_mut();
        let mut size = 0_usize;
        // SAFETY: both outputs are writable; 0 means the calling thread.
        let result = call("get_robust_list: mine", || unsafe {
            libc::syscall(libc::SYS_get_robust_list, 0, &raw mut head, &raw mut size)
        });
        if result == 0 && !head.is_null() {
            return List(head);
        }
        let list = List(spare.0.get());
        list.set_first(list.0.cast());
        // If it fails, a killed owner is not noticed; the rest works.
        // SAFETY: initialised, and lives as long as the thread.
        call("set_robust_list: mine", || unsafe {
            libc::syscall(libc::SYS_set_robust_list, list.0, size_of::<Head>())
        });
        list
    }

    fn first(self) -> *mut u8 {
        // SAFETY: the head lives as long as the thread.
        unsafe { (*self.0).first }
    }

    fn set_first(self, node: *mut u8) {
        compiler_fence(SeqCst);
        // SAFETY: as above; aligned.
        let slot = unsafe { &raw mut (*self.0).first };
        // SAFETY: as above.
        unsafe { slot.write_volatile(node) };
        compiler_fence(SeqCst);
        stored("robust list: first");
    }

    /// The node that the kernel is to look at, too, if the thread dies now.
    #[inline]
    pub fn pending(self) -> *mut u8 {
        // SAFETY: as above.
        unsafe { (*self.0).pending }
    }

    #[inline]
    pub fn set_pending(self, node: *mut u8) {
        compiler_fence(SeqCst);
        // SAFETY: as above; aligned.
        let slot = unsafe { &raw mut (*self.0).pending };
        // SAFETY: as above.
        unsafe { slot.write_volatile(node) };
        compiler_fence(SeqCst);
        stored("robust list: pending");
    }

    #[inline]
    fn futex_offset(self) -> isize {
        // SAFETY: as above; the C library does not change it.
        unsafe { (*self.0).futex_offset }
    }

    #[inline]
    pub fn node_of(self, futex: *mut u8) -> *mut u8 {
        futex.wrapping_offset(-self.futex_offset())
    }

    #[inline]
    pub fn futex_of(self, node: *mut u8) -> *const u32 {
        node.wrapping_offset(self.futex_offset()).cast_const().cast()
    }

    /// The futex of the first node that `is_wanted`.
    pub fn find(self, is_wanted: impl Fn(NonNull<u8>) -> bool) -> Option<NonNull<u8>> {
        let mut node = plain(self.first());
        while node != self.0.cast() {
            let futex = NonNull::new(self.futex_of(node).cast_mut().cast::<u8>())?;
            if is_wanted(futex) {
                return Some(futex);
            }
            node = plain(load(node));
        }
        None
    }

    /// # Safety
    /// The node is of a mutex that the calling thread has just taken, as are all in
    /// the list. They stay mapped as long as they are in it.
    #[inline]
    pub unsafe fn insert(self, node: *mut u8) {
        let first = self.first();
        store(node, first);
        stored("robust list: new link");
        store(node.wrapping_sub(TO_PREVIOUS), self.0.cast());
        compiler_fence(SeqCst);
        if plain(first) != self.0.cast() {
            store(plain(first).wrapping_sub(TO_PREVIOUS), node);
            stored("robust list: link back");
        }
        self.set_first(node);
    }

    /// # Safety
    /// The node is in the list; otherwise as `insert`.
    #[inline]
    pub unsafe fn remove(self, node: *mut u8) {
        let (next, previous) = (load(node), load(node.wrapping_sub(TO_PREVIOUS)));
        if plain(next) != self.0.cast() {
            store(plain(next).wrapping_sub(TO_PREVIOUS), previous);
            stored("robust list: link back around");
        }
        store(plain(previous), next);
        stored("robust list: link around");
        compiler_fence(SeqCst);
    }
}

#[inline]
fn store(slot: *mut u8, value: *mut u8) {
    // SAFETY: a link of a node in the list, by the contract of the callers.
    unsafe { slot.cast::<*mut u8>().write_unaligned(value) };
}

#[inline]
fn load(slot: *mut u8) -> *mut u8 {
    // SAFETY: as in `store`.
    unsafe { slot.cast::<*mut u8>().read_unaligned() }
}

/// Without the mark that the C library puts on mutexes with priority inheritance.
#[inline]
fn plain(node: *mut u8) -> *mut u8 {
    node.map_addr(|address| address & !1)
}
