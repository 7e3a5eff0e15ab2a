//! Erlang B, C and A: how many agents a queue needs, and what callers get (METHOD C1, C2).
//!
//! Owns the formulas of queues without and with patience, and the search for the fewest agents. It
//! must never know a threshold of the method: every target comes from outside. No input panics or
//! runs without end; what cannot be answered is a [`Refusal`].

use super::Refusal;

/// Largest load that is computed, erlangs: a bound on the running time, far above any real queue.
const MOST_ERLANGS: f64 = 1e6;
/// Most agents that a search tries: a bound on the running time.
const MOST_AGENTS: u32 = 10_000_000;
/// Most terms of a series: a bound on the running time. A patience of minutes needs some dozens.
const MOST_TERMS: u32 = 4_000_000;
/// A share lost that is as good as none: a limit of exactly 0 asks for no more.
const NOBODY: f64 = 1e-9;
/// Rounding of a load that was multiplied from a rate and a time must not cost an agent.
const ROUNDING: f64 = 1e-12;

/// Work that arrives at a queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Contacts a second.
    pub per_s: f64,
    /// Mean handling time, seconds.
    pub handle_s: f64,
}

impl Load {
    /// The load in erlangs: mean number of contacts being handled if nobody had to wait.
    ///
    /// # Errors
    /// Impossible input, or a load beyond what is computed.
    pub fn erlangs(self) -> Result<f64, Refusal> {
        at_least_zero(self.per_s)?;
        above_zero(self.handle_s)?;
        let erlangs = self.per_s * self.handle_s;
        if erlangs > MOST_ERLANGS { Err(Refusal::TooLarge) } else { Ok(erlangs) }
    }
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

impl Performance {
    /// A queue in which nobody gives up.
    pub(super) fn patient(p_wait: f64, late: f64, mean_wait_s: f64, occupancy: f64) -> Result<Self, Refusal> {
        let strict = 1.0 - late;
        Self {
            p_wait,
            strict,
            excluding_short: strict,
            plus: strict,
            answered_only: strict,
            p_abandon: 0.0,
            mean_wait_s,
            occupancy,
        }
        .checked()
    }

    /// A queue that nobody uses.
    pub(super) const IDLE: Self = Self {
        p_wait: 0.0,
        strict: 1.0,
        excluding_short: 1.0,
        plus: 1.0,
        answered_only: 1.0,
        p_abandon: 0.0,
        mean_wait_s: 0.0,
        occupancy: 0.0,
    };

    /// Rounding must not push a share out of 0..=1; a number that is none is a refusal.
    fn checked(mut self) -> Result<Self, Refusal> {
        if !self.mean_wait_s.is_finite() {
            return Err(Refusal::OutOfReach);
        }
        for share in [
            &mut self.p_wait,
            &mut self.strict,
            &mut self.excluding_short,
            &mut self.plus,
            &mut self.answered_only,
            &mut self.p_abandon,
            &mut self.occupancy,
        ] {
            if share.is_nan() {
                return Err(Refusal::OutOfReach);
            }
            *share = share.clamp(0.0, 1.0);
        }
        Ok(self)
    }

