//! `-- COMMAND`: runs it while something is held.

use crate::failure::{ERROR, Failure, Outcome, SIGNALLED};
use crate::interrupt::Interrupts;
use nix::sys::prctl;
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getppid};
use std::ffi::OsString;
use std::io::{Error, ErrorKind};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus};

/// As env and other commands that run commands have them.
const CANNOT_RUN: u8 = 126;
const NOT_FOUND: u8 = 127;

/// Tells a command that its mutex was abandoned.
pub const ABANDONED_VARIABLE: &str = "WINSHM_ABANDONED";

/// Runs a command to its end; passes signals on to it. `is_abandoned`: it is to know.
pub fn run(words: &[OsString], interrupts: &Interrupts, is_abandoned: bool) -> Outcome {
    let mut child = spawn(words, is_abandoned)?;
    let pid = Pid::from_raw(child.id() as i32);
    loop {
        if let Some(status) = ended(&mut child)? {
            return Ok(exit_code(status));
        }
        for noted in interrupts.take() {
            // What the terminal sends goes to the command, too. It has not been waited for:
            // its number is nobody else's.
            if !noted.is_from_terminal {
                let _ = kill(pid, noted.signal);
            }
        }
        interrupts.wait()?;
    }
}

fn ended(child: &mut Child) -> Result<Option<ExitStatus>, Failure> {
    child.try_wait().map_err(|error| Failure::os("the command", error))
}

fn exit_code(status: ExitStatus) -> u8 {
    match (status.code(), status.signal()) {
        (Some(code), _) => code as u8,
        (None, Some(signal)) => SIGNALLED + signal as u8,
        (None, None) => ERROR,
    }
}

fn spawn(words: &[OsString], is_abandoned: bool) -> Result<Child, Failure> {
    let (program, arguments) = words.split_first().expect("a command has a first word");
    let mut command = Command::new(program);
    command.args(arguments);
    match is_abandoned {
        true => command.env(ABANDONED_VARIABLE, "1"),
        false => command.env_remove(ABANDONED_VARIABLE),
    };
    let parent = Pid::this();
    // If this process is killed, what it held is free: the command must not go on as if
    // it were not.
    let die_together = move || {
        prctl::set_pdeathsig(Signal::SIGTERM)?;
        if getppid() == parent { Ok(()) } else { Err(Error::from(ErrorKind::BrokenPipe)) }
    };
    // SAFETY: two system calls, which a forked child may make.
    unsafe { command.pre_exec(die_together) };
    command.spawn().map_err(|error| {
        let exit_code = if error.kind() == ErrorKind::NotFound { NOT_FOUND } else { CANNOT_RUN };
        Failure::text(exit_code, program.to_string_lossy(), format!("the command cannot be run: {error}"))
    })
}
