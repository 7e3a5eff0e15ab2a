//! Volumes by numbers, before they become words: what is counted of contacts one by one. Cells of two
//! accumulators add up, in whatever order. Keys are small numbers of our own, so a quick hash does.

use hashbrown::HashMap;
use jiff::civil::Date;
use rustc_hash::FxBuildHasher;

use super::contact::{Begun, Contact, Said, UNLISTED};
use super::episode::Class;
use super::histogram::bucket;
use super::promise::Fate;
use super::sums::handled;
use super::table::{Column, Facet, Facets, Sums};
use super::text::TextId;
use crate::usage::day_of;

/// A map of small keys.
pub(super) type Map<K, V> = HashMap<K, V, FxBuildHasher>;

/// Values by key: keys are looked up, values stand in a list, so that growing moves only what is small.
#[derive(Debug)]
pub(super) struct Table<K, V = Sums> {
    places: Map<K, u32>,
    values: Vec<V>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { places: Map::default(), values: Vec::new() }
    }
}

impl<K: Eq + std::hash::Hash, V: Default> Table<K, V> {
    /// The place of a key's value.
    pub(super) fn place(&mut self, key: K) -> usize {
        let next = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.values.push(V::default());
        }
        place as usize
    }

    /// The value at a place.
    pub(super) fn at(&mut self, place: usize) -> &mut V {
        // A place comes from this table.
        &mut self.values[place]
    }

    /// Keys and values, in no order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.places.iter().filter_map(|(key, place)| Some((key, self.values.get(*place as usize)?)))
    }

    /// The same, taken out.
    pub(super) fn into_iter(self) -> impl Iterator<Item = (K, V)> {
        let mut values = self.values;
        self.places.into_iter().map(move |(key, place)| {
            (key, values.get_mut(place as usize).map(std::mem::take).unwrap_or_default())
        })
    }
}

impl<K, V: Default> Table<K, V> {
    /// Keys and values in the order of what is made of the keys.
    pub(super) fn into_sorted_by_key<T: Ord>(self, of: impl Fn(&K) -> T) -> impl Iterator<Item = (K, V)> {
        let mut values = self.values;
        let mut keys: Vec<(K, u32)> = self.places.into_iter().collect();
        keys.sort_by_cached_key(|(key, _)| of(key));
        keys.into_iter().map(move |(key, place)| {
            (key, values.get_mut(place as usize).map(std::mem::take).unwrap_or_default())
        })
    }
}

impl<K: Eq + std::hash::Hash> Table<K> {
    /// Counts one contact under a key.
    fn count(&mut self, key: K, one: &Sums) {
        let place = self.place(key);
        self.at(place).count_one(one);
    }

    /// Adds sums to a key.
    pub(super) fn add(&mut self, key: K, sums: &Sums) {
        let place = self.place(key);
        self.at(place).add(sums);
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
    const ALL: [Self; 3] = [Self::Unknown, Self::Answered, Self::Abandoned];

    /// The word of the table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Answered => "answered",
            Self::Abandoned => "abandoned",
        }
    }
}

/// Contacts by class.
pub(super) type Classes = [i64; Class::ALL.len()];

/// What is counted of a channel at one touchpoint.
#[derive(Debug, Default)]
pub(super) struct Moment {
    /// Wait and handling, by how they ended, by bucket.
    histograms: [[Vec<i64>; 3]; 2],
    /// Classes by window, of the windows after the configured one.
    pub(super) classes: Vec<Classes>,
}

/// What is counted of a channel, touchpoint and reason.
#[derive(Debug, Default)]
pub(super) struct Why {
    /// Identified contacts that the customer began.
    pub(super) identified: i64,
    /// Classes in the configured window.
    pub(super) classes: Classes,
}

/// Where the counts of a contact stand.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) moment: usize,
    pub(super) why: usize,
}

/// What is counted of contacts one by one.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// What is asked for: nothing else needs to be counted.
    facets: Facets,
    /// By channel, local day, hour.
    pub(super) slot: Table<(u32, Date, Option<u8>)>,
    /// By place of channel, touchpoint and reason; segment; direction.
    uses: Table<(u32, TextId, Begun)>,
    pub(super) moments: Table<(u32, TextId), Moment>,
    pub(super) whys: Table<(u32, TextId, TextId), Why>,
    pub(super) transfer: Map<(u32, TextId), i64>,
    pub(super) unlisted: Map<TextId, i64>,
}

impl Cells {
    /// Of these facets.
    pub(super) fn new(facets: Facets) -> Self {
        Self { facets, ..Self::default() }
    }

    /// How much is counted, roughly.
    pub(super) fn len(&self) -> usize {
        self.slot.values.len() + self.uses.values.len()
    }

