//! Which line is which: inside the plot where that hides nothing, else above it.

use super::canvas::{Anchor, Canvas, Point, Rect, Type};
use super::curve::DASHES;
use super::font::{self, Weight};
use super::palette::{AXIS, Colour, INK, PAPER};
use super::room::Room;
use super::{Line, Panel, Stroke};

const FACE: Type = Type {
    size: 12.5,
    weight: Weight::Regular,
    colour: INK,
};
const ROW: f64 = 20.0;
const SAMPLE: f64 = 26.0;
const GAP: f64 = 8.0;
const PADDING: f64 = 9.0;
/// Between entries side by side.
const BETWEEN: f64 = 22.0;
/// Free room between the box and the edges of the plot.
const MARGIN: f64 = 10.0;
/// Longer names are shortened.
const WIDEST_NAME: f64 = 420.0;
/// A box may cover these shares of the plot.
const MOST: (f64, f64) = (0.55, 0.7);

/// A line's name and looks.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    label: String,
    colour: Colour,
    stroke: Stroke,
    width: f64,
    shaded: bool,
}

/// Where the legend goes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Legend {
    /// There is nothing to explain.
    None,
    /// In a box at this corner (left, top) of the plot.
    Inside(Point, Vec<Entry>),
    /// In rows above the plot.
    Above(Vec<Vec<Entry>>),
}

/// The panel's named lines but those that were explained before.
pub(super) fn entries(panel: &Panel, explained: &[Entry]) -> Vec<Entry> {
    let named = panel
        .lines
        .iter()
        .filter(|line| !line.label.is_empty())
        .map(|line| entry(line, panel));
    let mut entries: Vec<Entry> = Vec::new();
    for entry in named {
        if !explained.contains(&entry) && !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    entries
}

/// The first corner, or place between them, that is free in the first of the rooms that has one.
pub(super) fn place(entries: Vec<Entry>, size: Point, rooms: &[Room]) -> Legend {
    if entries.is_empty() {
        return Legend::None;
    }
    let (width, height) = boxed(&entries);
    let (right, bottom) = (size.0 - width - MARGIN, size.1 - height - MARGIN);
    if width > size.0 * MOST.0 || height > size.1 * MOST.1 || bottom < MARGIN {
        return Legend::Above(rows(entries, size.0));
    }
    let (centre, middle) = ((right + MARGIN) / 2.0, (bottom + MARGIN) / 2.0);
    let places = [
        (right, MARGIN),
        (MARGIN, MARGIN),
        (right, bottom),
        (MARGIN, bottom),
        (centre, MARGIN),
        (right, middle),
        (MARGIN, middle),
        (centre, bottom),
        (centre, middle),
    ];
    let free = |room: &Room, (left, top): Point| {
        let around = 4.0;
        room.is_free(Rect {
            left: left - around,
            top: top - around,
            right: left + width + around,
            bottom: top + height + around,
        })
    };
    let corner = rooms
        .iter()
        .find_map(|room| places.into_iter().find(|&corner| free(room, corner)));
    match corner {
        Some(corner) => Legend::Inside(corner, entries),
        None => Legend::Above(rows(entries, size.0)),
    }
}

impl Legend {
    /// Height that it needs above the plot.
    pub(super) fn above(&self) -> f64 {
        match self {
            Self::Above(rows) => rows.len() as f64 * ROW + 2.0,
            Self::None | Self::Inside(..) => 0.0,
        }
    }

    /// What it explains.
    pub(super) fn explained(&self) -> Vec<Entry> {
        match self {
            Self::None => Vec::new(),
            Self::Inside(_, entries) => entries.clone(),
            Self::Above(rows) => rows.concat(),
        }
    }

    /// Draws it on a canvas whose origin is the plot's upper left corner.
    pub(super) fn draw(&self, canvas: &mut Canvas<'_>) {
        match self {
            Self::None => {}
            Self::Inside((left, top), entries) => {
                frame(canvas, (*left, *top), boxed(entries));
                for (row, entry) in entries.iter().enumerate() {
                    sample(
                        canvas,
                        entry,
                        (left + PADDING, top + PADDING + (row as f64 + 0.5) * ROW),
                    );
                }
            }
            Self::Above(rows) => {
                for (row, entries) in rows.iter().enumerate() {
                    let mut x = 0.0;
                    let y = (row as f64 + 0.5) * ROW - self.above() - 2.0;
                    for entry in entries {
                        sample(canvas, entry, (x, y));
                        x += breadth(entry) + BETWEEN;
                    }
                }
            }
        }
    }
}

fn entry(line: &Line, panel: &Panel) -> Entry {
    Entry {
        label: font::shorten(&line.label, FACE.size, FACE.weight, WIDEST_NAME),
        colour: line.colour,
        stroke: line.stroke,
        width: line.width,
        shaded: line.stroke == Stroke::Solid
            && panel
                .ribbons
                .iter()
                .any(|ribbon| ribbon.colour == line.colour),
    }
}

fn breadth(entry: &Entry) -> f64 {
    SAMPLE + GAP + font::width(&entry.label, FACE.size, FACE.weight)
}

fn boxed(entries: &[Entry]) -> Point {
    let widest = entries.iter().map(breadth).fold(0.0, f64::max);
    (
        widest + 2.0 * PADDING + 2.0,
        entries.len() as f64 * ROW + 2.0 * PADDING,
    )
}

fn rows(entries: Vec<Entry>, width: f64) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    let mut used = f64::INFINITY;
    for entry in entries {
        let breadth = breadth(&entry);
        match rows.last_mut() {
            Some(row) if used + BETWEEN + breadth <= width => {
                used += BETWEEN + breadth;
                row.push(entry);
            }
            _ => {
                used = breadth;
                rows.push(vec![entry]);
            }
        }
    }
    rows
}

