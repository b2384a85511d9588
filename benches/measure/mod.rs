//! How benchmarks measure: the processor's time rather than that of the clock, which also counts what else the machine does.

#![allow(dead_code, reason = "each benchmark uses its own part")]

pub mod machine;

use std::fs;
use std::time::Duration;

/// The least time of the processor that `work` takes on this thread, of so many rounds: what else the machine does only ever
/// adds to it.
pub fn fastest(n_rounds: usize, work: &mut dyn FnMut()) -> Duration {
    fastest_after(n_rounds, &mut || {}, work)
}

/// The same, with something before each round that does not count.
pub fn fastest_after(n_rounds: usize, before: &mut dyn FnMut(), work: &mut dyn FnMut()) -> Duration {
    let mut time = || {
        before();
        let start = thread_time();
        work();
        thread_time().saturating_sub(start)
    };
    (0..n_rounds.max(1)).map(|_| time()).min().unwrap_or_default()
}

/// Runs `work` where everything that would be done in parallel is done on one thread.
pub fn on_one_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread").install(work)
}

/// The processor's time that this thread has had.
#[cfg(unix)]
pub fn thread_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// The time since the benchmark began to measure: here the system does not say what a thread has had.
#[cfg(not(unix))]
pub fn thread_time() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// The seconds of the processor that all processes took that we started and that have ended: of their own, and of the
/// system for them. Nothing but Linux says it.
pub fn children() -> (f64, f64) {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    // A clock tick is a hundredth of a second wherever Linux runs.
    let seconds = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0) / 100.0;
    (seconds(13), seconds(14))
}

/// A line of what Linux says about the memory of a process, in MiB. `None` when the process has ended.
pub fn memory(process: &str, line: &str) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|text| text.strip_prefix(line))?;
    Some(line.split_whitespace().next()?.parse::<f64>().ok()? / 1024.0)
}
