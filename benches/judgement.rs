//! How long an answer takes: from the text of an inventory to the judgement of every channel, without logs, and
//! with a census of logs, counted before.
//!
//! Owns the made-up inventory and its log; the same seed gives the same text.

use std::fmt::Write as _;
use std::path::PathBuf;

use chanfolio::assess::{Assessment, assess};
use chanfolio::census::Census;
use chanfolio::cli::Terminal;
use chanfolio::criteria::Criteria;
use chanfolio::criteria::load::embedded;
use chanfolio::inventory::Inventory;
use chanfolio::inventory::lower::lower;
use chanfolio::measure::Facts;
use chanfolio::text::source::Source;
use divan::Bencher;

fn main() {
    divan::main();
}

const TOUCHPOINTS: u64 = 12;
const TEAMS: u64 = 8;
const CANDIDATES: u64 = 6;
const HOURS: [&str; 3] =
    ["Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off", "Mo-Fr 09:00-18:00; PH off", "Mo-Sa 08:30-19:30; PH off"];
const KINDS: [&str; 12] = [
    "phone",
    "email",
    "web_chat",
    "web_form",
    "whatsapp",
    "chatbot",
    "ivr",
    "post",
    "pec",
    "counter",
    "customer_portal",
    "sms",
];
const PROMISES: [&str; 3] =
    ["{ share: 0.8, within: 20s }", "{ share: 0.9, within: 8h, clock: open }", "{ share: 0.8, within: 5m }"];

/// Numbers that look like chance and are the same everywhere (Knuth's MMIX generator).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        let at = self.below(list.len() as u64);
        list[usize::try_from(at).unwrap_or(0)]
    }
}

/// How the teams work.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Work {
    /// In office hours; how many are there follows from heads and contracts.
    Office,
    /// In all 168 hours of the week, by a roster.
    AroundTheClock,
}

/// An inventory with so many channels, the last few of them candidates.
fn inventory(channels: u64, work: Work) -> Result<String, std::fmt::Error> {
    let dice = &mut Dice(2026);
    let mut text = String::from(
        "schema: 1\n\
         organisation: { name: Bench, country: IT, timezone: Europe/Rome, currency: EUR, languages: [it, de], \
         as_of: 2026-11-23, budget: { per_year: 900000 } }\n\
         segments:\n\
         \x20 - { id: a, share: 0.3, uses: { phone: 0.97, email: 0.6, messaging: 0.45, app: 0.2 } }\n\
         \x20 - { id: b, share: 0.5, uses: { phone: 0.95, email: 0.9, messaging: 0.9, app: 0.6 } }\n\
         \x20 - { id: c, share: 0.2, uses: { phone: 0.98, email: 0.97, pec: 0.95, messaging: 0.7 } }\n\
         touchpoints:\n",
    );
    for i in 0..TOUCHPOINTS {
        let importance = 1 + i % 5;
        writeln!(
            text,
            "  - {{ id: t{i}, importance: {importance}, needs: [identity, dialogue], identity: medium }}"
        )?;
    }
    text.push_str("teams:\n");
    for i in 0..TEAMS {
        let (people, hours) = (6 + 3 * i, dice.pick(&HOURS));
        let (hours, roster) = match work {
            Work::Office => (hours, String::new()),
            Work::AroundTheClock => (
                "24/7",
                format!(
                    ", roster: [{{ hours: \"Mo-Fr 07:00-19:00\", people: {people} }}, \
                     {{ hours: \"Mo-Fr 19:00-07:00\", people: {} }}, {{ hours: \"Sa-Su\", people: {} }}]",
                    people / 3,
                    people / 2
                ),
            ),
        };
        writeln!(
            text,
            "  - {{ id: team{i}, people: {people}, contract_hours: 38, hours: \"{hours}\", shrinkage: 0.3, \
             languages: [it], cost_per_hour: 24.5{roster} }}"
        )?;
    }
    text.push_str("systems:\n");
    for i in 0..4 {
        writeln!(text, "  - {{ id: s{i}, shares_history: yes, cost_per_year: 10000 }}")?;
    }
    text.push_str("channels:\n");
    let open = channels.saturating_sub(CANDIDATES);
    for i in 0..channels {
        let (kind, team, system) = (dice.pick(&KINDS), dice.below(TEAMS), dice.below(4));
        let (first, second) = (dice.below(TOUCHPOINTS), 1 + dice.below(TOUCHPOINTS - 1));
        let (volume, promise) = (1000 + dice.below(40_000), dice.pick(&PROMISES));
        let status = if i < open { "active" } else { "candidate" };
        writeln!(
            text,
            "  - id: c{i}\n    kind: {kind}\n    status: {status}\n    owner: head\n    monitored: yes\n    \
             team: team{team}\n    system: s{system}\n    promise: {promise}\n    \
             touchpoints: {{ t{first}: primary, t{}: secondary }}",
            (first + second) % TOUCHPOINTS
        )?;
        if i < open {
            // So few may close that they are judged together under other weights.
            if i % 2 == 0 {
                text.push_str("    protected: { by: \"a law\", minimum: \"answer in 30 days\" }\n");
            }
            writeln!(
                text,
                "    volume: {{ per_year: {volume} }}\n    handle: 4m\n    links: [{{ to: c{}, context: full }}]",
                (i + 1) % open
            )?;
        } else {
            // Each draws on another channel, and on less than it has.
            let from = (i - open) % open.max(1);
            writeln!(
                text,
                "    need: {{ why: x, evidence: needed }}\n    \
                 forecast: {{ contacts_per_year: 900, handle: 5m, from: {{ c{from}: 0.6 }} }}"
            )?;
        }
    }
    Ok(text)
}

