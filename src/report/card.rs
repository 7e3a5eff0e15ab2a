//! One channel on a screen of its own: the answer, what speaks for and against it, what must be true
//! first, people and money as ranges, what is not known. With `-v` the full card: every reading.

use unicode_width::UnicodeWidthStr as _;

use super::figures::{day, list, percent, percent_down, points, range, small_range};
use super::grid::{self, Grid, Side, plain, prose};
use super::phrase::{
    self, against_line, as_of, axis, call_sentence, call_short, grade, name, redirect, sentence, tells,
    title_of, value,
};
use super::style::{Look, Tone};
use super::{Document, firm, people, table, v1};
use crate::assess::{Argument, Call, ChannelAssessment, CriterionScore, IndicatorScore, Outcome};
use crate::criteria::explain::rule;
use crate::inventory::{Channel, Status};
use crate::measure::{Effect, Grade, Reading};
use crate::quantity::Interval;
use crate::text::clean;

/// Arguments on each side without `-v`.
const ARGUMENTS: usize = 5;
/// Questions.
const QUESTIONS: usize = 3;

/// The screens of the named channels, one after the other.
pub(super) fn screen(document: &Document<'_>, look: Look) -> String {
    let mut out = String::new();
    for ix in document.named {
        let Some(c) = phrase::assessed(document, *ix) else { continue };
        if !out.is_empty() {
            out.push('\n');
        }
        let one = Document { named: std::slice::from_ref(ix), ..*document };
        out.push_str(&card(&one, c, look));
    }
    out
}

fn card(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let channel = document.inventory().channel(c.channel);
    let mut out = title(document, channel, look);
    out.push('\n');
    out.push_str(&answer(document, c, look));
    out.push('\n');
    out.push_str(&axes(document, c, channel, look));
    out.push_str(&arguments(c, look));
    out.push_str(&first(document, c, look));
    out.push_str(&effects(document, c, channel, look));
    out.push_str(&turns(document, c, look));
    out.push_str(&open_questions(document, c, look));
    if look.full {
        out.push_str(&full(document, c, look));
    } else {
        out.push_str("\n  Full card with every reading: -v\n");
    }
    out
}

fn title(document: &Document<'_>, channel: &Channel, look: Look) -> String {
    let status = document
        .criteria()
        .verdicts
        .word(&format!("status-{}", v1::status(channel.status)), document.language)
        .trim_start_matches("status-")
        .to_owned();
    let kind = channel.kind.name.get(document.language);
    let same = kind.to_lowercase().replace([' ', '_'], "-") == channel.id.to_lowercase().replace('_', "-");
    let about = if same { status } else { format!("{kind}, {status}") };
    let at = phrase::touchpoints(document, channel);
    let at = if at.is_empty() { String::new() } else { format!(" for {at}") };
    let left =
        format!("{} · {} ({about}){at}", clean(&document.inventory().organisation.name), clean(&channel.id));
    let right = day(document.assessment.at);
    let room = look.prose().saturating_sub(left.width() + right.width());
    if room >= 2 {
        return format!("{}{}{right}\n", look.paint(Tone::Strong, &left), " ".repeat(room));
    }
    format!("{}{right}\n", grid::title(&left, look))
}

fn answer(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let v = &c.verdict;
    let short = call_short(document, v);
    let lead = format!("  {short}: ");
    let mut text = prose(&lead, &call_sentence(document, v), look);
    if look.color {
        text = text.replacen(&short, &look.paint(Tone::of(v.call), &short), 1);
    }
    let mut out = text;
    for reason in &v.because {
        let text = phrase::reason(reason);
        let (lead, rest) = text.split_once(' ').unwrap_or(("", &text));
        out.push_str(&prose(&format!("    {lead} "), rest, look));
    }
    if let Some(to) = redirect(document, v) {
        out.push_str(&prose("    its contacts go to: ", &to, look));
    }
    if v.provisional {
        let text = format!("only {} of what counts is known; the answer may change.", percent_down(c.known));
        out.push_str(&prose("    provisional: ", &text, look));
    }
    out
}

