//! Words of a question, questions in a file, and answers that were computed by hand.

use super::asked::{self, Asked, ModelName, Promised};
use super::*;
use crate::criteria::Criteria;
use crate::text::source::Source;

fn criteria() -> Criteria {
    crate::criteria::load::embedded().unwrap()
}

fn asked(contacts: f64, per_s: f64, handle_s: f64, share: f64, within_s: f64) -> Asked {
    Asked {
        contacts: Some(contacts),
        per_s: Some(per_s),
        handle_s: Some(handle_s),
        promise: Some(Promised { share, within_s }),
        ..Asked::default()
    }
}

#[test]
fn words_and_what_they_may_say() {
    assert_eq!(asked::promise("80/20s"), Ok(Promised { share: 0.8, within_s: 20.0 }));
    assert_eq!(asked::promise("0.9/8h"), Ok(Promised { share: 0.9, within_s: 28_800.0 }));
    assert_eq!(asked::promise("95% / 0.001s"), Ok(Promised { share: 0.95, within_s: 0.001 }));
    assert_eq!(asked::promise("100/20s"), Ok(Promised { share: 1.0, within_s: 20.0 }));
    assert!(asked::promise("1/20s").unwrap_err().contains("100/"), "all, or one in a hundred?");
    for wrong in ["80", "80/20", "101/20s", "-1/20s", "0.8/", "/20s", "nan/20s", "inf/20s"] {
        assert!(asked::promise(wrong).is_err(), "{wrong}");
    }
    assert_eq!(asked::patience("60s..3m"), Ok(Interval::new(60.0, 180.0)));
    assert_eq!(asked::patience("2m"), Ok(Interval::point(120.0)));
    assert!(asked::duration("20").unwrap_err().contains("20s, 20m"));
    assert_eq!(asked::share("85%"), Ok(0.85));
    for wrong in ["1.01", "-0.1", "nan", "", "85"] {
        assert!(asked::share(wrong).is_err(), "{wrong}");
    }
    assert!(asked::shrinkage("100%").is_err());
    assert_eq!(asked::speed("1,1.7, 2.5"), Ok(vec![1.0, 1.7, 2.5]));
    for wrong in ["", "2,3", "1,0", "1,-1", "1,nan", "1,inf"] {
        assert!(asked::speed(wrong).is_err(), "{wrong}");
    }
    assert!(asked::number("1e13").is_err() && asked::number("-0").is_err() && asked::number("inf").is_err());
}

#[test]
fn the_model_follows_from_the_words() {
    let c = criteria();
    let of = |asked: Asked| ModelName::of(&asked.question(&c).unwrap().model);
    let base = || asked(100.0, 1800.0, 180.0, 0.8, 20.0);
    assert_eq!(of(base()), ModelName::ErlangA);
    assert!(base().question(&c).unwrap().patience_assumed);
    assert_eq!(of(Asked { concurrency: Some(2), ..base() }), ModelName::Chat);
    assert_eq!(of(Asked { deadline_s: Some(20.0), ..base() }), ModelName::Deadline);
    assert_eq!(of(Asked { model: Some(ModelName::ErlangC), ..base() }), ModelName::ErlangC);
    // What the line says wins over what the options say of another model.
    let options = Asked { patience_s: Some(Interval::point(90.0)), ..Asked::default() };
    assert_eq!(of(base().or(&options)), ModelName::ErlangA);
    assert!(!base().or(&options).question(&c).unwrap().patience_assumed);
    assert_eq!(of(Asked { concurrency: Some(2), ..base() }.or(&options)), ModelName::Chat);
    // Words that do not go together.
    let torn = Asked { model: Some(ModelName::ErlangC), patience_s: Some(Interval::point(9.0)), ..base() };
    assert_eq!(torn.contradictions().len(), 1);
    assert_eq!(Asked { deadline_s: Some(21.0), ..base() }.contradictions().len(), 1);
    assert_eq!(
        Asked { max_occupancy: Some(0.9), model: Some(ModelName::Deadline), ..base() }.contradictions().len(),
        1
    );
    // A line outranks an option that says the same thing otherwise.
    let line = || asked(100.0, 28_800.0, 360.0, 0.9, 14_400.0);
    let options = Asked { deadline_s: Some(28_800.0), ..Asked::default() };
    for model in [None, Some(ModelName::Deadline)] {
        let merged = Asked { model, ..line() }.or(&options);
        assert_eq!(merged.question(&c).unwrap().model, Model::Deferred { open_hours: 4.0 });
    }
    let options = Asked { promise: Some(Promised { share: 0.9, within_s: 28_800.0 }), ..Asked::default() };
    let merged = Asked { promise: None, deadline_s: Some(14_400.0), ..line() }.or(&options);
    let question = merged.question(&c).unwrap();
    assert_eq!((question.target.share, question.target.within_s), (0.9, 14_400.0));
    let options = Asked { speed: Some(vec![1.0, 1.7, 2.5]), ..Asked::default() };
    let merged = Asked { concurrency: Some(2), ..base() }.or(&options);
    assert_eq!(merged.question(&c).unwrap().model, Model::Concurrent { speed: vec![1.0, 1.7] });
    assert_eq!(Asked::default().question(&c).unwrap_err(), ["contacts", "per", "handle", "promise"]);
}

