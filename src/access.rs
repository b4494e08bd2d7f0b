//! Rights: what a caller asks for when he opens an object, and what he gets.

#![forbid(unsafe_code)]

use crate::consts::*;
use crate::error::Error;
use crate::security::{Audience, Sharing};

/// What the generic rights mean for one kind of object.
pub struct Rights {
    read: u32,
    write: u32,
    execute: u32,
    pub all: u32,
    /// Rights that `all` leaves out but that may be asked for by name.
    extra: u32,
    /// What can be done with a file of the kind that can only be read, and with one
    /// that can be written too. 0: it has no file.
    by_reading: u32,
    by_writing: u32,
}

pub const SECTION: Rights = Rights {
    read: STANDARD_RIGHTS_READ | SECTION_QUERY | SECTION_MAP_READ,
    write: STANDARD_RIGHTS_WRITE | SECTION_MAP_WRITE,
    execute: STANDARD_RIGHTS_EXECUTE | SECTION_MAP_EXECUTE,
    all: SECTION_ALL_ACCESS,
    extra: SYNCHRONIZE | SECTION_MAP_EXECUTE_EXPLICIT,
    by_reading: SECTION_MAP_READ,
    by_writing: SECTION_MAP_READ | SECTION_MAP_WRITE,
};

pub const EVENT: Rights = Rights {
    read: STANDARD_RIGHTS_READ | EVENT_QUERY_STATE,
    write: STANDARD_RIGHTS_WRITE | EVENT_MODIFY_STATE,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
    all: EVENT_ALL_ACCESS,
    extra: 0,
    by_reading: SYNCHRONIZE | EVENT_MODIFY_STATE,
    by_writing: SYNCHRONIZE | EVENT_MODIFY_STATE,
};

pub const MUTEX: Rights = Rights {
    read: STANDARD_RIGHTS_READ | MUTANT_QUERY_STATE,
    write: STANDARD_RIGHTS_WRITE,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
    all: MUTEX_ALL_ACCESS,
    extra: 0,
    by_reading: SYNCHRONIZE,
    by_writing: SYNCHRONIZE,
};

pub const SEMAPHORE: Rights = Rights {
    read: STANDARD_RIGHTS_READ | SEMAPHORE_QUERY_STATE,
    write: STANDARD_RIGHTS_WRITE | SEMAPHORE_MODIFY_STATE,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
    all: SEMAPHORE_ALL_ACCESS,
    extra: 0,
    by_reading: SYNCHRONIZE | SEMAPHORE_MODIFY_STATE,
    by_writing: SYNCHRONIZE | SEMAPHORE_MODIFY_STATE,
};

pub const TIMER: Rights = Rights {
    read: STANDARD_RIGHTS_READ | TIMER_QUERY_STATE,
    write: STANDARD_RIGHTS_WRITE | TIMER_MODIFY_STATE,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
    all: TIMER_ALL_ACCESS,
    extra: 0,
    by_reading: SYNCHRONIZE | TIMER_MODIFY_STATE,
    by_writing: SYNCHRONIZE | TIMER_MODIFY_STATE,
};

pub const PROCESS: Rights = Rights {
    read: STANDARD_RIGHTS_READ | PROCESS_VM_READ | PROCESS_QUERY_INFORMATION,
    write: STANDARD_RIGHTS_WRITE
        | PROCESS_CREATE_THREAD
        | PROCESS_VM_OPERATION
        | PROCESS_VM_WRITE
        | PROCESS_DUP_HANDLE
        | PROCESS_CREATE_PROCESS
        | PROCESS_SET_QUOTA
        | PROCESS_SET_INFORMATION
        | PROCESS_SUSPEND_RESUME,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | PROCESS_TERMINATE | PROCESS_QUERY_LIMITED_INFORMATION,
    all: PROCESS_ALL_ACCESS,
    extra: 0,
    by_reading: 0,
    by_writing: 0,
};

pub const THREAD: Rights = Rights {
    read: STANDARD_RIGHTS_READ | THREAD_GET_CONTEXT | THREAD_QUERY_INFORMATION,
    write: STANDARD_RIGHTS_WRITE
        | THREAD_TERMINATE
        | THREAD_SUSPEND_RESUME
        | THREAD_SET_CONTEXT
        | THREAD_SET_INFORMATION,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE | THREAD_QUERY_LIMITED_INFORMATION,
    all: THREAD_ALL_ACCESS,
    extra: 0,
    by_reading: 0,
    by_writing: 0,
};

pub const FILE: Rights = Rights {
    read: FILE_GENERIC_READ,
    write: FILE_GENERIC_WRITE,
    execute: FILE_GENERIC_EXECUTE,
    all: FILE_ALL_ACCESS,
    extra: 0,
    by_reading: FILE_READ_DATA,
    by_writing: FILE_READ_DATA | FILE_WRITE_DATA | FILE_APPEND_DATA,
};

