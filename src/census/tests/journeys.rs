//! Episodes, classes, steps and customers.

use super::world::*;
use crate::census::fold::Options;
use crate::census::table::{Column, Facet};
use crate::census::view::{Classes, View};
use crate::census::{Census, Facets};
use crate::inventory::{EpisodeKey, Inventory, Role};
use crate::usage::{Counts, Direction, Row};

const FAQ: usize = 0;
const CHAT: usize = 1;
const PHONE: usize = 2;
const EMAIL: usize = 3;

fn four() -> Inventory {
    inventory(&[("faq", "chatbot"), ("chat", "web_chat"), ("phone", "phone"), ("email", "email")])
}

/// The 20 episodes of the worked example: path, how many resolved, how many not.
const JOURNEYS: [(&[usize], usize, usize); 10] = [
    (&[FAQ], 3, 2),
    (&[FAQ, PHONE], 2, 0),
    (&[CHAT], 2, 0),
    (&[CHAT, PHONE], 1, 0),
    (&[PHONE], 4, 0),
    (&[EMAIL, PHONE], 2, 0),
    (&[EMAIL], 0, 1),
    (&[FAQ, CHAT, PHONE], 1, 0),
    (&[CHAT, FAQ], 0, 1),
    (&[PHONE, PHONE], 1, 0),
];

fn journeys() -> Vec<Row<'static>> {
    let mut rows = Vec::new();
    let mut customer = 0;
    for (path, resolved, unresolved) in JOURNEYS {
        for end in std::iter::repeat_n(true, resolved).chain(std::iter::repeat_n(false, unresolved)) {
            customer += 1;
            for (day, channel) in path.iter().enumerate() {
                let last = day + 1 == path.len();
                rows.push(Row {
                    answered: Some(true),
                    reason: Some("bill".into()),
                    resolved: (last && !end).then_some(false),
                    ..of(&format!("c{customer}"), *channel, &format!("2026-03-0{}T10:00", day + 1))
                });
            }
        }
    }
    rows.push(log_goes_on(PHONE, "2026-04-03T10:00"));
    rows
}

#[test]
fn twenty_journeys_give_the_steps_of_the_worked_example() {
    let inventory = four();
    let census = census(&inventory, journeys());
    let view = View::new(&census);
    let steps = view.steps();
    // Transition counts of the worked example: START 8 4 5 3 of 20; faq 9, chat 5, phone 11, email 3.
    let expected = [
        (("START", "chat"), 4),
        (("START", "email"), 3),
        (("START", "faq"), 8),
        (("START", "phone"), 5),
        (("chat", "RESOLVED"), 2),
        (("chat", "faq"), 1),
        (("chat", "phone"), 2),
        (("email", "UNRESOLVED"), 1),
        (("email", "phone"), 2),
        (("faq", "RESOLVED"), 3),
        (("faq", "UNRESOLVED"), 3),
        (("faq", "chat"), 1),
        (("faq", "phone"), 2),
        (("phone", "RESOLVED"), 11),
    ];
    assert_eq!(steps.into_iter().collect::<Vec<_>>(), expected);
    assert_eq!(view.repeats_in_place().into_iter().collect::<Vec<_>>(), [("phone", 1)]);
    assert_eq!(view.meta_text("episode-key"), Some("customer-and-reason"));
    // Without reason the two other windows tell the same: all gaps are a day.
    for window in ["1", "30"] {
        assert_eq!(count(&census, Facet::Step, "START", &["faq", window, ""]), 8, "{window}");
    }
    assert_eq!(count(&census, Facet::Step, "START", &["faq", "7", "bill"]), 8);
}

