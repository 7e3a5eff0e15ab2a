//! Gates, verdicts, findings and defaults: words and named numbers for rules that are coded.
//!
//! Owns which gates, calls, codes and numbers the program reads: a file that lacks one, or offers
//! one that nothing reads, is reported.

use super::values::{Needed, Seen, id, interval, missing_number, numbers, remedy, sentence, whole, words};
use crate::criteria::{CallWords, Defaults, FindingKind, Gate, GateGroup, Needs, Verdicts, Words};
use crate::inventory::Evidence;
use crate::text::clean;
use crate::text::diagnostic::{Diagnostic, Severity};
use crate::text::source::Place;
use crate::text::tree::{Diagnostics, Node, suggest};

/// Coded gates, with the numbers that each reads.
const GATES: [(&str, &[Needed]); 12] = [
    ("lawful", &[]),
    ("identity", &[]),
    ("human-exit", &[]),
    ("accessible", &[]),
    ("census", &[("tally_days", 1.0, 366.0)]),
    (
        "staffed",
        &[
            ("coverage", 0.0, 1.0),
            ("promise_share", 0.0, 1.0),
            ("lost_factor", 1.0, 100.0),
            ("two_hours_share", 0.0, 1.0),
            ("hours", 1.0, 24.0),
        ],
    ),
    ("context", &[]),
    ("rethought", &[]),
    ("budget", &[]),
    ("replaces-or-new", &[]),
    ("active", &[]),
    ("protected", &[("sole_share", 0.0, 1.0), ("sole_contacts", 1.0, 1000.0)]),
];

/// The words of a gate's group.
pub(crate) const GROUPS: [(&str, GateGroup); 4] = [
    ("safety", GateGroup::Safety),
    ("readiness", GateGroup::Readiness),
    ("running", GateGroup::Running),
    ("fact", GateGroup::Fact),
];

/// Numbers that the rules of verdicts, moments and roles read.
const VERDICT_NUMBERS: [Needed; 26] = [
    ("threshold", 0.0, 100.0),
    ("known_share", 0.0, 1.0),
    ("before_opening", 0.0, 1.0),
    ("nothing_unique", 0.0, 1.0),
    ("covers", 0.0, 1.0),
    ("overlap_share", 0.0, 1.0),
    ("uses_overlap", 0.0, 1.0),
    ("absorption_points", 0.0, 100.0),
    ("critical_importance", 1.0, 5.0),
    ("critical_ends_well", 0.0, 1.0),
    ("critical_satisfaction", 0.0, 1.0),
    ("adds_value_ends_well", 0.0, 1.0),
    ("adds_value_satisfaction", 0.0, 1.0),
    ("crowding_channels", 1.0, 100.0),
    ("crowding_share", 0.0, 1.0),
    ("white_space_rivals", 0.0, 1.0),
    ("white_space_asked", 0.0, 1.0),
    ("door", 0.0, 100.0),
    ("resolver", 0.0, 100.0),
    ("bridge", 0.0, 1.0),
    ("leak", 0.0, 1.0),
    ("self_contained", 0.0, 1.0),
    ("band_solid", 0.0, 1.0),
    ("band_likely", 0.0, 1.0),
    ("redirect_least", 0.0, 1.0),
    ("near_factor", 1.0, 100.0),
];

/// Verdicts that have words of their own.
const CALLS: [&str; 21] = [
    "keep",
    "keep-duty",
    "keep-unproven",
    "keep-rehouse",
    "fix",
    "fix-duty",
    "merge",
    "drop",
    "stop-trial",
    "retire",
    "add",
    "make-permanent",
    "pilot",
    "extend-trial",
    "defer",
    "ask",
    "reject",
    "answered",
    "answered-unproven",
    "answer-it",
    "start-listening",
];

/// Other words that reports take from here.
const WORDS: [&str; 39] = [
    "axis-worth",
    "axis-delivery",
    "axis-delivery-candidate",
    "axis-worth-short",
    "axis-delivery-short",
    "duty",
    "provisional",
    "band-solid",
    "band-likely",
    "band-contested",
    "moment-critical",
    "moment-sound",
    "moment-adds-value",
    "moment-unknown",
    "role-door",
    "role-resolver",
    "role-bridge",
    "role-leak",
    "role-self-contained",
    "grade-measured",
    "grade-sampled",
    "grade-declared",
    "grade-estimated",
    "grade-assumed",
    "grade-unknown",
    "grade-not-applicable",
    "effort-small",
    "effort-medium",
    "effort-large",
    "outcome-pass",
    "outcome-fail",
    "outcome-unknown",
    "status-active",
    "status-candidate",
    "status-pilot",
    "status-retiring",
    "group-safety",
    "group-readiness",
    "group-running",
];