fn axes(document: &Document<'_>, c: &ChannelAssessment, channel: &Channel, look: Look) -> String {
    let verdicts = &document.criteria().verdicts;
    let line = super::figures::whole(verdicts.number("threshold"));
    let works =
        if matches!(channel.status, Status::Candidate) { "axis-delivery-candidate" } else { "axis-delivery" };
    let mut grid = Grid::new(look, 2);
    grid.column("", Side::Left, 30).column("low .... high", Side::Left, 16).column(
        format!("line at {line}"),
        Side::Left,
        usize::MAX,
    );
    for (id, x) in [("axis-worth", c.worth), (works, c.delivery)] {
        let range = match x {
            Some(x) if tells(Some(x)) && points(x).contains('-') => points(x).replacen('-', " to ", 1),
            other => axis(other),
        };
        grid.row(vec![
            plain(verdicts.word(id, document.language)),
            plain(range),
            plain(against_line(document, x)),
        ]);
    }
    grid.across(format!("How firm is this?  {}.", firm::how_firm(document, &c.verdict)), Tone::Plain);
    if let Some(possible) = phrase::possible(document, &c.verdict) {
        grid.across(format!("With what we know it may be {possible}."), Tone::Plain);
    }
    for window in phrase::windows(document, &c.verdict) {
        grid.across(format!("{window}."), Tone::Plain);
    }
    if let Some(others) = firm::stakeholders(document) {
        grid.across(others, Tone::Plain);
    }
    if c.worth.is_none() {
        grid.across(
            "Others own this place: one cannot drop being talked about, only answer or not.",
            Tone::Plain,
        );
    }
    grid.render(look)
}

fn arguments(c: &ChannelAssessment, look: Look) -> String {
    let mut out = String::new();
    let sides: [(&str, &str, &[Argument]); 2] =
        [("WHAT SPEAKS FOR IT", "+ ", &c.speaks_for), ("WHAT SPEAKS AGAINST", "- ", &c.speaks_against)];
    let most = if look.full { usize::MAX } else { ARGUMENTS };
    for (title, sign, list) in sides {
        if list.is_empty() {
            continue;
        }
        let mut grid = Grid::new(look, 2);
        grid.column(title, Side::Left, usize::MAX).flexible().column("evidence", Side::Left, 26);
        for argument in list.iter().take(most) {
            let text = format!("{sign}{}", sentence(&argument.text));
            grid.row(vec![plain(text), plain(sentence(&argument.evidence))]);
        }
        if list.len() > most {
            grid.across(format!("and {} more (with -v)", list.len() - most), Tone::Faint);
        }
        out.push('\n');
        out.push_str(&grid.render(look));
    }
    out
}

fn first(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let mut out = String::new();
    let mut grid = Grid::new(look, 2);
    let title = if c.verdict.call == Call::Defer { "FIRST MAKE TRUE" } else { "WHAT TO DO" };
    grid.column(title, Side::Left, usize::MAX).flexible().column("who", Side::Left, 22).column(
        "effort",
        Side::Left,
        8,
    );
    for (i, condition) in c.verdict.first.iter().enumerate() {
        grid.row(vec![
            plain(format!("{} {}", i + 1, sentence(&condition.what))),
            plain(clean(&condition.who)),
            plain(phrase::effort(document, &condition.effort)),
        ]);
    }
    if !grid.is_empty() {
        out.push('\n');
        out.push_str(&grid.render(look));
    }
    let most = if look.full { usize::MAX } else { 2 };
    if table::needs_work(c) && !c.remedies.is_empty() && (look.full || c.verdict.first.is_empty()) {
        let mut grid = Grid::new(look, 2);
        grid.column("REMEDIES", Side::Left, usize::MAX).flexible().column("effort", Side::Left, 8);
        for remedy in c.remedies.iter().take(most) {
            grid.row(vec![plain(sentence(&remedy.text)), plain(phrase::effort(document, &remedy.effort))]);
        }
        out.push('\n');
        out.push_str(&grid.render(look));
    }
    out
}

