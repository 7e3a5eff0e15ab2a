//! Why: the sentences behind a verdict, what speaks for and against a channel, what must be true
//! first, and remedies. Reads scores and facts; changes no verdict.

use crate::criteria::{AxisId, Criterion, Effort, Indicator, Language};
use crate::inventory::{Channel, ChannelIx, Evidence, Owner, Status, TouchpointIx};
use crate::measure::{Facts, Known, Reading};
use crate::quantity::{Interval, wilson};
use crate::text::clean;

use super::axis::AxisState;
use super::judge::{Judged, Scored};
use super::words::{count, count_range, evidence, largest_switch, percent, phrase, trimmed};
use super::{Argument, Call, Condition, GateResult, IndicatorScore, Outcome, RemedyLine, axis, gate};

const EN: Language = Language::English;

/// A channel's judgement with everything a sentence may need.
pub(super) struct Case<'a> {
    pub(super) facts: &'a Facts<'a>,
    pub(super) judged: &'a Judged,
}

/// One indicator of the case, with its definition and its weight within its axis.
struct Item<'a> {
    criterion: &'a Criterion,
    indicator: &'a Indicator,
    score: &'a IndicatorScore,
    weight: f64,
}

impl Item<'_> {
    /// Points lost against the best possible, weighted.
    fn loss(&self) -> f64 {
        self.score.rating.map_or(0.0, |r| self.weight * (100.0 - r.middle()))
    }

    fn known(&self) -> Option<&Known> {
        self.score.reading.known()
    }
}

