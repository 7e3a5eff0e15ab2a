//! Whole inventories, right and wrong. Lines and columns are counted by hand.

use super::*;
use crate::criteria::Criteria;
use crate::inventory::{EpisodeKey, Evidence, HumanExit, Lawful, Owner, Protected, Role, SurveyTarget};
use crate::text::diagnostic::Severity;

fn criteria() -> Criteria {
    crate::criteria::load::embedded().expect("the built-in criteria are right")
}

fn lowered(text: &str) -> (Option<Inventory>, Vec<Diagnostic>) {
    let criteria = criteria();
    let indicators: Vec<&str> =
        criteria.criteria.iter().flat_map(|c| c.indicators.iter().map(|i| i.id.as_str())).collect();
    let findings: Vec<&str> = criteria.findings.iter().map(|f| f.code.as_str()).collect();
    let source = Source::new("inventory.yaml", text);
    lower(&source, PathBuf::from("."), &criteria.kinds, &indicators, &findings)
}

/// Codes with severity and place, in order: `error unknown-key 3:5`.
fn codes(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|d| {
            let (line, column) = d.at.line_column();
            let word = if d.severity == Severity::Error { "error" } else { "warning" };
            format!("{word} {} {line}:{column}", d.code)
        })
        .collect()
}

fn told(diagnostics: &[Diagnostic]) -> String {
    crate::text::render::render(diagnostics, false)
}

const DESIGN: &str = include_str!("../../../tests/fixtures/design.yaml");

#[test]
fn the_whole_example_of_the_design_is_valid() {
    let (inventory, diagnostics) = lowered(DESIGN);
    assert!(diagnostics.is_empty(), "{}", told(&diagnostics));
    let i = inventory.expect("it is valid");
    assert_eq!(i.organisation.name, "Lumen Energia");
    assert_eq!(i.organisation.timezone_name, "Europe/Rome");
    assert_eq!(i.organisation.languages, ["it", "de"]);
    assert_eq!(i.organisation.region, None);
    assert_eq!(i.organisation.sells, Some(true));
    assert_eq!(i.objectives.len(), 3);
    assert!((i.objectives.iter().map(|o| o.weight).sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(i.segments[0].uses.len(), 4);
    assert_eq!(i.segments[0].uses[2].0, UseOf::Group("messaging".into()));
    assert_eq!(i.touchpoints[2].expected_contacts, 3);
    assert!(i.touchpoints[1].bursts);
    // `chat` is a channel of this inventory, which outranks the group of that name.
    let chat = i.find_channel("chat").unwrap();
    assert_eq!(i.surveys[0].choose[2], (SurveyTarget::Channel(chat), 0.20));
    assert_eq!(i.surveys[0].choose[3], (SurveyTarget::Use(UseOf::Group("messaging".into())), 0.17));
    assert_eq!(i.mystery[0].right, Some(36));
    assert_eq!(i.teams[0].people.as_ref().unwrap().value.low, 6.0);
    assert!(i.teams[1].partner);
    assert_eq!(i.absent.len(), 2);
    assert_eq!(i.lost_share.as_ref().unwrap().value.high, 0.05);
    assert_eq!(i.episodes.key, Some(EpisodeKey::CustomerAndReason));
    assert_eq!(i.episodes.window_days, Some(7));
    let phone = &i.channels[0];
    assert_eq!(phone.aliases, ["Telefono", "Call"]);
    assert_eq!(phone.owner.as_ref().unwrap().value, Owner::Named("head of care".into()));
    assert_eq!(phone.meant_for, None);
    assert_eq!(phone.promise.as_ref().unwrap().value.within_s, 20.0);
    assert!(!phone.promise.as_ref().unwrap().value.open_clock);
    assert_eq!(phone.handle_s.as_ref().unwrap().value, 240.0);
    assert!(!phone.practices.back_up.as_ref().unwrap().value);
    assert_eq!(phone.links.as_ref().unwrap().len(), 2);
    assert_eq!(phone.lawful.as_ref().unwrap().value, Lawful::Reviewed(jiff::civil::date(2026, 1, 15)));
    assert!(
        matches!(&phone.protected.as_ref().unwrap().value, Protected::Duty { by, .. } if by == "Delibera X")
    );
    assert_eq!(phone.second_choice.as_ref().unwrap().len(), 2);
    let bot = &i.channels[i.find_channel("bot").unwrap().0];
    assert_eq!(bot.human_exit.as_ref().unwrap().value, HumanExit::To(chat));
    assert_eq!(i.channels[chat.0].concurrency.as_ref().unwrap().max, 3);
    let whatsapp = &i.channels[i.find_channel("whatsapp").unwrap().0];
    assert_eq!(whatsapp.need.as_ref().unwrap().value.evidence, Evidence::Needed);
    assert_eq!(whatsapp.replaces[0].value, i.find_channel("fax").unwrap());
    let forecast = whatsapp.forecast.as_ref().unwrap();
    assert!(!forecast.contacts_given_as_interval);
    assert_eq!(forecast.from.len(), 2);
    assert_eq!(forecast.handle_s.as_ref().unwrap().value, 360.0);
    assert_eq!(whatsapp.redirect[0].1.value, i.find_channel("email").unwrap());
    let changes: Vec<bool> = whatsapp.changes.as_ref().unwrap().iter().map(|c| c.done).collect();
    assert_eq!(changes, [true, true, false, true, true]);
    let usage = &i.usage[0];
    assert_eq!(usage.columns[0].0, Role::Time);
    assert_eq!(usage.columns[0].1.columns.len(), 2);
    assert_eq!(usage.columns[7].1.yes, ["AGENT"]);
    assert_eq!(usage.unknown, [("client".to_owned(), vec!["0".to_owned(), "?".to_owned()])]);
    assert_eq!(usage.satisfaction_scale, Some((1.0, 5.0)));
    assert_eq!(i.policy.fail_on, Some(Severity::Error));
    assert_eq!(i.waivers[0].reason, "retired in March");
}

#[test]
fn the_examples_are_valid() {
    for (name, text) in [
        ("small", include_str!("../../../examples/small/inventory.yaml")),
        ("healthy", include_str!("../../../examples/healthy/inventory.yaml")),
        ("lumen", include_str!("../../../examples/lumen/inventory.yaml")),
    ] {
        let (inventory, diagnostics) = lowered(text);
        assert!(inventory.is_some() && diagnostics.is_empty(), "{name}\n{}", told(&diagnostics));
    }
}

#[test]
fn inventories_for_real_logs_are_valid() {
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/real")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let (inventory, diagnostics) = lowered(&std::fs::read_to_string(&path).unwrap());
            assert!(
                inventory.is_some() && diagnostics.is_empty(),
                "{}\n{}",
                path.display(),
                told(&diagnostics)
            );
        }
    }
}

