//! Version 1 of the JSON: how firm a verdict is and what would turn it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Document, Number};
use crate::assess::{Agreement, Ask, AskOf, Call, Flip, Stakeholder};
use crate::inventory::ChannelIx;

/// The share of weightings of the criteria that give this call; no probability.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Agreement")]
pub(super) struct AgreementV1 {
    /// Of those near the weights in use.
    near: Number,
    /// Of all there are.
    any: Number,
    /// Half the width of the 95% interval of each share where part of it is drawn, because what becomes of other channels
    /// counts; 0 where nothing drawn tells otherwise than the channel alone. Absent: too many channels hang on each
    /// other, and those that close are taken to close whatever the weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<WithinV1>,
}

/// How far the shares of weightings may be off.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Within")]
pub(super) struct WithinV1 {
    /// That of the near ones.
    near: Number,
    /// That of all.
    any: Number,
}

impl From<Agreement> for AgreementV1 {
    fn from(it: Agreement) -> Self {
        Self {
            near: Number(it.near),
            any: Number(it.any),
            within: it.within.map(|[near, any]| WithinV1 { near: Number(near), any: Number(any) }),
        }
    }
}

/// A change that alone turns the verdict into another call.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "by", rename_all = "kebab-case")]
#[schemars(rename = "Flip")]
pub(super) enum FlipV1 {
    /// One criterion weighs more or less within its axis; the others keep their proportions.
    Weight { criterion: String, from: Number, to: Number, call: Call },
    /// The least change of all weights together.
    Weights {
        /// The weights that change, by criterion, within their axis.
        #[schemars(with = "BTreeMap<String, f64>")]
        to: BTreeMap<String, Number>,
        /// The sum of all differences.
        moved: Number,
        call: Call,
    },
    /// One reading, known exactly, lies between these ends, in the unit of its indicator.
    Reading {
        indicator: String,
        /// Absent: however low.
        #[serde(skip_serializing_if = "Option::is_none")]
        low: Option<Number>,
        /// Absent: however high.
        #[serde(skip_serializing_if = "Option::is_none")]
        high: Option<Number>,
        call: Call,
    },
    /// A gate that nobody answered is answered.
    Gate {
        gate: String,
        /// The answer; of `protected`: whether a duty or somebody's only way stands behind it.
        passes: bool,
        call: Call,
    },
    /// All that fails is mended: floors with the reading that meets each, and gates.
    Release {
        #[schemars(with = "BTreeMap<String, f64>")]
        floors: BTreeMap<String, Number>,
        gates: Vec<String>,
        call: Call,
    },
}

impl From<&Flip> for FlipV1 {
    fn from(flip: &Flip) -> Self {
        let numbers = |list: &[(String, f64)]| list.iter().map(|(id, n)| (id.clone(), Number(*n))).collect();
        match flip {
            Flip::Weight { criterion, from, to, call } => Self::Weight {
                criterion: criterion.clone(),
                from: Number(*from),
                to: Number(*to),
                call: *call,
            },
            Flip::Weights { to, moved, call } => {
                Self::Weights { to: numbers(to), moved: Number(*moved), call: *call }
            }
            Flip::Reading { indicator, low, high, call, .. } => Self::Reading {
                indicator: indicator.clone(),
                low: low.map(Number),
                high: high.map(Number),
                call: *call,
            },
            Flip::Gate { gate, passes, call } => {
                Self::Gate { gate: gate.clone(), passes: *passes, call: *call }
            }
            Flip::Release { floors, gates, call } => {
                Self::Release { floors: numbers(floors), gates: gates.clone(), call: *call }
            }
        }
    }
}

/// The weights of one stakeholder.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Stakeholder")]
pub(super) struct StakeholderV1 {
    name: String,
    /// Weight of each criterion within its axis.
    #[schemars(with = "BTreeMap<String, f64>")]
    weights: BTreeMap<String, Number>,
    /// Channels for which they give another call.
    differs: Vec<DiffersV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Differs")]
struct DiffersV1 {
    channel: String,
    call: Call,
}

/// Of one stakeholder.
pub(super) fn stakeholder(document: &Document<'_>, it: &Stakeholder) -> StakeholderV1 {
    let id = |channel| document.inventory().channel(channel).id.clone();
    StakeholderV1 {
        name: it.name.clone(),
        weights: it.weights.iter().map(|(id, w)| (id.clone(), Number(*w))).collect(),
        differs: it
            .differs
            .iter()
            .filter(|(channel, _)| document.shows(*channel))
            .map(|(channel, call)| DiffersV1 { channel: id(*channel), call: *call })
            .collect(),
    }
}

/// One thing to find out.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Ask")]
pub(super) struct AskV1 {
    /// What it asks of; an indicator and a gate may share their id.
    of: AskOf,
    /// The indicator or gate.
    id: String,
    question: String,
    /// How to find it out.
    #[serde(skip_serializing_if = "String::is_empty")]
    find_out: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    effort: String,
    /// Of the other verdicts that are possible, the share that the answer rules out on average; over all channels
    /// the sum.
    removes: Number,
    /// Of the range of its axis, the share that it takes away; over all channels the sum.
    narrows: Number,
    /// Whom it is about, over all channels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    channels: Vec<String>,
}

/// One thing to find out, of these channels.
pub(super) fn ask(document: &Document<'_>, it: &Ask, channels: &[ChannelIx]) -> AskV1 {
    AskV1 {
        of: it.of,
        id: it.id.clone(),
        question: it.question.clone(),
        find_out: it.find_out.clone(),
        effort: it.effort.clone(),
        removes: Number(it.removes),
        narrows: Number(it.narrows),
        channels: channels.iter().map(|c| document.inventory().channel(*c).id.clone()).collect(),
    }
}
