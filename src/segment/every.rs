//! Every segment that there is, for who only looks.

use super::posix::DIRECTORY;
use super::{Identity, system_v};
use crate::error::Error;
use crate::sys::file::{self, FileStatus};
use crate::sys::system_v::Listed;
use std::ffi::CString;
use std::os::fd::AsFd;

/// A file among the objects of `shm_open`.
pub struct EveryPosix {
    pub name: CString,
    pub status: FileStatus,
    pub identity: Identity,
    /// ns since 1970; 0: the file system does not tell.
    pub birth_ns: u64,
}

/// All files that `shm_open` and `sem_open` can have made.
pub fn every_posix() -> Result<Vec<EveryPosix>, Error> {
    let directory = file::open_directory(DIRECTORY)?;
    let directory = directory.as_fd();
    let one = |name: CString| {
        let status = file::status_at(directory, &name).ok().filter(FileStatus::is_file)?;
        let birth_ns = file::birth_ns(directory, Some(&name)).ok()?;
        let identity = Identity::Posix { device: status.id.device(), inode: status.id.inode(), birth_ns };
        Some(EveryPosix { name, status, identity, birth_ns })
    };
    Ok(file::list(directory)?.into_iter().filter_map(one).collect())
}

/// All segments of `shmget`.
pub fn every_system_v() -> Result<Vec<(Identity, Listed)>, Error> {
    let listed = crate::sys::system_v::list()?;
    let identified = |one: Listed| (system_v::identity(one.id, one.status.creator_process), one);
    Ok(listed.into_iter().map(identified).collect())
}
