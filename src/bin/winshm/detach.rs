//! A holder in the background: `create --detach`.

use crate::failure::{DONE, ERROR, Failure, Outcome};
use crate::keep;
use nix::sys::signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, kill, sigaction};
use nix::unistd::{ForkResult, Pid, chdir, close, dup2_stderr, dup2_stdin, dup2_stdout, fork, pipe, setsid};
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};

/// Has `begin` done in a process of its own, which is not the terminal's: it gives the line to
/// print and what then is done in the background. Returns when `begin` is over.
pub fn detach<Held>(
    begin: impl FnOnce() -> Result<(String, Held), Failure>,
    go_on: impl FnOnce(Held) -> Outcome,
) -> Outcome {
    let (reader, writer) = pipe().map_err(failure)?;
    // SAFETY: the process has one thread.
    match unsafe { fork() }.map_err(failure)? {
        ForkResult::Parent { child } => {
            drop(writer);
            report(reader, child)
        }
        ForkResult::Child => {
            drop(reader);
            let code = hold(begin, go_on, writer);
            std::process::exit(code.into());
        }
    }
}

fn hold<Held>(
    begin: impl FnOnce() -> Result<(String, Held), Failure>,
    go_on: impl FnOnce(Held) -> Outcome,
    to: OwnedFd,
) -> u8 {
    // (A file may be named from here, so the folder is left when it is open.)
    let begun = alone(&to).and_then(|()| begin()).and_then(|begun| {
        chdir("/").map_err(failure)?;
        Ok(begun)
    });
    let (code, text) = match &begun {
        Ok((line, _)) => (DONE, line.clone()),
        Err(failure) => (failure.exit_code(), failure.to_string()),
    };
    let mut to = File::from(to);
    let told = to.write_all(&[&[code], text.as_bytes()].concat());
    drop(to);
    match begun {
        // Nobody knows of it.
        Ok(_) if told.is_err() => ERROR,
        Ok((_, held)) => go_on(held).unwrap_or_else(|failure| failure.exit_code()),
        Err(_) => code,
    }
}

/// In no session but its own, and without the descriptors of who started it.
fn alone(but: &OwnedFd) -> Result<(), Failure> {
    // A lock of the shell's on one of them would last as long as the holder. This process has
    // opened nothing yet but the pipe.
    for descriptor in open_ones().filter(|number| *number > 2 && *number != but.as_raw_fd()) {
        let _ = close(descriptor);
    }
    setsid().map_err(failure)?;
    let nothing = File::options().read(true).write(true).open("/dev/null");
    let nothing = nothing.map_err(|error| Failure::os("/dev/null", error))?;
    dup2_stdin(&nothing)
        .and_then(|()| dup2_stdout(&nothing))
        .and_then(|()| dup2_stderr(&nothing))
        .map_err(failure)
}

fn open_ones() -> impl Iterator<Item = RawFd> {
    let listed = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
    let numbers: Vec<_> = listed.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
    numbers.into_iter()
}

fn report(from: OwnedFd, child: Pid) -> Outcome {
    let mut told = Vec::new();
    File::from(from).read_to_end(&mut told).map_err(|error| Failure::os("the background process", error))?;
    let Some((code, text)) = told.split_first() else {
        return Err(Failure::text(ERROR, "the background process", "it ended before it had the object"));
    };
    let text = String::from_utf8_lossy(text);
    if *code != DONE {
        return Err(Failure::told(*code, text));
    }
    // In one piece: who reads only the first line has got both. And not killed by SIGPIPE: nobody
    // would know the holder's number.
    let ignored = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    // SAFETY: no handler.
    unsafe { sigaction(Signal::SIGPIPE, &ignored) }.map_err(failure)?;
    if let Err(failure) = keep::say(&format!("{text}\npid {child}")) {
        let _ = kill(child, Signal::SIGTERM);
        return Err(failure.advise("The object is not kept"));
    }
    Ok(DONE)
}

fn failure(error: nix::Error) -> Failure {
    Failure::os("the background process", error.into())
}
