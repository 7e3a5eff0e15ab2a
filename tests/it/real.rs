//! Real logs, held against counts made by an independent full read of each file.
//!
//! They stand in the folder named by `CHANFOLIO_REAL_DATA`; without it these tests are ignored.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::run::{chanfolio, read_census, repository, sum};

type Rows = Vec<BTreeMap<String, String>>;

fn log(file: &str) -> PathBuf {
    PathBuf::from(std::env::var_os("CHANFOLIO_REAL_DATA").expect("CHANFOLIO_REAL_DATA names the folder"))
        .join(file)
}

/// The census of one real log through the command line.
fn census(inventory: &str, file: &str) -> Rows {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let out = folder.path().join("census.csv");
    chanfolio("census")
        .arg(repository(&format!("tests/it/real/{inventory}.yaml")))
        .arg("--usage")
        .arg(log(file))
        .arg("-o")
        .arg(&out)
        .done();
    read_census(&out)
}

/// The JSON assessment of one real log.
fn assessment(inventory: &str, file: &str) -> serde_json::Value {
    let answer = chanfolio("assess --format json")
        .arg(repository(&format!("tests/it/real/{inventory}.yaml")))
        .arg("--usage")
        .arg(log(file))
        .done();
    serde_json::from_str(&answer.stdout).expect("JSON")
}

fn contacts(rows: &Rows, channel: &str) -> i64 {
    sum(rows, "use", channel, "contacts")
}

fn meta(rows: &Rows, name: &str) -> String {
    rows.iter()
        .find(|row| row["facet"] == "meta" && row["key1"] == name)
        .unwrap_or_else(|| panic!("meta {name}"))["key2"]
        .clone()
}

fn facet_total(rows: &Rows, facet: &str) -> i64 {
    rows.iter().filter(|row| row["facet"] == facet).map(|row| row["contacts"].parse::<i64>().unwrap()).sum()
}

/// Median of the wait histogram of a channel in seconds, from the bucket bounds alone: the middle of
/// the bucket in which the middle contact lies.
fn census_median(assessment_of: &Rows, channel: &str) -> (f64, f64) {
    let mut buckets: Vec<(u64, i64)> = assessment_of
        .iter()
        .filter(|row| row["facet"] == "wait" && row["channel"] == channel)
        .map(|row| (row["key1"].parse().expect("a bucket is a number"), row["contacts"].parse().unwrap()))
        .collect();
    buckets.sort_unstable();
    let total: i64 = buckets.iter().map(|(_, n)| n).sum();
    let mut seen = 0;
    for (bucket, n) in buckets {
        seen += n;
        if seen * 2 >= total {
            return bounds(bucket);
        }
    }
    panic!("no waits for {channel}")
}