    /// Where the counts of a contact of a listed channel stand.
    pub(super) fn place(&mut self, contact: &Contact) -> Place {
        let facets = self.facets;
        let by_moment = facets.hold(Facet::Wait) || facets.hold(Facet::Handle) || facets.hold_episodes();
        Place {
            moment: if by_moment { self.moments.place((contact.channel, contact.touchpoint)) } else { 0 },
            why: self.whys.place((contact.channel, contact.touchpoint, contact.reason)),
        }
    }

    /// Counts one contact of a listed channel with its sums, its slot excepted: [`Slots`] does that.
    pub(super) fn contact(&mut self, contact: &Contact, fate: &Fate, sums: &Sums, place: Place) {
        if self.facets.hold(Facet::Use) {
            let why = u32::try_from(place.why).unwrap_or(u32::MAX);
            self.uses.count((why, contact.segment, contact.direction), sums);
        }
        if contact.transferred_to != 0 {
            *self.transfer.entry((contact.channel, contact.transferred_to)).or_default() += 1;
        }
        if !self.facets.hold(Facet::Wait) && !self.facets.hold(Facet::Handle) {
            return;
        }
        let end = if fate.abandoned == Said::Yes {
            End::Abandoned
        } else if fate.answered == Said::Yes {
            End::Answered
        } else {
            End::Unknown
        };
        let moment = self.moments.at(place.moment);
        for (histograms, ms) in moment.histograms.iter_mut().zip([fate.wait_ms, handled(contact, fate)]) {
            if let Some(ms) = ms {
                let (counts, bucket) = (&mut histograms[end as usize], bucket(ms) as usize);
                if counts.len() <= bucket {
                    counts.resize(bucket + 1, 0);
                }
                counts[bucket] += 1;
            }
        }
    }

    /// Where the uses of a contact of a listed channel are counted.
    pub(super) fn place_of_use(&mut self, contact: &Contact) -> usize {
        let why = self.whys.place((contact.channel, contact.touchpoint, contact.reason));
        let why = u32::try_from(why).unwrap_or(u32::MAX);
        self.uses.place((why, contact.segment, contact.direction))
    }

    /// The uses counted at a place.
    pub(super) fn use_at(&mut self, place: usize) -> &mut Sums {
        self.uses.at(place)
    }

    /// Counts one contact of a listed channel in its slot.
    pub(super) fn slot_of(&mut self, contact: &Contact, sums: &Sums) {
        if self.facets.hold(Facet::Slot) {
            self.slot.count((contact.channel, contact.at.date, contact.at.hour), sums);
        }
    }

    /// Counts sums under the labels of a contact: slot and use alone.
    pub(super) fn add(&mut self, contact: &Contact, sums: &Sums) {
        if contact.channel == UNLISTED {
            let n = self.unlisted.entry(contact.label).or_default();
            *n = n.saturating_add(sums[Column::Contacts]);
            return;
        }
        self.slot.add((contact.channel, contact.at.date, contact.at.hour), sums);
        let why = self.whys.place((contact.channel, contact.touchpoint, contact.reason));
        let why = u32::try_from(why).unwrap_or(u32::MAX);
        self.uses.add((why, contact.segment, contact.direction), sums);
    }

    /// Takes over other cells, whose labels get new numbers.
    pub(super) fn merge(&mut self, other: Self, moved: &[TextId]) {
        let text = |id: TextId| moved.get(id as usize).copied().unwrap_or(0);
        for (key, sums) in other.slot.into_iter() {
            self.slot.add(key, &sums);
        }
        let mut whys: Map<u32, u32> = Map::default();
        for ((channel, touchpoint, reason), theirs) in &other.whys.places {
            let own = self.whys.place((*channel, text(*touchpoint), text(*reason)));
            whys.insert(*theirs, u32::try_from(own).unwrap_or(u32::MAX));
            if let Some(theirs) = other.whys.values.get(*theirs as usize) {
                let own = self.whys.at(own);
                own.identified += theirs.identified;
                add(&mut own.classes, &theirs.classes);
            }
        }
        for ((why, segment, direction), sums) in other.uses.into_iter() {
            let why = whys.get(&why).copied().unwrap_or(0);
            self.uses.add((why, text(segment), direction), &sums);
        }
        for ((channel, touchpoint), theirs) in other.moments.into_iter() {
            let own = self.moments.place((channel, text(touchpoint)));
            let own = self.moments.at(own);
            let pairs = own.histograms.iter_mut().flatten().zip(theirs.histograms.iter().flatten());
            for (own, theirs) in pairs {
                own.resize(own.len().max(theirs.len()), 0);
                add(own, theirs);
            }
            own.classes.resize(own.classes.len().max(theirs.classes.len()), Classes::default());
            for (own, theirs) in own.classes.iter_mut().zip(&theirs.classes) {
                add(own, theirs);
            }
        }
        for ((channel, to), n) in other.transfer {
            *self.transfer.entry((channel, text(to))).or_default() += n;
        }
        for (label, n) in other.unlisted {
            let own = self.unlisted.entry(text(label)).or_default();
            *own = own.saturating_add(n);
        }
    }

