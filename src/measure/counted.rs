//! The census in figures: what the first step tells a reader, before anything is judged.
//!
//! Shape only; [`super::census`] fills it. Every figure keeps its unit: sessions, views and messages
//! never share a denominator with contacts.

use jiff::civil::Date;

use super::Reading;
use crate::criteria::kind::Unit;
use crate::inventory::{ChannelIx, EpisodeKey};
use crate::quantity::Interval;

/// Contacts by hour of the week, Monday 0:00 first.
pub type Week = [i64; 168];

/// The whole census in figures.
#[derive(Debug, Clone)]
pub struct Counted {
    /// First local day.
    pub from: Date,
    /// Last local day.
    pub to: Date,
    /// Days from first to last, both included.
    pub days: i64,
    /// Zone of local times.
    pub zone: String,
    /// Episode window, days.
    pub window_days: u32,
    /// How episodes were cut.
    pub key: EpisodeKey,
    /// Contacts (unit contact, listed channels).
    pub contacts: i64,
    /// Rows read.
    pub read: i64,
    /// Rows rejected.
    pub rejected: i64,
    /// Rows that are no customer's contact.
    pub ignored: i64,
    /// Rows of a contact that was there already.
    pub duplicate: i64,
    /// Rejected rows by cause.
    pub rejected_causes: Vec<(String, i64)>,
    /// Ignored rows by column and value.
    pub ignored_values: Vec<(String, String, i64)>,
    /// Labels that match no channel, most contacts first.
    pub unlisted: Vec<(String, i64)>,
    /// One for each channel that has a row in the census, in inventory order.
    pub channels: Vec<CountedChannel>,
    /// Active channels without any row.
    pub silent: Vec<ChannelIx>,
    /// Steps between channels, START, RESOLVED and UNRESOLVED, most frequent first.
    pub steps: Vec<Step>,
    /// Episodes and, of those, ended resolved.
    pub episodes: (i64, i64),
    /// Reasons over all channels of unit contact, most contacts first (blank: not noted).
    pub reasons: Vec<(String, i64)>,
    /// Contacts of unit contact by hour of the week; `None` where no row has a time of day.
    pub hours: Option<Box<Week>>,
    /// What a reader must know to read these figures (coverage of ids, merged rows, clock changes).
    pub notes: Vec<String>,
}

/// One step of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Channel id or `START`.
    pub from: String,
    /// Channel id, `RESOLVED` or `UNRESOLVED`.
    pub to: String,
    /// How often.
    pub count: i64,
}

/// One channel in figures.
#[derive(Debug, Clone)]
pub struct CountedChannel {
    /// Which.
    pub channel: ChannelIx,
    /// What one row counts.
    pub unit: Unit,
    /// Rows of that unit.
    pub contacts: i64,
    /// Share of all contacts; `None` for sessions, views and messages.
    pub share: Option<f64>,
    /// Share with a customer id.
    pub identified: Option<f64>,
    /// Customers seen (an interval after censuses were merged).
    pub customers: Option<Interval>,
    /// Customers with three or more contacts, all of them here.
    pub sole_customers: Option<Interval>,
    /// Answered, where the log says.
    pub answered: Option<i64>,
    /// Abandoned.
    pub abandoned: Option<i64>,
    /// Mean wait of all, seconds.
    pub mean_wait_s: Option<f64>,
    /// Mean wait of the answered, seconds.
    pub mean_wait_answered_s: Option<f64>,
    /// Median wait (deferred kinds: to the reply, else the close), seconds; within 6.25%.
    pub median_wait_s: Option<f64>,
    /// Mean handling, seconds.
    pub mean_handle_s: Option<f64>,
    /// OCR.
    pub one_contact_resolution: Reading,
    /// FCR.
    pub first_contact_resolution: Reading,
    /// Ends well.
    pub ends_well: Reading,
    /// Other over base.
    pub switch_rate: Reading,
    /// Top-2 share.
    pub satisfaction: Reading,
    /// Net promoter score, -1..=1; never stands in for satisfaction.
    pub nps: Reading,
    /// Strict service level (deferred kinds: promise kept); the seconds it is held against.
    pub service_level: Option<(f64, Reading)>,
    /// The five variants by name: `strict`, `plus`, `answered-only`, `excluding-short`,
    /// `short-as-served` (live kinds only).
    pub service_levels: Vec<(&'static str, f64)>,
    /// Lost callers (short hang-ups excepted) over offered.
    pub lost: Option<f64>,
    /// Running cost over answered, major currency units.
    pub cost_per_contact: Option<Interval>,
    /// Cost of the episodes entered here over those that ended resolved.
    pub cost_per_resolution: Option<Interval>,
    /// Role in the journey; `None` where there are no episodes.
    pub role: Option<Role>,
    /// By hour of the week; `None` where no row has a time of day.
    pub hours: Option<Box<Week>>,
    /// By reason, most contacts first (blank: not noted).
    pub reasons: Vec<(String, i64)>,
    /// By touchpoint, most contacts first (blank: not noted).
    pub touchpoints: Vec<(String, i64)>,
    /// By month: first day, contacts.
    pub months: Vec<(Date, i64)>,
    /// Change of weekly contacts over a year as a share of the mean, or why there is none.
    pub trend: Result<f64, String>,
}

/// Role of a channel in the journey: shown, not scored.
#[derive(Debug, Clone)]
pub struct Role {
    /// `door`, `resolver`, `bridge`, `leak`, `self-contained`.
    pub words: Vec<String>,
    /// Share of episodes that enter here.
    pub entry_share: f64,
    /// Share of resolved episodes that end here.
    pub last_share: f64,
    /// Removal effect, its inflow rerouted and its inflow lost; `None` where nothing is resolved.
    pub removal: Option<(f64, f64)>,
    /// Probability that a visit here ends the episode resolved.
    pub resolves_here: f64,
    /// Probability that it ends it unresolved.
    pub leak: f64,
    /// Share passed on to other channels.
    pub passed_on: f64,
    /// One sentence for the reader, never the bare number.
    pub sentence: String,
    /// Episodes it rests on.
    pub episodes: i64,
}
