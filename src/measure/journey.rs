//! The role of a channel in the journey (METHOD D): a first-order absorbing chain, solved exactly, and
//! what is lost when a channel is taken out of it. Shown, never scored.
//!
//! Method: Anderl, Becker, von Wangenheim, Schumann, IJRM 33(3), 2016. The two ends of the removal
//! effect say what happens if its customers are lost, or all turn to the other entrances; credit is
//! correlation, and hard cases go to the channel that can solve them.

use std::collections::BTreeMap;

use super::counted::Role;
use super::{Facts, percent, real, thousands};
use crate::inventory::ChannelIx;
use crate::text::clean;

/// Where every path begins.
pub const START: &str = "START";
/// Where a path that ended well goes.
pub const RESOLVED: &str = "RESOLVED";
/// Where any other path goes.
pub const UNRESOLVED: &str = "UNRESOLVED";

/// A chain of channels between START and the two ends, as transition probabilities. Repeats in place
/// are left out: they rescale a row and never redirect it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Channel ids, sorted.
    pub names: Vec<String>,
    entry: Vec<f64>,
    to_channel: Vec<Vec<f64>>,
    to_resolved: Vec<f64>,
    to_unresolved: Vec<f64>,
}

impl Chain {
    /// The chain of counted steps. Steps of negative count are ignored.
    #[must_use]
    pub fn new(steps: &BTreeMap<(&str, &str), i64>) -> Self {
        let mut names: Vec<&str> = steps
            .iter()
            .filter(|(_, n)| **n > 0)
            .flat_map(|((from, to), _)| [*from, *to])
            .filter(|name| ![START, RESOLVED, UNRESOLVED].contains(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        let n = names.len();
        let mut chain = Self {
            names: names.iter().map(|s| (*s).to_owned()).collect(),
            entry: vec![0.0; n],
            to_channel: vec![vec![0.0; n]; n],
            to_resolved: vec![0.0; n],
            to_unresolved: vec![0.0; n],
        };
        for ((from, to), count) in steps.iter().filter(|((from, to), n)| **n > 0 && from != to) {
            let (f, t) = (names.binary_search(from).ok(), names.binary_search(to).ok());
            let slot = match (f, t) {
                (None, Some(t)) if *from == START => chain.entry.get_mut(t),
                (Some(f), Some(t)) => chain.to_channel.get_mut(f).and_then(|row| row.get_mut(t)),
                (Some(f), None) if *to == RESOLVED => chain.to_resolved.get_mut(f),
                (Some(f), None) if *to == UNRESOLVED => chain.to_unresolved.get_mut(f),
                _ => None,
            };
            if let Some(slot) = slot {
                *slot += real(*count);
            }
        }
        chain.normalise();
        chain
    }

    fn normalise(&mut self) {
        let entries: f64 = self.entry.iter().sum();
        if entries > 0.0 {
            self.entry.iter_mut().for_each(|p| *p /= entries);
        }
        for i in 0..self.names.len() {
            let all = self.to_channel[i].iter().sum::<f64>() + self.to_resolved[i] + self.to_unresolved[i];
            if all > 0.0 {
                self.to_channel[i].iter_mut().for_each(|p| *p /= all);
                self.to_resolved[i] /= all;
                self.to_unresolved[i] /= all;
            } else {
                self.to_unresolved[i] = 1.0;
            }
        }
    }

    /// Position of a channel.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|n| n.as_str().cmp(name)).ok()
    }

    /// Share of paths that begin in a channel.
    #[must_use]
    pub fn entry_share(&self, i: usize) -> f64 {
        self.entry.get(i).copied().unwrap_or(0.0)
    }

    /// Probability that a visit ends the path resolved, that it ends it unresolved, and that it passes
    /// the customer on.
    #[must_use]
    pub fn ends(&self, i: usize) -> (f64, f64, f64) {
        match (self.to_resolved.get(i), self.to_unresolved.get(i), self.to_channel.get(i)) {
            (Some(resolved), Some(unresolved), Some(row)) => (*resolved, *unresolved, row.iter().sum()),
            _ => (0.0, 0.0, 0.0),
        }
    }

    /// Probability that a path ends resolved: P = pi0 (I-Q)^-1 r. `None` where the chain has no end
    /// (channels that only pass on to each other).
    #[must_use]
    pub fn resolved(&self) -> Option<f64> {
        let h = solve(&self.to_channel, &self.to_resolved)?;
        Some(self.entry.iter().zip(&h).map(|(p, h)| p * h).sum())
    }

    /// Removal effect of a channel, rerouted and null; `None` where nothing is resolved at all.
    #[must_use]
    pub fn removal(&self, i: usize) -> Option<(f64, f64)> {
        let whole = self.resolved().filter(|p| *p > 0.0)?;
        let effect = |chain: Self| chain.resolved().map(|p| 1.0 - p / whole);
        Some((effect(self.rerouted(i))?, effect(self.lost(i))?))
    }

    /// Without a channel: all that flows into it is lost.
    fn lost(&self, i: usize) -> Self {
        let mut chain = self.clone();
        chain.end_here(i);
        chain
    }

    /// Without a channel: what flows into it is spread over the other entrances in proportion to START
    /// (lost where there are none).
    fn rerouted(&self, i: usize) -> Self {
        let mut chain = self.clone();
        chain.end_here(i);
        let mut spread = self.entry.clone();
        spread[i] = 0.0;
        let rest: f64 = spread.iter().sum();
        if rest <= 0.0 {
            return chain;
        }
        spread.iter_mut().for_each(|p| *p /= rest);
        let move_on = |row: &mut Vec<f64>| {
            let inflow = std::mem::take(&mut row[i]);
            row.iter_mut().zip(&spread).for_each(|(p, s)| *p += inflow * s);
        };
        move_on(&mut chain.entry);
        chain.to_channel.iter_mut().for_each(move_on);
        chain
    }

    /// Makes a channel a dead end that resolves nothing.
    fn end_here(&mut self, i: usize) {
        self.to_channel[i].iter_mut().for_each(|p| *p = 0.0);
        self.to_resolved[i] = 0.0;
        self.to_unresolved[i] = 1.0;
    }
}

/// Solves h = Q h + r by Gaussian elimination with partial pivoting; `None` where I-Q is singular.
fn solve(q: &[Vec<f64>], r: &[f64]) -> Option<Vec<f64>> {
    let n = r.len();
    let mut a: Vec<Vec<f64>> = (0..n)
        .map(|i| {
            let mut row: Vec<f64> = (0..n).map(|j| f64::from(u8::from(i == j)) - q[i][j]).collect();
            row.push(r[i]);
            row
        })
        .collect();
    for k in 0..n {
        let pivot = (k..n).max_by(|x, y| a[*x][k].abs().total_cmp(&a[*y][k].abs()))?;
        if a[pivot][k].abs() < 1e-13 {
            return None;
        }
        a.swap(k, pivot);
        let row = a[k].clone();
        for below in a.iter_mut().skip(k + 1) {
            let factor = below[k] / row[k];
            below.iter_mut().zip(&row).skip(k).for_each(|(x, y)| *x -= factor * y);
        }
    }
    let mut h = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|j| a[i][j] * h[j]).sum();
        h[i] = (a[i][n] - known) / a[i][i];
    }
    Some(h)
}

