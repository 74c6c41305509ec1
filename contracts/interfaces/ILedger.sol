// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Securities and cash.
/// @notice Accounts are named by the wallet that owns them. Classes are numbered from 0.
interface ILedger {
    /// @notice What an official act refers to.
    /// @param authority The court, supervisor or agent that gave the order.
    /// @param ref       Its reference there.
    /// @param document  SHA-256 of the document.
    /// @param expires   From when on it no longer stands, in milliseconds since 1970: what it stops goes on by itself,
    ///                  nothing is carried out under it. 0: until it is lifted.
    struct Order {
        string authority;
        string ref;
        bytes32 document;
        uint64 expires;
    }

    /// @notice Units that are to be moved or ended by an order that was announced to their holder.
    /// @param to           Who gets them; 0 if they end.
    /// @param announced    When, in milliseconds since 1970.
    /// @param contestUntil Until when the holder may contest it; from then on it may be carried out.
    /// @param stage        0 announced, 1 contested, 2 confirmed, 3 withdrawn, 4 carried out.
    /// @param contest      The document by which the holder contests it; 0 if it does not.
    /// @param decision     The document by which that was decided; 0 if it was not.
    struct Taking {
        uint64 asset;
        uint32 class;
        address from;
        address to;
        uint128 units;
        Order order;
        uint64 announced;
        uint64 contestUntil;
        uint8 stage;
        bytes32 contest;
        bytes32 decision;
    }

    /// @notice What an asset is when it is created.
    /// @param kind     0 equity, 1 debt, 2 fund unit, 3 revenue share, 4 structured, 5 cash, 6 wrap, 7 trust unit.
    /// @param currency ISO 4217 for cash, else empty. isin, fisn and lei may be empty.
    struct NewAsset {
        uint8 kind;
        string currency;
        string symbol;
        string name;
        uint8 decimals;
        string isin;
        string cfi;
        string fisn;
        string lei;
        uint128 authorised;
    }

    /// @notice Units for one of many.
    struct Leg {
        address to;
        uint128 units;
    }

    /// @notice Units of one lot of a position: units acquired together, whose clock runs together.
    /// @param place  Its place in the position, from 0, as `scrip_getPositions` tells them.
    /// @param anchor When its clock started, in milliseconds since 1970: refused if another lot stands there by now.
    struct ChosenLot {
        uint16 place;
        uint64 anchor;
        uint128 units;
    }

    /// @notice A part of a transfer on terms.
    /// @param units How many: of chosen lots what they sum to.
    /// @param lots  The lots that go, as they stand before the first part goes; empty for the oldest that may. Chosen for
    ///              every part, or for none.
    /// @param paid  Minor units of the currency; 0 if none is named.
    struct Sale {
        address to;
        uint128 units;
        ChosenLot[] lots;
        uint128 paid;
    }

    /// @notice On which terms what is held is delivered.
    /// @param path     By which path of exemption; empty for the first that is open.
    /// @param currency In which is paid (ISO 4217); 0 if no price is told.
    /// @param paid     For all that is held, in its minor units: of a delivery in parts each is told what falls on its units,
    ///                 rounded up as long as something is left.
    struct HoldTerms {
        string path;
        bytes3 currency;
        uint128 paid;
    }

    /// @notice A part of an issue to subscribers.
    struct Placement {
        address to;
        uint128 units;
        /// Minor units of the currency.
        uint128 paid;
    }

