//! Counts contacts that stand alone and whose fate nothing that is read later can change: the moment they are read, and
//! where they had to wait for others, once it is known that there are none (`lone`). Where no facet asks who came back,
//! these are nearly all. Owns which contacts these are; what they add to which facet is `cells`' affair.

use hashbrown::HashMap;

use super::cells::Cells;
use super::contact::{Contact, Names, UNLISTED};
use super::fold::Fold;
use super::known::{Brief, Count, Known};
use super::promise::{Circumstances, Desk, Fate};
use super::sums::{Own, contact_sums};
use super::table::{Facet, Facets, Sums};
use crate::usage::{Moment, Repeat};

/// Counts contacts that stand alone.
pub(super) struct AtOnce<'i> {
    desks: Vec<Desk<'i>>,
    about: Circumstances,
    /// By channel: rows of one customer within some hours are one contact.
    conversational: Vec<bool>,
    /// Uses are all that is asked for: neither hour nor bucket of a contact, nor where it went.
    uses_alone: bool,
    /// Contacts that count alike, not yet written to the cells.
    tallies: Vec<Own>,
    /// By tally. Apart, so that what every row adds to stays near the core.
    ones: Vec<One>,
    /// Tallies by what their contacts have in common: however many patterns say the same, they share one.
    places: HashMap<One, usize>,
    cells: Cells,
}

/// What contacts that count alike have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct One {
    /// Where their use is counted.
    place: usize,
    /// What each of them counts but for what it has of its own.
    sums: Sums,
}

/// What a contact has of its own beside those that it is like. When it began is not copied: it was written part by part
/// a moment ago, and a core that reads it as a whole waits until all parts have left for the cache.
pub(super) struct Apart<'a> {
    pub(super) at: &'a Moment,
    pub(super) identified: bool,
    pub(super) wait_ms: Option<i64>,
    pub(super) handle_ms: Option<i64>,
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
            tallies: Vec::new(),
            ones: Vec::new(),
            places: HashMap::new(),
            cells: Cells::new(facets),
        })
    }

    /// Whether uses are all that is asked for.
    pub(super) fn counts_uses_alone(&self) -> bool {
        self.uses_alone
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
    #[inline(always)]
    pub(super) fn take_known(&mut self, known: &mut Known, repeat: &Repeat<'_>) -> bool {
        let customer = repeat.customer.unwrap_or_default();
        if !self.uses_alone {
            let names = Names { customer, ..Names::default() };
            return self.take(known.contact(repeat), &names);
        }
        let Some((brief, contact)) = known.pattern(repeat) else { return false };
        if self.is_talk(brief.channel, !customer.is_empty()) {
            return false;
        }
        let Repeat { at, wait_ms, handle_ms, .. } = repeat;
        let (identified, wait_ms, handle_ms) = (!customer.is_empty(), *wait_ms, *handle_ms);
        self.take_like(brief, contact, Apart { at, identified, wait_ms, handle_ms })
    }

    /// Counts a contact that stands alone and is like another one, if it can be counted now.
    #[inline(always)]
    pub(super) fn take_like(&mut self, brief: &mut Brief, other: &Contact, own: Apart<'_>) -> bool {
        let Apart { at, identified, wait_ms, handle_ms } = own;
        let Some(desk) = self.desks.get_mut(brief.channel as usize) else { return false };
        let class = desk.class(at, wait_ms, &self.about);
        if brief.counts[class] == Count::UNASKED {
            brief.counts[class] = self.ask(other, at, wait_ms);
        }
        let Some(tally) = self.tallies.get_mut(brief.counts[class].place()) else { return false };
        tally.add(identified, wait_ms, handle_ms);
        true
    }

    /// Writes what was counted alike where it belongs.
    pub(super) fn settle(&mut self) {
        self.places.clear();
        for (own, One { place, sums }) in self.tallies.drain(..).zip(self.ones.drain(..)) {
            self.cells.use_at(place).add(&own.sums(&sums));
        }
    }

    /// All that was counted.
    pub(super) fn into_cells(mut self) -> Cells {
        self.settle();
        self.cells
    }

    /// Settles where contacts like another one are counted that were answered as soon as this one.
    #[cold]
    fn ask(&mut self, other: &Contact, at: &Moment, wait_ms: Option<i64>) -> Count {
        let contact = Contact { at: *at, wait_ms, handle_ms: None, customer: 0, ..other.clone() };
        let Some(fate) = self.fate(&contact) else { return Count::LATER };
        let fate = Fate { wait_ms: fate.wait_ms.map(|_| 0), ..fate };
        let one = One { place: self.cells.place_of_use(&contact), sums: contact_sums(&contact, &fate) };
        let place = *self.places.entry(one).or_insert_with_key(|one| {
            self.ones.push(one.clone());
            self.tallies.push(Own::default());
            self.tallies.len() - 1
        });
        Count::alike(place)
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
