//! The commands themselves: exit codes, help, formats, widths, outputs.