#[test]
fn twenty_journeys_give_the_classes_of_the_worked_example() {
    let inventory = four();
    let census = census(&inventory, journeys());
    let view = View::new(&census);
    let classes = |channel| {
        let c = view.classes(channel, None, None);
        assert_eq!((c.censored, c.anonymous, c.heavy, c.handed_over), (0, 0, 0, 0), "{channel}");
        (c.base(), c.clear, c.other, c.same, c.unresolved)
    };
    assert_eq!(classes("faq"), (9, 3, 3, 0, 3));
    assert_eq!(classes("chat"), (5, 2, 3, 0, 0));
    assert_eq!(classes("phone"), (12, 11, 0, 1, 0));
    assert_eq!(classes("email"), (3, 0, 2, 0, 1));
    assert_eq!(view.episodes_entered("faq"), (8, 3 + 2 + 1));
    assert_eq!(view.episodes_entered("email"), (3, 2));
    // Reach: phone is touched by 2 + 1 + 4 + 2 + 1 + 1 = 11 of 20.
    assert_eq!(count(&census, Facet::Reach, "phone", &[]), 11);
    assert_eq!(count(&census, Facet::Reach, "", &[]), 20);
    // The contacts of the three episodes entered by e-mail: 3 e-mails and 2 calls.
    let entered = view.contacts_of_entered("email");
    assert_eq!(entered["email"][Column::Contacts], 3);
    assert_eq!(entered["phone"][Column::Contacts], 2);
}

#[test]
fn an_episode_too_close_to_the_end_is_censored_and_takes_no_step() {
    let inventory = four();
    // The log ends 7 days to the second after the second call: it is seen, the third is not.
    let rows = vec![
        of("a", PHONE, "2026-02-01T10:00:00"),
        of("b", PHONE, "2026-02-08T10:00:00"),
        of("c", PHONE, "2026-02-08T10:00:01"),
        log_goes_on(PHONE, "2026-02-15T10:00:00"),
    ];
    let census = census(&inventory, rows);
    let classes = View::new(&census).classes("phone", None, None);
    assert_eq!((classes.clear, classes.censored), (2, 1));
    assert_eq!(View::new(&census).steps()[&("START", "phone")], 2);
    // A window of one day sees all three, one of thirty none.
    assert_eq!(View::new(&census).classes("phone", Some(1), None).clear, 3);
    assert_eq!(View::new(&census).classes("phone", Some(30), None).censored, 3);
}

#[test]
fn ignored_and_unlisted_rows_stretch_the_log() {
    let inventory = four();
    let mut fold = fold(
        &inventory,
        vec![of("a", PHONE, "2026-02-01T10:00:00")],
        crate::census::fold::Options::default(),
    );
    fold.take(&crate::usage::Outcome::Ignored {
        column: "source",
        value: "System",
        at: Some(at("2026-02-08T10:00:00")),
    });
    let census = fold.finish(1).expect("rows");
    assert_eq!(View::new(&census).classes("phone", None, None).clear, 1);
    assert_eq!(count(&census, Facet::Ignored, "", &["source", "System"]), 1);
    let period = View::new(&census).period().expect("a period");
    assert_eq!((period.0.to_string(), period.1.to_string()), ("2026-02-01".into(), "2026-02-08".into()));
    assert_eq!(View::new(&census).meta_text("rows-read"), Some("2"));
    assert_eq!(View::new(&census).meta_count("rows-read"), 2);
}

#[test]
fn a_gap_of_the_window_to_the_second_still_joins() {
    let inventory = four();
    let rows = vec![
        of("a", CHAT, "2026-02-01T10:00:00"),
        of("a", PHONE, "2026-02-08T10:00:00"),
        of("b", CHAT, "2026-02-01T10:00:00"),
        of("b", PHONE, "2026-02-08T10:00:01"),
        log_goes_on(PHONE, "2026-04-01T10:00:00"),
    ];
    let census = census(&inventory, rows);
    let chat = View::new(&census).classes("chat", None, None);
    assert_eq!((chat.other, chat.clear), (1, 1));
}

#[test]
fn dates_without_a_time_of_day_are_compared_in_whole_days() {
    // Between 25 October and 1 November 2026 the clocks go back: seven midnights are 169 hours apart.
    let inventory = four();
    let rows = vec![
        of("a", EMAIL, "2026-10-25"),
        of("a", PHONE, "2026-11-01"),
        of("b", EMAIL, "2026-10-25"),
        of("b", PHONE, "2026-11-02"),
        of("z", EMAIL, "2026-11-09"),
    ];
    let census = census(&inventory, rows);
    let email = View::new(&census).classes("email", None, None);
    assert_eq!((email.other, email.clear, email.censored), (1, 1, 1));
    // 2 November plus seven days is the end of the log: seen.
    assert_eq!(View::new(&census).classes("phone", None, None).clear, 2);
    assert!(View::new(&census).times("email").expect("rows").week().is_none(), "no hour is invented");
}

