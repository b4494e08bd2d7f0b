//! Sizes and times as people write them.

use std::time::Duration;

/// Bytes: 4096, 0x1000, 4K, 1M, 2G (powers of 1024).
pub fn offset(text: &str) -> Result<u64, String> {
    let (number, unit) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (&text[..at], 1 << 10),
        Some((at, 'm' | 'M')) => (&text[..at], 1 << 20),
        Some((at, 'g' | 'G')) => (&text[..at], 1 << 30),
        _ => (text, 1u64),
    };
    let parsed = match number.strip_prefix("0x").or(number.strip_prefix("0X")) {
        Some(digits) if is_digits(digits, 16) => u64::from_str_radix(digits, 16),
        None if is_digits(number, 10) => number.parse(),
        _ => return Err("bytes are a number like 4096, 0x1000, 4K, 1M or 2G".into()),
    };
    parsed.ok().and_then(|number| number.checked_mul(unit)).ok_or("that is too much".into())
}

/// Bytes, and not none.
pub fn size(text: &str) -> Result<u64, String> {
    match offset(text)? {
        0 => Err("it must be at least one byte".into()),
        size => Ok(size),
    }
}

/// Permission bits, in octal: the owner's are 6, those of others 0, 4 or 6.
pub fn mode(text: &str) -> Result<u32, String> {
    let mode = u32::from_str_radix(text, 8).ok().filter(|_| is_digits(text, 8));
    let possible = |mode: &u32| {
        let digit = |shift: u32| mode >> shift & 7;
        mode >> 6 == 6
            && [digit(3), digit(0)].iter().all(|bits| matches!(bits, 0 | 4 | 6))
            && digit(3) >= digit(0)
    };
    let wrong = "a mode is 0600, 0640, 0644, 0660, 0664 or 0666";
    mode.filter(possible).ok_or_else(|| wrong.into())
}

/// Unlike the standard library, without signs.
fn is_digits(text: &str, radix: u32) -> bool {
    !text.is_empty() && text.chars().all(|digit| digit.is_digit(radix))
}

const DAY: u64 = 24 * 60 * 60;

/// A time: 1.5s, 500ms, 2m, 1h, 1d; a bare number means seconds.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "times are like 500ms, 1.5s, 2m or 1h".to_string();
    let digits = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let ns_of_unit: u128 = match unit {
        "us" => 1_000,
        "ms" => 1_000_000,
        "" | "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        "d" => u128::from(DAY) * 1_000_000_000,
        _ => return Err(wrong()),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    if !is_digits(whole, 10) || !is_digits(fraction, 10) || fraction.len() > 9 {
        return Err(wrong());
    }
    let ns = |digits: &str| digits.parse::<u128>().ok().and_then(|number| number.checked_mul(ns_of_unit));
    let part = ns(fraction).ok_or_else(wrong)? / 10u128.pow(fraction.len() as u32);
    let total = ns(whole).and_then(|whole| whole.checked_add(part)).ok_or_else(wrong)?;
    // Windows' milliseconds, which end a little before 50 days: INFINITE is no time.
    if total >= u128::from(u32::MAX) * 1_000_000 {
        return Err(format!(
            "the longest time is 49d; this is {} days",
            total / 1_000_000_000 / u128::from(DAY)
        ));
    }
    Ok(Duration::from_nanos(total as u64))
}

/// A time between two signals of a timer, which Windows counts in a signed number of ms.
pub fn period(text: &str) -> Result<Duration, String> {
    let time = duration(text)?;
    let most = Duration::from_millis(i32::MAX as u64);
    if time > most { Err("the longest period is 24d".into()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_and_no_signs() {
        for (text, bytes) in [("0", 0), ("4096", 4096), ("0x1000", 4096), ("4K", 4096), ("2g", 2 << 30)] {
            assert_eq!(offset(text), Ok(bytes), "{text}");
        }
        let wrong = [
            "",
            "K",
            "-1",
            "+1",
            "1.5K",
            "0x",
            "0x+1",
            "1T",
            "1 K",
            "١",
            "99999999999999999999",
            "99999999999G",
        ];
        for text in wrong {
            assert!(offset(text).is_err(), "{text}");
        }
        assert!(size("0").is_err());
        assert_eq!(size("1M"), Ok(1 << 20));
    }

    #[test]
    fn modes_are_those_that_an_object_can_have() {
        for (text, bits) in [("600", 0o600), ("0640", 0o640), ("0664", 0o664), ("666", 0o666)] {
            assert_eq!(mode(text), Ok(bits), "{text}");
        }
        for text in ["", "0", "0700", "0606", "06440", "+666", "0622", "rw", "888"] {
            assert!(mode(text).is_err(), "{text}");
        }
    }

    #[test]
    fn times_have_units_and_fractions() {
        let ms = Duration::from_millis;
        for (text, time) in [
            ("0", ms(0)),
            ("1.5s", ms(1500)),
            ("500ms", ms(500)),
            ("2", ms(2000)),
            ("1m", ms(60_000)),
            ("0.5h", ms(1_800_000)),
            ("49d", ms(49 * 86_400_000)),
            ("20us", Duration::from_micros(20)),
        ] {
            assert_eq!(duration(text), Ok(time), "{text}");
        }
        for text in
            ["", "s", ".5s", "1.s", "-1s", "1e3", "1 s", "inf", "50d", "1.5.5s", "999999999999999999999999h"]
        {
            assert!(duration(text).is_err(), "{text}");
        }
        assert_eq!(period("24d"), duration("24d"));
        assert!(period("25d").is_err());
    }
}
