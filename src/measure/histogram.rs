//! A log-linear histogram: exact up to 2,047, then 1,024 bins an octave, so that a bin is at most 0.1 % wide.

/// Bins of one octave.
const OCTAVE: usize = 1024;
const OCTAVE_BITS: u32 = OCTAVE.trailing_zeros();

/// Weights by value. Values are integers (nanoseconds, messages); weights are counts, or nanoseconds spent at a value.
///
/// It grows to the largest value seen: at most 0.5 MB, at 2⁶⁴.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    weights: Vec<u64>,
    total: u64,
}

impl Histogram {
    /// Adds `weight` at `value`.
    #[inline]
    pub fn add(&mut self, value: u64, weight: u64) {
        let bin = bin_of(value);
        if bin >= self.weights.len() {
            self.grow(bin);
        }
        self.weights[bin] += weight;
        self.total += weight;
    }

    /// Adds all of `other`.
    pub fn merge(&mut self, other: &Packed) {
        if let Some((last, _)) = other.bins.last()
            && *last as usize >= self.weights.len()
        {
            self.grow(*last as usize);
        }
        for (bin, weight) in &other.bins {
            self.weights[*bin as usize] += weight;
        }
        self.total += other.total;
    }

    /// The same in as little memory as it takes, for keeping.
    pub fn pack(&self) -> Packed {
        let bins = self
            .weights
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, weight)| *weight > 0);
        Packed {
            bins: bins.map(|(bin, weight)| (bin as u32, weight)).collect(),
            total: self.total,
        }
    }

    /// Sum of all weights.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// For each share in `levels` (0 to 1, rising), the smallest value that at least so much of the weight does not
    /// exceed, interpolated inside its bin. `lost` weight counts as above every value: a quantile that lies in it is
    /// infinite. NaN if there is no weight.
    pub fn quantiles(&self, levels: &[f64], lost: u64) -> Vec<f64> {
        let whole = (self.total + lost) as f64;
        let mut found = Vec::with_capacity(levels.len());
        let mut below = 0;
        let mut wanted = levels.iter().map(|level| level * whole).peekable();
        for (bin, weight) in self.weights.iter().copied().enumerate() {
            if weight == 0 {
                continue;
            }
            while let Some(next) = wanted.next_if(|next| (below + weight) as f64 >= *next) {
                found.push(inside(
                    bin,
                    ((next - below as f64) / weight as f64).clamp(0.0, 1.0),
                ));
            }
            below += weight;
        }
        let beyond = if whole > 0.0 { f64::INFINITY } else { f64::NAN };
        found.resize(levels.len(), beyond);
        found
    }

    /// Bins that hold something, as (smallest value, width, weight).
    pub fn bins(&self) -> impl Iterator<Item = (u64, u64, u64)> {
        let bins = self.weights.iter().copied().enumerate();
        bins.filter(|(_, weight)| *weight > 0)
            .map(|(bin, weight)| (lower_edge(bin), width(bin), weight))
    }

    #[cold]
    fn grow(&mut self, bin: usize) {
        // Whole octaves: a handful of times in a run.
        self.weights.resize((bin / OCTAVE + 1) * OCTAVE, 0);
    }
}

/// A finished histogram: only the bins that hold something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Packed {
    /// (bin, weight), in the order of bins.
    bins: Box<[(u32, u64)]>,
    total: u64,
}

impl Packed {
    /// Sum of all weights.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Weight of all bins up to the one that holds `value`.
    pub fn up_to(&self, value: u64) -> u64 {
        let last = bin_of(value) as u32;
        let bins = self.bins.iter().take_while(|(bin, _)| *bin <= last);
        bins.map(|(_, weight)| weight).sum()
    }

    /// Weight at exactly 0.
    pub fn at_zero(&self) -> u64 {
        self.bins
            .first()
            .filter(|(bin, _)| *bin == 0)
            .map_or(0, |(_, weight)| *weight)
    }
}

/// Bins of width 1 hold one value; wider ones are taken as evenly filled.
fn inside(bin: usize, share: f64) -> f64 {
    let width = width(bin);
    let lower = lower_edge(bin) as f64;
    if width == 1 {
        lower
    } else {
        lower + share * width as f64
    }
}

/// The bin that holds `value`.
#[inline]
pub(super) fn bin_of(value: u64) -> usize {
    // Levels are mostly small, and finding the octave costs more than asking.
    if value < 2 * OCTAVE as u64 {
        return value as usize;
    }
    let octave = (u64::BITS - 1 - (value | (OCTAVE as u64)).leading_zeros()) - OCTAVE_BITS;
    ((octave as usize) << OCTAVE_BITS) + (value >> octave) as usize
}

/// The smallest value in a bin.
pub(super) fn lower_edge(bin: usize) -> u64 {
    if bin < 2 * OCTAVE {
        return bin as u64;
    }
    ((OCTAVE + bin % OCTAVE) as u64) << (bin / OCTAVE - 1)
}

/// How many values a bin holds.
pub(super) fn width(bin: usize) -> u64 {
    1 << (bin / OCTAVE).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_lies_in_its_bin_and_bins_are_a_thousandth_wide() {
        let values =
            (0..5000).chain((0..64).flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1]));
        for value in values.chain([u64::MAX]) {
            let bin = bin_of(value);
            let offset = value - lower_edge(bin);
            assert!(offset < width(bin), "{value} in bin {bin}");
            assert!(
                width(bin) == 1 || width(bin) as f64 <= value as f64 / 1024.0 * 1.0001,
                "{value}: {}",
                width(bin)
            );
        }
    }

    #[test]
    fn bins_are_in_the_order_of_values_and_leave_no_gap() {
        for bin in 0..20_000 {
            assert_eq!(
                lower_edge(bin) + width(bin),
                lower_edge(bin + 1),
                "bin {bin}"
            );
            assert_eq!(bin_of(lower_edge(bin)), bin);
        }
    }

    #[test]
    fn quantiles_are_the_smallest_value_with_that_share_below() {
        let mut histogram = Histogram::default();
        (1..=1000).for_each(|value| histogram.add(value, 1));
        assert_eq!(
            histogram.quantiles(&[0.5, 0.99, 1.0], 0),
            [500.0, 990.0, 1000.0]
        );
        assert!(Histogram::default().quantiles(&[0.5], 0)[0].is_nan());
    }

    #[test]
    fn the_lost_count_as_later_than_everything() {
        let mut histogram = Histogram::default();
        histogram.add(7, 98);
        assert_eq!(histogram.quantiles(&[0.99], 0), [7.0]);
        assert_eq!(histogram.quantiles(&[0.98, 0.99], 2), [7.0, f64::INFINITY]);
    }
}
