//! Tests of the reading path: the rule of quotes, encodings, layouts, times, values, and real logs held
//! against counts made by an independent full read of each file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::source::{LogFile, resolve};
use super::{Direction, Log, Outcome, Rejected, Row};
use crate::criteria::Criteria;
use crate::inventory::{
    Channel, ColumnOf, Cost, Episodes, Inventory, Organisation, Policy, Practices, Rivals, Role, RowIs,
    Status, Touchpoint, TouchpointIx, UsageEntry,
};
use crate::text::source::{Located, Place, Source};

mod shortcuts;

fn place() -> Place {
    Place { source: Source::new("inventory.yaml", "usage:"), range: 0..0 }
}

fn located<T>(value: T) -> Located<T> {
    Located { value, at: place() }
}

/// An inventory of channels (`id`, kind, labels) in a zone.
fn inventory(zone: &str, country: Option<&str>, channels: &[(&str, &str, &[&str])]) -> Inventory {
    // Read once: generated cases ask for them by the hundred.
    static CRITERIA: LazyLock<Criteria> =
        LazyLock::new(|| crate::criteria::load::embedded().expect("the embedded criteria are valid"));
    let kinds = &CRITERIA.kinds;
    let channels = channels
        .iter()
        .map(|(id, kind, aliases)| Channel {
            id: (*id).to_owned(),
            kind: Arc::clone(kinds.iter().find(|k| k.id == *kind).expect("a kind")),
            status: Status::Active,
            aliases: aliases.iter().map(|a| (*a).to_owned()).collect(),
            owner: None,
            monitored: None,
            personal: None,
            team: None,
            system: None,
            hours: None,
            touchpoints: Vec::new(),
            meant_for: None,
            promise: None,
            cost: Cost::default(),
            volume_per_year: None,
            handle_s: None,
            practices: Practices::default(),
            links: None,
            identity: None,
            lawful: None,
            protected: None,
            contributes: Vec::new(),
            second_choice: None,
            value_per_resolution: None,
            concurrency: None,
            human_exit: None,
            need: None,
            replaces: Vec::new(),
            forecast: None,
            new_demand_budget: None,
            redirect: Vec::new(),
            budget_signed_by: None,
            accessible: None,
            trial: None,
            changes: None,
            at: place(),
        })
        .collect();
    Inventory {
        source: Source::new("inventory.yaml", "usage:"),
        directory: PathBuf::new(),
        organisation: Organisation {
            name: "Test".to_owned(),
            country: country.map(str::to_owned),
            region: None,
            timezone: jiff::tz::TimeZone::get(zone).expect("a zone"),
            timezone_name: zone.to_owned(),
            currency: None,
            languages: Vec::new(),
            as_of: None,
            budget_per_year: None,
            improvement_capacity: None,
            sells: None,
        },
        objectives: Vec::new(),
        weights: None,
        stakeholders: Vec::new(),
        segments: Vec::new(),
        touchpoints: Vec::new(),
        surveys: Vec::new(),
        mystery: Vec::new(),
        teams: Vec::new(),
        systems: Vec::new(),
        absent: Vec::new(),
        rivals: Rivals::Unknown,
        lost_share: None,
        episodes: Episodes::default(),
        channels,
        judgements: Vec::new(),
        usage: vec![entry("log.csv")],
        policy: Policy::default(),
        waivers: Vec::new(),
        sections: Vec::new(),
    }
}

fn entry(path: &str) -> UsageEntry {
    UsageEntry {
        path: located(path.to_owned()),
        columns: Vec::new(),
        fixed: Vec::new(),
        time_format: None,
        unknown: Vec::new(),
        touchpoint_values: Vec::new(),
        reason_values: Vec::new(),
        ignore: Vec::new(),
        row_is: RowIs::Contact,
        satisfaction_scale: None,
        at: place(),
    }
}

fn of(columns: &[&str]) -> ColumnOf {
    ColumnOf {
        columns: columns.iter().map(|c| located((*c).to_owned())).collect(),
        yes: Vec::new(),
        no: Vec::new(),
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

fn map(inventory: &mut Inventory, role: Role, columns: &[&str]) {
    inventory.usage[0].columns.push((role, of(columns)));
}

fn map_words(inventory: &mut Inventory, role: Role, column: &str, yes: &[&str], no: &[&str]) {
    inventory.usage[0].columns.push((role, ColumnOf { yes: words(yes), no: words(no), ..of(&[column]) }));
}

struct Parsed {
    outcomes: Vec<Outcome<'static>>,
    notes: Vec<String>,
    clock: (u64, u64),
}

/// An outcome that outlives its log and block.
fn kept(outcome: Outcome<'_>) -> Outcome<'static> {
    match outcome {
        Outcome::Row(row) => Outcome::Row(row.to_static()),
        Outcome::Repeat(repeat) => Outcome::Row(repeat.row().to_static()),
        Outcome::Ignored { column, value, at } => Outcome::Ignored {
            column: Box::leak(column.to_owned().into_boxed_str()),
            value: Box::leak(value.to_owned().into_boxed_str()),
            at,
        },
        Outcome::Rejected(rejected) => Outcome::Rejected(rejected),
    }
}

impl Parsed {
    fn rows(&self) -> Vec<&Row<'static>> {
        self.outcomes
            .iter()
            .filter_map(|o| if let Outcome::Row(row) = o { Some(row) } else { None })
            .collect()
    }

    fn rejected(&self) -> Vec<(&'static str, u64)> {
        self.rejects().iter().map(|r| (r.cause, r.line)).collect()
    }

    fn rejects(&self) -> Vec<&Rejected> {
        self.outcomes
            .iter()
            .filter_map(|o| if let Outcome::Rejected(r) = o { Some(r) } else { None })
            .collect()
    }

    fn ignored(&self) -> usize {
        self.outcomes.iter().filter(|o| matches!(o, Outcome::Ignored { .. })).count()
    }

    fn channels(&self, inventory: &Inventory) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for row in self.rows() {
            let name = row
                .channel
                .as_ref()
                .map_or_else(|l| format!("?{l}"), |ix| inventory.channels[*ix].id.clone());
            *counts.entry(name).or_default() += 1;
        }
        counts
    }
}

fn read_file(inventory: &Inventory, path: &Path) -> anyhow::Result<Parsed> {
    let file = LogFile { entry: Some(0), path: path.to_path_buf(), name: "log.csv".to_owned() };
    let log = Log::open(inventory, &file)?;
    let mut memory = log.memory();
    let mut outcomes = Vec::new();
    while let Some(block) = log.next_block()? {
        log.parse(&block, &mut memory, &mut |outcome: Outcome<'_>| outcomes.push(kept(outcome)));
    }
    Ok(Parsed { outcomes, notes: log.notes(), clock: log.clock_changes() })
}

/// Every row, in blocks of at most so many bytes.
fn read_in_blocks(inventory: &Inventory, path: &Path, most: usize) -> Vec<String> {
    let file = LogFile { entry: Some(0), path: path.to_path_buf(), name: "log.csv".to_owned() };
    let log = Log::open_in_blocks(inventory, &file, most).expect("a log");
    let mut memory = log.memory();
    let mut outcomes = Vec::new();
    while let Some(block) = log.next_block().expect("a block") {
        log.parse(&block, &mut memory, &mut |outcome: Outcome<'_>| {
            outcomes.push(format!("{:?}", kept(outcome)));
        });
    }
    outcomes
}

fn try_read(inventory: &Inventory, name: &str, bytes: &[u8]) -> anyhow::Result<Parsed> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a file");
    read_file(inventory, &path)
}

