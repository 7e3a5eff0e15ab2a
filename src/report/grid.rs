//! Tables and wrapped prose in columns of a terminal. Every screen is laid out here; nothing is ever
//! cut off: what does not fit is wrapped.

use comfy_table::{
    Attribute, Cell, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width,
};
use unicode_width::UnicodeWidthStr as _;

use super::style::{Look, Tone};

/// A cell.
pub(super) type Text = (String, Tone);

/// A cell in no special tone.
pub(super) fn plain(text: impl Into<String>) -> Text {
    (text.into(), Tone::Plain)
}

/// On which side a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

struct Column {
    title: String,
    side: Side,
    most: usize,
}

enum Line {
    Cells(Vec<Text>),
    /// A line across all columns.
    Across(Text),
    /// Prose below a row, indented.
    Below(String),
}

/// A table without rules: columns side by side, one of which takes what is left of the width.
pub(super) struct Grid {
    columns: Vec<Column>,
    lines: Vec<Line>,
    indent: usize,
    flexible: usize,
    /// Spaces between two columns.
    gap: usize,
}

/// A flexible column is never narrower than this.
const LEAST_FLEXIBLE: usize = 22;

impl Grid {
    /// A table; its last column is the flexible one.
    pub(super) fn new(look: Look, indent: usize) -> Self {
        let gap = if look.is_narrow() { 1 } else { 2 };
        Self { columns: Vec::new(), lines: Vec::new(), indent, flexible: usize::MAX, gap }
    }

    /// One more column, at most so many characters wide.
    pub(super) fn column(&mut self, title: impl Into<String>, side: Side, most: usize) -> &mut Self {
        self.columns.push(Column { title: title.into(), side, most });
        self
    }

    /// The column added last takes what is left of the width.
    pub(super) fn flexible(&mut self) -> &mut Self {
        self.flexible = self.columns.len().saturating_sub(1);
        self
    }

    /// One space between columns, whatever the width.
    pub(super) fn close(&mut self) -> &mut Self {
        self.gap = 1;
        self
    }

    /// One more row.
    pub(super) fn row(&mut self, cells: Vec<Text>) -> &mut Self {
        self.lines.push(Line::Cells(cells));
        self
    }

    /// A line across all columns.
    pub(super) fn across(&mut self, text: impl Into<String>, tone: Tone) -> &mut Self {
        self.lines.push(Line::Across((text.into(), tone)));
        self
    }

    /// Prose below the row before.
    pub(super) fn below(&mut self, text: impl Into<String>) -> &mut Self {
        self.lines.push(Line::Below(text.into()));
        self
    }

    /// Whether it has no line.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Columns that the flexible column gets of what it would like to have.
    pub(super) fn room(&self, look: Look) -> usize {
        self.left(&self.natural(), look)
    }

    /// Whether every column gets what it would like to have.
    pub(super) fn fits(&self, look: Look) -> bool {
        let natural = self.natural();
        natural.iter().sum::<usize>() + self.gap * natural.len().saturating_sub(1) + self.indent
            <= look.columns()
    }

    /// What the other columns leave.
    fn left(&self, natural: &[usize], look: Look) -> usize {
        let flexible = self.flexible.min(natural.len().saturating_sub(1));
        let gaps = self.gap * natural.len().saturating_sub(1);
        let others: usize = natural.iter().enumerate().filter(|(i, _)| *i != flexible).map(|(_, w)| w).sum();
        look.columns().saturating_sub(self.indent + gaps + others)
    }

    /// How wide each column would like to be.
    fn natural(&self) -> Vec<usize> {
        let mut widths: Vec<usize> =
            self.columns.iter().map(|c| c.title.width().min(c.most.max(1)).max(1)).collect();
        for line in &self.lines {
            let Line::Cells(cells) = line else { continue };
            for ((width, column), (text, _)) in widths.iter_mut().zip(&self.columns).zip(cells) {
                *width = (*width).max(text.width().min(column.most.max(1)));
            }
        }
        widths
    }

    fn widths(&self, look: Look) -> Vec<usize> {
        let mut widths = self.natural();
        let left = self.left(&widths, look).max(LEAST_FLEXIBLE);
        let flexible = self.flexible.min(widths.len().saturating_sub(1));
        if let Some(width) = widths.get_mut(flexible) {
            *width = (*width).min(left);
        }
        widths
    }

    /// The table as lines of text, each ended.
    pub(super) fn render(&self, look: Look) -> String {
        let widths = self.widths(look);
        let mut out = String::new();
        let mut block: Vec<&[Text]> = Vec::new();
        let titles: Vec<Text> = self.columns.iter().map(|c| (c.title.clone(), Tone::Strong)).collect();
        if titles.iter().any(|(title, _)| !title.is_empty()) {
            block.push(&titles);
        }
        for line in &self.lines {
            match line {
                Line::Cells(cells) => block.push(cells),
                Line::Across((text, tone)) => {
                    self.flush(&mut block, &widths, look, &mut out);
                    for part in wrap(text, look.columns().saturating_sub(self.indent)) {
                        push_line(&mut out, self.indent, &look.paint(*tone, &part));
                    }
                }
                Line::Below(text) => {
                    self.flush(&mut block, &widths, look, &mut out);
                    for part in wrap(text, look.columns().saturating_sub(self.indent + 4)) {
                        push_line(&mut out, self.indent + 4, &part);
                    }
                }
            }
        }
        self.flush(&mut block, &widths, look, &mut out);
        out
    }

