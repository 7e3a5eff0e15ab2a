//! The example organisations: what was planted is found, the healthy one is left in peace, the small
//! one is answered within a screen. Figures here come from how the logs were made, not from the
//! program's own output.

use serde_json::Value;

use crate::run::{chanfolio, repository};

fn assess(example: &str) -> Value {
    let answer = chanfolio("assess --format json")
        .arg(repository(&format!("examples/{example}/inventory.yaml")))
        .done();
    serde_json::from_str(&answer.stdout).expect("JSON")
}

fn channel<'a>(json: &'a Value, id: &str) -> &'a Value {
    json["channels"]
        .as_array()
        .unwrap()
        .iter()
        .find(|c| c["id"] == id)
        .unwrap_or_else(|| panic!("no channel {id}"))
}

fn call<'a>(json: &'a Value, id: &str) -> &'a str {
    channel(json, id)["verdict"]["call"].as_str().expect("a call")
}

fn because(json: &Value, id: &str) -> String {
    let lines = channel(json, id)["verdict"]["because"].as_array().expect("reasons");
    assert!(!lines.is_empty(), "{id} has no reason");
    lines.iter().map(|line| line.as_str().unwrap()).collect::<Vec<_>>().join(" · ")
}

fn indicator<'a>(json: &'a Value, id: &str, indicator: &str) -> &'a Value {
    let channel = channel(json, id);
    channel["fit"]["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|c| c["indicators"].as_array().unwrap())
        .chain(channel["capability"]["indicators"].as_array().unwrap())
        .find(|i| i["id"] == indicator)
        .unwrap_or_else(|| panic!("{id} has no indicator {indicator}"))
}

fn gate<'a>(json: &'a Value, id: &str, gate: &str) -> &'a str {
    let gates = channel(json, id)["gates"].as_array().unwrap();
    gates.iter().find(|g| g["id"] == gate).unwrap_or_else(|| panic!("{id}: no gate {gate}"))["outcome"]
        .as_str()
        .unwrap()
}

fn value(reading: &Value) -> f64 {
    reading["reading"]["value"].as_f64().unwrap_or_else(|| panic!("no value in {reading}"))
}

