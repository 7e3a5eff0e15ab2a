//! From the spanned tree to a valid [`Inventory`]; every mistake at once.
//!
//! [`lower`] first takes the ids of every list, so that any section can name any other, then lowers
//! one section after the other, one file each, and last compares what stands in several places
//! (`cross`). Nothing here reads a log or judges anything; nothing is silently ignored.

pub(super) mod candidate;
pub(super) mod channel;
mod cross;
pub(super) mod customers;
mod organisation;
pub(super) mod policy;
mod refs;
mod supply;
pub(super) mod usage;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use jiff::civil::Date;

use super::{
    ChannelIx, Episodes, Inventory, Policy, Rivals, SegmentIx, SystemIx, TeamIx, TouchpointIx, UseOf,
};
use crate::criteria::kind::Kind;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Place, Source};
use crate::text::tree::{self, Diagnostics, Fields, Node, NodeKind};
use refs::Ids;

/// The version of the inventory that this program reads.
const SCHEMA: &str = "1";

/// Every key of the top level.
pub(super) const KEYS: [&str; 20] = [
    "schema",
    "organisation",
    "objectives",
    "weights",
    "stakeholders",
    "segments",
    "touchpoints",
    "surveys",
    "mystery",
    "teams",
    "systems",
    "absent",
    "rivals",
    "drop",
    "episodes",
    "channels",
    "judgements",
    "usage",
    "policy",
    "waivers",
];

/// The six criteria, by id.
pub(super) const CRITERIA: [&str; 6] =
    ["capability", "appropriate", "relevant", "significant", "functional", "connected"];

/// The criteria of each question: should we have it, does it work.
const AXES: [[&str; 3]; 2] =
    [["appropriate", "relevant", "significant"], ["capability", "functional", "connected"]];

/// Most that rounded shares may lie beside their sum.
const SHARES_TOLERANCE: f64 = 0.0101;

/// What every section needs: the ids of the others, the kinds, the day, and where mistakes go.
struct Lower<'a> {
    d: &'a Diagnostics,
    kinds: &'a [Arc<Kind>],
    indicators: &'a [&'a str],
    findings: &'a [&'a str],
    objectives: Ids,
    segments: Ids,
    touchpoints: Ids,
    teams: Ids,
    systems: Ids,
    channels: Ids,
    calendar: values::Calendar,
    as_of: Option<Date>,
}

/// Lowers an inventory.
///
/// Gives the inventory where there is no error; warnings come beside it. `indicators` and `findings`
/// are the ids that judgements and policies may name.
#[must_use]
pub fn lower(
    source: &Arc<Source>,
    directory: PathBuf,
    kinds: &[Arc<Kind>],
    indicators: &[&str],
    findings: &[&str],
) -> (Option<Inventory>, Vec<Diagnostic>) {
    let diagnostics = Diagnostics::default();
    let root = match tree::parse(source, &diagnostics) {
        Ok(root) => root,
        Err(alone) => {
            diagnostics.push(*alone);
            return (None, diagnostics.into_sorted());
        }
    };
    let inventory = whole(source, directory, &root, kinds, indicators, findings, &diagnostics);
    let inventory = inventory.filter(|_| !diagnostics.has_errors());
    (inventory, diagnostics.into_sorted())
}

