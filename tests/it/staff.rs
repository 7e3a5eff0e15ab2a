//! The staffing calculator through the command line: published figures, files of intervals, refusals.

use crate::run::{Run, chanfolio, repository};
use serde_json::Value;

#[derive(serde::Deserialize)]
struct Row {
    model: String,
    lambda_per_interval: String,
    interval_s: String,
    aht_s: String,
    target_s: String,
    target_sl: Option<f64>,
    patience_s: Option<String>,
    agents: u32,
    max_occupancy: String,
    exact_p_wait: f64,
    exact_sl_strict: f64,
    exact_sl_excluding_short: Option<f64>,
    exact_sl_plus: Option<f64>,
    exact_sl_answered_only: Option<f64>,
    exact_mean_wait_s: f64,
    exact_occupancy: f64,
    exact_p_abandon: Option<f64>,
    exact_required_agents: Option<u32>,
}

fn rows() -> Vec<Row> {
    let path = repository("tests/reference/erlang.csv");
    let mut reader = csv::Reader::from_path(path).expect("the table opens");
    reader.deserialize().map(|row| row.expect("a row of the table")).collect()
}

impl Row {
    fn model(&self) -> &'static str {
        if self.model == "ErlangC" { "erlang-c" } else { "erlang-a" }
    }

    fn promise(&self) -> String {
        format!("{}/{}s", self.target_sl.unwrap_or(0.8), self.target_s)
    }

    fn ask(&self) -> Run {
        let mut run = chanfolio(&format!(
            "staff --contacts {} --per {}s --handle {}s --promise {} --agents {} --max-occupancy {} --model {}",
            self.lambda_per_interval,
            self.interval_s,
            self.aht_s,
            self.promise(),
            self.agents,
            self.max_occupancy,
            self.model()
        ));
        if let Some(patience) = &self.patience_s {
            run = run.args(&format!("--patience {patience}s"));
        }
        run
    }

    /// Everything that the table says, against a function from a name to a figure.
    #[track_caller]
    fn compare(&self, got: impl Fn(&str) -> f64) {
        for (name, want) in [
            ("p_wait", Some(self.exact_p_wait)),
            ("strict", Some(self.exact_sl_strict)),
            ("excluding_short", self.exact_sl_excluding_short),
            ("plus", self.exact_sl_plus),
            ("answered_only", self.exact_sl_answered_only),
            ("mean_wait_s", Some(self.exact_mean_wait_s)),
            ("occupancy", Some(self.exact_occupancy)),
            ("p_abandon", self.exact_p_abandon),
            ("required_agents", self.exact_required_agents.map(f64::from)),
        ] {
            let Some(want) = want else { continue };
            let got = got(name);
            let most = if name == "required_agents" { 0.0 } else { 1e-6 * want };
            assert!(
                (got - want).abs() <= most,
                "{name}: {got}, want {want} ({} {})",
                self.model,
                self.agents
            );
        }
    }
}

#[test]
fn every_row_of_the_reference_table_by_options() {
    let rows = rows();
    assert_eq!(rows.len(), 34);
    for row in rows {
        let json: Value = serde_json::from_str(&row.ask().args("--format json").done().stdout).unwrap();
        row.compare(|name| {
            let place = &json["service_level"][name];
            let value = if place.is_null() { &json[name] } else { place };
            value.as_f64().unwrap_or_else(|| panic!("{name} is {value}"))
        });
    }
}

