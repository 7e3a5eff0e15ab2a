//! A row that is like others in few bytes: the number of its shape and what it has of its own. Millions of them wait,
//! and every byte of one is written, and often put on disk, read and looked at again. Owns the form of these bytes and
//! how rows of either form are told apart.
//!
//! A row begins with a head of two bytes: the number of its shape, one up, and which durations follow. Then come an
//! instant in eight bytes, the durations in four each, and the customer as written. The head of a row in full is 0.

use jiff::civil::Date;

use crate::usage::Moment;

use super::packed::{HEAD, IN_FULL, NO_HOUR, take_packed, take_text, text};

/// Shapes that a head can tell apart.
pub(super) const SHAPES: u32 = (1 << 14) - 1;
/// In a head: how long it was handled follows.
const HANDLED: u16 = 1 << 14;
/// How long it waited follows.
const WAITED: u16 = 1 << 15;
/// Bytes of a duration in milliseconds.
const DURATION: usize = 4;

/// A row that says what others of its shape say, but for these values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Like<'t> {
    pub(super) at: Moment,
    /// As written; blank where nobody knows.
    pub(super) customer: &'t str,
    /// The number of its shape among those of one source, below [`SHAPES`], or among those of all.
    pub(super) shape: u32,
    pub(super) wait_ms: Option<i64>,
    pub(super) handle_ms: Option<i64>,
}

/// The same ready to be written in few bytes.
pub(super) struct Short<'t> {
    head: u16,
    at: u64,
    durations: [Option<u32>; 2],
    customer: &'t str,
}

impl<'t> Short<'t> {
    /// That of a row; `None` where one of its values is far out of the common.
    pub(super) fn of(like: &Like<'t>) -> Option<Self> {
        let short = |ms: Option<i64>| ms.map(u32::try_from).transpose().ok();
        let durations = [short(like.wait_ms)?, short(like.handle_ms)?];
        let shape = u16::try_from(like.shape).ok().filter(|shape| u32::from(*shape) < SHAPES)?;
        let mark = |mark: u16, there: bool| if there { mark } else { 0 };
        let marks = mark(WAITED, like.wait_ms.is_some()) | mark(HANDLED, like.handle_ms.is_some());
        Some(Self { head: (shape + 1) | marks, at: to_bits(&like.at)?, durations, customer: like.customer })
    }

    /// Appends it: quickly, for there are millions of them.
    pub(super) fn pack(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head.to_le_bytes());
        out.extend_from_slice(&self.at.to_le_bytes());
        for ms in self.durations.into_iter().flatten() {
            out.extend_from_slice(&ms.to_le_bytes());
        }
        text(self.customer, out);
    }
}

/// Bits of an instant, from the lowest: milliseconds until the year 2109, and then the local hour, day, month and year.
const HOUR: u32 = 42;
const DAY: u32 = HOUR + 5;
const MONTH: u32 = DAY + 5;
const YEAR: u32 = MONTH + 4;
/// The first of 128 years that have room.
const FIRST_YEAR: i16 = 1970;

/// A moment of our days in one number; `None` for any other.
fn to_bits(moment: &Moment) -> Option<u64> {
    let ms = u64::try_from(moment.unix_ms).ok().filter(|ms| ms >> HOUR == 0)?;
    let year = moment.date.year().checked_sub(FIRST_YEAR).filter(|year| (0..128).contains(year))?;
    let hour = u64::from(moment.hour.unwrap_or(NO_HOUR)) << HOUR;
    let day = u64::from(moment.date.day().cast_unsigned()) << DAY;
    let month = u64::from(moment.date.month().cast_unsigned()) << MONTH;
    Some(ms | hour | day | month | u64::from(year.cast_unsigned()) << YEAR)
}

/// The milliseconds of these.
fn ms_of(bits: u64) -> i64 {
    (bits & ((1 << HOUR) - 1)).cast_signed()
}

fn from_bits(bits: u64) -> Option<Moment> {
    let part = |from: u32, to: u32| ((bits >> from) & ((1 << (to - from)) - 1)).to_le_bytes()[0];
    let year = FIRST_YEAR + i16::from(part(YEAR, YEAR + 7));
    let date = Date::new(year, part(MONTH, YEAR).cast_signed(), part(DAY, MONTH).cast_signed()).ok()?;
    let hour = Some(part(HOUR, DAY)).filter(|hour| *hour < NO_HOUR);
    Some(Moment { unix_ms: ms_of(bits), date, hour })
}

/// What is read of a row before it is known where it goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peeked<'b> {
    /// All of it.
    bytes: &'b [u8],
    pub(super) unix_ms: i64,
    pub(super) customer: &'b str,
}

/// Looks at the row at the front; the bytes go on after it. `None` where it is damaged.
pub(super) fn peek<'b>(bytes: &mut &'b [u8]) -> Option<Peeked<'b>> {
    let all = *bytes;
    let (head, rest) = take_head(all)?;
    if head == IN_FULL {
        let (row, unix_ms, customer) = take_packed(bytes)?;
        return Some(Peeked { bytes: row, unix_ms, customer });
    }
    let (at, rest) = rest.split_first_chunk::<8>()?;
    let durations = usize::from(head & WAITED != 0) + usize::from(head & HANDLED != 0);
    let mut rest = rest.get(durations * DURATION..)?;
    let customer = take_text(&mut rest)?;
    *bytes = rest;
    let row = all.get(..all.len() - rest.len())?;
    Some(Peeked { bytes: row, unix_ms: ms_of(u64::from_le_bytes(*at)), customer })
}

