//! What other processes write into shared pages: control pages, lists of torn ranges.

use super::{Numbers, units};
use crate::namespace::layout::{self, Creator, Header, Kind, PAGE};
use crate::shared_memory::torn::{self, CAPACITY, Places};
use std::cell::Cell;
use std::ops::Range;

/// A right page is read as it was written; of a changed one everything that is believed
/// lies within the file.
pub fn control_page(input: &[u8]) {
    let mut numbers = Numbers(input);
    let kind = Kind::from_number(u32::from(numbers.one() % 8)).unwrap_or(Kind::Section);
    let pages = numbers.eight() % (1 << 35);
    let commit_pages = u64::from(numbers.one());
    let header = Header {
        kind,
        data_size: pages * PAGE,
        commit_map_size: commit_pages * PAGE,
        attribute_a: u32::from(numbers.one()),
        attribute_b: 0,
        exact_size: numbers.eight() % (pages * PAGE + 1),
        is_closed: numbers.one() & 1 != 0,
    };
    let length = usize::from(numbers.one());
    let (name, changes) = numbers.0.split_at(length.min(numbers.0.len()));
    let mut name = units(name);
    if input.len() % 7 == 0 {
        name.resize(2000, 0x78);
    }
    let (file_size, long) = (header.file_size(name.len()), layout::long_name(&header, &name));
    let state = [0xa5; layout::STATE_SIZE];
    let state = if kind == Kind::Ledger { &[][..] } else { &state };
    let creator = Creator { user: 1, process: 2, time_ns: 3 };
    let mut page = layout::control_page(&header, &name, state, creator);
    let parse = |page: &[u8]| {
        layout::parse(page, file_size, &name, |offset, to| {
            let (place, bytes) = long.as_ref().expect("only long names are elsewhere");
            assert_eq!((offset, to.len()), (*place, bytes.len()));
            to.copy_from_slice(bytes);
            Ok(bytes.len())
        })
    };
    if header.data_size <= layout::LARGEST_DATA {
        assert_eq!(parse(&page), Ok(Some(header)));
        assert_eq!(layout::creator(&page), Ok(creator));
    }
    for change in changes.chunks_exact(3) {
        page[usize::from(u16::from_le_bytes([change[0], change[1]])) % PAGE as usize] = change[2];
    }
    for page in [&page[..], &page[..layout::readable(name.len())], input] {
        if let Ok(Some(read)) = parse(page) {
            assert_eq!(read.control_offset(name.len()) + PAGE, file_size);
            assert!(read.data_size % PAGE == 0 && read.exact_size <= read.data_size);
        }
        let _ = layout::creator(page);
    }
    read_name(input, &page, &name);
}

/// A name is looked for where the page says, never before the beginning of the file.
fn read_name(input: &[u8], page: &[u8], name: &[u16]) {
    let control = 4 * PAGE;
    let read = |to: &mut [u8], offset: u64| {
        let from = offset.checked_sub(control).and_then(|offset| page.get(offset as usize..));
        let from = from.unwrap_or(input);
        let count = from.len().min(to.len());
        to[..count].copy_from_slice(&from[..count]);
        Ok(count)
    };
    if let Ok(found) = layout::read_name(control, read) {
        assert!(found.len() <= crate::name::LONGEST);
        let offset = layout::state_offset(Kind::Event, &found);
        assert!(offset % layout::STATE_SIZE == 0 && offset + layout::STATE_SIZE <= PAGE as usize);
    }
    let offset = layout::state_offset(Kind::Event, name);
    assert!(offset >= 128 && offset + layout::STATE_SIZE <= PAGE as usize);
}

/// A list as somebody left it, or made it up.
struct List {
    count: Cell<usize>,
    ranges: [[Cell<u64>; 2]; CAPACITY],
}

impl Places for List {
    fn count(&self) -> usize {
        self.count.get()
    }

    fn set_count(&self, count: usize) {
        assert!(count <= CAPACITY);
        self.count.set(count);
    }

    fn get(&self, index: usize) -> Range<u64> {
        self.ranges[index][0].get()..self.ranges[index][1].get()
    }

    fn set_start(&self, index: usize, start: u64) {
        self.ranges[index][0].set(start);
    }

    fn set_end(&self, index: usize, end: u64) {
        self.ranges[index][1].set(end);
    }
}

/// What is added is torn; what is written whole is not, if there is room to say so; what
/// else was torn stays torn. Whatever the list was.
pub fn torn(input: &[u8]) {
    let mut numbers = Numbers(input);
    let wide = numbers.one() & 1 != 0;
    let mut number = || if wide { numbers.eight() } else { u64::from(numbers.one()) };
    let list = List { count: Cell::new(number() as usize % (2 * CAPACITY)), ranges: Default::default() };
    for range in &list.ranges {
        range.iter().for_each(|end| end.set(number()));
    }
    for _ in 0..8 {
        let (is_added, start, end) = (number() & 1 != 0, number(), number());
        let range = start.min(end)..start.max(end);
        let points: Vec<u64> = (0..CAPACITY)
            .flat_map(|index| [list.get(index).start, list.get(index).end.wrapping_sub(1)])
            .chain([range.start, range.end.wrapping_sub(1), range.end, range.start.wrapping_sub(1)])
            .filter(|point| *point < u64::MAX)
            .collect();
        let is_torn = |point: u64| torn::touches(&list, &(point..point + 1));
        let before: Vec<bool> = points.iter().map(|point| is_torn(*point)).collect();
        // Each entry may become two.
        let is_full = 2 * list.count() > CAPACITY;
        if range.is_empty() {
            continue;
        }
        match is_added {
            true => torn::add(&list, &range),
            false => torn::remove(&list, &range),
        }
        for (point, was_torn) in points.into_iter().zip(before) {
            match range.contains(&point) {
                true if is_added => assert!(is_torn(point), "{point:x} was added"),
                true => {
                    assert!(!is_torn(point) || is_full, "{point:x} was written")
                }
                false => assert!(is_torn(point) || !was_torn, "{point:x} was torn before"),
            }
        }
    }
}