fn read(inventory: &Inventory, text: impl AsRef<[u8]>) -> Parsed {
    try_read(inventory, "log.csv", text.as_ref()).unwrap_or_else(|e| panic!("{e:#}"))
}

fn refused(inventory: &Inventory, text: impl AsRef<[u8]>) -> String {
    match try_read(inventory, "log.csv", text.as_ref()) {
        Ok(_) => panic!("the log was read"),
        Err(error) => format!("{error:#}"),
    }
}

fn plain() -> Inventory {
    inventory(
        "Europe/Rome",
        Some("IT"),
        &[("phone", "phone", &["Telefono"]), ("email", "email", &["E-mail"])],
    )
}

fn reasons(parsed: &Parsed) -> Vec<String> {
    parsed.rows().iter().map(|r| r.reason.clone().unwrap_or_default().into_owned()).collect()
}

const HEADER: &str = "time,channel,reason\n";

#[test]
fn a_quote_inside_a_field_is_text() {
    let parsed = read(&plain(), format!("{HEADER}2026-03-01,phone,19\" monitor\n2026-03-02,phone,x\n"));
    assert_eq!(reasons(&parsed), ["19\" monitor", "x"]);
    assert!(parsed.rejected().is_empty());
}

#[test]
fn quoted_fields_hold_newlines_delimiters_and_doubled_quotes() {
    let parsed = read(
        &plain(),
        format!("{HEADER}2026-03-01,phone,\"a, \"\"b\"\"\r\nc\"\r\n2026-03-02,phone,x\r\nbad\n"),
    );
    assert_eq!(reasons(&parsed), ["a, \"b\"\r\nc", "x"]);
    // Header 1, first row 2 and 3, second 4: the bad one stands on 5.
    assert_eq!(parsed.rejected(), [("bad-time", 5)]);
}

#[test]
fn a_quote_never_closed_costs_one_row() {
    let mut text = format!("{HEADER}2026-03-01,phone,\"never closed\n");
    for _ in 0..100 {
        text += "2026-03-02,phone,fine\n";
    }
    let parsed = read(&plain(), &text);
    assert_eq!(parsed.rejected(), [("unclosed-quote", 2)]);
    assert_eq!(parsed.rows().len(), 100);

    // A later quoted field must not be taken for its end.
    let parsed = read(&plain(), text.clone() + "2026-03-03,phone,\"quoted, fine\"\n" + &text[HEADER.len()..]);
    assert_eq!(parsed.rejected(), [("unclosed-quote", 2), ("unclosed-quote", 104)]);
    assert_eq!(parsed.rows().len(), 201);
}

#[test]
fn a_quoted_field_over_a_mebibyte_is_refused_and_the_rest_read() {
    let long = "line\n".repeat(300_000);
    let text = format!("{HEADER}2026-03-01,phone,\"{long}\"\n2026-03-02,phone,fine\n");
    let parsed = read(&plain(), &text);
    assert_eq!(parsed.rejected()[0], ("unclosed-quote", 2));
    assert_eq!(reasons(&parsed), ["fine"]);
    // Every line of the refused field is told: 299,999 "line" and the closing quote alone.
    assert_eq!(parsed.rejected().len(), 1 + 300_000);
}

#[test]
fn many_blocks_keep_line_numbers_and_rows() {
    let mut text = HEADER.to_owned();
    let wide = "w".repeat(200);
    for i in 0..30_000 {
        if i % 1000 == 999 {
            text += "2026-03-01,phone,\"two\nlines\"\n";
        } else {
            text += &format!("2026-03-01,phone,{wide}\n");
        }
    }
    text += "nonsense,phone,x\n";
    let parsed = read(&plain(), &text);
    assert_eq!(parsed.rows().len(), 30_000);
    assert_eq!(parsed.rejected(), [("bad-time", 1 + 30_000 + 30 + 1)]);
}

#[test]
fn a_line_that_is_too_long_is_refused_and_the_rest_read() {
    for at_start in [true, false] {
        let fine = "2026-03-02,phone,fine\n";
        let long = format!("2026-03-01,phone,{}\n", "x".repeat(9 << 20));
        let (text, line) = if at_start {
            (format!("{HEADER}{long}{fine}"), 2)
        } else {
            (format!("{HEADER}{fine}{long}{fine}"), 3)
        };
        let parsed = read(&plain(), &text);
        assert_eq!(parsed.rejected(), [("line-too-long", line)]);
        assert_eq!(parsed.rejects()[0].text.chars().count(), 300);
        assert!(reasons(&parsed).iter().all(|r| r == "fine"));
        assert_eq!(parsed.rows().len(), if at_start { 1 } else { 2 });
    }
}

