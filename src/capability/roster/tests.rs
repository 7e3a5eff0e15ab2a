//! Opening hours against a calendar read by eye, presence by hand.

use super::*;
use crate::text::source::{Located, Place, Source};
use opening_hours::localization::Country;
use proptest::prelude::*;

fn hours(text: &str) -> Hours {
    let context = opening_hours::Context::default().with_holidays(Country::IT.holidays());
    let parsed: opening_hours::OpeningHours = text.parse().unwrap();
    Hours::new(text.to_owned(), parsed.with_context(context))
}

fn here() -> Place {
    Place { source: Source::new("test", ""), range: 0..0 }
}

fn team(people: f64, open: Option<&str>, roster: &[(&str, f64)]) -> Team {
    let located = |value| Located { value, at: here() };
    Team {
        id: "care".to_owned(),
        partner: false,
        people: Some(Located { value: Interval::point(people), at: here() }),
        contract_hours: None,
        hours: open.map(hours).map(located),
        roster: roster
            .iter()
            .map(|(text, people)| RosterLine { hours: hours(text), people: *people, at: here() })
            .collect(),
        shrinkage: None,
        languages: None,
        cost_per_hour: None,
        capacity_per_hour: None,
        price_per_contact: None,
        until: None,
        at: here(),
    }
}

fn total(week: &Week) -> f64 {
    week.iter().sum()
}

#[test]
fn an_ordinary_week_to_the_minute() {
    let week = open_week(&hours("Mo-Fr 09:30-18:00"));
    assert_eq!((week[8], week[9], week[10], week[17], week[18]), (0.0, 0.5, 1.0, 1.0, 0.0));
    assert_eq!(total(&week), 5.0 * 8.5);
    assert_eq!(total(&open_week(&hours("24/7"))), 168.0);
    // Ten minutes of an hour in two parts.
    let week = open_week(&hours("We 10:00-10:06,10:30-10:34"));
    assert!((week[2 * 24 + 10] - 10.0 / 60.0).abs() < 1e-12);
}

#[test]
fn holidays_and_seasons_are_not_ordinary() {
    // In Italy the first Monday of 2026 is two days before a holiday, and Easter Monday is one.
    let week = open_week(&hours("Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off"));
    assert_eq!(total(&week), 64.0);
    assert_eq!(total(&open_week(&hours("Mo-Fr 08:00-20:00; Aug Mo-Fr 08:00-13:00"))), 60.0);
    // Open in the season only: that is its ordinary week.
    assert_eq!(total(&open_week(&hours("Jun-Aug Mo-Su 10:00-12:00"))), 14.0);
    assert_eq!(total(&open_week(&hours("2030 Mo-Fr 09:00-10:00"))), 5.0);
    // Never open, or never surely.
    assert_eq!(total(&open_week(&hours("off"))), 0.0);
    assert_eq!(total(&open_week(&hours("Mo-Fr 09:00-10:00 unknown"))), 0.0);
}

#[test]
fn nights_run_into_the_next_day_and_the_next_week() {
    let week = open_week(&hours("Su 22:00-02:00"));
    assert_eq!((week[6 * 24 + 22], week[6 * 24 + 23], week[0], week[1], week[2]), (1.0, 1.0, 1.0, 1.0, 0.0));
    assert_eq!(total(&week), 4.0);
}

#[test]
fn twenty_four_people_are_about_ten_at_the_desk() {
    // 24 x 38 h x 0.7 = 638.4 people-hours over 64 open hours: 9.975.
    let care = team(24.0, Some("Mo-Fr 08:00-20:00; Sa 09:00-13:00"), &[]);
    let got = presence(&care, None, 38.0, 0.3).unwrap();
    assert!((got.mean.low - 9.975).abs() < 1e-9 && got.mean.width() == 0.0);
    assert!((got.low[8] - 9.975).abs() < 1e-9 && (got.high[8] - 9.975).abs() < 1e-9 && got.low[7] == 0.0);
    assert_eq!((got.rostered, got.fte), (false, Interval::point(24.0)));
    // The team's own contract and shrinkage outrank the defaults: 24 x 32 x 0.5 / 64 = 6.
    let own = Team { contract_hours: Some(32.0), shrinkage: Some(0.5), ..care };
    assert!((presence(&own, None, 38.0, 0.3).unwrap().mean.low - 6.0).abs() < 1e-9);
}

