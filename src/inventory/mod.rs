//! The inventory: what the organisation has, wants and knows, valid by construction.
//!
//! A value of these types is right: ids are unique, references are indices, shares lie in 0..=1.
//! [`lower`] makes it from the spanned tree and reports every mistake at once. Nothing here reads a
//! log or judges anything. Absent keys are `None`: unknown, never a default.

pub mod lower;
pub mod schema;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::criteria::kind::Kind;
use crate::quantity::Interval;
use crate::text::diagnostic::Severity;
use crate::text::source::{Located, Place, Source};

/// Defines an index newtype into one list of the inventory.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub usize);
    };
}
index!(
    /// A channel, by its position in [`Inventory::channels`].
    ChannelIx
);
index!(
    /// A touchpoint, by its position in [`Inventory::touchpoints`].
    TouchpointIx
);
index!(
    /// A segment, by its position in [`Inventory::segments`].
    SegmentIx
);
index!(
    /// A team, by its position in [`Inventory::teams`].
    TeamIx
);
index!(
    /// A system, by its position in [`Inventory::systems`].
    SystemIx
);

/// A whole inventory.
#[derive(Debug)]
pub struct Inventory {
    /// The file it was read from.
    pub source: Arc<Source>,
    /// The folder of that file: usage paths are relative to it.
    pub directory: PathBuf,
    /// Who this is about.
    pub organisation: Organisation,
    /// What the organisation wants, with weights that sum to 1.
    pub objectives: Vec<Objective>,
    /// Weights of the six criteria, if given.
    pub weights: Option<Weights>,
    /// Weights of named stakeholders.
    pub stakeholders: Vec<(String, Weights)>,
    /// Groups of customers.
    pub segments: Vec<Segment>,
    /// Moments of the journey.
    pub touchpoints: Vec<Touchpoint>,
    /// Surveys of customers.
    pub surveys: Vec<Survey>,
    /// Test contacts.
    pub mystery: Vec<Mystery>,
    /// Who answers.
    pub teams: Vec<Team>,
    /// Where contacts are recorded.
    pub systems: Vec<System>,
    /// Kinds known not to exist here.
    pub absent: Vec<Located<Arc<Kind>>>,
    /// What competitors offer.
    pub rivals: Rivals,
    /// Customers lost when a channel closes, if given.
    pub lost_share: Option<Located<Interval>>,
    /// How episodes are cut.
    pub episodes: Episodes,
    /// The channels, in the order of the file.
    pub channels: Vec<Channel>,
    /// Ratings by persons where no data can tell.
    pub judgements: Vec<Judgement>,
    /// Where the logs are and how to read them.
    pub usage: Vec<UsageEntry>,
    /// What `check` should fail on.
    pub policy: Policy,
    /// Accepted exceptions.
    pub waivers: Vec<Waiver>,
    /// Where each top-level key stands, in the order of the file.
    pub sections: Vec<(String, Place)>,
}

/// The organisation.
#[derive(Debug)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// ISO 3166 alpha-2, upper case.
    pub country: Option<String>,
    /// Region for public holidays.
    pub region: Option<String>,
    /// Zone of local times, with its IANA name.
    pub timezone: TimeZone,
    /// IANA name of the zone.
    pub timezone_name: String,
    /// ISO 4217, upper case. Amounts are never converted.
    pub currency: Option<String>,
    /// Languages its customers speak, BCP 47 primary tags, lower case.
    pub languages: Vec<String>,
    /// Date of the assessment.
    pub as_of: Option<Located<Date>>,
    /// Yearly budget for channels, in major currency units.
    pub budget_per_year: Option<Located<f64>>,
    /// How many channels can be changed at once.
    pub improvement_capacity: Option<u32>,
    /// Whether it sells anything (`no`: returns are not applicable).
    pub sells: Option<bool>,
}

/// One objective.
#[derive(Debug)]
pub struct Objective {
    /// Its id.
    pub id: String,
    /// Its weight; all sum to 1.
    pub weight: f64,
}

