//! Parts of a file, which browsers ask for to play and to seek in a video: RFC 9110, section 14.

/// What a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The whole file. Also the answer to what we do not understand, as the RFC has it.
    Whole,
    /// The bytes from the first to the last, both included.
    Bytes(u64, u64),
    /// Nothing that the file has.
    Unsatisfiable,
}

/// The part of a file of `size` bytes that a `Range` header means. Several ranges at once are answered with the whole.
pub fn part(header: Option<&str>, size: u64) -> Part {
    let range = header.and_then(|header| header.trim().strip_prefix("bytes=")).map(str::trim);
    let Some((first, last)) = range.filter(|range| !range.contains(',')).and_then(|range| range.split_once('-')) else {
        return Part::Whole;
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(first) || !is_number(last) {
        return Part::Whole;
    }
    // A number that does not fit is larger than any file.
    let number = |text: &str| text.parse::<u64>().unwrap_or(u64::MAX);
    match (first.is_empty(), last.is_empty()) {
        (true, true) => Part::Whole,
        (true, false) => match number(last) {
            0 => Part::Unsatisfiable,
            _ if size == 0 => Part::Unsatisfiable,
            n => Part::Bytes(size.saturating_sub(n), size - 1),
        },
        (false, _) if number(first) >= size => Part::Unsatisfiable,
        (false, true) => Part::Bytes(number(first), size - 1),
        (false, false) if number(last) < number(first) => Part::Whole,
        (false, false) => Part::Bytes(number(first), number(last).min(size - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: Part) {
        assert_eq!(part(Some(header), 100), expected, "{header}");
    }

    #[test]
    fn one_range_is_a_part() {
        check("bytes=0-9", Part::Bytes(0, 9));
        check("bytes=90-", Part::Bytes(90, 99));
        check("bytes=-10", Part::Bytes(90, 99));
        check("bytes=-1000", Part::Bytes(0, 99));
        check("bytes=50-1000", Part::Bytes(50, 99));
    }

    #[test]
    fn what_the_file_does_not_have_is_refused() {
        check("bytes=100-", Part::Unsatisfiable);
        check("bytes=-0", Part::Unsatisfiable);
        check("bytes=99999999999999999999-", Part::Unsatisfiable);
        assert_eq!(part(Some("bytes=0-"), 0), Part::Unsatisfiable);
    }

    #[test]
    fn anything_else_is_the_whole() {
        for header in ["bytes=0-1,5-6", "lines=0-1", "bytes=5-4", "bytes=a-b", "bytes=-", "bytes="] {
            check(header, Part::Whole);
        }
        assert_eq!(part(None, 100), Part::Whole);
    }
}
