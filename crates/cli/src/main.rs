//! The `scrip` command: run a chain, and call one.
//!
//! Every command ends in one of three ways: its result on standard output, in words or with `--json` as
//! JSON; one error on standard error that names the field and the remedy; or, for nodes, when it is told
//! to stop. Exit codes are in [`failure`].

mod access;
mod app;
mod asset;
mod asset_file;
mod bench;
mod delegation;
mod demo;
mod desk;
mod dev;
mod distribution;
mod failure;
mod hold;
mod init;
mod issuance;
mod keys;
mod law;
mod network;
mod offer;
mod onboarding;
mod order;
mod output;
mod party;
mod person;
mod process;
mod profile;
mod proof;
mod quorum;
mod record;
mod recovery;
mod report;
mod roles;
mod rules;
mod testnet;
mod transfer;
mod venue;
mod view;

use clap::{CommandFactory as _, Parser, Subcommand};
use failure::Failure;
use output::Output;
use std::{path::PathBuf, process::ExitCode};

/// Blocks and records come and go by the million, made on one thread and dropped on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A blockchain made for securities.
#[derive(Parser)]
#[command(name = "scrip", version, propagate_version = true, max_term_width = 100)]
struct Scrip {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(clap::Args)]
struct Globals {
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
    #[command(flatten)]
    access: access::Access,
}

