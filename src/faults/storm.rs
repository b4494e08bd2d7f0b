//! Processes use the same few names in every way, and are killed at random: at a fault
//! point, or from outside, wherever they are; often several at once.
//!
//! In every other round a sleeper, whom nobody kills, has all names open. What must hold
//! there: the next owner of the mutex is told that the last one died, if that one died
//! inside, and no more are told than died; the sleeper, who waits without an end, wakes up
//! when he is signalled. In the rounds between the names come and go with those who use
//! them. In both: there are never two owners, nobody reads half of a write, no call fails,
//! all names can be used afterwards, and when all are gone and one process has swept, no
//! file is left.

use super::lives::{
    LEAVING, OWNING, PLACES, Record, TAKING, UNBORN, VICTIMS, WAYS, WRITING, live, look_after, random, sleep,
};
use super::stage::{Stage, nothing_is_left};
use super::{fails, hold, stride};
use crate::plant::actors::{Actor, End, shared, slots};
use crate::plant::deeds::{Plan, Slot, Which};
use crate::sys::time::monotonic_ns;
use std::sync::atomic::Ordering::SeqCst;
use std::time::{Duration, Instant};

/// So many are killed between two looks at what is left.
const ROUND: u32 = 100;
/// Who dies at a point does so after less than so many.
const LONGEST_LIFE: u64 = 900;
/// `./dev stress` goes on until so many are dead.
const MANY: u64 = 50_000;

/// Longer than anything takes that is not stuck.
fn patience() -> Duration {
    let is_planted = crate::plant::is(crate::plant::QUIET_SIGNAL);
    Duration::from_millis(if is_planted { 1000 } else { 60_000 })
}

fn ends(actor: &Actor, who: &str) {
    let start = Instant::now();
    while !actor.is_gone() {
        assert!(start.elapsed() < patience(), "STUCK: {who}");
        std::thread::sleep(Duration::from_micros(50));
    }
}

struct Storm {
    stage: Stage,
    slots: &'static [Slot],
    record: &'static Record,
    seed: u64,
    kills: u64,
    /// How many died where.
    died: [u64; PLACES],
    told: u64,
    done: u64,
}

impl Storm {
    fn new() -> Storm {
        let seed = monotonic_ns() | 1;
        println!("seed {seed}");
        let (stage, slots, record) = (Stage::new(), slots(VICTIMS + 1), shared());
        Storm { stage, slots, record, seed, kills: 0, died: [0; PLACES], told: 0, done: 0 }
    }

    /// The even ones die at a point, the others from outside.
    fn bear(&mut self, place: usize) -> Actor {
        let (life, own) = (random(&mut self.seed) % LONGEST_LIFE, random(&mut self.seed));
        let plan = if place % 2 == 0 { Plan::kill(Which::Any, life as u32) } else { Plan::FREE };
        let record = self.record;
        record.places[place].store(UNBORN, SeqCst);
        record.before[place].store((random(&mut self.seed) % 8) as i64, SeqCst);
        Actor::start(&self.slots[place], plan, || live(record, place, own))
    }

    fn bury(&mut self, place: usize, dead: &Actor, died: &mut [u64; PLACES]) {
        assert_eq!(dead.end(), End::Killed, "one of the storm");
        died[self.record.places[place].load(SeqCst) as usize] += 1;
        self.kills += 1;
    }

    /// Kills one of those who are not to die by themselves, or all.
    fn strike(&mut self, victims: &[Actor]) {
        let (chosen, all) =
            (random(&mut self.seed) as usize % (VICTIMS / 2) * 2 + 1, random(&mut self.seed) % 16 == 0);
        for (place, victim) in victims.iter().enumerate().filter(|(place, _)| place % 2 == 1) {
            let at = self.record.places[place].load(SeqCst);
            let is_time = self.record.before[place].load(SeqCst) <= 0;
            // (Without the last, few would die while they write.)
            let is_struck = all || place == chosen && is_time || at == WRITING;
            if at != UNBORN && is_struck && !victim.has_ended() {
                victim.signal(libc::SIGKILL);
            }
        }
    }

