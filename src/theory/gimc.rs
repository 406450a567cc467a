//! GI/M/c: independent gaps of any law between arrivals, exponential service, c servers, one line of unlimited length,
//! first come first served.
//!
//! Formulas: Takács 1962, Introduction to the Theory of Queues, ch. 2, and Gross, Shortle, Thompson & Harris 2008,
//! Fundamentals of Queueing Theory, §5.3.

use super::delay::Delay;
use super::error::{ModelError, check_load_is_counted, check_rates, check_stable};
use super::law::Law;
use crate::theory::numerics::NEGLIGIBLE;
use crate::theory::numerics::root::bisect;

/// Where a place lies this near to the root, as a share of it, the ratio of two numbers near 0 is taken from around.
const NEAR: f64 = 1e-3;
/// Where the third term of a series in moments is below this share of the first, the fourth does not count.
const SERIES_BELOW: f64 = 1e-8;

/// A stable GI/M/c queue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GiMc {
    arrival_rate: f64,
    service_rate: f64,
    servers: u64,
    /// σ: of messages that wait, the share that find yet another one waiting.
    sigma: f64,
    /// Of an arriving message.
    wait: Delay,
}

impl GiMc {
    /// `gap` is the law of the times from arrival to arrival, `service_rate` that of one server per unit of time.
    ///
    /// Costs a transform of the gaps per server, or fewer in heavy traffic. Good to ten digits, and to eight for ρ → 1.
    ///
    /// # Errors
    /// Where the mean gap is not a positive number or the rate is none, and where there are fewer servers than
    /// [`least_stable_servers`](super::least_stable_servers). A load above a million Erlang is refused, too.
    pub fn new(gap: &dyn Law, service_rate: f64, servers: u64) -> Result<Self, ModelError> {
        let arrival_rate = gap.moment(1).recip();
        check_rates(arrival_rate, service_rate)?;
        let offered_load = arrival_rate / service_rate;
        check_stable(offered_load, servers)?;
        check_load_is_counted(offered_load)?;
        let gaps = Gaps::new(gap, servers as f64 * service_rate);
        let free = gaps.root();
        let p_wait = gaps.p_wait(free, servers);
        Ok(Self {
            arrival_rate,
            service_rate,
            servers,
            sigma: 1.0 - free,
            wait: Delay {
                p_wait,
                rate: gaps.all_rate * free,
            },
        })
    }

    /// c.
    pub fn servers(&self) -> u64 {
        self.servers
    }

    /// a = λ / μ, in Erlang: the mean number of busy servers.
    pub fn offered_load(&self) -> f64 {
        self.arrival_rate / self.service_rate
    }

    /// ρ = a / c, the share of time a server is busy.
    pub fn utilisation(&self) -> f64 {
        self.offered_load() / self.servers as f64
    }

    /// σ, the root below 1 of σ = A(cμ(1 − σ)) with A the Laplace transform of the gaps: each more that waits is σ
    /// times as likely to be found.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Probability that an arrival waits at all; for one server σ.
    pub fn p_wait(&self) -> f64 {
        self.wait.p_wait
    }

    /// Mean wait before service: p / θ with θ = cμ(1 − σ).
    pub fn wait_mean(&self) -> f64 {
        self.wait.mean()
    }

    /// Variance of the wait, in time squared: p (2 − p) / θ².
    pub fn wait_variance(&self) -> f64 {
        self.wait.variance()
    }

    /// P(wait > t) = p·exp(−θt), for t ≥ 0.
    pub fn wait_exceeds(&self, t: f64) -> f64 {
        self.wait.exceeds(t)
    }

