//! Phrases that more than one format needs: the answer in one sentence, the line on the census, the
//! order of channels, what a reading says in words. Owns wording only: every number comes from the
//! assessment.

use std::collections::BTreeMap;

use super::figures::{count, day, list, month, percent, percent_range, points, small_range, whole};
use super::{Document, v1};
use crate::assess::axis::AxisState;
use crate::assess::{Ask, AskOf, Call, ChannelAssessment, Finding, OtherWindow, Verdict};
use crate::criteria::Indicator;
use crate::criteria::kind::Unit;
use crate::inventory::{Channel, ChannelIx, Status};
use crate::measure::counted::CountedChannel;
use crate::measure::{Grade, Reading};
use crate::quantity::Interval;
use crate::text::{clean, clean_lines};

/// Where an axis spans more points than this, its range tells nothing and is not printed.
const TELLS_NOTHING: f64 = 70.0;

/// A sentence that may hold text from a file: on one line, safe to show, nothing shortened.
pub(super) fn sentence(text: &str) -> String {
    clean_lines(text).replace('\n', " ")
}

/// The id of a channel, safe to show.
pub(super) fn name(document: &Document<'_>, channel: ChannelIx) -> String {
    clean(&document.inventory().channel(channel).id)
}

/// The assessment of a channel.
pub(super) fn assessed<'a>(document: &Document<'a>, channel: ChannelIx) -> Option<&'a ChannelAssessment> {
    document.assessment.channels.iter().find(|c| c.channel == channel)
}

/// The figures of a channel in the census.
pub(super) fn counted<'a>(document: &Document<'a>, channel: ChannelIx) -> Option<&'a CountedChannel> {
    document.counted?.channels.iter().find(|c| c.channel == channel)
}

/// The word of a verdict for a table: `FIX`, `keep (duty)`, `NOT YET`.
pub(super) fn call_short(document: &Document<'_>, verdict: &Verdict) -> String {
    let calls = &document.criteria().verdicts;
    let call = verdict.call.to_string();
    match calls.call(&verdict.words).or_else(|| calls.call(&call)) {
        Some(words) => words.short.get(document.language).to_owned(),
        None => call,
    }
}

/// The sentence of a verdict, with the channels that it leads to.
pub(super) fn call_sentence(document: &Document<'_>, verdict: &Verdict) -> String {
    let calls = &document.criteria().verdicts;
    let call = verdict.call.to_string();
    let words = calls.call(&verdict.words).or_else(|| calls.call(&call));
    words.map_or(call, |w| w.sentence.get(document.language).to_owned())
}

/// Where the contacts of a channel that closes go: `email 55%, pec 45%`.
pub(super) fn redirect(document: &Document<'_>, verdict: &Verdict) -> Option<String> {
    if verdict.into.is_empty() {
        return None;
    }
    let least = document.criteria().verdicts.number("redirect_least");
    let (named, rest): (Vec<_>, Vec<_>) =
        verdict.into.iter().partition(|(_, share)| *share >= least || least.is_nan());
    if let [(to, _)] = verdict.into.as_slice() {
        return Some(name(document, *to));
    }
    let mut parts: Vec<String> =
        named.iter().map(|(to, share)| format!("{} {}", name(document, *to), percent(*share))).collect();
    if !rest.is_empty() {
        parts.push(format!("others {}", percent(rest.iter().map(|(_, s)| s).sum())));
    }
    Some(parts.join(", "))
}

/// What a verdict asks for, as a phrase with channels in it; `None` for what goes on as it is.
fn deed(words: &str, call: Call, names: &str) -> Option<String> {
    Some(match (words, call) {
        ("answer-it", _) => format!("answer {names}"),
        ("start-listening", _) => format!("start listening on {names}"),
        ("stop-trial", _) => format!("end the trial of {names}"),
        ("make-permanent", _) => format!("make {names} permanent"),
        ("extend-trial", _) => format!("go on trying {names}"),
        (_, Call::Fix) => format!("repair {names}"),
        (_, Call::Drop) => format!("close {names}"),
        (_, Call::Add) => format!("start {names}"),
        (_, Call::Pilot) => format!("try {names}"),
        (_, Call::Defer) => format!("{names} not yet"),
        (_, Call::Ask) => format!("find out more before {names}"),
        (_, Call::Reject) => format!("do not open {names}"),
        (_, Call::Keep | Call::Merge) => return None,
    })
}

