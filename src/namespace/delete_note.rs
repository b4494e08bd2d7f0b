//! Notes of files that are to be deleted with their last handle, for the case that the
//! process which would do so is killed.
//!
//! One note for each such file, held by a shared lock as long as a handle with
//! FILE_FLAG_DELETE_ON_CLOSE is open. Who finds a note that nobody holds deletes the file,
//! and then the note: whoever opens that file, and each process once (`sweep`). Notes stand
//! in the user's own directory, and are believed nowhere else.

use super::directory::{self, Directory};
use super::removal::{is_linked, remove};
use crate::error::Error;
use crate::name::Scope;
use crate::patience::Patience;
use crate::sys::file::{self, FileId};
use crate::sys::lock;
use crate::sys::program_file as program;
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

const PREFIX: &[u8] = b"D.";
const MODE: u32 = 0o600;
/// Any byte will do: only notes are locked so, and nobody asks who has the lock.
const BYTE: u8 = 0;

/// A note, held.
pub struct DeleteNote {
    /// Its description has the lock.
    file: OwnedFd,
}

impl DeleteNote {
    /// Notes that a file is to be deleted. `birth_ns` tells it from a later file that
    /// gets its number.
    pub fn write(id: FileId, birth_ns: u64, path: &CStr) -> Result<DeleteNote, Error> {
        let name = name_of(id);
        let text = [format!("{birth_ns}\n").as_bytes(), path.to_bytes()].concat();
        let mut patience = Patience::new();
        loop {
            let directory = directory::to_create_in(Scope::Local)?;
            let note = file::open_or_create(directory.fd(), &name, MODE)?;
            match fill(&directory, &name, note.as_fd(), &text) {
                Ok(true) => return Ok(DeleteNote { file: note }),
                Ok(false) => {}
                Err(error) => {
                    withdraw(&directory, &name, note.as_fd());
                    return Err(error);
                }
            }
            patience.lose_some()?;
        }
    }

    /// The file is to be deleted now, if it is there still and no other note says so.
    pub fn end(self, id: FileId) {
        // A forked child may share the description.
        lock::unlock(self.file.as_fd());
        drop(self);
        settle_file(id);
    }
}

/// Holds a note, and says in it what is to be deleted. False: it was settled just now.
fn fill(directory: &Directory, name: &CStr, note: BorrowedFd, text: &[u8]) -> Result<bool, Error> {
    let is_held = lock::try_shared(note, BYTE)?;
    let status = file::status(note)?;
    if !is_held || !is_linked(directory, name, &status) {
        return Ok(false);
    }
    if status.mode != MODE {
        // Made under an unusual umask.
        file::set_mode(note, MODE)?;
    }
    // The text comes last: after it nothing can fail, and for half a one nothing is deleted.
    file::set_size(note, text.len() as u64)?;
    file::write_at(note, text, 0)?;
    Ok(true)
}

/// Removes a note that was not finished, unless somebody else has it too. The file stays.
fn withdraw(directory: &Directory, name: &CStr, note: BorrowedFd) {
    lock::unlock(note);
    if let (Ok(true), Ok(status)) = (lock::try_exclusive(note), file::status(note)) {
        let _ = remove(directory, name, status.id);
    }
}

/// Deletes a file if that was noted and nobody holds the note. True: it is gone.
pub fn settle_file(id: FileId) -> bool {
    directory::of(Scope::Local).is_ok_and(|directory| settle(&directory, &name_of(id)).file)
}

fn name_of(id: FileId) -> CString {
    CString::new(format!("D.{:x}-{:x}", id.device(), id.inode())).expect("no NUL")
}

pub fn is_name(name: &CStr) -> bool {
    name.to_bytes().starts_with(PREFIX)
}

/// What this process has removed.
#[derive(Clone, Copy, Default)]
pub struct Settled {
    pub file: bool,
    pub note: bool,
}

/// Does what a note says, if nobody holds it.
pub fn settle(directory: &Directory, name: &CStr) -> Settled {
    let Ok(note) = file::open(directory.fd(), name) else { return Settled::default() };
    if !matches!(lock::try_exclusive(note.as_fd()), Ok(true)) {
        return Settled::default();
    }
    let file = delete_noted(note.as_fd(), name);
    // What cannot be removed now is tried again by the next process.
    let status = file::status(note.as_fd());
    let note = status.is_ok_and(|status| remove(directory, name, status.id) == Ok(true));
    Settled { file, note }
}

/// None: not written to its end, by a process that was killed then.
fn read(note: BorrowedFd) -> Option<Noted> {
    let mut text = vec![0; 8192];
    let length = file::read_at(note, &mut text, 0).unwrap_or(0);
    parse(&text[..length])
}

/// The path of the file that a note tells of.
#[cfg(feature = "tool")]
pub fn path_noted(note: BorrowedFd) -> Option<CString> {
    let Noted { folder, last, .. } = read(note)?;
    CString::new([folder.to_bytes(), b"/", last.to_bytes()].concat()).ok()
}

fn delete_noted(note: BorrowedFd, name: &CStr) -> bool {
    let Some(Noted { birth_ns, folder, last }) = read(note) else { return false };
    // Looked up once: who swaps a folder of the path meanwhile leads to no other file.
    let Ok(folder) = file::find_directory(&folder) else { return false };
    let Ok(status) = file::status_at(folder.as_fd(), &last) else { return false };
    let is_it =
        name_of(status.id).as_c_str() == name && file::birth_ns(folder.as_fd(), Some(&last)) == Ok(birth_ns);
    is_it && program::remove_at(folder.as_fd(), &last, status.is_directory()).is_ok()
}

/// What a note says: a file, and when it was made.
#[derive(Debug)]
pub struct Noted {
    pub birth_ns: u64,
    pub folder: CString,
    pub last: CString,
}

/// Takes the text of a note apart.
pub fn parse(text: &[u8]) -> Option<Noted> {
    let mut parts = text.splitn(2, |&byte| byte == b'\n');
    let birth_ns = std::str::from_utf8(parts.next()?).ok()?.parse().ok()?;
    let (folder, last) = folder_and_name(parts.next()?)?;
    Some(Noted { birth_ns, folder, last })
}

/// The two parts of an absolute path.
fn folder_and_name(path: &[u8]) -> Option<(CString, CString)> {
    let slash = path.iter().rposition(|&byte| byte == b'/')?;
    let (folder, last) = (&path[..slash.max(1)], &path[slash + 1..]);
    Some((CString::new(folder).ok()?, CString::new(last).ok()?))
}
