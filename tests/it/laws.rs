//! Laws that every assessment keeps, whatever the inventory: tried on random inventories through the
//! whole program, from YAML to JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::Value;

use crate::run::chanfolio;

/// A random fact: known with a value, or left out.
type Maybe = Option<u8>;

/// One random channel; every field may be unknown.
#[derive(Debug, Clone)]
struct Channel {
    kind: &'static str,
    candidate: bool,
    /// Percent of customers able and willing: low, and how much more at most.
    uses: Option<(u8, u8)>,
    /// owner, knowledge_base, training, quality_checks, back_up: 0 no, 1 yes.
    practices: [Maybe; 5],
    personal: Maybe,
    culture: Maybe,
    exposure: Maybe,
    contributes: Maybe,
    /// Of 40 test contacts.
    right: Maybe,
    volume: Option<(u16, u16)>,
    link: Maybe,
    system: Maybe,
    protected: Maybe,
    /// Percent of the forecast's contacts that end well: low, and how much more at most.
    resolution: Option<(u8, u8)>,
    lawful: Maybe,
    need: Maybe,
    importance: u8,
}

fn share() -> impl Strategy<Value = Option<(u8, u8)>> {
    proptest::option::of((0_u8..=100, 0_u8..=100).prop_map(|(low, more)| (low, more.min(100 - low))))
}

fn maybe(most: u8) -> impl Strategy<Value = Maybe> {
    proptest::option::of(0..=most)
}

fn channel() -> impl Strategy<Value = Channel> {
    let kind = prop_oneof![
        Just("phone"),
        Just("email"),
        Just("web_form"),
        Just("web_chat"),
        Just("chatbot"),
        Just("pec"),
        Just("social_public"),
        Just("counter"),
    ];
    (
        (kind, any::<bool>(), share(), proptest::array::uniform5(maybe(1)), maybe(2), maybe(100), maybe(100)),
        (
            maybe(100),
            maybe(40),
            proptest::option::of((1_u16..20_000, 0_u16..20_000)),
            maybe(2),
            maybe(1),
            maybe(1),
            share(),
        ),
        (maybe(3), maybe(2), 1_u8..=5),
    )
        .prop_map(|(a, b, c)| Channel {
            kind: a.0,
            candidate: a.1,
            uses: a.2,
            practices: a.3,
            personal: a.4,
            culture: a.5,
            exposure: a.6,
            contributes: b.0,
            right: b.1,
            volume: b.2,
            link: b.3,
            system: b.4,
            protected: b.5,
            resolution: b.6,
            lawful: c.0,
            need: c.1,
            importance: c.2,
        })
}

fn percent(n: u8) -> String {
    format!("{:.2}", f64::from(n) / 100.0)
}

fn range((low, more): (u8, u8)) -> String {
    format!("{{ low: {}, high: {} }}", percent(low), percent(low + more))
}

fn flag(n: u8) -> &'static str {
    ["no", "yes"][usize::from(n.min(1))]
}

