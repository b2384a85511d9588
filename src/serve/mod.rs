//! The site in the browser while it is written.
//!
//! ```text
//! the system ──► watch ──► update ──► Generation ──► live: tells open pages ──► browser
//!                                        │  ▲                                      │
//!                                        ▼  └──────────── answer: a page ◄─────────┘
//!                                      check: links, behind the reader's back
//! ```
//!
//! There is one state of the site at a time, a [`Generation`], and it never changes: an edit makes the next one out
//! of it, with the same `update` that `build` calls. Whoever answers a request holds on to the one that it began with.

mod answer;
mod body;
pub mod check;
mod generation;
mod host;
mod http;
mod live;
mod mime;
mod problems;
mod range;
mod watch;

use std::collections::VecDeque;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use anyhow::Context;
use tokio::runtime::Runtime;
use tokio::sync::watch as latest;

use crate::diagnostic::{Code, Diagnostic};
use crate::markdown::snippets::Snippets;
use crate::project::{self, Overrides, Project};
use crate::serve::answer::Shared;
pub use crate::serve::answer::address;
use crate::serve::check::{Checked, changed_pages};
use crate::serve::generation::Generation;
pub use crate::serve::host::Hosts;
pub use crate::serve::http::DEFAULT_PORT;
pub use crate::serve::range::{Part, part};
use crate::serve::watch::{Change, Pending, Told, Watch};
use crate::site::Site;
use crate::update::{Changes, update};

/// How often we look when the system cannot tell us.
const POLL: Duration = Duration::from_secs(1);

/// What to serve, and how.
#[derive(Debug, Clone)]
pub struct Options {
    /// The project's folder.
    pub root: PathBuf,
    /// What the command line sets over `site.toml`.
    pub overrides: Overrides,
    /// The address to listen on.
    pub host: String,
    /// The port that was asked for.
    pub port: Option<u16>,
    /// Whether changes are watched for.
    pub watch: bool,
    /// Whether open pages are told of them.
    pub reload: bool,
    /// Look this often, and do not ask the system.
    pub poll: Option<Duration>,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The site is another one now.
    Rebuilt(Rebuilt),
    /// All links were looked at.
    Checked(Checked),
    /// The system does not tell us of changes, for this reason; we look by ourselves from now on.
    Polling {
        /// Why.
        reason: String,
        /// How to mend that.
        advice: Option<&'static str>,
    },
    /// Somebody asked us to stop.
    Stopped,
}

/// A change of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// The files that are new or different.
    pub changed: Vec<String>,
    /// The files that are gone.
    pub removed: Vec<String>,
    /// Whether settings or theme are different.
    pub project: bool,
    /// How many pages were parsed.
    pub n_parsed: usize,
    /// Whether the navigation was built again.
    pub nav_rebuilt: bool,
    /// From the first look at the files until the browser was told.
    pub time: Duration,
}

/// A running server. Dropped, it stops.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    options: Options,
    current: Arc<Generation>,
    project_problems: Vec<Diagnostic>,
    settings_problems: Vec<Diagnostic>,
    latest: latest::Sender<Arc<Generation>>,
    check: Sender<Arc<Generation>>,
    messages: Receiver<Message>,
    pending: Pending,
    watch: Option<Watch>,
    poll: Option<Duration>,
    events: VecDeque<Event>,
    runtime: Option<Runtime>,
}

enum Message {
    Told(Told),
    Checked(Checked),
    Stop,
}

