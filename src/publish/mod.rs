//! Bringing a site to where people read it: GitHub Pages, by a workflow or by a branch.
//!
//! The only room that runs `git` to change something. It never touches a working tree: a branch is made from a folder
//! with an index of its own.

pub mod address;
pub mod branch;
pub mod git;
pub mod workflow;

/// Where this program is at home: releases, the action for workflows, questions.
pub const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");