#[test]
fn every_row_of_the_reference_table_in_one_file() {
    let rows = rows();
    let mut text = String::from("contacts,per,handle,promise,patience,agents,max_occupancy,model\n");
    for row in &rows {
        let patience = row.patience_s.as_ref().map(|s| format!("{s}s")).unwrap_or_default();
        text += &format!(
            "{},{}s,{}s,{},{patience},{},{},{}\n",
            row.lambda_per_interval,
            row.interval_s,
            row.aht_s,
            row.promise(),
            row.agents,
            row.max_occupancy,
            row.model()
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let (asked, answer) = (folder.path().join("intervals.csv"), folder.path().join("answer.csv"));
    std::fs::write(&asked, text).unwrap();
    chanfolio("staff --csv").arg(&asked).args("-o").arg(&answer).done();
    let mut reader = csv::Reader::from_path(&answer).unwrap();
    let answers: Vec<std::collections::HashMap<String, String>> =
        reader.deserialize().map(|row| row.unwrap()).collect();
    assert_eq!(answers.len(), rows.len());
    for (ix, (row, answer)) in rows.iter().zip(&answers).enumerate() {
        assert_eq!(answer["line"], (ix + 2).to_string());
        row.compare(|name| answer[name].parse().unwrap_or_else(|_| panic!("{name} is {:?}", answer[name])));
    }
}

/// METHOD C3 and the note of the reference table: 20 rostered for 14 at 30% shrinkage.
#[test]
fn chats_and_rosters_of_the_method() {
    let json = |args: &str| -> Value {
        serde_json::from_str(&chanfolio(args).args("--format json").done().stdout).unwrap()
    };
    let chat = json(
        "staff --contacts 60 --per 30m --handle 600s --promise 80/60s --concurrency 3 --max-occupancy 1",
    );
    assert_eq!(chat["required_agents"], 10);
    assert!((chat["service_level"]["strict"].as_f64().unwrap() - 0.901).abs() < 5e-4);
    let talks: Vec<_> =
        chat["by_talks"].as_array().unwrap().iter().map(|t| t["required_agents"].clone()).collect();
    assert_eq!((talks.len(), &talks[0], &talks[2]), (3, &Value::from(24), &Value::from(10)));
    let phone = json("staff --contacts 100 --per 30m --handle 3m --promise 80/20s --model erlang-c");
    assert!((phone["required_fte"].as_f64().unwrap() - 20.0).abs() < 1e-9);
    // One talk at a time is Erlang C.
    let one = json("staff --contacts 100 --per 30m --handle 3m --promise 80/20s --concurrency 1");
    for figure in ["p_wait", "mean_wait_s", "occupancy"] {
        let (a, b) = (one[figure].as_f64().unwrap(), phone[figure].as_f64().unwrap());
        assert!((a - b).abs() <= 1e-12 * b.max(1.0), "{figure} {a} {b}");
    }
}

#[test]
fn the_curve_runs_from_three_fewer_to_five_more() {
    let answer =
        chanfolio("staff --contacts 100 --per 30m --handle 3m --promise 80/20s --model erlang-c --curve")
            .args("--format json")
            .done();
    let json: Value = serde_json::from_str(&answer.stdout).unwrap();
    let curve = json["curve"].as_array().unwrap();
    let agents: Vec<u64> = curve.iter().map(|line| line["agents"].as_u64().unwrap()).collect();
    assert_eq!(agents, (11..=19).collect::<Vec<_>>());
    let keeps: Vec<bool> = curve.iter().map(|line| line["keeps"].as_bool().unwrap()).collect();
    assert_eq!(keeps.iter().filter(|keeps| **keeps).count(), 6);
    let schema = chanfolio("schema staff").done().stdout;
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    assert!(validator.is_valid(&json), "{json}");
}

#[test]
fn what_cannot_be_is_refused_and_says_why() {
    let with = |args: &str| chanfolio("staff --contacts 100 --per 30m --handle 3m").args(args);
    for (args, words) in [
        ("--promise 80/20", "20s, 20m"),
        ("--promise 80/20s --patience 2m --model erlang-c", "patience goes with the model erlang-a"),
        ("--promise 80/20s --patience 0s", "greater than 0"),
        ("--promise 80/20s --shrinkage 100%", "somebody must be at the desk"),
        ("--promise 80/20s --max-occupancy 1.2", "between 0 and 1"),
        ("--promise 80/8h --deadline 4h", "different times"),
        ("--promise 80/20s --speed 1,2 --concurrency 3", "2 numbers for 3 talks"),
        ("--promise 80/20s --format markdown", "not as markdown"),
    ] {
        let answer = with(args).refused();
        assert!(answer.stderr.contains(words), "{args}: {}", answer.stderr);
        assert_eq!(answer.stdout, "", "{args}");
    }
    let answer = chanfolio("staff --contacts -1 --per 30m --handle 0s").refused();
    assert!(!answer.stderr.is_empty());
    // Too few people are an answer, not an error.
    let few = with("--promise 80/20s --model erlang-c --agents 10").done().stdout;
    assert!(few.contains("14 people at the desk keep 80% in 20 s"), "{few}");
    assert!(few.contains("grows without end"), "{few}");
    // A promise that no number of people keeps.
    let never =
        chanfolio("staff --contacts 100 --per 30m --handle 3m --promise 80/20s --max-occupancy 0").done();
    assert!(never.stdout.contains("No answer"), "{}", never.stdout);
}

#[test]
fn hostile_files_of_intervals_end_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intervals.csv");
    for (bytes, words) in [
        (&b""[..], "no interval"),
        (b"contacts,per,handle,promise\n", "no interval"),
        (b"\xff\xfe\n", "UTF-8"),
        (b"contacts,per,handle,promise\n1,\"30m,3m,80/20s\n", "cells"),
        (b"contacts,contacts,per,handle,promise\n1,1,30m,3m,80/20s\n", "stands twice"),
        (b"contacts,per,handle,promise\n\x1b[31m,30m,3m,80/20s\n", "\\u{1b}[31m"),
        (b"contacts,per,handle,promise\n1e999,30m,3m,80/20s\n", "0 or more"),
        (b"contacts,per,handle,promise\n1,99999d,3m,80/20s\n", "greater than 0"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let answer = chanfolio("staff --csv").arg(&path).refused();
        assert!(answer.stderr.contains(words), "{:?}: {}", String::from_utf8_lossy(bytes), answer.stderr);
        assert!(!answer.stderr.contains('\u{1b}'), "{}", answer.stderr);
    }
    // Loads beyond what is computed have no answer, and the others do.
    std::fs::write(&path, "contacts,per,handle,promise\n1e12,1s,3m,80/20s\n1,30m,3m,80/20s\n").unwrap();
    let answer = chanfolio("staff --format csv --csv").arg(&path).done().stdout;
    assert!(
        answer.lines().nth(1).is_some_and(|line| line.contains("so large that it is not computed")),
        "{answer}"
    );
    assert!(answer.lines().nth(2).is_some_and(|line| line.contains(",true,")), "{answer}");
    let answer = chanfolio("staff -o").arg(&path).args("--csv").arg(&path).refused();
    assert!(answer.stderr.contains("would be lost"), "{}", answer.stderr);
}