#[test]
fn a_company_is_no_person() {
    let inventory = four();
    // 40 calls in a week by one id; eleven by another are heavy too, ten are a person's.
    let mut rows = Vec::new();
    for (who, calls) in [("company", 40), ("eleven", 11), ("ten", 10)] {
        for call in 0..calls {
            rows.push(Row {
                answered: Some(true),
                ..of(who, PHONE, &format!("2026-02-0{}T{:02}:00", 1 + call % 6, 8 + call / 6))
            });
        }
    }
    rows.push(log_goes_on(PHONE, "2026-06-01T10:00"));
    let census = census(&inventory, rows);
    let view = View::new(&census);
    let phone = view.classes("phone", None, None);
    assert_eq!((phone.heavy, phone.base()), (51, 10));
    assert_eq!((phone.same, phone.clear), (9, 1));
    assert_eq!(view.meta_count("heavy-ids"), 2);
    assert_eq!(view.steps()[&("START", "phone")], 1);
    assert_eq!(count(&census, Facet::Reach, "phone", &[]), 1);
    assert_eq!(used(&census, "phone", Column::Contacts), 62, "they are contacts all the same");
}

#[test]
fn paths_by_how_they_go_and_how_they_end() {
    let inventory = four();
    let call = |row: Row<'static>, answered| Row { answered: Some(answered), ..row };
    let rows = vec![
        // Two calls are one stop; the chat after a call is another.
        of("a", CHAT, "2026-02-01T10:00"),
        call(of("a", PHONE, "2026-02-02T10:00"), false),
        call(of("a", PHONE, "2026-02-02T11:00"), true),
        of("b", CHAT, "2026-02-01T10:00"),
        Row { resolved: Some(false), ..call(of("b", PHONE, "2026-02-02T10:00"), true) },
        of("c", EMAIL, "2026-02-01T10:00"),
        // Seven stops: six are told.
        of("d", CHAT, "2026-02-01T10:00"),
        of("d", PHONE, "2026-02-02T10:00"),
        of("d", CHAT, "2026-02-03T10:00"),
        of("d", PHONE, "2026-02-04T10:00"),
        of("d", CHAT, "2026-02-05T10:00"),
        of("d", PHONE, "2026-02-06T10:00"),
        of("d", EMAIL, "2026-02-07T10:00"),
        log_goes_on(FAQ, "2026-04-01T10:00"),
    ];
    let options = Options { facets: Facets::ALL.with_paths(), ..Options::default() };
    let census = fold(&inventory, rows.clone(), options).finish(1).expect("rows");
    let found: Vec<(&str, &str, i64, i64)> = View::new(&census)
        .paths()
        .expect("paths are counted")
        .map(|(path, own, sums)| (path, own, sums[Column::Contacts], sums[Column::Resolved]))
        .collect();
    let long = "chat > phone > chat > phone > chat > phone > ...";
    assert_eq!(
        found,
        [
            ("chat > phone", "", 2, 1),
            ("chat > phone", "chat", 2, 0),
            ("chat > phone", "phone", 3, 0),
            (long, "", 1, 1),
            (long, "chat", 3, 0),
            (long, "email", 1, 0),
            (long, "phone", 3, 0),
            ("email", "", 1, 1),
            ("email", "email", 1, 0),
        ]
    );
    let calls = sum(&census, Facet::Path, "chat > phone", &["phone"], Column::Answered);
    assert_eq!(calls, 2, "who hung up cost nobody's time");
    // A census without paths says what to do.
    let without = super::world::census(&inventory, rows);
    assert!(View::new(&without).paths().is_none());
    let refused = without.require("a.csv", Facets::ALL.with_paths()).unwrap_err().to_string();
    assert!(
        refused.contains("a.csv was made without --journeys") && refused.contains("make it again"),
        "{refused}"
    );
}

