//! A row in few bytes, so that millions of them can wait in memory or on disk until those that belong
//! together are together. Labels are numbers of a list of texts; ids of customers and of contacts stand as
//! they were written, so that two are the same only if they are written the same. Owns the form of these
//! bytes; they never outlive the run that wrote them. Rows that are like others take fewer still: `like`.

use jiff::civil::Date;

use crate::usage::Moment;

use super::contact::{Begun, Contact, Late, Names, Said};

/// Which of the optional parts follow, and the answers of two bits each.
struct Flags(u64);

/// Answers, two bits each, then what follows, one bit each.
const OPTIONAL: u32 = 20;

impl Flags {
    fn answers(contact: &Contact) -> [Said; 9] {
        [
            contact.resolved,
            contact.answered,
            contact.abandoned,
            contact.on_time,
            contact.repeated,
            contact.opened,
            contact.opted_out,
            contact.satisfied,
            contact.late.as_ref().map_or(Said::Unknown, |late| late.resolved),
        ]
    }

    fn of(contact: &Contact, names: &Names<'_>) -> Self {
        let mut bits = 0;
        for (place, answer) in (0_u32..).zip(Self::answers(contact)) {
            let code = match answer {
                Said::No => 0,
                Said::Unknown => 1,
                Said::Yes => 2,
            };
            bits |= code << (2 * place);
        }
        let begun: u64 = match contact.direction {
            Begun::Unknown => 0,
            Begun::Customer => 1,
            Begun::Organisation => 2,
        };
        bits |= begun << 18;
        let there = [
            contact.handle_ms.is_some(),
            contact.wait_ms.is_some(),
            contact.replied.is_some(),
            contact.closed.is_some(),
            contact.due.is_some(),
            contact.cost_minor.is_some(),
            contact.revenue_minor.is_some(),
            contact.nps.is_some(),
            contact.transferred_to != 0,
            contact.label != 0,
            contact.several,
            contact.late.is_some(),
            !names.conversation.is_empty(),
            !names.continues.is_empty(),
            !names.id.is_empty(),
            !names.case.is_empty(),
        ];
        for (place, there) in (OPTIONAL..).zip(there) {
            bits |= u64::from(there) << place;
        }
        Self(bits)
    }

    fn answer(&self, place: u32) -> Said {
        match (self.0 >> (2 * place)) & 3 {
            0 => Said::No,
            2 => Said::Yes,
            _ => Said::Unknown,
        }
    }

    fn has(&self, place: u32) -> bool {
        (self.0 >> (OPTIONAL + place)) & 1 == 1
    }
}

/// Appends a row in full: head and length, then its time and customer, by which it is sorted, then the rest.
pub(super) fn pack(contact: &Contact, names: &Names<'_>, out: &mut Vec<u8>) {
    let start = out.len();
    out.extend_from_slice(&IN_FULL.to_le_bytes());
    out.extend_from_slice(&[0; START - HEAD]);
    moment(&contact.at, out);
    text(names.customer, out);
    let flags = Flags::of(contact, names);
    number(flags.0, out);
    number(u64::from(contact.channel.wrapping_add(1)), out);
    for id in [contact.entry, contact.touchpoint, contact.reason, contact.segment] {
        number(u64::from(id), out);
    }
    for value in [contact.handle_ms, contact.wait_ms].into_iter().flatten() {
        signed(value, out);
    }
    for value in [&contact.replied, &contact.closed, &contact.due].into_iter().flatten() {
        moment(value, out);
    }
    for value in [contact.cost_minor, contact.revenue_minor].into_iter().flatten() {
        signed(value, out);
    }
    out.extend(contact.nps);
    for id in [contact.transferred_to, contact.label].into_iter().filter(|id| *id != 0) {
        number(u64::from(id), out);
    }
    if let Some(late) = &contact.late {
        moment(&late.at, out);
        signed(late.handle_ms.map_or(i64::MIN, |n| n), out);
        signed(late.cost_minor.map_or(i64::MIN, |n| n), out);
    }
    for name in [names.conversation, names.continues, names.id, names.case] {
        if !name.is_empty() {
            text(name, out);
        }
    }
    write_length(start, out);
}

/// Writes the length of a row before it, once it is known.
fn write_length(start: usize, out: &mut [u8]) {
    // A record is at most a few megabytes long, so its packed form is, too.
    let length = u32::try_from(out.len() - start).unwrap_or(u32::MAX);
    if let Some(place) = out.get_mut(start + HEAD..start + START) {
        place.copy_from_slice(&length.to_le_bytes());
    }
}

/// Bytes of the head of a row.
pub(super) const HEAD: usize = 2;
/// That of a row in full; its length follows.
pub(super) const IN_FULL: u16 = 0;
/// Bytes before the time of a row in full.
const START: usize = HEAD + 4;