/// The role of a channel; `None` where fewer paths than the method asks for touch it.
pub(super) fn role(
    facts: &Facts<'_>,
    chain: &Chain,
    ix: ChannelIx,
    one_contact: Option<f64>,
) -> Option<Role> {
    let id = facts.channel(ix).id.as_str();
    let i = chain.position(id)?;
    let count = |from: &str, to: &str| facts.steps.get(&(from, to)).copied().unwrap_or(0);
    let visits: i64 = facts.steps.iter().filter(|((f, t), _)| *f == id && *t != id).map(|(_, n)| *n).sum();
    if visits < i64::from(facts.criteria.defaults.least_episodes) {
        return None;
    }
    let all_resolved: i64 = facts.steps.iter().filter(|((_, to), _)| *to == RESOLVED).map(|(_, n)| *n).sum();
    let last = count(id, RESOLVED);
    let last_share = if all_resolved > 0 { real(last) / real(all_resolved) } else { 0.0 };
    let entry_share = chain.entry_share(i);
    let (resolves_here, leak, passed_on) = chain.ends(i);
    let removal = chain.removal(i);
    let least = |name: &str| facts.criteria.verdicts.number(name);
    let words = [
        ("door", entry_share > 0.0 && entry_share >= least("door") * last_share),
        ("resolver", last_share > 0.0 && last_share >= least("resolver") * entry_share),
        ("bridge", passed_on >= least("bridge")),
        ("leak", leak >= least("leak")),
        ("self-contained", one_contact.is_some_and(|ocr| ocr >= least("self_contained"))),
    ];
    let words = words.iter().filter(|(_, holds)| *holds).map(|(word, _)| (*word).to_owned()).collect();
    Some(Role {
        words,
        entry_share,
        last_share,
        removal,
        resolves_here,
        leak,
        passed_on,
        sentence: sentence(id, last, all_resolved, removal),
        episodes: visits,
    })
}

