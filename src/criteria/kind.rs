//! Kinds of channels: the taxonomy of `criteria/kinds.yaml` as valid types.

use crate::criteria::Words;
use crate::inventory::{Identity, Need};

/// What one row of a kind counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Handled by people.
    Contact,
    /// A bot, app or IVR session.
    Session,
    /// A page view.
    View,
    /// A message sent by the organisation.
    Message,
}

/// When an answer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Timing {
    /// At once, both sides present.
    Live,
    /// In minutes.
    NearLive,
    /// Later.
    Deferred,
    /// Nobody has to answer.
    SelfService,
    /// One to many.
    Broadcast,
}

/// Who answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AnsweredBy {
    /// People.
    Human,
    /// Machines.
    Automated,
    /// Either.
    Both,
    /// Other customers.
    Peers,
    /// Nobody.
    None,
}

/// Medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Medium {
    /// Spoken.
    Voice,
    /// Seen and spoken.
    Video,
    /// Written or on a screen.
    Digital,
    /// In a place or on paper.
    Physical,
}

/// Who can see a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Only the two sides.
    Private,
    /// Bystanders.
    SemiPublic,
    /// Anyone.
    Public,
}

/// How people for it are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Staffing {
    /// Erlang A: customers wait and hang up.
    ErlangA,
    /// Erlang C: a counter queue.
    ErlangC,
    /// Several talks at once inside hours, deferred outside.
    Concurrent,
    /// Work with a deadline.
    Deferred,
    /// No agents.
    None,
}

/// One kind.
#[derive(Debug, Clone)]
pub struct Kind {
    /// Its id, e.g. `web_chat`.
    pub id: String,
    /// Its name.
    pub name: Words,
    /// What one row counts.
    pub unit: Unit,
    /// Its group (`messaging`, `chat`, `app`, `social`, `self-service`), if any.
    pub group: Option<String>,
    /// When an answer comes.
    pub timing: Timing,
    /// Who answers.
    pub answered_by: AnsweredBy,
    /// Medium.
    pub medium: Medium,
    /// Who can see it.
    pub visibility: Visibility,
    /// Whether the organisation can begin contacts (outbound) only.
    pub outbound_only: bool,
    /// The best identity it can give.
    pub best_identity: Identity,
    /// The identity it gives when nobody set up more.
    pub usual_identity: Identity,
    /// How people for it are computed.
    pub staffing: Staffing,
    /// Text talk of near-live kinds: rows of one customer within a day are one contact.
    pub conversational: bool,
    /// How well it meets each need, 0 (no), 0.5 (partly), 1 (yes). All six needs are given.
    pub meets: Vec<(Need, f64)>,
    /// Whether a worth axis applies (`no` for public channels that others own).
    pub worth: bool,
    /// Countries (ISO alpha-2) in which a legal duty may stand behind it.
    pub duty: Vec<String>,
    /// Promise shown where none is given (never failed): share, seconds, open clock.
    pub default_promise: Option<crate::inventory::Promise>,
    /// Notes that may be shown to clients (legal notes marked "check" are not here).
    pub notes: Vec<Words>,
    /// Dated benchmarks, as published.
    pub benchmarks: Option<String>,
}

impl Kind {
    /// Whether people answer it (covered, promise kept and answered apply).
    #[must_use]
    pub fn is_answered(&self) -> bool {
        !matches!(self.timing, Timing::SelfService | Timing::Broadcast)
    }

    /// Whether a machine talks to the customer.
    #[must_use]
    pub fn is_automated(&self) -> bool {
        self.answered_by == AnsweredBy::Automated
    }

    /// How well it meets a need.
    #[must_use]
    pub fn meets(&self, need: Need) -> f64 {
        self.meets.iter().find(|(n, _)| *n == need).map_or(0.0, |(_, m)| *m)
    }
}
