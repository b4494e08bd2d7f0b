//! Access control lists: their bytes, and what they grant here.

use super::sid::{HEAD as SID_HEAD, Principal, Sid};
use crate::consts::*;
use crate::error::Error;

/// One entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ace {
    pub kind: u8,
    pub flags: u8,
    pub mask: u32,
    pub sid: Sid,
}

/// Bytes of a list before its entries.
pub const HEAD: usize = 8;

/// Bytes of an entry before its identifier.
const ACE_HEAD: usize = 8;

/// The entries of these kinds have a mask and an identifier. Others are refused.
fn is_simple(kind: u8) -> bool {
    matches!(
        kind,
        ACCESS_ALLOWED_ACE_TYPE
            | ACCESS_DENIED_ACE_TYPE
            | SYSTEM_AUDIT_ACE_TYPE
            | SYSTEM_MANDATORY_LABEL_ACE_TYPE
    )
}

pub fn is_revision(revision: u32) -> bool {
    (u32::from(ACL_REVISION)..=u32::from(ACL_REVISION_DS)).contains(&revision)
}

/// How many bytes the list has that begins so.
pub fn length_at(head: &[u8]) -> Result<usize, Error> {
    match head {
        [revision, _, low, high, ..] if is_revision((*revision).into()) => {
            let length = usize::from(u16::from_le_bytes([*low, *high]));
            if length < HEAD { Err(Error::InvalidAcl) } else { Ok(length) }
        }
        _ => Err(Error::InvalidAcl),
    }
}

/// The entries of a list as raw bytes, and where the last one ends. Behind it a list
/// may have room for more.
fn raw_entries(list: &[u8]) -> Result<(Vec<&[u8]>, usize), Error> {
    let list = list.get(..length_at(list)?).ok_or(Error::InvalidAcl)?;
    let count = list.get(4..6).map_or(0, |count| u16::from_le_bytes([count[0], count[1]]));
    let mut entries = Vec::new();
    let mut end = HEAD;
    for _ in 0..count {
        let Some([_, _, low, high, ..]) = list.get(end..) else { return Err(Error::InvalidAcl) };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        if length < 4 || length % 4 != 0 {
            return Err(Error::InvalidAcl);
        }
        entries.push(list.get(end..end + length).ok_or(Error::InvalidAcl)?);
        end += length;
    }
    Ok((entries, end))
}

/// Whether a list is well-formed, whatever its entries are.
pub fn check(list: &[u8]) -> Result<(), Error> {
    for entry in raw_entries(list)?.0 {
        if is_simple(entry[0]) {
            parse_entry(entry)?;
        }
    }
    Ok(())
}

/// The entries of a list. InvalidSecurity: one is of a kind that cannot be expressed.
pub fn parse(list: &[u8]) -> Result<Vec<Ace>, Error> {
    raw_entries(list)?.0.into_iter().map(parse_entry).collect()
}

fn parse_entry(entry: &[u8]) -> Result<Ace, Error> {
    if !is_simple(entry[0]) {
        return Err(Error::InvalidSecurity);
    }
    let mask = entry.get(4..8).ok_or(Error::InvalidAcl)?;
    let sid = Sid::parse(&entry[ACE_HEAD..]).map_err(|_| Error::InvalidAcl)?;
    let mask = u32::from_le_bytes([mask[0], mask[1], mask[2], mask[3]]);
    Ok(Ace { kind: entry[0], flags: entry[1], mask, sid })
}

impl Ace {
    fn length(&self) -> usize {
        ACE_HEAD + self.sid.length()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.kind, self.flags];
        bytes.extend((self.length() as u16).to_le_bytes());
        bytes.extend(self.mask.to_le_bytes());
        self.sid.write(&mut bytes);
        bytes
    }
}

fn head(revision: u8, length: u16, count: u16) -> [u8; HEAD] {
    let ([l0, l1], [c0, c1]) = (length.to_le_bytes(), count.to_le_bytes());
    [revision, 0, l0, l1, c0, c1, 0, 0]
}

