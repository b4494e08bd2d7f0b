//! What the system's errors mean for a file of the program. Elsewhere the same ones
//! are about files of the library, which the program knows nothing of.

#![forbid(unsafe_code)]

use crate::error::Error;

pub fn of_file(error: Error) -> Error {
    let errno = match error {
        Error::Os(errno) => errno,
        Error::SizeLimit => libc::EFBIG,
        error => return error,
    };
    match errno {
        libc::EEXIST => Error::FileExists,
        libc::ENOTDIR => Error::PathNotFound,
        libc::EISDIR => Error::AccessDenied,
        // Somebody runs the file; to write to it, it would have to be shared.
        libc::ETXTBSY => Error::SharingViolation,
        libc::EROFS => Error::WriteProtected,
        libc::ENOSPC | libc::EDQUOT => Error::DiskFull,
        libc::EFBIG => Error::FileTooLarge,
        libc::EFAULT => Error::NoAccess,
        libc::EIO => Error::Device,
        libc::ELOOP => Error::CannotResolve,
        libc::ENXIO | libc::ENODEV => Error::NotFound,
        libc::ESPIPE => Error::InvalidFunction,
        libc::EPIPE => Error::NoReader,
        _ => error,
    }
}