/// The inventory of a channel beside a plain phone line that answers the same moments.
fn yaml(it: &Channel) -> String {
    let mut text = String::from(
        "schema: 1\norganisation: { name: Made Up, country: IT, timezone: Europe/Rome, languages: [it], as_of: 2026-11-23 }\nobjectives: { retention: 1 }\n",
    );
    let _ = writeln!(
        text,
        "touchpoints:\n  - {{ id: moment, importance: {}, needs: [dialogue], identity: weak }}",
        it.importance
    );
    let own = it.uses.map(|u| format!(", {}: {}", it.kind, range(u))).unwrap_or_default();
    let own = if it.kind == "phone" { String::new() } else { own };
    let phone = match (it.kind, it.uses) {
        ("phone", Some(uses)) => range(uses),
        ("phone", None) => String::new(),
        _ => "0.9".to_owned(),
    };
    let phone = if phone.is_empty() { String::new() } else { format!("phone: {phone}") };
    let uses = format!("{phone}{own}");
    let _ = writeln!(
        text,
        "segments:\n  - {{ id: all, share: 1, languages: [it], uses: {{ {} }} }}",
        uses.trim_start_matches(", ")
    );
    text += "systems:\n  - { id: crm, shares_history: yes }\n  - { id: other, shares_history: no }\n";
    text += "teams:\n  - { id: care, people: 6, hours: \"Mo-Fr 08:00-18:00\", languages: [it] }\n";
    if let Some(right) = it.right {
        let _ = writeln!(
            text,
            "mystery:\n  - {{ channel: it, date: 2026-06-01, contacts: 40, right: {right}, same_tone: 40 }}"
        );
    }
    let mut judgements = String::new();
    for (indicator, points) in [("culture", it.culture), ("exposure", it.exposure)] {
        if let Some(points) = points {
            let _ = writeln!(judgements, "  - {{ channel: it, indicator: {indicator}, points: {points} }}");
        }
    }
    if !judgements.is_empty() {
        text += "judgements:\n";
        text += &judgements;
    }
    text += "channels:\n  - { id: desk, kind: phone, status: active, team: care, system: crm, touchpoints: { moment: primary }, volume: { per_year: 9000 }, handle: 4m }\n";
    let status = if it.candidate { "candidate" } else { "active" };
    let _ = writeln!(
        text,
        "  - id: it\n    kind: {}\n    status: {status}\n    team: care\n    touchpoints: {{ moment: secondary }}\n    handle: 4m",
        it.kind
    );
    if let Some(owner) = it.practices[0] {
        let _ = writeln!(text, "    owner: {}", if owner == 1 { "somebody" } else { "none" });
    }
    let names = ["knowledge_base", "training", "quality_checks", "back_up"];
    let practices: Vec<String> = names
        .iter()
        .zip(&it.practices[1..])
        .filter_map(|(name, p)| p.map(|p| format!("{name}: {}", flag(p))))
        .collect();
    if !practices.is_empty() {
        let _ = writeln!(text, "    practices: {{ {} }}", practices.join(", "));
    }
    if let Some(n) = it.personal {
        let _ = writeln!(text, "    personal: {}", ["no", "partly", "yes"][usize::from(n)]);
    }
    if let Some(n) = it.contributes {
        let _ = writeln!(text, "    contributes: {{ retention: {} }}", percent(n));
    }
    if let Some(n) = it.link {
        let _ = writeln!(
            text,
            "    links: [{{ to: desk, context: {} }}]",
            ["none", "partial", "full"][usize::from(n)]
        );
    }
    if let Some(n) = it.system {
        let _ = writeln!(text, "    system: {}", ["other", "crm"][usize::from(n)]);
    }
    if let Some(n) = it.protected {
        let _ = writeln!(text, "    protected: {}", ["no", "sole-access"][usize::from(n)]);
    }
    if let Some(n) = it.lawful {
        let _ = writeln!(text, "    lawful: {}", ["refused", "open", "yes", "2026-01-15"][usize::from(n)]);
    }
    if it.candidate {
        if let Some(n) = it.need {
            let _ = writeln!(
                text,
                "    need: {{ why: \"people ask\", evidence: {} }}",
                ["none", "wanted", "needed"][usize::from(n)]
            );
        }
        let resolution = it.resolution.map(|r| format!(", resolution: {}", range(r))).unwrap_or_default();
        let (low, more) = it.volume.unwrap_or((1000, 0));
        let _ = writeln!(
            text,
            "    forecast: {{ contacts_per_year: {{ low: {low}, high: {} }}, from: {{ desk: 0.1 }}{resolution} }}",
            u32::from(low) + u32::from(more)
        );
    } else if let Some((low, more)) = it.volume {
        let _ = writeln!(
            text,
            "    volume: {{ per_year: {{ low: {low}, high: {} }} }}",
            u32::from(low) + u32::from(more)
        );
    }
    text
}

fn assess(it: &Channel) -> Value {
    assess_text(&yaml(it))
}

fn assess_text(text: &str) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("inventory.yaml");
    std::fs::write(&path, text).expect("the inventory is written");
    let answer = chanfolio("assess -q --format json").arg(&path).run();
    assert_eq!(answer.code, 0, "{}\n{text}", answer.stderr);
    // Folders of two runs have different names.
    let same = answer.stdout.replace(&folder.path().display().to_string(), "");
    serde_json::from_str(&same).expect("JSON")
}

fn of<'a>(json: &'a Value, id: &str) -> &'a Value {
    json["channels"].as_array().unwrap().iter().find(|c| c["id"] == id).expect("the channel")
}

/// Every score of a channel: name, low, high; unrounded as far as JSON goes.
fn scores(channel: &Value) -> Vec<(String, f64, f64)> {
    let mut all = Vec::new();
    let mut push = |name: &str, score: &Value| {
        if let (Some(low), Some(high)) = (score["low"].as_f64(), score["high"].as_f64()) {
            all.push((name.to_owned(), low, high));
        }
    };
    push("worth", &channel["axes"]["worth"]);
    push("delivery", &channel["axes"]["delivery"]);
    push("capability", &channel["capability"]["score"]);
    for criterion in channel["fit"]["criteria"].as_array().unwrap() {
        push(criterion["id"].as_str().unwrap(), &criterion["score"]);
    }
    all
}

fn possible(channel: &Value) -> Vec<String> {
    let list = channel["verdict"]["possible"].as_array().unwrap();
    list.iter().map(|c| c.as_str().unwrap().to_owned()).collect()
}

/// Tolerance of the rounding of JSON.
const ROUNDING: f64 = 1e-4;

