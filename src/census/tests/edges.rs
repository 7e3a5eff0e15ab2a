//! Where blocks end means nothing: logs with quoted line breaks, doubled and bare quotes and both line ends,
//! cut at every place, give the census of a naive reader.
//!
//! The naive reader is the csv crate: it reads the same file whole, and what it read is written again without
//! anything that would need a quote. Faulty quotes, about which the two disagree by design, are compared
//! between block sizes alone.

use proptest::prelude::*;

use super::world::{criteria, inventory};
use crate::census::scan::{Request, Scan, scan};
use crate::census::table::{Facet, Key};
use crate::census::{Census, Sums};
use crate::inventory::Inventory;

/// Labels that try the quote rule; none has spaces at its ends, which are no part of a label.
const LABELS: [&str; 9] = [
    "plain",
    "two\nlines",
    "crlf\r\nin it",
    "say \"no\"",
    "a, b; c",
    "19\" monitor",
    "\"\"",
    "ends with quote\"",
    "è\n\n,\"x",
];

/// A label as it may stand in a file: quoted where it must be, or where it pleases.
fn written(label: &str, please: bool) -> String {
    let must = label.contains([',', '\n', '\r']) || label.starts_with('"');
    if must || please { format!("\"{}\"", label.replace('"', "\"\"")) } else { label.to_owned() }
}

fn count(inventory: &Inventory, text: &str, threads: usize, block: Option<usize>) -> Scan {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.csv");
    std::fs::write(&path, text).expect("written");
    let request = Request {
        usage: vec![path],
        max_rejects: 1.0,
        threads: Some(threads),
        block_bytes: block,
        ..Request::default()
    };
    scan(inventory, criteria(), &request, &()).expect("a census")
}

fn census(scan: Scan) -> Census {
    scan.census.expect("a census")
}

/// The census with each label replaced by a plain word.
fn plain(census: &Census) -> Vec<(Key, Sums)> {
    let mut rows: Vec<(Key, Sums)> =
        census.rows.iter().map(|(key, sums)| (key.clone(), sums.clone())).collect();
    for (key, _) in rows.iter_mut().filter(|(key, _)| key.facet != Facet::Meta) {
        for text in &mut key.keys {
            if let Some(n) = LABELS.iter().position(|label| label == text) {
                *text = format!("label{n}");
            }
        }
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0));
    rows
}

/// What the csv crate reads, written again with plain words.
fn again(text: &str) -> String {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let mut out = String::new();
    for record in reader.records() {
        let record = record.expect("the csv crate reads it");
        let fields: Vec<String> = record
            .iter()
            .map(|field| match LABELS.iter().position(|label| *label == field) {
                Some(n) => format!("label{n}"),
                None => field.to_owned(),
            })
            .collect();
        assert!(fields.iter().all(|field| !field.contains([',', '"', '\n'])), "{fields:?}");
        out.push_str(&fields.join(","));
        out.push('\n');
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn blocks_cut_anywhere_give_the_census_of_a_naive_reader(
        rows in proptest::collection::vec((0..LABELS.len(), 0..LABELS.len(), any::<[bool; 3]>(), 0_u32..4), 1..40),
        crlf in any::<bool>(),
        block in 1_usize..120,
        threads in 1_usize..4,
    ) {
        let inventory = inventory(&[("phone", "phone")]);
        let end = if crlf { "\r\n" } else { "\n" };
        let mut text = format!("time,channel,customer,reason,touchpoint{end}");
        for (n, (reason, touchpoint, please, customer)) in rows.iter().enumerate() {
            let (day, minute) = (n / 60 + 1, n % 60);
            let channel = written("phone", please[0]);
            let (reason, touchpoint) = (written(LABELS[*reason], please[1]), written(LABELS[*touchpoint], please[2]));
            text.push_str(&format!("2026-03-{day:02} 10:{minute:02},{channel},c{customer},{reason},{touchpoint}{end}"));
        }
        let naive = plain(&census(count(&inventory, &again(&text), 1, None)));
        prop_assert_eq!(&plain(&census(count(&inventory, &text, 1, None))), &naive);
        prop_assert_eq!(&plain(&census(count(&inventory, &text, threads, Some(block)))), &naive);
    }

    #[test]
    fn faulty_quotes_are_rejected_alike_wherever_blocks_end(
        pieces in proptest::collection::vec(0..12_usize, 1..60),
        block in 1_usize..80,
        threads in 1_usize..4,
    ) {
        /// Pieces of a file that somebody broke.
        const PIECES: [&str; 12] =
            ["\"", "\"\"", "x", ",", "\n", "\r\n", "2026-03-01 10:00,phone,c,r,t\n", "\"a\nb\"", " ", "é", "\"x\"y", "\n\"\n"];
        let inventory = inventory(&[("phone", "phone")]);
        let mut text = "time,channel,customer,reason,touchpoint\n".to_owned();
        // Enough of a log to see how its times are written.
        text.push_str(&"2026-03-01 10:00,phone,c,r,t\n".repeat(100));
        pieces.iter().for_each(|piece| text.push_str(PIECES[*piece]));
        let whole = count(&inventory, &text, 1, None);
        let cut = count(&inventory, &text, threads, Some(block));
        let shown = |scan: &Scan| -> Vec<(u64, &'static str, String)> {
            scan.rejects.shown.iter().map(|r| (r.line, r.cause, r.text.clone())).collect()
        };
        prop_assert_eq!((whole.rejects.count, shown(&whole)), (cut.rejects.count, shown(&cut)));
        prop_assert_eq!(census(whole), census(cut));
    }
}
