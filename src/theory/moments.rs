//! A law of times by its first two moments, which is all that the mean wait behind one server asks for.

use super::error::{ModelError, check_positive};

/// The first two moments of a time: mean > 0 in seconds, and mean of the square in seconds squared, which may be
/// infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    mean: f64,
    second: f64,
}

impl Moments {
    /// `mean` and `second` moment, the mean of the square.
    ///
    /// # Errors
    /// Unless the mean is a positive number and the second moment at least its square.
    pub fn new(mean: f64, second: f64) -> Result<Self, ModelError> {
        check_positive("mean", mean)?;
        // The second moment of a constant is a product that may be rounded down.
        let is_possible = second >= mean * mean * (1.0 - 4.0 * f64::EPSILON);
        if !(is_possible && second > 0.0) {
            return Err(ModelError::parameter(
                "second",
                second,
                "must be at least the square of the mean",
            ));
        }
        Ok(Self { mean, second })
    }

    /// Of a law with a mean and a squared coefficient of variation: the second moment is mean² (1 + scv).
    ///
    /// # Errors
    /// Unless the mean is a positive number and `scv` ≥ 0.
    pub fn with_scv(mean: f64, scv: f64) -> Result<Self, ModelError> {
        if !(0.0..).contains(&scv) {
            return Err(ModelError::parameter("scv", scv, "must be at least 0"));
        }
        Self::new(mean, mean * mean * (1.0 + scv))
    }

    /// Of the exponential law with this rate: 1 / rate and 2 / rate².
    ///
    /// # Errors
    /// Unless the rate is a positive number.
    pub fn exponential(rate: f64) -> Result<Self, ModelError> {
        check_positive("rate", rate)?;
        Self::with_scv(1.0 / rate, 1.0)
    }

    /// Seconds.
    pub fn mean(self) -> f64 {
        self.mean
    }

    /// Mean of the square, in seconds squared.
    pub fn second(self) -> f64 {
        self.second
    }

    /// Mean of what is left of such a time for who comes at random while it runs: second moment / (2 · mean).
    pub(super) fn residual(self) -> f64 {
        self.second / (2.0 * self.mean)
    }
}

/// Mean wait in M/G/1, first come first served, at a load ρ below 1: ρ · residual / (1 − ρ) (Pollaczek–Khinchine;
/// Gross, Shortle, Thompson & Harris 2008, §5.1).
pub(super) fn wait_mean_mg1(arrival_rate: f64, service: Moments) -> f64 {
    let load = arrival_rate * service.mean;
    load * service.residual() / (1.0 - load)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_law_has_a_second_moment_below_the_square_of_its_mean() {
        assert!(Moments::new(2.0, 3.9).is_err());
        assert!(Moments::new(0.1, 0.1 * 0.1).is_ok());
        assert!(Moments::new(0.0, 1.0).is_err());
        assert!(Moments::new(1.0, f64::NAN).is_err());
        assert!(Moments::with_scv(1.0, -0.1).is_err());
        assert!(Moments::exponential(f64::INFINITY).is_err());
    }

    #[test]
    fn an_infinite_second_moment_makes_an_infinite_wait() {
        let heavy = Moments::new(1.0, f64::INFINITY).expect("it is a law");
        assert!(wait_mean_mg1(0.1, heavy).is_infinite());
    }
}