impl<'a> Case<'a> {
    fn scored(&self) -> &'a Scored {
        &self.judged.scored
    }

    fn ix(&self) -> ChannelIx {
        self.scored().channel
    }

    fn channel(&self) -> &'a Channel {
        self.facts.inventory.channel(self.ix())
    }

    fn threshold(&self) -> f64 {
        self.facts.criteria.verdicts.number("threshold")
    }

    fn id(&self, ix: ChannelIx) -> String {
        clean(&self.facts.inventory.channel(ix).id)
    }

    /// Applicable indicators, heaviest first.
    fn items(&self) -> Vec<Item<'a>> {
        let criteria = self.facts.criteria;
        let scored = self.scored();
        let mut items: Vec<Item<'a>> = axis::global_weights(criteria, &scored.scores, scored.has_worth)
            .into_iter()
            .map(|(c, i, score, weight)| Item {
                criterion: &criteria.criteria[c],
                indicator: &criteria.criteria[c].indicators[i],
                score,
                weight,
            })
            .collect();
        items.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        items
    }

    /// The touchpoint at which an indicator is worst, if it is clearly worse there than on the whole.
    fn worst_touchpoint<'s>(&self, item: &'s Item<'_>) -> Option<(TouchpointIx, &'s Known)> {
        let whole = item.score.rating?;
        let (touchpoint, reading, rating) = item
            .score
            .touchpoints
            .iter()
            .filter_map(|(t, r, rating)| Some((*t, r.known()?, (*rating)?)))
            .min_by(|a, b| a.2.high.total_cmp(&b.2.high).then_with(|| a.0.cmp(&b.0)))?;
        (item.score.touchpoints.len() > 1 && rating.high < whole.low).then_some((touchpoint, reading))
    }

    /// An indicator in words, at its worst touchpoint where that tells more.
    fn say(&self, item: &Item<'_>) -> Option<String> {
        let known = item.known()?;
        let below = item.score.rating.is_some_and(|r| r.high < self.threshold());
        if below && let Some((touchpoint, there)) = self.worst_touchpoint(item) {
            return Some(phrase(self.facts, self.ix(), Some(touchpoint), item.indicator, there));
        }
        Some(phrase(self.facts, self.ix(), None, item.indicator, known))
    }

    /// What fails on evidence: gates first, then floors over all touchpoints, then at single ones.
    fn faults(&self) -> Vec<String> {
        let gates = self
            .scored()
            .gates
            .iter()
            .filter(|g| g.outcome == Outcome::Fail && (g.id == "active" || g.id == "staffed"))
            .map(|g| g.because.clone());
        gates.chain(self.failed_floors(true)).collect()
    }

    /// Floors in words; `overall` those over all touchpoints, else those at single ones only.
    fn failed_floors(&self, overall: bool) -> Vec<String> {
        let items = self.items();
        self.scored()
            .failed_floors
            .iter()
            .filter(|(id, touchpoint)| {
                let whole = self.scored().failed_floors.iter().any(|(other, t)| other == id && t.is_none());
                touchpoint.is_none() == overall && (overall || !whole)
            })
            .filter(|(id, _)| !(id == "answered" && self.fails("active")))
            .filter_map(|(id, touchpoint)| {
                let item = items.iter().find(|i| i.indicator.id == *id)?;
                match touchpoint {
                    None => self.say(item),
                    Some(touchpoint) => {
                        let (_, reading, _) =
                            item.score.touchpoints.iter().find(|(t, ..)| t == touchpoint)?;
                        let known = reading.known()?;
                        Some(phrase(self.facts, self.ix(), Some(*touchpoint), item.indicator, known))
                    }
                }
            })
            .collect()
    }

    fn fails(&self, gate: &str) -> bool {
        self.scored().gates.iter().any(|g| g.id == gate && g.outcome == Outcome::Fail)
    }

    /// The heaviest losses on an axis, in words.
    fn losses(&self, on: AxisId, most: usize) -> Vec<String> {
        let mut items: Vec<Item<'_>> = self
            .items()
            .into_iter()
            .filter(|i| i.criterion.axis == on)
            .filter(|i| i.score.rating.is_some_and(|r| r.high < self.threshold()))
            .collect();
        items.sort_by(|a, b| b.loss().total_cmp(&a.loss()));
        items.iter().filter_map(|i| self.say(i)).take(most).collect()
    }

    /// The heaviest strengths on an axis, in words.
    fn strengths(&self, on: AxisId, most: usize) -> Vec<String> {
        let mut items: Vec<Item<'_>> = self
            .items()
            .into_iter()
            .filter(|i| i.criterion.axis == on)
            .filter(|i| i.score.rating.is_some_and(|r| r.low >= self.threshold()))
            .collect();
        // How it works in use tells more than what it is made of.
        let gain = |i: &Item<'_>| i.score.rating.map_or(0.0, |r| i.weight * r.middle());
        let inputs = |i: &Item<'_>| on == AxisId::Delivery && i.criterion.id != "functional";
        items.sort_by(|a, b| inputs(a).cmp(&inputs(b)).then_with(|| gain(b).total_cmp(&gain(a))));
        items.iter().filter_map(|i| self.say(i)).take(most).collect()
    }

    /// Where customers go next without their story, in words.
    fn leak(&self) -> Option<String> {
        let carried = self.items().into_iter().find(|i| i.indicator.measure == "context-carried")?;
        let known = carried.known()?;
        if carried.score.rating?.high >= self.threshold() {
            return None;
        }
        let (to, n, total) = largest_switch(self.facts, self.ix())?;
        if total == 0 {
            return None;
        }
        Some(format!(
            "{} in 100 go on to {} ({} contacts), and {} of the story travels",
            (100.0 * n as f64 / total as f64).round(),
            self.id(to),
            count(n as f64),
            if known.value < 0.005 { "none".to_owned() } else { percent(known.value) },
        ))
    }

    /// The fact whose uncertainty weighs most, on an axis that it can still move across the line.
    fn most_doubtful(&self) -> Option<Item<'a>> {
        let scored = self.scored();
        let is_open = |i: &Item<'_>| {
            let axis = if i.criterion.axis == AxisId::Worth { scored.worth } else { scored.delivery };
            AxisState::of(axis, self.threshold()) == AxisState::Across
        };
        let doubt = |i: &Item<'_>| i.score.rating.map_or(0.0, |r| i.weight * r.width());
        let mut items = self.items();
        items.retain(|i| doubt(i) > 0.0);
        items.sort_by(|a, b| is_open(b).cmp(&is_open(a)).then_with(|| doubt(b).total_cmp(&doubt(a))));
        items.into_iter().next()
    }

    /// The one thing to find out, in words.
    fn to_find_out(&self) -> Option<String> {
        let item = self.most_doubtful()?;
        match &item.score.reading {
            Reading::Unknown { because } => {
                Some(format!("not known: {} ({})", lower_first(item.indicator.title.get(EN)), clean(because)))
            }
            _ => Some(format!("not sure: {}", self.say(&item)?)),
        }
    }

    /// How much of the channel others do, in words.
    fn overlap_words(&self) -> Vec<String> {
        let Some(exit) = &self.judged.exit else { return Vec::new() };
        let mut lines = Vec::new();
        match exit.survivor {
            Some((survivor, share)) => {
                lines.push(format!("{} serves {} of what it does", self.id(survivor), percent(share)));
            }
            None => {
                let least = self.facts.criteria.verdicts.number("redirect_least");
                let names: Vec<String> = exit
                    .absorption
                    .redirect
                    .iter()
                    .filter(|(_, s)| *s >= least)
                    .map(|(ix, _)| self.id(*ix))
                    .collect();
                if !names.is_empty() {
                    lines.push(format!("{} together do all of it", list(&names)));
                }
            }
        }
        if !exit.absorption.because.is_empty() {
            lines.push(exit.absorption.because.clone());
        }
        lines
    }

    /// Touchpoints whose call differs from the channel's, in words.
    fn exceptions(&self) -> Vec<String> {
        let own = self.judged.decision.call;
        let mut lines = Vec::new();
        let named = |wanted: &[Call]| -> Vec<String> {
            self.judged
                .touchpoints
                .iter()
                .filter(|(_, d, ..)| wanted.contains(&d.call) && d.call != own)
                .map(|(t, ..)| clean(&self.facts.inventory.touchpoint(*t).id))
                .collect()
        };
        let stop = named(&[Call::Drop, Call::Merge, Call::Reject]);
        if !stop.is_empty() && !matches!(own, Call::Drop | Call::Merge | Call::Reject) {
            let verb =
                if self.channel().status == Status::Candidate { "do not offer" } else { "stop offering" };
            lines.push(format!("{verb} it for {}", list(&stop)));
        }
        let mend = named(&[Call::Fix]);
        if !mend.is_empty() && own == Call::Keep {
            lines.push(format!("but mend it for {}", list(&mend)));
        }
        lines
    }

    /// The reasons of the verdict, strongest first; never empty.
    pub(super) fn because(&self) -> Vec<String> {
        let mut lines = match self.judged.decision.words {
            "fix" | "fix-duty" | "answer-it" => self.because_fix(),
            "keep" | "answered" | "make-permanent" => {
                let mut lines = self.strengths(AxisId::Delivery, 1);
                // A hidden month or moment is told even where the whole is well.
                lines.extend(self.losses(AxisId::Delivery, 1).into_iter().map(|line| format!("but {line}")));
                lines
            }
            "keep-duty" => {
                let mut lines = vec![self.scored().protection.1.clone()];
                lines.extend(self.strengths(AxisId::Delivery, 1));
                lines
            }
            "keep-unproven" | "answered-unproven" => self.to_find_out().into_iter().collect(),
            "extend-trial" => {
                let mut lines = self.faults();
                lines.extend(self.to_find_out());
                lines
            }
            "keep-rehouse" => self.because_rehouse(),
            "merge" | "drop" => self.overlap_words(),
            "stop-trial" => self.because_fix(),
            "retire" => {
                let plan = self.judged.exit.as_ref().map(|exit| exit.absorption.because.clone());
                let plan = plan.filter(|because| !because.is_empty());
                std::iter::once("it is being closed".to_owned()).chain(plan).collect()
            }
            "add" => self.because_add(),
            "pilot" | "start-listening" => self.because_pilot(),
            "defer" => self.because_defer(),
            "ask" => self.because_ask(),
            "reject" => self.because_reject(),
            _ => Vec::new(),
        };
        lines.extend(self.exceptions());
        if self.judged.decision.call == Call::Keep
            && self.scored().protection.0 == super::verdict::Protection::Unanswered
        {
            lines.push(self.scored().protection.1.clone());
        }
        if lines.is_empty() {
            lines.push(self.balance());
        }
        lines
    }

    /// Where both axes stand, for verdicts that no single fact explains.
    fn balance(&self) -> String {
        // Points are cut, not rounded: 49.9 is not 50.
        let range = |axis: Option<Interval>| {
            axis.map_or_else(
                || "not known".to_owned(),
                |a| format!("{:.0} to {:.0}", a.low.floor(), a.high.floor()),
            )
        };
        let scored = self.scored();
        if scored.has_worth {
            format!("worth {}, delivery {} of 100", range(scored.worth), range(scored.delivery))
        } else {
            format!("delivery {} of 100", range(scored.delivery))
        }
    }

    fn because_fix(&self) -> Vec<String> {
        let mut lines = self.faults();
        let mut told = self.told_by_gates();
        // Where customers go without their story says more than the share that travels.
        if let Some(leak) = self.leak() {
            let plain = self
                .items()
                .iter()
                .find(|i| i.indicator.measure == "context-carried")
                .and_then(|i| self.say(i));
            lines.retain(|line| Some(line) != plain.as_ref());
            lines.push(leak);
            told.extend(plain);
        }
        for line in self.losses(AxisId::Delivery, 2) {
            if lines.len() < 4 && !lines.contains(&line) && !told.contains(&line) {
                lines.push(line);
            }
        }
        if lines.is_empty() {
            lines.extend(self.failed_floors(false));
        }
        lines
    }

    fn because_rehouse(&self) -> Vec<String> {
        let Some(exit) = &self.judged.exit else { return self.to_find_out().into_iter().collect() };
        let mut lines = Vec::new();
        match (exit.overlap.unique, &exit.overlap.unique_words) {
            (Some(share), Some(words)) if share > 0.0 => {
                lines.push(format!("nobody else does {} of what it does: {words}", percent(share)));
            }
            (Some(share), None) if share > 0.0 => {
                lines.push(format!("nobody else does {} of what it does", percent(share)));
            }
            (None, _) => lines.push("nobody knows what only this channel does".to_owned()),
            _ => {}
        }
        if exit.absorption.holds != Some(true) && !exit.absorption.because.is_empty() {
            lines.push(exit.absorption.because.clone());
        }
        lines
    }

    fn need(&self) -> Option<String> {
        let need = self.channel().need.as_ref()?;
        let word = match need.value.evidence {
            Evidence::Needed => "needed",
            Evidence::Wanted => "wanted",
            Evidence::None => return None,
        };
        Some(format!("{word}: {}", clean(&need.value.why)))
    }

    fn because_add(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.need().into_iter().collect();
        let staffed = self.scored().gates.iter().find(|g| g.id == "staffed" && g.outcome == Outcome::Pass);
        lines.extend(staffed.map(|g| g.because.clone()));
        if let Some(moved) = self.moved_words() {
            lines.push(moved);
        }
        lines
    }

    /// How many contacts move and how many are new.
    fn moved_words(&self) -> Option<String> {
        let effect = self.facts.effect(self.ix())?;
        let moved = effect.moved.iter().map(|(_, m)| *m).reduce(|a, b| a + b)?;
        let from: Vec<String> = effect.moved.iter().map(|(ix, _)| self.id(*ix)).collect();
        Some(format!("{} contacts a year move from {}", count_range(moved), list(&from)))
    }

    fn because_pilot(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.need().into_iter().collect();
        lines.extend(self.to_find_out());
        let open = self.scored().gates.iter().filter(|g| g.outcome == Outcome::Unknown);
        lines.extend(open.map(|g| g.because.clone()).take(2));
        lines
    }

    fn because_defer(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.holding_back().into_iter().map(|g| g.because.clone()).collect();
        if self.is_below(self.scored().delivery) {
            let told = |line: &String| self.told_by_gates().contains(line);
            lines.extend(self.losses(AxisId::Delivery, 2).into_iter().filter(|line| !told(line)));
        }
        lines
    }

    /// Readings in words whose gate fails for the same fact: saying both would say it twice.
    fn told_by_gates(&self) -> Vec<String> {
        const SAME: [(&str, &str); 3] =
            [("staffed", "covered"), ("context", "context-carried"), ("active", "answered")];
        self.items()
            .iter()
            .filter(|i| SAME.iter().any(|(gate, m)| *m == i.indicator.measure && self.fails(gate)))
            .filter_map(|i| self.say(i))
            .collect()
    }

    fn is_below(&self, axis: Option<Interval>) -> bool {
        AxisState::of(axis, self.threshold()) == AxisState::Below
    }

    /// Gates that keep a candidate from opening: those that fail, then unknown ones of safety.
    fn holding_back(&self) -> Vec<&'a GateResult> {
        let is_open = |g: &GateResult| g.outcome == Outcome::Unknown && gate::SAFETY.contains(&g.id.as_str());
        let gates = &self.scored().gates;
        let failed = gates.iter().filter(|g| g.outcome == Outcome::Fail);
        failed.chain(gates.iter().filter(|g| is_open(g))).collect()
    }

    fn because_ask(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.need().is_none() {
            lines.push("no need is stated".to_owned());
        }
        let known = self.scored().known_before_opening;
        let least = self.facts.criteria.verdicts.number("before_opening");
        if known < least {
            lines.push(format!("{} of what must be known before opening is known", percent(known)));
        }
        lines.extend(self.to_find_out());
        lines
    }

    fn because_reject(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if gate::is_refused(self.channel()) {
            lines.push("the review of privacy and law refused it".to_owned());
        }
        if gate::is_identity_unrepairable(self.facts, self.channel()) {
            lines.push("its kind can never know the customer as surely as needed".to_owned());
        }
        if self.is_below(self.scored().worth) {
            lines.extend(self.losses(AxisId::Worth, 2));
        }
        lines
    }

    /// What must be true first, in order.
    pub(super) fn first(&self) -> Vec<Condition> {
        match self.judged.decision.call {
            Call::Fix => self.mending().into_iter().map(|(_, condition)| condition).collect(),
            Call::Defer => {
                let mut all: Vec<Condition> =
                    self.holding_back().into_iter().filter_map(|g| self.condition_of_gate(g)).collect();
                if self.is_below(self.scored().delivery) {
                    all.extend(self.condition_of_loss());
                }
                all
            }
            Call::Keep if !self.is_proven() => self.condition_to_know(),
            Call::Ask => {
                let unknown = |i: &&Item<'_>| matches!(i.score.reading, Reading::Unknown { .. });
                self.items().iter().filter(unknown).take(3).map(|i| self.find_out(i)).collect()
            }
            Call::Pilot => self.trial_conditions(),
            Call::Merge | Call::Drop => self.redirect_plan(),
            _ => Vec::new(),
        }
    }

    pub(super) fn is_proven(&self) -> bool {
        let above = |axis: Option<Interval>| AxisState::of(axis, self.threshold()) == AxisState::Above;
        above(self.scored().delivery) && (!self.scored().has_worth || above(self.scored().worth))
    }

    pub(super) fn owner(&self) -> String {
        match self.channel().owner.as_ref().map(|o| &o.value) {
            Some(Owner::Named(name)) => clean(name),
            _ => "owner of the channel".to_owned(),
        }
    }

    fn condition_of_gate(&self, result: &GateResult) -> Option<Condition> {
        let gate = self.facts.criteria.gate(&result.id)?;
        Some(Condition {
            what: gate.remedy.text.get(EN).to_owned(),
            who: gate.who.get(EN).to_owned(),
            effort: effort(gate.remedy.effort).to_owned(),
        })
    }

    fn condition_of_loss(&self) -> Option<Condition> {
        let mut items: Vec<Item<'_>> =
            self.items().into_iter().filter(|i| i.criterion.axis == AxisId::Delivery).collect();
        items.sort_by(|a, b| b.loss().total_cmp(&a.loss()));
        let item = items.first()?;
        Some(Condition {
            what: item.indicator.remedy.text.get(EN).to_owned(),
            who: self.owner(),
            effort: effort(item.indicator.remedy.effort).to_owned(),
        })
    }

    /// What mends a channel, each with the gate or indicator that it mends.
    pub(super) fn mending(&self) -> Vec<(String, Condition)> {
        let who = |id: &str| {
            let gate = self.facts.criteria.gate(id);
            gate.map_or_else(|| self.owner(), |g| g.who.get(EN).to_owned())
        };
        let remedies = self.remedies().into_iter().take(3);
        remedies
            .map(|r| {
                let who = who(&r.id);
                (r.id, Condition { what: r.text, who, effort: r.effort })
            })
            .collect()
    }

    /// What opening a candidate does, in one sentence.
    pub(super) fn opening(&self) -> String {
        self.moved_words().map_or_else(|| "Open it.".to_owned(), |moved| format!("Open it: {moved}."))
    }

    fn condition_to_know(&self) -> Vec<Condition> {
        if self.judged.decision.words == "keep-rehouse" {
            let duty = self.scored().gates.iter().find(|g| g.id == "protected");
            let duty = duty.filter(|g| g.outcome == Outcome::Unknown).and_then(|g| self.condition_of_gate(g));
            let homes =
                self.judged.exit.iter().flat_map(|_| self.because_rehouse()).map(|because| Condition {
                    what: format!("Find another home first, because {because}."),
                    who: self.owner(),
                    effort: effort(Effort::Medium).to_owned(),
                });
            let all: Vec<Condition> = duty.into_iter().chain(homes).collect();
            if !all.is_empty() {
                return all;
            }
        }
        // A duty stands whatever its worth: only whether it works can still be asked.
        let works = AxisState::of(self.scored().delivery, self.threshold());
        if self.judged.decision.words == "keep-duty" && works != AxisState::Across {
            return Vec::new();
        }
        self.most_doubtful().iter().map(|i| self.find_out(i)).collect()
    }

    fn find_out(&self, item: &Item<'_>) -> Condition {
        let effort_of = item.indicator.find_out.as_ref().map_or(Effort::Small, |how| how.effort);
        Condition {
            what: item.indicator.question.get(EN).to_owned(),
            who: self.owner(),
            effort: effort(effort_of).to_owned(),
        }
    }

    /// Touchpoint, duration, metric, goal, stop rule and the sample at which the metric can tell them
    /// apart: where its Wilson half-width is below the distance from the goal to the stop.
    fn trial_conditions(&self) -> Vec<Condition> {
        let Some(trial) = &self.channel().trial else {
            return vec![Condition {
                what: "Write down the trial: one moment, some weeks, a metric, a goal and a stop.".to_owned(),
                who: self.owner(),
                effort: effort(Effort::Small).to_owned(),
            }];
        };
        let at = trial
            .touchpoint
            .map(|t| format!(" at {}", clean(&self.facts.inventory.touchpoint(t).id)))
            .unwrap_or_default();
        let weeks = trial.weeks.map(|w| format!(" for {w} weeks")).unwrap_or_default();
        let metric = trial
            .metric
            .as_deref()
            .map_or("its metric", |m| self.facts.criteria.indicator(m).map_or(m, |(_, i)| i.title.get(EN)));
        let metric = clean(metric);
        let unit = trial.metric.as_deref().and_then(|m| self.facts.criteria.indicator(m));
        let is_share = unit.is_none_or(|(_, i)| i.unit == "share");
        let rule = match (trial.goal, trial.stop) {
            // The goal lies above the stop, or below it where less is better.
            (Some(goal), Some(stop)) if goal != stop => {
                let side = if goal > stop { "under" } else { "over" };
                let n = sample(goal, (goal - stop).abs())
                    .filter(|_| is_share)
                    .map(|n| format!(", from {} cases on", count(f64::from(n))))
                    .unwrap_or_default();
                let say = |x: f64| if is_share { percent(x) } else { trimmed(x) };
                format!("; goal {}, stop {side} {}{n}", say(goal), say(stop))
            }
            _ => "; a goal and a stop are missing".to_owned(),
        };
        vec![Condition {
            what: format!("Try it{at}{weeks}, measured by: {}{rule}.", lower_first(&metric)),
            who: self.owner(),
            effort: effort(Effort::Medium).to_owned(),
        }]
    }

    fn redirect_plan(&self) -> Vec<Condition> {
        let Some(exit) = &self.judged.exit else { return Vec::new() };
        let least = self.facts.criteria.verdicts.number("redirect_least");
        let moved = exit.absorption.moved;
        let mut all: Vec<Condition> = self
            .destinations()
            .into_iter()
            .filter(|(_, share)| *share >= least)
            .map(|(ix, share)| {
                let n = moved
                    .map(|m| format!(", {} contacts a year", count_range(m.scale(share))))
                    .unwrap_or_default();
                Condition {
                    what: format!("Lead {} to {}{n}.", part_of_customers(share), self.id(ix)),
                    who: self.owner(),
                    effort: effort(Effort::Small).to_owned(),
                }
            })
            .collect();
        if let Some(lost) = exit.absorption.lost_customers {
            all.push(Condition {
                what: format!(
                    "Expect to lose {} customers; write to each of them before.",
                    count_range(lost)
                ),
                who: self.owner(),
                effort: effort(Effort::Small).to_owned(),
            });
        }
        all
    }

    /// Where its contacts go when it closes.
    pub(super) fn destinations(&self) -> Vec<(ChannelIx, f64)> {
        let Some(exit) = &self.judged.exit else { return Vec::new() };
        match (self.judged.decision.call, exit.survivor) {
            (Call::Merge, Some((survivor, _))) => vec![(survivor, 1.0)],
            (Call::Drop | Call::Merge, _) => exit.absorption.redirect.clone(),
            _ => Vec::new(),
        }
    }

    /// Remedies: failing gates, failed floors, then the heaviest losses.
    pub(super) fn remedies(&self) -> Vec<RemedyLine> {
        let mut all: Vec<RemedyLine> = Vec::new();
        let mut push = |id: &str, remedy: &crate::criteria::Remedy| {
            if !all.iter().any(|r| r.id == id) {
                all.push(RemedyLine {
                    id: id.to_owned(),
                    text: remedy.text.get(EN).to_owned(),
                    effort: effort(remedy.effort).to_owned(),
                });
            }
        };
        for result in self.scored().gates.iter().filter(|g| g.outcome == Outcome::Fail) {
            if let Some(gate) = self.facts.criteria.gate(&result.id) {
                push(&result.id, &gate.remedy);
            }
        }
        for (id, _) in &self.scored().failed_floors {
            if let Some((_, indicator)) = self.facts.criteria.indicator(id) {
                push(id, &indicator.remedy);
            }
        }
        let mut items = self.items();
        // What does not work is mended first where that is the verdict.
        let elsewhere =
            |i: &Item<'_>| self.judged.decision.call == Call::Fix && i.criterion.axis != AxisId::Delivery;
        items.sort_by(|a, b| elsewhere(a).cmp(&elsewhere(b)).then_with(|| b.loss().total_cmp(&a.loss())));
        for item in items.iter().filter(|i| i.score.rating.is_some_and(|r| r.high < self.threshold())) {
            push(&item.indicator.id, &item.indicator.remedy);
        }
        all
    }

    /// What speaks for it (`true`) or against it, strongest first.
    pub(super) fn arguments(&self, speaks_for: bool) -> Vec<Argument> {
        let tau = self.threshold();
        let mut weighted: Vec<(f64, Argument)> = self
            .items()
            .iter()
            .filter_map(|item| {
                let (known, rating) = (item.known()?, item.score.rating?);
                let counts = if speaks_for { rating.low >= tau } else { rating.high < tau };
                let argument = Argument {
                    text: self.say(item)?,
                    evidence: evidence(self.facts, known),
                    id: item.indicator.id.clone(),
                };
                counts.then(|| (item.weight * (rating.middle() - tau).abs(), argument))
            })
            .collect();
        weighted.sort_by(|a, b| b.0.total_cmp(&a.0));
        let mut all: Vec<Argument> = Vec::new();
        if !speaks_for {
            all.extend(self.scored().gates.iter().filter(|g| g.outcome == Outcome::Fail).map(|g| Argument {
                text: g.because.clone(),
                evidence: "gate".to_owned(),
                id: g.id.clone(),
            }));
            all.extend(self.leak().map(|text| Argument {
                text,
                evidence: self.facts.criteria.verdicts.word("grade-measured", EN).to_owned(),
                id: "context-carried".to_owned(),
            }));
        }
        let told = if speaks_for { Vec::new() } else { self.told_by_gates() };
        for (_, argument) in weighted {
            // The leak is the same fact as its share of the story, in more telling words.
            let again = all.iter().any(|a| a.text == argument.text || a.id == argument.id);
            if !again && !told.contains(&argument.text) {
                all.push(argument);
            }
        }
        all
    }

    /// Why the call at one touchpoint is what it is.
    pub(super) fn because_at(&self, touchpoint: TouchpointIx) -> String {
        let tau = self.threshold();
        let worst = self
            .items()
            .into_iter()
            .filter_map(|item| {
                let (_, reading, rating) = item.score.touchpoints.iter().find(|(t, ..)| *t == touchpoint)?;
                let (known, rating) = (reading.known()?.clone(), (*rating)?);
                Some((item, known, rating))
            })
            .max_by(|a, b| {
                let loss = |x: &(Item<'_>, Known, Interval)| x.0.weight * (100.0 - x.2.middle());
                loss(a).total_cmp(&loss(b))
            });
        match worst {
            Some((item, known, rating)) if rating.high < tau => {
                phrase(self.facts, self.ix(), None, item.indicator, &known)
            }
            Some((item, known, _)) => {
                format!("weakest: {}", phrase(self.facts, self.ix(), None, item.indicator, &known))
            }
            None => "nothing is known here".to_owned(),
        }
    }
}