/// The whole portfolio in one sentence, most pressing first.
pub(super) fn in_one_sentence(document: &Document<'_>) -> String {
    const ORDER: [Call; 8] =
        [Call::Fix, Call::Merge, Call::Drop, Call::Add, Call::Pilot, Call::Defer, Call::Ask, Call::Reject];
    let mut parts: Vec<String> = Vec::new();
    for call in ORDER {
        // Channels of one call whose words differ (repair and answer) make phrases of their own.
        let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
        for c in document.assessment.channels.iter().filter(|c| c.verdict.call == call) {
            let channel = name(document, c.channel);
            if call == Call::Merge {
                let into = c.verdict.into.first().map(|(to, _)| name(document, *to));
                parts.push(match into {
                    Some(into) => format!("fold {channel} into {into}"),
                    None => format!("fold {channel} into another channel"),
                });
                continue;
            }
            let words = match c.verdict.words.as_str() {
                known @ ("answer-it" | "start-listening" | "stop-trial" | "make-permanent"
                | "extend-trial") => known,
                _ => "",
            };
            match groups.iter_mut().find(|(w, _)| *w == words) {
                Some((_, names)) => names.push(channel),
                None => groups.push((words, vec![channel])),
            }
        }
        parts.extend(groups.iter().filter_map(|(words, names)| deed(words, call, &list(names))));
    }
    if document.assessment.channels.is_empty() {
        return "there is no channel to assess.".to_owned();
    }
    if parts.is_empty() {
        return "keep everything as it is.".to_owned();
    }
    let kept = document.assessment.channels.iter().filter(|c| c.verdict.call == Call::Keep).count();
    if kept > 0 {
        parts.push("keep the rest".to_owned());
    }
    format!("{}.", parts.join("; "))
}

/// `13 channels and 3 candidates`.
pub(super) fn portfolio_size(document: &Document<'_>) -> String {
    let of = |status: Status| document.inventory().channels.iter().filter(|c| c.status == status).count();
    let mut parts = vec![several(of(Status::Active), "channel")];
    for (status, word) in [(Status::Pilot, "pilot"), (Status::Candidate, "candidate")] {
        if of(status) > 0 {
            parts.push(several(of(status), word));
        }
    }
    if of(Status::Retiring) > 0 {
        parts.push(format!("{} closing", of(Status::Retiring)));
    }
    list(&parts)
}

/// `1 channel`, `2 channels`.
pub(super) fn several(n: usize, word: &str) -> String {
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    format!("{} {word}{}", count(n), if n == 1 { "" } else { "s" })
}

/// The title line of the portfolio: who, how much, when.
pub(super) fn title(document: &Document<'_>) -> String {
    let organisation = clean(&document.inventory().organisation.name);
    let mut parts = vec![organisation, portfolio_size(document)];
    match document.counted {
        Some(c) => {
            let (from, to) = (month(c.from), month(c.to));
            parts.push(if from == to { from } else { format!("{from} to {to}") });
            parts.push(format!("{} contacts", count(c.contacts)));
        }
        None => parts.push("no logs".to_owned()),
    }
    parts.join(" · ")
}

/// For which day this was assessed, and who said so.
pub(super) fn as_of(document: &Document<'_>) -> String {
    let a = document.assessment;
    match a.at_from {
        "today" => format!("as of today, {}", day(a.at)),
        "as_of" => format!("as of {}", day(a.at)),
        other => format!("as of {} ({other})", day(a.at)),
    }
}

/// What the census is worth, in words; `None` without logs.
pub(super) fn completeness(document: &Document<'_>) -> Option<String> {
    let c = document.assessment.completeness.as_ref()?;
    let verdicts = &document.criteria().verdicts;
    // The same lines that verdicts are held against: known well enough, and the threshold of every score.
    let middle = c.score.middle();
    let meaning = if middle >= verdicts.number("known_share") * 100.0 {
        "good enough to decide"
    } else if middle >= verdicts.number("threshold") {
        "enough for a first picture"
    } else {
        "too thin to decide much"
    };
    let mut text = format!("Census {} of 100: {meaning}", points(c.score));
    let weakest = c
        .parts
        .iter()
        .map(|(id, _, points, weight)| ((100.0 - points.middle()) * weight, id))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    if let Some((lost, id)) = weakest
        && lost > 0.0
        && let Some(indicator) = document.criteria().census.iter().find(|i| i.id == *id)
    {
        text.push_str(&format!(
            ". Most is missing in: {}",
            lower_first(indicator.title.get(document.language))
        ));
    }
    text.push('.');
    Some(text)
}

