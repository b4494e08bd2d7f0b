//! Every way in which threads can look up a handle while others close it and its slot is used again.
//!
//! A reader announces itself with a *mark*: it loads the epoch and stores it into its own record, with plain
//! instructions. Only then it looks at the slot. A closer first makes the slot dead, then moves the epoch on,
//! then forces a barrier upon all readers, and only then scans the marks: what was closed in an epoch is freed
//! when no mark is that old any more. The model is a machine with total store order, as x86-64 is: what a
//! thread stores stays in its store buffer for any length of time while its later loads go ahead.

mod explorer;

use explorer::{Model, fails, holds};

const READERS: usize = 2;
const OBJECTS: usize = 3;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The closer's membarrier empties the store buffers of the readers.
    Barrier,
    /// The readers empty their own, for kernels that refuse membarrier.
    ReaderFence,
    NoBarrier,
    NoScan,
    BarrierAfterScan,
    ScanBeforeClose,
    IndexFreeAtClose,
    MarkAfterLookup,
}

/// The next step of a reader.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
enum Read {
    Begin,
    LoadEpoch,
    StoreMark,
    Fence,
    LoadWord,
    LoadEntry,
    UseObject,
    ClearMark,
}

/// One thread that calls a function with a handle, twice. Handle number n was made for object number n.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Reader {
    next: Read,
    calls: u8,
    handle: u8,
    epoch: u8,
    object: u8,
    /// Its mark as all others see it; 0 is "not inside".
    mark: u8,
    /// Stores to the mark that nobody sees yet, the oldest in the lowest digit, each one more than its value.
    buffer: u16,
}

impl Reader {
    fn store_mark(&mut self, mark: u8) {
        let used = (u16::BITS - self.buffer.leading_zeros()).next_multiple_of(4);
        self.buffer |= u16::from(mark + 1) << used;
    }

    fn oldest_store_reaches_memory(&mut self) {
        self.mark = (self.buffer & 15) as u8 - 1;
        self.buffer >>= 4;
    }

    fn empty_buffer(&mut self) {
        while self.buffer != 0 {
            self.oldest_store_reaches_memory();
        }
    }
}

/// The next step of a closer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Close {
    ScanAhead,
    MakeSlotDead,
    LoadEntry,
    TakeStamp,
    /// The barrier reaches each reader at a moment of its own.
    Barrier,
    /// Marks are looked at one by one; an old one sends the scan back to the first.
    Scan(u8),
    FreeIndex,
    FreeObject,
    Done,
}

/// Closer number n closes the handle of generation n, as soon as that is open.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Closer {
    next: Close,
    object: u8,
    stamp: u8,
    /// The readers that the barrier has reached, one bit each.
    reached: u8,
    /// A scan has already found nobody inside.
    all_outside: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct World {
    epoch: u8,
    generation: u8,
    alive: bool,
    entry: u8,
    index_free: bool,
    /// How many objects were opened; the next one gets this number.
    opened: u8,
    freed: [bool; OBJECTS],
    readers: [Reader; READERS],
    closers: [Closer; 2],
    broken: Option<&'static str>,
}

const USED_AFTER_FREE: &str = "a reader uses a freed object";
const STALE: &str = "a handle leads to the object of a later one";
const FREED_TWICE: &str = "an object was freed twice";
const NEVER_FREED: &str = "all is quiet and a closed object is not freed";

struct Table(Form);

impl Table {
    fn first_read(&self) -> Read {
        if self.0 == Form::MarkAfterLookup { Read::LoadWord } else { Read::LoadEpoch }
    }

