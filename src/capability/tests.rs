//! The staffing mathematics against published and independently computed numbers.

use proptest::prelude::*;

use super::concurrency::{self, chat};
use super::deadline;
use super::erlang::{Load, Target, erlang_a, erlang_c, required};
use super::roster::{Presence, open_week, presence, rostered_fte};
use super::team::{Demand, Limits, Model, serve};
use super::{Refusal, Week};
use crate::inventory::{ChannelIx, Hours, RosterLine, Team};
use crate::quantity::Interval;
use crate::text::source::{Located, Place, Source};

/// Relative tolerance of the table.
const TABLE: f64 = 1e-6;

fn close(what: &str, value: f64, expected: f64, relative: f64) {
    assert!(
        (value - expected).abs() <= relative * expected.abs().max(1e-300),
        "{what}: {value}, not {expected}"
    );
}

/// Calls in `per` seconds that take `handle_s` seconds each.
fn load(calls: f64, per: f64, handle_s: f64) -> Load {
    Load { per_s: calls / per, handle_s }
}

fn target(share: f64, within_s: f64, max_occupancy: f64) -> Target {
    Target { share, within_s, max_occupancy, max_lost: 1.0 }
}

#[test]
fn the_table_of_published_and_exact_values() {
    let mut reader =
        csv::Reader::from_path("tests/reference/erlang.csv").expect("tests/reference/erlang.csv is there");
    let mut rows = 0;
    for row in reader.deserialize::<std::collections::BTreeMap<String, String>>() {
        let row = row.expect("a row");
        let number = |key: &str| row.get(key).and_then(|t| t.parse::<f64>().ok());
        let need = |key: &str| number(key).unwrap_or_else(|| panic!("{key} in {row:?}"));
        let work = load(need("lambda_per_interval"), need("interval_s"), need("aht_s"));
        let agents = need("agents") as u32;
        let result = match number("patience_s") {
            Some(patience) => erlang_a(work, agents, patience, need("target_s")),
            None => erlang_c(work, agents, need("target_s")),
        }
        .expect("a possible queue");
        for (key, value) in [
            ("exact_p_wait", result.p_wait),
            ("exact_sl_strict", result.strict),
            ("exact_sl_excluding_short", result.excluding_short),
            ("exact_sl_plus", result.plus),
            ("exact_sl_answered_only", result.answered_only),
            ("exact_mean_wait_s", result.mean_wait_s),
            ("exact_occupancy", result.occupancy),
            ("exact_p_abandon", result.p_abandon),
        ] {
            if let Some(expected) = number(key) {
                close(&format!("{key} of row {rows}"), value, expected, TABLE);
            }
        }
        if let Some(expected) = number("exact_required_agents") {
            let goal = target(need("target_sl"), need("target_s"), need("max_occupancy"));
            let agents = required(work, number("patience_s"), goal).expect("enough agents exist");
            assert_eq!(f64::from(agents), expected, "required agents of row {rows}");
        }
        rows += 1;
    }
    assert_eq!(rows, 34, "every row of the table");
}

#[test]
fn erlang_a_gives_the_method_s_check() {
    // 50 agents, 48 a minute, 1 minute, patience 2 minutes.
    let result = erlang_a(load(48.0, 60.0, 60.0), 50, 120.0, 20.0).unwrap();
    assert!((result.p_abandon - 0.030_912).abs() < 5e-7, "{result:?}");
    assert!((result.mean_wait_s - 3.7095).abs() < 5e-5, "{result:?}");
    assert!((result.occupancy - 0.9303).abs() < 5e-5, "{result:?}");
    // 11 agents, 100 calls in 30 minutes, 180 s, patience 90 s: hang-ups are rewarded.
    let result = erlang_a(load(100.0, 1800.0, 180.0), 11, 90.0, 20.0).unwrap();
    assert!((result.excluding_short - 0.813).abs() < 5e-4, "{result:?}");
    assert!((result.p_abandon - 0.102).abs() < 5e-4, "{result:?}");
}

