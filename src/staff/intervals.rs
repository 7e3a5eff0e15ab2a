//! A file of staffing questions: one line each, columns named like the options.
//!
//! Owns columns, cells and their mistakes, which all become diagnostics with the place of the cell.

use std::sync::Arc;

use super::Question;
use super::asked::{self, Asked, ModelName};
use crate::criteria::Criteria;
use crate::text::clean;
use crate::text::diagnostic::Diagnostic;
use crate::text::source::{Place, Source};
use crate::text::tree::suggest;

/// Most lines of one file: a bound on memory.
const MOST_LINES: usize = 1_000_000;
/// After so many mistakes the rest of the file is not looked at.
const MOST_MISTAKES: usize = 1_000;

/// A question and the line it stands on.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// 1-based.
    pub line: u64,
    /// The question.
    pub question: Question,
}

/// What a cell sets; the error says what it should be.
type Set = fn(&mut Asked, &str) -> Result<(), String>;

/// The columns.
const COLUMNS: [(&str, Set); 13] = [
    ("contacts", |a, t| asked::number(t).map(|v| a.contacts = Some(v))),
    ("per", |a, t| asked::duration(t).map(|v| a.per_s = Some(v))),
    ("handle", |a, t| asked::duration(t).map(|v| a.handle_s = Some(v))),
    ("promise", |a, t| asked::promise(t).map(|v| a.promise = Some(v))),
    ("patience", |a, t| asked::patience(t).map(|v| a.patience_s = Some(v))),
    ("agents", |a, t| asked::agents(t).map(|v| a.agents = Some(v))),
    ("max_occupancy", |a, t| asked::share(t).map(|v| a.max_occupancy = Some(v))),
    ("max_lost", |a, t| asked::share(t).map(|v| a.max_lost = Some(v))),
    ("shrinkage", |a, t| asked::shrinkage(t).map(|v| a.shrinkage = Some(v))),
    ("concurrency", |a, t| asked::talks(t).map(|v| a.concurrency = Some(v))),
    ("speed", |a, t| asked::speed(t).map(|v| a.speed = Some(v))),
    ("deadline", |a, t| asked::duration(t).map(|v| a.deadline_s = Some(v))),
    ("model", |a, t| ModelName::parse(t).map(|v| a.model = Some(v))),
];

/// Reads a file of questions. Blank cells and columns that are not there say what `otherwise` says.
///
/// # Errors
/// Everything that is wrong with the file.
pub fn read(
    source: &Arc<Source>,
    otherwise: &Asked,
    criteria: &Criteria,
) -> Result<Vec<Line>, Vec<Diagnostic>> {
    let mut reading =
        Reading { source, delimiter: delimiter(&source.text), mistakes: Vec::new(), headless: false };
    let lines = reading.lines(otherwise, criteria);
    if reading.mistakes.is_empty() { Ok(lines) } else { Err(reading.mistakes) }
}

/// Comma, semicolon or tab: whichever the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    [b',', b';', b'\t']
        .into_iter()
        .rev()
        .max_by_key(|delimiter| first.bytes().filter(|byte| byte == delimiter).count())
        .unwrap_or(b',')
}

struct Reading<'a> {
    source: &'a Arc<Source>,
    delimiter: u8,
    mistakes: Vec<Diagnostic>,
    /// The first line has mistakes.
    headless: bool,
}

