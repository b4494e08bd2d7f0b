//! What can be typed. The help texts, the man pages and the completions are made of
//! these definitions.

mod looking;
mod memory;
mod objects;
mod values;

pub use looking::*;
pub use memory::*;
pub use objects::*;

use clap::{Parser, Subcommand};

/// Windows named shared memory and its synchronisation, from the shell
///
/// Lists, shows, makes, signals and waits for the objects that programs share by name
/// through libwinshm: sections (shared memory), events, mutexes, semaphores and timers.
///
/// A name is `name`, `Local\name` or `Global\name`, as on Windows; put it in single quotes,
/// because of the backslash. Sections can also be `Posix\name`, an object of shm_open, and
/// `SysV\0x4d2`, a segment of shmget.
#[derive(Parser)]
#[command(name = "winshm", version, after_long_help = EXIT_CODES, arg_required_else_help = true)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

pub const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  an error; the message has the name and number of the Windows error
  2  wrong usage
  3  there is no object of that name
  4  the time-out passed
  5  waited for a mutex whose owner died (abandoned): the wait succeeded, and what the
     mutex protects may be half written
  6  the object exists already (create --new)
  7  no permission

With `-- COMMAND` the exit code is the command's, or 128 plus the signal that ended it; 126 if it
cannot be run, 127 if it does not exist. A signal that ends winshm itself gives 128 plus its number,
too.";

#[derive(Subcommand)]
pub enum Command {
    Ls(Ls),
    Show(Show),
    Dump(Dump),
    Load(Load),
    Watch(Watch),
    Create(Create),
    Set(Set),
    Reset(Reset),
    Pulse(Pulse),
    Release(Release),
    Acquire(Acquire),
    Wait(Wait),
    Clean(Clean),
    Doctor(Doctor),
    Generate(Generate),
}
