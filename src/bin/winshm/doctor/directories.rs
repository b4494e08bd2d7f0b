//! The directories that objects are in: the user's own, and the machine-wide one. The
//! library judges them; here stands what follows.

use super::finding::Finding;
use std::path::Path;
use winshm::catalog::{Standing, Unfit};

/// What was seen at a path.
#[derive(Clone, Copy, Debug)]
pub enum Seen {
    Nothing,
    There(Standing),
    /// There, and this process may not open it.
    Closed(Standing),
    /// Not even its status could be asked.
    Failed(nix::errno::Errno),
}

pub fn own(path: &Path, seen: Seen, user: u32) -> Finding {
    const NAME: &str = "own-directory";
    let shown = path.display();
    let standing = match seen {
        Seen::Nothing => {
            return Finding::ok(NAME, format!("{shown} will be made by the first program that needs it"));
        }
        Seen::Failed(errno) => {
            return Finding::problem(NAME, format!("{shown}: {errno}"))
                .follows("every call with a name fails")
                .advice("make it possible to look there, or set WINSHM_DIR to another directory");
        }
        Seen::There(standing) | Seen::Closed(standing) => standing,
    };
    let refused = |what: String| {
        Finding::problem(NAME, what)
            .follows("every call with a name fails with ERROR_ACCESS_DENIED (5)")
            .advice(format!("as root: look whose it is (ls -ld {shown}), and remove it (rm -r {shown})"))
    };
    match standing.as_own(user) {
        Ok(()) => Finding::ok(NAME, format!("{shown}, mode {:04o}", standing.mode)),
        Err(Unfit::NoDirectory) => refused(format!("{shown} is no directory")),
        Err(Unfit::Owner) => {
            refused(format!("{shown} belongs to user {}, not to you ({user})", standing.owner))
        }
        Err(Unfit::OpenToOthers | Unfit::Sticky) => Finding::problem(
            NAME,
            format!("{shown} has mode {:04o}: it is open to others", standing.mode),
        )
        .follows(
            "every call with a name fails with ERROR_ACCESS_DENIED (5): others may have put objects there",
        )
        .advice(format!("look what is in it, then: chmod 0700 {shown}")),
    }
}

pub fn machine_wide(path: &Path, seen: Seen) -> Finding {
    const NAME: &str = "global-directory";
    let shown = path.display();
    const OWN: &str = "Global\\ is a name space of your own";
    let set_up = format!(
        "to share Global\\ between users, as root: install -d -m 2770 -g GROUP {shown}, and a line in /etc/tmpfiles.d/winshm.conf: d {shown} 2770 root GROUP -"
    );
    let does_not_count = |why: String| {
        Finding::warning(NAME, why).follows(format!("it does not count: {OWN}")).advice(set_up.clone())
    };
    let standing = match seen {
        Seen::Nothing => return Finding::ok(NAME, format!("there is none: {OWN}")),
        Seen::Failed(errno) => return does_not_count(format!("{shown}: {errno}")),
        Seen::There(standing) | Seen::Closed(standing) => standing,
    };
    let found = format!("{shown}, mode {:04o}", standing.mode);
    match standing.as_machine_wide() {
        Err(Unfit::NoDirectory) => does_not_count(format!("{shown} is no directory")),
        Err(Unfit::Owner) => {
            does_not_count(format!("{shown} belongs to user {}, not to root", standing.owner))
        }
        Err(Unfit::Sticky | Unfit::OpenToOthers) => {
            does_not_count(format!("{shown} is sticky (mode {:04o})", standing.mode))
        }
        Ok(()) if matches!(seen, Seen::Closed(_)) => Finding::ok(NAME, format!("{found}, is closed to you"))
            .follows(OWN)
            .advice("to take part, have root add you to its group, and log in anew"),
        Ok(()) if standing.is_of_a_group() => Finding::ok(NAME, format!("{found}, of a group")),
        Ok(()) => Finding::ok(NAME, format!("{found}, open to all"))
            .follows("mutexes, waits for all and timers of other users are refused there: its users need not trust each other")
            .advice(format!("for a group that does, as root: chgrp GROUP {shown}; chmod 2770 {shown}")),
    }
}

