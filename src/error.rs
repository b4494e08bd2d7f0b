//! What can go wrong, once: `Error` says it in the library's words, `win32`
//! is the only place where they meet Windows' codes, and the last error of each
//! thread is kept here.

use crate::consts::*;
use std::cell::Cell;

/// Why an operation failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Error {
    /// The handle, or an argument's object, does not exist or has another kind.
    InvalidHandle,
    /// An argument has an impossible value.
    InvalidParameter,
    /// A right is missing, or a file of the name space is not ours.
    AccessDenied,
    /// No object of that name.
    NotFound,
    /// A name with an unknown prefix, or no directory for names.
    PathNotFound,
    /// A name that begins with a backslash.
    BadPathname,
    /// A unit above 0x10FFFF in a name.
    InvalidName,
    /// A name above the limit.
    NameTooLong,
    /// An offset or address is not a multiple of the allocation granularity.
    Misaligned,
    /// An address range that is taken, or not what the function works on.
    InvalidAddress,
    /// An output pointer that cannot be written.
    NoAccess,
    /// An output buffer of the wrong length.
    BadLength,
    /// An output buffer that is too small.
    InsufficientBuffer,
    /// An image section of something that is no image.
    BadImage,
    /// A privilege that the process does not have.
    PrivilegeNotHeld,
    /// An output buffer that is too small.
    BufferTooSmall,
    /// More than there may be.
    MoreData,
    /// Nothing came of it.
    NothingDone,
    /// No message of that number.
    NoSuchMessage,
    /// A module without messages.
    NoMessages,
    /// Flags that are unknown, or impossible together.
    InvalidFlags,
    /// A character that the other encoding does not have.
    NoSuchCharacter,
    /// No module of that name, or at that address.
    NoSuchModule,
    /// No function of that name.
    NoSuchFunction,
    /// No function of that number.
    NoSuchOrdinal,
    /// A security descriptor that cannot be expressed.
    InvalidSecurity,
    /// An owner that the creator of an object may not give it.
    InvalidOwner,
    /// A revision of a security structure that is not known.
    UnknownRevision,
    /// A malformed security identifier.
    InvalidSid,
    /// A malformed access control list.
    InvalidAcl,
    /// A name or identifier that nobody has here.
    NoneMapped,
    /// No room in an access control list.
    AllottedSpaceExceeded,
    /// No storage for the section.
    CommitmentLimit,
    /// More than the limit of the process for the size of a file.
    SizeLimit,
    /// No free handle.
    NoSystemResources,
    /// More locked memory than the process may have.
    WorkingSetQuota,
    /// Memory, or a range of a file, that is not locked.
    NotLocked,
    /// Two handles of different objects.
    NotSameObject,
    /// A peer kept a lock for longer than is patient to wait.
    Busy,
    /// A file or segment of size 0.
    FileInvalid,
    /// A writer died half way in the bytes asked for.
    Torn,
    /// Another program cut off the memory.
    Truncated,
    /// Not possible with this kind of object.
    NotSupported,
    /// The time is over.
    TimedOut,
    /// A mutex of somebody else, or of nobody.
    NotOwner,
    /// More than the maximum of a semaphore.
    TooManyPosts,
    /// Damaged bookkeeping.
    Corrupt,
    /// Bookkeeping of another version.
    RevisionMismatch,
    /// A defect of the library.
    Internal,
    /// Not possible with this kind of file.
    InvalidFunction,
    /// A path of another machine.
    BadNetworkPath,
    /// A file of that name exists.
    FileExists,
    /// Somebody has the file open in a way that excludes this one.
    SharingViolation,
    /// Somebody has locked bytes of the range.
    LockViolation,
    /// A range beyond the last byte that there can be.
    InvalidLockRange,
    /// A position before the beginning.
    NegativeSeek,
    /// Memory to be written to a file that cannot be read.
    InvalidUserBuffer,
    /// A read from the end on.
    EndOfFile,
    /// The other end of a pipe is closed: nothing more to read.
    BrokenPipe,
    /// The other end of a pipe is closed: nobody reads.
    NoReader,
    /// No space for what a file should hold.
    DiskFull,
    /// A file system for reading only.
    WriteProtected,
    /// More than a file may hold.
    FileTooLarge,
    /// A device failed.
    Device,
    /// Symbolic links in a circle.
    CannotResolve,
    /// A file that cannot be cut off, because it is mapped.
    UserMapped,
    /// A path that is no directory.
    NotADirectory,
    /// A path too long for its buffer.
    BufferOverflow,
    /// A system call failed with this errno.
    Os(i32),
}