/// What it changes elsewhere, people, money, trial.
fn effects(document: &Document<'_>, c: &ChannelAssessment, channel: &Channel, look: Look) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    if let Some(changes) = &channel.changes
        && !changes.is_empty()
    {
        let named = |done: bool| -> Vec<String> {
            changes.iter().filter(|x| x.done == done).map(|x| clean(&x.id).replace('_', " ")).collect()
        };
        let (done, open) = (named(true), named(false));
        let text = match (done.is_empty(), open.is_empty()) {
            (_, true) => format!("{}: all planned for", list(&done)),
            (true, false) => format!("{}: not yet planned for", list(&open)),
            (false, false) => format!("{} planned for; not yet: {}", list(&done), list(&open)),
        };
        lines.push(("IT CHANGES ELSEWHERE", text));
    }
    if let Some(effect) = &c.candidate {
        lines.extend(effect_lines(document, effect));
    }
    // Where the trial is the answer, it was just told in full.
    if let Some(trial) = channel.trial.as_ref().filter(|_| c.verdict.call != Call::Pilot) {
        let mut parts = Vec::new();
        if let Some(t) = trial.touchpoint {
            parts.push(clean(&document.inventory().touchpoint(t).id));
        }
        if let Some(weeks) = trial.weeks {
            parts.push(format!("{weeks} weeks"));
        }
        let metric = trial
            .metric
            .as_deref()
            .map_or_else(String::new, |m| format!(" ({})", phrase::lower_first(&title_of(document, m))));
        let mut text = parts.join(", ");
        if let Some(goal) = trial.goal {
            text.push_str(&format!("; goal {}{metric}", percent(goal)));
        }
        if let Some(stop) = trial.stop {
            text.push_str(&format!("; stop under {}", percent(stop)));
        }
        if !text.is_empty() {
            lines.push(("TRIAL", text));
        }
    }
    if c.candidate.is_none()
        && let Ok(staffing) = document.facts.staffing(c.channel)
    {
        let mut text = format!(
            "{} full-time to keep the promise; {}",
            small_range(staffing.served.required_fte),
            people::at_the_desk(document, channel.team, staffing.present),
        );
        let short: Vec<usize> = staffing.served.short.iter().take(3).map(|h| h.hour).collect();
        if !short.is_empty() {
            text.push_str(&format!("; shortest: {}", super::figures::hours(&short)));
        }
        lines.push(("PEOPLE", text));
    }
    if let Some(text) = phrase::overlap(document, c.channel) {
        lines.push(("WHO ELSE DOES IT", text));
    }
    if lines.is_empty() {
        return String::new();
    }
    let mut out = String::from("\n");
    for (title, text) in lines {
        let mut part = prose(&format!("  {title}  "), &text, look);
        if look.color {
            part = part.replacen(title, &look.paint(Tone::Strong, title), 1);
        }
        out.push_str(&part);
    }
    out
}

/// What would turn the verdict.
fn turns(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let most = if look.full { usize::MAX } else { firm::TURNS };
    let all = firm::turns(document, c, most);
    let mut grid = Grid::new(look, 2);
    grid.column("IT TURNS TO", Side::Left, 16).column("if this were so", Side::Left, usize::MAX);
    for (call, text) in all {
        grid.row(vec![(phrase::call_word(document, call), Tone::of(call)), plain(text)]);
    }
    if grid.is_empty() {
        let none = if c.verdict.all_weights_tried {
            "Nothing alone turns it: no other reading, answer or weights."
        } else {
            "No other reading or answer alone turns it; of the weights not all could be tried."
        };
        grid.across(none, Tone::Plain);
    }
    format!("\n{}", grid.render(look))
}

