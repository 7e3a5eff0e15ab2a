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
    /// Bytes of interest from `marked` on that were not yet visited, one bit each.
    marks: u64,
    marked: usize,
    /// Where no mark was yet set.
    scanned: usize,
    /// The fields of the record returned last.
    pub(super) fields: Vec<Field>,
    /// Whether there is no quote in them.
    pub(super) plain: bool,
}

impl<'t> Records<'t> {
    /// The records of a text whose first byte stands on `line`.
    pub(super) fn new(text: &'t str, delimiter: u8, line: u64) -> Self {
        Self {
            text,
            delimiter,
            at: 0,
            line,
            marks: 0,
            marked: 0,
            scanned: 0,
            fields: Vec::new(),
            plain: false,
        }
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
            self.fields.clear();
            let Some(newline) = self.plain_fields(start) else {
                self.fields.clear();
                self.plain = false;
                let newline = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |i| start + i);
                return Some(self.quoted_record(start, newline));
            };
            self.plain = true;
            self.resume(newline, 1);
            let from = self.fields.last().map_or(start, |field| field.end + 1);
            // A delimiter is no CR: the last field begins before what is cut off.
            let end = without_cr(bytes, from, newline);
            if self.fields.is_empty() && self.text[start..end].trim().is_empty() {
                continue;
            }
            self.fields.push(Field { start: from, end, doubled: false });
            let fault = (end - start > MAX_RECORD).then_some("line-too-long");
            return Some(Record { start, end, line, fault });
        }
    }

    /// The fields of a line, but for the last; gives the end of the line, `None` where a quote stands in
    /// it.
    ///
    /// Fields are short: one pass that looks for all three bytes at once, many at a time, is faster than
    /// a search for each.
    fn plain_fields(&mut self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let (mut marks, mut marked, mut from) = (self.marks, self.marked, start);
        let (delimiter, mut fields) = (self.delimiter, std::mem::take(&mut self.fields));
        let end = loop {
            if marks == 0 {
                if self.scanned >= bytes.len() {
                    break Some(bytes.len());
                }
                marked = self.scanned;
                self.scanned += STEP;
                marks = marks_of(&bytes[marked..], delimiter);
                continue;
            }
            let here = marked + marks.trailing_zeros() as usize;
            marks &= marks - 1;
            let byte = bytes[here];
            if byte == delimiter {
                fields.push(Field { start: from, end: here, doubled: false });
                from = here + 1;
            } else {
                break (byte == b'\n').then_some(here);
            }
        };
        (self.marks, self.marked, self.fields) = (marks, marked, fields);
        end
    }

    fn resume(&mut self, newline: usize, lines: u64) {
        self.at = newline + 1;
        self.line += lines;
    }

    /// After quotes, which follow a rule of their own.
    fn mark_anew(&mut self) {
        (self.marks, self.scanned) = (0, self.at);
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
        self.mark_anew();
        Record { start, end: without_cr(bytes, start, end), line, fault: None }
    }

    /// Gives a record up at the line of byte `at` and resumes on the next.
    fn faulty(&mut self, start: usize, at: usize, cause: &'static str) -> Record {
        let bytes = self.text.as_bytes();
        let line = self.line;
        let newline = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
        let lines = memchr_iter(b'\n', &bytes[start..newline]).count();
        self.resume(newline, u64::try_from(lines).unwrap_or(0) + 1);
        self.mark_anew();
        Record { start, end: without_cr(bytes, start, newline), line, fault: Some(cause) }
    }

    /// The text of a field of the current record, without spaces around it; blank where the record is
    /// too short.
    #[inline]
    pub(super) fn value(&self, index: usize) -> Cow<'t, str> {
        let Some(field) = self.fields.get(index) else { return Cow::Borrowed("") };
        let text = trim(&self.text[field.start..field.end]);
        if field.doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
    }

    /// The text from one field to another of a plain record, zeros behind it; `None` where it does not fit.
    #[inline]
    pub(super) fn word(&self, first: usize, last: usize) -> Option<[u64; 4]> {
        let (start, end) = (self.fields.get(first)?.start, self.fields.get(last)?.end);
        let mask = BEFORE.get(end - start)?;
        let ahead = self.text.as_bytes().get(start..)?;
        let bytes = match ahead.first_chunk() {
            Some(bytes) => *bytes,
            None => {
                let mut bytes = [0; 32];
                bytes[..ahead.len()].copy_from_slice(ahead);
                bytes
            }
        };
        let (words, _) = bytes.as_chunks::<8>();
        let mut word = [0; 4];
        for ((word, bytes), mask) in word.iter_mut().zip(words).zip(mask) {
            *word = u64::from_le_bytes(*bytes) & mask;
        }
        Some(word)
    }

    /// A field as it stands in the block; `None` if that is not its value but for spaces around it.
    #[inline]
    pub(super) fn raw(&self, index: usize) -> Option<Raw<'t>> {
        let Some(field) = self.fields.get(index) else { return Some(Raw::of("")) };
        let ahead = self.text.as_bytes().get(field.start..).unwrap_or_default();
        (!field.doubled).then_some(Raw { ahead, length: field.end - field.start })
    }
}

