//! Several chats at once: a birth-and-death chain whose speed depends on how many talks an agent
//! holds (METHOD C3).
//!
//! Owns that chain and the number of agents it asks for; the speeds come from outside and are never
//! assumed here. With one talk at a time it is Erlang C.

use super::Refusal;
use super::erlang::{Load, Performance, Target, above_zero, agents_from, at_least_zero, smallest};

/// Most states of a chain (agents x talks): a bound on the running time.
const MOST_STATES: u64 = 20_000_000;
/// Most states summed where agents are tried one by one: a bound on the running time.
const MOST_SUMMED: u64 = 20_000_000;

/// n agents who hold up to `speed.len()` talks each; `speed[j-1]` is the speed with j talks relative
/// to one. Occupancy is the load over what all agents do at their fullest.
///
/// # Errors
/// Impossible input, or more work than can be done.
pub fn chat(load: Load, agents: u32, speed: &[f64], within_s: f64) -> Result<Performance, Refusal> {
    let erlangs = load.erlangs()?;
    at_least_zero(within_s)?;
    let fullest = speed_of(speed)?;
    let n = f64::from(agents);
    if n * fullest <= erlangs {
        return Err(Refusal::Overload);
    }
    if erlangs == 0.0 {
        return Ok(Performance::IDLE);
    }
    if u64::from(agents).saturating_mul(speed.len() as u64) > MOST_STATES {
        return Err(Refusal::TooLarge);
    }
    // r = (sum of the weights of states 0..=j) / (weight of state j), state by state: all terms are
    // positive, and what overflows is a queue in which nobody waits. (The same sums as in logarithms,
    // divided by the last weight; with one talk it is the recursion of Erlang B.)
    let mut r = 1.0;
    'states: for (held, next) in [0.0].iter().chain(speed).zip(speed) {
        // Agents hold `held` talks each, and one after the other takes one more.
        for more in 1..=agents {
            let more = f64::from(more);
            r = 1.0 + r * ((n - more) * held + more * next) / erlangs;
            if r.is_infinite() {
                break 'states;
            }
        }
    }
    let used = erlangs / (n * fullest);
    let tail = 1.0 / (1.0 - used);
    let p_wait = tail / (r - 1.0 + tail);
    let drain = (n * fullest - erlangs) / load.handle_s;
    Performance::patient(p_wait, p_wait * (-drain * within_s).exp(), p_wait / drain, used)
}

/// The fewest agents that meet the target. Where a further talk gains more than the one before (as the
/// third of 1, 1.7, 2.5 does), one agent more is not sure to help: agents are then counted up one by
/// one from the fewest that could do, and the first that meets the target is the answer.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub fn required(load: Load, speed: &[f64], target: Target) -> Result<u32, Refusal> {
    let erlangs = load.erlangs()?;
    let target = target.checked()?;
    let fullest = speed_of(speed)?;
    if erlangs == 0.0 {
        return Ok(1);
    }
    let least = erlangs / fullest;
    let first = agents_from(least.floor() + 1.0)?.max(agents_from((least / target.max_occupancy).floor())?);
    let meets = |agents| match chat(load, agents, speed, target.within_s) {
        Ok(performance) => Ok(performance.meets(target)),
        // Rounding at the very edge of stability.
        Err(Refusal::Overload) => Ok(false),
        Err(refusal) => Err(refusal),
    };
    if spreads_better(speed) {
        return smallest(first, meets);
    }
    let mut summed = 0u64;
    for agents in first..=u32::MAX {
        summed = summed.saturating_add(u64::from(agents).saturating_mul(speed.len() as u64));
        if summed > MOST_SUMMED {
            break;
        }
        if meets(agents)? {
            return Ok(agents);
        }
    }
    Err(Refusal::TooLarge)
}

/// Agents needed when each holds 1, 2, … talks at once, up to as many as there are speeds.
#[must_use]
pub fn required_by_concurrency(
    load: Load,
    speed: &[f64],
    target: Target,
) -> Vec<(u32, Result<u32, Refusal>)> {
    (1u32..).zip(1..=speed.len()).map(|(k, talks)| (k, required(load, &speed[..talks], target))).collect()
}

/// The speed with all talks, where every speed is one.
fn speed_of(speed: &[f64]) -> Result<f64, Refusal> {
    for value in speed {
        above_zero(*value)?;
    }
    speed.last().copied().ok_or(Refusal::Impossible)
}

/// Whether each further talk adds speed, and no more than the one before. Then more agents do the same
/// talks no slower, and the service level can only rise with them.
fn spreads_better(speed: &[f64]) -> bool {
    let (mut before, mut gain) = (0.0, f64::INFINITY);
    for value in speed {
        let added = value - before;
        if added < 0.0 || added > gain * (1.0 + 1e-12) {
            return false;
        }
        (before, gain) = (*value, added);
    }
    true
}

#[cfg(test)]
mod tests;