/// How much each criterion weighs.
#[derive(Debug, Clone)]
pub enum Weights {
    /// Weights by criterion id.
    Swing(Vec<(String, f64)>),
    /// Criterion ids, most important first (rank-order centroid weights).
    Order(Vec<String>),
}

/// A group of customers.
#[derive(Debug)]
pub struct Segment {
    /// Its id.
    pub id: String,
    /// Share of all customers.
    pub share: Option<f64>,
    /// Share of its members able and willing to use a kind or kind group. A kind outranks its group.
    pub uses: Vec<(UseOf, Located<Interval>)>,
    /// Languages its members speak.
    pub languages: Vec<String>,
    /// Where it stands.
    pub at: Place,
}

/// What a customer description names: one kind or a whole group of kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UseOf {
    /// A kind, by id.
    Kind(String),
    /// A kind group, by id (`messaging`, `chat`, `app`, `social`, `self-service`).
    Group(String),
}

/// What a touchpoint needs from a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Need {
    /// The customer must be identified.
    Identity,
    /// Documents are exchanged.
    Documents,
    /// A dialogue is needed.
    Dialogue,
    /// A payment is made.
    Payment,
    /// It cannot wait.
    Urgency,
    /// It must not be overheard or read by others.
    PrivatePlace,
}

/// How surely a customer is identified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Identity {
    /// Not at all.
    None,
    /// By an address or a number that anyone may use.
    Weak,
    /// By something only few know or have.
    Medium,
    /// By a document, a face, a login or a certified sender.
    Strong,
}

/// A moment of the journey.
#[derive(Debug)]
pub struct Touchpoint {
    /// Its id.
    pub id: String,
    /// Stage of the journey (free text).
    pub stage: Option<String>,
    /// 1 (low) to 5 (vital).
    pub importance: Option<f64>,
    /// What it needs from a channel; `None` if nobody said.
    pub needs: Option<Vec<Need>>,
    /// The least identity it needs.
    pub identity: Option<Identity>,
    /// Demand comes in bursts (an outage).
    pub bursts: bool,
    /// Contacts that one case takes as planned (1 if not given).
    pub expected_contacts: u32,
    /// Where it stands.
    pub at: Place,
}

/// What surveyed customers answered.
#[derive(Debug)]
pub struct Survey {
    /// About which touchpoint; `None`: all.
    pub touchpoint: Option<TouchpointIx>,
    /// How many answered.
    pub sample: u32,
    /// When.
    pub date: Option<Located<Date>>,
    /// Several channels could be chosen (shares may sum to more than 1; reach, never volume).
    pub multiple_answers: bool,
    /// Ease of use by kind or group, 0..=1.
    pub ease: Vec<(SurveyTarget, f64)>,
    /// Share that would choose a kind, group or channel.
    pub choose: Vec<(SurveyTarget, f64)>,
    /// Where it stands.
    pub at: Place,
}

/// What a survey line is about: a channel of this inventory outranks a kind, a kind its group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SurveyTarget {
    /// A channel.
    Channel(ChannelIx),
    /// A kind or group.
    Use(UseOf),
}

/// A round of test contacts.
#[derive(Debug)]
pub struct Mystery {
    /// The channel.
    pub channel: ChannelIx,
    /// The touchpoint; `None`: all.
    pub touchpoint: Option<TouchpointIx>,
    /// When.
    pub date: Option<Located<Date>>,
    /// How many test contacts.
    pub contacts: u32,
    /// With the right answer.
    pub right: Option<u32>,
    /// In the same tone.
    pub same_tone: Option<u32>,
    /// That were sent on to another channel.
    pub switched: Option<u32>,
    /// Of those, that had to repeat themselves.
    pub repeated: Option<u32>,
    /// Where it stands.
    pub at: Place,
}

/// Opening hours: the expression as written and parsed.
#[derive(Debug, Clone)]
pub struct Hours {
    /// As written.
    pub text: String,
    /// Parsed; holidays of the organisation's country are part of the context.
    pub parsed: opening_hours::OpeningHours,
    /// Open minutes of an ordinary week, as ranges from Monday 0:00: found once for all copies, since a
    /// year is looked at for them (see [`crate::capability::roster::open_week`]).
    week: Arc<OnceLock<Vec<(usize, usize)>>>,
}