fn run(cases: u32, test: impl Fn(Channel) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
    .run(&channel(), test)
    .unwrap_or_else(|error| panic!("{error}"));
}

/// Facts that can be improved by one step, each in turn.
fn better(it: &Channel) -> Vec<(&'static str, Channel)> {
    let mut all = Vec::new();
    let mut push = |name, change: &dyn Fn(&mut Channel) -> bool| {
        let mut copy = it.clone();
        if change(&mut copy) {
            all.push((name, copy));
        }
    };
    let raise = |value: &mut Maybe, most: u8| match value {
        Some(n) if *n < most => {
            *n += 1;
            true
        }
        _ => false,
    };
    push("uses", &|c| match &mut c.uses {
        Some((low, more)) if *more > 0 => {
            *low += 1;
            *more -= 1;
            true
        }
        _ => false,
    });
    push("owner", &|c| raise(&mut c.practices[0], 1));
    push("training", &|c| raise(&mut c.practices[2], 1));
    push("personal", &|c| raise(&mut c.personal, 2));
    push("culture", &|c| raise(&mut c.culture, 100));
    push("exposure", &|c| raise(&mut c.exposure, 100));
    push("contributes", &|c| raise(&mut c.contributes, 100));
    push("right", &|c| raise(&mut c.right, 40));
    push("link", &|c| raise(&mut c.link, 2));
    all
}

#[test]
fn a_channel_at_least_as_good_on_every_reading_never_scores_lower() {
    run(60, |it| {
        let before = scores(of(&assess(&it), "it"));
        for (what, better) in better(&it) {
            let after = scores(of(&assess(&better), "it"));
            prop_assert_eq!(before.len(), after.len());
            for ((name, low, high), (_, low2, high2)) in before.iter().zip(&after) {
                prop_assert!(
                    *low2 >= low - ROUNDING && *high2 >= high - ROUNDING,
                    "{what}: {name} {low}..{high} became {low2}..{high2}"
                );
            }
        }
        Ok(())
    });
}

/// Unknown facts that can be filled in, with any value.
fn known(it: &Channel, value: u8) -> Vec<(&'static str, Channel)> {
    let mut all = Vec::new();
    let mut push = |name, change: &dyn Fn(&mut Channel) -> bool| {
        let mut copy = it.clone();
        if change(&mut copy) {
            all.push((name, copy));
        }
    };
    let fill = |slot: &mut Maybe, most: u8| {
        let was = slot.is_none();
        *slot = Some(value % (most + 1));
        was
    };
    push("uses", &|c| {
        let was = c.uses.is_none();
        c.uses = Some((value % 101, 0));
        was
    });
    push("owner", &|c| fill(&mut c.practices[0], 1));
    push("training", &|c| fill(&mut c.practices[2], 1));
    push("personal", &|c| fill(&mut c.personal, 2));
    push("culture", &|c| fill(&mut c.culture, 100));
    push("exposure", &|c| fill(&mut c.exposure, 100));
    push("contributes", &|c| fill(&mut c.contributes, 100));
    push("right", &|c| fill(&mut c.right, 40));
    push("system", &|c| fill(&mut c.system, 1));
    all
}

#[test]
fn a_fact_in_place_of_an_unknown_never_widens_a_score() {
    run(60, |it| {
        let before = scores(of(&assess(&it), "it"));
        for value in [0, 37, 100] {
            for (what, filled) in known(&it, value) {
                let after = scores(of(&assess(&filled), "it"));
                for (name, low, high) in &before {
                    let Some((_, low2, high2)) = after.iter().find(|(n, ..)| n == name) else { continue };
                    prop_assert!(
                        *low2 >= low - ROUNDING && *high2 <= high + ROUNDING,
                        "{what} = {value}: {name} {low}..{high} became {low2}..{high2}"
                    );
                }
            }
        }
        Ok(())
    });
}

#[test]
fn a_wider_interval_never_removes_a_possible_verdict() {
    run(80, |it| {
        let before = possible(of(&assess(&it), "it"));
        let mut wider = Vec::new();
        if let Some((low, more)) = it.uses {
            let mut copy = it.clone();
            let (by_low, by_high) = (low.min(10), (100 - low - more).min(10));
            copy.uses = Some((low - by_low, more + by_low + by_high));
            wider.push(("uses", copy));
        }
        if let Some((low, more)) = it.resolution {
            let mut copy = it.clone();
            let (by_low, by_high) = (low.min(10), (100 - low - more).min(10));
            copy.resolution = Some((low - by_low, more + by_low + by_high));
            wider.push(("resolution", copy));
        }
        if it.culture.is_some() {
            let mut copy = it.clone();
            copy.culture = None;
            wider.push(("culture unknown", copy));
        }
        for (what, wider) in wider {
            let after = possible(of(&assess(&wider), "it"));
            for call in &before {
                prop_assert!(after.contains(call), "{what}: {before:?} became {after:?}\n{}", yaml(&it));
            }
        }
        Ok(())
    });
}

