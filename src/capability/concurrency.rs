//! Several chats at once: a birth-and-death chain whose speed depends on how many talks an agent
//! holds (METHOD C3).

use super::Refusal;
use super::erlang::{Load, Performance, Target};

/// n agents who hold up to `speed.len()` talks each; `speed[j-1]` is the speed with j talks relative
/// to one.
///
/// # Errors
/// Impossible input, or more work than can be done.
pub fn chat(load: Load, agents: u32, speed: &[f64], within_s: f64) -> Result<Performance, Refusal> {
    let _ = (load, agents, speed, within_s);
    Err(Refusal::Impossible)
}

/// The fewest agents that meet the target.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub fn required(load: Load, speed: &[f64], target: Target) -> Result<u32, Refusal> {
    let _ = (load, speed, target);
    Err(Refusal::Impossible)
}
