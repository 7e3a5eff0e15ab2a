//! Records and their fields: cuts a block into records under the quote rule of [`super::block`] and
//! slices each into fields. Knows no columns and no types.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};

use super::block::{MAX_RECORD, Quoted, quoted};

/// One field of a record, as bytes of the block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    start: usize,
    end: usize,
    doubled: bool,
}

/// One record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record {
    /// First byte.
    pub(super) start: usize,
    /// End, without the line end.
    pub(super) end: usize,
    /// 1-based line on which it begins.
    pub(super) line: u64,
    /// Why it cannot be read.
    pub(super) fault: Option<&'static str>,
}

/// The records of a text, in order; wholly blank lines are passed over.
pub(super) struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    at: usize,
    line: u64,
    /// The fields of the record returned last.
    pub(super) fields: Vec<Field>,
}

impl<'t> Records<'t> {
    /// The records of a text whose first byte stands on `line`.
    pub(super) fn new(text: &'t str, delimiter: u8, line: u64) -> Self {
        Self { text, delimiter, at: 0, line, fields: Vec::new() }
    }

    /// Where the next record begins, and on which line.
    pub(super) fn position(&self) -> (usize, u64) {
        (self.at, self.line)
    }

    /// The next record.
    pub(super) fn next(&mut self) -> Option<Record> {
        let bytes = self.text.as_bytes();
        loop {
            if self.at >= bytes.len() {
                return None;
            }
            let (start, line) = (self.at, self.line);
            let newline = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |i| start + i);
            let end = without_cr(bytes, start, newline);
            self.fields.clear();
            if memchr(b'"', &bytes[start..end]).is_none() {
                self.resume(newline, 1);
                if self.text[start..end].trim().is_empty() && !bytes[start..end].contains(&self.delimiter) {
                    continue;
                }
                let mut from = start;
                for at in memchr_iter(self.delimiter, &bytes[start..end]) {
                    self.fields.push(Field { start: from, end: start + at, doubled: false });
                    from = start + at + 1;
                }
                self.fields.push(Field { start: from, end, doubled: false });
                let fault = (end - start > MAX_RECORD).then_some("line-too-long");
                return Some(Record { start, end, line, fault });
            }
            return Some(self.quoted_record(start, newline));
        }
    }

    fn resume(&mut self, newline: usize, lines: u64) {
        self.at = newline + 1;
        self.line += lines;
    }

    fn quoted_record(&mut self, start: usize, first_newline: usize) -> Record {
        let bytes = self.text.as_bytes();
        let line = self.line;
        let mut at = start;
        let end = loop {
            if bytes.get(at) == Some(&b'"') {
                match quoted(bytes, at, self.delimiter, true) {
                    Quoted::Closed { quote, next } => {
                        let doubled = memchr(b'"', &bytes[at + 1..quote]).is_some();
                        self.fields.push(Field { start: at + 1, end: quote, doubled });
                        at = next;
                    }
                    fault => {
                        let cause = if let Quoted::Fault(cause) = fault { cause } else { "unclosed-quote" };
                        return self.faulty(start, at, cause);
                    }
                }
            } else {
                let next = memchr2(self.delimiter, b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
                let last = bytes.get(next) != Some(&self.delimiter);
                let end = if last { without_cr(bytes, at, next) } else { next };
                self.fields.push(Field { start: at, end, doubled: false });
                at = next;
            }
            if bytes.get(at) == Some(&self.delimiter) {
                at += 1;
            } else {
                break at;
            }
        };
        if end - start > MAX_RECORD {
            return self.faulty(start, start.max(first_newline.saturating_sub(1)), "line-too-long");
        }
        let lines = memchr_iter(b'\n', &bytes[start..end]).count();
        self.resume(end, u64::try_from(lines).unwrap_or(0) + 1);
        Record { start, end: without_cr(bytes, start, end), line, fault: None }
    }

    /// Gives a record up at the line of byte `at` and resumes on the next.
    fn faulty(&mut self, start: usize, at: usize, cause: &'static str) -> Record {
        let bytes = self.text.as_bytes();
        let line = self.line;
        let newline = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
        let lines = memchr_iter(b'\n', &bytes[start..newline]).count();
        self.resume(newline, u64::try_from(lines).unwrap_or(0) + 1);
        Record { start, end: without_cr(bytes, start, newline), line, fault: Some(cause) }
    }

    /// The text of a field of the current record, without spaces around it; blank where the record is
    /// too short.
    pub(super) fn value(&self, index: usize) -> Cow<'t, str> {
        let Some(field) = self.fields.get(index) else { return Cow::Borrowed("") };
        let text = self.text[field.start..field.end].trim();
        if field.doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
    }
}

fn without_cr(bytes: &[u8], start: usize, mut end: usize) -> usize {
    while end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    end
}
