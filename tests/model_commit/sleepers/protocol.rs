//! What happens: one step of one thread, a kill; and what must never be so.

use super::super::explorer::Model;
use super::*;

impl Sleepers {
    fn has(&self, fault: u8) -> bool {
        self.faults & fault != 0
    }

    /// FUTEX_WAKE of one, whichever the kernel finds first.
    fn wake(&self, world: &World, object: u8, out: &mut Vec<World>) {
        let asleep = |i: &usize| world.threads[*i].at == Sleep && world.threads[*i].object == object;
        let before = out.len();
        for i in (0..THREADS).filter(asleep) {
            let mut world = *world;
            world.threads[i].at = if self.roles[i] == Role::All { Unregister } else { LookAgain };
            out.push(world);
        }
        if out.len() == before {
            out.push(*world);
        }
    }

    /// To GUARD, but not with a wake in hand.
    fn to_guard(&self, me: &mut Thread, after: At) {
        let carries = me.pending != 0 && !self.has(NO_PASSING_ON);
        (me.at, me.done) = (if carries { PassOn } else { after }, after == TakeGuard);
        me.pending = if carries { me.pending } else { 0 };
    }

    /// LOCKED is a dead thread's. True if there is somebody to wake.
    fn recover(&self, object: &mut Object) -> bool {
        object.available &= !object.decided;
        (object.locked, object.decided) = (false, false);
        object.available && object.sleepers != 0
    }

    /// It was woken for an object that it does not need now, or no longer.
    fn has_baton(&self, me: &Thread, world: &World) -> bool {
        let object = me.slept_on.checked_sub(1).map(|k| world.objects[usize::from(k)]);
        object.is_some_and(|object| object.available) && !self.has(NO_BATON)
    }

    /// A single waiter's object is not to be had. A wait-all looks at one after the other, then tries to commit.
    fn look(&self, me: &mut Thread, role: Role, world: &World) {
        let slot = world.objects[usize::from(me.object)];
        if slot.locked {
            self.to_guard(me, Settle);
        } else if !slot.available {
            let baton = self.has_baton(me, world);
            me.at = if baton { Baton } else { Register };
            // A single wait keeps its cover until the next sleep.
            me.pending = if baton || role != Role::All { me.pending } else { 0 };
        } else if me.object == 0 && role == Role::All {
            me.object = 1;
        } else {
            me.object = 0;
            self.to_guard(me, TakeGuard);
        }
    }

