//! How long the census takes on one core, step by step: cutting a file into blocks, making typed rows of
//! blocks, folding rows (dealt to wait by customer, or counted at once), and making the table of what waited.
//!
//! Owns the made-up logs; the same seed gives the same text. Each holds 100,000 rows: a millisecond is
//! ten nanoseconds for each row.

use std::fmt::Write as _;
use std::hint::black_box;
use std::path::PathBuf;

use chanfolio::census::fold::{Fold, Options};
use chanfolio::census::{Facet, Facets};
use chanfolio::criteria::Criteria;
use chanfolio::criteria::load::embedded;
use chanfolio::inventory::Inventory;
use chanfolio::inventory::lower::lower;
use chanfolio::text::source::Source;
use chanfolio::usage::block::Block;
use chanfolio::usage::source::LogFile;
use chanfolio::usage::{Log, Outcome, Repeat, Sink};
use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

fn main() {
    divan::main();
}

const ROWS: u64 = 100_000;
const CHANNELS: [&str; 6] = ["phone", "email", "chat", "whatsapp", "web-form", "counter"];
const TOUCHPOINTS: [&str; 4] = ["billing", "outage", "activation", "offers"];

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((u128::from(z ^ (z >> 31)) * u128::from(n)) >> 64) as u64
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u64) as usize]
    }
}

/// How the rows of a log are written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Style {
    /// Commas, ISO times in their order: what a machine exports.
    Plain,
    /// The same in any order, so that each row is of another day.
    Shuffled,
    /// Semicolons, CRLF, day first in two columns, labels, unknown values, replies: what a person exports.
    Office,
    /// Every field quoted.
    Quoted,
}

const STYLES: [Style; 4] = [Style::Plain, Style::Shuffled, Style::Office, Style::Quoted];

fn text(style: Style) -> String {
    let mut numbers = Numbers(20_261_115);
    let mut text = match style {
        Style::Office => "giorno;ora;source;client;topic;journey;q_s;talk_s;outcome;replied;solved;csat\r\n",
        _ => "time,channel,customer,reason,touchpoint,wait,handle,answered,resolved,satisfaction\n",
    }
    .to_owned();
    for row in 0..ROWS {
        let at = if style == Style::Shuffled { numbers.below(ROWS) } else { row };
        // 336 days of twelve months of 28 days.
        let second = at * 336 * 86_400 / ROWS;
        let (month, day) = (1 + second / 86_400 / 28, 1 + second / 86_400 % 28);
        let (hour, minute, second) = (second / 3600 % 24, second / 60 % 60, second % 60);
        let touchpoint = numbers.below(TOUCHPOINTS.len() as u64);
        let reason = touchpoint * 3 + numbers.below(3);
        let touchpoint = TOUCHPOINTS[touchpoint as usize];
        let customer = numbers.below(ROWS / 6);
        let (wait, handle) = (numbers.below(120), 10 + numbers.below(900));
        let satisfaction = numbers.one_of(&["", "", "", "", "1", "2", "3", "4", "5"]);
        let outcome = if style == Style::Office {
            let label = numbers.one_of(&["Telefono", "E-mail", "Chat", "Modulo web", "Sportello"]);
            let unknown = if numbers.below(10) == 0 { "?" } else { "C" };
            let outcome = numbers.one_of(&["AGENT", "AGENT", "AGENT", "HANG", ""]);
            let reply = if label == "E-mail" { format!("28/12/2025 {hour:02}:00:00") } else { String::new() };
            let solved = numbers.one_of(&["yes", "no", ""]);
            write!(
                text,
                "{day:02}/{month:02}/2025;{hour:02}:{minute:02}:{second:02};{label};{unknown}{customer};r{reason};\
                 {touchpoint};{wait};{handle};{outcome};{reply};{solved};{satisfaction}\r\n"
            )
        } else {
            let quote = if style == Style::Quoted { "\"" } else { "" };
            let between = format!("{quote},{quote}");
            let channel = numbers.one_of(&CHANNELS);
            let answered = numbers.one_of(&["yes", "yes", "yes", "no"]);
            let resolved = numbers.one_of(&["yes", "no", ""]);
            writeln!(
                text,
                "{quote}2025-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{between}{channel}{between}\
                 {customer}{between}r{reason}{between}{touchpoint}{between}{wait}{between}{handle}{between}\
                 {answered}{between}{resolved}{between}{satisfaction}{quote}"
            )
        };
        outcome.expect("text grows");
    }
    text
}

fn criteria() -> Criteria {
    embedded().expect("the embedded criteria are valid")
}

