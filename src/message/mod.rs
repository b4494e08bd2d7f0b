//! Messages with inserts, as FormatMessage makes them.
//!
//! ```text
//! format   reads a template, escape by escape
//! insert   writes an argument
//! spec     what stands between the exclamation marks of an insert
//! layout   lines of a largest width
//! system   the texts of error codes
//! ```

#![forbid(unsafe_code)]

pub mod format;
pub mod insert;
mod layout;
mod spec;
pub mod system;

pub use layout::Width;

/// Longer texts, widths and precisions are refused, as Windows does: its buffers
/// have 64 KiB.
pub const LONGEST: usize = 0xffff;
