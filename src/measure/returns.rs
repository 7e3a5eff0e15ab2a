//! Who comes back, and where: repeats in the same channel, contacts handed around, customers failed twice, and
//! how much of all that hangs on the window in which a contact counts as coming back.

use super::{Facts, Grade, Reading, counted, handovers, is_contact, money, real, volume};
use crate::census::Column;
use crate::census::view::View;
use crate::inventory::ChannelIx;
use crate::quantity::Interval;

/// Who comes back to a channel.
#[derive(Debug, Clone)]
pub struct Returns {
    /// Contacts followed by another one in the same channel, of those that could be followed.
    pub in_place: Reading,
    /// Contacts handed on to somebody else, of those that may have been answered.
    pub handed_around: Reading,
    /// Customers whose last two journeys through it ended unresolved, of those with two or more.
    pub failed_twice: Reading,
    /// Resolved with one contact, and with the first, by window in days, ascending.
    pub windows: Vec<(u32, Reading, Reading)>,
}

/// Contacts a year that follow a contact here: of those kept by a machine, who came to people all the same; of
/// others, who came back here or elsewhere. With what they cost, where that is known. As counted, up to what it
/// would be if customers who are not known come back alike.
pub(super) fn coming_back(facts: &Facts<'_>, ix: ChannelIx) -> Option<(Interval, Option<Interval>)> {
    let channel = facts.channel(ix);
    let classes = facts.classes(ix, None);
    let a_year = volume::to_year(facts).unwrap_or(1.0);
    let known = facts.identified(ix).filter(|share| *share > 0.0).unwrap_or(1.0);
    let year = |n: i64| Interval::new(real(n) * a_year, real(n) * a_year / known);
    let handovers = handovers::from(facts, ix);
    // What one contact costs where customers go on to, on average.
    let priced = || handovers.iter().filter_map(|h| Some((h.per_year, h.price?)));
    let (moved, price) = priced().fold((0.0, 0.0), |sum, (n, price)| (sum.0 + n.high, sum.1 + price.high));
    let elsewhere = (moved > 0.0).then(|| price / moved);
    if channel.kind.is_automated() {
        let back = year(classes.contained_followed);
        return (back.high > 0.0).then(|| (back, elsewhere.map(|each| back.scale(each))));
    }
    let (same, other) = (year(classes.same), year(classes.other));
    let own = || money::avoidable_per_contact(facts, ix);
    let cost = || Some(same.scale(own()?) + if other.high > 0.0 { other.scale(elsewhere?) } else { other });
    let back = same + other;
    (back.high > 0.0).then(|| (back, cost()))
}

pub(super) fn returns(facts: &Facts<'_>, view: View<'_>, ix: ChannelIx) -> Option<Returns> {
    let sums = facts.total(ix)?;
    let channel = facts.channel(ix);
    let classes = facts.classes(ix, None);
    let windows = view.windows().into_iter().map(|days| {
        let classes = facts.classes_within(ix, days, None);
        let first = classes.clear.saturating_add(classes.other);
        (
            days,
            counted::followed(facts, ix, &classes, classes.clear),
            counted::followed(facts, ix, &classes, first),
        )
    });
    let customers = |which: &str| view.customers(&channel.id, which);
    let failed_twice = match (customers("failed-twice"), customers("two-or-more")) {
        _ if view.parts() > 1 => {
            Reading::unknown("the census is merged: nobody knows who was in several parts")
        }
        (_, None) => Reading::unknown("no customer with two journeys or more is known"),
        (failed, Some(all)) => {
            let failed = failed.map_or(0.0, |n| n.low);
            Reading::share(failed, all.low, Grade::Measured, "logs", "no customer came twice")
        }
    };
    let handed_around = match sums[Column::Transferred] {
        _ if !is_contact(channel) => Reading::not_applicable("machines hand on; see containment"),
        0 => Reading::unknown("the logs name nobody who was handed on"),
        handed => {
            let unanswered = sums[Column::AnsweredKnown].saturating_sub(sums[Column::Answered]);
            let others = sums[Column::Contacts].saturating_sub(unanswered);
            // Who is said to be both handed on and not answered was answered by whoever handed him on.
            Reading::share(
                real(handed),
                real(others.max(handed)),
                Grade::Measured,
                "logs",
                "nobody was answered",
            )
        }
    };
    Some(Returns {
        in_place: counted::followed(facts, ix, &classes, classes.same),
        handed_around,
        failed_twice,
        windows: windows.collect(),
    })
}
