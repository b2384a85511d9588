//! Watching the project's files. The only room that knows how the system tells of changes.
//!
//! What the system says is a hint. It is turned into the names of files that may have changed, and whatever is not
//! plainly a change of one file becomes "everything".

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind, RemoveKind};
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher, WatcherKind};
use walkdir::WalkDir;

use crate::project::folders::USUAL;
use crate::project::{CONFIG_NAME, Project};
use crate::source::{SourcePath, walk};
use crate::update::Changes;

/// What the system told.
pub type Told = notify::Result<notify::Event>;

/// A file that was closed after writing is complete: this only lets the next one of the same moment come along.
const QUIET: Duration = Duration::from_millis(2);
/// A file that is still open, or a system that does not tell when files are closed.
const QUIET_OPEN: Duration = Duration::from_millis(12);
/// A file that is gone may be back at once: some editors save by moving files about.
const QUIET_GONE: Duration = Duration::from_millis(40);
/// Whoever writes without a pause is not waited for any longer.
const LONGEST: Duration = Duration::from_millis(250);

/// The system's watcher, with the folders that it was told of.
pub struct Watch {
    watcher: RecommendedWatcher,
    /// Whether each folder has to be named: then no folder is watched that holds nothing of ours.
    by_folder: bool,
    watched: HashSet<PathBuf>,
    /// Whether links lead from one place of the content to another, so that one change is seen in two places.
    has_links: bool,
}

impl Watch {
    /// Begins to watch. `tell` is called from a thread of the watcher's own.
    pub fn start(project: &Project, tell: impl Fn(Told) + Send + 'static) -> notify::Result<Watch> {
        let root = project.folders.root.clone();
        let real_root = root.canonicalize().unwrap_or_else(|_| root.clone());
        let handler = move |mut told: Told| {
            if told.as_ref().is_ok_and(|event| !says_something(&event.kind)) {
                return;
            }
            // Some systems name a file by its real path, whatever they were told to watch.
            for path in told.iter_mut().flat_map(|event| &mut event.paths) {
                if let Ok(inside) = path.strip_prefix(&real_root) {
                    *path = root.join(inside);
                }
            }
            tell(told);
        };
        let watcher = notify::recommended_watcher(handler)?;
        let by_folder = RecommendedWatcher::kind() == WatcherKind::Inotify;
        let mut watch = Watch { watcher, by_folder, watched: HashSet::new(), has_links: false };
        watch.sync(project, &HashSet::new())?;
        Ok(watch)
    }

    /// Watches the folders that are there now. Those in `renewed` may be others than before.
    pub fn sync(&mut self, project: &Project, renewed: &HashSet<PathBuf>) -> notify::Result<()> {
        let (folders, has_links) = folders(project);
        self.has_links = has_links;
        let folders = if self.by_folder { folders } else { vec![project.folders.root.clone()] };
        let folders: HashSet<PathBuf> = folders.into_iter().collect();
        // The system watches folders and not names: those that came back are others.
        let is_renewed = |folder: &PathBuf| folder.ancestors().any(|above| renewed.contains(above));
        let lost: Vec<PathBuf> =
            self.watched.iter().filter(|folder| !folders.contains(*folder) || is_renewed(folder)).cloned().collect();
        for folder in lost {
            // The system has forgotten most of them by itself.
            let _ = self.watcher.unwatch(&folder);
            self.watched.remove(&folder);
        }
        let mode = if self.by_folder { RecursiveMode::NonRecursive } else { RecursiveMode::Recursive };
        let mut paths = self.watcher.paths_mut();
        let mut failed = None;
        for folder in folders.difference(&self.watched) {
            match paths.add(folder, mode) {
                Ok(()) => {}
                // Gone since we saw it: that is an event of its own.
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                Err(error) if matches!(&error.kind, notify::ErrorKind::Io(e) if e.kind() == std::io::ErrorKind::NotFound) =>
                    {}
                Err(error) => failed = Some(error),
            }
        }
        paths.commit()?;
        self.watched = folders;
        failed.map_or(Ok(()), Err)
    }

    /// Whether one change may be seen in several places.
    pub fn has_links(&self) -> bool {
        self.has_links
    }
}

/// Why the system does not watch, in words for people.
pub fn reason(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "it watches as many folders as it may for you".to_string(),
        notify::ErrorKind::Io(io) if io.raw_os_error() == Some(28) => {
            "it watches as many folders as it may for you".to_string()
        }
        notify::ErrorKind::Io(io) if matches!(io.raw_os_error(), Some(23 | 24)) => {
            "as many programs of yours as may do so watch files already".to_string()
        }
        _ => error.to_string(),
    }
}

/// How to let the system watch more, when that is why it would not.
pub fn advice(error: &notify::Error) -> Option<&'static str> {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            Some("raise the limit with `sudo sysctl fs.inotify.max_user_watches=1048576`")
        }
        // No more file descriptors: for us, or for watchers of this user.
        notify::ErrorKind::Io(io) if matches!(io.raw_os_error(), Some(23 | 24)) => {
            Some("raise the limit with `sudo sysctl fs.inotify.max_user_instances=1024`")
        }
        notify::ErrorKind::Io(io) if io.raw_os_error() == Some(28) => {
            Some("raise the limit with `sudo sysctl fs.inotify.max_user_watches=1048576`")
        }
        _ => None,
    }
}