    /// Returns where the dead were.
    fn rage(&mut self) -> [u64; PLACES] {
        let mut died = [0; PLACES];
        let mut victims: Vec<_> = (0..VICTIMS).map(|place| self.bear(place)).collect();
        for _ in 0..ROUND - VICTIMS as u32 {
            let before = self.kills;
            let start = Instant::now();
            while self.kills == before {
                assert!(start.elapsed() < patience(), "STUCK: nobody dies");
                std::thread::sleep(Duration::from_micros(random(&mut self.seed) % 100));
                self.strike(&victims);
                if let Some(place) = victims.iter().position(Actor::is_gone) {
                    self.bury(place, &victims[place], &mut died);
                    victims[place] = self.bear(place);
                }
            }
        }
        for (place, victim) in victims.iter().enumerate() {
            victim.signal(libc::SIGKILL);
            ends(victim, "one who was killed");
            self.bury(place, victim, &mut died);
        }
        died
    }

    fn round(&mut self, number: u64) {
        // SAFETY: takes no memory. What hangs ends.
        unsafe { libc::alarm(300) };
        let record = self.record;
        let numbers = [&record.inside, &record.is_kept, &record.is_over, &record.told];
        numbers.into_iter().for_each(|number| number.store(0, SeqCst));
        let sleeper = (number % 2 == 0).then(|| {
            let way = number / 2 % WAYS;
            let sleeper = Actor::start(&self.slots[VICTIMS], Plan::FREE, || sleep(record, way));
            crate::plant::actors::until(|| record.is_kept.load(SeqCst) != 0);
            sleeper
        });
        let died = self.rage();
        ends(&self.stage.begin_help(|| look_after(record)), "who uses the names after all");
        if let Some(sleeper) = &sleeper {
            ends(sleeper, "the sleeper");
        }
        self.judge(sleeper.is_some(), &died);
        nothing_is_left(&self.stage, "a storm");
    }

    fn judge(&mut self, is_kept: bool, died: &[u64; PLACES]) {
        let record = self.record;
        let [told, not_told, told_twice, two_owners, torn, failed] = [
            &record.told,
            &record.not_told,
            &record.told_twice,
            &record.two_owners,
            &record.torn,
            &record.failed,
        ]
        .map(|number| number.load(SeqCst));
        let [owners, perhaps] = [died[OWNING as usize], died[TAKING as usize] + died[LEAVING as usize]];
        let what = format!("{told} told, {owners} died as owners, {perhaps} perhaps");
        assert_eq!(two_owners, 0, "TWO OWNERS");
        assert_eq!(torn, 0, "TORN: so many reads");
        assert!(told_twice == 0 && told <= owners + perhaps, "TOLD TWICE: {what}, {told_twice} seen");
        assert!(!is_kept || not_told == 0 && told >= owners, "NOT TOLD: {what}, {not_told} seen");
        assert_eq!(failed, 0, "FAILED");
        self.died.iter_mut().zip(died).for_each(|(sum, died)| *sum += died);
        self.told += told;
        self.done = record.done.load(SeqCst);
    }

    fn run(&mut self, time: Duration, least: u64) {
        let (end, mut number) = (Instant::now() + time, 0);
        while Instant::now() < end || self.kills < least {
            self.round(number);
            number += 1;
        }
        let (kills, done, told, [_, elsewhere, taking, owning, leaving, writing]) =
            (self.kills, self.done, self.told, self.died);
        println!(
            "{kills} kills in {number} rounds, {done} things done; {owning} died as owners, {taking} while they \
             took the mutex, {leaving} while they gave it back, {writing} while they wrote, \
             {elsewhere} elsewhere; {told} told; lost 0"
        );
    }
}

/// Short in the tests; with a fault planted, until it does harm.
#[test]
#[ignore = "run by other tests, in a process of its own"]
fn killed_at_random() {
    let is_long = std::env::var_os("WINSHM_STRESS_SECONDS").is_some();
    let (ms, least) = if is_long { (0, MANY) } else { (30_000 / u64::from(stride(20)), 300) };
    Storm::new().run(Duration::from_millis(ms), least);
}

#[test]
#[ignore = "takes minutes"]
fn stress_kills_at_random() {
    hold(&["storm::killed_at_random"]);
}

#[test]
fn processes_that_are_killed_at_random_harm_nobody() {
    hold(&["storm::killed_at_random"]);
}

#[test]
fn a_storm_that_does_harm_is_noticed() {
    let faults = [
        ("quiet-death", "NOT TOLD: "),
        ("keep-died", "TOLD TWICE: "),
        ("no-torn", "TORN: "),
        ("quiet-signal,no-slices", "STUCK: "),
        ("no-reap", "LEFT: "),
    ];
    faults.into_iter().for_each(|(plant, words)| fails("storm::killed_at_random", plant, words));
}
