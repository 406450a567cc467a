//! What is written inside a plot: the names of bands and of reference lines, each where it hides nothing.

use super::canvas::{Anchor, Canvas, Point, Rect, Type};
use super::font::{self, Weight};
use super::frame::Frame;
use super::palette::{ALARM_TEXT, Colour, GREY, PAPER};
use super::room::Room;
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

/// A text looking for a place.
struct Wanted<'c> {
    label: &'c str,
    colour: Colour,
    /// The best first.
    places: Vec<Point>,
}

/// Places every label, and takes the room for them and for the lines that they name.
pub(super) fn place(panel: &Panel, frame: &Frame, room: &mut Room) -> Vec<Note> {
    for line in panel
        .references
        .iter()
        .filter_map(|reference| frame.line(reference.at))
    {
        room.take_line(&line);
    }
    let bands = widest_of_each_label(&panel.bands, frame)
        .into_iter()
        .map(|band| of_band(band, frame));
    let references = panel
        .references
        .iter()
        .map(|reference| of_reference(reference, frame));
    let wanted = bands
        .chain(references)
        .filter(|wanted| !wanted.label.is_empty());
    wanted
        .map(|wanted| first_free(&wanted, frame.size, room))
        .collect()
}

/// The first place that is free, or the first of all.
fn first_free(wanted: &Wanted<'_>, size: Point, room: &mut Room) -> Note {
    let text = font::shorten(wanted.label, SIZE, Weight::Regular, size.0 - 2.0 * BESIDE);
    let inside = |&at: &Point| is_inside(around(at, &text), size);
    let fitting: Vec<Point> = wanted.places.iter().copied().filter(inside).collect();
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
        colour: wanted.colour,
        covers: free.is_none(),
    }
}

/// A label that many bands share is written once, in the widest.
fn widest_of_each_label<'p>(bands: &'p [Band], frame: &Frame) -> Vec<&'p Band> {
    let width = |band: &Band| frame.band(band).right - frame.band(band).left;
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
fn of_band<'c>(band: &'c Band, frame: &Frame) -> Wanted<'c> {
    let rect = frame.band(band);
    let width = font::width(&band.label, SIZE, Weight::Regular);
    let inside = [rect.left + BESIDE, rect.right - width - BESIDE];
    let beside = [
        rect.left + BESIDE,
        rect.right + BESIDE,
        rect.left - width - BESIDE,
    ];
    let fits = width + 2.0 * BESIDE <= rect.right - rect.left;
    let colour = match band.tone {
        Tone::Alarm => ALARM_TEXT,
        Tone::Aside => GREY,
    };
    Wanted {
        label: &band.label,
        colour,
        places: downwards(if fits { &inside } else { &beside }, frame.size),
    }
}

fn of_reference<'c>(reference: &'c Reference, frame: &Frame) -> Wanted<'c> {
    let width = font::width(&reference.label, SIZE, Weight::Regular);
    let places = match reference.at {
        Place::X(at) => {
            let x = frame.x.clamped(at);
            downwards(&[x + BESIDE, x - BESIDE - width], frame.size)
        }
        Place::Y(at) => {
            let y = frame.y.clamped(at);
            let (above, below) = (y - BESIDE, y + LINE + 2.0);
            let (right, left) = (frame.size.0 - width - BESIDE, BESIDE);
            vec![(right, above), (right, below), (left, above), (left, below)]
        }
    };
    Wanted {
        label: &reference.label,
        colour: reference.colour,
        places,
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
