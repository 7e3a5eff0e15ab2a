//! The same census, however the logs come: on one thread or many, from memory or from disk, packed, in
//! pieces, in any order, through a pipe; and what happens where it cannot be made.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::run::{chanfolio, repository};

/// Identifiers of every sort: repeated contacts, conversations, steps that continue others.
const INVENTORY: &str = "\
schema: 1
organisation: { name: Molo, timezone: Europe/Rome, country: IT, as_of: 2026-11-23 }
touchpoints: [{ id: loan, expected_contacts: 2 }, { id: fine }]
teams: [{ id: desk, people: 3, hours: \"Mo-Sa 08:00-19:00; PH off\" }]
channels:
  - { id: phone, kind: phone, status: active, team: desk, promise: { share: 0.8, within: 30s } }
  - { id: email, kind: email, status: active, team: desk, promise: { share: 0.9, within: 8h, clock: open } }
  - { id: whatsapp, kind: whatsapp, status: active, team: desk }
  - { id: bot, kind: chatbot, status: active }
usage:
  - path: log.csv
    columns: { time: time, channel: channel, customer: customer, reason: reason, touchpoint: about, wait: wait, handle: handle, answered: answered, resolved: resolved, replied: replied, conversation: thread, contact_id: id, continues: after, transferred_to: to, direction: way }
";

const HEADER: &str =
    "time,channel,customer,reason,about,wait,handle,answered,resolved,replied,thread,id,after,to,way\n";

/// Rows of a made-up year, in time order; the same every time.
fn rows(count: usize) -> Vec<String> {
    let mut state = 7_u64;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut rows: Vec<String> = Vec::new();
    for n in 0..count {
        let minute = n as u64 * 525_600 / count as u64;
        let (day, hour, minute) = (minute / 1440, minute / 60 % 24, minute % 60);
        let date = jiff::civil::date(2025, 11, 1) + jiff::Span::new().days(i64::try_from(day).unwrap());
        let channel = ["phone", "email", "whatsapp", "bot", "Walk In"][below(5) as usize];
        let customer = below(200);
        let customer = if customer < 20 { String::new() } else { format!("Ä{customer}") };
        let mut row = format!("{date} {hour:02}:{minute:02},{channel},{customer}");
        let reason = ["invoice", "", "late \"\"fee\"\"", "a, b\nc"][below(4) as usize];
        let _ = write!(row, ",\"{reason}\",{}", ["loan", "fine", ""][below(3) as usize]);
        let _ = write!(row, ",{},{}", below(90), below(600));
        let _ = write!(
            row,
            ",{},{}",
            ["yes", "no", ""][below(3) as usize],
            ["yes", "no", "", ""][below(4) as usize]
        );
        let replied = if below(3) == 0 { format!("{date} {hour:02}:59") } else { String::new() };
        let _ = write!(
            row,
            ",{replied},{}",
            if below(6) == 0 { format!("t{}", below(40)) } else { String::new() }
        );
        // One id in thirty stands twice; one row in twenty continues another one.
        let id = if below(30) == 0 { n.saturating_sub(5) } else { n };
        let after = if below(20) == 0 { format!("i{}", below(count as u64)) } else { String::new() };
        let _ = write!(
            row,
            ",i{id},{after},{},{}",
            ["", "", "phone"][below(3) as usize],
            ["", "inbound", "outbound"][below(3) as usize]
        );
        rows.push(row);
    }
    rows
}

fn log(rows: &[String], line_end: &str) -> String {
    let mut text = HEADER.to_owned();
    for row in rows {
        text.push_str(row);
        text.push_str(line_end);
    }
    text
}

/// The census file of an inventory, made with these arguments.
fn census(folder: &Path, args: &str) -> Vec<u8> {
    let out = folder.join("census.csv");
    chanfolio("census -q -o").arg(&out).arg(folder.join("inventory.yaml")).args(args).done();
    std::fs::read(&out).expect("a census")
}

fn folder_with(log: &[u8], name: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("inventory.yaml"), INVENTORY.replace("log.csv", name))
        .expect("written");
    std::fs::write(folder.path().join(name), log).expect("written");
    folder
}

#[test]
fn the_same_bytes_on_any_number_of_threads_and_with_any_memory() {
    let folder = folder_with(log(&rows(6000), "\n").as_bytes(), "log.csv");
    let plain = census(folder.path(), "--threads 1");
    let text = String::from_utf8(plain.clone()).expect("text");
    // Every way of joining rows is there to go wrong.
    for joined in [
        "duplicate,",
        "merged-rows,conversation",
        "merged-rows,talk",
        "merged-rows,continuation",
        "meta,,orphan-continuations",
    ] {
        assert!(text.contains(joined), "{joined}");
    }
    for args in ["", "--threads 2", "--threads 8", "--memory 1", "--threads 3 --memory 64K", "--memory 4G"] {
        assert!(census(folder.path(), args) == plain, "{args}");
    }
}

#[test]
fn the_same_bytes_in_any_order_and_from_several_files() {
    let rows = rows(6000);
    let plain = census(folder_with(log(&rows, "\n").as_bytes(), "log.csv").path(), "");
    // A fixed shuffle: 6000 and 2477 share no divisor.
    let shuffled: Vec<String> = (0..rows.len()).map(|n| rows[n * 2477 % rows.len()].clone()).collect();
    let folder = folder_with(log(&shuffled, "\n").as_bytes(), "log.csv");
    assert!(census(folder.path(), "--threads 2 --memory 32K") == plain, "shuffled");
    // Files that overlap in time are one log. The inventory names them all by one pattern.
    let folder = folder_with(b"", "log-*.csv");
    std::fs::remove_file(folder.path().join("log-*.csv")).expect("removed");
    for part in 0..3 {
        let own: Vec<String> = rows.iter().skip(part).step_by(3).cloned().collect();
        std::fs::write(folder.path().join(format!("log-{part}.csv")), log(&own, "\r\n")).expect("written");
    }
    // The digest tells the two inventories apart, and nothing else does.
    let without_digest = |census: &[u8]| -> Vec<String> {
        let text = String::from_utf8(census.to_vec()).expect("text");
        text.lines().filter(|line| !line.starts_with("meta,,usage-digest")).map(str::to_owned).collect()
    };
    assert_eq!(without_digest(&census(folder.path(), "")), without_digest(&plain));
}

#[test]
fn the_same_bytes_packed_and_through_a_pipe() {
    let text = log(&rows(3000), "\n");
    let folder = folder_with(text.as_bytes(), "log.csv");
    let plain = census(folder.path(), "");
    let packed = folder.path().join("log.csv.gz");
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    writer.write_all(text.as_bytes()).expect("packed");
    std::fs::write(&packed, writer.finish().expect("packed")).expect("written");
    assert!(census(folder.path(), &format!("--usage {}", packed.display())) == plain, "gz");
    let packed = folder.path().join("log.csv.zst");
    std::fs::write(&packed, zstd::encode_all(text.as_bytes(), 1).expect("packed")).expect("written");
    assert!(census(folder.path(), &format!("--usage {}", packed.display())) == plain, "zst");
    // Standard input belongs to a process of its own.
    let out = folder.path().join("piped.csv");
    let mut child = Command::new(env!("CARGO_BIN_EXE_chanfolio"))
        .args(["census", "-q", "--usage", "-", "-o"])
        .arg(&out)
        .arg(folder.path().join("inventory.yaml"))
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(text.as_bytes()).expect("read to the end");
    assert!(child.wait().expect("it ends").success());
    assert!(std::fs::read(&out).expect("a census") == plain, "standard input");
}

#[test]
fn rejected_rows_are_told_in_their_order_whatever_the_threads() {
    let mut rows = rows(4000);
    for n in (0..rows.len()).step_by(37) {
        rows[n] = format!("2026-99-99 10:00,phone,bad {n}");
    }
    let folder = folder_with(log(&rows, "\n").as_bytes(), "log.csv");
    let rejects = |threads: usize| {
        let file = folder.path().join(format!("rejects-{threads}.csv"));
        let args = format!("--threads {threads} --max-rejects 0.5 --rejects {}", file.display());
        census(folder.path(), &args);
        std::fs::read_to_string(&file).expect("a file of rejected rows")
    };
    let one = rejects(1);
    assert_eq!(one.lines().count(), 1 + 4000_usize.div_ceil(37));
    assert_eq!(one, rejects(2));
    assert_eq!(one, rejects(8));
}

#[test]
#[cfg_attr(not(unix), ignore = "there is no `kill` to interrupt with")]
fn an_interrupted_census_leaves_what_was_there() {
    let folder = folder_with(log(&rows(2000), "\n").as_bytes(), "log.csv");
    let out = folder.path().join("census.csv");
    std::fs::write(&out, "what was there").expect("written");
    // It waits for standard input, which does not end.
    let mut child = Command::new(env!("CARGO_BIN_EXE_chanfolio"))
        .args(["census", "--usage", "-", "-o"])
        .arg(&out)
        .arg(folder.path().join("inventory.yaml"))
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let text = log(&rows(40_000), "\n");
    stdin.write_all(text.as_bytes()).expect("read");
    let pid = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill").success());
    // The next block is the one before which it looks.
    let _ = stdin.write_all(text.as_bytes());
    drop(stdin);
    let ended = child.wait_with_output().expect("it ends");
    assert_eq!(ended.status.code(), Some(130), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "interrupted; nothing was written\n");
    assert_eq!(std::fs::read_to_string(&out).expect("a file"), "what was there");
    assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 3, "nothing is left behind");
}

