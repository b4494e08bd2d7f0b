//! Security identifiers: who somebody is.
//!
//! On Linux a process has a user and a group, and root may do anything. The
//! well-known identifiers that say one of these, everybody, or somebody who does not
//! exist here, are the `Principal`s; of all others nobody could say who is meant.

use crate::error::Error;

/// The most sub-authorities that an identifier has.
pub const MOST_PARTS: usize = 15;

const REVISION: u8 = 1;

/// Bytes of an identifier before its sub-authorities.
pub const HEAD: usize = 8;

/// An identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Sid {
    /// 48 bits.
    authority: u64,
    count: u8,
    parts: [u32; MOST_PARTS],
}

/// Whom an identifier means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Principal {
    /// The object's owner.
    Owner,
    /// The object's group.
    Group,
    /// Root: the system and its administrators.
    Root,
    Everyone,
    /// A kind of user that Linux does not have.
    Nobody,
    /// One user.
    User(u32),
    Unknown,
}

pub const EVERYONE: Sid = Sid::new(1, &[0]);
pub const CREATOR_OWNER: Sid = Sid::new(3, &[0]);
pub const CREATOR_GROUP: Sid = Sid::new(3, &[1]);

/// How long an identifier with so many sub-authorities is.
pub const fn length(parts: u8) -> usize {
    HEAD + 4 * parts as usize
}

impl Sid {
    /// At most `MOST_PARTS`.
    pub const fn new(authority: u64, parts: &[u32]) -> Sid {
        let mut sid = Sid { authority, count: parts.len() as u8, parts: [0; MOST_PARTS] };
        let mut index = 0;
        while index < parts.len() {
            sid.parts[index] = parts[index];
            index += 1;
        }
        sid
    }

    /// A user of this system, as Samba writes it.
    pub const fn of_user(user: u32) -> Sid {
        Sid::new(22, &[1, user])
    }

    fn parts(&self) -> &[u32] {
        &self.parts[..usize::from(self.count)]
    }

    pub fn length(&self) -> usize {
        length(self.count)
    }

    /// The number of bytes of the identifier that begins so.
    pub fn length_at(head: &[u8]) -> Result<usize, Error> {
        match head {
            [REVISION, count, ..] if usize::from(*count) <= MOST_PARTS => Ok(length(*count)),
            _ => Err(Error::InvalidSid),
        }
    }

    /// The identifier at the beginning of these bytes.
    pub fn parse(bytes: &[u8]) -> Result<Sid, Error> {
        let bytes = bytes.get(..Sid::length_at(bytes)?).ok_or(Error::InvalidSid)?;
        let (head, rest) = bytes.split_at(HEAD);
        let authority = head[2..].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let mut parts = [0; MOST_PARTS];
        for (part, bytes) in parts.iter_mut().zip(rest.chunks_exact(4)) {
            *part = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
        }
        Ok(Sid { authority, count: head[1], parts })
    }

    pub fn write(&self, to: &mut Vec<u8>) {
        to.extend([REVISION, self.count]);
        to.extend(&self.authority.to_be_bytes()[2..]);
        self.parts().iter().for_each(|part| to.extend(part.to_le_bytes()));
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.length());
        self.write(&mut bytes);
        bytes
    }

    pub fn principal(&self) -> Principal {
        const BUILTIN: u32 = 32;
        match (self.authority, self.parts()) {
            // Everyone, authenticated users, users.
            (1, [0]) | (5, [11] | [BUILTIN, 545]) => Principal::Everyone,
            // CREATOR OWNER, OWNER RIGHTS.
            (3, [0 | 4]) => Principal::Owner,
            (3, [1]) => Principal::Group,
            // SYSTEM, administrators.
            (5, [18] | [BUILTIN, 544]) => Principal::Root,
            // Nobody, anonymous logon, guests, application packages.
            (0, [0]) | (5, [7] | [BUILTIN, 546]) | (15, [2, ..]) => Principal::Nobody,
            (22, [1, user]) => Principal::User(*user),
            _ => Principal::Unknown,
        }
    }

    /// The level of a mandatory label.
    pub fn integrity(&self) -> Option<u32> {
        match (self.authority, self.parts()) {
            (16, [level]) => Some(*level),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADMINISTRATORS: Sid = Sid::new(5, &[32, 544]);

    #[test]
    fn bytes_are_those_of_windows() {
        assert_eq!(EVERYONE.bytes(), [1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!(ADMINISTRATORS.bytes(), [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x20, 2, 0, 0]);
        for sid in [EVERYONE, ADMINISTRATORS, Sid::of_user(1000), Sid::new((1 << 48) - 1, &[7; 15])] {
            assert_eq!(Sid::parse(&sid.bytes()), Ok(sid));
        }
    }

    #[test]
    fn what_is_cut_off_or_of_another_revision_is_no_identifier() {
        let bytes = ADMINISTRATORS.bytes();
        for length in 0..bytes.len() {
            assert_eq!(Sid::parse(&bytes[..length]), Err(Error::InvalidSid));
        }
        assert_eq!(Sid::parse(&[2, 0, 0, 0, 0, 0, 0, 1]), Err(Error::InvalidSid));
        assert_eq!(Sid::parse(&[&[1, 16][..], &[0; 70]].concat()), Err(Error::InvalidSid));
    }

    #[test]
    fn only_what_linux_can_mean_is_known() {
        assert_eq!(ADMINISTRATORS.principal(), Principal::Root);
        assert_eq!(Sid::of_user(7).principal(), Principal::User(7));
        // Interactive users; a domain's administrator; almost Everyone.
        for sid in
            [Sid::new(5, &[4]), Sid::new(5, &[21, 1, 2, 3, 500]), Sid::new(1, &[0, 0]), Sid::new(1, &[])]
        {
            assert_eq!(sid.principal(), Principal::Unknown);
        }
    }
}