impl Hours {
    /// Hours as written and parsed.
    #[must_use]
    pub fn new(text: String, parsed: opening_hours::OpeningHours) -> Self {
        Self { text, parsed, week: Arc::default() }
    }

    /// The open minutes of an ordinary week, computed on the first call.
    pub(crate) fn ordinary_week(&self, find: impl FnOnce(&Self) -> Vec<(usize, usize)>) -> &[(usize, usize)] {
        self.week.get_or_init(|| find(self))
    }
}

/// A team.
#[derive(Debug)]
pub struct Team {
    /// Its id.
    pub id: String,
    /// Somebody else's people who answer for us.
    pub partner: bool,
    /// Heads under contract.
    pub people: Option<Located<Interval>>,
    /// Hours a week in a contract.
    pub contract_hours: Option<f64>,
    /// When it works.
    pub hours: Option<Located<Hours>>,
    /// People present by hours of the week.
    pub roster: Vec<RosterLine>,
    /// Share of paid time not at the desk.
    pub shrinkage: Option<f64>,
    /// Languages it speaks.
    pub languages: Option<Located<Vec<String>>>,
    /// Cost of an hour, major currency units.
    pub cost_per_hour: Option<Located<f64>>,
    /// Contacts a partner can take in an hour.
    pub capacity_per_hour: Option<f64>,
    /// Price a partner takes for a contact.
    pub price_per_contact: Option<f64>,
    /// End of a partner's contract.
    pub until: Option<Located<Date>>,
    /// Where it stands.
    pub at: Place,
}

/// People present in certain hours.
#[derive(Debug)]
pub struct RosterLine {
    /// The hours.
    pub hours: Hours,
    /// People present.
    pub people: f64,
    /// Where it stands.
    pub at: Place,
}

/// A system that records contacts.
#[derive(Debug)]
pub struct System {
    /// Its id.
    pub id: String,
    /// People who answer see the customer's history in it.
    pub shares_history: Option<bool>,
    /// Yearly cost, major currency units.
    pub cost_per_year: Option<f64>,
    /// Where it stands.
    pub at: Place,
}

/// What competitors offer.
#[derive(Debug)]
pub enum Rivals {
    /// Nobody looked.
    Unknown,
    /// There are none: parity is not applicable.
    None,
    /// These.
    Listed(Vec<Rival>),
}

/// One competitor.
#[derive(Debug)]
pub struct Rival {
    /// Its name.
    pub name: String,
    /// When somebody looked.
    pub checked: Option<Located<Date>>,
    /// Kinds and groups it offers.
    pub channels: Vec<UseOf>,
    /// Where it stands.
    pub at: Place,
}

/// How episodes are cut.
#[derive(Debug, Default)]
pub struct Episodes {
    /// The key; `None`: by what the logs hold.
    pub key: Option<EpisodeKey>,
    /// The window in whole days, at least 1; `None`: the default.
    pub window_days: Option<u32>,
}

/// Which contacts belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpisodeKey {
    /// Those of one customer.
    Customer,
    /// Those of one customer about one reason.
    CustomerAndReason,
}

/// Where a channel stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// In use.
    Active,
    /// Proposed.
    Candidate,
    /// On trial.
    Pilot,
    /// Being closed.
    Retiring,
}

/// The weight a channel has at a touchpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Part {
    /// The main way.
    Primary,
    /// One of the ways.
    Secondary,
}

/// `no`, `partly`, `yes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Degree {
    /// No.
    No,
    /// Partly.
    Partly,
    /// Yes.
    Yes,
}

/// How much of the story travels over a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Nothing.
    None,
    /// Some.
    Partial,
    /// All.
    Full,
}

/// A service target.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promise {
    /// Share of contacts.
    pub share: f64,
    /// Within this many seconds.
    pub within_s: f64,
    /// Only open hours count.
    pub open_clock: bool,
}

/// A yes, a refusal or an open question of law and privacy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Lawful {
    /// Reviewed on a date.
    Reviewed(Date),
    /// Reviewed.
    Yes,
    /// Refused.
    Refused,
    /// Under way.
    Open,
}

