//! The set judged again under other weights: which channels close hangs on what becomes of the others, so where one
//! may close the weights are asked of all channels together. Readings stay what they are; only weights change.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng as _;

use super::sums::{Sums, sum};
use super::weightings::{Reach, SEED, draw_one};
use super::{Axes, call_of};
use crate::assess::Call;
use crate::assess::axis::AxisState;
use crate::assess::closing::{Closed, Room, Weighed, alike};
use crate::assess::judge::{self, CALLS, Judged};
use crate::assess::verdict::{Active, Pilot, Protection, Situation, decide};
use crate::criteria::{AxisId, Criteria};
use crate::inventory::ChannelIx;
use crate::measure::Facts;
use crate::quantity::Interval;

/// Weightings of all six criteria under which the set is judged again, for each reach.
const DRAWS: u32 = 2_000;
/// Most pairs of channels of the same timing and medium that are looked at.
const MOST_PAIRS: usize = 20_000;
/// Most sets of closings worked out for one question, by how many channels may close: about so many channels looked at.
const MOST_LOOKS: usize = 60_000;

/// The weights of the criteria of one axis, in the order of the criteria.
pub(super) type OfAxis = Vec<f64>;

/// What the closings of a set hang on.
pub(super) struct Set<'s> {
    judged: &'s [Judged],
    axes: &'s [Axes],
    /// As weighed now.
    now: Vec<Weighed>,
    /// Channels that some weights may close.
    pub(super) closers: Vec<ChannelIx>,
    /// Channels whose worth or delivery counts for a closing: those, their twins, and trials.
    pub(super) members: Vec<ChannelIx>,
    /// Pairs of which one may be the weaker twin of the other.
    pub(super) pairs: Vec<(ChannelIx, ChannelIx)>,
    /// Places of the criteria of worth and of delivery among the six.
    pub(super) of: [Vec<usize>; 2],
    /// Their weights in use, each axis summing to 1.
    pub(super) own: [OfAxis; 2],
}

impl<'s> Set<'s> {
    /// The set, where closings may hang on each other; `Err` where there are too many to look at.
    pub(super) fn of(
        facts: &Facts<'_>,
        judged: &'s [Judged],
        axes: &'s [Axes],
    ) -> Result<Option<Self>, TooMany> {
        let now: Vec<Weighed> = judged.iter().map(|it| judge::weighed(facts, &it.scored)).collect();
        let is_free =
            |it: &Weighed| matches!(it.situation, Situation::Active(a) if a.protection == Protection::Free);
        let active: Vec<ChannelIx> =
            places(&now, |it| matches!(it.situation, Situation::Active(a) if a.worth.is_some()));
        let free = |ix: ChannelIx| now.get(ix.0).is_some_and(|it| it.may_close() && is_free(it));
        let pairs = pairs(facts, &active, free)?;
        let has_twin = |ix: ChannelIx| pairs.iter().any(|(a, b)| *a == ix || *b == ix);
        let may_be_low =
            |ix: ChannelIx| judged.get(ix.0).is_some_and(|it| judge::low(facts, &it.scored).is_anyhow());
        let closers: Vec<ChannelIx> =
            active.iter().copied().filter(|ix| free(*ix) && (has_twin(*ix) || may_be_low(*ix))).collect();
        let trials = places(&now, |it| matches!(it.situation, Situation::Pilot(_)));
        if closers.is_empty() || closers.len() + trials.len() < 2 {
            return Ok(None);
        }
        let counts = |ix: &ChannelIx| closers.contains(ix) || has_twin(*ix) || trials.contains(ix);
        let members = (0..judged.len()).map(ChannelIx).filter(counts).collect();
        let of = [AxisId::Worth, AxisId::Delivery].map(|id| of_axis(facts.criteria, id));
        // The weights in use are those that every channel was scored with.
        let own = of.each_ref().map(|of| {
            of.iter().map(|i| judged.first().map_or(0.0, |it| it.scored.scores[*i].weight)).collect()
        });
        Ok(Some(Self { judged, axes, now, closers, members, pairs, of, own }))
    }

