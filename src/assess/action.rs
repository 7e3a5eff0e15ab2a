//! The roadmap: what to do, channel by channel, in waves of as many channels as the organisation can change at
//! once; each action with its effort, the contacts that it avoids (moved ones are never avoided) and the money a
//! year, as ranges. Load is an order, not a verdict: nothing here changes one.

use serde::Serialize;

use crate::inventory::{ChannelIx, TeamIx};
use crate::measure::Facts;
use crate::quantity::Interval;

use super::judge::Judged;
use super::reason::Case;
use super::verdict::Protection;
use super::{Call, Condition, TouchpointAssessment};

/// What sort of thing is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// Pass the story along, share the history.
    Connect,
    /// People in the hours that need them.
    Staff,
    /// Open when customers come.
    OpenHours,
    /// Work otherwise.
    Practice,
    /// See to it that somebody answers.
    Answer,
    /// Make ready what a candidate needs first.
    Prepare,
    /// Try it.
    Pilot,
    /// Open it, or make a trial permanent.
    Start,
    /// Close it and lead its customers elsewhere.
    Retire,
}

/// One action of the roadmap.
#[derive(Debug, Clone)]
pub struct Action {
    /// When, 1 first.
    pub wave: u32,
    /// Of which channel.
    pub channel: ChannelIx,
    /// What sort.
    pub deed: Deed,
    /// What to do, in plain words.
    pub what: String,
    /// Who.
    pub who: String,
    /// `small`, `medium`, `large`; empty where nobody said.
    pub effort: String,
    /// Contacts a year that are no longer made; moved ones are not among them. `None`: nobody knows.
    pub avoided: Option<Interval>,
    /// Major currency units a year: saved, or less than nothing where it costs. `None`: nobody knows.
    pub money: Option<Interval>,
    /// Why, with the numbers.
    pub because: String,
    /// Channels whose actions come first, for its customers are led there.
    pub after: Vec<ChannelIx>,
}

/// Nothing is avoided.
const NONE: Option<Interval> = Some(Interval { low: 0.0, high: 0.0 });

/// All actions, in the order in which they are to be done.
pub(super) fn roadmap(
    facts: &Facts<'_>,
    judged: &[Judged],
    touchpoints: &[TouchpointAssessment],
) -> Vec<Action> {
    let mut waiting: Vec<(ChannelIx, Vec<Action>)> = judged
        .iter()
        .map(|it| (it.scored.channel, of_channel(facts, it, judged)))
        .filter(|(_, actions)| !actions.is_empty())
        .collect();
    let critical: Vec<_> =
        touchpoints.iter().filter(|t| t.word == "critical").map(|t| t.touchpoint).collect();
    let key = |ix: ChannelIx| {
        let call = judged.get(ix.0).map_or(Call::Keep, |it| it.decision.call);
        let channel = facts.inventory.channel(ix);
        // What must be safe comes first: a duty, and a moment that is critical.
        let duty = judged.get(ix.0).is_some_and(|it| it.scored.protection.0 == Protection::Protected);
        let urgent =
            call == Call::Fix && (duty || channel.touchpoints.iter().any(|(t, _)| critical.contains(t)));
        let sort = match call {
            Call::Fix => 0,
            Call::Merge | Call::Drop => 1,
            Call::Add => 2,
            Call::Pilot => 3,
            _ => 4,
        };
        let volume = facts.volume(ix).map_or(0.0, Interval::middle);
        (!urgent, sort, std::cmp::Reverse(volume.to_bits()), ix)
    };
    waiting.sort_by_key(|(ix, _)| key(*ix));
    let at_once = facts
        .inventory
        .organisation
        .improvement_capacity
        .unwrap_or(facts.criteria.defaults.improvement_capacity);
    let mut plan = Vec::new();
    let mut wave = 0;
    while !waiting.is_empty() {
        wave += 1;
        let open: Vec<ChannelIx> = waiting.iter().map(|(ix, _)| *ix).collect();
        let is_ready = |actions: &[Action]| actions.iter().all(|a| a.after.iter().all(|c| !open.contains(c)));
        let mut chosen: Vec<ChannelIx> = waiting
            .iter()
            .filter(|(_, actions)| is_ready(actions))
            .map(|(ix, _)| *ix)
            .take(usize::try_from(at_once).unwrap_or(usize::MAX))
            .collect();
        // Channels that wait for each other in a ring go in their order.
        if chosen.is_empty() {
            chosen.extend(open.first());
        }
        waiting.retain_mut(|(ix, actions)| {
            let now = chosen.contains(ix);
            if now {
                plan.extend(actions.drain(..).map(|action| Action { wave, ..action }));
            }
            !now
        });
    }
    plan
}

