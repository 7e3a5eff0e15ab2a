//! One case for each rule of `check`: a folder `tests/fixtures/findings/CODE` with an inventory that has the
//! fault (`bad.yaml`), its mended twin (`good.yaml`) and the exact human output (`expected.txt`).
//!
//! The place of the fault is marked by hand in `bad.yaml`, so that it does not come from the program: a
//! comment `# found: WORD` at the end of the line says that the finding points at that word of this line.
//! `args` (one line) holds further arguments; `{dir}` stands for the folder. `UPDATE_FINDINGS=1 cargo test
//! findings` writes `expected.txt` anew.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::run::{Answer, chanfolio, repository};

const FOLDER: &str = "tests/fixtures/findings";

fn codes() -> Vec<String> {
    let list = chanfolio("check --list").done().stdout;
    list.lines().filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Runs a check on a file of a case; it must have been able to run.
#[track_caller]
fn check(code: &str, file: &str, more: &str) -> Answer {
    let dir = format!("{FOLDER}/{code}");
    let args = std::fs::read_to_string(repository(&format!("{dir}/args"))).unwrap_or_default();
    let answer = chanfolio(&format!("check {dir}/{file} {more} {}", args.replace("{dir}", &dir))).run();
    assert!(answer.code < 2, "{code}/{file}: {}", answer.stderr);
    answer
}

/// The findings of a code: line and column.
fn found(answer: &Answer, code: &str) -> Vec<(u64, u64)> {
    let json: Value = serde_json::from_str(&answer.stdout).expect("a check is JSON");
    json["findings"]
        .as_array()
        .expect("findings are a list")
        .iter()
        .filter(|finding| finding["code"] == code)
        .map(|finding| {
            let at = &finding["location"];
            (at["line"].as_u64().expect("a line"), at["column"].as_u64().expect("a column"))
        })
        .collect()
}

/// The places marked by hand: line and column, in characters, from 1.
fn marked(text: &str) -> Vec<(u64, u64)> {
    let mut places = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some((before, word)) = line.split_once("# found: ") else { continue };
        let byte = before.find(word.trim()).unwrap_or_else(|| panic!("line {number} has no `{word}`"));
        let column = before[..byte].chars().count() + 1;
        places.push((number, u64::try_from(column).expect("a short line")));
    }
    places
}

#[test]
fn every_rule_has_a_case() {
    let cases: BTreeSet<String> = std::fs::read_dir(repository(FOLDER))
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").file_name().into_string().expect("a code"))
        .collect();
    let codes: BTreeSet<String> = codes().into_iter().collect();
    assert!(codes.len() > 35, "{codes:?}");
    assert_eq!(codes.difference(&cases).collect::<Vec<_>>(), Vec::<&String>::new(), "rules without a case");
    assert_eq!(cases.difference(&codes).collect::<Vec<_>>(), Vec::<&String>::new(), "cases without a rule");
}

#[test]
fn each_fault_is_found_at_the_marked_place_and_its_mended_twin_is_silent() {
    let mut wrong = Vec::new();
    for code in codes() {
        let folder = repository(&format!("{FOLDER}/{code}"));
        let bad = std::fs::read_to_string(folder.join("bad.yaml")).expect("every case has its fault");
        let marked = marked(&bad);
        let found_bad = found(&check(&code, "bad.yaml", "--format json"), &code);
        if marked.is_empty() || found_bad != marked {
            wrong.push(format!("{code}: bad.yaml is marked at {marked:?}, found at {found_bad:?}"));
        }
        let found_good = found(&check(&code, "good.yaml", "--format json"), &code);
        if !found_good.is_empty() {
            wrong.push(format!("{code}: good.yaml is found at {found_good:?}"));
        }
        let human = check(&code, "bad.yaml", "").stdout;
        if !is_as_expected(&folder, &human) {
            wrong.push(format!("{code}: expected.txt is otherwise; the output is\n{human}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn is_as_expected(folder: &Path, human: &str) -> bool {
    let path = folder.join("expected.txt");
    if std::env::var_os("UPDATE_FINDINGS").is_some() {
        std::fs::write(&path, human).expect("expected.txt is written");
    }
    std::fs::read_to_string(&path).is_ok_and(|expected| expected == human)
}