    /// The axes of a channel: worth, delivery.
    pub(super) fn sums(&self, channel: ChannelIx) -> [Option<&Sums>; 2] {
        self.axes.get(channel.0).map_or([None, None], |it| [it.worth.as_ref(), it.delivery.as_ref()])
    }

    /// The weights of those criteria that apply to a channel; `None` where they weigh nothing.
    fn of_channel(&self, axis: usize, sums: &Sums, weights: &OfAxis) -> Option<Vec<f64>> {
        let weight = |i: &usize| {
            let place = self.of[axis].iter().position(|own| own == i);
            place.and_then(|place| weights.get(place)).copied().unwrap_or(0.0)
        };
        let list: Vec<f64> = sums.of.iter().map(weight).collect();
        let total: f64 = list.iter().sum();
        (total > 0.0).then(|| list.into_iter().map(|w| w / total).collect())
    }

    /// The call that stands.
    pub(super) fn stands(&self, channel: ChannelIx) -> Option<Call> {
        self.judged.get(channel.0).map(|it| it.decision.call)
    }

    /// An axis of a channel, and the weights of those criteria that apply to it.
    pub(super) fn in_terms_of(
        &self,
        channel: ChannelIx,
        axis: usize,
        weights: &OfAxis,
    ) -> Option<(&Sums, Vec<f64>)> {
        let sums = self.sums(channel)[axis]?;
        Some((sums, self.of_channel(axis, sums, weights)?))
    }

    /// A channel under other weights.
    fn weigh(&self, channel: ChannelIx, weights: &[OfAxis; 2]) -> Option<Weighed> {
        let now = self.now.get(channel.0)?;
        let [worth, delivery] = self.sums(channel);
        let whole = |axis: usize, sums: Option<&Sums>| {
            let sums = sums?;
            let own = self.of_channel(axis, sums, &weights[axis])?;
            Some((Interval::new(sum(&own, &sums.low), sum(&own, &sums.high)), sums.turn(&own)))
        };
        let (worth, delivery) = (whole(0, worth), whole(1, delivery));
        let state =
            |axis: Option<(Interval, (AxisState, bool))>| axis.map_or(AxisState::Across, |(_, turn)| turn.0);
        let situation = match now.situation {
            Situation::Active(it) => Situation::Active(Active {
                worth: it.worth.map(|_| state(worth)),
                delivery: state(delivery),
                ..it
            }),
            Situation::Pilot(it) => Situation::Pilot(Pilot {
                worth: it.worth.map(|_| state(worth)),
                delivery: state(delivery),
                ..it
            }),
            other => other,
        };
        Some(Weighed {
            worth: worth.map(|(points, _)| points),
            delivery: delivery.map(|(points, _)| points),
            is_worthless: worth.is_some_and(|(_, turn)| turn.1),
            situation,
        })
    }

    /// All channels under other weights; those that no closing hangs on as they are.
    fn weighed(&self, weights: &[OfAxis; 2]) -> Vec<Weighed> {
        let mut all = self.now.clone();
        for ix in &self.members {
            if let (Some(place), Some(weighed)) = (all.get_mut(ix.0), self.weigh(*ix, weights)) {
                *place = weighed;
            }
        }
        all
    }

    /// The call of a channel under other weights if the others closed as they do now.
    fn call_alone(&self, channel: ChannelIx, weights: &[OfAxis; 2]) -> Option<Call> {
        let [worth, delivery] = self.sums(channel);
        let turn = |axis: usize, sums: Option<&Sums>| {
            let turn = sums.and_then(|sums| Some(sums.turn(&self.of_channel(axis, sums, &weights[axis])?)));
            turn.unwrap_or((AxisState::Across, false))
        };
        Some(call_of(self.judged.get(channel.0)?, turn(0, worth), turn(1, delivery), None))
    }
}

