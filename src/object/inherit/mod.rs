//! Inheritable handles: they go on in a program that this process, or a child of it,
//! starts by exec. See `manifest` for how.
//!
//! `carried` says what an object is to such a program, `export` keeps the manifests of
//! this process, and `import` makes handles of those that it was started with, at its
//! first call.
//!
//! Not everything can be carried. Where a kernel has no descriptors of processes or of
//! threads, the handle has its flag and is not inherited. Handles of the SharedMemory
//! functions are none of Windows', and refuse the flag.

mod carried;
mod export;
mod import;

pub use export::{release, with_descriptors};

use super::{Object, TABLE};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::handle::{Flags, Handle, Pinned, Ref};
use crate::sys::thread::without_signals;
use std::panic;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Mutex, Once, PoisonError};

/// Whether inherited handles are there.
static READY: AtomicBool = AtomicBool::new(false);

/// To be called before anything else of the library, and outside of the fork gate.
#[inline]
pub fn ready() {
    if !READY.load(Acquire) {
        begin();
    }
}

#[cold]
#[inline(never)]
fn begin() {
    static ONCE: Once = Once::new();
    // Without signals: a handler that calls the library would wait for its own thread.
    without_signals(|| {
        // First the gate: a child forked meanwhile would wait for a thread it has not.
        let inside = fork::enter();
        ONCE.call_once(|| {
            // A defect costs the handles, not the program.
            let _ = panic::catch_unwind(|| import::all(&inside));
        });
        READY.store(true, Release);
    });
}

/// `HandleTable::publish`. An inheritable handle that cannot be carried is an error.
pub fn publish(inside: &Inside, entry: Pinned<Object>, access: u32, flags: Flags) -> Result<Handle, Error> {
    let handle = TABLE.publish(inside, entry, access, flags.without(Flags::INHERIT))?;
    mark(inside, handle, flags)
}

/// `HandleTable::duplicate`.
pub fn duplicate(
    inside: &Inside,
    handle: Handle,
    access: impl FnOnce(&Ref<Object>) -> Result<u32, Error>,
    flags: Flags,
) -> Result<Handle, Error> {
    let handle = TABLE.duplicate(inside, handle, access, flags.without(Flags::INHERIT))?;
    mark(inside, handle, flags)
}

/// Gives a handle that nobody has yet its flags, or closes it.
fn mark(inside: &Inside, handle: Handle, flags: Flags) -> Result<Handle, Error> {
    if flags.contains(Flags::INHERIT) {
        if let Err(error) = set_flags(inside, handle, Flags::INHERIT, Flags::INHERIT) {
            let _ = TABLE.close(inside, handle);
            return Err(error);
        }
    }
    Ok(handle)
}

/// `HandleTable::close`.
pub fn close(inside: &Inside, handle: Handle) -> Result<(), Error> {
    TABLE.close(inside, handle)?;
    export::remove(inside, handle);
    Ok(())
}

/// `HandleTable::set_flags`. On failure nothing has changed.
pub fn set_flags(inside: &Inside, handle: Handle, mask: Flags, value: Flags) -> Result<(), Error> {
    let inherits = mask.contains(Flags::INHERIT).then(|| value.contains(Flags::INHERIT));
    // One after the other: else the flag and the list could have different last words.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = inherits.map(|_| TURN.lock().unwrap_or_else(PoisonError::into_inner));
    if inherits == Some(true) {
        export::add(inside, handle)?;
    }
    let set = TABLE.set_flags(handle, mask, value);
    if inherits == Some(false) || set.is_err() {
        export::remove(inside, handle);
    } else {
        export::update(inside, handle);
    }
    set
}
