//! Starting a program as Windows does: what a command line means, and where programs
//! are looked for.

use super::command_line;
use super::task::{Target, Task};
use crate::error::Error;
use crate::file;
use crate::fork::Inside;
use crate::sys::pidfd;
use crate::sys::spawn::{self, Start};
use std::borrow::Cow;
use std::ffi::{CString, OsStr};
use std::os::fd::{AsFd, OwnedFd, RawFd};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What CreateProcess is asked for; texts are UTF-8.
#[derive(Default)]
pub struct Program {
    pub application: Option<Vec<u8>>,
    pub command_line: Option<Vec<u8>>,
    /// `name=value`; None: this process's.
    pub environment: Option<Vec<CString>>,
    pub directory: Option<Vec<u8>>,
    pub group: bool,
    pub session: bool,
}

/// Starts a program without the descriptors `closed`, and with these standard streams
/// in place of ours.
pub fn spawn(
    inside: &Inside,
    program: &Program,
    streams: &[Option<OwnedFd>; 3],
    closed: &[RawFd],
) -> Result<Arc<Task>, Error> {
    let path = find(program)?;
    let directory = program.directory.as_deref().map(file::parse_path).transpose()?;
    let (path, directory) = match directory {
        None => (path, None),
        Some(directory) => {
            if !Path::new(OsStr::from_bytes(directory.as_bytes())).is_dir() {
                return Err(Error::NotADirectory);
            }
            // The program is not to be looked for there.
            let path = std::path::absolute(path).map_err(|_| Error::PathNotFound)?;
            (path, Some(directory))
        }
    };
    let path = c_string(path.into_os_string().into_vec())?;
    let start = Start {
        environment: program.environment.as_deref(),
        directory: directory.as_deref(),
        streams: streams.each_ref().map(|stream| stream.as_ref().map(AsFd::as_fd)),
        closed,
        group: program.group,
        session: program.session,
    };
    let arguments = arguments(program)?;
    // The task takes one. Nothing is started that would have to be killed for want of it,
    // or because the system gives none to anybody.
    let room = pidfd::open(Target::Process, super::id())?;
    let id = spawn::spawn(&path, &arguments, &start).map_err(of_exec)?;
    drop(room);
    Task::of_child(inside, id).inspect_err(|_| spawn::undo(id))
}

fn c_string(bytes: Vec<u8>) -> Result<CString, Error> {
    CString::new(bytes).map_err(|_| Error::InvalidName)
}

fn arguments(program: &Program) -> Result<Vec<CString>, Error> {
    let arguments = match (&program.command_line, &program.application) {
        (Some(line), _) => command_line::arguments(line),
        (None, Some(application)) => vec![application.clone()],
        (None, None) => return Err(Error::InvalidParameter),
    };
    arguments.into_iter().map(c_string).collect()
}

fn of_exec(error: Error) -> Error {
    match error {
        Error::Os(libc::ENOEXEC | libc::ELIBBAD) => Error::BadImage,
        Error::Os(libc::E2BIG) => Error::NameTooLong,
        error => error,
    }
}

fn find(program: &Program) -> Result<PathBuf, Error> {
    match (&program.application, &program.command_line) {
        (Some(application), _) => look_at(application),
        (None, Some(line)) => search(line),
        (None, None) => Err(Error::InvalidParameter),
    }
}

/// The program of a path, which is not searched for.
fn look_at(application: &[u8]) -> Result<PathBuf, Error> {
    let path = path_of(application)?;
    let found = look(&path, false)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let missing = match folder.is_none_or(Path::is_dir) {
        true => Error::NotFound,
        false => Error::PathNotFound,
    };
    found.ok_or(missing)
}

/// The program that a command line begins with.
fn search(line: &[u8]) -> Result<PathBuf, Error> {
    let mut refused = None;
    for name in command_line::candidates(line) {
        // What is no path here, a drive for example, names no program.
        let Ok(path) = path_of(name) else { continue };
        for place in places(&path) {
            match look(&place, true) {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(error) => refused = Some(error),
            }
        }
    }
    Err(refused.unwrap_or(Error::NotFound))
}

fn path_of(name: &[u8]) -> Result<PathBuf, Error> {
    let path = file::parse_path(name)?;
    Ok(PathBuf::from(OsStr::from_bytes(path.as_bytes())))
}

/// Where Windows looks for a program without a path: beside the running one, in the
/// working directory, and along PATH.
fn places(path: &Path) -> Vec<PathBuf> {
    if path.as_os_str().as_bytes().contains(&b'/') {
        return vec![path.to_owned()];
    }
    let own = std::env::current_exe().ok().and_then(|own| Some(own.parent()?.to_owned()));
    let listed = std::env::var_os("PATH").unwrap_or_default();
    let folders = own.into_iter().chain([PathBuf::from(".")]).chain(std::env::split_paths(&listed));
    folders.map(|folder| folder.join(path)).collect()
}

/// The file of a path, or its namesake without ".exe"; with it, if `completes` and the
/// name has no extension. AccessDenied: there is something that is no program.
fn look(path: &Path, completes: bool) -> Result<Option<PathBuf>, Error> {
    let bytes = path.as_os_str().as_bytes();
    let mut spellings = vec![Cow::Borrowed(bytes)];
    match path.extension() {
        Some(extension) if extension.eq_ignore_ascii_case("exe") => {
            spellings.push(Cow::Borrowed(&bytes[..bytes.len() - ".exe".len()]));
        }
        None if completes => spellings.push(Cow::Owned([bytes, b".exe"].concat())),
        _ => {}
    }
    let mut refused = None;
    for spelling in &spellings {
        let path = Path::new(OsStr::from_bytes(spelling));
        match spawn::look_for_program(path) {
            Ok(()) => return Ok(Some(path.to_owned())),
            Err(Error::Os(libc::ENOENT | libc::ENOTDIR)) => {}
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    refused.map_or(Ok(None), Err)
}
