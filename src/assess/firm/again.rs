//! The set judged again under other weights: which channels close hangs on what becomes of the others, so where one
//! may close the weights are asked of all channels together. Readings stay what they are; only weights change.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng as _;

use super::sums::{Sums, Turn, sum};
use super::weightings::{Reach, SEED, draw_one};
use super::{Axes, call_of};
use crate::assess::Call;
use crate::assess::axis::AxisState;
use crate::assess::closing::{Room, Weighed, delivers, rank};
use crate::assess::judge::{self, CALLS, Judged};
use crate::assess::verdict::{Active, Pilot, Protection, Situation, decide};
use crate::criteria::{AxisId, Criteria};
use crate::inventory::ChannelIx;
use crate::measure::Facts;
use crate::quantity::Interval;

/// Weightings of all criteria under which the set is judged again, for each reach.
const DRAWS: u32 = 2_000;
/// Fewer weightings than these tell nothing.
const LEAST: u32 = 100;
/// Most channels that may close together: with more, too few of their closings could be worked out.
const MOST_CLOSERS: usize = 24;
/// Effort for one question, as channels looked at over all the closings that are worked out.
const MOST_LOOKS: usize = 30_000;

/// What the closings of a set hang on.
pub(super) struct Set<'s> {
    judged: &'s [Judged],
    /// As weighed now.
    now: Vec<Weighed>,
    /// Channels that some weights may close.
    pub(super) closers: Vec<ChannelIx>,
    /// Channels whose worth or delivery counts for a closing: those, their twins, and trials.
    pub(super) members: Vec<Member<'s>>,
    /// Pairs of members of which it counts which one delivers better, as places among the members; whether the first
    /// survives where both deliver alike.
    pub(super) pairs: Vec<(usize, usize, bool)>,
    /// Places of the criteria of worth and of delivery among the six.
    pub(super) of: [Vec<usize>; 2],
    /// Their weights in use, each axis summing to 1.
    pub(super) own: [Vec<f64>; 2],
    /// What closings ask of the facts.
    room: &'s Room<'s, 's>,
}

/// A channel of a set.
pub(super) struct Member<'s> {
    pub(super) channel: ChannelIx,
    /// Worth and delivery as weighted sums.
    pub(super) sums: [Option<&'s Sums>; 2],
    /// For each criterion of each axis, its place in those sums.
    pub(super) places: [Vec<Option<usize>>; 2],
}

impl Member<'_> {
    /// The weights of those criteria that apply to it, out of those of an axis; `false` where they weigh nothing.
    fn own_weights(&self, axis: usize, weights: &[f64], own: &mut Vec<f64>) -> bool {
        own.clear();
        if self.places[axis].iter().all(Option::is_some) {
            own.extend(weights);
            return true;
        }
        own.extend(
            self.places[axis].iter().zip(weights).filter(|(place, _)| place.is_some()).map(|(_, w)| *w),
        );
        let total: f64 = own.iter().sum();
        own.iter_mut().for_each(|w| *w /= total);
        total > 0.0
    }

    /// An axis of it, and the weights of those criteria that apply to it.
    pub(super) fn in_its_terms(&self, axis: usize, weights: &[f64]) -> Option<(&Sums, Vec<f64>)> {
        let mut own = Vec::new();
        let sums = self.sums[axis]?;
        self.own_weights(axis, weights, &mut own).then_some((sums, own))
    }
}

/// One axis of all members under some weights, and what the closings hang on in it.
pub(super) struct Half {
    points: Vec<Option<Interval>>,
    turns: Vec<Turn>,
    /// Alike in two weightings that give the same calls.
    pub(super) key: Key,
}

/// What tells one set of closings from another.
pub(super) type Key = Vec<u8>;