/// Why a channel may not be closed.
#[derive(Debug, Clone, PartialEq)]
pub enum Protected {
    /// A legal duty.
    Duty {
        /// The act.
        by: String,
        /// The least that honours it.
        minimum: Option<String>,
    },
    /// Some customers have nothing else.
    SoleAccess,
    /// Somebody looked: it is not.
    No,
}

/// What a proposed channel is needed for.
#[derive(Debug, Clone)]
pub struct NeedStatement {
    /// Why.
    pub why: String,
    /// How it is known.
    pub evidence: Evidence,
    /// Where from.
    pub source: Option<String>,
}

/// Need is not want.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Evidence {
    /// Needed for a task.
    Needed,
    /// Wanted.
    Wanted,
    /// Neither.
    None,
}

/// Expectations for a channel that is not open yet.
#[derive(Debug)]
pub struct Forecast {
    /// Contacts a year.
    pub contacts_per_year: Option<Located<Interval>>,
    /// Whether the interval was given by the user (else a point, to be widened).
    pub contacts_given_as_interval: bool,
    /// Where they come from: shares of the forecast; the rest is new demand.
    pub from: Vec<(ChannelIx, Located<f64>)>,
    /// Handling time, seconds.
    pub handle_s: Option<Located<f64>>,
    /// Share of contacts that end well.
    pub resolution: Option<Located<Interval>>,
    /// Where it stands.
    pub at: Place,
}

/// A proposed trial.
#[derive(Debug)]
pub struct Trial {
    /// At which touchpoint.
    pub touchpoint: Option<TouchpointIx>,
    /// For how long.
    pub weeks: Option<u32>,
    /// Measured by which indicator.
    pub metric: Option<String>,
    /// Good enough from here.
    pub goal: Option<f64>,
    /// Stop below here.
    pub stop: Option<f64>,
    /// Where it stands.
    pub at: Place,
}

/// What else was changed for a new channel.
#[derive(Debug)]
pub struct Change {
    /// `website`, `phone_script`, `shop`, `print`, `staff`, …
    pub id: String,
    /// Done (`yes`, `briefed`) or not.
    pub done: bool,
    /// Where it stands.
    pub at: Place,
}

/// How an automated channel hands over to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HumanExit {
    /// It does not.
    No,
    /// It does, somewhere.
    Yes,
    /// To this channel.
    To(ChannelIx),
}

/// What a channel costs, major currency units.
#[derive(Debug, Default)]
pub struct Cost {
    /// Each year.
    pub per_year: Option<Located<f64>>,
    /// Each contact.
    pub per_contact: Option<Located<f64>>,
    /// Once.
    pub one_off: Option<Located<f64>>,
}

/// A link over which a customer is passed on.
#[derive(Debug)]
pub struct Link {
    /// To which channel.
    pub to: ChannelIx,
    /// What travels with the customer.
    pub context: Located<Context>,
}

/// Chats that one agent holds at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Concurrency {
    /// At most this many, at least 1.
    pub max: u32,
    /// Speed with 1, 2, … chats relative to one; `None`: the default curve.
    pub speed: Option<Vec<f64>>,
}

/// Working practices of a channel; `None` where nobody said.
#[derive(Debug, Default)]
pub struct Practices {
    /// Agents have a knowledge base.
    pub knowledge_base: Option<Located<bool>>,
    /// Agents are trained for this channel.
    pub training: Option<Located<bool>>,
    /// Answers are sampled and checked.
    pub quality_checks: Option<Located<bool>>,
    /// Somebody steps in.
    pub back_up: Option<Located<bool>>,
    /// Acknowledges, answers, closes (deferred kinds).
    pub workflow: Option<Located<bool>>,
}

/// The owner of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owner {
    /// Nobody, and it is known.
    None,
    /// This person or role.
    Named(String),
}

