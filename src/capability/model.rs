//! How people for a channel are computed: one of four models, chosen by how its contacts wait.
//!
//! Owns the choice between the formulas and what an unknown patience means: both of its ends are
//! computed, and the one that asks for more decides. The formulas stand in [`erlang`], [`concurrency`]
//! and [`deadline`](super::deadline).

use super::erlang::{Load, Performance, Target};
use super::{Refusal, concurrency, erlang};
use crate::quantity::Interval;

/// How people for a channel are computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Model {
    /// Callers who hang up; both ends of the patience are computed and the one that needs more is used.
    ErlangA {
        /// Mean patience, seconds.
        patience_s: Interval,
    },
    /// A counter: whoever came stays.
    ErlangC,
    /// Several talks at once; `speed[j-1]` with j talks. Contacts that come while closed wait for the
    /// next open hour and arrive with its own.
    Concurrent {
        /// Speeds relative to one talk.
        speed: Vec<f64>,
    },
    /// Work with a deadline of so many open hours.
    Deferred {
        /// Open hours from arrival to the promised answer.
        open_hours: f64,
    },
}

impl Model {
    /// The fewest people who keep a promise in a steady queue.
    ///
    /// # Errors
    /// Impossible input, no number of people meets it, or work that may wait, which is no queue.
    pub fn required(&self, load: Load, target: Target) -> Result<u32, Refusal> {
        match self {
            // The long patience is often the one that needs more: asked first, it saves the other.
            Self::ErlangA { patience_s } => erlang::required_a(load, &ends(*patience_s), target),
            Self::ErlangC => erlang::required(load, None, target),
            Self::Concurrent { speed } => concurrency::required(load, speed, target),
            Self::Deferred { .. } => Err(Refusal::Impossible),
        }
    }

    /// What so many people give the customers of a steady queue: with the long patience, and with the
    /// short one (the same where there is none).
    ///
    /// # Errors
    /// Impossible input, more work than people, or work that may wait, which is no queue.
    pub fn performance(&self, load: Load, agents: u32, within_s: f64) -> Result<[Performance; 2], Refusal> {
        let both = |performance| [performance; 2];
        match self {
            Self::ErlangA { patience_s } => {
                let [long, short] = ends(*patience_s);
                let first = erlang::erlang_a(load, agents, long, within_s)?;
                let second =
                    if short == long { first } else { erlang::erlang_a(load, agents, short, within_s)? };
                Ok([first, second])
            }
            Self::ErlangC => erlang::erlang_c(load, agents, within_s).map(both),
            Self::Concurrent { speed } => concurrency::chat(load, agents, speed, within_s).map(both),
            Self::Deferred { .. } => Err(Refusal::Impossible),
        }
    }

    /// The same, with patiences between the ends too: a queue may serve more in time with one of them than with
    /// either end (those who give up make way for others).
    ///
    /// # Errors
    /// As [`Model::performance`].
    pub fn performances(&self, load: Load, agents: u32, within_s: f64) -> Result<Vec<Performance>, Refusal> {
        let mut all = self.performance(load, agents, within_s)?.to_vec();
        if let Self::ErlangA { patience_s } = self {
            for patience_s in between(*patience_s) {
                all.push(erlang::erlang_a(load, agents, patience_s, within_s)?);
            }
        }
        Ok(all)
    }
}

/// Patiences between two ends, in steps of a tenth that are the same whatever the ends: so a wider range holds
/// what a narrower one does.
fn between(patience_s: Interval) -> impl Iterator<Item = f64> {
    const STEP: f64 = 1.1;
    let [long, short] = ends(patience_s);
    let power = |patience_s: f64| (patience_s.ln() / STEP.ln()).floor();
    // A patience without end is no range: nothing lies between.
    let last = if long.is_finite() { power(long) } else { f64::MIN };
    #[allow(clippy::cast_possible_truncation, reason = "logarithms of finite numbers are small")]
    let steps = power(short) as i32..=last as i32;
    steps.map(|n| STEP.powi(n)).filter(move |between| short < *between && *between < long)
}

/// Both ends of a patience, the long one first. None at all is one too short to measure: callers who
/// find nobody free are gone at once.
fn ends(patience_s: Interval) -> [f64; 2] {
    [patience_s.high, patience_s.low].map(|patience_s| patience_s.max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_two_patiences_lie_the_same_steps_whatever_the_ends() {
        let of = |low, high| between(Interval::new(low, high)).collect::<Vec<_>>();
        // 1.1^43 = 60.24 and 1.1^54 = 171.87 are the first and the last between 60 and 180.
        let (narrow, wide) = (of(60.0, 180.0), of(30.0, 600.0));
        assert_eq!(narrow.len(), 12);
        assert!((narrow[0] - 60.2401).abs() < 1e-3 && (narrow[11] - 171.8719).abs() < 1e-3, "{narrow:?}");
        assert!(narrow.iter().all(|step| wide.contains(step)));
        // An end that is a step itself does not end them.
        let after = of(1.1f64.powi(7), 2.4);
        assert!((after[after.len() - 2] - 2.143_588_81).abs() < 1e-9, "{after:?}");
        assert!((after[after.len() - 1] - 2.357_947_691).abs() < 1e-9, "{after:?}");
        assert!(of(90.0, 90.0).is_empty() && of(90.0, f64::MAX).len() > 7000);
    }
}
