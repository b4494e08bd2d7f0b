//! What the processes of a storm do: the victims, the sleeper, and the one who comes
//! when all victims are dead.

use super::api::{self, Answer, Kind};
use crate::abi::types::HANDLE;
use crate::consts::*;
use crate::plant::deeds::arm;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicI64, AtomicU64};
use std::time::Duration;

pub const VICTIMS: usize = 6;
const SEGMENT: usize = 256 << 10;

/// Where a process is, for the mutex: not even born, anywhere else, in a wait that may take
/// it, told that it is the owner, in the call that gives it back; and for the segment.
pub const UNBORN: u64 = 0;
pub const ELSEWHERE: u64 = 1;
pub const TAKING: u64 = 2;
pub const OWNING: u64 = 3;
pub const LEAVING: u64 = 4;
/// In a write to the segment.
pub const WRITING: u64 = 5;
pub const PLACES: usize = 6;

/// What all processes of a round share.
#[derive(Default)]
pub struct Record {
    pub places: [AtomicU64; VICTIMS + 1],
    /// How many things the victim has yet to do before it is struck.
    pub before: [AtomicI64; VICTIMS],
    /// Who is inside what the mutex guards, or died there.
    pub inside: AtomicU64,
    /// Whether the sleeper has the names open.
    pub is_kept: AtomicU64,
    /// The round is over: who wakes up leaves.
    pub is_over: AtomicU64,
    pub told: AtomicU64,
    pub not_told: AtomicU64,
    pub told_twice: AtomicU64,
    pub two_owners: AtomicU64,
    pub torn: AtomicU64,
    pub failed: AtomicU64,
    pub done: AtomicU64,
}

pub fn random(seed: &mut u64) -> u64 {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    *seed
}

fn count(number: &AtomicU64) -> u64 {
    number.fetch_add(1, SeqCst) + 1
}

/// Everything that has a name, opened by one process.
struct Names {
    record: &'static Record,
    /// Of this process, in `places`, and what no other process is called.
    place: usize,
    id: u64,
    mutex: HANDLE,
    event: HANDLE,
    semaphore: HANDLE,
    timer: HANDLE,
}

impl Names {
    fn open(record: &'static Record, place: usize, id: u64) -> Answer<Names> {
        Ok(Names {
            record,
            place,
            id,
            mutex: api::create(Kind::Mutex, "mutex")?,
            event: api::create(Kind::AutoEvent, "Global\\event")?,
            semaphore: api::create(Kind::Semaphore, "semaphore")?,
            timer: api::create(Kind::Timer, "timer")?,
        })
    }

    fn all(&self) -> [HANDLE; 4] {
        [self.mutex, self.event, self.semaphore, self.timer]
    }

    fn close(self) -> Answer<()> {
        self.all().into_iter().try_for_each(api::close)
    }

    fn is_at(&self, place: u64) {
        self.record.places[self.place].store(place, SeqCst);
    }

    /// Waits in a way that takes the mutex if it returns one of `owned`; returns whether
    /// the last owner died.
    fn take(&self, owned: &[u32], wait: impl FnOnce() -> Answer<u32>) -> Answer<bool> {
        self.is_at(TAKING);
        let code = wait()?;
        if owned.contains(&code) {
            self.own(code == WAIT_ABANDONED)?;
        }
        self.is_at(ELSEWHERE);
        Ok(code == WAIT_ABANDONED)
    }

    fn own(&self, told: bool) -> Answer<()> {
        let record = self.record;
        let last = record.inside.swap(self.id, SeqCst);
        if told {
            count(&record.told);
        } else if last != 0 && record.is_kept.load(SeqCst) != 0 {
            count(&record.not_told);
        }
        self.is_at(OWNING);
        // Places to die at.
        (0..20).for_each(|_| crate::plant::stored("storm: inside"));
        if record.inside.compare_exchange(self.id, 0, SeqCst, SeqCst).is_err() {
            count(&record.two_owners);
        }
        self.is_at(LEAVING);
        api::release_mutex(self.mutex)
    }

    fn take_alone(&self, ms: u32) -> Answer<bool> {
        self.take(&[WAIT_OBJECT_0, WAIT_ABANDONED], || api::wait(self.mutex, ms))
    }

