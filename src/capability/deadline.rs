//! Work that may wait until a deadline in open hours (METHOD C4).
//!
//! Time runs in slots. Work arrives at the start of its slot and is done first in, first out. A slot
//! has open hours (0 to its length); the deadline of what arrives in a slot is the slot in which so
//! many open hours have passed.

use super::Refusal;

/// The slot by whose end `limit` open hours have passed since the start of slot `from`; `None` beyond
/// the last slot.
fn deadline(open: &[f64], from: usize, limit: f64) -> Option<usize> {
    let mut left = limit;
    for (slot, hours) in open.iter().enumerate().skip(from) {
        left -= hours;
        if left <= 1e-9 && (*hours > 0.0 || limit <= 0.0) {
            return Some(slot);
        }
    }
    None
}

fn check(work: &[f64], open: &[f64], limit: f64) -> Result<(), Refusal> {
    let sound = work.len() == open.len()
        && work.iter().chain(open).all(|x| x.is_finite() && *x >= 0.0)
        && limit >= 0.0
        && limit.is_finite();
    if sound { Ok(()) } else { Err(Refusal::Impossible) }
}

/// The least constant capacity (work hours done in an open hour) with which all work is done in time:
/// the largest W(s..t) / O(s, d(t)) over s <= t, and at least work over open hours in the long run.
/// Work whose deadline lies beyond the last slot only counts towards the long run.
///
/// # Errors
/// Lengths that differ, negative or endless numbers; work and no open hour.
pub fn capacity(work: &[f64], open: &[f64], limit: f64) -> Result<f64, Refusal> {
    check(work, open, limit)?;
    let (total, hours): (f64, f64) = (work.iter().sum(), open.iter().sum());
    if total <= 0.0 {
        return Ok(0.0);
    }
    if hours <= 0.0 {
        return Err(Refusal::OutOfReach);
    }
    let mut least = total / hours;
    for t in 0..work.len() {
        let Some(d) = deadline(open, t, limit) else { break };
        let (mut w, mut o) = (0.0, open[t..=d].iter().sum::<f64>());
        for s in (0..=t).rev() {
            w += work[s];
            if s < t {
                o += open[s];
            }
            if o > 0.0 {
                least = least.max(w / o);
            }
        }
    }
    Ok(least)
}

/// What a week of deferred work comes to.
#[derive(Debug, Clone, PartialEq)]
pub struct Done {
    /// Share of the work that is done in time.
    pub share: f64,
    /// Hours of work done in each slot of the last week.
    pub used: Vec<f64>,
}

/// The work that is done in time, first in first out, when slot i can do `can[i]` hours of
/// work. The slots are a typical week and repeat; the share is that of a week in the long run (what a
/// week leaves undone is carried into the next, for as many weeks as it takes to settle, at most 60).
///
/// # Errors
/// As [`capacity`].
pub fn done_in_time(work: &[f64], open: &[f64], can: &[f64], limit: f64) -> Result<Done, Refusal> {
    check(work, open, limit)?;
    check(work, can, limit)?;
    let n = work.len();
    let total: f64 = work.iter().sum();
    let hours: f64 = open.iter().sum();
    if total <= 0.0 {
        return Ok(Done { share: 1.0, used: vec![0.0; n] });
    }
    if can.iter().sum::<f64>() <= 0.0 || hours <= 0.0 {
        return Ok(Done { share: 0.0, used: vec![0.0; n] });
    }
    let weeks = 60;
    // Where the deadline of each slot's work falls, in slots after it: found on copies of the week, as
    // many as it takes.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded above")]
    let copies = ((limit / hours).min(50.0) as usize) + 2;
    let long: Vec<f64> = std::iter::repeat_n(open, copies).flatten().copied().collect();
    let due: Vec<Option<usize>> = (0..n).map(|s| deadline(&long, s, limit).map(|d| d - s)).collect();
    let mut queue: std::collections::VecDeque<(usize, f64)> = std::collections::VecDeque::new();
    let (mut before, mut share) = (f64::NAN, 0.0);
    let mut backlog = 0.0;
    let mut used = vec![0.0; n];
    for week in 0..weeks {
        let mut in_time = 0.0;
        used.fill(0.0);
        for slot in 0..n {
            let now = week * n + slot;
            if work[slot] > 0.0 {
                queue.push_back((now, work[slot]));
            }
            let mut left = can[slot];
            while left > 1e-12 {
                let Some((arrived, amount)) = queue.front_mut() else { break };
                let done = amount.min(left);
                if due[*arrived % n].is_none_or(|d| now <= *arrived + d) {
                    in_time += done;
                }
                left -= done;
                used[slot] += done;
                *amount -= done;
                if *amount <= 1e-12 {
                    queue.pop_front();
                }
            }
        }
        share = (in_time / total).clamp(0.0, 1.0);
        let now: f64 = queue.iter().map(|(_, w)| w).sum();
        // Settled: neither the share nor what is left over changes any more.
        if (share - before).abs() < 1e-9 && (now - backlog).abs() < 1e-9 * total.max(1.0) {
            break;
        }
        before = share;
        backlog = now;
    }
    Ok(Done { share, used })
}

/// The least constant capacity with which a share of the work is done in time.
///
/// # Errors
/// As [`capacity`], and a share outside 0..=1.
pub fn capacity_for(work: &[f64], open: &[f64], limit: f64, share: f64) -> Result<f64, Refusal> {
    if !(0.0..=1.0).contains(&share) {
        return Err(Refusal::Impossible);
    }
    let most = {
        let twice = |x: &[f64]| [x, x, x].concat();
        capacity(&twice(work), &twice(open), limit)?
    };
    let total: f64 = work.iter().sum();
    if share >= 1.0 || total <= 0.0 {
        return Ok(most);
    }
    let (mut low, mut high) = (total / open.iter().sum::<f64>(), most);
    let reaches = |c: f64| {
        let can: Vec<f64> = open.iter().map(|o| o * c).collect();
        done_in_time(work, open, &can, limit).map(|done| done.share >= share - 1e-9)
    };
    if reaches(low)? {
        return Ok(low);
    }
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if reaches(middle)? { high = middle } else { low = middle }
    }
    Ok(high)
}
