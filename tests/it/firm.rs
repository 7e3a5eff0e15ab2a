//! How firm a verdict is: what is said to turn it turns it, when the inventory is changed to say so.

use std::path::Path;

use serde_json::Value;

use crate::run::{chanfolio, folder_of, repository};

/// Lumen, its inventory changed, assessed on a census of its logs.
fn lumen(census: &Path, change: impl Fn(String) -> String) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inventory.yaml");
    let text = std::fs::read_to_string(repository("examples/lumen/inventory.yaml")).unwrap();
    std::fs::write(&path, change(text)).unwrap();
    let answer = chanfolio("assess --format json").arg(&path).args("--census").arg(census).done().stdout;
    serde_json::from_str(&answer).unwrap()
}

fn census(folder: &Path) -> std::path::PathBuf {
    let path = folder.join("census.csv");
    chanfolio("census").arg(repository("examples/lumen/inventory.yaml")).args("-o").arg(&path).done();
    path
}

/// Replaces what stands exactly once.
fn once(text: &str, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from}");
    text.replace(from, to)
}

fn verdict<'j>(json: &'j Value, id: &str) -> &'j Value {
    let all = json["channels"].as_array().unwrap();
    &all.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("no {id}"))["verdict"]
}

fn flip<'j>(json: &'j Value, id: &str, test: impl Fn(&Value) -> bool) -> &'j Value {
    let flips = verdict(json, id)["flips"].as_array().unwrap();
    flips.iter().find(|flip| test(flip)).unwrap_or_else(|| panic!("no such flip of {id}: {flips:?}"))
}

#[test]
fn what_is_said_to_turn_a_verdict_turns_it() {
    let folder = tempfile::tempdir().unwrap();
    let census = census(folder.path());
    let today = lumen(&census, |text| text);

    // Chat is to be mended, and kept once the story travels: of sixteen test contacts that were sent on, two and
    // not sixteen have to tell it again.
    assert_eq!(verdict(&today, "chat")["call"], "fix");
    let said = flip(&today, "chat", |f| f["indicator"] == "context-carried");
    assert_eq!(
        (&said["low"], &said["call"]),
        (&0.5.into(), &"keep".into()),
        "the floor of 40 points is at 0.5"
    );
    let carried = |text: String| once(&text, "switched: 16, repeated: 16", "switched: 16, repeated: 2");
    assert_eq!(verdict(&lumen(&census, carried), "chat")["call"], "keep");

    // PEC is a duty with a worth under the line; with more weight on what is relevant it is worth having, and
    // then so few customers can use it that it must be mended.
    let said = flip(&today, "pec", |f| f["by"] == "weight");
    assert_eq!((&said["criterion"], &said["call"]), (&"relevant".into(), &"fix".into()));
    let turns_at = said["to"].as_f64().unwrap();
    let with = |share: f64| {
        let weight = share / (1.0 - share) * 2.0;
        lumen(&census, |text| text + &format!("\nweights: {{ relevant: {weight} }}\n"))
    };
    assert_eq!(verdict(&with(turns_at - 0.01), "pec")["call"], "keep");
    assert_eq!(verdict(&with(turns_at + 0.01), "pec")["call"], "fix");

    // And all weights together turn it with less moved than the one alone.
    let together = flip(&today, "pec", |f| f["by"] == "weights");
    assert!(together["moved"].as_f64().unwrap() < 2.0 * (turns_at - 1.0 / 3.0));
    let to = |id: &str| together["to"][id].as_f64().unwrap_or(1.0 / 3.0);
    let nudge = 1e-4;
    let weights = format!(
        "\nweights: {{ appropriate: {}, relevant: {}, significant: {} }}\n",
        to("appropriate") - nudge,
        to("relevant") + nudge,
        to("significant")
    );
    assert_eq!(verdict(&lumen(&census, |text| text + &weights), "pec")["call"], "fix");

    // Call-back starts while people suffice for 90% of the demand, which is the gate's line, not the floor's.
    let said = flip(&today, "call-back", |f| f["indicator"] == "covered");
    assert_eq!((&said["high"], &said["call"]), (&0.9.into(), &"defer".into()));
}

/// Stakeholders' weights are judged like one's own, and an order of criteria gives the published weights.
#[test]
fn weights_of_stakeholders_and_orders_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let census = census(folder.path());
    let given = "\nstakeholders:\n  law: { relevant: 4 }\n  care: { order: [connected, functional, capability, \
                 relevant, significant, appropriate] }\n";
    let json = lumen(&census, |text| text + given);
    let [law, care] = [0, 1].map(|i| &json["stakeholders"][i]);
    assert_eq!((&law["name"], &care["name"]), (&"law".into(), &"care".into()));
    assert_eq!(law["differs"], serde_json::json!([{"channel": "pec", "call": "fix"}]));
    // Rank-order centroids of three: (1 + 1/2 + 1/3) / 3, (1/2 + 1/3) / 3, (1/3) / 3.
    for (id, want) in [("connected", 11.0 / 18.0), ("functional", 5.0 / 18.0), ("capability", 2.0 / 18.0)] {
        assert!((care["weights"][id].as_f64().unwrap() - want).abs() < 1e-5, "{id}: {}", care["weights"][id]);
    }
    let path = folder.path().join("inventory.yaml");
    let text = std::fs::read_to_string(repository("examples/lumen/inventory.yaml")).unwrap();
    std::fs::write(&path, text + given).unwrap();
    let screen = chanfolio("assess").arg(&path).args("--census").arg(&census).done().stdout;
    let screen = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(screen.contains("Stakeholders: by the weights of law: pec FIX instead of keep"), "{screen}");
}

