//! What the kernel must have locked at each byte, for a list of locks.
//!
//! A lock is asked for at any 64-bit offset, and the kernel has only half as many. All
//! bytes from 2^62 on are one for it: locks there exclude each other too often and never
//! too rarely, and a lock of everything is what it says.

#![forbid(unsafe_code)]

use crate::sys::range_lock::Range;

/// The first byte that the kernel does not tell from later ones.
const LIMIT: i64 = 1 << 62;
/// Stands for them. Beyond it are the bytes of `share`.
pub const FAR: Range = Range { start: LIMIT, length: 1 };

/// Every byte that a lock can be on.
pub const EVERYTHING: Range = Range { start: 0, length: LIMIT + FAR.length };

/// A range as the program gives it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    pub start: u64,
    pub length: u64,
}

impl Span {
    fn end(self) -> u128 {
        u128::from(self.start) + u128::from(self.length)
    }

    /// No bytes overlap nothing.
    pub fn overlaps(self, other: Span) -> bool {
        let start = u128::from(self.start.max(other.start));
        start < self.end().min(other.end())
    }

    /// What the kernel locks for it: at most two ranges, none for no bytes.
    pub fn ranges(self) -> impl Iterator<Item = Range> {
        let limit = LIMIT as u64;
        let (start, end) = (self.start.min(limit), self.end().min(u128::from(limit)) as u64);
        let near = Range { start: start as i64, length: end.saturating_sub(start) as i64 };
        let far = (self.length > 0 && self.end() > u128::from(limit)).then_some(FAR);
        (near.length > 0).then_some(near).into_iter().chain(far)
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Lock {
    pub span: Span,
    pub exclusive: bool,
}

/// What the kernel has of this object at a byte.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    None,
    Shared,
    Exclusive,
}

impl Lock {
    pub fn level(&self) -> Level {
        if self.exclusive { Level::Exclusive } else { Level::Shared }
    }
}

/// The strongest of some locks in each part of a range.
pub fn levels(locks: &[Lock], range: Range) -> Vec<(Range, Level)> {
    let end = range.start + range.length;
    let others = || locks.iter().flat_map(|lock| lock.span.ranges().map(|range| (range, lock.level())));
    let mut borders: Vec<i64> = others()
        .flat_map(|(other, _)| [other.start, other.start + other.length])
        .filter(|border| (range.start + 1..end).contains(border))
        .chain([range.start, end])
        .collect();
    borders.sort_unstable();
    borders.dedup();
    let part = |pair: &[i64]| Range { start: pair[0], length: pair[1] - pair[0] };
    let level = |part: Range| {
        let covers = |(other, _): &(Range, Level)| {
            other.start <= part.start && part.start < other.start + other.length
        };
        others().filter(covers).map(|(_, level)| level).max().unwrap_or(Level::None)
    };
    borders.windows(2).map(|pair| (part(pair), level(part(pair)))).collect()
}
