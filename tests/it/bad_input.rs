//! Bad input gets a clear error, and nothing is lost: one line of the table for each kind.
//!
//! A case says which files there are, what is run, the exit code, and the words that a good message
//! must have: above all the file, and the line where there is one. `a|b` means either word.

use std::io::Write as _;
use std::path::Path;

use crate::run::{Answer, chanfolio, read_census};

/// An inventory on which nothing is wrong.
const INVENTORY: &str = "\
schema: 1
organisation: { name: Test, timezone: Europe/Rome, as_of: 2026-11-23 }
touchpoints:
  - { id: help, importance: 3 }
teams:
  - { id: care, people: 4, hours: \"Mo-Fr 08:00-20:00\" }
channels:
  - { id: phone, kind: phone, status: active, aliases: [Telefono], team: care, touchpoints: { help: primary } }
  - { id: email, kind: email, status: active, touchpoints: { help: secondary } }
";

/// The inventory with one line more, or one thing changed.
fn inventory(change: impl FnOnce(String) -> String) -> Vec<u8> {
    let text = change(INVENTORY.to_owned());
    assert_ne!(text, INVENTORY, "the change changes nothing");
    text.into_bytes()
}

/// Good rows of a log, one every half hour from 2026-03-02 on, without a header.
fn rows(number: u32) -> String {
    (0..number)
        .map(|i| {
            let (day, minute) = (2 + i / 24, i % 24 * 30);
            format!("2026-03-{day:02}T{:02}:{:02}:00,phone,C{i},bill\n", 8 + minute / 60, minute % 60)
        })
        .collect()
}

const HEADER: &str = "time,channel,customer,reason\n";

fn log(number: u32) -> String {
    format!("{HEADER}{}", rows(number))
}

fn utf16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Either a command line in which every file name is relative to the case's folder.
struct Case {
    /// What is wrong.
    name: &'static str,
    /// Files by name.
    files: Vec<(&'static str, Vec<u8>)>,
    /// Command, and its arguments; `./x` is a file of the case.
    args: &'static str,
    /// Exit code.
    code: u8,
    /// Words of the message.
    says: &'static [&'static str],
    /// Contacts that the census then holds, where it is made.
    contacts: Option<i64>,
}

/// Every line of a year's worth of bad days.
fn cases() -> Vec<Case> {
    let good = || INVENTORY.as_bytes().to_vec();
    let with_log = |name: &'static str, log: Vec<u8>| vec![("i.yaml", good()), (name, log)];
    let only = |change: &dyn Fn(String) -> String| vec![("i.yaml", inventory(change))];
    let bomb = {
        let mut text = String::from("schema: 1\nx0: &x0 [y,y,y,y,y,y,y,y,y,y]\n");
        for level in 1..12 {
            let before = vec![format!("*x{}", level - 1); 10].join(",");
            text += &format!("x{level}: &x{level} [{before}]\n");
        }
        text.into_bytes()
    };
    let bad_dates = |bad: u32, good: u32| {
        let bad: String = (0..bad).map(|i| format!("31/02/2026 25:{i:02},phone,B{i},bill\n")).collect();
        format!("{HEADER}{}{bad}{}", rows(5), rows(good - 5)).into_bytes()
    };
    let latin1 = || {
        let mut bytes = HEADER.as_bytes().to_vec();
        for _ in 0..50 {
            bytes.extend_from_slice(b"2026-03-02T10:00:00,phone,C1,perch\xe9\n");
        }
        bytes
    };
    let cut = || {
        let mut bytes = gzip(&log(300));
        bytes.truncate(bytes.len() / 2);
        bytes
    };
    vec![
        // The inventory.
        Case {
            name: "missing file",
            files: vec![],
            args: "assess ./nowhere.yaml",
            code: 2,
            says: &["nowhere.yaml", "no such file|not found|could not be opened|cannot be opened"],
            contacts: None,
        },
        Case {
            name: "an inventory that is no YAML",
            files: vec![("i.yaml", b"schema: [1\norganisation: {\n".to_vec())],
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:"],
            contacts: None,
        },
        Case {
            name: "YAML bomb",
            files: vec![("i.yaml", bomb)],
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml", "yaml-budget"],
            contacts: None,
        },
        Case {
            name: "cyclic anchors",
            files: vec![("i.yaml", b"schema: 1\nchannels: &a [*a]\n".to_vec())],
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:2", "yaml-cycle"],
            contacts: None,
        },
        Case {
            name: "duplicate keys",
            files: only(&|t| format!("{t}touchpoints: []\n")),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:10", "duplicate-key", "touchpoints"],
            contacts: None,
        },
        Case {
            name: "languages: [it, no]",
            files: only(&|t| t.replace("as_of:", "languages: [it, no], as_of:")),
            args: "assess ./i.yaml",
            code: 0,
            says: &[],
            contacts: None,
        },
        Case {
            name: "shares summing to 1.2",
            files: only(&|t| {
                t.replace("teams:", "segments:\n  - { id: a, share: 0.7 }\n  - { id: b, share: 0.5 }\nteams:")
            }),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:", "share", "1.2|120"],
            contacts: None,
        },
        Case {
            name: "a candidate that replaces a channel that does not exist",
            files: only(&|t| {
                format!("{t}  - {{ id: wa, kind: whatsapp, status: candidate, replaces: emial }}\n")
            }),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:10", "emial", "email"],
            contacts: None,
        },
        Case {
            name: "forecast.from larger than its source",
            files: only(&|t| {
                let t = t.replace("aliases: [Telefono]", "volume: { per_year: 1000 }");
                format!(
                    "{t}  - {{ id: wa, kind: whatsapp, status: candidate, \
                     forecast: {{ contacts_per_year: 4000, from: {{ phone: 1.0 }} }} }}\n"
                )
            }),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:10", "phone", "4000|4,000", "1000|1,000"],
            contacts: None,
        },
        Case {
            name: "forecast.from that sums to more than all",
            files: only(&|t| {
                format!(
                    "{t}  - {{ id: wa, kind: whatsapp, status: candidate, \
                     forecast: {{ contacts_per_year: 40, from: {{ phone: 0.8, email: 0.5 }} }} }}\n"
                )
            }),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:10", "1.3|130"],
            contacts: None,
        },
        Case {
            name: "a team with 0 people",
            files: only(&|t| t.replace("people: 4", "people: 0")),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:6", "people"],
            contacts: None,
        },
        Case {
            name: "ids that differ by case only",
            files: only(&|t| format!("{t}  - {{ id: Phone, kind: phone, status: active }}\n")),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:10", "Phone", "phone"],
            contacts: None,
        },
        Case {
            name: "an inventory of schema 2",
            files: only(&|t| t.replace("schema: 1", "schema: 2")),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:1", "schema", "2", "1"],
            contacts: None,
        },
        Case {
            name: "an unknown key and a dangling team, both at once",
            files: only(&|t| {
                t.replace("status: active, aliases", "statsu: active, aliases")
                    .replace("team: care", "team: caer")
            }),
            args: "assess ./i.yaml",
            code: 2,
            says: &["i.yaml:8", "statsu", "`status`", "caer", "`care`"],
            contacts: None,
        },
        // The logs.
        Case {
            name: "missing log",
            files: vec![("i.yaml", good())],
            args: "census ./i.yaml --usage ./gone.csv -o ./census.csv",
            code: 2,
            says: &["gone.csv"],
            contacts: None,
        },
        Case {
            name: "folder without logs",
            files: vec![("i.yaml", good()), ("logs/readme.md", b"nothing here".to_vec())],
            args: "census ./i.yaml --usage ./logs -o ./census.csv",
            code: 2,
            says: &["logs", "no log|no logs|.csv"],
            contacts: None,
        },
        Case {
            name: "empty log",
            files: with_log("empty.csv", Vec::new()),
            args: "census ./i.yaml --usage ./empty.csv -o ./census.csv",
            code: 2,
            says: &["empty.csv", "is empty|no row|nothing in it"],
            contacts: None,
        },
        Case {
            name: "log without time",
            files: with_log("l.csv", b"channel,customer\nphone,C1\nphone,C2\n".to_vec()),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 2,
            says: &["l.csv", "time", "customer", "columns"],
            contacts: None,
        },
        Case {
            name: "log without channel",
            files: with_log(
                "l.csv",
                b"time,customer\n2026-03-02T10:00:00,C1\n2026-03-02T11:00:00,C2\n".to_vec(),
            ),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 2,
            says: &["l.csv", "channel", "customer", "columns"],
            contacts: None,
        },
        Case {
            name: "two columns that both look like the channel",
            files: with_log("l.csv", {
                let all: String =
                    (0..40).map(|i| format!("2026-03-02T10:00:{i:02},phone,email,C{i}\n")).collect();
                format!("time,channel,source,customer\n{all}").into_bytes()
            }),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &["l.csv", "channel", "source", "columns"],
            contacts: Some(40),
        },
        Case {
            name: "unreadable date in 3 rows",
            files: with_log("l.csv", bad_dates(3, 600)),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &["l.csv:7", "31/02/2026", "3"],
            contacts: Some(600),
        },
        Case {
            name: "unreadable date in 30% of the rows",
            files: with_log("l.csv", bad_dates(30, 70)),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 2,
            says: &["l.csv:7", "31/02/2026", "30"],
            contacts: None,
        },
        Case {
            name: "a bare quote inside a field",
            files: with_log("l.csv", {
                let odd = "2026-04-02T10:00:00,phone,C9,19\" monitor\n".repeat(3);
                format!("{HEADER}{}{odd}{}", rows(100), rows(100)).into_bytes()
            }),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &[],
            contacts: Some(203),
        },
        Case {
            name: "a quote never closed",
            files: with_log("l.csv", {
                let odd = "2026-04-02T10:00:00,phone,C9,\"never closed\n";
                format!("{HEADER}{}{odd}{}", rows(100), rows(200)).into_bytes()
            }),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &["l.csv:102", "quote"],
            contacts: Some(300),
        },
        Case {
            name: "Latin-1",
            files: with_log("l.csv", latin1()),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &[],
            contacts: Some(50),
        },
        Case {
            name: "UTF-16",
            files: with_log("l.csv", utf16(&log(120))),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &[],
            contacts: Some(120),
        },
        Case {
            name: "truncated gzip",
            files: with_log("l.csv.gz", cut()),
            args: "census ./i.yaml --usage ./l.csv.gz -o ./census.csv",
            code: 2,
            says: &["l.csv.gz", "cut off|truncated|too early|incomplete"],
            contacts: None,
        },
        Case {
            name: "a log wholly after the date of the assessment",
            files: with_log("l.csv", format!("{HEADER}2027-03-02T10:00:00,phone,C1,bill\n").into_bytes()),
            args: "assess ./i.yaml --usage ./l.csv",
            code: 2,
            says: &["2026-11-23", "2027-03-02", "as_of|--at"],
            contacts: None,
        },
        Case {
            name: "customers whose ids differ by case only are two customers",
            files: with_log("l.csv", {
                let two = "2026-04-02T10:00:00,phone,ab1,bill\n2026-04-02T11:00:00,phone,AB1,bill\n";
                format!("{HEADER}{two}").into_bytes()
            }),
            args: "census ./i.yaml --usage ./l.csv -o ./census.csv",
            code: 0,
            says: &[],
            contacts: Some(2),
        },
        Case {
            name: "a log passed as the inventory",
            files: with_log("l.csv", log(20).into_bytes()),
            args: "assess ./l.csv",
            code: 2,
            says: &["l.csv"],
            contacts: None,
        },
        Case {
            name: "an inventory passed as a log",
            files: vec![("i.yaml", good())],
            args: "census ./i.yaml --usage ./i.yaml -o ./census.csv",
            code: 2,
            says: &["i.yaml", "time", "channel"],
            contacts: None,
        },
        Case {
            name: "a file that is no census file",
            files: with_log("l.csv", log(20).into_bytes()),
            args: "assess ./i.yaml --census ./l.csv",
            code: 2,
            says: &["l.csv", "census"],
            contacts: None,
        },
    ]
}

/// Runs a command line whose `./x` arguments stand in a folder.
fn run(folder: &Path, args: &str) -> Answer {
    let mut words = args.split(' ');
    let mut run = chanfolio(words.next().unwrap());
    for word in words {
        run = match word.strip_prefix("./") {
            Some(name) => run.arg(folder.join(name)),
            None => run.arg(word),
        };
    }
    run.run()
}

fn write(folder: &Path, files: &[(&str, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

/// Contacts over all slots of a census file.
fn contacts(folder: &Path) -> i64 {
    total(folder, "slot")
}

fn total(folder: &Path, facet: &str) -> i64 {
    let rows = read_census(&folder.join("census.csv"));
    rows.iter().filter(|r| r["facet"] == facet).map(|r| r["contacts"].parse::<i64>().unwrap()).sum()
}

#[test]
fn every_bad_input_gets_a_clear_message_and_nothing_is_lost() {
    let mut wrong = Vec::new();
    for case in cases() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &case.files);
        let answer = run(folder.path(), case.args);
        let all = format!("{}\n{}", answer.stderr, answer.stdout);
        if answer.code != case.code {
            wrong.push(format!("{}: code {}, not {}\n{all}", case.name, answer.code, case.code));
            continue;
        }
        let lower = answer.stderr.to_lowercase();
        for words in case.says {
            if !words.split('|').any(|word| lower.contains(&word.to_lowercase())) {
                wrong.push(format!("{}: does not say `{words}`\n{}", case.name, answer.stderr));
            }
        }
        if all.contains("panicked") || all.contains('\0') || all.contains('\u{1b}') {
            wrong.push(format!("{}: not fit to be shown\n{all}", case.name));
        }
        if let Some(expected) = case.contacts {
            let found = contacts(folder.path());
            if found != expected {
                wrong.push(format!("{}: {found} contacts, not {expected}\n{all}", case.name));
            }
        }
        if case.code == 2 && folder.path().join("census.csv").exists() {
            wrong.push(format!("{}: left a census file behind", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} of the messages:\n\n{}", wrong.len(), wrong.join("\n----\n"));
}

#[test]
fn norwegian_stays_norwegian() {
    use chanfolio::text::source::Source;
    let criteria = chanfolio::criteria::load::embedded().expect("criteria");
    let text = INVENTORY.replace("as_of:", "languages: [it, no], as_of:");
    let (inventory, mistakes) = chanfolio::inventory::lower::lower(
        &Source::new("i.yaml", text),
        std::path::PathBuf::from("."),
        &criteria.kinds,
        &[],
        &[],
    );
    let inventory = inventory.unwrap_or_else(|| panic!("{mistakes:?}"));
    assert!(inventory.organisation.languages.iter().any(|l| l.as_str() == "no"));
}

#[test]
fn nul_bytes_lose_no_row_and_reach_no_screen() {
    let folder = tempfile::tempdir().unwrap();
    let odd = "2026-04-02T10:00:00,phone,C\09,bi\0ll\n";
    let files = [
        ("i.yaml", INVENTORY.as_bytes().to_vec()),
        ("l.csv", format!("{HEADER}{}{odd}{}", rows(100), rows(100)).into_bytes()),
    ];
    write(folder.path(), &files);
    let answer = run(folder.path(), "census ./i.yaml --usage ./l.csv -o ./census.csv");
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(!answer.stderr.contains('\0') && !answer.stdout.contains('\0'));
    assert_eq!(contacts(folder.path()) + total(folder.path(), "rejected"), 201);
}

#[test]
fn accents_arrive_whatever_the_encoding() {
    for (name, bytes) in [
        ("Latin-1", b"time,channel,reason\n2026-03-02T10:00:00,phone,perch\xe9\n".to_vec()),
        ("UTF-16", utf16("time,channel,reason\n2026-03-02T10:00:00,phone,perché\n")),
        ("UTF-8 with a mark", "\u{feff}time,channel,reason\n2026-03-02T10:00:00,phone,perché\n".into()),
    ] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("i.yaml", INVENTORY.as_bytes().to_vec()), ("l.csv", bytes)]);
        let answer = run(folder.path(), "census ./i.yaml --usage ./l.csv -o ./census.csv");
        assert_eq!(answer.code, 0, "{name}: {}", answer.stderr);
        let rows = read_census(&folder.path().join("census.csv"));
        assert!(rows.iter().any(|r| r["facet"] == "use" && r["key2"] == "perché"), "{name}");
    }
}

/// A line of 200 MB without an end is one bad row: the rows around it stand.
#[test]
fn a_line_of_200_mb_is_one_rejected_row() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("i.yaml"), INVENTORY).unwrap();
    {
        let file = std::fs::File::create(folder.path().join("l.csv")).unwrap();
        let mut file = std::io::BufWriter::new(file);
        write!(file, "{HEADER}{}2026-04-02T10:00:00,phone,C9,", rows(200)).unwrap();
        let part = vec![b'x'; 1 << 20];
        for _ in 0..200 {
            file.write_all(&part).unwrap();
        }
        write!(file, "\n{}", rows(200)).unwrap();
        file.flush().unwrap();
    }
    let answer = run(folder.path(), "census ./i.yaml --usage ./l.csv -o ./census.csv");
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert!(answer.stderr.contains("l.csv:202"), "{}", answer.stderr);
    assert!(answer.stderr.len() < 10_000, "a message is not the line itself");
    assert_eq!((contacts(folder.path()), total(folder.path(), "rejected")), (400, 1));
}

