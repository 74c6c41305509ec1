// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {IERC20 as PublishedERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Metadata as PublishedMetadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit as PublishedPermit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {IERC5267 as PublishedDomain} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {IERC165 as PublishedERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ERC165Checker} from "@openzeppelin/contracts/utils/introspection/ERC165Checker.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {
    IERC1410, IERC1594, IERC1643, IERC1644, IERC3643, IERC7943Fungible
} from "contracts/interfaces/standards/IToken.sol";

/// @title What OpenZeppelin's own readers of standards say of an asset, and what a contract can do with one.
contract Standards {
    using SafeERC20 for PublishedERC20;

    /// @notice Are these standards named as ERC-165 has it, reserved answers included? Asked by the library's checker.
    function named(address token) external view returns (bool, bool[] memory) {
        bytes4[] memory ids = new bytes4[](9);
        ids[0] = type(PublishedERC20).interfaceId;
        ids[1] = type(PublishedMetadata).interfaceId;
        ids[2] = type(PublishedPermit).interfaceId;
        ids[3] = type(PublishedDomain).interfaceId;
        ids[4] = type(IERC1594).interfaceId;
        ids[5] = type(IERC1643).interfaceId;
        ids[6] = type(IERC1644).interfaceId;
        ids[7] = type(IERC3643).interfaceId;
        ids[8] = type(IERC7943Fungible).interfaceId;
        return (ERC165Checker.supportsERC165(token), ERC165Checker.getSupportedInterfaces(token, ids));
    }

    /// @notice ERC-165 allows 30,000 gas for its answer.
    function gasOfAnswer(address token) external view returns (uint256 spent) {
        uint256 before = gasleft();
        PublishedERC165(token).supportsInterface(type(PublishedERC20).interfaceId);
        return before - gasleft();
    }

    /// @notice EIP-712's separator, put together from what ERC-5267 tells.
    function domain(address token) public view returns (bytes32) {
        (, string memory name, string memory version, uint256 chainId, address at,,) = PublishedDomain(token).eip712Domain();
        bytes32 kind = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        return keccak256(abi.encode(kind, keccak256(bytes(name)), keccak256(bytes(version)), chainId, at));
    }

    /// @notice The digest that a permit is signed by, put together as EIP-712 has it.
    function permitDigest(address token, address owner, address spender, uint256 value, uint256 deadline)
        public
        view
        returns (bytes32)
    {
        require(domain(token) == PublishedPermit(token).DOMAIN_SEPARATOR(), "the domain is not the separator's");
        bytes32 kind = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        uint256 nonce = PublishedPermit(token).nonces(owner);
        bytes32 words = keccak256(abi.encode(kind, owner, spender, value, nonce, deadline));
        return keccak256(abi.encodePacked("\x19\x01", domain(token), words));
    }

    /// @notice Takes a permit and pulls what it allows, in one transaction.
    function pull(address token, address owner, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s) external {
        require(ECDSA.recover(permitDigest(token, owner, address(this), value, deadline), v, r, s) == owner, "not the owner's");
        PublishedPermit(token).permit(owner, address(this), value, deadline, v, r, s);
        PublishedERC20(token).safeTransferFrom(owner, address(this), value);
    }

    /// @notice Moves and allows as careful contracts do: an answer that is missing or false would revert.
    function give(PublishedERC20 token, address to, uint256 value) external {
        uint256 before = token.balanceOf(address(this));
        token.safeTransfer(to, value);
        token.forceApprove(to, value);
        require(token.allowance(address(this), to) == value, "the allowance is not what was approved");
        require(token.trySafeTransfer(to, 0), "nothing may always move");
        require(!token.trySafeTransfer(to, before - value + 1), "more than there is moved");
        require(token.balanceOf(address(this)) == before - value, "the balance is not what is left");
    }

    /// @notice What ERC-7943 foretells, and whether it then was so.
    function foretold(address token, address to, uint256 value) external returns (bool said, bool did) {
        said = IERC7943Fungible(token).canTransfer(address(this), to, value);
        (did,) = token.call(abi.encodeCall(PublishedERC20.transfer, (to, value)));
        if (did) {
            require(IERC7943Fungible(token).canSend(address(this)), "it sent and could not");
            require(IERC7943Fungible(token).canReceive(to), "it received and could not");
        }
    }

    /// @notice ERC-1410 and 1594 from a contract: the class of arrival, and ERC-1400's byte for the caller.
    function byPartition(address token, bytes32 partition, address to, uint256 value) external returns (bytes32 arrived, bytes1 status) {
        (, status,) = IERC1594(token).canTransfer(to, value, "");
        arrived = IERC1410(token).transferByPartition(partition, to, value, "by a contract");
    }
}
