//! Makes the logs of the example organisations, or a large log for benchmarks.
//!
//! Everything here is made up, and made the same way every time: one seed, one stream of numbers
//! from a generator written out below, so the same seed gives the same bytes on every machine.
//!
//! ```text
//! cargo run --release --example generate_log -- --lumen examples/lumen/logs
//! cargo run --release --example generate_log -- --healthy examples/healthy/logs
//! cargo run --release --example generate_log -- --rows 10000000 [--shuffled] [--seed 7] > big.csv
//! ```

use std::fmt::Write as _;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use jiff::civil::{Date, Weekday, date};
use jiff::{SignedDuration, ToSpan};

/// The seed of the committed logs.
const SEED: u64 = 20_261_115;

fn main() -> anyhow::Result<()> {
    let mut lumen: Option<PathBuf> = None;
    let mut healthy: Option<PathBuf> = None;
    let mut rows: Option<u64> = None;
    let mut seed = SEED;
    let mut order = Order::Time;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || args.next().ok_or_else(|| anyhow::anyhow!("{arg} needs a value"));
        match arg.as_str() {
            "--lumen" => lumen = Some(PathBuf::from(value()?)),
            "--healthy" => healthy = Some(PathBuf::from(value()?)),
            "--rows" => rows = Some(value()?.parse()?),
            "--seed" => seed = value()?.parse()?,
            "--shuffled" => order = Order::Shuffled,
            _ => {
                anyhow::bail!(
                    "unknown argument `{arg}`; use --lumen DIR, --healthy DIR or --rows N [--shuffled], \
                     each with [--seed N]"
                )
            }
        }
    }
    match (lumen, healthy, rows) {
        (Some(folder), None, None) => lumen_logs(&folder, seed),
        (None, Some(folder), None) => healthy_log(&folder, seed),
        (None, None, Some(rows)) => {
            benchmark_log(rows, seed, order, &mut BufWriter::new(std::io::stdout().lock()))
        }
        _ => anyhow::bail!("use one of --lumen DIR, --healthy DIR or --rows N"),
    }
}

/// The order of the rows of the benchmark log.
#[derive(Clone, Copy, PartialEq)]
enum Order {
    Time,
    Shuffled,
}

/// SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in 0..n.
    fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Index drawn in proportion to weights.
    fn pick(&mut self, weights: impl Iterator<Item = f64> + Clone) -> usize {
        let mut left = self.unit() * weights.clone().sum::<f64>();
        let mut last = 0;
        for (i, weight) in weights.enumerate() {
            if weight > 0.0 {
                last = i;
                if left < weight {
                    return i;
                }
                left -= weight;
            }
        }
        last
    }

    /// Exponential with this mean.
    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Handling time in whole seconds around a mean: the sum of three exponentials, at least 10 s.
    fn handling(&mut self, mean: f64) -> i64 {
        let sum: f64 = (0..3).map(|_| self.exponential(mean / 3.0)).sum();
        (sum.round() as i64).max(10)
    }
}

// ---------------------------------------------------------------------------------------------
// Lumen Energia

/// First and last day of the year of logs: 365 days.
const FIRST: Date = date(2025, 11, 16);
const LAST: Date = date(2026, 11, 15);

/// Italian public holidays inside that year; nobody is at the desk.
const HOLIDAYS: [Date; 11] = [
    date(2025, 12, 8),
    date(2025, 12, 25),
    date(2025, 12, 26),
    date(2026, 1, 1),
    date(2026, 1, 6),
    date(2026, 4, 5),
    date(2026, 4, 6),
    date(2026, 4, 25),
    date(2026, 5, 1),
    date(2026, 6, 2),
    date(2026, 8, 15),
];

/// The channels of the contact log, as the log labels them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Source {
    Phone,
    Email,
    WebForm,
    Chat,
    Bot,
    Counter,
    Post,
    Pec,
    Fax,
    Social,
    Reviews,
    WalkIn,
}

use Source::{Bot, Chat, Counter, Email, Fax, Pec, Phone, Post, Reviews, Social, WalkIn, WebForm};

