//! Values of single fields: numbers, durations, amounts, yes and no, who began it. Each function reads
//! text and says `None` where it cannot; none knows of columns or rows.

use super::Direction;
use super::record::Raw;
use super::words;

/// Which character parts the decimals, as far as a sample of the column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Decimal {
    /// `1,234.5`
    Point,
    /// `1.234,5`
    Comma,
    /// No value of the sample tells.
    #[default]
    Unsure,
}

/// What a single separator before exactly three digits (`1,234`) means where the column does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Grouped {
    /// Thousands: counts are whole.
    Thousands,
    /// A point parts decimals, as machines write; a comma is unknown.
    PointIsDecimal,
    /// Unknown.
    Unknown,
}

/// Settles the decimal separator of a column from values that leave no doubt.
pub(super) fn sniff_decimal<'t>(sample: impl Iterator<Item = &'t str>) -> Decimal {
    let (mut points, mut commas) = (0_u32, 0_u32);
    for text in sample {
        let last = text.rfind(['.', ',']);
        let Some(at) = last else { continue };
        let (whole, fraction) = (&text[..at], &text[at + 1..]);
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let separator = text.as_bytes().get(at).copied();
        let other = if separator == Some(b'.') { ',' } else { '.' };
        let leading = whole.trim_start_matches(['-', '+']);
        let clear = whole.contains(other) || digits != 3 || leading == "0" || leading.len() > 3;
        let repeated = separator.is_some_and(|s| whole.bytes().any(|b| b == s));
        match (separator, clear && !repeated, repeated) {
            (Some(b'.'), true, _) | (Some(b','), _, true) => points += 1,
            (Some(b','), true, _) | (Some(b'.'), _, true) => commas += 1,
            _ => {}
        }
    }
    match points.cmp(&commas) {
        std::cmp::Ordering::Greater => Decimal::Point,
        std::cmp::Ordering::Less => Decimal::Comma,
        std::cmp::Ordering::Equal => Decimal::Unsure,
    }
}

/// A decimal number in millionths; thousands separators are passed over.
pub(super) fn millionths(text: &str, decimal: Decimal, grouped: Grouped) -> Option<i64> {
    let text = text.trim();
    let (negative, text) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    if !text.bytes().next().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')) {
        return None;
    }
    let separator = decimal_separator(text, decimal, grouped)?;
    let (whole, fraction) = match separator {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    if (whole.is_empty() && fraction.is_empty()) || !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut value: i64 = 0;
    let mut group = None;
    for c in whole.chars() {
        match c {
            '0'..='9' => {
                value = value.checked_mul(10)?.checked_add(i64::from(c as u32 - u32::from('0')))?;
                group = group.map(|n: u32| n + 1);
            }
            '.' | ',' | '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' if group.is_none_or(|n| n == 3) => {
                group = Some(0)
            }
            _ => return None,
        }
    }
    if group.is_some_and(|n| n != 3) {
        return None;
    }
    value = value.checked_mul(1_000_000)?;
    let mut scale = 100_000;
    for (at, b) in fraction.bytes().enumerate() {
        if at == 6 {
            value = value.checked_add(i64::from(b >= b'5'))?;
            break;
        }
        value = value.checked_add(i64::from(b - b'0') * scale)?;
        scale /= 10;
    }
    Some(if negative { -value } else { value })
}

/// Where the decimals begin: `Some(None)` for a whole number, `None` where it cannot be told.
fn decimal_separator(text: &str, decimal: Decimal, grouped: Grouped) -> Option<Option<usize>> {
    let Some(last) = text.rfind(['.', ',']) else { return Some(None) };
    let character = text.as_bytes().get(last).copied();
    let same = text.bytes().filter(|b| Some(*b) == character).count();
    let other = text.bytes().any(|b| matches!(b, b'.' | b',') && Some(b) != character);
    if same > 1 {
        return if other { None } else { Some(None) };
    }
    let three = text.len() - last == 4;
    let leading = &text[..last];
    let could_group = three && !other && !leading.is_empty() && leading.len() <= 3 && leading != "0";
    if !could_group {
        return Some(Some(last));
    }
    match (decimal, character, grouped) {
        (Decimal::Point, Some(b'.'), _) | (Decimal::Comma, Some(b','), _) => Some(Some(last)),
        (Decimal::Point | Decimal::Comma, ..) | (_, _, Grouped::Thousands) => Some(None),
        (Decimal::Unsure, Some(b'.'), Grouped::PointIsDecimal) => Some(Some(last)),
        (Decimal::Unsure, ..) => None,
    }
}

/// A whole number of 0 or more.
pub(super) fn count(text: &str) -> Option<i64> {
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok();
    }
    let value = millionths(text, Decimal::Unsure, Grouped::Thousands)?;
    (value >= 0 && value % 1_000_000 == 0).then_some(value / 1_000_000)
}

/// An amount in minor currency units (hundredths); currency signs and codes around it are passed over.
pub(super) fn minor(text: &str, decimal: Decimal) -> Option<i64> {
    let bare = text
        .trim_matches(|c: char| c.is_alphabetic() || c.is_whitespace() || matches!(c, '€' | '$' | '£' | '¥'));
    let bare = match bare.strip_prefix('-') {
        Some(rest) => format!("-{}", rest.trim_start_matches(['€', '$', '£', '¥', ' '])),
        None => bare.to_owned(),
    };
    let value = millionths(&bare, decimal, Grouped::Unknown)?;
    // Half a hundredth goes away from zero.
    Some((value.abs().checked_add(5000)? / 10_000) * value.signum())
}

