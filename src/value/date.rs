//! Dates as authors write them.

use jiff::civil::Date;

/// What is wrong with a date, and how to mend it.
#[derive(Debug, PartialEq, Eq)]
pub struct DateProblem {
    /// Fits behind "`date` ".
    pub message: String,
    /// What to write instead.
    pub help: String,
}

/// The day of a time in seconds since 1970, in UTC.
pub fn of_seconds(seconds: i64) -> String {
    let time = jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    jiff::tz::Offset::UTC.to_datetime(time).date().to_string()
}

/// The day, as `YYYY-MM-DD`, of a text such as `2024-01-31`, `2024-01-31T10:00:00Z` or `2024-01-31 10:00:00 +0100`.
/// The time is checked and dropped, and no time zone moves the day: it is the day that the author wrote.
pub fn day(text: &str) -> Result<String, DateProblem> {
    let text = text.trim();
    let day = text.get(..10).unwrap_or(text);
    let Some((year, month, day_of_month)) = numbers(day) else {
        let help = match similar(text) {
            Some(date) => format!("write `{date}`"),
            None => "write year, month and day, for example `2024-01-31`".to_owned(),
        };
        return Err(DateProblem { message: format!("is not a date that we can read: `{}`", shortened(text)), help });
    };
    if Date::new(year, month, day_of_month).is_err() {
        return Err(impossible(day, year, month));
    }
    if !is_time(&text[10..]) {
        return Err(DateProblem {
            message: format!("has something after the day that is not a time: `{}`", shortened(text[10..].trim())),
            help: format!("write `{day}`, or `{day}T09:30:00Z`"),
        });
    }
    Ok(day.to_owned())
}

/// Year, month and day of exactly `YYYY-MM-DD`.
fn numbers(day: &str) -> Option<(i16, i8, i8)> {
    let bytes = day.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shape {
        return None;
    }
    Some((day[..4].parse().ok()?, day[5..7].parse().ok()?, day[8..].parse().ok()?))
}

fn impossible(day: &str, year: i16, month: i8) -> DateProblem {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let help = match (Date::new(year, month, 1), MONTHS.get((month - 1).max(0) as usize)) {
        (Ok(first), Some(name)) => format!("{name} {year} has {} days", first.days_in_month()),
        _ => "the order is year, month, day: `2024-01-31`".to_owned(),
    };
    DateProblem { message: format!("names a day that does not exist: `{day}`"), help }
}

/// Whether what follows the day is nothing, or a time of day with or without an offset.
fn is_time(rest: &str) -> bool {
    let rest = match rest.strip_prefix(['T', 't', ' ']) {
        Some(rest) => rest.trim(),
        None => return rest.trim().is_empty(),
    };
    if rest.is_empty() {
        return true;
    }
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != ':' && c != '.' && c != ',').unwrap_or(rest.len());
    let (time, zone) = rest.split_at(end);
    let (time, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let parts: Vec<&str> = time.split(':').collect();
    let most = [23, 59, 60];
    let in_range = (1..=3).contains(&parts.len())
        && parts
            .iter()
            .zip(most)
            .all(|(part, most)| (1..=2).contains(&part.len()) && part.parse::<u8>().is_ok_and(|number| number <= most));
    let zone = zone.trim();
    let zone_is_known = zone.is_empty()
        || ["Z", "UTC", "GMT"].iter().any(|name| name.eq_ignore_ascii_case(zone))
        || zone.strip_prefix(['+', '-']).is_some_and(|offset| {
            let digits: String = offset.chars().filter(|c| *c != ':').collect();
            matches!(digits.len(), 2 | 4) && digits.bytes().all(|b| b.is_ascii_digit())
        });
    in_range && zone_is_known && !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit())
}

/// The date that a text such as `2024/1/5` or `2024.01.05` surely means. Where the order of day and month would be a
/// guess, there is none.
fn similar(text: &str) -> Option<String> {
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        let date = Date::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?);
        return date.ok().map(|date| date.to_string());
    }
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    let is_first = text.starts_with(year) && year.len() == 4;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    is_first.then(|| date.to_string())
}

