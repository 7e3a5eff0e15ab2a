//! What every stakeholder's own weights would say: every channel judged again with them. Changes no verdict.

use crate::hands::on_all_cores;
use crate::inventory::ChannelIx;
use crate::measure::Facts;

use super::judge::{self, Judged};
use super::{Call, axis};

/// The weights of one stakeholder, and where they give another verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Stakeholder {
    /// Who.
    pub name: String,
    /// Weight of each criterion within its axis, by criterion id.
    pub weights: Vec<(String, f64)>,
    /// Channels for which they give another call.
    pub differs: Vec<(ChannelIx, Call)>,
}

/// Of all stakeholders of the inventory, in its order.
pub(super) fn stakeholders(facts: &Facts<'_>, here: &[Judged]) -> Vec<Stakeholder> {
    let (inventory, criteria) = (facts.inventory, facts.criteria);
    on_all_cores(&inventory.stakeholders, |(name, given)| {
        let weights = axis::weights(Some(given), criteria);
        let there = judge::all(facts, &weights);
        let differs = here.iter().zip(&there).filter(|(a, b)| a.decision.call != b.decision.call);
        Stakeholder {
            name: name.clone(),
            differs: differs.map(|(_, b)| (b.scored.channel, b.decision.call)).collect(),
            weights: criteria.criteria.iter().map(|c| c.id.clone()).zip(weights).collect(),
        }
    })
}
