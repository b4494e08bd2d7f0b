//! What happens: one step of one thread, a kill; and what must never be so.

use super::explorer::Model;
use super::world::*;

/// Planted faults, any of which may go together.
pub const CLEAR_WITHOUT_COUNT: u16 = 1;
pub const LOCKED_AMONG_THE_OWNER_BITS: u16 = 2;
pub const NO_WAKE_AFTER_UNDO: u16 = 4;
pub const NO_PASSING_ON: u16 = 8;
pub const NOTHING_PENDING: u16 = 16;
pub const NAP_WITHOUT_END: u16 = 32;
pub const SETTLE_WITHOUT_GUARD: u16 = 64;
pub const RECOVERY_FORGETS: u16 = 128;
pub const CLEAR_UNSEEN: u16 = 256;

pub struct Mutex {
    /// Threads that lock and unlock, and after them threads that wait for this and something else at once.
    pub lockers: usize,
    pub committers: usize,
    pub calls: u8,
    pub kills: u8,
    pub hand_off: bool,
    /// Any wait may meet its deadline at any moment.
    pub deadlines: bool,
    pub faults: u16,
}

impl Mutex {
    fn has(&self, fault: u16) -> bool {
        self.faults & fault != 0
    }

    fn is_committer(&self, i: usize) -> bool {
        i >= self.lockers
    }

    /// FUTEX_WAKE of one, whichever the kernel finds first. `then` learns whether there was one.
    fn wake_one(&self, world: &World, out: &mut Vec<World>, then: impl Fn(&mut World, bool)) {
        let before = out.len();
        for i in (0..THREADS).filter(|&i| matches!(world.threads[i].at, Sleep | Nap)) {
            let mut world = *world;
            world.threads[i].look(Slept);
            then(&mut world, true);
            out.push(world);
        }
        if out.len() == before {
            let mut world = *world;
            then(&mut world, false);
            out.push(world);
        }
    }

    fn acquire(&self, world: &mut World, i: usize, then: At) {
        for thread in world.threads.iter_mut().filter(|t| matches!(t.at, WakeOne | ClearWaiters)) {
            thread.outdated = true;
        }
        let low = &mut world.word.low;
        (low.owner, low.died, world.untold) = (i as u8 + 1, false, false);
        let me = &mut world.threads[i];
        world.word.reserved &= me.rank != Claimant;
        *me = Thread::new(then, me.calls);
    }

    fn look(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let me = &mut world.threads[i];
        let word = &mut world.word;
        if word.lock != Open {
            let carries = me.covers() && !self.has(NO_PASSING_ON);
            me.at = if carries { PassOn } else { Settle };
        } else if word.low.owner == 0 && (!word.reserved || me.rank > Newcomer) {
            self.acquire(&mut world, i, Own);
        } else if me.late {
            me.at = GiveUp;
        } else {
            word.low.waiters = true;
            (me.at, me.seen) = (Compare, word.low);
            if self.hand_off && word.low.owner != 0 && me.rank > Newcomer {
                let mut starving = world;
                starving.word.reserved = true;
                starving.threads[i].rank = Claimant;
                out.push(starving);
            }
        }
        out.push(world);
        if self.deadlines && !before.threads[i].late {
            let mut world = *before;
            world.threads[i].late = true;
            world.threads[i].look(Slept);
            out.push(world);
        }
    }

    /// Sleeping ends by itself, at the end of the nap or at the deadline.
    fn timeout(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        if before.threads[i].at == Nap {
            world.threads[i].look(Claimant);
            out.push(world);
        }
        if self.deadlines {
            world = *before;
            world.threads[i].late = true;
            world.threads[i].look(Slept);
            out.push(world);
        }
    }

    /// LOCKED is a dead thread's: GUARD is ours.
    fn recover(&self, world: &mut World, i: usize) {
        let after = if self.is_committer(i) { LockWord } else { LeaveSettled };
        let word = &mut world.word;
        if word.lock == Decided && !self.has(RECOVERY_FORGETS) {
            (word.low.died, word.low.waiters) = (true, true);
            world.threads.iter_mut().for_each(|t| t.outdated |= matches!(t.at, WakeOne | ClearWaiters));
        }
        let wakes = word.lock != Open && word.low.waiters;
        word.lock = Open;
        world.threads[i].at = if wakes { WakeRecovered } else { after };
    }

