//! One mark per thread and API call: "I am inside; what I find must not be freed."
//!
//! A reader stores the current epoch into its own record, looks handles up and
//! restores the record. A closer unpublishes first and then makes sure that it
//! sees every reader that may still have found the object:
//!
//! ```text
//! reader                                 closer
//! R1 mark = EPOCH                        C1 slot word: alive -> closed    (CAS)
//! R2 compiler fence                      C2 stamp = EPOCH++               (RMW)
//! R3 read the slot word; use the object  C3 fence in every running thread
//! R4 mark = what it was                  C4 free what no mark <= stamp can reach
//! ```
//!
//! C3 falls somewhere into each reader's program order. If R1 came before it, C4
//! sees the mark; if not, R3 comes after it as well and finds the slot closed.
//! A mark above the stamp was read from C2 or a later pass, so its owner has
//! seen C1: late readers do not hold up a pass.
//!
//! Where the kernel offers no such fence, readers execute one (bit 0 of EPOCH).

use crate::sys;
use crate::sys::apart::{APART, Apart};
use crate::sys::thread::{ExitKey, without_signals};
use crate::sys::thread_words::ThreadWords;
use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::marker::PhantomData;
use std::mem::size_of;
use std::ptr;
use std::sync::Once;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release, SeqCst};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize, compiler_fence, fence};

/// Bit 0: readers must fence. The rest counts passes. Never 0.
static EPOCH: Apart<AtomicU64> = Apart(AtomicU64::new(EPOCH_STEP));
const READERS_FENCE: u64 = 1;
const EPOCH_STEP: u64 = 2;

/// Nothing may be freed before this time (monotonic, ns); 0 = no limit.
static QUARANTINE_END: AtomicU64 = AtomicU64::new(0);
const QUARANTINE_NS: u64 = 100_000_000;

/// Every record ever made. The list only grows, so a scan needs no lock.
static RECORDS: AtomicPtr<Record> = AtomicPtr::new(ptr::null_mut());

/// One thread's mark, which it stores in every call: alone in its cache lines, see `Apart`.
#[repr(align(128))]
struct Record {
    /// 0 = outside, else the epoch at entry.
    mark: AtomicU64,
    used: AtomicBool,
    next: *const Record,
}

const _: () = assert!(size_of::<Record>() == APART);

/// The calling thread's, or null. Usable in signal handlers and late destructors.
#[inline(always)]
fn mine() -> *const Record {
    ThreadWords::mine().mark.get().cast()
}

/// Proof that the calling thread is marked. Must not be held while sleeping:
/// nothing is freed meanwhile.
pub struct Mark {
    record: *const Record,
    /// Not 0 in nested calls and in signal handlers.
    before: u64,
    _stays_in_its_thread: PhantomData<*const ()>,
}

/// Marks the calling thread.
#[inline]
pub fn enter() -> Mark {
    let mine = mine();
    let record = if mine.is_null() { register() } else { mine };
    // SAFETY: records are never freed.
    let mark = unsafe { &(*record).mark };
    let before = mark.load(Relaxed);
    if before == 0 {
        announce(mark);
    }
    Mark { record, before, _stays_in_its_thread: PhantomData }
}

/// `enter` for a thread that was here before and is not here now. None: it was not, or is;
/// or calls are not to be done at once (`never_again`).
#[inline(always)]
pub fn enter_again() -> Option<Mark> {
    let record: *const Record = ThreadWords::mine().again.get().cast();
    // SAFETY: records are never freed.
    let mark = unsafe { &record.as_ref()?.mark };
    if mark.load(Relaxed) != 0 {
        return None;
    }
    announce(mark);
    Some(Mark { record, before: 0, _stays_in_its_thread: PhantomData })
}

static NEVER_AGAIN: AtomicBool = AtomicBool::new(false);

/// `enter_again` is None from now on, in threads that were not here before: every call goes
/// the long way, where it can be seen.
pub fn never_again() {
    NEVER_AGAIN.store(true, Relaxed);
}