#[test]
fn spread_like_demand_has_the_same_people_hours() {
    // 4 people x 20 h x 0.5 = 40 people-hours; Monday from 8 to 12 and Tuesday from 8 to 14: 10 hours;
    // mean 4, but nobody is there twice.
    let few = Team {
        contract_hours: Some(20.0),
        shrinkage: Some(0.5),
        ..team(8.0, Some("Mo 08:00-12:00; Tu 08:00-14:00"), &[])
    };
    let mut demand = [0.0; 168];
    demand[8] = 3.0;
    demand[9] = 1.0;
    demand[24 + 8] = 1.0;
    demand[24 + 20] = 100.0; // closed: shapes nothing
    let got = presence(&few, Some(&demand), 38.0, 0.3).unwrap();
    // 80 people-hours over 10 hours: 8 each, all heads, so both spreads agree.
    assert_eq!((got.low[8], got.high[8], got.low[10], got.mean.low), (8.0, 8.0, 8.0, 8.0));
    // Half of the people-hours: 40 = 8 + 8 + 8 in the three hours with demand, 16 over the other seven.
    let less = Team { contract_hours: Some(10.0), ..few };
    let got = presence(&less, Some(&demand), 38.0, 0.3).unwrap();
    assert_eq!((got.low[8], got.high[8], got.high[9], got.mean.low), (4.0, 8.0, 8.0, 4.0));
    assert!((got.low[10] - 16.0 / 7.0).abs() < 1e-9 && got.high[10] == 4.0);
    // A tenth: 8 people-hours, 4.8 + 1.6 + 1.6 in the hours with demand, none in the others.
    let least = Team { contract_hours: Some(2.0), ..less };
    let got = presence(&least, Some(&demand), 38.0, 0.3).unwrap();
    assert!((got.high[8] - 4.8).abs() < 1e-9 && (got.high[9] - 1.6).abs() < 1e-9, "{:?}", &got.high[8..10]);
    assert!((got.low[8] - 0.8).abs() < 1e-9 && got.low[10] == 0.0 && (got.high[10] - 0.8).abs() < 1e-9);
}

#[test]
fn a_roster_outranks_heads() {
    let care = team(24.0, Some("Mo-Fr 09:30-12:00"), &[("Mo-Fr 09:00-11:00", 4.0), ("Mo 09:30-10:30", 6.0)]);
    let got = presence(&care, None, 38.0, 0.3).unwrap();
    assert!(got.rostered && got.low == got.high);
    // Monday from half past nine: six; from ten: six for half an hour, then four; from eleven: nobody.
    assert_eq!((got.low[9], got.low[10], got.low[11], got.low[24 + 9]), (6.0, 5.0, 0.0, 4.0));
    // (Monday 3 + 5 + 0, other days 2 + 4 + 0 each) over 12.5 open hours.
    assert!((got.mean.low - (8.0 + 4.0 * 6.0) / 12.5).abs() < 1e-9);
    assert_eq!(got.fte, Interval::point(24.0));
    // Without heads: 5 x 2 x 4 h, and 2 more for an hour, 42 people-hours / (38 x 0.7).
    let unknown = Team { people: None, hours: None, ..care };
    let got = presence(&unknown, None, 38.0, 0.3).unwrap();
    assert!((got.fte.low - 42.0 / 26.6).abs() < 1e-9);
    assert_eq!((got.low[9], got.low[8]), (5.0, 0.0));
}

#[test]
fn what_is_not_known_is_none() {
    assert!(presence(&team(5.0, None, &[]), None, 38.0, 0.3).is_none());
    assert!(presence(&team(5.0, Some("off"), &[]), None, 38.0, 0.3).is_none());
    let heads = Team { people: None, ..team(5.0, Some("24/7"), &[]) };
    assert!(presence(&heads, None, 38.0, 0.3).is_none());
    let partner = Team { partner: true, capacity_per_hour: Some(30.0), ..team(5.0, Some("24/7"), &[]) };
    assert!(presence(&partner, None, 38.0, 0.3).is_none());
    // Nobody at the desk is known, and nobody.
    let got = presence(&team(0.0, Some("24/7"), &[]), None, 38.0, 0.3).unwrap();
    assert_eq!(got.mean, Interval::point(0.0));
    assert_eq!(presence(&team(5.0, Some("24/7"), &[]), None, 38.0, 1.0).unwrap().mean, Interval::point(0.0));
}

#[test]
fn rostered_people_for_a_seat() {
    // Three present in 60 hours: 180 / (38 x 0.7) = 6.77 contracts.
    assert!((rostered_fte(3.0, 60.0, 38.0, 0.3) - 180.0 / 26.6).abs() < 1e-12);
}

proptest! {
    #[test]
    fn both_spreads_hold_the_same_people_hours(
        demand in prop::collection::vec(0.0..50.0f64, 168), open in prop::collection::vec(0.0..=1.0f64, 168),
        heads in 0.0..40.0f64, part in 0.0..=1.0f64,
    ) {
        let demand: Week = demand.try_into().unwrap();
        let open: Week = std::array::from_fn(|hour| if hour % 3 == 0 { 0.0 } else { open[hour] });
        let mean = heads * part;
        if let Some(shaped) = like_demand(&demand, &open, mean, heads) {
            let hours: f64 = (0..168).map(|hour| shaped[hour] * open[hour]).sum();
            let want = mean * total(&open);
            prop_assert!((hours - want).abs() <= 1e-6 * want.max(1.0), "{hours} {want}");
            prop_assert!(shaped.iter().all(|people| (0.0..=heads * (1.0 + 1e-9)).contains(people)));
        }
    }
}

/// Not asserted: machines differ. Printed with `--nocapture`.
#[test]
#[allow(clippy::print_stderr, reason = "a measurement for the reader of the test")]
fn sixty_schedules_in_good_time() {
    let schedule = hours("Mo-Fr 08:00-20:00; Sa 09:00-13:00; PH off");
    let start = std::time::Instant::now();
    for _ in 0..60 {
        assert_eq!(total(&open_week(&schedule)), 64.0);
    }
    eprintln!("60 schedules: {:?}", start.elapsed());
}
