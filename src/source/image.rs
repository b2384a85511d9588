//! The size of an image in pixels, so that a page does not jump while it loads.

use std::path::Path;

use super::orientation::is_on_its_side;

/// The endings of images' names.
const IMAGES: &[&str] = &["png", "jpg", "jpeg", "gif", "webp", "avif", "bmp", "ico", "heic"];

/// Whether a file of this name is an image.
pub fn is_name_of_one(name: &str) -> bool {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end).to_ascii_lowercase();
    end == "svg" || IMAGES.contains(&end.as_str())
}

/// Width and height of an image file; `None` for other files and for images that do not say.
pub fn size(file: &Path) -> Option<(u32, u32)> {
    let extension = file.extension()?.to_str()?.to_ascii_lowercase();
    if extension == "svg" {
        return svg(&read_start(file)?);
    }
    if !IMAGES.contains(&extension.as_str()) {
        return None;
    }
    let size = imagesize::size(file).ok()?;
    let (width, height) = (u32::try_from(size.width).ok()?, u32::try_from(size.height).ok()?);
    let is_turned = matches!(&*extension, "jpg" | "jpeg") && is_on_its_side(file);
    Some(if is_turned { (height, width) } else { (width, height) }).filter(|&(w, h)| w > 0 && h > 0)
}

/// An SVG's size, from the first tag's `width` and `height` in pixels, else from its `viewBox`.
fn svg(text: &str) -> Option<(u32, u32)> {
    let start = text.find("<svg")?;
    let tag = &text[start..start + text[start..].find('>')?];
    let value = |name: &str| {
        let at = tag.find(&format!(" {name}=")).or_else(|| tag.find(&format!("\n{name}=")))? + name.len() + 2;
        let quote = tag[at..].chars().next().filter(|c| matches!(c, '"' | '\''))?;
        tag[at + 1..].split(quote).next()
    };
    let pixels = |text: &str| text.trim_end_matches("px").trim().parse::<f64>().ok();
    let size = match (value("width").and_then(pixels), value("height").and_then(pixels)) {
        (Some(width), Some(height)) => (width, height),
        _ => {
            let mut numbers = value("viewBox")?.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
            (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?)
        }
    };
    let whole = |number: f64| (1.0..100_000.0).contains(&number).then(|| number.round() as u32);
    Some((whole(size.0)?, whole(size.1)?))
}

/// The first few kilobytes of a file as text.
fn read_start(file: &Path) -> Option<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(file).ok()?.take(4096).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_svg_says_its_size_in_its_first_tag() {
        assert_eq!(svg("<?xml?><svg width=\"20px\" height='10'>"), Some((20, 10)));
        assert_eq!(svg("<svg\nviewBox=\"0 0 24 32\" width=\"100%\">"), Some((24, 32)));
        assert_eq!(svg("<svg>"), None);
    }
}
