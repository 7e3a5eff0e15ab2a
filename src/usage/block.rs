//! Blocks of decoded text, cut at record boundaries: the unit of work of a log scan. Owns the rule of
//! quotes, for the cutter and the record reader alike; never looks at what a field means.
//!
//! A quote opens a quoted field only as the first byte of a field. Inside, two quotes are one; any
//! other quote must end the field (spaces, then a delimiter or the end of the line). A field that
//! breaks this rule, is longer than `MAX_QUOTED` or is still open at the end of the file makes its
//! record faulty, and reading resumes on the line after the one on which that quote stands.

use memchr::{memchr, memchr_iter, memrchr};

use super::decode::Text;

/// Longest quoted field, in bytes of UTF-8.
pub(super) const MAX_QUOTED: usize = 1 << 20;
/// Longest record, in bytes of UTF-8.
pub(super) const MAX_RECORD: usize = 4 << 20;
/// How much of a record that is too long is kept to be shown.
const SHOWN: usize = 400;

/// A piece of decoded text that holds whole records.
#[derive(Debug, Clone)]
pub struct Block {
    /// UTF-8 text; ends where a record ends.
    pub text: String,
    /// 1-based line of its first byte, in the decoded text of the file.
    pub line: u64,
    /// The text is only the beginning of one record that was too long to be held.
    pub too_long: bool,
}

/// Where a quoted field leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quoted {
    /// It ends: its closing quote, and the delimiter or line end that follows it (or the end of text).
    Closed { quote: usize, next: usize },
    /// It never closes as it should.
    Fault(&'static str),
    /// The text ends first.
    Open,
}

/// Follows the quoted field whose opening quote stands at `open`.
pub(super) fn quoted(text: &[u8], open: usize, delimiter: u8, end_of_file: bool) -> Quoted {
    let first = open + 1;
    let limit = text.len().min(first + MAX_QUOTED + 1);
    let mut at = first;
    loop {
        let Some(quote) = memchr(b'"', &text[at..limit]).map(|i| at + i) else {
            return if limit < text.len() || limit == first + MAX_QUOTED + 1 {
                Quoted::Fault("unclosed-quote")
            } else {
                Quoted::Open
            };
        };
        let mut next = quote + 1;
        if text.get(next) == Some(&b'"') {
            at = next + 1;
            if at > limit {
                return Quoted::Fault("unclosed-quote");
            }
            continue;
        }
        while text.get(next) == Some(&b' ') {
            next += 1;
        }
        let before_cr = next;
        while text.get(next) == Some(&b'\r') {
            next += 1;
        }
        return match text.get(next) {
            None if end_of_file => Quoted::Closed { quote, next },
            None => Quoted::Open,
            Some(b'\n') => Quoted::Closed { quote, next },
            Some(b) if *b == delimiter && next == before_cr => Quoted::Closed { quote, next },
            // On a later line it is the opening quote of another field: this one was never closed.
            Some(_) if memchr(b'\n', &text[first..quote]).is_some() => Quoted::Fault("unclosed-quote"),
            Some(_) => Quoted::Fault("stray-quote"),
        };
    }
}

/// Cuts a text into blocks.
pub(super) struct Cutter {
    text: Text,
    delimiter: u8,
    buffer: String,
    line: u64,
    end_of_file: bool,
    /// Bytes that a block holds at most, unless one record is longer.
    most: usize,
}

impl Cutter {
    /// A cutter over text of which `buffer` was already read; `line` is that of its first byte.
    pub(super) fn new(text: Text, delimiter: u8, buffer: String, line: u64, most: usize) -> Self {
        Self { text, delimiter, buffer, line, end_of_file: false, most }
    }

    /// What was taken for granted about the encoding.
    pub(super) fn note(&self) -> Option<String> {
        self.text.note()
    }

    /// The next block.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Block>> {
        loop {
            let end = self.end();
            if end > 0 {
                let rest = self.buffer.split_off(end);
                let text = std::mem::replace(&mut self.buffer, rest);
                return Ok(Some(self.block(text, false)));
            }
            if self.buffer.len() > MAX_RECORD {
                return self.skip().map(Some);
            }
            if self.end_of_file {
                return Ok(None);
            }
            self.end_of_file = !self.text.read(&mut self.buffer)?;
        }
    }

    /// The end of the next block in what was read: as many whole records as it may hold, at least one;
    /// 0 where no record is whole yet.
    fn end(&self) -> usize {
        let bytes = self.buffer.as_bytes();
        let mut size = self.most.max(1);
        while let Some(part) = bytes.get(..size).filter(|part| part.len() < bytes.len()) {
            match boundary(part, self.delimiter, false) {
                0 => size = size.saturating_mul(2),
                end => return end,
            }
        }
        boundary(bytes, self.delimiter, self.end_of_file)
    }

    fn block(&mut self, text: String, too_long: bool) -> Block {
        let line = self.line;
        self.line += lines(text.as_bytes());
        Block { text, line, too_long }
    }

    /// Passes over the first line of a record that is too long, holding no more than one read of it.
    fn skip(&mut self) -> anyhow::Result<Block> {
        let shown: String = self.buffer.chars().take(SHOWN).collect();
        let line = self.line;
        loop {
            if let Some(end) = memchr(b'\n', self.buffer.as_bytes()) {
                self.buffer.drain(..=end);
                self.line += 1;
                break;
            }
            self.buffer.clear();
            if self.end_of_file {
                break;
            }
            self.end_of_file = !self.text.read(&mut self.buffer)?;
        }
        Ok(Block { text: shown, line, too_long: true })
    }
}

fn lines(text: &[u8]) -> u64 {
    u64::try_from(memchr_iter(b'\n', text).count()).unwrap_or(u64::MAX)
}

/// The end of the last whole record of a text that begins where a record begins; 0 if there is none.
///
/// Only quotes are visited, so text without any costs two searches.
fn boundary(text: &[u8], delimiter: u8, end_of_file: bool) -> usize {
    let (mut at, mut last) = (0, 0);
    while at < text.len() {
        let quote = memchr(b'"', &text[at..]).map_or(text.len(), |i| at + i);
        if let Some(newline) = memrchr(b'\n', &text[at..quote]) {
            last = at + newline + 1;
        }
        if quote == text.len() {
            break;
        }
        let opens = quote == 0 || matches!(text[quote - 1], b'\n') || text[quote - 1] == delimiter;
        if !opens {
            at = quote + 1;
            continue;
        }
        let outcome = quoted(text, quote, delimiter, end_of_file);
        match outcome {
            Quoted::Closed { next, .. } => at = next,
            Quoted::Open if !end_of_file => return last,
            Quoted::Open | Quoted::Fault(_) => match memchr(b'\n', &text[quote..]) {
                Some(newline) => {
                    last = quote + newline + 1;
                    at = last;
                }
                None => break,
            },
        }
    }
    if end_of_file { text.len() } else { last }
}
