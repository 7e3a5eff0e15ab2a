//! The shape of the census table: facets, keys, columns; its total order and its CSV form.

use std::collections::BTreeMap;

/// A facet: which question a row answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "DESIGN names them; the table in `census` documents the keys")]
pub enum Facet {
    Meta,
    Slot,
    Use,
    Wait,
    Handle,
    Followup,
    Step,
    Entry,
    Reach,
    Customers,
    Transfer,
    Path,
    Rejected,
    Unlisted,
    Ignored,
    Duplicate,
}

/// The key of one row.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The facet.
    pub facet: Facet,
    /// Channel id, or blank.
    pub channel: String,
    /// The four keys, blank where the facet has none.
    pub keys: [String; 4],
}

/// A column of sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are those of the CSV header")]
#[repr(usize)]
pub enum Column {
    Contacts,
    Identified,
    Answered,
    AnsweredKnown,
    Abandoned,
    AbandonedInPromise,
    AbandonedShort,
    WaitMs,
    WaitKnown,
    WaitAnsweredMs,
    WaitAnsweredKnown,
    HandleMs,
    HandleKnown,
    Resolved,
    ResolvedKnown,
    Satisfied,
    SatisfactionKnown,
    Promoters,
    Detractors,
    NpsKnown,
    PromiseKept,
    PromiseKnown,
    Transferred,
    Opened,
    OpenedKnown,
    OptedOut,
    Repeated,
    RepeatedKnown,
    CostMinor,
    CostKnown,
    RevenueMinor,
    RevenueKnown,
}

/// How many columns there are.
pub const COLUMNS: usize = Column::RevenueKnown as usize + 1;

/// The sums of one row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sums(pub [i64; COLUMNS]);

impl std::ops::Index<Column> for Sums {
    type Output = i64;
    fn index(&self, column: Column) -> &i64 {
        &self.0[column as usize]
    }
}

impl std::ops::IndexMut<Column> for Sums {
    fn index_mut(&mut self, column: Column) -> &mut i64 {
        &mut self.0[column as usize]
    }
}

impl Sums {
    /// Adds another row's sums (saturating: a hostile file cannot overflow them).
    pub fn add(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(other.0) {
            *a = a.saturating_add(b);
        }
    }
}

/// A whole census.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Census {
    /// Rows in their total order.
    pub rows: BTreeMap<Key, Sums>,
}

impl Census {
    /// The census as CSV, rows in their total order.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        Vec::new()
    }

    /// A census from its CSV.
    ///
    /// # Errors
    /// It is no census file, or one of another version; `name` is shown.
    pub fn from_csv(name: &str, bytes: &[u8]) -> anyhow::Result<Self> {
        let _ = (name, bytes);
        anyhow::bail!("to come")
    }

    /// Several censuses as one.
    ///
    /// # Errors
    /// Zone, key, window or promises differ, or periods overlap: says which and where.
    pub fn merge(parts: Vec<(String, Self)>) -> anyhow::Result<Self> {
        let _ = parts;
        anyhow::bail!("to come")
    }

    /// Checks that a census was made for this inventory: zone, window, key, promises.
    ///
    /// # Errors
    /// It was not; says what differs and what to do.
    pub fn check_against(
        &self,
        name: &str,
        inventory: &crate::inventory::Inventory,
        criteria: &crate::criteria::Criteria,
    ) -> anyhow::Result<()> {
        let _ = (name, inventory, criteria);
        Ok(())
    }
}
