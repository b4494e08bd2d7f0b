//! Security descriptors as text, for example `O:SYG:SYD:P(A;;GA;;;SY)(A;;GR;;;WD)`.

use super::acl::{self, Ace};
use super::descriptor::Descriptor;
use super::sddl_words::{FLAGS, KINDS, LABEL_RIGHTS, OF_A_DOMAIN, RIGHTS, SIDS};
use super::sid::{MOST_PARTS, Sid};
use crate::consts::*;
use crate::error::Error;

/// What stands before the entries of a list.
struct ListFlags {
    protected: u16,
    inherit_requested: u16,
    inherited: u16,
}

const DACL_FLAGS: ListFlags = ListFlags {
    protected: SE_DACL_PROTECTED,
    inherit_requested: SE_DACL_AUTO_INHERIT_REQ,
    inherited: SE_DACL_AUTO_INHERITED,
};
const SACL_FLAGS: ListFlags = ListFlags {
    protected: SE_SACL_PROTECTED,
    inherit_requested: SE_SACL_AUTO_INHERIT_REQ,
    inherited: SE_SACL_AUTO_INHERITED,
};

/// The descriptor that a text describes.
pub fn parse(text: &str) -> Result<Descriptor, Error> {
    // Blanks mean nothing.
    let text: String = text.chars().filter(|character| !character.is_ascii_whitespace()).collect();
    let mut descriptor = Descriptor::default();
    let mut seen = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (part, after) = rest.split_once(':').ok_or(Error::InvalidParameter)?;
        if seen.contains(&part) {
            return Err(Error::InvalidParameter);
        }
        seen.push(part);
        let end = next_part(after);
        let (value, next) = after.split_at(end);
        match part {
            "O" => descriptor.owner = Some(sid(value)?),
            "G" => descriptor.group = Some(sid(value)?),
            "D" => {
                let (flags, list) = list(value, &DACL_FLAGS)?;
                descriptor.control |= flags | SE_DACL_PRESENT;
                descriptor.list = list;
            }
            "S" => {
                let (flags, list) = list(value, &SACL_FLAGS)?;
                descriptor.control |= flags | SE_SACL_PRESENT;
                descriptor.system_list = list;
            }
            _ => return Err(Error::InvalidParameter),
        }
        rest = next;
    }
    Ok(descriptor)
}

/// Where the next part begins: at the letter before the next colon.
fn next_part(text: &str) -> usize {
    let Some(colon) = text.find(':') else { return text.len() };
    text[..colon].char_indices().last().map_or(0, |(letter, _)| letter)
}

/// An identifier: two letters, or in full.
fn sid(text: &str) -> Result<Sid, Error> {
    if let Some((_, sid)) = SIDS.iter().find(|(name, _)| *name == text) {
        return Ok(*sid);
    }
    if OF_A_DOMAIN.contains(&text) {
        return Err(Error::NoneMapped);
    }
    full_sid(text).ok_or(Error::InvalidSid)
}

fn full_sid(text: &str) -> Option<Sid> {
    let (authority, rest) = text.strip_prefix("S-1-")?.split_once('-')?;
    let authority = number(authority).filter(|authority| *authority < 1 << 48)?;
    let parts: Option<Vec<u32>> = rest.split('-').map(|part| u32::try_from(number(part)?).ok()).collect();
    parts.filter(|parts| parts.len() <= MOST_PARTS).map(|parts| Sid::new(authority, &parts))
}

/// As C writes numbers: 0x for hexadecimal, 0 for octal.
fn number(text: &str) -> Option<u64> {
    let is_number = text.starts_with(|first: char| first.is_ascii_digit());
    let (digits, radix) = match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => (digits, 16),
        None if text.len() > 1 && text.starts_with('0') => (&text[1..], 8),
        None => (text, 10),
    };
    // `from_str_radix` would take a sign.
    let all_digits = digits.chars().all(|digit| digit.is_digit(radix));
    if is_number && all_digits { u64::from_str_radix(digits, radix).ok() } else { None }
}

type List = (u16, Option<Vec<u8>>);

/// A list: its flags, then its entries. None: no list is one that lets all do all.
fn list(text: &str, names: &ListFlags) -> Result<List, Error> {
    const NO_LIST: &str = "NO_ACCESS_CONTROL";
    let (mut before, entries) = text.split_at(text.find('(').unwrap_or(text.len()));
    let mut flags = 0;
    let mut is_null = false;
    while !before.is_empty() {
        let known =
            [("P", names.protected), ("AR", names.inherit_requested), ("AI", names.inherited), (NO_LIST, 0)];
        let found = known.iter().find_map(|(name, bit)| Some((*name, *bit, before.strip_prefix(name)?)));
        let (name, bit, rest) = found.ok_or(Error::InvalidAcl)?;
        is_null |= name == NO_LIST;
        flags |= bit;
        before = rest;
    }
    if is_null && !entries.is_empty() {
        return Err(Error::InvalidAcl);
    }
    let mut aces = Vec::new();
    let mut rest = entries;
    while !rest.is_empty() {
        let (entry, after) =
            rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or(Error::InvalidAcl)?;
        aces.push(ace(entry)?);
        rest = after;
    }
    Ok((flags, if is_null { None } else { Some(acl::bytes(&aces)?) }))
}

