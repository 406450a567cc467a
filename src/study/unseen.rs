//! Work of so heavy a tail that the runs have not seen what makes its mean.

use super::plan::Plan;
use crate::measure::{PoolFigures, Record};
use crate::scenario::Pool;
use crate::units;

/// Squared coefficient of variation of work, from which on a few messages make much of its mean.
const HEAVY: f64 = 10.0;
/// Share of the mean that must have been seen.
const SEEN: f64 = 0.75;

/// By queue, why its figures are those of less work than its pools' laws bring: a mean far below the law's says that
/// the rare long works, which are what makes lines long, have not come yet. (Far above it says that they have.)
pub(super) fn work(plan: &Plan<'_>, records: &[Record]) -> Vec<Option<String>> {
    let scenario = &plan.scenario;
    let mut why = vec![None; scenario.queues.len()];
    for (index, pool) in scenario.pools.iter().enumerate() {
        let segments = records
            .iter()
            .flat_map(|record| &record.pools[index].segments);
        if let Some(sentence) = of_pool(pool, segments) {
            why[pool.from].get_or_insert(sentence);
        }
    }
    why
}

fn of_pool<'a>(pool: &Pool, segments: impl Iterator<Item = &'a PoolFigures>) -> Option<String> {
    let all_work_is_of_the_law =
        pool.batch.is_none() && pool.service_of.is_empty() && pool.slowdowns.is_empty();
    if pool.service.scv() <= HEAVY || !all_work_is_of_the_law {
        return None;
    }
    let (busy, started) = segments.fold((0, 0), |(busy, started), segment| {
        (busy + segment.busy.area, started + segment.started)
    });
    let seen = busy as f64 / 1e9 / started as f64;
    let mean = pool.service.mean();
    (started > 0 && seen < SEEN * mean).then(|| {
        format!(
            "work seen in {} took {} on average and by its law takes {}: the rare long works have not come yet; make the \
             horizon longer, or bound the work (bounded_pareto)",
            pool.name,
            units::show_seconds(seen),
            units::show_seconds(mean)
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Level;
    use crate::study::explain::tests::scenario;

    fn seen(service: &str, mean_s: f64) -> Option<String> {
        let text = format!(
            r#"
title = "Unseen"
horizon = "10s"
producer.source = {{ to = "line", arrivals = "poisson(1/s)" }}
queue.line = {{}}
pool.crew = {{ from = "line", consumers = 1, service = "{service}" }}"#
        );
        let segment = PoolFigures {
            busy: Level {
                area: (mean_s * 1e9) as u128 * 100,
                ..Level::default()
            },
            started: 100,
            ..PoolFigures::default()
        };
        of_pool(&scenario(&text).base.pools[0], [segment].iter())
    }

    #[test]
    fn a_mean_of_which_much_has_not_come_is_told_and_one_that_is_nearly_there_is_not() {
        let heavy = "lognormal(mean=100ms, cv=20)";
        let why = seen(heavy, 0.05).expect("half of it is missing");
        assert!(why.contains("50.0 ms") && why.contains("100 ms"), "{why}");
        assert_eq!(seen(heavy, 0.08), None);
        assert_eq!(seen(heavy, 0.3), None);
        // Where work varies little, chance alone does this to so few, and intervals say it.
        assert_eq!(seen("exponential(100ms)", 0.05), None);
    }
}
