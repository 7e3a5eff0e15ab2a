//! The criteria that ship with the program are sound and are those of the method; a folder with
//! mistakes is refused with all of them.
use super::*;
use crate::criteria::kind::{AnsweredBy, Medium, Timing};
use crate::criteria::{AppliesTo, AxisId, Language, Reads};

fn shipped() -> Criteria {
    embedded().unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

/// What is not known can be found out: every built-in indicator says how, in both languages.
#[test]
fn every_indicator_says_how_to_find_it_out() {
    let criteria = shipped();
    for indicator in criteria.criteria.iter().flat_map(|c| &c.indicators) {
        let how = indicator.find_out.as_ref().unwrap_or_else(|| panic!("{} does not say", indicator.id));
        let (english, italian) = (how.text.get(Language::English), how.text.get(Language::Italian));
        assert!(english.ends_with('.') && italian.ends_with('.') && english != italian, "{}", indicator.id);
    }
}

#[test]
fn embedded_is_sound() {
    let mistakes = embedded().err().unwrap_or_default();
    let lines: Vec<String> = mistakes.iter().map(|d| format!("{}: {} {}", d.at, d.code, d.message)).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// Facts to know before opening.
const BEFORE: bool = true;
const LATER: bool = false;

/// One line of the method's table.
type Line = (&'static str, &'static str, Reads, &'static [(f64, f64)], f64, Option<f64>, AppliesTo, bool);

/// The method's table of criteria and default indicators, copied by hand from the method: criterion,
/// indicator, T or C, knots, weight, floor, to which channels, and whether it counts before opening.
#[rustfmt::skip]
fn method() -> Vec<Line> {
    use AppliesTo::{All, Answered, Automated, Candidates, Contacts, Live, Outgoing};
    const T: Reads = Reads::Touchpoint;
    const C: Reads = Reads::Channel;
    const JUDGED: &[(f64, f64)] = &[(0.0, 0.0), (100.0, 100.0)];
    const YES_NO: &[(f64, f64)] = &[(0.0, 0.0), (1.0, 100.0)];
    vec![
        ("capability", "covered", C, &[(0.7, 0.0), (0.9, 50.0), (1.0, 100.0)], 3.0, Some(30.0), Answered, BEFORE),
        ("capability", "opening", C, &[(0.5, 0.0), (0.8, 60.0), (0.95, 100.0)], 1.0, None, Live, BEFORE),
        ("capability", "practices", C, &[(0.0, 0.0), (0.6, 50.0), (1.0, 100.0)], 2.0, None, All, BEFORE),
        ("capability", "languages", C, &[(0.5, 0.0), (0.9, 60.0), (1.0, 100.0)], 1.0, None, All, BEFORE),
        ("capability", "extra-systems", C, &[(0.0, 100.0), (1.0, 60.0), (2.0, 20.0), (3.0, 0.0)], 1.0, None, All, BEFORE),
        ("capability", "exposure", C, JUDGED, 1.0, None, All, LATER),
        ("appropriate", "context", T, &[(0.4, 0.0), (0.7, 50.0), (0.95, 100.0)], 2.0, None, All, BEFORE),
        ("appropriate", "audience", T, &[(0.2, 0.0), (0.5, 50.0), (0.8, 100.0)], 3.0, Some(20.0), All, BEFORE),
        ("appropriate", "human-exit", C, YES_NO, 1.0, None, Automated, BEFORE),
        ("appropriate", "culture", C, JUDGED, 1.0, None, All, LATER),
        ("relevant", "functions", T, &[(0.4, 0.0), (0.7, 50.0), (0.95, 100.0)], 3.0, Some(10.0), All, BEFORE),
        ("relevant", "need", C, &[(0.0, 0.0), (1.0, 40.0), (2.0, 100.0)], 2.0, None, Candidates, BEFORE),
        ("relevant", "asked-for", T, &[(0.0, 0.0), (0.1, 50.0), (0.3, 100.0)], 2.0, None, All, BEFORE),
        ("relevant", "usefulness", C, &[(0.0, 0.0), (0.1, 50.0), (0.4, 100.0)], 3.0, None, Outgoing, LATER),
        ("significant", "carries", T, &[(0.0, 0.0), (0.1, 50.0), (0.3, 100.0)], 4.0, None, Contacts, BEFORE),
        ("significant", "importance", C, &[(1.0, 0.0), (3.0, 50.0), (5.0, 100.0)], 1.0, None, All, BEFORE),
        ("significant", "objectives", C, &[(0.0, 0.0), (0.5, 50.0), (1.0, 100.0)], 2.0, None, All, BEFORE),
        ("significant", "returns", C, &[(0.5, 0.0), (1.0, 50.0), (2.0, 100.0)], 2.0, None, All, LATER),
        ("significant", "parity", C, &[(0.0, 30.0), (0.5, 60.0), (1.0, 100.0)], 1.0, None, All, LATER),
        ("functional", "ends-well", T, &[(0.4, 0.0), (0.65, 50.0), (0.85, 100.0)], 3.0, Some(20.0), All, LATER),
        ("functional", "promise-kept", C, &[(0.5, 0.0), (0.8, 50.0), (1.0, 100.0)], 2.0, Some(20.0), Answered, LATER),
        ("functional", "answered", C, &[(0.6, 0.0), (0.9, 70.0), (0.98, 100.0)], 2.0, Some(40.0), Answered, LATER),
        ("functional", "satisfaction", C, &[(0.4, 0.0), (0.7, 60.0), (0.9, 100.0)], 2.0, None, All, LATER),
        ("functional", "false-containment", C, &[(0.1, 100.0), (0.25, 50.0), (0.4, 0.0)], 3.0, Some(30.0), Automated, LATER),
        ("functional", "ease", C, JUDGED, 1.0, None, All, LATER),
        ("connected", "context-carried", C, &[(0.0, 0.0), (0.5, 40.0), (0.9, 100.0)], 3.0, Some(40.0), All, LATER),
        ("connected", "shared-history", C, &[(0.0, 0.0), (0.5, 50.0), (1.0, 100.0)], 2.0, None, All, LATER),
        ("connected", "same-answers", C, &[(0.7, 0.0), (0.9, 60.0), (0.98, 100.0)], 1.0, Some(20.0), All, LATER),
        ("connected", "personal", C, &[(0.0, 0.0), (0.5, 50.0), (1.0, 100.0)], 1.0, None, All, LATER),
    ]
}

#[test]
fn the_indicators_are_those_of_the_method() {
    let criteria = shipped();
    let found: Vec<Line> = method();
    let ids: Vec<(&str, &str)> = criteria
        .criteria
        .iter()
        .flat_map(|c| c.indicators.iter().map(|i| (c.id.as_str(), i.id.as_str())))
        .collect();
    assert_eq!(ids, found.iter().map(|line| (line.0, line.1)).collect::<Vec<_>>());
    for (criterion, id, reads, knots, weight, floor, applies_to, before) in found {
        let (_, indicator) = criteria.indicator(id).unwrap();
        assert_eq!(indicator.reads, reads, "{criterion} {id}");
        assert_eq!(indicator.knots, knots, "{criterion} {id}");
        assert_eq!(indicator.weight.to_bits(), weight.to_bits(), "{criterion} {id}");
        assert_eq!(indicator.floor.map(|f| f.points), floor, "{criterion} {id}");
        assert_eq!(indicator.floor.is_some_and(|f| f.unmeasured_only), id == "covered", "{criterion} {id}");
        assert_eq!(indicator.weight_cap, (id == "parity").then_some(0.1), "{criterion} {id}");
        assert_eq!(indicator.applies_to, applies_to, "{criterion} {id}");
        assert_eq!(indicator.before_opening, before, "{criterion} {id}");
        let judged = ["exposure", "culture", "ease"].contains(&id);
        assert_eq!(indicator.judged, judged, "{criterion} {id}");
        assert!(indicator.examples.len() >= 3, "{criterion} {id}");
    }
    for criterion in &criteria.criteria {
        let worth = ["appropriate", "relevant", "significant"].contains(&criterion.id.as_str());
        assert_eq!(criterion.axis == AxisId::Worth, worth, "{}", criterion.id);
        assert_eq!(criterion.weight.to_bits(), 1.0_f64.to_bits(), "equal weights by default");
    }
}

#[test]
fn the_completeness_of_the_census_is_scored_as_designed() {
    #[allow(clippy::type_complexity, reason = "a table read by people: id, knots, weight")]
    let expected: [(&str, &[(f64, f64)], f64); 6] = [
        ("listed", &[(0.8, 0.0), (0.95, 60.0), (1.0, 100.0)], 3.0),
        ("active-seen", &[(0.5, 0.0), (0.8, 60.0), (1.0, 100.0)], 2.0),
        ("why-known", &[(0.0, 0.0), (0.6, 60.0), (0.95, 100.0)], 2.0),
        ("identified", &[(0.0, 0.0), (0.6, 60.0), (0.95, 100.0)], 2.0),
        ("days-covered", &[(14.0, 20.0), (28.0, 40.0), (91.0, 60.0), (365.0, 100.0)], 1.0),
        ("kinds-answered", &[(0.0, 0.0), (0.6, 60.0), (1.0, 100.0)], 1.0),
    ];
    let criteria = shipped();
    assert_eq!(criteria.census.len(), expected.len());
    for (indicator, (id, knots, weight)) in criteria.census.iter().zip(expected) {
        assert_eq!((indicator.id.as_str(), &indicator.knots[..]), (id, knots));
        assert_eq!(indicator.weight.to_bits(), weight.to_bits(), "{id}");
    }
}

#[test]
fn gates_verdicts_and_defaults_are_those_of_the_method() {
    let criteria = shipped();
    let gate = |id: &str, number: &str| criteria.gate(id).unwrap().number(number);
    let verdict = |number: &str| criteria.verdicts.number(number);
    let default = |number: &str| criteria.defaults.number(number);
    // The method's gates, verdicts, view of the touchpoint, roles, readings and defaults, in its order.
    for (what, found, expected) in [
        ("census days", gate("census", "tally_days"), 14.0),
        ("staffed coverage", gate("staffed", "coverage"), 0.9),
        ("staffed promise", gate("staffed", "promise_share"), 0.9),
        ("staffed lost", gate("staffed", "lost_factor"), 2.0),
        ("staffed two hours", gate("staffed", "hours"), 2.0),
        ("staffed share of contacts", gate("staffed", "two_hours_share"), 0.03),
        ("sole contacts", gate("protected", "sole_contacts"), 3.0),
        ("sole share", gate("protected", "sole_share"), 0.01),
        ("threshold", verdict("threshold"), 50.0),
        ("known share", verdict("known_share"), 0.6),
        ("before opening", verdict("before_opening"), 0.5),
        ("nothing unique", verdict("nothing_unique"), 0.01),
        ("covers", verdict("covers"), 0.8),
        ("overlap", verdict("overlap_share"), 0.1),
        ("overlap by uses", verdict("uses_overlap"), 0.5),
        ("absorption", verdict("absorption_points"), 2.0),
        ("critical importance", verdict("critical_importance"), 4.0),
        ("critical ends well", verdict("critical_ends_well"), 0.6),
        ("critical satisfaction", verdict("critical_satisfaction"), 0.6),
        ("adds value: ends well", verdict("adds_value_ends_well"), 0.75),
        ("adds value: satisfaction", verdict("adds_value_satisfaction"), 0.8),
        ("crowding channels", verdict("crowding_channels"), 3.0),
        ("crowding share", verdict("crowding_share"), 0.1),
        ("white space rivals", verdict("white_space_rivals"), 0.5),
        ("door", verdict("door"), 1.5),
        ("resolver", verdict("resolver"), 1.5),
        ("bridge", verdict("bridge"), 0.4),
        ("leak", verdict("leak"), 0.2),
        ("self-contained", verdict("self_contained"), 0.75),
        ("solid", verdict("band_solid"), 0.9),
        ("likely", verdict("band_likely"), 0.7),
        ("near", verdict("near_factor"), 2.0),
        ("context full", default("context_full"), 1.0),
        ("context partial", default("context_partial"), 0.5),
        ("context none", default("context_none"), 0.0),
        ("context without shared history", default("context_unshared"), 0.5),
        ("estimate span", default("estimate_span"), 0.2),
        ("estimate low", default("estimate_factor_low"), 0.5),
        ("estimate high", default("estimate_factor_high"), 2.0),
        ("old benchmark", default("benchmark_years"), 5.0),
        ("old benchmark width", default("benchmark_widening"), 2.0),
        ("worst month", default("worst_month_share"), 0.05),
        ("trend", default("trend_weeks"), 13.0),
        ("season", default("season_days"), 365.0),
        ("one-off", default("one_off_years"), 3.0),
        ("few people", default("few_people"), 3.0),
        ("worst hours", default("worst_hours"), 10.0),
        ("reasons missing", default("heavy_reason_blank"), 0.1),
        ("reasons shared", default("shared_reasons"), 0.5),
    ] {
        assert_eq!(found.to_bits(), f64::to_bits(expected), "{what}: {found}, not {expected}");
    }
    let d = &criteria.defaults;
    assert_eq!((d.window_days, &d.sensitivity_days[..]), (7, &[1, 30][..]));
    assert_eq!((d.short_abandon_s, d.lost_callers, d.max_occupancy), (5.0, 0.05, 0.85));
    assert_eq!((d.patience_s.low, d.patience_s.high), (60.0, 180.0));
    assert_eq!((d.shrinkage, d.contract_hours, d.spare_use), (0.3, 38.0, 0.5));
    assert_eq!((d.chat_concurrency, &d.chat_speed[..]), (3, &[1.0, 1.7, 2.5, 2.9, 3.5][..]));
    assert_eq!((d.lost_share.low, d.lost_share.high), (0.01, 0.05));
    assert_eq!((d.link_saves_minutes.low, d.link_saves_minutes.high), (1.0, 2.0));
    assert_eq!((d.heavy_contacts, d.conversation_hours, d.id_coverage), (10, 24, 0.6));
    assert_eq!((d.least_episodes, d.improvement_capacity, d.measured_weeks), (30, 2, 13));
    assert!(d.promise.is_none());
    // Promises: phone 80% in 20 s, chat 80% in 60 s, e-mail 90% in 8 open hours, social 90% in 2.
    for (kind, share, within_s, open) in [
        ("phone", 0.8, 20.0, false),
        ("web_chat", 0.8, 60.0, false),
        ("email", 0.9, 28_800.0, true),
        ("social_public", 0.9, 7200.0, true),
    ] {
        let promise = criteria.kind(kind).unwrap().default_promise.unwrap();
        assert_eq!((promise.share, promise.within_s, promise.open_clock), (share, within_s, open), "{kind}");
    }
    let public: Vec<&str> = criteria.kinds.iter().filter(|k| !k.worth).map(|k| k.id.as_str()).collect();
    assert_eq!(
        public,
        [
            "community",
            "social_public",
            "review_platform",
            "search_engine",
            "price_comparator",
            "marketplace_qa"
        ]
    );
    for kind in ["pec", "post"] {
        assert_eq!(criteria.kind(kind).unwrap().duty, ["IT"], "{kind}");
    }
}

#[test]
fn the_kinds_are_those_of_the_reference_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/channel_kinds.csv");
    // Two rows of the table hold a stray comma in their last column.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path).unwrap();
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|h| h == name).unwrap();
    let criteria = shipped();
    let mut ids = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        let id = row[column("kind_id")].to_owned();
        let kind = criteria.kind(&id).unwrap_or_else(|| panic!("no kind {id}"));
        let timing = match kind.timing {
            Timing::Live => "live",
            Timing::NearLive => "near_live",
            Timing::Deferred => "deferred",
            Timing::SelfService => "self_service",
            Timing::Broadcast => "broadcast",
        };
        // Proactive contacts are "voice/digital" in the table: one word stands here.
        assert_eq!(timing, &row[column("timing")], "{id}");
        let medium = match kind.medium {
            Medium::Voice => "voice",
            Medium::Video => "video",
            Medium::Digital => "digital",
            Medium::Physical => "physical",
        };
        assert!(row[column("medium")].split('/').any(|m| m == medium), "{id}: {medium}");
        let answered_by = match kind.answered_by {
            AnsweredBy::Human => "human",
            AnsweredBy::Automated => "automated",
            AnsweredBy::Both => "both",
            AnsweredBy::Peers => "peers",
            AnsweredBy::None => "none",
        };
        assert_eq!(answered_by, &row[column("answered_by")], "{id}");
        // What nobody verified is not shown.
        let shown = kind.notes.iter().map(|n| format!("{} {}", n.en, n.it)).collect::<String>();
        assert!(!shown.contains("check") && !shown.contains("recall"), "{id}: {shown}");
        if row[column("italian_or_legal_note")].contains("recall, check") {
            for word in ["art.50", "art. 50", "AI Act", "art.47", "CAD", "penalt"] {
                assert!(!shown.contains(word), "{id}: {shown}");
            }
        }
        ids.push(id);
    }
    assert_eq!(ids, criteria.kinds.iter().map(|k| k.id.clone()).collect::<Vec<_>>());
    assert_eq!(ids.len(), 38);
}

