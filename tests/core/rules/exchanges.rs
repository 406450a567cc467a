//! Exchanges, and where what is published to them goes (`docs/exchanges`).

use super::*;

/// A broker with the queues `a` (which is [`Q`]), `b` and `c`, and one exchange, `x`.
fn with_exchange(kind: ExchangeKind) -> (Rig, ExchangeId) {
    let mut rig = Rig::named("a", settings());
    rig.declare_as("b", settings());
    rig.declare_as("c", settings());
    let exchange = rig.declare_exchange("x", kind);
    (rig, exchange)
}

const A: QueueId = Q;
const B: QueueId = QueueId(1);
const C: QueueId = QueueId(2);

/// How many messages are in the queues A to C.
fn counts(rig: &Rig) -> [usize; 3] {
    [A, B, C].map(|queue| rig.ready(queue).len())
}

/// The keys among `keys` that go from `x` to A, which is bound by `pattern`.
fn passing(kind: ExchangeKind, pattern: &str, keys: &[&str]) -> Vec<String> {
    let mut passing = Vec::new();
    for key in keys {
        let (mut rig, exchange) = with_exchange(kind);
        rig.bind(exchange, A, pattern);
        if rig.publish_by(&Route::new(exchange, key)).is_routed() {
            passing.push((*key).to_owned());
        }
    }
    passing
}

/// `docs/exchanges#default`
#[test]
fn the_default_exchange_leads_to_the_queue_whose_name_is_the_key() {
    let (mut rig, _) = with_exchange(ExchangeKind::Direct);
    rig.publish_by(&Route::new(ExchangeId::DEFAULT, "b"));
    assert_eq!(counts(&rig), [0, 1, 0]);
    assert!(
        !rig.publish_by(&Route::new(ExchangeId::DEFAULT, "z"))
            .is_routed()
    );
}

/// `docs/exchanges#default`
#[test]
fn the_default_exchange_is_as_it_is() {
    let mut rig = Rig::of(settings());
    let default = ExchangeId::DEFAULT;
    let error = Err(QueueError::DefaultExchange);
    let broker = &mut rig.broker;
    assert_eq!(broker.bind(default, Q, Binding::key("k")), error);
    assert_eq!(broker.unbind(default, Q, &Binding::key("k")), error);
    assert_eq!(broker.delete_exchange(default, false), error);
    let declared = broker.declare_exchange("", ExchangeSettings::default());
    assert_eq!(declared, Err(QueueError::DefaultExchange));
    assert_eq!(broker.exchange_named(""), Some(default));
}

/// `docs/exchanges#direct`
#[test]
fn a_direct_exchange_compares_keys() {
    let passed = passing(ExchangeKind::Direct, "k", &["k", "kk", ""]);
    assert_eq!(passed, ["k"]);
}

/// `docs/exchanges#fanout`
#[test]
fn a_fanout_exchange_compares_nothing() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Fanout);
    for queue in [A, B] {
        rig.bind(exchange, queue, "ignored");
    }
    rig.publish_by(&Route::new(exchange, "k"));
    assert_eq!(counts(&rig), [1, 1, 0]);
}

/// `docs/exchanges#topic`
#[test]
fn in_a_topic_exchange_a_star_is_one_word_and_a_hash_none_or_more() {
    let keys = ["", "a", "a.b", "a.b.c", "b", "a.c", "b.c"];
    let passed = |pattern| passing(ExchangeKind::Topic, pattern, &keys).join(" ");
    assert_eq!(passed("a.b"), "a.b");
    assert_eq!(passed("*"), "a b");
    assert_eq!(passed("a.*"), "a.b a.c");
    assert_eq!(passed("a.#"), "a a.b a.b.c a.c");
    assert_eq!(passed("#.c"), "a.b.c a.c b.c");
    assert_eq!(passed("*.#.c"), "a.b.c a.c b.c");
    assert_eq!(passed("#"), " a a.b a.b.c b a.c b.c");
}

/// As measured.
#[test]
fn in_a_topic_exchange_an_empty_key_has_no_words() {
    for (pattern, matches) in [("#", true), ("", true), ("*", false)] {
        let passed = passing(ExchangeKind::Topic, pattern, &[""]);
        assert_eq!(!passed.is_empty(), matches, "{pattern}");
    }
}

fn text(text: &str) -> HeaderValue {
    HeaderValue::Text(text.to_owned())
}

