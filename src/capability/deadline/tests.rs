//! By hand, and against a queue of single pieces of work served one after the other.

use super::*;
use proptest::prelude::*;

/// Monday to Friday, 9 to 17.
fn office() -> Week {
    std::array::from_fn(|hour| if hour / 24 < 5 && (9..17).contains(&(hour % 24)) { 1.0 } else { 0.0 })
}

fn at(hours: &[(usize, f64)]) -> Week {
    let mut week = [0.0; 168];
    for (hour, value) in hours {
        week[*hour] += value;
    }
    week
}

#[track_caller]
fn near(got: Result<f64, Refusal>, want: f64) {
    assert!(got.is_ok_and(|got| (got - want).abs() < 1e-9), "got {got:?}, want {want}");
}

#[test]
fn one_pile_by_hand() {
    let clock = office();
    let need = |arrives: &Week, open_hours, share| {
        required(Work { arrives, clock: &clock, open_hours }, &clock, share)
    };
    // 16 hours of work on Monday at 9. Due in eight open hours: two people. In four: four.
    let monday = at(&[(9, 16.0)]);
    near(need(&monday, 8.0, 1.0), 2.0);
    near(need(&monday, 4.0, 1.0), 4.0);
    // Half of it in four hours: 8 hours of work in 4.
    near(need(&monday, 4.0, 0.5), 2.0);
    // Due in four weeks, but there is a pile every week: the work per open hour, 16/40.
    near(need(&monday, 160.0, 1.0), 0.4);
    // It comes on Saturday: the clock starts on Monday.
    near(need(&at(&[(5 * 24 + 12, 16.0)]), 8.0, 1.0), 2.0);
    // 16 on Friday at 16 and 16 on Monday at 10, each due in eight open hours: the first by Monday at
    // 16, the second by Tuesday at 10; both together within Friday's last hour and nine hours more.
    near(need(&at(&[(4 * 24 + 16, 16.0), (10, 16.0)]), 8.0, 1.0), 32.0 / 10.0);
    // Half an hour of grace within a slot is the slot itself.
    near(need(&monday, 0.5, 1.0), 16.0);
    near(need(&at(&[]), 8.0, 1.0), 0.0);
}

#[test]
fn half_hours_count_half() {
    // Open from 9:30 to 11: two hours of work at 9, due in an hour and a half: 2/1.5.
    let clock = at(&[(9, 0.5), (10, 1.0)]);
    let arrives = at(&[(9, 2.0)]);
    let work = Work { arrives: &arrives, clock: &clock, open_hours: 1.5 };
    near(required(work, &clock, 1.0), 2.0 / 1.5);
}

#[test]
fn what_falls_due_before_anybody_works_is_out_of_reach() {
    // The clock runs day and night, people work from 9 to 17; half of the work comes at 20.
    let clock = [1.0; 168];
    let arrives = at(&[(9, 1.0), (20, 1.0)]);
    let work = Work { arrives: &arrives, clock: &clock, open_hours: 2.0 };
    assert_eq!(required(work, &office(), 0.9), Err(Refusal::OutOfReach));
    // But half of it can be in time: one hour of work in two hours, behind the pile of last night.
    assert!(required(work, &office(), 0.5).is_ok());
    assert_eq!(required(Work { clock: &[0.0; 168], ..work }, &office(), 0.9), Err(Refusal::OutOfReach));
    assert_eq!(required(work, &[0.0; 168], 0.9), Err(Refusal::OutOfReach));
    assert_eq!(required(work, &office(), f64::NAN), Err(Refusal::Impossible));
    assert_eq!(required(Work { open_hours: -1.0, ..work }, &office(), 0.9), Err(Refusal::Impossible));
    assert!(required(Work { open_hours: f64::MAX, ..work }, &office(), 1.0).is_ok());
    assert_eq!(flow(work, &[f64::NAN; 168]), Err(Refusal::Impossible));
}

#[test]
fn too_few_people_are_late_for_ever() {
    let clock = office();
    let arrives = at(&[(9, 16.0)]);
    let work = Work { arrives: &arrives, clock: &clock, open_hours: 8.0 };
    let flow = flow(work, &clock.map(|open| open * 0.39)).unwrap();
    assert_eq!(flow.share, Some(0.0));
    assert_eq!(flow.in_time[9], 0.0);
}

