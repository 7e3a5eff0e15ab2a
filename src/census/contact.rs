//! From rows to contacts: which rows of a log are one contact, and what of each row stands.
//!
//! Owns the rules of METHOD B ("one contact"): repeated ids, steps of a case, conversations, text
//! talk within a day, continuations. Each rule sees rows that share its key, all of them, in their total
//! order; where they waited until then is `shuffle`'s affair. Never counts anything.

use std::cmp::Ordering;

use hashbrown::{HashMap, HashSet};

use crate::usage::{Direction, Moment, Row};

use super::text::{Ids, TextId, Texts};

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

/// A row, then a contact. Labels are numbers in the order of their bytes; ids of customers, contacts, cases
/// and conversations are numbers of [`Ids`], given while a part is looked at (0: none).
#[derive(Debug, Clone, PartialEq, Eq)]
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
    pub(super) customer: u32,
    pub(super) segment: TextId,
    pub(super) direction: Begun,
    pub(super) conversation: u32,
    pub(super) continues: u32,
    pub(super) id: u32,
    pub(super) case: u32,
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
    /// What rows that continue it add, once all of its own rows are together.
    pub(super) late: Option<Box<Late>>,
}

/// What continuations say of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Late {
    /// When the last one was, of those that say how it ended.
    pub(super) at: Moment,
    pub(super) handle_ms: Option<i64>,
    pub(super) cost_minor: Option<i64>,
    /// The last known answer.
    pub(super) resolved: Said,
}

impl Late {
    fn of(row: &Contact) -> Self {
        Self { at: row.at, handle_ms: row.handle_ms, cost_minor: row.cost_minor, resolved: row.resolved }
    }

    fn add(&mut self, other: &Self) {
        self.handle_ms = sum(self.handle_ms, other.handle_ms);
        self.cost_minor = sum(self.cost_minor, other.cost_minor);
        let is_later = (other.at, other.resolved) > (self.at, self.resolved);
        if other.resolved != Said::Unknown && (self.resolved == Said::Unknown || is_later) {
            (self.at, self.resolved) = (other.at, other.resolved);
        }
    }
}

/// The ids of a row as they were written; blank where there is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Names<'t> {
    pub(super) customer: &'t str,
    pub(super) conversation: &'t str,
    pub(super) continues: &'t str,
    pub(super) id: &'t str,
    pub(super) case: &'t str,
}

impl<'t> Names<'t> {
    /// Those of a row.
    pub(super) fn of(row: &'t Row<'_>) -> Self {
        let text = |text: &'t Option<std::borrow::Cow<'_, str>>| text.as_deref().unwrap_or("");
        Self {
            customer: text(&row.customer),
            conversation: text(&row.conversation),
            continues: text(&row.continues),
            id: text(&row.contact_id),
            case: text(&row.case),
        }
    }

    /// Numbers them in a contact.
    pub(super) fn number(&self, contact: &mut Contact, ids: &mut Ids<'t>) {
        contact.customer = ids.id(self.customer);
        contact.conversation = ids.id(self.conversation);
        contact.continues = ids.id(self.continues);
        contact.id = ids.id(self.id);
        contact.case = ids.id(self.case);
    }
}

