//! What follows from a scenario without running it.

mod kinds;

use super::metric::{Figure, Metric, Scope};
use super::{
    AckMode, Client, Commits, Components, Medium, Pool, Producer, Queue, Replications, Scenario,
};
use crate::time::{Span, Time};
use crate::units::{show_rate, write_duration};
use crate::workload::Arrivals;

/// Queues that the line of parameters names before it counts the others.
const STAGES_SHOWN: usize = 3;

impl Replications {
    /// How many runs there are at most.
    pub fn most(&self) -> u32 {
        match *self {
            Self::Count(count) => count,
            Self::Precision { max, .. } => max,
        }
    }
}

impl Scenario {
    /// The index of the queue of that name.
    pub fn queue_index(&self, name: &str) -> Option<usize> {
        self.queues.iter().position(|queue| queue.name == name)
    }

    /// The index of the pool of that name.
    pub fn pool_index(&self, name: &str) -> Option<usize> {
        self.pools.iter().position(|pool| pool.name == name)
    }

    /// The pools that consume from a queue, by its index.
    pub fn pools_of(&self, queue: usize) -> impl Iterator<Item = &Pool> {
        self.pools.iter().filter(move |pool| pool.from == queue)
    }

    /// The index of the producer of that name.
    pub fn producer_index(&self, name: &str) -> Option<usize> {
        self.producers
            .iter()
            .position(|producer| producer.name == name)
    }

    /// The exits that have a name, each once, in the order of the file.
    pub fn exits(&self) -> Vec<&str> {
        let mut exits = Vec::new();
        for outlet in self.pools.iter().flat_map(|pool| &pool.to) {
            let name = outlet.name.as_deref();
            exits.extend(name.filter(|name| !exits.contains(name)));
        }
        exits
    }