#[test]
fn another_channel_changes_no_value_function() {
    run(40, |it| {
        let text = yaml(&it);
        let json = assess_text(&text);
        let changed = assess_text(&text.replace(
            "volume: { per_year: 9000 }, handle: 4m",
            "volume: { per_year: 4000 }, handle: 7m, owner: none, monitored: no, personal: no, contributes: { retention: 0.1 }",
        ));
        let ratings = |json: &Value| -> Vec<(String, Value, Value)> {
            let channel = of(json, "it");
            channel["fit"]["criteria"]
                .as_array()
                .unwrap()
                .iter()
                .flat_map(|c| c["indicators"].as_array().unwrap())
                .chain(channel["capability"]["indicators"].as_array().unwrap())
                .map(|i| (i["id"].to_string(), i["reading"].clone(), i["rating"].clone()))
                .collect()
        };
        for (before, after) in ratings(&json).iter().zip(&ratings(&changed)) {
            prop_assert_eq!(&before.0, &after.0);
            if before.1 == after.1 {
                prop_assert_eq!(&before.2, &after.2, "{}: the same reading is rated otherwise", before.0);
            }
        }
        Ok(())
    });
}

#[test]
fn changing_units_changes_nothing() {
    run(20, |it| {
        let text = yaml(&it);
        let json = assess_text(&text);
        for other in ["240s", "0:04:00"] {
            let written = text.replace("handle: 4m", &format!("handle: \"{other}\""));
            prop_assert_eq!(&json, &assess_text(&written), "4m against {}", other);
        }
        Ok(())
    });
}

/// Several channels that do much the same, a trial, a duty and weights.
#[derive(Debug, Clone)]
struct Portfolio {
    channels: Vec<Peer>,
    swing: Option<[u8; 3]>,
}

/// One of the channels: kind, status, what it contributes, its volume and whether it may close.
#[derive(Debug, Clone)]
struct Peer {
    kind: &'static str,
    status: &'static str,
    contributes: Maybe,
    culture: Maybe,
    volume: u16,
    protected: Maybe,
    owned: bool,
    moments: u8,
}

fn peer() -> impl Strategy<Value = Peer> {
    let kind = prop_oneof![3 => Just("email"), 3 => Just("web_form"), 1 => Just("pec"), 1 => Just("phone")];
    let status = prop_oneof![5 => Just("active"), 1 => Just("pilot"), 1 => Just("retiring")];
    (kind, status, maybe(100), maybe(20), 1_u16..3000, maybe(1), any::<bool>(), 1_u8..4).prop_map(
        |(kind, status, contributes, culture, volume, protected, owned, moments)| Peer {
            kind,
            status,
            contributes,
            culture,
            volume,
            protected,
            owned,
            moments,
        },
    )
}

fn portfolio() -> impl Strategy<Value = Portfolio> {
    let swing = proptest::option::of(proptest::array::uniform3(0_u8..=100));
    (proptest::collection::vec(peer(), 1..7), swing)
        .prop_map(|(channels, swing)| Portfolio { channels, swing })
}

fn portfolio_yaml(it: &Portfolio, order: impl Fn(&mut Vec<(usize, &Peer)>)) -> String {
    let mut text = String::from(
        "schema: 1\norganisation: { name: Made Up, country: IT, timezone: Europe/Rome, languages: [it], as_of: 2026-11-23 }\nobjectives: { retention: 1 }\n\
         touchpoints:\n  - { id: ask, importance: 1, needs: [urgency] }\n  - { id: pay, importance: 2, needs: [documents] }\n\
         segments:\n  - { id: all, share: 1, languages: [it], uses: { email: 0.9, web_form: 0.9, pec: 0.6, phone: 0.9 } }\n\
         systems:\n  - { id: crm, shares_history: yes }\n\
         teams:\n  - { id: care, people: 40, hours: \"Mo-Fr 08:00-18:00\", languages: [it] }\n",
    );
    if let Some([a, b, c]) = it.swing {
        let _ = writeln!(text, "weights: {{ appropriate: {a}, relevant: {b}, significant: {c} }}");
    }
    let judged: Vec<String> = it
        .channels
        .iter()
        .enumerate()
        .filter_map(|(i, c)| {
            c.culture.map(|p| format!("  - {{ channel: c{i}, indicator: culture, points: {p} }}\n"))
        })
        .collect();
    if !judged.is_empty() {
        text += "judgements:\n";
        text += &judged.concat();
    }
    text += "channels:\n";
    let mut channels: Vec<(usize, &Peer)> = it.channels.iter().enumerate().collect();
    order(&mut channels);
    for (i, c) in channels {
        let moments = ["{ ask: primary }", "{ pay: primary }", "{ ask: primary, pay: secondary }"];
        let _ = writeln!(
            text,
            "  - id: c{i}\n    kind: {}\n    status: {}\n    team: care\n    system: crm\n    handle: 4m\n    touchpoints: {}\n    volume: {{ per_year: {} }}",
            c.kind,
            c.status,
            moments[usize::from(c.moments - 1)],
            c.volume
        );
        if let Some(n) = c.contributes {
            let _ = writeln!(text, "    contributes: {{ retention: {} }}", percent(n));
        }
        if let Some(n) = c.protected {
            let _ = writeln!(text, "    protected: {}", ["no", "sole-access"][usize::from(n)]);
        }
        if c.owned {
            text += "    owner: somebody\n    monitored: yes\n";
        }
    }
    text
}

