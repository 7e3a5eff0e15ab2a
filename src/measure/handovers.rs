//! Handovers: where customers move on from one channel to another, what that costs and what a link could
//! save (METHOD D). Two figures, never one: the *price of the break* is the cost of all contacts that
//! follow a switch, and they stay even with the best link; a link saves the minutes of telling the story
//! again, and no contact. Facts only; amounts are major units of the organisation's currency a year.

use super::{Facts, connected, money, real, volume};
use crate::inventory::{ChannelIx, Context};
use crate::quantity::Interval;

/// One way on which customers move.
#[derive(Debug, Clone, PartialEq)]
pub struct Handover {
    /// Where they were.
    pub from: ChannelIx,
    /// Where they came next.
    pub to: ChannelIx,
    /// Switches counted in the logs, of customers who are known.
    pub counted: i64,
    /// Switches a year: as counted, up to what it would be if customers who are not known move alike.
    pub per_year: Interval,
    /// Enough were counted to say what they cost.
    pub enough: bool,
    /// Price of the break; `None` where the cost of a contact is not known or too few were counted.
    pub price: Option<Interval>,
    /// What a link that carries the whole story could still save; `None` as above.
    pub link_saves: Option<Interval>,
    /// The link as declared; `None` where nobody said anything of links.
    pub link: Option<Context>,
    /// Whether both systems show the same history; `None` where nobody said.
    pub shared_history: Option<bool>,
}

/// All handovers of open channels, those first whose link would save most; of which nobody knows what they
/// cost, by how many there are.
pub(super) fn handovers(facts: &Facts<'_>) -> Vec<Handover> {
    let mut list: Vec<Handover> = facts.open_channels().flat_map(|(ix, _)| from(facts, ix)).collect();
    list.sort_by(|a, b| {
        let key = |h: &Handover| {
            [h.link_saves, h.price, Some(h.per_year)].map(|x| x.map_or(-1.0, |x: Interval| x.high))
        };
        let (a_key, b_key) = (key(a), key(b));
        let order = b_key.iter().zip(&a_key).map(|(b, a)| b.total_cmp(a)).find(|o| o.is_ne());
        order.unwrap_or((a.from, a.to).cmp(&(b.from, b.to)))
    });
    list
}

/// Those that leave one open channel, in the order of the ids where they lead; none of a candidate.
pub(super) fn from(facts: &Facts<'_>, ix: ChannelIx) -> Vec<Handover> {
    if facts.is_candidate(ix) {
        return Vec::new();
    }
    let open = |id: &str| facts.inventory.find_channel(id).filter(|to| !facts.is_candidate(*to));
    facts
        .steps_from(&facts.channel(ix).id)
        .filter(|(_, n)| *n > 0)
        .filter_map(|(to, n)| Some((open(to).filter(|to| *to != ix)?, n)))
        .map(|(to, n)| handover(facts, ix, to, n))
        .collect()
}

/// What links that carry the whole story could save at the ways out of a channel together; `None` where it is
/// known of none.
pub(super) fn links_save(facts: &Facts<'_>, ix: ChannelIx) -> Option<Interval> {
    from(facts, ix).into_iter().filter_map(|way| way.link_saves).reduce(|a, b| a + b)
}

fn handover(facts: &Facts<'_>, from: ChannelIx, to: ChannelIx, counted: i64) -> Handover {
    let a_year = real(counted) * volume::to_year(facts).unwrap_or(1.0);
    let known = facts.identified(from).filter(|share| *share > 0.0).unwrap_or(1.0);
    let per_year = Interval::new(a_year, a_year / known);
    let enough = counted >= i64::from(facts.criteria.defaults.least_episodes);
    let price = money::avoidable_per_contact(facts, to).filter(|_| enough).map(|each| per_year.scale(each));
    let minutes = facts.criteria.defaults.link_saves_minutes;
    let link_saves = money::per_minute(facts, to).filter(|_| enough).map(|minute| {
        // What already travels along need not be told again.
        let open = Interval::point(1.0) - connected::link(facts, from, to).unwrap_or(Interval::point(0.0));
        let ends = |per_year: f64, open: f64, minutes: f64| per_year * open * minutes * minute;
        Interval::new(ends(per_year.low, open.low, minutes.low), ends(per_year.high, open.high, minutes.high))
    });
    let links = facts.channel(from).links.as_ref();
    let link =
        links.map(|links| links.iter().find(|l| l.to == to).map_or(Context::None, |l| l.context.value));
    Handover {
        from,
        to,
        counted,
        per_year,
        enough,
        price,
        link_saves,
        link,
        shared_history: connected::shared(facts, from, to),
    }
}
