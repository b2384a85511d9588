//! What a reply means: the answer, or another call.

use std::sync::Arc;
use std::time::Duration;

use crate::web::address::Address;
use crate::web::answer::{Answer, Question, Verdict};
use crate::web::{Call, Failure, Manners, Reply};

/// No browser follows many more redirects.
const MOST_HOPS: usize = 10;
/// Who asks us to wait for longer than this is left alone.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// GitHub and others write this before the ids of what people wrote, and find them without it.
const PREFIX: &str = "user-content-";

/// A question on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The question.
    pub question: Arc<Question>,
    /// Where its redirects have led to.
    pub at: Address,
    /// The redirects: where each led, and whether for good.
    pub hops: Vec<(Address, bool)>,
    /// Whether the head was not enough.
    pub get: bool,
    /// How often it failed at this address in a way that may pass.
    pub n_failed: u32,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Done(Answer),
    /// Nothing, and the host is not to be asked anything else.
    Leave(Answer),
    /// Another call, not before this time has passed. With `true`, the host gets no other call before.
    Again(Job, Duration, bool),
}

impl Job {
    /// A question that nobody has been asked.
    pub fn new(question: Question) -> Job {
        let at = question.address.clone();
        Job { question: Arc::new(question), at, hops: Vec::new(), get: false, n_failed: 0 }
    }

    /// What is asked next.
    pub fn call(&self) -> Call {
        let read = !self.question.ids.is_empty();
        Call { address: self.at.clone(), get: self.get || read, read }
    }

    /// The address up to which all redirects are for good.
    fn moved_to(&self) -> Option<String> {
        let lasting = self.hops.iter().take_while(|(_, is_lasting)| *is_lasting);
        lasting.last().map(|(address, _)| address.to_string())
    }
}

/// What a reply means for the question.
pub fn judge(job: Job, reply: Result<Reply, Failure>, manners: &Manners) -> Step {
    let reply = match reply {
        Ok(reply) => reply,
        Err(Failure::Local) => return Step::Done(Answer::of(Verdict::Local)),
        Err(Failure::NoHost) => return Step::Leave(Answer::of(Verdict::NoHost)),
        Err(Failure::Unsafe(why)) => {
            return Step::Leave(unreachable(format!("its certificate is not trusted ({why})")));
        }
        Err(Failure::TimedOut) => {
            return again(
                job,
                format!("it gave no answer within {} s", manners.timeout.as_secs()),
                None,
                true,
                manners,
            );
        }
        Err(Failure::Broken(why)) => return again(job, why, None, true, manners),
    };
    let says = || format!("it answers {}", status(reply.status));
    match reply.status {
        200..=299 | 300 | 304 => Step::Done(fine(&job, &reply)),
        301..=303 | 307 | 308 => hop(job, &reply),
        // Many servers know no `HEAD`, and say so in many ways.
        status if !job.call().get => {
            let wait = reply.retry_after.unwrap_or_default();
            match wait > LONGEST_WAIT {
                true => Step::Leave(unreachable(busy(status, wait))),
                false => Step::Again(Job { get: true, ..job }, wait, !wait.is_zero()),
            }
        }
        404 | 410 => Step::Done(Answer::of(Verdict::Gone(says()))),
        408 | 425 | 429 | 500..=599 => again(job, says(), reply.retry_after, reply.retry_after.is_some(), manners),
        _ => Step::Done(unreachable(says())),
    }
}

fn unreachable(why: String) -> Answer {
    Answer::of(Verdict::Unreachable(why))
}

fn busy(code: u16, wait: Duration) -> String {
    format!("it answers {} and asks to come back in {} s", status(code), wait.as_secs())
}

fn fine(job: &Job, reply: &Reply) -> Answer {
    let has = |ids: &[String], wanted: &str| {
        ids.iter().any(|id| id == wanted || id.strip_prefix(PREFIX).is_some_and(|id| id == wanted))
    };
    let ids = reply.ids.iter().flat_map(|ids| job.question.ids.iter().map(|id| (id.clone(), has(ids, id))));
    Answer { verdict: Verdict::Fine, moved_to: job.moved_to(), ids: ids.collect() }
}

fn hop(mut job: Job, reply: &Reply) -> Step {
    let Some(to) = reply.location.as_deref().and_then(|location| job.at.join(location)) else {
        let where_to = reply.location.as_deref().map_or("nowhere".to_string(), |location| format!("to `{location}`"));
        return Step::Done(unreachable(format!("it sends its readers on {where_to}")));
    };
    let was_there = to == job.question.address || job.hops.iter().any(|(address, _)| *address == to);
    // To some, a visitor without cookies is a newcomer each time.
    if was_there || job.hops.len() == MOST_HOPS {
        return Step::Done(unreachable("it sends its readers in a circle".to_string()));
    }
    job.hops.push((to.clone(), matches!(reply.status, 301 | 308)));
    Step::Again(Job { at: to, get: false, n_failed: 0, ..job }, Duration::ZERO, false)
}

/// The same call again after a while, as long as there is hope.
fn again(job: Job, why: String, retry_after: Option<Duration>, for_host: bool, manners: &Manners) -> Step {
    let own = manners.first_wait.saturating_mul(1 << job.n_failed.min(16));
    let wait = retry_after.map_or(own, |theirs| theirs.max(own));
    if retry_after.is_some() && wait > LONGEST_WAIT {
        return Step::Leave(unreachable(format!("{why} and asks to come back in {} s", wait.as_secs())));
    }
    if job.n_failed >= manners.retries {
        return Step::Done(unreachable(why));
    }
    // A connection that broke off may have done so because of the `HEAD`.
    Step::Again(Job { n_failed: job.n_failed + 1, get: true, ..job }, wait, for_host)
}

/// A status with its name.
fn status(code: u16) -> String {
    let name = match code {
        400 => "bad request",
        401 => "sign-in wanted",
        402 => "payment wanted",
        403 => "forbidden",
        404 => "not found",
        405 => "not allowed",
        410 => "gone",
        429 => "too many requests",
        451 => "not available for legal reasons",
        500 => "server error",
        502 => "bad gateway",
        503 => "not available",
        504 => "gateway gave no answer",
        _ => return code.to_string(),
    };
    format!("{code} ({name})")
}