/// Pieces of work in a line, served in order for some weeks; the share of the last but one week's work
/// that was done in time. Knows nothing of sums or steady states.
fn pieces(arrives: &Week, clock: &Week, open_hours: f64, capacity: &Week) -> f64 {
    const WEEKS: usize = 8;
    let mut line = std::collections::VecDeque::new();
    let (mut kept, mut all) = (0.0, 0.0);
    for slot in 0..WEEKS * 168 {
        let (mut due, mut passed) = (slot, clock[slot % 168]);
        while passed < open_hours - 1e-9 || clock[due % 168] == 0.0 {
            due += 1;
            passed += clock[due % 168];
        }
        if slot / 168 == WEEKS - 3 {
            all += arrives[slot % 168];
        }
        line.push_back((slot, due, arrives[slot % 168]));
        let mut hours = capacity[slot % 168];
        while let Some((from, due, left)) = line.front_mut() {
            let now = left.min(hours);
            hours -= now;
            *left -= now;
            if *from / 168 == WEEKS - 3 && slot <= *due {
                kept += now;
            }
            if *left > 0.0 {
                break;
            }
            line.pop_front();
        }
    }
    kept / all
}

fn small_week() -> impl Strategy<Value = Week> {
    prop::collection::vec((0usize..168, 0.1..5.0f64), 1..12).prop_map(|hours| at(&hours))
}

fn small_clock() -> impl Strategy<Value = Week> {
    (prop::collection::vec((0usize..168, prop::sample::select(vec![0.25, 0.5, 1.0])), 1..60))
        .prop_map(|hours| at(&hours).map(|open: f64| open.min(1.0)))
}

proptest! {
    #[test]
    fn agrees_with_pieces_in_a_line(
        arrives in small_week(), clock in small_clock(), open_hours in 0.0..12.0f64, share in 0.05..1.0f64, spare in 1.0..3.0f64,
    ) {
        let work = Work { arrives: &arrives, clock: &clock, open_hours };
        let mean = arrives.iter().sum::<f64>() / clock.iter().sum::<f64>();
        let capacity = clock.map(|open| open * mean * spare * 1.0001);
        let got = flow(work, &capacity).unwrap();
        let want = pieces(&arrives, &clock, open_hours, &capacity);
        prop_assert!((got.share.unwrap() - want).abs() < 1e-6, "{:?} {want}", got.share);
        prop_assert!((got.done.iter().sum::<f64>() - arrives.iter().sum::<f64>()).abs() < 1e-6);

        // What is required keeps the promise, and a little less does not (or the queue would grow).
        for share in [share, 1.0] {
            let need = required(work, &clock, share).unwrap();
            let kept = pieces(&arrives, &clock, open_hours, &clock.map(|open| open * need * (1.0 + 1e-6)));
            prop_assert!(kept >= share - 1e-4, "{kept} {share}");
            let less = need * (1.0 - 1e-4);
            if less > mean * (1.0 + 1e-3) {
                let kept = pieces(&arrives, &clock, open_hours, &clock.map(|open| open * less));
                prop_assert!(kept < share, "{kept} {share}");
            }
        }
    }
}

/// The largest W(s..t)/O(s, d(t)) by trying every span of a week and less, each added up slot by slot.
fn steepest_span(arrives: &Week, open: &Week, deadlines: &[usize]) -> f64 {
    let mut most: f64 = 0.0;
    for from in 0..SLOTS {
        let (mut work, mut hours, mut counted) = (0.0, 0.0, from);
        for to in from..from + SLOTS {
            work += arrives[to % SLOTS];
            let deadline = deadlines[to % SLOTS] + to / SLOTS * SLOTS;
            while counted <= deadline {
                hours += open[counted % SLOTS];
                counted += 1;
            }
            if work > 0.0 {
                most = most.max(work / hours);
            }
        }
    }
    most
}

/// The end of the first open slot by which the hours have passed, looked for slot by slot.
fn due(clock: &Week, open_hours: f64, from: usize) -> usize {
    let mut passed = 0.0;
    (from..)
        .find(|slot| {
            passed += clock[slot % SLOTS];
            clock[slot % SLOTS] > 0.0 && passed >= open_hours - ROUNDING
        })
        .unwrap()
}

