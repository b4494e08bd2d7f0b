//! Share modes: who has a file open, to do what, and what he keeps others from.
//!
//! Each open file has a lock on one byte of the file itself, far beyond its end, whose
//! number says both. The lock is the description's: it goes with the last handle,
//! however the process ends, it is there for every user and in every container that
//! has the file, a forked child shares it, and it takes no descriptor and no other
//! file. (A file of the library's for each open one would leave programs alone that
//! lock a whole file by `fcntl`; it would cost a second descriptor for each, would have
//! to be removed after kills, and would be one user's only.)
//!
//! ```text
//! use  = uses:3 | denies:3                    which of 64 spans
//! span = lane 0, lane 1, ...                  2 bytes each: deciding, open
//! ```
//!
//! Descriptions that may read lock shared, and all in lane 0. Those that may only
//! write can lock exclusively only, each in a lane of its own.
//!
//! Whoever opens a file locks both bytes of his use, looks for others whose use
//! excludes his, and then gives up the first byte, or both. So of two who exclude each
//! other at least one sees the other. Who sees one that is open is refused. Who
//! sees one that is deciding steps back and tries again, because that one may be
//! refused in the end.

use super::failure::of_file;
use crate::consts::*;
use crate::error::Error;
use crate::patience::Patience;
use crate::sys::file;
use crate::sys::range_lock::{self, Kind, Range};
use std::os::fd::BorrowedFd;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering::Relaxed;

/// Beyond every byte that a program can lock; see `byte_locks`.
const FIRST: i64 = 1 << 62 | 1 << 40;
const USES: i64 = 64;
const LANES: i64 = 1 << 16;
const SPAN: i64 = 2 * LANES;

/// Locked shared by every section of the file, and by its views; exclusively by who cuts
/// the file off, so that none is made meanwhile.
const MAPPED: Range = Range { start: FIRST - 2, length: 1 };

const READS: u8 = 1;
const WRITES: u8 = 2;
const DELETES: u8 = 4;
const ALL: u8 = 7;

/// What an open file does with the file, and what others must not do.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Use {
    does: u8,
    denies: u8,
}

impl Use {
    /// None: it neither reads nor writes nor deletes; then it keeps nobody off, and
    /// nobody keeps it off.
    pub fn new(access: u32, share: u32) -> Option<Use> {
        let does = [
            (FILE_READ_DATA | FILE_EXECUTE, READS),
            (FILE_WRITE_DATA | FILE_APPEND_DATA, WRITES),
            (DELETE, DELETES),
        ];
        let denies = [(FILE_SHARE_READ, READS), (FILE_SHARE_WRITE, WRITES), (FILE_SHARE_DELETE, DELETES)];
        let bits = |table: [(u32, u8); 3], mask: u32| -> u8 {
            table.iter().filter(|(known, _)| mask & known != 0).map(|(_, bit)| bit).sum()
        };
        let (does, shared) = (bits(does, access), bits(denies, share));
        (does != 0).then_some(Use { does, denies: ALL & !shared })
    }

    fn of_number(number: i64) -> Use {
        Use { does: number as u8 & ALL, denies: (number >> 3) as u8 & ALL }
    }

    fn number(self) -> i64 {
        i64::from(self.denies << 3 | self.does)
    }

    fn excludes(self, other: Use) -> bool {
        self.does & other.denies | self.denies & other.does != 0
    }

    /// The runs of spans whose uses exclude this one: first and number after the last.
    fn excluded(self) -> impl Iterator<Item = (i64, i64)> {
        let is_excluded = move |number: i64| number < USES && self.excludes(Use::of_number(number));
        let begins = move |number: &i64| is_excluded(*number) && !(*number > 0 && is_excluded(*number - 1));
        (0..USES).filter(begins).map(move |first| {
            let end = (first..=USES).find(|&number| !is_excluded(number)).unwrap_or(USES);
            (first, end)
        })
    }
}

/// The lock of an open file.
#[derive(Debug)]
pub struct Sharing {
    /// The two bytes.
    place: Range,
}