fn run_portfolios(cases: u32, test: impl Fn(Portfolio) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    )
    .run(&portfolio(), test)
    .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn closings_leave_every_customer_a_home_that_stays() {
    let closings = std::cell::Cell::new(0);
    run_portfolios(60, |it| {
        let text = portfolio_yaml(&it, |_| ());
        let json = assess_text(&text);
        let channels = json["channels"].as_array().unwrap();
        let call = |id: &str| of(&json, id)["verdict"]["call"].as_str().unwrap().to_owned();
        for c in channels {
            let (verdict, id) = (&c["verdict"], c["id"].as_str().unwrap());
            let peer = &it.channels[id[1..].parse::<usize>().unwrap()];
            let call_here = call(id);
            prop_assert!(possible(c).contains(&call_here), "{id}\n{text}");
            prop_assert!(!verdict["because"].as_array().unwrap().is_empty(), "{id}: no reason\n{text}");
            let first = verdict["first"].as_array().unwrap();
            let unproven = call_here == "keep" && verdict["proven"] == false && verdict["duty"] == false;
            if unproven || call_here == "fix" {
                prop_assert!(!first.is_empty(), "{id}: {call_here}, and nothing to do first\n{text}");
            }
            let closes = |call: &str| ["merge", "drop"].contains(&call);
            if !closes(&call_here) {
                let mut moments = verdict["touchpoints"].as_array().unwrap().iter();
                let ends = peer.status == "active" && moments.all(|at| closes(at["call"].as_str().unwrap()));
                prop_assert!(!ends, "{id}: {call_here}, and every moment says that it closes\n{text}");
                continue;
            }
            let none = Vec::new();
            let into = verdict["into"].as_array().unwrap_or(&none);
            for to in into {
                let to = to["channel"].as_str().unwrap();
                prop_assert!(
                    !["merge", "drop"].contains(&call(to).as_str()),
                    "{id} sends its customers to {to}, which closes\n{text}"
                );
            }
            if peer.status == "active" {
                closings.set(closings.get() + 1);
                prop_assert!(peer.protected != Some(1), "{id} is protected\n{text}");
                prop_assert!(
                    !(peer.kind == "pec" && peer.protected.is_none()),
                    "{id}: nobody answered whether it is a duty\n{text}"
                );
                prop_assert!(!into.is_empty(), "{id} leads nowhere\n{text}");
                for moment in verdict["touchpoints"].as_array().unwrap() {
                    let at = moment["call"].as_str().unwrap();
                    prop_assert!(
                        ["merge", "drop"].contains(&at),
                        "{id} closes, yet says {at} somewhere\n{text}"
                    );
                }
            }
        }
        // Whatever closes, somebody is left where somebody was.
        for bit in [1_u8, 2] {
            let there = |i: &usize| it.channels[*i].status == "active" && it.channels[*i].moments & bit != 0;
            let before: Vec<usize> = (0..it.channels.len()).filter(there).collect();
            let stays = |i: &usize| !["merge", "drop"].contains(&call(&format!("c{i}")).as_str());
            prop_assert!(before.is_empty() || before.iter().any(stays), "a moment is left alone\n{text}");
        }
        Ok(())
    });
    assert!(closings.get() > 10, "only {} closings were tried", closings.get());
}

#[test]
fn the_order_in_which_channels_are_written_changes_no_verdict() {
    run_portfolios(25, |it| {
        let calls = |text: String| {
            let json = assess_text(&text);
            let mut all: Vec<(String, String, Vec<String>)> = json["channels"]
                .as_array()
                .unwrap()
                .iter()
                .map(|c| (c["id"].to_string(), c["verdict"]["call"].to_string(), possible(c)))
                .collect();
            all.sort();
            all
        };
        let backwards = portfolio_yaml(&it, |channels| channels.reverse());
        prop_assert_eq!(
            calls(portfolio_yaml(&it, |_| ())),
            calls(backwards),
            "{}",
            portfolio_yaml(&it, |_| ())
        );
        Ok(())
    });
}

