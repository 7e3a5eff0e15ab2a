//! The census: one small tidy table of integer sums, the waist of the program.
//!
//! All that the rest of the program ever sees of the logs. [`table`] is its shape and its CSV form,
//! `contact` joins rows into contacts, `promise` knows what each was promised, [`episode`] finds who
//! came back, [`histogram`] keeps quantiles mergeable, [`fold`] makes the table from all of these,
//! [`merge`] puts tables together, [`scan`] reads the logs, [`view`] answers typed questions about it,
//! [`sql`] writes it as a query for other engines.
//! Integers only: no float whose order of addition could matter.

mod contact;
pub mod episode;
pub mod fold;
pub mod histogram;
pub mod merge;
mod promise;
pub mod scan;
pub mod sql;
pub mod table;
mod text;
pub mod view;

#[cfg(test)]
mod tests;

pub use table::{Census, Column, Facet, Key, Sums};
