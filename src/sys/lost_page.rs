//! Pages of files that are used by plain loads and stores, though another process may
//! cut the file off: then the fault puts a page of zeros in place and says so. It can
//! say so in the page, too.

use super::map::PAGE_SIZE;
use crate::plant::call;
use std::ptr::{self, NonNull};
use std::sync::Mutex;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize, fence};

/// A page that is watched. Never freed, and used again: a handler may look at it.
struct Entry {
    /// Its address; FREE and TAKEN are none.
    page: AtomicUsize,
    /// What stands at the beginning of each SPACING bytes of the page afterwards.
    sign: AtomicU64,
    is_lost: AtomicBool,
    next: *const Entry,
}

// SAFETY: reached by atomics only, and `next` never changes once others see it.
unsafe impl Sync for Entry {}

// (No beginnings of pages. 0 is one: what the processor says of an impossible address.)
const FREE: usize = 1;
const TAKEN: usize = 2;

const SPACING: usize = 128;

static ENTRIES: AtomicPtr<Entry> = AtomicPtr::new(ptr::null_mut());

fn entries() -> impl Iterator<Item = &'static Entry> {
    // SAFETY: entries are never freed, and `next` is written before publication.
    let all = |entry: *const Entry| unsafe { entry.as_ref() };
    std::iter::successors(all(ENTRIES.load(Acquire)), move |entry| all(entry.next))
}

/// Entries that nobody has. Not asked for by the handler.
static FREE_ENTRIES: Mutex<Vec<&Entry>> = Mutex::new(Vec::new());

/// Watches a mapped page. To be dropped before the page is unmapped.
pub struct Watch(&'static Entry);

impl Watch {
    /// Leaves zeros.
    pub fn new(page: NonNull<u8>) -> Watch {
        Watch::with_sign(page, 0)
    }

    /// Leaves a word at each multiple of 128, and zeros between. The page never shows the
    /// one without the other.
    pub fn with_sign(page: NonNull<u8>, sign: u64) -> Watch {
        // (Locked for ever in a child that was forked just then.)
        let known = FREE_ENTRIES.try_lock().ok().and_then(|mut free| free.pop());
        let entry = known.unwrap_or_else(|| {
            let (page, sign) = (AtomicUsize::new(TAKEN), AtomicU64::new(0));
            let entry = Entry { page, sign, is_lost: AtomicBool::new(false), next: ptr::null() };
            publish(Box::leak(Box::new(entry)))
        });
        entry.sign.store(sign, Relaxed);
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

    /// What `is_lost` tells, for who looks at it himself.
    #[inline]
    pub fn lost(&self) -> &AtomicBool {
        &self.0.is_lost
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.page.store(FREE, Release);
        if let Ok(mut free) = FREE_ENTRIES.try_lock() {
            free.push(self.0);
        }
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
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping. The call may be made in a handler.
    let map = || unsafe { libc::mmap(ptr::null_mut(), PAGE_SIZE, access, flags, -1, 0) };
    let fresh = call("mmap: lost page", map);
    if fresh == libc::MAP_FAILED {
        return false;
    }
    for offset in (0..PAGE_SIZE).step_by(SPACING) {
        let place = fresh.wrapping_byte_add(offset).cast::<u64>();
        // SAFETY: within the new page, aligned.
        unsafe { place.write(entry.sign.load(Relaxed)) };
    }
    let (target, move_there) = (page as *mut libc::c_void, libc::MREMAP_MAYMOVE | libc::MREMAP_FIXED);
    // SAFETY: the page is mapped and its user's own; who uses it goes on with what is
    // there now. The call may be made in a handler.
    let put_there = || unsafe { libc::mremap(fresh, PAGE_SIZE, PAGE_SIZE, move_there, target) };
    let mapped = call("mremap: lost page", put_there);
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
        for sign in [0, 79] {
            let pages = files.each_ref().map(|file| SharedPage::map(file.as_fd(), 0).unwrap());
            let watches = pages.each_ref().map(|page| Watch::with_sign(page.address(), sign));
            // SAFETY: mapped, aligned, and nobody else's.
            let words = pages.each_ref().map(|page| unsafe { page.address().cast::<AtomicU64>().as_ref() });
            words.iter().for_each(|word| word.store(77, SeqCst));
            file::set_size(files[0].as_fd(), 0).unwrap();
            assert!(!watches[0].is_lost(), "nobody has looked");
            assert_eq!(words[0].load(SeqCst), sign);
            words[0].store(78, SeqCst);
            assert_eq!((words[0].load(SeqCst), words[1].load(SeqCst)), (78, 77));
            assert!(watches[0].is_lost() && !watches[1].is_lost());
            let later = pages[0].address().as_ptr().wrapping_add(SPACING).cast::<u64>();
            // SAFETY: as above.
            assert_eq!(unsafe { later.read_volatile() }, sign);
            file::set_size(files[0].as_fd(), PAGE_SIZE as u64).unwrap();
        }
    }

    /// The fault of an impossible address is told as one of address 0, and root may have
    /// memory there.
    #[test]
    fn no_page_is_made_where_none_is_watched() {
        let file = file::create_nameless(c"winshm-test").unwrap();
        file::set_size(file.as_fd(), PAGE_SIZE as u64).unwrap();
        let page = SharedPage::map(file.as_fd(), 0).unwrap();
        drop(Watch::new(page.address()));
        assert!(!replace(0));
        assert!(!replace(page.address().as_ptr() as usize));
    }
}
