//! Who came back: episodes, what became of each contact within a window, steps, entries, reach and
//! customers (METHOD B, DESIGN 5). Owns the cutting of episodes; knows numbers, not texts.
//!
//! Only identified contacts begun by the customer stand in episodes, of whatever unit. Ids with too
//! many contacts in the window to be one person (heavy) stand in no base, step, entry or reach, and
//! among the customers only where contacts, not episodes, are counted.

use std::collections::{BTreeMap, BTreeSet};

use crate::usage::Moment;

use super::contact::{Contact, DAY_MS, Said, UNLISTED, within};
use super::promise::Fate;
use super::table::Sums;
use super::text::TextId;

/// What became of a contact within a window. The order is of no meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node {
    Start,
    Channel(u32),
    Resolved,
    Unresolved,
}

/// Which customers are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
pub(super) struct Rules<'a> {
    /// Windows in days; the configured one first.
    pub(super) windows: Vec<u32>,
    /// Contacts of one customer about different reasons are different episodes.
    pub(super) by_reason: bool,
    /// Ids with more contacts than this in the configured window are heavy.
    pub(super) heavy_contacts: u32,
    /// The latest instant of the log.
    pub(super) end: Moment,
    /// Contacts that one case takes as planned, by touchpoint; those not listed take one.
    pub(super) expected: BTreeMap<TextId, u32>,
    /// Whether a channel's unit is contact.
    pub(super) is_contact: &'a dyn Fn(u32) -> bool,
    /// Whether a channel is automated and this usage entry logs hand-overs.
    pub(super) tells_containment: &'a dyn Fn(u32, u32) -> bool,
    /// The sums of one contact, by its position.
    pub(super) sums: &'a dyn Fn(usize) -> Sums,
}

/// What was found. Channels are numbers; `None` stands for all channels.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// By channel, window, touchpoint, reason (configured window only), class.
    pub(super) followup: BTreeMap<(u32, u32, TextId, TextId, Class), i64>,
    /// By from, to, window, reason (configured window only).
    pub(super) steps: BTreeMap<(Node, Node, u32, TextId), i64>,
    /// By entry channel, contact's channel, entry touchpoint.
    pub(super) entry: BTreeMap<(u32, u32, TextId), Sums>,
    /// Episodes and resolved episodes by entry channel and entry touchpoint.
    pub(super) entered: BTreeMap<(u32, TextId), (i64, i64)>,
    /// Episodes by channel and segment.
    pub(super) reach: BTreeMap<(Option<u32>, TextId), i64>,
    /// Customers by channel and segment.
    pub(super) customers: BTreeMap<(Option<u32>, TextId, Who), i64>,
    /// Heavy ids.
    pub(super) heavy: i64,
}

/// An episode that has ended, as the customer's history remembers it.
struct Ended {
    last: usize,
    resolved: bool,
    channels: BTreeSet<u32>,
}

/// Finds episodes among contacts in their total order; `fates` stand beside them. Contacts of
/// unlisted labels stand in no episode.
pub(super) fn find(contacts: &[Contact], fates: &[Fate], rules: &Rules<'_>) -> Found {
    let mut search = Search { contacts, fates, rules, found: Found::default() };
    let mut identified: Vec<usize> = Vec::new();
    for (i, contact) in
        contacts.iter().enumerate().filter(|(_, c)| c.begun_by_customer() && c.channel != UNLISTED)
    {
        if contact.customer != 0 {
            identified.push(i);
        } else if search.counts(i) {
            for window in &rules.windows {
                search.class(i, *window, Class::Anonymous);
            }
        }
    }
    // Positions break ties, so that each customer's contacts stay in the total order.
    identified.sort_unstable_by_key(|i| (contacts[*i].customer, *i));
    for customer in identified.chunk_by(|a, b| contacts[*a].customer == contacts[*b].customer) {
        search.customer(customer);
    }
    search.found
}