    /// The names that metrics of this scenario begin with.
    pub fn components(&self) -> Components<'_> {
        Components {
            producers: (self.producers.iter())
                .map(|producer| producer.name.as_str())
                .collect(),
            exits: self.exits(),
            queues: self
                .queues
                .iter()
                .map(|queue| queue.name.as_str())
                .collect(),
            pools: self.pools.iter().map(|pool| pool.name.as_str()).collect(),
        }
    }

    /// Every metric of this scenario: of its queues, pools, producers and exits in the order of the file, then of the
    /// whole.
    pub fn metrics(&self) -> Vec<Metric> {
        let components = self.components();
        let mut metrics = Vec::new();
        for scope in Scope::ALL {
            for component in components.of(scope) {
                let figures = Figure::all_for(scope);
                for figure in figures.filter(|figure| self.has_figure(component, *figure)) {
                    let statistics = figure.statistics().iter();
                    metrics.extend(
                        statistics.map(|statistic| Metric::new(component, figure, *statistic)),
                    );
                }
            }
        }
        metrics
    }

    /// Whether its law is the same all the time: nothing comes, and nothing befalls a pool, at times that the file
    /// says. Only then does a run of another length ask the same question.
    pub fn is_stationary(&self) -> bool {
        is_stationary(&self.producers, &self.pools)
    }

    /// Whether the rate at which producers publish what comes to a queue is the same all the time.
    fn is_fed_evenly(&self, queue: usize) -> bool {
        self.sources_of(queue)
            .all(|producer| producer.arrivals.is_stationary())
    }

    /// Whether producers publish to it at listed times, of which rates are counts.
    pub fn is_listed(&self, queue: usize) -> bool {
        let mut producers = self.producers_of(queue);
        producers.any(|producer| matches!(producer.arrivals, Arrivals::Listed { .. }))
    }

    /// Whether another queue's dead letters go to this one.
    pub fn takes_dead_letters(&self, queue: usize) -> bool {
        let ways = self.network().dead_letter_ways();
        let mut all = (0..self.queues.len()).flat_map(|other| ways.from(other));
        all.any(|(to, _)| to == queue)
    }

    /// How long a delivery of a queue may be unacked; `None` is for ever.
    pub fn ack_timeout(&self, queue: usize) -> Option<Span> {
        self.queues[queue].settings.ack_timeout(&self.broker)
    }

    /// Whether confirms, memory or the time that it takes to take messages in may keep a producer of this queue's
    /// messages from publishing all that it makes.
    pub fn is_gated(&self, queue: usize) -> bool {
        let mut queues = self.queues.iter().zip(self.upstream(queue));
        self.broker.memory_limit.is_some()
            || queues.any(|(other, before)| before && other.intake.is_some())
            || (self.sources_of(queue)).any(|producer| producer.confirms.is_some())
    }

    /// Whether messages stay in a queue for good: nobody consumes from it, and they do not go on when their time is
    /// over.
    pub fn keeps_messages(&self, queue: usize) -> bool {
        let dies_into_a_queue = || !self.network().dead_letter_ways().from(queue).is_empty();
        let goes_on = || self.can_expire(queue) && dies_into_a_queue();
        self.pools_of(queue).next().is_none() && !goes_on()
    }

    /// Whether messages of this queue have a time to live: the queue's, or their own.
    pub fn can_expire(&self, queue: usize) -> bool {
        let mut producers = self.producers_of(queue);
        self.time_to_live(queue).is_some() || producers.any(|producer| producer.ttl.is_some())
    }

    /// The time to live of a queue. SQS and Kafka keep every message for some time, which counts only where a run is so
    /// long.
    pub fn time_to_live(&self, queue: usize) -> Option<Span> {
        let Queue {
            settings, medium, ..
        } = &self.queues[queue];
        let within = |ttl: &Span| Time::ZERO + *ttl <= self.horizon;
        match medium {
            Medium::Topic(topic) => topic.retention.filter(within),
            Medium::Queue if settings.is_sqs() => settings.message_ttl.filter(within),
            Medium::Queue | Medium::Pipe(_) => settings.message_ttl,
        }
    }

    /// c of a queue: messages that its consumers work on at once when all that are served are busy.
    pub fn servers(&self, queue: usize) -> f64 {
        self.served_by(queue)
            .map(|(pool, consumers)| f64::from(consumers) * f64::from(pool.slots()))
            .sum()
    }

    /// The pools that consume from a queue, each with how many of its consumers are served at once: of a single active
    /// consumer, one of one of them.
    pub fn served_by(&self, queue: usize) -> impl Iterator<Item = (&Pool, u32)> {
        let pools = self.pools.iter().enumerate();
        pools
            .filter(move |(_, pool)| pool.from == queue)
            .map(|(index, pool)| (pool, self.network().served(index)))
    }

    /// Messages that one run is to be expected to publish, by producers and by pools. A closed producer is taken to
    /// find its queue empty.
    pub fn expected_messages(&self) -> f64 {
        let seconds = self.horizon.since(Time::ZERO).as_secs_f64();
        let rate = |producer: &Producer| match &producer.arrivals {
            Arrivals::Closed { clients, think, .. } => {
                let first =
                    (0..self.queues.len()).filter(|queue| self.reaches(&producer.to, *queue));
                let service = first
                    .flat_map(|queue| self.pools_of(queue))
                    .map(|pool| pool.service.mean())
                    .fold(f64::INFINITY, f64::min);
                f64::from(*clients) / (think.mean() + service)
            }
            Arrivals::Poisson { .. }
            | Arrivals::Renewal { .. }
            | Arrivals::Profile(_)
            | Arrivals::Mmpp(_)
            | Arrivals::Listed { .. } => producer.arrivals.mean_rate(self.horizon).unwrap_or(0.0),
        };
        self.all_offered(rate) * seconds
    }

    /// One line that says what is run: `100/s → 10 consumers, exponential(83ms), prefetch 1`; of a network, so for the
    /// first stages: `picking: 8/s → …; packing: 7.36/s → …; and 2 more queues`.
    pub fn parameters(&self) -> String {
        let worked_on: Vec<usize> = (0..self.queues.len())
            .filter(|queue| self.pools_of(*queue).next().is_some())
            .collect();
        match worked_on[..] {
            [] => format!("{} → no consumers", self.offered_shown(0)),
            [queue] => self.parameters_of(queue),
            [..] => {
                let (shown, rest) = worked_on.split_at(worked_on.len().min(STAGES_SHOWN));
                let mut lines: Vec<String> = shown
                    .iter()
                    .map(|&queue| {
                        format!("{}: {}", self.queues[queue].name, self.parameters_of(queue))
                    })
                    .collect();
                match rest.len() {
                    0 => {}
                    1 => lines.push("and 1 more queue".to_owned()),
                    more => lines.push(format!("and {more} more queues")),
                }
                lines.join("; ")
            }
        }
    }

    fn parameters_of(&self, queue: usize) -> String {
        let pools: Vec<String> = self.pools_of(queue).map(Pool::parameters).collect();
        let consumers = self.pools_of(queue).map(|pool| pool.consumers);
        let waits = self.queues[queue].settings.single_active_consumer
            && consumers.map(u64::from).sum::<u64>() > 1;
        let active = if waits { ", one active at a time" } else { "" };
        let partitions = match &self.queues[queue].medium {
            Medium::Topic(settings) => match settings.partitions {
                1 => "1 partition → ".to_owned(),
                several => format!("{several} partitions → "),
            },
            Medium::Queue | Medium::Pipe(_) => String::new(),
        };
        format!(
            "{} → {partitions}{}{active}",
            self.offered_shown(queue),
            pools.join(" + ")
        )
    }

    fn offered_shown(&self, queue: usize) -> String {
        match self.offered_rate(queue) {
            Some(_) if self.sources_of(queue).next().is_none() => "dead letters".to_owned(),
            Some(rate) if self.is_fed_evenly(queue) => show_rate(rate),
            Some(rate) => format!("{} on average", show_rate(rate)),
            None => {
                let clients = self
                    .sources_of(queue)
                    .map(|producer| u64::from(producer.arrivals.clients()));
                format!("{} clients", clients.sum::<u64>())
            }
        }
    }
}

