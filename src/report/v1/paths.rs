//! Paths of journeys, and what journeys cost beside contacts, in the JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::{FigureV1, Number};
use crate::measure::paths::JourneyPath;

/// Journeys that touch the same channels in the same order.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Path")]
pub(super) struct PathV1 {
    /// Channel ids parted by ` > `, six at most; a longer path ends in `...`.
    path: String,
    episodes: i64,
    share: Number,
    resolved: i64,
    /// Contacts of one journey on average.
    contacts_each: Number,
    /// What they cost on average, major currency units; absent where that is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    cost_each: Option<FigureV1>,
}

impl From<&JourneyPath> for PathV1 {
    fn from(it: &JourneyPath) -> Self {
        Self {
            path: it.text.clone(),
            episodes: it.episodes,
            share: Number(it.share),
            resolved: it.resolved,
            contacts_each: Number(it.contacts_each),
            cost_each: it.cost_each.map(Into::into),
        }
    }
}

/// Two channels that cost per contact and cost per resolution rank differently.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CostTurn")]
pub(super) struct CostTurnV1 {
    /// Cheaper by the contact.
    pub(super) cheaper_contact: String,
    /// Cheaper by the resolution.
    pub(super) cheaper_resolution: String,
}
