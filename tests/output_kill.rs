//! Kills a publish at many moments: the folder must hold one whole site each time.
#![cfg(any(target_os = "linux", target_vendor = "apple"))]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use handbook::output::{Content, Output, OutputPath, publish};

/// Set for the process that is killed: the folder to publish into, over and over.
const DIR: &str = "HANDBOOK_TEST_KILL_DIR";
const READY: &str = "the child is publishing";
const N_KILLS: u64 = 60;

type Files = BTreeMap<String, String>;

/// Three sites of 200 files. Between the first two a single file differs; the third shares 60 files with them, has 80
/// others changed, and has 60 of its own where they have theirs.
fn sites() -> [Files; 3] {
    let site = |name: &str| {
        let same = (0..60).map(|n| (format!("same/{}/{n}.html", n % 9), "always".repeat(n)));
        let changed = (0..80).map(|n| (format!("changed/{}/{n}.html", n % 9), name.repeat(n * 20)));
        let own = (0..60).map(|n| (format!("only-{name}/{}/{n}.html", n % 9), "own".to_string()));
        same.chain(changed).chain(own).collect::<Files>()
    };
    let (a, b) = (site("a"), site("b"));
    let mut a2 = a.clone();
    a2.insert("same/7/7.html".into(), "sometimes".into());
    [a, a2, b]
}

fn outputs(site: &Files) -> Vec<Output> {
    let output = |(path, text): (&String, &String)| Output {
        path: OutputPath::new(path).unwrap(),
        content: Content::Bytes(text.clone().into_bytes()),
    };
    site.iter().map(output).collect()
}

/// Every file in `dir` but the list of them.
fn read(dir: &Path) -> Files {
    fn walk(dir: &Path, below: &str, files: &mut Files) {
        for entry in fs::read_dir(dir.join(below)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{below}{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                walk(dir, &format!("{path}/"), files);
            } else if path != ".handbook-files" {
                files.insert(path, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut files = Files::new();
    walk(dir, "", &mut files);
    files
}

/// Not a test of its own: the process that the other test kills.
#[test]
fn child() {
    let Ok(dir) = env::var(DIR) else { return };
    println!("{READY}");
    loop {
        for site in sites() {
            publish(Path::new(&dir), outputs(&site)).unwrap();
        }
    }
}

#[test]
fn killing_a_publish_leaves_the_whole_old_site_or_the_whole_new_one() {
    let root = in_memory();
    let dir = root.path().join("public");
    let round = prepare(&dir);
    let whole = sites().map(|mut site| {
        site.extend(foreign());
        site
    });

    let mut met = BTreeMap::<String, usize>::new();
    for kill in 0..N_KILLS {
        publish_until_killed(&dir, moment(kill, round));
        let files = read(&dir);
        let is = whole.iter().position(|site| *site == files);
        let is = is.unwrap_or_else(|| panic!("after kill {kill} the folder holds {:?}", files.keys()));
        let left = fs::read_dir(root.path().join(".public.handbook")).into_iter().flatten();
        for name in left.map(|entry| entry.unwrap().file_name()).filter(|name| name != "lock") {
            *met.entry(format!("{} beside site {is}", name.display())).or_default() += 1;
        }
        if kill % 3 == 0 {
            // The next publish works as if nothing had happened, and leaves nothing but the site.
            publish(&dir, outputs(&sites()[2])).unwrap();
            assert!(read(&dir) == whole[2]);
            assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
        }
    }
    println!("a round of {round:?}; what the kills left: {met:?}");
    assert!(!met.is_empty(), "no kill came while a publish was at work");
}

#[test]
fn killing_a_publish_in_place_leaves_whole_files_and_the_next_one_mends_the_rest() {
    let root = in_memory();
    let dir = root.path().join("public");
    // In the place of the folder to work in, so that the site cannot be built beside the old one.
    fs::write(root.path().join(".public.handbook"), "").unwrap();
    let round = prepare(&dir);
    let sites = sites();

    let mut n_mixed = 0;
    for kill in 0..N_KILLS {
        publish_until_killed(&dir, moment(kill, round));
        let files = read(&dir);
        let ours = |path: &String| !path.starts_with(".handbook-work/") && !foreign().contains_key(path);
        let ours: Files = files.into_iter().filter(|(path, _)| ours(path)).collect();
        for (path, text) in &ours {
            let is_whole = sites.iter().any(|site| site.get(path) == Some(text));
            assert!(is_whole, "after kill {kill}, `{path}` is `{text}`");
        }
        n_mixed += usize::from(!sites.contains(&ours));

        let next = &sites[kill as usize % 3];
        publish(&dir, outputs(next)).unwrap();
        let mut expected = next.clone();
        expected.extend(foreign());
        assert!(read(&dir) == expected, "after kill {kill}");
    }
    println!("a round of {round:?}; {n_mixed} kills left a mixture");
}

/// In memory where that can be had: it is the order of our calls that is tested, and a busy disk only makes it slow.
fn in_memory() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

/// Publishes each site once, the first with foreign files in it. Says how long that took.
fn prepare(dir: &Path) -> Duration {
    publish(dir, outputs(&sites()[0])).unwrap();
    for (path, text) in foreign() {
        fs::write(dir.join(path), text).unwrap();
    }
    let start = Instant::now();
    for site in sites() {
        publish(dir, outputs(&site)).unwrap();
    }
    start.elapsed()
}

fn foreign() -> Files {
    let files = [("notes.txt", "mine"), ("only-a/3/draft.txt", "mine too")];
    files.map(|(path, text)| (path.to_string(), text.to_string())).into()
}

/// Spreads the kills over a round of the three sites, whatever it takes on this machine.
fn moment(kill: u64, round: Duration) -> Duration {
    round.mul_f64((kill * 7 % N_KILLS) as f64 / N_KILLS as f64)
}

fn publish_until_killed(dir: &Path, after: Duration) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "child", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line.contains(READY)));
    // Time is what is tested here: each kill comes at another moment of the publishes.
    thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}
