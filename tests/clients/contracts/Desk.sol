// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

import {ICompliance} from "contracts/interfaces/ICompliance.sol";
import {IERC20} from "contracts/interfaces/standards/IToken.sol";

/// @title A seller's standing offer: cash against a security, both or neither.
/// @notice Keeps no rules of its own: the tokens refuse by themselves, and a refusal undoes both legs.
contract Desk {
    ICompliance private constant COMPLIANCE = ICompliance(0x5C12190000000000000000000000000000000003);

    IERC20 public immutable security;
    IERC20 public immutable cash;
    address public immutable seller;
    uint256 public immutable price;

    uint256 public sold;
    bytes public lastRefusal;

    event Sold(address indexed buyer, uint256 units, uint256 paid);
    event Refused(address indexed buyer, bytes reason);

    constructor(IERC20 security_, IERC20 cash_, address seller_, uint256 price_) {
        (security, cash, seller, price) = (security_, cash_, seller_, price_);
    }

    /// @notice May this buyer have so many, what would it pay, and if not, why not?
    function quote(address buyer, uint256 units) external view returns (bool allowed, uint256 due, string memory why) {
        // An asset's number is the end of its address.
        ICompliance.Verdict memory told = COMPLIANCE.canMove(uint64(uint160(address(security))), seller, buyer, units);
        return (told.allowed, units * price, told.reasons);
    }

    /// @notice Pays first, then delivers; if the delivery is refused, the payment is undone with it.
    function buy(uint256 units) public {
        settle(msg.sender, units);
    }

    /// @notice As `buy`, but keeps the outer call alive and remembers why the inner one failed.
    function tryBuy(uint256 units) external returns (bool) {
        try this.buyFor(msg.sender, units) {
            return true;
        } catch (bytes memory reason) {
            lastRefusal = reason;
            emit Refused(msg.sender, reason);
            return false;
        }
    }

    /// @notice Only the desk calls this, so that a refusal can be caught.
    function buyFor(address buyer, uint256 units) external {
        require(msg.sender == address(this), "only the desk");
        settle(buyer, units);
    }

    /// @notice Buys, then fails on purpose: nothing may remain of either leg.
    function buyThenRevert(uint256 units) external {
        buy(units);
        revert("changed my mind");
    }

    function settle(address buyer, uint256 units) private {
        cash.transferFrom(buyer, seller, units * price);
        security.transferFrom(seller, buyer, units);
        sold += units;
        emit Sold(buyer, units, units * price);
    }
}
