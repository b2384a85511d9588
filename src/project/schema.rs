//! JSON Schemas of `site.toml` and of front matter, for editors. They are made from the lists that the readers use.
//!
//! A schema must not refuse what the program takes. So a value that the program reads in several spellings has them all here,
//! and a kind that is not understood has no rule.

use serde_json::{Map, Value, json};

use super::keys::KEYS;
use crate::source::front_matter::FIELDS;

/// The version of JSON Schema that editors agree on.
const DRAFT: &str = "http://json-schema.org/draft-07/schema#";

/// The schema of `site.toml`.
pub fn site() -> Value {
    let mut schema = table(children("").iter().map(String::as_str));
    schema["$schema"] = DRAFT.into();
    schema["title"] = "site.toml".into();
    schema["description"] = "The settings of a handbook".into();
    schema
}

/// The schema of a page's front matter. Other keys are the page's own.
pub fn page() -> Value {
    let mut properties = Map::new();
    for field in FIELDS {
        for name in std::iter::once(&field.name).chain(field.synonyms) {
            let mut schema = of_kind(field.kind);
            // A key with nothing behind it is as good as none.
            schema = json!({ "anyOf": [schema, { "type": "null" }] });
            schema["description"] = sentence(field.about).into();
            if name != &field.name {
                schema["description"] = format!("The same as `{}`: {}.", field.name, field.about).into();
            }
            properties.insert((*name).to_owned(), schema);
        }
    }
    // Middleman asks for no layout with `false`.
    properties["layout"]["anyOf"][0] = json!({ "type": ["string", "number", "boolean"] });
    properties["template"]["anyOf"][0] = json!({ "type": ["string", "number", "boolean"] });
    // Only a group is ours; anything else of that name is the page's own.
    properties["extra"] = json!({ "description": properties["extra"]["description"] });
    json!({
        "$schema": DRAFT,
        "title": "Front matter",
        "description": "What a page of a handbook says about itself",
        "type": "object",
        "properties": properties,
    })
}

/// The schema of a table with these keys, each with its whole name.
fn table<'k>(names: impl Iterator<Item = &'k str>) -> Value {
    let mut properties = Map::new();
    for name in names {
        let last = name.rsplit('.').next().unwrap_or(name);
        properties.insert(last.to_owned(), of_key(name));
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn of_key(name: &str) -> Value {
    let key = KEYS.iter().find(|key| key.name == name);
    let below = children(name);
    let mut schema = match key {
        Some(key) if key.kind == "list of tables" => {
            let mut items = table(below.iter().map(String::as_str));
            items["required"] = below.iter().filter_map(|name| name.rsplit('.').next()).collect();
            json!({ "type": "array", "items": items })
        }
        Some(key) if below.is_empty() => of_kind(key.kind),
        Some(key) => json!({ "anyOf": [of_kind(key.kind), table(below.iter().map(String::as_str))] }),
        None => table(below.iter().map(String::as_str)),
    };
    if let Some(key) = key {
        schema["description"] = sentence(key.about).into();
        if let Ok(default) = serde_json::from_str::<Value>(key.default) {
            schema["default"] = default;
        }
    }
    schema
}

/// The whole names of the keys and tables right below a table, in their order.
fn children(table: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for key in KEYS {
        let rest = match table {
            "" => Some(key.name),
            table => key.name.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')),
        };
        let Some(name) = rest.and_then(|rest| rest.split('.').next()) else { continue };
        let whole = if table.is_empty() { name.to_owned() } else { format!("{table}.{name}") };
        if !names.contains(&whole) {
            names.push(whole);
        }
    }
    names
}

/// What a kind, in the words of the lists, takes.
fn of_kind(kind: &str) -> Value {
    let text = json!({ "type": ["string", "number"] });
    let link = json!({
        "type": "object",
        "properties": { "title": text, "url": { "type": "string" } },
        "required": ["title", "url"],
        "additionalProperties": false,
    });
    match kind {
        "true or false" => json!({ "type": "boolean" }),
        "whole number" => json!({ "type": "integer" }),
        "list of lists of text" => {
            json!({ "type": "array", "items": { "type": "array", "items": { "type": "string" } } })
        }
        "list of links" => json!({ "type": "array", "items": link }),
        "list of two whole numbers" => {
            json!({ "type": "array", "items": { "type": "integer" }, "minItems": 2, "maxItems": 2 })
        }
        "list of whole numbers, or text" => {
            json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "integer" } }] })
        }
        "table" | "group of keys" => json!({ "type": "object" }),
        "URL or false" => json!({ "anyOf": [{ "type": "string" }, { "const": false }] }),
        "true, false or four entities" => json!({ "type": ["boolean", "string", "array"] }),
        "true, false or hidden" => json!({ "anyOf": [{ "type": "boolean" }, { "type": "string" }] }),
        "text" | "URL" | "URL or path" | "path or URL" | "folder" | "file" | "host name" | "language code"
        | "Markdown" | "colour" | "date" => text,
        kind if kind.starts_with("period") => text,
        // Its bounds are for the program to explain.
        kind if kind.starts_with("number") => json!({ "type": "number" }),
        // Of text, paths, codes: one of them may stand alone.
        kind if kind.starts_with("list of ") || kind == "text or list of text" => {
            json!({ "anyOf": [text, { "type": "array", "items": { "type": ["string", "number", "null"] } }] })
        }
        kind => words(kind).unwrap_or_else(|| json!({})),
    }
}

