//! Version 1 of the JSON: the roadmap.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Document, RangeV1};
use crate::assess::Deed;

/// One action of the roadmap.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Action")]
pub(super) struct ActionV1 {
    /// Its place in the order, 1 first.
    rank: usize,
    /// As many channels as can be changed at once make a wave.
    wave: u32,
    channel: String,
    /// What sort of thing is done.
    deed: Deed,
    #[serde(rename = "do")]
    what: String,
    who: String,
    /// Absent where nobody said.
    #[serde(skip_serializing_if = "String::is_empty")]
    effort: String,
    /// Contacts a year that are no longer made, moved ones not among them; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts_avoided: Option<RangeV1>,
    /// Saved, or less than nothing where it costs; absent where nobody knows.
    #[serde(skip_serializing_if = "Option::is_none")]
    money_per_year: Option<RangeV1>,
    because: String,
    /// Channels whose actions come first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<String>,
}

/// All actions of the channels that are shown.
pub(super) fn actions(document: &Document<'_>) -> Vec<ActionV1> {
    let id = |channel| document.inventory().channel(channel).id.clone();
    crate::report::plan::actions(document)
        .into_iter()
        .enumerate()
        .map(|(i, it)| ActionV1 {
            rank: i + 1,
            wave: it.wave,
            channel: id(it.channel),
            deed: it.deed,
            what: it.what.clone(),
            who: it.who.clone(),
            effort: it.effort.clone(),
            contacts_avoided: it.avoided.map(Into::into),
            money_per_year: it.money.map(Into::into),
            because: it.because.clone(),
            after: it.after.iter().map(|c| id(*c)).collect(),
        })
        .collect()
}
