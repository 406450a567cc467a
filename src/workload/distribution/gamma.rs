//! The gamma law and its whole-numbered case, Erlang's.

use std::fmt;

use rand::Rng;
use rand_distr::{Distribution as _, Gamma as Sampler};

use super::facts::power_above;
use crate::theory::Law;
use crate::theory::numerics::gamma::{gamma_above, gamma_below};
use crate::workload::{Invalid, positive, unit_exponential};

/// Up to so many stages, the sum of that many exponentials is drawn faster than a gamma value; both are exact.
const SUMMED_STAGES_MAX: u32 = 4;

/// The gamma law, given by mean and cv: shape 1/cv², scale mean·cv².
#[derive(Clone, Debug, PartialEq)]
pub struct Gamma {
    mean: f64,
    cv: f64,
    sampler: Sampler<f64>,
}

/// The sum of `shape` exponentials that together have `mean`.
#[derive(Clone, Debug, PartialEq)]
pub struct Erlang {
    shape: u32,
    mean: f64,
    sampler: Sampler<f64>,
}

impl Gamma {
    pub(super) fn new(mean: f64, cv: f64) -> Result<Self, Invalid> {
        let scv = cv * cv;
        let sampler = sampler("cv", scv.recip(), mean * scv)?;
        Ok(Self { mean, cv, sampler })
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn scv(&self) -> f64 {
        self.cv * self.cv
    }

    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.sampler.sample(rng)
    }

    fn stages(&self) -> Stages {
        Stages {
            shape: self.scv().recip(),
            scale: self.mean * self.scv(),
        }
    }
}

impl Erlang {
    pub(super) fn new(shape: u32, mean: f64) -> Result<Self, Invalid> {
        if shape == 0 {
            return Err(Invalid::new(
                "shape",
                "an Erlang law has at least one stage; give a whole number from 1 up",
            ));
        }
        positive("mean", mean)?;
        let sampler = sampler("mean", f64::from(shape), mean / f64::from(shape))?;
        Ok(Self {
            shape,
            mean,
            sampler,
        })
    }

    /// How many stages.
    pub fn shape(&self) -> u32 {
        self.shape
    }

    pub(super) fn mean(&self) -> f64 {
        self.mean
    }

    pub(super) fn scv(&self) -> f64 {
        f64::from(self.shape).recip()
    }

    #[inline]
    pub(super) fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        if self.shape > SUMMED_STAGES_MAX {
            return self.sampler.sample(rng);
        }
        let stages: f64 = (0..self.shape).map(|_| unit_exponential(rng)).sum();
        stages * self.mean / f64::from(self.shape)
    }

    fn stages(&self) -> Stages {
        Stages {
            shape: f64::from(self.shape),
            scale: self.mean / f64::from(self.shape),
        }
    }
}

impl Law for Gamma {
    fn moment(&self, n: u32) -> f64 {
        self.stages().moment(n)
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.stages().exceeds(x)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.stages().limited_moment(n, x)
    }

    fn laplace(&self, s: f64) -> f64 {
        self.stages().laplace(s)
    }
}

impl Law for Erlang {
    fn moment(&self, n: u32) -> f64 {
        self.stages().moment(n)
    }

    fn exceeds(&self, x: f64) -> f64 {
        self.stages().exceeds(x)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        self.stages().limited_moment(n, x)
    }

    fn laplace(&self, s: f64) -> f64 {
        self.stages().laplace(s)
    }
}

/// Either law, by shape and scale.
struct Stages {
    shape: f64,
    scale: f64,
}

impl Stages {
    /// scaleⁿ · k (k + 1) … (k + n − 1) for shape k.
    fn moment(&self, n: u32) -> f64 {
        (0..n)
            .map(|i| (self.shape + f64::from(i)) * self.scale)
            .product()
    }

    fn exceeds(&self, x: f64) -> f64 {
        gamma_above(self.shape, x / self.scale)
    }

    fn limited_moment(&self, n: u32, x: f64) -> f64 {
        let below = gamma_below(self.shape + f64::from(n), x / self.scale);
        let above = self.exceeds(x);
        self.moment(n) * below + power_above(x, n, above)
    }

    fn laplace(&self, s: f64) -> f64 {
        (-self.shape * (s * self.scale).ln_1p()).exp()
    }
}

impl fmt::Display for Gamma {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gamma(mean={}, cv={})", self.mean, self.cv)
    }
}

impl fmt::Display for Erlang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "erlang(shape={}, mean={})", self.shape, self.mean)
    }
}

fn sampler(parameter: &'static str, shape: f64, scale: f64) -> Result<Sampler<f64>, Invalid> {
    let too_far = || {
        Invalid::new(
            parameter,
            "this is too large or too small to compute with; give a number nearer to 1",
        )
    };
    if !(shape.is_normal() && scale.is_normal()) {
        return Err(too_far());
    }
    Sampler::new(shape, scale).map_err(|_| too_far())
}