#[test]
fn weights_ten_times_as_large_weigh_the_same() {
    run_portfolios(15, |mut it| {
        let small = it.swing.map(|w| w.map(|n| n / 10));
        it.swing = small;
        let before = assess_text(&portfolio_yaml(&it, |_| ()));
        it.swing = small.map(|w| w.map(|n| n * 10));
        prop_assert_eq!(
            before["channels"].clone(),
            assess_text(&portfolio_yaml(&it, |_| ()))["channels"].clone()
        );
        Ok(())
    });
}

/// What is said of weights is so: the weight that turns a verdict turns it when it is given, a little less does
/// not; and the verdict is among the possible ones, with shares of weightings that are shares.
#[test]
fn a_weight_that_is_said_to_turn_a_verdict_turns_it() {
    const AXES: [[&str; 3]; 2] =
        [["appropriate", "relevant", "significant"], ["capability", "functional", "connected"]];
    let turned = std::cell::Cell::new(0);
    run(300, |it| {
        let text = yaml(&it);
        let json = assess_text(&text);
        let verdict = &of(&json, "it")["verdict"];
        let agreement = &verdict["agreement"];
        for reach in ["near", "any"] {
            let share = agreement[reach].as_f64().unwrap();
            prop_assert!((0.0..=1.0).contains(&share), "{verdict}");
        }
        prop_assert!(possible(of(&json, "it")).contains(&verdict["call"].as_str().unwrap().to_owned()));
        // Where one verdict is possible, nothing is left to remove by asking.
        let settled = possible(of(&json, "it")).len() == 1;
        for ask in of(&json, "it")["ask_next"].as_array().unwrap() {
            let (removes, narrows) = (ask["removes"].as_f64().unwrap(), ask["narrows"].as_f64().unwrap());
            prop_assert!((0.0..=1.0).contains(&removes) && (0.0..=1.0).contains(&narrows), "{ask}");
            prop_assert!(!settled || removes == 0.0, "{ask}");
        }
        let flips = verdict["flips"].as_array().unwrap();
        prop_assert!(flips.iter().all(|flip| flip["call"] != verdict["call"]), "{verdict}");
        let Some(flip) = flips.iter().find(|flip| flip["by"] == "weight") else { return Ok(()) };
        let id = flip["criterion"].as_str().unwrap();
        let (from, to) = (flip["from"].as_f64().unwrap(), flip["to"].as_f64().unwrap());
        // Criteria of the axis that do not apply have left it; whatever they weigh counts nothing.
        let axis = AXES.iter().find(|axis| axis.contains(&id)).unwrap();
        let applies = |other: &str| {
            let own = of(&json, "it");
            let fit = own["fit"]["criteria"].as_array().unwrap();
            other == "capability" || fit.iter().any(|c| c["id"] == other && c.get("score").is_some())
        };
        let others = axis.iter().filter(|other| **other != id && applies(other)).count();
        let call = |share: f64| {
            let share = share.clamp(0.0, 1.0);
            let rest: String = axis
                .iter()
                .filter(|other| **other != id)
                .map(|other| format!(", {other}: {}", (1.0 - share) / others as f64))
                .collect();
            let json = assess_text(&format!("{text}weights: {{ {id}: {share}{rest} }}\n"));
            of(&json, "it")["verdict"]["call"].clone()
        };
        let step = 2e-5 * (to - from).signum();
        prop_assert_eq!(call(to + step), flip["call"].clone(), "{} to {}\n{}", id, to, text);
        if (to - from).abs() > 4e-5 {
            prop_assert_eq!(call(to - step), verdict["call"].clone(), "{} before {}\n{}", id, to, text);
        }
        turned.set(turned.get() + 1);
        Ok(())
    });
    assert!(turned.get() >= 5, "too few verdicts turn: {}", turned.get());
}

/// The criteria, worth first.
const CRITERIA: [&str; 6] =
    ["appropriate", "relevant", "significant", "capability", "functional", "connected"];

/// Weights of three criteria, evenly from all that sum to 1.
fn any_weights(uniform: &mut impl FnMut() -> f64) -> [f64; 3] {
    let (a, b) = (uniform(), uniform());
    [a.min(b), (a - b).abs(), 1.0 - a.max(b)]
}

/// The same, each between half and double a third.
fn near_weights(uniform: &mut impl FnMut() -> f64) -> [f64; 3] {
    loop {
        let weights = any_weights(uniform);
        if weights.iter().all(|w| (1.0 / 6.0..=2.0 / 3.0).contains(w)) {
            return weights;
        }
    }
}

