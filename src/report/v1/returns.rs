//! Who comes back to a channel, and what a machine keeps, in the JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::{ReadingV1, reading};
use crate::measure::containment::Containment;
use crate::measure::returns::Returns;

/// Who comes back.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Returns")]
pub(super) struct ReturnsV1 {
    /// Followed by another contact in the same channel.
    repeats_in_place: ReadingV1,
    /// Handed on to somebody else, of those that were not noted as unanswered.
    handed_around: ReadingV1,
    /// Customers whose last two journeys through this channel ended unresolved, of those with two or more.
    failed_twice: ReadingV1,
    /// Resolution by the window in which a contact counts as coming back.
    windows: Vec<WindowV1>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Window")]
struct WindowV1 {
    days: u32,
    one_contact_resolution: ReadingV1,
    first_contact_resolution: ReadingV1,
}

impl From<&Returns> for ReturnsV1 {
    fn from(it: &Returns) -> Self {
        let window = |(days, one, first): &(u32, _, _)| WindowV1 {
            days: *days,
            one_contact_resolution: reading(one, None),
            first_contact_resolution: reading(first, None),
        };
        Self {
            repeats_in_place: reading(&it.in_place, None),
            handed_around: reading(&it.handed_around, None),
            failed_twice: reading(&it.failed_twice, None),
            windows: it.windows.iter().map(window).collect(),
        }
    }
}

/// Talks that end in a machine.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Containment")]
pub(super) struct ContainmentV1 {
    /// Talks that could be followed.
    talks: i64,
    /// Of them, those that nobody else took over.
    contained: ReadingV1,
    /// Of them, those after which the customer came to nobody either.
    resolved_containment: ReadingV1,
    /// Of those contained, those after which the customer came to people.
    false_containment: ReadingV1,
    by_reason: Vec<ContainedV1>,
    /// What the logs would have to hold, where nothing could be followed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    needed: Vec<&'static str>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Contained")]
struct ContainedV1 {
    /// Blank: not noted.
    reason: String,
    contained: i64,
    followed: i64,
}

impl From<&Containment> for ContainmentV1 {
    fn from(it: &Containment) -> Self {
        Self {
            talks: it.talks,
            contained: reading(&it.kept, None),
            resolved_containment: reading(&it.resolved, None),
            false_containment: reading(&it.in_vain, None),
            by_reason: it
                .by_reason
                .iter()
                .map(|(reason, contained, followed)| ContainedV1 {
                    reason: reason.clone(),
                    contained: *contained,
                    followed: *followed,
                })
                .collect(),
            needed: it.needed.clone(),
        }
    }
}
