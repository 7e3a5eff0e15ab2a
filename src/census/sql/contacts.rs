//! From typed rows to contacts: channels, instants, which rows are one contact, and what became of each.
//! The SQL twin of `contact` and `promise`.

use super::dialect::text;
use super::entries::{FLAGS, NUMBERS, TIMES};
use super::{Cte, DAY, Plan, list_of, select};
use crate::census::promise::{ClockKind, target};
use crate::criteria::kind::{Timing, Unit};
use crate::inventory::{Role, RowIs};

/// How a channel answers, as a word of the query.
fn answering(timing: Timing, open_clock: bool) -> &'static str {
    match timing {
        Timing::Deferred => "later",
        Timing::NearLive if open_clock => "later",
        Timing::Live | Timing::NearLive => "live",
        Timing::SelfService | Timing::Broadcast => "unattended",
    }
}

/// The channels of the inventory in the order of their ids; '' stands for labels that match none.
pub(super) fn channels(plan: &Plan<'_>) -> Cte {
    let mut rows = Vec::new();
    for (n, channel) in plan.channels.iter().enumerate() {
        let kind = &channel.kind;
        let target = target(channel);
        let open = target.is_some_and(|t| t.clock == ClockKind::Open);
        let within = target.map_or_else(|| "@none()".to_owned(), |t| format!("@big({})", t.within_ms));
        let flag = |yes: bool| i64::from(yes);
        rows.push(format!(
            "SELECT {} AS id, {} AS n, '{}' AS timing, '{}' AS answering,\n    {within} AS within_ms, {} AS hours, {} AS is_contact, {} AS talks, {} AS automated",
            text(&channel.id),
            n + 1,
            match kind.timing {
                Timing::Deferred => "deferred",
                Timing::Live | Timing::NearLive => "waits",
                _ => "other",
            },
            answering(kind.timing, open),
            plan.hours.number(&channel.id),
            flag(kind.unit == Unit::Contact),
            flag(kind.conversational),
            flag(kind.is_automated()),
        ));
    }
    rows.push("SELECT '', 9999, 'other', 'none', @none(), 0, 0, 0, 0".to_owned());
    Cte::new(
        "channels",
        "The channels in the order of their ids, with their promise; '' stands for unlisted labels.\nhours: the opening hours that its promise counts, 0 where it counts every hour.",
        rows.join("\nUNION ALL\n"),
    )
}

/// Times roles that the logs have beside the main one.
fn other_times<'a>(plan: &'a Plan<'_>) -> impl Iterator<Item = (Role, &'static str)> + 'a {
    TIMES.iter().skip(1).copied().filter(|(role, _)| plan.has(*role))
}

/// Rows: placed on the time line, with a channel, a kind and what its kind of channel makes of it.
pub(super) fn rows(plan: &Plan<'_>) -> Vec<Cte> {
    let mut instants = vec![("e.*".to_owned(), String::new())];
    let mut labels = "CASE @lower(e.channel)".to_owned();
    for (from, to) in plan.labels() {
        labels.push_str(&format!("\n        WHEN {} THEN {}", text(&from), text(&to)));
    }
    instants.push((format!("{labels} ELSE '' END"), "channel_id".to_owned()));
    let mut placed = vec![("i.*".to_owned(), String::new())];
    for (role, word) in TIMES.iter().filter(|(role, _)| plan.has(*role)) {
        let local = format!("e.{word}_local");
        instants.push((
            format!("{local} - COALESCE(e.{word}_offset, {})", plan.zone.of_local(&local)),
            format!("{word}_ms"),
        ));
        let at = if *role == Role::Time { "at_local".to_owned() } else { format!("{word}_at") };
        placed.push((
            format!(
                "CASE WHEN i.{word}_timed = 1 THEN i.{word}_ms + {} ELSE i.{word}_local END",
                plan.zone.of_instant(&format!("i.{word}_ms"))
            ),
            at,
        ));
    }
    for (gaps, name) in [(true, "clock_gap"), (false, "clock_fold")] {
        placed.push((
            format!(
                "CASE WHEN i.time_timed = 1 AND i.time_offset IS NULL AND ({}) THEN 1 ELSE 0 END",
                plan.zone.changes("i.time_local", gaps)
            ),
            name.to_owned(),
        ));
    }
    let entries: Vec<String> =
        (1..=plan.inventory.usage.len()).map(|n| format!("SELECT * FROM entry_{n}")).collect();
    vec![
        Cte::new("entries", "All entries.", entries.join("\nUNION ALL\n")),
        Cte::new(
            "instants",
            &format!(
                "Milliseconds since 1970 in UTC. The clock of {} stands here as literals, because engines\ndisagree about local times when clocks change: in a gap forward, in a fold the earlier.",
                plan.inventory.organisation.timezone_name
            ),
            select(&instants, "entries AS e"),
        ),
        Cte::new("placed", "Local times again, now without gaps.", select(&placed, "instants AS i")),
        judged(plan),
        typed_rows(plan),
    ]
}

