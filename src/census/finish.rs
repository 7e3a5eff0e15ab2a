//! From rows that waited to the table: joins what belongs together stage by stage, then counts contacts and
//! finds episodes customer by customer, on as many threads as allowed. Everything adds up, so neither the
//! order of the rows nor the number of threads shows in the table. Owns which fact stands in which facet.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};

use hashbrown::{HashMap, HashSet};
use jiff::civil::Date;

use crate::criteria::kind::Unit;
use crate::interrupt;
use crate::inventory::{Channel, EpisodeKey, Inventory, Role, UsageEntry};

use super::cells::{self, Cells, Classes, Map, Place, Slots};
use super::contact::{Contact, Names, Rows, Said, Talk, UNLISTED};
use super::crowd::Crowds;
use super::episode::{Class, Crowd, Found, Node, Path, Rules, Search};
use super::fold::{Fold, Link, MEMORY, Stages};
use super::lone::Lone;
use super::merge::KEYS;
use super::promise::{Circumstances, ClockKind, Desk, Fate, Logged, target};
use super::shuffle::{PARTS, Shuffle};
use super::sums::contact_sums;
use super::table::{Census, Column, Facet, GOES_ON, JOURNEYS, Key, Sums, TO, VERSION};
use super::text::{TextId, Texts};
use super::waiting::{Sources, share_of};

/// What one thread hands on from one stage to the next.
#[derive(Default)]
struct Flow {
    stages: Stages,
    /// Rows that continue another one, and those that may be continued.
    family: Vec<Link>,
    /// Rows with the id of a contact that was there already, by channel and label.
    duplicates: BTreeMap<(u32, TextId), i64>,
    /// Rows that became part of another one.
    joined: i64,
}

impl Flow {
    /// Hands a row on that is neither a repetition nor a step.
    fn pass(&mut self, contact: &Contact, names: &Names<'_>, wanted: &HashSet<String>) {
        let is_family = !names.continues.is_empty()
            || (!wanted.is_empty() && !names.id.is_empty() && wanted.contains(names.id));
        if is_family {
            self.family.push(Link::new(contact.clone(), names));
        } else {
            self.stages.deal_joined(contact, names);
        }
    }
}

/// What the joining of rows leaves to tell.
#[derive(Default)]
struct Told {
    duplicates: BTreeMap<(u32, TextId), i64>,
    /// By what joined them.
    merged: BTreeMap<&'static str, i64>,
    orphans: i64,
}

impl Told {
    fn joined(&mut self, why: &'static str, n: i64) {
        if n > 0 {
            *self.merged.entry(why).or_default() += n;
        }
    }
}

/// The table of a fold.
pub(super) fn finish(mut fold: Fold<'_>, threads: usize) -> io::Result<Census> {
    let (texts, moved) = std::mem::take(&mut fold.texts).sorted();
    let number = |id: &TextId| moved.get(*id as usize).copied().unwrap_or(0);
    let mut sources = Sources::default();
    for (theirs, stages) in std::mem::take(&mut fold.others) {
        sources.add(theirs.iter().map(number).collect(), stages);
    }
    let mut links = std::mem::take(&mut fold.links);
    links.iter_mut().for_each(|link| link.contact.renumber(&moved));
    let mut cells = Cells::default();
    cells.merge(std::mem::take(&mut fold.aggregates), &moved);
    if let Some(counted) = fold.at_once.take() {
        cells.merge(counted.into_cells(), &moved);
    }
    let stages = std::mem::take(&mut fold.stages);
    sources.add(moved, stages);

    let mut told = Told::default();
    join(&fold, threads, links, &mut sources, texts.len(), &mut told)?;
    let mut counts = count(&fold, threads, &sources, &texts, &mut told)?;
    drop(sources);
    // The fewer to the more: either may be next to nothing.
    if cells.len() > counts.cells.len() {
        std::mem::swap(&mut cells, &mut counts.cells);
    }
    counts.cells.merge(cells, &identity(texts.len()));
    let cells = counts.cells;
    let reasons = Reasons::of(&cells);

    let mut table = Table { channels: &fold.channels, texts: &texts, census: Census::default() };
    table.volumes(cells, &fold.windows());
    if fold.end.is_some() && fold.options.facets.hold_episodes() {
        table.meta("heavy-ids", "", counts.found.heavy);
        table.episodes(counts.found);
    }
    table.findings(&fold, &told);
    table.facts(&fold, &told);
    table.reasons(&fold, &reasons);
    for (channel, n) in counts.conversation_only {
        let id = table.channel(channel).to_owned();
        table.meta("conversation-only", &id, n);
    }
    Ok(table.census.only(fold.options.facets))
}

