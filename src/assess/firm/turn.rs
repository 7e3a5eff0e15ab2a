//! Which change of weights turns a verdict, the least one: of a channel alone, where its closing hangs on no other
//! channel, and of all that may close together, the whole set judged again under each change.

use std::collections::HashSet;

use super::again::{Again, OfAxis, Set};
use super::change::{Line, distance, nearest, with_weight};
use super::flip::Flip;
use super::sums::{Sums, Turn};
use super::{Axes, call_of};
use crate::assess::Call;
use crate::assess::axis::{AxisState, ROUNDING};
use crate::assess::judge::Judged;
use crate::inventory::ChannelIx;
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
        rows.map(|row| Line::new(row.clone(), self.line)).collect()
    }
}

/// The changes of weights that turn a verdict if all others close as they do.
pub(super) fn alone(facts: &Facts<'_>, judged: &Judged, axes: &Axes) -> Vec<Flip> {
    one_weight(facts, judged, axes).into_iter().chain(all_weights(facts, judged, axes)).collect()
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
        for weights in nearest(&sums.own, &sums.lines()) {
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
const MOST_TRIED: usize = 20_000;

/// The changes of weights that turn the verdict of each channel that may close, the whole set judged again.
pub(super) fn of_set(facts: &Facts<'_>, set: &Set<'_>) -> Vec<Vec<Flip>> {
    let again = Again::new(facts, set);
    let lines = [0, 1].map(|axis| set_lines(set, &again, axis));
    let one = set_one_weight(facts, set, &again, &lines);
    let all = set_all_weights(facts, set, &again, &lines);
    one.into_iter().zip(all).map(|(one, all)| one.into_iter().chain(all).collect()).collect()
}

/// Every line that the closings of a set may hang on.
fn set_lines(set: &Set<'_>, again: &Again<'_, '_, '_>, axis: usize) -> Vec<Line> {
    let place = |i: &usize| set.of[axis].iter().position(|own| own == i);
    let spread = |sums: &Sums, row: &[f64]| {
        let mut all = vec![f64::NAN; set.of[axis].len()];
        for (i, points) in sums.of.iter().zip(row) {
            if let Some(slot) = place(i).and_then(|place| all.get_mut(place)) {
                *slot = *points;
            }
        }
        all
    };
    let mut lines = Vec::new();
    let mut add = |line: Line| {
        if line.divides() {
            lines.push(line);
        }
    };
    for ix in &set.members {
        let Some(sums) = set.sums(*ix)[axis] else { continue };
        let rows = [&sums.low, &sums.high].into_iter().chain(&sums.surely);
        rows.for_each(|row| add(Line::new(spread(sums, row), sums.line)));
    }
    // Where two deliver alike.
    let middles = |ix: ChannelIx| {
        let sums = set.sums(ix)[axis]?;
        let row: Vec<f64> =
            sums.low.iter().zip(&sums.high).map(|(low, high)| f64::midpoint(*low, *high)).collect();
        Some(spread(sums, &row))
    };
    for (one, other) in set.pairs.iter().filter(|_| axis == 1) {
        if let (Some(a), Some(b)) = (middles(*one), middles(*other))
            && a.iter().zip(&b).all(|(a, b)| a.is_nan() == b.is_nan())
        {
            let more: Vec<f64> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
            // What differs by no more than the machine's rounding is alike: then the first of them survives.
            let alike = if again.comes_first(*one, *other) { -ROUNDING } else { ROUNDING };
            add(Line::new(more, alike));
        }
    }
    lines
}

/// Of every channel that may close, the least change of one weight.
fn set_one_weight(
    facts: &Facts<'_>,
    set: &Set<'_>,
    again: &Again<'_, '_, '_>,
    lines: &[Vec<Line>; 2],
) -> Vec<Option<Flip>> {
    let mut best: Vec<Option<(f64, Flip)>> = vec![None; set.closers.len()];
    for axis in [0, 1] {
        let own = &set.own[axis];
        for (k, from) in own.iter().copied().enumerate() {
            let mut places: Vec<f64> = lines[axis].iter().filter_map(|line| line.alone(own, k)).collect();
            places.sort_by(f64::total_cmp);
            places.dedup();
            let (less, more): (Vec<f64>, Vec<f64>) = places.into_iter().partition(|to| *to < from);
            for way in [less.into_iter().rev().collect::<Vec<f64>>(), more] {
                let mut found = vec![false; set.closers.len()];
                for to in way {
                    let mut weights = set.own.clone();
                    weights[axis] = with_weight(own, k, to);
                    let Some(calls) = again.calls(&weights) else { break };
                    for (place, call) in calls.into_iter().enumerate() {
                        let Some(ix) = set.closers.get(place).filter(|_| !found[place]) else { continue };
                        if set.stands(*ix) == Some(call) {
                            continue;
                        }
                        found[place] = true;
                        // In the terms of the channel: its weights within its axis.
                        let Some((sums, now)) = set.in_terms_of(*ix, axis, &weights[axis]) else { continue };
                        let Some(j) = sums.of.iter().position(|of| *of == set.of[axis][k]) else { continue };
                        let (from, to) = (sums.own[j], now[j]);
                        let by = (to - from).abs();
                        if best[place].as_ref().is_none_or(|(least, _)| by < *least) {
                            let criterion = facts.criteria.criteria[sums.of[j]].id.clone();
                            best[place] = Some((by, Flip::Weight { criterion, from, to, call }));
                        }
                    }
                    if found.iter().all(|found| *found) {
                        break;
                    }
                }
            }
        }
    }
    best.into_iter().map(|best| best.map(|(_, flip)| flip)).collect()
}

/// Of every channel that may close, the least change of all weights together.
fn set_all_weights(
    facts: &Facts<'_>,
    set: &Set<'_>,
    again: &Again<'_, '_, '_>,
    lines: &[Vec<Line>; 2],
) -> Vec<Option<Flip>> {
    // Of each axis, the nearest weights for everything that the closings can hang on.
    let near = [0, 1].map(|axis: usize| {
        let own = &set.own[axis];
        let single =
            || lines[axis].iter().flat_map(|line| nearest(own, std::slice::from_ref(line))).collect();
        let places = if lines[axis].len() <= MOST_LINES { nearest(own, &lines[axis]) } else { single() };
        let mut all: Vec<(f64, OfAxis)> = places.into_iter().map(|w| (distance(&w, own), w)).collect();
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut seen = HashSet::new();
        all.retain(|(_, weights)| {
            let mut both = set.own.clone();
            both[axis].clone_from(weights);
            seen.insert(again.key_of(&both))
        });
        all
    });
    let [worth, delivery] = &near;
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (i, (moved_worth, _)) in worth.iter().enumerate() {
        pairs.extend(delivery.iter().enumerate().map(|(j, (moved, _))| (moved_worth + moved, i, j)));
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
    pairs.truncate(MOST_TRIED);
    let mut best: Vec<Option<Flip>> = vec![None; set.closers.len()];
    for (_, i, j) in pairs {
        let weights = [worth[i].1.clone(), delivery[j].1.clone()];
        let Some(calls) = again.calls(&weights) else { break };
        for (place, call) in calls.into_iter().enumerate() {
            let Some(ix) = set.closers.get(place).filter(|_| best[place].is_none()) else { continue };
            if set.stands(*ix) == Some(call) {
                continue;
            }
            let (mut to, mut moved) = (Vec::new(), 0.0);
            for axis in [0, 1] {
                if let Some((sums, now)) = set.in_terms_of(*ix, axis, &weights[axis]) {
                    to.extend(differences(facts, sums, &now));
                    moved += distance(&now, &sums.own);
                }
            }
            best[place] = Some(Flip::Weights { to, moved, call });
        }
        if best.iter().all(Option::is_some) {
            break;
        }
    }
    best
}
