//! What a section is made with, and how its file says so.

#![forbid(unsafe_code)]

use crate::error::Error;
use crate::namespace::layout::{PAGES, RECORD};
use crate::protection::{Caching, Data, Protection};

/// What a section is made with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Attributes {
    /// The most that any view may do.
    pub protection: Protection,
    pub caching: Caching,
    pub pages: Pages,
}

/// What the pages of a section are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pages {
    /// Memory that is all there from the start.
    Committed,
    /// Memory that is committed page by page.
    Reserved,
    /// A file of the program.
    OfFile,
    /// Large pages, all there from the start. Never in a file with a name.
    Large,
    /// An executable image, which no section is.
    Image,
}

const EXECUTE: u32 = 1 << 2;
const CACHING_MASK: u32 = 3;

impl Attributes {
    /// Attributes a and b of the control page.
    pub fn encode(self) -> (u32, u32) {
        let data = match self.protection.data {
            Data::None => 0,
            Data::Read => 1,
            Data::Copy => 2,
            Data::Write => 3,
        };
        let caching = match self.caching {
            Caching::Normal => 0,
            Caching::Uncached => 1,
            Caching::WriteCombined => 2,
        };
        let pages = match self.pages {
            Pages::Committed => 0,
            Pages::Reserved => 1 << 2,
            Pages::OfFile => RECORD,
            Pages::Large | Pages::Image => PAGES,
        };
        (data | if self.protection.execute { EXECUTE } else { 0 }, caching | pages)
    }

    pub fn decode(a: u32, b: u32) -> Result<Attributes, Error> {
        let data = match a & !EXECUTE {
            1 => Data::Read,
            2 => Data::Copy,
            3 => Data::Write,
            _ => return Err(Error::Corrupt),
        };
        let caching = match b & CACHING_MASK {
            0 => Caching::Normal,
            1 => Caching::Uncached,
            2 => Caching::WriteCombined,
            _ => return Err(Error::Corrupt),
        };
        let pages = match b & !CACHING_MASK {
            0 => Pages::Committed,
            pages if pages == 1 << 2 => Pages::Reserved,
            RECORD => Pages::OfFile,
            PAGES => Pages::Large,
            _ => return Err(Error::Corrupt),
        };
        let protection = Protection::new(data, a & EXECUTE != 0);
        Ok(Attributes { protection, caching, pages })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::namespace::layout::{Header, Kind, PAGE};

    const HEADER: Header = Header {
        kind: Kind::Section,
        data_size: PAGE,
        commit_map_size: 0,
        attribute_a: 0,
        attribute_b: 0,
        exact_size: 0,
        is_closed: false,
    };

    #[test]
    fn whatever_is_encoded_is_decoded_and_nothing_else() {
        let mut valid = 0;
        for a in 0..64 {
            for b in 0..64 {
                if let Ok(attributes) = Attributes::decode(a, b) {
                    assert_eq!(attributes.encode(), (a, b));
                    let header = Header { attribute_a: a, attribute_b: b, ..HEADER };
                    assert_eq!(header.has_record(), attributes.pages == Pages::OfFile);
                    valid += 1;
                }
            }
        }
        assert_eq!(valid, 3 * 2 * 3 * 4);
    }
}
