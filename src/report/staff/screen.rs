//! The calculator's answers for people: the answer first, then what it rests on, then what fewer and
//! more people would give.

use super::Answered;
use super::v1::because;
use crate::capability::Refusal;
use crate::capability::erlang::Performance;
use crate::capability::model::Model;
use crate::quantity::Interval;
use crate::report::Look;
use crate::report::figures::{count, list};
use crate::report::grid::{self, Grid, Side, Text, plain, prose};
use crate::report::style::Tone;
use crate::staff::asked::ModelName;
use crate::staff::intervals::Line;
use crate::staff::{Outcome, Question, Staffed};

/// Lines of a file that are shown without `-v`.
const SHOWN: usize = 40;
/// Under so many people one more or less at the desk is everything.
const FEW: u32 = 3;

/// One answer.
pub(super) fn one(of: &Answered<'_>, look: Look) -> String {
    let question = of.question;
    let mut out = grid::title(&asked(question), look);
    out.push_str(&prose("", &model(question), look));
    out.push('\n');
    for sentence in answer(of) {
        out.push_str(&prose("  ", &sentence, look));
    }
    let required = of.answer.required.ok();
    let mut shown: Vec<Staffed> = of.curve.clone();
    if shown.is_empty() {
        if let Some(required) = required.filter(|required| question.agents.is_some_and(|n| n != *required)) {
            shown.extend(Question { agents: Some(required), ..question.clone() }.answer().staffed);
        }
        shown.extend(of.answer.staffed.clone());
        shown.sort_by_key(|(agents, _)| *agents);
    }
    if !shown.is_empty() {
        out.push('\n');
        out.push_str(&table(question, &shown, required, look));
    }
    if let Some((agents, Ok(outcome))) = &of.answer.staffed {
        out.push_str(&variants(question, *agents, outcome, look));
    }
    out
}

/// What was asked, in a line.
fn asked(question: &Question) -> String {
    format!(
        "{} {} in {}, {} each: {} erlangs of work",
        number(question.contacts),
        if question.contacts == 1.0 { "contact" } else { "contacts" },
        seconds(question.per_s),
        seconds(question.handle_s),
        number(question.erlangs())
    )
}

/// The model and what it supposes.
fn model(question: &Question) -> String {
    match &question.model {
        Model::ErlangA { patience_s } => {
            let assumed =
                if question.patience_assumed { ", as is assumed where nobody measured it" } else { "" };
            format!(
                "Erlang A: callers wait {} on average before they give up{assumed}.",
                ends(*patience_s, seconds)
            )
        }
        Model::ErlangC => "Erlang C: nobody gives up.".to_owned(),
        Model::Concurrent { speed } => {
            let speeds: Vec<String> = speed.iter().map(|speed| number(*speed)).collect();
            format!(
                "Chat: one person holds up to {} at once (speed {}).",
                several(speed.len(), "talk"),
                list(&speeds)
            )
        }
        Model::Deferred { open_hours } => format!(
            "Deadline: all of it arrives at the start of the {}, and may wait {} open time; people who do nothing \
             else work it off in its order.",
            seconds(question.per_s),
            seconds(open_hours * 3600.0)
        ),
    }
}

/// The answer in sentences.
fn answer(of: &Answered<'_>) -> Vec<String> {
    let question = of.question;
    let target = question.target;
    let promise = format!("{} in {}", percent(target.share), seconds(target.within_s));
    let mut limits = Vec::new();
    match question.model {
        Model::Deferred { .. } => {}
        Model::ErlangA { .. } => {
            limits.push(format!("at most {} lost", percent(target.max_lost)));
            limits.push(format!("at most {} busy", percent(target.max_occupancy)));
        }
        _ => limits.push(format!("at most {} busy", percent(target.max_occupancy))),
    }
    let limits = if limits.is_empty() { String::new() } else { format!(", {}", list(&limits)) };
    let mut out = Vec::new();
    match of.answer.required {
        Ok(n) => {
            let keep = if n == 1 { "keeps" } else { "keep" };
            out.push(format!("{} at the desk {keep} {promise}{limits}.", people(n)));
            out.push(format!(
                "With {} of paid time away from the desk, that takes {} full-time on the roster of this period.",
                percent(question.shrinkage),
                number(question.rostered(n))
            ));
            if n < FEW && !matches!(question.model, Model::Deferred { .. }) {
                let text = "With so few, one contact more or less is everything: the shares below are means.";
                out.push(text.into());
            }
        }
        Err(_) => out.push(format!("No answer for {promise}{limits}: {}.", because(of).unwrap_or_default())),
    }
    if let (Ok(_), Some(because)) = (of.answer.required, because(of)) {
        out.push(format!("{because}."));
    }
    if let Some(Ok(n)) = question.if_nobody_gave_up() {
        out.push(format!("If nobody gave up (Erlang C): {}.", people(n)));
    }
    let known = |talks: &&(u32, Result<u32, Refusal>)| talks.1.is_ok();
    let mut talks: Vec<String> = of
        .by_talks
        .iter()
        .filter_map(|(talks, required)| Some(format!("{} with {talks}", count(i64::from(required.ok()?)))))
        .collect();
    let not_known: Vec<String> =
        of.by_talks.iter().filter(|t| !known(t)).map(|(t, _)| t.to_string()).collect();
    match not_known.as_slice() {
        [] => {}
        [one] => talks.push(format!("not known with {one}")),
        [first, .., last] => talks.push(format!("not known with {} from {first} to {last}", not_known.len())),
    }
    if !talks.is_empty() {
        out.push(format!("By talks at once: {}.", list(&talks)));
    }
    out
}

