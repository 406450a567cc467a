//! Where a plot's values lie, in nominal pixels from its upper left corner.

use super::canvas::{Point, Rect};
use super::scale::Mapping;
use super::{Band, Place};

/// A plot's size and scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) size: Point,
    pub(super) x: Mapping,
    pub(super) y: Mapping,
}

impl Frame {
    /// The plot itself.
    pub(super) fn rect(&self) -> Rect {
        Rect {
            left: 0.0,
            top: 0.0,
            right: self.size.0,
            bottom: self.size.1,
        }
    }

    /// Where a point of the data lies; not finite if the point is not.
    pub(super) fn pixel(&self, (x, y): (f64, f64)) -> Point {
        (self.x.pixel(x), self.y.pixel(y))
    }

    /// The same, drawn to the nearest edge if it lies outside.
    pub(super) fn clamped(&self, (x, y): (f64, f64)) -> Point {
        (self.x.clamped(x), self.y.clamped(y))
    }

    pub(super) fn contains(&self, (x, y): Point) -> bool {
        (0.0..=self.size.0).contains(&x) && (0.0..=self.size.1).contains(&y)
    }

    /// The part of a band that is seen.
    pub(super) fn band(&self, band: &Band) -> Rect {
        Rect {
            left: self.x.clamped(band.from),
            right: self.x.clamped(band.to),
            ..self.rect()
        }
    }

    /// The ends of a straight line, if it crosses the plot.
    pub(super) fn line(&self, place: Place) -> Option<[Point; 2]> {
        let (width, height) = self.size;
        // Half a pixel of grace for a limit at the very end of an axis.
        let within = |pixel: &f64, end: f64| (-0.5..=end + 0.5).contains(pixel);
        match place {
            Place::X(x) => Some(self.x.pixel(x))
                .filter(|x| within(x, width))
                .map(|x| [(x, 0.0), (x, height)]),
            Place::Y(y) => Some(self.y.pixel(y))
                .filter(|y| within(y, height))
                .map(|y| [(0.0, y), (width, y)]),
        }
    }
}