impl Source {
    fn label(self) -> &'static str {
        match self {
            Phone => "Telefono",
            Email => "E-mail",
            WebForm => "Modulo web",
            Chat => "Chat",
            Bot => "Lumi bot",
            Counter => "Sportello",
            Post => "Posta",
            Pec => "PEC",
            Fax => "Fax",
            Social => "Social",
            Reviews => "Recensioni",
            WalkIn => "Walk In",
        }
    }

    fn when(self) -> When {
        match self {
            Phone | Chat => When::Desk,
            Counter | WalkIn => When::Shop,
            Email | WebForm | Bot | Social | Reviews => When::Online,
            Post | Pec | Fax => When::Office,
        }
    }

    /// What happens after a contact: (share, next). What is left over is clear.
    fn after(self) -> &'static [(f64, Next)] {
        use Next::{Again, Other, Unresolved};
        match self {
            Phone => &[(0.06, Again), (0.03, Other(Email)), (0.02, Other(Counter)), (0.05, Unresolved)],
            Email => &[(0.06, Again), (0.09, Other(Phone)), (0.05, Unresolved)],
            WebForm => &[(0.05, Again), (0.13, Other(Phone)), (0.10, Other(Email)), (0.04, Unresolved)],
            Chat => &[(0.05, Again), (0.40, Other(Phone)), (0.03, Other(Email)), (0.04, Unresolved)],
            Counter => &[(0.02, Again), (0.04, Other(Phone)), (0.03, Unresolved)],
            Post => &[(0.04, Again), (0.07, Other(Phone)), (0.04, Unresolved)],
            Pec => &[(0.05, Again), (0.03, Other(Phone)), (0.04, Unresolved)],
            Fax => &[(0.05, Again), (0.10, Other(Phone)), (0.08, Other(Email)), (0.05, Unresolved)],
            Social => &[(0.04, Again), (0.22, Other(Phone)), (0.04, Unresolved)],
            Reviews | WalkIn | Bot => &[],
        }
    }

    /// Mean handling, seconds.
    fn handling(self) -> f64 {
        match self {
            Phone => 360.0,
            Email => 600.0,
            WebForm => 560.0,
            Chat => 660.0,
            Counter | WalkIn => 720.0,
            Post => 900.0,
            Pec => 960.0,
            Fax => 540.0,
            Social => 300.0,
            Reviews => 240.0,
            Bot => 0.0,
        }
    }

    /// Share of answered contacts that rate, and share of those ratings that are 4 or 5.
    fn satisfaction(self) -> (f64, f64) {
        match self {
            Phone => (0.25, 0.80),
            Email => (0.20, 0.82),
            WebForm => (0.15, 0.74),
            Chat => (0.30, 0.58),
            Counter => (0.20, 0.88),
            Post | Pec | Fax => (0.10, 0.80),
            Social => (0.10, 0.75),
            Reviews | WalkIn | Bot => (0.0, 0.0),
        }
    }
}

/// When customers use a channel.
#[derive(Clone, Copy)]
enum When {
    /// While the care team is there.
    Desk,
    /// While shops are open.
    Shop,
    /// Any time, mostly by day.
    Online,
    /// Office mornings.
    Office,
}

#[derive(Clone, Copy)]
enum Next {
    Again,
    Other(Source),
    Unresolved,
}

/// One reason: touchpoint, topic, cases a year, entry channels, and the segments that ask
/// (over-65, families, small business).
struct Topic {
    touchpoint: &'static str,
    topic: &'static str,
    cases: u32,
    entry: &'static [(Source, f64)],
    segments: [f64; 3],
}

/// Segment ids.
const SEGMENTS: [&str; 3] = ["over-65", "families", "small-business"];

