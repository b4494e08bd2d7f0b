//! What the calling thread owns: in its robust list, for the kernel, and in its own
//! record (`owned`), which this library goes by.
//!
//! The list is the C library's own, so mutexes of ours and of the program's stand in
//! it. The kernel reads it when the thread ends; its links stand in the pages of the
//! mutexes, and are never believed here.

use super::mutex;
use super::owned::Record;
use super::owner::Owner;
use super::words::Words;
use std::ptr::NonNull;

/// Less than the kernel gives back: there is room for the guards.
const MOST_OWNED: usize = 2000;

impl Owner {
    #[inline]
    fn record(&self) -> Option<&'static Record> {
        self.record.get().or_else(|| self.take_record())
    }

    #[cold]
    #[inline(never)]
    fn take_record(&self) -> Option<&'static Record> {
        self.record.set(Record::take());
        self.record.get()
    }

    /// Whether there is room for one more mutex.
    #[inline]
    pub fn can_own_more(&self) -> bool {
        self.can_own_more_by(1)
    }

    #[inline]
    pub fn can_own_more_by(&self, count: usize) -> bool {
        self.record().is_some_and(|record| record.has_room(count, MOST_OWNED))
    }

    /// A guard must be had also by who owns all the mutexes that he may.
    #[inline]
    pub fn can_own_guard(&self) -> bool {
        self.record().is_some_and(Record::has_any_room)
    }

    /// Enters a mutex that is covered and was just taken. There is room.
    #[inline(never)]
    pub fn insert(&self, words: NonNull<Words>, identity: u64) {
        let Some(record) = self.record() else { return };
        if record.count() != 0 {
            self.make_way(record, identity);
        }
        let list = self.list.get();
        let before = record.newest().map_or(list.end(), |newest| self.node_of(newest));
        // SAFETY: what the record has stays mapped: `dispatcher::orphans` sees to it.
        unsafe { list.insert(self.node_of(words), before) };
        record.push(words, identity);
    }

    /// A peer may have taken the mutex from this thread, and let it go.
    fn make_way(&self, record: &Record, identity: u64) {
        if let Some(index) = record.position(identity) {
            self.take_out(record, index);
        }
    }

    /// Before what a mutex can be entered without a search: the thread has at most one
    /// other, no mutex of the program's own, and is in the middle of nothing.
    #[inline(always)]
    pub fn place_in_front(&self, identity: u64) -> Option<*mut u8> {
        let (record, list) = (self.record.get()?, self.list.get());
        let front = match record.only_other(identity)? {
            Some(other) => self.node_of(other),
            None => list.end(),
        };
        (list.starts_with(front) && list.pending().is_null()).then_some(front)
    }

    /// `insert` where there is a place in front.
    #[inline(always)]
    pub fn insert_in_front(&self, words: NonNull<Words>, identity: u64, front: *mut u8) {
        // None: a signal handler has forked, and this is the child.
        let Some(record) = self.record.get() else { return self.insert(words, identity) };
        // SAFETY: it is covered and was just taken, and stays mapped.
        unsafe { self.list.get().insert_in_front(self.node_of(words), front) };
        record.push(words, identity);
    }

    /// Whether this is the mutex that the thread took last, even of the program's own, and
    /// it is in the middle of nothing.
    #[inline(always)]
    pub fn has_in_front(&self, words: NonNull<Words>, identity: u64) -> bool {
        let Some(record) = self.record.get() else { return false };
        let list = self.list.get();
        record.ends_with(identity) && list.starts_with(self.node_of(words)) && list.pending().is_null()
    }

    /// `remove` of what is in front.
    #[inline(always)]
    pub fn remove_from_front(&self) {
        if let Some(record) = self.record.get() {
            let last = record.count().saturating_sub(1);
            let older = last.checked_sub(1).and_then(|older| record.get(older));
            self.list.get().set_first(older.map_or(self.list.get().end(), |older| self.node_of(older)));
            record.cut(last);
        }
    }

    /// Takes a mutex out that is covered and about to be given up. False: this thread
    /// does not own it, whatever its words say.
    #[inline]
    pub fn remove(&self, identity: u64) -> bool {
        let Some(record) = self.record.get() else { return false };
        let Some(index) = record.position(identity) else { return false };
        self.take_out(record, index);
        true
    }

    #[inline(never)]
    fn take_out(&self, record: &Record, index: usize) {
        let (list, node) = (self.list.get(), |words| self.node_of(words));
        let Some(gone) = record.get(index) else { return };
        let older = index.checked_sub(1).and_then(|older| record.get(older)).map_or(list.end(), node);
        let newer = record.get(index + 1).map(node);
        // SAFETY: they were entered in this order, and are mapped.
        unsafe { list.remove(node(gone), newer, older) };
        record.remove(index);
    }

    /// Leaves every mutex of this thread abandoned, as the kernel would.
    pub(super) fn abandon_all(&self) {
        let Some(record) = self.record.get() else { return };
        while let Some(words) = record.newest() {
            self.cover(words);
            self.take_out(record, record.count() - 1);
            // SAFETY: a mutex that this thread owned is mapped.
            unsafe { mutex::abandon(self, words) };
        }
    }
}
