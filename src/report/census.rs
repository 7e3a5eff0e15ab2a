//! The census on a screen: which channels there are, when, why, how much, and in which role. Figures
//! only; nothing is judged here.

use super::figures::{DAYS, count, day, percent, range, seconds, small_range};
use super::grid::{self, Grid, Side, plain, prose};
use super::phrase::{completeness, name, sentence, several, share};
use super::style::{Look, Tone};
use super::{Document, heat, journeys, v1};
use crate::criteria::kind::Unit;
use crate::measure::counted::{Counted, CountedChannel};
use crate::text::{clean, clean_json};

/// Reasons shown without `-v`.
const REASONS: usize = 8;
/// Labels and values shown without `-v`.
const LABELS: usize = 5;

/// The census part of the JSON.
///
/// # Errors
/// It cannot be serialised.
pub fn json(document: &Document<'_>, counted: &Counted) -> anyhow::Result<String> {
    let mut text = serde_json::to_string_pretty(&v1::census(document, counted))?;
    text.push('\n');
    Ok(clean_json(text))
}

/// The census screen.
#[must_use]
pub fn screen(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut out = grid::title(&title(document, counted), look);
    if let Some(text) = completeness(document) {
        out.push_str(&prose("", &text, look));
    }
    out.push('\n');
    out.push_str(&how_much(document, counted, look));
    out.push_str(&when(counted, look));
    out.push_str(&why(counted, look));
    out.push_str(&service(document, counted, look));
    out.push_str(&costs(document, counted, look));
    out.push_str(&roles(document, counted, look));
    out.push_str(&apart(counted, look));
    out
}

pub(super) fn title(document: &Document<'_>, counted: &Counted) -> String {
    format!(
        "{} · census · {} to {} ({} days, {}) · {} contacts",
        clean(&document.inventory().organisation.name),
        day(counted.from),
        day(counted.to),
        count(counted.days),
        clean(&counted.zone),
        count(counted.contacts)
    )
}

fn heading(look: Look, text: &str) -> String {
    format!("{}\n", look.paint(Tone::Strong, text))
}

fn how_much(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut channels: Vec<&CountedChannel> = counted.channels.iter().collect();
    channels.sort_by(|a, b| a.unit.cmp(&b.unit).then(b.contacts.cmp(&a.contacts)));
    let mut grid = Grid::new(look, 0);
    grid.column("HOW MUCH", Side::Left, look.names())
        .column("CONTACTS", Side::Right, 14)
        .column("share", Side::Right, 5)
        .column("known by id", Side::Right, 11)
        .column("customers", Side::Right, 15)
        .column("trend over a year", Side::Left, usize::MAX);
    let mut unit = Unit::Contact;
    for c in channels {
        if c.unit != unit {
            unit = c.unit;
            grid.across(format!(" counted apart: {}s, never added to contacts", v1::unit(unit)), Tone::Faint);
        }
        let trend = match &c.trend {
            Ok(change) if change.abs() < 0.005 => "about the same".to_owned(),
            Ok(change) if change.is_finite() => {
                let sign = if *change > 0.0 { "+" } else { "" };
                format!("{sign}{}", percent(*change))
            }
            Ok(_) => "not known".to_owned(),
            Err(why) => sentence(why),
        };
        grid.row(vec![
            plain(name(document, c.channel)),
            plain(count(c.contacts)),
            plain(c.share.map(percent).unwrap_or_default()),
            plain(c.identified.map_or_else(|| "not known".to_owned(), percent)),
            plain(c.customers.map_or_else(|| "not known".to_owned(), range)),
            plain(trend),
        ]);
    }
    let mut out = grid.render(look);
    if !counted.silent.is_empty() {
        let silent: Vec<String> = counted.silent.iter().map(|c| name(document, *c)).collect();
        out.push_str(&prose("  Active, yet in no log: ", &silent.join(", "), look));
    }
    out
}

