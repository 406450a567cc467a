//! The whole picture: heading, panels, the x axis under them.

use super::canvas::{self, Anchor, Canvas, Type};
use super::font::{self, Weight};
use super::palette::{AXIS, GREY, GRID, INK};
use super::panel::{Layout, TICK_FACE, Upright};
use super::scale::{self, Mapping};
use super::ticks::{self, Tick, Ticks};
use super::{Chart, Place, Scale};

const WIDTH: f64 = 1100.0;
/// Free room at the edges of the picture.
const EDGE: f64 = 24.0;
/// The same to the right, where the last label of the x axis stands out.
const RIGHT: f64 = 36.0;
const TITLE_FACE: Type = Type {
    size: 20.0,
    weight: Weight::SemiBold,
    colour: INK,
};
const TITLE_LINE: f64 = 26.0;
const SUBTITLE_FACE: Type = Type {
    size: 13.0,
    weight: Weight::Regular,
    colour: GREY,
};
const SUBTITLE_LINE: f64 = 19.0;
const X_LABEL_FACE: Type = Type {
    size: 13.0,
    weight: Weight::Regular,
    colour: GREY,
};
/// Between the subtitle and the first panel.
const UNDER_HEADING: f64 = 20.0;
/// Under the last plot: the ticks' labels, the axis' label and the edge.
const UNDER: f64 = 64.0;
/// Between two panels.
const BETWEEN: f64 = 22.0;

/// The x axis laid out.
struct Level {
    mapping: Mapping,
    ticks: Ticks,
}

/// The picture laid out.
struct Page<'c> {
    chart: &'c Chart,
    title: Vec<String>,
    subtitle: Vec<String>,
    /// The left end of the plots.
    left: f64,
    x: Level,
    /// Each with the top of its plot and its height.
    panels: Vec<(Layout<'c>, f64, f64)>,
    height: f64,
}

pub(super) fn draw(chart: &Chart) -> String {
    let page = Page::new(chart);
    canvas::draw((WIDTH, page.height), &chart.title, |canvas| {
        page.draw(canvas)
    })
}

impl<'c> Page<'c> {
    fn new(chart: &'c Chart) -> Self {
        let space = WIDTH - 2.0 * EDGE;
        let title = font::wrap(&chart.title, TITLE_FACE.size, TITLE_FACE.weight, space, 2);
        let face = SUBTITLE_FACE;
        let subtitle = font::wrap(&chart.subtitle, face.size, face.weight, space, 3);
        let heights = plot_heights(chart);
        let plots = || chart.panels.iter().zip(&heights);
        let uprights: Vec<_> = plots()
            .map(|(panel, height)| Upright::new(panel, *height))
            .collect();
        let left = EDGE + uprights.iter().map(Upright::width).fold(0.0, f64::max);
        let width = WIDTH - RIGHT - left;
        let x = Level::new(chart, width);

        let lines = title.len() as f64 * TITLE_LINE + subtitle.len() as f64 * SUBTITLE_LINE;
        let mut y = EDGE + lines + UNDER_HEADING;
        let mut panels = Vec::new();
        let mut explained = Vec::new();
        for ((panel, &height), upright) in plots().zip(uprights) {
            let layout = Layout::new(panel, (width, height), x.mapping, upright, &explained);
            explained.extend(layout.legend.explained());
            let top = y + layout.above();
            y = top + height + BETWEEN;
            panels.push((layout, top, height));
        }
        let height = (y - BETWEEN + UNDER).ceil();
        Self {
            chart,
            title,
            subtitle,
            left,
            x,
            panels,
            height,
        }
    }

    fn draw(&self, canvas: &mut Canvas<'_>) {
        self.draw_title(canvas);
        let last = self.panels.len().saturating_sub(1);
        for (index, (layout, top, height)) in self.panels.iter().enumerate() {
            canvas.origin = (self.left, *top);
            self.x.draw_grid(canvas, *height);
            layout.draw(canvas, self.left - EDGE);
            self.x.draw_ticks(canvas, *height);
            if index == last && !self.is_blank() {
                self.x.draw_labels(canvas, *height);
                self.draw_x_label(canvas, *height);
            }
        }
    }

    /// Nothing to measure, and nobody said from where to where.
    fn is_blank(&self) -> bool {
        self.chart.x.range.is_none() && self.panels.iter().all(|(layout, ..)| layout.is_empty())
    }

    fn draw_title(&self, canvas: &mut Canvas<'_>) {
        let mut y = EDGE - 6.0;
        for line in &self.title {
            y += TITLE_LINE;
            canvas.text(line, (EDGE, y - 5.0), Anchor::Start, TITLE_FACE);
        }
        y += 3.0;
        for line in &self.subtitle {
            y += SUBTITLE_LINE;
            canvas.text(line, (EDGE, y - 4.0), Anchor::Start, SUBTITLE_FACE);
        }
    }

