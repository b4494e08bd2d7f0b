//! Every way the life of one name can go, for a few processes and a few kills.
//!
//! A named object is a file. A *shared* lock on it means that somebody has a handle; whoever obtains the
//! *exclusive* lock knows that nobody has, and removes the file. Exclusive is only ever tried under a third
//! lock, the *gate*, so under the gate "exclusive refused" means "alive". The model takes these sentences at
//! their word: a step is one system call or one access to shared memory, and between any two steps any other
//! process may run and any process may be killed.
//!
//! Locks have no place of their own: who holds what follows from where each process stands, so the dead hold
//! nothing. Two things are folded because nobody could tell the difference. Closing a descriptor that has no
//! lock belongs to the step before it. And a file is linked exactly while the name leads to it, since nobody
//! makes hard links; the link count and the comparison with the path still are two looks at two times.

mod explorer;

use explorer::{Model, fails, holds};

/// Where a process stands, named after the step it takes next. Those who hold a lock stand side by side.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum At {
    NotForked,
    Gone,
    /// Between two calls; a call begins with openat.
    Rest,
    OpenAgain,
    OpenToReap,
    CreateExclusively,
    LockNewFile,
    TakeGate,
    // From here on with the gate.
    TryExclusive,
    // From here on with the exclusive lock too.
    ReadLinkCount,
    CompareWithPath,
    Unlink,
    DropExclusive,
    // From here on with the gate alone.
    LeaveGate,
    TakeShared,
    // From here on with the shared lock too.
    ReapOwnDescription,
    LeaveGateShared,
    // From here on with the shared lock alone.
    TakeGateShared,
    CheckLinked,
    CheckPublished,
    Retreat,
    CheckNewFile,
    AbandonNewFile,
    WriteHeader,
    PublishMagic,
    /// The call has reported success; the next step is the first of closing.
    Held,
    // Killed, and so far the kernel has taken back only one of two locks.
    DyingWithGate,
    DyingWithExclusive,
}
use At::*;

