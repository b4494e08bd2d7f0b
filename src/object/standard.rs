//! The handles of the standard streams.

use super::file::File;
use super::{Object, TABLE, with};
use crate::error::Error;
use crate::file::Stream;
use crate::fork;
use crate::handle::{Entry, Flags, Handle, Ref};
use std::os::fd::OwnedFd;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Release};

/// Nobody has asked yet.
const UNKNOWN: Handle = usize::MAX - 7;

static HANDLES: [AtomicUsize; 3] = [const { AtomicUsize::new(UNKNOWN) }; 3];

fn slot(stream: Stream) -> &'static AtomicUsize {
    match stream {
        Stream::Input => &HANDLES[0],
        Stream::Output => &HANDLES[1],
        Stream::Error => &HANDLES[2],
    }
}

/// The handle of a stream; 0: the program has none. What `set_standard` put there is
/// returned as it is.
pub fn standard(stream: Stream) -> Result<Handle, Error> {
    let slot = slot(stream);
    let known = slot.load(Acquire);
    if known != UNKNOWN {
        return Ok(known);
    }
    let Some((file, granted)) = stream.open() else { return Ok(0) };
    let inside = fork::enter();
    // Not inheritable: a child has the stream itself.
    let fresh = TABLE.publish(&inside, Entry::new(File::object(file)), granted, Flags::default())?;
    match slot.compare_exchange(UNKNOWN, fresh, AcqRel, Acquire) {
        Ok(_) => Ok(fresh),
        Err(first) => {
            let _ = TABLE.close(&inside, fresh);
            Ok(first)
        }
    }
}

/// Any value: Windows checks none.
pub fn set_standard(stream: Stream, handle: Handle) {
    slot(stream).store(handle, Release);
}

/// What a child has as this stream in place of ours: what `set_standard` put there, if it
/// is an inheritable handle of a file.
pub fn inheritable(stream: Stream) -> Result<Option<OwnedFd>, Error> {
    let export = |object: Ref<Object>| match object.file() {
        Ok(file) if object.flags().contains(Flags::INHERIT) => file.export().map(|(file, _)| Some(file)),
        _ => Ok(None),
    };
    match with(slot(stream).load(Acquire), export) {
        Err(Error::InvalidHandle) => Ok(None),
        found => found,
    }
}
