//! What there is: objects, and where each thread stands.

/// Where a thread stands, named after the step it takes next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum At {
    Gone,
    /// Dead; the kernel is about to wake one sleeper of the object in `list_op_pending`.
    Dying,
    // A wait.
    FirstLook,
    /// Notes how often signals were handed over.
    Note,
    Register,
    /// Registered, and about to look, or to end the spin.
    Spin,
    /// Counts itself among the sleepers, before the last look.
    LieDown,
    /// Looks whether that has moved: then it is one of those who are due.
    LookDue,
    Take,
    /// Found it reserved, and looks once more whether it is due.
    DueAgain,
    /// Takes what is reserved.
    TakeDue,
    LastTake,
    FallAsleep,
    Sleep,
    CountOthers,
    MissOthers,
    GetUp,
    Unregister,
    LoadAbsent,
    LowerAbsent,
    GiveUpClaim,
    LeaveDue,
    LeaveLook,
    LeaveWaiters,
    LeaveAbsent,
    HandOn,
    Unreserve,
    UnreserveSleepers,
    UnreserveWake,
    PassSleepers,
    PassWake,
    EndWait,
    /// One look without a wait.
    Poll,
    // A signal.
    LoadQueue,
    LoadQueueAbsent,
    CountHandOver,
    Update,
    LoadSleepers,
    Wake,
}
pub use At::*;

/// What a thread does to an object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Sets an event; releases a semaphore by one.
    Signal(u8),
    /// Releases a semaphore by two.
    SignalTwo(u8),
    Wait(u8),
    /// A wait that may meet its deadline.
    WaitAWhile(u8),
    Look(u8),
    /// SignalObjectAndWait.
    SignalAndWait(u8, u8),
}
pub use Act::*;

impl Act {
    pub fn signals(self) -> Option<u8> {
        match self {
            Signal(object) | SignalTwo(object) | SignalAndWait(object, _) => Some(object),
            _ => None,
        }
    }

    pub fn waits(self) -> Option<u8> {
        match self {
            Wait(object) | WaitAWhile(object) | Look(object) | SignalAndWait(_, object) => Some(object),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct Object {
    pub count: u8,
    pub reserved: bool,
    pub waiters: u8,
    pub sleepers: u8,
    pub absent: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Thread {
    pub at: At,
    /// The place in its list of acts.
    pub act: u8,
    /// Between Note and the end of the wait: `handed_over` is no longer what was noted.
    pub moved: bool,
    /// What the last look at that said.
    pub due: bool,
    pub slept: bool,
    pub claims: bool,
    pub took: bool,
    /// The last look found the object available, but reserved: the sleep is a nap.
    pub seen_reserved: bool,
    pub queued: bool,
    pub woken: bool,
    pub late: bool,
    /// Will not spin any more.
    pub spun: bool,
    /// Counted among the sleepers.
    pub lies: bool,
    /// What a signaller saw who looks for sleepers too early.
    pub saw_sleepers: bool,
    pub pending: u8,
    /// What it loaded last.
    pub loaded: u8,
    /// Who was waiting when it signalled, and is due that signal: one bit each.
    pub owed: u8,
    /// Who may take it, too: he noted before it was handed over.
    pub entitled: u8,
}

/// The most threads and objects that a model has.
pub const THREADS: usize = 5;
pub const OBJECTS: usize = 2;

#[derive(Clone, Copy, PartialEq, Eq)]
pub struct World {
    pub objects: [Object; OBJECTS],
    pub threads: [Thread; THREADS],
    pub kills: u8,
    /// Reservations that were waited out.
    pub claims: u8,
    pub broken: Option<&'static str>,
}

pub const ASLEEP: &str = "all live threads sleep, one of them beside an available object";
pub const STOLEN: &str = "somebody took what another was waiting for when it was signalled";
pub const OVERLOOKED: &str = "who is due what is reserved leaves it as somebody else's";
pub const HOLLOW: &str = "there is nothing to take, and it is reserved";
pub const IN_VAIN: &str = "a reservation was waited out for nobody who died";

impl Thread {
    pub const fn new(at: At) -> Self {
        let (moved, due, slept, claims, took, seen_reserved) = (false, false, false, false, false, false);
        let (queued, woken, late, act) = (false, false, false, 0);
        let (spun, lies, saw_sleepers) = (false, false, false);
        let (pending, loaded, owed, entitled) = (0, 0, 0, 0);
        Self {
            at,
            act,
            moved,
            due,
            slept,
            claims,
            took,
            seen_reserved,
            queued,
            woken,
            late,
            spun,
            lies,
            saw_sleepers,
            pending,
            loaded,
            owed,
            entitled,
        }
    }

    /// It is in its own time that this one looks again.
    pub fn naps(&self) -> bool {
        self.at == Sleep && !self.woken && self.seen_reserved
    }

    /// It does not move unless somebody wakes it.
    pub fn rests(&self) -> bool {
        self.at == Gone || self.at == Sleep && !self.woken && !self.seen_reserved
    }

    /// Counted among the waiters, and still without what it waits for.
    pub fn is_waiting(&self) -> bool {
        !self.took
            && matches!(
                self.at,
                Spin | LieDown
                    | LookDue
                    | Take
                    | DueAgain
                    | TakeDue
                    | LastTake
                    | FallAsleep
                    | Sleep
                    | CountOthers
                    | MissOthers
            )
    }

    fn code(&self) -> u64 {
        let seen = [self.moved, self.due, self.seen_reserved, self.late, self.saw_sleepers];
        let been = [self.slept, self.claims, self.took, self.queued, self.woken, self.spun, self.lies];
        let said = seen.iter().chain(&been).fold(0, |bits, &bit| bits << 1 | u64::from(bit));
        let numbers = [self.act, self.pending, self.loaded, self.owed, self.entitled];
        numbers.iter().fold((self.at as u64) << 12 | said, |code, &number| code << 6 | u64::from(number))
    }
}

impl World {
    /// All that tells two instants apart.
    pub fn key(&self) -> [u64; THREADS + 1] {
        let mut key = [0; THREADS + 1];
        for (code, thread) in key.iter_mut().zip(&self.threads) {
            *code = thread.code();
        }
        let broken = u64::from(self.broken.is_some());
        let counts = broken << 12 | u64::from(self.kills) << 8 | u64::from(self.claims);
        key[THREADS] = self.objects.iter().fold(counts, |key, object| {
            let waiters = [object.waiters, object.absent, object.sleepers];
            let waiters = waiters.iter().fold(0, |all, &some| all << 4 | u64::from(some));
            key << 20 | u64::from(object.count) << 13 | u64::from(object.reserved) << 12 | waiters
        });
        key
    }
}
