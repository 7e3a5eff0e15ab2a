//! Handovers on the screens and in the report: where customers move on, what that costs, what a link could
//! save. The two amounts stand side by side and are never added.

use super::Document;
use super::figures::range;
use super::grid::{Grid, Side, plain, prose};
use super::phrase::name;
use super::style::{Look, Tone};
use crate::inventory::Context;
use crate::measure::handovers::Handover;
use crate::quantity::Interval;
use crate::text::clean;

/// How many are shown without `-v`.
const SHOWN: usize = 3;

/// The titles of the columns, the two amounts with the currency.
pub(super) fn titles(document: &Document<'_>) -> [String; 5] {
    let currency = document.inventory().organisation.currency.as_deref().unwrap_or("");
    let money = |text: &str| format!("{text} {}", clean(currency)).trim_end().to_owned();
    ["handover".to_owned(), "a year".to_owned(), "story".to_owned(), money("costs"), money("a link saves")]
}

/// One handover in the columns of [`titles`].
pub(super) fn row(document: &Document<'_>, it: &Handover) -> [String; 5] {
    let none = if it.enough { "not known" } else { "too few" };
    let amount = |x: Option<Interval>| x.map_or_else(|| none.to_owned(), range);
    [
        format!("{} > {}", name(document, it.from), name(document, it.to)),
        range(it.per_year),
        story(it).to_owned(),
        amount(it.price),
        amount(it.link_saves),
    ]
}

/// What travels along: the declared link, lowered where the systems share no history.
fn story(it: &Handover) -> &'static str {
    match (it.link, it.shared_history) {
        (None, _) => "not known",
        (Some(Context::None), _) => "starts anew",
        (Some(_), Some(false)) | (Some(Context::Partial), _) => "in part",
        (Some(Context::Full), _) => "travels",
    }
}

/// The table on the screen; empty where nobody was seen to move.
pub(super) fn table(document: &Document<'_>, look: Look) -> String {
    let all = document.facts.handovers();
    if all.is_empty() {
        return String::new();
    }
    let most = if look.full { usize::MAX } else { SHOWN };
    let mut grid = Grid::new(look, 0);
    let [handover, a_year, story, costs, saves] = titles(document);
    grid.column(handover.to_uppercase() + "S", Side::Left, 28)
        .column(a_year, Side::Right, 14)
        .column(story, Side::Left, 12)
        .column(costs, Side::Right, 18)
        .column(saves, Side::Right, 18)
        .column("", Side::Left, usize::MAX);
    for it in all.iter().take(most) {
        let mut cells: Vec<_> = row(document, it).into_iter().map(plain).collect();
        cells.push(plain(""));
        grid.row(cells);
    }
    if all.len() > most {
        grid.across(format!("and {} more (with -v)", all.len() - most), Tone::Faint);
    }
    format!("\n{}{}", grid.render(look), look.paint(Tone::Faint, &prose("", MEANING, look)))
}

/// What the two amounts mean.
pub(super) const MEANING: &str = "costs: all contacts that follow a switch, which stay even with the best link; a link saves the minutes of telling \
     the story again.";