fn inventory() -> Inventory {
    let text = "
schema: 1
organisation: { name: Bench, country: IT, timezone: Europe/Rome }
touchpoints: [{ id: billing }, { id: outage }, { id: activation }, { id: offers }]
channels:
  - { id: phone, kind: phone, status: active, aliases: [Telefono] }
  - { id: email, kind: email, status: active, aliases: [E-mail] }
  - { id: chat, kind: web_chat, status: active }
  - { id: whatsapp, kind: whatsapp, status: active }
  - { id: web-form, kind: web_form, status: active, aliases: [Modulo web] }
  - { id: counter, kind: counter, status: active, aliases: [Sportello] }
usage:
  - path: plain.csv
    satisfaction_scale: 1..5
  - path: office.csv
    columns:
      time: [giorno, ora]
      channel: source
      customer: client
      reason: topic
      touchpoint: journey
      wait: q_s
      handle: talk_s
      answered: { column: outcome, yes: [AGENT], no: [HANG] }
      replied: replied
      resolved: solved
      satisfaction: csat
    time_format: \"%d/%m/%Y %H:%M:%S\"
    unknown: { client: [\"?\"] }
    satisfaction_scale: 1..5
";
    let criteria = criteria();
    let source = Source::new("inventory.yaml", text);
    let (inventory, diagnostics) = lower(&source, PathBuf::new(), &criteria.kinds, &[], &[]);
    inventory.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

/// A log on disk; the folder goes when it is dropped.
struct Bench {
    file: LogFile,
    bytes: usize,
    _folder: tempfile::TempDir,
}

fn bench(style: Style) -> Bench {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("log.csv");
    let text = text(style);
    std::fs::write(&path, &text).expect("a file");
    let entry = Some(usize::from(style == Style::Office));
    Bench { file: LogFile { entry, path, name: "log.csv".to_owned() }, bytes: text.len(), _folder: folder }
}

/// From the file to blocks.
#[divan::bench(args = STYLES)]
fn cutting(bencher: Bencher<'_, '_>, style: Style) {
    let inventory = inventory();
    let bench = bench(style);
    bencher
        .counter(BytesCount::new(bench.bytes))
        .with_inputs(|| Log::open(&inventory, &bench.file).expect("a log"))
        .bench_local_refs(|log| {
            let mut lines = 0;
            while let Some(block) = log.next_block().expect("a block") {
                lines = block.line;
                black_box(&block.text);
            }
            lines
        });
}

fn blocks(log: &Log<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    while let Some(block) = log.next_block().expect("a block") {
        blocks.push(block);
    }
    blocks
}

/// From blocks to rows.
#[divan::bench(args = STYLES)]
fn parsing(bencher: Bencher<'_, '_>, style: Style) {
    let inventory = inventory();
    let bench = bench(style);
    let log = Log::open(&inventory, &bench.file).expect("a log");
    let blocks = blocks(&log);
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| {
        let mut memory = log.memory();
        let mut rows = 0;
        for block in &blocks {
            log.parse(block, &mut memory, &mut |outcome: Outcome<'_>| {
                rows += u64::from(matches!(black_box(&outcome), Outcome::Row(_) | Outcome::Repeat(_)));
            });
        }
        assert_eq!(rows, ROWS);
    });
}

/// What is asked of the rows.
#[derive(Debug, Clone, Copy)]
enum Asked {
    /// Everything: rows wait for those of the same customer.
    Everything,
    /// Volumes: most rows are counted at once.
    Volumes,
}

const ASKED: [Asked; 2] = [Asked::Everything, Asked::Volumes];

fn options(asked: Asked) -> Options {
    let facets = match asked {
        Asked::Everything => Facets::ALL,
        Asked::Volumes => Facets::of(&[Facet::Use]),
    };
    Options { facets, ..Options::default() }
}

/// The rows of blocks in a new fold.
fn fold<'i>(
    inventory: &'i Inventory,
    criteria: &'i Criteria,
    log: &Log<'_>,
    blocks: &[Block],
    asked: Asked,
) -> Fold<'i> {
    let mut fold = Fold::new(inventory, criteria, options(asked));
    fold.stands_alone(true);
    let mut memory = log.memory();
    let mut into = Into(&mut fold);
    for block in blocks {
        log.parse(block, &mut memory, &mut into);
    }
    fold
}

/// Folds what is read, as the scan does.
struct Into<'a, 'i>(&'a mut Fold<'i>);

impl Sink for Into<'_, '_> {
    fn take(&mut self, outcome: Outcome<'_>) {
        self.0.take(&outcome);
    }

    #[inline(always)]
    fn repeat(&mut self, repeat: Repeat<'_>) {
        self.0.repeat(&repeat);
    }
}

/// From blocks to rows that wait or are counted: parsing among it.
#[divan::bench(args = ASKED)]
fn folding(bencher: Bencher<'_, '_>, asked: Asked) {
    let (inventory, criteria) = (inventory(), criteria());
    let bench = bench(Style::Plain);
    let log = Log::open(&inventory, &bench.file).expect("a log");
    let blocks = blocks(&log);
    bencher.counter(ItemsCount::new(ROWS)).bench_local(|| fold(&inventory, &criteria, &log, &blocks, asked));
}

/// From what waited to the table.
#[divan::bench(args = ASKED)]
fn counting(bencher: Bencher<'_, '_>, asked: Asked) {
    let (inventory, criteria) = (inventory(), criteria());
    let bench = bench(Style::Plain);
    let log = Log::open(&inventory, &bench.file).expect("a log");
    let blocks = blocks(&log);
    bencher
        .counter(ItemsCount::new(ROWS))
        .with_inputs(|| fold(&inventory, &criteria, &log, &blocks, asked))
        .bench_local_values(|fold| fold.finish(1).expect("a table"));
}
