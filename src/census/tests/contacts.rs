//! Which rows are one contact.

use super::world::*;
use crate::census::fold::Options;
use crate::census::table::{Column, Facet};
use crate::census::view::View;
use crate::usage::{Counts, Direction, Outcome, Rejected, Row};

#[test]
fn eight_messages_of_a_talk_are_one_contact() {
    let inventory = inventory(&[("whatsapp", "whatsapp"), ("chat", "web_chat")]);
    let message = |time: &str, org: bool| Row {
        handle_ms: Some(30_000),
        direction: Some(if org { Direction::FromOrganisation } else { Direction::FromCustomer }),
        ..of("a", 0, time)
    };
    let mut rows: Vec<Row<'_>> =
        (0..8).map(|i| message(&format!("2026-02-01T1{i}:00"), i % 2 == 1)).collect();
    // 24 hours to the second after the last message it is the same talk; a second more and it is not.
    rows.push(message("2026-02-02T17:00:00", false));
    rows.push(message("2026-02-03T17:00:01", false));
    let census = census(&inventory, rows);
    assert_eq!(used(&census, "whatsapp", Column::Contacts), 2);
    assert_eq!(used(&census, "whatsapp", Column::HandleMs), 300_000);
    assert_eq!(count(&census, Facet::Slot, "whatsapp", &["2026-02-01", "10"]), 1);
    assert_eq!(count(&census, Facet::Meta, "", &["merged-rows", "talk"]), 8);
}