/// Whether a message with `headers` takes a way bound with `arguments`.
fn agree(any: bool, arguments: &[(&str, HeaderValue)], headers: &[(&str, HeaderValue)]) -> bool {
    let owned = |pairs: &[(&str, HeaderValue)]| -> Vec<(String, HeaderValue)> {
        let pairs = pairs.iter().cloned();
        pairs
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    };
    let (mut rig, exchange) = with_exchange(ExchangeKind::Headers);
    let binding = Binding {
        key: String::new(),
        arguments: owned(arguments),
        any,
    };
    rig.broker.bind(exchange, A, binding).unwrap();
    let route = Route {
        headers: owned(headers).into(),
        ..Route::new(exchange, "ignored")
    };
    rig.publish_by(&route).is_routed()
}

/// `docs/exchanges#headers`
#[test]
fn a_headers_exchange_wants_all_arguments_or_any() {
    let arguments = [("h", text("1")), ("i", text("2"))];
    assert!(agree(false, &arguments, &arguments));
    assert!(!agree(false, &arguments, &arguments[..1]));
    assert!(agree(true, &arguments, &arguments[..1]));
    assert!(!agree(true, &arguments, &[("h", text("2"))]));
    assert!(agree(false, &[], &[]) && !agree(true, &[], &[]));
}

/// As measured: '1' is not 1.
#[test]
fn in_a_headers_exchange_types_matter() {
    let number = [("h", HeaderValue::Integer(1))];
    assert!(!agree(false, &[("h", text("1"))], &number));
    assert!(agree(false, &number, &number));
}

/// `docs/exchanges#headers`, as measured.
#[test]
fn in_a_headers_exchange_names_that_begin_with_x_are_ignored_and_a_void_argument_is_any_value() {
    assert!(agree(false, &[("x-h", text("1"))], &[]));
    assert!(!agree(true, &[("x-h", text("1"))], &[("x-h", text("1"))]));
    let void = [("h", HeaderValue::Void)];
    assert!(agree(false, &void, &[("h", text("2"))]));
    assert!(!agree(false, &void, &[("i", text("2"))]));
}

/// As measured.
#[test]
fn however_many_ways_lead_to_a_queue_it_gets_one_copy() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Topic);
    for pattern in ["#", "k", "*", "k"] {
        rig.bind(exchange, A, pattern);
    }
    let published = rig.publish_by(&Route::new(exchange, "k"));
    assert_eq!((published.accepted, counts(&rig)), (1, [1, 0, 0]));
}

/// `docs/publishers#unroutable`
#[test]
fn a_binding_that_is_taken_away_leads_nowhere() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Direct);
    rig.bind(exchange, A, "k");
    for _ in 0..2 {
        let unbound = rig.broker.unbind(exchange, A, &Binding::key("k"));
        assert_eq!(unbound, Ok(()));
    }
    assert!(!rig.publish_by(&Route::new(exchange, "k")).is_routed());
}

/// `docs/e2e`
#[test]
fn exchanges_may_be_bound_to_exchanges_and_a_circle_of_them_ends() {
    let (mut rig, first) = with_exchange(ExchangeKind::Direct);
    let second = rig.declare_exchange("y", ExchangeKind::Fanout);
    rig.bind(first, second, "k");
    rig.bind(second, first, "");
    rig.bind(first, A, "k");
    rig.bind(second, B, "");
    rig.publish_by(&Route::new(second, "k"));
    assert_eq!(counts(&rig), [1, 1, 0]);
}

/// `docs/ae`
#[test]
fn what_matches_no_binding_goes_to_the_alternate_exchange_and_counts_as_routed() {
    let mut rig = Rig::named("a", settings());
    rig.declare_as("b", settings());
    let with_alternate = ExchangeSettings {
        kind: ExchangeKind::Direct,
        alternate: Some("alt".into()),
    };
    let exchange = rig.broker.declare_exchange("x", with_alternate).unwrap();
    rig.bind(exchange, A, "k");
    assert!(!rig.publish_by(&Route::new(exchange, "z")).is_routed());
    let alternate = rig.declare_exchange("alt", ExchangeKind::Fanout);
    rig.bind(alternate, B, "");
    assert!(rig.publish_by(&Route::new(exchange, "z")).is_routed());
    rig.publish_by(&Route::new(exchange, "k"));
    assert_eq!([A, B].map(|queue| rig.ready(queue).len()), [1, 1]);
}

/// `docs/sender-selected`
#[test]
fn cc_and_bcc_are_further_routing_keys() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Direct);
    for (queue, key) in [(A, "1"), (B, "2"), (C, "3")] {
        rig.bind(exchange, queue, key);
    }
    rig.publish_by(&Route {
        cc: vec!["2".into()],
        bcc: vec!["3".into()],
        ..Route::new(exchange, "1")
    });
    assert_eq!(counts(&rig), [1, 1, 1]);
    rig.publish_by(&Route {
        cc: vec!["c".into()],
        ..Route::new(ExchangeId::DEFAULT, "a")
    });
    assert_eq!(counts(&rig), [2, 1, 2]);
}