/// `1 talk`, `3 talks`.
fn several(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{} {what}s", thousands(n)) }
}

fn people(n: u32) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{} people", count(i64::from(n))) }
}

/// What numbers of people give.
fn table(question: &Question, shown: &[Staffed], required: Option<u32>, look: Look) -> String {
    let mut grid = Grid::new(look, 2);
    let within = format!("in {}", seconds(question.target.within_s));
    let queue = !matches!(question.model, Model::Deferred { .. });
    grid.column("people", Side::Right, 11).column(within, Side::Right, 14);
    if queue {
        grid.column("wait at all", Side::Right, 14).column("mean wait", Side::Right, 14);
    }
    if matches!(question.model, Model::ErlangA { .. }) {
        grid.column("give up", Side::Right, 14);
    }
    grid.column("busy", Side::Right, 14).column("", Side::Left, usize::MAX);
    for (agents, outcome) in shown {
        let mut row = vec![plain(count(i64::from(*agents)))];
        let word: Text = match outcome {
            Ok(outcome) => {
                row.extend(figures(question, outcome).into_iter().map(plain));
                if required == Some(*agents) {
                    ("needed".to_owned(), Tone::Strong)
                } else if outcome.keeps(question.target) {
                    ("keeps it".to_owned(), Tone::Good)
                } else {
                    ("does not keep it".to_owned(), Tone::Bad)
                }
            }
            Err(refusal) => {
                let blanks =
                    2 + usize::from(queue) * 2 + usize::from(matches!(question.model, Model::ErlangA { .. }));
                row.extend((0..blanks).map(|_| plain("-")));
                (refusal.to_string(), Tone::Bad)
            }
        };
        row.push(word);
        grid.row(row);
    }
    grid.render(look)
}

/// In time, the waits, who gives up, how busy: as far as the model has them.
fn figures(question: &Question, outcome: &Outcome) -> Vec<String> {
    let mut row = vec![ends(outcome.strict(), percent)];
    row.extend(outcome.queue(|p| p.p_wait).map(|x| ends(x, percent)));
    row.extend(outcome.queue(|p| p.mean_wait_s).map(|x| ends(x, seconds)));
    if matches!(question.model, Model::ErlangA { .. }) {
        row.extend(outcome.queue(|p| p.p_abandon).map(|x| ends(x, percent)));
    }
    row.push(ends(outcome.occupancy(), percent));
    row
}

/// A figure of a queue.
type Figure = fn(&Performance) -> f64;

/// The variants of the service level, where they differ.
fn variants(question: &Question, agents: u32, outcome: &Outcome, look: Look) -> String {
    if !matches!(question.model, Model::ErlangA { .. }) {
        return String::new();
    }
    let variants: [(&str, Figure); 4] = [
        ("of all who called (strict; the one judged)", |p| p.strict),
        ("without those who gave up in time (excluding short)", |p| p.excluding_short),
        ("served or given up in time (plus)", |p| p.plus),
        ("of those who were served (answered only)", |p| p.answered_only),
    ];
    let mut grid = Grid::new(look, 2);
    let title = format!("IN {} WITH {}", seconds(question.target.within_s), people(agents).to_uppercase());
    grid.column(title, Side::Left, 60).column("", Side::Left, usize::MAX);
    for (name, figure) in variants {
        if let Some(x) = outcome.queue(figure) {
            grid.row(vec![plain(name), plain(ends(x, percent))]);
        }
    }
    format!("\n{}", grid.render(look))
}

