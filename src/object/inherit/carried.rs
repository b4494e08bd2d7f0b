//! What an object is to a program started by exec: what the manifest says of it, and
//! the descriptor that carries it.

use super::super::Object;
use crate::error::Error;
use crate::manifest::{Descriptor, Subject};
use crate::name::Scope;
use crate::namespace::layout::Kind as FileKind;
use crate::namespace::{self, NamedFile};
use crate::section::{self, ExportedHome};
use crate::segment::Identity;
use crate::sys::file::{self, FileId, GuardedFd};
use crate::sys::inherit;
use std::os::fd::{AsFd, OwnedFd, RawFd};

/// What exec leaves open for an object.
pub enum Carrier {
    Name(namespace::Carrier),
    File(GuardedFd),
}

impl Carrier {
    fn of_file(file: OwnedFd) -> Result<Carrier, Error> {
        let id = file::status(file.as_fd())?.id;
        Ok(Carrier::File(GuardedFd::new(file, id)))
    }

    pub fn file(&self) -> Option<&GuardedFd> {
        match self {
            Carrier::Name(carrier) => carrier.file(),
            Carrier::File(file) => Some(file),
        }
    }

    pub fn descriptor(&self) -> Option<Descriptor> {
        let file = self.file()?;
        Some(descriptor((file.number(), file.id())))
    }

    pub fn set_kept(&self, kept: bool) -> Result<(), Error> {
        match self.file().and_then(GuardedFd::check) {
            Some((file, _)) => inherit::set_kept(file, kept),
            // The program closed it.
            None => Ok(()),
        }
    }
}

pub fn descriptor((number, id): (RawFd, FileId)) -> Descriptor {
    Descriptor { number, device: id.device(), inode: id.inode() }
}

/// What an object is to another program. None: it cannot be carried.
pub fn export(object: &Object) -> Result<Option<(Subject, Option<Carrier>)>, Error> {
    match object {
        Object::Section(section) => match section.export() {
            Some(exported) => exported.and_then(export_section).map(Some),
            None => export_name(section.name(), FileKind::Section).map(Some),
        },
        Object::Dispatcher(dispatcher) => match dispatcher.export() {
            Some(exported) => {
                let exported = exported?;
                let (kind, attribute) = (exported.kind as u32, exported.attribute);
                let subject = Subject::Block { kind, attribute, offset: exported.offset };
                Ok(Some((subject, Some(Carrier::of_file(exported.file)?))))
            }
            None => export_name(dispatcher.name(), dispatcher.kind).map(Some),
        },
        Object::Process(task) => export_task(Subject::Process { id: task.id() }, task.export()),
        Object::Thread(thread) => export_task(Subject::Thread { id: thread.id() }, thread.export()),
        Object::File(file) => {
            let (file, overlapped) = file.open.export()?;
            Ok(Some((Subject::File { overlapped }, Some(Carrier::of_file(file)?))))
        }
        Object::SharedMemory(_) => Err(Error::NotSupported),
    }
}

fn export_name(file: Option<&NamedFile>, kind: FileKind) -> Result<(Subject, Option<Carrier>), Error> {
    let (carrier, scope, name) = file.ok_or(Error::Internal)?.carry()?;
    let subject = Subject::Named { kind: kind as u32, is_global: scope == Scope::Global, name };
    Ok((subject, Some(Carrier::Name(carrier))))
}

fn export_section(exported: section::Export) -> Result<(Subject, Option<Carrier>), Error> {
    let (attribute_a, attribute_b) = (exported.attribute_a, exported.attribute_b);
    Ok(match exported.home {
        ExportedHome::Unnamed(file, exact_size) => {
            let subject = Subject::Section { exact_size, attribute_a, attribute_b };
            (subject, Some(Carrier::of_file(file)?))
        }
        ExportedHome::Posix(file, name) => {
            let name = name.as_c_str().to_bytes().to_vec();
            (Subject::Posix { name, attribute_a, attribute_b }, Some(Carrier::of_file(file)?))
        }
        ExportedHome::SystemV(identity) => {
            let Identity::SystemV { ipc_namespace, id, creator } = identity else {
                return Err(Error::Internal);
            };
            (Subject::SystemV { ipc_namespace, id, creator, attribute_a, attribute_b }, None)
        }
    })
}

fn export_task(
    subject: Subject,
    pidfd: Option<Result<OwnedFd, Error>>,
) -> Result<Option<(Subject, Option<Carrier>)>, Error> {
    let carrier = pidfd.transpose()?.map(Carrier::of_file).transpose()?;
    Ok(carrier.map(|carrier| (subject, Some(carrier))))
}
