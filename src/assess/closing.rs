//! Which channels close: decided for the set, because each closing takes a home away from the next. Of a channel
//! it asks only what the weights make of it, so that the same can be asked under any weights.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::criteria::kind::Unit;
use crate::inventory::{ChannelIx, Status};
use crate::measure::{Absorption, Facts, Overlap};
use crate::quantity::Interval;

use super::Call;
use super::axis::ROUNDING;
use super::verdict::{Active, Closing, Protection, Situation, decide};

/// A channel as the weights make it: all that the rules of closing ask of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weighed {
    /// Should we have it?
    pub(super) worth: Option<Interval>,
    /// Does it work?
    pub(super) delivery: Option<Interval>,
    /// Worth is surely low, over all and at each moment.
    pub(super) is_worthless: bool,
    /// Its situation while nothing closes it.
    pub(super) situation: Situation,
}

impl Weighed {
    /// Whether a rule of closing may apply to it at all.
    pub(super) fn may_close(&self) -> bool {
        let open = |it: &Active| it.worth.is_some() && it.protection != Protection::Protected;
        matches!(&self.situation, Situation::Active(it) if open(it))
    }

    /// The situation once its closing is settled.
    pub(super) fn situation_if(&self, closing: Closing) -> Situation {
        match self.situation {
            Situation::Active(it) => Situation::Active(Active { closing, ..it }),
            other => other,
        }
    }

    /// Whether the rules close it, given what closing it would do.
    fn closes(&self, closing: Closing) -> bool {
        let call = decide(self.situation_if(closing)).call;
        closing != Closing::Held && matches!(call, Call::Merge | Call::Drop)
    }

    /// Whether it is being closed, or its trial ends.
    pub(super) fn is_leaving(&self) -> bool {
        match self.situation {
            Situation::Retiring => true,
            Situation::Pilot(_) => decide(self.situation).call == Call::Drop,
            Situation::Active(_) | Situation::Candidate(_) => false,
        }
    }

    /// Where it stands among those that are not worth having: the middle of its worth, but for the machine's rounding.
    pub(super) fn rank(&self) -> f64 {
        rank(self.worth)
    }

    fn delivers(&self) -> f64 {
        self.delivery.map_or(0.0, Interval::middle)
    }
}

/// The middle of a worth, but for the machine's rounding.
pub(super) fn rank(worth: Option<Interval>) -> f64 {
    (worth.map_or(100.0, Interval::middle) / ROUNDING).round() * ROUNDING
}

/// Which of two deliveries is better; what differs by the machine's rounding is alike.
pub(super) fn delivers(this: f64, that: f64) -> Ordering {
    if (this - that).abs() <= ROUNDING { Ordering::Equal } else { this.total_cmp(&that) }
}

/// Whether two channels are of the same timing and medium, so that one of them may do.
pub(super) fn alike(facts: &Facts<'_>, this: ChannelIx, that: ChannelIx) -> bool {
    let (this, that) = (facts.inventory.channel(this), facts.inventory.channel(that));
    that.status == Status::Active
        && this.kind.unit == Unit::Contact
        && that.kind.unit == this.kind.unit
        && that.kind.timing == this.kind.timing
        && that.kind.medium == this.kind.medium
        && this.kind.worth
        && that.kind.worth
}

/// Who is there when a channel closes.
#[derive(Debug, Clone)]
struct Homes {
    /// Channels that can stand in for another: active ones only, a trial may end.
    lasting: Vec<bool>,
    /// Channels that take part of the load: active ones, and trials that go on.
    open: Vec<bool>,
    /// The number under which the room knows these.
    number: usize,
}

impl Homes {
    fn today(room: &Room<'_, '_>, all: &[Weighed]) -> Self {
        let active = |it: &Weighed| matches!(it.situation, Situation::Active(_));
        let tried = |it: &Weighed| matches!(it.situation, Situation::Pilot(_)) && !it.is_leaving();
        let mut homes = Self {
            lasting: all.iter().map(active).collect(),
            open: all.iter().map(|it| active(it) || tried(it)).collect(),
            number: 0,
        };
        homes.number = room.number_of(&homes);
        homes
    }

    fn set(&mut self, room: &Room<'_, '_>, channel: ChannelIx, present: bool) {
        for list in [&mut self.lasting, &mut self.open] {
            if let Some(flag) = list.get_mut(channel.0) {
                *flag = present;
            }
        }
        self.number = room.number_of(self);
    }

    fn has(&self, channel: ChannelIx) -> bool {
        self.lasting.get(channel.0) == Some(&true)
    }
}