#[test]
fn ragged_rows_and_nul_bytes_cost_only_themselves() {
    let parsed = read(
        &plain(),
        format!(
            "{HEADER}2026-03-01,phone\n\n  \n2026-03-02,phone,a,,\n2026-03-03,phone,a,b\n2026-03-04,ph\0one,a\n2026-03-05,phone,z\n"
        ),
    );
    assert_eq!(reasons(&parsed), ["", "a", "z"]);
    assert_eq!(parsed.rejected(), [("too-many-fields", 6), ("nul-byte", 7)]);
}

#[test]
fn rows_without_time_or_channel_are_refused_by_cause() {
    let parsed = read(
        &plain(),
        format!(
            "{HEADER},phone,a\n2026-03-01,,a\nsoon,phone,a\n0001-01-01,phone,a\n2026-03-02,phone,a\n2026-03-02,phone,a\n2026-03-02,phone,a\n"
        ),
    );
    assert_eq!(parsed.rejected(), [("no-time", 2), ("no-channel", 3), ("bad-time", 4), ("bad-time", 5)]);
    assert_eq!(parsed.rows().len(), 3);
}

#[test]
fn encodings_are_found() {
    let text = "time;channel;reason\r\n2026-03-01;Telefono;caffè\r\n2026-03-02;E-mail;più\r\n";
    let utf16 = |big: bool, mark: bool| -> Vec<u8> {
        let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
        units.flat_map(|u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() }).collect()
    };
    let latin = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
    let marked = [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat();
    for bytes in [
        text.as_bytes().to_vec(),
        marked,
        latin.clone(),
        utf16(false, true),
        utf16(true, true),
        utf16(false, false),
        utf16(true, false),
        text.replace("\r\n", "\r").into_bytes(),
        text.replace("\r\n", "\n").into_bytes(),
    ] {
        let parsed = read(&plain(), &bytes);
        assert_eq!(reasons(&parsed), ["caffè", "più"]);
    }
    let notes = read(&plain(), latin).notes.join("\n");
    assert!(notes.contains("2 bytes were read as Windows-1252"), "{notes}");
}

#[test]
fn how_a_log_is_written_does_not_depend_on_its_blocks() {
    // The first twelve days could be months; what tells stands behind more than half of what is looked at.
    let mut text = HEADER.to_owned();
    for day in 1..=12 {
        for _ in 0..1500 {
            text.push_str(&format!("01/{day:02}/2026 10:00,phone,{}\n", "x".repeat(20)));
        }
    }
    assert!((600 << 10..1 << 20).contains(&text.len()), "{}", text.len());
    text.push_str("01/13/2026 11:30,phone,x\n");
    let inventory = plain();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.csv");
    std::fs::write(&path, &text).expect("written");
    let whole = read_in_blocks(&inventory, &path, 1 << 20);
    assert_eq!(whole.len(), 18_001);
    let last = &whole[18_000];
    assert!(whole[17_999].contains("2026-01-12") && last.contains("2026-01-13"), "{last}");
    for most in [1 << 14, 1 << 18] {
        assert!(read_in_blocks(&inventory, &path, most) == whole, "{most}");
    }
}

#[test]
fn characters_split_between_reads_are_whole() {
    // A two-byte character at every offset around the read size of 256 KiB, and one stray byte far on.
    let mut text = HEADER.as_bytes().to_vec();
    for _ in 0..70_000 {
        text.extend("2026-03-01,phone,èèèèèèè\n".as_bytes());
    }
    text.extend(b"2026-03-01,phone,caff\xe8\n");
    let parsed = read(&plain(), text);
    assert_eq!(parsed.rows().len(), 70_001);
    let all = reasons(&parsed);
    assert!(all[..70_000].iter().all(|r| r == "èèèèèèè"));
    assert_eq!(all[70_000], "caffè");
}

#[test]
fn an_archive_inside_an_archive_is_told_as_that() {
    let inventory = plain();
    let gz = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let error =
        try_read(&inventory, "log.csv.gz", &gz(&gz(b"time,channel\n"))).err().expect("twice").to_string();
    assert!(error.contains("holds another archive; unpack it once"), "{error}");
}

#[test]
fn archives_are_read_and_cut_ones_refused() {
    let text = format!("{HEADER}{}", "2026-03-01,phone,a\n".repeat(5000));
    let gz = |text: &str| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let members = [gz(&text), gz("2026-03-02,phone,b\n")].concat();
    let inventory = plain();
    assert_eq!(try_read(&inventory, "log.csv.gz", &members).unwrap().rows().len(), 5001);
    let packed = zstd::encode_all(text.as_bytes(), 1).unwrap();
    assert_eq!(try_read(&inventory, "log.csv.zst", &packed).unwrap().rows().len(), 5000);
    assert_eq!(try_read(&inventory, "log.csv", &packed).unwrap().rows().len(), 5000, "told by its bytes");
    let error = try_read(&inventory, "log.csv", b"PK\x03\x04rest").err().expect("refused").to_string();
    assert_eq!(error, "log.csv is a spreadsheet or a zip archive; save it as CSV, or unpack it");
    for (name, bytes) in [("log.csv.gz", &gz(&text)), ("log.csv.zst", &packed)] {
        let error = try_read(&inventory, name, &bytes[..bytes.len() - 9]).err().expect("refused").to_string();
        assert!(error.contains("the archive log.csv ends too early"), "{error}");
    }
}

#[test]
fn sources_are_found_and_all_missing_ones_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("empty")).unwrap();
    for name in ["b.csv", "a.csv", "c.tsv", "d.csv.gz", "notes.md"] {
        std::fs::write(folder.path().join(name), "x").unwrap();
    }
    let mut inventory = plain();
    inventory.directory = folder.path().to_path_buf();
    let names = |inventory: &Inventory| -> Vec<String> {
        resolve(inventory, &[]).unwrap().into_iter().map(|f| f.name).collect()
    };
    inventory.usage = vec![entry("*.csv")];
    assert_eq!(names(&inventory), ["a.csv", "b.csv"]);
    inventory.usage = vec![entry("b.csv"), entry(".")];
    assert_eq!(names(&inventory), ["b.csv", "a.csv", "c.tsv", "d.csv.gz"]);
    let given = [folder.path().join("a.csv"), folder.path().join("b.csv")];
    let entries: Vec<_> = resolve(&inventory, &given).unwrap().into_iter().map(|f| f.entry).collect();
    assert_eq!(entries, [Some(1), Some(0)]);
    inventory.usage = vec![entry("gone.csv"), entry("x-*.csv"), entry("empty")];
    let error = resolve(&inventory, &[]).unwrap_err().to_string();
    assert!(error.contains("there is no file") && error.contains("gone.csv"), "{error}");
    assert!(error.contains("no file matches") && error.contains("x-*.csv"), "{error}");
    assert!(error.contains("holds no log (.csv, .tsv, .txt, .gz, .zst)"), "{error}");
    assert!(error.contains("inventory.yaml:1"), "{error}");
}