    /// @notice An asset exists, at this address.
    event AssetCreated(uint64 indexed asset, uint64 indexed issuer, address token, string isin, uint128 authorised);
    /// @notice An asset has a further class.
    event ClassCreated(uint64 indexed asset, uint32 indexed class, string name);
    /// @notice So many units may exist.
    event AuthorisedChanged(uint64 indexed asset, uint128 authorised);
    /// @notice An asset is closed for good.
    event Closed(uint64 indexed asset, address by);
    /// @notice A class is stopped, or goes on.
    event ClassFrozen(uint64 indexed asset, uint32 indexed class, bool frozen);
    /// @notice A person may no longer send and receive an asset, or may again, by order. It ends by itself when the order expires.
    event PersonFrozen(uint64 indexed asset, uint64 indexed person, bool frozen, Order order);
    /// @notice So many units of a position are frozen from now on, until their orders expire, and this is the order that changed it.
    event UnitsFrozen(uint64 indexed asset, uint32 indexed class, address indexed account, uint128 units, Order order);
    /// @notice An official act was done, and this is what it refers to. The number is that of an announced order; 0 if it
    ///         had immediate effect and gave the holder no time to contest it.
    event OrderCarriedOut(uint64 indexed asset, Order order, address by, uint64 number);
    /// @notice Units are to be moved, or ended if `to` is 0, by order; they are frozen. The holder may contest it until then.
    event OrderAnnounced(uint64 indexed number, uint64 indexed asset, address indexed from, uint32 class, address to, uint128 units, Order order, uint64 contestUntil);
    /// @notice The holder contests an announced order, by this document.
    event OrderContested(uint64 indexed number, uint64 indexed asset, bytes32 document, address by);
    /// @notice A contested order stands, by this document.
    event OrderConfirmed(uint64 indexed number, uint64 indexed asset, bytes32 document, address by);
    /// @notice An announced order was taken back; the document is 0 if none says why.
    event OrderWithdrawn(uint64 indexed number, uint64 indexed asset, bytes32 document, address by);
    /// @notice A person that may not send and receive an asset contests the order that says so, by this document. The order is
    ///         named as in contestPersonFreeze.
    event PersonFreezeContested(uint64 indexed asset, uint64 indexed person, bytes32 indexed order, bytes32 document, address by);
    /// @notice What a person contests stands, by this document.
    event PersonFreezeConfirmed(uint64 indexed asset, uint64 indexed person, bytes32 indexed order, bytes32 document, address by);
    /// @notice The holder of frozen units contests the order that froze them, by this document.
    event UnitsFreezeContested(uint64 indexed asset, address indexed account, bytes32 indexed order, uint32 class, bytes32 document, address by);
    /// @notice What the holder of frozen units contests stands, by this document.
    event UnitsFreezeConfirmed(uint64 indexed asset, address indexed account, bytes32 indexed order, uint32 class, bytes32 document, address by);
    /// @notice Units were set aside for a beneficiary.
    event Held(uint64 indexed hold, uint64 indexed asset, address indexed account, address beneficiary, uint128 units, uint64 expires);
    /// @notice The hold just placed is a pledge: it secures a debt to its beneficiary, who has recourse to all that the
    ///         pledgor has, or to these units alone.
    event Pledged(uint64 indexed hold, bool recourse);
    /// @notice The hold just placed is delivered on these terms. Whoever delivers it cannot change them.
    event HeldOn(uint64 indexed hold, string path, bytes3 currency, uint128 paid);
    /// @notice Units that were set aside are free again.
    event HoldReleased(uint64 indexed hold, uint128 units);
    /// @notice Units that were set aside went to the beneficiary.
    event HoldExecuted(uint64 indexed hold, uint128 units);
    /// @notice Units of a class become units of the same class, or of another: `made` for every `old`, position by position.
    ///         Nothing of the asset moves until it is complete.
    event ConversionBegun(uint64 indexed asset, uint32 class, uint32 into, uint32 made, uint32 old);
    /// @notice What an account had of a class became so many units, rounded down; rest: so many parts of a unit are left
    ///         over, of which `old` make one.
    event Converted(uint64 indexed asset, address indexed account, uint32 class, uint32 into, uint128 units, uint128 made, uint32 rest);
    /// @notice A hold follows what it holds: so many units of this class from now on; if none, it ended.
    event HoldConverted(uint64 indexed hold, uint32 class, uint128 units);
    /// @notice An announced order follows what it is to take: so many units of this class from now on.
    event OrderConverted(uint64 indexed number, uint32 class, uint128 units);
    /// @notice A conversion is complete, and the asset goes on.
    event ConversionCompleted(uint64 indexed asset, uint32 class, uint32 into);
    /// @notice Units just issued are not paid in full: the clock of their lot has not started.
    event IssuedUnpaid(uint64 indexed asset, uint32 indexed class, address indexed account, uint128 units);
    /// @notice Units of an account, the oldest of those unpaid, are paid in full: the clock of their lot starts now.
    event PaymentConfirmed(uint64 indexed asset, uint32 indexed class, address indexed account, uint128 units);
    /// @notice Units of an account were exchanged for those of another asset of the issuer: `ratioMade` for every `ratioOld`,
    ///         rounded down; rest: so many parts of a unit are left over, of which `ratioOld` make one.
    event Exchanged(uint64 indexed asset, uint64 indexed made, address indexed account, uint32 class, uint32 into, uint128 units, uint128 unitsMade, uint32 ratioMade, uint32 ratioOld, uint32 rest);
    /// @notice For the units that just moved, of an issue if `from` is 0, so much is paid, as who moved them says: minor units
    ///         of a currency (ISO 4217).
    event Priced(uint64 indexed asset, address indexed from, address indexed to, uint32 class, uint128 units, bytes3 currency, uint128 paid);
    /// @notice The balances of this moment are fixed.
    event CheckpointTaken(uint64 indexed asset, uint32 checkpoint);

