//! Whatever a file combines: its story is told in order, of each message from its making to its end, and it can be
//! explained.

use queuelab::scenario::ScenarioSet;
use queuelab::study::Estimate;
use queuelab::study::explain::story::{Story, StoryEnd, What, tell};
use queuelab::study::explain::{Explanation, explain};
use queuelab::time::Time;

const MESSAGES: usize = 12;

pub(super) fn hold(set: &ScenarioSet, text: &str) {
    let story = tell(set, MESSAGES).unwrap_or_else(|error| panic!("{error}\n{text}"));
    is_in_order(&story, text);
    for message in 0..story.messages.len() {
        is_whole(&story, message, text);
    }
    let explained = explain(set, None, &()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    says_only_numbers(&explained, text);
    #[cfg(feature = "report")]
    can_be_read(&story, &explained, text);
}

fn is_in_order(story: &Story, text: &str) {
    assert!(story.messages.len() <= MESSAGES, "{text}");
    let times = story.events.windows(2).map(|pair| (pair[0].at, pair[1].at));
    for (before, after) in times {
        assert!(before <= after, "{before} after {after} in\n{text}");
    }
}

/// It begins by being made, is held by nobody before it is handed out, and what is over is over.
fn is_whole(story: &Story, message: usize, text: &str) {
    let mut events = story.events.iter().filter(|event| event.message == message);
    let told = &story.messages[message];
    let first = events
        .next()
        .unwrap_or_else(|| panic!("nothing of {message} in\n{text}"));
    assert_eq!(
        (first.at, &first.what),
        (told.made, &What::Published),
        "{text}"
    );
    let (mut handed, mut begun, mut over) = (0, 0, 0);
    for event in events {
        match &event.what {
            What::Published => panic!("{message} is made twice in\n{text}"),
            What::Handed { .. } => handed += 1,
            What::Begun { .. } => begun += 1,
            What::Done | What::Undone(_) => over += 1,
            What::Left { .. } | What::Ready { .. } | What::Appended { .. } | What::Delayed => {}
            What::Refused { .. } | What::Sent | What::Returned { .. } | What::Withheld => {}
            What::Copied { .. } | What::Exited { .. } | What::Lost => {}
        }
        assert!(
            handed >= begun,
            "{message} is worked on by nobody in\n{text}"
        );
    }
    // An ack in the instant in which work is done stands for both.
    assert!(over <= begun, "{message} in\n{text}");
    let ended = told.ended.map_or(Time::ZERO, |(at, _)| at);
    assert!(
        told.ended.is_none() || ended >= told.made,
        "{message} in\n{text}"
    );
    if story.ends == StoryEnd::AllEnded {
        assert!(
            told.ended.is_some() || told.left_in.is_some(),
            "{message} in\n{text}"
        );
    }
}

fn says_only_numbers(explained: &Explanation, text: &str) {
    for queue in &explained.queues {
        let capacity = queue.capacity.iter().map(|step| step.rate);
        let indices = queue.bursts.dispersion.iter().map(|one| one.index.value);
        let peaks = queue
            .overload
            .stretches
            .iter()
            .map(|stretch| stretch.excess);
        let simulated = &queue.simulated;
        let simulated = [
            &simulated.accepted,
            &simulated.wait_mean,
            &simulated.wait_p99,
            &simulated.p_wait,
        ];
        let known = simulated
            .into_iter()
            .flatten()
            .filter_map(|estimate| match estimate {
                Estimate::Known { value, .. } => Some(*value),
                Estimate::Refused { .. } => None,
            });
        let erlang = queue.load.erlang.into_iter();
        let numbers = capacity
            .chain(indices)
            .chain(peaks)
            .chain(known)
            .chain(erlang);
        for number in numbers {
            assert!(
                number.is_finite() && number >= 0.0,
                "{number} of {}\n{text}",
                queue.queue
            );
        }
    }
}

#[cfg(feature = "report")]
fn can_be_read(story: &Story, explained: &Explanation, text: &str) {
    use queuelab::report::explain as report;
    let said = [
        report::story::text(story),
        report::story_object(story),
        report::text(explained),
        report::object(explained),
    ];
    for said in said {
        assert!(!said.contains("NaN"), "{said}\nof\n{text}");
    }
}
