//! What the library writes into small files and reads again: notes, records, manifests.

use crate::manifest::Manifest;
use crate::namespace::{delete_note, ledger_file};
use crate::section::record::Record;
use std::ffi::CStr;

/// Delete notes, records of file sections, names of ledgers: what is accepted is written
/// the same way.
pub fn note(input: &[u8]) {
    if let Some(noted) = delete_note::parse(input) {
        let path = input.split(|&byte| byte == b'\n').next().map(|birth| &input[birth.len() + 1..]);
        let path = path.expect("it has two lines");
        let between = path.strip_prefix(noted.folder.as_bytes()).expect("a path begins with its folder");
        let between = between.strip_suffix(noted.last.as_bytes()).expect("and ends with its last part");
        assert!(matches!(between, b"" | b"/") && !noted.last.as_bytes().contains(&b'/'));
    }
    if let Ok(record) = Record::decode(input) {
        assert_eq!(record.encode().as_deref(), Ok(input));
        assert!(record.path.as_bytes().starts_with(b"/"));
    }
    let with_end = [input, &[0]].concat();
    if let Ok(name) = CStr::from_bytes_until_nul(&with_end) {
        // Compares with what it would write itself.
        let _ = ledger_file::parse_name(name);
    }
}

/// No bytes have two meanings, also where magic and length are made to fit.
pub fn manifest(input: &[u8]) {
    let empty = Manifest::default().encode();
    let mut fitting = empty[..16].to_vec();
    fitting.extend(input);
    let length = fitting.len() as u64;
    fitting[8..16].copy_from_slice(&length.to_le_bytes());
    for bytes in [input, &fitting] {
        if let Some(manifest) = Manifest::decode(bytes) {
            assert_eq!(manifest.encode(), bytes);
        }
    }
}
