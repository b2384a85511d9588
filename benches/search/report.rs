//! Which answers were right, as a table.

use crate::Found;
use crate::queries::Query;

const CLASSES: [(char, &str); 5] = [
    ('a', "(a) titles"),
    ('b', "(b) headings"),
    ('c', "(c) extracts"),
    ('d', "(d) typing errors"),
    ('e', "(e) questions"),
];

/// hit@1, hit@3 and the mean reciprocal rank of some answers.
#[derive(Default)]
struct Figures {
    n: usize,
    first: usize,
    third: usize,
    reciprocal: f64,
}

impl Figures {
    fn add(&mut self, rank: Option<usize>) {
        self.n += 1;
        let Some(rank) = rank else { return };
        self.first += usize::from(rank == 1);
        self.third += usize::from(rank <= 3);
        self.reciprocal += 1.0 / rank as f64;
    }

    fn cells(&self) -> String {
        let n = self.n as f64;
        format!("{:.3} · {:.3} · {:.3}", self.first as f64 / n, self.third as f64 / n, self.reciprocal / n)
    }
}

/// The rank of the first page that answers the query.
fn page_rank(query: &Query, answer: &[Found]) -> Option<usize> {
    let is_right = |found: &Found| query.right.iter().any(|(url, _)| *url == found.url);
    answer.iter().position(is_right).map(|at| at + 1)
}

/// The rank of the first page that answers it and shows the part that does.
fn part_rank(query: &Query, answer: &[Found]) -> Option<usize> {
    let is_right = |found: &Found| {
        query.right.iter().any(|(url, id)| *url == found.url && (id.is_empty() || found.parts.contains(id)))
    };
    answer.iter().position(is_right).map(|at| at + 1)
}

/// Prints hit@1, hit@3 and MRR by class.
pub fn table(queries: &[Query], ours: &[Vec<Found>], theirs: Option<&[Vec<Found>]>) {
    println!("\nhit@1 · hit@3 · MRR\n");
    println!("| class | n | handbook, page | Pagefind, page | handbook, part | Pagefind, part |");
    println!("|---|---|---|---|---|---|");
    for (class, name) in CLASSES {
        let figures = |answers: &[Vec<Found>], rank: fn(&Query, &[Found]) -> Option<usize>| {
            let mut figures = Figures::default();
            queries.iter().zip(answers).filter(|(query, _)| query.class == class).for_each(|(query, answer)| {
                figures.add(rank(query, answer));
            });
            figures
        };
        let n = queries.iter().filter(|query| query.class == class).count();
        if n == 0 {
            continue;
        }
        let cell = |rank| {
            let other = theirs.map_or_else(|| "–".to_string(), |theirs| figures(theirs, rank).cells());
            format!("{} | {other}", figures(ours, rank).cells())
        };
        println!("| {name} | {n} | {} | {} |", cell(page_rank), cell(part_rank));
    }
}

/// Prints what was not among the first three, with what was, and where Pagefind has it.
pub fn misses(queries: &[Query], ours: &[Vec<Found>], theirs: Option<&[Vec<Found>]>) {
    println!();
    for (at, query) in queries.iter().enumerate() {
        let rank = part_rank(query, &ours[at]);
        if rank.is_some_and(|rank| rank <= 3) {
            continue;
        }
        let says = |rank: Option<usize>| rank.map_or_else(|| "–".to_string(), |rank| rank.to_string());
        let other =
            theirs.map_or_else(String::new, |theirs| format!(", Pagefind {}", says(part_rank(query, &theirs[at]))));
        println!(
            "({}) {}: page {}, part {}{other}",
            query.class,
            query.text,
            says(page_rank(query, &ours[at])),
            says(rank)
        );
        query.right.iter().take(3).for_each(|(url, id)| println!("      right  {url}#{id}"));
        ours[at].iter().take(3).for_each(|found| println!("      found  {} {}", found.url, found.parts.join(" ")));
    }
}
