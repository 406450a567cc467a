//! Charts as data, and their drawing: `Chart` → SVG → PNG.
//!
//! A chart says what is to be seen (lines, ribbons, bands, limits); where ticks, labels and the legend go is decided
//! here, by what leaves the data uncovered. Drawing is pure and deterministic: the same chart gives the same bytes.
//! Every font is bundled; nothing of the system's is looked at.

mod canvas;
mod coincide;
mod curve;
mod font;
mod frame;
mod legend;
mod notes;
mod page;
mod palette;
mod panel;
mod path;
mod png;
mod room;
mod scale;
mod ticks;

pub use palette::{Colour, GREY, INK, colour};
pub use png::{PngError, png, undrawable};
pub use scale::{snap_down, snap_up};
pub use ticks::{number_label, seconds_label, share_label};

/// A picture: a heading, and panels one above the other over the same x axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The first line; wrapped where it is too long.
    pub title: String,
    /// What was run, in small print; wrapped, then shortened.
    pub subtitle: String,
    /// The axis that all panels share.
    pub x: Axis,
    /// From the top down.
    pub panels: Vec<Panel>,
}

/// One plot of a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What it is about (a queue's name), set before the y axis' label; may be empty.
    pub heading: String,
    /// The y axis; its label stands above the plot.
    pub y: Axis,
    /// Its height beside those of the other panels.
    pub weight: f64,
    /// Drawn in this order, the first below the others; solid lines that coincide are seen in turns.
    pub lines: Vec<Line>,
    /// Ranges behind the lines.
    pub ribbons: Vec<Ribbon>,
    /// Stretches of the x axis that stand out.
    pub bands: Vec<Band>,
    /// Dashed straight lines: limits, quantiles.
    pub references: Vec<Reference>,
}

/// How one direction of a plot is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    /// What is measured; the unit is added where the ticks leave it out.
    pub label: String,
    /// How its values are written.
    pub unit: Unit,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// From, to; `None`: what the data need, from 0 if linear.
    pub range: Option<(f64, f64)>,
}

/// How values are written at an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Counts and rates: `2.5k`.
    Number,
    /// Times in seconds: on a linear axis numbers of a unit that the label names, on a logarithmic one `100 ms`.
    Seconds,
    /// Shares: `20 %`.
    Share,
    /// Shares of messages beyond a value, with the percentile that they belong to: `1 % (p99)`.
    Tail,
}

/// How an axis is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// Equal steps.
    Linear,
    /// Equal factors. What is not positive lies off the lower end.
    Log,
}

/// A curve.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its name in the legend; empty: none. A name that an earlier panel explained is not repeated.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
    /// x and y, x increasing; a point that is not finite interrupts the line.
    pub points: Vec<(f64, f64)>,
    /// Solid or dashed.
    pub stroke: Stroke,
    /// In nominal pixels.
    pub width: f64,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stroke {
    /// Through.
    Solid,
    /// In dashes.
    Dashed,
}

/// A range over x, drawn in a light shade of its colour.
#[derive(Clone, Debug, PartialEq)]
pub struct Ribbon {
    /// The colour of the line that it belongs to.
    pub colour: Colour,
    /// x, low, high, x increasing.
    pub points: Vec<(f64, f64, f64)>,
}

/// A stretch of the x axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// Where it starts.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// Written at its top; the same label is written once.
    pub label: String,
    /// How it is meant.
    pub tone: Tone,
}

/// How a band is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Overload: red.
    Alarm,
    /// Of no account: grey.
    Aside,
}

/// A dashed straight line through the whole plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Where it stands.
    pub at: Place,
    /// Written beside it; may be empty.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
}

/// Where a straight line stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// Upright, at this x.
    X(f64),
    /// Level, at this y.
    Y(f64),
}

/// Draws a chart.
pub fn svg(chart: &Chart) -> String {
    page::draw(chart)
}

impl Axis {
    /// Equal steps over what the data need.
    pub fn linear(label: impl Into<String>, unit: Unit) -> Self {
        Self {
            label: label.into(),
            unit,
            scale: Scale::Linear,
            range: None,
        }
    }

    /// Equal factors over what the data need.
    pub fn log(label: impl Into<String>, unit: Unit) -> Self {
        Self {
            label: label.into(),
            unit,
            scale: Scale::Log,
            range: None,
        }
    }

    /// The same axis from `low` to `high`.
    pub fn over(self, low: f64, high: f64) -> Self {
        Self {
            range: Some((low, high)),
            ..self
        }
    }
}

impl Line {
    /// A solid line of the usual width.
    pub fn solid(label: impl Into<String>, colour: Colour, points: Vec<(f64, f64)>) -> Self {
        Self {
            label: label.into(),
            colour,
            points,
            stroke: Stroke::Solid,
            width: 2.0,
        }
    }

    /// A dashed line, a little thinner.
    pub fn dashed(label: impl Into<String>, colour: Colour, points: Vec<(f64, f64)>) -> Self {
        Self {
            label: label.into(),
            colour,
            points,
            stroke: Stroke::Dashed,
            width: 1.6,
        }
    }
}

impl Panel {
    /// An empty panel of the usual height.
    pub fn new(heading: impl Into<String>, y: Axis) -> Self {
        Self {
            heading: heading.into(),
            y,
            weight: 1.0,
            lines: Vec::new(),
            ribbons: Vec::new(),
            bands: Vec::new(),
            references: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests;
