//! Giving back what closed handles leave, when no thread can be inside any more.

use super::table::{Entry, HandleTable, Object};
use crate::mark::{self, Stamp};
use crate::plant;
use crate::sys::{process, time};
use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// Closed handles that share one fence.
const BATCH: usize = 64;

/// More leftovers than this: let the threads that are inside run.
const PATIENCE: usize = 1024;

/// More than this: a thread that is inside has lost its processor, and yielding does not give it
/// one if its priority is lower. Each close sleeps, so that what is left over hardly grows.
pub(super) const PLENTY: usize = 4 * PATIENCE;
pub(super) const NAP: Duration = Duration::from_micros(50);

/// A closed handle whose memory is not given back yet.
pub struct Retired<T> {
    pub index: usize,
    pub entry: Arc<Entry<T>>,
}

impl<T: Object> HandleTable<T> {
    /// Takes a handle that was just closed.
    pub(super) fn retire(&self, item: Retired<T>) {
        let last = item.entry.remove_handle();
        if last && item.entry.reclaim_eagerly() {
            self.retire_now(item);
        } else {
            if last {
                item.entry.release_name();
            }
            self.retire_later(item);
        }
    }

    /// Dropping the object drops its name. If somebody still uses it, the name
    /// goes alone: closing never waits.
    fn retire_now(&self, item: Retired<T>) {
        let pin = item.entry.clone();
        let fresh = mem::take(&mut self.inner().fresh);
        self.pass(fresh.into_iter().chain([item]));
        if let Err(used) = Arc::try_unwrap(pin) {
            used.release_name();
        }
    }

    fn retire_later(&self, item: Retired<T>) {
        let mut inner = self.inner();
        inner.fresh.push(item);
        if inner.fresh.len() >= BATCH {
            let batch = mem::take(&mut inner.fresh);
            drop(inner);
            self.pass(batch);
        } else {
            drop(inner);
            self.poll();
        }
    }

    /// One fence for all; then whatever no mark can reach is freed.
    fn pass(&self, batch: impl IntoIterator<Item = Retired<T>>) {
        let stamp = mark::new_epoch();
        mark::barrier();
        self.settle(batch.into_iter().map(|item| (stamp, item)));
    }

    /// Frees what is old enough, of the queue and of what was just fenced, in
    /// order: a queue whose head is too young costs one comparison.
    fn settle(&self, fenced: impl IntoIterator<Item = (Stamp, Retired<T>)>) {
        let mut inner = self.inner();
        inner.waiting.extend(fenced);
        // Under the lock: a scan from before an item's fence says nothing about it.
        let oldest = mark::oldest();
        let count = inner.waiting.iter().take_while(|(stamp, _)| *stamp < oldest).count();
        // Usually one, for which there is no need to allocate.
        let first = if count == 0 { None } else { inner.waiting.pop_front() };
        let others: Vec<_> = inner.waiting.drain(..count.saturating_sub(1)).collect();
        if !plant::is(plant::EARLY_INDEX) {
            inner.free.extend(first.iter().chain(&others).map(|(_, item)| item.index));
        }
        self.leftovers.store(inner.waiting.len(), Relaxed);
        drop(inner);
        // Outside the lock: destroying an object may take long.
        drop((first, others));
    }

    /// Frees what earlier passes had to leave; one load when there is nothing.
    pub fn poll(&self) {
        let leftovers = self.leftovers.load(Relaxed);
        if leftovers > PLENTY {
            time::sleep(NAP);
        } else if leftovers > PATIENCE {
            process::yield_now();
        }
        if leftovers != 0 {
            self.settle([]);
        }
    }

    /// Frees everything that can be freed now.
    #[cfg(test)]
    pub fn flush(&self) {
        let batch = mem::take(&mut self.inner().fresh);
        self.pass(batch);
    }

    /// Closed handles that still hold memory.
    #[cfg(test)]
    pub fn backlog(&self) -> usize {
        let inner = self.inner();
        inner.fresh.len() + inner.waiting.len()
    }
}
