//! Several censuses as one, and a census held against the inventory it is used with (DESIGN 5,
//! "merging"). Refuses rather than adds what cannot be added.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::bail;
use jiff::civil::Date;

use crate::criteria::Criteria;
use crate::inventory::{EpisodeKey, Inventory};
use crate::text::clean;

use super::finish::{digest, key_word, promise_words};
use super::table::{Census, Column, Facet, JOURNEYS, Key, Sums};

/// Facts of a census that must be the same wherever censuses meet, with words for them.
const SAME: [(&str, &str); 4] = [
    ("zone", "time zone"),
    ("window", "episode window (days)"),
    ("episode-key", "episode key"),
    ("sensitivity", "second and third window"),
];

impl Census {
    /// Several censuses as one.
    ///
    /// # Errors
    /// Zone, key, window or promises differ, or periods overlap: says which and where.
    pub fn merge(parts: Vec<(String, Self)>) -> anyhow::Result<Self> {
        let mut parts = parts.into_iter();
        let Some((first_name, first)) = parts.next() else { bail!("no census was given") };
        let mut periods = periods(&first_name, &first)?;
        let mut merged = first.clone();
        let mut several = false;
        let mut all_paths = first.facets().hold(Facet::Path);
        for (name, part) in parts {
            all_paths &= part.facets().hold(Facet::Path);
            same(&first_name, &first, &name, &part)?;
            for new in self::periods(&name, &part)? {
                if let Some(old) = periods.iter().find(|old| old.from <= new.to && new.from <= old.to) {
                    bail!(
                        "{} ({} to {}) and {} ({} to {}) overlap: contacts would be counted twice; make them again with --from and --to so that they do not",
                        old.name,
                        old.from,
                        old.to,
                        new.name,
                        new.from,
                        new.to
                    );
                }
                periods.push(new);
            }
            if !several {
                merged = named_part(merged);
                several = true;
            }
            absorb(&mut merged, named_part(part));
        }
        if several {
            retell_rows_read(&mut merged);
        }
        if !all_paths {
            // Paths of some parts alone are the paths of nothing.
            merged.rows.retain(|key, _| {
                key.facet != Facet::Path && (key.facet != Facet::Meta || key.keys[0] != JOURNEYS)
            });
        }
        Ok(merged)
    }

