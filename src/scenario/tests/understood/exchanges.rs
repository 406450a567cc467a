//! Exchanges: what they route by, and what is published to them.

use super::super::{EVENTS, changed_in, lines, read};
use super::{again, loaded};
use crate::scenario::{Binding, BoundTo, Exchange, ExchangeKind, Scenario, Target};

const TO: &str = "to       = { exchange = \"events\", keys = [{ key = \"order.created\", share = \"70%\" }, { key = \"order.paid\" }] }";
const KIND: &str = "kind     = \"topic\"";
const BINDINGS: &str = "bindings = [{ queue = \"billing\", key = \"order.paid\" }, { queue = \"audit\", key = \"order.#\" }]";

/// The file with its exchange, and what is published to it, written so; after the resolved text has said the same.
#[track_caller]
fn events(to: &str, exchange: &str) -> Scenario {
    let text = changed_in(EVENTS, TO, to);
    let text = changed_in(&text, &format!("{KIND}\n{BINDINGS}"), exchange);
    let set = loaded(&text);
    assert_eq!(again(&set).base, set.base);
    set.base
}

fn binding(queue: usize, key: &str, headers: &[(&str, &str)], any: bool) -> Binding {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Binding {
        to: BoundTo::Queue(queue),
        key: key.to_owned(),
        headers: headers.iter().map(owned).collect(),
        any,
    }
}

#[test]
fn a_topic_exchange_binds_queues_by_patterns() {
    let set = loaded(EVENTS);
    assert_eq!(again(&set).base, set.base);
    assert!(
        set.resolved.contains("[exchange.events]"),
        "{}",
        set.resolved
    );
    let expected = Exchange {
        name: "events".to_owned(),
        kind: ExchangeKind::Topic,
        alternate: None,
        bindings: vec![
            binding(0, "order.paid", &[], false),
            binding(1, "order.#", &[], false),
        ],
    };
    assert_eq!(set.base.exchanges, [expected]);
    let Target::Exchange {
        exchange: 0,
        keys,
        headers,
    } = &set.base.producers[0].to
    else {
        panic!("{:?}", set.base.producers[0].to);
    };
    let names: Vec<&str> = keys.iter().map(|(key, _)| key.as_str()).collect();
    assert_eq!(names, ["order.created", "order.paid"]);
    assert!((keys[0].1 - 0.7).abs() < 1e-12 && (keys[1].1 - 0.3).abs() < 1e-12);
    assert!(headers.is_empty());
}

#[test]
fn each_kind_of_exchange_has_its_own_bindings() {
    let fanout = "kind = \"fanout\"\nbindings = [{ queue = \"billing\" }, { queue = \"audit\" }]";
    let base = events("to = { exchange = \"events\" }", fanout);
    assert_eq!(base.exchanges[0].kind, ExchangeKind::Fanout);
    assert_eq!(base.exchanges[0].bindings[1], binding(1, "", &[], false));
    assert_eq!(
        (base.offered_rate(0), base.offered_rate(1)),
        (Some(8.0), Some(8.0))
    );
    let direct = "kind = \"direct\"\nbindings = [{ queue = \"billing\", key = \"paid\" }, { queue = \"audit\", key = \"paid\" }]";
    let base = events("to = { exchange = \"events\", key = \"paid\" }", direct);
    let to = Target::Exchange {
        exchange: 0,
        keys: vec![("paid".to_owned(), 1.0)],
        headers: Vec::new(),
    };
    assert_eq!(
        (base.exchanges[0].kind, &base.producers[0].to),
        (ExchangeKind::Direct, &to)
    );
    let headers = "kind = \"headers\"\nbindings = [{ queue = \"billing\", headers = { format = \"pdf\", kind = \"bill\" } }, { queue = \"audit\", headers = { format = \"pdf\" }, match = \"any\" }]";
    let base = events(
        "to = { exchange = \"events\", headers = { format = \"pdf\" } }",
        headers,
    );
    assert_eq!(
        base.exchanges[0].bindings,
        [
            binding(0, "", &[("format", "pdf"), ("kind", "bill")], false),
            binding(1, "", &[("format", "pdf")], true),
        ]
    );
}

#[test]
fn exchanges_may_lead_to_each_other_in_circles() {
    let two = "kind = \"fanout\"\nbindings = [{ exchange = \"orders\" }]\nalternate = \"orders\"\n\
               [exchange.orders]\nkind = \"topic\"\nbindings = [{ queue = \"billing\", key = \"order.*\" }, \
               { queue = \"audit\", key = \"order.#\" }, { exchange = \"events\", key = \"order.#\" }]";
    // The first exchange looks at no key, the one behind it does.
    let base = events("to = { exchange = \"events\", key = \"order.paid\" }", two);
    assert_eq!(base.exchanges[0].alternate, Some(1));
    assert_eq!(base.exchanges[0].bindings[0].to, BoundTo::Exchange(1));
    assert_eq!(base.offered_rate(0), Some(8.0));
}

