//! The table: slots, closing, and giving memory back.

use super::number::{self, Flags, Handle, INDEX_BITS, Key, Word};
use super::reclaim::Retired;
use crate::error::Error;
use crate::fork::Inside;
use crate::mark::{self, Mark, Stamp};
use crate::plant;
use crate::sys::heap;
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, AtomicUsize};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What the table asks of an object. Dropping it gives its memory back, and its
/// name too if `release_name` has not run.
pub trait Object: Send + Sync + 'static {
    /// The last handle is closed but somebody still uses the object: gives up
    /// the name and keeps the memory. Runs at most once.
    fn release_name(&self);
    /// Whether it is worth a fence of its own to get the memory back at once:
    /// mappings, descriptors. Others wait for each other.
    fn reclaim_eagerly(&self) -> bool;
}

/// An object with the count of its open handles.
pub struct Entry<T> {
    handles: AtomicU32,
    name_released: AtomicBool,
    body: T,
}

impl<T: Object> Entry<T> {
    /// An object with one handle, which `HandleTable::publish` turns into a number.
    pub fn new(body: T) -> Arc<Entry<T>> {
        Arc::new(Entry { handles: AtomicU32::new(1), name_released: AtomicBool::new(false), body })
    }

    /// One more handle. False: the last one was closed and the name is going.
    pub fn add_handle(&self) -> bool {
        let more = |count: u32| if count == 0 { None } else { count.checked_add(1) };
        self.handles.fetch_update(AcqRel, Relaxed, more).is_ok()
    }

    /// One handle less. True: it was the last one.
    pub(super) fn remove_handle(&self) -> bool {
        self.handles.fetch_sub(1, AcqRel) == 1
    }

    /// Gives up the name, once, whoever asks first.
    pub fn release_name(&self) {
        if !self.name_released.swap(true, AcqRel) {
            self.body.release_name();
        }
    }
}

impl<T> Deref for Entry<T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        &self.body
    }
}

/// A reference that keeps the memory of an object beyond a mark, not its name.
pub type Pinned<T> = Arc<Entry<T>>;

/// One handle of an object that needs no number: a part of another object.
pub struct Holding<T: Object>(Pinned<T>);

impl<T: Object> Holding<T> {
    /// Takes over one handle of the entry.
    pub fn new(entry: Pinned<T>) -> Holding<T> {
        Holding(entry)
    }
}

impl<T: Object> Drop for Holding<T> {
    fn drop(&mut self) {
        if self.0.remove_handle() {
            self.0.release_name();
        }
    }
}

/// An object found under a mark, with the handle's attributes at that moment.
pub struct Ref<'m, T> {
    /// From `Arc::into_raw`; valid as long as the mark.
    entry: *const Entry<T>,
    word: Word,
    marked: PhantomData<&'m Entry<T>>,
}

impl<'m, T: Object> Ref<'m, T> {
    /// The rights granted to the handle.
    #[inline]
    pub fn access(&self) -> u32 {
        self.word.access()
    }

    pub fn flags(&self) -> Flags {
        self.word.flags()
    }

    /// The object, for as long as the mark.
    #[inline]
    pub fn object(&self) -> &'m T {
        // SAFETY: valid as long as the mark.
        unsafe { &(*self.entry).body }
    }

    pub fn pin(&self) -> Pinned<T> {
        // SAFETY: from `Arc::into_raw`; the handle's own reference is not given
        // back before the mark ends, so the count is not 0.
        unsafe { Arc::increment_strong_count(self.entry) };
        // SAFETY: the reference counted above.
        unsafe { Arc::from_raw(self.entry) }
    }

    pub fn is_same_object(&self, other: &Ref<'_, T>) -> bool {
        ptr::eq(self.entry, other.entry)
    }
}

impl<T> Deref for Ref<'_, T> {
    type Target = T;
    #[inline]
    fn deref(&self) -> &T {
        // SAFETY: valid as long as the mark, which outlives `self`.
        unsafe { &(*self.entry).body }
    }
}

struct Slot<T> {
    word: AtomicU64,
    /// From `Arc::into_raw`; one reference while the slot is open or retiring.
    entry: AtomicPtr<Entry<T>>,
}

const CHUNK_BITS: u32 = 10;
const CHUNK: usize = 1 << CHUNK_BITS;
const CHUNKS: usize = 1 << (INDEX_BITS - CHUNK_BITS);

/// An index rests while this many others are used, so that a stale number is
/// misread only after 512 times as many creations.
const RESTING: usize = 1024;

