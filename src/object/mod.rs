//! Every kind of object, and the handles of this process to them.
//!
//! `handles` is what can be done with any handle; `names` finds objects that
//! this process already has open by name; `open` makes and opens objects;
//! `shared_memory` is what the SharedMemory functions do.

mod handles;
mod names;
mod open;
mod pin;
pub mod shared_memory;
#[cfg(test)]
mod storm;
#[cfg(test)]
mod torn_storm;

pub use handles::{CURRENT_PROCESS, CURRENT_THREAD, Duplicate, close, compare, duplicate, flags, set_flags};
pub use open::{Grant, create_event, create_section, open_event, open_section};

use crate::access::{self, Rights};
use crate::consts::EVENT_MODIFY_STATE;
use crate::error::Error;
use crate::event::Event;
use crate::fork;
use crate::handle::{self, Handle, HandleTable, Ref};
use crate::mark;
use crate::namespace::NamedFile;
use crate::section::{Request, Section};
use shared_memory::Attachment;

pub enum Object {
    Section(Section),
    Event(Event),
    /// A segment with its ledger.
    SharedMemory(Box<Attachment>),
    /// A process, by id.
    Process(u32),
    /// A thread of this process, by id.
    Thread(u32),
}

static TABLE: HandleTable<Object> = HandleTable::new();

impl Object {
    fn rights(&self) -> &'static Rights {
        match self {
            Object::Section(_) => &access::SECTION,
            Object::Event(_) => &access::EVENT,
            Object::SharedMemory(_) | Object::Process(_) | Object::Thread(_) => &access::ANYTHING,
        }
    }

    /// The file that holds the object's name.
    fn name(&self) -> Option<&NamedFile> {
        match self {
            Object::Section(section) => section.name(),
            Object::Event(event) => event.name(),
            Object::SharedMemory(_) | Object::Process(_) | Object::Thread(_) => None,
        }
    }

    fn section(&self) -> Result<&Section, Error> {
        match self {
            Object::Section(section) => Ok(section),
            _ => Err(Error::InvalidHandle),
        }
    }

    #[inline]
    fn shared_memory(&self) -> Result<&Attachment, Error> {
        match self {
            Object::SharedMemory(attachment) => Ok(attachment),
            _ => Err(Error::InvalidHandle),
        }
    }

    fn event(&self) -> Result<&Event, Error> {
        match self {
            Object::Event(event) => Ok(event),
            _ => Err(Error::InvalidHandle),
        }
    }
}

impl handle::Object for Object {
    fn release_name(&self) {
        match self {
            Object::Section(section) => section.release_name(),
            Object::Event(event) => event.release_name(),
            Object::SharedMemory(attachment) => attachment.release_name(),
            Object::Process(_) | Object::Thread(_) => {}
        }
    }

    fn reclaim_eagerly(&self) -> bool {
        match self {
            Object::Section(_) | Object::SharedMemory(_) => true,
            Object::Event(event) => event.name().is_some(),
            Object::Process(_) | Object::Thread(_) => false,
        }
    }
}

impl Drop for Object {
    fn drop(&mut self) {
        if let Some(file) = self.name() {
            names::forget(file.name());
        }
    }
}

/// Looks a handle up for the length of `body`, which must not sleep: nothing is
/// freed meanwhile. Mapping a view is short enough.
fn with<R>(handle: Handle, body: impl FnOnce(Ref<Object>) -> Result<R, Error>) -> Result<R, Error> {
    let mark = mark::enter();
    body(TABLE.get(&mark, handle)?)
}

/// Maps a view; returns its address.
pub fn map_view(handle: Handle, request: &Request) -> Result<usize, Error> {
    request.check_alignment()?;
    let inside = fork::enter();
    with(handle, |object| object.section()?.map(&inside, object.access(), request))
}

pub fn set_event(handle: Handle) -> Result<(), Error> {
    modify_event(handle, Event::set)
}

pub fn reset_event(handle: Handle) -> Result<(), Error> {
    modify_event(handle, Event::reset)
}

#[inline]
fn modify_event(handle: Handle, change: impl FnOnce(&Event)) -> Result<(), Error> {
    with(handle, |object| {
        let event = object.event()?;
        if object.access() & EVENT_MODIFY_STATE == 0 {
            return Err(Error::AccessDenied);
        }
        change(event);
        Ok(())
    })
}

/// For `./dev bench`: many look-ups under one mark.
#[cfg(feature = "bench")]
pub fn sum_event_states(handles: impl Iterator<Item = Handle>) -> Result<u64, Error> {
    let mark = mark::enter();
    let mut sum = 0;
    for handle in handles {
        let object = TABLE.get(&mark, handle)?;
        if object.access() & EVENT_MODIFY_STATE == 0 {
            return Err(Error::AccessDenied);
        }
        sum += object.event()?.word().load(std::sync::atomic::Ordering::Relaxed);
    }
    Ok(sum)
}

/// For `./dev bench`: the state word that a look-up leads to.
#[cfg(feature = "bench")]
pub fn event_state(handle: Handle) -> Result<*const std::sync::atomic::AtomicU64, Error> {
    with(handle, |object| Ok(std::ptr::from_ref(object.event()?.word())))
}