    fn read(&self, before: &World, i: usize, handle: u8) -> Option<World> {
        let mut world = *before;
        let me = &mut world.readers[i];
        me.next = match me.next {
            Read::Begin if me.calls == 0 => return None,
            Read::Begin => {
                (me.calls, me.handle, me.next) = (me.calls - 1, handle, self.first_read());
                return self.read(&world, i, handle);
            }
            Read::LoadEpoch => {
                me.epoch = before.epoch;
                Read::StoreMark
            }
            Read::StoreMark => {
                me.store_mark(me.epoch);
                me.epoch = 0;
                match self.0 {
                    Form::ReaderFence => Read::Fence,
                    Form::MarkAfterLookup => Read::LoadEntry,
                    _ => Read::LoadWord,
                }
            }
            Read::Fence if me.buffer != 0 => return None,
            Read::Fence => Read::LoadWord,
            Read::LoadWord if !before.alive || before.generation != me.handle => Read::ClearMark,
            Read::LoadWord if self.0 == Form::MarkAfterLookup => Read::LoadEpoch,
            Read::LoadWord => Read::LoadEntry,
            Read::LoadEntry => {
                me.object = before.entry;
                Read::UseObject
            }
            Read::UseObject => {
                let freed = before.freed[usize::from(me.object)];
                let stale = (me.object != me.handle).then_some(STALE);
                world.broken = if freed { Some(USED_AFTER_FREE) } else { stale };
                Read::ClearMark
            }
            Read::ClearMark => {
                me.store_mark(0);
                (me.handle, me.object) = (0, 0);
                Read::Begin
            }
        };
        Some(world)
    }

    fn close(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let me = &mut world.closers[i];
        me.next = match me.next {
            Close::ScanAhead => {
                me.all_outside = before.readers.iter().all(|reader| reader.mark == 0);
                Close::MakeSlotDead
            }
            Close::MakeSlotDead if !before.alive || usize::from(before.generation) != i => return None,
            Close::MakeSlotDead => {
                (world.alive, world.generation) = (false, before.generation + 1);
                world.index_free = self.0 == Form::IndexFreeAtClose;
                Close::LoadEntry
            }
            Close::LoadEntry => {
                me.object = before.entry;
                Close::TakeStamp
            }
            Close::TakeStamp => {
                me.stamp = before.epoch;
                world.epoch += 1;
                match self.0 {
                    Form::BarrierAfterScan | Form::NoBarrier | Form::ReaderFence => Close::Scan(0),
                    _ => Close::Barrier,
                }
            }
            Close::Scan(reader) => match before.readers[usize::from(reader)].mark {
                mark if mark != 0 && mark <= me.stamp && reader == 0 => return None,
                mark if mark != 0 && mark <= me.stamp => Close::Scan(0),
                _ if usize::from(reader) + 1 < READERS => Close::Scan(reader + 1),
                _ if self.0 == Form::BarrierAfterScan => Close::Barrier,
                _ => Close::FreeIndex,
            },
            // Before the barrier has reached all readers it has no next step of its own.
            Close::Barrier if me.reached.count_ones() < READERS as u32 => return None,
            Close::Barrier => {
                me.reached = 0;
                let scanned = matches!(self.0, Form::NoScan | Form::BarrierAfterScan) || me.all_outside;
                if scanned { Close::FreeIndex } else { Close::Scan(0) }
            }
            Close::FreeIndex => {
                world.index_free |= self.0 != Form::IndexFreeAtClose;
                Close::FreeObject
            }
            Close::FreeObject => {
                let freed = &mut world.freed[usize::from(me.object)];
                world.broken = freed.then_some(FREED_TWICE);
                *freed = true;
                (me.object, me.stamp) = (0, 0);
                Close::Done
            }
            Close::Done => return None,
        };
        Some(world)
    }

    fn barrier_reaches(&self, before: &World, i: usize, reader: usize) -> Option<World> {
        let mut world = *before;
        world.closers[i].reached |= 1 << reader;
        world.readers[reader].empty_buffer();
        (before.closers[i].next == Close::Barrier && before.closers[i].reached & 1 << reader == 0)
            .then_some(world)
    }

    /// Somebody opens another object and is given the free slot: the entry first, then the word.
    fn open(&self, before: &World) -> Option<World> {
        let mut world = *before;
        if before.index_free && usize::from(before.opened) < OBJECTS {
            (world.index_free, world.entry, world.opened) = (false, before.opened, before.opened + 1);
            return Some(world);
        }
        world.alive = true;
        (!before.alive && before.entry == before.generation).then_some(world)
    }

