//! What most waits for several objects are, by handle: see `at_once`. Nothing is kept
//! but the mark, and nothing sleeps.

use super::{Object, TABLE};
use crate::consts::SYNCHRONIZE;
use crate::handle::Handle;
use crate::mark::{self, Mark};
use crate::sync::{self, MOST, Outcome, SyncObject};

/// `wait_for_any`: which one was taken. Some(None): certainly none of them is there. None:
/// the whole function is to be called, which also knows what is wrong.
#[inline(always)]
pub fn wait_for_any(handles: impl DoubleEndedIterator<Item = (usize, Handle)>) -> Option<Option<usize>> {
    let me = sync::known()?;
    let mark = mark::enter_again()?;
    let mut first = None;
    // Every handle is judged before anything is taken. Backwards, so that the last one
    // noted is the first.
    for (index, handle) in handles.rev() {
        let object = waitable(&mark, handle)?;
        if object.seems_available() {
            first = Some((index, object));
        }
    }
    let Some((index, object)) = first else { return Some(None) };
    (object.take_at_once(me, false)?).then_some(Some(index))
}

/// `wait_for_all`, of at most `MOST`.
pub fn wait_for_all(handles: impl Iterator<Item = Handle>) -> Option<Outcome> {
    let me = sync::known()?;
    let mark = mark::enter_again()?;
    let mut found: [Option<&SyncObject>; MOST] = [None; MOST];
    let mut count = 0;
    for handle in handles {
        let object = waitable(&mark, handle)?;
        if found[..count].iter().flatten().any(|other| other.is_same(object)) {
            return None;
        }
        *found.get_mut(count)? = Some(object);
        count += 1;
    }
    let first = found[0]?;
    let objects = found.map(|object| object.unwrap_or(first));
    sync::all_at_once(me, &objects[..count])
}

#[inline(always)]
fn waitable(mark: &Mark, handle: Handle) -> Option<&SyncObject> {
    let object = TABLE.get(mark, handle).ok()?;
    let Object::Dispatcher(dispatcher) = object.object() else { return None };
    (object.access() & SYNCHRONIZE != 0).then_some(&dispatcher.object)
}
