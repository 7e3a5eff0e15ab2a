//! Customers and those who answer them: segments, touchpoints, surveys, test contacts, teams, systems.

use super::context::Context;
use super::top::past;
use super::values::{date, error, hours, id, located, range, sentence, share_range, whole};
use crate::inventory::{Identity, Mystery, Need, RosterLine, Segment, Survey, System, Team, Touchpoint};
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::Located;
use crate::text::tree::{Diagnostics, Node};

/// Shares that are written down sum to 1 within this.
pub(super) const ROUNDING: f64 = 0.005;

/// Languages by their primary tag, lower case.
pub(super) fn languages(node: &Node, d: &Diagnostics) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for item in node.items(d, "a list of languages, such as [it, de]") {
        let Some(text) = item.text(d) else { continue };
        let tag = text.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        if !(2..=3).contains(&tag.len()) || !tag.bytes().all(|b| b.is_ascii_lowercase()) {
            let message = format!("`{}` is no language", clean(&text));
            error(d, item, "bad-code", message, "write a language code, such as it or de");
        } else if !all.contains(&tag) {
            all.push(tag);
        }
    }
    all
}

pub(super) fn segments(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Segment> {
    let all: Vec<Segment> =
        node.items(d, "a list of segments").iter().filter_map(|item| segment(item, c, d)).collect();
    let shares: Vec<f64> = all.iter().filter_map(|s| s.share).collect();
    let total: f64 = shares.iter().sum();
    let complete = shares.len() == all.len() && !all.is_empty();
    if total > 1.0 + ROUNDING || (complete && total < 1.0 - ROUNDING) {
        let at = all.first().map_or_else(|| node.at.clone(), |s| s.at.clone());
        d.push(
            Diagnostic::error(
                "shares-do-not-sum",
                format!("the segments' shares sum to {}", round(total)),
                at,
            )
            .help("shares of all segments sum to 1; a customer belongs to one segment"),
        );
    }
    all
}

/// At most three decimals, without trailing zeros.
pub(super) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

fn segment(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Segment> {
    let fields = item.fields(d, "a segment", &["id", "share", "uses", "languages"])?;
    let name = fields.require("id").and_then(|n| id(n, d));
    let mut uses = Vec::new();
    if let Some(node) = fields.get("uses") {
        for entry in node.entries(d, "kinds or groups with the share that uses them") {
            let of = c.use_of(&entry.key, &entry.key_at, d);
            let share = share_range(&entry.value, d);
            if let (Some(of), Some((share, _))) = (of, share) {
                uses.push((of, Located { value: share, at: entry.value.at.clone() }));
            }
        }
    }
    Some(Segment {
        id: name?,
        share: fields.with("share", Node::share),
        uses,
        languages: fields.get("languages").map(|n| languages(n, d)).unwrap_or_default(),
        at: fields.get("id").map_or_else(|| fields.head(), |n| n.at.clone()),
    })
}

const NEEDS: [(&str, Need); 6] = [
    ("identity", Need::Identity),
    ("documents", Need::Documents),
    ("dialogue", Need::Dialogue),
    ("payment", Need::Payment),
    ("urgency", Need::Urgency),
    ("private-place", Need::PrivatePlace),
];

/// The words of identity.
pub(super) const IDENTITIES: [(&str, Identity); 4] = [
    ("none", Identity::None),
    ("weak", Identity::Weak),
    ("medium", Identity::Medium),
    ("strong", Identity::Strong),
];

pub(super) fn touchpoints(node: &Node, d: &Diagnostics) -> Vec<Touchpoint> {
    let keys = ["id", "stage", "importance", "needs", "identity", "bursts", "expected_contacts"];
    node.items(d, "a list of touchpoints")
        .iter()
        .filter_map(|item| {
            let fields = item.fields(d, "a touchpoint", &keys)?;
            let name = fields.require("id").and_then(|n| id(n, d));
            let needs = fields.get("needs").map(|n| {
                let mut needs: Vec<Need> =
                    n.items(d, "a list of needs").iter().filter_map(|n| n.choice(d, &NEEDS)).collect();
                needs.dedup();
                needs
            });
            Some(Touchpoint {
                id: name?,
                stage: fields.with("stage", sentence),
                importance: fields
                    .with("importance", |n, d| n.number_in(d, 1.0, 5.0, "an importance from 1 to 5")),
                needs,
                identity: fields.with("identity", |n, d| n.choice(d, &IDENTITIES)),
                bursts: fields.with("bursts", Node::flag).unwrap_or(false),
                expected_contacts: fields.with("expected_contacts", |n, d| whole(n, d, 1, 100)).unwrap_or(1),
                at: fields.get("id").map_or_else(|| fields.head(), |n| n.at.clone()),
            })
        })
        .collect()
}

pub(super) fn surveys(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Survey> {
    node.items(d, "a list of surveys").iter().filter_map(|item| survey(item, c, d)).collect()
}

fn survey(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Survey> {
    let keys = ["touchpoint", "sample", "date", "answers", "ease", "choose"];
    let fields = item.fields(d, "a survey", &keys)?;
    let touchpoint = fields.get("touchpoint").map(|n| c.touchpoint(n, d));
    let sample = fields.require("sample").and_then(|n| whole(n, d, 1, 100_000_000));
    let multiple_answers =
        fields.with("answers", |n, d| n.choice(d, &[("single", false), ("multiple", true)])).unwrap_or(false);
    let shares = |key: &str| {
        let mut all = Vec::new();
        if let Some(node) = fields.get(key) {
            for entry in node.entries(d, "channels, kinds or groups with a share") {
                let target = c.survey_target(&entry.key, &entry.key_at, d);
                if let (Some(target), Some(share)) = (target, entry.value.share(d)) {
                    all.push((target, share));
                }
            }
        }
        all
    };
    let (ease, choose) = (shares("ease"), shares("choose"));
    let total: f64 = choose.iter().map(|(_, s)| s).sum();
    if !multiple_answers && total > 1.0 + ROUNDING {
        let at = fields.entry("choose").map_or_else(|| fields.head(), |e| e.key_at.clone());
        d.push(
            Diagnostic::error("shares-do-not-sum", format!("these shares sum to {}", round(total)), at)
                .help("with one answer each they sum to 1 at most; write `answers: multiple` if customers could name several"),
        );
    }
    if touchpoint == Some(None) {
        return None;
    }
    Some(Survey {
        touchpoint: touchpoint.flatten(),
        sample: sample?,
        date: fields.with("date", |n, d| past(n, c, d)),
        multiple_answers,
        ease,
        choose,
        at: fields.head(),
    })
}

pub(super) fn mystery(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Mystery> {
    node.items(d, "a list of test contacts").iter().filter_map(|item| test_contacts(item, c, d)).collect()
}

fn test_contacts(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Mystery> {
    let keys = ["channel", "touchpoint", "date", "contacts", "right", "same_tone", "switched", "repeated"];
    let fields = item.fields(d, "a round of test contacts", &keys)?;
    let channel = fields.require("channel").and_then(|n| c.channel(n, d));
    let contacts = fields.require("contacts").and_then(|n| whole(n, d, 1, 1_000_000));
    let most = contacts.unwrap_or(1_000_000);
    let of = |key: &str, most: u32| fields.with(key, |n, d| whole(n, d, 0, most));
    let switched = of("switched", most);
    Some(Mystery {
        channel: channel?,
        touchpoint: fields.with("touchpoint", |n, d| c.touchpoint(n, d)),
        date: fields.with("date", |n, d| past(n, c, d)),
        contacts: contacts?,
        right: of("right", most),
        same_tone: of("same_tone", most),
        switched,
        repeated: of("repeated", switched.unwrap_or(most)),
        at: fields.head(),
    })
}

pub(super) fn teams(node: &Node, c: &Context<'_>, d: &Diagnostics) -> Vec<Team> {
    node.items(d, "a list of teams").iter().filter_map(|item| team(item, c, d)).collect()
}

fn team(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<Team> {
    let keys = [
        "id",
        "partner",
        "people",
        "contract_hours",
        "hours",
        "roster",
        "shrinkage",
        "languages",
        "cost_per_hour",
        "capacity_per_hour",
        "price_per_contact",
        "until",
    ];
    let fields = item.fields(d, "a team", &keys)?;
    let name = fields.require("id").and_then(|n| id(n, d));
    let people = fields.with("people", |n, d| {
        let (people, _) = range(n, d, 0.0, 1e6, "a number of people")?;
        if people.low <= 0.0 {
            error(
                d,
                n,
                "no-people",
                "a team with 0 people answers nobody",
                "write how many people are under contract, or leave `people` out if nobody knows",
            );
            return None;
        }
        located(n, Some(people))
    });
    let roster = fields
        .get("roster")
        .map(|n| n.items(d, "lines of a roster").iter().filter_map(|n| roster_line(n, c, d)).collect())
        .unwrap_or_default();
    Some(Team {
        id: name?,
        partner: fields.with("partner", Node::flag).unwrap_or(false),
        people,
        contract_hours: fields
            .with("contract_hours", |n, d| n.number_in(d, 1.0, 80.0, "hours a week from 1 to 80")),
        hours: fields.with("hours", |n, d| located(n, hours(n, d, c.country.as_deref()))),
        roster,
        shrinkage: fields.with("shrinkage", |n, d| n.number_in(d, 0.0, 0.95, "a share from 0 to 0.95")),
        languages: fields.get("languages").map(|n| Located { value: languages(n, d), at: n.at.clone() }),
        cost_per_hour: fields.with("cost_per_hour", |n, d| located(n, n.amount(d))),
        capacity_per_hour: fields.with("capacity_per_hour", Node::amount),
        price_per_contact: fields.with("price_per_contact", Node::amount),
        until: fields.with("until", |n, d| located(n, date(n, d))),
        at: fields.get("id").map_or_else(|| fields.head(), |n| n.at.clone()),
    })
}

fn roster_line(item: &Node, c: &Context<'_>, d: &Diagnostics) -> Option<RosterLine> {
    let fields = item.fields(d, "a line of a roster", &["hours", "people"])?;
    let hours = fields.require("hours").and_then(|n| hours(n, d, c.country.as_deref()));
    let people = fields.require("people").and_then(|n| n.number_in(d, 0.0, 1e6, "a number of people"));
    Some(RosterLine { hours: hours?, people: people?, at: fields.head() })
}

pub(super) fn systems(node: &Node, d: &Diagnostics) -> Vec<System> {
    node.items(d, "a list of systems")
        .iter()
        .filter_map(|item| {
            let fields = item.fields(d, "a system", &["id", "shares_history", "cost_per_year"])?;
            let name = fields.require("id").and_then(|n| id(n, d));
            Some(System {
                id: name?,
                shares_history: fields.with("shares_history", Node::flag),
                cost_per_year: fields.with("cost_per_year", Node::amount),
                at: fields.get("id").map_or_else(|| fields.head(), |n| n.at.clone()),
            })
        })
        .collect()
}
