//! `winshm create`.

use crate::cli::{Create, Keeping, Kind};
use crate::failure::{ERROR, Failure, Outcome, USAGE};
use crate::interrupt::Interrupts;
use crate::text::visible;
use crate::win32::{self, Handle, Made, Security};
use crate::{acquire, child, detach, keep, open, rights};
use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use winshm::consts::*;

pub fn run(args: Create) -> Outcome {
    let (name, keeping) = args.kind.common();
    // The system keeps these: they need no holder.
    let persists = open::is_segment(name);
    let owned = matches!(args.kind, Kind::Mutex { owned: true, .. });
    if owned && keeping.command.is_empty() {
        let why = "--owned needs a command: a mutex belongs to the process that waits for it, for as long as it runs";
        return Err(Failure::text(USAGE, name, why));
    }
    if keeping.detach && !persists {
        let begin = || {
            let interrupts = Interrupts::note()?;
            let (line, made) = make(&args.kind)?;
            Ok((line, (interrupts, made)))
        };
        return detach::detach(begin, |(interrupts, _made)| keep::until_interrupted(&interrupts));
    }
    let interrupts = Interrupts::note()?;
    let (line, made) = make(&args.kind)?;
    keep::say(&line)?;
    if persists && keeping.command.is_empty() {
        return Ok(crate::failure::DONE);
    }
    if !owned {
        return keep::keep(&keeping.command, &interrupts);
    }
    acquire::hold(name, &made.handle, acquire::Held::Mutex, None, &interrupts, |is_abandoned| {
        child::run(&keeping.command, &interrupts, is_abandoned)
    })
}

/// The object, and the line that tells of it.
fn make(kind: &Kind) -> Result<(String, Made), Failure> {
    let (name, keeping) = kind.common();
    let security = rights::security(kind)?;
    let made = call(kind, &security)?;
    if keeping.new && !made.is_new {
        return Err(Failure::windows(name, ERROR_ALREADY_EXISTS));
    }
    if let (Kind::Timer { due: Some(due), period, .. }, true) = (kind, made.is_new) {
        let set = win32::set_timer(&made.handle, *due, period.unwrap_or_default());
        set.map_err(|code| Failure::windows(name, code))?;
    }
    let what = if made.is_new { "created" } else { "opened" };
    Ok((format!("{what} {}", visible(name)), made))
}

fn call(kind: &Kind, security: &Security) -> Result<Made, Failure> {
    let (name, keeping) = kind.common();
    let made = match kind {
        Kind::Section { size, file, read_only, reserve, .. } => {
            let protection = if *read_only { PAGE_READONLY } else { PAGE_READWRITE };
            let pages = if *reserve { SEC_RESERVE } else { 0 };
            let size = size.unwrap_or(0);
            match file {
                None => win32::create_section(name, security, None, protection | pages, size),
                Some(path) => {
                    // A mode is the file's, too: it decides together with the section's.
                    let usual = Security::usual();
                    let of_file = if keeping.mode.is_some() { security } else { &usual };
                    let file = file_of(path.as_os_str(), of_file, *read_only, size != 0)?;
                    win32::create_section(name, security, Some(&file), protection, size)
                }
            }
        }
        Kind::Event { manual, set, .. } => win32::create_event(name, security, *manual, *set),
        Kind::Mutex { .. } => win32::create_mutex(name, security),
        Kind::Semaphore { count, max, .. } => {
            if count > max {
                let why = format!("the count at the beginning ({count}) is above the largest one ({max})");
                return Err(Failure::text(USAGE, name, why));
            }
            win32::create_semaphore(name, security, *count, *max)
        }
        Kind::Timer { manual, .. } => win32::create_timer(name, security, *manual),
    };
    made.map_err(|code| refused(kind, code))
}

/// The file of a section. `make`: it may be made, because its size is known; for whom the section
/// is, too.
fn file_of(path: &OsStr, security: &Security, read_only: bool, make: bool) -> Result<Handle, Failure> {
    let name = path.to_string_lossy();
    let found = std::fs::metadata(path);
    match found {
        Err(error) if error.kind() == ErrorKind::NotFound && make && !read_only => {}
        Err(error) => {
            let advice = if make || read_only { "" } else { "With a SIZE the file is made" };
            let failure = Failure::os(name, error);
            return Err(if advice.is_empty() { failure } else { failure.advise(advice) });
        }
        Ok(found) if !found.is_file() => return Err(Failure::text(ERROR, name, "not a file")),
        Ok(_) => {}
    }
    // As the functions take it: a backslash separates like a slash.
    if path.as_bytes().contains(&b'\\') {
        let why = "a path with a backslash: the Windows functions take it for a slash";
        return Err(Failure::text(ERROR, name, why));
    }
    win32::open_file(path, security, !read_only, make).map_err(|code| match code {
        ERROR_SHARING_VIOLATION => Failure::windows(name, code),
        code => Failure::windows(name, code).advise("the file cannot be opened for this"),
    })
}

fn is_free(name: &str) -> bool {
    open::found(name).is_some_and(|found| found.objects.is_empty())
}

fn refused(kind: &Kind, code: u32) -> Failure {
    let (name, _) = kind.common();
    let failure = open::refused(name, code);
    match code {
        ERROR_INVALID_HANDLE => open::wrong_kind(name, "one name has one object, of whatever kind"),
        ERROR_INVALID_SECURITY_DESCR => failure.advise(
            "the permission bits of a file cannot say this: others may read a section (4), read and write \
             it (6), or use any other object (6), and nothing else",
        ),
        // What the functions would take it for else was looked at before.
        ERROR_INVALID_PARAMETER => failure.advise("the SIZE is more than any section can have"),
        ERROR_FILE_INVALID => failure.advise("the file is empty: give a SIZE"),
        ERROR_NOT_ENOUGH_MEMORY if matches!(kind, Kind::Section { file: Some(_), read_only: true, .. }) => {
            failure.advise("the file is shorter than the SIZE; only without --read-only it is made longer")
        }
        ERROR_COMMITMENT_LIMIT | ERROR_DISK_FULL | ERROR_NOT_ENOUGH_MEMORY => {
            failure.advise("there is not so much memory for it: `winshm doctor` tells how much there is")
        }
        ERROR_NOT_SUPPORTED => {
            failure.advise("a Posix\\ or SysV\\ segment has memory of its own, and no file")
        }
        ERROR_ACCESS_DENIED if name.starts_with("Global\\") && is_free(name) && !failure.is_advised() => {
            failure.advise(
                "no permission. Global\\ names of several users need a directory that the administrator \
             makes: `winshm doctor` tells",
            )
        }
        _ => failure,
    }
}

impl Kind {
    pub fn common(&self) -> (&str, &Keeping) {
        match self {
            Kind::Section { name, keeping, .. }
            | Kind::Event { name, keeping, .. }
            | Kind::Mutex { name, keeping, .. }
            | Kind::Semaphore { name, keeping, .. }
            | Kind::Timer { name, keeping, .. } => (name, keeping),
        }
    }
}
