//! The yes-or-no questions (METHOD E5): pass, fail or unknown, each with its reason and remedy.
//! Unknown is not a pass. The words and numbers stand in `gates.yaml`; the rules are coded here.

use crate::criteria::kind::{Medium, Timing};
use crate::criteria::{Gate, Indicator, Language};
use crate::inventory::{
    Channel, ChannelIx, Context, HumanExit, Identity, Lawful, Need, Owner, Protected, Status, TouchpointIx,
};
use crate::measure::{Facts, Grade, Reading, ServiceWindow, Subject};
use crate::quantity::Interval;
use crate::text::clean;

use super::axis::is_under;
use super::rate::image;
use super::verdict::{Gates, Protection};
use super::words::{count, count_range, hours_of_week, percent, worst_month};
use super::{GateResult, IndicatorScore, Outcome};

/// An outcome with its reason.
type Answer = (Outcome, String);

fn pass(because: impl Into<String>) -> Answer {
    (Outcome::Pass, because.into())
}

fn fail(because: impl Into<String>) -> Answer {
    (Outcome::Fail, because.into())
}

fn unknown(because: impl Into<String>) -> Answer {
    (Outcome::Unknown, because.into())
}

fn not_applicable(because: impl Into<String>) -> Answer {
    (Outcome::NotApplicable, because.into())
}

fn result(gate: &Gate, (outcome, because): Answer) -> GateResult {
    let remedy = matches!(outcome, Outcome::Fail | Outcome::Unknown)
        .then(|| gate.remedy.text.get(Language::English).to_owned());
    GateResult { id: gate.id.clone(), outcome, because, remedy }
}

/// All gates that are asked of a channel, in the order of `gates.yaml`.
///
/// `answered` is the score of the indicator of that name, whose floor the gate *active* reads.
#[must_use]
pub fn ask(facts: &Facts<'_>, channel: ChannelIx, answered: Option<&IndicatorScore>) -> Vec<GateResult> {
    let it = facts.inventory.channel(channel);
    let asked: &[&str] = match it.status {
        Status::Candidate => &[
            "lawful",
            "identity",
            "human-exit",
            "accessible",
            "census",
            "staffed",
            "context",
            "rethought",
            "budget",
            "replaces-or-new",
        ],
        Status::Pilot => {
            &["lawful", "identity", "human-exit", "accessible", "staffed", "active", "protected"]
        }
        Status::Active => &["staffed", "active", "protected"],
        Status::Retiring => &["protected"],
    };
    facts
        .criteria
        .gates
        .iter()
        .filter(|gate| asked.contains(&gate.id.as_str()))
        .map(|gate| {
            let answer = match gate.id.as_str() {
                "lawful" => lawful(it),
                "identity" => identity(facts, it),
                "human-exit" => human_exit(facts, it),
                "accessible" => accessible(facts, channel),
                "census" => census(facts, it),
                "staffed" => staffed(facts, channel, gate),
                "context" => context(facts, channel),
                "rethought" => rethought(facts, it),
                "budget" => budget(facts, channel),
                "replaces-or-new" => replaces_or_new(facts, channel),
                "active" => active(it, answered),
                _ => protected_answer(facts, channel, gate),
            };
            result(gate, answer)
        })
        .collect()
}

/// The state of the gates of one group together, one of them perhaps supposed.
#[must_use]
pub(super) fn together(results: &[GateResult], ids: &[&str], supposed: Option<(&str, Outcome)>) -> Gates {
    let outcomes =
        || results.iter().filter(|g| ids.contains(&g.id.as_str())).map(|g| outcome_if(g, supposed));
    if outcomes().any(|o| o == Outcome::Fail) {
        Gates::Fail
    } else if outcomes().any(|o| o == Outcome::Unknown) {
        Gates::Unknown
    } else {
        Gates::Pass
    }
}

