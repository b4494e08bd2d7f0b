//! Who does what in a model, what may happen to him, and which fault is planted.

use super::world::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Right,
    NoChain,
    NoChainAfterDeadline,
    /// Who has taken one of a semaphore's counts leaves the next to others.
    NoChainOfTaken,
    NothingPending,
    NoEpoch,
    /// A setter looks for sleepers, and only then sets.
    WaitersFirst,
    TornTake,
}

pub struct Events {
    pub kinds: &'static [Kind],
    /// The objects that each waiter wants one of.
    pub waiters: &'static [&'static [u8]],
    pub setters: &'static [&'static [Act]],
    pub kills: u8,
    /// Waiters for several objects may be killed too.
    pub kill_multiple: bool,
    /// Setters of manual events may be killed too.
    pub kill_manual: bool,
    /// Any wait may meet its deadline at any moment.
    pub deadlines: bool,
    pub form: Form,
    /// The first thread that does the same, for each thread.
    pub roles: [u8; THREADS],
}

impl Events {
    pub fn new(
        kinds: &'static [Kind],
        waiters: &'static [&'static [u8]],
        setters: &'static [&'static [Act]],
    ) -> Self {
        let mut roles = [0; THREADS];
        for (i, role) in roles.iter_mut().enumerate().take(waiters.len() + setters.len()) {
            let same_waiter = || waiters.iter().position(|wants| i < waiters.len() && *wants == waiters[i]);
            let same_setter = || setters.iter().position(|acts| *acts == setters[i - waiters.len()]);
            *role = same_waiter().or_else(|| same_setter().map(|at| at + waiters.len())).unwrap_or(i) as u8;
        }
        let (kill_multiple, kill_manual, deadlines, form) = (false, false, false, Form::Right);
        Self { kinds, waiters, setters, kills: 0, kill_multiple, kill_manual, deadlines, form, roles }
    }

    pub fn wants(&self, i: usize) -> &'static [u8] {
        self.waiters.get(i).copied().unwrap_or(&[])
    }

    pub fn kind(&self, object: u8) -> Kind {
        self.kinds[usize::from(object)]
    }

    /// What may be in `list_op_pending`: an object, or none.
    pub fn pending(&self, object: u8) -> u8 {
        let covered = self.kind(object) != Manual && self.form != Form::NothingPending;
        if covered { object + 1 } else { 0 }
    }
}