fn identity(texts: usize) -> Vec<TextId> {
    (0..texts).map(|id| TextId::try_from(id).unwrap_or(0)).collect()
}

/// Calls `work` for every part, on so many threads, each with a state of its own.
fn each_part<T: Send>(
    threads: usize,
    new: impl Fn() -> T + Sync,
    work: impl Fn(&mut T, usize) -> io::Result<()> + Sync,
) -> io::Result<Vec<T>> {
    let next = AtomicUsize::new(0);
    let run = || -> io::Result<T> {
        let mut state = new();
        loop {
            let part = next.fetch_add(1, Ordering::Relaxed);
            if part >= PARTS {
                return Ok(state);
            }
            interrupt::check()?;
            work(&mut state, part)?;
        }
    };
    if threads <= 1 {
        return Ok(vec![run()?]);
    }
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let joined = workers.into_iter().map(|worker| {
            worker.join().unwrap_or_else(|_| Err(io::Error::other("a thread of the census stopped")))
        });
        joined.collect()
    })
}

/// Bytes of a part whose customers are looked at together: what is noted of each row takes about three times as much,
/// beside the part itself. A test has few.
const TOGETHER: usize = if cfg!(test) { 700 } else { 4 << 20 };
/// However little memory is allowed.
const LEAST: usize = 512;
/// Shares of a part at most, where that is only to save memory: each looks at the whole part again.
const SHARES: usize = 32;

