//! What is remembered, and what is read at fixed places, changes no outcome: generated logs are read with
//! and without, and times are read in the short and in the general way.

use proptest::prelude::*;

use super::super::record::{Raw, Records};
use super::super::time::{Clock, Fixed, Form, Order};
use super::super::value;
use super::*;

/// How a generated log is written.
#[derive(Debug, Clone)]
struct Style {
    delimiter: char,
    crlf: bool,
    /// Day first, else ISO.
    day_first: bool,
    /// Date and time of day in two columns.
    apart: bool,
    /// The form is given in the inventory.
    given: bool,
    /// Yes and no are given in the inventory.
    words: bool,
    scale: bool,
    /// Customers are put together from two columns.
    joined: bool,
    zone: &'static str,
}

fn style() -> impl Strategy<Value = Style> {
    let flags = any::<(bool, bool, bool, bool, bool, bool, bool)>();
    let zones = ["Europe/Rome", "America/New_York", "Australia/Lord_Howe", "UTC"];
    (prop::sample::select(vec![',', ';', '\t', '|']), flags, prop::sample::select(zones.to_vec())).prop_map(
        |(delimiter, (crlf, day_first, apart, given, words, scale, joined), zone)| Style {
            delimiter,
            crlf,
            day_first,
            apart,
            given,
            words,
            scale,
            joined,
            zone,
        },
    )
}

/// Year, month and day; many around clock changes and at the edges of what can be.
fn date() -> impl Strategy<Value = (u16, u8, u8)> {
    prop_oneof![
        3 => prop::sample::select(vec![
            (2026, 3, 28), (2026, 3, 29), (2026, 3, 30), (2026, 10, 24), (2026, 10, 25), (2026, 10, 26),
            (2026, 3, 8), (2026, 11, 1), (2026, 4, 5), (2026, 10, 4), (2024, 2, 29), (2026, 2, 29),
            (1899, 12, 31), (1900, 1, 1), (2200, 12, 31), (2201, 1, 1), (2026, 0, 1), (2026, 13, 1),
            (2026, 12, 31), (2026, 4, 31),
        ]),
        4 => (2025_u16..2027, 1_u8..13, 1_u8..29),
        // The same day again and again.
        4 => Just((2026, 5, 14)),
    ]
}

fn time_of_day() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => (0..24, 0..60, 0..60).prop_map(|(h, m, s)| format!("{h:02}:{m:02}:{s:02}")),
        3 => (0..24, 0..60).prop_map(|(h, m)| format!("{h:02}:{m:02}")),
        2 => (0..4, 0..60).prop_map(|(h, m)| format!("{h:02}:{m:02}:00")),
        2 => prop::sample::select(vec![
            "00:00:00", "24:00:00", "23:59:60", "24:00", "25:00:00", "10:60:00", "9:05:00", "10.30.00", "10:5", "",
            "10:30:00.250", "10:30:00Z", "10:30:00+02:00", "10:30 -0500", "3:30 pm", "103000", "1030", "10:30:0é",
        ]).prop_map(str::to_owned),
    ]
}

fn written_date((year, month, day): (u16, u8, u8), day_first: bool, separator: char) -> String {
    if day_first {
        format!("{day:02}{separator}{month:02}{separator}{year:04}")
    } else {
        format!("{year:04}{separator}{month:02}{separator}{day:02}")
    }
}

/// A moment as a log writes it, in one text or in two.
#[derive(Debug, Clone)]
struct When {
    date: (u16, u8, u8),
    time: String,
    separator: Option<char>,
    between: &'static str,
    broken: Option<&'static str>,
}

