//! Channels: what exists, what is proposed, and what their keys mean together.

use super::context::Context;
use super::people::{IDENTITIES, ROUNDING, round};
use super::values::{
    amount_range, date, error, hours, id, located, promise, seconds, sentence, share_range, texts, whole,
};
use crate::inventory::{
    Change, Channel, ChannelIx, Concurrency, Context as Carried, Cost, Degree, Evidence, Forecast, HumanExit,
    Inventory, Lawful, Link, NeedStatement, Owner, Part, Practices, Protected, Status, Trial,
};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Located, Place};
use crate::text::tree::{Diagnostics, Fields, Node, NodeKind, suggest};

const KEYS: [&str; 35] = [
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

/// Keys that say something about a channel which is not open yet, or only on trial.
const PROPOSALS: [&str; 8] =
    ["need", "replaces", "forecast", "new_demand_budget", "redirect", "budget_signed_by", "trial", "changes"];

pub(super) fn channels(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Channel> {
    let items = node.items(d, "a list of channels");
    if items.is_empty() && matches!(node.kind, NodeKind::List(_)) {
        error(
            d,
            node,
            "no-channels",
            "there is no channel",
            "list the channels, one `- { id, kind, status }` each",
        );
    }
    items.iter().filter_map(|item| channel(item, c, d)).collect()
}

fn channel(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Channel> {
    let fields = item.fields(d, "a channel", &KEYS)?;
    let name = fields.require("id").and_then(|n| id(n, d));
    let kind = fields.require("kind").and_then(|n| c.kind(n, d));
    let statuses = [
        ("active", Status::Active),
        ("candidate", Status::Candidate),
        ("pilot", Status::Pilot),
        ("retiring", Status::Retiring),
    ];
    let status = fields.require("status").and_then(|n| n.choice(d, &statuses));
    if matches!(status, Some(Status::Active | Status::Retiring)) {
        for key in PROPOSALS {
            if let Some(entry) = fields.entry(key) {
                d.push(
                    Diagnostic::warning(
                        "key-of-candidates",
                        format!("`{key}` is read of candidates and pilots only"),
                        entry.key_at.clone(),
                    )
                    .help("delete it, or set the status"),
                );
            }
        }
    }
    let at = fields.get("id").map_or_else(|| fields.head(), |n| n.at.clone());
    let flag = |key: &str| fields.with(key, |n, d| located(n, n.flag(d)));
    let amount = |key: &str| fields.with(key, |n, d| located(n, n.amount(d)));
    let degrees = [("no", Degree::No), ("partly", Degree::Partly), ("yes", Degree::Yes)];
    let channel = Channel {
        id: name.clone().unwrap_or_default(),
        aliases: fields.get("aliases").map(|n| texts(n, d)).unwrap_or_default(),
        owner: fields.with("owner", |n, d| {
            let owner = match n.raw() {
                Some("none" | "nobody") => Owner::None,
                _ => Owner::Named(sentence(n, d)?),
            };
            located(n, Some(owner))
        }),
        monitored: flag("monitored"),
        personal: fields.with("personal", |n, d| located(n, n.choice(d, &degrees))),
        team: fields.with("team", |n, d| c.team(n, d)),
        system: fields.with("system", |n, d| c.system(n, d)),
        hours: fields.with("hours", |n, d| located(n, hours(n, d, c.country.as_deref()))),
        touchpoints: touchpoints(&fields, c, d),
        meant_for: fields
            .get("for")
            .map(|n| {
                n.items(d, "a list of segments").iter().filter_map(|n| c.segment(n, d)).collect::<Vec<_>>()
            })
            .filter(|list| !list.is_empty()),
        promise: fields.with("promise", |n, d| located(n, promise(n, d))),
        cost: fields.with("cost", cost).unwrap_or_default(),
        volume_per_year: fields.with("volume", |n, d| {
            let fields = n.fields(d, "a volume", &["per_year"])?;
            let node = fields.require("per_year")?;
            located(node, amount_range(node, d).map(|(v, _)| v))
        }),
        handle_s: fields.with("handle", handle),
        practices: fields.with("practices", practices).unwrap_or_default(),
        links: fields.get("links").map(|n| links(n, c, d)),
        identity: fields.with("identity", |n, d| located(n, n.choice(d, &IDENTITIES))),
        lawful: fields.with("lawful", |n, d| located(n, lawful(n, d))),
        protected: fields.with("protected", |n, d| located(n, protected(n, d))),
        contributes: contributes(&fields, c, d),
        second_choice: fields.get("second_choice").map(|n| shares_of_channels(n, c, d)),
        value_per_resolution: amount("value_per_resolution"),
        concurrency: fields.with("concurrency", concurrency),
        human_exit: fields.with("human_exit", |n, d| located(n, human_exit(n, c, d))),
        need: fields.with("need", |n, d| located(n, need(n, d))),
        replaces: replaces(&fields, c, d),
        forecast: fields.with("forecast", |n, d| forecast(n, c, d)),
        new_demand_budget: amount("new_demand_budget"),
        redirect: redirect(&fields, c, d),
        budget_signed_by: fields.with("budget_signed_by", |n, d| located(n, sentence(n, d))),
        accessible: flag("accessible"),
        trial: fields.with("trial", |n, d| trial(n, c, d)),
        changes: fields.get("changes").map(|n| changes(n, d)),
        at,
        kind: kind?,
        status: status?,
    };
    name.map(|_| channel)
}

fn touchpoints(
    fields: &Fields<'_>,
    c: &Context<'_>,
    d: &Diagnostics,
) -> Vec<(crate::inventory::TouchpointIx, Located<Part>)> {
    let Some(node) = fields.get("touchpoints") else { return Vec::new() };
    node.entries(d, "touchpoints with primary or secondary")
        .iter()
        .filter_map(|e| {
            let touchpoint = c.touchpoint_named(&e.key, &e.key_at, d);
            let part = e.value.choice(d, &[("primary", Part::Primary), ("secondary", Part::Secondary)]);
            Some((touchpoint?, Located { value: part?, at: e.key_at.clone() }))
        })
        .collect()
}

fn handle(node: &Node, d: &Diagnostics) -> Option<Located<f64>> {
    let value = seconds(node, d)?;
    if value <= 0.0 || value > 86_400.0 * 5.0 {
        error(d, node, "out-of-range", "handling takes more than 0 s and at most 5 days", "for example 4m");
        return None;
    }
    located(node, Some(value))
}

fn cost(node: &Node, d: &Diagnostics) -> Option<Cost> {
    let fields = node.fields(d, "a cost", &["per_year", "per_contact", "one_off"])?;
    let amount = |key: &str| fields.with(key, |n, d| located(n, n.amount(d)));
    Some(Cost {
        per_year: amount("per_year"),
        per_contact: amount("per_contact"),
        one_off: amount("one_off"),
    })
}

fn practices(node: &Node, d: &Diagnostics) -> Option<Practices> {
    let keys = ["knowledge_base", "training", "quality_checks", "back_up", "workflow"];
    let fields = node.fields(d, "practices", &keys)?;
    let flag = |key: &str| fields.with(key, |n, d| located(n, n.flag(d)));
    Some(Practices {
        knowledge_base: flag("knowledge_base"),
        training: flag("training"),
        quality_checks: flag("quality_checks"),
        back_up: flag("back_up"),
        workflow: flag("workflow"),
    })
}

fn links(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Link> {
    let contexts = [("none", Carried::None), ("partial", Carried::Partial), ("full", Carried::Full)];
    let mut all: Vec<Link> = Vec::new();
    for item in node.items(d, "a list of links") {
        let Some(fields) = item.fields(d, "a link", &["to", "context"]) else { continue };
        let to = fields.require("to").and_then(|n| c.channel(n, d));
        let context = fields.require("context").and_then(|n| located(n, n.choice(d, &contexts)));
        let (Some(to), Some(context)) = (to, context) else { continue };
        if let Some(first) = all.iter().find(|l| l.to == to) {
            d.push(
                Diagnostic::error("duplicate-link", "a second link to the same channel", fields.head())
                    .related(first.context.at.clone(), "the first one")
                    .help("keep one of them"),
            );
            continue;
        }
        all.push(Link { to, context });
    }
    all
}

fn lawful(node: &Node, d: &Diagnostics) -> Option<Lawful> {
    match node.raw() {
        Some("yes" | "true") => Some(Lawful::Yes),
        Some("refused") => Some(Lawful::Refused),
        Some("open") => Some(Lawful::Open),
        Some(text) if text.starts_with(|c: char| c.is_ascii_digit()) => date(node, d).map(Lawful::Reviewed),
        _ => {
            error(
                d,
                node,
                "unknown-word",
                "expected the date of the review, yes, refused or open",
                "for example 2026-01-15; leave the key out if nobody knows",
            );
            None
        }
    }
}

fn protected(node: &Node, d: &Diagnostics) -> Option<Protected> {
    if matches!(node.kind, NodeKind::Map(_)) {
        let fields = node.fields(d, "a duty", &["by", "minimum"])?;
        let by = fields.require("by").and_then(|n| sentence(n, d));
        return Some(Protected::Duty { by: by?, minimum: fields.with("minimum", sentence) });
    }
    match node.raw() {
        Some("sole-access") => Some(Protected::SoleAccess),
        Some("no" | "false") => Some(Protected::No),
        _ => {
            error(
                d,
                node,
                "unknown-word",
                "expected { by, minimum }, sole-access or no",
                "for example { by: \"the act\", minimum: \"answer in 30 days\" }",
            );
            None
        }
    }
}

fn contributes(fields: &Fields<'_>, c: &Context<'_>, d: &Diagnostics) -> Vec<(String, Located<f64>)> {
    let Some(node) = fields.get("contributes") else { return Vec::new() };
    node.entries(d, "objectives with a share")
        .iter()
        .filter_map(|e| {
            let known = c.objective(&e.key, &e.key_at, d);
            let share = located(&e.value, e.value.share(d));
            known.and(share).map(|share| (e.key.clone(), share))
        })
        .collect()
}

/// Channels with shares that sum to 1 at most.
fn shares_of_channels(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<(ChannelIx, f64)> {
    let entries = node.entries(d, "channels with a share");
    let all: Vec<(ChannelIx, f64)> = entries
        .iter()
        .filter_map(|e| {
            let channel = c.channel_named(&e.key, &e.key_at, d);
            Some((channel?, e.value.share(d)?))
        })
        .collect();
    at_most_one(all.iter().map(|(_, s)| *s).sum(), entries.first().map(|e| &e.key_at), d);
    all
}

fn at_most_one(total: f64, at: Option<&Place>, d: &Diagnostics) {
    if total > 1.0 + ROUNDING
        && let Some(at) = at
    {
        d.push(
            Diagnostic::error(
                "shares-do-not-sum",
                format!("these shares sum to {}", round(total)),
                at.clone(),
            )
            .help("they sum to 1 at most"),
        );
    }
}

fn concurrency(node: &Node, d: &Diagnostics) -> Option<Concurrency> {
    let fields = node.fields(d, "talks at once", &["max", "speed"])?;
    let speed = fields.with("speed", |n, d| {
        let items = n.items(d, "speeds with 1, 2, … talks, such as [1, 1.7, 2.5]");
        let speed: Vec<f64> =
            items.iter().filter_map(|n| n.number_in(d, 0.01, 100.0, "a speed above 0")).collect();
        let rising = speed.windows(2).all(|pair| pair[0] <= pair[1]);
        if speed.first().is_some_and(|first| (first - 1.0).abs() > 1e-9) || !rising {
            error(
                d,
                n,
                "bad-speeds",
                "speeds start at 1 and do not fall",
                "the speed with one talk is 1; with two talks, for example, 1.7",
            );
            return None;
        }
        (!speed.is_empty()).then_some(speed)
    });
    let max = match fields.get("max") {
        Some(n) => whole(n, d, 1, 50)?,
        None => u32::try_from(speed.as_ref().map_or(1, Vec::len)).unwrap_or(1),
    };
    if let Some(speed) = &speed
        && speed.len() < max as usize
        && let Some(n) = fields.get("speed")
    {
        error(
            d,
            n,
            "bad-speeds",
            format!("{} speeds for up to {max} talks", speed.len()),
            "give one speed for each number of talks",
        );
    }
    Some(Concurrency { max, speed })
}

fn human_exit(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<HumanExit> {
    if matches!(node.kind, NodeKind::Map(_)) {
        let fields = node.fields(d, "a way to a person", &["to"])?;
        return fields.require("to").and_then(|n| c.channel(n, d)).map(HumanExit::To);
    }
    match node.as_flag() {
        Some(true) => Some(HumanExit::Yes),
        Some(false) => Some(HumanExit::No),
        None => {
            error(
                d,
                node,
                "unknown-word",
                "expected { to: a channel }, yes or no",
                "for example { to: phone }",
            );
            None
        }
    }
}

fn need(node: &Node, d: &Diagnostics) -> Option<NeedStatement> {
    let fields = node.fields(d, "a need", &["why", "evidence", "source"])?;
    let why = fields.require("why").and_then(|n| sentence(n, d));
    let words = [("needed", Evidence::Needed), ("wanted", Evidence::Wanted), ("none", Evidence::None)];
    let evidence = fields.require("evidence").and_then(|n| n.choice(d, &words));
    Some(NeedStatement { why: why?, evidence: evidence?, source: fields.with("source", sentence) })
}

fn replaces(fields: &Fields<'_>, c: &Context<'_>, d: &Diagnostics) -> Vec<Located<ChannelIx>> {
    match fields.get("replaces") {
        None => Vec::new(),
        Some(node @ Node { kind: NodeKind::List(_), .. }) => {
            node.items(d, "channels").iter().filter_map(|n| located(n, c.channel(n, d))).collect()
        }
        Some(node) => located(node, c.channel(node, d)).into_iter().collect(),
    }
}

fn forecast(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Forecast> {
    let fields = node.fields(d, "a forecast", &["contacts_per_year", "from", "handle", "resolution"])?;
    let contacts = fields.with("contacts_per_year", |n, d| {
        let (range, given) = amount_range(n, d)?;
        Some((Located { value: range, at: n.at.clone() }, given))
    });
    let mut from = Vec::new();
    if let Some(node) = fields.get("from") {
        for e in node.entries(d, "channels with the share of the forecast that comes from them") {
            let channel = c.channel_named(&e.key, &e.key_at, d);
            let share = located(&e.value, e.value.share(d));
            if let (Some(channel), Some(share)) = (channel, share) {
                from.push((channel, share));
            }
        }
        let first = node.entries(&Diagnostics::default(), "").first().map(|e| e.key_at.clone());
        at_most_one(from.iter().map(|(_, s)| s.value).sum(), first.as_ref(), d);
    }
    Some(Forecast {
        contacts_given_as_interval: contacts.as_ref().is_some_and(|(_, given)| *given),
        contacts_per_year: contacts.map(|(contacts, _)| contacts),
        from,
        handle_s: fields.with("handle", handle),
        resolution: fields.with("resolution", |n, d| located(n, share_range(n, d).map(|(r, _)| r))),
        at: fields.head(),
    })
}

fn redirect(fields: &Fields<'_>, c: &Context<'_>, d: &Diagnostics) -> Vec<(ChannelIx, Located<ChannelIx>)> {
    let Some(node) = fields.get("redirect") else { return Vec::new() };
    node.entries(d, "channels that are replaced, each with where its contacts go")
        .iter()
        .filter_map(|e| {
            let from = c.channel_named(&e.key, &e.key_at, d);
            let to = located(&e.value, c.channel(&e.value, d));
            Some((from?, to?))
        })
        .collect()
}

fn trial(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Trial> {
    let fields = node.fields(d, "a trial", &["touchpoint", "weeks", "metric", "goal", "stop"])?;
    let metric = fields.with("metric", |n, d| {
        let text = n.text(d)?;
        if c.indicators.contains(&text.as_str()) {
            return Some(text);
        }
        let help = suggest(&text, c.indicators.iter().copied()).map_or_else(
            || "`chanfolio explain` lists the indicators".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        error(d, n, "unknown-reference", format!("no indicator is called `{}`", clean(&text)), help);
        None
    });
    let share = |key: &str| fields.with(key, Node::number);
    let (goal, stop) = (share("goal"), share("stop"));
    if let (Some(goal), Some(stop), Some(n)) = (goal, stop, fields.get("stop"))
        && stop >= goal
        && metric.as_deref() != Some("false-containment")
    {
        error(
            d,
            n,
            "stop-above-goal",
            format!("the stop {stop} is not below the goal {goal}"),
            "the trial ends below `stop` and has done well from `goal` on",
        );
    }
    Some(Trial {
        touchpoint: fields.with("touchpoint", |n, d| c.touchpoint(n, d)),
        weeks: fields.with("weeks", |n, d| whole(n, d, 1, 520)),
        metric,
        goal,
        stop,
        at: fields.head(),
    })
}

fn changes(node: &Node, d: &Diagnostics) -> Vec<Change> {
    let mut all = Vec::new();
    for e in node.entries(d, "what changes elsewhere, each with yes or no") {
        let done = match e.value.raw() {
            Some("briefed" | "done") => Some(true),
            _ => e.value.flag(d),
        };
        if let Some(done) = done {
            all.push(Change { id: e.key.clone(), done, at: e.key_at.clone() });
        }
    }
    all
}

/// What several channels say together.
pub(super) fn check_together(inventory: &Inventory, d: &Diagnostics) {
    labels(inventory, d);
    for kind in &inventory.absent {
        if let Some(channel) = inventory
            .channels
            .iter()
            .find(|c| c.kind.id == kind.value.id && matches!(c.status, Status::Active | Status::Pilot))
        {
            d.push(
                Diagnostic::error(
                    "absent-but-listed",
                    format!("`{}` is said not to exist here", kind.value.id),
                    kind.at.clone(),
                )
                .related(channel.at.clone(), "this channel is of that kind")
                .help("take it out of `absent`, or correct the channel"),
            );
        }
    }
    for channel in &inventory.channels {
        let Some(forecast) = &channel.forecast else { continue };
        for replaced in &channel.replaces {
            let other = inventory.channel(replaced.value);
            if std::ptr::eq(other, channel) || other.status == Status::Candidate {
                d.push(
                    Diagnostic::error(
                        "replaces-nothing",
                        format!("`{}` is not open", clean(&other.id)),
                        replaced.at.clone(),
                    )
                    .related(other.at.clone(), "it is this one")
                    .help("a candidate replaces a channel that is in use"),
                );
            }
        }
        overdrawn(inventory, forecast, d);
    }
}

/// A forecast that takes more from a source than the source is declared to have.
fn overdrawn(inventory: &Inventory, forecast: &Forecast, d: &Diagnostics) {
    let Some(contacts) = &forecast.contacts_per_year else { return };
    for (from, share) in &forecast.from {
        let source = inventory.channel(*from);
        let Some(volume) = &source.volume_per_year else { continue };
        let taken = contacts.value.low * share.value;
        if taken > volume.value.high * (1.0 + ROUNDING) {
            d.push(
                Diagnostic::error(
                    "forecast-overdraws",
                    format!(
                        "{} of the forecast are {taken:.0} contacts a year, but `{}` has {:.0}",
                        share.value,
                        clean(&source.id),
                        volume.value.high
                    ),
                    share.at.clone(),
                )
                .related(volume.at.clone(), "its volume")
                .help("lower the share or the forecast; what comes from nowhere else is new demand"),
            );
        }
    }
}

/// A label of the logs belongs to one channel.
fn labels(inventory: &Inventory, d: &Diagnostics) {
    let mut seen: Vec<(String, &Channel)> = Vec::new();
    for channel in &inventory.channels {
        let own = std::iter::once(&channel.id).chain(&channel.aliases);
        for label in own {
            let lower = label.trim().to_lowercase();
            match seen.iter().find(|(known, _)| *known == lower) {
                Some((_, first))
                    if !std::ptr::eq(*first, channel)
                        && first.id.to_lowercase() != channel.id.to_lowercase() =>
                {
                    d.push(
                        Diagnostic::error(
                            "duplicate-label",
                            format!("the label `{}` belongs to two channels", clean(label)),
                            channel.at.clone(),
                        )
                        .related(first.at.clone(), "to this one first")
                        .help("a label of the logs names one channel; case does not tell labels apart"),
                    );
                }
                _ => seen.push((lower, channel)),
            }
        }
    }
}
