//! Everything that can be explained is, in both languages, within the width.
use super::*;

fn criteria() -> Criteria {
    crate::criteria::load::embedded().unwrap_or_else(|mistakes| panic!("{mistakes:?}"))
}

#[test]
fn every_id_is_explained_in_both_languages_within_80_columns() {
    let criteria = criteria();
    for (group, ids) in known_ids(&criteria) {
        assert!(!ids.is_empty(), "{group}");
        for id in ids {
            let english =
                explain(&criteria, &id, Language::English).unwrap_or_else(|| panic!("{group} {id}"));
            let italian = explain(&criteria, &id, Language::Italian).unwrap();
            assert_ne!(english, italian, "{group} {id}");
            for text in [&english, &italian] {
                assert!(text.ends_with('\n') && text.contains(&id), "{group} {id}\n{text}");
                for line in text.lines() {
                    assert!(line.width() <= 80, "{group} {id}: {line}");
                    assert_eq!(line, line.trim_end(), "{group} {id}");
                }
                assert!(
                    !text.contains("NaN") && (group != "verdicts" || !text.contains('{')),
                    "{group} {id}\n{text}"
                );
            }
        }
    }
    assert_eq!(explain(&criteria, "no-such-thing", Language::English), None);
}

#[test]
fn an_indicator_shows_knots_weight_floor_and_remedy() {
    // The figures of `covered` as the method gives them: .7:0 .9:50 1:100, weight 3 of 9 (3+1+2+1+1+1), floor 30.
    let text = explain(&criteria(), "covered", Language::English).unwrap();
    for wanted in [
        "reading   points",
        "    70%        0",
        "    90%       50",
        "   100%      100",
        "3 of 9",
        "30 points, only for candidates",
        "share from 0% to 100%, per channel",
        "(medium) Move shifts",
        "95% → 75",
        "criteria/capability.yaml:",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    let parity = explain(&criteria(), "parity", Language::English).unwrap();
    assert!(parity.contains("at most 10%"), "{parity}");
    let ratio = explain(&criteria(), "promise-kept", Language::Italian).unwrap();
    assert!(ratio.contains("0,8") && ratio.contains("0 in su"), "{ratio}");
}

#[test]
fn an_id_of_two_things_tells_both() {
    let text = explain(&criteria(), "context", Language::English).unwrap();
    assert!(text.contains("indicator of Appropriate") && text.contains("gate · ready to open"), "{text}");
    let text = explain(&criteria(), "census", Language::English).unwrap();
    assert!(text.contains("completeness of the census") && text.contains("gate"), "{text}");
}

#[test]
fn a_verdict_tells_its_rule_with_the_numbers_of_the_file() {
    let text = explain(&criteria(), "merge", Language::English).unwrap();
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(flat.contains("covers 80% of its contacts") && flat.contains("under 50 points"), "{text}");
}

#[test]
fn a_kind_tells_traits_promise_duty_and_dated_benchmarks() {
    let text = explain(&criteria(), "pec", Language::English).unwrap();
    assert!(text.contains("a law may require it in IT"), "{text}");
    let text = explain(&criteria(), "whatsapp", Language::English).unwrap();
    assert!(text.contains("90% in 15 min (open hours)") && text.contains("within 24 hours"), "{text}");
    let text = explain(&criteria(), "review_platform", Language::English).unwrap();
    assert!(text.contains("one cannot drop"), "{text}");
}

#[test]
fn texts_from_files_cannot_steer_the_terminal() {
    let mut criteria = criteria();
    criteria.gates[0].source = "a\u{1b}[31mb".to_owned();
    let id = criteria.gates[0].id.clone();
    let text = explain(&criteria, &id, Language::English).unwrap();
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_long_word_is_cut_and_nothing_is_lost() {
    let lines = wrap(&format!("ab {}", "x".repeat(25)), 10);
    assert!(lines.iter().all(|line| line.width() <= 10), "{lines:?}");
    assert_eq!(lines.concat().replace(' ', "").len(), 27);
}