/// There are too many pairs of channels that could stand in for each other.
#[derive(Debug)]
pub(super) struct TooMany;

fn places(all: &[Weighed], which: impl Fn(&Weighed) -> bool) -> Vec<ChannelIx> {
    all.iter().enumerate().filter(|(_, it)| which(it)).map(|(i, _)| ChannelIx(i)).collect()
}

fn of_axis(criteria: &Criteria, axis: AxisId) -> Vec<usize> {
    (0..criteria.criteria.len()).filter(|i| criteria.criteria[*i].axis == axis).collect()
}

/// Pairs of open channels of the same timing and medium of which one could cover the other if it were all there is.
fn pairs(
    facts: &Facts<'_>,
    active: &[ChannelIx],
    free: impl Fn(ChannelIx) -> bool,
) -> Result<Vec<(ChannelIx, ChannelIx)>, TooMany> {
    let covers = facts.criteria.verdicts.number("covers");
    let mut present = vec![false; facts.inventory.channels.len()];
    let mut is_covered = |this: ChannelIx, by: ChannelIx| {
        present[by.0] = true;
        let overlap = facts.overlap(this, &present);
        present[by.0] = false;
        overlap.by.first().is_some_and(|(_, share)| *share >= covers)
    };
    let (mut list, mut looked) = (Vec::new(), 0);
    for (i, a) in active.iter().enumerate() {
        for b in &active[i + 1..] {
            if !alike(facts, *a, *b) || !(free(*a) || free(*b)) {
                continue;
            }
            looked += 1;
            if looked > MOST_PAIRS {
                return Err(TooMany);
            }
            if (free(*a) && is_covered(*a, *b)) || (free(*b) && is_covered(*b, *a)) {
                list.push((*a, *b));
            }
        }
    }
    Ok(list)
}

/// What tells one set of closings from another.
pub(super) type Key = Vec<u8>;

/// Judges a set again under one weighting after the other. Each set of closings is worked out once.
pub(super) struct Again<'s, 'f, 'a> {
    set: &'s Set<'s>,
    room: Room<'f, 'a>,
    known: RefCell<HashMap<Key, Rc<Closed>>>,
    /// Sets of closings that may still be worked out.
    left: Cell<usize>,
}

impl<'s, 'f, 'a> Again<'s, 'f, 'a> {
    pub(super) fn new(facts: &'f Facts<'a>, set: &'s Set<'s>) -> Self {
        let n = set.closers.len().max(1);
        Self {
            set,
            room: Room::new(facts),
            known: RefCell::default(),
            left: Cell::new(MOST_LOOKS / n / n.div_ceil(8)),
        }
    }

    /// Whether one channel survives the other where both deliver alike.
    pub(super) fn comes_first(&self, one: ChannelIx, other: ChannelIx) -> bool {
        self.room.by_cost(one, other).is_gt()
    }

    /// The call of each channel that may close, under other weights; `None` once too much has been worked out.
    pub(super) fn calls(&self, weights: &[OfAxis; 2]) -> Option<Vec<Call>> {
        let all = self.set.weighed(weights);
        let closed = self.closed(&all)?;
        let call = |ix: &ChannelIx| all.get(ix.0).map(|it| decide(it.situation_if(closed.of(*ix))).call);
        self.set.closers.iter().map(call).collect()
    }

    /// What the closings hang on under other weights: where two weightings are alike in it, they give the same calls.
    pub(super) fn key_of(&self, weights: &[OfAxis; 2]) -> Key {
        self.key(&self.set.weighed(weights))
    }

    fn closed(&self, all: &[Weighed]) -> Option<Rc<Closed>> {
        let key = self.key(all);
        if let Some(known) = self.known.borrow().get(&key) {
            return Some(known.clone());
        }
        self.left.set(self.left.get().checked_sub(1)?);
        let closed = Rc::new(self.room.closings(all));
        self.known.borrow_mut().insert(key, closed.clone());
        Some(closed)
    }