fn when() -> impl Strategy<Value = When> {
    let separator =
        prop_oneof![6 => Just(None), 1 => prop::sample::select(vec!['-', '/', '.', ' ']).prop_map(Some)];
    let between =
        prop_oneof![4 => Just("T"), 4 => Just(" "), 1 => prop::sample::select(vec!["  ", ", ", "t", ""])];
    let broken = prop_oneof![
        12 => Just(None),
        1 => prop::sample::select(vec!["", "?", "soon", "n/a", "2026-05-14T10:30:00x", "14/05/26 10:30"]).prop_map(Some)
    ];
    (date(), time_of_day(), separator, between, broken)
        .prop_map(|(date, time, separator, between, broken)| When { date, time, separator, between, broken })
}

impl When {
    fn date(&self, style: &Style) -> String {
        let usual = if style.day_first { '/' } else { '-' };
        written_date(self.date, style.day_first, self.separator.unwrap_or(usual))
    }

    fn whole(&self, style: &Style) -> String {
        match self.broken {
            Some(text) => text.to_owned(),
            None if self.time.is_empty() => self.date(style),
            None => format!("{}{}{}", self.date(style), self.between, self.time),
        }
    }
}

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(words).prop_map(str::to_owned).boxed()
}

/// The columns beside the times, with values that meet every way of reading them.
fn values() -> Vec<(&'static str, BoxedStrategy<String>)> {
    vec![
        (
            "channel",
            one_of(&[
                "phone",
                "phone",
                "Telefono",
                "TELEFONO",
                "E-mail",
                "email",
                "Caffè",
                "CAFFÈ",
                "Walk In",
                "System",
                "",
                "n/a",
                "a label that is longer than sixteen bytes",
                "a label that is longer than sixteen bytez",
            ]),
        ),
        (
            "customer",
            prop_oneof![one_of(&["?", "0", "", "NULL", "nan", "è", "È", "x y", "\\N"]), "C[0-9]{1,20}"]
                .boxed(),
        ),
        ("more", one_of(&["", "1", "?", "b"])),
        (
            "reason",
            one_of(&[
                "Fattura",
                "fattura",
                "FATTURA",
                "è",
                "È",
                "altro",
                "",
                "19\" monitor",
                "a\nb",
                "a,b;c|d",
                "\"quoted\"",
                "#N/A",
            ]),
        ),
        ("touchpoint", one_of(&["billing", "Bolletta", "bolletta", "BILLING", "other", "?", ""])),
        ("direction", one_of(&["in", "Outbound", "cliente", "??", ""])),
        (
            "wait",
            prop_oneof![
                one_of(&[
                    "",
                    "0",
                    "007",
                    "12.5",
                    "12,5",
                    "1,234",
                    "1:02:03",
                    "-3",
                    "5m",
                    "abc",
                    "٣",
                    "999999999999",
                    "1234567890123"
                ]),
                "[0-9]{1,4}"
            ]
            .boxed(),
        ),
        ("handle_min", one_of(&["", "3", "2,5", "1:30", "-1", "999999999999", "x"])),
        ("answered", one_of(&["yes", "NO", "sì", "SÌ", "abandoned", "AGENT", "hang", "boh", "1", ""])),
        ("abandoned", one_of(&["", "yes", "answered", "abandoned", "boh"])),
        ("resolved", one_of(&["", "yes", "non risolto", "boh"])),
        ("satisfaction", one_of(&["", "1", "3", "4", "5", "4.0", "good", "Bad", "7", "★"])),
        ("nps", one_of(&["", "0", "10", "11", "-1", "ten"])),
        ("cost", one_of(&["", "1.5", "1.234,50 €", "-2", "free"])),
        ("transferred_to", one_of(&["", "none", "phone", "Telefono", "Banco"])),
        ("contact_id", one_of(&["", "1", "2", "null"])),
    ]
}

/// Spaces around some values, quotes around some, and rows that are too short or too long.
#[derive(Debug, Clone)]
struct Row {
    at: When,
    replied: When,
    has_reply: bool,
    values: Vec<String>,
    around: Vec<&'static str>,
    quoted: Vec<bool>,
    change: u8,
}

