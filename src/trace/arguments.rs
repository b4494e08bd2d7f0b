//! The arguments of a call in its line.

#![forbid(unsafe_code)]

use super::call::Call;
use super::line::{Line, put};
use super::names;
use super::quote::quote;
use super::shape::{Shape, Stored, shape};
use crate::sys::peek;

/// Of an array.
const MOST_HANDLES: u64 = 8;

/// All arguments, with commas; what outputs hold only if the call `succeeded`.
pub fn put_all(line: &mut Line, call: &Call, values: &[u64], succeeded: bool) {
    for (index, (parameter, &value)) in call.parameters.iter().zip(values).enumerate() {
        if index > 0 {
            line.push(", ");
        }
        let other = |name: &str| call.position(name).and_then(|at| values.get(at)).copied().unwrap_or(0);
        put_one(line, shape(call, parameter), value, other, succeeded);
    }
}

fn put_one(line: &mut Line, shape: Shape, value: u64, other: impl Fn(&str) -> u64, succeeded: bool) {
    match shape {
        Shape::Handle => put_handle(line, value),
        Shape::ProcessHandle if value == u64::MAX => line.push("GetCurrentProcess()"),
        Shape::ProcessHandle => put_handle(line, value),
        Shape::Text(width, count) => {
            let count = count.map(|name| other(name) as i32).and_then(|count| usize::try_from(count).ok());
            quote(line, value, width, count);
        }
        Shape::Boolean => put_boolean(line, value),
        Shape::Signed => put!(line, "{}", value as i64),
        Shape::Unsigned => put!(line, "{value}"),
        Shape::Octal => put!(line, "0{value:o}"),
        Shape::Named(family) => family.put(line, value as u32),
        Shape::Address => put_address(line, value),
        Shape::Out(_) if !succeeded => put_address(line, value),
        Shape::Out(stored) | Shape::In(stored) => put_stored(line, stored, value),
        Shape::Handles(count) => put_handles(line, value, other(count)),
        Shape::Security => put_security(line, value),
        Shape::Overlapped => put_overlapped(line, value),
    }
}

pub fn put_handle(line: &mut Line, value: u64) {
    match value {
        0 => line.push("NULL"),
        u64::MAX => line.push("INVALID_HANDLE_VALUE"),
        _ => put!(line, "{value:#x}"),
    }
}

pub fn put_address(line: &mut Line, value: u64) {
    if value == 0 { line.push("NULL") } else { put!(line, "{value:#x}") }
}

pub fn put_boolean(line: &mut Line, value: u64) {
    match value as u32 {
        0 => line.push("FALSE"),
        1 => line.push("TRUE"),
        other => put!(line, "{}", other as i32),
    }
}

/// The bytes at an address that is not NULL; else the address is put.
fn at<const N: usize>(line: &mut Line, address: u64) -> Option<[u8; N]> {
    if address == 0 {
        line.push("NULL");
        return None;
    }
    let mut bytes = [0; N];
    let is_there = peek::bytes(address as usize, &mut bytes) == N;
    if !is_there {
        put!(line, "{address:#x}?");
    }
    is_there.then_some(bytes)
}

