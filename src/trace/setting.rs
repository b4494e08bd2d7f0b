//! What the user wants to see, and where: the variable WINSHM_TRACE.
//!
//! Decided at the first call. Nothing here takes memory or a lock: the first call may be
//! made in a signal handler, or on both sides of a fork.

use crate::error::Error;
use crate::mark;
use crate::sys::line_output::{self, LineOutput};
use crate::sys::thread::NotCancelled;
use crate::sys::{process, sleeping};
use nix::errno::Errno;
use std::ffi::CStr;
use std::io::Write;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};

const VARIABLE: &CStr = c"WINSHM_TRACE";

/// What is shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    Calls,
    Errors,
}

/// One of the values below.
static STATE: AtomicU32 = AtomicU32::new(NOT_ASKED);
const NOT_ASKED: u32 = 0;
const OFF: u32 = 1;
const ERRORS: u32 = 2;
const CALLS: u32 = 3;

static OUTPUT: LineOutput = LineOutput::new();
/// What is to be said about tracing itself: not where the program has something else by now.
static NOTES: LineOutput = LineOutput::new();

/// Whether calls may have to be shown: the one question of every call.
#[inline(always)]
pub fn is_on() -> bool {
    STATE.load(Relaxed) != OFF
}

/// What is to be shown; None: nothing.
pub fn wanted() -> Option<What> {
    let state = match STATE.load(Acquire) {
        NOT_ASKED => decide(),
        known => known,
    };
    match state {
        CALLS => Some(What::Calls),
        ERRORS => Some(What::Errors),
        _ => None,
    }
}

/// Several threads may be here at once: they find the same.
#[cold]
fn decide() -> u32 {
    let _whole = NotCancelled::new();
    let setting = process::variable(VARIABLE).and_then(parse);
    if setting.is_some() {
        NOTES.begin_with_standard_error();
    }
    let state = match setting {
        None => OFF,
        Some((what, path)) => match open(path).and_then(|file| OUTPUT.begin(file)) {
            Ok(()) if what == What::Errors => ERRORS,
            Ok(()) => CALLS,
            Err(error) => {
                say("the output cannot be opened", error, "calls are not traced");
                OFF
            }
        },
    };
    if state != OFF {
        // Before any thread has a mark.
        mark::never_again();
    }
    if state == CALLS {
        sleeping::tell(super::before_sleep);
    }
    STATE.store(state, Release);
    state
}

/// The setting's two parts. None: nothing is wanted.
fn parse(value: &CStr) -> Option<(What, Option<&CStr>)> {
    // (What is behind a part of a string with a NUL is one, too.)
    let rest = |length: usize| CStr::from_bytes_with_nul(&value.to_bytes_with_nul()[length..]).ok();
    match value.to_bytes() {
        b"" => None,
        b"calls" => Some((What::Calls, None)),
        b"errors" => Some((What::Errors, None)),
        [b'c', b'a', b'l', b'l', b's', b':', ..] => {
            Some((What::Calls, rest(6).filter(|path| !path.is_empty())))
        }
        [b'e', b'r', b'r', b'o', b'r', b's', b':', ..] => {
            Some((What::Errors, rest(7).filter(|path| !path.is_empty())))
        }
        _ => Some((What::Calls, Some(value))),
    }
}

fn open(path: Option<&CStr>) -> Result<std::os::fd::OwnedFd, Error> {
    path.map_or_else(line_output::standard_error, line_output::append_to)
}

/// Writes a line. If it cannot be written, nothing is traced any more.
pub fn write(line: &[u8]) {
    let written = match OUTPUT.write(line) {
        Err(GONE) => write_again(line),
        result => result,
    };
    match written {
        // The reader is slow; the line is lost.
        Ok(()) | Err(LOST) => {}
        Err(error) => {
            if STATE.swap(OFF, Relaxed) != OFF {
                say("a line cannot be written", error, "calls are traced no more");
            }
        }
    }
}

const GONE: Error = Error::Os(libc::EBADF);
const LOST: Error = Error::Os(libc::EAGAIN);

/// The program has closed the descriptor, as daemons do that close all. A file is opened
/// anew; what the standard error output is now is another thing.
fn write_again(line: &[u8]) -> Result<(), Error> {
    let path = process::variable(VARIABLE).and_then(parse).and_then(|(_, path)| path).ok_or(GONE)?;
    match OUTPUT.write_again(line_output::append_to(path)?, line) {
        // It closes all of them at this moment.
        Err(GONE) => Err(LOST),
        result => result,
    }
}

/// Says once what is wrong, in little memory and without the C library's texts, which no
/// signal handler may ask for.
fn say(what: &str, error: Error, so: &str) {
    let reason = match error {
        Error::Os(errno) => Errno::from_raw(errno).desc(),
        Error::SizeLimit => Errno::EFBIG.desc(),
        _ => "unexpected",
    };
    let mut text = [0; 200];
    let mut rest = &mut text[..];
    let _ = writeln!(rest, "winshm: WINSHM_TRACE: {what} ({reason}); {so}");
    let unused = rest.len();
    let _ = NOTES.write(&text[..text.len() - unused]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_says_what_and_where() {
        let cases = [
            (c"calls", Some((What::Calls, None))),
            (c"errors", Some((What::Errors, None))),
            (c"/tmp/x", Some((What::Calls, Some(c"/tmp/x")))),
            (c"calls:/tmp/x", Some((What::Calls, Some(c"/tmp/x")))),
            (c"errors:x", Some((What::Errors, Some(c"x")))),
            (c"errors:", Some((What::Errors, None))),
            (c"callsign", Some((What::Calls, Some(c"callsign")))),
            (c"", None),
        ];
        for (value, expected) in cases {
            assert_eq!(parse(value), expected, "{value:?}");
        }
    }
}