/// Why a row is rejected, and whether it lies in the period.
fn judged(plan: &Plan<'_>) -> Cte {
    let held = |sign: &str, day: Option<i64>| {
        day.map(|day| format!("p.at_local {sign} {}", day * DAY)).into_iter().collect::<Vec<_>>()
    };
    let mut outside = held("<", plan.from);
    outside.extend(held(">=", plan.to.map(|day| day + 1)));
    let outside = if outside.is_empty() { "1 = 0".to_owned() } else { outside.join(" OR ") };
    let mut causes = "CASE WHEN p.ignored_column <> '' THEN ''\n        WHEN p.time_text = '' THEN 'no-time'\n        WHEN p.time_ms IS NULL THEN 'bad-time'\n        WHEN p.channel = '' THEN 'no-channel'".to_owned();
    if plan.has(Role::Count) {
        causes.push_str("\n        WHEN p.has_count = 1 AND p.row_count IS NULL THEN 'bad-number'");
    }
    causes.push_str(&format!(
        "\n        WHEN {outside} THEN ''\n        WHEN p.at_local < {} OR p.at_local >= {} THEN 'beyond-clock-table'\n        ELSE '' END",
        plan.table.0 * DAY,
        (plan.table.1 + 1) * DAY
    ));
    Cte::new(
        "judged",
        "Rows that cannot be read, and rows outside the period.",
        select(
            &[
                ("p.*".to_owned(), String::new()),
                (causes, "cause".to_owned()),
                (format!("CASE WHEN {outside} THEN 1 ELSE 0 END"), "is_outside".to_owned()),
            ],
            "placed AS p",
        ),
    )
}

fn typed_rows(plan: &Plan<'_>) -> Cte {
    let told: Vec<usize> = plan
        .inventory
        .usage
        .iter()
        .enumerate()
        .filter(|(i, e)| {
            e.row_is != RowIs::Step && (plan.maps(*i, Role::Replied) || plan.maps(*i, Role::Closed))
        })
        .map(|(i, _)| i)
        .collect();
    let no_abandoned: Vec<usize> =
        (0..plan.inventory.usage.len()).filter(|i| !plan.maps(*i, Role::Abandoned)).collect();
    let kind = {
        let aggregate =
            if plan.has(Role::Count) { "WHEN j.row_count IS NOT NULL THEN 'aggregate' " } else { "" };
        format!(
            "CASE WHEN j.cause <> '' THEN 'rejected' WHEN j.is_outside = 1 THEN 'outside'\n        WHEN j.ignored_column <> '' THEN 'ignored' {aggregate}ELSE 'contact' END"
        )
    };
    let is_row = "j.cause = '' AND j.is_outside = 0 AND j.ignored_column = ''";
    let column = |role: Role, name: &str| {
        if plan.has(role) { format!("j.{name}") } else { "@none()".to_owned() }
    };
    let is_aggregate = if plan.has(Role::Count) { "j.row_count IS NOT NULL" } else { "1 = 0" };
    let dealt_with: Vec<String> = [(Role::Replied, "replied"), (Role::Closed, "closed")]
        .iter()
        .filter(|(role, _)| plan.has(*role))
        .map(|(_, word)| format!("j.{word}_ms IS NOT NULL"))
        .collect();
    let dealt_with = if dealt_with.is_empty() { "1 = 0".to_owned() } else { dealt_with.join(" OR ") };
    let answered = column(Role::Answered, "answered");
    let written = column(Role::Abandoned, "abandoned");
    let from_organisation = if plan.has(Role::Direction) { "j.direction = 2" } else { "1 = 0" };
    // Where customers wait, who was not answered gave up, unless the log has a word of its own on that.
    let abandoned = format!(
        "CASE WHEN {is_aggregate} THEN NULL WHEN {} AND c.timing = 'waits' AND NOT ({from_organisation}) THEN 1 - {answered} ELSE {written} END",
        list_of("j.entry", &no_abandoned)
    );
    let answered = format!(
        "CASE WHEN {is_aggregate} THEN NULL WHEN {answered} IS NOT NULL THEN {answered} WHEN {written} = 1 THEN 0\n        WHEN c.timing = 'deferred' AND ({dealt_with}) THEN 1 WHEN c.timing = 'deferred' AND {} THEN 0 END",
        list_of("j.entry", &told)
    );
    let elapsed = |word: &str| {
        format!(
            "CASE WHEN j.{word}_timed = j.time_timed AND j.{word}_ms >= j.time_ms THEN j.{word}_ms - j.time_ms END"
        )
    };
    let wait = column(Role::Wait, "wait_ms");
    let mut deferred_wait = Vec::new();
    if plan.has(Role::Replied) {
        deferred_wait.push(elapsed("replied"));
    }
    deferred_wait.push(wait.clone());
    if plan.has(Role::Closed) {
        let closed = elapsed("closed");
        deferred_wait.push(if plan.has(Role::Replied) {
            format!("CASE WHEN j.replied_ms IS NULL THEN {closed} END")
        } else {
            closed
        });
    }
    let wait = if deferred_wait.len() == 1 {
        wait
    } else {
        format!(
            "CASE WHEN c.timing = 'deferred' AND NOT ({is_aggregate})\n        THEN COALESCE({}) ELSE {wait} END",
            deferred_wait.join(",\n            ")
        )
    };

    let mut columns: Vec<(String, String)> = vec![
        ("j.entry".into(), "entry".into()),
        (kind, "kind".into()),
        ("j.cause".into(), "cause".into()),
        ("j.ignored_column".into(), "ignored_column".into()),
        ("j.ignored_value".into(), "ignored_value".into()),
        ("j.clock_gap".into(), "clock_gap".into()),
        ("j.clock_fold".into(), "clock_fold".into()),
        ("@big(j.time_ms)".into(), "at_ms".into()),
        ("@big(j.at_local)".into(), "at_local".into()),
        ("@div(j.at_local, 86400000)".into(), "at_day".into()),
        ("j.time_timed".into(), "timed".into()),
        (format!("@bytes(CASE WHEN {is_row} THEN j.channel_id ELSE '' END)"), "channel".into()),
        (
            format!("@bytes(CASE WHEN {is_row} AND j.channel_id = '' THEN j.channel ELSE '' END)"),
            "label".into(),
        ),
        ("c.n".into(), "channel_n".into()),
        ("c.talks".into(), "talks".into()),
    ];
    for name in [
        "customer",
        "reason",
        "touchpoint",
        "segment",
        "conversation",
        "contact_id",
        "case_id",
        "transferred_to",
    ] {
        let value = if plan.has_text(name) { format!("@bytes(j.{name})") } else { "''".to_owned() };
        columns.push((value, name.to_owned()));
    }
    let direction = if plan.has(Role::Direction) { "j.direction" } else { "0" };
    columns.push((direction.to_owned(), "direction".into()));
    columns.push((format!("@big({answered})"), "answered".into()));
    columns.push((format!("@big({abandoned})"), "abandoned".into()));
    columns.push((format!("@big({wait})"), "wait_ms".into()));
    for (role, word) in FLAGS.iter().skip(2).chain(NUMBERS.iter().skip(1)) {
        if *role != Role::Count {
            columns.push((column(*role, word), (*word).to_owned()));
        }
    }
    if plan.has(Role::Count) {
        columns.push(("j.row_count".into(), "row_count".into()));
        for word in ["answered", "abandoned", "resolved"] {
            let role = if word == "answered" {
                Role::Answered
            } else if word == "abandoned" {
                Role::Abandoned
            } else {
                Role::Resolved
            };
            let count = if plan.has(role) {
                format!("CASE WHEN j.{word}_count <= j.row_count THEN j.{word}_count END")
            } else {
                "@none()".to_owned()
            };
            columns.push((count, format!("{word}_count")));
        }
    }
    for (role, word) in TIMES.iter().skip(1) {
        for (from, to) in [("ms", "ms"), ("at", "at"), ("timed", "timed")] {
            let value = if plan.has(*role) { format!("@big(j.{word}_{from})") } else { "@none()".to_owned() };
            columns.push((value, format!("{word}_{to}")));
        }
    }
    Cte::new(
        "log_rows",
        "Every row with its kind, and what its channel makes of waits and answers.",
        select(&columns, "judged AS j\nJOIN channels AS c ON c.id = j.channel_id"),
    )
}

