//! From samples to what is said: a value with its interval, a refusal, a verdict.

use super::figures::Lost;
use super::moments;
use super::outcome::{Estimate, Ruling, Verdict};
use super::plan::Plan;
use super::statistics::{self, Interval};
use super::unit::Sample;
use crate::scenario::{Bound, Figure, Kind, Losses, Metric, Objective, Scope, Statistic};
use crate::units;

/// How estimates are made in one study.
#[derive(Clone, Debug)]
pub(super) struct Estimator<'a> {
    pub(super) plan: &'a Plan<'a>,
    /// By queue, why it has no long-run figures.
    pub(super) refusals: &'a [Option<String>],
    /// By queue, why not even its consumers' utilisation can be told.
    pub(super) unsettled: &'a [Option<String>],
    /// Length of the measured stretch, in seconds.
    pub(super) measured_s: f64,
    /// By producer, why its messages have no long-run latency besides.
    pub(super) held_back: &'a [Option<String>],
    /// Units are batches of one run, and too dependent for an interval.
    pub(super) dependent: bool,
}

const NO_OVERLOAD: &str = "the file gives no rates to tell an overload by: arrivals are listed, \
    clients wait for their answers, consumers for room in the next queue, or producers for confirms, memory or credit";

/// Why a figure has no interval.
pub(super) const DEPENDENT: &str = "the batches of one single run hang together";
pub(super) const ONE_RUN: &str = "there is one single run";
pub(super) const TOO_FEW_RUNS: &str = "without one of the runs there is no such figure";

/// Why a component cannot be asked for a figure that others of its kind have; `None` where nothing of that kind can
/// happen to it.
fn without(figure: Figure) -> Option<&'static str> {
    if figure == Figure::Lag {
        Some("only a topic of Kafka has partitions that lag")
    } else if figure == Figure::OrderViolations {
        Some(
            "order is counted among messages of one key, and no producer of this queue gives a `key`",
        )
    } else if figure == Figure::Requests {
        Some("only SQS counts requests")
    } else if figure == Figure::Cost {
        Some("the file says of nothing what it costs: write cost_per_hour in a pool or a queue")
    } else {
        None
    }
}

/// Of what takes this share of the measured stretch, as large a share is cut off by its end.
const CUT_SHORT: f64 = 0.2;

