//! Who came back: episodes, what became of each contact within a window, steps, entries, reach and
//! customers (METHOD B, DESIGN 5). Owns the cutting of episodes; knows numbers, not texts.
//!
//! Only identified contacts begun by the customer stand in episodes, of whatever unit. Ids with too
//! many contacts in the window to be one person (heavy) stand in no base, step, entry or reach, and
//! among the customers only where contacts, not episodes, are counted.

use hashbrown::HashMap;

use crate::usage::Moment;

use super::cells::{Cells, Classes, Map, Place, Table};
use super::contact::{Contact, DAY_MS, Said, UNLISTED, within};
use super::promise::Fate;
use super::sums::contact_sums;
use super::text::{Ids, TextId};

/// What became of a contact within a window. The order is of no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Class {
    Same,
    Other,
    Unresolved,
    HandedOver,
    Clear,
    Censored,
    Anonymous,
    Heavy,
    ContainedClear,
    ContainedFollowed,
    NotContained,
}

impl Class {
    /// All of them, in the order of their numbers.
    pub(super) const ALL: [Self; 11] = [
        Self::Same,
        Self::Other,
        Self::Unresolved,
        Self::HandedOver,
        Self::Clear,
        Self::Censored,
        Self::Anonymous,
        Self::Heavy,
        Self::ContainedClear,
        Self::ContainedFollowed,
        Self::NotContained,
    ];

    /// The word of the table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Other => "other",
            Self::Unresolved => "unresolved",
            Self::HandedOver => "handed-over",
            Self::Clear => "clear",
            Self::Censored => "censored",
            Self::Anonymous => "anonymous",
            Self::Heavy => "heavy",
            Self::ContainedClear => "contained-clear",
            Self::ContainedFollowed => "contained-followed",
            Self::NotContained => "not-contained",
        }
    }
}

/// One end of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Node {
    Start,
    Channel(u32),
    Resolved,
    Unresolved,
}

/// Channels of a path at most; of a longer one it is only told that it goes on.
const PATH: usize = 6;

/// The channels of an episode in their order, repeats in place counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(super) struct Path {
    channels: [u32; PATH],
    len: u8,
    goes_on: bool,
}

impl Path {
    fn of(channels: impl Iterator<Item = u32>) -> Self {
        let (mut path, mut last) = (Self::default(), None);
        for channel in channels {
            if last == Some(channel) {
                continue;
            }
            last = Some(channel);
            match path.channels.get_mut(usize::from(path.len)) {
                Some(place) => {
                    *place = channel;
                    path.len += 1;
                }
                None => path.goes_on = true,
            }
        }
        path
    }

    /// Its channels.
    pub(super) fn channels(&self) -> &[u32] {
        self.channels.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// More channels follow.
    pub(super) fn goes_on(&self) -> bool {
        self.goes_on
    }
}

/// Which customers are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// With a contact here.
    All,
    /// With three or more contacts (of unit contact), all of them here.
    Sole,
    /// With two or more ended episodes that touch this channel.
    TwoOrMore,
    /// With a contact here and three or more in all (of unit contact).
    ThreeOrMore,
    /// Of those with two or more: the last two ended unresolved.
    FailedTwice,
}

impl Who {
    /// The word of the table.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Sole => "sole",
            Self::TwoOrMore => "two-or-more",
            Self::ThreeOrMore => "three-or-more",
            Self::FailedTwice => "failed-twice",
        }
    }
}

/// How episodes are cut.
#[derive(Debug)]
pub(super) struct Rules {
    /// Windows in days; the configured one first.
    pub(super) windows: Vec<u32>,
    /// Contacts of one customer about different reasons are different episodes.
    pub(super) by_reason: bool,
    /// Ids with more contacts than this in the configured window are heavy.
    pub(super) heavy_contacts: usize,
    /// The latest instant of the log.
    pub(super) end: Moment,
    /// Contacts that one case takes as planned, by touchpoint; those not listed take one.
    pub(super) expected: HashMap<TextId, u32>,
    /// By channel: whether its unit is contact.
    pub(super) is_contact: Vec<bool>,
    /// Paths are counted.
    pub(super) paths: bool,
    /// By usage entry and channel: whether the channel is automated and the entry logs hand-overs.
    pub(super) tells_containment: Vec<Vec<bool>>,
}