    fn take_any(&self, ms: u32) -> Answer<bool> {
        self.take(&[WAIT_OBJECT_0, WAIT_ABANDONED], || api::wait_for_several(&self.all(), false, ms))
    }

    fn take_all(&self, ms: u32) -> Answer<bool> {
        let owned = [WAIT_OBJECT_0, WAIT_ABANDONED];
        self.take(&owned, || api::wait_for_several(&self.all()[..3], true, ms))
    }

    fn post(&self) -> Answer<()> {
        match api::release(self.semaphore, 1) {
            Err(ERROR_TOO_MANY_POSTS) => Ok(()),
            other => other,
        }
    }

    /// One thing or another.
    fn act(&self, seed: &mut u64) -> Answer<()> {
        match random(seed) % 10 {
            0 | 8 | 9 => self.take_alone(2).map(|_| ()),
            1 => self.take_any(1).map(|_| ()),
            2 => self.take_all(1).map(|_| ()),
            3 => api::set(self.event),
            4 => self.post(),
            5 => api::set_timer(self.timer, 1),
            6 => api::wait(self.event, 1).map(|_| ()),
            _ => look_and_write(self.record, self.place, random(seed) as u8),
        }
    }
}

fn look_and_write(record: &Record, place: usize, byte: u8) -> Answer<()> {
    let memory = api::create_memory("segment", SEGMENT)?;
    let mut bytes = vec![0; SEGMENT];
    match api::read(memory, &mut bytes) {
        Ok(()) if bytes[1..] != bytes[..SEGMENT - 1] => {
            count(&record.torn);
        }
        Err(ERROR_INVALID_DATA) | Ok(()) => {}
        other => other?,
    }
    let bytes = vec![byte; SEGMENT];
    record.places[place].store(WRITING, SeqCst);
    api::write(memory, &bytes)?;
    record.places[place].store(ELSEWHERE, SeqCst);
    api::close_memory(memory)
}

fn note(record: &Record, done: Answer<()>) {
    count(&record.done);
    if let Err(error) = done {
        eprintln!("failed with {error}");
        count(&record.failed);
    }
}

/// A victim: opens all names, does some things, closes them, until it is killed.
pub fn live(record: &'static Record, place: usize, mut seed: u64) -> u8 {
    let id = seed | 1;
    record.places[place].store(ELSEWHERE, SeqCst);
    arm();
    loop {
        let life = Names::open(record, place, id).and_then(|names| {
            for _ in 0..16 {
                names.act(&mut seed)?;
                record.before[place].fetch_sub(1, SeqCst);
                count(&record.done);
            }
            names.close()
        });
        note(record, life);
    }
}

/// The ways to sleep, one for each round.
pub const WAYS: u64 = 4;

/// Has all names open, and waits without an end until it is over.
pub fn sleep(record: &'static Record, way: u64) -> u8 {
    let play = || {
        let (names, memory) = (Names::open(record, VICTIMS, 2)?, api::create_memory("segment", SEGMENT)?);
        count(&record.is_kept);
        while record.is_over.load(SeqCst) == 0 {
            match way {
                0 => names.take_alone(INFINITE)?,
                1 => names.take_any(INFINITE)?,
                2 => names.take_all(INFINITE)?,
                _ => api::wait(names.event, INFINITE)? == WAIT_ABANDONED,
            };
            // The victims are to have the mutex too.
            std::thread::sleep(Duration::from_micros(200));
        }
        names.close()?;
        api::close_memory(memory)
    };
    note(record, play());
    0
}

/// When all victims are dead, one process comes who uses all names, and signals.
pub fn look_after(record: &'static Record) -> u8 {
    let play = || {
        let names = Names::open(record, VICTIMS, 4)?;
        // Not before: the sleeper may be the last who has the names, and what his mutex would
        // tell goes with it.
        record.is_over.store(1, SeqCst);
        names.take_alone(INFINITE)?;
        // Nobody died since.
        if names.take_alone(INFINITE)? {
            count(&record.told_twice);
        }
        look_and_write(record, VICTIMS, 1)?;
        api::set(names.event)?;
        names.post()?;
        api::set_timer(names.timer, 0)?;
        if record.is_kept.load(SeqCst) == 0 {
            names.take_all(INFINITE)?;
            api::wait(names.timer, INFINITE)?;
        }
        names.close()
    };
    note(record, play());
    0
}