impl<'s> Set<'s> {
    /// The set, where closings may hang on each other; `Err` where there are too many to look at.
    pub(super) fn of(
        facts: &Facts<'_>,
        room: &'s Room<'s, 's>,
        judged: &'s [Judged],
        axes: &'s [Axes],
    ) -> Result<Option<Self>, TooMany> {
        let now: Vec<Weighed> = judged.iter().map(|it| judge::weighed(facts, &it.scored)).collect();
        let active = places(&now, |it| matches!(it.situation, Situation::Active(a) if a.worth.is_some()));
        let is_free =
            |it: &Weighed| matches!(it.situation, Situation::Active(a) if a.protection == Protection::Free);
        let free = |ix: ChannelIx| now.get(ix.0).is_some_and(|it| it.may_close() && is_free(it));
        let pairs = room.pairs(free);
        let has_twin = |ix: ChannelIx| pairs.iter().any(|(a, b)| *a == ix || *b == ix);
        let may_be_low =
            |ix: ChannelIx| judged.get(ix.0).is_some_and(|it| judge::low(facts, &it.scored).is_anyhow());
        let closers: Vec<ChannelIx> =
            active.iter().copied().filter(|ix| free(*ix) && (has_twin(*ix) || may_be_low(*ix))).collect();
        let trials = places(&now, |it| matches!(it.situation, Situation::Pilot(_)));
        if closers.is_empty() || closers.len() + trials.len() < 2 {
            return Ok(None);
        }
        if closers.len() > MOST_CLOSERS {
            return Err(TooMany { closers });
        }
        let of = [AxisId::Worth, AxisId::Delivery].map(|id| of_axis(facts.criteria, id));
        // The weights in use are those that every channel was scored with.
        let own = of.each_ref().map(|of| {
            of.iter().map(|i| judged.first().map_or(0.0, |it| it.scored.scores[*i].weight)).collect()
        });
        let member = |channel: ChannelIx| {
            let it = axes.get(channel.0);
            let sums = [it.and_then(|it| it.worth.as_ref()), it.and_then(|it| it.delivery.as_ref())];
            let places = [0, 1].map(|axis: usize| {
                let place =
                    |i: &usize| sums[axis].and_then(|sums: &Sums| sums.of.iter().position(|own| own == i));
                of[axis].iter().map(place).collect()
            });
            Member { channel, sums, places }
        };
        let counts = |ix: &ChannelIx| closers.contains(ix) || has_twin(*ix) || trials.contains(ix);
        let members: Vec<Member<'_>> = (0..judged.len()).map(ChannelIx).filter(counts).map(member).collect();
        let place = |ix: ChannelIx| members.iter().position(|it| it.channel == ix);
        let pairs = pairs
            .iter()
            .filter_map(|(a, b)| Some((place(*a)?, place(*b)?, room.by_cost(*a, *b).is_gt())))
            .collect();
        Ok(Some(Self { judged, now, closers, members, pairs, of, own, room }))
    }

    /// A member that may close.
    pub(super) fn member(&self, channel: ChannelIx) -> Option<&Member<'s>> {
        self.members.iter().find(|it| it.channel == channel)
    }

    /// The call that stands.
    pub(super) fn stands(&self, channel: ChannelIx) -> Option<Call> {
        self.judged.get(channel.0).map(|it| it.decision.call)
    }

    /// One axis under other weights.
    pub(super) fn half(&self, axis: usize, weights: &[f64]) -> Half {
        let n = self.members.len();
        let (mut points, mut turns) = (Vec::with_capacity(n), Vec::with_capacity(n));
        let mut key = Key::with_capacity(n + self.pairs.len());
        let mut low: Vec<(f64, usize)> = Vec::new();
        let mut own = Vec::with_capacity(weights.len());
        for (i, member) in self.members.iter().enumerate() {
            let known = member.sums[axis].filter(|_| member.own_weights(axis, weights, &mut own));
            let (range, turn) = known.map_or((None, (AxisState::Across, false)), |sums| {
                let range = Interval::new(sum(&own, &sums.low), sum(&own, &sums.high));
                (Some(range), sums.turn(&own))
            });
            // Who is the weaker of two is told by the pairs.
            let is_worthless = axis == 0 && turn.1;
            key.push(turn.0 as u8 + 4 * u8::from(is_worthless));
            if is_worthless {
                low.push((rank(range), i));
            }
            points.push(range);
            turns.push(turn);
        }
        // Those that are not worth having close in this order.
        low.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(&b.1)));
        key.extend(low.iter().flat_map(|(_, i)| u32::try_from(*i).unwrap_or(u32::MAX).to_le_bytes()));
        if axis == 1 {
            let middle = |i: usize| points[i].map_or(0.0, Interval::middle);
            key.extend(self.pairs.iter().map(|(a, b, comes_first)| {
                let order = delivers(middle(*a), middle(*b));
                u8::from(order.is_gt() || (order.is_eq() && *comes_first))
            }));
        }
        Half { points, turns, key }
    }

    /// All channels under other weights; those that no closing hangs on as they are.
    fn weighed(&self, [worth, delivery]: [&Half; 2]) -> Vec<Weighed> {
        let mut all = self.now.clone();
        for (i, member) in self.members.iter().enumerate() {
            let Some(place) = all.get_mut(member.channel.0) else { continue };
            let (w, d) = (worth.turns[i], delivery.turns[i]);
            let situation = match place.situation {
                Situation::Active(it) => {
                    Situation::Active(Active { worth: it.worth.map(|_| w.0), delivery: d.0, ..it })
                }
                Situation::Pilot(it) => {
                    Situation::Pilot(Pilot { worth: it.worth.map(|_| w.0), delivery: d.0, ..it })
                }
                other => other,
            };
            *place = Weighed {
                worth: worth.points[i],
                delivery: delivery.points[i],
                is_worthless: w.1,
                situation,
            };
        }
        all
    }

    /// The call of a member under other weights if the others closed as they do now.
    fn call_alone(&self, channel: ChannelIx, [worth, delivery]: [&Half; 2]) -> Option<Call> {
        let place = self.members.iter().position(|it| it.channel == channel)?;
        Some(call_of(self.judged.get(channel.0)?, worth.turns[place], delivery.turns[place], None))
    }
}

