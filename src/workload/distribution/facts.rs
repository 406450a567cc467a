//! What theory asks of a law: moments, tails, limited moments and Laplace transforms.
//!
//! Each law answers beside its draws; the four that are no more than their parameters answer here.

use super::Distribution;
use crate::theory::Law;
use crate::theory::numerics::gamma::gamma_below;
use crate::theory::numerics::phi::phi;
use crate::theory::numerics::quadrature::gauss;

impl Law for Distribution {
    /// Of [`Distribution::Listed`] that of its values in any order.
    fn moment(&self, n: u32) -> f64 {
        self.ask(|law| law.moment(n))
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.ask(|law| law.exceeds(x))
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.ask(|law| law.limited_moment(n, x))
    }

    /// Closed, save for the lognormal, Weibull's and Pareto's laws, which are integrated numerically to about 1e-13. Of
    /// values and of Zipf's law it takes a step per value.
    fn laplace(&self, s: f64) -> f64 {
        if s <= 0.0 {
            return 1.0;
        }
        self.ask(|law| law.laplace(s))
    }
}

impl Distribution {
    fn ask<T>(&self, question: impl FnOnce(&dyn Law) -> T) -> T {
        match self {
            Self::Constant { value } => question(&Constant(*value)),
            Self::Uniform { low, high } => question(&Uniform {
                low: *low,
                high: *high,
            }),
            Self::Triangular { low, mode, high } => question(&Triangular {
                low: *low,
                mode: *mode,
                high: *high,
            }),
            Self::Exponential { mean } => question(&Exponential(*mean)),
            Self::Erlang(law) => question(law),
            Self::Gamma(law) => question(law),
            Self::Lognormal(law) => question(law),
            Self::Weibull(law) => question(law),
            Self::Pareto(law) => question(law),
            Self::BoundedPareto(law) => question(law),
            Self::Hyperexponential(law) => question(law),
            Self::Mixture(law) => question(law),
            Self::Zipf(law) => question(law),
            Self::Empirical(values) | Self::Listed(values) => question(values),
        }
    }
}

/// Always this value.
#[derive(Debug)]
struct Constant(f64);

#[derive(Debug)]
struct Uniform {
    low: f64,
    high: f64,
}

#[derive(Debug)]
struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
}

/// By its mean.
#[derive(Debug)]
pub(super) struct Exponential(pub(super) f64);

impl Law for Constant {
    fn moment(&self, n: u32) -> f64 {
        power(self.0, n)
    }

    fn exceeds(&self, x: f64) -> f64 {
        f64::from(self.0 > x)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        power(self.0.min(x), n)
    }

    fn laplace(&self, s: f64) -> f64 {
        (-s * self.0).exp()
    }
}

impl Law for Uniform {
    fn moment(&self, n: u32) -> f64 {
        self.limited_moment(n, self.high)
    }

    fn exceeds(&self, x: f64) -> f64 {
        ((self.high - x) / (self.high - self.low)).clamp(0.0, 1.0)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        power(self.low.min(x), n) + above(n, self.low, self.high.min(x), |y| self.exceeds(y))
    }

    fn laplace(&self, s: f64) -> f64 {
        let [_, first, _, _] = phi(s * (self.high - self.low));
        (-s * self.low).exp() * first
    }
}

impl Law for Triangular {
    fn moment(&self, n: u32) -> f64 {
        self.limited_moment(n, self.high)
    }

    fn exceeds(&self, x: f64) -> f64 {
        let Self { low, mode, high } = *self;
        if x <= low {
            1.0
        } else if x < mode {
            1.0 - (x - low) / (mode - low) * ((x - low) / (high - low))
        } else if x < high {
            (high - x) / (high - mode) * ((high - x) / (high - low))
        } else {
            0.0
        }
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        let Self { low, mode, high } = *self;
        let tail = |y| self.exceeds(y);
        power(low.min(x), n) + above(n, low, mode.min(x), tail) + above(n, mode, high.min(x), tail)
    }

    /// The two sides are mixtures of uniforms: with φ of each side's width, 2·(φ₁ − φ₂) on the left and 2·φ₂ on the
    /// right, each times its share.
    fn laplace(&self, s: f64) -> f64 {
        let Self { low, mode, high } = *self;
        let [_, first, second, _] = phi(s * (mode - low));
        let left = (mode - low) / (high - low) * (-s * low).exp() * (first - second);
        let [_, _, second, _] = phi(s * (high - mode));
        let right = (high - mode) / (high - low) * (-s * mode).exp() * second;
        2.0 * (left + right)
    }
}

impl Law for Exponential {
    fn moment(&self, n: u32) -> f64 {
        power(self.0, n) * factorial(n)
    }

    fn exceeds(&self, x: f64) -> f64 {
        (-x / self.0).exp()
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.moment(n) * gamma_below(f64::from(n), x / self.0)
    }

    fn laplace(&self, s: f64) -> f64 {
        (1.0 + s * self.0).recip()
    }
}

/// xⁿ.
pub(super) fn power(x: f64, n: u32) -> f64 {
    x.powi(n.cast_signed())
}

/// What a limit `x` adds to the n-th limited moment, where a value is above it with probability `above`: xⁿ · above,
/// and nothing where nothing is above, be the limit infinite.
pub(super) fn power_above(x: f64, n: u32, above: f64) -> f64 {
    if above > 0.0 {
        power(x, n) * above
    } else {
        0.0
    }
}

/// n!.
fn factorial(n: u32) -> f64 {
    (1..=n).map(f64::from).product()
}

/// n ∫ yⁿ⁻¹·`exceeds`(y) dy from `low` to `x`, 0 where `x` is below; exact where `exceeds` is a polynomial.
fn above(n: u32, low: f64, x: f64, exceeds: impl Fn(f64) -> f64) -> f64 {
    if x <= low {
        return 0.0;
    }
    f64::from(n) * gauss(low, x, |y| power(y, n - 1) * exceeds(y))
}

#[cfg(test)]
mod tests;