/// Bounds of a bucket by the published rule: whole seconds 0-15, then 8 equal parts of each octave.
fn bounds(bucket: u64) -> (f64, f64) {
    if bucket < 16 {
        return (bucket as f64, bucket as f64 + 1.0);
    }
    let (octave, part) = ((bucket - 16) / 8, (bucket - 16) % 8);
    let width = 2_f64.powi(octave as i32 + 1);
    let low = 16.0 * 2_f64.powi(octave as i32) + part as f64 * width;
    (low, low + width)
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn boston_counts_customers_and_leaves_crews_and_systems_out() {
    let rows = census("boston311-2011", "boston311-2011/311_service_requests_2011.csv");
    assert_eq!(meta(&rows, "rows-read"), "58251");
    assert_eq!(contacts(&rows, "call"), 28_136);
    assert_eq!(contacts(&rows, "self-service"), 8160);
    assert_eq!(contacts(&rows, "app"), 3907);
    assert_eq!(contacts(&rows, "twitter"), 3);
    assert_eq!(facet_total(&rows, "ignored"), 17_925 + 120);
    assert_eq!(facet_total(&rows, "rejected"), 0);
    assert_eq!(facet_total(&rows, "unlisted"), 0);
    assert_eq!(sum(&rows, "use", "self-service", "promise_kept"), 6995);
    assert_eq!(sum(&rows, "use", "self-service", "promise_known"), 6995 + 1121);
    // Median open to close of the web form: 36.33 hours, within the histogram's 6.25%.
    let (low, high) = census_median(&rows, "self-service");
    let hours = 36.33 * 3600.0;
    assert!((f64::midpoint(low, high) - hours).abs() <= 0.0625 * hours, "{low} {high} {hours}");

    let json = assessment("boston311-2011", "boston311-2011/311_service_requests_2011.csv");
    let ids: Vec<_> =
        json["channels"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["call", "self-service", "app", "twitter"], "crews and systems are never ranked");
    // Three messages on Twitter, all answered: Wilson's lower end is 3 / (3 + 1.959964^2) = 0.4385, which
    // rates anything from 0 to 100. Too few to judge, and the verdict says so.
    let twitter = &json["channels"][3];
    assert_eq!(
        (&twitter["verdict"]["provisional"], &twitter["verdict"]["proven"]),
        (&true.into(), &false.into())
    );
    let criteria = twitter["fit"]["criteria"].as_array().unwrap();
    let mut indicators = criteria.iter().flat_map(|c| c["indicators"].as_array().unwrap());
    let answered = indicators.find(|i| i["id"] == "answered").expect("the indicator is asked");
    assert_eq!(answered["reading"]["n"], 3);
    assert!((answered["reading"]["low"].as_f64().unwrap() - 0.4385).abs() < 5e-5, "{answered}");
    assert_eq!(answered["rating"]["low"].as_f64(), Some(0.0));
    assert_eq!(answered["rating"]["high"].as_f64(), Some(100.0));

    let text = json.to_string();
    assert!(
        !text.contains("\"Employee Generated\",\"contacts\""),
        "ignored labels are not unlisted channels"
    );
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn cfpb_skips_its_preamble_and_invents_no_midnight() {
    let rows = census("cfpb-2020", "cfpb-2020/complaints_sample.raw.csv");
    for (channel, n) in
        [("web", 5143), ("referral", 627), ("phone", 482), ("post", 267), ("fax", 102), ("email", 2)]
    {
        assert_eq!(contacts(&rows, channel), n, "{channel}");
    }
    assert_eq!(facet_total(&rows, "rejected"), 0);
    assert_eq!(sum(&rows, "use", "web", "promise_kept"), 5068);
    assert_eq!(sum(&rows, "use", "post", "promise_kept"), 264);
    assert_eq!(sum(&rows, "use", "post", "promise_known"), 267);
    // Timely responses, to the printed digit.
    for (channel, timely) in [("phone", 0.975), ("web", 0.985), ("post", 0.989), ("referral", 0.994)] {
        let of = |column: &str| sum(&rows, "use", channel, column) as f64;
        let share = of("promise_kept") / of("promise_known");
        assert!((share - timely).abs() <= 0.0005, "{channel}: {share} against {timely}");
    }
    assert!(
        rows.iter().filter(|row| row["facet"] == "slot").all(|row| row["key2"].is_empty()),
        "a date without a time of day has no hour"
    );
    let period = rows.iter().find(|row| row["facet"] == "meta" && row["key1"] == "period").expect("a period");
    assert_eq!((period["key2"].as_str(), period["key3"].as_str()), ("2015-04-06", "2020-03-19"));
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn anonbank_gives_the_bank_s_service_levels() {
    let rows = census("anonbank-feb99-a", "anonbank-feb99-a/calls_1999-02-01_14.txt");
    let of = |column: &str| sum(&rows, "use", "phone", column);
    assert_eq!(of("contacts"), 14_405 + 2908);
    assert_eq!(facet_total(&rows, "ignored"), 143);
    assert_eq!((of("answered"), of("abandoned")), (14_405, 2908));
    assert_eq!(of("identified"), 6286);
    // Sums of a separate script over the raw file.
    assert_eq!(of("handle_ms"), 2_403_563_000);
    assert_eq!(of("wait_answered_ms"), 495_609_000);
    assert_eq!(of("wait_ms"), (495_609 + 108_111) * 1000);
    assert_eq!((of("promise_kept"), of("promise_known")), (9163, 17_313));
    assert_eq!((of("abandoned_in_promise"), of("abandoned_short")), (1674, 1184));
    let (a, b, kept, lost_in) = (14_405.0, 2908.0, 9163.0, 1674.0);
    for (name, value, published) in [
        ("AHT", of("handle_ms") as f64 / 1000.0 / a, 166.86),
        ("ASA", of("wait_answered_ms") as f64 / 1000.0 / a, 34.41),
        ("answered-only", kept / a, 0.6361),
        ("strict", kept / (a + b), 0.5293),
        ("excluding-short", kept / (a + b - lost_in), 0.5859),
        ("plus", (kept + lost_in) / (a + b), 0.6259),
        ("mean wait of the lost", 108_111.0 / b, 37.18),
        ("all waiting / lost", of("wait_ms") as f64 / 1000.0 / b, 207.6),
    ] {
        let digit = if published > 1.0 { 0.05 } else { 0.000_05 };
        assert!((value - published).abs() <= digit, "{name}: {value} against {published}");
    }
    assert_eq!(contacts_at(&rows, "regular"), 11_120 + 1243);

    // The same figures as the program prints them.
    let json = assessment("anonbank-feb99-a", "anonbank-feb99-a/calls_1999-02-01_14.txt");
    let phone = &json["census"]["channels"][0];
    assert_eq!(phone["service_level"]["variant"], "strict");
    assert!((phone["service_level"]["value"].as_f64().unwrap() - 0.5293).abs() < 5e-5);
    assert!((phone["mean_handle_s"].as_f64().unwrap() - 166.86).abs() < 5e-3);
}

fn contacts_at(rows: &Rows, touchpoint: &str) -> i64 {
    rows.iter()
        .filter(|row| row["facet"] == "use" && row["key1"] == touchpoint)
        .map(|row| row["contacts"].parse::<i64>().unwrap())
        .sum()
}

/// People present by hour of the week, from the log alone: who took calls is taken to be there between
/// two of them that lie no further apart than `gap_s`. The fourteen days hold each weekday twice.
fn seen_at_work(calls: &[Call], gap_s: f64) -> Vec<f64> {
    let mut days: BTreeMap<(&str, &str), Vec<(f64, f64)>> = BTreeMap::new();
    for call in calls.iter().filter(|call| !call.server.is_empty() && call.server != "NO_SERVER") {
        let spans = days.entry((&call.date, &call.server)).or_default();
        spans.push((call.served_at_s, call.served_at_s + call.handle_s));
    }
    let mut week = vec![0.0; 168];
    for ((date, _), mut calls) in days {
        calls.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut spans: Vec<(f64, f64)> = Vec::new();
        for (from, to) in calls {
            match spans.last_mut() {
                Some(last) if from - last.1 <= gap_s => last.1 = last.1.max(to),
                _ => spans.push((from, to)),
            }
        }
        let weekday = weekday(date);
        for (from, to) in spans {
            for hour in 0..24 {
                let (start, end) = (f64::from(hour) * 3600.0, f64::from(hour + 1) * 3600.0);
                let there = (to.min(end) - from.max(start)).max(0.0);
                week[weekday * 24 + hour as usize] += there / 3600.0 / 2.0;
            }
        }
    }
    week
}

/// Monday 0, of `990201` (a Monday) to `990214`.
fn weekday(date: &str) -> usize {
    (date[4..].parse::<usize>().expect("a day") - 1) % 7
}

/// One call of the bank's log that was offered to people.
struct Call {
    date: String,
    hour: usize,
    server: String,
    wait_s: f64,
    served_at_s: f64,
    handle_s: f64,
    answered: bool,
}

/// The log read without the program's own reader.
fn bank_calls() -> Vec<Call> {
    let path = log("anonbank-feb99-a/calls_1999-02-01_14.txt");
    let mut reader = csv::ReaderBuilder::new().delimiter(b'\t').from_path(path).expect("the log opens");
    let rows = reader.deserialize::<BTreeMap<String, String>>().map(|row| row.expect("a call"));
    rows.filter(|row| row["outcome"] != "PHANTOM")
        .map(|row| {
            let clock: Vec<f64> = row["vru_entry"].split(':').map(|part| part.parse().unwrap()).collect();
            let seconds = |column: &str| row[column].parse::<f64>().unwrap();
            let entered = clock[0] * 3600.0 + clock[1] * 60.0 + clock[2];
            Call {
                hour: clock[0] as usize,
                served_at_s: entered + seconds("vru_time").max(0.0) + seconds("q_time"),
                wait_s: seconds("q_time"),
                handle_s: seconds("ser_time"),
                answered: row["outcome"] == "AGENT",
                server: row["server"].trim().to_owned(),
                date: row["date"].clone(),
            }
        })
        .collect()
}

/// What the model expects of the people seen at work, beside what happened, by hour of the day.
#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn anonbank_expected_beside_what_happened() {
    let calls = bank_calls();
    let file = "anonbank-feb99-a/calls_1999-02-01_14.txt";
    let inventory = std::fs::read_to_string(repository("tests/it/real/anonbank-feb99-a.yaml")).unwrap();
    let ask = |gap_s: f64| -> serde_json::Value {
        let roster: String = seen_at_work(&calls, gap_s)
            .iter()
            .enumerate()
            .filter(|(_, people)| **people > 0.0)
            .map(|(hour, people)| {
                let day = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"][hour / 24];
                let (from, to) = (hour % 24, hour % 24 + 1);
                format!("      - {{ hours: \"{day} {from:02}:00-{to:02}:00\", people: {people:.3} }}\n")
            })
            .collect();
        let text = inventory
            .replacen("channels:\n", &format!("teams:\n  - id: agents\n    roster:\n{roster}channels:\n"), 1)
            .replacen("status: active,", "status: active, team: agents, hours: \"24/7\",", 1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("inventory.yaml");
        std::fs::write(&path, text).unwrap();
        let answer = chanfolio("assess --format json").arg(&path).args("phone --usage").arg(log(file)).done();
        serde_json::from_str(&answer.stdout).unwrap()
    };
    // By hour of the day: offered, in time, lost, waiting; needed; expected in time, lost, waiting, from
    // the fewest people seen at work to the most.
    let (few, many) = (ask(5.0 * 60.0), ask(20.0 * 60.0));
    let mut table = vec![[0.0; 11]; 24];
    for (json, at) in [(&few, 5), (&many, 8)] {
        let capability = &json["channels"][0]["capability"];
        // All waiting over those who gave up, with and without the 1,040 who hung up at once.
        let patience = &capability["patience_s"];
        assert!((patience["low"].as_f64().unwrap() - 207.6).abs() < 0.05, "{patience}");
        assert!((patience["high"].as_f64().unwrap() - 323.2).abs() < 0.05, "{patience}");
        for hour in capability["hours"].as_array().unwrap() {
            let name = hour["hours"].as_str().unwrap();
            let of_day: usize = name.split([' ', '-']).nth(1).unwrap().parse().unwrap();
            let (sums, n) = (&mut table[of_day], hour["measured"]["n"].as_f64().unwrap());
            let middle = |figure: &serde_json::Value| match figure.as_f64() {
                Some(exact) => exact,
                None => f64::midpoint(
                    figure["low"].as_f64().unwrap_or(0.0),
                    figure["high"].as_f64().unwrap_or(0.0),
                ),
            };
            if at == 5 {
                sums[0] += n;
                sums[1] += n * hour["measured"]["value"].as_f64().unwrap();
                sums[4] += n * hour["required"].as_f64().unwrap();
            }
            for (ix, figure) in ["strict", "lost", "mean_wait_s"].into_iter().enumerate() {
                sums[at + ix] += n * middle(&hour["expected"][figure]);
            }
        }
    }
    for call in &calls {
        table[call.hour][2] += f64::from(!call.answered && call.wait_s > 5.0);
        table[call.hour][3] += call.wait_s;
    }
    let mut text = String::from(
        "hour  offered  needed   in time: expected  measured   lost: expected  measured   wait: expected  measured\n",
    );
    for (hour, s) in table.iter().enumerate().filter(|(_, s)| s[0] >= 100.0) {
        let n = s[0];
        text += &format!(
            "{hour:>4} {n:>8} {:>7.1} {:>12.0}-{:.0}% {:>9.0}% {:>12.0}-{:.0}% {:>8.0}% {:>10.0}-{:.0} s {:>6.0} s\n",
            s[4] / n,
            s[5] / n * 100.0,
            s[8] / n * 100.0,
            s[1] / n * 100.0,
            s[9] / n * 100.0,
            s[6] / n * 100.0,
            s[2] / n * 100.0,
            s[10] / n,
            s[7] / n,
            s[3] / n,
        );
        // Each hour as measured by the program is what a separate read of the log counts.
        let in_time = calls.iter().filter(|c| c.hour == hour && c.answered && c.wait_s <= 20.0).count();
        assert!((s[1] - in_time as f64).abs() < 0.02 * n.sqrt(), "{hour}: {} {in_time}", s[1]);
    }
    let total: Vec<f64> = (0..11).map(|ix| table.iter().map(|s| s[ix]).sum()).collect();
    let n = total[0];
    text += &format!(
        " all {n:>8} in time {:.3} to {:.3}, measured {:.3}; lost {:.3} to {:.3}, measured {:.3}; wait {:.1} to {:.1} s, measured {:.1} s",
        total[5] / n,
        total[8] / n,
        total[1] / n,
        total[9] / n,
        total[6] / n,
        total[2] / n,
        total[10] / n,
        total[7] / n,
        total[3] / n,
    );
    #[allow(clippy::print_stdout, reason = "the table is there to be read")]
    {
        println!("{text}");
    }
    // The totals of the oracle.
    assert_eq!(n, 14_405.0 + 2908.0);
    assert!((total[1] / n - 0.5293).abs() < 5e-5, "{}", total[1] / n);
    assert_eq!(total[3], 495_609.0 + 108_111.0);
    assert_eq!(total[2], 2908.0 - 1184.0);
    // Nobody wrote down who was there: the two readings of it stand on either side of what happened.
    assert!(total[5] < total[1] && total[1] < total[8], "{text}");
    assert!(total[9] < total[2] && total[2] < total[6], "{text}");
    assert!(total[10] < total[3] && total[3] < total[7], "{text}");
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn receipt_counts_cases_not_steps() {
    let rows = census("receipt-nl", "receipt-nl/receipt.csv");
    assert_eq!(meta(&rows, "rows-read"), "8577");
    for (channel, n, median_days) in [
        ("internet", 1250, 0.021_841_8),
        ("desk", 109, 0.781_476),
        ("post", 53, 4.056_799),
        ("email", 21, 0.024_119),
    ] {
        assert_eq!(contacts(&rows, channel), n, "{channel}");
        let (low, high) = census_median(&rows, channel);
        let seconds = median_days * 86_400.0;
        assert!(
            (f64::midpoint(low, high) - seconds).abs() <= 0.0625 * seconds,
            "{channel}: {low}..{high} against {seconds}"
        );
    }
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn uci_counts_incidents_not_updates() {
    let rows =
        census("uci-incidents-5998", "uci-incidents-5998/incident_event_log.first5998.ddmmyyyy-crlf.csv");
    assert_eq!(meta(&rows, "rows-read"), "5998");
    assert_eq!(contacts(&rows, "phone"), 890);
    assert_eq!(facet_total(&rows, "rejected"), 0);
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn suaci_is_too_small_for_most_rates_and_says_so() {
    let rows = census("suaci-ba-100", "suaci-ba-100/suaci_sample.converted.csv");
    for (channel, n) in
        [("call-centre", 28), ("web", 28), ("boti", 22), ("app", 19), ("commune", 2), ("uac", 1)]
    {
        assert_eq!(contacts(&rows, channel), n, "{channel}");
    }
    let json = assessment("suaci-ba-100", "suaci-ba-100/suaci_sample.converted.csv");
    for channel in json["channels"].as_array().unwrap() {
        assert_eq!(channel["verdict"]["provisional"], true, "{}", channel["id"]);
        assert!(
            !["drop", "merge"].contains(&channel["verdict"]["call"].as_str().unwrap()),
            "closing rests on absent data"
        );
    }
}

#[test]
#[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
fn tickets_lose_no_row() {
    let rows = census("tickets-SYNTHETIC", "tickets-SYNTHETIC/customer_support_tickets.csv");
    assert_eq!(meta(&rows, "rows-read"), "8469");
    assert_eq!(facet_total(&rows, "rejected"), 0);
    let listed: i64 = ["email", "phone", "chat", "social"].iter().map(|c| contacts(&rows, c)).sum();
    assert_eq!(listed + facet_total(&rows, "unlisted") + facet_total(&rows, "duplicate"), 8469);
    for (channel, n) in [("email", 2143), ("phone", 2132), ("social", 2121), ("chat", 2073)] {
        assert_eq!(contacts(&rows, channel), n, "{channel}");
    }
}