#[inline(always)]
fn announce(mark: &AtomicU64) {
    // Acquire: see `new_epoch`. Release: a scan that sees only this mark
    // is ordered after the accesses under this thread's earlier ones.
    let epoch = EPOCH.load(Acquire);
    mark.store(epoch, Release);
    if epoch & READERS_FENCE != 0 {
        fence(SeqCst);
    } else {
        compiler_fence(SeqCst);
    }
}

impl Drop for Mark {
    /// Restores and does not clear: right for nested calls, and when a signal
    /// handler ran between the load and the store of `enter`.
    #[inline]
    fn drop(&mut self) {
        // SAFETY: records are never freed.
        let mark = unsafe { &(*self.record).mark };
        mark.store(self.before, Release);
    }
}

/// An instant between two passes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Stamp(u64);

/// Begins a pass. What was unpublished before may be freed once `barrier` has
/// returned and `oldest() > stamp`.
///
/// A read-modify-write and not a load: whoever acquires a later epoch has then
/// seen everything that happened before this call.
pub fn new_epoch() -> Stamp {
    Stamp(EPOCH.fetch_add(EPOCH_STEP, AcqRel) >> 1)
}

/// Makes the marks of all threads visible to the caller.
pub fn barrier() {
    set_up();
    fence(SeqCst);
    if nobody_else_has_a_record() {
        return;
    }
    if EPOCH.load(Relaxed) & READERS_FENCE == 0 && !sys::membarrier::fence_all_threads() {
        readers_fence_from_now_on();
    }
    fence(SeqCst);
}

/// Then no other thread has ever been inside, and the first to be will publish
/// its record, fence (`allocate`), and find what was unpublished before.
fn nobody_else_has_a_record() -> bool {
    let (first, mine) = (RECORDS.load(SeqCst).cast_const(), mine());
    // (The calling one has none if it never looked a handle up.)
    // SAFETY: records are never freed, and `next` is written before publication.
    first.is_null() || ptr::eq(first, mine) && unsafe { (*first).next.is_null() }
}

/// The stamp of the oldest mark: what has a smaller stamp is out of reach.
pub fn oldest() -> Stamp {
    if in_quarantine() {
        return Stamp(0);
    }
    let mut oldest = u64::MAX;
    for_each(|record| {
        let mark = record.mark.load(Acquire);
        if mark != 0 && !crate::plant::is(crate::plant::NO_SCAN) {
            oldest = oldest.min(mark >> 1);
        }
    });
    Stamp(oldest)
}

/// A sandbox was closed after the start. Readers that are inside did not fence;
/// their stores become visible long before the quarantine ends.
#[cold]
fn readers_fence_from_now_on() {
    // First without end: nobody may free between the two stores, however long
    // this thread is kept from the second.
    QUARANTINE_END.store(u64::MAX, SeqCst);
    EPOCH.fetch_or(READERS_FENCE, SeqCst);
    QUARANTINE_END.store(sys::time::monotonic_ns() + QUARANTINE_NS, SeqCst);
}

fn in_quarantine() -> bool {
    let end = QUARANTINE_END.load(SeqCst);
    end != 0 && sys::time::monotonic_ns() < end
}

fn for_each(mut visit: impl FnMut(&Record)) {
    let mut next = RECORDS.load(Acquire) as *const Record;
    // SAFETY: records are never freed, and `next` is written before publication.
    while let Some(record) = unsafe { next.as_ref() } {
        visit(record);
        next = record.next;
    }
}

static EXIT_KEY: AtomicU32 = AtomicU32::new(NO_KEY);
const NO_KEY: u32 = u32::MAX;

/// Chooses who fences and makes the thread-exit key; before the first mark, so
/// a missing membarrier needs no quarantine. Signals are blocked: a handler
/// that calls the API would wait for the thread it interrupted.
pub fn set_up() {
    static ONCE: Once = Once::new();
    if ONCE.is_completed() {
        return;
    }
    without_signals(|| {
        ONCE.call_once(|| {
            if !sys::membarrier::register() {
                EPOCH.fetch_or(READERS_FENCE, SeqCst);
            }
            if let Some(key) = ExitKey::new(thread_exit) {
                EXIT_KEY.store(key.number(), Release);
            }
        });
    });
}

