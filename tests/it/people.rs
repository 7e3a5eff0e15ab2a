//! People hour by hour: who is there, what comes, what breaks, held against numbers computed by hand.

use std::path::Path;

use crate::run::chanfolio;
use serde_json::Value;

/// An inventory in a folder of its own, with a log where there is one; the arguments name what to ask.
fn ask(inventory: &str, log: &str, args: &str) -> String {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("inventory.yaml");
    std::fs::write(&path, inventory).expect("the inventory is written");
    if !log.is_empty() {
        std::fs::write(folder.path().join("log.csv"), log).expect("the log is written");
    }
    chanfolio("assess").arg(Path::new(&path)).args(args).done().stdout
}

fn json(inventory: &str, log: &str, args: &str) -> Value {
    serde_json::from_str(&ask(inventory, log, &format!("{args} --format json"))).expect("JSON")
}

#[track_caller]
fn near(got: &Value, want: f64) {
    let number = got.as_f64().unwrap_or_else(|| panic!("{got} is no number"));
    assert!((number - want).abs() < 1e-4 * want.abs().max(1.0), "{number}, want {want}");
}

const HEAD: &str = "schema: 1\n\
    organisation: { name: Test, timezone: Europe/Rome, currency: EUR, as_of: 2026-06-01 }\n\
    touchpoints: [{ id: billing, importance: 4 }]\n";

#[test]
fn heads_under_contract_become_people_at_the_desk_in_words() {
    // 24 people x 38 hours x 0.7 over 64 open hours: 9.975.
    let inventory = format!(
        "{HEAD}teams: [{{ id: care, people: 24, contract_hours: 38, shrinkage: 0.3, \
         hours: \"Mo-Fr 08:00-20:00; Sa 09:00-13:00\" }}]\n\
         channels: [{{ id: phone, kind: phone, status: active, team: care, touchpoints: {{ billing: primary }}, \
         volume: {{ per_year: 50000 }}, handle: 4m, promise: {{ share: 0.8, within: 20s }} }}]\n"
    );
    for args in ["phone", "phone -v", ""] {
        let screen = ask(&inventory, "", args);
        assert!(screen.contains("24 people under contract, about 10 at the desk"), "{args}\n{screen}");
    }
    let json = json(&inventory, "", "");
    near(&json["teams"][0]["present"]["low"], 9.975);
    near(&json["teams"][0]["present"]["high"], 9.975);
    near(&json["teams"][0]["open_hours_per_week"], 64.0);
    assert_eq!(json["teams"][0]["people"], 24);
}

#[test]
fn an_hour_in_the_mean_and_in_a_bad_week() {
    // Ten weeks from Monday 5 January 2026: on Mondays from 9 to 10 there come 1, 2, … 10 calls; on Sundays,
    // when nobody is there, one. Each call of Monday takes 5 minutes; all of the first nine weeks wait no time,
    // those of the tenth a minute.
    let mut log = String::from("time,channel,wait,handle,answered\n");
    for week in 0..10_i64 {
        let day =
            |days: i64| jiff::civil::date(2026, 1, 5).checked_add(jiff::Span::new().days(days)).unwrap();
        for call in 0..=week {
            let wait = if week == 9 { 60 } else { 0 };
            log += &format!("{}T09:{:02}:00,phone,{wait},300,yes\n", day(7 * week), 5 * call);
        }
        log += &format!("{}T20:00:00,phone,,,no\n", day(7 * week + 6));
    }
    let inventory = format!(
        "{HEAD}teams: [{{ id: care, roster: [{{ hours: \"Mo-Fr 09:00-17:00\", people: 4 }}] }}]\n\
         channels: [{{ id: phone, kind: phone, status: active, team: care, touchpoints: {{ billing: primary }}, \
         hours: \"Mo-Fr 09:00-17:00\", promise: {{ share: 0.8, within: 20s }} }}]\n\
         usage: [{{ path: log.csv }}]\n"
    );
    let json = json(&inventory, &log, "phone");
    let capability = &json["channels"][0]["capability"];
    let hours = capability["hours"].as_array().unwrap();
    assert_eq!(hours.len(), 1, "{hours:?}");
    let hour = &hours[0];
    assert_eq!(hour["hours"], "Mo 9-10");
    // 55 calls on ten Mondays, ten calls on ten Sundays.
    near(&hour["contacts"], 5.5);
    near(&capability["closed_per_week"], 1.0);
    // The least number that nine of ten weeks do not exceed.
    near(&hour["bad_week"]["contacts"], 9.0);
    near(&hour["measured"]["value"], 45.0 / 55.0);
    assert_eq!(hour["measured"]["n"], 55);
    near(&hour["measured"]["mean_wait_s"], 600.0 / 55.0);
    near(&hour["present"]["low"], 4.0);
    // 9 calls of 5 minutes are 0.75 erlangs. Two people serve 85% in time but lose 8% to 11% of the calls
    // (patience 180 and 60 s), three 97% and lose 2%: the chain of states, solved on its own.
    near(&hour["bad_week"]["required"], 3.0);
    assert!(hour["bad_week"]["strict"].as_f64().unwrap() > 0.99, "four people: 99.4%");
}