impl Server {
    /// Makes the site and answers from then on. `problems` are those of the project, and `known` is code whose colours need
    /// not be worked out; what is known of it afterwards is the site's.
    pub fn start(
        options: Options,
        project: Project,
        problems: Vec<Diagnostic>,
        known: Arc<Snippets>,
    ) -> anyhow::Result<Server> {
        let listener = http::bind(&options.host, options.port)?;
        let address = listener.local_addr().context("listen")?;
        let project = Arc::new(project);
        let (sender, messages) = channel();
        // Watching a thousand folders takes a moment, in which the pages can be read.
        let watching = (options.watch && options.poll.is_none()).then(|| {
            let (project, sender) = (project.clone(), sender.clone());
            // The server is gone when nobody receives: then it does not matter.
            std::thread::spawn(move || Watch::start(&project, move |told| drop(sender.send(Message::Told(told)))))
        });
        let before = Site { snippets: known, ..Site::empty(project.clone()) };
        let mut site = update(&before, &project, problems.clone(), Changes::All);
        // A page that is edited is read anew, but most of its code stays as it is.
        if let Some(snippets) = site.new_snippets() {
            site.snippets = Arc::new(snippets);
        }
        let current = Arc::new(Generation::first(site));
        let (latest, generations) = latest::channel(current.clone());
        let hosts = Hosts { given: options.host.clone(), is_loopback: address.ip().is_loopback() };
        let shared = Shared { hosts, reload: options.reload && options.watch, generations };
        let runtime = http::start(listener, Arc::new(shared))?;
        stop_on_signals(&runtime, &sender);
        let check = check::start(move |checked| drop(sender.send(Message::Checked(checked))));
        let mut server = Server {
            address,
            current,
            project_problems: problems,
            settings_problems: Vec::new(),
            latest,
            check,
            messages,
            pending: Pending::default(),
            watch: None,
            poll: options.poll.filter(|_| options.watch),
            events: VecDeque::new(),
            runtime: Some(runtime),
            options,
        };
        match watching.map(|watching| watching.join()) {
            Some(Ok(Ok(watch))) => {
                server.watch = Some(watch);
                // What changed while the folders were being watched one by one.
                server.pending.add_all(&project);
            }
            Some(Ok(Err(error))) => server.look_ourselves(&error),
            Some(Err(_)) => server.look_ourselves(&notify::Error::generic("the watcher stopped")),
            None => {}
        }
        let _ = server.check.send(server.current.clone());
        Ok(server)
    }

    /// The address of the site's home page.
    pub fn url(&self) -> String {
        let ip = match self.address.ip() {
            ip if ip.is_unspecified() => IpAddr::from([127, 0, 0, 1]),
            ip => ip,
        };
        let base_path = self.current.site.project.config.base_url.base_path();
        format!("http://{}{base_path}", SocketAddr::new(ip, self.address.port()))
    }

    /// The site as it is served now.
    pub fn site(&self) -> &Site {
        &self.current.site
    }

    /// How often we look by ourselves; `None` when the system tells us, or nothing is watched.
    pub fn polls(&self) -> Option<Duration> {
        self.poll
    }

    /// Whether the system tells us of changes.
    pub fn is_told(&self) -> bool {
        self.watch.is_some()
    }

    /// Waits for something to happen.
    pub fn wait(&mut self) -> Event {
        loop {
            if let Some(event) = self.wait_at_most(Duration::from_secs(3600)) {
                return event;
            }
        }
    }

    /// Waits for something to happen; `None` when this long nothing did.
    pub fn wait_at_most(&mut self, most: Duration) -> Option<Event> {
        let end = Instant::now() + most;
        loop {
            if let Some(event) = self.events.pop_front() {
                return Some(event);
            }
            let quiet = self.pending.quiet().or(self.poll);
            let left = end.saturating_duration_since(Instant::now());
            match self.messages.recv_timeout(quiet.unwrap_or(left).min(left)) {
                Ok(Message::Told(told)) => self.pending.add(&self.current.site.project, told),
                Ok(Message::Checked(checked)) => return Some(Event::Checked(checked)),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return Some(Event::Stopped),
                Err(RecvTimeoutError::Timeout) if quiet.is_none_or(|quiet| quiet > left) => return None,
                Err(RecvTimeoutError::Timeout) => {
                    if self.pending.quiet().is_none() {
                        self.pending.add_all(&self.current.site.project);
                    }
                    let change = self.pending.take(self.watch.as_ref().is_some_and(Watch::has_links));
                    if let Some(rebuilt) = self.rebuild(change) {
                        return Some(Event::Rebuilt(rebuilt));
                    }
                }
            }
        }
    }

