//! From contacts to who came back: customers, episodes, classes. The SQL twin of `episode`: everything is
//! a column of the contact itself, so that one aggregation makes the table.

use super::dialect::text;
use super::{Cte, DAY, Plan, list_of, select};
use crate::inventory::Role;

/// A later contact of the episode as one text: place, timed, day, instant, channel. The least is the next.
const NEXT: &str =
    "@pad(g.person_place, 9) || @text(g.timed) || @pad(g.at_day, 7) || @pad(g.at_ms, 15) || g.channel";

/// All of it, ending in `marked_episodes`.
pub(super) fn episodes(plan: &Plan<'_>) -> Vec<Cte> {
    let star = |alias: &str| (format!("{alias}.*"), String::new());
    let mut out = vec![persons(plan), visits(plan), people(plan)];
    let topic = "PARTITION BY p.person, p.apart, p.topic ORDER BY p.person_place";
    let lag = |name: &str| format!("@lag(p.{name}) OVER ({topic})");
    let mut beside = vec![
        star("p"),
        (lag("at_ms"), "before_ms".into()),
        (lag("at_day"), "before_day".into()),
        (lag("timed"), "before_timed".into()),
        (format!("@lead(p.channel) OVER ({topic})"), "next_channel".into()),
    ];
    if plan.has(Role::Repeated) {
        beside.push((format!("@lead(p.repeated) OVER ({topic})"), "next_repeated".into()));
    }
    out.push(Cte::new(
        "neighbours",
        "The contact before and the one after, of one customer (and reason).",
        select(&beside, "people AS p"),
    ));
    out.push(Cte::new(
        "gaps",
        "Milliseconds since the contact before.",
        select(
            &[
                star("n"),
                (
                    format!(
                        "CASE WHEN n.before_timed = 1 AND n.timed = 1 THEN n.at_ms - n.before_ms ELSE (n.at_day - n.before_day) * {DAY} END"
                    ),
                    "gap_before".into(),
                ),
            ],
            "neighbours AS n",
        ),
    ));
    let topic = "PARTITION BY g.person, g.apart, g.topic ORDER BY g.person_place";
    let mut columns = vec![star("g"), (format!("@lead(g.gap_before) OVER ({topic})"), "gap_after".into())];
    for days in &plan.windows {
        columns.push((
            format!(
                "SUM(CASE WHEN g.gap_before <= {} THEN 0 ELSE 1 END)\n        OVER ({topic} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)",
                i64::from(*days) * DAY
            ),
            format!("episode_{days}"),
        ));
    }
    out.push(Cte::new(
        "episodes",
        "A contact that follows the one before within the window is of the same episode.",
        select(&columns, "gaps AS g"),
    ));
    out.push(ended(plan));
    out.push(nexts(plan));
    out.push(returns(plan));
    out
}

fn window_ms(days: u32) -> i64 {
    i64::from(days).saturating_mul(DAY)
}

fn persons(plan: &Plan<'_>) -> Cte {
    let begun = "f.kind = 'contact' AND f.duplicate = 0 AND f.channel <> '' AND f.direction <> 2";
    let topic = if plan.by_reason { "f.reason" } else { "''" };
    let mut columns = vec![
        ("f.*".to_owned(), String::new()),
        (format!("CASE WHEN {begun} THEN f.customer ELSE '' END"), "person".into()),
        (format!("CASE WHEN {begun} AND f.customer <> '' THEN -1 ELSE COALESCE(f.at_ms, 0) END"), "apart".into()),
        (topic.to_owned(), "topic".into()),
        (
            format!(
                "CASE WHEN {begun} AND (f.got_answer = 1 OR (f.got_answer IS NULL AND COALESCE(f.gave_up, 0) = 0)) THEN 1 ELSE 0 END"
            ),
            "counts".into(),
        ),
        (
            "CASE WHEN COALESCE(f.resolved, 1) = 0 OR COALESCE(f.gave_up, 0) = 1 OR COALESCE(f.got_answer, 1) = 0 THEN 0 ELSE 1 END"
                .into(),
            "ends_resolved".into(),
        ),
    ];
    for days in &plan.windows {
        columns.push((
            format!(
                "CASE WHEN f.timed = 1 AND f.end_timed = 1 THEN CASE WHEN f.at_ms + {} <= f.end_ms THEN 1 ELSE 0 END\n        WHEN @div(f.end_at, {DAY}) - f.at_day >= {days} THEN 1 ELSE 0 END",
                window_ms(*days)
            ),
            format!("seen_{days}"),
        ));
    }
    Cte::new(
        "persons",
        "Who stands in episodes: identified contacts begun by the customer. apart: spreads the others over\nmany partitions. counts: answered, or not known to be unanswered. seen_n: the log goes on for n days.",
        select(&columns, "fates AS f"),
    )
}