#[test]
fn erlang_c_holds_at_scale() {
    let result = erlang_c(Load { per_s: 12_345.0 / 180.0, handle_s: 180.0 }, 12_421, 20.0).unwrap();
    assert!((result.p_wait - 0.381_225_0).abs() < 5e-8, "{}", result.p_wait);
    for erlangs in [0.01, 1.0, 600.0, 5000.0, 50_000.0] {
        let work = Load { per_s: erlangs / 180.0, handle_s: 180.0 };
        for patience in [None, Some(60.0), Some(180.0)] {
            let goal = Target { share: 0.8, within_s: 20.0, max_occupancy: 1.0, max_lost: 0.05 };
            let n = required(work, patience, goal).unwrap();
            assert!(f64::from(n) >= erlangs * 0.9, "{erlangs} {n}");
            if let Some(patience) = patience {
                let result = erlang_a(work, n, patience, 20.0).unwrap();
                assert!(result.strict >= 0.8 && result.p_abandon <= 0.05, "{erlangs} {result:?}");
            }
        }
    }
}

#[test]
fn pooling_saves_people() {
    // METHOD C6: 10 + 10 + 10 erlangs apart need 42 agents, pooled 36, 35 without the cap of occupancy.
    let work = |erlangs: f64| Load { per_s: erlangs / 180.0, handle_s: 180.0 };
    let capped = target(0.8, 20.0, 0.85);
    assert_eq!(3 * required(work(10.0), None, capped).unwrap(), 42);
    assert_eq!(required(work(30.0), None, capped).unwrap(), 36);
    assert_eq!(required(work(30.0), None, target(0.8, 20.0, 1.0)).unwrap(), 35);
    // Four contacts an hour still need two, who are busy 17% of the time.
    let few = load(4.0, 3600.0, 300.0);
    assert_eq!(required(few, None, target(0.8, 20.0, 0.85)).unwrap(), 2);
    assert!((erlang_c(few, 2, 20.0).unwrap().occupancy - 0.1667).abs() < 5e-5);
}

#[test]
fn chats_at_once_give_the_method_s_check() {
    let work = load(60.0, 1800.0, 600.0);
    let goal = target(0.8, 60.0, 1.0);
    assert_eq!(concurrency::required(work, &[1.0, 1.7, 2.5], goal).unwrap(), 10);
    let result = chat(work, 10, &[1.0, 1.7, 2.5], 60.0).unwrap();
    assert!((result.strict - 0.901).abs() < 5e-4, "{result:?}");
    assert_eq!(concurrency::required(work, &[1.0], goal).unwrap(), 24);
    let spread: Vec<u32> = concurrency::required_by_concurrency(work, &[1.0, 1.7, 2.5], goal)
        .into_iter()
        .map(|(_, n)| n.unwrap())
        .collect();
    assert_eq!((spread[0], spread[2]), (24, 10), "{spread:?}");
}

#[test]
fn impossible_input_is_refused_and_never_panics() {
    let goal = target(0.8, 20.0, 0.85);
    for handle_s in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(required(Load { per_s: 1.0, handle_s }, None, goal), Err(Refusal::Impossible));
    }
    assert_eq!(erlang_c(load(100.0, 1800.0, 180.0), 10, 20.0), Err(Refusal::Overload));
    assert_eq!(erlang_c(load(100.0, 1800.0, 180.0), 0, 20.0), Err(Refusal::Overload));
    assert_eq!(erlang_a(load(100.0, 1800.0, 180.0), 0, 60.0, 20.0), Err(Refusal::Impossible));
    assert_eq!(required(load(0.0, 1.0, 60.0), None, goal), Ok(0));
}