/// The rows of a census that these facets hold, meta rows left out.
fn rows_of(census: &[u8], facets: &[&str]) -> Vec<String> {
    let held = |line: &&str| line.split(',').next().is_some_and(|facet| facets.contains(&facet));
    String::from_utf8_lossy(census).lines().filter(held).map(str::to_owned).collect()
}

/// A folder with a log of these columns, each named as its role.
fn folder_of(columns: &str, rows: &[String]) -> tempfile::TempDir {
    let head = INVENTORY.split("    columns:").next().expect("the head");
    let roles: Vec<String> = columns.split(',').map(|name| format!("{name}: {name}")).collect();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(
        folder.path().join("inventory.yaml"),
        format!("{head}    columns: {{ {} }}\n", roles.join(", ")),
    )
    .expect("written");
    std::fs::write(folder.path().join("log.csv"), format!("{columns}\n{}\n", rows.join("\n")))
        .expect("written");
    folder
}

/// Of the rows of a facet, how many contacts (the first sum) those have in all whose key begins so.
fn contacts(census: &[u8], key: &str) -> u64 {
    let text = String::from_utf8_lossy(census);
    let place = text.lines().next().and_then(|header| header.split(',').position(|name| name == "contacts"));
    let place = place.expect("a column of contacts");
    let rows = text.lines().filter(|line| line.starts_with(key));
    rows.map(|row| row.split(',').nth(place).and_then(|n| n.parse::<u64>().ok()).expect("a number")).sum()
}

