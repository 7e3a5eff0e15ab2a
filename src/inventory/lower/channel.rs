//! One channel: what it is, who answers, what it promises and costs, and where it leads.
//! The keys of channels that are not open yet are in [`super::candidate`].

use std::sync::Arc;

use super::Lower;
use super::customers::{IDENTITIES, PlacedShares, at_most_one, id_place};
use super::values::{
    amount, at, duration, flag, hours, interval, parse_date, positive, whole, words, yes_or_no,
};
use crate::inventory::{
    Channel, ChannelIx, Concurrency, Context, Cost, Degree, HumanExit, Lawful, Link, Owner, Part, Practices,
    Promise, Protected, SegmentIx, Status, TouchpointIx,
};
use crate::quantity::Interval;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Fields, Node, NodeKind};

/// Every key of a channel.
pub(in crate::inventory) const KEYS: [&str; 35] = [
    "id",
    "kind",
    "status",
    "aliases",
    "owner",
    "monitored",
    "personal",
    "team",
    "system",
    "hours",
    "touchpoints",
    "for",
    "promise",
    "cost",
    "volume",
    "handle",
    "practices",
    "links",
    "identity",
    "lawful",
    "protected",
    "contributes",
    "second_choice",
    "value_per_resolution",
    "concurrency",
    "human_exit",
    "need",
    "replaces",
    "forecast",
    "new_demand_budget",
    "redirect",
    "budget_signed_by",
    "accessible",
    "trial",
    "changes",
];

/// Words for the status of a channel.
pub(in crate::inventory) const STATUSES: [(&str, Status); 4] = [
    ("active", Status::Active),
    ("candidate", Status::Candidate),
    ("pilot", Status::Pilot),
    ("retiring", Status::Retiring),
];

/// Words for how much of the story travels.
pub(in crate::inventory) const CONTEXTS: [(&str, Context); 3] =
    [("none", Context::None), ("partial", Context::Partial), ("full", Context::Full)];

/// Words for the part of a channel at a touchpoint.
pub(in crate::inventory) const PARTS: [(&str, Part); 2] =
    [("primary", Part::Primary), ("secondary", Part::Secondary)];

/// Most chats at once.
const MAX_CHATS: u32 = 100;

