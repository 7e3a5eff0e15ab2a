//! Ids that many people share ("anonymous", the id of a counter): more contacts stand under one than memory is for, and
//! nobody's coming back is told by them. Once such an id is known for sure to be heavy, its rows need not be looked at
//! together. Owns which ids these are; what is counted of their rows is what is counted of any heavy id.

use std::hash::BuildHasher as _;
use std::io;

use foldhash::quality::FixedState;
use hashbrown::HashMap;

use super::contact::{Contact, DAY_MS, UNLISTED};
use super::episode::Rules;
use super::waiting::{Sources, Waiting, each_row};

/// An id with fewer rows is looked at as any other. A test has few.
const LARGE: usize = if cfg!(test) { 12 } else { 1 << 16 };
/// Ids are first counted by a hash of them.
const BUCKETS: usize = 1 << 12;

/// Ids of one part that many people share.
#[derive(Debug, Default)]
pub(super) struct Crowds<'b> {
    pub(super) ids: Vec<&'b str>,
    /// Bytes of their rows.
    pub(super) bytes: usize,
}

/// What is known of an id.
#[derive(Default)]
struct Known {
    rows: usize,
    bytes: usize,
    /// Contacts by day, of those that stand by themselves.
    days: HashMap<i64, usize>,
    is_heavy: bool,
}

impl<'b> Crowds<'b> {
    /// Those in these bytes that are heavy whatever their other rows say.
    ///
    /// # Errors
    /// The bytes are damaged.
    pub(super) fn of(
        pieces: &'b [Vec<u8>],
        sources: &Sources,
        rules: &Rules,
        conversational: &[bool],
    ) -> io::Result<Self> {
        let hasher = FixedState::with_seed(0x63_72_6f_77);
        let bucket = |customer: &str| usize::try_from(hasher.hash_one(customer) >> 32).unwrap_or(0) % BUCKETS;
        let mut counts = vec![0_usize; BUCKETS];
        each_row(pieces, |waiting| {
            counts[bucket(waiting.row.customer)] += usize::from(!waiting.row.customer.is_empty());
            Ok(())
        })?;
        if counts.iter().all(|rows| *rows < LARGE) {
            return Ok(Self::default());
        }
        let mut known: HashMap<&str, Known> = HashMap::new();
        each_row(pieces, |waiting| {
            let customer = waiting.row.customer;
            if customer.is_empty() || counts[bucket(customer)] < LARGE {
                return Ok(());
            }
            let known = known.entry(customer).or_default();
            known.add(&waiting, &sources.contact(&waiting)?, rules, conversational);
            Ok(())
        })?;
        let mut crowds = Self::default();
        for (id, known) in known.into_iter().filter(|(_, known)| known.is_heavy && known.rows >= LARGE) {
            crowds.ids.push(id);
            crowds.bytes += known.bytes;
        }
        Ok(crowds)
    }
}

impl Known {
    /// Takes in a row. Contacts of one day, whatever is joined and whatever lies between them, are within any window; those
    /// that talk are may become one.
    fn add(&mut self, waiting: &Waiting<'_>, contact: &Contact, rules: &Rules, conversational: &[bool]) {
        self.rows += 1;
        self.bytes += waiting.row.length();
        let may_be_talk = conversational.get(contact.channel as usize).copied().unwrap_or(true);
        let counts = contact.begun_by_customer() && contact.channel != UNLISTED && !may_be_talk;
        if self.is_heavy || !counts || !rules.is_contact(contact.channel) {
            return;
        }
        let of_day = self.days.entry(contact.at.unix_ms.div_euclid(DAY_MS)).or_default();
        *of_day += 1;
        self.is_heavy = *of_day > rules.heavy_contacts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    use crate::census::contact::Begun;
    use crate::census::fold::Stages;
    use crate::census::like::{Like, Short};
    use crate::census::shapes::Shape;
    use crate::usage::Moment;

    /// Channels of contacts, of talk, and of sessions.
    const PHONE: u32 = 0;
    const CHAT: u32 = 1;
    const APP: u32 = 2;

    fn at(day: i64, hour: i64) -> Moment {
        Moment { unix_ms: day * DAY_MS + hour * 3_600_000, date: date(1970, 1, 1), hour: Some(0) }
    }

    /// The crowds among rows of these customers: so many by channel, on these days in turn, begun by the customer or not.
    fn crowds(of: &[(&str, u32, usize, &[i64], bool)]) -> Vec<String> {
        let rules = Rules {
            windows: vec![1],
            by_reason: false,
            heavy_contacts: 10,
            end: at(100, 0),
            expected: HashMap::new(),
            paths: false,
            is_contact: vec![true, true, false],
            tells_containment: Vec::new(),
        };
        let (mut stages, mut piece) = (Stages::default(), Vec::new());
        for (customer, channel, rows, days, by_customer) in of {
            let direction = if *by_customer { Begun::Customer } else { Begun::Organisation };
            let contact = Contact { channel: *channel, direction, ..Contact::blank(at(0, 0)) };
            let shape = stages.shapes.add(Shape::of(&contact, true));
            for n in 0..*rows {
                let at = at(days[n % days.len()], 23 - i64::try_from(n).unwrap() % 24);
                let like = Like { at, customer, shape, wait_ms: None, handle_ms: None };
                Short::of(&like).expect("a short row").pack(&mut piece);
            }
        }
        let mut sources = Sources::default();
        sources.add(vec![0], stages);
        let pieces = [piece];
        let found = Crowds::of(&pieces, &sources, &rules, &[false, true, false]).expect("rows");
        let of_them = |row: &Waiting<'_>| found.ids.contains(&row.row.customer);
        let mut bytes = 0;
        each_row(&pieces, |row| {
            bytes += if of_them(&row) { row.row.length() } else { 0 };
            Ok(())
        })
        .expect("rows");
        assert_eq!(found.bytes, bytes);
        let mut ids: Vec<String> = found.ids.iter().map(|id| (*id).to_owned()).collect();
        ids.sort();
        ids
    }

    #[test]
    fn a_crowd_is_an_id_of_many_rows_that_is_heavy_by_what_stands_by_itself() {
        let none: [&str; 0] = [];
        assert_eq!(crowds(&[("many", PHONE, LARGE, &[5], true)]), ["many"]);
        assert_eq!(crowds(&[("many", PHONE, LARGE - 1, &[5], true)]), none, "few rows");
        assert_eq!(crowds(&[("", PHONE, 100, &[5], true)]), none, "nobody");
        // 20 on two days are ten a day, and one day more of 11 is enough.
        assert_eq!(crowds(&[("many", PHONE, 20, &[5, 6], true)]), none);
        assert_eq!(crowds(&[("many", PHONE, 22, &[5, 6], true)]), ["many"]);
        assert_eq!(crowds(&[("many", CHAT, 100, &[5], true)]), none, "one talk for all that is known");
        assert_eq!(crowds(&[("many", APP, 100, &[5], true)]), none, "who logs in often is no switchboard");
        assert_eq!(crowds(&[("many", PHONE, 100, &[5], false)]), none, "who is called often is none");
        // Rows that do not tell count among the many.
        let both = [("many", PHONE, 11, &[5_i64] as &[i64], true), ("many", APP, 1, &[80], true)];
        assert_eq!(crowds(&both), ["many"]);
        let two = [both[0], both[1], ("one", PHONE, 3, &[5, 6, 7], true), ("x", PHONE, 50, &[9], true)];
        assert_eq!(crowds(&two), ["many", "x"]);
    }
}
