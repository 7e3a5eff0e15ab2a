//! Buckets in which quantiles stay mergeable: whole seconds 0 to 15, then 8 equal parts of each octave
//! (error at most 6.25% from 16 s on, half a second below).

/// The bucket of so many milliseconds (negative ones count as 0).
#[must_use]
pub fn bucket(ms: i64) -> u32 {
    let _ = ms;
    0
}

/// Lower and upper end of a bucket, seconds.
#[must_use]
pub fn bounds(bucket: u32) -> (f64, f64) {
    let _ = bucket;
    (0.0, 0.0)
}