impl Sharing {
    /// Opens the file for others to see; SharingViolation when somebody excludes that.
    /// Whether the description may read decides how it locks.
    pub fn begin(file: BorrowedFd, may_read: bool, wanted: Use) -> Result<Sharing, Error> {
        let mut patience = Patience::new();
        loop {
            let sharing = Sharing::announce(file, may_read, wanted)?;
            match sharing.look(file, wanted) {
                Ok(Look::Clear) => {
                    range_lock::unlock(file, Range { length: 1, ..sharing.place });
                    return Ok(sharing);
                }
                Ok(Look::Refused) => {
                    sharing.end(file);
                    return Err(Error::SharingViolation);
                }
                Ok(Look::Undecided) => sharing.end(file),
                Err(error) => {
                    sharing.end(file);
                    return Err(of_file(error));
                }
            }
            // A process that was stopped while it decided may be about to have it.
            patience.lose_some().map_err(|_| Error::SharingViolation)?;
        }
    }

    fn announce(file: BorrowedFd, may_read: bool, wanted: Use) -> Result<Sharing, Error> {
        static NEXT: AtomicI64 = AtomicI64::new(0);
        let lane = |lane: i64| Range { start: FIRST + wanted.number() * SPAN + 2 * lane, length: 2 };
        if may_read {
            return match range_lock::try_lock(file, Kind::Shared, lane(0)).map_err(of_file)? {
                true => Ok(Sharing { place: lane(0) }),
                // Nobody of ours locks it exclusively: a program has locked the whole file.
                false => Err(Error::SharingViolation),
            };
        }
        for _ in 1..LANES {
            let place = lane(1 + NEXT.fetch_add(1, Relaxed).rem_euclid(LANES - 1));
            if range_lock::try_lock(file, Kind::Exclusive, place).map_err(of_file)? {
                return Ok(Sharing { place });
            }
        }
        Err(Error::SharingViolation)
    }

    fn look(&self, file: BorrowedFd, wanted: Use) -> Result<Look, Error> {
        let all = Range { start: FIRST, length: USES * SPAN };
        if range_lock::conflict(file, Kind::Exclusive, all)?.is_none() {
            return Ok(Look::Clear);
        }
        let mut seen = Look::Clear;
        for (first, end) in wanted.excluded() {
            let run = Range { start: FIRST + first * SPAN, length: (end - first) * SPAN };
            match range_lock::conflict(file, Kind::Exclusive, run)? {
                None => {}
                Some(Range { length: 2, .. }) => seen = Look::Undecided,
                Some(_) => return Ok(Look::Refused),
            }
        }
        Ok(seen)
    }

    /// Gives the use up, also for a forked child that shares the description.
    pub fn end(&self, file: BorrowedFd) {
        range_lock::unlock(file, self.place);
    }
}

/// What somebody who opens a file sees of the others.
enum Look {
    Clear,
    Undecided,
    Refused,
}

/// Says that a description is a section's: until it and its mappings are gone, the file
/// is not cut off and not deleted.
pub fn mark_as_mapped(file: BorrowedFd) -> Result<(), Error> {
    let mut patience = Patience::new();
    while !range_lock::try_lock(file, Kind::Shared, MAPPED).map_err(of_file)? {
        match range_lock::obstacle(file, Kind::Shared, MAPPED).map_err(of_file)? {
            Some((_, MAPPED)) | None => patience.lose_some().map_err(|_| Error::SharingViolation)?,
            // A program has locked the whole file, and does what it likes with it.
            Some(_) => break,
        }
    }
    Ok(())
}

/// Gives a file a size that may cut bytes off. UserMapped: somebody has mapped it. The
/// description may write.
pub fn cut(file: BorrowedFd, size: u64) -> Result<(), Error> {
    let mut patience = Patience::new();
    while !range_lock::try_lock(file, Kind::Exclusive, MAPPED).map_err(of_file)? {
        match range_lock::obstacle(file, Kind::Exclusive, MAPPED).map_err(of_file)? {
            Some((Kind::Shared, MAPPED)) => return Err(Error::UserMapped),
            Some((_, MAPPED)) | None => patience.lose_some().map_err(|_| Error::SharingViolation)?,
            Some(_) => break,
        }
    }
    let result = file::set_size(file, size).map_err(of_file);
    range_lock::unlock(file, MAPPED);
    result
}

