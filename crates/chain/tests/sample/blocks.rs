//! Ethereum's accounts; receipts, effects and headers.

use super::*;
use crate::Vectors;
use types::{
    Block, Bytes, Effect, EthLog, EventRecord, Header, Module, Outcome, Receipt, Seal, ShardId,
    U256, decode,
};

pub fn evm(all: &mut Vectors) {
    let contract = evm::Account { nonce: 3, code: Some(hash(0xc0)) };
    all.record(&evm::ACCOUNTS, &wallet(0xa1), &contract);
    all.record(&evm::ACCOUNTS, &wallet(0xb2), &evm::Account { nonce: 4, code: None });
    let code = decode(&types::encode(&vec![0x60u8, 0x01])).expect("code");
    all.record(&evm::CODE, &hash(0xc0), &code);
    all.record(&evm::CREATORS, &wallet(0xa1), &wallet(0xb2));
    all.record(&evm::STORAGE, &(wallet(0xa1), U256::from(0x0102)), &U256::from(0x0304));
    all.record(&chain::NETWORK, &(), &hash(0x99));
}

fn event() -> EventRecord {
    EventRecord { module: Module::Ledger, bytes: vec![1, 2, 3] }
}

pub fn receipts(all: &mut Vectors) {
    let outcomes = [
        ("done", Outcome::Done(Bytes::from_static(&[1, 2]))),
        ("refused", Outcome::Refused(Bytes::from_static(&[3, 4, 5]))),
        ("halted", Outcome::Halted("out of gas".into())),
    ];
    for (name, outcome) in outcomes {
        let receipt = Receipt {
            tx: hash(0x71),
            sender: wallet(0xa1),
            person: Some(PERSON),
            outcome,
            gas_used: 21_000,
            created: Some(wallet(0xc3)),
            events: vec![event()],
            logs: vec![EthLog {
                address: wallet(0xd4),
                topics: vec![hash(0x01), hash(0x02)],
                data: Bytes::from_static(&[9, 8]),
            }],
        };
        all.value(&format!("receipt, {name}"), &receipt);
        for (place, effect) in receipt.effects().enumerate() {
            let effect: Effect = decode(&effect).expect("an effect");
            let kind = match &effect {
                Effect::Head { .. } => "head",
                Effect::Event { .. } => "event",
            };
            all.value(&format!("effect {place} of the receipt, {name}: {kind}"), &effect);
        }
    }
}

pub fn blocks(all: &mut Vectors) {
    let seal = Seal {
        epoch: 1,
        view: 2,
        parent_view: 3,
        leader: hash(0x1e),
        ops_root: hash(0x2e),
        ops_start: 4,
        ops_end: 5,
    };
    all.value("seal", &seal);
    let body = vec![Bytes::from_static(&[0xf8, 1]), Bytes::from_static(&[2])];
    let header = Header {
        shard: ShardId(7),
        height: 6,
        parent: hash(0x3e),
        time: THEN,
        body_hash: Block::body_hash(&body),
        state_root: hash(0x4e),
        receipts_root: hash(0x5e),
        gas_used: 21_000,
        seal,
    };
    all.value("header", &header);
    all.value("hash of the header", &header.hash());
    all.value("block", &Block { header, body });
}