impl Reading<'_> {
    fn lines(&mut self, otherwise: &Asked, criteria: &Criteria) -> Vec<Line> {
        let mut reader = ::csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(::csv::Trim::All)
            .from_reader(self.source.text.as_bytes());
        let mut record = ::csv::StringRecord::new();
        let (mut columns, mut lines) = (None::<Vec<Option<Set>>>, Vec::new());
        // Text that is valid can only end in the middle of quotes, which the reader takes as their end.
        while reader.read_record(&mut record).unwrap_or(false) {
            let Some(position) = record.position().cloned() else { continue };
            let start = usize::try_from(position.byte()).unwrap_or(0);
            let end = usize::try_from(reader.position().byte()).unwrap_or(start);
            let at = self.trimmed(start, end);
            let Some(columns) = &columns else {
                columns = Some(self.header(&record, &at, otherwise));
                self.headless = !self.mistakes.is_empty();
                continue;
            };
            if self.mistakes.len() >= MOST_MISTAKES {
                let message =
                    format!("over {MOST_MISTAKES} mistakes: the lines from here on were not looked at");
                self.mistakes.push(Diagnostic::error("too-many-mistakes", message, at));
                break;
            }
            if lines.len() >= MOST_LINES {
                let message = format!("a file holds at most {MOST_LINES} intervals");
                let help = "part it into several files";
                self.mistakes.push(Diagnostic::error("too-many-intervals", message, at).help(help));
                break;
            }
            let line = at.line() as u64;
            if let Some(question) = self.question(&record, &at, columns, otherwise, criteria) {
                lines.push(Line { line, question });
            }
        }
        if lines.is_empty() && self.mistakes.is_empty() {
            let at = Place { source: self.source.clone(), range: 0..0 };
            self.mistakes.push(
                Diagnostic::error("no-intervals", "there is no interval in it", at)
                    .help("the first line names the columns (contacts,per,handle,promise), each other line is one interval"),
            );
        }
        lines
    }

    /// The place of a record without the line break after it and blank lines before it.
    fn trimmed(&self, start: usize, end: usize) -> Place {
        let text = self.source.text.get(start..end).unwrap_or_default();
        let start = start + (text.len() - text.trim_start_matches(['\n', '\r']).len());
        let length = text.trim_matches(['\n', '\r']).len();
        Place { source: self.source.clone(), range: start..start + length }
    }

    /// What each column sets. Unknown and repeated columns are mistakes, and so is what neither a column
    /// nor an option gives.
    fn header(&mut self, record: &::csv::StringRecord, at: &Place, otherwise: &Asked) -> Vec<Option<Set>> {
        let names: Vec<String> =
            record.iter().map(|name| name.to_lowercase().replace(['-', ' '], "_")).collect();
        let known = |name: &String| COLUMNS.iter().find(|(column, _)| column == name);
        for (ix, name) in names.iter().enumerate() {
            let place = self.cell(record, at, ix);
            if known(name).is_none() {
                let near = suggest(name, COLUMNS.iter().map(|(column, _)| *column));
                let help = near.map_or_else(
                    || format!("the columns are {}", COLUMNS.map(|(column, _)| column).join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                let message = format!("unknown column `{}`", clean(name));
                self.mistakes.push(Diagnostic::error("unknown-column", message, place).help(help));
            } else if names[..ix].contains(name) {
                let message = format!("column `{}` stands twice", clean(name));
                self.mistakes
                    .push(Diagnostic::error("duplicate-column", message, place).help("leave one out"));
            }
        }
        let given = |column: &str| names.iter().any(|name| name == column);
        let promised = given("deadline") || otherwise.promise.is_some() || otherwise.deadline_s.is_some();
        let missing: Vec<&str> = [
            ("contacts", otherwise.contacts.is_some()),
            ("per", otherwise.per_s.is_some()),
            ("handle", otherwise.handle_s.is_some()),
            ("promise", promised),
        ]
        .into_iter()
        .filter(|(column, otherwise)| !otherwise && !given(column))
        .map(|(column, _)| column)
        .collect();
        self.missing(&missing, at.clone());
        names.iter().map(|name| known(name).map(|(_, set)| *set)).collect()
    }

    fn missing(&mut self, missing: &[&str], at: Place) {
        if !missing.is_empty() {
            let message = format!("{} missing", missing.join(", "));
            let help = format!("add it, or give the option for all lines: --{}", missing.join(", --"));
            self.mistakes.push(Diagnostic::error("missing", message, at).help(help));
        }
    }

    fn question(
        &mut self,
        record: &::csv::StringRecord,
        at: &Place,
        columns: &[Option<Set>],
        otherwise: &Asked,
        criteria: &Criteria,
    ) -> Option<Question> {
        let before = self.mistakes.len();
        if record.len() != columns.len() {
            let (cells, names) = (record.len(), columns.len());
            let message = format!("this line has {cells} cells, the first line names {names} columns");
            self.mistakes.push(Diagnostic::error("wrong-width", message, at.clone()).help(
                "a cell that holds the delimiter stands in quotes; a blank cell still needs its delimiter",
            ));
            return None;
        }
        let mut asked = Asked::default();
        for (ix, (cell, set)) in record.iter().zip(columns).enumerate() {
            let Some(set) = set.filter(|_| !cell.is_empty()) else { continue };
            // Where commas part no cells they stand for the decimal point.
            let decimal = if self.delimiter == b',' { None } else { Some(cell.replace(',', ".")) };
            if let Err(help) = set(&mut asked, decimal.as_deref().unwrap_or(cell)) {
                let message = format!("`{}` cannot be read", clean(cell));
                let place = self.cell(record, at, ix);
                self.mistakes.push(Diagnostic::error("bad-cell", message, place).help(help));
            }
        }
        let asked = asked.or(otherwise);
        for contradiction in asked.contradictions() {
            self.mistakes.push(Diagnostic::error("contradiction", contradiction, at.clone()));
        }
        if self.mistakes.len() > before {
            return None;
        }
        match asked.question(criteria) {
            Ok(question) => Some(question),
            Err(missing) => {
                // What no line can have was told at the head of the file.
                if !self.headless {
                    self.missing(&missing, at.clone());
                }
                None
            }
        }
    }

    /// The place of a cell; of the whole record where quotes stand in it.
    fn cell(&self, record: &::csv::StringRecord, at: &Place, wanted: usize) -> Place {
        let raw = self.source.text.get(at.range.clone()).unwrap_or_default();
        let delimiter = char::from(self.delimiter);
        if raw.contains('"') || raw.split(delimiter).count() != record.len() {
            return at.clone();
        }
        let mut start = at.range.start;
        for (ix, cell) in raw.split(delimiter).enumerate() {
            if ix == wanted {
                let inner = cell.trim();
                let lead = cell.len() - cell.trim_start().len();
                return Place { source: at.source.clone(), range: start + lead..start + lead + inner.len() };
            }
            start += cell.len() + 1;
        }
        at.clone()
    }
}
