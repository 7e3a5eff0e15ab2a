//! Rows that repeat one another, in numbers: what a pattern of rows means is settled once, and each row adds
//! what is its own. Small where every row looks, so that thousands of patterns stay near the core; a contact
//! in full stands apart, for who needs one.

use crate::usage::Repeat;

use super::contact::{Contact, UNLISTED};
use super::promise::CLASSES;
use super::shapes::{Shape, Shapes};

/// What is known of the patterns of one memory.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Which memory it is; `None` where there is none.
    stamp: Option<u64>,
    /// The usage entry that all rows of the memory are of.
    entry: usize,
    /// By pattern; blank where it is not known.
    briefs: Vec<Brief>,
    contacts: Vec<Contact>,
    /// By pattern: the number of its shape among those that wait; `None` where nobody asked yet, none where there were
    /// too many.
    shapes: Vec<Option<Option<u32>>>,
}

/// What every row of a pattern is asked for: half a line of memory, and never parts of two.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
pub(super) struct Brief {
    pub(super) channel: u32,
    /// By how soon somebody answered: where such contacts are counted.
    pub(super) counts: [Count; CLASSES],
}

const _: () = assert!(size_of::<Brief>() == 32);

impl Brief {
    /// Of rows like this contact.
    pub(super) fn new(contact: &Contact) -> Self {
        Self { channel: contact.channel, counts: [Count::UNASKED; CLASSES] }
    }

    /// Nobody asked for anything yet.
    pub(super) fn forget(&mut self) {
        self.counts = [Count::UNASKED; CLASSES];
    }
}

/// Where a contact is counted, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count(u32);

impl Count {
    /// Its pattern is not known.
    const UNKNOWN: Self = Self(u32::MAX);
    /// Nobody asked yet.
    pub(super) const UNASKED: Self = Self(u32::MAX - 1);
    /// What it counts is not certain before all is read.
    pub(super) const LATER: Self = Self(u32::MAX - 2);

    /// With others like it, at this place; later if there are too many places.
    pub(super) fn alike(place: usize) -> Self {
        u32::try_from(place).map_or(Self::LATER, |place| Self(place.min(Self::LATER.0)))
    }

    /// The place where it is counted with others like it; else one behind all places.
    #[inline]
    pub(super) fn place(self) -> usize {
        self.0 as usize
    }
}

impl Known {
    /// Whether a row is of another memory than the patterns that are known.
    pub(super) fn is_of_another(&self, repeat: &Repeat<'_>) -> bool {
        self.stamp != Some(repeat.stamp())
    }

    /// Knows no memory: the next row is of another.
    pub(super) fn leave(&mut self) {
        self.stamp = None;
    }

    /// The usage entry that all rows of the memory are of.
    #[inline]
    pub(super) fn entry(&self) -> usize {
        self.entry
    }

    /// Forgets all patterns; from now on they are those of the memory of this row.
    pub(super) fn forget(&mut self, repeat: &Repeat<'_>) {
        self.stamp = Some(repeat.stamp());
        self.briefs.clear();
        self.contacts.clear();
        self.shapes.clear();
    }

    /// Whether the pattern of a row is known.
    #[inline(always)]
    pub(super) fn holds(&self, repeat: &Repeat<'_>) -> bool {
        self.stamp == Some(repeat.stamp())
            && self.briefs.get(repeat.place()).is_some_and(|brief| brief.counts[0] != Count::UNKNOWN)
    }

    /// Makes the pattern of a row known: each of its rows is like this contact.
    pub(super) fn add(&mut self, repeat: &Repeat<'_>, contact: Contact) {
        let place = repeat.place();
        while self.briefs.len() <= place {
            self.briefs.push(Brief { channel: UNLISTED, counts: [Count::UNKNOWN; CLASSES] });
            self.contacts.push(Contact::blank(repeat.at));
            self.shapes.push(None);
        }
        self.entry = contact.entry as usize;
        self.briefs[place] = Brief::new(&contact);
        self.contacts[place] = contact;
    }

    /// What every row of the pattern of this one is asked for, and the contact that all of them are like.
    #[inline(always)]
    pub(super) fn pattern(&mut self, repeat: &Repeat<'_>) -> Option<(&mut Brief, &Contact)> {
        self.briefs.get_mut(repeat.place()).zip(self.contacts.get(repeat.place()))
    }

    /// The shape of a row of a known pattern among those that wait; `None` where it waits in full.
    #[inline]
    pub(super) fn shape(
        &mut self,
        repeat: &Repeat<'_>,
        shapes: &mut Shapes,
        stands_alone: bool,
    ) -> Option<u32> {
        match self.shapes.get(repeat.place()) {
            Some(Some(shape)) => *shape,
            _ => self.new_shape(repeat, shapes, stands_alone),
        }
    }

    #[cold]
    fn new_shape(&mut self, repeat: &Repeat<'_>, shapes: &mut Shapes, stands_alone: bool) -> Option<u32> {
        let shape = shapes.number(Shape::of(self.contact(repeat), stands_alone));
        self.shapes[repeat.place()] = Some(shape);
        shape
    }

    /// A row of a known pattern in full.
    pub(super) fn contact(&mut self, repeat: &Repeat<'_>) -> &mut Contact {
        let contact = &mut self.contacts[repeat.place()];
        (contact.at, contact.wait_ms, contact.handle_ms) = (repeat.at, repeat.wait_ms, repeat.handle_ms);
        contact.customer = 0;
        contact
    }
}
