//! Times as people and programs read them.

use std::time::{SystemTime, UNIX_EPOCH};

const NS: u64 = 1_000_000_000;
const DAY: u64 = 24 * 60 * 60;

/// Nanoseconds since 1970.
pub fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as u64)
}

/// How long something took or is away, in a word of at most six characters.
pub fn span(ns: u64) -> String {
    let (seconds, ms) = (ns / NS, ns / 1_000_000);
    match seconds {
        0 if ms == 0 => format!("{}us", ns / 1000),
        0 => format!("{ms}ms"),
        1..10 => format!("{seconds}.{}s", ms % 1000 / 100),
        10..100 => format!("{seconds}s"),
        100..5400 => format!("{}m", seconds / 60),
        5400..172_800 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / DAY),
    }
}

/// A time of day, in UTC: `2026-11-22T04:50:00.123456789Z`.
pub fn utc(ns: u64) -> String {
    format!("{}.{:09}Z", second(ns / NS), ns % NS)
}

/// The same for a person, in whole seconds.
pub fn utc_seconds(seconds: u64) -> String {
    format!("{}Z", second(seconds))
}

fn second(seconds: u64) -> String {
    let (days, rest) = (seconds / DAY, seconds % DAY);
    let (year, month, day) = date(days);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60)
}

/// Of the Gregorian calendar, by days since 1970. Years begin in March here, so that the
/// leap day is the last one.
fn date(days: u64) -> (u64, u64, u64) {
    const FROM_MARCH_OF_YEAR_0: u64 = 719_468;
    const ERA: u64 = 146_097;
    let days = days + FROM_MARCH_OF_YEAR_0;
    let (era, of_era) = (days / ERA, days % ERA);
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_date() {
        assert_eq!(utc(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(utc(951_782_399 * NS + 5), "2000-02-28T23:59:59.000000005Z");
        assert_eq!(utc_seconds(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(utc_seconds(4_107_542_400), "2100-03-01T00:00:00Z");
        assert_eq!(utc_seconds(1_798_761_599), "2026-12-31T23:59:59Z");
        assert_eq!(utc(u64::MAX), "2554-07-21T23:34:33.709551615Z");
    }

    #[test]
    fn a_span_is_one_word() {
        let seconds = |seconds: u64| span(seconds * NS);
        assert_eq!(
            (span(999), span(1_000_000), span(1_540_000_000)),
            ("0us".into(), "1ms".into(), "1.5s".into())
        );
        assert_eq!([seconds(99), seconds(100), seconds(5400), seconds(172_800)], ["99s", "1m", "1h", "2d"]);
        assert!(span(u64::MAX).len() <= 7);
    }
}