/// The plot and everything else on a screen can be drawn with ASCII signs, at 80 columns too.
#[test]
fn screens_can_be_drawn_in_ascii() {
    let inventory = repository("examples/lumen/inventory.yaml");
    for (command, more) in
        [("assess -v --ascii", ""), ("assess -v --ascii", "whatsapp"), ("census -v --ascii", "")]
    {
        let screen = chanfolio(command).arg(&inventory).args(more).width(80).done().stdout;
        let strange: Vec<char> = screen.chars().filter(|c| !c.is_ascii()).collect();
        assert!(strange.is_empty(), "{command} {more}: {strange:?}");
    }
    let screen = chanfolio("assess -v --ascii").arg(&inventory).width(80).done().stdout;
    let plot = screen.split("Should we have it? (up)").nth(1).unwrap().split("MOMENTS").next().unwrap();
    assert!(plot.lines().all(|line| line.len() <= 80), "{plot}");
    // Fax, h: have it 20 to 23, works 49 to 70; the middle, 59.9 of 100 on 73 places, is the 43rd after the first.
    let row = plot.lines().find(|line| line.contains('h') && line.contains("--h--")).unwrap();
    assert_eq!(row.find('h'), Some(6 + 43), "{row}");
    // Drawn with lines where nothing was asked.
    assert!(chanfolio("assess -v").arg(&inventory).done().stdout.contains('\u{2502}'));
}

/// A candidate whose every indicator a person judged 80 to 90 points, beside a phone line; its touchpoint as given.
fn judged_well(touchpoint: &str) -> Value {
    const INDICATORS: [&str; 28] = [
        "covered",
        "opening",
        "practices",
        "languages",
        "extra-systems",
        "exposure",
        "context",
        "audience",
        "human-exit",
        "culture",
        "functions",
        "asked-for",
        "usefulness",
        "carries",
        "importance",
        "objectives",
        "returns",
        "parity",
        "ends-well",
        "promise-kept",
        "answered",
        "satisfaction",
        "false-containment",
        "ease",
        "context-carried",
        "shared-history",
        "same-answers",
        "personal",
    ];
    let judgements: String = INDICATORS
        .iter()
        .map(|id| format!("  - {{ channel: letter, indicator: {id}, points: {{ low: 80, high: 90 }} }}\n"))
        .collect();
    let text = format!(
        "schema: 1\norganisation: {{ name: O, timezone: Europe/Rome, as_of: 2026-11-23 }}\n\
         teams: [{{ id: tm, people: 20, contract_hours: 38, hours: \"Mo-Fr 08:00-18:00\", cost_per_hour: 25 }}]\n\
         touchpoints: [{touchpoint}]\n\
         channels:\n  - {{ id: phone, kind: phone, status: active, volume: {{ per_year: 5000 }}, handle: 5m, touchpoints: {{ t: primary }} }}\n  \
         - {{ id: letter, kind: email, status: candidate, lawful: yes, accessible: yes, touchpoints: {{ t: primary }}, \
         need: {{ why: x, evidence: needed }}, links: [{{ to: phone, context: full }}], team: tm, handle: 5m, \
         changes: {{ website: yes, phone_script: yes, print: yes, staff: briefed }}, budget_signed_by: me, \
         new_demand_budget: 1000, forecast: {{ contacts_per_year: 100, from: {{ phone: 1.0 }}, resolution: {{ low: 0.9, high: 0.95 }} }} }}\n\
         judgements:\n{judgements}"
    );
    let folder = folder_of(&[("inventory.yaml", &text)]);
    let answer = chanfolio("assess -q --format json").arg(folder.path().join("inventory.yaml")).done();
    let json: Value = serde_json::from_str(&answer.stdout).expect("JSON");
    json["channels"].as_array().unwrap().iter().find(|c| c["id"] == "letter").unwrap().clone()
}

/// What is said of an answer that nobody gave is so once it is given. E-mail identifies customers weakly at best: where
/// more is needed it is ruled out (rule 1), where nobody said, a safety gate is open (rule 3), where none is needed it
/// passes. Of the present only a "yes" can be answered: two weeks of tally make a census; without, it is tried (rule 5).
#[test]
fn an_answer_that_is_said_to_turn_a_verdict_turns_it() {
    let gates = |channel: &Value| -> Vec<(String, bool, String)> {
        let flips =
            channel["verdict"]["flips"].as_array().unwrap().iter().filter(|flip| flip["by"] == "gate");
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        flips.map(|f| (text(&f["gate"]), f["passes"].as_bool().unwrap(), text(&f["call"]))).collect()
    };
    let open = judged_well("{ id: t }");
    assert_eq!(open["verdict"]["call"], "defer");
    let told = gates(&open);
    assert!(told.contains(&("identity".to_owned(), true, "pilot".to_owned())), "{told:?}");
    assert!(told.contains(&("identity".to_owned(), false, "reject".to_owned())), "{told:?}");
    assert_eq!(judged_well("{ id: t, identity: strong }")["verdict"]["call"], "reject");
    let none = judged_well("{ id: t, identity: none }");
    assert_eq!(none["verdict"]["call"], "pilot");
    assert_eq!(gates(&none), [("census".to_owned(), true, "add".to_owned())]);
}
