//! What happens: one step of one process, a kill, a fork; and what must never be so.

use super::explorer::Model;
use super::world::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Right,
    NoGate,
    SharedWithoutProbe,
    CloseWithoutReap,
    UnlinkUnseen,
    ReapOwnDescription,
    WaitToReapOwnDescription,
    UnlockInsteadOfClose,
    PublishBeforeHeader,
    TrustNewFile,
    NotFoundIfGateTaken,
}

/// What the kernel takes back first from a killed process that holds the gate and another lock.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Death {
    AtOnce,
    GateFirst,
    GateLast,
}

pub struct Lifetime {
    pub roles: [Role; 3],
    pub calls: u8,
    pub kills: u8,
    pub form: Form,
    pub death: Death,
}

impl Lifetime {
    fn uses_gate(&self) -> bool {
        !matches!(self.form, Form::NoGate | Form::SharedWithoutProbe)
    }

    fn probe(&self) -> At {
        if self.uses_gate() { TakeGate } else { TryExclusive }
    }

    /// The world after the next step of one process; None if it waits or has nothing to do.
    fn step(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let role = self.roles[i];
        let me = &mut world.processes[i];
        let linked = me.file.is_some() && before.name == me.file;
        let gate_taken = before.others(i).any(Process::has_gate);
        let file = &mut world.files[me.file.map_or(0, usize::from)];
        me.at = match me.at {
            NotForked | Gone => return None,
            Rest if role == Sweeper => {
                (me.at, me.errand) = (OpenToReap, Errand::Close);
                return self.step(&world, i);
            }
            at @ (Rest | OpenAgain) => {
                me.always_held |= at == Rest && role == Opener && before.somebody_holds();
                (me.file, me.errand) = (before.name, Errand::Open);
                match before.name {
                    Some(name) => {
                        let kept = before.processes.iter().any(|p| p.file == me.file && p.keeps_alive());
                        me.found_dead = before.files[usize::from(name)].published && !kept;
                        if self.form == Form::SharedWithoutProbe { TakeShared } else { self.probe() }
                    }
                    None if role == Opener => {
                        world.broken = me.always_held.then_some(MISSED);
                        me.end_call(role)
                    }
                    None => CreateExclusively,
                }
            }
            CreateExclusively if before.name.is_some() => OpenAgain,
            CreateExclusively => {
                me.file = (0..4).find(|&file| before.processes.iter().all(|p| p.file != Some(file)));
                world.name = me.file;
                world.files[usize::from(me.file?)] = File::default();
                LockNewFile
            }
            LockNewFile if before.exclusive_elsewhere(i) => me.let_go(OpenAgain),
            LockNewFile if self.form == Form::TrustNewFile => WriteHeader,
            LockNewFile => CheckNewFile,
            CheckNewFile if !linked => AbandonNewFile,
            CheckNewFile if self.form == Form::PublishBeforeHeader => PublishMagic,
            CheckNewFile => WriteHeader,
            AbandonNewFile => me.let_go(OpenAgain),
            WriteHeader => {
                file.written = true;
                if file.published { Held } else { PublishMagic }
            }
            PublishMagic => {
                file.published = true;
                if file.written { Held } else { WriteHeader }
            }
            TakeGate if gate_taken && role == Opener && self.form == Form::NotFoundIfGateTaken => {
                world.broken = me.always_held.then_some(MISSED);
                me.end_call(role)
            }
            TakeGate | TakeGateShared if gate_taken => return None,
            TakeGate => TryExclusive,
            TakeGateShared => ReapOwnDescription,
            at @ (TryExclusive | ReapOwnDescription) => {
                // A refused conversion has given up the lock it wanted to convert.
                world.forked_unlocked |= at == ReapOwnDescription && me.forked;
                me.forked = false;
                match before.shared_elsewhere(i) || before.exclusive_elsewhere(i) {
                    true if at == ReapOwnDescription && self.form == Form::WaitToReapOwnDescription => {
                        return None;
                    }
                    true if me.errand == Errand::Open => TakeShared,
                    true => LeaveGate,
                    false if self.form == Form::UnlinkUnseen => Unlink,
                    false => ReadLinkCount,
                }
            }
            ReadLinkCount if linked => CompareWithPath,
            CompareWithPath if linked => Unlink,
            ReadLinkCount | CompareWithPath => DropExclusive,
            Unlink => {
                world.name = None;
                DropExclusive
            }
            DropExclusive => LeaveGate,
            LeaveGate if me.errand == Errand::Close => me.end_call(role),
            LeaveGate => me.let_go(OpenAgain),
            TakeShared if before.exclusive_elsewhere(i) && !self.uses_gate() => return None,
            TakeShared if before.exclusive_elsewhere(i) => {
                world.broken = (self.death != Death::GateFirst).then_some(REFUSED);
                LeaveGate
            }
            TakeShared => LeaveGateShared,
            LeaveGateShared => CheckLinked,
            CheckLinked if linked => CheckPublished,
            CheckPublished if file.published => Held,
            CheckLinked | CheckPublished => Retreat,
            Retreat => {
                me.errand = Errand::Amends;
                me.let_go(OpenToReap)
            }
            Held => {
                me.errand = Errand::Close;
                world.forked_unlocked |= self.form == Form::UnlockInsteadOfClose && me.forked;
                match self.form {
                    Form::CloseWithoutReap => me.end_call(role),
                    Form::ReapOwnDescription | Form::WaitToReapOwnDescription => {
                        me.at = TakeGateShared;
                        return self.step(&world, i);
                    }
                    _ => me.let_go(OpenToReap),
                }
            }
            OpenToReap if before.name.is_some() => {
                me.file = before.name;
                self.probe()
            }
            OpenToReap if me.errand == Errand::Close => me.end_call(role),
            OpenToReap => OpenAgain,
            DyingWithGate | DyingWithExclusive => me.let_go(Gone),
        };
        Some(world)
    }

