//! A handbook of any size that nobody wrote: the same pages for the same numbers, with the lengths, links, lists, tables, code
//! and depths that real handbooks have.

#![allow(dead_code, reason = "each benchmark uses its own part")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

const NAMES: &[&str] = &[
    "budget",
    "calendar",
    "career",
    "change",
    "coaching",
    "contract",
    "customer",
    "decision",
    "delivery",
    "design",
    "device",
    "equipment",
    "expense",
    "feedback",
    "forecast",
    "goal",
    "hiring",
    "holiday",
    "incident",
    "interview",
    "invoice",
    "laptop",
    "leave",
    "ledger",
    "learning",
    "meeting",
    "mentor",
    "moving",
    "notice",
    "office",
    "onboarding",
    "partner",
    "password",
    "payroll",
    "pension",
    "planning",
    "privacy",
    "project",
    "promotion",
    "quality",
    "quarter",
    "referral",
    "release",
    "remote",
    "report",
    "review",
    "risk",
    "roadmap",
    "safety",
    "salary",
    "security",
    "sickness",
    "support",
    "survey",
    "team",
    "ticket",
    "training",
    "travel",
    "vendor",
    "volunteer",
    "welcome",
    "workshop",
];
const SUBJECTS: &[&str] = &[
    "every team",
    "your manager",
    "the people team",
    "whoever is on call",
    "a new colleague",
    "the owner of the page",
    "somebody from finance",
    "the reviewer",
    "our customer",
    "each of us",
    "the office",
    "a second person",
];
const VERBS: &[&str] = &[
    "writes down",
    "agrees on",
    "looks at",
    "answers",
    "keeps",
    "explains",
    "plans",
    "checks",
    "pays for",
    "asks about",
    "hands over",
    "shares",
    "decides",
    "measures",
    "stops",
    "starts again with",
];
const OBJECTS: &[&str] = &[
    "the plan for the quarter",
    "what was promised",
    "the next step",
    "a short summary",
    "the open questions",
    "each request within two days",
    "the costs of the trip",
    "the list of risks",
    "what went well",
    "the new process",
    "the calendar of the team",
    "every change that matters",
    "the result of the survey",
    "a reason for the decision",
];
const ENDS: &[&str] = &[
    "before the meeting",
    "in writing",
    "once a month",
    "without being asked",
    "so that nobody has to guess",
    "as early as possible",
    "with the people it concerns",
    "and says so in the channel",
    "unless it is urgent",
    "in the language of the reader",
    "at the end of the week",
    "when the numbers are in",
];
const CODE: &[(&str, &str)] = &[
    (
        "sh",
        "# fetch what is new, then try it\ngit pull --rebase origin main\nfor name in *.txt; do\n  echo \"$name: $(wc -l < \"$name\")\"\ndone\n",
    ),
    (
        "yaml",
        "team:\n  name: support\n  on_call: true\n  hours: [9, 17]\nsteps:\n  - run: make check\n    when: \"always\"\n",
    ),
    (
        "json",
        "{\n  \"name\": \"handbook\",\n  \"pages\": 1200,\n  \"open\": true,\n  \"owners\": [\"people\", \"finance\"]\n}\n",
    ),
    (
        "sql",
        "select team, count(*) as n\nfrom requests\nwhere opened >= '2026-01-01' and closed is null\ngroup by team\norder by n desc;\n",
    ),
    (
        "python",
        "def days_left(total: int, taken: int) -> int:\n    \"\"\"Holidays that can still be taken.\"\"\"\n    return max(total - taken, 0)  # never less\n",
    ),
    (
        "rust",
        "fn main() {\n    let taken = [1, 2, 3].iter().sum::<u32>();\n    println!(\"{} days\", 30 - taken);\n}\n",
    ),
    ("text", "Subject: your first week\n\nWelcome, and see you on Monday.\n"),
];

/// Numbers that look random and are the same everywhere.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Numbers {
        Numbers(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03)
    }

    pub fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 11) % most.max(1) as u64) as usize
    }

    fn of<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }
}

/// Where page `n` lies. Folders have up to 24 pages and 12 folders, so that a large handbook gets deep and not wide.
pub fn path(n: usize) -> String {
    let (folder, page) = (n / 24, n % 24);
    let mut parts = Vec::new();
    let mut rest = folder;
    while rest > 0 {
        rest -= 1;
        parts.push(format!("{}-{}", NAMES[rest * 7 % NAMES.len()], rest % 12));
        rest /= 12;
    }
    parts.reverse();
    let [name, other] = [n * 5, n * 11 + 3].map(|n| NAMES[n % NAMES.len()]);
    parts.push(if page == 0 { "_index.md".to_string() } else { format!("{name}-and-{other}-{page}.md") });
    parts.join("/")
}

/// How many folders a page is in, on average. As real ones do, a larger handbook gets deeper, and with it the sidebar gets longer:
/// that is why the bytes written grow a little faster than the pages.
pub fn depth(n_pages: usize) -> f64 {
    (0..n_pages).map(|n| path(n).matches('/').count()).sum::<usize>() as f64 / n_pages as f64
}

/// The address of page `n`.
pub fn url(n: usize) -> String {
    let path = path(n);
    match path.strip_suffix("_index.md") {
        Some(folder) => format!("/{folder}"),
        None => format!("/{}/", path.trim_end_matches(".md")),
    }
}

