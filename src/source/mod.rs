//! Reading content: which files there are, their text, and their front matter.

pub mod date;
mod fence;
pub mod front_matter;
