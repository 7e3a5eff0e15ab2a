//! Brings rows together that share a key, however far apart they stand in the logs and however many they
//! are: rows are dealt into parts by a hash of their key, and a part is looked at as a whole later. What does
//! not fit into the memory allowed waits in a temporary file without a name, which the system takes back
//! whatever becomes of this process. Knows bytes and keys; never what a row means.

use std::fs::File;
use std::hash::BuildHasher as _;
use std::io;

use foldhash::quality::FixedState;

/// How many parts there are: with 100 million rows each still holds few enough for a core's work. The few rows of a
/// test are to meet.
pub(super) const PARTS: usize = if cfg!(test) { 5 } else { 1024 };

/// Bytes that are asked for at once, by each part: 4 MB where rows of all parts are there.
pub(super) const CHUNK: usize = 4 << 10;

/// Pieces that were emptied, to be filled again.
pub(super) type Spare = Vec<Vec<u8>>;

/// Rows dealt into parts.
#[derive(Debug, Default)]
pub(super) struct Shuffle {
    parts: Vec<Part>,
    held: usize,
    /// Pieces in the file.
    pieces: usize,
    file: Option<Spill>,
    /// Rows dealt.
    pub(super) rows: u64,
}

/// One part: pieces in memory, and places in the file.
#[derive(Debug, Default)]
struct Part {
    chunks: Vec<Vec<u8>>,
    written: Vec<Piece>,
}

/// Where a piece begins in the file, and how long it is.
type Piece = (u64, usize);

/// The file of what did not fit.
#[derive(Debug)]
struct Spill {
    file: File,
    end: u64,
}

impl Shuffle {
    /// The part of a key. The same in every run: which rows meet depends on keys alone.
    pub(super) fn part_of(key: &[&[u8]]) -> usize {
        let hash = FixedState::with_seed(0x63_68_61_6e).hash_one(key);
        usize::try_from(hash >> 32).unwrap_or(0) % PARTS
    }

    /// To which of so many shares of a part a customer falls; rows of nobody, by their instant, to any.
    pub(super) fn share_of(customer: &str, unix_ms: i64, shares: usize) -> usize {
        // Another seed than that of parts: all keys of a part are alike under that one.
        let hasher = FixedState::with_seed(0x73_68_61_72);
        let hash = if customer.is_empty() { hasher.hash_one(unix_ms) } else { hasher.hash_one(customer) };
        usize::try_from(hash >> 32).unwrap_or(0) % shares.max(1)
    }

    /// Deals one row: `write` appends its bytes. `spare` are pieces that were emptied.
    pub(super) fn deal(&mut self, part: usize, spare: &mut Spare, write: impl FnOnce(&mut Vec<u8>)) {
        if self.parts.is_empty() {
            self.parts.resize_with(PARTS, Part::default);
        }
        let Some(part) = self.parts.get_mut(part) else { return };
        // A row never stands in two pieces.
        if part.chunks.last().is_none_or(|chunk| chunk.len() > CHUNK - 256) {
            part.chunks.push(spare.pop().unwrap_or_else(|| Vec::with_capacity(CHUNK)));
            self.held += CHUNK;
        }
        if let Some(chunk) = part.chunks.last_mut() {
            let before = chunk.capacity();
            write(chunk);
            self.held += chunk.capacity() - before;
        }
        self.rows += 1;
    }

    /// Bytes held in memory.
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// Bytes of the list of what is in the file.
    pub(super) fn listed(&self) -> usize {
        self.pieces * size_of::<Piece>()
    }

    /// Writes everything that is held in memory to the file.
    ///
    /// # Errors
    /// There is no room, or no folder for temporary files.
    pub(super) fn spill(&mut self, spare: &mut Spare) -> io::Result<()> {
        use io::Write as _;
        let spill = match &mut self.file {
            Some(spill) => spill,
            None => self.file.insert(Spill { file: tempfile::tempfile()?, end: 0 }),
        };
        let mut writer = io::BufWriter::with_capacity(1 << 20, &spill.file);
        for part in &mut self.parts {
            let mut length = 0;
            for mut chunk in part.chunks.drain(..) {
                writer.write_all(&chunk)?;
                length += chunk.len();
                if chunk.capacity() == CHUNK {
                    chunk.clear();
                    spare.push(chunk);
                }
            }
            if length > 0 {
                part.written.push((spill.end, length));
                self.pieces += 1;
                spill.end += length as u64;
            }
        }
        writer.flush()?;
        self.held = 0;
        Ok(())
    }

    /// All bytes of a part, appended to `out`.
    ///
    /// # Errors
    /// The temporary file cannot be read.
    pub(super) fn take(&self, part: usize, out: &mut Vec<u8>) -> io::Result<()> {
        let Some(part) = self.parts.get(part) else { return Ok(()) };
        if let Some(spill) = &self.file {
            for (at, length) in &part.written {
                let start = out.len();
                out.resize(start + length, 0);
                read_at(&spill.file, &mut out[start..], *at)?;
            }
        }
        for chunk in &part.chunks {
            out.extend_from_slice(chunk);
        }
        Ok(())
    }
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let n = std::os::windows::fs::FileExt::seek_read(file, bytes, at)?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        bytes = &mut bytes[n..];
        at += n as u64;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_comes_back_in_its_part_wherever_it_waited() {
        let (mut shuffle, mut spare) = (Shuffle::default(), Spare::new());
        let mut expected = vec![Vec::new(); PARTS];
        for n in 0_u32..20_000 {
            let part = Shuffle::part_of(&[&n.to_le_bytes()]);
            // Some rows are longer than a piece.
            let row = vec![n.to_le_bytes()[0]; if n % 5000 == 0 { 40_000 } else { 30 }];
            expected[part].push(row.clone());
            shuffle.deal(part, &mut spare, |out| out.extend_from_slice(&row));
            if n == 7000 || n == 15_000 {
                shuffle.spill(&mut spare).expect("a temporary file");
                assert_eq!(shuffle.held(), 0);
            }
        }
        for (part, rows) in expected.iter().enumerate() {
            let mut bytes = Vec::new();
            shuffle.take(part, &mut bytes).expect("bytes");
            assert_eq!(bytes, rows.concat(), "part {part}");
        }
        assert_eq!(shuffle.rows, 20_000);
    }
}
