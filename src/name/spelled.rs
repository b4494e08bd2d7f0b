//! The name that a file name spells out: back from what `FileName::new` makes.

use super::{FileName, SPELLED};

impl FileName {
    /// None: the name is hashed, or no name gives this file name.
    pub fn spelled_units(&self) -> Option<Vec<u16>> {
        let spelled = self.as_c_str().to_bytes().get(1..)?.strip_prefix(&[SPELLED])?;
        let mut bytes = Vec::with_capacity(spelled.len());
        let mut rest = spelled.iter();
        while let Some(&byte) = rest.next() {
            let digits = |rest: &mut std::slice::Iter<u8>| {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                Some((digit(*rest.next()?)? << 4 | digit(*rest.next()?)?) as u8)
            };
            bytes.push(if byte == b'%' { digits(&mut rest)? } else { byte });
        }
        let units = units_of(&bytes)?;
        // No other spelling is ours.
        (FileName::new(self.scope(), &units) == *self).then_some(units)
    }
}

/// Back from `text::bytes`.
fn units_of(mut bytes: &[u8]) -> Option<Vec<u16>> {
    let mut units = Vec::with_capacity(bytes.len());
    while let Some(chunk) = bytes.utf8_chunks().next() {
        units.extend(chunk.valid().encode_utf16());
        bytes = &bytes[chunk.valid().len()..];
        if let [0xed, second, third, ..] = *bytes {
            units.push(0xd000 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f));
            bytes = &bytes[3..];
        } else if !bytes.is_empty() {
            return None;
        }
    }
    Some(units)
}

#[cfg(test)]
mod tests {
    use super::super::{LONGEST_SPELLED, Scope};
    use super::*;
    use std::ffi::CString;

    #[test]
    fn what_is_spelled_out_is_read_back() {
        let ordinary = "Global/C:\\data%*\u{1}\u{7f}\u{fc}\u{1f600}".encode_utf16().collect::<Vec<_>>();
        for units in [ordinary, vec![0x61, 0xd800], vec![0xdc80, 0xdbff, 0x62], vec![0], vec![0xffff, 0xd7ff]]
        {
            for scope in [Scope::Local, Scope::Global] {
                assert_eq!(FileName::new(scope, &units).spelled_units(), Some(units.clone()), "{units:x?}");
            }
        }
        assert_eq!(FileName::new(Scope::Local, &[0x78; LONGEST_SPELLED]).spelled_units(), None, "hashed");
    }

    #[test]
    fn what_no_name_gives_is_refused() {
        let parse = |text: &[u8]| FileName::parse(&CString::new(text).unwrap()).unwrap().spelled_units();
        for other in
            [&b"L.%"[..], b"L.%4", b"L.%zz", b"L.%61", b"L.a b", b"L.%fc", b"L.%FC", b"L!guard", b"L.%ED%A0"]
        {
            assert_eq!(parse(other), None, "{}", other.escape_ascii());
        }
        // A pair that was written as two halves.
        assert_eq!(parse(b"L.%ED%A0%80%ED%B0%80"), None);
        assert_eq!(parse(b"L.x"), Some(vec![0x78]));
    }
}
