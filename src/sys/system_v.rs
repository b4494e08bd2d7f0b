//! System V shared memory: `shmget`, `shmat`, `shmctl`.

use crate::error::Error;
use crate::plant::call;
use nix::errno::Errno;
use std::mem::MaybeUninit;
use std::ptr;

/// The kernel's number of a segment. It is not used again soon.
pub type Id = i32;

/// What `IPC_STAT` tells. Times are seconds since 1970, 0 for never.
#[derive(Clone, Copy, Debug)]
pub struct Status {
    pub size: u64,
    pub owner: u32,
    pub group: u32,
    /// The nine permission bits.
    pub mode: u32,
    pub creator_process: u32,
    /// The last process that attached or detached.
    pub last_process: u32,
    pub attached: u64,
    pub attach_time: i64,
    pub detach_time: i64,
    pub change_time: i64,
}

fn get(key: u32, size: usize, flags: i32) -> Result<Id, Error> {
    // SAFETY: shmget takes no memory.
    let id = call("shmget: get", || unsafe { libc::shmget(key as i32, size, flags) });
    Errno::result(id).map_err(Error::from)
}

/// Makes a segment; EEXIST when the key has one.
pub fn create(key: u32, size: usize, mode: u32) -> Result<Id, Error> {
    get(key, size, libc::IPC_CREAT | libc::IPC_EXCL | mode as i32)
}

/// The segment of a key; EACCES where the user may not do so much with it.
pub fn find(key: u32, write: bool) -> Result<Id, Error> {
    get(key, 0, if write { 0o600 } else { 0o400 })
}

fn control(id: Id, command: i32, argument: *mut libc::shmid_ds) -> Result<i32, Error> {
    // SAFETY: the callers pass what the command reads or writes, or null where it does neither.
    let result = call("shmctl: control", || unsafe { libc::shmctl(id, command, argument) });
    Errno::result(result).map_err(Error::from)
}

fn raw_status(id: Id) -> Result<libc::shmid_ds, Error> {
    let mut status = MaybeUninit::zeroed();
    control(id, libc::IPC_STAT, status.as_mut_ptr())?;
    // SAFETY: the kernel filled it; zero is a valid value of a plain C structure.
    Ok(unsafe { status.assume_init() })
}

pub fn status(id: Id) -> Result<Status, Error> {
    let raw = raw_status(id)?;
    Ok(Status {
        size: raw.shm_segsz as u64,
        owner: raw.shm_perm.uid,
        group: raw.shm_perm.gid,
        mode: u32::from(raw.shm_perm.mode) & 0o777,
        creator_process: raw.shm_cpid as u32,
        last_process: raw.shm_lpid as u32,
        attached: raw.shm_nattch,
        attach_time: raw.shm_atime,
        detach_time: raw.shm_dtime,
        change_time: raw.shm_ctime,
    })
}

/// A segment in the list of all.
#[cfg(feature = "tool")]
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// 0: it has none, or lost it when it was removed.
    pub key: u32,
    pub id: Id,
    /// It goes with its last attachment.
    pub is_removed: bool,
    pub creator_user: u32,
    /// Bytes of memory that it takes.
    pub resident: u64,
    pub status: Status,
}

/// Every segment of this IPC namespace, whosever it is.
#[cfg(feature = "tool")]
pub fn list() -> Result<Vec<Listed>, Error> {
    let os = |error: std::io::Error| Error::Os(error.raw_os_error().unwrap_or(libc::EIO));
    let text = call("open: all segments", || std::fs::read_to_string("/proc/sysvipc/shm")).map_err(os)?;
    Ok(text.lines().skip(1).filter_map(parse_listed).collect())
}

/// key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap
#[cfg(feature = "tool")]
fn parse_listed(line: &str) -> Option<Listed> {
    const REMOVED: u32 = 0o1000;
    let words: Vec<&str> = line.split_ascii_whitespace().collect();
    let number = |index: usize| words.get(index)?.parse::<i64>().ok();
    let small = |index: usize| number(index).map(|number| number as u32);
    let large = |index: usize| words.get(index)?.parse::<u64>().ok();
    let mode = u32::from_str_radix(words.get(2)?, 8).ok()?;
    Some(Listed {
        key: small(0)?,
        id: words.get(1)?.parse().ok()?,
        is_removed: mode & REMOVED != 0,
        creator_user: small(9)?,
        resident: large(14)?,
        status: Status {
            size: large(3)?,
            owner: small(7)?,
            group: small(8)?,
            mode: mode & 0o777,
            creator_process: small(4)?,
            last_process: small(5)?,
            attached: large(6)?,
            attach_time: number(11)?,
            detach_time: number(12)?,
            change_time: number(13)?,
        },
    })
}

