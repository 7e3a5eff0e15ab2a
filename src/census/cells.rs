//! Volumes by numbers, before they become words: what is counted of contacts one by one. Cells of two
//! accumulators add up, in whatever order.

use hashbrown::HashMap;
use jiff::civil::Date;

use super::contact::{Begun, Contact, Said, UNLISTED};
use super::histogram::bucket;
use super::promise::Fate;
use super::sums::{contact_sums, handled};
use super::table::{Facet, Sums};
use super::text::TextId;

/// Sums by key: keys are looked up, sums stand in a list, so that growing moves only what is small.
#[derive(Debug)]
pub(super) struct Table<K> {
    places: HashMap<K, u32>,
    sums: Vec<Sums>,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self { places: HashMap::new(), sums: Vec::new() }
    }
}

impl<K: Eq + std::hash::Hash> Table<K> {
    /// Adds sums to a key.
    pub(super) fn add(&mut self, key: K, sums: &Sums) {
        let next = u32::try_from(self.sums.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        match self.sums.get_mut(place as usize) {
            Some(own) => own.add(sums),
            None => self.sums.push(sums.clone()),
        }
    }

    /// Keys and sums, in no order.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (K, Sums)> {
        let mut sums = self.sums;
        self.places.into_iter().map(move |(key, place)| {
            (key, sums.get_mut(place as usize).map(std::mem::take).unwrap_or_default())
        })
    }
}

/// How a wait or a handling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum End {
    Unknown,
    Answered,
    Abandoned,
}

impl End {
    /// The word of the table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Answered => "answered",
            Self::Abandoned => "abandoned",
        }
    }
}

/// What is counted of contacts one by one.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// By channel, local day, hour.
    pub(super) slot: Table<(u32, Date, Option<u8>)>,
    /// By channel, touchpoint, reason, segment, direction.
    pub(super) uses: Table<(u32, [TextId; 3], Begun)>,
    /// By facet, channel, bucket, end, touchpoint.
    pub(super) histogram: HashMap<(Facet, u32, u32, End, TextId), i64>,
    pub(super) transfer: HashMap<(u32, TextId), i64>,
    pub(super) unlisted: HashMap<TextId, i64>,
}

impl Cells {
    /// Counts one contact. Its sums are handed on.
    pub(super) fn contact(&mut self, contact: &Contact, fate: &Fate) {
        let sums = contact_sums(contact, fate);
        self.add(contact, &sums);
        if contact.channel == UNLISTED {
            return;
        }
        let end = if fate.abandoned == Said::Yes {
            End::Abandoned
        } else if fate.answered == Said::Yes {
            End::Answered
        } else {
            End::Unknown
        };
        for (facet, ms) in [(Facet::Wait, fate.wait_ms), (Facet::Handle, handled(contact, fate))] {
            if let Some(ms) = ms {
                let key = (facet, contact.channel, bucket(ms), end, contact.touchpoint);
                *self.histogram.entry(key).or_default() += 1;
            }
        }
        if contact.transferred_to != 0 {
            *self.transfer.entry((contact.channel, contact.transferred_to)).or_default() += 1;
        }
    }

    /// Counts sums under the labels of a contact: slot and use alone.
    pub(super) fn add(&mut self, contact: &Contact, sums: &Sums) {
        if contact.channel == UNLISTED {
            let n = self.unlisted.entry(contact.label).or_default();
            *n = n.saturating_add(sums[super::table::Column::Contacts]);
            return;
        }
        self.slot.add((contact.channel, contact.at.date, contact.at.hour), sums);
        let why = [contact.touchpoint, contact.reason, contact.segment];
        self.uses.add((contact.channel, why, contact.direction), sums);
    }

    /// Takes over other cells, whose labels get new numbers.
    pub(super) fn merge(&mut self, other: Self, moved: &[TextId]) {
        let text = |id: TextId| moved.get(id as usize).copied().unwrap_or(0);
        for (key, sums) in other.slot.into_iter() {
            self.slot.add(key, &sums);
        }
        for ((channel, why, direction), sums) in other.uses.into_iter() {
            self.uses.add((channel, why.map(text), direction), &sums);
        }
        for ((facet, channel, bucket, end, touchpoint), n) in other.histogram {
            *self.histogram.entry((facet, channel, bucket, end, text(touchpoint))).or_default() += n;
        }
        for ((channel, to), n) in other.transfer {
            *self.transfer.entry((channel, text(to))).or_default() += n;
        }
        for (label, n) in other.unlisted {
            let own = self.unlisted.entry(text(label)).or_default();
            *own = own.saturating_add(n);
        }
    }
}
