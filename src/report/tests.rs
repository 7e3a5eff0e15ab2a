//! Looks of every screen on a made-up document, and what must hold in each format whatever it shows.
//! Snapshots guard the look only; the numbers here are invented.

use std::path::PathBuf;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;

use super::v1::json_schema;
use super::*;
use crate::assess::*;
use crate::criteria::load::embedded;
use crate::inventory::*;
use crate::measure::counted::{CountedChannel, Step};
use crate::measure::journey::intervals::{Ends, Estimate};
use crate::measure::journey::role::{Role as JourneyRole, Shares};
use crate::measure::journey::steps::Counts;
use crate::measure::journey::strata::{Alike, ByReason};
use crate::measure::money::Turn;
use crate::measure::{Effect, Grade, Known, Reading};
use crate::quantity::Interval;
use crate::text::diagnostic::Severity;
use crate::text::source::{Located, Place, Source};

const AT: Date = date(2026, 11, 23);

fn criteria() -> Criteria {
    embedded().unwrap_or_else(|d| panic!("{} mistakes in the criteria", d.len()))
}

fn place(line: usize) -> Place {
    let source = Source::new("inventory.yaml", "x\n".repeat(80));
    Place { source, range: (line - 1) * 2..(line - 1) * 2 + 1 }
}

fn located<T>(value: T) -> Located<T> {
    Located { value, at: place(1) }
}

fn touchpoint(id: &str, importance: f64) -> Touchpoint {
    Touchpoint {
        id: id.to_owned(),
        stage: None,
        importance: Some(importance),
        needs: None,
        identity: None,
        bursts: false,
        expected_contacts: 1,
        at: place(2),
    }
}

fn channel(criteria: &Criteria, id: &str, kind: &str, status: Status, at: &[usize]) -> Channel {
    Channel {
        id: id.to_owned(),
        kind: criteria.kind(kind).unwrap_or_else(|| panic!("{kind}")).clone(),
        status,
        aliases: Vec::new(),
        owner: None,
        monitored: None,
        personal: None,
        team: None,
        system: None,
        hours: None,
        touchpoints: at.iter().map(|t| (TouchpointIx(*t), located(Part::Primary))).collect(),
        meant_for: None,
        promise: None,
        cost: Cost::default(),
        volume_per_year: None,
        handle_s: None,
        practices: Practices::default(),
        links: None,
        identity: None,
        lawful: None,
        protected: None,
        contributes: Vec::new(),
        second_choice: None,
        value_per_resolution: None,
        concurrency: None,
        human_exit: None,
        need: None,
        replaces: Vec::new(),
        forecast: None,
        new_demand_budget: None,
        redirect: Vec::new(),
        budget_signed_by: None,
        accessible: None,
        trial: None,
        changes: None,
        at: place(3),
    }
}

fn inventory(touchpoints: Vec<Touchpoint>, channels: Vec<Channel>) -> Inventory {
    Inventory {
        source: Source::new("inventory.yaml", ""),
        directory: PathBuf::from("."),
        organisation: Organisation {
            name: "Lumen Energia".to_owned(),
            country: Some("IT".to_owned()),
            region: None,
            timezone: TimeZone::UTC,
            timezone_name: "Europe/Rome".to_owned(),
            currency: Some("EUR".to_owned()),
            languages: vec!["it".to_owned()],
            as_of: Some(located(AT)),
            budget_per_year: Some(located(180_000.0)),
            improvement_capacity: None,
            sells: None,
        },
        objectives: Vec::new(),
        weights: None,
        stakeholders: Vec::new(),
        segments: Vec::new(),
        touchpoints,
        surveys: Vec::new(),
        mystery: Vec::new(),
        teams: Vec::new(),
        systems: Vec::new(),
        absent: Vec::new(),
        rivals: Rivals::Unknown,
        lost_share: None,
        episodes: Episodes::default(),
        channels,
        judgements: Vec::new(),
        usage: Vec::new(),
        policy: Policy::default(),
        waivers: Vec::new(),
        sections: Vec::new(),
    }
}

fn known(value: f64, low: f64, high: f64, grade: Grade, n: Option<u64>) -> Reading {
    let from = if n.is_some() { "logs" } else { "inventory.yaml:24" };
    Reading::Known(Known { value, low, high, grade, n, from: from.to_owned(), has_interval: n.is_some() })
}

/// One channel of the made-up portfolio.
struct Sketch {
    id: &'static str,
    kind: &'static str,
    status: Status,
    at: &'static [usize],
    contacts: i64,
    worth: Option<(f64, f64)>,
    delivery: (f64, f64),
    call: Call,
    words: &'static str,
    because: &'static str,
}