/// Who could stand in for a channel.
#[derive(Debug)]
struct Ways {
    overlap: Overlap,
    nothing_unique: bool,
    /// One channel that covers it.
    cover: Option<(ChannelIx, f64)>,
    /// Channels of the same timing and medium that cover it.
    twins: Vec<(ChannelIx, f64)>,
}

impl Ways {
    fn home(&self) -> Closing {
        if self.cover.is_some() { Closing::Covered } else { Closing::Shared }
    }
}

/// Who is there for good, and who takes part of the load.
type Present = (Vec<bool>, Vec<bool>);
/// A channel, and the number of those that are present.
type Asked = (ChannelIx, usize);

/// What closings ask of the facts, each question worked out once: no answer depends on weights.
pub(super) struct Room<'f, 'a> {
    facts: &'f Facts<'a>,
    /// Cost of each channel a year.
    costs: Vec<f64>,
    /// Of each channel, those of its timing and medium that could cover it if they were all there is.
    twins: Vec<Vec<ChannelIx>>,
    /// Who was present when something was asked.
    present: Mutex<HashMap<Present, usize>>,
    ways: Mutex<HashMap<Asked, Arc<Ways>>>,
    absorbed: Mutex<HashMap<Asked, bool>>,
}

/// An answer, worked out where nobody has asked before.
fn known<T: Clone>(answers: &Mutex<HashMap<Asked, T>>, asked: Asked, answer: impl FnOnce() -> T) -> T {
    let lock = || answers.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lock().get(&asked) {
        return known.clone();
    }
    let answer = answer();
    lock().insert(asked, answer.clone());
    answer
}

impl<'f, 'a> Room<'f, 'a> {
    pub(super) fn new(facts: &'f Facts<'a>) -> Self {
        let cost = |ix| facts.cost_per_year(ix).map_or(f64::INFINITY, Interval::middle);
        let covers = facts.criteria.verdicts.number("covers");
        let active: Vec<bool> =
            facts.inventory.channels.iter().map(|it| it.status == Status::Active).collect();
        let twins = |ix: ChannelIx| {
            if active.get(ix.0) != Some(&true)
                || !facts.inventory.channels().any(|(d, _)| d != ix && alike(facts, ix, d))
            {
                return Vec::new();
            }
            let all = facts.overlap_alone(ix, &active).into_iter();
            all.filter(|(d, share)| *share >= covers && alike(facts, ix, *d)).map(|(d, _)| d).collect()
        };
        Self {
            facts,
            twins: facts.inventory.channels().map(|(ix, _)| twins(ix)).collect(),
            costs: facts.inventory.channels().map(|(ix, _)| cost(ix)).collect(),
            present: Mutex::default(),
            ways: Mutex::default(),
            absorbed: Mutex::default(),
        }
    }

    fn number(&self, id: &str) -> f64 {
        self.facts.criteria.verdicts.number(id)
    }

    /// The number under which those present are known.
    fn number_of(&self, homes: &Homes) -> usize {
        let mut present = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let next = present.len();
        *present.entry((homes.lasting.clone(), homes.open.clone())).or_insert(next)
    }

    /// Who could stand in for a channel while those present go on.
    fn ways(&self, channel: ChannelIx, homes: &Homes) -> Arc<Ways> {
        let asked = (channel, homes.number);
        let answer = || {
            let overlap = self.facts.overlap(channel, &homes.lasting);
            let covers = self.number("covers");
            let is_twin =
                |(other, share): &&(ChannelIx, f64)| *share >= covers && alike(self.facts, channel, *other);
            Arc::new(Ways {
                nothing_unique: overlap.unique.is_some_and(|u| u < self.number("nothing_unique")),
                cover: overlap.by.first().copied().filter(|(_, share)| *share >= covers),
                twins: overlap.by.iter().filter(is_twin).copied().collect(),
                overlap,
            })
        };
        known(&self.ways, asked, answer)
    }

    /// Whether the others surely can carry a channel.
    fn absorbs(&self, channel: ChannelIx, homes: &Homes) -> bool {
        let asked = (channel, homes.number);
        let answer = || self.facts.absorb(channel, &homes.open).holds == Some(true);
        known(&self.absorbed, asked, answer)
    }

    /// Which of two channels survives where both deliver alike: the one that costs less, then the first by name.
    pub(super) fn by_cost(&self, this: ChannelIx, that: ChannelIx) -> Ordering {
        let cost = |ix: ChannelIx| self.costs.get(ix.0).copied().unwrap_or(f64::INFINITY);
        let id = |ix: ChannelIx| self.facts.inventory.channel(ix).id.as_str();
        cost(that).total_cmp(&cost(this)).then_with(|| id(that).cmp(id(this)))
    }

