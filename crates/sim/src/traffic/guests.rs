//! Guest contracts that call services and assets: in rows, nested, caught, reverted, as someone else.

use super::{Traffic, Wish, service, token};
use crate::abi::{IERC20, IERC3643, IIdentity, ILedger};
use alloy_sol_types::SolCall as _;
use types::{Address, Module, U256};

/// An issuer's rule contract that agrees to even amounts.
pub const RULE_CODE: [u8; 13] =
    [0x60, 0x64, 0x35, 0x60, 0x01, 0x16, 0x15, 0x5f, 0x52, 0x60, 0x20, 0x5f, 0xf3];

/// How a step of the executor calls its target.
#[derive(Clone, Copy)]
enum Step {
    /// A call that must succeed.
    Must = 0,
    /// A call whose failure is caught.
    May = 1,
    /// A static call.
    Static = 2,
    /// Runs the target's code as the executor itself.
    Delegate = 3,
    /// Reverts everything so far in this frame.
    Revert = 4,
}

impl Traffic {
    pub(super) fn guest_wish(&mut self) -> Wish {
        let is_new = self.contracts.is_empty() || self.dice.chance(15);
        let by = match self.seen.developers.is_empty() || !is_new || self.dice.chance(40) {
            true => self.anyone(),
            false => *self.dice.pick(&self.seen.developers),
        };
        if is_new {
            let code = match self.dice.below(5) {
                0 => RULE_CODE.to_vec(),
                1 => self.dice.bytes(24),
                _ => executor(),
            };
            let nonce = self.nonces.get(&by).copied().unwrap_or_default();
            self.contracts.push(self.cast.wallet(by).create(nonce));
            if self.contracts.len() > 6 {
                self.contracts.remove(0);
            }
            return Wish { by, to: None, data: creation(&code) };
        }
        let contract = *self.dice.pick(&self.contracts);
        let data = self.steps(contract, 0);
        Wish { by, to: Some(contract), data }
    }

    /// A wallet, or now and then a contract, that gets a power over something.
    pub(super) fn spender(&mut self) -> Address {
        if self.contracts.is_empty() || self.dice.chance(60) {
            return self.wallet();
        }
        *self.dice.pick(&self.contracts)
    }

    fn steps(&mut self, executor: Address, depth: u8) -> Vec<u8> {
        let mut data = Vec::new();
        for _ in 0..self.dice.between(1, 3) {
            let (mut step, mut target, mut call) = self.inner_call(executor);
            match self.dice.below(12) {
                0 => step = Step::Static,
                1 => step = Step::Delegate,
                2 => step = Step::Revert,
                3..6 if depth < 3 => {
                    (step, target, call) = (Step::May, executor, self.steps(executor, depth + 1))
                }
                _ => {}
            }
            data.push(step as u8);
            data.extend(target);
            data.extend((call.len() as u16).to_be_bytes());
            data.extend(call);
        }
        data
    }

    fn inner_call(&mut self, executor: Address) -> (Step, Address, Vec<u8>) {
        let (asset, _) = self.asset();
        let (from, to) = (self.wallet(), self.wallet());
        let value = U256::from(self.dice.below(8));
        let step = if self.dice.chance(60) { Step::May } else { Step::Must };
        let (target, data) = match self.dice.below(12) {
            0..5 => (token(asset), IERC20::transferFromCall { from, to, value }.abi_encode()),
            5 => (token(asset), IERC20::balanceOfCall { account: from }.abi_encode()),
            6 => (token(asset), IERC3643::mintCall { to, amount: value }.abi_encode()),
            7 => {
                let (_, number) = self.hold();
                let call = ILedger::executeHoldCall { number, units: self.dice.below(5).into() };
                (service(Module::Ledger), call.abi_encode())
            }
            8 => (service(Module::Identity), IIdentity::personOfCall { wallet: to }.abi_encode()),
            9 => {
                let call = ILedger::holdForCall {
                    asset: asset.0,
                    class: 0,
                    account: self.holder_of(executor),
                    beneficiary: to,
                    notary: 0,
                    units: self.dice.below(5).into(),
                    expires: self.moment(),
                };
                (service(Module::Ledger), call.abi_encode())
            }
            _ => {
                let leg = ILedger::Leg { to, units: self.dice.below(5).into() };
                let from = self.holder_of(executor);
                let (asset, class, legs) = (asset.0, 0, vec![leg]);
                let call = ILedger::transferBatchCall { asset, class, from, legs };
                (service(Module::Ledger), call.abi_encode())
            }
        };
        (step, target, data)
    }
}

