//! PUSH and PULL sockets of ZeroMQ: what is read of them, and how those who publish wait.

use super::super::{PARCELS, changed_in, loaded};
use super::again;
use super::kinds::{packing, rules};
use crate::queue::{PipeSettings, Transport};
use crate::scenario::{AckMode, Client, Medium, OnRefused, ScenarioSet};
use crate::time::Span;

#[track_caller]
fn sockets(keys: &str) -> PipeSettings {
    let set = packing(&format!("kind = \"zeromq\"\n{keys}"), "");
    assert_eq!(set.warnings, [""; 0]);
    assert_eq!(set.base.pools[1].client, Client::Pulls);
    match set.base.queues[1].medium {
        Medium::Pipe(settings) => settings,
        Medium::Queue | Medium::Topic(_) => panic!("it is a socket"),
    }
}

/// The parcels, published to sockets by a producer of which this is said.
#[track_caller]
fn published(keys: &str) -> ScenarioSet {
    let arrivals = "arrivals = \"poisson(8/s)\"";
    let text = changed_in(PARCELS, arrivals, &format!("{arrivals}\n{keys}"));
    let socket = "[queue.picking]\nkind = \"zeromq\"";
    let set = loaded(&changed_in(&text, "[queue.picking]", socket));
    assert_eq!(again(&set).base, set.base);
    set
}

#[test]
fn sockets_are_as_libzmq_makes_them_but_for_what_the_file_says() {
    assert_eq!(sockets(""), PipeSettings::default());
    let asked = sockets(
        "sndhwm = 10\nrcvhwm = 0\ntransport = \"tcp\"\nkernel_buffer = \"10KiB\"\nbind = \"pull\"",
    );
    let expected = PipeSettings {
        send_high_water_mark: 10,
        receive_high_water_mark: 0,
        transport: Transport::Tcp {
            kernel_buffer_bytes: 10_240,
        },
        push_binds: false,
    };
    assert_eq!(asked, expected);
    assert_eq!(
        sockets("transport = \"inproc\"").transport,
        Transport::Inproc
    );
    assert!(sockets("bind = \"push\"").push_binds);
}

#[test]
fn a_message_is_its_pullers_when_it_is_pulled() {
    let set = packing("kind = \"zeromq\"", "");
    assert_eq!(set.base.pools[1].ack, AckMode::Auto);
}

#[test]
fn who_publishes_to_a_full_socket_waits_unless_the_file_says() {
    let reaction = |set: &ScenarioSet| set.base.producers[0].on_refused.clone();
    assert_eq!(reaction(&published("")), OnRefused::Block);
    let dropping = published("on_refused = \"drop\"");
    assert_eq!(reaction(&dropping), OnRefused::Drop);
    let blocking = published("on_refused = \"block\"");
    assert_eq!(reaction(&blocking), OnRefused::Block);
    assert_eq!(blocking.warnings, [""; 0]);
}

#[test]
fn a_pool_that_passes_messages_on_to_a_full_socket_waits_too() {
    let reaction = |set: &ScenarioSet| set.base.pools[0].on_refused.clone();
    assert_eq!(
        reaction(&packing("kind = \"zeromq\"", "")),
        OnRefused::Block
    );
    assert_eq!(reaction(&packing("", "")), OnRefused::Drop);
    assert_eq!(reaction(&packing("kind = \"kafka\"", "")), OnRefused::Drop);
}

#[test]
fn pools_that_wait_for_each_others_sockets_are_warned() {
    let to = "to = [{ queue = \"picking\", share = \"20%\" }, { exit = \"done\" }]";
    let text = changed_in(
        PARCELS,
        "[queue.picking]",
        "[queue.picking]\nkind = \"zeromq\"",
    );
    let text = changed_in(
        &text,
        "[queue.packing]",
        "[queue.packing]\nkind = \"zeromq\"",
    );
    assert_eq!(
        rules(&loaded(&format!("{text}{to}\n"))),
        [
            "warning: pools wait in a circle for room in each other's queues: once all are full, none goes on"
        ]
    );
    assert_eq!(loaded(&text).warnings, [""; 0]);
}

#[test]
fn a_balancer_may_choose_among_queues_of_several_kinds_and_each_kinds_keys_are_known() {
    let arrivals = "to       = \"picking\"\narrivals = \"poisson(8/s)\"";
    let all = "to = { balance = \"random\", queues = [\"picking\", \"packing\"] }\narrivals = \"poisson(8/s)\"\nlinger_ms = 3\npriority = 0";
    let text = changed_in(PARCELS, arrivals, all);
    let topic = "[queue.packing]\nkind = \"kafka\"\npartitions = 8";
    let set = loaded(&changed_in(&text, "[queue.packing]", topic));
    let gathering = set.base.producers[0].gathering;
    assert_eq!(gathering.linger, Span::from_nanos(3_000_000));
}
