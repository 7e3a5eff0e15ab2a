//! Work that may wait until a deadline in open hours (METHOD C4).
//!
//! Owns one queue of work in hourly slots of a typical week that repeats for ever, served first in,
//! first out: the least constant capacity that keeps a promise, and what a given capacity does in time.
//! Work arrives at the start of its slot; it is in time if done by the end of the slot in which its
//! open hours have passed. It must never know who the people are or what else they do.

use super::erlang::{above_zero, at_least_zero};
use super::{Refusal, Week};

/// Slots in the week that repeats.
const SLOTS: usize = 168;
/// Sums of shares of hours differ in their last digits only.
const ROUNDING: f64 = 1e-9;
/// Halvings of the search for a capacity: more than the digits of a number.
const HALVINGS: u32 = 60;

/// Deferred work and its deadline.
#[derive(Debug, Clone, Copy)]
pub struct Work<'a> {
    /// Hours of work that arrive in each slot.
    pub arrives: &'a Week,
    /// Share of each slot in which the clock of the promise runs.
    pub clock: &'a Week,
    /// Hours of that clock until the promised answer.
    pub open_hours: f64,
}

/// What a capacity does with the work.
#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    /// Share of each slot's work that is done in time (1 where none arrives).
    pub in_time: Box<Week>,
    /// Hours of work done in each slot.
    pub done: Box<Week>,
    /// Share of all work that is done in time; `None` where there is no work.
    pub share: Option<f64>,
}

/// A week that repeats, summed from its start: two of them, which is as far as most questions reach.
struct Sums {
    until: [f64; 2 * SLOTS + 1],
}

impl Sums {
    fn new(week: &Week) -> Self {
        let mut until = [0.0; 2 * SLOTS + 1];
        for (slot, value) in week.iter().enumerate() {
            until[slot + 1] = until[slot] + value;
        }
        for slot in 1..=SLOTS {
            until[SLOTS + slot] = until[SLOTS] + until[slot];
        }
        Self { until }
    }

    fn total(&self) -> f64 {
        self.until[SLOTS]
    }

    /// The sum over the first `slots` slots of weeks that repeat.
    fn first(&self, slots: usize) -> f64 {
        if let Some(until) = self.until.get(slots) {
            return *until;
        }
        (slots / SLOTS) as f64 * self.total() + self.until[slots % SLOTS]
    }

    /// The sum over slots `from..=to`, counted on over the weeks.
    fn between(&self, from: usize, to: usize) -> f64 {
        if to < from { 0.0 } else { (self.first(to + 1) - self.first(from)).max(0.0) }
    }
}

/// Looks at every slot whatever the first ones hold: without a way out on the way it takes no time.
fn all_at_least_zero(week: &Week) -> Result<(), Refusal> {
    let fine = week.iter().fold(true, |fine, value| fine & (*value >= 0.0) & value.is_finite());
    if fine { Ok(()) } else { Err(Refusal::Impossible) }
}

impl Work<'_> {
    fn checked(&self) -> Result<(), Refusal> {
        all_at_least_zero(self.arrives)?;
        all_at_least_zero(self.clock)?;
        at_least_zero(self.open_hours)
    }

    /// For work of each slot, the slot by whose end it must be done, counted on over the weeks.
    fn deadlines(&self) -> Result<Vec<usize>, Refusal> {
        /// Promises longer than this many weeks are kept at this many: two thousand years.
        const MOST_WEEKS: f64 = 1e5;
        let a_week: f64 = self.clock.iter().sum();
        if a_week <= 0.0 {
            return Err(Refusal::OutOfReach);
        }
        let weeks = ((self.open_hours / a_week).ceil() - 1.0).clamp(0.0, MOST_WEEKS);
        let rest = self.open_hours - weeks * a_week;
        // Later work is due no earlier: the end of the span only moves on.
        let open = Sums::new(self.clock);
        let later = weeks as usize * SLOTS;
        let mut deadlines = Vec::with_capacity(SLOTS);
        let mut end = 0;
        for (slot, before) in open.until.iter().take(SLOTS).enumerate() {
            end = end.max(slot);
            // The sum rises in slots in which the clock runs, and only there.
            for passed in open.until[end..=slot + SLOTS].windows(2) {
                if passed[1] > passed[0] && passed[1] - before >= rest - ROUNDING {
                    break;
                }
                end += 1;
            }
            deadlines.push(end + later);
        }
        Ok(deadlines)
    }
}