#[test]
fn empty_logs_are_told_apart() {
    assert_eq!(refused(&plain(), ""), "the log log.csv is empty; export it again, or take it out of `usage`");
    let parsed = read(&plain(), HEADER);
    assert!(parsed.outcomes.is_empty());
    assert!(parsed.notes.iter().any(|n| n == "there is a header and no row under it"));
}

#[test]
fn what_is_no_text_is_refused_as_that() {
    // A program, a database.
    for bytes in [&b"\x7fELF\x02\x01\x01\0\0\0\0,\0\n\0\0"[..], b"SQLite format 3\0\x10\0\n"] {
        let error = try_read(&plain(), "log.csv", bytes).err().expect("refused").to_string();
        assert!(error.starts_with("the log log.csv is no text: there are NUL bytes"), "{error}");
    }
}

#[test]
fn what_is_no_contact_log_is_refused_by_name() {
    let error = refused(&plain(), "id,price,stock\n1,2,3\n");
    assert_eq!(
        error,
        "log.csv is no contact log: looked for columns for the time and the channel of each contact by the \
         usual names and found none; its columns are `id`, `price`, `stock`; if one of them is meant, name \
         it with `columns: { time: …, channel: … }` under `usage`"
    );
    let error = refused(&plain(), "created_at,price\n2026-01-01,3\n");
    assert!(
        error.contains("a column for the channel") && error.contains("`fixed: { channel: … }`"),
        "{error}"
    );
}

#[test]
fn a_missing_column_is_told_with_a_near_one() {
    let mut inventory = plain();
    map(&mut inventory, Role::Reason, &["topik"]);
    let error = refused(&inventory, "time,channel,topic\n2026-01-01,phone,x\n");
    assert_eq!(
        error,
        "the log log.csv has no column `topik` (did you mean `topic`?), named in inventory.yaml:1; its \
         columns are `time`, `channel`, `topic`"
    );
}

#[test]
fn two_columns_that_look_like_the_channel_are_told() {
    let parsed = read(&plain(), "time,source,channel\n2026-01-01,web,phone\n");
    assert_eq!(parsed.channels(&plain())["phone"], 1);
    assert!(
        parsed.notes.iter().any(|n| n
            == "`channel` was taken as the channel; `source` looks like it too: choose with `columns: { channel: source }`"),
        "{:?}",
        parsed.notes
    );
}

#[test]
fn headers_and_delimiters_are_found() {
    for text in [
        "Created At;Canale;Motivo\n01/02/2026;Telefono;x\n",
        "created-at\tCANALE\tmotivo\n2026-02-01\ttelefono\tx\n",
        "Report of March\n\nCreated_At|canale|motivo\n2026-02-01|TELEFONO|x\n",
    ] {
        let parsed = read(&plain(), text);
        let row = parsed.rows()[0];
        assert_eq!((row.channel.clone(), row.reason.as_deref()), (Ok(0), Some("x")), "{text}");
        assert_eq!(row.at.date.to_string(), "2026-02-01");
        assert_eq!(row.at.hour, None);
    }
    let notes = read(&plain(), "Report of March\n\ntime,channel\n2026-02-01,phone\n").notes;
    assert_eq!(notes[0], "2 lines before the header skipped (`Report of March`)");
}

fn moments(zone: &str, country: Option<&str>, times: &[&str]) -> Parsed {
    let inventory = inventory(zone, country, &[("phone", "phone", &[])]);
    let rows: String = times.iter().map(|t| format!("\"{t}\",phone\n")).collect();
    read(&inventory, format!("time,channel\n{rows}"))
}

fn first_moment(zone: &str, country: Option<&str>, time: &str) -> (i64, String, Option<u8>) {
    let parsed = moments(zone, country, &[time]);
    let at = parsed.rows().first().unwrap_or_else(|| panic!("{time}")).at;
    (at.unix_ms, at.date.to_string(), at.hour)
}

#[test]
fn common_forms_of_time_are_read() {
    // 2026-03-12T15:04:05+01:00 in Rome (winter time) is 14:04:05 UTC: 1773324245 s.
    let ms = 1_773_324_245_000;
    for (time, expected) in [
        ("2026-03-12T15:04:05", ms),
        ("2026-03-12 15:04:05.250", ms + 250),
        ("2026-03-12T14:04:05Z", ms),
        ("2026-03-12T09:04:05-05:00", ms),
        ("2026-03-12 15:04:05+0100", ms),
        ("2026/03/12 15:04:05", ms),
        ("12/03/2026 15:04:05", ms),
        ("12/03/2026 15:04", ms - 5000),
        ("12-03-2026 15.04.05", ms),
        ("12.03.2026, 15:04:05", ms),
        ("12/03/26 15:04:05", ms),
        ("12/3/2026 3:04:05 PM", ms),
        ("12 mar 2026 15:04:05", ms),
        ("20260312 15:04:05", ms),
        ("20260312T150405", ms),
        ("1773324245", ms),
        ("1773324245250", ms + 250),
    ] {
        assert_eq!(
            first_moment("Europe/Rome", Some("IT"), time),
            (expected, "2026-03-12".to_owned(), Some(15)),
            "{time}"
        );
    }
    // Local midnight of the day, no hour.
    assert_eq!(
        first_moment("Europe/Rome", Some("IT"), "2026-03-12"),
        (1_773_270_000_000, "2026-03-12".to_owned(), None)
    );
    assert_eq!(first_moment("UTC", None, "Mar 12, 2026 3:04 pm").0, 1_773_327_840_000);
}

