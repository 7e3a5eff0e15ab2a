//! The census: one small tidy table of integer sums, the waist of the program.
//!
//! All that the rest of the program ever sees of the logs. [`table`] is its shape and its CSV form,
//! [`fold`] takes rows and lets them wait (`packed`, `like`, `shapes`, `shuffle`) until all of a key are there, those
//! apart that `at_once` can count; `known` knows rows that repeat one another; `finish` makes the table of them
//! (`waiting` reads them again, `lone` counts those that stand alone, `crowd` finds ids that many people share):
//! `contact` joins rows into contacts, `promise` knows what each was promised, `cells` and `sums` count them,
//! [`episode`] finds who came back, [`histogram`] keeps quantiles mergeable; [`merge`] puts tables together, [`scan`]
//! reads the logs, [`view`] answers typed questions about it, [`times`] tells a channel by day and hour; [`sql`] writes
//! it as a query for other engines.
//! Integers only: no float whose order of addition could matter.

mod at_once;
mod cells;
mod contact;
mod crowd;
pub mod episode;
mod finish;
pub mod fold;
pub mod histogram;
mod known;
mod like;
mod lone;
pub mod merge;
mod packed;
mod promise;
pub mod scan;
mod shapes;
mod shuffle;
pub mod sql;
mod sums;
pub mod table;
mod text;
pub mod times;
pub mod view;
mod waiting;

#[cfg(test)]
mod tests;

pub use table::{Census, Column, Facet, Facets, Key, Sums};
