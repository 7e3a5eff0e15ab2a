//! People on the screens: the week of a channel hour by hour, teams and their partners, and what a
//! candidate does to the others.

use super::Document;
use super::figures::{day, hours as of_week, list, percent_range, range, seconds, small_range, whole};
use super::grid::{Grid, Side, plain, prose};
use super::phrase::name;
use super::style::{Look, Tone};
use crate::criteria::kind::Staffing as Way;
use crate::inventory::{ChannelIx, TeamIx};
use crate::measure::Effect;
use crate::measure::hours::{Hour, Hours};
use crate::measure::teams::{Partner, TeamFacts};
use crate::quantity::Interval;
use crate::text::clean;

/// The worst hours, as many as the method names.
pub(super) fn worst<'h>(document: &Document<'_>, hours: &'h Hours) -> Vec<&'h Hour> {
    let most = document.criteria().defaults.number("worst_hours");
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 168")]
    hours.worst(most as usize)
}

/// `24 people under contract, about 10 at the desk`.
pub(super) fn at_the_desk(document: &Document<'_>, team: Option<TeamIx>, present: Interval) -> String {
    let heads = team.and_then(|ix| document.inventory().teams.get(ix.0)?.people.as_ref());
    let about = format!("about {} at the desk", small_range(present));
    match heads {
        Some(heads) => format!("{} under contract, {about}", people(&range(heads.value))),
        None => about,
    }
}

fn people(n: &str) -> String {
    if n == "1" { "1 person".to_owned() } else { format!("{n} people") }
}

/// The worst hours of a channel's week, as measured where it was, else by the model.
pub(super) fn hours(document: &Document<'_>, ix: ChannelIx, look: Look) -> String {
    let Some(hours) = document.facts.hours(ix) else { return String::new() };
    let worst = worst(document, &hours);
    if hours.list.iter().all(|h| h.expected.is_none()) {
        // Work that may wait is late or not: no hour of its own is to blame.
        return String::new();
    }
    let mut out = String::new();
    if !worst.is_empty() {
        out.push('\n');
        out.push_str(&table(document, ix, &worst, look));
    }
    let closed = hours.closed.middle();
    if closed > 0.0 && hours.contacts > 0.0 {
        let share = super::figures::percent((closed / hours.contacts).min(1.0));
        let text = format!(
            "{share} of its contacts ({} a week) come while it is closed.",
            small_range(hours.closed)
        );
        out.push_str(&prose("  ", &text, look));
    }
    out
}

fn table(document: &Document<'_>, ix: ChannelIx, worst: &[&Hour], look: Look) -> String {
    let text = document.inventory().channel(ix).kind.staffing == Way::Concurrent;
    let few = document.criteria().defaults.number("few_people");
    let mut grid = Grid::new(look, 2);
    let bad = worst.iter().any(|h| h.bad_week.is_some());
    let measured = worst.iter().any(|h| h.measured.is_some());
    grid.column("WORST HOURS", Side::Left, 14)
        .column("contacts", Side::Right, 9)
        .column("needed", Side::Right, 7)
        .column("there", Side::Right, 9)
        .column("they would serve", Side::Left, 26);
    if measured {
        grid.column("measured", Side::Left, usize::MAX);
    }
    for h in worst {
        // Beside the mean, in brackets, the bad week.
        let beside = |mean: String, bad: Option<f64>| match bad {
            Some(bad) => format!("{mean} ({})", whole(bad)),
            None => mean,
        };
        let mut row = vec![
            plain(of_week(&[h.hour])),
            plain(beside(small_range(h.contacts), h.bad_week.map(|week| week.contacts))),
            plain(beside(range(h.required), h.bad_week.and_then(|week| week.required))),
            plain(small_range(h.present)),
            plain(would_serve(h, few, text)),
        ];
        if measured {
            row.push(plain(was_measured(h)));
        }
        grid.row(row);
    }
    let mut out = grid.render(look);
    let mut notes = vec!["contacts in the mean of the weeks".to_owned()];
    if bad {
        notes.push("in brackets in a bad week, one of ten".to_owned());
    }
    notes.push("there: people left for this channel".to_owned());
    if let Some(patience_s) = document.facts.staffing(ix).ok().and_then(|s| s.patience_s) {
        let (low, high) = (seconds(patience_s.low), seconds(patience_s.high));
        let after = if low == high { low } else { format!("{low} to {high}") };
        notes.push(format!("callers give up after {after} on average"));
    }
    out.push_str(&look.paint(Tone::Faint, &prose("  ", &notes.join("; "), look)));
    out
}