#[test]
fn day_or_month_first_is_settled_by_the_sample_else_by_the_country() {
    let date = |country, times: &[&str]| moments("UTC", country, times).rows()[0].at.date.to_string();
    assert_eq!(date(Some("US"), &["03/04/2026"]), "2026-03-04");
    assert_eq!(date(Some("IT"), &["03/04/2026"]), "2026-04-03");
    assert_eq!(date(Some("US"), &["03/04/2026", "13/04/2026"]), "2026-04-03");
    assert_eq!(date(None, &["03/04/2026", "03/13/2026"]), "2026-03-04");
    let notes = moments("UTC", Some("US"), &["03/04/2026"]).notes.join("\n");
    assert!(notes.contains("read month first, as usual in US"), "{notes}");
    assert!(!moments("UTC", None, &["23/04/2026"]).notes.join("\n").contains("day over 12"));
}

#[test]
fn clock_changes_are_placed_and_counted() {
    // Rome, 2026: 29 March 02:00 to 03:00, 25 October 03:00 to 02:00.
    let parsed = moments(
        "Europe/Rome",
        None,
        &["2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-10-25 03:30:00", "2026-03-29"],
    );
    let at: Vec<_> = parsed.rows().iter().map(|r| (r.at.unix_ms / 1000, r.at.hour)).collect();
    // 02:30 in the gap is read as 03:30+02:00 = 01:30Z; the earlier 02:30 of October is +02:00 = 00:30Z.
    assert_eq!(at[0], (1_774_747_800, Some(3)));
    assert_eq!(at[1], (1_792_888_200, Some(2)));
    assert_eq!(at[2], (1_792_895_400, Some(3)));
    assert_eq!(at[3], (1_774_738_800, None));
    assert_eq!(parsed.clock, (1, 1));
}

#[test]
fn dates_exported_as_midnights_have_no_hour() {
    let times: Vec<String> = (1..=12).map(|d| format!("2026-03-{d:02} 00:00:00")).collect();
    let times: Vec<&str> = times.iter().map(String::as_str).collect();
    let parsed = moments("UTC", None, &times);
    assert!(parsed.rows().iter().all(|r| r.at.hour.is_none()));
    assert!(parsed.notes.iter().any(|n| n.contains("at midnight")), "{:?}", parsed.notes);
}

#[test]
fn an_unknown_form_of_time_is_refused_and_a_wrong_one_too() {
    let error = refused(&plain(), "time,channel\nsoon,phone\nlater,phone\n");
    assert!(error.contains("form that is not known (`soon`)"), "{error}");
    let mut inventory = plain();
    inventory.usage[0].time_format = Some(located("%d/%m/%Y".to_owned()));
    let error = refused(&inventory, "time,channel\n2026-01-01,phone\n");
    assert!(
        error.contains("no time of log.csv is written as `%d/%m/%Y` says: the first is `2026-01-01`"),
        "{error}"
    );
}

#[test]
fn values_are_typed() {
    let mut inventory = plain();
    inventory.touchpoints.push(Touchpoint {
        id: "billing".to_owned(),
        stage: None,
        importance: None,
        needs: None,
        identity: None,
        bursts: false,
        expected_contacts: 1,
        at: place(),
    });
    inventory.usage[0].touchpoint_values.push(("bolletta".to_owned(), TouchpointIx(0)));
    inventory.usage[0].reason_values.push(("Fattura".to_owned(), "invoice".to_owned()));
    inventory.usage[0].unknown.push(("customer".to_owned(), words(&["0", "?"])));
    let parsed = read(
        &inventory,
        "time;channel;customer;reason;touchpoint;direction;wait;handle;answered;resolved;csat;nps;cost;transferred_to\n\
         2026-01-01 10:00;TELEFONO;C1;fattura;Bolletta;in entrata;12,5;1:02:03;sì;risolto;4;9;1.234,50 €;e-mail\n\
         2026-01-01 10:00;Walk In;?;altro;BILLING;outbound;-3;6m;no;boh;3.0;11;0,5;no\n\
         2026-01-01 10:00;phone;n/a;;altrove;;75;2:05;no;;7;;;Banco\n",
    );
    let rows = parsed.rows();
    let a = rows[0];
    assert_eq!(a.channel, Ok(0));
    assert_eq!(
        (a.customer.as_deref(), a.reason.as_deref(), a.touchpoint.as_deref()),
        (Some("C1"), Some("invoice"), Some("billing"))
    );
    assert_eq!(a.direction, Some(Direction::FromCustomer));
    assert_eq!((a.wait_ms, a.handle_ms), (Some(12_500), Some(3_723_000)));
    assert_eq!((a.answered, a.abandoned, a.resolved), (Some(true), Some(false), Some(true)));
    assert_eq!((a.satisfied, a.nps, a.cost_minor), (Some(true), Some(9), Some(123_450)));
    assert_eq!(a.transferred_to.as_deref(), Some("email"));
    let b = rows[1];
    assert_eq!(b.channel, Err(Cow::Borrowed("Walk In")));
    assert_eq!((b.customer.as_deref(), b.touchpoint.as_deref()), (None, Some("billing")));
    assert_eq!(b.direction, Some(Direction::FromOrganisation));
    assert_eq!((b.wait_ms, b.handle_ms), (None, Some(360_000)));
    assert_eq!((b.answered, b.abandoned, b.resolved), (Some(false), None, None));
    assert_eq!((b.satisfied, b.nps, b.cost_minor), (Some(false), None, Some(50)));
    assert_eq!(b.transferred_to, None);
    let c = rows[2];
    assert_eq!(
        (c.customer.as_deref(), c.reason.as_deref(), c.touchpoint.as_deref()),
        (None, None, Some("altrove"))
    );
    assert_eq!((c.wait_ms, c.handle_ms), (Some(75_000), Some(125_000)));
    assert_eq!((c.answered, c.abandoned), (Some(false), Some(true)));
    assert_eq!((c.satisfied, c.transferred_to.as_deref()), (None, Some("Banco")));
    let notes = parsed.notes.join("\n");
    for note in [
        "1 value of satisfaction could not be read and counts as unknown (is `satisfaction_scale` right?); it stands in line 4: `7`",
        "1 value of wait could not be read and counts as unknown (negative, or no duration); it stands in line 3: `-3`",
    ] {
        assert!(notes.contains(note), "{notes}");
    }
}

