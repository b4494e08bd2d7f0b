//! Reading: all of one write or none of it. The caller's buffer is touched only when
//! the read succeeds; with two exceptions, both of large reads, which copy to it under
//! the lock: the segment or its ledger is cut off during the copy, or the reader is
//! stopped then, loses the lock to a writer, and does not succeed afterwards either.

use super::held::Held;
use super::write_lock::{self, Purpose};
use super::{PIECE, SharedMemory, Span};
use crate::error::Error;
use crate::patience::Patience;
use crate::plant;
use crate::sys::copy;
use crate::sys::fault::Vanished;
use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

/// Reads of more than a few bytes, up to these sizes, go through a buffer on the stack: a
/// few cache lines without further ado, or one that costs a look at the stack's end.
const TINY: usize = 512;
const SMALL: usize = 4096;

/// A buffer of whole cache lines: wide vectors that straddle two are slow.
#[repr(align(64))]
struct Lines<const SIZE: usize>([u8; SIZE]);

/// Looks for a moment without a writer before a small read waits for one.
const ATTEMPTS: u32 = 8;

impl SharedMemory {
    /// Reads, if that takes no time; None: it does.
    ///
    /// # Safety
    /// The span's bytes can be written.
    #[inline]
    pub unsafe fn read_now(&self, to: &Span<*mut u8>) -> Result<Option<()>, Error> {
        let range = self.range(to)?;
        // SAFETY: by this function's contract.
        if to.length <= copy::FEW && unsafe { self.read_few(to, &range) } {
            return Ok(Some(()));
        }
        // SAFETY: by this function's contract.
        unsafe { self.read_more_now(to, &range) }
    }

    /// # Safety
    /// The span's bytes can be written.
    #[inline(never)] // its frame is large
    unsafe fn read_more_now(&self, to: &Span<*mut u8>, range: &Range<u64>) -> Result<Option<()>, Error> {
        if to.length <= TINY {
            // SAFETY: by this function's contract.
            return unsafe { self.read_through::<TINY>(to, range) };
        }
        if to.length <= SMALL {
            // SAFETY: by this function's contract.
            return unsafe { self.read_small(to, range) };
        }
        if to.length > PIECE {
            return Ok(None);
        }
        match write_lock::try_lock(&self.ledger, &self.claim, Purpose::Read) {
            // SAFETY: by this function's contract.
            Some(held) => unsafe { self.read_held(held, to, range) },
            None => Ok(None),
        }
    }

    /// Reads up to `copy::FEW` bytes, if nothing is in the way; what it is, and whether it
    /// is an error, others find out.
    ///
    /// # Safety
    /// The span's bytes can be written.
    #[inline]
    unsafe fn read_few(&self, to: &Span<*mut u8>, range: &Range<u64>) -> bool {
        let before = self.ledger.sequence();
        if before.is_odd() || self.ledger.is_torn(range) || plant::is(plant::NO_SEQUENCE) {
            return false;
        }
        // SAFETY: the range is mapped, the bytes by this function's contract.
        unsafe { self.ledger.copy_few_if_still(before, to.bytes, self.at(to.offset), to.length) }
    }

    /// Reads; Busy when a stopped peer is in the way for two seconds.
    ///
    /// # Safety
    /// The span's bytes can be written.
    pub unsafe fn read_patiently(&self, to: &Span<*mut u8>) -> Result<(), Error> {
        let range = self.range(to)?;
        if !self.ledger.is_writable || write_lock::number(&self.ledger, &self.claim).is_err() {
            // SAFETY: by this function's contract.
            return unsafe { self.read_watching(to, &range) };
        }
        let mut patience = Patience::new();
        loop {
            let held = write_lock::lock(&self.ledger, &self.claim, Purpose::Read)?;
            // SAFETY: by this function's contract.
            if unsafe { self.read_held(held, to, &range)? }.is_some() {
                return Ok(());
            }
            patience.lose_some()?;
        }
    }

    /// # Safety
    /// The span's bytes can be written, and are at most SMALL.
    #[inline(never)] // its frame is large
    unsafe fn read_small(&self, to: &Span<*mut u8>, range: &Range<u64>) -> Result<Option<()>, Error> {
        // SAFETY: by this function's contract.
        unsafe { self.read_through::<SMALL>(to, range) }
    }