pub(super) struct Inner<T> {
    /// First in, first out: the index that has rested longest is used next.
    pub(super) free: VecDeque<usize>,
    chunks: usize,
    /// Closed and not fenced yet.
    pub(super) fresh: Vec<Retired<T>>,
    /// Fenced, but somebody was inside: a later scan is enough.
    pub(super) waiting: VecDeque<(Stamp, Retired<T>)>,
}

pub struct HandleTable<T: Object> {
    chunks: [AtomicPtr<Slot<T>>; CHUNKS],
    inner: Mutex<Inner<T>>,
    /// Length of `waiting`, to be asked without the lock.
    pub(super) leftovers: AtomicUsize,
}

impl<T: Object> HandleTable<T> {
    pub const fn new() -> Self {
        let inner = Inner { free: VecDeque::new(), chunks: 0, fresh: Vec::new(), waiting: VecDeque::new() };
        HandleTable {
            chunks: [const { AtomicPtr::new(ptr::null_mut()) }; CHUNKS],
            inner: Mutex::new(inner),
            leftovers: AtomicUsize::new(0),
        }
    }

    /// The object behind a handle: no lock, no read-modify-write, no shared store.
    #[inline]
    pub fn get<'m>(&'static self, _mark: &'m Mark, handle: Handle) -> Result<Ref<'m, T>, Error> {
        let (slot, key) = self.slot_of(handle)?;
        // Acquire pairs with `publish`: `entry` and the object are complete.
        let word = Word(slot.word.load(Acquire));
        if !word.is_open(key) {
            return Err(Error::InvalidHandle);
        }
        if plant::is(plant::EARLY_INDEX) {
            crate::sys::process::yield_now();
        }
        // The slot was open under the caller's mark, so neither its index nor
        // its object is recycled before the mark ends.
        let entry = slot.entry.load(Relaxed).cast_const();
        Ok(Ref { entry, word, marked: PhantomData })
    }

    /// Whether this number was a handle, not long ago, and is none now.
    pub fn was_open(&self, handle: Handle) -> bool {
        let Some((index, generation)) = number::place(handle) else { return false };
        let Some(slot) = self.slot(index) else { return false };
        number::is_past(generation, Word(slot.word.load(Acquire)))
    }

    #[inline]
    fn slot_of(&self, handle: Handle) -> Result<(&Slot<T>, Key), Error> {
        let (index, key) = number::decode(handle);
        let slot = self.slot(index).ok_or(Error::InvalidHandle)?;
        Ok((slot, key))
    }

    #[inline]
    fn slot(&self, index: usize) -> Option<&Slot<T>> {
        let chunk = self.chunks[index >> CHUNK_BITS].load(Acquire);
        if chunk.is_null() {
            return None;
        }
        // SAFETY: a published chunk has CHUNK slots.
        let slot = unsafe { chunk.add(index & (CHUNK - 1)) };
        // SAFETY: a published chunk is never freed.
        Some(unsafe { &*slot })
    }

    /// Gives one handle of an object its number. On failure the handle is gone.
    pub fn publish(
        &self,
        _inside: &Inside,
        entry: Arc<Entry<T>>,
        access: u32,
        flags: Flags,
    ) -> Result<Handle, Error> {
        let index = match heap::suffices().and_then(|()| self.inner().take_index(&self.chunks)) {
            Ok(index) => index,
            Err(error) => {
                self.forget_handle(entry);
                return Err(error);
            }
        };
        let slot = self.slot(index).expect("a free index has a slot");
        slot.entry.store(Arc::into_raw(entry).cast_mut(), Relaxed);
        // A closed slot belongs to whoever took its index from the free list.
        let generation = Word(slot.word.load(Relaxed)).generation();
        slot.word.store(Word::open(generation, access, flags).0, Release);
        Ok(number::encode(index, generation))
    }

    /// `publish` under a number that another process gave: an inherited handle. Before
    /// any other handle is made. InvalidHandle: it is no number, or taken.
    pub fn publish_at(
        &self,
        _inside: &Inside,
        handle: Handle,
        entry: Arc<Entry<T>>,
        access: u32,
        flags: Flags,
    ) -> Result<(), Error> {
        let place = number::place(handle).filter(|&(index, _)| self.inner().take(&self.chunks, index));
        let Some((index, generation)) = place else {
            self.forget_handle(entry);
            return Err(Error::InvalidHandle);
        };
        let slot = self.slot(index).expect("a free index has a slot");
        slot.entry.store(Arc::into_raw(entry).cast_mut(), Relaxed);
        slot.word.store(Word::open(generation, access, flags).0, Release);
        Ok(())
    }