/// `its customers`, `55% of its customers`.
fn part_of_customers(share: f64) -> String {
    if share >= 0.995 { "its customers".to_owned() } else { format!("{} of its customers", percent(share)) }
}

/// The number of cases from which the Wilson half-width of a share is below a distance.
fn sample(share: f64, distance: f64) -> Option<u32> {
    let half = |n: u32| wilson(share * f64::from(n), f64::from(n)).map(|w| w.width() / 2.0);
    let (mut low, mut high) = (1_u32, 1_u32 << 20);
    if half(high)? >= distance {
        return None;
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if half(middle)? < distance { high = middle } else { low = middle + 1 }
    }
    Some(low)
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_lowercase().collect::<String>() + chars.as_str())
}

/// The id of an effort.
pub(super) fn effort(effort: Effort) -> &'static str {
    match effort {
        Effort::Small => "small",
        Effort::Medium => "medium",
        Effort::Large => "large",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trial_s_sample_tells_goal_and_stop_apart() {
        // Half-width at p = 0.55 below 0.10: z sqrt(p q / n + z^2 / 4n^2) / (1 + z^2 / n) with
        // z = 1.959964 gives 0.100144 at n = 91 and 0.099620 at n = 92 (computed apart).
        assert_eq!(sample(0.55, 0.10), Some(92));
        assert_eq!(sample(0.55, 0.0), None);
    }

    #[test]
    fn lists_read_as_people_write_them() {
        let names = |n: &[&str]| list(&n.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>());
        assert_eq!(names(&["a"]), "a");
        assert_eq!(names(&["a", "b"]), "a and b");
        assert_eq!(names(&["a", "b", "c"]), "a, b and c");
    }
}
