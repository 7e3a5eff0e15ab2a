//! Capability: the mathematics of staffing, and one team against its channels, hour by hour.
//!
//! Pure functions of numbers with units; nothing here reads an inventory's text, a log or a criterion.
//! [`erlang`] queues, [`concurrency`] several chats at once, [`deadline`] work that may wait,
//! [`model`] chooses among them, [`roster`] who is there, [`team`] one team that serves several channels.

pub mod concurrency;
pub mod deadline;
pub mod erlang;
pub mod model;
pub mod roster;
pub mod team;

/// A number for each hour of the week, Monday 0:00 first.
pub type Week = [f64; 168];

/// Why a staffing question has no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A rate, time or share that cannot be (negative, not finite, zero handling time).
    Impossible,
    /// More work than agents, and nobody gives up: the queue grows without end.
    Overload,
    /// No number of agents meets the target.
    OutOfReach,
    /// So large that it is not computed: a bound on the running time.
    TooLarge,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Impossible => "an impossible rate, time or share",
            Self::Overload => "more work than people, and the queue grows without end",
            Self::OutOfReach => "no number of people meets this target",
            Self::TooLarge => "so large that it is not computed",
        })
    }
}

impl std::error::Error for Refusal {}