/// As [`Scenario::is_stationary`], of what is read of a file so far.
pub(super) fn is_stationary<'a>(
    producers: impl IntoIterator<Item = &'a Producer>,
    pools: impl IntoIterator<Item = &'a Pool>,
) -> bool {
    let mut producers = producers.into_iter();
    let mut pools = pools.into_iter();
    producers.all(|producer| producer.arrivals.is_stationary()) && !pools.any(Pool::has_incidents)
}

impl Pool {
    /// Messages that one of its consumers works on at once when it is busy. A prefetch below the concurrency leaves
    /// slots idle.
    pub fn slots(&self) -> u32 {
        match self.prefetch {
            0 => self.concurrency,
            prefetch => prefetch.min(self.concurrency),
        }
    }

    /// Whether something befalls it at a time that the file says.
    pub fn has_incidents(&self) -> bool {
        let episodes = self.failure.iter().flat_map(|failure| &failure.episodes);
        episodes.count() > 0 || !self.outages.is_empty() || !self.slowdowns.is_empty()
    }

    /// Nothing is ever ready in front of it: then neither a limit on the length nor a time to live has an effect.
    pub fn takes_all(&self) -> bool {
        self.client == Client::Pushed && (self.prefetch == 0 || self.ack == AckMode::Auto)
    }

    /// How many messages a consumer gets, in a line of parameters.
    fn messages_at_once(&self) -> String {
        match (&self.client, self.prefetch) {
            (Client::Pushed, 0) => ", unlimited prefetch".to_owned(),
            (Client::Pushed, messages) => format!(", prefetch {messages}"),
            (Client::Receives { most, .. }, _) => format!(", {most} a receive"),
            (Client::Polls { group, commits }, _) => {
                let commits = match commits {
                    Commits::EachBatch => "each".to_owned(),
                    Commits::Every(time) => format!("every {}", write_duration(*time)),
                };
                format!(", polls of {}, commits {commits}", group.max_poll_records)
            }
            (Client::Pulls, _) => String::new(),
        }
    }

    fn parameters(&self) -> String {
        let plural = if self.consumers == 1 { "" } else { "s" };
        let concurrency = match self.concurrency {
            1 => String::new(),
            several => format!(" × {several}"),
        };
        let at_once = self.messages_at_once();
        let service = in_durations(&self.service.to_string());
        let by_producer = if self.service_of.is_empty() {
            ""
        } else {
            " or by producer"
        };
        let together = match &self.batch {
            None => String::new(),
            Some(batch) => format!(", batches of {}", batch.size),
        };
        let round_trip = match self.round_trip {
            Span::ZERO => String::new(),
            time => format!(", round trip {}", write_duration(time)),
        };
        format!(
            "{} consumer{plural}{concurrency}, {service}{by_producer}{together}{at_once}{round_trip}",
            self.consumers
        )
    }
}

/// A law of durations as a scenario file writes it: `exponential(mean=0.083)` is `exponential(83ms)`.
fn in_durations(law: &str) -> String {
    let mut shown = String::new();
    let mut rest = law;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before
            .rsplit(|c: char| !c.is_alphanumeric())
            .find(|word| !word.is_empty())
            .unwrap_or("");
        let end = after
            .find([',', ')', ' '])
            .filter(|end| *end > 0)
            .unwrap_or(0);
        let (number, tail) = after.split_at(end);
        let seconds = number
            .parse()
            .ok()
            .filter(|_| !matches!(name, "cv" | "shape" | "weight"));
        // A law with one parameter is written with its value alone.
        let alone = before.ends_with("exponential(mean") && tail.starts_with(')')
            || before.ends_with("constant(value");
        shown.push_str(if alone {
            before.trim_end_matches(name)
        } else {
            before
        });
        shown.push_str(if alone { "" } else { "=" });
        shown.push_str(&seconds.map_or_else(
            || number.to_owned(),
            |seconds| write_duration(Span::from_secs_f64(seconds)),
        ));
        rest = tail;
    }
    shown + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_law_of_durations_is_shown_as_a_file_writes_it() {
        assert_eq!(in_durations("exponential(mean=0.083)"), "exponential(83ms)");
        assert_eq!(in_durations("constant(value=5400)"), "constant(1h30m)");
        assert_eq!(
            in_durations("lognormal(mean=0.2, cv=1.2)"),
            "lognormal(mean=200ms, cv=1.2)"
        );
        assert_eq!(
            in_durations("hyperexponential(mean=1, cv=2)"),
            "hyperexponential(mean=1s, cv=2)"
        );
        assert_eq!(
            in_durations(
                "mixture([{ weight = 9, of = exponential(mean=0.08) }, { weight = 1, of = constant(value=2) }])"
            ),
            "mixture([{ weight = 9, of = exponential(80ms) }, { weight = 1, of = constant(2s) }])"
        );
        assert_eq!(in_durations("empirical(3 values)"), "empirical(3 values)");
    }
}
