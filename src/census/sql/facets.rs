//! From contacts to the table: one aggregation by grouping sets, unfolded into the rows of the census.

use super::dialect::text;
use super::episodes::{class, contained, start, step};
use super::{Cte, Plan, select};
use crate::census::finish::{digest, key_word, promise_words};
use crate::census::histogram::bucket;
use crate::census::table::{COLUMN_NAMES, Facet, VERSION};
use crate::inventory::{EpisodeKey, Role};

/// The bucket of milliseconds, by integer bounds.
fn histogram(ms: &str) -> String {
    let mut out = format!("CASE WHEN {ms} IS NULL THEN NULL WHEN {ms} < 16000 THEN @div({ms}, 1000)");
    // Octaves of seconds from 16 to 2^40.
    for octave in 0..36_u32 {
        if octave % 2 == 0 {
            out.push_str("\n        ");
        }
        let (from, width) = (16_i64 << octave, 2_i64 << octave);
        out.push_str(&format!(
            " WHEN {ms} < {} THEN {} + @div({ms}, {})",
            from * 2000,
            i64::from(bucket(from * 1000)) - 8,
            width * 1000
        ));
    }
    // A bucket more than the last: no duration is that long.
    out.push_str(&format!(" ELSE {} END", bucket((16_i64 << 36) * 1000)));
    out
}

/// What each column of the census sums: of a contact, and of a row that counts several (else 0).
fn sums(plan: &Plan<'_>) -> Vec<(&'static str, Option<String>)> {
    let counts = plan.has(Role::Count);
    let n = if counts { "CASE WHEN r.kind = 'aggregate' THEN r.row_count ELSE 1 END" } else { "1" };
    // Of a contact; and of a row that stands for several.
    let both = |one: String, many: &str| {
        if counts { format!("CASE WHEN r.kind = 'aggregate' THEN {many} ELSE {one} END") } else { one }
    };
    let is = |test: &str| format!("CASE WHEN {test} THEN 1 ELSE 0 END");
    let each = |test: &str| format!("CASE WHEN {test} THEN {n} ELSE 0 END");
    let within = |column: &str| {
        format!(
            "CASE WHEN COALESCE({column}, 0) > r.row_count THEN r.row_count ELSE COALESCE({column}, 0) END"
        )
    };
    let some = |role: Role, sum: String| plan.has(role).then_some(sum);
    let known = |column: &str| format!("CASE WHEN {column} IS NULL THEN 0 ELSE r.row_count END");
    let all_answered = "r.answered_count >= r.row_count";
    COLUMN_NAMES
        .iter()
        .map(|column| {
            let sum = match *column {
                "contacts" => Some(n.to_owned()),
                "identified" => some(Role::Customer, both(is("r.customer <> ''"), "0")),
                "answered" => Some(both(is("r.got_answer = 1"), &within("r.answered_count"))),
                "answered_known" => Some(both(is("r.got_answer IS NOT NULL"), &known("r.answered_count"))),
                "abandoned" => Some(both(is("r.gave_up = 1"), &within("r.abandoned_count"))),
                "abandoned_in_promise" => Some(both("r.gave_up_in_promise".into(), "0")),
                "abandoned_short" => Some(both("r.gave_up_soon".into(), "0")),
                "wait_ms" => {
                    Some(both("COALESCE(r.waited_ms, 0)".into(), "COALESCE(r.wait_ms, 0) * r.row_count"))
                }
                "wait_known" => Some(both(is("r.waited_ms IS NOT NULL"), &known("r.wait_ms"))),
                "wait_answered_ms" => Some(both(
                    "CASE WHEN r.got_answer = 1 THEN COALESCE(r.waited_ms, 0) ELSE 0 END".into(),
                    &format!("CASE WHEN {all_answered} THEN COALESCE(r.wait_ms, 0) * r.row_count ELSE 0 END"),
                )),
                "wait_answered_known" => Some(both(
                    is("r.got_answer = 1 AND r.waited_ms IS NOT NULL"),
                    &format!(
                        "CASE WHEN {all_answered} AND r.wait_ms IS NOT NULL THEN r.row_count ELSE 0 END"
                    ),
                )),
                "handle_ms" => some(
                    Role::Handle,
                    both("COALESCE(r.handled_ms, 0)".into(), "COALESCE(r.handle_ms, 0) * r.row_count"),
                ),
                "handle_known" => {
                    some(Role::Handle, both(is("r.handled_ms IS NOT NULL"), &known("r.handle_ms")))
                }
                "resolved" => some(Role::Resolved, both(is("r.resolved = 1"), &within("r.resolved_count"))),
                "resolved_known" => {
                    some(Role::Resolved, both(is("r.resolved IS NOT NULL"), &known("r.resolved_count")))
                }
                "satisfied" => some(Role::Satisfaction, each("r.satisfied = 1")),
                "satisfaction_known" => some(Role::Satisfaction, each("r.satisfied IS NOT NULL")),
                "promoters" => some(Role::Nps, each("r.nps >= 9")),
                "detractors" => some(Role::Nps, each("r.nps <= 6")),
                "nps_known" => some(Role::Nps, each("r.nps IS NOT NULL")),
                "promise_kept" => {
                    Some(both(is("r.kept = 1"), "CASE WHEN r.on_time = 1 THEN r.row_count ELSE 0 END"))
                }
                "promise_known" => Some(both(is("r.kept IS NOT NULL"), &known("r.on_time"))),
                "transferred" => some(Role::TransferredTo, each("r.transferred_to <> ''")),
                "opened" => some(Role::Opened, each("r.opened = 1")),
                "opened_known" => some(Role::Opened, each("r.opened IS NOT NULL")),
                "opted_out" => some(Role::OptedOut, each("r.opted_out = 1")),
                "repeated" => some(Role::Repeated, each("r.repeated = 1")),
                "repeated_known" => some(Role::Repeated, each("r.repeated IS NOT NULL")),
                "cost_minor" => some(Role::Cost, "COALESCE(r.cost_minor, 0)".into()),
                "cost_known" => some(Role::Cost, each("r.cost_minor IS NOT NULL")),
                "revenue_minor" => some(Role::Revenue, "COALESCE(r.revenue_minor, 0)".into()),
                "revenue_known" => some(Role::Revenue, each("r.revenue_minor IS NOT NULL")),
                _ => None,
            };
            (*column, sum)
        })
        .collect()
}

