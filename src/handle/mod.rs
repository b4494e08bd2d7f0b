//! Handles: numbers that refer to objects, with the rights granted to each.
//!
//! ```text
//! number  ->  slot { word, entry }  ->  Entry { open handles, object }
//! ```
//!
//! A look-up takes no lock and writes nothing shared: the caller is marked (see
//! `mark`), and what a marked thread finds is not freed.
//!
//! An object has two counts. *Handles* keep its name: when the last one closes,
//! the name goes before CloseHandle returns. *References* (of `Arc`) keep its
//! memory: one per handle, given back when no thread can be inside any more,
//! and one per `Pinned`.

mod number;
mod reclaim;
#[cfg(test)]
mod stress;
mod table;

pub use number::{Flags, Handle, place};
pub use table::{Entry, HandleTable, Holding, Object, Pinned, Ref};
