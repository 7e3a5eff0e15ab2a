//! What is planned for a channel that is not open yet: need, forecast, what it replaces, trial, changes.

use super::Lower;
use super::customers::at_most_one;
use super::refs::unknown;
use super::values::{
    MOST, amount, at, duration, interval, one_or_more, share_interval, whole, words, yes_or_no,
};
use crate::inventory::{Change, ChannelIx, Evidence, Forecast, NeedStatement, Status, Trial};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Located;
use crate::text::tree::{Diagnostics, Fields, Node, suggest};

/// Words for how a need is known.
pub(in crate::inventory) const EVIDENCE: [(&str, Evidence); 3] =
    [("needed", Evidence::Needed), ("wanted", Evidence::Wanted), ("none", Evidence::None)];

/// What usually changes with a new channel; other words are allowed.
pub(in crate::inventory) const CHANGES: [&str; 5] = ["website", "phone_script", "shop", "print", "staff"];

/// Keys that mean something before a channel is open.
const PLANNED: [&str; 8] =
    ["need", "replaces", "forecast", "new_demand_budget", "redirect", "budget_signed_by", "trial", "changes"];

/// The keys of a channel that is not open yet.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) need: Option<Located<NeedStatement>>,
    pub(super) replaces: Vec<Located<ChannelIx>>,
    pub(super) forecast: Option<Forecast>,
    pub(super) new_demand_budget: Option<Located<f64>>,
    pub(super) redirect: Vec<(ChannelIx, Located<ChannelIx>)>,
    pub(super) budget_signed_by: Option<Located<String>>,
    pub(super) trial: Option<Trial>,
    pub(super) changes: Option<Vec<Change>>,
}

impl Lower<'_> {
    pub(super) fn plan(&self, f: &Fields<'_>, own: ChannelIx, status: Option<Status>) -> Plan {
        let d = self.d;
        out_of_place(f, status, d);
        let replaces = f.get("replaces").map(|n| self.replaces(n, own)).unwrap_or_default();
        let redirect = f.get("redirect").map(|n| self.redirect(n, own, &replaces)).unwrap_or_default();
        Plan {
            need: f.with("need", need),
            replaces,
            forecast: f.get("forecast").and_then(|n| self.forecast(n, own)),
            new_demand_budget: f.with("new_demand_budget", amount),
            redirect,
            budget_signed_by: f.with("budget_signed_by", |n, d| words(n, d).map(|text| at(n, text))),
            trial: f.get("trial").and_then(|n| self.trial(n)),
            changes: f.with("changes", changes),
        }
    }

    fn replaces(&self, node: &Node, own: ChannelIx) -> Vec<Located<ChannelIx>> {
        let mut replaces: Vec<Located<ChannelIx>> = Vec::new();
        for word in one_or_more(node, self.d, "a channel, or a list of channels") {
            let Some(channel) = self.another(&word.value, &word.at, own, "what it replaces") else {
                continue;
            };
            if !replaces.iter().any(|other| other.value == channel) {
                replaces.push(Located { value: channel, at: word.at });
            }
        }
        replaces
    }

    fn redirect(
        &self,
        node: &Node,
        own: ChannelIx,
        replaces: &[Located<ChannelIx>],
    ) -> Vec<(ChannelIx, Located<ChannelIx>)> {
        let d = self.d;
        let mut redirect = Vec::new();
        for entry in node.entries(d, "where contacts go, such as { fax: email }") {
            let from = self.channel_named(&entry.key, &entry.key_at);
            let to = entry.value.text(d).and_then(|word| self.channel_named(&word, &entry.value.at));
            let (Some(from), Some(to)) = (from, to) else { continue };
            if from == to {
                d.push(
                    Diagnostic::error(
                        "names-itself",
                        format!("`{}` is redirected to itself", clean(&entry.key)),
                        entry.value.at.clone(),
                    )
                    .help("name the channel that takes its contacts"),
                );
                continue;
            }
            if from != own && !replaces.iter().any(|r| r.value == from) {
                d.push(
                    Diagnostic::warning(
                        "redirect-not-replaced",
                        format!("`{}` is redirected but not replaced by this channel", clean(&entry.key)),
                        entry.key_at.clone(),
                    )
                    .help(format!("add `replaces: {}`, or take the redirect away", clean(&entry.key))),
                );
            }
            redirect.push((from, at(&entry.value, to)));
        }
        redirect
    }

    fn forecast(&self, node: &Node, own: ChannelIx) -> Option<Forecast> {
        let d = self.d;
        let f = node.fields(d, "a forecast", &["contacts_per_year", "from", "handle", "resolution"])?;
        let contacts = f
            .get("contacts_per_year")
            .and_then(|n| interval(n, d, 0.0, MOST, "a number of contacts a year, 0 or more"));
        let (from, shares) =
            f.get("from").map(|n| self.shares_by_channel(n, own, "a source")).unwrap_or_default();
        at_most_one(
            &shares,
            "the sources of this forecast",
            "they are shares of the forecast; what is left of 1 is new demand",
            d,
        );
        let given_as_interval = contacts.as_ref().is_some_and(|(_, given)| *given);
        Some(Forecast {
            contacts_per_year: contacts.map(|(value, _)| value),
            contacts_given_as_interval: given_as_interval,
            from,
            handle_s: f.with("handle", duration),
            resolution: f.with("resolution", share_interval),
            at: f.head(),
        })
    }

    fn trial(&self, node: &Node) -> Option<Trial> {
        let d = self.d;
        let f = node.fields(d, "a trial", &["touchpoint", "weeks", "metric", "goal", "stop"])?;
        let metric = f.get("metric").and_then(|n| {
            let word = n.text(d)?;
            if !self.indicators.contains(&word.as_str()) {
                d.push(unknown("indicator", &word, &n.at, self.indicators.iter().copied()));
            }
            Some(word)
        });
        let goal = f.get("goal").and_then(|n| n.amount(d));
        let stop = f.get("stop").and_then(|n| n.amount(d));
        if let (Some(goal), Some(stop_at), Some(node)) = (goal, stop, f.get("stop"))
            && goal == stop_at
        {
            d.push(
                Diagnostic::error("goal-is-stop", "goal and stop are the same", node.at.clone())
                    .help("between them lies what calls for more time"),
            );
        }
        Some(Trial {
            touchpoint: f.get("touchpoint").and_then(|n| self.touchpoint(n)),
            weeks: f.get("weeks").and_then(|n| whole(n, d, 1, 520)),
            metric,
            goal,
            stop,
            at: f.head(),
        })
    }
}

