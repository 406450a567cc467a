//! What things cost per hour: consumers by the time that they are up, queues by the hour and by their requests.

use super::figures::{Figures, NANO, seconds, sum_counts};
use super::unit::{Sample, Unit};
use crate::scenario::{END_TO_END, Statistic};

const HOUR_S: f64 = 3600.0;

impl Figures<'_> {
    /// Cost per hour of a queue, of a pool, or of all together, in the currency of the file.
    pub(super) fn cost(&self, component: &str) -> Vec<(Statistic, Sample)> {
        let scenario = self.scenario;
        let is_of = |name: &str| component == END_TO_END || component == name;
        let sum = |unit: &Unit<'_>| {
            let queues = (0..scenario.queues.len()).filter(|q| is_of(&scenario.queues[*q].name));
            let pools = (0..scenario.pools.len()).filter(|p| is_of(&scenario.pools[*p].name));
            let queues = queues.map(|queue| self.cost_of_queue(unit, queue));
            queues
                .chain(pools.map(|pool| self.cost_of_pool(unit, pool)))
                .sum::<f64>()
        };
        vec![(Statistic::PerHour, self.mean(sum))]
    }

    fn cost_of_pool(&self, unit: &Unit<'_>, pool: usize) -> f64 {
        let segments = unit.pool(pool).iter();
        let (up, time) = segments.fold((0.0, 0.0), |(up, time), segment| {
            (
                up + segment.up.area as f64,
                time + segment.time.as_nanos() as f64,
            )
        });
        let consumers = if time > 0.0 { up / time } else { 0.0 };
        consumers * self.scenario.pools[pool].cost_per_hour.unwrap_or(0.0)
    }

    fn cost_of_queue(&self, unit: &Unit<'_>, queue: usize) -> f64 {
        let cost = &self.scenario.queues[queue].cost;
        let requests = sum_counts(unit.queue(queue), |segment| &segment.events).requests() as f64;
        let time = seconds(unit.queue(queue)).max(NANO);
        let per_request = cost.per_million_requests.unwrap_or(0.0) / 1e6;
        cost.per_hour.unwrap_or(0.0) + requests / time * HOUR_S * per_request
    }
}
