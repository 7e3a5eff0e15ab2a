//! From rows to contacts: which rows of a log are one contact, and what of each row stands.
//!
//! Owns the rules of METHOD B ("one contact"): repeated ids, steps of a case, conversations, text
//! talk within a day, continuations. Never counts anything but rows that found their contact.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::usage::{Direction, Moment, Row};

use super::text::{TextId, Texts};

/// What a log says to a yes-or-no question. The order is that of DESIGN 5: no, unknown, yes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Said {
    No,
    #[default]
    Unknown,
    Yes,
}

impl Said {
    /// Known, and which.
    pub(super) fn known(self) -> Option<bool> {
        match self {
            Self::No => Some(false),
            Self::Unknown => None,
            Self::Yes => Some(true),
        }
    }

    /// The later answer where it is known, else this one.
    fn or_later(self, later: Self) -> Self {
        if later == Self::Unknown { self } else { later }
    }

    /// Yes if either says yes; else no if either says no.
    fn any(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::No, _) | (_, Self::No) => Self::No,
            _ => Self::Unknown,
        }
    }
}

impl From<Option<bool>> for Said {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Self::Yes,
            Some(false) => Self::No,
            None => Self::Unknown,
        }
    }
}

impl From<bool> for Said {
    fn from(answer: bool) -> Self {
        if answer { Self::Yes } else { Self::No }
    }
}

/// The channel number of rows whose label matches no channel.
pub(super) const UNLISTED: u32 = u32::MAX;

/// A row, then a contact, in few bytes. The order of the fields is the total order of DESIGN 5
/// (instant, channel, touchpoint, reason, resolved, answered, handle, wait); the rest makes it total.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Contact {
    pub(super) at: Moment,
    /// Channels are numbered in the order of their ids' bytes; [`UNLISTED`] if none matches.
    pub(super) channel: u32,
    pub(super) touchpoint: TextId,
    pub(super) reason: TextId,
    pub(super) resolved: Said,
    pub(super) answered: Said,
    pub(super) handle_ms: Option<i64>,
    pub(super) wait_ms: Option<i64>,
    /// The label, where the channel is [`UNLISTED`].
    pub(super) label: TextId,
    pub(super) entry: u32,
    pub(super) customer: TextId,
    pub(super) segment: TextId,
    pub(super) direction: Begun,
    pub(super) conversation: TextId,
    pub(super) continues: TextId,
    pub(super) id: TextId,
    pub(super) case: TextId,
    pub(super) abandoned: Said,
    pub(super) on_time: Said,
    pub(super) repeated: Said,
    pub(super) opened: Said,
    pub(super) opted_out: Said,
    pub(super) satisfied: Said,
    pub(super) nps: Option<u8>,
    pub(super) transferred_to: TextId,
    pub(super) replied: Option<Moment>,
    pub(super) closed: Option<Moment>,
    pub(super) due: Option<Moment>,
    pub(super) cost_minor: Option<i64>,
    pub(super) revenue_minor: Option<i64>,
    /// It was put together from several rows.
    pub(super) several: bool,
}

/// Who began a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Begun {
    /// The log does not say: then the customer.
    Unknown,
    Customer,
    Organisation,
}

impl Begun {
    /// The word of the table; blank where the log does not say.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Unknown => "",
            Self::Customer => "from-customer",
            Self::Organisation => "from-organisation",
        }
    }
}

impl Contact {
    /// A row in few bytes. `channel` is its number in the order of channel ids.
    pub(super) fn new(row: &Row<'_>, channel: u32, texts: &mut Texts) -> Self {
        Self {
            at: row.at,
            channel,
            touchpoint: texts.maybe(row.touchpoint.as_deref()),
            reason: texts.maybe(row.reason.as_deref()),
            resolved: row.resolved.into(),
            answered: row.answered.into(),
            handle_ms: row.handle_ms,
            wait_ms: row.wait_ms,
            label: row.channel.as_ref().err().map_or(0, |label| texts.id(label)),
            entry: u32::try_from(row.entry).unwrap_or(u32::MAX),
            customer: texts.maybe(row.customer.as_deref()),
            segment: texts.maybe(row.segment.as_deref()),
            direction: match row.direction {
                None => Begun::Unknown,
                Some(Direction::FromCustomer) => Begun::Customer,
                Some(Direction::FromOrganisation) => Begun::Organisation,
            },
            conversation: texts.maybe(row.conversation.as_deref()),
            continues: texts.maybe(row.continues.as_deref()),
            id: texts.maybe(row.contact_id.as_deref()),
            case: texts.maybe(row.case.as_deref()),
            abandoned: row.abandoned.into(),
            on_time: row.on_time.into(),
            repeated: row.repeated.into(),
            opened: row.opened.into(),
            opted_out: row.opted_out.into(),
            satisfied: row.satisfied.into(),
            nps: row.nps,
            transferred_to: texts.maybe(row.transferred_to.as_deref()),
            replied: row.replied,
            closed: row.closed,
            due: row.due,
            cost_minor: row.cost_minor,
            revenue_minor: row.revenue_minor,
            several: false,
        }
    }

