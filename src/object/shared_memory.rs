//! What the SharedMemory functions do, by handle.

use super::open::{create_section_entry, granted, open_section_entry};
use super::pin::{self, Pin};
use super::{Object, TABLE, inherit, with};
use crate::access::Wanted;
use crate::consts::{SECTION_MAP_READ, SECTION_MAP_WRITE};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::handle::{Entry, Flags, Handle, Holding, Pinned};
use crate::mark;
use crate::name::SectionName;
use crate::namespace::{Created, LedgerFile};
use crate::protection::{Caching, Protection};
use crate::section::{Attributes, Kind, Making, Pages, Section, Status};
use crate::security::Sharing;
use crate::shared_memory::{Activity, SharedMemory, Span};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

const READ_WRITE: u32 = SECTION_MAP_READ | SECTION_MAP_WRITE;

/// A segment with its ledger, and the section that it is.
pub struct Attachment {
    // In this order, which is the order of their drops.
    memory: SharedMemory,
    /// Holds the name, as a handle does; None when it was released.
    holding: Mutex<Option<Holding<Object>>>,
    section: SectionPin,
}

/// The section's memory. At its end the ledger goes too, if the segment has gone.
struct SectionPin(Pinned<Object>);

impl Drop for SectionPin {
    fn drop(&mut self) {
        let segment = self.0.section().ok().and_then(Section::segment);
        if let Some(segment) = segment.filter(|segment| segment.is_gone()) {
            LedgerFile::remove(&segment.identity());
        }
    }
}

