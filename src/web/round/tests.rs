//! Rounds in a made-up time: each case says what hosts answer, and sees when they are asked what.

use std::collections::BTreeSet;

use super::*;
use crate::web::Call;

const MS: fn(u64) -> Duration = Duration::from_millis;

fn manners() -> Manners {
    Manners {
        timeout: Duration::from_secs(20),
        most_at_once: 16,
        pause: MS(250),
        retries: 2,
        first_wait: MS(1000),
        local: true,
    }
}

fn question(link: &str) -> Question {
    let (address, fragment) = Address::parse(link).unwrap();
    Question { address, ids: fragment.into_iter().collect() }
}

fn status(status: u16) -> Result<Reply, Failure> {
    Ok(Reply { status, ..Reply::default() })
}

fn sent(status: u16, location: &str) -> Result<Reply, Failure> {
    Ok(Reply { status, location: Some(location.to_string()), ..Reply::default() })
}

fn later(status: u16, seconds: u64) -> Result<Reply, Failure> {
    Ok(Reply { status, retry_after: Some(Duration::from_secs(seconds)), ..Reply::default() })
}

/// What happened in a round in which every call takes 10 ms: the calls, each with its time, and the answers.
struct Happened {
    calls: Vec<String>,
    answers: BTreeMap<String, Answer>,
}

impl Happened {
    fn verdict(&self, link: &str) -> String {
        match &self.answers[link].verdict {
            Verdict::Fine => "fine".to_string(),
            Verdict::Gone(why) => format!("gone: {why}"),
            Verdict::NoHost => "no host".to_string(),
            Verdict::Unreachable(why) => format!("unreachable: {why}"),
            Verdict::Local => "local".to_string(),
        }
    }
}

fn run(links: &[&str], manners: &Manners, mut reply: impl FnMut(&Call, usize) -> Result<Reply, Failure>) -> Happened {
    let mut round = Round::new(links.iter().map(|link| question(link)).collect(), manners);
    let (mut now, mut calls, mut answers) = (Duration::ZERO, Vec::new(), BTreeMap::new());
    let mut running: BTreeMap<(Duration, usize), Job> = BTreeMap::new();
    let mut asked: HashMap<String, usize> = HashMap::new();
    loop {
        let back = running.keys().next().map(|key| key.0);
        let until = match round.next(now) {
            Next::Call(job) => {
                let call = job.call();
                let method = if call.get { "GET" } else { "HEAD" };
                calls.push(format!("{} {method} {}", now.as_millis(), call.address));
                assert!(running.values().filter(|other| other.at.host == job.at.host).count() < MOST_PER_HOST as usize);
                running.insert((now + MS(10), calls.len()), job);
                continue;
            }
            Next::At(time) => back.map_or(time, |back| back.min(time)),
            Next::Others => back.expect("somebody is waited for"),
            Next::Done => break,
        };
        assert!(until > now, "time goes on");
        now = until;
        while let Some(entry) = running.first_entry().filter(|entry| entry.key().0 <= now) {
            let job = entry.remove();
            let n = asked.entry(job.call().address.to_string()).or_default();
            *n += 1;
            let reply = reply(&job.call(), *n);
            answers.extend(
                round.settle(job, reply, now).into_iter().map(|(address, answer)| (address.to_string(), answer)),
            );
        }
    }
    Happened { calls, answers }
}

#[test]
fn a_host_is_asked_at_its_pace_and_others_meanwhile() {
    let links = ["https://a.de/1", "https://a.de/2", "https://a.de/3", "https://b.de/1"];
    let happened = run(&links, &manners(), |_, _| status(200));
    let expected =
        ["0 HEAD https://a.de/1", "0 HEAD https://b.de/1", "250 HEAD https://a.de/2", "500 HEAD https://a.de/3"];
    assert_eq!(happened.calls, expected);
    assert_eq!(happened.verdict("https://a.de/3"), "fine");
}

#[test]
fn what_a_head_cannot_tell_a_get_does() {
    let happened = run(&["https://a.de/"], &manners(), |call, _| status(if call.get { 200 } else { 404 }));
    assert_eq!(happened.calls, ["0 HEAD https://a.de/", "250 GET https://a.de/"]);
    assert_eq!(happened.verdict("https://a.de/"), "fine");
    let happened = run(&["https://a.de/"], &manners(), |_, _| status(410));
    assert_eq!(happened.verdict("https://a.de/"), "gone: it answers 410 (gone)");
    assert_eq!(happened.calls.len(), 2);
}

#[test]
fn whoever_lets_nobody_in_is_not_dead() {
    for (code, verdict) in [
        (401, "unreachable: it answers 401 (sign-in wanted)"),
        (403, "unreachable: it answers 403 (forbidden)"),
        (999, "unreachable: it answers 999"),
    ] {
        assert_eq!(run(&["https://a.de/"], &manners(), |_, _| status(code)).verdict("https://a.de/"), verdict);
    }
}

#[test]
fn what_may_pass_is_tried_again_after_longer_and_longer_times() {
    let happened = run(&["https://a.de/"], &manners(), |_, _| status(502));
    let expected =
        ["0 HEAD https://a.de/", "250 GET https://a.de/", "1260 GET https://a.de/", "3270 GET https://a.de/"];
    assert_eq!(happened.calls, expected);
    assert_eq!(happened.verdict("https://a.de/"), "unreachable: it answers 502 (bad gateway)");
    let happened = run(&["https://a.de/"], &manners(), |_, n| if n < 3 { Err(Failure::TimedOut) } else { status(200) });
    assert_eq!(happened.verdict("https://a.de/"), "fine");
}

