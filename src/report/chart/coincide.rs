//! Lines that lie on each other: where they do, the upper one leaves gaps in which the lower is seen.

use super::canvas::Point;
use super::path;

/// Side of a cell in nominal pixels.
const CELL: f64 = 0.5;
/// How far apart lines may be that cannot be told apart, in cells: half of a line's width.
const APART: i64 = 1;
/// In cells, how far each of them is seen before the next one is …
const PIECE: usize = 28;
/// … if they lie on each other for this long: lines that only cross stay whole.
const LONG: usize = 4 * PIECE;

/// The cells of a plot that each line crosses.
pub(super) struct Traces {
    columns: i64,
    rows: i64,
    lines: Vec<Vec<bool>>,
}

impl Traces {
    pub(super) fn new((width, height): Point) -> Self {
        Self {
            columns: (width / CELL).ceil() as i64 + 1,
            rows: (height / CELL).ceil() as i64 + 1,
            lines: Vec::new(),
        }
    }

    /// The line's pieces with gaps where it lies on lines added before, a share of its length for each of them.
    pub(super) fn add(&mut self, pieces: Vec<Vec<Point>>) -> Vec<Vec<Point>> {
        let mut cells = vec![false; (self.columns * self.rows) as usize];
        let mut seen = Vec::new();
        for piece in pieces {
            let walked = walk(&piece);
            for &point in &walked {
                for cell in self.around(point) {
                    cells[cell] = true;
                }
            }
            let below: Vec<usize> = walked.iter().map(|point| self.below(*point)).collect();
            if below.iter().any(|lines| *lines > 0) {
                seen.extend(with_gaps(&walked, &below));
            } else {
                seen.push(piece);
            }
        }
        self.lines.push(cells);
        seen
    }

    /// How many lines cross this point.
    fn below(&self, point: Point) -> usize {
        let Some(cell) = self.cell(point, (0, 0)) else {
            return 0;
        };
        self.lines.iter().filter(|line| line[cell]).count()
    }

    fn around(&self, point: Point) -> impl Iterator<Item = usize> {
        let steps = -APART..=APART;
        steps.flat_map(move |x| (-APART..=APART).filter_map(move |y| self.cell(point, (x, y))))
    }

    fn cell(&self, point: Point, (x, y): (i64, i64)) -> Option<usize> {
        let column = (point.0 / CELL) as i64 + x;
        let row = (point.1 / CELL) as i64 + y;
        let inside = (0..self.columns).contains(&column) && (0..self.rows).contains(&row);
        inside.then_some((row * self.columns + column) as usize)
    }
}

/// The line in steps of a cell at most.
fn walk(points: &[Point]) -> Vec<Point> {
    let mut walked: Vec<Point> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let steps = ((to.0 - from.0).hypot(to.1 - from.1) / CELL)
            .ceil()
            .max(1.0);
        walked.extend((1..=steps as usize).map(|step| {
            let share = step as f64 / steps;
            (
                from.0 + (to.0 - from.0) * share,
                from.1 + (to.1 - from.1) * share,
            )
        }));
    }
    walked
}

/// `below` says of each point on how many lines it lies.
fn with_gaps(walked: &[Point], below: &[usize]) -> Vec<Vec<Point>> {
    let mut is_drawn = vec![true; walked.len()];
    let mut start = 0;
    for stretch in below.chunk_by(|a, b| (*a > 0) == (*b > 0)) {
        if stretch[0] > 0 && stretch.len() >= LONG {
            for (index, lines) in stretch.iter().enumerate() {
                is_drawn[start + index] = index / PIECE % (lines + 1) == *lines;
            }
        }
        start += stretch.len();
    }
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut start = 0;
    for stretch in is_drawn.chunk_by(|a, b| a == b) {
        // Each piece ends where the next begins, or thinning would leave a hair between them.
        let end = (start + stretch.len() + 1).min(walked.len());
        if stretch[0] && end - start > 1 {
            pieces.push(path::thin(&walked[start..end]));
        }
        start += stretch.len();
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(y: f64) -> Vec<Vec<Point>> {
        vec![vec![(0.0, y), (420.0, y)]]
    }

    fn drawn(pieces: &[Vec<Point>]) -> f64 {
        pieces.iter().map(|piece| path::length(piece)).sum()
    }

    #[test]
    fn lines_on_each_other_are_seen_in_turns() {
        let mut traces = Traces::new((420.0, 100.0));
        assert_eq!(traces.add(level(50.0)), level(50.0));
        let second = traces.add(level(50.4));
        assert!((drawn(&second) - 210.0).abs() < 20.0, "{second:?}");
        let third = traces.add(level(50.0));
        assert!((drawn(&third) - 140.0).abs() < 20.0, "{third:?}");
    }

    #[test]
    fn lines_that_lie_apart_or_only_cross_stay_whole() {
        let mut traces = Traces::new((420.0, 100.0));
        traces.add(level(50.0));
        assert_eq!(traces.add(level(56.0)), level(56.0));
        let across = traces.add(vec![vec![(0.0, 0.0), (420.0, 100.0)]]);
        assert!((drawn(&across) - 431.7).abs() < 1.0, "{across:?}");
    }
}