/// A set of keys by which contacts are grouped: its label, the key that no other set has, the others.
struct Set {
    label: String,
    key: String,
    with: Vec<String>,
}

impl Set {
    fn new(label: &str, key: &str, with: &[&str]) -> Self {
        Self {
            label: label.to_owned(),
            key: key.to_owned(),
            with: with.iter().map(|w| (*w).to_owned()).collect(),
        }
    }
}

fn sets(plan: &Plan<'_>) -> Vec<Set> {
    let mut sets = vec![
        Set::new("slot", "day", &["channel", "hour"]),
        Set::new("use", "direction_word", &["channel", "touchpoint", "reason", "segment"]),
        Set::new("wait", "wait_bucket", &["channel", "ending", "touchpoint"]),
    ];
    if plan.has(Role::Handle) {
        sets.push(Set::new("handle", "handle_bucket", &["channel", "ending", "touchpoint"]));
    }
    for days in &plan.windows {
        let configured = *days == plan.window_days();
        let reason: &[&str] =
            if configured { &["channel", "touchpoint", "reason"] } else { &["channel", "touchpoint"] };
        sets.push(Set::new("followup", &format!("class_{days}"), reason));
        if plan.tells_containment() {
            sets.push(Set::new("followup", &format!("contained_{days}"), reason));
        }
        let reason: &[&str] = if configured { &["channel", "reason"] } else { &["channel"] };
        sets.push(Set::new("step", &format!("step_{days}"), reason));
        let reason: &[&str] = if configured { &["reason"] } else { &[] };
        sets.push(Set::new("start", &format!("start_{days}"), reason));
    }
    sets.push(Set::new("entry", "entry_channel", &["channel", "entry_touchpoint"]));
    sets.push(Set::new("entered", "entered", &["touchpoint"]));
    sets.push(Set::new("reach", "reach_channel", &["person_segment"]));
    sets.push(Set::new("customers", "customers_of", &["person_segment"]));
    sets.push(Set::new("returning", "returning_to", &["person_segment"]));
    sets.push(Set::new("reach_all", "reach_all", &["person_segment"]));
    sets.push(Set::new("customers_all", "customers_all", &["person_segment"]));
    sets.push(Set::new("returning_all", "returning_all", &["person_segment"]));
    if plan.has(Role::TransferredTo) {
        sets.push(Set::new("transfer", "handed_to", &["channel"]));
    }
    sets.push(Set::new("rejected", "rejected_for", &[]));
    sets.push(Set::new("unlisted", "unlisted", &[]));
    if plan.ignores() {
        sets.push(Set::new("ignored", "ignored_key", &["ignored_value"]));
    }
    if plan.has(Role::ContactId) {
        sets.push(Set::new("duplicate", "duplicate_label", &["channel"]));
    }
    if plan.has(Role::Conversation) {
        sets.push(Set::new("conversation_only", "conversation_only", &[]));
    }
    sets
}