fn row() -> impl Strategy<Value = Row> {
    let values: Vec<_> = values().into_iter().map(|(_, strategy)| strategy).collect();
    let columns = values.len() + 3;
    let around = prop_oneof![12 => Just(""), 2 => Just(" "), 1 => Just("\u{a0}"), 1 => Just("\u{3000}")];
    (
        (when(), when(), any::<bool>()),
        values,
        prop::collection::vec(around, columns),
        prop::collection::vec(prop::bool::weighted(0.1), columns),
        0_u8..40,
    )
        .prop_map(|((at, replied, has_reply), values, around, quoted, change)| Row {
            at,
            replied,
            has_reply,
            values,
            around,
            quoted,
            change,
        })
}

fn log_text(style: &Style, rows: &[Row], all_plain: bool) -> String {
    let end = if style.crlf { "\r\n" } else { "\n" };
    let delimiter = style.delimiter.to_string();
    let mut header = if style.apart { vec!["day", "hour"] } else { vec!["time"] };
    header.push("replied");
    header.extend(values().iter().map(|(name, _)| *name));
    let mut text = header.join(&delimiter) + end;
    for row in rows {
        let mut fields = if style.apart {
            vec![row.at.date(style), row.at.time.clone()]
        } else {
            vec![row.at.whole(style)]
        };
        fields.push(if row.has_reply { row.replied.whole(style) } else { String::new() });
        fields.extend(row.values.iter().cloned());
        let mut fields: Vec<String> = fields
            .into_iter()
            .zip(row.around.iter().zip(&row.quoted))
            .map(|(value, (around, quoted))| {
                if all_plain {
                    return value.replace(['"', '\n', style.delimiter], "");
                }
                if *quoted || value.contains([style.delimiter, '"', '\n']) {
                    return format!(
                        "\"{around}{}\"{}",
                        value.replace('"', "\"\""),
                        if *quoted { " " } else { "" }
                    );
                }
                format!("{around}{value}{around}")
            })
            .collect();
        match row.change {
            0 => fields.truncate(4),
            1 => fields.push(String::new()),
            2 => fields.push("more".to_owned()),
            3 => fields[2].push('\0'),
            4 => fields[3].insert(0, '"'),
            5 => text += end,
            6 => text += &format!(" \u{a0}{end}"),
            _ => {}
        }
        text += &fields.join(&delimiter);
        text += end;
    }
    text
}

fn inventory_of(style: &Style) -> Inventory {
    let mut inventory = inventory(
        style.zone,
        Some("IT"),
        &[("phone", "phone", &["Telefono"]), ("email", "email", &["E-mail", "Caffè"])],
    );
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
    if style.apart {
        map(&mut inventory, Role::Time, &["day", "hour"]);
    }
    if style.joined {
        map(&mut inventory, Role::Customer, &["customer", "more"]);
    }
    if style.words {
        map_words(&mut inventory, Role::Answered, "answered", &["AGENT", "sì"], &["HANG"]);
        map_words(&mut inventory, Role::Satisfaction, "satisfaction", &["good", "5"], &["bad", "1"]);
    }
    let usage = &mut inventory.usage[0];
    usage.touchpoint_values.push(("bolletta".to_owned(), TouchpointIx(0)));
    usage.reason_values.push(("Fattura".to_owned(), "invoice".to_owned()));
    usage.reason_values.push(("È".to_owned(), "accent".to_owned()));
    usage.unknown.push(("customer".to_owned(), words(&["?", "0", "È"])));
    usage.unknown.push(("touchpoint".to_owned(), words(&["?"])));
    usage.ignore.push(("channel".to_owned(), words(&["system"])));
    usage.fixed.push((Role::Segment, " families ".to_owned()));
    usage.satisfaction_scale = style.scale.then_some((1.0, 5.0));
    if style.given {
        let (day_first, iso) = ("%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M:%S");
        usage.time_format = Some(located(if style.day_first { day_first } else { iso }.to_owned()));
    }
    inventory
}

