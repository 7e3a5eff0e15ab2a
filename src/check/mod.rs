//! What a check makes of an assessment: which findings stand, which are excused, known or new, what got
//! worse since an earlier assessment, and whether all that passes.
//!
//! [`check`] is pure: it opens no file and prints nothing. `baseline` reads an earlier assessment and holds
//! this one against it, `waiver` applies the exceptions of the inventory, `unasked` says which rules could
//! not be asked. Nothing here measures or judges a channel.

pub mod baseline;
mod unasked;
mod waiver;

use jiff::civil::Date;

use crate::assess::finding::{in_order, severity_of};
use crate::assess::{Assessment, Finding};
use crate::inventory::ChannelIx;
use crate::measure::Facts;
use crate::measure::counted::Counted;
use crate::text::diagnostic::Severity;
use crate::text::source::Place;

use baseline::{Baseline, Old};

/// The outcome of a check.
#[derive(Debug)]
pub struct Check {
    /// Date of the assessment.
    pub at: Date,
    /// The least severity that fails.
    pub fail_on: Severity,
    /// Everything found, in the order of the inventory.
    pub entries: Vec<Entry>,
    /// Rules that could not be asked, or not be held against the baseline, in the order of the criteria.
    pub unasked: Vec<Unasked>,
    /// What the baseline had and this assessment has no more; `None` without a baseline.
    pub mended: Option<Vec<Old>>,
}

/// One finding, and what becomes of it.
#[derive(Debug)]
pub struct Entry {
    /// The finding.
    pub finding: Finding,
    /// What becomes of it.
    pub standing: Standing,
    /// It makes the check fail.
    pub fails: bool,
}

/// What becomes of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It stands; there is no baseline to hold it against.
    Stands,
    /// The baseline does not have it.
    New,
    /// The baseline has it too.
    Known,
    /// The baseline rests on other evidence: whether it is new cannot be told.
    Unsettled,
    /// Excused by a waiver.
    Waived {
        /// Why.
        reason: String,
        /// The last day.
        until: Option<Date>,
    },
    /// Let pass by the policy.
    Allowed,
}

impl Standing {
    /// Whether it is something to act on: shown first, and able to fail.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Stands | Self::New)
    }
}

/// A rule that could not be asked, or not of everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unasked {
    /// Its code.
    pub code: String,
    /// Why.
    pub because: &'static str,
    /// It was asked, but only of what the inventory declares.
    pub partly: bool,
}

impl Check {
    /// Nothing found makes it fail.
    #[must_use]
    pub fn passed(&self) -> bool {
        !self.entries.iter().any(|entry| entry.fails)
    }
}

/// Adds findings that only a check can make.
struct Added<'a> {
    facts: &'a Facts<'a>,
    all: Vec<Finding>,
}

impl Added<'_> {
    fn add(&mut self, code: &str, at: Place, subject: &str, channel: Option<ChannelIx>, message: String) {
        if let Some(severity) = severity_of(self.facts.inventory, self.facts.criteria, code) {
            self.all.push(Finding {
                code: code.to_owned(),
                severity,
                message,
                subject: subject.to_owned(),
                at,
                channel,
                declared: false,
                related: Vec::new(),
            });
        }
    }
}

/// Holds an assessment against the inventory's policy and waivers and, where there is one, a baseline.
#[must_use]
pub fn check(
    facts: &Facts<'_>,
    counted: Option<&Counted>,
    assessment: &Assessment,
    baseline: Option<&Baseline>,
) -> Check {
    let unasked = unasked::unasked(facts, counted, baseline);
    let mut added = Added { facts, all: Vec::new() };
    if let Some(baseline) = baseline {
        baseline.compare(&mut added, assessment);
    }
    let mut findings = assessment.findings.clone();
    findings.append(&mut added.all);
    // What is excused, of everything but the waivers' own findings: no waiver excuses a waiver.
    let excused = waiver::excused(facts, &findings);
    waiver::judge(&mut added, &excused, &unasked, baseline.is_some());
    let excuses = excused.into_iter().map(|excuse| excuse.standing);
    let mut told: Vec<(Finding, Option<Standing>)> = findings.into_iter().zip(excuses).collect();
    told.extend(added.all.into_iter().map(|finding| (finding, None)));
    let mut known = baseline.map(|baseline| baseline.tally(facts, counted));
    let policy = &facts.inventory.policy;
    let fail_on = policy.fail_on.unwrap_or(Severity::Error);
    told.sort_by(|(a, _), (b, _)| in_order(a, b));
    let entries = told
        .into_iter()
        .map(|(finding, excuse)| {
            let compared = known.as_mut().map_or(Standing::Stands, |known| known.take(&finding));
            let is_allowed = policy.allow.iter().any(|code| code.value == finding.code);
            let standing = match (excuse, is_allowed) {
                (Some(excuse), _) => excuse,
                (None, true) => Standing::Allowed,
                (None, false) => compared,
            };
            let fails = standing.is_open() && finding.severity >= fail_on;
            Entry { finding, standing, fails }
        })
        .collect();
    let mended = known.map(|known| known.left(&unasked));
    Check { at: assessment.at, fail_on, entries, unasked, mended }
}