    /// Whether this meets a target: service level, occupancy and lost callers.
    #[must_use]
    pub fn meets(&self, target: Target) -> bool {
        self.strict >= target.share
            && self.occupancy <= target.max_occupancy * (1.0 + ROUNDING)
            && self.p_abandon <= target.max_lost.max(NOBODY)
    }
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

impl Target {
    /// Whether it can be asked for at all.
    pub(super) fn checked(self) -> Result<Self, Refusal> {
        at_least_zero(self.within_s)?;
        at_least_zero(self.max_occupancy)?;
        let shares = [self.share, self.max_lost];
        if shares.iter().all(|share| (0.0..=1.0).contains(share)) {
            Ok(self)
        } else {
            Err(Refusal::Impossible)
        }
    }
}

pub(super) fn at_least_zero(value: f64) -> Result<(), Refusal> {
    if value.is_finite() && value >= 0.0 { Ok(()) } else { Err(Refusal::Impossible) }
}

pub(super) fn above_zero(value: f64) -> Result<(), Refusal> {
    if value.is_finite() && value > 0.0 { Ok(()) } else { Err(Refusal::Impossible) }
}

/// Erlang B: share of callers who find all of n agents busy where nobody can wait.
///
/// # Errors
/// Impossible input.
pub fn erlang_b(load: Load, agents: u32) -> Result<f64, Refusal> {
    let erlangs = load.erlangs()?;
    Ok(match (agents, erlangs == 0.0) {
        (0, _) => 1.0,
        (_, true) => 0.0,
        _ => 1.0 / inverse_blocking(agents, erlangs),
    })
}

/// 1/B by the recursion r = 1 + r k/a: sums of positive terms, so nothing cancels. Infinite where B
/// is below what a number can hold, which also bounds the loop to little more than `erlangs` steps.
fn inverse_blocking(agents: u32, erlangs: f64) -> f64 {
    let mut r = 1.0;
    for k in 1..=agents {
        r = 1.0 + r * f64::from(k) / erlangs;
        if r.is_infinite() {
            break;
        }
    }
    r
}

/// Erlang C with n agents.
///
/// # Errors
/// Impossible input, or n agents are no more than the load.
pub fn erlang_c(load: Load, agents: u32, within_s: f64) -> Result<Performance, Refusal> {
    let erlangs = load.erlangs()?;
    at_least_zero(within_s)?;
    if f64::from(agents) <= erlangs {
        return Err(Refusal::Overload);
    }
    if erlangs == 0.0 {
        return Ok(Performance::IDLE);
    }
    waiting(load, agents, erlangs, inverse_blocking(agents, erlangs), within_s)
}

/// Erlang C from the inverse of Erlang B.
fn waiting(load: Load, agents: u32, erlangs: f64, r: f64, within_s: f64) -> Result<Performance, Refusal> {
    let n = f64::from(agents);
    let free = n - erlangs;
    let blocked = 1.0 / r;
    let p_wait = n * blocked / (n - erlangs * (1.0 - blocked));
    let late = p_wait * (-free * within_s / load.handle_s).exp();
    Performance::patient(p_wait, late, p_wait * load.handle_s / free, erlangs / n)
}

/// Erlang A with n agents and exponential patience (infinite patience: Erlang C).
///
/// The closed form of METHOD C2 with everything divided by J_u(0), so that no large number is left:
/// w = lambda J_u(0)/E = (a/n) G(u, x) B(n-1, a) stands in logarithms, P(wait) = w/(1+w), and the
/// rest are ratios of J. Palm; Mandelbaum and Zeltyn, "Service engineering in action" (2007).
///
/// # Errors
/// Impossible input, or a patience so long that the series has too many terms.
pub fn erlang_a(load: Load, agents: u32, patience_s: f64, within_s: f64) -> Result<Performance, Refusal> {
    if patience_s == f64::INFINITY {
        return erlang_c(load, agents, within_s);
    }
    let erlangs = load.erlangs()?;
    at_least_zero(within_s)?;
    above_zero(patience_s)?;
    if agents == 0 {
        return nobody_there(patience_s, within_s);
    }
    if erlangs == 0.0 {
        return Ok(Performance::IDLE);
    }
    let n = f64::from(agents);
    let u = n * patience_s / load.handle_s;
    let x = load.per_s * patience_s;
    let now = Series::sum(u, x)?;
    let ln_w = (erlangs / n).ln() + now.ln - inverse_blocking(agents - 1, erlangs).ln();
    let p_wait = 1.0 / (1.0 + (-ln_w).exp());
    let at_once = 1.0 / (1.0 + ln_w.exp());

    // At time T: `patient` of the callers have more patience than T, and `still` = J_u(T)/J_u(0) of
    // the waits are longer than T.
    let elapsed = within_s / patience_s;
    let patient = (-elapsed).exp();
    let then = Series::sum(u, x * patient)?;
    let still = (-x * (-elapsed).exp_m1() - n * within_s / load.handle_s + then.ln - now.ln).exp().min(1.0);

    let strict = at_once + p_wait * (now.served - still * patient * then.served);
    let waiting_at_t = p_wait * still * patient;
    let answered = at_once + p_wait * now.served;
    let p_abandon = p_wait * now.lost;
    Performance {
        p_wait,
        strict,
        excluding_short: ratio(strict, strict + waiting_at_t),
        plus: 1.0 - waiting_at_t,
        answered_only: ratio(strict, answered),
        p_abandon,
        mean_wait_s: p_abandon * patience_s,
        occupancy: erlangs * answered / n,
    }
    .checked()
}

/// Everybody waits until patience ends.
fn nobody_there(patience_s: f64, within_s: f64) -> Result<Performance, Refusal> {
    Performance {
        p_wait: 1.0,
        strict: 0.0,
        excluding_short: 0.0,
        plus: -(-within_s / patience_s).exp_m1(),
        answered_only: 0.0,
        p_abandon: 1.0,
        mean_wait_s: patience_s,
        occupancy: 0.0,
    }
    .checked()
}

fn ratio(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// G(u, x) = 1 + sum over k >= 1 of the products x/(u+i), i = 1..k, and what its terms t_k tell:
/// J_{u+1}/J_u = u (G - 1)/(x G) and its complement, the sum of k t_k over x G. The complement is
/// summed in its own right (1 - J_{u+1}/J_u would cancel where few give up).
struct Series {
    /// Natural logarithm of G.
    ln: f64,
    /// Of those who wait, the share that is served in the end.
    served: f64,
    /// Of those who wait, the share that gives up.
    lost: f64,
}

impl Series {
    fn sum(u: f64, x: f64) -> Result<Self, Refusal> {
        /// Terms are brought down by this factor before they overflow.
        const DOWN: f64 = 1e-250;
        if !u.is_finite() || !x.is_finite() || x - u > f64::from(MOST_TERMS) {
            return Err(Refusal::TooLarge);
        }
        if x < 1.0 / f64::MAX.sqrt() {
            return Ok(Self { ln: 0.0, served: u / (u + 1.0), lost: 1.0 / (u + 1.0) });
        }
        let (mut first, mut term, mut rest, mut moment, mut scale) = (1.0, 1.0, 0.0, 0.0, 0.0);
        for k in 1..=MOST_TERMS {
            let k = f64::from(k);
            term *= x / (u + k);
            rest += term;
            moment += k * term;
            if term < 1e-17 * (first + rest) && x < u + k {
                let all = first + rest;
                return Ok(Self {
                    ln: all.ln() + scale,
                    served: u * (rest / x) / all,
                    lost: moment / x / all,
                });
            }
            if rest > 1.0 / DOWN {
                for value in [&mut first, &mut term, &mut rest, &mut moment] {
                    *value *= DOWN;
                }
                scale -= DOWN.ln();
            }
        }
        Err(Refusal::TooLarge)
    }
}

/// The fewest agents that meet the target with Erlang C (`patience_s`: `None`) or Erlang A.
///
/// At least 1, also where there is no load: a queue that is open needs somebody. A share of exactly 1
/// is met where less than what a number can tell from 1 is missing.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub fn required(load: Load, patience_s: Option<f64>, target: Target) -> Result<u32, Refusal> {
    match patience_s {
        None => required_c(load, target),
        Some(patience_s) => required_a(load, &[patience_s], target),
    }
}

fn required_c(load: Load, target: Target) -> Result<u32, Refusal> {
    let erlangs = load.erlangs()?;
    let target = target.checked()?;
    if erlangs == 0.0 {
        return Ok(1);
    }
    // n > a for a queue that does not grow; the occupancy cap may ask for more.
    let first =
        agents_from(erlangs.floor() + 1.0)?.max(agents_from((erlangs / target.max_occupancy).floor())?);
    let mut r = inverse_blocking(first, erlangs);
    for agents in first..=MOST_AGENTS {
        if agents > first {
            r = 1.0 + r * f64::from(agents) / erlangs;
        }
        // Nobody is lost in Erlang C, so `max_lost` is met.
        if waiting(load, agents, erlangs, r, target.within_s)?.meets(target) {
            return Ok(agents);
        }
    }
    Err(Refusal::OutOfReach)
}

/// Erlang A: the fewest agents that meet the target with each patience given.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub(super) fn required_a(load: Load, patiences_s: &[f64], target: Target) -> Result<u32, Refusal> {
    let erlangs = load.erlangs()?;
    let target = target.checked()?;
    for patience_s in patiences_s {
        if *patience_s != f64::INFINITY {
            above_zero(*patience_s)?;
        }
    }
    if erlangs == 0.0 {
        return Ok(1);
    }
    // Served in the end >= served in time >= share, and occupancy = a served/n: no fewer can do.
    let served = target.share.max(1.0 - target.max_lost);
    let mut first = agents_from((erlangs * served / target.max_occupancy.min(1.0)).floor())?.max(1);
    if patiences_s.contains(&f64::INFINITY) {
        first = first.max(agents_from(erlangs.floor() + 1.0)?);
    }
    smallest(first, |agents| {
        for patience_s in patiences_s {
            if !erlang_a(load, agents, *patience_s, target.within_s)?.meets(target) {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

/// A whole number of agents, if it is one that a search tries.
pub(super) fn agents_from(count: f64) -> Result<u32, Refusal> {
    // The comparison is false for NaN (no load over a cap of nothing), which asks for nobody.
    if count > f64::from(MOST_AGENTS) { Err(Refusal::OutOfReach) } else { Ok(count as u32) }
}

/// The smallest number from `first` on that meets a condition which, once met, stays met: more agents
/// never lower the service level, and never raise the share lost or the occupancy. Steps double until
/// it is met, then the gap is halved.
pub(super) fn smallest(
    first: u32,
    mut meets: impl FnMut(u32) -> Result<bool, Refusal>,
) -> Result<u32, Refusal> {
    if meets(first)? {
        return Ok(first);
    }
    let (mut fails, mut step) = (first, 1u32);
    let mut holds = loop {
        let next = fails.saturating_add(step);
        if next > MOST_AGENTS {
            return Err(Refusal::OutOfReach);
        }
        if meets(next)? {
            break next;
        }
        fails = next;
        step = step.saturating_mul(2);
    };
    while holds - fails > 1 {
        let middle = fails + (holds - fails) / 2;
        if meets(middle)? {
            holds = middle;
        } else {
            fails = middle;
        }
    }
    Ok(holds)
}

#[cfg(test)]
mod tests;
