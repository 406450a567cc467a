//! Networks of queues: where messages go.

use super::super::{PARCELS, changed_in};
use super::{again, loaded};
use crate::scenario::{Balance, Outlet, Target};

const TO: &str = "to        = [{ queue = \"packing\", share = \"92%\" }, { exit = \"refused\" }]";
const FROM_SHOP: &str = "to       = \"picking\"";

/// What a pool with this `to` does, after the resolved text has said the same.
#[track_caller]
fn outlets(to: &str) -> Vec<Outlet> {
    let set = loaded(&changed_in(PARCELS, TO, to));
    assert_eq!(again(&set).base, set.base);
    set.base.pools[0].to.clone()
}

fn outlet(share: f64, name: Option<&str>, to: &[Target]) -> Outlet {
    Outlet {
        share,
        name: name.map(str::to_owned),
        to: to.to_vec(),
    }
}

#[test]
fn what_follows_a_pool_may_be_one_way_or_a_list_with_shares() {
    let (picking, packing) = (Target::Queue(0), Target::Queue(1));
    let one = outlet(1.0, None, std::slice::from_ref(&packing));
    for to in [
        "to = \"packing\"",
        "to = { queue = \"packing\" }",
        "to = [\"packing\"]",
        "to = { queue = \"packing\", share = \"100%\" }",
    ] {
        assert_eq!(outlets(to), std::slice::from_ref(&one), "{to}");
    }
    assert_eq!(
        outlets("to = [{ queue = \"packing\", share = \"75%\" }, { exit = \"refused\" }]"),
        [
            outlet(0.75, None, std::slice::from_ref(&packing)),
            outlet(0.25, Some("refused"), &[])
        ]
    );
    assert_eq!(
        outlets(
            "to = [\"picking\", { all = [\"packing\", { queue = \"packing\" }], share = \"50%\" }]"
        ),
        [
            outlet(0.5, None, &[picking]),
            outlet(0.5, None, &[packing.clone(), packing])
        ]
    );
    assert_eq!(outlets(""), [], "messages leave");
}

#[test]
fn a_share_may_use_up_all_that_a_sweep_leaves_it() {
    let all = outlets("to = [{ queue = \"packing\", share = \"100%\" }, { exit = \"refused\" }]");
    assert_eq!((all[0].share, all[1].share), (1.0, 0.0));
}

#[test]
fn a_balancer_stands_where_a_queue_may() {
    for (word, policy) in [
        ("random", Balance::Random),
        ("round-robin", Balance::RoundRobin),
        ("shortest", Balance::Shortest),
        ("two-choices", Balance::TwoChoices),
    ] {
        let balancer = format!("{{ balance = \"{word}\", queues = [\"picking\", \"packing\"] }}");
        let expected = Target::Balanced {
            policy,
            queues: vec![0, 1],
        };
        let to = format!("to = {balancer}");
        let set = loaded(&changed_in(PARCELS, FROM_SHOP, &to));
        assert_eq!(set.base.producers[0].to, expected);
        assert_eq!(again(&set).base, set.base);
        let to = format!("to = [{{ exit = \"refused\", share = \"20%\" }}, {balancer}]");
        assert_eq!(outlets(&to)[1], outlet(0.8, None, &[expected]));
    }
}

#[test]
fn what_pools_and_dead_letters_bring_is_not_nothing() {
    let warned = |text: &str| {
        let warnings = loaded(text).warnings;
        let first = warnings.iter().map(|warning| warning.lines().next());
        first.flatten().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(warned(PARCELS).is_empty());
    // Where all leave after picking, nobody brings anything to packing.
    assert_eq!(
        warned(&changed_in(PARCELS, TO, "")),
        ["warning: pool \"packers\" consumes from nothing: nobody publishes to this queue"]
    );
    let own = changed_in(PARCELS, TO, "")
        + "to = [{ queue = \"packing\", share = \"10%\" }, { exit = \"done\" }]\n";
    assert_eq!(
        warned(&own),
        ["warning: pool \"packers\" consumes from nothing: nobody publishes to this queue"],
        "what a pool brings to itself does not begin anywhere"
    );
}

#[test]
fn circles_with_a_way_out_are_legal() {
    for to in [
        "to = [{ queue = \"picking\", share = \"99%\" }, \"packing\"]",
        // A copy comes back half of the time.
        "to = [{ all = [\"packing\", \"picking\"], share = \"50%\" }, { exit = \"refused\" }]",
        // Those that come back too often are refused by the queue.
        "to = \"picking\"\n# max_length",
    ] {
        let text = changed_in(PARCELS, TO, to);
        let text = if to.contains("max_length") {
            text.replace("[queue.picking]", "[queue.picking]\nmax_length = 100")
        } else {
            text
        };
        loaded(&text);
    }
}

#[test]
fn dead_letters_may_go_in_a_circle_where_a_consumer_rejects_them() {
    let waiting = "service   = \"exponential(900ms)\"\nfailure = { probability = \"10%\", then = \"reject\" }\n\
                   [queue.wait]\nmessage_ttl = \"30s\"\ndead_letter = \"packing\"";
    let text = changed_in(PARCELS, "service   = \"exponential(900ms)\"", waiting)
        .replace("[queue.packing]", "[queue.packing]\ndead_letter = \"wait\"");
    let base = loaded(&text).base;
    assert_eq!(
        base.queues[1].settings.dead_letter.map(|id| id.index()),
        Some(2)
    );
    assert!(base.takes_dead_letters(1) && base.takes_dead_letters(2));
}