/// `a, b or c`: one of these words. An editor offers them; the program takes them in capitals too.
fn words(kind: &str) -> Option<Value> {
    let (rest, last) = kind.rsplit_once(" or ")?;
    let words: Vec<&str> = rest.split(", ").chain([last]).collect();
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !words.iter().all(is_word) {
        return None;
    }
    let any_case: Vec<String> = words
        .iter()
        .map(|word| word.chars().map(|c| format!("[{}{}]", c.to_ascii_lowercase(), c.to_ascii_uppercase())).collect())
        .collect();
    let pattern = format!("^({})$", any_case.join("|"));
    Some(json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": pattern }] }))
}

fn sentence(about: &str) -> String {
    let mut chars = about.chars();
    let first = chars.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", chars.as_str())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{FIELDS, KEYS, of_kind, page, site};

    /// The schema of a key in a schema.
    fn at<'s>(schema: &'s Value, key: &str) -> Option<&'s Value> {
        key.split('.').try_fold(schema, |schema, name| {
            let tables = [Some(schema), schema.get("items"), schema.pointer("/anyOf/1")];
            tables.into_iter().flatten().find_map(|table| table.get("properties")?.get(name))
        })
    }

    #[test]
    fn every_key_and_field_has_a_schema_with_a_sentence() {
        let (site, page) = (site(), page());
        for key in KEYS {
            let schema = at(&site, key.name).unwrap_or_else(|| panic!("{} has no schema", key.name));
            assert!(schema["description"].as_str().is_some_and(|text| text.ends_with('.')), "{}", key.name);
        }
        for name in FIELDS.iter().flat_map(|field| std::iter::once(&field.name).chain(field.synonyms)) {
            assert!(page["properties"][name]["description"].is_string(), "{name} has no schema");
        }
    }

    #[test]
    fn every_kind_has_a_rule() {
        for kind in KEYS.iter().map(|key| key.kind).chain(FIELDS.iter().map(|field| field.kind)) {
            assert!(kind == "list of tables" || of_kind(kind) != json!({}), "the kind `{kind}` is not understood");
        }
    }

    #[test]
    fn a_choice_is_offered_and_taken_in_any_case() {
        let expected = json!({ "anyOf": [
            { "enum": ["auto", "gfm"] },
            { "type": "string", "pattern": "^([aA][uU][tT][oO]|[gG][fF][mM])$" },
        ] });
        assert_eq!(of_kind("auto or gfm"), expected);
    }
}
