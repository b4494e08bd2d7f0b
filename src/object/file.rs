//! What can be done with files.

use super::pin::Pin;
use super::{Grant, Object, inherit, with};
use crate::access;
use crate::consts::*;
use crate::dispatcher::{Dispatcher, Making};
use crate::error::Error;
use crate::file::{self, Buffer, FileKind, OpenFile, Origin, Request, Span, Transferred};
use crate::fork;
use crate::handle::{Entry, Handle};
use crate::namespace::Created;
use crate::sync::SyncObject;
use crate::sys::{heap, sleeping, time};
use std::ffi::{CStr, CString};
use std::sync::OnceLock;
use std::time::Duration;

/// A file object of this process.
pub struct File {
    pub(super) open: OpenFile,
    /// What waits wait for, once there was one.
    idle: OnceLock<Dispatcher>,
}

impl File {
    pub(super) fn object(open: OpenFile) -> Object {
        Object::File(Box::new(File { open, idle: OnceLock::new() }))
    }

    /// Signalled always: what a function began with the file has ended when it returns.
    /// The caller is not inside the fork gate.
    pub(super) fn idle(&self) -> Result<&SyncObject, Error> {
        if self.idle.get().is_none() {
            let _inside = fork::enter();
            // Of two threads that meet here one has made it in vain.
            let _ = self.idle.set(Dispatcher::unnamed(&Making::Event { manual: true, set: true })?);
        }
        self.idle.get().map(|idle| &idle.object).ok_or(Error::Internal)
    }
}

/// Opens or makes a file. `desired` is what the caller asks for; every handle may be
/// waited for and asked about, as on Windows.
pub fn create(mut request: Request, desired: Grant) -> Result<(Handle, Created), Error> {
    let deletes = if request.delete_on_close { DELETE } else { 0 };
    request.as_permitted = desired.access & MAXIMUM_ALLOWED != 0;
    request.access =
        access::FILE.for_duplicate(desired.access)? | SYNCHRONIZE | FILE_READ_ATTRIBUTES | deletes;
    // What was made or emptied would stay so.
    heap::has_room()?;
    let inside = fork::enter();
    let opened = file::open(&request)?;
    // A file that was there has a security descriptor already.
    let (created, flags) = match opened.existed {
        true => (Created::No, desired.flags.visible()),
        false => (Created::Yes, desired.flags),
    };
    let entry = Entry::new(File::object(opened.file));
    Ok((inherit::publish(&inside, entry, opened.granted, flags)?, created))
}

pub fn delete(path: &CStr) -> Result<(), Error> {
    let _inside = fork::enter();
    file::delete(path)
}

/// Makes a name for a temporary file, and perhaps the file: see `file::temporary_file`.
pub fn temporary(folder: &CStr, prefix: &[u8], number: u16) -> Result<(CString, u16), Error> {
    let _inside = fork::enter();
    file::temporary_file(folder, prefix, number)
}

/// Looks at the file of a handle that has one of these rights; 0: none is needed.
fn with_file<R>(
    handle: Handle,
    rights: u32,
    body: impl FnOnce(&OpenFile) -> Result<R, Error>,
) -> Result<R, Error> {
    let _inside = fork::enter();
    with(handle, |object| {
        let file = object.file()?;
        if rights != 0 && object.access() & rights == 0 { Err(Error::AccessDenied) } else { body(file) }
    })
}

/// Keeps the file of a handle that has one of these rights, for a call that may sleep.
/// Returns the rights of the handle too.
fn pin(handle: Handle, rights: u32) -> Result<(Pin, u32), Error> {
    let mut granted = 0;
    let pin = Pin::new(handle, |object| {
        object.file()?;
        granted = object.access();
        if granted & rights == 0 { Err(Error::AccessDenied) } else { Ok(()) }
    })?;
    Ok((pin, granted))
}

const WRITES: u32 = FILE_WRITE_DATA | FILE_APPEND_DATA;

pub fn kind(handle: Handle) -> Result<FileKind, Error> {
    with_file(handle, 0, OpenFile::kind)
}

pub fn size(handle: Handle) -> Result<u64, Error> {
    with_file(handle, 0, OpenFile::size)
}

/// Moves the position, unless it would then be above `most`.
pub fn seek(handle: Handle, distance: i64, origin: Origin, most: u64) -> Result<u64, Error> {
    with_file(handle, 0, |file| file.seek(distance, origin, most))
}

pub fn set_end(handle: Handle) -> Result<(), Error> {
    with_file(handle, FILE_WRITE_DATA, OpenFile::set_end)
}

pub fn flush(handle: Handle) -> Result<(), Error> {
    let (pin, _) = pin(handle, WRITES)?;
    pin.object().file()?.flush()
}

pub fn read(handle: Handle, buffer: Buffer, offset: Option<u64>) -> Result<Transferred, Error> {
    let (pin, _) = pin(handle, FILE_READ_DATA)?;
    pin.object().file()?.read(buffer, offset)
}

pub fn write(handle: Handle, buffer: Buffer, offset: Option<u64>) -> Result<Transferred, Error> {
    let (pin, granted) = pin(handle, WRITES)?;
    pin.object().file()?.write(buffer, offset, granted & FILE_WRITE_DATA == 0)
}

/// Locks bytes of a file; LockViolation if somebody is in the way and it is not to wait.
pub fn lock(handle: Handle, span: Span, exclusive: bool, wait: bool) -> Result<(), Error> {
    if u128::from(span.start) + u128::from(span.length) > 1 << 64 {
        return Err(Error::InvalidLockRange);
    }
    let (pin, _) = pin(handle, FILE_READ_DATA | FILE_WRITE_DATA)?;
    let file = pin.object().file()?;
    // By looking again and again: the kernel would put to sleep only who gets a lock of
    // the whole range at once, and who sleeps for it must not be inside the gate, where
    // a fork copies what he holds.
    let (mut pause, longest) = (Duration::from_micros(50), Duration::from_millis(4));
    loop {
        let result = {
            let _inside = fork::enter();
            file.try_lock(span, exclusive)
        };
        if result != Err(Error::LockViolation) || !wait {
            return result;
        }
        sleeping::begins();
        time::sleep(pause);
        pause = (2 * pause).min(longest);
    }
}

pub fn unlock(handle: Handle, span: Span) -> Result<(), Error> {
    with_file(handle, FILE_READ_DATA | FILE_WRITE_DATA, |file| file.unlock(span))
}
