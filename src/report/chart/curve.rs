//! Lines and ribbons in nominal pixels.

use super::canvas::{Canvas, Dashes, Point};
use super::coincide::Traces;
use super::frame::Frame;
use super::palette::Colour;
use super::{Line, Ribbon, Stroke, path};

/// Length of a dash and of the gap after it.
pub(super) const DASHES: Dashes = (6.0, 3.5);
const RIBBON_OPACITY: f64 = 0.18;
/// A line so many times as long as the plot is wide is mostly noise …
const NOISY: f64 = 8.0;
/// … and drawn so much narrower, or it would run together to a bar.
const NARROWER: f64 = 0.6;

/// A line's pieces, and its points that stand alone.
pub(super) struct Curve<'c> {
    line: &'c Line,
    pub(super) pieces: Vec<Vec<Point>>,
    dots: Vec<Point>,
    /// Of the whole line, before gaps are left in it.
    length: f64,
}

/// A ribbon's outlines, one for each stretch without gaps.
pub(super) struct Shade {
    colour: Colour,
    pub(super) outlines: Vec<Vec<Point>>,
}

/// The lines in their order, with gaps where one would hide another.
pub(super) fn curves<'c>(lines: &'c [Line], frame: &Frame) -> Vec<Curve<'c>> {
    let mut curves: Vec<Curve<'c>> = lines.iter().map(|line| Curve::new(line, frame)).collect();
    let mut traces = Traces::new(frame.size);
    for curve in &mut curves {
        if curve.line.stroke == Stroke::Solid {
            curve.pieces = traces.add(std::mem::take(&mut curve.pieces));
        }
    }
    curves
}

impl<'c> Curve<'c> {
    fn new(line: &'c Line, frame: &Frame) -> Self {
        let pixels: Vec<Point> = line
            .points
            .iter()
            .map(|&point| frame.pixel(point))
            .collect();
        let pieces = path::clip(&pixels, frame.rect());
        let alone = points_alone(&pixels);
        Self {
            line,
            length: pieces.iter().map(|piece| path::length(piece)).sum(),
            pieces: pieces.iter().map(|piece| path::thin(piece)).collect(),
            dots: alone
                .into_iter()
                .filter(|&point| frame.contains(point))
                .collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.dots.is_empty()
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, plot_width: f64) {
        let line = self.line;
        let narrower = if self.length > NOISY * plot_width {
            NARROWER
        } else {
            1.0
        };
        for piece in &self.pieces {
            match line.stroke {
                Stroke::Solid => canvas.line(piece, line.colour, line.width * narrower),
                Stroke::Dashed => canvas.dashes(piece, line.colour, line.width, DASHES),
            }
        }
        for &dot in &self.dots {
            canvas.dot(dot, line.width + 1.5, line.colour);
        }
    }
}

impl Shade {
    pub(super) fn new(ribbon: &Ribbon, frame: &Frame) -> Self {
        let finite =
            |(x, low, high): &(f64, f64, f64)| x.is_finite() && low.is_finite() && high.is_finite();
        let stretches = ribbon
            .points
            .split(|point| !finite(point))
            .filter(|stretch| stretch.len() > 1);
        Self {
            colour: ribbon.colour,
            outlines: stretches.map(|stretch| outline(stretch, frame)).collect(),
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>) {
        for outline in &self.outlines {
            canvas.polygon(outline, self.colour, RIBBON_OPACITY);
        }
    }
}

/// Points without a neighbour that a line could be drawn to.
fn points_alone(pixels: &[Point]) -> Vec<Point> {
    let finite = |index: usize| {
        pixels
            .get(index)
            .is_some_and(|point| point.0.is_finite() && point.1.is_finite())
    };
    let alone =
        |&index: &usize| finite(index) && !finite(index + 1) && (index == 0 || !finite(index - 1));
    (0..pixels.len())
        .filter(alone)
        .map(|index| pixels[index])
        .collect()
}

/// Along the upper edge and back along the lower.
fn outline(stretch: &[(f64, f64, f64)], frame: &Frame) -> Vec<Point> {
    let upper: Vec<Point> = stretch
        .iter()
        .map(|&(x, _, high)| frame.clamped((x, high)))
        .collect();
    let lower: Vec<Point> = stretch
        .iter()
        .rev()
        .map(|&(x, low, _)| frame.clamped((x, low)))
        .collect();
    [path::thin(&upper), path::thin(&lower)].concat()
}
