//! Answered, waits and promises.

use super::world::*;
use crate::census::Census;
use crate::census::table::{Column, Facet};
use crate::inventory::{Inventory, Role};
use crate::usage::Row;

fn kept(census: &Census, channel: &str) -> (i64, i64) {
    (used(census, channel, Column::PromiseKept), used(census, channel, Column::PromiseKnown))
}

fn answered(census: &Census, channel: &str) -> (i64, i64) {
    (used(census, channel, Column::Answered), used(census, channel, Column::AnsweredKnown))
}

#[test]
fn the_worked_example_of_the_service_level() {
    // 1000 answered of which 860 within 20 s; 60 abandoned, 20 within, of these 10 within 5 s.
    let mut inventory = inventory(&[("phone", "phone")]);
    inventory.channels[0].promise = Some(promise(0.8, 20.0, false));
    let call = |answered: bool, wait_s: i64| Row {
        answered: Some(answered),
        wait_ms: Some(wait_s * 1000),
        ..row(0, "2026-02-01T10:00")
    };
    let groups = [(860, true, 20), (140, true, 21), (10, false, 5), (10, false, 20), (40, false, 21)];
    let rows = groups.iter().flat_map(|(n, answered, wait)| vec![call(*answered, *wait); *n]).collect();
    let census = census(&inventory, rows);
    let of = |column| used(&census, "phone", column);
    assert_eq!(answered(&census, "phone"), (1000, 1060));
    assert_eq!(of(Column::Abandoned), 60);
    assert_eq!((of(Column::AbandonedInPromise), of(Column::AbandonedShort)), (20, 10));
    assert_eq!(kept(&census, "phone"), (860, 1060), "strict = 81.13%");
    assert_eq!(of(Column::WaitAnsweredMs), (860 * 20 + 140 * 21) * 1000);
    assert_eq!(of(Column::WaitMs), (860 * 20 + 140 * 21 + 10 * 5 + 10 * 20 + 40 * 21) * 1000);
    assert_eq!(count(&census, Facet::Wait, "phone", &["*", "abandoned"]), 60);
    assert_eq!(count(&census, Facet::Wait, "phone", &["17", "*"]), 0, "20 s lies in 20..22, bucket 18");
    assert_eq!(count(&census, Facet::Wait, "phone", &["18", "answered"]), 1000);
}

#[test]
fn a_log_without_an_answer_column_knows_no_answers() {
    let inventory = inventory(&[("phone", "phone"), ("email", "email")]);
    let rows = vec![Row { wait_ms: Some(1000), ..row(0, "2026-02-01T10:00") }, row(1, "2026-02-01T10:00")];
    let census = census(&inventory, rows);
    assert_eq!(answered(&census, "phone"), (0, 0));
    assert_eq!(kept(&census, "phone"), (0, 0));
    assert_eq!(answered(&census, "email"), (0, 0));
    assert_eq!(count(&census, Facet::Wait, "phone", &["1", ""]), 1);
}

/// Care hours of the example organisation: Monday to Friday 8 to 20, Saturday 9 to 13.
fn desk() -> Inventory {
    let mut inventory = inventory(&[("email", "email"), ("reviews", "email"), ("pec", "pec")]);
    for channel in &mut inventory.channels[..2] {
        channel.hours = Some(hours("Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off"));
        channel.promise = Some(promise(0.9, 8.0 * 3600.0, true));
    }
    inventory.usage[0] = entry(&[Role::Replied]);
    inventory
}

#[test]
fn the_open_clock_stands_still_at_night_and_on_sunday() {
    let inventory = desk();
    let reply = |start: &str, done: &str| Row { replied: Some(at(done)), ..row(0, start) };
    // Friday 6 March 2026, 17:00: 3 h on Friday, 4 h on Saturday, 1 h on Monday from 8:00.
    for (start, done, yes) in [
        ("2026-03-06T17:00", "2026-03-09T09:00:00", 1),
        ("2026-03-06T17:00", "2026-03-09T09:00:01", 0),
        // Sunday counts from Monday 8:00.
        ("2026-03-08T12:00", "2026-03-09T16:00:00", 1),
        ("2026-03-08T12:00", "2026-03-09T16:00:01", 0),
        // Answered on Sunday: no open hour was spent.
        ("2026-03-08T12:00", "2026-03-08T13:00", 1),
        // Within one day.
        ("2026-03-09T08:30", "2026-03-09T16:30:00", 1),
        ("2026-03-09T08:30", "2026-03-09T16:30:01", 0),
    ] {
        let census = census(&inventory, vec![reply(start, done)]);
        assert_eq!(kept(&census, "email"), (yes, 1), "{start} {done}");
        assert_eq!(answered(&census, "email"), (1, 1));
    }
    // The wait itself is the customer's: 64 hours.
    let census = census(&inventory, vec![reply("2026-03-06T17:00", "2026-03-09T09:00")]);
    assert_eq!(used(&census, "email", Column::WaitMs), 64 * 3_600_000);
}