#[test]
fn chats_are_no_message_streams_and_customers_differ_by_case() {
    let inventory = inventory(&[("chat", "web_chat"), ("whatsapp", "whatsapp")]);
    let rows = vec![
        of("a", 0, "2026-02-01T10:00"),
        of("a", 0, "2026-02-01T11:00"),
        of("b", 1, "2026-02-01T10:00"),
        of("B", 1, "2026-02-01T11:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(used(&census, "chat", Column::Contacts), 2);
    assert_eq!(used(&census, "whatsapp", Column::Contacts), 2);
    assert_eq!(View::new(&census).customers("", "all").expect("customers").low, 3.0);
}

#[test]
fn a_conversation_is_one_contact_of_its_first_row() {
    let inventory = inventory(&[("email", "email"), ("phone", "phone")]);
    let part = |channel: usize, time: &str, resolved: Option<bool>| Row {
        conversation: Some("T1".into()),
        handle_ms: Some(60_000),
        cost_minor: Some(100),
        resolved,
        reason: Some(format!("at {time}").into()),
        ..of("a", channel, time)
    };
    let rows = vec![
        part(1, "2026-02-03T10:00", None),
        part(0, "2026-02-02T10:00", Some(true)),
        part(0, "2026-02-01T10:00", Some(false)),
        Row { conversation: Some("t1".into()), ..of("b", 0, "2026-02-01T10:00") },
    ];
    let census = census(&inventory, rows);
    assert_eq!(used(&census, "phone", Column::Contacts), 0);
    assert_eq!(used(&census, "email", Column::Contacts), 2, "T1 and t1 are two");
    let cell = |column| sum(&census, Facet::Use, "email", &["", "at 2026-02-01T10:00"], column);
    assert_eq!(cell(Column::HandleMs), 180_000);
    assert_eq!(cell(Column::CostMinor), 300);
    assert_eq!((cell(Column::Resolved), cell(Column::ResolvedKnown)), (1, 1), "the last known stands");
    assert_eq!(count(&census, Facet::Meta, "", &["merged-rows", "conversation"]), 2);
}

#[test]
fn a_call_back_continues_its_parent() {
    let inventory = inventory(&[("phone", "phone")]);
    let with = |id: &str, continues: Option<&str>, time: &str| Row {
        contact_id: Some(id.to_owned().into()),
        continues: continues.map(|id| id.to_owned().into()),
        handle_ms: Some(60_000),
        ..of("a", 0, time)
    };
    let rows = vec![
        with("3", Some("2"), "2026-02-03T10:00"),
        Row { direction: Some(Direction::FromOrganisation), ..with("2", Some("1"), "2026-02-02T10:00") },
        with("1", None, "2026-02-01T10:00"),
        // Its parent is not in the logs: it stands.
        with("9", Some("8"), "2026-02-01T12:00"),
        // A circle stands once.
        Row { customer: Some("c".into()), ..with("x", Some("y"), "2026-02-01T12:00") },
        Row { customer: Some("c".into()), ..with("y", Some("x"), "2026-02-01T13:00") },
    ];
    let census = census(&inventory, rows);
    assert_eq!(used(&census, "phone", Column::Contacts), 3);
    assert_eq!(count(&census, Facet::Slot, "phone", &["2026-02-01", "10"]), 1);
    assert_eq!(sum(&census, Facet::Slot, "phone", &["2026-02-01", "10"], Column::HandleMs), 180_000);
    assert_eq!(used(&census, "phone", Column::HandleMs), 360_000, "no handling is lost");
    assert_eq!(count(&census, Facet::Meta, "", &["orphan-continuations"]), 2);
    assert_eq!(count(&census, Facet::Meta, "", &["merged-rows", "continuation"]), 3);
}

#[test]
fn steps_of_a_case_are_one_contact() {
    let inventory = inventory(&[("post", "post"), ("email", "email")]);
    let step = |case: &str, channel: usize, time: &str| Row {
        case: Some(case.to_owned().into()),
        closed: Some(at(time)),
        handle_ms: Some(1000),
        contact_id: Some(case.to_owned().into()),
        ..row(channel, time)
    };
    let rows = vec![
        step("k1", 1, "2026-02-03T10:00"),
        step("k1", 0, "2026-02-01T10:00"),
        step("k1", 1, "2026-02-05T10:00"),
        step("k2", 1, "2026-02-01T10:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(used(&census, "post", Column::Contacts), 1);
    assert_eq!(used(&census, "post", Column::HandleMs), 3000);
    // Four days from the first step to the last close.
    assert_eq!(used(&census, "post", Column::WaitMs), 4 * 86_400_000);
    assert_eq!(used(&census, "email", Column::Contacts), 1);
    assert_eq!(used(&census, "email", Column::WaitMs), 0);
    assert_eq!(count(&census, Facet::Duplicate, "*", &[]), 0);
}

#[test]
fn a_contact_id_counts_once() {
    let inventory = inventory(&[("phone", "phone"), ("chat", "web_chat")]);
    let with = |entry: usize, channel: usize, id: &str, time: &str| Row {
        entry,
        contact_id: Some(id.to_owned().into()),
        ..row(channel, time)
    };
    let rows = vec![
        with(0, 0, "1", "2026-02-01T10:00"),
        with(0, 0, "1", "2026-02-01T10:00"),
        with(1, 0, "1", "2026-02-01T10:00"),
        // Another system that numbers its chats alike.
        with(1, 1, "2", "2026-02-01T10:00"),
        with(0, 0, "2", "2026-02-01T10:00"),
        with(0, 0, "a", "2026-02-01T10:00"),
        with(0, 0, "A", "2026-02-01T10:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(used(&census, "phone", Column::Contacts), 4);
    assert_eq!(used(&census, "chat", Column::Contacts), 1);
    assert_eq!(count(&census, Facet::Duplicate, "phone", &["contact_id"]), 2);
    assert_eq!(View::new(&census).meta_text("rows-read"), Some("7"));
}

#[test]
fn aggregated_rows_join_no_episode_and_no_histogram() {
    let inventory = inventory(&[("faq", "phone")]);
    let counts = Counts { contacts: 100, answered: Some(80), abandoned: Some(20), resolved: Some(60) };
    let rows = vec![Row {
        counts: Some(counts),
        wait_ms: Some(30_000),
        handle_ms: Some(200_000),
        ..of("a", 0, "2026-02-01T10:00")
    }];
    let census = census(&inventory, rows);
    let column = |column| used(&census, "faq", column);
    assert_eq!((column(Column::Contacts), column(Column::Identified)), (100, 0));
    assert_eq!(
        (column(Column::Answered), column(Column::AnsweredKnown), column(Column::Abandoned)),
        (80, 100, 20)
    );
    assert_eq!((column(Column::Resolved), column(Column::ResolvedKnown)), (60, 100));
    assert_eq!((column(Column::WaitMs), column(Column::WaitKnown)), (3_000_000, 100));
    assert_eq!((column(Column::HandleMs), column(Column::HandleKnown)), (20_000_000, 100));
    for facet in [Facet::Wait, Facet::Handle, Facet::Followup, Facet::Step, Facet::Customers, Facet::Reach] {
        assert_eq!(count(&census, facet, "*", &[]), 0, "{facet:?}");
    }
}

#[test]
fn unlisted_labels_are_counted_in_contacts_and_nowhere_else() {
    let inventory = inventory(&[("phone", "phone")]);
    let walk_in = |customer: &str, case: Option<&str>| Row {
        channel: Err("Walk In".into()),
        case: case.map(|id| id.to_owned().into()),
        ..of(customer, 0, "2026-03-01T10:00")
    };
    let rows = vec![
        walk_in("a", None),
        walk_in("b", Some("k")),
        walk_in("b", Some("k")),
        of("a", 0, "2026-02-01T10:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(count(&census, Facet::Unlisted, "", &["Walk In"]), 2);
    assert_eq!(View::new(&census).times("phone").expect("rows").total()[Column::Contacts], 1);
    // They end the log, so the call is seen long enough; they are no follow-up of it.
    assert_eq!(View::new(&census).classes("phone", Some(1), None).clear, 1);
    assert_eq!(count(&census, Facet::Slot, "*", &[]), 1);
    assert_eq!(View::new(&census).customers("", "all").expect("customers").low, 1.0);
}

#[test]
fn the_hour_that_comes_twice_keeps_its_order() {
    // 25 October 2026: 2:30 summer time, then 2:30 again, an hour later.
    let inventory = inventory(&[("chat", "web_chat"), ("phone", "phone")]);
    let first = at("2026-10-25T02:30");
    let mut again = first;
    again.unix_ms += 3_600_000;
    let rows = vec![
        Row { at: again, ..of("a", 0, "2026-10-25T02:30") },
        of("a", 1, "2026-10-25T02:30"),
        log_goes_on(1, "2026-12-01T10:00"),
    ];
    let mut fold = fold(&inventory, rows, Options::default());
    fold.clock_changes(0, 2);
    let census = fold.finish(1).expect("rows");
    let steps = View::new(&census).steps();
    assert_eq!(steps[&("phone", "chat")], 1, "instants order, not clock faces");
    assert_eq!(count(&census, Facet::Slot, "*", &["2026-10-25", "2"]), 2);
    assert_eq!(View::new(&census).meta_count("clock-folds"), 2);
}

#[test]
fn what_lies_outside_the_period_is_left_out_of_everything() {
    let inventory = inventory(&[("phone", "phone")]);
    let rows = vec![
        of("a", 0, "2026-01-31T23:59"),
        of("a", 0, "2026-02-01T00:00"),
        of("a", 0, "2026-02-28T10:00"),
        of("a", 0, "2026-03-01T00:00"),
    ];
    let options =
        Options { from: "2026-02-01".parse().ok(), to: "2026-02-28".parse().ok(), ..Options::default() };
    let census = fold(&inventory, rows, options).finish(1).expect("rows");
    assert_eq!(used(&census, "phone", Column::Contacts), 2);
    assert_eq!(View::new(&census).meta_text("rows-read"), Some("2"));
    assert_eq!(View::new(&census).meta_count("rows-outside"), 2);
    assert_eq!(View::new(&census).classes("phone", None, None).censored, 1, "the log ends inside the period");
}

#[test]
fn rejected_rows_are_counted_by_cause() {
    let inventory = inventory(&[("phone", "phone")]);
    let mut fold = fold(&inventory, vec![row(0, "2026-02-01T10:00")], Options::default());
    let bad = Rejected { cause: "bad-time", file: "x.csv".into(), line: 3, text: "x".into() };
    fold.take(&Outcome::Rejected(bad.clone()));
    fold.take(&Outcome::Rejected(bad));
    let census = fold.finish(1).expect("rows");
    assert_eq!(count(&census, Facet::Rejected, "", &["bad-time"]), 2);
    assert_eq!(View::new(&census).meta_count("rows-read"), 3);
}
