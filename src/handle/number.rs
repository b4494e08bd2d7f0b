//! Handle numbers and slot words.
//!
//! ```text
//! number = generation:9 index:20 tag:2          31 bits, a multiple of 4, never 0, -1 or -2
//! word   = generation:9 @40  alive @39  no more rights @34  protect @33  inherit @32
//!          granted access:32
//! ```
//!
//! A slot's word answers with one load whether a handle is open and what it may
//! do. The word of a closed slot carries the generation of its next handle.

#![forbid(unsafe_code)]

/// A handle as the caller holds it.
pub type Handle = usize;

/// The two low bits belong to the caller, as on Windows.
const TAG_BITS: u32 = 2;
pub const INDEX_BITS: u32 = 20;
const INDEX_MASK: usize = (1 << INDEX_BITS) - 1;
const GENERATION_MASK: u64 = 0x1ff;

const FLAG_SHIFT: u32 = 32;
const ALIVE_SHIFT: u32 = 39;
const GENERATION_SHIFT: u32 = 40;

/// Attributes of one handle; the values are Windows'.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Flags(pub u32);

impl Flags {
    pub const INHERIT: Flags = Flags(1);
    pub const PROTECT_FROM_CLOSE: Flags = Flags(2);
    /// No duplicate of the handle has more rights, nor has a duplicate of that. Not
    /// Windows': set at the beginning, and never seen.
    pub const NO_MORE_RIGHTS: Flags = Flags(4);
    const VISIBLE: u32 = 3;
    const ALL: u32 = 7;

    pub fn contains(self, other: Flags) -> bool {
        self.0 & other.0 == other.0
    }

    pub fn without(self, other: Flags) -> Flags {
        Flags(self.0 & !other.0)
    }

    pub fn inherit(yes: bool) -> Flags {
        if yes { Flags::INHERIT } else { Flags::default() }
    }

    pub fn no_more_rights(yes: bool) -> Flags {
        if yes { Flags::NO_MORE_RIGHTS } else { Flags::default() }
    }

    pub fn and(self, other: Flags) -> Flags {
        Flags(self.0 | other.0)
    }

    /// Those that Windows has.
    pub fn visible(self) -> Flags {
        Flags(self.0 & Flags::VISIBLE)
    }

    /// Those that a duplicate has too.
    pub fn of_duplicates(self) -> Flags {
        Flags(self.0 & Flags::NO_MORE_RIGHTS.0)
    }
}

/// What a slot's word must begin with for a handle to be open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key(u64);

pub fn encode(index: usize, generation: u64) -> Handle {
    ((generation as usize) << INDEX_BITS | index) << TAG_BITS
}

/// The slot of a handle, and the slot's generation. None: no handle has this number.
pub fn place(handle: Handle) -> Option<(usize, u64)> {
    let (index, generation) = (handle >> TAG_BITS & INDEX_MASK, (handle >> TAG_BITS >> INDEX_BITS) as u64);
    (generation <= GENERATION_MASK && encode(index, generation) == handle).then_some((index, generation))
}

/// Where to look for a handle, and what must be found there. The key of a number
/// beyond 31 bits, which no handle has, fits no word.
#[inline]
pub fn decode(handle: Handle) -> (usize, Key) {
    let number = handle >> TAG_BITS;
    (number & INDEX_MASK, Key(((number >> INDEX_BITS) as u64) << 1 | 1))
}

/// The word of a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Word(pub u64);

impl Word {
    pub fn open(generation: u64, access: u32, flags: Flags) -> Word {
        let flags = u64::from(flags.0 & Flags::ALL) << FLAG_SHIFT;
        Word(generation << GENERATION_SHIFT | 1 << ALIVE_SHIFT | flags | u64::from(access))
    }

    #[inline]
    pub fn is_open(self, key: Key) -> bool {
        self.0 >> ALIVE_SHIFT == key.0
    }

    /// Closed, and ready for the next generation.
    pub fn closed(self) -> Word {
        Word(((self.generation() + 1) & GENERATION_MASK) << GENERATION_SHIFT)
    }