/// What may have changed since the site was made.
#[derive(Debug, Default)]
pub struct Pending {
    /// Files of the content.
    paths: BTreeSet<SourcePath>,
    /// Anything in the content.
    everything: bool,
    /// Settings or theme.
    project: bool,
    /// What came or went and may be a folder.
    folders: HashSet<PathBuf>,
    /// Files that somebody may still be writing to.
    open: HashSet<PathBuf>,
    /// Something is gone that may come back.
    gone: HashSet<PathBuf>,
    since: Option<Instant>,
}

/// What to bring up to date.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// The files of the content.
    pub changes: Changes,
    /// Settings or theme.
    pub project: bool,
    /// What came or went and may be a folder.
    pub folders: HashSet<PathBuf>,
}

impl Pending {
    /// Adds everything.
    pub fn add_all(&mut self, project: &Project) {
        (self.everything, self.project) = (true, true);
        self.folders.insert(project.folders.root.clone());
        self.since.get_or_insert_with(Instant::now);
    }

    /// Adds what the system told.
    pub fn add(&mut self, project: &Project, told: Told) {
        let event = match told {
            Ok(event) if !event.need_rescan() => event,
            _ => return self.add_all(project),
        };
        if event.paths.is_empty() {
            self.add_all(project);
        }
        for path in &event.paths {
            self.add_path(project, &event.kind, path);
        }
    }

    /// How long to wait for more; `None` when there is nothing to do yet.
    pub fn quiet(&self) -> Option<Duration> {
        let since = self.since?;
        let quiet = match (self.gone.is_empty(), self.open.is_empty() && !self.everything) {
            (false, _) => QUIET_GONE,
            (true, false) => QUIET_OPEN,
            (true, true) => QUIET,
        };
        Some(quiet.min(LONGEST.saturating_sub(since.elapsed())))
    }

    /// Takes what there is. Links make one file seen in several places, which `has_links` says.
    pub fn take(&mut self, has_links: bool) -> Change {
        let Pending { paths, everything, project, folders, .. } = std::mem::take(self);
        let changes = if everything || project || has_links { Changes::All } else { Changes::Paths(paths) };
        Change { changes, project, folders }
    }

    fn add_path(&mut self, project: &Project, kind: &EventKind, path: &Path) {
        let folders = &project.folders;
        let root = &folders.root;
        let Ok(inside) = path.strip_prefix(root) else { return self.add_all(project) };
        let names: Vec<&str> = inside.iter().map(|name| name.to_str().unwrap_or("\u{FFFD}")).collect();
        let is_plain = |names: &[&str]| !names.iter().any(|name| walk::is_hidden_name(name));
        let is_of_project = match names.first() {
            None => return self.add_all(project),
            Some(&name) if name == CONFIG_NAME => names.len() == 1,
            Some(&("templates" | "static" | "themes")) => is_plain(&names) || names.contains(&".well-known"),
            _ => false,
        };
        let content = path.strip_prefix(&folders.content).ok().filter(|_| !path.starts_with(&folders.output));
        match content {
            _ if is_of_project => self.project = true,
            // A folder of this name would be the content.
            None if names.len() == 1 && (USUAL.contains(&names[0]) || folders.content.starts_with(path)) => {
                self.add_all(project)
            }
            None => return,
            Some(inside) => {
                let names = &names[names.len() - inside.iter().count()..];
                if names.is_empty() {
                    return self.add_all(project);
                }
                if !is_plain(names) {
                    return;
                }
                match SourcePath::new(names.join("/")) {
                    Some(path) => drop(self.paths.insert(path)),
                    None => self.everything = true,
                }
            }
        }
        self.since.get_or_insert_with(Instant::now);
        let is_there = path.symlink_metadata();
        let is_folder = is_there.as_ref().is_ok_and(|metadata| !metadata.is_file())
            || matches!(kind, EventKind::Create(CreateKind::Folder) | EventKind::Remove(RemoveKind::Folder));
        if is_folder {
            self.everything = true;
            self.folders.insert(path.to_owned());
        }
        match is_there {
            Ok(_) => drop(self.gone.remove(path)),
            Err(_) => {
                // What is gone may have been a folder: nobody can ask it any more.
                if path.extension().is_none() {
                    self.everything = true;
                    self.folders.insert(path.to_owned());
                }
                self.gone.insert(path.to_owned());
            }
        }
        match kind {
            EventKind::Access(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => {
                self.open.remove(path);
            }
            _ => drop(self.open.insert(path.to_owned())),
        }
    }
}

/// Reading changes nothing.
fn says_something(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if *access != AccessKind::Close(AccessMode::Write))
}

