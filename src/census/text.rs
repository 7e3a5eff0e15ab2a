//! Every label of the logs once: contacts hold numbers, so that ten million of them stay small. Numbers
//! follow the order of arrival until [`Texts::sorted`] gives them the order of their bytes. Ids of customers
//! and contacts, of which there are millions, are numbered for one part of the rows at a time ([`Ids`]).

use std::sync::Arc;

use hashbrown::HashMap;

/// A text by number; 0 is "none".
pub(super) type TextId = u32;

/// Texts with their numbers.
#[derive(Debug)]
pub(super) struct Texts {
    ids: HashMap<Arc<str>, TextId>,
    list: Vec<Arc<str>>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { ids: HashMap::new(), list: vec![Arc::from("")] }
    }
}

impl Texts {
    /// The number of a text; blank is 0.
    pub(super) fn id(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return 0;
        }
        if let Some(id) = self.ids.get(text) {
            return *id;
        }
        let id = TextId::try_from(self.list.len()).unwrap_or(TextId::MAX);
        let text: Arc<str> = Arc::from(text);
        self.list.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    /// How many there are, "none" among them.
    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// The text of a number.
    pub(super) fn get(&self, id: TextId) -> &str {
        self.list.get(id as usize).map_or("", AsRef::as_ref)
    }

    /// Takes over another list: gives the new number of each of its texts.
    pub(super) fn absorb(&mut self, other: &Self) -> Vec<TextId> {
        other.list.iter().map(|text| self.id(text)).collect()
    }

    /// The same texts numbered in the order of their bytes, with the new number of each old one:
    /// what rests on numbers no longer depends on the order in which rows came.
    pub(super) fn sorted(self) -> (Self, Vec<TextId>) {
        let mut order: Vec<usize> = (0..self.list.len()).collect();
        order.sort_unstable_by(|a, b| self.list[*a].cmp(&self.list[*b]));
        let mut moved = vec![0; self.list.len()];
        for (new, old) in order.iter().enumerate() {
            moved[*old] = TextId::try_from(new).unwrap_or(TextId::MAX);
        }
        let list = order.into_iter().map(|old| Arc::clone(&self.list[old])).collect();
        (Self { ids: HashMap::new(), list }, moved)
    }
}

/// Ids by number while one part of the rows is looked at; 0 is "none". They borrow the part's bytes.
#[derive(Debug)]
pub(super) struct Ids<'t> {
    numbers: HashMap<&'t str, u32>,
    list: Vec<&'t str>,
}

impl Default for Ids<'_> {
    fn default() -> Self {
        Self { numbers: HashMap::new(), list: vec![""] }
    }
}

impl<'t> Ids<'t> {
    /// The number of an id; blank is 0.
    pub(super) fn id(&mut self, text: &'t str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let next = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        let number = *self.numbers.entry(text).or_insert(next);
        if number == next {
            self.list.push(text);
        }
        number
    }

    /// The id of a number.
    pub(super) fn get(&self, number: u32) -> &'t str {
        self.list.get(number as usize).copied().unwrap_or_default()
    }
}