/// A row of either form.
pub(super) enum Form<'b> {
    Like(Like<'b>),
    /// As [`pack`](super::packed::pack) wrote it.
    InFull(&'b [u8]),
}

impl<'b> Peeked<'b> {
    /// Its first byte, of no meaning alone: once it is read the row is near.
    pub(super) fn first_byte(&self) -> u8 {
        self.bytes.first().copied().unwrap_or_default()
    }

    /// Bytes of it.
    pub(super) fn length(&self) -> usize {
        self.bytes.len()
    }

    /// All that it says; `None` where it is damaged.
    pub(super) fn form(&self) -> Option<Form<'b>> {
        let (head, rest) = take_head(self.bytes)?;
        if head == IN_FULL {
            return Some(Form::InFull(self.bytes));
        }
        let shape = (head & !(WAITED | HANDLED)).checked_sub(1)?;
        let (at, mut rest) = rest.split_first_chunk::<8>()?;
        let mut duration = |mark: u16| -> Option<Option<i64>> {
            if head & mark == 0 {
                return Some(None);
            }
            let (ms, after) = rest.split_first_chunk::<DURATION>()?;
            rest = after;
            Some(Some(i64::from(u32::from_le_bytes(*ms))))
        };
        let (wait_ms, handle_ms) = (duration(WAITED)?, duration(HANDLED)?);
        let at = from_bits(u64::from_le_bytes(*at))?;
        Some(Form::Like(Like { at, customer: self.customer, shape: u32::from(shape), wait_ms, handle_ms }))
    }
}

fn take_head(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
    Some((u16::from_le_bytes(*head), rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    use crate::census::contact::{Contact, Names};
    use crate::census::packed::{pack, unpack};

    fn like(at: Moment, customer: &str) -> Like<'_> {
        Like { at, customer, shape: 77, wait_ms: Some(7), handle_ms: None }
    }

    #[test]
    fn rows_of_either_form_come_back_one_after_the_other() {
        let at = Moment { unix_ms: 5, date: date(1970, 1, 1), hour: Some(1) };
        let long = "Ä".repeat(200);
        let rows = [
            like(at, "Ä8"),
            Like { shape: 0, wait_ms: None, handle_ms: Some(i64::from(u32::MAX)), ..like(at, "") },
            Like { shape: SHAPES - 1, handle_ms: Some(0), ..like(at, &long) },
            Like { wait_ms: None, ..like(Moment { hour: None, ..at }, "c") },
        ];
        let contact = Contact::blank(Moment { unix_ms: -1, ..at });
        let names = Names { customer: "Ä7", ..Names::default() };
        let (mut bytes, mut ends) = (Vec::new(), Vec::new());
        for row in &rows {
            Short::of(row).expect("a row of our days").pack(&mut bytes);
            ends.push(bytes.len());
            pack(&contact, &names, &mut bytes);
            ends.push(bytes.len());
        }
        let mut rest = bytes.as_slice();
        for row in rows {
            let peeked = peek(&mut rest).expect("a row");
            assert_eq!((peeked.unix_ms, peeked.customer), (5, row.customer));
            assert!(matches!(peeked.form(), Some(Form::Like(like)) if like == row));
            let peeked = peek(&mut rest).expect("a row");
            assert_eq!((peeked.unix_ms, peeked.customer), (-1, "Ä7"));
            let Some(Form::InFull(row)) = peeked.form() else { panic!("it is in full") };
            assert_eq!(unpack(row, &[0]), Some((contact.clone(), names)));
        }
        assert!(rest.is_empty() && peek(&mut rest).is_none());
        for cut in 0..bytes.len() {
            let mut rest = &bytes[..cut];
            let whole = std::iter::from_fn(|| peek(&mut rest)).filter(|row| row.form().is_some()).count();
            assert_eq!(whole, ends.iter().filter(|end| **end <= cut).count(), "{cut}");
            assert_eq!(rest.is_empty(), cut == 0 || ends.contains(&cut), "{cut}");
        }
    }

    #[test]
    fn what_no_row_says_is_damaged() {
        // The mark of a duration over no shape; the 31st of February; no month at all.
        let february = 31 << DAY | 2 << MONTH | 56 << YEAR;
        for (head, at) in [(WAITED, february - (3 << DAY)), (1, february), (1, 1 << DAY)] {
            let short = Short { head, at, durations: [None; 2], customer: "" };
            let mut bytes = Vec::new();
            short.pack(&mut bytes);
            bytes.extend([0; DURATION]);
            let peeked = peek(&mut bytes.as_slice()).expect("bytes of a row");
            assert!(peeked.form().is_none(), "{head} {at}");
        }
    }

    #[test]
    fn every_moment_has_room_or_is_told_to_have_none() {
        let of = |unix_ms, date, hour| Moment { unix_ms, date, hour };
        let last = (1 << HOUR) - 1;
        for moment in [
            of(0, date(1970, 1, 1), Some(0)),
            of(last, date(2097, 12, 31), Some(23)),
            of(1, date(1999, 2, 28), None),
        ] {
            assert_eq!(to_bits(&moment).and_then(from_bits), Some(moment));
        }
        for moment in [
            of(-1, date(1970, 1, 1), None),
            of(last + 1, date(2097, 12, 31), None),
            of(0, date(1969, 12, 31), None),
            of(0, date(2098, 1, 1), None),
            of(i64::MIN, date(-9999, 1, 1), None),
        ] {
            assert_eq!(to_bits(&moment), None);
        }
        let at = of(0, date(1970, 1, 1), None);
        for row in [
            Like { wait_ms: Some(-1), ..like(at, "") },
            Like { handle_ms: Some(1 << 32), ..like(at, "") },
            Like { shape: SHAPES, ..like(at, "") },
        ] {
            assert!(Short::of(&row).is_none());
        }
    }
}
