//! Messages with inserts, and texts in other encodings.

use super::{Numbers, units};
use crate::encoding::{self, Invalid, Unit};
use crate::error::Error;
use crate::message::insert::Inserts;
use crate::message::{LONGEST, Width, format};
use crate::text;

/// Arguments of a caller: numbers, and as many texts.
struct Given {
    values: [u64; 8],
    are_wide: bool,
}

impl Inserts for Given {
    fn value(&self, number: usize) -> Result<u64, Error> {
        assert!((1..=99 + 2).contains(&number));
        Ok(self.values[number % self.values.len()])
    }

    fn value_behind(&self, number: usize) -> Result<u64, Error> {
        self.value(number)
    }

    fn character(&self, value: u64, wide: bool) -> Vec<u16> {
        vec![if wide { value as u16 } else { u16::from(value as u8) }]
    }

    fn text(&self, value: u64, _wide: bool, limit: usize) -> Vec<u16> {
        assert!(limit <= LONGEST + 1);
        let length = if value & 0x1000 != 0 { value as usize & 0x1_ffff } else { value as usize & 0xff };
        vec![value as u16; length.min(limit)]
    }

    fn are_wide(&self) -> bool {
        self.are_wide
    }
}

/// A message is never longer than one may be, and says what its template says.
pub fn message(input: &[u8]) {
    let mut numbers = Numbers(input);
    let columns = usize::from(numbers.one());
    let are_wide = numbers.one() & 1 != 0;
    let mut values = [0; 8];
    values.iter_mut().for_each(|value| *value = numbers.eight() >> (numbers.one() & 63));
    let template = if are_wide { text::from_utf8(numbers.0) } else { units(numbers.0) };
    let given = Given { values, are_wide };
    let broken = if columns == 0 { Width::AsWritten } else { Width::Columns(columns) };
    for width in [Width::AsWritten, Width::OneLine, broken] {
        for inserts in [None, Some(&given as &dyn Inserts)] {
            let Ok(message) = format::format(&template, width, inserts) else { continue };
            assert!(message.len() <= LONGEST);
            let is_plain = |unit: &u16| ![0x25, 0x0a, 0x0d].contains(unit);
            if width == Width::AsWritten && template.iter().all(is_plain) {
                assert_eq!(message, template);
            }
        }
    }
}

/// A text that is valid comes back from every other encoding; what is not is refused, or
/// replaced and said.
pub fn encoding(input: &[u8]) {
    assert_eq!(u8::from_units(&u8::to_units(input)), input);
    let wide: Vec<u32> =
        input.chunks_exact(4).map(|four| u32::from_le_bytes([four[0], four[1], four[2], four[3]])).collect();
    there_and_back::<u8, u16>(input, 1);
    there_and_back::<u8, u32>(input, 1);
    there_and_back::<u16, u8>(&units(input), 3);
    there_and_back::<u32, u8>(&wide, 4);
    let replaced = encoding::convert::<u8, u16>(input, Invalid::Replaced('?')).expect("nothing is refused");
    assert_eq!(replaced.was_replaced, std::str::from_utf8(input).is_err());
}

fn there_and_back<From: Unit + std::fmt::Debug, To: Unit>(given: &[From], growth: usize) {
    let replacing = Invalid::Replaced(char::REPLACEMENT_CHARACTER);
    let there = encoding::convert::<From, To>(given, replacing).expect("nothing is refused");
    assert!(there.text.len() <= growth * given.len());
    let back = encoding::convert::<To, From>(&there.text, Invalid::Refused).expect("all is valid now");
    assert!(there.was_replaced || back.text == given);
    let strict = encoding::convert::<From, To>(given, Invalid::Refused);
    assert_eq!(strict.is_err(), there.was_replaced);
}
