//! The part of a channel in journeys, in the JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Number, RangeV1, ReadingV1, reading};
use crate::measure::Reading;
use crate::measure::journey::intervals::Ends;
use crate::measure::journey::role::{Role, Shares};
use crate::measure::journey::steps::Counts;
use crate::measure::journey::strata::ByReason;

/// What a channel does in journeys. Shares are absent where too few journeys touch it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Role")]
pub(super) struct RoleV1 {
    /// The role in one sentence.
    sentence: String,
    counts: CountsV1,
    #[serde(flatten)]
    shares: SharesV1,
}

/// Journeys and visits of a channel; contacts that follow one another in it are one visit.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "JourneyCounts")]
struct CountsV1 {
    /// Journeys that touch it.
    episodes: i64,
    /// Journeys that begin in it.
    entered: i64,
    visits: i64,
    /// Visits that end the journey resolved.
    resolved: i64,
    /// Visits that end it unresolved.
    unresolved: i64,
    /// Visits that go on in another channel.
    passed_on: i64,
}

impl From<&Counts> for CountsV1 {
    fn from(counts: &Counts) -> Self {
        Self {
            episodes: counts.episodes,
            entered: counts.entered,
            visits: counts.visits,
            resolved: counts.resolved,
            unresolved: counts.unresolved,
            passed_on: counts.passed_on,
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "JourneyShares")]
enum SharesV1 {
    Known(Box<KnownV1>),
    Unknown {
        /// Why there are no shares.
        because: String,
    },
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "KnownJourneyShares")]
struct KnownV1 {
    words: Vec<String>,
    /// Of all journeys, those that begin here.
    entry_share: Number,
    /// Of all resolved journeys, those that end here; absent where none ends resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_share: Option<Number>,
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<RemovalV1>,
    /// Why there is no removal effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    removal_unknown: Option<String>,
    /// Its part of all resolved journeys, by removal effects.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Number>,
    /// Of visits, those that end the journey resolved.
    resolves_here: Number,
    /// Of visits, those that end it unresolved.
    leak: Number,
    /// Of visits, those that go on in another channel.
    passed_on: Number,
    /// Where they go on, most often first.
    passed_to: Vec<PassedToV1>,
    /// The shares above with their intervals.
    intervals: IntervalsV1,
    /// Reason by reason; absent where episodes are not cut by reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    by_reason: Option<ByReasonV1>,
}

/// What of all that is resolved would not be without the channel.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Removal")]
struct RemovalV1 {
    /// If its customers turned to the other entrances.
    rerouted: Number,
    /// If its customers were lost.
    null: Number,
    /// 95%; absent where the channels are too many to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    rerouted_range: Option<RangeV1>,
    #[serde(skip_serializing_if = "Option::is_none")]
    null_range: Option<RangeV1>,
}

impl From<Ends> for RemovalV1 {
    fn from(ends: Ends) -> Self {
        Self {
            rerouted: Number(ends.rerouted.value),
            null: Number(ends.lost.value),
            rerouted_range: ends.rerouted.range.map(Into::into),
            null_range: ends.lost.range.map(Into::into),
        }
    }
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PassedTo")]
struct PassedToV1 {
    channel: String,
    share: Number,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "JourneyIntervals")]
struct IntervalsV1 {
    entry_share: ReadingV1,
    last_share: ReadingV1,
    resolves_here: ReadingV1,
    leak: ReadingV1,
    passed_on: ReadingV1,
}

/// The role where each reason is told apart.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RoleByReason")]
struct ByReasonV1 {
    reasons: Vec<ReasonV1>,
    /// Removal effects where each reason is a chain of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    removal: Option<StratifiedV1>,
    /// Against the other channels on the same mix of reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    alike: Option<AlikeV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ReasonRole")]
struct ReasonV1 {
    /// Blank: reasons with few journeys, together with those not noted.
    reason: String,
    visits: i64,
    resolved: i64,
    unresolved: i64,
    passed_on: i64,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "StratifiedRemoval")]
struct StratifiedV1 {
    rerouted: Number,
    null: Number,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Alike")]
struct AlikeV1 {
    /// Visits that end resolved here.
    own: ReadingV1,
    /// In the other channels, with this channel's mix of reasons.
    others: ReadingV1,
    /// Part of its visits whose reasons others have too.
    covered: Number,
}

/// A role.
pub(super) fn role(role: &Role) -> RoleV1 {
    RoleV1 {
        sentence: role.sentence.clone(),
        counts: (&role.counts).into(),
        shares: match &role.shares {
            Ok(shares) => SharesV1::Known(Box::new(known(shares))),
            Err(because) => SharesV1::Unknown { because: because.clone() },
        },
    }
}

fn known(shares: &Shares) -> KnownV1 {
    let known = |share: &Reading| share.known().map(|known| Number(known.value));
    // Of a channel with journeys and visits these are known.
    let value = |share: &Reading| known(share).unwrap_or(Number(0.0));
    let interval = |share: &Reading| reading(share, None);
    KnownV1 {
        words: shares.words.clone(),
        entry_share: value(&shares.entry),
        last_share: known(&shares.last),
        removal: shares.ends.as_ref().ok().map(|ends| (*ends).into()),
        removal_unknown: shares.ends.as_ref().err().cloned(),
        credit: shares.credit.map(Number),
        resolves_here: value(&shares.resolves_here),
        leak: value(&shares.leak),
        passed_on: value(&shares.passed_on),
        passed_to: shares
            .passed_to
            .iter()
            .map(|(channel, share)| PassedToV1 { channel: channel.clone(), share: Number(*share) })
            .collect(),
        intervals: IntervalsV1 {
            entry_share: interval(&shares.entry),
            last_share: interval(&shares.last),
            resolves_here: interval(&shares.resolves_here),
            leak: interval(&shares.leak),
            passed_on: interval(&shares.passed_on),
        },
        by_reason: shares.by_reason.as_ref().map(by_reason),
    }
}

fn by_reason(it: &ByReason) -> ByReasonV1 {
    ByReasonV1 {
        reasons: it
            .reasons
            .iter()
            .map(|(reason, counts)| ReasonV1 {
                reason: reason.clone(),
                visits: counts.visits,
                resolved: counts.resolved,
                unresolved: counts.unresolved,
                passed_on: counts.passed_on,
            })
            .collect(),
        removal: it
            .ends
            .map(|(rerouted, null)| StratifiedV1 { rerouted: Number(rerouted), null: Number(null) }),
        alike: it.alike.as_ref().map(|alike| AlikeV1 {
            own: reading(&alike.own, None),
            others: reading(&alike.others, None),
            covered: Number(alike.covered),
        }),
    }
}
