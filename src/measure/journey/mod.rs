//! Journeys: which channels open, carry, resolve or leak them (METHOD D). Shown, never scored.
//!
//! `steps` is what was counted, `chain` solves it, `intervals` says how far chance alone would move the answer,
//! `strata` tells reasons apart, and `role` says what all that means for a channel.

pub mod chain;
pub mod intervals;
pub mod role;
pub mod steps;
pub mod strata;
#[cfg(test)]
mod tests;

/// Multiplications that any one answer may take: a second or two, whatever a file holds.
const MOST_EFFORT: f64 = 1e9;

pub use chain::{Chain, RESOLVED, START, UNRESOLVED};
