//! Waiting by handles.

use super::handles::{is_pseudo, pseudo};
use super::pin::Pin;
use super::{Object, TABLE, signal, with};
use crate::consts::SYNCHRONIZE;
use crate::error::Error;
use crate::handle::{Entry, Handle, Ref};
use crate::mark::{self, Mark};
use crate::sync::{self, Attempt, MOST, Outcome, Rank, SyncObject, Wait};
use crate::sys::time;

/// How long to wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WaitTime {
    /// One look.
    None,
    Milliseconds(u32),
    Unlimited,
}

impl WaitTime {
    fn deadline_ns(self) -> u64 {
        match self {
            WaitTime::None => sync::NOW,
            WaitTime::Milliseconds(time) => time::monotonic_ns() + u64::from(time) * 1_000_000,
            WaitTime::Unlimited => sync::NEVER,
        }
    }

    /// Who only looks will not come again: he heeds no reservation.
    fn rank(self) -> Rank {
        if self == WaitTime::None { Rank::Slept } else { Rank::Newcomer }
    }
}

/// The object of a handle that may be waited for with it.
#[inline]
fn permitted<'m>(mark: &'m Mark, handle: Handle) -> Result<Ref<'m, Object>, Error> {
    let object = TABLE.get(mark, handle)?;
    if object.access() & SYNCHRONIZE == 0 { Err(Error::AccessDenied) } else { Ok(object) }
}

/// What waits wait for. Of processes, up to date.
#[inline(always)]
fn waitable(object: &Object) -> Result<&SyncObject, Error> {
    if let Object::Dispatcher(dispatcher) = object { Ok(&dispatcher.object) } else { waitable_task(object) }
}

#[cold]
fn waitable_task(object: &Object) -> Result<&SyncObject, Error> {
    match object {
        Object::Dispatcher(dispatcher) => Ok(&dispatcher.object),
        Object::Process(task) => Ok(&task.ended().object),
        Object::Thread(thread) => Ok(&thread.ended().object),
        Object::File(file) => file.idle(),
        Object::Section(_) | Object::SharedMemory(_) => Err(Error::InvalidHandle),
    }
}

/// Before a sleep: somebody notices the end of processes.
fn watch(object: &Object) -> Result<(), Error> {
    match object {
        Object::Process(task) => task.watch(),
        Object::Thread(thread) => thread.watch(),
        _ => Ok(()),
    }
}

/// The objects of handles, for a wait that may sleep: not under a mark.
fn pin(handles: &[Handle]) -> Result<Pin, Error> {
    Pin::of(|inside| {
        let find = |handle: &Handle| match pseudo(inside, *handle)? {
            Some(object) => Ok(Entry::new(object)),
            None => Ok(permitted(&mark::enter(), *handle)?.pin()),
        };
        handles.iter().map(find).collect()
    })
}

pub fn wait_for_one(handle: Handle, time: WaitTime) -> Result<Outcome, Error> {
    let me = sync::me();
    if !is_pseudo(handle) {
        let mark = mark::enter();
        let object = permitted(&mark, handle)?;
        match waitable(&object)?.attempt_here(me, time.rank()) {
            Attempt::Granted => return Ok(Outcome::Granted(0)),
            Attempt::Abandoned => return Ok(Outcome::Abandoned(0)),
            Attempt::Busy(word)
                if time == WaitTime::None && !waitable(&object)?.bury_owner_now_and_then(me, word) =>
            {
                return Ok(Outcome::TimedOut);
            }
            Attempt::Busy(_) | Attempt::Locked(_) | Attempt::Full | Attempt::Lost => {}
        }
    }
    wait_for_pinned(&pin(&[handle])?, time, false)
}

/// Waits for any one of 1 to 64.
pub fn wait_for_any(handles: &[Handle], time: WaitTime) -> Result<Outcome, Error> {
    check_count(handles)?;
    if let Some(outcome) = poll(handles, time)? {
        return Ok(outcome);
    }
    wait_for_pinned(&pin(handles)?, time, false)
}

