//! What is odd: each finding with its code, severity, numbers, what it is about and the inventory line to
//! edit. `channel` asks what concerns one channel, `portfolio` what concerns moments, customers, teams,
//! evidence and logs. Rules that need an earlier assessment, and waivers, stand in [`crate::check`].

mod channel;
mod portfolio;

use std::cmp::Ordering;

use crate::criteria::{Criteria, Needs};
use crate::inventory::{ChannelIx, Inventory};
use crate::measure::Facts;
use crate::measure::counted::Counted;
use crate::text::clean;
use crate::text::diagnostic::Severity;
use crate::text::source::Place;

use super::Finding;
use super::judge::Judged;

/// How grave a finding is here: as the policy says, else as the criteria do. `None` where it is turned
/// off.
#[must_use]
pub fn severity_of(inventory: &Inventory, criteria: &Criteria, code: &str) -> Option<Severity> {
    match inventory.policy.require.iter().find(|(required, _)| required.value == code) {
        Some((_, severity)) => *severity,
        None => criteria.finding(code).map(|kind| kind.severity),
    }
}

/// Collects findings.
struct List<'a> {
    facts: &'a Facts<'a>,
    all: Vec<Finding>,
}

/// A finding's place and words, before its code is known to be asked.
struct Told {
    at: Place,
    message: String,
    subject: String,
    channel: Option<ChannelIx>,
    related: Vec<(Place, String)>,
}

impl List<'_> {
    fn add(&mut self, code: &str, told: Told) {
        let Some(severity) = severity_of(self.facts.inventory, self.facts.criteria, code) else { return };
        let declared = self.facts.criteria.finding(code).is_some_and(|kind| kind.needs == Needs::Inventory);
        let Told { at, message, subject, channel, related } = told;
        let code = code.to_owned();
        self.all.push(Finding { code, severity, message, subject, at, channel, declared, related });
    }

    /// A finding about a channel that rests on what the inventory declares, under a code that may rest on
    /// logs too.
    fn declared(&mut self, code: &str, ix: ChannelIx, at: Option<&Place>, message: impl AsRef<str>) {
        let before = self.all.len();
        self.channel(code, ix, at, message);
        self.all.iter_mut().skip(before).for_each(|finding| finding.declared = true);
    }

    /// A finding about a channel, at a place of it (its id where there is no better one).
    fn channel(&mut self, code: &str, ix: ChannelIx, at: Option<&Place>, message: impl AsRef<str>) {
        let it = self.facts.inventory.channel(ix);
        let told = Told {
            at: at.unwrap_or(&it.at).clone(),
            message: format!("{}: {}", clean(&it.id), message.as_ref()),
            subject: it.id.clone(),
            channel: Some(ix),
            related: Vec::new(),
        };
        self.add(code, told);
    }

    /// A finding about a channel and another one.
    fn pair(&mut self, code: &str, ix: ChannelIx, other: ChannelIx, at: Option<&Place>, message: &str) {
        let (it, that) = (self.facts.inventory.channel(ix), self.facts.inventory.channel(other));
        let told = Told {
            at: at.unwrap_or(&it.at).clone(),
            message: format!("{}: {message}", clean(&it.id)),
            subject: format!("{} > {}", it.id, that.id),
            channel: Some(ix),
            related: vec![(that.at.clone(), format!("{} stands here", clean(&that.id)))],
        };
        self.add(code, told);
    }

    /// Hours short of people: at the channel, with the team whose people they are.
    fn understaffed(&mut self, ix: ChannelIx, message: &str) {
        let it = self.facts.inventory.channel(ix);
        let team = self.facts.inventory.team_of(it).map(|team| {
            let id = clean(&team.id);
            (team.at.clone(), format!("the people of {id}"))
        });
        let told = Told {
            at: it.at.clone(),
            message: format!("{}: {message}", clean(&it.id)),
            subject: it.id.clone(),
            channel: Some(ix),
            related: team.into_iter().collect(),
        };
        self.add("understaffed-hours", told);
    }

    /// A finding about something else than a channel.
    fn other(&mut self, code: &str, at: Place, subject: &str, message: String) {
        let told = Told { at, message, subject: subject.to_owned(), channel: None, related: Vec::new() };
        self.add(code, told);
    }

    fn number(&self, code: &str, name: &str) -> f64 {
        self.facts.criteria.finding(code).map_or(f64::NAN, |f| f.number(name))
    }
}

/// All findings, in the order of the inventory, then by code.
pub(super) fn findings(facts: &Facts<'_>, judged: &[Judged], counted: Option<&Counted>) -> Vec<Finding> {
    let mut list = List { facts, all: Vec::new() };
    for it in judged {
        channel::ask(&mut list, it);
    }
    portfolio::ask(&mut list, counted);
    list.all.sort_by(in_order);
    list.all
}

/// The order of findings: where they stand in the inventory, then by code and words.
#[must_use]
pub fn in_order(a: &Finding, b: &Finding) -> Ordering {
    (a.at.range.start, &a.code, &a.message).cmp(&(b.at.range.start, &b.code, &b.message))
}
