//! Channels against touchpoints: where the contacts of each moment go, or, without logs, where each
//! channel fits. Readable without colour: shade, figure and mark say the same.

use super::Document;
use super::figures::percent;
use super::grid::{Grid, Side, Text, plain, prose};
use super::phrase::{name, order};
use super::style::{Look, Tone};
use crate::assess::{Call, ChannelAssessment};
use crate::criteria::kind::Unit;
use crate::inventory::{Part, TouchpointIx};
use crate::measure::Reading;
use crate::text::clean;

/// Narrowest and widest heading of a touchpoint before it is broken.
const HEADING: (usize, usize) = (9, 16);

/// Where the contacts of each moment go: share of the moment's contacts, shaded; `!` where the channel
/// needs work there.
pub(super) fn heat(document: &Document<'_>, look: Look) -> String {
    let mut out = look.paint(Tone::Strong, "WHERE THE CONTACTS OF EACH MOMENT GO");
    out.push('\n');
    out.push_str(&grids(document, look, |c, t| heat_cell(document, c, t)));
    let legend = "· part declared, no contacts counted;  ░ under 10%, ▒ 10-30%, ▓ 30-60%, █ over 60% of the moment's \
                  contacts;  ! needs work there;  * contacts counted, no part declared;  n counted apart";
    out.push_str(&prose("  ", legend, look));
    out
}

/// Where each channel fits, by what the moment needs and the kind can do.
pub(super) fn situation(document: &Document<'_>, look: Look) -> String {
    let mut out = look.paint(Tone::Strong, "WHERE EACH CHANNEL FITS");
    out.push('\n');
    out.push_str(&grids(document, look, |c, t| situation_cell(document, c, t)));
    out
}

fn grids(
    document: &Document<'_>,
    look: Look,
    cell: impl Fn(&ChannelAssessment, TouchpointIx) -> Text,
) -> String {
    let touchpoints: Vec<TouchpointIx> =
        (0..document.inventory().touchpoints.len()).map(TouchpointIx).collect();
    let order = order(document);
    let channels: Vec<&ChannelAssessment> =
        order.contacts.into_iter().chain(order.apart).chain(order.proposed).collect();
    let longest =
        channels.iter().map(|c| name(document, c.channel).chars().count().min(16)).max().unwrap_or(0);
    // As many touchpoints side by side as fit with short headings; their headings take what is left.
    let room = look.columns().saturating_sub(longest + 4);
    let per_block = (room / (HEADING.0 + 2)).clamp(1, touchpoints.len().max(1));
    let heading = (room / per_block).saturating_sub(2).clamp(HEADING.0, HEADING.1);
    let mut out = String::new();
    for block in touchpoints.chunks(per_block) {
        let mut grid = Grid::new(look, 2);
        grid.column("", Side::Left, 16);
        for t in block {
            grid.column(clean(&document.inventory().touchpoint(*t).id), Side::Left, heading);
        }
        for c in &channels {
            let mut row = vec![plain(name(document, c.channel))];
            row.extend(block.iter().map(|t| cell(c, *t)));
            grid.row(row);
        }
        out.push_str(&grid.render(look));
    }
    out
}

fn heat_cell(document: &Document<'_>, c: &ChannelAssessment, t: TouchpointIx) -> Text {
    let declared = part(document, c, t).is_some();
    let moment = document.assessment.touchpoints.iter().find(|m| m.touchpoint == t);
    let here = moment
        .and_then(|m| m.channels.iter().find(|(channel, _)| *channel == c.channel))
        .and_then(|(_, n)| *n)
        .filter(|n| *n > 0);
    let call = c.touchpoints.iter().find(|v| v.touchpoint == t).map(|v| v.call);
    let work = match call {
        Some(Call::Fix | Call::Drop | Call::Merge) if declared => "!",
        _ => "",
    };
    let contact = document.inventory().channel(c.channel).kind.unit == Unit::Contact;
    let text = match (here, moment.and_then(|m| m.contacts).filter(|all| *all > 0)) {
        (Some(n), Some(all)) if contact => {
            #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
            let share = n as f64 / all as f64;
            let star = if declared { "" } else { "*" };
            format!("{} {}{star}{work}", shade(share), percent(share))
        }
        (Some(_), _) if !contact => format!("n{work}"),
        _ if declared => format!("·{work}"),
        _ => String::new(),
    };
    (text, if work.is_empty() { Tone::Plain } else { Tone::Attention })
}

fn shade(share: f64) -> char {
    match share {
        s if s < 0.1 => '░',
        s if s < 0.3 => '▒',
        s if s < 0.6 => '▓',
        _ => '█',
    }
}

fn part(document: &Document<'_>, c: &ChannelAssessment, t: TouchpointIx) -> Option<Part> {
    let channel = document.inventory().channel(c.channel);
    channel.touchpoints.iter().find(|(at, _)| *at == t).map(|(_, part)| part.value)
}

/// How a channel suits a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Suits {
    Fully,
    Partly,
    Not,
    Unknown,
}

fn situation_cell(document: &Document<'_>, c: &ChannelAssessment, t: TouchpointIx) -> Text {
    if part(document, c, t).is_none() {
        return plain("");
    }
    match suits(c, t) {
        Suits::Fully => ("fits".to_owned(), Tone::Good),
        Suits::Partly => ("partly".to_owned(), Tone::Attention),
        Suits::Not => ("does not".to_owned(), Tone::Bad),
        Suits::Unknown => ("?".to_owned(), Tone::Plain),
    }
}

/// By the needs of the moment (functions and context): met in full, in part, or so little that one of
/// them rates nothing.
fn suits(c: &ChannelAssessment, t: TouchpointIx) -> Suits {
    let at = c
        .criteria
        .iter()
        .flat_map(|s| &s.indicators)
        .filter(|i| matches!(i.id.as_str(), "functions" | "context"))
        .flat_map(|i| i.touchpoints.iter().filter(|(at, ..)| *at == t));
    let mut found = Suits::Unknown;
    for (_, reading, rating) in at {
        let Reading::Known(known) = reading else { continue };
        if rating.is_some_and(|r| r.high <= 0.0) {
            return Suits::Not;
        }
        let here = if known.low >= 1.0 { Suits::Fully } else { Suits::Partly };
        found = if found == Suits::Partly { Suits::Partly } else { here };
    }
    found
}
