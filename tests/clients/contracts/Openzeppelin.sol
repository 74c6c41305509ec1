// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {IERC20 as Token} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {ERC1967Proxy} from "@openzeppelin/contracts/proxy/ERC1967/ERC1967Proxy.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// @title OpenZeppelin's vault over a native asset: shares of its own, units of the asset behind them.
contract Vault is ERC4626 {
    constructor(Token asset) ERC20("Vault of shares", "vACME") ERC4626(asset) {}
}

/// @title A payment that two agree on and a third releases, of OpenZeppelin's parts.
contract Deposit is AccessControl, ReentrancyGuard {
    using SafeERC20 for Token;

    bytes32 public constant ARBITER = keccak256("ARBITER");
    Token public immutable token;
    address public immutable buyer;
    address public immutable seller;

    constructor(Token token_, address buyer_, address seller_, address arbiter) {
        (token, buyer, seller) = (token_, buyer_, seller_);
        _grantRole(ARBITER, arbiter);
    }

    function pay(uint256 value) external nonReentrant {
        token.safeTransferFrom(buyer, address(this), value);
    }

    function release(uint256 value) external onlyRole(ARBITER) nonReentrant {
        token.safeTransfer(seller, value);
    }
}

/// @title An airdrop of a native asset to who is in a Merkle tree.
contract Airdrop {
    using SafeERC20 for Token;

    Token public immutable token;
    bytes32 public immutable root;
    mapping(address => bool) public taken;

    constructor(Token token_, bytes32 root_) {
        (token, root) = (token_, root_);
    }

    function claim(uint256 value, bytes32[] calldata proof) external {
        require(!taken[msg.sender], "taken");
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(msg.sender, value))));
        require(MerkleProof.verifyCalldata(proof, root, leaf), "not in the tree");
        taken[msg.sender] = true;
        token.safeTransfer(msg.sender, value);
    }
}
