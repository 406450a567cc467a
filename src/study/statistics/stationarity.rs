//! Where a run has forgotten how it began, and whether it settles at all.

use super::{differences, mean, mean_interval};

/// Observations per batch of MSER-5.
const BATCH: usize = 5;
/// Two-sided level whose lower end is passed by chance once in a thousand: growth, unlike a difference, has one side.
const TREND_LEVEL: f64 = 0.998;
/// Growth that matters, as a share of the mean. Less is seen in any long enough run that is still warming up.
const TREND_SHARE: f64 = 0.1;

/// How many observations to discard from the front of `series` as warm-up, by MSER-5; `None` where no cut is found.
///
/// The cut d minimises the squared standard error of what is left, Σⱼ₌d(Yⱼ − Ȳ)² / (m − d)², over the means Y of m
/// batches of five (White 1997, Simulation 69(6); White, Cobb & Spratt 2000; Franklin & White 2008, WSC, who show when
/// it fails). A minimum in the second half says that the series has not settled, or is too short: no cut. Observations
/// beyond the last whole batch play no part. `None` also for fewer than four batches, and where a value is infinite or
/// NaN.
pub fn mser5(series: &[f64]) -> Option<usize> {
    let batches: Vec<f64> = series.chunks_exact(BATCH).map(mean).collect();
    if batches.len() < 4 || batches.iter().any(|batch| !batch.is_finite()) {
        return None;
    }
    let cut = least_standard_error(&batches);
    (cut <= batches.len() / 2).then_some(cut * BATCH)
}

/// The d that minimises Σⱼ₌d(Yⱼ − Ȳ)² / (m − d)², the first of equals.
///
/// One pass from the end, by Welford's update. The last tenth is never all that is left, nor are the last two batches:
/// a few neighbours are alike by chance, and one settled series in thirty would seem to settle only there.
fn least_standard_error(batches: &[f64]) -> usize {
    let few = (batches.len() / 10).max(2) as f64;
    let (mut running_mean, mut squares) = (0.0, 0.0);
    let (mut best, mut least) = (0, f64::INFINITY);
    for (cut, batch) in batches.iter().enumerate().rev() {
        let left = (batches.len() - cut) as f64;
        let before = batch - running_mean;
        running_mean += before / left;
        squares += before * (batch - running_mean);
        let error = squares / (left * left);
        if left > few && error <= least {
            (best, least) = (cut, error);
        }
    }
    best
}

/// How a level changed from the first to the last part of the measured stretch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Mean over replications of the first part.
    pub first: f64,
    /// Mean over replications of the last part.
    pub last: f64,
    /// (last − first) ÷ the mean of both; 0 where that mean is 0.
    pub share: f64,
    /// It grows, surely and by enough to matter: there is no steady figure to give.
    pub growing: bool,
}

/// Whether a level still grows: `first[i]` and `last[i]` are replication i's means over the first and the last part of
/// the measured stretch.
///
/// Growing means that the mean of last − first is positive with 99.9 % confidence (paired t, one-sided) and more than
/// 10 % of the mean level. `None` for fewer than two replications, or where a value is infinite or NaN.
///
/// # Panics
/// Where the slices differ in length.
pub fn trending(first: &[f64], last: &[f64]) -> Option<Trend> {
    let growth = mean_interval(&differences(first, last), TREND_LEVEL)?;
    let (first, last) = (mean(first), mean(last));
    let level = (first + last) / 2.0;
    let share = if level > 0.0 {
        growth.value / level
    } else {
        0.0
    };
    Some(Trend {
        first,
        last,
        share,
        growing: growth.low > 0.0 && share > TREND_SHARE,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::assert_near;
    use super::*;

    /// ±1 in a fixed irregular order, so that tests draw nothing.
    fn noise(i: u32) -> f64 {
        let mixed = i.wrapping_mul(0x9E37_79B9) ^ (i.wrapping_mul(0x85EB_CA6B) >> 13);
        if mixed.count_ones().is_multiple_of(2) {
            1.0
        } else {
            -1.0
        }
    }

    #[test]
    fn the_cut_comes_where_the_start_has_died_out() {
        let series: Vec<f64> = (0..1000)
            .map(|i| 50.0 * (-f64::from(i) / 20.0).exp() + noise(i))
            .collect();
        let cut = mser5(&series).expect("a transient of 20 in 1,000");
        assert!((40..=160).contains(&cut), "{cut}");
        assert_eq!(cut % BATCH, 0);
    }

    #[test]
    fn the_cut_minimises_the_standard_error_of_what_is_left() {
        let series: Vec<f64> = (0..200)
            .map(|i| if i < 23 { 9.0 } else { noise(i) })
            .collect();
        let batches: Vec<f64> = series.chunks_exact(BATCH).map(mean).collect();
        let error = |cut: usize| {
            let left = &batches[cut..];
            let centre = mean(left);
            left.iter().map(|y| (y - centre).powi(2)).sum::<f64>() / (left.len() as f64).powi(2)
        };
        let cut = mser5(&series).expect("settled") / BATCH;
        assert!(
            (0..38).all(|other| error(cut) <= error(other) * (1.0 + 1e-12)),
            "{cut}"
        );
    }

    #[test]
    fn nothing_is_cut_from_what_does_not_change() {
        assert_eq!(mser5(&[3.0; 100]), Some(0));
    }

    #[test]
    fn a_series_that_grows_to_its_end_has_no_cut() {
        let late: Vec<f64> = (0..400)
            .map(|i| if i < 300 { f64::from(i) } else { 300.0 })
            .collect();
        assert_eq!(mser5(&late), None);
        assert_eq!(mser5(&[1.0; 19]), None);
    }

    #[test]
    fn growth_in_every_replication_is_a_trend() {
        let first = [10.0, 11.0, 9.0, 10.5];
        let last = [30.0, 31.5, 28.0, 30.0];
        let trend = trending(&first, &last).expect("four replications");
        assert!(trend.growing);
        assert_near(trend.first, 10.125, 1e-12);
        assert_near(trend.last, 29.875, 1e-12);
        assert_near(trend.share, 19.75 / 20.0, 1e-12);
    }

    #[test]
    fn small_or_doubtful_growth_is_none() {
        let small =
            trending(&[100.0, 101.0, 99.0, 100.0], &[105.0, 106.0, 104.0, 105.1]).expect("four");
        assert!(!small.growing, "5 % is surely there, and too little");
        let doubtful =
            trending(&[10.0, 20.0, 30.0, 20.0], &[40.0, 10.0, 50.0, 20.0]).expect("four");
        assert!(!doubtful.growing && doubtful.share > 0.1);
        let shrinking = trending(&[30.0, 31.0], &[10.0, 11.0]).expect("two");
        assert!(!shrinking.growing);
        assert!(trending(&[1.0], &[2.0]).is_none());
    }
}