    /// @notice Creates a security or cash token; the caller becomes its issuer and admin.
    function createAsset(NewAsset calldata asset) external returns (uint64 number, address token);
    /// @notice Power terms: adds a class, numbered from 1; the default class is 0.
    function createClass(uint64 asset, string calldata name) external returns (uint32 class);
    /// @notice Power terms: changes how many units may exist; not below what does.
    function setAuthorised(uint64 asset, uint128 authorised) external;
    /// @notice Power terms: closes an asset for good, once no units are left.
    function closeAsset(uint64 asset) external;
    /// @notice Issues to many holders in one transaction, all or none.
    function issueBatch(uint64 asset, uint32 class, Leg[] calldata legs) external;
    /// @notice Issues units to subscribers, and says what each paid in minor units of a currency (ISO 4217). The profile is
    ///         the number of one that the asset adopted; 0 for the first that serves the subscriber and passes.
    function place(uint64 asset, uint32 class, uint16 profile, bytes3 currency, Placement[] calldata legs) external;
    /// @notice Issues to many holders units that are not paid in full: the clocks of their lots do not start before that
    ///         is confirmed.
    function issueUnpaid(uint64 asset, uint32 class, Leg[] calldata legs) external;
    /// @notice Power issue: says that so many unpaid units of an account, the oldest of them, are paid in full.
    function confirmPayment(uint64 asset, uint32 class, address account, uint128 units) external;
    /// @notice Moves units of one class of an account that the caller owns or may act for, to many, judged on the net per person.
    function transferBatch(uint64 asset, uint32 class, address from, Leg[] calldata legs) external;
    /// @notice Moves units of the caller's own to many, and who is blocked stops nobody else: what a receiver may not take now, for
    ///         reasons that are about it alone, is held for it, and it delivers that to itself once it may, before `expires`; then
    ///         the caller takes it back. What stands in the way of the caller, or of all together (a cap, the approval of another, a
    ///         lock, the issuer's own contract), refuses all. A position carries 256 holds at most: more who are blocked refuse all too.
    function distribute(uint64 asset, uint32 class, Leg[] calldata legs, uint64 expires) external;
    /// @notice Moves units of one class of an account that the caller owns or may act for, to many, and says on which terms:
    ///         what each pays, in minor units of a currency (ISO 4217; 0 if no price is told), of which lots it gets, and by
    ///         which path of exemption all go. Of every law that offers a path of this name that one alone is open then, and
    ///         it is refused if none does; empty for the first that is open.
    function transferOn(uint64 asset, uint32 class, address from, string calldata path, bytes3 currency, Sale[] calldata legs) external;
    /// @notice Power freeze: stops a class, or lets it go on.
    function freezeClass(uint64 asset, uint32 class, bool frozen) external;
    /// @notice Stops a person from sending and receiving the asset until the order expires, or lifts what this order
    ///         stopped. Orders of different authority or reference stand side by side.
    function freezePerson(uint64 asset, uint64 person, bool frozen, Order calldata order) external;
    /// @notice Sets how many units of a position this order freezes until it expires; what other orders freeze is
    ///         beside it. Orders of one authority and reference are one.
    function freezeUnits(uint64 asset, uint32 class, address account, uint128 units, Order calldata order) external;
    /// @notice A frozen person contests the order that freezes it, also if suspended: as long as it stands and was not
    ///         decided upon. It stays frozen. One that is given anew on other terms may be contested anew; what
    ///         waits for a decision goes on waiting.
    /// @param order What names it: SHA-256 of the length of its authority in 8 bytes, big endian, its authority and its
    ///              reference.
    function contestPersonFreeze(uint64 asset, uint64 person, bytes32 order, bytes32 document) external;
    /// @notice Power freeze: decides that what is contested stands, by this document. To decide otherwise is to lift it.
    function confirmPersonFreeze(uint64 asset, uint64 person, bytes32 order, bytes32 document) external;
    /// @notice The same of units that are frozen, by any living wallet of their holder's.
    function contestUnitsFreeze(uint64 asset, uint32 class, address account, bytes32 order, bytes32 document) external;
    /// @notice Power freeze: decides that what is contested stands, by this document. To decide otherwise is to lift it.
    function confirmUnitsFreeze(uint64 asset, uint32 class, address account, bytes32 order, bytes32 document) external;
    /// @notice Files the order that the caller's next official acts on this asset refer to, for interfaces such as
    /// ERC-3643 whose functions have no room for one. An empty order withdraws it.
    function fileOrder(uint64 asset, Order calldata order) external;
    /// @notice Power force: announces that units will be moved, or ended if `to` is 0, by order, and freezes them. The
    ///         holder may contest it until contestUntil, in milliseconds since 1970; from then on it may be carried out.
    ///         0: the order lets nobody contest it.
    function announceOrder(uint64 asset, uint32 class, address from, address to, uint128 units, Order calldata order, uint64 contestUntil) external returns (uint64 number);
    /// @notice The holder contests an announced order, also if suspended: it is not carried out before it is confirmed.
    function contestOrder(uint64 number, bytes32 document) external;
    /// @notice Power force: decides that a contested order stands, by this document.
    function confirmOrder(uint64 number, bytes32 document) external;
    /// @notice Power force: takes an announced order back and lets its units go; the document may be 0.
    function withdrawOrder(uint64 number, bytes32 document) external;
    /// @notice Power force: carries an announced order out, once its window is over and it is not contested, or was confirmed.
    function carryOutOrder(uint64 number) external;
    /// @notice Moves units by order, with immediate effect, unlocking exactly the shortfall. Refuses an order that was
    ///         announced: that is carried out by its number.
    function forceTransfer(uint64 asset, uint32 class, address from, address to, uint128 units, Order calldata order) external;
    /// @notice Ends units by order, with immediate effect.
    function forceRedeem(uint64 asset, uint32 class, address from, uint128 units, Order calldata order) external;
    /// @notice Issues again what an order says was lost.
    function reissue(uint64 asset, uint32 class, address to, uint128 units, Order calldata order) external;
    /// @notice Sets units aside for a beneficiary. notary 0: the beneficiary decides.
    function hold(uint64 asset, uint32 class, address beneficiary, uint64 notary, uint128 units, uint64 expires) external returns (uint64 number);
    /// @notice The same with units of an account that the caller owns, or may hold for; then for no longer than that lasts.
    function holdFor(uint64 asset, uint32 class, address account, address beneficiary, uint64 notary, uint128 units, uint64 expires) external returns (uint64 number);
    /// @notice The same, and says on which terms they are delivered: by which path of exemption, as transferOn has it, and what
    ///         is paid. No lots can be chosen: none is set aside, and what is delivered are the oldest that may go then.
    function holdOn(uint64 asset, uint32 class, address account, address beneficiary, uint64 notary, uint128 units, uint64 expires, HoldTerms calldata terms) external returns (uint64 number);
    /// @notice Sets units of the caller's own aside to secure a debt to a beneficiary: a hold, judged when it is made and
    ///         when it is delivered as a pledge. With recourse the pledgor owes the debt with all that it has, and the
    ///         beneficiary goes on with the clocks of the lots that are delivered. notary 0: the beneficiary decides.
    function pledge(uint64 asset, uint32 class, address beneficiary, uint64 notary, uint128 units, uint64 expires, bool recourse) external returns (uint64 number);
    /// @notice The same by a path of exemption, as transferOn has it: when it is made and when it is delivered.
    function pledgeOn(uint64 asset, uint32 class, address beneficiary, uint64 notary, uint128 units, uint64 expires, bool recourse, string calldata path) external returns (uint64 number);
    /// @notice Frees what is left of a hold: the beneficiary or the notary at any time, the holder or who may hold for it
    ///         once it expired. Before that the holder may by a wallet that replaced a lost one, where the hold was made
    ///         less than a recovery's delay before the first recovery of that dispute was begun, or later by the lost
    ///         wallet, and less than two delays have gone by since the last one was begun.
    function releaseHold(uint64 number) external;
    /// @notice Delivers units of a hold to its beneficiary, if the asset's rules allow it now. A recovery of the holder's
    ///         account holds the delivery up until it may be completed, and for a delay more if the holder may take the hold
    ///         back (see releaseHold): a hold is firm once it has stood for a delay. Recoveries that follow each other hold
    ///         it up for four delays in all. Its end stays as it is, so whoever counts on a delivery asks for a hold that
    ///         lasts longer, and parts with nothing for one that is not firm.
    function executeHold(uint64 number, uint128 units) external;
    /// @notice Power terms, to begin with: a split, a reverse split, or another class. Every position of a class becomes `made` units of
    ///         `into` for every `old`, rounded down, with its lots' clocks, its holds, its freezes and the orders announced
    ///         against it. Converts the positions from place `first` on among all accounts that ever held the class, `limit`
    ///         at most: begin with 0; anybody goes on with the same terms until nothing is left. Until then nothing of the
    ///         asset moves. Allowances, and what grants and delegations are limited to, stay as they are.
    /// @return left How many places are left.
    function convert(uint64 asset, uint32 class, uint32 into, uint32 made, uint32 old, uint32 first, uint32 limit) external returns (uint32 left);
    /// @notice Powers redeem, of the old asset, and issue, of the new: exchanges units of named holders for units of another
    ///         asset of the same issuer, `ratioMade` for every `ratioOld`, rounded down for each. Lots keep their clocks and
    ///         stay under the same profiles, which the new asset must have adopted.
    function exchange(uint64 asset, uint32 class, uint64 made, uint32 into, uint32 ratioMade, uint32 ratioOld, Leg[] calldata legs) external;
    /// @notice Fixes the balances of this moment for ever.
    function takeCheckpoint(uint64 asset) external returns (uint32 checkpoint);