/// The text of page `n` of `n_pages`.
pub fn page(n: usize, n_pages: usize) -> String {
    let mut numbers = Numbers::new(n as u64 + 1);
    let numbers = &mut numbers;
    let mut text = String::new();
    let title = format!("{} and {} {n}", capital(numbers.of(NAMES)), numbers.of(NAMES));
    let _ = write!(text, "---\ntitle: \"{title}\"\n");
    if numbers.below(3) > 0 {
        let _ = writeln!(text, "description: {}", sentence(numbers));
    }
    if numbers.below(4) == 0 {
        let _ = writeln!(text, "weight: {}", numbers.below(50));
    }
    text.push_str("---\n\n");
    // Most pages are short and a few are very long: the sizes of real ones double from one tenth to the next.
    let n_sections = [1, 1, 2, 2, 3, 4, 5, 7, 11, 26][numbers.below(10)];
    for section in 0..n_sections {
        let level = if section > 0 && numbers.below(3) == 0 { "###" } else { "##" };
        let _ = writeln!(text, "{level} {} the {}\n", capital(numbers.of(VERBS)), numbers.of(NAMES));
        for _ in 0..1 + numbers.below(4) {
            block(numbers, &mut text, n, n_pages);
        }
    }
    text
}

fn block(numbers: &mut Numbers, text: &mut String, n: usize, n_pages: usize) {
    match numbers.below(40) {
        0..=21 => {
            for _ in 0..2 + numbers.below(4) {
                let sentence = sentence(numbers);
                match numbers.below(9) {
                    0 => text.push_str(&link(numbers, n, n_pages)),
                    1 => {
                        let (first, rest) = sentence.split_once(' ').unwrap_or((&sentence, ""));
                        let _ = write!(text, "**{first}** {rest}");
                    }
                    2 => {
                        let _ = write!(text, "`{}` {sentence}", numbers.of(NAMES));
                    }
                    _ => text.push_str(&sentence),
                }
                text.push_str(if numbers.below(3) == 0 { "\n" } else { " " });
            }
            text.push_str("\n\n");
        }
        22..=33 => {
            let is_ordered = numbers.below(4) == 0;
            for item in 0..3 + numbers.below(6) {
                let mark = if is_ordered { format!("{}.", item + 1) } else { "-".to_string() };
                let words = if numbers.below(3) == 0 { link(numbers, n, n_pages) } else { sentence(numbers) };
                let _ = writeln!(text, "{mark} {words}");
                if !is_ordered && numbers.below(5) == 0 {
                    let _ = writeln!(text, "  - {}", sentence(numbers));
                }
            }
            text.push('\n');
        }
        34..=36 => {
            text.push_str("| What | Who | When |\n|---|---|--:|\n");
            for _ in 0..3 + numbers.below(8) {
                let words = [numbers.of(OBJECTS), numbers.of(SUBJECTS)];
                let _ = writeln!(text, "| {} | {} | {} days |", words[0], words[1], numbers.below(30));
            }
            text.push('\n');
        }
        37 => {
            let _ = writeln!(text, "> [!NOTE]\n> {}\n", sentence(numbers));
        }
        _ => {
            let (lang, code) = CODE[numbers.below(CODE.len())];
            // No two pieces of code are quite the same.
            let _ = writeln!(text, "```{lang}\n{code}{code}# {n} {}\n```\n", numbers.below(1000));
        }
    }
}

fn sentence(numbers: &mut Numbers) -> String {
    let words = [numbers.of(SUBJECTS), numbers.of(VERBS), numbers.of(OBJECTS), numbers.of(ENDS)];
    format!("{} {} {} {}.", capital(words[0]), words[1], words[2], words[3])
}

/// A sentence with a link: mostly to a page near by, often written as an absolute path, now and then to elsewhere.
fn link(numbers: &mut Numbers, n: usize, n_pages: usize) -> String {
    let near = (n / 24 * 24 + numbers.below(24)).min(n_pages - 1);
    let to = if numbers.below(3) == 0 { numbers.below(n_pages) } else { near };
    let target = match numbers.below(10) {
        0 => format!("https://example.net/{}/{}", numbers.of(NAMES), numbers.below(100)),
        // A file of the same folder, as people write it who see the files.
        1..=2 if to / 24 == n / 24 => path(to).rsplit('/').next().unwrap_or_default().to_string(),
        _ => url(to),
    };
    format!("See [{} {}]({target}) first.", numbers.of(NAMES), numbers.of(NAMES))
}

fn capital(words: &str) -> String {
    words[..1].to_uppercase() + &words[1..]
}

/// Writes the handbook into a folder, and says how many bytes its pages have. What this very maker has written there
/// before is not written again.
pub fn handbook(folder: &Path, n_pages: usize) -> std::io::Result<u64> {
    let mark = folder.join("complete");
    let content = folder.join("content");
    let maker = format!("{n_pages} pages by {:x}", sum(include_str!("mod.rs")));
    let complete = fs::read_to_string(&mark).unwrap_or_default();
    if let Some(n_bytes) = complete.strip_prefix(&maker).and_then(|n_bytes| n_bytes.trim().parse().ok()) {
        return Ok(n_bytes);
    }
    if mark.exists() {
        fs::remove_file(&mark)?;
        fs::remove_dir_all(&content)?;
    }
    let mut n_bytes = 0;
    for n in 0..n_pages {
        let file = content.join(path(n));
        if n % 24 == 0 {
            fs::create_dir_all(file.parent().unwrap_or(folder))?;
        }
        let text = page(n, n_pages);
        n_bytes += text.len() as u64;
        fs::write(file, text)?;
    }
    fs::write(folder.join("site.toml"), "title = \"A made handbook\"\nbase_url = \"https://example.org/\"\n")?;
    fs::write(mark, format!("{maker} {n_bytes}"))?;
    Ok(n_bytes)
}

/// A number for a text (FNV-1a).
fn sum(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3))
}
