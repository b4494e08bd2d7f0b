//! Worlds that lack something: what a command may do is taken from it before it starts.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

pub const FUTEX_WAITV: i64 = 449;

/// What the kernel answers to a call that a filter takes away.
#[derive(Clone, Copy)]
pub enum Answer {
    Errno(i32),
    /// The process is killed.
    Kill,
}

/// Takes a system call away, by a seccomp filter.
pub fn without(command: &mut Command, call: i64, answer: Answer) {
    let action = match answer {
        Answer::Errno(errno) => libc::SECCOMP_RET_ERRNO | errno as u32,
        Answer::Kill => libc::SECCOMP_RET_KILL_PROCESS,
    };
    let line = |code: u32, k: u32, jf: u8| libc::sock_filter { code: code as u16, jt: 0, jf, k };
    let lines = [
        // The number of the call, which is the first field.
        line(libc::BPF_LD | libc::BPF_W | libc::BPF_ABS, 0, 0),
        line(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, call as u32, 1),
        line(libc::BPF_RET | libc::BPF_K, action, 0),
        line(libc::BPF_RET | libc::BPF_K, libc::SECCOMP_RET_ALLOW, 0),
    ];
    let install = move || {
        let program = libc::sock_fprog { len: lines.len() as u16, filter: lines.as_ptr().cast_mut() };
        // SAFETY: the call takes no memory.
        done(unsafe { libc::prctl(libc::PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) })?;
        // SAFETY: the program lives across the call, which copies it.
        done(unsafe { libc::prctl(libc::PR_SET_SECCOMP, libc::SECCOMP_MODE_FILTER, &raw const program) })
    };
    // SAFETY: two system calls, as the child of a process with threads may make them.
    unsafe { command.pre_exec(install) };
}

/// Sets a limit of the command, soft and hard.
pub fn limit(command: &mut Command, resource: libc::__rlimit_resource_t, most: u64) {
    let limit = libc::rlimit { rlim_cur: most, rlim_max: most };
    let set = move || {
        // SAFETY: the structure lives across the call.
        done(unsafe { libc::setrlimit(resource, &raw const limit) })
    };
    // SAFETY: one system call, as the child of a process with threads may make it.
    unsafe { command.pre_exec(set) };
}

/// Mounts a file system over a folder, for this command alone. False, said aloud: only
/// root can.
pub fn mounted(command: &mut Command, kind: &str, folder: &str, flags: u64, options: &str) -> bool {
    if !nix::unistd::geteuid().is_root() {
        println!("SKIPPED: only root can mount file systems");
        return false;
    }
    let text = |text: &str| std::ffi::CString::new(text).expect("no NUL");
    let (kind, folder, options) = (text(kind), text(folder), text(options));
    let mount = move || {
        // SAFETY: the call takes no memory.
        done(unsafe { libc::unshare(libc::CLONE_NEWNS) })?;
        let none = std::ptr::null();
        let private = libc::MS_REC | libc::MS_PRIVATE;
        // SAFETY: texts that end with a NUL, or none.
        done(unsafe { libc::mount(none, c"/".as_ptr(), none, private, none.cast()) })?;
        let (kind, folder, options) = (kind.as_ptr(), folder.as_ptr(), options.as_ptr());
        // SAFETY: as above.
        done(unsafe { libc::mount(kind, folder, kind, flags, options.cast()) })
    };
    // SAFETY: system calls only, as the child of a process with threads may make them.
    unsafe { command.pre_exec(mount) };
    true
}

fn done(result: i32) -> io::Result<()> {
    if result == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}