/// Repetitions out, steps, continuations and conversations together: in the end every contact waits by its
/// customer.
fn join(
    fold: &Fold<'_>,
    threads: usize,
    links: Vec<Link>,
    sources: &mut Sources,
    texts: usize,
    told: &mut Told,
) -> io::Result<()> {
    let memory = fold.options.memory.unwrap_or(MEMORY) / threads.max(1);
    let mut family = links;
    let mut duplicates: BTreeMap<(u32, TextId), i64> = BTreeMap::new();
    let mut stage = |sources: &mut Sources,
                     family: &mut Vec<Link>,
                     of: fn(&Stages) -> &Shuffle,
                     work: &(dyn Fn(&mut Flow, Rows<'_>) + Sync)|
     -> io::Result<i64> {
        if sources.is_empty(of) {
            return Ok(0);
        }
        let known = &*sources;
        let flows = each_part(threads, Flow::default, |flow, part| {
            let pieces = known.bytes_of(of, part)?;
            work(flow, known.rows_of(&pieces)?);
            flow.stages.keep_within(memory)
        })?;
        let mut joined = 0;
        for flow in flows {
            sources.add(identity(texts), flow.stages);
            family.extend(flow.family);
            for (key, n) in flow.duplicates {
                *duplicates.entry(key).or_default() += n;
            }
            joined += flow.joined;
        }
        Ok(joined)
    };
    stage(sources, &mut family, |s| &s.by_id, &|flow, rows| {
        let kept = rows.without_duplicates(|row| {
            *flow.duplicates.entry((row.channel, row.label)).or_default() += 1;
        });
        kept.iter().for_each(|i| flow.pass(&rows.list[*i], &rows.names[*i], &fold.wanted));
    })?;
    let steps = stage(sources, &mut family, |s| &s.by_case, &|flow, mut rows| {
        let (kept, joined) = rows.joined(|row| row.case);
        flow.joined += joined;
        kept.iter().for_each(|i| flow.pass(&rows.list[*i], &rows.names[*i], &fold.wanted));
    })?;
    let continued = continue_all(&family, sources, texts, told);
    family.clear();
    let talks = stage(sources, &mut family, |s| &s.by_conversation, &|flow, mut rows| {
        let (kept, joined) = rows.joined(|row| row.conversation);
        flow.joined += joined;
        kept.iter().for_each(|i| flow.stages.deal_contact(&rows.list[*i], &rows.names[*i]));
    })?;
    told.duplicates = duplicates;
    told.joined("case", steps);
    told.joined("continuation", continued);
    told.joined("conversation", talks);
    Ok(())
}

/// Adds what continues a contact to it. How many rows did.
fn continue_all(family: &[Link], sources: &mut Sources, texts: usize, told: &mut Told) -> i64 {
    if family.is_empty() {
        return 0;
    }
    let mut rows = Rows::default();
    for link in family {
        rows.add(link.contact.clone(), link.names());
    }
    let (roots, orphans) = rows.roots();
    told.orphans += orphans;
    let mut continued = 0;
    for (i, root) in roots.iter().enumerate() {
        if *root != i {
            let row = rows.list[i].clone();
            rows.list[*root].continued_by(&row);
            continued += 1;
        }
    }
    let mut stages = Stages::default();
    for (i, root) in roots.iter().enumerate() {
        if *root == i {
            stages.deal_joined(&rows.list[i], &rows.names[i]);
        }
    }
    sources.add(identity(texts), stages);
    continued
}

/// What one thread counts.
struct Counts<'i> {
    cells: Cells,
    /// Counts contacts that stand alone, where that is of use.
    lone: Option<Lone<'i>>,
    found: Found,
    desks: Vec<Desk<'i>>,
    talks: i64,
    slots: Option<Slots>,
    conversation_only: BTreeMap<u32, i64>,
}

impl<'i> Counts<'i> {
    fn new(fold: &Fold<'i>, sources: &Sources) -> Self {
        Self {
            cells: Cells::new(fold.options.facets),
            lone: Lone::new(fold, sources),
            found: Found::default(),
            desks: fold.channels.iter().map(|c| Desk::new(fold.inventory, c)).collect(),
            talks: 0,
            slots: fold
                .first
                .zip(fold.last)
                .filter(|_| fold.options.facets.hold(Facet::Slot))
                .map(|(first, last)| Slots::new(fold.channels.len(), first, last)),
            conversation_only: BTreeMap::new(),
        }
    }

    /// Puts those that stand alone to the others.
    fn settle(&mut self, texts: usize) {
        if let Some(lone) = self.lone.take() {
            self.cells.merge(lone.into_cells(), &identity(texts));
        }
    }

    fn merge(&mut self, mut other: Self, texts: usize) {
        other.settle(texts);
        self.cells.merge(other.cells, &identity(texts));
        self.found.merge(other.found);
        self.talks += other.talks;
        for (channel, n) in other.conversation_only {
            *self.conversation_only.entry(channel).or_default() += n;
        }
    }
}

/// What is the same for every contact.
struct Ground {
    rules: Rules,
    about: Circumstances,
    /// By usage entry and channel; unlisted channels last.
    logged: Vec<Vec<Logged>>,
    conversational: Vec<bool>,
    talk_ms: i64,
    asks_who_came_back: bool,
}

impl Ground {
    fn new(fold: &Fold<'_>, texts: &Texts) -> Option<Self> {
        let end = fold.end?;
        let entries = u32::try_from(fold.inventory.usage.len()).unwrap_or(u32::MAX);
        let channels = || (0_u32..).zip(&fold.channels);
        let logged = (0..=entries).map(|entry| {
            let times = fold.entry_has(entry, |s| s.times, &[Role::Replied, Role::Closed]);
            let waits = fold.entry_has(entry, |s| s.waits, &[Role::Wait]);
            let of = |channel: u32| Logged { times, waits, yardstick: fold.yardstick(entry, channel) };
            channels().map(|(channel, _)| of(channel)).collect()
        });
        let tells_containment = (0..=entries).map(|entry| {
            let hands_over = fold.entry_has(entry, |s| s.transfer, &[Role::TransferredTo]);
            channels().map(|(_, c)| hands_over && c.kind.is_automated()).collect()
        });
        let planned: HashMap<&str, u32> = fold
            .inventory
            .touchpoints
            .iter()
            .filter(|t| t.expected_contacts > 1)
            .map(|t| (t.id.as_str(), t.expected_contacts))
            .collect();
        let expected = (0..texts.len()).filter_map(|id| {
            let id = TextId::try_from(id).ok()?;
            planned.get(texts.get(id)).map(|k| (id, *k))
        });
        Some(Self {
            rules: Rules {
                windows: fold.windows(),
                by_reason: fold.episode_key() == EpisodeKey::CustomerAndReason,
                heavy_contacts: fold.criteria.defaults.heavy_contacts as usize,
                end,
                expected: expected.collect(),
                paths: fold.options.facets.hold(Facet::Path),
                is_contact: fold.channels.iter().map(|c| c.kind.unit == Unit::Contact).collect(),
                tells_containment: tells_containment.collect(),
            },
            about: Circumstances {
                end: Some(end),
                short_ms: fold.short_ms(),
                patience_ms: fold.patience_ms(),
            },
            logged: logged.collect(),
            conversational: fold.channels.iter().map(|c| c.kind.conversational).collect(),
            asks_who_came_back: fold.options.facets.hold_episodes(),
            talk_ms: i64::from(fold.criteria.defaults.conversation_hours) * 3_600_000,
        })
    }

    fn talk(&self) -> Talk<'_> {
        Talk { within_ms: self.talk_ms, conversational: &self.conversational }
    }

    fn fate(&self, contact: &Contact, desks: &mut [Desk<'_>]) -> Fate {
        let logged = self.logged.get(contact.entry as usize).and_then(|e| e.get(contact.channel as usize));
        match (desks.get_mut(contact.channel as usize), logged) {
            (Some(desk), Some(logged)) => desk.fate(contact, *logged, &self.about),
            _ => Fate {
                answered: Said::Unknown,
                abandoned: Said::Unknown,
                wait_ms: None,
                kept: Said::Unknown,
                abandoned_in_promise: false,
                abandoned_short: false,
            },
        }
    }
}

/// Counts every contact, customer by customer.
fn count<'i>(
    fold: &Fold<'i>,
    threads: usize,
    sources: &Sources,
    texts: &Texts,
    told: &mut Told,
) -> io::Result<Counts<'i>> {
    let none = || Counts::new(fold, &Sources::default());
    let Some(ground) = Ground::new(fold, texts) else { return Ok(none()) };
    let together = (fold.options.memory.unwrap_or(MEMORY) / threads.max(1)).clamp(LEAST, TOGETHER);
    let counts = each_part(
        threads,
        || Counts::new(fold, sources),
        |counts, part| {
            let pieces = sources.bytes_of(|s| &s.by_customer, part)?;
            let mut bytes: usize = pieces.iter().map(Vec::len).sum();
            let mut crowds = Crowds::default();
            if bytes > together && ground.asks_who_came_back {
                crowds = Crowds::of(&pieces, sources, &ground.rules, &ground.conversational)?;
                bytes -= crowds.bytes;
            }
            for id in &crowds.ids {
                let mut crowd = Crowd::default();
                let is_talk = |contact: &Contact| ground.talk().is_free(contact);
                sources.by_crowd(&pieces, id, is_talk, |rows| {
                    counts.customers(rows, &ground, Some(&mut crowd));
                })?;
                counts.found.crowd(&crowd, &ground.rules);
            }
            let shares = (bytes / together).min(SHARES.max(bytes / TOGETHER)) + 1;
            for share in 0..shares {
                let mut waiting = share_of(&pieces, share, shares, &crowds.ids)?;
                if let Some(lone) = &mut counts.lone {
                    lone.count(&mut waiting, sources, ground.talk_ms);
                }
                sources.by_customer(&waiting, |rows| counts.customers(rows, &ground, None))?;
            }
            Ok(())
        },
    )?;
    let mut counts = counts.into_iter();
    let mut all = counts.next().unwrap_or_else(none);
    all.settle(texts.len());
    for other in counts {
        all.merge(other, texts.len());
    }
    told.joined("talk", all.talks);
    Ok(all)
}