/// What lies in the directories.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents {
    pub alive: usize,
    /// Left by processes that were killed.
    pub dead: usize,
    /// Of the dead ones.
    pub dead_bytes: u64,
    /// Made by a library with another layout of files.
    pub other_version: usize,
    /// Cut off, garbled, or no files at all.
    pub damaged: usize,
}

pub fn contents(contents: Contents) -> Finding {
    const NAME: &str = "objects";
    const MANY: usize = 1000;
    const MUCH: u64 = 64 << 20;
    let Contents { alive, dead, dead_bytes, other_version, damaged } = contents;
    let size = super::finding::bytes(dead_bytes);
    let found = match dead {
        0 => format!("{alive} in use, none left by killed processes"),
        _ => format!("{alive} in use, {dead} left by killed processes ({size})"),
    };
    if other_version > 0 {
        return Finding::warning(NAME, format!("{found}; {other_version} of another version of winshm"))
            .follows("programs with this version get ERROR_REVISION_MISMATCH (1306) for these names")
            .advice("have all programs that share names use one version of the library; `winshm ls` shows the objects");
    }
    if damaged > 0 {
        return Finding::warning(NAME, format!("{found}; {damaged} damaged"))
            .follows("these names fail with ERROR_FILE_CORRUPT (1392) or ERROR_FILE_INVALID (1006) as long as somebody has them open")
            .advice("`winshm ls` shows them; end the programs that have them open, or move away what is none of the library's");
    }
    if dead >= MANY || dead_bytes >= MUCH {
        return Finding::warning(NAME, found)
            .follows("nobody finds them by their names, but they take room until the next program starts that uses names")
            .advice("winshm clean");
    }
    Finding::ok(NAME, found)
}

#[cfg(test)]
mod tests {
    use super::super::finding::Verdict::{Ok as Fine, Problem, Warning};
    use super::*;

    fn directory(owner: u32, mode: u32) -> Standing {
        Standing { is_directory: true, owner, mode }
    }

    #[test]
    fn the_users_directory_is_his_and_closed() {
        let judged = |seen| own(Path::new("/dev/shm/.winshm-7"), seen, 7).verdict;
        assert_eq!(judged(Seen::Nothing), Fine);
        assert_eq!(judged(Seen::There(directory(7, 0o700))), Fine);
        // The library gives it the right mode.
        assert_eq!(judged(Seen::Closed(directory(7, 0o000))), Fine);
        assert_eq!(judged(Seen::There(directory(8, 0o700))), Problem);
        assert_eq!(judged(Seen::There(directory(7, 0o750))), Problem);
        assert_eq!(judged(Seen::There(Standing { is_directory: false, ..directory(7, 0o700) })), Problem);
        assert_eq!(judged(Seen::Failed(nix::errno::Errno::EACCES)), Problem);
    }

    #[test]
    fn the_administrators_directory_is_roots_and_not_sticky() {
        let judged = |seen| machine_wide(Path::new("/dev/shm/.winshm-global"), seen).verdict;
        assert_eq!(judged(Seen::Nothing), Fine);
        assert_eq!(judged(Seen::There(directory(0, 0o2770))), Fine);
        assert_eq!(judged(Seen::There(directory(0, 0o777))), Fine);
        assert_eq!(judged(Seen::Closed(directory(0, 0o2770))), Fine);
        assert_eq!(judged(Seen::There(directory(0, 0o1777))), Warning);
        assert_eq!(judged(Seen::There(directory(1000, 0o777))), Warning);
    }

    #[test]
    fn what_is_left_counts_when_it_is_much() {
        let few = Contents { alive: 3, dead: 2, dead_bytes: 8192, ..Contents::default() };
        assert_eq!(contents(few).verdict, Fine);
        assert!(contents(few).found.contains("2 left"));
        assert_eq!(contents(Contents { dead: 1000, ..few }).verdict, Warning);
        assert_eq!(contents(Contents { dead_bytes: 1 << 30, ..few }).verdict, Warning);
        assert_eq!(contents(Contents { damaged: 1, ..few }).verdict, Warning);
        assert!(contents(Contents { other_version: 1, ..few }).found.contains("another version"));
    }
}
