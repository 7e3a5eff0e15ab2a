//! Erlang B, C and A: how many agents a queue needs, and what callers get (METHOD C1, C2).

use super::Refusal;

/// Work that arrives at a queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Contacts a second.
    pub per_s: f64,
    /// Mean handling time, seconds.
    pub handle_s: f64,
}

/// What a queue gives its callers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Performance {
    /// Share that waits at all.
    pub p_wait: f64,
    /// Served in time, of all offered.
    pub strict: f64,
    /// Served in time, of all but those who gave up in time (Erlang A; else as `strict`).
    pub excluding_short: f64,
    /// Served or given up in time.
    pub plus: f64,
    /// Served in time, of the served.
    pub answered_only: f64,
    /// Share that gives up.
    pub p_abandon: f64,
    /// Mean wait of all, seconds.
    pub mean_wait_s: f64,
    /// Share of agents' time that is work.
    pub occupancy: f64,
}

/// What is promised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target {
    /// Share served in time, of all offered.
    pub share: f64,
    /// In time: within so many seconds.
    pub within_s: f64,
    /// Most occupancy.
    pub max_occupancy: f64,
    /// Most callers lost (Erlang A only).
    pub max_lost: f64,
}

/// Erlang C with n agents.
///
/// # Errors
/// Impossible input, or n agents are no more than the load.
pub fn erlang_c(load: Load, agents: u32, within_s: f64) -> Result<Performance, Refusal> {
    let _ = (load, agents, within_s);
    Err(Refusal::Impossible)
}

/// Erlang A with n agents and exponential patience.
///
/// # Errors
/// Impossible input.
pub fn erlang_a(load: Load, agents: u32, patience_s: f64, within_s: f64) -> Result<Performance, Refusal> {
    let _ = (load, agents, patience_s, within_s);
    Err(Refusal::Impossible)
}

/// The fewest agents that meet the target with Erlang C (`patience_s`: `None`) or Erlang A.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub fn required(load: Load, patience_s: Option<f64>, target: Target) -> Result<u32, Refusal> {
    let _ = (load, patience_s, target);
    Err(Refusal::Impossible)
}
