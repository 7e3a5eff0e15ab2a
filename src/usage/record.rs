//! Records and their fields: cuts a block into records under the quote rule of [`super::block`] and
//! slices each into fields. Knows no columns and no types.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2};
use wide::u8x64;

use super::block::{MAX_RECORD, Quoted, quoted};

/// One field of a record, as bytes of the block.
#[derive(Debug, Clone, Copy)]
struct Field {
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
    /// Where delimiters, line feeds and quotes stand, ascending; only so many of them hold. Before the first of a
    /// record stands always what ended the one before, for the first record [`NO_MARK`].
    marks: Vec<usize>,
    marked: usize,
    /// The first of them that was not yet passed.
    next: usize,
    /// Up to where they were looked for.
    scanned: usize,
    /// The plain record returned last.
    line_of: Line,
    /// The fields of the record returned last, where it is not plain.
    quoted: Vec<Field>,
    /// Whether there is no quote in the record returned last.
    plain: bool,
}

/// A line without quotes.
#[derive(Debug, Clone, Copy, Default)]
struct Line {
    /// Without the line end.
    end: usize,
    /// The mark before its first one.
    before: usize,
    /// How many delimiters there are in it.
    delimiters: usize,
}

impl<'t> Records<'t> {
    /// The records of a text whose first byte stands on `line`.
    pub(super) fn new(text: &'t str, delimiter: u8, line: u64) -> Self {
        Self {
            text,
            delimiter,
            at: 0,
            line,
            marks: vec![NO_MARK],
            marked: 1,
            next: 1,
            scanned: 0,
            line_of: Line::default(),
            quoted: Vec::new(),
            plain: false,
        }
    }

    /// Where the next record begins, and on which line.
    pub(super) fn position(&self) -> (usize, u64) {
        (self.at, self.line)
    }

    /// How many fields the record returned last has.
    #[inline]
    pub(super) fn width(&self) -> usize {
        if self.plain { self.line_of.delimiters + 1 } else { self.quoted.len() }
    }

    /// Whether there is no quote in it.
    #[inline]
    pub(super) fn is_plain(&self) -> bool {
        self.plain
    }

    fn field(&self, index: usize) -> Option<Field> {
        if !self.plain {
            return self.quoted.get(index).copied();
        }
        if index > self.line_of.delimiters {
            return None;
        }
        let (start, end) = self.between(index, index)?;
        Some(Field { start, end, doubled: false })
    }

    /// Where one field of a plain record begins and another ends, if it has both.
    #[inline(always)]
    fn between(&self, first: usize, last: usize) -> Option<(usize, usize)> {
        let Line { end, before, delimiters } = self.line_of;
        debug_assert!(self.plain && first <= last && last <= delimiters);
        let start = self.marks.get(before + first)?.wrapping_add(1);
        // What is cut off the line is behind its last field.
        Some((start, end.min(*self.marks.get(before + last + 1)?)))
    }

    /// The next record.
    ///
    /// Made part of the loop over rows: a call would leave the record in memory part by part, and a core that reads
    /// several parts of it at once waits until all of them have left for the cache.
    #[inline(always)]
    pub(super) fn next(&mut self) -> Option<Record> {
        match self.like_before() {
            Some(newline) if newline - self.at <= MAX_RECORD => Some(self.plain_record(newline)),
            _ => self.next_of_any(),
        }
    }

    /// A record without quotes that has as many delimiters as the one before, one at least.
    #[inline(always)]
    fn plain_record(&mut self, newline: usize) -> Record {
        let bytes = self.text.as_bytes();
        let (start, line) = (self.at, self.line);
        let (first, delimiters) = (self.next, self.line_of.delimiters);
        self.plain = true;
        self.resume(newline, 1);
        self.next = first + delimiters + 1;
        // A delimiter is no CR: there is nothing before it to be cut off.
        let mut end = newline;
        while bytes.get(end.wrapping_sub(1)) == Some(&b'\r') {
            end -= 1;
        }
        self.line_of = Line { end, before: first - 1, delimiters };
        Record { start, end, line, fault: None }
    }

