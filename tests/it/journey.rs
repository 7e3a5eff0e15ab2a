//! The journey priced: handovers held against what the example's README computes by hand.

use crate::run::{chanfolio, folder_of, repository};
use serde_json::Value;

#[test]
fn chat_to_phone_is_the_first_connection_with_both_prices() {
    let answer =
        chanfolio("assess --format json").arg(repository("examples/lumen/inventory.yaml")).done().stdout;
    let json: Value = serde_json::from_str(&answer).unwrap();
    let first = &json["connections"][0];
    assert_eq!((&first["from"], &first["to"]), (&Value::from("chat"), &Value::from("phone")));
    assert_eq!((&first["link"], &first["shared_history"]), (&Value::from("none"), &Value::from(false)));
    // 2,207 switches; a call takes 7,297,215 s / 20,210; an hour costs 24.50, of which 70% is at the desk and
    // 85% of that is work; a call costs 0.12 for the line. A link saves one to two minutes of each.
    let (switches, call_s, second) = (2207.0, 7_297_215.0 / 20_210.0, 24.50 / 3600.0 / (0.70 * 0.85));
    let near = |got: &Value, want: f64| {
        let got = got.as_f64().unwrap_or_else(|| panic!("{got} is no number"));
        assert!((got - want).abs() < 1e-5 * want, "{got}, want {want}");
    };
    near(&first["contacts_per_year"], switches);
    near(&first["price_per_year"], switches * (call_s * second + 0.12));
    near(&first["link_saves_per_year"]["low"], switches * 60.0 * second);
    near(&first["link_saves_per_year"]["high"], switches * 120.0 * second);
    let screen = chanfolio("assess").arg(repository("examples/lumen/inventory.yaml")).done().stdout;
    assert!(screen.contains("chat > phone") && screen.contains("9,379") && screen.contains("1,515-3,029"));
}

#[test]
fn half_of_the_customers_known_leaves_the_flow_between_once_and_twice() {
    // 40 customers write a chat and call the next day; 40 chats name nobody. Who calls after those is not
    // known: between 40 and 80 switches in a log of a year.
    let mut log = String::from("time,channel,customer,handle\n2025-01-01T09:00,phone,first,60\n");
    for customer in 0..40 {
        let minute = format!("{:02}:{:02}", 9 + customer / 20, customer % 20 * 3);
        log += &format!("2025-06-02T{minute},chat,c{customer},300\n2025-06-02T{minute},chat,,300\n");
        log += &format!("2025-06-03T{minute},phone,c{customer},120\n");
    }
    log += "2025-12-31T09:00,phone,last,60\n";
    let inventory = "schema: 1\n\
        organisation: { name: Test, timezone: Europe/Rome, currency: EUR, as_of: 2026-06-01 }\n\
        touchpoints: [{ id: billing, importance: 4 }]\n\
        teams: [{ id: care, people: 5, hours: \"Mo-Fr 09:00-17:00\", cost_per_hour: 30, shrinkage: 0.5 }]\n\
        channels:\n\
        \x20 - { id: chat, kind: web_chat, status: active, team: care, touchpoints: { billing: primary }, links: [{ to: phone, context: partial }] }\n\
        \x20 - { id: phone, kind: phone, status: active, team: care, touchpoints: { billing: primary } }\n\
        usage: [{ path: log.csv }]\n";
    let folder = folder_of(&[("inventory.yaml", inventory), ("log.csv", &log)]);
    let answer = chanfolio("assess --format json").arg(folder.path().join("inventory.yaml")).done().stdout;
    let json: Value = serde_json::from_str(&answer).unwrap();
    let first = &json["connections"][0];
    assert_eq!(first["counted"], 40);
    assert_eq!(first["contacts_per_year"], serde_json::json!({"low": 40, "high": 80}));
    // Half of the story travels, whether or not the systems share their history: half a minute to a minute
    // of each switch is left, at 30 / (0.5 x 0.85) an hour.
    let minute = 30.0 / 60.0 / (0.5 * 0.85);
    let saves = &first["link_saves_per_year"];
    assert!((saves["low"].as_f64().unwrap() - 40.0 * 0.5 * minute).abs() < 1e-3, "{saves}");
    assert!((saves["high"].as_f64().unwrap() - 80.0 * 0.5 * 2.0 * minute).abs() < 1e-3, "{saves}");
}