    /// A handle that never got a number.
    fn forget_handle(&self, entry: Arc<Entry<T>>) {
        if entry.remove_handle() {
            if let Err(shared) = Arc::try_unwrap(entry) {
                shared.release_name();
            }
        }
    }

    /// One more handle to the object of `handle`, with these rights.
    pub fn duplicate(
        &'static self,
        inside: &Inside,
        handle: Handle,
        access: impl FnOnce(&Ref<T>) -> Result<u32, Error>,
        flags: Flags,
    ) -> Result<Handle, Error> {
        let (entry, access, flags) = {
            let mark = mark::enter();
            let object = self.get(&mark, handle)?;
            let access = access(&object)?;
            let entry = object.pin();
            if !entry.add_handle() {
                return Err(Error::InvalidHandle);
            }
            (entry, access, flags.and(object.flags().of_duplicates()))
        };
        self.publish(inside, entry, access, flags)
    }

    pub fn set_flags(&self, handle: Handle, mask: Flags, value: Flags) -> Result<(), Error> {
        self.change(handle, |word| Some(word.with_flags(mask, value)))
    }

    /// Replaces the word of an open handle, unless `new` refuses.
    fn change(&self, handle: Handle, new: impl Fn(Word) -> Option<Word>) -> Result<(), Error> {
        let (slot, key) = self.slot_of(handle)?;
        let step = |word| if Word(word).is_open(key) { new(Word(word)).map(|word| word.0) } else { None };
        slot.word.fetch_update(AcqRel, Acquire, step).map(|_| ()).map_err(|_| Error::InvalidHandle)
    }

    /// On return the handle is invalid, and its object has no name any more if
    /// it was the last one. A protected handle is refused.
    pub fn close(&self, _inside: &Inside, handle: Handle) -> Result<(), Error> {
        self.change(handle, |word| (!word.is_protected()).then(|| word.closed()))?;
        let (index, _) = number::decode(handle);
        // Ours alone: nobody gets this index before it is retired.
        let slot = self.slot(index).expect("it was open");
        // SAFETY: the reference that `publish` put there; the CAS above has one winner.
        let entry = unsafe { Arc::from_raw(slot.entry.load(Relaxed)) };
        if plant::is(plant::EARLY_INDEX) {
            self.inner().free.push_front(index);
        }
        self.retire(Retired { index, entry });
        Ok(())
    }

    pub(super) fn inner(&self) -> MutexGuard<'_, Inner<T>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Inner<T> {
    fn take_index(&mut self, chunks: &[AtomicPtr<Slot<T>>; CHUNKS]) -> Result<usize, Error> {
        while self.free.len() <= RESTING && self.chunks < CHUNKS {
            self.grow(chunks)?;
        }
        self.free.pop_front().ok_or(Error::NoSystemResources)
    }

    /// Takes a certain index, if it is free.
    fn take(&mut self, chunks: &[AtomicPtr<Slot<T>>; CHUNKS], index: usize) -> bool {
        while self.chunks <= index >> CHUNK_BITS {
            if self.grow(chunks).is_err() {
                return false;
            }
        }
        let found = self.free.iter().position(|&free| free == index);
        found.is_some_and(|position| self.free.remove(position).is_some())
    }

    /// Makes room in `free` for every index there is: closing needs none.
    fn grow(&mut self, chunks: &[AtomicPtr<Slot<T>>; CHUNKS]) -> Result<(), Error> {
        let indexes = (self.chunks + 1) * CHUNK;
        let growth = if indexes > self.free.capacity() { 2 * indexes * size_of::<usize>() } else { 0 };
        heap::has(growth + CHUNK * size_of::<Slot<T>>())?;
        self.free.reserve(indexes - self.free.len());
        let closed = || Slot { word: AtomicU64::new(0), entry: AtomicPtr::new(ptr::null_mut()) };
        let chunk: Box<[Slot<T>]> = (0..CHUNK).map(|_| closed()).collect();
        let first = self.chunks * CHUNK;
        chunks[self.chunks].store(Box::leak(chunk).as_mut_ptr(), Release);
        self.chunks += 1;
        // Index 0 would make the handle NULL.
        self.free.extend((first..first + CHUNK).filter(|&index| index != 0));
        Ok(())
    }
}
