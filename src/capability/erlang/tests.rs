//! Against published tables, an independent solution of the Markov chain, and the laws of queues.

use super::*;
use proptest::prelude::*;

fn load(contacts: f64, interval_s: f64, handle_s: f64) -> Load {
    Load { per_s: contacts / interval_s, handle_s }
}

fn target(share: f64, within_s: f64, max_occupancy: f64, max_lost: f64) -> Target {
    Target { share, within_s, max_occupancy, max_lost }
}

#[track_caller]
fn near(got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs().max(1e-12), "got {got}, want {want}");
}

#[derive(serde::Deserialize)]
struct Row {
    model: String,
    lambda_per_interval: f64,
    interval_s: f64,
    aht_s: f64,
    target_s: f64,
    target_sl: Option<f64>,
    patience_s: Option<f64>,
    agents: u32,
    max_occupancy: f64,
    published_required_agents: Option<u32>,
    exact_p_wait: f64,
    exact_sl_strict: f64,
    exact_sl_excluding_short: Option<f64>,
    exact_sl_plus: Option<f64>,
    exact_sl_answered_only: Option<f64>,
    exact_mean_wait_s: f64,
    exact_occupancy: f64,
    exact_p_abandon: Option<f64>,
    exact_required_agents: Option<u32>,
}

#[test]
fn agrees_with_every_row_of_the_reference_table() {
    let text = include_str!("../../../tests/reference/erlang.csv");
    let (mut c, mut a, mut searches) = (0, 0, 0);
    for row in csv::Reader::from_reader(text.as_bytes()).deserialize() {
        let row: Row = row.unwrap();
        let load = load(row.lambda_per_interval, row.interval_s, row.aht_s);
        let got = if row.model == "ErlangC" {
            c += 1;
            erlang_c(load, row.agents, row.target_s).unwrap()
        } else {
            a += 1;
            erlang_a(load, row.agents, row.patience_s.unwrap(), row.target_s).unwrap()
        };
        // The table is printed to ten digits.
        near(got.p_wait, row.exact_p_wait, 1e-6);
        near(got.strict, row.exact_sl_strict, 1e-6);
        near(got.mean_wait_s, row.exact_mean_wait_s, 1e-6);
        near(got.occupancy, row.exact_occupancy, 1e-6);
        for (got, want) in [
            (got.excluding_short, row.exact_sl_excluding_short),
            (got.plus, row.exact_sl_plus),
            (got.answered_only, row.exact_sl_answered_only),
            (got.p_abandon, row.exact_p_abandon),
        ] {
            if let Some(want) = want {
                near(got, want, 1e-6);
            }
        }
        if let (Some(share), Some(want)) = (row.target_sl, row.exact_required_agents) {
            searches += 1;
            let target = target(share, row.target_s, row.max_occupancy, 1.0);
            assert_eq!(required(load, row.patience_s, target), Ok(want), "{} {}", row.model, row.agents);
            assert!(row.published_required_agents.is_none_or(|published| published == want));
        }
    }
    assert_eq!((c, a, searches), (28, 6, 11));
}

#[test]
fn stays_exact_at_scale() {
    // 12,421 agents for 12,345 erlangs.
    let got = erlang_c(Load { per_s: 1.0, handle_s: 12_345.0 }, 12_421, 20.0).unwrap();
    near(got.p_wait, 0.381_225_0, 1e-7);
    let huge = Load { per_s: 50_000.0 / 180.0, handle_s: 180.0 };
    let n = required(huge, Some(120.0), target(0.8, 20.0, 1.0, 0.05)).unwrap();
    assert!((47_500..=50_000).contains(&n), "{n}");
    let tiny = Load { per_s: 0.01 / 180.0, handle_s: 180.0 };
    assert_eq!(required(tiny, Some(120.0), target(0.8, 20.0, 0.85, 0.05)), Ok(1));
    assert_eq!(required(tiny, None, target(0.8, 20.0, 0.85, 0.05)), Ok(1));
}

