// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title May this happen?
interface ICompliance {
    /// @notice On which terms units would move, as `transferOn` of the ledger takes them.
    /// @param path     By which path of exemption; empty for the first that is open.
    /// @param currency In which is paid (ISO 4217); 0 if no price is told.
    /// @param paid     In its minor units.
    /// @param lots     Which lots go; empty for the oldest that may.
    struct Terms {
        string path;
        bytes3 currency;
        uint128 paid;
        Lot[] lots;
    }

    /// @notice So many units of one lot, named as the ledger's `ChosenLot`.
    struct Lot {
        uint16 place;
        uint64 anchor;
        uint128 units;
    }

    /// @notice What would come of a movement.
    /// @param allowed    Whether it would happen.
    /// @param code       The first reason's number; above 999 the code of a refusal of the caller itself, which comes before
    ///                   every reason. 0 if it would happen.
    /// @param status     Its ERC-1066 status byte.
    /// @param params     What the first reason against the movement itself says, for words of one's own.
    /// @param paths      Of each law that offered a choice, the path relied on: the law's number in the high byte, 0 for the
    ///                   issuer's own, and the place of the path in its rules, from 1, in the low one.
    /// @param reasons    What bars the caller, if anything does, and every reason, in words.
    /// @param earliestOk When it would pass, all else being as it is, in milliseconds since 1970; 0 if that is not known.
    /// @param maxOk      How many units would pass now; 0 if none would, or that is not known.
    struct Verdict {
        bool allowed;
        uint16 code;
        bytes1 status;
        Params params;
        uint16[] paths;
        string reasons;
        uint64 earliestOk;
        uint256 maxOk;
    }

    /// @notice Everything that a reason says, each fact once; 0 or empty where it says nothing. Which code fills which stands
    ///         in docs/reasons.md. Times are milliseconds since 1970, persons their numbers.
    /// @param code      The reason's number; 0 if there is none.
    /// @param layer     Who speaks: 1 the ledger, 2 identity and sanctions, 3 the law of a country, 4 the asset's policy, 5 the
    ///                  venue.
    /// @param said      Of which amounts and numbers 0 is said, and not nothing: 1 `have`, 2 `need`, 4 `used`, 8 `class`.
    /// @param side      About whom: 1 who gives, 2 who gets, 3 both, 4 the venue.
    /// @param path      The path on which it stands in the way.
    /// @param have      What there is or would be.
    /// @param need      What is needed or allowed.
    /// @param topic     Of the claim.
    /// @param country   Two letters.
    /// @param fact      The fact, document, meter or path that it names.
    /// @param when      When it would pass.
    /// @param providers Who could attest what is missing; any provider if nobody is named.
    /// @param source    Where the rule is written.
    /// @param by        Who stopped it.
    /// @param since     Since when it is so: stopped, or run out.
    /// @param order     By which order; of several that bind the one that does longest.
    /// @param class     The class of the asset, if it is about that alone.
    /// @param used      What was added up of `need` already.
    /// @param held      Units that are held or pledged.
    /// @param frozen    Units that are frozen, if their freeze has a part in it.
    /// @param period    Over which it is added up.
    /// @param next      From when on more of it is left.
    /// @param offered   The paths that are offered, where one was elected that is not.
    /// @param turn      Whose approval is asked for next.
    struct Params {
        uint16 code;
        uint8 layer;
        uint8 said;
        uint8 side;
        string path;
        uint128 have;
        uint128 need;
        uint32 topic;
        bytes2 country;
        string fact;
        uint64 when;
        uint64[] providers;
        string source;
        uint64 by;
        uint64 since;
        OrderName order;
        uint32 class;
        uint128 used;
        uint128 held;
        uint128 frozen;
        Period period;
        uint64 next;
        string[] offered;
        Turn turn;
    }

    /// @notice What an order is called.
    /// @param authority Who gave it.
    /// @param ref       Its reference there.
    struct OrderName {
        string authority;
        string ref;
    }

