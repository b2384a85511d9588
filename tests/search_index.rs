//! The index of the search while a site is edited: what was taken over from the state before is what would be made anew.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::{fs, iter};

use handbook::project::{self, Overrides, Project};
use handbook::search::Index;
use handbook::site::Site;
use handbook::update::{Changes, update};

/// Xorshift: the same numbers for the same seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end.max(1)
    }

    fn words(&mut self, n: usize) -> String {
        const WORDS: [&str; 16] = [
            "team",
            "teams",
            "Teams",
            "promote",
            "promoted",
            "promotion",
            "café",
            "cafe",
            "leave",
            "leaving",
            "laptop",
            "gift",
            "Gift",
            "policy",
            "policies",
            "v2",
        ];
        // Some of them only here and there, so that words come and go.
        let word = |random: &mut Random| match random.below(4) {
            0 => format!("rare{}", random.below(60)),
            _ => WORDS[random.below(WORDS.len())].to_string(),
        };
        iter::repeat_with(|| word(self)).take(n).collect::<Vec<_>>().join(" ")
    }

    fn page(&mut self, lang: &str) -> String {
        let lang = if lang.is_empty() { String::new() } else { format!("lang: {lang}\n") };
        let (title, text, length) = (self.words(2), self.words(30), self.below(200));
        format!("---\ntitle: {title}\n{lang}---\n{text}\n\n## {}\n\n{}\n", self.words(3), self.words(length))
    }
}

fn settings(folder: &Path) -> Arc<Project> {
    Arc::new(project::read(folder, &Overrides::default()).unwrap().0)
}

fn files(index: &Index) -> BTreeMap<String, Vec<u8>> {
    index.all_files().into_iter().collect()
}

/// Edits a site again and again. `languages` are those of the pages.
fn check(seed: u64, languages: &[&str], n_edits: usize) {
    let mut random = Random(seed);
    let folder = tempfile::tempdir().unwrap();
    let file = |n: usize| folder.path().join(format!("content/{}/{n}.md", ["people", "work"][n % 2]));
    for n in 0..40 {
        fs::create_dir_all(file(n).parent().unwrap()).unwrap();
        fs::write(file(n), random.page(languages[n % languages.len()])).unwrap();
    }
    fs::write(folder.path().join("site.toml"), "title = \"Test\"\n").unwrap();
    let mut project = settings(folder.path());
    let mut site = update(&Site::empty(project.clone()), &project, Vec::new(), Changes::All);
    let mut index = Index::build(&site, None);
    for edit in 0..n_edits {
        let n = random.below(44);
        match random.below(12) {
            0 => drop(fs::remove_file(file(n))),
            1 => {
                let words = random.words(1);
                let text = format!("title = \"Test\"\n[search]\nsynonyms = [[\"{words}\", \"synonym\"]]\n");
                fs::write(folder.path().join("site.toml"), text).unwrap();
                project = settings(folder.path());
            }
            2 => fs::write(file(n), format!("---\nsearch: false\n---\n{}\n", random.words(9))).unwrap(),
            _ => {
                let language = languages[random.below(languages.len())];
                fs::write(file(n), random.page(language)).unwrap();
            }
        }
        site = update(&site, &project, Vec::new(), Changes::All);
        index = Index::build(&site, Some(&index));
        assert_eq!(files(&index), files(&Index::build(&site, None)), "seed {seed}, edit {edit}");
    }
}

#[test]
fn an_index_after_edits_is_that_of_a_cold_build() {
    (1..4).for_each(|seed| check(seed, &[""], 25));
}

#[test]
fn so_it_is_where_pages_have_several_languages() {
    (4..6).for_each(|seed| check(seed, &["", "de", "fr"], 15));
    check(7, &["", "", "", "", "", "", "", "", "", "", "", "de"], 30);
}

#[test]
fn an_index_is_the_same_without_the_html_of_pages() {
    let mut random = Random(8);
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("content")).unwrap();
    for n in 0..9 {
        fs::write(folder.path().join(format!("content/{n}.md")), random.page("")).unwrap();
    }
    let project = settings(folder.path());
    let site = update(&Site::empty(project.clone()), &project, Vec::new(), Changes::All);
    let expected = files(&Index::build(&site, None));
    let site = site.without_html();
    assert!(site.pages.iter().all(|page| page.document.body.html.is_empty()));
    assert_eq!(files(&Index::build(&site, None)), expected);
}
