//! The one integration binary: one link for all suites.

mod core;
mod determinism;
mod laws;
mod memory;
mod rounds;
mod tidy;
