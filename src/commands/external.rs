//! `handbook check --external`: asks other sites about the links to them, as far as the answer is not known from before.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::cache::AnswerStore;
use crate::check::external::{self, Links};
use crate::cli::Check;
use crate::commands::Console;
use crate::commands::report::{count, thousands};
use crate::diagnostic::Diagnostic;
use crate::project::external::ExternalConfig;
use crate::site::Site;
use crate::web::answer::{Answer, Question, Verdict};
use crate::web::memory::{Ages, Memory};
use crate::web::{self, Answers, Client, Manners};

/// Answers are kept this often, so that a check that is broken off goes on where it was.
const SAVED_EVERY: Duration = Duration::from_secs(10);

/// What is known of other sites in this run.
#[derive(Debug, Default)]
pub struct Known {
    answers: Answers,
}

/// What is wrong with links to other sites; nothing unless that was asked for. What `known` holds is not asked again.
pub fn problems(
    site: &Site,
    known: &mut Known,
    arguments: &Check,
    shown: bool,
    console: &mut Console<'_>,
) -> anyhow::Result<Vec<Diagnostic>> {
    if !arguments.external {
        return Ok(Vec::new());
    }
    let links = external::links(site);
    let config = &site.project.config.check.external;
    let store = AnswerStore::of(&site.project.folders.root);
    let mut memory =
        store.as_ref().filter(|_| !arguments.fresh).map_or_else(Memory::default, |store| Memory::read(&store.load()));
    let (mut open, mut n_remembered) = (Vec::new(), 0);
    for question in external::questions(&links) {
        match memory.answer(&question, ages(config), web::seconds_now()) {
            _ if known.answers.contains_key(&question.address) => {}
            Some(answer) => {
                n_remembered += 1;
                known.answers.insert(question.address, answer.clone());
            }
            None => open.push(question),
        }
    }
    let n_open = open.len();
    if !arguments.offline && n_open > 0 {
        known.answers.extend(asked(open, config, &mut memory, store.as_ref(), shown, console)?);
    }
    if !arguments.quiet && n_open + n_remembered > 0 {
        writeln!(console.err, "{}", told(&links, arguments.offline, n_open, n_remembered))?;
    }
    Ok(external::problems(site, &links, &known.answers))
}

/// Asks, and keeps what is answered.
fn asked(
    questions: Vec<Question>,
    config: &ExternalConfig,
    memory: &mut Memory,
    store: Option<&AnswerStore>,
    shown: bool,
    console: &mut Console<'_>,
) -> anyhow::Result<Answers> {
    let manners = manners(config);
    let client = Client::new(&manners);
    let mut answers: Answers = BTreeMap::new();
    let mut failed = None;
    let mut saved = Instant::now();
    let save = |memory: &Memory| {
        if let Some(store) = store {
            store.save(&memory.text(ages(config), web::seconds_now()));
        }
    };
    web::ask(
        questions,
        &manners,
        &|call| client.call(call),
        &mut |address, answer| {
            // Whether nobody knows a host or there is no network shows at the end.
            if answer.verdict != Verdict::NoHost {
                memory.learn(address.clone(), answer.clone(), web::seconds_now());
            }
            answers.insert(address.clone(), answer);
            if saved.elapsed() > SAVED_EVERY {
                save(memory);
                saved = Instant::now();
            }
        },
        &mut |progress| {
            if shown {
                let (n_done, n_all) = (thousands(progress.n_done), thousands(progress.n_all));
                let told = write!(console.err, "\r{n_done} of {n_all} links to other sites checked")
                    .and_then(|()| console.err.flush());
                failed = failed.take().or(told.err());
            }
        },
    );
    if shown {
        write!(console.err, "\r\x1b[K")?;
    }
    if let Some(error) = failed {
        return Err(error.into());
    }
    let reached = external::reached(&answers);
    for (address, answer) in &mut answers {
        match answer.verdict {
            Verdict::NoHost if reached => memory.learn(address.clone(), answer.clone(), web::seconds_now()),
            Verdict::NoHost => {
                let why = "its host was not found, nor was any other".to_string();
                *answer = Answer::of(Verdict::Unreachable(why));
            }
            _ => {}
        }
    }
    save(memory);
    Ok(answers)
}

/// What was done, for the reader's trust in the result.
fn told(links: &Links, offline: bool, n_open: usize, n_remembered: usize) -> String {
    let mut told = match (n_open, offline) {
        (0, _) => "Asked no other site".to_string(),
        (n, false) => format!("Asked other sites about {}", count(n, "link")),
        (n, true) => format!("Asked no other site about {}", count(n, "link")),
    };
    let others = [(n_remembered, "known from before"), (links.n_private, "to private hosts left out")];
    for (n, what) in others.into_iter().filter(|(n, _)| *n > 0) {
        told.push_str(&format!("; {} {what}", thousands(n)));
    }
    told
}

fn manners(config: &ExternalConfig) -> Manners {
    Manners {
        timeout: Duration::from_secs(config.timeout),
        most_at_once: config.at_once as usize,
        pause: Duration::from_secs(1) / config.per_second.max(1) as u32,
        retries: config.retries as u32,
        first_wait: Duration::from_millis(config.wait),
        local: config.local,
    }
}

fn ages(config: &ExternalConfig) -> Ages {
    let days = |n: u64| Duration::from_secs(n * 24 * 3600);
    Ages { fine: days(config.keep), gone: days(config.keep_gone) }
}