/// A list without entries, with room up to `length` bytes.
pub fn empty(revision: u8, length: u16) -> [u8; HEAD] {
    head(revision, length, 0)
}

/// The bytes of a list of these entries. InvalidAcl: it would be longer than any.
pub fn bytes(entries: &[Ace]) -> Result<Vec<u8>, Error> {
    let length = HEAD + entries.iter().map(Ace::length).sum::<usize>();
    let (Ok(length), Ok(count)) = (u16::try_from(length), u16::try_from(entries.len())) else {
        return Err(Error::InvalidAcl);
    };
    let mut bytes = head(ACL_REVISION, length, count).to_vec();
    entries.iter().for_each(|entry| bytes.extend(entry.bytes()));
    Ok(bytes)
}

/// What an entry at the end of a list changes: the head, and where to write the entry.
pub struct Appended {
    pub head: [u8; HEAD],
    pub offset: usize,
    pub entry: Vec<u8>,
}

/// Adds an entry to a list that has room for it.
pub fn append(list: &[u8], revision: u8, entry: &Ace) -> Result<Appended, Error> {
    let (entries, end) = raw_entries(list)?;
    let bytes = entry.bytes();
    let count = u16::try_from(entries.len() + 1);
    match count {
        Ok(count) if end + bytes.len() <= list.len() => {
            let head = head(list[0].max(revision), list.len() as u16, count);
            Ok(Appended { head, offset: end, entry: bytes })
        }
        _ => Err(Error::AllottedSpaceExceeded),
    }
}

/// What a list of entries grants to whom. The owner and root are not in it: what they
/// may do cannot be limited, only left unsaid.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub struct Granted {
    /// Somebody may do something.
    pub anything: bool,
    pub group: u32,
    pub everyone: u32,
}

/// The meaning of a discretionary list, for an object of this user.
pub fn granted(entries: &[Ace], user: u32) -> Result<Granted, Error> {
    let mut granted = Granted::default();
    for entry in entries {
        let principal = entry.sid.principal();
        if entry.flags & !VALID_INHERIT_FLAGS != 0 || principal == Principal::Unknown {
            return Err(Error::InvalidSecurity);
        }
        match (entry.kind, principal) {
            // For objects in a container, which this is not.
            _ if entry.flags & INHERIT_ONLY_ACE != 0 => {}
            (ACCESS_ALLOWED_ACE_TYPE | ACCESS_DENIED_ACE_TYPE, Principal::Nobody) => {}
            (ACCESS_ALLOWED_ACE_TYPE, _) => {
                match principal {
                    Principal::Everyone => granted.everyone |= entry.mask,
                    Principal::Group => granted.group |= entry.mask,
                    Principal::User(other) if other != 0 && other != user => {
                        return Err(Error::InvalidSecurity);
                    }
                    _ => {}
                }
                granted.anything |= entry.mask != 0;
            }
            // File modes deny nobody what they grant to all.
            _ => return Err(Error::InvalidSecurity),
        }
    }
    Ok(granted)
}

/// Whether a system list asks for nothing that is not so anyway: every process here
/// has the medium level, so labels up to that one keep nobody out.
pub fn check_system_list(entries: &[Ace]) -> Result<(), Error> {
    const MEDIUM: u32 = 0x2000;
    for entry in entries {
        match (entry.kind, entry.sid.integrity()) {
            (SYSTEM_MANDATORY_LABEL_ACE_TYPE, Some(0..=MEDIUM)) => {}
            (SYSTEM_AUDIT_ACE_TYPE, _) => return Err(Error::PrivilegeNotHeld),
            _ => return Err(Error::InvalidSecurity),
        }
    }
    Ok(())
}