impl Attachment {
    pub fn release_name(&self) {
        drop(self.holding.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    fn section(&self) -> Result<&Section, Error> {
        self.section.0.section()
    }

    /// Why a page up to `end` is not there: it was cut off, or no memory is left.
    #[cold]
    fn refine(&self, error: Error, end: usize) -> Error {
        if error != Error::Truncated || self.memory.is_ledger_lost() {
            return error;
        }
        let _inside = fork::enter();
        match self.section().and_then(Section::present_size) {
            Ok(size) if size >= end as u64 => Error::CommitmentLimit,
            _ => error,
        }
    }
}

fn attach(
    inside: &Inside,
    section: Pinned<Object>,
    write: bool,
    is_creator: bool,
) -> Result<Attachment, Error> {
    let holding = Holding::new(section.clone());
    let memory = SharedMemory::new(inside, section.section()?, write, is_creator)?;
    Ok(Attachment { memory, holding: Mutex::new(Some(holding)), section: SectionPin(section) })
}

fn publish(inside: &Inside, attachment: Attachment) -> Result<Handle, Error> {
    TABLE.publish(inside, Entry::new(Object::SharedMemory(Box::new(attachment))), 0, Flags::default())
}

/// Makes a segment of at least this size, or opens the one that exists.
pub fn create(name: &SectionName, size: u64, mode: u32) -> Result<(Handle, Created), Error> {
    /// What a maker needs to open what he makes. A mode that forbids it comes last.
    const OWNER: u32 = 0o600;
    let attributes =
        Attributes { protection: Protection::READ_WRITE, caching: Caching::Normal, pages: Pages::Committed };
    let sharing = Sharing { mode: mode | OWNER, is_closed: false };
    let making = Making { size, attributes, sharing };
    making.check()?;
    let inside = fork::enter();
    let (section, created) = create_section_entry(name, &making).map_err(|error| match error {
        // Empty is smaller, too.
        Error::FileInvalid => Error::BadLength,
        error => error,
    })?;
    let section = check(section, READ_WRITE)?;
    if section.section()?.exact_size() < size {
        drop(Holding::new(section));
        return Err(Error::BadLength);
    }
    if created == Created::No {
        return Ok((publish(&inside, attach(&inside, section, true, false)?)?, created));
    }
    let made = SectionPin(section.clone());
    let published = attach(&inside, section, true, true).and_then(|attachment| {
        if mode != sharing.mode {
            attachment.section()?.set_mode(mode)?;
        }
        publish(&inside, attachment)
    });
    if published.is_err() {
        // Who gets no handle cannot destroy it.
        let _ = made.0.section().and_then(Section::remove);
    }
    Ok((published?, created))
}

/// Gives the section back unless it may be used so. A section of a file is another kind of
/// object: where its ledger would be, there is a record that must not change.
fn check(section: Pinned<Object>, access: u32) -> Result<Pinned<Object>, Error> {
    if section.section()?.is_of_file() {
        drop(Holding::new(section));
        return Err(Error::InvalidHandle);
    }
    granted(&section, Wanted::exactly(access))?;
    Ok(section)
}

pub fn open(name: &SectionName, write: bool) -> Result<Handle, Error> {
    let inside = fork::enter();
    let access = if write { READ_WRITE } else { SECTION_MAP_READ };
    let section = check(open_section_entry(name, access)?, access)?;
    publish(&inside, attach(&inside, section, write, false)?)
}

/// Runs `quick` under a mark; if it would have to wait, `patient` without one. `end` is
/// where the span ends.
fn quick_or_patient(
    handle: Handle,
    end: usize,
    quick: impl FnOnce(&SharedMemory) -> Result<Option<()>, Error>,
    patient: impl FnOnce(&SharedMemory) -> Result<(), Error>,
) -> Result<(), Error> {
    let found = {
        let mark = mark::enter();
        let object = TABLE.get(&mark, handle)?;
        quick(&object.shared_memory()?.memory)
    };
    match found {
        Ok(Some(())) => Ok(()),
        Ok(None) => otherwise(handle, end, patient),
        Err(Error::Truncated) => otherwise(handle, end, |_| Err(Error::Truncated)),
        Err(error) => Err(error),
    }
}

fn otherwise(
    handle: Handle,
    end: usize,
    patient: impl FnOnce(&SharedMemory) -> Result<(), Error>,
) -> Result<(), Error> {
    let pin = pin(handle)?;
    let attachment = pin.attachment()?;
    patient(&attachment.memory).map_err(|error| attachment.refine(error, end))
}

/// Writes, if nothing is in the way. False: something is, perhaps an error; `write` knows.
/// Changes no errno.
///
/// # Safety
/// The span's bytes can be read.
#[inline]
pub unsafe fn write_at_once(handle: Handle, from: &Span<*const u8>) -> bool {
    // SAFETY: by this function's contract.
    at_once(handle, |memory| unsafe { memory.write_now(from) })
}

/// Reads, if nothing is in the way. False: something is, perhaps an error; `read` knows.
/// Changes no errno.
///
/// # Safety
/// The span's bytes can be written.
#[inline]
pub unsafe fn read_at_once(handle: Handle, to: &Span<*mut u8>) -> bool {
    // SAFETY: by this function's contract.
    at_once(handle, |memory| unsafe { memory.read_now(to) })
}

#[inline(always)]
fn at_once(handle: Handle, quick: impl FnOnce(&SharedMemory) -> Result<Option<()>, Error>) -> bool {
    let Some(mark) = mark::enter_again() else { return false };
    let Ok(object) = TABLE.get(&mark, handle) else { return false };
    object.shared_memory().is_ok_and(|attachment| quick(&attachment.memory) == Ok(Some(())))
}

/// # Safety
/// The span's bytes can be read.
pub unsafe fn write(handle: Handle, from: Span<*const u8>) -> Result<(), Error> {
    quick_or_patient(
        handle,
        from.offset.saturating_add(from.length),
        // SAFETY: by this function's contract.
        |memory| unsafe { memory.write_now(&from) },
        // SAFETY: by this function's contract.
        move |memory| unsafe { memory.write_patiently(&from) },
    )
}

/// # Safety
/// The span's bytes can be written.
pub unsafe fn read(handle: Handle, to: Span<*mut u8>) -> Result<(), Error> {
    quick_or_patient(
        handle,
        to.offset.saturating_add(to.length),
        // SAFETY: by this function's contract.
        |memory| unsafe { memory.read_now(&to) },
        // SAFETY: by this function's contract.
        move |memory| unsafe { memory.read_patiently(&to) },
    )
}

fn pin(handle: Handle) -> Result<Pin, Error> {
    Pin::new(handle, |object| object.shared_memory().map(|_| ()))
}

impl Pin {
    fn attachment(&self) -> Result<&Attachment, Error> {
        self.object().shared_memory()
    }
}

/// Sleeps until more than `known` writes are completed; returns how many are.
pub fn wait(handle: Handle, known: u64, timeout: Option<Duration>) -> Result<u64, Error> {
    let pin = pin(handle)?;
    let is_open = || with(handle, |object| object.shared_memory().map(|_| ())).is_ok();
    pin.attachment()?.memory.wait(known, timeout, is_open)
}

/// What SharedMemoryStat tells.
pub struct Report {
    pub kind: Kind,
    pub status: Status,
    pub activity: Activity,
    /// Processes that have it mapped, where the status does not tell.
    pub attached: Option<u64>,
}

pub fn status(handle: Handle) -> Result<Report, Error> {
    let pin = pin(handle)?;
    let _inside = fork::enter();
    let (attachment, section) = (pin.attachment()?, pin.attachment()?.section()?);
    Ok(Report {
        kind: section.kind(),
        status: section.status()?,
        activity: attachment.memory.activity()?,
        attached: section.attached_processes(),
    })
}

pub fn set_mode(handle: Handle, mode: u32) -> Result<(), Error> {
    if mode & !0o777 != 0 {
        return Err(Error::InvalidParameter);
    }
    let pin = pin(handle)?;
    let _inside = fork::enter();
    pin.attachment()?.section()?.set_mode(mode)
}

/// Where the segment is mapped, and its bytes.
pub fn data(handle: Handle) -> Result<(*mut u8, usize), Error> {
    with(handle, |object| Ok(object.shared_memory()?.memory.data()))
}

pub fn close(handle: Handle) -> Result<(), Error> {
    let pin = pin(handle)?;
    {
        let inside = fork::enter();
        pin::forget_parents(&inside);
        inherit::close(&inside, handle)?;
    }
    // Who sleeps on it in another thread finds it closed.
    pin.attachment()?.memory.rouse();
    Ok(())
}

/// Closes, and takes the name away. If that is refused, nothing happens.
pub fn free(handle: Handle) -> Result<(), Error> {
    let pin = pin(handle)?;
    let removed = {
        let _inside = fork::enter();
        pin.attachment()?.section()?.remove()
    };
    removed?;
    close(handle)
}