    fn store_reaches_memory(&self, before: &World, reader: usize) -> Option<World> {
        let mut world = *before;
        if before.readers[reader].buffer == 0 {
            return None;
        }
        world.readers[reader].oldest_store_reaches_memory();
        Some(world)
    }
}

impl Model for Table {
    type State = World;
    type Key = World;

    fn start(&self) -> World {
        let (calls, handle, epoch, object, mark, buffer) = (2, 0, 0, 0, 0, 0);
        let reader = Reader { next: Read::Begin, calls, handle, epoch, object, mark, buffer };
        let next = if self.0 == Form::ScanBeforeClose { Close::ScanAhead } else { Close::MakeSlotDead };
        let closer = Closer { next, object: 0, stamp: 0, reached: 0, all_outside: false };
        World {
            epoch: 1,
            generation: 0,
            alive: true,
            entry: 0,
            index_free: false,
            opened: 1,
            freed: [false; OBJECTS],
            readers: [reader; READERS],
            closers: [closer; 2],
            broken: None,
        }
    }

    /// The readers are interchangeable where no barrier has reached one and not yet the other.
    fn key(&self, world: &World) -> World {
        let mut key = *world;
        if world.closers.iter().all(|closer| closer.reached.count_ones() != 1) {
            key.readers.sort();
        }
        key
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..READERS {
            out.extend(self.read(world, i, 0));
            if world.readers[i].next == Read::Begin {
                out.extend(self.read(world, i, 1));
            }
            out.extend(self.store_reaches_memory(world, i));
        }
        for i in 0..2 {
            out.extend(self.close(world, i));
            out.extend((0..READERS).filter_map(|reader| self.barrier_reaches(world, i, reader)));
        }
        out.extend(self.open(world));
    }

    fn violation(&self, world: &World, successors: &[World]) -> Option<&'static str> {
        let never_freed = successors.is_empty() && world.freed != [true, true, false];
        world.broken.or(never_freed.then_some(NEVER_FREED))
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let changed = |i: &usize| before.readers[*i] != after.readers[*i];
        if let Some(i) = (0..2).find(|&i| before.closers[i] != after.closers[i]) {
            return format!("closer {i}: {:?}", before.closers[i].next);
        }
        match (0..READERS).find(changed) {
            Some(i) if before.readers[i].next == after.readers[i].next => {
                format!("reader {i}: a store gets out")
            }
            Some(i) if before.readers[i].next == Read::Begin => {
                format!("reader {i}: {:?} with handle {}", self.first_read(), after.readers[i].handle)
            }
            Some(i) => format!("reader {i}: {:?}", before.readers[i].next),
            None if after.alive => format!("object {} is opened: word", after.entry),
            None => format!("object {} is opened: entry", after.entry),
        }
    }
}

#[test]
fn what_a_reader_found_stays_while_two_closers_free_it_and_its_slot_is_used_again() {
    holds("barrier by the closer", &Table(Form::Barrier));
}

#[test]
fn where_membarrier_is_forbidden_a_fence_in_the_reader_does_as_well() {
    holds("fence in the reader", &Table(Form::ReaderFence));
}

#[test]
fn planted_the_mark_is_still_in_the_store_buffer_when_the_closer_looks() {
    fails("no barrier", USED_AFTER_FREE, &Table(Form::NoBarrier));
    fails("barrier after the scan", USED_AFTER_FREE, &Table(Form::BarrierAfterScan));
}

#[test]
fn planted_the_closer_has_not_looked_since_it_closed() {
    fails("no scan", USED_AFTER_FREE, &Table(Form::NoScan));
    fails("scan older than what it frees", USED_AFTER_FREE, &Table(Form::ScanBeforeClose));
}

/// Between its two loads from the slot a reader trusts that the slot keeps its meaning.
#[test]
fn planted_the_slot_is_used_again_under_a_reader() {
    fails("index free at close", STALE, &Table(Form::IndexFreeAtClose));
}

#[test]
fn planted_the_reader_marks_what_it_has_already_looked_up() {
    fails("mark after the lookup", USED_AFTER_FREE, &Table(Form::MarkAfterLookup));
}