#[test]
fn customers_of_thousands_of_contacts_and_thousands_of_nobody_are_counted_whole() {
    // All of nobody at one instant, one customer on every second day of fifty years, and many with one contact each.
    let mut rows: Vec<String> = (0..10_000).map(|_| "2026-03-02,phone,".to_owned()).collect();
    let first = jiff::civil::date(1976, 1, 1);
    let day = |n: i64| first + jiff::Span::new().days(2 * n);
    rows.extend((0..9_000).map(|n| format!("{},email,often", day(n))));
    rows.extend((0..9_000).map(|n| format!("2026-03-02,bot,c{n}")));
    let shuffled: Vec<String> = (0..rows.len()).map(|n| rows[n * 9973 % rows.len()].clone()).collect();
    let folder = folder_of("time,channel,customer", &shuffled);
    for args in ["--threads 1", "--threads 2 --memory 1"] {
        let census = census(folder.path(), args);
        assert_eq!(contacts(&census, "use,phone,"), 10_000);
        assert_eq!(contacts(&census, "use,email,"), 9_000);
        assert_eq!(contacts(&census, "use,bot,"), 9_000);
        assert_eq!(contacts(&census, "customers,,,all,"), 9_001);
        // Each contact of the one comes back within seven days, but for the last; that of the others is too young to tell.
        assert_eq!(contacts(&census, "followup,email,7,,,same,"), 8_999);
        assert_eq!(contacts(&census, "followup,email,7,,,clear,"), 1);
        assert_eq!(contacts(&census, "followup,bot,7,,,censored,"), 9_000);
        assert_eq!(contacts(&census, "followup,phone,7,,,anonymous,"), 10_000);
    }
}

