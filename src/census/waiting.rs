//! Rows that waited, read again: part by part, with every label under its final number. Owns how they come back;
//! what they mean together is decided by `finish`.

use std::io;

use super::contact::{Contact, Names, Rows};
use super::fold::Stages;
use super::packed::{peek, unpack};
use super::shuffle::Shuffle;
use super::text::TextId;

/// Rows that wait, and the number that each of their labels has in the end.
#[derive(Debug)]
pub(super) struct Source {
    moved: Vec<TextId>,
    pub(super) stages: Stages,
}

impl Source {
    /// Whose labels get these numbers.
    pub(super) fn new(moved: Vec<TextId>, mut stages: Stages) -> Self {
        stages.shapes.renumber(&moved);
        Self { moved, stages }
    }

    /// The next row of these bytes.
    fn take<'b>(&self, bytes: &mut &'b [u8]) -> io::Result<(Contact, Names<'b>)> {
        unpack(bytes, &self.moved, &self.stages.shapes).ok_or_else(damaged)
    }
}

/// The bytes of one part, one piece for each source.
///
/// # Errors
/// Rows that were put aside cannot be read.
pub(super) fn bytes_of(
    sources: &[Source],
    stage: impl Fn(&Stages) -> &Shuffle,
    part: usize,
    pieces: &mut Vec<Vec<u8>>,
) -> io::Result<()> {
    pieces.resize_with(sources.len(), Vec::new);
    for (source, piece) in sources.iter().zip(pieces) {
        piece.clear();
        stage(&source.stages).take(part, piece)?;
    }
    Ok(())
}

/// A row that cannot be read again must not disappear.
fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a row came back damaged")
}

/// The rows in these bytes.
///
/// # Errors
/// They are no rows.
pub(super) fn rows_of<'b>(sources: &[Source], pieces: &'b [Vec<u8>]) -> io::Result<Rows<'b>> {
    let mut rows = Rows::default();
    for (source, piece) in sources.iter().zip(pieces) {
        let mut rest = piece.as_slice();
        while !rest.is_empty() {
            let (contact, names) = source.take(&mut rest)?;
            rows.add(contact, names);
        }
    }
    Ok(rows)
}

/// A row that waits, of which only that is read by which it is known where it goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting<'b> {
    pub(super) customer: &'b str,
    pub(super) unix_ms: i64,
    /// Place among the sources.
    pub(super) source: usize,
    pub(super) bytes: &'b [u8],
}

/// The rows in these bytes of every customer that falls to this share of so many.
///
/// # Errors
/// They are no rows.
pub(super) fn share_of<'b>(
    pieces: &'b [Vec<u8>],
    share: usize,
    shares: usize,
) -> io::Result<Vec<Waiting<'b>>> {
    let mut found = Vec::new();
    for (source, piece) in pieces.iter().enumerate() {
        let mut rest = piece.as_slice();
        while !rest.is_empty() {
            let (bytes, unix_ms, customer) = peek(&mut rest).ok_or_else(damaged)?;
            if shares == 1 || Shuffle::share_of(customer, unix_ms, shares) == share {
                found.push(Waiting { customer, unix_ms, source, bytes });
            }
        }
    }
    Ok(found)
}

/// These rows customer after customer, each customer's in their total order.
///
/// # Errors
/// They are no rows.
pub(super) fn customers_of<'b>(sources: &[Source], waiting: &[Waiting<'b>]) -> io::Result<Rows<'b>> {
    let mut rows = Rows::default();
    let mut order: Vec<(u32, &Waiting<'b>)> =
        waiting.iter().map(|waiting| (rows.ids.id(waiting.customer), waiting)).collect();
    order.sort_unstable_by_key(|(customer, waiting)| (*customer, waiting.unix_ms));
    rows.list.reserve(order.len());
    for (customer, Waiting { source, bytes, .. }) in order {
        let mut bytes = *bytes;
        let (mut contact, names) = sources[*source].take(&mut bytes)?;
        names.number(&mut contact, &mut rows.ids);
        contact.customer = customer;
        rows.list.push(contact);
    }
    // Rows of one instant are few: most of them are in order already.
    let Rows { list, ids, .. } = &mut rows;
    let same = |a: &Contact, b: &Contact| (a.customer, a.at.unix_ms) == (b.customer, b.at.unix_ms);
    let mut at = 0;
    while at < list.len() {
        let size = list[at..].iter().take_while(|c| same(c, &list[at])).count();
        if size > 1 {
            list[at..at + size].sort_unstable_by(|a, b| a.order(b, ids));
        }
        at += size;
    }
    Ok(rows)
}
