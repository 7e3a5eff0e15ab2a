//! The screen of an organisation without logs: fifteen minutes of inventory and what follows from it.
//! Unknown is a list of questions here, never a row of bars from 0 to 100.

use super::figures::{hours, list, percent, range, small_range};
use super::grid::{self, Grid, Side, Text, plain, prose};
use super::phrase::{self, because, call_short, expected, name, tells};
use super::style::{Look, Tone};
use super::{Document, map, table};
use crate::assess::ChannelAssessment;
use crate::inventory::{ChannelIx, Protected, Status};
use crate::measure::Staffing;
use crate::quantity::Interval;
use crate::text::clean;

/// Questions worth asking.
const QUESTIONS: usize = 3;
/// Conditions named for a candidate without `-v`.
const CONDITIONS: usize = 3;

/// The screen.
pub(super) fn screen(document: &Document<'_>, look: Look) -> String {
    let mut out = table::head(document, look);
    out.push('\n');
    out.push_str(&channels(document, look));
    if !document.inventory().touchpoints.is_empty() {
        out.push('\n');
        out.push_str(&map::situation(document, look));
    }
    out.push_str(&known(document, look));
    out.push_str(&candidates(document, look));
    if look.full {
        out.push_str(&table::odd(document, look, 0));
    }
    out.push_str(&table::ask(document, look, QUESTIONS));
    out.push('\n');
    out.push_str(&prose(
        "Next: ",
        "two weeks of tally (channel, reason, answered, done) would add who really uses what, which channels are \
         alive, and a first figure on the promise.",
        look,
    ));
    out
}

/// Reasons stand in a column if it is at least this wide; else under each channel.
const REASONS: usize = 22;

fn channels(document: &Document<'_>, look: Look) -> String {
    let beside = channels_grid(document, look, true);
    let grid = if beside.room(look) >= REASONS { beside } else { channels_grid(document, look, false) };
    grid.render(look)
}

fn channels_grid(document: &Document<'_>, look: Look, beside: bool) -> Grid {
    let order = phrase::order(document);
    let all: Vec<&ChannelAssessment> =
        order.contacts.into_iter().chain(order.apart).chain(order.proposed).collect();
    // Where hardly anything is known, two columns of "not known" would only say that the tool failed.
    let axes = all.iter().any(|c| tells(c.worth) || tells(c.delivery));
    let word = |id| document.criteria().verdicts.word(id, document.language).to_owned();
    let mut grid = Grid::new(look, 0);
    grid.column("CHANNEL", Side::Left, look.names()).column("A YEAR", Side::Right, 14);
    if axes {
        grid.column(word("axis-worth-short"), Side::Left, 9).column(
            word("axis-delivery-short"),
            Side::Left,
            9,
        );
    }
    grid.column("DO", Side::Left, 16);
    if beside {
        grid.column("BECAUSE", Side::Left, usize::MAX);
    }
    for c in all {
        let year = expected(document, c.channel).map_or_else(|| "not known".to_owned(), range);
        let mut row: Vec<Text> = vec![plain(name(document, c.channel)), plain(year)];
        if axes {
            row.extend([plain(phrase::axis(c.worth)), plain(phrase::axis(c.delivery))]);
        }
        row.push((call_short(document, &c.verdict), Tone::of(c.verdict.call)));
        if beside {
            row.push(plain(because(document, &c.verdict)));
            grid.row(row);
        } else {
            grid.row(row).below(because(document, &c.verdict));
        }
    }
    grid
}

/// Duties, doubles, hours alone, people: one line each, and none where there is nothing to say.
fn known(document: &Document<'_>, look: Look) -> String {
    let mut grid = Grid::new(look, 0);
    grid.column("", Side::Left, 12).column("", Side::Left, usize::MAX);
    let blocks = [
        ("DUTIES", duties(document)),
        ("DOUBLES", doubles(document)),
        ("ALONE", alone(document)),
        ("PEOPLE", people(document)),
    ];
    for (title, lines) in blocks {
        for (i, line) in lines.into_iter().enumerate() {
            grid.row(vec![
                (if i == 0 { title.to_owned() } else { String::new() }, Tone::Strong),
                plain(line),
            ]);
        }
    }
    if grid.is_empty() { String::new() } else { format!("\n{}", grid.render(look)) }
}

fn duties(document: &Document<'_>) -> Vec<String> {
    let inventory = document.inventory();
    let country = inventory.organisation.country.as_deref();
    let mut lines = Vec::new();
    for channel in inventory.channels.iter().filter(|c| c.status != Status::Candidate) {
        let id = clean(&channel.id);
        match channel.protected.as_ref().map(|p| &p.value) {
            Some(Protected::Duty { by, minimum }) => {
                let least = minimum.as_ref().map(|m| format!("; at least: {}", clean(m))).unwrap_or_default();
                lines.push(format!("{id}: {}{least}", clean(by)));
            }
            Some(Protected::SoleAccess) => lines.push(format!("{id}: some customers have nothing else")),
            Some(Protected::No) => {}
            None if country.is_some_and(|c| channel.kind.duty.iter().any(|d| d == c)) => {
                lines.push(format!("{id}: a law may require it; ask before closing it"));
            }
            None => {}
        }
    }
    lines
}

