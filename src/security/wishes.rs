//! A new list made of an old one and of wishes: who is to get which rights.

use super::acl::Ace;
use super::sid::{CREATOR_GROUP, CREATOR_OWNER, EVERYONE, Sid};
use crate::consts::*;

/// What is wished for somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// These rights, beside those that he has.
    Grant,
    /// These rights and no others.
    Set,
    /// None of these rights.
    Deny,
    /// Nothing is said of him any more.
    Revoke,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wish {
    pub mode: Mode,
    pub mask: u32,
    /// How objects in a container inherit the entry: flags of an entry.
    pub flags: u8,
    pub sid: Sid,
}

/// The identifier of a name, upper and lower case alike. `user` is the calling one.
pub fn named(name: &str, user: u32) -> Option<Sid> {
    const BUILTIN: u32 = 32;
    let name = name.to_ascii_uppercase();
    Some(match name.as_str() {
        "EVERYONE" => EVERYONE,
        "CREATOR OWNER" => CREATOR_OWNER,
        "CREATOR GROUP" => CREATOR_GROUP,
        "CURRENT_USER" => Sid::of_user(user),
        "SYSTEM" | "NT AUTHORITY\\SYSTEM" => Sid::new(5, &[18]),
        "AUTHENTICATED USERS" | "NT AUTHORITY\\AUTHENTICATED USERS" => Sid::new(5, &[11]),
        "ADMINISTRATORS" | "BUILTIN\\ADMINISTRATORS" => Sid::new(5, &[BUILTIN, 544]),
        "USERS" | "BUILTIN\\USERS" => Sid::new(5, &[BUILTIN, 545]),
        "GUESTS" | "BUILTIN\\GUESTS" => Sid::new(5, &[BUILTIN, 546]),
        _ => return None,
    })
}

/// The list with all wishes granted, one after the other: what denies stands before
/// what allows, and what is new before what was there.
pub fn apply(old: &[Ace], wishes: &[Wish]) -> Vec<Ace> {
    wishes.iter().fold(old.to_vec(), apply_one)
}

fn apply_one(mut entries: Vec<Ace>, wish: &Wish) -> Vec<Ace> {
    let is_his = |entry: &Ace| {
        entry.sid == wish.sid && matches!(entry.kind, ACCESS_ALLOWED_ACE_TYPE | ACCESS_DENIED_ACE_TYPE)
    };
    let (kind, opposite) = match wish.mode {
        Mode::Set | Mode::Revoke => {
            entries.retain(|entry| !is_his(entry));
            if wish.mode == Mode::Revoke {
                return entries;
            }
            (ACCESS_ALLOWED_ACE_TYPE, ACCESS_DENIED_ACE_TYPE)
        }
        Mode::Grant => (ACCESS_ALLOWED_ACE_TYPE, ACCESS_DENIED_ACE_TYPE),
        Mode::Deny => (ACCESS_DENIED_ACE_TYPE, ACCESS_ALLOWED_ACE_TYPE),
    };
    let mut fresh = Ace { kind, flags: wish.flags, mask: wish.mask, sid: wish.sid };
    for entry in entries.iter_mut().filter(|entry| is_his(entry) && entry.flags == wish.flags) {
        if entry.kind == opposite {
            entry.mask &= !wish.mask;
        } else {
            fresh.mask |= entry.mask;
            entry.mask = 0;
        }
    }
    entries.retain(|entry| !is_his(entry) || entry.flags != wish.flags || entry.mask != 0);
    let after_denials = entries.iter().position(|entry| entry.kind != ACCESS_DENIED_ACE_TYPE);
    let place = match kind {
        ACCESS_DENIED_ACE_TYPE => 0,
        _ => after_denials.unwrap_or(entries.len()),
    };
    entries.insert(place, fresh);
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOMEBODY: Sid = Sid::of_user(1);

    fn wish(mode: Mode, mask: u32, sid: Sid) -> Wish {
        Wish { mode, mask, flags: 0, sid }
    }

    fn allowed(mask: u32, sid: Sid) -> Ace {
        Ace { kind: ACCESS_ALLOWED_ACE_TYPE, flags: 0, mask, sid }
    }

    fn denied(mask: u32, sid: Sid) -> Ace {
        Ace { kind: ACCESS_DENIED_ACE_TYPE, ..allowed(mask, sid) }
    }

    #[test]
    fn a_grant_adds_and_a_set_replaces() {
        let old = [denied(6, SOMEBODY), allowed(8, EVERYONE), allowed(1, SOMEBODY)];
        let grant = apply(&old, &[wish(Mode::Grant, 2, SOMEBODY)]);
        assert_eq!(grant, [denied(4, SOMEBODY), allowed(3, SOMEBODY), allowed(8, EVERYONE)]);
        let set = apply(&old, &[wish(Mode::Set, 2, SOMEBODY)]);
        assert_eq!(set, [allowed(2, SOMEBODY), allowed(8, EVERYONE)]);
    }

    #[test]
    fn a_denial_stands_first_and_a_revocation_leaves_nothing() {
        let old = [allowed(3, SOMEBODY), allowed(8, EVERYONE)];
        let deny = apply(&old, &[wish(Mode::Deny, 2, SOMEBODY)]);
        assert_eq!(deny, [denied(2, SOMEBODY), allowed(1, SOMEBODY), allowed(8, EVERYONE)]);
        assert_eq!(apply(&deny, &[wish(Mode::Revoke, 0, SOMEBODY)]), [allowed(8, EVERYONE)]);
    }

    /// An entry that nobody may do anything by is not one that is missing.
    #[test]
    fn no_rights_at_all_are_an_entry_too() {
        assert_eq!(apply(&[], &[wish(Mode::Set, 0, EVERYONE)]), [allowed(0, EVERYONE)]);
    }

    #[test]
    fn names_are_those_of_the_documentation() {
        assert_eq!(named("Everyone", 1), Some(EVERYONE));
        assert_eq!(named("CURRENT_USER", 7), Some(Sid::of_user(7)));
        assert_eq!(named("nobody", 1), None);
    }
}