#[test]
fn work_with_a_deadline_by_hand() {
    // 100 mails a day of 24 open hours, 6 minutes each: 10 hours of work.
    let ask = |share, deadline_h: f64, agents| {
        let mut asked = asked(100.0, 86_400.0, 360.0, share, deadline_h * 3600.0);
        (asked.model, asked.agents) = (Some(ModelName::Deadline), agents);
        asked.question(&criteria()).unwrap().answer()
    };
    // All of it within 4 hours: 2.5 people, three heads. Within 8: 1.25, two. Within 24 and more: 10/24.
    assert_eq!(ask(1.0, 4.0, None).required, Ok(3));
    assert_eq!(ask(1.0, 8.0, None).required, Ok(2));
    assert_eq!(ask(1.0, 24.0, None).required, Ok(1));
    assert_eq!(ask(1.0, 240.0, None).required, Ok(1));
    // Exactly two people for ten hours in five, and for 80% of them in four.
    assert_eq!(ask(1.0, 5.0, None).required, Ok(2));
    assert_eq!(ask(0.8, 4.0, None).required, Ok(2));
    // Two people do eight of the ten hours in four hours, and work 10 of 48 hours.
    let Some((2, Ok(Outcome::Deadline { in_time, occupancy }))) = ask(1.0, 4.0, Some(2)).staffed else {
        panic!()
    };
    assert!((in_time - 0.8).abs() < 1e-12 && (occupancy - 10.0 / 48.0).abs() < 1e-12);
    // Work that comes every five hours: ten hours of it outgrow one person.
    let mut fast = asked(100.0, 18_000.0, 360.0, 1.0, 3600.0);
    (fast.model, fast.agents) = (Some(ModelName::Deadline), Some(1));
    let answer = fast.question(&criteria()).unwrap().answer();
    assert_eq!((answer.required, answer.staffed), (Ok(10), Some((1, Err(Refusal::Overload)))));
}

#[test]
fn both_ends_of_an_unknown_patience_are_met() {
    let question = asked(100.0, 1800.0, 180.0, 0.8, 20.0).question(&criteria()).unwrap();
    let answer = question.answer();
    let n = answer.required.unwrap();
    for patience_s in [60.0, 180.0] {
        let model = Model::ErlangA { patience_s: Interval::point(patience_s) };
        let alone = Question { model, ..question.clone() };
        assert!(alone.answer().required.unwrap() <= n);
        assert!(alone.staffed(n).1.unwrap().keeps(question.target));
    }
    assert!(!question.staffed(n - 1).1.unwrap().keeps(question.target));
    assert_eq!(question.if_nobody_gave_up(), Some(Ok(14)));
    // 14 people at the desk and 30% away: 20 on the roster, as published.
    assert!((question.rostered(14) - 20.0).abs() < 1e-12);
}

