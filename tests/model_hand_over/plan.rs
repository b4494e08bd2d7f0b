//! Who does what in a model, what may happen to him, and which fault is planted.

use super::world::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Right,
    /// A signal is nobody's.
    NoReservation,
    /// A signaller counts what he hands over when it is there already: who notes in between
    /// seems to be due it.
    CountedLate,
    /// A waiter registers, and notes only then.
    NotedLate,
    NothingPending,
    /// A signaller leaves those who sleep alone.
    NoWake,
    /// A signaller looks for sleepers before it signals.
    SleepersLoadedEarly,
    /// Who spun in vain looks and sleeps, and is not counted among the sleepers.
    NeverLiesDown,
    /// Who finds it reserved does not look again whether that is for him.
    AsksOnce,
    /// Who takes the last one leaves the reservation.
    ReservationStays,
    /// Nobody says that the others did not come.
    NobodyMissed,
    /// Who is the only one registered waits out a reservation all the same.
    AloneWaits,
    /// Who leaves does not look whether more seem absent than are left.
    AbsentStays,
}

pub struct HandOver {
    /// What each thread does.
    pub threads: &'static [&'static [Act]],
    pub semaphores: bool,
    pub kills: u8,
    /// Patience may end while those who are due are still on their way.
    pub impatient: bool,
    pub form: Form,
}

impl HandOver {
    pub fn act(&self, world: &World, i: usize) -> Act {
        self.threads[i][usize::from(world.threads[i].act)]
    }

    pub fn first(&self, act: Act) -> At {
        match act {
            Signal(_) | SignalTwo(_) => LoadQueue,
            SignalAndWait(..) => self.first_of_registration(),
            Wait(_) | WaitAWhile(_) => FirstLook,
            Look(_) => Poll,
        }
    }

    pub fn first_of_registration(&self) -> At {
        if self.form == Form::NotedLate { Register } else { Note }
    }

    pub fn pending(&self, object: u8) -> u8 {
        if self.form == Form::NothingPending { 0 } else { object + 1 }
    }

    /// The act is done: the next, or none.
    pub fn done(&self, world: &mut World, i: usize) {
        let me = &mut world.threads[i];
        let (act, owed, entitled) = (me.act + 1, me.owed, me.entitled);
        *me = Thread::new(Gone);
        if let Some(&next) = self.threads[i].get(usize::from(act)) {
            (me.at, me.act, me.owed, me.entitled) = (self.first(next), act, owed, entitled);
        }
    }
}