    /// Which of two channels survives the other: the one that delivers better, costs less, comes first.
    pub(super) fn by_strength(&self, all: &[Weighed], this: ChannelIx, that: ChannelIx) -> Ordering {
        let delivery = |ix: ChannelIx| all.get(ix.0).map_or(0.0, Weighed::delivers);
        delivers(delivery(this), delivery(that)).then_with(|| self.by_cost(this, that))
    }

    /// The strongest of those that could take a channel's place and are stronger than it.
    fn stronger_twin(&self, all: &[Weighed], channel: ChannelIx, ways: &Ways) -> Option<(ChannelIx, f64)> {
        let twins = ways.twins.iter().copied();
        twins
            .filter(|(other, _)| self.by_strength(all, *other, channel).is_gt())
            .max_by(|a, b| self.by_strength(all, a.0, b.0))
    }

    /// The rule that closes a channel, if the others can carry it, and the survivor.
    fn closing(
        &self,
        all: &[Weighed],
        channel: ChannelIx,
        ways: &Ways,
    ) -> (Closing, Option<(ChannelIx, f64)>) {
        if all.get(channel.0).is_some_and(|it| it.is_worthless) && ways.nothing_unique {
            return (ways.home(), ways.cover);
        }
        match self.stronger_twin(all, channel, ways) {
            Some(twin) => (Closing::Twin, Some(twin)),
            None => (Closing::Held, None),
        }
    }

    /// Pairs of channels of which it counts which one delivers better: one that may close and each of its twins, and
    /// any two of these.
    pub(super) fn pairs(&self, may_close: impl Fn(ChannelIx) -> bool) -> BTreeSet<(ChannelIx, ChannelIx)> {
        let mut all = BTreeSet::new();
        for (i, twins) in self.twins.iter().enumerate().filter(|(i, _)| may_close(ChannelIx(*i))) {
            for (j, twin) in twins.iter().enumerate() {
                let others = std::iter::once(ChannelIx(i)).chain(twins[j + 1..].iter().copied());
                all.extend(others.map(|other| (other.min(*twin), other.max(*twin))));
            }
        }
        all
    }

    /// Whether a rule of closing could apply to a channel at all: what others do of it is asked only then.
    fn is_asked(&self, all: &[Weighed], channel: ChannelIx, homes: &Homes) -> bool {
        let twins = || self.twins.get(channel.0).into_iter().flatten();
        all.get(channel.0).is_some_and(|it| {
            let is_stronger =
                |that: &ChannelIx| homes.has(*that) && self.by_strength(all, *that, channel).is_gt();
            it.may_close() && (it.is_worthless || twins().any(is_stronger))
        })
    }

    /// The rule that closes a channel while those present go on, if the rules do and the others surely can carry it.
    fn leaves(&self, all: &[Weighed], channel: ChannelIx, homes: &Homes) -> Option<Closing> {
        let it = all.get(channel.0).filter(|_| self.is_asked(all, channel, homes))?;
        let (closing, _) = self.closing(all, channel, &self.ways(channel, homes));
        (it.closes(closing) && self.absorbs(channel, homes)).then_some(closing)
    }

    /// Channels that a rule of closing may apply to, the least worth having first, then twins, the closest pair
    /// first. Whether the others can carry them is not asked here.
    fn willing(&self, all: &[Weighed], homes: &Homes) -> Vec<ChannelIx> {
        let places = (0..all.len()).map(ChannelIx);
        let mut list: Vec<(f64, ChannelIx)> = places
            .zip(all)
            .filter(|(ix, _)| homes.has(*ix) && self.is_asked(all, *ix, homes))
            .filter_map(|(ix, it)| {
                let rank = match self.closing(all, ix, &self.ways(ix, homes)) {
                    (Closing::Held, _) => return None,
                    (Closing::Twin, survivor) => 1000.0 - survivor.map_or(0.0, |(_, share)| share),
                    (Closing::Covered | Closing::Shared, _) => it.rank(),
                };
                Some((rank, ix))
            })
            .collect();
        list.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        list.into_iter().map(|(_, ix)| ix).collect()
    }