/// What a capacity (hours of work that can be done in each slot) does with the work, week after week
/// once the week repeats itself. A capacity below the work of a week does nothing in time: the queue
/// grows without end.
///
/// # Errors
/// Impossible input, or a clock that never runs.
pub fn flow(work: Work, capacity: &Week) -> Result<Flow, Refusal> {
    work.checked()?;
    all_at_least_zero(capacity)?;
    let arrives = Sums::new(work.arrives);
    if !arrives.total().is_finite() {
        return Err(Refusal::OutOfReach);
    }
    if arrives.total() <= 0.0 {
        return Ok(Flow { in_time: Box::new([1.0; SLOTS]), done: Box::new([0.0; SLOTS]), share: None });
    }
    Ok(flow_until(work.arrives, &arrives, &work.deadlines()?, capacity))
}

fn flow_until(work: &Week, arrives: &Sums, deadlines: &[usize], capacity: &Week) -> Flow {
    let mut in_time = Box::new([1.0; SLOTS]);
    if capacity.iter().sum::<f64>() < arrives.total() * (1.0 - ROUNDING) {
        for (slot, share) in in_time.iter_mut().enumerate() {
            *share = if work[slot] > 0.0 { 0.0 } else { 1.0 };
        }
        return Flow { in_time, done: Box::new(*capacity), share: Some(0.0) };
    }
    // What is left at the end of each slot. Once capacity suffices, the queue has looked back as far as
    // it ever will after one week; the second one repeats.
    let mut left = [0.0; SLOTS];
    let mut done = Box::new([0.0; SLOTS]);
    let mut queue: f64 = 0.0;
    for week in 0..2 {
        for slot in 0..SLOTS {
            let there = queue + work[slot];
            queue = (there - capacity[slot]).max(0.0);
            done[slot] = there - queue;
            let before = std::mem::replace(&mut left[slot], queue);
            if week > 0 && queue == before {
                break; // from here on the week before repeats
            }
        }
    }
    let mut kept = 0.0;
    for (slot, deadline) in deadlines.iter().enumerate() {
        if work[slot] > 0.0 {
            // First in, first out: what is left at the deadline came last.
            let younger = arrives.between(slot + 1, *deadline);
            let late = (left[deadline % SLOTS] - younger).clamp(0.0, work[slot]);
            kept += work[slot] - late;
            in_time[slot] = 1.0 - late / work[slot];
        }
    }
    Flow { in_time, done, share: Some((kept / arrives.total()).clamp(0.0, 1.0)) }
}

/// The least constant number of people with which the promised share of the work is done in time;
/// `at_work` is the share of each slot in which they work.
///
/// For all of it the closed form: the largest W(s..t)/O(s, d(t)) over s <= t; never less than the work
/// per working hour. (Spans of more than a week add whole weeks to both, so they lie between a shorter
/// span and the mean.) For a smaller share the capacity is found by halving.
///
/// # Errors
/// Impossible input, or a deadline that no number of people can keep.
pub fn required(work: Work, at_work: &Week, share: f64) -> Result<f64, Refusal> {
    work.checked()?;
    all_at_least_zero(at_work)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(Refusal::Impossible);
    }
    let arrives = Sums::new(work.arrives);
    let open = Sums::new(at_work);
    if arrives.total() <= 0.0 {
        return Ok(0.0);
    }
    let deadlines = work.deadlines()?;
    if open.total() <= 0.0 || !open.total().is_finite() || !arrives.total().is_finite() {
        return Err(Refusal::OutOfReach);
    }
    let mean = arrives.total() / open.total();
    if !mean.is_finite() {
        return Err(Refusal::OutOfReach);
    }
    let all = for_all(&arrives, &open, &deadlines).max(mean);
    if share >= 1.0 {
        return if all.is_finite() { Ok(all) } else { Err(Refusal::OutOfReach) };
    }
    // With so many people any backlog is gone in the shortest slot.
    let shortest = at_work.iter().copied().filter(|open| *open > 0.0).fold(f64::INFINITY, f64::min);
    let most = if all.is_finite() { all } else { arrives.total() / shortest };
    if !most.is_finite() {
        return Err(Refusal::OutOfReach);
    }
    let keeps = |people: f64| {
        let capacity = at_work.map(|open| open * people);
        flow_until(work.arrives, &arrives, &deadlines, &capacity).share.unwrap_or(1.0) >= share
    };
    if keeps(mean) {
        return Ok(mean);
    }
    if !keeps(most) {
        return Err(Refusal::OutOfReach);
    }
    let (mut fails, mut holds) = (mean, most);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(fails, holds);
        if keeps(middle) {
            holds = middle;
        } else {
            fails = middle;
        }
    }
    Ok(holds)
}

