//! One plot: from values to pixels, what is written where, and the drawing of it.

use super::canvas::{Anchor, Canvas, Point, Type};
use super::curve::{self, Curve, Shade};
use super::font::{self, Weight};
use super::frame::Frame;
use super::legend::{self, Entry, Legend};
use super::notes::{self, Note};
use super::palette::{ALARM, ASIDE, AXIS, GREY, GRID, INK};
use super::room::Room;
use super::scale::{self, Mapping};
use super::ticks::{self, Tick, Ticks};
use super::{Band, Panel, Place, Scale, Tone};

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

/// The y axis of a panel laid out.
pub(super) struct Upright {
    mapping: Mapping,
    ticks: Ticks,
}

/// A panel laid out; pixels count from the plot's upper left corner.
pub(super) struct Layout<'c> {
    panel: &'c Panel,
    frame: Frame,
    y: Upright,
    curves: Vec<Curve<'c>>,
    shades: Vec<Shade>,
    notes: Vec<Note>,
    /// Where the legend went.
    pub(super) legend: Legend,
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
        let frame = Frame {
            size,
            x,
            y: y.mapping,
        };
        let curves = curve::curves(&panel.lines, &frame);
        let shades: Vec<_> = panel
            .ribbons
            .iter()
            .map(|ribbon| Shade::new(ribbon, &frame))
            .collect();
        let mut room = Room::new(size);
        for line in curves.iter().flat_map(|curve| &curve.pieces) {
            room.take_line(line);
        }
        for outline in shades.iter().flat_map(|shade| &shade.outlines) {
            room.take_line(outline);
        }
        let notes = notes::place(panel, &frame, &mut room);
        // The legend may cover a band, which goes on above and below it, but rather not.
        let mut with_bands = room.clone();
        for band in &panel.bands {
            with_bands.take(frame.band(band));
        }
        let legend = legend::place(legend::entries(panel, explained), size, &[with_bands, room]);
        Self {
            panel,
            frame,
            y,
            curves,
            shades,
            notes,
            legend,
        }
    }

    /// Room that it needs above its plot.
    pub(super) fn above(&self) -> f64 {
        HEADING + self.legend.above()
    }

    /// Draws it on a canvas whose origin is the plot's upper left corner; the heading starts `margin` to the left of
    /// it.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, margin: f64) {
        self.draw_heading(canvas, margin);
        for band in &self.panel.bands {
            self.draw_band(canvas, band);
        }
        self.draw_grid(canvas);
        for shade in &self.shades {
            shade.draw(canvas);
        }
        self.draw_references(canvas);
        for curve in &self.curves {
            curve.draw(canvas, self.frame.size.0);
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
                (self.frame.size.0 / 2.0, self.frame.size.1 / 2.0),
                Anchor::Middle,
                face,
            );
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.curves.iter().all(Curve::is_empty)
    }

    fn draw_heading(&self, canvas: &mut Canvas<'_>, margin: f64) {
        let (left, y) = (-margin, 8.0 - self.above());
        let space = self.frame.size.0 - left;
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
        let rect = self.frame.band(band);
        if rect.right > rect.left {
            let colour = match band.tone {
                Tone::Alarm => ALARM,
                Tone::Aside => ASIDE,
            };
            canvas.rect(rect, colour, 1.0);
        }
    }

    fn draw_grid(&self, canvas: &mut Canvas<'_>) {
        let (width, height) = self.frame.size;
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
            if let Some(ends) = self.frame.line(reference.at) {
                canvas.dashes(&ends, reference.colour, 1.2, (5.0, 4.0));
            }
        }
    }
}