fn visits(plan: &Plan<'_>) -> Cte {
    let heavy = plan.criteria.defaults.heavy_contacts;
    let of_person = "PARTITION BY p.person, p.apart";
    let lead = |name: &str| {
        format!("@lead(p.{name}, {heavy}) OVER ({of_person}, p.is_contact ORDER BY p.at_ms, p.tie)")
    };
    Cte::new(
        "visits",
        &format!("The order of one customer's contacts, and the one {heavy} contacts later."),
        select(
            &[
                ("p.*".to_owned(), String::new()),
                (format!("ROW_NUMBER() OVER ({of_person} ORDER BY p.at_ms, p.tie)"), "person_place".into()),
                (
                    format!("ROW_NUMBER() OVER ({of_person}, p.channel ORDER BY p.at_ms, p.tie)"),
                    "channel_place".into(),
                ),
                (lead("at_ms"), "later_ms".into()),
                (lead("at_day"), "later_day".into()),
                (lead("timed"), "later_timed".into()),
            ],
            "persons AS p",
        ),
    )
}

fn people(plan: &Plan<'_>) -> Cte {
    let of_person = "OVER (PARTITION BY v.person, v.apart)";
    let window = window_ms(plan.window_days());
    Cte::new(
        "people",
        "Customers: their segment (the first known), how many contacts, through one channel alone or several;\nheavy: more contacts in the window than one person has.",
        select(
            &[
                ("v.*".to_owned(), String::new()),
                (
                    format!(
                        "@bytes(COALESCE(SUBSTR(MIN(CASE WHEN v.segment <> '' THEN @pad(v.person_place, 9) || v.segment END) {of_person}, 10), ''))"
                    ),
                    "person_segment".into(),
                ),
                (format!("SUM(v.is_contact) {of_person}"), "talked".into()),
                (
                    format!(
                        "CASE WHEN MIN(CASE WHEN v.is_contact = 1 THEN v.channel END) {of_person}\n        = MAX(CASE WHEN v.is_contact = 1 THEN v.channel END) {of_person} THEN 1 ELSE 0 END"
                    ),
                    "one_channel".into(),
                ),
                (
                    format!(
                        "MAX(CASE WHEN v.person = '' OR v.is_contact = 0 OR v.later_ms IS NULL THEN 0\n        WHEN v.timed = 1 AND v.later_timed = 1 THEN CASE WHEN v.later_ms - v.at_ms <= {window} THEN 1 ELSE 0 END\n        WHEN (v.later_day - v.at_day) * {DAY} <= {window} THEN 1 ELSE 0 END) {of_person}"
                    ),
                    "is_heavy".into(),
                ),
            ],
            "visits AS v",
        ),
    )
}

/// Touchpoints that take several contacts as planned.
fn expected(plan: &Plan<'_>) -> Vec<(String, u32)> {
    plan.inventory
        .touchpoints
        .iter()
        .filter(|t| t.expected_contacts > 1)
        .map(|t| (t.id.clone(), t.expected_contacts))
        .collect()
}

fn ended(plan: &Plan<'_>) -> Cte {
    let mut columns = vec![("e.*".to_owned(), String::new())];
    for days in &plan.windows {
        let window = window_ms(*days);
        let of = format!("PARTITION BY e.person, e.apart, e.topic, e.episode_{days}");
        columns.push((
            format!(
                "MAX(CASE WHEN e.person = '' OR e.is_heavy = 1 OR e.gap_after <= {window} THEN 0 ELSE e.seen_{days} END) OVER ({of})"
            ),
            format!("ended_{days}"),
        ));
        if !expected(plan).is_empty() {
            columns.push((
                format!("ROW_NUMBER() OVER ({of}, e.touchpoint ORDER BY e.person_place)"),
                format!("planned_{days}"),
            ));
        }
    }
    let days = plan.window_days();
    let window = window_ms(days);
    let of = format!("PARTITION BY e.person, e.apart, e.topic, e.episode_{days}");
    for name in ["channel", "touchpoint"] {
        columns.push((
            format!("MAX(CASE WHEN e.gap_before <= {window} THEN NULL ELSE e.{name} END) OVER ({of})"),
            format!("first_{name}"),
        ));
    }
    columns.push((
        format!("MAX(CASE WHEN e.gap_after <= {window} THEN NULL ELSE e.ends_resolved END) OVER ({of})"),
        "episode_resolved".into(),
    ));
    columns.push((format!("MAX(e.person_place) OVER ({of})"), "episode_end".into()));
    columns.push((
        format!("ROW_NUMBER() OVER ({of}, e.channel ORDER BY e.person_place)"),
        "channel_in_episode".into(),
    ));
    Cte::new(
        "endings",
        "Episodes that have ended: the log goes on long enough after their last contact.",
        select(&columns, "episodes AS e"),
    )
}

