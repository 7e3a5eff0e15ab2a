//! Journeys on a screen: the paths that are taken most, where each channel passes its customers on, and the
//! part that each plays, with intervals.

use std::collections::BTreeMap;

use super::census::title;
use super::figures::{count, percent, percent_range, range};
use super::grid::{self, Grid, Side, plain, prose};
use super::phrase::{name, sentence, several, share};
use super::style::{Look, Tone};
use super::{Document, heat};
use crate::inventory::EpisodeKey;
use crate::measure::counted::{Counted, CountedChannel};
use crate::measure::journey::intervals::Estimate;
use crate::measure::journey::{RESOLVED, START, UNRESOLVED};
use crate::measure::paths::JourneyPath;
use crate::measure::{Known, Reading};
use crate::quantity::Interval;
use crate::text::clean;

/// Paths shown without `-v`.
const PATHS: usize = 10;

/// The screen of journeys.
#[must_use]
pub fn screen(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut out = grid::title(&title(document, counted), look);
    match in_words(counted) {
        None => out.push_str(&prose("", none(counted), look)),
        Some(text) => {
            out.push_str(&prose("", &text, look));
            if let Some(paths) = counted.paths.as_ref().filter(|paths| !paths.is_empty()) {
                out.push_str(&most_frequent(document, paths, look));
            }
            out.push_str(&switches(document, counted, look));
            out.push_str(&roles(document, counted, look));
            out.push_str(&by_reason(document, counted, look));
        }
    }
    out.push_str(&returns(document, counted, look));
    out.push_str(&machines(document, counted, look));
    for note in &counted.notes {
        out.push_str(&prose("  - ", &sentence(note), look));
    }
    out
}

/// Why there are none.
pub(super) fn none(counted: &Counted) -> &'static str {
    if counted.channels.iter().any(|c| c.identified.is_some_and(|share| share > 0.0)) {
        "No journeys: every contact is too close to the end of the log to tell who comes back, or of an id with too \
         many contacts to be one person."
    } else {
        "No journeys: without customer ids nobody can say who came back, or where."
    }
}

/// How many there are, how they were cut and how they end; `None` where there are none.
pub(super) fn in_words(counted: &Counted) -> Option<String> {
    let (episodes, resolved) = counted.episodes;
    let key = match counted.key {
        EpisodeKey::Customer => "contacts of one customer",
        EpisodeKey::CustomerAndReason => "contacts of one customer about one reason",
    };
    let window = several(usize::try_from(counted.window_days).unwrap_or(usize::MAX), "day");
    (episodes > 0).then(|| {
        format!(
            "{} ({key}, at most {window} between them); {} ended resolved.",
            several(usize::try_from(episodes).unwrap_or(usize::MAX), "journey"),
            count(resolved)
        )
    })
}

fn most_frequent(document: &Document<'_>, paths: &[JourneyPath], look: Look) -> String {
    let most = if look.full { usize::MAX } else { PATHS };
    let mut grid = Grid::new(look, 0);
    grid.column("PATHS", Side::Left, 60)
        .flexible()
        .column("journeys", Side::Right, 12)
        .column("share", Side::Right, 5)
        .column("resolved", Side::Right, 8)
        .column("contacts", Side::Right, 8)
        .column("cost", Side::Right, 14);
    for path in paths.iter().take(most) {
        grid.row(vec![
            plain(clean(&path.text)),
            plain(count(path.episodes)),
            plain(percent(path.share)),
            plain(part(document, path.resolved, path.episodes)),
            plain(format!("{:.1}", path.contacts_each)),
            plain(path.cost_each.map_or_else(|| "not known".to_owned(), range)),
        ]);
    }
    let rest = paths.get(most.min(paths.len())..).unwrap_or_default();
    if !rest.is_empty() {
        let share: f64 = rest.iter().map(|path| path.share).sum();
        let text =
            format!("and {} with {} of journeys (with -v)", several(rest.len(), "more path"), percent(share));
        grid.across(text, Tone::Faint);
    }
    let currency = document
        .inventory()
        .organisation
        .currency
        .as_deref()
        .map_or_else(String::new, |c| format!(", {}", clean(c)));
    let legend = format!(
        "contacts: of one journey on average, repeats in a channel included. cost: of all its contacts{currency}."
    );
    format!("\n{}{}", grid.render(look), prose("  ", &legend, look))
}

/// A share in percent; of too few cases for one, the cases.
fn part(document: &Document<'_>, hits: i64, all: i64) -> String {
    if all < i64::from(document.criteria().defaults.least_episodes) {
        return format!("{} of {}", count(hits), count(all));
    }
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    percent(hits as f64 / all as f64)
}

