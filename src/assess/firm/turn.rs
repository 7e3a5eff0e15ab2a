//! Which change of weights turns a verdict, the least one: of a channel alone, where its closing hangs on no other
//! channel, and of all that may close together, the whole set judged again under each change.

use std::collections::HashSet;

use super::again::{Again, Half, Member, Set};
use super::change::{Line, beyond_one, distance, nearest, with_weight};
use super::flip::Flip;
use super::sums::{Sums, Turn};
use super::{Axes, call_of};
use crate::assess::Call;
use crate::assess::axis::{AxisState, ROUNDING};
use crate::assess::judge::Judged;
use crate::measure::Facts;

impl Axes {
    /// The states under the weights in use.
    pub(super) fn own(&self) -> [Turn; 2] {
        [&self.worth, &self.delivery]
            .map(|sums| sums.as_ref().map_or((AxisState::Across, false), |sums| sums.turn(&sums.own)))
    }

    fn each(&self) -> impl Iterator<Item = (usize, &Sums)> {
        [&self.worth, &self.delivery]
            .into_iter()
            .enumerate()
            .filter_map(|(i, sums)| Some((i, sums.as_ref()?)))
    }
}

impl Sums {
    /// Every row that is held against the line, as points of those criteria that apply.
    fn lines(&self) -> Vec<Line> {
        let rows = [&self.low, &self.high].into_iter().chain(&self.surely).chain(&self.twins);
        rows.map(|row| Line::new(row.clone(), self.line)).filter(Line::divides).collect()
    }
}