    fn draw_x_label(&self, canvas: &mut Canvas<'_>, height: f64) {
        let label = match self.x.ticks.unit {
            Some(unit) => format!("{} ({unit})", self.chart.x.label),
            None => self.chart.x.label.clone(),
        };
        let space = self.x.mapping.to;
        let label = font::shorten(&label, X_LABEL_FACE.size, X_LABEL_FACE.weight, space);
        canvas.text(
            &label,
            (space / 2.0, height + 46.0),
            Anchor::Middle,
            X_LABEL_FACE,
        );
    }
}

impl Level {
    fn new(chart: &Chart, width: f64) -> Self {
        let panels = || chart.panels.iter();
        let lines = panels()
            .flat_map(|panel| &panel.lines)
            .flat_map(|line| line.points.iter().map(|point| point.0));
        let ribbons = panels()
            .flat_map(|panel| &panel.ribbons)
            .flat_map(|ribbon| ribbon.points.iter().map(|point| point.0));
        let references = panels()
            .flat_map(|panel| &panel.references)
            .filter_map(|reference| match reference.at {
                Place::X(x) => Some(x),
                Place::Y(_) => None,
            });
        let (low, high) = scale::level(&chart.x, lines.chain(ribbons).chain(references));
        let mapping = Mapping {
            low,
            high,
            scale: chart.x.scale,
            from: 0.0,
            to: width,
        };
        let ticks = ticks::choose(&chart.x, (low, high), &|marks| {
            labels_stand_apart(marks, &mapping)
        });
        Self { mapping, ticks }
    }

    /// Upright lines help on a logarithmic axis, where equal steps are not equally far apart.
    fn draw_grid(&self, canvas: &mut Canvas<'_>, height: f64) {
        if self.mapping.scale == Scale::Log {
            for x in self.pixels() {
                canvas.line(&[(x, 0.0), (x, height)], GRID, 1.0);
            }
        }
    }

    fn draw_ticks(&self, canvas: &mut Canvas<'_>, height: f64) {
        for x in self.pixels() {
            canvas.line(&[(x, height), (x, height + 4.0)], AXIS, 1.0);
        }
    }

    fn draw_labels(&self, canvas: &mut Canvas<'_>, height: f64) {
        for tick in &self.ticks.marks {
            let (x, y) = (self.mapping.pixel(tick.at), height + 20.0);
            let end = self.mapping.to + RIGHT - 4.0;
            if x + width(tick) / 2.0 > end {
                canvas.text(&tick.label, (end, y), Anchor::End, TICK_FACE);
            } else {
                canvas.text(&tick.label, (x, y), Anchor::Middle, TICK_FACE);
            }
        }
    }

    fn pixels(&self) -> impl Iterator<Item = f64> {
        self.ticks
            .marks
            .iter()
            .map(|tick| self.mapping.pixel(tick.at))
    }
}

fn labels_stand_apart(marks: &[Tick], mapping: &Mapping) -> bool {
    let gap = 18.0;
    marks.windows(2).all(|pair| {
        let apart = mapping.pixel(pair[1].at) - mapping.pixel(pair[0].at);
        apart >= (width(&pair[0]) + width(&pair[1])) / 2.0 + gap
    })
}

fn width(tick: &Tick) -> f64 {
    font::width(&tick.label, TICK_FACE.size, TICK_FACE.weight)
}

/// The more panels, the less high is each; their weights divide the whole.
fn plot_heights(chart: &Chart) -> Vec<f64> {
    let whole = match chart.panels.len() {
        0 | 1 => 470.0,
        2 => 600.0,
        3 => 720.0,
        many => 205.0 * many as f64,
    };
    let sum: f64 = chart.panels.iter().map(|panel| panel.weight.max(0.1)).sum();
    chart
        .panels
        .iter()
        .map(|panel| (whole * panel.weight.max(0.1) / sum).round())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::{Axis, Panel, Unit};

    fn marks(labels: &[(f64, &str)]) -> Vec<Tick> {
        labels
            .iter()
            .map(|(at, label)| Tick {
                at: *at,
                label: (*label).to_owned(),
            })
            .collect()
    }

    #[test]
    fn labels_that_would_touch_do_not_stand_apart() {
        let mapping = Mapping {
            low: 0.0,
            high: 1.0,
            scale: Scale::Linear,
            from: 0.0,
            to: 100.0,
        };
        assert!(labels_stand_apart(
            &marks(&[(0.0, "0"), (1.0, "10")]),
            &mapping
        ));
        assert!(!labels_stand_apart(
            &marks(&[(0.0, "10 000"), (0.4, "20 000")]),
            &mapping
        ));
    }

    #[test]
    fn panels_share_the_height_by_their_weight() {
        let axis = Axis {
            label: String::new(),
            unit: Unit::Number,
            scale: Scale::Linear,
            range: None,
        };
        let mut panels = vec![Panel::new("", axis.clone()); 2];
        panels[1].weight = 0.5;
        let chart = Chart {
            title: String::new(),
            subtitle: String::new(),
            x: axis,
            panels,
        };
        assert_eq!(plot_heights(&chart), [400.0, 200.0]);
    }
}