/// The rest of the total order after the instant, as one text.
fn tie(plan: &Plan<'_>, of: &str) -> String {
    let known = |name: &str, digits: usize| format!("COALESCE(@pad({of}.{name}, {digits}), '')");
    let said = |name: &str| format!("@text(COALESCE({of}.{name} * 2, 1))");
    let mut parts = vec![format!("@text({of}.timed)"), format!("@pad({of}.channel_n, 4)")];
    let mut add = |role: Role, part: String| {
        if plan.has(role) {
            parts.push(part);
        }
    };
    let column = |name: &str| format!("{of}.{name}");
    add(Role::Touchpoint, column("touchpoint"));
    add(Role::Reason, column("reason"));
    add(Role::Resolved, said("resolved"));
    add(Role::Time, said("answered"));
    add(Role::Handle, known("handle_ms", 15));
    add(Role::Time, known("wait_ms", 15));
    add(Role::Channel, column("label"));
    add(Role::Time, format!("@pad({of}.entry, 4)"));
    add(Role::Customer, column("customer"));
    add(Role::Segment, column("segment"));
    add(Role::Direction, format!("@text({of}.direction)"));
    add(Role::Conversation, column("conversation"));
    add(Role::ContactId, column("contact_id"));
    add(Role::Case, column("case_id"));
    add(Role::Abandoned, said("abandoned"));
    for (role, word) in FLAGS.iter().skip(3) {
        add(*role, said(word));
    }
    add(Role::Satisfaction, said("satisfied"));
    add(Role::Nps, known("nps", 2));
    add(Role::TransferredTo, column("transferred_to"));
    for (role, word) in other_times(plan) {
        add(role, format!("COALESCE(@pad({of}.{word}_ms, 15) || @text({of}.{word}_timed), '')"));
    }
    add(Role::Cost, known("cost_minor", 15));
    // Losses come before gains.
    add(Role::Revenue, format!("COALESCE(@pad({of}.revenue_minor + 1000000000000000, 16), '')"));
    format!("@bytes({})", parts.join(" || @mark() ||\n        "))
}

