//! Bringing a site to where people read it: GitHub Pages, by a workflow or by a branch.
//!
//! It runs `git` to fetch, to commit and to push, and never touches a working tree or what is staged: a branch is made
//! from a folder with an index of its own. (`git mv` is the room `history`'s.) Files it writes none: the command has
//! `output` do that.

pub mod address;
pub mod branch;
pub mod workflow;

/// Where this program is at home: releases, the action for workflows, questions.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// Where its own handbook is published.
pub const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");