#[test]
fn an_id_that_many_people_share_is_counted_the_same_whether_its_rows_fit_into_memory() {
    // Seven in eight rows are of one id. They take two megabytes in memory: as little as is looked at together, unless less
    // is allowed.
    let shared = |(n, row): (usize, String)| {
        let mut fields = row.splitn(4, ',');
        let mut field = || fields.next().unwrap_or_default();
        let (time, channel, customer, rest) = (field(), field(), field(), field());
        let customer = if n % 8 == 0 { customer } else { "everybody" };
        let way = ["", "inbound", "outbound", ""][n / 2 % 4];
        let thread = if n % 30 == 0 { format!("t{}", n % 41) } else { String::new() };
        format!("{time},{channel},{customer},{rest},{},{way},{thread}", ["", "new", "old"][n % 3])
    };
    let rows: Vec<String> = rows_alike(100_000).into_iter().enumerate().map(shared).collect();
    let inventory = INVENTORY.replace(
        ", replied: replied, conversation: thread, contact_id: id, continues: after, transferred_to: to, direction: way",
        ", conversation: thread, direction: way, segment: segment",
    );
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("inventory.yaml"), inventory).expect("written");
    let header = "time,channel,customer,reason,about,wait,handle,answered,resolved,segment,way,thread";
    std::fs::write(folder.path().join("log.csv"), format!("{header}\n{}\n", rows.join("\n")))
        .expect("written");
    let whole = census(folder.path(), "--max-rejects 0.5 --threads 1");
    assert!(contacts(&whole, "meta,,heavy-ids,") > 0);
    let heavy: Vec<String> =
        rows_of(&whole, &["followup"]).into_iter().filter(|row| row.contains(",heavy,")).collect();
    assert!(heavy.iter().any(|row| row.starts_with("followup,whatsapp")), "{heavy:?}");
    for args in ["--threads 1 --memory 1", "--threads 3 --memory 64K"] {
        assert!(census(folder.path(), &format!("--max-rejects 0.5 {args}")) == whole, "{args}");
    }
}

#[test]
fn the_first_value_that_cannot_be_read_is_shown_with_its_line_on_any_number_of_threads() {
    // Every 37th row from the 9,028th on: 297 of them, and a header before all.
    let wait = |n: usize| if n >= 9000 && n % 37 == 36 { "soon" } else { "5" };
    let rows: Vec<String> =
        (0..20_000).map(|n| format!("2026-03-02 10:{:02},phone,c{n},{}", n % 60, wait(n))).collect();
    let folder = folder_of("time,channel,customer,wait", &rows);
    for threads in ["1", "2", "8"] {
        let answer =
            chanfolio("census --threads").arg(threads).arg(folder.path().join("inventory.yaml")).done();
        let told = "297 values of wait could not be read and count as unknown (negative, or no duration); the first stands in line 9029: `soon`";
        assert!(answer.stderr.contains(told), "{}", answer.stderr);
    }
}