/// The same of a reading.
fn share_or_cases(document: &Document<'_>, reading: &Reading) -> String {
    match reading.known().and_then(|known| Some((known.value, i64::try_from(known.n?).ok()?))) {
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "few cases")]
        Some((value, n)) if n < i64::from(document.criteria().defaults.least_episodes) => {
            part(document, (value * n as f64).round() as i64, n)
        }
        _ => share(reading),
    }
}

/// From where to where, as shares of the visits that leave a channel.
fn switches(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut counts: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let mut leaving: BTreeMap<&str, i64> = BTreeMap::new();
    for step in counted.steps.iter().filter(|step| step.from != step.to) {
        let all = leaving.entry(&step.from).or_default();
        *all = all.saturating_add(step.count);
        counts.insert((&step.from, &step.to), step.count);
    }
    let steps = |from, to| counts.get(&(from, to)).copied().unwrap_or(0);
    let leaving = |from| leaving.get(from).copied().unwrap_or(0);
    let ids = counted.channels.iter().map(|c| document.inventory().channel(c.channel).id.as_str());
    let mut channels: Vec<(&str, i64)> = ids.map(|id| (id, leaving(id))).filter(|(_, n)| *n > 0).collect();
    channels.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let names: Vec<String> = channels.iter().map(|(id, _)| clean(id)).collect();
    let rows: Vec<heat::Row> = std::iter::once((START, leaving(START)))
        .chain(channels.iter().copied())
        .map(|(from, all)| heat::Row {
            all,
            to: channels.iter().map(|(to, _)| steps(from, to)).collect(),
            ends: [steps(from, RESOLVED), steps(from, UNRESOLVED)],
        })
        .collect();
    heat::matrix(&names, &rows, i64::from(document.criteria().defaults.least_episodes), look)
}

fn roles(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut grid = Grid::new(look, 0);
    grid.column("ROLES", Side::Left, look.names())
        .column("begin", Side::Right, 5)
        .column("end", Side::Right, 5)
        .column("resolve", Side::Right, 8)
        .column("leak", Side::Right, 8)
        .column("go on", Side::Right, 8)
        .column("at risk: turn elsewhere", Side::Right, 20)
        .column("at risk: lost", Side::Right, 19);
    let mut few: Vec<(&CountedChannel, &str)> = Vec::new();
    for c in &counted.channels {
        let Some(role) = &c.role else { continue };
        let Ok(shares) = &role.shares else {
            few.push((c, &role.sentence));
            continue;
        };
        let (rerouted, lost) = match &shares.ends {
            Ok(ends) => (end(ends.rerouted), end(ends.lost)),
            Err(_) => ("not known".to_owned(), "not known".to_owned()),
        };
        grid.row(vec![
            plain(name(document, c.channel)),
            plain(share(&shares.entry)),
            plain(share(&shares.last)),
            plain(ranged(&shares.resolves_here)),
            plain(ranged(&shares.leak)),
            plain(ranged(&shares.passed_on)),
            plain(rerouted),
            plain(lost),
        ]);
    }
    let mut out = String::new();
    if !grid.is_empty() {
        let legend = "begin: of all journeys; end: of the resolved. resolve, leak, go on: of visits here, those that \
                      end resolved, end unresolved, go on elsewhere. at risk: of all that is resolved, what would not \
                      be without the channel, if its customers turned to the other entrances, and if they were lost \
                      (less than nothing: more would be). Ranges: how far chance alone could move the figure, 95%.";
        out.push_str(&format!("\n{}{}", grid.render(look), prose("  ", legend, look)));
    }
    if !few.is_empty() {
        let title = if grid.is_empty() { look.paint(Tone::Strong, "ROLES") + "\n" } else { String::new() };
        out.push_str(&format!("\n{title}"));
    }
    for (c, text) in few {
        out.push_str(&prose(&format!("  {}: ", name(document, c.channel)), &sentence(text), look));
    }
    out
}

/// `88-89%`.
fn ranged(share: &Reading) -> String {
    let range = |known: &Known| percent_range(Interval::new(known.low, known.high));
    share.known().map_or_else(|| "not known".to_owned(), range)
}

/// `31% (28 to 34)`; `-0.2% (-0.6 to 0.1)` where all of it is small.
fn end(it: Estimate) -> String {
    let reach = it.range.map_or(it.value.abs(), |range| range.low.abs().max(range.high.abs()));
    let decimals = usize::from(reach < 0.095);
    let part = |share: f64| {
        let text = format!("{:.decimals$}", share * 100.0);
        // Nothing has no sign.
        if text.trim_matches(['-', '0', '.']).is_empty() {
            text.trim_start_matches('-').to_owned()
        } else {
            text
        }
    };
    match it.range {
        Some(range) => format!("{}% ({} to {})", part(it.value), part(range.low), part(range.high)),
        None => format!("{}%", part(it.value)),
    }
}

