//! What a copy of a ledger says, to somebody who only reads it.

#![forbid(unsafe_code)]

use super::ledger::{Sequence, Words};
use super::torn::CAPACITY;
use std::mem::offset_of;
use std::ops::Range;

/// What the users of a segment agree on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Facts {
    /// Writes that were completed.
    pub writes: u64,
    /// The process that made the segment; 0: not by these functions.
    pub creator: u32,
    /// The process that wrote last; 0: none.
    pub last_writer: u32,
    /// The bytes of a write that is under way, or whose writer was killed and whom nobody
    /// has met since.
    pub writing: Option<Range<u64>>,
    /// Bytes that killed writers left half written.
    pub torn: Vec<Range<u64>>,
}

/// None: these functions were never used on the segment.
pub fn read(ledger: &[u8]) -> Option<Facts> {
    let bytes = ledger.get(..size_of::<Words>())?;
    if bytes.iter().all(|byte| *byte == 0) {
        return None;
    }
    let eight = |offset: usize| u64::from_le_bytes(*bytes[offset..].first_chunk().expect("within the words"));
    let four = |offset: usize| u32::from_le_bytes(*bytes[offset..].first_chunk().expect("within the words"));
    let range = |offset: usize| eight(offset)..eight(offset + 8);
    let sequence = Sequence(eight(offset_of!(Words, sequence)));
    let count = eight(offset_of!(Words, torn_count)).min(CAPACITY as u64) as usize;
    Some(Facts {
        writes: sequence.completed(),
        creator: four(offset_of!(Words, creator)),
        last_writer: four(offset_of!(Words, last_writer)),
        writing: sequence.is_odd().then(|| range(offset_of!(Words, writing))),
        torn: (0..count).map(|index| range(offset_of!(Words, torn) + 16 * index)).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(words: &[(usize, u64)]) -> Vec<u8> {
        let mut bytes = vec![0; size_of::<Words>()];
        for (offset, word) in words {
            bytes[*offset..offset + 8].copy_from_slice(&word.to_le_bytes());
        }
        bytes
    }

    #[test]
    fn an_unused_ledger_says_nothing_and_a_used_one_what_is_torn() {
        assert_eq!(read(&ledger(&[])), None);
        assert_eq!(read(&[1; 16]), None, "cut off");
        let words = [(0, 5 << 8 | 1), (16, 100), (24, 200), (32, 8 << 32 | 7), (64, 1), (72, 10), (80, 20)];
        let facts = read(&ledger(&words)).unwrap();
        assert_eq!((facts.writes, facts.creator, facts.last_writer), (5, 7, 8));
        assert_eq!(
            (facts.writing, facts.torn.first(), facts.torn.len()),
            (Some(100..200), Some(&(10..20)), 1)
        );
        let forged = read(&ledger(&[(64, u64::MAX)])).unwrap();
        assert_eq!((forged.torn.len(), forged.writing), (CAPACITY, None));
    }
}
