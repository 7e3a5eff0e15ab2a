//! Worth against delivery on a terminal: every channel a letter at the middle of its two ranges, the ranges as
//! lines, the thresholds across.

use super::Document;
use super::figures::points;
use super::grid::{Grid, Side, plain, prose};
use super::phrase::{call_short, name, order};
use super::style::{Look, Tone};
use crate::assess::ChannelAssessment;
use crate::quantity::Interval;

/// Rows: one for each five points.
const ROWS: usize = 21;
/// Columns at most, an odd number so that the middle of the scale has one.
const MOST: usize = 81;
/// Room left of the plot: a figure and the axis.
const LEFT: usize = 6;
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The plot with its legend; empty where no channel has both ranges.
pub(super) fn plot(document: &Document<'_>, look: Look) -> String {
    let all = order(document);
    let channels: Vec<&ChannelAssessment> =
        all.contacts.into_iter().chain(all.apart).chain(all.proposed).collect();
    let placed: Vec<(&ChannelAssessment, Interval, Interval)> =
        channels.iter().filter_map(|c| Some((*c, c.delivery?, c.worth?))).collect();
    let shown = placed.get(..placed.len().min(LETTERS.len())).unwrap_or_default();
    if shown.is_empty() {
        return String::new();
    }
    let line = document.criteria().verdicts.number("threshold");
    let columns = look.columns().saturating_sub(LEFT).min(MOST);
    let mut field = Field::new(columns - (columns + 1) % 2, line);
    for (_, delivery, worth) in shown {
        field.ranges(*delivery, *worth);
    }
    for (letter, (_, delivery, worth)) in LETTERS.chars().zip(shown) {
        field.letter(letter, delivery.middle(), worth.middle());
    }
    let word = |id| document.criteria().verdicts.word(id, document.language).to_owned();
    let mut out = format!("\n{}\n", look.paint(Tone::Strong, &format!("{} (up)", word("axis-worth"))));
    out.push_str(&field.render());
    out.push_str(&format!(
        "{:>width$}\n",
        format!("{} (right)", word("axis-delivery")),
        width = field.columns + LEFT
    ));
    let mut grid = Grid::new(look, 2);
    grid.column("", Side::Left, 1)
        .column("", Side::Left, look.names())
        .column("have it?", Side::Left, 8)
        .column("works?", Side::Left, 8)
        .column("do", Side::Left, usize::MAX);
    for (letter, (c, delivery, worth)) in LETTERS.chars().zip(shown) {
        grid.row(vec![
            plain(letter.to_string()),
            plain(name(document, c.channel)),
            plain(points(*worth)),
            plain(points(*delivery)),
            (call_short(document, &c.verdict), Tone::of(c.verdict.call)),
        ]);
    }
    out.push_str(&grid.render(look));
    let mut notes = vec![
        "A letter stands at the middle of both ranges, the lines through it are the ranges; dotted: the line that \
         verdicts are held against."
            .to_owned(),
    ];
    let others: Vec<String> =
        channels.iter().filter(|c| c.worth.is_none()).map(|c| name(document, c.channel)).collect();
    if !others.is_empty() {
        notes.push(format!("Not asked whether to have: {}.", super::figures::list(&others)));
    }
    if placed.len() > shown.len() {
        notes.push(format!("{} more have no letter left.", placed.len() - shown.len()));
    }
    out.push_str(&prose("  ", &notes.join(" "), look));
    out
}

/// The cells of a plot, the highest row first.
struct Field {
    columns: usize,
    cells: Vec<Vec<char>>,
}

impl Field {
    fn new(columns: usize, line: f64) -> Self {
        let mut it = Self { columns, cells: vec![vec![' '; columns]; ROWS] };
        let (across, up) = (it.column(line), row(line));
        for cells in &mut it.cells {
            if let Some(cell) = cells.get_mut(across) {
                *cell = '┊';
            }
        }
        for (column, cell) in it.cells.get_mut(up).into_iter().flatten().enumerate() {
            *cell = if column == across { '┼' } else { '┄' };
        }
        it
    }

    fn column(&self, points: f64) -> usize {
        place(points, self.columns)
    }

    fn set(&mut self, row: usize, column: usize, sign: char) {
        if let Some(cell) = self.cells.get_mut(row).and_then(|cells| cells.get_mut(column)) {
            *cell = sign;
        }
    }

    /// Both ranges of a channel, through the middle of the other.
    fn ranges(&mut self, delivery: Interval, worth: Interval) {
        let (at_row, at_column) = (row(worth.middle()), self.column(delivery.middle()));
        for column in self.column(delivery.low)..=self.column(delivery.high) {
            self.set(at_row, column, '─');
        }
        for at in row(worth.high)..=row(worth.low) {
            let crossed = self.cells.get(at).and_then(|cells| cells.get(at_column)) == Some(&'─');
            self.set(at, at_column, if crossed { '┼' } else { '│' });
        }
    }

    /// A letter at its place, or in the nearest one to the right, then to the left, that no letter has.
    fn letter(&mut self, letter: char, delivery: f64, worth: f64) {
        let (at_row, at) = (row(worth), self.column(delivery));
        let free = |column: &usize| {
            let cell = self.cells.get(at_row).and_then(|cells| cells.get(*column));
            cell.is_some_and(|cell| !cell.is_ascii_alphabetic())
        };
        let column = (at..self.columns).chain((0..at).rev()).find(free).unwrap_or(at);
        self.set(at_row, column, letter);
    }

    fn render(&self) -> String {
        let mut out = String::new();
        for (row, cells) in self.cells.iter().enumerate() {
            let figure = if row % 5 == 0 { (100 - row * 5).to_string() } else { String::new() };
            let text: String = cells.iter().collect();
            out.push_str(&format!("{figure:>4} │{}\n", text.trim_end()));
        }
        out.push_str(&format!("     └{}\n", "─".repeat(self.columns)));
        let mut scale = vec![' '; LEFT + self.columns + 3];
        for points in [0, 25, 50, 75, 100] {
            let text = points.to_string();
            let at = LEFT + place(f64::from(points), self.columns);
            for (i, c) in text.chars().enumerate() {
                let column = (at + i).saturating_sub(text.len() / 2);
                if let Some(cell) = scale.get_mut(column) {
                    *cell = c;
                }
            }
        }
        let scale: String = scale.into_iter().collect();
        out.push_str(&format!("{}\n", scale.trim_end()));
        out
    }
}

/// Where a number of points stands on a scale of so many places.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "clamped"
)]
fn place(points: f64, places: usize) -> usize {
    ((points.clamp(0.0, 100.0) / 100.0) * (places - 1) as f64).round() as usize
}

fn row(worth: f64) -> usize {
    ROWS - 1 - place(worth, ROWS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_stand_where_they_belong() {
        // Eleven columns, one for each ten points; 21 rows, one for each five.
        let mut field = Field::new(11, 50.0);
        field.ranges(Interval::new(20.0, 40.0), Interval::new(70.0, 80.0));
        field.letter('a', 30.0, 75.0);
        field.letter('b', 30.0, 75.0);
        let rows: Vec<String> = field.cells.iter().map(|cells| cells.iter().collect()).collect();
        assert_eq!(rows[4], "   │ ┊     ", "80 points up");
        assert_eq!(rows[5], "  ─ab┊     ", "the second letter stands beside the first");
        assert_eq!(rows[6], "   │ ┊     ");
        assert_eq!(rows[10], "┄┄┄┄┄┼┄┄┄┄┄", "the line at 50");
        assert_eq!(rows[0], "     ┊     ");
    }
}
