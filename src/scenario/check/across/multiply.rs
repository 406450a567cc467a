//! Circles in which messages multiply: a fork of which one branch leads back.

use super::super::super::file::Context;
use super::super::super::flow::{DeadLetters, Flow};
use super::Whole;

/// Copies and shares as far as numbers with a fraction can be added up.
const ROUNDING: f64 = 1e-9;

/// Refuses a fork in a circle that brings back, on average, no fewer messages than go round in it.
pub(super) fn check(cx: &mut Context<'_>, whole: &Whole<'_>) {
    let network = whole.network();
    let (exchanges, pools) = (network.exchanges, network.pools);
    let capacity = |pool: usize| network.capacity(pool, pools[pool].service.mean());
    let flow = Flow::new(&network, DeadLetters::Follow, capacity);
    let mut reported = vec![false; network.queues.len()];
    for (section, pool) in whole.names.pools.iter().zip(pools) {
        let copies = pool.copies(exchanges);
        let made: f64 = copies.iter().map(|(_, copies)| copies).sum();
        if made <= 1.0 + ROUNDING || reported[pool.from] {
            continue;
        }
        let circle = circle(&flow, pool.from);
        let leads_back = copies.iter().any(|(to, _)| circle.contains(to));
        let Some(node) = section.table.get("to").filter(|_| leads_back) else {
            continue;
        };
        if dies_out(&flow, &circle) {
            continue;
        }
        circle.iter().for_each(|queue| reported[*queue] = true);
        let rule = format!(
            "pool \"{}\" makes {} messages of each, and so many come back that they only multiply",
            pool.name,
            crate::units::show_count(made)
        );
        let remedy =
            "lower the share of what leads back, or give it a way out: { exit = \"done\" }";
        cx.error(&node.at, rule, remedy);
    }
}

/// The queues from which messages of `queue` come and to which they go, itself among them.
fn circle(flow: &Flow, queue: usize) -> Vec<usize> {
    let (before, after) = (flow.before(queue), flow.after(queue));
    let queues = 0..flow.rows.len();
    queues
        .filter(|other| before[*other] && after[*other])
        .collect()
}

/// Whether less than one message comes back of each that goes round: the largest eigenvalue of the mean copies M is
/// below 1 if and only if all pivots of I − M are positive, which has no positive entry off its diagonal.
fn dies_out(flow: &Flow, circle: &[usize]) -> bool {
    let entry = |from: usize, to: usize| {
        let row = flow.rows[circle[from]].iter();
        let copies = row
            .filter(|(queue, _)| *queue == circle[to])
            .map(|(_, copies)| copies);
        f64::from(u8::from(from == to)) - copies.sum::<f64>()
    };
    let size = circle.len();
    let mut rows: Vec<Vec<f64>> = (0..size)
        .map(|from| (0..size).map(|to| entry(from, to)).collect())
        .collect();
    for pivot in 0..size {
        let (done, below) = rows.split_at_mut(pivot + 1);
        let row = &done[pivot];
        if row[pivot] <= ROUNDING {
            return false;
        }
        for other in below {
            let factor = other[pivot] / row[pivot];
            for (value, above) in other.iter_mut().zip(row) {
                *value -= factor * above;
            }
        }
    }
    true
}