#[test]
fn the_least_inventory_leaves_everything_else_unknown() {
    let (inventory, diagnostics) = lowered(
        "schema: 1\norganisation: { name: 007, timezone: UTC }\nchannels: [{ id: a, kind: phone, status: active }]",
    );
    assert!(diagnostics.is_empty(), "{}", told(&diagnostics));
    let i = inventory.unwrap();
    assert_eq!(i.organisation.name, "007");
    assert_eq!(i.organisation.sells, None);
    let channel = &i.channels[0];
    assert!(channel.owner.is_none() && channel.links.is_none() && channel.protected.is_none());
    assert!(channel.promise.is_none() && channel.volume_per_year.is_none() && channel.changes.is_none());
    assert!(matches!(i.rivals, Rivals::Unknown));
}

#[test]
fn norwegian_is_a_language_and_norway_a_country() {
    let (inventory, diagnostics) = lowered(
        "schema: 1\norganisation: { name: A, timezone: Europe/Oslo, country: no, languages: [it, no] }\nchannels: [{ id: a, kind: phone, status: active }]",
    );
    assert!(diagnostics.is_empty(), "{}", told(&diagnostics));
    let i = inventory.unwrap();
    assert_eq!(i.organisation.languages, ["it", "no"]);
    assert_eq!(i.organisation.country.as_deref(), Some("NO"));
}

#[test]
fn holidays_are_those_of_the_country() {
    let text = |country: &str| {
        format!(
            "schema: 1\norganisation: {{ name: A, timezone: Europe/Rome{country} }}\nteams: [{{ id: t, people: 3, hours: \"Mo-Fr 08:00-20:00; PH off\" }}]\nchannels: [{{ id: a, kind: phone, status: active }}]"
        )
    };
    // 2 June is the day of the Italian republic, 3 June is none: 2026 has both on working days.
    let closed = |country: &str, day: u32| {
        let (inventory, diagnostics) = lowered(&text(country));
        let inventory = inventory.unwrap_or_else(|| panic!("{}", told(&diagnostics)));
        let hours = &inventory.teams[0].hours.as_ref().unwrap().value;
        let calendar = hours.parsed.get_context().holidays.get_public().clone();
        calendar.iter().any(|date| date.to_string() == format!("2026-06-{day:02}"))
    };
    assert!(closed(", country: IT", 2));
    assert!(!closed(", country: IT", 3));
    assert!(!closed("", 2));
}

