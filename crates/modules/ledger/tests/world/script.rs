//! Stories as scripts: one thing a line, what should come of it at the line's end.
//!
//! ```text
//! person   alice CH 20@2027-01-01           registered, with a claim on topic 20 until then
//! on 2026-01-15  issue 100 to alice         ok
//! on 2027-01-14  transfer 40 alice to bob   LOCKED_LOT until 2027-01-15 most 0
//! ```
//! What should come of it is `ok`, the name of a refusal, or every reason in order, parted by commas;
//! then perhaps `until` the day it would pass, `never`, and the `most` that would.

use super::*;
use compliance::{COUNTS, Entry, Filter};
use std::iter::Peekable;

type Words<'a> = Peekable<std::str::SplitWhitespace<'a>>;

impl World {
    pub fn run(&mut self, script: &str) {
        for line in script.lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                self.line(line);
            }
        }
    }

    fn line(&mut self, line: &str) {
        let mut words = line.split_whitespace().peekable();
        if words.next_if_eq(&"on").is_some() {
            self.at(day(words.next().unwrap()));
        }
        let verb = words.next().unwrap_or_else(|| panic!("{line}: no verb"));
        if verb == "policy" {
            let json = line.split_once("policy").unwrap().1;
            return self.policy(json).unwrap_or_else(|refusal| panic!("{line}: {refusal}"));
        }
        if self.told(verb, &mut words) || self.seen(verb, &mut words, line) {
            return;
        }
        let (by, call) = self.call(verb, &mut words).unwrap_or_else(|| panic!("{line}: {verb}?"));
        let result = self.act(by, call);
        expect(result, words, line);
    }

    pub fn account(&self, name: &str) -> AccountId {
        let (name, number) = name.split_once('/').unwrap_or((name, "0"));
        let person = self.people.get(name).unwrap_or_else(|| panic!("who is {name}?"));
        AccountId::new(*person, number.parse().unwrap())
    }

    pub fn id(&self, name: &str) -> PersonId {
        self.account(name).person
    }

    /// What happens around the ledger, and never fails in a story.
    fn told(&mut self, verb: &str, words: &mut Words<'_>) -> bool {
        let name = words.peek().copied().unwrap_or_default();
        let by_network = |world: &mut Self, call| {
            world.identity(KYC, call).unwrap_or_else(|refusal| panic!("{verb} {name}: {refusal}"))
        };
        match verb {
            "person" => {
                let (name, country) = (words.next().unwrap(), words.next().unwrap());
                let claims = words.map(given).collect();
                self.person(name, country, claims);
                return true;
            }
            "account" => {
                self.open_account(self.id(name));
            }
            "claim" => {
                let person = self.id(words.next().unwrap());
                by_network(
                    self,
                    identity::Call::Attest { person, claim: given(words.next().unwrap()) },
                );
                return true;
            }
            "revoke" => {
                let person = self.id(words.next().unwrap());
                let topic = number(words) as u32;
                by_network(self, identity::Call::Revoke { person, topic });
                return true;
            }
            "moves" => {
                let person = self.id(words.next().unwrap());
                self.move_to(person, words.next().unwrap());
                return true;
            }
            "suspend" | "reinstate" => {
                let person = self.id(name);
                words.next();
                let order = until(words);
                by_network(
                    self,
                    match verb {
                        "suspend" => identity::Call::Suspend { person, order },
                        _ => identity::Call::Reinstate { person, order },
                    },
                );
                return true;
            }
            "dies" | "lives" => {
                let (person, order) = (self.id(name), order());
                let died = words.nth(1).map_or(self.ctx.now(), day);
                by_network(
                    self,
                    match verb {
                        "dies" => identity::Call::RecordDeath { person, died, order },
                        _ => identity::Call::WithdrawDeath { person, order },
                    },
                );
            }
            // merge bob into alice
            "merge" => {
                let person = self.id(words.next().unwrap());
                assert_eq!(words.next(), Some("into"));
                let into = self.id(words.next().unwrap());
                by_network(self, identity::Call::Merge { person, into, order: order() });
                return true;
            }
            "lose" => self.lose(self.account(name)).unwrap(),
            // Of a key that was lost, or was not.
            "recover" | "find" => self.settle(self.account(name), verb == "recover").unwrap(),
            "sanction" | "clear" => {
                let (person, hit) = (self.id(name), verb == "sanction");
                by_network(self, identity::Call::SetSanctions { person, list_version: 1, hit });
            }
            "list" | "delist" => {
                let (asset, list) = (Some(self.asset), number(words) as u32);
                let entry = Entry::Person(self.id(words.next().unwrap()));
                let call = match verb {
                    "list" => {
                        let (from, until) = (words.next().unwrap(), words.next().unwrap());
                        let (from, until) = (day(from), day(until));
                        compliance::Call::List { asset, list, entry, from, until }
                    }
                    _ => compliance::Call::Delist { asset, list, entry },
                };
                self.rules(call).unwrap();
                return true;
            }
            _ => return false,
        }
        words.next();
        true
    }

    /// What is looked at.
    fn seen(&mut self, verb: &str, words: &mut Words<'_>, line: &str) -> bool {
        match verb {
            // position alice 60 held 20 frozen 5
            "position" => {
                let account = self.account(words.next().unwrap());
                let units = number(words);
                let class = class_of(words);
                let position = ledger::position(&self.ctx, self.asset, class, account);
                let after =
                    |word| (words.clone().skip_while(|w| *w != word).nth(1)).map_or(0, parse);
                let should = (units, after("held"), after("frozen"));
                let frozen = position.frozen(self.ctx.now());
                let is = (position.units.0, position.held.0, frozen.0);
                assert_eq!(is, should, "{line}");
            }
            // lots alice 60@2026-01-15 40@2026-02-01
            "lots" => {
                let account = self.account(words.next().unwrap());
                let position = ledger::position(&self.ctx, self.asset, ClassId(0), account);
                let is: Vec<String> = (position.lots.iter())
                    .map(|lot| match lot.paths.numbers().next() {
                        _ if !lot.is_paid() => format!("{}@unpaid", lot.units),
                        None => format!("{}@{}", lot.units, lot.anchor.date()),
                        Some(path) => format!("{}@{}/{path}", lot.units, lot.anchor.date()),
                    })
                    .collect();
                assert_eq!(is, words.collect::<Vec<_>>(), "{line}");
            }
            // holders 3 CH 2 with 20 1
            "holders" => {
                let mut filter = Filter::All;
                loop {
                    let count = COUNTS.get(&self.ctx, &(self.asset, filter)).unwrap_or(0);
                    assert_eq!(u128::from(count), number(words), "{line}: {filter:?}");
                    filter = match words.next() {
                        None => break,
                        Some("with") => Filter::With(number(words) as u32),
                        Some("without") => Filter::Without(number(words) as u32),
                        Some(country) => Filter::Country(country.parse().unwrap()),
                    };
                }
            }
            // past 1 alice 60
            "past" => {
                let checkpoint = number(words) as u32;
                let account = self.account(words.next().unwrap());
                let class = ClassId(0);
                let is = ledger::balance_at(&self.ctx, self.asset, class, account, checkpoint);
                assert_eq!(is.unwrap().0, number(words), "{line}");
            }
            "allowance" => {
                let owner = self.account(words.next().unwrap());
                let spender = self.owner(self.account(words.next().unwrap()));
                let is = ledger::allowance(&self.ctx, self.asset, owner, spender);
                assert_eq!(is.0, number(words), "{line}");
            }
            _ => return false,
        }
        true
    }

    fn call(&mut self, verb: &str, words: &mut Words<'_>) -> Option<(Address, Call)> {
        let asset = self.asset;
        let acme = wallet(first(ACME));
        Some(match verb {
            // issue 100 to alice and 50 to bob of class 1
            "issue" => {
                let legs = self.legs(words);
                (acme, Call::Issue { asset, class: class_of(words), legs })
            }
            // unpaid 100 to alice: issued before it is paid
            "unpaid" => {
                let legs = self.legs(words);
                (acme, Call::IssueUnpaid { asset, class: class_of(words), legs })
            }
            // paid 40 alice
            "paid" => {
                let (units, class) = (Units(number(words)), ClassId(0));
                let account = self.account(words.next()?);
                let by = self.caller(words).unwrap_or(acme);
                (by, Call::ConfirmPayment { asset, class, account, units })
            }
            // transfer 40 alice to bob and 10 to carol
            "transfer" => {
                let units = number(words);
                let from = self.account(words.next().unwrap());
                let mut legs = vec![self.leg(units, words)];
                while words.next_if_eq(&"and").is_some() {
                    let units = number(words);
                    legs.push(self.leg(units, words));
                }
                let class = (words.peek() == Some(&"of")).then(|| class_of(words));
                let by = self.caller(words).unwrap_or(self.owner(from));
                (by, Call::Transfer { asset, class, from: Some(from), legs })
            }
            // distribute 40 alice to bob and 10 to carol until 2026-02-01
            "distribute" => {
                let units = number(words);
                let from = self.account(words.next().unwrap());
                let mut legs = vec![self.leg(units, words)];
                while words.next_if_eq(&"and").is_some() {
                    let units = number(words);
                    legs.push(self.leg(units, words));
                }
                words.next_if_eq(&"until");
                let expires = day(words.next().unwrap());
                let by = self.caller(words).unwrap_or(self.owner(from));
                (by, Call::Distribute { asset, class: ClassId(0), legs, expires })
            }
            "approve" => {
                let owner = self.owner(self.account(words.next().unwrap()));
                let spender = self.owner(self.account(words.next().unwrap()));
                (owner, Call::Approve { asset, spender, units: Units(number(words)) })
            }
            // spend 40 alice to bob by carol
            "spend" => {
                let units = Units(number(words));
                let from = self.account(words.next().unwrap());
                let Leg { to, .. } = self.leg(0, words);
                (self.caller(words)?, Call::TransferFrom { asset, from, to, units })
            }
            "operator" => {
                let owner = self.owner(self.account(words.next().unwrap()));
                let operator = self.owner(self.account(words.next().unwrap()));
                let allowed = words.next_if_eq(&"no").is_none();
                (owner, Call::SetOperator { asset, class: None, operator, allowed })
            }
            "redeem" => {
                let units = Units(number(words));
                let account = self.account(words.next().unwrap());
                let by = self.caller(words).unwrap_or(self.owner(account));
                (by, Call::Redeem { asset, class: None, account, units })
            }
            // hold 40 alice for bob until 2026-02-01 notary carol paid 500 by PATH
            "hold" => {
                let units = Units(number(words));
                let owner = self.owner(self.account(words.next().unwrap()));
                words.next_if_eq(&"for");
                let beneficiary = self.account(words.next().unwrap());
                words.next_if_eq(&"until");
                let expires = day(words.next().unwrap());
                let notary = words.next_if_eq(&"notary").map(|_| self.id(words.next().unwrap()));
                let price = words.next_if_eq(&"paid").map(|_| Price {
                    currency: "USD".parse().unwrap(),
                    paid: Units(number(words)),
                });
                let (account, class, path) = (None, ClassId(0), path(words));
                let call = Call::Hold {
                    asset,
                    class,
                    account,
                    beneficiary,
                    notary,
                    units,
                    expires,
                    path,
                    price,
                };
                (owner, call)
            }
            // pledge 40 alice to bob until 2026-02-01 recourse by PATH
            "pledge" => {
                let units = Units(number(words));
                let owner = self.owner(self.account(words.next().unwrap()));
                let Leg { to: beneficiary, .. } = self.leg(0, words);
                words.next_if_eq(&"until");
                let expires = day(words.next().unwrap());
                let recourse = words.next_if_eq(&"recourse").is_some();
                let (class, notary, path) = (ClassId(0), None, path(words));
                let call = Call::Pledge {
                    asset,
                    class,
                    beneficiary,
                    notary,
                    units,
                    expires,
                    recourse,
                    path,
                };
                (owner, call)
            }
            // convert 2:1 of 0 into 1 from 3 limit 2
            "convert" => {
                let (new, old) = words.next()?.split_once(':')?;
                let (new, old) = (new.parse().unwrap(), old.parse().unwrap());
                let class = class_of(words);
                let into = words.next_if_eq(&"into").map(|_| ClassId(number(words) as u32));
                let first = words.next_if_eq(&"from").map_or(0, |_| number(words) as u32);
                let limit = words.next_if_eq(&"limit").map_or(100, |_| number(words) as u32);
                let into = into.unwrap_or(class);
                (acme, Call::Convert { asset, class, into, new, old, first, limit })
            }
            // execute 1 40 by bob
            "execute" => {
                let (hold, units) = (number(words) as u64, Units(number(words)));
                (self.caller(words)?, Call::ExecuteHold { hold, units })
            }
            "release" => {
                let hold = number(words) as u64;
                (self.caller(words)?, Call::ReleaseHold { hold })
            }
            "pause" => (acme, Call::Pause { asset }),
            "resume" => (acme, Call::Resume { asset }),
            "close" => (acme, Call::Close { asset }),
            "class" => (acme, Call::CreateClass { asset, name: words.next()?.into() }),
            "checkpoint" => (acme, Call::Checkpoint { asset }),
            "authorise" => (acme, Call::SetAuthorised { asset, authorised: Units(number(words)) }),
            // freeze alice until 2026-02-01
            "freeze" | "thaw" => {
                let (person, frozen) = (self.id(words.next()?), verb == "freeze");
                (acme, Call::FreezePerson { asset, person, frozen, order: until(words) })
            }
            "freeze-class" | "thaw-class" => {
                let (class, frozen) = (ClassId(number(words) as u32), verb == "freeze-class");
                (acme, Call::FreezeClass { asset, class, frozen })
            }
            "freeze-units" => {
                let (units, class) = (Units(number(words)), ClassId(0));
                let account = self.account(words.next()?);
                (acme, Call::FreezeUnits { asset, class, account, units, order: until(words) })
            }
            // announce 40 alice to bob contest 2026-02-01 until 2026-03-01; to nobody: they end
            "announce" => {
                let (units, class) = (Units(number(words)), ClassId(0));
                let from = self.account(words.next()?);
                let to = match words.next_if_eq(&"to") {
                    Some(_) => Some(self.account(words.next()?)),
                    None => None,
                };
                let window = words.next_if_eq(&"contest").map(|_| day(words.next().unwrap()));
                let contest_until = window.unwrap_or(Time(0));
                let order = until(words);
                (acme, Call::AnnounceOrder { asset, class, from, to, units, order, contest_until })
            }
            // contest 1 by alice
            "contest" => {
                let (number, document) = (number(words) as u64, B256::repeat_byte(0xc0));
                (self.caller(words)?, Call::ContestOrder { number, document })
            }
            // contest-freeze alice under A by alice/1
            "contest-freeze" | "contest-units" | "confirm-freeze" | "confirm-units" => {
                let who = self.account(words.next()?);
                let bound = match verb.ends_with("units") {
                    true => Bound::Units(asset, ClassId(0), who),
                    false => Bound::Person(asset, who.person),
                };
                let order = under(words).key();
                let by = self.caller(words);
                if verb.starts_with("contest") {
                    let document = B256::repeat_byte(0xc0);
                    return Some((by?, Call::ContestFreeze { bound, order, document }));
                }
                let document = B256::repeat_byte(0xde);
                (by.unwrap_or(acme), Call::ConfirmFreeze { bound, order, document })
            }
            "confirm" | "withdraw" => {
                let (number, document) = (number(words) as u64, B256::repeat_byte(0xde));
                let by = self.caller(words).unwrap_or(acme);
                (
                    by,
                    match verb {
                        "confirm" => Call::ConfirmOrder { number, document },
                        _ => Call::WithdrawOrder { number, document },
                    },
                )
            }
            "carry-out" => {
                let number = number(words) as u64;
                (self.caller(words).unwrap_or(acme), Call::CarryOutOrder { number })
            }
            "force" => {
                let (units, class) = (Units(number(words)), ClassId(0));
                let from = self.account(words.next()?);
                let Leg { to, .. } = self.leg(0, words);
                (acme, Call::ForceTransfer { asset, class, from, to, units, order: under(words) })
            }
            "force-redeem" => {
                let (units, class) = (Units(number(words)), ClassId(0));
                let from = self.account(words.next()?);
                (acme, Call::ForceRedeem { asset, class, from, units, order: under(words) })
            }
            "reissue" => {
                let (units, class) = (Units(number(words)), ClassId(0));
                let Leg { to, .. } = self.leg(0, words);
                (acme, Call::Reissue { asset, class, to, units, order: order() })
            }
            _ => return None,
        })
    }

    fn legs(&self, words: &mut Words<'_>) -> Vec<Leg> {
        let mut legs = Vec::new();
        loop {
            let units = number(words);
            legs.push(self.leg(units, words));
            if words.next_if_eq(&"and").is_none() {
                return legs;
            }
        }
    }

    fn leg(&self, units: u128, words: &mut Words<'_>) -> Leg {
        words.next_if_eq(&"to").expect("to");
        Leg { to: self.account(words.next().unwrap()), units: Units(units) }
    }

    fn caller(&self, words: &mut Words<'_>) -> Option<Address> {
        words.next_if_eq(&"by")?;
        Some(self.owner(self.account(words.next()?)))
    }
}

