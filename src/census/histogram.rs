//! Buckets in which quantiles stay mergeable: whole seconds 0 to 15, then 8 equal parts of each octave
//! (error at most 6.25% from 16 s on, half a second below). Knows only numbers.

/// Equal parts of an octave.
const PARTS: u64 = 8;
/// Whole seconds below this have a bucket each.
const LINEAR: u64 = 16;

/// The bucket of so many milliseconds (negative ones count as 0).
#[must_use]
pub fn bucket(ms: i64) -> u32 {
    let seconds = u64::try_from(ms).unwrap_or(0) / 1000;
    if seconds < LINEAR {
        return u32::try_from(seconds).unwrap_or(0);
    }
    // `seconds` lies in 2^(octave+4) .. 2^(octave+5); its next three bits name the part.
    let octave = u64::from(seconds.ilog2()) - 4;
    let part = (seconds >> (octave + 1)) - PARTS;
    u32::try_from(LINEAR + octave * PARTS + part).unwrap_or(u32::MAX)
}

/// Lower and upper end of a bucket, seconds.
#[must_use]
pub fn bounds(bucket: u32) -> (f64, f64) {
    let bucket = u64::from(bucket);
    if bucket < LINEAR {
        let low = f64::from(u32::try_from(bucket).unwrap_or(0));
        return (low, low + 1.0);
    }
    // A number beyond every octave of a 64-bit time can only come from a foreign file; it stays finite.
    let octave = i32::try_from(((bucket - LINEAR) / PARTS).min(64)).unwrap_or(64);
    let part = u8::try_from((bucket - LINEAR) % PARTS).unwrap_or(0);
    let width = 2_f64.powi(octave + 1);
    let low = 16.0 * 2_f64.powi(octave) + f64::from(part) * width;
    (low, low + width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_the_published_rule() {
        // 16..32 in eighths of 2 s, 32..64 in eighths of 4 s: written down by hand.
        for (seconds, expected) in
            [(0, 0), (15, 15), (16, 16), (17, 16), (18, 17), (31, 23), (32, 24), (35, 24), (36, 25), (64, 32)]
        {
            assert_eq!(bucket(seconds * 1000), expected, "{seconds} s");
        }
        assert_eq!(bucket(15_999), 15);
        assert_eq!(bucket(-5), 0);
        assert_eq!(bounds(3), (3.0, 4.0));
        assert_eq!(bounds(16), (16.0, 18.0));
        assert_eq!(bounds(25), (36.0, 40.0));
        assert!(bounds(u32::MAX).1.is_finite());
    }

    proptest::proptest! {
        #[test]
        fn a_time_lies_in_its_bucket_and_the_middle_errs_by_at_most_one_sixteenth(ms in 0_i64..i64::MAX / 2) {
            let (low, high) = bounds(bucket(ms));
            #[allow(clippy::cast_precision_loss, reason = "whole seconds; the comparison allows for it")]
            let seconds = (ms / 1000) as f64;
            proptest::prop_assert!(low <= seconds * 1.000_000_1 && seconds < high * 1.000_000_1);
            let middle = f64::midpoint(low, high);
            let allowed = if seconds < 16.0 { 0.5 } else { 0.0625 * seconds };
            proptest::prop_assert!((middle - seconds).abs() <= allowed);
        }
    }
}