/// A valid head of two lines; what follows starts on line 3.
const HEAD: &str = "schema: 1\norganisation: { name: A, timezone: UTC, as_of: 2026-11-23 }\n";
/// A valid list of channels of three lines.
const CHANNELS: &str = "channels:\n  - { id: phone, kind: phone, status: active, volume: { per_year: 1000 } }\n  - { id: email, kind: email, status: active }\n";

/// What a bad inventory is told first: text after [`HEAD`] and [`CHANNELS`] (line 6 on), the code
/// with its place, and a piece of message or help.
const AFTER_CHANNELS: &[(&str, &str, &str)] = &[
    ("chanels: []", "error unknown-key 6:1", "did you mean `channels`?"),
    (
        "segments: [{ id: a, share: 0.5 }, { id: a, share: 0.5 }]",
        "error duplicate-id 6:41",
        "the segment `a` is given twice",
    ),
    (
        "segments: [{ id: ab, share: 0.5 }, { id: Ab, share: 0.5 }]",
        "error ids-differ-by-case 6:42",
        "differ by upper and lower case only",
    ),
    ("segments: [{ id: Over 65 }]", "error bad-id 6:18", "for example `over-65`"),
    (
        "segments: [{ id: a, share: 0.7 }, { id: b, share: 0.5 }]",
        "error shares-do-not-sum 6:51",
        "sum to 1.2, which is more than 1",
    ),
    (
        "segments: [{ id: a, share: 0.7 }, { id: b, share: 0.1 }]",
        "error shares-do-not-sum 6:51",
        "sum to 0.8, not to 1",
    ),
    ("segments: [{ id: a, share: 40 }]", "error out-of-range 6:28", "if it is a percentage, write 0.4"),
    ("segments: [{ id: a, share: 0,4 }]", "error shares-do-not-sum 6:28", "a segment has no key `4`"),
    ("segments: [{ id: a, share: \"0.4\" }]", "error wrong-type 6:28", "take the quotes away"),
    ("segments: [{ id: a, uses: { whatsap: 0.4 } }]", "error unknown-kind 6:29", "did you mean `whatsapp`?"),
    ("segments: [{ id: a, languages: [italian] }]", "error bad-code 6:33", "`italian` is no language code"),
    ("touchpoints: [{ id: a, needs: [dialog] }]", "error unknown-word 6:32", "did you mean `dialogue`?"),
    ("touchpoints: [{ id: a, importance: 6 }]", "error out-of-range 6:36", "from 1 (low) to 5 (vital)"),
    ("touchpoints: [{ id: a, bursts: maybe }]", "error wrong-type 6:32", "expected yes or no"),
    ("touchpoints: [{ id: a, expected_contacts: 1.5 }]", "error wrong-type 6:43", "a whole number"),
    ("touchpoints: [{ stage: use }]", "error missing-key 6:17", "a touchpoint needs `id`"),
    (
        "surveys: [{ sample: 10, choose: { phone: 0.7, email: 0.5 } }]",
        "error shares-do-not-sum 6:54",
        "answers: multiple",
    ),
    ("surveys: [{ sample: 10, choose: { phne: 0.7 } }]", "error unknown-kind 6:35", "did you mean `phone`?"),
    ("surveys: [{ sample: 0 }]", "error out-of-range 6:21", "a whole number from 1"),
    (
        "surveys: [{ sample: 10, date: 2027-01-01 }]",
        "warning date-in-future 6:31",
        "after the assessment of 2026-11-23",
    ),
    ("surveys: [{ sample: 10, date: 2026-02-30 }]", "error bad-date 6:31", "no day of the calendar"),
    ("surveys: [{ sample: 10, date: yes }]", "error bad-date 6:31", "expected a date, found `yes`"),
    (
        "surveys: [{ touchpoint: bill, sample: 10 }]",
        "error unknown-touchpoint 6:25",
        "this inventory names no touchpoint",
    ),
    ("mystery: [{ channel: phne, contacts: 3 }]", "error unknown-channel 6:22", "did you mean `phone`?"),
    (
        "mystery: [{ channel: phone, contacts: 3, right: 4 }]",
        "error more-than-all 6:49",
        "more than the 3 contacts",
    ),
    (
        "mystery: [{ channel: phone, date: 2026-12-01, contacts: 3 }]",
        "warning date-in-future 6:35",
        "test contacts",
    ),
    ("teams: [{ id: care, people: 0 }]", "error no-people 6:29", "a team with 0 people answers nobody"),
    ("teams: [{ id: care, people: -2 }]", "error no-people 6:29", "-2 people"),
    ("teams: [{ id: care, people: { low: 5, high: 3 } }]", "error range-reversed 6:31", "`low` comes first"),
    ("teams: [{ id: care, shrinkage: 1 }]", "error out-of-range 6:32", "nobody is ever at the desk"),
    ("teams: [{ id: care, shrinkage: 30 }]", "error out-of-range 6:32", "write 0.3"),
    ("teams: [{ id: care, contract_hours: 380 }]", "error out-of-range 6:37", "from 1 to 80"),
    ("teams: [{ id: care, hours: \"Mo-Fr 8 to 20\" }]", "error bad-hours 6:35", "Mo-Fr 08:00-20:00"),
    ("teams: [{ id: care, hours: ”Mo-Fr 08:00-20:00” }]", "error bad-hours 6:28", "write straight ones"),
    (
        "teams: [{ id: care, roster: [{ hours: \"Mo 09:00-11:00\" }] }]",
        "error missing-key 6:32",
        "needs `people`",
    ),
    ("teams: [{ id: care, price_per_contact: 4 }]", "warning partner-only-key 6:21", "partner: yes"),
    ("systems: [{ id: crm, shares_history: partly }]", "error wrong-type 6:38", "expected yes or no"),
    ("absent: [fax, phone]", "error absent-but-listed 6:15", "`phone` is said to be absent"),
    ("absent: [messaging]", "error group-not-kind 6:10", "whatsapp"),
    ("absent: [Web-Chat]", "error unknown-kind 6:10", "did you mean `web_chat`?"),
    ("rivals: [{ name: R, channels: [phne] }]", "error unknown-kind 6:32", "did you mean `phone`?"),
    ("rivals: nobody", "error wrong-type 6:9", "`none` or a list of rivals"),
    ("drop: { lost_share: { low: 0.01, high: 5 } }", "error out-of-range 6:40", "a share from 0 to 1"),
    ("episodes: { window: 36h }", "error bad-window 6:21", "whole number of days"),
    ("episodes: { window: 7 }", "error bad-duration 6:21", "7s, 7m, 7h or 7d"),
    ("episodes: { key: client }", "error unknown-word 6:18", "customer"),
    ("objectives: { retention: 0 }", "error weight-not-positive 6:26", "greater than 0"),
    ("weights: { relevance: 1 }", "error unknown-criterion 6:12", "did you mean `relevant`?"),
    (
        "weights: { relevant: 0, appropriate: 0, significant: 0 }",
        "error weight-not-positive 6:10",
        "worth would rest on nothing",
    ),
    ("weights: { order: [capability] }", "error incomplete-order 6:19", "missing: appropriate"),
    ("weights: { order: [capability], relevant: 1 }", "error incomplete-order 6:19", "all six criteria"),
    (
        "judgements: [{ channel: phone, indicator: cultur, points: 50 }]",
        "error unknown-indicator 6:43",
        "did you mean `culture`?",
    ),
    (
        "judgements: [{ channel: phone, indicator: culture, points: 150 }]",
        "error out-of-range 6:60",
        "points from 0 to 100",
    ),
    (
        "policy: { require: { missing-ownr: error } }",
        "error unknown-finding 6:22",
        "did you mean `missing-owner`?",
    ),
    ("policy: { fail_on: fatal }", "error unknown-word 6:20", "error, warning, note"),
    (
        "waivers: [{ code: missing-owner, channel: phone }]",
        "error missing-key 6:13",
        "a waiver needs `reason`",
    ),
    ("usage: [{ path: a.csv, columns: { tiem: t } }]", "error unknown-role 6:35", "did you mean `time`?"),
    (
        "usage: [{ path: a.csv, columns: { channel: c }, fixed: { channel: phone } }]",
        "error role-given-twice 6:58",
        "both a column and a fixed value",
    ),
    (
        "usage: [{ path: a.csv, fixed: { channel: phne } }]",
        "warning unknown-channel 6:42",
        "did you mean `phone`?",
    ),
    ("usage: [{ path: a.csv, one_row_is: step }]", "error step-without-case 6:36", "need their case"),
    ("usage: [{ path: a.csv, time_format: \"%d/%m/%Y %K\" }]", "error bad-time-format 6:37", "%Y year"),
    ("usage: [{ path: a.csv, time_format: \"%H:%M\" }]", "error bad-time-format 6:37", "not all there"),
    ("usage: [{ path: a.csv, satisfaction_scale: 5..1 }]", "error bad-scale 6:44", "1..5"),
    (
        "usage: [{ path: a.csv, columns: { answered: { column: o, yes: [A], no: [a] } } }]",
        "error yes-and-no 6:73",
        "both yes and no",
    ),
    (
        "usage: [{ path: a.csv, touchpoint_values: { x: billing } }]",
        "error unknown-touchpoint 6:48",
        "no touchpoint",
    ),
    ("usage: { path: a.csv }", "error wrong-type 6:8", "a list of usage entries"),
    ("teams: [{ id: care, people: 3, people: 4 }]", "error duplicate-key 6:32", "`people` is given twice"),
];

