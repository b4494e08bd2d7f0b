//! What each thread of this process owns, written down in memory of its own.
//!
//! The kernel follows a list whose links stand in the pages of the mutexes, where every
//! peer can write what he likes. The library never does: what it stores to, and what
//! must stay mapped, it knows from here.

use super::words::Words;
use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
use std::mem::size_of;
use std::ptr::{self, NonNull};
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU64, AtomicUsize};

/// The kernel follows a list of a killed thread for 2048 nodes and no further.
const CAPACITY: usize = 2048;

/// What one thread owns, oldest first. Never freed, and used again: other threads look.
/// The count and the first entries, which most threads get along with, share a cache line.
#[repr(C, align(64))]
pub struct Record {
    count: AtomicUsize,
    is_taken: AtomicBool,
    next: AtomicPtr<Record>,
    entries: [Entry; CAPACITY],
}

struct Entry {
    words: AtomicPtr<Words>,
    /// See `SyncObject::identity`.
    identity: AtomicU64,
}

static RECORDS: AtomicPtr<Record> = AtomicPtr::new(ptr::null_mut());

/// For threads that take their first mutex while no memory is to be had: that is no reason
/// to refuse what is free. Never touched before.
static SPARE: [Record; 4] = [const { Record::new() }; 4];

fn mapped() -> impl Iterator<Item = &'static Record> {
    // SAFETY: records are never freed, and `next` is written before publication.
    let at = |record: &AtomicPtr<Record>| unsafe { record.load(Acquire).as_ref() };
    std::iter::successors(at(&RECORDS), move |record| at(&record.next))
}

fn records() -> impl Iterator<Item = &'static Record> {
    mapped().chain(&SPARE)
}

/// Whether some thread of this process owns the object. (Its thread may be taking others
/// out meanwhile. Entries move towards the beginning, so who looks from the end, and sees
/// what overwrote one, sees where that one has gone.)
pub fn is_owned_here(identity: u64) -> bool {
    records().any(|record| record.position(identity).is_some())
}

/// In a forked child, whose only thread owns nothing.
pub fn forget_all() {
    for record in records() {
        record.give_back();
    }
}

impl Entry {
    const fn new() -> Entry {
        Entry { words: AtomicPtr::new(ptr::null_mut()), identity: AtomicU64::new(0) }
    }
}

impl Record {
    const fn new() -> Record {
        Record {
            next: AtomicPtr::new(ptr::null_mut()),
            is_taken: AtomicBool::new(false),
            count: AtomicUsize::new(0),
            entries: [const { Entry::new() }; CAPACITY],
        }
    }

    /// An empty one for a thread; None: no memory. Usable in signal handlers.
    pub fn take() -> Option<&'static Record> {
        let take = |record: &&Record| {
            !record.is_taken.load(Relaxed)
                && record.is_taken.compare_exchange(false, true, Acquire, Relaxed).is_ok()
        };
        mapped().find(take).or_else(Record::add).or_else(|| SPARE.iter().find(take))
    }

    fn add() -> Option<&'static Record> {
        let size = size_of::<Record>().next_multiple_of(PAGE_SIZE);
        // Most of it is never touched.
        let fresh = map::map(Place::Anywhere, size, Access::READ_WRITE, Contents::Zero).ok()? as *mut Record;
        // SAFETY: zeros are a record, and the mapping is for ever.
        let record = unsafe { &mut *fresh };
        record.is_taken = AtomicBool::new(true);
        let mut head = RECORDS.load(Relaxed);
        loop {
            record.next = AtomicPtr::new(head);
            match RECORDS.compare_exchange_weak(head, fresh, AcqRel, Relaxed) {
                Ok(_) => return Some(record),
                Err(now) => head = now,
            }
        }
    }

    pub fn give_back(&self) {
        self.count.store(0, Relaxed);
        self.is_taken.store(false, Release);
    }

    pub fn count(&self) -> usize {
        self.count.load(Relaxed)
    }

    /// Whether there is room for so many more, if each thread may have `most`.
    pub fn has_room(&self, more: usize, most: usize) -> bool {
        self.count() + more <= most.min(CAPACITY)
    }

    pub fn has_any_room(&self) -> bool {
        self.has_room(1, CAPACITY)
    }

    #[inline]
    pub fn get(&self, index: usize) -> Option<NonNull<Words>> {
        let entry = self.entries.get(index).filter(|_| index < self.count())?;
        NonNull::new(entry.words.load(Relaxed))
    }

    pub fn newest(&self) -> Option<NonNull<Words>> {
        self.get(self.count().wrapping_sub(1))
    }

    /// Some(None): there is nothing. None: there is more than one, or this identity.
    #[inline]
    pub fn only_other(&self, identity: u64) -> Option<Option<NonNull<Words>>> {
        let [first, ..] = &self.entries;
        match self.count() {
            0 => Some(None),
            1 if first.identity.load(Relaxed) != identity => {
                NonNull::new(first.words.load(Relaxed)).map(Some)
            }
            _ => None,
        }
    }

    /// Whether the newest has this identity.
    #[inline]
    pub fn ends_with(&self, identity: u64) -> bool {
        let newest = self.entries.get(self.count().wrapping_sub(1));
        newest.is_some_and(|newest| newest.identity.load(Relaxed) == identity)
    }

    /// Keeps only so many, the oldest.
    #[inline]
    pub fn cut(&self, count: usize) {
        self.count.store(count, Release);
    }

    /// Of the newest with this identity. Mostly asked for the one that was taken last.
    #[inline]
    pub fn position(&self, identity: u64) -> Option<usize> {
        let last = self.count.load(Acquire).checked_sub(1)?;
        if self.entries.get(last)?.identity.load(Acquire) == identity {
            return Some(last);
        }
        self.position_below(last, identity)
    }

    #[inline(never)]
    fn position_below(&self, end: usize, identity: u64) -> Option<usize> {
        self.entries.get(..end)?.iter().rposition(|entry| entry.identity.load(Acquire) == identity)
    }

    /// For the thread of the record, which has asked whether there is room.
    #[inline]
    pub fn push(&self, words: NonNull<Words>, identity: u64) {
        let count = self.count();
        if let Some(entry) = self.entries.get(count) {
            entry.words.store(words.as_ptr(), Relaxed);
            // Release: it may overwrite one that has moved, see `is_owned_here`.
            entry.identity.store(identity, Release);
            self.count.store(count + 1, Release);
        }
    }

    /// For the thread of the record.
    #[inline]
    pub fn remove(&self, index: usize) {
        let last = self.count().saturating_sub(1);
        for place in index..last {
            let (entry, next) = (&self.entries[place], &self.entries[place + 1]);
            entry.words.store(next.words.load(Relaxed), Relaxed);
            entry.identity.store(next.identity.load(Relaxed), Release);
        }
        self.count.store(last, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_keeps_its_order_and_is_used_again() {
        let record = Record::take().unwrap();
        let words = NonNull::<Words>::dangling();
        // (Other threads of the test program have identities that are addresses.)
        for identity in 1..=4 {
            record.push(words, identity);
        }
        assert_eq!(record.position(2), Some(1));
        record.remove(1);
        assert_eq!((record.position(2), record.position(4), record.count()), (None, Some(2), 3));
        assert!(is_owned_here(4) && !is_owned_here(2));
        assert!(!record.has_room(2, 4) && record.has_room(1, 4) && record.has_any_room());
        record.give_back();
        assert!(!is_owned_here(4) && record.newest().is_none());
    }
}