#[test]
fn lumen_s_planted_truths_are_found() {
    let json = assess("lumen");

    // 1 Reviews: open on paper, not answered.
    assert_eq!(call(&json, "reviews"), "fix", "{}", because(&json, "reviews"));
    assert!(channel(&json, "reviews")["axes"].get("worth").is_none(), "one cannot drop being talked about");
    assert!(because(&json, "reviews").contains("answered"), "{}", because(&json, "reviews"));

    // 2 The unlisted label, with its volume.
    let unlisted = json["census"]["unlisted"].as_array().unwrap();
    assert_eq!(unlisted.len(), 1);
    assert_eq!(
        (unlisted[0]["label"].as_str(), unlisted[0]["contacts"].as_i64()),
        (Some("Walk In"), Some(420))
    );
    assert!(json["findings"].as_array().unwrap().iter().any(|f| f["code"] == "unlisted-channel"));

    // 3 Chat leaks to the phone, without context.
    assert_eq!(call(&json, "chat"), "fix", "{}", because(&json, "chat"));
    assert!(value(indicator(&json, "chat", "context-carried")) < 0.05);
    assert!(because(&json, "chat").contains("phone"), "{}", because(&json, "chat"));

    // 4 Phone: short on Mondays from 9 to 11.
    assert_eq!(call(&json, "phone"), "fix", "{}", because(&json, "phone"));
    assert_eq!(gate(&json, "phone", "staffed"), "fail");
    assert!(because(&json, "phone").contains("Mo"), "{}", because(&json, "phone"));

    // 5 The bot: contained is not resolved. 45% come back by construction, and some more by chance.
    assert_eq!(call(&json, "bot"), "fix", "{}", because(&json, "bot"));
    let back = value(indicator(&json, "bot", "false-containment"));
    assert!((0.42..0.52).contains(&back), "{back}");
    assert!(because(&json, "bot").contains('%'), "{}", because(&json, "bot"));

    // 6 PEC: kept by duty.
    assert_eq!(call(&json, "pec"), "keep", "{}", because(&json, "pec"));
    assert_eq!(channel(&json, "pec")["verdict"]["duty"], true);

    // 7 Fax: e-mail and PEC do all of it, neither does 80%.
    assert_eq!(call(&json, "fax"), "drop", "{}", because(&json, "fax"));

    // 8 The web form goes into its twin.
    assert_eq!(call(&json, "web-form"), "merge", "{}", because(&json, "web-form"));

    // 9 August: the reading is the worst month, well under the yearly mean of about 0.93.
    let kept = indicator(&json, "email", "promise-kept");
    assert!(value(kept) < 0.75, "{kept}");
    assert_eq!(call(&json, "email"), "keep", "{}", because(&json, "email"));

    // 10 WhatsApp: people and context first.
    assert_eq!(call(&json, "whatsapp"), "defer", "{}", because(&json, "whatsapp"));
    assert_ne!(gate(&json, "whatsapp", "staffed"), "pass");
    assert_ne!(gate(&json, "whatsapp", "context"), "pass");

    // 11 Video call: no evidence either way.
    assert_eq!(call(&json, "video-call"), "pilot", "{}", because(&json, "video-call"));

    // 12 Call-back: ready.
    assert_eq!(call(&json, "call-back"), "add", "{}", because(&json, "call-back"));

    // Every verdict is solid, PEC's by the least.
    let channels = json["channels"].as_array().unwrap();
    let near = |c: &Value| c["verdict"]["agreement"]["near"].as_f64().unwrap();
    assert!(channels.iter().all(|c| c["verdict"]["standing"] == "solid"));
    let least = channels.iter().min_by(|a, b| near(a).total_cmp(&near(b))).unwrap();
    assert_eq!((&least["id"], (near(least) * 100.0).round()), (&"pec".into(), 92.0));
    // PEC is a duty while its worth is under 50 at best. Counted apart: of weightings on a fine grid, each weight
    // from a sixth to two thirds, those with so low a worth.
    let best: Vec<f64> = least["fit"]["criteria"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| ["appropriate", "relevant", "significant"].contains(&c["id"].as_str().unwrap()))
        .map(|c| c["score"]["high"].as_f64().unwrap())
        .collect();
    let (mut all, mut low) = (0, 0);
    for a in 0..=600 {
        for b in 0..=600 - a {
            let weights = [a, b, 600 - a - b];
            if weights.iter().all(|w| (100..=400).contains(w)) {
                all += 1;
                let worth: f64 = weights.iter().zip(&best).map(|(w, s)| f64::from(*w) / 600.0 * s).sum();
                low += i32::from(worth < 50.0);
            }
        }
    }
    let counted = f64::from(low) / f64::from(all);
    assert!((near(least) - counted).abs() < 0.005, "{} said, {counted} counted", near(least));

    // What is done first, as its README says; critical moments, then channels with most contacts, two at a time.
    let actions = json["actions"].as_array().unwrap();
    let first = |id: &str| actions.iter().find(|a| a["channel"] == id);
    for (id, wave, deed, words) in [
        ("phone", 1, "staff", "Move shifts"),
        ("bot", 1, "practice", "hand over at once"),
        ("chat", 2, "connect", "Pass the conversation along"),
        ("reviews", 2, "answer", "Name an owner who looks at it every day"),
        ("web-form", 3, "retire", "to email"),
        ("fax", 3, "retire", "to pec"),
        ("call-back", 4, "start", "Open it"),
        ("video-call", 4, "pilot", "12 weeks"),
        ("whatsapp", 5, "prepare", "Move shifts"),
    ] {
        let action = first(id).unwrap_or_else(|| panic!("nothing is done of {id}"));
        assert_eq!((&action["wave"], &action["deed"]), (&wave.into(), &deed.into()), "{action}");
        assert!(action["do"].as_str().unwrap().contains(words), "{action}");
    }
    assert!(first("pec").is_none() && first("email").is_none(), "what is kept is left alone");
    // A link avoids no contact and saves what its handovers say; the bot's repeats are those of its README.
    let connect = actions.iter().find(|a| a["channel"] == "chat" && a["deed"] == "connect").unwrap();
    let saves = |end: &str| -> f64 {
        let all = json["connections"].as_array().unwrap().iter().filter(|c| c["from"] == "chat");
        all.filter_map(|c| c["link_saves_per_year"][end].as_f64().or(c["link_saves_per_year"].as_f64())).sum()
    };
    assert_eq!(connect["contacts_avoided"], serde_json::json!({"low": 0, "high": 0}));
    for end in ["low", "high"] {
        let got = connect["money_per_year"][end].as_f64().unwrap();
        assert!((got - saves(end)).abs() < 0.01 * got, "{end}: {got}, the handovers {}", saves(end));
    }
    assert_eq!(first("bot").unwrap()["contacts_avoided"], serde_json::json!({"low": 0, "high": 3003}));

    // And the rest as its README says.
    assert_eq!(call(&json, "social"), "keep", "{}", because(&json, "social"));
    assert_eq!(call(&json, "counter"), "keep", "{}", because(&json, "counter"));
    assert_eq!(call(&json, "post"), "keep", "{}", because(&json, "post"));
}