/// One channel.
#[derive(Debug)]
pub struct Channel {
    /// Its id: lower case letters, digits, `-` and `_`.
    pub id: String,
    /// Its kind.
    pub kind: Arc<Kind>,
    /// Where it stands in its life.
    pub status: Status,
    /// Labels in the logs, beside the id itself.
    pub aliases: Vec<String>,
    /// Who owns it.
    pub owner: Option<Located<Owner>>,
    /// Whether somebody looks at it.
    pub monitored: Option<Located<bool>>,
    /// Agents see history, preference, consent.
    pub personal: Option<Located<Degree>>,
    /// Who answers.
    pub team: Option<TeamIx>,
    /// What records it.
    pub system: Option<SystemIx>,
    /// When it is open; else the team's hours.
    pub hours: Option<Located<Hours>>,
    /// Touchpoints it serves.
    pub touchpoints: Vec<(TouchpointIx, Located<Part>)>,
    /// Segments it is meant for; `None`: all.
    pub meant_for: Option<Vec<SegmentIx>>,
    /// Its service target.
    pub promise: Option<Located<Promise>>,
    /// What it costs.
    pub cost: Cost,
    /// Contacts a year where no log covers it.
    pub volume_per_year: Option<Located<Interval>>,
    /// Handling time in seconds where no log tells.
    pub handle_s: Option<Located<f64>>,
    /// Practices.
    pub practices: Practices,
    /// Links to other channels; `None` if nobody said.
    pub links: Option<Vec<Link>>,
    /// The identity it offers as set up here; else the kind's.
    pub identity: Option<Located<Identity>>,
    /// Law and privacy.
    pub lawful: Option<Located<Lawful>>,
    /// Why it may not be closed; `None` if nobody answered.
    pub protected: Option<Located<Protected>>,
    /// Contribution to objectives, 0..=1 each, by objective id.
    pub contributes: Vec<(String, Located<f64>)>,
    /// Where its customers would go: shares.
    pub second_choice: Option<Vec<(ChannelIx, f64)>>,
    /// Value of a resolved contact, major currency units.
    pub value_per_resolution: Option<Located<f64>>,
    /// Chats at once.
    pub concurrency: Option<Concurrency>,
    /// Automated kinds: the way to a person.
    pub human_exit: Option<Located<HumanExit>>,
    /// Candidates: what for.
    pub need: Option<Located<NeedStatement>>,
    /// Candidates: what it takes the place of.
    pub replaces: Vec<Located<ChannelIx>>,
    /// Candidates: what to expect.
    pub forecast: Option<Forecast>,
    /// Candidates: accepted new demand, contacts a year.
    pub new_demand_budget: Option<Located<f64>>,
    /// Where contacts of a replaced channel go, if not here.
    pub redirect: Vec<(ChannelIx, Located<ChannelIx>)>,
    /// Who signs for the money.
    pub budget_signed_by: Option<Located<String>>,
    /// Usable by people with impairments.
    pub accessible: Option<Located<bool>>,
    /// A proposed trial.
    pub trial: Option<Trial>,
    /// What else changes; `None` if nobody said.
    pub changes: Option<Vec<Change>>,
    /// Where its id stands.
    pub at: Place,
}

/// A rating by a person.
#[derive(Debug)]
pub struct Judgement {
    /// Of which channel.
    pub channel: ChannelIx,
    /// On which indicator, by id.
    pub indicator: String,
    /// 0..=100.
    pub points: Interval,
    /// Whether a range was given.
    pub given_as_interval: bool,
    /// By whom and when.
    pub by: Option<String>,
    /// Why.
    pub because: Option<String>,
    /// Where it stands.
    pub at: Place,
}

/// A role that a log column can play. The words are those of the YAML.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the documentation; DESIGN words")]
pub enum Role {
    Time,
    Channel,
    Customer,
    Reason,
    Touchpoint,
    Segment,
    Direction,
    Conversation,
    Continues,
    ContactId,
    Count,
    Wait,
    Handle,
    Answered,
    Abandoned,
    Closed,
    Due,
    OnTime,
    Replied,
    TransferredTo,
    Repeated,
    Opened,
    OptedOut,
    Resolved,
    Satisfaction,
    Nps,
    Cost,
    Revenue,
    Case,
}