impl Rules {
    pub(super) fn is_contact(&self, channel: u32) -> bool {
        self.is_contact.get(channel as usize).copied().unwrap_or(false)
    }

    fn tells_containment(&self, contact: &Contact) -> bool {
        let of_entry = self.tells_containment.get(contact.entry as usize);
        of_entry.and_then(|channels| channels.get(contact.channel as usize)).copied().unwrap_or(false)
    }
}

/// What was found. Channels are numbers; `None` stands for all channels.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By from, to, window, reason (configured window only): all, those whose customer had to repeat on
    /// arriving, those of whom it is known.
    pub(super) steps: Map<(Node, Node, u32, TextId), [i64; 3]>,
    /// By entry channel, contact's channel, entry touchpoint.
    pub(super) entry: Table<(u32, u32, TextId)>,
    /// Episodes and resolved episodes by entry channel and entry touchpoint.
    pub(super) entered: Map<(u32, TextId), (i64, i64)>,
    /// Episodes by channel and segment.
    pub(super) reach: Map<(Option<u32>, TextId), i64>,
    /// Customers by channel and segment.
    pub(super) customers: Map<(Option<u32>, TextId, Who), i64>,
    /// Episodes and resolved episodes by path.
    pub(super) paths: Map<Path, (i64, i64)>,
    /// Contacts of the episodes of a path by their own channel: all, answered, those of which it is known.
    pub(super) on_paths: Map<(Path, u32), [i64; 3]>,
    /// Heavy ids.
    pub(super) heavy: i64,
}

impl Found {
    /// Counts one customer. Who comes often is told by contacts alone: a customer who also talks to a machine still has
    /// only one way to people, and one who opens an app every day is no frequent caller.
    fn customer(&mut self, touched: &Touched, segment: TextId, rules: &Rules) {
        let often = touched.talks >= 3;
        let sole = touched.channels.iter().filter(|c| rules.is_contact(**c)).count() == 1;
        for channel in touched.channels.iter().copied().map(Some).chain([None]) {
            let talks_here = channel.is_none_or(|c| rules.is_contact(c));
            let mut count = |who: Who| *self.customers.entry((channel, segment, who)).or_default() += 1;
            count(Who::All);
            if often && talks_here {
                count(Who::ThreeOrMore);
                if sole {
                    count(Who::Sole);
                }
            }
        }
    }

    /// Counts an id that is heavy, once all its contacts were there.
    pub(super) fn crowd(&mut self, crowd: &Crowd, rules: &Rules) {
        self.heavy += 1;
        self.customer(&crowd.touched, crowd.first.as_ref().map_or(0, |first| first.segment), rules);
    }

    /// Takes over what was found among other customers.
    pub(super) fn merge(&mut self, other: Self) {
        fn add<K: Eq + std::hash::Hash>(own: &mut Map<K, i64>, other: Map<K, i64>) {
            for (key, n) in other {
                *own.entry(key).or_default() += n;
            }
        }
        for (key, sums) in other.steps {
            let own = self.steps.entry(key).or_default();
            *own = std::array::from_fn(|i| own[i] + sums[i]);
        }
        add(&mut self.reach, other.reach);
        add(&mut self.customers, other.customers);
        for (key, sums) in other.entry.into_iter() {
            self.entry.add(key, &sums);
        }
        for (key, (episodes, resolved)) in other.entered {
            let own = self.entered.entry(key).or_default();
            *own = (own.0 + episodes, own.1 + resolved);
        }
        for (key, (episodes, resolved)) in other.paths {
            let own = self.paths.entry(key).or_default();
            *own = (own.0 + episodes, own.1 + resolved);
        }
        for (key, contacts) in other.on_paths {
            let own = self.on_paths.entry(key).or_default();
            own.iter_mut().zip(contacts).for_each(|(own, n)| *own += n);
        }
        self.heavy += other.heavy;
    }
}

/// An episode that has ended, as the customer's history remembers it.
struct Ended {
    /// Place of its last contact among the customer's.
    last: usize,
    resolved: bool,
    channels: Vec<u32>,
}

/// Which channels a customer was in touch with, and how many contacts (of unit contact) there were.
#[derive(Default)]
struct Touched {
    channels: Vec<u32>,
    talks: usize,
}

