//! What shows only when the whole site is looked at.

use crate::diagnostic::Diagnostic;
use crate::site::Site;

/// What is wrong with the site as a whole, and is not found on the way.
pub fn of_site(_site: &Site) -> Vec<Diagnostic> {
    Vec::new()
}