#[rustfmt::skip]
const TOPICS: &[Topic] = &[
    Topic { touchpoint: "offers", topic: "price-info", cases: 3200, segments: [0.2, 0.6, 0.2],
        entry: &[(Phone, 0.42), (Email, 0.10), (WebForm, 0.06), (Chat, 0.24), (Counter, 0.10), (Social, 0.08)] },
    Topic { touchpoint: "new-contract", topic: "sign-up", cases: 2400, segments: [0.2, 0.55, 0.25],
        entry: &[(Phone, 0.45), (Email, 0.22), (WebForm, 0.13), (Counter, 0.20)] },
    Topic { touchpoint: "new-contract", topic: "change-of-holder", cases: 900, segments: [0.25, 0.5, 0.25],
        entry: &[(Phone, 0.30), (Email, 0.34), (WebForm, 0.14), (Counter, 0.22)] },
    Topic { touchpoint: "activation", topic: "activation-status", cases: 2200, segments: [0.2, 0.6, 0.2],
        entry: &[(Phone, 0.48), (Email, 0.20), (WebForm, 0.12), (Chat, 0.20)] },
    Topic { touchpoint: "billing", topic: "amount", cases: 5200, segments: [0.3, 0.5, 0.2],
        entry: &[(Phone, 0.56), (Email, 0.20), (WebForm, 0.05), (Chat, 0.15), (Counter, 0.04)] },
    Topic { touchpoint: "billing", topic: "payment", cases: 3000, segments: [0.3, 0.5, 0.2],
        entry: &[(Phone, 0.56), (Email, 0.16), (WebForm, 0.04), (Chat, 0.18), (Counter, 0.06)] },
    Topic { touchpoint: "billing", topic: "instalments", cases: 900, segments: [0.35, 0.5, 0.15],
        entry: &[(Phone, 0.55), (Email, 0.20), (WebForm, 0.08), (Counter, 0.17)] },
    Topic { touchpoint: "outage", topic: "power-cut", cases: 3000, segments: [0.25, 0.55, 0.2],
        entry: &[(Phone, 0.86), (Chat, 0.08), (Social, 0.06)] },
    Topic { touchpoint: "meter-reading", topic: "reading", cases: 2200, segments: [0.35, 0.5, 0.15],
        entry: &[(Phone, 0.55), (Email, 0.28), (WebForm, 0.17)] },
    Topic { touchpoint: "complaint", topic: "complaint", cases: 1400, segments: [0.3, 0.4, 0.3],
        entry: &[(Phone, 0.34), (Email, 0.26), (WebForm, 0.10), (Pec, 0.10), (Post, 0.20)] },
    Topic { touchpoint: "documents", topic: "bill-copy", cases: 1500, segments: [0.3, 0.4, 0.3],
        entry: &[(Phone, 0.30), (Email, 0.42), (WebForm, 0.14), (Fax, 0.14)] },
    Topic { touchpoint: "documents", topic: "formal-notice", cases: 900, segments: [0.1, 0.2, 0.7],
        entry: &[(Pec, 0.50), (Post, 0.30), (Fax, 0.20)] },
];

/// One row of the contact log before it is written.
struct Contact {
    at: jiff::civil::DateTime,
    source: Source,
    client: u32,
    segment: usize,
    topic: usize,
    wait: Option<i64>,
    handle: Option<i64>,
    outcome: &'static str,
    replied: Option<jiff::civil::DateTime>,
    solved: &'static str,
    csat: Option<u8>,
    passed_to: &'static str,
}

fn lumen_logs(folder: &Path, seed: u64) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut numbers = Numbers(seed);
    let mut contacts = Vec::new();
    for (topic, spec) in TOPICS.iter().enumerate() {
        for _ in 0..spec.cases {
            case(&mut numbers, topic, &mut contacts);
        }
    }
    bot_sessions(&mut numbers, &mut contacts);
    odd_rows(&mut numbers, &mut contacts);
    // A stable order: time first, then everything that tells two contacts apart.
    contacts.sort_by_key(|c| (c.at, c.client, c.topic, c.source.label()));
    contacts.retain(|c| c.at.date() >= FIRST && c.at.date() <= LAST);

    let mut month = FIRST.first_of_month();
    while month <= LAST {
        let rows = contacts.iter().filter(|c| c.source != Bot && c.at.date().first_of_month() == month);
        let mut text = String::from(
            "day;hour;source;client;segment;topic;journey;q_s;talk_s;outcome;replied;solved;csat\r\n",
        );
        for c in rows {
            let day = c.at.strftime("%d/%m/%Y");
            let hour = c.at.strftime("%H:%M:%S");
            let replied = c.replied.map(|r| r.strftime("%d/%m/%Y %H:%M:%S").to_string()).unwrap_or_default();
            let topic = &TOPICS[c.topic];
            let client = if c.client == 0 { "?".to_owned() } else { format!("C{:05}", c.client) };
            let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
            let csat = c.csat.map(|n| n.to_string()).unwrap_or_default();
            write!(
                text,
                "{day};{hour};{};{client};{};{};{};{};{};{};{replied};{};{csat}\r\n",
                c.source.label(),
                SEGMENTS[c.segment],
                topic.topic,
                topic.touchpoint,
                number(c.wait),
                number(c.handle),
                c.outcome,
                c.solved,
            )?;
        }
        std::fs::write(folder.join(format!("contacts-{}.csv", month.strftime("%Y-%m"))), text)?;
        month = month.checked_add(1.month())?;
    }

    let mut text = String::from("started,session_of,customer,topic,journey,passed_to\n");
    for c in contacts.iter().filter(|c| c.source == Bot) {
        let topic = &TOPICS[c.topic];
        writeln!(
            text,
            "{},{},C{:05},{},{},{}",
            c.at.strftime("%Y-%m-%dT%H:%M:%S"),
            c.source.label(),
            c.client,
            topic.topic,
            topic.touchpoint,
            c.passed_to
        )?;
    }
    std::fs::write(folder.join("bot-sessions.csv"), text)?;
    std::fs::write(folder.join("digital.csv"), digital(&mut numbers))?;
    Ok(())
}