/// What a log said, in full.
struct Read {
    outcomes: Vec<String>,
    notes: Vec<String>,
    /// Outcomes that were told as repeating an earlier one.
    repeats: usize,
}

/// Every outcome and every note, with and without what is remembered; how many rows were known again.
fn both_ways(style: &Style, text: &str) -> Result<usize, TestCaseError> {
    let inventory = inventory_of(style);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.csv");
    std::fs::write(&path, text).expect("a file");
    let (short, careful) = (outcomes(&inventory, &path, true), outcomes(&inventory, &path, false));
    let Some((short, careful)) = short.as_ref().zip(careful.as_ref()) else {
        prop_assert_eq!(short.is_some(), careful.is_some());
        return Ok(0);
    };
    prop_assert_eq!(&short.outcomes, &careful.outcomes);
    prop_assert_eq!(&short.notes, &careful.notes);
    prop_assert_eq!(careful.repeats, 0);
    Ok(short.repeats)
}

/// Every outcome and every note; `None` where the log cannot be opened.
fn outcomes(inventory: &Inventory, path: &Path, shortcuts: bool) -> Option<Read> {
    let file = LogFile { entry: Some(0), path: path.to_path_buf(), name: "log.csv".to_owned() };
    let log = Log::open(inventory, &file).ok()?;
    let mut memory = log.memory();
    memory.shortcuts = shortcuts;
    let (mut outcomes, mut repeats) = (Vec::new(), 0);
    while let Some(block) = log.next_block().expect("a block") {
        log.parse(&block, &mut memory, &mut |outcome: Outcome<'_>| {
            repeats += usize::from(matches!(outcome, Outcome::Repeat(_)));
            outcomes.push(format!("{:?}", kept(outcome)));
        });
    }
    outcomes.push(format!("{:?}", log.clock_changes()));
    Some(Read { outcomes, notes: log.notes(), repeats })
}

fn forms() -> Vec<(Form, bool)> {
    let patterns = [
        "%Y-%m-%dT%H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%d",
        "%d/%m/%Y %H:%M:%S",
        "%d.%m.%Y %H:%M",
        "%m/%d/%Y",
        "%m-%d-%Y %H:%M:%S",
    ];
    let ordered = [(Order::Iso, false), (Order::DayMonth, true), (Order::MonthDay, true)];
    let ordered = ordered.into_iter().map(|(order, day_first)| (Form::Ordered(order), day_first));
    ordered.chain(patterns.iter().map(|p| (Form::Pattern((*p).to_owned()), !p.starts_with("%Y")))).collect()
}

