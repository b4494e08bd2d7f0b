//! A round of the mixed storm: processes wait, signal, and perhaps die, for some
//! milliseconds. Then everybody finishes the wait that he is in, and all is counted.

use super::process::{Process, begin};
use super::random;
use super::record::{Arena, HELD, Life, MANUAL, MUTEXES, OBJECTS, PAUSE, RUN, SLOTS};
use super::repair::{Crew, Repair};
use super::worker::Worker;
use crate::sync::{self, Outcome, SyncObject};
use crate::sys::time::monotonic_ns;
use std::mem;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::thread::sleep;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Round {
    /// Nobody dies.
    Calm,
    /// Kills at any time: by others, and after any step of a protocol.
    Wild,
    /// Only who has objects, and has said so, kills himself: every death counts.
    Counted,
}

/// Of so many rounds one is for all objects.
const CYCLE: u64 = 8;
/// Most ends of rounds, where wakes must not be lost, and most waits.
const CALM_ROUND: Duration = Duration::from_millis(4);
const LONG_ROUND: Duration = Duration::from_millis(20);
const KILL_ROUND: Duration = Duration::from_millis(15);
/// The longest that a process of a wild round lives, in steps.
const FUSE: u64 = 4000;
/// Who has not finished his wait by then never will.
const PATIENCE: Duration = Duration::from_secs(10);
/// If a wake was lost and nobody looks by himself.
pub const NO_PATIENCE: Duration = Duration::from_secs(1);
/// Who sleeps for so long beside what he waits for has not been woken. (Less than a
/// time slice, and more than a reservation.)
const QUIET: Duration = Duration::from_millis(200);

pub struct Storm<'a> {
    pub arena: &'static Arena,
    pub objects: &'a [&'a SyncObject],
    pub crew: Crew,
    pub repair: Repair,
    lives: u64,
    pub rounds: u64,
    pub kills: u64,
    pub stuck: u64,
    /// Found asleep beside what they waited for. Without kills that is a fault; the
    /// wake of a killed one may have to wait for a time slice.
    pub left_asleep: u64,
    pub miscounted: u64,
    pub patience: Duration,
    pub longest_end: Duration,
    pub late_ends: u64,
    seed: u64,
}

