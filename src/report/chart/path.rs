//! Lines in nominal pixels: cut to the plot, and thinned.

use super::canvas::{Point, Rect};

/// How far a thinned line may lie from the full one, in nominal pixels: a tenth of a line's width, which nobody sees.
const TOLERANCE: f64 = 0.15;

/// The pieces of a line that lie inside a rectangle. A point that is not finite interrupts it.
pub(super) fn clip(points: &[Point], to: Rect) -> Vec<Vec<Point>> {
    let mut pieces: Vec<Vec<Point>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let Some((from, till)) = clip_segment(pair[0], pair[1], to) else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open => piece.push(till),
            _ => pieces.push(vec![from, till]),
        }
        // A segment cut short leaves the rectangle: what comes next is another piece.
        open = till == pair[1];
    }
    pieces
}

/// The line without the points that make no visible difference (Ramer, Douglas and Peucker).
pub(super) fn thin(points: &[Point]) -> Vec<Point> {
    let mut keep = vec![false; points.len()];
    let mut stretches = vec![(0, points.len().saturating_sub(1))];
    while let Some((first, last)) = stretches.pop() {
        if first >= points.len() {
            continue;
        }
        (keep[first], keep[last]) = (true, true);
        let furthest = (first + 1..last)
            .map(|index| (index, distance(points[index], points[first], points[last])))
            .max_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((index, distance)) = furthest
            && distance > TOLERANCE
        {
            stretches.extend([(first, index), (index, last)]);
        }
    }
    points
        .iter()
        .zip(keep)
        .filter_map(|(&point, keep)| keep.then_some(point))
        .collect()
}

/// How long a line is.
pub(super) fn length(points: &[Point]) -> f64 {
    points
        .windows(2)
        .map(|pair| (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1))
        .sum()
}

/// Liang and Barsky's cut of one segment.
fn clip_segment(from: Point, to: Point, rect: Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    if !(dx.is_finite() && dy.is_finite()) {
        return None;
    }
    let (mut start, mut end) = (0.0_f64, 1.0_f64);
    let edges = [
        (-dx, from.0 - rect.left),
        (dx, rect.right - from.0),
        (-dy, from.1 - rect.top),
        (dy, rect.bottom - from.1),
    ];
    for (towards, room) in edges {
        if towards > 0.0 {
            end = end.min(room / towards);
        } else if towards < 0.0 {
            start = start.max(room / towards);
        } else if room < 0.0 {
            return None;
        }
    }
    let at = |share: f64| (from.0 + share * dx, from.1 + share * dy);
    (start <= end).then(|| {
        // The ends themselves are kept exact, so that the next segment is known to follow.
        (
            if start > 0.0 { at(start) } else { from },
            if end < 1.0 { at(end) } else { to },
        )
    })
}

fn distance(point: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length = dx.hypot(dy);
    if length > 0.0 {
        ((point.0 - from.0) * dy - (point.1 - from.1) * dx).abs() / length
    } else {
        (point.0 - from.0).hypot(point.1 - from.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOX: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    #[test]
    fn a_line_that_leaves_and_comes_back_is_cut_in_two() {
        let pieces = clip(&[(1.0, 5.0), (5.0, 15.0), (9.0, 5.0)], BOX);
        assert_eq!(
            pieces,
            [vec![(1.0, 5.0), (3.0, 10.0)], vec![(7.0, 10.0), (9.0, 5.0)]]
        );
    }

    #[test]
    fn a_gap_in_the_data_is_a_gap_in_the_line() {
        let pieces = clip(
            &[
                (1.0, 1.0),
                (2.0, 1.0),
                (3.0, f64::NAN),
                (4.0, 1.0),
                (5.0, 1.0),
            ],
            BOX,
        );
        assert_eq!(pieces.len(), 2);
    }

    #[test]
    fn points_on_a_straight_line_are_left_out_and_corners_are_kept() {
        let line: Vec<Point> = (0..100_i32)
            .map(|i| (f64::from(i), f64::from((i - 50).abs())))
            .collect();
        assert_eq!(thin(&line), [(0.0, 50.0), (50.0, 0.0), (99.0, 49.0)]);
        assert_eq!(thin(&[]), []);
    }
}
