//! A value of every kind that has an encoding, each field different from its neighbours.

mod assets;
mod blocks;
mod people;
mod rules;

pub use assets::{ledger, ledger_events};
pub use blocks::{blocks, evm, receipts};
pub use people::{identity, identity_events, trust, trust_events};
pub use rules::{compliance, compliance_events};

use types::{
    AccountId, Address, AssetId, B256, Binding, ClassId, Contest, Halt, Order, Orders, PersonId,
    Time,
};

const PERSON: PersonId = PersonId(0x0102_0304_0506_0708);
const OTHER: PersonId = PersonId(9);
const ASSET: AssetId = AssetId(0x1112_1314_1516_1718);
const CLASS: ClassId = ClassId(0x2122_2324);
const ACCOUNT: AccountId = AccountId { person: PERSON, number: 0x0a0b };
const SECOND: AccountId = AccountId { person: OTHER, number: 1 };
/// 2026-01-15, and a later moment.
const THEN: Time = Time(1_768_435_200_000);
const LATER: Time = Time(1_768_435_201_234);

fn wallet(byte: u8) -> Address {
    Address::repeat_byte(byte)
}

fn hash(byte: u8) -> B256 {
    B256::repeat_byte(byte)
}

fn order() -> Order {
    let (authority, reference) = ("Amtsgericht Köln".into(), "71 IN 3/26".into());
    Order { authority, reference, document: hash(0xd0), expires: Some(LATER) }
}

const CONTEST: Contest = Contest {
    document: Some(B256::repeat_byte(0xc0)),
    by: Address::repeat_byte(0xa1),
    decision: Some(B256::repeat_byte(0xde)),
};

const HALT: Halt = Halt { by: Address::repeat_byte(0xb1), since: THEN };

fn orders() -> Orders {
    let other = Order { reference: "72 IN 3/26".into(), expires: None, ..order() };
    let halt = Halt { by: wallet(0xb2), since: LATER };
    let free = Binding { order: other, contest: Contest::default(), halt };
    Orders(vec![Binding { order: order(), contest: CONTEST, halt: HALT }, free])
}