/// There are too many channels that may close together to look at all ways in which they may.
#[derive(Debug)]
pub(super) struct TooMany {
    pub(super) closers: Vec<ChannelIx>,
}

fn places(all: &[Weighed], which: impl Fn(&Weighed) -> bool) -> Vec<ChannelIx> {
    all.iter().enumerate().filter(|(_, it)| which(it)).map(|(i, _)| ChannelIx(i)).collect()
}

fn of_axis(criteria: &Criteria, axis: AxisId) -> Vec<usize> {
    (0..criteria.criteria.len()).filter(|i| criteria.criteria[*i].axis == axis).collect()
}

/// Judges a set again under one weighting after the other. Each set of closings is worked out once.
pub(super) struct Again<'s> {
    set: &'s Set<'s>,
    known: RefCell<HashMap<Key, Rc<[Call]>>>,
    /// Sets of closings that may still be worked out.
    left: Cell<usize>,
}

impl<'s> Again<'s> {
    pub(super) fn new(set: &'s Set<'s>) -> Self {
        let n = set.closers.len().max(1);
        Self { set, known: RefCell::default(), left: Cell::new(MOST_LOOKS / n / n.div_ceil(8)) }
    }

    /// The call of each channel that may close, under other weights of both axes; `None` once too much has been worked
    /// out.
    pub(super) fn calls(&self, [worth, delivery]: [&Half; 2]) -> Option<Rc<[Call]>> {
        let mut key = Key::with_capacity(worth.key.len() + delivery.key.len());
        key.extend(&worth.key);
        key.extend(&delivery.key);
        if let Some(known) = self.known.borrow().get(&key) {
            return Some(known.clone());
        }
        self.left.set(self.left.get().checked_sub(1)?);
        let all = self.set.weighed([worth, delivery]);
        let closed = self.set.room.closings(&all);
        let call = |ix: &ChannelIx| all.get(ix.0).map(|it| decide(it.situation_if(closed.of(*ix))).call);
        let calls: Rc<[Call]> = self.set.closers.iter().filter_map(call).collect();
        self.known.borrow_mut().insert(key, calls.clone());
        Some(calls)
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
pub(super) fn shifts(set: &Set<'_>, reach: Reach) -> Option<Vec<Shift>> {
    let again = Again::new(set);
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
        let (worth, delivery) = (set.half(0, &weights[0]), set.half(1, &weights[1]));
        let halves = [&worth, &delivery];
        let Some(calls) = again.calls(halves) else { break };
        drawn += 1;
        for ((ix, call), (by, differ)) in set.closers.iter().zip(calls.iter()).zip(&mut sums) {
            let alone = set.call_alone(*ix, halves).unwrap_or(*call);
            if alone != *call {
                for (count, one) in by.iter_mut().zip(CALLS) {
                    *count += i32::from(one == *call) - i32::from(one == alone);
                }
                let stands = set.stands(*ix);
                *differ += u32::from(stands == Some(*call) || stands == Some(alone));
            }
        }
    }
    if drawn < LEAST {
        let none = Shift { by: [0.0; CALLS.len()], within: 0.0 };
        return (again.left.get() > 0).then(|| vec![none; set.closers.len()]);
    }
    let n = f64::from(drawn);
    let shift = |(ix, (by, differ)): (&ChannelIx, &([i32; CALLS.len()], u32))| {
        let stands = set.stands(*ix).and_then(|call| CALLS.iter().position(|c| *c == call));
        let mean = stands.map_or(0.0, |place| f64::from(by[place]) / n);
        let spread = (f64::from(*differ) / n - mean * mean).max(0.0);
        Shift { by: by.map(|count| f64::from(count) / n), within: Z * (spread / n).sqrt() }
    };
    Some(set.closers.iter().zip(&sums).map(shift).collect())
}
