//! Memory of large pages, which the administrator sets aside.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::sys::{file, system};
use std::os::fd::{AsFd, OwnedFd};

/// A nameless file of large pages that are all there. PrivilegeNotHeld where the
/// system has none to give to this process, as Windows says to most users.
pub fn create_large(size: u64) -> Result<OwnedFd, Error> {
    if system::large_pages() == 0 {
        return Err(Error::PrivilegeNotHeld);
    }
    let file = file::create_nameless_large(c"winshm-large-section").map_err(|_| Error::PrivilegeNotHeld)?;
    // Now, because a page that is missing later would be a SIGBUS.
    file::reserve(file.as_fd(), 0, size).map_err(|error| match error {
        Error::Os(libc::ENOSPC | libc::ENOMEM) => Error::NoSystemResources,
        error => error,
    })?;
    file::set_size(file.as_fd(), size)?;
    Ok(file)
}
