//! The census: one small tidy table of integer sums, the waist of the program.
//!
//! All that the rest of the program ever sees of the logs. [`table`] is its shape and its CSV form,
//! [`episode`] finds who came back, [`histogram`] keeps quantiles mergeable, [`fold`] makes the table
//! from contacts, [`view`] answers typed questions about it. Integers only: no float whose order of
//! addition could matter.

pub mod episode;
pub mod fold;
pub mod histogram;
pub mod scan;
pub mod table;
pub mod view;

pub use table::{Census, Column, Facet, Key, Sums};
