//! What rows that wait have in common: rows that repeat one another wait as what each has of its own and the number
//! of its shape. Owns these numbers; knows neither where rows wait nor what becomes of them.

use hashbrown::HashMap;
use jiff::civil::date;

use crate::usage::Moment;

use super::contact::{Contact, Names};
use super::like::SHAPES;
use super::packed::pack;

/// A contact but for when it began, whose it was, and how long it waited and was handled.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) contact: Contact,
    /// All logs of its usage entry measure channels by their promises.
    pub(super) stands_alone: bool,
}

impl Shape {
    /// That of a contact without ids.
    pub(super) fn of(contact: &Contact, stands_alone: bool) -> Self {
        let at = Moment { unix_ms: 0, date: date(1970, 1, 1), hour: None };
        let contact = Contact { at, customer: 0, wait_ms: None, handle_ms: None, ..contact.clone() };
        Self { contact, stands_alone }
    }

    /// The same for the same shape, and for no other.
    fn key(&self) -> Vec<u8> {
        let mut key = vec![u8::from(self.stands_alone)];
        pack(&self.contact, &Names::default(), &mut key);
        key
    }
}

/// Shapes by number.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    list: Vec<Shape>,
    numbers: HashMap<Vec<u8>, u32>,
}

impl Shapes {
    /// The number of a shape; `None` if it is new and there are many already.
    pub(super) fn number(&mut self, shape: Shape) -> Option<u32> {
        let key = shape.key();
        match self.numbers.get(&key) {
            Some(number) => Some(*number),
            None => (self.list.len() < SHAPES as usize).then(|| self.insert(key, shape)),
        }
    }

    /// The number of a shape, however many there are.
    pub(super) fn add(&mut self, shape: Shape) -> u32 {
        let key = shape.key();
        self.numbers.get(&key).copied().unwrap_or_else(|| self.insert(key, shape))
    }

    fn insert(&mut self, key: Vec<u8>, shape: Shape) -> u32 {
        let number = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(shape);
        self.numbers.insert(key, number);
        number
    }

    /// The shape of a number.
    pub(super) fn get(&self, number: u32) -> Option<&Shape> {
        self.list.get(number as usize)
    }

    /// All of them, in their order.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.list.iter()
    }

    /// The same, taken out.
    pub(super) fn into_iter(self) -> impl Iterator<Item = Shape> {
        self.list.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_more_than_its_own_values_is_another_shape() {
        let at = |unix_ms| Moment { unix_ms, date: date(2026, 2, 28), hour: Some(3) };
        let one = Contact::blank(at(5));
        let own = Contact { wait_ms: Some(7), handle_ms: Some(9), customer: 4, ..Contact::blank(at(6)) };
        let other = Contact { reason: 1, ..one.clone() };
        let mut shapes = Shapes::default();
        let numbers = [(&one, true), (&own, true), (&other, true), (&one, false), (&other, true)]
            .map(|(contact, alone)| shapes.number(Shape::of(contact, alone)));
        assert_eq!(numbers, [Some(0), Some(0), Some(1), Some(2), Some(1)]);
        assert_eq!(shapes.add(Shape::of(&own, false)), 2);
        assert_eq!(shapes.iter().map(|shape| shape.contact.reason).collect::<Vec<_>>(), [0, 1, 0]);
    }

    #[test]
    fn shapes_beyond_those_that_a_head_can_tell_apart_are_refused_and_known_ones_are_not() {
        let at = Moment { unix_ms: 0, date: date(2026, 2, 28), hour: None };
        let shape = |reason| Shape::of(&Contact { reason, ..Contact::blank(at) }, true);
        let mut shapes = Shapes::default();
        assert!((0..SHAPES).all(|reason| shapes.number(shape(reason)) == Some(reason)));
        assert_eq!(shapes.number(shape(SHAPES)), None);
        assert_eq!(shapes.number(shape(SHAPES - 1)), Some(SHAPES - 1));
        assert_eq!(shapes.add(shape(SHAPES)), SHAPES);
    }
}
