//! Which fault points a scenario comes to: `Plan::record` writes down each of them.

use super::actors::shared;
use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};

/// More than there are names.
const ROOM: usize = 1024;

/// The names, each as a number that stands for it, in memory that forked processes share.
struct Table([AtomicU64; ROOM]);

impl Default for Table {
    fn default() -> Table {
        Table([const { AtomicU64::new(0) }; ROOM])
    }
}

static TABLE: OnceLock<&'static Table> = OnceLock::new();

/// From here on what the actors that are told to come to is written down.
pub fn begin() {
    TABLE.get_or_init(shared);
}

/// FNV-1a, and never 0.
fn number(name: &str) -> u64 {
    let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    name.bytes().fold(0xcbf2_9ce4_8422_2325, mix) | 1
}

/// Allocates nothing: the point may be anywhere.
pub fn note(name: &str) {
    let Some(Table(table)) = TABLE.get() else { return };
    let number = number(name);
    for place in table.iter() {
        if place.load(Relaxed) == number || place.compare_exchange(0, number, SeqCst, SeqCst) == Ok(0) {
            return;
        }
        if place.load(Relaxed) == number {
            return;
        }
    }
    panic!("more names than there is room for");
}

/// Those of these names that somebody came to.
pub fn reached(names: &BTreeSet<String>) -> BTreeSet<String> {
    let Table(table) = TABLE.get().expect("begun");
    let noted: BTreeSet<_> = table.iter().map(|place| place.load(SeqCst)).collect();
    names.iter().filter(|name| noted.contains(&number(name))).cloned().collect()
}
