//! The README shows only what the program prints: every block under a `<!-- prints: … -->` comment is
//! run again and compared. `UPDATE_README=1 cargo test readme` writes the blocks anew.

use crate::run::{chanfolio, repository};

const MARK: &str = "<!-- prints: chanfolio ";

#[test]
fn every_printed_block_is_what_the_program_prints() {
    let path = repository("README.md");
    let text = std::fs::read_to_string(&path).expect("README.md");
    let mut out = String::new();
    let mut lines = text.lines();
    let mut blocks = 0;
    while let Some(line) = lines.next() {
        out.push_str(line);
        out.push('\n');
        let Some(args) = line.strip_prefix(MARK).and_then(|rest| rest.strip_suffix(" -->")) else { continue };
        blocks += 1;
        let fence = lines.next().expect("a block follows the comment");
        assert!(fence.starts_with("```"), "a block follows the comment, not {fence}");
        out.push_str(fence);
        out.push('\n');
        for old in lines.by_ref() {
            if old == "```" {
                break;
            }
        }
        // Paths in the README are those of the repository's top folder.
        let words =
            args.split(' ').map(|word| match word.starts_with("examples/") || word.starts_with("tests/") {
                true => repository(word).display().to_string(),
                false => word.to_owned(),
            });
        let mut run = chanfolio("").width(100);
        for word in words {
            run = run.arg(word);
        }
        let answer = run.run();
        // A check that found something is an answer too.
        let found = args.starts_with("check ") && answer.code == 1;
        assert!(answer.code == 0 || found, "{args}: {}", answer.stderr);
        let printed = answer.stdout.replace(&format!("{}/", env!("CARGO_MANIFEST_DIR")), "");
        out.push_str(printed.trim_end());
        out.push_str("\n```\n");
    }
    assert!(blocks >= 2, "the README shows input, command and output");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, &out).expect("README.md is written");
    }
    assert!(text == out, "README.md is out of date; run UPDATE_README=1 cargo test readme");
}