/// One case: a customer with a reason, from the first contact until nobody comes back.
fn case(numbers: &mut Numbers, topic: usize, contacts: &mut Vec<Contact>) {
    let spec = &TOPICS[topic];
    let segment = numbers.pick(spec.segments.iter().copied());
    // Customers of one segment have ids of their own: 5,400, 10,200 and 4,400 of 20,000.
    let (first, count) = [(1, 5400), (5401, 10_200), (15_601, 4400)][segment];
    let client = first + numbers.below(count) as u32;
    let source = spec.entry[numbers.pick(spec.entry.iter().map(|(_, w)| *w))].0;
    let at = arrival(numbers, source);
    journey(numbers, topic, segment, client, source, at, contacts);
}

/// A contact and what follows from it.
fn journey(
    numbers: &mut Numbers,
    topic: usize,
    segment: usize,
    client: u32,
    first: Source,
    start: jiff::civil::DateTime,
    contacts: &mut Vec<Contact>,
) {
    let (mut source, mut at) = (first, start);
    for _ in 0..6 {
        let mut contact = serve(numbers, source, at);
        contact.topic = topic;
        contact.segment = segment;
        contact.client = client;
        let answered = contact.outcome != "HANG" && (contact.outcome == "AGENT" || contact.replied.is_some());
        let draw = numbers.unit();
        let mut next = None;
        let mut passed = 0.0;
        for (share, step) in source.after() {
            passed += share;
            if draw < passed {
                next = Some(*step);
                break;
            }
        }
        // A caller who hangs up tries again in seven cases of ten.
        if contact.outcome == "HANG" {
            next = numbers.chance(0.7).then_some(Next::Again);
        }
        if answered {
            contact.solved = match next {
                None => "yes",
                Some(Next::Unresolved) => "no",
                Some(_) => "",
            };
        }
        let next_source = match next {
            None | Some(Next::Unresolved) => None,
            Some(Next::Again) => Some(source),
            Some(Next::Other(other)) => Some(other),
        };
        let from = contact.replied.unwrap_or(contact.at);
        contacts.push(contact);
        let Some(next_source) = next_source else { return };
        source = next_source;
        let later =
            from.checked_add(SignedDuration::from_secs(3600 + numbers.exponential(86_400.0 * 1.2) as i64));
        let Ok(later) = later else { return };
        at = next_time(numbers, source, later);
    }
}

