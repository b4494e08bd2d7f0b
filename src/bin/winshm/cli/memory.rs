//! Subcommands for the bytes of sections.

use super::values::{duration, offset, size};
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

/// Which bytes of a section.
#[derive(Args)]
pub struct Range {
    /// Where to begin, in bytes: 4096, 0x1000, 4K
    #[arg(long, short, value_parser = offset, default_value = "0", value_name = "BYTES")]
    #[arg(allow_negative_numbers = true)]
    pub offset: u64,
    /// How many bytes; without it, up to the end
    #[arg(long, short, value_parser = size, value_name = "BYTES", allow_negative_numbers = true)]
    pub length: Option<u64>,
}

/// Print the bytes of a section
///
/// In hexadecimal, as hexdump -C has it: a `*` stands for lines like the one before. Up to 64M are
/// read at once: what programs write with SharedMemoryWrite is seen whole; what others write at
/// the same time may be half there.
///
/// If a writer died in the middle of these bytes they are printed, and the exit code is 1.
#[derive(Args)]
pub struct Dump {
    /// The name of the section
    pub name: String,
    #[command(flatten)]
    pub range: Range,
    /// Offsets, hexadecimal and characters; this is the default
    #[arg(long, conflicts_with = "raw")]
    pub hex: bool,
    /// The bytes as they are, into a file or a pipe
    #[arg(long)]
    pub raw: bool,
}

/// Write a file into a section
///
/// All of it, as one SharedMemoryWrite: readers by SharedMemoryRead get all or nothing of it (not
/// of a section of a file, which these functions do not know). What does not fit is refused, and
/// nothing is written.
#[derive(Args)]
pub struct Load {
    /// The name of the section
    pub name: String,
    /// The file; `-` is standard input
    pub file: PathBuf,
    /// Where to begin in the section, in bytes: 4096, 0x1000, 4K
    #[arg(long, short, value_parser = offset, default_value = "0", value_name = "BYTES")]
    #[arg(allow_negative_numbers = true)]
    pub offset: u64,
}

/// Show the bytes of a section as they change
///
/// On a terminal a hexadecimal view that follows the section; bytes that changed since the last
/// picture are highlighted. Into a file or a pipe the first picture is printed whole, and of the
/// others the lines that changed.
///
/// It ends with Ctrl-C, or with exit code 3 when the section is gone: watching keeps nothing alive.
#[derive(Args)]
pub struct Watch {
    /// The name of the section
    pub name: String,
    #[command(flatten)]
    pub range: Range,
    /// The time between two pictures: 500ms, 2s, 1m
    #[arg(long, short, value_parser = duration, default_value = "500ms", value_name = "TIME")]
    pub interval: Duration,
    /// End after so many pictures
    #[arg(long, short = 'n', value_parser = clap::value_parser!(u64).range(1..))]
    pub count: Option<u64>,
}