/// Text with its first letter lowered.
pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().chain(chars).collect())
}

/// Text with its first letter raised.
pub(super) fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What is in the logs and not in the inventory; `None` if nothing.
pub(super) fn unlisted(document: &Document<'_>) -> Option<String> {
    let counted = document.counted?;
    let (label, n) = counted.unlisted.first()?;
    let more = counted.unlisted.len() - 1;
    let mut text = format!("{} rows are \"{}\"", count(*n), clean(label));
    if more > 0 {
        let rest: i64 = counted.unlisted[1..].iter().fold(0_i64, |sum, (_, n)| sum.saturating_add(*n));
        text.push_str(&format!(" and {} of {}", count(rest), several(more, "other label")));
    }
    text.push_str(", not in your inventory.");
    Some(text)
}

/// An axis as a range; `not known` where the range tells nothing, `-` where there is none.
pub(super) fn axis(x: Option<Interval>) -> String {
    match x {
        None => "-".to_owned(),
        Some(x) if x.width() > TELLS_NOTHING => "not known".to_owned(),
        Some(x) => points(x),
    }
}

/// Whether a range tells anything.
pub(super) fn tells(x: Option<Interval>) -> bool {
    x.is_some_and(|x| x.width() <= TELLS_NOTHING)
}

/// What a range says about the line.
pub(super) fn against_line(document: &Document<'_>, x: Option<Interval>) -> &'static str {
    let line = document.criteria().verdicts.number("threshold");
    match (x, AxisState::of(x, line)) {
        (None, _) => "not asked here",
        (Some(_), AxisState::Above) => "yes",
        (Some(_), AxisState::Below) => "no",
        (Some(_), AxisState::Across) => "not proven",
    }
}

/// Every channel in the order of the portfolio: contacts (most first), then what is counted apart by
/// unit, then candidates and pilots.
pub(super) struct Order<'a> {
    pub(super) contacts: Vec<&'a ChannelAssessment>,
    pub(super) apart: Vec<&'a ChannelAssessment>,
    pub(super) proposed: Vec<&'a ChannelAssessment>,
}

/// The channels in their order.
pub(super) fn order<'a>(document: &Document<'a>) -> Order<'a> {
    let mut order = Order { contacts: Vec::new(), apart: Vec::new(), proposed: Vec::new() };
    for c in document.assessment.channels.iter().filter(|c| document.shows(c.channel)) {
        let channel = document.inventory().channel(c.channel);
        match (channel.status, channel.kind.unit) {
            (Status::Candidate | Status::Pilot, _) => order.proposed.push(c),
            (_, Unit::Contact) => order.contacts.push(c),
            _ => order.apart.push(c),
        }
    }
    let volume = |c: &ChannelAssessment| -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "only an order of rows")]
        match counted(document, c.channel) {
            Some(n) => n.contacts as f64,
            None if document.counted.is_some() => 0.0,
            None => document.facts.volume(c.channel).map_or(0.0, Interval::middle),
        }
    };
    order.contacts.sort_by(|a, b| volume(b).total_cmp(&volume(a)));
    order.apart.sort_by(|a, b| {
        let unit = |c: &ChannelAssessment| document.inventory().channel(c.channel).kind.unit;
        unit(a).cmp(&unit(b)).then(volume(b).total_cmp(&volume(a)))
    });
    order
}

/// Contacts of a channel for a table: counted, else declared or forecast a year, marked so.
pub(super) fn volume(document: &Document<'_>, channel: ChannelIx) -> String {
    let unit = document.inventory().channel(channel).kind.unit;
    let word = match unit {
        Unit::Contact => "",
        Unit::Session => " ses",
        Unit::View => " views",
        Unit::Message => " msg",
    };
    match counted(document, channel) {
        Some(c) => format!("{}{word}", count(c.contacts)),
        None => match expected(document, channel) {
            Some(x) => format!("{}{word}", super::figures::range(x)),
            None => "not known".to_owned(),
        },
    }
}

