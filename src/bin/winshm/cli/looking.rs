//! Subcommands that look at what is there.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// List the objects that exist, with their state and who has them open
#[derive(Args)]
pub struct Ls {
    /// Also list POSIX and System V shared memory
    #[arg(long)]
    pub all: bool,
    /// Print JSON instead of a table; its fields stay as they are
    #[arg(long)]
    pub json: bool,
    /// Print the table again and again, until interrupted
    #[arg(long, conflicts_with = "json")]
    pub watch: bool,
}

/// Show everything about one object, and who has it open
#[derive(Args)]
pub struct Show {
    /// The name of the object
    pub name: String,
    /// Print JSON; its fields stay as they are
    #[arg(long)]
    pub json: bool,
}

/// Remove what dead processes left behind
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