    /// @notice Over which period something is added up.
    /// @param kind  1 from the beginning, 2 the span before the movement, 3 spans one after the other, 4 years that begin on a
    ///              day, 5 since a fact came true, 6 calendar months; 0 none.
    /// @param span  Of kinds 2 and 3: months, business days, days and hours.
    /// @param month Of kind 4, from 1.
    /// @param day   Of kind 4: of the month, from 1.
    /// @param fact  Of kind 5.
    struct Period {
        uint8 kind;
        uint32[4] span;
        uint8 month;
        uint8 day;
        string fact;
    }

    /// @notice Whose approval is asked for.
    /// @param who   1 who gives, 2 who gets, 3 persons on a list; 0 nobody's.
    /// @param list  The list of those who may approve.
    /// @param count How many of them must.
    struct Turn {
        uint8 who;
        uint32 list;
        uint8 count;
    }

    /// @notice A policy is in force from now on; `policy` is the SHA-256 of its encoding, `report` the hash of what was
    ///         found of it before it replaced another.
    event PolicySet(uint64 indexed asset, uint32 version, bytes32 policy, bytes32 report);
    /// @notice A person, or a wallet where `person` is 0, stands on a list of the asset between two times; asset 0 is the
    ///         network.
    event Listed(uint64 indexed asset, uint32 list, uint64 indexed person, address indexed wallet, uint64 from, uint64 until);
    /// @notice It no longer stands on that list.
    event Delisted(uint64 indexed asset, uint32 list, uint64 indexed person, address indexed wallet);

    /// @notice A fact about an asset is attested; asset 0 is the network.
    event FactAttested(uint64 indexed asset, string name, uint128 value, uint64 since, uint64 until, bytes32 document);
    /// @notice A fact is taken back.
    event FactWithdrawn(uint64 indexed asset, string name);
    /// @notice A profile is registered; `profile` is the SHA-256 of its encoding.
    event ProfileRegistered(string id, uint32 version, bytes32 profile);
    /// @notice A calendar, or its next version, is registered; `calendar` is the SHA-256 of its encoding.
    event CalendarRegistered(string id, uint32 version, bytes32 calendar);
    /// @notice Units of an asset may be issued under a version of a profile, which its lots call by this number; `report` is
    ///         the hash of what was found of it before.
    event ProfileAdopted(uint64 indexed asset, string id, uint32 version, uint16 number, bytes32 report);
    /// @notice No more units are issued under a profile; those that were stay under it.
    event ProfileDropped(uint64 indexed asset, string id, uint16 number, bytes32 report);
    /// @notice These profiles are the law of a jurisdiction from now on.
    event LawSet(bytes2 indexed country, string[] profiles, uint32[] versions, bytes32 report);
    /// @notice A person is in the register of those who were approached.
    event Approached(uint64 indexed asset, uint64 indexed person);
    /// @notice A movement is approved by one of those whose approval it needs: so many times, or, where `units` is 0,
    ///         so many units in all.
    event MovementApproved(
        uint64 indexed asset,
        uint32 list,
        uint64 from,
        uint64 to,
        uint128 units,
        uint64 indexed by,
        uint64 until,
        uint128 left
    );
    /// @notice The issuer owes something by a time.
    event DutyRaised(uint64 indexed asset, string profile, string duty, uint64 due);
    /// @notice What would make the issuer owe something is near.
    event DutyNear(uint64 indexed asset, string profile, string duty);
    /// @notice What the issuer owed is done.
    event DutyMet(uint64 indexed asset, string duty);
    /// @notice A venue set its rules; `rules` is SHA-256 of their encoding.
    event VenueRulesSet(uint64 indexed venue, uint32 version, bytes32 rules, bytes32 report);
    /// @notice An offer of an asset is open: what is approached and placed from now on counts in it.
    event OfferOpened(uint64 indexed asset, uint32 offer);
    /// @notice An offer has ended: nothing counts in it any more.
    event OfferClosed(uint64 indexed asset, uint32 offer);
    /// @notice A claim that came or ended, or a change of residence, made more holders of a kind than rules allow. No
    /// more come in, and nobody loses what it has.
    /// @param scope   0 of the asset, 1 of all assets of its issuer, 3 of the class.
    /// @param country Where they reside; 0 for anywhere.
    /// @param topic   The claim that they have, or lack if not `having`; 0 for any.
    event CapExceeded(
        uint64 indexed asset, uint8 scope, uint32 class, bytes2 country, uint32 topic, bool having, uint32 holders, uint32 most
    );

