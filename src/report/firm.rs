//! How firm a verdict is, in words: how many weightings agree, what would turn it, and whose weights give another.

use super::Document;
use super::figures::{list, percent, small_range, whole};
use super::phrase::{call_word, lower_first, name};
use crate::assess::{Agreement, Call, ChannelAssessment, Flip, Standing, Verdict};
use crate::criteria::Indicator;
use crate::quantity::Interval;
use crate::text::clean;

/// Turns shown for one channel without `-v`.
pub(super) const TURNS: usize = 3;

/// `likely: 84% of reasonable weightings agree, most others say keep`.
pub(super) fn how_firm(document: &Document<'_>, verdict: &Verdict) -> String {
    let it = &verdict.agreement;
    let rival = match it.rival {
        Some(rival) if it.standing != Standing::Solid => {
            format!(", most others say {}", call_word(document, rival))
        }
        _ => String::new(),
    };
    let (word, near) = (standing(document, it.standing), near(it));
    format!("{word}: {near} of reasonable weightings agree{rival}")
}

/// The share of near weightings: `84%`, `about 84%` where part of it is drawn.
fn near(it: &Agreement) -> String {
    let near = percent(it.near);
    let is_exact = it.within.is_some_and(|[near, _]| near == 0.0);
    // More than 99% and less than 1% say so already.
    if is_exact || near.starts_with(['<', '>']) { near } else { format!("about {near}") }
}

/// What `reasonable` is, and what all weightings say.
pub(super) fn of_all(document: &Document<'_>, verdict: &Verdict) -> String {
    let factor = small_range(Interval::point(document.criteria().verdicts.number("near_factor")));
    let any = percent(verdict.agreement.any);
    let others = match verdict.agreement.within {
        None => {
            " Too many channels hang on each other: those that close are taken to close under all weights."
        }
        Some([near, any]) if near.max(any) > 0.0 => {
            let most = (near.max(any) * 100.0).ceil();
            let points = if most > 1.0 { "points" } else { "point" };
            &format!(
                " It hangs on which others close, so part of it is drawn: give or take {} {points}.",
                whole(most)
            )
        }
        Some(_) => "",
    };
    format!(
        "Reasonable: each weight up to {factor} times more or less than in use; of all weightings there are, {any} \
         agree.{others} A share of weightings is no probability."
    )
}

fn standing(document: &Document<'_>, standing: Standing) -> String {
    let id = match standing {
        Standing::Solid => "band-solid",
        Standing::Likely => "band-likely",
        Standing::Contested => "band-contested",
    };
    document.criteria().verdicts.word(id, document.language).to_owned()
}

/// The whole portfolio: which verdicts other weights would turn.
pub(super) fn portfolio(document: &Document<'_>) -> Option<String> {
    let shown: Vec<&ChannelAssessment> =
        document.assessment.channels.iter().filter(|c| document.shows(c.channel)).collect();
    let of = |wanted: Standing| {
        let names = shown.iter().filter(|c| c.verdict.agreement.standing == wanted).map(|c| {
            let share = near(&c.verdict.agreement);
            let rival =
                c.verdict.agreement.rival.map(|rival| format!(", else {}", call_word(document, rival)));
            format!("{} ({share}{})", name(document, c.channel), rival.unwrap_or_default())
        });
        names.collect::<Vec<String>>()
    };
    if shown.is_empty() {
        return None;
    }
    let least = percent(document.criteria().verdicts.number("band_solid"));
    let (contested, likely) = (of(Standing::Contested), of(Standing::Likely));
    if contested.is_empty() && likely.is_empty() {
        return Some(format!(
            "Other weights: at least {least} of reasonable weightings agree with every verdict."
        ));
    }
    let others = contested.len() + likely.len();
    let mut parts = Vec::new();
    for (word, names) in [(Standing::Contested, contested), (Standing::Likely, likely)] {
        if !names.is_empty() {
            parts.push(format!("{}: {}", standing(document, word), list(&names)));
        }
    }
    let rest = if shown.len() > others {
        format!("; with all other verdicts at least {least} of reasonable weightings agree")
    } else {
        String::new()
    };
    Some(format!("Other weights: {}{rest}.", parts.join("; ")))
}

/// Whose weights give other verdicts; `None` where nobody's are given.
pub(super) fn stakeholders(document: &Document<'_>) -> Option<String> {
    let all = &document.assessment.stakeholders;
    let own = |c: crate::inventory::ChannelIx| {
        document.assessment.channels.iter().find(|it| it.channel == c).map(|it| it.verdict.call)
    };
    let mut parts = Vec::new();
    for it in all {
        let others: Vec<String> = it
            .differs
            .iter()
            .filter(|(c, _)| document.shows(*c))
            .map(|(c, call)| {
                let instead = own(*c)
                    .map_or_else(String::new, |own| format!(" instead of {}", call_word(document, own)));
                format!("{} {}{instead}", name(document, *c), call_word(document, *call))
            })
            .collect();
        if !others.is_empty() {
            parts.push(format!("by the weights of {}: {}", clean(&it.name), list(&others)));
        }
    }
    let names: Vec<String> = all.iter().map(|it| clean(&it.name)).collect();
    match (all.is_empty(), parts.is_empty()) {
        (true, _) => None,
        (false, true) => Some(format!("The weights of {} give the same verdicts.", list(&names))),
        (false, false) => {
            let agree: Vec<String> =
                all.iter().filter(|it| it.differs.is_empty()).map(|it| clean(&it.name)).collect();
            let rest = if agree.is_empty() {
                String::new()
            } else {
                format!("; those of {} give the same verdicts", list(&agree))
            };
            Some(format!("Stakeholders: {}{rest}.", parts.join("; ")))
        }
    }
}