/// Where a role's value comes from.
#[derive(Debug, Clone)]
pub struct ColumnOf {
    /// Column names, joined by a space where there are several.
    pub columns: Vec<Located<String>>,
    /// Values that mean yes (compared without case); empty: the common words.
    pub yes: Vec<String>,
    /// Values that mean no; empty with `yes` given: unknown.
    pub no: Vec<String>,
}

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowIs {
    /// A contact.
    Contact,
    /// A step of a case.
    Step,
}

/// One usage entry.
#[derive(Debug)]
pub struct UsageEntry {
    /// Path or glob, relative to the inventory.
    pub path: Located<String>,
    /// Columns by role.
    pub columns: Vec<(Role, ColumnOf)>,
    /// Values for the whole file, by role.
    pub fixed: Vec<(Role, String)>,
    /// strftime form of times; `None`: sniffed.
    pub time_format: Option<Located<String>>,
    /// Values that mean "not recorded", by column name.
    pub unknown: Vec<(String, Vec<String>)>,
    /// Log value to touchpoint.
    pub touchpoint_values: Vec<(String, TouchpointIx)>,
    /// Log value to reason.
    pub reason_values: Vec<(String, String)>,
    /// Rows that are no customer's contact, by column name.
    pub ignore: Vec<(String, Vec<String>)>,
    /// What a row stands for.
    pub row_is: RowIs,
    /// Lowest and highest satisfaction.
    pub satisfaction_scale: Option<(f64, f64)>,
    /// Where it stands.
    pub at: Place,
}

/// What `check` fails on.
#[derive(Debug, Default)]
pub struct Policy {
    /// Least severity that fails; an error if nobody said.
    pub fail_on: Option<Severity>,
    /// Severity by finding code; `None`: not asked at all.
    pub require: Vec<(Located<String>, Option<Severity>)>,
    /// Codes that are shown and let pass.
    pub allow: Vec<Located<String>>,
}

/// An accepted exception.
#[derive(Debug)]
pub struct Waiver {
    /// Finding code.
    pub code: Located<String>,
    /// Channel; `None`: any.
    pub channel: Option<ChannelIx>,
    /// What the finding is about (a label, a touchpoint, …); `None`: anything.
    pub subject: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day on which it holds.
    pub until: Option<Located<Date>>,
    /// Where it stands.
    pub at: Place,
}

impl Inventory {
    /// Where the first of these top-level keys stands; the first line where none of them does.
    #[must_use]
    pub fn section(&self, keys: &[&str]) -> Place {
        keys.iter()
            .find_map(|key| self.sections.iter().find(|(name, _)| name == key))
            .map_or_else(|| Place { source: Arc::clone(&self.source), range: 0..0 }, |(_, at)| at.clone())
    }

    /// The channel of an index.
    #[must_use]
    pub fn channel(&self, ix: ChannelIx) -> &Channel {
        &self.channels[ix.0]
    }

    /// The touchpoint of an index.
    #[must_use]
    pub fn touchpoint(&self, ix: TouchpointIx) -> &Touchpoint {
        &self.touchpoints[ix.0]
    }

    /// All channels with their indices.
    pub fn channels(&self) -> impl ExactSizeIterator<Item = (ChannelIx, &Channel)> {
        self.channels.iter().enumerate().map(|(i, c)| (ChannelIx(i), c))
    }

    /// The team of a channel.
    #[must_use]
    pub fn team_of(&self, channel: &Channel) -> Option<&Team> {
        channel.team.map(|t| &self.teams[t.0])
    }

    /// The hours of a channel: its own, else its team's.
    #[must_use]
    pub fn hours_of<'a>(&'a self, channel: &'a Channel) -> Option<&'a Located<Hours>> {
        channel.hours.as_ref().or_else(|| self.team_of(channel).and_then(|t| t.hours.as_ref()))
    }

    /// A channel by id.
    #[must_use]
    pub fn find_channel(&self, id: &str) -> Option<ChannelIx> {
        self.channels.iter().position(|c| c.id == id).map(ChannelIx)
    }

    /// A touchpoint by id.
    #[must_use]
    pub fn find_touchpoint(&self, id: &str) -> Option<TouchpointIx> {
        self.touchpoints.iter().position(|t| t.id == id).map(TouchpointIx)
    }
}
