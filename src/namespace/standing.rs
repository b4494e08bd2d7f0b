//! Which directories objects may be in, by whose they are and who may use them.

use crate::sys::file::FileStatus;

/// What stands at the path of a directory.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Not a file, nor a link.
    pub is_directory: bool,
    /// Whose it is.
    pub owner: u32,
    /// Permission bits, and those for set-user-ID, set-group-ID and sticky.
    pub mode: u32,
}

/// Why it may not be used.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unfit {
    /// Something else stands there.
    NoDirectory,
    /// It belongs to another user than it should.
    Owner,
    /// Others may use what is to be one user's.
    OpenToOthers,
    /// A user cannot remove there what another user's killed process left.
    Sticky,
}

/// The mode of a user's own directory.
pub const OWN_MODE: u32 = 0o700;
const STICKY: u32 = 0o1000;
const OTHERS: u32 = 0o007;

impl Standing {
    pub(super) fn of(status: &FileStatus) -> Standing {
        Standing { is_directory: status.is_directory(), owner: status.owner, mode: status.mode }
    }

    /// Whether it can be a user's own directory: his, and closed to all others. Else somebody
    /// squats it.
    pub fn as_own(self, user: u32) -> Result<(), Unfit> {
        self.is_directory()?;
        if self.owner != user {
            return Err(Unfit::Owner);
        }
        if self.mode & !OWN_MODE != 0 { Err(Unfit::OpenToOthers) } else { Ok(()) }
    }

    /// Whether it can be the administrator's directory for several users.
    pub fn as_machine_wide(self) -> Result<(), Unfit> {
        self.is_directory()?;
        if self.owner != 0 {
            return Err(Unfit::Owner);
        }
        if self.mode & STICKY != 0 { Err(Unfit::Sticky) } else { Ok(()) }
    }

    /// Whether the users of a machine-wide directory trust each other: the administrator let a
    /// group in and nobody else.
    pub fn is_of_a_group(self) -> bool {
        self.mode & OTHERS == 0
    }

    fn is_directory(self) -> Result<(), Unfit> {
        if self.is_directory { Ok(()) } else { Err(Unfit::NoDirectory) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(owner: u32, mode: u32) -> Standing {
        Standing { is_directory: true, owner, mode }
    }

    #[test]
    fn an_own_directory_is_its_users_and_nobody_elses() {
        // A mode that keeps even its user out is mended.
        for mode in [0o700, 0o000, 0o500] {
            assert_eq!(directory(7, mode).as_own(7), Ok(()), "{mode:o}");
        }
        for mode in [0o701, 0o710, 0o1700, 0o2700, 0o777] {
            assert_eq!(directory(7, mode).as_own(7), Err(Unfit::OpenToOthers), "{mode:o}");
        }
        assert_eq!(directory(0, 0o700).as_own(7), Err(Unfit::Owner));
        let file = Standing { is_directory: false, ..directory(7, 0o700) };
        assert_eq!(
            (file.as_own(7), file.as_machine_wide()),
            (Err(Unfit::NoDirectory), Err(Unfit::NoDirectory))
        );
    }

    #[test]
    fn a_machine_wide_directory_is_roots_and_not_sticky() {
        for mode in [0o2770, 0o777, 0o755] {
            assert_eq!(directory(0, mode).as_machine_wide(), Ok(()), "{mode:o}");
        }
        assert_eq!(directory(0, 0o1777).as_machine_wide(), Err(Unfit::Sticky));
        assert_eq!(directory(7, 0o2770).as_machine_wide(), Err(Unfit::Owner));
        assert!(directory(0, 0o2770).is_of_a_group() && !directory(0, 0o2771).is_of_a_group());
    }
}
