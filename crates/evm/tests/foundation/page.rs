//! What came of the tests, as a page: `docs/ethereum-tests.md`.

use super::{
    rlp,
    state::{self, Door, Tally, Way},
    transactions::{self, Told},
    why::Later,
};
use std::{collections::BTreeMap, fmt::Write as _};

const PREFACE: &str = "\
# Ethereum's own tests

The Ethereum Foundation's tests of state, transactions and RLP (repository `ethereum/tests`) run through this chain's
executor and decoders. They are not a part of the project: `cargo nextest run -p evm` finds `ethereum-tests.tar.xz` in
`../shared/vectors` beside it, or in the folder that `SCRIP_VECTORS` names, and says that it skips them where it is
not. They write this page with `SCRIP_WRITE=1` before the command, and fail when it is behind.

No test is left out by its name. Each post state is tried in the ways below, in their order, until the root of all
accounts, the hash of the logs and whether the transaction stands in a block at all are what the test says:

1. **sent**: the test's key signs the transaction anew at the chain's own price; it is decoded, admitted for a person,
   and executed as any other, with nothing lent. The root is that of the chain's tables, and of the ether that the
   test's price would have moved beside them. What Ethereum refuses, admission must refuse for the same reason; a blob
   transaction, which goes on to the next way, for its type.
2. **ether lent**: the chain has no ether, and its blocks have one price and no miner. The same machine, made by the
   same function over the same tables and natives, is given the test's balances in its journal, and the test's prices
   and block; the chain's rules (Osaka) stay.
3. **Cancun's rules**: as before, by the rules of the fork that the test is for, where a later rule of Ethereum is proved
   to have changed just this transaction. For forks before Cancun that is the only way, and stands in its own column.
4. **not reached**: this chain differs on purpose, for a reason that the transaction is proved to meet.

Whatever comes of none of them fails the suite, and so does a post state that is reached in another way than this page
says.
";

/// Every test's outcome in Markdown.
fn page(states: &Tally, told: &BTreeMap<Told, usize>, rlp: (usize, usize)) -> String {
    let mut page = String::from(PREFACE);
    write_states(&mut page, states);
    write_later(&mut page, states);
    write_never(&mut page, states);
    write_doors(&mut page, states, told, rlp);
    page
}

fn count(states: &Tally, is_meant: impl Fn(&str, Way) -> bool) -> usize {
    let meant = states.ways.iter().filter(|((folder, way), _)| is_meant(folder, *way));
    meant.map(|(_, count)| count).sum()
}

fn write_states(page: &mut String, states: &Tally) {
    let columns: [fn(Way) -> bool; 6] = [
        |_| true,
        |way| way == Way::Sent,
        |way| way == Way::Lent,
        |way| matches!(way, Way::Before(_)),
        |way| way == Way::Older,
        |way| matches!(way, Way::Not(_)),
    ];
    let row = |page: &mut String, name: &str, is_here: &dyn Fn(&str) -> bool| {
        let cell = |column: &fn(Way) -> bool| {
            count(states, |folder, way| is_here(folder) && column(way)).to_string()
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        let _ = writeln!(page, "| {name} | {} |", cells.join(" | "));
    };
    page.push_str("\n## State tests\n\n");
    page.push_str("| folder | post states | sent | ether lent | Cancun's rules | older forks | not reached |\n");
    page.push_str("|---|---|---|---|---|---|---|\n");
    row(page, "**all**", &|_| true);
    let mut folders: Vec<&String> = states.ways.keys().map(|(folder, _)| folder).collect();
    folders.dedup();
    for name in folders {
        row(page, name, &|folder| folder == name);
    }
    let _ = writeln!(
        page,
        "\nOne more, `{}`, computes for half a minute and is run by `cargo nextest run -p evm --run-ignored only`: sent.",
        state::LONG
    );
}

fn write_later(page: &mut String, states: &Tally) {
    page.push_str("\n## Rules later than the tests\n\n");
    page.push_str(
        "By these the chain, and Ethereum today, leave another state than at Cancun.\n\n",
    );
    page.push_str("| rule | post states | proved by |\n|---|---|---|\n");
    for later in Later::ALL {
        let found = count(states, |_, way| way == Way::Before(later));
        let _ = writeln!(page, "| {} | {found} | {} |", later.rule(), later.proof());
    }
}

fn write_never(page: &mut String, states: &Tally) {
    page.push_str("\n## Not reached\n\n| reason | post states | tests |\n|---|---|---|\n");
    for (never, names) in &states.missed {
        let found = count(states, |_, way| way == Way::Not(*never));
        let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
        let _ = writeln!(page, "| {} | {found} | {} |", never.words(), names.join(", "));
    }
}

fn write_doors(
    page: &mut String,
    states: &Tally,
    told: &BTreeMap<Told, usize>,
    (good, bad): (usize, usize),
) {
    page.push_str("\n## The door\n\nThe signed bytes of each post state above, through the chain's decoder:\n\n");
    page.push_str("| what came of them | post states |\n|---|---|\n");
    let door = |door| states.doors.get(&door).copied().unwrap_or_default();
    for (words, count) in [
        ("decoded, and sender and fields are the test's", door(Door::Decoded)),
        (
            "sender and fields are the test's, and refused: signed for any chain, before EIP-155",
            door(Door::AnyChain),
        ),
        ("refused: type 3, there are no blobs", door(Door::Blobs)),
        ("refused: a number is longer than Ethereum's, as expected", door(Door::NoTransaction)),
    ] {
        let _ = writeln!(page, "| {words} | {count} |");
    }
    page.push_str("\nThe transaction tests, by the newest fork that each names:\n\n");
    page.push_str("| what came of them | tests |\n|---|---|\n");
    let told = |what| told.get(&what).copied().unwrap_or_default();
    for (words, count) in [
        ("hash, sender and intrinsic gas are the test's", told(Told::Taken)),
        ("the same, and refused: signed for any chain, before EIP-155", told(Told::AnyChain)),
        ("refused, though Ethereum has room: a gas for 2^128 wei or more", told(Told::Price)),
        ("refused by the decoder, as expected", told(Told::Refused)),
        ("refused by admission for the reason expected", told(Told::NotAdmitted)),
    ] {
        let _ = writeln!(page, "| {words} | {count} |");
    }
    let _ = writeln!(
        page,
        "\nThe RLP tests: {good} encodings are decoded as meant and encoded to the same bytes, {bad} that are none are \
         refused."
    );
}

#[test]
fn every_post_state_is_reached_or_a_reason_proved_and_the_page_says_so() {
    let Some(states) = state::run(|name| name != state::LONG) else { return };
    assert!(states.failures.is_empty(), "{}", states.failures.join("\n"));
    let told = transactions::run().expect("beside the others");
    let page = page(&states, &told, rlp::run().expect("beside the others"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/ethereum-tests.md");
    if std::env::var_os("SCRIP_WRITE").is_some() {
        std::fs::write(path, &page).expect("the page");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default();
    assert!(written == page, "docs/ethereum-tests.md is behind: write it with SCRIP_WRITE=1");
}