#[test]
fn deferred_kinds_wait_until_they_are_replied_to() {
    let parsed = read(
        &plain(),
        "time,channel,replied,closed\n\
         2026-01-01 10:00,email,2026-01-01 12:00,2026-01-02 10:00\n\
         2026-01-01 10:00,email,,2026-01-02 10:00\n\
         2026-01-01 10:00,email,,\n\
         2026-01-01 10:00,email,2026-01-01 09:00,2026-01-02 10:00\n\
         2026-01-01 10:00,email,2026-01-02,\n\
         2026-01-01 10:00,phone,2026-01-01 12:00,\n",
    );
    let got: Vec<_> = parsed.rows().iter().map(|r| (r.wait_ms, r.answered)).collect();
    assert_eq!(
        got,
        [
            (Some(7_200_000), Some(true)),
            (Some(86_400_000), Some(true)),
            (None, Some(false)),
            (None, Some(true)),
            (None, Some(true)),
            (None, None)
        ]
    );
}

#[test]
fn aggregated_rows_carry_counts() {
    let parsed = read(
        &plain(),
        "date,channel,count,answered,abandoned,wait,reason\n2026-01-01,phone,\"1,200\",1100,100,30,x\n\
         2026-01-02,phone,some,,,,x\n2026-01-03,phone,-1,,,,x\n2026-01-03,phone,5,9,,,x\n2026-01-03,phone,,,,,x\n",
    );
    let counts: Vec<_> = parsed.rows().iter().filter_map(|r| r.counts).collect();
    assert_eq!((counts[0].contacts, counts[0].answered, counts[0].abandoned), (1200, Some(1100), Some(100)));
    assert_eq!((counts[1].contacts, counts[1].answered), (5, None));
    assert_eq!(parsed.rejected(), [("bad-number", 3), ("bad-number", 4), ("bad-number", 6)]);
    assert_eq!((parsed.rows()[0].answered, parsed.rows()[0].wait_ms), (None, Some(30_000)));
}

#[test]
fn units_in_column_names_are_minded() {
    let parsed = read(&plain(), "time,channel,wait_ms,handle time (min)\n2026-01-01,phone,1500,2.5\n");
    assert_eq!((parsed.rows()[0].wait_ms, parsed.rows()[0].handle_ms), (Some(1500), Some(150_000)));
}

#[test]
fn ignored_rows_keep_their_time() {
    let mut inventory = plain();
    inventory.usage[0].ignore.push(("channel".to_owned(), words(&["System"])));
    let parsed = read(
        &inventory,
        format!("{HEADER}2026-03-01,SYSTEM,a\nwhen?,system,a\n2026-03-02,phone,a\n2026-03-02,phone,a\n"),
    );
    assert_eq!((parsed.ignored(), parsed.rows().len()), (2, 2));
    let Outcome::Ignored { column, value, at } = &parsed.outcomes[0] else { panic!() };
    assert_eq!((*column, *value), ("channel", "System"));
    assert_eq!(at.map(|m| m.date.to_string()).as_deref(), Some("2026-03-01"));
}

mod laws {
    use super::*;
    use proptest::prelude::*;

    /// Fields without spaces around them, some of which must be quoted, some longer than what is looked
    /// at together.
    fn field() -> impl Strategy<Value = String> {
        prop_oneof![40 => "[a-z\"\n,;è]{0,6}", 40 => "[a-z;è]{0,9}", 9 => "[a-z;è]{0,150}", 1 => "[a-z;è,]{0,5000}"]
            .prop_map(|s| s.trim().to_owned())
    }

    /// Rows of a few fields each, some of many.
    fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
        let fields = |most: usize| prop::collection::vec(field(), 2..most);
        prop::collection::vec(prop_oneof![19 => fields(5), 1 => fields(150)], 1..30)
    }

    proptest! {
        #[test]
        fn records_are_cut_as_the_csv_crate_cuts_them(
            rows in rows(),
            times in 1..20_usize,
            crlf in any::<bool>(),
        ) {
            // Often more text than is looked at in one go.
            let rows = vec![rows; times].concat();
            let terminator = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new()
                .flexible(true).terminator(terminator).quote_style(csv::QuoteStyle::Necessary)
                .from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let mut records = super::super::record::Records::new(&text, b',', 1);
            let mut got: Vec<Vec<String>> = Vec::new();
            while let Some(record) = records.next() {
                prop_assert_eq!(record.fault, None);
                got.push((0..records.width()).map(|i| records.value(i).into_owned()).collect());
            }
            let oracle: Vec<Vec<String>> = csv::ReaderBuilder::new()
                .flexible(true).has_headers(false).from_reader(text.as_bytes())
                .records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
            prop_assert_eq!(got, oracle);
        }

        #[test]
        fn nothing_a_file_holds_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let inventory = plain();
            let mut text = b"time,channel,wait,replied,csat,cost\n".to_vec();
            text.extend(&bytes);
            let _ = try_read(&inventory, "log.csv", &text);
            let _ = try_read(&inventory, "log.csv", &bytes);
        }

        #[test]
        fn no_value_makes_it_panic(text in "[-+0-9:.,TZhmsapx/ €é]{0,24}") {
            use super::super::{time, value};
            for order in [time::Order::Iso, time::Order::DayMonth, time::Order::MonthDay] {
                let _ = time::Form::Ordered(order).read(&text);
            }
            for form in [time::Form::Compact, time::Form::EpochSeconds, time::Form::EpochMillis] {
                let _ = form.read(&text);
            }
            for decimal in [value::Decimal::Point, value::Decimal::Comma, value::Decimal::Unsure] {
                let _ = value::duration(&text, 86_400_000, decimal);
                let _ = value::minor(&text, decimal);
            }
            let _ = value::count(&text);
            let _ = value::sniff_decimal([text.as_str()].into_iter());
        }
    }
}

/// Real logs, with the mappings of `tests/it/real/*.yaml`.
mod real {
    use super::*;

    fn log(inventory: &Inventory, file: &str) -> Parsed {
        let folder = std::env::var_os("CHANFOLIO_REAL_DATA").expect("CHANFOLIO_REAL_DATA names the folder");
        read_file(inventory, &Path::new(&folder).join(file)).unwrap_or_else(|e| panic!("{e:#}"))
    }

