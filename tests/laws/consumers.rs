//! The same messages under more consumers: comparisons are paired, so they hold message by message.

use super::{Event, History, What, scenario};
use queuelab::queue::Exit;

const MESSAGES: usize = 4000;

fn history(consumers: u32, more: &str) -> History {
    let set = scenario(&format!(
        r#"
title = "Plain line"
kind = "terminating"
horizon = "1000s"
producer.source = {{ to = "line", arrivals = "renewal(gamma(mean=200ms, cv=1.5))" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = {consumers}, service = "lognormal(mean=1s, cv=1.5)"{more} }}
"#
    ));
    History::of(&set.base, 3)
}

/// By message, in nanoseconds: from one event to the other.
fn between(history: &History, from: What, to: What) -> Vec<u64> {
    let mut times = vec![(None, None); MESSAGES];
    for Event {
        at,
        message: (_, root),
        what,
        ..
    } in &history.0
    {
        if let Some(times) = times.get_mut(*root as usize) {
            if *what == from {
                times.0.get_or_insert(*at);
            }
            if *what == to {
                times.1.get_or_insert(*at);
            }
        }
    }
    times
        .into_iter()
        .map(|(from, to)| to.expect("it came so far") - from.expect("it began"))
        .collect()
}

#[test]
fn no_message_of_a_plain_line_waits_longer_for_more_consumers() {
    let waits = |consumers| between(&history(consumers, ""), What::Accepted, What::Started);
    let mut before = waits(4);
    assert!(before.iter().sum::<u64>() > 0);
    for consumers in 5..=10 {
        let now = waits(consumers);
        let later = (0..MESSAGES).find(|message| now[*message] > before[*message]);
        assert_eq!(
            later, None,
            "this message waits longer for {consumers} consumers than for one less"
        );
        before = now;
    }
}

#[test]
fn a_message_brings_the_same_work_whoever_does_it() {
    let work = |consumers, more| {
        between(
            &history(consumers, more),
            What::Started,
            What::Left(Exit::Acked),
        )
    };
    let expected = work(4, "");
    assert!(expected.windows(2).any(|pair| pair[0] != pair[1]));
    for (consumers, more) in [
        (7, ""),
        (3, ", prefetch = 10"),
        (2, ", concurrency = 3"),
        (20, ", concurrency = 2, prefetch = 0"),
    ] {
        assert!(
            work(consumers, more) == expected,
            "{consumers} consumers{more}"
        );
    }
}
