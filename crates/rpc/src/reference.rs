//! The list of methods as a page, from the table that the dispatcher works with.

use crate::methods::{self, Method};
use std::fmt::Write as _;

/// Every method, its parameters and its conformance, in Markdown: `docs/json-rpc.md`.
pub fn reference() -> String {
    let mut page = String::from(PREFACE);
    for group in &methods::GROUPS {
        let _ = write!(page, "\n## {}\n\n{}\n\n", group.title, group.about);
        page.push_str("| method | parameters | conformance |\n|---|---|---|\n");
        for method in group.methods.iter().flat_map(|methods| methods.iter()) {
            let Method { name, params, .. } = method;
            let _ = writeln!(
                page,
                "| `{name}` | {} | {} |",
                params.join(", "),
                conformance(method, group.usual)
            );
        }
    }
    page.push_str(ERRORS);
    page
}

fn conformance(method: &Method, usual: &'static str) -> &'static str {
    if method.note.is_empty() { usual } else { method.note }
}

const PREFACE: &str = "\
# JSON-RPC

Generated from the table that the node dispatches from; `cargo nextest run -p rpc` fails when this page is behind
it, and `SCRIP_WRITE=1` before that command writes it anew. HTTP and WebSocket share one port, 8545 unless
configured; batches are taken on both. What is not listed does not exist, and is answered with -32601.
";

const ERRORS: &str = "
## Errors

| code | meaning |
|---|---|
| 3 | the call was refused by what it called: `data` is the revert's, a custom error of `contracts/` or the contract's own |
| 4 | `eth_sendRawTransactionSync`: taken, but not final in time; `data` is the hash |
| -32700, -32600, -32601, -32602, -32603 | JSON-RPC 2.0: no JSON, no request, no such method, a parameter, our own fault |
| -32000 | not taken, or it failed, in the words that Geth uses where libraries look at them |
| -32001 | what is asked for does not exist |
| -32002 | the node starts, is busy, or it took too long: try again |
| -32004 | not on this chain, on purpose |
| -32005 | more than one answer carries: ask for less |
";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_page_of_methods_says_what_the_node_serves() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/json-rpc.md");
        let page = reference();
        if std::env::var_os("SCRIP_WRITE").is_some() {
            std::fs::write(path, &page).unwrap();
        }
        let written = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            written == page,
            "docs/json-rpc.md is behind the table: write it with SCRIP_WRITE=1"
        );
    }

    #[test]
    fn every_method_has_one_name_and_cells_stay_cells() {
        let mut names = BTreeSet::new();
        for method in methods::all() {
            assert!(names.insert(method.name), "{} stands twice", method.name);
            assert!(!method.note.contains(['|', '\n']), "{}: {}", method.name, method.note);
        }
    }
}
