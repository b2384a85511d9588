//! What was answered before, as text: a line for each answer, with a sum that shows whether it is as it was written. A line
//! that is not counts as none, and so does the rest of a file that was cut off.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use xxhash_rust::xxh3::xxh3_64;

use crate::web::address::Address;
use crate::web::answer::{Answer, Question, Verdict};

/// How the text begins. Another version has another number.
const HEAD: &str = "handbook answers 1";

/// For how long answers count. What could not be reached is asked again each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ages {
    /// That something is there.
    pub fine: Duration,
    /// That something is gone.
    pub gone: Duration,
}

/// Answers with the time at which they were given, in seconds of the world's time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    answers: BTreeMap<Address, (u64, Answer)>,
}

impl Memory {
    /// Reads what [`Memory::text`] wrote. What is no line of it is left out.
    pub fn read(text: &str) -> Memory {
        let mut lines = text.lines();
        if lines.next() != Some(HEAD) {
            return Memory::default();
        }
        let answers = lines.filter_map(|line| {
            let (sum, line) = line.split_once(' ')?;
            let is_whole = sum == sum_of(line);
            is_whole.then(|| entry(&serde_json::from_str(line).ok()?)).flatten()
        });
        Memory { answers: answers.collect() }
    }

    /// As it is written, without what is too old at this time.
    pub fn text(&self, ages: Ages, now: u64) -> String {
        let mut text = format!("{HEAD}\n");
        for (address, (time, answer)) in self.answers.iter().filter(|(_, kept)| is_fresh(kept, ages, now)) {
            let (kind, why) = match &answer.verdict {
                Verdict::Fine => ("fine", ""),
                Verdict::Gone(why) => ("gone", why.as_str()),
                Verdict::NoHost => ("no-host", ""),
                Verdict::Unreachable(_) | Verdict::Local => continue,
            };
            let line = json!([address.to_string(), time, kind, why, answer.moved_to, answer.ids]).to_string();
            text.push_str(&format!("{} {line}\n", sum_of(&line)));
        }
        text
    }

    /// What is known about a question at this time, if that is all that it asks.
    pub fn answer(&self, question: &Question, ages: Ages, now: u64) -> Option<&Answer> {
        let kept = self.answers.get(&question.address).filter(|kept| is_fresh(kept, ages, now))?;
        let answer = &kept.1;
        let knows_all = answer.verdict != Verdict::Fine || question.ids.iter().all(|id| answer.ids.contains_key(id));
        knows_all.then_some(answer)
    }

    /// Remembers an answer that was given at this time.
    pub fn learn(&mut self, address: Address, mut answer: Answer, now: u64) {
        // A page that was read for other ids still has those.
        if let Some((_, before)) = self.answers.get(&address) {
            before.ids.iter().for_each(|(id, is_there)| {
                answer.ids.entry(id.clone()).or_insert(*is_there);
            });
        }
        self.answers.insert(address, (now, answer));
    }
}

/// Whether an answer still counts. One from the future was given by a wrong clock.
fn is_fresh((time, answer): &(u64, Answer), ages: Ages, now: u64) -> bool {
    let most = match answer.verdict {
        Verdict::Fine => ages.fine,
        Verdict::Gone(_) | Verdict::NoHost => ages.gone,
        Verdict::Unreachable(_) | Verdict::Local => return false,
    };
    now.checked_sub(*time).is_some_and(|age| age < most.as_secs())
}

fn sum_of(line: &str) -> String {
    format!("{:016x}", xxh3_64(line.as_bytes()))
}

