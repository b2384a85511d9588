//! Problems that were there before somebody began to check: a list of them, so that only new ones count.
//!
//! A problem is known by its code, its file and its message, not by its line, so text may come and go above it. The
//! list is sorted text with a line for each problem: it merges well, and whoever reads a change of it sees what was mended.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;

/// How the list begins.
const HEAD: &str =
    "# Problems that are known and do not count. `handbook check --update-baseline` writes this file anew.\n";

/// Known problems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Baseline {
    /// How many there are of each code, file and message.
    known: BTreeMap<[String; 3], usize>,
}

/// Problems by whether they are known.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Those that are new.
    pub new: Vec<Diagnostic>,
    /// How many are known.
    pub n_known: usize,
    /// How many are in the list and not there any more.
    pub n_gone: usize,
}

impl Baseline {
    /// The list of these problems.
    pub fn of(problems: &[Diagnostic]) -> Baseline {
        let mut baseline = Baseline::default();
        problems.iter().for_each(|problem| *baseline.known.entry(key(problem)).or_default() += 1);
        baseline
    }

    /// Reads a list; an error is the number of the first line that is none.
    pub fn read(text: &str) -> Result<Baseline, usize> {
        let mut baseline = Baseline::default();
        let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
        for (n, line) in lines {
            let mut parts = line.splitn(3, '\t').map(str::to_string);
            match (parts.next(), parts.next(), parts.next()) {
                (Some(code), Some(file), Some(message)) => {
                    *baseline.known.entry([code, file, message]).or_default() += 1;
                }
                _ => return Err(n + 1),
            }
        }
        Ok(baseline)
    }

    /// As it is written.
    pub fn text(&self) -> String {
        let lines = self.known.iter().flat_map(|(parts, n)| std::iter::repeat_n(parts.join("\t") + "\n", *n));
        std::iter::once(HEAD.to_string()).chain(lines).collect()
    }

    /// How many problems it knows.
    pub fn len(&self) -> usize {
        self.known.values().sum()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Says of one problem after the other whether it is new. Of several that are alike, as many are known as the list has.
    pub fn teller(&self) -> impl FnMut(&Diagnostic) -> bool + use<> {
        let mut left = self.known.clone();
        move |problem| match left.is_empty() {
            true => true,
            false => match left.get_mut(&key(problem)).filter(|n| **n > 0) {
                Some(n) => {
                    *n -= 1;
                    false
                }
                None => true,
            },
        }
    }

    /// Whether a problem like this one is in the list.
    pub fn has(&self, problem: &Diagnostic) -> bool {
        !self.known.is_empty() && self.known.contains_key(&key(problem))
    }

    /// Tells new problems from known ones. Of several that are alike, as many are known as the list has.
    pub fn split(&self, problems: Vec<Diagnostic>) -> Split {
        let mut is_new = self.teller();
        let n_problems = problems.len();
        let new: Vec<Diagnostic> = problems.into_iter().filter(|problem| is_new(problem)).collect();
        let n_known = n_problems - new.len();
        Split { new, n_known, n_gone: self.len() - n_known }
    }
}

fn key(problem: &Diagnostic) -> [String; 3] {
    // Messages are one line, and a file's name with a tab is none that we accept.
    [problem.code.name(), &problem.file, &problem.message].map(|part| part.replace(['\t', '\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Code, Span};

    fn problem(message: &str, at: usize) -> Diagnostic {
        Diagnostic::new(Code::LinkPage, message).in_file("content/a.md").at(Span::new(at, at + 1))
    }

    #[test]
    fn a_problem_is_known_wherever_it_has_moved() {
        let baseline = Baseline::of(&[problem("a", 1), problem("a", 5), problem("b", 9)]);
        let baseline = Baseline::read(&baseline.text()).unwrap();
        let split = baseline.split(vec![problem("a", 101), problem("a", 105), problem("a", 110), problem("c", 1)]);
        assert_eq!((split.n_known, split.n_gone), (2, 1));
        assert_eq!(split.new, [problem("a", 110), problem("c", 1)]);
    }

    #[test]
    fn lists_are_sorted_text() {
        let text = Baseline::of(&[problem("b", 1), problem("a", 2), problem("a", 3)]).text();
        assert_eq!(
            text,
            format!("{HEAD}link-page\tcontent/a.md\ta\nlink-page\tcontent/a.md\ta\nlink-page\tcontent/a.md\tb\n")
        );
        assert_eq!(Baseline::read("# x\n\nlink-page\tcontent/a.md\ta\n<<<<<<< HEAD\n"), Err(4));
    }
}
