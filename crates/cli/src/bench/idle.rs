//! What one validator costs while nobody asks for anything.

use super::{Figure, Target, machine, world::share_of_core};
use crate::{demo::start_chain, failure::Failure};
use std::{path::Path, time::Duration};

/// How long a node is left alone before it is watched, and how long it is watched.
const REST: Duration = Duration::from_secs(5);
const WATCH: Duration = Duration::from_secs(30);

pub(crate) fn measure(folder: &Path) -> Result<Vec<Figure>, Failure> {
    let node = start_chain(&folder.join("chain"), &folder.join("node.log"))?;
    std::thread::sleep(REST);
    let before = machine::cpu_seconds(node.id())?;
    std::thread::sleep(WATCH);
    let share = share_of_core(node.id(), before, WATCH.as_secs_f64())?;
    let memory = machine::resident_mib(node.id())?;
    Ok(vec![Figure {
        what: "one validator, idle".into(),
        value: share,
        unit: "% of a core",
        target: Some(Target::AtMost(3.0)),
        detail: format!("over {} s; {memory:.0} MiB resident", WATCH.as_secs()),
    }])
}
