//! One of every kind of object, and everything that a process does with it.

use crate::consts::FILE_MAP_ALL_ACCESS;
use crate::dispatcher::Making;
use crate::fork;
use crate::handle::{Flags, Handle};
use crate::memory;
use crate::name::{Name, SectionName};
use crate::namespace::layout::Kind;
use crate::object::{
    Grant, WaitTime, cancel_timer, close, create_dispatcher, create_section, map_view, open_dispatcher,
    release_mutex, release_semaphore, reset_event, set_event, set_flags, set_timer, shared_memory,
    signal_and_wait, wait_for_all, wait_for_any, wait_for_one,
};
use crate::protection::{Caching, Data, Protection};
use crate::section::{Attributes, Making as SectionMaking, Pages, Request, ViewKind};
use crate::security::Sharing;
use crate::shared_memory::Span;
use crate::sync::{Clock, Outcome};

pub struct World {
    prefix: String,
    /// Set; who takes it sets it again.
    token: Handle,
    /// Never set.
    flag: Handle,
    /// Three of them.
    units: Handle,
    lock: Handle,
    timer: Handle,
    memory: Handle,
    /// Without a name: counts the children that were forked.
    pub tidings: Handle,
}

const UNITS: u32 = 3;
const SIZE: usize = 3000;

fn grant() -> Grant {
    Grant { access: 0x1f_0003, flags: Flags::default() }
}

impl World {
    fn name(&self, label: &str) -> Name {
        Name::new(format!("{}-{label}", self.prefix).encode_utf16().collect()).unwrap()
    }

    fn make(&self, label: &str, making: Making) -> Option<Handle> {
        create_dispatcher(Some(&self.name(label)), &making, Sharing::OWNER, grant()).ok().map(|made| made.0)
    }

    pub fn new() -> Option<World> {
        let prefix = format!("forks-{}", std::process::id());
        let tidings =
            create_dispatcher(None, &Making::Semaphore { count: 0, maximum: 9 }, Sharing::OWNER, grant());
        let mut world = World {
            prefix,
            token: 0,
            flag: 0,
            units: 0,
            lock: 0,
            timer: 0,
            memory: 0,
            tidings: tidings.ok()?.0,
        };
        world.token = world.make("token", Making::Event { manual: false, set: true })?;
        world.flag = world.make("flag", Making::Event { manual: true, set: false })?;
        world.units = world.make("units", Making::Semaphore { count: UNITS, maximum: UNITS })?;
        world.lock = world.make("lock", Making::Mutex { owned: false })?;
        world.timer = world.make("timer", Making::Timer { manual: true })?;
        let name = SectionName::Object(world.name("memory"));
        world.memory = shared_memory::create(&name, SIZE as u64, 0o600).ok()?.0;
        Some(world)
    }

    /// Everything, one after the other.
    pub fn use_all(&self) -> Result<(), &'static str> {
        let wrong = CALLS.iter().find(|(_, call)| call(self).is_none());
        wrong.map_or(Ok(()), |(name, _)| Err(*name))
    }

    /// Everything is there once: nobody has it, and nothing was lost.
    pub fn is_complete(&self) -> bool {
        let takes = |handle| wait_for_one(handle, WaitTime::None) == Ok(Outcome::Granted(0));
        let units = (0..=UNITS).filter(|_| takes(self.units)).count() as u32;
        let gave = release_semaphore(self.units, Some(units.max(1))) == Ok(0);
        let token = takes(self.token) && !takes(self.token) && set_event(self.token).is_ok();
        let lock = takes(self.lock) && release_mutex(self.lock).is_ok() && release_mutex(self.lock).is_err();
        units == UNITS && gave && token && lock && self.use_all().is_ok()
    }
}

/// None: something was not as it must be.
pub type Call = fn(&World) -> Option<()>;

/// What is tried at every point.
pub const CALLS: &[(&str, Call)] = &[
    ("a mutex", own),
    ("an event", take_token),
    ("any of several", any),
    ("all of several", all),
    ("a wait in vain", in_vain),
    ("signal and wait", signal_then_wait),
    ("a timer", timer),
    ("a segment", segment),
    ("a new mutex", new_mutex),
    ("an event without a name", new_event),
    ("a section", section),
    ("an open by name", open),
];

fn granted(outcome: Result<Outcome, crate::error::Error>, index: usize) -> Option<()> {
    (outcome == Ok(Outcome::Granted(index))).then_some(())
}

fn own(world: &World) -> Option<()> {
    granted(wait_for_one(world.lock, WaitTime::Unlimited), 0)?;
    granted(wait_for_one(world.lock, WaitTime::None), 0)?;
    release_mutex(world.lock).ok()?;
    release_mutex(world.lock).ok()
}

