//! Results to bytes: pictures, tables, files. Nothing here runs a simulation.
//!
//! - [`figures`] decides what a picture of an outcome shows;
//! - [`chart`] draws it: a chart is data, and drawing is a pure function of it.

pub mod chart;
pub mod figures;