#[rustfmt::skip]
fn sketches() -> Vec<Sketch> {
    use Status::{Active, Candidate};
    let s = |id, kind, status, at, contacts, worth, delivery, call, words, because| Sketch { id, kind, status, at, contacts, worth, delivery, call, words, because };
    vec![
        s("phone", "phone", Active, &[0, 1, 2], 142_000, Some((84.0, 90.0)), (41.0, 49.9), Call::Fix, "fix", "61% (58-64) of 4,100 calls on Mondays 9-11 are answered in 20 s, 80% are promised; 3 people short"),
        s("email", "email", Active, &[0, 2], 58_000, Some((70.0, 78.0)), (64.0, 70.0), Call::Keep, "keep", "91% are answered within 8 hours"),
        s("chat", "web_chat", Active, &[0, 1], 24_000, Some((58.0, 70.0)), (34.0, 44.0), Call::Fix, "fix", "4 in 10 then call, and start from zero"),
        s("web-form", "web_form", Active, &[0, 2], 14_000, Some((55.0, 68.0)), (57.0, 66.0), Call::Merge, "merge", "e-mail does 97% of what it does"),
        s("counter", "counter", Active, &[2], 9_800, Some((52.0, 90.0)), (10.0, 95.0), Call::Keep, "keep-unproven", "no waiting times are known: ask the shops"),
        s("post", "post", Active, &[0], 4_000, Some((51.0, 64.0)), (60.0, 70.0), Call::Keep, "keep", "over-65: 1 in 12 has only this"),
        s("pec", "pec", Active, &[0], 2_600, Some((31.0, 44.0)), (75.0, 85.0), Call::Keep, "keep-duty", "a law requires it; all are answered within the legal term"),
        s("social", "social_public", Active, &[1], 1_900, None, (70.0, 82.0), Call::Keep, "answered", "82% are answered"),
        s("reviews", "review_platform", Active, &[0], 700, None, (5.0, 14.0), Call::Fix, "answer-it", "9% are answered and nobody owns it"),
        s("fax", "fax", Active, &[2], 600, Some((14.0, 26.0)), (60.0, 72.0), Call::Drop, "drop", "e-mail and PEC do all of it"),
        s("bot", "chatbot", Active, &[0], 61_000, Some((60.0, 72.0)), (30.0, 44.0), Call::Fix, "fix", "74% stay in it, 31% are solved: 26,000 return"),
        s("app", "mobile_app", Active, &[0], 205_000, Some((66.0, 78.0)), (58.0, 70.0), Call::Keep, "keep", "payments end well in 83%"),
        s("faq", "faq_kb", Active, &[0, 1], 310_000, Some((50.0, 88.0)), (15.0, 95.0), Call::Keep, "keep-unproven", "views only: ask \"did you find it?\""),
        s("call-back", "callback", Candidate, &[0], 0, Some((62.0, 74.0)), (60.0, 71.0), Call::Add, "add", "moves 6,000 calls out of Mondays 9-11"),
        s("video-call", "video_chat", Candidate, &[2], 0, Some((48.0, 77.0)), (45.0, 72.0), Call::Pilot, "pilot", "new contracts need it; no evidence of use yet"),
        s("whatsapp", "whatsapp", Candidate, &[0, 1], 0, Some((58.0, 79.0)), (38.0, 47.0), Call::Defer, "defer", "people, handover and privacy come first"),
    ]
}

fn score(criteria: &Criteria, i: usize, base: (f64, f64)) -> CriterionScore {
    let criterion = &criteria.criteria[i];
    let indicators = criterion
        .indicators
        .iter()
        .enumerate()
        .map(|(k, indicator)| {
            let (reading, rating, weight) = match k % 4 {
                0 => {
                    let r = known(0.61, 0.58, 0.64, Grade::Measured, Some(4100));
                    (r, Some(Interval::new(base.0, base.1)), 0.5)
                }
                1 => (known(1.0, 1.0, 1.0, Grade::Declared, None), Some(Interval::point(100.0)), 0.25),
                2 => (Reading::unknown("nobody said how it is"), Some(Interval::new(0.0, 100.0)), 0.25),
                _ => (Reading::not_applicable("not open yet"), None, 0.0),
            };
            IndicatorScore {
                id: indicator.id.clone(),
                reading,
                rating,
                weight,
                floor: indicator.floor.map(|f| f.points),
                touchpoints: Vec::new(),
            }
        })
        .collect();
    CriterionScore {
        id: criterion.id.clone(),
        score: Some(Interval::new(base.0, base.1)),
        weight: 1.0 / 3.0,
        indicators,
    }
}