impl Touched {
    fn add(&mut self, contact: &Contact, rules: &Rules) {
        self.talks += usize::from(rules.is_contact(contact.channel));
        if !self.channels.contains(&contact.channel) {
            self.channels.push(contact.channel);
        }
    }
}

/// What is known of a heavy id whose contacts are not all there at once.
#[derive(Default)]
pub(super) struct Crowd {
    touched: Touched,
    /// The first contact with a segment.
    first: Option<Contact>,
}

impl Crowd {
    fn add(&mut self, contact: &Contact, rules: &Rules) {
        self.touched.add(contact, rules);
        // What comes after the segment in their order is of no matter: it is all that is asked of the first.
        let is_first = |first: &Contact| contact.order(first, &Ids::default()).is_lt();
        if contact.segment != 0 && self.first.as_ref().is_none_or(is_first) {
            self.first = Some(contact.clone());
        }
    }
}

/// Finds the episodes of customers whose contacts stand in a list, beside their fates.
pub(super) struct Search<'a> {
    pub(super) contacts: &'a [Contact],
    pub(super) fates: &'a [Fate],
    /// Where the counts of each contact stand.
    pub(super) places: &'a [Place],
    pub(super) rules: &'a Rules,
    pub(super) cells: &'a mut Cells,
    pub(super) found: &'a mut Found,
}