/// All that stands between the text of an inventory and the answer. Says how many channels were judged.
fn judge(text: &str, criteria: &Criteria, census: Option<&Census>) -> Result<usize, String> {
    let inventory = read(text, criteria)?;
    let at = inventory.organisation.as_of.as_ref().map(|at| at.value).ok_or("no date")?;
    let facts = Facts::gather(&inventory, criteria, census, at);
    let counted = facts.counted();
    let assessment: Assessment = assess(&facts, counted.as_ref(), "as_of");
    Ok(divan::black_box(assessment).channels.len())
}

fn read(text: &str, criteria: &Criteria) -> Result<Inventory, String> {
    let source = Source::new("inventory.yaml", text);
    let indicators: Vec<&str> =
        criteria.criteria.iter().flat_map(|c| c.indicators.iter().map(|i| i.id.as_str())).collect();
    let findings: Vec<&str> = criteria.findings.iter().map(|f| f.code.as_str()).collect();
    let (inventory, diagnostics) =
        lower(&source, PathBuf::from("."), &criteria.kinds, &indicators, &findings);
    inventory
        .ok_or_else(|| diagnostics.iter().map(|said| said.message.as_str()).collect::<Vec<_>>().join("; "))
}

#[divan::bench(args = [15, 60])]
fn from_text_to_judgement(bencher: Bencher, channels: u64) {
    time(bencher, channels, Work::Office);
}

#[divan::bench(args = [15, 60])]
fn around_the_clock_by_rosters(bencher: Bencher, channels: u64) {
    time(bencher, channels, Work::AroundTheClock);
}

fn time(bencher: Bencher, channels: u64, work: Work) {
    let text = inventory(channels, work).expect("writing to a string");
    let criteria = embedded().expect("the criteria of the program");
    assert_eq!(judge(&text, &criteria, None), Ok(usize::try_from(channels).expect("a small number")));
    bencher.bench_local(|| judge(divan::black_box(&text), &criteria, None));
}

/// A log of a year over the open channels: customers who come back, some of them elsewhere.
fn log(channels: u64) -> Result<String, std::fmt::Error> {
    let dice = &mut Dice(11);
    let mut text = String::from("time,channel,customer,reason,touchpoint,segment,wait,handle,resolved\n");
    for row in 0..100_000 {
        let (day, minute) = (row / 274, dice.below(600));
        let date = jiff::civil::date(2025, 11, 16) + jiff::Span::new().days(day);
        writeln!(
            text,
            "{date}T{:02}:{:02},c{},u{},r{},t{},{},{},{},{}",
            8 + minute / 60,
            minute % 60,
            dice.below(channels - CANDIDATES),
            dice.below(30_000),
            dice.below(10),
            dice.below(TOUCHPOINTS),
            dice.pick(&["a", "b", "c"]),
            dice.below(60),
            100 + dice.below(400),
            dice.pick(&["yes", "no", ""])
        )?;
    }
    Ok(text)
}

/// An inventory with so many channels, and the census of a year of their logs.
fn counted(channels: u64) -> (String, Census) {
    let mut text = inventory(channels, Work::Office).expect("writing to a string");
    text.push_str("usage: [{ path: log.csv }]\n");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (path, census) = (folder.path().join("inventory.yaml"), folder.path().join("census.csv"));
    std::fs::write(&path, &text).expect("the inventory is written");
    std::fs::write(folder.path().join("log.csv"), log(channels).expect("writing to a string"))
        .expect("the log");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let args = ["chanfolio".as_ref(), "census".as_ref(), path.as_os_str(), "-o".as_ref(), census.as_os_str()];
    let args = args.map(std::ffi::OsStr::to_owned);
    assert_eq!(chanfolio::cli::run(args, &Terminal::none(100), &mut out, &mut err), 0);
    let bytes = std::fs::read(&census).expect("the census was written");
    (text, Census::from_csv("census.csv", &bytes).expect("a census"))
}

/// The same with a census of a year, counted before: its figures, roles drawn again a thousand times among them, and
/// the judgement.
#[divan::bench(args = [15, 60])]
fn with_a_census(bencher: Bencher, channels: u64) {
    let (text, census) = counted(channels);
    let criteria = embedded().expect("the criteria of the program");
    assert_eq!(
        judge(&text, &criteria, Some(&census)),
        Ok(usize::try_from(channels).expect("a small number"))
    );
    bencher.bench_local(|| judge(divan::black_box(&text), &criteria, Some(&census)));
}

/// What stands after the census and its figures: facts, capability and fit, closings, other windows, what turns each
/// verdict, what to find out, the roadmap.
#[divan::bench(args = [15, 60])]
fn after_the_census(bencher: Bencher, channels: u64) {
    let (text, census) = counted(channels);
    let criteria = embedded().expect("the criteria of the program");
    let inventory = read(&text, &criteria).expect("an inventory");
    let at = inventory.organisation.as_of.as_ref().map(|at| at.value).expect("a date");
    let figures = Facts::gather(&inventory, &criteria, Some(&census), at).counted();
    let answer = || {
        let facts = Facts::gather(&inventory, &criteria, Some(divan::black_box(&census)), at);
        assess(&facts, figures.as_ref(), "as_of")
    };
    let verdicts: Vec<_> = answer().channels.into_iter().map(|it| it.verdict).collect();
    let is_asked = verdicts.iter().all(|it| it.agreement.within.is_some());
    assert!(is_asked, "too many channels may close to be judged together");
    // Only of those judged together are there too many weights to try all.
    let together = verdicts.iter().filter(|it| !it.all_weights_tried).count();
    assert!(channels < 60 || together > 1, "no channels were judged together");
    bencher.bench_local(|| divan::black_box(answer()).channels.len());
}

#[divan::bench]
fn criteria_of_the_program() -> bool {
    embedded().is_ok()
}