fn whole(
    source: &Arc<Source>,
    directory: PathBuf,
    root: &Node,
    kinds: &[Arc<Kind>],
    indicators: &[&str],
    findings: &[&str],
    d: &Diagnostics,
) -> Option<Inventory> {
    if matches!(root.kind, NodeKind::Null) {
        d.push(
            Diagnostic::error("empty-inventory", "this inventory is empty", root.at.clone())
                .help("it needs `schema: 1`, an `organisation` with name and timezone, and `channels`"),
        );
        return None;
    }
    if let Some(schema) = root.look("schema")
        && !reads(schema, d)
    {
        return None;
    }
    let fields = root.fields(d, "an inventory", &KEYS)?;
    // Its value has been looked at; only a missing one is reported here.
    let _ = fields.require("schema");
    let organisation = fields.require("organisation").and_then(|n| organisation::organisation(n, d));
    let l = Lower {
        d,
        kinds,
        indicators,
        findings,
        objectives: Ids::of_keys(fields.get("objectives"), "objective", d),
        segments: Ids::of_list(fields.get("segments"), "segment", d),
        touchpoints: Ids::of_list(fields.get("touchpoints"), "touchpoint", d),
        teams: Ids::of_list(fields.get("teams"), "team", d),
        systems: Ids::of_list(fields.get("systems"), "system", d),
        channels: Ids::of_list(fields.get("channels"), "channel", d),
        calendar: values::Calendar::of(organisation.as_ref().and_then(|o| o.country.clone())),
        as_of: organisation.as_ref().and_then(|o| o.as_of.as_ref()).map(|date| date.value),
    };
    let sections = match &root.kind {
        NodeKind::Map(entries) => entries.iter().map(|e| (e.key.clone(), e.key_at.clone())).collect(),
        _ => Vec::new(),
    };
    l.sections(&fields, source, directory, organisation, sections)
}

/// Whether this program reads that version; says so if not.
fn reads(schema: &Node, d: &Diagnostics) -> bool {
    if matches!(schema.kind, NodeKind::Null) || schema.raw() == Some(SCHEMA) {
        return true;
    }
    let found = schema
        .raw()
        .map_or_else(|| "of another form".to_owned(), |text| format!("of schema {}", clean(text)));
    d.push(
        Diagnostic::error(
            "unsupported-schema",
            format!("this is an inventory {found}; this program reads schema {SCHEMA}"),
            schema.at.clone(),
        )
        .label(format!("expected {SCHEMA}"))
        .help("use the version of chanfolio that it was written for, or write it anew for schema 1"),
    );
    false
}