/// Contacts: rows that are one contact put together.
pub(super) fn contacts(plan: &Plan<'_>) -> Vec<Cte> {
    let mut ordered = vec![("r.*".to_owned(), String::new())];
    if plan.merges() || plan.has(Role::ContactId) {
        ordered.push((tie(plan, "r"), "row_tie".into()));
    }
    let yardstick = if plan.has(Role::OnTime) || plan.has(Role::Due) {
        "MAX(CASE WHEN r.kind NOT IN ('contact', 'aggregate') THEN 0 WHEN r.on_time IS NOT NULL THEN 2 WHEN r.due_ms IS NOT NULL THEN 1 ELSE 0 END)\n        OVER (PARTITION BY r.entry, r.channel)"
    } else {
        "0"
    };
    ordered.push((yardstick.to_owned(), "yardstick".into()));
    if plan.end_by_window {
        for (value, name) in END_OF_LOG {
            ordered.push((format!("{} OVER ()", latest(value)), name.into()));
        }
    }
    let mut out = vec![Cte::new(
        "ordered",
        "The order of rows after the instant: channel, touchpoint, reason, resolved, answered, handling, wait, the rest.\nyardstick: by what a log measures whether a channel kept its word (0 promise, 1 due date, 2 flag).",
        select(&ordered, "log_rows AS r"),
    )];
    let mut from = "ordered";
    if plan.has(Role::ContactId) {
        out.extend(without_duplicates(plan));
        from = "unique_rows";
    }
    if plan.merges() {
        out.extend(merged(plan, from));
    } else {
        let duplicate = if plan.has(Role::ContactId) { "o.is_duplicate" } else { "0" };
        out.push(Cte::new(
            "contacts",
            "One row is one contact: no log has a conversation, and no channel is text talk.",
            select(
                &[
                    ("o.*".to_owned(), String::new()),
                    ("0".into(), "several".into()),
                    ("0".into(), "merged".into()),
                    ("'row'".into(), "joined_by".into()),
                    (duplicate.into(), "duplicate".into()),
                ],
                &format!("{from} AS o"),
            ),
        ));
    }
    out
}

/// One contact for each id: within an entry by the id alone, across entries in the same channel.
fn without_duplicates(plan: &Plan<'_>) -> Vec<Cte> {
    let not_case = if plan.has(Role::Case) { " AND o.case_id = ''" } else { "" };
    let stands = format!("o.kind = 'contact' AND o.contact_id <> ''{not_case}");
    // Rows that take no part are spread over many partitions by their instant.
    let apart = format!("CASE WHEN {stands} THEN -1 ELSE o.at_ms END");
    vec![
        Cte::new(
            "counted_ids",
            "Rows with the id of a contact that was there before.",
            select(
                &[
                    ("o.*".to_owned(), String::new()),
                    (
                        format!(
                            "ROW_NUMBER() OVER (PARTITION BY o.entry, o.contact_id, {apart} ORDER BY o.at_ms, o.row_tie)"
                        ),
                        "id_in_entry".into(),
                    ),
                    (
                        format!(
                            "ROW_NUMBER() OVER (PARTITION BY o.channel, o.label, o.contact_id, {apart} ORDER BY o.at_ms, o.row_tie)"
                        ),
                        "id_in_channel".into(),
                    ),
                ],
                "ordered AS o",
            ),
        ),
        Cte::new(
            "unique_rows",
            "Only the first of them counts.",
            select(
                &[
                    ("o.*".to_owned(), String::new()),
                    (
                        format!(
                            "CASE WHEN {stands} AND (o.id_in_entry > 1 OR o.id_in_channel > 1) THEN 1 ELSE 0 END"
                        ),
                        "is_duplicate".into(),
                    ),
                ],
                "counted_ids AS o",
            ),
        ),
    ]
}

