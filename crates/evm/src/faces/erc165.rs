//! ERC-165: which standards an asset answers.

use crate::{
    abi::{
        self, IERC20, IERC20Metadata, IERC165, IERC1404, IERC1410, IERC1594, IERC1643, IERC1644,
        IERC2612, IERC3643, IERC5267, IERC7943Fungible as IERC7943, interface_id,
    },
    failure::Failure,
    services::{Request, undecodable, view},
};
use alloy_sol_types::SolCall;

/// The interfaces of an asset by their ERC-165 ids.
const INTERFACES: [[u8; 4]; 13] = [
    interface_id(IERC165::IERC165Calls::SELECTORS),
    interface_id(IERC20::IERC20Calls::SELECTORS),
    interface_id(IERC20Metadata::IERC20MetadataCalls::SELECTORS),
    interface_id(IERC2612::IERC2612Calls::SELECTORS),
    interface_id(IERC5267::IERC5267Calls::SELECTORS),
    interface_id(IERC1404::IERC1404Calls::SELECTORS),
    interface_id(IERC1410::IERC1410Calls::SELECTORS),
    PARTITIONS_AND_SUM,
    interface_id(IERC1594::IERC1594Calls::SELECTORS),
    interface_id(IERC1643::IERC1643Calls::SELECTORS),
    interface_id(IERC1644::IERC1644Calls::SELECTORS),
    interface_id(IERC3643::IERC3643Calls::SELECTORS),
    interface_id(IERC7943::IERC7943FungibleCalls::SELECTORS),
];

/// ERC-1410 as its text has it: with ERC-20's balance and supply, which here are ERC-20's alone.
const PARTITIONS_AND_SUM: [u8; 4] = interface_id(&[
    interface_id(IERC1410::IERC1410Calls::SELECTORS),
    IERC20::balanceOfCall::SELECTOR,
    IERC20::totalSupplyCall::SELECTOR,
]);

pub(super) fn answer(input: &[u8]) -> Result<Request, Failure> {
    let is_supported = abi::supports(input, &INTERFACES);
    view(is_supported.map_err(|error| undecodable(input, error))?)
}
