// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IRuleContract} from "contracts/interfaces/ICompliance.sol";
import {IERC20} from "contracts/interfaces/standards/IToken.sol";

/// @title An issuer's own rule: nobody moves more than so many at once, nor ends up with less than ten.
contract SmallSteps is IRuleContract {
    address public immutable agent = msg.sender;
    uint256 public most;

    constructor(uint256 most_) {
        most = most_;
    }

    function setMost(uint256 most_) external {
        require(msg.sender == agent, "only the agent");
        most = most_;
    }

    /// @inheritdoc IRuleContract
    function check(address asset, address from, address to, uint256 units) external view returns (bool) {
        if (from == address(0)) return true;
        // The ledger is seen as the movement would leave it.
        return units <= most && IERC20(asset).balanceOf(to) >= 10;
    }
}

/// @title A rule that never comes to an end.
contract Endless {
    function check(address, address, address, uint256) external view returns (bool) {
        uint256 spent;
        while (gasleft() > 0) spent++;
        return spent > 0;
    }
}

/// @title A rule that would rather move units than judge.
contract Thief {
    function check(address asset, address, address to, uint256) external returns (bool) {
        (bool ok,) = asset.call(abi.encodeCall(IERC20.approve, (to, 1)));
        return ok;
    }
}
