//! What rows that wait have in common: rows that repeat one another wait as what each has of its own and the number
//! of its shape. Owns these numbers; knows neither where rows wait nor what becomes of them.

use hashbrown::HashMap;
use jiff::civil::date;

use crate::usage::Moment;

use super::contact::{Contact, Names};
use super::packed::pack;
use super::text::TextId;

/// Shapes at most; rows of further ones wait in full.
const MOST: usize = 1 << 15;

/// A contact but for when it began, whose it was, and how long it waited and was handled.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) contact: Contact,
    /// All logs of its usage entry measure channels by their promises.
    pub(super) stands_alone: bool,
}

/// Shapes by number.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    list: Vec<Shape>,
    /// By what they say, packed.
    numbers: HashMap<Vec<u8>, u32>,
}

impl Shapes {
    /// The number of the shape of a contact; `None` if there are too many.
    pub(super) fn number(&mut self, contact: &Contact, stands_alone: bool) -> Option<u32> {
        let at = Moment { unix_ms: 0, date: date(1970, 1, 1), hour: None };
        let contact = Contact { at, customer: 0, wait_ms: None, handle_ms: None, ..contact.clone() };
        let mut key = vec![u8::from(stands_alone)];
        pack(&contact, &Names::default(), &mut key);
        if let Some(number) = self.numbers.get(&key) {
            return Some(*number);
        }
        let number = u32::try_from(self.list.len()).ok().filter(|_| self.list.len() < MOST)?;
        self.list.push(Shape { contact, stands_alone });
        self.numbers.insert(key, number);
        Some(number)
    }

    /// The shape of a number.
    pub(super) fn get(&self, number: u32) -> Option<&Shape> {
        self.list.get(number as usize)
    }

    /// All of them, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.list.iter()
    }

    /// Gives every label its new number; from now on there are no new shapes.
    pub(super) fn renumber(&mut self, moved: &[TextId]) {
        self.numbers.clear();
        self.list.iter_mut().for_each(|shape| shape.contact.renumber(moved));
    }
}