/// Who began a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    /// One of which nothing but the time is known.
    pub(super) fn blank(at: Moment) -> Self {
        let unknown = Said::Unknown;
        Self {
            at,
            channel: 0,
            touchpoint: 0,
            reason: 0,
            resolved: unknown,
            answered: unknown,
            handle_ms: None,
            wait_ms: None,
            label: 0,
            entry: 0,
            customer: 0,
            segment: 0,
            direction: Begun::Unknown,
            conversation: 0,
            continues: 0,
            id: 0,
            case: 0,
            abandoned: unknown,
            on_time: unknown,
            repeated: unknown,
            opened: unknown,
            opted_out: unknown,
            satisfied: unknown,
            nps: None,
            transferred_to: 0,
            replied: None,
            closed: None,
            due: None,
            cost_minor: None,
            revenue_minor: None,
            several: false,
            late: None,
        }
    }

    /// A row; `channel` is its number in the order of channel ids, labels are numbered by `texts`.
    pub(super) fn new(row: &Row<'_>, channel: u32, texts: &mut Texts) -> Self {
        let mut label = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().map_or(0, |t| texts.id(t));
        Self {
            touchpoint: label(&row.touchpoint),
            reason: label(&row.reason),
            segment: label(&row.segment),
            transferred_to: label(&row.transferred_to),
            label: row.channel.as_ref().err().map_or(0, |label| texts.id(label)),
            channel,
            resolved: row.resolved.into(),
            answered: row.answered.into(),
            handle_ms: row.handle_ms,
            wait_ms: row.wait_ms,
            entry: u32::try_from(row.entry).unwrap_or(u32::MAX),
            direction: match row.direction {
                None => Begun::Unknown,
                Some(Direction::FromCustomer) => Begun::Customer,
                Some(Direction::FromOrganisation) => Begun::Organisation,
            },
            abandoned: row.abandoned.into(),
            on_time: row.on_time.into(),
            repeated: row.repeated.into(),
            opened: row.opened.into(),
            opted_out: row.opted_out.into(),
            satisfied: row.satisfied.into(),
            nps: row.nps,
            replied: row.replied,
            closed: row.closed,
            due: row.due,
            cost_minor: row.cost_minor,
            revenue_minor: row.revenue_minor,
            ..Self::blank(row.at)
        }
    }

    /// Gives every label its new number.
    pub(super) fn renumber(&mut self, moved: &[TextId]) {
        for id in [
            &mut self.touchpoint,
            &mut self.reason,
            &mut self.label,
            &mut self.segment,
            &mut self.transferred_to,
        ] {
            *id = moved.get(*id as usize).copied().unwrap_or(0);
        }
    }

    /// Begun by the customer, as far as the log says.
    pub(super) fn begun_by_customer(&self) -> bool {
        self.direction != Begun::Organisation
    }

    /// The total order of DESIGN 5: instant, channel, touchpoint, reason, resolved, answered, handle, wait;
    /// what else a row says makes it total, so that the order of the rows in the logs means nothing.
    pub(super) fn order(&self, other: &Self, ids: &Ids<'_>) -> Ordering {
        let first = |c: &Self| (c.at, c.channel, c.touchpoint, c.reason, c.resolved, c.answered);
        let then = |c: &Self| (c.handle_ms, c.wait_ms, c.label, c.entry);
        first(self).cmp(&first(other)).then_with(|| then(self).cmp(&then(other))).then_with(|| {
            let id = |of: fn(&Self) -> u32| ids.get(of(self)).cmp(ids.get(of(other)));
            id(|c| c.customer)
                .then_with(|| (self.segment, self.direction).cmp(&(other.segment, other.direction)))
                .then_with(|| id(|c| c.conversation))
                .then_with(|| id(|c| c.continues))
                .then_with(|| id(|c| c.id))
                .then_with(|| id(|c| c.case))
                .then_with(|| self.rest().cmp(&other.rest()))
        })
    }

    #[allow(clippy::type_complexity, reason = "a key of comparison, read nowhere else")]
    fn rest(&self) -> ([Said; 6], Option<u8>, TextId, [Option<Moment>; 3], [Option<i64>; 2]) {
        (
            [self.abandoned, self.on_time, self.repeated, self.opened, self.opted_out, self.satisfied],
            self.nps,
            self.transferred_to,
            [self.replied, self.closed, self.due],
            [self.cost_minor, self.revenue_minor],
        )
    }

    /// Takes a later row of the same contact: time, labels and wait stand; handling, cost and revenue
    /// sum; the last known answer stands, the first reply and the last close.
    pub(super) fn absorb(&mut self, later: &Self) {
        self.handle_ms = sum(self.handle_ms, later.handle_ms);
        self.cost_minor = sum(self.cost_minor, later.cost_minor);
        self.resolved = self.resolved.or_later(later.resolved);
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
        if let Some(late) = &later.late {
            self.add_late(late);
        }
    }

    fn add_late(&mut self, late: &Late) {
        match &mut self.late {
            Some(own) => own.add(late),
            None => self.late = Some(Box::new(late.clone())),
        }
    }

    /// Notes what a row that continues this contact says: its handling and cost, and how it ended.
    pub(super) fn continued_by(&mut self, later: &Self) {
        self.add_late(&Late::of(later));
    }

    /// Takes what its continuations say, once all of its own rows are together.
    pub(super) fn settle(&mut self) {
        if let Some(late) = self.late.take() {
            self.handle_ms = sum(self.handle_ms, late.handle_ms);
            self.cost_minor = sum(self.cost_minor, late.cost_minor);
            self.resolved = self.resolved.or_later(late.resolved);
        }
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

/// Rows that are looked at together, with the numbers of their ids.
#[derive(Debug, Default)]
pub(super) struct Rows<'t> {
    pub(super) list: Vec<Contact>,
    pub(super) names: Vec<Names<'t>>,
    pub(super) ids: Ids<'t>,
}

impl<'t> Rows<'t> {
    /// Adds a row.
    pub(super) fn add(&mut self, mut contact: Contact, names: Names<'t>) {
        names.number(&mut contact, &mut self.ids);
        self.list.push(contact);
        self.names.push(names);
    }

