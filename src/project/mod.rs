//! What the owner of the handbook has set: `site.toml` and the folders it names.

pub mod base_url;
pub mod config;
pub mod folders;
pub mod keys;
