//! One target of `winshm::fuzz`, chosen by WINSHM_FUZZ_TARGET, under libFuzzer.

#![no_main]

use std::sync::OnceLock;
use winshm::fuzz::TARGETS;

fn target() -> fn(&[u8]) {
    static CHOSEN: OnceLock<fn(&[u8])> = OnceLock::new();
    *CHOSEN.get_or_init(|| {
        let name = std::env::var("WINSHM_FUZZ_TARGET").unwrap_or_default();
        let found = TARGETS.iter().find(|target| target.name == name);
        let names = || TARGETS.iter().map(|target| target.name).collect::<Vec<_>>().join(" ");
        found.unwrap_or_else(|| panic!("WINSHM_FUZZ_TARGET is one of: {}", names())).run
    })
}

libfuzzer_sys::fuzz_target!(|input: &[u8]| target()(input));
