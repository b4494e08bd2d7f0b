//! Which processes have which objects: one pass over /proc for all of them.
//!
//! A descriptor of an object's file is a handle if its description has the shared lock;
//! else it keeps a view, or is the library's own. Objects that are waited for need no
//! descriptor: their control page is mapped. How many handles of one process mean the same
//! object, nobody can see from outside.

use super::{Kind, Object};
use crate::sys::file::FileId;
use crate::sys::others::{self, Silence};
use crate::sys::process;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::os::unix::ffi::OsStrExt;

/// What the system calls an object.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Key {
    File(FileId),
    /// The number of a System V segment.
    SystemV(u64),
}

/// A process that has an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Holder {
    pub process: u32,
    /// The name of its program, any bytes.
    pub program: Vec<u8>,
    pub user: Option<u32>,
    /// Descriptors of the object's file.
    pub descriptors: u32,
    /// Of these, how many keep the name.
    pub locked: u32,
    /// Mappings: views, and pages of the library's own.
    pub mappings: u32,
}

impl Holder {
    /// Whether it has a handle, and not only a view.
    pub fn has_handle(&self, kind: Kind) -> bool {
        match kind {
            Kind::Section => self.locked > 0,
            Kind::Unknown => self.locked > 0 || self.mappings > 0,
            Kind::Event | Kind::Mutex | Kind::Semaphore | Kind::Timer => self.mappings > 0 || self.locked > 0,
            Kind::Posix | Kind::SystemV => true,
        }
    }
}

/// The arguments that a process was started with.
pub fn arguments_of(process: u32) -> Option<Vec<Vec<u8>>> {
    others::arguments(process)
}

/// What one process has of one object.
#[derive(Default)]
struct Hold {
    descriptors: u32,
    locked: u32,
    mappings: u32,
}

/// What is looked for.
struct Search {
    objects: HashMap<Key, usize>,
    /// The last parts of the paths of files.
    names: HashSet<Vec<u8>>,
    ipc_namespace: u64,
}

impl Search {
    fn new(objects: &[Object]) -> Search {
        let keys = objects.iter().enumerate().map(|(index, object)| (object.key, index));
        let files = objects.iter().filter_map(|object| object.file.as_ref()?.file_name());
        Search {
            objects: keys.collect(),
            names: files.map(|name| name.as_bytes().to_vec()).collect(),
            ipc_namespace: process::ipc_namespace(),
        }
    }

    /// Whether a link may be to a file that is looked for. Not by its whole path: the
    /// process may see it elsewhere. A file that was made without a name is called by a
    /// number.
    fn may_be(&self, link: &[u8]) -> bool {
        let last = link.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        let last = last.strip_suffix(b" (deleted)").unwrap_or(last);
        link.first() == Some(&b'/') && (last.first() == Some(&b'#') || self.names.contains(last))
    }

    fn look_at(&self, process: u32) -> Result<HashMap<usize, Hold>, Silence> {
        let mut holds: HashMap<usize, Hold> = HashMap::new();
        let maps = others::mappings(process)?;
        // The numbers of System V segments mean something within an IPC namespace.
        let is_near = OnceCell::new();
        let is_near = || *is_near.get_or_init(|| others::ipc_namespace(process) == self.ipc_namespace);
        for line in maps.split(|byte| *byte == b'\n') {
            let Some((file, path)) = others::mapped_file(line) else { continue };
            let key = if path.starts_with(b"/SYSV") { Key::SystemV(file.inode()) } else { Key::File(file) };
            let Some(index) = self.objects.get(&key) else { continue };
            if matches!(key, Key::File(_)) || is_near() {
                holds.entry(*index).or_default().mappings += 1;
            }
        }
        others::descriptors(process, |number, link| {
            let index = self.may_be(link).then(|| others::file_of(process, number)).flatten();
            if let Some(index) = index.and_then(|file| self.objects.get(&Key::File(file))) {
                let hold = holds.entry(*index).or_default();
                hold.descriptors += 1;
                hold.locked += u32::from(others::has_shared_lock(process, number));
            }
        })?;
        Ok(holds)
    }
}

/// Enters the holders into all objects; returns how many processes did not tell.
pub fn find(objects: &mut [Object]) -> usize {
    if objects.is_empty() {
        return 0;
    }
    let search = Search::new(objects);
    let mut silent = 0;
    let mut processes = others::ids().unwrap_or_default();
    processes.sort_unstable();
    for process in processes {
        let holds = match search.look_at(process) {
            Ok(holds) => holds,
            Err(Silence::Hidden) => {
                silent += 1;
                continue;
            }
            Err(Silence::Gone) => continue,
        };
        if holds.is_empty() {
            continue;
        }
        let (program, user) = (others::program(process).unwrap_or_default(), others::user(process));
        for (index, Hold { descriptors, locked, mappings }) in holds {
            let program = program.clone();
            objects[index].holders.push(Holder { process, program, user, descriptors, locked, mappings });
        }
    }
    silent
}