/// Declared or forecast contacts a year.
pub(super) fn expected(document: &Document<'_>, channel: ChannelIx) -> Option<Interval> {
    let of = document.inventory().channel(channel);
    match of.status {
        Status::Candidate => document.facts.volume(channel).or_else(|| {
            assessed(document, channel).and_then(|c| c.candidate.as_ref()).and_then(|e| e.contacts)
        }),
        _ => document.facts.volume(channel).or_else(|| of.volume_per_year.as_ref().map(|v| v.value)),
    }
}

/// The first reason, with the word that too little is known where that is so.
pub(super) fn because(document: &Document<'_>, verdict: &Verdict) -> String {
    let mut text = verdict.because.first().map(|b| sentence(b)).unwrap_or_default();
    if verdict.provisional {
        let word = document.criteria().verdicts.word("provisional", document.language);
        text = format!("({word}) {text}");
    }
    if matches!(verdict.call, Call::Drop | Call::Merge)
        && let Some(to) = redirect(document, verdict)
        && !text.starts_with(&format!("{to} "))
    {
        text.push_str(&format!(" → {to}"));
    }
    text
}

/// A reason as a line of its own: `because …`, or `but …` where it says so itself.
pub(super) fn reason(text: &str) -> String {
    let text = sentence(text);
    if text.starts_with("but ") { text } else { format!("because {text}") }
}

/// The word of a call alone: `TRY`, `keep`.
pub(super) fn call_word(document: &Document<'_>, call: Call) -> String {
    let id = call.to_string();
    let words = document.criteria().verdicts.call(&id);
    words.map_or(id, |w| w.short.get(document.language).to_owned())
}

/// `TRY, NOT YET or keep`: the calls that what is known leaves open; `None` where there is only one.
pub(super) fn possible(document: &Document<'_>, verdict: &Verdict) -> Option<String> {
    let words: Vec<String> = verdict.possible.iter().map(|c| call_word(document, *c)).collect();
    (words.len() > 1).then(|| list(&words).replacen(" and ", " or ", 1))
}

/// `Counted within 1 day: keep (Contacts end well: 83% instead of 71%)`: the other windows of an episode
/// in which another verdict would stand.
pub(super) fn windows(document: &Document<'_>, verdict: &Verdict) -> Vec<String> {
    let calls = &document.criteria().verdicts;
    let say = |w: &OtherWindow| {
        let short = calls.call(&w.words).map(|words| words.short.get(document.language).to_owned());
        let days = several(usize::try_from(w.days).unwrap_or(usize::MAX), "day");
        let short = short.unwrap_or_else(|| call_word(document, w.call));
        format!("Who comes back counted within {days}: {short} ({})", lower_first(&sentence(&w.because)))
    };
    verdict.windows.iter().map(say).collect()
}

/// Which verdicts hang on how many days somebody has to come back; `None` where no other window is known.
pub(super) fn hang_on_window(document: &Document<'_>) -> Option<String> {
    let others = &document.assessment.other_windows;
    let shown = || document.assessment.channels.iter().filter(|c| document.shows(c.channel));
    let days: Vec<String> = others.iter().map(u32::to_string).collect();
    let (last, first) = days.split_last()?;
    let days = if first.is_empty() { last.clone() } else { format!("{} or {last}", first.join(", ")) };
    let change: Vec<String> =
        shown().filter(|c| !c.verdict.windows.is_empty()).map(|c| name(document, c.channel)).collect();
    Some(if change.is_empty() {
        format!("No verdict changes if who comes back is counted within {days} days.")
    } else {
        format!(
            "The verdict on {} would be another if who comes back were counted within {days} days (see the card).",
            list(&change)
        )
    })
}