fn merged(plan: &Plan<'_>, from: &str) -> Vec<Cte> {
    let mut joined = "CASE WHEN o.kind <> 'contact'".to_owned();
    if plan.has(Role::ContactId) {
        joined.push_str(" OR o.is_duplicate = 1");
    }
    joined.push_str(" THEN 'row'");
    if plan.has(Role::Case) {
        joined.push_str("\n        WHEN o.case_id <> '' THEN 'case'");
    }
    if plan.has(Role::Conversation) {
        joined.push_str("\n        WHEN o.conversation <> '' THEN 'conversation'");
    }
    if plan.has(Role::Customer) {
        joined.push_str("\n        WHEN o.customer <> '' AND o.channel <> '' AND o.talks = 1 THEN 'talk'");
    }
    joined.push_str(" ELSE 'row' END");
    let thread = "CASE j.joined_by WHEN 'case' THEN @text(j.entry) || ' ' || j.case_id\n        WHEN 'conversation' THEN @text(j.entry) || ' ' || j.conversation\n        WHEN 'talk' THEN j.channel || ' ' || j.customer\n        ELSE j.channel || ' ' || @text(COALESCE(j.at_ms, 0)) END";
    let hours = i64::from(plan.criteria.defaults.conversation_hours) * 3_600_000;
    let window = "OVER (PARTITION BY t.joined_by, t.thread ORDER BY t.at_ms, t.row_tie)";
    let lag = |name: &str| format!("@lag(t.{name}) {window}");
    let gap = "CASE WHEN s.timed_before = 1 AND s.timed = 1 THEN s.at_ms - s.ms_before ELSE (s.at_day - s.day_before) * 86400000 END";
    let first = |name: &str| format!("MAX(CASE WHEN n.begins = 1 THEN n.{name} END)");
    let last = |name: &str| {
        format!("MOD(MAX(CASE WHEN n.{name} IS NOT NULL THEN n.place * 100 + n.{name} END), 100)")
    };
    let mut columns: Vec<(String, String)> = Vec::new();
    for name in [
        "entry",
        "kind",
        "cause",
        "ignored_column",
        "ignored_value",
        "at_ms",
        "at_local",
        "at_day",
        "timed",
        "channel",
        "label",
        "channel_n",
        "customer",
        "reason",
        "touchpoint",
        "segment",
        "conversation",
        "direction",
        "wait_ms",
        "yardstick",
        "contact_id",
        "case_id",
    ] {
        columns.push((first(name), name.to_owned()));
    }
    for name in ["clock_gap", "clock_fold", "handle_ms", "cost_minor", "revenue_minor"] {
        columns.push((format!("@big(SUM(n.{name}))"), name.to_owned()));
    }
    for name in ["answered", "repeated", "opened", "opted_out"] {
        columns.push((format!("MAX(n.{name})"), name.to_owned()));
    }
    // Who hung up once and was answered later in the same contact was not lost.
    columns.push((
        "CASE WHEN COUNT(*) > 1 AND MAX(n.answered) = 1 AND MAX(n.abandoned) = 1 THEN 0 ELSE MAX(n.abandoned) END".into(),
        "abandoned".into(),
    ));
    for name in ["resolved", "on_time", "satisfied", "nps"] {
        columns.push((last(name), name.to_owned()));
    }
    columns.push((
        if plan.has(Role::TransferredTo) {
            "@bytes(COALESCE(SUBSTR(MAX(CASE WHEN n.transferred_to <> '' THEN @pad(n.place, 9) || n.transferred_to END), 10), ''))".into()
        } else {
            "''".into()
        },
        "transferred_to".into(),
    ));
    // Instant, time of day or not, and local time go together: local times are no order where clocks change.
    for (role, word, place, pick) in [
        (Role::Replied, "replied", "@pad(n.replied_ms, 15)", "MIN"),
        (Role::Closed, "closed", "@pad(n.closed_ms, 15)", "MAX"),
        (Role::Due, "due", "@pad(n.due_ms, 15)", "MIN"),
    ] {
        // The due date of the earliest row that has one, whatever others say.
        let first = if role == Role::Due { "@pad(n.place, 9) || " } else { "" };
        let skip = if role == Role::Due { 9 } else { 0 };
        let key = format!(
            "{pick}(CASE WHEN n.{word}_ms IS NOT NULL THEN {first}{place} || @text(n.{word}_timed) || @text(n.{word}_at) END)"
        );
        for (name, part) in [
            ("ms", format!("@int(SUBSTR({key}, {}, 15))", skip + 1)),
            ("timed", format!("@int(SUBSTR({key}, {}, 1))", skip + 16)),
            ("at", format!("@int(SUBSTR({key}, {}))", skip + 17)),
        ] {
            columns.push((if plan.has(role) { part } else { "@none()".into() }, format!("{word}_{name}")));
        }
    }
    if plan.has(Role::Count) {
        for name in ["row_count", "answered_count", "abandoned_count", "resolved_count"] {
            columns.push((first(name), name.to_owned()));
        }
    }
    if plan.end_by_window {
        columns.extend(END_OF_LOG.iter().map(|(_, name)| (format!("MAX(n.{name})"), (*name).to_owned())));
    }
    columns.push(("CASE WHEN COUNT(*) > 1 THEN 1 ELSE 0 END".into(), "several".into()));
    columns.push(("COUNT(*) - 1".into(), "merged".into()));
    columns.push(("MAX(n.joined_by)".into(), "joined_by".into()));
    columns.push((
        if plan.has(Role::ContactId) { first("is_duplicate") } else { "0".into() },
        "duplicate".into(),
    ));
    let star = |alias: &str| (format!("{alias}.*"), String::new());
    vec![
        Cte::new(
            "joined",
            "What makes rows one contact: a case, a conversation, or text talk of one customer in one channel.",
            select(&[star("o"), (joined, "joined_by".into())], &format!("{from} AS o")),
        ),
        Cte::new(
            "threads",
            "Rows that may be one contact.",
            select(&[star("j"), (thread.into(), "thread".into())], "joined AS j"),
        ),
        Cte::new(
            "places",
            "Their order.",
            select(
                &[
                    star("t"),
                    (format!("ROW_NUMBER() {window}"), "place".into()),
                    (lag("at_ms"), "ms_before".into()),
                    (lag("at_day"), "day_before".into()),
                    (lag("timed"), "timed_before".into()),
                ],
                "threads AS t",
            ),
        ),
        Cte::new(
            "beginnings",
            &format!("Where a contact begins; talk begins anew after {} hours.", hours / 3_600_000),
            select(
                &[
                    star("s"),
                    (
                        format!(
                            "CASE WHEN s.place = 1 OR s.joined_by = 'row' THEN 1\n        WHEN s.joined_by = 'talk' AND {gap} > {hours} THEN 1 ELSE 0 END"
                        ),
                        "begins".into(),
                    ),
                ],
                "places AS s",
            ),
        ),
        Cte::new(
            "numbered",
            "The number of the contact in its thread.",
            select(
                &[
                    star("b"),
                    (
                        "SUM(b.begins) OVER (PARTITION BY b.joined_by, b.thread ORDER BY b.place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)".into(),
                        "contact_n".into(),
                    ),
                ],
                "beginnings AS b",
            ),
        ),
        Cte::new(
            "contacts",
            "One row is one contact: the earliest row gives time and labels, handling sums, the last known answer stands.",
            format!("{}\nGROUP BY n.joined_by, n.thread, n.contact_n", select(&columns, "numbered AS n")),
        ),
    ]
}

/// Rows that count, ignored ones among them.
const ACCEPTED: &str = "r.kind IN ('contact', 'aggregate', 'ignored') AND r.at_ms IS NOT NULL";

/// What is kept of the latest row: instant and whether it has a time of day as one number, and local time.
const END_OF_LOG: [(&str, &str); 2] = [("r.at_ms * 2 + r.timed", "end_key"), ("r.at_local", "end_local")];

/// The latest of the rows that count. A condition of its own would be pushed down to the logs by some planners,
/// with everything that it names written out there.
fn latest(value: &str) -> String {
    format!("MAX(CASE WHEN {ACCEPTED} THEN {value} END)")
}