#[test]
fn a_partner_is_judged_by_its_capacity() {
    // 40 open hours and 30,000 contacts a year: 30,000/52.1775/40 = 14.37 in each hour.
    let with = |capacity: u32| {
        let inventory = format!(
            "{HEAD}teams: [{{ id: away, partner: yes, capacity_per_hour: {capacity}, price_per_contact: 3.5, \
             until: 2027-03-31 }}]\n\
             channels: [{{ id: phone, kind: phone, status: active, team: away, touchpoints: {{ billing: primary }}, \
             hours: \"Mo-Fr 09:00-17:00\", volume: {{ per_year: {{ low: 29999, high: 30001 }} }}, \
             promise: {{ share: 0.8, within: 20s }} }}]\n"
        );
        (json(&inventory, "", ""), ask(&inventory, "", "-v"))
    };
    let gate = |json: &Value| {
        let gates = json["channels"][0]["gates"].as_array().unwrap().clone();
        gates.into_iter().find(|gate| gate["id"] == "staffed").unwrap()
    };
    let (few, _) = with(14);
    assert_eq!(gate(&few)["outcome"], "fail");
    assert_eq!(gate(&few)["because"], "the partner's capacity suffices for 0% of the demand");
    let (many, _) = with(15);
    assert_eq!(gate(&many)["outcome"], "pass");
    let partner = &many["teams"][0]["partner"];
    assert_eq!(
        (&partner["price_per_contact"], &partner["until"]),
        (&Value::from(3.5), &Value::from("2027-03-31"))
    );
    near(&partner["busiest"]["contacts"]["high"], 30_001.0 / 52.1775 / 40.0);
}

#[test]
fn a_candidate_relieves_the_team_it_draws_from() {
    // Two people and 20 calls of 4 minutes in each of 40 hours (41,742 a year): at least 3 of 10 find both
    // busy, so no hour is covered. If 33,400 of them go to a bot, 4 an hour are left: 0.27 people talk, and
    // fewer than 1 in 30 find both busy.
    let inventory = format!(
        "{HEAD}teams: [{{ id: desk, roster: [{{ hours: \"Mo-Fr 09:00-17:00\", people: 2 }}] }}]\n\
         channels:\n\
         \x20 - {{ id: phone, kind: phone, status: active, team: desk, touchpoints: {{ billing: primary }}, \
         hours: \"Mo-Fr 09:00-17:00\", volume: {{ per_year: {{ low: 41741, high: 41743 }} }}, handle: 4m, \
         promise: {{ share: 0.8, within: 20s }} }}\n\
         \x20 - {{ id: bot, kind: chatbot, status: candidate, touchpoints: {{ billing: primary }}, \
         forecast: {{ contacts_per_year: {{ low: 33399, high: 33401 }}, from: {{ phone: 1 }} }} }}\n"
    );
    let json = json(&inventory, "", "");
    let covered = &json["channels"][1]["candidate"]["covered"][0];
    assert_eq!(covered["channel"], "phone");
    near(&covered["before"]["high"], 0.0);
    near(&covered["after"]["low"], 1.0);
    let screen = ask(&inventory, "", "bot");
    assert!(screen.contains("people then suffice for 100% (now 0%) of the demand of phone"), "{screen}");
    // What breaks first today is the phone, in an hour like all others.
    assert_eq!(json["teams"][0]["breaks_first"]["channel"], "phone");
}

