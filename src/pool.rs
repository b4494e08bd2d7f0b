//! State blocks of synchronisation objects without a name.
//!
//! They lie in memory that forked children share, so that a handle goes on
//! meaning the same object on both sides. A block that was in use at a fork is
//! not given out again by either side; free ones stay the parent's, and a child
//! begins with chunks of its own. A whole chunk goes when its last block does.
//!
//! A program started by exec gets blocks by the descriptors of their chunks, which
//! are closed by exec otherwise. So that nothing stays behind of an object that is
//! made to be inherited, it has a chunk to itself; a block that became inheritable later
//! is not given out again. (Where no descriptor is to be had, a chunk has none, and its
//! blocks cannot be inherited.)

use crate::error::Error;
use crate::fork;
use crate::namespace::layout::STATE_SIZE;
use crate::sync::{Guard, OWN_GUARD_ID, Reach};
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::inherit;
use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
use crate::sys::random;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::ptr::{self, NonNull};
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The first chunk; the next ones double, so that many objects need few descriptors.
const SMALLEST_CHUNK: usize = 16 << 10;
const LARGEST_CHUNK: usize = 4 << 20;

pub struct Chunk {
    base: NonNull<u8>,
    size: usize,
    file: Result<GuardedFd, Error>,
    /// Exec leaves the file open: it is the guard's.
    is_exported: AtomicBool,
}

// SAFETY: only the address is used here; the blocks are reached by atomics.
unsafe impl Send for Chunk {}
// SAFETY: as above.
unsafe impl Sync for Chunk {}

impl Chunk {
    fn new(size: usize) -> Result<Chunk, Error> {
        match shared_file(size) {
            Ok(file) => Chunk::of_file(file, size),
            Err(error) => {
                let base = map::map(Place::Anywhere, size, Access::READ_WRITE, Contents::SharedZero)?;
                let base = NonNull::new(base as *mut u8).ok_or(Error::Internal)?;
                Ok(Chunk { base, size, file: Err(error), is_exported: AtomicBool::new(false) })
            }
        }
    }

    fn of_file(file: OwnedFd, size: usize) -> Result<Chunk, Error> {
        let id = file::status(file.as_fd())?.id;
        let contents = Contents::Shared(file.as_fd(), 0);
        let base = map::map(Place::Anywhere, size, Access::READ_WRITE, contents)?;
        let base = NonNull::new(base as *mut u8).ok_or(Error::Internal)?;
        Ok(Chunk { base, size, file: Ok(GuardedFd::new(file, id)), is_exported: AtomicBool::new(false) })
    }

    /// The chunk of another process. Its size is fixed: no access to it can fail.
    pub fn inherited(file: BorrowedFd) -> Result<Chunk, Error> {
        let size = usize::try_from(file::status(file)?.size).unwrap_or(0);
        if !inherit::has_fixed_size(file) || !(PAGE_SIZE..=LARGEST_CHUNK).contains(&size) {
            return Err(Error::Corrupt);
        }
        Chunk::of_file(inherit::duplicate(file)?, size)
    }

    fn file(&self) -> Result<BorrowedFd<'_>, Error> {
        let file = self.file.as_ref().map_err(|error| *error)?;
        file.check().map(|(file, _)| file).ok_or(Error::InvalidHandle)
    }
}