/// Why a process probes a file with the exclusive lock, hence what it does afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Errand {
    /// To open the object if it lives; if not, to remove the file and try again.
    Open,
    /// To make up for its own shared lock, which may have kept the last holder from removing the file.
    Amends,
    /// To remove the file if nobody else has the object. This ends the call.
    Close,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// Opens or creates, holds, closes.
    Creator,
    /// The same, but where a creator creates it reports "not found".
    Opener,
    /// Reaps whatever the name leads to, at any time, any number of times.
    Sweeper,
    /// Begins when a holder forks, with the open file description of its parent.
    Child,
}
use Role::*;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
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
enum Death {
    AtOnce,
    GateFirst,
    GateLast,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Process {
    at: At,
    errand: Errand,
    calls: u8,
    file: Option<u8>,
    /// openat led to an object that everybody had left.
    found_dead: bool,
    /// Somebody has held the object at every instant of this call so far; noted for openers only.
    always_held: bool,
    /// Its shared lock is on the description that a fork has doubled.
    forked: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct File {
    written: bool,
    published: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct World {
    name: Option<u8>,
    files: [File; 4],
    processes: [Process; 3],
    kills: u8,
    /// One of parent and child has unlocked the description of both.
    forked_unlocked: bool,
    /// The rule that the last step broke.
    broken: Option<&'static str>,
}

const TWO_LIVE: &str = "two live objects under one name";
const LIVE_UNLINKED: &str = "a live object was unlinked";
const UNINITIALISED: &str = "an uninitialised object was reported";
const ADOPTED: &str = "an object that was dead when open found it was adopted";
const LEFT_BEHIND: &str = "all have closed and a file is left";
const STUCK: &str = "all who are left wait for each other";
const MISSED: &str = "not found, though somebody held the object all the time";
const REFUSED: &str = "exclusive and then shared refused under the gate";

impl Process {
    const fn new(at: At, calls: u8) -> Self {
        let (errand, file) = (Errand::Open, None);
        Self { at, errand, calls, file, found_dead: false, always_held: false, forked: false }
    }

    fn has_gate(&self) -> bool {
        (self.at >= TryExclusive && self.at <= LeaveGateShared) || self.at == DyingWithGate
    }

    fn has_exclusive(&self) -> bool {
        (self.at >= ReadLinkCount && self.at <= DropExclusive) || self.at == DyingWithExclusive
    }

    fn has_shared(&self) -> bool {
        self.at >= ReapOwnDescription && self.at <= Held
    }

    /// The object lives while somebody has the shared lock, or has learnt from the refused exclusive lock
    /// that it lives. Whoever found it dead does not make it live.
    fn keeps_alive(&self) -> bool {
        !self.found_dead && (self.has_shared() || self.at == TakeShared)
    }

    fn let_go(&mut self, next: At) -> At {
        (self.file, self.found_dead, self.forked) = (None, false, false);
        next
    }

    fn end_call(&mut self, role: Role) -> At {
        let calls = if role == Sweeper { self.calls } else { self.calls - 1 };
        *self = Self::new(if calls == 0 { Gone } else { Rest }, calls);
        self.at
    }
}

impl World {
    /// The other processes that have this process's file open.
    fn others(&self, me: usize) -> impl Iterator<Item = &Process> {
        let file = self.processes[me].file;
        self.processes.iter().enumerate().filter(move |&(i, p)| i != me && p.file == file).map(|(_, p)| p)
    }

    fn exclusive_elsewhere(&self, me: usize) -> bool {
        self.others(me).any(Process::has_exclusive)
    }

    /// Locks belong to descriptions: a process on the same description is no obstacle to this one.
    fn shared_elsewhere(&self, me: usize) -> bool {
        let same = self.processes[me].forked && self.processes[me].has_shared();
        self.others(me).any(|p| p.has_shared() && !(p.forked && (same || self.forked_unlocked)))
    }

    fn somebody_holds(&self) -> bool {
        self.processes.iter().any(|p| p.at == Held)
    }
}

struct Lifetime {
    roles: [Role; 3],
    calls: u8,
    kills: u8,
    form: Form,
    death: Death,
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

/// Processes that make so many calls each, while at most so many of them are killed.
const fn when(roles: [Role; 3], calls: u8, kills: u8) -> Lifetime {
    Lifetime { roles, calls, kills, form: Form::Right, death: Death::AtOnce }
}

/// The same with a fault planted.
const fn planted(form: Form, roles: [Role; 3], kills: u8) -> Lifetime {
    Lifetime { form, ..when(roles, 1, kills) }
}

const CREATORS: [Role; 3] = [Creator; 3];
const WITH_OPENER: [Role; 3] = [Creator, Creator, Opener];
const WITH_FORK: [Role; 3] = [Creator, Creator, Child];

#[test]
fn two_of_three_processes_are_killed_at_any_two_steps() {
    holds("3 creators, 2 kills", &when(CREATORS, 1, 2));
    holds("2 creators and an opener, 2 kills", &when(WITH_OPENER, 1, 2));
}

#[test]
fn three_processes_come_back_for_a_second_object_and_one_is_killed() {
    holds("3 creators x 2 calls, 1 kill", &when(CREATORS, 2, 1));
    holds("2 creators and an opener x 2 calls, 1 kill", &when(WITH_OPENER, 2, 1));
}

#[test]
fn a_sweeper_may_come_at_any_time_and_may_be_killed_too() {
    holds("2 creators x 2 calls and a sweeper, 2 kills", &when([Creator, Creator, Sweeper], 2, 2));
    holds("creator, opener x 2 calls and a sweeper, 2 kills", &when([Creator, Opener, Sweeper], 2, 2));
}

#[test]
fn an_object_lives_until_both_parent_and_child_have_dropped_it() {
    holds("2 creators x 2 calls, one forks, 2 kills", &when(WITH_FORK, 2, 2));
    holds("creator and opener x 2 calls, one forks, 2 kills", &when([Creator, Opener, Child], 2, 2));
}

/// The rule "under the gate, refused means alive" needs a kernel that never frees the gate of a dying prober
/// while the prober's exclusive lock still refuses others. Linux frees all byte-range locks of a description
/// at once, and before its flock. So gate and life may both be byte-range locks, or the gate may be the
/// flock; but if life is the flock, the next opener comes through the gate, is refused by a dead process,
/// and a moment later is granted the shared lock of an object that nobody has.
#[test]
fn a_killed_prober_must_not_lose_the_gate_before_the_exclusive_lock() {
    let dying = |death, calls, kills| Lifetime { death, ..when(CREATORS, calls, kills) };
    holds("the gate goes last, 2 kills", &dying(Death::GateLast, 1, 2));
    holds("the gate goes last, 2 calls, 1 kill", &dying(Death::GateLast, 2, 1));
    fails("the gate goes first", ADOPTED, &dying(Death::GateFirst, 1, 2));
}

#[test]
fn planted_an_opener_cannot_tell_a_holder_from_a_prober() {
    fails("no gate: waiting for a prober that is killed", ADOPTED, &planted(Form::NoGate, CREATORS, 2));
    fails("shared without a probe", ADOPTED, &planted(Form::SharedWithoutProbe, CREATORS, 0));
}

#[test]
fn planted_the_last_one_out_does_not_look_back() {
    fails("close without reap", LEFT_BEHIND, &planted(Form::CloseWithoutReap, CREATORS, 0));
}

#[test]
fn planted_a_prober_unlinks_whatever_the_path_names_by_now() {
    fails("unlink without a look", LIVE_UNLINKED, &planted(Form::UnlinkUnseen, CREATORS, 0));
}

/// The parent closes. Its description is also the child's, so neither may it be asked whether somebody else
/// has the object, nor may it be unlocked: it may only be closed.
#[test]
fn planted_a_parent_closes_through_the_description_of_its_child() {
    fails("upgrade of the own lock", LIVE_UNLINKED, &planted(Form::ReapOwnDescription, WITH_FORK, 0));
    fails("unlock instead of close", LIVE_UNLINKED, &planted(Form::UnlockInsteadOfClose, WITH_FORK, 0));
}

#[test]
fn planted_two_closers_wait_to_upgrade() {
    fails("upgrade and wait", STUCK, &planted(Form::WaitToReapOwnDescription, CREATORS, 0));
}

#[test]
fn planted_a_creator_is_in_a_hurry() {
    fails("publish before the header", UNINITIALISED, &planted(Form::PublishBeforeHeader, CREATORS, 0));
    fails("new file taken as linked", LIVE_UNLINKED, &planted(Form::TrustNewFile, CREATORS, 0));
}

#[test]
fn planted_an_opener_takes_a_busy_gate_for_an_answer() {
    fails("not found if the gate is taken", MISSED, &planted(Form::NotFoundIfGateTaken, WITH_OPENER, 0));
}