#[test]
fn check_numbers_of_the_method() {
    // 50 agents, 48 calls a minute of a minute, patience two minutes.
    let got = erlang_a(load(48.0, 60.0, 60.0), 50, 120.0, 20.0).unwrap();
    near(got.p_abandon, 0.030_912, 1e-4);
    near(got.mean_wait_s, 3.7095, 1e-4);
    near(got.occupancy, 0.9303, 1e-4);
    // Excluding short waits rewards hang-ups: 81.3% with 10.2% lost.
    let got = erlang_a(load(100.0, 1800.0, 180.0), 11, 90.0, 20.0).unwrap();
    near(got.excluding_short, 0.813, 1e-3);
    near(got.p_abandon, 0.102, 5e-3);
    // Ten erlangs alone 14 agents, thirty pooled 36 (35 without the cap on occupancy).
    let part = Load { per_s: 10.0 / 180.0, handle_s: 180.0 };
    let whole = Load { per_s: 30.0 / 180.0, handle_s: 180.0 };
    assert_eq!(required(part, None, target(0.8, 20.0, 0.85, 1.0)), Ok(14));
    assert_eq!(required(whole, None, target(0.8, 20.0, 0.85, 1.0)), Ok(36));
    assert_eq!(required(whole, None, target(0.8, 20.0, 1.0, 1.0)), Ok(35));
    // Four contacts an hour of five minutes: two agents who work 17% of the time.
    let few = load(4.0, 3600.0, 300.0);
    assert_eq!(required(few, None, target(0.8, 20.0, 0.85, 1.0)), Ok(2));
    near(erlang_c(few, 2, 20.0).unwrap().occupancy, 1.0 / 6.0, 1e-12);
}

/// An independent program: the stationary distribution of the birth-and-death chain, truncated, and
/// the wait of an arriving caller by uniformization of her place in the queue.
#[test]
fn agrees_with_the_markov_chain_solved_numerically() {
    #[rustfmt::skip]
    let rows = [
        // per_s, handle, agents, patience, T: p_wait, strict, excluding, plus, answered-only, lost, wait, occupancy
        (48.0 / 60.0, 60.0, 50, 120.0, 20.0, [0.467_774_068_6, 0.943_018_954_7, 0.972_029_603, 0.972_864_391_7, 0.973_099_653_7, 0.030_912_249_16, 3.709_469_899, 0.930_324_240_8]),
        (100.0 / 1800.0, 180.0, 11, 90.0, 20.0, [0.359_032_689_2, 0.766_429_355_5, 0.813_320_956_8, 0.824_083_841, 0.853_139_938_1, 0.101_636_998_5, 9.147_329_864, 0.816_693_637_7]),
        (7.0 / 3600.0, 300.0, 1, 60.0, 20.0, [0.391_418_970_7, 0.628_409_909_4, 0.704_351_642_6, 0.736_227_835_3, 0.936_521_922_9, 0.328_996_050_2, 19.739_763_01, 0.391_418_970_7]),
        (7.0 / 3600.0, 300.0, 2, 180.0, 20.0, [0.112_364_184_3, 0.899_123_818_9, 0.909_289_854_5, 0.910_304_011_4, 0.950_587_961_1, 0.054_139_274_1, 9.745_069_338, 0.275_876_045_1]),
        // Heavy overload, and a patience much longer than a talk.
        (400.0 / 3600.0, 300.0, 20, 120.0, 30.0, [0.948_191_049_6, 0.174_460_868_8, 0.217_296_351_3, 0.371_590_191_3, 0.292_320_948_8, 0.403_187_252, 48.382_470_24, 0.994_687_913_3]),
        (1.0, 240.0, 230, 1200.0, 20.0, [0.950_653_674_7, 0.165_622_821_9, 0.168_119_685_2, 0.180_474_523_3, 0.173_177_599_8, 0.043_624_452_45, 52.349_342_94, 0.997_957_093_1]),
    ];
    for (per_s, handle_s, agents, patience, within, want) in rows {
        let got = erlang_a(Load { per_s, handle_s }, agents, patience, within).unwrap();
        let got = [
            got.p_wait,
            got.strict,
            got.excluding_short,
            got.plus,
            got.answered_only,
            got.p_abandon,
            got.mean_wait_s,
            got.occupancy,
        ];
        for (got, want) in got.into_iter().zip(want) {
            near(got, want, 1e-8);
        }
    }
}

