//! The roadmap on the screen and in the report: waves of as many channels as can be changed at once, with effort,
//! contacts avoided and money a year.

use super::Document;
use super::figures::range;
use super::grid::{Grid, Side, plain, prose};
use super::phrase::{effort, name, sentence};
use super::style::{Look, Tone};
use crate::assess::Action;
use crate::quantity::Interval;
use crate::text::clean;

/// Actions shown without `-v`: of each channel the first.
const SHOWN: usize = 8;

/// The actions of channels that are shown.
pub(super) fn actions<'a>(document: &Document<'a>) -> Vec<&'a Action> {
    document.assessment.actions.iter().filter(|a| document.shows(a.channel)).collect()
}

/// `6,000-11,000 saved`, `0-15,000 cost`, `1,000 cost to 2,000 saved`.
pub(super) fn money(x: Option<Interval>) -> String {
    let Some(x) = x else { return "not known".to_owned() };
    match (x.low < 0.0, x.high > 0.0) {
        (false, false) => "0".to_owned(),
        (false, true) => format!("{} saved", range(x)),
        (true, false) => format!("{} cost", range(Interval::new(-x.high, -x.low))),
        (true, true) => {
            let one = |v: f64| range(Interval::point(v));
            format!("{} cost to {} saved", one(-x.low), one(x.high))
        }
    }
}

/// `0-3,003`; `none`.
pub(super) fn avoided(x: Option<Interval>) -> String {
    match x {
        None => "not known".to_owned(),
        Some(x) if x.high <= 0.0 => "none".to_owned(),
        Some(x) => range(x),
    }
}

/// The currency, with a space before it.
pub(super) fn currency(document: &Document<'_>) -> String {
    document
        .inventory()
        .organisation
        .currency
        .as_deref()
        .map_or_else(String::new, |c| format!(" {}", clean(c)))
}

/// What the plan rests on, in one sentence.
pub(super) fn meaning(document: &Document<'_>) -> String {
    let at_once = document
        .inventory()
        .organisation
        .improvement_capacity
        .unwrap_or(document.criteria().defaults.improvement_capacity);
    format!(
        "Waves of {} at a time, critical moments and duties first. Contacts avoided are not made any more; moved ones \
         are not among them. Money a year.",
        if at_once == 1 { "one channel".to_owned() } else { format!("{at_once} channels") }
    )
}

/// The plan on the screen; empty where nothing is to be done.
pub(super) fn table(document: &Document<'_>, look: Look) -> String {
    let all = actions(document);
    let mut grid = Grid::new(look, 0);
    grid.column("PLAN", Side::Right, 4)
        .column("", Side::Left, look.names())
        .column("", Side::Left, usize::MAX)
        .flexible()
        .column("effort", Side::Left, 7)
        .column("avoids", Side::Right, 9)
        .column(format!("money{}", currency(document)), Side::Left, 16);
    let mut last = None;
    let mut rows = Vec::new();
    for action in &all {
        // Without -v the first action of each channel stands for the rest.
        if !look.full && last == Some(action.channel) {
            continue;
        }
        last = Some(action.channel);
        rows.push(action);
    }
    let most = if look.full { usize::MAX } else { SHOWN };
    for action in rows.iter().take(most) {
        let mut what = sentence(&action.what);
        if look.full && !action.because.is_empty() {
            what.push_str(&format!(" Because {}.", sentence(&action.because)));
        }
        if !action.after.is_empty() {
            let after: Vec<String> = action.after.iter().map(|c| name(document, *c)).collect();
            what.push_str(&format!(" (after {})", super::figures::list(&after)));
        }
        grid.row(vec![
            plain(action.wave.to_string()),
            plain(name(document, action.channel)),
            plain(what),
            plain(effort(document, &action.effort)),
            plain(avoided(action.avoided)),
            plain(money(action.money)),
        ]);
    }
    if grid.is_empty() {
        return String::new();
    }
    let hidden = all.len() - rows.len().min(most);
    if hidden > 0 {
        grid.across(format!("and {hidden} more (with -v)"), Tone::Faint);
    }
    format!("\n{}{}", grid.render(look), prose("  ", &meaning(document), look))
}