/// Contacts by hour of the week as shades; the busiest hour is the darkest.
fn when(counted: &Counted, look: Look) -> String {
    let mut out = format!("\n{}", heading(look, "WHEN (contacts by hour of the week)"));
    let Some(week) = &counted.hours else {
        out.push_str("  No row has a time of day: dates alone tell no hours.\n");
        return out;
    };
    let most = week.iter().copied().max().unwrap_or(0).max(1);
    let total: i64 = week.iter().fold(0_i64, |sum, n| sum.saturating_add(*n));
    // Two characters for an hour, and a space between hours where the width allows.
    let step = if look.is_narrow() { 2 } else { 3 };
    let mut ruler = String::from("     ");
    for hour in (0..24).step_by(if step == 2 { 3 } else { 1 }) {
        let room = if step == 2 { 6 } else { 3 };
        ruler.push_str(&format!("{hour:<room$}"));
    }
    out.push_str(&format!("{}\n", ruler.trim_end()));
    for (d, name) in DAYS.iter().enumerate() {
        let hours = week.get(d * 24..(d + 1) * 24).unwrap_or_default();
        let cells: String = hours
            .iter()
            .map(|n| {
                #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
                let mark = heat::shade(*n as f64 / most as f64);
                format!("{:<step$}", String::from_iter([mark, mark]))
            })
            .collect();
        let sum: i64 = hours.iter().fold(0_i64, |sum, n| sum.saturating_add(*n));
        #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        let part = if total > 0 { sum as f64 / total as f64 } else { 0.0 };
        out.push_str(&format!("  {name} {cells} {}\n", percent(part)));
    }
    let busiest = week.iter().enumerate().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(&a.0)));
    if let Some((hour, n)) = busiest.filter(|(_, n)| **n > 0) {
        let text = format!(
            "Busiest: {} with {} contacts in the period. Shades: . up to a quarter of that, : half, o three \
             quarters, # more.",
            super::figures::hours(&[hour]),
            count(*n)
        );
        out.push_str(&prose("  ", &text, look));
    }
    out
}

fn why(counted: &Counted, look: Look) -> String {
    let mut out = format!("\n{}", heading(look, "WHY (reasons noted, unit contact)"));
    let noted = counted.reasons.iter().any(|(reason, _)| !reason.is_empty());
    if !noted {
        out.push_str("  No log notes a reason.\n");
        return out;
    }
    let most = if look.full { usize::MAX } else { REASONS };
    let all: i64 = counted.reasons.iter().fold(0_i64, |sum, (_, n)| sum.saturating_add(*n)).max(1);
    let mut grid = Grid::new(look, 2);
    grid.column("", Side::Left, 40).column("", Side::Right, 12).column("", Side::Right, 5);
    for (reason, n) in counted.reasons.iter().take(most) {
        let label = if reason.is_empty() { "(not noted)".to_owned() } else { clean(reason) };
        #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
        grid.row(vec![plain(label), plain(count(*n)), plain(percent(*n as f64 / all as f64))]);
    }
    if counted.reasons.len() > most {
        grid.across(
            format!("and {} (with -v)", several(counted.reasons.len() - most, "more reason")),
            Tone::Faint,
        );
    }
    out.push_str(&grid.render(look));
    out
}

fn service(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut grid = Grid::new(look, 0);
    grid.column("HOW WELL", Side::Left, look.names())
        .column("in time", Side::Left, 14)
        .column("wait", Side::Right, 7)
        .column("handling", Side::Right, 8)
        .column("1 contact", Side::Right, 9)
        .column("ends well", Side::Right, 9)
        .column("elsewhere", Side::Right, 9)
        .column("satisfied", Side::Right, 9);
    let time = |s: Option<f64>| s.map_or_else(|| "-".to_owned(), seconds);
    for c in counted
        .channels
        .iter()
        .filter(|c| c.unit == Unit::Contact || c.one_contact_resolution.known().is_some())
    {
        let level = match &c.service_level {
            Some((within, reading)) => format!("{} in {}", share(reading), seconds(*within)),
            None => "no promise".to_owned(),
        };
        grid.row(vec![
            plain(name(document, c.channel)),
            plain(level),
            plain(time(c.mean_wait_s)),
            plain(time(c.mean_handle_s)),
            plain(share(&c.one_contact_resolution)),
            plain(share(&c.ends_well)),
            plain(share(&c.switch_rate)),
            plain(share(&c.satisfaction)),
        ]);
    }
    if grid.is_empty() {
        return String::new();
    }
    let legend = "in time: answered within the promise of all who asked (strict). 1 contact: of those that could be \
                  followed, nobody came back and nothing was left open. elsewhere: came back in another channel. Means, over the whole period.";
    format!("\n{}{}", grid.render(look), prose("  ", legend, look))
}

/// Turns shown without `-v`.
const TURNS: usize = 3;

