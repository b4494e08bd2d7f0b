//! Security descriptors: who may open an object.
//!
//! A descriptor (`descriptor`) names an owner and a group by their identifiers (`sid`)
//! and has lists of who may do what (`acl`). It may be written as text (`sddl`), and a
//! list be made of a list of wishes (`wishes`). What it says becomes an `Audience`, as
//! far as the permission bits of a file can keep the promise; all else is refused.
//!
//! Callers' memory is read elsewhere: here are bytes, none of which is trusted.

#![forbid(unsafe_code)]

pub mod acl;
pub mod descriptor;
pub mod sddl;
mod sddl_words;
pub mod sid;
pub mod wishes;

/// Whom a security descriptor lets open an object. The owner and root always may,
/// unless it is nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Nothing is said: whoever is usual for this kind of object.
    Usual,
    Owner,
    /// Others too, with these rights, generic ones among them. The group has no fewer
    /// than everyone.
    Others {
        group: u32,
        everyone: u32,
    },
    /// Only the creator, by the handle that he gets.
    Nobody,
}

/// What the file of an object says about who may open it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sharing {
    /// Permission bits.
    pub mode: u32,
    /// Nobody may, whatever the mode says. (Mode 0 would keep the owner's processes
    /// from removing what a killed one left.)
    pub is_closed: bool,
}

impl Sharing {
    pub const OWNER: Sharing = Sharing { mode: 0o600, is_closed: false };

    /// Permission bits of a file that is no object's, and says all by them.
    pub fn plain_mode(self) -> u32 {
        if self.is_closed { 0 } else { self.mode }
    }
}