impl Estimator<'_> {
    /// The figure, or why it cannot be given.
    pub(super) fn estimate(&self, metric: &Metric, sample: &Sample) -> Estimate {
        if let Some(why) = self.refusal(metric, sample) {
            return Estimate::Refused { why };
        }
        let interval = self.interval(metric, sample);
        let runs = (self.plan.scenario.kind == Kind::Terminating && sample.single.len() > 1)
            .then(|| {
                [0.0, 0.05, 0.5, 0.95, 1.0]
                    .map(|p| statistics::quantile(&sample.single, p).unwrap_or(f64::NAN))
            })
            .filter(|runs| runs[1..4].iter().all(|value| value.is_finite()));
        Estimate::Known {
            value: sample.all,
            interval: interval.map(|i| (i.low, i.high)),
            no_interval: (interval.is_none()).then(|| self.no_interval(metric, sample)),
            runs,
        }
    }

    /// What came of an objective; `sample` is its figure as it counts the lost.
    pub(super) fn verdict(&self, objective: &Objective, sample: &Sample) -> Verdict {
        let estimate = self.estimate(&objective.metric, sample);
        let terminating = self.plan.scenario.kind == Kind::Terminating;
        let met = sample
            .single
            .iter()
            .filter(|value| value.is_finite() && holds(objective.bound, **value))
            .count();
        Verdict {
            metric: objective.metric.clone(),
            bound: objective.bound,
            verdict: ruling(objective.bound, &estimate),
            estimate,
            met_in: terminating.then_some((met as u32, sample.single.len() as u32)),
        }
    }

    /// Why a figure cannot be given.
    pub(super) fn refusal(&self, metric: &Metric, sample: &Sample) -> Option<String> {
        if metric.figure == Figure::DrainTime {
            if self.plan.scenario.kind == Kind::Steady {
                return Some(
                    "a long run has no one overload to drain from; ask for kind = \"terminating\""
                        .to_owned(),
                );
            }
            if !self.knows_overload(metric) {
                return Some(NO_OVERLOAD.to_owned());
            }
            let never = sample
                .single
                .iter()
                .filter(|time| time.is_infinite())
                .count();
            if never > 0 && sample.all.is_infinite() {
                return Some(format!(
                    "the backlog was never gone in {never} of {} runs",
                    sample.single.len()
                ));
            }
        }
        let scenario = &self.plan.scenario;
        if !scenario.has_figure(&metric.component, metric.figure)
            && let Some(why) = without(metric.figure)
        {
            return Some(why.to_owned());
        }
        // First, since such a mean never settles, and a longer run would not help.
        let infinite = moments::infinite_mean(scenario, metric);
        if let Some(why) = infinite.or_else(|| self.unsteady(metric)) {
            return Some(why);
        }
        if sample.all.is_infinite() {
            return Some(
                "too many messages were lost, or not served by the end, and such a message is infinitely late".to_owned(),
            );
        }
        if self.is_cut_short(metric, sample) {
            let measured = units::show_seconds(self.measured_s);
            return Some(format!(
                "it is not far below the {measured} that are measured, and what takes long is not seen to end; make the \
                 horizon longer"
            ));
        }
        sample.all.is_nan().then(|| {
            if metric.figure.is_of(Scope::Pool) {
                "nothing was worked on in the measured stretch".to_owned()
            } else {
                "no message got that far in the measured stretch".to_owned()
            }
        })
    }

    /// A latency so long beside a long run's measured stretch that many of its length began and did not end in it.
    fn is_cut_short(&self, metric: &Metric, sample: &Sample) -> bool {
        let is_latency = matches!(
            metric.figure,
            Figure::Wait | Figure::DeliveryWait | Figure::Sojourn | Figure::Latency
        );
        let is_typical = matches!(metric.statistic, Statistic::Mean | Statistic::Quantile(_));
        let is_steady = self.plan.scenario.kind == Kind::Steady;
        is_latency && is_typical && is_steady && sample.all > CUT_SHORT * self.measured_s
    }

    fn knows_overload(&self, metric: &Metric) -> bool {
        let queue = self.plan.scenario.queue_index(&metric.component);
        queue.is_some_and(|queue| self.plan.setup.drain_from[queue].is_some())
    }

    /// Latencies and backlogs have no long-run figure where the queue has none; rates and shares of time do.
    fn unsteady(&self, metric: &Metric) -> Option<String> {
        match metric.figure {
            Figure::Latency => self.unsteady_messages(&metric.component),
            Figure::HeldBack => {
                let producer = self.plan.scenario.producer_index(&metric.component)?;
                self.held_back[producer].clone()
            }
            Figure::Wait
                if self
                    .plan
                    .scenario
                    .producer_index(&metric.component)
                    .is_some() =>
            {
                self.unsteady_messages(&metric.component)
            }
            Figure::Wait
            | Figure::DeliveryWait
            | Figure::Sojourn
            | Figure::OldestAge
            | Figure::Ready
            | Figure::Unacked
            | Figure::Total
            | Figure::Lag
            | Figure::PWait => {
                self.refusals[self.plan.scenario.queue_index(&metric.component)?].clone()
            }
            Figure::Utilisation => {
                let scenario = &self.plan.scenario;
                let pool = scenario.pool_index(&metric.component)?;
                self.unsettled[scenario.pools[pool].from].clone()
            }
            Figure::Published
            | Figure::Accepted
            | Figure::Refused
            | Figure::Acked
            | Figure::Expired
            | Figure::Dropped
            | Figure::ConsumerRejected
            | Figure::DeliveryLimited
            | Figure::Purged
            | Figure::PeerLost
            | Figure::DeadLettered
            | Figure::Redelivered
            | Figure::Duplicates
            | Figure::OrderViolations
            | Figure::Censored
            | Figure::DrainTime
            | Figure::Growth
            | Figure::Consumers
            | Figure::Attempts
            | Figure::Offered
            | Figure::Lost
            | Figure::Blocked
            | Figure::Exited
            | Figure::Requests
            | Figure::Cost => None,
        }
    }

    /// Why a producer's messages have no long-run latency, or all of them together. Messages that nobody consumes
    /// complete nothing, so they are in none.
    fn unsteady_messages(&self, component: &str) -> Option<String> {
        let scenario = &self.plan.scenario;
        let producers = match scenario.producer_index(component) {
            Some(one) => one..one + 1,
            None => 0..scenario.producers.len(),
        };
        let of = |producer: usize| {
            let downstream = scenario.downstream(producer);
            let mut queues = (0..self.refusals.len())
                .filter(|queue| downstream[*queue] && scenario.pools_of(*queue).next().is_some());
            queues
                .find_map(|queue| self.refusals[queue].clone())
                .or_else(|| self.held_back[producer].clone())
        };
        producers.into_iter().find_map(of)
    }

    /// Why a figure has no interval, where it has none.
    fn no_interval(&self, metric: &Metric, sample: &Sample) -> &'static str {
        if self.dependent {
            DEPENDENT
        } else if sample.single.len() < 2 {
            ONE_RUN
        } else if matches!(metric.statistic, Statistic::Quantile(_)) {
            "there is too little beyond it in these runs to say how far it may be off"
        } else {
            TOO_FEW_RUNS
        }
    }

    fn interval(&self, metric: &Metric, sample: &Sample) -> Option<Interval> {
        let level = self.plan.scenario.level;
        if self.dependent {
            return None;
        }
        match (metric.figure, metric.statistic) {
            (Figure::DrainTime, Statistic::Quantile(tenths)) => {
                statistics::quantile_interval(&sample.single, f64::from(tenths) / 1000.0, level)
            }
            (_, Statistic::Quantile(_)) => {
                sample
                    .ends
                    .filter(|ends| ends.high.is_finite())
                    .map(|ends| Interval {
                        value: sample.all,
                        low: ends.low.min(sample.all),
                        high: ends.high.max(sample.all),
                    })
            }
            (_, Statistic::Share) if sample.all <= 0.0 => sample.never_seen(level),
            _ if counts_messages(metric) && sample.is_all_or_nothing() => sample.never_seen(level),
            _ => statistics::jackknife(sample.all, &sample.without, level)
                .map(|i| within_nature(metric, i)),
        }
    }
}