fn doubles(document: &Document<'_>) -> Vec<String> {
    let inventory = document.inventory();
    let covers = document.criteria().verdicts.number("covers");
    let present: Vec<bool> = inventory.channels.iter().map(|c| c.status == Status::Active).collect();
    let mut lines = Vec::new();
    for (ix, channel) in inventory.channels().filter(|(_, c)| c.status == Status::Active) {
        let overlap = document.facts.overlap(ix, &present);
        let by: Vec<String> = overlap
            .by
            .iter()
            .filter(|(_, share)| *share >= covers)
            .map(|(other, share)| format!("{} ({})", name(document, *other), percent(*share)))
            .collect();
        if !by.is_empty() {
            lines.push(format!("what {} is used for, {} could do too", clean(&channel.id), list(&by)));
        }
    }
    lines
}

/// Channels with their staffing, open ones only.
fn staffed<'a>(document: &Document<'a>) -> impl Iterator<Item = (ChannelIx, &'a Staffing)> {
    let facts = document.facts;
    document
        .inventory()
        .channels()
        .filter(|(_, c)| c.status != Status::Candidate)
        .filter_map(|(ix, _)| Some((ix, facts.staffing(ix).ok()?)))
}

fn alone(document: &Document<'_>) -> Vec<String> {
    // Several channels of one team share the same hours: they are named together.
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    for (ix, staffing) in staffed(document) {
        let when = hours(&staffing.served.alone);
        if when.is_empty() {
            continue;
        }
        match lines.iter_mut().find(|(known, _)| *known == when) {
            Some((_, names)) => names.push(name(document, ix)),
            None => lines.push((when, vec![name(document, ix)])),
        }
    }
    lines
        .into_iter()
        .map(|(when, names)| {
            format!("{}: at times one person alone, {when}; a second customer waits", list(&names))
        })
        .collect()
}

fn people(document: &Document<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for (ix, staffing) in staffed(document) {
        lines.push(people_line(
            &name(document, ix),
            expected(document, ix).map(range),
            staffing.served.required_fte,
        ));
    }
    // A team without heads has nobody to speak of.
    let inventory = document.inventory();
    let teams: Vec<String> = document
        .facts
        .teams()
        .iter()
        .filter(|t| inventory.teams[t.team.0].people.is_some())
        .filter_map(|t| {
            let id = clean(&inventory.teams[t.team.0].id);
            Some(format!("{id}: {}", super::people::at_the_desk(document, Some(t.team), t.present?)))
        })
        .collect();
    if !lines.is_empty() && !teams.is_empty() {
        lines.push(teams.join("; "));
    }
    lines
}

fn people_line(channel: &str, year: Option<String>, required_fte: Interval) -> String {
    let volume = year.map(|y| format!(", {y} contacts a year")).unwrap_or_default();
    format!("{channel}{volume}: {} full-time to keep the promise", small_range(required_fte))
}

fn candidates(document: &Document<'_>, look: Look) -> String {
    let mut out = String::new();
    for c in document.assessment.channels.iter() {
        let channel = document.inventory().channel(c.channel);
        if channel.status != Status::Candidate {
            continue;
        }
        let short = call_short(document, &c.verdict);
        out.push('\n');
        out.push_str(&grid::title(&format!("{}: {short}", clean(&channel.id)), look));
        // The first reason stands in the table above.
        let also: Vec<String> = c.verdict.because.iter().skip(1).map(|b| phrase::sentence(b)).collect();
        if !also.is_empty() {
            out.push_str(&prose(" also: ", &also.join("; "), look));
        }
        let most = if look.full { usize::MAX } else { CONDITIONS };
        for (i, first) in c.verdict.first.iter().take(most).enumerate() {
            let who = if first.who.is_empty() { String::new() } else { format!(" ({})", clean(&first.who)) };
            out.push_str(&prose(
                &format!(" {} ", i + 1),
                &format!("{}{who}", phrase::sentence(&first.what)),
                look,
            ));
        }
        if c.verdict.first.len() > most {
            out.push_str(&format!(
                "   and {} more (name the channel after the inventory)\n",
                c.verdict.first.len() - most
            ));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::Interval;

    #[test]
    fn people_are_said_as_a_range() {
        assert_eq!(
            people_line("phone", Some("2,600-3,900".to_owned()), Interval::new(0.4, 0.93)),
            "phone, 2,600-3,900 contacts a year: 0.4-0.9 full-time to keep the promise"
        );
    }
}