/// The least constant number of people for work that comes in equal piles: `work_s` seconds of it at the
/// start of every `period_s` open seconds, of which a share is to be done within `deadline_s` open
/// seconds of its arrival. (METHOD C4 for a steady week: the first pile alone, or the long run.)
///
/// # Errors
/// Impossible input.
pub fn steady(work_s: f64, period_s: f64, deadline_s: f64, share: f64) -> Result<f64, Refusal> {
    at_least_zero(work_s)?;
    above_zero(period_s)?;
    above_zero(deadline_s)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(Refusal::Impossible);
    }
    let in_the_long_run = work_s / period_s;
    // A deadline beyond the next pile asks for no more than the long run.
    let people = if deadline_s < period_s {
        in_the_long_run.max(share * work_s / deadline_s)
    } else {
        in_the_long_run
    };
    if people.is_finite() { Ok(people) } else { Err(Refusal::OutOfReach) }
}

/// The share of such piles that so many people do in time.
///
/// # Errors
/// Impossible input, or more work than people: what is left over grows without end.
pub fn steady_share(work_s: f64, period_s: f64, deadline_s: f64, people: f64) -> Result<f64, Refusal> {
    at_least_zero(people)?;
    let least = steady(work_s, period_s, deadline_s, 0.0)?;
    if people < least * (1.0 - ROUNDING) {
        return Err(Refusal::Overload);
    }
    Ok(if work_s <= 0.0 || deadline_s >= period_s { 1.0 } else { (people * deadline_s / work_s).min(1.0) })
}

/// The largest W(s..t)/O(s, d(t)); infinite where work falls due before anybody works.
///
/// With P(s) = (open hours, work) before slot s, and Q(t) = (open hours until the deadline of t, work
/// until the end of t), it is the steepest line from a P(s) with s <= t to Q(t). Neither coordinate ever
/// falls, so only the lower convex hull of the P matters, and along the hull the steepness rises to its
/// largest and falls again. `to` runs over the second of two weeks: then every span of a week and less
/// is among them (and longer ones, which do not matter where the mean is looked at too).
fn for_all(arrives: &Sums, open: &Sums, deadlines: &[usize]) -> f64 {
    let mut most: f64 = 0.0;
    let mut hull: Vec<Corner> = Vec::with_capacity(2 * SLOTS);
    for to in 0..2 * SLOTS {
        add(&mut hull, Corner { slot: to, open: open.first(to), work: arrives.first(to) });
        let Some(week) = to.checked_sub(SLOTS) else { continue };
        let deadline = deadlines[week] + SLOTS;
        let end = Corner { slot: deadline, open: open.first(deadline + 1), work: arrives.first(to + 1) };
        // As long as the end lies above the line through a side of the hull, the side's far corner is better.
        let (mut first, mut last) = (0, hull.len().saturating_sub(1));
        while first < last {
            let middle = usize::midpoint(first, last);
            if turns_left(hull[middle], hull[middle + 1], end) {
                first = middle + 1;
            } else {
                last = middle;
            }
        }
        let Some(from) = hull.get(first).map(|corner| corner.slot) else { continue };
        // Counted from the first week if the span lies in the second, where sums have more digits.
        let back = if from >= SLOTS { SLOTS } else { 0 };
        let work = arrives.between(from - back, to - back);
        if work > 0.0 {
            most = most.max(work / open.between(from - back, deadline - back));
        }
    }
    most
}

/// A point of the lower hull: sums before a slot.
#[derive(Debug, Clone, Copy)]
struct Corner {
    slot: usize,
    open: f64,
    work: f64,
}

/// Puts a point that lies to the right and above of all others on their lower hull.
fn add(hull: &mut Vec<Corner>, new: Corner) {
    // Straight above: every line from it to the right is flatter.
    if hull.last().is_some_and(|last| last.open >= new.open) {
        return;
    }
    while let [.., before, last] = hull.as_slice() {
        if turns_left(*before, *last, new) {
            break;
        }
        hull.pop();
    }
    hull.push(new);
}

/// Whether `c` lies to the left of the way from `a` to `b`.
fn turns_left(a: Corner, b: Corner, c: Corner) -> bool {
    (b.open - a.open) * (c.work - a.work) > (b.work - a.work) * (c.open - a.open)
}

#[cfg(test)]
mod tests;