/// Waits for all of 1 to 64 different objects.
pub fn wait_for_all(handles: &[Handle], time: WaitTime) -> Result<Outcome, Error> {
    check_count(handles)?;
    wait_for_pinned(&pin(handles)?, time, true)
}

fn check_count(handles: &[Handle]) -> Result<(), Error> {
    if (1..=MOST).contains(&handles.len()) { Ok(()) } else { Err(Error::InvalidParameter) }
}

/// One look at all, without pins. None: sleeping, or more, is needed.
fn poll(handles: &[Handle], time: WaitTime) -> Result<Option<Outcome>, Error> {
    let me = sync::me();
    let mark = mark::enter();
    // First every handle is judged; what is bad takes nothing.
    let mut first = None;
    for (index, handle) in handles.iter().enumerate() {
        if is_pseudo(*handle) {
            return Ok(None);
        }
        let object = waitable(permitted(&mark, *handle)?.object())?;
        if object.seems_available() && first.is_none() {
            first = Some(index);
        }
    }
    for (index, handle) in handles.iter().enumerate().skip(first.unwrap_or(handles.len())) {
        let object = waitable(permitted(&mark, *handle)?.object())?;
        match object.attempt_here(me, time.rank()) {
            Attempt::Granted => return Ok(Some(Outcome::Granted(index))),
            Attempt::Abandoned => return Ok(Some(Outcome::Abandoned(index))),
            Attempt::Busy(word) if time == WaitTime::None && object.bury_owner_now_and_then(me, word) => {
                return Ok(None);
            }
            Attempt::Busy(_) => {}
            Attempt::Locked(_) | Attempt::Full | Attempt::Lost => return Ok(None),
        }
    }
    Ok((time == WaitTime::None).then_some(Outcome::TimedOut))
}

fn wait_for_pinned(pin: &Pin, time: WaitTime, all: bool) -> Result<Outcome, Error> {
    if let ([object], false) = (pin.objects(), all) {
        return wait_for_pinned_one(object, time);
    }
    let objects = pin.objects().iter().map(|object| waitable(object)).collect::<Result<Vec<_>, _>>()?;
    if time != WaitTime::None {
        pin.objects().iter().try_for_each(|object| watch(object))?;
    }
    let deadline_ns = time.deadline_ns();
    if !all {
        return sync::any(sync::me(), &objects, deadline_ns);
    }
    for (index, object) in objects.iter().enumerate() {
        if objects[..index].iter().any(|other| other.is_same(object)) {
            return Err(Error::InvalidParameter);
        }
    }
    sync::all(sync::me(), &objects, deadline_ns)
}

fn wait_for_pinned_one(object: &Object, time: WaitTime) -> Result<Outcome, Error> {
    let waited_for = waitable(object)?;
    if time != WaitTime::None {
        watch(object)?;
    }
    sync::any(sync::me(), &[waited_for], time.deadline_ns())
}

/// Signals one object and waits for the other. What happens to that one after the
/// signal is not missed.
pub fn signal_and_wait(first: Handle, second: Handle, time: WaitTime) -> Result<Outcome, Error> {
    let pin = pin(&[second])?;
    let objects = [waitable(pin.object())?];
    if time != WaitTime::None {
        watch(pin.object())?;
    }
    let me = sync::me();
    objects[0].check_room(me)?;
    let wait = Wait::new(me, &objects, time.deadline_ns());
    let signal = || {
        let mark = mark::enter();
        signal::signal(&TABLE.get(&mark, first)?)
    };
    // What a thread signals for itself it need not queue for.
    let is_same = |first: &Object| matches!(first, Object::Dispatcher(one) if one.object.is_same(objects[0]));
    let is_its_own = with(first, |first| Ok(is_same(&first)))?;
    if time != WaitTime::None && !is_its_own {
        return wait.run_after(signal);
    }
    signal()?;
    if time == WaitTime::None {
        return sync::any(me, &objects, sync::NOW);
    }
    match sync::poll(me, &objects, time.rank())? {
        Some(outcome) => Ok(outcome),
        None => wait.run(),
    }
}
