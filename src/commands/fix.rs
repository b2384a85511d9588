//! Making the changes that certainly mend problems: for `check --fix`.

use crate::commands::report::count;
use crate::commands::{Console, rewrite};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::edit::Plan;
use crate::site::Site;

/// Makes the fixes of these problems, or shows them as a diff. Whether any file is another one now.
pub fn fix(
    site: &Site,
    problems: &[Diagnostic],
    dry_run: bool,
    quiet: bool,
    console: &mut Console<'_>,
) -> anyhow::Result<bool> {
    let mut plan = Plan::default();
    let fixable = problems.iter().filter_map(|problem| problem.fix.as_deref());
    let planned: Vec<&Fix> = fixable.filter(|fix| plan.add(fix)).collect();
    let rewrite::Made { changes, refused } = rewrite::changes(site, &plan)?;
    let is_refused = |edit: &Edit| refused.iter().any(|(file, _)| *file == edit.file);
    let n_made = planned.iter().filter(|fix| !fix.edits.iter().any(is_refused)).count();
    for (file, refusal) in refused {
        writeln!(console.err, "error: `{file}` was left as it is: {}", refusal.reason())?;
    }
    if dry_run {
        rewrite::show(&changes, console)?;
        return Ok(false);
    }
    let n_files = changes.len();
    let changed = n_files > 0;
    rewrite::write(&site.project, changes)?;
    if changed && !quiet {
        writeln!(console.err, "Mended {} in {}", count(n_made, "problem"), count(n_files, "file"))?;
    }
    Ok(changed)
}
