//! What happens: one step of one process, a kill, a fork; and what must never be so.

use super::explorer::Model;
use super::world::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Right,
    TakeRefusalForLife,
    SharedWithoutAsking,
    LockBeforeRefusal,
    NoLookAfterShared,
    CloseWithoutReap,
    UpgradeToClose,
    UnlockThoughForked,
    UnlinkUnseen,
    PublishBeforeData,
    TrustNewFile,
}

pub struct Lifetime {
    pub roles: [Role; 3],
    pub calls: u8,
    pub kills: u8,
    pub form: Form,
}

impl Lifetime {
    /// Who has a handle or is about to.
    fn holders_to_be<'w>(&'w self, world: &'w World) -> impl Iterator<Item = &'w Process> {
        world.processes.iter().zip(&self.roles).filter(|(_, role)| **role != Refused).map(|(p, _)| p)
    }

    /// The world after the next step of one process; None if it has nothing to do.
    fn step(&self, before: &World, i: usize) -> Option<World> {
        let mut world = *before;
        let role = self.roles[i];
        let me = &mut world.processes[i];
        let linked = me.file.is_some() && before.name == me.file;
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
                        let kept = self.holders_to_be(before).any(|p| p.file == me.file && p.keeps_alive());
                        me.found_dead = before.files[usize::from(name)].published && !kept;
                        match self.form {
                            Form::SharedWithoutAsking => TakeShared,
                            Form::TakeRefusalForLife => TryExclusive,
                            _ => AskHolder,
                        }
                    }
                    None if role == Refused => me.end_call(role),
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
                me.made_it = true;
                LockNewFile
            }
            LockNewFile if before.exclusive_elsewhere(i) => me.let_go(OpenAgain),
            LockNewFile if self.form == Form::TrustNewFile => WriteData,
            LockNewFile => CheckNewFile,
            CheckNewFile if !linked => AbandonNewFile,
            CheckNewFile if self.form == Form::PublishBeforeData => WriteControlPage,
            CheckNewFile => WriteData,
            AbandonNewFile => me.let_go(OpenAgain),
            WriteData => {
                file.written = true;
                if file.published { Held } else { WriteControlPage }
            }
            WriteControlPage => {
                file.published = true;
                if file.written { Held } else { WriteData }
            }
            AskHolder if before.shared_elsewhere(i) && me.errand == Errand::Close => me.end_call(role),
            AskHolder
                if before.shared_elsewhere(i) && role == Refused && self.form != Form::LockBeforeRefusal =>
            {
                me.end_call(role)
            }
            AskHolder if before.shared_elsewhere(i) => TakeShared,
            AskHolder if before.exclusive_elsewhere(i) && me.errand == Errand::Open => me.let_go(OpenAgain),
            AskHolder if before.exclusive_elsewhere(i) => me.end_call(role),
            AskHolder => TryExclusive,
            TryExclusive if before.shared_elsewhere(i) || before.exclusive_elsewhere(i) => match me.errand {
                Errand::Open if self.form == Form::TakeRefusalForLife => TakeShared,
                Errand::Open | Errand::Amends => me.let_go(OpenAgain),
                Errand::Close => me.end_call(role),
            },
            TryExclusive if self.form == Form::UnlinkUnseen => Unlink,
            TryExclusive => ReadLinkCount,
            ReadLinkCount if linked => CompareWithPath,
            CompareWithPath if linked => Unlink,
            ReadLinkCount | CompareWithPath => DropExclusive,
            Unlink => {
                world.name = None;
                DropExclusive
            }
            DropExclusive if me.errand == Errand::Close => me.end_call(role),
            DropExclusive => me.let_go(OpenAgain),
            TakeShared if before.exclusive_elsewhere(i) => me.let_go(OpenAgain),
            TakeShared if self.form == Form::NoLookAfterShared => CheckFinished,
            TakeShared => CheckLinked,
            CheckLinked if linked => CheckFinished,
            CheckFinished if file.published && role != Refused => Held,
            CheckLinked | CheckFinished => Retreat,
            // The planted one among the refused knows by now that it is one.
            Retreat if role == Refused => {
                me.errand = Errand::Close;
                TryExclusive
            }
            Retreat => {
                me.errand = Errand::Amends;
                TryExclusive
            }
            Held => {
                me.errand = Errand::Close;
                let forked = std::mem::take(&mut me.forked);
                match self.form {
                    Form::CloseWithoutReap => me.end_call(role),
                    Form::UpgradeToClose if before.shared_elsewhere(i) => CloseAfterRefusal,
                    Form::UnlockThoughForked => {
                        world.forked_unlocked |= forked;
                        TryExclusive
                    }
                    // A relative shares the description: only closing it is safe.
                    _ if forked => me.let_go(OpenToReap),
                    // Who made it is often the last one. Refused, he goes the way of all others.
                    _ if me.made_it && before.shared_elsewhere(i) => UnlockAfterRefusal,
                    _ if me.made_it => ReadLinkCount,
                    // Unlocked; the description serves for the look back.
                    _ => AskHolder,
                }
            }
            CloseAfterRefusal => me.end_call(role),
            UnlockAfterRefusal => AskHolder,
            OpenToReap if before.name.is_some() => {
                me.file = before.name;
                TryExclusive
            }
            OpenToReap => me.end_call(role),
        };
        Some(world)
    }

    /// A kill; the kernel takes the locks back.
    fn kill(&self, before: &World, i: usize) -> Option<World> {
        if before.kills == self.kills || matches!(before.processes[i].at, NotForked | Gone | Rest) {
            return None;
        }
        let mut world = *before;
        world.processes[i] = Process::new(Gone, 0);
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
            let notes = [p.found_dead, p.always_held, p.forked, p.made_it];
            let notes = notes.iter().fold(0, |notes, &note| notes << 1 | u64::from(note));
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
        processes.iter().fold(key, |key, (code, _)| key << 13 | code)
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
        let over = (0..3).all(|i| self.at_rest(world, i));
        // Since a name leads to one file, whoever breaks the second rule has broken the first: it is stated all
        // the same, being what the protocol is for.
        let rules = [
            (LIVE_UNLINKED, holders().any(|p| p.file != world.name)),
            (TWO_LIVE, holders().any(|p| holders().any(|q| p.file != q.file))),
            (UNINITIALISED, holders().any(|p| files(p) != File { written: true, published: true })),
            (ADOPTED, holders().any(|p| p.found_dead)),
            (LEFT_BEHIND, over && world.kills == 0 && world.name.is_some()),
        ];
        world.broken.or_else(|| rules.iter().find(|(_, broken)| *broken).map(|(rule, _)| *rule))
    }

    fn tell(&self, before: &World, after: &World) -> String {
        let moved = |i: &usize| before.processes[*i] != after.processes[*i];
        let i = (0..3).rev().find(moved).expect("each step moves somebody");
        let (was, is) = (before.processes[i], after.processes[i]);
        let killed = if after.kills > before.kills { "killed before " } else { "" };
        format!("{i}: {killed}{:?}, file {:?}", was.at, is.file.or(was.file))
    }
}