/// Channels against each other on the same reasons.
fn by_reason(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut grid = Grid::new(look, 0);
    grid.column("ON THE SAME REASONS", Side::Left, look.names())
        .column("resolve here", Side::Right, 12)
        .column("elsewhere", Side::Right, 12)
        .column("of visits", Side::Right, 9);
    for c in &counted.channels {
        let shares = c.role.as_ref().and_then(|role| role.shares.as_ref().ok());
        let Some(alike) = shares.and_then(|s| s.by_reason.as_ref()).and_then(|by| by.alike.as_ref()) else {
            continue;
        };
        grid.row(vec![
            plain(name(document, c.channel)),
            plain(ranged(&alike.own)),
            plain(ranged(&alike.others)),
            plain(percent(alike.covered)),
        ]);
    }
    if grid.is_empty() {
        return String::new();
    }
    let legend = "Visits that end resolved, here and in the other channels of people with this channel's mix of \
                  reasons; of visits: those whose reasons others have too.";
    format!("\n{}{}", grid.render(look), prose("  ", legend, look))
}

/// Who comes back, and how much hangs on the window.
fn returns(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let windows: Vec<u32> = counted
        .channels
        .iter()
        .find_map(|c| c.returns.as_ref())
        .map_or_else(Vec::new, |r| r.windows.iter().map(|w| w.0).collect());
    let mut grid = Grid::new(look, 0);
    grid.column("WHO COMES BACK", Side::Left, look.names())
        .column("same channel", Side::Right, 8)
        .column("handed around", Side::Right, 9)
        .column("failed twice", Side::Right, 9);
    for days in &windows {
        grid.column(
            format!("1 contact, {}", several(usize::try_from(*days).unwrap_or(usize::MAX), "day")),
            Side::Right,
            10,
        );
    }
    for c in &counted.channels {
        let Some(returns) = c.returns.as_ref().filter(|r| r.in_place.known().is_some()) else { continue };
        let mut cells = vec![plain(name(document, c.channel))];
        let shares = [&returns.in_place, &returns.handed_around, &returns.failed_twice];
        cells.extend(shares.into_iter().map(|reading| plain(share_or_cases(document, reading))));
        cells.extend(returns.windows.iter().map(|(_, one, _)| plain(share_or_cases(document, one))));
        grid.row(cells);
    }
    if grid.is_empty() {
        return String::new();
    }
    let legend = "same channel: of contacts that could be followed, those with another one there. handed around: given to \
                  somebody else, of those not noted as unanswered. failed twice: customers whose last two journeys \
                  through here ended unresolved, of those with two or more. 1 contact: of those that could be followed, \
                  nobody came back within so many days and nothing was left open.";
    format!("\n{}{}", grid.render(look), prose("  ", legend, look))
}

/// Talks that machines keep.
fn machines(document: &Document<'_>, counted: &Counted, look: Look) -> String {
    let mut grid = Grid::new(look, 0);
    grid.column("MACHINES", Side::Left, look.names())
        .column("talks", Side::Right, 12)
        .column("kept", Side::Right, 6)
        .column("and resolved", Side::Right, 12)
        .column("kept in vain", Side::Right, 12);
    let mut needed = String::new();
    for c in &counted.channels {
        let Some(it) = &c.containment else { continue };
        if !it.needed.is_empty() {
            let text = format!("whom it keeps in vain is not known; that takes {}", it.needed.join(" and "));
            needed.push_str(&prose(&format!("  {}: ", name(document, c.channel)), &sentence(&text), look));
            continue;
        }
        grid.row(vec![
            plain(name(document, c.channel)),
            plain(count(it.talks)),
            plain(share(&it.kept)),
            plain(share(&it.resolved)),
            plain(share(&it.in_vain)),
        ]);
    }
    let mut out = String::new();
    if !grid.is_empty() {
        let legend = "kept: handed on to nobody. in vain: of those kept, who came to people within the window all the same.";
        out.push_str(&format!("\n{}{}", grid.render(look), prose("  ", legend, look)));
    }
    if out.is_empty() && !needed.is_empty() {
        out.push('\n');
    }
    out + &needed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_has_as_many_digits_as_it_takes() {
        let at = |value, low, high| end(Estimate { value, range: Some(Interval::new(low, high)) });
        assert_eq!(at(0.3055, 0.28, 0.341), "31% (28 to 34)");
        assert_eq!(at(-0.0019, -0.0062, 0.0013), "-0.2% (-0.6 to 0.1)");
        assert_eq!(at(-0.0001, -0.0004, 0.0), "0.0% (0.0 to 0.0)");
        assert_eq!(at(0.094, 0.088, 0.101), "9% (9 to 10)");
        assert_eq!(end(Estimate { value: 0.5, range: None }), "50%");
    }
}
