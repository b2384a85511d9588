//! Who is asked when: no host more often than it likes, and none for long that says nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use crate::web::address::Address;
use crate::web::answer::{Answer, Question, Verdict};
use crate::web::judge::{self, Job, Step};
use crate::web::{Failure, Manners, Reply};

/// One host has no more calls than this at a time.
const MOST_PER_HOST: u32 = 4;

/// All questions on their way. Times are those since the beginning.
pub struct Round<'a> {
    manners: &'a Manners,
    hosts: Vec<Host>,
    by_name: HashMap<String, usize>,
    /// The hosts that may be called, by when. Each is in here once at most.
    ready: BTreeSet<(Duration, usize)>,
    n_running: u32,
    n_pushed: u64,
}

#[derive(Default)]
struct Host {
    /// What it is still to be asked, by when, in the order of asking.
    waiting: BTreeMap<(Duration, u64), Job>,
    n_running: u32,
    /// When the next call may be made.
    free_at: Duration,
    /// When it stands in the list of those that may be called.
    listed_at: Option<Duration>,
    n_silent: u32,
    /// What is said of all that it is not asked any more.
    left: Option<Verdict>,
}

/// What is to be done now.
#[derive(Debug, PartialEq, Eq)]
pub enum Next {
    /// Make the call of this job.
    Call(Job),
    /// Nothing before this time, unless a call comes back.
    At(Duration),
    /// Nothing before a call comes back.
    Others,
    /// Nothing any more.
    Done,
}

impl Round<'_> {
    /// All questions, and nobody has been asked.
    pub fn new(questions: Vec<Question>, manners: &Manners) -> Round<'_> {
        let (hosts, by_name, ready) = (Vec::new(), HashMap::new(), BTreeSet::new());
        let mut round = Round { manners, hosts, by_name, ready, n_running: 0, n_pushed: 0 };
        for question in questions {
            round.push(Job::new(question), Duration::ZERO);
        }
        round
    }

    /// What is to be done at this time.
    pub fn next(&mut self, now: Duration) -> Next {
        match self.ready.first() {
            Some(&(at, _)) if at > now => Next::At(at),
            Some(&(_, index)) => {
                let host = &mut self.hosts[index];
                let Some((_, job)) = host.waiting.pop_first() else { return Next::Others };
                host.n_running += 1;
                host.free_at = now + self.manners.pause;
                self.n_running += 1;
                self.list(index);
                Next::Call(job)
            }
            None if self.n_running > 0 => Next::Others,
            None => Next::Done,
        }
    }

    /// Takes what came back of a call, and gives the answers that are there now.
    pub fn settle(&mut self, mut job: Job, reply: Result<Reply, Failure>, now: Duration) -> Vec<(Address, Answer)> {
        let index = self.host(&job.at);
        let host = &mut self.hosts[index];
        self.n_running -= 1;
        host.n_running -= 1;
        let is_silent = matches!(reply, Err(Failure::TimedOut | Failure::Broken(_)));
        host.n_silent = if is_silent { host.n_silent + 1 } else { 0 };
        // All the calls at once may have met the same moment of weakness, and each that follows comes after a pause.
        let is_lost = host.n_silent >= MOST_PER_HOST + self.manners.retries;
        if is_lost {
            job.n_failed = u32::MAX;
        }
        let asked = job.question.address.clone();
        let step = judge::judge(job, reply, self.manners);
        let host = &mut self.hosts[index];
        let mut answers = Vec::new();
        match step {
            Step::Done(answer) => {
                if is_lost {
                    host.left.get_or_insert(answer.verdict.clone());
                }
                answers.push((asked, answer));
            }
            Step::Leave(answer) => {
                host.left.get_or_insert(answer.verdict.clone());
                answers.push((asked, answer));
            }
            Step::Again(job, wait, for_host) => {
                if for_host {
                    host.free_at = host.free_at.max(now + wait);
                }
                answers.extend(self.push(job, now + wait));
            }
        }
        let host = &mut self.hosts[index];
        if let Some(verdict) = host.left.clone() {
            let rest = std::mem::take(&mut host.waiting).into_values();
            answers.extend(rest.map(|job| (job.question.address.clone(), Answer::of(verdict.clone()))));
        }
        self.list(index);
        answers
    }

    /// Puts a job into the line of its host; gives its answer if that is not asked any more.
    fn push(&mut self, job: Job, at: Duration) -> Option<(Address, Answer)> {
        let index = self.host(&job.at);
        if let Some(verdict) = &self.hosts[index].left {
            return Some((job.question.address.clone(), Answer::of(verdict.clone())));
        }
        self.n_pushed += 1;
        self.hosts[index].waiting.insert((at, self.n_pushed), job);
        self.list(index);
        None
    }

    fn host(&mut self, address: &Address) -> usize {
        if let Some(index) = self.by_name.get(&address.host) {
            return *index;
        }
        self.hosts.push(Host::default());
        self.by_name.insert(address.host.clone(), self.hosts.len() - 1);
        self.hosts.len() - 1
    }

    /// Lists a host by when it may be called next, if it may.
    fn list(&mut self, index: usize) {
        let host = &mut self.hosts[index];
        if let Some(at) = host.listed_at.take() {
            self.ready.remove(&(at, index));
        }
        let first = host.waiting.keys().next().filter(|_| host.n_running < MOST_PER_HOST);
        if let Some(&(at, _)) = first {
            let at = at.max(host.free_at);
            host.listed_at = Some(at);
            self.ready.insert((at, index));
        }
    }
}

#[cfg(test)]
mod tests;