/// Instant, time of day or not, and local time of the end of the log.
fn end_of_log(plan: &Plan<'_>, of: &str) -> [(String, String); 3] {
    [
        (format!("@div({of}.end_key, 2)"), "end_ms".into()),
        (format!("MOD({of}.end_key, 2)"), "end_timed".into()),
        (
            format!(
                "CASE WHEN MOD({of}.end_key, 2) = 1 THEN @div({of}.end_key, 2) + {} ELSE {of}.end_local END",
                plan.zone.of_instant(&format!("@div({of}.end_key, 2)"))
            ),
            "end_at".into(),
        ),
    ]
}

/// The latest instant of the log: a second scan, except where a window over all rows finds it.
pub(super) fn log_end(plan: &Plan<'_>) -> Vec<Cte> {
    if plan.end_by_window {
        return Vec::new();
    }
    let columns: Vec<(String, String)> =
        END_OF_LOG.iter().map(|(value, name)| (latest(value), (*name).to_owned())).collect();
    vec![
        Cte::new("latest", "The latest instant of any row that counts.", select(&columns, "log_rows AS r")),
        Cte::new(
            "log_end",
            "The same, as instant and local time.",
            select(&end_of_log(plan, "l"), "latest AS l"),
        ),
    ]
}

/// Milliseconds from one moment to another; whole days where one of them has no time of day.
fn gap(of: &str, from: (&str, &str, &str), to: (&str, &str, &str)) -> String {
    format!(
        "CASE WHEN {of}.{} = 1 AND {of}.{} = 1 THEN {of}.{} - {of}.{}\n            ELSE (@div({of}.{}, 86400000) - @div({of}.{}, 86400000)) * 86400000 END",
        from.2, to.2, to.0, from.0, to.1, from.1
    )
}

const AT: (&str, &str, &str) = ("at_ms", "at_local", "timed");
const END: (&str, &str, &str) = ("end_ms", "end_at", "end_timed");
const DONE: (&str, &str, &str) = ("done_ms", "done_at", "done_timed");
const DUE: (&str, &str, &str) = ("due_ms", "due_at", "due_timed");

/// What became of each contact: answered, given up, how long it took, whether the promise was kept.
pub(super) fn fates(plan: &Plan<'_>) -> Vec<Cte> {
    let mut out = Vec::new();
    let star = |alias: &str| (format!("{alias}.*"), String::new());
    let mut asked = vec![
        star("k"),
        (tie(plan, "k"), "tie".into()),
        ("c.answering".into(), "answering".into()),
        ("c.within_ms".into(), "within_ms".into()),
        ("c.hours".into(), "hours".into()),
        ("c.is_contact".into(), "is_contact".into()),
        ("c.automated".into(), "automated".into()),
    ];
    if plan.end_by_window {
        asked.extend(end_of_log(plan, "k"));
    } else {
        asked.extend(["end_ms", "end_timed", "end_at"].map(|n| (format!("e.{n}"), n.to_owned())));
    }
    for part in ["ms", "at", "timed"] {
        asked.push((
            format!(
                "CASE WHEN k.replied_ms IS NOT NULL THEN k.replied_{part} WHEN c.answering = 'later' THEN k.closed_{part} END"
            ),
            format!("done_{part}"),
        ));
    }
    out.push(Cte::new(
        "asked",
        "Contacts beside the promise of their channel. done: the reply, else (kinds that answer later) the close.",
        select(
            &asked,
            if plan.end_by_window {
                "contacts AS k\nJOIN channels AS c ON c.id = k.channel"
            } else {
                "contacts AS k\nJOIN channels AS c ON c.id = k.channel\nCROSS JOIN log_end AS e"
            },
        ),
    ));
    let spent = gap("a", AT, DONE);
    out.push(Cte::new(
        "spent",
        "From arrival to done.",
        select(
            &[star("a"), (format!("CASE WHEN {spent} >= 0 THEN {spent} END"), "spent_ms".into())],
            "asked AS a",
        ),
    ));
    out.push(Cte::new(
        "waits",
        "How long the customer waited.",
        select(
            &[
                star("s"),
                (
                    "CASE WHEN s.answering IN ('live', 'later') AND s.spent_ms IS NOT NULL AND (s.wait_ms IS NULL OR (s.answering = 'later' AND s.several = 1))\n        THEN s.spent_ms ELSE s.wait_ms END"
                        .into(),
                    "waited_ms".into(),
                ),
            ],
            "spent AS s",
        ),
    ));
    out.extend(clocks(plan));
    out.push(decided(plan));
    out.push(answers(plan));
    out.push(fate(plan));
    out
}