impl Error {
    /// The Windows code.
    pub const fn win32(self) -> u32 {
        match self {
            Error::InvalidHandle => ERROR_INVALID_HANDLE,
            Error::InvalidParameter => ERROR_INVALID_PARAMETER,
            Error::AccessDenied => ERROR_ACCESS_DENIED,
            Error::NotFound => ERROR_FILE_NOT_FOUND,
            Error::PathNotFound => ERROR_PATH_NOT_FOUND,
            Error::BadPathname => ERROR_BAD_PATHNAME,
            Error::InvalidName => ERROR_INVALID_NAME,
            Error::NameTooLong => ERROR_FILENAME_EXCED_RANGE,
            Error::Misaligned => ERROR_MAPPED_ALIGNMENT,
            Error::InvalidAddress => ERROR_INVALID_ADDRESS,
            Error::NoAccess => ERROR_NOACCESS,
            Error::BadLength => ERROR_BAD_LENGTH,
            Error::InsufficientBuffer => ERROR_INSUFFICIENT_BUFFER,
            Error::BadImage => ERROR_BAD_EXE_FORMAT,
            Error::PrivilegeNotHeld => ERROR_PRIVILEGE_NOT_HELD,
            Error::BufferTooSmall => ERROR_INSUFFICIENT_BUFFER,
            Error::MoreData => ERROR_MORE_DATA,
            Error::NothingDone => ERROR_NO_WORK_DONE,
            Error::NoSuchMessage => ERROR_MR_MID_NOT_FOUND,
            Error::NoMessages => ERROR_RESOURCE_TYPE_NOT_FOUND,
            Error::InvalidFlags => ERROR_INVALID_FLAGS,
            Error::NoSuchCharacter => ERROR_NO_UNICODE_TRANSLATION,
            Error::NoSuchModule => ERROR_MOD_NOT_FOUND,
            Error::NoSuchFunction => ERROR_PROC_NOT_FOUND,
            Error::NoSuchOrdinal => ERROR_INVALID_ORDINAL,
            Error::InvalidSecurity => ERROR_INVALID_SECURITY_DESCR,
            Error::InvalidOwner => ERROR_INVALID_OWNER,
            Error::UnknownRevision => ERROR_UNKNOWN_REVISION,
            Error::InvalidSid => ERROR_INVALID_SID,
            Error::InvalidAcl => ERROR_INVALID_ACL,
            Error::NoneMapped => ERROR_NONE_MAPPED,
            Error::AllottedSpaceExceeded => ERROR_ALLOTTED_SPACE_EXCEEDED,
            Error::CommitmentLimit | Error::SizeLimit => ERROR_COMMITMENT_LIMIT,
            Error::NoSystemResources => ERROR_NO_SYSTEM_RESOURCES,
            Error::WorkingSetQuota => ERROR_WORKING_SET_QUOTA,
            Error::NotSameObject => ERROR_NOT_SAME_OBJECT,
            Error::Busy => ERROR_BUSY,
            Error::FileInvalid => ERROR_FILE_INVALID,
            Error::Torn => ERROR_INVALID_DATA,
            Error::Truncated => ERROR_HANDLE_EOF,
            Error::NotSupported => ERROR_NOT_SUPPORTED,
            Error::TimedOut => WAIT_TIMEOUT,
            Error::NotOwner => ERROR_NOT_OWNER,
            Error::TooManyPosts => ERROR_TOO_MANY_POSTS,
            Error::Corrupt => ERROR_FILE_CORRUPT,
            Error::RevisionMismatch => ERROR_REVISION_MISMATCH,
            Error::Internal => ERROR_INTERNAL_ERROR,
            Error::InvalidFunction => ERROR_INVALID_FUNCTION,
            Error::BadNetworkPath => ERROR_BAD_NETPATH,
            Error::FileExists => ERROR_FILE_EXISTS,
            Error::SharingViolation => ERROR_SHARING_VIOLATION,
            Error::LockViolation => ERROR_LOCK_VIOLATION,
            Error::NotLocked => ERROR_NOT_LOCKED,
            Error::InvalidLockRange => ERROR_INVALID_LOCK_RANGE,
            Error::NegativeSeek => ERROR_NEGATIVE_SEEK,
            Error::InvalidUserBuffer => ERROR_INVALID_USER_BUFFER,
            Error::EndOfFile => ERROR_HANDLE_EOF,
            Error::BrokenPipe => ERROR_BROKEN_PIPE,
            Error::NoReader => ERROR_NO_DATA,
            Error::DiskFull => ERROR_DISK_FULL,
            Error::WriteProtected => ERROR_WRITE_PROTECT,
            Error::FileTooLarge => ERROR_FILE_TOO_LARGE,
            Error::Device => ERROR_IO_DEVICE,
            Error::CannotResolve => ERROR_CANT_RESOLVE_FILENAME,
            Error::UserMapped => ERROR_USER_MAPPED_FILE,
            Error::NotADirectory => ERROR_DIRECTORY,
            Error::BufferOverflow => ERROR_BUFFER_OVERFLOW,
            Error::Os(errno) => errno_win32(errno),
        }
    }
}

