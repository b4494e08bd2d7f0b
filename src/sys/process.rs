//! The process and its threads.

use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use std::ffi::{CStr, c_char};

pub fn id() -> u32 {
    std::process::id()
}

/// The kernel's number of the calling thread; equals the process id in the first thread.
pub fn thread_id() -> u32 {
    nix::unistd::gettid().as_raw() as u32
}

pub fn effective_user() -> u32 {
    nix::unistd::geteuid().as_raw()
}

/// Whether the program runs with more rights than its user (set-uid, capabilities).
pub fn is_privileged_program() -> bool {
    // SAFETY: getauxval takes no memory.
    unsafe { libc::getauxval(libc::AT_SECURE) != 0 }
}

/// A variable of the environment, unless the program runs with more rights than its user.
/// Async-signal-safe, and valid until the program changes its environment.
pub fn variable(name: &CStr) -> Option<&'static CStr> {
    unsafe extern "C" {
        fn secure_getenv(name: *const c_char) -> *const c_char;
    }
    // SAFETY: a string.
    let value = unsafe { secure_getenv(name.as_ptr()) };
    // SAFETY: NULL, or a string of the environment.
    (!value.is_null()).then(|| unsafe { CStr::from_ptr(value) })
}

// By `stat`, which every sandbox has: std asks with statx, which some forbid.

/// The number of the IPC namespace, 0 without /proc: System V ids are unique in it.
pub fn ipc_namespace() -> u64 {
    call("stat: ipc_namespace", || nix::sys::stat::stat("/proc/self/ns/ipc"))
        .map_or(0, |namespace| namespace.st_ino)
}

/// The number of the PID namespace, 0 without /proc.
pub fn pid_namespace() -> u32 {
    call("stat: pid_namespace", || nix::sys::stat::stat("/proc/self/ns/pid"))
        .map_or(0, |namespace| namespace.st_ino as u32)
}

pub fn yield_now() {
    std::thread::yield_now();
}

/// Runs `prepare` before every fork, then `parent` and `child` on its two sides.
pub fn at_fork(
    prepare: extern "C" fn(),
    parent: extern "C" fn(),
    child: extern "C" fn(),
) -> Result<(), Error> {
    // The type that libc wants differs in safety only.
    // SAFETY: the handlers stay loaded: the library is linked with `-z nodelete`.
    match unsafe { libc::pthread_atfork(Some(prepare), Some(parent), Some(child)) } {
        0 => Ok(()),
        errno => Err(Errno::from_raw(errno).into()),
    }
}

/// Runs `handler` when the program ends by `exit` or by returning from `main`.
pub fn at_exit(handler: extern "C" fn()) -> Result<(), Error> {
    // SAFETY: the handler stays loaded: the library is linked with `-z nodelete`.
    match unsafe { libc::atexit(handler) } {
        0 => Ok(()),
        _ => Err(Error::Os(libc::ENOMEM)),
    }
}

/// In one piece where the kernel takes it so. Not through std's stream, whose lock a
/// thread may hold while another one forks.
pub fn write_to_standard_error(mut text: &[u8]) {
    let stream = std::io::stderr();
    while !text.is_empty() {
        match call("write: standard error", || nix::unistd::write(&stream, text)) {
            Ok(written) => text = &text[written..],
            Err(Errno::EINTR) => {}
            Err(_) => return,
        }
    }
}