fn shortened(text: &str) -> String {
    crate::value::shortened(text)
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::day;

    fn check(texts: &[&str], expect: Expect) {
        let lines: Vec<String> = texts
            .iter()
            .map(|text| match day(text) {
                Ok(day) => format!("{text} -> {day}\n"),
                Err(problem) => format!("{text}: {} ({})\n", problem.message, problem.help),
            })
            .collect();
        expect.assert_eq(&lines.concat());
    }

    #[test]
    fn a_time_is_dropped_and_no_zone_moves_the_day() {
        check(
            &[
                "2024-01-31",
                " 2024-01-31 ",
                "2024-02-29T23:59:60.5Z",
                "2024-01-31t10:00",
                "2024-01-31 10:00:00 +0000",
                "2024-01-31 23:30:00 -08:00",
                "2024-01-31 10:00:00 UTC",
            ],
            expect![[r#"
                2024-01-31 -> 2024-01-31
                 2024-01-31  -> 2024-01-31
                2024-02-29T23:59:60.5Z -> 2024-02-29
                2024-01-31t10:00 -> 2024-01-31
                2024-01-31 10:00:00 +0000 -> 2024-01-31
                2024-01-31 23:30:00 -08:00 -> 2024-01-31
                2024-01-31 10:00:00 UTC -> 2024-01-31
            "#]],
        );
    }

    #[test]
    fn impossible_days_say_why() {
        check(
            &["2024-02-30", "2023-02-29", "2024-13-01", "2024-00-10", "2024-04-31", "0000-00-00"],
            expect![[r#"
            2024-02-30: names a day that does not exist: `2024-02-30` (February 2024 has 29 days)
            2023-02-29: names a day that does not exist: `2023-02-29` (February 2023 has 28 days)
            2024-13-01: names a day that does not exist: `2024-13-01` (the order is year, month, day: `2024-01-31`)
            2024-00-10: names a day that does not exist: `2024-00-10` (the order is year, month, day: `2024-01-31`)
            2024-04-31: names a day that does not exist: `2024-04-31` (April 2024 has 30 days)
            0000-00-00: names a day that does not exist: `0000-00-00` (the order is year, month, day: `2024-01-31`)
        "#]],
        );
    }

    #[test]
    fn other_notations_get_the_right_one_when_it_is_certain() {
        check(
            &[
                "2024/1/5",
                "2024.01.05",
                "20240105",
                "05/01/2024",
                "January 5, 2024",
                "2024-1-5",
                "2024-01-05 at noon",
                "2024-01-05T25:00",
                "",
                "２０２４-01-05",
            ],
            expect![[r#"
                2024/1/5: is not a date that we can read: `2024/1/5` (write `2024-01-05`)
                2024.01.05: is not a date that we can read: `2024.01.05` (write `2024-01-05`)
                20240105: is not a date that we can read: `20240105` (write `2024-01-05`)
                05/01/2024: is not a date that we can read: `05/01/2024` (write year, month and day, for example `2024-01-31`)
                January 5, 2024: is not a date that we can read: `January 5, 2024` (write year, month and day, for example `2024-01-31`)
                2024-1-5: is not a date that we can read: `2024-1-5` (write `2024-01-05`)
                2024-01-05 at noon: has something after the day that is not a time: `at noon` (write `2024-01-05`, or `2024-01-05T09:30:00Z`)
                2024-01-05T25:00: has something after the day that is not a time: `T25:00` (write `2024-01-05`, or `2024-01-05T09:30:00Z`)
                : is not a date that we can read: `` (write year, month and day, for example `2024-01-31`)
                ２０２４-01-05: is not a date that we can read: `２０２４-01-05` (write year, month and day, for example `2024-01-31`)
            "#]],
        );
    }
}