/// What looks like people who come back and is none: no figure of resolution may fall for it.
#[test]
fn nothing_that_only_looks_like_a_repeat_lowers_a_figure_of_resolution() {
    // Sixty customers in each channel; every sixth comes back by phone the next day.
    let mut log = String::from("time,channel,customer,direction,touchpoint\n");
    for customer in 0..60 {
        for channel in ["phone", "email", "whatsapp"] {
            let (who, minute) = (format!("{channel}{customer}"), customer % 60);
            log += &format!("2026-02-02T09:{minute:02},{channel},{who},from customer,\n");
            if customer % 6 == 0 {
                log += &format!("2026-02-03T09:{minute:02},phone,{who},from customer,\n");
            }
        }
    }
    log += "2026-06-01T09:00,phone,last,from customer,\n";
    let company: String = (0..40)
        .map(|call| {
            format!("2026-02-{:02}T{:02}:30,phone,company,from customer,\n", 9 + call % 5, 9 + call / 5)
        })
        .collect();
    let talk: String = (0..8)
        .map(|message| {
            let direction = if message % 2 == 0 { "from customer" } else { "from organisation" };
            format!("2026-02-09T10:{:02},whatsapp,talker,{direction},\n", message * 4)
        })
        .collect();
    // To customers who called once and are served.
    let reminder: String =
        (1..6).map(|c| format!("2026-02-05T10:00,email,phone{c},from organisation,\n")).collect();
    let contract: String = ["phone", "email", "phone"]
        .iter()
        .enumerate()
        .map(|(day, channel)| {
            format!("2026-02-{:02}T10:00,{channel},newcomer,from customer,contract\n", 9 + day)
        })
        .collect();
    let inventory = "schema: 1\n\
        organisation: { name: Test, timezone: Europe/Rome, as_of: 2026-06-01 }\n\
        touchpoints: [{ id: contract, importance: 4, expected_contacts: 3 }]\n\
        episodes: { key: customer }\n\
        channels:\n\
        \x20 - { id: phone, kind: phone, status: active }\n\
        \x20 - { id: email, kind: email, status: active }\n\
        \x20 - { id: whatsapp, kind: whatsapp, status: active }\n\
        usage: [{ path: log.csv }]\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("inventory.yaml"), inventory).unwrap();
    let figures = |more: &str| -> Vec<(String, f64)> {
        std::fs::write(folder.path().join("log.csv"), format!("{log}{more}")).unwrap();
        let answer =
            chanfolio("census -q --format json").arg(folder.path().join("inventory.yaml")).done().stdout;
        let json: Value = serde_json::from_str(&answer).unwrap();
        let figure = |channel: &Value, name: &str| {
            let value = channel[name]["value"].as_f64().unwrap_or_else(|| panic!("{name} in {channel}"));
            (format!("{name} of {}", channel["id"]), value)
        };
        let names = ["one_contact_resolution", "first_contact_resolution", "ends_well"];
        let channels = json["channels"].as_array().unwrap();
        channels.iter().flat_map(|channel| names.map(|name| figure(channel, name))).collect()
    };
    let without = figures("");
    assert_eq!(without.len(), 9);
    // Phone: 60 first calls, ten of which are followed by another one, and 30 calls that follow.
    let phone = &without.iter().find(|(name, _)| name == "one_contact_resolution of \"phone\"").unwrap().1;
    assert!((phone - 80.0 / 90.0).abs() < 1e-6, "{phone}");
    for (trap, rows) in
        [("company", &company), ("talk", &talk), ("reminder", &reminder), ("contract", &contract)]
    {
        for ((name, before), (again, after)) in without.iter().zip(figures(rows)) {
            assert_eq!(*name, again);
            assert!(after >= *before, "{trap}: {name} fell from {before} to {after}");
        }
    }
    // The same rows where they are people who come back: they do lower it.
    let again = figures("2026-02-03T09:01,phone,phone1,from customer,\n");
    assert!(again.iter().zip(&without).any(|((_, after), (_, before))| after < before));
}