fn entry(value: &Value) -> Option<(Address, (u64, Answer))> {
    let [address, time, kind, why, moved_to, ids] = value.as_array()?.as_slice() else { return None };
    let (address, _) = Address::parse(address.as_str()?)?;
    let verdict = match kind.as_str()? {
        "fine" => Verdict::Fine,
        "gone" => Verdict::Gone(why.as_str()?.to_string()),
        "no-host" => Verdict::NoHost,
        _ => return None,
    };
    let ids = ids.as_object()?.iter().filter_map(|(id, is_there)| Some((id.clone(), is_there.as_bool()?))).collect();
    let moved_to = moved_to.as_str().map(str::to_string);
    Some((address, (time.as_u64()?, Answer { verdict, moved_to, ids })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGES: Ages = Ages { fine: Duration::from_secs(100), gone: Duration::from_secs(10) };

    fn question(link: &str, ids: &[&str]) -> Question {
        let ids = ids.iter().map(|id| id.to_string()).collect();
        Question { address: Address::parse(link).unwrap().0, ids }
    }

    fn memory() -> Memory {
        let mut memory = Memory::default();
        let address = |link: &str| Address::parse(link).unwrap().0;
        let ids = BTreeMap::from([("a".to_string(), true), ("b".to_string(), false)]);
        let fine = Answer { verdict: Verdict::Fine, moved_to: Some("https://a.example/new".into()), ids };
        memory.learn(address("https://a.example/"), fine, 1000);
        memory.learn(address("https://b.example/"), Answer::of(Verdict::Gone("it answers \"404\"".into())), 1000);
        memory.learn(address("https://c.example/"), Answer::of(Verdict::NoHost), 1000);
        memory.learn(address("https://d.example/"), Answer::of(Verdict::Unreachable("slow".into())), 1000);
        memory
    }

    #[test]
    fn what_is_written_is_read_but_for_what_was_not_reached() {
        let read = Memory::read(&memory().text(AGES, 1005));
        let known = |link: &str| read.answer(&question(link, &[]), AGES, 1005).cloned();
        let mut expected = memory();
        expected.answers.retain(|address, _| address.host != "d.example");
        assert_eq!(read, expected);
        assert_eq!(known("https://d.example/"), None);
    }

    #[test]
    fn answers_grow_old_each_in_its_time() {
        let memory = memory();
        let known = |link: &str, now| memory.answer(&question(link, &[]), AGES, now).is_some();
        assert!(known("https://a.example/", 1099) && known("https://b.example/", 1009));
        assert!(!known("https://a.example/", 1100) && !known("https://b.example/", 1010));
        assert!(!known("https://a.example/", 999), "from a clock that went wrong");
        assert_eq!(Memory::read(&memory.text(AGES, 1050)).answers.len(), 1);
    }

    #[test]
    fn an_id_that_nobody_asked_for_yet_is_not_known() {
        let mut memory = memory();
        let knows =
            |memory: &Memory, ids: &[&str]| memory.answer(&question("https://a.example/", ids), AGES, 1001).is_some();
        assert!(knows(&memory, &["a", "b"]));
        assert!(!knows(&memory, &["a", "c"]));
        let answer = Answer { ids: BTreeMap::from([("c".to_string(), true)]), ..Answer::of(Verdict::Fine) };
        memory.learn(question("https://a.example/", &[]).address, answer, 1001);
        assert!(knows(&memory, &["a", "b", "c"]));
    }

    #[test]
    fn a_line_that_was_damaged_is_left_out_and_the_others_are_read() {
        let text = memory().text(AGES, 1001);
        let damaged = text.replacen("a.example/\"", "x.example/\"", 1);
        assert_ne!(damaged, text);
        assert_eq!(Memory::read(&damaged).answers.len(), 2);
        for end in 0..text.len() {
            let n_lines = text[..end].matches('\n').count() + usize::from(text[end..].starts_with('\n'));
            assert_eq!(Memory::read(&text[..end]).answers.len(), n_lines.saturating_sub(1), "{:?}", &text[..end]);
        }
        for strange in ["", "x", "handbook answers 2\n", "handbook answers 1\n\n \n0 []\n"] {
            assert_eq!(Memory::read(strange), Memory::default());
        }
        let line = "[1,2,3]";
        assert_eq!(Memory::read(&format!("{HEAD}\n{} {line}\n", sum_of(line))), Memory::default());
    }
}
