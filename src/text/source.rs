//! Source files and places in them. Owns the translation from byte offsets to 1-based lines and
//! columns (columns count characters, as editors do); never interprets the text.

use std::ops::Range;
use std::sync::Arc;

/// One source text with the name it is shown under.
#[derive(Debug)]
pub struct Source {
    /// The path as the user gave it (or `criteria/….yaml` for embedded files).
    pub name: String,
    /// The whole text, UTF-8, a leading byte order mark removed.
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    /// A source of this name and text.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        let mut text: String = text.into();
        if text.starts_with('\u{feff}') {
            text.drain(..'\u{feff}'.len_utf8());
        }
        let mut line_starts = vec![0];
        line_starts.extend(text.bytes().enumerate().filter(|(_, b)| *b == b'\n').map(|(i, _)| i + 1));
        Arc::new(Self { name: name.into(), text, line_starts })
    }

    /// 1-based line and column (in characters) of a byte offset.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let line = self.line_starts.partition_point(|start| *start <= offset).max(1) - 1;
        let start = self.line_starts[line];
        let end = offset.min(self.text.len());
        let column = self.text.get(start..end).map_or(0, |s| s.chars().count());
        (line + 1, column + 1)
    }

    /// The text of a 1-based line without its line end.
    #[must_use]
    pub fn line(&self, line: usize) -> &str {
        let start = self.line_starts.get(line.wrapping_sub(1)).copied().unwrap_or(self.text.len());
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        self.text[start..end].trim_end_matches(['\n', '\r'])
    }
}

/// A place in a source: a byte range.
#[derive(Debug, Clone)]
pub struct Place {
    /// The file.
    pub source: Arc<Source>,
    /// The bytes.
    pub range: Range<usize>,
}

impl Place {
    /// 1-based line and column of the first byte.
    #[must_use]
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.range.start)
    }

    /// 1-based line, first column and the column after the last one, of what is marked on the first line;
    /// at least one column is.
    #[must_use]
    pub fn span(&self) -> (usize, usize, usize) {
        let (line, from) = self.line_column();
        let marked = self.source.text.get(self.range.clone()).unwrap_or_default();
        let width = marked.split(['\n', '\r']).next().unwrap_or_default().trim_end().chars().count();
        (line, from, from + width.max(1))
    }

    /// 1-based line of the first byte.
    #[must_use]
    pub fn line(&self) -> usize {
        self.line_column().0
    }
}

impl std::fmt::Display for Place {
    /// `inventory.yaml:24`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.source.name, self.line())
    }
}

/// A value with the place it was written at.
#[derive(Debug, Clone)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub at: Place,
}

impl<T> std::ops::Deref for Located<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}
