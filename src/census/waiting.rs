//! Rows that waited, read again: part by part, with every label under its final number. Owns how they come back;
//! what they mean together is decided by `finish`.

use std::io;

use super::contact::{Contact, Names, Rows};
use super::fold::Stages;
use super::like::{Form, Like, Peeked, peek};
use super::packed::unpack;
use super::shapes::Shapes;
use super::shuffle::Shuffle;
use super::text::TextId;

/// All rows that wait.
#[derive(Debug, Default)]
pub(super) struct Sources {
    list: Vec<Source>,
    /// What those of them are like that repeat one another.
    pub(super) shapes: Shapes,
}

/// Where some of them do.
#[derive(Debug)]
struct Source {
    /// The number that each of their labels has in the end.
    moved: Vec<TextId>,
    stages: Stages,
    /// By the number of a shape there: its number among all.
    shapes: Vec<u32>,
}

/// A row that cannot be read again must not disappear.
fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a row came back damaged")
}

impl Sources {
    /// Adds rows whose labels get these numbers.
    pub(super) fn add(&mut self, moved: Vec<TextId>, mut stages: Stages) {
        let shapes = std::mem::take(&mut stages.shapes).into_iter().map(|mut shape| {
            shape.contact.renumber(&moved);
            self.shapes.add(shape)
        });
        let shapes = shapes.collect();
        stages.close();
        self.list.push(Source { moved, stages, shapes });
    }

    /// Whether no row waits there.
    pub(super) fn is_empty(&self, stage: impl Fn(&Stages) -> &Shuffle) -> bool {
        self.list.iter().all(|source| stage(&source.stages).rows == 0)
    }

    /// The bytes of one part, one piece for each source.
    ///
    /// # Errors
    /// Rows that were put aside cannot be read.
    pub(super) fn bytes_of(
        &self,
        stage: impl Fn(&Stages) -> &Shuffle,
        part: usize,
    ) -> io::Result<Vec<Vec<u8>>> {
        let piece = |source: &Source| {
            let mut piece = Vec::new();
            stage(&source.stages).take(part, &mut piece).map(|()| piece)
        };
        self.list.iter().map(piece).collect()
    }

    /// The rows in these bytes.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn rows_of<'b>(&self, pieces: &'b [Vec<u8>]) -> io::Result<Rows<'b>> {
        let mut rows = Rows::default();
        for (source, piece) in pieces.iter().enumerate() {
            let mut rest = piece.as_slice();
            while !rest.is_empty() {
                let (contact, names) = self.next(source, &mut rest).ok_or_else(damaged)?;
                rows.add(contact, names);
            }
        }
        Ok(rows)
    }

    /// The next row of these bytes.
    fn next<'b>(&self, source: usize, bytes: &mut &'b [u8]) -> Option<(Contact, Names<'b>)> {
        let row = peek(bytes)?;
        self.row(&Waiting { row, source })
    }

    /// A row that was looked at.
    fn row<'b>(&self, waiting: &Waiting<'b>) -> Option<(Contact, Names<'b>)> {
        match waiting.row.form()? {
            Form::Like(Like { at, customer, shape, wait_ms, handle_ms }) => {
                let contact = self.shapes.get(self.shape(waiting.source, shape)?)?.contact.clone();
                Some((Contact { at, wait_ms, handle_ms, ..contact }, Names { customer, ..Names::default() }))
            }
            Form::InFull(row) => unpack(row, &self.list.get(waiting.source)?.moved),
        }
    }

    /// A row that is like others, with the number that its shape has among all; `None` if it is not or is damaged.
    pub(super) fn like<'b>(&self, waiting: &Waiting<'b>) -> Option<Like<'b>> {
        match waiting.row.form()? {
            Form::Like(like) => Some(Like { shape: self.shape(waiting.source, like.shape)?, ..like }),
            Form::InFull(_) => None,
        }
    }

    /// The number that a shape of some rows has among all.
    fn shape(&self, source: usize, number: u32) -> Option<u32> {
        self.list.get(source)?.shapes.get(number as usize).copied()
    }

    /// Gives these rows to `count` customer after customer, each customer's in their total order: some thousands at a
    /// time, so that they are near while they are counted.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn by_customer<'b>(
        &self,
        waiting: &[Waiting<'b>],
        mut count: impl FnMut(&mut Rows<'b>),
    ) -> io::Result<()> {
        let mut rows = Rows::default();
        let turn = |(at, Waiting { row, .. }): (u32, &Waiting<'b>)| Turn {
            customer: rows.ids.id(row.customer),
            unix_ms: row.unix_ms,
            at,
        };
        let mut order: Vec<Turn> = (0..).zip(waiting).map(turn).collect();
        order.sort_unstable();
        let mut rest = order.as_slice();
        while !rest.is_empty() {
            let (some, others) = rest.split_at(whole_customers(rest));
            rest = others;
            rows.list.clear();
            rows.list.reserve(some.len());
            // They lie anywhere in some megabytes: reads that do not wait for one another take little longer than one.
            let of_some = || some.iter().map(|turn| (turn.customer, &waiting[turn.at as usize]));
            std::hint::black_box(of_some().fold(0, |all, (_, waiting)| all ^ waiting.row.first_byte()));
            for (customer, waiting) in of_some() {
                let (mut contact, names) = self.row(waiting).ok_or_else(damaged)?;
                Names { customer: "", ..names }.number(&mut contact, &mut rows.ids);
                contact.customer = customer;
                rows.list.push(contact);
            }
            in_order(&mut rows);
            count(&mut rows);
        }
        Ok(())
    }

    /// Gives the rows of one id to `count`: some thousands at a time, in no order, and what may be joined, which `is_talk`
    /// tells, as [`Sources::by_customer`] does.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn by_crowd<'b>(
        &self,
        pieces: &'b [Vec<u8>],
        id: &str,
        is_talk: impl Fn(&Contact) -> bool,
        mut count: impl FnMut(&mut Rows<'b>),
    ) -> io::Result<()> {
        let (mut rows, mut talk) = (Rows::default(), Vec::new());
        each_row(pieces, |waiting| {
            if waiting.row.customer != id {
                return Ok(());
            }
            let (mut contact, names) = self.row(&waiting).ok_or_else(damaged)?;
            names.number(&mut contact, &mut rows.ids);
            if is_talk(&contact) {
                talk.push(waiting);
                return Ok(());
            }
            rows.list.push(contact);
            if rows.list.len() >= NEAR {
                count(&mut rows);
                rows = Rows::default();
            }
            Ok(())
        })?;
        count(&mut rows);
        self.by_customer(&talk, count)
    }

    /// What a row says, its ids left out.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn contact(&self, waiting: &Waiting<'_>) -> io::Result<Contact> {
        self.row(waiting).map(|(contact, _)| contact).ok_or_else(damaged)
    }
}

