//! The committed header is the one that the sources make.
//!
//! `./dev bless` accepts a change. Needs the feature `header`, which brings cbindgen.
#![cfg(feature = "header")]

const GENERATED: &str = include_str!(concat!(env!("OUT_DIR"), "/winshm.h"));
const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/include/winshm.h");

#[test]
fn the_committed_header_is_up_to_date() {
    if std::env::var_os("WINSHM_BLESS").is_some() {
        std::fs::write(COMMITTED, GENERATED).expect("include/ is writable");
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    let first_difference = committed.lines().zip(GENERATED.lines()).position(|(old, new)| old != new);
    assert!(
        committed == GENERATED,
        "include/winshm.h is out of date (first difference: line {:?}); run ./dev bless",
        first_difference.map(|line| line + 1)
    );
}