/// `11 of 16 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions …`.
fn sentence(id: &str, last: i64, all: i64, removal: Option<(f64, f64)>) -> String {
    let id = clean(id);
    let Some((a, b)) = removal else { return "no journey ends resolved, so no role can be told".into() };
    let (low, high) = (a.min(b), a.max(b));
    let risk = if low >= 0.005 {
        format!("between {} and {} of resolutions would be at risk", percent(low), percent(high))
    } else {
        format!("between none and {} of resolutions would be at risk", percent(high.max(0.0)))
    };
    let (last, all) = (thousands(real(last)), thousands(real(all)));
    format!("{last} of {all} resolved journeys end on {id}; if it vanished, {risk}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps(paths: &[(&[&'static str], i64, i64)]) -> BTreeMap<(&'static str, &'static str), i64> {
        let mut steps = BTreeMap::new();
        for (path, resolved, unresolved) in paths {
            let n = resolved + unresolved;
            let mut at = START;
            for c in path.iter() {
                if *c != at {
                    *steps.entry((at, *c)).or_default() += n;
                }
                at = c;
            }
            *steps.entry((at, RESOLVED)).or_default() += resolved;
            *steps.entry((at, UNRESOLVED)).or_default() += unresolved;
        }
        steps
    }

    fn worked() -> BTreeMap<(&'static str, &'static str), i64> {
        steps(&[
            (&["faq"], 3, 2),
            (&["faq", "phone"], 2, 0),
            (&["chat"], 2, 0),
            (&["chat", "phone"], 1, 0),
            (&["phone"], 4, 0),
            (&["email", "phone"], 2, 0),
            (&["email"], 0, 1),
            (&["faq", "chat", "phone"], 1, 0),
            (&["chat", "faq"], 0, 1),
            (&["phone", "phone"], 1, 0),
        ])
    }

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-12, "{a} is not {b}");
    }

    /// `tests/reference/journeys.md`: exact fractions.
    #[test]
    fn worked_example_is_exact() {
        let chain = Chain::new(&worked());
        close(chain.resolved().unwrap(), 4.0 / 5.0);
        let expect = [
            ("faq", -31.0 / 224.0, 29.0 / 80.0),
            ("chat", 29.0 / 544.0, 41.0 / 144.0),
            ("phone", 11.0 / 36.0, 11.0 / 16.0),
            ("email", -1.0 / 34.0, 1.0 / 8.0),
        ];
        let mut sum = 0.0;
        for (name, rerouted, null) in expect {
            let (a, b) = chain.removal(chain.position(name).unwrap()).unwrap();
            close(a, rerouted);
            close(b, null);
            sum += b;
        }
        close(4176.0 / 1051.0, 29.0 / 80.0 / sum * 16.0);
        let faq = chain.position("faq").unwrap();
        close(chain.entry_share(faq), 2.0 / 5.0);
        let (resolved, unresolved, passed) = chain.ends(faq);
        close(resolved, 1.0 / 3.0);
        close(unresolved, 1.0 / 3.0);
        close(passed, 1.0 / 3.0);
    }

    #[test]
    fn a_self_loop_changes_nothing() {
        let mut looped = worked();
        looped.insert(("phone", "phone"), 1);
        assert_eq!(Chain::new(&looped), Chain::new(&worked()));
    }

    /// serhiipuzyrov.com: ads 2, mailing 1, ads > mailing 1, ads without conversion 1.
    #[test]
    fn published_example_of_ads_and_mailing() {
        let chain =
            Chain::new(&steps(&[(&["ads"], 2, 1), (&["mailing"], 1, 0), (&["ads", "mailing"], 1, 0)]));
        close(chain.resolved().unwrap(), 4.0 / 5.0);
        close(chain.removal(chain.position("ads").unwrap()).unwrap().1, 3.0 / 4.0);
        close(chain.removal(chain.position("mailing").unwrap()).unwrap().1, 1.0 / 2.0);
    }

    /// pychattr README: exact credit A 2, B 1 of 3 conversions.
    #[test]
    fn published_example_of_pychattr() {
        let chain = Chain::new(&steps(&[
            (&["A", "B", "A", "B", "B", "A"], 1, 0),
            (&["A", "B", "B", "A", "A"], 1, 0),
            (&["A", "A"], 1, 0),
        ]));
        let a = chain.removal(0).unwrap().1;
        let b = chain.removal(1).unwrap().1;
        close(a / (a + b) * 3.0, 2.0);
        close(b / (a + b) * 3.0, 1.0);
    }

    #[test]
    fn nothing_resolved_has_no_removal_effect() {
        let chain = Chain::new(&steps(&[(&["a"], 0, 3)]));
        close(chain.resolved().unwrap(), 0.0);
        assert!(chain.removal(0).is_none());
        assert_eq!(Chain::new(&BTreeMap::new()).resolved(), Some(0.0));
    }

    #[test]
    fn the_sentence_names_both_ends() {
        assert_eq!(
            sentence("phone", 11, 16, Some((11.0 / 36.0, 11.0 / 16.0))),
            "11 of 16 resolved journeys end on phone; if it vanished, between 31% and 69% of resolutions would be at risk"
        );
    }

    proptest! {
        /// Power iteration of the same chain comes to the same probability.
        #[test]
        fn elimination_agrees_with_power_iteration(counts in proptest::collection::vec(0_i64..50, 24)) {
            let names = ["a", "b", "c", "d"];
            let mut table = BTreeMap::new();
            for (i, from) in names.iter().enumerate() {
                table.insert((START, *from), counts[i]);
                // Every channel has an end, so that the iteration converges in reach.
                table.insert((*from, UNRESOLVED), 5 + counts[4 + i]);
                table.insert((*from, RESOLVED), counts[8 + i]);
                for (j, to) in names.iter().enumerate().filter(|(j, _)| *j != i) {
                    table.insert((*from, *to), counts[12 + (i * 3 + j) % 12]);
                }
            }
            let chain = Chain::new(&table);
            let (mut state, mut resolved) = (chain.entry.clone(), 0.0);
            for _ in 0..2000 {
                resolved += state.iter().zip(&chain.to_resolved).map(|(s, r)| s * r).sum::<f64>();
                state = (0..state.len())
                    .map(|j| state.iter().zip(&chain.to_channel).map(|(s, row)| s * row[j]).sum())
                    .collect();
            }
            prop_assert!((resolved - chain.resolved().unwrap()).abs() < 1e-9);
        }
    }
}