#[test]
fn who_asks_for_a_pause_gets_it_for_all_links() {
    let links = ["https://a.de/1", "https://a.de/2"];
    let happened = run(&links, &manners(), |call, n| match (call.address.target.as_str(), n) {
        ("/1", 1) => later(429, 7),
        _ => status(200),
    });
    let expected = ["0 HEAD https://a.de/1", "7010 HEAD https://a.de/2", "7260 GET https://a.de/1"];
    assert_eq!(happened.calls, expected);
}

#[test]
fn who_asks_for_a_long_pause_is_left_alone() {
    let links = ["https://a.de/1", "https://a.de/2"];
    let happened = run(&links, &manners(), |_, _| later(429, 3600));
    assert_eq!(happened.calls, ["0 HEAD https://a.de/1"]);
    let verdict = "unreachable: it answers 429 (too many requests) and asks to come back in 3600 s";
    assert!(links.iter().all(|link| happened.verdict(link) == verdict));
}

#[test]
fn a_host_that_says_nothing_is_not_asked_for_all_of_its_pages() {
    let links: Vec<String> = (0..50).map(|n| format!("https://a.de/{n}")).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let happened = run(&links, &manners(), |_, _| Err(Failure::TimedOut));
    assert_eq!(happened.answers.len(), 50);
    assert!(happened.calls.len() < 10, "{}", happened.calls.len());
    assert_eq!(happened.verdict("https://a.de/49"), "unreachable: it gave no answer within 20 s");
    let happened = run(&links, &manners(), |_, _| Err(Failure::NoHost));
    assert_eq!((happened.calls.len(), happened.verdict("https://a.de/49").as_str()), (1, "no host"));
}

#[test]
fn redirects_are_followed_and_those_for_good_are_remembered() {
    let happened = run(&["http://a.de/"], &manners(), |call, _| match call.address.to_string().as_str() {
        "http://a.de/" => sent(301, "https://a.de/"),
        "https://a.de/" => sent(308, "/new"),
        "https://a.de/new" => sent(302, "/new/tuesday"),
        _ => status(200),
    });
    assert_eq!(happened.answers["http://a.de/"].verdict, Verdict::Fine);
    assert_eq!(happened.answers["http://a.de/"].moved_to.as_deref(), Some("https://a.de/new"));
    let happened = run(&["http://a.de/"], &manners(), |call, _| match call.address.is_safe {
        false => sent(302, "https://a.de/"),
        true => status(404),
    });
    assert_eq!(happened.verdict("http://a.de/"), "gone: it answers 404 (not found)");
}

#[test]
fn redirects_without_an_end_have_one() {
    let happened = run(&["https://a.de/"], &manners(), |_, n| sent(302, &format!("/{n}")));
    assert_eq!(happened.verdict("https://a.de/"), "unreachable: it sends its readers in a circle");
    let endless = |call: &Call, _| sent(301, &format!("{}x", call.address.target));
    let happened = run(&["https://a.de/"], &manners(), endless);
    assert_eq!(
        (happened.calls.len(), happened.verdict("https://a.de/").as_str()),
        (11, "unreachable: it sends its readers in a circle")
    );
    let happened = run(&["https://a.de/"], &manners(), |_, _| sent(302, "mailto:a@a.de"));
    assert_eq!(happened.verdict("https://a.de/"), "unreachable: it sends its readers on to `mailto:a@a.de`");
}

#[test]
fn ids_are_looked_for_with_and_without_what_sites_put_before_them() {
    let ids = vec!["user-content-setup".to_string(), "other".to_string()];
    let links = ["https://a.de/#setup", "https://b.de/#gone"];
    let happened = run(&links, &manners(), |call, _| {
        assert!(call.get && call.read);
        Ok(Reply { status: 200, ids: Some(ids.clone()), ..Reply::default() })
    });
    assert_eq!(happened.answers["https://a.de/"].ids, BTreeMap::from([("setup".to_string(), true)]));
    assert_eq!(happened.answers["https://b.de/"].ids, BTreeMap::from([("gone".to_string(), false)]));
}

#[test]
fn every_question_gets_one_answer_whatever_happens() {
    let links: Vec<String> = (0..200).map(|n| format!("https://{}.de/{n}", n % 7)).collect();
    let links: Vec<&str> = links.iter().map(String::as_str).collect();
    let mut state = 1_u64;
    let happened = run(&links, &manners(), |_, _| {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        match (state >> 33) % 9 {
            0 => Err(Failure::TimedOut),
            1 => Err(Failure::Broken("it broke off the connection".into())),
            2 => sent(301, &format!("https://{}.de/{}", state % 7, state % 300)),
            3 => later(503, 2),
            4 => status(404),
            5 => status(405),
            _ => status(200),
        }
    });
    let asked: BTreeSet<&str> = links.into_iter().collect();
    assert_eq!(happened.answers.keys().map(String::as_str).collect::<BTreeSet<_>>(), asked);
}