/// Agents from the same independent program, counted up one by one.
#[test]
fn required_agents_agree_with_the_markov_chain() {
    for (per_half_hour, handle_s, patience_s, with_cap, with_lost, alone) in [
        (100.0, 180.0, 60.0, 13, 13, 12),
        (100.0, 180.0, 180.0, 13, 13, 12),
        (250.0, 300.0, 60.0, 48, 45, 41),
        (250.0, 300.0, 180.0, 49, 44, 44),
        (2.0, 300.0, 60.0, 2, 2, 2),
        (0.25, 300.0, 60.0, 1, 1, 1),
    ] {
        let load = load(per_half_hour, 1800.0, handle_s);
        let need = |occupancy, lost| required(load, Some(patience_s), target(0.8, 20.0, occupancy, lost));
        assert_eq!(need(0.85, 0.05), Ok(with_cap));
        assert_eq!(need(1.0, 0.05), Ok(with_lost));
        assert_eq!(need(1.0, 1.0), Ok(alone));
    }
    // Both ends of the patience at once: the one that needs more.
    let both = required_a(load(250.0, 1800.0, 300.0), &[60.0, 180.0], target(0.8, 20.0, 0.85, 0.05));
    assert_eq!(both, Ok(49));
}

#[test]
fn blocking_of_the_textbook() {
    // B(1, a) = a/(1+a); B(2, 1) = (1/2)/(1 + 1 + 1/2) = 0.2.
    let one = Load { per_s: 1.0, handle_s: 1.0 };
    near(erlang_b(one, 1).unwrap(), 0.5, 1e-15);
    near(erlang_b(one, 2).unwrap(), 0.2, 1e-15);
    near(erlang_b(one, 0).unwrap(), 1.0, 1e-15);
}

#[test]
fn refuses_what_cannot_be() {
    let good = load(10.0, 3600.0, 300.0);
    let fair = target(0.8, 20.0, 0.85, 0.05);
    for bad in [f64::NAN, -1.0, f64::INFINITY] {
        assert_eq!(erlang_c(Load { per_s: bad, ..good }, 5, 20.0), Err(Refusal::Impossible));
        assert_eq!(erlang_c(Load { handle_s: bad, ..good }, 5, 20.0), Err(Refusal::Impossible));
        assert_eq!(erlang_c(good, 5, bad), Err(Refusal::Impossible));
        assert_eq!(erlang_a(good, 5, 60.0, bad), Err(Refusal::Impossible));
        assert_eq!(required(good, None, Target { share: bad, ..fair }), Err(Refusal::Impossible));
        assert_eq!(required(good, Some(60.0), Target { max_lost: bad, ..fair }), Err(Refusal::Impossible));
        assert_eq!(required(good, None, Target { max_occupancy: bad, ..fair }), Err(Refusal::Impossible));
    }
    assert_eq!(erlang_a(good, 5, 0.0, 20.0), Err(Refusal::Impossible));
    assert_eq!(erlang_a(good, 5, f64::NAN, 20.0), Err(Refusal::Impossible));
    assert_eq!(erlang_c(Load { handle_s: 0.0, ..good }, 5, 20.0), Err(Refusal::Impossible));
    // Exactly as many agents as erlangs: the queue grows.
    assert_eq!(erlang_c(Load { per_s: 1.0, handle_s: 5.0 }, 5, 20.0), Err(Refusal::Overload));
    assert_eq!(required(good, None, Target { max_occupancy: 0.0, ..fair }), Err(Refusal::OutOfReach));
    assert_eq!(required(Load { per_s: 1e9, handle_s: 1e9 }, None, fair), Err(Refusal::TooLarge));
}

#[test]
fn nobody_there_loses_everybody() {
    let got = erlang_a(load(10.0, 3600.0, 300.0), 0, 60.0, 60.0).unwrap();
    assert_eq!((got.strict, got.p_abandon, got.occupancy), (0.0, 1.0, 0.0));
    near(got.plus, 1.0 - (-1.0f64).exp(), 1e-12);
}