impl Lower<'_> {
    /// The channels by position; one with mistakes leaves its position empty.
    pub(super) fn channels(&self, node: &Node) -> Vec<Option<Channel>> {
        let items = node.items(self.d, "a list of channels");
        if items.is_empty() && matches!(node.kind, NodeKind::List(_)) {
            self.d.push(
                Diagnostic::error("no-channels", "an inventory needs at least one channel", node.at.clone())
                    .help("add one: - { id: phone, kind: phone, status: active }"),
            );
        }
        self.labels_apart(items);
        items.iter().enumerate().map(|(position, item)| self.channel_of(item, ChannelIx(position))).collect()
    }

    fn channel_of(&self, node: &Node, own: ChannelIx) -> Option<Channel> {
        let d = self.d;
        let f = node.fields(d, "a channel", &KEYS)?;
        let id = f.require("id").and_then(|n| n.text(d));
        let kind = f.require("kind").and_then(|n| self.kind(n)).map(Arc::clone);
        let status = f.require("status").and_then(|n| n.choice(d, &STATUSES));
        let aliases = f.get("aliases").map(|n| self.labels(n)).unwrap_or_default();
        let owner = f.with("owner", owner);
        let monitored = f.with("monitored", flag);
        let personal = f.with("personal", degree);
        let team = f.get("team").and_then(|n| self.team(n));
        let system = f.get("system").and_then(|n| self.system(n));
        let hours = f.get("hours").and_then(|n| hours(n, &self.calendar, d));
        let touchpoints = f.get("touchpoints").map(|n| self.parts(n)).unwrap_or_default();
        let meant_for = f.get("for").and_then(|n| self.meant_for(n));
        let promise = f.with("promise", promise);
        let cost = f.get("cost").map(|n| cost(n, d)).unwrap_or_default();
        let volume_per_year = f.with("volume", volume);
        let handle_s = f.with("handle", duration);
        let practices = f.get("practices").map(|n| practices(n, d)).unwrap_or_default();
        let links = f.get("links").map(|n| self.links(n, own));
        let identity = f.get("identity").and_then(|n| n.choice(d, &IDENTITIES).map(|v| at(n, v)));
        let lawful = f.get("lawful").and_then(|n| self.lawful(n));
        let protected = f.with("protected", protected);
        let contributes = f.get("contributes").map(|n| self.contributes(n)).unwrap_or_default();
        let second_choice = f.get("second_choice").map(|n| self.second_choice(n, own));
        let value_per_resolution = f.with("value_per_resolution", amount);
        let concurrency = f.with("concurrency", concurrency);
        let human_exit = f.get("human_exit").and_then(|n| self.human_exit(n, own));
        let accessible = f.with("accessible", flag);
        let plan = self.plan(&f, own, status);
        Some(Channel {
            id: id?,
            kind: kind?,
            status: status?,
            aliases,
            owner,
            monitored,
            personal,
            team,
            system,
            hours,
            touchpoints,
            meant_for,
            promise,
            cost,
            volume_per_year,
            handle_s,
            practices,
            links,
            identity,
            lawful,
            protected,
            contributes,
            second_choice,
            value_per_resolution,
            concurrency,
            human_exit,
            need: plan.need,
            replaces: plan.replaces,
            forecast: plan.forecast,
            new_demand_budget: plan.new_demand_budget,
            redirect: plan.redirect,
            budget_signed_by: plan.budget_signed_by,
            accessible,
            trial: plan.trial,
            changes: plan.changes,
            at: id_place(&f),
        })
    }

    /// A channel that is another one than the one that names it.
    pub(super) fn another(&self, word: &str, at: &Place, own: ChannelIx, what: &str) -> Option<ChannelIx> {
        let found = self.channel_named(word, at)?;
        if found != own {
            return Some(found);
        }
        self.d.push(
            Diagnostic::error(
                "names-itself",
                format!("`{}` cannot be {what} of its own", clean(word)),
                at.clone(),
            )
            .label("the same channel")
            .help("name another channel"),
        );
        None
    }

    fn parts(&self, node: &Node) -> Vec<(TouchpointIx, Located<Part>)> {
        let d = self.d;
        node.entries(d, "touchpoints with primary or secondary, such as { billing: primary }")
            .iter()
            .filter_map(|entry| {
                let touchpoint = self.touchpoints.find(&entry.key, &entry.key_at, d).map(TouchpointIx);
                let part = entry.value.choice(d, &PARTS).map(|part| at(&entry.value, part));
                Some((touchpoint?, part?))
            })
            .collect()
    }

    /// Segments it is meant for; an empty list means all, as if nothing were said.
    fn meant_for(&self, node: &Node) -> Option<Vec<SegmentIx>> {
        let items = node.items(self.d, "a list of segments");
        let mut segments: Vec<SegmentIx> = items.iter().filter_map(|item| self.segment(item)).collect();
        segments.sort_unstable();
        segments.dedup();
        (!items.is_empty()).then_some(segments)
    }

    fn links(&self, node: &Node, own: ChannelIx) -> Vec<Link> {
        let d = self.d;
        let mut seen: Vec<(ChannelIx, Place)> = Vec::new();
        let mut links = Vec::new();
        for item in node.items(d, "a list of links, such as [{ to: email, context: full }]") {
            let Some(f) = item.fields(d, "a link", &["to", "context"]) else { continue };
            let to = f
                .require("to")
                .and_then(|n| self.another(&n.text(d)?, &n.at, own, "a link").map(|to| (to, n.at.clone())));
            let context = f.require("context").and_then(|n| n.choice(d, &CONTEXTS).map(|v| at(n, v)));
            let (Some((to, place)), Some(context)) = (to, context) else { continue };
            if let Some((_, first)) = seen.iter().find(|(other, _)| *other == to) {
                d.push(
                    Diagnostic::error(
                        "duplicate-link",
                        format!("the link to `{}` is given twice", clean(self.channels.id(to.0))),
                        place,
                    )
                    .related(first.clone(), "first given here")
                    .help("keep one of them"),
                );
                continue;
            }
            seen.push((to, place));
            links.push(Link { to, context });
        }
        links
    }

    fn lawful(&self, node: &Node) -> Option<Located<Lawful>> {
        let d = self.d;
        let text = node.text(d)?;
        if let Some(date) = parse_date(&text) {
            super::values::not_after(&at(node, date), self.as_of, "this review", d);
            return Some(at(node, Lawful::Reviewed(date)));
        }
        let value = match (yes_or_no(node), text.as_str()) {
            (Some(true), _) => Lawful::Yes,
            (_, "refused") => Lawful::Refused,
            (_, "open") => Lawful::Open,
            _ => {
                let help = if yes_or_no(node) == Some(false) {
                    "write `refused` if the review said no, `open` if it is not finished"
                } else {
                    "write the date of the review (2026-01-15), or yes, refused or open"
                };
                d.push(
                    Diagnostic::error(
                        "unknown-word",
                        format!("`{}` is neither a date nor yes, refused or open", clean(&text)),
                        node.at.clone(),
                    )
                    .help(help),
                );
                return None;
            }
        };
        Some(at(node, value))
    }

    fn contributes(&self, node: &Node) -> Vec<(String, Located<f64>)> {
        let d = self.d;
        node.entries(d, "contributions to objectives, such as { retention: 0.6 }")
            .iter()
            .filter_map(|entry| {
                let known = self.objectives.find(&entry.key, &entry.key_at, d);
                let share = entry.value.share(d).map(|share| at(&entry.value, share));
                known?;
                Some((entry.key.clone(), share?))
            })
            .collect()
    }

    fn second_choice(&self, node: &Node, own: ChannelIx) -> Vec<(ChannelIx, f64)> {
        let (choices, shares) = self.shares_by_channel(node, own, "the second choice");
        at_most_one(&shares, "the second choices", "what is left of 1 are customers who go nowhere", self.d);
        choices.into_iter().map(|(channel, share)| (channel, share.value)).collect()
    }

    /// `{ channel: share }`, and the readable shares with their places.
    pub(super) fn shares_by_channel(
        &self,
        node: &Node,
        own: ChannelIx,
        what: &str,
    ) -> (Vec<(ChannelIx, Located<f64>)>, PlacedShares) {
        let d = self.d;
        let (mut by_channel, mut shares) = (Vec::new(), Vec::new());
        for entry in node.entries(d, "shares by channel, such as { phone: 0.5 }") {
            let channel = self.another(&entry.key, &entry.key_at, own, what);
            let Some(share) = entry.value.share(d) else { continue };
            shares.push((share, entry.value.at.clone()));
            if let Some(channel) = channel {
                by_channel.push((channel, at(&entry.value, share)));
            }
        }
        (by_channel, shares)
    }

    fn human_exit(&self, node: &Node, own: ChannelIx) -> Option<Located<HumanExit>> {
        let d = self.d;
        if matches!(node.kind, NodeKind::Map(_)) {
            let f = node.fields(d, "a way to a person", &["to"])?;
            let to = f.require("to")?;
            let exit = self.another(&to.text(d)?, &to.at, own, "the human exit")?;
            return Some(at(to, HumanExit::To(exit)));
        }
        match yes_or_no(node) {
            Some(true) => Some(at(node, HumanExit::Yes)),
            Some(false) => Some(at(node, HumanExit::No)),
            None => {
                d.push(
                    Diagnostic::error("wrong-type", "expected yes, no or { to: CHANNEL }", node.at.clone())
                        .help("for example human_exit: { to: phone }"),
                );
                None
            }
        }
    }
}

