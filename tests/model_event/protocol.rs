//! What happens: one step of one thread, a kill; and what must never be so.

use super::explorer::Model;
use super::plan::{Events, Form};
use super::world::*;

impl Events {
    /// FUTEX_WAKE of so many, whichever the kernel finds first.
    fn wake(&self, world: &World, object: u8, count: u8, out: &mut Vec<World>) {
        let sleeps = |thread: &Thread| thread.queued & 1 << object != 0;
        if count == 0 || !world.threads.iter().any(sleeps) {
            out.push(*world);
            return;
        }
        for i in (0..THREADS).filter(|&i| sleeps(&world.threads[i])) {
            let mut world = *world;
            world.threads[i].queued &= !(1 << object);
            world.threads[i].woken |= 1 << object;
            self.wake(&world, object, count - 1, out);
        }
    }

    /// The next of its objects, or what comes after the last.
    fn advance(&self, me: &mut Thread, i: usize, after: At) {
        me.next += 1;
        if usize::from(me.next) == self.wants(i).len() {
            me.go(after);
        }
    }

    fn take(&self, world: &mut World, i: usize, object: u8) {
        let slot = &mut world.objects[usize::from(object)];
        if self.kind(object) != Manual {
            slot.overdrawn += i8::from(slot.count == 0);
            slot.count = slot.count.saturating_sub(1);
        }
        let me = &mut world.threads[i];
        let registered = me.at != FirstLook;
        (me.took, me.moved) = (object + 1, 0);
        me.go(if registered { Unregister } else { EndWait });
    }

    fn wait(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let me = &mut world.threads[i];
        let object = self.wants(i)[usize::from(me.next)];
        let bit = 1 << object;
        if self.deadlines && me.at == Look && me.next == 0 && me.slept && !me.late {
            let mut late = *before;
            late.threads[i].late = true;
            out.push(late);
        }
        let slot = &mut world.objects[usize::from(object)];
        let unchanged = slot.count == 0 && (me.moved & bit == 0 || self.form == Form::NoEpoch);
        match me.at {
            Look if !unchanged && self.form == Form::TornTake => me.at = TornTake,
            FirstLook | Look if !unchanged => self.take(&mut world, i, object),
            TornTake => self.take(&mut world, i, object),
            FirstLook => self.advance(me, i, Register),
            Register => {
                slot.sleepers += 1;
                self.advance(me, i, Look);
            }
            Look if me.late => {
                self.advance(me, i, Unregister);
                me.moved = if me.at == Unregister { 0 } else { me.moved };
            }
            Look => self.advance(me, i, Queue),
            Queue if unchanged => {
                me.queued |= bit;
                if let [single] = self.wants(i) {
                    me.pending = self.pending(*single);
                }
                self.advance(me, i, Sleep);
            }
            // Off all queues, as if woken; whoever was not goes to look all the same.
            Queue => return self.leave_queues(before, i, out),
            Sleep if me.woken != 0 => return self.leave_queues(before, i, out),
            Sleep if self.deadlines => {
                // The last look comes after a sleep that nobody has ended.
                (me.late, me.slept, me.queued) = (true, true, 0);
                me.go(Look);
            }
            Sleep => return,
            Unregister => {
                slot.sleepers -= 1;
                self.advance(me, i, if me.slept { Chain } else { EndWait });
            }
            Chain => {
                let taken = me.took == object + 1
                    && (self.kind(object) != Semaphore || self.form == Form::NoChainOfTaken);
                let skipped = taken
                    || self.kind(object) == Manual
                    || self.form == Form::NoChain
                    || self.form == Form::NoChainAfterDeadline && me.late;
                let wakes = slot.count != 0 && slot.sleepers != 0 && !skipped;
                self.advance(me, i, EndWait);
                return self.wake(&world, object, u8::from(wakes), out);
            }
            EndWait => *me = Thread::new(Gone),
            _ => unreachable!("no step of a waiter"),
        }
        out.push(world);
    }

    /// The kernel takes a thread off all queues and tells it one of the objects that it was woken through.
    fn leave_queues(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let me = &mut world.threads[i];
        let woken = std::mem::take(&mut me.woken);
        me.queued = 0;
        me.go(Look);
        if woken == 0 {
            out.push(world);
        }
        for object in (0..OBJECTS as u8).filter(|object| woken & 1 << object != 0) {
            (world.threads[i].slept, world.threads[i].pending) = (true, self.pending(object));
            out.push(world);
        }
    }

    /// Everybody who has seen the epoch notices that it moves.
    fn move_epoch(&self, world: &mut World, object: u8) {
        for (i, thread) in world.threads.iter_mut().enumerate() {
            let place = self.wants(i).iter().position(|&wanted| wanted == object);
            let seen = place.is_some_and(|place| match thread.at {
                FirstLook => usize::from(thread.next) > place,
                at => matches!(at, Register | Look | Queue | Sleep),
            });
            thread.moved |= u8::from(seen) << object;
        }
    }