fn u32_of(bytes: &[u8], offset: usize) -> u32 {
    bytes.get(offset..offset + 4).and_then(|part| part.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_of(bytes: &[u8], offset: usize) -> u64 {
    u64::from(u32_of(bytes, offset)) | u64::from(u32_of(bytes, offset + 4)) << 32
}

fn put_stored(line: &mut Line, stored: Stored, address: u64) {
    let bytes = match stored {
        Stored::Signed64 | Stored::Unsigned64 | Stored::Handle => at::<8>(line, address),
        _ => at::<4>(line, address).map(|[a, b, c, d]| [a, b, c, d, 0, 0, 0, 0]),
    };
    let Some(bytes) = bytes else { return };
    let (small, large) = (u32_of(&bytes, 0), u64_of(&bytes, 0));
    line.push("[");
    match stored {
        Stored::Unsigned32 => put!(line, "{small}"),
        Stored::Signed32 => put!(line, "{}", small as i32),
        Stored::Signed64 => put!(line, "{}", large as i64),
        Stored::Unsigned64 => put!(line, "{large}"),
        Stored::Handle => put_handle(line, large),
        Stored::Pages => names::PROTECTION.put(line, small),
        Stored::HandleFlags => names::HANDLE_FLAGS.put(line, small),
        Stored::Boolean => put_boolean(line, small.into()),
    }
    line.push("]");
}

fn put_handles(line: &mut Line, address: u64, count: u64) {
    for index in 0..count.min(MOST_HANDLES) {
        let Some(handle) = handle_in_array(address, index) else {
            // (Of an array that ends too early, what is there.)
            if index == 0 {
                let _ = at::<8>(line, address);
                return;
            }
            return line.push(", ?]");
        };
        line.push(if index == 0 { "[" } else { ", " });
        put_handle(line, handle);
    }
    match count {
        0 => put_address(line, address),
        _ if count > MOST_HANDLES => line.push(", ...]"),
        _ => line.push("]"),
    }
}

/// One of an array of handles, if it can be read.
pub fn handle_in_array(address: u64, index: u64) -> Option<u64> {
    let mut bytes = [0; 8];
    let address = address.wrapping_add(8 * index);
    (peek::bytes(address as usize, &mut bytes) == 8).then(|| u64::from_le_bytes(bytes))
}

/// A SECURITY_ATTRIBUTES: its size is not looked at, as everywhere.
fn put_security(line: &mut Line, address: u64) {
    let Some(bytes) = at::<24>(line, address) else { return };
    line.push("{lpSecurityDescriptor=");
    put_address(line, u64_of(&bytes, 8));
    line.push(", bInheritHandle=");
    put_boolean(line, u32_of(&bytes, 16).into());
    line.push("}");
}

fn put_overlapped(line: &mut Line, address: u64) {
    let Some(bytes) = at::<32>(line, address) else { return };
    put!(line, "{{Offset={}, OffsetHigh={}, hEvent=", u32_of(&bytes, 16), u32_of(&bytes, 20));
    put_handle(line, u64_of(&bytes, 24));
    line.push("}");
}

/// What stands at the address of a LARGE_INTEGER.
pub fn signed64_at(address: u64) -> Option<i64> {
    let mut bytes = [0; 8];
    (peek::bytes(address as usize, &mut bytes) == 8).then(|| i64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::super::call::{Call, calls};
    use super::*;
    use crate::consts::*;

    fn shown(call: &Call, values: &[u64]) -> String {
        let mut line = Line::new();
        put_all(&mut line, call, values, true);
        std::str::from_utf8(line.bytes()).unwrap().to_string()
    }

    fn address<T>(of: &T) -> u64 {
        std::ptr::from_ref(of).addr() as u64
    }

    #[test]
    fn arguments_are_as_a_c_programmer_writes_them() {
        let name = address(b"Local\\x\0");
        let security = [24, 0, 1u64];
        let values = [u64::MAX, address(&security), PAGE_READWRITE.into(), 0, 4096, name];
        assert_eq!(
            shown(&calls::CreateFileMappingA, &values),
            r#"INVALID_HANDLE_VALUE, {lpSecurityDescriptor=NULL, bInheritHandle=TRUE}, PAGE_READWRITE, 0, 4096, "Local\\x""#
        );
        let handles = [4, 8, 0u64];
        let values = [2, address(&handles), 1, INFINITE.into()];
        assert_eq!(shown(&calls::WaitForMultipleObjects, &values), "2, [0x4, 0x8], TRUE, INFINITE");
        let due = -10_000_000i64;
        let values = [4, address(&due), u64::MAX, 0, 0, 0];
        assert_eq!(shown(&calls::SetWaitableTimer, &values), "0x4, [-10000000], -1, NULL, NULL, FALSE");
        assert_eq!(shown(&calls::SharedMemoryCreateMode, &[0, 1, 0o600, 0]), "NULL, 1, 0600, NULL");
    }

    #[test]
    fn wild_pointers_are_only_addresses() {
        assert_eq!(shown(&calls::OpenEventA, &[SYNCHRONIZE.into(), 0, 8]), "SYNCHRONIZE, FALSE, 0x8?");
        assert_eq!(shown(&calls::WaitForMultipleObjects, &[70, 16, 0, 0]), "70, 0x10?, FALSE, 0");
        assert_eq!(
            shown(&calls::ReadFile, &[4, 1, 2, 3, u64::MAX]),
            "0x4, 0x1, 2, 0x3?, 0xffffffffffffffff?"
        );
        assert_eq!(shown(&calls::CreateMutexA, &[5, 2, u64::MAX]), "0x5?, 2, 0xffffffffffffffff?");
    }
}
