//! What can be done with a handle to any object.

use super::{Object, TABLE, inherit, pin, with};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::handle::{Entry, Flags, Handle};
use crate::mark;
use crate::process::{self, Task, Thread};
use std::sync::Arc;

/// The calling process; needs no closing.
pub const CURRENT_PROCESS: Handle = usize::MAX;
/// The calling thread; needs no closing.
pub const CURRENT_THREAD: Handle = usize::MAX - 1;

pub(super) fn is_pseudo(handle: Handle) -> bool {
    matches!(handle, CURRENT_PROCESS | CURRENT_THREAD)
}

/// What a pseudo-handle stands for. The caller is inside the fork gate.
pub(super) fn pseudo(_inside: &Inside, handle: Handle) -> Result<Option<Object>, Error> {
    Ok(match handle {
        CURRENT_PROCESS => Some(Object::Process(Task::process(process::id())?)),
        CURRENT_THREAD => Some(Object::Thread(Thread::current()?)),
        _ => None,
    })
}

pub fn close(handle: Handle) -> Result<(), Error> {
    if is_pseudo(handle) {
        return Ok(());
    }
    let inside = fork::enter();
    pin::forget_parents(&inside);
    inherit::close(&inside, handle)
}

pub fn flags(handle: Handle) -> Result<Flags, Error> {
    if is_pseudo(handle) { Ok(Flags::default()) } else { with(handle, |object| Ok(object.flags().visible())) }
}

/// The flags in `mask` take their bits from `value`. A pseudo-handle has none.
pub fn set_flags(handle: Handle, mask: Flags, value: Flags) -> Result<(), Error> {
    if is_pseudo(handle) {
        return Ok(());
    }
    let inside = fork::enter();
    inherit::set_flags(&inside, handle, mask, value)
}

/// NotSameObject when the handles refer to different objects.
pub fn compare(first: Handle, second: Handle) -> Result<(), Error> {
    let inside = fork::enter();
    let same = match (pseudo(&inside, first)?, pseudo(&inside, second)?) {
        (Some(first), Some(second)) => is_same(&first, &second),
        (Some(pseudo), None) => with(second, |object| Ok(is_same(&pseudo, &object)))?,
        (None, Some(pseudo)) => with(first, |object| Ok(is_same(&pseudo, &object)))?,
        (None, None) => {
            let mark = mark::enter();
            let (first, second) = (TABLE.get(&mark, first)?, TABLE.get(&mark, second)?);
            first.is_same_object(&second) || is_same(&first, &second)
        }
    };
    if same { Ok(()) } else { Err(Error::NotSameObject) }
}

/// Objects that are the same wherever their memory is.
fn is_same(first: &Object, second: &Object) -> bool {
    match (first, second) {
        (Object::Process(first), Object::Process(second)) => Arc::ptr_eq(first, second),
        (Object::Thread(first), Object::Thread(second)) => first.is_same(second),
        (Object::Section(first), Object::Section(second)) => first.is_same(second),
        _ => match (first.name(), second.name()) {
            (Some(first), Some(second)) => first.is_same_file(second),
            _ => false,
        },
    }
}

/// What DuplicateHandle is asked for.
pub struct Duplicate {
    pub source_process: Handle,
    pub source: Handle,
    pub target_process: Handle,
    /// None: the rights of the source.
    pub access: Option<u32>,
    pub flags: Flags,
    pub close_source: bool,
    /// False: nobody wants the new handle; only the checks are made.
    pub wanted: bool,
}

/// Duplicates a handle within this process. None: it was not wanted.
pub fn duplicate(request: &Duplicate) -> Result<Option<Handle>, Error> {
    check_process(request.source_process)?;
    let inside = fork::enter();
    // Closing alone needs no target.
    let closes_only = request.close_source && !request.wanted && request.target_process == 0;
    let result = match closes_only {
        true => with(request.source, |_| Ok(None)),
        false => check_process(request.target_process).and_then(|()| make(&inside, request)),
    };
    if request.close_source {
        // Whatever the result: Microsoft's documentation of DUPLICATE_CLOSE_SOURCE.
        let _ = inherit::close(&inside, request.source);
    }
    result
}

/// Handles live in this process only, and so does what it does with memory.
pub fn check_process(handle: Handle) -> Result<(), Error> {
    let is_ours = |object: &Object| matches!(object, Object::Process(task) if task.id() == process::id());
    let ours = match handle {
        CURRENT_PROCESS => true,
        CURRENT_THREAD => false,
        _ => with(handle, |object| Ok(is_ours(&object)))?,
    };
    if ours { Ok(()) } else { Err(Error::InvalidHandle) }
}

fn make(inside: &Inside, request: &Duplicate) -> Result<Option<Handle>, Error> {
    if let Some(object) = pseudo(inside, request.source)? {
        let rights = object.rights();
        let granted = request.access.map_or(Ok(rights.all), |access| rights.for_duplicate(access));
        let (granted, flags) = (granted?, request.flags);
        return match request.wanted {
            true => inherit::publish(inside, Entry::new(object), granted, flags).map(Some),
            false => Ok(None),
        };
    }
    let granted = |object: &crate::handle::Ref<Object>| match request.access {
        None => Ok(object.access()),
        Some(access) => match object.for_duplicate(object.access(), access)? {
            more if more & !object.access() != 0 && object.flags().contains(Flags::NO_MORE_RIGHTS) => {
                Err(Error::AccessDenied)
            }
            granted => Ok(granted),
        },
    };
    if request.wanted {
        inherit::duplicate(inside, request.source, granted, request.flags).map(Some)
    } else {
        with(request.source, |object| granted(&object).map(|_| None))
    }
}