fn of_channel(facts: &Facts<'_>, it: &Judged, judged: &[Judged]) -> Vec<Action> {
    let case = Case { facts, judged: it };
    let channel = it.scored.channel;
    let because = case.because().into_iter().next().unwrap_or_default();
    let action = |deed, condition: Condition, avoided, money| Action {
        wave: 0,
        channel,
        deed,
        what: condition.what,
        who: condition.who,
        effort: condition.effort,
        avoided,
        money,
        because: because.clone(),
        after: Vec::new(),
    };
    match it.decision.call {
        Call::Fix => case
            .mending()
            .into_iter()
            .map(|(id, condition)| {
                let (deed, avoided, money) = effect(facts, channel, &id);
                action(deed, condition, avoided, money)
            })
            .collect(),
        Call::Defer => case.first().into_iter().map(|c| action(Deed::Prepare, c, NONE, None)).collect(),
        Call::Pilot => {
            let money = facts.effect(channel).and_then(|effect| effect.net_value);
            case.first().into_iter().map(|c| action(Deed::Pilot, c, NONE, money)).collect()
        }
        Call::Add => {
            let money = facts.effect(channel).and_then(|effect| effect.net_value);
            let condition = Condition { what: case.opening(), who: case.owner(), effort: String::new() };
            vec![action(Deed::Start, condition, NONE, money)]
        }
        Call::Merge | Call::Drop => {
            let steps = case.first();
            let what: Vec<String> = steps.iter().map(|step| step.what.clone()).collect();
            let effort = steps.first().map_or_else(String::new, |step| step.effort.clone());
            // Where nobody knows where its customers go, that is still to be found out.
            let what =
                if what.is_empty() { "Find its customers another way.".to_owned() } else { what.join(" ") };
            let condition = Condition { what, who: case.owner(), effort };
            let to = case.destinations();
            // Its customers are led to channels that work, or are made to work first.
            let is_to_be_mended =
                |ix: &ChannelIx| judged.get(ix.0).is_some_and(|other| other.decision.call == Call::Fix);
            let after = to.iter().map(|(ix, _)| *ix).filter(is_to_be_mended).collect();
            vec![Action { after, ..action(Deed::Retire, condition, NONE, retiring(facts, channel, &to)) }]
        }
        Call::Keep | Call::Ask | Call::Reject => Vec::new(),
    }
}

/// What a remedy is and does: contacts avoided and money, as far as anybody knows. A link avoids no contact: that
/// is known.
fn effect(facts: &Facts<'_>, channel: ChannelIx, id: &str) -> (Deed, Option<Interval>, Option<Interval>) {
    match id {
        "context-carried" => (Deed::Connect, NONE, facts.links_save(channel)),
        "shared-history" => (Deed::Connect, NONE, None),
        // Who is answered in time, or at all, may call less often; nobody counted how much.
        "staffed" | "covered" => (Deed::Staff, None, staffing(facts, channel)),
        "opening" => (Deed::OpenHours, None, None),
        "active" | "answered" | "promise-kept" => (Deed::Answer, None, None),
        "false-containment" | "ends-well" => {
            // At best, nobody comes back: neither here nor elsewhere.
            let back = facts.coming_back(channel);
            let most = back.map(|(n, _)| Interval::new(0.0, n.high));
            (Deed::Practice, most, back.and_then(|(_, cost)| Some(Interval::new(0.0, cost?.high))))
        }
        _ => (Deed::Practice, None, None),
    }
}

/// What more people cost a year: from nothing, where shifts can be moved, to all whom the promise takes beyond
/// those there are.
fn staffing(facts: &Facts<'_>, channel: ChannelIx) -> Option<Interval> {
    let staffing = facts.staffing(channel).ok()?;
    let team = facts.inventory.channel(channel).team.and_then(|TeamIx(i)| facts.inventory.teams.get(i))?;
    let hour = team.cost_per_hour.as_ref()?.value;
    let week = team.contract_hours.unwrap_or(facts.criteria.defaults.contract_hours);
    let short = (staffing.served.required_fte.high - staffing.available_fte.low).max(0.0);
    let weeks = facts.criteria.defaults.number("weeks_per_year");
    Some(Interval::new(-short * week * weeks * hour, 0.0))
}

/// What closing a channel saves a year: its running cost, less what its contacts cost where they go.
fn retiring(facts: &Facts<'_>, channel: ChannelIx, to: &[(ChannelIx, f64)]) -> Option<Interval> {
    let saved = facts.cost_per_year(channel)?;
    let moved = facts.volume(channel)?;
    let mut costs = Interval::point(0.0);
    for (destination, share) in to {
        costs = costs + moved.scale(share * facts.avoidable_per_contact(*destination)?);
    }
    Some(saved - costs)
}
