//! State blocks of synchronisation objects without a name.
//!
//! They lie in memory that forked children share, so that a handle goes on
//! meaning the same object on both sides. A block that was in use at a fork is
//! not given out again by either side; free ones stay the parent's, and a child
//! begins with chunks of its own. A whole chunk goes when its last block does.

use crate::error::Error;
use crate::fork;
use crate::namespace::layout::STATE_SIZE;
use crate::sync::{Guard, OWN_GUARD_ID, Reach};
use crate::sys::map::{self, Access, Contents, PAGE_SIZE, Place};
use crate::sys::random;
use std::ptr::{self, NonNull};
use std::sync::{Arc, Mutex, PoisonError};

const CHUNK_SIZE: usize = 64 << 10;

struct Chunk {
    base: NonNull<u8>,
}

// SAFETY: only the address is used here; the blocks are reached by atomics.
unsafe impl Send for Chunk {}
// SAFETY: as above.
unsafe impl Sync for Chunk {}

impl Drop for Chunk {
    fn drop(&mut self) {
        // SAFETY: mapped by `Pool::grow`; no block refers to it any more.
        let _ = unsafe { map::unmap(self.base.as_ptr() as usize, CHUNK_SIZE) };
    }
}

struct Pool {
    /// The birth of the process that `free` belongs to.
    born_at: u64,
    free: Vec<(Arc<Chunk>, usize)>,
}

static POOL: Mutex<Pool> = Mutex::new(Pool { born_at: 0, free: Vec::new() });

/// The guard of all objects in blocks. Forked children have it too, as they have
/// the blocks.
pub fn guard() -> Result<Arc<Guard>, Error> {
    static FAMILY: Mutex<Option<Arc<Guard>>> = Mutex::new(None);
    let mut family = FAMILY.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(guard) = family.as_ref() {
        return Ok(guard.clone());
    }
    let page = map::map(Place::Anywhere, PAGE_SIZE, Access::READ_WRITE, Contents::SharedZero)?;
    let page = NonNull::new(page as *mut u8).ok_or(Error::Internal)?;
    // SAFETY: within the page.
    let id = unsafe { page.add(OWN_GUARD_ID) };
    // SAFETY: aligned, and nobody else's yet.
    unsafe { id.cast::<u64>().write(random::number()) };
    // SAFETY: zeroed but for the id, and mapped as long as the process lives.
    let guard = unsafe { Guard::new(page, Reach::Family, Box::new(())) };
    *family = Some(guard.clone());
    Ok(guard)
}

/// A zeroed block of STATE_SIZE bytes.
pub struct Block {
    chunk: Arc<Chunk>,
    offset: usize,
    /// The last fork before the block was given out.
    generation: u64,
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
        let block = Block { chunk, offset, generation: fork::generation() };
        // SAFETY: the block is ours alone now.
        unsafe { ptr::write_bytes(block.address().as_ptr(), 0, STATE_SIZE) };
        Ok(block)
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
        if self.generation == fork::generation() {
            pool.free.push((self.chunk.clone(), self.offset));
        }
    }
}

impl Pool {
    /// The first time in a forked child: what is free is its parent's to give.
    fn disinherit(&mut self) {
        if self.born_at != fork::born_at() {
            self.free.clear();
            self.born_at = fork::born_at();
        }
    }

    fn grow(&mut self) -> Result<(), Error> {
        let base = map::map(Place::Anywhere, CHUNK_SIZE, Access::READ_WRITE, Contents::SharedZero)?;
        let base = NonNull::new(base as *mut u8).ok_or(Error::Internal)?;
        let chunk = Arc::new(Chunk { base });
        self.free.extend((0..CHUNK_SIZE).step_by(STATE_SIZE).rev().map(|offset| (chunk.clone(), offset)));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        drop(blocks);
        let again = Block::new().unwrap();
        assert!(addresses.contains(&(again.address().as_ptr() as usize)));
        // SAFETY: as above.
        let bytes = unsafe { std::slice::from_raw_parts(again.address().as_ptr(), STATE_SIZE) };
        assert!(bytes.iter().all(|&byte| byte == 0));
    }
}