/// Whether a section or view of the file exists, by another description.
pub fn is_mapped(file: BorrowedFd) -> Result<bool, Error> {
    let found = range_lock::obstacle(file, Kind::Exclusive, MAPPED).map_err(of_file)?;
    Ok(found == Some((Kind::Shared, MAPPED)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::{AsFd, OwnedFd};

    fn used(does: u8, denies: u8) -> Use {
        Use { does, denies }
    }

    #[test]
    fn a_use_is_made_of_rights_and_share_modes() {
        assert_eq!(Use::new(FILE_GENERIC_READ, 0), Some(used(READS, ALL)));
        assert_eq!(Use::new(FILE_APPEND_DATA | DELETE, FILE_SHARE_READ), Some(used(6, 6)));
        assert_eq!(Use::new(FILE_EXECUTE, 7), Some(used(READS, 0)));
        assert_eq!(Use::new(SYNCHRONIZE | FILE_READ_ATTRIBUTES, 0), None);
    }

    #[test]
    fn the_runs_hold_exactly_what_excludes() {
        for number in 0..USES {
            let wanted = Use::of_number(number);
            assert_eq!(wanted.number(), number);
            let runs: Vec<_> = wanted.excluded().collect();
            for other in 0..USES {
                let is_in_run = runs.iter().any(|&(first, end)| (first..end).contains(&other));
                assert_eq!(is_in_run, wanted.excludes(Use::of_number(other)), "{number} {other}");
            }
        }
    }

    fn descriptions() -> (OwnedFd, OwnedFd) {
        let first = file::create_nameless(c"shared").unwrap();
        let second = file::reopen(first.as_fd()).unwrap();
        (first, second)
    }

    #[test]
    fn each_use_meets_each_other_as_the_rule_says() {
        for (one, other) in (0..USES).flat_map(|one| (0..USES).map(move |other| (one, other))) {
            let (first, second) = descriptions();
            let (one, other) = (Use::of_number(one), Use::of_number(other));
            for may_read in [true, false] {
                let held = Sharing::begin(first.as_fd(), may_read, one).unwrap();
                let tried = Sharing::begin(second.as_fd(), true, other);
                assert_eq!(tried.is_err(), one.excludes(other), "{one:?} {other:?}");
                held.end(first.as_fd());
                tried.into_iter().for_each(|sharing| sharing.end(second.as_fd()));
            }
        }
    }

    #[test]
    fn writers_who_cannot_read_have_lanes_of_their_own() {
        let (first, second) = descriptions();
        let writer = used(WRITES, 0);
        assert!(Sharing::begin(first.as_fd(), false, writer).is_ok());
        assert!(Sharing::begin(second.as_fd(), false, writer).is_ok());
        let third = file::reopen(first.as_fd()).unwrap();
        let refused = Sharing::begin(third.as_fd(), true, used(READS, WRITES));
        assert_eq!(refused.err(), Some(Error::SharingViolation));
    }

    #[test]
    fn who_is_refused_leaves_nothing_behind() {
        let (first, second) = descriptions();
        let held = Sharing::begin(first.as_fd(), true, used(READS, WRITES)).unwrap();
        assert!(Sharing::begin(second.as_fd(), true, used(WRITES, READS)).is_err());
        held.end(first.as_fd());
        assert!(Sharing::begin(first.as_fd(), true, used(READS, ALL)).is_ok());
    }

    #[test]
    fn a_mapping_is_seen_by_others_as_long_as_its_description_lives() {
        let (first, second) = descriptions();
        mark_as_mapped(second.as_fd()).unwrap();
        assert_eq!(is_mapped(first.as_fd()), Ok(true));
        drop(second);
        assert_eq!(is_mapped(first.as_fd()), Ok(false));
    }
}
