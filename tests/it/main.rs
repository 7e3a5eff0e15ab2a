//! The integration tests: one binary, one module for each thing the program promises.

mod run;

mod bad_input;
mod by_hand;
mod check;
mod commands;
mod examples;
mod findings;
mod firm;
mod golden;
mod journey;
mod laws;
mod oracle;
mod people;
mod readme;
mod real;
mod scale;
mod sql;
mod staff;
