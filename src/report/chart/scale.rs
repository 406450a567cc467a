//! From values to nominal pixels.

use super::{Axis, Scale};

/// Where what is off a logarithmic scale (zero) is drawn: far beyond its end, so that a line towards it leaves the
/// plot.
const FAR: f64 = 1e5;
/// Free room above the highest value, as a share of the scale.
const HEADROOM: f64 = 0.06;
/// Beyond this, sums and differences of values lose their sense; such values are left out.
const ABSURD: f64 = 1e100;

/// One axis laid out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Mapping {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) scale: Scale,
    /// The pixel of `low`.
    pub(super) from: f64,
    /// The pixel of `high`.
    pub(super) to: f64,
}

impl Mapping {
    /// The pixel of a value; not finite if the value is not.
    pub(super) fn pixel(&self, value: f64) -> f64 {
        let share = match self.scale {
            _ if !value.is_finite() || value.abs() > ABSURD => return f64::NAN,
            Scale::Linear => (value - self.low) / (self.high - self.low),
            Scale::Log if value > 0.0 => (value / self.low).ln() / (self.high / self.low).ln(),
            Scale::Log => return self.from + FAR * (self.from - self.to).signum(),
        };
        (self.from + share * (self.to - self.from)).clamp(-FAR, FAR)
    }

    /// The pixel of a value, drawn to the nearer end if it is off the scale.
    pub(super) fn clamped(&self, value: f64) -> f64 {
        self.pixel(value)
            .clamp(self.from.min(self.to), self.from.max(self.to))
    }
}

/// From where to where a level axis reaches.
pub(super) fn level(axis: &Axis, values: impl Iterator<Item = f64>) -> (f64, f64) {
    domain(axis, values, false)
}

/// From where to where an upright axis reaches: from 0 if linear, with room above.
pub(super) fn upright(axis: &Axis, values: impl Iterator<Item = f64>) -> (f64, f64) {
    domain(axis, values, true)
}

fn domain(axis: &Axis, values: impl Iterator<Item = f64>, upright: bool) -> (f64, f64) {
    if let Some((low, high)) = axis.range
        && high > low
        && (low > 0.0 || axis.scale == Scale::Linear)
    {
        return (low, high);
    }
    let sane = values.filter(|value| value.is_finite() && value.abs() <= ABSURD);
    match axis.scale {
        Scale::Linear => linear(sane, upright),
        Scale::Log => log(sane),
    }
}

fn linear(values: impl Iterator<Item = f64>, upright: bool) -> (f64, f64) {
    let ends = values.fold(None, |ends: Option<(f64, f64)>, value| {
        ends.map_or(Some((value, value)), |(low, high)| {
            Some((low.min(value), high.max(value)))
        })
    });
    let (low, high) = ends.unwrap_or((0.0, 1.0));
    let (low, high) = if upright {
        (low.min(0.0), high.max(0.0))
    } else {
        (low, high)
    };
    // One single value, or none but zeros, still needs an axis; beside a huge value a difference of 1 would be lost.
    let high = if high - low > high.abs() * 1e-9 {
        high
    } else {
        low + low.abs().max(1.0)
    };
    if upright {
        (low, high + (high - low) * HEADROOM)
    } else {
        (low, high)
    }
}

fn log(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let positive = values.filter(|value| *value > 1e-100);
    let (low, high) = positive.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    if low > high {
        return (0.1, 1.0);
    }
    let (low, high) = (snap_down(low), snap_up(high));
    if low < high {
        (low, high)
    } else {
        (low / 2.0, high * 2.0)
    }
}

/// The largest of 1, 2, 5 × 10ⁿ that is not above the value.
pub fn snap_down(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    [5.0, 2.0]
        .into_iter()
        .map(|digit| digit * decade)
        .find(|step| *step <= value * (1.0 + 1e-9))
        .unwrap_or(decade)
}

/// The smallest of 1, 2, 5 × 10ⁿ that is not below the value.
pub fn snap_up(value: f64) -> f64 {
    let decade = 10f64.powf(value.log10().floor());
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|digit| digit * decade)
        .find(|step| *step >= value * (1.0 - 1e-9))
        .unwrap_or(decade * 10.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::chart::Unit;

    fn axis(scale: Scale) -> Axis {
        Axis {
            label: String::new(),
            unit: Unit::Number,
            scale,
            range: None,
        }
    }

    #[test]
    fn an_axis_has_a_length_whatever_the_data() {
        for values in [
            vec![],
            vec![0.0],
            vec![5.0],
            vec![1e12],
            vec![f64::NAN],
            vec![f64::INFINITY, -1.0],
            vec![1e-12],
        ] {
            for scale in [Scale::Linear, Scale::Log] {
                for ends in
                    [level, upright].map(|of: fn(&Axis, std::vec::IntoIter<f64>) -> (f64, f64)| {
                        of(&axis(scale), values.clone().into_iter())
                    })
                {
                    assert!(
                        ends.0 < ends.1 && ends.0.is_finite() && ends.1.is_finite(),
                        "{values:?} {scale:?} {ends:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn zero_on_a_logarithmic_scale_lies_off_its_lower_end() {
        let upright = Mapping {
            low: 1e-3,
            high: 1.0,
            scale: Scale::Log,
            from: 300.0,
            to: 0.0,
        };
        assert!(upright.pixel(0.0) > 300.0);
        assert!((upright.pixel(0.1) - 100.0).abs() < 1e-9);
        assert!((upright.clamped(0.0) - 300.0).abs() < 1e-9);
    }

    #[test]
    fn logarithmic_ends_are_one_two_or_five() {
        assert!((snap_down(0.034) - 0.02).abs() < 1e-12);
        assert!((snap_up(0.034) - 0.05).abs() < 1e-12);
        assert!((snap_up(0.05) - 0.05).abs() < 1e-12);
        assert!((snap_up(6.0) - 10.0).abs() < 1e-12);
    }
}
