//! What the models compute with: special functions, roots, integrals, sums over the Poisson law, and linear systems that
//! are solved without a subtraction.

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
