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
/// So many lines of text a label may be away from the level that it names.
const LINES_AWAY: u32 = 12;

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
    /// What it must not stand in.
    foreign: Vec<Rect>,
    /// Left out where no place is free.
    may_go: bool,
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
        .map(|band| of_band(band, &panel.bands, frame));
    let references = panel
        .references
        .iter()
        .map(|reference| of_reference(reference, frame));
    let wanted = bands
        .chain(references)
        .filter(|wanted| !wanted.label.is_empty());
    let mut placed = Vec::new();
    for wanted in wanted {
        placed.extend(first_free(&wanted, frame.size, room, &placed));
    }
    placed
}

/// The first place that is free; else the first that covers no other note, or none.
fn first_free(wanted: &Wanted<'_>, size: Point, room: &mut Room, placed: &[Note]) -> Option<Note> {
    let text = font::shorten(wanted.label, SIZE, Weight::Regular, size.0 - 2.0 * BESIDE);
    let fits = |&at: &Point| {
        let rect = around(at, &text);
        is_inside(rect, size) && !wanted.foreign.iter().any(|other| meet(rect, *other))
    };
    let fitting: Vec<Point> = wanted.places.iter().copied().filter(fits).collect();
    let free = fitting
        .iter()
        .copied()
        .find(|&at| room.is_free(around(at, &text)));
    if free.is_none() && wanted.may_go {
        return None;
    }
    let covers_no_note = |&at: &Point| {
        let mut notes = placed.iter();
        !notes.any(|note| meet(around(at, &text), around(note.at, &note.text)))
    };
    let at = free
        .or_else(|| fitting.iter().copied().find(covers_no_note))
        .or_else(|| fitting.first().copied())
        .unwrap_or((BESIDE, LINE));
    room.take(around(at, &text));
    Some(Note {
        text,
        at,
        colour: wanted.colour,
        covers: free.is_none(),
    })
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

/// Inside the band where it is wide enough, else beside it, line by line from the top; never where another kind of band
/// is seen.
fn of_band<'c>(band: &'c Band, bands: &[Band], frame: &Frame) -> Wanted<'c> {
    let rect = frame.band(band);
    let width = font::width(&band.label, SIZE, Weight::Regular);
    let inside = [rect.left + BESIDE, rect.right - width - BESIDE];
    let beside = [rect.right + BESIDE, rect.left - width - BESIDE];
    let fits = width + 2.0 * BESIDE <= rect.right - rect.left;
    let colour = match band.tone {
        Tone::Alarm => ALARM_TEXT,
        Tone::Aside => GREY,
    };
    Wanted {
        label: &band.label,
        colour,
        places: downwards(if fits { &inside } else { &beside }, frame.size),
        foreign: foreign(band, bands, !fits, frame),
        may_go: true,
    }
}

/// Bands of another kind: beside a band all of them, in it those that are drawn over it.
fn foreign(band: &Band, bands: &[Band], is_beside: bool, frame: &Frame) -> Vec<Rect> {
    let over = bands.iter().rev().take_while(|other| *other != band);
    let others: Vec<&Band> = if is_beside {
        bands.iter().collect()
    } else {
        over.collect()
    };
    let others = others.into_iter().filter(|other| other.label != band.label);
    others.map(|other| frame.band(other)).collect()
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
            let beside = |lines: u32| {
                let away = f64::from(lines) * LINE;
                [right, left, f64::midpoint(left, right)]
                    .into_iter()
                    .flat_map(move |x| [(x, above - away), (x, below + away)])
            };
            // Rather a little away from its line than over data.
            (0..=LINES_AWAY).flat_map(beside).collect()
        }
    };
    Wanted {
        label: &reference.label,
        colour: reference.colour,
        places,
        foreign: Vec::new(),
        may_go: false,
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

fn meet(one: Rect, other: Rect) -> bool {
    let level = one.left < other.right && other.left < one.right;
    level && one.top < other.bottom && other.top < one.bottom
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::scale::Mapping;
    use crate::report::chart::{Axis, Scale, Unit};

    /// A plot of so many pixels, over ten units of x and one of y.
    fn plot(width: f64, height: f64) -> Frame {
        let mapping = |high, from, to| Mapping {
            low: 0.0,
            high,
            scale: Scale::Linear,
            from,
            to,
        };
        Frame {
            size: (width, height),
            x: mapping(10.0, 0.0, width),
            y: mapping(1.0, height, 0.0),
        }
    }

    /// Of a plot of 500 × 300 pixels.
    fn notes(bands: &[(f64, f64, Tone)]) -> Vec<Note> {
        let frame = plot(500.0, 300.0);
        let mut panel = Panel::new("", Axis::linear("", Unit::Number));
        let band = |&(from, to, tone): &(f64, f64, Tone)| Band {
            from,
            to,
            label: match tone {
                Tone::Alarm => "λ > C: saturated",
                Tone::Aside => "warm-up",
            }
            .to_owned(),
            tone,
        };
        panel.bands = bands.iter().map(band).collect();
        place(&panel, &frame, &mut Room::new(frame.size))
    }

    #[test]
    fn a_label_that_its_band_does_not_hold_stands_beside_it() {
        let narrow = notes(&[(1.0, 1.2, Tone::Aside)]);
        assert!(matches!(&narrow[..], [note] if note.at.0 >= 60.0));
        let wide = notes(&[(1.0, 9.0, Tone::Aside)]);
        assert!(matches!(&wide[..], [note] if (50.0..450.0).contains(&note.at.0)));
    }

    #[test]
    fn the_names_of_two_levels_that_are_close_are_both_legible() {
        let frame = plot(160.0, 80.0);
        let mut panel = Panel::new("", Axis::linear("", Unit::Number));
        for (at, label) in [(0.5, "wait p99 < 1 s"), (0.51, "sojourn p99 < 1.02 s")] {
            panel.references.push(Reference {
                at: Place::Y(at),
                label: label.to_owned(),
                colour: GREY,
            });
        }
        // Data everywhere.
        let mut room = Room::new(frame.size);
        room.take(Rect {
            left: 0.0,
            top: 0.0,
            right: 160.0,
            bottom: 80.0,
        });
        let notes = place(&panel, &frame, &mut room);
        let [one, other] = &notes[..] else {
            panic!("{notes:?}")
        };
        assert!(!meet(
            around(one.at, &one.text),
            around(other.at, &other.text)
        ));
    }

    #[test]
    fn a_label_never_stands_in_a_band_of_another_kind() {
        let covered = notes(&[(0.0, 1.0, Tone::Aside), (0.0, 10.0, Tone::Alarm)]);
        let texts: Vec<&str> = covered.iter().map(|note| note.text.as_str()).collect();
        assert_eq!(texts, ["λ > C: saturated"]);
        let between = notes(&[(4.0, 4.2, Tone::Aside), (4.2, 10.0, Tone::Alarm)]);
        assert!(matches!(&between[..], [warmup, _] if warmup.at.0 < 200.0));
    }
}