/// `kind;flags;rights;;;identifier`.
fn ace(text: &str) -> Result<Ace, Error> {
    let fields: Vec<&str> = text.split(';').collect();
    // The empty ones would name a type of objects in a directory service.
    let [kind, flags, rights, "", "", who] = fields[..] else { return Err(Error::InvalidAcl) };
    let (_, kind) = KINDS.iter().find(|(name, _)| *name == kind).ok_or(Error::InvalidAcl)?;
    let is_label = *kind == SYSTEM_MANDATORY_LABEL_ACE_TYPE;
    let mask = match number(rights) {
        Some(mask) => u32::try_from(mask).map_err(|_| Error::InvalidAcl)?,
        None => words(rights, if is_label { LABEL_RIGHTS } else { RIGHTS })?,
    };
    let flags = words(flags, FLAGS)?;
    Ok(Ace { kind: *kind, flags, mask, sid: sid(who)? })
}

/// The sum of words of two letters.
fn words<N: Copy + Default + std::ops::BitOr<Output = N>>(
    text: &str,
    table: &[(&str, N)],
) -> Result<N, Error> {
    let mut sum = N::default();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, after) = rest.split_at_checked(2).ok_or(Error::InvalidAcl)?;
        let (_, value) = table.iter().find(|(name, _)| *name == word).ok_or(Error::InvalidAcl)?;
        sum = sum | *value;
        rest = after;
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Taken from Windows' documentation and from other implementations' answers.
    #[test]
    fn texts_become_the_bytes_that_they_mean() {
        let expected: &[(&str, &[u8])] = &[
            ("", &[1, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            ("D:", &[1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 2, 0, 8, 0, 0, 0, 0, 0]),
            (
                "O:WD",
                &[
                    1, 0, 0, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1,
                    0, 0, 0, 0,
                ],
            ),
            (
                "D:P(A;OICI;GRGW;;;WD)",
                &[
                    1, 0, 4, 0x90, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 2, 0, 28, 0, 1, 0, 0, 0,
                    0, 3, 20, 0, 0, 0, 0, 0xc0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
                ],
            ),
        ];
        for (text, bytes) in expected {
            assert_eq!(
                parse(text).map(|descriptor| descriptor.self_relative()),
                Ok(bytes.to_vec()),
                "{text}"
            );
        }
    }

    #[test]
    fn all_four_parts_are_told_apart() {
        let descriptor = parse("O:BAG:SYD:(A;;GA;;;WD)S:(ML;;NW;;;LW)").unwrap();
        assert_eq!(descriptor.owner, Some(Sid::new(5, &[32, 544])));
        assert_eq!(descriptor.group, Some(Sid::new(5, &[18])));
        assert_eq!(acl::parse(&descriptor.list.unwrap()).unwrap()[0].mask, GENERIC_ALL);
        assert_eq!(acl::parse(&descriptor.system_list.unwrap()).unwrap()[0].kind, 0x11);
        assert_eq!(parse("D:NO_ACCESS_CONTROL").unwrap().list, None);
    }

    #[test]
    fn rights_are_words_or_a_number_as_c_writes_it() {
        let mask = |rights: &str| {
            let parsed = parse(&format!("D:(A;;{rights};;;WD)"))?;
            Ok::<_, Error>(acl::parse(&parsed.list.unwrap()).unwrap()[0].mask)
        };
        assert_eq!(mask("GRGWGX"), Ok(GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE));
        assert_eq!(
            [mask("0x1F0003"), mask("017"), mask("15"), mask("")],
            [Ok(0x1f_0003), Ok(15), Ok(15), Ok(0)]
        );
        for wrong in ["ga", "G", "GAG", "QQ", "NW", "0x100000000", "-1", "+1", "0x", "08", "GA|GR"] {
            assert_eq!(mask(wrong), Err(Error::InvalidAcl), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_a_descriptor_is_refused() {
        let refused = [
            ("garbage", Error::InvalidParameter),
            ("X:(A;;GA;;;WD)", Error::InvalidParameter),
            ("d:(A;;GA;;;WD)", Error::InvalidParameter),
            ("D:(A;;GA;;;WD)D:(A;;GA;;;WD)", Error::InvalidParameter),
            ("D:(A;;GA;;;WD)x", Error::InvalidAcl),
            ("D:A;;GA;;;WD)", Error::InvalidAcl),
            ("D:(A;;GA;;;WD", Error::InvalidAcl),
            ("D:(A;;GA;;WD)", Error::InvalidAcl),
            ("D:()", Error::InvalidAcl),
            ("D:(OA;;GA;;;WD)", Error::InvalidAcl),
            ("D:(A;XX;GA;;;WD)", Error::InvalidAcl),
            ("D:NO_ACCESS_CONTROL(A;;GA;;;WD)", Error::InvalidAcl),
            ("D:(A;;GA;;;XX)", Error::InvalidSid),
            ("D:(A;;GA;;;wd)", Error::InvalidSid),
            ("D:(A;;GA;;;S-1-1)", Error::InvalidSid),
            ("D:(A;;GA;;;S-2-1-0)", Error::InvalidSid),
            ("D:(A;;GA;;;S-1-1-4294967296)", Error::InvalidSid),
            ("D:(A;;GA;;;S-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1)", Error::InvalidSid),
            ("O:", Error::InvalidSid),
            ("D:(A;;GA;;;LA)", Error::NoneMapped),
        ];
        for (text, error) in refused {
            assert_eq!(parse(text), Err(error), "{text}");
        }
        // Whatever is cut off where is an answer, not a panic.
        let whole = "O:S-1-5-18G:BAD:PAI(A;OICI;0x1f;;;WD)S:(ML;;NW;;;LW)\u{e9}:\u{1f600}:::";
        for (end, _) in whole.char_indices() {
            let _ = parse(&whole[..end]);
        }
    }
}
