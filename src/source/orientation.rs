//! Whether a photo lies on its side: cameras write how they were held, and browsers turn the picture by that.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// More than a camera writes before the picture.
const MOST: u64 = 256 * 1024;
/// The tag of the orientation: <https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E>, 4.6.5.
const ORIENTATION: u16 = 0x0112;

/// Whether browsers show a JPEG with width and height exchanged.
pub fn is_on_its_side(file: &Path) -> bool {
    let mut start = Vec::new();
    let read = File::open(file).and_then(|file| file.take(MOST).read_to_end(&mut start));
    read.is_ok() && exif(&start).and_then(orientation).is_some_and(|orientation| (5..=8).contains(&orientation))
}

/// What the camera wrote: the part after `Exif`.
fn exif(jpeg: &[u8]) -> Option<&[u8]> {
    let mut rest = jpeg.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        // Each part has a mark, a kind, and its length with that of the length itself.
        let [0xFF, kind, high, low, ..] = *rest else { return None };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let part = rest.get(4..2 + length)?;
        match kind {
            0xE1 if part.starts_with(b"Exif\0\0") => return Some(&part[6..]),
            // The picture begins.
            0xDA => return None,
            _ => rest = &rest[2 + length..],
        }
    }
}

/// The value of the tag in the first list of tags. Numbers are written in the one way or the other.
fn orientation(exif: &[u8]) -> Option<u16> {
    let is_little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes: [u8; 2] = exif.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if is_little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let bytes: [u8; 4] = exif.get(4..8)?.try_into().ok()?;
    let list = if is_little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) } as usize;
    let n_tags = usize::from(short(list)?);
    let tags = (0..n_tags).map_while(|n| list.checked_add(2 + n * 12));
    let mut tags = tags.map_while(|at| Some((at, short(at)?)));
    let (at, _) = tags.find(|(_, tag)| *tag == ORIENTATION)?;
    short(at + 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A JPEG's beginning, in which a camera wrote an orientation.
    fn jpeg(little: bool, orientation: u16) -> Vec<u8> {
        let short = |n: u16| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let long = |n: u32| if little { n.to_le_bytes() } else { n.to_be_bytes() };
        let mut exif = Vec::from(if little { *b"II*\0" } else { *b"MM\0*" });
        exif.extend(long(8));
        exif.extend(short(2));
        for (tag, value) in [(0x0100, 1), (ORIENTATION, orientation)] {
            exif.extend(short(tag));
            exif.extend(short(3));
            exif.extend(long(1));
            exif.extend(short(value));
            exif.extend([0, 0]);
        }
        let mut jpeg = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xE1];
        jpeg.extend((exif.len() as u16 + 8).to_be_bytes());
        jpeg.extend(b"Exif\0\0");
        jpeg.extend(exif);
        jpeg.extend([0xFF, 0xDA, 0, 2]);
        jpeg
    }

    #[test]
    fn the_orientation_is_read_in_both_ways_of_writing_numbers() {
        for little in [true, false] {
            for n in 1..=8 {
                assert_eq!(exif(&jpeg(little, n)).and_then(orientation), Some(n));
            }
        }
    }

    #[test]
    fn what_is_cut_off_or_nonsense_has_none() {
        let whole = jpeg(true, 6);
        for end in 0..whole.len() - 24 {
            assert_eq!(exif(&whole[..end]).and_then(orientation), None, "{end}");
        }
        assert_eq!(exif(b"\xFF\xD8\xFF\xE1\0\0").and_then(orientation), None);
        assert_eq!(orientation(b"II*\0\xFF\xFF\xFF\xFF"), None);
    }

    #[test]
    fn a_photo_on_its_side_has_its_measures_exchanged() {
        let folder = tempfile::tempdir().unwrap();
        for (n, expected) in [(1, (64, 32)), (3, (64, 32)), (6, (32, 64)), (8, (32, 64))] {
            let mut bytes = jpeg(false, n);
            // A frame of 64 by 32 before the picture begins.
            bytes.truncate(bytes.len() - 4);
            bytes.extend([0xFF, 0xC0, 0, 11, 8, 0, 32, 0, 64, 1, 1, 0x11, 0, 0xFF, 0xDA, 0, 2]);
            let file = folder.path().join("photo.jpg");
            std::fs::write(&file, bytes).unwrap();
            assert_eq!(crate::source::image::size(&file), Some(expected), "{n}");
        }
    }
}
