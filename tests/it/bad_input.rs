//! Bad input gets a clear error, and nothing is lost: one test for each kind, its message pinned.
