//! Paths in URIs: those of files in what machines read, and those of pages.

use percent_encoding::{AsciiSet, CONTROLS};

/// What a path must not hold as it is, since it has a meaning of its own in a URI, or none at all.
/// Source: the path percent-encode set of <https://url.spec.whatwg.org/#path-percent-encode-set>, and what
/// <https://www.rfc-editor.org/rfc/rfc3986#section-3.3> leaves out besides.
pub const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
