//! The one integration binary: one link for all suites.

mod core;