/// What the README says of `-o paths.csv`: the screen comes again from it, without the logs.
#[test]
fn journeys_come_again_from_a_census_file_with_paths() {
    let inventory = repository("examples/lumen/inventory.yaml");
    let folder = tempfile::tempdir().unwrap();
    let (paths, plain) = (folder.path().join("paths.csv"), folder.path().join("plain.csv"));
    chanfolio("census --journeys").arg(&inventory).args("-o").arg(&paths).done();
    chanfolio("census").arg(&inventory).args("-o").arg(&plain).done();
    let from_logs = chanfolio("census --journeys").arg(&inventory).done().stdout;
    let from_file = chanfolio("census --journeys").arg(&inventory).args("--census").arg(&paths).done().stdout;
    assert_eq!(from_file, from_logs);
    let refused =
        chanfolio("census --journeys").arg(&inventory).args("--census").arg(&plain).refused().stderr;
    assert!(
        refused.contains("plain.csv was made without --journeys") && refused.contains("make it again"),
        "{refused}"
    );
    // Nothing else asks for paths.
    let census = chanfolio("census").arg(&inventory).args("--census").arg(&plain).done().stdout;
    assert_eq!(census, chanfolio("census").arg(&inventory).args("--census").arg(&paths).done().stdout);
    let sql = chanfolio("census --journeys --sql duckdb").arg(&inventory).refused().stderr;
    assert!(sql.contains("--journeys") && sql.contains("--sql"), "{sql}");
}

/// Five channels with known chances of what comes next, in percent: to each of them, resolved, unresolved.
const CHANCES: [(&str, [u64; 7]); 6] = [
    ("", [40, 25, 15, 12, 8, 0, 0]),
    ("phone", [0, 5, 3, 2, 0, 84, 6]),
    ("email", [25, 0, 10, 0, 5, 45, 15]),
    ("chat", [12, 4, 0, 3, 1, 70, 10]),
    ("whatsapp", [30, 0, 20, 0, 0, 30, 20]),
    ("counter", [2, 0, 0, 1, 0, 92, 5]),
];

/// What ends resolved of all journeys that begin as usual, followed step by step until nobody is left. Of
/// those who would turn to `without`, so much is lost and the rest goes to the other entrances.
#[allow(clippy::cast_precision_loss, reason = "percent")]
fn resolved(without: Option<usize>, lost: f64) -> f64 {
    let entries = CHANCES[0].1.map(|n| n as f64 / 100.0);
    let others: f64 = (0..5).filter(|i| Some(*i) != without).map(|i| entries[i]).sum();
    let turn = |people: [f64; 7]| {
        let mut people = people;
        if let Some(gone) = without {
            let away = std::mem::take(&mut people[gone]) * (1.0 - lost);
            for i in (0..5).filter(|i| *i != gone) {
                people[i] += away * entries[i] / others;
            }
        }
        people
    };
    let (mut at, mut resolved) = (turn(entries), 0.0);
    for _ in 0..2000 {
        let mut next = [0.0; 7];
        for (i, people) in at.iter().take(5).enumerate() {
            for (to, n) in CHANCES[i + 1].1.iter().enumerate() {
                next[to] += people * *n as f64 / 100.0;
            }
        }
        at = turn(next);
        resolved += at[5];
    }
    resolved
}