impl Counts<'_> {
    /// All contacts of some customers, customer after customer; or some contacts of a crowd.
    fn customers(&mut self, rows: &mut Rows<'_>, ground: &Ground, mut crowd: Option<&mut Crowd>) {
        let talk = ground.talk();
        // Positions of the contacts that stand, customer after customer.
        let mut standing: Vec<usize> = Vec::with_capacity(rows.list.len());
        let mut group: Vec<usize> = Vec::new();
        let mut next = 0;
        while let Some(first) = rows.list.get(next) {
            let customer = first.customer;
            let size = rows.list[next..].iter().take_while(|c| c.customer == customer).count();
            group.clear();
            group.extend(next..next + size);
            next += size;
            let mut changed = false;
            if customer != 0 {
                let joined = talk.join(&mut rows.list, &mut group);
                self.talks += joined;
                changed = joined > 0;
            }
            for i in &group {
                changed |= rows.list[*i].late.is_some();
                rows.list[*i].settle();
            }
            if changed {
                // Sums may have changed an order that rests on them.
                group.sort_unstable_by(|a, b| rows.list[*a].order(&rows.list[*b], &rows.ids));
            }
            standing.extend_from_slice(&group);
        }
        let list = rows.list.as_slice();
        let mut fates = vec![ground.fate(&Contact::blank(ground.rules.end), &mut []); list.len()];
        let mut places = vec![Place::default(); list.len()];
        for i in standing.iter().copied() {
            let contact = &list[i];
            fates[i] = ground.fate(contact, &mut self.desks);
            let sums = contact_sums(contact, &fates[i]);
            if contact.channel == UNLISTED {
                self.cells.add(contact, &sums);
                continue;
            }
            places[i] = self.cells.place(contact);
            self.cells.contact(contact, &fates[i], &sums, places[i]);
            self.note(contact, places[i]);
            if let Some(slots) = &mut self.slots {
                slots.add(&mut self.cells, contact, sums);
            }
        }
        if let Some(slots) = &mut self.slots {
            slots.flush(&mut self.cells);
        }
        if !ground.asks_who_came_back {
            return;
        }
        let mut search = Search {
            contacts: list,
            fates: &fates,
            places: &places,
            rules: &ground.rules,
            cells: &mut self.cells,
            found: &mut self.found,
        };
        let mut own: Vec<usize> = Vec::new();
        for customer in standing.chunk_by(|a, b| list[*a].customer == list[*b].customer) {
            if customer.first().is_some_and(|i| list[*i].customer == 0) {
                customer.iter().for_each(|i| search.anonymous(*i));
                continue;
            }
            own.clear();
            own.extend(customer.iter().copied().filter(|i| {
                let contact = &list[*i];
                contact.begun_by_customer() && contact.channel != UNLISTED
            }));
            match &mut crowd {
                Some(crowd) => search.of_crowd(&own, crowd),
                None => search.customer(&own),
            }
        }
    }

    /// The facts behind the advice to cut episodes by customer, and contacts known by conversation alone.
    fn note(&mut self, contact: &Contact, place: Place) {
        if contact.customer == 0 {
            if contact.conversation != 0 {
                *self.conversation_only.entry(contact.channel).or_default() += 1;
            }
        } else if contact.begun_by_customer() {
            self.cells.whys.at(place.why).identified += 1;
        }
    }
}