/// Keys of one more channel, `x`, on line 6 from column 42 on.
const IN_CHANNEL: &[(&str, &str, &str)] = &[
    ("handle: 240", "error bad-duration 6:50", "240s, 240m, 240h or 240d"),
    ("handle: 4 minutes", "error bad-duration 6:50", "write 20s, 6m, 8h, 2d"),
    ("team: care", "error unknown-team 6:48", "this inventory names no team"),
    ("system: crm", "error unknown-system 6:50", "no system"),
    ("touchpoints: { billing: primary }", "error unknown-touchpoint 6:57", "no touchpoint `billing`"),
    ("for: [old]", "error unknown-segment 6:48", "no segment `old`"),
    ("links: [{ to: x, context: full }]", "error names-itself 6:56", "cannot be a link of its own"),
    ("links: [{ to: phone, context: some }]", "error unknown-word 6:72", "none, partial, full"),
    (
        "links: [{ to: phone, context: full }, { to: phone, context: none }]",
        "error duplicate-link 6:86",
        "given twice",
    ),
    ("promise: { share: 80, within: 20s }", "error out-of-range 6:60", "write 0.8"),
    ("promise: { within: 20s }", "error missing-key 6:53", "a promise needs `share`"),
    ("promise: { share: 0.8, within: 20s, clock: closed }", "error unknown-word 6:85", "open, always"),
    ("second_choice: { phone: 0.7, email: 0.5 }", "error shares-do-not-sum 6:78", "sum to 1.2"),
    ("contributes: { retention: 0.5 }", "error unknown-objective 6:57", "no objective `retention`"),
    ("lawful: no", "error unknown-word 6:50", "`refused` if the review said no"),
    ("lawful: 2027-02-01", "warning date-in-future 6:50", "this review"),
    ("protected: yes", "error wrong-type 6:53", "say by what"),
    ("human_exit: { to: bot }", "error unknown-channel 6:60", "no channel `bot`"),
    ("human_exit: maybe", "error wrong-type 6:54", "{ to: CHANNEL }"),
    ("concurrency: { max: 0 }", "error out-of-range 6:62", "from 1 to 100"),
    ("concurrency: { max: 3, speed: [1, 1.7] }", "error bad-speed 6:72", "2 speeds for up to 3 chats"),
    ("concurrency: { speed: [1, 1.7, 1.5] }", "error bad-speed 6:73", "1.5 is below 1.7"),
    ("concurrency: { speed: [0.9] }", "error bad-speed 6:65", "the speed with one chat is 1"),
    ("personal: mostly", "error unknown-word 6:52", "no, partly, yes"),
    ("aliases: [PHONE]", "error shared-label 6:52", "stands for both `phone` and `x`"),
    ("volume: 42000", "error wrong-type 6:50", "a mapping that describes a volume"),
    ("volume: { per_year: -1 }", "error out-of-range 6:62", "0 or more"),
    ("hours: \"\"", "error empty-text 6:49", "leave the key out"),
    ("need: { why: x, evidence: needed }", "warning candidate-only-key 6:42", "this channel is active"),
    ("owner: no", "error wrong-type 6:49", "owner: none"),
];

