//! What a worker keeps in mind between the rows and blocks of one log: what a text said the last time,
//! the day read last. It makes reading faster and changes no outcome; knows no roles and decodes nothing.

use super::by_role::ByRole;
use super::record::Raw;
use super::repeat::Patterns;
use super::time::{Clock, Day};
use crate::inventory::Role;

/// How many texts of one column are kept, a power of two.
const SLOTS: usize = 512;
/// Longer texts are free text, which hardly repeats.
const LONGEST: usize = 64;

/// What one worker keeps in mind between the blocks of a log: it makes reading faster and changes no
/// outcome.
pub struct Memory {
    pub(super) clock: Clock,
    /// By role: what texts said.
    memos: ByRole<Memo>,
    /// By role: the day read last.
    pub(super) days: ByRole<Option<Day>>,
    /// By role: values that could not be read since the last block.
    pub(super) unreadable: ByRole<Unreadable>,
    /// Rows that others are like.
    pub(super) patterns: Patterns,
    /// Where columns are joined.
    pub(super) joined: String,
    /// Off, everything is read anew: the tests hold the one against the other.
    pub(super) shortcuts: bool,
}

impl Memory {
    /// A memory of nothing yet.
    pub(super) fn new(clock: Clock) -> Self {
        Self {
            clock,
            memos: ByRole::new(|_| Memo::default()),
            days: ByRole::new(|_| None),
            unreadable: ByRole::new(|_| Unreadable::default()),
            patterns: Patterns::default(),
            joined: String::new(),
            shortcuts: true,
        }
    }

    /// What a text said, else what `decode` finds in it now. `decode` must depend on the text and the
    /// role alone.
    #[inline]
    pub(super) fn said(&mut self, role: Role, text: Raw<'_>, decode: impl FnOnce() -> Said) -> Said {
        if self.shortcuts { self.memos[role].said(text, decode) } else { decode() }
    }
}

/// Values of a role that are there but cannot be read.
#[derive(Debug, Default)]
pub(super) struct Unreadable {
    pub(super) count: u64,
    /// The first: its line, and how it begins.
    pub(super) first: Option<(u64, String)>,
}

impl Unreadable {
    /// Takes over what was found in another part of the same file.
    pub(super) fn add(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.take().into_iter().chain(other.first).min();
    }
}

/// What a text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// There is no value.
    Blank,
    /// There is one that cannot be read.
    Unreadable,
    /// Itself.
    AsWritten,
    /// This number; what it counts or numbers is known to who decoded it.
    Number(i64),
}

/// A text with what it said. Up to 16 bytes of it are in `head`, where it is longer all in `whole`.
#[derive(Debug, Clone)]
struct Slot {
    head: u128,
    /// `usize::MAX`: the slot is free.
    length: usize,
    whole: Box<[u8]>,
    said: Said,
}

impl Slot {
    #[inline]
    fn holds(&self, text: Raw<'_>, head: u128) -> bool {
        self.length == text.length()
            && self.head == head
            && (self.length <= 16 || *self.whole == *text.bytes())
    }
}

/// Texts of one column with what they said. A text has two places; where both are taken, one of them is
/// given up: a column of many different texts costs no more memory than one of few.
#[derive(Debug, Default)]
struct Memo {
    slots: Vec<Slot>,
}

impl Memo {
    #[inline]
    fn said(&mut self, text: Raw<'_>, decode: impl FnOnce() -> Said) -> Said {
        if text.length() > LONGEST {
            return decode();
        }
        let head = text.head();
        let hash = hash(head, text.length());
        let places = [hash % SLOTS, (hash % SLOTS) ^ 1];
        for place in places {
            if let Some(slot) = self.slots.get(place)
                && slot.holds(text, head)
            {
                return slot.said;
            }
        }
        let said = decode();
        self.keep(places, hash, Slot { head, length: text.length(), whole: Box::default(), said }, text);
        said
    }

    #[cold]
    fn keep(&mut self, places: [usize; 2], hash: usize, mut new: Slot, text: Raw<'_>) {
        if self.slots.is_empty() {
            let free = Slot { head: 0, length: usize::MAX, whole: Box::default(), said: Said::Unreadable };
            self.slots = vec![free; SLOTS];
        }
        if text.length() > 16 {
            new.whole = text.bytes().into();
        }
        let free = |place: &&usize| self.slots.get(**place).is_some_and(|slot| slot.length == usize::MAX);
        let place = places.iter().find(free).copied().unwrap_or(places[hash / SLOTS % 2]);
        if let Some(slot) = self.slots.get_mut(place) {
            *slot = new;
        }
    }
}

/// Spreads texts over slots. Whoever writes texts that meet in one slot makes reading slower, not wrong.
#[allow(clippy::cast_possible_truncation, reason = "the halves of a product, and what a slot is taken from")]
#[inline]
fn hash(head: u128, length: usize) -> usize {
    // Odd numbers without a pattern: the fractions of pi and e.
    let a = head as u64 ^ 0x243f_6a88_85a3_08d3;
    let b = (head >> 64) as u64 ^ 0xb7e1_5162_8aed_2a6b ^ (length as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let product = u128::from(a) * u128::from(b);
    (product as u64 ^ (product >> 64) as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_text_is_told_what_it_said_and_never_what_another_did(
            texts in prop::collection::vec("[ab\0é]{0,9}|[ab]{14,20}|a{60,70}", 1..300)
        ) {
            let mut memo = Memo::default();
            let mut numbers = std::collections::HashMap::new();
            for text in &texts {
                let next = i64::try_from(numbers.len()).unwrap();
                let own = *numbers.entry(text.as_str()).or_insert(next);
                prop_assert_eq!(memo.said(Raw::of(text), || Said::Number(own)), Said::Number(own));
            }
        }
    }

    #[test]
    fn few_texts_are_read_once() {
        let mut memo = Memo::default();
        let mut read = 0;
        for round in 0..10 {
            for number in 0..24 {
                memo.said(Raw::of(&format!("reason {number}")), || {
                    read += 1;
                    Said::Number(number)
                });
            }
            assert!(round > 0 || read == 24);
        }
        assert_eq!(read, 24);
    }

    #[test]
    fn many_texts_take_no_more_room_than_few() {
        let mut memo = Memo::default();
        for number in 0..100_000 {
            memo.said(Raw::of(&number.to_string()), || Said::Number(number));
        }
        assert_eq!(memo.slots.len(), SLOTS);
    }
}