/// Sets the permission bits. IPC_SET sets the owner, too, whom a mode may keep from
/// asking who that is: then it is `owner`, user and group.
pub fn set_mode(id: Id, owner: (u32, u32), mode: u32) -> Result<(), Error> {
    let mut raw = match raw_status(id) {
        Err(Error::Os(libc::EACCES)) => {
            // SAFETY: zero is a valid value of a plain C structure.
            let mut raw: libc::shmid_ds = unsafe { std::mem::zeroed() };
            (raw.shm_perm.uid, raw.shm_perm.gid) = owner;
            raw
        }
        status => status?,
    };
    raw.shm_perm.mode = mode as _;
    control(id, libc::IPC_SET, &mut raw).map(|_| ())
}

/// Takes the key from a segment. Its memory goes with the last attachment.
pub fn destroy(id: Id) -> Result<(), Error> {
    control(id, libc::IPC_RMID, ptr::null_mut()).map(|_| ())
}

fn shmat(id: Id, address: usize, flags: i32) -> Result<usize, Error> {
    // SAFETY: without SHM_REMAP (see `attach_over`) only free addresses are taken.
    let mapped = call("shmat: attach", || unsafe { libc::shmat(id, address as *const _, flags) });
    if mapped as isize == -1 { Err(Errno::last().into()) } else { Ok(mapped as usize) }
}

/// How a segment is attached.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attachment {
    pub write: bool,
    pub execute: bool,
}

impl Attachment {
    fn flags(self) -> i32 {
        let read_only = if self.write { 0 } else { libc::SHM_RDONLY };
        read_only | if self.execute { libc::SHM_EXEC } else { 0 }
    }
}

/// Attaches a whole segment at an address of the kernel's choice.
pub fn attach(id: Id, how: Attachment) -> Result<usize, Error> {
    shmat(id, 0, how.flags())
}

/// Attaches a whole segment in place of what a range shows.
///
/// # Safety
/// The range, as long as the segment in whole pages, belongs to the caller.
pub unsafe fn attach_over(address: usize, id: Id, how: Attachment) -> Result<(), Error> {
    shmat(id, address, how.flags() | libc::SHM_REMAP).map(|_| ())
}

/// # Safety
/// A segment is attached at the address, and nobody uses it any more.
pub unsafe fn detach(address: usize) {
    // SAFETY: by this function's contract.
    call("shmdt: detach", || unsafe { libc::shmdt(address as *const _) });
}

/// What all segments may take together.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub largest: u64,
    pub segments: u64,
    pub pages: u64,
}

/// What all segments take. Pages are 4096 bytes.
#[derive(Clone, Copy, Debug)]
pub struct Usage {
    pub segments: u64,
    pub pages: u64,
    pub resident: u64,
    pub swapped: u64,
}

// Linux' answers to IPC_INFO and SHM_INFO, which libc does not define.
const IPC_INFO: i32 = 3;
const SHM_INFO: i32 = 14;

#[repr(C)]
struct ShmInfoLimits {
    shmmax: u64,
    shmmin: u64,
    shmmni: u64,
    shmseg: u64,
    shmall: u64,
    unused: [u64; 4],
}

#[repr(C)]
struct ShmInfoUsage {
    used_ids: i32,
    shm_tot: u64,
    shm_rss: u64,
    shm_swp: u64,
    swap_attempts: u64,
    swap_successes: u64,
}

pub fn limits() -> Result<Limits, Error> {
    let mut info = MaybeUninit::<ShmInfoLimits>::zeroed();
    control(0, IPC_INFO, info.as_mut_ptr().cast())?;
    // SAFETY: the kernel filled it; zero is a valid value.
    let info = unsafe { info.assume_init() };
    Ok(Limits { largest: info.shmmax, segments: info.shmmni, pages: info.shmall })
}

pub fn usage() -> Result<Usage, Error> {
    let mut info = MaybeUninit::<ShmInfoUsage>::zeroed();
    control(0, SHM_INFO, info.as_mut_ptr().cast())?;
    // SAFETY: the kernel filled it; zero is a valid value.
    let info = unsafe { info.assume_init() };
    Ok(Usage {
        segments: u64::try_from(info.used_ids).unwrap_or(0),
        pages: info.shm_tot,
        resident: info.shm_rss,
        swapped: info.shm_swp,
    })
}
