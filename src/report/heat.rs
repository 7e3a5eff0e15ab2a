//! A matrix of shares that a terminal can show: columns under letters, a number and a shade in each cell,
//! readable without colour.

use unicode_width::UnicodeWidthStr as _;

use super::figures::percent;
use super::grid::prose;
use super::style::{Look, Tone};

/// Steps that leave one row.
pub(super) struct Row {
    /// All of them.
    pub(super) all: i64,
    /// To each named column.
    pub(super) to: Vec<i64>,
    /// To the two ends.
    pub(super) ends: [i64; 2],
}

/// Room of a name.
const WIDEST: usize = 24;
/// Room of a cell: `100%#` and a space before it.
const CELL: usize = 6;
/// Columns that are always there: the two ends.
const ENDS: [&str; 2] = ["ends well", "leaks"];
/// The column of what does not fit.
const OTHERS: &str = "others";

/// Shades by quarters, anything at all as at least the first; readable without colour.
pub(super) fn shade(share: f64) -> char {
    match share {
        s if s <= 0.0 => ' ',
        s if s <= 0.25 => '.',
        s if s <= 0.5 => ':',
        s if s <= 0.75 => 'o',
        _ => '#',
    }
}

/// The first row leads to the entrances; the others belong to `names`, in their order. Rows of fewer than `least`
/// steps show numbers instead of shares.
pub(super) fn matrix(names: &[String], rows: &[Row], least: i64, look: Look) -> String {
    let widest = names.iter().map(|n| n.width()).max().unwrap_or(0).clamp(5, WIDEST);
    let fixed = 2 + 2 + widest + ENDS.iter().map(|t| t.width().max(CELL) + 1).sum::<usize>();
    let room = look.columns().saturating_sub(fixed);
    let most = match names.len() {
        all if all * CELL <= room => all,
        _ => room.saturating_sub(OTHERS.len() + 1) / CELL,
    };
    let most = most.min(LETTERS.len());
    let shown = names.get(..most).unwrap_or(names);
    let folded = shown.len() < names.len();
    let mut head = format!("  {:width$}", "", width = widest + 2);
    for letter in LETTERS.chars().take(shown.len()) {
        // Above the digits, with the shade to its right.
        head.push_str(&format!("{letter:>4}  "));
    }
    if folded {
        head.push_str(&format!(" {OTHERS}"));
    }
    for end in ENDS {
        head.push_str(&format!(" {end:>CELL$}"));
    }
    let mut out = format!(
        "\n{}\n{}\n",
        look.paint(Tone::Strong, "SWITCHES (of the visits that leave a channel)"),
        head.trim_end()
    );
    // Every channel has its row; those that found no column of their own have no letter.
    let letters = LETTERS.chars().take(shown.len()).chain(std::iter::repeat(' '));
    let titles = std::iter::once((' ', "START")).chain(letters.zip(names.iter().map(String::as_str)));
    for ((letter, title), row) in titles.zip(rows) {
        let cell = |n, width| if row.all < least { number(n, width) } else { cell(n, row.all, width) };
        let mut line = format!("  {letter} {}", fit(title, widest));
        let shown_of = row.to.get(..shown.len()).unwrap_or(&row.to);
        for n in shown_of {
            line.push_str(&cell(*n, CELL));
        }
        if folded {
            let rest = row.to.iter().skip(shown.len()).fold(0_i64, |sum, n| sum.saturating_add(*n));
            line.push_str(&cell(rest, OTHERS.len() + 1));
        }
        for (n, end) in row.ends.iter().zip(ENDS) {
            line.push_str(&cell(*n, end.width().max(CELL) + 1));
        }
        out.push_str(&format!("{}\n", line.trim_end()));
    }
    let mut legend =
        "START: where journeys begin. Shades: . up to a quarter of the row, : half, o three quarters, # \
                      more. Contacts that follow one another in a channel are no switch."
            .to_owned();
    if rows.iter().any(|row| row.all < least) {
        legend.push_str(&format!(" Rows of fewer than {least} visits show how many."));
    }
    if folded {
        legend.push_str(&format!(
            " Steps to the {} with fewest visits stand together under others.",
            names.len() - shown.len()
        ));
    }
    out.push_str(&prose("  ", &legend, look));
    out
}

const LETTERS: &str = "abcdefghijklmnopqrstuvwxyz";

fn cell(n: i64, all: i64, width: usize) -> String {
    #[allow(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    let share = if all > 0 { n as f64 / all as f64 } else { 0.0 };
    let text = if n > 0 { percent(share) } else { String::new() };
    format!("{text:>room$}{}", shade(share), room = width - 1)
}

/// A number in place of a share.
fn number(n: i64, width: usize) -> String {
    let text = if n > 0 { n.to_string() } else { String::new() };
    format!("{text:>room$} ", room = width - 1)
}

/// A name in its column; of one that is too long the middle goes, for many names begin alike.
fn fit(name: &str, width: usize) -> String {
    let mut text = name.to_owned();
    if name.width() > width {
        let upto = |room: usize, chars: &mut dyn Iterator<Item = char>| {
            let mut part = String::new();
            while let Some(c) = chars.next().filter(|c| format!("{part}{c}").width() <= room) {
                part.push(c);
            }
            part
        };
        let (start, end) = ((width - 3) / 2, width - 3 - (width - 3) / 2);
        let head = upto(start, &mut name.chars());
        let tail: String = upto(end, &mut name.chars().rev()).chars().rev().collect();
        text = format!("{head}...{tail}");
    }
    let pad = width.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(pad))
}