    fn flush(&self, rows: &mut Vec<&[Text]>, widths: &[usize], look: Look, out: &mut String) {
        if rows.is_empty() {
            return;
        }
        let mut table = Table::new();
        table.force_no_tty().load_style(comfy_table::TableStyle::new());
        table.set_content_arrangement(ContentArrangement::Dynamic);
        let total = widths.iter().sum::<usize>() + self.gap * widths.len();
        table.set_width(u16::try_from(total).unwrap_or(u16::MAX));
        if look.color {
            table.enforce_styling().style_text_only();
        }
        for row in rows.drain(..) {
            table.add_row(row.iter().map(|text| cell(text, look)).collect::<Vec<_>>());
        }
        for (i, (width, column)) in widths.iter().zip(&self.columns).enumerate() {
            if let Some(shape) = table.column_mut(i) {
                shape.set_padding((0, u16::try_from(self.gap).unwrap_or(1)));
                let wide = u16::try_from(width + self.gap).unwrap_or(u16::MAX);
                shape.set_constraint(ColumnConstraint::Absolute(Width::Fixed(wide)));
                shape.set_cell_alignment(match column.side {
                    Side::Left => CellAlignment::Left,
                    Side::Right => CellAlignment::Right,
                });
            }
        }
        for line in table.lines() {
            push_line(out, self.indent, &line);
        }
    }
}

fn cell((text, tone): &Text, look: Look) -> Cell {
    let cell = Cell::new(text);
    if !look.color || text.is_empty() {
        return cell;
    }
    match tone {
        Tone::Plain => cell,
        Tone::Strong => cell.add_attribute(Attribute::Bold),
        Tone::Good => cell.fg(Color::DarkGreen),
        Tone::Attention => cell.add_attribute(Attribute::Bold).fg(Color::DarkYellow),
        Tone::Bad => cell.add_attribute(Attribute::Bold).fg(Color::DarkRed),
        Tone::Faint => cell.add_attribute(Attribute::Dim),
    }
}

fn push_line(out: &mut String, indent: usize, line: &str) {
    let line = line.trim_end();
    if !line.is_empty() {
        out.extend(std::iter::repeat_n(' ', indent));
        out.push_str(line);
    }
    out.push('\n');
}

/// Words set in lines of at most `width` columns; a longer word is broken.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(LEAST_FLEXIBLE);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(last) = lines.last_mut() else { break };
        if last.is_empty() || last.width() + 1 + word.width() <= width {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
        break_long(&mut lines, width);
    }
    lines
}

/// Breaks the last line where a single word is wider than the line.
fn break_long(lines: &mut Vec<String>, width: usize) {
    while let Some(last) = lines.last_mut().filter(|l| l.width() > width) {
        let mut taken = 0;
        let cut = last
            .char_indices()
            .find(|(_, c)| {
                taken += unicode_width::UnicodeWidthChar::width(*c).unwrap_or(0);
                taken > width
            })
            .map_or(last.len(), |(i, _)| i);
        if cut == 0 || cut >= last.len() {
            break;
        }
        let rest = last.split_off(cut);
        lines.push(rest);
    }
}

/// Prose with a hanging indent: the first line after `lead`, the others below its end; a lead that is
/// too long to hang from runs on into the text.
pub(super) fn prose(lead: &str, text: &str, look: Look) -> String {
    let hang = lead.width();
    let mut out = String::new();
    if hang > look.prose() / 2 {
        for (i, line) in wrap(&format!("{lead}{text}"), look.prose().saturating_sub(4)).iter().enumerate() {
            push_line(&mut out, if i == 0 { 2 } else { 4 }, line);
        }
        return out;
    }
    for (i, line) in wrap(text, look.prose().saturating_sub(hang)).iter().enumerate() {
        if i == 0 {
            out.push_str(format!("{lead}{line}").trim_end());
            out.push('\n');
        } else {
            push_line(&mut out, hang, line);
        }
    }
    out
}

/// A heading of one or more lines.
pub(super) fn title(text: &str, look: Look) -> String {
    wrap(text, look.columns())
        .iter()
        .fold(String::new(), |out, line| out + &look.paint(Tone::Strong, line) + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(width: usize) -> Look {
        Look { width, color: false, full: false, ascii: false }
    }

    #[test]
    fn nothing_is_cut_off_and_nothing_is_too_wide() {
        let mut grid = Grid::new(look(60), 2);
        grid.column("NAME", Side::Left, 10).column("N", Side::Right, 9).column("BECAUSE", Side::Left, 99);
        grid.row(vec![plain("a-very-long-name"), plain("1,000"), plain("word ".repeat(40))]);
        let text = grid.render(look(60));
        assert!(text.lines().all(|l| l.width() <= 60), "{text}");
        assert_eq!(text.matches("word").count(), 40, "{text}");
        assert!(text.replace([' ', '\n'], "").contains("a-very-lon"), "{text}");
    }

    #[test]
    fn a_word_longer_than_the_line_is_broken() {
        let lines = wrap(&"x".repeat(100), 30);
        assert_eq!(lines.iter().map(String::len).sum::<usize>(), 100);
        assert!(lines.iter().all(|l| l.len() <= 30));
        assert_eq!(wrap("", 30), [""]);
    }
}
