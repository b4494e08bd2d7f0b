//! What goes wrong, in words, and the exit codes. `winshm --help` lists them.

use crate::text::visible;
use std::fmt::{self, Display};
use winshm::consts::*;

/// Done; the exit code is not always 0: see below.
pub type Outcome = Result<u8, Failure>;

pub const DONE: u8 = 0;
pub const ERROR: u8 = 1;
pub const USAGE: u8 = 2;
pub const NO_SUCH_OBJECT: u8 = 3;
pub const TIMED_OUT: u8 = 4;
pub const ABANDONED: u8 = 5;
pub const EXISTS: u8 = 6;
pub const NO_PERMISSION: u8 = 7;
/// Plus the number of the signal that ended it.
pub const SIGNALLED: u8 = 128;

/// Why a command failed.
#[derive(Debug)]
pub struct Failure {
    /// What it is about: the name of an object, or a file.
    subject: String,
    reason: Reason,
    /// What can be done about it.
    advice: Option<String>,
}

#[derive(Debug)]
enum Reason {
    /// A last error of Windows.
    Windows(u32),
    /// An error of the system.
    Os(std::io::Error),
    /// What no function was called for.
    Text { exit_code: u8, text: String },
    /// What another process said, in full.
    Told { exit_code: u8 },
}

impl Failure {
    pub fn windows(subject: impl Into<String>, code: u32) -> Failure {
        Failure { subject: subject.into(), reason: Reason::Windows(code), advice: None }
    }

    pub fn os(subject: impl Into<String>, error: std::io::Error) -> Failure {
        Failure { subject: subject.into(), reason: Reason::Os(error), advice: None }
    }

    pub fn text(exit_code: u8, subject: impl Into<String>, text: impl Into<String>) -> Failure {
        Failure {
            subject: subject.into(),
            reason: Reason::Text { exit_code, text: text.into() },
            advice: None,
        }
    }

    /// The failure of another process of this program, in its words.
    pub fn told(exit_code: u8, whole: impl Into<String>) -> Failure {
        Failure { subject: whole.into(), reason: Reason::Told { exit_code }, advice: None }
    }

    /// What to do, where the command knows better than the error alone.
    pub fn advise(mut self, advice: impl Into<String>) -> Failure {
        self.advice = Some(advice.into());
        self
    }

    pub fn is_advised(&self) -> bool {
        self.advice.is_some()
    }

    /// The last error of Windows, if it is one.
    pub fn code(&self) -> Option<u32> {
        match self.reason {
            Reason::Windows(code) => Some(code),
            _ => None,
        }
    }

    pub fn exit_code(&self) -> u8 {
        match &self.reason {
            Reason::Windows(ERROR_FILE_NOT_FOUND) => NO_SUCH_OBJECT,
            Reason::Windows(ERROR_ALREADY_EXISTS) => EXISTS,
            Reason::Windows(ERROR_ACCESS_DENIED | ERROR_PRIVILEGE_NOT_HELD) => NO_PERMISSION,
            Reason::Windows(WAIT_TIMEOUT | ERROR_TIMEOUT) => TIMED_OUT,
            Reason::Windows(_) => ERROR,
            Reason::Os(error) if error.kind() == std::io::ErrorKind::PermissionDenied => NO_PERMISSION,
            Reason::Os(_) => ERROR,
            Reason::Text { exit_code, .. } | Reason::Told { exit_code } => *exit_code,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, to: &mut fmt::Formatter) -> fmt::Result {
        if let Reason::Told { .. } = self.reason {
            return write!(to, "{}", visible(&self.subject));
        }
        write!(to, "{}: ", visible(&self.subject))?;
        match &self.reason {
            Reason::Windows(code) => {
                let (name, meaning) = explained(*code);
                write!(to, "{name} ({code}): {}", self.advice.as_deref().map_or(meaning.into(), visible))
            }
            Reason::Os(error) => {
                write!(to, "{error}")?;
                self.advice.as_ref().map_or(Ok(()), |advice| write!(to, ". {}", visible(advice)))
            }
            Reason::Told { .. } => Ok(()),
            Reason::Text { text, .. } => {
                write!(to, "{}", visible(text))?;
                self.advice.as_ref().map_or(Ok(()), |advice| write!(to, ". {}", visible(advice)))
            }
        }
    }
}

/// The name of an error, and what is wrong and to be done if nobody knows better.
pub fn explained(code: u32) -> (&'static str, &'static str) {
    let known = ERRORS.iter().find(|(_, number, _)| *number == code);
    let (name, meaning) =
        known.map_or(("error", "Unknown to winshm."), |&(name, _, meaning)| (name, meaning));
    (name, ADVICE.iter().find(|(known, _)| *known == code).map_or(meaning.trim(), |(_, advice)| advice))
}

/// What to say of an error of an object with a name. The others say what the header says.
const ADVICE: &[(u32, &str)] = &[
    (
        ERROR_FILE_NOT_FOUND,
        "nobody has this object open. A name lives as long as a process has it open: \
         `winshm ls` lists those that exist, `winshm create` makes one",
    ),
    (
        ERROR_PATH_NOT_FOUND,
        "no name of an object. It may begin with Local\\ or Global\\, for sections also with \
         Posix\\ or SysV\\, and have no other backslash; put it in single quotes in a shell",
    ),
    (
        ERROR_ACCESS_DENIED,
        "no permission. The object belongs to another user, or its creator closed it: \
         `winshm show` tells whose it is, `winshm doctor` what this user may do",
    ),
    (
        ERROR_INVALID_HANDLE,
        "the name belongs to an object of another kind: `winshm show` tells which. Events, \
         mutexes, semaphores, timers and sections share one name space",
    ),
    (ERROR_ALREADY_EXISTS, "it exists already. Without --new it would have been opened"),
    (
        ERROR_INVALID_NAME,
        "no name of an object: it is empty or has a NUL in it, or is not what shm_open takes (Posix\\name) \
         or shmget (SysV\\ and a number that is not 0)",
    ),
    (ERROR_FILENAME_EXCED_RANGE, "the name is too long: at most 32767 UTF-16 units, of Posix\\ 255 bytes"),
    (ERROR_BAD_PATHNAME, "a name does not begin with a backslash: Local\\name, Global\\name or name"),
    (
        ERROR_BUSY,
        "another process has kept it locked for seconds; it is stopped, or in a debugger. \
         `winshm show` lists who has it open",
    ),
    (WAIT_TIMEOUT, "the time passed"),
];

macro_rules! constants {
    ($(section $section:ident { $($(#[doc = $doc:literal])* $name:ident: $type:ty = $value:expr;)* })*) => {
        /// Name, number and meaning.
        const ERRORS: &[(&str, u32, &str)] =
            &[$($((stringify!($name), $value, concat!($($doc),*))),*),*, ("WAIT_TIMEOUT", WAIT_TIMEOUT, "")];
    };
}
include!("../../consts/errors.rs");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_its_name_its_number_and_what_to_do() {
        let missing = Failure::windows("Local\\x\x1b", ERROR_FILE_NOT_FOUND);
        let text = missing.to_string();
        assert!(text.starts_with("Local\\x\\u{1b}: ERROR_FILE_NOT_FOUND (2): nobody has"), "{text}");
        assert_eq!(missing.exit_code(), NO_SUCH_OBJECT);
        assert_eq!(Failure::windows("x", ERROR_INTERNAL_ERROR).exit_code(), ERROR);
        assert!(Failure::windows("x", 4711).to_string().contains("error (4711)"));
    }
}