/// Gates that ask whether anybody may be harmed.
pub const SAFETY: [&str; 4] = ["lawful", "identity", "human-exit", "accessible"];
/// Gates that ask whether a candidate is ready.
pub const READINESS: [&str; 6] = ["census", "staffed", "context", "rethought", "budget", "replaces-or-new"];

/// The outcome of a gate, unless another is supposed of it.
pub(super) fn outcome_if(gate: &GateResult, supposed: Option<(&str, Outcome)>) -> Outcome {
    supposed.filter(|(id, _)| *id == gate.id).map_or(gate.outcome, |(_, outcome)| outcome)
}

/// A gate that hangs on one indicator: what it says on either side of a line of that indicator's points.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hangs {
    pub(super) gate: &'static str,
    pub(super) line: f64,
    over: Outcome,
    under: Outcome,
}

impl Hangs {
    /// What the gate would say.
    pub(super) fn outcome(self, points: f64) -> Outcome {
        if is_under(Interval::point(points), self.line) { self.under } else { self.over }
    }
}

/// The gate asked of a channel that hangs on an indicator, if one does.
pub(super) fn hangs_on(
    facts: &Facts<'_>,
    channel: ChannelIx,
    results: &[GateResult],
    indicator: &Indicator,
) -> Option<Hangs> {
    let it = facts.inventory.channel(channel);
    let asked = |id: &str| {
        results
            .iter()
            .find(|g| g.id == id && g.outcome != Outcome::NotApplicable)
            .and(facts.criteria.gate(id))
    };
    match indicator.measure.as_str() {
        "covered" => {
            let gate = asked("staffed")?;
            if it.status != Status::Candidate && staffed_by_results(facts, channel, gate).is_some() {
                return None;
            }
            let under = if it.promise.is_some() { Outcome::Fail } else { Outcome::Unknown };
            let line = indicator.points(gate.number("coverage"));
            Some(Hangs { gate: "staffed", line, over: Outcome::Pass, under })
        }
        "answered" => {
            asked("active")?;
            let (over, line) = (active(it, None).0, indicator.floor?.points);
            Some(Hangs { gate: "active", line, over, under: Outcome::Fail })
        }
        "context-carried" => {
            asked("context")?;
            let line = indicator.floor?.points;
            Some(Hangs { gate: "context", line, over: Outcome::Pass, under: Outcome::Fail })
        }
        "human-exit" => {
            asked("human-exit")?;
            Some(Hangs { gate: "human-exit", line: 50.0, over: Outcome::Pass, under: Outcome::Fail })
        }
        _ => None,
    }
}

fn lawful(it: &Channel) -> Answer {
    match it.lawful.as_ref().map(|l| l.value) {
        Some(Lawful::Reviewed(date)) => pass(format!("reviewed on {date}")),
        Some(Lawful::Yes) => pass("reviewed"),
        Some(Lawful::Refused) => fail("the review refused it"),
        Some(Lawful::Open) => unknown("the review is not finished"),
        None => unknown("nobody said whether privacy and law were reviewed"),
    }
}

/// Whether law refused a channel: no other fact can make up for that.
#[must_use]
pub fn is_refused(it: &Channel) -> bool {
    matches!(it.lawful.as_ref().map(|l| l.value), Some(Lawful::Refused))
}

/// The identity a channel gives as it is set up.
#[must_use]
pub fn offered_identity(it: &Channel) -> Identity {
    it.identity.as_ref().map_or(it.kind.usual_identity, |i| i.value)
}

fn name(identity: Identity) -> &'static str {
    match identity {
        Identity::None => "none",
        Identity::Weak => "weak",
        Identity::Medium => "medium",
        Identity::Strong => "strong",
    }
}

