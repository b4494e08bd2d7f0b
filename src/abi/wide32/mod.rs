//! The ...W functions for callers whose `wchar_t` has 32 bits. The header binds
//! their ...W declarations to these symbols, so these files are no sections of it.
#![expect(missing_docs, reason = "documented at the 16-bit functions")]

pub mod create_process;
pub mod file;
pub mod message;
pub mod module;
pub mod objects;
pub mod security;
pub mod text;