fn owner(node: &Node, d: &Diagnostics) -> Option<Located<Owner>> {
    let text = words(node, d)?;
    if text == "none" {
        return Some(at(node, Owner::None));
    }
    if let Some(flag) = yes_or_no(node) {
        d.push(
            Diagnostic::error(
                "wrong-type",
                format!("`{}` is not who owns it", clean(&text)),
                node.at.clone(),
            )
            .help(if flag {
                "name the person or role"
            } else {
                "write `owner: none` if it is known that nobody does"
            }),
        );
        return None;
    }
    Some(at(node, Owner::Named(text)))
}

fn degree(node: &Node, d: &Diagnostics) -> Option<Located<Degree>> {
    let value = match yes_or_no(node) {
        Some(true) => Degree::Yes,
        Some(false) => Degree::No,
        None => node.choice(d, &[("no", Degree::No), ("partly", Degree::Partly), ("yes", Degree::Yes)])?,
    };
    Some(at(node, value))
}

fn promise(node: &Node, d: &Diagnostics) -> Option<Located<Promise>> {
    let f = node.fields(d, "a promise", &["share", "within", "clock"])?;
    let share = f.require("share").and_then(|n| {
        let share = n.share(d)?;
        if share > 0.0 {
            return Some(share);
        }
        d.push(
            Diagnostic::error("out-of-range", "a promise to a share of 0 is none", n.at.clone())
                .help("leave `promise` out if there is none"),
        );
        None
    });
    let within = f.require("within").and_then(|n| duration(n, d));
    let open_clock =
        f.get("clock").and_then(|n| n.choice(d, &[("open", true), ("always", false)])).unwrap_or(false);
    let place = f.get("share").map_or_else(|| f.head(), |n| n.at.clone());
    Some(Located { value: Promise { share: share?, within_s: within?.value, open_clock }, at: place })
}

fn cost(node: &Node, d: &Diagnostics) -> Cost {
    let Some(f) = node.fields(d, "a cost", &["per_year", "per_contact", "one_off"]) else {
        return Cost::default();
    };
    Cost {
        per_year: f.with("per_year", amount),
        per_contact: f.with("per_contact", amount),
        one_off: f.with("one_off", amount),
    }
}