fn assessed(criteria: &Criteria, ix: usize, s: &Sketch) -> ChannelAssessment {
    let worth = s.worth.unwrap_or((40.0, 60.0));
    let proposed = s.status == Status::Candidate;
    ChannelAssessment {
        channel: ChannelIx(ix),
        criteria: (0..6)
            .map(|i| {
                #[allow(clippy::cast_precision_loss, reason = "a small made-up number")]
                let shift = (i * 3 + ix) as f64 % 9.0;
                let (low, high) = if (1..4).contains(&i) { worth } else { s.delivery };
                score(criteria, i, ((low - shift).max(0.0), (high - shift).max(0.0)))
            })
            .collect(),
        worth: s.worth.map(|(low, high)| Interval::new(low, high)),
        delivery: Some(Interval::new(s.delivery.0, s.delivery.1)),
        known: 0.83,
        known_before_opening: 0.7,
        gates: vec![
            GateResult {
                id: "staffed".to_owned(),
                outcome: Outcome::Fail,
                because: "covered in 71 to 78% of the demand, 90% are asked".to_owned(),
                remedy: Some("three more people on Mondays 9 to 11".to_owned()),
            },
            GateResult {
                id: "lawful".to_owned(),
                outcome: Outcome::Unknown,
                because: "nobody said".to_owned(),
                remedy: None,
            },
        ],
        failed_floors: Vec::new(),
        verdict: Verdict {
            call: s.call,
            words: s.words.to_owned(),
            proven: s.call == Call::Keep,
            duty: s.words == "keep-duty",
            provisional: s.id == "faq",
            agreement: Agreement {
                near: 0.84,
                any: 0.62,
                standing: Standing::Likely,
                rival: Some(Call::Fix),
                within: Some([0.0; 2]),
            },
            flips: Vec::new(),
            all_weights_tried: true,
            possible: if s.call == Call::Defer { vec![Call::Pilot, s.call] } else { vec![s.call] },
            because: vec![s.because.to_owned(), "the second reason".to_owned()],
            first: if matches!(s.call, Call::Defer | Call::Fix) {
                vec![
                    Condition {
                        what: "three more people at the desk Mondays 9 to 11".to_owned(),
                        who: "care".to_owned(),
                        effort: "medium".to_owned(),
                    },
                    Condition {
                        what: "the conversation travels to the phone (chat to crm)".to_owned(),
                        who: "IT".to_owned(),
                        effort: "large".to_owned(),
                    },
                ]
            } else {
                Vec::new()
            },
            into: match s.call {
                Call::Drop => vec![(ChannelIx(1), 0.55), (ChannelIx(6), 0.43), (ChannelIx(0), 0.02)],
                Call::Merge => vec![(ChannelIx(1), 1.0)],
                _ => Vec::new(),
            },
            windows: Vec::new(),
        },
        touchpoints: s
            .at
            .iter()
            .map(|t| TouchpointVerdict {
                touchpoint: TouchpointIx(*t),
                call: s.call,
                worth: s.worth.map(|(low, high)| Interval::new(low, high)),
                delivery: Some(Interval::new(s.delivery.0, s.delivery.1)),
                because: s.because.to_owned(),
            })
            .collect(),
        speaks_for: vec![Argument {
            text: "17% (15 to 20) of 812 customers chose it for billing".to_owned(),
            evidence: "asked, May 2026".to_owned(),
            id: "asked-for".to_owned(),
        }],
        speaks_against: vec![Argument {
            text: "4 of 10 chats are followed by a call that starts from zero".to_owned(),
            evidence: "measured".to_owned(),
            id: "context-carried".to_owned(),
        }],
        asks: vec![Ask {
            of: AskOf::Indicator,
            id: "culture".to_owned(),
            question: "From 0 to 100, how natural is this channel for our customers?".to_owned(),
            find_out: "Rate it in a workshop.".to_owned(),
            effort: "small".to_owned(),
            removes: 0.5,
            narrows: 0.1,
        }],
        remedies: vec![RemedyLine {
            id: "answered".to_owned(),
            text: "Decide who answers by when.".to_owned(),
            effort: "small".to_owned(),
        }],
        candidate: proposed.then(|| Effect {
            contacts: Some(Interval::new(38_000.0, 42_000.0)),
            moved: vec![(ChannelIx(0), Interval::point(24_000.0))],
            new: Some(Interval::new(14_000.0, 18_000.0)),
            fte: Some(Interval::new(1.0, 2.4)),
            fte_freed: Some(Interval::new(1.3, 1.6)),
            cost_per_year: Some(Interval::new(12_000.0, 79_500.0)),
            net_value: Some(Interval::new(-79_500.0, 4_500.0)),
            by_concurrency: vec![(1, 6.0), (2, 4.0), (3, 3.0)],
            covered: vec![(ChannelIx(0), Interval::new(0.7, 0.8), Interval::new(0.8, 0.9))],
            unknown: vec!["how long a talk takes".to_owned()],
        }),
    }
}

