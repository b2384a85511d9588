//! The site that is to come, while its files arrive, in any order and from many threads at once.
//!
//! Each file is compared with the one that is there and, when it differs, written beside the published folder at once,
//! so that its bytes are in memory no longer than that. Nothing that is published changes before [`Edition::finish`], and
//! an edition that is dropped before leaves nothing behind.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Error, Result, anyhow};

use crate::output::plan::plan;
use crate::output::stage::{replace_each, replace_whole};
use crate::output::survey::{Survey, refuse_strangers, survey};
use crate::output::work::{Way, Work};
use crate::output::{Output, OutputPath, Report, real_folder};

/// What became of a file that came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// The one that is there has the same bytes.
    Kept,
    /// It is written, beside its place.
    Written,
}

/// The next site for an output folder, which no other publish can write to meanwhile.
#[derive(Debug)]
pub struct Edition {
    pub(super) dir: PathBuf,
    pub(super) work: Work,
    pub(super) found: Survey,
    /// Where files are written.
    new: PathBuf,
    pub(super) state: Mutex<State>,
    /// Dropped last: the work folder is in one of them.
    _made: MadeFolders,
}

/// What came so far.
#[derive(Debug, Default)]
pub struct State {
    pub(super) files: BTreeMap<OutputPath, Placed>,
    n_bytes: u64,
    /// The first error. Nothing is written after it.
    failed: Option<Error>,
}

impl Edition {
    /// Begins. `wait` is how long another publish into the same folder may take before we give up.
    pub(super) fn begin(dir: &Path, strongest: Way, wait: Duration) -> Result<Edition> {
        let (dir, missing) = real_folder(dir)?;
        refuse_strangers(&dir)?;
        let made = MadeFolders::of(missing)?;
        let work = Work::open(&dir, strongest, wait)?;
        let found = survey(&dir)?;
        let new = work.new_site();
        fs::create_dir(&new).with_context(|| format!("create the folder `{}`", new.display()))?;
        Ok(Edition { dir, work, found, new, state: Mutex::default(), _made: made })
    }

    /// Takes a file. What goes wrong is told by [`Edition::finish`].
    pub fn put(&self, output: Output) {
        let Output { path, content } = output;
        {
            let mut state = self.state();
            // Known before it is written, so that whatever keeps it from being written is known too.
            if state.files.insert(path.clone(), Placed::Written).is_some() {
                state.fail(anyhow!("two outputs are to be written to `{path}`"));
            }
            if state.failed.is_some() {
                return;
            }
        }
        let is_kept = self.found.ours.contains(&path) && {
            match content.is_at(&self.dir.join(path.as_path())) {
                Ok(is_same) => is_same,
                Err(error) => return self.state().fail(error),
            }
        };
        if is_kept {
            self.state().files.insert(path, Placed::Kept);
            return;
        }
        match content.write(&self.new.join(path.as_path())) {
            Ok(n_bytes) => self.state().n_bytes += n_bytes,
            Err(error) => self.state().fail(error),
        }
    }

    /// Makes the output folder hold exactly the files that came, and what was in it that is not ours.
    pub fn finish(self) -> Result<Report> {
        let Edition { _made, dir, work, found, state, .. } = self;
        let State { files, n_bytes, failed } = state.into_inner().unwrap_or_else(PoisonError::into_inner);
        let plan = plan(&dir, found, files)?;
        if let Some(error) = failed {
            return Err(error);
        }
        let report = Report {
            written: plan.write.len(),
            unchanged: plan.keep.len(),
            removed: plan.remove.len(),
            bytes_written: n_bytes,
        };
        if plan.is_done() {
            return Ok(report);
        }
        match work.way == Way::InPlace || plan.is_one_rename() {
            true => replace_each(&dir, &work, plan)?,
            false => replace_whole(&dir, &work, plan)?,
        }
        Ok(report)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fail(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }
}

/// Folders that we made for the output folder to be in. They go again when nothing came into them.
#[derive(Debug)]
struct MadeFolders(Vec<PathBuf>);

impl MadeFolders {
    /// Makes the folders above the first of `missing`, which come with the inner ones first. That one itself is made by
    /// whoever needs it.
    fn of(missing: Vec<PathBuf>) -> Result<MadeFolders> {
        if let Some(parent) = missing.get(1) {
            fs::create_dir_all(parent).with_context(|| format!("create the folder `{}`", parent.display()))?;
        }
        Ok(MadeFolders(missing))
    }
}

impl Drop for MadeFolders {
    fn drop(&mut self) {
        for folder in &self.0 {
            // One with anything in it refuses to go, and that is right.
            let _ = fs::remove_dir(folder);
        }
    }
}
