//! The machine that measures, and what the system says of a process.

use crate::failure::Failure;
use serde::Serialize;
use std::fs;

/// What figures were measured on.
#[derive(Debug, Serialize)]
pub(crate) struct Machine {
    cpu: String,
    cores: usize,
    memory_mib: u64,
    system: String,
    scrip: &'static str,
    build: &'static str,
}

/// Describes this machine.
pub(crate) fn describe() -> Machine {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_default();
    let kib: u64 = memory.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or(0);
    Machine {
        cpu: field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into()),
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        memory_mib: kib / 1024,
        system: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().into(),
        scrip: env!("CARGO_PKG_VERSION"),
        build: if cfg!(debug_assertions) { "debug" } else { "release" },
    }
}

impl Machine {
    pub(crate) fn sentence(&self) -> String {
        let Self { cpu, cores, memory_mib, system, scrip, build } = self;
        format!(
            "scrip {scrip} ({build}) on {cores} cores of {cpu}, {memory_mib} MiB, Linux {system}\n"
        )
    }
}

/// Memory that a process holds now, MiB.
pub(crate) fn resident_mib(process: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{process}/status");
    let text =
        fs::read_to_string(&path).map_err(|error| Failure::Machine(format!("{path}: {error}")))?;
    let line = text.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line
        .and_then(|line| line.split_whitespace().nth(1))
        .and_then(|kib| kib.parse::<f64>().ok());
    kib.map(|kib| kib / 1024.0).ok_or_else(|| Failure::Machine(format!("{path} has no VmRSS")))
}

/// Processor time that a process has used, seconds.
pub(crate) fn cpu_seconds(process: u32) -> Result<f64, Failure> {
    let path = format!("/proc/{process}/stat");
    let text =
        fs::read_to_string(&path).map_err(|error| Failure::Machine(format!("{path}: {error}")))?;
    // The name stands in parentheses and may hold spaces: fields are counted after it.
    let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks: f64 =
        fields.split_whitespace().skip(11).take(2).filter_map(|t| t.parse::<f64>().ok()).sum();
    Ok(ticks / rustix::param::clock_ticks_per_second() as f64)
}
