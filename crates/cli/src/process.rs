//! Processes: logs, children that end with their parent, and what the system says of them.

use crate::failure::Failure;
use rustix::process::{Pid, Signal, getppid, kill_process, set_parent_process_death_signal};
use std::{
    env::VarError,
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use tracing_subscriber::EnvFilter;
use types::Time;

/// What commands that run nodes say of their logs.
pub(crate) const LOG_HELP: &str = "\
Environment:
  RUST_LOG        What is logged: a level, or levels by part, as info,engine=debug
  SCRIP_LOG_JSON  Log JSON lines instead of text, if set";

/// Logs to standard error: as text for people, as JSON lines where `SCRIP_LOG_JSON` is set. `RUST_LOG`
/// says what is logged.
pub(crate) fn log(default: &str) -> Result<(), Failure> {
    let wanted = match std::env::var("RUST_LOG") {
        Ok(text) if !text.trim().is_empty() => text,
        Ok(_) | Err(VarError::NotPresent) => default.to_owned(),
        Err(error @ VarError::NotUnicode(_)) => return Err(Failure::input("RUST_LOG", error)),
    };
    let wrong = |error| {
        let why = format!("{error}; write a level, or levels by part, as info,engine=debug");
        Failure::input("RUST_LOG", why)
    };
    let filter = EnvFilter::try_new(wanted).map_err(wrong)?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match std::env::var_os("SCRIP_LOG_JSON") {
        Some(_) => lines.json().init(),
        None => lines.init(),
    }
    Ok(())
}

/// The time it is.
pub(crate) fn now() -> Result<Time, Failure> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let since = since.map_err(|_| Failure::Machine("the clock stands before 1970".into()))?;
    let ms = u64::try_from(since.as_millis());
    ms.map(Time).map_err(|_| Failure::Machine("the clock stands at the end of time".into()))
}

/// Asks the system to stop this process when the one that started it ends.
pub(crate) fn stop_with_parent() -> Result<(), Failure> {
    let asked = set_parent_process_death_signal(Some(Signal::TERM));
    asked.map_err(|error| Failure::Machine(format!("the parent cannot be watched: {error}")))?;
    match getppid() {
        // It ended before it could be watched.
        None | Some(Pid::INIT) => Err(Failure::Machine("the parent ended".into())),
        Some(_) => Ok(()),
    }
}

/// A node in a process of its own. It is stopped when this is dropped.
pub(crate) struct NodeProcess {
    child: Child,
    /// Where it answers.
    pub(crate) url: String,
    log: PathBuf,
}

/// How long a node may take to get ready, and to stop.
const PATIENCE: Duration = Duration::from_secs(120);
const POLL: Duration = Duration::from_millis(20);

impl NodeProcess {
    /// Starts `scrip` with these arguments, and waits for the line that says it is ready.
    pub(crate) fn start(arguments: &[&str], log: &Path) -> Result<Self, Failure> {
        let mut node = Self::spawn(arguments, log)?;
        node.await_ready()?;
        Ok(node)
    }

    /// Starts `scrip` with these arguments, which must name `--json`.
    pub(crate) fn spawn(arguments: &[&str], log: &Path) -> Result<Self, Failure> {
        let program = std::env::current_exe();
        let program = program.map_err(|error| Failure::Machine(error.to_string()))?;
        let errors = fs::OpenOptions::new().create(true).append(true).open(log);
        let errors = errors.map_err(|error| Failure::file(log, error))?;
        let child = Command::new(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .map_err(|error| Failure::Machine(format!("a node cannot be started: {error}")))?;
        Ok(Self { child, url: String::new(), log: log.to_owned() })
    }

    /// Waits until the node has said where it answers.
    pub(crate) fn await_ready(&mut self) -> Result<(), Failure> {
        let Some(said) = self.child.stdout.take() else { return Ok(()) };
        // The description is one JSON value over many lines.
        let mut text = String::new();
        for line in BufReader::new(said).lines() {
            let line = line.map_err(|error| Failure::Machine(error.to_string()))?;
            text += &line;
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                let url = value.get("rpc").and_then(|url| url.as_str());
                let url = url.ok_or_else(|| Failure::Untrue("a node without a door".into()))?;
                self.url = url.to_owned();
                return Ok(());
            }
        }
        Err(self.failure())
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// What it said last, with its exit code.
    pub(crate) fn failure(&mut self) -> Failure {
        let status = self.child.wait().ok();
        let mut log = String::new();
        let read = fs::File::open(&self.log).and_then(|mut file| file.read_to_string(&mut log));
        let last = read.ok().and_then(|_| log.lines().rfind(|line| !line.trim().is_empty()));
        let code = status.and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
        Failure::Child {
            why: format!("the node stopped: {}", last.unwrap_or("it said nothing")),
            code: code.filter(|code| *code != 0).unwrap_or(70),
        }
    }

    /// Tells it to stop, and waits until it has.
    pub(crate) fn stop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        if let Some(pid) = Pid::from_raw(self.id() as i32) {
            // It may have ended by itself in between.
            let _ = kill_process(pid, Signal::TERM);
        }
        let started = Instant::now();
        while self.ended().is_none() {
            if started.elapsed() > PATIENCE {
                let _ = self.child.kill();
                let _ = self.child.wait();
                return;
            }
            std::thread::sleep(POLL);
        }
    }

    /// Kills it without a word, as a power cut would.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for NodeProcess {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A port that nobody uses now.
pub(crate) fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind(("127.0.0.1", 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address
        .map(|address| address.port())
        .map_err(|error| Failure::Machine(format!("no port is free: {error}")))
}
