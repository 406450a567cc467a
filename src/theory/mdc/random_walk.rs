//! The highest point that a random walk with steps of Poisson(a) − c ever reaches, a < c.

use crate::theory::numerics::NEGLIGIBLE;
use crate::theory::numerics::phi::phi;
use crate::theory::numerics::poisson::mass::poisson_mass;
use crate::theory::numerics::quadrature::gauss;
use crate::theory::numerics::root::bisect;

/// Steps of the walk that are summed one by one; sums over later ones are integrals.
const SUMMED_STEPS: u32 = 64;
/// Places that are listed at most; those beyond are taken to be geometric. Measured, they are so after some 14 √c, and
/// after 8,227 for the greatest load, a million Erlang.
const PLACES_MAX: u32 = 100_000;
/// Where probabilities fall from one to the next as in the limit, to this share, the rest is taken to be geometric.
const GEOMETRIC: f64 = 1e-13;

/// The law of the highest point, Q ≥ 0.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WalkMaximum {
    /// P(Q ≥ n), from n = 0 on.
    at_least: Vec<f64>,
    /// ln τ > 0: beyond, each is τ times smaller than the one before.
    log_decay: f64,
}

impl WalkMaximum {
    /// Of a walk that in each step goes up by Poisson(`up`) and down by `down`, 0 < `up` < `down`.
    ///
    /// By Spitzer's identity E z^Q = exp(−Σ bₙ (1 − zⁿ)) with bₙ = Σ_k P(S_k = n) / k over the walk's places S_k after
    /// k steps (Spitzer 1956, Transactions of the American Mathematical Society 82; Asmussen 2003, Applied Probability
    /// and Queues, VIII.4). So n·qₙ = Σ j·b_j·q_{n−j}: positive terms only. Tails end up as τ⁻ⁿ, where τ > 1 has τᶜ =
    /// exp(a(τ − 1)).
    pub(crate) fn new(up: f64, down: f64) -> Self {
        let log_decay = log_decay(up, down);
        let ratio = (-log_decay).exp();
        let (mut shares, mut weighted) = (vec![1.0], vec![0.0]);
        // Probabilities over that of 0; their sum without end is `all` and what a geometric rest adds.
        let mut all = 1.0;
        let mut steady = 0;
        for n in 1..=PLACES_MAX {
            weighted.push(f64::from(n) * place_sum(up, down, f64::from(n)));
            let terms = weighted[1..].iter().zip(shares.iter().rev());
            let share = terms.map(|(b, q)| b * q).sum::<f64>() / f64::from(n);
            let before = shares[shares.len() - 1];
            shares.push(share);
            all += share;
            let is_steady = (share - ratio * before).abs() <= GEOMETRIC * before;
            steady = if is_steady { steady + 1 } else { 0 };
            let counts = share > NEGLIGIBLE * NEGLIGIBLE * all;
            if steady >= 3 || !counts {
                break;
            }
        }
        Self::of(shares, log_decay)
    }

    fn of(shares: Vec<f64>, log_decay: f64) -> Self {
        // Beyond the last: q·(1/τ + 1/τ² + …) = q / (τ − 1).
        let last = shares[shares.len() - 1];
        let mut above = last / log_decay.exp_m1();
        let mut at_least: Vec<f64> = shares
            .iter()
            .rev()
            .map(|share| {
                above += share;
                above
            })
            .collect();
        at_least.reverse();
        let all = at_least[0];
        for tail in &mut at_least {
            *tail /= all;
        }
        Self {
            at_least,
            log_decay,
        }
    }

    /// P(Q ≥ n), 1 for `n` ≤ 0.
    pub(crate) fn at_least(&self, n: f64) -> f64 {
        let last = self.at_least.len() - 1;
        if n <= last as f64 {
            return self.at_least[n.max(0.0) as usize];
        }
        self.at_least[last] * (-(n - last as f64) * self.log_decay).exp()
    }

    /// `E[Q]` = Σ P(Q ≥ n) over n ≥ 1.
    pub(crate) fn mean(&self) -> f64 {
        let (listed, last) = self.listed();
        let listed: f64 = listed.map(|(_, tail)| tail).sum();
        listed + last.1 / self.log_decay.exp_m1()
    }

