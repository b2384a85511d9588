//! `handbook config`: every setting with the value that counts, and where it comes from.

use std::io;

use serde_json::json;

use crate::check::sorted;
use crate::cli::{Config, Format};
use crate::commands::{Console, Outcome, has_folder, report};
use crate::project::effective::{Origin, Setting};
use crate::project::{self, CONFIG_NAME, Overrides, environment};
use crate::value::write;

/// The widest setting behind which origins still stand in a column.
const WIDEST: usize = 60;

/// Runs it.
pub fn run(arguments: &Config, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let root = arguments.folder.path();
    if !has_folder(root, console)? {
        return Ok(Outcome::WrongUsage);
    }
    let (project, problems) = project::read(root, &Overrides::default())?;
    let settings = project.settings();
    match arguments.json {
        true => json_lines(&settings, console.out)?,
        false => toml_lines(&settings, console.out)?,
    }
    let is_wrong = problems.iter().any(project::is_in_settings);
    report::print(&project, &sorted(problems), Format::Human, true, console)?;
    Ok(if is_wrong { Outcome::WrongUsage } else { Outcome::Fine })
}

fn toml_lines(settings: &[Setting], out: &mut dyn io::Write) -> io::Result<()> {
    let line = |setting: &Setting| match &setting.value {
        Some(value) => format!("{} = {}", setting.key, write::toml(value)),
        None => format!("# {} =", setting.key),
    };
    let lines: Vec<(String, &Setting)> = settings.iter().map(|setting| (line(setting), setting)).collect();
    let width = lines.iter().map(|(line, _)| line.chars().count()).filter(|&n| n <= WIDEST).max().unwrap_or(0);
    for (line, setting) in &lines {
        let origin = match &setting.origin {
            Origin::Default if setting.value.is_none() => "not set".to_owned(),
            Origin::Default => "default".to_owned(),
            Origin::Found => "found".to_owned(),
            Origin::File(n) => format!("{CONFIG_NAME}:{n}"),
            Origin::Variable(name) => name.clone(),
        };
        writeln!(out, "{line:width$}  # {origin}")?;
    }
    Ok(())
}

fn json_lines(settings: &[Setting], out: &mut dyn io::Write) -> io::Result<()> {
    for setting in settings {
        let mut object = json!({
            "key": setting.key,
            "value": setting.value.as_ref().map(|value| value.to_json()),
            "variable": environment::name_of(&setting.key),
        });
        object["from"] = match &setting.origin {
            Origin::Default => "default".into(),
            Origin::Found => "found".into(),
            Origin::File(_) => CONFIG_NAME.into(),
            Origin::Variable(_) => "environment".into(),
        };
        if let Origin::File(line) = setting.origin {
            object["line"] = line.into();
        }
        writeln!(out, "{object}")?;
    }
    Ok(())
}
