//! Subcommands that make objects, signal them and wait for them.

use super::values::{duration, mode, period, size};
use clap::{Args, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// Make an object, and keep it while a command runs
///
/// An object exists as long as a process has it open. With `-- COMMAND` it is kept as long as
/// the command runs; without one until a signal comes (Ctrl-C) or standard input ends, if that is
/// a terminal or a pipe; with --detach in the background until `kill`. Posix\ and SysV\ segments
/// stay without that: it returns at once.
///
/// If an object of the name exists, it is opened instead, and the options of a new one have no
/// effect. The first line of output is `created NAME` or `opened NAME`.
#[derive(Args)]
pub struct Create {
    #[command(subcommand)]
    pub kind: Kind,
}

#[derive(Subcommand)]
pub enum Kind {
    /// Shared memory
    Section {
        /// The name
        name: String,
        /// Bytes: 4096, 0x1000, 64K, 1M, 2G; with --file it may be left out
        #[arg(value_parser = size, required_unless_present = "file", allow_negative_numbers = true)]
        size: Option<u64>,
        /// The contents of this file instead of memory; it is made if it does not exist
        #[arg(long)]
        file: Option<PathBuf>,
        /// Who opens it can only read it (PAGE_READONLY); of memory, all bytes stay 0
        #[arg(long)]
        read_only: bool,
        /// Take no memory before it is committed (SEC_RESERVE)
        #[arg(long, conflicts_with = "file")]
        reserve: bool,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// A flag that threads wait for
    Event {
        /// The name
        name: String,
        /// It stays set until it is reset; without this the first waiter resets it
        #[arg(long)]
        manual: bool,
        /// It is set from the beginning
        #[arg(long)]
        set: bool,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// A lock that one thread at a time owns
    Mutex {
        /// The name
        name: String,
        /// The command begins as its owner; if somebody else has made it, wait for it
        #[arg(long, requires = "command", conflicts_with = "detach")]
        owned: bool,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// A count that waits take from
    Semaphore {
        /// The name
        name: String,
        /// The count at the beginning
        #[arg(value_parser = clap::value_parser!(i32).range(0..), allow_negative_numbers = true)]
        count: i32,
        /// The largest count
        #[arg(value_parser = clap::value_parser!(i32).range(1..), allow_negative_numbers = true)]
        max: i32,
        #[command(flatten)]
        keeping: Keeping,
    },
    /// A flag that is set at a time
    Timer {
        /// The name
        name: String,
        /// It stays signalled until it is set anew; without this the first waiter resets it
        #[arg(long)]
        manual: bool,
        /// Set it: it fires after this time
        #[arg(long, value_parser = duration, value_name = "TIME")]
        due: Option<Duration>,
        /// It fires again and again, after this time
        #[arg(long, value_parser = period, value_name = "TIME", requires = "due")]
        period: Option<Duration>,
        #[command(flatten)]
        keeping: Keeping,
    },
}

/// What is the same for all kinds.
#[derive(Args)]
pub struct Keeping {
    /// Fail if an object of that name exists
    #[arg(long)]
    pub new: bool,
    /// Who may use it, in Windows' security descriptor definition language: what a program would say
    #[arg(long, conflicts_with = "mode")]
    pub sddl: Option<String>,
    /// Who may use it, as permission bits: 0600, 0660, 0666; of sections also 0644. Other users only
    /// reach names of Global\, Posix\ and SysV\; a mode that cannot be kept is refused
    #[arg(long, value_parser = mode)]
    pub mode: Option<u32>,
    /// Keep it in the background; the second line of output is `pid NUMBER`
    #[arg(long, conflicts_with = "command")]
    pub detach: bool,
    /// Keep it while this command runs, and exit as it does
    #[arg(last = true)]
    pub command: Vec<OsString>,
}

/// Set an event, or a timer
#[derive(Args)]
pub struct Set {
    /// The name of the event or timer
    pub name: String,
    /// Of a timer: it fires after this time
    #[arg(long, value_parser = duration, value_name = "TIME")]
    pub due: Option<Duration>,
    /// Of a timer: then it fires again and again, after this time
    #[arg(long, value_parser = period, value_name = "TIME", requires = "due")]
    pub period: Option<Duration>,
    /// Of a timer: it does not fire any more
    #[arg(long, conflicts_with_all = ["due", "period"])]
    pub cancel: bool,
}

/// Reset an event: waits for it wait again
#[derive(Args)]
pub struct Reset {
    /// The name of the event
    pub name: String,
}

/// Release who waits for an event at this moment (PulseEvent)
///
/// All of them if it is a manual-reset event, else one. The event is not set afterwards. Who is
/// just about to wait misses it, as on Windows.
#[derive(Args)]
pub struct Pulse {
    /// The name of the event
    pub name: String,
}

/// Add to the count of a semaphore
///
/// Prints the count before. A mutex can only be released by its owner: `winshm acquire` does so
/// when its command ends.
#[derive(Args)]
pub struct Release {
    /// The name of the semaphore
    pub name: String,
    /// How much to add
    #[arg(default_value = "1", value_parser = clap::value_parser!(i32).range(1..))]
    #[arg(allow_negative_numbers = true)]
    pub count: i32,
}

/// Wait for a mutex or semaphore, and hold it while a command runs
///
/// A mutex is released when the command ends, also when it is killed: like flock(1). A semaphore
/// gets its count back then; without a command the count is taken and `winshm release` gives it
/// back.
///
/// Signals are passed on to the command, and what is held is held until it has ended. If winshm is
/// killed by SIGKILL, the command gets SIGTERM, and the mutex is abandoned; the count of a semaphore
/// is lost then. A command that gets an abandoned mutex is told so: WINSHM_ABANDONED is 1 in its
/// environment, else not set.
#[derive(Args)]
pub struct Acquire {
    /// The name of the mutex or semaphore
    pub name: String,
    /// Give up after this time: 500ms, 1.5s, 2m; 0: at once
    #[arg(long, short, value_parser = duration, value_name = "TIME", allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
    /// Hold it while this command runs, and exit as it does
    #[arg(last = true)]
    pub command: Vec<OsString>,
}

/// Wait until an object is signalled
///
/// Prints the name that ended the wait. An auto-reset event, a timer and a semaphore are taken as
/// by WaitForMultipleObjects; a mutex is released at once.
#[derive(Args)]
pub struct Wait {
    /// The names of up to 64 events, mutexes, semaphores and timers
    #[arg(required = true, num_args = 1..=64)]
    pub names: Vec<String>,
    /// Wait until all of them are signalled at the same time
    #[arg(long)]
    pub all: bool,
    /// Give up after this time: 500ms, 1.5s, 2m; 0: only look
    #[arg(long, short, value_parser = duration, value_name = "TIME", allow_negative_numbers = true)]
    pub timeout: Option<Duration>,
}
