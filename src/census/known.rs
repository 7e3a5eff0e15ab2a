//! Rows that repeat one another, in numbers: what a pattern of rows means is settled once, and each row adds
//! what is its own. Contacts that came to the same end are counted as so many of them and become sums in the
//! end: all columns but wait and handling are the same for each.

use crate::usage::Pattern;

use super::contact::{Contact, Said};
use super::promise::Fate;
use super::sums::{contact_sums, handled};
use super::table::{Column, Sums};

/// What is known of a pattern of rows.
#[derive(Debug)]
pub(super) struct Known {
    stamp: u64,
    /// As every row of the pattern is, but for its time, customer, wait and handling.
    pub(super) contact: Contact,
    /// Contacts that were counted, by how they ended: mostly two or three ways.
    tallies: Vec<Tally>,
}

/// Contacts of one pattern that came to the same end.
#[derive(Debug)]
struct Tally {
    end: End,
    contacts: i64,
    wait_ms: i64,
    handle_ms: i64,
}

/// All that tells the sums of two contacts of a pattern apart, but for how long they waited and were handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    answered: Said,
    abandoned: Said,
    kept: Said,
    abandoned_in_promise: bool,
    abandoned_short: bool,
    waited: bool,
    handled: bool,
    identified: bool,
}

impl Known {
    /// Of a pattern whose rows are like this contact.
    pub(super) fn new(of: &Pattern, contact: Contact) -> Self {
        Self { stamp: of.stamp(), contact, tallies: Vec::new() }
    }

    /// Whether it is this pattern that it knows.
    pub(super) fn is_of(&self, pattern: &Pattern) -> bool {
        self.stamp == pattern.stamp()
    }

    /// Counts the contact, with what became of it.
    pub(super) fn count(&mut self, fate: &Fate, identified: bool) {
        let handle_ms = handled(&self.contact, fate);
        let end = End {
            answered: fate.answered,
            abandoned: fate.abandoned,
            kept: fate.kept,
            abandoned_in_promise: fate.abandoned_in_promise,
            abandoned_short: fate.abandoned_short,
            waited: fate.wait_ms.is_some(),
            handled: handle_ms.is_some(),
            identified,
        };
        let own = match self.tallies.iter().position(|tally| tally.end == end) {
            Some(at) => at,
            None => {
                self.tallies.push(Tally { end, contacts: 0, wait_ms: 0, handle_ms: 0 });
                self.tallies.len() - 1
            }
        };
        if let Some(tally) = self.tallies.get_mut(own) {
            tally.contacts += 1;
            tally.wait_ms = tally.wait_ms.saturating_add(fate.wait_ms.unwrap_or(0));
            tally.handle_ms = tally.handle_ms.saturating_add(handle_ms.unwrap_or(0));
        }
    }

    /// The sums of all that were counted, which are counted anew from here on: how many, and what they add up
    /// to.
    pub(super) fn take(&mut self) -> Vec<(i64, Sums)> {
        let tallies = std::mem::take(&mut self.tallies);
        tallies.into_iter().map(|tally| (tally.contacts, self.sums(&tally))).collect()
    }

    fn sums(&self, tally: &Tally) -> Sums {
        let end = tally.end;
        // Sums of contacts that were served at once.
        let mut one = self.contact.clone();
        one.customer = u32::from(end.identified);
        one.handle_ms = end.handled.then_some(0);
        let fate = Fate {
            answered: end.answered,
            abandoned: end.abandoned,
            wait_ms: end.waited.then_some(0),
            kept: end.kept,
            abandoned_in_promise: end.abandoned_in_promise,
            abandoned_short: end.abandoned_short,
        };
        let mut sums = contact_sums(&one, &fate);
        sums.0.iter_mut().for_each(|sum| *sum = sum.saturating_mul(tally.contacts));
        sums[Column::WaitMs] = tally.wait_ms;
        sums[Column::WaitAnsweredMs] = if end.answered == Said::Yes { tally.wait_ms } else { 0 };
        sums[Column::HandleMs] = tally.handle_ms;
        sums
    }
}