/// Warns of keys that are read before a channel is open only.
fn out_of_place(f: &Fields<'_>, status: Option<Status>, d: &Diagnostics) {
    let word = match status {
        Some(Status::Active) => "active",
        Some(Status::Retiring) => "retiring",
        Some(Status::Candidate | Status::Pilot) | None => return,
    };
    for key in PLANNED {
        // A channel that is being closed says where its customers go.
        if key == "redirect" && status == Some(Status::Retiring) {
            continue;
        }
        if let Some(entry) = f.entry(key) {
            d.push(
                Diagnostic::warning(
                    "candidate-only-key",
                    format!("`{key}` is read for candidates and pilots only; this channel is {word}"),
                    entry.key_at.clone(),
                )
                .help("delete it, or change `status`"),
            );
        }
    }
}

fn need(node: &Node, d: &Diagnostics) -> Option<Located<NeedStatement>> {
    let f = node.fields(d, "a need", &["why", "evidence", "source"])?;
    let why = f.require("why").and_then(|n| words(n, d));
    let evidence = f.require("evidence").and_then(|n| n.choice(d, &EVIDENCE));
    let source = f.with("source", words);
    Some(Located { value: NeedStatement { why: why?, evidence: evidence?, source }, at: f.head() })
}

fn changes(node: &Node, d: &Diagnostics) -> Option<Vec<Change>> {
    let entries = node.entries(d, "what changes, such as { website: yes, staff: briefed }");
    let changes = entries.iter().filter_map(|entry| {
        if !CHANGES.contains(&entry.key.as_str())
            && let Some(near) = suggest(&entry.key, CHANGES)
        {
            d.push(
                Diagnostic::warning(
                    "unusual-change",
                    format!("`{}` is not one of the usual changes", clean(&entry.key)),
                    entry.key_at.clone(),
                )
                .help(format!("did you mean `{near}`?")),
            );
        }
        let done = match (yes_or_no(&entry.value), entry.value.raw()) {
            (Some(done), _) => done,
            (None, Some("briefed")) => true,
            _ => {
                d.push(
                    Diagnostic::error("wrong-type", "expected yes, no or briefed", entry.value.at.clone())
                        .label("expected yes, no or briefed"),
                );
                return None;
            }
        };
        Some(Change { id: entry.key.clone(), done, at: entry.key_at.clone() })
    });
    Some(changes.collect())
}
