//! Handles of the manifests that this program was started with. Nothing in them is
//! trusted: an entry that is not what it says gives no handle.

use super::super::file::File;
use super::super::{Object, TABLE, names};
use super::carried::Carrier;
use super::export;
use crate::dispatcher::Dispatcher;
use crate::error::Error;
use crate::file::OpenFile;
use crate::fork::Inside;
use crate::handle::{Entry, Flags, Handle, Holding, Pinned};
use crate::manifest::{self, Subject};
use crate::name::{Name, PosixName, Scope};
use crate::namespace::layout::Kind as FileKind;
use crate::namespace::{Asked, NamedFile};
use crate::pool::{self, Block, Chunk};
use crate::process::{Target, Task, Thread};
use crate::section::{self, ExportedHome, Section};
use crate::segment::Identity;
use crate::sys::file::{FileId, GuardedFd};
use crate::sys::inherit;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Default)]
struct Import {
    /// What was made by the descriptor of this number, for further handles.
    made: BTreeMap<Option<i32>, Vec<(Subject, Pinned<Object>)>>,
    /// By device and inode.
    chunks: BTreeMap<(u64, u64), Arc<Chunk>>,
}

pub fn all(inside: &Inside) {
    let found = manifest::found();
    if found.is_empty() {
        return;
    }
    let mut import = Import::default();
    let (mut manifests, mut guards) = (Vec::new(), Vec::new());
    for found in found {
        let Some(file) = inherit::take_over(found.number, found.id) else { continue };
        manifests.push(file);
        // The pool has a descriptor of its own after this; the old one is closed.
        let guard = found.manifest.guard;
        if let Some(guard) = guard.and_then(|guard| take(&guard)) {
            let _ = pool::inherit_guard(guard.borrow());
        }
        // They keep the guards until this process holds them itself.
        guards.extend(found.manifest.name_guards.iter().flatten().filter_map(take));
        for entry in &found.manifest.entries {
            import.entry(inside, entry);
        }
    }
    export::write_all(inside, manifests);
    drop(guards);
}

fn take(descriptor: &manifest::Descriptor) -> Option<GuardedFd> {
    inherit::take_over(descriptor.number, FileId::new(descriptor.device, descriptor.inode))
}

impl Import {
    fn entry(&mut self, inside: &Inside, entry: &manifest::Entry) {
        let number = entry.carrier.map(|carrier| carrier.number);
        let made = self.made.get(&number);
        let known = made.and_then(|made| made.iter().find(|(subject, _)| *subject == entry.subject));
        if let Some(known) = known.map(|(_, known)| known.clone()) {
            if known.add_handle() && publish(inside, entry, known.clone()).is_ok() {
                export::enter(inside, entry, &known, || None);
            }
            return;
        }
        let carrier = match entry.carrier.as_ref().map(take) {
            // Closed, or another file by now.
            Some(None) => return,
            Some(Some(carrier)) => Some(carrier),
            None => None,
        };
        let Ok(object) = self.object(&entry.subject, carrier.as_ref()) else { return };
        let kept = object.clone();
        if publish(inside, entry, object).is_err() {
            return;
        }
        self.made.entry(number).or_default().push((entry.subject.clone(), kept.clone()));
        export::enter(inside, entry, &kept, || match (carrier, &entry.subject) {
            (Some(file), Subject::Named { .. }) => {
                kept.name().map(|name| Carrier::Name(name.carried_by(file)))
            }
            (file, _) => file.map(Carrier::File),
        });
    }

    fn object(&mut self, subject: &Subject, carrier: Option<&GuardedFd>) -> Result<Pinned<Object>, Error> {
        let file = || carrier.map(GuardedFd::borrow).ok_or(Error::Corrupt);
        let duplicate = || file().and_then(inherit::duplicate);
        let object = match subject {
            Subject::Named { kind, is_global, name } => {
                return named(*kind, *is_global, name, carrier.ok_or(Error::Corrupt)?);
            }
            Subject::Section { exact_size, attribute_a, attribute_b } => {
                let home = ExportedHome::Unnamed(duplicate()?, *exact_size);
                section(home, *attribute_a, *attribute_b)?
            }
            Subject::Posix { name, attribute_a, attribute_b } => {
                let home = ExportedHome::Posix(duplicate()?, PosixName::of_bytes(name)?);
                section(home, *attribute_a, *attribute_b)?
            }
            Subject::SystemV { ipc_namespace, id, creator, attribute_a, attribute_b } => {
                let identity =
                    Identity::SystemV { ipc_namespace: *ipc_namespace, id: *id, creator: *creator };
                section(ExportedHome::SystemV(identity), *attribute_a, *attribute_b)?
            }
            Subject::Block { kind, attribute, offset } => {
                let kind = FileKind::from_number(*kind).ok_or(Error::Corrupt)?;
                let block = Block::inherited(&self.chunk(carrier.ok_or(Error::Corrupt)?)?, *offset)?;
                Object::Dispatcher(Dispatcher::inherited(kind, *attribute, block)?)
            }
            Subject::File { overlapped } => File::object(OpenFile::inherited(duplicate()?, *overlapped)?),
            Subject::Process { id } => Object::Process(Task::inherited(Target::Process, *id, file()?)?),
            Subject::Thread { id } => {
                Object::Thread(Thread::Other(Task::inherited(Target::Thread, *id, file()?)?))
            }
        };
        Ok(Entry::new(object))
    }

    /// The chunk of a block, mapped once.
    fn chunk(&mut self, carrier: &GuardedFd) -> Result<Arc<Chunk>, Error> {
        let id = (carrier.id().device(), carrier.id().inode());
        if let Some(known) = self.chunks.get(&id) {
            return Ok(known.clone());
        }
        let chunk = Arc::new(Chunk::inherited(carrier.borrow())?);
        self.chunks.insert(id, chunk.clone());
        Ok(chunk)
    }
}

fn publish(inside: &Inside, entry: &manifest::Entry, object: Pinned<Object>) -> Result<(), Error> {
    let flags = Flags(entry.flags);
    let possible = flags.contains(Flags::INHERIT) && object.rights().contain(entry.access);
    if !possible {
        drop(Holding::new(object));
        return Err(Error::Corrupt);
    }
    TABLE.publish_at(inside, entry.handle as Handle, object, entry.access, flags)
}

fn section(home: ExportedHome, attribute_a: u32, attribute_b: u32) -> Result<Object, Error> {
    Section::inherited(section::Export { home, attribute_a, attribute_b }).map(Object::Section)
}

/// Opens an object by its name, if the name still means the carrier's file. (It does as
/// long as the carrier has its lock and nobody deletes the file.)
fn named(kind: u32, is_global: bool, name: &[u16], carrier: &GuardedFd) -> Result<Pinned<Object>, Error> {
    let kind = FileKind::from_number(kind).ok_or(Error::Corrupt)?;
    let scope = if is_global { Scope::Global } else { Scope::Local };
    let name = Name::of_parts(scope, name.to_vec())?;
    let object = match kind {
        FileKind::Section => Object::Section(Section::open(&name, Asked::INHERITED)?),
        FileKind::Event | FileKind::Mutex | FileKind::Semaphore | FileKind::Timer => {
            Object::Dispatcher(Dispatcher::open(&name, kind, Asked::INHERITED)?)
        }
        FileKind::Ledger | FileKind::Guard => return Err(Error::Corrupt),
    };
    if object.name().map(NamedFile::id) != Some(carrier.id()) {
        return Err(Error::NotFound);
    }
    Ok(names::enter(Entry::new(object)))
}