/// A log of 200,000 journeys through the whole program: what would be lost without a channel, which is known
/// here, lies within its range.
#[test]
fn a_log_made_by_known_chances_gives_them_back() {
    let mut state = 2026_u64;
    let mut percent = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % 100
    };
    let mut log = String::from("time,channel,customer,resolved\n");
    for customer in 0..200_000 {
        let (mut at, mut contacts) = (0, Vec::new());
        let unresolved = loop {
            let mut left = percent();
            let to = CHANCES[at]
                .1
                .iter()
                .position(|n| {
                    left < *n || {
                        left -= n;
                        false
                    }
                })
                .unwrap();
            if to > 4 {
                break to == 6;
            }
            at = to + 1;
            contacts.push(CHANCES[at].0);
        };
        let day = jiff::civil::date(2025, 1, 1) + jiff::Span::new().days(customer / 1000);
        let last = contacts.len() - 1;
        for (i, channel) in contacts.iter().enumerate() {
            let no = if unresolved && i == last { "no" } else { "" };
            log += &format!("{day}T09:{i:02},{channel},c{customer},{no}\n");
        }
    }
    log += "2025-12-31T09:00,phone,last,\n";
    let inventory = "schema: 1\n\
        organisation: { name: Test, timezone: Europe/Rome, as_of: 2026-06-01 }\n\
        episodes: { key: customer }\n\
        channels:\n\
        \x20 - { id: phone, kind: phone, status: active }\n\
        \x20 - { id: email, kind: email, status: active }\n\
        \x20 - { id: chat, kind: web_chat, status: active }\n\
        \x20 - { id: whatsapp, kind: whatsapp, status: active }\n\
        \x20 - { id: counter, kind: counter, status: active }\n\
        usage: [{ path: log.csv }]\n";
    let folder = folder_of(&[("inventory.yaml", inventory), ("log.csv", &log)]);
    let answer = chanfolio("census -q --format json").arg(folder.path().join("inventory.yaml")).done().stdout;
    let json: Value = serde_json::from_str(&answer).unwrap();
    let (mut inside, all) = (0, resolved(None, 0.0));
    for (i, (id, _)) in CHANCES.iter().skip(1).enumerate() {
        let role = &json["channels"].as_array().unwrap().iter().find(|c| c["id"] == *id).unwrap()["role"];
        for (end, lost) in [("null", 1.0), ("rerouted", 0.0)] {
            let truth = 1.0 - resolved(Some(i), lost) / all;
            let range = &role["removal"][format!("{end}_range")];
            let (low, high) = (range["low"].as_f64().unwrap(), range["high"].as_f64().unwrap());
            assert!(high - low < 0.02, "{id}: {end} from {low} to {high} tells little");
            inside += i32::from((low..=high).contains(&truth));
        }
    }
    // Ten ranges of 95%: that three of them miss would happen once in a hundred logs.
    assert!(inside >= 8, "{inside} of 10");
}

/// Of 120 customers a hundred chat three times, five days apart: within a day each chat is the only one.
#[test]
fn a_verdict_that_hangs_on_the_window_says_so() {
    let mut log = String::from("time,channel,customer\n");
    for customer in 0..120 {
        let minute = format!("{:02}:{:02}", 9 + customer / 60, customer % 60);
        log += &format!("2025-06-02T{minute},chat,c{customer}\n");
        if customer < 100 {
            log += &format!("2025-06-07T{minute},chat,c{customer}\n");
            log += &format!("2025-06-12T{minute},chat,c{customer}\n");
        }
    }
    log += "2025-12-31T09:00,chat,last\n";
    let inventory = "schema: 1\n\
        organisation: { name: Test, timezone: Europe/Rome, as_of: 2026-06-01 }\n\
        touchpoints: [{ id: billing, importance: 4 }]\n\
        channels:\n\
        \x20 - { id: chat, kind: web_chat, status: active, touchpoints: { billing: primary } }\n\
        usage: [{ path: log.csv }]\n";
    let folder = folder_of(&[("inventory.yaml", inventory), ("log.csv", &log)]);
    let path = folder.path().join("inventory.yaml");
    let json: Value =
        serde_json::from_str(&chanfolio("assess --format json").arg(&path).done().stdout).unwrap();
    assert_eq!((&json["window_days"], &json["other_windows"]), (&7.into(), &serde_json::json!([1, 30])));
    let verdict = &json["channels"][0]["verdict"];
    // 120 + 200 chats, the very last one being too young to tell; 200 of them are followed by another.
    let ends_well = "Contacts end well: 100% instead of 38%";
    assert_eq!(
        verdict["windows"],
        serde_json::json!([{"days": 1, "call": "keep", "because": ends_well}]),
        "{verdict}"
    );
    let screen = chanfolio("assess").arg(&path).done().stdout;
    assert!(screen.contains("The verdict on chat would be another if who comes back were"), "{screen}");
    let card = chanfolio("assess").arg(&path).args("chat").done().stdout;
    assert!(
        card.contains("Who comes back counted within 1 day: keep for now (contacts end well: 100%"),
        "{card}"
    );
    // Counted within a month it is the same verdict: nothing is said of it.
    assert!(!card.contains("30 days"), "{card}");
}