    /// Positions in the total order.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_unstable_by(|a, b| self.list[*a].order(&self.list[*b], &self.ids));
        order
    }

    /// Positions of the rows that are no repetition, in order; the others are counted by `repeated`.
    ///
    /// One contact for each id: within one usage entry by the id alone, across entries only in the same
    /// channel, because two systems may number their contacts alike. Steps of a case share ids by nature.
    pub(super) fn without_duplicates(&self, mut repeated: impl FnMut(&Contact)) -> Vec<usize> {
        let mut in_entry: HashSet<(u32, u32)> = HashSet::new();
        let mut in_channel: HashSet<(u32, TextId, u32)> = HashSet::new();
        let mut kept = self.in_order();
        kept.retain(|i| {
            let row = &self.list[*i];
            if row.id == 0 || row.case != 0 {
                return true;
            }
            let new_in_entry = in_entry.insert((row.entry, row.id));
            let new_in_channel = in_channel.insert((row.channel, row.label, row.id));
            let is_new = new_in_entry && new_in_channel;
            if !is_new {
                repeated(row);
            }
            is_new
        });
        kept
    }

    /// Puts rows together that share a key (0: none): the earliest gives time and labels. Positions of what
    /// stands, in order, and how many rows were joined to them.
    pub(super) fn joined(&mut self, key: impl Fn(&Contact) -> u32) -> (Vec<usize>, i64) {
        let mut first: HashMap<(u32, u32), usize> = HashMap::new();
        let (mut kept, mut joined) = (Vec::new(), 0);
        for i in self.in_order() {
            let row = &self.list[i];
            let key = (row.entry, key(row));
            match first.get(&key).filter(|_| key.1 != 0) {
                Some(base) => {
                    let row = row.clone();
                    self.list[*base].absorb(&row);
                    joined += 1;
                }
                None => {
                    first.insert(key, i);
                    kept.push(i);
                }
            }
        }
        (kept, joined)
    }

    /// For each row the row at the start of the chain that it continues: itself for most. A chain whose
    /// start is not in the logs starts at its earliest link, which is an orphan; so does a circle. Orphans
    /// are counted.
    pub(super) fn roots(&self) -> (Vec<usize>, i64) {
        let order = self.in_order();
        // Position of each row in the order: the earliest of a circle stands for it.
        let mut rank = vec![0; order.len()];
        for (place, i) in order.iter().enumerate() {
            rank[*i] = place;
        }
        let mut in_entry: HashMap<(u32, u32), usize> = HashMap::new();
        let mut anywhere: HashMap<u32, usize> = HashMap::new();
        for i in order.iter().copied().filter(|i| self.list[*i].id != 0) {
            let row = &self.list[i];
            in_entry.entry((row.entry, row.id)).or_insert(i);
            anywhere.entry(row.id).or_insert(i);
        }
        let parent = |i: usize| -> Option<usize> {
            let row = self.list.get(i)?;
            in_entry.get(&(row.entry, row.continues)).or_else(|| anywhere.get(&row.continues)).copied()
        };
        let mut own: Vec<usize> = (0..self.list.len()).collect();
        let mut settled: Vec<bool> = self.list.iter().map(|row| row.continues == 0).collect();
        let mut orphans = 0;
        for start in order {
            let mut trail: Vec<usize> = Vec::new();
            let mut on_trail: HashSet<usize> = HashSet::new();
            let mut at = start;
            let root = loop {
                if settled[at] {
                    break own[at];
                }
                if !on_trail.insert(at) {
                    // A circle: its earliest row stands for all of it.
                    orphans += 1;
                    let from = trail.iter().position(|i| *i == at).unwrap_or(0);
                    break trail[from..].iter().copied().min_by_key(|i| rank[*i]).unwrap_or(at);
                }
                trail.push(at);
                match parent(at) {
                    Some(next) => at = next,
                    None => {
                        orphans += 1;
                        break at;
                    }
                }
            };
            for i in trail {
                own[i] = root;
                settled[i] = true;
            }
        }
        (own, orphans)
    }
}

/// What joins text rows of one customer.
pub(super) struct Talk<'a> {
    /// Milliseconds from one row to the next.
    pub(super) within_ms: i64,
    /// Whether rows of a channel are talk.
    pub(super) conversational: &'a [bool],
}

impl Talk<'_> {
    /// Whether a row is talk that may be one contact with other rows of its customer.
    pub(super) fn is_free(&self, row: &Contact) -> bool {
        row.conversation == 0
            && row.customer != 0
            && row.case == 0
            && self.conversational.get(row.channel as usize).copied().unwrap_or(false)
    }

    /// Joins text talk without a conversation among the contacts of one customer: `group` holds their
    /// positions in order, and in the end those of the contacts that stand. How many rows were joined.
    pub(super) fn join(&self, list: &mut [Contact], group: &mut Vec<usize>) -> i64 {
        if group.len() < 2 || !group.iter().any(|i| self.is_free(&list[*i])) {
            return 0;
        }
        let before = group.len();
        // By channel: where the talk stands, and when its last row came.
        let mut open: Vec<(u32, usize, Moment)> = Vec::new();
        group.retain(|i| {
            let row = &list[*i];
            if !self.is_free(row) {
                return true;
            }
            let (at, channel) = (row.at, row.channel);
            match open.iter_mut().find(|(of, ..)| *of == channel) {
                Some((_, base, last)) if within(last, &at, self.within_ms) => {
                    *last = at;
                    let row = row.clone();
                    list[*base].absorb(&row);
                    return false;
                }
                Some((_, base, last)) => (*base, *last) = (*i, at),
                None => open.push((channel, *i, at)),
            }
            true
        });
        i64::try_from(before - group.len()).unwrap_or(i64::MAX)
    }
}
