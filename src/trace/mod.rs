//! What the calls of a program were, line by line, for its user: WINSHM_TRACE.
//!
//! Off, a call asks one word, and those that are done at once (`object::at_once`) not even
//! that: with tracing on, `mark` lets none of them be done at once.
//!
//! On, a function that is called by the program calls itself once more (`traced!` in
//! `abi`), so that its body stands in the source and in the library once. What it calls
//! inside is not a call of the program: it is called by other ways than the exported
//! functions.
//!
//! * A line is made on the stack and written by one call: no memory, no lock, no C library
//!   function that has one. So it works in signal handlers, between fork and exec, at the end
//!   of threads and processes.
//! * Memory of the program is read through the kernel, which knows what can be read.
//! * errno and the last error stay as they are, and a panic goes no further.
//! * The thread is not cancelled in it: a call that can be cancelled here only when it is
//!   traced would be another one.
//! * Nothing is remembered from one call to the next: who leaves a call by longjmp or ends
//!   in it, leaves nothing behind.

mod arguments;
mod call;
mod facts;
mod hint;
mod line;
mod names;
mod quote;
mod result;
mod rules;
mod setting;
mod shape;

pub use call::{Call, calls};
pub use setting::is_on;

use crate::error;
use crate::sys::errno::ErrnoKept;
use crate::sys::thread::NotCancelled;
use crate::sys::{process, time};
use hint::Hint;
use line::{Line, put};
use result::Outcome;
use setting::What;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;

/// Of AllocateAndInitializeSid; no function has more.
pub const MOST_ARGUMENTS: usize = 11;

/// A value of the C interface as 64 bits, signed ones with their sign.
pub trait Bits {
    fn bits(&self) -> u64;
}

macro_rules! bits {
    ($($type:ty)*) => { $(impl Bits for $type { fn bits(&self) -> u64 { *self as u64 } })* };
}
bits!(i32 u32 i64 u64 usize u8);

impl Bits for () {
    fn bits(&self) -> u64 {
        0
    }
}

impl<T> Bits for *const T {
    fn bits(&self) -> u64 {
        self.addr() as u64
    }
}

impl<T> Bits for *mut T {
    fn bits(&self) -> u64 {
        self.addr() as u64
    }
}

/// What the calling thread does.
#[derive(Clone, Copy)]
struct Current {
    /// A function that is called at this moment, by itself or as a part of another.
    again: *const Call,
    /// With which arguments (`digest`): a signal handler that comes in between may call the
    /// same function for something else.
    again_with: u64,
    /// The call that it is in; null: none.
    call: *const Call,
    arguments: [u64; MOST_ARGUMENTS],
    /// Of the clock, when it began.
    real_ns: u64,
    monotonic_ns: u64,
    /// A line says already that it sleeps.
    is_shown: bool,
}

const OUTSIDE: Current = Current {
    again: ptr::null(),
    again_with: 0,
    call: ptr::null(),
    arguments: [0; MOST_ARGUMENTS],
    real_ns: 0,
    monotonic_ns: 0,
    is_shown: false,
};

thread_local! {
    // Without a destructor: usable in signal handlers and late destructors.
    static CURRENT: Cell<Current> = const { Cell::new(OUTSIDE) };
}

/// A call has begun. None: it is not to be shown, or it is the second call of a function
/// that calls itself.
#[cold]
#[inline(never)]
pub fn begin(call: &'static Call, arguments: &[u64]) -> Option<Begun> {
    let wanted = setting::wanted()?;
    let mut before = CURRENT.get();
    let with = digest(arguments);
    if ptr::eq(before.again, call) && before.again_with == with {
        before.again = ptr::null();
        CURRENT.set(before);
        return None;
    }
    let begun = start(wanted, call, arguments);
    CURRENT.set(Current { again: call, again_with: with, ..begun.mine });
    Some(begun)
}

/// A number for the arguments of a call: the same for the same ones.
fn digest(arguments: &[u64]) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    arguments.iter().fold(0, |digest: u64, &value| digest.rotate_left(7) ^ value.wrapping_mul(ODD))
}

fn start(wanted: What, call: &'static Call, arguments: &[u64]) -> Begun {
    let _errno = ErrnoKept::new();
    let before = CURRENT.get();
    let mut mine = Current { call, real_ns: time::real_ns(), monotonic_ns: time::monotonic_ns(), ..OUTSIDE };
    for (to, value) in mine.arguments.iter_mut().zip(arguments) {
        *to = *value;
    }
    CURRENT.set(mine);
    Begun { wanted, before, mine, call }
}

