//! How firm is a verdict? How many weightings of the criteria agree with it, and what would turn it: other
//! weights, another reading, a floor or a gate released. Reads what was judged and changes none of it.

mod again;
mod agreement;
mod ask;
mod change;
mod flip;
mod sums;
mod turn;
mod weightings;

pub use agreement::{Agreement, Standing};
pub use ask::{Ask, AskOf};
pub use flip::Flip;

use crate::criteria::AxisId;
use crate::hands::on_all_cores;
use crate::measure::Facts;
use again::{Set, Shift, TooMany};
use agreement::Others;

use super::Call;
use super::closing::Room;
use super::judge::Judged;
use super::verdict::{Closing, Fault, Situation, decide};
use sums::{Sums, Turn};
use turn::{AllWeights, OfSet, OneWeight, Turns};
use weightings::Reach;

/// Both axes of a channel as weighted sums; `None` where nothing in one applies.
struct Axes {
    worth: Option<Sums>,
    delivery: Option<Sums>,
}

impl Axes {
    fn of(facts: &Facts<'_>, all: &[Judged], judged: &Judged) -> Self {
        let axis = |id| Sums::of(facts, all, judged, id);
        Self { worth: axis(AxisId::Worth), delivery: axis(AxisId::Delivery) }
    }
}

/// How firm one verdict is.
pub(super) struct Firm {
    /// How many weightings agree with it.
    pub(super) agreement: Agreement,
    /// What alone would turn it.
    pub(super) flips: Vec<Flip>,
    /// Whether all weights were tried.
    pub(super) all_weights_tried: bool,
    /// What to find out next.
    pub(super) asks: Vec<Ask>,
}

/// How firm every verdict is, in the order of the channels.
pub(super) fn all(facts: &Facts<'_>, judged: &[Judged]) -> Vec<Firm> {
    let axes: Vec<Axes> = judged.iter().map(|it| Axes::of(facts, judged, it)).collect();
    let others = others(facts, judged, &axes);
    let each: Vec<_> = judged.iter().zip(&axes).zip(others).collect();
    on_all_cores(each, |((it, axes), (others, of_set))| {
        let unasked = of_set.is_none() && matches!(others, Others::TooMany);
        let weights = of_set.unwrap_or_else(|| turn::alone(facts, it, axes));
        Firm {
            agreement: agreement::agreement(facts.criteria, it, axes, others),
            flips: flip::flips(facts, it, axes, weights.flips),
            all_weights_tried: weights.is_all && !unasked,
            asks: ask::asks(facts, it),
        }
    })
}

/// What is asked of the set, each with its own effort.
#[derive(Debug, Clone, Copy)]
enum Question {
    /// How it moves the shares of the weightings within reach.
    Shares(Reach),
    /// What one weight turns.
    OneWeight,
    /// What all weights together turn.
    AllWeights,
}

enum Answer {
    Shares(Option<Vec<Shift>>),
    OneWeight(OfSet<OneWeight>),
    AllWeights(OfSet<AllWeights>),
}

/// What other channels that close count for each channel: how they move its shares, and the changes of weights that turn
/// it where all are judged together.
fn others(facts: &Facts<'_>, judged: &[Judged], axes: &[Axes]) -> Vec<(Others, Option<Turns>)> {
    let near = Reach::Near(facts.criteria.verdicts.number("near_factor"));
    let room = Room::new(facts);
    let set = match Set::of(facts, &room, judged, axes) {
        Ok(Some(set)) => set,
        Ok(None) => return judged.iter().map(|_| (Others::Nothing, None)).collect(),
        Err(TooMany { closers }) => {
            let of = |it: &Judged| {
                let may_close = closers.contains(&it.scored.channel);
                (if may_close { Others::TooMany } else { Others::Nothing }, None)
            };
            return judged.iter().map(of).collect();
        }
    };
    let lines = turn::set_lines(&set);
    let ask = |question| match question {
        Question::Shares(reach) => Answer::Shares(again::shifts(&set, reach)),
        Question::OneWeight => Answer::OneWeight(turn::set_one_weight(facts, &set, &lines)),
        Question::AllWeights => Answer::AllWeights(turn::set_all_weights(facts, &set, &lines)),
    };
    let (mut shares, mut one, mut all) = (Vec::new(), OfSet::default(), OfSet::default());
    let questions =
        [Question::AllWeights, Question::OneWeight, Question::Shares(near), Question::Shares(Reach::Any)];
    for answer in on_all_cores(questions, ask) {
        match answer {
            Answer::Shares(shifts) => shares.push(shifts),
            Answer::OneWeight(found) => one = found,
            Answer::AllWeights(found) => all = found,
        }
    }
    let mut turns = turn::of_set(one, all);
    let of = |it: &Judged| {
        let Some(place) = set.closers.iter().position(|ix| *ix == it.scored.channel) else {
            return (Others::Nothing, None);
        };
        let mut shifts = shares.iter().map(|shifts| shifts.as_ref()?.get(place).copied());
        let moved = match (shifts.next().flatten(), shifts.next().flatten()) {
            (Some(near), Some(any)) => Others::Move([near, any]),
            _ => Others::TooMany,
        };
        (moved, turns.get_mut(place).map(std::mem::take))
    };
    judged.iter().map(of).collect()
}

/// The call in the situation that stands, with other states of its axes and, where given, another fault.
fn call_of(judged: &Judged, worth: Turn, delivery: Turn, fault: Option<Fault>) -> Call {
    decide(match judged.situation {
        Situation::Active(mut it) => {
            it.worth = it.worth.map(|_| worth.0);
            it.delivery = delivery.0;
            it.fault = fault.unwrap_or(it.fault);
            let exit = judged.exit.as_ref();
            it.closing = exit.map_or(Closing::Held, |exit| exit.closing(worth.1, delivery.1));
            Situation::Active(it)
        }
        Situation::Candidate(mut it) => {
            it.worth = it.worth.map(|_| worth.0);
            it.delivery = delivery.0;
            Situation::Candidate(it)
        }
        Situation::Pilot(mut it) => {
            it.worth = it.worth.map(|_| worth.0);
            it.delivery = delivery.0;
            it.fault = fault.unwrap_or(it.fault);
            Situation::Pilot(it)
        }
        Situation::Retiring => Situation::Retiring,
    })
    .call
}