    /// All that the closings hang on: the states of each channel, which of a pair delivers better, and in which order
    /// those that are not worth having come.
    fn key(&self, all: &[Weighed]) -> Key {
        let state = |state: AxisState| match state {
            AxisState::Above => 0,
            AxisState::Across => 1,
            AxisState::Below => 2,
        };
        let mut key = Key::with_capacity(self.set.members.len() + self.set.pairs.len() + 8);
        let mut low: Vec<(f64, ChannelIx)> = Vec::new();
        for ix in &self.set.members {
            let Some(it) = all.get(ix.0) else { continue };
            key.push(match it.situation {
                Situation::Active(a) => {
                    a.worth.map_or(3, state) + 4 * state(a.delivery) + 16 * u8::from(it.is_worthless)
                }
                _ => u8::from(it.is_leaving()),
            });
            if it.is_worthless {
                low.push((it.worth.map_or(100.0, Interval::middle), *ix));
            }
        }
        let pairs = self.set.pairs.iter();
        key.extend(pairs.map(|(a, b)| u8::from(self.room.by_strength(all, *a, *b).is_gt())));
        low.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        key.extend(low.iter().flat_map(|(_, ix)| ix.0.to_le_bytes()));
        key
    }
}

/// How judging the set again moves the share of weightings that give each call, beyond what a channel alone tells.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shift {
    /// By call, in the order of [`CALLS`].
    pub(super) by: [f64; CALLS.len()],
    /// Half the width of the 95% interval of the share of the call that stands: 0 where no weighting drawn differs.
    pub(super) within: f64,
}

/// Half widths of 95% of a normal distribution.
const Z: f64 = 1.959_964;

/// The shift of every channel that may close, over weightings drawn from within reach; `None` where too much would have
/// to be worked out.
pub(super) fn shifts(facts: &Facts<'_>, set: &Set<'_>, reach: Reach) -> Option<Vec<Shift>> {
    let again = Again::new(facts, set);
    let mut random = Pcg64::seed_from_u64(SEED);
    let mut weights = set.own.clone();
    let mut sums = vec![([0_i32; CALLS.len()], 0_u32); set.closers.len()];
    let mut drawn = 0_u32;
    'draws: for _ in 0..DRAWS {
        for (own, weights) in set.own.iter().zip(&mut weights) {
            if !draw_one(own, reach, &mut random, weights) {
                // The region is a point: nothing but the weights in use.
                break 'draws;
            }
        }
        let Some(calls) = again.calls(&weights) else { break };
        drawn += 1;
        for ((ix, call), (by, differ)) in set.closers.iter().zip(&calls).zip(&mut sums) {
            let alone = set.call_alone(*ix, &weights).unwrap_or(*call);
            if alone != *call {
                for (count, one) in by.iter_mut().zip(CALLS) {
                    *count += i32::from(one == *call) - i32::from(one == alone);
                }
                let stands = set.judged.get(ix.0).map(|it| it.decision.call);
                *differ += u32::from(stands == Some(*call) || stands == Some(alone));
            }
        }
    }
    if drawn < DRAWS && drawn < LEAST {
        return (again.left.get() > 0)
            .then(|| vec![Shift { by: [0.0; CALLS.len()], within: 0.0 }; set.closers.len()]);
    }
    let n = f64::from(drawn);
    let shift = |(ix, (by, differ)): (&ChannelIx, &([i32; CALLS.len()], u32))| {
        let stands = set.judged.get(ix.0).and_then(|it| CALLS.iter().position(|c| *c == it.decision.call));
        let mean = stands.map_or(0.0, |place| f64::from(by[place]) / n);
        let spread = (f64::from(*differ) / n - mean * mean).max(0.0);
        Shift { by: by.map(|count| f64::from(count) / n), within: Z * (spread / n).sqrt() }
    };
    Some(set.closers.iter().zip(&sums).map(shift).collect())
}

/// Fewer weightings than these tell nothing.
const LEAST: u32 = 200;
