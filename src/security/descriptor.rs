//! Security descriptors: what they say, and the form in which they are one block.

use super::Audience;
use super::acl;
use super::sid::{Principal, Sid};
use crate::consts::*;
use crate::error::Error;

/// Bytes of a self-relative descriptor before its parts.
pub const HEAD: usize = 20;

/// What a descriptor says. A list is the bytes of an access control list; a list that
/// is present and None lets everybody do everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Descriptor {
    /// SE_ bits; SE_DACL_PRESENT and SE_SACL_PRESENT say which lists are there.
    pub control: u16,
    pub owner: Option<Sid>,
    pub group: Option<Sid>,
    pub system_list: Option<Vec<u8>>,
    pub list: Option<Vec<u8>>,
}

impl Descriptor {
    fn has(&self, bit: u16) -> bool {
        self.control & bit != 0
    }

    fn present(&self, bit: u16, list: &Option<Vec<u8>>) -> Option<Vec<u8>> {
        list.clone().filter(|_| self.has(bit))
    }

    /// Whether it is well-formed.
    pub fn check(&self) -> Result<(), Error> {
        [&self.system_list, &self.list].into_iter().flatten().try_for_each(|list| acl::check(list))
    }

    /// Whom it lets open an object that this user makes.
    pub fn audience(&self, user: u32) -> Result<Audience, Error> {
        match self.owner.map(|owner| owner.principal()) {
            None => {}
            Some(Principal::Root) if user == 0 => {}
            Some(Principal::User(owner)) if user == owner => {}
            // A creator owns what he makes.
            Some(_) => return Err(Error::InvalidOwner),
        }
        if let Some(list) = self.present(SE_SACL_PRESENT, &self.system_list) {
            acl::check_system_list(&acl::parse(&list)?)?;
        }
        if !self.has(SE_DACL_PRESENT) {
            return Ok(Audience::Usual);
        }
        let Some(list) = &self.list else {
            return Ok(Audience::Others { group: GENERIC_ALL, everyone: GENERIC_ALL });
        };
        let granted = acl::granted(&acl::parse(list)?, user)?;
        Ok(match (granted.group, granted.everyone) {
            _ if !granted.anything => Audience::Nobody,
            (0, 0) => Audience::Owner,
            (group, everyone) => Audience::Others { group: group | everyone, everyone },
        })
    }

    /// The descriptor as one block: offsets in place of pointers.
    pub fn self_relative(&self) -> Vec<u8> {
        let mut bytes = vec![SECURITY_DESCRIPTOR_REVISION as u8, 0];
        bytes.extend((self.control | SE_SELF_RELATIVE).to_le_bytes());
        bytes.resize(HEAD, 0);
        let parts = [
            self.owner.map(|sid| sid.bytes()),
            self.group.map(|sid| sid.bytes()),
            self.present(SE_SACL_PRESENT, &self.system_list),
            self.present(SE_DACL_PRESENT, &self.list),
        ];
        for (index, part) in parts.iter().enumerate() {
            if let Some(part) = part {
                let offset = (bytes.len() as u32).to_le_bytes();
                bytes[4 + 4 * index..][..4].copy_from_slice(&offset);
                bytes.extend(part);
            }
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::security::acl::Ace;
    use crate::security::sid::EVERYONE;

    fn with_list(list: Option<Vec<u8>>) -> Descriptor {
        Descriptor { control: SE_DACL_PRESENT, list, ..Descriptor::default() }
    }

    fn allowing(mask: u32, sid: Sid) -> Descriptor {
        with_list(acl::bytes(&[Ace { kind: ACCESS_ALLOWED_ACE_TYPE, flags: 0, mask, sid }]).ok())
    }

    #[test]
    fn no_list_one_that_is_null_and_one_that_is_empty_differ() {
        let everybody = Audience::Others { group: GENERIC_ALL, everyone: GENERIC_ALL };
        assert_eq!(Descriptor::default().audience(1), Ok(Audience::Usual));
        assert_eq!(with_list(None).audience(1), Ok(everybody));
        assert_eq!(with_list(acl::bytes(&[]).ok()).audience(1), Ok(Audience::Nobody));
        assert_eq!(allowing(1, Sid::of_user(1)).audience(1), Ok(Audience::Owner));
        assert_eq!(allowing(5, EVERYONE).audience(1), Ok(Audience::Others { group: 5, everyone: 5 }));
        assert_eq!(allowing(0, EVERYONE).audience(1), Ok(Audience::Nobody));
    }

    #[test]
    fn an_owner_who_is_not_the_creator_is_refused() {
        let owned = |owner| Descriptor { owner: Some(owner), ..Descriptor::default() };
        let system = Sid::new(5, &[18]);
        assert_eq!(owned(system).audience(0), Ok(Audience::Usual));
        assert_eq!(owned(system).audience(1), Err(Error::InvalidOwner));
        assert_eq!(owned(Sid::of_user(1)).audience(1), Ok(Audience::Usual));
        assert_eq!(owned(EVERYONE).audience(0), Err(Error::InvalidOwner));
    }

    #[test]
    fn a_damaged_list_is_never_taken_for_another_one() {
        let mut damaged = allowing(1, EVERYONE);
        damaged.list.as_mut().unwrap()[4] = 2;
        assert_eq!(damaged.audience(1), Err(Error::InvalidAcl));
        damaged.control = SE_DACL_PRESENT | SE_SACL_PRESENT;
        (damaged.system_list, damaged.list) = (damaged.list, None);
        assert_eq!(damaged.audience(1), Err(Error::InvalidAcl));
    }
}
