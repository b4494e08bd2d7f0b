//! What happens: one step of one thread, a kill, a tick; and what must never be so.

use super::explorer::Model;
use super::world::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Right,
    SetWithoutWake,
    SetWithoutGuard,
    /// The set number is only as wide as the choice of a slot needs.
    OneBitNumber,
    /// The set number stays, and its slot is overwritten.
    SameSlot,
    PeriodFromNow,
    AdvanceUnseen,
    ConsumeUnseen,
}

pub struct Timer {
    pub waiters: usize,
    pub setters: &'static [&'static [Act]],
    /// How the timer is armed at the start.
    pub armed: (u8, u8),
    pub manual: bool,
    pub horizon: u8,
    pub kills: u8,
    /// A setter may be killed between its set and its wake.
    pub kill_before_wake: bool,
    pub form: Form,
}

impl Timer {
    fn wait(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let me = &mut world.threads[i];
        let unchanged = me.seen == before.word;
        match me.at {
            Look => {
                (me.seen, me.now) = (before.word, before.now);
                let due = me.seen.due != 0 && me.now >= me.seen.due;
                me.at = match me.registered {
                    _ if due => LoadPeriod,
                    _ if me.seen.signalled => Consume,
                    false => Register,
                    true => Compare,
                };
                me.now = if due { me.now } else { 0 };
            }
            LoadPeriod => {
                me.period = before.periods[usize::from(me.seen.set_number & 1)];
                me.at = Advance;
            }
            Advance => {
                let next = match (me.period, self.form) {
                    (0, _) => 0,
                    (period, Form::PeriodFromNow) => me.now + period,
                    (period, _) => me.seen.due + ((me.now - me.seen.due) / period + 1) * period,
                };
                if unchanged || self.form == Form::AdvanceUnseen {
                    let early = before.word.due == 0 || before.now < before.word.due;
                    world.word = Word { signalled: true, due: next, ..me.seen };
                    let (first, period) = before.armed;
                    let in_step =
                        if period == 0 { next == 0 } else { next > first && (next - first) % period == 0 };
                    world.broken = if early { Some(TWICE) } else { (!in_step).then_some(OUT_OF_STEP) };
                }
                me.go(Look);
            }
            Consume => {
                let released = unchanged || self.manual || self.form == Form::ConsumeUnseen;
                if released && !self.manual {
                    world.broken = (!before.word.signalled).then_some(RELEASED_TWICE);
                    world.word.signalled = false;
                }
                me.go(if released && me.registered { Unregister } else { Look });
            }
            Register => {
                world.waiters += 1;
                me.registered = true;
                me.go(Look);
            }
            Compare if unchanged => {
                me.at = Sleep;
                me.seen = Word { due: me.seen.due, ..Word::default() };
            }
            Compare => me.go(Look),
            Sleep if me.rests(before.now) => return None,
            Sleep => me.go(Look),
            Unregister => {
                world.waiters -= 1;
                me.registered = false;
                me.go(Look);
            }
            _ => return None,
        }
        Some(world)
    }

    fn set(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let acts = self.setters[i - self.waiters];
        let me = &mut world.threads[i];
        let act = acts[usize::from(me.acts)];
        let done = |me: &mut Thread| {
            me.acts += 1;
            let over = usize::from(me.acts) == acts.len();
            *me = if over { Thread::new(Gone) } else { Thread { acts: me.acts, ..Thread::new(TakeGuard) } };
        };
        let mask = if self.form == Form::OneBitNumber { 1 } else { 15 };
        match me.at {
            TakeGuard if before.guard != 0 && self.form != Form::SetWithoutGuard => return None,
            TakeGuard => {
                world.guard = i as u8 + 1;
                let ahead = u8::from(self.form != Form::SameSlot);
                me.seen.set_number = (before.word.set_number + ahead) & mask;
                me.at = WritePeriod;
            }
            WritePeriod => {
                let slot = usize::from(me.seen.set_number & 1);
                world.periods[slot] = if let Arm(_, period) = act { period } else { 0 };
                me.at = Swap;
            }
            Swap => {
                let set_number = me.seen.set_number;
                (world.word, world.armed) = match act {
                    Arm(due, period) => (Word { signalled: false, set_number, due }, (due, period)),
                    Cancel => (Word { set_number, due: 0, ..before.word }, (0, 0)),
                };
                me.go(LeaveGuard);
            }
            LeaveGuard => {
                world.guard = 0;
                me.at = LoadWaiters;
            }
            LoadWaiters if before.waiters == 0 || self.form == Form::SetWithoutWake => done(me),
            LoadWaiters => me.at = WakeAll,
            WakeAll => {
                done(me);
                world
                    .threads
                    .iter_mut()
                    .filter(|thread| thread.at == Sleep)
                    .for_each(|thread| thread.go(Look));
            }
            _ => return None,
        }
        Some(world)
    }

    fn kill(&self, before: &World, i: usize) -> Option<World> {
        let at = before.threads[i].at;
        let spared = !self.kill_before_wake && matches!(at, LeaveGuard | LoadWaiters | WakeAll);
        if before.kills == self.kills || at == Gone || spared {
            return None;
        }
        let mut world = *before;
        if usize::from(before.guard) == i + 1 {
            world.guard = 0;
        }
        world.threads[i] = Thread::new(Gone);
        world.kills += 1;
        Some(world)
    }

    fn tick(&self, before: &World) -> Option<World> {
        (before.now < self.horizon).then_some(World { now: before.now + 1, ..*before })
    }
}

impl Model for Timer {
    type State = World;
    type Key = (u128, u64);

    fn start(&self) -> World {
        let mut threads = [Thread::new(Gone); THREADS];
        for (i, thread) in threads.iter_mut().enumerate().take(self.waiters + self.setters.len()) {
            thread.at = if i < self.waiters { Look } else { TakeGuard };
        }
        let (due, period) = self.armed;
        World {
            word: Word { due, ..Word::default() },
            periods: [period; 2],
            now: 0,
            waiters: 0,
            guard: 0,
            threads,
            kills: 0,
            armed: self.armed,
            broken: None,
        }
    }

    fn key(&self, world: &World) -> (u128, u64) {
        let role = |i: usize| i.saturating_sub(self.waiters - 1) as u8;
        world.key(&[role(0), role(1), role(2), role(3)])
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..THREADS {
            let step = match world.threads[i].at {
                Gone => None,
                _ if i < self.waiters => self.wait(world, i),
                _ => self.set(world, i),
            };
            out.extend(step.into_iter().chain(self.kill(world, i)));
        }
        out.extend(self.tick(world));
    }

    fn violation(&self, world: &World, _: &[World]) -> Option<&'static str> {
        let quiet = world.threads.iter().all(|thread| thread.rests(world.now));
        let asleep = world.threads.iter().any(|thread| thread.at == Sleep);
        world.broken.or_else(|| (quiet && asleep && world.expired()).then_some(MISSED))
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.threads[*i] != after.threads[*i];
        let Some(i) = (0..THREADS).filter(moved).max_by_key(|&i| before.threads[i].at as u8) else {
            return format!("time is {}", after.now);
        };
        let killed = if after.kills > before.kills { "killed before " } else { "" };
        format!("thread {i}: {killed}{:?}", before.threads[i].at)
    }
}
