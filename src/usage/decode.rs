//! From bytes to UTF-8 text, as a stream. Finds the encoding from the first bytes and turns line
//! ends of a lone CR into LF; never looks at what the text means and never holds a whole file.
//!
//! UTF-8 is read leniently: a byte that is no UTF-8 is taken as Windows-1252. So a Latin-1 file reads
//! right wherever its first accent stands, and one stray byte does not spoil the rest of a file.

use encoding_rs::{Decoder, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::source::Bytes;

/// Bytes looked at to find the encoding.
const SAMPLE: usize = 1 << 16;
/// Bytes read at a time.
const CHUNK: usize = 1 << 18;

enum Encoding {
    Utf8,
    Utf16(Box<Decoder>),
}

/// Decoded text of one log.
pub(super) struct Text {
    bytes: Bytes,
    encoding: Encoding,
    raw: Vec<u8>,
    name: &'static str,
    lone_cr: bool,
    stray: u64,
    done: bool,
}

impl Text {
    /// Starts reading and settles the encoding.
    pub(super) fn new(mut bytes: Bytes) -> anyhow::Result<Self> {
        let mut raw = Vec::new();
        let read = bytes.fill(&mut raw, SAMPLE)?;
        let (encoding, name, skip) = sniff(&raw);
        raw.drain(..skip);
        let mut text = Self { bytes, encoding, raw, name, lone_cr: false, stray: 0, done: read < SAMPLE };
        text.lone_cr = match &text.encoding {
            Encoding::Utf8 => only_lone_cr(&text.raw),
            Encoding::Utf16(decoder) => {
                let mut sample = String::new();
                let mut ahead = decoder.encoding().new_decoder_without_bom_handling();
                decode_utf16(&mut ahead, &text.raw, &mut sample, false);
                only_lone_cr(sample.as_bytes())
            }
        };
        Ok(text)
    }

    /// Appends about 256 KiB of text; `false` at the end.
    pub(super) fn read(&mut self, out: &mut String) -> anyhow::Result<bool> {
        if self.done && self.raw.is_empty() {
            return Ok(false);
        }
        if matches!(self.encoding, Encoding::Utf8) && self.stray == 0 && !self.lone_cr {
            if self.read_in_place(out)? {
                return Ok(true);
            }
        } else if !self.done {
            let wanted = CHUNK.saturating_sub(self.raw.len()).max(1);
            self.done = self.bytes.fill(&mut self.raw, wanted)? < wanted;
        }
        let from = out.len();
        match &mut self.encoding {
            Encoding::Utf8 => {
                let (used, stray) = decode_utf8(&self.raw, out, self.done);
                self.stray += stray;
                self.raw.drain(..used);
            }
            Encoding::Utf16(decoder) => {
                decode_utf16(decoder, &self.raw, out, self.done);
                self.raw.clear();
            }
        }
        if self.lone_cr {
            let tail = out.split_off(from);
            out.push_str(&tail.replace('\r', "\n"));
        }
        Ok(true)
    }

    /// Reads UTF-8 straight to the end of the text, where it stays without being copied; `false` if some
    /// of it is no UTF-8 or ends inside a character: then `raw` holds it, yet to be decoded.
    fn read_in_place(&mut self, out: &mut String) -> anyhow::Result<bool> {
        let from = out.len();
        let mut bytes = std::mem::take(out).into_bytes();
        bytes.append(&mut self.raw);
        if !self.done {
            let wanted = CHUNK.saturating_sub(bytes.len() - from).max(1);
            bytes.reserve(wanted);
            self.done = self.bytes.fill(&mut bytes, wanted)? < wanted;
        }
        let (text, whole) = match String::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => {
                let mut bytes = error.into_bytes();
                self.raw = bytes.split_off(from);
                // What was text before is text again.
                (String::from_utf8(bytes).unwrap_or_default(), false)
            }
        };
        *out = text;
        Ok(whole)
    }

    /// What was taken for granted about the encoding, in words; `None` for plain UTF-8.
    pub(super) fn note(&self) -> Option<String> {
        match (&self.encoding, self.stray) {
            (Encoding::Utf16(_), _) => Some(format!("read as {}", self.name)),
            (Encoding::Utf8, 0) => None,
            (Encoding::Utf8, n) => Some(format!(
                "not valid UTF-8: {n} {} read as Windows-1252; save it as UTF-8 if names look wrong",
                if n == 1 { "byte was" } else { "bytes were" }
            )),
        }
    }
}

fn sniff(raw: &[u8]) -> (Encoding, &'static str, usize) {
    match raw {
        [0xef, 0xbb, 0xbf, ..] => (Encoding::Utf8, "UTF-8", 3),
        [0xff, 0xfe, ..] => (utf16(UTF_16LE), "UTF-16 (little-endian)", 2),
        [0xfe, 0xff, ..] => (utf16(UTF_16BE), "UTF-16 (big-endian)", 2),
        _ => {
            // Without a mark: Latin letters, digits and separators have a zero high byte.
            let pairs = raw.len() / 2;
            let zeros = |offset: usize| raw.iter().skip(offset).step_by(2).filter(|b| **b == 0).count();
            let (even, odd) = (zeros(0), zeros(1));
            if pairs >= 4 && odd * 10 >= pairs * 6 && even * 20 <= pairs {
                (utf16(UTF_16LE), "UTF-16 (little-endian, without a byte order mark)", 0)
            } else if pairs >= 4 && even * 10 >= pairs * 6 && odd * 20 <= pairs {
                (utf16(UTF_16BE), "UTF-16 (big-endian, without a byte order mark)", 0)
            } else {
                (Encoding::Utf8, "UTF-8", 0)
            }
        }
    }
}

fn utf16(encoding: &'static encoding_rs::Encoding) -> Encoding {
    Encoding::Utf16(Box::new(encoding.new_decoder_without_bom_handling()))
}

/// Whether lines end in a lone CR (no LF anywhere in the sample).
fn only_lone_cr(sample: &[u8]) -> bool {
    memchr::memchr(b'\n', sample).is_none()
        && memchr::memchr(b'\r', sample.strip_suffix(b"\r").unwrap_or(sample)).is_some()
}

fn decode_utf16(decoder: &mut Decoder, raw: &[u8], out: &mut String, last: bool) {
    if let Some(room) = decoder.max_utf8_buffer_length(raw.len()) {
        out.reserve(room);
        let _ = decoder.decode_to_string(raw, out, last);
    }
}

/// Decodes, and returns the bytes used (all but an unfinished character at the end) and how many were
/// no UTF-8.
fn decode_utf8(raw: &[u8], out: &mut String, last: bool) -> (usize, u64) {
    let (mut used, mut stray) = (0, 0);
    for chunk in raw.utf8_chunks() {
        out.push_str(chunk.valid());
        used += chunk.valid().len();
        let invalid = chunk.invalid();
        let unfinished = !last && used + invalid.len() == raw.len() && may_continue(invalid);
        if unfinished {
            break;
        }
        if !invalid.is_empty() {
            out.push_str(&WINDOWS_1252.decode_without_bom_handling(invalid).0);
            used += invalid.len();
            stray += u64::try_from(invalid.len()).unwrap_or(u64::MAX);
        }
    }
    (used, stray)
}

/// Whether these bytes could be the beginning of a character that the next read completes.
fn may_continue(invalid: &[u8]) -> bool {
    let wants = match invalid.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return false,
    };
    invalid.len() < wants
}