fn frame(canvas: &mut Canvas<'_>, (left, top): Point, (width, height): Point) {
    let (right, bottom) = (left + width, top + height);
    canvas.rect(
        Rect {
            left,
            top,
            right,
            bottom,
        },
        PAPER,
        0.92,
    );
    let outline = [
        (left, top),
        (right, top),
        (right, bottom),
        (left, bottom),
        (left, top),
    ];
    canvas.line(&outline, AXIS, 0.6);
}

/// A piece of the line and its name; `at` is the left end at half height.
fn sample(canvas: &mut Canvas<'_>, entry: &Entry, (x, y): Point) {
    if entry.shaded {
        canvas.rect(
            Rect {
                left: x,
                top: y - 5.0,
                right: x + SAMPLE,
                bottom: y + 5.0,
            },
            entry.colour,
            0.18,
        );
    }
    let ends = [(x, y), (x + SAMPLE, y)];
    match entry.stroke {
        Stroke::Solid => canvas.line(&ends, entry.colour, entry.width.max(2.0)),
        Stroke::Dashed => canvas.dashes(&ends, entry.colour, entry.width, DASHES),
    }
    canvas.text(
        &entry.label,
        (x + SAMPLE + GAP, y + 0.36 * FACE.size),
        Anchor::Start,
        FACE,
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Point = (800.0, 400.0);

    fn entries(count: usize) -> Vec<Entry> {
        let entry = |index: usize| Entry {
            label: format!("series {index}"),
            colour: INK,
            stroke: Stroke::Solid,
            width: 2.0,
            shaded: false,
        };
        (0..count).map(entry).collect()
    }

    #[test]
    fn a_legend_goes_to_a_corner_where_there_is_no_data() {
        let mut room = Room::new(SIZE);
        room.take_line(&[(0.0, 200.0), (800.0, 10.0)]);
        let Legend::Inside((left, top), _) = place(entries(3), SIZE, &[room]) else {
            panic!("there is room inside");
        };
        assert!(left < 20.0 && top < 20.0, "{left}, {top}");
    }

    #[test]
    fn a_legend_that_would_cover_data_anywhere_goes_above_the_plot() {
        let mut room = Room::new(SIZE);
        for y in 0..8 {
            let y = f64::from(y) * 50.0;
            room.take_line(&[(0.0, y), (800.0, y)]);
        }
        let Legend::Above(rows) = place(entries(12), SIZE, &[room]) else {
            panic!("there is no room inside");
        };
        assert!(rows.len() > 1);
        let width = |row: &Vec<Entry>| {
            row.iter()
                .map(|entry| breadth(entry) + BETWEEN)
                .sum::<f64>()
        };
        assert!(rows.iter().all(|row| width(row) <= SIZE.0 + BETWEEN));
    }
}