/// A call that will be shown at its end.
pub struct Begun {
    wanted: What,
    /// What a signal handler has interrupted.
    before: Current,
    /// As it was at the beginning, whatever a signal handler did that was left by longjmp.
    mine: Current,
    call: &'static Call,
}

impl Begun {
    /// The call has ended with this result.
    #[cold]
    #[inline(never)]
    pub fn end(self, result: u64) {
        let (_errno, _whole) = (ErrnoKept::new(), NotCancelled::new());
        let last_error = error::last();
        let _ = catch_unwind(AssertUnwindSafe(|| {
            let values = &self.mine.arguments[..self.call.parameters.len()];
            let outcome = Outcome::new(self.call, result, last_error);
            show(self.wanted, self.call, values, &self.mine, &outcome);
        }));
        error::set_last(last_error);
        CURRENT.set(self.before);
    }
}

/// What the calling function calls next, with these arguments, is a part of it, and no call
/// of the program's.
#[cold]
#[inline(never)]
pub fn part(call: &'static Call, arguments: &[u64]) {
    if setting::wanted().is_some() {
        CURRENT.set(Current { again: call, again_with: digest(arguments), ..CURRENT.get() });
    }
}

/// Shows a call that does not return.
pub fn last(call: &'static Call, arguments: &[u64]) {
    let Some(wanted) = setting::wanted() else { return };
    if wanted == What::Calls {
        start(wanted, call, arguments).end(0);
    }
}

fn show(wanted: What, call: &Call, values: &[u64], current: &Current, outcome: &Outcome) {
    let failed = outcome.failed();
    let hint = match failed {
        true => rules::of_failure(call, values, outcome.error()),
        false => rules::of_success(call, values, outcome),
    };
    if wanted == What::Errors && !failed && hint.is_none() {
        return;
    }
    show_line(call, values, current, outcome, hint);
}

/// Apart from what comes before: a line takes most of the stack that all of this may take.
#[inline(never)]
fn show_line(call: &Call, values: &[u64], current: &Current, outcome: &Outcome, hint: Option<Hint>) {
    let now = time::monotonic_ns();
    let mut line = Line::new();
    begin_line(&mut line, call, values, current.real_ns, !outcome.failed());
    outcome.put(&mut line);
    let took = now.saturating_sub(current.monotonic_ns) / 1000;
    put!(&mut line, " <{}.{:06}>\n", took / 1_000_000, took % 1_000_000);
    if let Some(hint) = hint {
        line.more(HINT_ROOM);
        put!(&mut line, "  hint: {hint}\n");
    }
    setting::write(line.bytes());
}

/// Room in a line for its end, and for the line below it.
const END_ROOM: usize = 150;
const HINT_ROOM: usize = line::LONGEST - line::LONGEST_CALL - END_ROOM;

/// A line up to the closing bracket.
fn begin_line(line: &mut Line, call: &Call, values: &[u64], real_ns: u64, succeeded: bool) {
    let seconds = real_ns / 1_000_000_000;
    let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
    let micros = real_ns / 1000 % 1_000_000;
    put!(line, "{hour:02}:{minute:02}:{second:02}.{micros:06} ");
    put!(line, "{}.{} {}(", process::id(), process::thread_id(), call.name());
    arguments::put_all(line, call, values, succeeded);
    line.more(END_ROOM);
    line.push(")");
}

/// The calling thread is about to sleep, perhaps for ever: the line that would come too late.
fn before_sleep() {
    let mut current = CURRENT.get();
    // SAFETY: null, or the table's, which is never freed.
    let Some(call) = (unsafe { current.call.as_ref() }) else { return };
    if current.is_shown || setting::wanted() != Some(What::Calls) {
        return;
    }
    current.is_shown = true;
    CURRENT.set(current);
    let (_errno, _whole) = (ErrnoKept::new(), NotCancelled::new());
    let _ = catch_unwind(AssertUnwindSafe(|| {
        let values = &current.arguments[..call.parameters.len()];
        let mut line = Line::new();
        begin_line(&mut line, call, values, current.real_ns, false);
        line.push(" ... sleeps\n");
        setting::write(line.bytes());
    }));
}
