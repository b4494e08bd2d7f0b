//! Security descriptors as texts and as bytes.

use super::Numbers;
use crate::consts::*;
use crate::security::acl::{self, Ace};
use crate::security::descriptor::Descriptor;
use crate::security::sddl;
use crate::security::sid::Sid;
use crate::security::wishes::{self, Mode, Wish};

/// What a text describes is well-formed, and its bytes say the same.
pub fn text(input: &[u8]) {
    let Ok(descriptor) = sddl::parse(&String::from_utf8_lossy(input)) else { return };
    assert_eq!(descriptor.check(), Ok(()));
    let _ = descriptor.audience(0);
    let bytes = descriptor.self_relative();
    let offset = |part: usize| {
        let bytes = bytes[4 + 4 * part..].first_chunk().copied().unwrap_or_default();
        Some(u32::from_le_bytes(bytes) as usize).filter(|offset| *offset != 0)
    };
    let sid_at = |part| offset(part).and_then(|offset| Sid::parse(&bytes[offset..]).ok());
    let list_at = |part| {
        let from = &bytes[offset(part)?..];
        Some(from[..acl::length_at(from).ok()?].to_vec())
    };
    let read = Descriptor {
        control: u16::from_le_bytes([bytes[2], bytes[3]]) & !SE_SELF_RELATIVE,
        owner: sid_at(0),
        group: sid_at(1),
        system_list: list_at(2),
        list: list_at(3),
    };
    assert_eq!(read, descriptor);
}

/// Bytes that are a list are the list of its entries; what is added to it is in it.
pub fn binary(input: &[u8]) {
    if let Ok(sid) = Sid::parse(input) {
        assert_eq!(sid.bytes(), input[..sid.length()]);
        let _ = (sid.principal(), sid.integrity());
    }
    let entries = acl::parse(input);
    assert!(entries.is_err() || acl::check(input).is_ok());
    let Ok(entries) = entries else { return };
    let written = acl::bytes(&entries).expect("no longer than what it was read from");
    assert!(written.len() <= input.len());
    assert_eq!(acl::parse(&written).as_ref(), Ok(&entries));
    let _ = (acl::granted(&entries, 0), acl::check_system_list(&entries));
    let mut numbers = Numbers(&input[acl::length_at(input).unwrap_or(0).min(input.len())..]);
    let mode = [Mode::Grant, Mode::Set, Mode::Deny, Mode::Revoke][usize::from(numbers.one()) % 4];
    let sid = Sid::new(numbers.eight() & 0xffff_ffff_ffff, &[numbers.eight() as u32]);
    let wish = Wish { mode, mask: numbers.eight() as u32, flags: numbers.one(), sid };
    let more = wishes::apply(&entries, &[wish]);
    assert!(more.len() <= 2 * entries.len() + 2);
    assert_eq!(mode == Mode::Set, more.iter().any(|entry| entry.sid == sid) && mode == Mode::Set);
    append(input, &Ace { kind: ACCESS_ALLOWED_ACE_TYPE, flags: 0, mask: wish.mask, sid }, &entries);
}

fn append(list: &[u8], entry: &Ace, before: &[Ace]) {
    let list = &list[..acl::length_at(list).expect("it was parsed")];
    let Ok(more) = acl::append(list, ACL_REVISION, entry) else { return };
    let mut changed = list.to_vec();
    changed[more.offset..more.offset + more.entry.len()].copy_from_slice(&more.entry);
    changed[..acl::HEAD].copy_from_slice(&more.head);
    assert_eq!(changed.len(), list.len());
    assert_eq!(acl::parse(&changed), Ok([before, &[*entry]].concat()));
}
