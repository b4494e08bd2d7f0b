//! Who may use a new object: `create --mode` and `--sddl`. A mode is a promise to the one who
//! types it: what cannot be kept is refused, before there is an object.

use crate::cli::{Keeping, Kind};
use crate::failure::{Failure, USAGE};
use crate::win32::Security;
use std::os::unix::fs::MetadataExt;
use winshm::catalog::{self, Reach, name_of_argument};

const OTHERS: u32 = 0o066;

pub fn security(kind: &Kind) -> Result<Security, Failure> {
    let (name, keeping) = kind.common();
    let text = match keeping {
        Keeping { sddl: Some(text), .. } => text.clone(),
        Keeping { mode: Some(mode), .. } => {
            check(kind, name, *mode)?;
            sddl_of(*mode)
        }
        _ => return Ok(Security::usual()),
    };
    Security::of_text(&text).map_err(|code| {
        let advice = "the security descriptor cannot be read. For example D:(A;;GA;;;WD) lets everybody do \
                      everything; --mode 0666 says the same";
        Failure::windows(name, code).advise(advice)
    })
}

/// Whether an object of this kind and name can be open to others as this mode says.
fn check(kind: &Kind, name: &str, mode: u32) -> Result<(), Failure> {
    let refused = |why: String| Err(Failure::text(USAGE, name, format!("--mode {mode:04o}: {why}")));
    let is_section = matches!(kind, Kind::Section { .. });
    if !is_section && [mode >> 3, mode].iter().any(|bits| bits & 7 == 4) {
        let why = "who may use it can wait for it and change it: other users all of that (6), or nothing (0)";
        return refused(why.into());
    }
    // A wrong name is the library's to refuse.
    let Ok(reach) = catalog::reach(&name_of_argument(name.as_ref())) else { return Ok(()) };
    if mode & OTHERS == 0 {
        return Ok(());
    }
    match (reach, kind) {
        (Reach::User, _) => refused(
            "other users do not reach it, whatever its mode: these names are each user's own. Begin the name \
             with Global\\"
                .into(),
        ),
        (Reach::UserOfGlobal, _) => refused(
            "other users do not reach it, whatever its mode: Global\\ is this user's own, for want of a directory \
             of the administrator's that he may use. `winshm doctor` tells how one is made"
                .into(),
        ),
        (Reach::Everybody, Kind::Mutex { .. }) => refused(
            "the directory of Global\\ is open to all, and a mutex there is its user's alone: who shares one can \
             have an owner's death missed. Use a semaphore with the count 1 and the largest count 1, or a \
             directory of a group: `winshm doctor` tells how one is made"
                .into(),
        ),
        (Reach::Everybody, Kind::Timer { .. }) => refused(
            "the directory of Global\\ is open to all, and others cannot set a timer there: its users need not \
             trust each other. --sddl 'D:(A;;GA;;;WD)' makes one that others can wait for. In a directory of a \
             group they can set it, too: `winshm doctor` tells how one is made"
                .into(),
        ),
        (Reach::Everybody, Kind::Section { file: Some(_), .. }) if !nix::unistd::geteuid().is_root() => {
            refused(
                "the directory of Global\\ is open to all, and a section of a file there is its user's alone: \
                 others would open the file that a stranger names. Use a section of memory, or a directory of a \
                 group: `winshm doctor` tells how one is made"
                    .into(),
            )
        }
        (_, Kind::Section { file: Some(path), .. }) => {
            // One that is made gets the mode.
            let found = std::fs::metadata(path).map_or(mode, |file| file.mode());
            if found & mode & OTHERS == mode & OTHERS {
                return Ok(());
            }
            let (path, found) = (path.display(), found & 0o777);
            refused(format!("the file itself has mode {found:04o}, and decides, too: chmod {mode:04o} {path}"))
        }
        _ => Ok(()),
    }
}

/// The descriptor that gives an object these permission bits; the owner has all of them.
fn sddl_of(mode: u32) -> String {
    let entry = |bits: u32, who: &str| match bits & 7 {
        0 => String::new(),
        6 => format!("(A;;GA;;;{who})"),
        _ => format!("(A;;GR;;;{who})"),
    };
    format!("D:(A;;GA;;;OW){}{}", entry(mode >> 3, "CG"), entry(mode, "WD"))
}