/// Reasons of identified contacts that customers began.
#[derive(Default)]
struct Reasons {
    /// Such contacts, and those of them without a reason.
    identified: i64,
    blank: i64,
    by_channel: BTreeMap<u32, BTreeSet<TextId>>,
}

impl Reasons {
    fn of(cells: &Cells) -> Self {
        let mut told = Self::default();
        for ((channel, _, reason), why) in cells.whys.iter().filter(|(_, why)| why.identified > 0) {
            told.identified += why.identified;
            if *reason == 0 {
                told.blank += why.identified;
            } else {
                told.by_channel.entry(*channel).or_default().insert(*reason);
            }
        }
        told
    }
}

/// The table while it is written: numbers become words here.
struct Table<'a> {
    channels: &'a [&'a Channel],
    texts: &'a Texts,
    census: Census,
}

impl<'a> Table<'a> {
    fn channel(&self, number: u32) -> &'a str {
        self.channels.get(number as usize).map_or("", |c| c.id.as_str())
    }

    fn meta(&mut self, name: &str, value: &str, number: i64) {
        self.census.count(Key::new(Facet::Meta, "", &[name, value]), number);
    }

    /// Facet slot, which are by far the most rows: made in their order they are put together sooner, and come out the
    /// same.
    fn slots(&mut self, slots: cells::Table<(u32, Date, Option<u8>)>) {
        // Channels are numbered in the order of their ids; hours are in that of their words.
        let in_words = |hour: u8| if hour < 10 { (hour, None) } else { (hour / 10, Some(hour % 10)) };
        let row = |((channel, date, hour), sums): ((u32, Date, Option<u8>), Sums)| {
            let hour = hour.map(|hour| hour.to_string()).unwrap_or_default();
            (Key::new(Facet::Slot, self.channel(channel), &[&date.to_string(), &hour]), sums)
        };
        let slots = slots.into_sorted_by_key(|(channel, date, hour)| (*channel, *date, hour.map(in_words)));
        let mut slots: BTreeMap<Key, Sums> = slots.map(row).collect();
        self.census.rows.append(&mut slots);
    }

    /// Facets slot, use, wait, handle, followup, transfer and unlisted.
    fn volumes(&mut self, mut cells: Cells, windows: &[u32]) {
        self.slots(std::mem::take(&mut cells.slot));
        for (channel, [touchpoint, reason, segment], direction, sums) in cells.uses() {
            let text = |id: TextId| self.texts.get(id);
            let keys = [text(touchpoint), text(reason), text(segment), direction.word()];
            self.census.add(Key::new(Facet::Use, self.channel(channel), &keys), sums);
        }
        for ((facet, channel, bucket, end, touchpoint), n) in cells.histograms() {
            let keys = [&bucket.to_string(), end.word(), self.texts.get(touchpoint)];
            self.census.count(Key::new(facet, self.channel(channel), &keys), n);
        }
        let mut followup =
            |channel: u32, window: u32, touchpoint: TextId, reason: TextId, classes: &Classes| {
                for (class, n) in Class::ALL.iter().zip(classes).filter(|(_, n)| **n > 0) {
                    let (touchpoint, reason) = (self.texts.get(touchpoint), self.texts.get(reason));
                    let keys = [&window.to_string(), touchpoint, reason, class.word()];
                    let channel = self.channels.get(channel as usize).map_or("", |c| c.id.as_str());
                    self.census.count(Key::new(Facet::Followup, channel, &keys), *n);
                }
            };
        for ((channel, touchpoint, reason), why) in std::mem::take(&mut cells.whys).into_iter() {
            followup(channel, windows.first().copied().unwrap_or_default(), touchpoint, reason, &why.classes);
        }
        for ((channel, touchpoint), moment) in std::mem::take(&mut cells.moments).into_iter() {
            for (window, classes) in windows.iter().skip(1).zip(&moment.classes) {
                followup(channel, *window, touchpoint, 0, classes);
            }
        }
        for ((channel, to), n) in cells.transfer {
            let key = Key::new(Facet::Transfer, self.channel(channel), &[self.texts.get(to)]);
            self.census.count(key, n);
        }
        for (label, n) in cells.unlisted {
            self.census.count(Key::new(Facet::Unlisted, "", &[self.texts.get(label)]), n);
        }
    }

    /// Facets step, entry, reach and customers.
    fn episodes(&mut self, found: Found) {
        for ((from, to, window, reason), [all, again, known]) in found.steps {
            let mut sums = Sums::default();
            sums[Column::Contacts] = all;
            sums[Column::Repeated] = again;
            sums[Column::RepeatedKnown] = known;
            let keys = [self.node(to), &window.to_string(), self.texts.get(reason)];
            self.census.add(Key::new(Facet::Step, self.node(from), &keys), &sums);
        }
        for ((channel, own, touchpoint), sums) in found.entry.into_iter() {
            let keys = [self.channel(own), self.texts.get(touchpoint)];
            self.census.add(Key::new(Facet::Entry, self.channel(channel), &keys), &sums);
        }
        for ((channel, touchpoint), (episodes, resolved)) in found.entered {
            let mut sums = Sums::default();
            sums[Column::Contacts] = episodes;
            sums[Column::Resolved] = resolved;
            sums[Column::ResolvedKnown] = episodes;
            let keys = ["", self.texts.get(touchpoint)];
            self.census.add(Key::new(Facet::Entry, self.channel(channel), &keys), &sums);
        }
        for ((channel, segment), n) in found.reach {
            let channel = channel.map_or("", |c| self.channel(c));
            self.census.count(Key::new(Facet::Reach, channel, &[self.texts.get(segment)]), n);
        }
        for ((channel, segment, who), n) in found.customers {
            let channel = channel.map_or("", |c| self.channel(c));
            let keys = [self.texts.get(segment), who.word()];
            self.census.count(Key::new(Facet::Customers, channel, &keys), n);
        }
        self.paths(found.paths, found.on_paths);
    }

    /// Facet path: episodes (with those that ended resolved), and the contacts of each path by channel.
    fn paths(&mut self, paths: Map<Path, (i64, i64)>, on_paths: Map<(Path, u32), [i64; 3]>) {
        for (path, (episodes, resolved)) in paths {
            let mut sums = Sums::default();
            sums[Column::Contacts] = episodes;
            sums[Column::Resolved] = resolved;
            sums[Column::ResolvedKnown] = episodes;
            self.census.add(Key::new(Facet::Path, &self.path(&path), &[]), &sums);
        }
        for ((path, own), [contacts, answered, known]) in on_paths {
            let mut sums = Sums::default();
            sums[Column::Contacts] = contacts;
            sums[Column::Answered] = answered;
            sums[Column::AnsweredKnown] = known;
            self.census.add(Key::new(Facet::Path, &self.path(&path), &[self.channel(own)]), &sums);
        }
    }

    fn path(&self, path: &Path) -> String {
        let mut names: Vec<&str> = path.channels().iter().map(|c| self.channel(*c)).collect();
        names.extend(path.goes_on().then_some(GOES_ON));
        names.join(TO)
    }

    fn node(&self, node: Node) -> &'a str {
        match node {
            Node::Start => "START",
            Node::Channel(number) => self.channel(number),
            Node::Resolved => "RESOLVED",
            Node::Unresolved => "UNRESOLVED",
        }
    }

    fn findings(&mut self, fold: &Fold<'_>, told: &Told) {
        for (cause, n) in &fold.rejected {
            self.census.count(Key::new(Facet::Rejected, "", &[cause]), *n);
        }
        for ((column, value), n) in &fold.ignored {
            self.census.count(Key::new(Facet::Ignored, "", &[column, value]), *n);
        }
        for ((channel, label), n) in &told.duplicates {
            let (channel, label) = (self.channel(*channel), self.texts.get(*label));
            self.census.count(Key::new(Facet::Duplicate, channel, &["contact_id", label]), *n);
        }
    }

    fn facts(&mut self, fold: &Fold<'_>, told: &Told) {
        self.meta("version", VERSION, 0);
        self.meta("zone", &fold.inventory.organisation.timezone_name, 0);
        if let (Some(first), Some(last)) = (fold.first, fold.last) {
            let key = Key::new(Facet::Meta, "", &["period", &first.to_string(), &last.to_string()]);
            self.census.count(key, 0);
        }
        self.meta("window", &fold.window_days().to_string(), 0);
        for days in fold.windows().iter().skip(1) {
            self.meta("sensitivity", &days.to_string(), 0);
        }
        let given = if fold.inventory.episodes.key.is_some() { "configured" } else { "default" };
        let key = Key::new(Facet::Meta, "", &["episode-key", key_word(fold.episode_key()), given]);
        self.census.count(key, 0);
        for channel in &fold.channels {
            if let Some((promise, source)) = promise_words(channel) {
                let key = Key::new(Facet::Meta, "", &["promise", &channel.id, &promise, source]);
                self.census.count(key, 0);
            }
        }
        for (at, entry) in fold.inventory.usage.iter().enumerate() {
            if let Some((low, high)) = entry.satisfaction_scale {
                let key = Key::new(Facet::Meta, "", &["scale", &at.to_string(), &format!("{low}..{high}")]);
                self.census.count(key, 0);
            }
        }
        if fold.options.facets.hold(Facet::Path) {
            self.meta(JOURNEYS, "", 0);
        }
        self.meta("usage-digest", &digest(fold.inventory), 0);
        self.meta("rows-read", &fold.read.to_string(), fold.read);
        self.meta("rows-outside", "", fold.outside);
        self.meta("clock-gaps", "", fold.gaps);
        self.meta("clock-folds", "", fold.folds);
        for (why, n) in &told.merged {
            self.meta("merged-rows", why, *n);
        }
        self.meta("orphan-continuations", "", told.orphans);
    }

    /// Identified contacts without a reason, and pairs of channels that share few of their reason values
    /// (of the shorter list of the two).
    fn reasons(&mut self, fold: &Fold<'_>, told: &Reasons) {
        let mut sums = Sums::default();
        sums[Column::Identified] = told.identified;
        sums[Column::Contacts] = told.blank;
        self.census.add(Key::new(Facet::Meta, "", &["reason-blank"]), &sums);
        let least = fold.criteria.defaults.number("shared_reasons");
        let channels: Vec<(&u32, &BTreeSet<TextId>)> = told.by_channel.iter().collect();
        for (at, (a, of_a)) in channels.iter().enumerate() {
            for (b, of_b) in channels.iter().skip(at + 1) {
                let shared = of_a.intersection(of_b).count();
                let shorter = of_a.len().min(of_b.len());
                #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
                if (shared as f64) < least * shorter as f64 {
                    let (a, b) = (self.channel(**a).to_owned(), self.channel(**b).to_owned());
                    let key = Key::new(Facet::Meta, "", &["reasons-shared", &a, &b, &shorter.to_string()]);
                    self.census.count(key, i64::try_from(shared).unwrap_or(i64::MAX));
                }
            }
        }
    }
}