#[test]
fn what_is_not_done_counts_once_its_time_has_run_out() {
    let inventory = desk();
    let rows = vec![
        Row { replied: Some(at("2026-03-02T10:00")), ..row(0, "2026-03-02T09:00") },
        // Not answered; 8 open hours end on Monday 17:00, the log at 17:00:01.
        row(0, "2026-03-09T09:00:00"),
        // 8 open hours end a second after the log.
        row(0, "2026-03-09T09:00:02"),
        // Another channel of the log that nobody ever answers.
        row(1, "2026-03-02T09:00"),
        row(1, "2026-03-09T17:00:01"),
        // No promise at all: unanswered after the window of seven days.
        row(2, "2026-03-02T09:00"),
        row(2, "2026-03-05T09:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(answered(&census, "email"), (1, 2));
    assert_eq!(kept(&census, "email"), (1, 2));
    assert_eq!(answered(&census, "reviews"), (0, 1));
    assert_eq!(kept(&census, "reviews"), (0, 1));
    assert_eq!(answered(&census, "pec"), (0, 1));
    assert_eq!(kept(&census, "pec"), (0, 0), "nothing was promised");
}

#[test]
fn the_logs_own_flag_outranks_a_due_date_and_this_a_promise() {
    let inventory = desk();
    let late = Row { replied: Some(at("2026-03-20T10:00")), ..row(0, "2026-03-02T09:00") };
    let due = Some(at("2026-03-31"));
    for (row, expected) in [
        (late.clone(), (0, 1)),
        (Row { due, ..late.clone() }, (1, 1)),
        (Row { due, on_time: Some(false), ..late.clone() }, (0, 1)),
        (Row { on_time: Some(true), ..late.clone() }, (1, 1)),
        // On the day it is due.
        (Row { due: Some(at("2026-03-20")), ..late.clone() }, (1, 1)),
        (Row { due: Some(at("2026-03-20T09:59")), ..late.clone() }, (0, 1)),
        // Due, not done, and the log ends before or after.
        (Row { due: Some(at("2026-03-05T09:00")), replied: None, ..late.clone() }, (0, 1)),
        (Row { due, replied: None, ..late }, (0, 0)),
    ] {
        let rows =
            vec![row.clone(), Row { channel: Err("x".into()), ..super::world::row(0, "2026-03-25T10:00") }];
        assert_eq!(kept(&census(&inventory, rows), "email"), expected, "{row:?}");
    }
}

#[test]
fn a_blank_flag_among_flags_is_unknown_and_no_other_measure_stands_in() {
    let inventory = desk();
    let due = Some(at("2026-03-31"));
    let done = Row { replied: Some(at("2026-03-02T10:00")), due, ..row(0, "2026-03-02T09:00") };
    let rows = vec![Row { on_time: Some(false), ..done.clone() }, done.clone()];
    assert_eq!(kept(&census(&inventory, rows), "email"), (0, 1));
    let rows = vec![Row { due: None, ..done.clone() }, done];
    assert_eq!(kept(&census(&inventory, rows), "email"), (1, 1), "nor the promise for a due date");
}

#[test]
fn a_hang_up_has_no_handling() {
    let inventory = desk();
    let mut calls = super::world::inventory(&[("phone", "phone")]);
    calls.usage = inventory.usage;
    let call = |answered: bool| Row {
        answered: Some(answered),
        handle_ms: Some(5000),
        ..row(0, "2026-03-02T09:00")
    };
    let census = census(&calls, vec![call(true), call(false)]);
    assert_eq!(
        (used(&census, "phone", Column::HandleMs), used(&census, "phone", Column::HandleKnown)),
        (5000, 1)
    );
    assert_eq!(count(&census, Facet::Handle, "phone", &[]), 1);
}

#[test]
fn a_promise_in_hours_is_not_judged_by_dates() {
    let mut inventory = desk();
    let reply = |start: &str, done: &str| Row { replied: Some(at(done)), ..row(0, start) };
    // The same day or the next: nobody knows. Two full working days in between: too late.
    for (start, done, expected) in [
        ("2026-03-02", "2026-03-02", (0, 0)),
        ("2026-03-02", "2026-03-03", (0, 0)),
        ("2026-03-02", "2026-03-05", (0, 1)),
    ] {
        assert_eq!(kept(&census(&inventory, vec![reply(start, done)]), "email"), expected, "{start} {done}");
    }
    // A promise in days is judged in days.
    inventory.channels[0].promise = Some(promise(0.9, 15.0 * 86_400.0, false));
    for (done, expected) in [("2026-03-17", (1, 1)), ("2026-03-18", (0, 1))] {
        assert_eq!(kept(&census(&inventory, vec![reply("2026-03-02", done)]), "email"), expected, "{done}");
    }
}

#[test]
fn hours_that_never_open_keep_no_promise() {
    let mut inventory = desk();
    inventory.channels[0].hours = Some(hours("off"));
    let rows = vec![Row { replied: Some(at("2028-03-02T10:00")), ..row(0, "2026-03-02T09:00") }];
    assert_eq!(kept(&census(&inventory, rows), "email"), (0, 0));
}

#[test]
fn a_near_live_kind_with_an_open_clock_is_answered_later() {
    let mut inventory = desk();
    inventory.channels.push(crate::inventory::Channel {
        promise: Some(promise(0.9, 7200.0, true)),
        hours: Some(hours("Mo-Fr 08:00-20:00")),
        ..super::world::inventory(&[("social", "social_public")]).channels.remove(0)
    });
    let rows = vec![
        Row { replied: Some(at("2026-03-09T09:30")), ..row(3, "2026-03-08T22:00") },
        row(3, "2026-03-05T10:00"),
        row(3, "2026-03-09T20:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(kept(&census, "social"), (1, 2));
    assert_eq!(answered(&census, "social"), (1, 2));
}

#[test]
fn a_date_without_time_keeps_flags() {
    // Complaints with a yes-or-no column, dates alone.
    let inventory = inventory(&[("post", "post")]);
    let flag = |on_time: bool| Row { on_time: Some(on_time), ..row(0, "2026-03-02") };
    let census = census(&inventory, vec![flag(true), flag(true), flag(false)]);
    assert_eq!(kept(&census, "post"), (2, 3));
}
