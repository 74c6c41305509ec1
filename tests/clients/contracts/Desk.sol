// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

interface IToken {
    function transferFrom(address from, address to, uint256 amount) external returns (bool);
    function balanceOf(address holder) external view returns (uint256);
}

/// @title A seller's standing offer: cash against a security, both or neither.
/// @notice Knows nothing of compliance: the tokens refuse by themselves, and a refusal undoes both legs.
contract Desk {
    IToken public immutable security;
    IToken public immutable cash;
    address public immutable seller;
    uint256 public immutable price;

    uint256 public sold;
    bytes public lastRefusal;

    event Sold(address indexed buyer, uint256 units, uint256 paid);
    event Refused(address indexed buyer, bytes reason);

    constructor(IToken security_, IToken cash_, address seller_, uint256 price_) {
        (security, cash, seller, price) = (security_, cash_, seller_, price_);
    }

    /// @notice Pays first, then delivers; if the delivery is refused, the payment is undone with it.
    function buy(uint256 units) public {
        cash.transferFrom(msg.sender, seller, units * price);
        security.transferFrom(seller, msg.sender, units);
        sold += units;
        emit Sold(msg.sender, units, units * price);
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
        cash.transferFrom(buyer, seller, units * price);
        security.transferFrom(seller, buyer, units);
        sold += units;
        emit Sold(buyer, units, units * price);
    }

    /// @notice Buys, then fails on purpose: nothing may remain of either leg.
    function buyThenRevert(uint256 units) external {
        buy(units);
        revert("changed my mind");
    }
}
