//! The units the program counts in: shares, points, intervals, durations.
//!
//! Owns arithmetic on intervals, the Wilson interval and how a duration is written; must never know where a number comes from.

use serde::Serialize;

/// A closed interval `low..=high` of one unit; `low <= high` always, both finite.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl Interval {
    /// The interval between two finite ends, in whichever order they come.
    #[must_use]
    pub fn new(a: f64, b: f64) -> Self {
        debug_assert!(a.is_finite() && b.is_finite());
        Self { low: a.min(b), high: a.max(b) }
    }

    /// The interval that holds one value.
    #[must_use]
    pub fn point(value: f64) -> Self {
        Self::new(value, value)
    }

    /// Half way between the ends.
    #[must_use]
    pub fn middle(self) -> f64 {
        f64::midpoint(self.low, self.high)
    }

    /// `high - low`.
    #[must_use]
    pub fn width(self) -> f64 {
        self.high - self.low
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Both ends moved into `low..=high`.
    #[must_use]
    pub fn clamp(self, low: f64, high: f64) -> Self {
        Self { low: self.low.clamp(low, high), high: self.high.clamp(low, high) }
    }

    /// Both ends multiplied by a number (a negative one swaps them).
    #[must_use]
    pub fn scale(self, by: f64) -> Self {
        Self::new(self.low * by, self.high * by)
    }
}

impl std::ops::Add for Interval {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { low: self.low + other.low, high: self.high + other.high }
    }
}

impl std::ops::Sub for Interval {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { low: self.low - other.high, high: self.high - other.low }
    }
}

/// Standard normal quantile of the 95% intervals used throughout.
pub const Z_95: f64 = 1.959_964;

/// Wilson 95% interval of a share of `hits` among `n` cases; `None` where there are no cases.
///
/// Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
#[must_use]
pub fn wilson(hits: f64, n: f64) -> Option<Interval> {
    if n <= 0.0 || !n.is_finite() || !hits.is_finite() {
        return None;
    }
    let p = (hits / n).clamp(0.0, 1.0);
    let z2 = Z_95 * Z_95;
    let centre = p + z2 / (2.0 * n);
    let spread = Z_95 * (p * (1.0 - p) / n + z2 / (4.0 * n * n)).sqrt();
    let scale = 1.0 + z2 / n;
    // The exact ends at p = 0 and p = 1 are 0 and 1; rounding must not push the value outside.
    let low = if p == 0.0 { 0.0 } else { ((centre - spread) / scale).clamp(0.0, p) };
    let high = if p == 1.0 { 1.0 } else { ((centre + spread) / scale).clamp(p, 1.0) };
    Some(Interval { low, high })
}

/// Seconds, greater than 0, of a duration as people write it: `20s`, `6m`, `8h`, `2d` or `H:MM:SS`.
#[must_use]
pub fn parse_duration(text: &str) -> Option<f64> {
    /// Ten years.
    const LONGEST: f64 = 3660.0 * 86_400.0;
    let digits = |s: &str| !s.is_empty() && s.len() <= 9 && s.bytes().all(|b| b.is_ascii_digit());
    let seconds = if text.contains(':') {
        let parts: Vec<&str> = text.split(':').collect();
        let [h, m, s] = parts.as_slice() else { return None };
        if !digits(h) || m.len() != 2 || s.len() != 2 || !digits(m) || !digits(s) {
            return None;
        }
        let (h, m, s) = (h.parse::<f64>().ok()?, m.parse::<f64>().ok()?, s.parse::<f64>().ok()?);
        if m >= 60.0 || s >= 60.0 {
            return None;
        }
        h * 3600.0 + m * 60.0 + s
    } else {
        [("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86_400.0)].iter().find_map(|(unit, size)| {
            let number = text.strip_suffix(unit)?.trim_end();
            number.starts_with(|c: char| c.is_ascii_digit()).then_some(())?;
            number.parse::<f64>().ok().filter(|n| n.is_finite()).map(|n| n * size)
        })?
    };
    (seconds > 0.0 && seconds <= LONGEST).then_some(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_carry_their_unit() {
        for (text, seconds) in [
            ("20s", 20.0),
            ("6m", 360.0),
            ("1.5m", 90.0),
            ("8h", 28_800.0),
            ("2d", 172_800.0),
            ("0:06:30", 390.0),
            ("12:00:00", 43_200.0),
        ] {
            assert_eq!(parse_duration(text), Some(seconds), "{text}");
        }
        for text in
            ["20", "", "m", "-5m", "0s", "1:60:00", "1:00", "nans", "infs", "1e300d", "5 minutes", "1:2:3"]
        {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn wilson_matches_hand_computation() {
        // p = 0.5, n = 100: centre 0.519207.., computed by hand from the formula.
        let w = wilson(50.0, 100.0).unwrap();
        assert!((w.low - 0.403_832).abs() < 1e-6, "{w:?}");
        assert!((w.high - 0.596_168).abs() < 1e-6, "{w:?}");
        assert_eq!(wilson(0.0, 10.0).unwrap().low, 0.0);
        assert_eq!(wilson(10.0, 10.0).unwrap().high, 1.0);
        assert!(wilson(0.0, 0.0).is_none());
    }
}
