//! Why a post state of the tests is not this chain's. A reason is proved from what the transaction did.

use super::{
    run::After,
    vector::{Account, Post, StateTest, Variation},
};
use crate::guest::GuestContext;
use revm::{
    Inspector,
    bytecode::opcode::{CLZ, SELFDESTRUCT},
    interpreter::{
        CallInputs, CallOutcome, Interpreter, interpreter::EthInterpreter, interpreter_types::Jumps,
    },
    precompile::modexp,
    primitives::hardfork::SpecId,
    state::EvmState,
};
use types::{Address, U256};

/// A rule of this chain that the tests' forks do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Later {
    Floor,
    Modexp,
    Precompiles,
    Clz,
}

/// A rule of the tests that this chain does not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Never {
    SenderWithCode,
    WordsWithoutCode,
    Destroyed,
}

impl Later {
    pub const ALL: [Self; 4] = [Self::Floor, Self::Modexp, Self::Precompiles, Self::Clz];

    /// The rule, for the page.
    pub fn rule(self) -> &'static str {
        match self {
            Self::Floor => "EIP-7623: a transaction pays for its data at least so much",
            Self::Modexp => "EIP-7823, EIP-7883: other prices and a bound for `modexp`",
            Self::Precompiles => {
                "EIP-2537, EIP-7951: there are precompiles at 0x0b to 0x11 and 0x100"
            }
            Self::Clz => "EIP-7939: the opcode 0x1e counts leading zeros",
        }
    }

    /// What shows that the rule is the reason.
    pub fn proof(self) -> &'static str {
        match self {
            Self::Floor => "its gas used, or its gas limit, is below the floor of its data",
            Self::Modexp => "it calls `modexp` for what has another price or answer",
            Self::Precompiles => "it reads or calls one of these addresses",
            Self::Clz => "it runs the opcode",
        }
    }

    /// The rules that make this transaction another under Osaka.
    pub fn of(one: &Variation<'_>, after: &After, state: &EvmState, seen: &Seen) -> Vec<Self> {
        let floor = crate::floor(one.data);
        let is_new = |address: &Address| {
            let number = U256::from_be_bytes(address.into_word().0);
            (0x0b..=0x11).chain([0x100]).any(|new| U256::from(new) == number)
        };
        let holds = |reason: &Self| match reason {
            Self::Floor => one.gas < floor || after.gas_used < floor,
            Self::Modexp => seen.has_modexp,
            Self::Precompiles => state.keys().any(is_new),
            Self::Clz => seen.opcodes[CLZ as usize],
        };
        Self::ALL.into_iter().filter(holds).collect()
    }
}

impl Never {
    pub const ALL: [Self; 3] = [Self::SenderWithCode, Self::WordsWithoutCode, Self::Destroyed];

    /// The reason, for the page.
    pub fn words(self) -> &'static str {
        match self {
            Self::SenderWithCode => {
                "EIP-3607 is not asked: only a person's wallet sends, and no key is known for the address of code"
            }
            Self::WordsWithoutCode => {
                "EIP-7610 is not asked: no account has storage and neither code nor nonce, so that no creation meets one"
            }
            Self::Destroyed => "before Cancun `SELFDESTRUCT` ended older contracts, too",
        }
    }

    /// The rules of the tests that this transaction needed.
    pub fn of(test: &StateTest, post: &Post, rules: SpecId, seen: &Seen) -> Vec<Self> {
        let is_expected =
            |what: &str| post.expect_exception.as_ref().is_some_and(|e| e.contains(what));
        let holds = |reason: &Self| match reason {
            Self::SenderWithCode => is_expected("SENDER_NOT_EOA"),
            Self::WordsWithoutCode => test.pre.values().any(is_storage_alone),
            Self::Destroyed => seen.opcodes[SELFDESTRUCT as usize] && rules < SpecId::CANCUN,
        };
        Self::ALL.into_iter().filter(holds).collect()
    }
}

fn is_storage_alone(account: &Account) -> bool {
    !account.storage.is_empty() && account.code.is_empty() && account.nonce.is_zero()
}

/// What a transaction did, as far as reasons ask for it.
pub struct Seen {
    opcodes: [bool; 256],
    /// True if a call of `modexp` costs or answers something else under Osaka.
    has_modexp: bool,
}

impl Seen {
    pub fn nothing() -> Self {
        Self { opcodes: [false; 256], has_modexp: false }
    }
}

impl<'a, 'b> Inspector<GuestContext<'a, 'b>, EthInterpreter> for Seen {
    fn step(&mut self, interpreter: &mut Interpreter, _: &mut GuestContext<'a, 'b>) {
        self.opcodes[interpreter.bytecode.opcode() as usize] = true;
    }

    fn call(
        &mut self,
        context: &mut GuestContext<'a, 'b>,
        inputs: &mut CallInputs,
    ) -> Option<CallOutcome> {
        if inputs.bytecode_address == Address::with_last_byte(5) {
            let input = inputs.input.bytes(context);
            let before = modexp::berlin_run(&input, inputs.gas_limit);
            self.has_modexp |= before != modexp::osaka_run(&input, inputs.gas_limit);
        }
        None
    }
}