fn identity(facts: &Facts<'_>, it: &Channel) -> Answer {
    let offered = offered_identity(it);
    let mut open = None;
    for (touchpoint, _) in &it.touchpoints {
        let moment = facts.inventory.touchpoint(*touchpoint);
        let id = clean(&moment.id);
        match (moment.identity, &moment.needs) {
            (Some(needed), _) if offered < needed => {
                return fail(format!("{id} needs {} identity, it gives {}", name(needed), name(offered)));
            }
            (Some(_), _) => {}
            (None, Some(needs)) if needs.contains(&Need::Identity) && offered < Identity::Medium => {
                open = Some(format!("{id} needs to know the customer; nobody said how surely"));
            }
            (None, Some(_)) => {}
            (None, None) if offered < Identity::Strong => {
                open = Some(format!("nobody said what {id} needs"));
            }
            (None, None) => {}
        }
    }
    match open {
        Some(because) => unknown(because),
        None if it.touchpoints.is_empty() => unknown("no touchpoint is named for it"),
        None => pass(format!("it gives {} identity", name(offered))),
    }
}

/// Whether the kind can never identify customers as surely as one of its touchpoints needs.
#[must_use]
pub fn is_identity_unrepairable(facts: &Facts<'_>, it: &Channel) -> bool {
    let best = it.identity.as_ref().map_or(it.kind.best_identity, |i| i.value.max(it.kind.best_identity));
    it.touchpoints
        .iter()
        .filter_map(|(t, _)| facts.inventory.touchpoint(*t).identity)
        .any(|needed| best < needed)
}

/// Whether customers can leave a machine for a person, and why (not).
pub(super) fn human_exit(facts: &Facts<'_>, it: &Channel) -> Answer {
    match it.human_exit.as_ref().map(|h| h.value) {
        Some(HumanExit::To(to)) => {
            let that = facts.inventory.channel(to);
            let is_open = matches!(that.status, Status::Active | Status::Pilot);
            if is_open && that.kind.is_answered() {
                pass(format!("to {}", clean(&that.id)))
            } else {
                let why = if is_open { "where nobody answers" } else { "which is not open" };
                unknown(format!("to {}, {why}", clean(&that.id)))
            }
        }
        Some(HumanExit::Yes) => pass("there is one"),
        Some(HumanExit::No) => fail("customers cannot leave the machine"),
        None if it.kind.is_automated() => unknown("nobody said how customers reach a person"),
        None => not_applicable("people answer"),
    }
}

/// Media that stand in for one another when somebody cannot use one of them.
fn sense(medium: Medium) -> &'static str {
    match medium {
        Medium::Voice | Medium::Video => "voice",
        Medium::Digital => "text",
        Medium::Physical => "a place",
    }
}

fn accessible(facts: &Facts<'_>, channel: ChannelIx) -> Answer {
    let it = facts.inventory.channel(channel);
    if it.accessible.as_ref().is_some_and(|a| a.value) {
        return pass("built for people with impairments");
    }
    let other_way = |touchpoint: TouchpointIx| {
        facts.inventory.channels().any(|(ix, other)| {
            ix != channel
                && other.status == Status::Active
                && other.kind.is_answered()
                && sense(other.kind.medium) != sense(it.kind.medium)
                && other.touchpoints.iter().any(|(t, _)| *t == touchpoint)
        })
    };
    let missing = it.touchpoints.iter().find(|(t, _)| !other_way(*t));
    match (missing, &it.accessible) {
        (None, _) if it.touchpoints.is_empty() => unknown("no touchpoint is named for it"),
        (None, _) => pass("each of its moments has another medium"),
        (Some((t, _)), Some(_)) => fail(format!(
            "at {} there is no other medium, and it is not accessible",
            clean(&facts.inventory.touchpoint(*t).id)
        )),
        (Some((t, _)), None) => unknown(format!(
            "at {} there is no other medium; nobody said whether it is accessible",
            clean(&facts.inventory.touchpoint(*t).id)
        )),
    }
}

