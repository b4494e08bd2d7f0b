//! The SharedMemory functions: reading and writing a segment so that nobody gets
//! half of a write.
//!
//! A segment is a section of any kind, mapped once; beside it stands its `ledger`.
//! Writers take the ledger's lock (`write_lock`, by a `claim`). Small reads take
//! nothing: they copy, and look whether somebody wrote meanwhile. Large ones take
//! the lock too: they would hardly ever find such a moment.
//!
//! What can be done in no time is `..._now`, for callers under a mark.

mod claim;
#[cfg(feature = "tool")]
pub mod facts;
mod held;
mod ledger;
mod reading;
mod sleepers;
pub mod torn;
mod waiting;
mod write_lock;

use self::claim::Claim;
use self::held::Held;
use self::ledger::Ledger;
use self::write_lock::Purpose;
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::namespace::{ControlPage, LedgerFile};
use crate::plant::stored;
use crate::section::{LedgerHome, Section};
use crate::segment::Attached;
use crate::sys::copy;
use crate::sys::fault::{self, Vanished};
use std::ops::Range;

/// Longer copies are made in pieces of this size, and not under a mark.
const PIECE: usize = 1 << 20;

/// In tests: new objects treat their ledger as one that may only be read.
#[cfg(test)]
pub static BLIND: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// In tests: a reader has lost the lock to a writer, and copied something.
#[cfg(test)]
pub static OVERTAKEN: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);

/// What keeps the page that the ledger is in.
#[expect(dead_code, reason = "kept for their Drop")]
enum Home {
    ControlPage(ControlPage),
    File(LedgerFile),
}

/// A segment with its ledger, open. The section it was made of is kept elsewhere:
/// it holds the name, which can go earlier.
pub struct SharedMemory {
    ledger: Ledger,
    claim: Claim,
    data: Attached,
    /// Bytes.
    size: usize,
    is_writable: bool,
    /// This object made the segment.
    is_creator: bool,
    #[expect(dead_code, reason = "kept for its Drop")]
    home: Home,
}

/// What SharedMemoryStat tells beside the section's status.
pub struct Activity {
    pub size: u64,
    pub sequence: u64,
    pub is_creator: bool,
    pub is_writable: bool,
    pub creator: u32,
    pub last_writer: u32,
}

/// The bytes of a caller: where they are, and where they are in the segment.
#[derive(Clone, Copy)]
pub struct Span<P> {
    pub bytes: P,
    pub length: usize,
    pub offset: usize,
}

impl SharedMemory {
    pub fn new(
        inside: &Inside,
        section: &Section,
        write: bool,
        is_creator: bool,
    ) -> Result<SharedMemory, Error> {
        fault::set_up()?;
        copy::set_up();
        let size = usize::try_from(section.exact_size()).map_err(|_| Error::Os(libc::ENOMEM))?;
        let data = section.attach(write)?;
        let (ledger, claim, home) = match section.ledger()? {
            LedgerHome::ControlPage(control, key) => {
                let ledger = Ledger::new(control.page.address(), control.is_writable);
                (ledger, Claim::new(key), Home::ControlPage(control))
            }
            LedgerHome::File(file) => {
                let page = file.page().address();
                let ledger = Ledger::new(page, file.is_writable());
                (ledger, Claim::new(file.key().clone()), Home::File(file))
            }
        };
        #[cfg(test)]
        let ledger = if BLIND.load(std::sync::atomic::Ordering::Relaxed) { ledger.blind() } else { ledger };
        if write && ledger.is_writable {
            // Later there may be no permission, and no descriptor.
            claim.make(inside, || write_lock::owner(&ledger))?;
        }
        // (Another user may have been quick, and made the ledger of what was to come.)
        if is_creator && ledger.is_writable {
            ledger.set_creator(fork::process_id());
        }
        ledger.check()?;
        Ok(SharedMemory { ledger, claim, data, size, is_writable: write, is_creator, home })
    }

    /// The mapped bytes.
    pub fn data(&self) -> (*mut u8, usize) {
        (self.data.address(), self.size)
    }

    pub fn activity(&self) -> Result<Activity, Error> {
        let (creator, last_writer) = self.ledger.processes();
        let sequence = self.ledger.sequence().completed();
        self.ledger.check()?;
        Ok(Activity {
            size: self.size as u64,
            sequence,
            is_creator: self.is_creator,
            is_writable: self.is_writable,
            creator,
            last_writer,
        })
    }

    /// Whether somebody cut off what all who use the segment agree on.
    pub fn is_ledger_lost(&self) -> bool {
        self.ledger.check().is_err()
    }

    /// The range of a request, if it lies within the segment.
    #[inline]
    fn range<P>(&self, span: &Span<P>) -> Result<Range<u64>, Error> {
        if span.length > self.size || span.offset > self.size - span.length {
            return Err(Error::BadLength);
        }
        Ok(span.offset as u64..(span.offset + span.length) as u64)
    }