/// Kinds whose handles can always do everything.
pub const ANYTHING: Rights = Rights {
    read: STANDARD_RIGHTS_READ,
    write: STANDARD_RIGHTS_WRITE,
    execute: STANDARD_RIGHTS_EXECUTE | SYNCHRONIZE,
    all: STANDARD_RIGHTS_ALL | SPECIFIC_RIGHTS_ALL,
    extra: 0,
    by_reading: 0,
    by_writing: 0,
};

/// What somebody asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wanted {
    pub rights: u32,
    /// Those that he asks for by name. With MAXIMUM_ALLOWED he takes the others if he may
    /// have them.
    pub needed: u32,
}

impl Wanted {
    pub fn exactly(rights: u32) -> Wanted {
        Wanted { rights, needed: rights }
    }

    /// What he gets where he may not have `refused`.
    pub fn without(self, refused: u32) -> Result<u32, Error> {
        if self.needed & refused == 0 { Ok(self.rights & !refused) } else { Err(Error::AccessDenied) }
    }
}

const GENERIC: u32 = GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL;

impl Rights {
    /// Whether a handle can have such rights.
    pub fn contain(&self, access: u32) -> bool {
        access & !(self.all | self.extra) == 0
    }

    /// What an open by name grants. Nothing at all cannot be asked for.
    pub fn for_open(&self, desired: u32) -> Result<u32, Error> {
        if desired == 0 { Err(Error::AccessDenied) } else { self.for_duplicate(desired) }
    }

    /// What a duplicate gets; nothing at all is possible, as on Windows.
    pub fn for_duplicate(&self, desired: u32) -> Result<u32, Error> {
        if desired & ACCESS_SYSTEM_SECURITY != 0 {
            return Err(Error::PrivilegeNotHeld);
        }
        if desired & !(self.all | self.extra | GENERIC | MAXIMUM_ALLOWED) != 0 {
            return Err(Error::AccessDenied);
        }
        let mut granted = desired & (self.all | self.extra);
        let generic = [
            (GENERIC_READ, self.read),
            (GENERIC_WRITE, self.write),
            (GENERIC_EXECUTE, self.execute),
            (GENERIC_ALL | MAXIMUM_ALLOWED, self.all),
        ];
        for (asked, meaning) in generic {
            if desired & asked != 0 {
                granted |= meaning;
            }
        }
        Ok(granted)
    }

    /// `for_duplicate`, and what of it is needed.
    pub fn wanted(&self, desired: u32) -> Result<Wanted, Error> {
        let rights = self.for_duplicate(desired)?;
        Ok(Wanted { rights, needed: self.for_duplicate(desired & !MAXIMUM_ALLOWED)? })
    }

    /// Rights of the kind for generic ones.
    fn mapped(&self, mask: u32) -> u32 {
        let generic = [
            (GENERIC_READ, self.read),
            (GENERIC_WRITE, self.write),
            (GENERIC_EXECUTE, self.execute),
            (GENERIC_ALL, self.all),
        ];
        let meant = generic.into_iter().filter(|(asked, _)| mask & asked != 0);
        meant.fold(mask & !GENERIC, |rights, (_, meaning)| rights | meaning)
    }

    /// What the file of an object says so that this audience can open it. Refused:
    /// permission bits would grant more than is meant, or less.
    pub fn sharing(&self, audience: Audience) -> Result<Sharing, Error> {
        let (group, everyone) = match audience {
            Audience::Usual | Audience::Owner => return Ok(Sharing::OWNER),
            Audience::Nobody => return Ok(Sharing { is_closed: true, ..Sharing::OWNER }),
            Audience::Others { group, everyone } => (self.bits(group)?, self.bits(everyone)?),
        };
        Ok(Sharing { mode: Sharing::OWNER.mode | group << 3 | everyone, is_closed: false })
    }

    /// The permission bits that grant these rights, and no others that matter.
    fn bits(&self, mask: u32) -> Result<u32, Error> {
        let rights = self.mapped(mask);
        let has = |wanted: u32| wanted & rights == wanted;
        match self.by_writing & !self.by_reading & rights {
            _ if mask == 0 => Ok(0),
            _ if has(self.by_writing) => Ok(6),
            0 if has(self.by_reading) => Ok(4),
            _ => Err(Error::InvalidSecurity),
        }
    }
}

