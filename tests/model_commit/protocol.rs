//! What happens: one step of one thread, a kill; and what must never be so.

use super::explorer::Model;
use super::world::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Right,
    NoListOfTheDead,
    /// The list has room for one.
    ShortList,
    LockBeforeIntent,
    ApplyBeforeDecision,
    RecoveryAlwaysUndoes,
    SettleWithoutGuard,
    ProbeIgnoresLock,
}

pub struct Commits {
    pub start: [u8; OBJECTS],
    /// The objects that are mutexes, one bit each.
    pub mutexes: u8,
    /// The objects that each wait-all wants; the rest of the threads are probers.
    pub wants: &'static [&'static [u8]],
    pub probers: usize,
    pub kills: u8,
    pub form: Form,
}

impl Commits {
    fn wants(&self, i: usize) -> &'static [u8] {
        self.wants.get(i).copied().unwrap_or(&[])
    }

    /// A thread's mutexes come back, abandoned.
    fn lapse(&self, world: &mut World, mutexes: u8) {
        for (k, object) in world.objects.iter_mut().enumerate().filter(|(k, _)| mutexes & 1 << k != 0) {
            debug_assert!(self.mutexes & 1 << k != 0, "only mutexes have owners");
            (object.value, object.due) = (object.value + 1, object.due + 1);
        }
    }

    /// LOCKED is a dead thread's, as GUARD is ours: its commit is finished or undone. A mutex that was meant
    /// for the dead comes back at once, abandoned.
    fn recover(&self, world: &mut World, k: u8) {
        let slot = &mut world.objects[usize::from(k)];
        slot.locked = false;
        if world.guard.knows(slot.intent_number) && self.form != Form::RecoveryAlwaysUndoes {
            slot.value = slot.intent_value;
            self.lapse(world, self.mutexes & 1 << k);
        }
    }

    fn take_guard(&self, world: &mut World, i: usize, after_death: At, after: At) {
        let died = std::mem::take(&mut world.guard.died);
        world.guard.owner = i as u8 + 1;
        world.threads[i].at = if died { after_death } else { after };
    }

    fn push_dead(&self, world: &mut World) {
        let guard = &mut world.guard;
        guard.dead = match self.form {
            Form::NoListOfTheDead => 0,
            Form::ShortList => 1 << guard.decided,
            _ => guard.dead | 1 << guard.decided,
        };
    }

    /// The next of its objects, or what comes after the last.
    fn advance(&self, me: &mut Thread, i: usize, again: At, after: At) {
        me.next += 1;
        me.at = again;
        if usize::from(me.next) == self.wants(i).len() {
            (me.next, me.at) = (0, after);
        }
    }

    fn commit(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let me = &mut world.threads[i];
        let k = self.wants(i)[usize::from(me.next)];
        let slot = &mut world.objects[usize::from(k)];
        let early = self.form == Form::LockBeforeIntent;
        let hasty = self.form == Form::ApplyBeforeDecision;
        let all_locked = if hasty { Apply } else { Decide };
        match me.at {
            TakeGuard if before.guard.owner != 0 => return None,
            TakeGuard => self.take_guard(&mut world, i, PushDead, NumberCommit),
            PushDead => {
                me.at = NumberCommit;
                self.push_dead(&mut world);
            }
            NumberCommit => {
                world.guard.commits += 1;
                (me.number, me.at) = (world.guard.commits, Consider);
            }
            Consider if slot.locked => self.recover(&mut world, k),
            Consider if slot.value == 0 => me.at = Undo,
            Consider => (me.value, me.at) = (slot.value, if early { Lock } else { WriteValue }),
            WriteValue => (slot.intent_value, me.at) = (me.value - 1, WriteNumber),
            WriteNumber => {
                slot.intent_number = me.number;
                me.at = Lock;
                if early {
                    self.advance(me, i, Consider, all_locked);
                }
            }
            Lock if slot.value != me.value => me.at = Consider,
            Lock => {
                slot.locked = true;
                me.at = WriteValue;
                if !early {
                    me.value = 0;
                    self.advance(me, i, Consider, all_locked);
                }
            }
            Decide => {
                world.guard.decided = me.number;
                me.at = if hasty { LeaveGuard } else { Apply };
                self.wants(i).iter().for_each(|&k| world.objects[usize::from(k)].due -= 1);
            }
            Apply => {
                (slot.value, slot.locked) = (slot.intent_value, false);
                me.owns |= self.mutexes & 1 << k;
                self.advance(me, i, Apply, if hasty { Decide } else { LeaveGuard });
            }
            Undo if me.next == 0 => me.at = LeaveGuard,
            Undo => {
                me.next -= 1;
                world.objects[usize::from(self.wants(i)[usize::from(me.next)])].locked = false;
            }
            LeaveGuard => {
                // The thread ends with what it owns.
                let owns = me.owns;
                (world.guard.owner, *me) = (0, Thread::new(Gone));
                self.lapse(&mut world, owns);
            }
            _ => return None,
        }
        Some(world)
    }

    fn probe(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let me = &mut world.threads[i];
        let k = me.next;
        let slot = &mut world.objects[usize::from(k)];
        match me.at {
            Probe if slot.locked && self.form != Form::ProbeIgnoresLock => me.at = Settle,
            Probe if k == 0 => {
                (slot.value, slot.due) = (slot.value + 1, slot.due + 1);
                me.next = 1;
            }
            Probe => {
                let taken = u8::from(slot.value != 0);
                (slot.value, slot.due) = (slot.value - taken, slot.due - taken);
                *me = Thread::new(Gone);
            }
            Settle if self.form == Form::SettleWithoutGuard => me.at = Recover,
            Settle if before.guard.owner != 0 => return None,
            Settle => self.take_guard(&mut world, i, PushDeadToSettle, Recover),
            PushDeadToSettle => {
                me.at = Recover;
                self.push_dead(&mut world);
            }
            Recover => {
                me.at = LeaveSettled;
                if slot.locked {
                    self.recover(&mut world, k);
                }
            }
            LeaveSettled => {
                me.at = Probe;
                let mine = usize::from(before.guard.owner) == i + 1;
                world.guard.owner = if mine { 0 } else { before.guard.owner };
            }
            _ => return None,
        }
        Some(world)
    }

    fn kill(&self, before: &World, i: usize) -> Option<World> {
        let me = &before.threads[i];
        if before.kills == self.kills || me.at == Gone {
            return None;
        }
        let mut world = *before;
        if usize::from(before.guard.owner) == i + 1 {
            (world.guard.owner, world.guard.died) = (0, true);
        }
        self.lapse(&mut world, me.owns);
        world.threads[i] = Thread::new(Gone);
        world.kills += 1;
        Some(world)
    }

    fn step(&self, world: &World, i: usize) -> Option<World> {
        match world.threads[i].at {
            Gone => None,
            _ if i < self.wants.len() => self.commit(world, i),
            _ => self.probe(world, i),
        }
    }
}