    fn counts(pairs: &[(&str, usize)]) -> BTreeMap<String, usize> {
        pairs.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect()
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn boston() {
        let mut inventory = inventory(
            "America/New_York",
            Some("US"),
            &[
                ("call", "phone", &["Constituent Call"]),
                ("self-service", "web_form", &["Self Service"]),
                ("app", "mobile_app", &["Citizens Connect App"]),
                ("twitter", "social_public", &["Twitter"]),
            ],
        );
        map(&mut inventory, Role::Time, &["open_dt"]);
        map(&mut inventory, Role::Channel, &["source"]);
        map(&mut inventory, Role::ContactId, &["case_enquiry_id"]);
        map(&mut inventory, Role::Closed, &["closed_dt"]);
        map(&mut inventory, Role::Due, &["target_dt"]);
        map_words(&mut inventory, Role::OnTime, "ontime", &["ONTIME"], &["OVERDUE"]);
        map(&mut inventory, Role::Reason, &["reason"]);
        inventory.usage[0]
            .ignore
            .push(("source".to_owned(), words(&["Employee Generated", "Maximo Integration"])));
        let parsed = log(&inventory, "boston311-2011/311_service_requests_2011.csv");
        assert_eq!(parsed.outcomes.len(), 58_251);
        assert_eq!(parsed.ignored(), 17_925 + 120);
        assert_eq!(parsed.rejected(), []);
        assert_eq!(
            parsed.channels(&inventory),
            counts(&[("call", 28_136), ("self-service", 8160), ("app", 3907), ("twitter", 3)])
        );
        let web: Vec<_> = parsed.rows().into_iter().filter(|r| r.channel == Ok(1)).collect();
        assert_eq!(web.iter().filter(|r| r.on_time == Some(true)).count(), 6995);
        assert_eq!(web.iter().filter(|r| r.on_time.is_some()).count(), 6995 + 1121);
        let mut waits: Vec<i64> = web.iter().filter_map(|r| r.wait_ms).collect();
        waits.sort_unstable();
        // 36.33 by the clock on the wall; 36.351 elapsed, as a separate script that knows the zone has it.
        let hours = f64::midpoint(waits[waits.len() / 2 - 1] as f64, waits[waits.len() / 2] as f64) / 3.6e6;
        assert!((hours - 36.351).abs() < 0.001, "{hours}");
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn cfpb() {
        let mut inventory = inventory(
            "America/New_York",
            Some("US"),
            &[
                ("web", "web_form", &["Web"]),
                ("referral", "intermediary", &["Referral"]),
                ("phone", "phone", &["Phone"]),
                ("post", "post", &["Postal mail"]),
                ("fax", "fax", &["Fax"]),
                ("email", "email", &["Email"]),
            ],
        );
        map(&mut inventory, Role::Time, &["Date received"]);
        map(&mut inventory, Role::Channel, &["Submitted via"]);
        map(&mut inventory, Role::ContactId, &["Complaint ID"]);
        map(&mut inventory, Role::Reason, &["Product"]);
        map_words(&mut inventory, Role::OnTime, "Timely response?", &["Yes"], &["No"]);
        let parsed = log(&inventory, "cfpb-2020/complaints_sample.raw.csv");
        assert_eq!(parsed.rejected(), []);
        assert_eq!(
            parsed.channels(&inventory),
            counts(&[
                ("web", 5143),
                ("referral", 627),
                ("phone", 482),
                ("post", 267),
                ("fax", 102),
                ("email", 2)
            ])
        );
        let rows = parsed.rows();
        assert_eq!(rows.iter().filter(|r| r.on_time == Some(true)).count(), 6529);
        assert_eq!(rows.iter().filter(|r| r.on_time == Some(false)).count(), 94);
        assert!(rows.iter().all(|r| r.at.hour.is_none()));
        assert_eq!(rows.iter().map(|r| r.at.date).min().unwrap().to_string(), "2015-04-06");
        assert_eq!(rows.iter().map(|r| r.at.date).max().unwrap().to_string(), "2020-03-19");
        assert!(parsed.notes[0].starts_with("2 lines before the header skipped"), "{:?}", parsed.notes);
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn anonbank() {
        let mut inventory = inventory("Asia/Jerusalem", Some("IL"), &[("phone", "phone", &[])]);
        for id in ["regular", "new-customers", "internet"] {
            inventory.touchpoints.push(Touchpoint {
                id: id.to_owned(),
                stage: None,
                importance: None,
                needs: None,
                identity: None,
                bursts: false,
                expected_contacts: 1,
                at: place(),
            });
        }
        map(&mut inventory, Role::Time, &["date", "vru_entry"]);
        map(&mut inventory, Role::Customer, &["customer_id"]);
        map(&mut inventory, Role::Touchpoint, &["type"]);
        map(&mut inventory, Role::Wait, &["q_time"]);
        map(&mut inventory, Role::Handle, &["ser_time"]);
        map_words(&mut inventory, Role::Answered, "outcome", &["AGENT"], &["HANG"]);
        let usage = &mut inventory.usage[0];
        usage.fixed.push((Role::Channel, "phone".to_owned()));
        usage.time_format = Some(located("%y%m%d %H:%M:%S".to_owned()));
        usage.unknown.push(("customer_id".to_owned(), words(&["0"])));
        usage.ignore.push(("outcome".to_owned(), words(&["PHANTOM"])));
        for (value, at) in [("PS", 0), ("NW", 1), ("NE", 0), ("IN", 2)] {
            usage.touchpoint_values.push((value.to_owned(), TouchpointIx(at)));
        }
        let parsed = log(&inventory, "anonbank-feb99-a/calls_1999-02-01_14.txt");
        let rows = parsed.rows();
        assert_eq!(parsed.outcomes.len(), 17_456);
        assert_eq!(parsed.rejected(), []);
        assert_eq!(parsed.ignored(), 143);
        assert_eq!(rows.iter().filter(|r| r.answered == Some(true)).count(), 14_405);
        assert_eq!(rows.iter().filter(|r| r.abandoned == Some(true)).count(), 2908);
        assert_eq!(rows.iter().filter(|r| r.customer.is_some()).count(), 6286);
        assert_eq!(rows.iter().filter(|r| r.touchpoint.as_deref() == Some("regular")).count(), 11_120 + 1243);
        let answered = || rows.iter().filter(|r| r.answered == Some(true));
        assert_eq!(answered().filter_map(|r| r.handle_ms).sum::<i64>(), 2_403_563_000);
        assert_eq!(answered().filter_map(|r| r.wait_ms).sum::<i64>(), 495_609_000);
        assert_eq!(rows[0].at.date.to_string(), "1999-02-01");
        assert_eq!(rows[0].at.hour, Some(7));
        assert!(rows.iter().all(|r| r.contact_id.is_none() && r.conversation.is_none()));
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn receipt() {
        let mut inventory = inventory(
            "Europe/Amsterdam",
            Some("NL"),
            &[
                ("internet", "web_form", &["Internet"]),
                ("desk", "post", &["Desk"]),
                ("post", "post", &["Post"]),
                ("email", "email", &["e-mail"]),
            ],
        );
        map(&mut inventory, Role::Case, &["case:concept:name"]);
        map(&mut inventory, Role::Channel, &["case:channel"]);
        map(&mut inventory, Role::Time, &["time:timestamp"]);
        map(&mut inventory, Role::Closed, &["time:timestamp"]);
        inventory.usage[0].row_is = RowIs::Step;
        inventory.usage[0].ignore.push(("case:channel".to_owned(), words(&["Intern"])));
        let parsed = log(&inventory, "receipt-nl/receipt.csv");
        assert_eq!(parsed.outcomes.len(), 8577);
        assert_eq!(parsed.rejected(), []);
        let mut cases: BTreeMap<&str, usize> = BTreeMap::new();
        for row in parsed.rows() {
            cases.insert(row.case.as_deref().unwrap(), *row.channel.as_ref().unwrap());
        }
        let of = |ix: usize| cases.values().filter(|c| **c == ix).count();
        assert_eq!([of(0), of(1), of(2), of(3)], [1250, 109, 53, 21]);
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn uci() {
        let mut inventory = inventory("UTC", None, &[("phone", "phone", &["Phone"])]);
        map(&mut inventory, Role::Case, &["number"]);
        map(&mut inventory, Role::Channel, &["contact_type"]);
        map(&mut inventory, Role::Time, &["opened_at"]);
        map(&mut inventory, Role::Customer, &["caller_id"]);
        map(&mut inventory, Role::Reason, &["category"]);
        map(&mut inventory, Role::Closed, &["closed_at"]);
        inventory.usage[0].row_is = RowIs::Step;
        for column in ["caller_id", "category", "closed_at"] {
            inventory.usage[0].unknown.push((column.to_owned(), words(&["?"])));
        }
        let parsed = log(&inventory, "uci-incidents-5998/incident_event_log.first5998.ddmmyyyy-crlf.csv");
        assert_eq!(parsed.channels(&inventory), counts(&[("phone", 5998)]));
        assert_eq!(parsed.rejected(), []);
        let cases: std::collections::BTreeSet<_> = parsed.rows().iter().map(|r| r.case.clone()).collect();
        assert_eq!(cases.len(), 890);
        assert_eq!(parsed.rows()[0].at.date.to_string(), "2016-02-29");
        assert!(!parsed.notes.join(" ").contains("could not be read"), "{:?}", parsed.notes);
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn suaci() {
        let mut inventory = inventory(
            "America/Argentina/Buenos_Aires",
            Some("AR"),
            &[
                ("call-centre", "phone", &["Call Center"]),
                ("web", "web_form", &["GCS Web"]),
                ("boti", "chatbot", &["Boti"]),
                ("app", "mobile_app", &["App BA 147"]),
                ("commune", "counter", &["Comuna"]),
                ("uac", "counter", &["UAC"]),
            ],
        );
        map(&mut inventory, Role::Time, &["fecha_ingreso", "hora_ingreso"]);
        map(&mut inventory, Role::Channel, &["canal"]);
        map(&mut inventory, Role::ContactId, &["nro_solicitud"]);
        map(&mut inventory, Role::Reason, &["categoria"]);
        let parsed = log(&inventory, "suaci-ba-100/suaci_sample.converted.csv");
        assert_eq!(
            parsed.channels(&inventory),
            counts(&[
                ("call-centre", 28),
                ("web", 28),
                ("boti", 22),
                ("app", 19),
                ("commune", 2),
                ("uac", 1)
            ])
        );
        assert_eq!(parsed.rows()[0].at.hour, Some(13));
    }

    #[test]
    #[cfg_attr(not(real_data), ignore = "needs CHANFOLIO_REAL_DATA")]
    fn tickets() {
        let mut inventory = inventory(
            "UTC",
            None,
            &[
                ("email", "email", &["Email"]),
                ("phone", "phone", &["Phone"]),
                ("chat", "web_chat", &["Chat"]),
                ("social", "social_public", &["Social media"]),
            ],
        );
        map(&mut inventory, Role::Time, &["Date of Purchase"]);
        map(&mut inventory, Role::Channel, &["Ticket Channel"]);
        map(&mut inventory, Role::ContactId, &["Ticket ID"]);
        map(&mut inventory, Role::Customer, &["Customer Email"]);
        map(&mut inventory, Role::Reason, &["Ticket Type"]);
        map(&mut inventory, Role::Satisfaction, &["Customer Satisfaction Rating"]);
        inventory.usage[0].satisfaction_scale = Some((1.0, 5.0));
        let parsed = log(&inventory, "tickets-SYNTHETIC/customer_support_tickets.csv");
        assert_eq!(
            parsed.channels(&inventory),
            counts(&[("email", 2143), ("phone", 2132), ("social", 2121), ("chat", 2073)])
        );
        assert_eq!(parsed.rejected(), []);
        // 2,769 closed tickets carry a rating.
        assert_eq!(parsed.rows().iter().filter(|r| r.satisfied.is_some()).count(), 2769);
    }
}

#[test]
fn workers_share_a_log_and_each_has_a_memory() {
    fn shared<T: Sync>() {}
    fn moved<T: Send>() {}
    shared::<Log<'_>>();
    moved::<super::Memory>();
    moved::<super::block::Block>();
}