    /// Every instant after the next step of one thread.
    fn step(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let me = &mut world.threads[i];
        let word = &mut world.word;
        let number = i as u8 + 1;
        match me.at {
            Gone => return,
            Look => return self.look(before, i, out),
            Sleep | Nap => return self.timeout(before, i, out),
            Compare => {
                let hidden = self.has(LOCKED_AMONG_THE_OWNER_BITS) && word.lock != Open;
                if me.seen == word.low && !hidden {
                    let nap = word.low.owner == 0 && !self.has(NAP_WITHOUT_END);
                    me.look(Newcomer);
                    me.at = if nap { Nap } else { Sleep };
                    me.pending = !self.has(NOTHING_PENDING);
                } else {
                    me.look(Newcomer);
                }
            }
            Own => {
                word.low.owner = 0;
                me.at = if word.low.waiters { WakeOne } else { EndCall };
                me.pending = !self.has(NOTHING_PENDING);
            }
            WakeOne => {
                return self.wake_one(before, out, |world, woken| {
                    world.threads[i].at = if woken { EndCall } else { ClearWaiters };
                    world.threads[i].outdated &= !woken;
                });
            }
            ClearWaiters => {
                let bare = word.low == LowHalf { owner: 0, waiters: true, died: false }
                    && (word.lock, word.reserved) == (Open, false);
                let same = !me.outdated || self.has(CLEAR_WITHOUT_COUNT);
                word.low.waiters &= !(bare && same || self.has(CLEAR_UNSEEN));
                (me.at, me.outdated) = (EndCall, false);
            }
            GiveUp => {
                word.reserved &= me.rank != Claimant;
                me.at = EndCall;
            }
            EndCall => {
                let first = if self.is_committer(i) { TakeGuard } else { Look };
                *me = Thread::new(if me.calls > 1 { first } else { Gone }, me.calls - 1);
            }
            Dying => return self.wake_one(before, out, |world, _| world.threads[i] = Thread::new(Gone, 0)),
            PassOn => return self.wake_one(before, out, |world, _| world.threads[i].at = Settle),
            Settle if self.has(SETTLE_WITHOUT_GUARD) => me.at = Recover,
            Settle | TakeGuard if before.guard != 0 => return,
            Settle => (world.guard, me.at) = (number, Recover),
            TakeGuard => (world.guard, me.at) = (number, LockWord),
            Recover => self.recover(&mut world, i),
            WakeRecovered => {
                let after = if self.is_committer(i) { LockWord } else { LeaveSettled };
                return self.wake_one(before, out, |world, _| world.threads[i].at = after);
            }
            LeaveSettled => {
                world.guard = if before.guard == number { 0 } else { before.guard };
                me.look(Newcomer);
            }
            LockWord if word.lock != Open => self.recover(&mut world, i),
            LockWord => {
                // Another of its objects may be busy, or this one reserved.
                me.at = LeaveGuard;
                out.push(world);
                if before.word.low.owner != 0 {
                    return;
                }
                (world.word.lock, world.threads[i].at) = (Locked, CommitOrUndo);
            }
            CommitOrUndo => {
                let mut undone = world;
                undone.word.lock = Open;
                let wakes = before.word.low.waiters && !self.has(NO_WAKE_AFTER_UNDO);
                undone.threads[i].at = if wakes { WakeUndone } else { LeaveGuard };
                out.push(undone);
                (world.word.lock, world.threads[i].at) = (Decided, Apply);
            }
            WakeUndone => return self.wake_one(before, out, |world, _| world.threads[i].at = LeaveGuard),
            Apply => {
                word.lock = Open;
                self.acquire(&mut world, i, LeaveGuard);
            }
            LeaveGuard => {
                world.guard = 0;
                me.at = if word.low.owner == number { Own } else { EndCall };
            }
        }
        out.push(world);
    }

    /// A kill: the kernel looks at what the thread owned or had pending, and only then wakes.
    fn kill(&self, before: &World, i: usize) -> Option<World> {
        let me = &before.threads[i];
        if before.kills == self.kills || matches!(me.at, Gone | Dying) {
            return None;
        }
        let mut world = *before;
        let word = &mut world.word;
        let owned = usize::from(word.low.owner) == i + 1;
        let guarded = usize::from(world.guard) == i + 1;
        if owned {
            (word.low.owner, word.low.died) = (0, true);
        }
        world.untold |= owned || guarded && word.lock == Decided;
        let looks_free = word.low.owner == 0 && (word.lock == Open || !self.has(LOCKED_AMONG_THE_OWNER_BITS));
        let wakes = if owned { word.low.waiters } else { me.covers() && looks_free };
        world.guard = if guarded { 0 } else { world.guard };
        world.threads[i] = Thread::new(if wakes { Dying } else { Gone }, 0);
        world.kills += 1;
        Some(world)
    }

    /// It moves no more unless another thread does something.
    fn is_stuck(&self, world: &World, i: usize) -> bool {
        match world.threads[i].at {
            Gone | Sleep => true,
            Settle | TakeGuard => world.guard != 0 && !self.has(SETTLE_WITHOUT_GUARD),
            _ => false,
        }
    }
}

impl Model for Mutex {
    type State = World;
    type Key = u128;

    fn start(&self) -> World {
        let low = LowHalf::default();
        let mut threads = [Thread::new(Gone, 0); THREADS];
        for (i, thread) in threads.iter_mut().enumerate().take(self.lockers + self.committers) {
            let committer = self.is_committer(i);
            *thread =
                Thread::new(if committer { TakeGuard } else { Look }, if committer { 1 } else { self.calls });
        }
        let word = Word { low, lock: Open, reserved: false };
        World { word, guard: 0, threads, kills: 0, untold: false }
    }

    fn key(&self, world: &World) -> u128 {
        world.key(|i| self.is_committer(i))
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..self.lockers + self.committers {
            self.step(world, i, out);
            out.extend(self.kill(world, i));
        }
    }

    fn violation(&self, world: &World, _: &[World]) -> Option<&'static str> {
        let owners = world.threads.iter().enumerate().filter(|(i, thread)| {
            thread.at == Own || thread.at == LeaveGuard && usize::from(world.word.low.owner) == i + 1
        });
        let gone = world.threads.iter().all(|thread| thread.at == Gone);
        let low = world.word.low;
        let rules = [
            (EXCLUSION, owners.count() > 1),
            (UNTOLD, world.untold && world.word.lock == Open && low.owner == 0 && !low.died),
            (ASLEEP, !gone && (0..THREADS).all(|i| self.is_stuck(world, i))),
        ];
        rules.iter().find(|(_, broken)| *broken).map(|(rule, _)| *rule)
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.threads[*i] != after.threads[*i] && before.threads[*i].at != Sleep;
        let i = (0..THREADS).find(moved).unwrap_or(0);
        let killed = if after.kills > before.kills { "killed before " } else { "" };
        format!("thread {i}: {killed}{:?}", before.threads[i].at)
    }
}
