//! Who can come to an object by its name, whatever the object allows.

use super::segments;
use crate::name::{Scope, SectionName};
use crate::namespace::existing;

/// The users among whom a name means the same object.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// `Local\`: the names of one user.
    User,
    /// `Global\`, which is the user's own: no directory of the administrator's counts for him.
    UserOfGlobal,
    /// `Global\`, in a directory whose users trust each other.
    Group,
    /// `Global\`, in a directory that is open to all.
    Everybody,
    /// `Posix\` and `SysV\`: the system's, and every user's.
    System,
}

/// What a name reaches.
///
/// # Errors
/// The Windows code: it is no name.
pub fn reach(name: &[u16]) -> Result<Reach, u32> {
    if segments::is_private(name) {
        return Ok(Reach::System);
    }
    let object = match SectionName::new(name.to_vec()).map_err(|error| error.win32())? {
        SectionName::Posix(_) | SectionName::SystemV(_) => return Ok(Reach::System),
        SectionName::Object(name) => name,
    };
    Ok(match (object.scope, existing::machine_wide()) {
        (Scope::Local, _) => Reach::User,
        (Scope::Global, None) => Reach::UserOfGlobal,
        (Scope::Global, Some(directory)) if directory.is_trusted() => Reach::Group,
        (Scope::Global, Some(_)) => Reach::Everybody,
    })
}
