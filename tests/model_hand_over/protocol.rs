//! What happens: one step of one thread, a kill; and the steps of who signals.

use super::plan::{Form, HandOver};
use super::world::*;

impl HandOver {
    pub fn wake(&self, world: &World, object: u8, count: u8, out: &mut Vec<World>) {
        let waits = |i: usize| self.act(world, i).waits() == Some(object);
        let sleeps = |i: &usize| world.threads[*i].queued && waits(*i);
        let sleepers: Vec<usize> = (0..self.threads.len()).filter(sleeps).collect();
        if count == 0 || sleepers.is_empty() {
            out.push(*world);
            return;
        }
        for i in sleepers {
            let mut world = *world;
            (world.threads[i].queued, world.threads[i].woken) = (false, true);
            self.wake(&world, object, count - 1, out);
        }
    }

    fn signal(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let act = self.act(before, i);
        let object = act.signals().unwrap_or(0);
        let was = before.objects[usize::from(object)];
        let slot = &mut world.objects[usize::from(object)];
        let me = &mut world.threads[i];
        match me.at {
            LoadQueue => {
                me.saw_sleepers = self.form == Form::SleepersLoadedEarly && was.sleepers != 0;
                let owed = |j: &usize| {
                    let thread = &before.threads[*j];
                    thread.is_waiting() && self.act(before, *j).waits() == Some(object)
                };
                let owed = (0..self.threads.len()).filter(owed).fold(0, |bits, j| bits | 1 << j);
                (me.loaded, me.pending) = (was.waiters, self.pending(object));
                let is_reserved = was.waiters != 0 && self.form != Form::NoReservation;
                me.at = if is_reserved { LoadQueueAbsent } else { Update };
                if !is_reserved {
                    me.loaded = 0;
                }
                self.forget_owed(&mut world, object);
                (world.threads[i].owed, world.threads[i].entitled) = (owed, 0);
            }
            LoadQueueAbsent => {
                let is_due = me.loaded > was.absent;
                me.loaded = u8::from(is_due);
                me.at = if is_due && self.form != Form::CountedLate { CountHandOver } else { Update };
            }
            CountHandOver => {
                if self.form != Form::CountedLate {
                    me.entitled = self.noted(before, object);
                }
                me.at = if self.form == Form::CountedLate { LoadSleepers } else { Update };
                self.hand_over(&mut world, i, object);
            }
            Update => {
                let more = if let SignalTwo(_) = act { 2 } else { 1 };
                slot.count = if self.semaphores { was.count + more } else { 1 };
                slot.reserved |= me.loaded != 0;
                let counts = self.form == Form::CountedLate && me.loaded != 0;
                me.at = if counts { CountHandOver } else { LoadSleepers };
                me.loaded = 0;
                self.others_owe_nothing(&mut world, i, object);
            }
            LoadSleepers => {
                let wakes = match self.form {
                    Form::NoWake => false,
                    Form::SleepersLoadedEarly => me.saw_sleepers,
                    _ => was.sleepers != 0,
                };
                me.saw_sleepers = false;
                if wakes {
                    me.at = Wake;
                } else {
                    self.end_signal(&mut world, i);
                }
            }
            Wake => {
                self.others_owe_nothing(&mut world, i, object);
                self.end_signal(&mut world, i);
                return self.wake(&world, object, if let SignalTwo(_) = act { 2 } else { 1 }, out);
            }
            _ => unreachable!("no step of a signaller"),
        }
        out.push(world);
    }

    fn end_signal(&self, world: &mut World, i: usize) {
        if self.act(world, i).waits().is_some() {
            (world.threads[i].at, world.threads[i].pending, world.threads[i].took) = (Spin, 0, false);
        } else {
            self.done(world, i);
        }
    }

    pub fn step(&self, before: &World, i: usize, out: &mut Vec<World>) {
        match before.threads[i].at {
            Gone => {}
            Dying => {
                let mut world = *before;
                world.threads[i] = Thread::new(Gone);
                self.wake(&world, before.threads[i].pending - 1, 1, out);
            }
            LoadQueue | LoadQueueAbsent | CountHandOver | Update | LoadSleepers | Wake => {
                self.signal(before, i, out);
            }
            _ => self.wait(before, i, out),
        }
    }

    pub fn kill(&self, before: &World, i: usize) -> Option<World> {
        let me = &before.threads[i];
        if before.kills == self.kills || matches!(me.at, Gone | Dying) {
            return None;
        }
        let mut world = *before;
        world.threads[i] = Thread { pending: me.pending, ..Thread::new(Gone) };
        if me.pending != 0 {
            world.threads[i].at = Dying;
        }
        // Nobody owes the dead.
        for thread in &mut world.threads {
            thread.owed &= !(1 << i);
        }
        world.kills += 1;
        Some(world)
    }
}
