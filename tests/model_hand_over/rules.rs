//! What must never be so, and what is noted to tell.

use super::explorer::Model;
use super::plan::HandOver;
use super::world::*;

impl HandOver {
    pub fn signallers_of(&self, object: u8) -> impl Iterator<Item = usize> {
        let signals = move |acts: &[Act]| acts.iter().any(|act| act.signals() == Some(object));
        (0..self.threads.len()).filter(move |&j| signals(self.threads[j]))
    }

    pub fn forget_owed(&self, world: &mut World, object: u8) {
        self.signallers_of(object).for_each(|j| (world.threads[j].owed, world.threads[j].entitled) = (0, 0));
    }

    /// There is one signal more: who is due the one may have the other instead.
    pub fn others_owe_nothing(&self, world: &mut World, i: usize, object: u8) {
        let Thread { owed, entitled, .. } = world.threads[i];
        self.forget_owed(world, object);
        (world.threads[i].owed, world.threads[i].entitled) = (owed, entitled);
    }

    pub fn hand_over(&self, world: &mut World, i: usize, object: u8) {
        self.others_owe_nothing(world, i, object);
        let noted = self.noted(world, object);
        for (j, thread) in world.threads.iter_mut().enumerate() {
            thread.moved |= noted & 1 << j != 0 && (self.semaphores || !thread.took);
        }
    }

    /// Who has noted how often it was handed over, one bit each.
    pub fn noted(&self, world: &World, object: u8) -> u8 {
        let has_noted = |j: &usize| {
            let has_begun = !matches!(world.threads[*j].at, Gone | Dying | FirstLook | Note | Poll);
            has_begun && self.act(world, *j).waits() == Some(object)
        };
        (0..self.threads.len()).filter(has_noted).fold(0, |bits, j| bits | 1 << j)
    }

    /// Nothing has happened for long, and nothing will, though this one naps.
    pub fn is_waited_out(&self, world: &World, i: usize) -> bool {
        let object = self.act(world, i).waits().map(usize::from).unwrap_or(0);
        let (slot, me) = (&world.objects[object], &world.threads[i]);
        let is_stuck = |thread: &Thread| thread.naps() && !thread.moved && !thread.slept;
        slot.count != 0
            && slot.reserved
            && !me.slept
            && (self.impatient || world.threads.iter().all(|thread| thread.rests() || is_stuck(thread)))
    }
}

impl Model for HandOver {
    type State = World;
    type Key = [u64; THREADS + 1];

    fn start(&self) -> World {
        let mut threads = [Thread::new(Gone); THREADS];
        for (thread, acts) in threads.iter_mut().zip(self.threads) {
            thread.at = self.first(acts[0]);
        }
        World { objects: Default::default(), threads, kills: 0, claims: 0, broken: None }
    }

    fn key(&self, world: &World) -> [u64; THREADS + 1] {
        world.key()
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..self.threads.len() {
            self.step(world, i, out);
            out.extend(self.kill(world, i));
        }
    }

    fn violation(&self, world: &World, _: &[World]) -> Option<&'static str> {
        let quiet = world.threads.iter().all(Thread::rests);
        let beside = |i: usize| {
            let object = self.act(world, i).waits().map(usize::from).unwrap_or(0);
            world.threads[i].at == Sleep && world.objects[object].count != 0
        };
        let asleep = quiet && (0..self.threads.len()).any(beside);
        let hollow = world.objects.iter().any(|object| object.reserved && object.count == 0);
        world.broken.or(asleep.then_some(ASLEEP)).or(hollow.then_some(HOLLOW))
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.threads[*i] != after.threads[*i];
        let i = (0..THREADS).filter(moved).min_by_key(|&i| before.threads[i].rests()).unwrap_or(0);
        let (thread, killed) = (before.threads[i], after.kills > before.kills);
        let after = after.threads[i].at;
        format!("thread {i}: {}{:?} -> {after:?}", if killed { "killed before " } else { "" }, thread.at)
    }
}
