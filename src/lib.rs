//! handbook: from a folder of Markdown pages to a checked, themed static site.
//!
//! ```text
//! site.toml, themes/ ──► Project ───────────────┐
//! content/**  ──► Source ──► Page ──► Site ──► render(route) ──► Output ──► public/
//!             per file, parallel     whole      per URL, parallel
//!                 each step also yields diagnostics
//! ```
//!
//! Start with [`update`], which is the pipeline on one screen. Data are plain structs, and imports run one way:
//! commands → serve → check → update, render, output → site → project, markdown, source → value, words → diagnostic.
//! `tests/tidy.rs` holds that.

pub mod cache;
pub mod check;
pub mod cli;
pub mod commands;
pub mod diagnostic;
pub mod edit;
pub mod git;
pub mod history;
pub mod ledger;
pub mod markdown;
pub mod moves;
pub mod output;
pub mod project;
pub mod publish;
pub mod render;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod update;
pub mod value;
pub mod web;
pub mod words;