/// Keys of a candidate `x` on line 6 from column 45 on.
const IN_CANDIDATE: &[(&str, &str, &str)] = &[
    ("replaces: faks", "error unknown-channel 6:55", "there is no channel `faks`"),
    ("replaces: x", "error names-itself 6:55", "what it replaces of its own"),
    ("replaces: y", "warning not-in-use 6:55", "`y` is replaced, but it is a candidate"),
    (
        "forecast: { from: { phone: 0.7, email: 0.5 } }",
        "error shares-do-not-sum 6:84",
        "what is left of 1 is new demand",
    ),
    (
        "forecast: { contacts_per_year: 4000, from: { phone: 0.5 } }",
        "error forecast-larger-than-source 6:97",
        "0.5 of 4000 contacts a year are 2000, more than the 1000 that `phone` has",
    ),
    ("forecast: { from: { x: 0.5 } }", "error names-itself 6:65", "a source of its own"),
    ("redirect: { phone: email }", "warning redirect-not-replaced 6:57", "add `replaces: phone`"),
    ("need: { why: x }", "error missing-key 6:53", "a need needs `evidence`"),
    ("trial: { metric: endswell }", "error unknown-indicator 6:62", "did you mean `ends-well`?"),
    ("trial: { goal: 0.5, stop: 0.5 }", "error goal-is-stop 6:71", "goal and stop are the same"),
    ("changes: { web_site: yes }", "warning unusual-change 6:56", "did you mean `website`?"),
    ("changes: { website: soon }", "error wrong-type 6:65", "yes, no or briefed"),
];

