//! What `ls`, `show` and `clean` say of objects: `words` for people, `document` for
//! programs, `table` on a terminal of any width.

pub mod document;
pub mod pattern;
pub mod table;
pub mod time;
pub mod words;
