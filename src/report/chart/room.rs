//! Which parts of a plot are taken, so that labels and the legend go where they hide nothing.

use super::canvas::{Point, Rect};

/// Side of a cell in nominal pixels.
const CELL: f64 = 4.0;

/// A plot as a grid of cells, free or taken.
#[derive(Clone)]
pub(super) struct Room {
    columns: usize,
    rows: usize,
    taken: Vec<bool>,
}

impl Room {
    pub(super) fn new((width, height): Point) -> Self {
        let (columns, rows) = (
            (width / CELL).ceil() as usize + 1,
            (height / CELL).ceil() as usize + 1,
        );
        Self {
            columns,
            rows,
            taken: vec![false; columns * rows],
        }
    }

    pub(super) fn take(&mut self, rect: Rect) {
        for (from, to) in self.cells(rect) {
            self.taken[from..to].fill(true);
        }
    }

    pub(super) fn take_line(&mut self, points: &[Point]) {
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let steps = ((to.0 - from.0).hypot(to.1 - from.1) / CELL)
                .ceil()
                .max(1.0);
            for step in 0..=steps as usize {
                let share = step as f64 / steps;
                let (x, y) = (
                    from.0 + (to.0 - from.0) * share,
                    from.1 + (to.1 - from.1) * share,
                );
                self.take(Rect {
                    left: x - 2.0,
                    top: y - 2.0,
                    right: x + 2.0,
                    bottom: y + 2.0,
                });
            }
        }
    }

    pub(super) fn is_free(&self, rect: Rect) -> bool {
        self.cells(rect)
            .into_iter()
            .all(|(from, to)| self.taken[from..to].iter().all(|taken| !taken))
    }

    /// The cells that a rectangle touches, row by row, as ranges.
    fn cells(&self, rect: Rect) -> Vec<(usize, usize)> {
        // A cast of a negative number is 0: what lies outside counts as at the edge.
        let column = |x: f64| ((x / CELL) as usize).min(self.columns - 1);
        let row = |y: f64| ((y / CELL) as usize).min(self.rows - 1);
        (row(rect.top)..=row(rect.bottom))
            .map(|row| {
                (
                    row * self.columns + column(rect.left),
                    row * self.columns + column(rect.right) + 1,
                )
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_takes_the_cells_that_it_crosses_and_no_others() {
        let mut room = Room::new((100.0, 100.0));
        room.take_line(&[(0.0, 0.0), (100.0, 100.0)]);
        assert!(!room.is_free(Rect {
            left: 40.0,
            top: 40.0,
            right: 60.0,
            bottom: 60.0
        }));
        assert!(room.is_free(Rect {
            left: 60.0,
            top: 5.0,
            right: 95.0,
            bottom: 45.0
        }));
    }
}
