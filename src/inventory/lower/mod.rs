//! From the spanned tree to a valid [`Inventory`]; every mistake at once.
//!
//! [`Context`] knows the ids of all sections, so that references are resolved in whichever order the
//! sections stand. [`values`] holds the small values, the other files one group of sections each.

mod channel;
mod context;
mod people;
mod top;
mod usage;
mod values;

use std::path::PathBuf;
use std::sync::Arc;

use super::{Inventory, Policy};
use crate::criteria::kind::Kind;
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::source::Source;
use crate::text::tree::{self, Diagnostics, Node};
use context::Context;

/// The only version of the format that this program reads.
const SCHEMA: f64 = 1.0;

/// Keys of an inventory.
const KEYS: [&str; 20] = [
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
    let d = Diagnostics::default();
    let root = match tree::parse(source, &d) {
        Ok(root) => root,
        // A file that is no tree has one mistake to mend first; nothing else can be checked.
        Err(diagnostic) => return (None, vec![*diagnostic]),
    };
    let inventory = inventory(&root, source, directory, kinds, indicators, findings, &d);
    let diagnostics = d.into_sorted();
    let sound = !diagnostics.iter().any(|d| d.severity == Severity::Error);
    (inventory.filter(|_| sound), diagnostics)
}

fn inventory(
    root: &Node,
    source: &Arc<Source>,
    directory: PathBuf,
    kinds: &[Arc<Kind>],
    indicators: &[&str],
    findings: &[&str],
    d: &Diagnostics,
) -> Option<Inventory> {
    let fields = root.fields(d, "an inventory", &KEYS)?;
    if let Some(node) = fields.require("schema")
        && node.number(d).is_some_and(|v| v != SCHEMA)
    {
        let found = node.raw().unwrap_or_default();
        d.push(
            Diagnostic::error(
                "unknown-schema",
                format!("this is an inventory of schema {}", crate::text::clean(found)),
                node.at.clone(),
            )
            .label("this program reads schema 1")
            .help("use a newer program, or write the inventory in schema 1 (`chanfolio schema` prints it)"),
        );
        // Everything below would be held against the wrong format.
        return None;
    }
    let organisation = fields.require("organisation").and_then(|n| top::organisation(n, d));
    let context = Context::gather(&fields, kinds, indicators, findings, organisation.as_ref(), d);
    let c = &context;
    let list = |key: &str| fields.get(key);
    let channels = fields.require("channels").map(|n| channel::channels(n, c, d));
    let inventory = Inventory {
        source: Arc::clone(source),
        directory,
        objectives: list("objectives").map(|n| top::objectives(n, d)).unwrap_or_default(),
        weights: list("weights").and_then(|n| top::weights(n, d)),
        stakeholders: list("stakeholders").map(|n| top::stakeholders(n, d)).unwrap_or_default(),
        segments: list("segments").map(|n| people::segments(n, c, d)).unwrap_or_default(),
        touchpoints: list("touchpoints").map(|n| people::touchpoints(n, d)).unwrap_or_default(),
        surveys: list("surveys").map(|n| people::surveys(n, c, d)).unwrap_or_default(),
        mystery: list("mystery").map(|n| people::mystery(n, c, d)).unwrap_or_default(),
        teams: list("teams").map(|n| people::teams(n, c, d)).unwrap_or_default(),
        systems: list("systems").map(|n| people::systems(n, d)).unwrap_or_default(),
        absent: list("absent").map(|n| top::absent(n, c, d)).unwrap_or_default(),
        rivals: top::rivals(fields.get("rivals"), c, d),
        lost_share: list("drop").and_then(|n| top::lost_share(n, d)),
        episodes: list("episodes").map(|n| top::episodes(n, d)).unwrap_or_default(),
        channels: channels.unwrap_or_default(),
        judgements: list("judgements").map(|n| top::judgements(n, c, d)).unwrap_or_default(),
        usage: list("usage").map(|n| usage::usage(n, c, d)).unwrap_or_default(),
        policy: list("policy").map_or_else(Policy::default, |n| top::policy(n, c, d)),
        waivers: list("waivers").map(|n| top::waivers(n, c, d)).unwrap_or_default(),
        organisation: organisation?,
    };
    channel::check_together(&inventory, d);
    Some(inventory)
}