fn effect_lines(document: &Document<'_>, effect: &Effect) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    if let Some(contacts) = effect.contacts {
        let mut text = format!("{} a year", range(contacts));
        let moved: Vec<String> = effect
            .moved
            .iter()
            .map(|(from, n)| format!("{} from {}", range(*n), name(document, *from)))
            .collect();
        if !moved.is_empty() {
            text.push_str(&format!("; moved, not saved: {}", list(&moved)));
        }
        if let Some(new) = effect.new {
            text.push_str(&format!("; new: {}", range(new)));
        }
        lines.push(("CONTACTS", text));
    }
    if let Some(needs) = effect.fte {
        let freed = effect.fte_freed.unwrap_or(Interval::point(0.0));
        let net = needs - freed;
        let spread = match (effect.by_concurrency.first(), effect.by_concurrency.last()) {
            (Some((_, alone)), Some((k, most))) if *k > 1 => format!(
                " (in the busiest hour {} people one talk at a time, {} with {k} at once)",
                small_range(Interval::point(*alone)),
                small_range(Interval::point(*most))
            ),
            _ => String::new(),
        };
        lines.push(("PEOPLE", format!("{}{spread}", more_or_fewer(net))));
    }
    if let Some(text) = people::once_open(document, effect) {
        lines.push(("OTHERS", text));
    }
    let currency = document.inventory().organisation.currency.as_deref().unwrap_or("");
    if let Some(cost) = effect.cost_per_year {
        let budget = document.inventory().organisation.budget_per_year.as_ref();
        let of =
            budget.map_or_else(String::new, |b| format!(", of {} available", super::figures::whole(b.value)));
        let net = effect
            .net_value
            .map_or_else(String::new, |v| format!("; with what it saves elsewhere: {}", saved_or_cost(v)));
        lines.push(("MONEY", format!("costs {} {} a year{of}{net}", range(cost), clean(currency))));
    }
    if !effect.unknown.is_empty() {
        let unknown: Vec<String> = effect.unknown.iter().map(|u| sentence(u)).collect();
        lines.push(("NOT KNOWN OF THIS", unknown.join("; ")));
    }
    lines
}

fn more_or_fewer(net: Interval) -> String {
    let abs = |v: f64| small_range(Interval::point(v.abs()));
    match (net.low < 0.0, net.high < 0.0) {
        (false, false) => format!("{} more full-time", small_range(net)),
        (true, true) => {
            format!("{} fewer full-time", small_range(Interval::new(net.low.abs(), net.high.abs())))
        }
        _ => format!("from {} fewer to {} more full-time", abs(net.low), abs(net.high)),
    }
}

/// A net value: positive is saved, negative is a cost.
pub(super) fn saved_or_cost(net: Interval) -> String {
    match (net.low < 0.0, net.high < 0.0) {
        (false, false) => format!("{} saved", range(net)),
        (true, true) => format!("{} spent", range(Interval::new(net.low.abs(), net.high.abs()))),
        _ => format!(
            "from {} spent to {} saved",
            range(Interval::point(net.low.abs())),
            range(Interval::point(net.high))
        ),
    }
}

fn open_questions(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let mut out = table::ask(document, look, QUESTIONS);
    let unknown: Vec<String> = c
        .criteria
        .iter()
        .flat_map(|s| &s.indicators)
        .filter(|i| matches!(i.reading, Reading::Unknown { .. }))
        .map(|i| title_of(document, &i.id).to_lowercase())
        .collect();
    if !unknown.is_empty() {
        out.push_str(&prose("  We do not know: ", &format!("{}.", unknown.join(", ")), look));
    }
    out
}