/// Every key of a contact, NULL where it has none.
fn marked(plan: &Plan<'_>) -> Cte {
    let days = plan.window_days();
    let counted = "r.kind IN ('contact', 'aggregate') AND r.duplicate = 0";
    let listed = format!("{counted} AND r.channel <> ''");
    let single = "r.kind = 'contact' AND r.duplicate = 0 AND r.channel <> ''";
    let when = |test: &str, value: &str| format!("CASE WHEN {test} THEN {value} END");
    let mut columns: Vec<(String, String)> =
        ["channel", "touchpoint", "reason", "segment", "person_segment", "ignored_value"]
            .iter()
            .map(|c| (format!("r.{c}"), (*c).to_owned()))
            .collect();
    let mut add = |value: String, name: &str| columns.push((value, name.to_owned()));
    add(when(&listed, "r.at_day"), "day");
    add("CASE WHEN r.timed = 1 THEN @div(MOD(r.at_local, 86400000), 3600000) ELSE -1 END".into(), "hour");
    add(
        when(
            &listed,
            "CASE r.direction WHEN 1 THEN 'from-customer' WHEN 2 THEN 'from-organisation' ELSE '' END",
        ),
        "direction_word",
    );
    add(
        "CASE WHEN r.gave_up = 1 THEN 'abandoned' WHEN r.got_answer = 1 THEN 'answered' ELSE '' END".into(),
        "ending",
    );
    add(when(single, &histogram("r.waited_ms")), "wait_bucket");
    add(when(single, &histogram("r.handled_ms")), "handle_bucket");
    for window in &plan.windows {
        add(class(plan, *window), &format!("class_{window}"));
        if plan.tells_containment() {
            add(contained(plan, *window), &format!("contained_{window}"));
        }
        add(step(*window), &format!("step_{window}"));
        add(start(*window), &format!("start_{window}"));
    }
    let ended = format!("r.ended_{days} = 1");
    add(when(&ended, "r.first_channel"), "entry_channel");
    add(when(&ended, "r.first_touchpoint"), "entry_touchpoint");
    add(start(days), "entered");
    add(when("r.touches = 1", "r.channel"), "reach_channel");
    add(when("r.begins_episode = 1", "1"), "reach_all");
    add(when("r.person <> '' AND r.channel_place = 1", "r.channel"), "customers_of");
    add(when("r.person <> '' AND r.person_place = 1", "1"), "customers_all");
    add(when("r.touches = 1 AND r.channel_return = 2", "r.channel"), "returning_to");
    add(when("r.begins_episode = 1 AND r.person_return = 2", "1"), "returning_all");
    add(when(&format!("{single} AND r.transferred_to <> ''"), "r.transferred_to"), "handed_to");
    add(when("r.kind = 'rejected'", "r.cause"), "rejected_for");
    add(when(&format!("{counted} AND r.channel = ''"), "r.label"), "unlisted");
    add(when("r.kind = 'ignored'", "r.ignored_column"), "ignored_key");
    add(when("r.duplicate = 1", "r.label"), "duplicate_label");
    add(
        when(&format!("{single} AND r.customer = '' AND r.conversation <> ''"), "r.channel"),
        "conversation_only",
    );
    for (name, sum) in sums(plan) {
        if let Some(sum) = sum {
            add(format!("@big({sum})"), name);
        }
    }
    if plan.has(Role::Repeated) {
        add("@big(CASE WHEN r.next_repeated = 1 THEN 1 ELSE 0 END)".into(), "next_repeated");
        add("@big(CASE WHEN r.next_repeated IS NULL THEN 0 ELSE 1 END)".into(), "next_repeated_known");
    }
    // Of customers; of all.
    add("CASE WHEN r.talked >= 3 THEN 1 ELSE 0 END".into(), "often");
    add("r.is_contact".into(), "is_contact");
    add("CASE WHEN r.talked >= 3 AND r.one_channel = 1 THEN 1 ELSE 0 END".into(), "sole");
    add(
        "CASE WHEN r.episode_resolved = 0 AND r.channel_later_resolved = 0 THEN 1 ELSE 0 END".into(),
        "failed_twice",
    );
    add(
        "CASE WHEN r.episode_resolved = 0 AND r.person_later_resolved = 0 THEN 1 ELSE 0 END".into(),
        "failed_twice_all",
    );
    add("r.episode_resolved".into(), "episode_resolved");
    let rows = "(1 + r.merged)";
    add(format!("CASE WHEN r.kind = 'outside' THEN 0 ELSE {rows} END"), "rows_read");
    add(format!("CASE WHEN r.kind = 'outside' THEN {rows} ELSE 0 END"), "rows_outside");
    add("r.clock_gap".into(), "clock_gaps");
    add("r.clock_fold".into(), "clock_folds");
    for word in plan.merge_words() {
        add(format!("CASE WHEN r.joined_by = '{word}' THEN r.merged ELSE 0 END"), &format!("merged_{word}"));
    }
    add("CASE WHEN r.kind IN ('contact', 'aggregate', 'ignored') THEN r.at_day END".into(), "period_day");
    add("CASE WHEN r.person <> '' THEN 1 ELSE 0 END".into(), "with_person");
    add("CASE WHEN r.person <> '' AND r.reason = '' THEN 1 ELSE 0 END".into(), "without_reason");
    add(
        "CASE WHEN r.person <> '' AND r.person_place = 1 AND r.is_heavy = 1 THEN 1 ELSE 0 END".into(),
        "heavy_ids",
    );
    Cte::new(
        "marked",
        "Every contact with the keys under which it is counted, NULL where it is not.",
        select(&columns, "returns AS r"),
    )
}

