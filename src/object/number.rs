//! What the number of a handle means, for those who explain an error. No lock is taken.

use super::{Object, TABLE};
use crate::handle::Handle;
use crate::mark;
use crate::namespace::layout::Kind as FileKind;

/// A kind of object, with its article.
pub type KindName = &'static str;

/// What a number is in this process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Number {
    /// Of an object, with these rights.
    Open { kind: KindName, access: u32 },
    /// It was a handle.
    Closed,
    /// It never was one.
    Never,
}

pub fn number(handle: Handle) -> Number {
    let mark = mark::enter();
    match TABLE.get(&mark, handle) {
        Ok(object) => Number::Open { kind: kind_name(object.object()), access: object.access() },
        Err(_) if TABLE.was_open(handle) => Number::Closed,
        Err(_) => Number::Never,
    }
}

/// Bytes of the section that a handle refers to.
pub fn section_size(handle: Handle) -> Option<u64> {
    let mark = mark::enter();
    let object = TABLE.get(&mark, handle).ok()?;
    object.section().ok().map(|section| section.facts().size)
}

fn kind_name(object: &Object) -> KindName {
    match object {
        Object::Section(_) => "a section",
        Object::Dispatcher(dispatcher) => name_of(dispatcher.kind),
        Object::SharedMemory(_) => "a SharedMemory",
        Object::Process(_) => "a process",
        Object::Thread(_) => "a thread",
        Object::File(_) => "a file",
    }
}

pub fn name_of(kind: FileKind) -> KindName {
    match kind {
        FileKind::Section => "a section",
        FileKind::Mutex => "a mutex",
        FileKind::Semaphore => "a semaphore",
        FileKind::Timer => "a timer",
        _ => "an event",
    }
}