const _: () = assert!(ACE_HEAD + SID_HEAD == 16);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::sid::{CREATOR_GROUP, CREATOR_OWNER, EVERYONE};

    fn ace(kind: u8, mask: u32, sid: Sid) -> Ace {
        Ace { kind, flags: 0, mask, sid }
    }

    fn allow(mask: u32, sid: Sid) -> Ace {
        ace(ACCESS_ALLOWED_ACE_TYPE, mask, sid)
    }

    #[test]
    fn what_was_written_is_read() {
        let entries = [allow(GENERIC_ALL, EVERYONE), ace(ACCESS_DENIED_ACE_TYPE, 7, Sid::of_user(3))];
        let list = bytes(&entries).unwrap();
        assert_eq!(list[..12], [2, 0, 52, 0, 2, 0, 0, 0, 0, 0, 20, 0]);
        assert_eq!(parse(&list), Ok(entries.to_vec()));
    }

    #[test]
    fn no_length_leads_out_of_the_list() {
        let list = bytes(&[allow(1, EVERYONE)]).unwrap();
        for (offset, value) in [(2, 27), (2, 7), (4, 2), (10, 19), (10, 24), (10, 0), (10, 16), (17, 2)] {
            let mut damaged = list.clone();
            damaged[offset] = value;
            assert_eq!(parse(&damaged), Err(Error::InvalidAcl), "{offset} {value}");
        }
        for length in 0..list.len() {
            assert_eq!(parse(&list[..length]), Err(Error::InvalidAcl));
        }
    }

    #[test]
    fn entries_are_added_until_the_room_is_used_up() {
        let mut list = vec![0; 48];
        list[..HEAD].copy_from_slice(&empty(ACL_REVISION, 48));
        for _ in 0..2 {
            let more = append(&list, ACL_REVISION, &allow(5, EVERYONE)).unwrap();
            list[..HEAD].copy_from_slice(&more.head);
            list[more.offset..][..more.entry.len()].copy_from_slice(&more.entry);
        }
        assert_eq!(parse(&list), Ok(vec![allow(5, EVERYONE); 2]));
        assert!(append(&list, ACL_REVISION, &allow(5, EVERYONE)).is_err());
    }

    #[test]
    fn only_what_a_mode_can_say_is_granted() {
        let interactive = Sid::new(5, &[4]);
        let anonymous = Sid::new(5, &[7]);
        let both = [allow(1, EVERYONE), allow(2, EVERYONE), allow(4, CREATOR_GROUP), allow(8, CREATOR_OWNER)];
        assert_eq!(granted(&both, 1), Ok(Granted { anything: true, group: 4, everyone: 3 }));
        assert_eq!(granted(&[], 1), Ok(Granted::default()));
        assert_eq!(granted(&[allow(1, anonymous)], 1), Ok(Granted::default()));
        assert_eq!(granted(&[ace(ACCESS_DENIED_ACE_TYPE, 1, anonymous)], 1), Ok(Granted::default()));
        let inherit_only = Ace { flags: INHERIT_ONLY_ACE, ..allow(1, EVERYONE) };
        assert_eq!(granted(&[inherit_only], 1), Ok(Granted::default()));
        assert_eq!(granted(&[allow(1, Sid::of_user(1))], 1).map(|granted| granted.anything), Ok(true));
        let refused = [
            allow(1, interactive),
            allow(1, Sid::of_user(2)),
            ace(ACCESS_DENIED_ACE_TYPE, 1, EVERYONE),
            ace(ACCESS_DENIED_ACE_TYPE, 1, interactive),
            ace(SYSTEM_AUDIT_ACE_TYPE, 1, EVERYONE),
            Ace { flags: 0x80, ..allow(1, EVERYONE) },
        ];
        for entry in refused {
            assert_eq!(granted(&[entry], 1), Err(Error::InvalidSecurity), "{entry:?}");
        }
    }

    #[test]
    fn a_label_above_that_of_all_processes_is_refused() {
        let label = |level| ace(SYSTEM_MANDATORY_LABEL_ACE_TYPE, 1, Sid::new(16, &[level]));
        assert_eq!(check_system_list(&[label(0x1000), label(0x2000)]), Ok(()));
        assert_eq!(check_system_list(&[label(0x3000)]), Err(Error::InvalidSecurity));
        let audit = ace(SYSTEM_AUDIT_ACE_TYPE, 1, EVERYONE);
        assert_eq!(check_system_list(&[audit]), Err(Error::PrivilegeNotHeld));
    }
}