#[test]
fn lumen_counts_what_the_generator_wrote() {
    // Counted with `cut -d';' -f3 examples/lumen/logs/contacts-*.csv | sort | uniq -c`.
    let json = assess("lumen");
    let channels = json["census"]["channels"].as_array().unwrap();
    for (id, contacts) in [
        ("phone", 20_842),
        ("email", 6758),
        ("chat", 5714),
        ("web-form", 2237),
        ("counter", 1989),
        ("pec", 595),
        ("post", 550),
        ("social", 484),
        ("fax", 437),
        ("reviews", 260),
        ("bot", 9000),
    ] {
        let row = channels.iter().find(|c| c["id"] == id).unwrap_or_else(|| panic!("{id}"));
        assert_eq!(row["contacts"].as_i64(), Some(contacts), "{id}");
    }
}

#[test]
fn the_healthy_shop_is_left_in_peace() {
    let json = assess("healthy");
    assert_eq!(json["findings"].as_array().unwrap().len(), 0, "{:#}", json["findings"]);
    for id in ["phone", "email", "chat"] {
        assert_eq!(call(&json, id), "keep", "{id}: {}", because(&json, id));
        assert_eq!(channel(&json, id)["verdict"]["proven"], true, "{id}: {}", because(&json, id));
    }
}

#[test]
fn the_small_workshop_gets_an_answer_within_a_screen_and_three_questions() {
    let answer = chanfolio("assess").arg(repository("examples/small/inventory.yaml")).done();
    let lines = answer.stdout.lines().count();
    assert!(lines <= 45, "{lines} lines\n{}", answer.stdout);
    assert!(answer.stdout.matches('?').count() >= 3, "three questions\n{}", answer.stdout);
    let json = assess("small");
    assert!(json.get("census").is_none(), "no logs, no census");
    let call = call(&json, "whatsapp");
    assert!(["ask", "defer"].contains(&call), "{call}: {}", because(&json, "whatsapp"));
    for id in ["phone", "email", "counter"] {
        assert!(["keep", "fix"].contains(&self::call(&json, id)), "closing never rests on absent data");
    }
}

#[test]
fn a_census_file_gives_the_same_bytes_as_the_logs() {
    let folder = tempfile::tempdir().unwrap();
    for example in ["lumen", "healthy"] {
        let inventory = repository(&format!("examples/{example}/inventory.yaml"));
        let census = folder.path().join(format!("{example}.csv"));
        chanfolio("census").arg(&inventory).arg("-o").arg(&census).done();
        for format in ["json", "table", "markdown", "csv"] {
            let from_logs = chanfolio("assess --format").arg(format).arg(&inventory).done();
            let from_census =
                chanfolio("assess --format").arg(format).arg(&inventory).arg("--census").arg(&census).done();
            assert_eq!(from_logs.stdout, from_census.stdout, "{example} as {format}");
        }
    }
}