/// What the other active channels also do of a channel, and what only it does; `None` where it is not known.
pub(super) fn overlap(document: &Document<'_>, channel: ChannelIx) -> Option<String> {
    const NAMED: usize = 4;
    if document.inventory().channel(channel).kind.unit != Unit::Contact {
        return None;
    }
    let today = document.facts.overlap_today(channel);
    let unique = today.unique?;
    let mut also: Vec<String> = today
        .by
        .iter()
        .take(NAMED)
        .map(|(to, share)| format!("{} {}", name(document, *to), percent(*share)))
        .collect();
    if today.by.len() > NAMED {
        also.push(format!("{} more", today.by.len() - NAMED));
    }
    let mut text = if also.is_empty() {
        "no other active channel serves its moments, reasons and segments".to_owned()
    } else {
        format!("share of it that they also serve: {}", list(&also))
    };
    if unique > 0.0 {
        let most =
            today.unique_words.map_or_else(String::new, |w| format!(", the largest part {}", sentence(&w)));
        text.push_str(&format!("; only here: {}{most}", percent(unique)));
    }
    if let Some(sole) = document.facts.sole_customers(channel).filter(|s| s.customers.high > 0.0) {
        text.push_str(&format!(
            "; customers who came three times or more and only here: {} ({} of all who came so often)",
            super::figures::range(sole.customers),
            percent_range(sole.share)
        ));
    }
    Some(text)
}

/// The word of a touchpoint's state.
pub(super) fn moment_word<'a>(document: &Document<'a>, word: &'a str) -> String {
    let id = format!("moment-{}", word.replace(' ', "-"));
    let found = document.criteria().verdicts.word(&id, document.language);
    if found == id { word.to_owned() } else { found.to_owned() }
}

/// A reading's share, for a table.
pub(super) fn share(reading: &Reading) -> String {
    match reading {
        Reading::Known(k) => percent(k.value),
        Reading::Unknown { .. } => "not known".to_owned(),
        Reading::NotApplicable { .. } => "-".to_owned(),
    }
}

/// The word of a grade.
pub(super) fn grade(document: &Document<'_>, grade: Grade) -> String {
    let id = match grade {
        Grade::Measured => "grade-measured",
        Grade::Sampled => "grade-sampled",
        Grade::Declared => "grade-declared",
        Grade::Estimated => "grade-estimated",
        Grade::Assumed => "grade-assumed",
    };
    document.criteria().verdicts.word(id, document.language).to_owned()
}

/// A known value of an indicator in its unit: `61% (58-64%)`, `partly`, `1.2`.
pub(super) fn value(document: &Document<'_>, indicator: Option<&Indicator>, reading: &Reading) -> String {
    let known = match reading {
        Reading::Known(known) => known,
        Reading::Unknown { .. } => {
            return document.criteria().verdicts.word("grade-unknown", document.language).to_owned();
        }
        Reading::NotApplicable { .. } => {
            return document.criteria().verdicts.word("grade-not-applicable", document.language).to_owned();
        }
    };
    let interval = Interval { low: known.low, high: known.high };
    if interval.width() == 0.0
        && let Some((_, words)) =
            indicator.and_then(|i| i.answers.iter().find(|(at, _)| (at - known.value).abs() < 1e-9))
    {
        return words.get(document.language).to_owned();
    }
    let (one, both) = match indicator.map_or("share", |i| i.unit.as_str()) {
        "share" => (percent(known.value), percent_range(interval)),
        "ratio" | "scale" => (small_range(Interval::point(known.value)), small_range(interval)),
        _ => (whole(known.value), super::figures::range(interval)),
    };
    if one == both { one } else { format!("{one} ({both})") }
}

/// What to find out next over all channels that are shown: each question once with its channels, what it removes
/// and narrows added up, what settles most first.
pub(super) fn asks(document: &Document<'_>, most: usize) -> Vec<(Ask, Vec<ChannelIx>)> {
    let mut by_id: BTreeMap<(AskOf, &str), (Ask, Vec<ChannelIx>)> = BTreeMap::new();
    for c in document.assessment.channels.iter().filter(|c| document.shows(c.channel)) {
        for ask in &c.asks {
            let (sum, channels) = by_id
                .entry((ask.of, &ask.id))
                .or_insert_with(|| (Ask { removes: 0.0, narrows: 0.0, ..ask.clone() }, Vec::new()));
            sum.removes += ask.removes;
            sum.narrows += ask.narrows;
            channels.push(c.channel);
        }
    }
    let mut asks: Vec<(Ask, Vec<ChannelIx>)> = by_id.into_values().collect();
    asks.sort_by(|(a, _), (b, _)| {
        let (more, wider) = (b.removes.total_cmp(&a.removes), b.narrows.total_cmp(&a.narrows));
        more.then(wider).then_with(|| (&a.id, a.of).cmp(&(&b.id, b.of)))
    });
    asks.truncate(most);
    asks
}

