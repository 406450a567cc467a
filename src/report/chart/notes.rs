//! What is written inside a plot: the names of bands and of reference lines, each where it hides nothing.

use super::canvas::{Anchor, Canvas, Point, Rect, Type};
use super::font::{self, Weight};
use super::palette::{ALARM_TEXT, Colour, GREY, PAPER};
use super::room::Room;
use super::scale::Mapping;
use super::{Band, Panel, Place, Reference, Tone};

const SIZE: f64 = 12.5;
const LINE: f64 = 17.0;
/// Between a text and the line that it names; more than a cell of the room, or the line itself would be in the way.
const BESIDE: f64 = 9.0;

/// A text with a place.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Note {
    text: String,
    at: Point,
    colour: Colour,
    /// It had to be set over data.
    covers: bool,
}

impl Note {
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>) {
        let face = Type {
            size: SIZE,
            weight: Weight::Regular,
            colour: self.colour,
        };
        if self.covers {
            canvas.rect(around(self.at, &self.text), PAPER, 0.8);
        }
        canvas.text(&self.text, self.at, Anchor::Start, face);
    }
}

/// Places every label, and takes the room for them and for the lines that they name.
pub(super) fn place(
    panel: &Panel,
    x: &Mapping,
    y: &Mapping,
    size: Point,
    room: &mut Room,
) -> Vec<Note> {
    for reference in &panel.references {
        let line = match reference.at {
            Place::X(at) => [(x.clamped(at), 0.0), (x.clamped(at), size.1)],
            Place::Y(at) => [(0.0, y.clamped(at)), (size.0, y.clamped(at))],
        };
        room.take_line(&line);
    }
    let bands = widest_of_each_label(&panel.bands, x)
        .into_iter()
        .map(|band| {
            let colour = match band.tone {
                Tone::Alarm => ALARM_TEXT,
                Tone::Aside => GREY,
            };
            (
                band.label.as_str(),
                colour,
                beside_a_band(x.clamped(band.from), x.clamped(band.to), &band.label, size),
            )
        });
    let references = panel.references.iter().map(|reference| {
        (
            reference.label.as_str(),
            reference.colour,
            beside_a_reference(reference, x, y, size),
        )
    });
    let wanted: Vec<_> = bands
        .chain(references)
        .filter(|(label, ..)| !label.is_empty())
        .collect();
    wanted
        .into_iter()
        .map(|(label, colour, places)| first_free(label, colour, &places, size, room))
        .collect()
}

/// The first place that is free, or the first of all.
fn first_free(label: &str, colour: Colour, places: &[Point], size: Point, room: &mut Room) -> Note {
    let text = font::shorten(label, SIZE, Weight::Regular, size.0 - 2.0 * BESIDE);
    let fitting: Vec<Point> = places
        .iter()
        .copied()
        .filter(|&at| is_inside(around(at, &text), size))
        .collect();
    let free = fitting
        .iter()
        .copied()
        .find(|&at| room.is_free(around(at, &text)));
    let at = free
        .or_else(|| fitting.first().copied())
        .unwrap_or((BESIDE, LINE));
    room.take(around(at, &text));
    Note {
        text,
        at,
        colour,
        covers: free.is_none(),
    }
}

/// A label that many bands share is written once, in the widest.
fn widest_of_each_label<'p>(bands: &'p [Band], x: &Mapping) -> Vec<&'p Band> {
    let width = |band: &Band| x.clamped(band.to) - x.clamped(band.from);
    let mut widest: Vec<&Band> = Vec::new();
    for band in bands.iter().filter(|band| width(band) > 0.0) {
        match widest.iter_mut().find(|other| other.label == band.label) {
            Some(other) if width(band) > width(other) => *other = band,
            Some(_) => {}
            None => widest.push(band),
        }
    }
    widest
}

/// Inside the band where it is wide enough, else beside it, line by line from the top.
fn beside_a_band(left: f64, right: f64, label: &str, size: Point) -> Vec<Point> {
    let width = font::width(label, SIZE, Weight::Regular);
    let starts = if width + 2.0 * BESIDE <= right - left {
        vec![left + BESIDE, right - width - BESIDE]
    } else {
        vec![left + BESIDE, right + BESIDE, left - width - BESIDE]
    };
    downwards(&starts, size)
}

fn beside_a_reference(reference: &Reference, x: &Mapping, y: &Mapping, size: Point) -> Vec<Point> {
    let width = font::width(&reference.label, SIZE, Weight::Regular);
    match reference.at {
        Place::X(at) => downwards(
            &[x.clamped(at) + BESIDE, x.clamped(at) - BESIDE - width],
            size,
        ),
        Place::Y(at) => {
            let (above, below) = (y.clamped(at) - BESIDE, y.clamped(at) + LINE + 2.0);
            let (right, left) = (size.0 - width - BESIDE, BESIDE);
            vec![
                (right, above),
                (right, below),
                (left, above),
                (left, below),
                ((right + left) / 2.0, above),
            ]
        }
    }
}

/// Each start in every line of the plot's upper two thirds.
fn downwards(starts: &[f64], size: Point) -> Vec<Point> {
    let lines = (size.1 * 0.67 / LINE) as usize;
    (1..=lines.max(1))
        .flat_map(|line| starts.iter().map(move |&start| (start, line as f64 * LINE)))
        .collect()
}

fn around((x, y): Point, text: &str) -> Rect {
    let width = font::width(text, SIZE, Weight::Regular);
    Rect {
        left: x - 2.0,
        top: y - 11.0,
        right: x + width + 2.0,
        bottom: y + 4.0,
    }
}

fn is_inside(rect: Rect, size: Point) -> bool {
    rect.left >= 0.0 && rect.right <= size.0 && rect.top >= 0.0 && rect.bottom <= size.1
}