/// Coded findings, with the numbers that each reads.
const FINDINGS: [(&str, &[Needed]); 43] = [
    ("missing-owner", &[]),
    ("silent-channel", &[]),
    ("unlisted-channel", &[]),
    ("unlisted-touchpoint", &[("share", 0.0, 1.0)]),
    ("unanswered-channel", &[]),
    ("unknown-kinds", &[]),
    ("no-promise", &[]),
    ("promise-missed", &[]),
    ("lost-callers", &[]),
    ("understaffed-hours", &[]),
    ("roster-on-paper", &[("points", 0.0, 100.0), ("share", 0.0, 1.0), ("weeks", 1.0, 1000.0)]),
    ("alone-hours", &[("people", 1.0, 100.0)]),
    ("closed-while-demanded", &[("share", 0.0, 1.0)]),
    ("no-human-exit", &[]),
    ("false-containment", &[]),
    ("identity-too-weak", &[]),
    ("not-lawful", &[]),
    ("duty-unanswered", &[]),
    ("no-context-link", &[("share", 0.0, 1.0)]),
    ("duplicated-channel", &[]),
    ("touchpoint-without-channel", &[]),
    ("segment-without-channel", &[]),
    ("crowded-touchpoint", &[]),
    ("asked-for-and-missing", &[]),
    ("system-sprawl", &[("systems", 1.0, 1000.0)]),
    ("survey-missing-or-old", &[("years", 0.0, 100.0)]),
    ("rivals-old", &[("years", 0.0, 100.0)]),
    ("candidate-without-need", &[]),
    ("candidate-without-replacement-or-budget", &[]),
    ("candidate-not-rethought", &[]),
    ("candidate-over-budget", &[]),
    ("pilot-without-stop-rule", &[]),
    ("retiring-but-needed", &[]),
    ("partner-contract-ending", &[("days", 0.0, 3660.0)]),
    ("verdict-changed", &[]),
    ("score-worse", &[("points", 0.0, 100.0)]),
    ("evidence-older-than", &[("years", 0.0, 100.0)]),
    ("waiver-expired", &[]),
    ("waiver-unused", &[]),
    ("log-older-than", &[("days", 0.0, 3660.0)]),
    ("rejected-rows-high", &[("share", 0.0, 1.0)]),
    ("low-id-coverage", &[]),
    ("reasons-mostly-missing", &[]),
];

/// The words of what a finding's rule reads.
pub(crate) const NEEDS: [(&str, Needs); 4] = [
    ("inventory", Needs::Inventory),
    ("logs", Needs::Logs),
    ("either", Needs::Either),
    ("baseline", Needs::Baseline),
];

/// Numbers of `defaults.yaml` that have no field of their own.
const DEFAULT_NUMBERS: [Needed; 24] = [
    ("bootstrap_draws", 100.0, 100_000.0),
    ("cost_gap", 0.0, 1.0),
    ("partly", 0.0, 1.0),
    ("context_full", 0.0, 1.0),
    ("context_partial", 0.0, 1.0),
    ("context_none", 0.0, 1.0),
    ("context_unshared", 0.0, 1.0),
    ("estimate_span", 0.0, 1.0),
    ("estimate_factor_low", 0.0, 1.0),
    ("estimate_factor_high", 1.0, 100.0),
    ("benchmark_years", 0.0, 100.0),
    ("benchmark_widening", 1.0, 100.0),
    ("worst_month_share", 0.0, 1.0),
    ("trend_weeks", 1.0, 520.0),
    ("season_days", 1.0, 3660.0),
    ("one_off_years", 1.0, 100.0),
    ("heavy_reason_blank", 0.0, 1.0),
    ("shared_reasons", 0.0, 1.0),
    ("few_people", 0.0, 100.0),
    ("worst_hours", 1.0, 168.0),
    ("bad_week", 0.0, 1.0),
    ("max_rejects", 0.0, 1.0),
    ("weeks_per_year", 52.0, 53.0),
    ("secondary_part", 0.0, 1.0),
];

/// Reports an id that nothing in the program reads.
fn unread(what: &str, name: &str, known: &[&str], at: &Place, d: &Diagnostics) {
    let diagnostic =
        Diagnostic::error("unknown-id", format!("no {what} is called `{}`", clean(name)), at.clone());
    d.push(diagnostic.help(match suggest(name, known.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("known: {}", known.join(", ")),
    }));
}