/// The first call of a thread, or the first after its exit handler ran.
#[cold]
#[inline(never)]
fn register() -> *const Record {
    set_up();
    // Without signals: a handler in the middle would register a second record.
    without_signals(|| {
        if mine().is_null() {
            let record = reuse().unwrap_or_else(allocate);
            ThreadWords::mine().mark.set(record.cast());
            if !NEVER_AGAIN.load(Relaxed) {
                ThreadWords::mine().again.set(record.cast());
            }
            let key = EXIT_KEY.load(Acquire);
            if key != NO_KEY {
                ExitKey::from_number(key).arm(record.cast());
            }
        }
    });
    mine()
}

/// The key's value is not looked at: a program with a second C library (`dlmopen`) has keys
/// of the same number, and one value for both.
unsafe extern "C" fn thread_exit(_value: *mut c_void) {
    // SAFETY: set by `register`, if at all, and records are never freed.
    let Some(record) = (unsafe { mine().as_ref() }) else { return };
    ThreadWords::mine().mark.set(ptr::null());
    ThreadWords::mine().again.set(ptr::null());
    record.mark.store(0, Release);
    record.used.store(false, Release);
}

fn reuse() -> Option<*const Record> {
    let mut found = None;
    for_each(|record| {
        if found.is_none() && record.used.compare_exchange(false, true, AcqRel, Relaxed).is_ok() {
            found = Some(ptr::from_ref(record));
        }
    });
    found
}

/// The page that new records come from, with the number of those taken in the
/// bits that an address of a page leaves free. 0: the first one.
static SPARE: AtomicUsize = AtomicUsize::new(0);

/// Records for the first threads, so that these need no memory.
#[repr(align(4096))]
struct FirstPage(UnsafeCell<[u8; sys::map::PAGE_SIZE]>);

// SAFETY: each record in it is written by the one thread that takes it.
unsafe impl Sync for FirstPage {}

static FIRST: FirstPage = FirstPage(UnsafeCell::new([0; sys::map::PAGE_SIZE]));

/// A record that nobody had before; published, for scans to find.
fn allocate() -> *const Record {
    const COUNT: usize = sys::map::PAGE_SIZE / size_of::<Record>();
    const TAKEN: usize = sys::map::PAGE_SIZE - 1;
    let mut spare = SPARE.load(Acquire);
    let record = loop {
        let (page, taken) = (spare & !TAKEN, spare & TAKEN);
        let next = if page == 0 {
            FIRST.0.get() as usize + 1
        } else if taken == COUNT {
            let fresh = sys::map::leak_page() as usize;
            assert!(fresh != 0, "no memory for a thread's mark");
            fresh + 1
        } else {
            spare + 1
        };
        match SPARE.compare_exchange(spare, next, AcqRel, Acquire) {
            Ok(_) => break ((next & !TAKEN) as *mut Record).wrapping_add((next & TAKEN) - 1),
            // A page mapped in vain stays unused: 4 KiB, once per lost race.
            Err(now) => spare = now,
        }
    };
    let fresh = Record { mark: AtomicU64::new(0), used: AtomicBool::new(true), next: ptr::null() };
    // SAFETY: within a page of ours, aligned, and nobody else's.
    unsafe { record.write(fresh) };
    publish(record);
    // Pairs with the one in `barrier`: either the closer sees this record, or
    // this thread sees what the closer unpublished.
    fence(SeqCst);
    record
}

/// Adds a record to the list, in front.
fn publish(record: *mut Record) {
    let mut head = RECORDS.load(Relaxed);
    loop {
        // SAFETY: ours, and not yet published.
        unsafe { (*record).next = head };
        match RECORDS.compare_exchange_weak(head, record, SeqCst, Relaxed) {
            Ok(_) => return,
            Err(now) => head = now,
        }
    }
}

/// In a forked child only the calling thread exists; the other marks are void.
pub fn after_fork_in_child() {
    let mine = mine();
    for_each(|record| {
        if !ptr::eq(record, mine) {
            record.mark.store(0, Relaxed);
            record.used.store(false, Relaxed);
        }
    });
}

/// For tests: makes readers fence, as without membarrier.
#[cfg(test)]
pub fn pretend_no_membarrier() {
    set_up();
    readers_fence_from_now_on();
}