fn journey_role() -> JourneyRole {
    let share = |value: f64| known(value, value / 2.0, value + 0.02, Grade::Measured, Some(16));
    let end = |value: f64| Estimate { value, range: Some(Interval::new(value - 0.2, value + 0.1)) };
    let alike = Alike { own: share(0.8), others: share(0.6), covered: 0.9 };
    JourneyRole {
        counts: Counts { episodes: 16, entered: 4, visits: 16, resolved: 11, unresolved: 1, passed_on: 4 },
        shares: Ok(Shares {
            words: vec!["resolver".to_owned()],
            entry: share(0.25),
            last: share(0.69),
            resolves_here: share(0.6),
            leak: share(0.1),
            passed_on: share(0.3),
            passed_to: vec![("email".to_owned(), 0.3)],
            ends: Ok(Ends { rerouted: end(0.31), lost: end(0.69) }),
            credit: Some(9.5),
            by_reason: Some(ByReason {
                reasons: vec![("invoice".to_owned(), Counts { visits: 9, resolved: 8, passed_on: 1, ..Counts::default() })],
                ends: Some((0.2, 0.7)),
                alike: Some(alike),
            }),
        }),
        sentence: "11 of 16 resolved journeys end here; if it vanished between 31% and 69% of resolutions would be at risk".to_owned(),
    }
}

fn counted_channel(ix: usize, unit: crate::criteria::kind::Unit, contacts: i64) -> CountedChannel {
    let mut week = [0_i64; 168];
    for day in 0..5 {
        for hour in 8..20_i64 {
            let at = usize::try_from(day * 24 + hour).unwrap();
            week[at] = 10 + (20 - hour) * (7 - day) * if hour == 9 { 3 } else { 1 };
        }
    }
    #[allow(clippy::cast_precision_loss, reason = "a made-up number")]
    let share = (unit == crate::criteria::kind::Unit::Contact).then(|| contacts as f64 / 257_600.0);
    CountedChannel {
        channel: ChannelIx(ix),
        unit,
        contacts,
        share,
        identified: Some(0.8),
        customers: Some(Interval::point(12_345.0)),
        sole_customers: Some(Interval::new(10.0, 20.0)),
        answered: Some(contacts - 5),
        abandoned: Some(5),
        mean_wait_s: Some(33.333_333_333),
        mean_wait_answered_s: Some(30.0),
        median_wait_s: Some(20.0),
        mean_handle_s: Some(240.0),
        one_contact_resolution: known(0.6, 0.58, 0.62, Grade::Measured, Some(1000)),
        first_contact_resolution: known(0.7, 0.68, 0.72, Grade::Measured, Some(1000)),
        ends_well: Reading::unknown("no ids"),
        switch_rate: known(0.1, 0.09, 0.11, Grade::Measured, Some(1000)),
        satisfaction: Reading::not_applicable("nobody was asked"),
        nps: Reading::unknown("nobody was asked"),
        service_level: Some((20.0, known(0.71, 0.70, 0.72, Grade::Measured, Some(5000)))),
        service_levels: vec![("strict", 0.71), ("plus", 0.73)],
        lost: Some(0.04),
        cost_per_contact: Some(Interval::point(3.2)),
        cost_per_resolution: Some(Interval::new(5.1, 6.0)),
        returns: None,
        containment: None,
        role: Some(journey_role()),
        hours: Some(Box::new(week)),
        reasons: vec![("invoice".to_owned(), contacts)],
        touchpoints: vec![("billing".to_owned(), contacts)],
        months: vec![(date(2026, 1, 1), contacts)],
        trend: if ix == 0 { Ok(-0.08) } else { Err("period too short: 11 weeks, 13 are needed".to_owned()) },
    }
}

