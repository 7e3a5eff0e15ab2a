//! The journey priced: handovers held against what the example's README computes by hand.

use crate::run::{chanfolio, repository};
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
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("inventory.yaml"), inventory).unwrap();
    std::fs::write(folder.path().join("log.csv"), log).unwrap();
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