#[test]
fn pools_publish_to_exchanges_too() {
    let text = EVENTS.replace(
        "service   = \"exponential(1s)\"",
        "service   = \"exponential(1s)\"\nto = [{ exchange = \"done\", share = \"50%\" }, { exit = \"refused\" }]\n\
         [exchange.done]\nkind = \"fanout\"\nbindings = [{ queue = \"mail\" }]\n[queue.mail]",
    );
    let set = loaded(&text);
    assert_eq!(again(&set).base, set.base);
    // Half of the 30 % with the key that the clerks' queue asks for.
    let rate = set.base.offered_rate(2).unwrap_or(f64::NAN);
    assert!((rate - 8.0 * 0.3 * 0.5).abs() < 1e-9, "{rate}");
}

#[test]
fn flags_and_variants_reach_exchanges() {
    let flag = |set: &str| read(EVENTS, &[set], &[]);
    let set = flag("exchange.events.kind=direct").unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(set.base.exchanges[0].kind, ExchangeKind::Direct);
    let set = flag("exchange.events.bindings.0.key=order.*")
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    assert_eq!(set.base.exchanges[0].bindings[0].key, "order.*");
    assert_eq!(
        lines(flag("exchange.events.kin=direct")),
        [
            "--set:1:17: no such path \"exchange.events.kin\"; did you mean \"kind\"? keys of an exchange: kind, bindings, alternate"
        ]
    );
    assert_eq!(
        lines(flag("events.kind=direct")),
        ["--set:1:1: no such path \"events.kind\"; did you mean \"exchange.events.kind\"?"]
    );
    let varied = EVENTS.to_owned()
        + "[[variant]]\nname = \"direct\"\nset = { exchange.events.kind = \"direct\" }\n";
    assert_eq!(
        loaded(&varied).variants[0].1.exchanges[0].kind,
        ExchangeKind::Direct
    );
}

#[test]
fn routes_that_are_hardly_meant_are_warned_of() {
    let warned = |from: &str, to: &str| {
        let warnings = loaded(&changed_in(EVENTS, from, to)).warnings;
        let first = warnings.iter().map(|warning| warning.lines().next());
        first.flatten().map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(loaded(EVENTS).warnings.is_empty());
    assert_eq!(
        warned(KIND, "kind = \"direct\""),
        [
            "warning: no binding of exchange \"events\" leads a message with the key \"order.created\" to a queue: 70 % of what is published here is lost",
            "warning: a direct exchange compares the whole key: \"order.#\" is no pattern",
            "warning: pool \"auditors\" consumes from nothing: nobody publishes to this queue",
        ]
    );
    assert_eq!(
        warned(
            "key = \"order.paid\" }, { queue",
            "key = \"order*.paid\" }, { queue"
        ),
        [
            "warning: \"order*\" is taken as it is: * and # stand for whole words",
            "warning: pool \"clerks\" consumes from nothing: nobody publishes to this queue",
        ]
    );
    let headers = changed_in(EVENTS, TO, "to = { exchange = \"events\", headers = { format = \"pdf\" } }")
        .replace(
            &format!("{KIND}\n{BINDINGS}"),
            "kind = \"headers\"\nbindings = [{ queue = \"billing\", headers = { x-format = \"pdf\" } }, { queue = \"audit\", headers = { format = \"pdf\" } }]",
        );
    let warnings = loaded(&headers).warnings;
    assert_eq!(warnings.len(), 1);
    assert!(
        warnings[0]
            .starts_with("warning: the header \"x-format\" is not looked at: it begins with x-")
    );
    assert_eq!(
        warned(TO, "to = { exchange = \"events\", key = \"order.*\" }"),
        [
            "warning: messages are published with the key \"order.*\" as it is: it is no pattern",
            "warning: pool \"clerks\" consumes from nothing: nobody publishes to this queue",
        ]
    );
    assert_eq!(
        warned(
            "[queue.billing]",
            "[exchange.spare]\nkind = \"fanout\"\nbindings = []\n[queue.billing]"
        ),
        ["warning: nobody publishes to exchange \"spare\""]
    );
    assert_eq!(
        warned(
            BINDINGS,
            "alternate = \"spare\"\nbindings = []\n[exchange.spare]\nkind = \"fanout\"\nbindings = []"
        )[..2],
        [
            "warning: exchange \"events\" leads to no queue: what is published to it is lost",
            "warning: exchange \"spare\" leads to no queue: what is published to it is lost",
        ]
    );
}