fn counted(channels: &[Channel], sketches: &[Sketch]) -> Counted {
    let list: Vec<CountedChannel> = sketches
        .iter()
        .enumerate()
        .filter(|(_, s)| s.contacts > 0)
        .map(|(i, s)| counted_channel(i, channels[i].kind.unit, s.contacts))
        .collect();
    Counted {
        from: date(2025, 12, 1),
        to: date(2026, 11, 22),
        days: 357,
        zone: "Europe/Rome".to_owned(),
        window_days: 7,
        key: EpisodeKey::CustomerAndReason,
        contacts: 257_600,
        read: 900_000,
        rejected: 3,
        ignored: 12,
        duplicate: 2,
        rejected_causes: vec![("bad-time".to_owned(), 3)],
        ignored_values: vec![("source".to_owned(), "System".to_owned(), 12)],
        unlisted: vec![("Walk In".to_owned(), 1240)],
        hours: list.first().and_then(|c| c.hours.clone()),
        channels: list,
        silent: Vec::new(),
        steps: vec![Step { from: "START".to_owned(), to: "phone".to_owned(), count: 8 }],
        episodes: (16, 14),
        paths: None,
        cost_turns: vec![Turn { by_contact: ChannelIx(0), by_resolution: ChannelIx(1) }],
        reasons: vec![("invoice".to_owned(), 1200), (String::new(), 300)],
        notes: vec!["ids cover 80% of contacts".to_owned()],
    }
}

fn assessment(criteria: &Criteria, sketches: &[Sketch], with_logs: bool) -> Assessment {
    let channels = sketches.iter().enumerate().map(|(i, s)| assessed(criteria, i, s)).collect();
    let at = |t: usize| -> Vec<(ChannelIx, Option<i64>)> {
        sketches
            .iter()
            .enumerate()
            .filter(|(_, s)| s.at.contains(&t) && s.status == Status::Active)
            .map(|(i, s)| (ChannelIx(i), with_logs.then_some(s.contacts / 2)))
            .collect()
    };
    let moment = |t: usize, value: f64, word, missing: &[&str]| TouchpointAssessment {
        touchpoint: TouchpointIx(t),
        contacts: with_logs.then_some(128_000),
        channels: at(t),
        ends_well: if with_logs {
            known(value, value - 0.01, value + 0.01, Grade::Measured, Some(9000))
        } else {
            Reading::unknown("no logs")
        },
        satisfaction: Reading::unknown("nobody was asked"),
        cost_per_resolution: Reading::unknown("no costs"),
        word: if with_logs { word } else { "unknown" },
        because: "so few end well".to_owned(),
        missing: missing.iter().map(|m| (*m).to_owned()).collect(),
    };
    Assessment {
        at: AT,
        at_from: "as_of",
        weights: criteria.criteria.iter().map(|c| (c.id.clone(), 1.0 / 3.0)).collect(),
        actions: Vec::new(),
        stakeholders: Vec::new(),
        other_windows: Vec::new(),
        completeness: with_logs.then(|| Completeness {
            score: Interval::new(77.6, 79.2),
            parts: vec![(
                "why-known".to_owned(),
                known(0.6, 0.6, 0.6, Grade::Measured, None),
                Interval::point(60.0),
                2.0,
            )],
        }),
        channels,
        touchpoints: vec![
            moment(0, 0.56, "critical", &["chat and phone do not share the story"]),
            moment(1, 0.51, "critical", &["no way to tell everyone at once"]),
            moment(2, 0.78, "sound", &[]),
        ],
        findings: vec![
            Finding {
                code: "unlisted-channel".to_owned(),
                severity: Severity::Warning,
                message: "1,240 contacts are labelled \"Walk In\", which is no channel here".to_owned(),
                subject: "Walk In".to_owned(),
                at: place(31),
                channel: None,
                declared: false,
                related: Vec::new(),
            },
            Finding {
                code: "unanswered-channel".to_owned(),
                severity: Severity::Error,
                message: "reviews: 9% are answered".to_owned(),
                subject: "reviews".to_owned(),
                at: place(40),
                channel: Some(ChannelIx(2)),
                declared: false,
                related: Vec::new(),
            },
        ],
    }
}

