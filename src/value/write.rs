//! A value as TOML text, on one line.

use super::Value;

/// The value as it can stand behind `key = `.
pub fn toml(value: &Value) -> String {
    match value {
        Value::Null => "\"\"".to_owned(),
        Value::Flag(flag) => flag.to_string(),
        Value::Number { written, .. } | Value::Date(written) => written.clone(),
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            format!("[{}]", items.iter().map(|item| toml(&item.value)).collect::<Vec<_>>().join(", "))
        }
        Value::Table(entries) if entries.is_empty() => "{}".to_owned(),
        Value::Table(entries) => {
            let entry = |entry: &super::Entry| format!("{} = {}", key(&entry.key.value), toml(&entry.value.value));
            format!("{{ {} }}", entries.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
    }
}

/// A key, in quotes where it needs them.
pub fn key(key: &str) -> String {
    let is_bare = !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if is_bare { key.to_owned() } else { quoted(key) }
}

/// A text in quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Code;
    use crate::value::toml;

    #[test]
    fn what_is_written_reads_as_the_same() {
        let text = "a = 'say \"no\"\\'\nb = [1, 2.5, 0x10]\nc = { \"a b\" = true, d = 2024-01-31 }\ne = {}\nf = \"\\u0007\\n\"\n";
        let (entries, problems) = toml::parse(text, 0, text.len(), Code::ConfigSyntax);
        assert_eq!(problems, []);
        for entry in entries {
            let line = format!("{} = {}\n", super::key(&entry.key.value), super::toml(&entry.value.value));
            let (again, problems) = toml::parse(&line, 0, line.len(), Code::ConfigSyntax);
            assert_eq!((again[0].value.value.to_json(), problems), (entry.value.value.to_json(), Vec::new()), "{line}");
        }
    }
}
