//! What a holder is told beforehand is what happens: a preview and the transfer right after it agree. COM-2.

use super::{
    fold::{Broken, Tx, law},
    wire::*,
};

/// `canMove(uint64,address,address,uint256)` and ERC-20's `transfer(address,uint256)`.
const CAN_MOVE: [u8; 4] = [0x33, 0x90, 0x8e, 0x1a];
const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];
/// `Refused(uint16,bytes1,string)` and `ERC20InsufficientBalance(address,uint256,uint256)`.
const REFUSED: [u8; 4] = [0x3f, 0xf4, 0xb7, 0x4b];
const SHORT: [u8; 4] = [0xe4, 0x50, 0xd3, 0x8c];
/// The reason of a balance that is too low, and the number above which refusals are reasons.
const INSUFFICIENT: u64 = 5;
const REASONS: u64 = 9_000;
/// The ledger's refusal of what needs more gas than there is.
const OUT_OF_FUEL: u64 = 4_018;

/// What was asked by whom, and the answer.
pub struct Asked {
    sender: Wallet,
    asset: u64,
    to: Vec<u8>,
    units: Vec<u8>,
    answer: Answer,
}

enum Answer {
    Allowed,
    /// With the first reason's code, and all in words.
    Refused(u64, Vec<u8>),
    /// Nothing can be said at all.
    None,
}

/// Previews of the chain that were followed by what they were asked about: allowed, and refused.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    pub allowed: u64,
    pub refused: u64,
}

fn word(data: &[u8], place: usize) -> Option<&[u8]> {
    data.get(place * 32..place * 32 + 32)
}

fn number(word: &[u8]) -> Option<u64> {
    let (high, low) = word.split_at(24);
    high.iter().all(|byte| *byte == 0).then(|| u64::from_be_bytes(low.try_into().expect("eight")))
}

/// The text whose place stands in a word.
fn text(data: &[u8], place: usize) -> Option<&[u8]> {
    let at = number(word(data, place)?)? as usize;
    let length = number(data.get(at..at + 32)?)? as usize;
    data.get(at + 32..at + 32 + length)
}

/// What was asked, if it is a preview of a transfer of the caller's own.
pub(super) fn asked(tx: &Tx, receipt: &Receipt) -> Option<Asked> {
    let arguments = tx.input.strip_prefix(&CAN_MOVE)?;
    let is_own = word(arguments, 1)?.ends_with(&tx.sender);
    let asset = number(word(arguments, 0)?)?;
    let answer = match &receipt.outcome {
        // A word says where the verdict begins.
        Outcome::Done(data) => match (number(word(data, 1)?)?, data.get(32..)?) {
            (0, verdict) => Answer::Refused(number(word(verdict, 1)?)?, text(verdict, 5)?.to_vec()),
            _ => Answer::Allowed,
        },
        Outcome::Refused(_) => Answer::None,
        Outcome::Halted(_) => return None,
    };
    let [to, units] = [2, 3].map(|place| word(arguments, place).map(<[u8]>::to_vec));
    let sender = tx.sender;
    Some(Asked { sender, asset, to: to?, units: units?, answer }).filter(|_| is_own)
}

impl Asked {
    /// Was this asked of the transfer that came next? Then it must have come as it was told.
    pub(super) fn came(&self, tx: &Tx, receipt: &Receipt, kept: &mut Kept) -> Result<(), Broken> {
        let Some(at) = tx.to.filter(|to| to[..3] == [0x5c, 0x12, 0x19] && to[11] == 1) else {
            return Ok(());
        };
        let is_its = tx.sender == self.sender
            && at[12..] == self.asset.to_be_bytes()
            && tx.input == [&TRANSFER[..], &self.to, &self.units].concat();
        if !is_its {
            return Ok(());
        }
        let is_done = matches!(receipt.outcome, Outcome::Done(_));
        let why = match &receipt.outcome {
            Outcome::Done(_) => None,
            Outcome::Refused(data) => Some(data),
            Outcome::Halted(_) => return Ok(()),
        };
        let refused = why.and_then(|data| {
            let data = data.strip_prefix(&REFUSED)?;
            Some((number(word(data, 0)?)?, text(data, 2)?))
        });
        if refused.is_some_and(|(code, _)| code == OUT_OF_FUEL) {
            return Ok(());
        }
        match &self.answer {
            Answer::Allowed => {
                law!(is_done, "COM-2 an allowed transfer was refused: {refused:?} {why:02x?}");
                kept.allowed += 1;
            }
            Answer::None => law!(!is_done, "COM-2 of a transfer nothing could be said"),
            Answer::Refused(code, words) => {
                let words = String::from_utf8_lossy(words);
                law!(!is_done, "COM-2 a transfer that was refused beforehand happened: {words}");
                let is_short = why.is_some_and(|data| data.starts_with(&SHORT));
                let is_same = match refused {
                    Some((told, said)) => {
                        told == REASONS + code && String::from_utf8_lossy(said) == words
                    }
                    None => is_short && *code == INSUFFICIENT,
                };
                law!(is_same, "COM-2 told {code} {words}, then refused by {refused:?}");
                kept.refused += 1;
            }
        }
        Ok(())
    }
}