    pub fn generation(self) -> u64 {
        self.0 >> GENERATION_SHIFT
    }

    #[inline]
    pub fn access(self) -> u32 {
        self.0 as u32
    }

    pub fn flags(self) -> Flags {
        Flags((self.0 >> FLAG_SHIFT) as u32 & Flags::ALL)
    }

    pub fn is_protected(self) -> bool {
        self.flags().0 & Flags::PROTECT_FROM_CLOSE.0 != 0
    }

    /// The flags in `mask` take their bits from `value`.
    pub fn with_flags(self, mask: Flags, value: Flags) -> Word {
        let mask = u64::from(mask.visible().0) << FLAG_SHIFT;
        Word(self.0 & !mask | u64::from(value.0) << FLAG_SHIFT & mask)
    }
}

/// Whether a slot has had a generation, of which it has the last 256 in mind.
pub fn is_past(generation: u64, word: Word) -> bool {
    let ago = word.generation().wrapping_sub(generation) & GENERATION_MASK;
    (1..=GENERATION_MASK / 2).contains(&ago)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_multiples_of_four_below_two_to_the_31() {
        assert_eq!([encode(1, 0), encode(2, 0)], [4, 8]);
        assert_eq!(encode(INDEX_MASK, GENERATION_MASK), 0x7fff_fffc);
    }

    #[test]
    fn the_place_of_a_number_gives_the_number_again() {
        for handle in [4, 8, encode(7, 3), 0x7fff_fffc] {
            let (index, generation) = place(handle).unwrap();
            assert_eq!(encode(index, generation), handle);
        }
        for none in [1, 6, 0x8000_0000, usize::MAX, usize::MAX - 1, 1 << 40] {
            assert_eq!(place(none), None, "{none:x}");
        }
    }

    #[test]
    fn generations_before_the_present_one_are_past() {
        let third = Word::open(3, 0, Flags(0));
        assert!(is_past(2, third) && is_past(0, third) && is_past(3, third.closed()));
        assert!(!is_past(3, third) && !is_past(4, third) && !is_past(0, Word(0)));
        assert!(is_past(GENERATION_MASK, Word(0)), "they begin again");
    }

    #[test]
    fn tag_bits_are_ignored_and_pseudo_handles_are_no_numbers() {
        for tag in 0..4 {
            assert_eq!(decode(encode(7, 3) | tag), decode(encode(7, 3)));
        }
        for foreign in [usize::MAX, usize::MAX - 1, 0x8000_0000, 1 << 40, 1 << 63] {
            let (_, key) = decode(foreign);
            let fits =
                (0..=GENERATION_MASK).any(|generation| Word::open(generation, 0, Flags(0)).is_open(key));
            assert!(!fits, "{foreign:x}");
        }
    }

    #[test]
    fn a_closed_word_waits_for_the_next_generation_and_wraps() {
        let (_, key) = decode(encode(7, 3));
        let word = Word::open(3, 0xffff_ffff, Flags(3));
        assert!(word.is_open(key));
        assert!(!word.closed().is_open(key));
        assert_eq!(word.closed().generation(), 4);
        assert_eq!(Word::open(GENERATION_MASK, 0, Flags(0)).closed().generation(), 0);
    }

    #[test]
    fn flags_change_where_the_mask_says_and_nowhere_else() {
        let word = Word::open(1, 0x1f0003, Flags::INHERIT);
        let sticky = Word::open(1, 0, Flags::NO_MORE_RIGHTS);
        assert_eq!(sticky.with_flags(Flags(0xffff_ffff), Flags(0)), sticky);
        let both = word.with_flags(Flags::PROTECT_FROM_CLOSE, Flags(3));
        assert_eq!((both.flags(), both.access(), both.generation()), (Flags(3), 0x1f0003, 1));
        assert_eq!(both.with_flags(Flags(0xffff_ffff), Flags(0)).flags(), Flags(0));
        assert_eq!(word.with_flags(Flags(0xffff_fffc), Flags(0xffff_ffff)), word);
    }
}
