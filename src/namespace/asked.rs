//! What somebody asks of an object that he opens, and whether he may have it.

use super::layout::Header;
use crate::error::Error;
use crate::sys::file::FileStatus;
use crate::sys::process;

#[derive(Clone, Copy)]
pub struct Asked {
    /// Whether he may have it of such an object, if there is one.
    pub permitted: Result<(), Error>,
    /// By what he may have a closed object.
    pub claim: Claim,
    /// Whether he is to write to the data.
    pub writes: bool,
}

/// What opens a closed object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    Nothing,
    /// No more is asked for than the owner always can have.
    IfOwner,
    /// A handle that was inherited.
    Inherited,
}

impl Asked {
    pub const PERMITTED: Asked = Asked { permitted: Ok(()), claim: Claim::Nothing, writes: false };
    pub const INHERITED: Asked = Asked { claim: Claim::Inherited, ..Asked::PERMITTED };

    /// Whether he may have it of a closed object.
    pub fn check_closed(&self, status: &FileStatus) -> Result<(), Error> {
        let is_granted = match self.claim {
            Claim::Nothing => false,
            Claim::IfOwner => status.owner == process::effective_user(),
            Claim::Inherited => true,
        };
        if is_granted { Ok(()) } else { Err(Error::AccessDenied) }
    }

    /// Whether he may have it of an object whose file he can only read. A state is
    /// written by all who use it, a record by nobody.
    pub fn check_read_only(&self, header: &Header) -> Result<(), Error> {
        let needs_more = header.kind.has_state() || self.writes && !header.has_record();
        if needs_more { Err(Error::AccessDenied) } else { Ok(()) }
    }
}