/// Positions on the clock that a promise counts: open time passed, or local time where every hour counts.
fn clocks(plan: &Plan<'_>) -> Vec<Cte> {
    let star = |alias: &str| (format!("{alias}.*"), String::new());
    let waited = format!("w.at_ms + w.waited_ms + {}", plan.zone.of_instant("(w.at_ms + w.waited_ms)"));
    let until = format!(
        "CASE WHEN w.answering = 'later' AND w.done_ms IS NOT NULL THEN w.done_at\n        WHEN w.timed = 1 THEN {waited} END"
    );
    let until_timed =
        "CASE WHEN w.answering = 'later' AND w.done_ms IS NOT NULL THEN w.done_timed ELSE 1 END";
    let mut out = vec![Cte::new(
        "untils",
        "Until when: done, else arrival plus wait; in local time.",
        select(
            &[star("w"), (until, "until_at".into()), (until_timed.into(), "until_timed".into())],
            "waits AS w",
        ),
    )];
    let low = |at: &str| format!("u.{at}");
    let high = |at: &str, timed: &str| format!("u.{at} + CASE WHEN u.{timed} = 1 THEN 0 ELSE {DAY} END");
    if plan.hours.is_empty() {
        let mut columns = vec![star("u")];
        for (word, at, timed) in [
            ("from", "at_local", "timed"),
            ("until", "until_at", "until_timed"),
            ("end", "end_at", "end_timed"),
        ] {
            columns.push((low(at), format!("{word}_low")));
            columns.push((high(at, timed), format!("{word}_high")));
            columns.push(("0".into(), format!("{word}_far")));
        }
        out.push(Cte::new(
            "clocked",
            "The clock of every promise runs always.",
            select(&columns, "untils AS u"),
        ));
        return out;
    }
    // Promises are followed for 400 days.
    let days = |at: &str| format!("@div(u.{at}, 86400000)");
    let look = |at: &str| {
        format!(
            "CASE WHEN {d} - @div(u.at_local, 86400000) > 400 THEN @div(u.at_local, 86400000) + 400 ELSE {d} END",
            d = days(at)
        )
    };
    let far = |at: &str| {
        format!("CASE WHEN u.hours > 0 AND {} - @div(u.at_local, 86400000) > 400 THEN 1 ELSE 0 END", days(at))
    };
    out.push(Cte::new(
        "looked_up",
        "Days to look up; a promise in open hours is followed for 400 days.",
        select(
            &[
                star("u"),
                ("@div(u.at_local, 86400000)".into(), "from_day".into()),
                (look("until_at"), "until_day".into()),
                (look("end_at"), "end_day".into()),
                (far("until_at"), "until_far".into()),
                (far("end_at"), "end_far".into()),
            ],
            "untils AS u",
        ),
    ));
    let mut columns = vec![star("u"), ("0".into(), "from_far".into())];
    for (word, at, timed) in
        [("from", "at_local", "timed"), ("until", "until_at", "until_timed"), ("end", "end_at", "end_timed")]
    {
        let of_day = format!("MOD(u.{at}, 86400000)");
        for (edge, dated) in [("low", 0), ("high", DAY)] {
            let far =
                if word == "from" { String::new() } else { format!("WHEN u.{word}_far = 1 THEN {DAY} ") };
            let ms = format!("CASE {far}WHEN u.{timed} = 1 THEN {of_day} ELSE {dated} END");
            let plain = if edge == "low" { low(at) } else { high(at, timed) };
            columns.push((
                format!(
                    "CASE WHEN u.hours = 0 THEN {plain}\n        ELSE {} END",
                    plan.hours.position(word, &ms)
                ),
                format!("{word}_{edge}"),
            ));
        }
    }
    out.push(Cte::new(
        "clocked",
        "Where arrival, done and the end of the log stand on the clock of the promise, in milliseconds.\nA date without a time of day stands somewhere from low to high.",
        select(
            &columns,
            "looked_up AS u\nLEFT JOIN open_time AS o_from ON o_from.open_hours = u.hours AND o_from.open_day = u.from_day\nLEFT JOIN open_time AS o_until ON o_until.open_hours = u.hours AND o_until.open_day = u.until_day\nLEFT JOIN open_time AS o_end ON o_end.open_hours = u.hours AND o_end.open_day = u.end_day",
        ),
    ));
    out
}

/// Whether a moment follows the arrival within the promised time.
fn lies(word: &str, ms: &str, at: &str, timed: &str) -> String {
    let both = format!("d.timed = 1 AND d.{timed} = 1");
    let days = format!("@div(d.{at}, 86400000) - @div(d.at_local, 86400000)");
    format!(
        "CASE WHEN d.within_ms IS NULL OR {days} < 0 OR ({both} AND d.{ms} < d.at_ms) THEN NULL\n        WHEN d.hours = 0 AND {both} THEN CASE WHEN d.{ms} - d.at_ms <= d.within_ms THEN 1 ELSE 0 END\n        WHEN d.hours = 0 AND d.within_ms >= {DAY} THEN CASE WHEN ({days}) * {DAY} <= d.within_ms THEN 1 ELSE 0 END\n        WHEN d.{word}_high - d.from_low <= d.within_ms THEN CASE WHEN d.{word}_far = 1 THEN NULL ELSE 1 END\n        WHEN {both} AND d.{word}_high - d.from_low > d.within_ms THEN 0\n        WHEN d.{word}_low - d.from_high > d.within_ms THEN 0 END"
    )
}

fn decided(_plan: &Plan<'_>) -> Cte {
    let star = ("d.*".to_owned(), String::new());
    Cte::new(
        "decided",
        "In time? 1 yes, 0 no, NULL not known. done_in_time: of a moment; wait_in_time: of a wait;\nend_in_time: at the end of the log the promised time has not run out.",
        select(
            &[
                star,
                (format!("CASE WHEN d.done_ms IS NOT NULL AND d.answering = 'later' THEN {} END", lies("until", "done_ms", "done_at", "done_timed")), "done_in_time".into()),
                (lies("end", "end_ms", "end_at", "end_timed"), "end_in_time".into()),
                (
                    "CASE WHEN d.within_ms IS NULL OR d.waited_ms IS NULL THEN NULL\n        WHEN d.hours = 0 OR d.timed = 0 THEN CASE WHEN d.waited_ms <= d.within_ms THEN 1 ELSE 0 END\n        WHEN d.until_high - d.from_low > d.within_ms THEN 0\n        WHEN d.until_high - d.from_low <= d.within_ms AND d.until_far = 0 THEN 1 END"
                        .into(),
                    "wait_in_time".into(),
                ),
            ],
            "clocked AS d",
        ),
    )
}