fn shared_file(size: usize) -> Result<OwnedFd, Error> {
    inherit::create_of_size(c"winshm-objects", size).map(file::move_up)
}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`; no block refers to it any more.
        let _ = unsafe { map::unmap(self.base.as_ptr() as usize, self.size) };
    }
}

struct Pool {
    /// The birth of the process that `free` belongs to.
    born_at: u64,
    free: Vec<(Arc<Chunk>, usize)>,
    next_size: usize,
}

static POOL: Mutex<Pool> = Mutex::new(Pool { born_at: 0, free: Vec::new(), next_size: SMALLEST_CHUNK });

struct Family {
    guard: Arc<Guard>,
    page: Arc<Chunk>,
}

fn family() -> MutexGuard<'static, Option<Family>> {
    static FAMILY: Mutex<Option<Family>> = Mutex::new(None);
    FAMILY.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The guard of all objects in blocks. Relatives have it too, as they have the blocks.
pub fn guard() -> Result<Arc<Guard>, Error> {
    let mut family = family();
    if let Some(family) = family.as_ref() {
        return Ok(family.guard.clone());
    }
    let page = Chunk::new(PAGE_SIZE)?;
    // SAFETY: within the page.
    let id = unsafe { page.base.add(OWN_GUARD_ID) };
    // SAFETY: aligned, and nobody else's yet.
    unsafe { id.cast::<u64>().write(random::number()) };
    Ok(family.insert(Family::new(page)).guard.clone())
}

impl Family {
    fn new(page: Chunk) -> Family {
        let page = Arc::new(page);
        // SAFETY: a page, zeroed but for the id or in use, which the chunk keeps mapped.
        let guard = unsafe { Guard::new(page.base, Reach::Family, Box::new(page.clone())) };
        Family { guard, page }
    }
}

/// Takes the guard of the process that this program was started by, unless there is one
/// already: whose objects it is, says the object.
pub fn inherit_guard(file: BorrowedFd) -> Result<(), Error> {
    let page = Chunk::inherited(file)?;
    if page.size != PAGE_SIZE {
        return Err(Error::Corrupt);
    }
    family().get_or_insert_with(|| Family::new(page));
    Ok(())
}

/// The descriptor of the guard, if programs that are started have it.
pub fn exported_guard() -> Option<RawFd> {
    let family = family();
    let page = &family.as_ref()?.page;
    page.is_exported.load(Relaxed).then(|| page.file().ok().map(|file| file.as_raw_fd()))?
}

/// Lets programs that are started from now on have the guard; returns its descriptor.
pub fn export_guard() -> Result<(RawFd, FileId), Error> {
    guard()?;
    let family = family();
    let page = &family.as_ref().ok_or(Error::Internal)?.page;
    let file = page.file()?;
    if !page.is_exported.swap(true, Relaxed) {
        inherit::set_kept(file, true)?;
    }
    Ok((file.as_raw_fd(), file::status(file)?.id))
}

/// A zeroed block of STATE_SIZE bytes.
pub struct Block {
    chunk: Arc<Chunk>,
    offset: usize,
    /// The last fork before the block was given out.
    generation: u64,
    /// Programs started by exec may have it.
    is_exported: AtomicBool,
}

impl Block {
    pub fn new() -> Result<Block, Error> {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.disinherit();
        if pool.free.is_empty() {
            pool.grow()?;
        }
        let (chunk, offset) = pool.free.pop().ok_or(Error::Internal)?;
        drop(pool);
        let block = Block::of_chunk(chunk, offset);
        // SAFETY: the block is ours alone now.
        unsafe { ptr::write_bytes(block.address().as_ptr(), 0, STATE_SIZE) };
        Ok(block)
    }

    /// A block that is going to be inherited: alone in its chunk.
    pub fn alone() -> Result<Block, Error> {
        let block = Block::of_chunk(Arc::new(Chunk::new(PAGE_SIZE)?), 0);
        block.is_exported.store(true, Relaxed);
        Ok(block)
    }

    /// Whether its descriptors and its mapping are nobody else's.
    pub fn is_alone(&self) -> bool {
        self.chunk.size == PAGE_SIZE
    }

    /// The block of another process.
    pub fn inherited(chunk: &Arc<Chunk>, offset: u64) -> Result<Block, Error> {
        let offset = usize::try_from(offset).map_err(|_| Error::Corrupt)?;
        if offset % STATE_SIZE != 0 || offset > chunk.size - STATE_SIZE {
            return Err(Error::Corrupt);
        }
        let block = Block::of_chunk(chunk.clone(), offset);
        block.is_exported.store(true, Relaxed);
        Ok(block)
    }

    fn of_chunk(chunk: Arc<Chunk>, offset: usize) -> Block {
        Block { chunk, offset, generation: fork::generation(), is_exported: AtomicBool::new(false) }
    }

    /// A descriptor of the block's chunk, and where in it the block is.
    pub fn export(&self) -> Result<(OwnedFd, u64), Error> {
        let file = inherit::duplicate(self.chunk.file()?)?;
        self.is_exported.store(true, Relaxed);
        Ok((file, self.offset as u64))
    }

    /// Writes the beginning of a new block, which nobody else has yet.
    pub fn fill(&self, bytes: &[u8]) {
        assert!(bytes.len() <= STATE_SIZE);
        // SAFETY: the block is ours alone, and large enough.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.address().as_ptr(), bytes.len()) };
    }

    pub fn address(&self) -> NonNull<u8> {
        // SAFETY: the offset lies within the chunk.
        unsafe { self.chunk.base.add(self.offset) }
    }
}

impl Drop for Block {
    fn drop(&mut self) {
        let mut pool = POOL.lock().unwrap_or_else(PoisonError::into_inner);
        pool.disinherit();
        // Else a relative may have the block too.
        if self.generation == fork::generation() && !self.is_exported.load(Relaxed) {
            pool.free.push((self.chunk.clone(), self.offset));
        }
    }
}

impl Pool {
    /// The first time in a forked child: what is free is its parent's to give.
    fn disinherit(&mut self) {
        if self.born_at != fork::born_at() {
            self.free.clear();
            self.next_size = SMALLEST_CHUNK;
            self.born_at = fork::born_at();
        }
    }

    fn grow(&mut self) -> Result<(), Error> {
        let chunk = Arc::new(Chunk::new(self.next_size)?);
        self.next_size = (2 * self.next_size).min(LARGEST_CHUNK);
        self.free.extend((0..chunk.size).step_by(STATE_SIZE).rev().map(|offset| (chunk.clone(), offset)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sys::apart::APART;

    #[test]
    fn blocks_are_zero_apart_and_used_again() {
        let blocks: Vec<_> = (0..2000).map(|_| Block::new().unwrap()).collect();
        let mut addresses: Vec<_> = blocks.iter().map(|block| block.address().as_ptr() as usize).collect();
        for block in &blocks {
            // SAFETY: a block of the test.
            let bytes = unsafe { std::slice::from_raw_parts_mut(block.address().as_ptr(), STATE_SIZE) };
            assert!(bytes.iter().all(|&byte| byte == 0));
            bytes.fill(0xff);
        }
        addresses.sort_unstable();
        assert!(addresses.windows(2).all(|pair| pair[1] - pair[0] >= STATE_SIZE));
        assert!(addresses.iter().all(|address| address % APART == 0), "alone in its cache lines");
        drop(blocks);
        let again = Block::new().unwrap();
        assert!(addresses.contains(&(again.address().as_ptr() as usize)));
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(again.address().as_ptr(), STATE_SIZE) };
        assert!(bytes.iter().all(|&byte| byte == 0));
    }
}