    /// Copies to a buffer, looks whether somebody wrote meanwhile, and gives the
    /// caller what was copied if nobody did.
    ///
    /// # Safety
    /// The span's bytes can be written, and are at most SIZE.
    #[inline]
    unsafe fn read_through<const SIZE: usize>(
        &self,
        to: &Span<*mut u8>,
        range: &Range<u64>,
    ) -> Result<Option<()>, Error> {
        let mut copied = MaybeUninit::<Lines<SIZE>>::uninit();
        // SAFETY: the field of a place that is ours; nothing is read.
        let copied = unsafe { &raw mut (*copied.as_mut_ptr()).0 }.cast::<u8>();
        for _ in 0..ATTEMPTS {
            let before = self.ledger.sequence();
            if before.is_odd() {
                return Ok(None);
            }
            if self.ledger.is_torn(range) {
                if self.ledger.is_still(before) {
                    return Err(Error::Torn);
                }
                continue;
            }
            // SAFETY: the range is mapped, the copy is ours and large enough.
            let result = unsafe { copy::copy(copied, self.at(to.offset), to.length) };
            if let Err(Vanished) = result {
                return Err(Error::Truncated);
            }
            if self.ledger.is_still(before) {
                self.ledger.check()?;
                // SAFETY: so many bytes were copied; the caller's by this function's contract.
                let given = unsafe { copy::copy(to.bytes, copied, to.length) };
                return given.map(Some).map_err(|Vanished| Error::NoAccess);
            }
        }
        Ok(None)
    }

    /// None: we were stopped, and somebody took the lock from us and wrote.
    ///
    /// # Safety
    /// The span's bytes can be written, and the range is its place.
    #[inline]
    unsafe fn read_held(
        &self,
        held: Held,
        to: &Span<*mut u8>,
        range: &Range<u64>,
    ) -> Result<Option<()>, Error> {
        self.ledger.check()?;
        let before = held.since();
        if self.ledger.is_torn(range) {
            return if self.ledger.is_still(before) { Err(Error::Torn) } else { Ok(None) };
        }
        let (bytes, from, whole) = (to.bytes, self.at(to.offset), to.length);
        // A page that is not there must not be found out in the middle of the copy.
        // SAFETY: the range is mapped.
        let probe = |at: usize, length: usize| unsafe { copy::probe_all(from.wrapping_add(at), length) };
        self.in_pieces(whole, probe).map_err(|Vanished| Error::Truncated)?;
        let piece = |at: usize, length: usize| {
            // SAFETY: the range is mapped, the bytes by this function's contract.
            unsafe { copy::copy_out(bytes.wrapping_add(at), from.wrapping_add(at), length, whole) }
        };
        self.in_pieces(whole, piece).map_err(|Vanished| Error::Truncated)?;
        let is_whole = self.ledger.is_still(before);
        #[cfg(test)]
        super::OVERTAKEN.fetch_or(!is_whole, std::sync::atomic::Ordering::Relaxed);
        self.ledger.check()?;
        drop(held);
        Ok(is_whole.then_some(()))
    }

    /// Reads without being able to take the lock: through a buffer, until nobody
    /// wrote meanwhile.
    ///
    /// # Safety
    /// The span's bytes can be written.
    #[cold]
    unsafe fn read_watching(&self, to: &Span<*mut u8>, range: &Range<u64>) -> Result<(), Error> {
        let mut buffer: Vec<u8> = Vec::new();
        buffer.try_reserve_exact(to.length).map_err(|_| Error::Os(libc::ENOMEM))?;
        let mut patience = Patience::new();
        let mut seen = self.ledger.sequence();
        loop {
            let before = self.ledger.sequence();
            self.ledger.check()?;
            if before != seen {
                (seen, patience) = (before, Patience::new());
            }
            if before.is_odd() {
                let owner = write_lock::owner(&self.ledger);
                if owner != 0 && self.claim.is_alive(owner) {
                    patience.lose_some()?;
                    continue;
                }
                // He died: his range is torn, though nobody has said so yet.
                let writing = self.ledger.writing();
                if writing.start.max(range.start) < writing.end.min(range.end) && self.ledger.is_still(before)
                {
                    return Err(Error::Torn);
                }
            }
            if self.ledger.is_torn(range) && self.ledger.is_still(before) {
                return Err(Error::Torn);
            }
            // SAFETY: the range is mapped, the buffer large enough.
            let copied = unsafe { copy::copy(buffer.as_mut_ptr(), self.at(to.offset), to.length) };
            copied.map_err(|Vanished| Error::Truncated)?;
            if self.ledger.is_still(before) && !self.ledger.is_torn(range) {
                self.ledger.check()?;
                // SAFETY: so many bytes were copied; the caller's by this function's contract.
                unsafe { ptr::copy_nonoverlapping(buffer.as_ptr(), to.bytes, to.length) };
                return Ok(());
            }
            patience.lose_some()?;
        }
    }
}