    /// @notice An announced order. Refuses a number that none has.
    function orderOf(uint64 number) external view returns (Taking memory);
    /// @notice Until when the order of this key freezes a person for an asset, and what is said against it: by which wallet
    ///         and document it is contested, and by which document it was decided that it stands; zero where nothing is.
    ///         Refuses the key of an order that does not freeze it now.
    function personFreezeOf(uint64 asset, uint64 person, bytes32 order) external view returns (uint64 until, address by, bytes32 contest, bytes32 decision);
    /// @notice The same of the order of this key by which an agent froze units. An announced order is told by its number.
    function unitsFreezeOf(uint64 asset, uint32 class, address account, bytes32 order) external view returns (uint64 until, address by, bytes32 contest, bytes32 decision);
    /// @notice An asset's address, the zero address if there is none.
    function tokenOf(uint64 asset) external view returns (address);
    /// @notice An account's units of a class as a checkpoint fixed them.
    function balanceAt(uint64 asset, uint32 class, address account, uint32 checkpoint) external view returns (uint256);
    /// @notice Units of a class that existed at a checkpoint.
    function supplyAt(uint64 asset, uint32 class, uint32 checkpoint) external view returns (uint256);
    /// @notice Units of an asset over all classes: that may exist, that exist, that of these the issuer itself holds
    ///         (its treasury), and that others hold. Percentages of a policy are of the last.
    function supplyOf(uint64 asset) external view returns (uint128 authorised, uint128 issued, uint128 treasury, uint128 outstanding);
    /// @notice An account's units of a class: in all, set aside, frozen, and free to move.
    function positionOf(uint64 asset, uint32 class, address account) external view returns (uint256 units, uint256 held, uint256 frozen, uint256 free);
}