/// Sums of the whole log: column of `marked`, and how it is put together.
const TOTALS: [&str; 7] =
    ["rows_read", "rows_outside", "clock_gaps", "clock_folds", "with_person", "without_reason", "heavy_ids"];

fn cells(plan: &Plan<'_>) -> Cte {
    let sets = sets(plan);
    let mut keys: Vec<String> = Vec::new();
    let mut label = "CASE".to_owned();
    let mut groups = Vec::new();
    for set in &sets {
        let key = &set.key;
        // What a set has no key for is not counted in it.
        label.push_str(&format!(
            "\n        WHEN GROUPING(m.{key}) = 0 THEN CASE WHEN m.{key} IS NOT NULL THEN '{}' END",
            set.label
        ));
        let mut names: Vec<String> = set.with.clone();
        names.push(key.clone());
        groups
            .push(format!("    ({})", names.iter().map(|n| format!("m.{n}")).collect::<Vec<_>>().join(", ")));
        for name in names {
            if !keys.contains(&name) {
                keys.push(name);
            }
        }
    }
    groups.push("    ()".to_owned());
    label.push_str("\n        ELSE 'total' END");
    let mut columns = vec![(label, "label".to_owned())];
    columns.extend(keys.iter().map(|k| (format!("m.{k}"), k.clone())));
    for (name, sum) in self::sums(plan) {
        if sum.is_some() {
            columns.push((format!("@sum(m.{name})"), name.to_owned()));
        }
    }
    if plan.has(Role::Repeated) {
        for name in ["next_repeated", "next_repeated_known"] {
            columns.push((format!("@sum(m.{name})"), name.to_owned()));
        }
    }
    columns.push(("@sum(m.often)".into(), "often".into()));
    columns.push(("@sum(m.often * m.is_contact)".into(), "often_here".into()));
    columns.push(("@sum(m.sole)".into(), "sole".into()));
    columns.push(("@sum(m.sole * m.is_contact)".into(), "sole_here".into()));
    columns.push(("@sum(m.failed_twice)".into(), "failed_twice".into()));
    columns.push(("@sum(m.failed_twice_all)".into(), "failed_twice_all".into()));
    columns.push(("@sum(m.episode_resolved)".into(), "episodes_resolved".into()));
    columns.extend(TOTALS.iter().map(|t| (format!("@sum(m.{t})"), (*t).to_owned())));
    columns.extend(plan.merge_words().iter().map(|w| (format!("@sum(m.merged_{w})"), format!("merged_{w}"))));
    columns.push(("MIN(m.period_day)".into(), "first_day".into()));
    columns.push(("MAX(m.period_day)".into(), "last_day".into()));
    Cte::new(
        "cells",
        "One aggregation for all facets; each set has a key that no other set has.",
        format!("{}\nGROUP BY GROUPING SETS (\n{}\n)", select(&columns, "marked AS m"), groups.join(",\n")),
    )
}

/// A row that a cell is unfolded into: a test, its place among the pieces, and what is written.
struct Piece {
    test: String,
    facet: &'static str,
    /// Channel and four keys.
    keys: [String; 5],
    /// Replaces `contacts`.
    contacts: Option<String>,
    /// Replaces other sums; the rest is 0.
    sums: PieceSums,
}

/// Which sums a piece has beside `contacts`.
enum PieceSums {
    All,
    None,
    Resolved,
    Identified(String),
}

