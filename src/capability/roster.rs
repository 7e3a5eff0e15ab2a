//! Who is there: people present by hour of the week, as an interval (METHOD C5), and open hours.

use super::Week;
use crate::inventory::{Hours, Team};

/// People present, hour by hour.
#[derive(Debug, Clone, PartialEq)]
pub struct Presence {
    /// At least.
    pub low: Box<Week>,
    /// At most.
    pub high: Box<Week>,
    /// Whether the team gave a roster (then both are the same).
    pub rostered: bool,
    /// People present on average over the open hours, as an interval.
    pub mean: crate::quantity::Interval,
    /// Full-time people under contract.
    pub fte: crate::quantity::Interval,
}

/// Share of each hour of the week that is open, in an ordinary week without holidays.
#[must_use]
pub fn open_week(hours: &Hours) -> Week {
    let _ = hours;
    [0.0; 168]
}

/// People present in a team, `None` where heads or hours are not known.
///
/// `demand` shapes the end "spread like demand"; where it is `None` only the flat spread is known.
/// `contract_hours` and `shrinkage` stand in where the team gives none.
#[must_use]
pub fn presence(team: &Team, demand: Option<&Week>, contract_hours: f64, shrinkage: f64) -> Option<Presence> {
    let _ = (team, demand, contract_hours, shrinkage);
    None
}

/// Rostered full-time people for a number present in some open hours of the week.
#[must_use]
pub fn rostered_fte(present: f64, open_hours: f64, contract_hours: f64, shrinkage: f64) -> f64 {
    present * open_hours / (contract_hours * (1.0 - shrinkage))
}
