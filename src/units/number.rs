//! A decimal number at the head of a text, kept as digits so that scaling it is exact.

/// The digits before and after the point, without `_`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    whole: String,
    fraction: String,
}

/// Splits `text` into the number at its head and the rest, blanks between them dropped.
///
/// `None` where no number stands at the head: a sign, a letter, a lone point or underscore.
pub(super) fn split(text: &str) -> Option<(Decimal, &str)> {
    let (whole, rest) = digits(text)?;
    let (fraction, rest) = match rest.strip_prefix('.') {
        Some(after) => digits(after)?,
        None => (String::new(), rest),
    };
    Some((Decimal { whole, fraction }, rest.trim_start()))
}

fn digits(text: &str) -> Option<(String, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit() && c != '_')
        .unwrap_or(text.len());
    let (head, rest) = text.split_at(end);
    let well_formed = head.starts_with(|c: char| c.is_ascii_digit()) && !head.ends_with('_');
    well_formed.then(|| (head.replace('_', ""), rest))
}

impl Decimal {
    /// The number times ten to the power `exponent`, rounded once.
    ///
    /// `None` where it is beyond `f64`.
    pub(super) fn scaled(&self, exponent: i32) -> Option<f64> {
        let value: f64 = format!("{}.{}e{exponent}", self.whole, self.fraction)
            .parse()
            .ok()?;
        value.is_finite().then_some(value)
    }

    /// The number times `unit`, to the nearest whole; whether that was exact comes with it.
    ///
    /// `None` where it is beyond `u64`.
    pub(super) fn times(&self, unit: u64) -> Option<(u64, bool)> {
        let unit = u128::from(unit);
        let whole = self.whole.parse::<u128>().ok()?.checked_mul(unit)?;
        // 18 digits after the point are more than a nanosecond in a day can show, and keep the product within u128.
        let shown = &self.fraction[..self.fraction.len().min(18)];
        let scale = 10_u128.pow(shown.len() as u32);
        let part = if shown.is_empty() {
            0
        } else {
            shown.parse::<u128>().ok()? * unit
        };
        let rounded = (part + scale / 2) / scale;
        let total = u64::try_from(whole.checked_add(rounded)?).ok()?;
        Some((total, part % scale == 0))
    }
}