/// Reports what the program needs and the file lacks.
fn absent(what: &str, needed: &[&str], seen: &Seen, at: &Place, d: &Diagnostics) {
    for name in needed.iter().filter(|name| !seen.has(name)) {
        d.push(
            Diagnostic::error("missing-id", format!("the {what} `{name}` is not there"), at.clone())
                .help("copy it from the project's own `criteria/`"),
        );
    }
}

/// `gates.yaml`.
pub(super) fn gates(node: &Node, d: &Diagnostics) -> Vec<Gate> {
    let Some(fields) = node.fields(d, "the file of gates", &["gates"]) else { return Vec::new() };
    let Some(list) = fields.require("gates") else { return Vec::new() };
    let known = GATES.map(|(id, _)| id);
    let mut seen = Seen::default();
    let mut gates = Vec::new();
    for item in list.items(d, "a list of gates") {
        let keys = ["id", "group", "title", "question", "remedy", "who", "numbers", "source"];
        let Some(fields) = item.fields(d, "a gate", &keys) else { continue };
        let name = fields.require("id").and_then(|n| {
            let name = id(n, d)?;
            seen.check("gate", &name, &n.at, d);
            if !known.contains(&name.as_str()) {
                unread("gate", &name, &known, &n.at, d);
            }
            Some(name)
        });
        let group = fields.require("group").and_then(|n| n.choice(d, &GROUPS));
        let title = fields.require("title").and_then(|n| words(n, d));
        let question = fields.require("question").and_then(|n| words(n, d));
        let remedy = fields.require("remedy").and_then(|n| remedy(n, d));
        let who = fields.require("who").and_then(|n| words(n, d));
        let source = fields.require("source").and_then(|n| sentence(n, d));
        let needed =
            name.as_deref().and_then(|n| GATES.iter().find(|(id, _)| *id == n)).map_or(&[][..], |(_, n)| n);
        let numbers = named_numbers(fields.get("numbers"), "this gate", needed, &fields.head(), d);
        let gate = (|| {
            Some(Gate {
                id: name?,
                group: group?,
                title: title?,
                question: question?,
                remedy: remedy?,
                who: who?,
                numbers,
                source: source?,
            })
        })();
        gates.extend(gate);
    }
    absent("gate", &known, &seen, &list.at, d);
    gates
}

/// The `numbers` of a gate or finding; where the key is absent, those needed are reported.
fn named_numbers(
    node: Option<&Node>,
    what: &str,
    needed: &[Needed],
    head: &Place,
    d: &Diagnostics,
) -> Vec<(String, f64)> {
    if let Some(node) = node {
        return numbers(node, what, needed, d);
    }
    for (name, ..) in needed {
        missing_number(what, name, head.clone(), d);
    }
    Vec::new()
}

/// `verdicts.yaml`.
pub(super) fn verdicts(node: &Node, d: &Diagnostics) -> Option<Verdicts> {
    let fields = node.fields(d, "the file of verdicts", &["numbers", "calls", "words"])?;
    let numbers = fields.require("numbers").map(|n| numbers(n, "the verdicts", &VERDICT_NUMBERS, d));
    let calls = fields.require("calls").map(|list| calls(list, d));
    let words = fields.require("words").map(|node| other_words(node, d));
    Some(Verdicts { numbers: numbers?, calls: calls?, words: words? })
}

fn calls(list: &Node, d: &Diagnostics) -> Vec<CallWords> {
    let mut seen = Seen::default();
    let mut calls = Vec::new();
    for item in list.items(d, "a list of calls") {
        let Some(fields) = item.fields(d, "a call", &["id", "short", "sentence", "rule"]) else { continue };
        let name = fields.require("id").and_then(|n| {
            let name = id(n, d)?;
            seen.check("call", &name, &n.at, d);
            if !CALLS.contains(&name.as_str()) {
                unread("call", &name, &CALLS, &n.at, d);
            }
            Some(name)
        });
        let short = fields.require("short").and_then(|n| words(n, d));
        let sentence = fields.require("sentence").and_then(|n| words(n, d));
        let rule = fields.require("rule").and_then(|n| rule(n, d));
        if let (Some(id), Some(short), Some(sentence), Some(rule)) = (name, short, sentence, rule) {
            calls.push(CallWords { id, short, sentence, rule });
        }
    }
    absent("call", &CALLS, &seen, &list.at, d);
    calls
}

