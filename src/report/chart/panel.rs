//! One plot: from values to pixels, what is written where, and the drawing of it.

use super::canvas::{Anchor, Canvas, Dashes, Point, Rect, Type};
use super::font::{self, Weight};
use super::legend::{self, Entry, Legend};
use super::notes::{self, Note};
use super::palette::{ALARM, ASIDE, AXIS, Colour, GREY, GRID, INK};
use super::path;
use super::room::Room;
use super::scale::{self, Mapping};
use super::ticks::{self, Tick, Ticks};
use super::{Band, Line, Panel, Place, Ribbon, Scale, Stroke, Tone};

/// Length of a dash and of the gap after it.
pub(super) const DASHES: Dashes = (6.0, 3.5);
pub(super) const TICK_FACE: Type = Type {
    size: 12.5,
    weight: Weight::Regular,
    colour: INK,
};
/// Between the labels of the y axis and the plot.
const BESIDE: f64 = 8.0;
const HEADING_FACE: Type = Type {
    size: 13.0,
    weight: Weight::SemiBold,
    colour: INK,
};
const LABEL_FACE: Type = Type {
    size: 13.0,
    weight: Weight::Regular,
    colour: GREY,
};
const HEADING: f64 = 24.0;
/// A line so many times as long as the plot is wide is mostly noise.
const NOISY: f64 = 8.0;
const RIBBON_OPACITY: f64 = 0.18;

/// The y axis of a panel laid out.
pub(super) struct Upright {
    mapping: Mapping,
    ticks: Ticks,
}

/// A panel laid out; pixels count from the plot's upper left corner.
pub(super) struct Layout<'c> {
    panel: &'c Panel,
    size: Point,
    x: Mapping,
    y: Upright,
    curves: Vec<Curve<'c>>,
    ribbons: Vec<(Colour, Vec<Vec<Point>>)>,
    notes: Vec<Note>,
    /// Where the legend went.
    pub(super) legend: Legend,
}

/// A line's pieces, and its points that stand alone.
struct Curve<'c> {
    line: &'c Line,
    pieces: Vec<Vec<Point>>,
    dots: Vec<Point>,
}

impl Upright {
    pub(super) fn new(panel: &Panel, height: f64) -> Self {
        let lines = panel
            .lines
            .iter()
            .flat_map(|line| line.points.iter().map(|point| point.1));
        let ribbons = panel
            .ribbons
            .iter()
            .flat_map(|ribbon| ribbon.points.iter().flat_map(|point| [point.1, point.2]));
        let levels = panel
            .references
            .iter()
            .filter_map(|reference| match reference.at {
                Place::Y(y) => Some(y),
                Place::X(_) => None,
            });
        let (low, high) = scale::upright(&panel.y, lines.chain(ribbons).chain(levels));
        let mapping = Mapping {
            low,
            high,
            scale: panel.y.scale,
            from: height,
            to: 0.0,
        };
        // Linear steps look best with air between them; on a logarithmic axis every decade is worth its line.
        let apart = match panel.y.scale {
            Scale::Linear if height > 300.0 => 56.0,
            Scale::Linear => 34.0,
            Scale::Log => 18.0,
        };
        let fits = |marks: &[Tick]| {
            marks
                .windows(2)
                .all(|pair| (mapping.pixel(pair[0].at) - mapping.pixel(pair[1].at)).abs() >= apart)
        };
        Self {
            mapping,
            ticks: ticks::choose(&panel.y, (low, high), &fits),
        }
    }

    /// Room that its labels take to the left of the plot.
    pub(super) fn width(&self) -> f64 {
        let labels = self
            .ticks
            .marks
            .iter()
            .map(|tick| font::width(&tick.label, TICK_FACE.size, TICK_FACE.weight));
        labels.fold(0.0, f64::max) + BESIDE
    }
}