/// Takes a row in full off the front, unread but for its time and customer; `None` where it is damaged.
pub(super) fn take_packed<'b>(bytes: &mut &'b [u8]) -> Option<(&'b [u8], i64, &'b str)> {
    let length = u32::from_le_bytes(*bytes.get(HEAD..)?.first_chunk::<4>()?);
    let (row, after) = bytes.split_at_checked(usize::try_from(length).ok()?)?;
    let mut rest = row.get(START..)?;
    let unix_ms = i64::from_le_bytes(*rest.first_chunk::<8>()?);
    rest = rest.get(MOMENT..)?;
    let customer = take_text(&mut rest)?;
    *bytes = after;
    Some((row, unix_ms, customer))
}

/// A row that is written in full; `None` where it is damaged. `moved` gives each label its number in the order of all
/// labels.
pub(super) fn unpack<'b>(row: &'b [u8], moved: &[u32]) -> Option<(Contact, Names<'b>)> {
    let bytes = &mut row.get(START..)?;
    let at = take_moment(bytes)?;
    let customer = take_text(bytes)?;
    let flags = Flags(take_number(bytes)?);
    let channel = low(take_number(bytes)?).wrapping_sub(1);
    let entry = low(take_number(bytes)?);
    let label = |n: u64| moved.get(usize::try_from(n).ok()?).copied();
    let touchpoint = label(take_number(bytes)?)?;
    let reason = label(take_number(bytes)?)?;
    let segment = label(take_number(bytes)?)?;
    let optional_number = |place: u32, bytes: &mut &'b [u8]| -> Option<Option<i64>> {
        if flags.has(place) { take_signed(bytes).map(Some) } else { Some(None) }
    };
    let handle_ms = optional_number(0, bytes)?;
    let wait_ms = optional_number(1, bytes)?;
    let optional_moment = |place: u32, bytes: &mut &'b [u8]| -> Option<Option<Moment>> {
        if flags.has(place) { take_moment(bytes).map(Some) } else { Some(None) }
    };
    let replied = optional_moment(2, bytes)?;
    let closed = optional_moment(3, bytes)?;
    let due = optional_moment(4, bytes)?;
    let cost_minor = optional_number(5, bytes)?;
    let revenue_minor = optional_number(6, bytes)?;
    let nps = if flags.has(7) { Some(take_byte(bytes)?) } else { None };
    let transferred_to = if flags.has(8) { label(take_number(bytes)?)? } else { 0 };
    let own_label = if flags.has(9) { label(take_number(bytes)?)? } else { 0 };
    let late = if flags.has(11) {
        let at = take_moment(bytes)?;
        let some = |n: i64| (n != i64::MIN).then_some(n);
        let handle_ms = some(take_signed(bytes)?);
        let cost_minor = some(take_signed(bytes)?);
        Some(Box::new(Late { at, handle_ms, cost_minor, resolved: flags.answer(8) }))
    } else {
        None
    };
    let optional_text = |place: u32, bytes: &mut &'b [u8]| -> Option<&'b str> {
        if flags.has(place) { take_text(bytes) } else { Some("") }
    };
    let conversation = optional_text(12, bytes)?;
    let continues = optional_text(13, bytes)?;
    let id = optional_text(14, bytes)?;
    let case = optional_text(15, bytes)?;
    let contact = Contact {
        at,
        channel,
        touchpoint,
        reason,
        resolved: flags.answer(0),
        answered: flags.answer(1),
        handle_ms,
        wait_ms,
        label: own_label,
        entry,
        customer: 0,
        segment,
        direction: match (flags.0 >> 18) & 3 {
            1 => Begun::Customer,
            2 => Begun::Organisation,
            _ => Begun::Unknown,
        },
        conversation: 0,
        continues: 0,
        id: 0,
        case: 0,
        abandoned: flags.answer(2),
        on_time: flags.answer(3),
        repeated: flags.answer(4),
        opened: flags.answer(5),
        opted_out: flags.answer(6),
        satisfied: flags.answer(7),
        nps,
        transferred_to,
        replied,
        closed,
        due,
        cost_minor,
        revenue_minor,
        several: flags.has(10),
        late,
    };
    Some((contact, Names { customer, conversation, continues, id, case }))
}

fn low(n: u64) -> u32 {
    #[allow(clippy::cast_possible_truncation, reason = "written from a u32")]
    {
        n as u32
    }
}