/// Open channels that a candidate touches: those it draws from or replaces.
fn touched(it: &Channel) -> Vec<ChannelIx> {
    let mut all: Vec<ChannelIx> = it
        .forecast
        .iter()
        .flat_map(|f| f.from.iter().map(|(ix, _)| *ix))
        .chain(it.replaces.iter().map(|r| r.value))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// The worst grade at which the census of the touched channels is known, or what is missing.
fn census_grade(facts: &Facts<'_>, it: &Channel) -> Result<Option<Grade>, String> {
    let mut worst = None;
    for ix in touched(it) {
        let other = facts.inventory.channel(ix);
        if other.status != Status::Active {
            continue;
        }
        let known = facts.census_known(ix);
        for (what, grade) in [
            ("when", known.when),
            ("why", known.why),
            ("how much", known.how_much),
            ("in which role", known.role),
        ] {
            let Some(grade) = grade else {
                return Err(format!("nobody knows {what} {} is used", clean(&other.id)));
            };
            worst = worst.max(Some(grade));
        }
    }
    Ok(worst)
}

fn census(facts: &Facts<'_>, it: &Channel) -> Answer {
    if it.forecast.is_none() && it.replaces.is_empty() {
        return unknown("nobody said which channels it takes from");
    }
    match census_grade(facts, it) {
        Err(because) => unknown(because),
        Ok(None) => not_applicable("it takes nothing from an open channel"),
        Ok(Some(Grade::Assumed)) => unknown("the use of the channels it touches is only assumed"),
        Ok(Some(Grade::Measured | Grade::Sampled)) => pass("the channels it touches are measured"),
        Ok(Some(Grade::Declared | Grade::Estimated)) => {
            pass("the use of the channels it touches is declared or estimated: enough to try, not to start")
        }
    }
}

/// Whether the census is good enough to open a channel without a trial: sampled or measured.
#[must_use]
pub fn is_census_enough_to_add(facts: &Facts<'_>, it: &Channel) -> bool {
    matches!(census_grade(facts, it), Ok(None | Some(Grade::Measured | Grade::Sampled)))
}

/// `Mo 9 to 11` or `all hours` with what happens there.
fn window_words(window: &ServiceWindow, within_s: f64) -> String {
    let when =
        window.first.map_or_else(|| "over all hours".to_owned(), |first| hours_of_week(first, window.hours));
    let lost = window.lost.map(|(lost, _)| format!(", {} lost", percent(lost))).unwrap_or_default();
    format!("{when}: {} in {}{lost}", percent(window.strict.0), duration(within_s))
}

/// Seconds as people say them.
#[must_use]
pub fn duration(seconds: f64) -> String {
    if seconds >= 3600.0 && seconds % 3600.0 == 0.0 {
        let hours = seconds / 3600.0;
        if hours == 1.0 { "1 hour".to_owned() } else { format!("{hours:.0} hours") }
    } else if seconds >= 120.0 && seconds % 60.0 == 0.0 {
        format!("{:.0} minutes", seconds / 60.0)
    } else {
        format!("{seconds:.0} s")
    }
}

/// A channel with a measured promise is judged by its results; any other by the staffing model.
fn staffed(facts: &Facts<'_>, channel: ChannelIx, gate: &Gate) -> Answer {
    let it = facts.inventory.channel(channel);
    if !it.kind.is_answered() {
        return not_applicable("nobody has to answer");
    }
    if it.status != Status::Candidate
        && let Some(answer) = staffed_by_results(facts, channel, gate)
    {
        return answer;
    }
    let promised = it.promise.is_some();
    let (covered, who) = match (facts.staffing(channel), facts.covered_by_partner(channel)) {
        (Ok(staffing), _) => (staffing.served.covered, "people suffice for"),
        (Err(_), Some(covered)) => (covered, "the partner's capacity suffices for"),
        (Err(because), None) => return unknown(because),
    };
    let least = gate.number("coverage");
    let words = if (covered.high - covered.low).abs() < 0.005 {
        format!("{who} {} of the demand", percent(covered.low))
    } else {
        format!("{who} {} to {} of the demand", percent(covered.low), percent(covered.high))
    };
    if covered.low >= least {
        pass(words)
    } else if covered.high < least && promised {
        fail(words)
    } else if !promised {
        unknown(format!("{words}, by the usual promise of its kind: none is declared"))
    } else {
        unknown(words)
    }
}

fn staffed_by_results(facts: &Facts<'_>, channel: ChannelIx, gate: &Gate) -> Option<Answer> {
    let service = facts.service(channel)?;
    if !service.promised || service.weeks < f64::from(facts.criteria.defaults.measured_weeks) {
        return None;
    }
    let (share, within_s) = service.promise;
    let it = facts.inventory.channel(channel);
    let least = gate.number("promise_share") * share;
    let most_lost = gate.number("lost_factor") * facts.criteria.defaults.lost_callers;
    let breaks = |window: &ServiceWindow| {
        window.strict.1.high < least || window.lost.is_some_and(|(_, interval)| interval.low > most_lost)
    };
    let live = it.kind.timing == Timing::Live;
    // The overall figure and, for live kinds, every run of hours that holds enough contacts; of those
    // that break, the one with most contacts out of time is named.
    let windows = service.windows.iter().filter(|_| live);
    let worst = windows
        .chain(std::iter::once(&service.overall))
        .filter(|w| breaks(w))
        .max_by(|a, b| {
            let shortfall = |w: &ServiceWindow| (share - w.strict.0).max(0.0);
            (a.first.is_some(), shortfall(a))
                .partial_cmp(&(b.first.is_some(), shortfall(b)))
                .unwrap_or(std::cmp::Ordering::Equal)
                .then_with(|| b.first.cmp(&a.first))
        })
        .cloned();
    let promised = format!("{} in {} promised", percent(share), duration(within_s));
    Some(match worst {
        Some(window) => fail(format!("{} ({promised})", window_words(&window, within_s))),
        None => pass(format!("{} ({promised})", window_words(&service.overall, within_s))),
    })
}

fn context(facts: &Facts<'_>, channel: ChannelIx) -> Answer {
    let it = facts.inventory.channel(channel);
    let floor = facts.criteria.indicator("context-carried").and_then(|(_, i)| Some((i, i.floor?.points)));
    let reading = facts.read("context-carried", Subject { channel, touchpoint: None });
    let targets = |context: fn(Context) -> bool| {
        it.links
            .iter()
            .flatten()
            .filter(|link| context(link.context.value))
            .map(|link| clean(&facts.inventory.channel(link.to).id))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match (&reading, &it.links) {
        (Reading::Known(known), _) => {
            let Some((indicator, floor)) = floor else { return not_applicable("no floor is set") };
            let rating = image(indicator, Interval::new(known.low, known.high));
            if is_under(rating, floor) {
                let none = targets(|c| c == Context::None);
                let to = if none.is_empty() { String::new() } else { format!(" (nothing to {none})") };
                fail(format!("{} of the story would travel{to}", percent(known.value)))
            } else if !is_under(Interval::point(rating.low), floor) {
                pass(format!("{} of the story would travel", percent(known.value)))
            } else {
                unknown(format!(
                    "between {} and {} of the story would travel",
                    percent(known.low),
                    percent(known.high)
                ))
            }
        }
        (_, Some(links)) if links.iter().any(|l| l.context.value > Context::None) => {
            pass(format!("linked to {}", targets(|c| c > Context::None)))
        }
        (_, Some(_)) => fail("no link carries the conversation"),
        (_, None) => unknown("nobody said whether the conversation can travel"),
    }
}

/// What must be adapted here: a shop and a phone script only where there is one.
fn changes_needed(facts: &Facts<'_>) -> Vec<&'static str> {
    let open = |wanted: fn(Medium) -> bool| {
        facts.inventory.channels().any(|(_, c)| {
            c.status == Status::Active && c.kind.timing == Timing::Live && wanted(c.kind.medium)
        })
    };
    let mut needed = vec!["website"];
    if open(|m| m == Medium::Voice) {
        needed.push("phone_script");
    }
    if open(|m| m == Medium::Physical) {
        needed.push("shop");
    }
    needed.extend(["print", "staff"]);
    needed
}

fn rethought(facts: &Facts<'_>, it: &Channel) -> Answer {
    let Some(changes) = &it.changes else { return unknown("nobody said what must change elsewhere") };
    let open: Vec<String> =
        changes.iter().filter(|c| !c.done).map(|c| clean(&c.id.replace('_', " "))).collect();
    if !open.is_empty() {
        return fail(format!("not yet adapted: {}", open.join(", ")));
    }
    let silent: Vec<String> = changes_needed(facts)
        .into_iter()
        .filter(|id| !changes.iter().any(|c| c.id == *id))
        .map(|id| id.replace('_', " "))
        .collect();
    if silent.is_empty() {
        pass("site, script, print and staff are ready")
    } else {
        unknown(format!("nobody said: {}", silent.join(", ")))
    }
}

fn budget(facts: &Facts<'_>, channel: ChannelIx) -> Answer {
    let it = facts.inventory.channel(channel);
    let cost = facts.effect(channel).and_then(|e| e.cost_per_year);
    if let Some(signed) = &it.budget_signed_by {
        let cost = cost.map(|c| format!(" for {} a year", count_range(c))).unwrap_or_default();
        return pass(format!("signed by {}{cost}", clean(&signed.value)));
    }
    let available = facts.inventory.organisation.budget_per_year.as_ref().map(|b| b.value);
    match (cost, available) {
        (Some(cost), Some(available)) => {
            let words = format!("{} a year of {} available", count_range(cost), count(available));
            if cost.high <= available {
                pass(words)
            } else if cost.low > available {
                fail(words)
            } else {
                unknown(words)
            }
        }
        (None, _) => unknown("its yearly cost is not known"),
        (_, None) => unknown("no budget is stated and nobody signs"),
    }
}

fn replaces_or_new(facts: &Facts<'_>, channel: ChannelIx) -> Answer {
    let it = facts.inventory.channel(channel);
    let forecast = it.forecast.as_ref();
    for replaced in &it.replaces {
        let drawn =
            forecast.is_some_and(|f| f.from.iter().any(|(ix, s)| *ix == replaced.value && s.value > 0.0));
        let redirected = it.redirect.iter().any(|(from, _)| *from == replaced.value);
        if !drawn && !redirected {
            let id = clean(&facts.inventory.channel(replaced.value).id);
            return fail(format!(
                "it replaces {id}, yet takes no contact from it and sends them nowhere else"
            ));
        }
    }
    let Some(forecast) = forecast else {
        return match (&it.new_demand_budget, it.replaces.is_empty()) {
            (None, true) => fail("it replaces nothing and no new demand is budgeted"),
            _ => unknown("there is no forecast"),
        };
    };
    if let Some(because) = overdrawn(facts, channel) {
        return fail(because);
    }
    let drawn: f64 = forecast.from.iter().map(|(_, s)| s.value).sum();
    let new = facts.effect(channel).and_then(|e| e.new);
    // Shares that sum to 1 up to rounding leave no new demand.
    if drawn >= 1.0 - 1e-9 {
        return pass("all its contacts come from other channels");
    }
    match (&it.new_demand_budget, new) {
        (None, _) => fail(format!("{} of it is new demand that nobody budgeted", percent(1.0 - drawn))),
        (Some(_), None) => unknown("how many contacts are new is not known"),
        (Some(accepted), Some(new)) => {
            let words =
                format!("{} new contacts a year, {} accepted", count_range(new), count(accepted.value));
            if new.high <= accepted.value {
                pass(words)
            } else if new.low > accepted.value {
                fail(words)
            } else {
                unknown(words)
            }
        }
    }
}

fn active(it: &Channel, answered: Option<&IndicatorScore>) -> Answer {
    let mut reasons = Vec::new();
    if it.owner.as_ref().is_some_and(|o| o.value == Owner::None) {
        reasons.push("it has no owner".to_owned());
    }
    if it.monitored.as_ref().is_some_and(|m| !m.value) {
        reasons.push("nobody looks at it".to_owned());
    }
    let low = answered.and_then(|score| {
        let (rating, floor) = (score.rating?, score.floor?);
        is_under(rating, floor).then(|| score.reading.known()).flatten()
    });
    if let Some(known) = low {
        reasons.push(format!("{} of its contacts are answered{}", percent(known.value), worst_month(known)));
    }
    if !reasons.is_empty() {
        reasons.reverse();
        return fail(reasons.join(", "));
    }
    match (&it.owner, &it.monitored) {
        (None, _) => unknown("nobody said who owns it"),
        (_, None) => unknown("nobody said whether anyone looks at it"),
        _ => pass("it has an owner, and somebody looks at it"),
    }
}

/// What forbids closing a channel, and why.
#[must_use]
pub fn protection(facts: &Facts<'_>, channel: ChannelIx) -> (Protection, String) {
    let gate = facts.criteria.gate("protected");
    let it = facts.inventory.channel(channel);
    let least = gate.map_or(f64::NAN, |g| g.number("sole_share"));
    let sole = facts.sole_customers(channel).filter(|sole| sole.share.high >= least);
    // Of several parts of a merged census, some may say so and others not.
    let maybe = sole.filter(|sole| sole.share.low < least).map(|sole| {
        let share = percent(sole.share.high);
        format!(
            "up to {share} of the customers who came often came only here, as far as parts of a census tell"
        )
    });
    let sole = sole.filter(|sole| sole.share.low >= least).map(|sole| match sole.customers.width() > 0.0 {
        false => format!("{} customers have only this channel", count(sole.customers.low)),
        true => format!("{} of the customers who came often came only here", percent(sole.share.low)),
    });
    match (it.protected.as_ref().map(|p| &p.value), sole) {
        (Some(Protected::Duty { by, minimum }), _) => {
            let minimum = minimum.as_ref().map(|m| format!(" ({})", clean(m))).unwrap_or_default();
            (Protection::Protected, format!("a duty: {}{minimum}", clean(by)))
        }
        (Some(Protected::SoleAccess), _) => {
            (Protection::Protected, "some customers have nothing else".to_owned())
        }
        (_, Some(sole)) => (Protection::Protected, sole),
        (None, None) if maybe.is_some() => (Protection::Unanswered, maybe.unwrap_or_default()),
        (Some(Protected::No), None) => (Protection::Free, "no duty, and nobody has only this".to_owned()),
        (None, None) => {
            let country = facts.inventory.organisation.country.as_deref();
            if country.is_some_and(|c| it.kind.duty.iter().any(|d| d == c)) {
                (Protection::Unanswered, "a law may require it: nobody has answered".to_owned())
            } else {
                (Protection::Free, "nothing forbids closing it".to_owned())
            }
        }
    }
}

fn protected_answer(facts: &Facts<'_>, channel: ChannelIx, _: &Gate) -> Answer {
    match protection(facts, channel) {
        (Protection::Protected, because) => pass(because),
        (Protection::Unanswered, because) => unknown(because),
        (Protection::Free, because) => not_applicable(because),
    }
}

/// A source from which a forecast takes more than it has.
fn overdrawn(facts: &Facts<'_>, ix: ChannelIx) -> Option<String> {
    let effect = facts.effect(ix)?;
    effect
        .moved
        .iter()
        .filter_map(|(source, moved)| {
            let has = facts.volume(*source)?;
            (moved.low > has.high).then(|| {
                format!(
                    "it takes {} contacts from {}, which has {}",
                    count_range(*moved),
                    clean(&facts.inventory.channel(*source).id),
                    count_range(has)
                )
            })
        })
        .next()
}