/// Numbers from 0 to 1 that look like chance.
fn uniform(mut seed: u64) -> impl FnMut() -> f64 {
    move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(seed >> 32).unwrap()) / f64::from(u32::MAX)
    }
}

/// A portfolio in which channels are twins, some of them hardly worth having, with readings all over the scale.
fn portfolio_of_twins(it: &Portfolio) -> String {
    let mut plain = Portfolio { swing: None, ..it.clone() };
    plain.channels.iter_mut().for_each(|c| c.culture = None);
    let mut text = portfolio_yaml(&plain, |_| ());
    text += "judgements:\n";
    for (i, c) in it.channels.iter().enumerate() {
        for (indicator, points) in [
            ("culture", c.culture.map_or(c.volume % 61, u16::from)),
            ("ends-well", c.volume % 101),
            ("context-carried", c.volume / 7 % 101),
            ("asked-for", c.volume / 3 % 101),
            ("returns", c.volume / 11 % 101),
        ] {
            let _ = writeln!(text, "  - {{ channel: c{i}, indicator: {indicator}, points: {points} }}");
        }
    }
    text
}

/// The whole portfolio judged again with each of these weights: each stakeholder brings some. Of each, the calls that
/// are others than those in use.
fn judged_again(text: &str, weights: &[[f64; 6]]) -> Vec<BTreeMap<String, String>> {
    let mut text = format!("{text}stakeholders:\n");
    for (i, weights) in weights.iter().enumerate() {
        let pairs = CRITERIA.iter().zip(weights).map(|(id, w)| format!("{id}: {w:.15}"));
        let _ = writeln!(text, "  s{i}: {{ {} }}", pairs.collect::<Vec<_>>().join(", "));
    }
    let json = assess_text(&text);
    let differs = |s: &Value| {
        let all = s["differs"].as_array().unwrap().iter();
        all.map(|d| (d["channel"].as_str().unwrap().to_owned(), d["call"].as_str().unwrap().to_owned()))
            .collect()
    };
    json["stakeholders"].as_array().unwrap().iter().map(differs).collect()
}

/// The share of weightings that agree is what judging the whole portfolio again with each of them says, closings of
/// others included; and none of them turns a verdict by less than the least change of weights.
#[test]
fn agreement_is_that_of_judging_again() {
    const DRAWS: usize = 200;
    let [between, twins, together] = [0; 3].map(std::cell::Cell::new);
    run_portfolios(120, |it| {
        let text = portfolio_of_twins(&it);
        let chance = &mut uniform(7);
        let mut join = |draw: fn(&mut dyn FnMut() -> f64) -> [f64; 3]| -> Vec<[f64; 6]> {
            (0..DRAWS)
                .map(|_| {
                    let ([a, b, c], [d, e, f]) = (draw(&mut *chance), draw(&mut *chance));
                    [a, b, c, d, e, f]
                })
                .collect()
        };
        let near = join(|mut chance| near_weights(&mut chance));
        let any = join(|mut chance| any_weights(&mut chance));
        let all: Vec<[f64; 6]> = near.into_iter().chain(any).collect();
        let again = judged_again(&text, &all);
        let json = assess_text(&text);
        for channel in json["channels"].as_array().unwrap() {
            let (id, verdict) = (channel["id"].as_str().unwrap(), &channel["verdict"]);
            let within = |reach: &str| verdict["agreement"]["within"][reach].as_f64().unwrap();
            for (reach, again) in [("near", &again[..DRAWS]), ("any", &again[DRAWS..])] {
                let others = again.iter().filter(|calls| calls.contains_key(id)).count();
                let share = 1.0 - others as f64 / DRAWS as f64;
                let said = verdict["agreement"][reach].as_f64().unwrap();
                let spread = (said * (1.0 - said)).max(share * (1.0 - share));
                // Four and a half standard errors of both; `within` are two of its own.
                let most = 4.5 * (spread / DRAWS as f64).sqrt() + 2.3 * within(reach) + 1e-6;
                prop_assert!((said - share).abs() <= most, "{id} {reach}: {said}, again {share}\n{text}");
                between.set(between.get() + u32::from(said < 1.0));
            }
            twins.set(twins.get() + u32::from(verdict["rival"] == "merge"));
            together.set(together.get() + u32::from(within("near").max(within("any")) > 0.0));
            // Criteria that do not apply have left an axis: then its weights are others.
            let criteria = channel["fit"]["criteria"].as_array().unwrap();
            if criteria.len() < 5 || criteria.iter().any(|c| c.get("score").is_none()) {
                continue;
            }
            let flips = verdict["flips"].as_array().unwrap();
            let moved =
                flips.iter().find(|flip| flip["by"] == "weights").map(|flip| flip["moved"].as_f64().unwrap());
            let distance = |weights: &[f64; 6]| weights.iter().map(|w| (w - 1.0 / 3.0).abs()).sum::<f64>();
            let turning = all.iter().zip(&again).filter(|(_, calls)| calls.contains_key(id));
            let nearest = turning.map(|(weights, _)| distance(weights)).min_by(f64::total_cmp);
            if let Some(nearest) = nearest.filter(|_| verdict["all_weights_tried"] == true) {
                prop_assert!(
                    moved.is_some_and(|moved| moved <= nearest + 1e-5),
                    "{id}: {nearest} turns it, said {moved:?}\n{text}"
                );
            }
        }
        Ok(())
    });
    let counts = [between.get(), twins.get(), together.get()];
    assert!(counts.iter().zip([40, 3, 10]).all(|(count, least)| *count >= least), "{counts:?}");
}

