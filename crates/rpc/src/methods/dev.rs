//! Methods of chains for development.

use super::{Method, Work, Work::Executing};
use crate::dev::{accounts, amend, going_back, time};

const fn dev(name: &'static str, params: &'static [&'static str], work: Work) -> Method {
    Method::new(name, params, work).dev()
}

pub(super) static METHODS: &[Method] = &[
    dev("evm_snapshot", &[], Executing(going_back::snapshot)),
    dev("evm_revert", &["id"], Executing(going_back::revert))
        .but("Blocks, native records, contracts and time go back. What waits is forgotten."),
    dev("evm_mine", &["timestamp"], Executing(time::mine))
        .but("Takes a time, or `{timestamp, blocks}`."),
    dev("evm_increaseTime", &["seconds"], Executing(time::increase)),
    dev("evm_setNextBlockTimestamp", &["timestamp"], Executing(time::set_next)),
    dev("evm_setAutomine", &["automine"], Executing(time::set_automine)),
    dev("evm_setIntervalMining", &["interval"], Executing(time::set_interval))
        .but("Milliseconds with `--compat hardhat`, else seconds, as each tool's clients count."),
    dev("anvil_setIntervalMining", &["interval"], Executing(time::set_interval_secs)),
    dev("anvil_autoImpersonateAccount", &["enabled"], Executing(amend::impersonate_all)),
    dev("eth_sendTransaction", &["transaction"], Executing(accounts::send))
        .but("For accounts of the mnemonic and those impersonated."),
    dev("eth_signTransaction", &["transaction"], Executing(accounts::sign_transaction)),
    dev("eth_sign", &["address", "message"], Executing(accounts::sign)),
    dev("personal_sign", &["message", "address"], Executing(accounts::personal_sign)),
    dev("eth_signTypedData_v4", &["address", "data"], Executing(accounts::sign_typed)),
    dev("eth_signTypedData", &["address", "data"], Executing(accounts::sign_typed))
        .but("As `eth_signTypedData_v4`: web3.py calls it so."),
];

/// The same under Hardhat's name and Anvil's.
macro_rules! in_both_names {
    ($($name:literal $params:expr, $work:expr, $note:literal;)*) => {
        pub(super) static IN_BOTH_NAMES: &[Method] = &[$(
            dev(concat!("hardhat_", $name), &$params, $work).but($note),
            dev(concat!("anvil_", $name), &$params, $work).but($note),
        )*];
    };
}

in_both_names! {
    "mine" ["blocks", "interval"], Executing(time::mine_many), "At most 100,000 blocks a call.";
    "getAutomine" [], Executing(time::automine), "";
    "reset" ["forking"], Executing(going_back::reset), "Back to the genesis; forking is refused.";
    "impersonateAccount" ["address"], Executing(amend::impersonate),
        "Who sends becomes a person unless the chain is `--strict`.";
    "stopImpersonatingAccount" ["address"], Executing(amend::stop_impersonating), "";
    "setCode" ["address", "code"], Executing(amend::set_code), "Not at reserved addresses.";
    "setStorageAt" ["address", "slot", "word"], Executing(amend::set_storage),
        "Not at reserved addresses, whose records are typed.";
    "setNonce" ["address", "nonce"], Executing(amend::set_nonce), "";
    "setBalance" ["address", "wei"], Executing(amend::set_balance),
        "Sets fuel, which is what a balance shows here.";
}
