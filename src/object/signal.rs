//! What is done to dispatcher objects by handle. (Nothing sleeps, but for an instant in
//! which a commit is at the object.)

use super::pin::Pin;
use super::{Object, with};
use crate::consts::{EVENT_MODIFY_STATE, SEMAPHORE_MODIFY_STATE, TIMER_MODIFY_STATE};
use crate::error::Error;
use crate::handle::{Handle, Ref};
use crate::namespace::layout::Kind as FileKind;
use crate::sync::{self, Clock, SyncObject};

pub fn set_event(handle: Handle) -> Result<(), Error> {
    change(handle, FileKind::Event, EVENT_MODIFY_STATE, SyncObject::set_event)
}

pub fn reset_event(handle: Handle) -> Result<(), Error> {
    change(handle, FileKind::Event, EVENT_MODIFY_STATE, SyncObject::reset_event)
}

pub fn pulse_event(handle: Handle) -> Result<(), Error> {
    change_pinned(handle, FileKind::Event, EVENT_MODIFY_STATE, SyncObject::pulse_event)
}

/// Adds `more`, which must be something; returns what the count was.
pub fn release_semaphore(handle: Handle, more: Option<u32>) -> Result<u32, Error> {
    let release = |object: &SyncObject| object.release_semaphore(more.ok_or(Error::InvalidParameter)?);
    change(handle, FileKind::Semaphore, SEMAPHORE_MODIFY_STATE, release)
}

/// Needs no right: owning is enough.
pub fn release_mutex(handle: Handle) -> Result<(), Error> {
    change(handle, FileKind::Mutex, 0, |object| object.release(sync::me()))
}

pub fn set_timer(handle: Handle, due_ns: u64, period_ms: u32, clock: Clock) -> Result<(), Error> {
    let set = |object: &SyncObject| object.set_timer(due_ns, period_ms, clock);
    change_pinned(handle, FileKind::Timer, TIMER_MODIFY_STATE, set)
}

pub fn cancel_timer(handle: Handle) -> Result<(), Error> {
    change_pinned(handle, FileKind::Timer, TIMER_MODIFY_STATE, SyncObject::cancel_timer)
}

#[inline]
fn change<R>(
    handle: Handle,
    kind: FileKind,
    right: u32,
    body: impl FnOnce(&SyncObject) -> Result<R, Error>,
) -> Result<R, Error> {
    with(handle, |object| body(permitted(&object, kind, right)?))
}

#[inline]
fn permitted<'r>(object: &'r Ref<Object>, kind: FileKind, right: u32) -> Result<&'r SyncObject, Error> {
    let dispatcher = object.dispatcher(kind)?;
    if object.access() & right != right {
        return Err(Error::AccessDenied);
    }
    Ok(&dispatcher.object)
}

/// `change` for what may wait for other threads, and so not under a mark: setters of
/// timers for each other, a pulse for whom it woke.
fn change_pinned(
    handle: Handle,
    kind: FileKind,
    right: u32,
    body: impl FnOnce(&SyncObject) -> Result<(), Error>,
) -> Result<(), Error> {
    let pin = Pin::new(handle, |object| permitted(object, kind, right).map(|_| ()))?;
    body(&pin.object().dispatcher(kind)?.object)
}

/// What SignalObjectAndWait does first. Right and kind are the object's own.
pub(super) fn signal(object: &Ref<Object>) -> Result<(), Error> {
    let Object::Dispatcher(dispatcher) = &**object else { return Err(Error::InvalidHandle) };
    let right = match dispatcher.kind {
        FileKind::Event => EVENT_MODIFY_STATE,
        FileKind::Semaphore => SEMAPHORE_MODIFY_STATE,
        FileKind::Mutex => 0,
        _ => return Err(Error::InvalidHandle),
    };
    if object.access() & right != right {
        return Err(Error::AccessDenied);
    }
    match dispatcher.kind {
        FileKind::Event => dispatcher.object.set_event(),
        FileKind::Semaphore => dispatcher.object.release_semaphore(1).map(|_| ()),
        _ => dispatcher.object.release(sync::me()),
    }
}
