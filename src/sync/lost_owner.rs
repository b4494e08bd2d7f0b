//! Owners that the kernel forgot. When a thread ends, the kernel marks the mutexes that it
//! owned, but not always: a thread that is not the first of its process and calls exec has
//! another id when its list is read; and the list may have been scribbled over. So who
//! waits for a mutex in vain asks now and then whether there is such a thread.
//!
//! Ids of threads mean something within a PID namespace. The owner notes his, with the
//! number of the acquisition: a note of another owner is none.

use super::object::SyncObject;
use super::owner::{self, Owner};
use super::state::{Kind, mutex};
use super::words::Words;
use crate::sys::thread;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

/// Which acquisition a state word is of.
fn acquisition(word: u64) -> u32 {
    (word >> 32) as u32 & (mutex::ACQUISITIONS >> 32) as u32
}

impl Words {
    /// For the new owner of a mutex.
    #[inline]
    pub(super) fn note_namespace(&self, me: &Owner) {
        self.absent.store(me.namespace(), Relaxed);
        self.handed_over.store(acquisition(self.state.load(Relaxed)), Release);
    }

    /// The PID namespace of the owner that a state word tells of; 0: not known.
    fn namespace_of_owner(&self, word: u64) -> u32 {
        let is_noted = self.handed_over.load(Acquire) == acquisition(word);
        if is_noted { self.absent.load(Relaxed) } else { 0 }
    }
}

impl SyncObject {
    /// If this was seen in the state of a mutex, and its owner is no more, does what the
    /// kernel should have done. True: the state is another one now.
    pub fn bury_owner(&self, me: &Owner, word: u64) -> bool {
        let owner = (word & mutex::OWNER) as u32;
        if self.kind != Kind::Mutex || owner == 0 || owner == me.thread() {
            return false;
        }
        let words = self.words();
        if owner::is_of_this_process(words.cookie.load(Relaxed)) {
            return false;
        }
        let namespace = words.namespace_of_owner(word);
        if namespace == 0 || namespace != me.namespace() || thread::exists(owner) {
            return false;
        }
        let buried = words.state.compare_exchange(word, mutex::abandoned(word), AcqRel, Relaxed).is_ok();
        if buried {
            self.wake_if_available();
        }
        true
    }

    /// `bury_owner` of whoever owns the mutex now.
    #[cold]
    pub fn bury_lost_owner(&self, me: &Owner) -> bool {
        self.bury_owner(me, self.words().state.load(Acquire))
    }
}