/// A question with the channels it is about.
pub(super) fn question(document: &Document<'_>, (ask, channels): &(Ask, Vec<ChannelIx>)) -> String {
    let about = if document.named.len() == 1 { String::new() } else { about(document, channels) };
    format!("{}{about}", sentence(&ask.question))
}

/// Which channels a question is about: ` (phone, email)`.
fn about(document: &Document<'_>, channels: &[ChannelIx]) -> String {
    const NAMED: usize = 3;
    if channels.len() > NAMED && channels.len() == document.inventory().channels.len() {
        return " (all channels)".to_owned();
    }
    // "and 1 more" is no shorter than the name.
    let shown = if channels.len() == NAMED + 1 { NAMED + 1 } else { NAMED };
    let names: Vec<String> = channels.iter().take(shown).map(|c| name(document, *c)).collect();
    let more = channels.len().saturating_sub(shown);
    if more > 0 {
        format!(" ({} and {more} more)", names.join(", "))
    } else {
        format!(" ({})", names.join(", "))
    }
}

/// The first thing to do for a channel that needs work and what it takes: its first condition; for a
/// channel that closes, the way of its customers; else its first remedy.
pub(super) fn first_step(document: &Document<'_>, c: &ChannelAssessment) -> Option<(String, String)> {
    if let Some(first) = c.verdict.first.first() {
        return Some((sentence(&first.what), effort(document, &first.effort)));
    }
    match c.verdict.call {
        Call::Drop | Call::Merge => {
            let to = redirect(document, &c.verdict)?;
            Some((format!("lead its customers to {to}"), String::new()))
        }
        // What is ready or as it should be needs no mending first.
        Call::Keep | Call::Add | Call::Reject | Call::Ask => None,
        Call::Fix | Call::Pilot | Call::Defer => {
            c.remedies.first().map(|r| (sentence(&r.text), effort(document, &r.effort)))
        }
    }
}

/// The word of an effort.
pub(super) fn effort(document: &Document<'_>, effort: &str) -> String {
    let id = format!("effort-{effort}");
    let word = document.criteria().verdicts.word(&id, document.language);
    if word == id { clean(effort) } else { word.to_owned() }
}

/// Findings, gravest first, each group in its own order.
pub(super) fn findings<'a>(document: &Document<'a>) -> Vec<&'a Finding> {
    let mut findings: Vec<&Finding> = document
        .assessment
        .findings
        .iter()
        .filter(|f| document.named.is_empty() || f.channel.is_some_and(|c| document.named.contains(&c)))
        .collect();
    findings.sort_by_key(|f| std::cmp::Reverse(f.severity));
    findings
}

/// Weights of the criteria if they are not all equal.
pub(super) fn weights(document: &Document<'_>) -> Option<String> {
    let weights = &document.assessment.weights;
    let mut parts = Vec::new();
    let mut equal = true;
    for axis in [crate::criteria::AxisId::Worth, crate::criteria::AxisId::Delivery] {
        let ids = v1::criteria_of(document, axis);
        let of: Vec<&(String, f64)> = weights.iter().filter(|(id, _)| ids.contains(id)).collect();
        equal &= of.windows(2).all(|pair| match pair {
            [a, b] => (a.1 - b.1).abs() < 1e-9,
            _ => true,
        });
        parts.extend(of.iter().map(|(id, w)| format!("{id} {}", percent(*w))));
    }
    (!equal).then(|| parts.join(", "))
}

/// `billing and outage`: the touchpoints of a channel.
pub(super) fn touchpoints(document: &Document<'_>, channel: &Channel) -> String {
    let names: Vec<String> =
        channel.touchpoints.iter().map(|(t, _)| clean(&document.inventory().touchpoint(*t).id)).collect();
    list(&names)
}

/// Title of an indicator or gate by id; the id itself where there is none.
pub(super) fn title_of(document: &Document<'_>, id: &str) -> String {
    let criteria = document.criteria();
    criteria
        .indicator(id)
        .map(|(_, i)| &i.title)
        .or_else(|| criteria.gate(id).map(|g| &g.title))
        .map_or_else(|| clean(id), |title| title.get(document.language).to_owned())
}
