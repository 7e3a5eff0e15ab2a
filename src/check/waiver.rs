//! Accepted exceptions: which finding each waiver of the inventory excuses, and which waivers have run out
//! or excuse nothing.

use crate::assess::Finding;
use crate::assess::finding::severity_of;
use crate::criteria::Needs;
use crate::inventory::Waiver;
use crate::measure::Facts;
use crate::text::clean;

use super::{Added, Standing, Unasked};

/// Whether a finding is excused, and by which waiver.
pub(super) struct Excuse {
    pub(super) standing: Option<Standing>,
    /// Every waiver that fits, the one that stands first.
    by: Vec<usize>,
}

/// One excuse for each finding: the first waiver that fits and has not run out.
pub(super) fn excused(facts: &Facts<'_>, findings: &[Finding]) -> Vec<Excuse> {
    let waivers = &facts.inventory.waivers;
    let fits = |waiver: &Waiver, finding: &Finding| {
        waiver.code.value == finding.code
            && waiver.channel.is_none_or(|channel| finding.channel == Some(channel))
            && waiver.subject.as_ref().is_none_or(|subject| *subject == finding.subject)
            && !has_run_out(facts, waiver)
    };
    findings
        .iter()
        .map(|finding| {
            let fitting = waivers.iter().enumerate().filter(|(_, waiver)| fits(waiver, finding));
            let by: Vec<usize> = fitting.map(|(ix, _)| ix).collect();
            let standing = by.first().and_then(|ix| waivers.get(*ix)).map(|waiver| Standing::Waived {
                reason: waiver.reason.clone(),
                until: waiver.until.as_ref().map(|until| until.value),
            });
            Excuse { standing, by }
        })
        .collect()
}

/// A waiver holds to the end of its last day.
fn has_run_out(facts: &Facts<'_>, waiver: &Waiver) -> bool {
    waiver.until.as_ref().is_some_and(|until| until.value < facts.at)
}

/// Finds waivers that have run out, and those that excuse nothing although their rule was asked.
pub(super) fn judge(added: &mut Added<'_>, excused: &[Excuse], unasked: &[Unasked], with_baseline: bool) {
    let facts = added.facts;
    for (ix, waiver) in facts.inventory.waivers.iter().enumerate() {
        let channel = waiver.channel.map(|channel| &facts.inventory.channel(channel).id);
        let parts = [Some(&waiver.code.value), channel, waiver.subject.as_ref()];
        let subject = parts.iter().flatten().map(|part| part.as_str()).collect::<Vec<_>>().join(" ");
        let named = clean(&subject);
        if let Some(until) = waiver.until.as_ref().filter(|_| has_run_out(facts, waiver)) {
            let message = format!("the waiver of {named} ran out on {}", until.value);
            added.add("waiver-expired", until.at.clone(), &subject, waiver.channel, message);
        } else if !excused.iter().any(|excuse| excuse.by.contains(&ix)) {
            let code = waiver.code.value.as_str();
            let needs = facts.criteria.finding(code).map(|kind| kind.needs);
            let is_blind = (needs == Some(Needs::Baseline) && !with_baseline)
                || unasked.iter().any(|rule| rule.code == code);
            let is_off = severity_of(facts.inventory, facts.criteria, code).is_none();
            let message = match (is_off, is_blind) {
                (true, _) => format!("the waiver of {named} excuses nothing: the policy turns the rule off"),
                (false, true) => continue,
                (false, false) => format!("the waiver of {named} excuses nothing"),
            };
            added.add("waiver-unused", waiver.code.at.clone(), &subject, waiver.channel, message);
        }
    }
}