/// Seven bits a byte, the last one without the high bit.
fn number(mut n: u64, out: &mut Vec<u8>) {
    while n >= 0x80 {
        out.push(n.to_le_bytes()[0] | 0x80);
        n >>= 7;
    }
    out.push(n.to_le_bytes()[0]);
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let (mut n, mut shift) = (0_u64, 0_u32);
    loop {
        let byte = take_byte(bytes)?;
        n |= u64::from(byte & 0x7f).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(n);
        }
        shift += 7;
    }
}

/// Small numbers of either sign in few bytes.
fn signed(n: i64, out: &mut Vec<u8>) {
    number(((n << 1) ^ (n >> 63)).cast_unsigned(), out);
}

fn take_signed(bytes: &mut &[u8]) -> Option<i64> {
    let n = take_number(bytes)?;
    Some((n >> 1).cast_signed() ^ -(n & 1).cast_signed())
}

fn take_byte(bytes: &mut &[u8]) -> Option<u8> {
    let (first, rest) = bytes.split_first()?;
    *bytes = rest;
    Some(*first)
}

/// Appends a text: its length, then as it is written.
pub(super) fn text(text: &str, out: &mut Vec<u8>) {
    number(text.len() as u64, out);
    out.extend_from_slice(text.as_bytes());
}

/// Takes such a text off the front.
pub(super) fn take_text<'b>(bytes: &mut &'b [u8]) -> Option<&'b str> {
    let length = usize::try_from(take_number(bytes)?).ok()?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

/// No hour of the day.
pub(super) const NO_HOUR: u8 = 24;
/// Bytes of a moment.
const MOMENT: usize = 8 + 2 + 3;

fn moment(moment: &Moment, out: &mut Vec<u8>) {
    let date = moment.date;
    let month = date.month().cast_unsigned() | (u8::from(moment.hour.is_some()) << 7);
    let mut bytes = [0; MOMENT];
    bytes[..8].copy_from_slice(&moment.unix_ms.to_le_bytes());
    bytes[8..10].copy_from_slice(&date.year().to_le_bytes());
    bytes[10..].copy_from_slice(&[month, date.day().cast_unsigned(), moment.hour.unwrap_or(NO_HOUR)]);
    out.extend_from_slice(&bytes);
}

fn take_moment(bytes: &mut &[u8]) -> Option<Moment> {
    let (ms, rest) = bytes.split_first_chunk::<8>()?;
    let (year, rest) = rest.split_first_chunk::<2>()?;
    let ([month, day, hour], rest) = rest.split_first_chunk::<3>()?;
    *bytes = rest;
    let date = Date::new(i16::from_le_bytes(*year), (month & 0x7f).cast_signed(), day.cast_signed()).ok()?;
    let hour = (*hour < NO_HOUR).then_some(*hour);
    Some(Moment { unix_ms: i64::from_le_bytes(*ms), date, hour })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_row_comes_back_as_it_was() {
        let at = |unix_ms, hour| Moment { unix_ms, date: date(2026, 2, 28), hour };
        let mut contact = Contact::blank(at(-1, Some(23)));
        let plain = Names::default();
        contact.channel = u32::MAX;
        contact.label = 3;
        contact.entry = 200;
        contact.resolved = Said::No;
        contact.satisfied = Said::Yes;
        contact.direction = Begun::Organisation;
        contact.handle_ms = Some(i64::MAX);
        contact.wait_ms = Some(0);
        contact.replied = Some(at(i64::MAX, None));
        contact.cost_minor = Some(-5);
        contact.nps = Some(10);
        contact.several = true;
        let late = Late { at: at(7, Some(0)), handle_ms: None, cost_minor: Some(3), resolved: Said::Yes };
        contact.late = Some(Box::new(late));
        let names = Names { customer: "Ä7", conversation: "c", continues: "", id: "i", case: "" };
        let mut bytes = Vec::new();
        pack(&contact, &names, &mut bytes);
        let blank = Contact::blank(at(0, None));
        pack(&blank, &plain, &mut bytes);
        let moved = [0, 1, 2, 9];
        let mut rest = bytes.as_slice();
        let (row, unix_ms, customer) = take_packed(&mut rest).expect("a row");
        assert_eq!((unix_ms, customer), (-1, "Ä7"));
        assert_eq!(row.len() + rest.len(), bytes.len());
        let (again, its_names) = unpack(row, &moved).expect("a row");
        assert_eq!(its_names, names);
        contact.label = 9;
        assert_eq!(again, contact);
        let (row, unix_ms, customer) = take_packed(&mut rest).expect("a row");
        assert_eq!((unix_ms, customer), (0, ""));
        assert_eq!(unpack(row, &moved), Some((blank, plain)));
        assert!(rest.is_empty() && take_packed(&mut rest).is_none());
        for cut in 0..row.len() {
            assert!(take_packed(&mut &row[..cut]).is_none() && unpack(&row[..cut], &moved).is_none());
        }
    }
}