/// The first diagnostic of that text is this one; returns what went wrong otherwise.
fn expect_first(text: &str, code: &str, piece: &str) -> Option<String> {
    let (inventory, diagnostics) = lowered(text);
    let shown = told(&diagnostics);
    let first = codes(&diagnostics).first().cloned().unwrap_or_default();
    let errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
    let wrong = first != code || !shown.contains(piece) || inventory.is_some() == errors;
    wrong.then(|| format!("wanted {code} with `{piece}`, got {first}\n{text}\n{shown}"))
}

#[test]
fn each_mistake_is_told_at_its_place() {
    let mut wrong = Vec::new();
    for (tail, code, piece) in AFTER_CHANNELS {
        wrong.extend(expect_first(&format!("{HEAD}{CHANNELS}{tail}\n"), code, piece));
    }
    for (keys, code, piece) in IN_CHANNEL {
        let text = format!("{HEAD}{CHANNELS}  - {{ id: x, kind: fax, status: active,  {keys} }}\n");
        wrong.extend(expect_first(&text, code, piece));
    }
    for (keys, code, piece) in IN_CANDIDATE {
        let text = format!(
            "{HEAD}{CHANNELS}  - {{ id: x, kind: fax, status: candidate,  {keys} }}\n  - {{ id: y, kind: sms, status: candidate }}\n"
        );
        wrong.extend(expect_first(&text, code, piece));
    }
    for (text, code, piece) in [
        ("", "error empty-inventory 1:1", "this inventory is empty"),
        ("[]", "error wrong-type 1:1", "a mapping that describes an inventory"),
        (
            "schema: 2\nfoo: 1\n",
            "error unsupported-schema 1:9",
            "this is an inventory of schema 2; this program reads schema 1",
        ),
        ("schema: [1\n", "error yaml-syntax 1:9", "not valid YAML"),
        (
            "organisation: { name: A, timezone: UTC }\nchannels: []\n",
            "error missing-key 1:1",
            "an inventory needs `schema`",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: Rome }\nchannels: []\n",
            "error unknown-timezone 2:36",
            "did you mean `Europe/Rome`?",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC, country: Italy }\nchannels: []\n",
            "error bad-code 2:50",
            "two letters",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC, currency: EURO }\nchannels: []\n",
            "error bad-code 2:51",
            "three letters",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC }\nchannels: []\n",
            "error no-channels 3:11",
            "at least one channel",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC }\nchannels:\n  - { id: Phone, kind: phone, status: active }\n  - { id: phone, kind: phone, status: active }\n",
            "error bad-id 4:11",
            "for example `phone`",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC }\nchannels:\n  - { id: a, kind: chat, status: active }\n",
            "error group-not-kind 4:20",
            "web_chat",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC }\nchannels:\n  - { id: a, kind: phne, status: actve }\n",
            "error unknown-kind 4:20",
            "did you mean `active`?",
        ),
        (
            "schema: 1\norganisation: { name: A, timezone: UTC }\nchannels:\n  - { id: a, kind: phone, status: active, aliases: [Chat] }\n  - { id: b, kind: web_chat, status: active, aliases: [chat] }\n",
            "error shared-label 5:56",
            "the label `chat` stands for both `a` and `b`",
        ),
        ("a: &x [1, *x]\n", "error yaml-cycle 1:11", "inside the value it repeats"),
    ] {
        wrong.extend(expect_first(text, code, piece));
    }
    assert!(wrong.is_empty(), "{} wrong\n\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_yaml_bomb_stands_alone() {
    let mut bomb = String::from("schema: 1\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
    for level in 1..12 {
        let previous = format!("*a{}", level - 1);
        bomb += &format!("a{level}: &a{level} [{}]\n", [previous.as_str(); 10].join(","));
    }
    let (inventory, diagnostics) = lowered(&bomb);
    assert!(inventory.is_none());
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].code, "yaml-budget");
    // Each anchor keeps a copy of what it names: 60 of them around a large list are a bomb, too.
    let nested: String = (0..60).map(|i| format!("&a{i} [")).collect();
    let items = "x,".repeat(100_000);
    let text = format!("schema: 1\nx: {nested}{items}{}\n", "]".repeat(60));
    assert_eq!(
        codes(&lowered(&text).1).first().map(|c| c.split(' ').nth(1).unwrap_or("")),
        Some("yaml-budget")
    );
    let deep = format!("{}{}", "[".repeat(70), "]".repeat(70));
    assert_eq!(codes(&lowered(&deep).1), ["error yaml-budget 1:65"]);
}