    /// Gives every text its new number.
    pub(super) fn renumber(&mut self, moved: &[TextId]) {
        for id in [
            &mut self.touchpoint,
            &mut self.reason,
            &mut self.label,
            &mut self.customer,
            &mut self.segment,
            &mut self.conversation,
            &mut self.continues,
            &mut self.id,
            &mut self.case,
            &mut self.transferred_to,
        ] {
            *id = moved.get(*id as usize).copied().unwrap_or(0);
        }
    }

    /// Begun by the customer, as far as the log says.
    pub(super) fn begun_by_customer(&self) -> bool {
        self.direction != Begun::Organisation
    }

    /// Takes a later row of the same contact: time, labels and wait stand; handling, cost and revenue
    /// sum; the last known answer stands, the first reply and the last close.
    fn absorb(&mut self, later: &Self) {
        self.continued_by(later);
        self.revenue_minor = sum(self.revenue_minor, later.revenue_minor);
        self.answered = self.answered.any(later.answered);
        self.abandoned = self.abandoned.any(later.abandoned);
        if self.answered == Said::Yes && self.abandoned == Said::Yes {
            // Who hung up once and was answered later in the same contact was not lost.
            self.abandoned = Said::No;
        }
        self.on_time = self.on_time.or_later(later.on_time);
        self.repeated = self.repeated.any(later.repeated);
        self.opened = self.opened.any(later.opened);
        self.opted_out = self.opted_out.any(later.opted_out);
        self.satisfied = self.satisfied.or_later(later.satisfied);
        self.nps = later.nps.or(self.nps);
        if later.transferred_to != 0 {
            self.transferred_to = later.transferred_to;
        }
        self.replied = self.replied.into_iter().chain(later.replied).min();
        self.closed = self.closed.max(later.closed);
        self.due = self.due.or(later.due);
        self.several = true;
    }

    /// Takes a row that continues this contact: its handling and cost, and what it says of the end.
    fn continued_by(&mut self, later: &Self) {
        self.handle_ms = sum(self.handle_ms, later.handle_ms);
        self.cost_minor = sum(self.cost_minor, later.cost_minor);
        self.resolved = self.resolved.or_later(later.resolved);
    }
}

fn sum(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    }
}

/// Milliseconds of a day.
pub(super) const DAY_MS: i64 = 86_400_000;

/// Whether two moments lie at most so many milliseconds apart. Where one of them has no time of day,
/// whole days are compared: a date is no midnight.
pub(super) fn within(from: &Moment, to: &Moment, limit_ms: i64) -> bool {
    if from.hour.is_none() || to.hour.is_none() {
        return i64::from((to.date - from.date).get_days()).saturating_mul(DAY_MS) <= limit_ms;
    }
    to.unix_ms.saturating_sub(from.unix_ms) <= limit_ms
}

/// Contacts, and the rows that are none of their own.
#[derive(Debug, Default)]
pub(super) struct Assembled {
    /// Contacts in their total order.
    pub(super) contacts: Vec<Contact>,
    /// Rows with the id of a contact that was there already, by channel and label.
    pub(super) duplicates: BTreeMap<(u32, TextId), i64>,
    /// Rows that became part of another one, by what joined them.
    pub(super) merged: BTreeMap<&'static str, i64>,
    /// Rows that continue a contact which is not in the logs: each stands as a contact.
    pub(super) orphans: i64,
}

/// What joins text rows of one customer.
pub(super) struct Talk<'a> {
    /// Milliseconds from one row to the next.
    pub(super) within_ms: i64,
    /// Whether rows of a channel are talk.
    pub(super) conversational: &'a dyn Fn(u32) -> bool,
}

/// Puts contacts together from rows, whatever their order.
pub(super) fn assemble(mut rows: Vec<Contact>, talk: &Talk<'_>) -> Assembled {
    let mut done = Assembled::default();
    rows.sort_unstable();
    let rows = drop_duplicates(rows, &mut done);
    let rows = join_cases(rows, &mut done);
    let roots = roots(&rows, &mut done);
    join_talks(rows, &roots, talk, &mut done);
    // Sums may have changed an order that rests on them.
    done.contacts.sort_unstable();
    done
}