    fn set(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let acts = self.setters[i - self.waiters.len()];
        let act = acts[usize::from(before.threads[i].next)];
        let (Set(object) | Reset(object) | Pulse(object) | Release(object, _)) = act;
        let slot = &mut world.objects[usize::from(object)];
        let me = &mut world.threads[i];
        let sleepers = slot.sleepers != 0;
        let first = if self.form == Form::WaitersFirst { LoadWaiters } else { Update };
        let done = |me: &mut Thread| {
            let next = me.next + 1;
            *me = Thread::new(if usize::from(next) == acts.len() { Gone } else { first });
            me.next = if me.at == Gone { 0 } else { next };
        };
        match me.at {
            Update => {
                let was = slot.count;
                slot.count = match act {
                    Set(_) => 1,
                    Reset(_) | Pulse(_) => 0,
                    Release(_, count) => was + count,
                };
                me.pending = self.pending(object);
                match act {
                    Reset(_) => done(me),
                    _ if self.form != Form::WaitersFirst => me.at = LoadWaiters,
                    _ if me.slept => me.at = Wake,
                    _ => done(me),
                }
                if self.kind(object) == Manual && (matches!(act, Pulse(_)) || act == Set(object) && was == 0)
                {
                    self.move_epoch(&mut world, object);
                }
            }
            LoadWaiters if self.form == Form::WaitersFirst => (me.at, me.slept) = (Update, sleepers),
            LoadWaiters if sleepers => me.at = Wake,
            LoadWaiters => done(me),
            Wake => {
                done(me);
                let count = match (self.kind(object), act) {
                    (Manual, _) => THREADS as u8,
                    (_, Release(_, count)) => count,
                    _ => 1,
                };
                return self.wake(&world, object, count, out);
            }
            _ => unreachable!("no step of a setter"),
        }
        out.push(world);
    }

    fn step(&self, before: &World, i: usize, out: &mut Vec<World>) {
        match before.threads[i].at {
            Gone => {}
            Dying => {
                let mut world = *before;
                world.threads[i] = Thread::new(Gone);
                self.wake(&world, before.threads[i].pending - 1, 1, out);
            }
            Update | LoadWaiters | Wake => self.set(before, i, out),
            _ => self.wait(before, i, out),
        }
    }

    /// A kill: the kernel finds no owner in the word that is pending, hence wakes.
    fn kill(&self, before: &World, i: usize) -> Option<World> {
        let me = &before.threads[i];
        let spared = match self.setters.get(i.wrapping_sub(self.waiters.len())) {
            None => self.wants(i).len() > 1 && !self.kill_multiple,
            Some(acts) => {
                let manual = |act: &Act| matches!(*act, Set(k) | Pulse(k) if self.kind(k) == Manual);
                acts.iter().any(manual) && !self.kill_manual
            }
        };
        if before.kills == self.kills || spared || matches!(me.at, Gone | Dying) {
            return None;
        }
        let mut world = *before;
        world.threads[i] = Thread { pending: me.pending, ..Thread::new(Gone) };
        if me.pending != 0 {
            world.threads[i].at = Dying;
        }
        world.kills += 1;
        Some(world)
    }
}

impl Model for Events {
    type State = World;
    type Key = (u128, u64);

    fn start(&self) -> World {
        let mut threads = [Thread::new(Gone); THREADS];
        let first = if self.form == Form::WaitersFirst { LoadWaiters } else { Update };
        let all = self.waiters.iter().map(|_| FirstLook).chain(self.setters.iter().map(|_| first));
        threads.iter_mut().zip(all).for_each(|(thread, at)| thread.at = at);
        World { objects: Default::default(), threads, kills: 0 }
    }

    fn key(&self, world: &World) -> (u128, u64) {
        world.key(&self.roles)
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..THREADS {
            self.step(world, i, out);
            out.extend(self.kill(world, i));
        }
    }

    fn violation(&self, world: &World, _: &[World]) -> Option<&'static str> {
        let quiet = world.threads.iter().all(Thread::rests);
        let asleep = || world.threads.iter().enumerate().filter(|(_, thread)| thread.at == Sleep);
        let available = |&k: &u8| world.objects[usize::from(k)].count != 0;
        let rules = [
            (OVERDRAWN, world.objects.iter().any(|object| object.overdrawn != 0)),
            (ASLEEP, quiet && asleep().any(|(i, _)| self.wants(i).iter().any(available))),
            (FORGOTTEN, quiet && asleep().any(|(_, thread)| thread.moved != 0)),
        ];
        rules.iter().find(|(_, broken)| *broken).map(|(rule, _)| *rule)
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.threads[*i] != after.threads[*i];
        let i = (0..THREADS).filter(moved).min_by_key(|&i| before.threads[i].rests()).unwrap_or(0);
        let (thread, killed) = (before.threads[i], after.kills > before.kills);
        format!("thread {i}: {}{:?} {}", if killed { "killed before " } else { "" }, thread.at, thread.next)
    }
}
