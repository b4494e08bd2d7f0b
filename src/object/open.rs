//! Making and opening objects, with and without names.

use super::{Object, inherit, names, rights_of, with};
use crate::access::{self, Wanted};
use crate::consts::SECTION_MAP_WRITE;
use crate::dispatcher::{self, Dispatcher};
use crate::error::Error;
use crate::fork::{self, Inside};
use crate::handle::{Entry, Flags, Handle, Holding, Pinned};
use crate::name::{Name, SectionName};
use crate::namespace::layout::Kind as FileKind;
use crate::namespace::{self, Asked, Claim, Created, NamedFile};
use crate::section::{self, Making, Section};
use crate::security::Sharing;
use crate::sync;
use std::sync::Arc;

/// What a new handle gets.
#[derive(Clone, Copy)]
pub struct Grant {
    /// Granted rights for a create, desired ones for an open.
    pub access: u32,
    pub flags: Flags,
}

pub fn create_section(
    name: Option<&SectionName>,
    making: &Making,
    grant: Grant,
) -> Result<(Handle, Created), Error> {
    making.check()?;
    let inside = fork::enter();
    match name {
        None => {
            let section = Section::unnamed(making.size, making.attributes)?;
            unnamed(&inside, Object::Section(section), grant)
        }
        Some(name) => {
            let (section, created) = create_section_entry(name, making)?;
            let granted = granted(&section, Wanted::exactly(grant.access))?;
            Ok((publish(&inside, section, granted, grant.flags)?, created))
        }
    }
}

/// A section of the file of a handle; `making.size` 0: all of it.
pub fn create_file_section(
    file: Handle,
    name: Option<&SectionName>,
    making: &Making,
    grant: Grant,
) -> Result<(Handle, Created), Error> {
    let name = match name {
        None => None,
        Some(SectionName::Object(name)) => Some(name),
        // The segments of the system have memory of their own.
        Some(_) => return Err(Error::NotSupported),
    };
    let inside = fork::enter();
    let mut source =
        with(file, |object| section::Source::new(object.file()?, object.access(), &making.attributes))?;
    source.make_room(making.size)?;
    let Some(name) = name else {
        return unnamed(&inside, Object::Section(Section::unnamed_of_file(source, making)?), grant);
    };
    let make = || {
        let (section, created) = Section::create_of_file(name, source, making)?;
        Ok((Object::Section(section), created))
    };
    let (section, created) = named(name, Asked::PERMITTED, |object| object.section().is_ok(), make)?;
    let granted = granted(&section, Wanted::exactly(grant.access))?;
    Ok((publish(&inside, section, granted, grant.flags)?, created))
}

pub fn open_section(name: &SectionName, desired: Grant) -> Result<Handle, Error> {
    let inside = fork::enter();
    let section = open_section_entry(name, desired.access)?;
    let granted = granted(&section, wanted(desired.access)?)?;
    publish(&inside, section, granted, desired.flags)
}

/// What of the rights to a section somebody asks for who opens it.
fn wanted(desired: u32) -> Result<Wanted, Error> {
    access::SECTION.for_open(desired).and_then(|_| access::SECTION.wanted(desired))
}

/// What a handle without a number gets of these rights; if it may not have them, it is given
/// back.
pub(super) fn granted(section: &Pinned<Object>, wanted: Wanted) -> Result<u32, Error> {
    section.section()?.grant(wanted).inspect_err(|_| drop(Holding::new(section.clone())))
}

/// One handle, without a number yet, to a section that is made or found. `granted` says
/// what it may do.
pub(super) fn create_section_entry(
    name: &SectionName,
    making: &Making,
) -> Result<(Pinned<Object>, Created), Error> {
    let SectionName::Object(object_name) = name else {
        let (section, created) = section::create_segment(name, making).ok_or(Error::Internal)??;
        return Ok((Entry::new(Object::Section(section)), created));
    };
    let make = || {
        let (section, created) = Section::create(object_name, making)?;
        Ok((Object::Section(section), created))
    };
    named(object_name, Asked::PERMITTED, |object| object.section().is_ok(), make)
}

/// One handle, without a number yet, to a section that is found. `granted` says what it may
/// do.
pub(super) fn open_section_entry(name: &SectionName, desired: u32) -> Result<Pinned<Object>, Error> {
    let wanted = wanted(desired);
    let permitted = wanted.map(|_| ());
    let SectionName::Object(object_name) = name else {
        let section = open_segment(name, wanted.unwrap_or(Wanted::exactly(0)))?;
        return permitted.map(|()| Entry::new(Object::Section(section)));
    };
    let writes = wanted.is_ok_and(|wanted| wanted.needed & SECTION_MAP_WRITE != 0);
    let asked = Asked { writes, ..asked(permitted, desired) };
    let find = || Ok((Object::Section(Section::open(object_name, asked)?), Created::No));
    named(object_name, asked, |object| object.section().is_ok(), find).map(|(section, _)| section)
}

