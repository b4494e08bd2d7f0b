//! The kernel's list of the mutexes that a thread owns. When the thread ends, by
//! whatever cause, the kernel walks it, marks each mutex and wakes a waiter.
//!
//! The list is the C library's own where it has one. A node stands at a fixed distance
//! from its futex word; it begins with the link to the next node, and the link to the
//! one before stands 8 bytes in front of it. Links may be aligned to 4 only. Only the
//! owning thread and, at its end, the kernel use the list, so a compiler fence orders
//! what the kernel is to see.
//!
//! Our nodes stand in pages that peers can write to, so their links are written and
//! never read here: a peer would choose where this process stores. All of ours are at
//! the end of the list, in an order that the caller knows; the C library enters its own
//! at the front, writes the links of its neighbours and reads none but its own. Of the
//! links to nodes before, which the kernel does not use, ours have none.

use crate::plant::{call, stored};

use std::cell::UnsafeCell;
use std::mem::size_of;
use std::ptr;
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
pub struct List {
    head: *mut Head,
    /// The head's, which the C library does not change.
    futex_offset: isize,
}

impl List {
    pub const NONE: List = List { head: ptr::null_mut(), futex_offset: 0 };

    /// # Safety
    /// The head is registered for the calling thread, which keeps the list for itself.
    unsafe fn new(head: *mut Head) -> List {
        // SAFETY: by this function's contract.
        let futex_offset = unsafe { (*head).futex_offset };
        List { head, futex_offset }
    }

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
            // SAFETY: the kernel says so.
            return unsafe { List::new(head) };
        }
        // SAFETY: registered below.
        let list = unsafe { List::new(spare.0.get()) };
        list.set_first(list.end());
        // If it fails, a killed owner is not noticed; the rest works.
        // SAFETY: initialised, and lives as long as the thread.
        call("set_robust_list: mine", || unsafe {
            libc::syscall(libc::SYS_set_robust_list, list.head, size_of::<Head>())
        });
        list
    }

    #[inline]
    pub fn set_first(self, node: *mut u8) {
        compiler_fence(SeqCst);
        // SAFETY: as above; aligned.
        let slot = unsafe { &raw mut (*self.head).first };
        // SAFETY: as above.
        unsafe { slot.write_volatile(node) };
        compiler_fence(SeqCst);
        stored("robust list: first");
    }

    /// The node that the kernel is to look at, too, if the thread dies now.
    #[inline]
    pub fn pending(self) -> *mut u8 {
        // SAFETY: as above.
        unsafe { (*self.head).pending }
    }

    #[inline]
    pub fn set_pending(self, node: *mut u8) {
        compiler_fence(SeqCst);
        // SAFETY: as above; aligned.
        let slot = unsafe { &raw mut (*self.head).pending };
        // SAFETY: as above.
        unsafe { slot.write_volatile(node) };
        compiler_fence(SeqCst);
        stored("robust list: pending");
    }

    #[inline]
    pub fn node_of(self, futex: *mut u8) -> *mut u8 {
        futex.wrapping_offset(-self.futex_offset)
    }

    #[inline]
    pub fn futex_of(self, node: *mut u8) -> *const u32 {
        node.wrapping_offset(self.futex_offset).cast_const().cast()
    }

    /// What the last link of the list says.
    #[inline]
    pub fn end(self) -> *mut u8 {
        self.head.cast()
    }

    #[inline]
    fn first(self) -> *mut u8 {
        // SAFETY: as above.
        unsafe { (*self.head).first }
    }

    #[inline]
    pub fn starts_with(self, node: *mut u8) -> bool {
        self.first() == node
    }

    /// `insert` where the list begins with `before`.
    ///
    /// # Safety
    /// As for `insert`.
    #[inline]
    pub unsafe fn insert_in_front(self, node: *mut u8, before: *mut u8) {
        store(node, before);
        stored("robust list: link of the first one");
        self.set_first(node);
    }

    /// Where the link stands that leads to a node, or to the end, if all nodes before it
    /// are the program's own. None: the program has written into the list.
    #[inline]
    fn link_to(self, wanted: *mut u8) -> Option<*mut u8> {
        /// More than the kernel follows.
        const MOST: usize = 4096;
        // (The first field of the head is a link, too.)
        let mut link = self.end();
        for _ in 0..MOST {
            let next = plain(load(link));
            if next == wanted {
                return Some(link);
            }
            if next == self.end() || next.is_null() {
                return None;
            }
            link = next;
        }
        None
    }

    /// Enters a node in front of another one, or of the end.
    ///
    /// # Safety
    /// The node is of a mutex that the calling thread has just taken; before the other
    /// one there are nodes of the program's mutexes only. All stay mapped as long as
    /// they are in the list.
    #[inline]
    pub unsafe fn insert(self, node: *mut u8, before: *mut u8) {
        store(node, before);
        stored("robust list: new link");
        if self.first() == before {
            return self.set_first(node);
        }
        match self.link_to(before) {
            Some(link) if link != self.end() => self.lead(link, node),
            _ => self.set_first(node),
        }
    }

    /// Takes a node out; `after` is the one before which `insert` put it, or what that
    /// one was taken out for, `before` the one that was put before it; None: nobody's
    /// but the program's.
    ///
    /// # Safety
    /// So it is; otherwise as `insert`.
    #[inline]
    pub unsafe fn remove(self, node: *mut u8, before: Option<*mut u8>, after: *mut u8) {
        if before.is_none() && self.first() == node {
            return self.set_first(after);
        }
        if let Some(link) = before.or_else(|| self.link_to(node)) {
            self.lead(link, after);
        }
    }

    #[inline]
    fn lead(self, link: *mut u8, to: *mut u8) {
        compiler_fence(SeqCst);
        store(link, to);
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
