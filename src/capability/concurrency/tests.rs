//! Against the method's example, an independent chain, and Erlang C.

use super::*;
use crate::capability::erlang;
use proptest::prelude::*;

const SPEED: [f64; 5] = [1.0, 1.7, 2.5, 2.9, 3.5];

#[track_caller]
fn near(got: f64, want: f64, relative: f64) {
    assert!((got - want).abs() <= relative * want.abs().max(1e-12), "got {got}, want {want}");
}

#[test]
fn check_numbers_of_the_method() {
    // 60 chats in half an hour of ten minutes, 80% in a minute: ten agents who hold three, 24 who hold one.
    let load = Load { per_s: 60.0 / 1800.0, handle_s: 600.0 };
    let target = Target { share: 0.8, within_s: 60.0, max_occupancy: 0.85, max_lost: 1.0 };
    assert_eq!(required(load, &SPEED[..3], target), Ok(10));
    near(chat(load, 10, &SPEED[..3], 60.0).unwrap().strict, 0.901, 1e-3);
    let spread = required_by_concurrency(load, &SPEED[..3], target);
    assert_eq!(spread.first(), Some(&(1, Ok(24))));
    assert_eq!(spread.last(), Some(&(3, Ok(10))));
    assert_eq!(spread.len(), 3);
}

/// An independent program that deals the chats out to the agents one by one, adds up their speeds and
/// sums a chain of 4,000 waiting places with the wait of each.
#[test]
fn agrees_with_the_chain_written_out() {
    #[rustfmt::skip]
    let rows = [
        (60.0 / 1800.0, 600.0, 9, 3, 60.0, 0.440_246_137_2, 0.657_135_963_6, 105.659_072_9),
        (60.0 / 1800.0, 600.0, 10, 3, 60.0, 0.163_818_071_8, 0.900_639_316_9, 19.658_168_61),
        (12.0 / 3600.0, 480.0, 2, 2, 60.0, 0.126_909_372_6, 0.898_660_807_7, 33.842_499_35),
        (100.0 / 3600.0, 400.0, 5, 5, 30.0, 0.011_958_755_21, 0.992_593_951_8, 0.748_722_065_1),
        (60.0 / 1800.0, 600.0, 24, 1, 60.0, 0.298_072_299_8, 0.800_196_162_3, 44.710_844_97),
    ];
    for (per_s, handle_s, agents, talks, within, p_wait, strict, wait) in rows {
        let got = chat(Load { per_s, handle_s }, agents, &SPEED[..talks], within).unwrap();
        near(got.p_wait, p_wait, 1e-8);
        near(got.strict, strict, 1e-8);
        near(got.mean_wait_s, wait, 1e-8);
    }
}

#[test]
fn refuses_what_cannot_be() {
    let load = Load { per_s: 0.1, handle_s: 600.0 };
    let target = Target { share: 0.8, within_s: 60.0, max_occupancy: 0.85, max_lost: 1.0 };
    assert_eq!(chat(load, 10, &[], 60.0), Err(Refusal::Impossible));
    assert_eq!(chat(load, 10, &[1.0, f64::NAN], 60.0), Err(Refusal::Impossible));
    assert_eq!(chat(load, 10, &[1.0, -1.0], 60.0), Err(Refusal::Impossible));
    assert_eq!(chat(load, 60, &[1.0], 60.0), Err(Refusal::Overload));
    assert_eq!(required(load, &[1.0], Target { share: 1.5, ..target }), Err(Refusal::Impossible));
    assert_eq!(required(load, &[1e-12], target), Err(Refusal::OutOfReach));
    assert_eq!(required(Load { per_s: 0.0, handle_s: 1.0 }, &[1.0], target), Ok(1));
}

#[test]
fn large_loads_end() {
    // 50,000 chats at once, three an agent: more than 20,000 agents, and no more than 1% above that.
    let load = Load { per_s: 50_000.0 / 600.0, handle_s: 600.0 };
    let target = Target { share: 0.8, within_s: 60.0, max_occupancy: 1.0, max_lost: 1.0 };
    let n = required(load, &SPEED[..3], target).unwrap();
    assert!((20_001..20_200).contains(&n), "{n}");
    let all = Target { share: 1.0, within_s: 0.0, ..target };
    let _ = required(Load { per_s: 1_000.0, handle_s: 1_000.0 }, &SPEED[..3], all);
}

proptest! {
    #[test]
    fn one_talk_at_a_time_is_erlang_c(
        erlangs in 0.01..60.0f64, handle_s in 10.0..2000.0f64, within in 0.0..300.0f64, spare in 1u32..20, share in 0.1..0.99f64,
    ) {
        let load = Load { per_s: erlangs / handle_s, handle_s };
        let agents = erlangs.ceil() as u32 + spare;
        let chat = chat(load, agents, &[1.0], within).unwrap();
        let call = erlang::erlang_c(load, agents, within).unwrap();
        near(chat.p_wait, call.p_wait, 1e-9);
        near(chat.strict, call.strict, 1e-9);
        near(chat.mean_wait_s, call.mean_wait_s, 1e-9);
        near(chat.occupancy, call.occupancy, 1e-12);
        let target = Target { share, within_s: within, max_occupancy: 0.9, max_lost: 1.0 };
        prop_assert_eq!(required(load, &[1.0], target), erlang::required(load, None, target));
    }

    #[test]
    fn the_search_finds_what_counting_finds(
        erlangs in 0.01..40.0f64, handle_s in 10.0..2000.0f64, within in 0.0..300.0f64, share in 0.1..0.99f64, talks in 1usize..=5,
        speed in prop::collection::vec(0.2..2.0f64, 1..5),
    ) {
        let load = Load { per_s: erlangs / handle_s, handle_s };
        let target = Target { share, within_s: within, max_occupancy: 0.85, max_lost: 1.0 };
        for speed in [&SPEED[..talks], &speed] {
            let counted = (1..).find(|n| chat(load, *n, speed, within).is_ok_and(|got| got.meets(target)));
            prop_assert_eq!(required(load, speed, target).ok(), counted);
        }
    }

    #[test]
    fn nothing_panics(
        per_s in prop_oneof![0.0..10.0f64, prop::sample::select(vec![f64::NAN, -1.0, f64::MAX, 5e-324])],
        handle_s in prop_oneof![0.0..1e4f64, prop::sample::select(vec![f64::NAN, -1.0, f64::MAX, 5e-324])],
        speed in prop::collection::vec(prop_oneof![0.1..2.0f64, prop::sample::select(vec![0.0, f64::NAN, f64::MAX, 5e-324])], 0..6),
        agents in 0u32..200, share in 0.0..=1.0f64,
    ) {
        let load = Load { per_s, handle_s };
        if let Ok(got) = chat(load, agents, &speed, 60.0) {
            for share in [got.p_wait, got.strict, got.occupancy] {
                prop_assert!((0.0..=1.0).contains(&share), "{got:?}");
            }
        }
        let _ = required(load, &speed, Target { share, within_s: 60.0, max_occupancy: 0.85, max_lost: 1.0 });
    }
}
