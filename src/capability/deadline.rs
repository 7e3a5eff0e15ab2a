//! Work that may wait until a deadline in open hours (METHOD C4).
