//! The site's style sheet: one file, made of what this site needs.

use std::sync::Arc;

use crate::project::Project;
use crate::project::colour::Colour;
use crate::project::look::{CodeColours, Font, Look};
use crate::project::theme::{STYLE_SHEETS, StaticBytes, version};
use crate::site::asset::{Asset, AssetBytes, Origin};
use crate::site::page::Page;
use crate::site::url::UrlPath;
use crate::source::Stamp;

/// The typeface of `font = "inter"`.
pub const FONT: &str = "assets/inter.woff2";
/// Its licence, which goes where it goes.
const FONT_LICENSE: &str = "assets/inter.LICENSE.txt";

/// How messages begin the names of the built-in theme's files.
const BUILT_IN: &str = "themes/default/";

/// Whether a file of the theme is published as it is.
pub fn is_published(project: &Project, path: &str) -> bool {
    match path {
        FONT | FONT_LICENSE => project.config.theme.look.font == Font::Inter,
        _ => !STYLE_SHEETS.contains(&path),
    }
}

/// `assets/theme.css`.
pub fn sheet(project: &Project, pages: &[Arc<Page>]) -> Asset {
    let [main, content, compat, custom] = STYLE_SHEETS;
    let files = &project.theme.files;
    let mut css = Vec::new();
    let mut add = |path: &str| {
        if let Some(StaticBytes::Made(bytes)) = files.get(path).map(|file| &file.bytes) {
            css.extend_from_slice(bytes);
        }
    };
    add(main);
    // Whoever brings a style sheet of their own instead of ours does not want half of ours after it.
    let is_ours = |path: &str| files.get(path).is_some_and(|file| file.file.starts_with(BUILT_IN));
    if is_ours(main) || !is_ours(content) {
        add(content);
    }
    if pages.iter().any(|page| page.document.features.compat) {
        add(compat);
    }
    let font_version = files.get(FONT).map_or(0, |file| file.version);
    css.extend_from_slice(tokens(&project.config.theme.look, font_version).as_bytes());
    if let Some(StaticBytes::Made(bytes)) = files.get(custom).map(|file| &file.bytes) {
        css.push(b'\n');
        css.extend_from_slice(bytes);
    }
    let theme = files.get(main);
    let is_owners = theme.is_some_and(|file| file.of_project);
    Asset {
        url: UrlPath::of_file(main),
        file: theme.map_or_else(|| main.to_string(), |file| file.file.clone()),
        origin: if is_owners { Origin::Project } else { Origin::Theme },
        size: None,
        version: version(main, &css),
        stamp: Stamp { size: css.len() as u64, ..Stamp::default() },
        bytes: AssetBytes::Made(css.into()),
    }
}

/// The tokens that the owner's settings change. In the layer of the theme's own, so that whatever the owner writes in
/// a style sheet still counts more.
fn tokens(look: &Look, font_version: u32) -> String {
    let mut css = String::new();
    if let Some(accent) = look.accent {
        let (light, dark) = (accent.light_shades(), accent.dark_shades());
        let token =
            |name: &str, light: Colour, dark: Colour| format!("--{name}:light-dark({},{});", light.hex(), dark.hex());
        css.push_str(&token("accent", light.ink, dark.ink));
        css.push_str(&token("accent-hover", light.hover, dark.hover));
        css.push_str(&token("accent-bg", light.paper, dark.paper));
    }
    match look.code {
        CodeColours::Default => {}
        // Without a colour of its own, a word has that of the text.
        CodeColours::Plain => css.push_str(
            "--ck:inherit;--cs:inherit;--cn:inherit;--cf:inherit;--ct:inherit;--ca:inherit;--k:700;--em:italic",
        ),
        CodeColours::Vivid => css.push_str(VIVID),
    }
    let mut out = String::new();
    if look.font == Font::Inter {
        // The fallback is as wide as Inter, so that nothing moves when the font arrives; `optional` never swaps late.
        out.push_str("@font-face{font-family:Inter;src:url(inter.woff2?v=");
        out.push_str(&format!("{font_version:08x}"));
        out.push_str(") format(\"woff2\");font-weight:400 700;font-display:optional}");
        out.push_str("@font-face{font-family:Inter-like;src:local(Arial);size-adjust:107.12%;ascent-override:90.44%;descent-override:22.52%}");
        css.insert_str(0, "--font:Inter,Inter-like,system-ui,sans-serif;");
    }
    if !css.is_empty() {
        out.push_str(&format!("@layer base{{:root{{{}}}}}", css.trim_end_matches(';')));
    }
    out
}

/// Strong hues, each with at least 7:1 on the paper of code.
const VIVID: &str = "--ck:light-dark(#a0006b,#ff8ad8);--cs:light-dark(#0b5a0b,#7ee787);--cn:light-dark(#8a3200,#ffb066);\
--cf:light-dark(#0037c8,#8cbcff);--ct:light-dark(#00566b,#5ce1f5);--ca:light-dark(#7a3a00,#ffd24d)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::colour::ENOUGH;

    #[test]
    fn strong_hues_can_be_read_on_the_paper_of_code() {
        let (light, dark) = (Colour::from(0xf5f5f8), Colour::from(0x1d1f27));
        for pair in VIVID.split("light-dark(").skip(1) {
            let colours = pair.split(')').next().and_then(|pair| pair.split_once(','));
            let (a, b) = colours.expect("two colours");
            let (a, b) = (Colour::parse(a).expect("a colour"), Colour::parse(b).expect("a colour"));
            assert!(a.contrast(light) >= ENOUGH && b.contrast(dark) >= ENOUGH, "{pair}");
        }
    }

    #[test]
    fn a_site_that_sets_nothing_adds_nothing() {
        assert_eq!(tokens(&Look::default(), 0), "");
    }
}
