//! An earlier assessment to hold this one against: the JSON that `assess` writes, of which only findings,
//! verdicts and scores are read. Owns what counts as changed and as worse; never reads a log.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use serde::Deserialize;

use crate::assess::{Assessment, ChannelAssessment, Finding, SCHEMA};
use crate::criteria::{AxisId, Criteria, Language, Needs};
use crate::inventory::Inventory;
use crate::measure::Facts;
use crate::measure::counted::Counted;
use crate::quantity::Interval;
use crate::text::clean;

use super::{Added, Standing, Unasked};

/// Numbers are written with six significant digits: points of a score differ by less than this when they
/// were the same.
const ROUNDING: f64 = 1e-3;

/// An earlier assessment. Keys that later versions add are passed over.
#[derive(Debug, Deserialize)]
pub struct Baseline {
    schema: String,
    at: String,
    organisation: Organisation,
    /// Read for its presence alone.
    census: Option<serde::de::IgnoredAny>,
    channels: Vec<Channel>,
    findings: Vec<Old>,
}

#[derive(Debug, Deserialize)]
struct Organisation {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Channel {
    id: String,
    status: String,
    capability: Capability,
    fit: Fit,
    axes: Axes,
    verdict: Verdict,
}

#[derive(Debug, Deserialize)]
struct Capability {
    score: Option<Range>,
}

#[derive(Debug, Deserialize)]
struct Fit {
    criteria: Vec<Criterion>,
}

#[derive(Debug, Deserialize)]
struct Criterion {
    id: String,
    score: Option<Range>,
}

#[derive(Debug, Deserialize)]
struct Axes {
    worth: Option<Range>,
    delivery: Option<Range>,
}

#[derive(Debug, Deserialize)]
struct Verdict {
    call: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
struct Range {
    low: f64,
    high: f64,
}

/// A finding of an earlier assessment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Old {
    /// Its code.
    pub code: String,
    /// What it was about.
    pub subject: String,
    /// Its words.
    pub message: String,
    /// The channel it was about.
    #[serde(default)]
    channel: Option<String>,
}

impl Baseline {
    /// Reads an earlier assessment of the same organisation.
    ///
    /// # Errors
    /// It is no such JSON, of another version, or of another organisation.
    pub fn parse(name: &str, bytes: &[u8], inventory: &Inventory) -> anyhow::Result<Self> {
        let how = "delete it and make it with `chanfolio check INVENTORY --baseline FILE --update-baseline`";
        let baseline: Self = serde_json::from_slice(bytes)
            .map_err(|error| anyhow::anyhow!("{}", clean(&error.to_string())))
            .with_context(|| format!("{name} is not the JSON of an assessment; {how}"))?;
        if baseline.schema != SCHEMA {
            bail!("{name} is written as `{}`, this program reads `{SCHEMA}`; {how}", clean(&baseline.schema));
        }
        if baseline.organisation.name != inventory.organisation.name {
            bail!(
                "{name} is an assessment of {}, the inventory is of {}; {how}",
                clean(&baseline.organisation.name),
                clean(&inventory.organisation.name)
            );
        }
        Ok(baseline)
    }

    /// Whether it was made with logs or a census.
    #[must_use]
    pub fn has_census(&self) -> bool {
        self.census.is_some()
    }

    /// Why verdicts and scores cannot be held against it, if so.
    pub(super) fn differs(&self, with_logs: bool) -> Option<&'static str> {
        match (self.census.is_some(), with_logs) {
            (true, false) => Some("the baseline was made with logs, and none was read"),
            (false, true) => Some("the baseline was made without logs, and some were read"),
            _ => None,
        }
    }

    /// Finds verdicts that changed and scores that fell.
    pub(super) fn compare(&self, added: &mut Added<'_>, assessment: &Assessment) {
        let facts = added.facts;
        if self.differs(facts.census.is_some()).is_some() {
            return;
        }
        let least = facts.criteria.finding("score-worse").map_or(f64::NAN, |kind| kind.number("points"));
        for now in &assessment.channels {
            let channel = facts.inventory.channel(now.channel);
            let Some(before) = self.channels.iter().find(|c| c.id == channel.id) else { continue };
            let (id, at) = (clean(&channel.id), &channel.at);
            let call = now.verdict.call.to_string();
            if before.verdict.call != call {
                let (because, was) = (now.verdict.because.first(), clean(&before.verdict.call));
                let because = because.map(|words| format!(": {words}")).unwrap_or_default();
                let message = format!("{id}: {was} on {}, now {call}{because}", clean(&self.at));
                added.add("verdict-changed", at.clone(), &channel.id, Some(now.channel), message);
            }
            let fallen: Vec<String> = scores(facts.criteria, before, now)
                .into_iter()
                .filter_map(|(what, before, now)| fall(&what, before?, now?, least))
                .collect();
            if !fallen.is_empty() {
                let message = format!("{id}: {}", fallen.join(", "));
                added.add("score-worse", at.clone(), &channel.id, Some(now.channel), message);
            }
        }
        self.gone(added);
    }

