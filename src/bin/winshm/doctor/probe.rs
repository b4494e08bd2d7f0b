//! Trying what the kernel offers, each try in a process of its own: a sandbox may kill
//! who calls what it does not know.

use nix::errno::Errno;
use nix::sys::wait::{WaitStatus, waitpid};
use nix::unistd::Pid;
use std::fs::File;
use std::io::{Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How a try ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// It is there and does what it should.
    Works,
    /// The call failed.
    Fails(Errno),
    /// The call succeeded, and did something else.
    Wrong,
    /// The process was killed by this signal.
    Killed(i32),
    /// No process could be made to try it in.
    Untried(Errno),
}

/// Err(None): it did something else.
pub type Tried = Result<(), Option<Errno>>;

/// No try takes longer than this, but one that hangs.
const SECONDS: u32 = 10;

const WORKS: i32 = 0;
const WRONG: i32 = -1;

/// Tries something in a child, which must not call the library. The caller has no other
/// threads.
pub fn attempt(try_it: impl FnOnce() -> Tried) -> Outcome {
    let (from, to) = match nix::unistd::pipe() {
        Ok((from, to)) => (File::from(from), File::from(to)),
        Err(errno) => return Outcome::Untried(errno),
    };
    const LIKE_FORK: i32 = libc::SIGCHLD;
    const NONE: usize = 0;
    // Not `fork`, which calls the library in this process: it might be killed for that.
    // SAFETY: this process has one thread, so the child has everything in order.
    let child = unsafe { libc::syscall(libc::SYS_clone, LIKE_FORK, NONE, NONE, NONE, NONE) };
    match Errno::result(child) {
        Err(errno) => Outcome::Untried(errno),
        Ok(0) => tell(try_it, to),
        Ok(child) => {
            let child = Pid::from_raw(child as i32);
            drop(to);
            let mut told = [0; 4];
            let result = (&from).read_exact(&mut told);
            let end = loop {
                match waitpid(child, None) {
                    Err(Errno::EINTR) => {}
                    end => break end,
                }
            };
            match (result, i32::from_ne_bytes(told), end) {
                (Ok(()), WORKS, _) => Outcome::Works,
                (Ok(()), WRONG, _) => Outcome::Wrong,
                (Ok(()), errno, _) => Outcome::Fails(Errno::from_raw(errno)),
                (Err(_), _, Ok(WaitStatus::Signaled(_, signal, _))) => Outcome::Killed(signal as i32),
                _ => Outcome::Wrong,
            }
        }
    }
}

/// The child: tries, tells, and ends without what a process does at its end.
fn tell(try_it: impl FnOnce() -> Tried, mut to: File) -> ! {
    nix::unistd::alarm::set(SECONDS);
    std::panic::set_hook(Box::new(|_| {}));
    let answer = match catch_unwind(AssertUnwindSafe(try_it)) {
        Ok(Ok(())) => WORKS,
        Ok(Err(Some(errno))) => errno as i32,
        Ok(Err(None)) | Err(_) => WRONG,
    };
    let _ = to.write_all(&answer.to_ne_bytes());
    // SAFETY: does not return.
    unsafe { libc::_exit(0) }
}
