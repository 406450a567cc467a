//! Geometric sums of what is left of a service in progress: the wait of M/G/1.
//!
//! A message that must wait in M/G/1 waits for N ≥ 1 such parts, P(N ≥ n) = ρⁿ; their law F_e has the density P(S > x)
//! / `E[S]` (Beekman 1968, Transactions of the Society of Actuaries 20; Asmussen & Albrecher 2010, Ruin Probabilities,
//! IV.2). So their tail solves the renewal equation Z = ρ·F̄_e + ρ·f_e ∗ Z, which is done here in two ways: with
//! parabolas, whose errors are of the order (width / t)³, and with averages over cells, for tails that are too steep at
//! first for parabolas. Both have the mean wait right even where services are far shorter than a cell, as they are in
//! heavy traffic and with heavy tails.

use crate::theory::law::Law;
use crate::theory::numerics::tail_table::TailTable;

/// A tail that falls below this share of itself within the first cell is too steep for a parabola.
const STEEP: f64 = 0.9;

/// What a cell takes of the values of Z where it begins, where the next begins, and where the one after does: the
/// integral against F_e of what goes through them.
type Weights = [f64; 3];

/// F_e by cells of equal width.
struct Equilibrium {
    width: f64,
    /// F̄_e at the beginning of each cell and at the end of the last.
    above: Vec<f64>,
    /// Of each cell the mean of F̄_e over it.
    means: Vec<f64>,
    /// Of each cell its mass, and its first two moments about its beginning, in widths.
    moments: Vec<[f64; 3]>,
}

/// P(W > t) of a geometric sum of what is left of `service`, from 0 to between `cells` − 1 and `cells` times `width`;
/// there are at least 3 cells.
pub(crate) fn geometric_tail(service: &dyn Law, rho: f64, width: f64, cells: usize) -> TailTable {
    let parts = Equilibrium::new(service, width, cells);
    if first_step(&parts, rho) < STEEP * rho {
        averages(&parts, rho)
    } else {
        parabolas(&parts, rho)
    }
}

/// P(W + S > t) = P(W > t) + w(t) / λ with the density w of the `wait`: as many waits fall below t in a while as
/// arrivals lift above it (Brill & Posner 1977, Operations Research 25).
pub(crate) fn sojourn_tail(wait: &TailTable, arrival_rate: f64) -> TailTable {
    let mut values = vec![1.0];
    // From the second step on, whose neighbours are equally far on both sides.
    for around in wait.values[1..].windows(3) {
        let density = (around[0] - around[2]) / (2.0 * wait.step);
        let tail = around[1] + density / arrival_rate;
        values.push(tail.min(values[values.len() - 1]));
    }
    TailTable {
        first: wait.first + wait.step,
        step: wait.step,
        values,
    }
}

impl Equilibrium {
    /// Means and moments are differences of ∫₀ˣ F̄_e = x·F̄_e + `E[min(S, x)²]` / 2m and ∫₀ˣ y·F̄_e dy = x²·F̄_e / 2 +
    /// `E[min(S, x)³]` / 6m. What rounding takes from them matters little: first moments weigh first differences of Z,
    /// second ones second.
    fn new(service: &dyn Law, width: f64, cells: usize) -> Self {
        let mean = service.moment(1);
        let integrals = |k: usize| {
            let x = k as f64 * width;
            let above = (1.0 - service.limited_mean(x) / mean).max(0.0);
            let first = x * above + service.limited_moment(2, x) / (2.0 * mean);
            let second = x * x * above / 2.0 + service.limited_moment(3, x) / (6.0 * mean);
            [above, first / width, second / width / width]
        };
        let mut from = integrals(0);
        let mut parts = Self {
            width,
            above: vec![from[0]],
            means: Vec::with_capacity(cells),
            moments: Vec::with_capacity(cells),
        };
        for k in 0..cells {
            let mut to = integrals(k + 1);
            // Rounding must not make a mass negative.
            to[0] = to[0].min(from[0]);
            let average = (to[1] - from[1]).max(to[0]).min(from[0]);
            let second = 2.0 * (to[2] - from[2] - k as f64 * (to[1] - from[1])) - to[0];
            let (mass, first) = (from[0] - to[0], average - to[0]);
            let least = if mass > 0.0 {
                first * first / mass
            } else {
                0.0
            };
            parts.above.push(to[0]);
            parts.means.push(average);
            parts
                .moments
                .push([mass, first, second.max(least).min(first)]);
            from = to;
        }
        parts
    }
}