    /// `E[Q(Q − 1)]` = 2 Σ (n − 1)·P(Q ≥ n) over n ≥ 1.
    pub(crate) fn factorial_moment(&self) -> f64 {
        let (listed, (n, tail)) = self.listed();
        let listed: f64 = listed.map(|(n, tail)| (n - 1.0) * tail).sum();
        // Σ (n − 1 + i)·τ⁻ⁱ over i ≥ 1.
        let rest = self.log_decay.exp_m1().recip();
        2.0 * (listed + tail * rest * (n - 1.0 + 1.0 + rest))
    }

    /// P(Q + N ≥ `level`) for N Poisson with `mean`, independent of Q.
    pub(crate) fn exceeds_with(&self, mean: f64, level: f64) -> f64 {
        // Tails of Q grow by up to τ with each arrival, so the sum has its weight between the mean and τ times that.
        let reach = |mean: f64| 12.0 * mean.sqrt() + 40.0;
        let first = (mean - reach(mean)).max(0.0).floor();
        let tilted = mean * self.log_decay.exp();
        let last = tilted + reach(tilted);
        let (mut arrivals, mut mass, mut sum) = (first, poisson_mass(first, mean), 0.0);
        while arrivals <= last {
            let term = mass * self.at_least(level - arrivals);
            sum += term;
            let is_over = term <= NEGLIGIBLE * sum && sum > 0.0;
            if arrivals > mean && (is_over || mass <= 0.0) {
                break;
            }
            arrivals += 1.0;
            mass *= mean / arrivals;
        }
        sum
    }

    /// n and P(Q ≥ n) for all n ≥ 1 that are listed, and the last of those.
    fn listed(&self) -> (impl Iterator<Item = (f64, f64)>, (f64, f64)) {
        let last = self.at_least.len() - 1;
        let listed = self.at_least.iter().enumerate().skip(1);
        (
            listed.map(|(n, tail)| (n as f64, *tail)),
            (last as f64, self.at_least[last]),
        )
    }
}

/// x = ln τ for the root τ > 1 of c·ln τ = a(τ − 1), as (eˣ − 1 − x) / x = (c − a) / a: near 1 nothing cancels.
fn log_decay(up: f64, down: f64) -> f64 {
    let surplus = (down - up) / up;
    let is_below = |log: f64| {
        let [_, first, second, _] = phi(log);
        log.exp() * log * (first - second) < surplus
    };
    let mut high = 1.0;
    while is_below(high) {
        high *= 2.0;
    }
    bisect(0.0, high, is_below)
}

/// bₙ = Σ P(S_k = n) / k over k ≥ 1, S_k + kc being Poisson with mean ka.
///
/// The summand has one maximum, near k = n / (c − a). Beyond the first of them the sum is an integral and Gregory's
/// correction for where it begins (Hildebrand 1974, Introduction to Numerical Analysis, §5.9).
fn place_sum(up: f64, down: f64, n: f64) -> f64 {
    let summand = |k: f64| poisson_mass(k * down + n, k * up) / k;
    let peak = n / (down - up);
    let mut sum = 0.0;
    for k in (1..=SUMMED_STEPS).map(f64::from) {
        let term = summand(k);
        sum += term;
        if k > peak && term <= NEGLIGIBLE * sum {
            return sum;
        }
    }
    let first = f64::from(SUMMED_STEPS) + 1.0;
    let around = [-2.0, -1.0, 0.0, 1.0].map(|offset| summand(first + offset));
    let slope = around[2] - around[1];
    let third = around[3] - 3.0 * slope - around[0];
    sum += slope / 24.0 - third * 17.0 / 5760.0;
    let mut from = first - 0.5;
    loop {
        let octave = gauss(from, 2.0 * from, summand);
        sum += octave;
        from *= 2.0;
        let is_before = from <= peak && from.is_finite();
        let counts = octave > NEGLIGIBLE * sum;
        if !is_before && !counts {
            return sum;
        }
    }
}
