//! The commands, one file each: they open files, call the stages in order and write the bytes.
//!
//! Input and output stand here and nowhere else. A command never prints from the middle: whatever
//! it writes to a file is made whole first, then written under a temporary name and renamed.

pub mod assess;
pub mod census;
pub mod check;
pub mod explain;
pub mod load;
pub mod output;
mod progress;
pub mod schema;
pub mod shell;
pub mod staff;