/// How one contact goes: wait, handling, answer, rating.
fn serve(numbers: &mut Numbers, source: Source, at: jiff::civil::DateTime) -> Contact {
    let mut contact = Contact {
        at,
        source,
        client: 0,
        segment: 0,
        topic: 0,
        wait: None,
        handle: None,
        outcome: "",
        replied: None,
        solved: "",
        csat: None,
        passed_to: "",
    };
    match source {
        Phone | Chat => {
            // Planted: Mondays from 9 to 11 the desk is short of people.
            let short =
                source == Phone && at.date().weekday() == Weekday::Monday && (9..11).contains(&at.hour());
            let (quick, limit, lost, patience) = match (source, short) {
                (Phone, false) => (0.90, 20.0, 0.025, 75.0),
                (Phone, true) => (0.60, 20.0, 0.085, 110.0),
                _ => (0.88, 60.0, 0.03, 120.0),
            };
            if numbers.chance(lost) {
                contact.outcome = "HANG";
                contact.wait = Some(6 + numbers.exponential(patience) as i64);
                return contact;
            }
            contact.outcome = "AGENT";
            contact.wait = Some(if numbers.chance(quick / (1.0 - lost)) {
                numbers.below(limit as u64 + 1) as i64
            } else {
                limit as i64 + 1 + numbers.exponential(patience) as i64
            });
            contact.handle = Some(numbers.handling(source.handling()));
        }
        Counter | WalkIn => {
            contact.outcome = "AGENT";
            contact.handle = Some(numbers.handling(source.handling()));
        }
        Bot => {}
        Email | WebForm | Post | Pec | Fax | Social | Reviews => {
            // Share answered at all; share of answers in time; open hours that "in time" means.
            let august = at.date().month() == 8;
            let (answered, in_time, hours) = match source {
                // Planted: in August half of the team is away and e-mail waits.
                Email if august => (0.985, 0.62, 8.0),
                Email => (0.99, 0.955, 8.0),
                WebForm => (0.97, 0.86, 8.0),
                Post => (0.99, 0.97, 80.0),
                Pec => (1.0, 1.0, 240.0),
                Fax => (0.98, 0.96, 16.0),
                Social => (0.86, 0.92, 2.0),
                // Planted: reviews are open on paper and nobody answers them.
                _ => (0.09, 0.5, 16.0),
            };
            if !numbers.chance(answered) {
                return contact;
            }
            let wait = if numbers.chance(in_time) {
                hours * 0.96 * numbers.unit()
            } else {
                hours * (1.05 + numbers.exponential(0.8))
            };
            contact.replied = Some(after_open_hours(at, wait));
            contact.handle = Some(numbers.handling(source.handling()));
        }
    }
    let (rates, happy) = source.satisfaction();
    if numbers.chance(rates) {
        contact.csat =
            Some(if numbers.chance(happy) { 4 + numbers.below(2) as u8 } else { 1 + numbers.below(3) as u8 });
    }
    contact
}

/// Open hours of the care team: Mo-Fr 8-20, Sa 9-13, not on public holidays.
fn open_hours(day: Date) -> Option<(i64, i64)> {
    if HOLIDAYS.contains(&day) {
        return None;
    }
    match day.weekday() {
        Weekday::Sunday => None,
        Weekday::Saturday => Some((9, 13)),
        _ => Some((8, 20)),
    }
}

/// The moment when so many open hours have passed.
fn after_open_hours(from: jiff::civil::DateTime, hours: f64) -> jiff::civil::DateTime {
    let mut left = (hours * 3600.0) as i64;
    let mut day = from.date();
    let mut now = seconds_of(from);
    for _ in 0..400 {
        if let Some((open, close)) = open_hours(day) {
            let start = now.max(open * 3600);
            let end = close * 3600;
            if start < end {
                if left <= end - start {
                    return at_second(day, start + left);
                }
                left -= end - start;
            }
        }
        day = day.tomorrow().unwrap_or(day);
        now = 0;
    }
    from
}

fn seconds_of(at: jiff::civil::DateTime) -> i64 {
    i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second())
}

fn at_second(day: Date, second: i64) -> jiff::civil::DateTime {
    let second = second.clamp(0, 86_399);
    day.at((second / 3600) as i8, (second / 60 % 60) as i8, (second % 60) as i8, 0)
}

/// Relative demand of an hour of the day.
fn hour_weight(when: When, day: Date, hour: i64) -> f64 {
    let open = match when {
        When::Desk => open_hours(day),
        When::Shop => open_hours(day).map(|(open, close)| (open.max(9), close.min(18))),
        When::Online => Some((0, 24)),
        When::Office => open_hours(day).map(|(open, close)| (open, close.min(18))),
    };
    let Some((from, to)) = open else { return 0.0 };
    if !(from..to).contains(&hour) {
        return 0.0;
    }
    let by_hour = match hour {
        0..=6 => 0.08,
        7 | 21..=23 => 0.35,
        8 | 12 | 13 | 18..=20 => 0.8,
        9..=11 => 1.4,
        _ => 1.1,
    };
    let monday = day.weekday() == Weekday::Monday;
    match when {
        When::Desk if monday && (9..11).contains(&hour) => by_hour * 3.0,
        When::Desk if monday => by_hour * 1.1,
        _ => by_hour,
    }
}