/// Rates, times and shares that a file may hold, and some that it may not.
fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => 0.0..1000.0f64,
        1 => prop::sample::select(vec![
            0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE, 5e-324, 1e-9, 1e6, 1e12, 1.0,
        ]),
    ]
}

fn shares(p: &Performance) -> [f64; 7] {
    [p.p_wait, p.strict, p.excluding_short, p.plus, p.answered_only, p.p_abandon, p.occupancy]
}

proptest! {
    #[test]
    fn nothing_panics_and_shares_are_shares(
        per_s in any_number(), handle_s in any_number(), patience in any_number(), within in any_number(),
        agents in prop_oneof![0u32..500, Just(u32::MAX), Just(1_000_000)],
    ) {
        let load = Load { per_s, handle_s };
        for got in [erlang_a(load, agents, patience, within), erlang_c(load, agents, within)].into_iter().flatten() {
            for share in shares(&got) {
                prop_assert!((0.0..=1.0).contains(&share), "{got:?}");
            }
            prop_assert!(got.mean_wait_s >= 0.0 && got.mean_wait_s.is_finite());
        }
    }

    #[test]
    fn searches_end(
        per_s in any_number(), handle_s in any_number(), patience in any_number(), within in any_number(),
        share in prop_oneof![0.0..=1.0f64, any_number()], cap in prop_oneof![0.0..=1.0f64, any_number()], lost in 0.0..=1.0f64,
    ) {
        let (load, target) = (Load { per_s, handle_s }, target(share, within, cap, lost));
        for n in [required(load, None, target), required(load, Some(patience), target)].into_iter().flatten() {
            prop_assert!(n >= 1);
        }
    }

    #[test]
    fn more_agents_are_never_worse(
        erlangs in 0.01..60.0f64, handle_s in 10.0..2000.0f64, patience in 5.0..2000.0f64, within in 0.0..300.0f64, agents in 0u32..90,
    ) {
        let load = Load { per_s: erlangs / handle_s, handle_s };
        let few = erlang_a(load, agents, patience, within).unwrap();
        let more = erlang_a(load, agents + 1, patience, within).unwrap();
        prop_assert!(more.strict >= few.strict - 1e-12, "{few:?} {more:?}");
        prop_assert!(more.p_abandon <= few.p_abandon + 1e-12);
        // (With nobody there nobody works.)
        prop_assert!(agents == 0 || more.occupancy <= few.occupancy + 1e-12);
        if let (Ok(few), Ok(more)) = (erlang_c(load, agents, within), erlang_c(load, agents + 1, within)) {
            prop_assert!(more.strict >= few.strict - 1e-12);
        }
    }

    #[test]
    fn the_search_finds_what_counting_finds(
        erlangs in 0.01..80.0f64, handle_s in 10.0..2000.0f64, patience in 5.0..2000.0f64, within in 0.0..300.0f64,
        share in 0.1..0.99f64, cap in 0.3..1.0f64, lost in 0.005..1.0f64,
    ) {
        let (load, target) = (Load { per_s: erlangs / handle_s, handle_s }, target(share, within, cap, lost));
        let counted = (1..).find(|n| erlang_a(load, *n, patience, within).unwrap().meets(target));
        prop_assert_eq!(required(load, Some(patience), target).ok(), counted);
        let counted = (1..).find(|n| erlang_c(load, *n, within).is_ok_and(|got| got.meets(target)));
        prop_assert_eq!(required(load, None, target).ok(), counted);
    }

    #[test]
    fn endless_patience_is_erlang_c(erlangs in 0.01..60.0f64, handle_s in 10.0..2000.0f64, within in 0.0..300.0f64, spare in 1u32..20) {
        let load = Load { per_s: erlangs / handle_s, handle_s };
        let agents = erlangs.ceil() as u32 + spare;
        let c = erlang_c(load, agents, within).unwrap();
        let a = erlang_a(load, agents, 1e9, within).unwrap();
        near(a.p_wait, c.p_wait, 1e-4);
        near(a.strict, c.strict, 1e-4);
        prop_assert!((a.mean_wait_s - c.mean_wait_s).abs() <= 1e-3 * c.mean_wait_s + 1e-9);
        prop_assert_eq!(erlang_a(load, agents, f64::INFINITY, within), Ok(c));
    }

    #[test]
    fn the_parts_of_a_queue_add_up(erlangs in 0.01..60.0f64, handle_s in 10.0..2000.0f64, patience in 5.0..2000.0f64, agents in 1u32..90) {
        let load = Load { per_s: erlangs / handle_s, handle_s };
        // At T = 0 only those who do not wait are served in time, and all are in the end.
        let at_once = erlang_a(load, agents, patience, 0.0).unwrap();
        prop_assert!((at_once.strict - (1.0 - at_once.p_wait)).abs() < 1e-9);
        let ever = erlang_a(load, agents, patience, 1e9).unwrap();
        prop_assert!((ever.strict - (1.0 - ever.p_abandon)).abs() < 1e-9);
        prop_assert!((ever.plus - 1.0).abs() < 1e-9 && (ever.answered_only - 1.0).abs() < 1e-9);
        // Work done = work offered less work lost: the balance of METHOD C2.
        prop_assert!((ever.occupancy * f64::from(agents) - erlangs * (1.0 - ever.p_abandon)).abs() < 1e-9 * erlangs);
    }
}