    /// @notice Puts a policy into force: JSON by the schema of docs/policy.md. Unknown fields are refused with line and column.
    /// @param report The hash of the report on what it would mean for who holds the asset (`scrip_dryRun`, docs/policy.md). A
    ///        policy that replaces another is refused without one; for the first it may be 0.
    function setPolicy(uint64 asset, string calldata policy, bytes32 report) external;
    /// @notice Puts a person, or a wallet, on a list of the asset from a time until another: the other of the two is 0.
    ///         Asset 0 is the network, which needs the power Law. A wallet stands for itself: when an account gets
    ///         another, that one is not listed.
    function list(uint64 asset, uint32 number, uint64 person, address wallet, uint64 from, uint64 until) external;
    /// @notice Takes a person, or a wallet, off a list. Asset 0 is the network.
    function delist(uint64 asset, uint32 number, uint64 person, address wallet) external;

    /// @notice Attests a fact about an asset, its issuer or its offer, or a document filed: true from `since` until
    ///         `until`. Asset 0 is the network, which needs the power Law.
    function attestFact(uint64 asset, string calldata name, uint128 value, uint64 since, uint64 until, bytes32 document)
        external;
    /// @notice Takes a fact back. Asset 0 is the network.
    function withdrawFact(uint64 asset, string calldata name) external;
    /// @notice Network power: registers a profile, or its next version: JSON by the schema of docs/profiles.md. Units issued
    ///         under an earlier version stay under that.
    function registerProfile(string calldata profile) external;
    /// @notice Network power: registers a calendar, or its next version, which says nothing new of days that have begun: JSON
    ///         by the schema of docs/profiles.md. Policies and profiles name it, and count days by its latest version.
    function registerCalendar(string calldata calendar) external;
    /// @notice Lets units of an asset be issued under the latest version of a profile, or no longer.
    /// @param report As of `setPolicy`; it may be 0 while nobody holds the asset.
    function adoptProfile(uint64 asset, string calldata id, bool adopted, bytes32 report) external;
    /// @notice Network power: puts profiles into force as the law of a jurisdiction, at their latest versions; none lifts it.
    /// @param report As of `setPolicy`, on any asset; it may be 0 where the law is lifted, and while there is no asset.
    function setLaw(bytes2 country, string[] calldata profiles, bytes32 report) external;
    /// @notice Sets what the caller's venue asks of everything that its wallets move for others: JSON with `rules`, and a
    ///         `calendar` by which their days are counted. The caller needs a current claim 81 (licence) of value 1 (trading venue).
    /// @param report As of `setPolicy`, on any asset; it may be 0 where there are no rules, and while there is no asset.
    function setVenueRules(string calldata rules, bytes32 report) external;
    /// @notice Enters persons into the register of those who were approached, if they may be.
    function approach(uint64 asset, uint64[] calldata persons) external;
    /// @notice Begins the next offer of an asset, in which approaches and placements count from now on where a rule counts
    ///         by offer. One at a time.
    function openOffer(uint64 asset) external;
    /// @notice Ends the offer that is open. What counted in it counts in no other.
    function closeOffer(uint64 asset) external;
    /// @notice Approves so many movements, each of exactly so many units between two persons, where a rule asks for
    ///         approvals; 1 for one. `from` 0: units are issued; `to` 0: they are redeemed.
    ///         List 0: the caller is one of the two, and approves for itself. A list for which no rule asks is refused; of
    ///         each 64 humans approve one movement, and who does so again has the terms said last.
    function approveMovements(
        uint64 asset, uint32 list, uint64 from, uint64 to, uint128 units, uint64 until, uint16 times
    ) external;
    /// @notice Approves movements of any size between the same two, of so many units in all: counts where a rule has one
    ///         step of approvals.
    function approveUnits(uint64 asset, uint32 list, uint64 from, uint64 to, uint128 units, uint64 until) external;
    /// @notice What the issuer owed is done.
    function meetDuty(uint64 asset, string calldata duty) external;