    /// Checks that a census was made for this inventory: zone, window, key, promises.
    ///
    /// # Errors
    /// It was not; says what differs and what to do.
    pub fn check_against(
        &self,
        name: &str,
        inventory: &Inventory,
        criteria: &Criteria,
    ) -> anyhow::Result<()> {
        let name = clean(name);
        let mut differs = Vec::new();
        let mut compare = |meta: &str, word: &str, wanted: &str| {
            let found = self.meta(meta).next().map(|key| key.keys[1].as_str());
            if found != Some(wanted) {
                let found = found.map_or_else(|| "none".to_owned(), |f| format!("`{}`", clean(f)));
                differs.push(format!("{word}: the census has {found}, the inventory `{}`", clean(wanted)));
            }
        };
        compare("zone", "time zone", &inventory.organisation.timezone_name);
        let window = inventory.episodes.window_days.unwrap_or(criteria.defaults.window_days);
        compare("window", "episode window (days)", &window.to_string());
        if let Some(key) = inventory.episodes.key {
            compare("episode-key", "episode key", key_word(key));
        }
        let promised: BTreeMap<&str, (&str, &str)> = self
            .meta("promise")
            .map(|k| (k.keys[1].as_str(), (k.keys[2].as_str(), k.keys[3].as_str())))
            .collect();
        let counted: BTreeSet<&str> =
            self.rows.keys().filter(|key| key.facet == Facet::Slot).map(|key| key.channel.as_str()).collect();
        // A channel without a row kept no promise yet: it may be new. A promise that is no more was kept or
        // broken in the census all the same.
        for channel in inventory.channels.iter().filter(|c| counted.contains(c.id.as_str())) {
            let own = |(words, source): (String, &'static str)| (source == "declared").then_some(words);
            let wanted = promise_words(channel).and_then(own);
            let found = promised.get(channel.id.as_str()).filter(|(_, source)| *source == "declared");
            let found = found.map(|(words, _)| (*words).to_owned());
            if found != wanted {
                let shown =
                    |words: Option<String>| words.map_or("none".to_owned(), |w| format!("`{}`", clean(&w)));
                let id = &channel.id;
                let (found, wanted) = (shown(found), shown(wanted));
                differs.push(format!("promise of {id}: the census has {found}, the inventory {wanted}"));
            }
        }
        let strangers: BTreeSet<String> = self
            .rows
            .keys()
            .filter(|key| key.facet == Facet::Slot && inventory.find_channel(&key.channel).is_none())
            .map(|key| clean(&key.channel))
            .collect();
        if !strangers.is_empty() {
            let list: Vec<String> = strangers.into_iter().collect();
            differs.push(format!("channels that the inventory does not have: {}", list.join(", ")));
        }
        if differs.is_empty() {
            return Ok(());
        }
        bail!(
            "{name} was made for another inventory; make it again with `chanfolio census`, or use the inventory it was made for:\n  {}",
            differs.join("\n  ")
        )
    }

    /// Whether the usage part of the inventory (log columns, labels, reasons) is still the one this
    /// census was made with. Another one is no mistake: a census may come from an engine of one's own.
    #[must_use]
    pub fn same_usage(&self, inventory: &Inventory) -> bool {
        self.meta("usage-digest").next().is_none_or(|key| key.keys[1] == digest(inventory))
    }
}

/// One period of a census.
struct Period {
    name: String,
    from: Date,
    to: Date,
}

fn periods(name: &str, census: &Census) -> anyhow::Result<Vec<Period>> {
    let name = clean(name);
    let mut periods = Vec::new();
    for key in census.meta("period") {
        match (key.keys[1].parse(), key.keys[2].parse()) {
            (Ok(from), Ok(to)) if from <= to => periods.push(Period { name: name.clone(), from, to }),
            _ => bail!("{name}: `{}` to `{}` is no period", clean(&key.keys[1]), clean(&key.keys[2])),
        }
    }
    if periods.is_empty() {
        bail!("{name} does not say which period it covers (row `meta,,period`): it cannot be merged");
    }
    Ok(periods)
}

fn same(first_name: &str, first: &Census, name: &str, part: &Census) -> anyhow::Result<()> {
    let (first_name, name) = (clean(first_name), clean(name));
    for (meta, word) in SAME {
        let texts =
            |census: &Census| census.meta(meta).map(|k| clean(&k.keys[1])).collect::<Vec<_>>().join(", ");
        let (a, b) = (texts(first), texts(part));
        if a != b {
            bail!("{first_name} and {name} cannot be merged: {word} `{a}` and `{b}`");
        }
    }
    let promises = |census: &Census| -> BTreeMap<String, String> {
        census.meta("promise").map(|k| (k.keys[1].clone(), k.keys[2].clone())).collect()
    };
    let (a, b) = (promises(first), promises(part));
    for channel in a.keys().chain(b.keys()) {
        if a.get(channel) != b.get(channel) {
            let text =
                |p: Option<&String>| p.map_or_else(|| "none".to_owned(), |p| format!("`{}`", clean(p)));
            bail!(
                "{first_name} and {name} cannot be merged: promise of {} {} and {}",
                clean(channel),
                text(a.get(channel)),
                text(b.get(channel))
            );
        }
    }
    Ok(())
}

/// The same with the first day of its period in every row of customers: customers of several parts do not
/// add, so the rows of each part stay by themselves. Parts of an earlier merge have their days already.
fn named_part(mut census: Census) -> Census {
    let Some(first) = census.meta("period").map(|key| key.keys[1].clone()).min() else { return census };
    let own: Vec<Key> = census
        .rows
        .keys()
        .filter(|key| key.facet == Facet::Customers && key.keys[2].is_empty())
        .cloned()
        .collect();
    for mut key in own {
        if let Some(sums) = census.rows.remove(&key) {
            key.keys[2].clone_from(&first);
            census.rows.insert(key, sums);
        }
    }
    census
}

fn absorb(into: &mut Census, part: Census) {
    for (key, sums) in part.rows {
        match into.rows.entry(key) {
            std::collections::btree_map::Entry::Vacant(vacant) => {
                vacant.insert(sums);
            }
            std::collections::btree_map::Entry::Occupied(mut here) => {
                // Facts that do not add: what two channels share in one period says nothing of both.
                let largest = here.key().facet == Facet::Meta && here.key().keys[0] == "reasons-shared";
                if largest {
                    let cell = &mut here.get_mut()[Column::Contacts];
                    *cell = (*cell).max(sums[Column::Contacts]);
                } else {
                    here.get_mut().add(&sums);
                }
            }
        }
    }
}

/// The text of `rows-read` is its number: after a merge it is the sum.
fn retell_rows_read(census: &mut Census) {
    let keys: Vec<Key> = census.meta("rows-read").cloned().collect();
    let mut total = Sums::default();
    for key in keys {
        if let Some(sums) = census.rows.remove(&key) {
            total.add(&sums);
        }
    }
    let text = total[Column::Contacts].to_string();
    census.rows.insert(Key::new(Facet::Meta, "", &["rows-read", &text]), total);
}

/// The words of an episode key, as meta rows and inventories have them.
pub(super) const KEYS: [(EpisodeKey, &str); 2] =
    [(EpisodeKey::Customer, "customer"), (EpisodeKey::CustomerAndReason, "customer-and-reason")];