impl Search<'_> {
    fn window_ms(days: u32) -> i64 {
        i64::from(days).saturating_mul(DAY_MS)
    }

    /// Whether a contact is in the classes: answered, or not known to be unanswered.
    fn counts(&self, i: usize) -> bool {
        let fate = &self.fates[i];
        fate.answered == Said::Yes || (fate.answered == Said::Unknown && fate.abandoned != Said::Yes)
    }

    /// Whether the log goes on long enough after a contact to see what follows.
    fn uncensored(&self, i: usize, window: u32) -> bool {
        let (at, end) = (&self.contacts[i].at, &self.rules.end);
        if at.hour.is_none() || end.hour.is_none() {
            return i64::from((end.date - at.date).get_days()) >= i64::from(window);
        }
        at.unix_ms.saturating_add(Self::window_ms(window)) <= end.unix_ms
    }

    fn follows(&self, from: usize, to: usize, window: u32) -> bool {
        within(&self.contacts[from].at, &self.contacts[to].at, Self::window_ms(window))
    }

    /// Counts a class in one of the windows; only the first, the configured one, tells reasons apart.
    fn class(&mut self, i: usize, window: usize, class: Class) {
        let place = self.places[i];
        let Some(other) = window.checked_sub(1) else {
            self.cells.whys.at(place.why).classes[class as usize] += 1;
            return;
        };
        let moment = self.cells.moments.at(place.moment);
        if moment.classes.len() <= other {
            moment.classes.resize(self.rules.windows.len() - 1, Classes::default());
        }
        moment.classes[other][class as usize] += 1;
    }

    /// A contact of nobody known.
    pub(super) fn anonymous(&mut self, i: usize) {
        let contact = &self.contacts[i];
        if contact.begun_by_customer() && contact.channel != UNLISTED && self.counts(i) {
            for at in 0..self.rules.windows.len() {
                self.class(i, at, Class::Anonymous);
            }
        }
    }

    /// All contacts of one customer that were begun by the customer and are listed, in their total order.
    pub(super) fn customer(&mut self, all: &[usize]) {
        if all.is_empty() {
            return;
        }
        let configured = self.rules.windows.first().copied().unwrap_or_default();
        let segment = all.iter().map(|i| self.contacts[*i].segment).find(|s| *s != 0).unwrap_or(0);
        let mut touched = Touched::default();
        all.iter().for_each(|i| touched.add(&self.contacts[*i], self.rules));
        self.found.customer(&touched, segment, self.rules);
        if self.is_heavy(all, configured) {
            self.found.heavy += 1;
            self.heavy(all);
            return;
        }
        // Places among the customer's contacts, which keep their order under the same reason.
        let contacts = self.contacts;
        let reason = |place: usize| if self.rules.by_reason { contacts[all[place]].reason } else { 0 };
        let mut places: Vec<usize> = (0..all.len()).collect();
        if self.rules.by_reason && all.len() > 1 {
            places.sort_by_key(|place| reason(*place));
        }
        let mut ended = Vec::new();
        let mut episode: Vec<usize> = Vec::with_capacity(all.len());
        for at in 0..self.rules.windows.len() {
            let window = self.rules.windows[at];
            let limit = Self::window_ms(window);
            for (n, place) in places.iter().enumerate() {
                episode.push(all[*place]);
                let goes_on = places.get(n + 1).is_some_and(|next| {
                    reason(*next) == reason(*place)
                        && within(&contacts[all[*place]].at, &contacts[all[*next]].at, limit)
                });
                if goes_on {
                    continue;
                }
                self.episode(&episode, at);
                if self.uncensored(all[*place], window) {
                    self.steps(&episode, window);
                    if window == configured {
                        ended.push(self.entry(&episode, *place, segment));
                    }
                }
                episode.clear();
            }
        }
        self.count_failures(&mut ended, segment);
    }

    /// Contacts of a heavy id.
    fn heavy(&mut self, all: &[usize]) {
        for i in all.iter().copied().filter(|i| self.counts(*i)).collect::<Vec<_>>() {
            for at in 0..self.rules.windows.len() {
                self.class(i, at, Class::Heavy);
            }
        }
    }

    /// Some contacts of an id that is known to be heavy, as for [`Search::customer`] but in no order.
    pub(super) fn of_crowd(&mut self, some: &[usize], crowd: &mut Crowd) {
        some.iter().for_each(|i| crowd.add(&self.contacts[*i], self.rules));
        self.heavy(some);
    }

    /// More contacts in one window than one person has. Sessions and views do not count: who logs in
    /// every day is no switchboard.
    fn is_heavy(&self, all: &[usize], window: u32) -> bool {
        let most = self.rules.heavy_contacts;
        if all.len() <= most {
            return false;
        }
        let talked: Vec<usize> =
            all.iter().copied().filter(|i| self.rules.is_contact(self.contacts[*i].channel)).collect();
        talked.iter().zip(talked.iter().skip(most)).any(|(first, last)| self.follows(*first, *last, window))
    }

    /// The class of each contact of one episode.
    fn episode(&mut self, episode: &[usize], at: usize) {
        let window = self.rules.windows[at];
        let is_planned = self.planned(episode);
        let planned = |place: usize| is_planned.get(place).copied().unwrap_or(false);
        let next_where = |from: usize, fits: &dyn Fn(usize) -> bool| {
            (from + 1..episode.len()).find(|place| fits(*place)).map(|place| episode[place])
        };
        for (place, &i) in episode.iter().enumerate() {
            if !self.counts(i) {
                continue;
            }
            if !self.uncensored(i, window) {
                self.class(i, at, Class::Censored);
                continue;
            }
            let contact = &self.contacts[i];
            let follows = |next: Option<usize>| next.filter(|j| self.follows(i, *j, window));
            let class = match follows(next_where(place, &|place| !planned(place))) {
                Some(j) if self.contacts[j].channel == contact.channel => Class::Same,
                Some(_) => Class::Other,
                None if contact.resolved == Said::No => Class::Unresolved,
                None if contact.transferred_to != 0 => Class::HandedOver,
                None => Class::Clear,
            };
            let contained = self.rules.tells_containment(contact).then(|| {
                let is_contact = |place: usize| self.rules.is_contact(self.contacts[episode[place]].channel);
                match (contact.transferred_to, follows(next_where(place, &is_contact))) {
                    (0, None) => Class::ContainedClear,
                    (0, Some(_)) => Class::ContainedFollowed,
                    _ => Class::NotContained,
                }
            });
            self.class(i, at, class);
            if let Some(class) = contained {
                self.class(i, at, class);
            }
        }
    }

    /// Which contacts of an episode were planned: at a touchpoint that takes k contacts, the second to the
    /// k-th of the episode there. Empty where none can be.
    fn planned(&self, episode: &[usize]) -> Vec<bool> {
        if self.rules.expected.is_empty() || episode.len() < 2 {
            return Vec::new();
        }
        let mut seen: HashMap<TextId, u32> = HashMap::new();
        episode
            .iter()
            .map(|i| {
                let touchpoint = self.contacts[*i].touchpoint;
                let Some(expected) = self.rules.expected.get(&touchpoint) else { return false };
                let count = seen.entry(touchpoint).or_default();
                *count += 1;
                (2..=*expected).contains(count)
            })
            .collect()
    }

    /// The steps of an ended episode, from START to how it ended. A repeat in the same channel is a
    /// step from the channel to itself.
    fn steps(&mut self, episode: &[usize], window: u32) {
        let (Some(&first), Some(&last)) = (episode.first(), episode.last()) else { return };
        let contacts = self.contacts;
        let node = |i: usize| Node::Channel(contacts[i].channel);
        let mut step = |from: Node, to: Node, reason: TextId, repeated: Said| {
            let [all, again, known] = self.found.steps.entry((from, to, window, reason)).or_default();
            *all += 1;
            *again += i64::from(repeated == Said::Yes);
            *known += i64::from(repeated != Said::Unknown);
        };
        let with_reason = self.rules.windows.first() == Some(&window);
        let reason = |i: usize| if with_reason { contacts[i].reason } else { 0 };
        step(Node::Start, node(first), reason(first), Said::Unknown);
        for pair in episode.windows(2) {
            step(node(pair[0]), node(pair[1]), reason(pair[0]), contacts[pair[1]].repeated);
        }
        let fate = &self.fates[last];
        let end = if ends_resolved(&contacts[last], fate) { Node::Resolved } else { Node::Unresolved };
        step(node(last), end, reason(last), Said::Unknown);
    }

    fn entry(&mut self, episode: &[usize], place: usize, segment: TextId) -> Ended {
        let (first, last) = (episode[0], episode[episode.len() - 1]);
        let resolved = ends_resolved(&self.contacts[last], &self.fates[last]);
        let (channel, touchpoint) = (self.contacts[first].channel, self.contacts[first].touchpoint);
        let entered = self.found.entered.entry((channel, touchpoint)).or_default();
        entered.0 += 1;
        entered.1 += i64::from(resolved);
        if self.rules.paths {
            self.path(episode, resolved);
        }
        let mut channels: Vec<u32> = Vec::with_capacity(2);
        for &i in episode {
            let own = self.contacts[i].channel;
            if !channels.contains(&own) {
                channels.push(own);
            }
            let sums = contact_sums(&self.contacts[i], &self.fates[i]);
            self.found.entry.add((channel, own, touchpoint), &sums);
        }
        *self.found.reach.entry((None, segment)).or_default() += 1;
        for own in &channels {
            *self.found.reach.entry((Some(*own), segment)).or_default() += 1;
        }
        Ended { last: place, resolved, channels }
    }

    fn path(&mut self, episode: &[usize], resolved: bool) {
        let path = Path::of(episode.iter().map(|i| self.contacts[*i].channel));
        let ended = self.found.paths.entry(path).or_default();
        *ended = (ended.0 + 1, ended.1 + i64::from(resolved));
        for &i in episode {
            let answered = self.fates[i].answered;
            let counts = self.found.on_paths.entry((path, self.contacts[i].channel)).or_default();
            let [contacts, yes, known] = counts;
            *contacts += 1;
            *yes += i64::from(answered == Said::Yes);
            *known += i64::from(answered != Said::Unknown);
        }
    }

    fn count_failures(&mut self, ended: &mut [Ended], segment: TextId) {
        if ended.len() < 2 {
            return;
        }
        ended.sort_unstable_by_key(|e| e.last);
        let mut channels: Vec<u32> = Vec::new();
        for channel in ended.iter().flat_map(|e| &e.channels) {
            if !channels.contains(channel) {
                channels.push(*channel);
            }
        }
        for channel in channels.into_iter().map(Some).chain([None]) {
            let mut latest = ended
                .iter()
                .rev()
                .filter(|e| channel.is_none_or(|c| e.channels.contains(&c)))
                .map(|e| e.resolved);
            if let (Some(last), Some(before)) = (latest.next(), latest.next()) {
                *self.found.customers.entry((channel, segment, Who::TwoOrMore)).or_default() += 1;
                if !last && !before {
                    *self.found.customers.entry((channel, segment, Who::FailedTwice)).or_default() += 1;
                }
            }
        }
    }
}

/// An episode ends resolved unless its last contact is flagged as not resolved, was given up or
/// is known not to have been answered: nobody resolved what nobody answered.
fn ends_resolved(last: &Contact, fate: &Fate) -> bool {
    last.resolved != Said::No && fate.abandoned != Said::Yes && fate.answered != Said::No
}
