// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface IToken {
    function balanceOf(address account) external view returns (uint256);
    function transferFrom(address from, address to, uint256 value) external returns (bool);
    function canTransferByPartition(address from, address to, bytes32 partition, uint256 value, bytes calldata data)
        external
        view
        returns (bytes1, bytes32, bytes32);
}

/// @title An issuer's rule that reads the ledger, and can be told to misbehave.
contract Rule {
    enum Manner { Rule, Loop, Write, Reenter, Garbage, Silent, Fail, Ask }

    Manner public manner;
    uint256 public limit;
    uint256 public asked;

    function set(Manner manner_, uint256 limit_) external {
        (manner, limit) = (manner_, limit_);
    }

    /// @notice Nobody but an issue may leave a receiver with more than the limit.
    function check(address asset, address from, address to, uint256 units) external returns (bool) {
        if (manner == Manner.Loop) while (true) {}
        if (manner == Manner.Write) asked++;
        if (manner == Manner.Reenter) IToken(asset).transferFrom(from, to, units);
        if (manner == Manner.Garbage) assembly { mstore(0, 2) return(0, 32) }
        if (manner == Manner.Silent) assembly { return(0, 0) }
        if (manner == Manner.Fail) revert("the rule fails");
        if (manner == Manner.Ask) {
            (bytes1 status,,) = IToken(asset).canTransferByPartition(from, to, "default", units, "");
            return status == 0x51;
        }
        return from == address(0) || IToken(asset).balanceOf(to) <= limit;
    }
}
