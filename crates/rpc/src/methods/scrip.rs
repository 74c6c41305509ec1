//! The chain's own methods.

use super::{
    Method,
    Work::{Executing, Quick, Session as InSession},
    waiting,
};
use crate::{
    scrip::{apps, assets, explain, law, network, people, proofs, receipts, waiting as kept},
    subscriptions,
};

pub(super) static METHODS: &[Method] = &[
    Method::new("scrip_networkInfo", &[], Quick(network::info)),
    Method::new("scrip_nodeStatus", &[], Quick(network::status)),
    Method::new(
        "scrip_explain",
        &[
            "asset", "from", "to", "units", "class", "operator", "lots", "paid", "currency",
            "profile", "path", "view", "reads",
        ],
        Executing(explain::explain),
    ),
    Method::new(
        "scrip_dryRun",
        &["asset", "change", "after", "limit", "block"],
        Executing(explain::dry_run),
    )
    .but("this chain's own; `after` is `next` of the page before, and pages of one `block` make a report, whose `change` names each profile by `id`, `version` and `hash`: docs/policy.md"),
    Method::new("scrip_getPerson", &["who"], Quick(people::person)),
    Method::new("scrip_getPositions", &["who", "after", "limit"], Quick(people::positions)),
    Method::new("scrip_getAsset", &["asset"], Quick(assets::asset)),
    Method::new("scrip_getAssets", &["after", "limit"], Quick(assets::assets)),
    Method::new(
        "scrip_getHolders",
        &["asset", "class", "after", "limit", "block"],
        Quick(assets::holders),
    ),
    Method::new(
        "scrip_getCheckpointBalance",
        &["asset", "who", "checkpoint", "class"],
        Quick(assets::checkpoint_balance),
    ),
    Method::new("scrip_getGrants", &["asset", "after", "limit"], Quick(people::grants)),
    Method::new("scrip_getApps", &["after", "limit"], Quick(apps::apps)),
    Method::new("scrip_getApp", &["app"], Quick(apps::app)),
    Method::new("scrip_getAppGrants", &["who", "after", "limit"], Quick(apps::grants)),
    Method::new("scrip_getHold", &["hold"], Quick(kept::hold)),
    Method::new("scrip_getHolds", &["asset", "who", "class"], Quick(kept::holds)),
    Method::new("scrip_getOrder", &["order"], Quick(kept::order)),
    Method::new("scrip_getOrders", &["asset", "who", "class"], Quick(kept::orders)),
    Method::new("scrip_getProfiles", &["after", "limit"], Quick(law::profiles)),
    Method::new("scrip_getProfile", &["id", "version"], Quick(law::profile)),
    Method::new("scrip_getLaw", &["country"], Quick(law::land)),
    Method::new("scrip_getFact", &["name", "asset"], Quick(law::fact)),
    Method::new("scrip_getListed", &["asset", "list", "who", "subject"], Quick(law::listed)).but(
        "this chain's own; no asset: of the network; `subject`: `person`, or `wallet` for itself",
    ),
    Method::new("scrip_getQuorum", &["power", "asset", "class"], Quick(kept::quorum)),
    Method::new("scrip_getProposal", &["proposal"], Quick(kept::proposal)),
    Method::new("scrip_getDelegation", &["who", "wallet"], Quick(kept::delegation)),
    Method::new(
        "scrip_getProof",
        &["table", "key", "keys", "kind", "asset", "class", "who", "wallet", "checkpoint"],
        waiting!(proofs::records),
    ),
    Method::new("scrip_getEffectProof", &["tx", "event"], waiting!(proofs::effect)),
    Method::new("scrip_getCertificate", &["height"], waiting!(proofs::certificate)),
    Method::new("scrip_getTransactionReceipt", &["tx"], waiting!(receipts::receipt)),
    Method::new("scrip_getBlock", &["block"], waiting!(receipts::block)),
    Method::new("scrip_subscribe", &["kind"], InSession(subscriptions::subscribe_scrip)),
    Method::new("scrip_unsubscribe", &["id"], InSession(subscriptions::unsubscribe)),
];
