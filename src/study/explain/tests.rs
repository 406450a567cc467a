//! What is said of small scenarios.
