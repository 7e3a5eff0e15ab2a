//! Same rows, same bytes: whatever their order and however they are split.

use std::borrow::Cow;

use proptest::prelude::*;

use super::world::*;
use crate::census::fold::{Fold, Options};
use crate::census::view::View;
use crate::census::{Census, Facets};
use crate::inventory::{Inventory, Role};
use crate::quantity::Interval;
use crate::usage::{Counts, Direction, Outcome, Row};

fn world() -> Inventory {
    let mut inventory =
        inventory(&[("phone", "phone"), ("whatsapp", "whatsapp"), ("bot", "chatbot"), ("email", "email")]);
    inventory.touchpoints.push(touchpoint("t1", 2));
    inventory.channels[3].hours = Some(hours("Mo-Fr 08:00-20:00"));
    inventory.channels[3].promise = Some(promise(0.9, 28_800.0, true));
    inventory.usage = vec![entry(&[Role::Replied]), entry(&[Role::TransferredTo])];
    inventory
}

prop_compose! {
    fn label(prefix: &'static str, n: u8)(i in 0..=n) -> Option<Cow<'static, str>> {
        (i > 0).then(|| format!("{prefix}{i}").into())
    }
}

prop_compose! {
    fn any_row()(
        (entry, channel, hour, dated) in (0..2_usize, 0..5_usize, 0..600_i64, 0..8_u8),
        (customer, reason, touchpoint, segment) in (label("c", 4), label("r", 2), label("t", 2), label("s", 2)),
        (conversation, continues, contact_id, case) in (label("v", 12), label("i", 20), label("i", 20), label("k", 25)),
        (answered, resolved, transferred, wait, handle) in (
            any::<Option<bool>>(), any::<Option<bool>>(), label("x", 4), prop::option::of(0..99_999_i64), prop::option::of(0..9_i64)),
        (direction, done, aggregate, nps) in (0..4_u8, prop::option::of(0..100_i64), 0..10_u8, prop::option::of(0..=10_u8)),
    ) -> Row<'static> {
        let when = |hours: i64| {
            let day = 1 + hours / 24 % 28;
            format!("2026-{:02}-{day:02}T{:02}:00", 2 + hours / 24 / 28, hours % 24)
        };
        let moment = if dated == 0 { at(&when(hour)[..10]) } else { at(&when(hour)) };
        Row {
            entry,
            at: moment,
            channel: if channel == 4 { Err("Walk In".into()) } else { Ok(channel) },
            customer,
            reason,
            touchpoint,
            segment,
            conversation: conversation.filter(|_| hour % 3 == 0),
            continues: continues.filter(|_| hour % 5 == 0),
            contact_id,
            case: case.filter(|_| hour % 7 == 0),
            answered,
            resolved,
            transferred_to: transferred,
            wait_ms: wait,
            handle_ms: handle,
            direction: match direction { 0 => Some(Direction::FromOrganisation), 1 => Some(Direction::FromCustomer), _ => None },
            replied: done.map(|d| at(&when(hour + d))),
            counts: (aggregate == 0).then_some(Counts { contacts: 3, answered: Some(2), abandoned: None, resolved: None }),
            nps,
            ..row(0, "2026-02-01")
        }
    }
}

