//! handbook: from a folder of Markdown pages to a checked, themed static site.

pub mod diagnostic;
pub mod markdown;
pub mod output;
pub mod project;
pub mod source;
pub mod value;
