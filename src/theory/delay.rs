//! Waits that are exponential once they are not 0, before exponential service.

use crate::theory::numerics::phi::phi;
use crate::theory::numerics::root::{quantile_of_tail, tail_of};

/// A wait that is 0, or with probability p exponential.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Delay {
    pub(crate) p_wait: f64,
    /// θ: the rate of a wait that is not 0.
    pub(crate) rate: f64,
}

impl Delay {
    /// p / θ.
    pub(crate) fn mean(&self) -> f64 {
        self.p_wait / self.rate
    }

    /// p (2 − p) / θ².
    pub(crate) fn variance(&self) -> f64 {
        self.p_wait * (2.0 - self.p_wait) / self.rate.powi(2)
    }

    /// p·exp(−θt).
    pub(crate) fn exceeds(&self, t: f64) -> f64 {
        self.p_wait * (-self.rate * t).exp()
    }

    /// The least t with P(wait ≤ t) ≥ `p`.
    pub(crate) fn quantile(&self, p: f64) -> f64 {
        self.quantile_of_tail(tail_of(p))
    }

    /// The least t with P(wait > t) ≤ `tail`: ln(p / tail) / θ, or 0 where no more than that wait.
    pub(crate) fn quantile_of_tail(&self, tail: f64) -> f64 {
        if tail >= self.p_wait {
            return 0.0;
        }
        (self.p_wait / tail).ln() / self.rate
    }

    /// P(wait + service > t).
    ///
    /// Service is Exp(μ); before it, with probability p, a wait of Exp(θ). Their convolution is exp(−μt) + p·μ ∫₀ᵗ
    /// exp(−μs − θ(t − s)) ds, and the integral is t·exp(−min(μ, θ)·t)·φ₁(|μ − θ|·t): the textbook's two exponentials,
    /// without the cancellation where μ is near θ.
    pub(crate) fn sojourn_exceeds(&self, service_rate: f64, t: f64) -> f64 {
        let [_, first, _, _] = phi((service_rate - self.rate).abs() * t);
        let both = service_rate * t * (-service_rate.min(self.rate) * t).exp() * first;
        (-service_rate * t).exp() + self.p_wait * both
    }

    /// The t with P(wait + service ≤ t) = `p`, to some 13 digits.
    pub(crate) fn sojourn_quantile(&self, service_rate: f64, p: f64) -> f64 {
        let mean = self.mean() + service_rate.recip();
        quantile_of_tail(tail_of(p), mean, |t| self.sojourn_exceeds(service_rate, t))
    }
}