impl<'c> Layout<'c> {
    pub(super) fn new(
        panel: &'c Panel,
        size: Point,
        x: Mapping,
        y: Upright,
        explained: &[Entry],
    ) -> Self {
        let plot = Rect {
            left: 0.0,
            top: 0.0,
            right: size.0,
            bottom: size.1,
        };
        let curves: Vec<_> = panel
            .lines
            .iter()
            .map(|line| curve(line, &x, &y.mapping, plot))
            .collect();
        let ribbons: Vec<_> = panel
            .ribbons
            .iter()
            .map(|ribbon| (ribbon.colour, outlines(ribbon, &x, &y.mapping)))
            .collect();
        let mut room = Room::new(size);
        for piece in curves.iter().flat_map(|curve| &curve.pieces) {
            room.take_line(piece);
        }
        for outline in ribbons.iter().flat_map(|(_, outlines)| outlines) {
            room.take_line(outline);
        }
        let notes = notes::place(panel, &x, &y.mapping, size, &mut room);
        // The legend may cover a band, which goes on above and below it, but rather not.
        let mut with_bands = room.clone();
        for band in &panel.bands {
            let (left, right) = (x.clamped(band.from), x.clamped(band.to));
            with_bands.take(Rect {
                left,
                top: 0.0,
                right,
                bottom: size.1,
            });
        }
        let legend = legend::place(legend::entries(panel, explained), size, &[with_bands, room]);
        Self {
            panel,
            size,
            x,
            y,
            curves,
            ribbons,
            notes,
            legend,
        }
    }

    /// Room that it needs above its plot.
    pub(super) fn above(&self) -> f64 {
        HEADING + self.legend.above()
    }

    /// Draws it on a canvas whose origin is the plot's upper left corner; the heading starts `margin` to the left of it.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, margin: f64) {
        self.draw_heading(canvas, margin);
        for band in &self.panel.bands {
            self.draw_band(canvas, band);
        }
        self.draw_grid(canvas);
        for (colour, outlines) in &self.ribbons {
            for outline in outlines {
                canvas.polygon(outline, *colour, RIBBON_OPACITY);
            }
        }
        self.draw_references(canvas);
        for curve in &self.curves {
            curve.draw(canvas, self.size.0);
        }
        for note in &self.notes {
            note.draw(canvas);
        }
        self.legend.draw(canvas);
        if self.is_empty() {
            let face = Type {
                size: 15.0,
                ..LABEL_FACE
            };
            canvas.text(
                "no messages",
                (self.size.0 / 2.0, self.size.1 / 2.0),
                Anchor::Middle,
                face,
            );
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.curves
            .iter()
            .all(|curve| curve.pieces.is_empty() && curve.dots.is_empty())
    }

    fn draw_heading(&self, canvas: &mut Canvas<'_>, margin: f64) {
        let (left, y) = (-margin, 8.0 - self.above());
        let space = self.size.0 - left;
        let heading = font::shorten(
            &self.panel.heading,
            HEADING_FACE.size,
            HEADING_FACE.weight,
            space * 0.6,
        );
        canvas.text(&heading, (left, y), Anchor::Start, HEADING_FACE);
        let used = font::width(&heading, HEADING_FACE.size, HEADING_FACE.weight);
        let used = if heading.is_empty() { 0.0 } else { used + 10.0 };
        let label = match self.y.ticks.unit {
            Some(unit) => format!("{} ({unit})", self.panel.y.label),
            None => self.panel.y.label.clone(),
        };
        let label = font::shorten(&label, LABEL_FACE.size, LABEL_FACE.weight, space - used);
        canvas.text(&label, (left + used, y), Anchor::Start, LABEL_FACE);
    }

    fn draw_band(&self, canvas: &mut Canvas<'_>, band: &Band) {
        let (left, right) = (self.x.clamped(band.from), self.x.clamped(band.to));
        if right > left {
            let colour = match band.tone {
                Tone::Alarm => ALARM,
                Tone::Aside => ASIDE,
            };
            canvas.rect(
                Rect {
                    left,
                    top: 0.0,
                    right,
                    bottom: self.size.1,
                },
                colour,
                1.0,
            );
        }
    }

