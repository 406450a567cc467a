//! What models ask of a law of times.

use std::fmt;

/// A law of times, none negative, as models with general laws ask for it.
///
/// Whoever has laws implements it for them; theory itself keeps none. Every answer should be good to ten digits: models
/// take differences of them.
pub trait Law: fmt::Debug + Send + Sync {
    /// `E[Xⁿ]` for `n` ≥ 1, in timeⁿ; infinite where it is.
    fn moment(&self, n: u32) -> f64;

    /// P(X > x), for x ≥ 0.
    fn exceeds(&self, x: f64) -> f64;

    /// `E[min(X, x)ⁿ]` = n ∫₀ˣ yⁿ⁻¹·P(X > y) dy, for `n` ≥ 1 and x ≥ 0.
    fn limited_moment(&self, n: u32, x: f64) -> f64;

    /// `E[min(X, x)]` = ∫₀ˣ P(X > y) dy, for x ≥ 0.
    fn limited_mean(&self, x: f64) -> f64 {
        self.limited_moment(1, x)
    }

    /// `E[exp(−sX)]`, for real s ≥ 0 per unit of time.
    fn laplace(&self, s: f64) -> f64;
}
