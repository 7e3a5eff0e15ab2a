//! The README shows only what the program prints.
