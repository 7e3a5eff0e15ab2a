//! Counts contacts the moment they are read: those that stand alone and whose fate nothing that is read later
//! can change. Where no facet asks who came back, these are nearly all, and none of them waits. Owns which
//! contacts these are; what they add to which facet is `cells`' affair.

use super::cells::Cells;
use super::contact::{Contact, Names, UNLISTED};
use super::fold::Fold;
use super::known::{Brief, Count, Known};
use super::promise::{Circumstances, Desk, Fate};
use super::sums::{add_own, contact_sums};
use super::table::{Facet, Facets, Sums};
use crate::usage::Repeat;

/// Counts contacts while logs are still being read.
pub(super) struct AtOnce<'i> {
    desks: Vec<Desk<'i>>,
    about: Circumstances,
    /// By channel: rows of one customer within some hours are one contact.
    conversational: Vec<bool>,
    /// Uses are all that is asked for: neither hour nor bucket of a contact, nor where it went.
    uses_alone: bool,
    /// What contacts count that waited and were handled for no time, and are nobody's.
    alike: Vec<Sums>,
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
            uses_alone: Facets::CHOICE.iter().all(|facet| facets.hold(*facet) == (*facet == Facet::Use)),
            alike: Vec::new(),
            cells: Cells::new(facets),
        })
    }

    /// Counts a contact, if it can be counted now.
    pub(super) fn take(&mut self, contact: &mut Contact, names: &Names<'_>) -> bool {
        let Names { customer, conversation, continues, id, case } = names;
        let alone = [conversation, continues, id, case].iter().all(|name| name.is_empty());
        if !alone || self.is_talk(contact.channel, !customer.is_empty()) {
            return false;
        }
        let Some(fate) = self.fate(contact) else { return false };
        // Which customer it was is asked by nobody.
        contact.customer = u32::from(!customer.is_empty());
        let sums = contact_sums(contact, &fate);
        let place = self.cells.place(contact);
        self.cells.contact(contact, &fate, &sums, place);
        self.cells.slot_of(contact, &sums);
        true
    }

    /// Counts a row of a known pattern, if it can be counted now.
    pub(super) fn take_known(&mut self, known: &mut Known, repeat: &Repeat<'_>) -> bool {
        let customer = repeat.customer.unwrap_or_default();
        if !self.uses_alone {
            let names = Names { customer, ..Names::default() };
            return known.contact(repeat).is_some_and(|contact| self.take(contact, &names));
        }
        let Some(mut brief) = known.brief(repeat).copied() else { return false };
        if self.is_talk(brief.channel, !customer.is_empty()) {
            return false;
        }
        let Some(desk) = self.desks.get_mut(brief.channel as usize) else { return false };
        let class = desk.class(&repeat.at, repeat.wait_ms, &self.about);
        if brief.counts[class] == Count::Unasked {
            brief = self.ask(brief, class, known, repeat);
        }
        let Count::Alike(number) = brief.counts[class] else { return false };
        let Some(alike) = self.alike.get(usize::from(number)) else { return false };
        let sums = self.cells.use_at(brief.place);
        sums.count_one(alike);
        add_own(sums, alike, !customer.is_empty(), repeat.wait_ms, repeat.handle_ms);
        true
    }

    /// Settles what rows of a pattern count that were answered as soon as this one.
    #[cold]
    fn ask(&mut self, mut brief: Brief, class: usize, known: &mut Known, repeat: &Repeat<'_>) -> Brief {
        let Some(contact) = known.contact(repeat) else { return brief };
        brief.counts[class] = Count::Later;
        if let Some(fate) = self.fate(contact) {
            let fate = Fate { wait_ms: fate.wait_ms.map(|_| 0), ..fate };
            contact.handle_ms = None;
            let sums = contact_sums(contact, &fate);
            let number = self.alike.iter().position(|known| *known == sums).unwrap_or(self.alike.len());
            if let Ok(at) = u16::try_from(number) {
                if number == self.alike.len() {
                    self.alike.push(sums);
                }
                brief.place = self.cells.place_of_use(contact);
                brief.counts[class] = Count::Alike(at);
            }
        }
        if let Some(own) = known.brief(repeat) {
            *own = brief;
        }
        brief
    }

    /// Whether rows of one customer in this channel may be one contact; or nothing is known of the channel.
    fn is_talk(&self, channel: u32, identified: bool) -> bool {
        channel == UNLISTED
            || (identified && self.conversational.get(channel as usize).copied().unwrap_or(true))
    }

    /// What became of a contact; `None` if that is not certain yet.
    fn fate(&mut self, contact: &Contact) -> Option<Fate> {
        self.desks.get_mut(contact.channel as usize)?.fate_so_far(contact, &self.about)
    }
}