#[test]
fn a_merge_holds_paths_where_all_parts_do() {
    let inventory = four();
    let part = |month: u8, facets| {
        let rows = vec![
            of("a", CHAT, &format!("2026-0{month}-01T10:00")),
            of("a", PHONE, &format!("2026-0{month}-02T10:00")),
            log_goes_on(FAQ, &format!("2026-0{month}-27T10:00")),
        ];
        let options = Options { facets, ..Options::default() };
        (format!("{month}.csv"), fold(&inventory, rows, options).finish(1).expect("rows"))
    };
    let (with, without) = (Facets::ALL.with_paths(), Facets::ALL);
    let both = Census::merge(vec![part(2, with), part(3, with)]).expect("they merge");
    let found: Vec<(&str, &str, i64)> = View::new(&both)
        .paths()
        .expect("paths are counted")
        .map(|(path, own, sums)| (path, own, sums[Column::Contacts]))
        .collect();
    assert_eq!(found, [("chat > phone", "", 2), ("chat > phone", "chat", 2), ("chat > phone", "phone", 2)]);
    let one = Census::merge(vec![part(2, with), part(3, without)]).expect("they merge");
    assert!(View::new(&one).paths().is_none(), "paths of one part alone are the paths of nothing");
    assert_eq!(count(&one, Facet::Path, "*", &[]), 0);
    let none = Census::merge(vec![part(2, without), part(3, without)]).expect("they merge");
    assert_eq!(one, none);
}

#[test]
fn heavy_is_a_matter_of_the_window_not_of_the_year() {
    let inventory = four();
    // Twelve calls a month apart.
    let rows = (1..=12).map(|month| of("a", PHONE, &format!("2025-{month:02}-01T10:00"))).collect();
    let census = census(&inventory, rows);
    let phone = View::new(&census).classes("phone", None, None);
    assert_eq!((phone.heavy, phone.clear, phone.censored), (0, 11, 1));
}

#[test]
fn a_reminder_by_the_organisation_is_neither_repeat_nor_switch() {
    let inventory = four();
    let rows = vec![
        of("a", PHONE, "2026-02-01T10:00"),
        Row { direction: Some(Direction::FromOrganisation), ..of("a", EMAIL, "2026-02-02T10:00") },
        log_goes_on(PHONE, "2026-04-01T10:00"),
    ];
    let census = census(&inventory, rows);
    assert_eq!(View::new(&census).classes("phone", None, None), Classes { clear: 1, ..Classes::default() });
    assert_eq!(View::new(&census).classes("email", None, None), Classes::default());
    assert_eq!(count(&census, Facet::Use, "email", &["", "", "", "from-organisation"]), 1);
    assert_eq!(View::new(&census).times("email").expect("rows").total()[Column::Contacts], 1);
    assert!(!View::new(&census).steps().contains_key(&("phone", "email")));
}

#[test]
fn planned_contacts_are_no_repeats() {
    let mut inventory = four();
    inventory.touchpoints.push(touchpoint("contract", 3));
    let contract = |channel, time| Row { touchpoint: Some("contract".into()), ..of("a", channel, time) };
    let planned = vec![
        contract(PHONE, "2026-02-01T10:00"),
        contract(EMAIL, "2026-02-02T10:00"),
        contract(PHONE, "2026-02-03T10:00"),
        log_goes_on(CHAT, "2026-04-01T10:00"),
    ];
    let three = census(&inventory, planned.clone());
    assert_eq!(View::new(&three).classes("phone", None, None), Classes { clear: 2, ..Classes::default() });
    assert_eq!(View::new(&three).classes("email", None, None), Classes { clear: 1, ..Classes::default() });

    // A fourth is not planned: all three before it are followed by it.
    let mut four_rows = planned;
    four_rows.push(contract(PHONE, "2026-02-04T10:00"));
    let four = census(&inventory, four_rows);
    let phone = View::new(&four).classes("phone", None, None);
    assert_eq!((phone.same, phone.clear), (2, 1));
    assert_eq!(View::new(&four).classes("email", None, None).other, 1);

    // Somewhere else in between it is a switch.
    let away = census(
        &inventory,
        vec![
            contract(PHONE, "2026-02-01T10:00"),
            of("a", CHAT, "2026-02-02T10:00"),
            contract(PHONE, "2026-02-03T10:00"),
            log_goes_on(EMAIL, "2026-04-01T10:00"),
        ],
    );
    assert_eq!(
        View::new(&away).classes("phone", None, None),
        Classes { other: 1, clear: 1, ..Classes::default() }
    );
    assert_eq!(View::new(&away).classes("chat", None, None), Classes { clear: 1, ..Classes::default() });
}