proptest! {
    #[test]
    fn no_number_makes_a_queue_panic(
        per_s in proptest::num::f64::ANY,
        handle_s in proptest::num::f64::ANY,
        patience in proptest::num::f64::ANY,
        within in proptest::num::f64::ANY,
        agents in 0_u32..2000,
    ) {
        let work = Load { per_s, handle_s };
        for result in [erlang_c(work, agents, within), erlang_a(work, agents, patience, within), chat(work, agents % 50, &[1.0, 1.7], within)].into_iter().flatten() {
            for share in [result.p_wait, result.strict, result.p_abandon, result.occupancy] {
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&share), "{:?}", result);
            }
        }
    }

    #[test]
    fn more_agents_never_serve_worse(erlangs in 0.05_f64..200.0, handle_s in 5.0_f64..2000.0, patience in 5.0_f64..2000.0, within in 0.0_f64..300.0, extra in 1_u32..20) {
        let work = Load { per_s: erlangs / handle_s, handle_s };
        let n = erlangs.floor() as u32 + 1;
        let (few, many) = (erlang_c(work, n, within).unwrap(), erlang_c(work, n + extra, within).unwrap());
        prop_assert!(many.strict >= few.strict - 1e-9);
        let (few, many) = (erlang_a(work, n, patience, within).unwrap(), erlang_a(work, n + extra, patience, within).unwrap());
        prop_assert!(many.strict >= few.strict - 1e-9 && many.p_abandon <= few.p_abandon + 1e-9);
    }

    #[test]
    fn endless_patience_is_erlang_c(erlangs in 0.1_f64..50.0, extra in 1_u32..10, within in 0.0_f64..120.0) {
        let work = Load { per_s: erlangs / 180.0, handle_s: 180.0 };
        let n = erlangs.floor() as u32 + extra;
        let c = erlang_c(work, n, within).unwrap();
        let a = erlang_a(work, n, 1e7, within).unwrap();
        // At the edge of overload even the most patient few who leave are felt.
        if c.occupancy < 0.98 {
            prop_assert!((a.strict - c.strict).abs() < 2e-3, "{} {}", a.strict, c.strict);
        }
    }

    #[test]
    fn one_chat_at_a_time_is_erlang_c(erlangs in 0.1_f64..80.0, extra in 1_u32..10, within in 0.0_f64..120.0) {
        let work = Load { per_s: erlangs / 600.0, handle_s: 600.0 };
        let n = erlangs.floor() as u32 + extra;
        let (c, k) = (erlang_c(work, n, within).unwrap(), chat(work, n, &[1.0], within).unwrap());
        prop_assert!((c.p_wait - k.p_wait).abs() < 1e-9 && (c.strict - k.strict).abs() < 1e-9);
        prop_assert!((c.occupancy - k.occupancy).abs() < 1e-9, "{} {}", c.occupancy, k.occupancy);
    }

    #[test]
    fn deferred_capacity_by_formula_is_the_least_that_does_everything(
        work in proptest::collection::vec(0.0_f64..5.0, 24),
        closed in proptest::collection::vec(any::<bool>(), 24),
        limit in 1.0_f64..10.0,
    ) {
        // Two days, the second without work, so that every deadline falls inside.
        let open: Vec<f64> = closed.iter().map(|c| if *c { 0.0 } else { 1.0 }).chain([1.0; 24]).collect();
        let work: Vec<f64> = work.into_iter().chain([0.0; 24]).collect();
        let capacity = deadline::capacity(&work, &open, limit).unwrap();
        let total: f64 = work.iter().sum();
        prop_assume!(total > 0.1);
        let share = |c: f64| {
            let can: Vec<f64> = open.iter().map(|o| o * c).collect();
            deadline::done_in_time(&work, &open, &can, limit).unwrap().share
        };
        prop_assert!(share(capacity * 1.000_001) > 1.0 - 1e-6, "{}", share(capacity));
        let long_run = total / open.iter().sum::<f64>();
        if capacity > long_run * 1.02 {
            prop_assert!(share(capacity * 0.98) < 1.0 - 1e-9, "{}", share(capacity * 0.98));
        }
    }
}

