//! Counts contacts the moment they are read: those that stand alone and whose fate nothing that is read later
//! can change. Where no facet asks who came back, these are nearly all, and none of them waits. Owns which
//! contacts these are; what they add to which facet is `cells`' affair.

use super::cells::Cells;
use super::contact::{Contact, Names, UNLISTED};
use super::fold::Fold;
use super::promise::{Circumstances, Desk};
use super::sums::contact_sums;

/// Counts contacts while logs are still being read.
pub(super) struct AtOnce<'i> {
    desks: Vec<Desk<'i>>,
    about: Circumstances,
    /// By channel: rows of one customer within some hours are one contact.
    conversational: Vec<bool>,
    pub(super) cells: Cells,
}

impl<'i> AtOnce<'i> {
    /// For a fold that has read nothing yet; `None` where its facets need every contact of a customer.
    pub(super) fn new(fold: &Fold<'i>) -> Option<Self> {
        let facets = fold.options.facets;
        (!facets.hold_episodes()).then(|| Self {
            desks: fold.channels.iter().map(|c| Desk::new(fold.inventory, c)).collect(),
            about: Circumstances { end: None, short_ms: fold.short_ms(), patience_ms: fold.patience_ms() },
            conversational: fold.channels.iter().map(|c| c.kind.conversational).collect(),
            cells: Cells::new(facets),
        })
    }

    /// Counts a contact, if it can be counted now.
    pub(super) fn take(&mut self, contact: &mut Contact, names: &Names<'_>) -> bool {
        let Names { customer, conversation, continues, id, case } = names;
        let channel = contact.channel as usize;
        let alone = [conversation, continues, id, case].iter().all(|name| name.is_empty())
            && (customer.is_empty() || !self.conversational.get(channel).copied().unwrap_or(true));
        if !alone || contact.channel == UNLISTED {
            return false;
        }
        let Some(fate) = self.desks.get_mut(channel).and_then(|desk| desk.fate_so_far(contact, &self.about))
        else {
            return false;
        };
        // Which customer it was is asked by nobody.
        contact.customer = u32::from(!customer.is_empty());
        let sums = contact_sums(contact, &fate);
        let place = self.cells.place(contact);
        self.cells.contact(contact, &fate, &sums, place);
        self.cells.slot_of(contact, &sums);
        true
    }
}
