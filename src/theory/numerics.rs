//! What the models compute with: special functions, roots, integrals, sums over the Poisson law, and linear systems
//! that are solved without a subtraction.

pub(super) mod birth_death;
pub(super) mod censored;
pub(crate) mod gamma;
pub(super) mod geometric;
pub(super) mod matrix;
pub(super) mod passage;
pub(crate) mod phi;
pub(super) mod poisson;
pub(crate) mod quadrature;
pub(crate) mod root;
pub(super) mod tail_table;

/// A summand below this share of its sum changes no digit of it.
pub(super) const NEGLIGIBLE: f64 = 1e-18;
/// Shares of each other are scaled down where one is beyond this, far enough from the largest number for what comes
/// next.
pub(super) const SCALED_ABOVE: f64 = 1e200;