    /// @notice From when until when a person, or a wallet, stands on a list of the asset, or of the network as asset 0;
    ///         `until` is 0 if it does not.
    function listedOf(uint64 asset, uint32 number, uint64 person, address wallet)
        external
        view
        returns (uint64 from, uint64 until);
    /// @notice The latest version of a profile, 0 if there is none, and the hash of its encoding.
    function profileOf(string calldata id) external view returns (uint32 version, bytes32 hash);
    /// @notice The latest version of a calendar, 0 if there is none, and the hash of its encoding.
    function calendarOf(string calldata id) external view returns (uint32 version, bytes32 hash);
    /// @notice What the issuer owes, and by when; `met` is 0 until it is done.
    function dutyOf(uint64 asset, string calldata duty) external view returns (uint64 since, uint64 due, uint64 met);
    /// @notice The latest offer of an asset by its number, 0 if there never was one; `closed` is 0 while it is open.
    function offerOf(uint64 asset) external view returns (uint32 offer, uint64 opened, uint64 closed);
    /// @notice Would this transfer happen now, by the giver's own wallet, at no price that is told and by the first path
    ///         that is open? Who moves it for the giver is not known here: a venue's rules are asked by `canMoveOn`, by
    ///         `canTransferFrom` of the token, or by `scrip_explain`.
    function canMove(uint64 asset, address from, address to, uint256 units) external view returns (Verdict memory);
    /// @notice Would this transfer happen now, on these terms, if the caller asked for it by `transferOn` of the ledger? What
    ///         stands in the way of the caller comes first: it is neither the giver nor its operator, and no delegation lets it.
    ///         What stands against the movement itself follows, to a caller that is barred as far as it may see it: of its own
    ///         side in full, of another's that something does; to who sets the asset's rules, or gives orders, all of it.
    function canMoveOn(uint64 asset, uint32 class, address from, address to, uint128 units, Terms calldata terms)
        external
        view
        returns (Verdict memory);
    /// @notice May the issuer use what was paid for units issued under a profile that the asset adopted, as that profile has it?
    ///         For whoever keeps the money: nothing is kept here, and nothing moves.
    function canRelease(uint64 asset, string calldata profile) external view returns (Verdict memory);
    /// @notice May a person have back what it paid for units of the asset under a profile that it adopted, as that profile has
    ///         it? `paths` is why it may; how much it paid is known to whoever keeps it.
    function canWithdraw(uint64 asset, string calldata profile, uint64 person) external view returns (Verdict memory);
    /// @notice How many persons hold the asset, its issuer's treasury aside.
    function holderCount(uint64 asset) external view returns (uint32);
}

/// @title A rule of the issuer's own.
/// @notice Asked, with bounded gas and without the right to change anything, about every movement before it stands.
interface IRuleContract {
    /// @notice May these units move? Anything but `true` is a refusal, a revert and running out of gas included. The
    ///         ledger is seen as the movement would leave it.
    /// @param asset The asset's address, which is also the caller.
    /// @param from  The zero address for issues.
    /// @param to    The zero address for redemptions.
    function check(address asset, address from, address to, uint256 units) external view returns (bool);
}