/// Where nobody answered whether a duty stands behind a channel, each answer that would turn its verdict is said with the
/// call that it gives, and no other.
#[test]
fn what_the_answer_to_a_duty_turns_is_said() {
    let turned = std::cell::Cell::new(0);
    run_portfolios(400, |it| {
        let mut it = it;
        it.channels.iter_mut().for_each(|c| c.kind = if c.kind == "phone" { "pec" } else { c.kind });
        let json = assess_text(&portfolio_yaml(&it, |_| ()));
        for (i, channel) in it.channels.iter().enumerate() {
            if channel.kind != "pec" || channel.status != "active" || channel.protected.is_some() {
                continue;
            }
            let verdict = &of(&json, &format!("c{i}"))["verdict"];
            for (answer, passes) in [(0, false), (1, true)] {
                let mut answered = it.clone();
                answered.channels[i].protected = Some(answer);
                let text = portfolio_yaml(&answered, |_| ());
                let then = of(&assess_text(&text), &format!("c{i}"))["verdict"]["call"].clone();
                let flips = verdict["flips"].as_array().unwrap().iter();
                let said = flips.filter(|f| f["gate"] == "protected" && f["passes"] == passes);
                let said: Vec<&Value> = said.map(|f| &f["call"]).collect();
                let wanted = if then == verdict["call"] { vec![] } else { vec![&then] };
                prop_assert_eq!(said, wanted, "c{}: protected {}\n{}", i, passes, text);
                turned.set(turned.get() + u32::from(then != verdict["call"]));
            }
        }
        Ok(())
    });
    assert!(turned.get() >= 10, "{}", turned.get());
}

/// A change of weights that is said to turn a verdict turns it when the whole portfolio is judged again with them: the
/// one weight as soon as it is passed, all together somewhere right beside.
#[test]
fn a_change_of_weights_turns_the_verdict_of_the_set() {
    const BESIDE: usize = 400;
    let [one, all] = [0; 2].map(std::cell::Cell::new);
    run_portfolios(30, |it| {
        let text = portfolio_of_twins(&it);
        let json = assess_text(&text);
        let chance = &mut uniform(3);
        for channel in json["channels"].as_array().unwrap() {
            let id = channel["id"].as_str().unwrap();
            let criteria = channel["fit"]["criteria"].as_array().unwrap();
            if criteria.len() < 5 || criteria.iter().any(|c| c.get("score").is_none()) {
                continue;
            }
            for flip in channel["verdict"]["flips"].as_array().unwrap() {
                let call = flip["call"].as_str().unwrap();
                let place = |id: &str| CRITERIA.iter().position(|c| *c == id).unwrap();
                let mut weights = [1.0 / 3.0; 6];
                let tried = if flip["by"] == "weight" {
                    let (k, to) = (place(flip["criterion"].as_str().unwrap()), flip["to"].as_f64().unwrap());
                    let to = (to + 5e-6 * (to - 1.0 / 3.0).signum()).clamp(0.0, 1.0);
                    let axis = if k < 3 { 0..3 } else { 3..6 };
                    axis.for_each(|j| weights[j] = if j == k { to } else { (1.0 - to) / 2.0 });
                    one.set(one.get() + 1);
                    vec![weights]
                } else if flip["by"] == "weights" {
                    for (id, to) in flip["to"].as_object().unwrap() {
                        weights[place(id)] = to.as_f64().unwrap();
                    }
                    all.set(all.get() + 1);
                    let mut beside = || weights.map(|w| (w + 2e-4 * (chance() - 0.5)).max(0.0));
                    (0..BESIDE).map(|_| beside()).collect()
                } else {
                    continue;
                };
                let again = judged_again(&text, &tried);
                prop_assert!(
                    again.iter().any(|calls| calls.get(id).is_some_and(|it| it == call)),
                    "{id}: {flip}\n{text}"
                );
            }
        }
        Ok(())
    });
    assert!(one.get() >= 10 && all.get() >= 10, "{} {}", one.get(), all.get());
}