/// Rows without ids of their own, so that many are alike but for time, customer, wait and handling.
fn rows_alike(count: usize) -> Vec<String> {
    let mut state = 11_u64;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut rows = Vec::new();
    for n in 0..count {
        let minute = n as u64 * 525_600 / count as u64;
        let (day, hour, minute) = (minute / 1440, minute / 60 % 24, minute % 60);
        let date = jiff::civil::date(2025, 11, 1) + jiff::Span::new().days(i64::try_from(day).unwrap());
        let channel = ["phone", "email", "whatsapp", "bot", "Walk In"][below(5) as usize];
        let customer = below(150);
        let customer = if customer < 20 { String::new() } else { format!("Ä{customer}") };
        let reason = ["invoice", "", "fee"][below(3) as usize];
        let about = ["loan", "fine", ""][below(3) as usize];
        // Within and beyond every promise, in hours that are open and in hours that are not.
        let wait = match below(6) {
            0 => String::new(),
            1 => below(8).to_string(),
            2 => (below(20) * 3600).to_string(),
            3 => (below(70) * 86_400).to_string(),
            _ => below(90).to_string(),
        };
        let handle = match below(50) {
            0..10 => String::new(),
            10 => "6000000".to_owned(),
            _ => below(600).to_string(),
        };
        let answered = ["yes", "no", ""][below(3) as usize];
        let resolved = ["yes", "no", "", ""][below(4) as usize];
        let mut row = format!(
            "{date} {hour:02}:{minute:02},{channel},{customer},{reason},{about},{wait},{handle},{answered},{resolved}"
        );
        // Rows that only the careful way can read, among those that it need not.
        match below(40) {
            0 => row = row.replace(channel, &format!("\"{channel}\"")),
            1 => row = row.replace(",Ä", ", Ä"),
            2 => row.push_str(",more"),
            3 => row = row.replacen("202", "2x2", 1),
            4 => row = format!("{date},{channel},{customer},,loan,1:30,2m,yes,boh"),
            5 => row = format!("{date} {hour:02}:{minute:02},{channel}"),
            // Days that few logs are of, and none that a short form needs room for.
            6 => row = row.replacen("202", ["190", "196", "220"][n % 3], 1),
            7 => row = row.replacen("202", "209", 1),
            _ => {}
        }
        rows.push(row);
    }
    rows
}

#[test]
fn rows_that_are_alike_count_what_they_count_one_by_one() {
    let header = "time,channel,customer,reason,about,wait,handle,answered,resolved\n";
    let inventory = INVENTORY.replace(
        ", replied: replied, conversation: thread, contact_id: id, continues: after, transferred_to: to, direction: way",
        "",
    )
    .replace("log.csv", "log*.csv");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("inventory.yaml"), inventory).expect("written");
    let write_to = |file: &str, rows: &[String], line_end: &str| {
        let text = format!("{header}{}{line_end}", rows.join(line_end));
        std::fs::write(folder.path().join(file), text).expect("written");
    };
    let write = |rows: &[String], line_end: &str| write_to("log.csv", rows, line_end);
    let rows = rows_alike(8000);
    // With every field quoted each row is read the careful way and counted for itself.
    let quoted: Vec<String> =
        rows.iter().map(|row| format!("\"{}\"", row.replace('"', "").replace(',', "\",\""))).collect();
    let shuffled: Vec<String> = (0..rows.len()).map(|n| rows[n * 2477 % rows.len()].clone()).collect();
    let allowed = "--max-rejects 0.5";
    for facets in
        ["", "--facets use", "--facets slot", "--facets use,wait,transfer", "--facets use,customers"]
    {
        write(&quoted, "\n");
        let careful = census(folder.path(), &format!("{facets} {allowed} --threads 1"));
        for (rows, line_end) in [(&rows, "\n"), (&rows, "\r\n"), (&shuffled, "\n")] {
            write(rows, line_end);
            for args in ["--threads 1", "--threads 3", "--threads 2 --memory 32K", "--from 1900-01-01"] {
                assert!(
                    census(folder.path(), &format!("{facets} {allowed} {args}")) == careful,
                    "{facets} {args}"
                );
            }
        }
        // In several files, each of which has patterns of its own.
        write(&rows[..3000], "\n");
        write_to("log-2.csv", &rows[3000..7000], "\r\n");
        write_to("log-3.csv", &rows[7000..], "\n");
        for args in ["--threads 1", "--threads 3"] {
            assert!(
                census(folder.path(), &format!("{facets} {allowed} {args}")) == careful,
                "several files, {facets} {args}"
            );
        }
        for file in ["log-2.csv", "log-3.csv"] {
            std::fs::remove_file(folder.path().join(file)).expect("removed");
        }
    }
    // A part of the table is that part of the whole.
    let (whole, part) =
        (census(folder.path(), allowed), census(folder.path(), &format!("--facets use {allowed}")));
    assert_eq!(rows_of(&part, &["use"]), rows_of(&whole, &["use"]));
    assert!(rows_of(&part, &["use"]).len() > 20);
}

