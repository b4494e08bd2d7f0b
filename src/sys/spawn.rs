//! Starting programs.

use super::file::raw;
use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use nix::unistd::{AccessFlags, access};
use std::ffi::{CStr, CString, c_char};
use std::mem::MaybeUninit;
use std::os::fd::{BorrowedFd, RawFd};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::ptr;

/// How a program begins.
#[derive(Default)]
pub struct Start<'s> {
    /// `name=value`; None: this process's.
    pub environment: Option<&'s [CString]>,
    pub directory: Option<&'s CStr>,
    /// In place of this process's standard streams.
    pub streams: [Option<BorrowedFd<'s>>; 3],
    /// Descriptors that it does not get.
    pub closed: &'s [RawFd],
    /// Leads a process group of its own.
    pub group: bool,
    /// Leads a session of its own, without a terminal.
    pub session: bool,
}

/// The file actions of posix_spawn.
struct Actions(MaybeUninit<libc::posix_spawn_file_actions_t>);

impl Actions {
    fn new(start: &Start) -> Result<Actions, Error> {
        let mut actions = Actions(MaybeUninit::uninit());
        // SAFETY: writable.
        check(unsafe { libc::posix_spawn_file_actions_init(actions.0.as_mut_ptr()) })?;
        let all = actions.0.as_mut_ptr();
        for (number, file) in start.streams.iter().enumerate() {
            if let Some(file) = file {
                // SAFETY: initialised.
                check(unsafe { libc::posix_spawn_file_actions_adddup2(all, raw(*file), number as i32) })?;
            }
        }
        for number in start.closed {
            // SAFETY: initialised.
            check(unsafe { libc::posix_spawn_file_actions_addclose(all, *number) })?;
        }
        if let Some(directory) = start.directory {
            // SAFETY: initialised; the path is copied.
            check(unsafe { libc::posix_spawn_file_actions_addchdir_np(all, directory.as_ptr()) })?;
        }
        Ok(actions)
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: initialised by `new`.
        unsafe { libc::posix_spawn_file_actions_destroy(self.0.as_mut_ptr()) };
    }
}

/// The attributes of posix_spawn.
struct Attributes(MaybeUninit<libc::posix_spawnattr_t>);

impl Attributes {
    fn new(start: &Start) -> Result<Attributes, Error> {
        let mut attributes = Attributes(MaybeUninit::uninit());
        // SAFETY: writable.
        check(unsafe { libc::posix_spawnattr_init(attributes.0.as_mut_ptr()) })?;
        let group = if start.group { libc::POSIX_SPAWN_SETPGROUP as i16 } else { 0 };
        let session = if start.session { libc::POSIX_SPAWN_SETSID } else { 0 };
        let all = attributes.0.as_mut_ptr();
        // (The group is 0 from the start: its own.)
        // SAFETY: initialised.
        check(unsafe { libc::posix_spawnattr_setflags(all, group | session) })?;
        Ok(attributes)
    }
}

impl Drop for Attributes {
    fn drop(&mut self) {
        // SAFETY: initialised by `new`.
        unsafe { libc::posix_spawnattr_destroy(self.0.as_mut_ptr()) };
    }
}

fn check(errno: i32) -> Result<(), Error> {
    if errno == 0 { Ok(()) } else { Err(Error::Os(errno)) }
}

unsafe extern "C" {
    static environ: *const *mut c_char;
}

/// A list that ends with NULL, as exec wants it.
fn list(strings: &[CString]) -> Vec<*mut c_char> {
    strings.iter().map(|string| string.as_ptr().cast_mut()).chain([ptr::null_mut()]).collect()
}

/// Starts a program; returns its id.
pub fn spawn(program: &CStr, arguments: &[CString], start: &Start) -> Result<u32, Error> {
    let (actions, attributes) = (Actions::new(start)?, Attributes::new(start)?);
    let arguments = list(arguments);
    let own = start.environment.map(list);
    let environment = match &own {
        Some(own) => own.as_ptr(),
        // SAFETY: the C library's; a program that changes it meanwhile races with itself.
        None => unsafe { environ },
    };
    let mut id = 0;
    // SAFETY: all lists end with NULL and live across the call, as do their strings.
    let mut start = || unsafe {
        libc::posix_spawn(
            &mut id,
            program.as_ptr(),
            actions.0.as_ptr(),
            attributes.0.as_ptr(),
            arguments.as_ptr(),
            environment,
        )
    };
    call("posix_spawn: spawn", || check(start()))?;
    u32::try_from(id).map_err(|_| Error::Internal)
}

/// Ends a child that nobody has asked about yet, and asks.
pub fn undo(id: u32) {
    // SAFETY: kill takes no memory.
    call("kill: undo", || unsafe { libc::kill(id as i32, libc::SIGKILL) });
    // SAFETY: nothing is written.
    let reap = || unsafe { libc::waitpid(id as i32, ptr::null_mut(), 0) };
    while call("waitpid: undo", reap) < 0 && Errno::last() == Errno::EINTR {}
}

/// Whether there is such a file; AccessDenied when it is no program for this user.
pub fn look_for_program(path: &Path) -> Result<(), Error> {
    let status = call("stat: look_for_program", || std::fs::metadata(path))
        .map_err(|error| Error::Os(error.raw_os_error().unwrap_or(0)))?;
    let is_file = status.mode() & libc::S_IFMT == libc::S_IFREG;
    let may_run = is_file && call("access: look_for_program", || access(path, AccessFlags::X_OK)).is_ok();
    if may_run { Ok(()) } else { Err(Error::AccessDenied) }
}