    /// Finds channels that were in use and are not in the inventory any more: who closes one says so with
    /// `status: retiring` first, so that what it does finds another home.
    fn gone(&self, added: &mut Added<'_>) {
        let inventory = added.facts.inventory;
        for before in self.channels.iter().filter(|c| inventory.find_channel(&c.id).is_none()) {
            let (call, status) = (before.verdict.call.as_str(), before.status.as_str());
            if status == "candidate" || ["drop", "merge", "reject"].contains(&call) {
                continue;
            }
            let (id, at) = (clean(&before.id), inventory.section(&["channels"]));
            let message =
                format!("{id}: {} on {}, and not in the inventory any more", clean(call), clean(&self.at));
            added.add("verdict-changed", at, &before.id, None, message);
        }
    }

    /// Its findings, to be taken off one by one.
    pub(super) fn tally<'a>(&'a self, facts: &Facts<'a>, counted: Option<&Counted>) -> Tally<'a> {
        let mut left: BTreeMap<(String, String), Vec<&Old>> = BTreeMap::new();
        // The last first: taken from the end they come in their order.
        for old in self.findings.iter().rev() {
            left.entry((old.code.clone(), old.subject.clone())).or_default().push(old);
        }
        Tally {
            left,
            criteria: facts.criteria,
            inventory: facts.inventory,
            channels: &self.channels,
            other_evidence: self.differs(counted.is_some()).is_some(),
        }
    }
}

/// Every score of a channel, before and now, under its name on screens.
fn scores(
    criteria: &Criteria,
    before: &Channel,
    now: &ChannelAssessment,
) -> Vec<(String, Option<Range>, Option<Interval>)> {
    let word = |axis: AxisId| {
        let id = match axis {
            AxisId::Worth => "axis-worth",
            AxisId::Delivery => "axis-delivery",
        };
        criteria.verdicts.word(id, Language::English).to_owned()
    };
    let mut all = vec![
        (word(AxisId::Worth), before.axes.worth, now.worth),
        (word(AxisId::Delivery), before.axes.delivery, now.delivery),
    ];
    for score in &now.criteria {
        let before = if score.id == "capability" {
            before.capability.score
        } else {
            before.fit.criteria.iter().find(|c| c.id == score.id).and_then(|c| c.score)
        };
        all.push((score.id.clone(), before, score.score));
    }
    all
}

/// A fall beyond both uncertainties and by no less than the points that matter, in words: the better end of
/// now lies so far under the worse end of before.
fn fall(what: &str, before: Range, now: Interval, least: f64) -> Option<String> {
    if now.high > before.low - least + ROUNDING {
        return None;
    }
    // Whole points, unless they would hide the fall.
    let digits = usize::from(before.low.round() - now.high.round() < 1.0);
    let range = |low: f64, high: f64| {
        let (low, high) = (format!("{low:.digits$}"), format!("{high:.digits$}"));
        if low == high { low } else { format!("{low}-{high}") }
    };
    Some(format!("{what} fell from {} to {}", range(before.low, before.high), range(now.low, now.high)))
}

/// The findings of a baseline that have not been seen again yet.
pub(super) struct Tally<'a> {
    left: BTreeMap<(String, String), Vec<&'a Old>>,
    criteria: &'a Criteria,
    inventory: &'a Inventory,
    channels: &'a [Channel],
    other_evidence: bool,
}

impl Tally<'_> {
    /// Whether the baseline has a finding; takes it off.
    pub(super) fn take(&mut self, finding: &Finding) -> Standing {
        let key = (finding.code.clone(), finding.subject.clone());
        if self.left.get_mut(&key).and_then(Vec::pop).is_some() {
            return Standing::Known;
        }
        let needs = self.criteria.finding(&finding.code).map(|kind| kind.needs);
        // What the inventory itself declares, and what is about a channel that the baseline did not have, is
        // new whatever the evidence.
        let was_there = finding.channel.is_none_or(|ix| {
            let id = &self.inventory.channel(ix).id;
            self.channels.iter().any(|channel| channel.id == *id)
        });
        let rests_on_logs = matches!(needs, Some(Needs::Either | Needs::Logs)) && !finding.declared;
        if self.other_evidence && rests_on_logs && was_there {
            return Standing::Unsettled;
        }
        Standing::New
    }

    /// What was there and is no more, as far as it was looked for.
    pub(super) fn left(self, unasked: &[Unasked]) -> Vec<Old> {
        let mut old: Vec<Old> = self.left.into_values().flatten().cloned().collect();
        old.retain(|old| {
            let needs = self.criteria.finding(&old.code).map(|kind| kind.needs);
            let settled = !(self.other_evidence && matches!(needs, Some(Needs::Either | Needs::Logs)));
            // A channel that is gone took its findings with it: nothing was mended.
            let is_gone = |id: &String| self.inventory.find_channel(id).is_none();
            settled
                && !old.channel.as_ref().is_some_and(is_gone)
                && crate::assess::finding::severity_of(self.inventory, self.criteria, &old.code).is_some()
                && !unasked.iter().any(|rule| rule.code == old.code)
        });
        old
    }
}