/// Rows of a few customers who talk: as near to one another as one talk may be, a second nearer or farther, days apart;
/// some without a time of day, some of nobody, some where they need not wait.
fn rows_of_talk(seed: u64, count: usize) -> Vec<[String; 2]> {
    let mut state = seed;
    let mut below = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    const DAY: u64 = 86_400;
    let gaps =
        [0, 1, 3600, DAY - 1, DAY, DAY + 1, 2 * DAY, 3 * DAY - 1, 3 * DAY, 3 * DAY + 1, 5 * DAY, 20 * DAY];
    let mut at = [0; 7];
    let mut rows = Vec::new();
    for _ in 0..count {
        let customer = usize::try_from(below(7)).unwrap();
        at[customer] += gaps[usize::try_from(below(12)).unwrap()];
        let (day, second) = (at[customer] / DAY, at[customer] % DAY);
        let date = jiff::civil::date(2025, 3, 1) + jiff::Span::new().days(i64::try_from(day).unwrap());
        let time = format!("{date} {:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
        let time = if below(30) == 0 { date.to_string() } else { time };
        let channel = ["whatsapp", "whatsapp", "whatsapp", "email", "phone", "Walk In"][below(6) as usize];
        let who = if below(20) == 0 { String::new() } else { format!("c{customer}") };
        let wait = ["", "3", "40", "90000"][below(4) as usize];
        let handle = ["", "300"][below(2) as usize];
        let answered = ["yes", "yes", "no", ""][below(4) as usize];
        let reason = ["invoice", ""][below(2) as usize];
        rows.push([time, format!("{channel},{who},{reason},,{wait},{handle},{answered},")]);
    }
    rows
}

#[test]
fn talk_that_stands_alone_counts_what_it_counts_among_all() {
    let header = "time,channel,customer,reason,about,wait,handle,answered,resolved";
    let start = INVENTORY.find("usage:").expect("usage");
    let columns = "columns: { time: time, channel: channel, customer: customer, reason: reason, touchpoint: about, wait: wait, handle: handle, answered: answered, resolved: resolved";
    let usage = format!(
        "usage:\n  - {{ path: a*.csv, {columns} }} }}\n  - {{ path: b.csv, {columns}, due: due }} }}\n"
    );
    let mut talked = 0;
    for seed in 1..=12 {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("inventory.yaml"), format!("{}{usage}", &INVENTORY[..start]))
            .expect("written");
        let rows = rows_of_talk(seed, 900);
        let write = |file: &str, column: &str, due: [&str; 2], rows: &[[String; 2]]| {
            let row = |(n, [time, rest]): (usize, &[String; 2])| format!("{time},{rest}{}", due[n % 2]);
            let rows: Vec<String> = rows.iter().enumerate().map(row).collect();
            let text = format!("{header}{column}\n{}\n", rows.join("\n"));
            std::fs::write(folder.path().join(file), text).expect("written");
        };
        // What one customer said stands in several files. In the second entry every other row may have a due date: then
        // none of that entry is measured by its promise, also where it has none.
        let (first, rest) = rows.split_at(400);
        let (second, third) = rest.split_at(300);
        write("a1.csv", "", ["", ""], first);
        write("a2.csv", "", ["", ""], second);
        write("b.csv", ",due", [",", if seed % 2 == 0 { "," } else { ",2025-06-01" }], third);
        let whole = census(folder.path(), "--threads 1");
        talked += usize::from(String::from_utf8_lossy(&whole).contains("merged-rows,talk"));
        let wanted = rows_of(&whole, &["use"]);
        assert!(wanted.iter().any(|row| row.starts_with("use,whatsapp")), "{seed}");
        for args in ["--threads 1", "--threads 3", "--threads 2 --memory 1K"] {
            let part = census(folder.path(), &format!("--facets use {args}"));
            assert_eq!(rows_of(&part, &["use"]), wanted, "{seed} {args}");
        }
    }
    assert_eq!(talked, 12, "there is talk to join");
}

const FINDINGS: [&str; 4] = ["rejected", "unlisted", "ignored", "duplicate"];