/// The changes of weights that turn a verdict if all others close as they do.
pub(super) fn alone(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Turns {
    let one = one_weight(facts, judged, axes);
    Turns {
        flips: one.into_iter().chain(all_weights(facts, judged, axes)).collect(),
        is_all: axes.each().all(|(_, sums)| is_all_tried(sums.own.len(), &[sums.lines()])),
    }
}

/// The least change of one weight.
fn one_weight(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Option<Flip> {
    let own = axes.own();
    let mut best: Option<(f64, Flip)> = None;
    for (axis, sums) in axes.each() {
        for line in sums.lines() {
            for (k, from) in sums.own.iter().copied().enumerate() {
                let Some(to) = line.alone(&sums.own, k) else { continue };
                let mut turns = own;
                turns[axis] = sums.turn(&with_weight(&sums.own, k, to));
                let call = call_of(judged, turns[0], turns[1], None);
                let by = (to - from).abs();
                if call != judged.decision.call && best.as_ref().is_none_or(|(least, _)| by < *least) {
                    let criterion = facts.criteria.criteria[sums.of[k]].id.clone();
                    best = Some((by, Flip::Weight { criterion, from, to, call }));
                }
            }
        }
    }
    best.map(|(_, flip)| flip)
}

/// The least change of all weights together.
fn all_weights(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Option<Flip> {
    let own = axes.own();
    // Of each axis, the nearest weights that leave it so or so.
    let options = |axis: usize, sums: &Option<Sums>| -> Vec<(f64, Turn, Vec<f64>)> {
        let Some(sums) = sums else { return vec![(0.0, own[axis], Vec::new())] };
        let mut list: Vec<(f64, Turn, Vec<f64>)> = Vec::new();
        for weights in nearest_of(&sums.own, &sums.lines()) {
            let (moved, turn) = (distance(&weights, &sums.own), sums.turn(&weights));
            match list.iter_mut().find(|(_, known, _)| *known == turn) {
                Some(known) if known.0 <= moved => {}
                Some(known) => *known = (moved, turn, weights),
                None => list.push((moved, turn, weights)),
            }
        }
        list
    };
    let (worth, delivery) = (options(0, &axes.worth), options(1, &axes.delivery));
    let mut best: Option<(f64, Call, [&Vec<f64>; 2])> = None;
    for (moved_worth, w, worth) in &worth {
        for (moved_delivery, d, delivery) in &delivery {
            let (moved, call) = (moved_worth + moved_delivery, call_of(judged, *w, *d, None));
            if call != judged.decision.call && best.as_ref().is_none_or(|(least, ..)| moved < *least) {
                best = Some((moved, call, [worth, delivery]));
            }
        }
    }
    let (moved, call, weights) = best?;
    let to = axes.each().flat_map(|(axis, sums)| differences(facts, sums, weights[axis])).collect();
    Some(Flip::Weights { to, moved, call })
}

/// The weights that are others than those in use.
fn differences(facts: &Facts<'_>, sums: &Sums, weights: &[f64]) -> Vec<(String, f64)> {
    let all = weights.iter().zip(&sums.own).zip(&sums.of);
    all.filter(|((w, own), _)| (*w - *own).abs() > 1e-9)
        .map(|((w, _), of)| (facts.criteria.criteria[*of].id.clone(), *w))
        .collect()
}

/// Lines of one axis beyond this number meet in too many corners to look at.
const MOST_LINES: usize = 40;
/// Most pairs of weightings, one of each axis, that are tried, the nearest first.
const MOST_TRIED: usize = 10_000;

/// The weightings among which the nearest beyond some of these lines lies; of too many lines, beyond one of them.
fn nearest_of(own: &[f64], lines: &[Line]) -> Vec<Vec<f64>> {
    if lines.len() <= MOST_LINES {
        return nearest(own, lines);
    }
    beyond_one(own, lines)
}

/// Whether the nearest weights of an axis beyond any of these lines and beyond several at once are all looked at. Two
/// criteria leave one way to go, on which lines are passed one by one; with three, lines of one group meet in corners.
fn is_all_tried(criteria: usize, groups: &[Vec<Line>]) -> bool {
    let lines: usize = groups.iter().map(Vec::len).sum();
    criteria <= 2 || lines <= 1 || (criteria == 3 && groups.len() == 1 && lines <= MOST_LINES)
}

/// The changes of weights that turn a verdict.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    pub(super) flips: Vec<Flip>,
    /// Whether everything was tried: where not, a lesser change may turn it.
    pub(super) is_all: bool,
}

/// Of each channel that may close, a change of weights that turns its verdict, and whether everything was tried.
pub(super) type OfSet<T> = (Vec<Option<T>>, bool);

/// The changes of weights that turn the verdict of each channel that may close, the whole set judged again.
pub(super) fn of_set((one, is_one): OfSet<OneWeight>, (mut all, is_all): OfSet<AllWeights>) -> Vec<Turns> {
    // What one weight does, all of them do.
    for (found, one) in all.iter_mut().zip(&one) {
        if let Some((by, _, Flip::Weights { to, moved, call })) = one
            && found.as_ref().is_none_or(|(least, _)| by < least)
        {
            *found = Some((*by, Flip::Weights { to: to.clone(), moved: *moved, call: *call }));
        }
    }
    let both = one.into_iter().zip(all);
    let turns = |(one, all): (Option<OneWeight>, Option<AllWeights>)| Turns {
        flips: one.map(|(_, flip, _)| flip).into_iter().chain(all.map(|(_, flip)| flip)).collect(),
        is_all: is_one && is_all,
    };
    both.map(turns).collect()
}

/// Every line that the closings of a set may hang on, by axis, those of channels that may be twins together.
pub(super) fn set_lines(set: &Set<'_>) -> [Vec<Vec<Line>>; 2] {
    [0, 1].map(|axis| lines_of(set, axis))
}

fn lines_of(set: &Set<'_>, axis: usize) -> Vec<Vec<Line>> {
    let mut groups: Vec<usize> = (0..set.members.len()).collect();
    for (a, b, _) in &set.pairs {
        let (from, to) = (groups[*a], groups[*b]);
        groups.iter_mut().filter(|group| **group == from).for_each(|group| *group = to);
    }
    let spread = |member: &Member<'_>, row: &[f64]| -> Vec<f64> {
        let points =
            |place: &Option<usize>| place.and_then(|place| row.get(place)).copied().unwrap_or(f64::NAN);
        member.places[axis].iter().map(points).collect()
    };
    let mut lines: Vec<Vec<Line>> = set.members.iter().map(|_| Vec::new()).collect();
    let mut add = |group: usize, line: Line| {
        if line.divides() {
            lines[group].push(line);
        }
    };
    for (member, group) in set.members.iter().zip(&groups) {
        let Some(sums) = member.sums[axis] else { continue };
        let rows = [&sums.low, &sums.high].into_iter().chain(&sums.surely);
        rows.for_each(|row| add(*group, Line::new(spread(member, row), sums.line)));
    }
    let middles = |i: usize| {
        let sums = set.members[i].sums[axis]?;
        let row: Vec<f64> =
            sums.low.iter().zip(&sums.high).map(|(low, high)| f64::midpoint(*low, *high)).collect();
        Some(spread(&set.members[i], &row))
    };
    // Where two deliver alike.
    for (one, other, comes_first) in set.pairs.iter().filter(|_| axis == 1) {
        if let (Some(a), Some(b)) = (middles(*one), middles(*other)) {
            let more: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
            // What differs by no more than the machine's rounding is alike: then the first of them survives.
            let alike = if *comes_first { -ROUNDING } else { ROUNDING };
            add(groups[*one], Line::new(more, alike));
        }
    }
    // Where two that may not be worth having change places: the one of lower worth closes first.
    let may_close = |i: &usize| set.closers.contains(&set.members[*i].channel);
    let closers: Vec<usize> = (0..set.members.len()).filter(may_close).collect();
    let mut order = Vec::new();
    for (i, one) in closers.iter().enumerate().filter(|_| axis == 0) {
        for other in &closers[i + 1..] {
            if let (Some(a), Some(b)) = (middles(*one), middles(*other)) {
                let line = Line::new(a.iter().zip(&b).map(|(a, b)| a - b).collect(), 0.0);
                order.extend(line.divides().then_some(line));
            }
        }
    }
    lines.push(order);
    lines.retain(|group| !group.is_empty());
    // Few enough meet each other, whichever channels they are of.
    if lines.iter().map(Vec::len).sum::<usize>() <= MOST_LINES {
        lines = vec![lines.into_iter().flatten().collect()];
    }
    lines
}

/// How much moves when one weight changes, and the change as one of it and as one of all weights.
pub(super) type OneWeight = (f64, Flip, Flip);
/// How much moves when all weights change, and the change.
pub(super) type AllWeights = (f64, Flip);

/// Of every channel that may close, the least change of one weight, as such and as one of all weights, with how much
/// moves; and whether everything was tried.
pub(super) fn set_one_weight(
    facts: &Facts<'_>,
    set: &Set<'_>,
    lines: &[Vec<Vec<Line>>; 2],
) -> OfSet<OneWeight> {
    let (again, mut is_all) = (Again::new(set), true);
    let mut best: Vec<Option<OneWeight>> = vec![None; set.closers.len()];
    for axis in [0, 1] {
        let own = &set.own[axis];
        let other = set.half(1 - axis, &set.own[1 - axis]);
        for (k, from) in own.iter().copied().enumerate() {
            let mut places: Vec<f64> =
                lines[axis].iter().flatten().filter_map(|line| line.alone(own, k)).collect();
            places.sort_by(f64::total_cmp);
            places.dedup();
            let (less, more): (Vec<f64>, Vec<f64>) = places.into_iter().partition(|to| *to < from);
            for way in [less.into_iter().rev().collect::<Vec<f64>>(), more] {
                let mut found = vec![false; set.closers.len()];
                for to in way {
                    let weights = with_weight(own, k, to);
                    let half = set.half(axis, &weights);
                    let halves = if axis == 0 { [&half, &other] } else { [&other, &half] };
                    let Some(calls) = again.calls(halves) else {
                        is_all = false;
                        break;
                    };
                    for (place, call) in calls.iter().copied().enumerate() {
                        let Some(ix) = set.closers.get(place).filter(|_| !found[place]) else { continue };
                        if set.stands(*ix) == Some(call) {
                            continue;
                        }
                        found[place] = true;
                        // In the terms of the channel: its weights within its axis.
                        let member = set.member(*ix);
                        let Some((sums, now)) = member.and_then(|it| it.in_its_terms(axis, &weights)) else {
                            continue;
                        };
                        let Some(j) = sums.of.iter().position(|of| *of == set.of[axis][k]) else { continue };
                        let (from, to, moved) = (sums.own[j], now[j], distance(&now, &sums.own));
                        if best[place].as_ref().is_none_or(|(least, ..)| moved < *least) {
                            let criterion = facts.criteria.criteria[sums.of[j]].id.clone();
                            let one = Flip::Weight { criterion, from, to, call };
                            let all = Flip::Weights { to: differences(facts, sums, &now), moved, call };
                            best[place] = Some((moved, one, all));
                        }
                    }
                    if found.iter().all(|found| *found) {
                        break;
                    }
                }
            }
        }
    }
    (best, is_all)
}

/// Weights of one axis, how far they are from those in use, and what they make of the members.
struct Place {
    moved: f64,
    weights: Vec<f64>,
    half: Half,
}

/// The nearest weights of one axis for everything that the closings can hang on, the nearest first.
fn nearest_places(set: &Set<'_>, axis: usize, lines: &[Vec<Line>]) -> Vec<Place> {
    let own = &set.own[axis];
    let mut all: Vec<(f64, Vec<f64>)> = std::iter::once(own.clone())
        .chain(lines.iter().flat_map(|group| nearest_of(own, group)))
        .map(|weights| (distance(&weights, own), weights))
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut seen = HashSet::new();
    all.into_iter()
        .filter_map(|(moved, weights)| {
            let half = set.half(axis, &weights);
            seen.insert(half.key.clone()).then_some(Place { moved, weights, half })
        })
        .collect()
}

/// The nearest pairs of places, the nearest first, no more than are tried.
fn nearest_pairs(worth: &[Place], delivery: &[Place]) -> Vec<(f64, usize, usize)> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, w) in worth.iter().enumerate() {
        // Whatever is nearer on both axes comes before.
        let most = delivery.iter().enumerate().take(MOST_TRIED / (i + 1));
        pairs.extend(most.map(|(j, d)| (w.moved + d.moved, i, j)));
    }
    let order = |a: &(f64, usize, usize), b: &(f64, usize, usize)| {
        a.0.total_cmp(&b.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2)))
    };
    if pairs.len() > MOST_TRIED {
        pairs.select_nth_unstable_by(MOST_TRIED, order);
        pairs.truncate(MOST_TRIED);
    }
    pairs.sort_unstable_by(order);
    pairs
}