#[test]
fn deferred_capacity_by_hand() {
    // Three open hours; 6 hours of work at the start, due within 2 open hours: 3 people. With 2 people
    // 4 of 6 hours are done in time.
    let (work, open) = ([6.0, 0.0, 0.0], [1.0, 1.0, 1.0]);
    assert!((deadline::capacity(&work, &open, 2.0).unwrap() - 3.0).abs() < 1e-12);
    let done = deadline::done_in_time(&work, &open, &[2.0; 3], 2.0).unwrap();
    assert!((done.share - 4.0 / 6.0).abs() < 1e-9, "{done:?}");
    // A closed hour does not run the clock: due by the end of the third slot.
    let open = [1.0, 0.0, 1.0];
    assert!((deadline::capacity(&work, &open, 2.0).unwrap() - 3.0).abs() < 1e-12);
    // Half of it in time: 1.5 people for two hours.
    let half = deadline::capacity_for(&work, &[1.0, 1.0, 1.0], 2.0, 0.5).unwrap();
    // Never under the long run: 6 hours of work in 3 open hours are 2 people.
    assert!((half - 2.0).abs() < 1e-6, "{half}");
    assert_eq!(deadline::capacity(&[1.0], &[0.0], 1.0), Err(Refusal::OutOfReach));
}

// ---------------------------------------------------------------------------------------------
// People

fn hours(text: &str) -> Hours {
    Hours { text: text.to_owned(), parsed: text.parse().expect("opening hours") }
}

fn place() -> Place {
    Place { source: Source::new("t.yaml", ""), range: 0..0 }
}

fn at<T>(value: T) -> Located<T> {
    Located { value, at: place() }
}

fn team(people: Option<f64>, open: Option<&str>) -> Team {
    Team {
        id: "care".to_owned(),
        partner: false,
        people: people.map(|p| at(Interval::point(p))),
        contract_hours: Some(38.0),
        hours: open.map(|o| at(hours(o))),
        roster: Vec::new(),
        shrinkage: Some(0.30),
        languages: None,
        cost_per_hour: None,
        capacity_per_hour: None,
        price_per_contact: None,
        until: None,
        at: place(),
    }
}

#[test]
fn twenty_four_people_are_about_ten_at_the_desk() {
    // 24 x 38 x 0.7 = 638.4 paid hours at the desk; Mo-Fr 8-20 and Sa 9-13 are 64 open hours: 9.975.
    let it = presence(&team(Some(24.0), Some("Mo-Fr 08:00-20:00; Sa 09:00-13:00")), None, 38.0, 0.3).unwrap();
    assert!((it.mean.low - 9.975).abs() < 1e-9, "{:?}", it.mean);
    assert!((it.low[9] - 9.975).abs() < 1e-9 && it.low[7] == 0.0 && it.low[5 * 24 + 13] == 0.0);
    // Spread like demand, everybody comes on Monday at 9: the truth lies between.
    let mut demand: Week = [0.0; 168];
    demand[9] = 100.0;
    let it = presence(&team(Some(24.0), Some("Mo-Fr 08:00-20:00; Sa 09:00-13:00")), Some(&demand), 38.0, 0.3)
        .unwrap();
    assert!((it.low[9] - 9.975).abs() < 1e-9 && (it.high[9] - 638.4).abs() < 1e-9);
    assert!(it.low[10] == 0.0 && (it.high[10] - 9.975).abs() < 1e-9);
    assert!(presence(&team(None, Some("24/7")), None, 38.0, 0.3).is_none());
    assert!(presence(&team(Some(3.0), None), None, 38.0, 0.3).is_none());
    // Ten present in 64 open hours are 10 x 64 / (38 x 0.7) = 24.06 under contract.
    assert!((rostered_fte(10.0, 64.0, 38.0, 0.3) - 24.060_150_4).abs() < 1e-6);
}

#[test]
fn open_hours_are_those_of_an_ordinary_week() {
    let week = open_week(&hours("Mo-Fr 09:30-13:00; Dec 24-31 off"));
    assert!((week[9] - 0.5).abs() < 1e-9 && (week[10] - 1.0).abs() < 1e-9 && week[13] == 0.0);
    assert!((week.iter().sum::<f64>() - 17.5).abs() < 1e-9, "{}", week.iter().sum::<f64>());
    assert!((open_week(&hours("24/7")).iter().sum::<f64>() - 168.0).abs() < 1e-6);
}