#[test]
fn a_part_of_the_table_is_that_part_of_the_whole_table() {
    let folder = folder_with(log(&rows(6000), "\n").as_bytes(), "log.csv");
    let whole = census(folder.path(), "");
    let choices =
        ["slot", "use", "wait", "handle", "followup", "step", "entry", "reach", "customers", "transfer"];
    let several = ["use,slot", "handle,wait,transfer", "use,step"].into_iter();
    for chosen in choices.into_iter().chain(several) {
        let part = census(folder.path(), &format!("--facets {chosen}"));
        let facets: Vec<&str> = chosen.split(',').chain(FINDINGS).collect();
        assert_eq!(rows_of(&part, &facets), rows_of(&whole, &facets), "{chosen}");
        let others: Vec<&str> = choices.into_iter().filter(|f| !facets.contains(f)).collect();
        assert_eq!(rows_of(&part, &others), Vec::<String>::new(), "{chosen}");
        // The same part of a census that is there already.
        std::fs::write(folder.path().join("whole.csv"), &whole).expect("written");
        let from = format!("--facets {chosen} --census {}", folder.path().join("whole.csv").display());
        assert!(census(folder.path(), &from) == part, "{chosen}");
        assert!(
            census(folder.path(), &format!("--facets {chosen} --threads 3 --memory 1")) == part,
            "{chosen}"
        );
    }
}

#[test]
fn a_part_does_not_depend_on_which_of_several_logs_has_due_dates() {
    let plain = "time,channel,customer,wait,answered\n2026-03-02 10:00,email,a,60,yes\n2026-03-02 11:00,phone,b,5,yes\n";
    let due = "time,channel,customer,answered,due,closed\n2026-03-03 10:00,email,c,yes,2026-03-03 12:00,2026-03-03 11:00\n";
    let folder = tempfile::tempdir().expect("a folder");
    let inventory = INVENTORY.replace("log.csv", "log-*.csv");
    let at = inventory.find("    columns").expect("columns");
    std::fs::write(folder.path().join("inventory.yaml"), &inventory[..at]).expect("written");
    for (first, second) in [(plain, due), (due, plain)] {
        std::fs::write(folder.path().join("log-1.csv"), first).expect("written");
        std::fs::write(folder.path().join("log-2.csv"), second).expect("written");
        let whole = census(folder.path(), "");
        let part = census(folder.path(), "--facets use,slot");
        let facets = ["use", "slot"];
        assert_eq!(rows_of(&part, &facets), rows_of(&whole, &facets));
        // Where contacts of a channel are due, the promise measures none of them.
        let emails: Vec<String> =
            rows_of(&part, &facets).into_iter().filter(|row| row.starts_with("use,email")).collect();
        let known: i64 = emails
            .iter()
            .map(|row| row.split(',').nth(6 + 21).expect("a column").parse::<i64>().expect("a number"))
            .sum();
        assert_eq!(known, 1, "{emails:?}");
    }
}

#[test]
fn a_part_of_the_table_is_no_assessment() {
    let folder = folder_with(log(&rows(500), "\n").as_bytes(), "log.csv");
    let inventory = folder.path().join("inventory.yaml");
    let part = folder.path().join("part.csv");
    chanfolio("census -q --facets use,slot -o").arg(&part).arg(&inventory).done();
    for command in ["assess", "census", "check", "census --facets step --format csv"] {
        let answer = chanfolio(command).arg(&inventory).arg("--census").arg(&part).refused();
        assert!(
            answer.stderr.contains("was made with --facets and holds slot, use alone"),
            "{}",
            answer.stderr
        );
        assert!(answer.stderr.contains("step"), "{}", answer.stderr);
    }
    for shown in ["", "--format json", "-o census.json", "-o a.csv -o census.txt"] {
        let answer = chanfolio("census --facets use").args(shown).arg(&inventory).refused();
        assert!(answer.stderr.contains("--format csv"), "{}", answer.stderr);
    }
    let answer = chanfolio("census --facets use,volume").arg(&inventory).refused();
    assert!(answer.stderr.contains("volume") && answer.stderr.contains("customers"), "{}", answer.stderr);
}

#[test]
fn a_size_is_a_number_with_a_unit() {
    let inventory = repository("examples/healthy/inventory.yaml");
    for wrong in ["0", "much", "1T", "99999999999G"] {
        let answer = chanfolio("census --memory").arg(wrong).arg(&inventory).refused();
        assert!(answer.stderr.contains("--memory"), "{wrong}: {}", answer.stderr);
    }
}
