//! The portfolio on one screen: the answer, the channels, the moments, what to do, what to ask.

use super::figures::percent;
use super::grid::{self, Grid, Side, Text, plain, prose};
use super::phrase::{
    self, as_of, axis, because, call_short, completeness, findings, in_one_sentence, moment_word, name,
    sentence, title, unlisted, volume,
};
use super::style::{Look, Tone};
use super::{Document, firm, handovers, map, people, plan, plot, v1};
use crate::assess::{Call, ChannelAssessment};
use crate::text::clean;
use crate::text::diagnostic::Severity;

/// From here on the ratings of the criteria stand in the table; below it, only on the full card.
const WITH_RATINGS: usize = 110;
/// Reasons stand in a column if it is at least this wide; else under each channel. Beside ratings, whose
/// rows are long to follow, it takes more.
const REASONS: (usize, usize) = (22, 40);
/// Widest name of a channel where the ratings stand close together.
const CLOSE_NAMES: usize = 12;
/// How many findings the screen shows without `-v`.
const FINDINGS: usize = 4;
/// How many questions.
const QUESTIONS: usize = 4;
/// … with `-v`, and in the JSON for the whole portfolio.
pub(super) const ASKED: usize = 10;

/// The portfolio.
pub(super) fn screen(document: &Document<'_>, look: Look) -> String {
    let mut out = head(document, look);
    out.push('\n');
    out.push_str(&portfolio(document, look));
    if look.full {
        out.push_str(&plot::plot(document, look));
    }
    out.push_str(&moments(document, look));
    out.push_str(&handovers::table(document, look));
    if look.full && !document.inventory().touchpoints.is_empty() {
        out.push('\n');
        out.push_str(&map::heat(document, look));
    }
    if look.full {
        out.push_str(&people::teams(document, look));
    }
    out.push_str(&plan::table(document, look));
    out.push_str(&odd(document, look, FINDINGS));
    out.push_str(&ask(document, look, QUESTIONS));
    out.push_str(&foot(document, look));
    out
}

/// Who, when, how well known, and the answer.
pub(super) fn head(document: &Document<'_>, look: Look) -> String {
    let mut out = grid::title(&title(document), look);
    let mut known: Vec<String> = Vec::new();
    known.extend(completeness(document));
    known.extend(unlisted(document));
    known.push(format!("{}.", phrase::upper_first(&as_of(document))));
    out.push_str(&prose("", &known.join(" "), look));
    out.push('\n');
    out.push_str(&prose("  In one sentence: ", &in_one_sentence(document), look));
    out
}

/// The portfolio in the first layout for which there is room: with ratings from a certain width on,
/// the reasons beside them or, failing that, below each channel.
fn portfolio(document: &Document<'_>, look: Look) -> String {
    let with = |ratings, beside| portfolio_grid(document, look, ratings, beside);
    if look.columns() >= WITH_RATINGS {
        let beside = with(true, true);
        let chosen = if beside.room(look) >= REASONS.1 { beside } else { with(true, false) };
        if chosen.fits(look) || chosen.room(look) >= REASONS.1 {
            return chosen.render(look) + "  < the weakest of the five fit ratings   ? not known\n";
        }
    }
    let beside = with(false, true);
    if beside.room(look) >= REASONS.0 { beside.render(look) } else { with(false, false).render(look) }
}