/// A first contact some time in the year.
fn arrival(numbers: &mut Numbers, source: Source) -> jiff::civil::DateTime {
    loop {
        let day = FIRST.checked_add((numbers.below(365) as i64).days()).unwrap_or(FIRST);
        // Thin out days by how much of a week they carry.
        let weight: f64 = (0..24).map(|h| hour_weight(source.when(), day, h)).sum();
        if numbers.chance(weight / 20.0) {
            let hour = numbers.pick((0..24).map(|h| hour_weight(source.when(), day, h)));
            return at_second(day, hour as i64 * 3600 + numbers.below(3600) as i64);
        }
    }
}

/// The next moment from `from` on at which the channel can be used.
fn next_time(numbers: &mut Numbers, source: Source, from: jiff::civil::DateTime) -> jiff::civil::DateTime {
    let mut day = from.date();
    if hour_weight(source.when(), day, i64::from(from.hour())) > 0.2 {
        return from;
    }
    for _ in 0..10 {
        let after = if day == from.date() { i64::from(from.hour()) + 1 } else { 0 };
        let weights = (0..24).map(|h| if h >= after { hour_weight(source.when(), day, h) } else { 0.0 });
        if weights.clone().sum::<f64>() > 0.0 {
            let hour = numbers.pick(weights) as i64;
            return at_second(day, hour * 3600 + numbers.below(3600) as i64);
        }
        day = day.tomorrow().unwrap_or(day);
    }
    from
}

/// Planted: the bot keeps 74% of its sessions to itself, and 45% of those customers come back.
fn bot_sessions(numbers: &mut Numbers, contacts: &mut Vec<Contact>) {
    let topics: Vec<usize> = (0..TOPICS.len())
        .filter(|t| matches!(TOPICS[*t].touchpoint, "billing" | "activation" | "meter-reading" | "offers"))
        .collect();
    for _ in 0..9000 {
        let topic = topics[numbers.below(topics.len() as u64) as usize];
        let segment = numbers.pick([0.1, 0.7, 0.2].into_iter());
        let (first, count) = [(1, 5400), (5401, 10_200), (15_601, 4400)][segment];
        let client = first + numbers.below(count) as u32;
        let at = arrival(numbers, Bot);
        let passed = numbers.chance(0.26);
        let mut contact = serve(numbers, Bot, at);
        (contact.client, contact.segment, contact.topic) = (client, segment, topic);
        contact.passed_to = if passed { "Chat" } else { "" };
        contacts.push(contact);
        if passed {
            let start = next_time(numbers, Chat, at.checked_add(2.minutes()).unwrap_or(at));
            journey(numbers, topic, segment, client, Chat, start, contacts);
        } else if numbers.chance(0.45) {
            let source = [Phone, Email, Chat][numbers.pick([0.72, 0.20, 0.08].into_iter())];
            let later = at
                .checked_add(SignedDuration::from_secs(1800 + numbers.exponential(60_000.0) as i64))
                .unwrap_or(at);
            let start = next_time(numbers, source, later);
            journey(numbers, topic, segment, client, source, start, contacts);
        }
    }
}

/// Reviews nobody answers, and a label that nobody listed.
fn odd_rows(numbers: &mut Numbers, contacts: &mut Vec<Contact>) {
    for (source, rows, topic) in [(Reviews, 260, 4), (WalkIn, 420, 1)] {
        for _ in 0..rows {
            let at = arrival(numbers, source);
            let mut contact = serve(numbers, source, at);
            contact.topic = topic;
            contact.segment = numbers.pick([0.2, 0.6, 0.2].into_iter());
            contacts.push(contact);
        }
    }
}

/// App logins and FAQ views: one row for each day, channel and touchpoint, with a count.
fn digital(numbers: &mut Numbers) -> String {
    let mut text = String::from("date,source,journey,count\n");
    let mut day = FIRST;
    while day <= LAST {
        for (source, touchpoint, mean) in [
            ("App", "billing", 110),
            ("App", "meter-reading", 45),
            ("FAQ", "billing", 120),
            ("FAQ", "outage", 40),
            ("FAQ", "activation", 60),
        ] {
            let count = mean * 3 / 4 + numbers.below(mean / 2);
            let _ = writeln!(text, "{day},{source},{touchpoint},{count}");
        }
        day = day.tomorrow().unwrap_or(day);
        if day == Date::MAX {
            break;
        }
    }
    text
}