/// Whether somebody asks for no more than the owner of an object can have of one that
/// is closed to all.
pub fn is_owners(desired: u32) -> bool {
    desired != 0 && desired & !(READ_CONTROL | WRITE_DAC) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generic_rights_become_the_kinds_own() {
        assert_eq!(SECTION.for_open(GENERIC_READ), Ok(0x20005));
        assert_eq!(SECTION.for_open(GENERIC_WRITE), Ok(0x20002));
        assert_eq!(EVENT.for_open(GENERIC_EXECUTE), Ok(0x120000));
        assert_eq!(EVENT.for_open(MAXIMUM_ALLOWED), Ok(0x1f0003));
        assert_eq!(SECTION.for_open(GENERIC_ALL), Ok(0xf001f));
    }

    /// Whoever asks for whatever there is, and for some of it by name, needs only that.
    #[test]
    fn the_maximum_is_wanted_and_not_needed() {
        let of = |desired| SECTION.wanted(desired);
        let maximum = |needed| Ok(Wanted { rights: SECTION_ALL_ACCESS, needed });
        assert_eq!(of(SECTION_MAP_READ), Ok(Wanted::exactly(SECTION_MAP_READ)));
        assert_eq!(of(GENERIC_WRITE), Ok(Wanted::exactly(0x20002)));
        assert_eq!(of(GENERIC_ALL), maximum(SECTION_ALL_ACCESS));
        assert_eq!(of(MAXIMUM_ALLOWED), maximum(0));
        assert_eq!(of(MAXIMUM_ALLOWED | SECTION_MAP_READ), maximum(SECTION_MAP_READ));
        assert_eq!(of(MAXIMUM_ALLOWED | 0x100), Err(Error::AccessDenied));
    }

    #[test]
    fn what_is_refused_is_missing_unless_it_is_needed() {
        let without = |desired| SECTION.wanted(desired).unwrap().without(SECTION_MAP_WRITE);
        assert_eq!(without(SECTION_MAP_READ), Ok(SECTION_MAP_READ));
        assert_eq!(without(MAXIMUM_ALLOWED), Ok(SECTION_ALL_ACCESS & !SECTION_MAP_WRITE));
        assert_eq!(without(SECTION_MAP_WRITE), Err(Error::AccessDenied));
        assert_eq!(without(MAXIMUM_ALLOWED | GENERIC_WRITE), Err(Error::AccessDenied));
        assert_eq!(SECTION.wanted(GENERIC_ALL).unwrap().without(0), Ok(SECTION_ALL_ACCESS));
    }

    #[test]
    fn permission_bits_grant_what_is_meant_or_the_audience_is_refused() {
        let mode = |rights: &Rights, everyone| {
            rights.sharing(Audience::Others { group: everyone, everyone }).map(|sharing| sharing.mode)
        };
        assert_eq!(mode(&SECTION, GENERIC_ALL), Ok(0o666));
        assert_eq!(mode(&SECTION, GENERIC_READ | GENERIC_WRITE), Ok(0o666));
        assert_eq!(mode(&SECTION, SECTION_MAP_READ), Ok(0o644));
        assert_eq!(mode(&EVENT, GENERIC_ALL), Ok(0o666));
        assert_eq!(mode(&EVENT, SYNCHRONIZE | EVENT_MODIFY_STATE), Ok(0o666));
        assert_eq!(mode(&MUTEX, GENERIC_EXECUTE), Ok(0o666));
        for (rights, refused) in [
            (&SECTION, SECTION_MAP_WRITE),
            (&SECTION, GENERIC_WRITE),
            (&SECTION, READ_CONTROL),
            // Only waiting; only setting; neither.
            (&EVENT, GENERIC_READ | GENERIC_EXECUTE),
            (&EVENT, GENERIC_READ | GENERIC_WRITE),
            (&SEMAPHORE, SEMAPHORE_QUERY_STATE),
            (&MUTEX, GENERIC_READ | GENERIC_WRITE),
            (&TIMER, SYNCHRONIZE),
        ] {
            assert_eq!(mode(rights, refused), Err(Error::InvalidSecurity), "{refused:x}");
        }
        let group = SECTION.sharing(Audience::Others { group: GENERIC_ALL, everyone: SECTION_MAP_READ });
        assert_eq!(group, Ok(Sharing { mode: 0o664, is_closed: false }));
        let group = SECTION.sharing(Audience::Others { group: GENERIC_READ, everyone: 0 });
        assert_eq!(group, Ok(Sharing { mode: 0o640, is_closed: false }));
        assert_eq!(EVENT.sharing(Audience::Nobody), Ok(Sharing { mode: 0o600, is_closed: true }));
        assert_eq!(THREAD.sharing(Audience::Others { group: 1, everyone: 1 }).map(|_| ()), Ok(()));
    }

    #[test]
    fn unknown_rights_and_no_rights_are_denied() {
        for desired in [0, 0x40, 0x100, 0x8000] {
            assert_eq!(SECTION.for_open(desired), Err(Error::AccessDenied), "{desired:x}");
        }
        assert_eq!(SECTION.for_open(SECTION_MAP_EXECUTE_EXPLICIT), Ok(0x20));
        assert_eq!(EVENT.for_open(4), Err(Error::AccessDenied));
        assert_eq!(EVENT.for_open(ACCESS_SYSTEM_SECURITY), Err(Error::PrivilegeNotHeld));
    }
}
