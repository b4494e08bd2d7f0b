//! A fault that is there to be found.

/// Compares byte by byte, as hand-written readers do.
pub fn run(input: &[u8]) {
    let mut found = 0;
    for (byte, wanted) in input.iter().zip(b"winshm") {
        if byte != wanted {
            return;
        }
        found += 1;
    }
    assert!(found < 6, "the planted fault");
}
