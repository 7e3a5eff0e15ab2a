//! From contacts to the census table: an accumulator that takes outcomes, merges with another one
//! and is finished once. Owns what a row means; never reads a file.

use crate::criteria::Criteria;
use crate::inventory::Inventory;
use crate::usage::{Outcome, Rejected};

use super::Census;

/// Which contacts are counted, and how.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Only from this local day on.
    pub from: Option<jiff::civil::Date>,
    /// Only up to and including this local day.
    pub to: Option<jiff::civil::Date>,
}

/// A census being made.
pub struct Fold<'i> {
    inventory: &'i Inventory,
    criteria: &'i Criteria,
}

impl<'i> Fold<'i> {
    /// An empty census.
    #[must_use]
    pub fn new(inventory: &'i Inventory, criteria: &'i Criteria, options: Options) -> Self {
        let _ = options;
        Self { inventory, criteria }
    }

    /// Takes the outcomes of one block.
    pub fn take(&mut self, outcomes: Vec<Outcome>) {
        let _ = outcomes;
    }

    /// Takes everything another fold has taken.
    pub fn merge(&mut self, other: Self) {
        let _ = other;
    }

    /// The table. Finds episodes, classes and steps: the same whatever the order of the rows.
    #[must_use]
    pub fn finish(self) -> Census {
        let _ = (self.inventory, self.criteria);
        Census::default()
    }
}

/// Keeps rejected rows for people: the first few, and all of them where a file was asked for.
#[derive(Debug, Default)]
pub struct Rejects {
    /// How many.
    pub count: u64,
    /// The first few of each cause.
    pub shown: Vec<Rejected>,
}
