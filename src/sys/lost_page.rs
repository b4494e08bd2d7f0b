//! Pages of files that are used by plain loads and stores, though another process may
//! cut the file off: then the fault puts a page of zeros in place and says so.

use super::map::PAGE_SIZE;
use crate::plant::call;
use std::ptr::{self, NonNull};
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicUsize, fence};

/// A page that is watched. Never freed, and used again: a handler may look at it.
struct Entry {
    /// Its address; FREE and TAKEN are none.
    page: AtomicUsize,
    is_lost: AtomicBool,
    next: *const Entry,
}

const FREE: usize = 0;
const TAKEN: usize = 1;

static ENTRIES: AtomicPtr<Entry> = AtomicPtr::new(ptr::null_mut());

fn entries() -> impl Iterator<Item = &'static Entry> {
    // SAFETY: entries are never freed, and `next` is written before publication.
    let all = |entry: *const Entry| unsafe { entry.as_ref() };
    std::iter::successors(all(ENTRIES.load(Acquire)), move |entry| all(entry.next))
}

/// Watches a mapped page. To be dropped before the page is unmapped.
pub struct Watch(&'static Entry);

// SAFETY: an entry is reached by atomics only, and `next` never changes.
unsafe impl Send for Watch {}
// SAFETY: as above.
unsafe impl Sync for Watch {}

impl Watch {
    pub fn new(page: NonNull<u8>) -> Watch {
        let take = |entry: &&Entry| entry.page.compare_exchange(FREE, TAKEN, Acquire, Relaxed).is_ok();
        let entry = entries().find(take).unwrap_or_else(|| {
            let entry =
                Entry { page: AtomicUsize::new(TAKEN), is_lost: AtomicBool::new(false), next: ptr::null() };
            publish(Box::leak(Box::new(entry)))
        });
        entry.is_lost.store(false, Relaxed);
        entry.page.store(page.as_ptr() as usize, Release);
        Watch(entry)
    }

    /// Whether something that was loaded before came perhaps from the page of zeros.
    #[inline]
    pub fn is_lost(&self) -> bool {
        fence(Acquire);
        self.0.is_lost.load(Relaxed)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.page.store(FREE, Release);
    }
}

/// Adds an entry to the list, in front.
fn publish(entry: &'static mut Entry) -> &'static Entry {
    let mut head = ENTRIES.load(Relaxed);
    loop {
        entry.next = head;
        match ENTRIES.compare_exchange_weak(head, entry, Release, Relaxed) {
            Ok(_) => return entry,
            Err(now) => head = now,
        }
    }
}

/// In a handler of SIGBUS: puts zeros where a watched page was. False: the address is
/// in none.
pub fn replace(address: usize) -> bool {
    let page = address & !(PAGE_SIZE - 1);
    let Some(entry) = entries().find(|entry| entry.page.load(Acquire) == page) else { return false };
    // First: who finds the zeros must find this.
    entry.is_lost.store(true, SeqCst);
    let access = libc::PROT_READ | libc::PROT_WRITE;
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED;
    // SAFETY: the page is mapped and its user's own; who uses it goes on with zeros.
    // The call may be made in a handler.
    let mapped = call("mmap: lost page", || unsafe {
        libc::mmap(page as *mut libc::c_void, PAGE_SIZE, access, flags, -1, 0)
    });
    mapped != libc::MAP_FAILED
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::map::SharedPage;
    use crate::sys::{fault, file};
    use std::os::fd::AsFd;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn a_page_that_is_cut_off_becomes_zeros_and_others_stay() {
        fault::set_up().unwrap();
        let files = [(); 2].map(|()| {
            let file = file::create_nameless(c"winshm-test").unwrap();
            file::set_size(file.as_fd(), PAGE_SIZE as u64).unwrap();
            file
        });
        for _ in 0..2 {
            let pages = files.each_ref().map(|file| SharedPage::map(file.as_fd(), 0).unwrap());
            let watches = pages.each_ref().map(|page| Watch::new(page.address()));
            // SAFETY: mapped, aligned, and nobody else's.
            let words = pages.each_ref().map(|page| unsafe { page.address().cast::<AtomicU64>().as_ref() });
            words.iter().for_each(|word| word.store(77, SeqCst));
            file::set_size(files[0].as_fd(), 0).unwrap();
            assert!(!watches[0].is_lost(), "nobody has looked");
            assert_eq!(words[0].load(SeqCst), 0);
            words[0].store(78, SeqCst);
            assert_eq!((words[0].load(SeqCst), words[1].load(SeqCst)), (78, 77));
            assert!(watches[0].is_lost() && !watches[1].is_lost());
            file::set_size(files[0].as_fd(), PAGE_SIZE as u64).unwrap();
        }
    }
}
