//! What opening a candidate takes and does: contacts moved and new, people, money (METHOD B, C). Moved
//! contacts are never counted as saved: only what each of them costs at its source is avoidable.

use super::volume;
use super::{Effect, Facts, money, staffing};
use crate::inventory::{ChannelIx, Status};
use crate::quantity::Interval;
use crate::text::clean;

/// The effect of a candidate or trial; `None` for channels that are open for good.
pub(super) fn effect(facts: &Facts<'_>, ix: ChannelIx) -> Option<Effect> {
    let channel = facts.channel(ix);
    if !matches!(channel.status, Status::Candidate | Status::Pilot) {
        return None;
    }
    let mut effect = Effect::default();
    match facts.staffing(ix) {
        Ok(staffing) => {
            effect.fte = Some(staffing.served.required_fte);
            effect.by_concurrency.clone_from(&staffing.by_concurrency);
        }
        Err(because) if channel.kind.is_answered() => effect.unknown.push(format!("people: {because}")),
        Err(_) => effect.fte = Some(Interval::point(0.0)),
    }
    let Some(amount) = volume::forecast(facts, ix) else {
        effect.unknown.push("contacts: nobody forecast how many".into());
        return Some(effect);
    };
    effect.contacts = Some(amount.range);
    let from = channel.forecast.as_ref().map_or(&[][..], |f| f.from.as_slice());
    let known: f64 = from.iter().map(|(_, s)| s.value).sum();
    effect.new = Some(amount.range.scale((1.0 - known).max(0.0)));
    for (source, share) in from {
        let most = volume::yearly(facts, *source).map(|v| v.range);
        let mut moved = amount.range.scale(share.value);
        if let Some(most) = most.filter(|most| moved.high > most.high) {
            effect.unknown.push(format!(
                "the forecast takes {:.0} contacts from {}, which has {:.0}",
                moved.high,
                clean(&facts.channel(*source).id),
                most.high
            ));
            moved = Interval::new(moved.low.min(most.high), most.high);
        }
        effect.moved.push((*source, moved));
    }
    freed(facts, &mut effect);
    if channel.status == Status::Candidate {
        let opening = staffing::opening(facts, ix);
        effect.covered = opening.covered;
        effect.unknown.extend(opening.unknown);
    }
    money(facts, ix, &mut effect);
    Some(effect)
}

/// Full-time people that moved contacts no longer take at their sources.
fn freed(facts: &Facts<'_>, effect: &mut Effect) {
    let d = &facts.criteria.defaults;
    let mut sum = Interval::point(0.0);
    for (source, moved) in &effect.moved {
        let channel = facts.channel(*source);
        if !channel.kind.is_answered() {
            continue;
        }
        let Some(handle) = staffing::handle(facts, *source) else {
            effect.unknown.push(format!("people freed at {}: handling time unknown", clean(&channel.id)));
            return;
        };
        let team = facts.inventory.team_of(channel);
        let contract = team.and_then(|t| t.contract_hours).unwrap_or(d.contract_hours);
        let shrinkage = team.and_then(|t| t.shrinkage).unwrap_or(d.shrinkage);
        let hours = contract * (1.0 - shrinkage) * d.max_occupancy * facts.default("weeks_per_year");
        if hours > 0.0 {
            sum = sum + moved.scale(handle.middle() / 3600.0 / hours);
        }
    }
    effect.fte_freed = Some(sum);
}

/// Running cost with its part of what is paid once, and net yearly value.
fn money(facts: &Facts<'_>, ix: ChannelIx, effect: &mut Effect) {
    let channel = facts.channel(ix);
    let Some(running) = money::running(facts, ix) else {
        effect
            .unknown
            .push("cost: handling time, the cost of an hour or the yearly cost is not known".into());
        return;
    };
    let once = channel.cost.one_off.as_ref().map_or(0.0, |c| c.value) / facts.default("one_off_years");
    let cost = running + Interval::point(once);
    effect.cost_per_year = Some(cost);
    // Running cost already holds the handling of every contact, new demand included.
    let mut saved = Interval::point(0.0);
    for (source, moved) in &effect.moved {
        match money::avoidable_per_contact(facts, *source) {
            Some(each) => saved = saved + moved.scale(each),
            None => {
                let id = clean(&facts.channel(*source).id);
                effect.unknown.push(format!("what one contact less saves at {id}"));
                return;
            }
        }
    }
    // One volume moves contacts, makes new ones and costs: its two ends are never mixed.
    let new = effect.new.unwrap_or(Interval::point(0.0));
    let forecast = channel.forecast.as_ref();
    let each_new = match (&channel.value_per_resolution, forecast.and_then(|f| f.resolution.as_ref())) {
        (Some(value), Some(resolution)) => resolution.value.scale(value.value),
        _ => Interval::point(0.0),
    };
    let net = |saved: f64, new: f64, cost: f64| each_new.scale(new) + Interval::point(saved - cost);
    effect.net_value = Some(net(saved.low, new.low, cost.low).hull(net(saved.high, new.high, cost.high)));
}