fn volume(node: &Node, d: &Diagnostics) -> Option<Located<Interval>> {
    let f = node.fields(d, "a volume", &["per_year"])?;
    let per_year = f.require("per_year")?;
    interval(per_year, d, 0.0, super::values::MOST, "a number of contacts a year, 0 or more")
        .map(|(value, _)| value)
}

fn practices(node: &Node, d: &Diagnostics) -> Practices {
    let known = ["knowledge_base", "training", "quality_checks", "back_up", "workflow"];
    let Some(f) = node.fields(d, "a list of practices", &known) else { return Practices::default() };
    Practices {
        knowledge_base: f.with("knowledge_base", flag),
        training: f.with("training", flag),
        quality_checks: f.with("quality_checks", flag),
        back_up: f.with("back_up", flag),
        workflow: f.with("workflow", flag),
    }
}

fn protected(node: &Node, d: &Diagnostics) -> Option<Located<Protected>> {
    if matches!(node.kind, NodeKind::Map(_)) {
        let f = node.fields(d, "a duty", &["by", "minimum"])?;
        let by = f.require("by").and_then(|n| words(n, d));
        let minimum = f.with("minimum", words);
        return Some(Located { value: Protected::Duty { by: by?, minimum }, at: f.head() });
    }
    let help = match (yes_or_no(node), node.raw()) {
        (Some(false), _) => return Some(at(node, Protected::No)),
        (_, Some("sole-access")) => return Some(at(node, Protected::SoleAccess)),
        (Some(true), _) => "say by what: protected: { by: \"the act\", minimum: \"what it asks\" }",
        _ => "for example protected: { by: \"the act\" }",
    };
    d.push(
        Diagnostic::error("wrong-type", "expected { by, minimum }, sole-access or no", node.at.clone())
            .help(help),
    );
    None
}

fn concurrency(node: &Node, d: &Diagnostics) -> Option<Concurrency> {
    let f = node.fields(d, "chats at once", &["max", "speed"])?;
    let max = f.get("max").map(|n| whole(n, d, 1, MAX_CHATS));
    let speed = f.get("speed").map(|n| speeds(n, d));
    match (max, speed) {
        (None, None) => {
            d.push(
                Diagnostic::error("missing-key", "chats at once need `max` or `speed`", f.head())
                    .help("for example concurrency: { max: 3, speed: [1, 1.7, 2.5] }"),
            );
            None
        }
        (Some(max), None) => Some(Concurrency { max: max?, speed: None }),
        (None, Some(speed)) => {
            let speed = speed?;
            let max = u32::try_from(speed.len()).ok().filter(|max| *max <= MAX_CHATS);
            Some(Concurrency { max: max?, speed: Some(speed) })
        }
        (Some(max), Some(speed)) => {
            let (max, speed) = (max?, speed?);
            if speed.len() < max as usize {
                short_speed(&f, max, speed.len(), d);
                return None;
            }
            Some(Concurrency { max, speed: Some(speed) })
        }
    }
}

fn short_speed(f: &Fields<'_>, max: u32, given: usize, d: &Diagnostics) {
    let place = f.get("speed").map_or_else(|| f.head(), |n| n.at.clone());
    d.push(
        Diagnostic::error("bad-speed", format!("{given} speeds for up to {max} chats at once"), place)
            .help(format!("give {max} speeds, for 1 to {max} chats; or leave `speed` out")),
    );
}

/// Speeds with 1, 2, … chats relative to one: the first is 1, none is below the one before.
fn speeds(node: &Node, d: &Diagnostics) -> Option<Vec<f64>> {
    let items = node.items(d, "a list of speeds, such as [1, 1.7, 2.5]");
    let mut speeds: Vec<f64> = Vec::new();
    let mut sound = !items.is_empty() && items.len() <= MAX_CHATS as usize;
    if !sound && matches!(node.kind, NodeKind::List(_)) {
        d.push(Diagnostic::error(
            "bad-speed",
            format!("give from 1 to {MAX_CHATS} speeds, found {}", items.len()),
            node.at.clone(),
        ));
    }
    for item in items.iter().take(MAX_CHATS as usize) {
        let Some(speed) = positive(item, d, "bad-speed", "a speed") else {
            sound = false;
            continue;
        };
        let wrong = match speeds.last() {
            None => (speed != 1.0).then(|| "the speed with one chat is 1".to_owned()),
            Some(before) => (speed < *before)
                .then(|| format!("{speed} is below {before}: more chats never slow the whole down")),
        };
        if let Some(message) = wrong {
            d.push(
                Diagnostic::error("bad-speed", message, item.at.clone())
                    .help("speeds are those of all chats together, relative to one: [1, 1.7, 2.5]"),
            );
            sound = false;
        }
        speeds.push(speed);
    }
    sound.then_some(speeds)
}