fn piece(test: &str, facet: &'static str, keys: &[&str], contacts: Option<&str>) -> Piece {
    let mut all: [String; 5] = std::array::from_fn(|_| "''".to_owned());
    for (place, key) in all.iter_mut().zip(keys) {
        (*key).clone_into(place);
    }
    Piece {
        test: test.to_owned(),
        facet,
        keys: all,
        contacts: contacts.map(str::to_owned),
        sums: PieceSums::None,
    }
}

fn pieces(plan: &Plan<'_>) -> Vec<Piece> {
    let mut out = Vec::new();
    let with_all = |mut piece: Piece| {
        piece.sums = PieceSums::All;
        piece
    };
    let cell = |label: &str| format!("c.label = '{label}' AND p.n = 1");
    out.push(with_all(piece(
        &cell("slot"),
        "slot",
        &["c.channel", "@date(c.day)", "CASE WHEN c.hour < 0 THEN '' ELSE @text(c.hour) END"],
        None,
    )));
    out.push(with_all(piece(
        &cell("use"),
        "use",
        &["c.channel", "c.touchpoint", "c.reason", "c.segment", "c.direction_word"],
        None,
    )));
    out.push(piece(
        &cell("wait"),
        "wait",
        &["c.channel", "@text(c.wait_bucket)", "c.ending", "c.touchpoint"],
        None,
    ));
    if plan.has(Role::Handle) {
        out.push(piece(
            &cell("handle"),
            "handle",
            &["c.channel", "@text(c.handle_bucket)", "c.ending", "c.touchpoint"],
            None,
        ));
    }
    for days in &plan.windows {
        let window = format!("'{days}'");
        let reason = if *days == plan.window_days() { "c.reason" } else { "''" };
        let mut classes = vec![format!("c.class_{days}")];
        if plan.tells_containment() {
            classes.push(format!("c.contained_{days}"));
        }
        for class in classes {
            out.push(piece(
                &format!("{} AND {class} IS NOT NULL", cell("followup")),
                "followup",
                &["c.channel", &window, "c.touchpoint", reason, &class],
                None,
            ));
        }
        let step = format!("c.step_{days}");
        out.push(piece(
            &format!("{} AND {step} IS NOT NULL", cell("step")),
            "step",
            &["c.channel", &step, &window, reason],
            None,
        ));
        let start = format!("c.start_{days}");
        out.push(piece(
            &format!("{} AND {start} IS NOT NULL", cell("start")),
            "step",
            &["'START'", &start, &window, reason],
            None,
        ));
    }
    out.push(with_all(piece(
        &cell("entry"),
        "entry",
        &["c.entry_channel", "c.channel", "c.entry_touchpoint"],
        None,
    )));
    let mut entered = piece(&cell("entered"), "entry", &["c.entered", "''", "c.touchpoint"], None);
    entered.sums = PieceSums::Resolved;
    out.push(entered);
    out.push(piece(&cell("reach"), "reach", &["c.reach_channel", "c.person_segment"], None));
    out.push(piece(&cell("reach_all"), "reach", &["''", "c.person_segment"], None));
    for (n, who, here, all) in [
        (1, "all", "c.contacts", "c.contacts"),
        (2, "three-or-more", "c.often_here", "c.often"),
        (3, "sole", "c.sole_here", "c.sole"),
    ] {
        let who = format!("'{who}'");
        for (label, channel, count) in [("customers", "c.customers_of", here), ("customers_all", "''", all)] {
            out.push(piece(
                &format!("c.label = '{label}' AND p.n = {n} AND {count} > 0"),
                "customers",
                &[channel, "c.person_segment", &who],
                Some(count),
            ));
        }
    }
    for (label, channel, failed) in
        [("returning", "c.returning_to", "c.failed_twice"), ("returning_all", "''", "c.failed_twice_all")]
    {
        out.push(piece(&cell(label), "customers", &[channel, "c.person_segment", "'two-or-more'"], None));
        out.push(piece(
            &format!("c.label = '{label}' AND p.n = 2 AND {failed} > 0"),
            "customers",
            &[channel, "c.person_segment", "'failed-twice'"],
            Some(failed),
        ));
    }
    if plan.has(Role::TransferredTo) {
        out.push(piece(&cell("transfer"), "transfer", &["c.channel", "c.handed_to"], None));
    }
    out.push(piece(&cell("rejected"), "rejected", &["''", "c.rejected_for"], None));
    out.push(piece(&cell("unlisted"), "unlisted", &["''", "c.unlisted"], None));
    if plan.ignores() {
        out.push(piece(&cell("ignored"), "ignored", &["''", "c.ignored_key", "c.ignored_value"], None));
    }
    if plan.has(Role::ContactId) {
        out.push(piece(
            &cell("duplicate"),
            "duplicate",
            &["c.channel", "'contact_id'", "c.duplicate_label"],
            None,
        ));
    }
    if plan.has(Role::Conversation) {
        out.push(piece(
            &cell("conversation_only"),
            "meta",
            &["''", "'conversation-only'", "c.conversation_only"],
            None,
        ));
    }
    out.extend(totals(plan));
    out.push(piece(
        "c.label = 'use' AND p.other <> '' AND p.other <> c.channel AND c.identified > 0\n            AND c.direction_word <> 'from-organisation' AND c.reason <> ''",
        "meta",
        &[
            "''",
            "'reasons-shared'",
            "CASE WHEN c.channel < p.other THEN c.channel ELSE p.other END",
            "CASE WHEN c.channel < p.other THEN p.other ELSE c.channel END",
        ],
        Some("0"),
    ));
    out
}

