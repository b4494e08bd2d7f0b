//! Every kind of object, and the handles of this process to them.
//!
//! `handles` is what can be done with any handle; `names` finds objects that
//! this process already has open by name; `open` makes and opens objects; `inherit`
//! is about those that go on in programs started by exec; `signal` and `wait` are what
//! can be done with dispatcher objects, `at_once` and `several_at_once` what that mostly
//! comes to; `tasks` is about processes and threads, `file` about files, of which
//! `standard` finds some; `shared_memory` is what the SharedMemory functions do.

pub mod at_once;
pub mod file;
#[cfg(test)]
mod fork_points;
mod handles;
pub mod inherit;
mod names;
pub mod number;
mod open;
mod pin;
pub mod several_at_once;
pub mod shared_memory;
mod signal;
mod standard;
#[cfg(test)]
mod storm;
pub mod tasks;
#[cfg(test)]
mod torn_storm;
mod wait;

pub use handles::{
    CURRENT_PROCESS, CURRENT_THREAD, Duplicate, check_process, close, compare, duplicate, flags, set_flags,
};
pub use open::{
    Grant, create_dispatcher, create_file_section, create_section, open_dispatcher, open_section,
};
pub use signal::{
    cancel_timer, pulse_event, release_mutex, release_semaphore, reset_event, set_event, set_timer,
};
pub use standard::{set_standard, standard};
pub use wait::{WaitTime, signal_and_wait, wait_for_all, wait_for_any, wait_for_one};

use crate::access::{self, Rights};
use crate::consts::{SECTION_MAP_WRITE, SECTION_QUERY};
use crate::dispatcher::Dispatcher;
use crate::error::Error;
use crate::file::OpenFile;
use crate::fork;
use crate::handle::{self, Handle, HandleTable, Ref};
use crate::mark;
use crate::namespace::NamedFile;
use crate::namespace::layout::Kind as FileKind;
use crate::process::{Task, Thread};
use crate::section::{self, Request, Section};
use file::File;
use shared_memory::Attachment;
use std::sync::Arc;

pub enum Object {
    Section(Section),
    /// A mutex, event, semaphore or timer.
    Dispatcher(Dispatcher),
    /// A segment with its ledger.
    SharedMemory(Box<Attachment>),
    Process(Arc<Task>),
    Thread(Thread),
    File(Box<File>),
}

static TABLE: HandleTable<Object> = HandleTable::new();

impl Object {
    fn rights(&self) -> &'static Rights {
        match self {
            Object::Section(_) => &access::SECTION,
            Object::Dispatcher(dispatcher) => rights_of(dispatcher.kind),
            Object::SharedMemory(_) => &access::ANYTHING,
            Object::Process(_) => &access::PROCESS,
            Object::Thread(_) => &access::THREAD,
            Object::File(_) => &access::FILE,
        }
    }

    /// What a duplicate gets of a handle that has the rights `source`. Not more to a file:
    /// it was opened for these and no others.
    fn for_duplicate(&self, source: u32, desired: u32) -> Result<u32, Error> {
        let wanted = self.rights().wanted(desired)?;
        let more = wanted.rights & !source;
        match self {
            Object::File(_) if more != 0 => Err(Error::AccessDenied),
            Object::Section(section) if more & SECTION_MAP_WRITE != 0 => section.grant(wanted),
            _ => Ok(wanted.rights),
        }
    }

    /// The file that holds the object's name.
    fn name(&self) -> Option<&NamedFile> {
        match self {
            Object::Section(section) => section.name(),
            Object::Dispatcher(dispatcher) => dispatcher.name(),
            Object::SharedMemory(_) | Object::Process(_) | Object::Thread(_) | Object::File(_) => None,
        }
    }

    fn section(&self) -> Result<&Section, Error> {
        match self {
            Object::Section(section) => Ok(section),
            _ => Err(Error::InvalidHandle),
        }
    }

    fn file(&self) -> Result<&OpenFile, Error> {
        match self {
            Object::File(file) => Ok(&file.open),
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

    /// A dispatcher object of this kind.
    #[inline]
    fn dispatcher(&self, kind: FileKind) -> Result<&Dispatcher, Error> {
        match self {
            Object::Dispatcher(dispatcher) if dispatcher.kind == kind => Ok(dispatcher),
            _ => Err(Error::InvalidHandle),
        }
    }
}

fn rights_of(kind: FileKind) -> &'static Rights {
    match kind {
        FileKind::Mutex => &access::MUTEX,
        FileKind::Semaphore => &access::SEMAPHORE,
        FileKind::Timer => &access::TIMER,
        _ => &access::EVENT,
    }
}

impl handle::Object for Object {
    fn release_name(&self) {
        match self {
            Object::Section(section) => section.release_name(),
            Object::Dispatcher(dispatcher) => dispatcher.release_name(),
            Object::SharedMemory(attachment) => attachment.release_name(),
            Object::File(file) => file.open.release(),
            Object::Process(_) | Object::Thread(_) => {}
        }
    }

    fn reclaim_eagerly(&self) -> bool {
        match self {
            Object::Section(_) | Object::SharedMemory(_) => true,
            Object::Dispatcher(dispatcher) => dispatcher.has_memory_of_its_own(),
            Object::Process(_) | Object::File(_) => true,
            Object::Thread(_) => false,
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

/// What a section is; None: the handle is of another kind of object.
pub fn section_facts(handle: Handle) -> Result<Option<section::Facts>, Error> {
    if handles::is_pseudo(handle) {
        return Ok(None);
    }
    with(handle, |object| match object.section() {
        Ok(_) if object.access() & SECTION_QUERY == 0 => Err(Error::AccessDenied),
        Ok(section) => Ok(Some(section.facts())),
        Err(_) => Ok(None),
    })
}

/// For `./dev bench`: many look-ups under one mark, each as a wait makes it.
#[cfg(feature = "bench")]
pub fn sum_event_states(handles: impl Iterator<Item = Handle>) -> Result<u64, Error> {
    let mark = mark::enter();
    let mut sum = 0;
    for handle in handles {
        let object = TABLE.get(&mark, handle)?;
        if object.access() & crate::consts::SYNCHRONIZE == 0 {
            return Err(Error::AccessDenied);
        }
        let Object::Dispatcher(dispatcher) = object.object() else { return Err(Error::InvalidHandle) };
        sum += dispatcher.object.state().load(std::sync::atomic::Ordering::Relaxed);
    }
    Ok(sum)
}

/// For `./dev bench`: the state word that a look-up leads to.
#[cfg(feature = "bench")]
pub fn event_state(handle: Handle) -> Result<*const std::sync::atomic::AtomicU64, Error> {
    with(handle, |object| Ok(std::ptr::from_ref(object.dispatcher(FileKind::Event)?.object.state())))
}