// ---------------------------------------------------------------------------------------------
// Nido Casa, a shop that does few channels well

/// One year of a small furniture shop: phone, e-mail and chat, all of them answered in time.
fn healthy_log(folder: &Path, seed: u64) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut numbers = Numbers(seed);
    let mut rows: Vec<(jiff::civil::DateTime, u64, String)> = Vec::new();
    for _ in 0..7000 {
        let reason = numbers.pick([0.5, 0.3, 0.2].into_iter());
        let entry = [[0.5, 0.2, 0.3], [0.4, 0.35, 0.25], [0.35, 0.65, 0.0]][reason];
        let mut source = [Phone, Email, Chat][numbers.pick(entry.into_iter())];
        let segment = numbers.pick([0.6, 0.4].into_iter());
        let client = 1 + segment as u64 * 3000 + numbers.below([3000, 2000][segment]);
        let mut at = arrival(&mut numbers, source);
        for _ in 0..3 {
            let lost = source != Email && numbers.chance(0.015);
            let replied = (source == Email).then(|| {
                let hours = if numbers.chance(0.97) { 7.5 * numbers.unit() } else { 9.0 };
                after_open_hours(at, hours)
            });
            let limit = if source == Phone { 20.0 } else { 60.0 };
            let wait = match source {
                Email => String::new(),
                _ if numbers.chance(0.93) => format!("{}", (limit * numbers.unit()) as i64),
                _ => format!("{}", (limit * 1.5) as i64),
            };
            let next = match numbers.pick([0.92, 0.03, 0.05].into_iter()) {
                _ if lost => Some(source),
                1 => Some(source),
                2 => Some(if source == Phone { Email } else { Phone }),
                _ => None,
            };
            let solved = if lost || next.is_some() {
                ""
            } else if numbers.chance(0.98) {
                "yes"
            } else {
                "no"
            };
            let csat = match (lost, numbers.chance(0.3)) {
                (false, true) if numbers.chance(0.93) => "5",
                (false, true) => "3",
                _ => "",
            };
            let (reason, touchpoint) =
                [("delivery", "after-sales"), ("defect", "after-sales"), ("advice", "choosing")][reason];
            let channel = match source {
                Phone => "phone",
                Email => "email",
                _ => "chat",
            };
            let handle = if lost { String::new() } else { numbers.handling(300.0).to_string() };
            let outcome = match (source, lost) {
                (Email, _) => "",
                (_, true) => "lost",
                _ => "answered",
            };
            let replied_text =
                replied.map(|r| r.strftime("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default();
            rows.push((
                at,
                client,
                format!(
                    "{},{channel},N{client:04},{},{reason},{touchpoint},{wait},{handle},{outcome},{replied_text},{solved},{csat}\n",
                    at.strftime("%Y-%m-%dT%H:%M:%S"),
                    ["households", "firms"][segment],
                ),
            ));
            let Some(following) = next else { break };
            source = following;
            let from = replied.unwrap_or(at);
            let later =
                from.checked_add(SignedDuration::from_secs(3600 + numbers.exponential(50_000.0) as i64))?;
            at = next_time(&mut numbers, source, later);
        }
    }
    rows.sort();
    let mut text = String::from(
        "time,channel,customer,segment,reason,touchpoint,wait,handle,outcome,replied,resolved,satisfaction\n",
    );
    for (_, _, row) in rows.iter().filter(|(at, ..)| at.date() <= LAST) {
        text.push_str(row);
    }
    std::fs::write(folder.join("contacts.csv"), text)?;
    Ok(())
}

// ---------------------------------------------------------------------------------------------
// Benchmark log

const CHANNELS: [(&str, u64); 12] = [
    ("phone", 36),
    ("email", 18),
    ("chat", 12),
    ("whatsapp", 9),
    ("web-form", 6),
    ("app", 6),
    ("bot", 5),
    ("counter", 3),
    ("social", 2),
    ("pec", 1),
    ("post", 1),
    ("fax", 1),
];
const TOUCHPOINTS: [&str; 8] =
    ["billing", "outage", "new-contract", "activation", "meter-reading", "complaint", "documents", "offers"];

/// A log of so many contacts over a year, six contacts a customer on average.
///
/// Rows in time order are made one by one; shuffled rows visit the same rows in another order (a
/// full-period linear congruential walk), so both logs hold exactly the same rows.
fn benchmark_log(rows: u64, seed: u64, order: Order, out: &mut impl Write) -> anyhow::Result<()> {
    writeln!(out, "time,channel,customer,reason,touchpoint,wait,handle,answered,resolved,satisfaction")?;
    let customers = (rows / 6).max(1);
    let size = rows.next_power_of_two();
    let mut walk = seed % size;
    let mut written = 0;
    let mut line = String::new();
    while written < rows {
        let row = match order {
            Order::Time => written,
            Order::Shuffled => {
                // a = 1 mod 4, c odd: full period modulo a power of two (Hull and Dobell, 1962).
                walk = walk.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407)
                    % size;
                if walk >= rows {
                    continue;
                }
                walk
            }
        };
        benchmark_row(row, rows, customers, seed, &mut line)?;
        out.write_all(line.as_bytes())?;
        written += 1;
    }
    out.flush()?;
    Ok(())
}

