// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title A contract that does as it is told: a tree of calls, some of which fail on purpose.
contract Script {
    /// @param kind 0 call, 1 staticcall, 2 delegatecall, 3 callcode, 4 create2, 5 selfdestruct.
    /// @param must The step's failure fails the whole frame.
    struct Step {
        uint8 kind;
        address to;
        uint256 value;
        bytes data;
        bool must;
    }

    struct Result {
        bool ok;
        bytes data;
    }

    event Stepped(uint256 indexed index, bool ok);

    error Failed(uint256 index, bytes data);
    error AsTold();

    /// @notice How many steps of frames that stand were made.
    uint256 public steps;

    /// @notice Runs steps while the contract is created.
    constructor(Step[] memory told) {
        for (uint256 i; i < told.length; i++) {
            (bool ok, bytes memory data) = perform(told[i]);
            if (!ok && told[i].must) revert Failed(i, data);
        }
    }

    /// @notice Runs steps in their order; fails at the end if told to.
    function run(Step[] calldata told, bool fail) external returns (Result[] memory results) {
        results = new Result[](told.length);
        for (uint256 i; i < told.length; i++) {
            steps++;
            (bool ok, bytes memory data) = perform(told[i]);
            if (!ok && told[i].must) revert Failed(i, data);
            emit Stepped(i, ok);
            results[i] = Result(ok, data);
        }
        if (fail) revert AsTold();
    }

    /// @notice As `run`, but writes nothing itself, so that it can stand in a static frame.
    function look(Step[] calldata told) external returns (Result[] memory results) {
        results = new Result[](told.length);
        for (uint256 i; i < told.length; i++) {
            (bool ok, bytes memory data) = perform(told[i]);
            results[i] = Result(ok, data);
        }
    }

    /// @notice Takes the step in a frame so deep; every frame whose depth is odd is undone by its caller if told to.
    function dive(uint256 depth, Step calldata step, bool failOdd) external {
        (bool ok, bytes memory data) = perform(step);
        if (!ok) revert Failed(depth, data);
        if (depth > 0) {
            try this.dive(depth - 1, step, failOdd) {} catch {}
        }
        if (failOdd && depth % 2 == 1) revert AsTold();
    }

    /// @notice What the EVM says of an address.
    function probe(address what) external view returns (uint256 size, bytes32 hash, uint256 balance) {
        return (what.code.length, what.codehash, what.balance);
    }

    function perform(Step memory step) internal returns (bool ok, bytes memory result) {
        (uint8 kind, address to, uint256 value, bytes memory data) = (step.kind, step.to, step.value, step.data);
        assembly {
            let at := add(data, 32)
            let size := mload(data)
            switch kind
            case 0 { ok := call(gas(), to, value, at, size, 0, 0) }
            case 1 { ok := staticcall(gas(), to, at, size, 0, 0) }
            case 2 { ok := delegatecall(gas(), to, at, size, 0, 0) }
            case 3 { ok := callcode(gas(), to, value, at, size, 0, 0) }
            case 4 { ok := iszero(iszero(create2(value, at, size, 0))) }
            default { selfdestruct(to) }
            result := mload(64)
            mstore(64, add(result, and(add(returndatasize(), 63), not(31))))
            mstore(result, returndatasize())
            returndatacopy(add(result, 32), 0, returndatasize())
        }
    }
}