    /// Which channels close, one at a time; after each of them the others are looked at again, since one home is
    /// gone. What the others could not carry is asked once on the way and once more at the end. A channel whose homes
    /// have closed after it, or in which those that closed before have their home, stays open.
    pub(super) fn closings(&self, all: &[Weighed]) -> Closed {
        let mut homes = Homes::today(self, all);
        let (mut closed, mut held): (Vec<ChannelIx>, Vec<ChannelIx>) = (Vec::new(), Vec::new());
        let leaves = |ix: ChannelIx, homes: &Homes| self.leaves(all, ix, homes).is_some();
        loop {
            let mut list = self.willing(all, &homes);
            list.retain(|ix| !held.contains(ix));
            let next = list.into_iter().find(|ix| {
                let leaves = leaves(*ix, &homes);
                if !leaves {
                    held.push(*ix);
                }
                leaves
            });
            let Some(ix) = next else { break };
            closed.push(ix);
            homes.set(self, ix, false);
        }
        while let Some(at) = closed.iter().position(|ix| !leaves(*ix, &homes)) {
            homes.set(self, closed.remove(at), true);
        }
        // With a channel gone, what kept anybody from knowing whether the others can carry one more may be gone too.
        loop {
            let next = self.willing(all, &homes).into_iter().find(|ix| {
                let mut without = homes.clone();
                without.set(self, *ix, false);
                leaves(*ix, &homes) && closed.iter().all(|gone| leaves(*gone, &without))
            });
            let Some(ix) = next else { break };
            closed.push(ix);
            homes.set(self, ix, false);
        }
        let rules = closed.iter().map(|ix| (*ix, self.leaves(all, *ix, &homes).unwrap_or(Closing::Held)));
        Closed { rules: rules.collect(), homes }
    }
}

/// The channels that close, and who is left.
#[derive(Debug)]
pub(super) struct Closed {
    /// Those that close, each with the rule that closes it.
    pub(super) rules: Vec<(ChannelIx, Closing)>,
    /// Who is left.
    homes: Homes,
}

impl Closed {
    fn has(&self, channel: ChannelIx) -> bool {
        self.rules.iter().any(|(ix, _)| *ix == channel)
    }

    /// The rule that closes a channel.
    pub(super) fn of(&self, channel: ChannelIx) -> Closing {
        self.rules.iter().find(|(ix, _)| *ix == channel).map_or(Closing::Held, |(_, rule)| *rule)
    }
}

/// What closing a channel would do, looked at when all closings were decided.
#[derive(Debug, Default)]
pub(super) struct Exit {
    pub(super) overlap: Overlap,
    pub(super) absorption: Absorption,
    /// The channel that covers it or is its twin.
    pub(super) survivor: Option<(ChannelIx, f64)>,
    /// The others can carry it, though it goes on: it may stop at a moment with more than this share of its contacts,
    /// where nothing that it does is unique.
    pub(super) stops_from: Option<f64>,
    /// What closing would do if its worth were low everywhere, whatever the intervals say of it now.
    pub(super) home: Option<Closing>,
    /// Its twins, if the others can carry it: it closes where one of them delivers better.
    pub(super) twins: Vec<Twin>,
}

/// A channel of the same timing and medium that does most of what another does.
#[derive(Debug)]
pub(super) struct Twin {
    /// Which.
    pub(super) channel: ChannelIx,
    /// The middle of its delivery.
    pub(super) delivery: f64,
    /// Where both deliver alike, this one survives.
    pub(super) comes_first: bool,
}

impl Twin {
    /// Whether it survives a channel of this delivery.
    pub(super) fn is_stronger_than(&self, delivery: Option<Interval>) -> bool {
        match delivers(self.delivery, delivery.map_or(0.0, Interval::middle)) {
            Ordering::Equal => self.comes_first,
            order => order.is_gt(),
        }
    }
}

impl Exit {
    /// What closing does where worth is surely low everywhere, or not, and a twin delivers better, or none.
    pub(super) fn closing(&self, is_low: bool, is_weaker: bool) -> Closing {
        let twin = if is_weaker && !self.twins.is_empty() { Closing::Twin } else { Closing::Held };
        self.home.filter(|_| is_low).unwrap_or(twin)
    }

    /// Whether one of its twins is stronger than a delivery with this middle.
    pub(super) fn is_weaker(&self, delivery: Option<Interval>) -> bool {
        self.twins.iter().any(|twin| twin.is_stronger_than(delivery))
    }
}

/// Where the worth of a channel is low, or could be: only then is it worth its cost to look at what closing would do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Low {
    /// Over all or at some moment, as it is.
    pub(super) somewhere: bool,
    /// Under some weights or within its intervals.
    pub(super) somehow: bool,
}

impl Low {
    /// Under any weights or readings, anywhere.
    pub(super) fn is_anyhow(self) -> bool {
        self.somewhere || self.somehow
    }
}

