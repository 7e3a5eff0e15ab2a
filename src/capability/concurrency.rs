//! Several chats at once: a birth-and-death chain whose speed depends on how many talks an agent
//! holds (METHOD C3). Talks are spread evenly; nobody gives up.

use super::Refusal;
use super::erlang::{Load, Performance, Target, fewest};

/// n agents who hold up to `speed.len()` talks each; `speed[j-1]` is the speed with j talks relative
/// to one.
///
/// # Errors
/// Impossible input, or more work than can be done.
pub fn chat(load: Load, agents: u32, speed: &[f64], within_s: f64) -> Result<Performance, Refusal> {
    let a = load.erlangs()?;
    let sound = !speed.is_empty()
        && speed.len() <= 100
        && speed.iter().all(|f| f.is_finite() && *f > 0.0)
        && within_s >= 0.0
        && within_s.is_finite()
        && agents <= 1_000_000;
    if !sound {
        return Err(Refusal::Impossible);
    }
    if a == 0.0 {
        return Ok(Performance::IDLE);
    }
    let n = f64::from(agents);
    let of = |talks: usize| if talks == 0 { 0.0 } else { speed[talks - 1] };
    let full = n * of(speed.len()) / load.handle_s;
    if load.per_s >= full {
        return Err(Refusal::Overload);
    }
    // Weights w_j = prod lambda / d_i for j = 0..nk, kept relative to a running largest.
    let (mut ln_w, mut most, mut below, mut busy) = (0.0_f64, 0.0_f64, 1.0_f64, 0.0_f64);
    let per_agent = agents as usize;
    let mut tail = 1.0;
    for j in 1..=per_agent * speed.len() {
        let (q, r) = (j / per_agent, j % per_agent);
        let more = if r > 0 { r as f64 * of(q + 1) } else { 0.0 };
        let done = ((n - r as f64) * of(q) + more) / load.handle_s;
        ln_w += (load.per_s / done).ln();
        if ln_w > most {
            let shrink = (most - ln_w).exp();
            below *= shrink;
            busy *= shrink;
            most = ln_w;
        }
        let w = (ln_w - most).exp();
        if j < per_agent * speed.len() {
            below += w;
            busy += w * (j.min(per_agent) as f64) / n;
        } else {
            tail = w / (1.0 - load.per_s / full);
        }
    }
    let z = below + tail;
    let p_wait = (tail / z).clamp(0.0, 1.0);
    let strict = (1.0 - p_wait * (-(full - load.per_s) * within_s).exp()).clamp(0.0, 1.0);
    Ok(Performance {
        p_wait,
        strict,
        excluding_short: strict,
        plus: strict,
        answered_only: strict,
        p_abandon: 0.0,
        mean_wait_s: p_wait / (full - load.per_s),
        occupancy: ((busy + tail) / z).clamp(0.0, 1.0),
    })
}

/// The fewest agents that meet the target. Occupancy is the share of agents who hold a talk at all.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub fn required(load: Load, speed: &[f64], target: Target) -> Result<u32, Refusal> {
    target.check()?;
    if load.erlangs()? == 0.0 {
        return Ok(0);
    }
    fewest(1, |n| match chat(load, n, speed, target.within_s) {
        Ok(performance) => Ok(performance.strict >= target.share),
        Err(Refusal::Overload) => Ok(false),
        Err(refusal) => Err(refusal),
    })
}

/// The fewest agents when each holds up to 1, 2, … talks.
#[must_use]
pub fn required_by_concurrency(
    load: Load,
    speed: &[f64],
    target: Target,
) -> Vec<(u32, Result<u32, Refusal>)> {
    (1..=speed.len())
        .map(|k| (u32::try_from(k).unwrap_or(u32::MAX), required(load, &speed[..k], target)))
        .collect()
}