struct Search<'a> {
    contacts: &'a [Contact],
    fates: &'a [Fate],
    rules: &'a Rules<'a>,
    found: Found,
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

    /// The reason as a key: only the configured window has it.
    fn reason(&self, i: usize, window: u32) -> TextId {
        if self.rules.windows.first() == Some(&window) { self.contacts[i].reason } else { 0 }
    }

    fn class(&mut self, i: usize, window: u32, class: Class) {
        let contact = &self.contacts[i];
        let key = (contact.channel, window, contact.touchpoint, self.reason(i, window), class);
        *self.found.followup.entry(key).or_default() += 1;
    }

    /// All contacts of one customer.
    fn customer(&mut self, all: &[usize]) {
        let configured = self.rules.windows.first().copied().unwrap_or_default();
        let segment = all.iter().map(|i| self.contacts[*i].segment).find(|s| *s != 0).unwrap_or(0);
        self.count_customer(all, segment);
        if self.is_heavy(all, configured) {
            self.found.heavy += 1;
            for i in all.iter().copied().filter(|i| self.counts(*i)).collect::<Vec<_>>() {
                for window in &self.rules.windows {
                    self.class(i, *window, Class::Heavy);
                }
            }
            return;
        }
        let mut by_key = all.to_vec();
        if self.rules.by_reason {
            by_key.sort_unstable_by_key(|i| (self.contacts[*i].reason, *i));
        }
        let contacts = self.contacts;
        let mut ended = Vec::new();
        for group in by_key
            .chunk_by(|a, b| !self.rules.by_reason || self.contacts[*a].reason == self.contacts[*b].reason)
        {
            for &window in &self.rules.windows {
                for episode in
                    group.chunk_by(|a, b| within(&contacts[*a].at, &contacts[*b].at, Self::window_ms(window)))
                {
                    self.episode(episode, window);
                    if !self.uncensored(episode[episode.len() - 1], window) {
                        continue;
                    }
                    self.steps(episode, window);
                    if window == configured {
                        ended.push(self.entry(episode, segment));
                    }
                }
            }
        }
        self.count_failures(&mut ended, segment);
    }

    /// More contacts in one window than one person has. Sessions and views do not count: who logs in
    /// every day is no switchboard.
    fn is_heavy(&self, all: &[usize], window: u32) -> bool {
        let talked: Vec<usize> =
            all.iter().copied().filter(|i| (self.rules.is_contact)(self.contacts[*i].channel)).collect();
        let most = self.rules.heavy_contacts as usize;
        talked.iter().zip(talked.iter().skip(most)).any(|(first, last)| self.follows(*first, *last, window))
    }

    /// The class of each contact of one episode.
    fn episode(&mut self, episode: &[usize], window: u32) {
        let next = self.next_unplanned(episode);
        let next_contact = next_where(episode, |j| (self.rules.is_contact)(self.contacts[j].channel));
        for (position, &i) in episode.iter().enumerate() {
            if !self.counts(i) {
                continue;
            }
            if !self.uncensored(i, window) {
                self.class(i, window, Class::Censored);
                continue;
            }
            let contact = &self.contacts[i];
            let follows = |next: Option<usize>| next.filter(|j| self.follows(i, *j, window));
            let class = match follows(next[position]) {
                Some(j) if self.contacts[j].channel == contact.channel => Class::Same,
                Some(_) => Class::Other,
                None if contact.resolved == Said::No => Class::Unresolved,
                None if contact.transferred_to != 0 => Class::HandedOver,
                None => Class::Clear,
            };
            let contained = (self.rules.tells_containment)(contact.channel, contact.entry).then(|| {
                match (contact.transferred_to, follows(next_contact[position])) {
                    (0, None) => Class::ContainedClear,
                    (0, Some(_)) => Class::ContainedFollowed,
                    _ => Class::NotContained,
                }
            });
            self.class(i, window, class);
            if let Some(class) = contained {
                self.class(i, window, class);
            }
        }
    }

    /// For each position of an episode the next contact that was not planned: at a touchpoint that
    /// takes k contacts, the second to the k-th of the episode there are passed over.
    fn next_unplanned(&self, episode: &[usize]) -> Vec<Option<usize>> {
        let mut seen: BTreeMap<TextId, u32> = BTreeMap::new();
        let planned: BTreeSet<usize> = episode
            .iter()
            .copied()
            .filter(|i| {
                let touchpoint = self.contacts[*i].touchpoint;
                let Some(expected) = self.rules.expected.get(&touchpoint) else { return false };
                let count = seen.entry(touchpoint).or_default();
                *count += 1;
                (2..=*expected).contains(count)
            })
            .collect();
        next_where(episode, |j| !planned.contains(&j))
    }

    /// The steps of an ended episode, from START to how it ended. A repeat in the same channel is a
    /// step from the channel to itself.
    fn steps(&mut self, episode: &[usize], window: u32) {
        let (Some(&first), Some(&last)) = (episode.first(), episode.last()) else { return };
        let node = |i: usize| Node::Channel(self.contacts[i].channel);
        let mut steps = vec![(Node::Start, node(first), self.reason(first, window))];
        steps.extend(
            episode.windows(2).map(|pair| (node(pair[0]), node(pair[1]), self.reason(pair[0], window))),
        );
        let end = if self.ends_resolved(last) { Node::Resolved } else { Node::Unresolved };
        steps.push((node(last), end, self.reason(last, window)));
        for (from, to, reason) in steps {
            *self.found.steps.entry((from, to, window, reason)).or_default() += 1;
        }
    }

    /// An episode ends resolved unless its last contact is flagged as not resolved, was given up or
    /// is known not to have been answered: nobody resolved what nobody answered.
    fn ends_resolved(&self, last: usize) -> bool {
        let fate = &self.fates[last];
        self.contacts[last].resolved != Said::No && fate.abandoned != Said::Yes && fate.answered != Said::No
    }

    fn entry(&mut self, episode: &[usize], segment: TextId) -> Ended {
        let (first, last) = (episode[0], episode[episode.len() - 1]);
        let resolved = self.ends_resolved(last);
        let (channel, touchpoint) = (self.contacts[first].channel, self.contacts[first].touchpoint);
        let entered = self.found.entered.entry((channel, touchpoint)).or_default();
        entered.0 += 1;
        entered.1 += i64::from(resolved);
        let mut channels = BTreeSet::new();
        for &i in episode {
            let own = self.contacts[i].channel;
            channels.insert(own);
            self.found.entry.entry((channel, own, touchpoint)).or_default().add(&(self.rules.sums)(i));
        }
        *self.found.reach.entry((None, segment)).or_default() += 1;
        for own in &channels {
            *self.found.reach.entry((Some(*own), segment)).or_default() += 1;
        }
        Ended { last, resolved, channels }
    }

    /// Who comes often is told by contacts alone: a customer who also talks to a machine still has only
    /// one way to people, and one who opens an app every day is no frequent caller.
    fn count_customer(&mut self, all: &[usize], segment: TextId) {
        let channels: BTreeSet<u32> = all.iter().map(|i| self.contacts[*i].channel).collect();
        let is_contact = self.rules.is_contact;
        let often = all.iter().filter(|i| is_contact(self.contacts[**i].channel)).count() >= 3;
        let sole = channels.iter().filter(|c| is_contact(**c)).count() == 1;
        let mut count = |channel: Option<u32>, who: Who| {
            *self.found.customers.entry((channel, segment, who)).or_default() += 1;
        };
        for channel in channels.iter().copied().map(Some).chain([None]) {
            count(channel, Who::All);
            if often && channel.is_none_or(is_contact) {
                count(channel, Who::ThreeOrMore);
                if sole {
                    count(channel, Who::Sole);
                }
            }
        }
    }

    fn count_failures(&mut self, ended: &mut [Ended], segment: TextId) {
        ended.sort_unstable_by_key(|e| e.last);
        let channels: BTreeSet<u32> = ended.iter().flat_map(|e| e.channels.iter().copied()).collect();
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

/// For each position the next later contact of the list that fits.
fn next_where(list: &[usize], fits: impl Fn(usize) -> bool) -> Vec<Option<usize>> {
    let mut next = None;
    let mut found: Vec<Option<usize>> = list
        .iter()
        .rev()
        .map(|i| {
            let here = next;
            if fits(*i) {
                next = Some(*i);
            }
            here
        })
        .collect();
    found.reverse();
    found
}
