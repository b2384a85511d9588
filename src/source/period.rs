//! How often something is due: `6 months`, `yearly`.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The time from one review to the next, in months or in days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Months; a year is twelve.
    Months(u16),
    /// Days; a week is seven.
    Days(u16),
}

impl Period {
    /// Reads `90 days`, `6 months`, `a year`, `quarterly`; a bare number counts days.
    pub fn parse(text: &str) -> Option<Period> {
        let text = text.trim().to_lowercase();
        match text.as_str() {
            "weekly" => return Some(Period::Days(7)),
            "monthly" => return Some(Period::Months(1)),
            "quarterly" => return Some(Period::Months(3)),
            "yearly" | "annually" => return Some(Period::Months(12)),
            _ => {}
        }
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = match text.split_at(split) {
            ("", rest) => (1, rest.trim_start_matches("every ").trim_start_matches("a ")),
            (number, rest) => (number.parse::<u16>().ok().filter(|&n| n > 0 && n <= 3660)?, rest),
        };
        match unit.trim() {
            "d" | "day" | "days" => Some(Period::Days(number)),
            "" if split > 0 => Some(Period::Days(number)),
            "w" | "week" | "weeks" => Some(Period::Days(number.checked_mul(7)?)),
            "m" | "month" | "months" => Some(Period::Months(number)),
            "y" | "year" | "years" => Some(Period::Months(number.checked_mul(12)?)),
            _ => None,
        }
    }

    /// The day, `YYYY-MM-DD`, this long after `day`. The 31st of a shorter month is its last day.
    pub fn after(self, day: &str) -> Option<String> {
        let span: Span = match self {
            Period::Months(n) => i64::from(n).months(),
            Period::Days(n) => i64::from(n).days(),
        };
        let day: Date = day.parse().ok()?;
        day.checked_add(span).ok().map(|day| day.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() {
        for (text, period) in [
            ("6 months", Some(Period::Months(6))),
            ("1 year", Some(Period::Months(12))),
            ("a year", Some(Period::Months(12))),
            ("every month", Some(Period::Months(1))),
            ("Quarterly", Some(Period::Months(3))),
            ("90", Some(Period::Days(90))),
            ("2 weeks", Some(Period::Days(14))),
            ("90d", Some(Period::Days(90))),
            ("0 days", None),
            ("often", None),
            ("", None),
            ("99999999 years", None),
        ] {
            assert_eq!(Period::parse(text), period, "{text}");
        }
    }

    #[test]
    fn the_next_day_is_in_the_calendar() {
        assert_eq!(Period::Months(6).after("2026-08-31").as_deref(), Some("2027-02-28"));
        assert_eq!(Period::Days(90).after("2026-01-01").as_deref(), Some("2026-04-01"));
    }
}
