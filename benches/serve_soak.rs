//! `handbook serve` under edits for a long time: does it keep its memory, and does it miss nothing?
//!
//! `cargo bench --bench serve_soak -- MINUTES` (20, if it is to be sure). Ten random edits a second while twenty open
//! pages listen. At the end every address must be what `handbook build` writes, and the memory within a fifth of what it
//! was after the first fifth of the time.

mod measure;
#[path = "../tests/served/mod.rs"]
mod served;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use served::{Project, Served};

const N_PAGES: usize = 600;
const N_STREAMS: usize = 20;
const EDITS_A_SECOND: u64 = 10;

fn main() {
    let minutes = std::env::args().skip(1).find_map(|argument| argument.parse::<f64>().ok());
    let Some(minutes) = minutes else {
        println!("say how many minutes: cargo bench --bench serve_soak -- 20");
        return;
    };
    println!("{}", measure::machine::line());
    let project = Project::new(&[("site.toml", "title = \"Soak\"\n"), ("content/_index.md", "# Home\n")]);
    (0..N_PAGES).for_each(|n| project.write(&path(n), &page(n, 0, 0)));
    let served = Served::start(project.folder.path(), &[]);
    let n_events = Arc::new(AtomicUsize::new(0));
    (0..N_STREAMS).for_each(|n| listen(served.port, n * 7, n_events.clone()));
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    let (start, length) = (Instant::now(), Duration::from_secs_f64(minutes * 60.0));
    let (mut n_edits, mut warm, mut most, mut next_report) = (0, 0, 0, Duration::ZERO);
    while start.elapsed() < length {
        edit(&project, &mut random, n_edits);
        n_edits += 1;
        let due = Duration::from_millis(n_edits * 1000 / EDITS_A_SECOND);
        std::thread::sleep(due.saturating_sub(start.elapsed()));
        if start.elapsed() < next_report {
            continue;
        }
        let memory = memory(served.id());
        println!(
            "{:>5} s  {n_edits:>6} edits  {:>7} events  {memory:>7} KiB",
            start.elapsed().as_secs(),
            n_events.load(Ordering::Relaxed)
        );
        next_report = start.elapsed() + Duration::from_secs(15).min(length / 8);
        match start.elapsed() < length / 5 {
            true => warm = warm.max(memory),
            false => most = most.max(memory),
        }
    }
    let missed = missed(&project, &served);
    let grown = (most as f64 / warm.max(1) as f64 - 1.0) * 100.0;
    println!(
        "{n_edits} edits, {} events; memory {warm} KiB warm, {most} KiB at most afterwards ({grown:+.1} %)",
        n_events.load(Ordering::Relaxed)
    );
    println!("{} addresses differ from a cold build {missed:?}", missed.len());
    assert!(missed.is_empty() && grown <= 20.0);
}

fn path(n: usize) -> String {
    format!("content/section-{}/page-{n}.md", n % 25)
}

fn page(n: usize, version: u64, title: u64) -> String {
    let text: String = (0..20)
        .map(|i| format!("Paragraph {i} with a [link](../section-{}/page-{}.md#part).\n\n", (n + i) % 25, n + i))
        .collect();
    format!(
        "---\ntitle: Page {n} {title}\n---\n\n## Part\n\nVersion {version}.\n\n{text}\n```sh\necho {version}\n```\n"
    )
}

fn edit(project: &Project, random: &mut Random, version: u64) {
    let n = random.below(N_PAGES as u64) as usize;
    let path = path(n);
    match random.below(20) {
        0 if project.path(&path).is_file() => project.remove(&path),
        1..=3 => project.write(&path, &page(n, version, version)),
        4 => {
            let temporary = project.path("content/.saving");
            fs::write(&temporary, page(n, version, 0)).expect("the folder is there");
            let to = project.path(&path);
            fs::create_dir_all(to.parent().expect("a page is in a folder")).expect("a folder can be made");
            fs::rename(temporary, to).expect("a file can be renamed");
        }
        5 => project.write(&path, "---\ntitle: [\n---\n\nBroken.\n"),
        6 => project.write("static/extra.css", &format!("/* {version} */\n")),
        7 if random.below(10) == 0 => project.write("site.toml", &format!("title = \"Soak {version}\"\n")),
        8 if random.below(10) == 0 => {
            let section = format!("content/section-{}", random.below(25));
            let _ = fs::remove_dir_all(project.path(&section));
        }
        _ => project.write(&path, &page(n, version, 0)),
    }
}

/// An open page: hears of every change and asks for the new version, as a browser does.
fn listen(port: u16, n: usize, n_events: Arc<AtomicUsize>) {
    std::thread::spawn(move || {
        let url = format!("/section-{}/page-{n}/", n % 25);
        let mut stream = TcpStream::connect(("127.0.0.1", port)).expect("the server is there");
        let request = format!("GET /__handbook/live?page={url}&tag=x HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("the server listens");
        let mut buffer = [0; 4096];
        while let Ok(n_read @ 1..) = stream.read(&mut buffer) {
            if String::from_utf8_lossy(&buffer[..n_read]).contains("event: page") {
                n_events.fetch_add(1, Ordering::Relaxed);
                let _ = get(port, &url);
            }
        }
    });
}

fn get(port: u16, url: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    write!(stream, "GET {url} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let body = answer.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |end| end + 4);
    Ok(answer.split_off(body))
}

/// The addresses whose bytes are not those of a cold build, once the server has had the time to see the last edit.
fn missed(project: &Project, served: &Served) -> Vec<String> {
    std::thread::sleep(Duration::from_secs(1));
    let out = tempfile::tempdir().expect("a folder can be made");
    // Broken front matter fails a build, so it is mended first.
    for n in 0..N_PAGES {
        let is_broken = fs::read_to_string(project.path(&path(n))).is_ok_and(|text| text.contains("Broken."));
        if is_broken {
            project.write(&path(n), &page(n, 0, 0));
        }
    }
    std::thread::sleep(Duration::from_secs(2));
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    let folder = out.path().join("site");
    let built = command.arg("build").arg(project.folder.path()).arg("-q").arg("-o").arg(&folder).output();
    assert!(built.expect("the program is there").status.success());
    let mut files = Vec::new();
    walk(&folder, &mut files);
    let mut missed = Vec::new();
    for file in files {
        let inside = file.strip_prefix(&folder).expect("it is in there").to_string_lossy().replace('\\', "/");
        if inside.starts_with(".handbook") {
            continue;
        }
        let url = format!("/{}", inside.strip_suffix("index.html").unwrap_or(&inside));
        let served = without_script(get(served.port, &url).unwrap_or_default());
        if served != fs::read(&file).unwrap_or_default() {
            missed.push(url);
        }
    }
    missed
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

fn without_script(page: Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(&page);
    let Some(start) = text.find("<script type=\"module\" src=\"/__handbook") else { return page };
    let end = text[start..].find("</script>").map_or(text.len(), |end| start + end + 9);
    [&text[..start], &text[end..]].concat().into_bytes()
}

/// In KiB; 0 where the system does not say.
fn memory(process: u32) -> u64 {
    (measure::memory(&process.to_string(), "VmRSS:").unwrap_or(0.0) * 1024.0) as u64
}

/// A small generator with a fixed seed.
struct Random(u64);

impl Random {
    fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % most
    }
}