/// Latencies, counts and shares are not negative, shares not above 1, attempts not below: an interval may say what is
/// known anyway.
fn within_nature(metric: &Metric, interval: Interval) -> Interval {
    let floor = if metric.figure == Figure::Growth {
        f64::NEG_INFINITY
    } else if metric.figure == Figure::Attempts {
        1.0
    } else {
        0.0
    };
    let ceiling = if is_share(metric) { 1.0 } else { f64::INFINITY };
    Interval {
        low: interval.low.max(floor),
        high: interval.high.min(ceiling),
        ..interval
    }
}

/// A share that cannot exceed 1, of messages or of time.
fn is_share(metric: &Metric) -> bool {
    counts_messages(metric) || matches!(metric.figure, Figure::Blocked | Figure::Utilisation)
}

/// A share of messages, of which each is counted once or not at all. Redeliveries and repeated work are shares of the
/// messages published too, but each may have several.
fn counts_messages(metric: &Metric) -> bool {
    let may_repeat = matches!(
        metric.figure,
        Figure::Redelivered | Figure::Duplicates | Figure::Exited
    );
    (metric.statistic == Statistic::Share && !may_repeat) || metric.figure == Figure::PWait
}

fn holds(bound: Bound, value: f64) -> bool {
    match bound {
        Bound::Below(limit) => value < limit,
        Bound::Above(limit) => value > limit,
    }
}