/// A rule in words; each number it speaks of is one that the rules read.
fn rule(node: &Node, d: &Diagnostics) -> Option<Words> {
    let words = words(node, d)?;
    for text in [&words.en, &words.it] {
        for name in placeholders(text) {
            if !VERDICT_NUMBERS.iter().any(|(known, ..)| *known == name) {
                let known = VERDICT_NUMBERS.map(|(known, ..)| known);
                unread("number of the verdicts", name, &known, &node.at, d);
            }
        }
    }
    Some(words)
}

/// The names between braces, without a closing `%`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name.trim_end_matches('%'))
}

fn other_words(node: &Node, d: &Diagnostics) -> Vec<(String, Words)> {
    let mut seen = Seen::default();
    let mut all = Vec::new();
    for entry in node.entries(d, "words by id") {
        seen.check("word", &entry.key, &entry.key_at, d);
        if !WORDS.contains(&entry.key.as_str()) {
            unread("word", &entry.key, &WORDS, &entry.key_at, d);
        }
        if let Some(words) = words(&entry.value, d) {
            all.push((entry.key.clone(), words));
        }
    }
    absent("word", &WORDS, &seen, &node.at, d);
    all
}

/// `findings.yaml`.
pub(super) fn findings(node: &Node, d: &Diagnostics) -> Vec<FindingKind> {
    let Some(fields) = node.fields(d, "the file of findings", &["findings"]) else { return Vec::new() };
    let Some(list) = fields.require("findings") else { return Vec::new() };
    let known = FINDINGS.map(|(code, _)| code);
    let mut seen = Seen::default();
    let mut findings = Vec::new();
    for item in list.items(d, "a list of findings") {
        let keys = ["code", "severity", "needs", "question", "why", "remedy", "source", "numbers"];
        let Some(fields) = item.fields(d, "a finding", &keys) else { continue };
        let code = fields.require("code").and_then(|n| {
            let code = id(n, d)?;
            seen.check("finding", &code, &n.at, d);
            if !known.contains(&code.as_str()) {
                unread("finding", &code, &known, &n.at, d);
            }
            Some(code)
        });
        let severity = fields.require("severity").and_then(|n| n.choice(d, &Severity::WORDS));
        let needs = fields.require("needs").and_then(|n| n.choice(d, &NEEDS));
        let question = fields.require("question").and_then(|n| words(n, d));
        let why = fields.require("why").and_then(|n| words(n, d));
        let remedy = fields.require("remedy").and_then(|n| words(n, d));
        let source = fields.require("source").and_then(|n| sentence(n, d));
        let needed = code
            .as_deref()
            .and_then(|c| FINDINGS.iter().find(|(code, _)| *code == c))
            .map_or(&[][..], |(_, n)| n);
        let numbers = named_numbers(fields.get("numbers"), "this finding", needed, &fields.head(), d);
        let finding = (|| {
            Some(FindingKind {
                code: code?,
                severity: severity?,
                needs: needs?,
                question: question?,
                why: why?,
                remedy: remedy?,
                source: source?,
                numbers,
            })
        })();
        findings.extend(finding);
    }
    absent("finding", &known, &seen, &list.at, d);
    findings
}

