//! What docs/policy.md shows is a policy that the chain takes.

use compliance::{Cap, Counting, Filter, Policy};

#[test]
fn the_example_of_the_guide_is_a_valid_policy() {
    let guide = include_str!("../../../../docs/policy.md");
    let (_, example) = guide.split_once("```json\n").expect("the guide has an example");
    let (example, _) = example.split_once("```").expect("the example ends");
    let policy: Policy = serde_json::from_str(example).expect("the example is read");
    let cost = policy.check().expect("the example may be registered");
    assert_eq!((cost.rules, cost.depth), (9, 2));
    let most = 2_000;
    let caps = vec![Cap { filter: Filter::All, by_class: false, most }];
    assert_eq!(policy.counting(), Counting { caps, ..Counting::default() });
}