#[test]
fn large_files_are_read_in_bounded_time() {
    let start = std::time::Instant::now();
    let keys: String = (0..150_000).map(|i| format!("k{i}: 1\n")).collect();
    let (inventory, diagnostics) = lowered(&format!("{HEAD}{CHANNELS}{keys}"));
    assert!(inventory.is_none());
    assert_eq!(diagnostics.len(), 150_000);
    let ids = "i".repeat(1 << 20);
    let _ = lowered(&format!(
        "{HEAD}teams: [{{ id: {ids}a }}]\nchannels: [{{ id: a, kind: {ids}b, status: active, team: {ids}c }}]\n"
    ));
    // Quadratic work on either would take minutes.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

#[test]
fn words_beside_yes_and_no_may_be_quoted() {
    let text = format!(
        "{HEAD}{CHANNELS}  - {{ id: x, kind: chatbot, status: active, owner: \"none\", lawful: \"yes\", protected: \"no\", human_exit: \"no\", personal: \"yes\" }}\n"
    );
    let (inventory, diagnostics) = lowered(&text);
    assert!(diagnostics.is_empty(), "{}", told(&diagnostics));
    let channel = &inventory.unwrap().channels[2];
    assert_eq!(channel.owner.as_ref().unwrap().value, Owner::None);
    assert_eq!(channel.lawful.as_ref().unwrap().value, Lawful::Yes);
    assert_eq!(channel.protected.as_ref().unwrap().value, Protected::No);
    assert_eq!(channel.human_exit.as_ref().unwrap().value, HumanExit::No);
}

#[test]
fn columns_count_characters_after_crlf_and_accents() {
    // Line 4: `  - { id: tel, kind: phone, status: active, owner: "così è", teem: x }`; the key `teem`
    // is the 62nd character, and the team, which there is none of, the 68th.
    let text = "schema: 1\r\norganisation: { name: \"Città più\", timezone: UTC }\r\nchannels:\r\n  - { id: tel, kind: phone, status: active, owner: \"così è\", teem: x }\r\n";
    let (_, diagnostics) = lowered(text);
    assert_eq!(codes(&diagnostics), ["error unknown-key 4:62", "error unknown-team 4:68"]);
    assert!(told(&diagnostics).contains("--> inventory.yaml:4:62"), "{}", told(&diagnostics));
}

#[test]
fn what_a_misspelt_key_holds_is_read_and_nothing_else_is_blamed_on_it() {
    // The list of channels is known by its misspelt name: who refers to them is right, and what is wrong in it is told.
    let text = "\
schema: 1
organisation: { name: A, timezone: UTC, as_of: 2026-11-23 }
mystery: [{ channel: phone, contacts: 3 }]
chanels:
  - { id: phone, kin: phone, status: active }
  - { id: email, kind: email, status: aktive }
";
    let (inventory, diagnostics) = lowered(text);
    assert!(inventory.is_none());
    let wanted = ["error unknown-key 4:1", "error unknown-key 5:18", "error unknown-word 6:39"];
    assert_eq!(codes(&diagnostics), wanted, "{}", told(&diagnostics));
    // What is given is not replaced by what looks like it.
    let text = format!("{HEAD}chanels: []\n{CHANNELS}");
    assert_eq!(codes(&lowered(&text).1), ["error unknown-key 3:1"]);
    // An empty one is not read instead of a full one, and what is there under a slip is not missing.
    for empty in ["channels:", "chanels:"] {
        let text = format!("{HEAD}{empty}\n{}", CHANNELS.replace("channels:", "channls:"));
        assert!(codes(&lowered(&text).1).iter().all(|code| code.contains("unknown-key")), "{empty}");
    }
}

#[test]
fn a_misspelt_id_is_known_to_those_who_name_it() {
    let wrong = |line: &str| {
        let text = format!("{HEAD}teams: [{{ {line}: care, people: 3 }}]\n{CHANNELS}    team: care\n");
        // The last channel is a mapping on one line: the team stands in it.
        let text = text.replace("status: active }\n    team: care", "status: active, team: care }");
        codes(&lowered(&text).1)
    };
    assert_eq!(wrong("id"), Vec::<String>::new());
    assert_eq!(wrong("di"), ["error unknown-key 3:11"]);
    assert_eq!(wrong("Id"), ["error unknown-key 3:11"]);
    // Twice the same is told, however it is written.
    let text = format!("{HEAD}{CHANNELS}  - {{ idd: phone, kind: fax, status: active }}\n");
    assert_eq!(codes(&lowered(&text).1), ["error unknown-key 6:7", "error duplicate-id 6:12"]);
}

#[test]
fn what_is_only_like_a_key_is_not_read_as_it() {
    // Suggested for want of a better one, and far from a slip: the value says nothing about the key that was suggested.
    for line in ["currency: EUR", "person: Anna"] {
        let text = format!("{HEAD}channels:\n  - {{ id: a, kind: phone, status: active, {line} }}\n");
        assert_eq!(codes(&lowered(&text).1), ["error unknown-key 4:43"], "{line}");
    }
    // No warning speaks of a key that is not in the file.
    let text = format!("{HEAD}channels:\n  - {{ id: a, kind: phone, status: active, replces: a }}\n");
    let told = told(&lowered(&text).1);
    assert!(told.contains("did you mean `replaces`?") && !told.contains("candidate-only-key"), "{told}");
}

#[test]
fn several_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = "\
schema: 1
organisation:
  name: A
  timezone: Europe/Rme
  colour: red
segments:
  - { id: a, share: 0.7 }
  - { id: b, share: 0.5 }
teams:
  - { id: care, people: 0 }
channels:
  - { id: phone, kind: phne, status: active, team: car }
  - { id: Phone, kind: phone, status: active }
  - id: wa
    kind: whatsapp
    status: candidate
    replaces: telex
    forecast: { contacts_per_year: 100, from: { phone: 0.9, wa: 0.3 } }
";
    let (inventory, diagnostics) = lowered(text);
    assert!(inventory.is_none());
    assert_eq!(
        codes(&diagnostics),
        [
            "error unknown-timezone 4:13",
            "error unknown-key 5:3",
            "error shares-do-not-sum 8:21",
            "error no-people 10:25",
            "error unknown-kind 12:24",
            "error unknown-team 12:52",
            "error ids-differ-by-case 13:11",
            "error unknown-channel 17:15",
            "error names-itself 18:61",
            "error shares-do-not-sum 18:65",
        ],
        "{}",
        told(&diagnostics)
    );
    assert!(told(&diagnostics).ends_with("10 errors in inventory.yaml\n"));
}