impl Lower<'_> {
    fn sections(
        &self,
        fields: &Fields<'_>,
        source: &Arc<Source>,
        directory: PathBuf,
        organisation: Option<super::Organisation>,
        sections: Vec<(String, Place)>,
    ) -> Option<Inventory> {
        let d = self.d;
        let objectives = fields.get("objectives").map(|n| self.objectives(n)).unwrap_or_default();
        let weights = fields.get("weights").and_then(|n| self.weights(n));
        let stakeholders = fields.get("stakeholders").map(|n| self.stakeholders(n)).unwrap_or_default();
        let segments = fields.get("segments").map(|n| self.segments(n)).unwrap_or_default();
        let touchpoints = fields.get("touchpoints").map(|n| self.touchpoints(n)).unwrap_or_default();
        let surveys = fields.get("surveys").map(|n| self.surveys(n)).unwrap_or_default();
        let mystery = fields.get("mystery").map(|n| self.mystery(n)).unwrap_or_default();
        let teams = fields.get("teams").map(|n| self.teams(n)).unwrap_or_default();
        let systems = fields.get("systems").map(|n| self.systems(n)).unwrap_or_default();
        let absent = fields.get("absent").map(|n| self.absent(n)).unwrap_or_default();
        let rivals = fields.get("rivals").map_or(Rivals::Unknown, |n| self.rivals(n));
        let lost_share = fields.get("drop").and_then(|n| organisation::lost_share(n, d));
        let episodes =
            fields.get("episodes").map_or_else(Episodes::default, |n| organisation::episodes(n, d));
        let channels = fields.require("channels").map(|n| self.channels(n)).unwrap_or_default();
        let judgements = fields.get("judgements").map(|n| self.judgements(n)).unwrap_or_default();
        let usage = fields.get("usage").map(|n| self.usage(n, &channels)).unwrap_or_default();
        let policy = fields.get("policy").map_or_else(Policy::default, |n| self.policy(n));
        let waivers = fields.get("waivers").map(|n| self.waivers(n)).unwrap_or_default();
        self.cross(&channels, &absent);
        Some(Inventory {
            source: Arc::clone(source),
            directory,
            organisation: organisation?,
            objectives,
            weights,
            stakeholders,
            segments,
            touchpoints,
            surveys,
            mystery,
            teams,
            systems,
            absent,
            rivals,
            lost_share,
            episodes,
            channels: channels.into_iter().flatten().collect(),
            judgements,
            usage,
            policy,
            waivers,
            sections,
        })
    }

    fn channel(&self, node: &Node) -> Option<ChannelIx> {
        self.channels.resolve(node, self.d).map(ChannelIx)
    }

    fn channel_named(&self, word: &str, at: &Place) -> Option<ChannelIx> {
        self.channels.find(word, at, self.d).map(ChannelIx)
    }

    fn touchpoint(&self, node: &Node) -> Option<TouchpointIx> {
        self.touchpoints.resolve(node, self.d).map(TouchpointIx)
    }

    fn segment(&self, node: &Node) -> Option<SegmentIx> {
        self.segments.resolve(node, self.d).map(SegmentIx)
    }

    fn team(&self, node: &Node) -> Option<TeamIx> {
        self.teams.resolve(node, self.d).map(TeamIx)
    }

    fn system(&self, node: &Node) -> Option<SystemIx> {
        self.systems.resolve(node, self.d).map(SystemIx)
    }

    /// The names of all kind groups, each once.
    fn groups(&self) -> Vec<&str> {
        groups(self.kinds)
    }

    /// The kind of that id; a group's name is reported with the kinds that are in it.
    fn kind(&self, node: &Node) -> Option<&Arc<Kind>> {
        let word = node.text(self.d)?;
        if let Some(kind) = self.kinds.iter().find(|k| k.id == word) {
            return Some(kind);
        }
        let inside: Vec<&str> =
            self.kinds.iter().filter(|k| k.group.as_deref() == Some(&*word)).map(|k| k.id.as_str()).collect();
        let diagnostic = if inside.is_empty() {
            // People write `Web chat` and `web-chat` for `web_chat`.
            let written = word.to_lowercase().replace(['-', ' '], "_");
            match self.kinds.iter().find(|k| k.id == written) {
                Some(kind) => Diagnostic::error(
                    "unknown-kind",
                    format!("there is no kind `{}`", clean(&word)),
                    node.at.clone(),
                )
                .help(format!("did you mean `{}`?", kind.id)),
                None => refs::unknown("kind", &word, &node.at, self.kinds.iter().map(|k| k.id.as_str())),
            }
        } else {
            Diagnostic::error(
                "group-not-kind",
                format!("`{}` is a group of kinds; a kind is needed here", clean(&word)),
                node.at.clone(),
            )
            .help(format!("name one of its kinds: {}", inside.join(", ")))
        };
        self.d.push(diagnostic);
        None
    }

    /// The kind or group of that name.
    fn use_of(&self, word: &str, at: &Place) -> Option<UseOf> {
        if let Some(found) = self.find_use_of(word) {
            return Some(found);
        }
        let groups = self.groups();
        let known = self.kinds.iter().map(|k| k.id.as_str()).chain(groups);
        let mut diagnostic = refs::unknown("kind or group", word, at, known);
        if self.channels.position(word).is_some() {
            diagnostic.help =
                Some(format!("`{}` is a channel; name its kind, or its kind's group", clean(word)));
        }
        self.d.push(diagnostic);
        None
    }

    fn find_use_of(&self, word: &str) -> Option<UseOf> {
        if self.kinds.iter().any(|k| k.id == word) {
            return Some(UseOf::Kind(word.to_owned()));
        }
        self.groups().contains(&word).then(|| UseOf::Group(word.to_owned()))
    }
}

/// The names of all groups of these kinds, each once.
pub(super) fn groups(kinds: &[Arc<Kind>]) -> Vec<&str> {
    let mut groups: Vec<&str> = kinds.iter().filter_map(|k| k.group.as_deref()).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

#[cfg(test)]
mod tests;