/// What would turn a verdict, the likeliest first: the call with what would have to be so.
pub(super) fn turns(document: &Document<'_>, c: &ChannelAssessment, most: usize) -> Vec<(Call, String)> {
    let flips = &c.verdict.flips;
    // One floor alone is told by the reading that meets it.
    let is_one_floor = |floors: &[(String, f64)], gates: &[String]| floors.len() == 1 && gates.is_empty();
    let release = flips
        .iter()
        .filter(|flip| matches!(flip, Flip::Release { floors, gates, .. } if !is_one_floor(floors, gates)));
    let readings = flips.iter().filter(|flip| matches!(flip, Flip::Reading { .. } | Flip::Gate { .. }));
    let weights = flips.iter().filter(|flip| matches!(flip, Flip::Weight { .. } | Flip::Weights { .. }));
    let weights_first = c.verdict.agreement.standing != Standing::Solid;
    let mut all: Vec<&Flip> = release.collect();
    if weights_first {
        all.extend(weights.chain(readings));
    } else {
        all.extend(readings.chain(weights));
    }
    all.into_iter().filter_map(|flip| turn(document, c, flip)).take(most).collect()
}

fn turn(document: &Document<'_>, c: &ChannelAssessment, flip: &Flip) -> Option<(Call, String)> {
    let weight =
        |(id, share): (&str, f64)| format!("{} {}", lower_first(&criterion(document, id)), percent(share));
    Some(match flip {
        Flip::Weight { criterion, from, to, call } => {
            let text = format!("{} of the weight, instead of {}", weight((criterion, *to)), percent(*from));
            (*call, text)
        }
        Flip::Weights { to, call, .. } => {
            let all: Vec<String> = to.iter().map(|(id, w)| weight((id, *w))).collect();
            (*call, format!("weights of {}", list(&all)))
        }
        Flip::Reading { indicator: id, low, high, call, .. } => {
            let (_, indicator) = document.criteria().indicator(id)?;
            let title = lower_first(indicator.title.get(document.language));
            let today = c.criteria.iter().flat_map(|s| &s.indicators).find(|i| i.id == *id)?.reading.known();
            let range = in_range(document, indicator, *low, *high)?;
            let today = today.map_or_else(
                || "not known".to_owned(),
                |known| format!("today {}", answer(document, indicator, known.value)),
            );
            (*call, format!("{title}: {range} ({today})"))
        }
        Flip::Gate { gate, passes, call } => {
            let title = lower_first(document.criteria().gate(gate)?.title.get(document.language));
            (*call, format!("{title}: {} (not known)", if *passes { "yes" } else { "no" }))
        }
        Flip::Release { floors, gates, call } => {
            let title = |id: &String| {
                let gate = document.criteria().gate(id);
                gate.map_or_else(|| clean(id), |gate| lower_first(gate.title.get(document.language)))
            };
            let mut all: Vec<String> = gates.iter().map(|id| format!("{}: yes", title(id))).collect();
            for (id, at) in floors {
                let (_, indicator) = document.criteria().indicator(id)?;
                let falling = indicator.knots.first().map(|k| k.1) > indicator.knots.last().map(|k| k.1);
                let (low, high) = if falling { (None, Some(*at)) } else { (Some(*at), None) };
                let title = lower_first(indicator.title.get(document.language));
                all.push(format!("{title}: {}", in_range(document, indicator, low, high)?));
            }
            (*call, all.join("; "))
        }
    })
}

/// The title of a criterion.
fn criterion(document: &Document<'_>, id: &str) -> String {
    document.criteria().criterion(id).map_or_else(|| clean(id), |c| c.title.get(document.language).to_owned())
}

/// One reading in its unit.
fn one(indicator: &Indicator, value: f64) -> String {
    match indicator.unit.as_str() {
        "share" => percent(value),
        "ratio" | "scale" => small_range(Interval::point(value)),
        _ => whole(value),
    }
}

/// One reading in its unit; in the words of the answer, where readings are answers.
fn answer(document: &Document<'_>, indicator: &Indicator, value: f64) -> String {
    let words = indicator.answers.iter().find(|(at, _)| (at - value).abs() < 1e-9);
    words.map_or_else(|| one(indicator, value), |(_, words)| words.get(document.language).to_owned())
}

/// `under 58%`, `62% or more`, `between 10% and 20%`; the answers in between, where readings are answers. `None`
/// where no answer lies there.
fn in_range(
    document: &Document<'_>,
    indicator: &Indicator,
    low: Option<f64>,
    high: Option<f64>,
) -> Option<String> {
    if !indicator.answers.is_empty() {
        let inside = |at: f64| low.is_none_or(|low| at >= low) && high.is_none_or(|high| at < high);
        let words: Vec<String> = indicator
            .answers
            .iter()
            .filter(|(at, _)| inside(*at))
            .map(|(_, words)| words.get(document.language).to_owned())
            .collect();
        return (!words.is_empty()).then(|| words.join(" or "));
    }
    Some(match (low, high) {
        (None, Some(high)) => format!("under {}", one(indicator, high)),
        (Some(low), None) => format!("{} or more", one(indicator, low)),
        (Some(low), Some(high)) => format!("from {} to {}", one(indicator, low), one(indicator, high)),
        (None, None) => "whatever it is, once it is known".to_owned(),
    })
}