fn take_token(world: &World) -> Option<()> {
    granted(wait_for_one(world.token, WaitTime::Unlimited), 0)?;
    reset_event(world.token).ok()?;
    set_event(world.token).ok()
}

fn any(world: &World) -> Option<()> {
    granted(wait_for_any(&[world.flag, world.units], WaitTime::Unlimited), 1)?;
    release_semaphore(world.units, Some(1)).ok().map(|_| ())
}

fn all(world: &World) -> Option<()> {
    granted(wait_for_all(&[world.token, world.lock, world.units], WaitTime::Unlimited), 0)?;
    release_semaphore(world.units, Some(1)).ok()?;
    release_mutex(world.lock).ok()?;
    set_event(world.token).ok()
}

fn in_vain(world: &World) -> Option<()> {
    let all = wait_for_all(&[world.flag, world.lock], WaitTime::Milliseconds(1));
    let any = wait_for_any(&[world.flag, world.timer], WaitTime::Milliseconds(1));
    (all == Ok(Outcome::TimedOut) && any == all).then_some(())
}

fn signal_then_wait(world: &World) -> Option<()> {
    granted(wait_for_one(world.lock, WaitTime::Unlimited), 0)?;
    granted(signal_and_wait(world.lock, world.units, WaitTime::Unlimited), 0)?;
    release_semaphore(world.units, Some(1)).ok().map(|_| ())
}

fn timer(world: &World) -> Option<()> {
    const HOUR_NS: u64 = 3_600_000_000_000;
    let own = create_dispatcher(None, &Making::Timer { manual: false }, Sharing::OWNER, grant()).ok()?.0;
    set_timer(own, Clock::Monotonic.now_ns() + 100_000, 0, Clock::Monotonic).ok()?;
    granted(wait_for_one(own, WaitTime::Unlimited), 0)?;
    close(own).ok()?;
    set_timer(world.timer, Clock::Monotonic.now_ns() + HOUR_NS, 0, Clock::Monotonic).ok()?;
    cancel_timer(world.timer).ok()
}

fn segment(world: &World) -> Option<()> {
    let mut bytes = [b'a' + (std::process::id() % 20) as u8; SIZE];
    // SAFETY: as long as is said.
    unsafe { shared_memory::write(world.memory, Span { bytes: bytes.as_ptr(), length: SIZE, offset: 0 }) }
        .ok()?;
    // SAFETY: as above, and writable.
    unsafe { shared_memory::read(world.memory, Span { bytes: bytes.as_mut_ptr(), length: SIZE, offset: 0 }) }
        .ok()?;
    bytes.iter().all(|byte| *byte == bytes[0] && *byte != 0).then_some(())
}

/// Names of the process's own: a child may have its parent's still.
fn own_name(world: &World, label: &str) -> Name {
    world.name(&format!("{label}-{}", std::process::id()))
}

fn new_mutex(world: &World) -> Option<()> {
    let name = own_name(world, "mutex");
    let making = Making::Mutex { owned: true };
    let (mutex, _) = create_dispatcher(Some(&name), &making, Sharing::OWNER, grant()).ok()?;
    release_mutex(mutex).ok()?;
    close(mutex).ok()
}

fn new_event(_: &World) -> Option<()> {
    let making = Making::Event { manual: false, set: true };
    let (event, _) = create_dispatcher(None, &making, Sharing::OWNER, grant()).ok()?;
    set_flags(event, Flags::INHERIT, Flags::INHERIT).ok()?;
    granted(wait_for_one(event, WaitTime::Unlimited), 0)?;
    close(event).ok()
}

fn section(world: &World) -> Option<()> {
    let attributes =
        Attributes { protection: Protection::READ_WRITE, caching: Caching::Normal, pages: Pages::Committed };
    let making = SectionMaking { size: 8192, attributes, sharing: Sharing::OWNER };
    let name = SectionName::Object(own_name(world, "section"));
    let access = Grant { access: FILE_MAP_ALL_ACCESS, flags: Flags::default() };
    let (section, _) = create_section(Some(&name), &making, access).ok()?;
    let kind = ViewKind { data: Data::Write, execute: false };
    let request = Request { kind, offset: 0, length: 0, address: None, large_pages: false };
    let view = map_view(section, &request).ok()?;
    memory::unmap_view(&fork::enter(), view).ok()?;
    close(section).ok()
}

fn open(world: &World) -> Option<()> {
    let again = open_dispatcher(&world.name("units"), Kind::Semaphore, grant()).ok()?;
    close(again).ok()?;
    open_dispatcher(&world.name("nothing"), Kind::Event, grant()).is_err().then_some(())
}
