//! The age of the oldest message over time: it grows evenly while one message is the oldest, and then jumps.

use super::histogram::{Histogram, bin_of, lower_edge, width};

/// Time spent at each age, without walking over the bins that a stretch passes through.
///
/// While ages run from x to y, every bin between holds its full width in nanoseconds. So only the two ends are noted:
/// of each bin it counts where full bins begin and end, and what is over or missing at the ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Ages {
    ends: Vec<Ends>,
    /// Time in all stretches, in nanoseconds.
    time: u64,
    /// Twice the area under the age, in square nanoseconds.
    pub(super) doubled_area: u128,
    /// The highest age, in nanoseconds.
    pub(super) max: u64,
}

/// Ends of stretches in one bin.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    /// Stretches that begin in it, less those that end in it.
    passes: i64,
    /// Nanoseconds of the bin that those which end in it have spent there, less what those that begin have not.
    rest: i64,
}

impl Ages {
    /// Ages ran from `from` to `to` nanoseconds.
    pub(super) fn add(&mut self, from: u64, to: u64) {
        let (first, last) = (bin_of(from), bin_of(to));
        if last >= self.ends.len() {
            self.ends.resize((last / 1024 + 1) * 1024, Ends::default());
        }
        let begin = &mut self.ends[first];
        begin.passes += 1;
        begin.rest -= (from - lower_edge(first)) as i64;
        let end = &mut self.ends[last];
        end.passes -= 1;
        end.rest += (to - lower_edge(last)) as i64;
        self.time += to - from;
        self.doubled_area += u128::from(to - from) * (u128::from(from) + u128::from(to));
        self.max = self.max.max(to);
    }

    /// Time at each age, with age 0 for the rest of the `whole` time (the queue was empty), in nanoseconds.
    pub(super) fn histogram(&self, whole: u64) -> Histogram {
        let mut histogram = Histogram::default();
        histogram.add(0, whole - self.time);
        let mut passing = 0;
        for (bin, Ends { passes, rest }) in self.ends.iter().enumerate() {
            passing += passes;
            // The sum in i128: thousands of stretches may pass a bin that is years wide.
            let time = i128::from(passing) * i128::from(width(bin)) + i128::from(*rest);
            if time > 0 {
                histogram.add(lower_edge(bin), time as u64);
            }
        }
        histogram
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_at_each_age_is_that_of_a_walk_over_every_nanosecond() {
        let stretches = [
            (0, 5000),
            (17, 2500),
            (2049, 2051),
            (4000, 4000),
            (3, 3_000),
            (0, 1),
        ];
        let (mut ages, mut walked) = (Ages::default(), Histogram::default());
        for (from, to) in stretches {
            ages.add(from, to);
            (from..to).for_each(|age| walked.add(age, 1));
        }
        let whole = stretches.iter().map(|(from, to)| to - from).sum::<u64>();
        assert!(ages.histogram(whole).bins().eq(walked.bins()));
        walked.add(0, 99);
        assert!(
            ages.histogram(whole + 99).bins().eq(walked.bins()),
            "an empty queue has age 0"
        );
    }

    #[test]
    fn the_mean_age_of_a_ramp_is_its_middle() {
        let mut ages = Ages::default();
        ages.add(100, 300);
        assert_eq!(ages.doubled_area, 2 * 200 * 200);
        assert_eq!(ages.max, 300);
    }
}