/// A duration as most are written: digits, a number of `unit_ms`; `Some(None)` where nothing is written. `None` leaves
/// it to [`duration`], which reads the same of such a text.
#[inline(always)]
pub(super) fn plain(text: Raw<'_>, unit_ms: i64) -> Option<Option<i64>> {
    // Up to eight digits at once: a loop whose length no one can foresee costs more than all of this.
    const ZEROS: u64 = 0x3030_3030_3030_3030;
    if text.length() > 8 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, reason = "64 at most")]
    let bits = 8 * text.length() as u32;
    // What stands behind the text goes out at the top, and zeros come in below.
    let padded = text.eight().unbounded_shl(64 - bits) | ZEROS.unbounded_shr(bits);
    let values = padded ^ ZEROS;
    if (values.wrapping_add(0x7676_7676_7676_7676) | values) & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    // Pairs, then fours and eights of them: Lemire, "Quickly parsing eight digits" (2022).
    let pairs = (values * 10 + (values >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let number = fours.wrapping_mul(10_000).wrapping_add(fours >> 32) & 0xffff_ffff;
    let ms = i64::try_from(number).ok()?.checked_mul(unit_ms)?;
    // A blank is reckoned as the rest is: which rows have one no core can foresee.
    Some(if text.length() == 0 { None } else { Some(ms) })
}

/// A duration in milliseconds: a number of `unit_ms`, `H:MM:SS`, `MM:SS`, or parts with units (`1h 20m`).
pub(super) fn duration(text: &str, unit_ms: i64, decimal: Decimal) -> Option<i64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    if plain && text.len() <= 12 {
        return text.parse::<i64>().ok()?.checked_mul(unit_ms);
    }
    if text.contains(':') {
        return clock(text);
    }
    if text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return parts(text);
    }
    let value = millionths(text, decimal, Grouped::PointIsDecimal)?;
    i64::try_from((i128::from(value) * i128::from(unit_ms) + 500_000).div_euclid(1_000_000)).ok()
}

fn clock(text: &str) -> Option<i64> {
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let fields: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match *fields.as_slice() {
        [minutes, seconds] => ("0", minutes, seconds),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let whole = |part: &str| -> Option<i64> {
        (!part.is_empty() && part.len() <= 7 && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    let (second, fraction) = seconds.split_once(['.', ',']).unwrap_or((seconds, "0"));
    whole(fraction)?;
    let ms: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    let (h, m, s) = (whole(hours)?, whole(minutes)?, whole(second)?);
    if s > 59 || (fields.len() == 3 && m > 59) {
        return None;
    }
    let total = ((h * 60 + m) * 60 + s) * 1000 + ms;
    Some(if negative { -total } else { total })
}

/// Milliseconds of a unit's name.
pub(super) fn unit(word: &str) -> Option<i64> {
    Some(match word.to_ascii_lowercase().as_str() {
        "ms" | "msec" | "msecs" | "millis" | "milliseconds" | "millisecondi" => 1,
        "s" | "sec" | "secs" | "second" | "seconds" | "secondi" | "secondo" => 1000,
        "m" | "min" | "mins" | "minute" | "minutes" | "minuti" | "minuto" => 60_000,
        "h" | "hr" | "hrs" | "hour" | "hours" | "ore" | "ora" => 3_600_000,
        "d" | "day" | "days" | "giorni" | "giorno" | "g" => 86_400_000,
        _ => return None,
    })
}

fn parts(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix("PT").unwrap_or(text).trim();
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let number = rest.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))?;
        let value = millionths(&rest[..number], Decimal::Unsure, Grouped::PointIsDecimal)?;
        rest = rest[number..].trim_start();
        let word = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let ms = i128::from(value) * i128::from(unit(&rest[..word])?) / 1_000_000;
        total = total.checked_add(i64::try_from(ms).ok()?)?;
        rest = rest[word..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '.' | ','));
    }
    Some(total)
}

/// From where on a value is among the two highest points of its scale: of a scale of two points the highest;
/// of a fine one, as 0 to 100, the highest quarter, where the two highest of five points begin.
pub(crate) fn top_two_from(low: f64, high: f64) -> f64 {
    let span = high - low;
    if span < 2.0 {
        high
    } else if span <= 10.0 {
        high - 1.0
    } else {
        low + 0.75 * span
    }
}

/// Whether any of the words is this text, without regard to case.
pub(super) fn among(text: &str, words: &[String]) -> bool {
    words.iter().any(|word| same(text, word.trim()))
}

/// Whether two texts are the same without regard to case.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b) || (!(a.is_ascii() && b.is_ascii()) && a.to_lowercase() == b.to_lowercase())
}

/// Yes or no by common words; `abandoned` says that the column asks whether the customer gave up, so
/// that "abandoned" means yes there and "answered" no.
pub(super) fn yes_or_no(text: &str, abandoned: bool) -> Option<bool> {
    if let [b'0' | b'1'] = text.as_bytes() {
        return Some(text == "1");
    }
    if abandoned && words::GAVE_UP.iter().any(|w| same(text, w)) {
        return Some(true);
    }
    if abandoned && words::STAYED.iter().any(|w| same(text, w)) {
        return Some(false);
    }
    if words::YES.iter().any(|w| same(text, w)) {
        return Some(true);
    }
    words::NO.iter().any(|w| same(text, w)).then_some(false)
}

/// Words for nothing, where a column names somebody or something.
pub(super) fn is_nothing(text: &str) -> bool {
    words::NOTHING.iter().any(|w| same(text, w))
}

/// Who began a contact.
pub(super) fn direction(text: &str) -> Option<Direction> {
    if words::IN.iter().any(|w| same(text, w)) {
        return Some(Direction::FromCustomer);
    }
    words::OUT.iter().any(|w| same(text, w)).then_some(Direction::FromOrganisation)
}
