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
use crate::sys::{thread, time};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};

impl Words {
    /// For the new owner of a mutex, which he has by this word.
    #[inline]
    pub(super) fn note_namespace(&self, me: &Owner, taken: u64) {
        self.absent.store(me.namespace(), Relaxed);
        self.handed_over.store(mutex::acquisition(taken), Release);
    }

    /// The PID namespace of the owner that a state word tells of; 0: not known.
    fn namespace_of_owner(&self, word: u64) -> u32 {
        let is_noted = self.handed_over.load(Acquire) == mutex::acquisition(word);
        if is_noted { self.absent.load(Relaxed) } else { 0 }
    }
}

impl SyncObject {
    /// The owner that a state word tells of, if this thread can ask about him.
    fn foreign_owner(&self, me: &Owner, word: u64) -> Option<u32> {
        let owner = (word & mutex::OWNER) as u32;
        if self.kind != Kind::Mutex || owner == 0 || owner == me.thread() {
            return None;
        }
        let words = self.words();
        if owner::is_of_this_process(words.cookie.load(Relaxed)) {
            return None;
        }
        let namespace = words.namespace_of_owner(word);
        (namespace != 0 && namespace == me.namespace()).then_some(owner)
    }

    /// If this was seen in the state of a mutex, and its owner is no more, does what the
    /// kernel should have done. True: the state is another one now.
    pub fn bury_owner(&self, me: &Owner, word: u64) -> bool {
        if self.foreign_owner(me, word).is_none_or(thread::exists) {
            return false;
        }
        let state = &self.words().state;
        if state.compare_exchange(word, mutex::abandoned(word), AcqRel, Relaxed).is_ok() {
            self.wake_if_available();
        }
        true
    }

    /// `bury_owner` for who may look again and again: an owner whom this thread asked for
    /// in vain is believed to be there until the system's clock has ticked.
    pub fn bury_owner_now_and_then(&self, me: &Owner, word: u64) -> bool {
        let Some(owner) = self.foreign_owner(me, word) else { return false };
        let asked = (owner, time::last_tick_ns());
        me.asked_for.get() != asked && {
            me.asked_for.set(asked);
            self.bury_owner(me, word)
        }
    }

    /// `bury_owner` of whoever owns the mutex now.
    #[cold]
    pub fn bury_lost_owner(&self, me: &Owner) -> bool {
        self.bury_owner(me, self.words().state.load(Acquire))
    }
}
