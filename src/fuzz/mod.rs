//! What a fuzzer feeds with bytes: everything that reads texts and structures of others.
//! Each target says what must hold for all inputs; that nothing panics goes without saying.
//!
//! `fuzz/` drives them guided by coverage (`./dev fuzz`), `replay` with its corpus and with
//! changes of it in every test run.

mod files;
mod names;
mod planted;
#[cfg(test)]
mod replay;
mod security;
mod shared;
mod texts;

/// One reader of bytes.
pub struct Target {
    /// Also the folder of its corpus.
    pub name: &'static str,
    /// Panics if something does not hold.
    pub run: fn(&[u8]),
}

/// Every target, and at the end the one with a planted fault.
pub const TARGETS: &[Target] = &[
    Target { name: "name", run: names::object_name },
    Target { name: "path", run: names::path },
    Target { name: "command_line", run: names::command_line },
    Target { name: "sddl", run: security::text },
    Target { name: "security", run: security::binary },
    Target { name: "control_page", run: shared::control_page },
    Target { name: "torn", run: shared::torn },
    Target { name: "note", run: files::note },
    Target { name: "manifest", run: files::manifest },
    Target { name: "message", run: texts::message },
    Target { name: "encoding", run: texts::encoding },
    Target { name: PLANTED, run: planted::run },
];

/// The target that fails behind a comparison of six bytes: only who sees which branches
/// an input reaches finds it.
pub const PLANTED: &str = "planted";

/// The beginning of an input as numbers; zeros at its end.
struct Numbers<'b>(&'b [u8]);

impl Numbers<'_> {
    fn one(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn eight(&mut self) -> u64 {
        (0..8).fold(0, |number, _| number << 8 | u64::from(self.one()))
    }
}

fn units(bytes: &[u8]) -> Vec<u16> {
    bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
}
