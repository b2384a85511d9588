//! Making the changes that certainly mend problems: for `check --fix`.

use crate::commands::report::count;
use crate::commands::{Console, rewrite};
use crate::diagnostic::Diagnostic;
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
    let n_made = fixable.filter(|fix| plan.add(fix)).count();
    let rewrite::Made { changes, refused } = rewrite::changes(site, &plan)?;
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
