// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

/// @title Apps under trust: who publishes them, who looked into their code, and which there are.
/// @notice Answered by the trust service. An app is one contract or several that act for others: within delegations of
///         their holders (`IIdentity.delegateWithin`) or under powers that somebody lent them (`ITrust.grantWithin`).
///         A published app does so only while the code of its contract is what was published, itself and its developer
///         stand, it asks for what it does, and an auditor in standing attests that code where the giver or the issuer
///         wants it. Code behind a proxy or a DELEGATECALL is not in that hash: standard proxies (ERC-1967) cannot be
///         published, of others only an auditor can tell. A contract that nobody published is bound by what it was
///         given alone. A contract that is a person's wallet has that person's own powers beside; what stops the app
///         stops these, too, and leaves it its own units. Times are milliseconds since 1970.
interface IApps {
    /// @notice A contract of an app and the Keccak-256 hash of its code, as EXTCODEHASH tells it.
    struct Listed {
        address at;
        bytes32 code;
    }

    /// @notice A version of an app, as its developer presents it.
    /// @param name       1 to 64 bytes, for people.
    /// @param uri        Where its manifest is: what it does, its documents, its source.
    /// @param manifest   SHA-256 of the manifest.
    /// @param contracts  1 to 16, each created in a transaction that a wallet of the developer's signed. It stays this app's
    ///                   for good.
    /// @param powers     The powers it asks for: bit n is power n of ITrust. It can use no other.
    /// @param operations The operations on accounts it asks for: 1 transfer, 2 hold. It can do no other.
    struct Version {
        string name;
        string uri;
        bytes32 manifest;
        Listed[] contracts;
        uint32 powers;
        uint32 operations;
    }

    /// @notice A person stands as a developer (role 0) or auditor (role 1) from now on: 0 active, 1 suspended, 2 ended.
    event RoleSet(uint64 indexed person, uint8 indexed role, uint8 standing);
    /// @notice An app was published, or its next version.
    event AppPublished(uint64 indexed app, uint64 indexed developer, uint32 version, bytes32 manifest, Listed[] contracts);
    /// @notice An app is active (0), suspended (1) or ended (2) from now on.
    event AppStanding(uint64 indexed app, uint8 standing);
    /// @notice An auditor attested code, or renewed that.
    event CodeAttested(bytes32 indexed code, uint64 indexed auditor, bytes32 report, string uri, uint64 expires);
    /// @notice An auditor took that back.
    event AttestationWithdrawn(bytes32 indexed code, uint64 indexed auditor);
    /// @notice Contracts act for others with this asset only if their code is attested, or need not be.
    event AttestationDemanded(uint64 indexed asset, bool demanded);

    /// @notice Network power apps: admits a developer (role 0) or auditor (role 1) with standing 0, suspends it with 1,
    ///         ends it for good with 2.
    function setRole(uint64 person, uint8 role, uint8 standing) external;
    /// @notice A developer publishes an app. The chain compares the hashes with the code that is there.
    function publishApp(Version calldata version) external returns (uint64 app);
    /// @notice The app's developer publishes its next version. Contracts that it leaves out act for nobody any more.
    function publishVersion(uint64 app, Version calldata version) external;
    /// @notice Network power apps: suspends an app (1), reinstates it (0), or ends it for good (2); its developer may
    ///         end it.
    function setAppStanding(uint64 app, uint8 standing) external;
    /// @notice An auditor attests the code with this hash, wherever it is, or renews that. It does not count for its own
    ///         apps.
    /// @param report SHA-256 of its report.
    /// @param uri    Where the report is.
    function attestCode(bytes32 code, bytes32 report, string calldata uri, uint64 expires) external;
    /// @notice An auditor takes that back: where it was the only one, apps with this code stop where it is asked for.
    function withdrawAttestation(bytes32 code) external;
    /// @notice Power rules: contracts act for others with this asset, by delegation, allowance, as operators or under a
    ///         power, only as published apps of attested code; or need not be.
    function demandAttestation(uint64 asset, bool demanded) external;

    /// @notice The app that a contract belongs to, 0 if none.
    function appOf(address at) external view returns (uint64 app);
    /// @notice An app's developer, version, standing, the hash of its manifest, and what it asks for.
    function appInfo(uint64 app) external view returns (uint64 developer, uint32 version, uint8 standing, bytes32 manifest, uint32 powers, uint32 operations);
    /// @notice May this contract act for others now, as far as apps go? If attested, also where that is asked for. Who
    ///         asks for a contract that nobody published is told yes, unless attested.
    function mayAct(address at, bool attested) external view returns (bool may, string memory why);
    /// @notice True while an issuer wants code attested.
    function isDemanded(uint64 asset) external view returns (bool);
}