/// `docs/publishers#unroutable`
#[test]
fn what_finds_no_queue_is_told_and_handed_back() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Direct);
    let route = Arc::new(Route::new(exchange, "k"));
    for mandatory in [true, false] {
        let published = rig.broker.publish_to(
            rig.now,
            &route,
            Publication::of('m'),
            mandatory,
            &mut rig.log,
        );
        let published = published.unwrap();
        assert_eq!((published.is_routed(), published.body), (false, Some('m')));
    }
    assert_eq!(rig.history(), "m handed back, m dropped");
    let unknown = Arc::new(Route::new(ExchangeId(9), "k"));
    let refused =
        rig.broker
            .publish_to(rig.now, &unknown, Publication::of('m'), true, &mut rig.log);
    assert_eq!(refused, Err(QueueError::UnknownExchange(ExchangeId(9))));
}

/// `docs/confirms`, as measured: one that refuses makes it a nack, and the others keep the message.
#[test]
fn of_several_queues_one_that_refuses_spoils_the_confirm_and_the_others_keep_the_message() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Fanout);
    let full = QueueSettings {
        overflow: Overflow::RejectPublish,
        ..max_length(0)
    };
    let full = rig.declare_as("full", full);
    for queue in [A, full, C] {
        rig.bind(exchange, queue, "");
    }
    let published = rig.publish_by(&Route::new(exchange, "k"));
    let expected = Published {
        accepted: 2,
        refused: 1,
        sequence: None,
        body: None,
    };
    assert!(!published.is_confirmed());
    assert_eq!(published, expected);
    assert_eq!(counts(&rig), [1, 0, 1]);
}

/// `docs/exchanges`
#[test]
fn an_exchange_that_is_deleted_takes_its_bindings_with_it() {
    let (mut rig, first) = with_exchange(ExchangeKind::Fanout);
    let second = rig.declare_exchange("y", ExchangeKind::Fanout);
    rig.bind(first, second, "");
    rig.bind(second, A, "");
    let refused = rig.broker.delete_exchange(second, true);
    assert_eq!(refused, Err(QueueError::ExchangeInUse(second)));
    rig.broker.delete_exchange(second, false).unwrap();
    assert!(!rig.publish_by(&Route::new(first, "")).is_routed());
    assert_eq!(rig.declare_exchange("y", ExchangeKind::Fanout), second);
    assert!(!rig.publish_by(&Route::new(first, "")).is_routed());
}

/// `docs/queues#property-equivalence`, `docs/exchanges`
#[test]
fn to_declare_again_what_is_there_finds_it_and_something_else_is_an_error() {
    let mut rig = Rig::named("a", settings());
    assert_eq!(rig.declare_as("a", settings()), Q);
    let other = rig.broker.declare_as(rig.now, "a", max_length(1));
    assert_eq!(other, Err(QueueError::OtherQueue(Q)));
    let exchange = rig.declare_exchange("x", ExchangeKind::Fanout);
    assert_eq!(rig.declare_exchange("x", ExchangeKind::Fanout), exchange);
    let other = rig
        .broker
        .declare_exchange("x", ExchangeSettings::default());
    assert_eq!(other, Err(QueueError::OtherExchange(exchange)));
}

/// `docs/queues#names`
#[test]
fn names_that_begin_with_amq_are_the_brokers_own() {
    let mut rig = Rig::of(settings());
    let error = QueueError::ReservedName;
    let queue = rig.broker.declare_as(rig.now, "amq.q", settings());
    assert_eq!(queue, Err(error));
    let exchange = rig
        .broker
        .declare_exchange("amq.x", ExchangeSettings::default());
    assert_eq!(exchange, Err(error));
    assert!(rig.broker.name(Q).unwrap().starts_with("amq.gen"));
}

/// `docs/consumers#message-properties`
#[test]
fn a_message_tells_how_it_was_addressed() {
    let (mut rig, exchange) = with_exchange(ExchangeKind::Fanout);
    rig.bind(exchange, A, "");
    let route = Route::new(exchange, "k");
    rig.publish_by(&route);
    rig.publish("b");
    let routes = rig.broker.ready(A).map(|message| message.route());
    assert_eq!(routes.collect::<Vec<_>>(), [Some(&route), None]);
}