/// One contact for each id: within one usage entry by the id alone, across entries only in the same
/// channel, because two systems may number their contacts alike. Steps of a case share ids by nature.
fn drop_duplicates(rows: Vec<Contact>, done: &mut Assembled) -> Vec<Contact> {
    let mut in_entry: HashSet<(u32, TextId)> = HashSet::new();
    let mut in_channel: HashSet<(u32, TextId, TextId)> = HashSet::new();
    let mut kept = Vec::with_capacity(rows.len());
    for row in rows {
        if row.id != 0 && row.case == 0 {
            let new_in_entry = in_entry.insert((row.entry, row.id));
            let new_in_channel = in_channel.insert((row.channel, row.label, row.id));
            if !(new_in_entry && new_in_channel) {
                *done.duplicates.entry((row.channel, row.label)).or_default() += 1;
                continue;
            }
        }
        kept.push(row);
    }
    kept
}

/// The steps of a case are one contact: the earliest gives time and labels.
fn join_cases(rows: Vec<Contact>, done: &mut Assembled) -> Vec<Contact> {
    let mut first: HashMap<(u32, TextId), usize> = HashMap::new();
    let mut kept: Vec<Contact> = Vec::with_capacity(rows.len());
    for row in rows {
        if row.case != 0 {
            if let Some(base) = first.get(&(row.entry, row.case)).and_then(|i| kept.get_mut(*i)) {
                base.absorb(&row);
                *done.merged.entry("case").or_default() += 1;
                continue;
            }
            first.insert((row.entry, row.case), kept.len());
        }
        kept.push(row);
    }
    kept
}

/// For each row the row at the start of the chain that it continues: itself for most. A chain whose
/// start is not in the logs starts at its earliest link, which is an orphan; so does a circle.
fn roots(rows: &[Contact], done: &mut Assembled) -> Vec<usize> {
    let mut own: Vec<usize> = (0..rows.len()).collect();
    if rows.iter().all(|row| row.continues == 0) {
        return own;
    }
    let mut in_entry: HashMap<(u32, TextId), usize> = HashMap::new();
    let mut anywhere: HashMap<TextId, usize> = HashMap::new();
    for (i, row) in rows.iter().enumerate().filter(|(_, row)| row.id != 0) {
        in_entry.entry((row.entry, row.id)).or_insert(i);
        anywhere.entry(row.id).or_insert(i);
    }
    let parent = |i: usize| -> Option<usize> {
        let row = rows.get(i)?;
        in_entry.get(&(row.entry, row.continues)).or_else(|| anywhere.get(&row.continues)).copied()
    };
    let mut settled: Vec<bool> = rows.iter().map(|row| row.continues == 0).collect();
    for start in 0..rows.len() {
        let mut trail: Vec<usize> = Vec::new();
        let mut on_trail: HashSet<usize> = HashSet::new();
        let mut at = start;
        let root = loop {
            if settled[at] {
                break own[at];
            }
            if !on_trail.insert(at) {
                // A circle: its earliest row stands for all of it.
                done.orphans += 1;
                let from = trail.iter().position(|i| *i == at).unwrap_or(0);
                break trail[from..].iter().copied().min().unwrap_or(at);
            }
            trail.push(at);
            match parent(at) {
                Some(next) => at = next,
                None => {
                    done.orphans += 1;
                    break at;
                }
            }
        };
        for i in trail {
            own[i] = root;
            settled[i] = true;
        }
    }
    own
}

/// Joins conversations, then text talk without a conversation id, then what continues either.
fn join_talks(rows: Vec<Contact>, roots: &[usize], talk: &Talk<'_>, done: &mut Assembled) {
    let mut conversations: HashMap<(u32, TextId), usize> = HashMap::new();
    let mut talks: HashMap<(TextId, u32), (usize, Moment)> = HashMap::new();
    // Where each row that stands on its own ended up.
    let mut place: Vec<usize> = vec![0; rows.len()];
    let mut later: Vec<(usize, Contact)> = Vec::new();
    for (i, row) in rows.into_iter().enumerate() {
        if roots[i] != i {
            later.push((roots[i], row));
            continue;
        }
        let talks_freely = row.conversation == 0
            && row.customer != 0
            && row.case == 0
            && row.channel != UNLISTED
            && (talk.conversational)(row.channel);
        let (joins, why) = if row.conversation != 0 {
            (conversations.get(&(row.entry, row.conversation)).copied(), "conversation")
        } else if talks_freely {
            let open = talks.get(&(row.customer, row.channel));
            (open.filter(|(_, last)| within(last, &row.at, talk.within_ms)).map(|(at, _)| *at), "talk")
        } else {
            (None, "")
        };
        let at = joins.unwrap_or(done.contacts.len());
        if row.conversation != 0 {
            conversations.insert((row.entry, row.conversation), at);
        } else if talks_freely {
            talks.insert((row.customer, row.channel), (at, row.at));
        }
        place[i] = at;
        if joins.is_some() {
            done.contacts[at].absorb(&row);
            *done.merged.entry(why).or_default() += 1;
        } else {
            done.contacts.push(row);
        }
    }
    for (root, row) in later {
        done.contacts[place[root]].continued_by(&row);
        *done.merged.entry("continuation").or_default() += 1;
    }
}