fn costs(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let known = |c: &&CountedChannel| c.cost_per_contact.is_some() || c.cost_per_resolution.is_some();
    let mut channels: Vec<&CountedChannel> = counted.channels.iter().filter(known).collect();
    if channels.is_empty() {
        return String::new();
    }
    let middle = |x: Option<crate::quantity::Interval>| x.map_or(f64::INFINITY, |x| x.middle());
    channels.sort_by(|a, b| middle(a.cost_per_resolution).total_cmp(&middle(b.cost_per_resolution)));
    let mut grid = Grid::new(look, 0);
    grid.column("WHAT IT COSTS", Side::Left, look.names()).column("a contact", Side::Right, 14).column(
        "a resolution",
        Side::Right,
        14,
    );
    let money = |x: Option<crate::quantity::Interval>| x.map_or_else(|| "not known".to_owned(), small_range);
    for c in channels {
        grid.row(vec![
            plain(name(document, c.channel)),
            plain(money(c.cost_per_contact)),
            plain(money(c.cost_per_resolution)),
        ]);
    }
    let currency = document.inventory().organisation.currency.as_deref().map_or_else(String::new, clean);
    let legend = format!(
        "{currency}. a resolution: all contacts of the journeys that begin here, wherever they go on, over those that end \
         resolved."
    );
    let mut out = format!("\n{}{}", grid.render(look), prose("  ", legend.trim_start_matches(". "), look));
    let most = if look.full { usize::MAX } else { TURNS };
    for turn in counted.cost_turns.iter().take(most) {
        let (cheap, dear) = (name(document, turn.by_contact), name(document, turn.by_resolution));
        let text = format!(
            "{cheap} is cheaper than {dear} by the contact and dearer by the resolution: judge by the latter."
        );
        out.push_str(&prose("  ! ", &sentence(&text), look));
    }
    if counted.cost_turns.len() > most {
        let text = format!("and {} (with -v)", several(counted.cost_turns.len() - most, "more such pair"));
        out.push_str(&prose("  ! ", &text, look));
    }
    out
}

fn roles(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut out = format!("\n{}", heading(look, "WHICH ROLE"));
    let Some(text) = journeys::in_words(counted) else {
        out.push_str(&prose("  ", journeys::none(counted), look));
        return out;
    };
    let text = format!("{text} Shown, not scored: hard cases go to people.");
    out.push_str(&prose("  ", &text, look));
    let mut said = false;
    for c in &counted.channels {
        let Some(role) = &c.role else { continue };
        let shares = role.shares.as_ref().ok();
        said |= shares.is_some_and(|shares| !shares.words.is_empty());
        let words: Vec<String> = shares
            .map_or(&[][..], |shares| &shares.words)
            .iter()
            .map(|w| {
                let id = format!("role-{w}");
                let word = document.criteria().verdicts.word(&id, document.language);
                if word == id { clean(w) } else { word.to_owned() }
            })
            .collect();
        let words = if words.is_empty() { String::new() } else { format!("({}) ", words.join(", ")) };
        let text = format!("{words}{}", sentence(&role.sentence));
        out.push_str(&prose(&format!("  {}: ", name(document, c.channel)), &text, look));
    }
    if said {
        let n = |name| document.criteria().verdicts.number(name);
        let legend = format!(
            "door: begins {} times as many journeys as it resolves, or more. resolver: resolves {} times as many as it \
             begins. bridge: {} of its visits or more go on elsewhere. leak: {} end unresolved. self-contained: {} end \
             with one contact.",
            small(n("door")),
            small(n("resolver")),
            percent(n("bridge")),
            percent(n("leak")),
            percent(n("self_contained")),
        );
        out.push_str(&prose("  ", &legend, look));
    }
    out
}

/// `1.5`.
fn small(n: f64) -> String {
    small_range(crate::quantity::Interval::point(n))
}

/// Rows that are in no figure above, and what a reader must know.
fn apart(counted: &Counted, look: Look) -> String {
    let mut lines: Vec<(&str, String)> = Vec::new();
    let most = if look.full { usize::MAX } else { LABELS };
    let few = |items: Vec<String>| -> String {
        let more = items.len().saturating_sub(most);
        let mut text = items.into_iter().take(most).collect::<Vec<_>>().join(", ");
        if more > 0 {
            text.push_str(&format!(" and {more} more (with -v)"));
        }
        text
    };
    lines.push(("Rows", format!("{} read", count(counted.read))));
    if counted.rejected > 0 {
        let causes: Vec<String> = counted
            .rejected_causes
            .iter()
            .map(|(cause, n)| format!("{} {}", clean(cause), count(*n)))
            .collect();
        lines.push(("Rejected", format!("{}: {}", count(counted.rejected), few(causes))));
    }
    if !counted.unlisted.is_empty() {
        let labels =
            counted.unlisted.iter().map(|(l, n)| format!("\"{}\" {}", clean(l), count(*n))).collect();
        lines.push(("Unlisted labels", few(labels)));
    }
    if counted.ignored > 0 {
        let values = counted
            .ignored_values
            .iter()
            .map(|(column, v, n)| format!("{} \"{}\" {}", clean(column), clean(v), count(*n)))
            .collect();
        lines.push(("Ignored as you said", format!("{}: {}", count(counted.ignored), few(values))));
    }
    if counted.duplicate > 0 {
        lines.push((
            "Duplicates",
            format!("{} rows of contacts that were there already", count(counted.duplicate)),
        ));
    }
    let mut out = format!("\n{}", heading(look, "THE ROWS"));
    for (title, text) in lines {
        out.push_str(&prose(&format!("  {title}: "), &text, look));
    }
    for note in &counted.notes {
        out.push_str(&prose("  - ", &sentence(note), look));
    }
    out
}
