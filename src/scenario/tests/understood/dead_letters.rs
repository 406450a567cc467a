//! Dead letters that go to an exchange, and where it routes them.

use super::super::{EVENTS, PARCELS, changed_in, loaded, read};
use super::again;
use crate::queue::{DeadLetterExchange, QueueId, QueueSettings};
use crate::scenario::ScenarioSet;

const REJECTS: &str = "failure = { probability = \"50%\", then = \"reject\" }";

/// The parcels, of which pickers reject half, where this is said of their queue and these tables are there as well.
#[track_caller]
fn picking(queue: &str, more: &str) -> ScenarioSet {
    let service = "service   = \"exponential(1s)\"";
    let text = changed_in(PARCELS, service, &format!("{service}\n{REJECTS}"));
    let text = changed_in(
        &text,
        "[queue.picking]",
        &format!("[queue.picking]\n{queue}\n{more}"),
    );
    let set = loaded(&text);
    assert_eq!(again(&set).base, set.base);
    set
}

fn rules(set: &ScenarioSet) -> Vec<&str> {
    let lines = set.warnings.iter().map(|warning| warning.lines().next());
    lines.flatten().collect()
}

fn settings(set: &ScenarioSet) -> &QueueSettings {
    &set.base.queues[0].settings
}

#[test]
fn dead_letters_go_to_an_exchange_by_a_key_of_the_queue_or_by_their_own() {
    let dlx = |key: Option<&str>| DeadLetterExchange {
        name: "dlx".to_owned(),
        routing_key: key.map(Into::into),
    };
    let lost = |key: &str| {
        format!(
            "[exchange.dlx]\nkind = \"direct\"\nbindings = [{{ queue = \"lost\", key = \"{key}\" }}]\n\
             [queue.lost]\n[pool.finders]\nfrom = \"lost\"\nconsumers = 9\nservice = \"constant(1s)\"\n"
        )
    };
    let by_key = "dead_letter = { exchange = \"dlx\", key = \"failed\" }";
    let set = picking(by_key, &lost("failed"));
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!(
        settings(&set).dead_letter_exchange,
        Some(dlx(Some("failed")))
    );
    let base = &set.base;
    let takes: Vec<bool> = (0..3).map(|queue| base.takes_dead_letters(queue)).collect();
    assert_eq!(takes, [false, true, false]);
    assert!(
        base.makes_copies(),
        "an exchange may lead to several queues"
    );
    // What is published to a queue itself has its name as the key.
    let set = picking("dead_letter = { exchange = \"dlx\" }", &lost("picking"));
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!(settings(&set).dead_letter_exchange, Some(dlx(None)));
    assert!(set.base.takes_dead_letters(1));
    let refuses = format!("max_length = 5\noverflow = \"reject-publish-dlx\"\n{by_key}");
    assert_eq!(picking(&refuses, &lost("failed")).warnings, [""; 0]);
    let set = picking("dead_letter = { queue = \"packing\" }", "");
    assert_eq!(settings(&set).dead_letter, Some(QueueId(1)));
}

#[test]
fn dead_letters_that_find_no_queue_are_warned_of() {
    let direct = |key: &str| {
        format!(
            "[exchange.dlx]\nkind = \"direct\"\nbindings = [{{ queue = \"packing\", key = \"{key}\" }}]"
        )
    };
    let by_key = "dead_letter = { exchange = \"dlx\", key = \"failed\" }";
    assert_eq!(
        rules(&picking(by_key, &direct("faild"))),
        ["warning: no dead letter of queue \"picking\" finds a queue: all are lost"]
    );
}

/// The events, of which auditors reject half into an exchange that looks at this key of theirs.
fn audit(key: &str) -> ScenarioSet {
    let service = "service   = \"exponential(900ms)\"";
    let text = changed_in(EVENTS, service, &format!("{service}\n{REJECTS}"));
    let dlx = format!(
        "[queue.audit]\ndead_letter = {{ exchange = \"dlx\" }}\n[queue.lost]\n\
         [exchange.dlx]\nkind = \"topic\"\nbindings = [{{ queue = \"lost\", key = \"{key}\" }}]"
    );
    loaded(&changed_in(&text, "[queue.audit]", &dlx))
}

#[test]
fn keys_of_their_own_lead_as_many_dead_letters_as_are_published_with_them() {
    let (all, some) = (audit("order.*"), audit("order.paid"));
    assert_eq!(all.warnings, [""; 0]);
    assert_eq!(
        rules(&some),
        ["warning: some dead letters of queue \"audit\" find no queue: they are lost"]
    );
    let expected = |set: &ScenarioSet| set.base.expected_messages() / 3_600.0;
    let near = |value: f64, exact: f64| assert!((value - exact).abs() < 1e-9, "{value}");
    // 8/s to the audit, 30 % of them to billing as well, and half of 8/s die.
    near(expected(&all), 8.0 * (1.0 + 0.3 + 0.5));
    near(expected(&some), 8.0 * (1.0 + 0.3 + 0.5 * 0.3));
}

#[test]
fn dead_letters_keep_on_the_way_the_key_that_the_first_queue_gave_them() {
    let more = "[exchange.dlx]\nkind = \"direct\"\nbindings = [{ queue = \"first\", key = \"dead\" }]\n\
                [exchange.next]\nkind = \"direct\"\nbindings = [{ queue = \"last\", key = \"dead\" }]\n\
                [queue.first]\nmessage_ttl = \"1s\"\ndead_letter = { exchange = \"next\" }\n[queue.last]\n";
    let set = picking("dead_letter = { exchange = \"dlx\", key = \"dead\" }", more);
    assert_eq!(set.warnings, [""; 0]);
    assert!(set.base.takes_dead_letters(2));
}

#[test]
fn a_circle_of_queues_is_none_where_keys_lead_out_of_it() {
    // Queue first has keys a, and b of second; those that come back with b are lost, as those with a in second.
    let text = r#"title = "Keys"
horizon = "1h"
producer.one = { to = { exchange = "in", keys = [{ key = "a", share = "50%" }, { key = "b" }] }, arrivals = "poisson(1/s)" }
exchange.in = { kind = "direct", bindings = [{ queue = "first", key = "a" }, { queue = "second", key = "b" }] }
exchange.there = { kind = "direct", bindings = [{ queue = "second", key = "a" }] }
exchange.back = { kind = "direct", bindings = [{ queue = "first", key = "b" }] }
queue.first = { message_ttl = "1s", dead_letter = { exchange = "there" } }
queue.second = { message_ttl = "1s", dead_letter = { exchange = "back" } }
"#;
    let set = loaded(text);
    assert_eq!(rules(&set).len(), 2, "{:#?}", set.warnings);
    assert!(set.base.takes_dead_letters(0) && set.base.takes_dead_letters(1));
}

#[test]
fn flags_reach_into_dead_letters() {
    let by_key = "dead_letter = { exchange = \"dlx\", key = \"failed\" }\n\
                  [exchange.dlx]\nkind = \"topic\"\nbindings = [{ queue = \"packing\", key = \"#\" }]";
    let text = changed_in(
        PARCELS,
        "[queue.picking]",
        &format!("[queue.picking]\n{by_key}"),
    );
    let with = |set: &str| read(&text, &[set], &[]).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let set = with("queue.picking.dead_letter.key=other");
    let key = settings(&set)
        .dead_letter_exchange
        .as_ref()
        .and_then(|to| to.routing_key.as_deref());
    assert_eq!(key, Some("other"));
    let set = with("queue.picking.dead_letter=packing");
    assert_eq!(settings(&set).dead_letter, Some(QueueId(1)));
}