    fn draw_grid(&self, canvas: &mut Canvas<'_>) {
        let (width, height) = self.size;
        for tick in &self.y.ticks.marks {
            let y = self.y.mapping.pixel(tick.at);
            canvas.line(&[(0.0, y), (width, y)], GRID, 1.0);
            if !self.is_empty() {
                canvas.text(
                    &tick.label,
                    (-BESIDE, y + 0.36 * TICK_FACE.size),
                    Anchor::End,
                    TICK_FACE,
                );
            }
        }
        canvas.line(&[(0.0, 0.0), (0.0, height), (width, height)], AXIS, 1.0);
    }

    fn draw_references(&self, canvas: &mut Canvas<'_>) {
        for reference in &self.panel.references {
            let ends = match reference.at {
                Place::X(x) => self
                    .inside(&self.x, x)
                    .map(|x| [(x, 0.0), (x, self.size.1)]),
                Place::Y(y) => self
                    .inside(&self.y.mapping, y)
                    .map(|y| [(0.0, y), (self.size.0, y)]),
            };
            if let Some(ends) = ends {
                canvas.dashes(&ends, reference.colour, 1.2, (5.0, 4.0));
            }
        }
    }

    fn inside(&self, mapping: &Mapping, value: f64) -> Option<f64> {
        let pixel = mapping.pixel(value);
        (pixel >= mapping.from.min(mapping.to) - 0.5 && pixel <= mapping.from.max(mapping.to) + 0.5)
            .then_some(pixel)
    }
}

impl Curve<'_> {
    fn draw(&self, canvas: &mut Canvas<'_>, plot_width: f64) {
        let line = self.line;
        // Noise that is drawn wide runs together to a bar.
        let length: f64 = self.pieces.iter().map(|piece| path::length(piece)).sum();
        let width = if length > NOISY * plot_width {
            0.6 * line.width
        } else {
            line.width
        };
        for piece in &self.pieces {
            match line.stroke {
                Stroke::Solid => canvas.line(piece, line.colour, width),
                Stroke::Dashed => canvas.dashes(piece, line.colour, width, DASHES),
            }
        }
        for &dot in &self.dots {
            canvas.dot(dot, line.width + 1.5, line.colour);
        }
    }
}

fn curve<'c>(line: &'c Line, x: &Mapping, y: &Mapping, plot: Rect) -> Curve<'c> {
    let pixels: Vec<Point> = line
        .points
        .iter()
        .map(|point| (x.pixel(point.0), y.pixel(point.1)))
        .collect();
    let pieces = path::clip(&pixels, plot)
        .iter()
        .map(|piece| path::thin(piece))
        .collect();
    let finite = |index: usize| {
        pixels
            .get(index)
            .is_some_and(|point| point.0.is_finite() && point.1.is_finite())
    };
    let alone =
        |&index: &usize| finite(index) && !finite(index + 1) && (index == 0 || !finite(index - 1));
    let inside = |point: &Point| {
        (0.0..=plot.right).contains(&point.0) && (0.0..=plot.bottom).contains(&point.1)
    };
    let dots = (0..pixels.len())
        .filter(alone)
        .map(|index| pixels[index])
        .filter(inside)
        .collect();
    Curve { line, pieces, dots }
}

/// The outlines of a ribbon, one for each stretch without gaps.
fn outlines(ribbon: &Ribbon, x: &Mapping, y: &Mapping) -> Vec<Vec<Point>> {
    let finite = |point: &&(f64, f64, f64)| {
        [point.0, point.1, point.2]
            .iter()
            .all(|value| value.is_finite())
    };
    let stretches = ribbon
        .points
        .split(|point| !finite(&point))
        .filter(|stretch| stretch.len() > 1);
    stretches
        .map(|stretch| {
            let edge = |value: fn(&(f64, f64, f64)) -> f64| -> Vec<Point> {
                path::thin(
                    &stretch
                        .iter()
                        .map(|point| (x.clamped(point.0), y.clamped(value(point))))
                        .collect::<Vec<_>>(),
                )
            };
            let (upper, mut lower) = (edge(|point| point.2), edge(|point| point.1));
            lower.reverse();
            [upper, lower].concat()
        })
        .collect()
}
