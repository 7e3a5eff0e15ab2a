//! Blocks of decoded text, cut at record boundaries: the unit of work of a log scan.

/// A piece of decoded text that holds whole records.
#[derive(Debug, Clone)]
pub struct Block {
    /// UTF-8 text; ends where a record ends.
    pub text: String,
    /// 1-based line of its first byte, in the decoded text of the file.
    pub line: u64,
}