impl Room<'_, '_> {
    /// What closing a channel does, and would do, while those that are left go on; `None` where no rule of closing
    /// could apply.
    pub(super) fn exit(
        &self,
        all: &[Weighed],
        channel: ChannelIx,
        closed: &Closed,
        low: Low,
    ) -> Option<(Closing, Exit)> {
        let it = all.get(channel.0)?;
        let homes = &closed.homes;
        if it.is_leaving() {
            // Only the way of its customers is asked.
            let overlap = self.facts.overlap(channel, &homes.lasting);
            let absorption = self.facts.absorb(channel, &homes.open);
            return Some((Closing::Held, Exit { overlap, absorption, ..Exit::default() }));
        }
        if !it.may_close() {
            return None;
        }
        let ways = self.ways(channel, homes);
        let has_twin = !ways.twins.is_empty()
            || closed.rules.iter().any(|(ix, _)| *ix != channel && alike(self.facts, channel, *ix));
        if !(low.somewhere || has_twin || (low.somehow && ways.nothing_unique)) {
            return None;
        }
        let mut absorption = self.facts.absorb(channel, &homes.open);
        let absorbed = absorption.holds == Some(true);
        let overlap = ways.overlap.clone();
        let (rule, survivor) =
            if absorbed { self.closing(all, channel, &ways) } else { (Closing::Held, None) };
        if rule != Closing::Held && self.is_home(all, channel, closed) {
            absorption.holds = Some(false);
            "channels that close send their customers here".clone_into(&mut absorption.because);
            return Some((Closing::Held, Exit { overlap, absorption, ..Exit::default() }));
        }
        // Nothing unique over all is nothing unique at one moment if even all of it there would be too little.
        let stops_from = overlap.unique.map(|unique| unique / self.number("nothing_unique"));
        let exit = Exit {
            twins: self.twins_if(all, (channel, &ways), absorbed, closed),
            overlap,
            absorption,
            survivor,
            stops_from: stops_from.filter(|_| absorbed && rule == Closing::Held),
            home: (absorbed && ways.nothing_unique).then(|| ways.home()),
        };
        Some((rule, exit))
    }

    /// Whether a channel that stays is the home of one that closes.
    fn is_home(&self, all: &[Weighed], channel: ChannelIx, closed: &Closed) -> bool {
        let mut without = closed.homes.clone();
        without.set(self, channel, false);
        !closed.has(channel)
            && closed.rules.iter().any(|(gone, _)| self.leaves(all, *gone, &without).is_none())
    }

    /// The twins of a channel under any weights, those among them that close as the weaker of a pair; none if all
    /// others together could not carry it. A twin that closes for its low worth is none: the set is judged again for it.
    fn twins_if(
        &self,
        all: &[Weighed],
        (channel, ways): (ChannelIx, &Ways),
        absorbed: bool,
        closed: &Closed,
    ) -> Vec<Twin> {
        let is_weaker = self.stronger_twin(all, channel, ways).is_some();
        let returns = |ix: &ChannelIx| {
            *ix != channel
                && alike(self.facts, channel, *ix)
                && !all.get(ix.0).is_none_or(|it| it.is_worthless)
                // A stronger one counts only for who is the weaker today already: else it would contradict today.
                && (is_weaker || self.by_strength(all, *ix, channel).is_lt())
        };
        let back: Vec<ChannelIx> = closed.rules.iter().map(|(ix, _)| *ix).filter(returns).collect();
        let twin = |(other, _): &(ChannelIx, f64)| Twin {
            channel: *other,
            delivery: all.get(other.0).map_or(0.0, Weighed::delivers),
            comes_first: self.by_cost(*other, channel).is_gt(),
        };
        if back.is_empty() {
            return ways.twins.iter().filter(|_| absorbed).map(twin).collect();
        }
        let mut homes = closed.homes.clone();
        back.iter().for_each(|ix| homes.set(self, *ix, true));
        // With more channels there, one that covers it now may do too little of a cell to count: it stays a twin.
        let with_them = self.ways(channel, &homes);
        let others = ways.twins.iter().filter(|(ix, _)| with_them.twins.iter().all(|(other, _)| other != ix));
        let list: Vec<Twin> = with_them.twins.iter().chain(others).map(twin).collect();
        // Today's answer stands for who is weaker today; the other is asked with its twins back.
        let carried = || if is_weaker { absorbed } else { self.absorbs(channel, &homes) };
        if list.is_empty() || !carried() { Vec::new() } else { list }
    }
}