impl<'a> Storm<'a> {
    pub fn new(arena: &'static Arena, objects: &'a [&'a SyncObject]) -> Storm<'a> {
        Storm {
            arena,
            objects,
            crew: [None; SLOTS],
            repair: Repair::default(),
            lives: 1,
            rounds: 0,
            kills: 0,
            stuck: 0,
            left_asleep: 0,
            miscounted: 0,
            patience: PATIENCE,
            longest_end: Duration::ZERO,
            late_ends: 0,
            seed: monotonic_ns() | 1,
        }
    }

    fn start(&mut self, slot: usize, with_fuse: bool) {
        self.lives += 1;
        let (arena, objects, lives) = (self.arena, self.objects, self.lives);
        self.crew[slot] = Some(Process::start(|| {
            let seed = begin(slot, with_fuse.then_some(FUSE));
            Worker { arena, objects, slot, life: Life::of_this_process(lives), seed }.run();
        }));
    }

    /// Half a millisecond each way: what the event is for.
    fn toggle(&self) {
        sleep(Duration::from_micros(500));
        self.objects[MANUAL].set_event().unwrap();
        sleep(Duration::from_micros(500));
        self.objects[MANUAL].reset_event().unwrap();
    }

    /// Sees to those who have ended.
    fn reap(&mut self) {
        for slot in 0..SLOTS {
            let Some(killed) = self.crew[slot].and_then(Process::ended) else { continue };
            self.crew[slot] = None;
            if killed {
                self.kills += 1;
                self.repair.mourn(self.arena, self.objects, slot);
            }
        }
        self.repair.look(self.arena, self.objects, &self.crew);
    }

    /// Bits of the objects of a round: all, or very few.
    fn choose(&mut self) -> u64 {
        let mut object = || 1 << (random(&mut self.seed) as usize % HELD);
        match self.rounds % CYCLE {
            0 => (1 << OBJECTS) - 1,
            1 | 2 => object(),
            3 => object() | object() | object(),
            // Who is woken for one takes the other.
            _ => object() | object(),
        }
    }

    /// One round, from start to end.
    pub fn round(&mut self, round: Round) {
        let record = &self.arena.record;
        let count = |number: &AtomicU64| number.load(SeqCst);
        let before = [&record.told, &record.planned, &record.unentered, &record.doubtful].map(count);
        self.arena.chosen.store(self.choose(), SeqCst);
        self.arena.lingers.store(u64::from(self.rounds % CYCLE != 0), SeqCst);
        self.arena.lit.store(u64::from(round == Round::Wild), SeqCst);
        self.arena.suicides.store(if round == Round::Counted { 500 } else { 0 }, SeqCst);
        self.arena.order.store(RUN, SeqCst);
        let length = match round {
            Round::Calm if self.rounds % CYCLE == 0 => LONG_ROUND,
            Round::Calm => CALM_ROUND,
            Round::Wild | Round::Counted => KILL_ROUND,
        };
        let end = Instant::now() + length;
        while Instant::now() < end {
            for slot in 0..SLOTS {
                if self.crew[slot].is_none() {
                    self.start(slot, round != Round::Calm);
                }
            }
            let victim = self.crew[random(&mut self.seed) as usize % SLOTS];
            if round == Round::Wild && random(&mut self.seed) % 8 == 0 {
                victim.unwrap().kill();
            }
            self.toggle();
            self.reap();
        }
        self.arena.suicides.store(0, SeqCst);
        // Now a wake that dies with somebody is not made good by others who come.
        self.arena.lit.store(if round == Round::Wild { 2 } else { 0 }, SeqCst);
        self.arena.order.store(PAUSE, SeqCst);
        self.finish(round);
        self.rounds += 1;
        let after = [&record.told, &record.planned, &record.unentered, &record.doubtful].map(count);
        let [told, planned, unentered, doubtful] = std::array::from_fn(|index| after[index] - before[index]);
        let is_right = match round {
            Round::Wild => unentered <= doubtful,
            Round::Calm | Round::Counted => told == planned && unentered == 0,
        };
        if round == Round::Calm {
            self.stuck += mem::take(&mut self.left_asleep);
        }
        if !is_right {
            println!("told {told} of {planned}, unentered {unentered} of {doubtful}");
            self.miscounted += 1;
        }
    }

    /// Slots whose process is not done with its operation.
    fn busy(&self) -> impl Iterator<Item = usize> {
        let is_paused = |slot: &usize| self.arena.slots[*slot].is_paused.load(SeqCst) != 0;
        (0..SLOTS).filter(move |slot| self.crew[*slot].is_some() && !is_paused(slot))
    }

    /// When all are asleep who are busy: how many of them could go on.
    fn sleepers_beside_available(&self) -> u64 {
        let there = |index: usize| {
            let object = self.objects[index];
            object.kind.is_present(object.words().state.load(SeqCst))
        };
        let could_go_on = |slot: &usize| {
            let mine = &self.arena.slots[*slot];
            if mine.is_waiting.load(SeqCst) == 0 {
                return false;
            }
            let about = mine.about.load(SeqCst);
            let mut wanted = (0..OBJECTS).filter(|index| about >> index & 1 != 0);
            let is_all = mine.waits_for_all.load(SeqCst) != 0;
            if is_all { wanted.all(there) } else { wanted.any(there) }
        };
        let sleeps = |slot: usize| self.crew[slot].is_some_and(Process::is_asleep);
        if self.busy().all(sleeps) { self.busy().filter(could_go_on).count() as u64 } else { 0 }
    }

    fn print_sleepers(&self) {
        for slot in self.busy() {
            let mine = &self.arena.slots[slot];
            let sort = if mine.waits_for_all.load(SeqCst) != 0 { "all" } else { "any" };
            println!("slot {slot} waits for {sort} of {:#x}", mine.about.load(SeqCst));
        }
        let words = self.objects.iter().map(|object| object.words());
        let states: Vec<_> = words.map(|words| (words.state.load(SeqCst), &words.waiters)).collect();
        println!("states and waiters: {states:x?}");
    }

    /// Everybody finishes his wait, and all is as it was.
    fn finish(&mut self, round: Round) {
        let start = Instant::now();
        let mut quiet = (0, Instant::now());
        while self.busy().next().is_some() && start.elapsed() < self.patience {
            // The event wakes everybody who also waits for something else: not before
            // it is clear that nobody sleeps beside that.
            let progress = self.busy().count();
            let left = self.sleepers_beside_available();
            if left == 0 || progress != quiet.0 {
                quiet = (progress, Instant::now());
            }
            if left == 0 {
                self.toggle();
            } else if quiet.1.elapsed() > QUIET {
                self.left_asleep += left;
                if round == Round::Calm {
                    return self.print_sleepers();
                }
                self.toggle();
                quiet.1 = Instant::now();
            }
            self.reap();
        }
        let time = start.elapsed();
        self.longest_end = self.longest_end.max(time);
        self.late_ends += u64::from(time > Duration::from_millis(400));
        let stuck = self.busy().count() as u64;
        self.stuck += stuck;
        if stuck > 0 {
            self.print_sleepers();
        }
        for mutex in MUTEXES {
            let deadline = monotonic_ns() + PATIENCE.as_nanos() as u64;
            let outcome = sync::one(sync::me(), self.objects[mutex], deadline).unwrap();
            if outcome == Outcome::TimedOut {
                self.stuck += 1;
                continue;
            }
            let record = &self.arena.record;
            record.judge(record.own(mutex, Life::PARENT, outcome != Outcome::Granted(0)));
            record.disown(mutex, Life::PARENT);
            self.objects[mutex].release(sync::me()).unwrap();
        }
        self.repair.settle_accounts(self.arena, self.objects);
    }
}