    #[inline(never)]
    fn next_of_any(&mut self) -> Option<Record> {
        let bytes = self.text.as_bytes();
        loop {
            if self.at >= bytes.len() {
                return None;
            }
            let (start, line) = (self.at, self.line);
            let Some((delimiters, newline)) = self.plain_line() else {
                self.quoted.clear();
                self.plain = false;
                let newline = memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |i| start + i);
                return Some(self.quoted_record(start, newline));
            };
            let first = self.next;
            self.plain = true;
            self.resume(newline, 1);
            // The line feed is a mark, too; that of the end of the text is never passed.
            self.next = self.marked.min(first + delimiters + 1);
            // A delimiter is no CR: the last field begins before what is cut off.
            let from = delimiters.checked_sub(1).and_then(|last| self.marks.get(first + last));
            let end = without_cr(bytes, from.map_or(start, |at| at + 1), newline);
            if delimiters == 0 && self.text[start..end].trim().is_empty() {
                continue;
            }
            self.line_of = Line { end, before: first - 1, delimiters };
            let fault = (end - start > MAX_RECORD).then_some("line-too-long");
            return Some(Record { start, end, line, fault });
        }
    }

    /// The end of the line that begins here, if there are marks like those of the plain record before, a delimiter
    /// among them.
    ///
    /// Lines of one log are alike: mostly each ends at the same mark as the one before, and that is asked of all its
    /// marks at once.
    #[inline(always)]
    fn like_before(&self) -> Option<usize> {
        let (bytes, delimiters) = (self.text.as_bytes(), self.line_of.delimiters);
        let marks = self.marks.get(self.next..self.marked).and_then(|marks| marks.get(..=delimiters));
        let (newline, before) = marks.and_then(<[usize]>::split_last)?;
        let alike = bytes.get(*newline) == Some(&b'\n')
            && before.iter().fold(true, |all, at| all & (bytes.get(*at) == Some(&self.delimiter)));
        (alike && delimiters > 0).then_some(*newline)
    }

    /// How many delimiters there are in the line that begins here, and its end; `None` where a quote stands in it.
    fn plain_line(&mut self) -> Option<(usize, usize)> {
        let bytes = self.text.as_bytes();
        let mut delimiters = 0;
        loop {
            let marks = self.marks.get(self.next..self.marked);
            let Some(here) = marks.and_then(|marks| marks.get(delimiters)).copied() else {
                if self.scanned >= bytes.len() {
                    // The end of the text stands for the line feed that it lacks.
                    self.marks.truncate(self.marked);
                    self.marks.push(bytes.len());
                    return Some((delimiters, bytes.len()));
                }
                self.mark_more();
                continue;
            };
            match bytes.get(here) {
                Some(byte) if *byte == self.delimiter => delimiters += 1,
                Some(b'\n') => return Some((delimiters, here)),
                _ => return None,
            }
        }
    }

    /// Looks for marks in the next stretch of the text; those that were passed make room.
    ///
    /// Fields are short: one pass that looks for all three bytes at once, many at a time, is faster than a search for
    /// each. How many there are in a step no one can foresee, so always the same number is written.
    fn mark_more(&mut self) {
        const WRITTEN: usize = 12;
        let bytes = self.text.as_bytes();
        self.marks.copy_within(self.next - 1..self.marked, 0);
        (self.marked, self.next) = (self.marked - (self.next - 1), 1);
        let most = self.marked + STRETCH + WRITTEN;
        if self.marks.len() < most {
            self.marks.resize(most, 0);
        }
        let end = bytes.len().min(self.scanned + STRETCH);
        while self.scanned < end {
            let mut found = marks_of(&bytes[self.scanned..], self.delimiter);
            loop {
                let room =
                    self.marks.get_mut(self.marked..).and_then(|marks| marks.first_chunk_mut::<WRITTEN>());
                let Some(places) = room else { break };
                let count = found.count_ones() as usize;
                for place in places {
                    // Where nothing is found it is of no meaning what is written: at the last place there is a bit.
                    *place = self.scanned + (found | 1 << 63).trailing_zeros() as usize;
                    found &= found.wrapping_sub(1);
                }
                self.marked += count.min(WRITTEN);
                if count <= WRITTEN {
                    break;
                }
            }
            self.scanned += STEP;
        }
    }

    fn resume(&mut self, newline: usize, lines: u64) {
        self.at = newline + 1;
        self.line += lines;
    }

    /// After quotes, which follow a rule of their own: whatever stands before the next record is passed.
    fn pass_marks(&mut self) {
        let ahead = self.marks.get(self.next..self.marked).unwrap_or_default();
        self.next += ahead.partition_point(|mark| *mark < self.at);
        if self.next >= self.marked && self.scanned < self.at {
            self.marks.clear();
            self.marks.push(self.at.wrapping_sub(1));
            (self.next, self.marked, self.scanned) = (1, 1, self.at);
        }
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
                        self.quoted.push(Field { start: at + 1, end: quote, doubled });
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
                self.quoted.push(Field { start: at, end, doubled: false });
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
        self.pass_marks();
        Record { start, end: without_cr(bytes, start, end), line, fault: None }
    }

    /// Gives a record up at the line of byte `at` and resumes on the next.
    fn faulty(&mut self, start: usize, at: usize, cause: &'static str) -> Record {
        let bytes = self.text.as_bytes();
        let line = self.line;
        let newline = memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |i| at + i);
        let lines = memchr_iter(b'\n', &bytes[start..newline]).count();
        self.resume(newline, u64::try_from(lines).unwrap_or(0) + 1);
        self.pass_marks();
        Record { start, end: without_cr(bytes, start, newline), line, fault: Some(cause) }
    }

    /// The text of a field of the current record, without spaces around it; blank where the record is
    /// too short.
    #[inline]
    pub(super) fn value(&self, index: usize) -> Cow<'t, str> {
        let Some(field) = self.field(index) else { return Cow::Borrowed("") };
        let text = trim(&self.text[field.start..field.end]);
        if field.doubled { Cow::Owned(text.replace("\"\"", "\"")) } else { Cow::Borrowed(text) }
    }

    /// The text of a field of a plain record that has it, without spaces around it.
    #[inline(always)]
    pub(super) fn plain(&self, index: usize) -> Option<&'t str> {
        let (start, end) = self.between(index, index)?;
        self.text.get(start..end).map(trim)
    }

    /// A field of a plain record that has it, as it stands in the block.
    #[inline(always)]
    pub(super) fn plain_raw(&self, index: usize) -> Option<Raw<'t>> {
        let (start, end) = self.between(index, index)?;
        Some(Raw { ahead: self.text.as_bytes().get(start..)?, length: end - start })
    }

    /// The text from one field to another of a plain record that has both, zeros behind it; `None` where it does not
    /// fit.
    #[inline(always)]
    pub(super) fn word(&self, first: usize, last: usize) -> Option<[u64; 4]> {
        let (start, end) = self.between(first, last)?;
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
        let Some(field) = self.field(index) else { return Some(Raw::of("")) };
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

    /// Eight bytes from its first on, also behind its end; the first in the lowest place.
    #[inline(always)]
    pub(super) fn eight(self) -> u64 {
        match self.ahead.first_chunk() {
            Some(eight) => u64::from_le_bytes(*eight),
            None => self.last_eight(),
        }
    }

    #[cold]
    fn last_eight(self) -> u64 {
        self.ahead.iter().take(8).rev().fold(0, |all, byte| all << 8 | u64::from(*byte))
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

/// What would stand before the first byte of a text.
const NO_MARK: usize = usize::MAX;
/// How many bytes are looked at together.
const STEP: usize = 64;
/// How many bytes are marked before records are cut: as many as leave their marks near the core.
const STRETCH: usize = 64 * STEP;

/// One bit for each delimiter, line feed and quote among the first bytes of a text.
#[inline]
fn marks_of(text: &[u8], delimiter: u8) -> u64 {
    let mut last = [0; STEP];
    let step: &[u8; STEP] = match text.first_chunk() {
        Some(step) => step,
        None => {
            last[..text.len()].copy_from_slice(text);
            &last
        }
    };
    let bytes = u8x64::new(*step);
    let is = |byte: u8| bytes.simd_eq(u8x64::splat(byte));
    (is(delimiter) | is(b'\n') | is(b'"')).to_bitmask()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn marks_are_the_bytes_that_cut(
            text in prop::collection::vec(prop::sample::select(b";,\n\"a\0\xff".to_vec()), 0..80),
            delimiter in prop::sample::select(b",;".to_vec()),
        ) {
            let wanted = (0_u32..64).zip(&text).fold(0_u64, |marks, (at, byte)| {
                let cuts = *byte == delimiter || matches!(byte, b'\n' | b'"');
                marks | u64::from(cuts) << at
            });
            prop_assert_eq!(marks_of(&text, delimiter), wanted);
        }
    }
}