#[derive(Subcommand)]
enum Command {
    /// Start a chain for development: ready in a second, ten wallets with names
    Dev(dev::Dev),
    /// Run one node of a network
    #[command(after_help = process::LOG_HELP)]
    Node {
        /// The node's file, as `scrip init` writes it
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
        /// Stop when the process that started this one ends
        #[arg(long, hide = true)]
        with_parent: bool,
    },
    /// Run a network of several validators on this machine, each in its own process
    Testnet(testnet::Testnet),
    /// Prepare a network from a genesis file: keys, committee, a folder per validator
    Init(init::Init),
    /// Keep keys: web3 keystores, encrypted
    #[command(subcommand)]
    Keys(keys::Keys),
    /// People: register, attest, suspend, show
    #[command(subcommand)]
    Person(person::Person),
    /// Securities and cash: create, set rules, adopt profiles, issue, show
    #[command(subcommand)]
    Asset(asset::AssetCommand),
    /// Profiles of law: register, show
    #[command(subcommand)]
    Profile(profile::ProfileCommand),
    /// Calendars by which days of profiles are counted: register, show
    #[command(subcommand)]
    Calendar(profile::CalendarCommand),
    /// The law of a jurisdiction: set, lift, show
    #[command(subcommand)]
    Law(law::LawCommand),
    /// Facts on which rules rely: attest, withdraw, show
    #[command(subcommand)]
    Fact(law::FactCommand),
    /// Lists of persons that an asset's rules name: add, remove, show
    #[command(subcommand)]
    List(law::ListCommand),
    /// What an asset's issuer owes by its profiles: show, meet
    #[command(subcommand)]
    Duty(law::DutyCommand),
    /// Offers of an asset, one after the other: open, approach, close, show
    #[command(subcommand)]
    Offer(offer::Offer),
    /// A trading venue of one's own: its rules
    #[command(subcommand)]
    Venue(venue::Venue),
    /// Official acts by order: freeze, announce, contest, move, end and reissue units
    #[command(subcommand)]
    Order(order::Order),
    /// Units set aside for somebody: place, release, deliver, show
    #[command(subcommand)]
    Hold(hold::Hold),
    /// Accounts whose key is lost: consent, start, stop, finish, show
    #[command(subcommand)]
    Recovery(recovery::Recovery),
    /// Letting other wallets act for an account: give, end, list, stop all
    #[command(subcommand)]
    Delegation(delegation::Delegation),
    /// Apps under trust: publish, attest, let act, take back, show
    #[command(subcommand)]
    App(app::App),
    /// Powers that several use together: set, propose, approve, show
    #[command(subcommand)]
    Quorum(quorum::Quorum),
    /// Move units of one's own
    Transfer(transfer::Transfer),
    /// Pay many at once from a table (CSV): what one of them may not take now is held for it, and stops nobody else. In one
    /// transaction, so that it happens as a whole or not at all
    Distribute(distribution::Distribute),
    /// May this movement happen? If not: why, when it would, and how much would
    Explain(transfer::Explain),
    /// What a person or wallet holds
    Positions(view::Positions),
    /// Who may do what
    Grants(view::Grants),
    /// Give a power over the network or an asset
    Grant(person::Grant),
    /// What became of a transaction
    Receipt(view::Receipt),
    /// The network, and where this node stands
    Status,
    /// Fetch a proof of a record of the chain, to keep or pass on
    #[command(subcommand)]
    Proof(proof::Proof),
    /// Check a proof with nothing but the network's public key. Needs no connection
    VerifyProof(proof::VerifyProof),
    /// Law as data: check profiles, try scenarios, foresee what a change would mean
    #[command(subcommand)]
    Rules(rules::Rules),
    /// The whole story in numbers: 5,000 people, a security, 20,000 transfers
    Demo(demo::Demo),
    /// Measure the whole chain on this machine
    Bench(bench::Bench),
    /// Print the completion script of a shell
    Completion {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

fn main() -> ExitCode {
    let Scrip { globals: Globals { json, access }, command } = Scrip::parse();
    let output = Output::new(json);
    let done = match command {
        Command::Dev(dev) => dev.run(&output),
        Command::Node { config, with_parent } => dev::run_node(&config, with_parent, &output),
        Command::Testnet(testnet) => testnet.run(&output),
        Command::Init(init) => init.run(&output),
        Command::Keys(keys) => keys.run(&access, &output),
        Command::VerifyProof(verify) => verify.run(&output),
        Command::Rules(rules) => rules.run(&access, &output),
        Command::Demo(demo) => wait_for(demo.run(&output)),
        Command::Bench(bench) => bench.run(&output),
        Command::Completion { shell } => {
            let mut command = Scrip::command();
            clap_complete::generate(shell, &mut command, "scrip", &mut std::io::stdout());
            Ok(())
        }
        Command::Person(person) => wait_for(person.run(&access, &output)),
        Command::Asset(asset) => wait_for(asset.run(&access, &output)),
        Command::Profile(profile) => wait_for(profile.run(&access, &output)),
        Command::Calendar(calendar) => wait_for(calendar.run(&access, &output)),
        Command::Law(law) => wait_for(law.run(&access, &output)),
        Command::Fact(fact) => wait_for(fact.run(&access, &output)),
        Command::List(list) => wait_for(list.run(&access, &output)),
        Command::Duty(duty) => wait_for(duty.run(&access, &output)),
        Command::Offer(offer) => wait_for(offer.run(&access, &output)),
        Command::Venue(venue) => wait_for(venue.run(&access, &output)),
        Command::Order(order) => wait_for(order.run(&access, &output)),
        Command::Hold(hold) => wait_for(hold.run(&access, &output)),
        Command::Recovery(recovery) => wait_for(recovery.run(&access, &output)),
        Command::Delegation(delegation) => wait_for(delegation.run(&access, &output)),
        Command::App(app) => wait_for(app.run(&access, &output)),
        Command::Quorum(quorum) => wait_for(quorum.run(&access, &output)),
        Command::Transfer(transfer) => wait_for(transfer.run(&access, &output)),
        Command::Distribute(distribute) => wait_for(distribute.run(&access, &output)),
        Command::Explain(explain) => wait_for(explain.run(&access, &output)),
        Command::Positions(positions) => wait_for(positions.run(&access, &output)),
        Command::Grants(grants) => wait_for(grants.run(&access, &output)),
        Command::Grant(grant) => wait_for(grant.run(&access, &output)),
        Command::Receipt(receipt) => wait_for(receipt.run(&access, &output)),
        Command::Status => wait_for(view::status(&access, &output)),
        Command::Proof(proof) => wait_for(proof.run(&access, &output)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

/// Runs a command that talks to a node.
fn wait_for(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::Machine(error.to_string()))?.block_on(work)
}
