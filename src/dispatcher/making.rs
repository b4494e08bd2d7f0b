//! What a dispatcher object is: as it is asked for, as its file says, and for `sync`.

use crate::error::Error;
use crate::namespace::layout::{Header, Kind as FileKind};
use crate::sync::{Kind, signal_state};

/// A new object: what it is and how it begins.
#[derive(Clone, Copy, Debug)]
pub enum Making {
    Event { manual: bool, set: bool },
    Mutex { owned: bool },
    Semaphore { count: u32, maximum: u32 },
    Timer { manual: bool },
}

impl Making {
    pub fn file_kind(&self) -> FileKind {
        match self {
            Making::Event { .. } => FileKind::Event,
            Making::Mutex { .. } => FileKind::Mutex,
            Making::Semaphore { .. } => FileKind::Semaphore,
            Making::Timer { .. } => FileKind::Timer,
        }
    }

    pub fn kind(&self) -> Kind {
        match self {
            Making::Event { manual: false, .. } => Kind::AutoEvent,
            Making::Event { manual: true, .. } => Kind::ManualEvent,
            Making::Mutex { .. } => Kind::Mutex,
            Making::Semaphore { .. } => Kind::Semaphore,
            Making::Timer { manual: false } => Kind::AutoTimer,
            Making::Timer { manual: true } => Kind::ManualTimer,
        }
    }

    pub fn attribute(&self) -> u32 {
        match *self {
            Making::Event { manual, .. } | Making::Timer { manual } => u32::from(manual),
            Making::Mutex { .. } => 0,
            Making::Semaphore { maximum, .. } => maximum,
        }
    }

    pub fn maximum(&self) -> u32 {
        match *self {
            Making::Semaphore { maximum, .. } => maximum,
            _ => 0,
        }
    }

    pub fn state(&self) -> u64 {
        match *self {
            Making::Event { set, .. } => signal_state::event(set),
            Making::Semaphore { count, .. } => signal_state::semaphore(count),
            Making::Mutex { .. } | Making::Timer { .. } => 0,
        }
    }
}

/// What an object of this kind of file, with this attribute, is; and the maximum of a semaphore.
pub fn kind_with(kind: FileKind, attribute: u32) -> Result<(Kind, u32), Error> {
    Ok(match (kind, attribute) {
        (FileKind::Event, 0) => (Kind::AutoEvent, 0),
        (FileKind::Event, 1) => (Kind::ManualEvent, 0),
        (FileKind::Mutex, 0) => (Kind::Mutex, 0),
        (FileKind::Semaphore, 1..=0x7fff_ffff) => (Kind::Semaphore, attribute),
        (FileKind::Timer, 0) => (Kind::AutoTimer, 0),
        (FileKind::Timer, 1) => (Kind::ManualTimer, 0),
        _ => return Err(Error::Corrupt),
    })
}

/// The same of the file of an existing object.
pub fn kind_of(header: &Header) -> Result<(Kind, u32), Error> {
    if header.data_size == 0 { kind_with(header.kind, header.attribute_a) } else { Err(Error::Corrupt) }
}