fn folded<'i>(inventory: &'i Inventory, rows: &[Row<'_>]) -> Fold<'i> {
    fold(inventory, rows.to_vec(), Options::default())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_split_and_a_shuffle_give_the_same_bytes(
        rows in prop::collection::vec(any_row(), 0..60),
        cut in any::<prop::sample::Index>(),
        order in any::<u64>(),
    ) {
        let inventory = world();
        let whole = folded(&inventory, &rows).finish(1).expect("rows").to_csv();
        // A permutation that any seed decides.
        let mut mixed = rows.clone();
        let mut state = order | 1;
        for i in (1..mixed.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            mixed.swap(i, (state >> 33) as usize % (i + 1));
        }
        let at = if mixed.is_empty() { 0 } else { cut.index(mixed.len() + 1) };
        let (a, b) = mixed.split_at(at);
        let mut merged = folded(&inventory, b);
        merged.merge(folded(&inventory, &[]));
        merged.merge(folded(&inventory, a));
        let merged = merged.finish(1).expect("rows").to_csv();
        prop_assert_eq!(String::from_utf8_lossy(&merged), String::from_utf8_lossy(&whole));
        let mut empty = folded(&inventory, &[]);
        empty.merge(folded(&inventory, &mixed));
        prop_assert_eq!(empty.finish(1).expect("rows").to_csv(), whole);
    }

    #[test]
    fn nothing_is_lost_and_every_share_is_one(rows in prop::collection::vec(any_row(), 0..60)) {
        use crate::census::table::{Column as C, Facet};
        let inventory = world();
        let census = folded(&inventory, &rows).finish(1).expect("rows");
        for (of, among) in [
            (C::Answered, C::AnsweredKnown), (C::Resolved, C::ResolvedKnown), (C::PromiseKept, C::PromiseKnown),
            (C::WaitAnsweredKnown, C::WaitKnown), (C::AnsweredKnown, C::Contacts), (C::Identified, C::Contacts),
            (C::AbandonedShort, C::Abandoned), (C::PromiseKnown, C::Contacts),
        ] {
            for (key, sums) in &census.rows {
                if key.facet != Facet::Meta && key.facet != Facet::Entry {
                    prop_assert!(sums[of] <= sums[among], "{key:?} {of:?}");
                }
            }
        }
        let count_of = |facet| count(&census, facet, "*", &[]);
        prop_assert_eq!(count_of(Facet::Slot), count_of(Facet::Use));
        let single: i64 = rows.iter().filter(|r| r.counts.is_none()).count() as i64;
        let aggregated: i64 = rows.iter().filter(|r| r.counts.is_some()).count() as i64 * 3;
        let merged = count(&census, Facet::Meta, "", &["merged-rows"]);
        prop_assert_eq!(
            count_of(Facet::Slot) + count_of(Facet::Unlisted) + count_of(Facet::Duplicate) + merged,
            single + aggregated
        );
        // Steps: as many out of START as into an end, and what enters a channel leaves it.
        for window in ["1", "7", "30"] {
            let out = count(&census, Facet::Step, "START", &["*", window]);
            let ended = count(&census, Facet::Step, "*", &["RESOLVED", window])
                + count(&census, Facet::Step, "*", &["UNRESOLVED", window]);
            prop_assert_eq!(out, ended);
            for channel in ["phone", "whatsapp", "bot", "email"] {
                prop_assert_eq!(
                    count(&census, Facet::Step, channel, &["*", window]),
                    count(&census, Facet::Step, "*", &[channel, window])
                );
            }
        }
        prop_assert_eq!(count(&census, Facet::Step, "START", &["*", "7"]), count(&census, Facet::Reach, "", &[]));
    }

    #[test]
    fn counted_at_once_or_when_all_is_read_is_the_same(
        rows in prop::collection::vec(any_row(), 0..60),
        cut in any::<prop::sample::Index>(),
        chosen in prop::sample::subsequence(Facets::CHOICE.to_vec(), 1..=Facets::CHOICE.len()),
    ) {
        let inventory = world();
        let facets = Facets::of(&chosen);
        let whole = folded(&inventory, &rows).finish(1).expect("rows");
        let at = if rows.is_empty() { 0 } else { cut.index(rows.len() + 1) };
        let (first, second) = rows.split_at(at);
        let part = |rows: &[Row<'_>]| {
            let mut fold = Fold::new(&inventory, criteria(), Options { facets, ..Options::default() });
            fold.stands_alone(true);
            rows.iter().for_each(|row| fold.take(&Outcome::Row(row.clone())));
            fold
        };
        let mut merged = part(second);
        merged.merge(part(first));
        let merged = merged.finish(1).expect("rows");
        prop_assert!(merged.require("it", facets).is_ok());
        let (found, wanted) = (merged.to_csv(), whole.only(facets).to_csv());
        prop_assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(&wanted));
    }

    #[test]
    fn paths_are_the_steps_of_journeys_told_once_more(
        rows in prop::collection::vec(any_row(), 0..60),
        cut in any::<prop::sample::Index>(),
    ) {
        use crate::census::table::{Column, Facet};
        let inventory = world();
        let part = |rows: &[Row<'_>]| {
            let options = Options { facets: Facets::ALL.with_paths(), ..Options::default() };
            fold(&inventory, rows.to_vec(), options)
        };
        let census = part(&rows).finish(1).expect("rows");
        let at = if rows.is_empty() { 0 } else { cut.index(rows.len() + 1) };
        let mut merged = part(&rows[at..]);
        merged.merge(part(&rows[..at]));
        prop_assert_eq!(&merged.finish(2).expect("rows"), &census);
        // But for paths it is the census that everybody gets.
        let plain = folded(&inventory, &rows).finish(1).expect("rows");
        let mut same = census.clone();
        same.rows.retain(|key, _| key.facet != Facet::Path && key.keys[0] != "journeys");
        prop_assert_eq!(same, plain);
        // Read again, it holds them still.
        let read = Census::from_csv("it", &census.to_csv()).expect("a census");
        prop_assert_eq!(&read, &census);
        let paths: Vec<_> = View::new(&census).paths().expect("paths are counted").collect();
        let journeys = || paths.iter().filter(|(_, own, _)| own.is_empty());
        let of = |sums: &crate::census::Sums, column: Column| sums[column];
        let all: i64 = journeys().map(|(_, _, sums)| of(sums, Column::Contacts)).sum();
        let resolved: i64 = journeys().map(|(_, _, sums)| of(sums, Column::Resolved)).sum();
        prop_assert_eq!(all, count(&census, Facet::Step, "START", &["*", "7"]));
        prop_assert_eq!(resolved, count(&census, Facet::Step, "*", &["RESOLVED", "7"]));
        for channel in ["phone", "whatsapp", "bot", "email"] {
            let first = |path: &str| path.split(" > ").next() == Some(channel);
            let entered: i64 = journeys().filter(|(p, ..)| first(p)).map(|(_, _, s)| of(s, Column::Contacts)).sum();
            prop_assert_eq!(entered, count(&census, Facet::Step, "START", &[channel, "7"]));
            let touched: i64 =
                journeys().filter(|(p, ..)| p.split(" > ").any(|c| c == channel)).map(|(_, _, s)| of(s, Column::Contacts)).sum();
            prop_assert!(touched <= count(&census, Facet::Reach, channel, &[]), "a path that goes on hides some");
            // Contacts of the journeys, whatever they began with.
            for column in [Column::Contacts, Column::Answered, Column::AnsweredKnown] {
                let own: i64 = paths.iter().filter(|(_, own, _)| *own == channel).map(|(_, _, s)| of(s, column)).sum();
                let entries: i64 = ["phone", "whatsapp", "bot", "email"]
                    .iter()
                    .map(|entry| sum(&census, Facet::Entry, entry, &[channel], column))
                    .sum();
                prop_assert_eq!(own, entries, "{} {:?}", channel, column);
            }
        }
    }

    #[test]
    fn customers_of_a_merge_lie_within_its_bounds(
        rows in prop::collection::vec((0..6_u8, 0..3_usize, 1..=56_i64, any::<bool>()), 1..24),
        cut in 2..=56_i64,
    ) {
        // No talk within a day, and never so many contacts that an id is heavy: nothing crosses the cut.
        let inventory = inventory(&[("phone", "phone"), ("email", "email"), ("counter", "counter")]);
        let date = |day: i64| format!("2026-{:02}-{:02}T10:00", 2 + (day - 1) / 28, 1 + (day - 1) % 28);
        let rows_of = |from: i64, to: i64| -> Vec<Row<'static>> {
            let mut seen = std::collections::BTreeMap::new();
            rows.iter()
                .filter(|(who, ..)| {
                    let n: &mut u8 = seen.entry(*who).or_default();
                    *n += 1;
                    *n <= 10
                })
                .filter(|(_, _, day, _)| (from..to).contains(day))
                .map(|(who, channel, day, resolved)| Row {
                    resolved: Some(*resolved),
                    ..of(&format!("c{who}"), *channel, &date(*day))
                })
                .collect()
        };
        let census = |from, to| folded(&inventory, &rows_of(from, to)).finish(1).expect("rows");
        let (first, second) = (rows_of(1, cut), rows_of(cut, 57));
        prop_assume!(!first.is_empty() && !second.is_empty());
        let whole = census(1, 57);
        let merged =
            Census::merge(vec![("a".into(), census(1, cut)), ("b".into(), census(cut, 57))]).expect("they merge");
        for channel in ["", "phone", "email", "counter"] {
            for who in ["all", "sole", "two-or-more", "three-or-more", "failed-twice"] {
                let truth = View::new(&whole).customers(channel, who).map_or(0.0, |i| i.low);
                let bounds = View::new(&merged).customers(channel, who).unwrap_or(Interval::point(0.0));
                prop_assert!(bounds.low <= truth && truth <= bounds.high, "{channel} {who}: {truth} not in {bounds:?}");
            }
        }
    }

    #[test]
    fn outcomes_in_one_block_or_in_many(rows in prop::collection::vec(any_row(), 0..30)) {
        let inventory = world();
        let mut many = Fold::new(&inventory, criteria(), Options::default());
        for row in rows.clone() {
            many.take(&Outcome::Row(row));
        }
        prop_assert_eq!(many.finish(1).expect("rows"), folded(&inventory, &rows).finish(1).expect("rows"));
    }
}