fn portfolio_grid(document: &Document<'_>, look: Look, ratings: bool, beside: bool) -> Grid {
    let word = |id| document.criteria().verdicts.word(id, document.language).to_owned();
    // Where columns stand close, the share of each channel is left out: the contacts tell it.
    let shares = !look.is_narrow();
    let mut grid = Grid::new(look, 0);
    let close = ratings && !beside;
    if close {
        grid.close();
    }
    grid.column("CHANNEL", Side::Left, if close { CLOSE_NAMES } else { look.names() }).column(
        "CONTACTS",
        Side::Right,
        16,
    );
    if shares {
        grid.column("", Side::Right, 4);
    }
    grid.column(word("axis-worth-short"), Side::Left, 9).column(word("axis-delivery-short"), Side::Left, 9);
    if ratings {
        for c in &document.criteria().criteria {
            let title = c.title.get(document.language).to_uppercase();
            grid.column(if beside { title } else { short_title(&title) }, Side::Left, 12);
        }
    }
    grid.column("DO", Side::Left, 16);
    if beside {
        grid.column("BECAUSE", Side::Left, usize::MAX);
    }
    let order = phrase::order(document);
    let groups = [
        ("", &order.contacts),
        ("counted apart (sessions, views and messages, never added to contacts)", &order.apart),
        ("candidates and trials (contacts a year as expected)", &order.proposed),
    ];
    for (heading, channels) in groups {
        if !heading.is_empty() && !channels.is_empty() {
            grid.across(format!(" {heading}"), Tone::Faint);
        }
        for c in channels {
            grid.row(row(document, c, [shares, ratings, beside]));
            if !beside {
                grid.below(because(document, &c.verdict));
            }
        }
    }
    grid
}

/// The first letters of a criterion's name: enough to tell them apart beside each other.
fn short_title(title: &str) -> String {
    if title.chars().count() <= 8 { title.to_owned() } else { title.chars().take(5).chain(['.']).collect() }
}

/// One channel; which of share, ratings and reason stand in its row is told by the flags.
fn row(document: &Document<'_>, c: &ChannelAssessment, [shares, ratings, beside]: [bool; 3]) -> Vec<Text> {
    let mut row = vec![plain(name(document, c.channel)), plain(volume(document, c.channel))];
    if shares {
        let share = phrase::counted(document, c.channel).and_then(|n| n.share);
        row.push(plain(share.map(percent).unwrap_or_default()));
    }
    row.extend([plain(axis(c.worth)), plain(axis(c.delivery))]);
    if ratings {
        let weakest = v1::weakest(c).map(|s| s.id.as_str());
        for criterion in &document.criteria().criteria {
            let score = c.criteria.iter().find(|s| s.id == criterion.id).and_then(|s| s.score);
            let text = match score {
                Some(x) if !phrase::tells(Some(x)) => "?".to_owned(),
                other => axis(other),
            };
            let is_weakest = weakest == Some(criterion.id.as_str());
            let mark = if is_weakest { "<" } else { "" };
            row.push((format!("{text}{mark}"), if is_weakest { Tone::Strong } else { Tone::Plain }));
        }
    }
    row.push((call_short(document, &c.verdict), Tone::of(c.verdict.call)));
    if beside {
        row.push(plain(because(document, &c.verdict)));
    }
    row
}

fn moments(document: &Document<'_>, look: Look) -> String {
    if document.assessment.touchpoints.is_empty() {
        return String::new();
    }
    let mut grid = Grid::new(look, 0);
    grid.column("MOMENTS", Side::Left, look.names() + 2)
        .column("importance", Side::Right, 10)
        .column("contacts", Side::Right, 10)
        .column("end well", Side::Right, 9)
        .column("word", Side::Left, 12)
        .column("what is missing", Side::Left, usize::MAX);
    let everywhere = missing_everywhere(document);
    for m in &document.assessment.touchpoints {
        let touchpoint = document.inventory().touchpoint(m.touchpoint);
        let here: Vec<&str> =
            m.missing.iter().map(String::as_str).filter(|line| !everywhere.contains(line)).collect();
        let missing = if here.is_empty() { "-".to_owned() } else { sentence(&here.join("; ")) };
        let tone = match m.word {
            "critical" => Tone::Bad,
            "unknown" => Tone::Plain,
            _ => Tone::Good,
        };
        grid.row(vec![
            plain(clean(&touchpoint.id)),
            plain(touchpoint.importance.map_or_else(|| "not known".to_owned(), super::figures::whole)),
            plain(m.contacts.map_or_else(|| "-".to_owned(), super::figures::count)),
            plain(phrase::share(&m.ends_well)),
            (moment_word(document, m.word), tone),
            plain(missing),
        ]);
    }
    if let Some(crowded) = crowded_means(document) {
        grid.across(crowded, Tone::Faint);
    }
    if !everywhere.is_empty() {
        grid.across(format!("at every moment: {}", sentence(&everywhere.join("; "))), Tone::Plain);
    }
    format!("\n{}", grid.render(look))
}

