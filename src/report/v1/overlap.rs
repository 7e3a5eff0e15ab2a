//! Version 1 of the JSON: what the other active channels also do of a channel.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Document, Number};
use crate::criteria::kind::Unit;
use crate::inventory::ChannelIx;

/// What the other active channels also do.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Overlap")]
pub(super) struct OverlapV1 {
    /// Share of this channel's contacts in cells of moment, reason and segment that no other active channel serves.
    only_here: Number,
    /// What stands in the largest of those cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    only_here_most: Option<String>,
    /// Each other channel with the share that it also serves, highest first.
    also: Vec<AlsoV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Also")]
struct AlsoV1 {
    channel: String,
    share: Number,
}

/// Of one channel of contacts; `None` where it is not known. Sessions and views are never held against contacts.
pub(super) fn overlap(document: &Document<'_>, channel: ChannelIx) -> Option<OverlapV1> {
    if document.inventory().channel(channel).kind.unit != Unit::Contact {
        return None;
    }
    let today = document.facts.overlap_today(channel);
    let name = |ix: ChannelIx| document.inventory().channel(ix).id.clone();
    Some(OverlapV1 {
        only_here: Number(today.unique?),
        only_here_most: today.unique_words,
        also: today
            .by
            .iter()
            .map(|(to, share)| AlsoV1 { channel: name(*to), share: Number(*share) })
            .collect(),
    })
}