/// Of every channel that may close, the least change of all weights together; and whether everything was tried.
pub(super) fn set_all_weights(
    facts: &Facts<'_>,
    set: &Set<'_>,
    lines: &[Vec<Vec<Line>>; 2],
) -> OfSet<AllWeights> {
    let again = Again::new(set);
    let [worth, delivery] = [0, 1].map(|axis: usize| nearest_places(set, axis, &lines[axis]));
    let pairs = nearest_pairs(&worth, &delivery);
    let tried = |axis: usize| is_all_tried(set.own[axis].len(), &lines[axis]);
    let mut is_all = pairs.len() == worth.len() * delivery.len() && tried(0) && tried(1);
    let mut best: Vec<Option<(f64, Flip)>> = vec![None; set.closers.len()];
    for (_, i, j) in pairs {
        let (w, d) = (&worth[i], &delivery[j]);
        let Some(calls) = again.calls([&w.half, &d.half]) else {
            is_all = false;
            break;
        };
        for (place, call) in calls.iter().copied().enumerate() {
            let Some(ix) = set.closers.get(place).filter(|_| best[place].is_none()) else { continue };
            if set.stands(*ix) == Some(call) {
                continue;
            }
            let (mut to, mut moved) = (Vec::new(), 0.0);
            for (axis, weights) in [&w.weights, &d.weights].into_iter().enumerate() {
                if let Some((sums, now)) = set.member(*ix).and_then(|it| it.in_its_terms(axis, weights)) {
                    to.extend(differences(facts, sums, &now));
                    moved += distance(&now, &sums.own);
                }
            }
            // A weight of a criterion that does not apply to the channel itself is no change that it could tell.
            if !to.is_empty() {
                best[place] = Some((moved, Flip::Weights { to, moved, call }));
            }
        }
        if best.iter().all(Option::is_some) {
            break;
        }
    }
    (best, is_all)
}