fn full(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let mut out = String::from("\n");
    if let Some(rule) = rule(document.criteria(), &c.verdict.words, document.language) {
        out.push_str(&prose("  RULE  ", &rule, look));
    }
    out.push_str(&known(document, c, look));
    for score in &c.criteria {
        out.push('\n');
        out.push_str(&criterion(document, score, look));
    }
    out.push_str(&people::hours(document, c.channel, look));
    out.push_str(&gates(document, c, look));
    out.push_str(&at_touchpoints(document, c, look));
    out.push('\n');
    out.push_str(&prose("  ", &firm::of_all(document, &c.verdict), look));
    let foot = format!(
        "{} of the weight is known. {}. All knots, weights and thresholds are judgement: chanfolio explain ID.",
        percent_down(c.known),
        phrase::upper_first(&as_of(document)),
    );
    out.push_str(&prose("  ", &foot, look));
    out
}

/// What is known, by how it is known, beside what is not, and why.
fn known(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    let readings = || c.criteria.iter().flat_map(|s| &s.indicators);
    let title = |id: &str| phrase::lower_first(&title_of(document, id));
    let of_grade = |wanted: Grade| {
        let of = |i: &&IndicatorScore| i.reading.known().is_some_and(|known| known.grade == wanted);
        let titles: Vec<String> = readings().filter(of).map(|i| title(&i.id)).collect();
        (!titles.is_empty()).then(|| format!("{}: {}", grade(document, wanted), titles.join(", ")))
    };
    let grades =
        [Grade::Measured, Grade::Sampled, Grade::Declared, Grade::Estimated, Grade::Assumed].into_iter();
    let know: Vec<String> = grades.filter_map(of_grade).collect();
    let mut not: Vec<String> = readings()
        .filter_map(|i| match &i.reading {
            Reading::Unknown { because } => Some(format!("{}: {}", title(&i.id), sentence(because))),
            _ => None,
        })
        .collect();
    for gate in c.gates.iter().filter(|g| g.outcome == Outcome::Unknown) {
        let title = document.criteria().gate(&gate.id).map(|g| g.title.get(document.language));
        let title = title.map_or_else(|| clean(&gate.id), phrase::lower_first);
        not.push(format!("{title}: {}", sentence(&gate.because)));
    }
    if not.is_empty() {
        not.push("nothing that counts".to_owned());
    }
    let mut grid = Grid::new(look, 2);
    grid.column("WE KNOW", Side::Left, look.columns().saturating_sub(4) / 2).column(
        "WE DO NOT KNOW",
        Side::Left,
        usize::MAX,
    );
    let list =
        |lines: Vec<String>| lines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n");
    grid.row(vec![plain(list(know)), plain(list(not))]);
    format!("\n{}", grid.render(look))
}

/// Evidence stands in a column if it is at least this wide; else under each indicator.
const EVIDENCE: usize = 24;

fn criterion(document: &Document<'_>, score: &CriterionScore, look: Look) -> String {
    let criterion = document.criteria().criterion(&score.id);
    let title = criterion.map_or_else(|| clean(&score.id), |k| k.title.get(document.language).to_owned());
    let rating = score.score.map_or_else(|| "does not apply".to_owned(), |x| axis(Some(x)));
    let mut out = look.paint(Tone::Strong, &format!("  {} {rating}", title.to_uppercase()));
    out.push_str(&format!("  (weight {})\n", percent(score.weight)));
    let beside = indicators(document, score, true, look);
    let grid = if beside.room(look) >= EVIDENCE { beside } else { indicators(document, score, false, look) };
    out.push_str(&grid.render(look));
    out
}