    fn step(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let Some(&role) = self.roles.get(i) else { return };
        let mut world = *before;
        let (me, objects) = (&mut world.threads[i], &mut world.objects);
        let single = role != Role::All;
        let slot = &mut objects[usize::from(me.object)];
        let number = i as u8 + 1;
        match me.at {
            Gone => return,
            Sleep if !self.deadlines => return,
            Sleep => me.at = if single { LookAgain } else { Unregister },
            Dying => {
                world.threads[i] = Thread::new(None);
                return self.wake(&world, before.threads[i].pending - 1, out);
            }
            Look | LookAgain if single && slot.available && !slot.locked => {
                slot.available = false;
                (me.at, me.done) = (if me.registered { Unregister } else { EndWait }, true);
            }
            Look => {
                if self.deadlines && !slot.available && !slot.locked {
                    let mut late = *before;
                    late.threads[i].done = true;
                    late.threads[i].at = if self.has_baton(me, before) { Baton } else { EndWait };
                    out.push(late);
                }
                self.look(me, role, before);
            }
            Baton => {
                let object = me.slept_on - 1;
                (me.at, me.slept_on) = (if me.done { EndWait } else { Register }, 0);
                me.pending = if me.done { me.pending } else { 0 };
                return self.wake(&world, object, out);
            }
            Register => {
                slot.sleepers += 1;
                (me.at, me.registered) = (LookAgain, true);
            }
            LookAgain if single && slot.locked => self.to_guard(me, Settle),
            LookAgain if single && self.deadlines => {
                me.at = Compare;
                let mut late = *before;
                (late.threads[i].at, late.threads[i].done) = (Unregister, true);
                out.push(late);
            }
            LookAgain => me.at = if slot.available || slot.locked { Unregister } else { Compare },
            Compare if slot.available || slot.locked => me.at = if single { LookAgain } else { Unregister },
            Compare => {
                me.at = Sleep;
                me.pending = if self.has(NOTHING_PENDING) { 0 } else { me.object + 1 };
                me.slept_on = if single { 0 } else { me.object + 1 };
            }
            Unregister => {
                slot.sleepers -= 1;
                (me.at, me.registered) = (if me.done { EndWait } else { Look }, false);
                me.object = if single { me.object } else { 0 };
            }
            PassOn => {
                let object = me.pending - 1;
                (me.at, me.pending) = (if me.done { TakeGuard } else { Settle }, 0);
                me.done = false;
                return self.wake(&world, object, out);
            }
            EndWait => *me = Thread::new(None),
            Update if slot.locked => me.at = Settle,
            Update => {
                slot.available = true;
                me.pending = if self.has(NOTHING_PENDING) { 0 } else { me.object + 1 };
                me.at = LoadWaiters;
            }
            LoadWaiters => me.at = if slot.sleepers != 0 { Wake } else { EndWait },
            Wake => me.at = EndWait,
            Settle | TakeGuard if before.guard != 0 => return,
            Settle => (world.guard, me.at) = (number, Recover),
            TakeGuard => (world.guard, me.at, me.done) = (number, Lock, false),
            Recover => me.at = if slot.locked && self.recover(slot) { WakeRecovered } else { LeaveSettled },
            WakeRecovered => me.at = LeaveSettled,
            LeaveSettled => {
                world.guard = 0;
                me.at = match role {
                    Role::Setter(_) => Update,
                    _ if me.registered => LookAgain,
                    _ => Look,
                };
            }
            Lock if slot.locked => me.at = if self.recover(slot) { WakeRecoveredToLock } else { Lock },
            WakeRecoveredToLock => me.at = Lock,
            Lock if !slot.available && me.object == 0 => me.at = LeaveGuard,
            Lock if !slot.available => (me.at, me.object) = (Undo, 0),
            Lock => {
                slot.locked = true;
                me.at = if me.object == 1 { Decide } else { Lock };
                me.object = 1;
            }
            Undo => {
                slot.locked = false;
                me.at =
                    if slot.sleepers != 0 && !self.has(NO_WAKE_AFTER_UNDO) { WakeUndone } else { LeaveGuard };
            }
            WakeUndone => me.at = LeaveGuard,
            Decide => {
                objects.iter_mut().for_each(|object| object.decided = true);
                (me.at, me.object, me.done) = (Apply, 0, true);
            }
            Apply => {
                *slot = Object { sleepers: slot.sleepers, ..Object::default() };
                me.at = if me.object == 1 { LeaveGuard } else { Apply };
                me.object = 1;
            }
            LeaveGuard => {
                world.guard = 0;
                (me.at, me.object) = (if me.done { EndWait } else { Look }, 0);
            }
        }
        match before.threads[i].at {
            Wake | WakeRecovered | WakeRecoveredToLock | WakeUndone => {
                self.wake(&world, before.threads[i].object, out);
            }
            _ => out.push(world),
        }
    }

    fn kill(&self, before: &World, i: usize) -> Option<World> {
        let me = before.threads[i];
        if before.kills == self.kills || matches!(me.at, Gone | Dying) {
            return None;
        }
        let mut world = *before;
        if usize::from(world.guard) == i + 1 {
            world.guard = 0;
        }
        world.threads[i] = Thread::new(None);
        if me.covers() {
            world.threads[i] = Thread { at: Dying, pending: me.pending, ..Thread::new(None) };
        }
        world.kills += 1;
        Some(world)
    }
}

impl Model for Sleepers {
    type State = World;
    type Key = u128;

    fn start(&self) -> World {
        let mut threads = [Thread::new(None); THREADS];
        threads.iter_mut().zip(self.roles).for_each(|(thread, role)| *thread = Thread::new(Some(role)));
        World { objects: Default::default(), guard: 0, threads, kills: 0 }
    }

    fn key(&self, world: &World) -> u128 {
        world.key(self.roles)
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..self.roles.len() {
            self.step(world, i, out);
            out.extend(self.kill(world, i));
        }
    }

    fn violation(&self, world: &World, _: &[World]) -> Option<&'static str> {
        let stuck = |thread: &Thread| match thread.at {
            Settle | TakeGuard => world.guard != 0,
            at => matches!(at, Gone | Sleep),
        };
        let there = |k: usize| world.objects[k].available || world.objects[k].locked;
        let kept_waiting = |(thread, role): (&Thread, &Role)| match role {
            Role::All => thread.at != Gone && there(0) && there(1),
            _ => thread.at != Gone && there(usize::from(thread.object)),
        };
        let lost = world.threads.iter().all(stuck) && world.threads.iter().zip(self.roles).any(kept_waiting);
        lost.then_some(ASLEEP)
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.threads[*i] != after.threads[*i];
        let i = (0..THREADS).filter(moved).min_by_key(|&i| before.threads[i].at == Sleep).unwrap_or(0);
        let (thread, killed) = (before.threads[i], after.kills > before.kills);
        format!("thread {i}: {}{:?} {}", if killed { "killed before " } else { "" }, thread.at, thread.object)
    }
}
