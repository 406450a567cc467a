//! From finished runs to what is said of them.

use super::Reader;
use super::difference::{self, Side};
use super::outcome::{Audit, Difference, Estimate, Run};
use super::studied::Studied;
use super::{burst, capacity, estimate, findings, latency, moments, recognise, timeline, too_few};
use crate::scenario::{END_TO_END, Figure, Kind, Metric, Statistic};
use crate::time::{Span, Time};
use std::collections::BTreeMap;

impl Studied<'_> {
    pub(super) fn report(&self, reader: Reader) -> Run {
        let scenario = &self.plan.scenario;
        let (figures, estimator) = (self.figures(), self.estimator());
        let mut too_few = Vec::new();
        let samples = figures.all().into_iter();
        let metrics = samples.map(|(metric, sample)| {
            let estimate = estimator.estimate(&metric, &sample);
            if self.is_looked_at(&metric) {
                too_few.extend(too_few::note(&metric, &sample, &estimate, scenario, reader));
            }
            (metric, estimate)
        });
        let metrics = metrics.collect::<BTreeMap<_, _>>();
        let objectives = scenario.objectives.iter().filter_map(|objective| {
            let sample = figures.metric(&objective.metric, estimate::lost(objective))?;
            Some(estimator.verdict(objective, &sample))
        });
        let named = scenario.queues.iter().enumerate();
        let end = timeline::end(&self.records);
        Run {
            variant: self.name.to_owned(),
            replications: self.records.len() as u32,
            warmup: self.steadiness.warmup,
            horizon: scenario.horizon,
            parameters: scenario.parameters(),
            kinds: (scenario.queues.iter().enumerate())
                .map(|(index, queue)| (queue.name.clone(), scenario.kind_of(index)))
                .collect(),
            theory: recognise::theories(&self.plan, &metrics, figures.units.len() as u32),
            objectives: objectives.collect(),
            series: timeline::series(&self.plan, &self.records, end, 1),
            overview: timeline::series(
                &self.plan,
                &self.records,
                self.shown_end(end),
                self.coarseness(),
            ),
            latency: named
                .map(|(queue, named)| latency::curves(&named.name, queue, &figures.units))
                .collect(),
            end_to_end: findings::shows_the_whole(&self.plan)
                .then(|| latency::end_to_end(&figures.units)),
            refusals_return: self.refusals_return(),
            publishes_again: scenario
                .producers
                .iter()
                .any(|producer| producer.patience.is_some()),
            findings: findings::findings(&self.plan, &self.records, &metrics, self.first_segment()),
            audit: self.audit(),
            notes: self.notes(&metrics).into_iter().chain(too_few).collect(),
            imprecise: self.imprecise.clone(),
            metrics,
        }
    }

    fn refusals_return(&self) -> Vec<String> {
        let queues = self.plan.scenario.queues.iter().enumerate();
        queues
            .filter(|(index, _)| capacity::refusals_return(&self.plan.scenario, *index))
            .map(|(_, queue)| queue.name.clone())
            .collect()
    }

    /// Whether a figure is one that people decide by: an objective's, or what waits are summed up in.
    fn is_looked_at(&self, metric: &Metric) -> bool {
        let mut objectives = self.plan.scenario.objectives.iter();
        let is_usual = metric.figure == Figure::Wait
            && matches!(metric.statistic, Statistic::Mean | Statistic::Quantile(990))
            && self.plan.scenario.queue_index(&metric.component).is_some();
        is_usual || objectives.any(|objective| objective.metric == *metric)
    }

    /// Where pictures end: a few last messages that are served after the horizon would look like a collapse.
    fn shown_end(&self, end: Time) -> Time {
        let horizon = self.plan.scenario.horizon;
        let tail = end.since(horizon).as_secs_f64();
        if tail < 0.02 * horizon.as_secs_f64() {
            horizon
        } else {
            end
        }
    }

    /// How many buckets a picture shows as one.
    fn coarseness(&self) -> usize {
        match self.plan.scenario.kind {
            Kind::Steady => 8,
            Kind::Terminating => 1,
        }
    }

    /// What a reader must know before trusting a figure.
    fn notes(&self, metrics: &BTreeMap<Metric, Estimate>) -> Vec<String> {
        let scenario = &self.plan.scenario;
        let mut notes = moments::notes(scenario);
        for (queue, why) in scenario.queues.iter().zip(&self.steadiness.refusals) {
            notes.extend(why.as_ref().map(|why| format!("{}: {why}", queue.name)));
        }
        let held_back = self.steadiness.held_back.iter().flatten();
        notes.extend(held_back.map(|why| format!("{END_TO_END}: {why}")));
        // Where nothing ever exceeds the capacity, a fluid would have nothing to show.
        let overloaded = scenario.queues.iter().zip(&self.plan.loads);
        for (queue, load) in overloaded.filter(|(_, load)| !load.saturated.is_empty()) {
            let unknown = load.unknown_to_fluid.into_iter();
            notes.extend(unknown.map(|what| {
                let name = &queue.name;
                format!("{name}: no fluid curve, since dL/dt = P − S knows no {what}")
            }));
        }
        notes.extend(self.dependent.clone());
        notes.extend(self.length());
        if self.records.len() == 1 && scenario.kind == Kind::Terminating {
            notes.push(
                "one single run: no figure has an interval; ask for more replications".to_owned(),
            );
        }
        for (index, queue) in scenario.queues.iter().enumerate() {
            let p99 = metrics.get(&Metric::new(
                &queue.name,
                Figure::Wait,
                Statistic::Quantile(990),
            ));
            if let Some(Estimate::Known { value, .. }) = p99 {
                notes.extend(burst::warning(
                    &self.plan,
                    index,
                    Span::from_secs_f64(*value),
                ));
            }
        }
        notes
    }

    /// What is to be known of the length of the replications.
    fn length(&self) -> Option<String> {
        (self.lengthened > 1).then(|| {
            format!(
                "each replication is {} times as long as the file says: in a shorter one the backlog did not settle, or \
                 there was less than one independent stretch of the messages asked about",
                self.lengthened
            )
        })
    }

    fn audit(&self) -> Audit {
        let mut sum = Audit::default();
        for audit in self
            .records
            .iter()
            .flat_map(|record| record.queues.iter().map(|queue| queue.audit))
        {
            sum.area_ns += audit.area;
            sum.exited_ns += audit.exited;
            sum.remaining_ns += audit.remaining;
            sum.accepted += audit.accepted;
            sum.exits += audit.left;
            sum.remaining += audit.remain;
        }
        sum
    }

    /// This variant against the base, over the replications that both have.
    pub(super) fn against(&self, base: &Self, variants: usize) -> Vec<Difference> {
        let mut sides = [base, self].map(|studied| Side {
            name: studied.name,
            estimator: studied.estimator(),
            figures: studied.figures(),
        });
        let common = sides.iter().map(|side| side.figures.units.len()).min();
        for side in &mut sides {
            side.figures.units.truncate(common.unwrap_or_default());
        }
        let [base, variant] = sides;
        difference::differences(&base, &variant, variants)
    }
}