/// Z at the end of the first cell, by a straight line over it.
fn first_step(parts: &Equilibrium, rho: f64) -> f64 {
    let [mass, first, _] = parts.moments[0];
    rho * (parts.above[1] + rho * first) / (1.0 - rho * (mass - first))
}

/// Product integration: in each cell Z is a parabola, which is integrated exactly against F_e (Linz 1985, Analytical
/// and Numerical Methods for Volterra Equations).
fn parabolas(parts: &Equilibrium, rho: f64) -> TailTable {
    let weights: Vec<Weights> = parts.moments.iter().map(|m| weights(*m, rho)).collect();
    let mut tails: Vec<f64> = parts.above.iter().map(|above| rho * above).collect();
    tails[1] = first_step(parts, rho);
    let before = second_step(&mut tails, &weights);
    for (k, tail) in tails.iter_mut().enumerate().skip(3) {
        let at_start = weights[k - 1][1] + weights[k - 2][2];
        *tail += at_start * rho + weights[k - 1][2] * before;
    }
    let kernel: Vec<f64> = (0..weights.len()).map(|j| kernel(&weights, j)).collect();
    renewal(&mut tails, &kernel, 3);
    TailTable {
        first: parts.width,
        step: parts.width,
        values: tails,
    }
}

/// Each cell's mass of F_e is shared between its ends so that its mean stays (Gerber 1982, Insurance: Mathematics and
/// Economics 1). On that lattice the tail is one of averages over cells, which stand in their middles.
fn averages(parts: &Equilibrium, rho: f64) -> TailTable {
    let mut kernel = vec![rho * (1.0 - parts.means[0])];
    kernel.extend(parts.means.windows(2).map(|pair| rho * (pair[0] - pair[1])));
    let mut tails = vec![rho];
    tails.extend(parts.means.iter().map(|mean| rho * mean));
    renewal(&mut tails, &kernel, 1);
    TailTable {
        first: parts.width / 2.0,
        step: parts.width,
        values: tails,
    }
}

/// Turns `tails`[k], from `first` on, into the solution of z(k) = `tails`[k] + Σ `kernel`[j]·z(k − j), the sum over all
/// z(i) with i ≥ 1 up to k itself.
fn renewal(tails: &mut [f64], kernel: &[f64], first: usize) {
    for k in 1..tails.len() {
        if k >= first {
            tails[k] = (tails[k] / (1.0 - kernel[0])).max(0.0).min(tails[k - 1]);
        }
        // Handed on to all that need it: a loop that vectorises.
        let next = (k + 1).clamp(first, tails.len());
        let (done, ahead) = tails.split_at_mut(next);
        for (later, weight) in ahead.iter_mut().zip(&kernel[next - k..]) {
            *later += done[k] * weight;
        }
    }
}

/// ρ times what a parabola's values count for in a cell with these moments.
fn weights([mass, first, second]: [f64; 3], rho: f64) -> Weights {
    [
        rho * (mass - (3.0 * first - second) / 2.0),
        rho * (2.0 * first - second),
        rho * (second - first) / 2.0,
    ]
}

/// The second step, from a parabola through all three values that there are. Gives the value that it has a step before
/// 0: it stands for one in the cell that ends at 0, so that the parabola there is again that of the first three values.
fn second_step(tails: &mut [f64], weights: &[Weights]) -> f64 {
    let [[a, b, c], [d, e, f]] = [weights[0], weights[1]];
    let known = tails[2] + (b + d - 3.0 * f) * tails[1] + (c + e + 3.0 * f) * tails[0];
    tails[2] = (known / (1.0 - (a + f))).max(0.0).min(tails[1]);
    3.0 * (tails[0] - tails[1]) + tails[2]
}

/// What counts for the value `j` steps back, from the cell that begins there and the two before.
fn kernel(weights: &[Weights], j: usize) -> f64 {
    let back = |cells: usize| j.checked_sub(cells).map_or(0.0, |j| weights[j][cells]);
    back(0) + back(1) + back(2)
}
