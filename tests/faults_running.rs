//! What goes wrong while the program runs: it is killed, the disk is full, the folder that it serves goes away.
#![cfg(unix)]

mod program;
mod served;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use program::Handbook;
use served::{PATIENCE, Project, Served};

type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// Every file below a folder.
fn tree(folder: &Path) -> Tree {
    let (mut open, mut files) = (vec![folder.to_path_buf()], Tree::new());
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => open.push(path),
                false => drop(files.insert(path.strip_prefix(folder).unwrap().to_path_buf(), fs::read(path).unwrap())),
            }
        }
    }
    files
}

/// Two editions of a handbook: pages that stay, that change, that only one of them has.
fn write_edition(handbook: &Handbook, edition: &str) {
    let content = handbook.path("content");
    let _ = fs::remove_dir_all(&content);
    fs::create_dir_all(&content).unwrap();
    fs::write(content.join("_index.md"), format!("# Edition {edition}\n")).unwrap();
    for n in 0..15 {
        fs::write(content.join(format!("same-{n}.md")), "# Same\n\nText.\n").unwrap();
        fs::write(content.join(format!("changed-{n}.md")), format!("# Changed\n\n{edition}\n")).unwrap();
        fs::write(content.join(format!("only-{edition}-{n}.md")), "# Only here\n").unwrap();
    }
}

fn build(handbook: &Handbook) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handbook"));
    command.args(["build", "--quiet", "--no-cache"]).current_dir(handbook.folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A whole number from 0 up to `limit`, the next of a series that only the first one decides.
fn random(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % limit
}

/// `FAULTS_KILLS` says how often; `.ci/run` asks for 200.
#[test]
fn a_build_that_is_killed_leaves_the_old_site_or_the_new_one() {
    let kills: u64 = std::env::var("FAULTS_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(40);
    let handbook = Handbook::new();
    let editions = ["a", "b"].map(|edition| {
        write_edition(&handbook, edition);
        assert!(build(&handbook).status().unwrap().success());
        tree(&handbook.path("public"))
    });
    assert_ne!(editions[0], editions[1]);
    let start = Instant::now();
    assert!(build(&handbook).status().unwrap().success());
    let whole = start.elapsed().max(Duration::from_millis(5));
    let (mut state, mut n_cut_off) = (kills, 0);
    for kill in 0..kills {
        write_edition(&handbook, ["a", "b"][kill as usize % 2]);
        let mut child = build(&handbook).spawn().unwrap();
        // Now and then after its end, so that both sites are met.
        let moment = whole * random(&mut state, 1200) as u32 / 1000;
        let start = Instant::now();
        while start.elapsed() < moment {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        n_cut_off += u64::from(!child.wait().unwrap().success());
        let found = tree(&handbook.path("public"));
        let is_whole = editions.contains(&found);
        assert!(is_whole, "kill {kill} after {moment:?} left {:?}", found.keys().collect::<Vec<_>>());
    }
    assert!(n_cut_off > 0, "no build was cut off");
    // The next build mends everything: nothing of the others is left beside the site.
    write_edition(&handbook, "a");
    assert!(build(&handbook).status().unwrap().success());
    assert_eq!(tree(&handbook.path("public")), editions[0]);
    let left: Vec<_> = fs::read_dir(handbook.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn a_full_disk_is_told_and_leaves_the_old_site() {
    let handbook = Handbook::new().file("content/_index.md", "# Start\n");
    handbook.run("build --quiet").status(0);
    let before = tree(&handbook.path("public"));
    let handbook = handbook.file("content/film.bin", vec![7; 3 << 20]);
    // Where no disk can be made to fill, the size of a file is limited. The site is on the small disk, beside its old edition.
    let small_disk = "mkdir disk && mount -t tmpfs -o size=2m none disk && cp -a public disk/public && \"$@\" --output disk/public; \
                      status=$?; ls -a disk; cmp public/index.html disk/public/index.html; exit $status";
    let mounted = Command::new("unshare").args(["-rm", "sh", "-c", "mount -t tmpfs none /tmp"]).output();
    let can_mount = mounted.is_ok_and(|output| output.status.success());
    if !can_mount {
        eprintln!("skipped in part: no disk can be mounted here, so that only the size of a file is limited");
    }
    let limited = "trap '' XFSZ; ulimit -f 1024; \"$@\"";
    let ways: [(&[&str], &str, &str); 2] = [
        (
            &["unshare", "-rm", "sh", "-c", small_disk, "sh"],
            "disk/.public.handbook/new/film.bin",
            "No space left on device",
        ),
        (&["sh", "-c", limited, "sh"], ".public.handbook/new/film.bin", "File too large"),
    ];
    for (way, place, why) in ways.into_iter().skip(usize::from(!can_mount)) {
        let mut command = Command::new(way[0]);
        command.args(&way[1..]).arg(env!("CARGO_BIN_EXE_handbook")).args(["build", "--quiet", "--no-cache"]);
        let ran = command.current_dir(handbook.folder.path()).output().unwrap();
        let told = handbook.plain(&String::from_utf8(ran.stderr).unwrap());
        assert_eq!(ran.status.code(), Some(3), "{told}");
        assert!(told.starts_with("error: ") && told.contains(place) && told.contains(why), "{told}");
        // Where the disk was, it is gone with its namespace; what was listed there is the old site alone.
        let listed = String::from_utf8(ran.stdout).unwrap();
        assert!(listed.is_empty() || listed.split_whitespace().eq([".", "..", "public"]), "{listed}");
        assert_eq!(tree(&handbook.path("public")), before);
        assert!(!handbook.has(".public.handbook"));
    }
}

#[test]
fn a_folder_that_goes_away_under_the_server_and_comes_back_is_served_again() {
    let project = Project::new(&[
        ("site.toml", "title = \"Handbook\"\n"),
        ("content/_index.md", "# Start\n"),
        ("content/people/leave.md", "# Leave\n\nOld.\n"),
    ]);
    let served = Served::start(project.folder.path(), &[]);
    assert!(served.get("/people/leave/").1.contains("Old."));
    // The server answers at every moment, and in the end with what is there.
    let wait_for = |path: &str, is_right: &dyn Fn(u16, &str) -> bool| {
        let start = Instant::now();
        loop {
            let (status, text) = served.get(path);
            if is_right(status, &text) {
                return;
            }
            assert!(start.elapsed() < PATIENCE, "{path} stays at {status}: {text}");
        }
    };
    fs::remove_dir_all(project.path("content/people")).unwrap();
    wait_for("/people/leave/", &|status, _| status == 404);
    project.write("content/people/leave.md", "# Leave\n\nNew.\n");
    wait_for("/people/leave/", &|status, text| status == 200 && text.contains("New."));

    // All of the content, and the settings too.
    fs::rename(project.path("content"), project.path(".away")).unwrap();
    assert!(served.get("/").0 > 0);
    fs::rename(project.path(".away"), project.path("content")).unwrap();
    project.write("content/people/leave.md", "# Leave\n\nNewest.\n");
    wait_for("/people/leave/", &|status, text| status == 200 && text.contains("Newest."));

    // The project itself.
    let aside = project.folder.path().with_extension("aside");
    fs::rename(project.folder.path(), &aside).unwrap();
    assert!(served.get("/").0 > 0);
    fs::rename(&aside, project.folder.path()).unwrap();
    project.write("content/people/leave.md", "# Leave\n\nLast.\n");
    wait_for("/people/leave/", &|status, text| status == 200 && text.contains("Last."));
}
