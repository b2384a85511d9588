//! What people read when their front matter or settings are wrong: each file in `tests/diagnostics` with exactly what
//! is printed for it beside it, in a file of the same name that ends with `.stderr`. `UPDATE=1` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};

use handbook::{diagnostic, project, source};

#[test]
fn each_file_gets_its_messages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut inputs: Vec<PathBuf> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    inputs.retain(|path| path.extension().is_some_and(|suffix| suffix == "md" || suffix == "toml"));
    inputs.sort();
    assert!(!inputs.is_empty());
    let differing: Vec<String> = inputs.iter().filter_map(|input| difference(input)).collect();
    assert!(differing.is_empty(), "{}\nUPDATE=1 accepts these", differing.join("\n"));
}

/// What is printed for the file, if it is not what is expected.
fn difference(input: &Path) -> Option<String> {
    let (text, encoding) = source::text::decode(fs::read(input).unwrap());
    let (mut diagnostics, name) = match input.extension().unwrap().to_str().unwrap() {
        "toml" => (project::config::read(&text).1, "site.toml".to_owned()),
        _ => (source::front_matter::read(&text).2, format!("content/{}", input.file_name().unwrap().to_str().unwrap())),
    };
    diagnostics.extend(encoding);
    diagnostics.iter_mut().for_each(|diagnostic| diagnostic.file.clone_from(&name));
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    let mut printed = Vec::new();
    diagnostic::human(&diagnostics, &mut |_| Some(text.clone()), false, &mut printed).unwrap();
    let printed = String::from_utf8(printed).unwrap();
    let expected_file = input.with_extension(format!("{}.stderr", input.extension().unwrap().to_str().unwrap()));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&expected_file, &printed).unwrap();
    }
    let expected = fs::read_to_string(&expected_file).unwrap_or_default();
    (printed != expected).then(|| format!("--- {} gives\n{printed}", input.display()))
}
