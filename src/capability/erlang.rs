//! Erlang B, C and A: how many agents a queue needs, and what callers get (METHOD C1, C2).
//!
//! All sums are of positive terms and carried in logarithms where they could overflow, so that loads
//! from 0.01 to 50,000 erlangs come out exact. Sources: Erlang (1917); Palm (1943); the closed form of
//! Erlang A after Mandelbaum and Zeltyn, "The Palm/Erlang-A queue" (2004).

use super::Refusal;

/// Work that arrives at a queue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Load {
    /// Contacts a second.
    pub per_s: f64,
    /// Mean handling time, seconds.
    pub handle_s: f64,
}

impl Load {
    /// Work in erlangs: how many agents it would keep busy.
    ///
    /// # Errors
    /// A negative or endless rate, or a handling time that is not above zero.
    pub fn erlangs(self) -> Result<f64, Refusal> {
        let erlangs = self.per_s * self.handle_s;
        // From a microsecond to some decades: wider, and the sums below run out of numbers.
        let possible = (0.0..=1e9).contains(&self.per_s)
            && (1e-6..=1e9).contains(&self.handle_s)
            && erlangs <= MOST_ERLANGS
            && (erlangs > 1e-9 || self.per_s == 0.0);
        if possible { Ok(erlangs) } else { Err(Refusal::Impossible) }
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
    /// Nobody comes: everybody who might would be served at once.
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
    /// Whether the target can be meant: shares of at most 1, a time that is not negative.
    pub(super) fn check(self) -> Result<(), Refusal> {
        let possible = (0.0..=1.0).contains(&self.share)
            && self.within_s >= 0.0
            && self.within_s.is_finite()
            && self.max_occupancy > 0.0
            && self.max_occupancy <= 1.0
            && (0.0..=1.0).contains(&self.max_lost);
        if possible { Ok(()) } else { Err(Refusal::Impossible) }
    }

    pub(super) fn is_met(self, by: &Performance) -> bool {
        by.strict >= self.share && by.occupancy <= self.max_occupancy && by.p_abandon <= self.max_lost
    }
}

/// Beyond this nobody staffs anything; it bounds every loop below.
const MOST_ERLANGS: f64 = 1e6;
/// Most agents that are tried.
const MOST_AGENTS: u32 = 4_000_000;
/// Sums are scaled down from here on, long before they overflow.
const LARGE: f64 = 1e280;

/// ln(1/B(n, a)): the logarithm of the inverse of Erlang B's loss, by its recursion
/// r_k = 1 + r_{k-1} k / a.
fn ln_inverse_b(agents: u32, erlangs: f64) -> f64 {
    let (mut r, mut one, mut scale) = (1.0_f64, 1.0_f64, 0.0_f64);
    for k in 1..=agents {
        r = one + r * f64::from(k) / erlangs;
        if r > LARGE {
            scale += r.ln();
            one /= r;
            r = 1.0;
        }
    }
    scale + r.ln()
}

/// Erlang C with n agents.
///
/// # Errors
/// Impossible input, or n agents are no more than the load.
pub fn erlang_c(load: Load, agents: u32, within_s: f64) -> Result<Performance, Refusal> {
    let a = load.erlangs()?;
    if !(within_s >= 0.0 && within_s.is_finite()) || agents > MOST_AGENTS {
        return Err(Refusal::Impossible);
    }
    if a == 0.0 {
        return Ok(Performance::IDLE);
    }
    let n = f64::from(agents);
    if n <= a {
        return Err(Refusal::Overload);
    }
    let b = (-ln_inverse_b(agents, a)).exp();
    let p_wait = (n * b / (n - a * (1.0 - b))).clamp(0.0, 1.0);
    let strict = 1.0 - p_wait * (-(n - a) * within_s / load.handle_s).exp();
    Ok(Performance {
        p_wait,
        strict,
        excluding_short: strict,
        plus: strict,
        answered_only: strict,
        p_abandon: 0.0,
        mean_wait_s: p_wait * load.handle_s / (n - a),
        occupancy: a / n,
    })
}

/// ln G(u, x) with G = 1 + sum_{k>=1} prod_{i=1..k} x / (u + i).
fn ln_g(u: f64, x: f64) -> Result<f64, Refusal> {
    let (mut sum, mut term, mut scale, mut k) = (1.0_f64, 1.0_f64, 0.0_f64, 0.0_f64);
    loop {
        k += 1.0;
        term *= x / (u + k);
        sum += term;
        if term < 1e-17 * sum && x < u + k {
            return Ok(scale + sum.ln());
        }
        if sum > LARGE {
            scale += sum.ln();
            term /= sum;
            sum = 1.0;
        }
        if k > 5e7 {
            return Err(Refusal::Impossible);
        }
    }
}

/// ln J_u(t), where J_u(t) = exp(x - x e^{-th t} - u th t) G(u, x e^{-th t}) / (th u).
fn ln_j(u: f64, x: f64, theta: f64, t: f64) -> Result<f64, Refusal> {
    let left = x * (-theta * t).exp();
    Ok(x - left - u * theta * t + ln_g(u, left)? - (theta * u).ln())
}

/// Erlang A with n agents and exponential patience.
///
/// # Errors
/// Impossible input.
pub fn erlang_a(load: Load, agents: u32, patience_s: f64, within_s: f64) -> Result<Performance, Refusal> {
    let a = load.erlangs()?;
    let possible = (1e-6..=1e7).contains(&patience_s)
        && within_s >= 0.0
        && within_s.is_finite()
        && (1..=MOST_AGENTS).contains(&agents);
    if !possible {
        return Err(Refusal::Impossible);
    }
    if a == 0.0 {
        return Ok(Performance::IDLE);
    }
    let (n, lambda, mu, theta) = (f64::from(agents), load.per_s, 1.0 / load.handle_s, 1.0 / patience_s);
    let (u, x) = (n * mu / theta, lambda / theta);
    let ln_e = ln_inverse_b(agents - 1, a);
    let ln_wait = lambda.ln() + ln_j(u, x, theta, 0.0)?;
    let most = ln_e.max(ln_wait);
    let ln_d = most + ((ln_e - most).exp() + (ln_wait - most).exp()).ln();
    let p_wait = (ln_wait - ln_d).exp();
    // 1/D + (lambda - n mu) J / D, with J lambda / D = P(wait).
    let p_abandon = ((-ln_d).exp() + (1.0 - n * mu / lambda) * p_wait).clamp(0.0, 1.0);
    let over = |t: f64| Ok::<f64, Refusal>((lambda.ln() + ln_j(u + 1.0, x, theta, t)? - ln_d).exp());
    let strict = ((ln_e - ln_d).exp() + over(0.0)? - over(within_s)?).clamp(0.0, 1.0);
    let still_waiting = (lambda.ln() + ln_j(u, x, theta, within_s)? - ln_d).exp();
    let lost_in_time = (1.0 - still_waiting * (-theta * within_s).exp() - strict).clamp(0.0, 1.0);
    let share = |part: f64, whole: f64| if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 };
    Ok(Performance {
        p_wait: p_wait.clamp(0.0, 1.0),
        strict,
        excluding_short: share(strict, 1.0 - lost_in_time),
        plus: (strict + lost_in_time).clamp(0.0, 1.0),
        answered_only: share(strict, 1.0 - p_abandon),
        p_abandon,
        mean_wait_s: p_abandon * patience_s,
        occupancy: (a * (1.0 - p_abandon) / n).clamp(0.0, 1.0),
    })
}