    /// Brings the site up to date and tells everybody. `None` when nothing is different after all.
    fn rebuild(&mut self, change: Change) -> Option<Rebuilt> {
        let start = Instant::now();
        let before = self.current.clone();
        let mut project = before.site.project.clone();
        let mut settings = self.settings_problems.clone();
        if change.project {
            settings = self.read_project(&mut project);
        }
        // Before anything is read: what changes in a new folder from now on is told.
        if change.changes == Changes::All
            && let Some(watch) = &mut self.watch
            && let Err(error) = watch.sync(&project, &change.folders)
        {
            self.look_ourselves(&error);
        }
        let site = update(&before.site, &project, self.project_problems.clone(), change.changes);
        if is_same(&before.site, &site) && settings == self.settings_problems {
            return None;
        }
        self.settings_problems.clone_from(&settings);
        let generation = Arc::new(before.next(site, settings));
        self.current = generation.clone();
        self.latest.send_replace(generation.clone());
        let time = start.elapsed();
        let _ = self.check.send(generation.clone());
        Some(rebuilt(&before.site, &generation, time))
    }

    /// Reads settings and theme again. What is wrong with settings that cannot be used is returned, and `project` is
    /// then what it was.
    fn read_project(&mut self, project: &mut Arc<Project>) -> Vec<Diagnostic> {
        let (read, problems) = match project::read(&self.options.root, &self.options.overrides) {
            Ok(read) => read,
            Err(error) => {
                let message = format!("the project cannot be read: {error:#}");
                return vec![Diagnostic::new(Code::SourceUnreadable, message)];
            }
        };
        if problems.iter().any(project::is_in_settings) {
            return problems;
        }
        self.project_problems = problems;
        if read != **project {
            *project = Arc::new(read);
        }
        Vec::new()
    }

    fn look_ourselves(&mut self, error: &notify::Error) {
        self.watch = None;
        self.poll = Some(POLL);
        let reason = watch::reason(error);
        self.events.push_back(Event::Polling { reason, advice: watch::advice(error) });
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Streams never end by themselves.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Whether two sites are the same in all that anybody could see.
fn is_same(a: &Site, b: &Site) -> bool {
    let same_pages = a.pages.len() == b.pages.len() && a.pages.iter().zip(&b.pages).all(|(a, b)| Arc::ptr_eq(a, b));
    let same_asset = |(a, b): (&Arc<_>, &Arc<_>)| Arc::ptr_eq(a, b) || a == b;
    same_pages
        && Arc::ptr_eq(&a.project, &b.project)
        && a.assets.len() == b.assets.len()
        && a.assets.iter().zip(&b.assets).all(same_asset)
        && (&a.unread, &a.problems) == (&b.unread, &b.problems)
}

fn rebuilt(before: &Site, generation: &Generation, time: Duration) -> Rebuilt {
    let after = &generation.site;
    let parsed = changed_pages(before, after);
    let name = |site: &Site, id: &crate::site::PageId| site.project.file_name(&site.page(*id).path);
    let mut changed: Vec<String> = parsed.iter().map(|id| name(after, id)).collect();
    let assets = generation.changed_files.iter().filter(|(number, _)| *number == generation.number);
    changed.extend(
        assets.filter_map(|(_, url)| after.assets.iter().find(|asset| asset.url == *url)).map(|a| a.file.clone()),
    );
    let is_gone = |id: &crate::site::PageId| after.page_of_file(before.page(*id).path.as_str()).is_none();
    let removed = changed_pages(after, before).iter().filter(|id| is_gone(id)).map(|id| name(before, id)).collect();
    Rebuilt {
        changed,
        removed,
        project: !Arc::ptr_eq(&before.project, &after.project),
        n_parsed: parsed.len(),
        nav_rebuilt: !Arc::ptr_eq(&before.nav, &after.nav),
        time,
    }
}

fn stop_on_signals(runtime: &Runtime, sender: &Sender<Message>) {
    let told = sender.clone();
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            let _ = told.send(Message::Stop);
        }
    });
    #[cfg(unix)]
    {
        let told = sender.clone();
        runtime.spawn(async move {
            let kind = tokio::signal::unix::SignalKind::terminate();
            if let Ok(mut asked) = tokio::signal::unix::signal(kind) {
                asked.recv().await;
                let _ = told.send(Message::Stop);
            }
        });
    }
}
