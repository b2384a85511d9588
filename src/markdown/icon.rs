//! Pictures for the names that Font Awesome made common, as inline SVG: no font and no request.
//!
//! The outlines are those of Tabler Icons 3.51.0 (MIT, see `icons.LICENSE.txt`), on a grid of 24 by 24 with strokes two
//! wide. Each line of `icons.txt` holds an icon's name there, the names that others use for it, and its path.

use std::collections::HashMap;
use std::sync::LazyLock;

static ICONS: &str = include_str!("icons.txt");

/// Classes beside an icon's name that say how it is drawn, and are no name of one.
const MANNERS: &[&str] = &[
    "fa-fw",
    "fa-lg",
    "fa-xs",
    "fa-sm",
    "fa-xl",
    "fa-1x",
    "fa-2x",
    "fa-3x",
    "fa-4x",
    "fa-5x",
    "fa-li",
    "fa-ul",
    "fa-border",
    "fa-spin",
    "fa-pulse",
    "fa-pull-left",
    "fa-pull-right",
    "fa-inverse",
    "fa-stack",
    "fa-stack-1x",
    "fa-stack-2x",
    "fa-solid",
    "fa-regular",
    "fa-brands",
    "fa-light",
    "fa-rotate-90",
    "fa-rotate-180",
    "fa-rotate-270",
    "fa-flip-horizontal",
    "fa-flip-vertical",
];

/// The path of an icon by any of its names.
pub fn path(name: &str) -> Option<&'static str> {
    static BY_NAME: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
        let mut by_name = HashMap::new();
        for line in ICONS.lines() {
            let mut fields = line.split('\t');
            let (Some(own), Some(others), Some(path)) = (fields.next(), fields.next(), fields.next()) else { continue };
            for name in others.split(' ').chain([own]).filter(|name| !name.is_empty()) {
                by_name.entry(name).or_insert(path);
            }
        }
        by_name
    });
    BY_NAME.get(name).copied()
}

/// The whole element for a path. Its size and colour are those of the text around it.
pub fn svg(path: &str) -> String {
    format!("<svg class=\"i\" viewBox=\"0 0 24 24\" aria-hidden=\"true\"><path d=\"{path}\"/></svg>")
}

/// The name of the icon that an element's classes ask for: `users` of `fas fa-users fa-fw`.
pub fn name_in<'c>(classes: impl Iterator<Item = &'c str>) -> Option<&'c str> {
    let mut names = classes.filter(|class| class.starts_with("fa-") && !MANNERS.contains(class));
    names.next().map(|class| &class["fa-".len()..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icon_has_the_names_of_both_sets() {
        assert!(path("users").is_some_and(|path| path.starts_with('M')));
        assert_eq!(path("paper-plane"), path("send"));
        assert_eq!(path("no-such-icon"), None);
    }

    #[test]
    fn classes_of_manner_are_no_names() {
        assert_eq!(name_in("fas fa-fw fa-users fa-2x".split(' ')), Some("users"));
        assert_eq!(name_in("fas fa-fw".split(' ')), None);
    }

    #[test]
    fn every_line_holds_a_path_that_needs_no_escaping() {
        for line in ICONS.lines() {
            let fields: Vec<&str> = line.split('\t').collect();
            assert!(fields.len() == 3 && fields[2].starts_with('M') && !fields[2].contains(['"', '<', '&']), "{line}");
        }
    }
}