/// The fewest agents that meet the target with Erlang C (`patience_s`: `None`) or Erlang A.
///
/// More agents never make a queue worse, so the answer is found by halving.
///
/// # Errors
/// Impossible input, or no number of agents meets it.
pub fn required(load: Load, patience_s: Option<f64>, target: Target) -> Result<u32, Refusal> {
    target.check()?;
    let a = load.erlangs()?;
    if a == 0.0 {
        return Ok(0);
    }
    // In range: a is at most a million.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 < a <= 1e6")]
    let least = if patience_s.is_some() { 1 } else { a.floor() as u32 + 1 };
    fewest(least, |n| {
        let performance = match patience_s {
            Some(patience_s) => erlang_a(load, n, patience_s, target.within_s)?,
            None => match erlang_c(load, n, target.within_s) {
                Err(Refusal::Overload) => return Ok(false),
                other => other?,
            },
        };
        Ok(target.is_met(&performance))
    })
}

/// The least n from `least` on that is enough, where more is never worse.
pub(super) fn fewest(least: u32, enough: impl Fn(u32) -> Result<bool, Refusal>) -> Result<u32, Refusal> {
    if enough(least)? {
        return Ok(least);
    }
    let (mut short, mut step) = (least, 1_u32);
    let mut reach = loop {
        let next = short.saturating_add(step);
        if next > MOST_AGENTS {
            return Err(Refusal::OutOfReach);
        }
        if enough(next)? {
            break next;
        }
        short = next;
        step = step.saturating_mul(2);
    };
    while reach - short > 1 {
        let middle = short + (reach - short) / 2;
        if enough(middle)? { reach = middle } else { short = middle }
    }
    Ok(reach)
}
