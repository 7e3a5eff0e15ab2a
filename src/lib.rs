//! chanfolio decides, with evidence, through which channels an organisation talks with its
//! customers.
//!
//! One straight line of plain values, read from top to bottom:
//!
//! ```text
//! inventory.yaml ─ lower ─► Inventory ┐
//! criteria/*.yaml ─ lower ─► Criteria ┤
//! logs ─ blocks ─ records ─ fold ─► Census ─ measure ─► Readings ─ assess ─► Assessment ─ report ─► bytes
//! ```
//!
//! The [`census`] is the waist: one small table of integer sums, all that the rest of the program
//! ever sees of the logs. [`measure`] states facts and knows no thresholds; [`assess`] judges and
//! knows no CSV. Input and output stand at the two ends ([`command`]) only.
//!
//! The modules below stand in the order in which the data flows through them.

pub mod interrupt;
pub mod quantity;
pub mod text;

pub mod criteria;
mod hands;
pub mod inventory;

pub mod usage;

pub mod census;

pub mod capability;
pub mod measure;
pub mod staff;

pub mod assess;
pub mod check;

pub mod report;

pub mod cli;
pub mod command;
