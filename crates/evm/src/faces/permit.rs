//! ERC-2612 permits, and the ERC-5267 domain that their owner signs for.

use crate::{
    abi::{IERC2612, IERC5267},
    failure::Failure,
    native::Native,
    services::{Request, change, units, view},
};
use alloy_primitives::{FixedBytes, keccak256};
use alloy_sol_types::{SolStruct, SolValue, eip712_domain, sol};
use ledger::Asset;
use state::Context;
use types::{Address, AssetId, B256, Reserved, U256, Units, ensure};

sol! {
    /// What the owner signs, ERC-2612.
    struct PermitData {
        address owner;
        address spender;
        uint256 value;
        uint256 nonce;
        uint256 deadline;
    }
}

/// An allowance that its owner signed for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    asset: AssetId,
    owner: Address,
    spender: Address,
    value: U256,
    /// Seconds since 1970, as ERC-2612 has it.
    deadline: U256,
    signature: [u8; 65],
}

pub(super) fn answer(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC2612::IERC2612Calls,
) -> Result<Request, Failure> {
    use IERC2612::IERC2612Calls as F;
    match call {
        F::permit(f) => {
            let mut signature = [0; 65];
            signature[..32].copy_from_slice(f.r.as_slice());
            signature[32..64].copy_from_slice(f.s.as_slice());
            signature[64] = f.v;
            let (owner, spender, value, deadline) = (f.owner, f.spender, f.value, f.deadline);
            change(Native::Permit(Box::new(Permit {
                asset: id,
                owner,
                spender,
                value,
                deadline,
                signature,
            })))
        }
        F::nonces(f) => {
            view(U256::from(ledger::PERMIT_NONCES.get(ctx, &(id, f.owner)).unwrap_or_default()))
        }
        F::DOMAIN_SEPARATOR(_) => view(domain(ctx, id, asset).separator()),
    }
}

/// ERC-5267: the domain, field by field.
pub(super) fn describe(
    ctx: &Context<'_>,
    id: AssetId,
    asset: &Asset,
    call: IERC5267::IERC5267Calls,
) -> Result<Request, Failure> {
    let IERC5267::IERC5267Calls::eip712Domain(_) = call;
    let token = Reserved::asset(ctx.shard(), id);
    let chain_id = U256::from(ctx.env.chain_id);
    let (name, version) = (asset.name.clone(), "1".to_owned());
    let fields = FixedBytes([0x0f]);
    let extensions: Vec<U256> = Vec::new();
    let domain = (fields, name, version, chain_id, token, B256::ZERO, extensions);
    Ok(Request::View(domain.abi_encode_params()))
}

fn domain(ctx: &Context<'_>, id: AssetId, asset: &Asset) -> alloy_sol_types::Eip712Domain {
    eip712_domain! {
        name: asset.name.clone(),
        version: "1",
        chain_id: ctx.env.chain_id,
        verifying_contract: Reserved::asset(ctx.shard(), id),
    }
}

/// Checks a permit's signature, deadline and nonce, uses the nonce up, and approves.
pub(crate) fn carry_out_permit(ctx: &mut Context<'_>, permit: &Permit) -> Result<(), Failure> {
    let Permit { asset: id, owner, spender, value, deadline, signature } = permit;
    let asset = ledger::asset(ctx, *id)?;
    let is_late = U256::from(ctx.now().secs()) > *deadline;
    ensure(
        !is_late,
        Failure::door(14, 0x46, format!("deadline: the permit was good until second {deadline}")),
    )?;
    let nonce = ledger::PERMIT_NONCES.get(ctx, &(*id, *owner)).unwrap_or_default();
    let data = PermitData {
        owner: *owner,
        spender: *spender,
        value: *value,
        nonce: U256::from(nonce),
        deadline: *deadline,
    };
    ctx.charge(3_000);
    let digest = permit_digest(&data, &domain(ctx, *id, asset));
    let signer = identity::recover(&digest, signature);
    ensure(
        signer == Some(*owner),
        Failure::door(
            15,
            0x10,
            format!("the signature is not {owner}'s, or not in canonical form"),
        ),
    )?;
    // Not in dispute, not suspended: a signature is worth what its wallet's own call would be.
    let account = identity::acting(ctx, owner)?.account;
    let units = if *value == U256::MAX { Units::MAX } else { units(*value)? };
    ledger::PERMIT_NONCES.put(ctx, &(*id, *owner), nonce + 1);
    ledger::approve(ctx, *id, account, *spender, units)?;
    Ok(())
}

/// ERC-2612's digest. The struct's name is `Permit`, whatever ours is called.
fn permit_digest(data: &PermitData, domain: &alloy_sol_types::Eip712Domain) -> B256 {
    let type_hash = keccak256(
        b"Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)",
    );
    let fields = keccak256([type_hash.as_slice(), &data.eip712_encode_data()].concat());
    keccak256([b"\x19\x01".as_slice(), domain.separator().as_slice(), fields.as_slice()].concat())
}
