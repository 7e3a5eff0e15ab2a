//! Rows of talk wait for those that may be one contact with them, and most have waited for none: these are counted
//! like rows that never waited. Where uses are all that is asked for, that is most of the work there is at the end.
//! Owns which rows these are; what they count is `at_once`'s affair.

use std::hash::BuildHasher as _;

use foldhash::quality::FixedState;

use super::at_once::{Apart, AtOnce};
use super::cells::Cells;
use super::contact::DAY_MS;
use super::fold::Fold;
use super::known::Brief;
use super::like::Like;
use super::waiting::{Sources, Waiting};

/// Counts rows that waited and stand alone.
pub(super) struct Lone<'i> {
    now: AtOnce<'i>,
    /// By shape.
    briefs: Vec<Brief>,
    /// Rows since all was last written where it belongs: rows that count alike are counted in 32 bits.
    rows: usize,
}

impl<'i> Lone<'i> {
    /// For these rows; `None` where more is asked for than uses.
    pub(super) fn new(fold: &Fold<'i>, sources: &Sources) -> Option<Self> {
        let now = AtOnce::new(fold).filter(AtOnce::counts_uses_alone)?;
        let briefs = sources.shapes.iter().map(|shape| Brief::new(&shape.contact)).collect();
        Some(Self { now, briefs, rows: 0 })
    }

    /// Counts those of all rows of some customers that are known to stand alone, and leaves the others. They are where no
    /// two rows of their customer are as near as rows of one talk can be, and two days more: rows without a time of day
    /// are compared by their dates.
    pub(super) fn count(&mut self, waiting: &mut Vec<Waiting<'_>>, sources: &Sources, talk_ms: i64) {
        let apart_ms = talk_ms.saturating_add(2 * DAY_MS);
        // The place of a row in the low bits of a hash of its customer: numbers are sorted faster than anything else, and
        // two customers under one hash only make a row look less alone than it is.
        let low = u64::MAX.unbounded_shr(u64::try_from(waiting.len()).unwrap_or(u64::MAX).leading_zeros());
        let hasher = FixedState::with_seed(0x6c_6f_6e_65);
        let hash = |waiting: &Waiting<'_>| hasher.hash_one(waiting.row.customer.as_bytes());
        let mut order: Vec<u64> = (0..).zip(&*waiting).map(|(at, row)| hash(row) & !low | at).collect();
        order.sort_unstable();
        let (mut counted, mut times) = (vec![false; waiting.len()], Vec::new());
        for of_one in order.chunk_by(|a, b| a & !low == b & !low) {
            let places = of_one.iter().filter_map(|key| usize::try_from(key & low).ok());
            times.clear();
            times.extend(places.clone().map(|at| waiting[at].row.unix_ms));
            times.sort_unstable();
            if times.windows(2).all(|two| two[1].saturating_sub(two[0]) > apart_ms) {
                places.for_each(|at| counted[at] = self.counts(&waiting[at], sources));
            }
        }
        self.rows += waiting.len();
        if self.rows > 1 << 30 {
            self.rows = 0;
            self.now.settle();
            self.briefs.iter_mut().for_each(Brief::forget);
        }
        let mut counted = counted.into_iter();
        waiting.retain(|_| counted.next() != Some(true));
    }

    /// Counts a row that stands alone, if all is known of it.
    fn counts(&mut self, waiting: &Waiting<'_>, sources: &Sources) -> bool {
        // What is damaged is told where it is read again.
        let Some(Like { at, customer, shape, wait_ms, handle_ms }) = &sources.like(waiting) else {
            return false;
        };
        match (sources.shapes.get(*shape), self.briefs.get_mut(*shape as usize)) {
            (Some(shape), Some(brief)) if shape.stands_alone => {
                let (identified, wait_ms, handle_ms) = (!customer.is_empty(), *wait_ms, *handle_ms);
                self.now.take_like(brief, &shape.contact, Apart { at, identified, wait_ms, handle_ms })
            }
            _ => false,
        }
    }

    /// All that was counted.
    pub(super) fn into_cells(self) -> Cells {
        self.now.into_cells()
    }
}
