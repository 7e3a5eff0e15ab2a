//! The whole output of every example in every format, against files in `tests/golden`.
//!
//! They guard looks and bytes, never a number: numbers are guarded where they were computed by hand or
//! by another program. `UPDATE_GOLDEN=1 cargo test golden` writes them anew; read the difference.

use crate::run::{Run, chanfolio, repository};

#[test]
fn every_example_prints_what_it_printed() {
    let mut wrong = Vec::new();
    for example in ["lumen", "small", "healthy"] {
        for (format, ending) in [("table", "txt"), ("json", "json"), ("csv", "csv"), ("markdown", "md")] {
            check(&format!("{example}.{ending}"), &format!("assess --format {format}"), example, &mut wrong);
        }
        if example != "small" {
            check(&format!("{example}-census.txt"), "census", example, &mut wrong);
            check(&format!("{example}-journeys.txt"), "census --journeys", example, &mut wrong);
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nrun UPDATE_GOLDEN=1 cargo test golden and read the difference",
        wrong.join("\n")
    );
}

/// `cargo test` runs none of these engines: whoever changes their words reads them.
#[test]
fn queries_for_engines_that_are_not_at_hand_are_what_was_read() {
    let mut wrong = Vec::new();
    for dialect in ["spark", "bigquery", "snowflake"] {
        let run = chanfolio("census").arg(repository("tests/fixtures/query.yaml"));
        let run = run.args(&format!("--sql {dialect} --from 2026-01-01 --to 2026-06-30 --table log"));
        check_file(&format!("query-{dialect}.sql"), run, &mut wrong);
    }
    assert!(
        wrong.is_empty(),
        "{}\nrun UPDATE_GOLDEN=1 cargo test golden and read the difference",
        wrong.join("\n")
    );
}

fn check(name: &str, command: &str, example: &str, wrong: &mut Vec<String>) {
    let inventory = repository(&format!("examples/{example}/inventory.yaml"));
    check_file(name, chanfolio(command).arg(&inventory), wrong);
}

fn check_file(name: &str, run: Run, wrong: &mut Vec<String>) {
    let printed = run.width(100).done().stdout;
    // Paths are those of the repository's top folder.
    let printed = printed.replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "");
    let path = repository("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(repository("tests/golden")).expect("tests/golden");
        std::fs::write(&path, &printed).expect("the golden file is written");
        return;
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    if expected != printed {
        let line = expected.lines().zip(printed.lines()).take_while(|(a, b)| a == b).count() + 1;
        wrong.push(format!("{name} differs from line {line} on"));
    }
}