#[test]
fn ties_in_time_are_broken_by_channel_id() {
    let inventory = four();
    // Written phone first; chat comes before phone by its id.
    let rows = vec![
        of("a", PHONE, "2026-02-01T10:00"),
        of("a", CHAT, "2026-02-01T10:00"),
        log_goes_on(PHONE, "2026-04-01T10:00"),
    ];
    let census = census(&inventory, rows);
    let steps = View::new(&census).steps();
    assert_eq!(steps[&("START", "chat")], 1);
    assert_eq!(steps[&("chat", "phone")], 1);
}

#[test]
fn an_abandoned_call_followed_by_one_that_is_answered() {
    let inventory = four();
    let rows = vec![
        Row { answered: Some(false), ..of("a", PHONE, "2026-02-01T10:00") },
        Row { answered: Some(true), ..of("a", PHONE, "2026-02-01T11:00") },
        Row { answered: Some(false), ..of("b", PHONE, "2026-02-01T10:00") },
        log_goes_on(CHAT, "2026-04-01T10:00"),
    ];
    let census = census(&inventory, rows);
    // Only the answered one is in the base; who was never answered was not resolved.
    assert_eq!(View::new(&census).classes("phone", None, None), Classes { clear: 1, ..Classes::default() });
    let steps = View::new(&census).steps();
    assert_eq!(steps[&("phone", "RESOLVED")], 1);
    assert_eq!(steps[&("phone", "UNRESOLVED")], 1);
}

#[test]
fn a_bot_that_keeps_customers_and_is_followed_by_a_call() {
    let mut inventory = four();
    inventory.usage[0] = entry(&[Role::TransferredTo]);
    let rows = vec![
        of("kept", FAQ, "2026-02-01T10:00"),
        of("back", FAQ, "2026-02-01T10:00"),
        of("back", PHONE, "2026-02-02T10:00"),
        Row { transferred_to: Some("phone".into()), ..of("passed", FAQ, "2026-02-01T10:00") },
        // A second session is a session, not a contact.
        of("again", FAQ, "2026-02-01T10:00"),
        of("again", FAQ, "2026-02-02T10:00"),
        log_goes_on(PHONE, "2026-04-01T10:00"),
    ];
    let census = census(&inventory, rows.clone());
    let faq = View::new(&census).classes("faq", None, None);
    assert_eq!((faq.contained_clear, faq.contained_followed, faq.not_contained), (3, 1, 1));
    assert_eq!((faq.same, faq.other, faq.handed_over, faq.clear), (1, 1, 1, 2));
    assert_eq!(count(&census, Facet::Transfer, "faq", &["phone"]), 1);

    // Without that column nobody knows.
    inventory.usage[0] = entry(&[]);
    let rows = rows.into_iter().map(|row| Row { transferred_to: None, ..row }).collect();
    let census = super::world::census(&inventory, rows);
    let faq = View::new(&census).classes("faq", None, None);
    assert_eq!((faq.contained_clear, faq.contained_followed, faq.not_contained), (0, 0, 0));
}

