//! How many weightings agree with a verdict: through the three states of each axis and the rules, for every
//! weighting and for those near the ones in use. A share of weightings, never a probability.

use serde::Serialize;

use super::again::Shift;
use super::sums::{States, Sums};
use super::weightings::Reach;
use super::{Axes, call_of};
use crate::assess::Call;
use crate::assess::axis::ROUNDING;
use crate::assess::judge::{CALLS, Judged};
use crate::criteria::Criteria;

/// How firm a verdict is against other weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Nearly all near weightings agree.
    Solid,
    /// Most do.
    Likely,
    /// Too few do; another call has a good part of them.
    Contested,
}

/// How many weightings give the verdict that stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// Of the weightings near the ones in use (every weight between half and double its own), 0..=1.
    pub near: f64,
    /// Of all weightings, 0..=1.
    pub any: f64,
    /// What the share near means.
    pub standing: Standing,
    /// The other call that most near weightings give, where there is one.
    pub rival: Option<Call>,
    /// Half the width of the 95% interval of each share, near and any, where part of it is drawn because what becomes of
    /// other channels counts; 0 where nothing drawn tells otherwise than the channel alone. `None`: too many channels
    /// hang on each other, and those that close are taken to close whatever the weights.
    pub within: Option<[f64; 2]>,
}

/// The share of the weightings that give each call, in the order of [`CALLS`].
fn calls(judged: &Judged, axes: &Axes, reach: Reach) -> [f64; CALLS.len()] {
    let states = |sums: &Option<Sums>| -> States { Sums::states(sums.as_ref(), reach) };
    let (worth, delivery) = (states(&axes.worth), states(&axes.delivery));
    let mut shares = [0.0; CALLS.len()];
    for (w, part) in &worth {
        for (d, other) in &delivery {
            let call = call_of(judged, *w, *d, None);
            if let Some(place) = CALLS.iter().position(|c| *c == call) {
                shares[place] += part * other;
            }
        }
    }
    shares
}

/// What other channels that close count for the shares of one channel, near and any.
#[derive(Debug, Clone, Copy)]
pub(super) enum Others {
    /// Nothing.
    Nothing,
    /// They move the shares so.
    Move([Shift; 2]),
    /// Nobody knows: too many hang on each other.
    TooMany,
}

/// How many weightings agree with the verdict that stands.
pub(super) fn agreement(criteria: &Criteria, judged: &Judged, axes: &Axes, others: Others) -> Agreement {
    let numbers = &criteria.verdicts;
    let stands = judged.decision.call;
    let mut near = calls(judged, axes, Reach::Near(numbers.number("near_factor")));
    let mut any = calls(judged, axes, Reach::Any);
    let within = match others {
        Others::Nothing => Some([0.0; 2]),
        Others::Move(shifts) => Some(shifts.map(|shift| shift.within)),
        Others::TooMany => None,
    };
    if let Others::Move(shifts) = others {
        for (shares, shift) in [&mut near, &mut any].into_iter().zip(shifts) {
            for (share, by) in shares.iter_mut().zip(shift.by) {
                *share = (*share + by).clamp(0.0, 1.0);
            }
        }
    }
    let of = |shares: &[f64]| {
        CALLS.iter().zip(shares).filter(|(c, _)| **c == stands).map(|(_, s)| *s).sum::<f64>().min(1.0)
    };
    let rival = CALLS
        .into_iter()
        .zip(near)
        .filter(|(call, share)| *call != stands && *share > ROUNDING)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(call, _)| call);
    let share = of(&near);
    let standing = if share >= numbers.number("band_solid") - ROUNDING {
        Standing::Solid
    } else if share >= numbers.number("band_likely") - ROUNDING {
        Standing::Likely
    } else {
        Standing::Contested
    };
    Agreement { near: share, any: of(&any), standing, rival, within }
}
