//! What most calls are, by handle: see `sync::at_once`. No system call, no memory, no
//! lock; errno stays as it is. Where nothing was done the whole function is to be called,
//! which also knows what is wrong.

use super::{Object, TABLE};
use crate::consts::{EVENT_MODIFY_STATE, SEMAPHORE_MODIFY_STATE, SYNCHRONIZE};
use crate::handle::Handle;
use crate::mark;
use crate::sync::{self, Owner, SyncObject};

/// Runs `body` with the object of a handle that has this right.
#[inline(always)]
fn with<R>(handle: Handle, right: u32, body: impl FnOnce(&SyncObject, &Owner) -> Option<R>) -> Option<R> {
    let me = sync::known()?;
    let mark = mark::enter_again()?;
    let object = TABLE.get(&mark, handle).ok()?;
    if object.access() & right != right {
        return None;
    }
    match object.object() {
        Object::Dispatcher(dispatcher) => body(&dispatcher.object, me),
        _ => None,
    }
}

/// `wait_for_one`. Some(false): it is not there, and the caller only looks.
#[inline(always)]
pub fn wait_for_one(handle: Handle, only_looks: bool) -> Option<bool> {
    with(handle, SYNCHRONIZE, |object, me| object.take_at_once(me, only_looks))
}

#[inline(always)]
pub fn set_event(handle: Handle) -> bool {
    with(handle, EVENT_MODIFY_STATE, |object, me| object.set_at_once(me).then_some(())).is_some()
}

#[inline(always)]
pub fn reset_event(handle: Handle) -> bool {
    with(handle, EVENT_MODIFY_STATE, |object, _| object.reset_at_once().then_some(())).is_some()
}

#[inline(always)]
pub fn release_semaphore(handle: Handle, more: u32) -> bool {
    with(handle, SEMAPHORE_MODIFY_STATE, |object, me| object.add_at_once(me, more).then_some(())).is_some()
}

#[inline(always)]
pub fn release_mutex(handle: Handle) -> bool {
    with(handle, 0, |object, me| object.release_at_once(me).then_some(())).is_some()
}
