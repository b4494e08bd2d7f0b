//! The ledger of a segment: what all who use it by the SharedMemory functions
//! agree on.
//!
//! ```text
//! offset
//!      0  sequence   completed writes << 8 | version; the version is odd while a write
//!                    is under way, and moves on when one is given up
//!      8  lock       who writes, see `write_lock`; a futex
//!     12  sleepers   odd: somebody may sleep until the sequence changes; moves on with
//!                    each waking; a futex
//!     16  writing    start and end of the write that is under way
//!     32  pids       of the creator (0: not by these functions) and of the last writer
//!     40  progress   counts pieces of long copies by the owner of the lock
//!     64  torn       count, then start and end of each range (`torn`)
//! ```
//!
//! A write: takes the lock, stores its range, makes the version odd, copies, counts
//! itself and makes it even, gives the lock back. So whoever finds the lock of a dead writer and an
//! odd version knows what is torn, and a reader who finds the same even sequence
//! before and after a copy has read between two writes.

use super::torn::{self, CAPACITY, Places};
use crate::error::Error;
use crate::namespace::layout::{LEDGER, LEDGER_SIZE, PAGE};
use crate::plant::{self, stored};
use crate::sys::copy;
use crate::sys::lost_page::Watch;
use std::ops::Range;
use std::ptr::NonNull;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU32, AtomicU64, fence};

#[repr(C)]
pub struct Words {
    pub(super) sequence: AtomicU64,
    pub lock: AtomicU32,
    pub(super) sleepers: AtomicU32,
    pub(super) writing: [AtomicU64; 2],
    pub(super) creator: AtomicU32,
    pub(super) last_writer: AtomicU32,
    progress: AtomicU64,
    unused: [AtomicU64; 2],
    pub(super) torn_count: AtomicU64,
    pub(super) torn: [[AtomicU64; 2]; CAPACITY],
}

const _: () = assert!(size_of::<Words>() <= LEDGER_SIZE && LEDGER % 64 == 0);
const _: () = assert!(std::mem::offset_of!(Words, torn_count) == 64);
const _: () = assert!(LEDGER + size_of::<Words>() <= PAGE as usize);

/// A ledger in a mapped control page. Whoever has this keeps the page mapped.
pub struct Ledger {
    words: NonNull<Words>,
    /// False: the page is mapped for reading only, and nothing here may store.
    pub is_writable: bool,
    watch: Watch,
}

// SAFETY: the words are reached by atomics only.
unsafe impl Send for Ledger {}
// SAFETY: as above.
unsafe impl Sync for Ledger {}

const VERSION_BITS: u32 = 8;
const VERSION_MASK: u64 = (1 << VERSION_BITS) - 1;

/// The sequence as it was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sequence(pub(super) u64);

impl Sequence {
    /// A write is under way, or its writer died.
    #[inline]
    pub fn is_odd(self) -> bool {
        self.0 & 1 != 0
    }

    pub fn completed(self) -> u64 {
        self.0 >> VERSION_BITS
    }

    fn begun(self) -> Sequence {
        Sequence(self.0 | 1)
    }

    fn counted(self) -> Sequence {
        Sequence((self.0 & !1).wrapping_add(1 << VERSION_BITS))
    }

    fn given_up(self) -> Sequence {
        let version = (self.0 | 1).wrapping_add(1) & VERSION_MASK;
        Sequence(self.0 & !VERSION_MASK | version)
    }
}

impl Ledger {
    /// The ledger of a control page, which outlives it.
    pub fn new(page: NonNull<u8>, is_writable: bool) -> Ledger {
        // SAFETY: the ledger lies within the page.
        let words = unsafe { page.add(LEDGER) };
        Ledger { words: words.cast(), is_writable, watch: Watch::new(page) }
    }

    /// Truncated when somebody cut the page off. Then what was found here before, and
    /// what was locked, means nothing: to be asked before an operation succeeds.
    #[inline]
    pub fn check(&self) -> Result<(), Error> {
        if self.watch.is_lost() { Err(Error::Truncated) } else { Ok(()) }
    }

    #[cfg(test)]
    pub fn blind(self) -> Ledger {
        Ledger { is_writable: false, ..self }
    }

    #[inline]
    pub fn words(&self) -> &Words {
        // SAFETY: mapped as long as `self`, aligned, and nothing but atomics.
        unsafe { self.words.as_ref() }
    }

    #[inline]
    pub fn sequence(&self) -> Sequence {
        Sequence(self.words().sequence.load(Acquire))
    }

    /// Whether nothing was written since `before` was found, as seen after a copy.
    #[inline]
    pub fn is_still(&self, before: Sequence) -> bool {
        fence(Acquire);
        self.words().sequence.load(Relaxed) == before.0 || plant::is(plant::NO_SEQUENCE)
    }