/// Code that returns this code.
fn creation(code: &[u8]) -> Vec<u8> {
    let mut init = vec![0x60, code.len() as u8, 0x80, 0x60, 9, 0x5f, 0x39, 0x5f, 0xf3];
    init.extend(code);
    init
}

/// A contract that carries out the steps in its call data, each
/// `step (1) | target (20) | length (2) | data`, and then adds one to its word 0.
fn executor() -> Vec<u8> {
    let mut code = Assembler::default();
    code.bytes(&[0x5f]); // p = 0
    code.label("next");
    code.bytes(&[0x80, 0x36, 0x11, 0x15]).jump_if("end"); // until p >= CALLDATASIZE
    code.bytes(&[0x80, 0x35, 0x60, 248, 0x1c]); // p step
    code.bytes(&[0x80, 0x60, Step::Revert as u8, 0x14]).jump_if("revert");
    code.bytes(&[0x81, 0x60, 21, 0x01, 0x35, 0x60, 240, 0x1c]); // p step length
    code.bytes(&[0x80, 0x83, 0x60, 23, 0x01, 0x5f, 0x37]); // CALLDATACOPY(0, p + 23, length)
    code.bytes(&[0x82, 0x60, 1, 0x01, 0x35, 0x60, 96, 0x1c]); // p step length target
    code.bytes(&[0x82, 0x60, Step::Static as u8, 0x14]).jump_if("static");
    code.bytes(&[0x82, 0x60, Step::Delegate as u8, 0x14]).jump_if("delegate");
    code.bytes(&[0x5f, 0x5f, 0x83, 0x5f, 0x5f, 0x85, 0x5a, 0xf1]).jump("done");
    code.label("static");
    code.bytes(&[0x5f, 0x5f, 0x83, 0x5f, 0x84, 0x5a, 0xfa]).jump("done");
    code.label("delegate");
    code.bytes(&[0x5f, 0x5f, 0x83, 0x5f, 0x84, 0x5a, 0xf4]);
    code.label("done"); // p step length target ok
    code.bytes(&[0x83, 0x15, 0x90, 0x15, 0x16]).jump_if("revert"); // it must succeed and did not
    code.bytes(&[0x50, 0x90, 0x50, 0x01, 0x60, 23, 0x01]).jump("next"); // p + length + 23
    code.label("revert");
    code.bytes(&[0x3d, 0x5f, 0x5f, 0x3e, 0x3d, 0x5f, 0xfd]); // with what came back
    code.label("end");
    code.bytes(&[0x5f, 0x54, 0x60, 1, 0x01, 0x5f, 0x55, 0x00]); // SSTORE(0, SLOAD(0) + 1)
    code.assembled()
}

/// Bytes, places in them by name, and jumps to those.
#[derive(Default)]
struct Assembler {
    code: Vec<u8>,
    labels: Vec<(&'static str, u8)>,
    jumps: Vec<(usize, &'static str)>,
}

impl Assembler {
    fn bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.code.extend(bytes);
        self
    }

    fn label(&mut self, name: &'static str) {
        self.labels.push((name, self.code.len() as u8));
        self.code.push(0x5b);
    }

    fn jump(&mut self, to: &'static str) {
        self.jumps.push((self.code.len() + 1, to));
        self.code.extend([0x60, 0, 0x56]);
    }

    fn jump_if(&mut self, to: &'static str) {
        self.jumps.push((self.code.len() + 1, to));
        self.code.extend([0x60, 0, 0x57]);
    }

    fn assembled(mut self) -> Vec<u8> {
        for (place, name) in &self.jumps {
            let label = self.labels.iter().find(|(known, _)| known == name);
            self.code[*place] = label.expect("every jump has its label").1;
        }
        self.code
    }
}