    #[inline]
    fn at(&self, offset: usize) -> *mut u8 {
        self.data.address().wrapping_add(offset)
    }

    /// Writes, if that takes no time; None: it does. Truncated, here and in the
    /// others: a page is not there, for whatever reason.
    ///
    /// # Safety
    /// The span's bytes can be read.
    #[inline(always)] // the call costs a tenth of a short write
    pub unsafe fn write_now(&self, from: &Span<*const u8>) -> Result<Option<()>, Error> {
        let range = self.writable_range(from)?;
        if from.length > copy::FEW {
            // SAFETY: by this function's contract.
            return unsafe { self.write_more_now(from, &range) };
        }
        let Some(held) = write_lock::try_lock(&self.ledger, &self.claim, Purpose::Write) else {
            return Ok(None);
        };
        // SAFETY: the bytes by this function's contract, the range is mapped.
        let copy = |to| unsafe { copy::copy_few(to, from.bytes, from.length) };
        self.write_held(held, from, &range, copy).map(Some)
    }

    /// # Safety
    /// The span's bytes can be read.
    #[inline(never)] // the choice among copies would be in the way of `write_now`
    unsafe fn write_more_now(&self, from: &Span<*const u8>, range: &Range<u64>) -> Result<Option<()>, Error> {
        if from.length > PIECE {
            return Ok(None);
        }
        let Some(held) = write_lock::try_lock(&self.ledger, &self.claim, Purpose::Write) else {
            return Ok(None);
        };
        // SAFETY: the bytes by this function's contract, the range is mapped.
        let copy = |to| unsafe { copy::copy(to, from.bytes, from.length) };
        self.write_held(held, from, range, copy).map(Some)
    }

    /// Writes; Busy when a stopped peer is in the way for two seconds.
    ///
    /// # Safety
    /// The span's bytes can be read.
    pub unsafe fn write_patiently(&self, from: &Span<*const u8>) -> Result<(), Error> {
        let range = self.writable_range(from)?;
        let held = write_lock::lock(&self.ledger, &self.claim, Purpose::Write)?;
        let copy = |to: *mut u8| {
            self.in_pieces(from.length, |at, length| {
                // SAFETY: the bytes by this function's contract, the range is mapped.
                unsafe { copy::copy(to.wrapping_add(at), from.bytes.wrapping_add(at), length) }
            })
        };
        self.write_held(held, from, &range, copy)
    }

    #[inline]
    fn writable_range(&self, from: &Span<*const u8>) -> Result<Range<u64>, Error> {
        if !self.is_writable || !self.ledger.is_writable {
            return Err(Error::AccessDenied);
        }
        self.range(from)
    }

    /// Has the span's bytes copied to the range, which is its place.
    #[inline(always)] // see `write_more_now`
    fn write_held(
        &self,
        held: Held,
        from: &Span<*const u8>,
        range: &Range<u64>,
        copy: impl FnOnce(*mut u8) -> Result<(), Vanished>,
    ) -> Result<(), Error> {
        let written = self.write_under_lock(from, range, copy);
        drop(held);
        written?;
        self.ledger.check()
    }

    #[inline(always)]
    fn write_under_lock(
        &self,
        from: &Span<*const u8>,
        range: &Range<u64>,
        copy: impl FnOnce(*mut u8) -> Result<(), Vanished>,
    ) -> Result<(), Error> {
        self.ledger.check()?;
        self.check_end(from)?;
        self.ledger.begin(range);
        let copied = copy(self.at(from.offset));
        stored("shared memory: copied");
        match copied {
            Ok(()) => self.ledger.complete(range, fork::process_id()),
            Err(Vanished) => self.ledger.give_up(),
        }
        copied.map_err(|Vanished| Error::Truncated)
    }

    /// Copies under the lock, and says now and then that it gets on.
    #[inline]
    fn in_pieces(
        &self,
        length: usize,
        copy: impl Fn(usize, usize) -> Result<(), Vanished>,
    ) -> Result<(), Vanished> {
        if length <= PIECE {
            return copy(0, length);
        }
        (0..length).step_by(PIECE).try_for_each(|at| {
            self.ledger.report_progress();
            copy(at, PIECE.min(length - at))
        })
    }

    /// Whether the last byte of a span is still there: a segment that somebody cut
    /// off must not be found out in the middle of a copy.
    #[inline]
    fn check_end(&self, span: &Span<*const u8>) -> Result<(), Error> {
        // SAFETY: within the mapping.
        let last = unsafe { copy::probe(self.at(span.offset + span.length - 1)) };
        last.map_err(|Vanished| Error::Truncated)
    }
}
