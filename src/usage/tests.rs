//! Tests of the reading path.
