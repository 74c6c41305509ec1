// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20} from "contracts/interfaces/standards/IToken.sol";

/// @title Calls an asset in every way that Solidity has, and tells what came of it.
contract Probe {
    function called(IERC20 token, address to, uint256 units) external returns (bool ok, bytes memory data) {
        return address(token).call(abi.encodeCall(token.transfer, (to, units)));
    }

    function asked(IERC20 token, address to, uint256 units) external view returns (bool ok, bytes memory data) {
        return address(token).staticcall(abi.encodeCall(token.transfer, (to, units)));
    }

    function borrowed(IERC20 token, address to, uint256 units) external returns (bool ok, bytes memory data) {
        return address(token).delegatecall(abi.encodeCall(token.transfer, (to, units)));
    }

    function balance(IERC20 token, address holder) external view returns (uint256) {
        return token.balanceOf(holder);
    }

    function codeSize(address at) external view returns (uint256) {
        return at.code.length;
    }
}
