//! Making and opening objects, with and without names.

use super::{Object, TABLE, names};
use crate::access;
use crate::error::Error;
use crate::event::{Event, Reset};
use crate::fork::{self, Inside};
use crate::handle::{Entry, Flags, Handle};
use crate::name::Name;
use crate::namespace::Created;
use crate::section::{Attributes, Section};

/// What a new handle gets.
#[derive(Clone, Copy)]
pub struct Grant {
    /// Granted rights for a create, desired ones for an open.
    pub access: u32,
    pub flags: Flags,
}

pub fn create_section(
    name: Option<&Name>,
    size: u64,
    attributes: Attributes,
    grant: Grant,
) -> Result<(Handle, Created), Error> {
    Section::check_size(size, attributes)?;
    let inside = fork::enter();
    match name {
        None => unnamed(&inside, Object::Section(Section::unnamed(size, attributes)?), grant),
        Some(name) => {
            let make = || {
                let (section, created) = Section::create(name, size, attributes)?;
                Ok((Object::Section(section), created))
            };
            named(&inside, name, Ok(grant.access), grant.flags, |object| object.section().is_ok(), make)
        }
    }
}

pub fn open_section(name: &Name, desired: Grant) -> Result<Handle, Error> {
    let inside = fork::enter();
    let granted = access::SECTION.for_open(desired.access);
    let find = || Ok((Object::Section(Section::open(name, granted.map(|_| ()))?), Created::No));
    let opened = named(&inside, name, granted, desired.flags, |object| object.section().is_ok(), find);
    opened.map(|(handle, _)| handle)
}

pub fn create_event(
    name: Option<&Name>,
    reset: Reset,
    set: bool,
    grant: Grant,
) -> Result<(Handle, Created), Error> {
    let inside = fork::enter();
    match name {
        None => unnamed(&inside, Object::Event(Event::unnamed(reset, set)?), grant),
        Some(name) => {
            let make = || {
                let (event, created) = Event::create(name, reset, set)?;
                Ok((Object::Event(event), created))
            };
            named(&inside, name, Ok(grant.access), grant.flags, |object| object.event().is_ok(), make)
        }
    }
}

pub fn open_event(name: &Name, desired: Grant) -> Result<Handle, Error> {
    let inside = fork::enter();
    let granted = access::EVENT.for_open(desired.access);
    let find = || Ok((Object::Event(Event::open(name, granted.map(|_| ()))?), Created::No));
    let opened = named(&inside, name, granted, desired.flags, |object| object.event().is_ok(), find);
    opened.map(|(handle, _)| handle)
}

fn unnamed(inside: &Inside, object: Object, grant: Grant) -> Result<(Handle, Created), Error> {
    let handle = TABLE.publish(inside, Entry::new(object), grant.access, grant.flags)?;
    Ok((handle, Created::Yes))
}

/// A handle to the object of a name: the one that this process has, else what
/// `make` finds or makes. `is_kind` refuses an object of another kind. A right
/// that cannot be granted is told last: first the object must exist.
fn named(
    inside: &Inside,
    name: &Name,
    granted: Result<u32, Error>,
    flags: Flags,
    is_kind: impl Fn(&Object) -> bool,
    make: impl FnOnce() -> Result<(Object, Created), Error>,
) -> Result<(Handle, Created), Error> {
    if let Some(known) = names::find(name.file_name()) {
        if !is_kind(&known) {
            return Err(Error::InvalidHandle);
        }
        let access = granted?;
        // False: its last handle is just being closed, and its name with it.
        if known.add_handle() {
            return Ok((TABLE.publish(inside, known, access, flags)?, Created::No));
        }
    }
    let (object, created) = make()?;
    let access = granted?;
    let entry = names::enter(Entry::new(object));
    Ok((TABLE.publish(inside, entry, access, flags)?, created))
}