/// Work in single hours, in an hour of every day, or in all hours.
fn any_arrivals() -> impl Strategy<Value = Week> {
    let one = prop_oneof![Just(0.0), 0.01..0.1f64, 1.0..20.0f64];
    prop_oneof![
        small_week(),
        (0usize..24, 0.1..5.0f64)
            .prop_map(|(hour, n)| std::array::from_fn(|h| f64::from(h % 24 == hour) * n)),
        prop::collection::vec(one, SLOTS).prop_map(|all| std::array::from_fn(|hour| all[hour])),
        (0.1..5.0f64).prop_map(|n| [n; SLOTS]),
    ]
}

fn any_clock() -> impl Strategy<Value = Week> {
    prop_oneof![
        small_clock(),
        Just(office()),
        Just([1.0; SLOTS]),
        (0usize..168).prop_map(|hour| at(&[(hour, 0.5)]))
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn the_steepest_line_is_the_steepest_of_all_spans(
        arrives in any_arrivals(), clock in any_clock(), people in any_clock(), same in any::<bool>(),
        open_hours in prop_oneof![Just(0.0), 0.0..12.0f64, 12.0..200.0f64],
    ) {
        let people = if same { clock } else { people };
        let work = Work { arrives: &arrives, clock: &clock, open_hours };
        let deadlines = work.deadlines().unwrap();
        let want: Vec<usize> = (0..SLOTS).map(|slot| due(&clock, open_hours, slot)).collect();
        prop_assert_eq!(&deadlines, &want);

        prop_assume!(arrives.iter().sum::<f64>() > 0.0);
        let (arrived, open) = (Sums::new(&arrives), Sums::new(&people));
        let mean = arrived.total() / open.total();
        let got = for_all(&arrived, &open, &deadlines).max(mean);
        let want = steepest_span(&arrives, &people, &deadlines).max(mean);
        prop_assert!(got == want || (got - want).abs() <= 1e-12 * want, "{got} {want}");
    }
}

/// The least capacity, not below the mean, with which pieces in a line keep the share, by halving.
fn least_that_keeps(arrives: &Week, clock: &Week, open_hours: f64, share: f64) -> f64 {
    let keeps =
        |people: f64| pieces(arrives, clock, open_hours, &clock.map(|open| open * people)) >= share - 1e-9;
    let mean = arrives.iter().sum::<f64>() / clock.iter().sum::<f64>();
    let (mut fails, mut holds) = (mean, mean * 1.000_000_1);
    if keeps(holds) {
        return mean;
    }
    while !keeps(holds) {
        (fails, holds) = (holds, holds * 2.0);
    }
    for _ in 0..50 {
        let middle = f64::midpoint(fails, holds);
        if keeps(middle) {
            holds = middle;
        } else {
            fails = middle;
        }
    }
    holds
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn what_is_required_is_what_halving_on_a_simulation_finds(
        arrives in small_week(), clock in small_clock(), open_hours in 0.0..24.0f64, share in 0.05..1.0f64,
    ) {
        for share in [1.0, share] {
            let got = required(Work { arrives: &arrives, clock: &clock, open_hours }, &clock, share).unwrap();
            let want = least_that_keeps(&arrives, &clock, open_hours, share);
            prop_assert!((got - want).abs() < 5e-6 * want.max(1.0), "{got} {want} for {share}");
        }
    }
}

#[test]
fn equal_piles_are_a_week_of_them() {
    // A pile of seven hours of work at each midnight, the clock always runs.
    let arrives = std::array::from_fn(|hour| if hour % 24 == 0 { 7.0 } else { 0.0 });
    let clock = [1.0; SLOTS];
    for (deadline_h, share) in
        [(1.0, 1.0), (4.0, 1.0), (24.0, 1.0), (100.0, 1.0), (4.0, 0.6), (23.0, 0.9), (30.0, 0.5)]
    {
        let want = required(Work { arrives: &arrives, clock: &clock, open_hours: deadline_h }, &clock, share);
        let got = steady(7.0 * 3600.0, 86_400.0, deadline_h * 3600.0, share);
        near(got, want.unwrap());
        let kept = steady_share(7.0 * 3600.0, 86_400.0, deadline_h * 3600.0, got.unwrap()).unwrap();
        assert!(kept >= share - 1e-12, "{kept} {share}");
    }
    assert_eq!(steady(7.0, 0.0, 1.0, 1.0), Err(Refusal::Impossible));
    assert_eq!(steady(7.0, 1.0, 1.0, 1.5), Err(Refusal::Impossible));
    assert_eq!(steady_share(7.0, 1.0, 1.0, 6.9), Err(Refusal::Overload));
}
