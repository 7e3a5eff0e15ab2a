//! Counts contacts the moment they are read: those that stand alone and whose fate nothing that is read later
//! can change. Where no facet asks who came back, these are nearly all, and none of them waits. Owns which
//! contacts these are; what they add to which facet is `cells`' affair.

use super::cells::Cells;
use super::contact::{Contact, Names, UNLISTED};
use super::fold::Fold;
use super::known::Known;
use super::promise::{Circumstances, Desk, Fate};
use super::sums::contact_sums;
use super::table::Facet;

/// Counts contacts while logs are still being read.
pub(super) struct AtOnce<'i> {
    desks: Vec<Desk<'i>>,
    about: Circumstances,
    /// By channel: rows of one customer within some hours are one contact.
    conversational: Vec<bool>,
    /// Where neither hour nor bucket of a contact is asked for, those that are alike are counted together.
    together: bool,
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
            together: ![Facet::Slot, Facet::Wait, Facet::Handle].iter().any(|facet| facets.hold(*facet)),
            cells: Cells::new(facets),
        })
    }

    /// Counts a contact, if it can be counted now.
    pub(super) fn take(&mut self, contact: &mut Contact, names: &Names<'_>) -> bool {
        let Names { customer, conversation, continues, id, case } = names;
        let alone = [conversation, continues, id, case].iter().all(|name| name.is_empty());
        let identified = !customer.is_empty();
        let Some(fate) = self.fate(contact, identified).filter(|_| alone) else { return false };
        self.count(contact, &fate, identified);
        true
    }

    /// The same of a contact of a pattern.
    pub(super) fn take_known(&mut self, known: &mut Known, identified: bool) -> bool {
        let Some(fate) = self.fate(&known.contact, identified) else { return false };
        if self.together {
            known.count(&fate, identified);
        } else {
            self.count(&mut known.contact, &fate, identified);
        }
        true
    }

    /// Counts the contacts of a pattern that were taken together.
    pub(super) fn add_up(&mut self, known: &mut Known) {
        for (contacts, sums) in known.take() {
            self.cells.alike(&known.contact, contacts, &sums);
        }
    }

    /// What became of a contact without ids; `None` if that is not certain yet.
    fn fate(&mut self, contact: &Contact, identified: bool) -> Option<Fate> {
        let channel = contact.channel as usize;
        let talk = identified && self.conversational.get(channel).copied().unwrap_or(true);
        if talk || contact.channel == UNLISTED {
            return None;
        }
        self.desks.get_mut(channel)?.fate_so_far(contact, &self.about)
    }

    fn count(&mut self, contact: &mut Contact, fate: &Fate, identified: bool) {
        // Which customer it was is asked by nobody.
        contact.customer = u32::from(identified);
        let sums = contact_sums(contact, fate);
        let place = self.cells.place(contact);
        self.cells.contact(contact, fate, &sums, place);
        self.cells.slot_of(contact, &sums);
    }
}
