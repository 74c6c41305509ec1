//! ERC-165: which standards an asset answers.

use crate::{
    abi::IERC165,
    failure::Failure,
    services::{Request, view},
};

/// The standard interfaces by ERC-165 id.
const INTERFACES: [[u8; 4]; 3] =
    [[0x01, 0xff, 0xc9, 0xa7], [0x36, 0x37, 0x2b, 0x07], [0x84, 0xb0, 0x19, 0x6e]];

pub(super) fn answer(f: IERC165::supportsInterfaceCall) -> Result<Request, Failure> {
    view(INTERFACES.contains(&f.interfaceId.0))
}