/// What `crowded` means, where it is said.
pub(super) fn crowded_means(document: &Document<'_>) -> Option<String> {
    let said =
        document.assessment.touchpoints.iter().flat_map(|m| &m.missing).any(|l| l.starts_with("crowded"));
    let least = document.criteria().verdicts.number("crowding_share");
    said.then(|| format!("crowded: channels with under {} of the moment's contacts each", percent(least)))
}

/// What is missing at every moment alike is said once, below them.
pub(super) fn missing_everywhere<'a>(document: &Document<'a>) -> Vec<&'a str> {
    match document.assessment.touchpoints.as_slice() {
        [first, second, rest @ ..] => first
            .missing
            .iter()
            .filter(|line| second.missing.contains(line) && rest.iter().all(|m| m.missing.contains(line)))
            .map(String::as_str)
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a verdict asks somebody to do something.
pub(super) fn needs_work(c: &ChannelAssessment) -> bool {
    !matches!(c.verdict.call, Call::Keep | Call::Reject | Call::Ask)
}

/// What is odd.
pub(super) fn odd(document: &Document<'_>, look: Look, most: usize) -> String {
    let findings = findings(document);
    let mut grid = Grid::new(look, 0);
    grid.column("FINDINGS", Side::Left, 8).column("", Side::Left, usize::MAX);
    let most = if look.full { usize::MAX } else { most };
    for f in findings.iter().take(most) {
        let tone = match f.severity {
            Severity::Error => Tone::Bad,
            Severity::Warning => Tone::Attention,
            Severity::Note => Tone::Plain,
        };
        let mut text = sentence(&f.message);
        if look.full {
            text.push_str(&format!(" ({}, {})", clean(&f.code), clean(&f.at.to_string())));
        }
        grid.row(vec![(f.severity.word().to_owned(), tone), plain(text)]);
    }
    if findings.len() > most {
        grid.across(format!("and {} more (with -v)", findings.len() - most), Tone::Faint);
    }
    if grid.is_empty() { String::new() } else { format!("\n{}", grid.render(look)) }
}

/// What to ask.
pub(super) fn ask(document: &Document<'_>, look: Look, most: usize) -> String {
    let asks = phrase::asks(document, if look.full { ASKED } else { most });
    let mut grid = Grid::new(look, 0);
    grid.column("ASK NEXT", Side::Left, usize::MAX).flexible().column("effort", Side::Left, 8);
    for (i, ask) in asks.iter().enumerate() {
        let how = if look.full && !ask.0.find_out.is_empty() {
            format!(" {}", sentence(&ask.0.find_out))
        } else {
            String::new()
        };
        let text = format!("{} {}{how}", i + 1, phrase::question(document, ask));
        grid.row(vec![plain(text), plain(phrase::effort(document, &ask.0.effort))]);
    }
    if grid.is_empty() { String::new() } else { format!("\n{}", grid.render(look)) }
}

fn foot(document: &Document<'_>, look: Look) -> String {
    let mut out = String::from("\n");
    if let Some(weights) = phrase::weights(document) {
        out.push_str(&prose("Weights: ", &weights, look));
    }
    let firm = [firm::portfolio(document), firm::stakeholders(document), phrase::hang_on_window(document)];
    for text in firm.into_iter().flatten() {
        out.push_str(&prose("", &text, look));
    }
    let more = if look.full {
        ""
    } else {
        "A plot of worth against delivery, a map of where the contacts of each moment go, and every finding: -v. "
    };
    let text = format!(
        "{more}Capability and fit of one channel: name it after the inventory. All thresholds are judgement: \
         chanfolio explain ID."
    );
    out.push_str(&prose("", &text, look));
    out
}