proptest! {
    #[test]
    fn what_is_remembered_changes_no_row(
        style in style(), rows in prop::collection::vec(row(), 1..60), all_plain in any::<bool>()
    ) {
        both_ways(&style, &log_text(&style, &rows, all_plain))?;
    }

    /// Rows that differ in time, customer, wait and handling alone, each of them written well or badly, among
    /// rows that differ in all.
    #[test]
    fn rows_that_repeat_one_another_are_read_as_each_would_be(
        style in style(),
        first in prop::collection::vec((row(), prop::bool::weighted(0.2)), 1..4),
        rows in prop::collection::vec((0..4_usize, row(), prop::bool::weighted(0.1)), 1..80),
        all_plain in any::<bool>(),
    ) {
        const OWN: [&str; 3] = ["customer", "wait", "handle_min"];
        const IDS: [&str; 2] = ["contact_id", "cost"];
        let names: Vec<&str> = values().iter().map(|(name, _)| *name).collect();
        let rows: Vec<Row> = rows.into_iter().map(|(like, row, stands)| {
            let Some((like, with_ids)) = first.get(like).filter(|_| !stands) else { return row };
            let mut same = like.clone();
            same.at = row.at;
            same.has_reply &= *with_ids;
            for (at, name) in names.iter().enumerate() {
                if OWN.contains(name) {
                    same.values[at].clone_from(&row.values[at]);
                } else if IDS.contains(name) && !with_ids {
                    same.values[at].clear();
                }
            }
            same.change = row.change;
            same
        }).collect();
        both_ways(&style, &log_text(&style, &rows, all_plain))?;
    }

    #[test]
    fn times_at_fixed_places_are_those_of_the_general_way(
        times in prop::collection::vec((date(), time_of_day(), prop::sample::select(vec!['-', '/', '.', ' ']), prop::sample::select(vec!["T", " ", ""])), 1..40),
        at in 0_usize..10, zone in prop::sample::select(vec!["Europe/Rome", "Australia/Lord_Howe", "UTC"]), midnight_is_date in any::<bool>()
    ) {
        let (form, day_first) = &forms()[at];
        let fixed: Fixed = form.fixed().expect("digits at fixed places");
        let zone = jiff::tz::TimeZone::get(zone).expect("a zone");
        let (mut short, mut general) = (Clock::new(zone.clone()), Clock::new(zone));
        let mut last = None;
        for (date, time, separator, between) in times {
            let text = format!("{}{between}{time}", written_date(date, *day_first, separator));
            if let Some(moment) = short.fixed(fixed, text.as_bytes(), midnight_is_date, &mut last) {
                let written = form.read(&text).expect("the general way reads it too");
                let written = if midnight_is_date && written.is_midnight() { written.date_only() } else { written };
                prop_assert_eq!(Some(moment), general.place(written), "{}", text);
            }
        }
        prop_assert_eq!((short.gaps, short.folds), (0, 0));
    }
}

proptest! {
    #[test]
    fn plain_durations_are_those_of_the_general_way(
        text in "[0-9]{0,14}|[0-9:x. /]{1,9}|[0-9é]{1,4}", behind in "[0-9,;\n]{0,20}", unit in prop::sample::select(vec![1, 1000, 60_000, 86_400_000])
    ) {
        let whole = format!("{text}|{behind}");
        for line in [text.as_str(), whole.as_str()] {
            let mut records = Records::new(line, b'|', 1);
            if records.next().is_none() {
                continue;
            }
            let raw = records.raw(0).expect("no quotes");
            let general = value::duration(&text, unit, value::Decimal::Unsure);
            let digits = text.len() <= 8 && text.bytes().all(|b| b.is_ascii_digit());
            let wanted = if text.is_empty() { Some(None) } else { general.filter(|_| digits).map(Some) };
            prop_assert_eq!(value::plain(raw, unit), wanted, "{}", line);
        }
    }
}

#[test]
fn plain_durations_are_numbers() {
    for number in
        (0..20_000).chain([99_999, 100_000, 1_234_567, 9_999_999, 10_000_000, 12_345_678, 99_999_999])
    {
        assert_eq!(value::plain(Raw::of(&number.to_string()), 1000), Some(Some(number * 1000)));
        assert_eq!(value::plain(Raw::of(&format!("{number:08}")), 1), Some(Some(number)));
    }
}