/// Calls `look` with a made-up document.
fn with_document(
    with_logs: bool,
    change: impl FnOnce(&mut Inventory, &mut Assessment),
    look: impl FnOnce(&Document<'_>),
) {
    let criteria = criteria();
    let mut sketches = sketches();
    if !with_logs {
        sketches.retain(|s| matches!(s.id, "phone" | "email" | "counter" | "whatsapp"));
    }
    let channels: Vec<Channel> =
        sketches.iter().map(|s| channel(&criteria, s.id, s.kind, s.status, s.at)).collect();
    let touchpoints =
        vec![touchpoint("billing", 5.0), touchpoint("outage", 5.0), touchpoint("new-contract", 4.0)];
    let figures = counted(&channels, &sketches);
    let mut inventory = inventory(touchpoints, channels);
    let mut assessment = assessment(&criteria, &sketches, with_logs);
    change(&mut inventory, &mut assessment);
    let facts = Facts::gather(&inventory, &criteria, None, AT);
    look(&Document {
        facts: &facts,
        counted: with_logs.then_some(&figures),
        assessment: &assessment,
        named: &[],
        language: Language::English,
    });
}

fn plain(width: usize) -> Look {
    Look { width, color: false, full: false, ascii: false }
}

fn widest(text: &str) -> usize {
    text.lines().map(unicode_width::UnicodeWidthStr::width).max().unwrap_or(0)
}

#[test]
#[ignore = "for people: prints every screen (cargo test --lib report::tests::gallery -- --ignored --nocapture)"]
fn gallery() {
    let mut all = String::new();
    with_document(
        true,
        |_, _| {},
        |d| {
            for width in [80, 100, 120, 200] {
                all.push_str(&format!("===== {width}\n{}", render(d, Format::Table, plain(width)).unwrap()));
            }
            let named = [ChannelIx(15)];
            let one = Document { named: &named, ..*d };
            all.push_str(&format!("===== card\n{}", render(&one, Format::Table, plain(100)).unwrap()));
            let full = Look { full: true, ..plain(100) };
            all.push_str(&format!("===== full card\n{}", render(&one, Format::Table, full).unwrap()));
            all.push_str(&format!("===== full\n{}", render(d, Format::Table, full).unwrap()));
            all.push_str(&format!("===== census\n{}", census::screen(d, d.counted.unwrap(), plain(100))));
            all.push_str(&format!("===== markdown\n{}", render(d, Format::Markdown, plain(100)).unwrap()));
            all.push_str(&format!("===== csv\n{}", render(d, Format::Csv, plain(100)).unwrap()));
            let color = Look { color: true, ..plain(100) };
            all.push_str(&format!("===== color\n{}", render(d, Format::Table, color).unwrap()));
        },
    );
    with_document(
        false,
        |_, _| {},
        |d| {
            all.push_str(&format!("===== small\n{}", render(d, Format::Table, plain(100)).unwrap()));
        },
    );
    std::fs::write(std::env::temp_dir().join("chanfolio-gallery.txt"), all).unwrap();
}

#[test]
fn the_json_is_what_its_schema_says() {
    let validator = jsonschema::validator_for(&json_schema()).expect("the schema is a schema");
    for with_logs in [true, false] {
        with_document(
            with_logs,
            |_, _| {},
            |d| {
                let json: serde_json::Value =
                    serde_json::from_str(&render(d, Format::Json, plain(100)).unwrap()).unwrap();
                let mistakes: Vec<String> =
                    validator.iter_errors(&json).map(|e| format!("{e} at {}", e.instance_path())).collect();
                assert!(mistakes.is_empty(), "{mistakes:#?}");
                assert_eq!(json.get("census").is_some(), with_logs);
            },
        );
    }
}

#[test]
fn the_schema_refuses_what_is_no_assessment() {
    let validator = jsonschema::validator_for(&json_schema()).expect("the schema is a schema");
    with_document(
        true,
        |_, _| {},
        |d| {
            let whole: serde_json::Value =
                serde_json::from_str(&render(d, Format::Json, plain(100)).unwrap()).unwrap();
            for key in ["schema", "channels", "findings", "weights"] {
                let mut json = whole.clone();
                json.as_object_mut().unwrap().remove(key);
                assert!(!validator.is_valid(&json), "{key} is required");
            }
            let mut json = whole.clone();
            json["channels"][0]["verdict"]["call"] = "shrug".into();
            assert!(!validator.is_valid(&json), "calls are a closed list");
        },
    );
}

#[test]
fn unknown_has_no_value_and_what_does_not_apply_has_no_rating() {
    with_document(
        true,
        |_, _| {},
        |d| {
            let json: serde_json::Value =
                serde_json::from_str(&render(d, Format::Json, plain(100)).unwrap()).unwrap();
            let phone = &json["channels"][0];
            let indicators = phone["fit"]["criteria"][0]["indicators"].as_array().unwrap();
            assert_eq!(
                indicators[2]["reading"],
                serde_json::json!({"grade": "unknown", "because": "nobody said how it is"})
            );
            assert_eq!(indicators[2]["rating"], serde_json::json!({"low": 0, "high": 100}));
            assert_eq!(
                indicators[3]["reading"],
                serde_json::json!({"grade": "not-applicable", "because": "not open yet"})
            );
            assert!(indicators[3].get("rating").is_none());
            let reading = &indicators[0]["reading"];
            assert_eq!((reading["value"].as_f64(), reading["n"].as_u64()), (Some(0.61), Some(4100)));
            assert_eq!(reading["unit"], "share");

            let social = json["channels"].as_array().unwrap().iter().find(|c| c["id"] == "social").unwrap();
            assert!(social["axes"].get("worth").is_none(), "one cannot drop being talked about");
            assert_eq!(json["actions"], serde_json::json!([]), "nothing was planned here");
            assert_eq!(
                phone["verdict"]["agreement"],
                serde_json::json!({"near": 0.84, "any": 0.62, "within": {"near": 0, "any": 0}})
            );
            assert_eq!(phone["verdict"]["standing"], "likely");
            assert_eq!(phone["verdict"]["possible"], serde_json::json!(["fix"]));
            assert_eq!(json["census"]["channels"][0]["mean_wait_s"], 33.3333, "six significant digits");
            assert_eq!(json["census"]["channels"][0]["cost_per_contact"], 3.2, "exact: one number");
            assert_eq!(
                json["census"]["channels"][0]["cost_per_resolution"],
                serde_json::json!({"low": 5.1, "high": 6})
            );
            let location = &json["findings"][0]["location"];
            assert_eq!((location["line"].as_u64(), location["column"].as_u64()), (Some(31), Some(1)));
        },
    );
}

/// A name that tries everything: terminal escapes, table rules, markup, a formula, a line break.
const HOSTILE: &str = "=cmd()|<b>*x*\u{1b}[31m\u{202e}\nrow";

#[test]
fn hostile_names_stay_names_in_every_format() {
    let change = |inventory: &mut Inventory, assessment: &mut Assessment| {
        inventory.organisation.name = HOSTILE.to_owned();
        inventory.touchpoints[0].id = HOSTILE.to_owned();
        inventory.channels[0].id = HOSTILE.to_owned();
        let c = &mut assessment.channels[0];
        c.verdict.because = vec![HOSTILE.to_owned()];
        c.speaks_for[0].text = HOSTILE.to_owned();
        c.speaks_for[0].evidence = HOSTILE.to_owned();
        c.asks[0].question = HOSTILE.to_owned();
        assessment.findings[0].message = HOSTILE.to_owned();
    };
    with_document(true, change, |d| {
        let named = [ChannelIx(0)];
        let one = Document { named: &named, ..*d };
        let full = Look { full: true, ..plain(100) };
        let screens = [
            render(d, Format::Table, full).unwrap(),
            render(&one, Format::Table, full).unwrap(),
            census::screen(d, d.counted.unwrap(), full),
            render(d, Format::Markdown, full).unwrap(),
            render(d, Format::Csv, full).unwrap(),
        ];
        for screen in &screens {
            assert!(!screen.contains('\u{1b}') && !screen.contains('\u{202e}'), "{screen}");
        }
        let markdown = &screens[3];
        assert!(!markdown.contains("<b>") && !markdown.contains("*x*"), "{markdown}");
        let rows: Vec<usize> = markdown
            .lines()
            .skip_while(|l| !l.starts_with("| Channel"))
            .take_while(|l| l.starts_with('|'))
            .map(|l| l.replace("\\|", "").matches('|').count())
            .collect();
        assert!(rows.windows(2).all(|w| w[0] == w[1]), "every row has the same cells: {rows:?}");
        let mut reader = ::csv::Reader::from_reader(screens[4].as_bytes());
        let first = reader.records().next().unwrap().unwrap();
        assert!(first.get(0).unwrap().starts_with("'=cmd()"), "{first:?}");
        assert!(first.iter().next_back().unwrap().starts_with("'=cmd()"), "{first:?}");
    });
}

#[test]
fn nothing_is_wider_than_the_terminal_and_nothing_is_lost() {
    with_document(
        true,
        |_, _| {},
        |d| {
            for width in [80, 100, 110, 120, 200] {
                for full in [false, true] {
                    let look = Look { width, color: false, full, ascii: false };
                    let named = [ChannelIx(0), ChannelIx(15)];
                    let cards = Document { named: &named, ..*d };
                    for screen in [
                        render(d, Format::Table, look).unwrap(),
                        render(&cards, Format::Table, look).unwrap(),
                    ] {
                        assert!(widest(&screen) <= width, "{} of {width}\n{screen}", widest(&screen));
                        let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
                        for word in ["4,100", "promised;", "short"] {
                            assert!(words.contains(word), "{word} is lost at {width}\n{screen}");
                        }
                    }
                }
            }
        },
    );
}

#[test]
fn long_names_and_long_words_fit_too() {
    let long = |inventory: &mut Inventory, assessment: &mut Assessment| {
        for c in &mut inventory.channels {
            c.id = format!("{}-with-a-name-that-never-ends", c.id);
        }
        for t in &mut inventory.touchpoints {
            t.id = format!("{}-in-a-name-that-never-ends", t.id);
        }
        for c in &mut assessment.channels {
            c.verdict.because[0] = format!("{} {}", "x".repeat(150), c.verdict.because[0]);
            for first in &mut c.verdict.first {
                first.who = "the head of customer care and of the shops".to_owned();
            }
        }
    };
    for with_logs in [true, false] {
        with_document(with_logs, long, |d| {
            for width in [80, 100, 110, 120, 200] {
                let look = Look { width, color: false, full: true, ascii: false };
                let named = [ChannelIx(0), ChannelIx(3)];
                let cards = Document { named: &named, ..*d };
                let mut screens = vec![
                    render(d, Format::Table, look).unwrap(),
                    render(&cards, Format::Table, look).unwrap(),
                ];
                screens.extend(d.counted.map(|counted| census::screen(d, counted, look)));
                for screen in screens {
                    assert!(widest(&screen) <= width, "{} of {width}\n{screen}", widest(&screen));
                }
            }
        });
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    with_document(
        true,
        |_, _| {},
        |d| {
            let named = [ChannelIx(0)];
            for document in [*d, Document { named: &named, ..*d }] {
                let look = Look { full: true, ..plain(100) };
                let without = render(&document, Format::Table, look).unwrap();
                let with = render(&document, Format::Table, Look { color: true, ..look }).unwrap();
                assert!(with.contains('\u{1b}'));
                assert_eq!(anstream::adapter::strip_str(&with).to_string(), without);
            }
        },
    );
}

#[test]
fn the_small_organisation_gets_one_screen() {
    with_document(
        false,
        |_, _| {},
        |d| {
            let screen = render(d, Format::Table, plain(100)).unwrap();
            assert!(screen.lines().count() <= 45, "{screen}");
            assert!(
                screen.contains("whatsapp: NOT YET") && screen.contains("two weeks of tally"),
                "{screen}"
            );
            assert!(!screen.contains("0-100"), "unknown is a list, never a full bar\n{screen}");
        },
    );
}

#[test]
fn named_channels_filter_what_is_shown_and_nothing_else() {
    with_document(
        true,
        |_, _| {},
        |d| {
            let all: serde_json::Value =
                serde_json::from_str(&render(d, Format::Json, plain(100)).unwrap()).unwrap();
            let named = [ChannelIx(9)];
            let one = Document { named: &named, ..*d };
            let some: serde_json::Value =
                serde_json::from_str(&render(&one, Format::Json, plain(100)).unwrap()).unwrap();
            assert_eq!(some["channels"].as_array().unwrap().len(), 1);
            assert_eq!(some["channels"][0], all["channels"][9]);
            assert_eq!(some["census"], all["census"]);
        },
    );
}

#[test]
fn endings_name_formats() {
    assert_eq!(Format::of_file(Path::new("a/b.JSON")).unwrap(), Format::Json);
    assert_eq!(Format::of_file(Path::new("b.txt")).unwrap(), Format::Table);
    let refused = Format::of_file(Path::new("report.pdf")).unwrap_err().to_string();
    assert!(refused.contains("report.pdf") && refused.contains(".json, .csv, .md and .txt"), "{refused}");
    assert!(Format::of_file(Path::new("report")).is_err());
}

#[test]
fn looks() {
    with_document(
        true,
        |_, _| {},
        |d| {
            let named = [ChannelIx(15)];
            let one = Document { named: &named, ..*d };
            insta::assert_snapshot!("portfolio", render(d, Format::Table, plain(100)).unwrap());
            insta::assert_snapshot!("card", render(&one, Format::Table, plain(100)).unwrap());
            insta::assert_snapshot!("map", map::heat(d, plain(100)));
            insta::assert_snapshot!("census", census::screen(d, d.counted.unwrap(), plain(100)));
            insta::assert_snapshot!("slide", markdown::render(&one));
        },
    );
}
