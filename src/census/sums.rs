//! The sums of one contact: which columns of the table it fills.

use crate::usage::Counts;

use super::contact::{Contact, Said};
use super::promise::Fate;
use super::table::{Column, Sums};

/// The sums of one contact.
pub(super) fn contact_sums(contact: &Contact, fate: &Fate) -> Sums {
    let mut sums = flags(contact, 1);
    sums[Column::Identified] = i64::from(contact.customer != 0);
    if let Some(answered) = fate.answered.known() {
        sums[Column::AnsweredKnown] = 1;
        sums[Column::Answered] = i64::from(answered);
    }
    sums[Column::Abandoned] = i64::from(fate.abandoned == Said::Yes);
    sums[Column::AbandonedInPromise] = i64::from(fate.abandoned_in_promise);
    sums[Column::AbandonedShort] = i64::from(fate.abandoned_short);
    if let Some(wait) = fate.wait_ms {
        sums[Column::WaitMs] = wait;
        sums[Column::WaitKnown] = 1;
        if fate.answered == Said::Yes {
            sums[Column::WaitAnsweredMs] = wait;
            sums[Column::WaitAnsweredKnown] = 1;
        }
    }
    if let Some(handle) = handled(contact, fate) {
        sums[Column::HandleMs] = handle;
        sums[Column::HandleKnown] = 1;
    }
    if let Some(resolved) = contact.resolved.known() {
        sums[Column::ResolvedKnown] = 1;
        sums[Column::Resolved] = i64::from(resolved);
    }
    if let Some(kept) = fate.kept.known() {
        sums[Column::PromiseKnown] = 1;
        sums[Column::PromiseKept] = i64::from(kept);
    }
    sums
}

/// Contacts that count alike but for whose they were and how long they waited and were handled: how many there were,
/// and what they had of their own. Half a line of memory, and never parts of two: counts of 32 bits are enough, because
/// what was counted is written where it belongs long before there are so many.
#[derive(Debug, Default)]
#[repr(align(32))]
pub(super) struct Own {
    wait_ms: i64,
    handle_ms: i64,
    contacts: u32,
    identified: u32,
    handle_known: u32,
}

const _: () = assert!(size_of::<Own>() == 32);

impl Own {
    /// Adds a contact.
    #[inline]
    pub(super) fn add(&mut self, identified: bool, wait_ms: Option<i64>, handle_ms: Option<i64>) {
        self.contacts += 1;
        self.identified += u32::from(identified);
        self.wait_ms = self.wait_ms.saturating_add(wait_ms.unwrap_or(0));
        self.handle_ms = self.handle_ms.saturating_add(handle_ms.unwrap_or(0));
        self.handle_known += u32::from(handle_ms.is_some());
    }

    /// The sums of them all, each counting as `one` does: a contact of nobody that waited no time and was not handled.
    pub(super) fn sums(&self, one: &Sums) -> Sums {
        let mut sums = Sums(one.0.map(|n| n.saturating_mul(i64::from(self.contacts))));
        sums[Column::Identified] = i64::from(self.identified);
        sums[Column::WaitMs] = self.wait_ms;
        sums[Column::WaitAnsweredMs] = if one[Column::WaitAnsweredKnown] == 1 { self.wait_ms } else { 0 };
        if one[Column::Abandoned] == 0 {
            sums[Column::HandleMs] = self.handle_ms;
            sums[Column::HandleKnown] = i64::from(self.handle_known);
        }
        sums
    }
}

/// Handling: who gave up was not handled, whatever a telephone system writes beside the hang-up.
pub(super) fn handled(contact: &Contact, fate: &Fate) -> Option<i64> {
    contact.handle_ms.filter(|_| fate.abandoned != Said::Yes)
}

/// What a row says of each of its n contacts alike.
fn flags(contact: &Contact, n: i64) -> Sums {
    let mut sums = Sums::default();
    let yes = |said: Said| if said == Said::Yes { n } else { 0 };
    let known = |said: Said| if said == Said::Unknown { 0 } else { n };
    sums[Column::Contacts] = n;
    sums[Column::Satisfied] = yes(contact.satisfied);
    sums[Column::SatisfactionKnown] = known(contact.satisfied);
    if let Some(nps) = contact.nps {
        sums[Column::NpsKnown] = n;
        sums[Column::Promoters] = if nps >= 9 { n } else { 0 };
        sums[Column::Detractors] = if nps <= 6 { n } else { 0 };
    }
    sums[Column::Transferred] = if contact.transferred_to == 0 { 0 } else { n };
    sums[Column::Opened] = yes(contact.opened);
    sums[Column::OpenedKnown] = known(contact.opened);
    sums[Column::OptedOut] = yes(contact.opted_out);
    sums[Column::Repeated] = yes(contact.repeated);
    sums[Column::RepeatedKnown] = known(contact.repeated);
    // Money of an aggregated row is the money of the whole row.
    if let Some(cost) = contact.cost_minor {
        sums[Column::CostMinor] = cost;
        sums[Column::CostKnown] = n;
    }
    if let Some(revenue) = contact.revenue_minor {
        sums[Column::RevenueMinor] = revenue;
        sums[Column::RevenueKnown] = n;
    }
    sums
}

/// The sums of an aggregated row: answered, abandoned and resolved are counts, wait and handle means
/// per contact. Its contacts have no id of their own, so none is identified.
pub(super) fn aggregate_sums(contact: &Contact, counts: &Counts) -> Sums {
    let n = counts.contacts.max(0);
    let mut sums = flags(contact, n);
    let within = |count: i64| count.clamp(0, n);
    if let Some(answered) = counts.answered {
        sums[Column::AnsweredKnown] = n;
        sums[Column::Answered] = within(answered);
    }
    sums[Column::Abandoned] = within(counts.abandoned.unwrap_or(0));
    if let Some(resolved) = counts.resolved {
        sums[Column::ResolvedKnown] = n;
        sums[Column::Resolved] = within(resolved);
    }
    if let Some(wait) = contact.wait_ms {
        sums[Column::WaitMs] = wait.saturating_mul(n);
        sums[Column::WaitKnown] = n;
        // The mean of the answered is known only where all were answered.
        if counts.answered.is_some_and(|answered| answered >= n) {
            sums[Column::WaitAnsweredMs] = sums[Column::WaitMs];
            sums[Column::WaitAnsweredKnown] = n;
        }
    }
    if let Some(handle) = contact.handle_ms {
        sums[Column::HandleMs] = handle.saturating_mul(n);
        sums[Column::HandleKnown] = n;
    }
    if let Some(kept) = contact.on_time.known() {
        sums[Column::PromiseKnown] = n;
        sums[Column::PromiseKept] = if kept { n } else { 0 };
    }
    sums
}