#[test]
fn every_rejected_row_is_written_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let bad: String = (0..30).map(|i| format!("31/02/2026 25:{i:02},phone,B{i},bill\n")).collect();
    let files = [
        ("i.yaml", INVENTORY.as_bytes().to_vec()),
        ("l.csv", format!("{HEADER}{}{bad}", rows(70)).into_bytes()),
    ];
    write(folder.path(), &files);
    let answer = run(
        folder.path(),
        "census ./i.yaml --usage ./l.csv --rejects ./bad.txt --max-rejects 0.5 -o ./census.csv",
    );
    assert_eq!(answer.code, 0, "{}", answer.stderr);
    assert_eq!((contacts(folder.path()), total(folder.path(), "rejected")), (70, 30));
    let text = std::fs::read_to_string(folder.path().join("bad.txt")).unwrap();
    for i in 0..30 {
        assert!(text.contains(&format!("B{i},bill")), "row {i}\n{text}");
    }
}

#[test]
fn a_census_of_another_window_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let other = format!("{INVENTORY}episodes: {{ key: customer, window: 3d }}\n");
    let mine = format!("{INVENTORY}episodes: {{ key: customer, window: 7d }}\n");
    let files =
        [("i.yaml", mine.into_bytes()), ("o.yaml", other.into_bytes()), ("l.csv", log(100).into_bytes())];
    write(folder.path(), &files);
    let made = run(folder.path(), "census ./o.yaml --usage ./l.csv -o ./census.csv");
    assert_eq!(made.code, 0, "{}", made.stderr);
    let answer = run(folder.path(), "assess ./i.yaml --census ./census.csv");
    assert_eq!(answer.code, 2, "{}", answer.stdout);
    for word in ["census.csv", "window", "3", "7"] {
        assert!(answer.stderr.contains(word), "{word}\n{}", answer.stderr);
    }
}

#[test]
fn text_from_files_cannot_steer_the_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let evil = "2026-04-02T10:00:00,\u{1b}[2Jphone\u{202e},C9,\u{1b}]0;title\u{7}\n".repeat(3);
    let files = [
        ("i.yaml", INVENTORY.as_bytes().to_vec()),
        ("l.csv", format!("{HEADER}{}{evil}", rows(400)).into_bytes()),
    ];
    write(folder.path(), &files);
    for args in [
        "census ./i.yaml --usage ./l.csv",
        "assess ./i.yaml --usage ./l.csv",
        "assess ./i.yaml --usage ./l.csv --format markdown",
    ] {
        let answer = run(folder.path(), args);
        let all = format!("{}{}", answer.stdout, answer.stderr);
        assert_eq!(answer.code, 0, "{args}: {}", answer.stderr);
        for c in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!all.contains(c), "{args}: {}", c.escape_default());
        }
    }
}