fn benchmark_row(row: u64, rows: u64, customers: u64, seed: u64, line: &mut String) -> anyhow::Result<()> {
    let mut numbers = Numbers(seed ^ row.wrapping_mul(0xd134_2543_de82_ef95));
    let second = (u128::from(row) * 365 * 86_400 / u128::from(rows)) as i64;
    let at = date(2025, 1, 1).at(0, 0, 0, 0).checked_add(SignedDuration::from_secs(second))?;
    let mut left = numbers.below(100);
    let mut channel = CHANNELS[0].0;
    for (id, weight) in CHANNELS {
        channel = id;
        if left < weight {
            break;
        }
        left -= weight;
    }
    let touchpoint = numbers.below(8) as usize;
    let answered = numbers.below(100) < 94;
    line.clear();
    write!(
        line,
        "{},{channel},{},r{},{},{},{},{},{},",
        at.strftime("%Y-%m-%dT%H:%M:%S"),
        10_000_000 + numbers.below(customers),
        touchpoint as u64 * 3 + numbers.below(3),
        TOUCHPOINTS[touchpoint],
        numbers.exponential(40.0) as i64,
        if answered { numbers.handling(300.0) } else { 0 },
        if answered { "yes" } else { "no" },
        ["yes", "no", ""][numbers.pick([0.6, 0.15, 0.25].into_iter())],
    )?;
    if answered && numbers.below(100) < 20 {
        write!(line, "{}", 1 + numbers.below(5))?;
    }
    line.push('\n');
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The committed logs are what the generator writes: the same seed, the same bytes.
    #[test]
    fn the_committed_logs_are_what_the_seed_makes() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
        for (example, make) in
            [("lumen", lumen_logs as fn(&Path, u64) -> anyhow::Result<()>), ("healthy", healthy_log)]
        {
            let folder = tempfile::tempdir().expect("a temporary folder");
            make(folder.path(), SEED).expect("the logs are written");
            let committed = root.join(example).join("logs");
            let names = |folder: &Path| {
                let mut names: Vec<_> = std::fs::read_dir(folder)
                    .expect("a folder")
                    .map(|e| e.expect("an entry").file_name())
                    .collect();
                names.sort();
                names
            };
            assert_eq!(names(folder.path()), names(&committed), "{example}");
            for name in names(&committed) {
                let read = |folder: &Path| std::fs::read(folder.join(&name)).expect("a log");
                assert!(read(folder.path()) == read(&committed), "{example}: {} differs", name.display());
            }
        }
    }

    /// Shuffled or in time order, a benchmark log holds the same rows.
    #[test]
    fn a_shuffled_log_holds_the_same_rows() {
        let rows = |order| {
            let mut bytes = Vec::new();
            benchmark_log(1000, 7, order, &mut bytes).expect("the log is written");
            let mut lines: Vec<String> =
                String::from_utf8(bytes).expect("text").lines().map(str::to_owned).collect();
            assert_eq!(lines.len(), 1001);
            lines.sort();
            lines
        };
        assert_eq!(rows(Order::Time), rows(Order::Shuffled));
    }
}
