// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title What a contract can see and do, one function for each.
contract Workshop {
    error TooMuch(uint256 asked, uint256 allowed);

    event Made(address indexed at);

    mapping(address => uint256) public counted;
    Drawer[] public drawers;
    uint256 transient passing;

    function surroundings() external view returns (uint256 chain, uint256 number, uint256 time, address sender, address origin) {
        return (block.chainid, block.number, block.timestamp, msg.sender, tx.origin);
    }

    function count() external returns (uint256) {
        return ++counted[msg.sender];
    }

    function make(bytes32 salt) external returns (Drawer drawer) {
        drawer = new Drawer{salt: salt}(drawers.length);
        drawers.push(drawer);
        emit Made(address(drawer));
    }

    function destroy(uint256 place) external {
        drawers[place].close();
    }

    function signer(bytes32 digest, uint8 v, bytes32 r, bytes32 s) external pure returns (address) {
        return ecrecover(digest, v, r, s);
    }

    function hashes(bytes calldata data) external pure returns (bytes32, bytes32, bytes20) {
        return (keccak256(data), sha256(data), ripemd160(data));
    }

    /// @notice What transient storage holds at the beginning: always nothing.
    function carried() external returns (uint256 before) {
        before = passing;
        passing = 1;
    }

    function fails(uint256 how) external pure returns (uint256) {
        if (how == 0) revert("in so many words");
        if (how == 1) revert TooMuch(7, 5);
        if (how == 2) return 1 / (how - 2);
        if (how == 3) return type(uint256).max + how;
        assembly {
            invalid()
        }
    }

    function spin() external {
        while (true) counted[address(this)]++;
    }
}

/// @title Something to make and to put away again.
contract Drawer {
    uint256 public immutable place;
    uint256 public kept = 42;

    constructor(uint256 place_) {
        place = place_;
    }

    function close() external {
        selfdestruct(payable(msg.sender));
    }
}

/// @title A contract that does not want to exist.
contract Stillborn {
    constructor() {
        revert("not today");
    }
}
