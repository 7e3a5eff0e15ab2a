//! A first-order absorbing chain of channels between START and two ends, solved exactly, and what is lost
//! when a channel is taken out of it (METHOD D). Numbers only; what they mean for a channel says
//! [`super::role`].
//!
//! Method: Anderl, Becker, von Wangenheim, Schumann, IJRM 33(3), 2016. With N = (I-Q)^-1 a path visits
//! channel i with probability f = (pi0 N)_i / N_ii, so that P without the paths through i is P - f h_i: one
//! elimination answers for all channels.

use std::collections::BTreeMap;

use super::MOST_EFFORT;
use crate::measure::real;

/// Where every path begins.
pub const START: &str = "START";
/// Where a path that ended well goes.
pub const RESOLVED: &str = "RESOLVED";
/// Where any other path goes.
pub const UNRESOLVED: &str = "UNRESOLVED";

/// A pivot below this is none: channels that only pass on to each other.
const LEAST_PIVOT: f64 = 1e-13;

/// Counted steps of a chain. Repeats in place are left out: they rescale a row and never redirect it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// Channel ids, sorted.
    pub names: Vec<String>,
    /// One row for START and one for each channel; in each how often it goes to each channel, to RESOLVED
    /// and to UNRESOLVED.
    counts: Rows,
}

/// One row for START and one for each channel, with a column for each channel and one for each end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Rows {
    channels: usize,
    cells: Vec<f64>,
}

impl Rows {
    fn new(channels: usize) -> Self {
        Self { channels, cells: vec![0.0; (channels + 1) * (channels + 2)] }
    }

    fn width(&self) -> usize {
        self.channels + 2
    }

    /// Rows from START on.
    #[cfg(test)]
    pub(super) fn iter(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.width())
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut [f64]> {
        let width = self.width();
        self.cells.chunks_exact_mut(width)
    }

    /// Each row as shares of its sum; a channel from which nothing goes on ends unresolved.
    fn shares(&self) -> Self {
        let mut shares = self.clone();
        for (at, row) in shares.iter_mut().enumerate() {
            let all: f64 = row.iter().sum();
            if all > 0.0 {
                row.iter_mut().for_each(|p| *p /= all);
            } else if at > 0
                && let Some(unresolved) = row.last_mut()
            {
                *unresolved = 1.0;
            }
        }
        shares
    }

    fn start(&self) -> &[f64] {
        self.cells.get(..self.channels).unwrap_or_default()
    }

    /// From a channel.
    fn from(&self, i: usize) -> &[f64] {
        let width = self.width();
        self.cells.get((i + 1) * width..(i + 2) * width).unwrap_or_default()
    }

    /// The chain solved; `None` where it has no end (channels that only pass on to each other).
    pub(super) fn solve(&self) -> Option<Solved> {
        let shares = self.shares();
        let n = self.channels;
        let visits = shares.inverse()?;
        let rows = || visits.chunks_exact(n.max(1));
        let resolves: Vec<f64> = (0..n).map(|j| shares.from(j)[n]).collect();
        let ends = rows().map(|row| row.iter().zip(&resolves).map(|(n, r)| n * r).sum()).collect();
        let entry = shares.start().to_vec();
        let mut visited = vec![0.0; n];
        for (p, row) in entry.iter().zip(rows()) {
            visited.iter_mut().zip(row).for_each(|(sum, n)| *sum += p * n);
        }
        visited.iter_mut().zip(rows()).enumerate().for_each(|(i, (f, row))| *f /= row[i]);
        Some(Solved { entry, visited, ends })
    }

    /// N = (I-Q)^-1, in place: I-Q is diagonally dominant by rows with nothing positive beside the diagonal, so
    /// that elimination needs no other pivots.
    fn inverse(&self) -> Option<Vec<f64>> {
        let n = self.channels;
        let mut a = vec![0.0; n * n];
        for (i, row) in a.chunks_exact_mut(n.max(1)).enumerate() {
            row.iter_mut().zip(self.from(i)).for_each(|(cell, q)| *cell = -q);
            row[i] += 1.0;
        }
        for k in 0..n {
            let (above, rest) = a.split_at_mut(k * n);
            let (row, below) = rest.split_at_mut(n);
            let pivot = row[k];
            if pivot < LEAST_PIVOT {
                return None;
            }
            row[k] = 1.0;
            row.iter_mut().for_each(|x| *x /= pivot);
            for other in above.chunks_exact_mut(n).chain(below.chunks_exact_mut(n)) {
                let factor = std::mem::take(&mut other[k]);
                if factor != 0.0 {
                    other.iter_mut().zip(&*row).for_each(|(x, y)| *x -= factor * y);
                }
            }
        }
        Some(a)
    }
}

