//! Results to bytes: pictures, tables, files. Nothing here runs a simulation.
//!
//! - [`summary`] is what a person reads in a terminal;
//! - [`json`] and [`tables`] are what programs read;
//! - [`figures`] decides what a picture of an outcome shows;
//! - [`chart`] draws it: a chart is data, and drawing is a pure function of it;
//! - [`explain`] puts into words what drives an answer, and tells messages one by one;
//! - [`formula`] is what `calc` says;
//! - [`folder`] puts all of them where they belong, whole or not at all.

pub mod chart;
pub mod explain;
pub mod figures;
pub mod folder;
pub mod formula;
pub mod json;
pub mod summary;
pub mod tables;