/// When a row is counted, and where it lies among those that wait.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Turn {
    customer: u32,
    unix_ms: i64,
    at: u32,
}

/// Rows that are counted together, as long as they are of several customers, or of nobody. A test has few.
const NEAR: usize = if cfg!(test) { 7 } else { 1 << 12 };

/// How many rows at the front are those of whole customers, and some thousands.
fn whole_customers(rows: &[Turn]) -> usize {
    match rows.get(NEAR - 1) {
        None => rows.len(),
        Some(last) if last.customer == 0 => NEAR,
        Some(last) => NEAR + rows[NEAR..].iter().take_while(|row| row.customer == last.customer).count(),
    }
}

/// Brings those in order that are of one customer and one instant: few, and most of them are in order already.
fn in_order(rows: &mut Rows<'_>) {
    let Rows { list, ids, .. } = rows;
    let same = |a: &Contact, b: &Contact| (a.customer, a.at.unix_ms) == (b.customer, b.at.unix_ms);
    let mut at = 0;
    while at < list.len() {
        let size = list[at..].iter().take_while(|c| same(c, &list[at])).count();
        if size > 1 {
            list[at..at + size].sort_unstable_by(|a, b| a.order(b, ids));
        }
        at += size;
    }
}

/// A row that waits, and its place among the sources.
pub(super) struct Waiting<'b> {
    pub(super) row: Peeked<'b>,
    source: usize,
}

/// Looks at every row in these bytes.
///
/// # Errors
/// The bytes are damaged, or `look` says so.
pub(super) fn each_row<'b>(
    pieces: &'b [Vec<u8>],
    mut look: impl FnMut(Waiting<'b>) -> io::Result<()>,
) -> io::Result<()> {
    for (source, piece) in pieces.iter().enumerate() {
        let mut rest = piece.as_slice();
        while !rest.is_empty() {
            let row = peek(&mut rest).ok_or_else(damaged)?;
            look(Waiting { row, source })?;
        }
    }
    Ok(())
}

/// The rows in these bytes of every customer that falls to this share of so many, but for some ids.
///
/// # Errors
/// The bytes are damaged.
pub(super) fn share_of<'b>(
    pieces: &'b [Vec<u8>],
    share: usize,
    shares: usize,
    but: &[&str],
) -> io::Result<Vec<Waiting<'b>>> {
    let mut found = Vec::new();
    each_row(pieces, |waiting| {
        let row = &waiting.row;
        let falls_here = shares == 1 || Shuffle::share_of(row.customer, row.unix_ms, shares) == share;
        if falls_here && !but.contains(&row.customer) {
            found.push(waiting);
        }
        Ok(())
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of these customers, so many of each.
    fn rows(of: &[(u32, usize)]) -> Vec<Turn> {
        let rows = of.iter().flat_map(|(customer, rows)| std::iter::repeat_n(*customer, *rows));
        rows.map(|customer| Turn { customer, unix_ms: 0, at: 0 }).collect()
    }

    #[test]
    fn no_customer_is_cut_in_two_but_nobody_may_be() {
        for (of, wanted) in [
            (&[] as &[(u32, usize)], 0),
            (&[(1, NEAR - 1)], NEAR - 1),
            (&[(1, NEAR)], NEAR),
            (&[(1, NEAR), (2, 1)], NEAR),
            (&[(1, NEAR + 3), (2, 1)], NEAR + 3),
            (&[(1, NEAR - 1), (2, 5), (3, 1)], NEAR + 4),
            (&[(0, 3 * NEAR), (1, 1)], NEAR),
            (&[(0, NEAR - 1), (1, 9), (2, 1)], NEAR + 8),
        ] {
            assert_eq!(whole_customers(&rows(of)), wanted, "{of:?}");
        }
    }

    #[test]
    fn a_row_of_a_shape_that_no_source_has_is_damaged() {
        let at = crate::usage::Moment { unix_ms: 0, date: jiff::civil::date(1970, 1, 1), hour: None };
        let like = Like { at, customer: "", shape: 3, wait_ms: None, handle_ms: None };
        let mut piece = Vec::new();
        super::super::like::Short::of(&like).expect("a short row").pack(&mut piece);
        let mut sources = Sources::default();
        sources.add(Vec::new(), Stages::default());
        let pieces = [piece];
        assert!(sources.rows_of(&pieces).is_err());
        let waiting = share_of(&pieces, 0, 1, &[]).expect("one row");
        assert!(waiting.len() == 1 && sources.by_customer(&waiting, |_| panic!("it is damaged")).is_err());
    }
}
