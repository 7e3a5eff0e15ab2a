//! The chain against worked and published examples, and its laws.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng as _;

use super::chain::{Chain, RESOLVED, START, Solved, UNRESOLVED};
use super::intervals;

type Steps<'a> = BTreeMap<(&'a str, &'a str), i64>;

fn steps(paths: &[(&[&'static str], i64, i64)]) -> Steps<'static> {
    let mut steps = BTreeMap::new();
    for (path, resolved, unresolved) in paths {
        let n = resolved + unresolved;
        let mut at = START;
        for c in path.iter() {
            if *c != at {
                *steps.entry((at, *c)).or_default() += n;
            }
            at = c;
        }
        *steps.entry((at, RESOLVED)).or_default() += resolved;
        *steps.entry((at, UNRESOLVED)).or_default() += unresolved;
    }
    steps
}

/// The twenty journeys of `tests/reference/journeys.md`.
fn worked() -> Steps<'static> {
    steps(&[
        (&["faq"], 3, 2),
        (&["faq", "phone"], 2, 0),
        (&["chat"], 2, 0),
        (&["chat", "phone"], 1, 0),
        (&["phone"], 4, 0),
        (&["email", "phone"], 2, 0),
        (&["email"], 0, 1),
        (&["faq", "chat", "phone"], 1, 0),
        (&["chat", "faq"], 0, 1),
        (&["phone", "phone"], 1, 0),
    ])
}

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-12, "{a} is not {b}");
}

fn removal(chain: &Chain, solved: &Solved, name: &str) -> (f64, f64) {
    solved.removal(chain.position(name).unwrap()).unwrap()
}

#[test]
fn worked_example_is_exact() {
    let chain = Chain::new(&worked());
    let solved = chain.solve().unwrap();
    close(chain.episodes(), 20.0);
    close(solved.resolved(), 4.0 / 5.0);
    let expect = [
        ("faq", -31.0 / 224.0, 29.0 / 80.0, 4176.0 / 1051.0),
        ("chat", 29.0 / 544.0, 41.0 / 144.0, 3280.0 / 1051.0),
        ("phone", 11.0 / 36.0, 11.0 / 16.0, 7920.0 / 1051.0),
        ("email", -1.0 / 34.0, 1.0 / 8.0, 1440.0 / 1051.0),
    ];
    let sum: f64 = expect.iter().map(|(name, ..)| removal(&chain, &solved, name).1).sum();
    close(sum, 1051.0 / 720.0);
    for (name, rerouted, lost, credit) in expect {
        let ends = removal(&chain, &solved, name);
        close(ends.0, rerouted);
        close(ends.1, lost);
        close(ends.1 / sum * 16.0, credit);
    }
}

#[test]
fn a_self_loop_changes_nothing() {
    let mut looped = worked();
    looped.insert(("phone", "phone"), 1);
    looped.insert(("faq", "faq"), 1000);
    assert_eq!(Chain::new(&looped), Chain::new(&worked()));
}

/// Ads 2, mailing 1, ads > mailing 1, ads without conversion 1: three quarters and a half, as published with
/// the explanation of the method at serhiipuzyrov.com.
#[test]
fn published_example_of_ads_and_mailing() {
    let chain = Chain::new(&steps(&[(&["ads"], 2, 1), (&["mailing"], 1, 0), (&["ads", "mailing"], 1, 0)]));
    let solved = chain.solve().unwrap();
    close(solved.resolved(), 4.0 / 5.0);
    close(removal(&chain, &solved, "ads").1, 3.0 / 4.0);
    close(removal(&chain, &solved, "mailing").1, 1.0 / 2.0);
}

/// The README of pychattr: credit A 2, B 1 of 3 conversions, exactly.
#[test]
fn published_example_of_pychattr() {
    let chain = Chain::new(&steps(&[
        (&["A", "B", "A", "B", "B", "A"], 1, 0),
        (&["A", "B", "B", "A", "A"], 1, 0),
        (&["A", "A"], 1, 0),
    ]));
    let solved = chain.solve().unwrap();
    let (a, b) = (removal(&chain, &solved, "A").1, removal(&chain, &solved, "B").1);
    close(a / (a + b) * 3.0, 2.0);
    close(b / (a + b) * 3.0, 1.0);
}

#[test]
fn nothing_resolved_has_no_removal_effect() {
    let chain = Chain::new(&steps(&[(&["a"], 0, 3)]));
    let solved = chain.solve().unwrap();
    close(solved.resolved(), 0.0);
    assert_eq!(solved.removal(0), None);
    assert_eq!(intervals::ends(&chain, 10), None);
    let nobody = Chain::new(&BTreeMap::new());
    close(nobody.solve().unwrap().resolved(), 0.0);
}

/// The channels only pass on to each other: such steps have no end, and say so.
#[test]
fn a_circle_without_an_end_is_not_solved() {
    let circle = BTreeMap::from([((START, "a"), 5), (("a", "b"), 5), (("b", "a"), 5)]);
    assert!(Chain::new(&circle).solve().is_none());
    assert_eq!(intervals::ends(&Chain::new(&circle), 10), None);
}

/// A channel that is the only entrance: whoever is turned away finds no other door.
#[test]
fn without_another_entrance_both_ends_are_one() {
    let chain = Chain::new(&steps(&[(&["phone"], 5, 5), (&["phone", "email"], 5, 5)]));
    let solved = chain.solve().unwrap();
    assert_eq!(removal(&chain, &solved, "phone"), (1.0, 1.0));
}

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Counts of every step between five channels; from each there is an end, so that an iteration converges.
fn table(counts: &[i64]) -> Steps<'static> {
    let mut next = counts.iter().copied().cycle();
    let mut draw = || next.next().unwrap_or(1);
    let mut steps = BTreeMap::new();
    for from in NAMES {
        steps.insert((START, from), draw());
        steps.insert((from, UNRESOLVED), 5 + draw());
        steps.insert((from, RESOLVED), draw());
        for to in NAMES.into_iter().filter(|to| *to != from) {
            steps.insert((from, to), draw());
        }
    }
    steps
}

