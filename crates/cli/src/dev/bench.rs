//! A chain for development on a workbench: no consensus, a way back.

use super::{Dev, file::StateFile, told::Told};
use crate::{
    failure::Failure,
    output::Output,
    process,
    roles::{self, DEV_CHAIN_ID, RESET_CHAIN_IDS},
};
use chain::Genesis;
use node::Alone;
use rand::RngExt as _;
use rpc::RpcConfig;
use std::{
    path::PathBuf,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::sync::oneshot;
use types::{Time, U256};
use workbench::{Keys, Setup, Workbench};

const ACCOUNTS: u16 = 10;

/// What accounts begin with elsewhere, in wei.
const TEN_THOUSAND_ETHER: u128 = 10_000_000_000_000_000_000_000;

pub(super) fn run(dev: &Dev, output: &Output) -> Result<(), Failure> {
    let file = match dev.ephemeral {
        true => None,
        false => Some(StateFile::open(&state_path(dev)?)?),
    };
    let kept = match &file {
        Some(file) if !dev.reset => file.read()?,
        _ => None,
    };
    let bench = match &kept {
        Some(bytes) => {
            let resumed = Workbench::resume(bytes, |genesis| setup(dev, genesis));
            resumed.map_err(|error| Failure::input(state_path_text(&file), error))?
        }
        None => {
            let genesis = genesis(dev)?;
            let setup = setup(dev, &genesis);
            Workbench::begin(genesis, setup)
        }
    };
    check_flags(dev, bench.chain().genesis())?;
    let rpc = RpcConfig {
        listen: dev.rpc(),
        monitor: Some(dev.metrics()),
        client_version: dev.client_version(),
        ..RpcConfig::default()
    };
    let told = Told {
        genesis: bench.chain().genesis().clone(),
        network_key: None,
        kept: file.as_ref().map(|file| file.path().to_owned()),
        was_reset: dev.reset,
    };
    serve(Alone { bench: bench.clone(), rpc }, told, output)?;
    match file {
        Some(file) => file.write(&bench.save()),
        None => Ok(()),
    }
}

fn serve(alone: Alone, told: Told, output: &Output) -> Result<(), Failure> {
    let (sender, receiver) = oneshot::channel::<rpc::Running>();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // An error means that the chain did not start: its own error says why.
            if let Ok(running) = receiver.blocking_recv() {
                told.tell(running.rpc, running.metrics, output);
            }
        });
        Ok(node::run_alone(alone, sender, node::terminated())?)
    })
}

/// A new chain's genesis.
fn genesis(dev: &Dev) -> Result<Genesis, Failure> {
    let drawn = || match dev.reset {
        true => rand::rng().random_range(RESET_CHAIN_IDS),
        false => DEV_CHAIN_ID,
    };
    let chain_id = dev.chain_id.unwrap_or_else(drawn);
    let accounts = usize::from(dev.accounts.unwrap_or(ACCOUNTS));
    // A second back, so that the first block is not dated ahead of the clock.
    let now = process::now()?;
    let time = Time::from_secs(now.secs().saturating_sub(1));
    Ok(roles::bench_genesis(time, chain_id, accounts, dev.strict))
}

fn setup(dev: &Dev, genesis: &Genesis) -> Setup {
    let wallets = roles::some_wallets(genesis.identity.persons.len());
    let provider = wallets.get(1).map(client::Wallet::address);
    Setup {
        keys: Keys::new(wallets.iter().map(client::Wallet::private_key)),
        newcomers: provider.filter(|_| !dev.strict),
        fuel: (!dev.strict).then(|| U256::from(TEN_THOUSAND_ETHER)),
        interval: dev.block_time.map(Duration::from_secs),
        now: Box::new(|| {
            let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
            Time(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
        }),
    }
}

/// Refuses what a chain that is there cannot be any more.
fn check_flags(dev: &Dev, genesis: &Genesis) -> Result<(), Failure> {
    let again = "; add --reset to begin anew, or name another --state";
    if let Some(asked) = dev.chain_id.filter(|asked| *asked != genesis.chain_id) {
        let why =
            format!("the chain that is kept has the id {}, not {asked}{again}", genesis.chain_id);
        return Err(Failure::input("--chain-id", why));
    }
    let there = genesis.identity.persons.len();
    match dev.accounts {
        Some(asked) if usize::from(asked) != there => {
            let why = format!("the chain that is kept has {there}{again}");
            Err(Failure::input("--accounts", why))
        }
        _ => Ok(()),
    }
}

fn state_path(dev: &Dev) -> Result<PathBuf, Failure> {
    if let Some(path) = &dev.state {
        return Ok(path.clone());
    }
    let home = std::env::home_dir().ok_or_else(|| {
        Failure::input("--state", "there is no home directory; name the file, or use --ephemeral")
    })?;
    Ok(home.join(".scrip").join("dev").join(format!("{}.state", dev.port)))
}

fn state_path_text(file: &Option<StateFile>) -> String {
    file.as_ref().map_or_else(String::new, |file| file.path().display().to_string())
}