#[test]
fn rows_are_known_again_where_their_labels_and_answers_are_the_same() {
    let style = Style {
        delimiter: ',',
        crlf: false,
        day_first: false,
        apart: false,
        given: false,
        words: false,
        scale: true,
        joined: false,
        zone: "Europe/Rome",
    };
    let long = "a label of more bytes than are looked at";
    let mut text = "time,channel,customer,reason,touchpoint,wait,answered\n".to_owned();
    for (n, (channel, customer, reason, wait)) in [
        ("phone", "C1", "è", "10"),
        // Known again, each with values of its own.
        ("phone", "C2", "è", "7"),
        ("phone", "?", "è", ""),
        ("phone", " C 3 ", "è", "12345678"),
        // Read in full: written otherwise, no plain number, quoted, too long.
        ("Phone", "C1", "è", "10"),
        ("phone", "C1", "è", "1:10"),
        ("phone", "C1", "è", " 1"),
        ("\"phone\"", "C1", "è", "10"),
        ("phone", "C1", long, "10"),
        ("phone", "C1", long, "10"),
        // What cannot be read is counted every time.
        ("phone", "C1", "è", "-1"),
        ("phone", "C1", "è", "-1"),
        ("phone", "C4", "è", "0"),
    ]
    .into_iter()
    .enumerate()
    {
        let yes = if n == 11 { "boh" } else { "yes" };
        text.push_str(&format!(
            "2026-05-14T10:{n:02}:00,{channel},{customer},{reason},billing,{wait},{yes}\n"
        ));
    }
    // The day of a clock change, a time that is none, a row too short, one too long, and a NUL byte in another
    // block than these.
    text.push_str(
        "2026-03-29T02:30:00,phone,C1,è,billing,10,yes\n2026-99-14T10:00:00,phone,C1,è,billing,10,yes\n",
    );
    text.push_str("2026-05-14T11:00:00,phone,C1\n2026-05-14T11:01:00,phone,C1,è,billing,10,yes,more\n");
    assert_eq!(both_ways(&style, &text).expect("the same both ways"), 4);
    // In a block with a NUL byte nothing is.
    text.push_str("2026-05-14T11:02:00,phone\0,C1,è,billing,10,yes\n");
    assert_eq!(both_ways(&style, &text).expect("the same both ways"), 0);
}

#[test]
fn where_rows_do_not_repeat_one_another_nobody_goes_on_looking() {
    let inventory = inventory("UTC", None, &[("phone", "phone", &[])]);
    let mut text = "time,channel,reason\n".to_owned();
    (0..6000).for_each(|n| text.push_str(&format!("2026-05-14T10:00:00,phone,r{n}\n")));
    (0..6000).for_each(|_| text.push_str("2026-05-14T10:00:00,phone,r1\n"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.csv");
    std::fs::write(&path, text).expect("a file");
    assert_eq!(outcomes(&inventory, &path, true).expect("a log").repeats, 0);
}

#[test]
fn the_usual_forms_are_read_at_fixed_places() {
    let zone = jiff::tz::TimeZone::get("Europe/Rome").expect("a zone");
    let mut clock = Clock::new(zone);
    // 2026-03-12T15:04:05+01:00, as in the test of the common forms.
    let ms = 1_773_324_245_000;
    for (form, text, expected) in [
        (Form::Ordered(Order::Iso), "2026-03-12T15:04:05", Some(ms)),
        (Form::Ordered(Order::Iso), "2026-03-12 15:04", Some(ms - 5000)),
        (Form::Ordered(Order::DayMonth), "12/03/2026 15:04:05", Some(ms)),
        (Form::Ordered(Order::DayMonth), "12/03/2026 15:04", Some(ms - 5000)),
        (Form::Ordered(Order::MonthDay), "03/12/2026 15:04:05", Some(ms)),
        (Form::Pattern("%d/%m/%Y %H:%M:%S".to_owned()), "12/03/2026 15:04:05", Some(ms)),
        // Not as the pattern says, and the day of a clock change: left to the general way.
        (Form::Pattern("%d/%m/%Y %H:%M:%S".to_owned()), "12/03/2026 15:04", None),
        (Form::Ordered(Order::Iso), "2026-03-29T15:04:05", None),
        (Form::Ordered(Order::Iso), "2026-03-12T15:04:05Z", None),
    ] {
        let fixed = form.fixed().expect("digits at fixed places");
        let moment = clock.fixed(fixed, text.as_bytes(), false, &mut None);
        assert_eq!(moment.map(|m| m.unix_ms), expected, "{text}");
    }
    for pattern in ["%y%m%d %H:%M:%S", "%d/%m/%Y %I:%M %p", "%d/%m-%Y", "%Y-%m-%dT%H:%M:%S%z"] {
        assert_eq!(Form::Pattern(pattern.to_owned()).fixed(), None, "{pattern}");
    }
}
