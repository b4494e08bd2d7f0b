//! A value per page, stored as runs of equal values.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::sys::heap;
use std::ops::Range;

/// So many does a `set` add at most.
const MORE_RUNS: usize = 2;

/// The value of every page in `0..pages`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Runs<T> {
    pages: usize,
    first: T,
    /// First page and value of each further run, in order; neighbours differ.
    /// Usually there is none.
    rest: Vec<(usize, T)>,
}

impl<T: Copy + PartialEq> Runs<T> {
    pub fn new(pages: usize, value: T) -> Runs<T> {
        Runs { pages, first: value, rest: Vec::new() }
    }

    pub fn pages(&self) -> usize {
        self.pages
    }

    /// The value of a page and the end of its run.
    pub fn get(&self, page: usize) -> (T, usize) {
        let after = self.rest.partition_point(|&(start, _)| start <= page);
        let value = if after == 0 { self.first } else { self.rest[after - 1].1 };
        (value, self.rest.get(after).map_or(self.pages, |&(start, _)| start))
    }

    /// Makes room, so that the next `set` cannot fail.
    pub fn prepare(&mut self) -> Result<(), Error> {
        if self.rest.capacity() - self.rest.len() < MORE_RUNS {
            heap::suffices()?;
            self.rest.try_reserve(MORE_RUNS).map_err(|_| Error::Os(libc::ENOMEM))?;
        }
        Ok(())
    }

    pub fn set(&mut self, range: Range<usize>, value: T) {
        if range.is_empty() {
            return;
        }
        let after = (range.end < self.pages).then(|| (range.end, self.get(range.end).0));
        let from = self.rest.partition_point(|&(start, _)| start < range.start);
        let to = self.rest.partition_point(|&(start, _)| start <= range.end);
        let new = (range.start > 0).then_some((range.start, value));
        self.rest.splice(from..to, new.into_iter().chain(after));
        if range.start == 0 {
            self.first = value;
        }
        let mut previous = self.first;
        self.rest.retain(|&(_, value)| std::mem::replace(&mut previous, value) != value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every sequence of three assignments to eight pages, against an array.
    #[test]
    fn three_assignments_give_what_an_array_would_hold() {
        const PAGES: usize = 8;
        let ranges: Vec<_> =
            (0..PAGES).flat_map(|start| (start..=PAGES).map(move |end| start..end)).collect();
        for first in &ranges {
            for second in &ranges {
                for third in ranges.iter().step_by(3) {
                    let mut runs = Runs::new(PAGES, 0);
                    let mut array = [0; PAGES];
                    for (range, value) in [(first, 1), (second, 2), (third, 1)] {
                        runs.set(range.clone(), value);
                        array[range.clone()].fill(value);
                    }
                    for (page, value) in array.into_iter().enumerate() {
                        let (found, end) = runs.get(page);
                        assert_eq!(found, value);
                        assert!(array[page..end].iter().all(|&other| other == value));
                    }
                    let starts: Vec<_> = std::iter::once((0, runs.first)).chain(runs.rest.clone()).collect();
                    let is_apart = |pair: &[(usize, i32)]| pair[0].0 < pair[1].0 && pair[0].1 != pair[1].1;
                    assert!(starts.windows(2).all(is_apart));
                }
            }
        }
    }

    #[test]
    fn a_run_is_told_with_its_end() {
        let mut runs = Runs::new(10, 'a');
        runs.set(3..6, 'b');
        assert_eq!([runs.get(0), runs.get(4), runs.get(9)], [('a', 3), ('b', 6), ('a', 10)]);
    }
}