/// The folders that may hold a file of the site, and whether there are links among what they hold.
fn folders(project: &Project) -> (Vec<PathBuf>, bool) {
    let root = &project.folders.root;
    let skipped: HashSet<PathBuf> = project.not_content().into_iter().collect();
    let mut found = vec![root.clone()];
    let mut has_links = false;
    let content = WalkDir::new(&project.folders.content).follow_links(true).max_depth(64).into_iter();
    let is_wanted = |entry: &walkdir::DirEntry| {
        entry.depth() == 0
            || !(walk::is_hidden_name(&entry.file_name().to_string_lossy()) || skipped.contains(entry.path()))
    };
    for entry in content.filter_entry(is_wanted).flatten() {
        has_links |= entry.depth() > 0 && entry.path_is_symlink();
        if entry.file_type().is_dir() {
            found.push(entry.into_path());
        }
    }
    for name in ["templates", "static", "themes"] {
        let walk = WalkDir::new(root.join(name)).follow_links(true).into_iter();
        let folders = walk.flatten().filter(|entry| entry.file_type().is_dir());
        found.extend(folders.map(walkdir::DirEntry::into_path));
    }
    (found, has_links)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use notify::Event;
    use notify::event::{CreateKind, DataChange, Flag, RenameMode};

    use super::*;
    use crate::project::{self, Overrides};

    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

    /// What is to be brought up to date after these events in a project with a page `content/a.md`.
    fn change(events: &[(EventKind, &str)]) -> (Option<Duration>, Change) {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("content/people")).unwrap();
        fs::write(folder.path().join("content/a.md"), "").unwrap();
        let (project, _) = project::read(folder.path(), &Overrides::default()).unwrap();
        let mut pending = Pending::default();
        for (kind, path) in events {
            pending.add(&project, Ok(Event::new(*kind).add_path(folder.path().join(path))));
        }
        (pending.quiet(), pending.take(false))
    }

    fn paths(paths: &[&str]) -> Changes {
        Changes::Paths(paths.iter().filter_map(|path| SourcePath::new(*path)).collect())
    }

    #[test]
    fn a_written_page_is_one_file() {
        let (quiet, change) = change(&[(WRITTEN, "content/a.md"), (CLOSED, "content/a.md")]);
        assert_eq!((change.changes, change.project), (paths(&["a.md"]), false));
        assert!(quiet.is_some_and(|quiet| quiet <= QUIET), "it is closed, so that nothing more will come");
    }

    #[test]
    fn a_file_that_is_open_or_gone_is_given_time() {
        assert!(change(&[(WRITTEN, "content/a.md")]).0.is_some_and(|quiet| quiet > QUIET));
        let moved = EventKind::Modify(ModifyKind::Name(RenameMode::From));
        assert!(change(&[(moved, "content/b.md")]).0.is_some_and(|quiet| quiet > QUIET_OPEN));
    }

    #[test]
    fn what_is_not_ours_changes_nothing() {
        for path in [
            "content/.a.md.swp",
            "content/a.md~",
            "content/#a.md#",
            "content/a.md___jb_tmp___",
            ".git/index",
            "public/index.html",
            "README.md",
            "node_modules/x/y.js",
            "static/.DS_Store",
        ] {
            let (quiet, change) = change(&[(WRITTEN, path)]);
            assert_eq!((quiet, change.changes, change.project), (None, paths(&[]), false), "{path}");
        }
    }

    #[test]
    fn settings_and_theme_are_read_again() {
        for path in
            ["site.toml", "templates/page.html", "static/a.css", "themes/own/static/b.js", "static/.well-known/x"]
        {
            assert!(change(&[(WRITTEN, path)]).1.project, "{path}");
        }
    }

    #[test]
    fn whatever_is_not_certain_is_everything() {
        let made = EventKind::Create(CreateKind::Folder);
        for (kind, path) in [
            (made, "content/people"),
            (EventKind::Remove(RemoveKind::Any), "content/team"),
            (EventKind::Remove(RemoveKind::Folder), "content"),
            (WRITTEN, ""),
        ] {
            let (_, change) = change(&[(kind, path)]);
            assert_eq!((change.changes, change.folders.len()), (Changes::All, 1), "{path}");
        }
    }

    #[test]
    fn lost_events_are_everything() {
        let folder = tempfile::tempdir().unwrap();
        let (project, _) = project::read(folder.path(), &Overrides::default()).unwrap();
        for told in [Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)), Err(notify::Error::generic("lost"))] {
            let mut pending = Pending::default();
            pending.add(&project, told);
            let change = pending.take(false);
            assert_eq!((change.changes, change.project), (Changes::All, true));
        }
    }

    #[test]
    fn a_limit_of_the_system_comes_with_advice() {
        let limit = notify::Error::new(notify::ErrorKind::MaxFilesWatch);
        assert!(advice(&limit).is_some_and(|advice| advice.contains("max_user_watches")));
        assert_eq!(reason(&limit), "it watches as many folders as it may for you");
        let limit = notify::Error::io(std::io::Error::from_raw_os_error(24));
        assert!(advice(&limit).is_some_and(|advice| advice.contains("max_user_instances")));
    }
}
