//! Keeping an object: it exists as long as somebody has it open.

use crate::child;
use crate::failure::{DONE, Failure, Outcome};
use crate::interrupt::{Interrupts, exit_code};
use nix::sys::stat::{SFlag, fstat};
use nix::unistd::{getpgrp, tcgetpgrp};
use std::ffi::OsString;
use std::io::{IsTerminal, Write, stdin, stdout};

/// While the command runs; without one, until a signal comes or the standard input ends.
pub fn keep(command: &[OsString], interrupts: &Interrupts) -> Outcome {
    if !command.is_empty() {
        return child::run(command, interrupts, false);
    }
    if is_leash() {
        interrupts.note_end_of_input()?;
    }
    until_interrupted(interrupts)
}

pub fn until_interrupted(interrupts: &Interrupts) -> Outcome {
    loop {
        if let Some(signal) = interrupts.ending() {
            return Ok(exit_code(signal));
        }
        if interrupts.has_input_ended() {
            return Ok(DONE);
        }
        interrupts.wait()?;
    }
}

/// Whether somebody is at the other end of the standard input: the one who types, if this runs
/// in the foreground, or a program behind a pipe. /dev/null and files, which a shell gives to
/// what it runs in the background, end before they begin, and mean nothing.
fn is_leash() -> bool {
    if stdin().is_terminal() {
        return tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp());
    }
    let kind = fstat(stdin()).map_or(SFlag::empty(), |status| SFlag::from_bits_truncate(status.st_mode));
    matches!(kind & SFlag::S_IFMT, SFlag::S_IFIFO | SFlag::S_IFSOCK)
}

/// A line for who waits for it, or several, at once and in one piece.
pub fn say(line: &str) -> Result<(), Failure> {
    let mut to = stdout().lock();
    let written = to.write_all(format!("{line}\n").as_bytes()).and_then(|()| to.flush());
    written.map_err(|error| Failure::os("standard output", error))
}