fn answers(plan: &Plan<'_>) -> Cte {
    let star = ("d.*".to_owned(), String::new());
    let patience = i64::from(plan.window_days()).saturating_mul(DAY);
    let times = list_of("d.entry", &plan.entries_with(&[Role::Replied, Role::Closed]));
    let overdue = format!(
        "CASE WHEN d.due_ms IS NOT NULL THEN CASE WHEN {} > 0 THEN 1 ELSE 0 END\n            WHEN d.within_ms IS NOT NULL THEN CASE WHEN d.end_in_time = 0 THEN 1 ELSE 0 END\n            WHEN {} > {patience} THEN 1 ELSE 0 END",
        gap("d", DUE, END),
        gap("d", AT, END)
    );
    Cte::new(
        "answers",
        "Answered: as logged; live kinds: the opposite of given up; later kinds: done, or overdue at the end of the log.",
        select(
            &[
                star,
                (
                    format!(
                        "CASE WHEN d.answered IS NOT NULL THEN d.answered\n        WHEN d.answering = 'live' THEN CASE WHEN d.replied_ms IS NOT NULL THEN 1 ELSE 1 - d.abandoned END\n        WHEN d.answering = 'later' THEN CASE WHEN d.done_ms IS NOT NULL OR d.waited_ms IS NOT NULL THEN 1\n            WHEN d.abandoned = 1 THEN 0\n            WHEN {times} AND {overdue} = 1 THEN 0 END END"
                    ),
                    "got_answer".into(),
                ),
            ],
            "decided AS d",
        ),
    )
}

fn fate(plan: &Plan<'_>) -> Cte {
    let star = ("a.*".to_owned(), String::new());
    let times = list_of("a.entry", &plan.entries_with(&[Role::Replied, Role::Closed]));
    let logged = list_of("a.entry", &plan.entries_with(&[Role::Replied, Role::Closed, Role::Wait]));
    let gave_up =
        "CASE WHEN a.answering = 'live' AND a.abandoned IS NULL THEN 1 - a.got_answer ELSE a.abandoned END";
    let lost = format!("(COALESCE(a.got_answer, 1) = 0 OR COALESCE({gave_up}, 0) = 1)");
    // Of kinds that answer later the close comes first where a due date is the yardstick.
    let closed_first = {
        let due_close = gap("a", DUE, ("closed_ms", "closed_at", "closed_timed"));
        let due_done = gap("a", DUE, DONE);
        format!(
            "CASE WHEN a.due_ms IS NULL THEN NULL\n                WHEN a.closed_ms IS NOT NULL THEN CASE WHEN {due_close} <= 0 THEN 1 ELSE 0 END\n                WHEN a.done_ms IS NOT NULL THEN CASE WHEN {due_done} <= 0 THEN 1 ELSE 0 END\n                WHEN a.got_answer = 1 OR {} <= 0 THEN NULL\n                WHEN {times} OR a.got_answer = 0 THEN 0 END",
            gap("a", DUE, END)
        )
    };
    let kept = format!(
        "CASE WHEN a.answering = 'unattended' THEN a.on_time\n        WHEN a.answering = 'live' THEN CASE WHEN a.yardstick = 2 AND {lost} THEN 0 WHEN a.yardstick = 2 THEN a.on_time\n            WHEN a.wait_in_time IS NULL THEN NULL WHEN {lost} THEN 0 WHEN a.got_answer = 1 THEN a.wait_in_time END\n        WHEN a.answering = 'later' THEN CASE WHEN a.yardstick = 2 THEN a.on_time\n            WHEN a.yardstick = 1 THEN {closed_first}\n            WHEN a.within_ms IS NULL THEN NULL\n            WHEN a.done_ms IS NOT NULL THEN a.done_in_time\n            WHEN COALESCE(a.got_answer, 1) = 1 AND a.waited_ms IS NOT NULL THEN a.wait_in_time\n            WHEN a.got_answer = 1 THEN NULL\n            WHEN ((a.got_answer = 0 AND {logged}) OR {times}) AND a.end_in_time = 0 THEN 0 END END"
    );
    #[allow(clippy::cast_possible_truncation, reason = "`as` saturates, which is what is wanted")]
    let short = (plan.criteria.defaults.short_abandon_s * 1000.0).round() as i64;
    Cte::new(
        "fates",
        "What became of each contact.",
        select(
            &[
                star,
                (gave_up.into(), "gave_up".into()),
                (kept, "kept".into()),
                (
                    format!(
                        "CASE WHEN a.answering = 'live' AND {gave_up} = 1 AND a.wait_in_time = 1 THEN 1 ELSE 0 END"
                    ),
                    "gave_up_in_promise".into(),
                ),
                (
                    format!(
                        "CASE WHEN a.answering = 'live' AND {gave_up} = 1 AND a.waited_ms <= {short} THEN 1 ELSE 0 END"
                    ),
                    "gave_up_soon".into(),
                ),
                (format!("CASE WHEN COALESCE({gave_up}, 0) = 0 THEN a.handle_ms END"), "handled_ms".into()),
            ],
            "answers AS a",
        ),
    )
}