/// Facts of the whole log.
fn totals(plan: &Plan<'_>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    let mut n = 0;
    let mut add = |keys: &[&str], contacts: &str, also: &str| {
        n += 1;
        let test = format!("c.label = 'total' AND p.n = {n}{also}");
        let mut all = vec!["''"];
        all.extend(keys);
        out.push(piece(&test, "meta", &all, Some(contacts)));
    };
    add(&["'period'", "@date(c.first_day)", "@date(c.last_day)"], "0", " AND c.first_day IS NOT NULL");
    add(&["'rows-read'", "@text(c.rows_read)"], "c.rows_read", "");
    add(&["'rows-outside'"], "c.rows_outside", "");
    add(&["'clock-gaps'"], "c.clock_gaps", "");
    add(&["'clock-folds'"], "c.clock_folds", "");
    add(&["'heavy-ids'"], "c.heavy_ids", "");
    for word in plan.merge_words() {
        add(
            &["'merged-rows'", &format!("'{word}'")],
            &format!("c.merged_{word}"),
            &format!(" AND c.merged_{word} > 0"),
        );
    }
    if !plan.key_given {
        let words = format!(
            "CASE WHEN c.with_person > 0 THEN '{}' ELSE '{}' END",
            key_word(if plan.by_reason { EpisodeKey::CustomerAndReason } else { EpisodeKey::Customer }),
            key_word(EpisodeKey::Customer)
        );
        add(&["'episode-key'", &words, "'default'"], "0", "");
    }
    n += 1;
    let mut blank = piece(
        &format!("c.label = 'total' AND p.n = {n}"),
        "meta",
        &["''", "'reason-blank'"],
        Some("c.without_reason"),
    );
    blank.sums = PieceSums::Identified("c.with_person".into());
    out.push(blank);
    out
}

