//! The grammar that names a figure everywhere: `<component>.<figure>.<statistic>`.

mod figure;
mod parse;
#[cfg(test)]
mod tests;

pub use figure::{Figure, Quantity, Scope, Statistic};
pub use parse::{Components, MetricError};

use crate::scenario::Objective;
use std::fmt;

/// The component that stands for the whole scenario.
pub const END_TO_END: &str = "end_to_end";

/// The name of one figure, as in objectives, flags, CSV columns and JSON keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Metric {
    /// A queue's or a pool's name, or `end_to_end`.
    pub component: String,
    /// What is measured.
    pub figure: Figure,
    /// Which statistic of it.
    pub statistic: Statistic,
}

impl Metric {
    /// The figure of that component; the caller answers for its having that statistic.
    pub fn new(component: &str, figure: Figure, statistic: Statistic) -> Self {
        debug_assert!(
            figure.statistics().contains(&statistic),
            "{} has no statistic {statistic}",
            figure.name()
        );
        Self {
            component: component.to_owned(),
            figure,
            statistic,
        }
    }

    /// Reads `emails.wait.p99`: the component's name first and the statistic last, so that `p99.9` is one statistic.
    ///
    /// The component may be left out where there is only one that has the figure.
    ///
    /// # Errors
    /// An unknown component, figure or statistic, with its place in `text`, the nearest name and the legal ones.
    pub fn parse(text: &str, components: &Components<'_>) -> Result<Self, MetricError> {
        parse::metric(text, components)
    }

    /// What its value is counted in.
    pub fn quantity(&self) -> Quantity {
        self.figure.quantity(self.statistic)
    }

    /// A value of this figure, in SI units, for people: `189 ms`, `0.31 %`.
    pub fn show(&self, value: f64) -> String {
        self.quantity().show(value)
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.statistic {
            Statistic::Value => format!("{}.{}", self.component, self.figure.name()),
            Statistic::Mean
            | Statistic::Quantile(_)
            | Statistic::Max
            | Statistic::Rate
            | Statistic::Count
            | Statistic::Share
            | Statistic::PerHour => format!(
                "{}.{}.{}",
                self.component,
                self.figure.name(),
                self.statistic
            ),
        };
        f.pad(&text)
    }
}

impl Objective {
    /// Reads the text form, `wait.p99 < 200ms` or `growth.rate > 1/s`; losses count.
    ///
    /// # Errors
    /// No `<` or `>`, a metric or a limit that is not one, with the place in `text`.
    pub fn parse(text: &str, components: &Components<'_>) -> Result<Self, MetricError> {
        parse::objective(text, components)
    }
}

pub(super) use parse::split_objective;