/// `defaults.yaml`.
pub(super) fn defaults(node: &Node, d: &Diagnostics) -> Option<Defaults> {
    let known = [
        "window_days",
        "sensitivity_days",
        "short_abandon_s",
        "patience_s",
        "lost_callers",
        "max_occupancy",
        "shrinkage",
        "contract_hours",
        "chat_concurrency",
        "chat_speed",
        "spare_use",
        "lost_share",
        "link_saves_minutes",
        "heavy_contacts",
        "conversation_hours",
        "id_coverage",
        "least_episodes",
        "improvement_capacity",
        "measured_weeks",
        "promise",
        "need_scale",
        "numbers",
    ];
    let fields = node.fields(d, "the file of defaults", &known)?;
    let days = |n: &Node| whole(n, d, 1, 3660);
    let window_days = fields.require("window_days").and_then(days);
    let sensitivity_days = fields
        .require("sensitivity_days")
        .map(|n| n.items(d, "a list of days").iter().filter_map(days).collect::<Vec<_>>());
    let short_abandon_s =
        fields.require("short_abandon_s").and_then(|n| n.number_in(d, 0.0, 3600.0, "seconds from 0 to 3600"));
    let patience_s =
        fields.require("patience_s").and_then(|n| interval(n, d, 1.0, 86_400.0, "seconds from 1 to 86400"));
    let lost_callers = fields.require("lost_callers").and_then(|n| n.share(d));
    let max_occupancy =
        fields.require("max_occupancy").and_then(|n| n.number_in(d, 0.01, 1.0, "a share from 0.01 to 1"));
    let shrinkage =
        fields.require("shrinkage").and_then(|n| n.number_in(d, 0.0, 0.99, "a share from 0 to 0.99"));
    let contract_hours = fields
        .require("contract_hours")
        .and_then(|n| n.number_in(d, 1.0, 168.0, "hours a week from 1 to 168"));
    let chat_concurrency = fields.require("chat_concurrency").and_then(|n| whole(n, d, 1, 50));
    let chat_speed = fields.require("chat_speed").and_then(|n| chat_speed(n, d));
    let spare_use = fields.require("spare_use").and_then(|n| n.share(d));
    let lost_share =
        fields.require("lost_share").and_then(|n| interval(n, d, 0.0, 1.0, "a share from 0 to 1"));
    let link_saves_minutes =
        fields.require("link_saves_minutes").and_then(|n| interval(n, d, 0.0, 60.0, "minutes from 0 to 60"));
    let heavy_contacts = fields.require("heavy_contacts").and_then(|n| whole(n, d, 1, 1_000_000));
    let conversation_hours = fields.require("conversation_hours").and_then(|n| whole(n, d, 1, 24 * 365));
    let id_coverage = fields.require("id_coverage").and_then(|n| n.share(d));
    let least_episodes = fields.require("least_episodes").and_then(|n| whole(n, d, 1, 1_000_000));
    let improvement_capacity = fields.require("improvement_capacity").and_then(|n| whole(n, d, 1, 1000));
    let measured_weeks = fields.require("measured_weeks").and_then(|n| whole(n, d, 1, 520));
    let promise = fields.get("promise").map(|n| super::kinds::promise(n, d));
    let need_scale = fields.require("need_scale").and_then(|n| need_scale(n, d));
    let other = fields.require("numbers").map(|n| numbers(n, "the defaults", &DEFAULT_NUMBERS, d));
    Some(Defaults {
        window_days: window_days?,
        sensitivity_days: sensitivity_days?,
        short_abandon_s: short_abandon_s?,
        patience_s: patience_s?,
        lost_callers: lost_callers?,
        max_occupancy: max_occupancy?,
        shrinkage: shrinkage?,
        contract_hours: contract_hours?,
        chat_concurrency: chat_concurrency?,
        chat_speed: chat_speed?,
        spare_use: spare_use?,
        lost_share: lost_share?,
        link_saves_minutes: link_saves_minutes?,
        heavy_contacts: heavy_contacts?,
        conversation_hours: conversation_hours?,
        id_coverage: id_coverage?,
        least_episodes: least_episodes?,
        improvement_capacity: improvement_capacity?,
        measured_weeks: measured_weeks?,
        promise: match promise {
            Some(promise) => Some(promise?),
            None => None,
        },
        other: other?,
        need_scale: need_scale?,
    })
}

/// Speed with 1, 2, … talks: starts at 1 and never falls.
fn chat_speed(node: &Node, d: &Diagnostics) -> Option<Vec<f64>> {
    let speeds: Vec<f64> = node
        .items(d, "speeds, such as [1, 1.7, 2.5]")
        .iter()
        .filter_map(|n| n.number_in(d, 1.0, 50.0, "a speed from 1 to 50"))
        .collect();
    let sound = speeds.first() == Some(&1.0) && speeds.windows(2).all(|pair| pair[0] <= pair[1]);
    if !sound {
        d.push(
            Diagnostic::error(
                "bad-speed",
                "speeds start at 1 with one talk and never fall with more",
                node.at.clone(),
            )
            .help("for example [1, 1.7, 2.5]"),
        );
        return None;
    }
    Some(speeds)
}

/// The reading of each answer to "is it needed?".
fn need_scale(node: &Node, d: &Diagnostics) -> Option<[(Evidence, f64); 3]> {
    let fields = node.fields(d, "the scale of need", &["none", "wanted", "needed"])?;
    let read = |key: &'static str| {
        fields.require(key).and_then(|n| n.number_in(d, 0.0, 2.0, "a number from 0 to 2"))
    };
    let (none, wanted, needed) = (read("none"), read("wanted"), read("needed"));
    Some([(Evidence::None, none?), (Evidence::Wanted, wanted?), (Evidence::Needed, needed?)])
}