#[test]
fn a_roster_says_who_is_there() {
    let mut it = team(Some(6.0), Some("Mo-Fr 08:00-20:00"));
    for (text, people) in [("Mo-Fr 09:00-12:00", 3.0), ("Mo 09:00-11:00", 5.0)] {
        it.roster.push(RosterLine { hours: hours(text), people, at: place() });
    }
    let it = presence(&it, None, 38.0, 0.3).unwrap();
    assert!(it.rostered);
    assert_eq!((it.low[9], it.low[10], it.low[11], it.low[12], it.low[33]), (5.0, 5.0, 3.0, 0.0, 3.0));
    // (2 x 5 + 3 + 4 x 3 x 3) / 15 hours.
    assert!((it.mean.low - 49.0 / 15.0).abs() < 1e-9);
}

const LIMITS: Limits =
    Limits { max_occupancy: 0.85, max_lost: 0.05, spare_use: 0.5, contract_hours: 38.0, shrinkage: 0.3 };

fn demand(channel: usize, model: Model, contacts: f64, handle_s: f64, within_s: f64) -> Demand {
    let mut per_hour: Week = [0.0; 168];
    let mut open: Week = [0.0; 168];
    for hour in 9..13 {
        per_hour[hour] = contacts;
        open[hour] = 1.0;
    }
    Demand {
        channel: ChannelIx(channel),
        model,
        per_hour: Box::new(per_hour),
        volume: Interval::point(1.0),
        handle_s: Interval::point(handle_s),
        share: 0.8,
        within_s,
        open: Box::new(open),
    }
}

fn people(n: f64) -> Presence {
    Presence {
        low: Box::new([n; 168]),
        high: Box::new([n; 168]),
        rostered: true,
        mean: Interval::point(n),
        fte: Interval::point(n),
    }
}

#[test]
fn nobody_is_counted_twice() {
    // Four contacts an hour of 300 s need 2 people at a counter: two counters need 4.
    let counters = [demand(0, Model::ErlangC, 4.0, 300.0, 20.0), demand(1, Model::ErlangC, 4.0, 300.0, 20.0)];
    let enough = serve(&counters, &people(4.0), &LIMITS);
    assert_eq!((enough[0].covered.low, enough[1].covered.low), (1.0, 1.0));
    let short = serve(&counters, &people(3.0), &LIMITS);
    assert_eq!((short[0].covered.low, short[1].covered.low), (1.0, 0.0));
    assert_eq!(short[1].short.len(), 4);
    assert_eq!(short[1].short[0].present.low, 1.0);
    // 2 people in 4 open hours: 8 / (38 x 0.7) full-time.
    assert!((short[0].required_fte.low - 8.0 / 26.6).abs() < 1e-9);
}

#[test]
fn deferred_work_fills_the_time_between_calls() {
    // A counter with 4 contacts an hour of 300 s keeps 1/3 of a person busy. Of 2 people 5/3 are idle, of
    // which half can be used: 5/6 hours of work in each of the 4 hours. E-mails of 6 minutes, 8 an hour,
    // are 0.8 hours of work an hour: all in time. 10 an hour are 1.0: not for long.
    let counter = demand(0, Model::ErlangC, 4.0, 300.0, 20.0);
    let mail = |n: f64| demand(1, Model::Deferred { open_hours: 4.0 }, n, 360.0, 14_400.0);
    let fits = serve(&[counter.clone(), mail(8.0)], &people(2.0), &LIMITS);
    assert!((fits[1].covered.low - 1.0).abs() < 1e-9, "{:?}", fits[1].covered);
    let bursts = serve(&[counter, mail(10.0)], &people(2.0), &LIMITS);
    assert!(bursts[1].covered.low < 1.0, "{:?}", bursts[1].covered);
}

#[test]
fn a_range_of_volume_gives_a_range_of_coverage() {
    let mut one = demand(0, Model::ErlangC, 4.0, 300.0, 20.0);
    one.volume = Interval::new(1.0, 4.0);
    let served = serve(std::slice::from_ref(&one), &people(2.0), &LIMITS);
    assert_eq!((served[0].covered.low, served[0].covered.high), (0.0, 1.0));
    assert!(served[0].required_fte.low < served[0].required_fte.high);
    let alone = serve(&[one], &people(1.0), &LIMITS);
    assert_eq!(alone[0].alone, vec![9, 10, 11, 12]);
}