#[test]
fn doubles_point_at_the_first() {
    let text = format!("{HEAD}{CHANNELS}  - {{ id: phone, kind: fax, status: active }}\n");
    let (_, diagnostics) = lowered(&text);
    assert_eq!(codes(&diagnostics), ["error duplicate-id 6:11"]);
    let (place, why) = &diagnostics[0].related[0];
    assert_eq!((place.line_column(), why.as_str()), ((4, 11), "first given here"));
}

#[test]
fn multiple_answers_may_sum_to_more_than_one() {
    let text = format!(
        "{HEAD}{CHANNELS}surveys: [{{ sample: 10, answers: multiple, choose: {{ phone: 0.9, email: 0.8 }} }}]\n"
    );
    let (inventory, diagnostics) = lowered(&text);
    assert!(inventory.is_some() && diagnostics.is_empty(), "{}", told(&diagnostics));
}

proptest::proptest! {
    /// No text makes the lowering panic, and an inventory is given exactly where there is no error.
    #[test]
    fn any_change_of_a_valid_inventory_is_survived(at in 0usize..9000, with in "[\\[\\]{}:,\\-'\"#&*0-9a-zè\\n ]{0,4}", cut in 0usize..12) {
        let mut text = DESIGN.to_owned();
        let mut start = at.min(text.len());
        while !text.is_char_boundary(start) { start -= 1; }
        let mut end = (start + cut).min(text.len());
        while !text.is_char_boundary(end) { end += 1; }
        text.replace_range(start..end, &with);
        let (inventory, diagnostics) = lowered(&text);
        let errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
        proptest::prop_assert_eq!(inventory.is_none(), errors);
        let _ = told(&diagnostics);
    }
}