/// `pieces`, `unfolded`, `by_reason`, and the table itself.
fn unfolded(plan: &Plan<'_>) -> Vec<Cte> {
    let pieces = pieces(plan);
    let most = 15 + plan.merge_words().len();
    let mut numbers: Vec<String> = (1..=most)
        .map(|n| if n == 1 { "SELECT 1 AS n, '' AS other".to_owned() } else { format!("SELECT {n}, ''") })
        .collect();
    numbers.extend(
        plan.channels.iter().enumerate().map(|(n, c)| format!("SELECT {}, {}", 101 + n, text(&c.id))),
    );
    let choose = |value: &dyn Fn(&Piece) -> String, otherwise: &str| {
        let mut out = "CASE".to_owned();
        for piece in &pieces {
            let value = value(piece);
            if value != otherwise {
                out.push_str(&format!("\n        WHEN {} THEN {value}", piece.test));
            }
        }
        if out == "CASE" { otherwise.to_owned() } else { format!("{out}\n        ELSE {otherwise} END") }
    };
    let mut columns = vec![(choose(&|p| format!("'{}'", p.facet), "NULL"), "facet".to_owned())];
    for (at, name) in ["channel", "key1", "key2", "key3", "key4"].iter().enumerate() {
        columns.push((format!("@bytes({})", choose(&|p| p.keys[at].clone(), "''")), (*name).to_owned()));
    }
    columns.push((
        "@bytes(CASE WHEN c.label = 'use' AND p.other <> '' THEN c.reason ELSE '' END)".into(),
        "shared_reason".into(),
    ));
    columns.push((
        "CASE WHEN c.label = 'use' AND p.other <> '' AND c.channel < p.other THEN 1 ELSE 0 END".into(),
        "in_first".into(),
    ));
    columns.push((
        "CASE WHEN c.label = 'use' AND p.other <> '' AND c.channel > p.other THEN 1 ELSE 0 END".into(),
        "in_second".into(),
    ));
    let available: Vec<&str> = sums(plan).into_iter().filter(|(_, s)| s.is_some()).map(|(n, _)| n).collect();
    for name in COLUMN_NAMES {
        let value = match name {
            "contacts" => choose(&|p| p.contacts.clone().unwrap_or_else(|| "c.contacts".into()), "0"),
            "identified" => choose(
                &|p| match &p.sums {
                    PieceSums::All if available.contains(&name) => "c.identified".into(),
                    PieceSums::Identified(value) => value.clone(),
                    _ => "0".into(),
                },
                "0",
            ),
            "resolved" | "resolved_known" => choose(
                &|p| match p.sums {
                    PieceSums::All if available.contains(&name) => format!("c.{name}"),
                    PieceSums::Resolved if name == "resolved" => "c.episodes_resolved".into(),
                    PieceSums::Resolved => "c.contacts".into(),
                    _ => "0".into(),
                },
                "0",
            ),
            "repeated" | "repeated_known" if available.contains(&name) => {
                let steps: Vec<String> = plan.windows.iter().map(|days| format!("c.step_{days}")).collect();
                // A step to an end has no contact that follows.
                format!(
                    "CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.{name}\n        WHEN c.label = 'step' AND p.n = 1 AND COALESCE({}) NOT IN ('RESOLVED', 'UNRESOLVED') THEN c.next_{name} ELSE 0 END",
                    steps.join(", ")
                )
            }
            name if available.contains(&name) => {
                format!("CASE WHEN c.label IN ('slot', 'use', 'entry') AND p.n = 1 THEN c.{name} ELSE 0 END")
            }
            _ => continue,
        };
        columns.push((value, name.to_owned()));
    }
    let present: Vec<&str> = COLUMN_NAMES
        .into_iter()
        .filter(|n| available.contains(n) || matches!(*n, "identified" | "resolved" | "resolved_known"))
        .collect();
    let total = |alias: &str| {
        present.iter().map(|n| (format!("@sum({alias}.{n})"), (*n).to_owned())).collect::<Vec<_>>()
    };
    let named = |alias: &str, names: &[&str]| {
        names.iter().map(|n| (format!("{alias}.{n}"), (*n).to_owned())).collect::<Vec<_>>()
    };
    let keys = ["facet", "channel", "key1", "key2", "key3", "key4"];
    let mut by_reason = named("u", &keys);
    by_reason.push(("u.shared_reason".into(), "shared_reason".into()));
    by_reason.push(("MAX(u.in_first)".into(), "in_first".into()));
    by_reason.push(("MAX(u.in_second)".into(), "in_second".into()));
    by_reason.extend(total("u"));
    let mut summed = named("b", &keys);
    summed.push(("@sum(b.in_first * b.in_second)".into(), "shared".into()));
    summed.push(("@sum(b.in_first)".into(), "of_first".into()));
    summed.push(("@sum(b.in_second)".into(), "of_second".into()));
    summed.extend(total("b"));
    let group = |alias: &str, more: &str| {
        format!("{}{more}", keys.iter().map(|k| format!("{alias}.{k}")).collect::<Vec<_>>().join(", "))
    };
    vec![
        Cte::new("pieces", "A cell is unfolded into one row or several.", numbers.join("\nUNION ALL ")),
        Cte::new(
            "unfolded",
            "The words of the table. Pairs of channels that share few reasons are found on the way.",
            select(
                &columns,
                "cells AS c\nCROSS JOIN pieces AS p\nWHERE c.label IS NOT NULL AND (p.n = 1 OR c.label IN ('customers', 'customers_all', 'returning', 'returning_all', 'total')\n    OR (c.label = 'use' AND p.other <> ''))",
            ),
        ),
        Cte::new(
            "by_shared_reason",
            "Which of two channels has a reason.",
            format!(
                "{}\nWHERE u.facet IS NOT NULL\nGROUP BY {}",
                select(&by_reason, "unfolded AS u"),
                group("u", ", u.shared_reason")
            ),
        ),
        Cte::new(
            "summed",
            "How many they share.",
            format!("{}\nGROUP BY {}", select(&summed, "by_shared_reason AS b"), group("b", "")),
        ),
    ]
}

