//! Subcommands that look at what is there.

use super::values::duration;
use clap::{Args, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

/// List the objects that exist, with their state and who has them open
///
/// These are the objects of this user and those of `Global\`. A name that a terminal cannot
/// show is written with escapes like \u{1b}, which all subcommands take back.
///
/// HELD BY lists processes with a handle as `program[pid]`; `view` means that one has only
/// mapped the section. Of another user's processes only root sees what they have open.
#[derive(Args)]
pub struct Ls {
    /// Only objects whose name fits; `*` and `?` are wildcards, and the prefix may be left out
    #[arg(value_name = "PATTERN")]
    pub patterns: Vec<String>,
    /// Also list POSIX and System V shared memory
    #[arg(long, short)]
    pub all: bool,
    /// Only objects of this kind; may be given several times
    #[arg(long, short, value_enum, value_name = "KIND")]
    pub kind: Vec<ListedKind>,
    /// What the list is ordered by
    #[arg(long, short, value_enum, default_value = "name", value_name = "COLUMN")]
    pub sort: Order,
    /// The other way round
    #[arg(long, short)]
    pub reverse: bool,
    /// Print JSON instead of a table; its fields stay as they are
    #[arg(long)]
    pub json: bool,
    /// Print the list again and again, until interrupted; of JSON one line each time
    #[arg(long, short)]
    pub watch: bool,
    /// The time between two lists: 500ms, 2s, 1m
    #[arg(long, short, value_parser = duration, default_value = "2s", value_name = "TIME", requires = "watch")]
    pub interval: Duration,
    /// End after so many lists
    #[arg(long, short = 'n', value_parser = clap::value_parser!(u64).range(1..), requires = "watch")]
    pub count: Option<u64>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum ListedKind {
    Section,
    Event,
    Mutex,
    Semaphore,
    Timer,
    /// POSIX shared memory and semaphores; implies --all
    Posix,
    /// System V shared memory; implies --all
    Sysv,
    /// Files that do not tell what they are
    Unknown,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Order {
    Name,
    Kind,
    /// The largest first
    Size,
    /// The newest first
    Age,
    /// Those that most processes hold first
    Holders,
}

/// Show everything about one object, and who has it open
///
/// For named objects, for `Posix\name` and `SysV\0x4d2`, and for `SysV\#ID`, a segment without
/// a key. Looks at the object's file and opens nothing: nobody notices, and a name that is
/// about to go, goes.
#[derive(Args)]
pub struct Show {
    /// The name of the object, also with escapes like \u{1b}
    pub name: OsString,
    /// Print JSON; its fields stay as they are
    #[arg(long)]
    pub json: bool,
}

/// Remove what dead processes left behind
///
/// A name goes with its last handle, also when a process is killed: whoever comes next
/// removes the file that it left. This does so at once, in all of this user's directories.
/// What a living process has open is never touched, and POSIX and System V segments are not
/// either.
#[derive(Args)]
pub struct Clean {
    /// Only say what would be removed
    #[arg(long, short = 'n')]
    pub dry_run: bool,
}

/// Check what winshm needs of this system, and say what follows from each
#[derive(Args)]
pub struct Doctor {
    /// Print JSON; its fields stay as they are
    #[arg(long)]
    pub json: bool,
}

/// Write the man pages or the shell completions, for packages
#[derive(Args)]
#[command(hide = true)]
pub struct Generate {
    #[command(subcommand)]
    pub what: Generated,
}

#[derive(Subcommand)]
pub enum Generated {
    /// Man pages: winshm.1 and one of each subcommand
    Man {
        /// The folder to write them to
        folder: PathBuf,
    },
    /// Completions for bash, zsh and fish
    Completions {
        /// The folder to write them to
        folder: PathBuf,
    },
}
