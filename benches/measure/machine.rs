//! Which machine it was. A figure without it says nothing. Only the standard library, so that `benches/compare` can have it
//! in a moment.

use std::fs;

/// What is measured on, as the first line of every benchmark.
pub fn line() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = info.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let n_cores = std::thread::available_parallelism().map_or(0, usize::from);
    let known = |file: &str, field: usize| {
        let text = fs::read_to_string(file).unwrap_or_default();
        text.split_whitespace().nth(field).unwrap_or("unknown").to_string()
    };
    let memory = known("/proc/meminfo", 1).parse::<f64>().map_or(String::new(), |kib| {
        let gib = kib / f64::from(1 << 20);
        format!(", {gib:.0} GiB of memory")
    });
    format!(
        "{} {} {}, {n_cores} cores of {}{memory}, load {}",
        std::env::consts::OS,
        known("/proc/sys/kernel/osrelease", 0),
        std::env::consts::ARCH,
        model.unwrap_or("an unknown processor"),
        known("/proc/loadavg", 0)
    )
}
