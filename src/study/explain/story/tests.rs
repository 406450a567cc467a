//! Stories of small scenarios.
