//! The ranges of a segment that a writer left half written.
//!
//! The list lies in memory that outlives its writers, so each change is a row of
//! stores after any of which the writer may be killed. What is in the list then is
//! never less than what is torn, once the range of the interrupted write is added
//! again: `remove` is only called with that range.

#![forbid(unsafe_code)]

use std::ops::Range;

/// Ranges that are kept apart; more are joined with a neighbour.
pub const CAPACITY: usize = 16;

/// Where the list is. An entry whose end is not above its start says nothing.
pub trait Places {
    fn count(&self) -> usize;
    fn set_count(&self, count: usize);
    fn get(&self, index: usize) -> Range<u64>;
    fn set_start(&self, index: usize, start: u64);
    fn set_end(&self, index: usize, end: u64);
}

fn overlap(first: &Range<u64>, second: &Range<u64>) -> bool {
    first.start.max(second.start) < first.end.min(second.end)
}

/// Whether a byte of the range is torn.
pub fn touches(list: &impl Places, range: &Range<u64>) -> bool {
    (0..list.count().min(CAPACITY)).any(|index| overlap(&list.get(index), range))
}

/// The range is torn.
pub fn add(list: &impl Places, range: &Range<u64>) {
    let count = list.count().min(CAPACITY);
    // How many bytes lie between an entry and the range; 0: they can be joined.
    let distance = |index: &usize| {
        let entry = list.get(*index);
        let (later, earlier) = (entry.start.max(range.start), entry.end.min(range.end));
        if entry.is_empty() { u64::MAX } else { later.saturating_sub(earlier) }
    };
    let nearest = (0..count).min_by_key(distance);
    match nearest {
        Some(index) if count == CAPACITY || distance(&index) == 0 => {
            let entry = list.get(index);
            if entry.is_empty() {
                put(list, index, range);
                return;
            }
            list.set_start(index, entry.start.min(range.start));
            list.set_end(index, entry.end.max(range.end));
        }
        _ => {
            put(list, count, range);
            list.set_count(count + 1);
        }
    }
}

/// The range was written whole.
pub fn remove(list: &impl Places, range: &Range<u64>) {
    let mut count = list.count().min(CAPACITY);
    let mut index = 0;
    while index < count {
        let entry = list.get(index);
        if entry.is_empty() || range.start <= entry.start && entry.end <= range.end {
            // The last one takes its place.
            count -= 1;
            if index != count {
                put(list, index, &list.get(count));
            }
            list.set_count(count);
            continue;
        }
        if overlap(&entry, range) {
            if range.start <= entry.start {
                list.set_start(index, range.end);
            } else if entry.end <= range.end {
                list.set_end(index, range.start);
            } else if count < CAPACITY {
                put(list, count, &(range.end..entry.end));
                count += 1;
                list.set_count(count);
                list.set_end(index, range.start);
            }
            // Else there is no room for two: the middle stays torn.
        }
        index += 1;
    }
}

/// Replaces an entry, which says nothing meanwhile.
fn put(list: &impl Places, index: usize, range: &Range<u64>) {
    list.set_end(index, 0);
    list.set_start(index, range.start);
    list.set_end(index, range.end);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::{Cell, RefCell};

    /// A list whose owner dies after so many stores.
    struct List {
        count: Cell<usize>,
        entries: RefCell<[Range<u64>; CAPACITY]>,
        stores_left: Cell<usize>,
    }

    impl List {
        fn new() -> List {
            let entries = RefCell::new(std::array::from_fn(|_| 7..7));
            List { count: Cell::new(0), entries, stores_left: Cell::new(usize::MAX) }
        }

        fn store(&self, change: impl FnOnce(&mut [Range<u64>; CAPACITY])) {
            if self.stores_left.get() > 0 {
                self.stores_left.set(self.stores_left.get() - 1);
                change(&mut self.entries.borrow_mut());
            }
        }

        fn torn(&self) -> u64 {
            (0..64).filter(|&byte| touches(self, &(byte..byte + 1))).fold(0, |bits, byte| bits | 1 << byte)
        }
    }

    impl Places for List {
        fn count(&self) -> usize {
            self.count.get()
        }
        fn set_count(&self, count: usize) {
            self.store(|_| self.count.set(count));
        }
        fn get(&self, index: usize) -> Range<u64> {
            self.entries.borrow()[index].clone()
        }
        fn set_start(&self, index: usize, start: u64) {
            self.store(|entries| entries[index].start = start);
        }
        fn set_end(&self, index: usize, end: u64) {
            self.store(|entries| entries[index].end = end);
        }
    }

    fn bits(range: &Range<u64>) -> u64 {
        range.clone().fold(0, |bits, byte| bits | 1 << byte)
    }

    fn random(state: &mut u64) -> u64 {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        *state
    }

    /// As long as there is room the list is exact; when there is not, it says more
    /// and never less.
    #[test]
    fn the_list_says_what_a_set_of_bytes_would() {
        let mut state = 12345;
        for longest in [6, 30] {
            for _ in 0..2000 {
                let (list, mut model, mut was_full) = (List::new(), 0, false);
                for _ in 0..40 {
                    let start = random(&mut state) % 60;
                    let range = start..(start + 1 + random(&mut state) % longest).min(64);
                    if random(&mut state) % 2 == 0 {
                        add(&list, &range);
                        model |= bits(&range);
                    } else {
                        remove(&list, &range);
                        model &= !bits(&range);
                    }
                    was_full |= list.count() == CAPACITY;
                    assert_eq!(model & !list.torn(), 0, "a torn byte is forgotten");
                    assert!(was_full || list.torn() == model, "a whole byte is said to be torn");
                }
            }
        }
    }

    /// The owner dies after each of its stores. Whoever comes next adds the range
    /// of the interrupted write again: nothing that is torn may be missing, and
    /// nothing else be there.
    #[test]
    fn death_between_two_stores_loses_nothing() {
        let mut state = 777;
        for round in 0..4000 {
            let (list, mut model) = (List::new(), 0);
            for _ in 0..4 {
                let start = random(&mut state) % 50;
                let range = start..start + 1 + random(&mut state) % 8;
                add(&list, &range);
                model |= bits(&range);
            }
            let start = random(&mut state) % 50;
            let range = start..start + 1 + random(&mut state) % 12;
            list.stores_left.set(round % 12);
            if round % 3 == 0 {
                add(&list, &range);
            } else {
                remove(&list, &range);
            }
            list.stores_left.set(usize::MAX);
            add(&list, &range);
            assert_eq!(list.torn(), model | bits(&range));
        }
    }
}
