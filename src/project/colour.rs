//! Colours that people can read: a site's accent colour, made dark or light enough for the theme's papers.

/// Red, green and blue, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour(pub [u8; 3]);

/// The shades of an accent colour: for links and buttons, for those under the pointer, and a paper to mark the current
/// page with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shades {
    /// For text.
    pub ink: Colour,
    /// For text under the pointer.
    pub hover: Colour,
    /// For the paper behind the current entry.
    pub paper: Colour,
}

/// The least contrast of text that WCAG 2.2 asks for at level AAA.
pub const ENOUGH: f64 = 7.0;

/// The papers that links stand on in the light scheme: page, surface, sunken, callouts.
const LIGHT: [u32; 8] = [0xffffff, 0xf7f7f9, 0xeeeff3, 0xeaf1fd, 0xe7f5ec, 0xf2ecfc, 0xfdf3dc, 0xfdecec];
/// The same in the dark scheme.
const DARK: [u32; 8] = [0x131419, 0x1a1b22, 0x22242c, 0x14233c, 0x12281d, 0x241c3a, 0x2c2310, 0x331a1c];

impl Colour {
    /// `#rgb` or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Colour> {
        let digits = text.strip_prefix('#').filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let long = match digits.len() {
            3 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
            6 => digits.to_owned(),
            _ => return None,
        };
        u32::from_str_radix(&long, 16).ok().map(Colour::from)
    }

    /// As CSS writes it.
    pub fn hex(self) -> String {
        let [r, g, b] = self.0;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// The contrast of two colours, 1 to 21, as WCAG 2.2 defines it.
    pub fn contrast(self, other: Colour) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [r, g, b] = self.0.map(linear);
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    /// Hue in sixths of the circle, saturation and lightness.
    fn hsl(self) -> (f64, f64, f64) {
        let [r, g, b] = self.0.map(|channel| f64::from(channel) / 255.0);
        let (most, least) = (r.max(g).max(b), r.min(g).min(b));
        let (lightness, range) = ((most + least) / 2.0, most - least);
        if range == 0.0 {
            return (0.0, 0.0, lightness);
        }
        let saturation = range / (1.0 - (2.0 * lightness - 1.0).abs());
        let hue = if most == r {
            (g - b) / range
        } else if most == g {
            (b - r) / range + 2.0
        } else {
            (r - g) / range + 4.0
        };
        (hue.rem_euclid(6.0), saturation, lightness)
    }

    fn from_hsl((hue, saturation, lightness): (f64, f64, f64)) -> Colour {
        let chroma = saturation * (1.0 - (2.0 * lightness - 1.0).abs());
        let second = chroma * (1.0 - (hue.rem_euclid(2.0) - 1.0).abs());
        let (r, g, b) = match hue as u8 {
            0 => (chroma, second, 0.0),
            1 => (second, chroma, 0.0),
            2 => (0.0, chroma, second),
            3 => (0.0, second, chroma),
            4 => (second, 0.0, chroma),
            _ => (chroma, 0.0, second),
        };
        let least = lightness - chroma / 2.0;
        Colour([r, g, b].map(|channel| ((channel + least) * 255.0).round().clamp(0.0, 255.0) as u8))
    }

    /// The shades for the light scheme: this colour, as much darker as its contrast needs.
    pub fn light_shades(self) -> Shades {
        let (hue, saturation, lightness) = self.hsl();
        let paper = Colour::from_hsl((hue, saturation.min(0.7), 0.945));
        let ink = self.until_readable(&LIGHT, paper, -0.005);
        let (.., ink_lightness) = ink.hsl();
        let hover = Colour::from_hsl((hue, saturation, ink_lightness.min(lightness) * 0.68));
        Shades { ink, hover, paper }
    }

    /// The shades for the dark scheme: this colour, as much lighter as its contrast needs.
    pub fn dark_shades(self) -> Shades {
        let (hue, saturation, _) = self.hsl();
        let paper = Colour::from_hsl((hue, saturation.min(0.38), 0.19));
        let ink = self.until_readable(&DARK, paper, 0.005);
        let (.., ink_lightness) = ink.hsl();
        let hover = Colour::from_hsl((hue, saturation, ink_lightness + (1.0 - ink_lightness) * 0.5));
        Shades { ink, hover, paper }
    }

    /// The first colour of this hue, `step` by `step` in lightness, that can be read on all papers.
    fn until_readable(self, papers: &[u32], own: Colour, step: f64) -> Colour {
        let (hue, saturation, mut lightness) = self.hsl();
        let mut colour = self;
        let least = |ink: Colour| {
            let papers = papers.iter().map(|&paper| Colour::from(paper)).chain([own]);
            papers.map(|paper| ink.contrast(paper)).fold(f64::INFINITY, f64::min)
        };
        while least(colour) < ENOUGH && (0.0..=1.0).contains(&lightness) {
            lightness += step;
            colour = Colour::from_hsl((hue, saturation, lightness.clamp(0.0, 1.0)));
        }
        colour
    }
}

impl From<u32> for Colour {
    fn from(rgb: u32) -> Colour {
        let [_, r, g, b] = rgb.to_be_bytes();
        Colour([r, g, b])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_as_css_writes_them() {
        assert_eq!(Colour::parse("#2b40a4").map(Colour::hex).as_deref(), Some("#2b40a4"));
        assert_eq!(Colour::parse("#fA0").map(Colour::hex).as_deref(), Some("#ffaa00"));
        for wrong in ["2b40a4", "#12", "#12345g", "#é", "blue", ""] {
            assert_eq!(Colour::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn hues_survive_the_way_there_and_back() {
        for colour in [0x2b40a4, 0xa9b8ff, 0xff0000, 0x00ff7f, 0x808080, 0x000000, 0xffffff, 0x123456] {
            assert_eq!(Colour::from_hsl(Colour::from(colour).hsl()), Colour::from(colour));
        }
    }

    #[test]
    fn every_accent_becomes_readable_on_every_paper() {
        for accent in
            [0x2b40a4, 0xff0000, 0x00ff00, 0xffff00, 0x00ffff, 0xfc6d26, 0x000000, 0xffffff, 0x7f7f7f, 0x6e49cb]
        {
            for (shades, papers) in
                [(Colour::from(accent).light_shades(), LIGHT), (Colour::from(accent).dark_shades(), DARK)]
            {
                for paper in papers.map(Colour::from).into_iter().chain([shades.paper]) {
                    assert!(shades.ink.contrast(paper) >= ENOUGH, "{accent:x} on {}", paper.hex());
                    assert!(shades.hover.contrast(paper) >= ENOUGH, "{accent:x} under the pointer on {}", paper.hex());
                }
            }
        }
    }

    #[test]
    fn the_papers_are_those_of_the_theme() {
        let css = include_str!("../../themes/default/static/assets/theme.css").replace("#fff,", "#ffffff,");
        for (light, dark) in LIGHT.iter().zip(DARK) {
            let token = format!("light-dark(#{light:06x}, #{dark:06x})");
            assert!(css.contains(&token), "{token}");
        }
    }
}