/// A chain as shares, written down a second time and followed step by step: what leaves `without` goes
/// nowhere, or to the other entrances in proportion.
fn iterated(steps: &Steps<'_>, without: Option<(&str, bool)>) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "small counts")]
    let count = |from: &str, to: &str| steps.get(&(from, to)).copied().unwrap_or(0) as f64;
    let all = |from: &str| {
        steps.iter().filter(|((f, _), _)| *f == from).map(|((f, t), _)| count(f, t)).sum::<f64>()
    };
    let entrances = |name: &str| {
        let open = NAMES.into_iter().filter(|n| without.is_none_or(|(gone, _)| gone != *n));
        let sum: f64 = open.map(|n| count(START, n)).sum();
        if sum > 0.0 { count(START, name) / sum } else { 0.0 }
    };
    // Shares of one step, where the channel that is gone hands its share on.
    let share = |from: &str, to: &str| {
        if all(from) <= 0.0 {
            return 0.0;
        }
        let direct = count(from, to) / all(from);
        match without {
            Some((gone, _)) if to == gone => 0.0,
            Some((gone, true)) if NAMES.contains(&to) => {
                direct + count(from, gone) / all(from) * entrances(to)
            }
            _ => direct,
        }
    };
    let ends: Vec<f64> = NAMES.iter().map(|n| share(n, RESOLVED)).collect();
    let to: Vec<Vec<f64>> =
        NAMES.iter().map(|to| NAMES.iter().map(|from| share(from, to)).collect()).collect();
    let mut state: Vec<f64> = NAMES.iter().map(|n| share(START, n)).collect();
    let mut resolved = 0.0;
    for _ in 0..4000 {
        resolved += state.iter().zip(&ends).map(|(s, p)| s * p).sum::<f64>();
        state = to.iter().map(|column| state.iter().zip(column).map(|(s, p)| s * p).sum()).collect();
    }
    resolved
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Following the steps one by one comes to the same probability, with every channel and without each.
    #[test]
    fn elimination_agrees_with_iteration(counts in proptest::collection::vec(0_i64..50, 35)) {
        let steps = table(&counts);
        prop_assume!(NAMES.iter().filter(|n| steps[&(START, **n)] > 0).count() >= 2);
        let chain = Chain::new(&steps);
        let solved = chain.solve().unwrap();
        prop_assert!((iterated(&steps, None) - solved.resolved()).abs() < 1e-10);
        for name in NAMES {
            let (rerouted, lost) = solved.without(chain.position(name).unwrap());
            prop_assert!((iterated(&steps, Some((name, true))) - rerouted).abs() < 1e-10);
            prop_assert!((iterated(&steps, Some((name, false))) - lost).abs() < 1e-10);
        }
    }

    /// Names are names: whatever they are, and in whatever order they come, the ends go with them.
    #[test]
    fn relabelling_permutes_the_ends(
        counts in proptest::collection::vec(0_i64..50, 35),
        order in Just([0_usize, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let steps = table(&counts);
        let other = |name: &str| NAMES.iter().position(|n| *n == name).map(|i| NAMES[order[i]]);
        let relabelled: Steps<'_> = steps
            .iter()
            .map(|((from, to), n)| ((other(from).unwrap_or(from), other(to).unwrap_or(to)), *n))
            .collect();
        let (first, second) = (Chain::new(&steps), Chain::new(&relabelled));
        let (a, b) = (first.solve().unwrap(), second.solve().unwrap());
        for name in NAMES {
            let ends = a.removal(first.position(name).unwrap());
            let again = b.removal(second.position(other(name).unwrap()).unwrap());
            match (ends, again) {
                (Some(x), Some(y)) => {
                    prop_assert!((x.0 - y.0).abs() < 1e-10 && (x.1 - y.1).abs() < 1e-10);
                }
                (x, y) => prop_assert_eq!(x, y),
            }
        }
    }

    /// Contacts that repeat in a channel change no end.
    #[test]
    fn self_loops_change_no_end(counts in proptest::collection::vec(0_i64..50, 35), loops in 1_i64..1000) {
        let mut steps = table(&counts);
        let plain = Chain::new(&steps);
        for name in NAMES {
            steps.insert((name, name), loops);
        }
        prop_assert_eq!(plain, Chain::new(&steps));
    }
}

/// Steps of a hundred: five channels whose customers begin, go on and end with known probabilities.
fn known_chain() -> Steps<'static> {
    const PERCENT: [(&str, [i64; 7]); 6] = [
        // To a, b, c, d, e, RESOLVED, UNRESOLVED.
        (START, [40, 25, 15, 12, 8, 0, 0]),
        ("a", [0, 5, 3, 2, 0, 84, 6]),
        ("b", [25, 0, 10, 0, 5, 45, 15]),
        ("c", [12, 4, 0, 3, 1, 70, 10]),
        ("d", [30, 0, 20, 0, 0, 30, 20]),
        ("e", [2, 0, 0, 1, 0, 92, 5]),
    ];
    let columns = NAMES.into_iter().chain([RESOLVED, UNRESOLVED]);
    PERCENT
        .iter()
        .flat_map(|(from, row)| columns.clone().zip(row).map(|(to, n)| ((*from, to), *n)))
        .filter(|(_, n)| *n > 0)
        .collect()
}

/// So many journeys, walked step by step.
fn walked(chain: &Steps<'static>, journeys: usize, seed: u64) -> Steps<'static> {
    let mut random = Pcg64::seed_from_u64(seed);
    let mut counted = Steps::new();
    for _ in 0..journeys {
        let mut at = START;
        while ![RESOLVED, UNRESOLVED].contains(&at) {
            let mut left = i64::from(random.next_u32() % 100);
            let next = chain.iter().filter(|((from, _), _)| *from == at).find(|(_, n)| {
                left -= **n;
                left < 0
            });
            let ((_, to), _) = next.unwrap();
            *counted.entry((at, *to)).or_default() += 1;
            at = to;
        }
    }
    counted
}

/// Counted again and again, the true ends lie within the interval of each count as often as it says.
#[test]
fn intervals_hold_the_true_ends() {
    const SEEDS: u64 = 100;
    let truth = known_chain();
    let whole = iterated(&truth, None);
    let mut held = BTreeMap::new();
    for seed in 0..SEEDS {
        let chain = Chain::new(&walked(&truth, 200_000, seed));
        let ends = intervals::ends(&chain, 1000).unwrap();
        for name in NAMES {
            let found = ends[chain.position(name).unwrap()];
            for (end, rerouted) in [(found.rerouted, true), (found.lost, false)] {
                let role = 1.0 - iterated(&truth, Some((name, rerouted))) / whole;
                *held.entry((name, rerouted)).or_insert(0) +=
                    i32::from(end.range.is_some_and(|range| range.low <= role && role <= range.high));
            }
        }
    }
    assert!(held.values().all(|n| (90..=100).contains(n)), "of {SEEDS}: {held:?}");
}
