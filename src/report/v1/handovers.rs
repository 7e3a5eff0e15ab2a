//! Broken and unbroken handovers in the JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::FigureV1;
use crate::inventory::Context;
use crate::measure::handovers::Handover;
use crate::report::Document;

/// One way on which customers move from a channel to another.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Connection")]
pub(super) struct ConnectionV1 {
    from: String,
    to: String,
    /// Switches counted, of customers who are known.
    counted: i64,
    /// A year: as counted, up to what it would be if customers who are not known moved alike.
    contacts_per_year: FigureV1,
    /// Cost of all contacts that follow a switch: what the break costs, not what a link saves.
    #[serde(skip_serializing_if = "Option::is_none")]
    price_per_year: Option<FigureV1>,
    /// What a link that carries the whole story could still save: minutes, never contacts.
    #[serde(skip_serializing_if = "Option::is_none")]
    link_saves_per_year: Option<FigureV1>,
    /// What travels along, as declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_history: Option<bool>,
}

/// A handover.
pub(super) fn connection(document: &Document<'_>, it: &Handover) -> ConnectionV1 {
    let id = |ix| document.inventory().channel(ix).id.clone();
    ConnectionV1 {
        from: id(it.from),
        to: id(it.to),
        counted: it.counted,
        contacts_per_year: it.per_year.into(),
        price_per_year: it.price.map(Into::into),
        link_saves_per_year: it.link_saves.map(Into::into),
        link: it.link.map(|link| match link {
            Context::Full => "full",
            Context::Partial => "partial",
            Context::None => "none",
        }),
        shared_history: it.shared_history,
    }
}