#[test]
fn customers_by_how_often_and_where() {
    let inventory = four();
    let mut rows = vec![log_goes_on(PHONE, "2026-12-31T10:00")];
    let segment = |row: Row<'static>| Row { segment: Some("families".into()), ..row };
    // Three calls months apart, the last two in vain.
    for (month, resolved) in [(1, None), (3, Some(false)), (5, Some(false))] {
        rows.push(segment(Row { resolved, ..of("sole", PHONE, &format!("2026-0{month}-01T10:00")) }));
    }
    // Two calls and a chat.
    rows.push(of("mixed", PHONE, "2026-01-01T10:00"));
    rows.push(of("mixed", PHONE, "2026-03-01T10:00"));
    rows.push(of("mixed", CHAT, "2026-05-01T10:00"));
    rows.push(of("once", CHAT, "2026-05-01T10:00"));
    // Three calls and a talk with a machine: still only the phone leads to people.
    for month in [1, 3, 5] {
        rows.push(of("both", PHONE, &format!("2026-0{month}-02T10:00")));
        rows.push(of("machine", FAQ, &format!("2026-0{month}-03T10:00")));
    }
    rows.push(of("both", FAQ, "2026-07-01T10:00"));
    let census = census(&inventory, rows);
    let customers = |channel, who| View::new(&census).customers(channel, who).map(|i| (i.low, i.high));
    assert_eq!(customers("", "all"), Some((5.0, 5.0)));
    assert_eq!(customers("phone", "all"), Some((3.0, 3.0)));
    assert_eq!(customers("phone", "sole"), Some((2.0, 2.0)));
    assert_eq!(customers("chat", "sole"), None);
    assert_eq!(customers("faq", "sole"), None);
    assert_eq!(customers("faq", "three-or-more"), None);
    assert_eq!(customers("", "three-or-more"), Some((3.0, 3.0)));
    assert_eq!(customers("", "two-or-more"), Some((4.0, 4.0)));
    assert_eq!(customers("phone", "failed-twice"), Some((1.0, 1.0)));
    assert_eq!(count(&census, Facet::Customers, "phone", &["families", "sole"]), 1);
}

#[test]
fn the_episode_key_follows_the_logs_unless_it_is_configured() {
    let mut inventory = four();
    let reason =
        |row: Row<'static>, reason: Option<&'static str>| Row { reason: reason.map(Into::into), ..row };
    let rows = || {
        vec![
            reason(of("a", CHAT, "2026-02-01T10:00"), Some("bill")),
            reason(of("a", PHONE, "2026-02-02T10:00"), Some("move")),
            reason(of("b", CHAT, "2026-02-01T10:00"), None),
            log_goes_on(PHONE, "2026-04-01T10:00"),
        ]
    };
    let by_reason = census(&inventory, rows());
    assert_eq!(View::new(&by_reason).classes("chat", None, None).clear, 2);
    assert_eq!(View::new(&by_reason).episode_key(), EpisodeKey::CustomerAndReason);
    // One of three identified contacts has no reason; chat and phone share none of one.
    let facts = sum(&by_reason, Facet::Meta, "", &["reason-blank"], Column::Identified);
    assert_eq!((count(&by_reason, Facet::Meta, "", &["reason-blank"]), facts), (1, 3));
    assert!(by_reason.rows.keys().any(|k| k.keys == ["reasons-shared", "chat", "phone", "1"]));

    inventory.episodes.key = Some(EpisodeKey::Customer);
    let by_customer = census(&inventory, rows());
    assert_eq!(View::new(&by_customer).classes("chat", None, None).other, 1);

    // An entry with contacts that has no reasons at all: by customer.
    inventory.episodes.key = None;
    let mut more = rows();
    more.push(Row { entry: 1, ..of("c", PHONE, "2026-02-01T10:00") });
    assert_eq!(View::new(&census(&inventory, more)).episode_key(), EpisodeKey::Customer);
    // Aggregated rows join no episode and do not matter here.
    let mut more = rows();
    let counts = Counts { contacts: 5, answered: None, abandoned: None, resolved: None };
    more.push(Row { entry: 1, counts: Some(counts), ..row(FAQ, "2026-02-01") });
    assert_eq!(View::new(&census(&inventory, more)).episode_key(), EpisodeKey::CustomerAndReason);
}