/// Opens a segment of the system, for writing if that is wanted and possible.
fn open_segment(name: &SectionName, wanted: Wanted) -> Result<Section, Error> {
    let open = |write| section::open_segment(name, write).ok_or(Error::Internal)?;
    let writes = |rights: u32| rights & SECTION_MAP_WRITE != 0;
    match open(writes(wanted.rights)) {
        Err(Error::Os(libc::EACCES)) if writes(wanted.rights) && !writes(wanted.needed) => open(false),
        result => result,
    }
}

pub fn create_dispatcher(
    name: Option<&Name>,
    making: &dispatcher::Making,
    sharing: Sharing,
    grant: Grant,
) -> Result<(Handle, Created), Error> {
    let Some(name) = name else {
        let inside = fork::enter();
        let dispatcher = match grant.flags.contains(Flags::INHERIT) {
            true => Dispatcher::unnamed_to_inherit(making)?,
            false => Dispatcher::unnamed(making)?,
        };
        return unnamed(&inside, Object::Dispatcher(dispatcher), grant);
    };
    if let dispatcher::Making::Mutex { owned: true } = making {
        return create_owned_mutex(name, sharing, grant);
    }
    let inside = fork::enter();
    let (object, created) = create_dispatcher_entry(name, making, sharing)?;
    Ok((publish(&inside, object, grant.access, grant.flags)?, created))
}

fn create_dispatcher_entry(
    name: &Name,
    making: &dispatcher::Making,
    sharing: Sharing,
) -> Result<(Pinned<Object>, Created), Error> {
    let kind = making.file_kind();
    named(
        name,
        Asked::PERMITTED,
        |object| object.dispatcher(kind).is_ok(),
        || {
            let (dispatcher, created) = Dispatcher::create(name, making, sharing)?;
            Ok((Object::Dispatcher(dispatcher), created))
        },
    )
}

/// The guard first, because waiting for it is no thing to do inside the gate.
fn create_owned_mutex(name: &Name, sharing: Sharing, grant: Grant) -> Result<(Handle, Created), Error> {
    let guard_now = || {
        let _inside = fork::enter();
        namespace::guard(name.scope, true)
    };
    loop {
        let guard = guard_now()?;
        let birth = sync::birth(&guard)?;
        let inside = fork::enter();
        if !Arc::ptr_eq(&guard, &namespace::guard(name.scope, true)?) {
            // Somebody deleted its file meanwhile.
            continue;
        }
        let (object, created) =
            create_dispatcher_entry(name, &dispatcher::Making::Mutex { owned: true }, sharing)?;
        if created == Created::Yes {
            birth.own(&object.dispatcher(FileKind::Mutex)?.object);
        }
        return Ok((publish(&inside, object, grant.access, grant.flags)?, created));
    }
}

pub fn open_dispatcher(name: &Name, kind: FileKind, desired: Grant) -> Result<Handle, Error> {
    let inside = fork::enter();
    let granted = rights_of(kind).for_open(desired.access);
    let asked = asked(granted.map(|_| ()), desired.access);
    let find = || Ok((Object::Dispatcher(Dispatcher::open(name, kind, asked)?), Created::No));
    let (object, _) = named(name, asked, |object| object.dispatcher(kind).is_ok(), find)?;
    publish(&inside, object, granted?, desired.flags)
}

fn asked(permitted: Result<(), Error>, desired: u32) -> Asked {
    let claim = if access::is_owners(desired) { Claim::IfOwner } else { Claim::Nothing };
    Asked { permitted, claim, ..Asked::PERMITTED }
}

/// A handle to an object with a name. The object says whether its handles can get more
/// rights, not who opens it.
fn publish(inside: &Inside, object: Pinned<Object>, access: u32, flags: Flags) -> Result<Handle, Error> {
    let is_closed = object.name().is_some_and(NamedFile::is_closed);
    inherit::publish(inside, object, access, flags.visible().and(Flags::no_more_rights(is_closed)))
}

fn unnamed(inside: &Inside, object: Object, grant: Grant) -> Result<(Handle, Created), Error> {
    let handle = inherit::publish(inside, Entry::new(object), grant.access, grant.flags)?;
    Ok((handle, Created::Yes))
}

/// One handle, without a number yet, to the object of a name: the one that this
/// process has, else what `make` finds or makes. `is_kind` refuses an object of
/// another kind. A right that cannot be granted is told last: first the object must
/// exist. The caller is inside the fork gate.
fn named(
    name: &Name,
    asked: Asked,
    is_kind: impl Fn(&Object) -> bool,
    make: impl FnOnce() -> Result<(Object, Created), Error>,
) -> Result<(Pinned<Object>, Created), Error> {
    if let Some(known) = names::find(name.file_name()) {
        if !is_kind(&known) {
            return Err(Error::InvalidHandle);
        }
        known.name().map_or(asked.permitted, |file| file.check(asked))?;
        // False: its last handle is just being closed, and its name with it.
        if known.add_handle() {
            return Ok((known, Created::No));
        }
    }
    let (object, created) = make()?;
    asked.permitted?;
    Ok((names::enter(Entry::new(object)), created))
}