    /// A kill, which the kernel follows up by taking back the locks.
    fn kill(&self, before: &World, i: usize) -> Option<World> {
        let victim = &before.processes[i];
        if before.kills == self.kills || matches!(victim.at, NotForked | Gone | Rest) || victim.at > Held {
            return None;
        }
        let at = match self.death {
            Death::GateFirst if victim.has_gate() && victim.has_exclusive() => DyingWithExclusive,
            Death::GateLast if victim.has_gate() => DyingWithGate,
            _ => Gone,
        };
        let mut world = *before;
        let file = victim.file.filter(|_| at != Gone);
        world.processes[i] = Process { file, ..Process::new(at, 0) };
        world.kills += 1;
        Some(world)
    }

    /// A holder forks. The child has the same open file description, and closes it in its own time.
    fn fork(&self, before: &World, i: usize) -> Option<World> {
        let child = before.processes.iter().position(|p| p.at == NotForked)?;
        let mut world = *before;
        world.processes[i].forked = true;
        world.processes[child] = Process { calls: 1, ..world.processes[i] };
        (before.processes[i].at == Held).then_some(world)
    }

    fn at_rest(&self, world: &World, i: usize) -> bool {
        let at = world.processes[i].at;
        matches!(at, NotForked | Gone) || (at == Rest && self.roles[i] == Sweeper)
    }
}

impl Model for Lifetime {
    type State = World;
    type Key = u64;

    fn start(&self) -> World {
        let process =
            |role| if role == Child { Process::new(NotForked, 0) } else { Process::new(Rest, self.calls) };
        World {
            name: None,
            files: Default::default(),
            processes: self.roles.map(process),
            kills: 0,
            forked_unlocked: false,
            broken: None,
        }
    }

    /// Processes of one role are interchangeable, and so are the numbers of the files.
    fn key(&self, world: &World) -> u64 {
        let mut processes = world.processes.map(|p| {
            let notes = u64::from(p.found_dead) | u64::from(p.always_held) << 1 | u64::from(p.forked) << 2;
            (p.at as u64 | (p.errand as u64) << 5 | u64::from(p.calls) << 7 | notes << 9, p.file)
        });
        for (a, b) in [(0, 1), (1, 2), (0, 1)] {
            if self.roles[a] == self.roles[b] && processes[a].0 > processes[b].0 {
                processes.swap(a, b);
            }
        }
        let mut key = u64::from(world.kills) << 1 | u64::from(world.forked_unlocked);
        key = key << 1 | u64::from(world.broken.is_some());
        let mut met = [None; 4];
        for (i, file) in [world.name, processes[0].1, processes[1].1, processes[2].1].into_iter().enumerate()
        {
            let place = file.map_or(4, |_| met.iter().position(|&m| m == file).unwrap_or(i));
            let state = file.map_or(File::default(), |file| world.files[usize::from(file)]);
            met[i] = file;
            key = key << 5 | (place as u64) << 2 | u64::from(state.written) << 1 | u64::from(state.published);
        }
        processes.iter().fold(key, |key, (code, _)| key << 12 | code)
    }

    fn successors(&self, world: &World, out: &mut Vec<World>) {
        for i in 0..3 {
            out.extend(self.step(world, i).into_iter().chain(self.fork(world, i)).chain(self.kill(world, i)));
        }
        for world in out.iter_mut().filter(|world| !world.somebody_holds()) {
            world.processes.iter_mut().for_each(|p| p.always_held = false);
        }
    }

    fn violation(&self, world: &World, _: &[World]) -> Option<&'static str> {
        let holders = || world.processes.iter().filter(|p| p.at == Held);
        let files = |p: &Process| p.file.map_or(File::default(), |file| world.files[usize::from(file)]);
        let mut busy = (0..3).filter(|&i| !self.at_rest(world, i)).peekable();
        let over = busy.peek().is_none();
        // Since a name leads to one file, whoever breaks the second rule has broken the first: it is stated all
        // the same, being what the protocol is for.
        let rules = [
            (LIVE_UNLINKED, holders().any(|p| p.file != world.name)),
            (TWO_LIVE, holders().any(|p| holders().any(|q| p.file != q.file))),
            (UNINITIALISED, holders().any(|p| files(p) != File { written: true, published: true })),
            (ADOPTED, holders().any(|p| p.found_dead)),
            (LEFT_BEHIND, over && world.kills == 0 && world.name.is_some()),
            (STUCK, !over && busy.all(|i| self.step(world, i).is_none())),
        ];
        world.broken.or_else(|| rules.iter().find(|(_, broken)| *broken).map(|(rule, _)| *rule))
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.processes[*i] != after.processes[*i];
        let i = (0..3).rev().find(moved).expect("each step moves somebody");
        let (was, is) = (before.processes[i], after.processes[i]);
        let killed = if after.kills > before.kills { "killed before " } else { "" };
        let refused = if is.at == TakeShared && was.at == TryExclusive { " (refused)" } else { "" };
        format!("{i}: {killed}{:?}{refused}, file {:?}", was.at, is.file.or(was.file))
    }
}