/// A file of answers.
pub(super) fn many(lines: &[Line], answered: &[Answered<'_>], look: Look) -> String {
    let mut grid = Grid::new(look, 0);
    grid.column("line", Side::Right, 10)
        .column("contacts", Side::Right, 10)
        .column("in", Side::Right, 8)
        .column("each", Side::Right, 8)
        .column("model", Side::Left, 8)
        .column("promise", Side::Left, 14)
        .column("needed", Side::Right, 8)
        .column("looked at", Side::Right, 9)
        .column("in time", Side::Right, 14)
        .column("busy", Side::Right, 14)
        .column("", Side::Left, usize::MAX);
    let most = if look.full { usize::MAX } else { SHOWN };
    for (line, of) in lines.iter().zip(answered).take(most) {
        let q = of.question;
        let staffed = of.answer.staffed.as_ref();
        let outcome = staffed.and_then(|(_, outcome)| outcome.as_ref().ok());
        grid.row(
            [
                line.line.to_string(),
                number(q.contacts),
                seconds(q.per_s),
                seconds(q.handle_s),
                ModelName::of(&q.model).word().to_owned(),
                format!("{} in {}", percent(q.target.share), seconds(q.target.within_s)),
                of.answer.required.map_or_else(|_| "-".to_owned(), |n| count(i64::from(n))),
                staffed.map_or_else(|| "-".to_owned(), |(n, _)| count(i64::from(*n))),
                outcome.map_or_else(|| "-".to_owned(), |o| ends(o.strict(), percent)),
                outcome.map_or_else(|| "-".to_owned(), |o| ends(o.occupancy(), percent)),
                because(of).unwrap_or_default(),
            ]
            .into_iter()
            .map(plain)
            .collect(),
        );
    }
    if answered.len() > most {
        let more = answered.len() - most;
        grid.across(format!("and {} more (with -v, or --format csv)", thousands(more)), Tone::Faint);
    }
    let mut out = grid.render(look);
    out.push('\n');
    out.push_str(&prose("", &sums(answered), look));
    out
}

/// What all intervals take together.
fn sums(answered: &[Answered<'_>]) -> String {
    let (mut hours, mut paid, mut without, mut most) = (0.0, 0.0, 0usize, 0u32);
    for of in answered {
        match of.answer.required {
            Ok(n) => {
                let period = of.question.per_s / 3600.0;
                hours += f64::from(n) * period;
                paid += of.question.rostered(n) * period;
                most = most.max(n);
            }
            Err(_) => without += 1,
        }
    }
    let mut text = format!(
        "{}: {} hours at the desk, {} paid hours; at most {} in one interval.",
        several(answered.len(), "interval"),
        number(hours),
        number(paid),
        people(most)
    );
    if without > 0 {
        text.push_str(&format!(" Without an answer, and not in these sums: {}.", thousands(without)));
    }
    text
}

fn thousands(n: usize) -> String {
    count(i64::try_from(n).unwrap_or(i64::MAX))
}

/// Both ends of a figure, or the one where they read the same.
fn ends(x: Interval, word: fn(f64) -> String) -> String {
    let (low, high) = (word(x.low), word(x.high));
    match (low.split_once([' ', '%']), high.split_once([' ', '%'])) {
        _ if low == high => low,
        // One unit is said once.
        (Some((number, unit)), Some((_, other))) if unit == other => format!("{number} to {high}"),
        _ => format!("{low} to {high}"),
    }
}

/// A share with a digit after the point; never 0% for something or 100% for not quite all.
fn percent(share: f64) -> String {
    let text = format!("{:.1}", share * 100.0);
    match text.as_str() {
        "0.0" if share > 0.0 => "<0.1%".to_owned(),
        "100.0" if share < 1.0 => ">99.9%".to_owned(),
        _ => format!("{}%", text.trim_end_matches(".0")),
    }
}

/// A number with as many digits as are of use.
fn number(x: f64) -> String {
    if x >= 1000.0 {
        return crate::report::figures::whole(x);
    }
    if x > 0.0 && x < 0.000_05 {
        return "<0.0001".to_owned();
    }
    let digits = if x >= 100.0 || x == 0.0 {
        1
    } else if x >= 0.1 {
        2
    } else {
        4
    };
    let text = format!("{x:.digits$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A time in a handy unit, to about three digits.
fn seconds(s: f64) -> String {
    if s < 120.0 {
        format!("{} s", number(s))
    } else if s < 3600.0 {
        format!("{} min", number(s / 60.0))
    } else if s < 3.0 * 86_400.0 {
        format!("{} h", number(s / 3600.0))
    } else {
        format!("{} days", number(s / 86_400.0))
    }
}