/// `20@2027-01-01`, or `20` for ever.
fn given(word: &str) -> ClaimGiven {
    match word.split_once('@') {
        Some((topic, until)) => claim(topic.parse().unwrap(), day(until)),
        None => claim(word.parse().unwrap(), Time::NEVER),
    }
}

/// An order under a name of its own, that expires on a day, if these are named: `under B until 2026-02-01`.
fn until(words: &mut Words<'_>) -> Order {
    let order = under(words);
    let expires = words.next_if_eq(&"until").map(|_| day(words.next().unwrap()));
    Order { expires, ..order }
}

fn under(words: &mut Words<'_>) -> Order {
    let name = words.next_if_eq(&"under").map(|_| words.next().unwrap().to_string());
    let reference = name.unwrap_or(order().reference);
    Order { reference, ..order() }
}

fn class_of(words: &mut Words<'_>) -> ClassId {
    match words.next_if_eq(&"of") {
        Some(_) => ClassId(number(words) as u32),
        None => ClassId(0),
    }
}

/// The path that is elected, if one is.
fn path(words: &mut Words<'_>) -> Option<types::Name> {
    words.next_if_eq(&"by").map(|_| words.next().expect("a path").into())
}

fn number(words: &mut Words<'_>) -> u128 {
    parse(words.next().unwrap_or_else(|| panic!("a number is missing")))
}

