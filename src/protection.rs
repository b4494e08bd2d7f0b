//! Page protection, in the library's own terms.

#![forbid(unsafe_code)]

/// What may be done with the pages of a section, a view or an allocation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Protection {
    pub data: Data,
    pub execute: bool,
}

/// What may be done with the bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Data {
    None,
    Read,
    /// Reading; a written page becomes private.
    Copy,
    Write,
}

impl Protection {
    pub const NO_ACCESS: Protection = Protection::new(Data::None, false);
    pub const READ: Protection = Protection::new(Data::Read, false);
    pub const READ_WRITE: Protection = Protection::new(Data::Write, false);
    pub const COPY: Protection = Protection::new(Data::Copy, false);

    pub const fn new(data: Data, execute: bool) -> Protection {
        Protection { data, execute }
    }
}

/// How the processor should cache the pages. Linux decides this itself; it is
/// only remembered, for those who ask.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Caching {
    Normal,
    Uncached,
    WriteCombined,
}