const fn errno_win32(errno: i32) -> u32 {
    match errno {
        libc::ENOENT => ERROR_FILE_NOT_FOUND,
        libc::ENOTDIR => ERROR_PATH_NOT_FOUND,
        libc::EMFILE | libc::ENFILE => ERROR_TOO_MANY_OPEN_FILES,
        libc::EACCES | libc::EPERM | libc::EROFS | libc::ELOOP => ERROR_ACCESS_DENIED,
        libc::EBADF => ERROR_INVALID_HANDLE,
        libc::ENOMEM => ERROR_NOT_ENOUGH_MEMORY,
        libc::ENOSPC | libc::EDQUOT => ERROR_COMMITMENT_LIMIT,
        libc::EEXIST | libc::EFAULT => ERROR_INVALID_ADDRESS,
        libc::EINVAL | libc::EFBIG | libc::EOVERFLOW => ERROR_INVALID_PARAMETER,
        libc::ENAMETOOLONG => ERROR_FILENAME_EXCED_RANGE,
        libc::ENOSYS | libc::EOPNOTSUPP => ERROR_NOT_SUPPORTED,
        _ => ERROR_NO_SYSTEM_RESOURCES,
    }
}

impl From<nix::errno::Errno> for Error {
    fn from(errno: nix::errno::Errno) -> Error {
        Error::Os(errno as i32)
    }
}

/// Sets errno, for functions that the C library of Windows has.
pub fn set_errno(errno: i32) {
    nix::errno::Errno::set_raw(errno);
}

thread_local! {
    // Without a destructor, so that it works in signal handlers and at thread exit.
    static LAST: Cell<u32> = const { Cell::new(ERROR_SUCCESS) };
}

/// The last error of the calling thread.
pub fn last() -> u32 {
    LAST.get()
}

/// Sets the last error of the calling thread.
pub fn set_last(code: u32) {
    LAST.set(code);
}
