//! The staffing calculator: one question, one answer, nothing else of the method.
//!
//! Owns what can be asked of a steady queue or of work in equal piles, and what is answered. [`asked`]
//! turns words into a question, [`intervals`] a file of them; the formulas stand in
//! [`crate::capability`].

pub mod asked;
pub mod intervals;

use crate::capability::erlang::{Load, Performance, Target};
use crate::capability::model::Model;
use crate::capability::{Refusal, concurrency, deadline};
use crate::quantity::Interval;

/// Sums and quotients of times differ in their last digits only.
const ROUNDING: f64 = 1e-9;
/// People left and right of the answer that a curve shows.
const CURVE: (u32, u32) = (3, 5);

/// A staffing question. All numbers are finite; times are greater than 0 and `shrinkage` is below 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// Contacts that arrive in one period, evenly at random (deadline: all at its start).
    pub contacts: f64,
    /// Length of the period, seconds.
    pub per_s: f64,
    /// Mean handling time, seconds.
    pub handle_s: f64,
    /// What is promised, and the limits beside it. Work with a deadline knows no limits.
    pub target: Target,
    /// How people are computed.
    pub model: Model,
    /// Nobody gave the patience: it is the method's.
    pub patience_assumed: bool,
    /// Share of paid time away from the desk.
    pub shrinkage: f64,
    /// People to look at, instead of those required.
    pub agents: Option<u32>,
}

/// What so many people give the customers.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A queue, with each patience that it may have.
    Queue(Vec<Performance>),
    /// Work with a deadline: what is done in time, and how much of the people's time is work.
    Deadline {
        /// Share done in time.
        in_time: f64,
        /// Share of the people's time that is work.
        occupancy: f64,
    },
}

/// A number of people and what they give.
pub type Staffed = (u32, Result<Outcome, Refusal>);

/// The answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The fewest people who keep the promise within its limits.
    pub required: Result<u32, Refusal>,
    /// The people asked about, else those required; `None` where there are neither.
    pub staffed: Option<Staffed>,
}

impl Question {
    /// The work, in erlangs.
    #[must_use]
    pub fn erlangs(&self) -> f64 {
        self.contacts * self.handle_s / self.per_s
    }

    /// The answer.
    #[must_use]
    pub fn answer(&self) -> Answer {
        let required = self.required();
        let agents = self.agents.or(required.ok());
        Answer { required, staffed: agents.map(|agents| self.staffed(agents)) }
    }

    /// Full-time people on the roster for so many at the desk.
    #[must_use]
    pub fn rostered(&self, agents: u32) -> f64 {
        f64::from(agents) / (1.0 - self.shrinkage)
    }

    /// From three people fewer than required to five more, and those asked about.
    #[must_use]
    pub fn curve(&self, answer: &Answer) -> Vec<Staffed> {
        let Some(middle) = answer.required.ok().or(self.agents) else { return Vec::new() };
        let first = middle.saturating_sub(CURVE.0).max(1);
        let mut all: Vec<u32> = (first..=middle.saturating_add(CURVE.1)).chain(self.agents).collect();
        all.sort_unstable();
        all.dedup();
        all.into_iter().map(|agents| self.staffed(agents)).collect()
    }

    /// People required if one holds 1, 2, … talks at once; empty for other models.
    #[must_use]
    pub fn by_talks(&self) -> Vec<(u32, Result<u32, Refusal>)> {
        match &self.model {
            Model::Concurrent { speed } => {
                concurrency::required_by_concurrency(self.load(), speed, self.target)
            }
            _ => Vec::new(),
        }
    }

    /// People required if nobody gave up; `None` where nobody does anyway.
    #[must_use]
    pub fn if_nobody_gave_up(&self) -> Option<Result<u32, Refusal>> {
        matches!(self.model, Model::ErlangA { .. }).then(|| Model::ErlangC.required(self.load(), self.target))
    }

    fn load(&self) -> Load {
        Load { per_s: self.contacts / self.per_s, handle_s: self.handle_s }
    }

    fn work_s(&self) -> f64 {
        self.contacts * self.handle_s
    }

    fn required(&self) -> Result<u32, Refusal> {
        let Model::Deferred { open_hours } = self.model else {
            return self.model.required(self.load(), self.target);
        };
        let people = deadline::steady(self.work_s(), self.per_s, open_hours * 3600.0, self.target.share)?;
        let whole = (people * (1.0 - ROUNDING)).ceil().max(1.0);
        if whole > f64::from(u32::MAX) {
            return Err(Refusal::OutOfReach);
        }
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and the most")]
        Ok(whole as u32)
    }

    fn staffed(&self, agents: u32) -> Staffed {
        let outcome = match self.model {
            Model::Deferred { open_hours } => {
                let people = f64::from(agents);
                deadline::steady_share(self.work_s(), self.per_s, open_hours * 3600.0, people).map(
                    |in_time| {
                        let occupancy = if people > 0.0 { (self.erlangs() / people).min(1.0) } else { 0.0 };
                        Outcome::Deadline { in_time, occupancy }
                    },
                )
            }
            _ => self.model.performances(self.load(), agents, self.target.within_s).map(Outcome::Queue),
        };
        (agents, outcome)
    }
}

impl Outcome {
    /// Whether the promise is kept within its limits, whatever the patience.
    #[must_use]
    pub fn keeps(&self, target: Target) -> bool {
        match self {
            Self::Queue(all) => all.iter().all(|performance| performance.meets(target)),
            Self::Deadline { in_time, .. } => *in_time >= target.share - ROUNDING,
        }
    }

    /// One figure of a queue, over each patience that it may have; `None` for work with a deadline.
    #[must_use]
    pub fn queue(&self, figure: impl Fn(&Performance) -> f64) -> Option<Interval> {
        match self {
            Self::Queue(all) => all.iter().map(|p| Interval::point(figure(p))).reduce(Interval::hull),
            Self::Deadline { .. } => None,
        }
    }

    /// In time of all offered (strict).
    #[must_use]
    pub fn strict(&self) -> Interval {
        match self {
            Self::Deadline { in_time, .. } => Interval::point(*in_time),
            Self::Queue(_) => self.queue(|p| p.strict).unwrap_or(Interval::point(0.0)),
        }
    }

    /// Share of the people's time that is work.
    #[must_use]
    pub fn occupancy(&self) -> Interval {
        match self {
            Self::Deadline { occupancy, .. } => Interval::point(*occupancy),
            Self::Queue(_) => self.queue(|p| p.occupancy).unwrap_or(Interval::point(0.0)),
        }
    }
}

#[cfg(test)]
mod tests;