/// By length: ones for the bytes of a text, zeros for what is behind it.
static BEFORE: [[u64; 4]; 33] = {
    let mut masks = [[0; 4]; 33];
    let mut length = 0;
    while length < masks.len() {
        let mut byte = 0;
        while byte < length {
            masks[length][byte / 8] |= 0xff << (byte % 8 * 8);
            byte += 1;
        }
        length += 1;
    }
    masks
};

/// A text with what stands behind it, so that its first bytes can be had at once however few they are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw<'t> {
    ahead: &'t [u8],
    length: usize,
}

impl<'t> Raw<'t> {
    /// Nothing stands behind this text.
    pub(super) fn of(text: &'t str) -> Self {
        Self { ahead: text.as_bytes(), length: text.len() }
    }

    #[inline]
    pub(super) fn length(self) -> usize {
        self.length
    }

    #[inline]
    pub(super) fn bytes(self) -> &'t [u8] {
        self.ahead.get(..self.length).unwrap_or_default()
    }

    /// Its first 16 bytes, the first in the lowest place; 0 behind its end.
    #[inline]
    pub(super) fn head(self) -> u128 {
        let head = match self.ahead.first_chunk() {
            Some(head) => u128::from_le_bytes(*head),
            None => {
                let mut head = [0; 16];
                head[..self.ahead.len()].copy_from_slice(self.ahead);
                u128::from_le_bytes(head)
            }
        };
        if self.length >= 16 { head } else { head & ((1 << (8 * self.length)) - 1) }
    }
}

/// How many bytes are looked at together.
const STEP: usize = 64;

/// One bit for each delimiter, line feed and quote among the first bytes of a text.
///
/// Written so that it becomes vector instructions without being written in them: bytes of 0 and 1, then
/// eight of them into eight bits by a product that carries each to its own place in the highest byte.
fn marks_of(text: &[u8], delimiter: u8) -> u64 {
    let mut last = [0; STEP];
    let step: &[u8; STEP] = match text.first_chunk() {
        Some(step) => step,
        None => {
            last[..text.len()].copy_from_slice(text);
            &last
        }
    };
    let mut found = [0_u8; STEP];
    for (found, byte) in found.iter_mut().zip(step) {
        *found = u8::from(*byte == delimiter) | u8::from(*byte == b'\n') | u8::from(*byte == b'"');
    }
    let (words, _) = found.as_chunks::<8>();
    words.iter().rev().fold(0, |marks, word| {
        marks << 8 | u64::from_le_bytes(*word).wrapping_mul(0x0102_0408_1020_4080) >> 56
    })
}

/// Text without spaces around it. Mostly there are none, and then two bytes tell.
#[inline]
fn trim(text: &str) -> &str {
    let inner = |byte: Option<&u8>| byte.is_none_or(|b| (0x21..0x80).contains(b));
    if inner(text.as_bytes().first()) && inner(text.as_bytes().last()) { text } else { text.trim() }
}

fn without_cr(bytes: &[u8], start: usize, mut end: usize) -> usize {
    while end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    end
}
