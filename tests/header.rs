//! The committed headers are the ones that the sources make.
//!
//! `./dev bless` accepts a change. Needs the feature `header`, which brings cbindgen.
#![cfg(feature = "header")]

use std::path::Path;

fn check(name: &str, generated: &str) {
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("include").join(name);
    if std::env::var_os("WINSHM_BLESS").is_some() {
        std::fs::write(&committed, generated).expect("include/ is writable");
    }
    let text = std::fs::read_to_string(&committed).unwrap_or_default();
    let first_difference = text.lines().zip(generated.lines()).position(|(old, new)| old != new);
    assert!(
        text == generated,
        "include/{name} is out of date (first difference: line {:?}); run ./dev bless",
        first_difference.map(|line| line + 1)
    );
}

#[test]
fn winshm_h_is_up_to_date() {
    check("winshm.h", include_str!(concat!(env!("OUT_DIR"), "/winshm.h")));
}

#[test]
fn winshm_nt_h_is_up_to_date() {
    check("winshm_nt.h", include_str!(concat!(env!("OUT_DIR"), "/winshm_nt.h")));
}

#[test]
fn shared_memory_h_is_up_to_date() {
    check("SharedMemory.h", include_str!(concat!(env!("OUT_DIR"), "/SharedMemory.h")));
}
