//! Rows that repeat one another, in numbers: what a pattern of rows means is settled once, and each row adds
//! what is its own. Small where every row looks, so that thousands of patterns stay near the core; a contact
//! in full stands apart, for who needs one.

use crate::usage::Repeat;

use super::contact::Contact;
use super::promise::CLASSES;

/// What is known of the patterns of one memory.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Of the memory.
    stamp: Option<u64>,
    briefs: Vec<Option<Brief>>,
    contacts: Vec<Contact>,
}

/// What every row of a pattern is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Brief {
    pub(super) channel: u32,
    pub(super) entry: u32,
    /// By how soon somebody answered: where such contacts are counted.
    pub(super) counts: [Count; CLASSES],
}

/// Where a contact is counted, as far as that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    /// Nobody asked yet.
    Unasked,
    /// What it counts is not certain before all is read.
    Later,
    /// With others like it, at this place.
    Alike(u32),
}

impl Known {
    /// Whether a row is of another memory than the patterns that are known.
    #[inline]
    pub(super) fn is_of_another(&self, repeat: &Repeat<'_>) -> bool {
        self.stamp != Some(repeat.stamp())
    }

    /// Forgets all patterns; from now on they are those of the memory of this row.
    pub(super) fn forget(&mut self, repeat: &Repeat<'_>) {
        self.stamp = Some(repeat.stamp());
        self.briefs.clear();
        self.contacts.clear();
    }

    /// Whether the pattern of a row is known.
    #[inline]
    pub(super) fn holds(&self, repeat: &Repeat<'_>) -> bool {
        self.briefs.get(repeat.place()).is_some_and(Option::is_some)
    }

    /// Makes the pattern of a row known: each of its rows is like this contact.
    pub(super) fn add(&mut self, repeat: &Repeat<'_>, contact: Contact) {
        let place = repeat.place();
        while self.briefs.len() <= place {
            self.briefs.push(None);
            self.contacts.push(Contact::blank(repeat.at));
        }
        let counts = [Count::Unasked; CLASSES];
        self.briefs[place] = Some(Brief { channel: contact.channel, entry: contact.entry, counts });
        self.contacts[place] = contact;
    }

    /// What every row of the pattern of this one is asked for.
    #[inline]
    pub(super) fn brief(&mut self, repeat: &Repeat<'_>) -> Option<&mut Brief> {
        self.briefs.get_mut(repeat.place())?.as_mut()
    }

    /// A row of a known pattern in full.
    pub(super) fn contact(&mut self, repeat: &Repeat<'_>) -> Option<&mut Contact> {
        let contact = self.contacts.get_mut(repeat.place())?;
        (contact.at, contact.wait_ms, contact.handle_ms) = (repeat.at, repeat.wait_ms, repeat.handle_ms);
        contact.customer = 0;
        Some(contact)
    }
}
