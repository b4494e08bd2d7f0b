//! The steps of who waits, or looks.

use super::plan::{Form, HandOver};
use super::world::*;

impl HandOver {
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

    pub fn wait(&self, before: &World, i: usize, out: &mut Vec<World>) {
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
                    () => Spin,
                };
            }
            Spin => {
                // One look, or the end of the spin.
                me.at = LookDue;
                out.push(world);
                world.threads[i].at = if self.form == Form::NeverLiesDown { LookDue } else { LieDown };
                world.threads[i].spun = true;
            }
            LieDown => {
                slot.sleepers += 1;
                (me.lies, me.at) = (true, LookDue);
            }
            LookDue => (me.due, me.at) = (me.moved, Take),
            Take | TakeDue | LastTake => {
                let is_newcomer = me.at == Take && !me.slept && !me.due && !me.claims;
                let took = self.take(&mut world, i, object, is_newcomer);
                let me = &mut world.threads[i];
                me.due = false;
                if took && !self.semaphores {
                    (me.moved, me.slept) = (false, false); // nothing follows from it any more
                }
                me.at = match () {
                    () if took => self.first_of_leave(me),
                    () if me.at == LastTake => self.first_of_leave(me),
                    () if is_newcomer && me.seen_reserved => DueAgain,
                    () => self.after_look(me),
                };
            }
            // Perhaps it was reserved for this one after it had asked.
            DueAgain if me.moved && self.form == Form::AsksOnce => {
                world.broken = Some(OVERLOOKED);
            }
            DueAgain => me.at = if me.moved { TakeDue } else { self.after_look(me) },
            // The kernel compares the half of the word that says whether there is one.
            FallAsleep if (was.count != 0) != me.seen_reserved => me.at = LookDue,
            FallAsleep => {
                if let WaitAWhile(_) = act {
                    // He spun until his deadline.
                    (me.late, me.at) = (true, LastTake);
                    out.push(world);
                    world = *before;
                }
                let me = &mut world.threads[i];
                (me.at, me.queued, me.pending) = (Sleep, true, self.pending(object));
            }
            Sleep => return self.sleep(before, i, out),
            CountOthers => (me.loaded, me.at) = (was.waiters - 1, MissOthers),
            MissOthers => {
                slot.absent = if self.form == Form::NobodyMissed { 0 } else { me.loaded };
                (me.loaded, me.at) = (0, LookDue);
            }
            GetUp => {
                slot.sleepers -= 1;
                (me.lies, me.at) = (false, Unregister);
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
                    () => PassSleepers,
                };
            }
            LeaveWaiters if was.waiters == 0 => me.at = Unreserve,
            LeaveWaiters => (me.loaded, me.at) = (was.waiters, LeaveAbsent),
            LeaveAbsent => {
                me.at = if me.loaded > was.absent { HandOn } else { Unreserve };
                me.loaded = 0;
            }
            HandOn => {
                me.at = PassSleepers;
                self.hand_over(&mut world, i, object);
            }
            Unreserve => {
                me.at = if was.reserved { UnreserveSleepers } else { PassSleepers };
                slot.reserved = false;
            }
            UnreserveSleepers => me.at = if was.sleepers != 0 { UnreserveWake } else { PassSleepers },
            PassSleepers => me.at = if was.sleepers != 0 { PassWake } else { EndWait },
            UnreserveWake | PassWake => {
                me.at = if me.at == PassWake { EndWait } else { PassSleepers };
                return self.wake(&world, object, 1, out);
            }
            EndWait => self.done(&mut world, i),
            _ => unreachable!("no step of a waiter"),
        }
        out.push(world);
    }

    /// A look at an object that was not to be had is over.
    fn after_look(&self, me: &mut Thread) -> At {
        match () {
            () if me.late => LastTake,
            () if me.spun => FallAsleep,
            () => {
                me.seen_reserved = false; // who spins goes by the next look
                Spin
            }
        }
    }

    fn first_of_leave(&self, me: &Thread) -> At {
        if me.lies { GetUp } else { Unregister }
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
}
