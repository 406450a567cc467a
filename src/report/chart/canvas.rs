//! Where marks are put: nominal pixels in, an SVG out.
//!
//! plotters rounds to whole pixels, so the SVG is drawn at eight times the size: its `viewBox` says so, and its width
//! and height are the nominal ones.

use super::font::{self, SIZE_PER_EM, Weight};
use super::palette::{Colour, PAPER};
use plotters::backend::DrawingBackend;
use plotters::prelude::SVGBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{RGBAColor, ShapeStyle, TextStyle};

const OVERSIZE: f64 = 8.0;
/// plotters centres a text on 0.5 ex; its baseline is then a quarter of an em below the point given.
const BASELINE: f64 = 0.25;
/// A point in nominal pixels, y downwards.
pub(super) type Point = (f64, f64);

/// A rectangle in nominal pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

/// Which point of a text is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Type {
    pub(super) size: f64,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
}

/// Length of a dash and of the gap after it.
pub(super) type Dashes = (f64, f64);

/// A sheet under the pen.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    /// How many lines have been drawn, and the dashes of those that have any.
    lines: usize,
    dashed: Vec<(usize, Dashes)>,
    /// Added to every point.
    pub(super) origin: Point,
}

/// Draws on a white sheet of this size; `name` is what a screen reader says of it.
pub(super) fn draw(size: Point, name: &str, paint: impl FnOnce(&mut Canvas<'_>)) -> String {
    let mut text = String::new();
    let whole = ((size.0 * OVERSIZE) as u32, (size.1 * OVERSIZE) as u32);
    let backend = SVGBackend::with_string(&mut text, whole);
    let mut canvas = Canvas {
        backend,
        lines: 0,
        dashed: Vec::new(),
        origin: (0.0, 0.0),
    };
    canvas.rect(
        Rect {
            left: 0.0,
            top: 0.0,
            right: size.0,
            bottom: size.1,
        },
        PAPER,
        1.0,
    );
    paint(&mut canvas);
    sure(canvas.backend.present());
    let dashed = std::mem::take(&mut canvas.dashed);
    drop(canvas);
    with_nominal_size(&with_dashes(&text, &dashed), size, name)
}

impl Canvas<'_> {
    /// A filled rectangle.
    pub(super) fn rect(&mut self, rect: Rect, colour: Colour, opacity: f64) {
        let (from, to) = (
            self.pixel((rect.left, rect.top)),
            self.pixel((rect.right, rect.bottom)),
        );
        sure(
            self.backend
                .draw_rect(from, to, &style(colour, opacity, 0.0), true),
        );
    }

    /// A filled outline.
    pub(super) fn polygon(&mut self, points: &[Point], colour: Colour, opacity: f64) {
        let pixels: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
        sure(
            self.backend
                .fill_polygon(pixels, &style(colour, opacity, 0.0)),
        );
    }

    /// A line through points.
    pub(super) fn line(&mut self, points: &[Point], colour: Colour, width: f64) {
        let pixels: Vec<_> = points.iter().map(|&point| self.pixel(point)).collect();
        sure(self.backend.draw_path(pixels, &style(colour, 1.0, width)));
        self.lines += 1;
    }

    /// The same, in dashes.
    pub(super) fn dashes(&mut self, points: &[Point], colour: Colour, width: f64, dashes: Dashes) {
        self.dashed.push((self.lines, dashes));
        self.line(points, colour, width);
    }

    /// A filled circle.
    pub(super) fn dot(&mut self, centre: Point, radius: f64, colour: Colour) {
        let centre = self.pixel(centre);
        sure(self.backend.draw_circle(
            centre,
            (radius * OVERSIZE) as u32,
            &style(colour, 1.0, 0.0),
            true,
        ));
    }

    /// A text with its baseline at the point's y.
    pub(super) fn text(&mut self, text: &str, at: Point, anchor: Anchor, face: Type) {
        let h_pos = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = font::describe(face.size * OVERSIZE * SIZE_PER_EM, face.weight);
        let colour = rgba(face.colour, 1.0);
        let style = TextStyle::from(font)
            .color(&colour)
            .pos(Pos::new(h_pos, VPos::Center));
        let pixel = self.pixel((at.0, at.1 - BASELINE * face.size));
        sure(self.backend.draw_text(&printable(text), &style, pixel));
    }

    fn pixel(&self, (x, y): Point) -> (i32, i32) {
        debug_assert!(x.is_finite() && y.is_finite(), "a mark at ({x}, {y})");
        (
            ((x + self.origin.0) * OVERSIZE).round() as i32,
            ((y + self.origin.1) * OVERSIZE).round() as i32,
        )
    }
}

fn style(colour: Colour, opacity: f64, width: f64) -> ShapeStyle {
    ShapeStyle {
        color: rgba(colour, opacity),
        filled: true,
        stroke_width: (width * OVERSIZE).round() as u32,
    }
}

fn rgba(Colour(red, green, blue): Colour, opacity: f64) -> RGBAColor {
    RGBAColor(red, green, blue, opacity)
}

/// XML has no way to write most control characters.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') {
                ' '
            } else {
                c
            }
        })
        .collect()
}

/// Drawing writes to a string in memory.
fn sure<T, E: std::fmt::Debug>(drawn: Result<T, E>) {
    debug_assert!(drawn.is_ok(), "drawing into a string cannot fail");
}

/// plotters writes an element a line, and knows no dashes: they are added to the lines that want them.
fn with_dashes(text: &str, dashed: &[(usize, Dashes)]) -> String {
    let mut wanted = dashed.iter().peekable();
    let mut lines = 0;
    let mut written = String::with_capacity(text.len());
    for element in text.split_inclusive('\n') {
        match element.strip_prefix("<polyline") {
            Some(rest) => {
                written.push_str("<polyline");
                if let Some((_, (dash, gap))) = wanted.next_if(|(line, _)| *line == lines) {
                    let (dash, gap) = (dash * OVERSIZE, gap * OVERSIZE);
                    written.push_str(&format!(" stroke-dasharray=\"{dash} {gap}\""));
                }
                written.push_str(rest);
                lines += 1;
            }
            None => written.push_str(element),
        }
    }
    debug_assert!(wanted.next().is_none(), "a dashed line was not written");
    written
}

/// The sheet with its nominal size, round joins (a mitre makes thorns of noise) and a name.
fn with_nominal_size(text: &str, (width, height): Point, name: &str) -> String {
    let body = text.split_once('\n').map_or("", |(_, body)| body);
    let name = printable(name)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;");
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {} {}\" \
         stroke-linejoin=\"round\" role=\"img\" aria-label=\"{name}\">\n{body}",
        width * OVERSIZE,
        height * OVERSIZE
    )
}