fn parse(word: &str) -> u128 {
    match word {
        "max" => u128::MAX,
        _ => word.parse().unwrap_or_else(|_| panic!("{word} is not a number")),
    }
}

fn expect(result: Result<Reply, Refusal>, mut words: Words<'_>, line: &str) {
    let should = words.next().unwrap_or_else(|| panic!("{line}: what should come of it?"));
    let (is, decision) = match &result {
        Ok(_) => ("ok".to_string(), None),
        Err(Refusal::NotAllowed(judged)) => {
            let code = |reason: &compliance::Reason| serde_json::to_value(reason.code).unwrap();
            let codes: Vec<String> =
                judged.0.reasons.iter().map(|r| code(r).as_str().unwrap().to_string()).collect();
            (codes.join(","), Some(&judged.0))
        }
        Err(other) => {
            let name = format!("{other:?}");
            let end = name.find(|c: char| !c.is_alphanumeric()).unwrap_or(name.len());
            (name[..end].to_string(), None)
        }
    };
    assert_eq!(is, should, "{line}");
    while let Some(word) = words.next() {
        let decision = decision.unwrap_or_else(|| panic!("{line}: no judgement"));
        match word {
            "until" => assert_eq!(decision.earliest_ok, Some(day(words.next().unwrap())), "{line}"),
            "never" => assert_eq!(decision.earliest_ok, None, "{line}"),
            "most" => assert_eq!(decision.max_ok, Some(Units(number(&mut words))), "{line}"),
            other => panic!("{line}: {other}?"),
        }
    }
}