    /// Uses by channel, touchpoint, reason, segment, direction.
    pub(super) fn uses(&self) -> impl Iterator<Item = (u32, [TextId; 3], Begun, &Sums)> {
        let of: Map<u32, (u32, TextId, TextId)> =
            self.whys.places.iter().map(|(key, place)| (*place, *key)).collect();
        self.uses.places.iter().filter_map(move |((why, segment, direction), place)| {
            let (channel, touchpoint, reason) = *of.get(why)?;
            let sums = self.uses.values.get(*place as usize)?;
            Some((channel, [touchpoint, reason, *segment], *direction, sums))
        })
    }

    /// Histograms by facet, channel, bucket, end, touchpoint.
    pub(super) fn histograms(&self) -> impl Iterator<Item = ((Facet, u32, usize, End, TextId), i64)> {
        self.moments.places.iter().flat_map(|((channel, touchpoint), place)| {
            let moment = self.moments.values.get(*place as usize);
            let facets =
                moment.into_iter().flat_map(|m| [Facet::Wait, Facet::Handle].into_iter().zip(&m.histograms));
            facets.flat_map(move |(facet, ends)| {
                End::ALL.into_iter().zip(ends).flat_map(move |(end, counts)| {
                    let counts = counts.iter().enumerate().filter(|(_, n)| **n > 0);
                    counts.map(move |(bucket, n)| ((facet, *channel, bucket, end, *touchpoint), *n))
                })
            })
        })
    }
}

/// Slots of many contacts at once. Contacts come by customer, so the slot of each lies anywhere in some
/// thirty megabytes; fetching a few dozen at once takes little longer than fetching one.
#[derive(Debug)]
pub(super) struct Slots {
    first: i64,
    days: usize,
    /// By channel, day and hour: one more than the place in the table; 0 where there is none yet.
    grid: Vec<u32>,
    waiting: Vec<(usize, Sums)>,
}

/// Hours of a day, and none.
const HOURS: usize = 25;
/// Contacts whose slots are fetched at once.
const BATCH: usize = 32;
/// Largest grid: beyond it (centuries of days) places are looked up.
const LARGEST: usize = 8 << 20;

impl Slots {
    /// For so many channels and these days.
    pub(super) fn new(channels: usize, first: Date, last: Date) -> Self {
        let (first, last) = (day_of(first), day_of(last));
        let days = usize::try_from(last - first + 1).unwrap_or(0);
        let size = channels.saturating_mul(days).saturating_mul(HOURS);
        let grid = if size <= LARGEST { vec![0; size] } else { Vec::new() };
        Self { first, days, grid, waiting: Vec::with_capacity(BATCH) }
    }

    /// Counts a contact of a listed channel.
    pub(super) fn add(&mut self, cells: &mut Cells, contact: &Contact, sums: Sums) {
        let place = self.place(cells, contact);
        self.waiting.push((place, sums));
        if self.waiting.len() >= BATCH {
            self.flush(cells);
        }
    }

    fn place(&mut self, cells: &mut Cells, contact: &Contact) -> usize {
        let (channel, date, hour) = (contact.channel, contact.at.date, contact.at.hour);
        let day = usize::try_from(day_of(date) - self.first).ok().filter(|day| *day < self.days);
        let at = day.map(|day| {
            (channel as usize * self.days + day) * HOURS
                + hour.map_or(HOURS - 1, |hour| usize::from(hour) % 24)
        });
        let known = at.and_then(|at| self.grid.get_mut(at));
        match known {
            Some(known) if *known > 0 => *known as usize - 1,
            known => {
                let place = cells.slot.place((channel, date, hour));
                if let Some(known) = known {
                    *known = u32::try_from(place + 1).unwrap_or(0);
                }
                place
            }
        }
    }

    /// Adds what waits.
    pub(super) fn flush(&mut self, cells: &mut Cells) {
        // One read of each line of memory, none of which waits for another.
        let lines = |sums: &Sums| sums.0.iter().step_by(8).fold(0, |all, n| all ^ n);
        let fetched = self.waiting.iter().fold(0, |all, (place, _)| all ^ lines(cells.slot.at(*place)));
        std::hint::black_box(fetched);
        for (place, sums) in self.waiting.drain(..) {
            cells.slot.at(place).count_one(&sums);
        }
    }
}

fn add(own: &mut [i64], theirs: &[i64]) {
    for (own, theirs) in own.iter_mut().zip(theirs) {
        *own += theirs;
    }
}
