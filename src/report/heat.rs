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

/// The first row leads to the entrances; the others belong to `names`, in their order.
pub(super) fn matrix(names: &[String], rows: &[Row], look: Look) -> String {
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
    let letters = LETTERS.chars().map(String::from);
    let titles =
        std::iter::once((" ".to_owned(), "START")).chain(letters.zip(shown.iter().map(String::as_str)));
    for ((letter, title), row) in titles.zip(rows) {
        let mut line = format!("  {letter} {}", fit(title, widest));
        let shown_of = row.to.get(..shown.len()).unwrap_or(&row.to);
        for n in shown_of {
            line.push_str(&cell(*n, row.all, CELL));
        }
        if folded {
            let rest = row.to.iter().skip(shown.len()).fold(0_i64, |sum, n| sum.saturating_add(*n));
            line.push_str(&cell(rest, row.all, OTHERS.len() + 1));
        }
        for (n, end) in row.ends.iter().zip(ENDS) {
            line.push_str(&cell(*n, row.all, end.width().max(CELL) + 1));
        }
        out.push_str(&format!("{}\n", line.trim_end()));
    }
    let mut legend =
        "START: where journeys begin. Shades: . up to a quarter of the row, : half, o three quarters, # \
                      more. Contacts that follow one another in a channel are no switch."
            .to_owned();
    if folded {
        legend.push_str(&format!(
            " {} with fewer visits stand together under others.",
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

/// A name in its column; one that is too long ends in dots, for its letter stands before it.
fn fit(name: &str, width: usize) -> String {
    let (whole, mut text) = (name.width() <= width, String::new());
    for c in name.chars() {
        let next = format!("{text}{c}");
        if next.width() > if whole { width } else { width - 3 } {
            text.push_str("...");
            break;
        }
        text = next;
    }
    let pad = width - text.width();
    format!("{text}{}", " ".repeat(pad))
}
