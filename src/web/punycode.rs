//! Names of hosts in letters beyond ASCII, as they are looked up: <https://www.rfc-editor.org/rfc/rfc3492>.

const BASE: u32 = 36;
const FIRST_BIAS: u32 = 72;
const DAMP: u32 = 700;
const SKEW: u32 = 38;
const LEAST: u32 = 1;
const MOST: u32 = 26;

/// A host's name in ASCII. `None` when it is too long to be one.
pub fn host(name: &str) -> Option<String> {
    if name.is_ascii() {
        return Some(name.to_string());
    }
    let labels = name.split(['.', '。']).map(|label| match label.is_ascii() {
        true => Some(label.to_string()),
        false => encoded(label).map(|encoded| format!("xn--{encoded}")),
    });
    labels.collect::<Option<Vec<String>>>().map(|labels| labels.join("."))
}

fn encoded(label: &str) -> Option<String> {
    let chars: Vec<u32> = label.chars().map(u32::from).collect();
    // No label of a host's name is longer.
    if chars.len() > 63 {
        return None;
    }
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let n_basic = out.len() as u32;
    if n_basic > 0 {
        out.push('-');
    }
    let (mut next, mut delta, mut bias, mut n_done) = (128_u32, 0_u32, FIRST_BIAS, n_basic);
    while (n_done as usize) < chars.len() {
        let least = chars.iter().copied().filter(|&c| c >= next).min()?;
        delta = delta.checked_add((least - next).checked_mul(n_done + 1)?)?;
        next = least;
        for &c in &chars {
            if c < next {
                delta = delta.checked_add(1)?;
            }
            if c == next {
                push(&mut out, delta, bias);
                bias = adapted(delta, n_done + 1, n_done == n_basic);
                delta = 0;
                n_done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        next += 1;
    }
    Some(out)
}

/// A number in digits of changing weight.
fn push(out: &mut String, mut number: u32, bias: u32) {
    let mut at = BASE;
    loop {
        let threshold = at.saturating_sub(bias).clamp(LEAST, MOST);
        if number < threshold {
            break;
        }
        out.push(digit(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
        at += BASE;
    }
    out.push(digit(number));
}

fn digit(number: u32) -> char {
    char::from(b"abcdefghijklmnopqrstuvwxyz0123456789"[number as usize % 36])
}

fn adapted(delta: u32, n_points: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / n_points;
    let mut at = 0;
    while delta > ((BASE - LEAST) * MOST) / 2 {
        delta /= BASE - LEAST;
        at += BASE;
    }
    at + (BASE - LEAST + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::host;

    #[test]
    fn names_are_written_as_they_are_looked_up() {
        for (name, expected) in [
            ("example.com", "example.com"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
            ("пример.испытание", "xn--e1afmkfd.xn--80akhbyknj4f"),
            ("münchen。de", "xn--mnchen-3ya.de"),
        ] {
            assert_eq!(host(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(host(&"ü".repeat(64)), None);
    }
}
