//! How firm is a verdict? How many weightings of the criteria agree with it, and what would turn it: other
//! weights, another reading, a floor or a gate released. Reads what was judged and changes none of it.

mod agreement;
mod ask;
mod flip;
mod sums;
mod weightings;

pub use agreement::{Agreement, Standing};
pub use ask::{Ask, AskOf};
pub use flip::Flip;

use crate::criteria::AxisId;
use crate::measure::Facts;

use super::Call;
use super::judge::Judged;
use super::verdict::{Closing, Fault, Situation, decide};
use sums::{Sums, Turn};

/// Both axes of a channel as weighted sums; `None` where nothing in one applies.
struct Axes {
    worth: Option<Sums>,
    delivery: Option<Sums>,
}

/// How firm a verdict is, what would turn it, and what to find out next.
pub(super) fn firm(facts: &Facts<'_>, judged: &Judged) -> (Agreement, Vec<Flip>, Vec<Ask>) {
    let axes = Axes {
        worth: Sums::of(facts, judged, AxisId::Worth),
        delivery: Sums::of(facts, judged, AxisId::Delivery),
    };
    let agreement = agreement::agreement(facts.criteria, judged, &axes);
    (agreement, flip::flips(facts, judged, &axes), ask::asks(facts, judged))
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