/// Numbers that look like chance and are the same everywhere (Steele, Lea, Flood: SplitMix).
struct Dice(u64);

impl Dice {
    /// Strictly between 0 and 1.
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (((z ^ (z >> 31)) >> 11) as f64 + 0.5) / (1u64 << 53) as f64
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * self.next().ln()
    }
}

/// Callers one by one before n agents: who comes first is served first, and whoever would wait longer
/// than they have patience leaves when it ends. Knows nothing of the formulas.
fn simulated(load: Load, agents: u32, patience_s: f64, within_s: f64, callers: usize) -> [(f64, f64); 3] {
    const BATCHES: usize = 100;
    let dice = &mut Dice(1999);
    let (mut now, mut free) = (0.0, vec![0.0f64; agents as usize]);
    let mut batches = vec![[0.0; 3]; BATCHES];
    let warm_up = callers / 100;
    for caller in 0..callers + warm_up {
        now += dice.exponential(1.0 / load.per_s);
        let (first, at) = free.iter().copied().enumerate().min_by(|a, b| a.1.total_cmp(&b.1)).unwrap();
        let offered = (at - now).max(0.0);
        let (patience, handle) = (dice.exponential(patience_s), dice.exponential(load.handle_s));
        let lost = offered > patience;
        if !lost {
            free[first] = now + offered + handle;
        }
        if let Some(counted) = caller.checked_sub(warm_up) {
            let sums = &mut batches[counted * BATCHES / callers];
            sums[0] += f64::from(lost);
            sums[1] += f64::from(!lost && offered <= within_s);
            sums[2] += offered.min(patience);
        }
    }
    let each = (callers / BATCHES) as f64;
    std::array::from_fn(|figure| {
        let means: Vec<f64> = batches.iter().map(|sums| sums[figure] / each).collect();
        let mean = means.iter().sum::<f64>() / BATCHES as f64;
        let spread = means.iter().map(|m| (m - mean).powi(2)).sum::<f64>() / (BATCHES - 1) as f64;
        (mean, (spread / BATCHES as f64).sqrt())
    })
}

#[test]
fn agrees_with_a_simulation_of_a_million_callers() {
    // Idle, busy and overloaded: 10 erlangs before 12, 9 and 20 before 16 agents.
    for (contacts, agents, patience_s) in [(100.0, 12, 60.0), (100.0, 9, 180.0), (200.0, 16, 90.0)] {
        let load = load(contacts, 1800.0, 180.0);
        let want = erlang_a(load, agents, patience_s, 20.0).unwrap();
        let got = simulated(load, agents, patience_s, 20.0, 1_000_000);
        for ((got, error), want) in got.into_iter().zip([want.p_abandon, want.strict, want.mean_wait_s]) {
            assert!((got - want).abs() <= 3.0 * error, "{contacts} {agents}: {got} +- {error}, want {want}");
            // The error is small enough to tell something.
            assert!(error < 0.02 * want.max(0.1), "{error} {want}");
        }
    }
}