// ---------------------------------------------------------------------------------------------
// Folders with mistakes

/// A copy of the shipped folder, each named file changed.
fn folder(changes: &[(&str, &dyn Fn(String) -> String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in EMBEDDED.files() {
        let name = file.path().to_str().unwrap();
        let mut text = file.contents_utf8().unwrap().to_owned();
        for (_, change) in changes.iter().filter(|(changed, _)| *changed == name) {
            let changed = change(text.clone());
            assert_ne!(changed, text, "the change of {name} changes nothing");
            text = changed;
        }
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

/// 1-based line of the first line that holds this text.
fn line_of(folder: &Path, file: &str, text: &str) -> usize {
    let all = std::fs::read_to_string(folder.join(file)).unwrap();
    all.lines().position(|line| line.contains(text)).unwrap_or_else(|| panic!("{file}: no {text}")) + 1
}

/// Code, file name and line of every mistake.
fn mistakes(folder: &Path) -> Vec<(&'static str, String, usize)> {
    let mistakes = from_dir(folder).unwrap().err().unwrap_or_default();
    mistakes
        .iter()
        .map(|d| {
            let name = Path::new(&d.at.source.name).file_name().unwrap().to_str().unwrap().to_owned();
            assert!(d.help.as_ref().is_none_or(|help| !help.is_empty()), "{}", d.code);
            let std::borrow::Cow::Borrowed(code) = d.code else { panic!("{} is made up", d.code) };
            (code, name, d.at.line())
        })
        .collect()
}

#[test]
fn a_copied_folder_is_as_sound_as_the_shipped_one() {
    let folder = folder(&[]);
    assert_eq!(mistakes(folder.path()), []);
}

#[test]
fn each_mistake_has_its_code_its_file_and_its_line() {
    type Change = fn(String) -> String;
    let cases: [(&str, &str, &str, Change); 12] = [
        ("knots-not-increasing", "capability.yaml", "[[0.9, 0], [0.7", |t| {
            t.replacen("[[0.7, 0], [0.9", "[[0.9, 0], [0.7", 1)
        }),
        ("example-wrong", "capability.yaml", "{ reading: 0.8, points: 26 }", |t| {
            t.replacen("{ reading: 0.8, points: 25 }", "{ reading: 0.8, points: 26 }", 1)
        }),
        ("missing-language", "connected.yaml", "title: { en: Same answers and tone }", |t| {
            t.replacen(
                "title: { en: Same answers and tone, it: Stesse risposte e stesso tono }",
                "title: { en: Same answers and tone }",
                1,
            )
        }),
        ("unknown-measure", "relevant.yaml", "measure: functons", |t| {
            t.replacen("measure: functions", "measure: functons", 1)
        }),
        ("out-of-range", "functional.yaml", "[0.85, 120]", |t| t.replacen("[0.85, 100]", "[0.85, 120]", 1)),
        ("knot-out-of-reach", "functional.yaml", "[85, 100]", |t| t.replacen("[0.85, 100]", "[85, 100]", 1)),
        ("out-of-range", "verdicts.yaml", "covers: 80", |t| t.replacen("covers: 0.8 ", "covers: 80 ", 1)),
        ("out-of-range", "defaults.yaml", "shrinkage: 30", |t| {
            t.replacen("shrinkage: 0.30", "shrinkage: 30", 1)
        }),
        ("wrong-reads", "appropriate.yaml", "reads: channel", |t| {
            t.replacen("reads: touchpoint", "reads: channel", 1)
        }),
        ("weight-not-positive", "significant.yaml", "weight: 0", |t| t.replacen("weight: 4", "weight: 0", 1)),
        ("unknown-id", "verdicts.yaml", "{treshold}", |t| t.replacen("{threshold}", "{treshold}", 1)),
        ("unknown-id", "gates.yaml", "id: lawfull", |t| t.replacen("id: lawful", "id: lawfull", 1)),
    ];
    for (code, file, text, change) in cases {
        let folder = folder(&[(file, &change)]);
        let found = mistakes(folder.path());
        let wanted = (code, file.to_owned(), line_of(folder.path(), file, text));
        // Words in a block stand on the line after their key.
        let near = |(c, f, line): &(&str, String, usize)| {
            *c == wanted.0 && *f == wanted.1 && (*line == wanted.2 || *line + 1 == wanted.2)
        };
        assert!(found.iter().any(near), "{wanted:?} is not among {found:?}");
    }
}

#[test]
fn what_partly_counts_for_is_a_default_and_no_constant() {
    let payment =
        |criteria: &Criteria| criteria.kind("whatsapp").unwrap().meets(crate::inventory::Need::Payment);
    assert_eq!(payment(&shipped()).to_bits(), 0.5_f64.to_bits());
    let folder = folder(&[("defaults.yaml", &|t| t.replacen("partly: 0.5", "partly: 0.25", 1))]);
    let changed = from_dir(folder.path()).unwrap().unwrap();
    assert_eq!(payment(&changed).to_bits(), 0.25_f64.to_bits());
}

#[test]
fn a_missing_file_is_named() {
    let folder = folder(&[]);
    std::fs::remove_file(folder.path().join("gates.yaml")).unwrap();
    assert_eq!(mistakes(folder.path()), [("missing-file", "gates.yaml".to_owned(), 1)]);
}

#[test]
fn an_indicator_given_twice_names_the_second_and_the_first() {
    // `culture` again in another file: two files, one id.
    let folder = folder(&[("capability.yaml", &|t| t.replacen("  - id: exposure", "  - id: culture", 1))]);
    let all = from_dir(folder.path()).unwrap().unwrap_err();
    let twice = all.iter().find(|d| d.code == "duplicate-id").expect("a duplicate is reported");
    assert!(twice.at.source.name.ends_with("appropriate.yaml"), "{}", twice.at);
    assert_eq!(twice.at.line(), line_of(folder.path(), "appropriate.yaml", "id: culture"));
    assert!(twice.related[0].0.source.name.ends_with("capability.yaml"));
}

#[test]
fn all_mistakes_are_told_at_once_in_a_stable_order() {
    let folder = folder(&[
        ("capability.yaml", &|t| t.replacen("[[0.7, 0], [0.9", "[[0.9, 0], [0.7", 1)),
        ("connected.yaml", &|t| t.replacen("measure: personal", "measure: persona", 1)),
        ("kinds.yaml", &|t| t.replacen("timing: live", "timing: life", 1)),
        ("defaults.yaml", &|t| t.replacen("window_days: 7", "window_days: seven", 1)),
        ("findings.yaml", &|t| t.replacen("severity: warning", "severity: grave", 1)),
    ]);
    std::fs::remove_file(folder.path().join("census.yaml")).unwrap();
    let found = mistakes(folder.path());
    for (code, file) in [
        ("knots-not-increasing", "capability.yaml"),
        ("unknown-measure", "connected.yaml"),
        ("unknown-word", "kinds.yaml"),
        ("wrong-type", "defaults.yaml"),
        ("unknown-word", "findings.yaml"),
        ("missing-file", "census.yaml"),
    ] {
        assert!(found.iter().any(|(c, f, _)| *c == code && f == file), "{code} in {file}: {found:?}");
    }
    assert_eq!(found, mistakes(folder.path()));
}

#[test]
fn a_syntax_error_in_one_file_hides_no_mistake_in_another() {
    let folder = folder(&[
        ("relevant.yaml", &|t| format!("{t}\n  broken: [1, 2\n")),
        ("connected.yaml", &|t| t.replacen("measure: personal", "measure: persona", 1)),
    ]);
    let found = mistakes(folder.path());
    assert!(found.iter().any(|(_, f, _)| f == "relevant.yaml"), "{found:?}");
    assert!(found.iter().any(|(c, ..)| *c == "unknown-measure"), "{found:?}");
}

#[test]
fn a_folder_that_is_not_there_is_the_disk_s_error() {
    let error = from_dir(Path::new("no/such/folder")).unwrap_err();
    assert!(format!("{error:#}").contains("no/such/folder"), "{error:#}");
}