#[test]
fn mail_at_a_partner_may_wait_for_its_opening() {
    // 1,000 mails a week that come evenly over 40 open hours, 25 an hour; the partner takes 26. It promises 90%
    // in 8 open hours and keeps it. The telephone at the same partner comes first: 10 calls an hour leave 16 for
    // the mails, and what is left over grows without end.
    let with = |calls: u32| {
        let phone = format!(
            "  - {{ id: phone, kind: phone, status: active, team: away, touchpoints: {{ billing: primary }}, \
             hours: \"Mo-Fr 09:00-17:00\", volume: {{ per_year: {{ low: {calls}, high: {calls} }} }}, \
             promise: {{ share: 0.8, within: 20s }} }}\n"
        );
        let inventory = format!(
            "{HEAD}teams: [{{ id: away, partner: yes, capacity_per_hour: 26 }}]\n\
             channels:\n\
             \x20 - {{ id: email, kind: email, status: active, team: away, touchpoints: {{ billing: primary }}, \
             hours: \"Mo-Fr 09:00-17:00\", volume: {{ per_year: {{ low: 52177, high: 52178 }} }}, \
             promise: {{ share: 0.9, within: 8h, clock: open }} }}\n{}",
            if calls > 0 { phone.as_str() } else { "" }
        );
        let json = json(&inventory, "", "");
        let gates = json["channels"][0]["gates"].as_array().unwrap().clone();
        gates.into_iter().find(|gate| gate["id"] == "staffed").unwrap()
    };
    assert_eq!(with(0)["because"], "the partner's capacity suffices for 100% of the demand");
    let shared = with(20_871);
    assert_eq!(shared["because"], "the partner's capacity suffices for 0% of the demand");
}

#[test]
fn the_hour_that_breaks_first_has_the_smallest_part_of_what_it_needs() {
    // Mondays 9 to 10: 255 calls of 4 minutes are 17 erlangs, which take 20 people at least (17 / 0.85), and 30 are
    // there: half as many calls more and they no longer suffice. Tuesdays 9 to 10: one call, four people, who
    // suffice for several times as much, though fewer of them are to spare.
    let mut log = String::from("time,channel,wait,handle,answered\n");
    for call in 0..255 {
        log += &format!("2026-01-05T09:{:02}:{:02},phone,0,240,yes\n", call / 5, call % 5 * 12);
    }
    log += "2026-01-06T09:00:00,phone,0,240,yes\n";
    let inventory = format!(
        "{HEAD}teams: [{{ id: care, roster: [{{ hours: \"Mo 09:00-10:00\", people: 30 }}, \
         {{ hours: \"Tu 09:00-10:00\", people: 4 }}] }}]\n\
         channels: [{{ id: phone, kind: phone, status: active, team: care, touchpoints: {{ billing: primary }}, \
         hours: \"Mo-Tu 09:00-10:00\", promise: {{ share: 0.8, within: 20s }} }}]\n\
         usage: [{{ path: log.csv }}]\n"
    );
    let json = json(&inventory, &log, "");
    let first = &json["teams"][0]["breaks_first"];
    assert_eq!((&first["hours"], &first["present"]["low"]), (&Value::from("Mo 9-10"), &Value::from(30)));
    assert!((20.0..30.0).contains(&first["required"].as_f64().unwrap()), "{first}");
}