#[test]
fn a_file_of_questions() {
    let text = "\u{feff}Contacts;per;handle;promise;max-occupancy;model\r\n\
                100;30m;180s;0,8/20s;1;erlang-c\r\n\
                \r\n\
                \"100\";30m;3m;80/20s;0,7;erlang-c\r\n";
    let lines = intervals::read(&Source::new("a.csv", text), &Asked::default(), &criteria()).unwrap();
    let found: Vec<_> = lines.iter().map(|l| (l.line, l.question.answer().required)).collect();
    // The second is held by its cap on occupancy: 10/15 = 67%.
    assert_eq!(found, [(2, Ok(14)), (4, Ok(15))]);
}

#[test]
fn mistakes_in_a_file_stand_at_their_cells() {
    let text = "contacts,per,handel,promise,agents\n\
                100,30m,3m,80/20s,\n\
                abc,30,3m,80/20s,1.5\n\
                1,2m\n";
    let mistakes = intervals::read(&Source::new("a.csv", text), &Asked::default(), &criteria()).unwrap_err();
    let told: Vec<_> = mistakes
        .iter()
        .map(|m| (m.code.to_string(), m.at.span(), m.help.clone().unwrap_or_default()))
        .collect();
    let codes: Vec<_> =
        told.iter().map(|(code, (line, from, to), _)| (code.as_str(), *line, *from, *to)).collect();
    assert_eq!(
        codes,
        [
            ("unknown-column", 1, 14, 20),
            ("missing", 1, 1, 35),
            ("bad-cell", 3, 1, 4),
            ("bad-cell", 3, 5, 7),
            ("bad-cell", 3, 18, 21),
            ("wrong-width", 4, 1, 5),
        ]
    );
    assert!(told[0].2.contains("did you mean `handle`?") && told[3].2.contains("30s, 30m"));
    let empty = intervals::read(&Source::new("a.csv", ""), &Asked::default(), &criteria()).unwrap_err();
    assert_eq!(empty[0].code, "no-intervals");
}

/// Served in time first rises and then falls with the patience, so the ends of a range do not bound it.
#[test]
fn a_range_of_patience_holds_what_lies_between_its_ends() {
    let strict = |low: f64, high: f64| {
        let mut asked = asked(64.8, 3600.0, 60.0, 0.8, 180.0);
        (asked.patience_s, asked.agents) = (Some(Interval::new(low, high)), Some(1));
        asked.question(&criteria()).unwrap().staffed(1).1.unwrap().strict()
    };
    let (narrow, wide) = (strict(60.0, 180.0), strict(30.0, 600.0));
    assert!(wide.low <= narrow.low && wide.high >= narrow.high - 5e-4, "{narrow:?} {wide:?}");
    for patience_s in [60.0, 80.0, 100.0, 120.0, 150.0, 180.0] {
        let one = strict(patience_s, patience_s).low;
        assert!(narrow.low - 1e-9 <= one && one <= narrow.high + 5e-4, "{patience_s}: {one} {narrow:?}");
    }
}

#[test]
fn a_limit_of_nobody_lost_asks_for_no_more_than_a_promise_to_all() {
    let mut asked = asked(100.0, 1800.0, 180.0, 0.8, 20.0);
    asked.max_lost = Some(0.0);
    let none_lost = asked.question(&criteria()).unwrap().answer().required.unwrap();
    asked.promise = Some(Promised { share: 1.0, within_s: 20.0 });
    asked.max_lost = None;
    let all = asked.question(&criteria()).unwrap().answer().required.unwrap();
    assert!(none_lost <= all + 10, "{none_lost} {all}");
}