    /// The least t with P(wait ≤ t) ≥ `p`: 0 where that many do not wait at all.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn wait_quantile(&self, p: f64) -> f64 {
        self.wait.quantile(p)
    }

    /// Mean time from arrival to the end of service: mean wait + 1 / μ.
    pub fn sojourn_mean(&self) -> f64 {
        self.wait_mean() + self.service_rate.recip()
    }

    /// P(sojourn > t), for t ≥ 0.
    pub fn sojourn_exceeds(&self, t: f64) -> f64 {
        self.wait.sojourn_exceeds(self.service_rate, t)
    }

    /// The t with P(sojourn ≤ t) = `p`, to the last digits.
    ///
    /// # Panics
    /// Unless 0 ≤ `p` ≤ 1.
    pub fn sojourn_quantile(&self, p: f64) -> f64 {
        self.wait.sojourn_quantile(self.service_rate, p)
    }

    /// Mean number that wait: Lq = λ · mean wait.
    pub fn ready_mean(&self) -> f64 {
        self.arrival_rate * self.wait_mean()
    }

    /// Mean number in the system, waiting or in service: L = Lq + a.
    pub fn total_mean(&self) -> f64 {
        self.ready_mean() + self.offered_load()
    }

    /// P(more than `n` wait) at any time, not at an arrival: ρ·p·σⁿ, by the balance of arrivals and departures at each
    /// level.
    pub fn ready_exceeds(&self, n: u64) -> f64 {
        self.utilisation() * self.p_wait() * self.sigma.powf(n as f64)
    }
}

/// The gaps as the servers see them, in shares of what all servers do: at y, the transform of the gaps is A(cμy).
struct Gaps<'a> {
    gap: &'a dyn Law,
    /// cμ.
    all_rate: f64,
    /// `E[G]`, `E[G²]`, `E[G³]`.
    moments: [f64; 3],
}

impl<'a> Gaps<'a> {
    fn new(gap: &'a dyn Law, all_rate: f64) -> Self {
        Self {
            gap,
            all_rate,
            moments: [1, 2, 3].map(|n| gap.moment(n)),
        }
    }

    /// 1 − A(cμy) − y: above 0 between 0 and 1 − σ, below 0 beyond. Near 0, where that cancels, by moments.
    fn excess(&self, share: f64) -> f64 {
        let s = self.all_rate * share;
        let [mean, second, third] = self.moments;
        if s * s * third < SERIES_BELOW * mean {
            return share * (self.all_rate * mean - 1.0) - s * s * (second / 2.0 - s * third / 6.0);
        }
        1.0 - self.gap.laplace(s) - share
    }

    /// 1 − σ.
    fn root(&self) -> f64 {
        bisect(0.0, 1.0, |share| self.excess(share) > 0.0)
    }

    /// 1 / p = 1 + (1 − σ) Σ_j C(c, j) / C_j · r_j / (1 − φ_j) over j from 1 to c, with φ_j = A(jμ), C_j = Π φ_i / (1 −
    /// φ_i) over i up to j, and r_j the ratio of the excess at j / c to (1 − σ) − j / c. Both change their sign at the
    /// root, so r_j > 0 and nothing cancels; where the sum leaves the range of f64, p comes out as 0.
    fn p_wait(&self, free: f64, servers: u64) -> f64 {
        let c = servers as f64;
        let (mut product, mut sum) = (1.0, 0.0);
        for j in (1..=servers).map(|j| j as f64) {
            let share = j / c;
            let transform = self.gap.laplace(self.all_rate * share);
            if transform >= 1.0 {
                // Gaps that vary beyond all measure: nearly all messages come in one crowd.
                return 1.0;
            }
            product *= (c - j + 1.0) / j * (1.0 - transform) / transform;
            let term = product / (1.0 - transform) * self.ratio(share, free);
            sum += term;
            if sum == f64::INFINITY {
                return 0.0;
            }
            if share > free && term <= NEGLIGIBLE * sum {
                break;
            }
        }
        (1.0 + free * sum).recip()
    }

    /// r_j: by its definition, or near the root, where it is 0 / 0, by a polynomial of the third degree through four
    /// places around.
    fn ratio(&self, share: f64, free: f64) -> f64 {
        let ratio = |share: f64| self.excess(share) / (free - share);
        let near = NEAR * free;
        if (share - free).abs() > near {
            return ratio(share);
        }
        let pair = |distance: f64| ratio(share - distance) + ratio(share + distance);
        (4.0 * pair(2.0 * near) - pair(4.0 * near)) / 6.0
    }
}