/// The word of an episode key.
pub(super) fn key_word(key: EpisodeKey) -> &'static str {
    KEYS.iter().find(|(known, _)| *known == key).map_or("", |(_, word)| word)
}

/// A channel's promise in words, and whether it is its own or its kind's usual one.
pub(super) fn promise_words(channel: &Channel) -> Option<(String, &'static str)> {
    let target = target(channel)?;
    let clock = match target.clock {
        ClockKind::Open => "open",
        ClockKind::Always => "always",
    };
    let source = if target.declared { "declared" } else { "default" };
    Some((format!("{} within {} ms {clock}", target.share, target.within_ms), source))
}

/// A digest of everything that decides how logs are read: the usage part, channel labels and kinds,
/// touchpoints. 64-bit FNV-1a: it tells an old census from a new inventory, and guards no secret.
pub(super) fn digest(inventory: &Inventory) -> String {
    let mut text = String::new();
    for entry in &inventory.usage {
        text.push_str(&entry_text(entry));
    }
    for channel in &inventory.channels {
        text.push_str(&format!("{:?}", (&channel.id, &channel.kind.id, &channel.aliases)));
    }
    for touchpoint in &inventory.touchpoints {
        text.push_str(&format!("{:?}", (&touchpoint.id, touchpoint.expected_contacts)));
    }
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A usage entry without its places in the file: moving a line changes nothing.
fn entry_text(entry: &UsageEntry) -> String {
    let columns: Vec<_> = entry
        .columns
        .iter()
        .map(|(role, of)| {
            let names: Vec<&str> = of.columns.iter().map(|c| c.value.as_str()).collect();
            (role, names, &of.yes, &of.no)
        })
        .collect();
    let format = entry.time_format.as_ref().map(|f| f.value.as_str());
    format!(
        "{:?}{:?}{:?}{:?}",
        (&entry.path.value, columns, &entry.fixed, format),
        (&entry.unknown, &entry.touchpoint_values, &entry.reason_values),
        (&entry.ignore, entry.row_is),
        entry.satisfaction_scale,
    )
}
