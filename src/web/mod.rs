//! Other sites: asks them whether what a link leads to is there. Knows nothing of the handbook whose links they are.
//!
//! ```text
//! questions ──► Round ──► Call ──► client ──► Reply ──► judge ──► answer, or another call
//!               who is asked when                       what that means
//! ```
//!
//! [`ask`] runs this on threads. The rest is data and functions that know neither clock nor network.

pub mod address;
pub mod answer;
mod client;
mod judge;
mod local;
pub mod memory;
mod round;

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Sender};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::web::address::Address;
use crate::web::answer::{Answer, Question};
use crate::web::round::{Next, Round};

pub use crate::web::client::Client;
pub use crate::web::local::{is_for_examples, is_local};

/// How others are asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manners {
    /// How long one call may take.
    pub timeout: Duration,
    /// How many calls there are at once, over all hosts.
    pub most_at_once: usize,
    /// The time from one call of a host to the next one.
    pub pause: Duration,
    /// How often a call is made again that failed in a way that may pass.
    pub retries: u32,
    /// The time before the first of these; before each further one it is twice as long.
    pub first_wait: Duration,
    /// Whether hosts of our own network may be asked.
    pub local: bool,
}

/// A call of another site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// What is asked for.
    pub address: Address,
    /// Whether the page itself is wanted, and not only its head.
    pub get: bool,
    /// Whether its ids are to be read.
    pub read: bool,
}

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// Where it sends us on, as it is written.
    pub location: Option<String>,
    /// When to come back.
    pub retry_after: Option<Duration>,
    /// The ids of the page, if it is HTML and was to be read.
    pub ids: Option<Vec<String>>,
}

/// Why nothing came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// The host's name is not known.
    NoHost,
    /// No answer in time.
    TimedOut,
    /// The certificate, or another part of what makes it safe, is wrong. In words.
    Unsafe(String),
    /// The host is one of our own network.
    Local,
    /// Anything else, in words.
    Broken(String),
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// How many questions have their answer.
    pub n_done: usize,
    /// Of how many.
    pub n_all: usize,
}

/// Who makes calls: [`Client::call`], or a test.
pub type Caller<'a> = dyn Fn(&Call) -> Result<Reply, Failure> + Sync + 'a;

/// Asks all questions, and hands out each answer as it comes, to the thread that called this. `tick` is called at least
/// every 300 ms, so that somebody can be told how far it is.
pub fn ask(
    questions: Vec<Question>,
    manners: &Manners,
    caller: &Caller<'_>,
    answered: &mut dyn FnMut(&Address, Answer),
    tick: &mut dyn FnMut(Progress),
) {
    let n_all = questions.len();
    let n_threads = manners.most_at_once.clamp(1, n_all.max(1));
    let desk =
        Desk { round: Mutex::new(Round::new(questions, manners)), changed: Condvar::new(), start: Instant::now() };
    std::thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        for _ in 0..n_threads {
            let (desk, sender) = (&desk, sender.clone());
            scope.spawn(move || work(desk, caller, sender));
        }
        drop(sender);
        let mut n_done = 0;
        loop {
            match receiver.recv_timeout(Duration::from_millis(300)) {
                Ok((address, answer)) => {
                    n_done += 1;
                    answered(&address, answer);
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {}
                // All threads have ended.
                Err(mpsc::RecvTimeoutError::Disconnected) => break,
            }
            tick(Progress { n_done, n_all });
        }
    });
}

/// What the threads share.
struct Desk<'a> {
    round: Mutex<Round<'a>>,
    changed: Condvar,
    start: Instant,
}

impl<'a> Desk<'a> {
    /// A thread that panicked leaves the round as it was between two of its steps.
    fn round(&self) -> MutexGuard<'_, Round<'a>> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes calls until there are none left.
fn work(desk: &Desk<'_>, caller: &Caller<'_>, answers: Sender<(Address, Answer)>) {
    let mut round = desk.round();
    loop {
        let now = desk.start.elapsed();
        match round.next(now) {
            Next::Call(job) => {
                drop(round);
                let reply = caller(&job.call());
                round = desk.round();
                for answer in round.settle(job, reply, desk.start.elapsed()) {
                    // The receiver is there until all threads have ended.
                    let _ = answers.send(answer);
                }
                desk.changed.notify_all();
            }
            Next::At(time) => {
                let waited = desk.changed.wait_timeout(round, time.saturating_sub(now));
                round = waited.unwrap_or_else(PoisonError::into_inner).0;
            }
            Next::Others => round = desk.changed.wait(round).unwrap_or_else(PoisonError::into_inner),
            Next::Done => return desk.changed.notify_all(),
        }
    }
}

/// The time of the world, in seconds.
pub fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs())
}

/// Answers by what they are about.
pub type Answers = BTreeMap<Address, Answer>;
