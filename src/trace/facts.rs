//! What must be known about the arguments of a call that failed, to say why. Only functions
//! that open or create by name make this look at the names, which takes memory: none of
//! them may be called in a signal handler.

#![forbid(unsafe_code)]

use super::arguments::{handle_in_array, signed64_at};
use super::call::Call;
use super::quote::{Found, Width};
use super::shape::{Shape, shape};
use crate::consts::*;
use crate::name::{Name, Scope};
use crate::namespace::{self, Alike};
use crate::object::number::{self, KindName, Number};
use crate::text;

/// A text, as a program gave it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Given {
    /// The beginning of it.
    pub units: Vec<u16>,
    /// It has units of another width than the function takes.
    pub is_of_other_width: bool,
}

#[derive(Default, Debug)]
pub struct Facts {
    /// The handle that is wrong, or the first one.
    pub handle: Option<(u64, Number)>,
    /// Bytes of the section of that, or of the one that a create found.
    pub section_size: Option<u64>,
    pub name: Option<Given>,
    /// Of a name that nobody has.
    pub alike: Option<Alike>,
    /// Nobody has the name, and `Global\` is the user's own.
    pub is_global_of_user: bool,
    /// Somebody has the name, and this user may not open the object.
    pub is_closed: bool,
    /// Of the object that has the name.
    pub kind: Option<KindName>,
    /// Of a timer.
    pub due_time: Option<i64>,
}

impl Facts {
    pub fn of(call: &Call, values: &[u64], error: u32) -> Facts {
        let handle = handles(call, values).find(|&(_, number)| is_suspect(number, error));
        let handle = handle.or_else(|| handles(call, values).next());
        let handle = other_process(call, values, handle).or(handle);
        let section_size = handle.and_then(|(value, _)| number::section_size(value as usize));
        let name = takes_name(call).then(|| given(call, values)).flatten();
        let object_name = name.as_ref().and_then(|given| Name::new(given.units.clone()).ok());
        let (mut alike, mut kind, mut is_global_of_user, mut is_closed) = (None, None, false, false);
        match (error, object_name) {
            (ERROR_FILE_NOT_FOUND, Some(name)) => {
                alike = namespace::alike(&name);
                is_global_of_user = name.scope == Scope::Global && !namespace::is_common(name.scope);
            }
            (ERROR_ACCESS_DENIED, Some(name)) => is_closed = namespace::is_closed(&name),
            (ERROR_INVALID_HANDLE, Some(name)) => kind = namespace::kind_of(&name).map(number::name_of),
            _ => {}
        }
        let due_time = due_time(call, values);
        Facts { handle, section_size, name, alike, is_global_of_user, is_closed, kind, due_time }
    }

    /// Of a call that succeeded, where not everything may be as it was meant.
    pub fn of_success(call: &Call, values: &[u64], made: u64) -> Facts {
        let section_size = number::section_size(made as usize);
        Facts { section_size, due_time: due_time(call, values), ..Facts::default() }
    }
}

/// The process that handles cannot be duplicated from or to. What it has means nothing here, so only
/// a closed source is a reason of its own.
fn other_process(call: &Call, values: &[u64], wrong: Option<(u64, Number)>) -> Option<(u64, Number)> {
    let is_candidate = call.stem() == "DuplicateHandle" && !matches!(wrong, Some((_, Number::Closed)));
    let is_process = |&(_, number): &(u64, Number)| matches!(number, Number::Open { kind: "a process", .. });
    handles(call, values).find(is_process).filter(|_| is_candidate)
}

/// Whether this may be the handle because of which a call failed.
fn is_suspect(number: Number, error: u32) -> bool {
    match number {
        Number::Open { access, .. } => error == ERROR_ACCESS_DENIED && access & SYNCHRONIZE == 0,
        Number::Closed | Number::Never => true,
    }
}

/// The handles among the arguments, those of arrays too.
fn handles<'a>(call: &'a Call, values: &'a [u64]) -> impl Iterator<Item = (u64, Number)> + 'a {
    let arguments = call.parameters.iter().zip(values);
    arguments.flat_map(move |(parameter, &value)| {
        let (count, is_array) = match shape(call, parameter) {
            // GetCurrentProcess()
            Shape::ProcessHandle if value == u64::MAX => (0, false),
            Shape::Handle | Shape::ProcessHandle => (1, false),
            Shape::Handles(name) => {
                let count = call.position(name).and_then(|at| values.get(at)).copied().unwrap_or(0);
                (count.min(MAXIMUM_WAIT_OBJECTS.into()), true)
            }
            _ => (0, false),
        };
        let one = move |index| if is_array { handle_in_array(value, index) } else { Some(value) };
        (0..count).map_while(one).map(|handle| (handle, number::number(handle as usize)))
    })
}

fn takes_name(call: &Call) -> bool {
    name_position(call).is_some()
}

/// The parameter that names an object of ours, or a file.
fn name_position(call: &Call) -> Option<usize> {
    ["lpName", "lpTimerName", "name", "lpFileName"].into_iter().find_map(|name| call.position(name))
}

fn given(call: &Call, values: &[u64]) -> Option<Given> {
    let at = name_position(call)?;
    let Shape::Text(width, _) = shape(call, &call.parameters[at]) else { return None };
    let found = Found::at(*values.get(at)?, width, None)?;
    Some(match width {
        Width::One => Given { units: text::from_utf8(found.bytes()), is_of_other_width: false },
        Width::Two => {
            let units: Vec<_> = found.units16().collect();
            // The second half of a first unit of 32 bits is zero, and more follows.
            let next = Found::at(values[at].wrapping_add(4), width, None);
            let is_of_other_width = units.len() == 1 && next.is_some_and(|next| next.bytes().len() == 2);
            Given { units, is_of_other_width }
        }
        Width::Four => {
            let units: Vec<_> = found.units32().collect();
            let is_of_other_width = units.first().is_some_and(|&unit| is_two_characters(unit));
            Given { units: text::from_utf32(&units).unwrap_or_default(), is_of_other_width }
        }
    })
}

/// Whether a unit of 32 bits is two of 16, and both are characters.
fn is_two_characters(unit: u32) -> bool {
    let is_character = |half: u32| char::from_u32(half).is_some_and(|half| !half.is_control());
    unit > 0x10_FFFF && is_character(unit & 0xFFFF) && is_character(unit >> 16)
}

fn due_time(call: &Call, values: &[u64]) -> Option<i64> {
    signed64_at(*values.get(call.position("lpDueTime")?)?)
}

/// The scope's prefix.
pub fn prefix(scope: Scope) -> &'static str {
    match scope {
        Scope::Local => "Local\\",
        Scope::Global => "Global\\",
    }
}