/// Facts that the inventory alone decides.
fn settled(plan: &Plan<'_>) -> Vec<[String; 4]> {
    let mut rows: Vec<[String; 4]> = Vec::new();
    let mut add = |keys: &[&str]| {
        let mut row: [String; 4] = Default::default();
        for (place, key) in row.iter_mut().zip(keys) {
            (*key).clone_into(place);
        }
        rows.push(row);
    };
    add(&["version", VERSION]);
    add(&["zone", &plan.inventory.organisation.timezone_name]);
    add(&["window", &plan.window_days().to_string()]);
    for days in plan.windows.iter().skip(1) {
        add(&["sensitivity", &days.to_string()]);
    }
    if let Some(key) = plan.inventory.episodes.key {
        add(&["episode-key", key_word(key), "configured"]);
    }
    for channel in &plan.channels {
        if let Some((promise, source)) = promise_words(channel) {
            add(&["promise", &channel.id, &promise, source]);
        }
    }
    for (at, entry) in plan.inventory.usage.iter().enumerate() {
        if let Some((low, high)) = entry.satisfaction_scale {
            add(&["scale", &at.to_string(), &format!("{low}..{high}")]);
        }
    }
    add(&["usage-digest", &digest(plan.inventory)]);
    add(&["orphan-continuations"]);
    rows
}

/// From contacts to the ordered table: more tables, and the query itself.
pub(super) fn table(plan: &Plan<'_>) -> (Vec<Cte>, String) {
    let mut ctes = vec![marked(plan), cells(plan)];
    ctes.extend(unfolded(plan));
    let settled: Vec<String> = settled(plan)
        .into_iter()
        .enumerate()
        .map(|(i, row)| {
            let names = ["key1", "key2", "key3", "key4"];
            let values: Vec<String> = row
                .iter()
                .zip(names)
                .map(|(value, name)| if i == 0 { format!("{} AS {name}", text(value)) } else { text(value) })
                .collect();
            format!("SELECT {}", values.join(", "))
        })
        .collect();
    ctes.push(Cte::new(
        "settled",
        "What the inventory decides: a census made for another inventory is refused.",
        settled.join("\nUNION ALL "),
    ));
    let available: Vec<&str> = sums(plan).into_iter().filter(|(_, s)| s.is_some()).map(|(n, _)| n).collect();
    let present =
        |n: &str| available.contains(&n) || matches!(n, "identified" | "resolved" | "resolved_known");
    let keys = ["facet", "channel", "key1", "key2", "key3", "key4"];
    let mut columns: Vec<(String, String)> =
        keys.iter().map(|k| (format!("s.{k}"), (*k).to_owned())).collect();
    columns[5].0 = "CASE WHEN s.key1 = 'reasons-shared' AND s.facet = 'meta'\n        THEN @text(CASE WHEN s.of_first < s.of_second THEN s.of_first ELSE s.of_second END) ELSE s.key4 END".to_owned();
    let mut fixed = vec!["'meta'".to_owned(), "''".to_owned()];
    fixed.extend(keys.iter().skip(2).map(|k| format!("f.{k}")));
    for name in COLUMN_NAMES {
        let value = match name {
            "contacts" => "s.contacts + s.shared".to_owned(),
            name if present(name) => format!("s.{name}"),
            _ => "0".to_owned(),
        };
        columns.push((value, name.to_owned()));
        fixed.push("0".to_owned());
    }
    let least = plan.criteria.defaults.number("shared_reasons");
    ctes.push(Cte::new(
        "census",
        "The table.",
        format!(
            "{}\nWHERE NOT (s.facet = 'meta' AND s.key1 = 'reasons-shared') OR (s.of_first > 0 AND s.of_second > 0\n    AND s.shared < {least} * CASE WHEN s.of_first < s.of_second THEN s.of_first ELSE s.of_second END)\nUNION ALL\nSELECT {}\nFROM settled AS f",
            select(&columns, "summed AS s"),
            fixed.join(", ")
        ),
    ));
    let order: Vec<String> =
        Facet::ALL.iter().enumerate().map(|(i, (_, word))| format!("WHEN '{word}' THEN {i}")).collect();
    let names: Vec<String> =
        keys.iter().copied().chain(COLUMN_NAMES).map(|n| plan.dialect.output(n)).collect();
    let lines: Vec<String> = names.chunks(6).map(|c| c.join(", ")).collect();
    let query = format!(
        "SELECT\n    {}\nFROM census\nORDER BY\n    CASE facet {} END,\n    {}",
        lines.join(",\n    "),
        order.join(" "),
        keys.iter().skip(1).map(|k| format!("@bytes({k})")).collect::<Vec<_>>().join(", ")
    );
    (ctes, query)
}
