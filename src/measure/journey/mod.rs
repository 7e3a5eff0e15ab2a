//! Journeys: which channels open, carry, resolve or leak them (METHOD D). Shown, never scored.
//!
//! `chain` solves the steps, `intervals` says how far chance alone would move the answer, `role` tells what
//! both mean for a channel, over all and reason by reason.

pub mod chain;
pub mod intervals;
pub mod role;
#[cfg(test)]
mod tests;

pub use chain::{Chain, RESOLVED, START, UNRESOLVED};