    /// Copies up to `copy::FEW` bytes of the segment, if nothing was written since `before`
    /// was found and the ledger is still there. False: no, or some memory is not there.
    ///
    /// # Safety
    /// As `copy::copy_few_if`.
    #[inline]
    pub unsafe fn copy_few_if_still(
        &self,
        before: Sequence,
        to: *mut u8,
        from: *const u8,
        length: usize,
    ) -> bool {
        let sequence = (&self.words().sequence, before.0);
        // SAFETY: by this function's contract.
        unsafe { copy::copy_few_if(to, from, length, sequence, self.watch.lost()) }
    }

    /// Under the lock: a range is about to be written.
    #[inline]
    pub fn begin(&self, range: &Range<u64>) {
        let words = self.words();
        words.writing[0].store(range.start, Relaxed);
        stored("ledger: start of the range");
        words.writing[1].store(range.end, Relaxed);
        stored("ledger: end of the range");
        let sequence = Sequence(words.sequence.load(Relaxed));
        // The range first: who finds the sequence odd must find it.
        words.sequence.store(sequence.begun().0, Release);
        fence(Release);
        stored("ledger: begun");
    }

    /// Under the lock: the range was written whole by this process.
    #[inline]
    pub fn complete(&self, range: &Range<u64>, process: u32) {
        let words = self.words();
        if words.torn_count.load(Relaxed) != 0 {
            self.mend(range);
        }
        words.last_writer.store(process, Relaxed);
        stored("ledger: last writer");
        let sequence = Sequence(words.sequence.load(Relaxed));
        words.sequence.store(sequence.counted().0, Release);
        stored("ledger: counted");
    }

    #[cold]
    #[inline(never)]
    fn mend(&self, range: &Range<u64>) {
        torn::remove(self, range);
    }

    /// Under the lock: the range that is being written will not be whole.
    #[cold]
    pub fn give_up(&self) {
        if !plant::is(plant::NO_TORN) {
            torn::add(self, &self.writing());
        }
        let sequence = Sequence(self.words().sequence.load(Relaxed));
        self.words().sequence.store(sequence.given_up().0, Release);
        stored("ledger: given up");
    }

    /// Under the lock: the copy gets on.
    pub fn report_progress(&self) {
        self.words().progress.fetch_add(1, Relaxed);
        stored("ledger: progress");
    }

    pub fn progress(&self) -> u64 {
        self.words().progress.load(Relaxed)
    }

    /// The range of the write that is under way.
    pub fn writing(&self) -> Range<u64> {
        let [start, end] = &self.words().writing;
        start.load(Relaxed)..end.load(Relaxed)
    }

    /// Whether a byte of the range is torn. True only if the sequence stays.
    #[inline]
    pub fn is_torn(&self, range: &Range<u64>) -> bool {
        self.words().torn_count.load(Relaxed) != 0 && self.is_listed(range)
    }

    #[cold]
    #[inline(never)]
    fn is_listed(&self, range: &Range<u64>) -> bool {
        torn::touches(self, range)
    }

    pub fn set_creator(&self, process: u32) {
        self.words().creator.store(process, Relaxed);
        stored("ledger: creator");
    }

    /// The creator and the last writer, 0 if not known.
    pub fn processes(&self) -> (u32, u32) {
        (self.words().creator.load(Relaxed), self.words().last_writer.load(Relaxed))
    }
}

impl Places for Ledger {
    fn count(&self) -> usize {
        self.words().torn_count.load(Relaxed).min(CAPACITY as u64) as usize
    }

    fn set_count(&self, count: usize) {
        self.words().torn_count.store(count as u64, Release);
        stored("torn: count");
    }

    fn get(&self, index: usize) -> Range<u64> {
        let [start, end] = &self.words().torn[index];
        start.load(Relaxed)..end.load(Relaxed)
    }

    fn set_start(&self, index: usize, start: u64) {
        self.words().torn[index][0].store(start, Release);
        stored("torn: start");
    }

    fn set_end(&self, index: usize, end: u64) {
        self.words().torn[index][1].store(end, Release);
        stored("torn: end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever happens to a write, the sequence differs from every one before, and
    /// counts the completed writes only.
    #[test]
    fn the_sequence_moves_on_and_counts_completed_writes() {
        let (mut sequence, mut completed) = (Sequence(0), 0);
        let mut seen = std::collections::HashSet::new();
        for round in 0..2000 {
            assert!(!sequence.is_odd() && seen.insert(sequence.0));
            let begun = sequence.begun();
            assert!(begun.is_odd() && seen.insert(begun.0) && begun.completed() == completed);
            sequence = if round % 7 == 0 { begun.given_up() } else { begun.counted() };
            completed += u64::from(round % 7 != 0);
            assert_eq!(sequence.completed(), completed);
        }
        assert_eq!(Sequence(VERSION_MASK).given_up(), Sequence(0), "the version wraps within its bits");
    }
}