fn ruling(bound: Bound, estimate: &Estimate) -> Ruling {
    match estimate {
        Estimate::Refused { .. } => Ruling::Missed,
        Estimate::Known { interval: None, .. } => Ruling::Undecided,
        Estimate::Known {
            interval: Some((low, high)),
            ..
        } => match (holds(bound, *low), holds(bound, *high)) {
            (true, true) => Ruling::Met,
            (false, false) => Ruling::Missed,
            (true, false) | (false, true) => Ruling::Undecided,
        },
    }
}

/// How an objective counts the lost.
pub(super) fn lost(objective: &Objective) -> Lost {
    match objective.losses {
        Losses::Count => Lost::Late,
        Losses::Ignore => Lost::Ignored,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::explain::tests::scenario;
    use std::borrow::Cow;

    /// Of ten minutes that are measured.
    fn estimate(figure: Figure, parts: &[(f64, f64)]) -> Estimate {
        let set = scenario(
            r#"
title = "Any"
horizon = "1m"
producer.source = { to = "line", arrivals = "poisson(1/s)" }
queue.line = {}
pool.crew = { from = "line", consumers = 2, service = "exponential(1s)" }
"#,
        );
        let plan = Plan::new(Cow::Borrowed(&set.base), 2);
        let estimator = Estimator {
            plan: &plan,
            refusals: &[None],
            unsettled: &[None],
            measured_s: 600.0,
            held_back: &[],
            dependent: false,
        };
        let metric = if figure == Figure::Sojourn {
            Metric::new("line", figure, Statistic::Mean)
        } else {
            Metric::new("crew", figure, Statistic::Value)
        };
        estimator.estimate(&metric, &Sample::ratio(parts))
    }

    fn high(figure: Figure, parts: &[(f64, f64)]) -> f64 {
        match estimate(figure, parts) {
            Estimate::Known {
                interval: Some((_, high)),
                ..
            } => high,
            other @ (Estimate::Known { .. } | Estimate::Refused { .. }) => {
                panic!("{other:?} has no interval")
            }
        }
    }

    #[test]
    fn what_takes_nearly_as_long_as_is_measured_has_no_long_run_figure() {
        let of = |value: f64| estimate(Figure::Sojourn, &[(value, 1.0); 3]);
        assert!(matches!(of(100.0), Estimate::Known { .. }));
        let Estimate::Refused { why } = of(130.0) else {
            panic!("it is more than a fifth of ten minutes")
        };
        assert!(why.contains("longer"), "{why}");
    }

    #[test]
    fn a_figure_without_an_interval_says_why_there_is_none() {
        let of = |parts: &[(f64, f64)]| match estimate(Figure::Utilisation, parts) {
            Estimate::Known { no_interval, .. } => no_interval,
            Estimate::Refused { why } => panic!("{why}"),
        };
        assert_eq!(of(&[(0.5, 1.0)]), Some(ONE_RUN));
        assert_eq!(of(&[(0.5, 1.0), (0.6, 1.0)]), None);
    }

    #[test]
    fn no_share_of_time_is_above_1() {
        for figure in [Figure::Utilisation, Figure::Blocked] {
            let high = high(figure, &[(0.5, 1.0), (1.0, 1.0)]);
            assert_eq!(high.to_bits(), 1_f64.to_bits(), "{figure:?}");
        }
    }

    /// The rule of three is of what is counted one by one, and nanoseconds are not.
    #[test]
    fn of_a_share_of_time_nothing_is_counted() {
        let never = [(0.0, 1e12), (0.0, 1e12)];
        assert!(high(Figure::Blocked, &never).abs() < f64::MIN_POSITIVE);
        assert!(high(Figure::PWait, &never) > 1e-13);
    }
}
