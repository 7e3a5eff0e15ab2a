//! Rules that could not be asked, and why: no logs, logs that do not record what a rule reads, a baseline
//! made from other evidence. A rule that is silent because it is blind must not look like one that passed.

use crate::assess::finding::severity_of;
use crate::census::Column;
use crate::criteria::Needs;
use crate::measure::Facts;
use crate::measure::counted::Counted;

use super::Unasked;
use super::baseline::Baseline;

/// Rules that follow a customer from one contact to the next.
const JOURNEYS: [&str; 2] = ["false-containment", "no-context-link"];
/// Rules that read the hour of a contact.
const HOURS: [&str; 1] = ["closed-while-demanded"];

/// All of them, in the order of the criteria. Rules that the policy has turned off are not missed.
pub(super) fn unasked(
    facts: &Facts<'_>,
    counted: Option<&Counted>,
    baseline: Option<&Baseline>,
) -> Vec<Unasked> {
    let has = |column: Column| {
        facts.inventory.channels().any(|(ix, _)| facts.total(ix).is_some_and(|sums| sums[column] > 0))
    };
    let (promises, lost, ids) = (has(Column::PromiseKnown), has(Column::Abandoned), has(Column::Identified));
    let hours = counted.is_some_and(|counted| counted.hours.is_some());
    let because = |code: &str, needs: Needs| match needs {
        Needs::Inventory => None,
        Needs::Either => counted.is_none().then_some("no log was read"),
        // Without a baseline nobody asks what changed.
        Needs::Baseline => baseline.and_then(|baseline| baseline.differs(counted.is_some())),
        Needs::Logs if counted.is_none() => Some("no log was read"),
        Needs::Logs if code == "promise-missed" && !promises => {
            Some("the logs do not record who was answered, and after what time")
        }
        Needs::Logs if code == "lost-callers" && !lost => Some("the logs record nobody who gave up"),
        Needs::Logs if JOURNEYS.contains(&code) && !ids => Some("the logs record no customer ids"),
        Needs::Logs if HOURS.contains(&code) && !hours => Some("the logs record no time of day"),
        Needs::Logs => None,
    };
    facts
        .criteria
        .findings
        .iter()
        .filter(|kind| severity_of(facts.inventory, facts.criteria, &kind.code).is_some())
        .filter_map(|kind| {
            let because = because(&kind.code, kind.needs)?;
            Some(Unasked { code: kind.code.clone(), because, partly: kind.needs == Needs::Either })
        })
        .collect()
}