impl Model for Commits {
    type State = World;
    type Key = u128;

    fn start(&self) -> World {
        let mut threads = [Thread::new(Gone); THREADS];
        for (i, thread) in threads.iter_mut().enumerate().take(self.wants.len() + self.probers) {
            thread.at = if i < self.wants.len() { TakeGuard } else { Probe };
        }
        let objects = self.start.map(|value| Object { value, due: value, ..Object::default() });
        World { objects, guard: Guard::default(), threads, kills: 0 }
    }

    fn key(&self, world: &World) -> u128 {
        // Two wait-alls for the same play the same part; the lists are constants.
        let role = |i: usize| match self.wants.get(i) {
            Some(wants) => self.wants.iter().position(|other| other == wants).unwrap_or(i) as u8,
            None => 3,
        };
        world.key(&[role(0), role(1), role(2), role(3)])
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..THREADS {
            out.extend(self.step(world, i).into_iter().chain(self.kill(world, i)));
        }
    }

    fn violation(&self, world: &World, successors: &[World]) -> Option<&'static str> {
        let gone = world.threads.iter().all(|thread| thread.at == Gone);
        let wrong = world.objects.iter().any(|object| world.shows(object) != object.due);
        // A kill is no way out.
        let stuck = !gone && successors.iter().all(|after| after.kills > world.kills);
        let rules = [(PARTIAL, wrong), (STUCK, stuck)];
        rules.iter().find(|(_, broken)| *broken).map(|(rule, _)| *rule)
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let i = (0..THREADS).find(|&i| before.threads[i] != after.threads[i]).unwrap_or(0);
        let (thread, killed) = (before.threads[i], after.kills > before.kills);
        format!("thread {i}: {}{:?} {}", if killed { "killed before " } else { "" }, thread.at, thread.next)
    }
}