/// What the people there would give; no percentages for a handful. One who writes can hold several talks.
fn would_serve(h: &Hour, few: f64, text: bool) -> String {
    if h.present.high <= 0.0 {
        return "nobody is left".to_owned();
    }
    if h.present.high < 2.0 - 1e-9 {
        return if text { "one person alone" } else { "alone: a second is lost" }.to_owned();
    }
    if h.present.high < few {
        let most = whole(h.present.high);
        return if text { format!("{most} at most") } else { format!("{most} at most: a third waits") };
    }
    let Some(expected) = &h.expected else { return "-".to_owned() };
    let lost = expected.lost.map_or_else(String::new, |lost| format!(", {} lost", percent_range(lost)));
    format!("{}{lost}", percent_range(expected.strict))
}

fn was_measured(h: &Hour) -> String {
    let Some(measured) = &h.measured else { return "-".to_owned() };
    let percent = super::figures::percent;
    let lost = measured.lost.map_or_else(String::new, |(lost, _)| format!(", {} lost", percent(lost)));
    let wait = h.measured_wait_s.map_or_else(String::new, |s| format!(", {} wait", seconds(s)));
    format!("{}{lost}{wait}", percent(measured.strict.0))
}

/// The teams: who is there, what breaks first, what a partner has agreed to.
pub(super) fn teams(document: &Document<'_>, look: Look) -> String {
    let teams = document.facts.teams();
    let mut grid = Grid::new(look, 0);
    grid.column("TEAMS", Side::Left, look.names()).column("people", Side::Left, 30).column(
        "first to break",
        Side::Left,
        usize::MAX,
    );
    for it in &teams {
        let team = &document.inventory().teams[it.team.0];
        let there = match (it.present, &team.people) {
            (Some(present), _) => at_the_desk(document, Some(it.team), present),
            (None, Some(heads)) => format!("{} under contract", people(&range(heads.value))),
            (None, None) if team.partner => "a partner".to_owned(),
            (None, None) => "not known".to_owned(),
        };
        grid.row(vec![plain(clean(&team.id)), plain(there), plain(breaks(document, it))]);
    }
    if grid.is_empty() { String::new() } else { format!("\n{}", grid.render(look)) }
}

fn breaks(document: &Document<'_>, it: &TeamFacts) -> String {
    let mut parts = Vec::new();
    if let Some(first) = it.breaks {
        parts.push(format!(
            "{} {}: {} needed, {} there",
            name(document, first.channel),
            of_week(&[first.hour]),
            small_range(Interval::point(first.required)),
            small_range(first.present)
        ));
    }
    if !it.alone.is_empty() {
        parts.push(format!("alone at times {}: a second customer waits or is lost", of_week(&it.alone)));
    }
    parts.extend(it.partner.map(|partner| agreed(document, &partner)).filter(|text| !text.is_empty()));
    if parts.is_empty() { "-".to_owned() } else { parts.join("; ") }
}

/// What a partner has agreed to, beside its busiest hour.
fn agreed(document: &Document<'_>, partner: &Partner) -> String {
    let mut parts = Vec::new();
    match (partner.capacity_per_hour, partner.busiest) {
        (Some(capacity), Some((hour, contacts))) => parts.push(format!(
            "takes {} contacts an hour, {} come {}",
            whole(capacity),
            range(contacts),
            of_week(&[hour])
        )),
        (Some(capacity), None) => parts.push(format!("takes {} contacts an hour", whole(capacity))),
        (None, _) => {}
    }
    if let Some(price) = partner.price_per_contact {
        let currency = document.inventory().organisation.currency.as_deref().unwrap_or("");
        parts.push(format!("{price:.2} {} each", clean(currency)));
    }
    parts.extend(partner.until.map(|until| format!("until {}", day(until))));
    parts.join(", ")
}

/// What opening a candidate does to the channels of the teams that it touches.
pub(super) fn once_open(document: &Document<'_>, effect: &Effect) -> Option<String> {
    /// A smaller change is none.
    const LEAST: f64 = 0.005;
    let changed: Vec<String> = effect
        .covered
        .iter()
        .filter(|(_, before, after)| {
            (before.low - after.low).abs() >= LEAST || (before.high - after.high).abs() >= LEAST
        })
        .map(|(ix, before, after)| {
            format!(
                "{} (now {}) of the demand of {}",
                percent_range(*after),
                percent_range(*before),
                name(document, *ix)
            )
        })
        .collect();
    match (effect.covered.is_empty(), changed.is_empty()) {
        (true, _) => None,
        (false, true) => Some("the people of the teams it touches suffice for as much as today".to_owned()),
        (false, false) => Some(format!("people then suffice for {}", list(&changed))),
    }
}