impl Chain {
    /// The chain of counted steps. Steps of negative count are ignored.
    #[must_use]
    pub fn new(steps: &BTreeMap<(&str, &str), i64>) -> Self {
        let counted = || steps.iter().filter(|((from, to), n)| **n > 0 && from != to);
        let mut names: Vec<&str> = counted()
            .flat_map(|((from, to), _)| [*from, *to])
            .filter(|name| ![START, RESOLVED, UNRESOLVED].contains(name))
            .collect();
        names.sort_unstable();
        names.dedup();
        let n = names.len();
        let mut counts = Rows::new(n);
        let width = counts.width();
        for ((from, to), count) in counted() {
            let row = if *from == START { Some(0) } else { names.binary_search(from).ok().map(|i| i + 1) };
            let column = match *to {
                RESOLVED => Some(n),
                UNRESOLVED => Some(n + 1),
                channel => names.binary_search(&channel).ok(),
            };
            // Who starts nowhere was never a customer.
            if let (Some(row), Some(column)) = (row, column)
                && (row > 0 || column < n)
            {
                counts.cells[row * width + column] += real(*count);
            }
        }
        Self { names: names.into_iter().map(str::to_owned).collect(), counts }
    }

    /// Multiplications that it takes to solve it.
    #[must_use]
    pub fn effort(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        let channels = self.names.len() as f64;
        channels.powi(3)
    }

    pub(super) fn counts(&self) -> &Rows {
        &self.counts
    }

    /// Position of a channel.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.binary_search_by(|n| n.as_str().cmp(name)).ok()
    }

    /// Paths that begin anywhere.
    #[must_use]
    pub fn episodes(&self) -> f64 {
        self.counts.start().iter().sum()
    }

    /// The chain solved; `None` where it has no end, or more channels than can be solved.
    #[must_use]
    pub fn solve(&self) -> Option<Solved> {
        if self.effort() > MOST_EFFORT { None } else { self.counts.solve() }
    }
}

/// A chain solved.
#[derive(Debug, Clone)]
pub struct Solved {
    /// Where paths begin, in shares.
    entry: Vec<f64>,
    /// f: the probability that a path ever visits each channel.
    visited: Vec<f64>,
    /// From each channel, the probability of ending resolved.
    ends: Vec<f64>,
}

impl Solved {
    /// Probability that a path ends resolved: P = pi0 (I-Q)^-1 r.
    #[must_use]
    pub fn resolved(&self) -> f64 {
        self.entry.iter().zip(&self.ends).map(|(p, h)| p * h).sum()
    }

    /// P without a channel: if all that flows into it turns to the other entrances in proportion to START,
    /// and if it is lost. Where there is no other entrance, the two are the same.
    #[must_use]
    pub fn without(&self, i: usize) -> (f64, f64) {
        let lost = (self.resolved() - self.visited[i] * self.ends[i]).max(0.0);
        let elsewhere: f64 = self.entry.iter().enumerate().filter(|(k, _)| *k != i).map(|(_, p)| p).sum();
        // Whoever comes to it turns to the other entrances, as often as it takes: g + u g + u^2 g + ...
        let stays = elsewhere - (self.visited[i] - self.entry[i]);
        let rerouted = match elsewhere {
            none if none <= 0.0 => lost,
            _ if stays <= LEAST_PIVOT => 0.0,
            _ => lost / stays,
        };
        (rerouted, lost)
    }

    /// Removal effect of a channel, rerouted and lost: 1 - P without it / P; `None` where nothing is resolved
    /// at all.
    #[must_use]
    pub fn removal(&self, i: usize) -> Option<(f64, f64)> {
        let whole = self.resolved();
        let (rerouted, lost) = self.without(i);
        (whole > 0.0).then(|| (1.0 - rerouted / whole, 1.0 - lost / whole))
    }
}