/// Of a hundred chats sixty go on to the phone, where all sixty have to tell their story again; forty of those
/// write an e-mail next and need not. What travels is a fact of the channel that customers leave.
#[test]
fn what_travels_is_read_where_customers_arrive_and_told_of_where_they_leave() {
    let mut log = String::from("time,channel,customer,repeated\n");
    for customer in 0..100 {
        let minute = format!("{:02}:{:02}", 9 + customer / 60, customer % 60);
        log += &format!("2025-06-02T{minute},chat,c{customer},\n");
        if customer < 60 {
            log += &format!("2025-06-03T{minute},phone,c{customer},yes\n");
        }
        if customer < 40 {
            log += &format!("2025-06-04T{minute},email,c{customer},no\n");
        }
    }
    log += "2025-12-31T09:00,chat,last,\n";
    let inventory = "schema: 1\n\
        organisation: { name: Test, timezone: Europe/Rome, as_of: 2026-06-01 }\n\
        touchpoints: [{ id: billing, importance: 4 }]\n\
        channels:\n\
        \x20 - { id: chat, kind: web_chat, status: active, touchpoints: { billing: primary } }\n\
        \x20 - { id: phone, kind: phone, status: active, touchpoints: { billing: primary } }\n\
        \x20 - { id: email, kind: email, status: active, touchpoints: { billing: primary } }\n\
        usage: [{ path: log.csv }]\n";
    let folder = folder_of(&[("inventory.yaml", inventory), ("log.csv", &log)]);
    let path = folder.path().join("inventory.yaml");
    let json: Value =
        serde_json::from_str(&chanfolio("assess --format json").arg(&path).done().stdout).unwrap();
    let reading = |channel: usize, id: &str| {
        let criteria = json["channels"][channel]["fit"]["criteria"].as_array().unwrap();
        let indicators = criteria.iter().flat_map(|c| c["indicators"].as_array().unwrap());
        let reading = indicators.clone().find(|i| i["id"] == id).unwrap()["reading"].clone();
        (reading["value"].clone(), reading["n"].clone())
    };
    assert_eq!(reading(0, "context-carried"), (0.into(), 60.into()));
    assert_eq!(reading(1, "context-carried"), (1.into(), 40.into()));
    // Forty chats were the only contact and the sixty that went on carried nothing; of sixty calls twenty were
    // the last and forty went on with everything.
    assert_eq!(reading(0, "ends-well"), (0.4.into(), 100.into()));
    assert_eq!(reading(1, "ends-well"), (1.into(), 60.into()));
    // A census file holds the same.
    let census = folder.path().join("census.csv");
    chanfolio("census").arg(&path).args("-o").arg(&census).done();
    let again = chanfolio("assess --format json").arg(&path).args("--census").arg(&census).done().stdout;
    assert_eq!(serde_json::from_str::<Value>(&again).unwrap()["channels"], json["channels"]);
}

/// What is not known of who answered is no reason to leave a contact out of what journeys cost: one log says it,
/// the other does not.
#[test]
fn contacts_of_which_nobody_said_whether_they_were_answered_cost_too() {
    let mut told = String::from("time,channel,customer,answered,cost\n");
    let mut untold = String::from("time,channel,customer,cost\n");
    for customer in 0..100 {
        let minute = format!("{:02}:{:02}", 9 + customer / 60, customer % 60);
        told += &format!("2025-06-02T{minute},phone,a{customer},yes,10\n");
        untold += &format!("2025-06-02T{minute},phone,b{customer},10\n");
    }
    told += "2025-12-31T09:00,phone,last,yes,10\n";
    let inventory = "schema: 1\n\
        organisation: { name: Test, timezone: Europe/Rome, currency: EUR, as_of: 2026-06-01 }\n\
        channels: [{ id: phone, kind: phone, status: active }]\n\
        usage: [{ path: told.csv }, { path: untold.csv }]\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("inventory.yaml"), inventory).unwrap();
    std::fs::write(folder.path().join("told.csv"), told).unwrap();
    std::fs::write(folder.path().join("untold.csv"), untold).unwrap();
    let answer =
        chanfolio("census --journeys --format json").arg(folder.path().join("inventory.yaml")).done().stdout;
    let json: Value = serde_json::from_str(&answer).unwrap();
    let phone = &json["channels"][0];
    assert_eq!(
        (&phone["cost_per_contact"], &phone["cost_per_resolution"]),
        (&10.into(), &10.into()),
        "{phone}"
    );
    assert_eq!(json["paths"][0]["cost_each"], 10);
}