fn indicators(document: &Document<'_>, score: &CriterionScore, beside: bool, look: Look) -> Grid {
    let mut grid = Grid::new(look, 4);
    grid.column("indicator", Side::Left, 30)
        .column("reading", Side::Left, 16)
        .column("rating", Side::Left, 9)
        .column("weight", Side::Right, 6)
        .column("floor", Side::Right, 5);
    if beside {
        grid.column("evidence", Side::Left, usize::MAX);
    }
    let total: f64 = score.indicators.iter().map(|i| i.weight).sum();
    for i in &score.indicators {
        let indicator = document.criteria().indicator(&i.id).map(|(_, i)| i);
        let failed = i.floor.is_some_and(|floor| i.rating.is_some_and(|r| r.high < floor));
        let floor = i.floor.map_or_else(
            || "-".to_owned(),
            |f| format!("{}{}", super::figures::whole(f), if failed { "!" } else { "" }),
        );
        let mut row = vec![
            plain(title_of(document, &i.id)),
            plain(value(document, indicator, &i.reading)),
            plain(axis(i.rating)),
            plain(if i.weight > 0.0 { percent(i.weight / total) } else { "-".to_owned() }),
            (floor, if failed { Tone::Bad } else { Tone::Plain }),
        ];
        if beside {
            row.push(plain(evidence(document, &i.reading)));
            grid.row(row);
        } else {
            grid.row(row).below(evidence(document, &i.reading));
        }
        if i.touchpoints.len() > 1 {
            let at: Vec<String> = i
                .touchpoints
                .iter()
                .map(|(t, reading, _)| {
                    let moment = clean(&document.inventory().touchpoint(*t).id);
                    format!("{moment} {}", value(document, indicator, reading))
                })
                .collect();
            grid.below(format!("at {}", at.join(", ")));
        }
    }
    grid
}

/// How a reading is known, on how many cases and where from; or why it is not.
fn evidence(document: &Document<'_>, reading: &Reading) -> String {
    match reading {
        Reading::Known(k) => {
            let n = k.n.map_or_else(String::new, |n| {
                format!(", n {}", super::figures::count(i64::try_from(n).unwrap_or(i64::MAX)))
            });
            let grade = grade(document, k.grade);
            let from = short_places(&sentence(&k.from));
            let from = from.strip_prefix(&format!("{grade}, ")).unwrap_or(&from);
            format!("{grade}{n}, {from}")
        }
        Reading::Unknown { because } | Reading::NotApplicable { because } => sentence(because),
    }
}

/// Places in files without their folders: a path breaks badly in a narrow column.
fn short_places(text: &str) -> String {
    let short = |word: &str| match word.rsplit_once('/') {
        Some((_, file)) if file.contains(':') => file.to_owned(),
        _ => word.to_owned(),
    };
    text.split(' ').map(short).collect::<Vec<_>>().join(" ")
}

fn gates(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    if c.gates.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(look, 2);
    grid.column("GATES", Side::Left, 26).column("", Side::Left, 14).column("because", Side::Left, usize::MAX);
    for g in &c.gates {
        let (id, tone) = match g.outcome {
            Outcome::Pass => ("outcome-pass", Tone::Good),
            Outcome::Fail => ("outcome-fail", Tone::Bad),
            Outcome::Unknown => ("outcome-unknown", Tone::Attention),
            Outcome::NotApplicable => ("grade-not-applicable", Tone::Faint),
        };
        let mut because = sentence(&g.because);
        if let Some(remedy) = &g.remedy {
            because.push_str(&format!(" → {}", sentence(remedy)));
        }
        let title = document
            .criteria()
            .gate(&g.id)
            .map_or_else(|| clean(&g.id), |gate| gate.title.get(document.language).to_owned());
        grid.row(vec![
            plain(title),
            (document.criteria().verdicts.word(id, document.language).to_owned(), tone),
            plain(because),
        ]);
    }
    format!("\n{}", grid.render(look))
}

fn at_touchpoints(document: &Document<'_>, c: &ChannelAssessment, look: Look) -> String {
    if c.touchpoints.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(look, 2);
    grid.column("AT EACH MOMENT", Side::Left, 20)
        .column("have it?", Side::Left, 9)
        .column("works?", Side::Left, 9)
        .column("do", Side::Left, 8)
        .column("because", Side::Left, usize::MAX);
    for t in &c.touchpoints {
        grid.row(vec![
            plain(clean(&document.inventory().touchpoint(t.touchpoint).id)),
            plain(axis(t.worth)),
            plain(axis(t.delivery)),
            (phrase::call_word(document, t.call), Tone::of(t.call)),
            plain(sentence(&t.because)),
        ]);
    }
    format!("\n{}", grid.render(look))
}