/// The next contact that was not planned, and the next contact with a person.
fn nexts(plan: &Plan<'_>) -> Cte {
    let mut columns = vec![("g.*".to_owned(), String::new())];
    let expected = expected(plan);
    for days in &plan.windows {
        let following = format!(
            "OVER (PARTITION BY g.person, g.apart, g.topic, g.episode_{days} ORDER BY g.person_place\n        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)"
        );
        if !expected.is_empty() {
            let planned: Vec<String> = expected
                .iter()
                .map(|(id, k)| {
                    format!("(g.touchpoint = {} AND g.planned_{days} BETWEEN 2 AND {k})", text(id))
                })
                .collect();
            columns.push((
                format!("MIN(CASE WHEN NOT ({}) THEN {NEXT} END) {following}", planned.join(" OR ")),
                format!("unplanned_{days}"),
            ));
        }
        if plan.tells_containment() {
            columns.push((
                format!("MIN(CASE WHEN g.is_contact = 1 THEN {NEXT} END) {following}"),
                format!("person_{days}"),
            ));
        }
    }
    Cte::new(
        "nexts",
        "What follows in the episode: place, timed, day, instant and channel of the next contact as one text.",
        select(&columns, "endings AS g"),
    )
}

fn returns(plan: &Plan<'_>) -> Cte {
    let days = plan.window_days();
    let window = window_ms(days);
    let touches = format!("CASE WHEN x.ended_{days} = 1 AND x.channel_in_episode = 1 THEN 1 ELSE 0 END");
    let begins = format!(
        "CASE WHEN x.ended_{days} = 1 AND NOT (x.gap_before <= {window} AND x.gap_before IS NOT NULL) THEN 1 ELSE 0 END"
    );
    let by_channel = format!(
        "OVER (PARTITION BY x.person, x.apart, x.channel, {touches} ORDER BY x.episode_end DESC, x.person_place)"
    );
    let by_person = format!(
        "OVER (PARTITION BY x.person, x.apart, {begins} ORDER BY x.episode_end DESC, x.person_place)"
    );
    Cte::new(
        "returns",
        "Ended episodes of each customer, the latest first: in each channel that they touch, and in all.",
        select(
            &[
                ("x.*".to_owned(), String::new()),
                (touches, "touches".into()),
                (begins, "begins_episode".into()),
                (format!("ROW_NUMBER() {by_channel}"), "channel_return".into()),
                (format!("@lag(x.episode_resolved) {by_channel}"), "channel_later_resolved".into()),
                (format!("ROW_NUMBER() {by_person}"), "person_return".into()),
                (format!("@lag(x.episode_resolved) {by_person}"), "person_later_resolved".into()),
            ],
            "nexts AS x",
        ),
    )
}

/// A condition: the contact of one of the texts of [`nexts`] follows within the window.
fn follows(column: &str, days: u32) -> String {
    let part = |from: u8, length: u8| format!("@int(SUBSTR(r.{column}, {from}, {length}))");
    format!(
        "(CASE WHEN r.{column} IS NULL THEN 0\n            WHEN r.timed = 1 AND SUBSTR(r.{column}, 10, 1) = '1' THEN CASE WHEN {} - r.at_ms <= {} THEN 1 ELSE 0 END\n            WHEN {} - r.at_day <= {days} THEN 1 ELSE 0 END = 1)",
        part(18, 15),
        window_ms(days),
        part(11, 7)
    )
}

/// The class of a contact in a window.
pub(super) fn class(plan: &Plan<'_>, days: u32) -> String {
    let (next, same) = if expected(plan).is_empty() {
        (format!("r.gap_after <= {}", window_ms(days)), "r.next_channel = r.channel".to_owned())
    } else {
        let column = format!("unplanned_{days}");
        (follows(&column, days), format!("SUBSTR(r.{column}, 33) = r.channel"))
    };
    format!(
        "CASE WHEN r.counts = 0 THEN NULL WHEN r.person = '' THEN 'anonymous' WHEN r.is_heavy = 1 THEN 'heavy'\n        WHEN r.seen_{days} = 0 THEN 'censored'\n        WHEN {next} THEN CASE WHEN {same} THEN 'same' ELSE 'other' END\n        WHEN r.resolved = 0 THEN 'unresolved' WHEN r.transferred_to <> '' THEN 'handed-over' ELSE 'clear' END"
    )
}

/// Whether a machine kept the contact, in a window.
pub(super) fn contained(plan: &Plan<'_>, days: u32) -> String {
    let entries = list_of("r.entry", &plan.entries_with(&[Role::TransferredTo]));
    format!(
        "CASE WHEN r.counts = 0 OR r.person = '' OR r.is_heavy = 1 OR r.seen_{days} = 0 OR r.automated = 0 OR NOT ({entries}) THEN NULL\n        WHEN r.transferred_to <> '' THEN 'not-contained'\n        WHEN {} THEN 'contained-followed' ELSE 'contained-clear' END",
        follows(&format!("person_{days}"), days)
    )
}

/// Where an ended episode goes from this contact.
pub(super) fn step(days: u32) -> String {
    format!(
        "CASE WHEN r.ended_{days} = 0 THEN NULL WHEN r.gap_after <= {} THEN r.next_channel\n        WHEN r.ends_resolved = 1 THEN 'RESOLVED' ELSE 'UNRESOLVED' END",
        window_ms(days)
    )
}

/// The channel in which an ended episode starts, at its first contact.
pub(super) fn start(days: u32) -> String {
    format!(
        "CASE WHEN r.ended_{days} = 0 OR r.gap_before <= {} THEN NULL ELSE r.channel END",
        window_ms(days)
    )
}
