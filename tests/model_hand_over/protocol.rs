//! What happens: one step of one thread, a kill.

use super::plan::{Form, HandOver};
use super::world::*;

impl HandOver {
    fn wake(&self, world: &World, object: u8, count: u8, out: &mut Vec<World>) {
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

    /// Takes one, if this rank may. Or notes what it saw.
    fn take(&self, world: &mut World, i: usize, object: u8, is_newcomer: bool) -> bool {
        let slot = &mut world.objects[usize::from(object)];
        let me = &mut world.threads[i];
        me.seen_reserved = slot.count != 0 && slot.reserved;
        if slot.count == 0 || slot.reserved && is_newcomer {
            return false;
        }
        slot.count -= 1;
        if (slot.count == 0 || me.claims) && self.form != Form::ReservationStays {
            slot.reserved = false;
        }
        (me.took, me.seen_reserved) = (true, false);
        let is_poll = matches!(me.at, Poll | LastTake);
        // Nobody is due this one any more. The kernel's wake for a dead one makes whom it
        // reaches a sleeper like those who are due.
        let has_slept = me.slept && me.owed == 0;
        let is_held = !is_poll && !me.claims && !has_slept && !self.impatient && world.kills == 0;
        let given = |j: &usize| !matches!(world.threads[*j].at, LoadQueueAbsent | CountHandOver | Update);
        let is_stolen = |j: usize| {
            let thread = &world.threads[j];
            thread.owed != 0 && (thread.owed | thread.entitled) & 1 << i == 0
        };
        if is_held && self.signallers_of(object).filter(given).any(is_stolen) {
            world.broken = Some(STOLEN);
        }
        self.forget_owed(world, object);
        true
    }

    fn wait(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let mut world = *before;
        let act = self.act(before, i);
        let object = act.waits().unwrap_or(0);
        let was = before.objects[usize::from(object)];
        let slot = &mut world.objects[usize::from(object)];
        let me = &mut world.threads[i];
        match me.at {
            Poll => {
                self.take(&mut world, i, object, false);
                self.done(&mut world, i);
            }
            FirstLook => {
                if self.take(&mut world, i, object, true) {
                    self.done(&mut world, i);
                } else {
                    world.threads[i].at = self.first_of_registration();
                }
            }
            Note | Register => {
                let is_last = (me.at == Register) != (self.form == Form::NotedLate);
                if me.at == Register {
                    slot.waiters += 1;
                } else {
                    me.moved = false;
                }
                me.at = match () {
                    () if !is_last && me.at == Note => Register,
                    () if !is_last => Note,
                    () if act.signals().is_some() => LoadQueue,
                    () => LookDue,
                };
            }
            LookDue => (me.due, me.at) = (me.moved, Take),
            Take | LastTake => {
                let is_newcomer = me.at == Take && !me.slept && !me.due && !me.claims;
                let took = self.take(&mut world, i, object, is_newcomer);
                let me = &mut world.threads[i];
                me.due = false;
                if took && !self.semaphores {
                    (me.moved, me.slept) = (false, false); // nothing follows from it any more
                }
                me.at = match me.at {
                    _ if took => Unregister,
                    LastTake => Unregister,
                    _ if me.late => LastTake,
                    _ => FallAsleep,
                };
            }
            // The kernel compares the half of the word that says whether there is one.
            FallAsleep if (was.count != 0) != me.seen_reserved => me.at = LookDue,
            FallAsleep => (me.at, me.queued, me.pending) = (Sleep, true, self.pending(object)),
            Sleep => return self.sleep(before, i, out),
            CountOthers => (me.loaded, me.at) = (was.waiters - 1, MissOthers),
            MissOthers => {
                slot.absent = if self.form == Form::NobodyMissed { 0 } else { me.loaded };
                (me.loaded, me.at) = (0, LookDue);
            }
            Unregister => {
                slot.waiters -= 1;
                (me.loaded, me.at) = (slot.waiters, LoadAbsent);
                // His time was over before he came to take it.
                world.threads.iter_mut().for_each(|thread| thread.owed &= !(1 << i));
            }
            LoadAbsent if was.absent > me.loaded && self.form != Form::AbsentStays => me.at = LowerAbsent,
            LowerAbsent => {
                slot.absent = me.loaded;
                self.after_absent(me);
            }
            LoadAbsent => self.after_absent(me),
            GiveUpClaim => (slot.reserved, me.at) = (false, LeaveDue),
            LeaveDue => {
                let was_due = me.slept || me.moved;
                me.at = if was_due && (!me.took || self.semaphores) { LeaveLook } else { EndWait };
            }
            LeaveLook => {
                me.at = match () {
                    () if was.count == 0 => EndWait,
                    () if was.reserved => LeaveWaiters,
                    () => PassWaiters,
                };
            }
            LeaveWaiters if was.waiters == 0 => me.at = Unreserve,
            LeaveWaiters => (me.loaded, me.at) = (was.waiters, LeaveAbsent),
            LeaveAbsent => {
                me.at = if me.loaded > was.absent { HandOn } else { Unreserve };
                me.loaded = 0;
            }
            HandOn => {
                me.at = PassWaiters;
                self.hand_over(&mut world, i, object);
            }
            Unreserve => {
                me.at = if was.reserved { UnreserveWaiters } else { PassWaiters };
                slot.reserved = false;
            }
            UnreserveWaiters => me.at = if was.waiters != 0 { UnreserveWake } else { PassWaiters },
            PassWaiters => me.at = if was.waiters != 0 { PassWake } else { EndWait },
            UnreserveWake | PassWake => {
                me.at = if me.at == PassWake { EndWait } else { PassWaiters };
                return self.wake(&world, object, 1, out);
            }
            EndWait => self.done(&mut world, i),
            _ => unreachable!("no step of a waiter"),
        }
        out.push(world);
    }

    fn after_absent(&self, me: &mut Thread) {
        me.loaded = 0;
        me.at = if me.claims && !me.took { GiveUpClaim } else { LeaveDue };
    }

    fn sleep(&self, before: &World, i: usize, out: &mut Vec<World>) {
        let awake = |change: &dyn Fn(&mut World)| {
            let mut world = *before;
            let me = &mut world.threads[i];
            (me.at, me.queued, me.woken) = (LookDue, false, false);
            change(&mut world);
            world
        };
        let me = &before.threads[i];
        if me.woken {
            out.push(awake(&|world| world.threads[i].slept = true));
            return;
        }
        if let WaitAWhile(_) = self.act(before, i) {
            out.push(awake(&|world| {
                let me = &mut world.threads[i];
                (me.late, me.slept) = (true, me.slept || !me.seen_reserved);
            }));
        }
        if me.naps() {
            out.push(awake(&|_| {}));
        }
        // Only a thread that is registered could be due what is reserved.
        let object = self.act(before, i).waits().map(usize::from).unwrap_or(0);
        let is_alone = before.objects[object].waiters == 1 && self.form != Form::AloneWaits;
        if me.naps() && (is_alone || self.is_waited_out(before, i)) {
            out.push(awake(&|world| {
                let me = &mut world.threads[i];
                (me.claims, me.at) = (true, if is_alone { LookDue } else { CountOthers });
                world.claims += u8::from(!self.impatient && !is_alone);
                if world.claims > world.kills {
                    world.broken = Some(IN_VAIN);
                }
            }));
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
                me.at = if self.form == Form::CountedLate { LoadWaiters } else { Update };
                self.hand_over(&mut world, i, object);
            }
            Update => {
                let more = if let SignalTwo(_) = act { 2 } else { 1 };
                slot.count = if self.semaphores { was.count + more } else { 1 };
                slot.reserved |= me.loaded != 0;
                let counts = self.form == Form::CountedLate && me.loaded != 0;
                me.at = if counts { CountHandOver } else { LoadWaiters };
                me.loaded = 0;
                self.others_owe_nothing(&mut world, i, object);
            }
            LoadWaiters if self.form == Form::NoWake => self.end_signal(&mut world, i),
            LoadWaiters if was.waiters != 0 => me.at = Wake,
            LoadWaiters => self.end_signal(&mut world, i),
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
            (world.threads[i].at, world.threads[i].pending, world.threads[i].took) = (LookDue, 0, false);
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
            LoadQueue | LoadQueueAbsent | CountHandOver | Update | LoadWaiters | Wake => {
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
